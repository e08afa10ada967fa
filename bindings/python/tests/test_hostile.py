"""Hostile input: each is refused with an error of the contract, and the same handle works afterwards."""

from __future__ import annotations

import collections.abc
import enum
import json
import sys
import threading
import types
from typing import Any, Callable, Dict, Iterator

import byleave
import pytest


def cycle() -> Any:
    inner: Dict[str, Any] = {}
    inner["person"] = inner
    return inner


def bomb() -> Any:
    """Two to the sixtieth copies of one text, in sixty small lists."""
    value: Any = "lol"
    for _ in range(60):
        value = [value, value]
    return {"person": value}


def deep() -> Any:
    value: Any = 1
    for _ in range(100_000):
        value = [value]
    return {"person": value}


class Endless(collections.abc.Mapping[str, object]):
    """A mapping that never ends."""

    def __getitem__(self, key: str) -> object:
        return 1

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[str]:
        n = 0
        while True:
            n += 1
            yield str(n)

    def items(self) -> Any:
        return ((key, 1) for key in self)


class Word(enum.Enum):
    GRANT = "grant"


HOSTILE: Dict[str, Callable[[], Any]] = {
    "nothing": lambda: None,
    "a number": lambda: 7,
    "a list": lambda: [],
    "no json": lambda: "{",
    "no utf-8": lambda: b'{"a": "\xff"}',
    "half a character": lambda: "\ud800",
    "a key twice": lambda: '{"at": "2026-07-01T12:00:00Z", "at": "2026-07-01T12:00:00Z"}',
    "a cycle": cycle,
    "a bomb": bomb,
    "depth": deep,
    "depth as text": lambda: '{"a":' * 100_000,
    "a mapping without end": Endless,
    "a megabyte key": lambda: {"x" * (1 << 20): 1},
    "five megabytes": lambda: {"person": ["x" * 16_000] * 400},
    "five megabytes of text": lambda: " " * (5 << 20),
    "control characters": lambda: {"\x1b[2J": 1},
    "an unknown key": lambda: {"at": "2026-07-01T12:00:00Z", "nobody": 1},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_refused_and_the_handle_lives(
    engine: byleave.Engine, request_: Dict[str, Any], name: str
) -> None:
    before = engine.decide(request_).json()
    verbs: list[Callable[[Any], Any]] = [
        engine.decide,
        engine.explain,
        engine.plan,
        engine.facts,
        lambda request: engine.decide_many([request]),
    ]
    for verb in verbs:
        with pytest.raises((byleave.InputError, byleave.LimitError)) as caught:
            verb(HOSTILE[name]())
        error = caught.value
        assert error.kind in ("input", "limit") and len(str(error)) < 1_000
        assert "\x1b" not in str(error)
        assert json.loads(error.json())["message"] == error.message
    assert engine.decide(request_).json() == before


class Itself(enum.Enum):
    """An enumeration whose value leads back to it."""

    X = "x"

    @property
    def value(self) -> Any:
        return self


class Ping:
    """What would pass for a scalar of numpy, and stands for another."""

    def item(self) -> Any:
        return Pong()


class Pong:
    def item(self) -> Any:
        return Ping()


Ping.__module__ = Pong.__module__ = "numpy"


@pytest.mark.parametrize("value", [Itself.X, Ping()], ids=["an enumeration", "a scalar"])
def test_what_stands_for_itself_ends(engine: byleave.Engine, request_: Dict[str, Any], value: Any) -> None:
    asks: list[Callable[[], Any]] = [
        lambda: engine.decide({**request_, "contact": {**request_["contact"], "channel": value}}),
        lambda: engine.decide(request_, value),
        lambda: engine.decide(request_, settings={"a": value}),
        lambda: engine.decide_many([{"person": value}]),
        lambda: engine.interpret_reply("stop", context={"person": value}),
        lambda: byleave.locate("+12125550142", state=value),
        lambda: byleave.Ledger(":memory:").append([{"person": value}]),
    ]
    for ask in asks:
        with pytest.raises((byleave.InputError, byleave.LimitError)):
            ask()
    assert engine.decide(request_).outcome == "defer"


class Meddling(collections.abc.Mapping[str, object]):
    """A mapping that does something when it is read."""

    def __init__(self, meddle: Callable[[], object]) -> None:
        self.meddle = meddle

    def __getitem__(self, key: str) -> object:
        raise KeyError(key)

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[str]:
        self.meddle()
        return iter(())


def test_what_changes_while_it_is_read_is_refused(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    def dicts(meddle: Callable[[Dict[str, Any]], object]) -> Dict[str, Any]:
        inner: Dict[str, Any] = {}
        inner.update(a=Meddling(lambda: meddle(inner)), b=1, c=2)
        return inner

    meddles: list[Callable[[Dict[str, Any]], object]] = [
        lambda it: it.update(more=1), lambda it: it.clear(), lambda it: it.pop("c"),
        lambda it: (it.pop("b"), it.pop("c"), it.update({str(n): n for n in range(2)})),
    ]  # fmt: skip
    cases: list[tuple[Any, str]] = [(dicts(meddle), "dict") for meddle in meddles[:3]]
    listed: list[Any] = [1, 2]
    listed[0] = Meddling(listed.clear)
    shrinking: list[Any] = [1, 2]
    shrinking[0] = Meddling(lambda: shrinking.pop(0))
    viewed = dicts(lambda it: it.update(more=1))
    cases += [(listed, "list"), (shrinking, "list"), (types.MappingProxyType(viewed), "mapping")]
    for value, what in cases:
        with pytest.raises(byleave.InputError, match=f"this {what} changed while it was read") as caught:
            engine.decide({**request_, "content": value})
        assert caught.value.path == "content", value
    # As many keys as before, but not the same ones: refused for whichever reason comes first, and no panic.
    with pytest.raises(byleave.InputError):
        engine.decide({**request_, "content": dicts(meddles[3])})
    known: Dict[str, Any] = {"time_zone": "America/New_York"}
    known["state"] = Meddling(lambda: known.update(more=1))
    for ask in (
        lambda: byleave.locate("+12125550142", confirmed=known),  # type: ignore[arg-type]
        lambda: engine.decide(request_, settings=dicts(meddles[0])),
        lambda: engine.decide_many([request_, {"person": dicts(meddles[0])}]),
        lambda: byleave.Ledger(":memory:").append([{"person": dicts(meddles[0])}]),
    ):
        with pytest.raises(byleave.InputError, match="changed while it was read"):
            ask()
    assert engine.decide(request_).outcome == "defer"


def test_a_dict_that_another_thread_writes_to(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    it = {**request_, "consents": [{"kind": Word.GRANT, "at": "2026-06-01T00:00:00Z"} for _ in range(300)]}
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            it["settings"] = {}
            it.pop("settings")

    before = sys.getswitchinterval()
    sys.setswitchinterval(0.000_01)
    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _ in range(100):
            try:
                assert engine.decide(it).outcome == "defer"
            except byleave.InputError as error:
                assert "changed while it was read" in error.message
    finally:
        done.set()
        thread.join()
        sys.setswitchinterval(before)


def test_what_the_hosts_own_objects_raise_is_passed_on(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    class Broken(collections.abc.Mapping[str, object]):
        def __getitem__(self, key: str) -> object:
            raise KeyError(key)

        def __len__(self) -> int:
            return 1

        def __iter__(self) -> Iterator[str]:
            raise RuntimeError("the host's own")

    with pytest.raises(RuntimeError, match="own"):
        engine.decide({**request_, "person": Broken()})
    assert engine.decide(request_).outcome == "defer"
