//! Appending, once each; what is known of a person, when; erasure; and what `verify` finds when a row is touched.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use byleave::wire::{Json, Limits};
use byleave_ledger::{Ask, Erasure, Error, ErrorKind, Event, Key, Ledger, List, Sqlite, Trust, What};
use rusqlite::Connection;
use std::path::PathBuf;

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

fn facts(ledger: &mut Ledger<Sqlite>, person: &str, address: Option<&str>, known_at: &str) -> Json {
    let ask = Ask { person, address, known_at: known_at.parse().unwrap() };
    ledger.lay_under(Json::parse("{}", &Limits::MOST).unwrap(), &ask).unwrap()
}

fn count(facts: &Json, list: &str) -> Option<usize> {
    facts.get(list).map(|it| match it {
        Json::List(items) => items.len(),
        _ => panic!("no list"),
    })
}

fn text(json: &Json) -> String {
    let mut out = String::new();
    json.write_canonical(&mut out);
    out
}

fn refused(words: &str) -> Error {
    Event::parse(words).unwrap_err()
}

#[test]
fn an_event_is_kept_once_and_told_in_the_same_words() {
    let mut ledger = Ledger::in_memory().unwrap();
    let first = stop("a", "p", "2026-07-01T00:00:00Z");
    let receipts = ledger.append(&[first.clone(), stop("b", "p", "2026-07-02T00:00:00Z")]).unwrap();
    assert_eq!(
        receipts.iter().map(|it| (it.seq, it.n, it.new)).collect::<Vec<_>>(),
        [(1, 1, true), (2, 2, true)]
    );
    // Sent again, after later ones, and with the instant of the second sending.
    let again = ledger.append(&[first]).unwrap();
    assert_eq!((again[0].seq, again[0].new, again[0].link), (1, false, receipts[0].link));
    let record = r#"{"kind": "revoke", "at": "2026-07-01T00:00:00Z", "scope": {"channel": ["text"]}}"#;
    let later = event("a", "p", "2026-07-03T00:00:00Z", "consents", record);
    assert!(!ledger.append(&[later]).unwrap()[0].new);
    let other = event("a", "p", "2026-07-03T00:00:00Z", "consents", r#"{"kind": "grant"}"#);
    let error = ledger.append(&[stop("c", "p", "2026-07-03T00:00:00Z"), other]).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Conflict, Some("[1].key")));
    // Nothing of that batch is there.
    assert_eq!(ledger.size().unwrap(), (2, 1));
}

#[test]
fn a_clock_that_goes_backwards_is_refused() {
    let mut ledger = Ledger::in_memory().unwrap();
    ledger.append(&[stop("a", "p", "2026-07-02T00:00:00Z")]).unwrap();
    let error = ledger.append(&[stop("b", "q", "2026-07-01T23:59:59.999999Z")]).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Clock, Some("[0].recorded_at")));
    assert!(ledger.append(&[stop("b", "q", "2026-07-02T00:00:00Z")]).unwrap()[0].new);
}

#[test]
fn an_event_says_who_when_and_what() {
    let good = r#"{"key":"k","person":"p","list":"consents","source":"s","actor":{"kind":"person"},"recorded_at":"2026-07-01T00:00:00Z","event":{}}"#;
    assert!(Event::parse(good).is_ok());
    for (from, to, path) in [
        (r#""key":"k""#, r#""key":"""#, "key"),
        (r#""key":"k","#, "", "key"),
        (r#""person":"p""#, r#""person":7"#, "person"),
        (r#""list":"consents""#, r#""list":"consent""#, "list"),
        (r#""kind":"person""#, r#""kind":"robot""#, "actor.kind"),
        (r#""kind":"person""#, r#""kind":"representative""#, "actor.authority"),
        (r#""kind":"person""#, r#""kind":"person","name":"x""#, "actor.name"),
        ("2026-07-01T00:00:00Z", "2026-07-01", "recorded_at"),
        ("2026-07-01T00:00:00Z", "2026-07-01T00:00:00", "recorded_at"),
        (r#""event":{}"#, r#""event":[]"#, "event"),
        (r#""event":{}"#, r#""event":{"id":"other"}"#, "event.id"),
        (r#""event":{}"#, r#""event":{},"note":"x""#, "note"),
        (r#""event":{}"#, r#""event":{},"text_shown":{"sha256":"ABC","language":"en"}"#, "text_shown.sha256"),
        (r#""list":"consents""#, r#""list":"voids""#, "event.of"),
        (r#""list":"consents""#, r#""list":"preferences""#, "event.at"),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good, "{from}");
        assert_eq!(refused(&bad).path(), Some(path), "{bad}");
    }
    let preference = good.replace("consents", "preferences");
    for (event, path) in [
        (r#"{"at":"2026-07-01","set":{}}"#, Some("event.at")),
        (r#"{"at":"2026-07-01T00:00:00Z"}"#, Some("event.set")),
        (r#"{"at":"2026-07-01T00:00:00Z","set":{"pause_until":null}}"#, None),
    ] {
        let read = Event::parse(&preference.replace("{}", event));
        assert_eq!(read.err().as_ref().and_then(Error::path), path, "{event}");
    }
    let long = good.replace(r#""person":"p""#, &format!(r#""person":"{}""#, "x".repeat(513)));
    assert_eq!(refused(&long).kind(), ErrorKind::Limit);
    let heavy = good.replace(
        "{}",
        &format!(r#"{{"note": [{}]}}"#, vec![format!("\"{}\"", "x".repeat(16_000)); 17].join(",")),
    );
    assert_eq!(refused(&heavy).kind(), ErrorKind::Limit);
    for bytes in ["", "[]", "{", "null", "{\"key\": \"\\ud800\"}"] {
        assert_eq!(refused(bytes).kind(), ErrorKind::Input, "{bytes}");
    }
}

#[test]
fn odd_texts_are_stored_exactly() {
    let mut ledger = Ledger::in_memory().unwrap();
    let odd = [
        "'); DROP TABLE events; --",
        "\u{0}nul",
        "née Ω 🙂",
        "a\nb\t\"c\"\\",
        "\u{202e}turned",
        "%s ${x} {{y}}",
    ];
    for (n, name) in odd.iter().enumerate() {
        let words = serde_json::json!({
            "key": format!("{name}-{n}"), "person": name, "list": "interactions", "source": name,
            "actor": {"kind": "system", "id": name}, "recorded_at": "2026-07-01T00:00:00Z", "event": {"matter": name},
        });
        ledger.append(&[Event::parse(&words.to_string()).unwrap()]).unwrap();
        let found = facts(&mut ledger, name, None, "2026-07-02T00:00:00Z");
        let Some(Json::List(items)) = found.get("interactions") else { panic!("{name}") };
        assert_eq!(items[0].json.get("matter"), Some(&Json::Text((*name).to_owned())));
    }
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
}

#[test]
fn what_was_known_then() {
    let mut ledger = Ledger::in_memory().unwrap();
    let visit = event(
        "v",
        "p",
        "2026-07-01T00:00:00Z",
        "interactions",
        r#"{"kind": "visit", "at": "2026-06-01T00:00:00Z"}"#,
    );
    let void =
        event("x", "p", "2026-07-03T00:00:00Z", "voids", r#"{"of": "v", "why": "somebody else's visit"}"#);
    ledger.append(&[visit, stop("s", "p", "2026-07-02T00:00:00Z"), void]).unwrap();
    let mut at = |at: &str| {
        let facts = facts(&mut ledger, "p", None, at);
        (count(&facts, "consents"), count(&facts, "interactions"))
    };
    assert_eq!(at("2026-06-30T00:00:00Z"), (Some(0), None));
    assert_eq!(at("2026-07-01T00:00:00Z"), (Some(0), Some(1)));
    assert_eq!(at("2026-07-02T00:00:00Z"), (Some(1), Some(1)));
    assert_eq!(at("2026-07-03T00:00:00Z"), (Some(1), None));
}

#[test]
fn a_void_names_what_is_there_and_is_the_same_persons() {
    let mut ledger = Ledger::in_memory().unwrap();
    ledger.append(&[stop("a", "p", "2026-07-01T00:00:00Z")]).unwrap();
    let void = |person: &str, of: &str| {
        let record = format!(r#"{{"of": "{of}", "why": "told in error"}}"#);
        event(&format!("void-{of}-{person}"), person, "2026-07-02T00:00:00Z", "voids", &record)
    };
    for (void, message) in [
        (void("p", "nothing"), "there is no event of that key"),
        (void("q", "a"), "the event of that key is about somebody else"),
    ] {
        let error = ledger.append(&[void]).unwrap_err();
        assert_eq!((error.path(), error.message()), (Some("[0].event.of"), message));
    }
    // What the same batch tells first can be voided in it; a void cannot.
    let batch = [stop("b", "new", "2026-07-02T00:00:00Z"), void("new", "b"), void("p", "a")];
    assert!(ledger.append(&batch).unwrap().iter().all(|it| it.new));
    assert!(ledger.append(&[void("p", "void-a-p")]).is_err());
}

#[test]
fn a_stop_at_an_address_binds_everyone_who_uses_it() {
    let mut ledger = Ledger::in_memory().unwrap();
    let record = r#"{"kind": "revoke", "at": "2026-07-01T00:00:00Z", "scope": {"channel": ["text"], "address": ["+1 (202) 555-0100"]}}"#;
    ledger.append(&[event("s", "ann", "2026-07-01T00:00:00Z", "consents", record)]).unwrap();
    let known = "2026-07-02T00:00:00Z";
    let bob = facts(&mut ledger, "bob", Some("+12025550100"), known);
    assert!(
        text(&bob).contains(r#""scope":{"address":["+12025550100"],"channel":["text"]}"#),
        "{}",
        text(&bob)
    );
    assert_eq!(count(&facts(&mut ledger, "bob", Some("+12025550101"), known), "consents"), Some(0));
    // Nothing else of hers: what her host calls it may well be her name.
    assert!(text(&bob).contains(r#""id":"ledger:1""#) && !text(&bob).contains(r#""s""#), "{}", text(&bob));
    // Her own is told once.
    assert_eq!(count(&facts(&mut ledger, "ann", Some("+12025550100"), known), "consents"), Some(1));
}

#[test]
fn preferences_hold_until_the_next_of_their_kind() {
    let mut ledger = Ledger::in_memory().unwrap();
    let prefer = |key: &str, at: &str, set: &str| {
        let record = format!(r#"{{"at": "{at}", "set": {set}}}"#);
        event(key, "p", "2026-07-09T00:00:00Z", "preferences", &record)
    };
    ledger
        .append(&[
            prefer("late", "2026-07-02T00:00:00Z", r#"{"pause_until": "2026-09-01T00:00:00Z"}"#),
            prefer("early", "2026-07-01T00:00:00+02:00", r#"{"pause_until": null, "channel_rules": []}"#),
        ])
        .unwrap();
    let found = facts(&mut ledger, "p", None, "2026-07-10T00:00:00Z");
    assert_eq!(
        text(found.get("person").unwrap()),
        r#"{"channel_rules":[],"id":"p","pause_until":"2026-09-01T00:00:00Z"}"#
    );
    let request = Json::parse(r#"{"person": {"pause_until": null}}"#, &Limits::MOST).unwrap();
    let ask = Ask { person: "p", address: None, known_at: "2026-07-10T00:00:00Z".parse().unwrap() };
    let error = ledger.lay_under(request, &ask).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Conflict, Some("person.pause_until")));
}

#[test]
fn counts_are_known_from_where_the_ledger_began_to_keep_them() {
    let mut ledger = Ledger::in_memory().unwrap();
    let sent = event(
        "c",
        "p",
        "2026-07-01T00:00:00Z",
        "contacts",
        r#"{"at": "2026-07-01T00:00:00Z", "channel": "sms"}"#,
    );
    ledger.append(&[sent]).unwrap();
    let from = |ledger: &mut Ledger<Sqlite>| {
        facts(ledger, "p", None, "2026-07-02T00:00:00Z").get("contacts_complete_from").map(text)
    };
    assert_eq!(from(&mut ledger).unwrap(), r#""2026-07-02T00:00:00Z""#);
    ledger.keeps(List::Contacts, Some("2020-01-01T00:00:00Z".parse().unwrap())).unwrap();
    assert_eq!(from(&mut ledger).unwrap(), r#""2020-01-01T00:00:00Z""#);
    ledger.keeps(List::Contacts, None).unwrap();
    assert_eq!(from(&mut ledger), None);
    assert_eq!(count(&facts(&mut ledger, "nobody", None, "2026-07-02T00:00:00Z"), "contacts"), Some(0));
}

#[test]
fn whoever_is_erased_stays_left_alone() {
    let mut ledger = Ledger::in_memory().unwrap();
    let record = r#"{"kind": "grant", "level": "express", "at": "2026-07-01T00:00:00Z", "scope": {"address": ["ann@example.org"]}}"#;
    let mut words = vec![event("g", "ann", "2026-07-01T00:00:00Z", "consents", record)];
    words.push(stop("o", "other", "2026-07-01T00:00:00Z"));
    ledger.append(&words).unwrap();
    ledger.checkpoint("2026-07-02T00:00:00Z".parse().unwrap(), None).unwrap();
    let erasure = Erasure {
        person: "ann",
        why: "GDPR 17(1)(b), request 12",
        by: "privacy office",
        recorded_at: "2026-07-03T00:00:00Z".parse().unwrap(),
        addresses: &["+12025550100"],
    };
    assert_eq!(ledger.erase(&erasure).unwrap(), 1);
    assert_eq!(ledger.erase(&erasure).unwrap_err().path(), Some("person"));
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
    let known = "2026-07-04T00:00:00Z";
    for (person, address) in
        [("ann", None), ("bought", Some(" ANN@example.org")), ("bought", Some("202-555-0100"))]
    {
        let found = facts(&mut ledger, person, address, known);
        assert_eq!(count(&found, "consents"), Some(1), "{person} {address:?}");
        assert!(text(&found).contains(r#""kind":"revoke""#));
    }
    assert_eq!(count(&facts(&mut ledger, "other", Some("o@example.org"), known), "consents"), Some(1));
    // The same event, sent again by a system that was not told: it is not kept a second time.
    let again = ledger.append(&[words.remove(0)]).unwrap();
    assert!(!again[0].new);
    assert_eq!(ledger.size().unwrap().0, 3);
}

/// A ledger in a file with a few people and two checkpoints, and the key that signed them.
fn full() -> (tempfile::TempDir, PathBuf, Key) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("consent.db");
    let mut ledger = Ledger::open(&path).unwrap();
    let key = Key::from_bytes(&[7; 32]);
    for n in 0..30 {
        let person = format!("p{}", n % 4);
        ledger.append(&[stop(&format!("k{n}"), &person, &format!("2026-07-01T00:00:{n:02}Z"))]).unwrap();
        if n % 10 == 9 && n < 29 {
            ledger.checkpoint(format!("2026-07-01T00:00:{n:02}Z").parse().unwrap(), Some(&key)).unwrap();
        }
    }
    let record =
        r#"{"kind": "revoke", "at": "2026-07-01T00:00:00Z", "scope": {"address": "ann@example.org"}}"#;
    ledger.append(&[event("address", "ann", "2026-07-01T00:00:30Z", "consents", record)]).unwrap();
    let erasure = Erasure {
        person: "p3",
        why: "request 12",
        by: "privacy office",
        recorded_at: "2026-07-01T00:00:31Z".parse().unwrap(),
        addresses: &["p3@example.org"],
    };
    ledger.erase(&erasure).unwrap();
    (folder, path, key)
}

#[test]
fn verify_finds_what_was_touched_and_where() {
    let free = "DROP TRIGGER events_stay; DROP TRIGGER events_as_they_are; DROP TRIGGER checkpoints_stay; DROP TRIGGER checkpoints_as_they_are;";
    for (touch, what, seq) in [
        (
            "UPDATE events SET words = replace(words, 'revoke', 'decline') WHERE seq = 7",
            What::Changed,
            Some(7),
        ),
        ("UPDATE events SET words = NULL, salt = NULL WHERE seq = 7", What::Emptied, Some(7)),
        ("UPDATE events SET recorded = recorded - 1 WHERE seq = 7", What::Broken, Some(7)),
        ("UPDATE events SET list = 1 WHERE seq = 7", What::Broken, Some(7)),
        ("UPDATE events SET key = zeroblob(16) WHERE seq = 7", What::Contradicts, Some(7)),
        ("DELETE FROM events WHERE seq = 7", What::Deleted, Some(8)),
        ("DELETE FROM events WHERE seq = 32", What::Head, None),
        ("DELETE FROM events", What::Checkpoint, Some(10)),
        ("UPDATE people SET count = count - 1 WHERE number = 2", What::Head, None),
        ("UPDATE people SET name = 'p9' WHERE number = 2", What::Contradicts, Some(2)),
        ("DELETE FROM people WHERE number = 2", What::Nobody, Some(2)),
        (
            "INSERT INTO people (who, name, count, head) VALUES (zeroblob(16), 'x', 0, zeroblob(32))",
            What::Head,
            None,
        ),
        (
            "UPDATE events SET seq = 99 WHERE seq = 5; UPDATE events SET seq = 5 WHERE seq = 6; UPDATE events SET seq = 6 WHERE seq = 99",
            What::Broken,
            Some(5),
        ),
        (
            "INSERT INTO events SELECT 33, person, 99, list, recorded, zeroblob(16), salt, words, seal, link FROM events WHERE seq = 30",
            What::OutOfOrder,
            Some(33),
        ),
        ("UPDATE checkpoints SET root = zeroblob(32) WHERE number = 1", What::Checkpoint, Some(10)),
        ("UPDATE checkpoints SET peaks = zeroblob(64) WHERE number = 1", What::Checkpoint, Some(10)),
        ("INSERT INTO blocks VALUES (0, zeroblob(32))", What::Tree, Some(1024)),
        ("UPDATE checkpoints SET signature = zeroblob(64) WHERE number = 2", What::Signature, Some(20)),
        ("DELETE FROM checkpoints WHERE number = 1", What::Checkpoint, Some(20)),
        ("DELETE FROM refusals WHERE seq = 31", What::Unfindable, Some(31)),
        ("DELETE FROM buried WHERE hash IN (SELECT hash FROM buried LIMIT 1)", What::Unfindable, Some(32)),
        (
            "PRAGMA writable_schema = on; UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'buried') WHERE name = 'events_of_key'",
            What::Store,
            None,
        ),
    ] {
        let (_folder, path, key) = full();
        let trust = Trust { keys: vec![key.public()], checkpoint: None };
        let mut ledger = Ledger::open(&path).unwrap();
        let report = ledger.verify(&trust).unwrap();
        assert_eq!((report.findings, report.events, report.checkpoints, report.covered), (vec![], 32, 2, 20));
        drop(ledger);
        Connection::open(&path).unwrap().execute_batch(&format!("{free} {touch}")).unwrap();
        let report = Ledger::open_to_read(&path).unwrap().verify(&trust).unwrap();
        assert!(
            report.findings.iter().any(|it| (it.what, it.seq) == (what, seq)),
            "{touch}: {:?}",
            report.findings
        );
    }
}

#[test]
fn rows_stay_as_they_are_also_for_others() {
    let (_folder, path, _) = full();
    let other = Connection::open(path).unwrap();
    for touch in [
        "DELETE FROM events",
        "UPDATE events SET words = '{}'",
        "DELETE FROM checkpoints",
        "UPDATE checkpoints SET at = 0",
    ] {
        assert!(other.execute_batch(touch).is_err(), "{touch}");
    }
}

#[test]
fn a_checkpoint_that_was_handed_out_is_missed() {
    let (_folder, path, key) = full();
    let mut ledger = Ledger::open(&path).unwrap();
    let last = ledger.checkpoint("2026-07-02T00:00:00Z".parse().unwrap(), Some(&key)).unwrap();
    assert_eq!(ledger.checkpoint("2026-07-03T00:00:00Z".parse().unwrap(), None).unwrap(), last);
    let trust = Trust { keys: vec![key.public()], checkpoint: Some(last.digest) };
    assert_eq!(ledger.verify(&trust).unwrap().findings, []);
    // A keeper who writes the same history anew has another one.
    let (_other_folder, other, _) = full();
    let found = Ledger::open(&other).unwrap().verify(&trust).unwrap().findings;
    assert_eq!(found.iter().map(|it| it.what).collect::<Vec<_>>(), [What::Unknown]);
    // And one signed by nobody that is trusted is found, too.
    let stranger = Trust { keys: vec![Key::from_bytes(&[8; 32]).public()], checkpoint: None };
    assert_eq!(ledger.verify(&stranger).unwrap().findings.len(), 3);
}

#[test]
fn a_file_that_is_no_ledger_is_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE events (x)").unwrap();
    let before = std::fs::read(&path).unwrap();
    assert_eq!(Ledger::open(&path).err().unwrap().message(), "the file is no ledger");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    std::fs::write(
        &path,
        b"not a database, but long enough to be one, or so it might seem to whoever opens it at first",
    )
    .unwrap();
    assert!(matches!(Ledger::open(&path).err().unwrap().kind(), ErrorKind::Damaged | ErrorKind::Storage));
    assert!(Ledger::open_to_read(folder.path().join("none.db")).is_err());
    assert!(!folder.path().join("none.db").exists());
}

#[test]
fn a_newer_ledger_is_not_opened() {
    let (_folder, path, _) = full();
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(Ledger::open(&path).err().unwrap().message().contains("newer"));
}
