//! Texts of persons: those that are known have their number, others are numbered for the person at hand alone.

use crate::facts::{Interner, TextId};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Texts of one person have numbers from here on.
const OWN: u32 = 1 << 31;
/// More texts of one person than this are left to the other doors.
const MOST: usize = 64;

/// The policy's texts, everybody's, those of values that were translated once, and those of the person at hand.
pub(super) struct Texts {
    pub(super) known: Interner,
    ids: HashMap<Box<[u8]>, TextId, BuildHasherDefault<Quick>>,
    /// Looks that known texts have, as bits: a text of another look need not be looked up.
    looks: [u64; 4],
    own: Vec<u8>,
    ends: Vec<usize>,
    /// There were more than are kept.
    pub(super) lost: bool,
}

/// A hash that is quick for short keys; it holds what policy and columns say often, nothing that comes one by one.
#[derive(Default)]
struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0.rotate_left(5) ^ u64::from(*byte)).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }
}

/// Where a text's look has its bit: its length and both its ends.
#[inline]
fn look(text: &[u8]) -> (usize, u64) {
    let (first, last) = (text.first().copied().unwrap_or(0), text.last().copied().unwrap_or(0));
    let n = text.len() as u8 ^ first.wrapping_mul(37) ^ last.wrapping_mul(91);
    (usize::from(n >> 6), 1u64 << (n & 63))
}

impl Texts {
    pub(super) fn of(known: Interner) -> Texts {
        let mut out = Texts {
            known: Interner::default(),
            ids: HashMap::default(),
            looks: [0; 4],
            own: Vec::new(),
            ends: Vec::new(),
            lost: false,
        };
        out.know(known, 0);
        out
    }

    /// These are known now, those from a number on for the first time.
    pub(super) fn know(&mut self, known: Interner, from: u32) {
        for n in from..known.len() {
            let text = known.text(TextId(n)).as_bytes();
            let (at, bit) = look(text);
            if let Some(word) = self.looks.get_mut(at) {
                *word |= bit;
            }
            self.ids.insert(Box::from(text), TextId(n));
        }
        self.known = known;
    }

    /// The next person.
    pub(super) fn begin(&mut self) {
        self.own.clear();
        self.ends.clear();
        self.lost = false;
    }

    /// The number of a text, of which it is known that it is one; `longest` is how long one may be.
    #[inline]
    pub(super) fn number(&mut self, text: &[u8], longest: usize) -> TextId {
        let (at, bit) = look(text);
        if self.looks.get(at).is_some_and(|word| word & bit != 0)
            && let Some(id) = self.ids.get(text)
        {
            return *id;
        }
        let mut from = 0;
        for (n, to) in (OWN..).zip(&self.ends) {
            if self.own.get(from..*to) == Some(text) {
                return TextId(n);
            }
            from = *to;
        }
        let n = self.ends.len();
        self.lost |= n >= MOST || text.len() > longest;
        self.own.extend_from_slice(text);
        self.ends.push(self.own.len());
        TextId(OWN + n as u32)
    }
}

/// Whether bytes are a text. Most are short and of letters that have one byte each.
#[inline]
pub(super) fn is_text(bytes: &[u8]) -> bool {
    let (words, rest) = bytes.as_chunks::<8>();
    let high = words.iter().fold(0, |high, word| high | u64::from_le_bytes(*word));
    let rest = rest.iter().fold(0, |high, byte| high | byte);
    (high & 0x8080_8080_8080_8080 == 0 && rest & 0x80 == 0) || std::str::from_utf8(bytes).is_ok()
}
