"""One handle and many threads; and while it works, the interpreter is free."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, Dict, Iterator, List

import byleave
import pytest


def test_one_handle_serves_many_threads(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    hours = [f"2026-07-01T{hour:02}:15:00Z" for hour in range(24)]
    alone = [engine.decide(request_, at).json() for at in hours]
    facts = [engine.facts(request_, at) for at in hours]
    verdicts = [engine.verdict(it) for it in facts]

    def work(n: int) -> bool:
        good = engine.decide_many([request_] * 3, hours[n % 24])
        with pytest.raises(byleave.InputError):
            engine.decide("{")
        same = [it.json() for it in good] == [alone[n % 24]] * 3
        return same and engine.verdict(facts[n % 24]) == verdicts[n % 24]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(200)))


@pytest.fixture
def no_forced_switch() -> Iterator[None]:
    """No thread is made to let go of the interpreter: it goes on only when another lets go by itself."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1_000.0)
    yield
    sys.setswitchinterval(before)


def test_the_interpreter_is_free_meanwhile(
    engine: byleave.Engine, request_: Dict[str, Any], no_forced_switch: None
) -> None:
    start, ran = threading.Event(), []

    def other() -> None:
        start.wait()
        ran.append(True)

    thread = threading.Thread(target=other)
    thread.start()
    requests = [request_] * 2_000
    start.set()
    assert not ran
    engine.decide_many(requests)
    assert ran
    thread.join()


def test_the_interpreter_is_free_while_an_answer_is_looked_at(
    engine: byleave.Engine, request_: Dict[str, Any], no_forced_switch: None
) -> None:
    start, ran = threading.Event(), []

    def other() -> None:
        start.wait()
        ran.append(True)

    decisions = [engine.decide({**request_, "consents": [{"id": f"{n}-{m}", "kind": "grant"} for m in range(50)]}) for n in range(200)]
    thread = threading.Thread(target=other)
    thread.start()
    start.set()
    assert not ran
    assert all(it.reasons for it in decisions)
    assert ran
    thread.join()


def test_many_look_at_one_answer_at_once(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    right = engine.decide_many([request_])[0].json()
    together = threading.Barrier(8)
    looks: List[Callable[[byleave.Decision], object]] = [lambda it: it.json(), repr, hash, lambda it: it.reasons, lambda it: it == it]

    def look(n: int, it: byleave.Decision) -> bool:
        together.wait()
        looks[n % len(looks)](it)
        return it.json() == right

    with ThreadPoolExecutor(8) as pool:
        for _ in range(50):
            it = engine.decide(request_)
            assert all(pool.map(look, range(8), [it] * 8))
