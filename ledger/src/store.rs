//! What a store must be able to do: keep rows, in transactions. What the rows mean is the ledger's affair, so that two
//! stores cannot differ in it.

use crate::chain::{Digest, Salt, Who};
use crate::error::{Error, Result};

/// An event as it lies in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its number in the ledger, from 1 without gaps.
    pub seq: u64,
    /// Whose chain it is in: the store's number of the person.
    pub person: i64,
    /// Its number in that chain, from 1 without gaps.
    pub n: u64,
    /// What it is told in, as the ledger numbers its lists.
    pub list: u8,
    /// When it was recorded, in microseconds since 1970.
    pub recorded: i64,
    /// A keyed hash of the idempotency key.
    pub key: [u8; 16],
    /// Erased together with the words.
    pub salt: Option<Salt>,
    /// What was said.
    pub words: Option<String>,
    /// Of salt and words.
    pub seal: Digest,
    /// Binds the seal to its place.
    pub link: Digest,
    /// The number in the ledger of the event before it in that chain, 0 for the first; nothing of a store that finds chains
    /// otherwise.
    pub previous: Option<u64>,
}

/// What a person's events say, in order: their words one after the other, in one piece.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// The words of all of them.
    pub words: String,
    /// Each of them.
    pub events: Vec<Told>,
}

/// An event of a [`Chain`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Whose chain it is in: the store's number of the person.
    pub person: i64,
    /// What it is told in, as the ledger numbers its lists.
    pub list: u8,
    /// Erased together with the words.
    pub salt: Option<Salt>,
    /// Where in the chain's words its own end; nothing once erased.
    pub until: Option<usize>,
    /// Of salt and words.
    pub seal: Digest,
}

/// Whom a chain is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The store's number.
    pub number: i64,
    /// As the links know the person.
    pub who: Who,
    /// The host's name for the person; nothing once erased.
    pub name: Option<String>,
    /// How many events the chain has.
    pub count: u64,
    /// Its last link.
    pub head: Digest,
    /// The number in the ledger of its last event, 0 without any; nothing of a store that finds chains otherwise.
    pub last: Option<u64>,
}

/// The state of a ledger at one number, with the state before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// From 1.
    pub number: u64,
    /// The last event that it covers.
    pub seq: u64,
    /// When it was made, in microseconds since 1970.
    pub at: i64,
    /// The root of the tree over all links up to `seq`.
    pub root: Digest,
    /// The roots of the tree's complete parts, one for each bit of `seq`, the greatest first: what the next checkpoint goes on from.
    pub peaks: Vec<Digest>,
    /// The digest of the checkpoint before.
    pub before: Digest,
    /// Of number, last event, instant, root and the digest before.
    pub digest: Digest,
    /// Who signed it, and how.
    pub signed: Option<Signed>,
}

/// An Ed25519 signature (RFC 8032) of a checkpoint's digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The public key.
    pub by: [u8; 32],
    /// The signature.
    pub signature: [u8; 64],
}

/// What the ledger asks of a store within one transaction.
pub trait Rows {
    /// What the ledger remembers under a name.
    ///
    /// # Errors
    /// As the store fails; so for all of these.
    fn setting(&mut self, name: &str) -> Result<Option<Vec<u8>>>;
    /// What it remembers under several, in their order.
    ///
    /// # Errors
    /// As the store fails.
    fn settings(&mut self, names: &[String]) -> Result<Vec<Option<Vec<u8>>>> {
        names.iter().map(|name| self.setting(name)).collect()
    }
    /// Remembers it.
    fn set(&mut self, name: &str, value: &[u8]) -> Result<()>;
    /// The last event's number and the instant it was recorded; zeros without any.
    fn last(&mut self) -> Result<(u64, i64)>;
    /// The person of that name.
    fn person(&mut self, name: &str) -> Result<Option<Person>>;
    /// The person of that number.
    fn person_of(&mut self, number: i64) -> Result<Option<Person>>;
    /// A new person, whose number it gives.
    fn add_person(&mut self, name: &str, who: &Who) -> Result<i64>;
    /// The person's count, head and last event, and the name if it is gone.
    fn put_person(&mut self, person: &Person) -> Result<()>;
    /// How many people there are.
    fn people(&mut self) -> Result<u64>;
    /// Keeps an event; false when its key is there already.
    fn add(&mut self, event: &Kept) -> Result<bool>;
    /// Takes an event's words and salt away.
    fn blank(&mut self, seq: u64) -> Result<()>;
    /// The event of that key.
    fn by_key(&mut self, key: &[u8; 16]) -> Result<Option<Kept>>;
    /// A person's events in order, those recorded later than `known_at` left out.
    fn of_person(&mut self, number: i64, known_at: i64) -> Result<Vec<Kept>>;
    /// What the events of the person of a name say, those recorded later than `known_at` left out.
    ///
    /// # Errors
    /// As the store fails.
    fn chain(&mut self, name: &str, known_at: i64) -> Result<Chain> {
        let mut out = Chain::default();
        let Some(person) = self.person(name)? else { return Ok(out) };
        for Kept { person, list, salt, words, seal, .. } in self.of_person(person.number, known_at)? {
            out.words.push_str(words.as_deref().unwrap_or_default());
            let until = words.map(|_| out.words.len());
            out.events.push(Told { person, list, salt, until, seal });
        }
        Ok(out)
    }
    /// The next events after a number, `most` at most.
    fn after(&mut self, seq: u64, most: usize) -> Result<Vec<Kept>>;
    /// A revocation that names an address, by the address' keyed hash.
    fn add_refusal(&mut self, address: &[u8; 16], seq: u64) -> Result<()>;
    /// Revocations that name an address.
    fn refusals(&mut self, address: &[u8; 16], known_at: i64) -> Result<Vec<Kept>>;
    /// Whether nothing that is told of others concerns a person: no refusal or link under these hashes in another's chain, and
    /// nobody erased under those.
    ///
    /// # Errors
    /// As the store fails.
    fn is_alone(&mut self, person: i64, found_by: &[[u8; 16]; 2], buried: &[[u8; 16]; 2]) -> Result<bool> {
        for hash in found_by {
            if self.refusals(hash, i64::MAX)?.iter().any(|it| it.person != person) {
                return Ok(false);
            }
        }
        for hash in buried {
            if self.buried(hash)?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }
    /// Whether that is kept.
    fn has_refusal(&mut self, address: &[u8; 16], seq: u64) -> Result<bool>;
    /// Of whoever was erased, an address or a name, by its keyed hash, stays that, and since when.
    fn bury(&mut self, hash: &[u8; 16], at: i64) -> Result<()>;
    /// Since when an address or a name is erased.
    fn buried(&mut self, hash: &[u8; 16]) -> Result<Option<i64>>;
    /// The last checkpoint.
    fn checkpoint(&mut self) -> Result<Option<Checkpoint>>;
    /// Keeps a checkpoint.
    fn add_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<()>;
    /// What the store itself finds wrong with its tables and indexes, in its own words.
    fn complaints(&mut self) -> Result<Vec<String>>;
    /// All checkpoints in order.
    fn checkpoints(&mut self) -> Result<Vec<Checkpoint>>;
    /// The root over the links of a whole block of 1024 events; blocks are numbered from 0, and come in order.
    fn add_block(&mut self, number: u64, root: &Digest) -> Result<()>;
    /// The roots of all blocks, in order.
    fn blocks(&mut self) -> Result<Vec<Digest>>;
}

/// Where a ledger lies.
pub trait Store {
    /// What is asked within a transaction.
    type Rows<'a>: Rows + ?Sized
    where
        Self: 'a;

    /// Works in one transaction that may write; it is kept whole, or not at all. Once this returns, what was done survives
    /// the end of the process, and of the machine as far as its disk keeps its word.
    ///
    /// # Errors
    /// As the store or the work fails.
    fn write<T>(&mut self, work: impl FnOnce(&mut Self::Rows<'_>) -> Result<T>) -> Result<T>;

    /// Works on one state of the store, without changing it.
    ///
    /// # Errors
    /// As the store or the work fails.
    fn read<T>(&mut self, work: impl FnOnce(&mut Self::Rows<'_>) -> Result<T>) -> Result<T>;
}

/// Numbers of a database have a sign; the ledger's have none.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) fn number(n: i64) -> Result<u64> {
    u64::try_from(n).map_err(|_| damaged())
}

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

pub(crate) fn damaged() -> Error {
    Error::damaged("a row holds what the ledger never wrote")
}
