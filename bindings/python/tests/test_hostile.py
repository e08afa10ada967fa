"""Hostile input: each is refused with an error of the contract, and the same handle works afterwards."""

from __future__ import annotations

import collections.abc
import json
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
