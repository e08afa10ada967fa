//! Who gets to a ledger in PostgreSQL, and how: rights, passwords, TLS, and URLs that are refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use byleave_ledger::{Erasure, Error, ErrorKind, Ledger, Trust, shown};
use common::server::{fresh, server};
use common::{connection, stop};

const AT: &str = "2026-07-01T00:00:00Z";

fn schema(url: &str) -> &str {
    url.split_once("schema=").unwrap().1
}

fn opened(url: &str) -> Error {
    Ledger::at(url).err().unwrap()
}

#[test]
fn who_may_only_read_reads() {
    let url = fresh();
    Ledger::at(&url).unwrap().append(&[stop("a", "p", AT)]).unwrap();
    let (name, role) = (schema(&url), format!("reader_of_{}", schema(&url)));
    connection()
        .batch_execute(&format!(
            "CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA {name} TO {role}; GRANT SELECT ON ALL TABLES IN SCHEMA {name} TO {role}"
        ))
        .unwrap();
    let reads = url.replace("byleave@", &format!("{role}@"));
    let mut ledger = Ledger::at_to_read(&reads).unwrap();
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
    assert_eq!(ledger.append(&[stop("b", "p", AT)]).unwrap_err().kind(), ErrorKind::ReadOnly);
    let mut ledger = Ledger::at(&reads).unwrap();
    assert_eq!(ledger.append(&[stop("b", "p", AT)]).unwrap_err().kind(), ErrorKind::ReadOnly);
    assert_eq!(ledger.size().unwrap(), (1, 1));
    // As on a standby.
    let mut standby = Ledger::at(format!("{url}&options=-cdefault_transaction_read_only%3Don")).unwrap();
    assert_eq!(standby.append(&[stop("b", "p", AT)]).unwrap_err().kind(), ErrorKind::ReadOnly);
    // And where there is none, whoever may not make one is told so.
    assert_eq!(
        opened(&reads.replace(&format!("schema={name}"), "schema=not_there")).kind(),
        ErrorKind::ReadOnly
    );
    let error =
        Ledger::at_to_read(reads.replace(&format!("schema={name}"), "schema=not_there")).err().unwrap();
    assert!(error.message().contains("there is no ledger"), "{error}");
    connection().batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
}

#[test]
fn a_url_that_asks_for_tls_is_refused_and_never_answered_in_the_clear() {
    for asked in [
        "sslmode=require",
        "sslmode=verify-ca",
        "sslmode=verify-full",
        "sslmode=%72equire",
        "sslmode=allow",
        "sslrootcert=ca.pem",
        "sslcert=a&sslkey=b",
        "sslnegotiation=direct",
        "channel_binding=require",
        "requiressl=1",
        "sslmode=disable&sslmode=require",
    ] {
        let error = opened(&format!("{}?{asked}", server()));
        assert_eq!((error.kind(), error.path()), (ErrorKind::Input, Some("url")), "{asked}: {error}");
        assert!(error.message().contains("TLS"), "{asked}: {error}");
    }
    for host in
        ["db.example.org", "192.0.2.1", "127.0.0.1,db.example.org", "localhost.example.org", "[2001:db8::1]"]
    {
        let error = opened(&format!("postgres://ann:secret@{host}/consent?sslmode=prefer"));
        assert!(error.message().contains("without TLS"), "{host}: {error}");
    }
    let error = opened("postgres://ann@localhost/consent?hostaddr=192.0.2.1");
    assert!(error.message().contains("without TLS"), "{error}");
    // Said so, it is tried; nobody is there.
    let error = opened("postgres://ann:secret@192.0.2.1:1/consent?sslmode=disable&connect_timeout=1");
    assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
}

#[test]
fn nothing_of_a_url_that_is_wrong_is_repeated() {
    for url in [
        "postgres://ann:secret@",
        "postgres://ann:se/cret@h:x/db",
        "postgres://ann:secret@h:99999/db",
        "postgres://secret:secret",
        "postgres://ann:a?secret=1@localhost/db",
        "postgres://ann@localhost/db?password=secret&connect_timeout=x",
        "postgres://ann:%zz-secret@localhost/db",
        "postgres://ann:secret@h@localhost:1/db",
        "postgres://h/db?schema=a;secret",
        "postgres://",
    ] {
        let error = opened(url);
        assert!(!error.to_string().replace("user:password@host", "").contains("secret"), "{url}: {error}");
        assert!(!shown(url).contains("secret"), "{url}: {}", shown(url));
    }
    // Where the URL is otherwise as it must be, what it asks for is told by its name.
    assert!(opened("postgres://ann:secret@localhost/db?colour=red").message().contains("`colour`"));
    for (url, said) in [
        (
            "postgresql://ann:secret@db.example.org:5433/consent?schema=x",
            "postgres://db.example.org:5433/consent",
        ),
        ("postgres://db.example.org", "postgres://db.example.org"),
        ("postgres://ann:se/cret@h/db", "postgres://…"),
        ("postgres://ann:s@cret@h/db", "postgres://…"),
        ("postgres://h/db?password=se@cret", "postgres://…"),
        ("postgres://ann:secret", "postgres://…"),
        ("postgres://[::1]:5432/db", "postgres://[::1]:5432/db"),
    ] {
        assert_eq!(shown(url), said);
    }
}

/// A role that is asked for its password.
fn asked() {
    let make = "CREATE ROLE asked LOGIN PASSWORD 'right'; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL";
    connection().batch_execute(&format!("DO $$ BEGIN {make}; END $$")).unwrap();
}

#[test]
fn a_wrong_password_is_told_and_not_repeated() {
    asked();
    for (user, word) in [("asked:wr0ng", "user and password"), ("asked", "password")] {
        let error = opened(&fresh().replace("byleave@", &format!("{user}@")));
        assert!(error.to_string().contains(word) && !error.to_string().contains("wr0ng"), "{error}");
        assert_eq!(error.kind(), ErrorKind::Storage);
    }
    let error = opened(&server().replace("/postgres", "/nowhere"));
    assert!(error.message().contains("no such database"), "{error}");
    // The right one is let in, and may not make a schema.
    assert_eq!(opened(&fresh().replace("byleave@", "asked:right@")).kind(), ErrorKind::ReadOnly);
}

/// Not a test by itself: what a process says that has its password from its environment.
#[test]
fn child() {
    let Ok(url) = std::env::var("BYLEAVE_LEDGER_URL") else { return };
    println!("kind {}", opened(&url).kind().as_str());
}

#[test]
fn a_password_may_stand_in_the_environment() {
    asked();
    for (password, kind) in [("right", "kind read_only"), ("wrong", "kind storage")] {
        let run = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture"])
            .env("PGPASSWORD", password)
            .env("BYLEAVE_LEDGER_URL", fresh().replace("byleave@", "asked@"))
            .output()
            .unwrap();
        let said = String::from_utf8(run.stdout).unwrap();
        assert!(said.contains(kind), "{password}: {said}");
    }
}

#[test]
fn who_may_write_needs_no_more_than_is_said() {
    let url = fresh();
    drop(Ledger::at(&url).unwrap());
    let (name, role) = (schema(&url), format!("writer_of_{}", schema(&url)));
    let mut admin = connection();
    admin
        .batch_execute(&format!(
            "CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA {name} TO {role}; \
             GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {name} TO {role}; \
             GRANT UPDATE ON {name}.people, {name}.events, {name}.settings, {name}.turn TO {role}"
        ))
        .unwrap();
    let mut ledger = Ledger::at(url.replace("byleave@", &format!("{role}@"))).unwrap();
    assert!(ledger.append(&[stop("a", "p", AT), stop("b", "q", AT)]).unwrap().iter().all(|it| it.new));
    ledger.keeps(byleave_ledger::List::Contacts, None).unwrap();
    ledger.checkpoint("2026-07-02T00:00:00Z".parse().unwrap(), None).unwrap();
    let erasure = Erasure {
        person: "p",
        why: "request 12",
        by: "office",
        recorded_at: "2026-07-03T00:00:00Z".parse().unwrap(),
        addresses: &["p@example.org"],
    };
    assert_eq!(ledger.erase(&erasure).unwrap(), 1);
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
    drop(ledger);
    admin.batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
}

#[test]
fn of_several_hosts_one_that_is_there_is_taken() {
    let url = fresh();
    let Some((user, host)) = url.split_once('@') else { panic!("{url}") };
    let mut ledger = Ledger::at(format!("{user}@%2Fnowhere,{host}")).unwrap();
    assert!(ledger.append(&[stop("a", "p", AT)]).unwrap()[0].new);
    // Where all may only be read, there is none to write to.
    let reads = format!("{user}@%2Fnowhere,{host}&options=-cdefault_transaction_read_only%3Don");
    assert_eq!(opened(&reads).kind(), ErrorKind::Connection);
    assert_eq!(Ledger::at_to_read(&reads).unwrap().size().unwrap(), (1, 1));
}
