"""Answers as tables, for notebooks. Every word that comes from policy or from a request is escaped."""

from __future__ import annotations

import datetime as dt
import html
from typing import TYPE_CHECKING, Iterable, Optional

if TYPE_CHECKING:
    from byleave._answers import Explanation, Plan, RuleExplained
    from byleave._byleave import Decision

_CELL = "text-align:left;vertical-align:top"
_BLOCKING = ("violated", "undetermined")


def _said(value: object) -> str:
    return html.escape(str(value), quote=True)


def _when(instant: Optional[dt.datetime]) -> str:
    return "" if instant is None else _said(instant.isoformat(" "))


def _head(*words: str) -> str:
    cells = "".join(f'<th scope="col" style="{_CELL}">{word}</th>' for word in words)
    return f"<thead><tr>{cells}</tr></thead>"


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells) + "</tr>"


def _table(caption: str, head: str, rows: Iterable[str]) -> str:
    body = "".join(rows)
    if not body:
        return ""
    style = "text-align:left;font-weight:bold;caption-side:top"
    return f'<table><caption style="{style}">{caption}</caption>{head}<tbody>{body}</tbody></table>'


def _headline(decision: Decision) -> str:
    until = decision.until_local or decision.until
    words = {"allow": "allowed", "defer": "wait", "deny": "denied"}[decision.outcome]
    return _said(words) + (f" until {_when(until)}" if until else "")


def decision(it: Decision) -> str:
    """A decision: the outcome, why, what is owed, what may not be carried, what is missing."""
    parts = [f'<p><strong>{_headline(it)}</strong> <span style="opacity:.7">asked at {_when(it.at)}</span></p>']
    reasons = (
        _row(
            f"<code>{_said(reason.rule)}</code>",
            _said((reason.kind or reason.finding).replace("_", " ")),
            _said(reason.sentence),
            "<br>".join(_said(cite) for cite in reason.citations),
        )
        for reason in it.reasons
    )
    parts.append(_table("Reasons", _head("Rule", "Kind", "Why", "Citation"), reasons))
    owed = (_row(_said(o.id), _said(o.value or ""), f"<code>{_said(o.rule)}</code>") for o in it.obligations)
    parts.append(_table("Owed", _head("What", "How", "Rule"), owed))
    withheld = (_row(_said(field.name), _said(", ".join(field.rules))) for field in it.fields.withheld)
    parts.append(_table("Withheld", _head("Field", "Rules"), withheld))
    parts.append(_table("Missing", _head("Fact"), (_row(_said(fact)) for fact in it.missing)))
    warned = (_row(_said(w.code), _said(w.path), _said(w.message)) for w in it.warnings)
    parts.append(_table("Warnings", _head("Code", "Where", "What"), warned))
    return "".join(parts)


def plan(it: Plan) -> str:
    """A plan: one row an option, best first."""
    rows = (
        _row(
            _said(option.name),
            _said(option.outcome),
            _when(option.until_local or option.until),
            _said(", ".join(option.rules)),
            _said(", ".join(option.missing)),
        )
        for option in it.options
    )
    return _table("Options", _head("Option", "Outcome", "Until", "Blocked by", "Missing"), rows)


def explanation(it: Explanation) -> str:
    """An explanation: the decision, then each rule with its conditions and their answers."""

    def asked(rule: RuleExplained) -> str:
        lines = [f"{_said(c.clause)} <code>{_said(c.text)}</code>: {_said(c.answer)}" for c in rule.conditions]
        for exemption in rule.exemptions:
            lines.append(f"exempt <code>{_said(exemption.id)}</code>: {_said(exemption.finding.replace('_', ' '))}")
        return "<br>".join(lines)

    rows = (
        _row(
            f"<code>{_said(rule.rule)}</code>",
            f"<strong>{_said(rule.finding)}</strong>" if rule.finding in _BLOCKING else _said(rule.finding),
            asked(rule),
            "<br>".join(_said(cite) for cite in rule.citations),
        )
        for rule in it.rules
    )
    table = _table("Rules that applied", _head("Rule", "Finding", "Asked", "Citation"), rows)
    return decision(it.decision) + table
