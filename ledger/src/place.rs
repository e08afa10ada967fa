//! Where a ledger lies, as somebody types it: a file, a database's URL, or memory. One store for all, so that whoever opens a
//! ledger by a word that is given has one path of code.

use crate::error::{Error, ErrorKind, Result};
use crate::ledger::Ledger;
use crate::memory::Memory;
#[cfg(feature = "postgres")]
use crate::postgres::Postgres;
#[cfg(feature = "sqlite")]
use crate::sqlite::Sqlite;
use crate::store::{Rows, Store};
use std::path::Path;

/// The store that a place names.
#[non_exhaustive]
pub enum Any {
    /// In memory.
    Memory(Box<Memory>),
    /// In a file.
    #[cfg(feature = "sqlite")]
    Sqlite(Box<Sqlite>),
    /// In a database.
    #[cfg(feature = "postgres")]
    Postgres(Box<Postgres>),
}

impl Ledger<Any> {
    /// Opens the ledger at a place: `postgres://…` is a database, `:memory:` is memory, anything else a file. It is made when
    /// there is none.
    ///
    /// ```
    /// use byleave_ledger::Ledger;
    /// let mut ledger = Ledger::at(":memory:")?;
    /// assert_eq!(ledger.size()?, (0, 0));
    /// # Ok::<(), byleave_ledger::Error>(())
    /// ```
    ///
    /// # Errors
    /// As `Ledger::open`, or as `Postgres::connect`; a file where this was built without the feature `sqlite`, a URL where it
    /// was built without `postgres`.
    pub fn at(place: impl AsRef<Path>) -> Result<Ledger<Any>> {
        Ledger::over(Any::open(place.as_ref(), true)?)
    }

    /// Opens a ledger that is there, to be read and verified only.
    ///
    /// # Errors
    /// As [`Ledger::at`]; there is none.
    pub fn at_to_read(place: impl AsRef<Path>) -> Result<Ledger<Any>> {
        Ledger::over(Any::open(place.as_ref(), false)?)
    }
}

impl Any {
    fn open(place: &Path, writes: bool) -> Result<Any> {
        match place.to_str().filter(|it| is_url(it)) {
            Some(url) => database(url, writes),
            None if place.to_str() != Some(MEMORY) => file(place, writes),
            None if writes => Ok(Any::from(Memory::new())),
            None => Err(Error::new(ErrorKind::ReadOnly, "what is only to be read is not in memory")
                .hint("name a file")),
        }
    }
}

#[cfg(feature = "sqlite")]
fn file(place: &Path, writes: bool) -> Result<Any> {
    if writes { Sqlite::open(place) } else { Sqlite::open_to_read(place) }.map(Any::from)
}

#[cfg(not(feature = "sqlite"))]
fn file(_: &Path, _: bool) -> Result<Any> {
    Err(Error::input("place", "there are no files here").hint(format!("a ledger in memory is at `{MEMORY}`")))
}

#[cfg(feature = "postgres")]
fn database(url: &str, writes: bool) -> Result<Any> {
    if writes { Postgres::connect(url) } else { Postgres::connect_to_read(url) }.map(Any::from)
}

#[cfg(not(feature = "postgres"))]
fn database(_: &str, _: bool) -> Result<Any> {
    Err(Error::new(ErrorKind::Input, "this was built without PostgreSQL")
        .hint("build it with the feature `postgres`"))
}

impl From<Memory> for Any {
    fn from(store: Memory) -> Any {
        Any::Memory(Box::new(store))
    }
}

#[cfg(feature = "sqlite")]
impl From<Sqlite> for Any {
    fn from(store: Sqlite) -> Any {
        Any::Sqlite(Box::new(store))
    }
}

#[cfg(feature = "postgres")]
impl From<Postgres> for Any {
    fn from(store: Postgres) -> Any {
        Any::Postgres(Box::new(store))
    }
}

impl Store for Any {
    type Rows<'a> = dyn Rows + 'a;

    fn write<T>(&mut self, work: impl FnOnce(&mut Self::Rows<'_>) -> Result<T>) -> Result<T> {
        match self {
            Any::Memory(store) => store.write(|rows| work(rows)),
            #[cfg(feature = "sqlite")]
            Any::Sqlite(store) => store.write(|rows| work(rows)),
            #[cfg(feature = "postgres")]
            Any::Postgres(store) => store.write(|rows| work(rows)),
        }
    }

    fn read<T>(&mut self, work: impl FnOnce(&mut Self::Rows<'_>) -> Result<T>) -> Result<T> {
        match self {
            Any::Memory(store) => store.read(|rows| work(rows)),
            #[cfg(feature = "sqlite")]
            Any::Sqlite(store) => store.read(|rows| work(rows)),
            #[cfg(feature = "postgres")]
            Any::Postgres(store) => store.read(|rows| work(rows)),
        }
    }
}

/// The place of a ledger in memory.
pub const MEMORY: &str = ":memory:";

/// Whether that is the URL of a PostgreSQL database, and not the name of a file.
#[must_use]
pub fn is_url(place: &str) -> bool {
    place.starts_with("postgres://") || place.starts_with("postgresql://")
}

/// What is shown of a URL in which nobody can say where a password ends.
pub(crate) const HIDDEN: &str = "postgres://…";

/// A ledger's place as it may be printed: of a URL host and database, without user, password and whatever else it says.
/// Anything that is no URL is itself.
///
/// ```
/// use byleave_ledger::shown;
/// assert_eq!(shown("postgres://ann:secret@db.example.org/consent?sslmode=disable"), "postgres://db.example.org/consent");
/// assert_eq!(shown("consent.db"), "consent.db");
/// ```
#[must_use]
pub fn shown(place: &str) -> String {
    if !is_url(place) {
        return place.to_owned();
    }
    let said = place.split_once("://").map_or("", |(_, said)| said);
    let address = match said.split_once('@') {
        Some((user, _)) if user.contains(['/', '?', '#']) => "",
        Some((_, address)) => address,
        None => said,
    };
    let address = address.split_once('?').map_or(address, |(address, _)| address);
    let known = |it: char| it.is_ascii_alphanumeric() || "-._~:/,[]%".contains(it);
    let host = address.split_once('/').map_or(address, |(host, _)| host);
    // Without a host, what stands after the colon is a password and no port.
    let port = |it: &str| {
        it.ends_with(']') || it.rsplit_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok())
    };
    if said.matches('@').count() > 1
        || address.is_empty()
        || !address.chars().all(known)
        || !host.split(',').all(port)
    {
        return HIDDEN.to_owned();
    }
    format!("postgres://{address}")
}
