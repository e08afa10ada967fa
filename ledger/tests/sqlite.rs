//! What is a file's alone: one that is somebody else's, or a newer version's.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use byleave_ledger::{ErrorKind, Ledger};
use rusqlite::Connection;

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
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("consent.db");
    drop(Ledger::open(&path).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(Ledger::open(&path).err().unwrap().message().contains("newer"));
}
