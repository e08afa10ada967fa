"""How long a call takes, seen from Python. Prints the quickest of many short rounds; compare lines of one run only."""

from __future__ import annotations

import json
import runpy
import time
from pathlib import Path
from typing import Callable

import byleave

EXAMPLE = Path(__file__).resolve().parents[3] / "examples/python/decide.py"


def quickest(call: Callable[[], object], times: int) -> float:
    """Microseconds a call."""
    best = float("inf")
    for _ in range(200):
        start = time.perf_counter()
        for _ in range(times):
            call()
        best = min(best, time.perf_counter() - start)
    return best / times * 1e6


def main() -> None:
    """Measures each way to ask."""
    names = runpy.run_path(str(EXAMPLE))
    engine: byleave.Engine = names["engine"]
    request = {**names["request"], "at": "2026-07-01T21:30:00-04:00"}
    text = json.dumps(request, default=str)
    facts = engine.facts(request)
    many = [request] * 50
    rows: list[tuple[str, Callable[[], object], int, int]] = [
        ("verdict(facts)", lambda: engine.verdict(facts), 500, 1),
        ("decide_facts(facts)", lambda: engine.decide_facts(facts), 20, 1),
        ("decide(dict, detail='outcome')", lambda: engine.decide(request, detail="outcome"), 20, 1),
        ("decide(dict)", lambda: engine.decide(request), 20, 1),
        ("decide(text)", lambda: engine.decide(text), 20, 1),
        ("decide(dict).json()", lambda: engine.decide(request).json(), 20, 1),
        ("decide(dict).reasons", lambda: engine.decide(request).reasons, 20, 1),
        ("facts(dict)", lambda: engine.facts(request), 20, 1),
        ("decide_many(dicts), each", lambda: engine.decide_many(many), 1, 50),
    ]
    for name, call, times, each in rows:
        print(f"{name:34} {quickest(call, times) / each:8.2f} µs")


if __name__ == "__main__":
    main()
