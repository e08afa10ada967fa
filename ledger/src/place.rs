//! Where a ledger lies, as somebody types it: a file, or a database's URL. One store for both, so that whoever opens a ledger by
//! a word that is given has one path of code.

use crate::error::Result;
#[cfg(not(feature = "postgres"))]
use crate::error::{Error, ErrorKind};
use crate::ledger::Ledger;
#[cfg(feature = "postgres")]
use crate::postgres::Postgres;
use crate::sqlite::Sqlite;
use crate::store::{Rows, Store};
use std::path::Path;

/// The store that a place names.
#[non_exhaustive]
pub enum Any {
    /// In a file, or in memory.
    Sqlite(Sqlite),
    /// In a database.
    #[cfg(feature = "postgres")]
    Postgres(Box<Postgres>),
}

impl Ledger<Any> {
    /// Opens the ledger at a place: `postgres://…` is a database, anything else a file. It is made when there is none.
    ///
    /// ```
    /// use byleave_ledger::Ledger;
    /// let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::at(folder.path().join("consent.db"))?;
    /// assert_eq!(ledger.size()?, (0, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Ledger::open`], or as `Postgres::connect`; a URL where this was built without the feature `postgres`.
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
            None if writes => Sqlite::open(place).map(Any::Sqlite),
            None => Sqlite::open_to_read(place).map(Any::Sqlite),
        }
    }
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

impl From<Sqlite> for Any {
    fn from(store: Sqlite) -> Any {
        Any::Sqlite(store)
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
            Any::Sqlite(store) => store.write(|rows| work(rows)),
            #[cfg(feature = "postgres")]
            Any::Postgres(store) => store.write(|rows| work(rows)),
        }
    }

    fn read<T>(&mut self, work: impl FnOnce(&mut Self::Rows<'_>) -> Result<T>) -> Result<T> {
        match self {
            Any::Sqlite(store) => store.read(|rows| work(rows)),
            #[cfg(feature = "postgres")]
            Any::Postgres(store) => store.read(|rows| work(rows)),
        }
    }
}

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
