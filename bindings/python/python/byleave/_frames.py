"""Frames in, frames out: whatever speaks Arrow goes to the engine as it is, and the answers come back as the same kind.

pandas, Polars, PyArrow and DuckDB are recognised by the objects they hand over and are imported only when one is there.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from byleave._errors import InputError

if TYPE_CHECKING:
    from byleave._byleave import Answers, Engine

Progress = Callable[[int], object]


class UnmatchedWarning(UserWarning):
    """Events were given of persons who are not among the people asked about."""


def decide_frame(
    engine: Engine,
    contact: object,
    people: Any,
    at: object = None,
    *,
    consents: Any = None,
    history: Any = None,
    interactions: Any = None,
    lists: Any = None,
    signals: Any = None,
    known_at: object = None,
    horizon: object = None,
    settings: object = None,
    detail: object = None,
    key: str = "person.id",
    keep: str | Iterable[str] = (),
    threads: int | None = None,
    progress: Any = None,
    unmatched: str = "warn",
) -> Any:
    """Decides the same contact for each row of ``people``. See ``Engine.decide_frame``."""
    if unmatched not in ("warn", "raise", "ignore"):
        raise InputError("expected `warn`, `raise` or `ignore`", path="unmatched")
    given = {"consents": consents, "contacts": history, "interactions": interactions, "lists": lists, "signals": signals}
    frames = [(name, _frame(frame)[0]) for name, frame in given.items() if frame is not None]
    columns, back = _frame(people)
    over = {"at": at, "known_at": known_at, "horizon": horizon, "settings": settings, "detail": detail}
    answers = engine._answers(
        contact, columns, frames, key, [keep] if isinstance(keep, str) else list(keep), _threads(threads), **over
    )
    if back is None:
        # A reader is answered by a reader: nothing is decided before somebody reads.
        return _reader(answers)
    tell, done = _progress(progress, people)
    try:
        answers._collect(tell)
    finally:
        done()
    _tell(answers, unmatched)
    return back(answers)


def _threads(threads: int | None) -> int:
    if threads is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if isinstance(threads, bool) or not isinstance(threads, int) or not 1 <= threads <= 1024:
        raise InputError("expected a whole number from 1 to 1024", path="threads")
    return threads


def _frame(frame: Any) -> tuple[Any, Callable[[Answers], Any] | None]:
    """What speaks Arrow, and how answers become the same kind; ``None`` for a reader."""
    kind = type(frame)
    package = (kind.__module__ or "").partition(".")[0]
    if package == "pandas" and kind.__name__ == "DataFrame":
        index = frame.index

        def pandas(answers: Answers) -> Any:
            import pyarrow  # type: ignore[import-untyped,unused-ignore]

            out = pyarrow.table(answers).to_pandas()
            out.index = index
            return out

        # The index is no column of facts.
        return frame.reset_index(drop=True), pandas
    if package == "polars" and kind.__name__ in ("DataFrame", "LazyFrame"):
        import polars

        lazy = kind.__name__ == "LazyFrame"

        def of_polars(answers: Answers) -> Any:
            out = polars.DataFrame(answers)
            return out.lazy() if lazy else out

        return (frame.collect() if lazy else frame), of_polars
    if package == "pyarrow":
        import pyarrow  # type: ignore[import-untyped,unused-ignore]

        if isinstance(frame, pyarrow.RecordBatchReader):
            return frame, None
        if isinstance(frame, pyarrow.RecordBatch):
            return frame, _record_batch
        return frame, pyarrow.table
    if package in ("duckdb", "_duckdb") and kind.__name__ == "DuckDBPyRelation":

        def of_duckdb(answers: Answers) -> Any:
            import pyarrow  # type: ignore[import-untyped,unused-ignore]

            byleave_answers = pyarrow.table(answers)
            # On the connection of the relation that came in, which alone it can be joined with.
            return frame.query("byleave_people", "select * from byleave_answers") if byleave_answers is not None else None

        return frame, of_duckdb
    return frame, lambda answers: answers


def _record_batch(answers: Answers) -> Any:
    import pyarrow  # type: ignore[import-untyped,unused-ignore]

    table = pyarrow.table(answers).combine_chunks()
    batches = table.to_batches()
    return batches[0] if batches else pyarrow.RecordBatch.from_pylist([], schema=table.schema)


def _reader(answers: Answers) -> Any:
    import pyarrow  # type: ignore[import-untyped,unused-ignore]

    return pyarrow.RecordBatchReader.from_stream(answers)


def _tell(answers: Answers, unmatched: str) -> None:
    left = answers._unmatched()
    if unmatched == "ignore" or not left:
        return
    said = "; ".join(f"`{name}` holds {events} events of {persons} persons who are not in `people`" for name, persons, events in left)
    if unmatched == "raise":
        raise InputError(said, path=left[0][0], hint="`unmatched=\"ignore\"` passes over them")
    warnings.warn(said, UnmatchedWarning, stacklevel=3)


def _progress(progress: Any, people: Any) -> tuple[Progress | None, Callable[[], None]]:
    """What to call with the number of rows decided, and what to call at the end."""
    if progress is None or progress is False:
        return None, lambda: None
    if progress is True:
        bar = _Bar(getattr(people, "height", None) or getattr(people, "num_rows", None) or _length(people))
        return bar.update, bar.close
    update = getattr(progress, "update", None)
    if callable(update):
        # A bar such as tqdm's.
        return cast(Progress, update), lambda: None
    if callable(progress):
        return cast(Progress, progress), lambda: None
    raise InputError("expected true, a bar with `update`, or something to call with a number of rows", path="progress")


def _length(people: Any) -> int | None:
    try:
        return len(people)
    except TypeError:
        return None


class _Bar:
    """A plain bar on the terminal."""

    def __init__(self, total: int | None) -> None:
        self.total = total
        self.done = 0

    def update(self, rows: int) -> None:
        self.done += rows
        if self.total:
            filled = 30 * self.done // self.total
            line = f"[{'#' * filled}{' ' * (30 - filled)}] {self.done:,} of {self.total:,}"
        else:
            line = f"{self.done:,}"
        print(f"\r{line}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        print(file=sys.stderr)
