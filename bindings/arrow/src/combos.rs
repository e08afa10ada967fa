//! Combinations of numbers, by number: what a row says in several columns is one number in the end.

use crate::hashes::Map;

/// Not a combination, or one that is not known by number.
pub const NONE: u32 = u32::MAX;
/// Numbers below this are looked up in a table.
const SMALL: u32 = 64;
/// More combinations than this do not come often.
const MOST: usize = 1 << 16;

/// Pairs of numbers, each with a number of its own.
pub struct Pairs {
    /// By both numbers, where both are small.
    small: Vec<u32>,
    more: Map<u64, u32>,
    made: Vec<(u32, u32)>,
}

impl Pairs {
    /// None yet.
    pub fn new() -> Pairs {
        Pairs { small: vec![NONE; (SMALL * SMALL) as usize], more: Map::default(), made: Vec::new() }
    }

    /// The number of a pair.
    #[inline]
    pub fn of(&mut self, a: u32, b: u32) -> u32 {
        if a < SMALL && b < SMALL {
            let at = (a * SMALL + b) as usize;
            if let Some(known) = self.small.get(at).filter(|known| **known != NONE) {
                return *known;
            }
        }
        self.new_pair(a, b)
    }

    #[inline(never)]
    fn new_pair(&mut self, a: u32, b: u32) -> u32 {
        if a == NONE || b == NONE {
            return NONE;
        }
        let key = u64::from(a) << 32 | u64::from(b);
        if let Some(known) = self.more.get(&key) {
            return *known;
        }
        let Some(n) = u32::try_from(self.made.len()).ok().filter(|n| (*n as usize) < MOST) else {
            return NONE;
        };
        self.made.push((a, b));
        if a < SMALL && b < SMALL {
            if let Some(place) = self.small.get_mut((a * SMALL + b) as usize) {
                *place = n;
            }
        } else {
            self.more.insert(key, n);
        }
        n
    }

    /// What a number stands for.
    pub fn made(&self, n: u32) -> Option<(u32, u32)> {
        self.made.get(n as usize).copied()
    }
}
