"""What people answer: every case of the corpus, exactly as many as the manifest says, in the bytes that every language gives."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import hashlib
import json
from typing import Any, Dict, Iterator, List, Tuple

import byleave
import corpus
import pytest

_FILE = {"about", "packs", "context", "cases"}
_CASE = {"name", "text", "language", "context", "change", "expect"}
_EXPECT = {
    "kind", "words", "place", "set_aside", "rules", "cut", "level", "events", "scope", "honor_by", "confirmation",
    "missing", "error",
}  # fmt: skip

NIGHT = {
    "at": "2026-07-01T16:00:00Z",
    "person": {"time_zones": ["America/New_York"]},
    "sender": {"id": "any"},
    "contact": {"channel": "sms", "purpose": ["marketing"], "technology": ["automated"]},
    "address": {"value": "+12125550100", "line": ["wireless"]},
    "consents": [],
    "contacts": [],
}


def cases() -> Iterator[Tuple[str, Dict[str, Any], Dict[str, Any]]]:
    """Every case with its file, files in order of name."""
    for path in sorted(corpus.REPLIES.glob("*.json"), key=lambda it: it.name.encode()):
        file = json.loads(path.read_text("utf-8"))
        assert set(file) <= _FILE, path.name
        for case in file["cases"]:
            assert set(case) <= _CASE and set(case["expect"]) <= _EXPECT, case["name"]
            yield path.name, file, case


@functools.lru_cache(maxsize=None)
def engine(packs: Tuple[str, ...]) -> byleave.Engine:
    return byleave.Engine(packs=packs)


def message(text: Any) -> str:
    if isinstance(text, str):
        return text
    return "".join(piece if isinstance(piece, str) else piece[0] * piece[1] for piece in text)


def context(file: Dict[str, Any], case: Dict[str, Any]) -> Any:
    out = case.get("context", file.get("context"))
    if isinstance(out, dict):
        out = dict(out)
        for key, value in case.get("change", {}).items():
            out.pop(key, None)
            if value is not None:
                out[key] = value
    return out


def once(words: List[str]) -> List[str]:
    """Without what stands next to its like."""
    return [it for n, it in enumerate(words) if n == 0 or words[n - 1] != it]


def seen(file: Dict[str, Any], case: Dict[str, Any]) -> Tuple[str, Dict[str, Any]]:
    """The canonical text, and the form in which a case expects it."""
    try:
        read = engine(tuple(file["packs"])).interpret_reply(
            message(case["text"]), language=case.get("language"), context=context(file, case)
        )
    except byleave.ByleaveError as error:
        return error.json(), {"error": {"kind": error.kind, "path": error.path or ""}}
    said = read.to_dict()
    words = [it["text"] for it in said.get("words", [])]
    aside = [it["words"]["text"] for it in said.get("set_aside", [])]
    told = said.get("confirmation")
    return read.json(), {
        "kind": said["kind"],
        "words": once(words),
        "place": [said["words"][0]["start"], said["words"][0]["end"]] if words else None,
        "set_aside": once(aside),
        "rules": [it["rule"] for it in said.get("rules", [])],
        "cut": said.get("cut", False),
        "level": said.get("level"),
        "events": len(said.get("events", [])),
        "scope": said["events"][0].get("scope", {}) if said.get("events") else None,
        "honor_by": said.get("honor_by"),
        "confirmation": told and {key: told.get(key, []) for key in ("allowed", "may_ask", "missing", "until")},
        "missing": said.get("missing", []),
    }


def differences(expect: Dict[str, Any], got: Dict[str, Any]) -> List[str]:
    if expect.get("error") != got.get("error"):
        return [f"error: expected {expect.get('error')}, got {got.get('error')}"]
    if got.get("error"):
        return []
    out = []
    for key, wanted in expect.items():
        if key == "confirmation":
            wanted = {"may_ask": [], "missing": [], "until": [], **wanted}
        if got[key] != wanted:
            out.append(f"{key}: expected {wanted}, got {got[key]}")
    return out


def test_every_reply_is_read_as_expected() -> None:
    wrong: List[str] = []
    counts: Dict[str, int] = {}
    digest = hashlib.sha256()
    for name, file, case in cases():
        text, got = seen(file, case)
        wrong.extend(f"{name}: {case['name']}: {it}" for it in differences(case["expect"], got))
        counts[name] = counts.get(name, 0) + 1
        digest.update(f"{name}\t{case['name']}\t{text}\n".encode())
    assert not wrong, "\n".join(wrong)
    manifest = corpus.manifest()["replies"]
    assert counts == manifest["files"]
    assert sum(counts.values()) == manifest["total"]
    assert digest.hexdigest() == manifest["digest"]
    print(f"corpus: {sum(counts.values())} of {manifest['total']} replies")


@pytest.mark.parametrize("key, value", [("kind", "maybe"), ("words", ["x"]), ("rules", []), ("events", 7), ("missing", ["x"])])
def test_the_runner_sees_each_kind_of_difference(key: str, value: Any) -> None:
    file, case = next((file, case) for _, file, case in cases() if case["expect"].get("kind") == "revoke")
    assert differences({**case["expect"], key: value}, seen(file, case)[1])


def test_the_typed_answer_says_all_that_the_text_says() -> None:
    law = engine(("us.tcpa",))
    read = law.interpret_reply("Please STPO texting me", language="en", context=NIGHT)
    assert read.kind == "revoke"
    words = read.words[0]
    assert (words.text, words.slip) == ("STPO texting me", True)
    assert "Please STPO texting me"[words.start : words.end] == words.text
    assert read.honor_by == dt.date(2026, 7, 16)
    assert read.confirmation is not None and read.confirmation.allowed
    assert read.confirmation.until == dt.datetime(2026, 7, 1, 16, 5, tzinfo=dt.timezone.utc)
    assert {it.name for it in dataclasses.fields(read)} == set(read.to_dict()) | {"_json", "set_aside", "cut", "level", "missing"}
    # Ready for the request, and for asking again.
    again = law.decide({**NIGHT, "at": "2026-07-02T16:00:00Z", "consents": read.events})
    assert not again.allowed and again.reasons[0].kind == "refused"


def test_nothing_but_a_text_is_a_message() -> None:
    law = engine(("us.tcpa",))
    for bad in (None, 7, b"STOP", ["STOP"], "\ud800STOP"):
        with pytest.raises(byleave.InputError) as caught:
            law.interpret_reply(bad)  # type: ignore[arg-type]
        assert caught.value.path == "text"
    with pytest.raises(byleave.InputError) as caught:
        law.interpret_reply("STOP", language=7)  # type: ignore[arg-type]
    assert caught.value.path == "language"
    assert law.interpret_reply("STOP", context="{}").kind == "revoke"
    assert law.interpret_reply("STOP").events == ()
