//! Values that come often, by number: each distinct one is read once, and then known by its number.

use crate::cells::Cells;
use byleave::facts::{Refill, Slot};
use byleave::typed::FactId;
use byleave::wire::Path;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Nothing stands there.
pub const ABSENT: u32 = 0;
/// It stands there and is none of the fact's values, or there are too many to know each.
pub const STRANGE: u32 = 1;
/// The value that was read last, of a kind that is not known by number.
const LAST: u32 = 2;
/// More distinct values than this do not come often.
const MOST: usize = 1 << 16;

/// A hash that is quick for short keys. Who chooses keys to make it slow slows his own frame.
#[derive(Default)]
pub struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.write_u64(u64::from_le_bytes(*word)));
        if !rest.is_empty() {
            let tail = rest.iter().rev().fold(0, |n, byte| n << 8 | u64::from(*byte));
            self.write_u64(tail ^ (rest.len() as u64) << 56);
        }
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_u32(&mut self, n: u32) {
        self.write_u64(u64::from(n));
    }

    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }
}

/// A map that hashes quickly.
pub type Map<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;

/// The values of one column.
pub struct Codes {
    fact: FactId,
    values: Vec<Option<(Slot, u64)>>,
    by_text: Map<Box<[u8]>, u32>,
    by_int: Map<i64, u32>,
    /// By number in a dictionary, while that stays the same.
    by_key: Vec<u32>,
    /// By numbers of members in `members`.
    by_members: Map<Box<[u32]>, u32>,
    members: Map<Box<[u8]>, u32>,
    room: Vec<u32>,
    last: Option<(Box<[u8]>, u32)>,
}

impl Codes {
    /// Of a fact's values.
    pub fn new(fact: FactId) -> Codes {
        Codes {
            fact,
            // The three numbers that mean something.
            values: vec![None, None, None],
            by_text: Map::default(),
            by_int: Map::default(),
            by_key: Vec::new(),
            by_members: Map::default(),
            members: Map::default(),
            room: Vec::new(),
            last: None,
        }
    }

    /// Another dictionary begins.
    pub fn next_batch(&mut self) {
        self.by_key.clear();
    }

    /// The value of a number.
    #[inline]
    pub fn value(&self, code: u32) -> Option<&(Slot, u64)> {
        self.values.get(code as usize)?.as_ref()
    }

    /// The number of what stands in a row. What is not known by number has the number of the last value: it is good until
    /// the next row.
    #[inline]
    pub fn code(&mut self, refill: &mut Refill<'_>, cells: &Cells, row: usize) -> u32 {
        if cells.is_null(row) {
            return ABSENT;
        }
        if let Some((keys, values)) = cells.dictionary() {
            let Some(key) = keys.get(row).and_then(|key| usize::try_from(key).ok()) else { return STRANGE };
            if let Some(code) = self.by_key.get(key).filter(|code| **code != u32::MAX) {
                return *code;
            }
            let code = self.code(refill, values, key);
            if key < MOST && code != LAST {
                if self.by_key.len() <= key {
                    self.by_key.resize(key + 1, u32::MAX);
                }
                if let Some(place) = self.by_key.get_mut(key) {
                    *place = code;
                }
            }
            return code;
        }
        if let Some(bytes) = cells.bytes(row) {
            if let Some((text, code)) = &self.last
                && **text == *bytes
            {
                return *code;
            }
            let code = match self.by_text.get(bytes) {
                Some(code) => *code,
                None => {
                    let code = self.read(refill, cells, row, true);
                    self.by_text.insert(bytes.into(), code);
                    code
                }
            };
            return code;
        }
        if let Some(number) = number(cells, row) {
            return match self.by_int.get(&number) {
                Some(code) => *code,
                None => {
                    let code = self.read(refill, cells, row, true);
                    self.by_int.insert(number, code);
                    code
                }
            };
        }
        match self.member_code(cells, row) {
            Some(Some(code)) => code,
            Some(None) => {
                let code = self.read(refill, cells, row, true);
                self.by_members.insert(self.room.as_slice().into(), code);
                code
            }
            None => self.read(refill, cells, row, false),
        }
    }

    /// Of a list of texts: the number of what stands there, if it came before. The members' numbers are in the room.
    fn member_code(&mut self, cells: &Cells, row: usize) -> Option<Option<u32>> {
        let (spans, items) = cells.list()?;
        let (from, to) = spans.get(row)?;
        self.room.clear();
        for at in from..to {
            if items.is_null(at) {
                return None;
            }
            let bytes = match items.dictionary() {
                Some((keys, values)) => values.bytes(usize::try_from(keys.get(at)?).ok()?)?,
                None => items.bytes(at)?,
            };
            let next = u32::try_from(self.members.len()).ok()?;
            let member = match self.members.get(bytes) {
                Some(member) => *member,
                None if self.members.len() >= MOST => return None,
                None => {
                    self.members.insert(bytes.into(), next);
                    next
                }
            };
            self.room.push(member);
        }
        Some(self.by_members.get(self.room.as_slice()).copied())
    }

    /// Reads a value; one that comes often gets a number.
    fn read(&mut self, refill: &mut Refill<'_>, cells: &Cells, row: usize, often: bool) -> u32 {
        let json = match cells.json(row, &Path::ROOT) {
            Ok(Some(json)) => json,
            Ok(None) => return ABSENT,
            Err(_) => return STRANGE,
        };
        let value = match refill.value(self.fact, json) {
            Ok(Some(value)) => value,
            Ok(None) => return ABSENT,
            Err(_) => return STRANGE,
        };
        if !often {
            if let Some(place) = self.values.get_mut(LAST as usize) {
                *place = Some(value);
            }
            return LAST;
        }
        match u32::try_from(self.values.len()) {
            Ok(code) if self.values.len() < MOST => {
                self.values.push(Some(value));
                code
            }
            _ => STRANGE,
        }
    }

    /// Whether a number is good for more than the row it was got for.
    pub fn stays(code: u32) -> bool {
        code != LAST
    }
}

/// What a cell is as one number: a day, an instant, true or false, a whole number.
fn number(cells: &Cells, row: usize) -> Option<i64> {
    let day = || cells.day(row).map(|day| i64::from(day.0));
    let instant = || cells.instant(row).map(|at| at.0);
    let bit = || cells.bit(row).map(i64::from);
    cells.int(row).or_else(day).or_else(instant).or_else(bit)
}
