//! A long frame of events, one row an event, found by the person's name.
//!
//! The events of one person stand together, or are brought together once. Where the names come in order on both sides,
//! nobody is looked up: each person begins where the one before ended.

use crate::cells::Cells;
use crate::columns::{self, Column};
use crate::trouble::Trouble;
use arrow_array::RecordBatch;
use arrow_buffer::{Buffer, ScalarBuffer};
use arrow_schema::Schema;
use byleave::typed::Vocabulary;
use byleave::wire::{Item, Json, Path};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

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
    sorted: bool,
    by_name: HashMap<Box<[u8]>, u32>,
    seen: Vec<AtomicBool>,
}

/// One person's rows.
struct Group {
    name: Name,
    rows: Rows,
}

/// Where a name is written.
#[derive(Clone, Copy)]
struct Name {
    batch: u32,
    row: u32,
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

/// A person's name.
#[derive(Clone, Copy)]
pub enum Called<'a> {
    /// A text.
    Text(&'a [u8]),
    /// A number, its greatest byte first.
    Number([u8; 8]),
}

impl Called<'_> {
    /// What names are compared by.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Called::Text(bytes) => bytes,
            Called::Number(bytes) => bytes,
        }
    }
}

/// Names of persons, compared as bytes.
pub struct Names {
    cells: Cells,
    /// Texts as they stand as a rule: offsets and bytes.
    plain: Option<(ScalarBuffer<i32>, Buffer)>,
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
        let plain = cells.plain_texts().map(|(ends, bytes)| (ends.clone(), bytes.clone()));
        Ok(Names { cells, plain })
    }

    /// Whether persons are named by text.
    pub fn are_texts(&self) -> bool {
        self.cells.dictionary().map_or(&self.cells, |(_, values)| values).is_text()
    }

    /// Whether two rows have the same number in a dictionary, and so the same name.
    #[inline]
    fn same_key(&self, row: usize, other: usize) -> bool {
        let keys = self.cells.dictionary().map(|(keys, _)| keys);
        let same = keys.is_some_and(|keys| keys.get(row).is_some() && keys.get(row) == keys.get(other));
        same && !self.cells.is_null(row) && !self.cells.is_null(other)
    }

    /// Whether a row names whom the row before it does; when not, they may still be the same.
    #[inline]
    fn is_as_before(&self, row: usize) -> bool {
        let Some((ends, bytes)) = &self.plain else { return self.same_key(row, row - 1) };
        let Some([from, middle, to]) = ends.get(row - 1..row + 2).and_then(|it| it.first_chunk::<3>()) else {
            return false;
        };
        let bytes = bytes.as_slice();
        let before = bytes.get(*from as usize..*middle as usize);
        let name = bytes.get(*middle as usize..*to as usize);
        matches!((before, name), (Some(before), Some(name)) if is_same(before, name))
    }

    /// The name in a row; nothing where none stands.
    #[inline]
    pub fn get(&self, row: usize) -> Option<Called<'_>> {
        if let Some((ends, bytes)) = &self.plain {
            let (from, to) = (*ends.get(row)? as usize, *ends.get(row + 1)? as usize);
            return bytes.as_slice().get(from..to).map(Called::Text);
        }
        self.get_any(row)
    }

    fn get_any(&self, row: usize) -> Option<Called<'_>> {
        if self.cells.is_null(row) {
            return None;
        }
        if let Some(bytes) = self.cells.bytes(row) {
            return Some(Called::Text(bytes));
        }
        let (cells, row) = match self.cells.dictionary() {
            Some((keys, values)) => (values, usize::try_from(keys.get(row)?).ok()?),
            None => (&self.cells, row),
        };
        if let Some(bytes) = cells.bytes(row) {
            return Some(Called::Text(bytes));
        }
        cells.int(row).map(|n| Called::Number(n.to_be_bytes()))
    }
}

/// Whether two names are the same. Most are short.
#[inline]
fn is_same(a: &[u8], b: &[u8]) -> bool {
    match (a.first_chunk::<8>(), b.first_chunk::<8>(), a.last_chunk::<8>(), b.last_chunk::<8>()) {
        (Some(a1), Some(b1), Some(a2), Some(b2)) if a.len() <= 16 => {
            a.len() == b.len() && a1 == b1 && a2 == b2
        }
        _ => a == b,
    }
}

/// The order of two names. Most are short and of one length, or the same.
#[inline]
fn order(a: &[u8], b: &[u8]) -> std::cmp::Ordering {
    match (a.first_chunk::<8>(), b.first_chunk::<8>(), a.last_chunk::<8>(), b.last_chunk::<8>()) {
        (Some(a1), Some(b1), Some(a2), Some(b2)) if a.len() == b.len() && a.len() <= 16 => {
            let first = u64::from_be_bytes(*a1).cmp(&u64::from_be_bytes(*b1));
            first.then_with(|| u64::from_be_bytes(*a2).cmp(&u64::from_be_bytes(*b2)))
        }
        _ => a.cmp(b),
    }
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
            sorted: true,
            by_name: HashMap::new(),
            seen: Vec::new(),
        };
        out.group(batches, &names, key)?;
        Ok((out, names))
    }

    fn group(&mut self, batches: &[RecordBatch], names: &[Names], key: &str) -> Result<(), Trouble> {
        let mut first = 0usize;
        let mut before: Option<Called<'_>> = None;
        for ((batch, n), names_here) in batches.iter().zip(0u32..).zip(names) {
            for row in 0..batch.num_rows() {
                let order = if row > 0 && names_here.is_as_before(row) {
                    Some(std::cmp::Ordering::Equal)
                } else {
                    let Some(name) = names_here.get(row) else {
                        let path = format!("{}[{}].{key}", self.list, first + row);
                        return Err(Trouble::input(path, "an event must say whose it is"));
                    };
                    let order = before.map(|before| order(before.bytes(), name.bytes()));
                    before = Some(name);
                    order
                };
                let row =
                    u32::try_from(row).map_err(|_| Trouble::input(self.list, "too many rows in a batch"))?;
                match (order, self.groups.last_mut()) {
                    (
                        Some(std::cmp::Ordering::Equal),
                        Some(Group { rows: Rows::Together(batch, _, to), .. }),
                    ) if *batch == n => {
                        *to = row + 1;
                        continue;
                    }
                    (Some(std::cmp::Ordering::Less) | None, _) => {}
                    // The same person in two batches, or names out of order.
                    _ => self.sorted = false,
                }
                self.groups
                    .push(Group { name: Name { batch: n, row }, rows: Rows::Together(n, row, row + 1) });
            }
            first += batch.num_rows();
        }
        if !self.sorted {
            self.gather(names);
        }
        self.seen = self.groups.iter().map(|_| AtomicBool::new(false)).collect();
        Ok(())
    }

    /// Brings together what stands apart, and remembers who is where.
    fn gather(&mut self, names: &[Names]) {
        let mut runs: Vec<Vec<Rows>> = Vec::new();
        let mut whose: Vec<Name> = Vec::new();
        for group in &self.groups {
            let name = names.get(group.name.batch as usize);
            let Some(name) = name.and_then(|it| it.get(group.name.row as usize)) else { continue };
            match self.by_name.get(name.bytes()) {
                Some(at) => runs.get_mut(*at as usize).into_iter().for_each(|it| it.push(group.rows)),
                None => {
                    let at = u32::try_from(runs.len()).unwrap_or(u32::MAX);
                    self.by_name.insert(name.bytes().into(), at);
                    runs.push(vec![group.rows]);
                    whose.push(group.name);
                }
            }
        }
        self.groups = runs
            .into_iter()
            .zip(whose)
            .map(|(runs, name)| {
                if let [one] = runs.as_slice() {
                    return Group { name, rows: *one };
                }
                let from = self.scattered.len();
                for run in runs {
                    if let Rows::Together(batch, from, to) = run {
                        self.scattered.extend((from..to).map(|row| Place { batch, row }));
                    }
                }
                Group { name, rows: Rows::Apart(from as u32, self.scattered.len() as u32) }
            })
            .collect();
    }

    /// The rows of a person; nothing for one of whom there are none.
    pub fn find(&self, names: &[Names], name: &[u8], cursor: &mut Cursor) -> Option<Rows> {
        let found = if self.sorted {
            let mut order_at = |at: usize| {
                let it = self.groups.get(at)?.name;
                Some(order(names.get(it.batch as usize)?.get(it.row as usize)?.bytes(), name))
            };
            match order_at(cursor.0) {
                Some(std::cmp::Ordering::Equal) => Some(cursor.0),
                here => {
                    // Between the last one found and this one lies nobody: so it is as a rule when names come in order.
                    let before = cursor.0.checked_sub(1).and_then(&mut order_at);
                    let between = before.is_none_or(|it| it == std::cmp::Ordering::Less)
                        && here.is_none_or(|it| it == std::cmp::Ordering::Greater);
                    if between { None } else { self.search(&mut order_at, cursor) }
                }
            }
        } else {
            self.by_name.get(name).map(|at| *at as usize)
        }?;
        cursor.0 = found + 1;
        if let Some(seen) = self.seen.get(found) {
            seen.store(true, Ordering::Relaxed);
        }
        self.groups.get(found).map(|it| it.rows)
    }

    fn search(
        &self,
        order: &mut impl FnMut(usize) -> Option<std::cmp::Ordering>,
        cursor: &mut Cursor,
    ) -> Option<usize> {
        let (mut low, mut high) = (0, self.groups.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match order(middle)? {
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        cursor.0 = low;
        None
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
        let left = self.groups.iter().zip(&self.seen).filter(|(_, seen)| !seen.load(Ordering::Relaxed));
        left.fold((0, 0), |(persons, events), (group, _)| {
            let more = match group.rows {
                Rows::Together(_, from, to) | Rows::Apart(from, to) => (to - from) as usize,
            };
            (persons + 1, events + more)
        })
    }
}
