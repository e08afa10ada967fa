//! What is PostgreSQL's alone: connections that are lost, locks, encodings, schemas.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use byleave_ledger::store::{Rows, Store};
use byleave_ledger::{Error, ErrorKind, Ledger, Postgres, SCHEMA, Trust};
use common::server::{fresh, server};
use common::{connection, facts, stop};
use postgres::{Client, NoTls};
use std::time::{Duration, Instant};

const AT: &str = "2026-07-01T00:00:00Z";

fn schema(url: &str) -> &str {
    url.split_once("schema=").unwrap().1.split('&').next().unwrap()
}

/// Ends all connections of a role, past the ledger, as an administrator or a broken network would.
fn end(name: &str) -> u64 {
    let ask = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1";
    connection().execute(ask, &[&name]).unwrap()
}

fn named(name: &str) -> String {
    format!("{}&application_name={name}", fresh())
}

fn opened(url: &str) -> Error {
    Ledger::at(url).err().unwrap()
}

#[test]
fn a_connection_that_was_lost_is_made_again() {
    let url = named("lost_between");
    let mut ledger = Ledger::at(&url).unwrap();
    ledger.append(&[stop("a", "p", AT)]).unwrap();
    for n in 0..5 {
        assert_eq!(end("lost_between"), 1);
        // Whether the next call reads or writes, it does not see of it.
        if n % 2 == 0 {
            assert!(ledger.append(&[stop(&format!("k{n}"), "p", AT)]).unwrap()[0].new);
        } else {
            assert!(ledger.size().unwrap().0 > 1);
        }
    }
    assert_eq!(ledger.verify(&Trust::default()).unwrap().events, 4);
}

#[test]
fn a_connection_that_breaks_in_a_batch_leaves_nothing_of_it() {
    let mut store = Postgres::connect(&named("lost_within")).unwrap();
    let error = store
        .write(|rows| {
            rows.set("first", b"1")?;
            assert_eq!(end("lost_within"), 1);
            rows.set("second", b"2")
        })
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.hint_text().unwrap().contains("try again"), "{error}");
    // The same store goes on, and knows nothing of the batch.
    assert_eq!(
        store.read(|rows| Ok((rows.setting("first")?, rows.setting("second")?))).unwrap(),
        (None, None)
    );
    let mut ledger = Ledger::over(store).unwrap();
    let mut new = 0;
    let events = (0..50).map(|n| {
        // An import reads before it writes: what breaks meanwhile is made again.
        if n == 30 {
            assert_eq!(end("lost_within"), 1);
        }
        (n, stop(&format!("k{n}"), "p", AT))
    });
    ledger.import(events, false, |_, _, it| new += usize::from(it.unwrap().new)).unwrap();
    assert_eq!((new, ledger.verify(&Trust::default()).unwrap().findings), (50, vec![]));
}

#[test]
fn a_connection_of_the_hosts_is_the_hosts_to_make_again() {
    let connect = || Client::connect(&format!("{}?application_name=hosts_own", server()), NoTls).unwrap();
    let name = schema(&fresh()).to_owned();
    let mut ledger = Ledger::over(Postgres::over(connect(), &name).unwrap()).unwrap();
    ledger.append(&[stop("a", "p", AT)]).unwrap();
    end("hosts_own");
    for _ in 0..3 {
        let error = ledger.append(&[stop("b", "p", AT)]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection);
    }
    let mut ledger = Ledger::over(Postgres::over(connect(), &name).unwrap()).unwrap();
    assert!(ledger.append(&[stop("b", "p", AT)]).unwrap()[0].new);
}

#[test]
fn no_server_is_said_to_be_none() {
    for url in ["postgres://ann:secret@%2Fnowhere/db", "postgres://ann:secret@127.0.0.1:1/db"] {
        let error = opened(url);
        assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
        assert!(
            error.message().contains("cannot be reached") && !error.to_string().contains("secret"),
            "{error}"
        );
    }
}

#[test]
fn whoever_waits_too_long_for_another_is_told() {
    let url = format!("{}&options=-clock_timeout%3D150", fresh());
    let mut ledger = Ledger::at(&url).unwrap();
    ledger.append(&[stop("a", "p", AT)]).unwrap();
    let mut other = connection();
    for lock in [
        "SELECT FROM turn FOR UPDATE",
        "LOCK TABLE events IN EXCLUSIVE MODE",
        "LOCK TABLE people IN SHARE MODE",
    ] {
        let mut held = other.transaction().unwrap();
        held.batch_execute(&format!("SET LOCAL search_path TO {}; {lock}", schema(&url))).unwrap();
        let since = Instant::now();
        let error = ledger.append(&[stop("b", "q", AT)]).unwrap_err();
        assert_eq!(
            (error.kind(), error.hint_text()),
            (ErrorKind::Locked, Some("try again")),
            "{lock}: {error}"
        );
        assert!(since.elapsed() < Duration::from_secs(5));
        // Whoever reads does not wait.
        assert_eq!(ledger.size().unwrap(), (1, 1));
        held.rollback().unwrap();
    }
    assert!(ledger.append(&[stop("b", "q", AT)]).unwrap()[0].new);
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
}

#[test]
fn a_deadlock_is_told_and_leaves_nothing() {
    let url = fresh();
    let mut ledger = Ledger::at(&url).unwrap();
    ledger.append(&[stop("a", "p", AT)]).unwrap();
    let mut other = connection();
    let mut held = other.transaction().unwrap();
    // The other wants the turn while it holds the table; the ledger has the turn and wants the table.
    held.batch_execute(&format!(
        "SET LOCAL search_path TO {}; SET LOCAL deadlock_timeout = '60s'; LOCK TABLE events",
        schema(&url)
    ))
    .unwrap();
    let writer = std::thread::spawn(move || (ledger.append(&[stop("b", "q", AT)]), ledger));
    let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = $1::text::regclass::oid";
    let mut watcher = connection();
    while watcher.query_one(waits, &[&format!("{}.events", schema(&url))]).unwrap().get::<_, i64>(0) == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    held.batch_execute("SELECT FROM turn FOR UPDATE").unwrap();
    let (answer, mut ledger) = writer.join().unwrap();
    held.rollback().unwrap();
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::Locked);
    assert!(ledger.append(&[stop("b", "q", AT)]).unwrap()[0].new);
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
}

#[test]
fn what_the_server_says_is_told_in_the_ledgers_words() {
    let url = fresh();
    let mut ledger = Ledger::at(&url).unwrap();
    ledger.append(&[stop("a", "p", AT)]).unwrap();
    let mut other = connection();
    other.batch_execute(&format!("SET search_path TO {}", schema(&url))).unwrap();
    let mut kept = 1;
    for (code, kind, hint) in [
        ("40001", ErrorKind::Locked, "try again"),
        ("40P01", ErrorKind::Locked, "try again"),
        ("55P03", ErrorKind::Locked, "try again"),
        ("57014", ErrorKind::Locked, "statement_timeout"),
        ("53100", ErrorKind::Full, ""),
        ("42501", ErrorKind::ReadOnly, "rights"),
        ("25006", ErrorKind::ReadOnly, "standby"),
        ("XX001", ErrorKind::Damaged, "verify"),
        ("57P01", ErrorKind::Connection, "try again"),
        ("53300", ErrorKind::Connection, "try again"),
        ("08006", ErrorKind::Connection, "try again"),
        ("58030", ErrorKind::Storage, ""),
    ] {
        // In the middle of a batch, and at its very end, when it is to be kept.
        for when in ["AFTER INSERT ON events", "AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED"] {
            other
                .batch_execute(&format!(
                    "CREATE OR REPLACE FUNCTION says() RETURNS trigger LANGUAGE plpgsql AS \
                     $$ BEGIN RAISE EXCEPTION 'so it is' USING ERRCODE = '{code}'; END $$; \
                     CREATE CONSTRAINT TRIGGER says {when} FOR EACH ROW EXECUTE FUNCTION says()"
                ))
                .unwrap();
            let batch = [stop(&format!("{kept}"), "p", AT), stop(&format!("{kept}, too"), "q", AT)];
            let error = ledger.append(&batch).unwrap_err();
            assert_eq!(error.kind(), kind, "{code}: {error}");
            let hint = if kind == ErrorKind::Connection && when.contains("DEFERRED") {
                "send the same batch again"
            } else {
                hint
            };
            assert!(error.hint_text().unwrap_or_default().contains(hint), "{code}: {error}");
            assert_eq!(ledger.size().unwrap().0, kept);
            other.batch_execute("DROP TRIGGER says ON events").unwrap();
            assert!(ledger.append(&batch).unwrap().iter().all(|it| it.new));
            kept += 2;
        }
    }
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
}

#[test]
fn a_schema_that_holds_something_else_is_left_as_it_was() {
    let url = fresh();
    connection()
        .batch_execute(&format!("CREATE SCHEMA {0}; CREATE TABLE {0}.events (x INT)", schema(&url)))
        .unwrap();
    assert!(opened(&url).message().contains("something else"));
    let there = "SELECT count(*) FROM pg_class WHERE relnamespace = $1::text::regnamespace";
    assert_eq!(connection().query_one(there, &[&schema(&url)]).unwrap().get::<_, i64>(0), 1);
    // One that is empty was made for it.
    let url = fresh();
    connection().batch_execute(&format!("CREATE SCHEMA {}", schema(&url))).unwrap();
    Ledger::at(&url).unwrap();
    // A ledger whose tables somebody took away is damaged, and is not made anew.
    connection().batch_execute(&format!("DROP TABLE {}.turn", schema(&url))).unwrap();
    assert_eq!(
        Ledger::at(&url).unwrap().append(&[stop("a", "p", AT)]).unwrap_err().kind(),
        ErrorKind::Damaged
    );
}

#[test]
fn a_schema_of_any_name_is_just_a_name() {
    for name in ["x\"; DROP SCHEMA public; --", "Ünï cødé", "'; SELECT 1; --", "a.b", "SELECT"] {
        let name = format!("{name}{}", std::process::id());
        let mut ledger = Ledger::over(Postgres::over(connection(), &name).unwrap()).unwrap();
        ledger.append(&[stop("a", "p", AT)]).unwrap();
        let there = "SELECT count(*) FROM pg_namespace WHERE nspname = $1";
        assert_eq!(connection().query_one(there, &[&name]).unwrap().get::<_, i64>(0), 1, "{name}");
    }
    for name in [String::new(), "x".repeat(64), "a\0b".to_owned()] {
        assert_eq!(Postgres::over(connection(), &name).err().unwrap().path(), Some("schema"));
    }
    assert_eq!(SCHEMA, "byleave");
}

#[test]
fn temporary_tables_do_not_stand_before_the_ledgers() {
    let url = fresh();
    let mut mine = connection();
    mine.batch_execute("CREATE TEMPORARY TABLE events (x INT); CREATE TEMPORARY TABLE people (x INT)")
        .unwrap();
    let mut ledger = Ledger::over(Postgres::over(mine, schema(&url)).unwrap()).unwrap();
    assert!(ledger.append(&[stop("a", "p", AT)]).unwrap()[0].new);
}

#[test]
fn an_old_databases_encoding_takes_nothing_away() {
    let name = format!("latin_{}", std::process::id());
    connection()
        .batch_execute(&format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
        ))
        .unwrap();
    let url = server().replace("/postgres", &format!("/{name}"));
    let mut ledger = Ledger::at(&url).unwrap();
    for person in ["née Ω 🙂", "\u{0}", "日本"] {
        ledger.append(&[stop(person, person, AT)]).unwrap();
        let found = facts(&mut ledger, person, None, AT);
        assert_eq!(common::count(&found, "consents"), Some(1));
        assert!(common::text(&found).contains(&serde_json::json!(person).to_string()));
    }
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
    drop(ledger);
    connection().batch_execute(&format!("DROP DATABASE {name}")).unwrap();
}
