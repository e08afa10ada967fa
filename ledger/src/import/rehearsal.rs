//! A dry run: the store as it is, and over it, in a file of our own that goes away, what the run would have added so far. So
//! what is told twice is seen to be, memory stays flat, and nobody waits for a run that keeps nothing.

use crate::chain::{Digest, Who};
use crate::error::{Error, Result};
use crate::sqlite::failed::failed;
use crate::store::{Checkpoint, Kept, Person, Rows, damaged, number, signed};
use rusqlite::{Connection, OptionalExtension, params};

const TABLES: &str = "
CREATE TABLE events (seq INTEGER PRIMARY KEY, person INTEGER, n INTEGER, list INTEGER, recorded INTEGER, key BLOB UNIQUE, words TEXT);
CREATE TABLE people (number INTEGER PRIMARY KEY, who BLOB, name TEXT UNIQUE, count INTEGER, head BLOB);
PRAGMA synchronous = off; PRAGMA journal_mode = off;
";

/// What a dry run would have added.
pub(super) struct Rehearsal {
    connection: Connection,
}

impl Rehearsal {
    pub(super) fn new() -> Result<Rehearsal> {
        // Without a name: in a file that nobody else sees, and that is gone with the connection.
        let connection = Connection::open("").map_err(failed)?;
        connection.execute_batch(TABLES).map_err(failed)?;
        Ok(Rehearsal { connection })
    }

    /// Laid over a store's rows.
    pub(super) fn over<'a, R: Rows + ?Sized>(&'a mut self, below: &'a mut R) -> Over<'a, R> {
        Over { above: &self.connection, below }
    }
}

/// A store's rows with the run's over them. Nothing is written below.
pub(super) struct Over<'a, R: Rows + ?Sized> {
    above: &'a Connection,
    below: &'a mut R,
}

/// Appending asks for nothing of that.
fn not_here<T>() -> Result<T> {
    Err(Error::input("", "a dry run does not do that"))
}

impl<R: Rows + ?Sized> Over<'_, R> {
    fn person_where(&self, column: &str, is: &dyn rusqlite::ToSql) -> Result<Option<Person>> {
        let text = format!("SELECT number, who, name, count, head FROM people WHERE {column} = ?1");
        let mut ask = self.above.prepare_cached(&text).map_err(failed)?;
        let mut rows = ask.query([is]).map_err(failed)?;
        let Some(row) = rows.next().map_err(failed)? else { return Ok(None) };
        Ok(Some(Person {
            number: row.get(0).map_err(failed)?,
            who: row.get(1).map_err(failed)?,
            name: row.get(2).map_err(failed)?,
            count: number(row.get(3).map_err(failed)?)?,
            head: Digest(row.get(4).map_err(failed)?),
            last: None,
        }))
    }

    fn keep_person(&mut self, it: &Person) -> Result<()> {
        let text = "INSERT INTO people VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (number) DO UPDATE SET count = ?4, head = ?5";
        let mut ask = self.above.prepare_cached(text).map_err(failed)?;
        ask.execute(params![it.number, it.who, it.name, signed(it.count), it.head.0])
            .map(drop)
            .map_err(failed)
    }
}

impl<R: Rows + ?Sized> Rows for Over<'_, R> {
    fn setting(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        self.below.setting(name)
    }

    fn set(&mut self, _: &str, _: &[u8]) -> Result<()> {
        not_here()
    }

    fn last(&mut self) -> Result<(u64, i64)> {
        let below = self.below.last()?;
        let text = "SELECT seq, recorded FROM events ORDER BY seq DESC LIMIT 1";
        let mut ask = self.above.prepare_cached(text).map_err(failed)?;
        let above: Option<(i64, i64)> =
            ask.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional().map_err(failed)?;
        let Some((seq, recorded)) = above else { return Ok(below) };
        // Another may have written below since: their numbers overlap, and a dry run promises none.
        Ok((number(seq)?.max(below.0), recorded.max(below.1)))
    }

    fn person(&mut self, name: &str) -> Result<Option<Person>> {
        match self.person_where("name", &name)? {
            None => self.below.person(name),
            found => Ok(found),
        }
    }

    fn person_of(&mut self, number: i64) -> Result<Option<Person>> {
        match self.person_where("number", &number)? {
            None => self.below.person_of(number),
            found => Ok(found),
        }
    }

    fn add_person(&mut self, name: &str, who: &Who) -> Result<i64> {
        // Below nothing: numbers of a store count from 1.
        let text = "SELECT min(coalesce(min(number), 0), 0) - 1 FROM people";
        let mut ask = self.above.prepare_cached(text).map_err(failed)?;
        let number: i64 = ask.query_row([], |row| row.get(0)).map_err(failed)?;
        self.keep_person(&Person {
            number,
            who: *who,
            name: Some(name.to_owned()),
            count: 0,
            head: Digest::NONE,
            last: None,
        })?;
        Ok(number)
    }

    fn put_person(&mut self, person: &Person) -> Result<()> {
        self.keep_person(person)
    }

    fn people(&mut self) -> Result<u64> {
        self.below.people()
    }

    fn add(&mut self, event: &Kept) -> Result<bool> {
        if self.below.by_key(&event.key)?.is_some() {
            return Ok(false);
        }
        let text = "INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (key) DO NOTHING";
        let mut ask = self.above.prepare_cached(text).map_err(failed)?;
        let given = params![
            signed(event.seq),
            event.person,
            signed(event.n),
            event.list,
            event.recorded,
            event.key,
            event.words
        ];
        ask.execute(given).map(|changed| changed == 1).map_err(failed)
    }

    fn by_key(&mut self, key: &[u8; 16]) -> Result<Option<Kept>> {
        if let Some(found) = self.below.by_key(key)? {
            return Ok(Some(found));
        }
        let text = "SELECT seq, person, n, list, recorded, words FROM events WHERE key = ?1";
        let mut ask = self.above.prepare_cached(text).map_err(failed)?;
        let mut rows = ask.query([key]).map_err(failed)?;
        let Some(row) = rows.next().map_err(failed)? else { return Ok(None) };
        Ok(Some(Kept {
            seq: number(row.get(0).map_err(failed)?)?,
            person: row.get(1).map_err(failed)?,
            n: number(row.get(2).map_err(failed)?)?,
            list: u8::try_from(row.get::<_, i64>(3).map_err(failed)?).map_err(|_| damaged())?,
            recorded: row.get(4).map_err(failed)?,
            key: *key,
            salt: None,
            words: row.get(5).map_err(failed)?,
            seal: Digest::NONE,
            link: Digest::NONE,
            previous: None,
        }))
    }

    fn add_refusal(&mut self, _: &[u8; 16], _: u64) -> Result<()> {
        Ok(())
    }

    fn blank(&mut self, _: u64) -> Result<()> {
        not_here()
    }

    fn of_person(&mut self, _: i64, _: i64) -> Result<Vec<Kept>> {
        not_here()
    }

    fn after(&mut self, _: u64, _: usize) -> Result<Vec<Kept>> {
        not_here()
    }

    fn refusals(&mut self, _: &[u8; 16], _: i64) -> Result<Vec<Kept>> {
        not_here()
    }

    fn has_refusal(&mut self, _: &[u8; 16], _: u64) -> Result<bool> {
        not_here()
    }

    fn bury(&mut self, _: &[u8; 16], _: i64) -> Result<()> {
        not_here()
    }

    fn buried(&mut self, _: &[u8; 16]) -> Result<Option<i64>> {
        not_here()
    }

    fn checkpoint(&mut self) -> Result<Option<Checkpoint>> {
        not_here()
    }

    fn add_checkpoint(&mut self, _: &Checkpoint) -> Result<()> {
        not_here()
    }

    fn complaints(&mut self) -> Result<Vec<String>> {
        not_here()
    }

    fn checkpoints(&mut self) -> Result<Vec<Checkpoint>> {
        not_here()
    }

    fn add_block(&mut self, _: u64, _: &Digest) -> Result<()> {
        not_here()
    }

    fn blocks(&mut self) -> Result<Vec<Digest>> {
        not_here()
    }
}
