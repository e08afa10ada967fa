//! A ledger in memory, in plain collections: for a browser, which has no files, and for whoever wants none. It ends with the
//! process; [`Ledger::save`](crate::Ledger::save) carries it over.

mod undo;

use self::undo::Undo;
use crate::chain::{Digest, Who};
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::store::{Checkpoint, Kept, Person, Rows, Store};
use std::collections::{BTreeMap, BTreeSet};

/// A ledger's rows in memory.
///
/// ```
/// use byleave_ledger::{Ledger, Memory};
/// let mut ledger = Ledger::over(Memory::new())?;
/// assert_eq!(ledger.size()?, (0, 0));
/// # Ok::<(), byleave_ledger::Error>(())
/// ```
#[derive(Default)]
pub struct Memory {
    rows: MemoryRows,
}

/// A transaction on a ledger in memory.
#[derive(Default)]
pub struct MemoryRows {
    settings: BTreeMap<String, Vec<u8>>,
    /// By number, from 1.
    people: Vec<Someone>,
    names: BTreeMap<String, i64>,
    /// By number, from 1.
    events: Vec<Kept>,
    keys: BTreeMap<[u8; 16], u64>,
    refusals: BTreeMap<[u8; 16], BTreeSet<u64>>,
    buried: BTreeMap<[u8; 16], i64>,
    checkpoints: Vec<Checkpoint>,
    blocks: Vec<Digest>,
    /// What the transaction that is under way has done, to be taken back if it fails.
    done: Vec<Undo>,
}

/// A person, and the numbers of the events in the person's chain.
struct Someone {
    person: Person,
    events: Vec<u64>,
}

impl Memory {
    /// An empty one.
    #[must_use]
    pub fn new() -> Memory {
        Memory::default()
    }
}

impl Ledger<Memory> {
    /// A ledger that ends with the process.
    ///
    /// # Errors
    /// There is no source of randomness.
    pub fn in_memory() -> Result<Ledger<Memory>> {
        Ledger::over(Memory::new())
    }
}

/// Takes back what was done, however the work ends, unless it is kept.
struct Open<'a>(&'a mut MemoryRows);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.take_back();
    }
}

impl Store for Memory {
    type Rows<'a> = MemoryRows;

    fn write<T>(&mut self, work: impl FnOnce(&mut MemoryRows) -> Result<T>) -> Result<T> {
        let open = Open(&mut self.rows);
        let out = work(open.0)?;
        open.0.done.clear();
        Ok(out)
    }

    fn read<T>(&mut self, work: impl FnOnce(&mut MemoryRows) -> Result<T>) -> Result<T> {
        // What is written all the same is not kept.
        work(Open(&mut self.rows).0)
    }
}

impl MemoryRows {
    fn take_back(&mut self) {
        while let Some(undo) = self.done.pop() {
            undo.apply(self);
        }
    }

    fn someone(&mut self, number: i64) -> Option<&mut Someone> {
        self.people.get_mut(place(number)?)
    }

    fn event(&self, seq: u64) -> Option<&Kept> {
        self.events.get(usize::try_from(seq).ok()?.checked_sub(1)?)
    }
}

/// Where the person of that number stands.
fn place(number: i64) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}

/// The number of what is added next.
fn next(all: usize) -> u64 {
    all as u64 + 1
}

/// What the ledger never asks of a store.
fn refused(message: &str) -> Error {
    Error::damaged(message)
}

impl Rows for MemoryRows {
    fn setting(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        Ok(self.settings.get(name).cloned())
    }

    fn set(&mut self, name: &str, value: &[u8]) -> Result<()> {
        let before = self.settings.insert(name.to_owned(), value.to_owned());
        self.done.push(Undo::Set(name.to_owned(), before));
        Ok(())
    }

    fn last(&mut self) -> Result<(u64, i64)> {
        Ok(self.events.last().map_or((0, i64::MIN), |it| (it.seq, it.recorded)))
    }

    fn person(&mut self, name: &str) -> Result<Option<Person>> {
        match self.names.get(name).copied() {
            Some(number) => self.person_of(number),
            None => Ok(None),
        }
    }

    fn person_of(&mut self, number: i64) -> Result<Option<Person>> {
        Ok(self.someone(number).map(|it| it.person.clone()))
    }

    fn add_person(&mut self, name: &str, who: &Who) -> Result<i64> {
        if self.names.contains_key(name) {
            return Err(refused("a person is added twice"));
        }
        let number = i64::try_from(next(self.people.len())).unwrap_or(i64::MAX);
        self.names.insert(name.to_owned(), number);
        let person = Person {
            number,
            who: *who,
            name: Some(name.to_owned()),
            count: 0,
            head: Digest::NONE,
            last: Some(0),
        };
        self.people.push(Someone { person, events: Vec::new() });
        self.done.push(Undo::AddPerson);
        Ok(number)
    }

    fn put_person(&mut self, person: &Person) -> Result<()> {
        let Some(there) = self.someone(person.number) else { return Ok(()) };
        let before = there.person.clone();
        there.person.count = person.count;
        there.person.head = person.head;
        there.person.last = person.last;
        if person.name.is_none()
            && let Some(name) = there.person.name.take()
        {
            self.names.remove(&name);
        }
        self.done.push(Undo::PutPerson(before));
        Ok(())
    }

    fn people(&mut self) -> Result<u64> {
        Ok(self.people.len() as u64)
    }

    fn add(&mut self, event: &Kept) -> Result<bool> {
        if self.keys.contains_key(&event.key) {
            return Ok(false);
        }
        if event.seq != next(self.events.len()) {
            return Err(refused("an event's number is not the next"));
        }
        let Some(someone) = self.someone(event.person) else {
            return Err(refused("an event is about nobody"));
        };
        if event.n != next(someone.events.len()) {
            return Err(refused("an event is not the next in its person's chain"));
        }
        someone.events.push(event.seq);
        self.keys.insert(event.key, event.seq);
        self.events.push(event.clone());
        self.done.push(Undo::Add);
        Ok(true)
    }

    fn blank(&mut self, seq: u64) -> Result<()> {
        let at = usize::try_from(seq).ok().and_then(|it| it.checked_sub(1));
        let Some(event) = at.and_then(|at| self.events.get_mut(at)) else { return Ok(()) };
        let undo = Undo::Blank(seq, event.salt.take(), event.words.take());
        self.done.push(undo);
        Ok(())
    }

    fn by_key(&mut self, key: &[u8; 16]) -> Result<Option<Kept>> {
        Ok(self.keys.get(key).and_then(|seq| self.event(*seq)).cloned())
    }

    fn of_person(&mut self, number: i64, known_at: i64) -> Result<Vec<Kept>> {
        let Some(someone) = place(number).and_then(|at| self.people.get(at)) else { return Ok(Vec::new()) };
        let events = someone.events.iter().filter_map(|seq| self.event(*seq));
        Ok(events.filter(|it| it.recorded <= known_at).cloned().collect())
    }

    fn after(&mut self, seq: u64, most: usize) -> Result<Vec<Kept>> {
        let from = usize::try_from(seq).unwrap_or(usize::MAX);
        Ok(self.events.iter().skip(from).take(most).cloned().collect())
    }

    fn add_refusal(&mut self, address: &[u8; 16], seq: u64) -> Result<()> {
        if self.refusals.entry(*address).or_default().insert(seq) {
            self.done.push(Undo::AddRefusal(*address, seq));
        }
        Ok(())
    }

    fn refusals(&mut self, address: &[u8; 16], known_at: i64) -> Result<Vec<Kept>> {
        let all = self.refusals.get(address).into_iter().flatten();
        let events = all.filter_map(|seq| self.event(*seq));
        Ok(events.filter(|it| it.recorded <= known_at).cloned().collect())
    }

    fn has_refusal(&mut self, address: &[u8; 16], seq: u64) -> Result<bool> {
        Ok(self.refusals.get(address).is_some_and(|all| all.contains(&seq)))
    }

    fn bury(&mut self, hash: &[u8; 16], at: i64) -> Result<()> {
        // The first stands: what is erased twice has been gone since the first time.
        if !self.buried.contains_key(hash) {
            self.buried.insert(*hash, at);
            self.done.push(Undo::Bury(*hash));
        }
        Ok(())
    }

    fn buried(&mut self, hash: &[u8; 16]) -> Result<Option<i64>> {
        Ok(self.buried.get(hash).copied())
    }

    fn checkpoint(&mut self) -> Result<Option<Checkpoint>> {
        Ok(self.checkpoints.last().cloned())
    }

    fn add_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<()> {
        self.checkpoints.push(checkpoint.clone());
        self.done.push(Undo::AddCheckpoint);
        Ok(())
    }

    fn complaints(&mut self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    fn checkpoints(&mut self) -> Result<Vec<Checkpoint>> {
        Ok(self.checkpoints.clone())
    }

    fn add_block(&mut self, number: u64, root: &Digest) -> Result<()> {
        if number != self.blocks.len() as u64 {
            return Err(refused("a block's number is not the next"));
        }
        self.blocks.push(*root);
        self.done.push(Undo::AddBlock);
        Ok(())
    }

    fn blocks(&mut self) -> Result<Vec<Digest>> {
        Ok(self.blocks.clone())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
