//! Where the events of the persons of a part stand.

use super::{Frames, cell};
use crate::cells::Cells;
use crate::history::{History, Rows as Found};
use crate::plan::{Address, Events, From, How, Plan};
use crate::shapes::Shapes;
use crate::source::{Rows, Source, is_absent, text};
use byleave::facts::Refill;
use std::ops::Range;

/// Whether two ways of writing an address are the same one.
fn same_address(one: &[u8], other: &[u8]) -> bool {
    let normal = |bytes| std::str::from_utf8(bytes).ok().map(byleave::normal_address);
    normal(one).is_some_and(|it| Some(it) == normal(other))
}

/// A list of events.
pub(super) struct List {
    pub(super) shapes: Shapes,
    /// By row of the part: where its events stand in a long frame; nothing where nobody is named.
    pub(super) found: Vec<Option<Option<Found>>>,
    /// By batch of the long frame: the window that the part's persons have, when they stand close together.
    pub(super) windows: Vec<Window>,
}

/// The rows of a batch that belong to the persons of a part.
#[derive(Clone, Copy)]
pub(super) struct Window {
    batch: u32,
    from: u32,
    to: u32,
    /// How many of them do.
    rows: u32,
}

/// Rows of lists in a column that are read ahead at most.
const AHEAD: usize = 1 << 14;

impl List {
    /// Which look-ups of a person are of the contact's own address, as bits; nothing where they are too many.
    pub(super) fn of_own_address(
        &self,
        plan: &Plan,
        events: &Events,
        frames: Frames<'_>,
        row: usize,
        at: usize,
        part: &Range<usize>,
    ) -> Option<u64> {
        let address = match &plan.address {
            Address::Fixed(text) => text.as_ref().map(String::as_bytes),
            Address::Leaf(n) => {
                let cells = cell(frames.people, &plan.leaves.get(*n)?.steps, row);
                match cells.filter(|cells| !is_absent(cells, row)) {
                    Some(cells) => Some(text(cells, row)?),
                    None => None,
                }
            }
        };
        let leaf = events.leaves.iter().find(|leaf| leaf.how == How::Address)?;
        let is_own = |source: Source<'_>, row: usize| {
            let bytes = source.cell(&leaf.steps, row).and_then(|cells| text(cells, row));
            u64::from(bytes.zip(address).is_some_and(|(one, other)| one == other || same_address(one, other)))
        };
        let mut own = 0;
        match self.place(events, frames, row, at, part)? {
            Place::Nobody => {}
            Place::Rows(source, rows) => {
                for (n, row) in (rows.from..rows.to).enumerate() {
                    own |= is_own(source, row) << (n < 64).then_some(n)?;
                }
            }
            Place::Apart(history, found) => {
                for (n, place) in history.places(found).enumerate() {
                    let source = Source::Columns(history.batches.get(place.batch as usize)?);
                    own |= is_own(source, place.row as usize) << (n < 64).then_some(n)?;
                }
            }
        }
        Some(own)
    }

    /// Some rows more belong to the part's persons.
    pub(super) fn widen(&mut self, batch: u32, from: u32, to: u32) {
        match self.windows.last_mut() {
            Some(it) if it.batch == batch => {
                (it.from, it.to) = (it.from.min(from), it.to.max(to));
                it.rows = it.rows.saturating_add(to - from);
            }
            _ => self.windows.push(Window { batch, from, to, rows: to - from }),
        }
    }

    /// The window of a batch, when most of it belongs to the part's persons.
    fn window(&self, batch: u32) -> Option<(usize, usize)> {
        let mut here = self.windows.iter().filter(|it| it.batch == batch);
        let it = here.next()?;
        let close = here.next().is_none() && u64::from(it.to - it.from) <= 2 * u64::from(it.rows) + 64;
        close.then_some((it.from as usize, it.to as usize))
    }

    /// Where a person's events stand; nothing where the row has to go the long way.
    pub(super) fn place<'f>(
        &self,
        events: &Events,
        frames: Frames<'f>,
        row: usize,
        at: usize,
        part: &Range<usize>,
    ) -> Option<Place<'f>> {
        let n = match events.from {
            From::History(n) => n,
            From::Column(n) => return in_column(frames.people.get(n)?, row, part),
        };
        let (history, _) = frames.histories.get(n)?;
        Some(match self.found.get(at).copied()?? {
            None => Place::Nobody,
            Some(Found::Together(batch, from, to)) => {
                let window = self.window(batch);
                let rows = Rows { batch, from: from as usize, to: to as usize, window };
                Place::Rows(Source::Columns(history.batches.get(batch as usize)?), rows)
            }
            Some(found) => Place::Apart(history, found),
        })
    }

    /// Gives events that do not stand together.
    pub(super) fn apart(
        &mut self,
        refill: &mut Refill,
        events: &Events,
        history: &History,
        found: Found,
    ) -> Option<()> {
        for place in history.places(found) {
            let cells = history.batches.get(place.batch as usize)?;
            let at = place.row as usize;
            let rows = Rows { batch: place.batch, from: at, to: at + 1, window: None };
            self.shapes.events(refill, events, Source::Columns(cells), &rows)?;
        }
        Some(())
    }
}

/// Where a person's events stand.
pub(super) enum Place<'f> {
    /// There are none.
    Nobody,
    /// Together.
    Rows(Source<'f>, Rows),
    /// Here and there in a long frame.
    Apart(&'f History, Found),
}

/// A list in a column of the people.
fn in_column<'f>(cells: &'f Cells, row: usize, part: &Range<usize>) -> Option<Place<'f>> {
    // Nobody said: the list is unknown, which is not what an empty one is.
    if cells.is_null(row) {
        return None;
    }
    let (spans, items) = cells.list()?;
    let (from, to) = spans.get(row)?;
    if items.has_nulls() && (from..to).any(|at| items.is_null(at)) {
        return None;
    }
    // The rest of the part stands behind it as a rule.
    let ahead = part.end.checked_sub(1).and_then(|last| spans.get(last));
    let window = ahead.filter(|(_, end)| *end >= to && *end - from <= AHEAD);
    let window = window.map(|(_, end)| (from, end));
    Some(Place::Rows(Source::Items(items), Rows { batch: 0, from, to, window }))
}
