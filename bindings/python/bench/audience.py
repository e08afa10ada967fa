"""How fast a whole audience is decided from Arrow: ``python bench/audience.py [PEOPLE]``, one million people as it stands.

Each person has one or two time zones (one in ten has two), a state, a birth date, an address, 0 to 8 consent events (3 to 4 as a rule)
and 0 to 8 past contacts (3 to 4 as a rule); words are dictionary-encoded, as data frames keep them. The twelve rules are those of
``tests/benches/policy``. What is measured is everything from the frames that came in to the frame that goes out, by one thread.
"""

import pathlib
import sys
import time

import numpy
import pyarrow

import byleave

POLICY = pathlib.Path(__file__).parents[3] / "tests" / "benches" / "policy" / "twelve.leave"
AT = 1_782_921_600_000_000  # 2026-07-01T16:00:00Z
DAY = 86_400_000_000
CONTACT = {
    "at": "2026-07-01T16:00:00Z",
    "contact": {
        "channel": "sms",
        "purpose": "own_service",
        "topic": "running",
        "technology": "automated",
        "data": [],
        "fields": [],
        "uses": ["personalise"],
    },
    "content": {"length": 120, "includes": ["opt_out", "sender_identity"]},
    "complete": ["lists", "signals", "interactions"],
}


def words(dice: numpy.random.Generator, choices: list[str], weights: list[float], count: int) -> pyarrow.Array:
    """A column of words, dictionary-encoded."""
    codes = dice.choice(len(choices), size=count, p=weights).astype("int8")
    return pyarrow.DictionaryArray.from_arrays(codes, choices)


def instants(dice: numpy.random.Generator, count: int, days: int) -> pyarrow.Array:
    """Instants of so many days before."""
    return pyarrow.array(AT - dice.integers(0, days * DAY, count), pyarrow.timestamp("us", "UTC"))


def audience(count: int, seed: int = 7) -> tuple[pyarrow.Table, pyarrow.Table, pyarrow.Table]:
    """People, consents and history; the same for the same seed."""
    dice = numpy.random.default_rng(seed)
    ids = numpy.array([f"p{n:07}" for n in range(count)])
    zones = ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"]
    two = dice.random(count) < 0.1
    first = dice.integers(0, 4, count)
    offsets = numpy.concatenate([[0], numpy.cumsum(numpy.where(two, 2, 1))]).astype("int32")
    members = numpy.empty(offsets[-1], dtype="int8")
    members[offsets[:-1]] = first
    members[offsets[1:][two] - 1] = (first[two] + 1) % 4
    states = ["US-NY", "US-FL", "US-TX", "US-CA", "US-WA"]
    people = pyarrow.table(
        {
            "person.id": pyarrow.array(ids),
            "person.time_zones": pyarrow.ListArray.from_arrays(
                offsets, pyarrow.DictionaryArray.from_arrays(members, zones)
            ),
            "person.jurisdictions": words(dice, states, [0.3, 0.2, 0.2, 0.2, 0.1], count),
            "person.birth_date": pyarrow.array(dice.integers(-14_000, 14_500, count).astype("int32"), pyarrow.date32()),
            "address.value": pyarrow.array([f"+1555{n:07}" for n in range(count)]),
        }
    )
    many = dice.binomial(8, 0.45, count)
    rows = int(many.sum())
    kind = dice.choice(2, rows, p=[0.9, 0.1]).astype("int8")
    level = dice.choice(4, rows, p=[0.2, 0.3, 0.1, 0.4]).astype("int8")
    levels = ["opted_in", "express", "implied", "express_written"]
    consents = pyarrow.table(
        {
            "person.id": pyarrow.array(numpy.repeat(ids, many)),
            "kind": pyarrow.DictionaryArray.from_arrays(kind, ["grant", "revoke"]),
            "level": pyarrow.DictionaryArray.from_arrays(pyarrow.array(level, mask=kind == 1), levels),
            "at": instants(dice, rows, 1000),
            "scope.channel": words(dice, ["text", "email", "voice"], [0.6, 0.25, 0.15], rows),
        }
    )
    many = dice.binomial(8, 0.45, count)
    rows = int(many.sum())
    history = pyarrow.table(
        {
            "person.id": pyarrow.array(numpy.repeat(ids, many)),
            "at": instants(dice, rows, 60),
            "channel": words(dice, ["sms", "email", "live_call"], [0.5, 0.4, 0.1], rows),
            "purpose": words(dice, ["own_service", "appointment", "billing"], [0.4, 0.4, 0.2], rows),
            "topic": words(dice, ["running", "dental", "nutrition"], [0.3, 0.4, 0.3], rows),
        }
    )
    return people, consents, history


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    engine = byleave.Engine(texts={"twelve.leave": POLICY.read_text()})
    people, consents, history = audience(count)
    print(f"{count:,} people, {consents.num_rows:,} consents, {history.num_rows:,} past contacts")
    for detail in ("outcome", "blocking"):
        best = float("inf")
        for _ in range(3):
            begun, used = time.perf_counter(), time.process_time()
            out = engine.decide_frame(CONTACT, people, consents=consents, history=history, detail=detail, threads=1)
            wall, busy = time.perf_counter() - begun, time.process_time() - used
            best = min(best, busy)
        shares = {row["values"]: row["counts"] for row in out["outcome"].value_counts().to_pylist()}
        print(
            f"{detail:<9} {count / best / 1e6:6.2f} million a second and core ({best / count * 1e9:,.0f} ns each, "
            f"last round {wall:.2f} s by the clock): {shares}, errors {count - out['error'].null_count}"
        )


if __name__ == "__main__":
    main()
