"""What a ledger's verbs give: frozen, typed, under the same names in every language. Lists are tuples."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, NoReturn, Optional, Tuple

from byleave._answers import no_truth
from byleave._byleave import Decision


@dataclass(frozen=True)
class Receipt:
    """What became of an event: its number in the ledger and in its person's chain, its link, and whether it is new.

    ``new`` is false when it was there already, told in the same words. The link is a host's own proof.
    """

    seq: int
    n: int
    link: str
    new: bool


@dataclass(frozen=True)
class Decided:
    """A decision, and its place in the record if it was kept."""

    decision: Decision
    receipt: Optional[Receipt] = None

    def __bool__(self) -> NoReturn:
        no_truth(".decision.allowed")


@dataclass(frozen=True)
class Size:
    """How many events and people a ledger holds."""

    events: int
    people: int


@dataclass(frozen=True)
class LedgerLines:
    """What another ledger has not been told: JSON Lines, an event on each.

    ``mark`` is how far whoever has them has been told, and what is asked for next; ``more`` is whether there are more after it. Of
    what was ``erased`` nothing is told, and ``decisions`` on record stay in their ledger.
    """

    lines: str
    events: int
    erased: int
    decisions: int
    mark: Optional[str]
    more: bool


@dataclass(frozen=True)
class RefusedLine:
    """A line of another ledger that was refused, by its number from 1, and why."""

    line: int
    kind: Literal["input", "limit", "conflict", "clock"]
    path: Optional[str]
    message: str
    hint: Optional[str]


@dataclass(frozen=True)
class TakenIn:
    """What became of another ledger's lines; ``before`` and ``mark`` are where this ledger ended before, and where it ends now.

    ``there`` were told already, in the same words. What was erased, and decisions, are ``passed`` over.
    """

    new: int
    there: int
    passed: int
    refused: Tuple[RefusedLine, ...]
    before: Optional[str]
    mark: Optional[str]


@dataclass(frozen=True)
class Checkpoint:
    """The state of the whole at one number. ``checkpoint`` is its digest, to be handed out."""

    number: int
    events: int
    at: dt.datetime
    checkpoint: str
    signed_by: Optional[str]


@dataclass(frozen=True)
class LedgerFinding:
    """Something that does not hold in a ledger: at which event, and in whose chain."""

    what: str
    event: Optional[int]
    person: Optional[int]
    sentence: str


@dataclass(frozen=True)
class LedgerReport:
    """Whether a ledger holds. ``covered`` is the last event that a checkpoint covers."""

    holds: bool
    events: int
    people: int
    checkpoints: int
    covered: int
    findings: Tuple[LedgerFinding, ...]

    def __bool__(self) -> NoReturn:
        no_truth(".holds")


@dataclass(frozen=True)
class Replayed:
    """What a decision came to when it was asked again; ``n`` is its number in the person's chain."""

    n: int
    event: int
    replay: Literal["same", "other_engine", "differs", "impossible"]
    more: Tuple[str, ...]


@dataclass(frozen=True)
class BundleFinding:
    """Something that does not hold in a bundle, and where."""

    what: str
    place: str
    sentence: str


@dataclass(frozen=True)
class BundleReport:
    """Whether a bundle holds, and what it does not show. ``person`` is ``None`` once erased."""

    holds: bool
    person: Optional[str]
    events: int
    erased: int
    covered: int
    checkpoints: int
    signers: Tuple[str, ...]
    decisions: Tuple[Replayed, ...]
    findings: Tuple[BundleFinding, ...]
    not_shown: Tuple[str, ...]

    def __bool__(self) -> NoReturn:
        no_truth(".holds")
