"""What a host hands over is read once, while it is at hand: what becomes of it afterwards changes no answer."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any, Callable, Dict, Iterator, List

import byleave
import pytest

SAID: Dict[str, List[Dict[str, Any]]] = {
    "ann": [{"kind": "revoke", "at": "2026-06-01T00:00:00Z"}],
    "bob": [],
    "cat": [{"kind": "revoke", "at": "2026-06-02T00:00:00Z"}],
    "dan": [{"chanel": "sms"}],
    "eve": [],
}
NOON = "2026-07-01T16:00:00Z"
SETTINGS = {"us.tcpa.texts_are_calls": "yes"}


def rows(request: Dict[str, Any], times: int = 1) -> Iterator[Dict[str, Any]]:
    """One dict, filled with one person after another, as loops over rows do."""
    row = copy.deepcopy(request)
    for _ in range(times):
        for who, said in SAID.items():
            row["person"]["id"] = who
            row["consents"] = said
            yield row


def told(answers: List[Any]) -> List[str]:
    return [it.json() for it in answers]


@pytest.mark.parametrize(
    "named",
    [{}, {"settings": SETTINGS}, {"horizon": dt.timedelta(days=3)}, {"known_at": NOON}, {"detail": "full"}, {"detail": "outcome"}],
    ids=str,
)
def test_one_dict_for_many_people(engine: byleave.Engine, request_: Dict[str, Any], named: Dict[str, Any]) -> None:
    texts = [json.dumps(row) for row in rows(request_)]
    many = engine.decide_many(rows(request_), NOON, return_errors=True, **named)
    assert told(many) == told(engine.decide_many(texts, NOON, return_errors=True, **named))
    outcomes = [it.outcome if isinstance(it, byleave.Decision) else it.path for it in many]
    assert outcomes == ["deny", "allow", "deny", "consents[0].chanel", "allow"]


def test_one_dict_for_more_people_than_are_read_at_a_time(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    ways: List[Dict[str, Any]] = [{}, {"settings": SETTINGS}]
    for named in ways:
        many = engine.decide_many(rows(request_, 200), NOON, return_errors=True, **named)
        assert told(many) == told(many[:5]) * 200
        with pytest.raises(byleave.InputError) as caught:
            engine.decide_many(rows(request_), NOON, **named)
        assert caught.value.path == "[3].consents[0].chanel"


def test_one_dict_with_more_events_than_are_admitted(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    def stopped() -> Iterator[Dict[str, Any]]:
        row = copy.deepcopy(request_)
        row["consents"] = [{"kind": "revoke", "at": "2026-06-01T00:00:00Z"}] * 4_097
        yield row
        row["consents"] = []
        yield row

    first, second = engine.decide_many(stopped(), NOON, return_errors=True)
    assert isinstance(first, byleave.LimitError) and first.path == "consents"
    assert isinstance(second, byleave.Decision) and second.allowed


def test_one_dict_whose_first_mistake_is_told_with_its_place(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    wrong: List[Dict[str, Any]] = [
        {"person": {**request_["person"], "time_zones": ["Mars/Olympus"]}},
        {"contact": {**request_["contact"], "channel": 7}},
        {"at": "noon"},
        {"lists": {}},
        {"content": {"length": 2**53}},
        {"consents": [{"kind": "grant"}, {"kind": "grant", "scope": {"channel": ["nobody"]}}]},
    ]

    def one() -> Iterator[Dict[str, Any]]:
        row: Dict[str, Any] = {}
        for over in wrong:
            row.clear()
            row.update({**request_, **over})
            yield row

    texts = [json.dumps({**request_, **over}) for over in wrong]
    assert told(engine.decide_many(one(), return_errors=True)) == told(engine.decide_many(texts, return_errors=True))


def test_what_lowered_limits_refuse_is_refused_of_each(request_: Dict[str, Any]) -> None:
    from conftest import SHOP

    for limits in ({"events": 1}, {"members": 3}, {"depth": 4}, {"text_bytes": 200}):
        low = byleave.Engine(texts=SHOP, limits=limits)
        texts = [json.dumps(row) for row in rows(request_)]
        many = low.decide_many(rows(request_), NOON, return_errors=True)
        assert told(many) == told(low.decide_many(texts, NOON, return_errors=True)), limits


def test_an_answer_stays_whatever_becomes_of_its_dict(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    verbs: List[Callable[[Any], Any]] = [
        lambda it: engine.decide(it, NOON),
        lambda it: engine.decide(it, NOON, settings=SETTINGS),
        lambda it: engine.decide_facts(engine.facts(it, NOON, settings=SETTINGS)),
        lambda it: engine.decide_many([it], NOON)[0],
    ]
    for verb in verbs:
        given = copy.deepcopy(request_)
        answer, right = verb(given), verb(json.dumps(given)).json()
        given["consents"].append({"kind": "revoke", "at": "2026-06-01T00:00:00Z"})
        given["person"].clear()
        assert answer.json() == right
