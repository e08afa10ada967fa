//! Where events stand, and what single cells of theirs say.

use crate::cells::Cells;
use byleave::facts::{Refill, TextId, When};
use byleave::time::{Date, Instant};

/// Where the columns of events stand.
#[derive(Clone, Copy)]
pub enum Source<'c> {
    /// Columns of a long frame.
    Columns(&'c [Cells]),
    /// Structs in a list.
    Items(&'c Cells),
}

impl<'c> Source<'c> {
    /// The column at the end of some steps, with the structs on the way there.
    pub fn leaf(self, steps: &[usize], outer: &mut Vec<&'c Cells>) -> Option<&'c Cells> {
        let (first, rest) = steps.split_first()?;
        let mut at = match self {
            Source::Columns(columns) => columns.get(*first)?,
            Source::Items(items) => &items.fields()?.get(*first)?.1,
        };
        for step in rest {
            outer.push(at);
            at = &at.fields()?.get(*step)?.1;
        }
        Some(at)
    }

    /// The cell of a row; nothing where a struct on the way is not there.
    pub fn cell(self, steps: &[usize], row: usize) -> Option<&'c Cells> {
        let mut outer = Vec::new();
        let cells = self.leaf(steps, &mut outer)?;
        outer.iter().all(|it| !it.is_null(row)).then_some(cells)
    }
}

/// Which events of a person are given.
pub struct Rows {
    /// Their batch.
    pub batch: u32,
    /// The first.
    pub from: usize,
    /// The one after the last.
    pub to: usize,
    /// What is read ahead of all persons at hand: the window of their rows, when they stand close together.
    pub window: Option<(usize, usize)>,
}

/// Whether nothing stands there, or a number of a value that is nothing.
pub fn is_absent(cells: &Cells, row: usize) -> bool {
    let key = || cells.dictionary().map(|(keys, values)| (keys.get(row), values));
    cells.is_null(row)
        || key().is_some_and(|(key, values)| {
            key.and_then(|key| usize::try_from(key).ok()).is_none_or(|at| values.is_null(at))
        })
}

/// A text of the person's own, which may be an address; nothing inside where none stands.
#[inline]
pub fn own(refill: &mut Refill, cells: &Cells, row: usize, address: bool) -> Option<Option<TextId>> {
    if is_absent(cells, row) {
        return Some(None);
    }
    let bytes = text(cells, row)?;
    if address { refill.address(bytes) } else { refill.text(bytes) }.map(Some)
}

/// The bytes of a text, of which it is known that it is there.
#[inline]
pub fn text(cells: &Cells, row: usize) -> Option<&[u8]> {
    match cells.dictionary() {
        Some((keys, values)) => values.bytes(usize::try_from(keys.get(row)?).ok()?),
        None => cells.bytes(row),
    }
}

/// Days of years that a text can say; others are for the long way to refuse.
#[inline]
pub fn day_of(day: Date) -> Option<Date> {
    (-719_162..2_932_897).contains(&day.0).then_some(day)
}

/// Instants of such years.
pub const SAID: std::ops::Range<i64> = -62_135_596_800_000_000..253_402_300_800_000_000;

/// When; nothing for what no text can say.
#[inline]
pub fn when(cells: &Cells, row: usize) -> Option<When> {
    if cells.is_null(row) {
        return Some(When::Undated);
    }
    match cells.instant(row) {
        Some(Instant(at)) => SAID.contains(&at).then_some(When::Instant(Instant(at))),
        None => cells.day(row).and_then(day_of).map(When::Date),
    }
}
