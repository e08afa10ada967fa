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
    if not isinstance(key, str):
        raise InputError("expected the name of a column", path="key")
    kept, cores = _kept(keep), _threads(threads)
    given = {"consents": consents, "contacts": history, "interactions": interactions, "lists": lists, "signals": signals}
    frames = {name: frame for name, frame in given.items() if frame is not None}
    # What can be read only once is read before a database is asked for the next: of one connection, each question may end
    # the answers before it, and events that were never read would look like events that never were.
    held = people
    if any(_is_duckdb(frame) for frame in frames.values()) and _is_reader(people):
        held = people.read_all()
    frames = {name: frame.read_all() if _is_reader(frame) else frame for name, frame in frames.items()}
    events = [(name, _frame(name, frame)[0]) for name, frame in frames.items()]
    columns, back = _frame("people", people) if held is people else (held, None)
    over = {"at": at, "known_at": known_at, "horizon": horizon, "settings": settings, "detail": detail}
    answers = engine._answers(contact, columns, events, key, kept, cores, **over)
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


def _kept(keep: Any) -> list[str]:
    names = [keep] if isinstance(keep, str) else list(keep) if isinstance(keep, Iterable) else None
    if names is None:
        raise InputError("expected the name of a column, or several", path="keep")
    for n, name in enumerate(names):
        if not isinstance(name, str):
            raise InputError("expected the name of a column", path=f"keep[{n}]")
    return names


def _is_a(frame: Any, package: str, *names: str) -> bool:
    """Whether it is of one of these classes, or of one made of them, of a package that is imported already."""
    module = sys.modules.get(package)
    classes = tuple(kind for kind in (getattr(module, name, None) for name in names) if isinstance(kind, type))
    return isinstance(frame, classes)


def _is_duckdb(frame: Any) -> bool:
    return _is_a(frame, "duckdb", "DuckDBPyRelation") or type(frame).__name__ == "DuckDBPyRelation"


def _is_reader(frame: Any) -> bool:
    return _is_a(frame, "pyarrow", "RecordBatchReader")


def _frame(name: str, frame: Any) -> tuple[Any, Callable[[Answers], Any] | None]:
    """What speaks Arrow, and how answers become the same kind; ``None`` for a reader."""
    if _is_a(frame, "pandas", "DataFrame"):
        from byleave._pandas import table

        index = frame.index

        def pandas(answers: Answers) -> Any:
            import pyarrow  # type: ignore[import-untyped,unused-ignore]

            out = pyarrow.table(answers).to_pandas()
            out.index = index
            return out

        # The index is no column of facts.
        return table(name, frame), pandas
    if _is_a(frame, "polars", "DataFrame", "LazyFrame"):
        import polars

        lazy = isinstance(frame, polars.LazyFrame)

        def of_polars(answers: Answers) -> Any:
            out = polars.DataFrame(answers)
            return out.lazy() if lazy else out

        return _polars(name, frame.collect() if lazy else frame), of_polars
    if _is_reader(frame):
        return frame, None
    if _is_a(frame, "pyarrow", "RecordBatch"):
        return frame, _record_batch
    if _is_a(frame, "pyarrow", "Table"):
        import pyarrow  # type: ignore[import-untyped,unused-ignore]

        return frame, pyarrow.table
    if _is_duckdb(frame):
        import pyarrow  # type: ignore[import-untyped,unused-ignore]

        def of_duckdb(answers: Answers) -> Any:
            byleave_answers = pyarrow.table(answers)
            # On the connection of the relation that came in, which alone it can be joined with.
            return frame.query("byleave_people", "select * from byleave_answers") if byleave_answers is not None else None

        # Read to its end here: whatever is asked on the connection next, be it by `progress`, ends what is still to come.
        return pyarrow.table(frame), of_duckdb
    columns = _is_a(frame, "pandas", "Series", "Index") or _is_a(frame, "polars", "Series")
    if columns or _is_a(frame, "pyarrow", "Array", "ChunkedArray") and not _is_structs(frame):
        hint = "give a data frame of pandas or Polars, a table of PyArrow, a result of DuckDB, or whatever speaks Arrow"
        raise InputError(f"a `{type(frame).__name__}` is no frame", path=name, hint=hint)
    return frame, lambda answers: answers


def _is_structs(array: Any) -> bool:
    import pyarrow  # type: ignore[import-untyped,unused-ignore]

    return bool(pyarrow.types.is_struct(array.type))


def _polars(name: str, frame: Any) -> Any:
    """A frame of Polars; columns in which nothing stands are handed over as others read them."""
    import polars

    def typed(kind: Any) -> Any:
        if kind == polars.Null:
            return polars.String()
        if isinstance(kind, polars.List):
            return polars.List(typed(kind.inner))
        if isinstance(kind, polars.Array):
            return polars.Array(typed(kind.inner), kind.size)
        if isinstance(kind, polars.Struct):
            return polars.Struct({field.name: typed(field.dtype) for field in kind.fields})
        return kind

    for column, kind in frame.schema.items():
        if kind == polars.Object:
            hint = "give texts, whole numbers, dates, instants or lists of them"
            raise InputError("a column of Python's objects is no facts", path=f"{name}.{column}", hint=hint)
    others = {column: typed(kind) for column, kind in frame.schema.items() if typed(kind) != kind}
    if not others:
        return frame
    try:
        import pyarrow  # type: ignore[import-untyped,unused-ignore]
    except ImportError:
        return frame.cast(others)
    # Polars writes a column of the type Null with a buffer more than such a column has; PyArrow reads that and writes it well.
    return pyarrow.table(frame)


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
