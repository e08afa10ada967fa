//! A ledger as lines, and from them the same ledger again: for a store that ends with its process, whose host keeps the lines.
//!
//! Other than the lines of a dump these hold everything: the random bytes that are sealed with the words, the key of the keyed
//! hashes, packs, checkpoints. So every link comes out the same, or what was changed is found. Whoever holds them holds the ledger.

use crate::bundle::Base64;
use crate::chain::{self, Digest};
use crate::decision::{Record, packs};
use crate::erase::left;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, List, WORD};
use crate::facts::{claim, sealed};
use crate::hex::Hex;
use crate::ledger::{ERASURE, Hashes, Ledger, SECRET};
use crate::store::{Checkpoint, Kept, Person, Rows, Signed, Store};
use crate::verify::Trust;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The form of the lines.
const FORM: u32 = 1;
/// Events that are read at a time.
const PAGE: usize = 1_000;

/// One line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    /// The first: the form, and what the ledger remembers under its own names.
    Ledger { form: u32, secret: Hex<32>, keeps: BTreeMap<String, i64> },
    /// Compiled packs that a decision was made by.
    Packs(Base64),
    /// Somebody whose first event is next; without a name once erased.
    Person { number: i64, who: Hex<16>, name: Option<String> },
    /// An event; its number is the one after the last.
    Event(Box<EventLine>),
    /// A checkpoint.
    Checkpoint(Box<CheckpointLine>),
    /// The root of a whole block.
    Block(Digest),
    /// The last: how many there were.
    End { events: u64, people: u64, checkpoints: u64 },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventLine {
    person: i64,
    list: u8,
    recorded: i64,
    key: Hex<16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<Hex<16>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    words: Option<String>,
    /// Of what was erased; else it follows from the words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seal: Option<Digest>,
    link: Digest,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckpointLine {
    seq: u64,
    at: i64,
    root: Digest,
    peaks: Vec<Digest>,
    digest: Digest,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<Hex<32>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signature: Option<Hex<64>>,
}

impl<S: Store> Ledger<S> {
    /// The whole of a ledger as lines, from which [`Ledger::restore`] makes the same again. After an erasure the lines of before
    /// still hold the words: they are written over, or thrown away.
    ///
    /// They hold everything about everybody, and the ledger's secret: they are kept as a ledger's file would be.
    ///
    /// # Errors
    /// The words of an event are not those that were recorded; as the store fails.
    pub fn save(&mut self) -> Result<String> {
        self.store.read(|rows| {
            let mut out = String::new();
            let secret = rows.setting(SECRET)?.and_then(|it| it.try_into().ok());
            let secret = secret.ok_or_else(|| Error::damaged("the ledger's secret is gone"))?;
            let mut keeps = BTreeMap::new();
            for list in List::ALL {
                let since = rows.setting(&claim(list))?;
                if let Some(since) = since.and_then(|it| it.try_into().ok()) {
                    keeps.insert(list.as_str().to_owned(), i64::from_be_bytes(since));
                }
            }
            put(&mut out, &Line::Ledger { form: FORM, secret: Hex(secret), keeps })?;
            let (mut seq, mut seen, mut policies) = (0, BTreeSet::new(), BTreeSet::new());
            loop {
                let page = rows.after(seq, PAGE)?;
                let Some(last) = page.last() else { break };
                seq = last.seq;
                for kept in &page {
                    if seen.insert(kept.person) {
                        let person = rows.person_of(kept.person)?;
                        let person = person.ok_or_else(|| Error::damaged("a person is gone"))?;
                        let (who, name) = (Hex(person.who), person.name);
                        put(&mut out, &Line::Person { number: kept.person, who, name })?;
                    }
                    if let Some(policy) = policy(kept)?.filter(|it| policies.insert(*it)) {
                        let bytes = rows.setting(&packs(&policy))?;
                        let bytes =
                            bytes.ok_or_else(|| Error::damaged("the packs of a decision are gone"))?;
                        put(&mut out, &Line::Packs(Base64(bytes)))?;
                    }
                    put(&mut out, &Line::Event(Box::new(EventLine::of(kept))))?;
                }
            }
            let checkpoints = rows.checkpoints()?;
            for it in &checkpoints {
                put(&mut out, &Line::Checkpoint(Box::new(CheckpointLine::of(it))))?;
            }
            for block in rows.blocks()? {
                put(&mut out, &Line::Block(block))?;
            }
            let (people, checkpoints) = (rows.people()?, checkpoints.len() as u64);
            put(&mut out, &Line::End { events: seq, people, checkpoints })?;
            Ok(out)
        })
    }

    /// A ledger from the lines that [`Ledger::save`] has written, in a store that is empty: every event under the same link, every
    /// checkpoint with the same digest.
    ///
    /// ```
    /// use byleave_ledger::{Ledger, Memory};
    /// let mut ledger = Ledger::in_memory()?;
    /// let lines = ledger.save()?;
    /// assert_eq!(Ledger::restore(Memory::new(), &lines)?.save()?, lines);
    /// # Ok::<(), byleave_ledger::Error>(())
    /// ```
    ///
    /// # Errors
    /// The store holds something; the lines are none of these, end early, or were changed, and where; as the store fails.
    pub fn restore(mut store: S, lines: &str) -> Result<Ledger<S>> {
        store.write(|rows| {
            if rows.last()?.0 > 0 || rows.people()? > 0 || rows.setting(SECRET)?.is_some() {
                return Err(Error::new(ErrorKind::Conflict, "the store holds a ledger already"));
            }
            let mut restored = Restored::default();
            for (n, text) in (1u64..).zip(lines.lines()) {
                let told = |why: &dyn fmt::Display| changed(&format!("line {n}: {why}"));
                let line =
                    serde_json::from_slice(text.as_bytes()).map_err(|_| told(&"is none that is known"))?;
                restored.take(rows, line, &told)?;
            }
            if !restored.ended {
                return Err(changed("the lines end early"));
            }
            restored.people.values().try_for_each(|person| rows.put_person(person))
        })?;
        let mut ledger = Ledger::over(store)?;
        match ledger.verify(&Trust::default())?.findings.first() {
            None => Ok(ledger),
            Some(finding) => Err(changed(&finding.to_string())),
        }
    }
}

/// What was saved is not what is there.
fn changed(why: &str) -> Error {
    Error::new(ErrorKind::Damaged, format!("these are not the lines that a ledger has saved: {why}"))
}

fn put(out: &mut String, line: &Line) -> Result<()> {
    let text = serde_json::to_string(line);
    out.push_str(&text.map_err(|error| Error::new(ErrorKind::Storage, error.to_string()))?);
    out.push('\n');
    Ok(())
}

/// The packs that an event rests on, if it is a decision.
fn policy(kept: &Kept) -> Result<Option<Digest>> {
    if kept.list != List::Decisions as u8 {
        return Ok(None);
    }
    let Some(event) = sealed(kept)? else { return Ok(None) };
    Ok(Record::read(&event)?.map(|it| it.policy))
}

impl EventLine {
    fn of(it: &Kept) -> EventLine {
        EventLine {
            person: it.person,
            list: it.list,
            recorded: it.recorded,
            key: Hex(it.key),
            salt: it.salt.map(Hex),
            words: it.words.clone(),
            seal: it.words.is_none().then_some(it.seal),
            link: it.link,
        }
    }
}

impl CheckpointLine {
    fn of(it: &Checkpoint) -> CheckpointLine {
        CheckpointLine {
            seq: it.seq,
            at: it.at,
            root: it.root,
            peaks: it.peaks.clone(),
            digest: it.digest,
            by: it.signed.as_ref().map(|it| Hex(it.by)),
            signature: it.signed.as_ref().map(|it| Hex(it.signature)),
        }
    }
}

/// What has come of the lines so far.
#[derive(Default)]
struct Restored {
    hashes: Option<Hashes>,
    /// As they were numbered, as they are now.
    people: BTreeMap<i64, Person>,
    events: u64,
    checkpoints: Vec<Digest>,
    blocks: u64,
    ended: bool,
}

impl Restored {
    fn take(
        &mut self,
        rows: &mut (impl Rows + ?Sized),
        line: Line,
        told: &impl Fn(&dyn fmt::Display) -> Error,
    ) -> Result<()> {
        match (line, &self.hashes) {
            _ if self.ended => Err(told(&"something follows the last line")),
            (Line::Ledger { form: FORM, secret, keeps }, None) => {
                rows.set(SECRET, &secret.0)?;
                self.hashes = Some(Hashes::of(Some(secret.0.to_vec()))?);
                for (list, since) in keeps {
                    let list = List::of(&list).ok_or_else(|| told(&"there is no such list"))?;
                    rows.set(&claim(list), &since.to_be_bytes())?;
                }
                Ok(())
            }
            (Line::Ledger { form, .. }, None) => Err(told(&format!("they are of form {form}"))),
            (_, None) => Err(told(&"the first line is missing")),
            (Line::Ledger { .. }, Some(_)) => Err(told(&"a first line stands in the middle")),
            (Line::Packs(bytes), _) => rows.set(&packs(&Digest::of(&bytes.0)), &bytes.0),
            (Line::Person { number, who, name }, _) => {
                // Whoever was erased was added under a name, too; one that is longer than any is nobody's, and goes at the end.
                let nobody = || format!("{number:>width$}", width = WORD + 1);
                let there = rows.add_person(&name.clone().unwrap_or_else(nobody), &who.0)?;
                let person =
                    Person { number: there, who: who.0, name, count: 0, head: Digest::NONE, last: Some(0) };
                match self.people.insert(number, person) {
                    None => Ok(()),
                    Some(_) => Err(told(&"a person is there twice")),
                }
            }
            (Line::Event(it), Some(hashes)) => {
                let Some(person) = self.people.get_mut(&it.person) else {
                    return Err(told(&"an event is about nobody"));
                };
                self.events += 1;
                let salt = it.salt.map(|it| it.0);
                let seal = match (&salt, &it.words) {
                    (Some(salt), Some(words)) => chain::seal(salt, words),
                    _ => it.seal.ok_or_else(|| told(&"an event has neither words nor a seal"))?,
                };
                person.count += 1;
                person.head = it.link;
                let previous = person.last.replace(self.events);
                let kept = Kept {
                    seq: self.events,
                    person: person.number,
                    n: person.count,
                    list: it.list,
                    recorded: it.recorded,
                    key: it.key.0,
                    salt,
                    words: it.words,
                    seal,
                    link: it.link,
                    previous,
                };
                if !rows.add(&kept)? {
                    return Err(told(&"a key is there twice"));
                }
                found_by(rows, hashes, &kept, told)
            }
            (Line::Checkpoint(it), _) => {
                let signed = it.by.zip(it.signature);
                rows.add_checkpoint(&Checkpoint {
                    number: self.checkpoints.len() as u64 + 1,
                    seq: it.seq,
                    at: it.at,
                    root: it.root,
                    peaks: it.peaks,
                    before: self.checkpoints.last().copied().unwrap_or(Digest::NONE),
                    digest: it.digest,
                    signed: signed.map(|(by, it)| Signed { by: by.0, signature: it.0 }),
                })?;
                self.checkpoints.push(it.digest);
                Ok(())
            }
            (Line::Block(root), _) => {
                rows.add_block(self.blocks, &root)?;
                self.blocks += 1;
                Ok(())
            }
            (Line::End { events, people, checkpoints }, _) => {
                self.ended = true;
                let counted = (self.events, self.people.len() as u64, self.checkpoints.len() as u64);
                if counted == (events, people, checkpoints) {
                    return Ok(());
                }
                Err(told(&"there are not as many as the last line says"))
            }
        }
    }
}

/// What an event is found by again, besides its key.
fn found_by(
    rows: &mut (impl Rows + ?Sized),
    hashes: &Hashes,
    kept: &Kept,
    told: &impl Fn(&dyn fmt::Display) -> Error,
) -> Result<()> {
    let Some(words) = &kept.words else { return Ok(()) };
    if kept.list == ERASURE {
        let left = left(words).ok_or_else(|| told(&"an erasure says not whom it leaves alone"))?;
        return left.iter().try_for_each(|hash| rows.bury(hash, kept.recorded));
    }
    let event = Event::parse(words).map_err(|error| told(&error))?;
    for address in event.revokes().unwrap_or_default() {
        rows.add_refusal(&hashes.of_address(address), kept.seq)?;
    }
    match event.with() {
        Some(with) => rows.add_refusal(&hashes.of_link(with), kept.seq),
        None => Ok(()),
    }
}
