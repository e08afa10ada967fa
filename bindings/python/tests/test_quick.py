"""The quick way of plain dicts: it ends as JSON text does, and what is not plain goes the long way."""

from __future__ import annotations

import collections
import datetime as dt
import enum
import json
import random
from typing import Any, Dict, List

import byleave
import pytest

ODD: List[Any] = [None, True, 0, 7, -1, 1.5, 2**31, 2**40, 2**53, 10**30, [], {}, [None], [[1]], "", "ü", "x" * 300, "\0\"\\", "😀"]


def answer(engine: byleave.Engine, request: Any, **named: Any) -> str:
    """What comes of a request, be it a decision or an error."""
    try:
        return engine.decide(request, **named).json()
    except byleave.ByleaveError as error:
        return error.json()


def event(dice: random.Random) -> Dict[str, Any]:
    """An event that is usual, mostly."""
    day = f"2026-0{dice.randint(1, 6)}-{dice.randint(10, 28)}"
    it: Dict[str, Any] = {"id": f"e{dice.randrange(9)}", "at": dice.choice([day, f"{day}T12:00:00Z", f"{day}T12:00:00.5-04:00", None])}
    if dice.random() < 0.6:
        it["kind"] = dice.choice(["grant", "revoke", "decline"])
    if dice.random() < 0.5:
        it["channel"] = dice.choice(["sms", "email", "voice", "nobody"])
    if dice.random() < 0.5:
        it["scope"] = {"channel": dice.choice([["sms"], "email", ["voice", "sms"], ["any"], []]), "address": "+12125550142"}
    if dice.random() < 0.3:
        it["recorded_at"] = f"{day}T13:00:00Z"
    if dice.random() < 0.1:
        it[dice.choice(["at", "id", "kind", "chanel", "topic"])] = dice.choice(ODD)
    return it


def test_plain_dicts_end_as_their_json_text_does(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    dice = random.Random(20_261_126)
    kinds: Dict[str, int] = collections.Counter()
    for _ in range(3_000):
        it = dict(request_)
        for events in ("consents", "contacts", "interactions"):
            if dice.random() < 0.5:
                it[events] = [event(dice) for _ in range(dice.randrange(9))]
                # The same object in two places is written once by those who write objects.
                it[events] += it[events][: dice.randrange(2)]
        if dice.random() < 0.15:
            it[dice.choice(["person", "contact", "at", "lists", "horizon", "detail", "nobody"])] = dice.choice(ODD)
        said = answer(engine, it)
        read = json.loads(said)
        kinds[read.get("outcome", read.get("kind"))] += 1
        assert said == answer(engine, json.dumps(it)), it
    assert kinds["input"] > 500 and len(kinds) >= 3, kinds


def test_many_end_as_each_does(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    dice = random.Random(7)
    many = [{**request_, "consents": [event(dice) for _ in range(dice.randrange(4))]} for _ in range(600)]
    each = [answer(engine, it) for it in many]
    assert [it.json() for it in engine.decide_many(many, return_errors=True)] == each
    facts = [it for it in many if json.loads(answer(engine, it)).get("outcome")]
    assert len(facts) > 20
    for it in facts[:40]:
        assert engine.decide_facts(engine.facts(it)).json() == answer(engine, it)


class Word(str, enum.Enum):
    SMS = "sms"


class Own(Dict[str, Any]):
    """A dict with a word in what it holds would be another's."""


def test_what_is_not_plain_goes_the_long_way(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    plain = answer(engine, {**request_, "at": "2026-07-02T01:30:00Z"})
    for more in (
        {"at": dt.datetime(2026, 7, 2, 1, 30, tzinfo=dt.timezone.utc)},
        {"at": "2026-07-02T01:30:00Z", "contact": {**request_["contact"], "channel": Word.SMS}},
        {"at": "2026-07-02T01:30:00Z", "content": {"includes": {"sender_identity", "sender_contact"}}},
        {"at": "2026-07-02T01:30:00Z", "content": {"includes": ("sender_identity", "sender_contact")}},
        {"at": "2026-07-02T01:30:00Z", "sender": Own(request_["sender"])},
    ):
        assert answer(engine, {**request_, **more}) == plain, more
    assert answer(engine, Own({**request_, "at": "2026-07-02T01:30:00Z"})) == plain


@pytest.mark.parametrize("depth", [2, 9, 30])
def test_what_holds_itself_many_times_over_ends(engine: byleave.Engine, request_: Dict[str, Any], depth: int) -> None:
    value: Any = "x" * 1_000
    for _ in range(depth):
        value = [value] * 40
    said = json.loads(answer(engine, {**request_, "content": {"includes": value}}))
    assert said["kind"] in ("input", "limit")
    shared = {"id": "1", "at": "2026-06-01T12:00:00Z", "channel": "sms"}
    same = {**request_, "contacts": [shared] * 4_000}
    assert answer(engine, same) == answer(engine, json.dumps(same))
    inner: Dict[str, Any] = dict(request_["person"])
    inner["person"] = inner
    assert json.loads(answer(engine, {**request_, "person": inner}))["kind"] in ("input", "limit")
    assert engine.decide(request_).outcome == "defer"


def test_arguments_lie_over_dicts_as_over_text(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    noon = dt.datetime(2026, 7, 1, 16, tzinfo=dt.timezone.utc)
    cases: List[Dict[str, Any]] = [
        {"at": noon}, {"at": "2026-07-01T12:00:00-04:00"}, {"detail": "outcome"}, {"detail": "full"}, {"horizon": "1 hour"},
        {"known_at": noon}, {"detail": "ful"}, {"horizon": "x"}, {"at": "2026"}, {"settings": {}}, {"settings": {"nobody": "x"}},
    ]  # fmt: skip
    for named in cases:
        assert answer(engine, request_, **named) == answer(engine, json.dumps(request_), **named), named
