"""What several tests share: a small shop's policy, and a request that it defers."""

from __future__ import annotations

from typing import Any, Dict

import byleave
import pytest

SHOP = """
pack org.shop { title "The shop" edition "1" }
use core
use us.tcpa
sender shop marked seller
reaches US by text
"""


@pytest.fixture(scope="session")
def engine() -> byleave.Engine:
    """The law of the telephone and the shop's own words."""
    return byleave.Engine(texts={"shop/shop.leave": SHOP})


@pytest.fixture
def request_(  # `request` is pytest's own
) -> Dict[str, Any]:
    """A text at half past nine in the evening, to somebody in New York."""
    return {
        "at": "2026-07-01T21:30:00-04:00",
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
                "version_at": "2026-06-20",
            }
        ],
    }
