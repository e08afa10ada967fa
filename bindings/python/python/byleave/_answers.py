"""The parts of answers: frozen, typed, field for field what the wire says.

Each class bears the name that its struct has in the engine's ``wire`` and holds the same fields in the same order; what
the wire leaves out is the default here. Lists are tuples, instants are datetimes in UTC.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any, Dict, Literal, Mapping, NoReturn, Optional, Tuple

from byleave import _html
from byleave._byleave import Decision

Outcome = Literal["allow", "defer", "deny"]
Finding = Literal["not_applicable", "satisfied", "exempted", "undetermined", "violated"]
Kind = Literal["refused", "no_basis", "missing_fact", "timing", "too_often", "content"]
ReplyKind = Literal["revoke", "ask", "help", "opt_in", "ignore"]
Verified = Literal["text", "secondary", "unverified"]
Texts = Tuple[str, ...]


def no_truth(ask: str) -> NoReturn:
    """Refuses to be a condition: a denial would be as true as a leave."""
    raise TypeError(f"this is neither true nor false: ask `{ask}`")


@dataclass(frozen=True)
class LookedAt:
    """A fact that a reason rests on, and its value in words."""

    fact: str
    value: str


@dataclass(frozen=True)
class Tried:
    """An exemption that was tried, and what it lacked."""

    id: str
    finding: Finding
    citations: Texts = ()
    lacked: Texts = ()


@dataclass(frozen=True)
class Clears:
    """When time alone would clear a reason: ``at`` an instant, ``never``, or ``not_before`` an instant."""

    at: Optional[dt.datetime] = None
    never: bool = False
    not_before: Optional[dt.datetime] = None


@dataclass(frozen=True)
class Refusal:
    """An event by which the person said no: its name, if it has one, and the instant or the day."""

    id: Optional[str] = None
    at: Optional[str] = None


@dataclass(frozen=True)
class Reason:
    """One rule's reason."""

    rule: str
    pack: str
    finding: Finding
    sentence: str
    kind: Optional[Kind] = None
    refused_by: Tuple[Refusal, ...] = ()
    citations: Texts = ()
    verified: Optional[Verified] = None
    looked_at: Tuple[LookedAt, ...] = ()
    exemptions: Tuple[Tried, ...] = ()
    missing: Texts = ()
    clears: Optional[Clears] = None
    would_change: Texts = ()


@dataclass(frozen=True)
class Obligation:
    """Something owed: a content element, or an act."""

    id: str
    rule: str
    value: Optional[str] = None
    #: It has a length or a day, and nobody knows which.
    unknown: bool = False
    citations: Texts = ()


@dataclass(frozen=True)
class Withheld:
    """A field that may not be carried, and the rules that withhold it."""

    name: str
    rules: Texts


@dataclass(frozen=True)
class Fields:
    """Which fields the contact may carry."""

    allowed: Texts = ()
    withheld: Tuple[Withheld, ...] = ()


@dataclass(frozen=True)
class TakenAs:
    """An unknown that the law's own word ``known that`` settled."""

    fact: str
    rule: str
    citations: Texts = ()


@dataclass(frozen=True)
class DecisionWarning:
    """Something to hear of that did not stop the decision."""

    code: str
    path: str
    message: str


@dataclass(frozen=True)
class PackDigest:
    """A pack in evidence."""

    name: str
    edition: str
    digest: str


@dataclass(frozen=True)
class ZoneData:
    """Time-zone data in evidence."""

    edition: str
    digest: str


@dataclass(frozen=True)
class Evidence:
    """Enough to replay a decision and to prove that it is the same.

    ``settings`` is a dict of its own: what somebody puts into it changes neither the decision nor its ``json()``.
    """

    engine: str
    packs: Tuple[PackDigest, ...]
    settings: Mapping[str, str] = field(hash=False)
    facts: str
    zones: ZoneData
    known_at: dt.datetime


@dataclass(frozen=True)
class Planned:
    """What one option of a plan would get. ``valid_until`` is ``None`` past the year 9999, with which ``datetime`` ends."""

    name: str
    outcome: Outcome
    preference: Optional[int] = None
    until: Optional[dt.datetime] = None
    until_local: Optional[dt.datetime] = None
    valid_until: Optional[dt.datetime] = None
    kinds: Tuple[Kind, ...] = ()
    rules: Texts = ()
    missing: Texts = ()
    warnings: Tuple[DecisionWarning, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether it may go out now."""
        return self.outcome == "allow"

    def __bool__(self) -> NoReturn:
        no_truth(".allowed")


@dataclass(frozen=True)
class Plan:
    """The options of a plan: those that are open first, in the person's order of preference."""

    options: Tuple[Planned, ...]
    _json: str = field(repr=False, compare=False)

    def json(self) -> str:
        """The canonical text."""
        return self._json

    def to_dict(self) -> Any:
        """The same as plain dicts and lists."""
        return json.loads(self._json)

    def _repr_html_(self) -> str:
        return _html.plan(self)

    def __bool__(self) -> NoReturn:
        no_truth(".options")


@dataclass(frozen=True)
class Asked:
    """A condition and its answer: ``true``, ``false``, ``unknown`` or ``differs``."""

    clause: str
    text: str
    answer: Literal["true", "false", "unknown", "differs"]
    missing: Texts = ()
    parts: Tuple[Asked, ...] = ()


@dataclass(frozen=True)
class ExemptionExplained:
    """An exemption as it was asked."""

    id: str
    finding: Finding
    citations: Texts
    conditions: Tuple[Asked, ...]


@dataclass(frozen=True)
class RefusalExplained:
    """An act by which the person said no: the rules that it breaks, and those that block for it as well."""

    refusal: Refusal
    breaks: Texts
    also: Texts = ()


@dataclass(frozen=True)
class RuleExplained:
    """One rule, as it was asked."""

    rule: str
    pack: str
    finding: Finding
    sentence: str
    citations: Texts
    conditions: Tuple[Asked, ...]
    exemptions: Tuple[ExemptionExplained, ...]
    looked_at: Tuple[LookedAt, ...]
    doc: str = ""
    verified: Optional[Verified] = None
    since: Optional[dt.date] = None
    until: Optional[dt.date] = None


@dataclass(frozen=True)
class Explanation:
    """Why the decision is what it is, rule by rule."""

    decision: Decision
    rules: Tuple[RuleExplained, ...]
    not_applicable: Texts
    _json: str = field(repr=False, compare=False)
    refusals: Tuple[RefusalExplained, ...] = ()

    def json(self) -> str:
        """The canonical text."""
        return self._json

    def to_dict(self) -> Any:
        """The same as plain dicts and lists."""
        return json.loads(self._json)

    def _repr_html_(self) -> str:
        return _html.explanation(self)

    def __bool__(self) -> NoReturn:
        no_truth(".decision.allowed")


@dataclass(frozen=True)
class ReplyWords:
    """Words in a message: ``message[words.start:words.end]``, counted in code points."""

    text: str
    start: int
    end: int
    rule: str
    phrase: str
    slip: bool = False


@dataclass(frozen=True)
class SetAside:
    """Words that do not count, and the words around them that take their meaning away."""

    words: ReplyWords
    because_of: str


@dataclass(frozen=True)
class ReplyRule:
    """A declaration that decided what a reply means, or an exemption that carries its confirmation."""

    rule: str
    pack: str
    sentence: str = ""
    citations: Texts = ()
    verified: Optional[Verified] = None


@dataclass(frozen=True)
class Confirmation:
    """The one message that may say that a revocation was heard: of one purpose, and no other."""

    allowed: bool
    purpose: str
    responds_to: str
    until: Optional[dt.datetime] = None
    may_ask: Texts = ()
    obligations: Tuple[Obligation, ...] = ()
    exemptions: Tuple[ReplyRule, ...] = ()
    rules: Texts = ()
    missing: Texts = ()

    def __bool__(self) -> NoReturn:
        no_truth(".allowed")


@dataclass(frozen=True)
class Interpretation:
    """What somebody's answer means, and what follows.

    ``events`` are ready for a request's ``consents``: dicts, which a host may write to. ``json()`` stays as it was read.
    """

    kind: ReplyKind
    _json: str = field(repr=False, compare=False)
    words: Tuple[ReplyWords, ...] = ()
    set_aside: Tuple[SetAside, ...] = ()
    rules: Tuple[ReplyRule, ...] = ()
    cut: bool = False
    level: Optional[str] = None
    events: Tuple[Dict[str, Any], ...] = field(default=(), hash=False)
    honor_by: Optional[dt.date] = None
    obligations: Tuple[Obligation, ...] = ()
    confirmation: Optional[Confirmation] = None
    missing: Texts = ()

    def json(self) -> str:
        """The canonical text."""
        return self._json

    def to_dict(self) -> Any:
        """The same as plain dicts and lists."""
        return json.loads(self._json)

    def __bool__(self) -> NoReturn:
        no_truth(".kind")


@dataclass(frozen=True)
class SettingInfo:
    """A point of law that is contested: its cautious reading, and what else may be chosen."""

    name: str
    default: str
    readings: Texts = ()
    citations: Texts = ()
    because: str = ""


@dataclass(frozen=True)
class PackInfo:
    """A pack that an engine was built from."""

    name: str
    title: str
    edition: str
    digest: str
    reviewed: Optional[dt.date] = None
    sources: Texts = ()
    uses: Texts = ()
    rules: Texts = ()
    settings: Tuple[SettingInfo, ...] = ()


@dataclass(frozen=True)
class LineColumn:
    """A line and a column, both counted from 1; the column counts characters."""

    line: int
    column: int


@dataclass(frozen=True)
class Place:
    """A place in policy."""

    source: str
    start: LineColumn
    end: LineColumn


@dataclass(frozen=True)
class Label:
    """A further place with its words."""

    at: Place
    text: str


@dataclass(frozen=True)
class Diagnostic:
    """One thing that an author of policy should know."""

    code: str
    severity: Literal["error", "warning"]
    message: str
    at: Place
    labels: Tuple[Label, ...] = ()
    hint: Optional[str] = None

    def __str__(self) -> str:
        start = self.at.start
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.at.source}:{start.line}:{start.column}: {self.severity}[{self.code}]: {self.message}{hint}"
