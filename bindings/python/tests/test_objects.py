"""Python's own objects as facts: what each becomes, and what is refused, with its place."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import decimal
import enum
import json
import types
from typing import Any, Dict, List, NamedTuple, Optional
from zoneinfo import ZoneInfo

import byleave
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

UTC = dt.timezone.utc
NEW_YORK = ZoneInfo("America/New_York")


class Channel(enum.Enum):
    SMS = "sms"


class Purpose(str, enum.Enum):
    MARKETING = "marketing"


@dataclasses.dataclass(frozen=True)
class Person:
    time_zones: List[str]
    jurisdictions: frozenset[str]
    birth_date: Optional[dt.date] = None


class Sender(NamedTuple):
    id: str
    kind: List[str]


def digest(engine: byleave.Engine, request: Any) -> str:
    evidence = engine.decide(request).evidence
    assert evidence is not None
    return evidence.facts


def test_objects_of_all_kinds_are_the_facts_they_stand_for(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    objects = types.MappingProxyType(
        {
            "at": dt.datetime(2026, 7, 1, 21, 30, tzinfo=NEW_YORK),
            "person": Person(["America/New_York"], frozenset({"US-NY"})),
            "sender": Sender("shop", ["seller"]),
            "contact": {"channel": Channel.SMS, "purpose": {Purpose.MARKETING}, "technology": ("manual",)},
            "address": collections.OrderedDict(value="+12125550142", line=["wireless"]),
            "content": {"includes": {"sender_contact", "sender_identity"}},
            "consents": [],
            "lists": [{**request_["lists"][0], "version_at": dt.date(2026, 6, 20)}],
        }
    )
    plain = {**request_, "at": "2026-07-02T01:30:00Z"}
    plain["person"] = {**plain["person"], "birth_date": None}
    assert engine.decide(objects).json() == engine.decide(plain).json()


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (dt.datetime(2026, 7, 1, 12, tzinfo=UTC), "2026-07-01T12:00:00Z"),
        (dt.datetime(2026, 7, 1, 12, 0, 0, 250_000, tzinfo=UTC), "2026-07-01T12:00:00.25Z"),
        (dt.datetime(2026, 7, 1, 12, tzinfo=NEW_YORK), "2026-07-01T16:00:00Z"),
        (dt.datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=1), "2026-11-01T06:30:00Z"),
        (dt.datetime(1800, 1, 1, tzinfo=NEW_YORK), "1800-01-01T04:56:02Z"),
        (dt.datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_an_instant_is_written_as_the_engine_writes_it(
    engine: byleave.Engine, request_: Dict[str, Any], given: dt.datetime, text: str
) -> None:
    request_["consents"] = [{"id": "1", "kind": "revoke", "at": given}]
    said = digest(engine, request_)
    request_["consents"][0]["at"] = text
    assert digest(engine, request_) == said


def refused(engine: byleave.Engine, request: Any) -> byleave.ByleaveError:
    with pytest.raises(byleave.ByleaveError) as caught:
        engine.decide(request)
    return caught.value


def test_a_local_time_is_no_instant(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    request_["consents"] = [{"id": "1", "at": "2026-01-01T00:00:00Z"}, {"id": "2", "at": dt.datetime(2026, 1, 1)}]
    error = refused(engine, request_)
    assert (error.kind, error.path) == ("input", "consents[1].at")
    assert "zone" in error.message and error.hint is not None and "tzinfo" in error.hint
    with pytest.raises(byleave.InputError) as caught:
        engine.decide(request_, dt.datetime(2026, 1, 1))
    assert caught.value.path == "at"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1.5, "input"),
        (float("nan"), "input"),
        (-1, "input"),
        (2**53, "limit"),
        (2**64 - 1, "limit"),
        (2**64, "input"),
        (10**400, "input"),
        (decimal.Decimal("1.5"), "input"),
        (object(), "input"),
        (Person, "input"),
        (b"bytes", "input"),
        (len, "input"),
        ("\ud800", "input"),
        (dt.timedelta(seconds=-1), "input"),
        (dt.timedelta(microseconds=1), "input"),
        (dt.time(9, tzinfo=UTC), "input"),
        (dt.datetime(2026, 1, 1), "input"),
        ({1: 2}, "input"),
        ({"\ud800": 2}, "input"),
        ("x" * 16_385, "limit"),
    ],
)
def test_what_is_no_fact_is_refused_with_its_place(
    engine: byleave.Engine, request_: Dict[str, Any], value: Any, kind: str
) -> None:
    error = refused(engine, {**request_, "content": {"length": value}})
    assert (error.kind, error.path) == (kind, "content.length"), error
    assert engine.decide(request_).outcome == "defer"


def test_lengths_and_times_of_day(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    said = digest(engine, {**request_, "horizon": dt.timedelta(days=10)})
    assert said == digest(engine, {**request_, "horizon": "864000 seconds"})
    hours = {"mon": [(dt.time(9), dt.time(20, 30, 15))]}
    request_["person"]["confidential_hours"] = hours
    path = refused(engine, request_).path
    request_["person"]["confidential_hours"] = {"mon": [("09:00", "20:30:15")]}
    assert refused(engine, request_).path == path == "person.confidential_hours"


LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["sms", "2026-07-01", "2026-07-01T12:00:00Z", "marketing", "US-NY", "grant", "revoke"])
)  # fmt: skip
KEYS = st.sampled_from(
    ["at", "person", "contact", "channel", "consents", "scope", "id", "kind", "purpose", "detail", "settings", "lists",
     "birth_date", "time_zones", "horizon", "content", "length"]
) | st.text(max_size=4)  # fmt: skip
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5))


@settings(max_examples=600, deadline=None, derandomize=True, database=None)
@given(over=st.dictionaries(KEYS, TREES, max_size=4))
def test_objects_and_json_text_end_the_same_way(engine: byleave.Engine, over: Dict[str, Any]) -> None:
    # JSON text has no NaN; Python's writer would make words of it that no reader takes.
    text = json.dumps({"at": "2026-07-01T12:00:00Z", **over})
    if "NaN" in text or "Infinity" in text:
        return

    def answer(request: Any) -> str:
        try:
            return engine.decide(request).json()
        except byleave.ByleaveError as error:
            return error.json()

    assert answer({"at": "2026-07-01T12:00:00Z", **over}) == answer(text)


def kinds(verbs: Dict[str, Any], request: Any) -> Dict[str, str]:
    out = {}
    for name, verb in verbs.items():
        try:
            verb(request)
            out[name] = "answered"
        except byleave.ByleaveError as error:
            # Whatever else is wrong with it, it was not too long.
            out[name] = "limit" if error.kind == "limit" else "answered"
    return out


def test_a_request_of_objects_is_as_long_as_its_json(request_: Dict[str, Any]) -> None:
    from conftest import SHOP

    request_["person"]["id"] = 'é 😀 "\\ \n \x01 \x7f'
    request_["consents"] = [{"in_writing": True}, {"in_writing": False, "kind": "grant", "expires": None}, {}]
    options = [{"name": "text", "contact": {"channel": "sms"}}]
    for request, objects in (
        (request_, request_),
        (request_, types.MappingProxyType(request_)),
        ({**request_, "options": options}, {**request_, "options": tuple(options)}),
    ):
        text = json.dumps(request, separators=(",", ":"), ensure_ascii=False)
        length = len(text.encode())
        for most, right in ((length, "answered"), (length - 1, "limit"), (10, "limit")):
            low = byleave.Engine(texts=SHOP, limits=types.MappingProxyType({"request_bytes": most}))
            ledger = byleave.Ledger(":memory:")
            plan = {"plan": low.plan, "context": lambda it: low.interpret_reply("stop", context=it)}
            verbs = {
                "decide": low.decide,
                "explain": low.explain,
                "facts": low.facts,
                "many": lambda it: low.decide_many([it]),
                "ledger": lambda it: ledger.decide(low, it, person="p"),
            }
            verbs = plan if "options" in request else verbs
            assert kinds(verbs, objects) == kinds(verbs, text) == dict.fromkeys(verbs, right), most


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(over=st.dictionaries(KEYS, TREES, max_size=4), cut=st.integers(0, 2))
def test_any_object_is_as_long_as_its_json(over: Dict[str, Any], cut: int) -> None:
    text = json.dumps(over, separators=(",", ":"), ensure_ascii=False)
    # A number that is none of a request's has no length either.
    if any(word in text for word in ("NaN", "Infinity", ".", "e+", "e-")):
        return
    most = max(len(text.encode()) - cut, 0)
    from conftest import SHOP

    low = byleave.Engine(texts=SHOP, limits={"request_bytes": most})

    def longer(request: Any) -> bool:
        try:
            low.decide(request)
        except byleave.LimitError as error:
            return "bytes" in error.message and "admitted" in error.message and error.path is None
        except byleave.InputError:
            pass
        return False

    assert longer(over) == longer(text) == (cut > 0)


def test_arrays_are_lists(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    numpy = pytest.importorskip("numpy")
    revoke = {"id": "1", "kind": "revoke", "at": "2026-06-01T00:00:00Z"}
    lists: Dict[str, Any]
    for lists in (
        {"consents": []},
        {"consents": [revoke]},
        {"consents": [revoke, {**revoke, "id": "2"}]},
        {"person": {**request_["person"], "jurisdictions": ["US-NY", "US-CA"]}},
        {"person": {**request_["person"], "jurisdictions": []}},
    ):
        arrays = {}
        for key, value in lists.items():
            if isinstance(value, dict):
                arrays[key] = {**value, "jurisdictions": numpy.array(value["jurisdictions"], dtype=object)}
            else:
                array = arrays[key] = numpy.empty(len(value), dtype=object)
                array[:] = value
        assert engine.decide({**request_, **arrays}).json() == engine.decide({**request_, **lists}).json()
    scalar = {**request_, "contact": {**request_["contact"], "channel": numpy.array("sms")}}
    assert engine.decide(scalar).json() == engine.decide(request_).json()
    huge = numpy.broadcast_to(numpy.int64(1), (1 << 40,))
    assert refused(engine, {**request_, "consents": huge}).kind == "limit"


def test_what_is_no_time_is_refused_with_its_place(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    numpy, pandas = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    for nat in (pandas.NaT, numpy.datetime64("NaT"), numpy.datetime64("NaT", "s")):
        wrong = {**request_, "consents": [{"id": "1", "at": "2026-01-01"}, {"kind": "revoke", "at": nat}]}
        first, error, last = engine.decide_many([request_, wrong, request_], return_errors=True)
        assert isinstance(error, byleave.InputError) and first == last
        assert error.path == "consents[1].at" and "NaT" in error.message
    for nat in (pandas.NaT, numpy.datetime64("NaT")):
        with pytest.raises(byleave.InputError) as caught:
            engine.decide(request_, nat)
        assert caught.value.path == "at"
    known = pandas.Timestamp("2026-07-01T12:00:00-04:00")
    assert engine.decide(request_, known).json() == engine.decide(request_, "2026-07-01T16:00:00Z").json()


def test_what_to_hand_over_instead(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    class Model:
        def model_dump(self) -> Dict[str, Any]:
            return {}

    class Made:
        __attrs_attrs__ = ()

    class Series:
        def tolist(self) -> List[Any]:
            return []

        def to_dict(self) -> Dict[str, Any]:
            return {}

    for value, hint in ((Model(), "model_dump()"), (Made(), "attrs.asdict"), (Series(), "tolist()"), (Model, "dicts")):
        error = refused(engine, {**request_, "person": value})
        assert error.path == "person" and error.hint is not None and hint in error.hint


def test_what_is_not_whole_is_refused_with_its_place(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    class Odd(collections.UserDict):  # type: ignore[type-arg]
        def items(self) -> Any:
            return [1, 2]

    class Liar:
        __class__ = dict  # type: ignore[assignment]

    @dataclasses.dataclass
    class Late:
        time_zones: List[str]

    late = Late([])
    del late.time_zones
    for value, path in ((Odd(), "person"), (Liar(), "person"), (late, "person.time_zones"), ({"\ud800": 1}, "person")):
        assert refused(engine, {**request_, "person": value}).path == path
    error = refused(engine, {**request_, "\ud800": 1})
    assert (error.kind, error.path) == ("input", None) and "key" in error.message
