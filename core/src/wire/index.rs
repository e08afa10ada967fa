//! Numbers by what they stand for: a table with open addressing that its owner fills and asks by a hash and a comparison of
//! its own. The hash is the same in every run and texts can be made to collide, so a table looks at so many slots and no
//! more; where that is not enough it says so, and its owner asks in another way from then on (law 10).

/// Slots that are looked at before a table says no.
const STEPS: usize = 32;

/// The table. A slot holds a number and one more, so that nought is an empty slot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    slots: Vec<(u32, u32)>,
    len: usize,
}

/// The hash of a text: eight bytes at a time, its length first.
pub(crate) fn hash(text: &[u8]) -> u32 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut state = (text.len() as u64).wrapping_mul(ODD);
    let (words, rest) = text.as_chunks::<8>();
    for word in words {
        state = (state.rotate_left(23) ^ u64::from_le_bytes(*word)).wrapping_mul(ODD);
    }
    // As a word that ends in noughts.
    let last = rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    state = (state.rotate_left(23) ^ last).wrapping_mul(ODD);
    (state >> 32) as u32
}

/// The same of words.
pub(crate) fn hash_words(words: &[u64]) -> u32 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let state = words.iter().fold((words.len() as u64).wrapping_mul(ODD), |state, word| {
        (state.rotate_left(23) ^ word).wrapping_mul(ODD)
    });
    (state >> 32) as u32
}

impl Index {
    /// The number under a hash for which `is` says yes.
    #[inline]
    pub fn find(&self, hash: u32, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        for step in 0..STEPS {
            match self.slots.get((hash as usize).wrapping_add(step) & mask) {
                None | Some((_, 0)) => return None,
                Some((known, n)) if *known == hash && is(n - 1) => return Some(n - 1),
                Some(_) => {}
            }
        }
        None
    }

    /// Puts a number in; false if it, or one before it, has no room where it would be looked for.
    #[must_use]
    pub fn put(&mut self, hash: u32, n: u32) -> bool {
        if self.len * 2 >= self.slots.len() && !self.grow() {
            return false;
        }
        self.len += 1;
        Index::place(&mut self.slots, (hash, n.saturating_add(1)))
    }

    fn grow(&mut self) -> bool {
        let room = (self.slots.len() * 2).max(16);
        let before = std::mem::replace(&mut self.slots, vec![(0, 0); room]);
        before.into_iter().filter(|(_, n)| *n != 0).all(|slot| Index::place(&mut self.slots, slot))
    }

    fn place(slots: &mut [(u32, u32)], slot: (u32, u32)) -> bool {
        let Some(mask) = slots.len().checked_sub(1) else { return false };
        for step in 0..STEPS {
            if let Some(free) = slots.get_mut((slot.0 as usize).wrapping_add(step) & mask)
                && free.1 == 0
            {
                *free = slot;
                return true;
            }
        }
        false
    }
}
