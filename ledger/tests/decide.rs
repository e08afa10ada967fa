//! Deciding by what a ledger knows; and a dry run of more than a transaction.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use byleave::wire::{Json, Limits};
use byleave::{Outcome, Request};
use byleave_ledger::{Ask, Error, ErrorKind, Event, Ledger, Memory, Trust};
use rusqlite::Connection;

fn event(key: &str, person: &str, at: &str, list: &str, record: &str) -> Event {
    let words = format!(
        r#"{{"key": "{key}", "person": "{person}", "list": "{list}", "source": "form", "actor": {{"kind": "staff"}},
            "recorded_at": "{at}", "event": {record}}}"#
    );
    Event::parse(&words).unwrap()
}

fn stop(key: &str, person: &str, at: &str) -> Event {
    let record = format!(r#"{{"kind": "revoke", "at": "{at}", "scope": {{"channel": ["text"]}}}}"#);
    event(key, person, at, "consents", &record)
}

#[test]
fn it_is_decided_by_what_the_ledger_knows() {
    let mut ledger = Ledger::in_memory().unwrap();
    let engine = byleave_packs::builder(["us.tcpa"]).unwrap().build().unwrap();
    let scope = r#"{"channel": ["text"], "address": ["+12125550142"]}"#;
    let grant = format!(
        r#"{{"kind": "grant", "level": "express_written", "at": "2026-06-01T00:00:00Z", "by": "holder", "scope": {scope}}}"#
    );
    ledger.append(&[event("g", "ann", "2026-06-01T00:00:00Z", "consents", &grant)]).unwrap();
    let request = r#"{"at": "2026-07-02T16:00:00Z", "person": {"time_zones": ["America/New_York"]},
        "contact": {"channel": "sms", "purpose": ["appointment"], "technology": ["automated_dialing"]},
        "address": {"value": "+12125550142", "line": ["wireless"]}}"#;
    // With a refusal that the request tells the tree's way is gone; both are the same.
    let told = r#", "consents": [{"id": "told", "kind": "decline", "at": "2026-05-01T00:00:00Z"}]}"#;
    let requests = [request.to_owned(), format!("{}{told}", request.strip_suffix('}').unwrap())];
    let decide = |ledger: &mut Ledger<Memory>| {
        let ask = Ask {
            person: "ann",
            address: Some("+12125550142"),
            known_at: "2026-07-02T16:00:00Z".parse().unwrap(),
        };
        let decided = requests.each_ref().map(|request| {
            let decided = ledger.answer(&engine, request, &ask).unwrap();
            let laid = ledger.lay_under(Json::parse(request, &Limits::MOST).unwrap(), &ask).unwrap();
            assert_eq!(decided, engine.decide(&Request::from_json(laid, &Limits::MOST).unwrap()).unwrap());
            let verdict = ledger.verdict(&engine, request, &ask).unwrap();
            assert_eq!(verdict.outcome(), decided.outcome);
            assert_eq!(verdict.until().map(|it| it.to_string()), decided.until);
            decided
        });
        let [decided, _] = decided;
        decided
    };
    // Look-ups and signals have no name to the engine.
    let lookup = r#"{"list": "reassigned", "address": "+12125550142", "result": "not_listed", "version_at": "2026-06-15"}"#;
    ledger
        .append(&[
            event("l", "ann", "2026-06-16T00:00:00Z", "lists", lookup),
            event("o", "ann", "2026-06-16T00:00:00Z", "signals", r#"{"kind": "gpc", "on": true}"#),
        ])
        .unwrap();
    let before = decide(&mut ledger);
    let record = format!(r#"{{"kind": "revoke", "at": "2026-07-01T00:00:00Z", "scope": {scope}}}"#);
    ledger.append(&[event("s", "ann", "2026-07-01T00:00:00Z", "consents", &record)]).unwrap();
    let after = decide(&mut ledger);
    assert_eq!(after.outcome, Outcome::Deny);
    assert_ne!(before.evidence, after.evidence);
}

#[test]
fn words_that_were_touched_decide_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("consent.db");
    let mut ledger = Ledger::open(&path).unwrap();
    let told = (0..10).map(|n| stop(&format!("k{n}"), &format!("p{}", n % 4), "2026-07-01T00:00:00Z"));
    ledger.append(&told.collect::<Vec<_>>()).unwrap();
    drop(ledger);
    let touch = "DROP TRIGGER events_as_they_are; UPDATE events SET words = replace(words, '\"revoke\"', '\"decline\"') WHERE seq = 5";
    Connection::open(&path).unwrap().execute_batch(touch).unwrap();
    let mut ledger = Ledger::open_to_read(&path).unwrap();
    let mut ask = |person| {
        let ask = Ask { person, address: None, known_at: "2026-07-02T00:00:00Z".parse().unwrap() };
        ledger.lay_text("{}", &ask)
    };
    let error = ask("p0").unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Damaged, "event 5: the words are not those that were recorded")
    );
    assert!(ask("p1").is_ok());
}

#[test]
fn a_long_dry_run_sees_what_is_told_twice_and_keeps_nothing() {
    let mut ledger = Ledger::in_memory().unwrap();
    let many = |n: usize| {
        let event = stop(&format!("k{}", n % 2_500), &format!("p{}", n % 3), "2026-07-01T00:00:00Z");
        (n, event)
    };
    for dry_run in [true, false] {
        let mut told = Vec::new();
        ledger
            .import((0..3_000).map(many), dry_run, |n, _, it| told.push((n, it.map(|it| (it.n, it.new)))))
            .unwrap();
        let told = |n: usize| told[n].1.as_ref().map_err(Error::kind).copied();
        assert_eq!(told(2_499), Ok((834, true)));
        // Under the key of somebody else's.
        assert_eq!(told(2_500), Err(ErrorKind::Conflict));
        assert_eq!(ledger.size().unwrap().0, if dry_run { 0 } else { 2_500 });
    }
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
}
