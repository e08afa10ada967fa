//! A ledger in one file, by SQLite: a write-ahead log, every commit forced to the disk before it is acknowledged.

mod back;
pub(crate) mod failed;
mod rows;

pub use rows::SqliteRows;

use self::failed::{failed, not_a_ledger};
use crate::error::{Error, ErrorKind, Result};
use crate::store::Store;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::Path;
use std::time::{Duration, Instant};

/// Marks the file as a ledger (`PRAGMA application_id`): `bylv`.
const APPLICATION: i64 = 0x6279_6c76;
/// Each version's change of the tables, in order. `PRAGMA user_version` says how many a file has seen.
const MIGRATIONS: [&str; 2] = [include_str!("sqlite/tables.sql"), include_str!("sqlite/previous.sql")];
/// How long a writer waits for another.
const PATIENCE: Duration = Duration::from_secs(10);

/// The pages that are kept in memory, in KiB below nought: what a transaction of an import touches, and the upper levels of
/// the indexes of some ten million events.
const CACHE: &str = "-65536";
/// Pages of the log after which it is carried over into the file: a page that was written again and again goes over once.
const LOG: &str = "16384";

/// A ledger's file.
pub struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    /// Opens a file, which is made when there is none.
    ///
    /// # Errors
    /// The file is no ledger, a newer version's, or cannot be opened.
    pub fn open(path: impl AsRef<Path>) -> Result<Sqlite> {
        Sqlite::over(Connection::open(path).map_err(failed)?)
    }

    /// Opens a file that is there, to be read only.
    ///
    /// # Errors
    /// As [`Sqlite::open`]; there is none.
    pub fn open_to_read(path: impl AsRef<Path>) -> Result<Sqlite> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.pragma_update(None, "cache_size", CACHE).map_err(failed)?;
        let out = Sqlite { connection };
        match out.version()? {
            Some(version) if version == MIGRATIONS.len() => Ok(out),
            Some(_) => Err(Error::new(ErrorKind::Storage, "the file is another version's ledger")
                .hint("open it once to write, and it is brought up to date")),
            None => Err(not_a_ledger()),
        }
    }

    /// A ledger that ends with the process.
    ///
    /// # Errors
    /// There is no memory.
    pub fn in_memory() -> Result<Sqlite> {
        Sqlite::over(Connection::open_in_memory().map_err(failed)?)
    }

    fn over(connection: Connection) -> Result<Sqlite> {
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        connection.set_prepared_statement_cache_capacity(64);
        let mut out = Sqlite { connection };
        // Before anything is written: a file of somebody else's stays as it is. In one transaction, since another process may
        // make its ledger in between.
        out.connection.execute_batch("BEGIN").map_err(failed)?;
        if out.version()?.is_none() {
            let tables: i64 = out
                .connection
                .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
                .map_err(failed)?;
            if tables > 0 {
                return Err(not_a_ledger());
            }
        }
        out.connection.execute_batch("COMMIT").map_err(failed)?;
        let set = |name: &str, value: &str| out.connection.pragma_update(None, name, value).map_err(failed);
        // SQLite itself does not wait for others here, who may be opening the same new file.
        let since = Instant::now();
        while let Err(error) = set("journal_mode", "wal") {
            if error.kind() != ErrorKind::Locked || since.elapsed() > PATIENCE {
                return Err(error);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        // Acknowledged is on the disk, also when the machine loses its power the next moment.
        set("synchronous", "full")?;
        set("foreign_keys", "on")?;
        set("cell_size_check", "on")?;
        set("cache_size", CACHE)?;
        set("wal_autocheckpoint", LOG)?;
        out.migrate(&MIGRATIONS)?;
        Ok(out)
    }

    /// How many migrations the file has seen; nothing if it is no ledger.
    fn version(&self) -> Result<Option<usize>> {
        let number = |name: &str| {
            self.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(failed)
        };
        if number("application_id")? != APPLICATION {
            return Ok(None);
        }
        Ok(usize::try_from(number("user_version")?).ok())
    }

    fn migrate(&mut self, migrations: &[&str]) -> Result<()> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        // Asked again within the transaction: another process may have been quicker.
        let number = |name: &str| {
            transaction.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(failed)
        };
        let seen = if number("application_id")? == APPLICATION { number("user_version")? } else { 0 };
        let seen = usize::try_from(seen).ok().filter(|seen| *seen <= migrations.len()).ok_or_else(|| {
            Error::new(ErrorKind::Storage, "the file is a newer version's ledger").hint("use a newer Byleave")
        })?;
        for (n, migration) in migrations.iter().enumerate().skip(seen) {
            transaction.execute_batch(migration).map_err(failed)?;
            transaction.pragma_update(None, "user_version", (n + 1) as i64).map_err(failed)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION).map_err(failed)?;
        transaction.commit().map_err(failed)
    }

    fn work<T>(
        &mut self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&mut SqliteRows<'_>) -> Result<T>,
    ) -> Result<T> {
        let transaction = self.connection.transaction_with_behavior(behavior).map_err(failed)?;
        let out = work(&mut SqliteRows::of(&transaction))?;
        transaction.commit().map_err(failed)?;
        Ok(out)
    }
}

impl Store for Sqlite {
    type Rows<'a> = SqliteRows<'a>;

    fn write<T>(&mut self, work: impl FnOnce(&mut SqliteRows<'_>) -> Result<T>) -> Result<T> {
        // Immediate: whoever reads a chain's head to write after it must be the only one who does.
        self.work(TransactionBehavior::Immediate, work)
    }

    fn read<T>(&mut self, work: impl FnOnce(&mut SqliteRows<'_>) -> Result<T>) -> Result<T> {
        self.work(TransactionBehavior::Deferred, work)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
mod tests;
