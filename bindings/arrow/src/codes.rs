//! Values that come often, by number: each distinct one is read once, and then known by its number.

use crate::cells::Cells;
use crate::hashes::Map;
use byleave::facts::{Refill, Slot};
use byleave::typed::FactId;
use byleave::wire::Path;

/// Nothing stands there.
pub const ABSENT: u32 = 0;
/// It stands there and is none of the fact's values, or there are too many to know each.
pub const STRANGE: u32 = 1;
/// The value that was read last, of a kind that is not known by number.
const LAST: u32 = 2;
/// More distinct values than this do not come often.
const MOST: usize = 1 << 16;

/// The values of one column.
pub struct Codes {
    fact: FactId,
    values: Vec<Option<(Slot, u64)>>,
    by_text: Map<Box<[u8]>, u32>,
    /// Short texts that came last, each in the place that its bytes give it.
    short: Vec<Short>,
    by_int: Map<i64, u32>,
    /// By number in a dictionary, while that stays the same.
    by_key: Vec<u32>,
    /// By numbers of members in `members`; of one member alone by its number.
    by_members: Map<Box<[u32]>, u32>,
    by_member: Vec<u32>,
    members: Map<Box<[u8]>, u32>,
    /// By number in a dictionary, while that stays the same: the member's number.
    member_keys: Vec<u32>,
    /// By number in a dictionary, while that stays the same: the number of the list that has this one member.
    by_alone: Vec<u32>,
    room: Vec<u32>,
}

/// A text of at most sixteen bytes: how many, the first eight and the last eight say which it is.
#[derive(Clone, Copy, Default)]
struct Short {
    length: u32,
    code: u32,
    ends: (u64, u64),
}

/// Places for short texts.
const PLACES: usize = 256;
/// No number yet.
const NEW: u32 = u32::MAX;

/// A text's first eight bytes and its last eight, of one that has no more than both.
#[inline]
fn ends(bytes: &[u8]) -> Option<(u64, u64)> {
    match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) if bytes.len() <= 16 => {
            Some((u64::from_le_bytes(*first), u64::from_le_bytes(*last)))
        }
        (None, _) => Some((bytes.iter().rev().fold(0, |n, byte| n << 8 | u64::from(*byte)), 0)),
        _ => None,
    }
}

impl Codes {
    /// Of a fact's values.
    pub fn new(fact: FactId) -> Codes {
        Codes {
            fact,
            // The three numbers that mean something.
            values: vec![None, None, None],
            by_text: Map::default(),
            short: Vec::new(),
            by_int: Map::default(),
            by_key: Vec::new(),
            by_members: Map::default(),
            by_member: Vec::new(),
            members: Map::default(),
            member_keys: Vec::new(),
            by_alone: Vec::new(),
            room: Vec::new(),
        }
    }

    /// Another dictionary begins.
    pub fn next_batch(&mut self) {
        self.by_key.clear();
        self.member_keys.clear();
        self.by_alone.clear();
    }

    /// The value of a number.
    #[inline]
    pub fn value(&self, code: u32) -> Option<&(Slot, u64)> {
        self.values.get(code as usize)?.as_ref()
    }

    /// The numbers of what stands in some rows. One that is not known by number has to be asked for again in its turn.
    pub fn column(&mut self, refill: &mut Refill, cells: &Cells, from: usize, to: usize, out: &mut Vec<u32>) {
        out.clear();
        let nulls = cells.has_nulls();
        if let Some((keys, _)) = cells.dictionary() {
            keys.look_up(from, to, &self.by_key, NEW, out);
            if !nulls && !out.contains(&NEW) {
                return;
            }
            for (row, code) in (from..to).zip(out.iter_mut()) {
                if *code == NEW || (nulls && cells.is_null(row)) {
                    *code = self.code(refill, cells, row);
                }
            }
            return;
        }
        if cells.is_text() {
            out.extend((from..to).map(|row| {
                if nulls && cells.is_null(row) {
                    return ABSENT;
                }
                cells.bytes(row).map_or(STRANGE, |bytes| self.text(refill, cells, row, bytes))
            }));
            return;
        }
        if let Some((spans, items)) = cells.list() {
            // Most have one member, which a number in a dictionary stands for.
            let keys = items.dictionary().filter(|_| items.nulls().is_none()).map(|(keys, _)| keys);
            out.extend((from..to).map(|row| {
                if nulls && cells.is_null(row) {
                    return ABSENT;
                }
                let alone = spans.get(row).filter(|(from, to)| from + 1 == *to);
                let key = alone.and_then(|(at, _)| usize::try_from(keys?.get(at)?).ok());
                let known = key.and_then(|key| self.by_alone.get(key)).filter(|code| **code != NEW);
                if let Some(code) = known {
                    return *code;
                }
                let code = self.list(refill, cells, row);
                if let Some(key) = key.filter(|key| *key < MOST && code != LAST) {
                    put(&mut self.by_alone, key, code);
                }
                code
            }));
            return;
        }
        out.extend((from..to).map(|row| self.code(refill, cells, row)));
    }

    /// The number of what stands in a row. What is not known by number has the number of the last value: it is good until
    /// the next row.
    pub fn code(&mut self, refill: &mut Refill, cells: &Cells, row: usize) -> u32 {
        if cells.is_null(row) {
            return ABSENT;
        }
        if let Some((keys, values)) = cells.dictionary() {
            let Some(key) = keys.get(row).and_then(|key| usize::try_from(key).ok()) else { return STRANGE };
            if let Some(code) = self.by_key.get(key).filter(|code| **code != NEW) {
                return *code;
            }
            let code = self.code(refill, values, key);
            if key < MOST && code != LAST {
                put(&mut self.by_key, key, code);
            }
            return code;
        }
        if let Some(bytes) = cells.bytes(row) {
            return self.text(refill, cells, row, bytes);
        }
        if let Some(number) = number(cells, row) {
            return match self.by_int.get(&number) {
                Some(code) => *code,
                None => {
                    let code = self.read(refill, cells, row, true);
                    if self.by_int.len() < MOST {
                        self.by_int.insert(number, code);
                    }
                    code
                }
            };
        }
        self.list(refill, cells, row)
    }

    /// The number of a text.
    #[inline]
    fn text(&mut self, refill: &mut Refill, cells: &Cells, row: usize, bytes: &[u8]) -> u32 {
        let Some(ends) = ends(bytes) else { return self.long_text(refill, cells, row, bytes) };
        let length = bytes.len() as u32;
        let mixed = (ends.0 ^ ends.1.rotate_left(23) ^ u64::from(length)).wrapping_mul(0x517c_c1b7_2722_0a95);
        let place = (mixed >> 56) as usize % PLACES;
        match self.short.get(place) {
            Some(it) if it.ends == ends && it.length == length && it.code != NEW => it.code,
            _ => {
                let code = self.long_text(refill, cells, row, bytes);
                if self.short.is_empty() {
                    self.short.resize(PLACES, Short { code: NEW, ..Short::default() });
                }
                if let Some(it) = self.short.get_mut(place) {
                    *it = Short { length, code, ends };
                }
                code
            }
        }
    }

    #[inline(never)]
    fn long_text(&mut self, refill: &mut Refill, cells: &Cells, row: usize, bytes: &[u8]) -> u32 {
        if let Some(code) = self.by_text.get(bytes) {
            return *code;
        }
        let code = self.read(refill, cells, row, true);
        // Past that many, each is read again, and found to be one too many.
        if self.by_text.len() < MOST {
            self.by_text.insert(bytes.into(), code);
        }
        code
    }

    /// The number of a list of texts; of what is none, as a value that is not known by number.
    fn list(&mut self, refill: &mut Refill, cells: &Cells, row: usize) -> u32 {
        if self.member_numbers(cells, row).is_none() {
            return self.read(refill, cells, row, false);
        }
        let known = match self.room.as_slice() {
            [one] => self.by_member.get(*one as usize).copied().filter(|code| *code != NEW),
            several => self.by_members.get(several).copied(),
        };
        if let Some(code) = known {
            return code;
        }
        let code = self.read(refill, cells, row, true);
        match self.room.as_slice() {
            [one] => put(&mut self.by_member, *one as usize, code),
            several if self.by_members.len() < MOST => {
                self.by_members.insert(several.into(), code);
            }
            _ => {}
        }
        code
    }

    /// Puts the numbers of the members of a list of texts into the room.
    #[inline]
    fn member_numbers(&mut self, cells: &Cells, row: usize) -> Option<()> {
        let (spans, items) = cells.list()?;
        let (from, to) = spans.get(row)?;
        self.room.clear();
        for at in from..to {
            if items.is_null(at) {
                return None;
            }
            let member = match items.dictionary() {
                Some((keys, values)) => {
                    let key = usize::try_from(keys.get(at)?).ok()?;
                    match self.member_keys.get(key).filter(|member| **member != NEW) {
                        Some(member) => *member,
                        None if values.is_null(key) => return None,
                        None => {
                            let member = member(&mut self.members, values.bytes(key)?)?;
                            if key < MOST {
                                put(&mut self.member_keys, key, member);
                            }
                            member
                        }
                    }
                }
                None => member(&mut self.members, items.bytes(at)?)?,
            };
            self.room.push(member);
        }
        Some(())
    }

    /// Reads a value; one that comes often gets a number.
    fn read(&mut self, refill: &mut Refill, cells: &Cells, row: usize, often: bool) -> u32 {
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

    /// Whether a number stands for a value, or for none, of more than the row it was got for.
    #[inline]
    pub fn stays(code: u32) -> bool {
        code != LAST && code != STRANGE
    }
}

/// The number of a list's member; nothing when there are too many.
fn member(members: &mut Map<Box<[u8]>, u32>, bytes: &[u8]) -> Option<u32> {
    if let Some(member) = members.get(bytes) {
        return Some(*member);
    }
    let next = u32::try_from(members.len()).ok().filter(|n| (*n as usize) < MOST)?;
    members.insert(bytes.into(), next);
    Some(next)
}

/// Puts a number in its place.
fn put(table: &mut Vec<u32>, at: usize, number: u32) {
    if table.len() <= at {
        table.resize(at + 1, NEW);
    }
    if let Some(place) = table.get_mut(at) {
        *place = number;
    }
}

/// What a cell is as one number: a day, an instant, true or false, a whole number.
fn number(cells: &Cells, row: usize) -> Option<i64> {
    let day = || cells.day(row).map(|day| i64::from(day.0));
    let instant = || cells.instant(row).map(|at| at.0);
    let bit = || cells.bit(row).map(i64::from);
    cells.int(row).or_else(day).or_else(instant).or_else(bit)
}
