//! Lawful erasure: the words go, the chain stays whole, and whoever was erased stays left alone.
//!
//! What is left of an event is its seal, from which nothing can be guessed once its random bytes are gone. The person's name and
//! addresses are left as keyed hashes, which say no more than *this is one that was erased*: a list bought next year, on which the
//! same address stands, is stopped by it.

use crate::chain::hex;
use crate::chance::random;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, WORD};
use crate::ledger::{Batch, ERASURE, Ledger, in_order};
use crate::links;
use crate::store::{Kept, Rows, Store};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Why somebody is erased, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure<'a> {
    /// The person.
    pub person: &'a str,
    /// The ground: the law, and whose request.
    pub why: &'a str,
    /// Who did it.
    pub by: &'a str,
    /// When.
    pub recorded_at: Timestamp,
    /// Addresses of the person besides those that the events name.
    pub addresses: &'a [&'a str],
}

impl<S: Store> Ledger<S> {
    /// Erases what was said about a person, and gives how many events that were.
    ///
    /// `why` and `by` stay in the record: they name the law and the office, not the person.
    ///
    /// # Errors
    /// Nobody of that name is in the ledger; `why` or `by` is empty, or longer than 512 bytes; as for [`Ledger::append`].
    pub fn erase(&mut self, erasure: &Erasure<'_>) -> Result<u64> {
        for (path, text) in [("why", erasure.why), ("by", erasure.by)] {
            if text.trim().is_empty() {
                return Err(Error::input(path, "is empty"));
            }
            if text.len() > WORD {
                return Err(Error::new(ErrorKind::Limit, format!("is longer than {WORD} bytes")).at(path));
            }
        }
        let (salt, key): ([u8; 16], [u8; 16]) = (random()?, random()?);
        let hashes = &self.hashes;
        self.store.write(|rows| {
            let Some(person) = rows.person(erasure.person)? else {
                return Err(Error::input("person", "nobody of that name is in the ledger"));
            };
            let recorded = in_order(erasure.recorded_at.as_microsecond(), rows.last()?.1)?;
            let recorded_at = Timestamp::from_microsecond(recorded).unwrap_or(erasure.recorded_at);
            let events = rows.of_person(person.number, i64::MAX)?;
            let linked = links::others(rows, hashes, erasure.person, &events, i64::MAX)?;
            let mut erased = 0;
            let mut left = BTreeSet::from([hashes.of_name(erasure.person)]);
            // Whoever it is stays left alone under every name.
            left.extend(linked.iter().map(|(name, _)| hashes.of_name(name)));
            left.extend(erasure.addresses.iter().map(|it| hashes.of_address(it)));
            for kept in &events {
                if let Some(words) = kept.words.as_deref().filter(|_| kept.list != ERASURE) {
                    // What cannot be read any more is erased all the same; its addresses are whatever the host names besides.
                    if let Ok(event) = Event::parse(words) {
                        left.extend(event.addresses().into_iter().map(|it| hashes.of_address(it)));
                    }
                    rows.blank(kept.seq)?;
                    erased += 1;
                }
            }
            for hash in &left {
                rows.bury(hash, recorded)?;
            }
            // The tombstones stand in the chain, too: one that is taken away is missed.
            let words = serde_json::json!({
                "by": erasure.by,
                "left": left.iter().map(|it| hex(it)).collect::<Vec<_>>(),
                "list": "erasures",
                "recorded_at": recorded_at.to_string(),
                "why": erasure.why,
            });
            let mut batch = Batch::begin(rows, hashes)?;
            // The key is random: an erasure is never told twice under one.
            if batch.put(erasure.person, ERASURE, recorded, key, Some((salt, &words.to_string())))?.is_err() {
                return Err(Error::damaged("a random key was taken"));
            }
            // Others' chains name the person in links; their words go, too, and an erasure there says so.
            let naming: Vec<Kept> = batch.rows().refusals(&hashes.of_link(erasure.person), i64::MAX)?;
            for link in naming.iter().filter(|it| it.words.is_some()) {
                let Some(name) = batch.rows().person_of(link.person)?.and_then(|it| it.name) else {
                    continue;
                };
                batch.rows().blank(link.seq)?;
                erased += 1;
                let (salt, key): ([u8; 16], [u8; 16]) = (random()?, random()?);
                if batch.put(&name, ERASURE, recorded, key, Some((salt, &words.to_string())))?.is_err() {
                    return Err(Error::damaged("a random key was taken"));
                }
            }
            batch.end()?;
            let Some(mut person) = rows.person(erasure.person)? else {
                return Err(Error::damaged("a person is gone"));
            };
            person.name = None;
            rows.put_person(&person)?;
            Ok(erased)
        })
    }
}

/// The tombstones that an erasure's words name; nothing if they are no erasure's.
pub(crate) fn left(words: &str) -> Option<Vec<[u8; 16]>> {
    let words: serde_json::Value = serde_json::from_str(words).ok()?;
    let bytes = |text: &str| -> Option<[u8; 16]> {
        let digit = |n: usize| text.get(2 * n..2 * n + 2).and_then(|it| u8::from_str_radix(it, 16).ok());
        let bytes: Vec<u8> = (0..text.len() / 2).map(digit).collect::<Option<_>>()?;
        bytes.try_into().ok()
    };
    words.get("left")?.as_array()?.iter().map(|it| bytes(it.as_str()?)).collect()
}
