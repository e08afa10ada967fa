//! Events of a list, read ahead column by column: when, and by number what they say besides.

mod said;

use crate::codes::Codes;
use crate::combos::{NONE, Pairs};
use crate::hashes::Quick;
use crate::history::History;
use crate::plan::{Events, How, Leaf};
use crate::source::{Rows, SAID, Source, is_absent, own, text, when};
use byleave::facts::{Refill, When};
use byleave::time::Instant;
use byleave::typed::EventList;
use std::hash::Hasher;
use std::ops::Range;

/// What was read of the rows of a window.
pub struct Shapes {
    /// By column that is read by number.
    codes: Vec<Codes>,
    /// By such a column but the first: combinations with what stands before it.
    pairs: Vec<Pairs>,
    /// By combination of all columns: the shape, or that there is none.
    by_combo: Vec<u32>,
    /// By what the columns' own dictionaries number, all in one: the mark. Empty where they are no dictionaries, or too large.
    by_keys: Vec<u32>,
    /// Columns of texts of the person's own: the event's name, the address it is about.
    own: Vec<usize>,
    /// The window.
    batch: u32,
    from: usize,
    seen: Seen,
    /// Events of a long frame that do not stand together, person by person, once they are read.
    apart: Option<Seen>,
    /// Numbers of one column.
    room: Vec<u32>,
    combos: Vec<u32>,
}

/// Events that were read.
#[derive(Default)]
struct Seen {
    /// The shape of each, as the facts number it, and [`ODD`].
    marks: Vec<u32>,
    /// When it happened, in microseconds, where it is plain.
    at: Vec<i64>,
    /// When it happened and was recorded; nothing where `at` says it all.
    whens: Vec<(When, When)>,
    /// A hash of the event's name, 0 where it has none; nothing where no event has one.
    ids: Vec<u64>,
    /// All of them are plain.
    all_plain: bool,
}

/// Of an event that is more than its shape and an instant that is past, or does not count from then on.
pub const ODD: u32 = 1 << 31;

/// Events that were read: marks, and when they happened.
#[derive(Clone, Copy, Default)]
pub struct Read<'s> {
    /// The shapes of plain events.
    pub marks: &'s [u32],
    /// In microseconds.
    pub at: &'s [i64],
    /// Of look-ups, as bits: those of the contact's own address.
    pub own: u64,
}

impl Seen {
    /// Some of them, of which all are plain.
    #[inline]
    fn plain(&self, ready: Range<usize>) -> Option<Read<'_>> {
        let (marks, at) = (self.marks.get(ready.clone())?, self.at.get(ready.clone())?);
        if !self.ids.is_empty() && self.ids.get(ready).is_none_or(twice) {
            return None;
        }
        (self.all_plain || marks.iter().all(|mark| mark & ODD == 0)).then_some(Read { marks, at, own: 0 })
    }
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
            by_keys: Vec::new(),
            own: (0..events.leaves.len()).filter(|n| events.leaves.get(*n).is_some_and(is_own)).collect(),
            batch: u32::MAX,
            from: 0,
            seen: Seen::default(),
            apart: None,
            room: Vec::new(),
            combos: Vec::new(),
        }
    }

    /// Another batch of people begins, and with it other lists in their columns.
    pub fn forget(&mut self) {
        self.batch = u32::MAX;
        self.seen.marks.clear();
    }

    /// Gives a person's events; nothing where one of them has to go the long way.
    pub fn events(
        &mut self,
        refill: &mut Refill,
        events: &Events,
        source: Source<'_>,
        given: &Rows,
    ) -> Option<()> {
        let ready = self.ready(refill, events, source, given)?;
        for (row, n) in (given.from..given.to).zip(ready) {
            let mark = *self.seen.marks.get(n)?;
            if mark == NONE {
                return None;
            }
            let at = When::Instant(Instant(*self.seen.at.get(n)?));
            let (at, recorded) = self.seen.whens.get(n).copied().unwrap_or((at, When::Undated));
            let (mut id, mut address) = (None, None);
            for leaf in self.own.iter().filter_map(|n| events.leaves.get(*n)) {
                if let Some(cells) = source.cell(&leaf.steps, row) {
                    let place = if leaf.how == How::Id { &mut id } else { &mut address };
                    *place = own(refill, cells, row, leaf.how == How::Address)?;
                }
            }
            if events.list == EventList::Lists && address.is_none() {
                return None;
            }
            refill.event(events.list, mark & !ODD, at, recorded, id, address);
        }
        Some(())
    }

    /// Reads a person's events, and as a rule those of the next ones with them; where they stand among what was read.
    #[inline]
    pub fn ready(
        &mut self,
        refill: &mut Refill,
        events: &Events,
        source: Source<'_>,
        given: &Rows,
    ) -> Option<Range<usize>> {
        if given.from >= given.to {
            return Some(0..0);
        }
        let here = self.batch == given.batch;
        if !here || given.from < self.from || given.to > self.from + self.seen.marks.len() {
            if !here {
                self.codes.iter_mut().for_each(Codes::next_batch);
                self.by_keys.clear();
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
        let here =
            self.batch == batch && rows.start >= self.from && rows.end <= self.from + self.seen.marks.len();
        here.then(|| rows.start - self.from..rows.end - self.from)
    }

    /// Events that are ready, of which all are plain.
    #[inline]
    pub fn plain(&self, ready: Range<usize>) -> Option<Read<'_>> {
        self.seen.plain(ready)
    }

    /// Events of a long frame that do not stand together, person by person, of which all are plain. They were read before.
    pub fn plain_apart(&self, found: Range<usize>) -> Option<Read<'_>> {
        self.apart.as_ref()?.plain(found)
    }

    /// Reads events of a long frame that do not stand together, the first time that one is asked for.
    pub fn ready_apart(&mut self, refill: &mut Refill, events: &Events, history: &History) -> Option<()> {
        if self.apart.is_none() {
            self.apart = Some(self.read_apart(refill, events, history)?);
        }
        Some(())
    }

    fn read_apart(&mut self, refill: &mut Refill, events: &Events, history: &History) -> Option<Seen> {
        let places = history.scattered();
        let mut out = Seen { marks: vec![NONE; places.len()], at: vec![0; places.len()], ..Seen::default() };
        // Rows in the order in which they stand, whosever they are.
        let mut order: Vec<u32> = (0u32..).zip(places).map(|(n, _)| n).collect();
        order.sort_unstable_by_key(|n| places.get(*n as usize).map(|it| (it.batch, it.row)));
        for n in order {
            let place = places.get(n as usize)?;
            let (row, source) =
                (place.row as usize, Source::Columns(history.batches.get(place.batch as usize)?));
            let window = history.rows(place.batch).map(|rows| (row, rows.min(row + AHEAD)));
            let rows = Rows { batch: place.batch, from: row, to: row + 1, window };
            let at = self.ready(refill, events, source, &rows)?.start;
            if let (Some(mark), Some(place)) = (self.seen.marks.get(at), out.marks.get_mut(n as usize)) {
                *place = *mark;
            }
            if let (Some(micros), Some(place)) = (self.seen.at.get(at), out.at.get_mut(n as usize)) {
                *place = *micros;
            }
            if let Some(id) = self.seen.ids.get(at) {
                out.ids.resize(places.len(), 0);
                out.ids.get_mut(n as usize).into_iter().for_each(|it| *it = *id);
            }
        }
        Some(out)
    }

    /// Reads some rows of a batch.
    fn read(
        &mut self,
        refill: &mut Refill,
        events: &Events,
        source: Source<'_>,
        batch: u32,
        from: usize,
        to: usize,
    ) -> Option<()> {
        (self.batch, self.from) = (batch, from);
        self.seen.whens.clear();
        self.seen.ids.clear();
        self.seen.marks.clear();
        self.seen.marks.resize(to - from, 0);
        if !self.by_dictionary(refill, events, source, from, to) {
            self.by_column(refill, events, source, from, to)?;
        }
        // Rows of which it cannot be said when they were, as their dates and instants stand.
        let mut dated = false;
        for leaf in &events.leaves {
            let mut outer = Vec::new();
            let cells = source.leaf(&leaf.steps, &mut outer)?;
            match leaf.how {
                How::At if outer.is_empty() && cells.micros(from, to).is_some() => {
                    dated = true;
                    self.seen.at.clear();
                    self.seen.at.extend_from_slice(cells.micros(from, to).unwrap_or_default());
                    if !self.seen.whens.is_empty() {
                        self.seen
                            .whens
                            .iter_mut()
                            .zip(&self.seen.at)
                            .for_each(|(it, at)| it.0 = When::Instant(Instant(*at)));
                    }
                }
                How::At | How::Recorded => {
                    let is_at = leaf.how == How::At;
                    if self.seen.whens.is_empty() {
                        let at = |n: usize| match self.seen.at.get(n).filter(|_| dated) {
                            Some(at) => When::Instant(Instant(*at)),
                            None => When::Undated,
                        };
                        self.seen.whens = (0..to - from).map(|n| (at(n), When::Undated)).collect();
                    }
                    dated |= is_at;
                    for ((row, whens), mark) in (from..to).zip(&mut self.seen.whens).zip(&mut self.seen.marks)
                    {
                        if outer.iter().any(|it| it.is_null(row)) {
                            continue;
                        }
                        match when(cells, row) {
                            Some(when) if is_at => whens.0 = when,
                            Some(when) => whens.1 = when,
                            None => *mark = NONE,
                        }
                    }
                }
                How::Id => {
                    self.seen.ids.resize(to - from, 0);
                    for ((mark, id), row) in self.seen.marks.iter_mut().zip(&mut self.seen.ids).zip(from..) {
                        if is_absent(cells, row) || outer.iter().any(|it| it.is_null(row)) {
                            continue;
                        }
                        match text(cells, row).filter(|bytes| refill.takes_text(bytes)) {
                            Some(bytes) => *id = hash(bytes) | 1,
                            None => *mark |= ODD,
                        }
                    }
                }
                // Of a look-up it is told apart whether it is of the contact's own address.
                How::Address if events.list == EventList::Lists => {
                    for (mark, row) in self.seen.marks.iter_mut().zip(from..) {
                        let there = !is_absent(cells, row) && outer.iter().all(|it| !it.is_null(row));
                        if !there || text(cells, row).is_none_or(|bytes| !refill.takes_text(bytes)) {
                            *mark |= ODD;
                        }
                    }
                }
                // An event that is about an address is more than what it says by number.
                How::Address => {
                    for (mark, row) in self.seen.marks.iter_mut().zip(from..) {
                        if !is_absent(cells, row) && outer.iter().all(|it| !it.is_null(row)) {
                            *mark |= ODD;
                        }
                    }
                }
                How::Coded | How::Own | How::Day => {}
            }
        }
        if !dated && self.seen.whens.is_empty() && events.list == EventList::Lists {
            // When it was is the day of the list, which is past.
            self.seen.at.clear();
            self.seen.at.resize(to - from, refill.plain_span().1);
        } else if !dated && self.seen.whens.is_empty() {
            self.seen.whens.resize(to - from, (When::Undated, When::Undated));
        }
        if !self.seen.whens.is_empty() {
            self.seen.at.clear();
            self.seen.at.extend(self.seen.whens.iter().zip(&mut self.seen.marks).map(|(whens, mark)| {
                match whens {
                    (When::Instant(at), When::Undated) => at.0,
                    _ => {
                        *mark |= ODD;
                        0
                    }
                }
            }));
        }
        let (after, until) = refill.plain_span();
        let mut all = 0;
        for (mark, at) in self.seen.marks.iter_mut().zip(&self.seen.at) {
            if *at <= after || *at > until {
                *mark = if SAID.contains(at) { *mark | ODD } else { NONE };
            }
            all |= *mark;
        }
        self.seen.all_plain = all & ODD == 0;
        Some(())
    }
}

/// Rows that are read ahead at most where persons do not stand together.
const AHEAD: usize = 1 << 12;
/// More events than this are not held against each other.
const FEW: usize = 32;

/// Whether two events may have one name.
fn twice(ids: &[u64]) -> bool {
    let mut rest = ids;
    while let Some((id, others)) = rest.split_first() {
        if *id != 0 && others.contains(id) {
            return true;
        }
        rest = others;
    }
    ids.len() > FEW
}

/// A number that is the same for the same text.
fn hash(text: &[u8]) -> u64 {
    let mut hash = Quick::default();
    hash.write(text);
    hash.finish()
}

fn is_own(leaf: &Leaf) -> bool {
    matches!(leaf.how, How::Id | How::Address)
}
