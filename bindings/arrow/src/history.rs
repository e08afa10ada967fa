//! A long frame of events, one row an event, found by the person's name.
//!
//! The events of one person stand together, or are brought together once. Where the names come in order on both sides,
//! nobody is looked up: each person begins where the one before ended.

use crate::cells::Cells;
use crate::columns::{self, Column};
use crate::hashes::Seeded;
use crate::names::{Key, Name, Names};
use crate::trouble::Trouble;
use arrow_array::RecordBatch;
use arrow_schema::Schema;
use byleave::typed::Vocabulary;
use byleave::wire::{Item, Json, Path};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering as Memory};

/// Events of one list.
pub struct History {
    /// `consents`, `contacts`, …
    pub list: &'static str,
    /// The columns that are fields.
    pub columns: Vec<Column>,
    /// The cells, batch by batch.
    pub batches: Vec<Vec<Cells>>,
    /// Groups of rows, one a person, by name where they came in order.
    groups: Vec<Group>,
    /// Rows that do not stand together, group by group.
    scattered: Vec<Place>,
    /// How many rows each batch has.
    lengths: Vec<usize>,
    sorted: bool,
    by_name: HashMap<Key, u32, Seeded>,
    by_long_name: HashMap<Box<[u8]>, u32>,
    seen: Vec<AtomicBool>,
}

/// One person's rows: the parts of their name's key, and where they stand.
#[derive(Clone, Copy)]
struct Group {
    first: u64,
    second: u64,
    length: u32,
    /// [`APART`]: they stand apart.
    batch: u32,
    from: u32,
    to: u32,
}

/// In no one batch.
const APART: u32 = u32::MAX;

impl Group {
    #[inline]
    fn key(&self) -> Key {
        Key { first: self.first, second: self.second, length: self.length }
    }

    #[inline]
    fn rows(&self) -> Rows {
        match self.batch {
            APART => Rows::Apart(self.from, self.to),
            batch => Rows::Together(batch, self.from, self.to),
        }
    }
}

/// Rows of one person.
#[derive(Clone, Copy, Debug)]
pub enum Rows {
    /// They stand together in a batch: from, to.
    Together(u32, u32, u32),
    /// They stand apart: from, to among those that do.
    Apart(u32, u32),
}

/// A row of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The batch.
    pub batch: u32,
    /// Its row.
    pub row: u32,
}

/// What the persons of a batch are looked up with; it remembers where the last one was found.
#[derive(Clone, Copy, Default)]
pub struct Cursor(usize);

impl History {
    /// Reads a frame.
    ///
    /// # Errors
    /// A column that is no field, no column with the person's name, a row without one.
    pub fn of(
        list: &'static str,
        schema: &Schema,
        batches: &[RecordBatch],
        vocabulary: &Vocabulary,
        key: &str,
    ) -> Result<(History, Vec<Names>), Trouble> {
        let Ok(at) = schema.index_of(key) else {
            let names = schema.fields().iter().map(|field| field.name().as_str());
            let message = "there is no such column, and it is what persons are found by";
            let error = Trouble::input(format_args!("{list}.{key}"), message);
            let found = error.clone().suggest(key, names);
            return Err(if found.0.hint.is_some() { found } else { error.with_hint("name it with `key`") });
        };
        let columns = columns::of_events(schema, vocabulary, list, key)?;
        let path = format!("{list}.{key}");
        let names = batches.iter().map(|it| Names::of(it, at, &path)).collect::<Result<Vec<_>, _>>()?;
        let cells = batches.iter().map(|it| columns::cells(it, &columns)).collect::<Result<Vec<_>, _>>()?;
        let mut out = History {
            list,
            columns,
            batches: cells,
            groups: Vec::new(),
            scattered: Vec::new(),
            lengths: batches.iter().map(RecordBatch::num_rows).collect(),
            sorted: true,
            by_name: HashMap::default(),
            by_long_name: HashMap::new(),
            seen: Vec::new(),
        };
        out.group(batches, &names, key)?;
        Ok((out, names))
    }

    fn group(&mut self, batches: &[RecordBatch], names: &[Names], key: &str) -> Result<(), Trouble> {
        let mut first = 0usize;
        let mut before: Option<Name<'_>> = None;
        for ((batch, n), names_here) in batches.iter().zip(0u32..).zip(names) {
            let rows = batch.num_rows();
            if u32::try_from(rows).is_err() {
                return Err(Trouble::input(self.list, "too many rows in a batch"));
            }
            let (groups, sorted) = (&mut self.groups, &mut self.sorted);
            let read = names_here.runs(rows, |row, name| {
                let row = row as u32;
                if let Some(group) = groups.last_mut().filter(|_| row > 0) {
                    group.to = row;
                }
                // The same person in two batches, or names out of order.
                *sorted &= before.is_none_or(|before| before.order(&name) == Ordering::Less);
                before = Some(name);
                let Key { first, second, length } = name.key;
                groups.push(Group { first, second, length, batch: n, from: row, to: row + 1 });
            });
            if let Err(row) = read {
                let path = format!("{}[{}].{key}", self.list, first + row);
                return Err(Trouble::input(path, "an event must say whose it is"));
            }
            if let Some(group) = self.groups.last_mut().filter(|_| rows > 0) {
                group.to = rows as u32;
            }
            first += rows;
        }
        if !self.sorted {
            self.gather(names);
        }
        self.seen = self.groups.iter().map(|_| AtomicBool::new(false)).collect();
        Ok(())
    }

    /// Brings together what stands apart, and remembers who is where.
    fn gather(&mut self, names: &[Names]) {
        // Runs of one person are linked, each to the next: the first of each, in order of the persons, and the last so far.
        let mut next: Vec<u32> = vec![APART; self.groups.len()];
        let mut persons: Vec<(u32, u32)> = Vec::new();
        for (run, group) in (0u32..).zip(&self.groups) {
            let new = u32::try_from(persons.len()).unwrap_or(APART);
            let person = if group.key().is_short() {
                *self.by_name.entry(group.key()).or_insert(new)
            } else {
                let name = names.get(group.batch as usize).and_then(|it| it.get(group.from as usize));
                let bytes = name.map_or(&[][..], |name| name.bytes);
                match self.by_long_name.get(bytes) {
                    Some(known) => *known,
                    None => *self.by_long_name.entry(bytes.into()).or_insert(new),
                }
            };
            match persons.get_mut(person as usize) {
                Some((_, last)) => {
                    next.get_mut(*last as usize).into_iter().for_each(|it| *it = run);
                    *last = run;
                }
                None => persons.push((run, run)),
            }
        }
        let groups = std::mem::take(&mut self.groups);
        let gathered = persons.into_iter().filter_map(|(first, last)| {
            let group = *groups.get(first as usize)?;
            if first == last {
                return Some(group);
            }
            let from = u32::try_from(self.scattered.len()).ok()?;
            let mut run = first;
            while let Some(it) = groups.get(run as usize) {
                self.scattered.extend((it.from..it.to).map(|row| Place { batch: it.batch, row }));
                run = next.get(run as usize).copied().unwrap_or(APART);
            }
            Some(Group { batch: APART, from, to: u32::try_from(self.scattered.len()).ok()?, ..group })
        });
        self.groups = gathered.collect();
    }

    /// The name of a group.
    fn name<'n>(&self, names: &'n [Names], group: &Group) -> Option<Name<'n>> {
        if group.key().is_short() {
            return Some(Name { key: group.key(), bytes: &[] });
        }
        let place = match group.batch {
            APART => *self.scattered.get(group.from as usize)?,
            batch => Place { batch, row: group.from },
        };
        names.get(place.batch as usize)?.get(place.row as usize)
    }

    /// The rows of a person; nothing for one of whom there are none.
    #[inline]
    pub fn find(&self, names: &[Names], name: &Name<'_>, cursor: &mut Cursor) -> Option<Rows> {
        let found = match self.groups.get(cursor.0) {
            Some(group) if self.sorted && name.key.is_short() && group.key() == name.key => cursor.0,
            _ => self.look_for(names, name, cursor)?,
        };
        cursor.0 = found + 1;
        if let Some(seen) = self.seen.get(found) {
            seen.store(true, Memory::Relaxed);
        }
        self.groups.get(found).map(Group::rows)
    }

    #[inline(never)]
    fn look_for(&self, names: &[Names], name: &Name<'_>, cursor: &mut Cursor) -> Option<usize> {
        if !self.sorted {
            let found = match name.key.is_short() {
                true => self.by_name.get(&name.key),
                false => self.by_long_name.get(name.bytes),
            };
            return found.map(|at| *at as usize);
        }
        let mut order_at = |at: usize| Some(self.name(names, self.groups.get(at)?)?.order(name));
        match order_at(cursor.0) {
            Some(Ordering::Equal) => Some(cursor.0),
            here => {
                // Between the last one found and this one lies nobody: so it is as a rule when names come in order.
                let before = cursor.0.checked_sub(1).and_then(&mut order_at);
                let between = before.is_none_or(|it| it == Ordering::Less)
                    && here.is_none_or(|it| it == Ordering::Greater);
                if between { None } else { self.search(&mut order_at, cursor) }
            }
        }
    }

    fn search(
        &self,
        order: &mut impl FnMut(usize) -> Option<Ordering>,
        cursor: &mut Cursor,
    ) -> Option<usize> {
        let (mut low, mut high) = (0, self.groups.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match order(middle)? {
                Ordering::Equal => return Some(middle),
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        cursor.0 = low;
        None
    }

    /// Rows that do not stand together, person by person.
    pub fn scattered(&self) -> &[Place] {
        &self.scattered
    }

    /// Where a person's rows stand among those.
    pub fn apart(&self, rows: Rows) -> Option<std::ops::Range<usize>> {
        match rows {
            Rows::Apart(from, to) => Some(from as usize..to as usize),
            Rows::Together(..) => None,
        }
    }

    /// How many rows a batch has.
    pub fn rows(&self, batch: u32) -> Option<usize> {
        self.lengths.get(batch as usize).copied()
    }

    /// The places of a person's rows.
    pub fn places(&self, rows: Rows) -> impl Iterator<Item = Place> + '_ {
        let (together, apart) = match rows {
            Rows::Together(batch, from, to) => (Some((from..to).map(move |row| Place { batch, row })), None),
            Rows::Apart(from, to) => (None, self.scattered.get(from as usize..to as usize)),
        };
        together.into_iter().flatten().chain(apart.into_iter().flatten().copied())
    }

    /// A person's events as a request gives them.
    ///
    /// # Errors
    /// A value that no request can say.
    pub fn json(&self, rows: Option<Rows>) -> Result<Json, Trouble> {
        let mut out = Vec::new();
        let root = Path::ROOT;
        let path = root.key(self.list);
        for (at, place) in (0u32..).zip(rows.into_iter().flat_map(|rows| self.places(rows))) {
            let path = path.index(at);
            let mut event = Vec::new();
            let cells = self.batches.get(place.batch as usize).into_iter().flatten();
            for (column, cells) in self.columns.iter().zip(cells) {
                if let Some(json) = cells.json_below(place.row as usize, &path, &column.name)? {
                    crate::tree::put(&mut event, &column.name, json);
                }
            }
            out.push(Item { at, json: Json::Map(event) });
        }
        Ok(Json::List(out))
    }

    /// Persons whom nobody asked about and their events: how many of each.
    pub fn unmatched(&self) -> (usize, usize) {
        let left = self.groups.iter().zip(&self.seen).filter(|(_, seen)| !seen.load(Memory::Relaxed));
        left.fold((0, 0), |(persons, events), (group, _)| {
            (persons + 1, events + (group.to - group.from) as usize)
        })
    }
}
