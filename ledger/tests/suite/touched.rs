//! What `verify` finds when somebody touches rows past the ledger, and where.

use crate::common::{Place, event, stop};
use byleave_ledger::{Erasure, ErrorKind, Key, Trust, What};

/// A ledger with a few people and two checkpoints, and the key that signed them.
fn full(place: &Place) -> Key {
    let mut ledger = place.open();
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
    key
}

/// SQL as SQLite writes it, in the words of the place's store, past what keeps rows as they are.
fn touch(place: &Place, sql: &str) {
    let triggers = [
        ("events", "events_stay"),
        ("events", "events_as_they_are"),
        ("checkpoints", "checkpoints_stay"),
        ("checkpoints", "checkpoints_as_they_are"),
    ];
    let sql = match place {
        Place::Postgres(_) => {
            let zeros = |sql: String, n: usize| {
                sql.replace(&format!("zeroblob({n})"), &format!("decode(repeat('00', {n}), 'hex')"))
            };
            let sql = zeros(zeros(zeros(sql.to_owned(), 16), 32), 64).replace(
                "replace(words, 'revoke', 'decline')",
                "convert_to(replace(convert_from(words, 'UTF8'), 'revoke', 'decline'), 'UTF8')",
            );
            // And switched on again: that they are there says nothing of what happened in between.
            let switched = |word: &str| {
                format!("ALTER TABLE events {word} TRIGGER ALL; ALTER TABLE checkpoints {word} TRIGGER ALL;")
            };
            format!("{} {sql}; {}", switched("DISABLE"), switched("ENABLE"))
        }
        _ => triggers.map(|(_, name)| format!("DROP TRIGGER {name};")).concat() + sql,
    };
    place.touch(&sql).unwrap();
}

pub fn verify_finds_what_was_touched_and_where(place: &Place) {
    let mut touches = vec![
        (
            "UPDATE events SET words = replace(words, 'revoke', 'decline') WHERE seq = 7",
            What::Changed,
            Some(7),
        ),
        ("UPDATE events SET words = NULL, salt = NULL WHERE seq = 7", What::Emptied, Some(7)),
        ("UPDATE events SET salt = zeroblob(16) WHERE seq = 7", What::Changed, Some(7)),
        ("UPDATE events SET recorded = recorded - 1 WHERE seq = 7", What::Broken, Some(7)),
        ("UPDATE events SET list = 1 WHERE seq = 7", What::Broken, Some(7)),
        ("UPDATE events SET key = zeroblob(16) WHERE seq = 7", What::Contradicts, Some(7)),
        ("UPDATE events SET seal = zeroblob(32) WHERE seq = 7", What::Broken, Some(7)),
        ("UPDATE events SET link = zeroblob(32) WHERE seq = 7", What::Broken, Some(7)),
        ("UPDATE events SET person = 1, n = 99 WHERE seq = 7", What::OutOfOrder, Some(7)),
        ("DELETE FROM events WHERE seq = 7", What::Deleted, Some(8)),
        ("DELETE FROM events WHERE seq = 1", What::Deleted, Some(2)),
        ("DELETE FROM events WHERE seq = 32", What::Head, None),
        ("DELETE FROM events", What::Checkpoint, Some(10)),
        ("UPDATE people SET count = count - 1 WHERE number = 2", What::Head, None),
        ("UPDATE people SET head = zeroblob(32) WHERE number = 2", What::Head, None),
        ("UPDATE people SET who = zeroblob(16) WHERE number = 2", What::Broken, Some(2)),
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
            "INSERT INTO events (seq, person, n, list, recorded, key, salt, words, seal, link) SELECT 33, person, 99, list, recorded, zeroblob(16), salt, words, seal, link FROM events WHERE seq = 30",
            What::OutOfOrder,
            Some(33),
        ),
        ("UPDATE checkpoints SET root = zeroblob(32) WHERE number = 1", What::Checkpoint, Some(10)),
        ("UPDATE checkpoints SET peaks = zeroblob(32) WHERE number = 1", What::Checkpoint, Some(10)),
        ("INSERT INTO blocks VALUES (0, zeroblob(32))", What::Tree, Some(1024)),
        ("UPDATE checkpoints SET at = at + 1 WHERE number = 1", What::Checkpoint, Some(10)),
        ("UPDATE checkpoints SET signature = zeroblob(64) WHERE number = 2", What::Signature, Some(20)),
        (
            "UPDATE checkpoints SET signature = NULL, signer = NULL WHERE number = 2",
            What::Signature,
            Some(20),
        ),
        ("DELETE FROM checkpoints WHERE number = 1", What::Checkpoint, Some(20)),
        ("DELETE FROM refusals WHERE seq = 31", What::Unfindable, Some(31)),
        ("DELETE FROM buried WHERE hash IN (SELECT hash FROM buried LIMIT 1)", What::Unfindable, Some(32)),
    ];
    match place {
        Place::Postgres(_) => touches.extend([
            ("DROP TRIGGER events_stay ON events", What::Store, None),
            ("TRUNCATE events", What::Checkpoint, Some(10)),
            ("DROP INDEX events_of_key; CREATE INDEX events_of_key ON events (key)", What::Store, None),
        ]),
        _ => touches.extend([
            ("UPDATE events SET previous = previous - 4 WHERE seq = 12", What::Unfindable, Some(12)),
            ("UPDATE events SET previous = 0 WHERE seq = 12", What::Unfindable, Some(12)),
            ("UPDATE people SET last = last - 4 WHERE number = 2", What::Head, None),
            ("UPDATE people SET last = 0 WHERE number = 2", What::Head, None),
            ("PRAGMA writable_schema = on; UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'buried') WHERE name = 'events_of_key'",
            What::Store,
            None),
        ]),
    }
    for (sql, what, seq) in touches {
        let place = place.anew();
        let key = full(&place);
        let trust = Trust { keys: vec![key.public()], checkpoint: None };
        let report = place.open().verify(&trust).unwrap();
        assert_eq!((report.findings, report.events, report.checkpoints, report.covered), (vec![], 32, 2, 20));
        touch(&place, sql);
        let report = place.open_to_read().verify(&trust).unwrap();
        assert!(
            report.findings.iter().any(|it| (it.what, it.seq) == (what, seq)),
            "{sql}: {:?}",
            report.findings
        );
    }
}

pub fn words_that_are_no_text_are_damaged(place: &Place) {
    full(place);
    touch(
        place,
        match place {
            Place::Postgres(_) => "UPDATE events SET words = '\\xff' WHERE seq = 7",
            _ => "UPDATE events SET words = CAST(x'ff' AS TEXT) WHERE seq = 7",
        },
    );
    assert_eq!(place.open_to_read().verify(&Trust::default()).unwrap_err().kind(), ErrorKind::Damaged);
}

pub fn rows_stay_as_they_are_also_for_others(place: &Place) {
    full(place);
    for (sql, why) in [
        ("DELETE FROM events", "events are never deleted"),
        ("UPDATE events SET words = '{}'", "events are never changed"),
        (
            "UPDATE events SET recorded = 0, words = NULL, salt = NULL WHERE seq = 7",
            "events are never changed",
        ),
        ("DELETE FROM checkpoints", "checkpoints are never deleted"),
        ("UPDATE checkpoints SET at = 0", "checkpoints are never changed"),
    ] {
        assert_eq!(place.touch(sql), Err(why.to_owned()), "{sql}");
    }
    if matches!(place, Place::Postgres(_)) {
        assert_eq!(place.touch("TRUNCATE events"), Err("events are never deleted".to_owned()));
        assert_eq!(place.touch("TRUNCATE checkpoints"), Err("checkpoints are never deleted".to_owned()));
    }
    assert_eq!(place.open().verify(&Trust::default()).unwrap().findings, []);
}

pub fn a_checkpoint_that_was_handed_out_is_missed(place: &Place) {
    let key = full(place);
    let mut ledger = place.open();
    let last = ledger.checkpoint("2026-07-02T00:00:00Z".parse().unwrap(), Some(&key)).unwrap();
    assert_eq!(ledger.checkpoint("2026-07-03T00:00:00Z".parse().unwrap(), None).unwrap(), last);
    let trust = Trust { keys: vec![key.public()], checkpoint: Some(last.digest) };
    assert_eq!(ledger.verify(&trust).unwrap().findings, []);
    // A keeper who writes the same history anew has another one.
    let other = place.anew();
    full(&other);
    let found = other.open().verify(&trust).unwrap().findings;
    assert_eq!(found.iter().map(|it| it.what).collect::<Vec<_>>(), [What::Unknown]);
    // And one signed by nobody that is trusted is found, too.
    let stranger = Trust { keys: vec![Key::from_bytes(&[8; 32]).public()], checkpoint: None };
    assert_eq!(ledger.verify(&stranger).unwrap().findings.len(), 3);
}
