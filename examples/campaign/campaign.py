"""A bookshop's campaign over a data frame of 50,000 synthetic customers: who may get this text now, who later, who not, and why."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta, timezone

import byleave
import polars

SHOP = """
pack org.page_turner { title "The Page Turner, a bookshop" edition "1" }
use core
use us.tcpa
sender page_turner marked seller
reaches US by text
"""

# Half past nine in the evening in New York, half past three in the afternoon in Honolulu.
AT = datetime(2026, 7, 2, 1, 30, tzinfo=timezone.utc)
WHERE = [("US-NY", "America/New_York"), ("US-TX", "America/Chicago"), ("US-CA", "America/Los_Angeles"), ("US-HI", "Pacific/Honolulu")]


def customers(count: int) -> tuple[polars.DataFrame, polars.DataFrame, polars.DataFrame]:
    """Customers, what they agreed to, and what the national list said of their numbers. The same in every run."""
    dice = random.Random(2026)
    people: list[tuple[object, ...]] = []
    consents: list[tuple[object, ...]] = []
    lists: list[tuple[object, ...]] = []
    for n in range(count):
        name, number = f"c{n:05}", f"+1555{n:07}"
        state, zone = dice.choice(WHERE)
        people.append((name, [zone], [state], date(dice.randint(1935, 2008), dice.randint(1, 12), 5), number, ["wireless"]))
        when = AT - timedelta(days=dice.randint(1, 1500))
        if dice.random() < 0.7:
            consents.append((name, when, "grant", dice.choice(["express", "express_written"])))
        if dice.random() < 0.08:
            consents.append((name, when + timedelta(hours=5), "revoke", None))
        listed = dice.random() < 0.15
        if dice.random() < 0.97:
            lists.append((name, "national_dnc", number, "listed" if listed else "not_listed", date(2026, 6, 20)))
    columns = ["person.id", "person.time_zones", "person.jurisdictions", "person.birth_date", "address.value", "address.line"]
    return (
        polars.DataFrame(people, schema=columns, orient="row"),
        polars.DataFrame(consents, schema=["person.id", "at", "kind", "level"], orient="row"),
        polars.DataFrame(lists, schema=["person.id", "list", "address", "result", "version_at"], orient="row"),
    )


def main() -> None:
    """Decides the campaign, and says what came of it."""
    engine = byleave.Engine(texts=SHOP)
    contact = {
        "at": AT,
        "sender": {"id": "page_turner", "kind": ["seller"]},
        "contact": {"channel": "sms", "purpose": ["marketing"], "technology": ["manual"]},
        "content": {"includes": ["sender_identity", "sender_contact"]},
    }
    people, consents, lists = customers(50_000)
    answers = engine.decide_frame(contact, people, consents=consents, lists=lists, keep="address.value")
    print(answers.group_by("outcome").len().sort("outcome"))
    print(answers.explode("blocking").drop_nulls("blocking").group_by("blocking").len().sort("len", "blocking", descending=True))
    now = answers.filter(polars.col("outcome") == "allow")
    later = answers.filter(polars.col("outcome") == "defer").group_by("until").len().sort("until")
    print(f"{now.height:,} go out now, the first to {now['address.value'][0]}")
    print(later)


if __name__ == "__main__":
    main()
