# The types of the part written in Rust.

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, ClassVar, Literal, NoReturn, Optional, Protocol, Union, final, overload

from byleave._answers import (
    DecisionWarning,
    Diagnostic,
    Evidence,
    Explanation,
    Fields,
    Interpretation,
    Obligation,
    Outcome,
    PackInfo,
    Plan,
    Reason,
    TakenAs,
)
from byleave._errors import ByleaveError
from byleave._ledger import BundleReport, Checkpoint, Decided, LedgerLines, LedgerReport, Receipt, Size, TakenIn

class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]

class _NamedTuple(Protocol):
    _fields: ClassVar[tuple[str, ...]]

# What stands in a request cannot be said by types without refusing a plain `dict[str, object]`: the engine says it.
_Request = Union[str, bytes, bytearray, memoryview, Mapping[str, object], _Dataclass, _NamedTuple]
_Instant = Union[str, dt.datetime]
_Span = Union[str, dt.timedelta]
_Detail = Literal["outcome", "blocking", "full"]
_Path = Union[str, os.PathLike[str]]
_Bytes = Union[bytes, bytearray, memoryview]
_Texts = Union[str, _Bytes, Mapping[str, Union[str, _Bytes]]]

_List = Literal[
    "consents", "contacts", "interactions", "lists", "signals", "preferences", "decisions", "voids", "links"
]
_Words = Union[str, Iterable[str]]

__all__ = [
    "Answers",
    "Decision",
    "Engine",
    "Facts",
    "Ledger",
    "VERSION",
    "Verdict",
    "_locate",
    "check",
    "generate_key",
    "packs",
    "public_key",
    "verify_bundle",
]

VERSION: str

@final
class Answers:
    def __arrow_c_stream__(self, requested_schema: object = None) -> Any: ...
    def _collect(self, progress: object = None) -> None: ...
    def _quick(self) -> int: ...
    def _unmatched(self) -> list[tuple[str, int, int]]: ...

@final
class Decision:
    @property
    def outcome(self) -> Outcome: ...
    @property
    def allowed(self) -> bool: ...
    @property
    def at(self) -> dt.datetime: ...
    @property
    def until(self) -> Optional[dt.datetime]: ...
    @property
    def until_local(self) -> Optional[dt.datetime]: ...
    @property
    def valid_until(self) -> Optional[dt.datetime]: ...
    @property
    def reasons(self) -> tuple[Reason, ...]: ...
    @property
    def obligations(self) -> tuple[Obligation, ...]: ...
    @property
    def fields(self) -> Fields: ...
    @property
    def missing(self) -> tuple[str, ...]: ...
    @property
    def taken_as(self) -> tuple[TakenAs, ...]: ...
    @property
    def warnings(self) -> tuple[DecisionWarning, ...]: ...
    @property
    def evidence(self) -> Optional[Evidence]: ...
    def json(self) -> str: ...
    def to_dict(self) -> Any: ...
    @staticmethod
    def from_json(text: str) -> Decision: ...
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __bool__(self) -> NoReturn: ...

@final
class Verdict:
    @property
    def outcome(self) -> Outcome: ...
    @property
    def allowed(self) -> bool: ...
    @property
    def until(self) -> Optional[dt.datetime]: ...
    @staticmethod
    def _of(outcome: str, until: Optional[int]) -> Verdict: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __bool__(self) -> NoReturn: ...

@final
class Facts:
    @property
    def at(self) -> dt.datetime: ...
    def __copy__(self) -> Facts: ...
    def __deepcopy__(self, _memo: object) -> Facts: ...

@final
class Engine:
    def __new__(
        cls,
        *,
        packs: Optional[Union[str, Iterable[str]]] = None,
        paths: Optional[Union[_Path, Iterable[_Path]]] = None,
        texts: Optional[_Texts] = None,
        limits: Optional[Mapping[str, int]] = None,
        compiled: Optional[_Bytes] = None,
    ) -> Engine: ...
    def compile(self) -> bytes: ...
    # The same kind of frame comes back as `people` is: `Answers` for one that is not recognised.
    def decide_frame(
        self,
        contact: _Request,
        people: Any,
        at: Optional[_Instant] = None,
        *,
        consents: Any = None,
        history: Any = None,
        interactions: Any = None,
        lists: Any = None,
        signals: Any = None,
        known_at: Optional[_Instant] = None,
        horizon: Optional[_Span] = None,
        settings: Optional[Mapping[str, object]] = None,
        detail: Optional[_Detail] = None,
        key: str = "person.id",
        keep: Union[str, Iterable[str]] = (),
        threads: Optional[int] = None,
        progress: object = None,
        unmatched: Literal["warn", "raise", "ignore"] = "warn",
    ) -> Any: ...
    def _answers(
        self,
        contact: object,
        people: Any,
        frames: list[tuple[str, Any]],
        key: str,
        keep: list[str],
        threads: int,
        *,
        at: object = None,
        known_at: object = None,
        horizon: object = None,
        settings: object = None,
        detail: object = None,
    ) -> Answers: ...
    def decide(
        self,
        request: _Request,
        at: Optional[_Instant] = None,
        *,
        known_at: Optional[_Instant] = None,
        horizon: Optional[_Span] = None,
        settings: Optional[Mapping[str, object]] = None,
        detail: Optional[_Detail] = None,
    ) -> Decision: ...
    @overload
    def decide_many(
        self,
        requests: Iterable[_Request],
        at: Optional[_Instant] = None,
        *,
        known_at: Optional[_Instant] = None,
        horizon: Optional[_Span] = None,
        settings: Optional[Mapping[str, object]] = None,
        detail: Optional[_Detail] = None,
        return_errors: Literal[False] = False,
    ) -> list[Decision]: ...
    @overload
    def decide_many(
        self,
        requests: Iterable[_Request],
        at: Optional[_Instant] = None,
        *,
        known_at: Optional[_Instant] = None,
        horizon: Optional[_Span] = None,
        settings: Optional[Mapping[str, object]] = None,
        detail: Optional[_Detail] = None,
        return_errors: bool,
    ) -> list[Union[Decision, ByleaveError]]: ...
    def plan(
        self,
        request: _Request,
        at: Optional[_Instant] = None,
        *,
        known_at: Optional[_Instant] = None,
        horizon: Optional[_Span] = None,
        settings: Optional[Mapping[str, object]] = None,
    ) -> Plan: ...
    def explain(
        self,
        request: _Request,
        at: Optional[_Instant] = None,
        *,
        known_at: Optional[_Instant] = None,
        horizon: Optional[_Span] = None,
        settings: Optional[Mapping[str, object]] = None,
    ) -> Explanation: ...
    def interpret_reply(
        self,
        text: str,
        *,
        language: Optional[str] = None,
        context: Optional[_Request] = None,
    ) -> Interpretation: ...
    def facts(
        self,
        request: _Request,
        at: Optional[_Instant] = None,
        *,
        known_at: Optional[_Instant] = None,
        horizon: Optional[_Span] = None,
        settings: Optional[Mapping[str, object]] = None,
        detail: Optional[_Detail] = None,
    ) -> Facts: ...
    def verdict(self, facts: Facts) -> Verdict: ...
    def decide_facts(self, facts: Facts) -> Decision: ...
    def packs(self) -> tuple[PackInfo, ...]: ...
    @property
    def warnings(self) -> tuple[Diagnostic, ...]: ...
    def schema(self, of: Literal["request", "decision"] = "request") -> dict[str, Any]: ...
    def __copy__(self) -> Engine: ...
    def __deepcopy__(self, _memo: object) -> Engine: ...
    @classmethod
    def _of_compiled(cls, compiled: bytes) -> Engine: ...

@final
class Ledger:
    def __new__(cls, place: _Path, *, read_only: bool = False, saved: Optional[str] = None) -> Ledger: ...
    def append(self, events: Iterable[_Request]) -> tuple[Receipt, ...]: ...
    def decide(
        self,
        engine: Engine,
        request: _Request,
        at: Optional[_Instant] = None,
        *,
        person: Optional[str] = None,
        address: Optional[str] = None,
        record: Optional[_Instant] = None,
        source: Optional[str] = None,
        known_at: Optional[_Instant] = None,
        horizon: Optional[_Span] = None,
        settings: Optional[Mapping[str, object]] = None,
        detail: Optional[_Detail] = None,
    ) -> Decided: ...
    def facts(self, person: str, known_at: _Instant, *, address: Optional[str] = None) -> dict[str, Any]: ...
    def keeps(self, list: _List, since: Optional[_Instant] = None) -> None: ...
    def checkpoint(self, at: _Instant, *, key: Optional[str] = None) -> Checkpoint: ...
    def verify(self, *, keys: Optional[_Words] = None, checkpoint: Optional[str] = None) -> LedgerReport: ...
    def erase(
        self, person: str, *, why: str, by: str, at: _Instant, addresses: Optional[_Words] = None
    ) -> int: ...
    def export(
        self,
        person: str,
        at: _Instant,
        *,
        texts: Optional[Iterable[Union[str, _Bytes]]] = None,
        open_others: Optional[bool] = None,
    ) -> str: ...
    def lines_since(
        self, since: Optional[str] = None, *, person: Optional[str] = None, most: Optional[int] = None
    ) -> LedgerLines: ...
    def take_in(self, lines: Union[str, _Bytes], at: _Instant) -> TakenIn: ...
    def save(self) -> str: ...
    def size(self) -> Size: ...
    def close(self) -> None: ...
    def __enter__(self) -> Ledger: ...
    def __exit__(
        self,
        kind: Optional[type[BaseException]] = None,
        raised: Optional[BaseException] = None,
        trace: Optional[TracebackType] = None,
        /,
    ) -> None: ...

def verify_bundle(
    bundle: Union[str, _Bytes], *, keys: Optional[_Words] = None, checkpoint: Optional[str] = None
) -> BundleReport: ...
def generate_key() -> str: ...
def public_key(key: str) -> str: ...
def check(
    *,
    packs: Optional[Union[str, Iterable[str]]] = None,
    paths: Optional[Union[_Path, Iterable[_Path]]] = None,
    texts: Optional[_Texts] = None,
) -> tuple[Diagnostic, ...]: ...
def packs() -> tuple[str, ...]: ...
def _locate(known: Mapping[str, object]) -> str: ...
