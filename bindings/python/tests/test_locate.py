"""Where a person may be: the cases that every language runs, and what Python's own objects say."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any, Dict

import byleave
import pytest

CASES = Path(__file__).resolve().parents[3] / "packs" / "tests" / "places" / "cases.json"


def test_the_cases() -> None:
    cases = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    for case in cases:
        known = dict(case["known"])
        told: Dict[str, Any] = dict(byleave.locate(known.pop("phone", None), **known))
        told["because"] = [f"{it['of']} {it['kind']}" for it in told["because"]]
        assert told == case["told"], case["name"]
    assert len(cases) > 100


def test_dates_and_instants_are_objects_too() -> None:
    at = dt.datetime(2026, 7, 1, 20, tzinfo=dt.timezone.utc)
    confirmed: byleave.Confirmed = {"state": "FL", "time_zone": "America/Chicago", "on": dt.date(2026, 1, 15)}
    there = byleave.locate("850 555 0142", confirmed=confirmed, at=at)
    assert there["confirmed_zone"] == "America/Chicago"
    assert there["facts"]["person"]["time_zones"] == ["America/Chicago"]
    assert byleave.locate("850 555 0142", confirmed=confirmed)["confirmed_zone"] is None


def test_what_is_no_text_is_refused_with_its_place() -> None:
    with pytest.raises(byleave.InputError) as caught:
        byleave.locate(8505550142)  # type: ignore[arg-type]
    assert caught.value.path == "phone"
    with pytest.raises(byleave.InputError) as caught:
        byleave.locate(confirmed={"zip": "32501"})  # type: ignore[arg-type]
    assert caught.value.path == "confirmed.zip"
