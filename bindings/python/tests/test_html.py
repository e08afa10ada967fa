"""Notebooks show answers as tables, and nothing in them is markup but ours."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any, Dict, List, Set

import byleave

EVIL = "<script>alert(\\\"x\\\")</script>&'"
POLICY = f"""
pack org {{ title "An organisation" edition "1" }}
taxonomy channel {{ text, email }}
rule no_texts {{
  cite "{EVIL}"
  when contact.channel is text
  require weekday is [monday]
  because "{EVIL}"
}}
"""
REQUEST: Dict[str, Any] = {
    "at": "2026-07-01T12:00:00Z",
    "person": {"time_zones": ["America/New_York"]},
    "contact": {"channel": "<script>alert(1)</script>"},
}


class Tags(HTMLParser):
    """Which tags there are, whether each is closed, and the words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: Set[str] = set()
        self.open: List[str] = []
        self.words = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.add(tag)
        assert all(name in ("style", "scope") for name, _ in attrs)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


OURS = {"p", "strong", "span", "table", "caption", "thead", "tbody", "tr", "th", "td", "code", "br"}


def test_every_word_is_escaped() -> None:
    engine = byleave.Engine(texts=POLICY)
    decision = engine.decide(REQUEST)
    assert decision.reasons and decision.warnings
    plan = engine.plan({**REQUEST, "options": [{"name": "<img src=x onerror=alert(1)>"}]})
    for answer in (decision, engine.explain(REQUEST), plan):
        page = answer._repr_html_()
        assert "<script" not in page and "<img" not in page
        assert Tags(page).seen <= OURS
    words = Tags(decision._repr_html_()).words
    assert "<script>alert(\"x\")</script>&'" in words


def test_a_table_tells_the_decision(engine: byleave.Engine, request_: Dict[str, Any]) -> None:
    words = Tags(engine.decide(request_)._repr_html_()).words
    for word in ("wait until 2026-07-02 08:00:00-04:00", "us.tcpa.quiet_hours", "timing", "47 CFR 64.1200(c)(1)"):
        assert word in words
    allowed = engine.decide(request_, "2026-07-01T16:00:00Z")
    assert "allowed" in Tags(allowed._repr_html_()).words
