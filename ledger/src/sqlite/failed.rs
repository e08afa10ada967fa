//! What SQLite says when it fails, as the ledger's own errors.

use crate::error::{Error, ErrorKind};
use crate::store::damaged;
use rusqlite::ErrorCode;

pub(super) fn not_a_ledger() -> Error {
    Error::new(ErrorKind::Storage, "the file is no ledger").hint("it is left as it was")
}

/// SQLite's error as the ledger's.
pub(crate) fn failed(error: rusqlite::Error) -> Error {
    let said = error.to_string();
    match error {
        rusqlite::Error::SqliteFailure(code, _) => match code.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
                Error::new(ErrorKind::Locked, "another process is writing to the ledger").hint("try again")
            }
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => {
                Error::new(ErrorKind::ReadOnly, format!("the ledger cannot be opened or written: {said}"))
            }
            ErrorCode::DiskFull => Error::new(ErrorKind::Full, "there is no room left on the disk"),
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
                Error::damaged(format!("the file is damaged: {said}"))
            }
            _ => Error::new(ErrorKind::Storage, said),
        },
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::Utf8Error(..) => damaged(),
        _ => Error::new(ErrorKind::Storage, said),
    }
}
