//! The ledger's front door: appending events, once each, in their chains.

use crate::chain::{self, Digest, Place};
use crate::chance::{Chance, random};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, List};
#[cfg(feature = "sqlite")]
use crate::sqlite::Sqlite;
use crate::store::{Kept, Person, Rows, Store};
use crate::sync;
use byleave::normal_address as normal;
use byleave::wire::{Json, Limits};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use std::collections::HashMap;
#[cfg(feature = "sqlite")]
use std::path::Path;

/// The number of an erasure among the lists; hosts tell none themselves.
pub(crate) const ERASURE: u8 = 255;
/// How far an event's instant may lie before that of the last one, in microseconds: another machine took its own a moment
/// earlier, and came first.
const SLACK: i64 = 60_000_000;
/// The name under which the ledger remembers the key of its keyed hashes.
pub(crate) const SECRET: &str = "secret";

/// A record of who agreed to what, when, to which words, and who knew.
pub struct Ledger<S: Store> {
    pub(crate) store: S,
    pub(crate) hashes: Hashes,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its number in the ledger.
    pub seq: u64,
    /// Its number in its person's chain.
    pub n: u64,
    /// Its link, which a host may keep as its own proof; of a dry run it is nothing.
    pub link: Digest,
    /// When it is recorded: as it was told, or when the last one was that another machine told up to a minute later.
    pub recorded_at: Timestamp,
    /// False when it was there already, told in the same words.
    pub new: bool,
}

#[cfg(feature = "sqlite")]
impl Ledger<Sqlite> {
    /// Opens a file, which is made when there is none.
    ///
    /// # Errors
    /// The file is no ledger, a newer version's, locked, or cannot be opened.
    pub fn open(path: impl AsRef<Path>) -> Result<Ledger<Sqlite>> {
        Ledger::over(Sqlite::open(path)?)
    }

    /// Opens a file that is there, to be read and verified only.
    ///
    /// # Errors
    /// As [`Ledger::open`]; there is none.
    pub fn open_to_read(path: impl AsRef<Path>) -> Result<Ledger<Sqlite>> {
        let mut store = Sqlite::open_to_read(path)?;
        let secret = store.read(|rows| rows.setting(SECRET))?;
        Ok(Ledger { store, hashes: Hashes::of(secret)? })
    }
}

impl<S: Store> Ledger<S> {
    /// A ledger in a store.
    ///
    /// # Errors
    /// As the store fails.
    pub fn over(mut store: S) -> Result<Ledger<S>> {
        let mut secret = store.read(|rows| rows.setting(SECRET))?;
        if secret.is_none() {
            let fresh: [u8; 32] = random()?;
            secret = store.write(|rows| {
                if rows.setting(SECRET)?.is_none() {
                    rows.set(SECRET, &fresh)?;
                }
                rows.setting(SECRET)
            })?;
        }
        Ok(Ledger { store, hashes: Hashes::of(secret)? })
    }

    /// Appends events in order: all of them, or none. What is there already, told in the same words, stays as it is; so a
    /// batch whose end nobody has seen can be sent again.
    ///
    /// # Errors
    /// The path begins with the place in the batch. A key that came with other words; an instant before what was recorded
    /// last; a void of what is not there; as the store fails.
    pub fn append(&mut self, events: &[Event]) -> Result<Vec<Receipt>> {
        let hashes = &self.hashes;
        self.store.write(|rows| {
            let mut batch = Batch::begin(rows, hashes)?;
            let mut out = Vec::with_capacity(events.len());
            for (at, event) in events.iter().enumerate() {
                out.push(batch.append(event).map_err(|error| error.within(&format!("[{at}]")))?);
            }
            batch.end()?;
            Ok(out)
        })
    }

    /// How many events and people the ledger holds.
    ///
    /// # Errors
    /// As the store fails.
    pub fn size(&mut self) -> Result<(u64, u64)> {
        self.store.read(|rows| Ok((rows.last()?.0, rows.people()?)))
    }
}

/// One transaction's appending. Whose heads have moved is remembered, and written once at its end.
pub(crate) struct Batch<'a, R: Rows + ?Sized> {
    rows: &'a mut R,
    hashes: &'a Hashes,
    seq: u64,
    recorded: i64,
    people: HashMap<String, Person>,
    chance: Chance,
}

impl<'a, R: Rows + ?Sized> Batch<'a, R> {
    pub(crate) fn begin(rows: &'a mut R, hashes: &'a Hashes) -> Result<Batch<'a, R>> {
        let (seq, recorded) = rows.last()?;
        Ok(Batch { rows, hashes, seq, recorded, people: HashMap::new(), chance: Chance::default() })
    }

    pub(crate) fn rows(&mut self) -> &mut R {
        self.rows
    }

    pub(crate) fn end(mut self) -> Result<()> {
        self.settle()
    }

    /// Writes the heads that have moved.
    fn settle(&mut self) -> Result<()> {
        // In the order in which they lie: whoever is near another is written with the other.
        let mut people: Vec<Person> = self.people.drain().map(|(_, person)| person).collect();
        people.sort_unstable_by_key(|person| person.number);
        people.iter().try_for_each(|person| self.rows.put_person(person))
    }

    /// Appends events that are told together: all, or none.
    #[cfg(feature = "import")]
    pub(crate) fn append_all(&mut self, events: &[Event]) -> Result<Vec<Receipt>> {
        if let [_, _, ..] = events {
            // What speaks against one of them is asked before the first is kept.
            for (n, event) in events.iter().enumerate() {
                if events.iter().take(n).any(|it| it.key == event.key) {
                    return Err(Error::input("key", "two events that are told together have the same key"));
                }
                match self.rows.by_key(&self.hashes.of_key(&event.key))? {
                    Some(there) => drop(self.there(&there, event)?),
                    None => {
                        sync::is_told(event)?;
                        in_order(event.recorded_at.as_microsecond(), self.recorded)?;
                        if event.list == List::Voids {
                            self.voids(event)?;
                        }
                    }
                }
            }
        }
        events.iter().map(|event| self.append(event)).collect()
    }

    pub(crate) fn append(&mut self, event: &Event) -> Result<Receipt> {
        if let Err(error) = sync::is_told(event) {
            let there = self.rows.by_key(&self.hashes.of_key(&event.key))?;
            return there.map_or(Err(error), |there| self.there(&there, event));
        }
        self.keep(event)
    }

    /// What the host tells, or the ledger itself has decided.
    pub(crate) fn keep(&mut self, event: &Event) -> Result<Receipt> {
        let key = self.hashes.of_key(&event.key);
        let recorded = event.recorded_at.as_microsecond();
        if recorded < self.recorded {
            // Whatever was kept once may be told again later than others.
            if let Some(there) = self.rows.by_key(&key)? {
                return self.there(&there, event);
            }
            let now = in_order(recorded, self.recorded)?;
            return self.keep(&event.recorded(instant(now)?)?);
        }
        if event.list == List::Voids {
            self.voids(event)?;
        }
        let salt = self.chance.bytes()?;
        let kept =
            match self.put(&event.person, event.list as u8, recorded, key, Some((salt, event.words())))? {
                Ok(kept) => kept,
                Err(there) => return self.there(&there, event),
            };
        for address in event.revokes().unwrap_or_default() {
            self.rows.add_refusal(&self.hashes.of_address(address), kept.seq)?;
        }
        if let Some(with) = event.with() {
            self.rows.add_refusal(&self.hashes.of_link(with), kept.seq)?;
        }
        receipt(&kept, true)
    }

    /// Puts words at the end of a person's chain; or gives what is there under the key.
    pub(crate) fn put(
        &mut self,
        name: &str,
        list: u8,
        recorded: i64,
        key: [u8; 16],
        said: Option<([u8; 16], &str)>,
    ) -> Result<std::result::Result<Kept, Kept>> {
        if !self.people.contains_key(name) {
            let person = match self.rows.person(name)? {
                Some(person) => person,
                None => {
                    // Who is refused is nobody yet: a person without an event would be a chain without its end.
                    if let Some(there) = self.rows.by_key(&key)? {
                        return Ok(Err(there));
                    }
                    let who = self.chance.bytes()?;
                    let number = self.rows.add_person(name, &who)?;
                    Person {
                        number,
                        who,
                        name: Some(name.to_owned()),
                        count: 0,
                        head: Digest::NONE,
                        last: Some(0),
                    }
                }
            };
            self.people.insert(name.to_owned(), person);
        }
        let Some(person) = self.people.get_mut(name) else { return Err(Error::damaged("a person is gone")) };
        let (salt, words) = said.unzip();
        let seal = chain::seal(&salt.unwrap_or_default(), words.unwrap_or_default());
        let place = Place { who: person.who, n: person.count + 1, seq: self.seq + 1, list, recorded };
        let link = chain::link(&person.head, &place, &seal);
        let kept = Kept {
            seq: place.seq,
            person: person.number,
            n: place.n,
            list,
            recorded,
            key,
            salt,
            words: words.map(str::to_owned),
            seal,
            link,
            previous: person.last,
        };
        if !self.rows.add(&kept)? {
            let there = self.rows.by_key(&key)?;
            return there.map(Err).ok_or_else(|| Error::damaged("a key is taken and is not there"));
        }
        person.count = place.n;
        person.head = link;
        person.last = person.last.map(|_| place.seq);
        self.seq = place.seq;
        self.recorded = recorded;
        Ok(Ok(kept))
    }

    /// Told again: in the same words, or refused.
    fn there(&self, there: &Kept, event: &Event) -> Result<Receipt> {
        // What is erased can be compared no more, and is not kept a second time.
        if let Some(words) = &there.words
            && !same(words, event.words())
        {
            let message = format!("event {} was told under this key in other words", there.seq);
            return Err(Error::new(ErrorKind::Conflict, message)
                .at("key")
                .hint("a correction is an event of its own, under its own key"));
        }
        receipt(there, false)
    }

    /// What a void names must be there, and be the same person's.
    fn voids(&mut self, event: &Event) -> Result<()> {
        let Some(Json::Text(of)) = event.record().get("of") else { return Ok(()) };
        let found = self.rows.by_key(&self.hashes.of_key(of))?;
        let person = match self.people.get(&event.person) {
            Some(person) => Some(person.number),
            None => self.rows.person(&event.person)?.map(|it| it.number),
        };
        match found {
            Some(kept) if Some(kept.person) != person => {
                Err(Error::input("event.of", "the event of that key is about somebody else"))
            }
            Some(kept) if kept.list == List::Voids as u8 => {
                Err(Error::input("event.of", "a void is not voided").hint("tell what it voided again"))
            }
            Some(_) => Ok(()),
            None => Err(Error::input("event.of", "there is no event of that key")),
        }
    }
}

fn receipt(kept: &Kept, new: bool) -> Result<Receipt> {
    Ok(Receipt { seq: kept.seq, n: kept.n, link: kept.link, recorded_at: instant(kept.recorded)?, new })
}

pub(crate) fn instant(recorded: i64) -> Result<Timestamp> {
    Timestamp::from_microsecond(recorded).map_err(|_| Error::damaged("an instant is none"))
}

/// When an event is recorded after one that was recorded last: then, if its own instant lies before that by no more than two
/// machines' clocks may differ.
///
/// # Errors
/// It lies further back.
pub(crate) fn in_order(recorded: i64, last: i64) -> Result<i64> {
    if last.saturating_sub(recorded) <= SLACK {
        return Ok(recorded.max(last));
    }
    let shown = |at| Timestamp::from_microsecond(at).unwrap_or(Timestamp::MAX);
    let message = format!(
        "{} lies more than a minute before {}, when an event was recorded last",
        shown(recorded),
        shown(last)
    );
    Err(Error::new(ErrorKind::Clock, message).at("recorded_at").hint("is the clock right?"))
}

/// Whether two events say the same, whenever they were recorded.
fn same(one: &str, other: &str) -> bool {
    let read = |words: &str| match Json::parse(words, &Limits::MOST) {
        Ok(Json::Map(mut entries)) => {
            entries.retain(|(key, _)| key != "recorded_at");
            Some(entries)
        }
        _ => None,
    };
    one == other || read(one).is_some_and(|it| Some(it) == read(other))
}

/// Keyed hashes (HMAC-SHA-256, RFC 2104, its first half): equal texts are found again, and nobody without the ledger's
/// secret can try which texts they are.
pub(crate) struct Hashes {
    keyed: Hmac<Sha256>,
}

impl Hashes {
    pub(crate) fn of(secret: Option<Vec<u8>>) -> Result<Hashes> {
        let keyed = secret.filter(|it| it.len() == 32).and_then(|it| Hmac::new_from_slice(&it).ok());
        keyed.map(|keyed| Hashes { keyed }).ok_or_else(|| Error::damaged("the ledger's secret is gone"))
    }

    fn hash(&self, kind: u8, text: &str) -> [u8; 16] {
        let mut keyed = self.keyed.clone();
        keyed.update(&[kind]);
        keyed.update(text.as_bytes());
        let full: [u8; 32] = keyed.finalize().into_bytes().into();
        let mut out = [0; 16];
        out.iter_mut().zip(full).for_each(|(place, byte)| *place = byte);
        out
    }

    pub(crate) fn of_key(&self, key: &str) -> [u8; 16] {
        self.hash(b'k', key)
    }

    pub(crate) fn of_address(&self, address: &str) -> [u8; 16] {
        self.hash(b'a', &normal(address))
    }

    /// By which a link is found from the name that it names.
    pub(crate) fn of_link(&self, name: &str) -> [u8; 16] {
        self.hash(b'l', name)
    }

    pub(crate) fn of_name(&self, name: &str) -> [u8; 16] {
        self.hash(b'p', name)
    }
}
