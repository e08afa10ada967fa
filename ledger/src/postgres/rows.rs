//! What is asked of PostgreSQL within one transaction.

use super::failed::{failed, kept_or_not};
use crate::chain::Digest;
use crate::error::{Error, ErrorKind, Result};
use crate::store::{Checkpoint, Kept, Person, Rows, Signed, damaged, number, signed};
use postgres::types::ToSql;
use postgres::{Client, Row, SimpleQueryMessage, Statement};
use std::collections::{BTreeMap, HashMap};

/// How long a transaction waits for another, where the server, its role or the URL does not say otherwise.
pub(super) const PATIENCE: &str =
    "SELECT set_config('lock_timeout', '10s', true) WHERE current_setting('lock_timeout') = '0'";
/// Acknowledged is on the disk, also where sessions are made not to wait for it.
const FORCED: &str =
    "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'";
/// Rows that are fetched at a time, and how many bytes of words are enough for one page: an event may have many.
const AT_A_TIME: usize = 512;
const PAGE: usize = 16 << 20;

/// A transaction on a ledger's schema; undone unless it is kept.
pub struct PostgresRows<'a> {
    client: &'a mut Client,
    statements: &'a mut HashMap<&'static str, Statement>,
    lost: &'a mut bool,
    writes: bool,
    /// People whose chains have moved, told to the server together: each would cost a way there and back.
    moved: BTreeMap<i64, Person>,
    /// A statement failed: the server would answer a commit by undoing, without a word.
    failed: bool,
    done: bool,
}

impl<'a> PostgresRows<'a> {
    /// A transaction that is open, or about to be.
    pub(super) fn of(
        client: &'a mut Client,
        statements: &'a mut HashMap<&'static str, Statement>,
        lost: &'a mut bool,
        writes: bool,
    ) -> PostgresRows<'a> {
        PostgresRows { client, statements, lost, writes, moved: BTreeMap::new(), failed: false, done: false }
    }

    /// Begins in a schema, whose name is quoted; whoever writes waits for the turn.
    pub(super) fn begin(&mut self, schema: &str) -> Result<()> {
        // Names are looked up in the ledger's schema alone; a temporary table cannot stand before one of its own.
        let path = format!("SET LOCAL search_path TO {schema}, pg_temp");
        let begin = if self.writes {
            // Each statement sees what was kept when it began: once the turn has come, everything that was written before.
            format!(
                "BEGIN ISOLATION LEVEL READ COMMITTED; {path}; {FORCED}; {PATIENCE}; SELECT 'turn' FROM turn FOR UPDATE"
            )
        } else {
            format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {path}; {PATIENCE}")
        };
        let said = self.client.simple_query(&begin);
        let said = self.heard(said)?;
        let turn = |it: &SimpleQueryMessage| matches!(it, SimpleQueryMessage::Row(row) if row.get(0) == Some("turn"));
        if self.writes && !said.iter().any(turn) { Err(damaged()) } else { Ok(()) }
    }

    /// Leaves it open for whoever goes on.
    pub(super) fn leave(mut self) {
        self.done = true;
    }

    /// Keeps it all.
    pub(super) fn commit(mut self) -> Result<()> {
        if self.failed {
            return Err(Error::new(ErrorKind::Storage, "a statement failed before, and nothing is kept"));
        }
        self.move_people()?;
        self.done = true;
        let said = self.client.batch_execute("COMMIT");
        said.map_err(|error| {
            let error = if self.writes { kept_or_not(error) } else { failed(error) };
            // Of anything else the server has undone it all, and goes on.
            *self.lost |= error.kind() == ErrorKind::Connection;
            error
        })
    }

    fn heard<T>(&mut self, said: std::result::Result<T, postgres::Error>) -> Result<T> {
        said.map_err(|error| {
            self.failed = true;
            let error = failed(error);
            *self.lost |= error.kind() == ErrorKind::Connection;
            error
        })
    }

    fn statement(&mut self, text: &'static str) -> Result<Statement> {
        if let Some(known) = self.statements.get(text) {
            return Ok(known.clone());
        }
        let made = self.client.prepare(text);
        let made = self.heard(made)?;
        self.statements.insert(text, made.clone());
        Ok(made)
    }

    fn ask(&mut self, text: &'static str, given: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>> {
        // What is asked sees everything that was told before.
        self.move_people()?;
        let statement = self.statement(text)?;
        let found = self.client.query(&statement, given);
        self.heard(found)
    }

    fn tell(&mut self, text: &'static str, given: &[&(dyn ToSql + Sync)]) -> Result<u64> {
        let statement = self.statement(text)?;
        let changed = self.client.execute(&statement, given);
        self.heard(changed)
    }

    fn move_people(&mut self) -> Result<()> {
        if self.moved.is_empty() {
            return Ok(());
        }
        let text = "UPDATE people SET name = moved.name, count = moved.count, head = moved.head \
            FROM unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::bytea[]) AS moved (number, name, count, head) \
            WHERE people.number = moved.number";
        let moved = std::mem::take(&mut self.moved);
        let numbers: Vec<i64> = moved.keys().copied().collect();
        let names: Vec<Option<&[u8]>> =
            moved.values().map(|it| it.name.as_deref().map(str::as_bytes)).collect();
        let counts: Vec<i64> = moved.values().map(|it| signed(it.count)).collect();
        let heads: Vec<&[u8]> = moved.values().map(|it| it.head.0.as_slice()).collect();
        self.tell(text, &[&numbers, &names, &counts, &heads]).map(drop)
    }

    #[cfg(test)]
    pub(super) fn ask_for_tests(&mut self, text: &'static str) -> String {
        self.ask(text, &[]).ok().and_then(|rows| rows.first().map(|row| row.get(0))).unwrap_or_default()
    }

    fn events(&mut self, text: &'static str, given: &[&(dyn ToSql + Sync)]) -> Result<Vec<Kept>> {
        self.ask(text, given)?.iter().map(kept).collect()
    }
}

impl Drop for PostgresRows<'_> {
    fn drop(&mut self) {
        // In what state a connection is that does not even undo is anybody's guess.
        if !self.done && !*self.lost && self.client.batch_execute("ROLLBACK").is_err() {
            *self.lost = true;
        }
    }
}

/// A query of events whose end is given.
macro_rules! events {
    ($rest:literal) => {
        concat!("SELECT seq, person, n, list, recorded, key, salt, words, seal, link FROM events ", $rest)
    };
}

impl Rows for PostgresRows<'_> {
    fn setting(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let found = self.ask("SELECT value FROM settings WHERE name = $1", &[&name])?;
        found.first().map(|row| row.try_get(0).map_err(failed)).transpose()
    }

    fn set(&mut self, name: &str, value: &[u8]) -> Result<()> {
        let text = "INSERT INTO settings VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2";
        self.tell(text, &[&name, &value]).map(drop)
    }

    fn last(&mut self) -> Result<(u64, i64)> {
        let found = self.ask("SELECT seq, recorded FROM events ORDER BY seq DESC LIMIT 1", &[])?;
        let Some(row) = found.first() else { return Ok((0, i64::MIN)) };
        Ok((number(row.try_get(0).map_err(failed)?)?, row.try_get(1).map_err(failed)?))
    }

    fn person(&mut self, name: &str) -> Result<Option<Person>> {
        let text = "SELECT number, who, name, count, head FROM people WHERE name = $1";
        self.ask(text, &[&name.as_bytes()])?.first().map(person).transpose()
    }

    fn person_of(&mut self, number: i64) -> Result<Option<Person>> {
        let text = "SELECT number, who, name, count, head FROM people WHERE number = $1";
        self.ask(text, &[&number])?.first().map(person).transpose()
    }

    fn add_person(&mut self, name: &str, who: &[u8; 16]) -> Result<i64> {
        let text = "INSERT INTO people (who, name, count, head) VALUES ($1, $2, 0, decode(repeat('00', 32), 'hex')) RETURNING number";
        let found = self.ask(text, &[&who.as_slice(), &name.as_bytes()])?;
        found.first().ok_or_else(damaged)?.try_get(0).map_err(failed)
    }

    fn put_person(&mut self, person: &Person) -> Result<()> {
        // The last word about a person counts.
        self.moved.insert(person.number, person.clone());
        Ok(())
    }

    fn people(&mut self) -> Result<u64> {
        let found = self.ask("SELECT count(*) FROM people", &[])?;
        number(found.first().ok_or_else(damaged)?.try_get(0).map_err(failed)?)
    }

    fn add(&mut self, event: &Kept) -> Result<bool> {
        let text = "INSERT INTO events (seq, person, n, list, recorded, key, salt, words, seal, link) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (key) DO NOTHING";
        let changed = self.tell(
            text,
            &[
                &signed(event.seq),
                &event.person,
                &signed(event.n),
                &i16::from(event.list),
                &event.recorded,
                &event.key.as_slice(),
                &event.salt.as_ref().map(<[u8; 16]>::as_slice),
                &event.words.as_deref().map(str::as_bytes),
                &event.seal.0.as_slice(),
                &event.link.0.as_slice(),
            ],
        )?;
        Ok(changed == 1)
    }

    fn blank(&mut self, seq: u64) -> Result<()> {
        self.tell("UPDATE events SET salt = NULL, words = NULL WHERE seq = $1", &[&signed(seq)]).map(drop)
    }

    fn by_key(&mut self, key: &[u8; 16]) -> Result<Option<Kept>> {
        Ok(self.events(events!("WHERE key = $1"), &[&key.as_slice()])?.pop())
    }

    fn of_person(&mut self, number: i64, known_at: i64) -> Result<Vec<Kept>> {
        self.events(events!("WHERE person = $1 AND recorded <= $2 ORDER BY n"), &[&number, &known_at])
    }

    fn after(&mut self, seq: u64, most: usize) -> Result<Vec<Kept>> {
        let (mut out, mut from, mut bytes) = (Vec::new(), signed(seq), 0);
        while out.len() < most && bytes < PAGE {
            let asked = AT_A_TIME.min(most - out.len());
            let limit = asked as i64;
            let found = self.events(events!("WHERE seq > $1 ORDER BY seq LIMIT $2"), &[&from, &limit])?;
            let Some(last) = found.last() else { break };
            from = signed(last.seq);
            let whole = found.len() == asked;
            bytes += found.iter().filter_map(|it| it.words.as_deref()).map(str::len).sum::<usize>();
            out.extend(found);
            if !whole {
                break;
            }
        }
        Ok(out)
    }

    fn add_refusal(&mut self, address: &[u8; 16], seq: u64) -> Result<()> {
        let text = "INSERT INTO refusals VALUES ($1, $2) ON CONFLICT DO NOTHING";
        self.tell(text, &[&address.as_slice(), &signed(seq)]).map(drop)
    }

    fn refusals(&mut self, address: &[u8; 16], known_at: i64) -> Result<Vec<Kept>> {
        let text = events!(
            "WHERE seq IN (SELECT seq FROM refusals WHERE address = $1) AND recorded <= $2 ORDER BY seq"
        );
        self.events(text, &[&address.as_slice(), &known_at])
    }

    fn is_alone(&mut self, person: i64, found_by: &[[u8; 16]; 2], buried: &[[u8; 16]; 2]) -> Result<bool> {
        let text = "SELECT 1 FROM refusals JOIN events USING (seq) WHERE address IN ($1, $2) AND person <> $3 \
            UNION ALL SELECT 1 FROM buried WHERE hash IN ($4, $5) LIMIT 1";
        let ([a, b], [c, d]) = (found_by.each_ref(), buried.each_ref());
        let given: [&(dyn ToSql + Sync); 5] =
            [&a.as_slice(), &b.as_slice(), &person, &c.as_slice(), &d.as_slice()];
        Ok(self.ask(text, &given)?.is_empty())
    }

    fn has_refusal(&mut self, address: &[u8; 16], seq: u64) -> Result<bool> {
        let text = "SELECT 1 FROM refusals WHERE address = $1 AND seq = $2";
        Ok(!self.ask(text, &[&address.as_slice(), &signed(seq)])?.is_empty())
    }

    fn bury(&mut self, hash: &[u8; 16], at: i64) -> Result<()> {
        // The first stands: what is erased twice has been gone since the first time.
        let text = "INSERT INTO buried VALUES ($1, $2) ON CONFLICT DO NOTHING";
        self.tell(text, &[&hash.as_slice(), &at]).map(drop)
    }

    fn buried(&mut self, hash: &[u8; 16]) -> Result<Option<i64>> {
        let found = self.ask("SELECT at FROM buried WHERE hash = $1", &[&hash.as_slice()])?;
        found.first().map(|row| row.try_get(0).map_err(failed)).transpose()
    }

    fn checkpoint(&mut self) -> Result<Option<Checkpoint>> {
        let text = "SELECT number, seq, at, root, peaks, before, digest, signer, signature FROM checkpoints ORDER BY number DESC LIMIT 1";
        self.ask(text, &[])?.first().map(checkpoint).transpose()
    }

    fn add_checkpoint(&mut self, it: &Checkpoint) -> Result<()> {
        self.tell(
            "INSERT INTO checkpoints VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                &signed(it.number),
                &signed(it.seq),
                &it.at,
                &it.root.0.as_slice(),
                &it.peaks.iter().flat_map(|it| it.0).collect::<Vec<u8>>(),
                &it.before.0.as_slice(),
                &it.digest.0.as_slice(),
                &it.signed.as_ref().map(|it| it.by.as_slice()),
                &it.signed.as_ref().map(|it| it.signature.as_slice()),
            ],
        )
        .map(drop)
    }

    fn add_block(&mut self, block: u64, root: &Digest) -> Result<()> {
        self.tell("INSERT INTO blocks VALUES ($1, $2)", &[&signed(block), &root.0.as_slice()]).map(drop)
    }

    fn blocks(&mut self) -> Result<Vec<Digest>> {
        let found = self.ask("SELECT root FROM blocks ORDER BY number", &[])?;
        found.iter().map(|row| bytes(row, 0)?.map(Digest).ok_or_else(damaged)).collect()
    }

    fn complaints(&mut self) -> Result<Vec<String>> {
        // What keeps rows as they are is part of the tables: without it somebody else may be at work.
        let text = "SELECT 'the trigger ' || wanted || ' is gone or switched off' \
            FROM unnest(ARRAY['events_stay', 'events_all_stay', 'events_as_they_are', 'checkpoints_stay', \
              'checkpoints_all_stay', 'checkpoints_as_they_are']) AS wanted \
            WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = wanted AND tgenabled IN ('O', 'A') \
              AND tgrelid IN ('events'::regclass, 'checkpoints'::regclass)) \
            UNION ALL SELECT 'the index ' || wanted || ' is gone, or holds nothing to it' \
            FROM unnest(ARRAY['people_pkey', 'people_name_key', 'events_pkey', 'events_of_person', 'events_of_key', \
              'refusals_pkey', 'buried_pkey', 'checkpoints_pkey', 'blocks_pkey']) AS wanted \
            WHERE NOT EXISTS (SELECT FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relname = wanted \
              AND indisunique AND indisvalid AND indisready AND indpred IS NULL \
              AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'events'::regclass))";
        self.ask(text, &[])?.iter().map(|row| row.try_get(0).map_err(failed)).collect()
    }

    fn checkpoints(&mut self) -> Result<Vec<Checkpoint>> {
        let text = "SELECT number, seq, at, root, peaks, before, digest, signer, signature FROM checkpoints ORDER BY number";
        self.ask(text, &[])?.iter().map(checkpoint).collect()
    }
}

fn kept(row: &Row) -> Result<Kept> {
    let seq = number(row.try_get(0).map_err(failed)?)?;
    let words: Option<Vec<u8>> = row.try_get(7).map_err(failed)?;
    let words = words.map(String::from_utf8).transpose();
    Ok(Kept {
        seq,
        person: row.try_get(1).map_err(failed)?,
        n: number(row.try_get(2).map_err(failed)?)?,
        list: u8::try_from(row.try_get::<_, i16>(3).map_err(failed)?).map_err(|_| damaged())?,
        recorded: row.try_get(4).map_err(failed)?,
        key: bytes(row, 5)?.ok_or_else(damaged)?,
        salt: bytes(row, 6)?,
        words: words.map_err(|_| Error::damaged(format!("the words of event {seq} are no text")))?,
        seal: Digest(bytes(row, 8)?.ok_or_else(damaged)?),
        link: Digest(bytes(row, 9)?.ok_or_else(damaged)?),
        previous: None,
    })
}

fn person(row: &Row) -> Result<Person> {
    let name: Option<Vec<u8>> = row.try_get(2).map_err(failed)?;
    Ok(Person {
        number: row.try_get(0).map_err(failed)?,
        who: bytes(row, 1)?.ok_or_else(damaged)?,
        name: name.map(String::from_utf8).transpose().map_err(|_| damaged())?,
        count: number(row.try_get(3).map_err(failed)?)?,
        head: Digest(bytes(row, 4)?.ok_or_else(damaged)?),
        last: None,
    })
}

fn checkpoint(row: &Row) -> Result<Checkpoint> {
    let (by, signature) = (bytes(row, 7)?, bytes(row, 8)?);
    let peaks: &[u8] = row.try_get(4).map_err(failed)?;
    Ok(Checkpoint {
        number: number(row.try_get(0).map_err(failed)?)?,
        seq: number(row.try_get(1).map_err(failed)?)?,
        at: row.try_get(2).map_err(failed)?,
        root: Digest(bytes(row, 3)?.ok_or_else(damaged)?),
        peaks: peaks
            .chunks(32)
            .map(|it| it.try_into().map(Digest).map_err(|_| damaged()))
            .collect::<Result<_>>()?,
        before: Digest(bytes(row, 5)?.ok_or_else(damaged)?),
        digest: Digest(bytes(row, 6)?.ok_or_else(damaged)?),
        signed: by.zip(signature).map(|(by, signature)| Signed { by, signature }),
    })
}

/// So many bytes, neither more nor fewer.
fn bytes<const N: usize>(row: &Row, at: usize) -> Result<Option<[u8; N]>> {
    let found: Option<&[u8]> = row.try_get(at).map_err(failed)?;
    found.map(|it| it.try_into().map_err(|_| damaged())).transpose()
}
