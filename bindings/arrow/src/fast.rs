//! Rows as facts without a request in between. Whatever is not plain here goes the long way, row by row: that way alone says
//! what is wrong with a row, and its answers are what these must be.
//!
//! A part of a batch is read column by column first, values as numbers; then person by person, numbers as facts.

mod lists;

use crate::alike::{self, Found as Like, Memo, OWN};
use crate::cells::Cells;
use crate::codes::{ABSENT, Codes, STRANGE};
use crate::history::{Cursor, History, Rows as Found};
use crate::names::Names;
use crate::plan::{Address, From, How, Leaf, Plan};
use crate::shapes::{Read, Shapes};
use crate::source::{day_of, is_absent, own, text};
use byleave::Engine;
use byleave::facts::{Facts, OPEN, Refill, Slot};
use byleave::time::Date;
use byleave::typed::EventList;
use lists::{List, Place};
use std::ops::Range;

/// The filling of one thread.
pub struct Filler {
    refill: Refill,
    people: Vec<Codes>,
    /// By leaf: numbers of the values of the part's rows.
    numbers: Vec<Vec<u32>>,
    lists: Vec<List>,
    /// The part's rows.
    part: Range<usize>,
    /// By row of the part: some fact of it is not plain enough to tell who is alike.
    odd: Vec<bool>,
}

/// As many lists of events as there are.
const LISTS: usize = 5;

/// A cell at the end of its steps; nothing where a struct on the way is not there.
#[inline]
fn cell<'c>(columns: &'c [Cells], steps: &[usize], row: usize) -> Option<&'c Cells> {
    let (first, rest) = steps.split_first()?;
    let mut at = columns.get(*first)?;
    for step in rest {
        if at.is_null(row) {
            return None;
        }
        at = &at.fields()?.get(*step)?.1;
    }
    Some(at)
}

/// What a part is of: the people, their names, the long frames.
#[derive(Clone, Copy)]
pub struct Frames<'f> {
    /// The columns of the people.
    pub people: &'f [Cells],
    /// Their names, where long frames are.
    pub names: Option<&'f Names>,
    /// Long frames.
    pub histories: &'f [(History, Vec<Names>)],
}

impl Filler {
    /// Of an engine and a plan.
    pub fn of(engine: &Engine, plan: &Plan) -> Option<Filler> {
        let lists = plan.events.iter().map(|events| List {
            shapes: Shapes::of(events),
            found: Vec::new(),
            windows: Vec::new(),
        });
        Some(Filler {
            refill: plan.refill(engine)?,
            people: plan.leaves.iter().map(|leaf| Codes::new(leaf.fact)).collect(),
            numbers: plan.leaves.iter().map(|_| Vec::new()).collect(),
            lists: lists.collect(),
            part: 0..0,
            odd: Vec::new(),
        })
    }

    /// Another batch of people begins.
    pub fn next_batch(&mut self) {
        self.part = 0..0;
        self.people.iter_mut().for_each(Codes::next_batch);
    }

    /// Looks for somebody who has all in common with the person in a row that an answer hangs on; nothing where the row is
    /// not plain enough to tell.
    #[inline]
    pub fn alike(&mut self, plan: &Plan, memo: &mut Memo, frames: Frames<'_>, row: usize) -> Option<Like> {
        let at = row.checked_sub(self.part.start).filter(|_| row < self.part.end)?;
        if self.odd.get(at) != Some(&false) {
            return None;
        }
        let mut all = [(EventList::Consents, Read::default()); LISTS];
        let most = self.refill.most_events();
        for ((events, list), place) in plan.events.iter().zip(&mut self.lists).zip(&mut all) {
            let ready = match list.found.get(at) {
                Some(Some(Some(Found::Together(batch, from, to)))) => {
                    list.shapes.holds(*batch, *from as usize..*to as usize)
                }
                Some(Some(None)) => Some(0..0),
                _ => None,
            };
            let (ready, apart) = match ready {
                Some(ready) => (ready, false),
                None => match list.place(events, frames, row, at, &self.part)? {
                    Place::Nobody => (0..0, false),
                    Place::Rows(source, rows) => {
                        (list.shapes.ready(&mut self.refill, events, source, &rows)?, false)
                    }
                    Place::Apart(history, found) => {
                        list.shapes.ready_apart(&mut self.refill, events, history)?;
                        (history.apart(found)?, true)
                    }
                },
            };
            let list = &*list;
            let read = if apart { list.shapes.plain_apart(ready) } else { list.shapes.plain(ready) };
            let mut read = read.filter(|read| read.marks.len() <= most)?;
            if events.list == EventList::Lists && !read.marks.is_empty() {
                read.own = list.of_own_address(plan, events, frames, row, at, &self.part)?;
            }
            *place = (events.list, read);
        }
        let events = all.get(..plan.events.len())?;
        Some(memo.find(&mut self.refill, &self.numbers, at, events))
    }

    /// What is known of persons who are alike; nothing where that is of no use.
    pub fn memo(&self, engine: &Engine, plan: &Plan, outcome: bool) -> Option<Memo> {
        let lists = plan.events.iter().map(|events| events.list).collect();
        Memo::new(engine.alike(&self.refill, outcome)?, lists, plan.today())
    }

    /// Reads some rows ahead.
    pub fn part(&mut self, plan: &Plan, frames: Frames<'_>, memo: Option<&mut Memo>, rows: Range<usize>) {
        self.odd.clear();
        self.odd.resize(rows.len(), false);
        let each = plan.leaves.iter().zip(&mut self.people).zip(&mut self.numbers);
        for ((leaf, codes), numbers) in each {
            if leaf.how == How::Coded {
                read(&mut self.refill, frames.people, &leaf.steps, codes, &rows, numbers);
            } else {
                read_own(&self.refill, frames.people, leaf, &rows, numbers);
            }
            // Shorter by rows that are not there: those are odd, too.
            let short = numbers.len()..self.odd.len();
            self.odd.get_mut(short).into_iter().for_each(|odd| odd.fill(true));
            self.odd.iter_mut().zip(&*numbers).for_each(|(odd, code)| *odd |= !Codes::stays(*code));
        }
        if let Some(memo) = memo {
            memo.part(&self.numbers, rows.len());
        }
        let name_of = |row: usize| frames.names.and_then(|names| names.get(row));
        let names: Vec<_> = rows.clone().map(name_of).collect();
        for (events, list) in plan.events.iter().zip(&mut self.lists) {
            if self.part.is_empty() && matches!(events.from, From::Column(_)) {
                list.shapes.forget();
            }
            list.found.clear();
            list.windows.clear();
            let From::History(n) = events.from else { continue };
            let Some((history, theirs)) = frames.histories.get(n) else { continue };
            let mut cursor = Cursor::default();
            for name in &names {
                let found = name.map(|name| history.find(theirs, &name, &mut cursor));
                if let Some(Some(Found::Together(batch, from, to))) = found {
                    list.widen(batch, from, to);
                }
                list.found.push(found);
            }
        }
        self.part = rows;
    }

    /// A row's facts, of those read ahead; nothing where it has to go the long way.
    pub fn facts(&mut self, plan: &Plan, frames: Frames<'_>, row: usize) -> Option<&Facts> {
        let at = row.checked_sub(self.part.start).filter(|_| row < self.part.end)?;
        self.refill.begin();
        for (n, leaf) in plan.leaves.iter().enumerate() {
            if leaf.how != How::Coded {
                let Some(cells) = cell(frames.people, &leaf.steps, row) else { continue };
                if leaf.how == How::Own {
                    let address = matches!(plan.address, Address::Leaf(at) if at == n);
                    if let Some(id) = own(&mut self.refill, cells, row, address)? {
                        self.refill.set(n, &Slot::Text(id), OPEN);
                    }
                } else if !cells.is_null(row) {
                    self.refill.set(n, &Slot::date(day_of(cells.day(row)?)?), OPEN);
                }
                continue;
            }
            let codes = self.people.get_mut(n)?;
            let mut code = *self.numbers.get(n)?.get(at)?;
            if code == ABSENT {
                continue;
            }
            if !Codes::stays(code) {
                // One that is not known by number is good until the next row, so it is read in its turn.
                code = codes.code(&mut self.refill, cell(frames.people, &leaf.steps, row)?, row);
            }
            let (slot, mask) = codes.value(code)?;
            self.refill.set(n, slot, *mask);
            if Some(leaf.fact) == plan.zones {
                if !Codes::stays(code) {
                    return None;
                }
                self.refill.zones(code);
            }
        }
        for (events, list) in plan.events.iter().zip(&mut self.lists) {
            match list.place(events, frames, row, at, &self.part)? {
                Place::Nobody => {}
                Place::Rows(source, rows) => list.shapes.events(&mut self.refill, events, source, &rows)?,
                Place::Apart(history, found) => list.apart(&mut self.refill, events, history, found)?,
            }
        }
        self.refill.finish()
    }
}

/// Reads a column of the people, perhaps within structs.
fn read(
    refill: &mut byleave::facts::Refill,
    people: &[Cells],
    steps: &[usize],
    codes: &mut Codes,
    rows: &Range<usize>,
    out: &mut Vec<u32>,
) {
    out.clear();
    let Some((first, rest)) = steps.split_first() else { return };
    let Some(mut at) = people.get(*first) else { return };
    let mut outer = Vec::new();
    for step in rest {
        outer.push(at);
        let Some((_, inner)) = at.fields().and_then(|fields| fields.get(*step)) else { return };
        at = inner;
    }
    codes.column(refill, at, rows.start, rows.end, out);
    for outer in outer.into_iter().filter(|it| it.has_nulls()) {
        let rows = rows.clone().zip(out.iter_mut());
        rows.filter(|(row, _)| outer.is_null(*row)).for_each(|(_, code)| *code = ABSENT);
    }
}

/// Reads a column of days, or of texts of the persons' own: days by number, a text only as far as it is one.
fn read_own(refill: &Refill, people: &[Cells], leaf: &Leaf, rows: &Range<usize>, out: &mut Vec<u32>) {
    out.clear();
    if let [column] = leaf.steps.as_slice()
        && let Some(cells) = people.get(*column).filter(|cells| cells.nulls().is_none())
    {
        // One stands everywhere, as a rule.
        let name =
            |bytes: Option<&[u8]>| bytes.filter(|bytes| refill.takes_text(bytes)).map_or(STRANGE, |_| OWN);
        if let (How::Own, Some((ends, bytes))) = (leaf.how, cells.plain_texts())
            && let Some(ends) = ends.get(rows.start..rows.end + 1)
        {
            let bytes = bytes.as_slice();
            out.extend(ends.windows(2).map(|two| match two {
                [from, to] => name(bytes.get(*from as usize..*to as usize)),
                _ => STRANGE,
            }));
            return;
        }
        if let (How::Day, Some(days)) = (leaf.how, cells.days(rows.start, rows.end)) {
            let code = |day: &i32| day_of(Date(*day)).and_then(alike::day_code).unwrap_or(STRANGE);
            out.extend(days.iter().map(code));
            return;
        }
    }
    let of_row = |row: usize| {
        let Some(cells) = cell(people, &leaf.steps, row).filter(|cells| !is_absent(cells, row)) else {
            return ABSENT;
        };
        let day = || day_of(cells.day(row)?).and_then(alike::day_code);
        match leaf.how {
            How::Own => text(cells, row).filter(|bytes| refill.takes_text(bytes)).map_or(STRANGE, |_| OWN),
            _ => day().unwrap_or(STRANGE),
        }
    };
    out.extend(rows.clone().map(of_row));
}
