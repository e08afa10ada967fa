//! What happened, as far as rules look at it: the history of consent as a few numbers, and whether somebody has newer events than
//! persons may have who are alike.

use crate::alike::Events;
use crate::kinds::{State, WORDS};
use crate::shapes::Read;
use byleave::engine::{Alike, Newer};
use byleave::facts::Refill;
use byleave::typed::EventList;

/// An event counts for nothing.
const NOTHING: u16 = 0;
/// Events that say more than their shape.
const MORE: u16 = u16::MAX;
/// It is not known yet.
const NEW: u16 = u16::MAX - 1;
/// So many sets of events have a bit, and the last bit says that the others are known.
const KNOWN: u64 = 1 << 63;

/// What is known of shapes of events.
pub struct Past {
    /// By shape of a consent, and by how many edges lie before its date: the word.
    words: Vec<u16>,
    /// By shape of a look-up, and whether it is of the contact's own address: the word.
    lookups: Vec<u16>,
    next: u16,
    edges: Vec<(i64, i64)>,
    backs: Vec<Newer>,
    lists: Vec<OfList>,
    /// Which of them are consents.
    consents: Option<usize>,
    /// Which of them are look-ups.
    looks: Option<usize>,
    counts: Vec<i64>,
}

/// What may be meant of the events of a list.
struct OfList {
    /// Sets of its events, as bits.
    bits: u64,
    /// At or before this instant nothing matters.
    least: i64,
    /// By shape: the sets that it may be of.
    by_shape: Vec<u64>,
}

impl Past {
    /// Nothing is known yet; nothing at all where there are too many sets of events.
    pub fn of(alike: &Alike, lists: Vec<EventList>) -> Option<Past> {
        let backs = alike.backs().to_vec();
        let of_list = |list: EventList| {
            let own = || backs.iter().enumerate().filter(move |(_, newer)| newer.list == list);
            OfList {
                bits: own().fold(0, |bits, (n, _)| bits | 1u64 << n),
                least: own().map(|(_, newer)| newer.since).min().unwrap_or(i64::MAX),
                by_shape: Vec::new(),
            }
        };
        if backs.len() >= 63 {
            return None;
        }
        Some(Past {
            consents: lists.iter().position(|list| *list == EventList::Consents),
            looks: lists.iter().position(|list| *list == EventList::Lists),
            lists: lists.into_iter().map(of_list).collect(),
            counts: vec![0; backs.len()],
            words: Vec::new(),
            lookups: Vec::new(),
            next: NOTHING,
            edges: alike.edges().to_vec(),
            backs,
        })
    }

    /// Whether a person has so many newer events of these sets that nobody is alike.
    #[inline]
    pub fn is_late(
        &mut self,
        alike: &mut Alike,
        refill: &mut Refill,
        sets: u64,
        events: &Events<'_>,
    ) -> bool {
        if sets == 0 {
            return false;
        }
        for (of_list, (_, read)) in self.lists.iter_mut().zip(events) {
            let bits = of_list.bits & sets;
            if bits == 0 {
                continue;
            }
            let mut counted = 0;
            for (shape, at) in read.marks.iter().zip(read.at) {
                if *at <= of_list.least {
                    continue;
                }
                let mut meant = bits & of_list.sets(alike, refill, *shape);
                while meant != 0 {
                    let n = meant.trailing_zeros();
                    meant &= meant - 1;
                    let Some(newer) = self.backs.get(n as usize).filter(|it| *at > it.since) else {
                        continue;
                    };
                    if newer.fewest <= 1 {
                        return true;
                    }
                    let Some(count) = self.counts.get_mut(n as usize) else { return true };
                    *count = if counted & 1 << n == 0 { 1 } else { *count + 1 };
                    counted |= 1u64 << n;
                    if *count >= newer.fewest {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// What is asked of a person's past, as numbers; nothing where that does not tell all.
    #[inline]
    pub fn state(
        &mut self,
        alike: &mut Alike,
        refill: &Refill,
        (folds, looks): (bool, bool),
        events: &Events<'_>,
    ) -> Option<State> {
        let state = if folds { self.fold(alike, refill, events)? } else { [0; 2] };
        match self.looks.and_then(|n| events.get(n)) {
            Some((_, read)) if looks && !read.marks.is_empty() => self.look_up(read, state),
            _ => Some(state),
        }
    }

    /// What look-ups say, as numbers, behind what is there.
    fn look_up(&mut self, read: &Read<'_>, mut state: State) -> Option<State> {
        let mut words = [NOTHING; WORDS];
        for (n, shape) in read.marks.iter().enumerate() {
            let place = *shape as usize * 2 + (read.own >> n & 1) as usize;
            if self.lookups.len() <= place {
                self.lookups.resize(place + 1, NOTHING);
            }
            let word = self.lookups.get_mut(place)?;
            if *word == NOTHING {
                if self.next + 1 >= NEW {
                    return None;
                }
                self.next += 1;
                *word = self.next;
            }
            *words.get_mut(n)? = *word;
        }
        let words = words.get_mut(..read.marks.len())?;
        words.sort_unstable();
        for word in words {
            // What stands there is pushed along, as long as nothing falls off.
            let [newer, older] = state;
            if older >> 112 != 0 {
                return None;
            }
            state = [newer << 16 | u128::from(*word), older << 16 | newer >> 112];
        }
        Some(state)
    }

    /// The history of consent as numbers: what counts for something, newest first; nothing where that does not tell all.
    #[inline]
    fn fold(&mut self, alike: &mut Alike, refill: &Refill, events: &Events<'_>) -> Option<State> {
        let Some((_, read)) = self.consents.and_then(|n| events.get(n)) else { return Some([0; 2]) };
        let mut order = [(0i64, NOTHING); WORDS];
        let (mut many, mut seen) = (0, 0u64);
        for (shape, at) in read.marks.iter().zip(read.at) {
            let place = if self.edges.is_empty() { *shape as usize } else { self.beside(*shape, *at)? };
            let word = match self.words.get(place) {
                Some(word) if *word != NEW => *word,
                _ => self.word(alike, refill, *shape, place),
            };
            match word {
                NOTHING => continue,
                MORE => return None,
                _ => {}
            }
            // Of two grants in the same words the older carries and lifts nothing that the newer does not, and of two
            // revocations it ends and refuses nothing more.
            let bit = 1 << (word & 63);
            if seen & bit != 0
                && let Some(same) = order.get_mut(..many)?.iter_mut().find(|it| it.1 == word)
            {
                same.0 = same.0.max(*at);
                continue;
            }
            seen |= bit;
            *order.get_mut(many)? = (*at, word);
            many += 1;
        }
        match order.get_mut(..many)? {
            [] => Some([0; 2]),
            [(_, one)] => Some([u128::from(*one), 0]),
            [(a, one), (b, two)] => {
                let (newer, older) = if a > b { (one, two) } else { (two, one) };
                (a != b).then(|| [u128::from(*newer) | u128::from(*older) << 16, 0])
            }
            several => in_order(several),
        }
    }

    /// A shape and how many edges lie before a date, as one number; nothing for one that is too near to an edge to tell.
    fn beside(&self, shape: u32, at: i64) -> Option<usize> {
        let before = self.edges.iter().take_while(|(from, _)| at >= *from).count();
        match before.checked_sub(1).and_then(|last| self.edges.get(last)) {
            Some((_, to)) if at <= *to => None,
            _ => Some(shape as usize * (self.edges.len() + 1) + before),
        }
    }

    #[inline(never)]
    fn word(&mut self, alike: &mut Alike, refill: &Refill, shape: u32, place: usize) -> u16 {
        let word = match alike.heeds(refill, shape) {
            Some(false) => NOTHING,
            Some(true) if self.next + 1 < NEW => {
                self.next += 1;
                self.next
            }
            _ => MORE,
        };
        if self.words.len() <= place {
            self.words.resize(place + 1, NEW);
        }
        self.words.get_mut(place).into_iter().for_each(|it| *it = word);
        word
    }
}

/// Words, newest first.
fn in_order(words: &mut [(i64, u16)]) -> Option<State> {
    words.sort_unstable_by_key(|it| std::cmp::Reverse(it.0));
    // Of several at one instant, which comes first is no matter of order alone.
    if words.windows(2).any(|two| matches!(two, [a, b] if a.0 == b.0)) {
        return None;
    }
    let pack = |words: &[(i64, u16)]| words.iter().rev().fold(0, |all, it| all << 16 | u128::from(it.1));
    let (newer, older) = words.split_at_checked(WORDS / 2).unwrap_or((words, &mut []));
    Some([pack(newer), pack(older)])
}

impl OfList {
    /// The sets that events of a shape may be of.
    #[inline]
    fn sets(&mut self, alike: &mut Alike, refill: &mut Refill, shape: u32) -> u64 {
        match self.by_shape.get(shape as usize) {
            Some(sets) if sets & KNOWN != 0 => *sets,
            _ => self.find_sets(alike, refill, shape),
        }
    }

    #[inline(never)]
    fn find_sets(&mut self, alike: &mut Alike, refill: &mut Refill, shape: u32) -> u64 {
        let (mut sets, mut rest) = (KNOWN, self.bits);
        while rest != 0 {
            let n = rest.trailing_zeros();
            rest &= rest - 1;
            if alike.may_mean(n as usize, refill, shape) {
                sets |= 1 << n;
            }
        }
        let at = shape as usize;
        if self.by_shape.len() <= at {
            self.by_shape.resize(at + 1, 0);
        }
        self.by_shape.get_mut(at).into_iter().for_each(|it| *it = sets);
        sets
    }
}
