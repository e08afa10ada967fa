"""Frames of Apache Spark: each partition goes to the engine as Arrow, in the process that holds it.

The engine travels to the executors as compiled bytes, once a partition; nothing there reads policy again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from byleave._errors import InputError
from byleave._frames import _kept, _threads

if TYPE_CHECKING:
    from byleave._byleave import Engine

__all__ = ["decide"]

_FRAMES = ("consents", "history", "interactions", "lists", "signals")


def decide(
    df: Any,
    engine: Engine,
    contact: Any,
    at: Any = None,
    *,
    key: str = "person.id",
    keep: str | Iterable[str] = (),
    detail: Literal["outcome", "blocking", "full"] = "outcome",
    threads: int | None = None,
    **over: Any,
) -> Any:
    """Decides the same contact for each row of a frame of Spark.

    The columns are those of ``Engine.decide_frame``; events stand in the frame itself, as arrays of structs (``consents``,
    ``contacts``, …), which is what ``groupBy(key).agg(collect_list(struct(…)))`` gives. The answers come back as a frame of
    Spark with the column ``key``, the columns in ``keep``, and the answers'. Order is Spark's: join by ``key``.

    ``threads`` is for tasks that have more than one core (``spark.task.cpus``); ``over`` has ``known_at``, ``horizon`` and
    ``settings``.
    """
    # What an executor would say an hour later is said here.
    for name in over:
        if name not in ("known_at", "horizon", "settings"):
            hint = "events stand in the frame itself, as arrays of structs" if name in _FRAMES else None
            raise InputError("this is no argument for a frame of Spark", path=name, hint=hint)
    cores = _threads(1 if threads is None else threads)
    if not isinstance(key, str):
        raise InputError("expected the name of a column", path="key")
    kept = _kept(keep)
    from pyspark.sql.types import ArrayType, StringType, StructField, StructType, TimestampType  # type: ignore[import-not-found,import-untyped,unused-ignore]

    names = ([key] if key in df.columns else []) + [name for name in kept if name != key]
    fields = [StructField(name, df.schema[name].dataType) for name in names]
    words = ArrayType(StringType())
    fields += [StructField("outcome", StringType()), StructField("until", TimestampType())]
    if detail != "outcome":
        fields.append(StructField("valid_until", TimestampType()))
        fields += [StructField(name, words) for name in ("blocking", "obligations", "withheld", "missing")]
    if detail == "full":
        fields.append(StructField("decision", StringType()))
    fields.append(StructField("error", StringType()))
    compiled = engine.compile()
    # Spark would read a dot in a name as a field of a struct: on the way columns go by number.
    columns = list(df.columns)
    numbered = df.toDF(*(f"c{n}" for n in range(len(columns))))
    arguments: dict[str, Any] = {"key": key, "keep": kept, "detail": detail, **over}

    def answers(batches: Iterator[Any]) -> Iterator[Any]:
        import byleave

        here = byleave.Engine(compiled=compiled)
        for batch in batches:
            # One task has one core of its own unless more are said: Spark runs the others.
            yield here.decide_frame(contact, batch.rename_columns(columns), at, threads=cores, **arguments)

    return numbered.mapInArrow(answers, StructType(fields))
