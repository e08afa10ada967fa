//! Names of persons, as numbers that are quick to compare: most are short texts or whole numbers.

use crate::buffers::Ints;
use crate::cells::Cells;
use crate::trouble::Trouble;
use arrow_array::RecordBatch;
use arrow_buffer::{Buffer, ScalarBuffer};
use std::cmp::Ordering;

/// Names of so many bytes are all in their key.
const SHORT: u32 = 16;

/// A name's first eight bytes and its next eight, zeros where it has none, and its length. Of short names nothing else is compared;
/// keys stand in the order of the bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The first eight.
    pub first: u64,
    /// The next eight.
    pub second: u64,
    /// How many there are.
    pub length: u32,
}

impl Key {
    /// Of a text.
    #[inline]
    pub fn of(bytes: &[u8]) -> Key {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let (first, second) = match (bytes.first_chunk::<8>(), bytes.get(8..16), bytes.last_chunk::<8>()) {
            (Some(first), Some(second), _) => {
                let second = second.first_chunk::<8>().map_or(0, |it| u64::from_be_bytes(*it));
                (u64::from_be_bytes(*first), second)
            }
            (Some(first), None, Some(last)) => {
                // The last eight overlap the first: what was there already is shifted out, all of it if there are eight.
                let half = 4 * (16 - bytes.len() as u32);
                (u64::from_be_bytes(*first), u64::from_be_bytes(*last) << half << half)
            }
            _ => (few(bytes), 0),
        };
        Key { first, second, length }
    }

    /// Of a number.
    #[inline]
    pub fn of_number(n: i64) -> Key {
        Key { first: n as u64, second: 0, length: 8 }
    }

    /// Whether the key is all there is.
    #[inline]
    pub fn is_short(&self) -> bool {
        self.length <= SHORT
    }
}

/// Fewer than eight bytes, as the first of eight.
#[inline]
fn few(bytes: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let (first, last) = (u64::from(u32::from_be_bytes(*first)), u64::from(u32::from_be_bytes(*last)));
        return first << 32 | last << (8 * (8 - bytes.len() as u32));
    }
    bytes.iter().zip([56, 48, 40]).fold(0, |all, (byte, by)| all | u64::from(*byte) << by)
}

/// A name: its key, and where that is not all, its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Name<'a> {
    /// The key.
    pub key: Key,
    /// The bytes of a text.
    pub bytes: &'a [u8],
}

impl Name<'_> {
    /// Whether both are one name.
    #[inline]
    pub fn is(&self, other: &Name<'_>) -> bool {
        self.key == other.key && (self.key.is_short() || self.bytes == other.bytes)
    }

    /// The order of names.
    #[inline]
    pub fn order(&self, other: &Name<'_>) -> Ordering {
        let (a, b) = (&self.key, &other.key);
        let begin = (a.first, a.second).cmp(&(b.first, b.second));
        begin.then_with(|| match a.is_short() && b.is_short() {
            true => a.length.cmp(&b.length),
            false => self.bytes.cmp(other.bytes),
        })
    }
}

/// The column of a batch that says who is meant.
pub struct Names {
    cells: Cells,
    written: Written,
}

/// How names are written, of those of which one stands in each row.
enum Written {
    /// Texts, one after the other.
    Plain(ScalarBuffer<i32>, Buffer),
    /// Numbers.
    Whole(Ints),
    /// Otherwise.
    Other,
}

impl Names {
    /// The names of a batch.
    ///
    /// # Errors
    /// The column is neither text nor whole numbers.
    pub fn of(batch: &RecordBatch, at: usize, path: &str) -> Result<Names, Trouble> {
        let cells = batch.columns().get(at).and_then(|it| Cells::of(it));
        let cells = cells.filter(|it| {
            let plain = it.dictionary().map_or(it, |(_, values)| values);
            plain.is_text() || plain.is_whole() || (plain.is_null(0) && !plain.is_text())
        });
        let wrong = || Trouble::input(path, "persons are named by text or whole numbers");
        let cells = cells.ok_or_else(wrong)?;
        let written = match (cells.plain_texts(), cells.ints()) {
            (Some((ends, bytes)), _) => Written::Plain(ends.clone(), bytes.clone()),
            (None, Some(ints)) if !cells.has_nulls() => Written::Whole(ints.clone()),
            _ => Written::Other,
        };
        Ok(Names { cells, written })
    }

    /// Whether persons are named by text.
    pub fn are_texts(&self) -> bool {
        self.cells.dictionary().map_or(&self.cells, |(_, values)| values).is_text()
    }

    /// The name in a row; nothing where none stands.
    #[inline]
    pub fn get(&self, row: usize) -> Option<Name<'_>> {
        match &self.written {
            Written::Plain(ends, bytes) => {
                let (from, to) = (*ends.get(row)? as usize, *ends.get(row + 1)? as usize);
                let bytes = bytes.as_slice().get(from..to)?;
                Some(Name { key: Key::of(bytes), bytes })
            }
            Written::Whole(ints) => Some(Name { key: Key::of_number(ints.get(row)?), bytes: &[] }),
            Written::Other => self.get_any(row),
        }
    }

    fn get_any(&self, row: usize) -> Option<Name<'_>> {
        if self.cells.is_null(row) {
            return None;
        }
        let (cells, row) = match self.cells.dictionary() {
            Some((keys, values)) => (values, usize::try_from(keys.get(row)?).ok()?),
            None => (&self.cells, row),
        };
        match cells.bytes(row) {
            Some(bytes) => Some(Name { key: Key::of(bytes), bytes }),
            None => Some(Name { key: Key::of_number(cells.int(row)?), bytes: &[] }),
        }
    }

    /// Calls for each row whose name is not that of the row before it, and for the first.
    ///
    /// # Errors
    /// The row where no name stands.
    pub fn runs<'a>(&'a self, rows: usize, mut run: impl FnMut(usize, Name<'a>)) -> Result<(), usize> {
        match (&self.written, self.cells.dictionary()) {
            (Written::Plain(ends, bytes), _) => plain_runs(ends, bytes.as_slice(), rows, run),
            (Written::Whole(ints), _) => {
                let mut before = None;
                for row in 0..rows {
                    let n = ints.get(row).ok_or(row)?;
                    if before != Some(n) {
                        before = Some(n);
                        run(row, Name { key: Key::of_number(n), bytes: &[] });
                    }
                }
                Ok(())
            }
            (Written::Other, Some((keys, _))) => {
                // Rows with the same number in the dictionary have the same name.
                let (mut known, mut before) = (None, None);
                for row in 0..rows {
                    let key = keys.get(row).filter(|_| !self.cells.is_null(row));
                    if key.is_none() || key != known {
                        self.run(row, &mut before, &mut run)?;
                    }
                    known = key;
                }
                Ok(())
            }
            (Written::Other, None) => {
                let mut before = None;
                (0..rows).try_for_each(|row| self.run(row, &mut before, &mut run))
            }
        }
    }

    fn run<'a>(
        &'a self,
        row: usize,
        before: &mut Option<Name<'a>>,
        run: &mut impl FnMut(usize, Name<'a>),
    ) -> Result<(), usize> {
        let name = self.get_any(row).ok_or(row)?;
        if !before.is_some_and(|before| before.is(&name)) {
            *before = Some(name);
            run(row, name);
        }
        Ok(())
    }
}

/// As [`Names::runs`], of texts that stand one after the other.
#[inline]
fn plain_runs<'a>(
    ends: &[i32],
    bytes: &'a [u8],
    rows: usize,
    mut run: impl FnMut(usize, Name<'a>),
) -> Result<(), usize> {
    let Some((first, ends)) = ends.split_first() else { return if rows == 0 { Ok(()) } else { Err(0) } };
    let mut from = *first as usize;
    // The first and the last eight bytes of a name that has no more than both, and its length.
    let (mut begin, mut end, mut length) = (0, 0, usize::MAX);
    let mut before: &[u8] = &[];
    let mut row = 0;
    for to in ends.iter().take(rows) {
        let name = bytes.get(from..*to as usize).ok_or(row)?;
        from = *to as usize;
        let same = match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
            (Some(a), Some(b)) if name.len() <= 16 => {
                let (a, b) = (u64::from_ne_bytes(*a), u64::from_ne_bytes(*b));
                let same = name.len() == length && a == begin && b == end;
                (begin, end) = (a, b);
                same
            }
            _ => row > 0 && name == before,
        };
        if !same {
            run(row, Name { key: Key::of(name), bytes: name });
        }
        (before, length) = (name, name.len());
        row += 1;
    }
    if row == rows { Ok(()) } else { Err(row) }
}

#[cfg(test)]
mod tests {
    use super::{Key, Name};

    #[test]
    fn keys_stand_in_the_order_of_the_bytes() {
        let letters: [&[u8]; 5] = [b"", b"\0", b"a", b"b", b"\xff"];
        let mut all: Vec<Vec<u8>> = Vec::new();
        for length in 0..20usize {
            for last in letters {
                for first in letters {
                    let middle = std::iter::repeat_n(b'm', length).collect::<Vec<u8>>();
                    all.push([first, &middle, last].concat());
                }
            }
        }
        let name = |bytes| Name { key: Key::of(bytes), bytes };
        for a in &all {
            for b in &all {
                assert_eq!(name(a).order(&name(b)), a.cmp(b), "{a:?} {b:?}");
                assert_eq!(name(a).is(&name(b)), a == b, "{a:?} {b:?}");
            }
        }
    }
}
