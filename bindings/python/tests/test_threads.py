"""One handle and many threads; and while it works, the interpreter is free."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, Iterator

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
