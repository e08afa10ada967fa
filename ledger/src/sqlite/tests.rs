//! What a disk and other processes may do to a ledger's file: after it everything acknowledged is there.

use super::*;
use crate::store::Rows;
use crate::{Event, Ledger, Trust};

fn event(n: u32) -> Event {
    let words = serde_json::json!({
        "key": format!("k{n}"), "person": format!("p{}", n % 7), "list": "interactions", "source": "test",
        "actor": {"kind": "system"}, "recorded_at": "2026-07-01T00:00:00Z", "event": {"matter": "x".repeat(900)},
    });
    Event::parse(&words.to_string()).unwrap()
}

/// A ledger with a hundred events, and its file.
fn hundred() -> (tempfile::TempDir, std::path::PathBuf, Ledger<Sqlite>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("consent.db");
    let mut ledger = Ledger::open(&path).unwrap();
    ledger.append(&(0..100).map(event).collect::<Vec<_>>()).unwrap();
    (folder, path, ledger)
}

/// After what failed, everything acknowledged is there, and the ledger goes on.
fn whole(ledger: &mut Ledger<Sqlite>, events: u64) {
    let report = ledger.verify(&Trust::default()).unwrap();
    assert_eq!((report.findings, report.events), (vec![], events));
}

#[test]
fn a_full_disk() {
    let (_folder, _, mut ledger) = hundred();
    let pages: i64 =
        ledger.store.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    ledger.store.connection.pragma_update(None, "max_page_count", pages + 5).unwrap();
    let many: Vec<Event> = (100..400).map(event).collect();
    assert_eq!(ledger.append(&many).unwrap_err().kind(), ErrorKind::Full);
    whole(&mut ledger, 100);
    assert!(ledger.append(&[event(100)]).unwrap().iter().all(|it| it.new));
    ledger.store.connection.pragma_update(None, "max_page_count", 1 << 30).unwrap();
    assert_eq!(ledger.append(&many).unwrap().iter().filter(|it| it.new).count(), 299);
    whole(&mut ledger, 400);
}

#[test]
fn a_file_that_may_only_be_read() {
    let (_folder, path, mut ledger) = hundred();
    ledger.store.connection.pragma_update(None, "query_only", true).unwrap();
    assert_eq!(ledger.append(&[event(100)]).unwrap_err().kind(), ErrorKind::ReadOnly);
    whole(&mut ledger, 100);
    let mut reader = Ledger::open_to_read(path).unwrap();
    assert_eq!(reader.append(&[event(100)]).unwrap_err().kind(), ErrorKind::ReadOnly);
    whole(&mut reader, 100);
}

#[test]
fn another_who_writes() {
    let (_folder, path, mut ledger) = hundred();
    let other = Connection::open(path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    ledger.store.connection.busy_timeout(Duration::from_millis(20)).unwrap();
    assert_eq!(ledger.append(&[event(100)]).unwrap_err().kind(), ErrorKind::Locked);
    // Whoever reads does not wait.
    whole(&mut ledger, 100);
    other.execute_batch("COMMIT").unwrap();
    assert!(ledger.append(&[event(100)]).unwrap().iter().all(|it| it.new));
    whole(&mut ledger, 101);
}

#[test]
fn a_file_cut_short() {
    let (_folder, path, ledger) = hundred();
    drop(ledger);
    let whole = std::fs::read(&path).unwrap();
    let mut refused = 0;
    for keep in (0..whole.len()).step_by(4096 * 3 + 17) {
        std::fs::write(&path, whole.get(..keep).unwrap()).unwrap();
        let report = Ledger::open_to_read(&path).and_then(|mut it| it.verify(&Trust::default()));
        match report {
            Err(error) => {
                let told = matches!(error.kind(), ErrorKind::Damaged | ErrorKind::Storage);
                assert!(told, "{keep}: {error}");
                refused += 1;
            }
            Ok(report) => assert_ne!(report.findings, [], "{keep} bytes of {}", whole.len()),
        }
    }
    assert!(refused > 0);
}

#[test]
fn a_migration_that_breaks_off_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("consent.db");
    let [first, second] = MIGRATIONS;
    let broken = [first, second, "CREATE TABLE half (x INTEGER); SELECT no_such_function()"];
    let bare = || Sqlite { connection: Connection::open(&path).unwrap() };
    let tables = || -> i64 {
        bare().connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap()
    };
    assert!(bare().migrate(&broken).is_err());
    assert_eq!((tables(), bare().version().unwrap()), (0, None));
    // A ledger of one version stays one when the next breaks off.
    bare().migrate(&[first]).unwrap();
    let before = tables();
    assert!(bare().migrate(&broken).is_err());
    assert_eq!((tables(), bare().version().unwrap()), (before, Some(1)));
    bare().migrate(&MIGRATIONS).unwrap();
    let before = tables();
    assert!(bare().migrate(&broken).is_err());
    assert_eq!((tables(), bare().version().unwrap()), (before, Some(2)));
    bare().migrate(&[first, second, "CREATE TABLE half (x INTEGER)"]).unwrap();
    assert_eq!((tables(), bare().version().unwrap()), (before + 1, Some(3)));
    // And the version before refuses what it does not know.
    assert!(Sqlite::open(&path).err().unwrap().message().contains("newer"));
}

/// The file of a ledger as the first version wrote it, with the rows of one that is there.
fn as_of_version_1(path: &std::path::Path) -> std::path::PathBuf {
    let old = path.with_extension("old");
    Sqlite { connection: Connection::open(&old).unwrap() }.migrate(&MIGRATIONS[..1]).unwrap();
    let connection = Connection::open(&old).unwrap();
    connection.execute("ATTACH ?1 AS new", [path.to_str().unwrap()]).unwrap();
    let columns = [
        ("settings", "name, value"),
        ("people", "number, who, name, count, head"),
        ("events", "seq, person, n, list, recorded, key, salt, words, seal, link"),
        ("refusals", "address, seq"),
        ("buried", "hash, at"),
        ("checkpoints", "number, seq, at, root, peaks, before, digest, signer, signature"),
        ("blocks", "number, root"),
    ];
    for (table, columns) in columns {
        let copy = format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}");
        connection.execute_batch(&copy).unwrap();
    }
    old
}

#[test]
fn a_file_of_the_first_version_is_brought_up_to_date() {
    let (_folder, path, mut ledger) = hundred();
    let erasure = crate::Erasure {
        person: "p3",
        why: "request 12",
        by: "privacy office",
        recorded_at: "2026-07-01T00:00:00Z".parse().unwrap(),
        addresses: &[],
    };
    ledger.erase(&erasure).unwrap();
    ledger.checkpoint("2026-07-01T00:00:00Z".parse().unwrap(), None).unwrap();
    let saved = ledger.save().unwrap();
    let old = as_of_version_1(&path);
    // Whoever only reads is told to bring it up to date first.
    let error = Ledger::open_to_read(&old).err().unwrap();
    assert!(error.hint_text().unwrap().contains("brought up to date"), "{error}");
    let mut brought = Ledger::open(&old).unwrap();
    whole(&mut brought, 101);
    // The same ledger to the byte: every link, every checkpoint.
    assert_eq!(brought.save().unwrap(), saved);
    for person in ["p0", "p3", "p6", "nobody"] {
        let known_at = i64::MAX;
        let of = |it: &mut Ledger<Sqlite>| it.store.read(|rows| rows.chain(person, known_at)).unwrap();
        assert_eq!(of(&mut brought), of(&mut ledger), "{person}");
    }
    for number in 1..=7 {
        let of = |it: &mut Ledger<Sqlite>| it.store.read(|rows| rows.of_person(number, i64::MAX)).unwrap();
        assert_eq!(of(&mut brought), of(&mut ledger), "{number}");
    }
    // And it goes on, for those who were there and for others.
    assert!(brought.append(&[event(107), event(101)]).unwrap().iter().all(|it| it.new));
    whole(&mut brought, 103);
    drop(brought);
    whole(&mut Ledger::open_to_read(&old).unwrap(), 103);
}

#[test]
fn what_is_missing_in_a_file_of_the_first_version_is_not_passed_over() {
    let (_folder, path, ledger) = hundred();
    drop(ledger);
    let old = as_of_version_1(&path);
    let gone = "DROP TRIGGER events_stay; DELETE FROM events WHERE seq = 50";
    Connection::open(&old).unwrap().execute_batch(gone).unwrap();
    let mut brought = Ledger::open(&old).unwrap();
    let found: Vec<_> = brought.verify(&Trust::default()).unwrap().findings;
    assert!(found.iter().any(|it| (it.what, it.seq) == (crate::What::Deleted, Some(51))), "{found:?}");
    let missed = brought.store.read(|rows| rows.chain("p0", i64::MAX)).unwrap_err();
    assert_eq!(missed.kind(), ErrorKind::Damaged, "{missed}");
    assert_eq!(brought.store.read(|rows| rows.chain("p1", i64::MAX)).unwrap().events.len(), 15);
}

#[test]
fn a_chain_that_leads_astray_is_damaged_and_not_shorter() {
    for touch in [
        "UPDATE events SET previous = 0 WHERE seq = 50",
        "UPDATE events SET previous = 50 WHERE seq = 50",
        "UPDATE events SET previous = 99 WHERE seq = 50",
        "UPDATE events SET previous = 42 WHERE seq = 50",
        "UPDATE events SET previous = 36 WHERE seq = 50",
        "UPDATE events SET previous = -1 WHERE seq = 50",
        "UPDATE events SET previous = 1000 WHERE seq = 50",
        "UPDATE people SET last = 0 WHERE name = 'p0'",
        "UPDATE people SET last = 92 WHERE name = 'p0'",
        "UPDATE people SET last = 1000 WHERE name = 'p0'",
        "UPDATE people SET last = 0, count = 3 WHERE name = 'p0'",
        "UPDATE people SET last = 43, count = 0 WHERE name = 'p0'",
        "DROP TRIGGER events_stay; DELETE FROM events WHERE seq = 50",
        "DROP TRIGGER events_stay; DELETE FROM events WHERE seq = 1",
    ] {
        let (_folder, _, mut ledger) = hundred();
        let before = ledger.store.read(|rows| rows.chain("p0", i64::MAX)).unwrap();
        assert_eq!((before.events.len(), before.events.iter().all(|it| it.until.is_some())), (15, true));
        ledger.store.connection.execute_batch(&format!("DROP TRIGGER events_as_they_are; {touch}")).unwrap();
        let number = ledger.store.read(|rows| rows.person("p0")).map(|it| it.unwrap().number);
        let number = number.unwrap();
        for error in [
            ledger.store.read(|rows| rows.chain("p0", i64::MAX)).unwrap_err(),
            // Also of whoever asks for what was known long before.
            ledger.store.read(|rows| rows.chain("p0", 0)).unwrap_err(),
            ledger.store.read(|rows| rows.of_person(number, i64::MAX)).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Damaged, "{touch}: {error}");
        }
        let verified = ledger.verify(&Trust::default());
        assert!(verified.is_err() || !verified.unwrap().findings.is_empty(), "{touch}");
    }
}
