"""Frames: row by row what `decide` says, in every layout; what is wrong with a row stays with that row."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from typing import Any, Literal, cast

import pandas
import polars
import pyarrow
import pytest

import byleave
from byleave import Engine, InputError

UTC = datetime.timezone.utc
AT = datetime.datetime(2026, 7, 1, 16, tzinfo=UTC)
POLICY = "../../tests/benches/policy/twelve.leave"
CONTACT: dict[str, Any] = {
    "at": AT,
    "contact": {
        "channel": "sms",
        "purpose": "own_service",
        "topic": "running",
        "technology": "automated",
        "data": [],
        "fields": [{"name": "first_name", "category": ["identity"]}],
        "uses": ["personalise"],
    },
    "content": {"length": 120, "includes": ["opt_out", "sender_identity"]},
}
ZONES = ["America/New_York", "America/Chicago", "America/Los_Angeles", "America/Phoenix"]


@pytest.fixture(scope="module")
def twelve() -> Engine:
    with open(POLICY, encoding="utf-8") as file:
        return Engine(texts={"twelve.leave": file.read()})


Row = dict[str, Any]
Detail = Literal["outcome", "blocking", "full"]


def maybe(dice: random.Random, value: Any, share: float = 0.2) -> Any:
    return None if dice.random() < share else value


def some(dice: random.Random, words: list[str], most: int = 2) -> list[str]:
    return dice.sample(words, dice.randint(0, most))


def moment(dice: random.Random, days: int) -> datetime.datetime:
    return AT - datetime.timedelta(microseconds=dice.randint(-3 * 86_400_000_000, days * 86_400_000_000))


def person(dice: random.Random, n: int) -> Row:
    return {
        "person.id": f"p{n}",
        "person.time_zones": maybe(dice, some(dice, ZONES, 3)),
        "person.jurisdictions": maybe(dice, some(dice, ["US-NY", "US-FL", "US-TX", "US-XX", "US"])),
        "person.birth_date": maybe(dice, datetime.date(dice.randint(1940, 2024), 5, dice.randint(1, 28))),
        "address.value": maybe(dice, f"+1555{n % 7}"),
    }


def consent(dice: random.Random, n: int) -> Row:
    kind = dice.choice(["grant", "grant", "grant", "revoke", "decline", "void" if dice.random() < 0.1 else "grant"])
    return {
        "id": maybe(dice, f"c{dice.randint(0, 400)}"),
        "kind": kind,
        "of": f"c{dice.randint(0, 400)}" if kind == "void" else None,
        "level": maybe(dice, dice.choice(["opted_in", "express", "express_written", "nonesuch"])) if kind == "grant" else None,
        "families": maybe(dice, some(dice, ["contact", "ca"]), 0.7) if kind == "revoke" else None,
        "at": maybe(dice, moment(dice, 900), 0.1),
        "recorded_at": maybe(dice, moment(dice, 900), 0.8),
        "scope.channel": maybe(dice, dice.choice([["text"], ["email", "sms"], ["voice"], ["any"]]), 0.5),
        "scope.topic": maybe(dice, dice.choice([["wellness"], ["running", "dental"], ["heart"]]), 0.7),
        "scope.address": maybe(dice, f"+1555{dice.randint(0, 7)}", 0.7),
        "expires_on": maybe(dice, datetime.date(2026, dice.randint(1, 12), 3), 0.8),
        "by": maybe(dice, dice.choice(["holder", "staff", "inferred"]), 0.6),
    }


def contacted(dice: random.Random, n: int) -> Row:
    return {
        "id": maybe(dice, f"h{dice.randint(0, 500)}", 0.5),
        "at": maybe(dice, moment(dice, 20), 0.1),
        "channel": maybe(dice, dice.choice(["sms", "email", "live_call"]), 0.1),
        "purpose": maybe(dice, some(dice, ["own_service", "appointment", "billing"]), 0.1),
        "topic": maybe(dice, dice.choice(["running", "dental"]), 0.3),
    }


def looked_up(dice: random.Random, n: int) -> Row:
    return {
        "list": "national_dnc",
        "address": f"+1555{dice.randint(0, 7)}",
        "result": dice.choice(["listed", "not_listed", "no_data"]),
        "version_at": maybe(dice, datetime.date(2026, 6, dice.randint(1, 30))),
    }


def tree(row: Row) -> Row:
    """Dotted names as nested dicts; nothing where nothing stands."""
    out: Row = {}
    for name, value in row.items():
        if value is None:
            continue
        *outer, last = name.split(".")
        at = out
        for key in outer:
            at = at.setdefault(key, {})
        at[last] = value
    return out


def joined(contact: Row, row: Row, lists: dict[str, list[Row]]) -> Row:
    out = {key: dict(value) if isinstance(value, dict) else value for key, value in contact.items()}
    for key, value in tree(row).items():
        out[key] = {**out.get(key, {}), **value} if isinstance(value, dict) else value
    for name, events in lists.items():
        out[name] = [tree(event) for event in events]
    return out


EVENTS = {"consents": consent, "contacts": contacted, "lists": looked_up}
ARGUMENT = {"consents": "consents", "contacts": "history", "lists": "lists"}
SCHEMAS = {
    "people": pyarrow.schema(
        [
            ("person.id", pyarrow.string()),
            ("person.time_zones", pyarrow.list_(pyarrow.string())),
            ("person.jurisdictions", pyarrow.list_(pyarrow.string())),
            ("person.birth_date", pyarrow.date32()),
            ("address.value", pyarrow.string()),
        ]
    ),
    "consents": pyarrow.schema(
        [
            ("person.id", pyarrow.string()),
            ("id", pyarrow.string()),
            ("kind", pyarrow.string()),
            ("of", pyarrow.string()),
            ("level", pyarrow.string()),
            ("families", pyarrow.list_(pyarrow.string())),
            ("at", pyarrow.timestamp("us", "UTC")),
            ("recorded_at", pyarrow.timestamp("ns", "America/New_York")),
            ("scope.channel", pyarrow.list_(pyarrow.string())),
            ("scope.topic", pyarrow.list_(pyarrow.string())),
            ("scope.address", pyarrow.string()),
            ("expires_on", pyarrow.date32()),
            ("by", pyarrow.string()),
        ]
    ),
    "contacts": pyarrow.schema(
        [
            ("person.id", pyarrow.string()),
            ("id", pyarrow.string()),
            ("at", pyarrow.timestamp("ms", "UTC")),
            ("channel", pyarrow.string()),
            ("purpose", pyarrow.list_(pyarrow.string())),
            ("topic", pyarrow.string()),
        ]
    ),
    "lists": pyarrow.schema(
        [
            ("person.id", pyarrow.string()),
            ("list", pyarrow.string()),
            ("address", pyarrow.string()),
            ("result", pyarrow.string()),
            ("version_at", pyarrow.date32()),
        ]
    ),
}


class World:
    """People and their events, as rows and as frames."""

    def __init__(self, seed: int, count: int, *, shuffled: bool = False) -> None:
        dice = random.Random(seed)
        self.people = [person(dice, n) for n in range(count)]
        if dice.random() < 0.3:
            self.people.append(dict(self.people[0]))
        self.events: dict[str, list[tuple[str, Row]]] = {}
        for name, make in EVENTS.items():
            rows = [(it["person.id"], make(dice, n)) for n, it in enumerate(self.people[:count]) for _ in range(dice.randint(0, 4))]
            for _, row in rows:
                if name == "contacts" and row["at"] is not None:
                    row["at"] = row["at"].replace(microsecond=0)
            if shuffled:
                dice.shuffle(rows)
            self.events[name] = rows

    def table(self, name: str) -> pyarrow.Table:
        rows = self.people if name == "people" else [{"person.id": who, **row} for who, row in self.events[name]]
        return pyarrow.Table.from_pylist(rows, schema=SCHEMAS[name])

    def frames(self) -> dict[str, Any]:
        return {ARGUMENT[name]: self.table(name) for name in EVENTS}

    def requests(self, contact: Row) -> Iterator[Row]:
        for row in self.people:
            who = row["person.id"]
            lists = {name: [it for of, it in rows if of == who] for name, rows in self.events.items()}
            yield joined(contact, row, lists)


def expected(engine: Engine, request: Row, n: int, detail: Detail) -> Row:
    try:
        found = engine.decide(request, detail=detail)
    except byleave.ByleaveError as error:
        text = f"[{n}]" + ("." if error.path else "") + (error.path or "") + f": {error.message}"
        return {"outcome": None, "until": None, "error": text + (f" ({error.hint})" if error.hint else "")}
    out: Row = {"outcome": found.outcome, "until": found.until, "error": None}
    if detail != "outcome":
        blocking = [it.rule for it in found.reasons if it.finding in ("violated", "undetermined")]
        out["valid_until"] = found.valid_until
        out["blocking"] = sorted(blocking)
        out["obligations"] = sorted({it.id for it in found.obligations})
        out["withheld"] = sorted(it.name for it in found.fields.withheld)
        out["missing"] = sorted(found.missing)
    if detail == "full":
        out["decision"] = found.json()
    return out


def same(engine: Engine, rows: list[Row], requests: Iterator[Row], detail: Detail) -> dict[str, int]:
    told: dict[str, int] = {}
    count = 0
    for n, (row, request) in enumerate(zip(rows, requests)):
        want = expected(engine, request, n, detail)
        got = {name: row[name] for name in want}
        assert got == want, f"row {n}: {request}"
        word = row["outcome"] or "error"
        told[word] = told.get(word, 0) + 1
        count += 1
    assert count == len(rows)
    return told


@pytest.mark.parametrize("detail", ["outcome", "blocking", "full"])
@pytest.mark.parametrize("shuffled", [False, True])
def test_random_frames_are_answered_row_by_row_as_requests_are(twelve: Engine, detail: Detail, shuffled: bool) -> None:
    told: dict[str, int] = {}
    for seed in range(12):
        world = World(seed, 60, shuffled=shuffled)
        contact = dict(CONTACT)
        if seed % 3 == 0:
            contact["complete"] = ["signals", "interactions"]
        if seed % 4 == 0:
            contact["known_at"] = AT - datetime.timedelta(days=30)
        out = twelve.decide_frame(
            contact, world.table("people"), **world.frames(), detail=detail, threads=1 + seed % 2, unmatched="raise"
        )
        for word, n in same(twelve, out.to_pylist(), world.requests(contact), detail).items():
            told[word] = told.get(word, 0) + n
    # Enough of each for the comparison to mean something.
    assert told["deny"] > 50 and told["error"] > 2, told


def test_every_contact_of_the_twelve_rules(twelve: Engine) -> None:
    told: dict[str, int] = {}
    for seed, (channel, purpose) in enumerate(
        (c, p) for c in ("sms", "email", "live_call", "in_person") for p in ("appointment", "billing", "own_service")
    ):
        contact = {**CONTACT, "contact": {**CONTACT["contact"], "channel": channel, "purpose": purpose}}
        contact["complete"] = ["signals", "interactions", "lists.national_dnc"]
        contact["at"] = AT + datetime.timedelta(hours=9.5 if seed % 2 else 0)
        world = World(100 + seed, 60)
        out = twelve.decide_frame(contact, world.table("people"), **world.frames(), detail="blocking")
        for word, n in same(twelve, out.to_pylist(), world.requests(contact), "blocking").items():
            told[word] = told.get(word, 0) + n
    assert min(told.get(word, 0) for word in ("allow", "defer", "deny")) > 10, told


def test_the_packs_that_come_with_byleave() -> None:
    engine = Engine()
    world = World(5, 30)
    contact = {"at": AT, "contact": {"channel": "sms", "purpose": "marketing", "technology": "automated"}}
    columns = ["person.id", "kind", "level", "at", "scope.address"]
    consents = world.table("consents").select(columns)
    consents = consents.filter(pyarrow.compute.is_in(consents["kind"], pyarrow.array(["grant", "revoke", "decline"])))
    out = engine.decide_frame(contact, world.table("people"), consents=consents, detail="blocking")
    kept = {"kind", "level", "at", "scope.address"}

    def requests() -> Iterator[Row]:
        for row in world.people:
            own = [it for of, it in world.events["consents"] if of == row["person.id"] and it["kind"] != "void"]
            yield joined(contact, row, {"consents": [{k: v for k, v in it.items() if k in kept} for it in own]})

    same(engine, out.to_pylist(), requests(), "blocking")


def test_plain_rows_take_the_quick_way(twelve: Engine) -> None:
    world = World(1, 200)
    frames = [(name, world.table(name)) for name in EVENTS]
    for people, given in ((world.table("people"), frames), (nested(world), [])):
        answers = twelve._answers(CONTACT, people, given, "person.id", [], 1, detail="outcome")
        answers._collect()
        # Voids, events told twice, undated consents and empty lists of zones go the long way, and nothing else does.
        assert answers._quick() > 0.5 * people.num_rows


def nested(world: World) -> pyarrow.Table:
    """Events within the frame of people, scopes as structs."""
    rows = []
    for row in world.people:
        own = {name: [tree(it) for of, it in events if of == row["person.id"]] for name, events in world.events.items()}
        rows.append({**row, **own})
    fields = list(SCHEMAS["people"])
    for name in EVENTS:
        flat = [field for field in SCHEMAS[name] if field.name != "person.id"]
        inside = [field for field in flat if "." not in field.name]
        scope = [field.with_name(field.name.removeprefix("scope.")) for field in flat if "." in field.name]
        if scope:
            inside.append(pyarrow.field("scope", pyarrow.struct(scope)))
        fields.append(pyarrow.field(name, pyarrow.list_(pyarrow.struct(inside))))
    return pyarrow.Table.from_pylist(rows, schema=pyarrow.schema(fields))


@pytest.mark.parametrize("detail", ["outcome", "blocking"])
def test_events_within_the_frame_of_people(twelve: Engine, detail: Detail) -> None:
    for seed in range(20, 26):
        world = World(seed, 50)
        out = twelve.decide_frame(CONTACT, nested(world), detail=detail)
        same(twelve, out.to_pylist(), world.requests(CONTACT), detail)


def test_the_same_kind_comes_back(twelve: Engine) -> None:
    import duckdb

    world = World(3, 40)
    table, frames = world.table("people"), world.frames()
    want = twelve.decide_frame(CONTACT, table, **frames)
    assert isinstance(want, pyarrow.Table)
    of_pandas = twelve.decide_frame(CONTACT, table.to_pandas().set_index(pandas.Index(range(7, 7 + table.num_rows))), **frames)
    assert isinstance(of_pandas, pandas.DataFrame) and list(of_pandas.index[:2]) == [7, 8]
    assert of_pandas["outcome"].fillna("").tolist() == [it or "" for it in want["outcome"].to_pylist()]
    in_polars: dict[str, Any] = {name: polars.DataFrame(frame) for name, frame in frames.items()}
    of_polars = twelve.decide_frame(CONTACT, polars.DataFrame(table), **in_polars)
    assert isinstance(of_polars, polars.DataFrame) and of_polars["outcome"].to_list() == want["outcome"].to_pylist()
    lazy = twelve.decide_frame(CONTACT, polars.DataFrame(table).lazy(), **frames)
    assert isinstance(lazy, polars.LazyFrame) and lazy.collect().equals(of_polars)
    batch = twelve.decide_frame(CONTACT, table.combine_chunks().to_batches()[0], **frames)
    assert isinstance(batch, pyarrow.RecordBatch) and batch.to_pylist() == want.to_pylist()
    reader = twelve.decide_frame(CONTACT, table.to_reader(max_chunksize=7), **frames)
    assert isinstance(reader, pyarrow.RecordBatchReader) and reader.read_all().to_pylist() == want.to_pylist()
    connection = duckdb.connect()
    relation = twelve.decide_frame(CONTACT, connection.from_arrow(table), **frames)
    assert type(relation).__name__ == "DuckDBPyRelation"
    assert [it[0] for it in relation.project("outcome").fetchall()] == want["outcome"].to_pylist()

    class Foreign:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return table.__arrow_c_stream__(requested_schema)

    answers = twelve.decide_frame(CONTACT, Foreign(), **frames)
    assert repr(answers) == "<Answers person.id, outcome, until, valid_until, blocking, obligations, withheld, missing, error>"
    assert pyarrow.table(answers).equals(pyarrow.table(answers)) and pyarrow.table(answers).to_pylist() == want.to_pylist()


def test_every_layout_of_texts_and_instants_says_the_same(twelve: Engine) -> None:
    world = World(9, 40)
    people, consents = world.table("people"), world.table("consents")
    want = twelve.decide_frame(CONTACT, people, consents=consents).to_pylist()

    def cast_all(table: pyarrow.Table, of: pyarrow.DataType, to: pyarrow.DataType, skip: tuple[str, ...] = ()) -> pyarrow.Table:
        fields = [f.with_type(to) if f.type == of and f.name not in skip else f for f in table.schema]
        return table.cast(pyarrow.schema(fields))

    for to in (pyarrow.large_string(), pyarrow.string_view(), pyarrow.dictionary(pyarrow.int32(), pyarrow.string())):
        got = twelve.decide_frame(
            CONTACT, cast_all(people, pyarrow.string(), to), consents=cast_all(consents, pyarrow.string(), to)
        )
        assert got.drop_columns("person.id").to_pylist() == [{k: v for k, v in row.items() if k != "person.id"} for row in want]
    us = pyarrow.timestamp("us", "UTC")
    moved = cast_all(consents, us, pyarrow.timestamp("ns", "Asia/Tokyo"))
    assert twelve.decide_frame(CONTACT, people, consents=moved).to_pylist() == want
    lists = pyarrow.list_(pyarrow.string())
    large = cast_all(people, lists, pyarrow.large_list(pyarrow.large_string()))
    assert twelve.decide_frame(CONTACT, large, consents=consents).to_pylist() == want
    days = cast_all(people, pyarrow.date32(), pyarrow.date64())
    assert twelve.decide_frame(CONTACT, days, consents=consents).to_pylist() == want
    sliced = pyarrow.concat_tables([people.slice(0, 3), people.slice(3)])
    assert twelve.decide_frame(CONTACT, sliced, consents=consents.slice(0), threads=3).to_pylist() == want


def test_null_is_unknown_and_an_empty_list_is_known(twelve: Engine) -> None:
    contact = {**CONTACT, "complete": ["signals", "interactions", "lists", "consents"]}
    people = pyarrow.table(
        {
            "person.jurisdictions": [["US-NY"]] * 2,
            "person.time_zones": [["America/New_York"]] * 2,
            "person.birth_date": [datetime.date(1980, 1, 1)] * 2,
            "contacts": pyarrow.array([None, []], pyarrow.list_(pyarrow.struct([("channel", pyarrow.string())]))),
        }
    )
    contact["contact"] = {**CONTACT["contact"], "purpose": "appointment", "channel": "live_call"}
    out = twelve.decide_frame(contact, people).to_pylist()
    assert "twelve.health_messages" in out[0]["blocking"] and out[0]["missing"]
    assert "twelve.health_messages" not in out[1]["blocking"]


def test_a_bad_row_says_so_and_the_others_are_answered(twelve: Engine) -> None:
    people = pyarrow.table(
        {
            "person.id": ["a", "b", "c"],
            "person.time_zones": [["America/New_York"], ["Mars/Olympus"], ["America/Chicago"]],
            "content.clicks": ["x", "y", "z"],
        }
    ).drop_columns("content.clicks")
    consents = pyarrow.table({"person.id": ["c", "c"], "kind": ["grant", "shout"]})
    out = twelve.decide_frame(CONTACT, people, consents=consents).to_pylist()
    assert [row["outcome"] for row in out] == ["deny", None, None]
    assert out[1]["error"].startswith("[1].person.time_zones[0]: no time zone is called `Mars/Olympus`")
    assert out[2]["error"].startswith("[2].consents[1].kind: `shout` is not one of")
    assert out[1]["blocking"] is None
    # Rows are counted over all batches.
    many = pyarrow.concat_tables([people] * 3)
    assert twelve.decide_frame(CONTACT, many, consents=consents)["error"].to_pylist()[7].startswith("[7].person.time_zones[0]")


@pytest.mark.parametrize(
    ("column", "value", "path"),
    [
        ("person.birth_date", pyarrow.array([1.5]), "person.birth_date"),
        ("person.birth_date", pyarrow.array([float("nan")]), "person.birth_date"),
        ("content.length", pyarrow.array([2**53]), "content.length"),
        ("content.length", pyarrow.array([2**64 - 1], pyarrow.uint64()), "content.length"),
        ("content.length", pyarrow.array([-1]), "content.length"),
        ("address.value", pyarrow.array([7]), "address.value"),
        ("person.time_zones", pyarrow.array([[None]], pyarrow.list_(pyarrow.string())), "person.time_zones[0]"),
        (
            "address.value",
            pyarrow.StringArray.from_buffers(1, pyarrow.array([0, 2], pyarrow.int32()).buffers()[1], pyarrow.py_buffer(b"\xff\xfe")),
            "address.value",
        ),
    ],
)
def test_values_that_are_none(twelve: Engine, column: str, value: pyarrow.Array, path: str) -> None:
    contact = {key: it for key, it in CONTACT.items() if not (column.startswith("content") and key == "content")}
    good = pyarrow.nulls(1, value.type)
    people = pyarrow.table({column: pyarrow.chunked_array([good, value, good])})
    for detail in ("outcome", "blocking"):
        out = twelve.decide_frame(contact, people, detail=detail).to_pylist()
        assert [row["error"] is None for row in out] == [True, False, True]
        assert out[1]["error"].startswith(f"[1].{path}: ") and out[1]["outcome"] is None


@pytest.mark.parametrize(
    ("people", "frames", "path", "hint"),
    [
        ({"person.time_zone": [["UTC"]]}, {}, "people.person.time_zone", "did you mean `person.time_zones`?"),
        ({"loyalty_points": [1]}, {}, "people.loyalty_points", "leave it out, or name it in `keep`"),
        ({"person.birth_date": pyarrow.array([0], pyarrow.timestamp("us"))}, {}, "people.person.birth_date", "tz_localize"),
        ({"content.length": pyarrow.array([1], pyarrow.decimal128(9, 2))}, {}, "people.content.length", "cast"),
        ({"address.value": pyarrow.array([b"x"])}, {}, "people.address.value", "give texts"),
        ({"contact.channel": ["sms"]}, {}, "contact.channel", "give it in one place"),
        ({"person": ["a"]}, {}, "people.person", None),
        ({"person.id": ["a"]}, {"consents": {"person.id": ["a"]}}, "consents.kind", None),
        ({"person.id": ["a"]}, {"consents": {"person_id": ["a"], "kind": ["grant"]}}, "consents.person.id", "did you mean `person_id`?"),
        ({"person.id": ["a"]}, {"consents": {"person.id": ["a"], "kind": ["grant"], "levl": ["x"]}}, "consents.levl", "did you mean `level`?"),
        ({"address.value": ["a"]}, {"consents": {"person.id": ["a"], "kind": ["grant"]}}, "people.person.id", "name it with `key`"),
        ({"person.id": ["a"]}, {"consents": {"person.id": [None], "kind": ["grant"]}}, "consents", None),
        ({"person.id": ["a"]}, {"consents": {"person.id": [1], "kind": ["grant"]}}, "people.person.id", None),
    ],
)
def test_columns_that_are_none(twelve: Engine, people: Row, frames: dict[str, Row], path: str, hint: str | None) -> None:
    tables = {name: pyarrow.table(columns) for name, columns in frames.items()}
    with pytest.raises(InputError) as caught:
        twelve.decide_frame(CONTACT, pyarrow.table(people), **tables)
    assert (caught.value.path or "").startswith(path)
    assert hint is None or hint in (caught.value.hint or "")
    # The handle goes on working.
    assert twelve.decide_frame(CONTACT, pyarrow.table({"person.id": ["a"]}))["outcome"].to_pylist() == ["deny"]


def test_what_is_no_frame_and_no_contact(twelve: Engine) -> None:
    people = pyarrow.table({"person.id": ["a"]})
    engine: Any = twelve
    asks: list[tuple[Any, str]] = [
        (lambda: engine.decide_frame(CONTACT, [1, 2]), "people"),
        (lambda: engine.decide_frame(CONTACT, people, consents={"a": 1}), "consents"),
        (lambda: engine.decide_frame({"contact": {"channel": "sms"}}, people), "at"),
        (lambda: engine.decide_frame({**CONTACT, "contact": {"chanel": "sms"}}, people), "contact.chanel"),
        (lambda: engine.decide_frame(CONTACT, people, threads=0), "threads"),
        (lambda: engine.decide_frame(CONTACT, people, keep="nothing"), "keep[0]"),
        (lambda: engine.decide_frame(CONTACT, people, unmatched="perhaps"), "unmatched"),
        (lambda: engine.decide_frame(CONTACT, people, progress=3), "progress"),
        (lambda: engine.decide_frame(CONTACT, people, detail="some"), "detail"),
    ]
    for asked, path in asks:
        with pytest.raises(InputError) as caught:
            asked()
        assert caught.value.path == path


def test_no_rows_null_columns_and_what_is_kept(twelve: Engine) -> None:
    empty = twelve.decide_frame(CONTACT, SCHEMAS["people"].empty_table(), detail="outcome")
    assert empty.num_rows == 0 and empty.column_names == ["person.id", "outcome", "until", "error"]
    world = World(11, 10)
    for name in SCHEMAS["people"].names[1:]:
        people = world.table("people")
        people = people.set_column(people.column_names.index(name), name, pyarrow.nulls(people.num_rows))
        out = twelve.decide_frame(CONTACT, people)
        without = twelve.decide_frame(CONTACT, people.drop_columns(name))
        assert out.to_pylist() == without.to_pylist()
    people = world.table("people").append_column("loyalty", pyarrow.array(range(world.table("people").num_rows)))
    out = twelve.decide_frame(CONTACT, people, keep=["loyalty", "address.value"], detail="outcome")
    assert out.column_names == ["person.id", "loyalty", "address.value", "outcome", "until", "error"]
    numbered = pyarrow.table({"no": [1, 2]}), pyarrow.table({"no": [2], "kind": ["revoke"]})
    out = twelve.decide_frame(CONTACT, numbered[0], consents=numbered[1], key="no").to_pylist()
    assert out[0]["no"] == 1 and ("twelve.revoked" in out[0]["blocking"], "twelve.revoked" in out[1]["blocking"]) == (False, True)


def test_events_of_nobody_are_told(twelve: Engine) -> None:
    people = pyarrow.table({"person.id": ["a", "b"]})
    consents = pyarrow.table({"person.id": ["a", "x", "x", "y"], "kind": ["grant"] * 4})
    with pytest.warns(byleave.UnmatchedWarning, match="`consents` holds 3 events of 2 persons"):
        twelve.decide_frame(CONTACT, people, consents=consents)
    with pytest.raises(InputError) as caught:
        twelve.decide_frame(CONTACT, people, consents=consents, unmatched="raise")
    assert caught.value.path == "consents"
    twelve.decide_frame(CONTACT, people, consents=consents, unmatched="ignore")


def test_progress_is_told_and_may_be_stopped(twelve: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    people = pyarrow.concat_tables([pyarrow.table({"person.id": ["a"] * 500})] * 3)
    told: list[int] = []
    twelve.decide_frame(CONTACT, people, progress=told.append, detail="outcome")
    assert told == [500, 500, 500]
    twelve.decide_frame(CONTACT, people, progress=True, detail="outcome")
    assert "1,500 of 1,500" in capsys.readouterr().err

    def stop(rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        twelve.decide_frame(CONTACT, people, progress=stop)


def test_an_engine_travels_compiled(twelve: Engine) -> None:
    import pickle

    other = Engine(compiled=twelve.compile())
    again = cast(Engine, pickle.loads(pickle.dumps(other)))
    world = World(13, 20)
    want = twelve.decide_frame(CONTACT, world.table("people"), **world.frames())
    for engine in (other, again):
        assert engine.decide_frame(CONTACT, world.table("people"), **world.frames()).equals(want)
    with pytest.raises(byleave.ByleaveError):
        Engine(compiled=b"nothing")
    with pytest.raises(InputError) as caught:
        Engine(compiled=twelve.compile(), packs=["us.tcpa"])
    assert caught.value.path == "compiled"
