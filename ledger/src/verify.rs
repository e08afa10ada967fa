//! Whether the record is what was recorded: every chain, every number, every checkpoint, in one pass over the events.
//!
//! What this cannot see is a keeper who rewrites everything after the last checkpoint that somebody else holds: hence signatures,
//! and handing checkpoints out.

mod found;

pub use found::{Finding, What};

use crate::chain::{self, Digest, Place};
use crate::checkpoint::{PAGE, digest, holds, peaks};
use crate::decision::{Record, packs};
use crate::erase::left;
use crate::error::Result;
use crate::event::{Event, List};
use crate::ledger::{ERASURE, Hashes, Ledger};
use crate::store::{Checkpoint, Kept, Person, Rows, Store};
use crate::tree::{BLOCK, Peaks};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

/// What whoever verifies knows from elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Public keys by which checkpoints may be signed. With any, every checkpoint must be signed by one of them.
    pub keys: Vec<[u8; 32]>,
    /// The digest of a checkpoint that was handed out: it must be among them.
    pub checkpoint: Option<Digest>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Events that were read.
    pub events: u64,
    /// People whose chains were followed.
    pub people: u64,
    /// Checkpoints that were held against the events.
    pub checkpoints: u64,
    /// The last event that a checkpoint covers: what came later is held by its chains alone.
    pub covered: u64,
    /// What does not hold, in order of events.
    pub findings: Vec<Finding>,
}

/// A chain as far as it has been followed.
struct Followed {
    person: Person,
    n: u64,
    head: Digest,
    /// The last event that was met.
    last: u64,
    /// Events whose words are gone, and no erasure has been met yet.
    emptied: Vec<u64>,
}

struct Verifier {
    report: Report,
    chains: HashMap<i64, Option<Followed>>,
    tree: Peaks,
    /// Of whole blocks, in order.
    blocks: Vec<Digest>,
    /// Packs by which decisions were made, and the first of these.
    packs: BTreeMap<Digest, u64>,
    seq: u64,
    recorded: i64,
}

impl<S: Store> Ledger<S> {
    /// Holds every event against its chain, and every checkpoint against the events.
    ///
    /// # Errors
    /// As the store fails; what does not hold is no error but a [`Finding`].
    pub fn verify(&mut self, trust: &Trust) -> Result<Report> {
        let hashes = &self.hashes;
        self.store.read(|rows| {
            let checkpoints = rows.checkpoints()?;
            let mut next = checkpoints.iter().peekable();
            let mut it = Verifier {
                report: Report::default(),
                chains: HashMap::new(),
                tree: Peaks::default(),
                blocks: Vec::new(),
                packs: BTreeMap::new(),
                seq: 0,
                recorded: i64::MIN,
            };
            let mut before = Digest::NONE;
            loop {
                let page = rows.after(it.seq, PAGE)?;
                if page.is_empty() {
                    break;
                }
                for event in &page {
                    if let Entry::Vacant(place) = it.chains.entry(event.person) {
                        let followed = rows.person_of(event.person)?.map(|person| Followed {
                            person,
                            n: 0,
                            head: Digest::NONE,
                            last: 0,
                            emptied: Vec::new(),
                        });
                        place.insert(followed);
                    }
                    let said = it.event(event, hashes);
                    if !found_again(rows, hashes, event.seq, said.as_ref())? {
                        it.found(What::Unfindable, Some(event.seq), Some(event.person));
                    }
                    while let Some(checkpoint) = next.next_if(|next| next.seq <= event.seq) {
                        it.checkpoint(checkpoint, &mut before, trust);
                    }
                }
            }
            // Checkpoints of events that are not there.
            for checkpoint in next {
                it.checkpoint(checkpoint, &mut before, trust);
            }
            it.ends();
            it.stored(&rows.blocks()?);
            for (digest, seq) in std::mem::take(&mut it.packs) {
                if rows.setting(&packs(&digest))?.is_none_or(|bytes| Digest::of(&bytes) != digest) {
                    it.found(What::Packs, Some(seq), None);
                }
            }
            if let Some(known) = trust.checkpoint
                && !checkpoints.iter().any(|it| it.digest == known)
            {
                it.found(What::Unknown, None, None);
            }
            if !rows.complaints()?.is_empty() {
                it.found(What::Store, None, None);
            }
            it.report.people = rows.people()?;
            if it.report.people != it.chains.len() as u64 {
                it.found(What::Head, None, None);
            }
            Ok(it.report)
        })
    }
}

impl Verifier {
    fn found(&mut self, what: What, seq: Option<u64>, person: Option<i64>) {
        self.report.findings.push(Finding { what, seq, person });
    }

    fn event(&mut self, event: &Kept, hashes: &Hashes) -> Option<Said> {
        let mut found = Vec::new();
        let mut said = None;
        if event.seq != self.seq + 1 {
            found.push(What::Deleted);
        }
        if event.recorded < self.recorded {
            found.push(What::Clock);
        }
        self.seq = event.seq;
        self.recorded = event.recorded;
        self.blocks.extend(self.tree.push(&event.link));
        self.report.events += 1;
        match self.chains.get_mut(&event.person).and_then(Option::as_mut) {
            None => found.push(What::Nobody),
            Some(chain) => {
                if event.n != chain.n + 1 {
                    found.push(What::OutOfOrder);
                }
                let place = Place {
                    who: chain.person.who,
                    n: event.n,
                    seq: event.seq,
                    list: event.list,
                    recorded: event.recorded,
                };
                if chain::link(&chain.head, &place, &event.seal) != event.link {
                    found.push(What::Broken);
                }
                // Whoever reads the chain would go astray here.
                if event.previous.is_some_and(|it| it != chain.last) {
                    found.push(What::Unfindable);
                }
                chain.n = event.n;
                chain.head = event.link;
                chain.last = event.seq;
                match (&event.salt, &event.words) {
                    (Some(salt), Some(words)) => {
                        if chain::seal(salt, words) != event.seal {
                            found.push(What::Changed);
                        } else {
                            said = Said::read(event, words, chain.person.name.as_deref(), hashes);
                            match said {
                                Some(Said::Erasure(_)) => chain.emptied.clear(),
                                Some(Said::Event(ref read)) => {
                                    if let Ok(Some(record)) = Record::read(read) {
                                        self.packs.entry(record.policy).or_insert(event.seq);
                                    }
                                }
                                None => found.push(What::Contradicts),
                            }
                        }
                    }
                    _ => chain.emptied.push(event.seq),
                }
            }
        }
        for what in found {
            self.found(what, Some(event.seq), Some(event.person));
        }
        said
    }

    fn checkpoint(&mut self, it: &Checkpoint, before: &mut Digest, trust: &Trust) {
        self.report.checkpoints += 1;
        let follows = it.seq == self.seq
            && it.root == self.tree.root()
            && peaks(it).as_ref() == Some(&self.tree)
            && it.before == *before
            && it.number == self.report.checkpoints
            && it.digest == digest(it);
        if follows {
            self.report.covered = it.seq;
        } else {
            self.found(What::Checkpoint, Some(it.seq), None);
        }
        *before = it.digest;
        let signed = match &it.signed {
            Some(signed) => {
                holds(signed, &it.digest) && (trust.keys.is_empty() || trust.keys.contains(&signed.by))
            }
            None => trust.keys.is_empty(),
        };
        if !signed {
            self.found(What::Signature, Some(it.seq), None);
        }
    }

    /// Stored roots: those of every whole block that a checkpoint covers, and no others.
    fn stored(&mut self, blocks: &[Digest]) {
        let covered = usize::try_from(self.report.covered / BLOCK).unwrap_or(usize::MAX);
        let expected = self.blocks.get(..covered).unwrap_or(&self.blocks);
        let differs = expected.iter().zip(blocks).position(|(a, b)| a != b);
        let first =
            differs.or_else(|| (expected.len() != blocks.len()).then_some(expected.len().min(blocks.len())));
        if let Some(first) = first {
            self.found(What::Tree, Some((first as u64 + 1) * BLOCK), None);
        }
    }

    /// What can be said only once every event has been read.
    fn ends(&mut self) {
        let mut found = Vec::new();
        for (number, chain) in &self.chains {
            let Some(chain) = chain else { continue };
            let elsewhere = chain.person.last.is_some_and(|last| last != chain.last);
            if chain.person.count != chain.n || chain.person.head != chain.head || elsewhere {
                found.push(Finding { what: What::Head, seq: None, person: Some(*number) });
            }
            let emptied = chain.emptied.iter();
            found.extend(emptied.map(|seq| Finding {
                what: What::Emptied,
                seq: Some(*seq),
                person: Some(*number),
            }));
        }
        found.sort_by_key(|it| (it.seq, it.person));
        self.report.findings.extend(found);
    }
}

/// What words say that are those that were sealed.
enum Said {
    Event(Box<Event>),
    /// With its tombstones.
    Erasure(Vec<[u8; 16]>),
}

impl Said {
    /// Nothing where the row says something else than the words.
    fn read(event: &Kept, words: &str, name: Option<&str>, hashes: &Hashes) -> Option<Said> {
        if event.list == ERASURE {
            return left(words).map(Said::Erasure);
        }
        let read = Event::parse(words).ok()?;
        let list = List::ALL.into_iter().any(|list| list as u8 == event.list && list == read.list);
        let same = list
            && hashes.of_key(&read.key) == event.key
            && read.recorded_at.as_microsecond() == event.recorded
            // Once somebody is erased, what is left under the old chain has no name to hold the words against.
            && name.is_none_or(|name| name == read.person);
        same.then(|| Said::Event(Box::new(read)))
    }
}

/// Whether the tables by which it is found again know of it: a refusal that is there and is not found would be a wrong allow.
fn found_again(
    rows: &mut (impl Rows + ?Sized),
    hashes: &Hashes,
    seq: u64,
    said: Option<&Said>,
) -> Result<bool> {
    match said {
        None => {}
        Some(Said::Event(event)) => {
            if let Some(with) = event.with()
                && !rows.has_refusal(&hashes.of_link(with), seq)?
            {
                return Ok(false);
            }
            for address in event.revokes().unwrap_or_default() {
                if !rows.has_refusal(&hashes.of_address(address), seq)? {
                    return Ok(false);
                }
            }
        }
        Some(Said::Erasure(left)) => {
            for hash in left {
                if rows.buried(hash)?.is_none() {
                    return Ok(false);
                }
            }
        }
    }
    Ok(true)
}
