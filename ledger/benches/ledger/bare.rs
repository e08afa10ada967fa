//! What everything is held against: SQLite by itself, the same rows in the same columns.
//!
//! It has the three indexes without which nothing could be asked of it or kept once: people by name, a person's events in
//! order, events by key. The ledger does without the second: each of its rows names the one before it. Its pragmas are the ledger's: a write-ahead log, every commit forced to the disk.

use rusqlite::{Connection, Result, Row, params};
use std::path::Path;
use std::time::{Duration, Instant};

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS people (number INTEGER PRIMARY KEY, who BLOB NOT NULL, name TEXT UNIQUE) STRICT;
    CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, person INTEGER NOT NULL, n INTEGER NOT NULL, list INTEGER NOT NULL,
        recorded INTEGER NOT NULL, key BLOB NOT NULL, salt BLOB, words TEXT, seal BLOB NOT NULL, link BLOB NOT NULL) STRICT;
    CREATE UNIQUE INDEX IF NOT EXISTS events_of_person ON events (person, n);
    CREATE UNIQUE INDEX IF NOT EXISTS events_of_key ON events (key);";

/// The bare tables.
pub struct Bare {
    connection: Connection,
}

/// A row of events.
struct Event {
    numbers: [i64; 5],
    blobs: [Vec<u8>; 4],
    words: String,
}

/// A row of people.
type Person = (i64, Vec<u8>, String);

/// Rows of one transaction.
#[derive(Default)]
pub struct Rows {
    people: Vec<Person>,
    events: Vec<Event>,
}

fn event(row: &Row<'_>) -> Result<Event> {
    Ok(Event {
        numbers: [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?],
        blobs: [row.get(5)?, row.get(6)?, row.get(8)?, row.get(9)?],
        words: row.get(7)?,
    })
}

/// The rows that a ledger has got since, by a connection to its file.
pub fn rows(ledger: &Connection, after: i64, after_person: i64) -> Result<Rows> {
    let mut ask = ledger.prepare_cached("SELECT number, who, name FROM people WHERE number > ?1")?;
    let people = ask.query_map([after_person], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let people = people.collect::<Result<_>>()?;
    let mut ask = ledger.prepare_cached(
        "SELECT seq, person, n, list, recorded, key, salt, words, seal, link FROM events WHERE seq > ?1",
    )?;
    let events = ask.query_map([after], event)?.collect::<Result<_>>()?;
    Ok(Rows { people, events })
}

impl Rows {
    /// The last event's and the last person's number, or these.
    pub fn last(&self, before: (i64, i64)) -> (i64, i64) {
        let person = self.people.last().map_or(before.1, |it| it.0);
        (self.events.last().map_or(before.0, |it| it.numbers[0]), person)
    }
}

impl Bare {
    pub fn open(path: &Path) -> Result<Bare> {
        let connection = Connection::open(path)?;
        for (name, value) in super::PRAGMAS {
            connection.pragma_update(None, name, value)?;
        }
        connection.execute_batch(TABLES)?;
        Ok(Bare { connection })
    }

    /// Inserts them, `most` events in a transaction; how long that took.
    pub fn insert(&mut self, rows: &Rows, most: usize) -> Result<Duration> {
        let start = Instant::now();
        let mut people = rows.people.iter().peekable();
        for events in rows.events.chunks(most) {
            let transaction = self.connection.transaction()?;
            {
                let mut person = transaction.prepare_cached("INSERT INTO people VALUES (?1, ?2, ?3)")?;
                let mut event = transaction
                    .prepare_cached("INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?;
                for it in events {
                    let [seq, of, n, list, recorded] = it.numbers;
                    while let Some((number, who, name)) = people.next_if(|next| next.0 <= of) {
                        person.execute(params![number, who, name])?;
                    }
                    let [key, salt, seal, link] = &it.blobs;
                    event.execute(params![seq, of, n, list, recorded, key, salt, it.words, seal, link])?;
                }
            }
            transaction.commit()?;
        }
        Ok(start.elapsed())
    }

    /// People who have so many events, at most two thousand, from everywhere.
    pub fn people_with(&self, least: u64, most: u64) -> Result<Vec<String>> {
        let mut ask = self.connection.prepare(
            "SELECT name FROM people JOIN (SELECT person, count(*) AS n FROM events GROUP BY person) ON person = number \
             WHERE n BETWEEN ?1 AND ?2 ORDER BY who LIMIT 2000",
        )?;
        ask.query_map([least as i64, most as i64], |row| row.get(0))?.collect()
    }

    /// A person's events, in order, as text.
    pub fn ask(&self, name: &str) -> Result<Vec<String>> {
        let mut ask = self.connection.prepare_cached(
            "SELECT words FROM events WHERE person = (SELECT number FROM people WHERE name = ?1) ORDER BY n",
        )?;
        ask.query_map([name], |row| row.get(0))?.collect()
    }
}
