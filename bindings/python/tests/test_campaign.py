"""The example of a campaign runs, and a sample of its rows is what `decide` says of them one by one."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import byleave
import pytest

EXAMPLE = Path(__file__).resolve().parents[3] / "examples/campaign/campaign.py"


def test_the_campaign_runs(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLE), run_name="__main__")
    said = capsys.readouterr().out
    assert " go out now, the first to +1555" in said
    assert "us.tcpa.quiet_hours" in said


def test_its_rows_are_what_decide_says() -> None:
    names = runpy.run_path(str(EXAMPLE))
    engine = byleave.Engine(texts=names["SHOP"])
    people, consents, lists = names["customers"](300)
    contact: dict[str, Any] = {
        "at": names["AT"],
        "sender": {"id": "page_turner", "kind": ["seller"]},
        "contact": {"channel": "sms", "purpose": ["marketing"], "technology": ["manual"]},
        "content": {"includes": ["sender_identity", "sender_contact"]},
    }
    answers = engine.decide_frame(contact, people, consents=consents, lists=lists).to_dicts()
    outcomes = set()
    for row, answer in zip(people.to_dicts(), answers):
        def own(frame: Any) -> list[dict[str, Any]]:
            rows = frame.to_dicts()
            keep = [it for it in rows if it.pop("person.id") == row["person.id"]]
            return [{key: value for key, value in it.items() if value is not None} for it in keep]

        request: dict[str, Any] = {**contact, "consents": own(consents), "lists": own(lists)}
        for name, value in row.items():
            entity, _, field = name.partition(".")
            request.setdefault(entity, {})[field] = value
        found = engine.decide(request)
        assert (answer["outcome"], answer["until"]) == (found.outcome, found.until)
        assert answer["blocking"] == [it.rule for it in found.reasons]
        outcomes.add(found.outcome)
    assert outcomes == {"allow", "defer", "deny"}
