//! A ledger in a PostgreSQL database, shared by several machines: one writer at a time, in tables of a schema of its own.

use crate::chain::Digest;
use crate::error::{Error, ErrorKind, Result};
use crate::store::{Store, damaged};
use failed::{failed, kept_or_not, unreachable};
use postgres::config::TargetSessionAttrs;
use postgres::{Client, Config, GenericClient, NoTls, Statement};
use std::collections::HashMap;

mod failed;
mod rows;
mod url;

pub use rows::PostgresRows;
pub use url::SCHEMA;

/// Each version's change of the tables, in order. The table `ledger_version` has a row for each that a database has seen.
const MIGRATIONS: [&str; 1] = [include_str!("postgres/tables.sql")];

/// A ledger's schema in a database.
///
/// Every call blocks. Where the host is asynchronous, they belong on a thread for what blocks: within a runtime of Tokio
/// itself the client would panic.
pub struct Postgres {
    client: Client,
    statements: HashMap<&'static str, Statement>,
    schema: String,
    /// How a lost connection is made again; nothing where the host made it.
    again: Option<Config>,
    reads_only: bool,
    /// The connection broke, or in what state it is is not known.
    lost: bool,
}

impl Postgres {
    /// Connects to the database of a URL, and makes a ledger where there is none:
    /// `postgres://user:password@host:5432/database`, as libpq writes them, and with `?schema=NAME` in that schema instead of
    /// [`SCHEMA`]. Without a password in it, that of the variable `PGPASSWORD`, which a list of processes does not show. A
    /// connection that is lost is made again by the next call.
    ///
    /// It speaks in the clear, which is good enough within a machine. To any other host it connects only when the URL says
    /// `sslmode=disable`, and never when it asks for TLS: then connect with TLS and hand the client to [`Postgres::over`].
    ///
    /// # Errors
    /// As for [`Postgres::over`]; the URL cannot be read or asks for TLS; the server cannot be reached.
    pub fn connect(url: &str) -> Result<Postgres> {
        Postgres::connected(url, false)
    }

    /// Connects to a ledger that is there, to be read only: what its user may not write it need not.
    ///
    /// # Errors
    /// As [`Postgres::connect`]; there is none.
    pub fn connect_to_read(url: &str) -> Result<Postgres> {
        Postgres::connected(url, true)
    }

    fn connected(url: &str, reads_only: bool) -> Result<Postgres> {
        let mut url = url::read(url)?;
        if url.config.get_password().is_none()
            && let Ok(password) = std::env::var("PGPASSWORD")
        {
            url.config.password(password);
        }
        // Of several hosts all but one may be standbys.
        if !reads_only && url.config.get_hosts().len() > 1 {
            url.config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        let client = url.config.connect(NoTls).map_err(unreachable)?;
        Postgres::begun(client, url.schema, Some(url.config), reads_only)
    }

    /// A ledger behind a connection that the host has made, in the schema of that name, which is made when there is none.
    /// A lost connection is the host's to make again.
    ///
    /// # Errors
    /// The schema holds something else, or a newer version's ledger; the user may not make or use it; the server does not
    /// force to its disk what it acknowledges.
    pub fn over(client: Client, schema: &str) -> Result<Postgres> {
        Postgres::begun(client, schema.to_owned(), None, false)
    }

    fn begun(client: Client, schema: String, again: Option<Config>, reads_only: bool) -> Result<Postgres> {
        if schema.is_empty() || schema.len() > 63 || schema.contains('\0') {
            return Err(Error::input("schema", "a name of a schema has 1 to 63 bytes"));
        }
        let mut out = Postgres { client, statements: HashMap::new(), schema, again, reads_only, lost: false };
        out.begin(&MIGRATIONS)?;
        Ok(out)
    }

    /// What a new connection begins with.
    fn begin(&mut self, migrations: &[&str]) -> Result<()> {
        self.statements.clear();
        // A machine that vanished would hold its turn for hours; on a socket within the machine these mean nothing.
        let session =
            "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3";
        self.client.batch_execute(session).map_err(failed)?;
        let forced: String = self
            .client
            .query_one("SELECT current_setting('fsync')", &[])
            .and_then(|row| row.try_get(0))
            .map_err(failed)?;
        if forced != "on" && !self.reads_only {
            let message = "the server does not force what it acknowledges to its disk";
            return Err(Error::new(ErrorKind::Storage, message).hint("set `fsync = on` in its configuration"));
        }
        let seen = version(&mut self.client, &self.schema)?;
        match seen {
            Some(seen) if seen == migrations.len() => Ok(()),
            Some(seen) if seen > migrations.len() => Err(newer()),
            None if self.reads_only => Err(Error::new(
                ErrorKind::Storage,
                format!("there is no ledger in the schema `{}`", self.schema),
            )),
            Some(_) if self.reads_only => {
                Err(Error::new(ErrorKind::Storage, "the schema holds an older version's ledger")
                    .hint("open it once to write, and it is brought up to date"))
            }
            _ => self.migrate(migrations),
        }
    }

    fn migrate(&mut self, migrations: &[&str]) -> Result<()> {
        let mut transaction = self.client.transaction().map_err(failed)?;
        // There is no table yet whose row could be held: two who begin at once take turns by a number that stands for the
        // schema. Whoever comes second finds the work done.
        transaction.batch_execute(rows::PATIENCE).map_err(failed)?;
        transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&turn(&self.schema)]).map_err(failed)?;
        let seen = version(&mut transaction, &self.schema)?;
        if seen.is_some_and(|seen| seen > migrations.len()) {
            return Err(newer());
        }
        let schema = quoted(&self.schema);
        if seen.is_none() {
            let there = transaction.query_opt("SELECT FROM pg_namespace WHERE nspname = $1", &[&self.schema]);
            // Asked first: whoever may not make a schema may use one that was made for it.
            if there.map_err(failed)?.is_none() {
                transaction.batch_execute(&format!("CREATE SCHEMA {schema}")).map_err(failed)?;
            }
        }
        transaction.batch_execute(&format!("SET LOCAL search_path TO {schema}, pg_temp")).map_err(failed)?;
        if seen.is_none() {
            transaction
                .batch_execute("CREATE TABLE ledger_version (number BIGINT PRIMARY KEY)")
                .map_err(failed)?;
        }
        for (n, migration) in migrations.iter().enumerate().skip(seen.unwrap_or(0)) {
            transaction.batch_execute(migration).map_err(failed)?;
            let number = (n + 1) as i64;
            transaction.execute("INSERT INTO ledger_version VALUES ($1)", &[&number]).map_err(failed)?;
        }
        transaction.commit().map_err(kept_or_not)
    }

    /// Connects again if the connection is known to be lost.
    fn again(&mut self) -> Result<()> {
        if !self.lost && !self.client.is_closed() {
            return Ok(());
        }
        let Some(config) = &self.again else {
            return Err(Error::new(ErrorKind::Connection, "the connection to the server is lost")
                .hint("connect again, and open the ledger over the new connection"));
        };
        self.client = config.connect(NoTls).map_err(unreachable)?;
        self.lost = false;
        self.begin(&MIGRATIONS).inspect_err(|_| self.lost = true)
    }

    fn rows(&mut self, writes: bool) -> PostgresRows<'_> {
        PostgresRows::of(&mut self.client, &mut self.statements, &mut self.lost, writes)
    }

    /// Begins a transaction and leaves it open.
    fn start(&mut self, writes: bool) -> Result<()> {
        let schema = quoted(&self.schema);
        let mut rows = self.rows(writes);
        rows.begin(&schema)?;
        rows.leave();
        Ok(())
    }

    fn work<T>(&mut self, writes: bool, work: impl FnOnce(&mut PostgresRows<'_>) -> Result<T>) -> Result<T> {
        if writes && self.reads_only {
            return Err(Error::new(ErrorKind::ReadOnly, "the ledger was opened to be read only"));
        }
        self.again()?;
        if let Err(error) = self.start(writes) {
            if error.kind() != ErrorKind::Connection {
                return Err(error);
            }
            // Nothing was done yet: a connection that turns out to be lost is made again, once.
            self.again()?;
            self.start(writes)?;
        }
        let mut rows = self.rows(writes);
        let out = work(&mut rows)?;
        rows.commit()?;
        Ok(out)
    }
}

impl Store for Postgres {
    type Rows<'a> = PostgresRows<'a>;

    fn write<T>(&mut self, work: impl FnOnce(&mut PostgresRows<'_>) -> Result<T>) -> Result<T> {
        self.work(true, work)
    }

    fn read<T>(&mut self, work: impl FnOnce(&mut PostgresRows<'_>) -> Result<T>) -> Result<T> {
        self.work(false, work)
    }
}

/// How many migrations a schema has seen; nothing if it holds no table.
fn version(client: &mut impl GenericClient, schema: &str) -> Result<Option<usize>> {
    let tables = "SELECT count(*), count(*) FILTER (WHERE relname = 'ledger_version') FROM pg_class \
        WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND relkind IN ('r', 'p', 'v', 'm', 'f')";
    let found = client.query_one(tables, &[&schema]).map_err(failed)?;
    match (found.try_get::<_, i64>(0).map_err(failed)?, found.try_get::<_, i64>(1).map_err(failed)?) {
        (0, _) => Ok(None),
        (_, 0) => Err(Error::new(
            ErrorKind::Storage,
            format!("the schema `{schema}` holds something else than a ledger"),
        )
        .hint("it is left as it was; name another with `?schema=NAME`")),
        _ => {
            let last = format!("SELECT coalesce(max(number), 0) FROM {}.ledger_version", quoted(schema));
            let last: i64 = client.query_one(&last, &[]).and_then(|row| row.try_get(0)).map_err(failed)?;
            usize::try_from(last).map(Some).map_err(|_| damaged())
        }
    }
}

fn newer() -> Error {
    Error::new(ErrorKind::Storage, "the schema holds a newer version's ledger").hint("use a newer Byleave")
}

/// A name as SQL writes it, whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// What stands for a schema where transactions take turns by a number.
fn turn(schema: &str) -> i64 {
    let Digest(bytes) = Digest::of(format!("byleave ledger {schema}").as_bytes());
    bytes.iter().take(8).fold(0, |number, byte| (number << 8) | i64::from(*byte))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
mod tests;
