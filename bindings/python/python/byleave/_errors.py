"""Exceptions. Whichever is raised, nothing was decided and nothing kept, and the handle can be used again."""

from __future__ import annotations

import json
from typing import Any, Dict, Literal, Optional, Tuple, Union

from byleave._answers import Diagnostic

LedgerKind = Literal["conflict", "clock", "locked", "read_only", "full", "damaged", "connection", "storage"]


class ByleaveError(Exception):
    """What went wrong: its kind, the path into what was sent, one sentence, and what to write instead."""

    kind: Union[Literal["input", "policy", "limit", "internal"], LedgerKind] = "internal"
    #: The sentence alone.
    message: str
    #: Where in what was sent: ``consents[3].scope.purpose``. ``None`` when it is the whole of it.
    path: Optional[str]
    #: The second place, when two places contradict each other.
    other_path: Optional[str]
    #: What to write instead.
    hint: Optional[str]

    def __init__(
        self,
        message: str,
        path: Optional[str] = None,
        other_path: Optional[str] = None,
        hint: Optional[str] = None,
    ) -> None:
        super().__init__(message, path, other_path, hint)
        self.message = message
        self.path = path
        self.other_path = other_path
        self.hint = hint

    def __str__(self) -> str:
        path = f"{self.path}: " if self.path is not None else ""
        other = f"; see {self.other_path}" if self.other_path is not None else ""
        hint = f" ({self.hint})" if self.hint is not None else ""
        return f"{path}{self.message}{other}{hint}"

    def json(self) -> str:
        """The error as every binding writes it."""
        said: Dict[str, Any] = {"kind": self.kind}
        for key in ("path", "other_path", "message", "hint"):
            value = getattr(self, key)
            if value is not None:
                said[key] = value
        return json.dumps(self._more(said), ensure_ascii=False, separators=(",", ":"))

    def _more(self, said: Dict[str, Any]) -> Dict[str, Any]:
        return said


class InputError(ByleaveError, ValueError):
    """The request, or an argument, is not what the contract asks for."""

    kind = "input"


class LimitError(ByleaveError, ValueError):
    """More than is admitted: a size, a count, a depth."""

    kind = "limit"


class InternalError(ByleaveError, RuntimeError):
    """The engine contradicts itself. Please report it."""

    kind = "internal"


class LedgerError(ByleaveError):
    """The ledger cannot do it, though the words may be right; ``kind`` says why, and whether trying again helps.

    ``conflict``: the same key came with other words. ``clock``: the instant lies before what was recorded last.
    ``locked``: another process writes; try again. ``read_only``: it cannot be opened or written. ``full``: no room.
    ``damaged``: what is stored is not what was stored; ``verify`` says where. ``connection``: the server cannot be
    reached. ``storage``: the store failed otherwise, or it is no ledger.
    """

    kind: LedgerKind = "storage"

    def __init__(
        self,
        message: str,
        path: Optional[str] = None,
        other_path: Optional[str] = None,
        hint: Optional[str] = None,
        kind: LedgerKind = "storage",
    ) -> None:
        super().__init__(message, path, other_path, hint)
        self.args = (message, path, other_path, hint, kind)
        self.kind = kind


class PolicyError(ByleaveError):
    """The policy does not check; ``diagnostics`` says where."""

    kind = "policy"
    #: Everything that is wrong with the policy, warnings included.
    diagnostics: Tuple[Diagnostic, ...]
    #: The same, a line each.
    lines: Tuple[str, ...]

    def __init__(
        self,
        message: str,
        path: Optional[str] = None,
        other_path: Optional[str] = None,
        hint: Optional[str] = None,
        lines: Tuple[str, ...] = (),
        diagnostics: Tuple[Diagnostic, ...] = (),
    ) -> None:
        super().__init__(message, path, other_path, hint)
        self.args = (message, path, other_path, hint, lines, diagnostics)
        self.lines = lines
        self.diagnostics = diagnostics

    def _more(self, said: Dict[str, Any]) -> Dict[str, Any]:
        if self.lines:
            said["lines"] = list(self.lines)
        return said
