//! Answers of persons who are alike, each found once: what everybody shares is settled for the audience, what differs is
//! read as numbers, and persons with the same numbers where it matters have the same answer.
//!
//! Who somebody is, besides what happened, is one number; the history of consent is a few more. Both together are a kind, and of
//! each kind one person is decided. Who is of no kind so far may still have the answer of others, group of rules by group of
//! rules; failing that, such a person is decided as always, and remembered.

use crate::answers::Answer;
use crate::combos::{NONE, Pairs};
use crate::kinds::{Kinds, State};
use crate::past::Past;
use crate::shapes::Read;
use byleave::Scratch;
use byleave::engine::Alike;
use byleave::facts::{Facts, Refill};
use byleave::time::Date;
use byleave::typed::EventList;

/// Nobody of that kind was asked about yet.
const NEW: u32 = u32::MAX;
/// Persons of that kind are each asked about.
const EACH: u32 = u32::MAX - 1;
/// A birth date of long enough ago, or a text of which it matters only that it is there.
const SOME: u32 = 1;
/// A text of the person's own: no number stands for it.
pub const OWN: u32 = u32::MAX - 1;
/// Days begin here,
const DAYS: i64 = 719_162;
/// and their numbers here.
const DAY: u32 = 1 << 31;

/// A fact that something hangs on.
#[derive(Clone, Copy)]
struct Leaf {
    /// Its number.
    n: usize,
    /// Dates of birth at or before this day are long enough ago, by number of the fact.
    of_age: u32,
    /// All that matters of a text is whether it is there.
    named: bool,
}

impl Leaf {
    #[inline]
    fn code(&self, code: u32) -> u32 {
        match code {
            OWN if self.named => SOME,
            OWN => NONE,
            code if code >= DAY && code <= self.of_age => SOME,
            code => code,
        }
    }
}

/// One group of rules.
struct Group {
    /// Facts that it hangs on, each with combinations of it and those before it.
    leaves: Vec<(Leaf, Pairs)>,
    /// With what happened.
    folded: Pairs,
    fold: bool,
    looks: bool,
    /// Events that matter, as bits.
    backs: u64,
    /// By combination of facts: the number of what it says, where none of its rules can apply.
    idle: Vec<u32>,
    /// By combination of everything: the number of what it says.
    classes: Vec<u32>,
}

/// What has to be looked at of persons with the same facts.
#[derive(Clone, Copy, Default)]
struct Profile {
    ready: bool,
    /// The history of consent; look-ups.
    asks: (bool, bool),
    /// Events, as bits.
    backs: u64,
}

/// Answers by number.
pub struct Memo {
    alike: Alike,
    past: Past,
    /// Facts that some group hangs on, each with combinations of it and those before it.
    leaves: Vec<(Leaf, Pairs)>,
    /// By row of the part: the combination of facts.
    who: Vec<u32>,
    /// By combination of facts.
    profiles: Vec<Profile>,
    groups: Vec<Group>,
    /// By group but the first: combinations of what it says with what those before it do.
    joined: Vec<Pairs>,
    /// Answers by facts and history.
    kinds: Kinds,
    /// Histories by number.
    states: Kinds,
    answers: Vec<Option<Answer>>,
    /// Of the person looked for last: the kind.
    kind: (u32, State),
    /// And by group: the combination of facts, the one of everything, the number of what it says.
    at: Vec<(u32, u32, u32)>,
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

/// The events that a person has, by list; all of them are plain.
pub type Events<'e> = [(EventList, Read<'e>)];

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

/// Puts together what a person has of some facts; nothing where no number stands for one.
fn together(leaves: &mut [(Leaf, Pairs)], numbers: &[Vec<u32>], row: usize) -> u32 {
    let mut out = 0;
    for (leaf, pairs) in leaves {
        let code = numbers.get(leaf.n).and_then(|column| column.get(row));
        out = code.map_or(NONE, |code| pairs.of(out, leaf.code(*code)));
    }
    out
}

impl Memo {
    /// Nothing is known yet; nothing at all where too much would have to be looked at. `today` is the day of the instant asked
    /// about, in days since 1970-01-01.
    pub fn new(alike: Alike, lists: Vec<EventList>, today: i64) -> Option<Memo> {
        let past = Past::of(&alike, lists)?;
        let mut all: Vec<Leaf> = Vec::new();
        let groups = alike.groups().iter().map(|group| {
            let exact = group.leaves.iter().map(|n| Leaf { n: *n, of_age: 0, named: false });
            let ages = group.ages.iter().map(|(n, years)| (*n, of_age(today, *years)));
            let ages = ages.map(|(n, of_age)| Leaf { n, of_age, named: false });
            let named = group.named.iter().map(|n| Leaf { n: *n, of_age: 0, named: true });
            let leaves: Vec<Leaf> = exact.chain(ages).chain(named).collect();
            for leaf in &leaves {
                match all.iter_mut().find(|it| it.n == leaf.n) {
                    // As much as any of the groups looks at.
                    Some(known) => {
                        known.of_age = known.of_age.min(leaf.of_age);
                        known.named &= leaf.named;
                    }
                    None => all.push(*leaf),
                }
            }
            Group {
                leaves: leaves.into_iter().map(|leaf| (leaf, Pairs::new())).collect(),
                folded: Pairs::new(),
                fold: group.fold,
                looks: group.looks,
                backs: group.back.iter().fold(0, |bits, n| bits | 1 << n),
                idle: Vec::new(),
                classes: Vec::new(),
            }
        });
        let groups: Vec<Group> = groups.collect();
        Some(Memo {
            joined: groups.iter().skip(1).map(|_| Pairs::new()).collect(),
            at: vec![(0, 0, 0); groups.len()],
            leaves: all.into_iter().map(|leaf| (leaf, Pairs::new())).collect(),
            groups,
            alike,
            past,
            who: Vec::new(),
            profiles: Vec::new(),
            kinds: Kinds::new(),
            states: Kinds::new(),
            answers: Vec::new(),
            kind: (NONE, [0; 2]),
        })
    }

    /// An answer.
    #[inline]
    pub fn answer(&self, n: usize) -> Option<&Answer> {
        self.answers.get(n)?.as_ref()
    }

    /// Puts together what the persons of a part have of the facts that differ: numbers by leaf, then by row.
    pub fn part(&mut self, numbers: &[Vec<u32>], rows: usize) {
        self.who.clear();
        self.who.resize(rows, 0);
        for (leaf, pairs) in &mut self.leaves {
            let Some(column) = numbers.get(leaf.n).filter(|it| it.len() == rows) else {
                return self.who.fill(NONE);
            };
            for (who, code) in self.who.iter_mut().zip(column) {
                *who = pairs.of(*who, leaf.code(*code));
            }
        }
    }

    /// Looks for somebody like the person in a row of the part.
    #[inline]
    pub fn find(
        &mut self,
        refill: &mut Refill,
        numbers: &[Vec<u32>],
        row: usize,
        events: &Events<'_>,
    ) -> Found {
        let Some(who) = self.who.get(row).copied().filter(|who| *who != NONE) else { return Found::Alone };
        if let Some(profile) = self.profiles.get(who as usize).copied().filter(|it| it.ready)
            && !self.past.is_late(&mut self.alike, refill, profile.backs, events)
        {
            let state = self.past.state(&mut self.alike, refill, profile.asks, events);
            if let Some(n) = state.and_then(|state| self.kinds.get(who, &state)) {
                return Found::Answer(n as usize);
            }
        }
        self.find_by_group(refill, numbers, row, who, events)
    }

    #[inline(never)]
    fn find_by_group(
        &mut self,
        refill: &mut Refill,
        numbers: &[Vec<u32>],
        row: usize,
        who: u32,
        events: &Events<'_>,
    ) -> Found {
        let mut profile = Profile { ready: true, ..Profile::default() };
        for (own, place) in self.groups.iter_mut().zip(&mut self.at) {
            let facts = together(&mut own.leaves, numbers, row);
            if facts == NONE {
                return Found::Alone;
            }
            *place = (facts, facts, at(&own.idle, facts));
            if place.2 == NEW {
                profile.backs |= own.backs;
                profile.asks.0 |= own.fold;
                profile.asks.1 |= own.looks;
            }
        }
        put(&mut self.profiles, who, Profile::default(), profile);
        if self.past.is_late(&mut self.alike, refill, profile.backs, events) {
            return Found::Alone;
        }
        let Some(state) = self.past.state(&mut self.alike, refill, profile.asks, events) else {
            return Found::Alone;
        };
        self.kind = (who, state);
        let mut number = None;
        let mut known = true;
        for (own, place) in self.groups.iter_mut().zip(&mut self.at) {
            if place.2 != NEW {
                continue;
            }
            if own.fold || own.looks {
                let number = *number.get_or_insert_with(|| {
                    let next = self.states.len() as u32;
                    self.states.put(0, &state, next);
                    self.states.get(0, &state).unwrap_or(NONE)
                });
                place.1 = own.folded.of(place.0, number);
                if place.1 == NONE {
                    return Found::Alone;
                }
            }
            place.2 = at(&own.classes, place.1);
            if place.2 == EACH {
                return Found::Alone;
            }
            known &= place.2 != NEW;
        }
        if !known {
            return Found::Nobody;
        }
        match self.join() {
            NONE => Found::Alone,
            n if self.answer(n as usize).is_some() => {
                self.kinds.put(who, &state, n);
                Found::Answer(n as usize)
            }
            _ => Found::Nobody,
        }
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
        answer: impl FnOnce(&mut Scratch) -> Option<Answer>,
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
        if place.is_none() {
            *place = Some(answer(scratch)?);
        }
        let (who, state) = self.kind;
        self.kinds.put(who, &state, n as u32);
        Some(n)
    }
}
