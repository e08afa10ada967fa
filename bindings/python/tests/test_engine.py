"""The verbs: what they take, what they give, what they refuse."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
import typing
from pathlib import Path
from typing import Any, Dict, List
from unittest import mock

import byleave
import pytest
from conftest import SHOP

UTC = dt.timezone.utc
UNTIL = dt.datetime(2026, 7, 2, 12, tzinfo=UTC)


def test_a_decision_tells_what_and_why(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    decision = engine.decide(request_)
    assert (decision.outcome, decision.allowed) == ("defer", False)
    assert decision.until == UNTIL
    assert decision.until_local == UNTIL and decision.until_local is not None
    assert decision.until_local.utcoffset() == dt.timedelta(hours=-4)
    (reason,) = decision.reasons
    assert (reason.rule, reason.kind, reason.finding) == ("us.tcpa.quiet_hours", "timing", "violated")
    assert reason.citations == ("47 CFR 64.1200(c)(1)",)
    assert reason.clears == byleave.Clears(at=UNTIL)
    assert decision.evidence is not None
    assert {pack.name for pack in decision.evidence.packs} == {"core", "org.shop", "us.calendar", "us.tcpa"}
    assert repr(decision) == "<Decision defer until 2026-07-02T08:00:00-04:00: us.tcpa.quiet_hours>"


def test_the_instant_is_an_argument(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    noon = dt.datetime(2026, 7, 1, 16, tzinfo=UTC)
    assert engine.decide(request_, noon).outcome == "allow"
    assert engine.decide(request_, "2026-07-01T12:00:00-04:00") == engine.decide(request_, at=noon)
    del request_["at"]
    with pytest.raises(byleave.InputError) as caught:
        engine.decide(request_)
    assert caught.value.path == "at"
    assert engine.decide(request_, noon).at == noon


def test_arguments_lie_over_the_request(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    before = copy.deepcopy(request_)
    assert engine.decide(request_, horizon="1 hour").outcome == "deny"
    assert engine.decide(request_, horizon=dt.timedelta(hours=1)).outcome == "deny"
    assert len(engine.decide(request_, detail="full").reasons) > 1
    outcome = engine.decide(request_, detail="outcome")
    assert (outcome.reasons, outcome.evidence) == ((), None)
    # Not asked for is not "never changes".
    assert not hasattr(outcome, "valid_until")
    assert engine.decide(request_).valid_until is not None
    known = engine.decide(request_, known_at=dt.datetime(2026, 6, 1, tzinfo=UTC)).evidence
    assert known is not None and known.known_at == dt.datetime(2026, 6, 1, tzinfo=UTC)
    assert request_ == before


def test_settings_belong_to_the_request(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    setting = next(s for pack in engine.packs() for s in pack.settings if len(s.readings) > 1)
    other = next(it for it in setting.readings if it != setting.default)
    chosen = engine.decide(request_, settings={setting.name: other})
    assert chosen.evidence is not None and chosen.evidence.settings[setting.name] == other
    usual = engine.decide({**request_, "settings": {setting.name: other}}, settings={setting.name: setting.default})
    assert usual.evidence is not None and usual.evidence.settings[setting.name] == setting.default
    with pytest.raises(byleave.InputError) as caught:
        engine.decide(request_, settings={setting.name: "no such reading"})
    assert setting.name in str(caught.value.path)


def test_an_answer_has_no_truth(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    plan = engine.plan({**request_, "options": [{"name": "call", "contact": {"channel": "voice"}}]})
    read = engine.interpret_reply("stop", context=request_)
    answers: List[Any] = [engine.decide(request_), engine.verdict(engine.facts(request_)), plan.options[0], read.confirmation]
    for answer in answers:
        with pytest.raises(TypeError, match="allowed"):
            bool(answer)
    for other in (plan, read, engine.explain(request_)):
        with pytest.raises(TypeError, match="neither true nor false"):
            bool(other)


def test_decisions_are_values(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    a, b = engine.decide(request_), engine.decide(dict(reversed(list(request_.items()))))
    assert a == b and hash(a) == hash(b) and len({a, b}) == 1
    assert a != engine.decide(request_, detail="full") and a != "defer"
    # What is no decision may know better.
    assert a == mock.ANY and mock.ANY == a and a.__eq__("defer") is NotImplemented
    assert pickle.loads(pickle.dumps(a)) == a and copy.deepcopy(a) == a
    with pytest.raises(AttributeError):
        a.outcome = "allow"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        a.reasons[0].kind = "content"  # type: ignore[misc]
    with pytest.raises(byleave.InputError):
        byleave.Decision.from_json('{"outcome":"allow"}')


def test_facts_are_prepared_once(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    facts = engine.facts(request_, detail="full")
    verdict = engine.verdict(facts)
    assert (verdict.outcome, verdict.until, verdict.allowed) == ("defer", UNTIL, False)
    assert repr(verdict) == "<Verdict defer until 2026-07-02T12:00:00Z>"
    assert verdict == engine.verdict(facts) and hash(verdict) == hash(engine.verdict(facts))
    assert engine.decide_facts(facts) == engine.decide(request_, detail="full")
    verdicts = [verdict, *(engine.verdict(engine.facts(request_, at)) for at in ("2026-07-01T16:00:00Z", "2026-07-02T03:00:00Z"))]
    for it in verdicts:
        assert pickle.loads(pickle.dumps(it)) == it == copy.copy(it) == copy.deepcopy(it)
        assert repr(pickle.loads(pickle.dumps(it))) == repr(it)
    assert engine.verdict(copy.deepcopy(facts)) == engine.verdict(copy.copy(facts)) == verdict
    same = copy.deepcopy(engine)
    assert same is engine and copy.copy(engine) is engine and same.verdict(facts) == verdict
    assert "2125550142" not in repr(facts)
    other = byleave.Engine(texts={"shop/shop.leave": SHOP})
    for verb in (other.verdict, other.decide_facts):
        with pytest.raises(byleave.InputError, match="another engine"):
            verb(facts)


def test_many_and_their_errors(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    good, bad = request_, {**request_, "contact": {"chanel": "sms"}}
    requests: List[Any] = [good, bad, "{", 7, good]
    many = engine.decide_many(requests, return_errors=True)
    kinds = [type(it).__name__ for it in many]
    assert kinds == ["Decision", "InputError", "InputError", "InputError", "Decision"]
    assert isinstance(many[1], byleave.InputError) and many[1].path == "contact.chanel"
    with pytest.raises(byleave.InputError) as caught:
        engine.decide_many([good] * 300 + [bad])
    assert caught.value.path == "[300].contact.chanel" and caught.value.hint == "did you mean `channel`?"
    with pytest.raises(byleave.InputError) as caught:
        engine.decide_many(["[]"])
    assert caught.value.path == "[0]"
    assert engine.decide_many([]) == []
    single: List[Any] = [good, "{}", b"{}", bytearray(b"{}"), 7, None]
    for one in single:
        with pytest.raises(byleave.InputError, match="several"):
            engine.decide_many(one)
    noon = engine.decide_many((good for _ in range(600)), "2026-07-01T16:00:00Z")
    assert [it.outcome for it in noon] == ["allow"] * 600

    def fails() -> Any:
        yield good
        raise RuntimeError("the host's own")

    with pytest.raises(RuntimeError, match="own"):
        engine.decide_many(fails(), return_errors=True)


def test_a_plan_ranks_the_ways(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    options = [{"name": "text"}, {"name": "call", "contact": {"channel": "voice"}}]
    plan = engine.plan({**request_, "options": options})
    assert {it.name for it in plan.options} == {"text", "call"}
    text = next(it for it in plan.options if it.name == "text")
    assert (text.outcome, text.until, text.kinds) == ("defer", UNTIL, ("timing",))
    assert text.rules == ("us.tcpa.quiet_hours",) and not text.allowed
    assert plan.to_dict()["options"][0]["name"] == plan.options[0].name
    assert pickle.loads(pickle.dumps(plan)) == plan
    with pytest.raises(byleave.InputError) as caught:
        engine.plan({**request_, "options": [{"contact": {"chanel": "sms"}}]})
    assert caught.value.path == "options[0].contact.chanel"


def test_an_explanation_goes_rule_by_rule(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    explanation = engine.explain(request_)
    assert explanation.decision.outcome == "defer"
    quiet = next(it for it in explanation.rules if it.rule == "us.tcpa.quiet_hours")
    assert quiet.finding == "violated" and quiet.conditions[0].clause == "when"
    assert quiet.since == dt.date(1992, 12, 20)
    assert explanation.not_applicable
    assert explanation.json().startswith('{"decision":{"outcome":"defer"')
    assert pickle.loads(pickle.dumps(explanation)) == explanation


def test_packs_by_name_path_and_text(tmp_path: Path, request_: Dict[str, Any]) -> None:
    assert "us.tcpa" in byleave.packs()
    everything = byleave.Engine()
    assert [it.name for it in everything.packs()] == sorted(byleave.packs())
    law = byleave.Engine(packs="us.tcpa")
    assert [it.name for it in law.packs()] == ["core", "us.calendar", "us.tcpa"]
    (tmp_path / "shop.leave").write_text(SHOP, "utf-8")
    said = byleave.Engine(texts=SHOP).decide(request_)
    for engine in (
        byleave.Engine(paths=tmp_path),
        byleave.Engine(paths=[str(tmp_path / "shop.leave")], packs=["us.tcpa"]),
        byleave.Engine(texts={"anywhere/shop.leave": SHOP.encode()}),
    ):
        assert engine.decide(request_) == said
    again = pickle.loads(pickle.dumps(byleave.Engine(paths=tmp_path, limits={"events": 1})))
    assert again.decide(request_) == said and repr(again) == repr(byleave.Engine(texts=SHOP))
    with pytest.raises(byleave.LimitError):
        again.decide({**request_, "consents": [{"id": "a"}, {"id": "b"}]})
    pack = next(it for it in law.packs() if it.name == "us.tcpa")
    assert "us.tcpa.quiet_hours" in pack.rules and pack.reviewed is not None and len(pack.digest) == 64


@pytest.mark.parametrize(
    ("named", "path", "hint"),
    [
        ({"packs": ["core", "us.tcpaa"]}, "packs[1]", "did you mean `us.tcpa`?"),
        ({"packs": ["nothing like it"]}, "packs[0]", "`packs()` names the packs that come with Byleave"),
        ({"paths": ["no/such/folder"]}, "paths[0]", None),
        ({"packs": []}, None, "leave all three out for every pack that comes with Byleave"),
        ({"packs": 7}, "packs", None),
        ({"paths": [None]}, "paths[0]", None),
        ({"texts": 7}, "texts", None),
        ({"texts": {"a.leave": 7}}, 'texts["a.leave"]', None),
        ({"texts": {"a.test.leave": "test x {}"}}, None, None),
        ({"limits": {"evnts": 1}}, "limits.evnts", "limits are request_bytes, depth, text_bytes, events, members, horizon_days"),
        ({"limits": {"events": 5000}}, "limits.events", None),
        ({"limits": {"events": -1}}, "limits.events", None),
    ],
)  # fmt: skip
def test_what_cannot_be_loaded(named: Dict[str, Any], path: str, hint: str) -> None:
    with pytest.raises(byleave.InputError) as caught:
        byleave.Engine(**named)
    assert (caught.value.path, caught.value.hint) == (path, hint)


def test_an_empty_folder_is_no_policy(tmp_path: Path) -> None:
    with pytest.raises(byleave.InputError, match="no `.leave` file") as caught:
        byleave.Engine(paths=[tmp_path])
    assert caught.value.path == "paths[0]"


def test_a_policy_with_mistakes(tmp_path: Path) -> None:
    text = SHOP + 'rule late { cite "x" when contact.chanel is sms require nonsense because "No." }\n'
    with pytest.raises(byleave.PolicyError) as caught:
        byleave.Engine(texts={"shop/shop.leave": text})
    error = caught.value
    assert error.kind == "policy" and len(error.diagnostics) == len(error.lines) >= 2
    first = error.diagnostics[0]
    assert first.at.source == "shop/shop.leave" and first.at.start.line == 7 and first.severity == "error"
    assert str(first) == error.lines[0]
    assert '"kind":"policy"' in error.json() and pickle.loads(pickle.dumps(error)).diagnostics == error.diagnostics
    assert byleave.check(texts={"shop/shop.leave": text})[0] == first
    assert byleave.check(texts=SHOP) == ()
    assert all(it.severity == "warning" for it in byleave.check(packs=byleave.packs()))


def test_tests_beside_the_policy_are_checked_and_not_loaded(tmp_path: Path) -> None:
    (tmp_path / "shop.leave").write_text(SHOP, "utf-8")
    (tmp_path / "shop.test.leave").write_text('test "nonsense" {', "utf-8")
    byleave.Engine(paths=tmp_path)
    assert [Path(it.at.source).name for it in byleave.check(paths=tmp_path)] == ["shop.test.leave"]


def test_schemas(engine: byleave.Engine) -> None:
    assert "person" in engine.schema()["properties"]
    assert "outcome" in engine.schema("decision")["properties"]
    with pytest.raises(byleave.InputError):
        engine.schema("plan")  # type: ignore[arg-type]
    for of in (7, "\ud800", b"request"):
        with pytest.raises(byleave.InputError) as caught:
            engine.schema(of)  # type: ignore[arg-type]
        assert caught.value.path == "of"


def test_wrong_arguments_are_told_with_their_place(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    def wrong(ask: Any) -> Any:
        with pytest.raises(byleave.InputError) as caught:
            ask()
        return caught.value.path

    odd: Any
    for odd in (7, "\ud800", b"{}"):
        assert wrong(lambda odd=odd: byleave.Decision.from_json(odd)) == "text"
        assert wrong(lambda odd=odd: byleave.public_key(odd)) == "key"
    for odd in (7, "x", [1, 2]):
        assert wrong(lambda odd=odd: byleave.Engine(compiled=odd)) == "compiled"
    assert wrong(lambda: byleave.Engine(limits=[])) == "limits"  # type: ignore[arg-type]
    for odd in ({7: ""}, {"\ud800": ""}):
        assert wrong(lambda odd=odd: byleave.Engine(texts=odd)) == "texts"


def test_bytes_in_whatever_holds_them(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    def each(data: bytes) -> List[Any]:
        return [data, bytearray(data), memoryview(data)]

    said = engine.decide(request_).json()
    for it in each(json.dumps(request_).encode()):
        assert engine.decide(it).json() == said == engine.decide_many([it])[0].json()
    for it in each(engine.compile()):
        assert byleave.Engine(compiled=it).decide(request_).json() == said
    for it in each(SHOP.encode()):
        assert byleave.Engine(texts=it).decide(request_).json() == said
        assert byleave.check(texts={"shop.leave": it}) == ()
    ledger = byleave.Ledger(":memory:")
    for it in each(ledger.lines_since().lines.encode()):
        assert ledger.take_in(it, "2026-07-01T12:00:00Z").new == 0
    for it in each(b"{}"):
        with pytest.raises(byleave.InputError, match="this is no bundle"):
            byleave.verify_bundle(it)


def test_time_past_the_year_9999(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    late = "9999-12-31T23:00:00Z"
    answer = engine.decide(request_, late)
    assert '"valid_until":"+10000-' in answer.json() and answer.valid_until is None
    plan = engine.plan({**request_, "options": [{"name": "text"}]}, late)
    assert plan.options[0].valid_until is None and "+10000-" in plan.json()
    past = byleave.Decision.from_json(
        engine.decide(request_).json().replace("2026-07-02T12:00:00Z", "+10000-01-01T00:00:00Z")
    )
    with pytest.raises(OverflowError, match="9999"):
        past.until


def test_types_can_be_asked_for() -> None:
    for name in byleave.__all__:
        it = getattr(byleave, name)
        if isinstance(it, type):
            typing.get_type_hints(it)
    assert typing.get_type_hints(byleave.Explanation)["decision"] is byleave.Decision
