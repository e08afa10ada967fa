"""One warm decision from Python, against two other engines that get local hours, counts and latest consents worked out.

The persons are those of the repository's benchmark, 12 consent events and 20 past contacts each, under the same twelve rules. All
have to agree on everybody before anything is timed. Blocks of persons are asked in turn by each way, once unmeasured and once
measured, and of many rounds the quickest of each counts: compare ratios of one run.

    pip install cedarpy zen-engine && python bench/peers.py [ROUNDS]
"""

from __future__ import annotations

import json
import platform
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable

import byleave
import cedarpy
import zen

ROOT = Path(__file__).resolve().parents[3]
PERSONS = 200
BLOCK = 20


def text(name: str) -> str:
    return (ROOT / "tests/benches" / name).read_text("utf-8")


def population() -> list[dict[str, Any]]:
    asked = ["cargo", "run", "--quiet", "--package", "byleave-tests", "--example", "population", "--", str(PERSONS)]
    ran = subprocess.run(asked, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in ran.stdout.splitlines()]


PARTS = "outcome until until_local valid_until reasons obligations fields missing taken_as warnings evidence".split()


def read_all(decision: byleave.Decision) -> byleave.Decision:
    """Asks for each part, so that all of them are made."""
    for part in PARTS:
        getattr(decision, part)
    return decision


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    persons = population()
    engine = byleave.Engine(texts={"twelve/twelve.leave": text("policy/twelve.leave")})
    prepared = [engine.facts(it["request"]) for it in persons]
    written = [json.dumps(it["request"]) for it in persons]
    policies = cedarpy.PolicySet.from_str(text("peers/twelve.cedar"))
    names = re.findall(r'@id\("(\w+)"\)', text("peers/twelve.cedar"))
    entities = cedarpy.Entities.from_json_str("[]")
    model = zen.ZenEngine().create_decision(text("peers/twelve.zen.json"))

    def ask_cedar(n: int) -> Any:
        request = {"principal": 'Sender::"a"', "action": 'Action::"contact"', "resource": 'Person::"b"', "context": persons[n]["worked_out"]}
        return cedarpy.is_authorized(request, policies, entities)

    ways: dict[str, Callable[[int], Any]] = {
        "decide(dict), outcome read": lambda n: engine.decide(persons[n]["request"]).outcome,
        "decide(dict), all of it read": lambda n: read_all(engine.decide(persons[n]["request"])),
        "decide(text), all of it read": lambda n: read_all(engine.decide(written[n])),
        "decide(dict, detail='outcome')": lambda n: engine.decide(persons[n]["request"], detail="outcome"),
        "facts(dict)": lambda n: engine.facts(persons[n]["request"]),
        "decide_facts(facts)": lambda n: engine.decide_facts(prepared[n]),
        "verdict(facts)": lambda n: engine.verdict(prepared[n]),
        "cedarpy": ask_cedar,
        "zen-engine": lambda n: model.evaluate(persons[n]["worked_out"]),
    }
    told: dict[str, int] = {}
    for n, it in enumerate(persons):
        told[it["outcome"]] = told.get(it["outcome"], 0) + 1
        rules = sorted(it["blocking"])
        decision = ways["decide(dict), all of it read"](n)
        assert ways["decide(dict), outcome read"](n) == decision.outcome == it["outcome"] == ways["verdict(facts)"](n).outcome == ways["decide(dict, detail='outcome')"](n).outcome
        assert [reason.rule.removeprefix("twelve.") for reason in decision.reasons] == rules
        said = ask_cedar(n)
        assert said.allowed == (it["outcome"] == "allow") and not said.diagnostics.errors, said.diagnostics.errors
        reasons = (names[int(found.removeprefix("policy"))] if found.startswith("policy") else found for found in said.diagnostics.reasons)
        assert sorted(name for name in reasons if name != "all_else") == rules
        result = ways["zen-engine"](n)["result"]
        assert sorted(rule for rule in result if result[rule]) == rules
    print(f"{len(persons)} persons, all agree: {told}")
    least = {way: [float("inf")] * (PERSONS // BLOCK) for way in ways}
    for _ in range(rounds):
        for block in range(PERSONS // BLOCK):
            for name, way in ways.items():
                block_of = range(block * BLOCK, (block + 1) * BLOCK)
                for n in block_of:
                    way(n)
                begun = time.perf_counter()
                for n in block_of:
                    way(n)
                least[name][block] = min(least[name][block], (time.perf_counter() - begun) / BLOCK * 1e6)
    took = {way: sum(of) / len(of) for way, of in least.items()}
    print(f"\n| Python {platform.python_version()}, 12 events, 20 past contacts | µs | cedarpy takes | zen-engine takes |\n|---|---|---|---|")
    for name, us in took.items():
        print(f"| {name} | {us:.1f} | {took['cedarpy'] / us:.1f} times | {took['zen-engine'] / us:.1f} times |")


if __name__ == "__main__":
    main()
