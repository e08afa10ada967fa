"""The corpus, every case and exactly as many as the manifest says; and its answers in files, for the other languages."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any, List

import byleave
import corpus
import pytest

CASES = list(corpus.cases())
PARTS = (
    "outcome", "at", "until", "until_local", "valid_until", "reasons", "obligations", "fields", "missing", "taken_as",
    "warnings", "evidence",
)  # fmt: skip


def test_every_case_is_decided_as_expected() -> None:
    wrong: List[str] = []
    for case in CASES:
        got = corpus.seen(corpus.engine(case), case.request)
        wrong.extend(f"{case.file}: {case.name}: {it}" for it in corpus.differences(case.expect, got))
    assert not wrong, f"{len(wrong)} differences:\n" + "\n".join(wrong)
    manifest = corpus.manifest()
    assert dict(Counter(case.file for case in CASES)) == manifest["files"]
    assert len(CASES) == manifest["total"]
    print(f"corpus: {len(CASES)} of {manifest['total']} cases")


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "maybe"},
        {"valid_until": "2000-01-01T00:00:00Z"},
        {"reasons": [{"rule": "no.such", "kind": "timing", "finding": "violated"}]},
        {"obligations": ["no_such"]},
        {"owed": ["no_such: 2000-01-01"]},
        {"withheld": ["no_such"]},
        {"missing": ["no.such"]},
        {"warnings": ["no_such"]},
        {"error": {"kind": "input", "path": "at"}},
    ],
)
def test_the_runner_sees_each_kind_of_difference(change: Any) -> None:
    case = next(it for it in CASES if it.expect.get("outcome") == "allow")
    got = corpus.seen(corpus.engine(case), case.request)
    assert corpus.differences({**case.expect, **change}, got)


def test_objects_and_text_give_the_same_bytes() -> None:
    for case in CASES:
        engine = corpus.engine(case)
        text = json.dumps(case.request)
        assert answer(engine.decide, case.request) == answer(engine.decide, text), case.name
        assert answer(engine.decide, case.request) == answer(engine.decide, text.encode()), case.name


def test_many_are_decided_as_one_by_one() -> None:
    groups: dict[byleave.Engine, List[Any]] = {}
    for case in CASES:
        groups.setdefault(corpus.engine(case), []).append(case.request)
    for engine, requests in groups.items():
        many = engine.decide_many(iter(requests), return_errors=True)
        assert [it.json() for it in many] == [answer(engine.decide, request) for request in requests]


def test_prepared_facts_get_the_same_answer() -> None:
    for case in CASES:
        engine = corpus.engine(case)
        try:
            facts = engine.facts(case.request)
        except byleave.ByleaveError as error:
            assert error.json() == answer(engine.decide, case.request)
            continue
        decision = engine.decide(case.request)
        assert engine.decide_facts(facts) == decision
        verdict = engine.verdict(facts)
        assert (verdict.outcome, verdict.until) == (decision.outcome, decision.until), case.name
        assert facts.at == decision.at


def test_the_typed_answer_says_all_that_the_text_says() -> None:
    for case in CASES:
        engine = corpus.engine(case)
        try:
            engine.decide(case.request)
        except byleave.ByleaveError:
            continue
        decision = engine.decide(case.request, detail="full")
        assert set(decision.to_dict()) <= set(PARTS)
        for part in PARTS:
            same(decision.to_dict().get(part), getattr(decision, part), f"{case.name}: {part}")
        explanation = engine.explain(case.request)
        said = explanation.to_dict()
        assert json.loads(explanation.decision.json()) == said.pop("decision")
        for part in ("refusals", "rules", "not_applicable"):
            same(said.pop(part, None), getattr(explanation, part), f"{case.name}: {part}")
        assert not said
        assert byleave.Decision.from_json(decision.json()) == decision


def same(wire: Any, typed: Any, where: str) -> None:
    """Holds a typed answer to the wire's: every key is there, what the wire leaves out is the default."""
    if dataclasses.is_dataclass(typed):
        names = {it.name for it in dataclasses.fields(typed)}
        assert set(wire or {}) <= names, where
        for name in names:
            same((wire or {}).get(name), getattr(typed, name), f"{where}.{name}")
    elif isinstance(typed, tuple):
        assert len(wire or []) == len(typed), where
        for n, (a, b) in enumerate(zip(wire or [], typed)):
            same(a, b, f"{where}[{n}]")
    elif isinstance(typed, dt.datetime):
        assert typed.utcoffset() is not None and instant(wire) == typed, where
        if wire[-1] != "Z":
            assert typed.isoformat()[-6:] == wire[-6:], where
    elif isinstance(typed, dt.date):
        assert wire == typed.isoformat(), where
    else:
        assert wire == typed or (wire is None and typed in (None, "", False)), where


def instant(text: str) -> dt.datetime:
    """RFC 3339, also where Python is too old for it."""
    head, offset = (text[:-1], "+00:00") if text.endswith("Z") else (text[:-6], text[-6:])
    seconds, _, fraction = head.partition(".")
    return dt.datetime.fromisoformat(f"{seconds}.{fraction:0<6}{offset}")


def answer(verb: Any, request: Any) -> str:
    """The canonical text, of an answer or of an error."""
    try:
        text: str = verb(request).json()
    except byleave.ByleaveError as error:
        text = error.json()
    return text


def test_answers_are_written_for_the_other_languages(tmp_path: Path) -> None:
    folder = Path(os.environ.get("BYLEAVE_ANSWERS") or tmp_path)
    lines = []
    for case in CASES:
        engine = corpus.engine(case)
        planned = case.request
        if isinstance(planned, dict):
            planned = {**planned, "options": [{}, {"name": "mail", "contact": {"channel": "email"}}]}
        for verb, text in [
            ("decide", answer(engine.decide, case.request)),
            ("explain", answer(engine.explain, case.request)),
            ("plan", answer(engine.plan, planned)),
        ]:
            lines.append(f"{case.file}\t{case.name}\t{verb}\t{text}\n")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "python.tsv").write_bytes("".join(lines).encode())
    assert len(lines) == 3 * corpus.manifest()["total"]
