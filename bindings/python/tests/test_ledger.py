"""The ledger: the cases that every language runs, and what only Python can do to it."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import json
import pickle
import re
import sqlite3
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Dict, List, Union
from zoneinfo import ZoneInfo

import byleave
import pytest
from test_hostile import HOSTILE

CASES = json.loads((Path(__file__).resolve().parents[3] / "ledger/tests/cases.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def law() -> byleave.Engine:
    """The packs of the cases."""
    return byleave.Engine(packs=CASES["packs"])


@pytest.fixture
def ledger(tmp_path: Path) -> byleave.Ledger:
    """An empty one."""
    return byleave.Ledger(tmp_path / "consent.db")


def event(key: str = "form-1", person: str = "p-1", **more: Any) -> Dict[str, Any]:
    """An event as a host would write it."""
    at = dt.datetime(2026, 7, 1, 12, 0, tzinfo=ZoneInfo("America/New_York"))
    told = {
        "key": key,
        "person": person,
        "list": "consents",
        "source": "web form",
        "actor": {"kind": "person"},
        "recorded_at": at,
        "event": {"kind": "grant", "level": "express", "at": at, "scope": {"channel": {"text"}}},
    }
    return {**told, **more}


def plain(it: Any) -> Any:
    """A result as JSON has it."""
    if isinstance(it, byleave.Decided):
        said = it.decision
        facts = None if said.evidence is None else said.evidence.facts[:16]
        decision = {"outcome": said.outcome, "rules": [reason.rule for reason in said.reasons], "facts": facts}
        return {"decision": decision, "receipt": plain(it.receipt)}
    if dataclasses.is_dataclass(it):
        return {field.name: plain(getattr(it, field.name)) for field in dataclasses.fields(it)}
    if isinstance(it, dt.datetime):
        return it.isoformat().replace("+00:00", "Z")
    if isinstance(it, (tuple, list)):
        return [plain(part) for part in it]
    if isinstance(it, dict):
        return {key: plain(part) for key, part in it.items()}
    return it


def shown(it: Any) -> Any:
    """Digests, which are others every time, by one word; a bundle by its own."""
    if isinstance(it, str) and it.startswith("{\n"):
        return "<bundle>"
    if isinstance(it, str) and it.startswith('{"ledger":'):
        return "<saved>"
    if isinstance(it, str):
        return re.sub(r"^([0-9]+:)?[0-9a-fA-F]{64}$", r"\1<digest>", it)
    if isinstance(it, list):
        return [shown(part) for part in it]
    if isinstance(it, dict):
        return {key: shown(part) for key, part in it.items()}
    return it


def filled(it: Any, saved: Dict[str, Any]) -> Any:
    """What was saved, in the place of its name."""
    if isinstance(it, str) and it.startswith("$"):
        name, _, key = it[1:].partition(".")
        return saved[name][key] if key else saved[name]
    if isinstance(it, list):
        return [filled(part, saved) for part in it]
    if isinstance(it, dict):
        return {key: filled(part, saved) for key, part in it.items()}
    return it


def test_what_every_language_says(law: byleave.Engine, tmp_path: Path) -> None:
    steps = 0
    for n, case in enumerate(CASES["cases"]):
        place = tmp_path / f"{n}.db"
        ledger = byleave.Ledger(str(place))
        saved: Dict[str, Any] = {}
        for step in case["steps"]:
            steps += 1
            verb, args = step["do"], filled(step["args"], saved)
            told = f"{case['name']}: {verb} {args}"
            try:
                if verb == "open":
                    ledger, gave = byleave.Ledger(":memory:" if "saved" in args else place, **args), None
                elif verb == "decide":
                    gave = plain(ledger.decide(law, **args))
                elif verb == "tamper":
                    gave = args["text"].replace(args["words"], args["by"])
                elif verb in ("verify_bundle", "public_key"):
                    gave = plain(getattr(byleave, verb)(**args))
                else:
                    gave = plain(getattr(ledger, verb)(**args))
            except byleave.ByleaveError as error:
                assert step.get("fails") == {"class": type(error).__name__, "error": json.loads(error.json())}, told
                continue
            assert "fails" not in step, told
            assert step["gives"] == shown(gave), told
            if "save" in step:
                saved[step["save"]] = gave
    print(f"ledger: {steps} steps")
    assert steps > 100


def test_objects_of_the_host(ledger: byleave.Ledger, law: byleave.Engine) -> None:
    first = ledger.append([event(), json.dumps(ledger_json := {**event("form-2"), **AS_TEXT})])
    assert [it.new for it in first] == [True, True]
    assert [it.new for it in ledger.append(iter([event(), ledger_json]))] == [False, False]
    facts = ledger.facts("p-1", dt.datetime(2026, 7, 2, tzinfo=dt.timezone.utc))
    assert facts["consents"][0]["at"] == "2026-07-01T16:00:00Z"
    made = ledger.checkpoint(dt.datetime(2026, 7, 2, tzinfo=dt.timezone.utc), key=(key := byleave.generate_key()))
    assert made.at == dt.datetime(2026, 7, 2, tzinfo=dt.timezone.utc)
    assert made.signed_by == byleave.public_key(key) != key
    assert ledger.verify(keys={byleave.public_key(key)}, checkpoint=made.checkpoint).holds
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.number = 7  # type: ignore[misc]
    with pytest.raises(byleave.InputError) as refused:
        ledger.append([event(), event("form-3", recorded_at=dt.datetime(2026, 7, 1))])
    assert refused.value.path == "[1].recorded_at"
    texts: List[Union[str, bytes]] = ["a", b"\xff"]
    bundle = ledger.export("p-1", "2026-07-02T00:00:00Z", texts=iter(texts))
    assert byleave.verify_bundle(bundle.encode()) == byleave.verify_bundle(bundle)
    assert ledger.size() == byleave.Size(events=2, people=1)


AS_TEXT: Dict[str, Any] = {
    "recorded_at": "2026-07-01T16:00:00Z",
    "event": {"kind": "grant", "at": "2026-07-01T16:00:00Z", "scope": {"channel": ["text"]}},
}


def test_what_is_no_truth(ledger: byleave.Ledger, law: byleave.Engine) -> None:
    ledger.append([event()])
    asked = ledger.decide(law, {"contact": {"channel": "sms"}}, "2026-07-02T00:00:00Z", person="p-1")
    for it in (asked, ledger.verify(), byleave.verify_bundle(ledger.export("p-1", "2026-07-02T00:00:00Z"))):
        with pytest.raises(TypeError, match="neither true nor false"):
            bool(it)
    assert not asked.decision.allowed and asked.receipt is None


def test_a_ledger_is_closed_by_its_block(tmp_path: Path) -> None:
    place = tmp_path / "consent.db"
    with byleave.Ledger(place) as ledger:
        ledger.append([event()])
        assert repr(ledger) == f"<Ledger {place}>"
    for ask in (ledger.size, ledger.verify, ledger.__enter__, lambda: ledger.append([])):
        with pytest.raises(byleave.InputError, match="this ledger is closed"):
            ask()
    with pytest.raises(KeyError), byleave.Ledger(place) as ledger:
        raise KeyError
    with pytest.raises(byleave.InputError):
        ledger.size()
    with byleave.Ledger(place, read_only=True) as ledger:
        with pytest.raises(byleave.LedgerError) as refused:
            ledger.append([event("form-2")])
        assert refused.value.kind == "read_only"
        assert ledger.size().events == 1
    with pytest.raises(TypeError):
        pickle.dumps(ledger)


def test_errors_keep_their_parts(ledger: byleave.Ledger) -> None:
    ledger.append([event()])
    with pytest.raises(byleave.ByleaveError) as refused:
        ledger.append([event("form-2"), event(event={"kind": "decline", "at": "2026-07-01T16:00:00Z"})])
    error = refused.value
    assert isinstance(error, byleave.LedgerError) and not isinstance(error, ValueError)
    assert (error.kind, error.path) == ("conflict", "[1].key")
    assert error.hint is not None and error.hint in str(error)
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (type(again), again.json(), again.kind) == (byleave.LedgerError, error.json(), "conflict")
    assert ledger.size().events == 1


PLACES: Dict[str, Callable[[Path], Any]] = {
    "nothing": lambda _: None,
    "a number": lambda _: 7,
    "no name": lambda _: "",
    "a zero in it": lambda it: f"{it}/a\0b",
    "half a character": lambda it: f"{it}/\ud800",
}


@pytest.mark.parametrize("name", PLACES)
def test_what_is_no_place(tmp_path: Path, name: str) -> None:
    with pytest.raises(byleave.InputError) as refused:
        byleave.Ledger(PLACES[name](tmp_path))
    assert refused.value.path == "place"


def test_what_is_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a ledger, but a text that is long enough " * 100)
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE mine (a)")
    other.close()
    for place, kinds in [
        (tmp_path, {"read_only", "storage"}),
        (tmp_path / "no" / "such.db", {"read_only"}),
        (tmp_path / "text", {"damaged"}),
        (tmp_path / "other.db", {"storage"}),
    ]:
        for read_only in (False, True):
            with pytest.raises(byleave.LedgerError) as refused:
                byleave.Ledger(place, read_only=read_only)
            assert refused.value.kind in kinds, (place, refused.value)
    with pytest.raises(byleave.LedgerError):
        byleave.Ledger(tmp_path / "none.db", read_only=True)
    assert not (tmp_path / "none.db").exists()
    assert (tmp_path / "text").read_text().startswith("not a ledger")


def given(it: Any) -> Any:
    """Something, for nothing is what nobody gave."""
    return 7 if it is None else it


# No texts; and what an event says is the affair of the engine that reads it.
NOTHING_WRONG = {(10, "a list"), (1, "control characters"), (1, "an unknown key")}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_events_are_refused_and_the_handle_lives(
    ledger: byleave.Ledger, law: byleave.Engine, name: str
) -> None:
    verbs: List[Callable[[Any], Any]] = [
        lambda it: ledger.append([event(), it]),
        lambda it: ledger.append([event(event=it)]),
        lambda it: ledger.decide(law, it, "2026-07-02T00:00:00Z", person="p-1"),
        lambda it: ledger.decide(law, it, "2026-07-02T00:00:00Z", person="p-1", record="2026-07-02T00:00:00Z"),
        lambda it: ledger.facts(it, "2026-07-02"),
        lambda it: ledger.facts("p-1", it),
        lambda it: ledger.checkpoint(it),
        lambda it: ledger.verify(keys=given(it)),
        lambda it: ledger.erase(it, why=it, by=it, at=it),
        lambda it: ledger.export(it, it),
        lambda it: ledger.export("p-1", "2026-07-02T00:00:00Z", texts=given(it)),
        lambda it: ledger.keeps(it),
        lambda it: byleave.verify_bundle(it),
    ]
    for n, verb in enumerate(verbs):
        it = HOSTILE[name]()
        if (n, name) in NOTHING_WRONG:
            continue
        with pytest.raises((byleave.InputError, byleave.LimitError)):
            verb(it)
    assert ledger.size().events == 0
    assert ledger.append([event()])[0].new


def test_two_ledgers_tell_each_other_what_is_new(ledger: byleave.Ledger) -> None:
    page = byleave.Ledger(":memory:")
    page.append([event(), event("form-2", "p-2")])
    ledger.append([event("form-3", recorded_at="2026-07-05T00:00:00Z")])
    late = dt.datetime(2026, 7, 6, tzinfo=dt.timezone.utc)
    told = page.lines_since()
    assert (told.events, told.more, ledger.take_in(told.lines, late).new) == (2, False, 2)
    assert ledger.take_in(told.lines.encode(), late).there == 2
    assert page.take_in(ledger.lines_since(person="p-1").lines, late).new == 1
    assert page.lines_since(told.mark, most=5).events == 1
    for it in (page, ledger):
        again = byleave.Ledger(":memory:", saved=it.save())
        assert (again.verify(), again.save()) == (it.verify(), it.save())
    (refused,) = ledger.take_in("{", late).refused
    assert (refused.line, refused.kind) == (1, "input")
    wrong: List[Callable[[], Any]] = [
        lambda: page.lines_since(7),  # type: ignore[arg-type]
        lambda: page.lines_since("1:x"),
        lambda: page.lines_since(most=0),
        lambda: page.take_in(7, late),  # type: ignore[arg-type]
        lambda: page.take_in(told.lines, "yesterday"),
        lambda: byleave.Ledger(":memory:", saved=7),  # type: ignore[arg-type]
        lambda: byleave.Ledger("consent.db", saved=page.save()),
    ]
    for call in wrong:
        with pytest.raises(byleave.InputError):
            call()


def test_what_a_host_raises_is_passed_on(ledger: byleave.Ledger) -> None:
    def broken() -> Any:
        yield event()
        raise KeyError("mine")

    with pytest.raises(KeyError):
        ledger.append(broken())
    for it in (event(), json.dumps(event("a", **AS_TEXT)), 7, None):
        with pytest.raises(byleave.InputError) as refused:
            ledger.append(it)  # type: ignore[arg-type]
        assert refused.value.path == "events"
    assert ledger.size().events == 0


HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def test_another_process_writes(ledger: byleave.Ledger, tmp_path: Path) -> None:
    ledger.append([event()])
    place = str(tmp_path / "consent.db")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None and other.stdin is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(byleave.LedgerError) as refused:
            ledger.append([event("form-2")])
        assert (refused.value.kind, refused.value.hint) == ("locked", "try again")
        # Whoever reads waits for nobody.
        assert ledger.size().events == 1
        other.stdin.close()
    assert ledger.append([event("form-2")])[0].seq == 2


def test_one_handle_serves_many_threads(ledger: byleave.Ledger, law: byleave.Engine) -> None:
    def work(n: int) -> bool:
        (receipt,) = ledger.append([event(f"form-{n}", f"p-{n % 5}")])
        with pytest.raises(byleave.InputError):
            ledger.append([{"key": n}])
        request = {"contact": {"channel": "sms"}}
        asked = ledger.decide(law, request, "2026-07-02T00:00:00Z", person=f"p-{n % 5}")
        return receipt.new and asked.decision.outcome == "deny"

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(80)))
    report = ledger.verify()
    assert (report.holds, report.events, report.people) == (True, 80, 5)


def test_the_interpreter_is_free_meanwhile(ledger: byleave.Ledger) -> None:
    start, ran = threading.Event(), []

    def other() -> None:
        start.wait()
        ran.append(True)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1_000.0)
    try:
        thread = threading.Thread(target=other)
        thread.start()
        events = [event(f"form-{n}") for n in range(2_000)]
        start.set()
        assert not ran
        ledger.append(events)
        assert ran
        thread.join()
    finally:
        sys.setswitchinterval(before)


def test_a_database_shows_no_password() -> None:
    url = "postgres://ann:secret@127.0.0.1:1/consent?sslmode=disable"
    with pytest.raises((byleave.LedgerError, byleave.InputError)) as refused:
        byleave.Ledger(url)
    assert "secret" not in str(refused.value)


@pytest.mark.skipif(sys.platform == "win32", reason="nothing forks there")
def test_a_fork_takes_no_ledger_along(tmp_path: Path) -> None:
    script = """
        import gc, os, signal, sys, threading, warnings
        import byleave

        warnings.simplefilter("ignore")
        ledger = byleave.Ledger(sys.argv[1])
        done = threading.Event()

        def event(n):
            told = {"person": "p-1", "list": "consents", "source": "web form", "actor": {"kind": "person"}}
            at = "2026-07-01T12:00:00Z"
            return {**told, "key": f"form-{n}", "recorded_at": at, "event": {"kind": "grant", "level": "express", "at": at}}

        def write():
            n = 0
            while not done.is_set():
                n += 1
                ledger.append([event(n)])

        thread = threading.Thread(target=write)
        thread.start()
        for _ in range(6):
            child = os.fork()
            if child == 0:
                signal.alarm(20)
                for ask in (ledger.size, ledger.save, ledger.__enter__, lambda: ledger.append([event(0)])):
                    try:
                        ask()
                    except byleave.InputError as error:
                        assert "another process" in str(error) and "open it again here" in str(error)
                    else:
                        os._exit(1)
                # Neither ends the connection of the one who opened it.
                ledger.close()
                del ledger
                gc.collect()
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
        done.set()
        thread.join()
        ledger.append([event(0)])
        assert ledger.verify().holds and ledger.size().events > 1
        print("held")
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "forked.db")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert ran.stdout == "held\n", ran.stderr
