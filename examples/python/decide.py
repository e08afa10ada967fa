"""May this text go out tonight? The law of the telephone, a shop's own words, one contact, one answer."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import byleave

SHOP = """
pack org.shop { title "The shop" edition "1" }
use core
use us.tcpa
sender shop marked seller
reaches US by text
"""

engine = byleave.Engine(texts=SHOP)

request = {
    "person": {"time_zones": ["America/New_York"], "jurisdictions": ["US-NY"]},
    "sender": {"id": "shop", "kind": ["seller"]},
    "contact": {"channel": "sms", "purpose": ["marketing"], "technology": ["manual"]},
    "address": {"value": "+12125550142", "line": ["wireless"]},
    "content": {"includes": ["sender_identity", "sender_contact"]},
    "consents": [],
    "lists": [
        {
            "list": "national_dnc",
            "address": "+12125550142",
            "result": "not_listed",
            "version_at": date(2026, 6, 20),
        }
    ],
}

decision = engine.decide(request, at=datetime(2026, 7, 1, 21, 30, tzinfo=ZoneInfo("America/New_York")))
print(decision.outcome, decision.until_local)
for reason in decision.reasons:
    print(f"{reason.rule}: {reason.sentence} ({', '.join(reason.citations)})")
