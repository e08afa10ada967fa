//! What a disk and other processes may do to a ledger's file: after it everything acknowledged is there.

use super::*;
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
    let broken = [MIGRATIONS[0], "CREATE TABLE half (x INTEGER); SELECT no_such_function()"];
    let bare = || Sqlite { connection: Connection::open(&path).unwrap() };
    let tables = || -> i64 {
        bare().connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap()
    };
    assert!(bare().migrate(&broken).is_err());
    assert_eq!((tables(), bare().version().unwrap()), (0, None));
    // A ledger of the first version stays one when the second breaks off.
    bare().migrate(&MIGRATIONS).unwrap();
    let before = tables();
    assert!(bare().migrate(&broken).is_err());
    assert_eq!((tables(), bare().version().unwrap()), (before, Some(1)));
    bare().migrate(&[MIGRATIONS[0], "CREATE TABLE half (x INTEGER)"]).unwrap();
    assert_eq!((tables(), bare().version().unwrap()), (before + 1, Some(2)));
    // And the version before refuses what it does not know.
    assert!(Sqlite::open(&path).err().unwrap().message().contains("newer"));
}
