//! What is asked of SQLite within one transaction.

use super::back::{Back, missing};
use super::failed::failed;
use crate::chain::Digest;
use crate::error::Result;
use crate::store::{Chain, Checkpoint, Kept, Person, Rows, Signed, Told, damaged, number, signed};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};

/// A transaction on a ledger's file.
pub struct SqliteRows<'a> {
    connection: &'a Connection,
}

const EVENT: &str =
    "SELECT seq, person, n, list, recorded, key, salt, words, seal, link, previous FROM events";
const PERSON: &str = "SELECT number, who, name, count, head, last FROM people";

impl<'a> SqliteRows<'a> {
    pub(super) fn of(connection: &'a Connection) -> SqliteRows<'a> {
        SqliteRows { connection }
    }

    fn ask(&self, text: &str) -> Result<CachedStatement<'_>> {
        self.connection.prepare_cached(text).map_err(failed)
    }

    fn events(&self, rest: &str, given: impl rusqlite::Params) -> Result<Vec<Kept>> {
        let mut statement = self.ask(&format!("{EVENT} {rest}"))?;
        let mut rows = statement.query(given).map_err(failed)?;
        let mut out = Vec::new();
        while let Some(row) = rows.next().map_err(failed)? {
            out.push(kept(row)?);
        }
        Ok(out)
    }
}

impl Rows for SqliteRows<'_> {
    fn setting(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let mut ask = self.ask("SELECT value FROM settings WHERE name = ?1")?;
        ask.query_row([name], |row| row.get(0)).optional().map_err(failed)
    }

    fn settings(&mut self, names: &[String]) -> Result<Vec<Option<Vec<u8>>>> {
        // There are a handful in all: one question instead of one each.
        let mut ask = self.ask("SELECT name, value FROM settings")?;
        let mut rows = ask.query([]).map_err(failed)?;
        let mut out = vec![None; names.len()];
        while let Some(row) = rows.next().map_err(failed)? {
            let name = row.get_ref(0).and_then(|it| Ok(it.as_str()?)).map_err(failed)?;
            for (_, place) in names.iter().zip(&mut out).filter(|(it, _)| *it == name) {
                *place = Some(row.get(1).map_err(failed)?);
            }
        }
        Ok(out)
    }

    fn set(&mut self, name: &str, value: &[u8]) -> Result<()> {
        let mut ask =
            self.ask("INSERT INTO settings VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2")?;
        ask.execute(params![name, value]).map(drop).map_err(failed)
    }

    fn last(&mut self) -> Result<(u64, i64)> {
        let mut ask = self.ask("SELECT seq, recorded FROM events ORDER BY seq DESC LIMIT 1")?;
        let found = ask
            .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
            .optional()
            .map_err(failed)?;
        found.map_or(Ok((0, i64::MIN)), |(seq, recorded)| Ok((number(seq)?, recorded)))
    }

    fn person(&mut self, name: &str) -> Result<Option<Person>> {
        let mut ask = self.ask(&format!("{PERSON} WHERE name = ?1"))?;
        let mut rows = ask.query([name]).map_err(failed)?;
        rows.next().map_err(failed)?.map(person).transpose()
    }

    fn person_of(&mut self, number: i64) -> Result<Option<Person>> {
        let mut ask = self.ask(&format!("{PERSON} WHERE number = ?1"))?;
        let mut rows = ask.query([number]).map_err(failed)?;
        rows.next().map_err(failed)?.map(person).transpose()
    }

    fn add_person(&mut self, name: &str, who: &[u8; 16]) -> Result<i64> {
        let mut ask = self
            .ask("INSERT INTO people (who, name, count, head, last) VALUES (?1, ?2, 0, zeroblob(32), 0)")?;
        ask.insert(params![who, name]).map_err(failed)
    }

    fn put_person(&mut self, person: &Person) -> Result<()> {
        // A name that stays is not written: its index would be written with it.
        let mut ask = self.ask(match person.name {
            Some(_) => "UPDATE people SET count = ?2, head = ?3, last = ?4 WHERE number = ?1",
            None => "UPDATE people SET name = NULL, count = ?2, head = ?3, last = ?4 WHERE number = ?1",
        })?;
        let last = signed(person.last.ok_or_else(damaged)?);
        ask.execute(params![person.number, signed(person.count), person.head.0, last])
            .map(drop)
            .map_err(failed)
    }

    fn people(&mut self) -> Result<u64> {
        let mut ask = self.ask("SELECT count(*) FROM people")?;
        number(ask.query_row([], |row| row.get(0)).map_err(failed)?)
    }

    fn add(&mut self, event: &Kept) -> Result<bool> {
        let mut ask = self.ask(
            "INSERT INTO events (seq, person, n, list, recorded, key, salt, words, seal, link, previous) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (key) DO NOTHING",
        )?;
        let given = params![
            signed(event.seq),
            event.person,
            signed(event.n),
            event.list,
            event.recorded,
            event.key,
            event.salt,
            event.words,
            event.seal.0,
            event.link.0,
            signed(event.previous.ok_or_else(damaged)?)
        ];
        ask.execute(given).map(|changed| changed == 1).map_err(failed)
    }

    fn blank(&mut self, seq: u64) -> Result<()> {
        let mut ask = self.ask("UPDATE events SET salt = NULL, words = NULL WHERE seq = ?1")?;
        ask.execute([signed(seq)]).map(drop).map_err(failed)
    }

    fn by_key(&mut self, key: &[u8; 16]) -> Result<Option<Kept>> {
        Ok(self.events("WHERE key = ?1", [key])?.pop())
    }

    fn of_person(&mut self, number: i64, known_at: i64) -> Result<Vec<Kept>> {
        let Some(person) = self.person_of(number)? else { return Ok(Vec::new()) };
        let (mut back, mut out) = (Back::from(&person)?, Vec::new());
        let mut ask = self.ask(&format!("{EVENT} WHERE seq = ?1"))?;
        while let Some(seq) = back.next() {
            let mut rows = ask.query([signed(seq)]).map_err(failed)?;
            let it = kept(rows.next().map_err(failed)?.ok_or_else(missing)?)?;
            back.met(it.person, it.n, it.previous)?;
            if it.recorded <= known_at {
                out.push(it);
            }
        }
        out.reverse();
        Ok(out)
    }

    fn chain(&mut self, name: &str, known_at: i64) -> Result<Chain> {
        let Some(person) = self.person(name)? else { return Ok(Chain::default()) };
        let mut back = Back::from(&person)?;
        // As they are met: the last one first.
        let (mut words, mut events) = (String::new(), Vec::new());
        let mut ask = self.ask(
            "SELECT person, n, previous, recorded, list, salt, words, seal FROM events WHERE seq = ?1",
        )?;
        while let Some(seq) = back.next() {
            let mut rows = ask.query([signed(seq)]).map_err(failed)?;
            let row = rows.next().map_err(failed)?.ok_or_else(missing)?;
            let of = row.get(0).map_err(failed)?;
            let (n, previous) = (number(row.get(1).map_err(failed)?)?, number(row.get(2).map_err(failed)?)?);
            back.met(of, n, Some(previous))?;
            if row.get::<_, i64>(3).map_err(failed)? > known_at {
                continue;
            }
            let said = row.get_ref(6).and_then(|it| Ok(it.as_str_or_null()?)).map_err(failed)?;
            let from = words.len();
            words.push_str(said.unwrap_or_default());
            let told = Told {
                person: of,
                list: u8::try_from(row.get::<_, i64>(4).map_err(failed)?).map_err(|_| damaged())?,
                salt: row.get(5).map_err(failed)?,
                until: None,
                seal: Digest(row.get(7).map_err(failed)?),
            };
            events.push((told, said.map(|_| from..words.len())));
        }
        let mut out =
            Chain { words: String::with_capacity(words.len()), events: Vec::with_capacity(events.len()) };
        for (told, said) in events.into_iter().rev() {
            let until = said.map(|range| {
                out.words.push_str(words.get(range).unwrap_or_default());
                out.words.len()
            });
            out.events.push(Told { until, ..told });
        }
        Ok(out)
    }

    fn after(&mut self, seq: u64, most: usize) -> Result<Vec<Kept>> {
        self.events("WHERE seq > ?1 ORDER BY seq LIMIT ?2", [signed(seq), most as i64])
    }

    fn add_refusal(&mut self, address: &[u8; 16], seq: u64) -> Result<()> {
        let mut ask = self.ask("INSERT INTO refusals VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
        ask.execute(params![address, signed(seq)]).map(drop).map_err(failed)
    }

    fn refusals(&mut self, address: &[u8; 16], known_at: i64) -> Result<Vec<Kept>> {
        let rest =
            "WHERE seq IN (SELECT seq FROM refusals WHERE address = ?1) AND recorded <= ?2 ORDER BY seq";
        self.events(rest, params![address, known_at])
    }

    fn is_alone(&mut self, person: i64, found_by: &[[u8; 16]; 2], buried: &[[u8; 16]; 2]) -> Result<bool> {
        // One question instead of four, and no list in it, of which SQLite would make a table.
        let mut ask = self.ask(
            "SELECT EXISTS (SELECT 1 FROM refusals JOIN events USING (seq) WHERE address = ?1 AND person <> ?3) \
             OR EXISTS (SELECT 1 FROM refusals JOIN events USING (seq) WHERE address = ?2 AND person <> ?3) \
             OR EXISTS (SELECT 1 FROM buried WHERE hash = ?4) OR EXISTS (SELECT 1 FROM buried WHERE hash = ?5)",
        )?;
        let ([name, address], [gone, gone_there]) = (found_by, buried);
        let given = params![name, address, person, gone, gone_there];
        ask.query_row(given, |row| row.get::<_, bool>(0)).map(|it| !it).map_err(failed)
    }

    fn has_refusal(&mut self, address: &[u8; 16], seq: u64) -> Result<bool> {
        let mut ask = self.ask("SELECT 1 FROM refusals WHERE address = ?1 AND seq = ?2")?;
        ask.exists(params![address, signed(seq)]).map_err(failed)
    }

    fn complaints(&mut self) -> Result<Vec<String>> {
        let mut ask = self.ask("PRAGMA integrity_check(20)")?;
        let found = ask.query_map([], |row| row.get::<_, String>(0)).map_err(failed)?;
        let found = found.collect::<std::result::Result<Vec<_>, _>>().map_err(failed)?;
        Ok(found.into_iter().filter(|it| it != "ok").collect())
    }

    fn bury(&mut self, hash: &[u8; 16], at: i64) -> Result<()> {
        // The first stands: what is erased twice has been gone since the first time.
        let mut ask = self.ask("INSERT INTO buried VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
        ask.execute(params![hash, at]).map(drop).map_err(failed)
    }

    fn buried(&mut self, hash: &[u8; 16]) -> Result<Option<i64>> {
        let mut ask = self.ask("SELECT at FROM buried WHERE hash = ?1")?;
        ask.query_row([hash], |row| row.get(0)).optional().map_err(failed)
    }

    fn checkpoint(&mut self) -> Result<Option<Checkpoint>> {
        let mut ask = self.ask("SELECT * FROM checkpoints ORDER BY number DESC LIMIT 1")?;
        let mut rows = ask.query([]).map_err(failed)?;
        rows.next().map_err(failed)?.map(checkpoint).transpose()
    }

    fn add_checkpoint(&mut self, it: &Checkpoint) -> Result<()> {
        let mut ask = self.ask("INSERT INTO checkpoints VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
        let given = params![
            signed(it.number),
            signed(it.seq),
            it.at,
            it.root.0,
            it.peaks.iter().flat_map(|it| it.0).collect::<Vec<u8>>(),
            it.before.0,
            it.digest.0,
            it.signed.as_ref().map(|it| it.by),
            it.signed.as_ref().map(|it| it.signature)
        ];
        ask.execute(given).map(drop).map_err(failed)
    }

    fn checkpoints(&mut self) -> Result<Vec<Checkpoint>> {
        let mut ask = self.ask("SELECT * FROM checkpoints ORDER BY number")?;
        let mut rows = ask.query([]).map_err(failed)?;
        let mut out = Vec::new();
        while let Some(row) = rows.next().map_err(failed)? {
            out.push(checkpoint(row)?);
        }
        Ok(out)
    }

    fn add_block(&mut self, block: u64, root: &Digest) -> Result<()> {
        let mut ask = self.ask("INSERT INTO blocks VALUES (?1, ?2)")?;
        ask.execute(params![signed(block), root.0]).map(drop).map_err(failed)
    }

    fn blocks(&mut self) -> Result<Vec<Digest>> {
        let mut ask = self.ask("SELECT root FROM blocks ORDER BY number")?;
        let found = ask.query_map([], |row| row.get(0).map(Digest)).map_err(failed)?;
        found.collect::<std::result::Result<_, _>>().map_err(failed)
    }
}

fn kept(row: &Row<'_>) -> Result<Kept> {
    Ok(Kept {
        seq: number(row.get(0).map_err(failed)?)?,
        person: row.get(1).map_err(failed)?,
        n: number(row.get(2).map_err(failed)?)?,
        list: u8::try_from(row.get::<_, i64>(3).map_err(failed)?).map_err(|_| damaged())?,
        recorded: row.get(4).map_err(failed)?,
        key: row.get(5).map_err(failed)?,
        salt: row.get(6).map_err(failed)?,
        words: row.get(7).map_err(failed)?,
        seal: Digest(row.get(8).map_err(failed)?),
        link: Digest(row.get(9).map_err(failed)?),
        previous: Some(number(row.get(10).map_err(failed)?)?),
    })
}

fn person(row: &Row<'_>) -> Result<Person> {
    Ok(Person {
        number: row.get(0).map_err(failed)?,
        who: row.get(1).map_err(failed)?,
        name: row.get(2).map_err(failed)?,
        count: number(row.get(3).map_err(failed)?)?,
        head: Digest(row.get(4).map_err(failed)?),
        last: Some(number(row.get(5).map_err(failed)?)?),
    })
}

fn checkpoint(row: &Row<'_>) -> Result<Checkpoint> {
    let peaks: Vec<u8> = row.get(4).map_err(failed)?;
    let by: Option<[u8; 32]> = row.get(7).map_err(failed)?;
    let signature: Option<[u8; 64]> = row.get(8).map_err(failed)?;
    Ok(Checkpoint {
        number: number(row.get(0).map_err(failed)?)?,
        seq: number(row.get(1).map_err(failed)?)?,
        at: row.get(2).map_err(failed)?,
        root: Digest(row.get(3).map_err(failed)?),
        peaks: peaks
            .chunks(32)
            .map(|it| it.try_into().map(Digest).map_err(|_| damaged()))
            .collect::<Result<_>>()?,
        before: Digest(row.get(5).map_err(failed)?),
        digest: Digest(row.get(6).map_err(failed)?),
        signed: by.zip(signature).map(|(by, signature)| Signed { by, signature }),
    })
}
