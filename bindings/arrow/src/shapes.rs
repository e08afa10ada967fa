//! Events of a list, read ahead column by column: when, and by number what they say besides.

use crate::cells::Cells;
use crate::codes::{ABSENT, Codes};
use crate::combos::{NONE, Pairs};
use crate::plan::{Events, How, Leaf};
use byleave::facts::{Refill, Slot, TextId, When};
use byleave::time::{Date, Instant};
use byleave::typed::EventList;
use std::ops::Range;

/// What was read of the rows of a window.
pub struct Shapes {
    /// By column that is read by number.
    codes: Vec<Codes>,
    /// By such a column but the first: combinations with what stands before it.
    pairs: Vec<Pairs>,
    /// By combination of all columns: the shape, or that there is none.
    by_combo: Vec<u32>,
    /// Columns of texts of the person's own: the event's name, the address it is about.
    own: Vec<usize>,
    /// The window.
    batch: u32,
    from: usize,
    rows: Vec<Read>,
    /// All of them are plain.
    all_plain: bool,
    /// Numbers of one column.
    room: Vec<u32>,
    combos: Vec<u32>,
}

/// An event, read.
#[derive(Clone, Copy)]
pub struct Read {
    /// What it says, as the facts number it; [`NONE`] where it has to go the long way.
    pub shape: u32,
    /// It counts from when it happened on, that is past, and there is no more to it.
    pub plain: bool,
    /// When it happened.
    pub at: When,
    recorded: When,
}

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
    fn leaf(self, steps: &[usize], outer: &mut Vec<&'c Cells>) -> Option<&'c Cells> {
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
    fn cell(self, steps: &[usize], row: usize) -> Option<&'c Cells> {
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

impl Shapes {
    /// Nothing was read yet.
    pub fn of(events: &Events) -> Shapes {
        let coded = events.leaves.iter().filter(|leaf| leaf.how.is_coded());
        let codes: Vec<Codes> = coded.clone().map(|leaf| Codes::new(leaf.fact)).collect();
        Shapes {
            pairs: coded.skip(1).map(|_| Pairs::new()).collect(),
            codes,
            by_combo: Vec::new(),
            own: (0..events.leaves.len()).filter(|n| events.leaves.get(*n).is_some_and(is_own)).collect(),
            batch: u32::MAX,
            from: 0,
            rows: Vec::new(),
            all_plain: false,
            room: Vec::new(),
            combos: Vec::new(),
        }
    }

    /// Gives a person's events; nothing where one of them has to go the long way.
    pub fn events(
        &mut self,
        refill: &mut Refill<'_>,
        events: &Events,
        source: Source<'_>,
        given: &Rows,
    ) -> Option<()> {
        let ready = self.ready(refill, events, source, given)?;
        for (n, row) in (given.from..).zip(self.rows.get(ready)?) {
            if row.shape == NONE {
                return None;
            }
            let (mut id, mut address) = (None, None);
            for leaf in self.own.iter().filter_map(|n| events.leaves.get(*n)) {
                if let Some(cells) = source.cell(&leaf.steps, n) {
                    let place = if leaf.how == How::Id { &mut id } else { &mut address };
                    *place = own(refill, cells, n)?;
                }
            }
            if events.list == EventList::Lists && address.is_none() {
                return None;
            }
            refill.event(events.list, row.shape, row.at, row.recorded, id, address);
        }
        Some(())
    }

    /// Reads a person's events, and as a rule those of the next ones with them; where they stand among what was read.
    #[inline]
    pub fn ready(
        &mut self,
        refill: &mut Refill<'_>,
        events: &Events,
        source: Source<'_>,
        given: &Rows,
    ) -> Option<Range<usize>> {
        if given.from >= given.to {
            return Some(0..0);
        }
        let here = self.batch == given.batch;
        if !here || given.from < self.from || given.to > self.from + self.rows.len() {
            if !here {
                self.codes.iter_mut().for_each(Codes::next_batch);
            }
            let (from, to) = match given.window {
                Some((from, to)) if from <= given.from && given.to <= to => (from, to),
                _ => (given.from, given.to),
            };
            self.read(refill, events, source, given.batch, from, to)?;
        }
        Some(given.from - self.from..given.to - self.from)
    }

    /// Where rows of a batch stand among those that were read last; nothing if they are not all there.
    #[inline]
    pub fn holds(&self, batch: u32, rows: Range<usize>) -> Option<Range<usize>> {
        let here = self.batch == batch && rows.start >= self.from && rows.end <= self.from + self.rows.len();
        here.then(|| rows.start - self.from..rows.end - self.from)
    }

    /// Whether events that are ready are plain.
    #[inline]
    pub fn are_plain(&self, ready: Range<usize>) -> bool {
        self.all_plain || self.rows(ready).iter().all(|read| read.plain)
    }

    /// Events that are ready.
    #[inline]
    pub fn rows(&self, ready: Range<usize>) -> &[Read] {
        self.rows.get(ready).unwrap_or_default()
    }

    /// Reads some rows of a batch.
    fn read(
        &mut self,
        refill: &mut Refill<'_>,
        events: &Events,
        source: Source<'_>,
        batch: u32,
        from: usize,
        to: usize,
    ) -> Option<()> {
        let blank = Read { shape: NONE, plain: true, at: When::Undated, recorded: When::Undated };
        self.rows.clear();
        self.rows.resize(to - from, blank);
        (self.batch, self.from) = (batch, from);
        self.combos.clear();
        self.combos.resize(to - from, ABSENT);
        // A row that no number stands for keeps none, whatever its other columns say.
        let mut column = 0;
        let mut strange = Vec::new();
        for leaf in &events.leaves {
            let mut outer = Vec::new();
            let cells = source.leaf(&leaf.steps, &mut outer)?;
            match leaf.how {
                How::At | How::Recorded => {
                    let at = leaf.how == How::At;
                    if at && outer.is_empty() && cells.micros(from, to).is_some() {
                        let micros = cells.micros(from, to).unwrap_or_default();
                        for (n, (micros, read)) in micros.iter().zip(&mut self.rows).enumerate() {
                            read.at = When::Instant(Instant(*micros));
                            if !SAID.contains(micros) {
                                strange.push(n);
                            }
                        }
                        continue;
                    }
                    for (n, (row, read)) in (from..to).zip(&mut self.rows).enumerate() {
                        if outer.iter().any(|it| it.is_null(row)) {
                            continue;
                        }
                        match when(cells, row) {
                            Some(when) if at => read.at = when,
                            Some(when) => read.recorded = when,
                            None => strange.push(n),
                        }
                    }
                }
                How::Id => self.own_text(cells, &outer, from),
                How::Address | How::Coded | How::Own | How::Day => {
                    if leaf.how == How::Address {
                        self.own_text(cells, &outer, from);
                        // Whether an address is named at all is part of what the event says.
                        self.room.clear();
                        self.room.extend((from..to).map(|row| u32::from(!is_absent(cells, row))));
                    } else {
                        self.codes.get_mut(column)?.column(refill, cells, from, to, &mut self.room);
                    }
                    for outer in outer.iter().filter(|it| it.has_nulls()) {
                        let rows = (from..to).zip(&mut self.room);
                        rows.filter(|(row, _)| outer.is_null(*row)).for_each(|(_, code)| *code = ABSENT);
                    }
                    let bad = |code: u32| leaf.how != How::Address && !Codes::stays(code);
                    match column.checked_sub(1).and_then(|before| self.pairs.get_mut(before)) {
                        None => {
                            for (combo, code) in self.combos.iter_mut().zip(&self.room) {
                                *combo = if bad(*code) { NONE } else { *code };
                            }
                        }
                        Some(pairs) => {
                            for (combo, code) in self.combos.iter_mut().zip(&self.room) {
                                *combo = if bad(*code) { NONE } else { pairs.of(*combo, *code) };
                            }
                        }
                    }
                    column += 1;
                }
            }
        }
        for n in strange {
            self.combos.get_mut(n).into_iter().for_each(|it| *it = NONE);
        }
        self.all_plain = true;
        for n in 0..self.combos.len() {
            let Some(combo) = self.combos.get(n).copied() else { continue };
            let shape = match self.by_combo.get(combo as usize) {
                Some(shape) if *shape != NEW => *shape,
                _ => self.new_shape(refill, events, combo),
            };
            if let Some(row) = self.rows.get_mut(n) {
                row.shape = shape;
                row.plain &= row.recorded == When::Undated
                    && matches!(row.at, When::Instant(at) if refill.is_plain(events.list, shape, at));
                self.all_plain &= row.plain;
            }
        }
        Some(())
    }

    /// An event that brings a text of its own is more than what it says by number.
    fn own_text(&mut self, cells: &Cells, outer: &[&Cells], from: usize) {
        for (read, row) in self.rows.iter_mut().zip(from..) {
            read.plain &= is_absent(cells, row) || outer.iter().any(|it| it.is_null(row));
        }
    }

    /// The shape of a combination that comes for the first time.
    #[inline(never)]
    fn new_shape(&mut self, refill: &mut Refill<'_>, events: &Events, combo: u32) -> u32 {
        if combo == NONE {
            return NONE;
        }
        let shape =
            self.fields(events, combo).and_then(|fields| refill.shape(events.list, fields)).unwrap_or(NONE);
        let at = combo as usize;
        if self.by_combo.len() <= at {
            self.by_combo.resize(at + 1, NEW);
        }
        if let Some(place) = self.by_combo.get_mut(at) {
            *place = shape;
        }
        shape
    }

    /// What a combination says.
    fn fields(&self, events: &Events, combo: u32) -> Option<Vec<(byleave::typed::FactId, Slot)>> {
        let coded: Vec<&Leaf> = events.leaves.iter().filter(|leaf| leaf.how.is_coded()).collect();
        let mut fields = Vec::new();
        let mut rest = combo;
        for (n, (leaf, codes)) in coded.iter().zip(&self.codes).enumerate().rev() {
            let code = match n.checked_sub(1) {
                None => rest,
                Some(before) => {
                    let (others, code) = self.pairs.get(before)?.made(rest)?;
                    rest = others;
                    code
                }
            };
            if code == ABSENT {
                continue;
            }
            if leaf.how == How::Address {
                // Stands for whatever address: the event brings its own.
                if events.list == EventList::Consents {
                    fields.push((leaf.fact, Slot::texts([TextId(0)])));
                }
            } else {
                fields.push((leaf.fact, codes.value(code)?.0.clone()));
            }
        }
        fields.sort_by_key(|(fact, _)| *fact);
        Some(fields)
    }
}

/// A combination whose shape is not known yet.
const NEW: u32 = u32::MAX - 1;

fn is_own(leaf: &Leaf) -> bool {
    matches!(leaf.how, How::Id | How::Address)
}

pub fn is_absent(cells: &Cells, row: usize) -> bool {
    let key = || cells.dictionary().map(|(keys, values)| (keys.get(row), values));
    cells.is_null(row)
        || key().is_some_and(|(key, values)| {
            key.and_then(|key| usize::try_from(key).ok()).is_none_or(|at| values.is_null(at))
        })
}

/// A text of the person's own; nothing inside where none stands.
#[inline]
pub fn own(refill: &mut Refill<'_>, cells: &Cells, row: usize) -> Option<Option<TextId>> {
    if is_absent(cells, row) {
        return Some(None);
    }
    refill.text(text(cells, row)?).map(Some)
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
const SAID: std::ops::Range<i64> = -62_135_596_800_000_000..253_402_300_800_000_000;

/// When; nothing for what no text can say.
#[inline]
fn when(cells: &Cells, row: usize) -> Option<When> {
    if cells.is_null(row) {
        return Some(When::Undated);
    }
    match cells.instant(row) {
        Some(Instant(at)) => SAID.contains(&at).then_some(When::Instant(Instant(at))),
        None => cells.day(row).and_then(day_of).map(When::Date),
    }
}
