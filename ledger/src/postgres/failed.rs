//! PostgreSQL's errors as the ledger's: what is wrong, and whether trying again helps.

use crate::error::{Error, ErrorKind};
use crate::store::damaged;
use postgres::error::{DbError, SqlState};
use std::error::Error as _;

/// What went wrong with a statement.
pub(super) fn failed(error: postgres::Error) -> Error {
    if let Some(said) = error.as_db_error() {
        return told(said);
    }
    if error.is_closed() || of_the_network(&error) {
        return lost(&error);
    }
    // All that is left are values: a column holds what is not to be there.
    match error.source() {
        Some(_) => damaged(),
        None => Error::new(ErrorKind::Storage, error.to_string()),
    }
}

/// What went wrong while everything was to be kept.
pub(super) fn kept_or_not(error: postgres::Error) -> Error {
    let answer = failed(error);
    if answer.kind() != ErrorKind::Connection {
        return answer;
    }
    let message =
        "the connection to the server broke while the batch was being kept: whether it was is not known";
    Error::new(ErrorKind::Connection, message)
        .hint("send the same batch again: what is there already is not kept twice")
}

/// What went wrong with a new connection. Nothing of the URL is in it.
pub(super) fn unreachable(error: postgres::Error) -> Error {
    if let Some(said) = error.as_db_error() {
        return told(said);
    }
    let why = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    if error.is_closed() || of_the_network(&error) {
        return Error::new(ErrorKind::Connection, format!("the server cannot be reached: {why}"))
            .hint("is it running, and does the URL name its host and port?");
    }
    Error::new(ErrorKind::Storage, format!("cannot connect to the server: {why}"))
}

fn of_the_network(error: &postgres::Error) -> bool {
    error.source().is_some_and(|it| it.is::<std::io::Error>())
}

fn lost(error: &postgres::Error) -> Error {
    let why = error.source().map_or_else(String::new, |why| format!(": {why}"));
    Error::new(ErrorKind::Connection, format!("the connection to the server broke{why}"))
        .hint("nothing of this was kept; try again")
}

/// What the server said. Its details are left out: they may name what is in a row.
fn told(said: &DbError) -> Error {
    let code = said.code();
    let message = said.message();
    let new = |kind, what: &str| Error::new(kind, format!("{what}: {message}"));
    if *code == SqlState::LOCK_NOT_AVAILABLE {
        return Error::new(ErrorKind::Locked, "another process is writing to the ledger").hint("try again");
    }
    if [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(code) {
        return new(ErrorKind::Locked, "another transaction was in the way").hint("try again");
    }
    if *code == SqlState::QUERY_CANCELED {
        return new(ErrorKind::Locked, "the server stopped it")
            .hint("try again, or allow it more time by `statement_timeout`");
    }
    if [SqlState::DISK_FULL, SqlState::OUT_OF_MEMORY].contains(code) {
        return new(ErrorKind::Full, "the server has no room left");
    }
    if [SqlState::READ_ONLY_SQL_TRANSACTION, SqlState::INSUFFICIENT_PRIVILEGE].contains(code) {
        return new(ErrorKind::ReadOnly, "the server lets this user not do it")
            .hint("a standby may only be read; a user needs its own rights on the ledger's schema");
    }
    if [SqlState::DATA_CORRUPTED, SqlState::INDEX_CORRUPTED].contains(code) {
        return Error::damaged(format!("the database is damaged: {message}"));
    }
    if [SqlState::UNDEFINED_TABLE, SqlState::UNDEFINED_COLUMN, SqlState::INVALID_SCHEMA_NAME].contains(code) {
        return Error::damaged(format!("the ledger's tables are not as they were made: {message}"));
    }
    match code.code() {
        // What the administrator ends, what crashes, what is just starting, what is full.
        "57P01" | "57P02" | "57P03" | "57P04" | "57P05" | "25P03" | "25P04" | "53300" => {
            new(ErrorKind::Connection, "the server ended the connection")
                .hint("nothing of this was kept; try again")
        }
        it if it.starts_with("08") => new(ErrorKind::Connection, "the connection to the server broke")
            .hint("nothing of this was kept; try again"),
        it if it.starts_with("28") => {
            new(ErrorKind::Storage, "the server lets this user not in").hint("are user and password right?")
        }
        "3D000" => new(ErrorKind::Storage, "the server has no such database"),
        _ => new(ErrorKind::Storage, "the server failed"),
    }
}
