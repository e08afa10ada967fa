"""The corpus: its files, the engines of its cases, and what an expectation means (as `tests/src/corpus.rs` has it)."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Set, Tuple

import byleave

FOLDER = Path(__file__).resolve().parents[3] / "tests" / "vectors"
# Replies have a form of their own, and a runner: `test_replies.py`.
REPLIES = FOLDER / "replies"

_FILE = {"about", "with", "head", "cases"}
_CASE = {"name", "packs", "policy", "request", "expect"}
_EXPECT = {
    "outcome", "until", "valid_until", "reasons", "obligations", "owed", "withheld", "missing", "warnings", "error",
}  # fmt: skip
_REASON = {"rule", "kind", "finding", "missing", "clears"}
_ERROR = {"kind", "path"}


class Case(NamedTuple):
    """One case, with the words and packs of its policy."""

    file: str
    name: str
    packs: Tuple[str, ...]
    texts: Tuple[Tuple[str, str], ...]
    request: Any
    expect: Dict[str, Any]


def _only(known: Set[str], given: Dict[str, Any], where: str) -> None:
    unknown = set(given) - known
    assert not unknown, f"{where}: unknown keys {sorted(unknown)}"


def manifest() -> Dict[str, Any]:
    """How many cases each file has."""
    read: Dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    _only({"files", "total", "replies"}, read, "manifest.json")
    return read


def cases() -> Iterator[Case]:
    """Every case of every file, files in order of name."""
    paths = {path.relative_to(FOLDER).as_posix(): path for path in FOLDER.rglob("*.json") if path.parent != REPLIES}
    del paths["manifest.json"]
    for name in sorted(paths, key=str.encode):
        file = json.loads(paths[name].read_text("utf-8"))
        _only(_FILE, file, name)
        for case in file["cases"]:
            where = f"{name}: {case['name']}"
            _only(_CASE, case, where)
            _only(_EXPECT, case["expect"], where)
            for reason in case["expect"].get("reasons", []):
                _only(_REASON, reason, where)
            _only(_ERROR, case["expect"].get("error", {}), where)
            texts = []
            if case.get("policy"):
                texts = [(word, (FOLDER / word).read_text("utf-8")) for word in file["with"]]
                lines = ["\n".join(file["head"]), "\n".join(case["policy"]), ""]
                texts.append(("case/case.leave", "\n".join(lines)))
            yield Case(
                name, case["name"], tuple(case.get("packs", ())), tuple(texts), case["request"], case["expect"]
            )


@functools.lru_cache(maxsize=None)
def _engine(packs: Tuple[str, ...], texts: Tuple[Tuple[str, str], ...]) -> byleave.Engine:
    return byleave.Engine(packs=packs or None, texts=dict(texts) or None)


def engine(case: Case) -> byleave.Engine:
    """The engine of a case's policy; cases of the same policy share one."""
    return _engine(case.packs, case.texts)


def _owed(it: Dict[str, Any]) -> str:
    """What is owed, with what it says besides; ``?``: nobody knows."""
    if it.get("unknown"):
        return f"{it['id']}: ?"
    return f"{it['id']}: {it['value']}" if "value" in it else it["id"]


def seen(engine: byleave.Engine, request: Any) -> Dict[str, Any]:
    """What the engine says, in the form in which a case expects it."""
    try:
        got = engine.decide(request).to_dict()
    except byleave.ByleaveError as error:
        return {"error": {"kind": error.kind, "path": error.path or ""}}
    reasons = []
    for reason in got.get("reasons", []):
        keep = {key: reason.get(key, "") for key in ("rule", "kind", "finding")}
        keep["missing"] = reason.get("missing", [])
        keep["clears"] = reason.get("clears")
        reasons.append(keep)
    return {
        "outcome": got["outcome"],
        "until": got.get("until"),
        "valid_until": got.get("valid_until"),
        "reasons": reasons,
        "obligations": sorted({it["id"] for it in got.get("obligations", [])}),
        "owed": sorted({_owed(it) for it in got.get("obligations", [])}),
        "withheld": [it["name"] for it in got.get("fields", {}).get("withheld", [])],
        "missing": got.get("missing", []),
        "warnings": sorted({it["code"] for it in got.get("warnings", [])}),
        "error": None,
    }


def differences(expect: Dict[str, Any], got: Dict[str, Any]) -> List[str]:
    """Where what was seen is not what was expected; empty when it is."""
    out: List[str] = []

    def say(what: str, wanted: Any, had: Any) -> None:
        if wanted != had:
            out.append(f"{what}: expected {wanted}, got {had}")

    say("error", expect.get("error"), got.get("error"))
    if expect.get("error") is not None or got.get("error") is not None:
        return out
    if expect.get("outcome") is not None:
        say("outcome", (expect["outcome"], expect.get("until")), (got["outcome"], got["until"]))
    if "valid_until" in expect:
        say("valid_until", expect["valid_until"], got["valid_until"])
    if expect.get("reasons") is not None:
        wanted = [{"missing": [], "clears": None, **reason} for reason in expect["reasons"]]
        had = [dict(reason) for reason in got["reasons"]]
        for mine, theirs in zip(had, wanted):
            if theirs["clears"] is None:
                mine["clears"] = None
        say("reasons", wanted, had)
    for what in ("obligations", "owed", "withheld", "missing", "warnings"):
        if expect.get(what) is not None:
            say(what, sorted(expect[what]), sorted(got[what]))
    return out
