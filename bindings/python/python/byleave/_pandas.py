"""Frames of pandas as tables of PyArrow.

A column of Python's objects has no type of its own, and PyArrow takes the first cell's for all of them: after an instant, a
datetime without a zone would be read as UTC, after a date an instant as its day, and a number as so many microseconds. So
each cell of such a column is looked at, and where they differ, each is written as a request would say it: then each row is
judged by what stands in it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

import numpy
import pandas  # type: ignore[import-untyped,unused-ignore]
import pyarrow  # type: ignore[import-untyped,unused-ignore]

from byleave._errors import InputError

# What can be said in text, each as itself.
_INSTANT, _NAIVE, _DATE, _TIME, _ZONED_TIME, _LENGTH, _TEXT = (
    "instants",
    "datetimes without a zone",
    "dates",
    "times of day",
    "times of day with a zone",
    "lengths of time",
    "texts",
)
_TIMES = frozenset((_INSTANT, _NAIVE, _DATE, _TIME, _ZONED_TIME, _LENGTH))
_NUMBER, _BOOL, _LIST, _DICT = "numbers", "booleans", "lists", "dicts"

# Where in a cell, and what stands there: the first row of each kind.
Kinds = dict[str, dict[str, int]]


def table(name: str, frame: Any) -> Any:
    """The columns of a frame, without its index."""
    names = [str(label) for label in frame.columns]
    for n, label in enumerate(names):
        if label in names[:n]:
            raise InputError("there are two columns of this name", path=f"{name}.{label}")
    arrays = [_column(f"{name}.{label}", frame.iloc[:, n]) for n, label in enumerate(names)]
    if not arrays:
        return pyarrow.table(frame.reset_index(drop=True))
    return pyarrow.Table.from_arrays(arrays, names=names)


def _column(path: str, series: Any) -> Any:
    kind = series.dtype
    if isinstance(kind, pandas.CategoricalDtype) and kind.categories.dtype == object:
        series, kind = series.astype(object), object
    if kind != object:
        return _array(path, series)
    array, error = None, None
    try:
        array = _array(path, series)
    except InputError as found:
        error = found
    if array is not None and not _has_times(array.type):
        return array
    kinds: Kinds = {}
    for row, value in enumerate(series):
        _survey(value, "", row, kinds)
    said = {at for at, found in kinds.items() if _must_be_said(path + at, found, error is not None)}
    if said:
        return _array(path, [_say(value, "", said) for value in series])
    if error is not None:
        raise error
    return array


def _array(path: str, cells: Any) -> Any:
    try:
        return pyarrow.array(cells, from_pandas=True)
    except UnicodeEncodeError as error:
        row = next((n for n, cell in enumerate(cells) if isinstance(cell, str) and not _is_utf8(cell)), None)
        where = "" if row is None else f" in row {row}"
        message = f"a text{where} holds half of a character (a lone surrogate)"
        raise InputError(message, path=path) from error
    except (pyarrow.ArrowException, TypeError, ValueError, OverflowError) as error:
        said = error.args[0] if error.args else error
        hint = "a column holds one kind of thing: texts, whole numbers, dates, instants, or lists of them"
        raise InputError(f"this column cannot be read: {said}", path=path, hint=hint) from error


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _has_times(kind: Any) -> bool:
    """Whether dates, instants, times or lengths of time stand in it, at whatever depth."""
    if pyarrow.types.is_dictionary(kind):
        return _has_times(kind.value_type)
    return bool(pyarrow.types.is_temporal(kind)) or any(_has_times(kind.field(n).type) for n in range(kind.num_fields))


def _is_nothing(value: Any) -> bool:
    if value is None or value is pandas.NA or value is pandas.NaT:
        return True
    if isinstance(value, (numpy.datetime64, numpy.timedelta64)):
        return bool(numpy.isnat(value))
    return isinstance(value, float) and value != value


def _kind(value: Any) -> str:
    # In order of how often they come; a datetime is a date, too.
    if isinstance(value, str):
        return _TEXT
    if isinstance(value, datetime.datetime):
        return _NAIVE if value.utcoffset() is None else _INSTANT
    if isinstance(value, datetime.date):
        return _DATE
    if isinstance(value, dict):
        return _DICT
    if isinstance(value, (list, tuple, set, frozenset, numpy.ndarray)):
        return _LIST
    if isinstance(value, (bool, numpy.bool_)):
        return _BOOL
    # A length of time of NumPy is one of its numbers, too.
    if isinstance(value, (datetime.timedelta, numpy.timedelta64)):
        return _LENGTH
    if isinstance(value, (int, float, numpy.number)):
        return _NUMBER
    if isinstance(value, datetime.time):
        return _TIME if value.tzinfo is None else _ZONED_TIME
    if isinstance(value, numpy.datetime64):
        return _DATE if numpy.datetime_data(value.dtype)[0] in "YMWD" else _NAIVE
    return f"values of the type `{type(value).__name__}`"


def _survey(value: Any, at: str, row: int, kinds: Kinds) -> None:
    if _is_nothing(value):
        return
    kind = _kind(value)
    kinds.setdefault(at, {}).setdefault(kind, row)
    if kind == _DICT:
        for key, inner in value.items():
            _survey(inner, f"{at}.{key}", row, kinds)
    elif kind == _LIST:
        for inner in value:
            _survey(inner, f"{at}[]", row, kinds)


def _must_be_said(path: str, found: dict[str, int], failed: bool) -> bool:
    """Whether what stands there would not be read cell by cell."""
    if _TIMES.isdisjoint(found):
        return False
    if len(found) == 1:
        # Of one kind it is read as it is, and refused as a whole if it has no zone; but a zone of a time of day would be lost.
        return _ZONED_TIME in found or failed
    other = [kind for kind in found if kind not in _TIMES and kind != _TEXT]
    if other:
        first, *more = sorted(found, key=lambda kind: found[kind])
        message = f"this column holds {first} (row {found[first]}) and {more[0]} (row {found[more[0]]})"
        raise InputError(message, path=path, hint="a column holds one kind of thing")
    return True


def _say(value: Any, at: str, said: set[str]) -> Any:
    """The same cell, with text where each must be said as itself."""
    if _is_nothing(value):
        return None
    kind = _kind(value)
    if at in said:
        return _TEXTS[kind](value)
    if kind == _DICT:
        return {key: _say(inner, f"{at}.{key}", said) for key, inner in value.items()}
    if kind == _LIST:
        inner: Iterable[Any] = value
        return [_say(it, f"{at}[]", said) for it in inner]
    return value


def _instant(value: datetime.datetime) -> str:
    # Those of pandas have nanoseconds, which no instant has.
    plain = value.to_pydatetime(warn=False) if isinstance(value, pandas.Timestamp) else value
    try:
        plain = plain.astimezone(datetime.timezone.utc)
    except OverflowError:
        return plain.isoformat()
    return plain.replace(tzinfo=None).isoformat() + "Z"


def _time(value: datetime.time) -> str:
    return value.isoformat("minutes" if not (value.second or value.microsecond) else "auto")


def _length(value: Any) -> str:
    length = value if isinstance(value, datetime.timedelta) else pandas.Timedelta(value)
    whole = length // datetime.timedelta(seconds=1)
    # What is no whole seconds is refused in its row.
    return f"{whole} seconds" if whole * datetime.timedelta(seconds=1) == length else str(length)


# What has no zone says none, and is refused in its row.
_TEXTS: dict[str, Callable[[Any], str]] = {
    _INSTANT: _instant,
    _NAIVE: lambda it: str(it) if isinstance(it, numpy.datetime64) else it.isoformat(),
    _DATE: lambda it: str(it.astype("datetime64[D]")) if isinstance(it, numpy.datetime64) else it.isoformat(),
    _TIME: _time,
    _ZONED_TIME: lambda it: it.isoformat(),
    _LENGTH: _length,
    _TEXT: str,
}
