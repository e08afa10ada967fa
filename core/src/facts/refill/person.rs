//! Facts of the person at hand: put in the place of the last one's, and as everybody's again where this one has none.

use super::copies::copy_slot;
use crate::facts::{Facts, Slot};

/// More facts than this do not differ from person to person.
pub(super) const MOST: usize = 128;

/// Which facts differ, and which of them are not everybody's now.
#[derive(Default)]
pub(super) struct Person {
    /// By the caller's number: the fact, and the recipient's fact of the same field, since the recipient is the person.
    facts: Vec<(usize, Option<usize>)>,
    /// Those set for this person, as bits.
    set: u128,
    /// Those that hold something of one before, as bits.
    stale: u128,
}

impl Person {
    pub(super) fn of(facts: Vec<(usize, Option<usize>)>) -> Person {
        Person { facts, ..Person::default() }
    }

    /// By the caller's number: the fact, and the recipient's.
    pub(super) fn facts(&self) -> &[(usize, Option<usize>)] {
        &self.facts
    }

    /// The next person. Whether the last one was finished does not matter: what was set for them is stale.
    pub(super) fn begin(&mut self) {
        self.stale |= self.set;
        self.set = 0;
    }

    #[inline]
    pub(super) fn set(&mut self, facts: &mut Facts, n: usize, slot: &Slot, mask: u64) {
        let Some((fact, mirror)) = self.facts.get(n) else { return };
        self.set |= 1 << (n % MOST);
        put(facts, *fact, slot, mask);
        if let Some(mirror) = mirror {
            put(facts, *mirror, slot, mask);
        }
    }

    /// What persons before had and this one has not is as everybody's again.
    pub(super) fn forget(&mut self, facts: &mut Facts, base: &Facts) {
        let mut stale = self.stale & !self.set;
        self.stale = 0;
        while stale != 0 {
            let n = stale.trailing_zeros();
            stale &= stale - 1;
            let Some((fact, mirror)) = self.facts.get(n as usize) else { continue };
            for at in [Some(*fact), *mirror].into_iter().flatten() {
                if let (Some(slot), Some(mask)) = (base.slots.get(at), base.masks.get(at)) {
                    put(facts, at, slot, *mask);
                }
            }
        }
    }
}

#[inline(always)]
fn put(facts: &mut Facts, at: usize, slot: &Slot, mask: u64) {
    if let (Some(place), Some(bits)) = (facts.slots.get_mut(at), facts.masks.get_mut(at)) {
        copy_slot(place, slot);
        *bits = mask;
    }
}
