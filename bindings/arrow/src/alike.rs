//! Answers of persons who are alike, each found once: what everybody shares is settled for the audience, what differs is
//! read as numbers, and persons with the same numbers where it matters have the same answer.
//!
//! A person who is like nobody so far is decided as always, and remembered.

use crate::combos::{NONE, Pairs};
use crate::shapes::Read;
use byleave::Scratch;
use byleave::decision::{Brief, Verdict};
use byleave::engine::Alike;
use byleave::facts::{Facts, Refill, When};
use byleave::time::Date;
use byleave::typed::EventList;

/// More events than this that matter are one person's alone.
const MOST: usize = 64;
/// Nobody of that kind was asked about yet.
const NEW: u32 = u32::MAX;
/// Persons of that kind are each asked about.
const EACH: u32 = u32::MAX - 1;
/// A birth date of long enough ago.
const OF_AGE: u32 = 1;
/// A text of the person's own: no number stands for it.
pub const OWN: u32 = u32::MAX - 1;
/// Days begin here,
const DAYS: i64 = 719_162;
/// and their numbers here.
const DAY: u32 = 1 << 31;

/// One group of rules.
struct Group {
    /// By fact that it hangs on: combinations with those before it.
    pairs: Vec<Pairs>,
    /// With the history of consent.
    folded: Pairs,
    /// By combination of facts: the number of what it says, where none of its rules can apply.
    idle: Vec<u32>,
    /// By combination of everything: the number of what it says.
    classes: Vec<u32>,
    /// Dates of birth at or before this day are long enough ago, by number of the fact.
    of_age: Vec<(usize, u32)>,
    /// By row of the part: the combination of facts.
    facts: Vec<u32>,
}

/// An answer, as much of it as is asked.
pub enum Answer<'e> {
    /// The outcome alone.
    Verdict(Verdict),
    /// By ids.
    Brief(Brief<'e>),
}

/// Answers by number.
pub struct Memo<'e> {
    alike: Alike<'e>,
    groups: Vec<Group>,
    /// By group but the first: combinations of what it says with what those before it do.
    joined: Vec<Pairs>,
    /// Histories of consent: one event older.
    histories: Pairs,
    /// By shape of a consent: 0 counts for nothing, 1 for something, 2 for more than it says, 3 is not known yet.
    heeds: Vec<u8>,
    answers: Vec<Option<Answer<'e>>>,
    /// Of the person at hand, by group: the combination of facts, the one of everything, the number of what it says.
    at: Vec<(u32, u32, u32)>,
    order: Vec<(i64, u32)>,
}

/// What is known of a person.
pub enum Found {
    /// The answer's number.
    Answer(usize),
    /// Nobody was asked about who is alike; to be told with [`Memo::learn`].
    Nobody,
    /// This one is to be asked about alone.
    Alone,
}

/// The events that a person has.
pub trait Person {
    /// Those of a list, all of them plain.
    fn events(&self, list: EventList) -> &[Read];
}

/// A day as the number of a fact's value: above all others, later days above earlier ones.
#[inline]
pub fn day_code(day: Date) -> Option<u32> {
    u32::try_from(i64::from(day.0) + DAYS).ok().map(|day| day | DAY)
}

/// The latest day of birth, as a number, of one who is certainly more years old than that: no year has more than 366
/// days, and no clock is more than a day off.
fn of_age(today: i64, years: i64) -> u32 {
    let day = today - (years.clamp(0, 1000) + 1) * 366 - 3;
    i32::try_from(day).ok().and_then(|day| day_code(Date(day))).unwrap_or(0)
}

fn at(table: &[u32], n: u32) -> u32 {
    table.get(n as usize).copied().unwrap_or(NEW)
}

fn put<T: Copy>(table: &mut Vec<T>, n: u32, blank: T, value: T) {
    let n = n as usize;
    if table.len() <= n {
        table.resize(n + 1, blank);
    }
    if let Some(place) = table.get_mut(n) {
        *place = value;
    }
}

impl<'e> Memo<'e> {
    /// Nothing is known yet. `today` is the day of the instant asked about, in days since 1970-01-01.
    pub fn new(alike: Alike<'e>, today: i64) -> Memo<'e> {
        let groups = alike.groups().iter().map(|group| Group {
            pairs: (0..group.leaves.len() + group.ages.len()).map(|_| Pairs::new()).collect(),
            folded: Pairs::new(),
            idle: Vec::new(),
            classes: Vec::new(),
            of_age: group.ages.iter().map(|(n, years)| (*n, of_age(today, *years))).collect(),
            facts: Vec::new(),
        });
        let groups: Vec<Group> = groups.collect();
        Memo {
            joined: groups.iter().skip(1).map(|_| Pairs::new()).collect(),
            at: vec![(0, 0, 0); groups.len()],
            groups,
            alike,
            histories: Pairs::new(),
            heeds: Vec::new(),
            answers: Vec::new(),
            order: Vec::new(),
        }
    }

    /// An answer.
    #[inline]
    pub fn answer(&self, n: usize) -> Option<&Answer<'e>> {
        self.answers.get(n)?.as_ref()
    }

    /// Puts together what the persons of a part have of the facts that differ: numbers by leaf, then by row.
    pub fn part(&mut self, numbers: &[Vec<u32>], rows: usize) {
        for (group, own) in self.alike.groups().iter().zip(&mut self.groups) {
            own.facts.clear();
            own.facts.resize(rows, 0);
            let ages = own.of_age.iter().map(|(leaf, last)| (*leaf, *last));
            let leaves = group.leaves.iter().map(|leaf| (*leaf, 0)).chain(ages);
            for ((leaf, last), pairs) in leaves.zip(&mut own.pairs) {
                let Some(column) = numbers.get(leaf).filter(|it| it.len() == rows) else {
                    own.facts.fill(NONE);
                    break;
                };
                for (facts, code) in own.facts.iter_mut().zip(column) {
                    *facts = match *code {
                        OWN => NONE,
                        code if code >= DAY && code <= last => pairs.of(*facts, OF_AGE),
                        code => pairs.of(*facts, code),
                    };
                }
            }
        }
    }

    /// Looks for somebody like the person in a row of the part.
    pub fn find(&mut self, refill: &Refill<'_>, row: usize, person: &impl Person) -> Found {
        let mut history = None;
        let mut known = true;
        for n in 0..self.groups.len() {
            let Some(group) = self.alike.groups().get(n) else { return Found::Alone };
            let Some(own) = self.groups.get_mut(n) else { return Found::Alone };
            let Some(facts) = own.facts.get(row).copied().filter(|it| *it != NONE) else {
                return Found::Alone;
            };
            let idle = at(&own.idle, facts);
            let (mut whole, mut class) = (facts, idle);
            if idle == NEW {
                for (list, since) in &group.back {
                    let late = |read: &Read| matches!(read.at, When::Instant(at) if at.0 > *since);
                    if person.events(*list).iter().any(late) {
                        return Found::Alone;
                    }
                }
                if group.fold {
                    let state = match history {
                        Some(state) => state,
                        None => {
                            let consents = person.events(EventList::Consents);
                            let Some(state) = Self::fold(
                                &mut self.alike,
                                &mut self.heeds,
                                &mut self.order,
                                &mut self.histories,
                                refill,
                                consents,
                            ) else {
                                return Found::Alone;
                            };
                            history = Some(state);
                            state
                        }
                    };
                    let Some(own) = self.groups.get_mut(n) else { return Found::Alone };
                    whole = own.folded.of(facts, state);
                    if whole == NONE {
                        return Found::Alone;
                    }
                }
                class = self.groups.get(n).map_or(NEW, |own| at(&own.classes, whole));
                if class == EACH {
                    return Found::Alone;
                }
                known &= class != NEW;
            }
            if let Some(place) = self.at.get_mut(n) {
                *place = (facts, whole, class);
            }
        }
        if !known {
            return Found::Nobody;
        }
        match self.join() {
            NONE => Found::Alone,
            n if self.answer(n as usize).is_some() => Found::Answer(n as usize),
            _ => Found::Nobody,
        }
    }

    /// The history of consent as one number: what counts for something, newest first.
    #[inline]
    fn fold(
        alike: &mut Alike<'e>,
        heeds: &mut Vec<u8>,
        order: &mut Vec<(i64, u32)>,
        histories: &mut Pairs,
        refill: &Refill<'_>,
        consents: &[Read],
    ) -> Option<u32> {
        order.clear();
        for read in consents {
            let heed = match heeds.get(read.shape as usize) {
                Some(heed) if *heed != 3 => *heed,
                _ => {
                    let heed = alike.heeds(refill, read.shape).map_or(2, u8::from);
                    put(heeds, read.shape, 3, heed);
                    heed
                }
            };
            match (heed, read.at) {
                (0, _) => {}
                (1, When::Instant(at)) => order.push((at.0, read.shape)),
                _ => return None,
            }
        }
        if order.len() > MOST {
            return None;
        }
        order.sort_unstable_by(|a, b| b.cmp(a));
        let mut state = 0;
        let mut n = 0;
        while let Some((at, shape)) = order.get(n).copied() {
            // Of several at one instant, which comes first is no matter of order alone.
            if order.get(n + 1).is_some_and(|next| next.0 == at && next.1 != shape) {
                return None;
            }
            n += 1;
            // Of two grants in the same words the older carries and lifts nothing that the newer does not, and of two
            // revocations it ends and refuses nothing more.
            if order.iter().take(n - 1).any(|newer| newer.1 == shape) {
                continue;
            }
            state = match histories.of(state, shape) {
                NONE => return None,
                n => n + 1,
            };
        }
        Some(state)
    }

    /// What all groups say together.
    fn join(&mut self) -> u32 {
        let Some((first, rest)) = self.at.split_first() else { return 0 };
        let mut out = first.2;
        for ((.., class), pairs) in rest.iter().zip(&mut self.joined) {
            out = pairs.of(out, *class);
        }
        out
    }

    /// Remembers what was found out about the person who was looked for last. Nothing: it holds for this one alone.
    pub fn learn(
        &mut self,
        facts: &Facts,
        scratch: &mut Scratch,
        answer: impl FnOnce(&mut Scratch) -> Answer<'e>,
    ) -> Option<usize> {
        for n in 0..self.at.len() {
            let (leaves, whole, class) = self.at.get(n).copied()?;
            if class != NEW {
                continue;
            }
            let own = self.groups.get_mut(n)?;
            let Some(found) = self.alike.class(n, facts, scratch).filter(|it| it.number < EACH) else {
                put(&mut own.classes, whole, NEW, EACH);
                return None;
            };
            if found.idle {
                put(&mut own.idle, leaves, NEW, found.number);
            } else {
                put(&mut own.classes, whole, NEW, found.number);
            }
            if let Some(place) = self.at.get_mut(n) {
                place.2 = found.number;
            }
        }
        let n = match self.join() {
            NONE => return None,
            n => n as usize,
        };
        if self.answers.len() <= n {
            self.answers.resize_with(n + 1, || None);
        }
        let place = self.answers.get_mut(n)?;
        *place = Some(answer(scratch));
        Some(n)
    }
}
