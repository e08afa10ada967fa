//! The warm door: requests to one policy that come one after another. What their events say besides dates, names and other
//! texts of their own (a kind, a channel, a purpose) most others have said before: it is read once, and found again by its
//! bytes. What is kept is said in the policy's own words; no text of a request outlives it.
//!
//! What this door does not know it leaves to the quick one, which reads the same tape into a flat request.

use super::Reader;
use super::flat::{About, Quick};
use crate::facts::freeze::When;
use crate::facts::refill::Told;
use crate::facts::ways::{Fork, Top, Way, Ways};
use crate::facts::{Facts, Intake, Interner, Refill, Slot, TextId, normal_address};
use crate::time::{Date, Instant};
use crate::typed::{Entity, EventList, FactId};
use crate::value::Type;
use crate::wire::flat::{Flat, Shapes, Tape};
use crate::wire::index::{Index, hash_words};
use crate::wire::limits::WARNINGS;
use crate::wire::tape::{self, Cursor};
use crate::wire::{Detail, Path};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Kinds of events that are kept; past them all are forgotten.
const KINDS: usize = 4_096;
/// Words of eight bytes by which they are found.
const WORDS: usize = 1 << 16;

/// Room that reads requests to one policy one after another.
pub struct Warm {
    intake: Arc<Intake>,
    refill: Refill,
    /// By fact.
    reads: Vec<Read>,
    said: [Said; 3],
    texts: Interner,
    /// What the event at hand says: room.
    words: Vec<u64>,
    full: bool,
}

/// How a field of an event is read.
#[derive(Clone, Copy, Default)]
enum Read {
    /// Not here.
    #[default]
    No,
    /// In the policy's words.
    Words,
    At,
    Recorded,
    Id,
    /// The one address of a scope.
    Address,
    /// Into a column; an address in the one form in which facts hold them.
    Own(u16, Way, bool),
}

/// What events of a list have said, by its bytes: the number of each is that of its shape.
#[derive(Default)]
struct Said {
    index: Index,
    words: Vec<u64>,
    ends: Vec<usize>,
}

impl Said {
    fn of(&self, n: u32) -> &[u64] {
        let n = n as usize;
        let from = n.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(n).and_then(|to| self.words.get(from..*to)).unwrap_or_default()
    }

    #[inline]
    fn find(&self, words: &[u64]) -> Option<u32> {
        self.index.find(hash_words(words), |n| self.of(n) == words)
    }

    /// Adds one; nothing when there is no room.
    fn add(&mut self, words: &[u64]) -> Option<u32> {
        let n = self.ends.len();
        if n >= KINDS || self.words.len() + words.len() > WORDS {
            return None;
        }
        self.words.extend_from_slice(words);
        self.ends.push(self.words.len());
        let n = u32::try_from(n).ok()?;
        self.index.put(hash_words(words), n).then_some(n)
    }
}

const LISTS: [EventList; 3] = [EventList::Consents, EventList::Contacts, EventList::Interactions];

fn place(list: EventList) -> Option<usize> {
    LISTS.iter().position(|it| *it == list)
}

impl Warm {
    /// For the requests to one policy; nothing for a vocabulary that this door does not know.
    pub(crate) fn of(intake: &Arc<Intake>) -> Option<Warm> {
        let ways = intake.ways();
        let reads: Vec<Read> =
            (0u16..).zip(&intake.vocabulary().facts).map(|(n, _)| read(intake, ways, FactId(n))).collect();
        let lists = LISTS.map(|list| {
            let facts = (0u16..).map(FactId).zip(&reads);
            let of = |fact: &FactId| {
                intake.vocabulary().decl(*fact).is_some_and(|decl| decl.entity == Entity::Event(list))
            };
            let told = facts.filter(|(fact, read)| of(fact) && !matches!(read, Read::No | Read::Own(..)));
            (list, told.map(|(fact, _)| fact).collect())
        });
        Some(Warm {
            refill: Refill::for_requests(intake, &lists)?,
            intake: Arc::clone(intake),
            reads,
            said: Default::default(),
            texts: Interner::default(),
            words: Vec::new(),
            full: false,
        })
    }

    /// Takes a request from a tape: its events into this room, the rest into a flat request that has begun. Nothing if it has to
    /// be read in another way.
    pub fn take(&mut self, tape: Tape<'_>, shapes: &mut Shapes, flat: &mut Flat) -> Option<()> {
        if self.full {
            *self = Warm::of(&self.intake)?;
        }
        self.refill.begin();
        self.texts = Interner::on(Arc::clone(&self.intake.base));
        let intake = Arc::clone(&self.intake);
        let ways = intake.ways();
        let mut reader = tape.cursor(ways.keys.len(), shapes, flat)?;
        let keys = reader.keys_of(reader.peek()?)?;
        reader.word()?;
        let from = reader.flat.open(0)?;
        for key in keys {
            let many = reader.peek()? & 15 == tape::LIST;
            let node = match *ways.tops.get(usize::from(*key))? {
                Top::List(list, forks) if many && place(list).is_some() => {
                    self.list(list, forks, ways, &mut reader)?;
                    // What is left of it here: that it was given.
                    let none = reader.flat.open(1)?;
                    reader.flat.list(none, false)?
                }
                _ => reader.value(1, false)?,
            };
            reader.flat.put(u32::from(*key), node);
        }
        let root = reader.flat.map(from)?;
        reader.at_end().then_some(())?;
        reader.flat.done(root)
    }

    /// The facts of the request that was taken; what is laid over it is in the flat request by now.
    pub fn facts(&mut self, flat: &Flat) -> Option<(&Facts, Detail)> {
        let texts = std::mem::take(&mut self.texts);
        let (builder, detail) = self.intake.build_flat(flat, Some(texts))?;
        if builder.is_for_another() {
            return None;
        }
        let known_at = builder.asked_known_at();
        let built = builder.finish_since(self.refill.oldest_told()).ok()?;
        // A name of an event was looked for where these are not.
        let named = |code: &str| matches!(code, "no_such_event" | "ambiguous_event");
        if built.warnings.len() >= WARNINGS || built.warnings.iter().any(|it| named(it.code)) {
            return None;
        }
        Some((self.refill.take_over(built, known_at)?, detail))
    }

    /// The facts that were given last, until they are forgotten or others are taken.
    #[must_use]
    pub fn held(&self) -> &Facts {
        self.refill.held()
    }

    /// Says what the digest of their request is.
    pub fn digested(&mut self, digest: [u8; 32]) {
        self.refill.digested(digest);
    }

    /// Forgets what the last request said.
    pub fn forget(&mut self) {
        self.texts = Interner::default();
        self.refill.forget();
    }

    fn list(&mut self, list: EventList, forks: u16, ways: &Ways, reader: &mut Cursor<'_>) -> Option<()> {
        let len = (reader.word()? >> 4) as usize;
        if len > reader.flat.most_members() {
            return None;
        }
        for _ in 0..len {
            let begun = reader.mark();
            let mut told = Told::default();
            let from = self.refill.owned(list);
            self.words.clear();
            let head = reader.word()?;
            self.object(list, forks, ways, reader, head, &mut told)?;
            let found = self.said.get(place(list)?)?.find(&self.words);
            let shape = match found {
                Some(shape) => shape,
                None => {
                    let after = reader.mark();
                    reader.go_to(begun);
                    let shape = self.learn(list, forks, ways, reader)?;
                    reader.go_to(after);
                    shape
                }
            };
            self.refill.told(list, shape, told, from);
        }
        Some(())
    }

    fn object(
        &mut self,
        list: EventList,
        forks: u16,
        ways: &Ways,
        reader: &mut Cursor<'_>,
        head: u32,
        told: &mut Told,
    ) -> Option<()> {
        let forks = ways.forks(forks);
        let keys = reader.keys_of(head)?;
        for key in keys {
            let word = reader.word()?;
            let kind = word & 15;
            if kind == tape::ABSENT {
                continue;
            }
            let (at, key) = (usize::from(*key), u64::from(*key) << 32);
            match forks.get(at)? {
                Fork::Fact(fact) => match self.reads.get(usize::from(fact.0))? {
                    Read::Words => self.in_words(key, word, reader)?,
                    Read::At => {
                        self.words.push(key);
                        told.at = when(word, reader)?;
                    }
                    Read::Recorded => {
                        self.words.push(key);
                        told.recorded = when(word, reader)?;
                    }
                    Read::Id => {
                        self.words.push(key);
                        told.id = Some(self.texts.intern(reader.text(word)?));
                    }
                    Read::Address => {
                        self.words.push(key);
                        let word = if word == 1 << 4 | tape::LIST { reader.word()? } else { word };
                        told.address = Some(self.texts.intern(&normal_address(reader.text(word)?)));
                    }
                    Read::Own(column, way, address) => {
                        self.words.push(key | u64::from(kind));
                        let slot = own(*way, *address, word, reader, &mut self.texts)?;
                        self.refill.own(list, *column, slot);
                    }
                    Read::No => return None,
                },
                Fork::Inside(inside) if kind == tape::MAP => {
                    self.words.push(key);
                    self.object(list, *inside, ways, reader, word, told)?;
                    // No key's number is as great.
                    self.words.push(u64::MAX);
                }
                _ => return None,
            }
        }
        Some(())
    }

    /// A value in the policy's words.
    #[inline]
    fn in_words(&mut self, key: u64, word: u32, reader: &mut Cursor<'_>) -> Option<()> {
        self.words.push(key | u64::from(word));
        match word & 15 {
            tape::NULL | tape::FALSE | tape::TRUE => Some(()),
            tape::TEXT => reader.eights(word >> 4, &mut self.words),
            tape::LIST => {
                for _ in 0..word >> 4 {
                    let word = reader.word()?;
                    (word & 15 == tape::TEXT).then_some(())?;
                    self.words.push(u64::from(word));
                    reader.eights(word >> 4, &mut self.words)?;
                }
                Some(())
            }
            _ => None,
        }
    }

    /// What an event says that nobody has said before.
    #[inline(never)]
    fn learn(&mut self, list: EventList, forks: u16, ways: &Ways, reader: &mut Cursor<'_>) -> Option<u32> {
        let node = reader.value(2, true)?;
        let intake = &*self.intake;
        let builder = intake.builder(Instant(0));
        let mut quick =
            Quick { reader: Reader { intake, warnings: BTreeSet::new(), builder }, ways, flat: reader.flat };
        let mut fields = Vec::new();
        quick.fields(forks, node, &Path::ROOT, &mut fields, &mut About::default())?;
        quick.reader.warnings.is_empty().then_some(())?;
        let mut said = Vec::with_capacity(fields.len());
        for (fact, slot) in fields {
            match (self.reads.get(usize::from(fact.0))?, slot) {
                (Read::Words, Slot::Unknown) | (Read::No, _) => return None,
                (Read::Words, slot) => said.push((fact, slot)),
                (Read::Own(..) | Read::Address, slot) => said.push((fact, like(&slot)?)),
                (Read::At | Read::Recorded | Read::Id, _) => {}
            }
        }
        said.sort_by_key(|(fact, _)| *fact);
        let known = self.said.get_mut(place(list)?)?;
        let Some(n) = known.add(&self.words) else {
            self.full = true;
            return None;
        };
        let shape = self.refill.shape(list, said);
        self.full |= shape != Some(n);
        shape.filter(|shape| *shape == n)
    }
}

/// Something of the same kind that says nothing of a person.
fn like(slot: &Slot) -> Option<Slot> {
    Some(match slot {
        Slot::None => Slot::None,
        Slot::Int(_) => Slot::Int(0),
        Slot::Text(_) => Slot::Text(TextId(0)),
        Slot::Texts(texts) if texts.len() == 1 => Slot::Texts([TextId(0)].into()),
        Slot::Date { .. } => Slot::date(Date(0)),
        Slot::Instant(_) => Slot::Instant(Instant(0)),
        _ => return None,
    })
}

fn read(intake: &Intake, ways: &Ways, fact: FactId) -> Read {
    let Some(decl) = intake.vocabulary().decl(fact) else { return Read::No };
    let Entity::Event(list) = decl.entity else { return Read::No };
    let Some(place) = place(list) else { return Read::No };
    let known = &intake.known;
    let addresses = known.addresses.get(place).copied().unwrap_or_default();
    match ways.reads.get(usize::from(fact.0)).copied().unwrap_or_default() {
        Way::When { recorded: false } => Read::At,
        Way::When { recorded: true } => Read::Recorded,
        _ if known.consents.address == Some(fact) => Read::Address,
        Way::Text if decl.field == "id" => Read::Id,
        // A scope's own words, and those whose looks the fold does not know.
        _ if known.consents.matter == Some(fact) => Read::No,
        Way::Bool | Way::Choice | Way::Node(_) | Way::Nodes { .. } | Way::Choices | Way::Part(_) => {
            Read::Words
        }
        way @ (Way::Int | Way::Text | Way::Date | Way::Instant) if decl.ty != Type::Event => {
            Read::Own(decl.slot, way, addresses.contains(&Some(fact)))
        }
        _ => Read::No,
    }
}

fn when(word: u32, reader: &mut Cursor<'_>) -> Option<When> {
    match word & 15 {
        tape::NULL => Some(When::Undated),
        tape::INSTANT => reader.instant(word).map(When::Instant),
        _ => {
            let given = reader.text(word)?;
            if given.len() == 10 {
                return Date::parse(given).ok().map(When::Date);
            }
            Instant::parse(given).ok().map(When::Instant)
        }
    }
}

fn own(way: Way, address: bool, word: u32, reader: &mut Cursor<'_>, texts: &mut Interner) -> Option<Slot> {
    if word & 15 == tape::NULL {
        return (!matches!(way, Way::Int)).then_some(Slot::None);
    }
    Some(match way {
        Way::Int => Slot::Int(reader.int(word)?),
        Way::Text if address => Slot::Text(texts.intern(&normal_address(reader.text(word)?))),
        Way::Text => Slot::Text(texts.intern(reader.text(word)?)),
        Way::Date => Slot::date(Date::parse(reader.text(word)?).ok()?),
        Way::Instant if word & 15 == tape::INSTANT => Slot::Instant(reader.instant(word)?),
        Way::Instant => Slot::Instant(Instant::parse(reader.text(word)?).ok()?),
        _ => return None,
    })
}
