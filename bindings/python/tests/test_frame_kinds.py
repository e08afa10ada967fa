"""What kinds of frames hand over: cells that have no type of their own, streams of one connection, columns where nothing stands."""

from __future__ import annotations

import datetime
import random
import sys
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import numpy
import pandas
import polars
import pyarrow
import pytest

import byleave
import byleave.spark
from byleave import Engine, InputError

Row = dict[str, Any]
UTC = datetime.timezone.utc
NEW_YORK = ZoneInfo("America/New_York")
AT = datetime.datetime(2026, 7, 2, 16, 30, tzinfo=UTC)
CONTACT: Row = {
    "at": AT,
    "sender": {"id": "shop", "kind": ["seller"]},
    "contact": {"channel": "sms", "purpose": ["marketing"], "technology": ["manual"]},
    "content": {"includes": ["sender_identity", "sender_contact"]},
}
GRANTED = datetime.datetime(2026, 5, 1, 9, tzinfo=UTC)


def people(*names: Any) -> pyarrow.Table:
    count = len(names)
    return pyarrow.table(
        {
            "person.id": names,
            "person.time_zones": [["America/New_York"]] * count,
            "person.jurisdictions": [["US-NY"]] * count,
            "address.value": [number(n) for n in range(count)],
            "address.line": [["wireless"]] * count,
        }
    )


def number(n: int) -> str:
    return f"+1212555{n:04}"


def scrub(*names: Any) -> pyarrow.Table:
    return pyarrow.table(
        {
            "person.id": names,
            "list": ["national_dnc"] * len(names),
            "address": [number(n) for n in range(len(names))],
            "result": ["not_listed"] * len(names),
            "version_at": [datetime.date(2026, 6, 28)] * len(names),
        }
    )


def consents(*rows: tuple[Any, str, Any]) -> list[Row]:
    level = {"grant": "express_written"}
    return [{"person.id": who, "kind": kind, "level": level.get(kind), "at": at} for who, kind, at in rows]


def request(n: int, name: Any, events: list[Row]) -> Row:
    return {
        **CONTACT,
        "person": {"id": name, "time_zones": ["America/New_York"], "jurisdictions": ["US-NY"]},
        "address": {"value": number(n), "line": ["wireless"]},
        "lists": [{"list": "national_dnc", "address": number(n), "result": "not_listed", "version_at": datetime.date(2026, 6, 28)}],
        "consents": [{key: it for key, it in event.items() if key != "person.id" and it is not None} for event in events],
    }


def outcomes(answers: Any) -> list[str | None]:
    return [word if isinstance(word, str) else None for word in answers["outcome"].tolist()]


def test_a_datetime_without_a_zone_is_refused_in_a_column_of_objects(engine: Engine) -> None:
    # Ann said stop at 19:00 on her own clock, an hour after the grant; read as UTC it would stand before it.
    rows = consents(
        ("ann", "grant", datetime.datetime(2026, 7, 1, 22, tzinfo=UTC)),
        ("ann", "revoke", datetime.datetime(2026, 7, 1, 19)),
        ("bob", "grant", GRANTED),
    )
    names = ("ann", "bob")
    frame = people(*names).to_pandas()
    nested = frame.assign(consents=[[tree(it) for it in rows[:2]], [tree(rows[2])]])
    with_array = frame.assign(consents=[numpy.array([tree(it) for it in rows[:2]]), numpy.array([tree(rows[2])])])
    for asked, given in ((frame, {"consents": pandas.DataFrame(rows)}), (nested, {}), (with_array, {})):
        answers = engine.decide_frame(CONTACT, asked, lists=scrub(*names), **given)
        assert outcomes(answers) == [None, "allow"]
        assert answers["error"][0].startswith("[0].consents[1].at: `2026-07-01T19:00:00` has no offset")
    rows[1]["at"] = rows[1]["at"].replace(tzinfo=NEW_YORK)
    answers = engine.decide_frame(CONTACT, frame, lists=scrub(*names), consents=pandas.DataFrame(rows))
    assert outcomes(answers) == ["deny", "allow"]
    # Nothing but datetimes without a zone: the column is refused, as one of that type is.
    for kinds in (rows, pandas.DataFrame(rows).astype({"at": object})):
        bare = pandas.DataFrame(kinds)
        bare["at"] = pandas.Series([datetime.datetime(2026, 7, 1, 19)] * 3, dtype=object)
        with pytest.raises(InputError) as caught:
            engine.decide_frame(CONTACT, frame, lists=scrub(*names), consents=bare)
        assert caught.value.path == "consents.at" and "tz_localize" in (caught.value.hint or "")


def test_an_instant_is_no_day_because_a_date_came_first(engine: Engine) -> None:
    # A stop on the thirtieth, and leave given again at two the next morning, which is the evening of the thirtieth for her.
    rows = consents(("ann", "revoke", datetime.date(2026, 6, 30)), ("ann", "grant", datetime.datetime(2026, 7, 1, 2, tzinfo=UTC)))
    want = engine.decide(request(0, "ann", rows)).outcome
    frame = people("ann").to_pandas()
    nested = frame.assign(consents=[[tree(it) for it in rows]])
    assert want == "deny"
    assert outcomes(engine.decide_frame(CONTACT, frame, consents=pandas.DataFrame(rows), lists=scrub("ann"))) == [want]
    assert outcomes(engine.decide_frame(CONTACT, nested, lists=scrub("ann"))) == [want]


def tree(row: Row) -> Row:
    return {key: it for key, it in row.items() if key != "person.id"}


def moments(dice: random.Random) -> Any:
    day = datetime.datetime(2026, 6, dice.randint(25, 30), dice.randint(0, 23), dice.randint(0, 59))
    return dice.choice(
        [
            day,
            day.replace(tzinfo=UTC),
            day.replace(tzinfo=UTC),
            day.replace(tzinfo=NEW_YORK),
            day.replace(tzinfo=ZoneInfo("Asia/Tokyo"), microsecond=123),
            pandas.Timestamp(day, tz="Pacific/Honolulu") + pandas.Timedelta(1, "ns"),
            day.date(),
            day.date(),
            day.isoformat() + "-07:00",
            day.date().isoformat(),
            datetime.datetime(9999, 12, 31, 23, tzinfo=UTC),
            None,
        ]
    )


def test_each_cell_is_what_it_is_in_a_request(engine: Engine) -> None:
    told: dict[str | None, int] = {}
    for seed in range(120):
        dice = random.Random(seed)
        names = [f"p{n}" for n in range(dice.randint(1, 6))]
        events = {who: consents(*((who, dice.choice(["grant", "revoke"]), moments(dice)) for _ in range(dice.randint(1, 3)))) for who in names}
        frame = people(*names).to_pandas()
        rows = [row for own in events.values() for row in own]
        long = pandas.DataFrame({key: pandas.Series([row[key] for row in rows], dtype=object) for key in rows[0]})
        if seed % 3 == 0:
            long["at"] = long["at"].astype("category")
        nested = frame.assign(consents=[[tree(it) for it in events[who]] for who in names])
        for answers in (
            engine.decide_frame(CONTACT, frame, consents=long, lists=scrub(*names)) if not refused(long) else None,
            engine.decide_frame(CONTACT, nested, lists=scrub(*names)) if not refused(long) else None,
        ):
            if answers is None:
                continue
            for n, (who, got) in enumerate(zip(names, outcomes(answers))):
                try:
                    want: str | None = engine.decide(request(n, who, events[who])).outcome
                except byleave.ByleaveError:
                    want = None
                assert got == want, (seed, who, events[who], answers["error"][n])
                told[want] = told.get(want, 0) + 1
    assert min(told.get(word, 0) for word in ("allow", "deny", None)) > 30, told


def refused(frame: pandas.DataFrame) -> bool:
    """Nothing but datetimes without a zone: the whole column is refused."""
    cells = [it for it in frame["at"] if it is not None and not pandas.isna(it)]
    return bool(cells) and all(isinstance(it, datetime.datetime) and it.tzinfo is None for it in cells)


@pytest.mark.parametrize(
    ("column", "cells", "message"),
    [
        ("address.value", [1, "x"], "cannot be read"),
        ("address.value", [datetime.date(2026, 1, 1), 5], "holds dates (row 0) and numbers (row 1)"),
        ("address.value", [datetime.timedelta(1), 5], "holds lengths of time (row 0) and numbers (row 1)"),
        ("address.value", [AT, 5], "holds instants (row 0) and numbers (row 1)"),
        ("address.value", ["x", "\ud800"], "a text in row 1 holds half of a character"),
        ("address.value", [2**70, 1], "cannot be read"),
        ("address.value", [object(), object()], "cannot be read"),
        ("address.line", [["wireless"], "landline"], "cannot be read"),
    ],
)
def test_a_column_of_objects_that_cannot_be_read_is_named(engine: Engine, column: str, cells: list[Any], message: str) -> None:
    frame = people("ann", "bob").to_pandas()
    with pytest.raises(InputError) as caught:
        engine.decide_frame(CONTACT, frame.assign(**{column: pandas.Series(cells, dtype=object)}))
    assert caught.value.path == f"people.{column}" and message in caught.value.message


def test_lengths_and_times_of_day_keep_what_they_are() -> None:
    from byleave._pandas import table

    def column(*cells: Any) -> list[Any]:
        frame = pandas.DataFrame({"x": pandas.Series(cells, dtype=object)})
        return list(table("people", frame)["x"].to_pylist())

    hour = datetime.timedelta(hours=1)
    assert column("2 days", hour, None, hour / 7200) == ["2 days", "3600 seconds", None, "0:00:00.500000"]
    assert column(hour, numpy.timedelta64(5, "m"), "1 day") == ["3600 seconds", "300 seconds", "1 day"]
    assert column(datetime.time(9), datetime.time(9, 0, 15), "x") == ["09:00", "09:00:15", "x"]
    # A zone would be lost on the way.
    assert column(datetime.time(9, tzinfo=UTC)) == ["09:00:00+00:00"]
    assert column(datetime.time(9)) == [datetime.time(9)]
    assert column(numpy.datetime64("2026-01-05"), "x", numpy.datetime64("2026-01-05T09:00"), pandas.NaT) == [
        "2026-01-05",
        "x",
        "2026-01-05T09:00",
        None,
    ]


def test_a_frame_made_of_one_of_pandas_is_read_as_one(engine: Engine) -> None:
    # Another class, as that of GeoPandas is.
    Patients = type("Patients", (pandas.DataFrame,), {})
    rows = consents(("ann", "grant", datetime.datetime(2026, 7, 1, 22, tzinfo=UTC)), ("ann", "revoke", datetime.datetime(2026, 7, 1, 19)))
    answers = engine.decide_frame(CONTACT, Patients(people("ann").to_pandas()), consents=Patients(pandas.DataFrame(rows)), lists=scrub("ann"))
    assert isinstance(answers, pandas.DataFrame) and outcomes(answers) == [None]


def test_what_is_no_frame_is_named(engine: Engine) -> None:
    ann, frame = people("ann"), people("ann").to_pandas()
    asks: list[tuple[Any, Row, str]] = [
        (frame["person.id"], {}, "people"),
        (frame.index, {}, "people"),
        (polars.DataFrame(ann)["person.id"], {}, "people"),
        (ann["person.id"], {}, "people"),
        (ann["person.id"].chunk(0), {}, "people"),
        (ann, {"consents": frame["person.id"]}, "consents"),
        (pandas.concat([frame, frame], axis=1), {}, "people.person.id"),
        (polars.DataFrame(ann).with_columns(polars.Series("x", [object()], dtype=polars.Object)), {}, "people.x"),
        (ann, {"keep": 3}, "keep"),
        (ann, {"keep": ["person.id", 3]}, "keep[1]"),
        (ann, {"key": 3}, "key"),
    ]
    for frame, over, path in asks:
        with pytest.raises(InputError) as caught:
            engine.decide_frame(CONTACT, frame, **over)
        assert caught.value.path == path
    # A column of structs is a frame.
    assert pyarrow.table(engine.decide_frame(CONTACT, ann.to_struct_array())).num_rows == 1


@pytest.fixture
def tables(engine: Engine) -> dict[str, pyarrow.Table]:
    """Everybody agreed, and bob said stop."""
    rows = consents(("ann", "grant", GRANTED), ("bob", "grant", GRANTED), ("bob", "revoke", GRANTED + datetime.timedelta(1)))
    return {"people": people("ann", "bob"), "consents": pyarrow.Table.from_pylist(rows), "lists": scrub("ann", "bob")}


@pytest.mark.parametrize("asked", ["table", "relation", "reader"])
def test_relations_of_one_connection_are_all_read(engine: Engine, tables: dict[str, pyarrow.Table], asked: str) -> None:
    import duckdb

    connection = duckdb.connect()
    for name, table in tables.items():
        connection.register("given", table)
        connection.execute(f"create table {name} as select * from given")

    def relation(name: str) -> Any:
        return connection.sql(f"select * from {name} order by all")

    for first in ("relation", "reader"):
        # A reader of the connection is at its end as soon as something else is asked on it.
        of = pyarrow.RecordBatchReader.from_stream(relation("consents")) if first == "reader" else relation("consents")
        who = {"table": lambda: tables["people"], "relation": lambda: relation("people"), "reader": tables["people"].to_reader}[asked]()
        answers = pyarrow.table(engine.decide_frame(CONTACT, who, consents=of, lists=relation("lists"), unmatched="raise"))
        assert answers["outcome"].to_pylist() == ["allow", "deny"]
    # What is told of the progress may ask the connection.
    many = connection.sql("select 'p' || range as \"person.id\" from range(300000)")
    answers = engine.decide_frame(
        CONTACT, many, detail="outcome", progress=lambda rows: connection.execute("select 1").fetchall()
    )
    assert answers.count("*").fetchall() == [(300_000,)]


class Connection:
    """A database that ends a stream when the next is opened."""

    def __init__(self) -> None:
        self.opened = 0

    def stream(self, table: pyarrow.Table) -> Any:
        connection = self

        class Stream:
            def __arrow_c_stream__(self, requested_schema: object = None) -> object:
                connection.opened += 1
                mine = connection.opened

                def batches() -> Iterator[pyarrow.RecordBatch]:
                    for batch in table.to_batches():
                        if connection.opened != mine:
                            return
                        yield batch

                return pyarrow.RecordBatchReader.from_batches(table.schema, batches()).__arrow_c_stream__()

        return Stream()


def test_each_stream_is_read_to_its_end_before_the_next_is_opened(engine: Engine, tables: dict[str, pyarrow.Table]) -> None:
    connection = Connection()
    who, of, lists = (connection.stream(tables[name]) for name in ("people", "consents", "lists"))
    answers = pyarrow.table(engine.decide_frame(CONTACT, who, consents=of, lists=lists, unmatched="raise"))
    assert answers["outcome"].to_pylist() == ["allow", "deny"]


@pytest.mark.parametrize("with_pyarrow", [True, False])
def test_columns_of_polars_where_nothing_stands(
    engine: Engine, tables: dict[str, pyarrow.Table], with_pyarrow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, lists = polars.DataFrame(tables["people"]), polars.DataFrame(tables["lists"])
    said = {"kind": "revoke", "level": None, "scope": {"topic": None}}
    asks: list[tuple[Any, Row]] = [
        (who, {"consents": polars.DataFrame({"person.id": ["bob"], "kind": ["revoke"], "level": [None]})}),
        (who.with_columns(polars.Series("person.birth_date", [None, None])), {"consents": polars.DataFrame({"person.id": ["bob"], "kind": ["revoke"]})}),
        (who.with_columns(polars.Series("consents", [[], [said]])), {}),
        (who.with_columns(polars.Series("consents", [[], [said]]), polars.Series("person.facilities", [[], []])).drop("person.facilities"), {}),
    ]
    if not with_pyarrow:
        monkeypatch.setitem(sys.modules, "pyarrow", None)
    found = [engine.decide_frame(CONTACT, frame, lists=lists, detail="outcome", **over) for frame, over in asks]
    nobody = engine.decide_frame(CONTACT, who, lists=lists, consents=polars.DataFrame([], schema=["person.id", "kind", "level"]))
    empty = engine.decide_frame(CONTACT, who.lazy(), lists=lists, consents=lists.select("person.id").head(0).with_columns(kind=None))
    for answers in found:
        assert answers["error"].to_list() == [None, None] and answers["outcome"].to_list()[1] == "deny"
    assert nobody["outcome"].to_list() == empty.collect()["outcome"].to_list()


def test_lists_in_which_nothing_stands_are_empty(engine: Engine, tables: dict[str, pyarrow.Table]) -> None:
    typed = pyarrow.array([[], None], pyarrow.list_(pyarrow.struct([("kind", pyarrow.string())])))
    want = engine.decide_frame(CONTACT, tables["people"].append_column("consents", typed), lists=tables["lists"])
    untyped = tables["people"].append_column("consents", pyarrow.array([[], None]))
    assert engine.decide_frame(CONTACT, untyped, lists=tables["lists"]).to_pylist() == want.to_pylist()
    in_polars = polars.DataFrame(tables["people"]).with_columns(polars.Series("consents", [[], None], dtype=polars.List(polars.Null)))
    answers = engine.decide_frame(CONTACT, in_polars, lists=tables["lists"])
    assert answers["outcome"].to_list() == want["outcome"].to_pylist()
    bad = tables["people"].append_column("consents", pyarrow.array([[None], []]))
    errors = engine.decide_frame(CONTACT, bad, lists=tables["lists"])["error"].to_pylist()
    assert errors[0].startswith("[0].consents[0]") and errors[1] is None


@pytest.mark.parametrize("kind", [pyarrow.int64(), pyarrow.uint8(), pyarrow.dictionary(pyarrow.int32(), pyarrow.int32()), pyarrow.uint64()])
def test_persons_may_be_named_by_whole_numbers(engine: Engine, tables: dict[str, pyarrow.Table], kind: pyarrow.DataType) -> None:
    def numbered(table: pyarrow.Table) -> pyarrow.Table:
        names = [{"ann": 101, "bob": 7}[it] for it in table["person.id"].to_pylist()]
        return table.set_column(0, "person.id", pyarrow.array(names, kind))

    given = {name: numbered(table) for name, table in tables.items()}
    for detail in ("outcome", "blocking", "full"):
        answers = engine.decide_frame(CONTACT, given["people"], consents=given["consents"], lists=given["lists"], detail=detail)
        assert answers.select(["person.id", "outcome", "error"]).to_pylist() == [
            {"person.id": 101, "outcome": "allow", "error": None},
            {"person.id": 7, "outcome": "deny", "error": None},
        ]
    alone = engine.decide_frame(CONTACT, given["people"], detail="outcome")
    assert alone["error"].to_pylist() == [None, None]
    # In one frame text, in another numbers: nobody would be found.
    with pytest.raises(InputError) as caught:
        engine.decide_frame(CONTACT, tables["people"], consents=given["consents"])
    assert caught.value.path == "people.person.id"


def test_two_columns_of_the_key_are_refused(engine: Engine, tables: dict[str, pyarrow.Table]) -> None:
    def twice(table: pyarrow.Table) -> pyarrow.Table:
        first = pyarrow.array(["nobody"] * table.num_rows)
        return pyarrow.Table.from_arrays([first, *table.columns], names=["person.id", *table.column_names])

    for who, of, path in (
        (tables["people"], twice(tables["consents"]), "consents.person.id"),
        (twice(tables["people"]), tables["consents"], "people.person.id"),
    ):
        with pytest.raises(InputError) as caught:
            engine.decide_frame(CONTACT, who, consents=of)
        assert caught.value.path == path and "two columns" in caught.value.message
    loyal = tables["people"].append_column("x", pyarrow.array([1, 2])).append_column("x", pyarrow.array([3, 4]))
    renamed = twice(tables["people"]).rename_columns(["pid", "pid", *tables["people"].column_names[1:]])
    asks: list[tuple[Any, Row, str]] = [(loyal, {"keep": "x"}, "people.x"), (renamed, {"key": "pid"}, "people.pid")]
    for frame, over, path in asks:
        with pytest.raises(InputError) as caught:
            engine.decide_frame(CONTACT, frame, **over)
        assert caught.value.path == path


def test_what_spark_could_not_use_is_said_before_it_starts(engine: Engine) -> None:
    asks: list[tuple[Row, str]] = [
        ({"threads": 0}, "threads"),
        ({"consents": people("ann")}, "consents"),
        ({"progress": True}, "progress"),
        ({"key": 3}, "key"),
        ({"keep": 3}, "keep"),
    ]
    for over, path in asks:
        with pytest.raises(InputError) as caught:
            byleave.spark.decide(None, engine, CONTACT, **over)
        assert caught.value.path == path
