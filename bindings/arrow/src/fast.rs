//! Rows as facts without a request in between. Whatever is not plain here goes the long way, row by row: that way alone says
//! what is wrong with a row, and its answers are what these must be.

use crate::cells::Cells;
use crate::codes::{ABSENT, Codes, Map, STRANGE};
use crate::columns::{Column, LISTS};
use crate::history::{History, Names, Place};
use byleave::Engine;
use byleave::facts::{Facts, Refill, Slot, TextId, When};
use byleave::time::Instant;
use byleave::typed::{Entity, EventList, FactId, Vocabulary};
use byleave::value::Type;
use byleave::wire::{Json, Request};

/// A column that holds one fact, perhaps within structs.
#[derive(Clone, Debug)]
struct Leaf {
    /// Which column, and which field in it.
    steps: Vec<usize>,
    fact: FactId,
    how: How,
}

/// How a fact is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// By number of its value.
    Coded,
    /// A text of the person's own.
    Own,
    /// When an event happened, when it was recorded.
    At,
    Recorded,
    /// An event's own name.
    Id,
    /// The address an event is about.
    Address,
}

/// A list of events.
#[derive(Clone, Debug)]
struct Events {
    list: EventList,
    leaves: Vec<Leaf>,
    /// The column of the people, or the long frame.
    from: From,
}

#[derive(Clone, Copy, Debug)]
enum From {
    Column(usize),
    History(usize),
}

/// What is read, found once for an audience.
#[derive(Clone, Debug)]
pub struct Plan {
    base: Facts,
    known_at: Option<Instant>,
    leaves: Vec<Leaf>,
    events: Vec<Events>,
    zones: Option<FactId>,
}

fn list_of(word: &str) -> Option<EventList> {
    Some(match word {
        "consents" => EventList::Consents,
        "contacts" => EventList::Contacts,
        "interactions" => EventList::Interactions,
        "lists" => EventList::Lists,
        "signals" => EventList::Signals,
        _ => return None,
    })
}

/// Leaves of a column.
fn leaves(
    vocabulary: &Vocabulary,
    path: &str,
    cells: &Cells,
    steps: Vec<usize>,
    out: &mut Vec<Leaf>,
) -> Option<()> {
    if let Some(fact) = vocabulary.fact(path) {
        let decl = vocabulary.decl(fact)?;
        let (_, field) = path.split_once('.')?;
        let event = matches!(decl.entity, Entity::Event(_));
        let how = match (event, field) {
            (true, "at") => How::At,
            (true, "recorded_at") => How::Recorded,
            (true, "id") => How::Id,
            (true, "scope.address") | (true, "address")
                if path.starts_with("consents") || path.starts_with("lists") =>
            {
                How::Address
            }
            (false, _) if decl.ty == Type::Text && decl.field != "confirmed_time_zone.zone" => How::Own,
            _ => How::Coded,
        };
        out.push(Leaf { steps, fact, how });
        return Some(());
    }
    for (n, (name, cells)) in cells.fields()?.iter().enumerate() {
        let mut steps = steps.clone();
        steps.push(n);
        leaves(vocabulary, &format!("{path}.{name}"), cells, steps, out)?;
    }
    Some(())
}

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

impl Plan {
    /// Finds what is read; nothing where the long way is the only one. `cells` are of any batch of people.
    pub fn of(
        engine: &Engine,
        request: &Json,
        columns: &[Column],
        cells: &[Cells],
        histories: &[(History, Vec<Names>)],
    ) -> Option<Plan> {
        let vocabulary = engine.intake().vocabulary();
        let Json::Map(entries) = request else { return None };
        if entries.iter().any(|(key, json)| (key == "recipient" || key == "agent") && *json != Json::Null) {
            return None;
        }
        let mut plan_leaves = Vec::new();
        let mut events = Vec::new();
        let mut alone = entries.clone();
        for ((n, column), cells) in columns.iter().enumerate().zip(cells) {
            if let Some(list) = list_of(&column.name) {
                let (_, items) = cells.list()?;
                let mut found = Vec::new();
                for (at, (name, cells)) in items.fields()?.iter().enumerate() {
                    leaves(vocabulary, &format!("{}.{name}", column.name), cells, vec![at], &mut found)?;
                }
                events.push(Events { list, leaves: found, from: From::Column(n) });
                alone.push((column.name.clone(), Json::List(Vec::new())));
                continue;
            }
            leaves(vocabulary, &column.name, cells, vec![n], &mut plan_leaves)?;
        }
        for (n, (history, _)) in histories.iter().enumerate() {
            let mut found = Vec::new();
            if let Some(first) = history.batches.first() {
                for ((at, column), cells) in history.columns.iter().enumerate().zip(first) {
                    leaves(
                        vocabulary,
                        &format!("{}.{}", history.list, column.name),
                        cells,
                        vec![at],
                        &mut found,
                    )?;
                }
            }
            events.push(Events { list: list_of(history.list)?, leaves: found, from: From::History(n) });
            alone.push((history.list.to_owned(), Json::List(Vec::new())));
        }
        // Any other list, given for everybody, must be empty: `Refill` sees to that.
        let _ = LISTS;
        let request = Request::from_json(Json::Map(alone), &engine.limits()).ok()?;
        let known_at = match request.json().get("known_at") {
            None | Some(Json::Null) => None,
            Some(Json::Text(text)) => Some(Instant::parse(text).ok()?),
            Some(_) => return None,
        };
        let base = engine.facts(&request).ok()?;
        let zones = vocabulary.fact("person.time_zones");
        let plan = Plan { base, known_at, leaves: plan_leaves, events, zones };
        plan.refill(engine).is_some().then_some(plan)
    }

    fn refill<'e>(&self, engine: &'e Engine) -> Option<Refill<'e>> {
        let facts: Vec<FactId> = self.leaves.iter().map(|leaf| leaf.fact).collect();
        let lists: Vec<(EventList, Vec<FactId>)> = self
            .events
            .iter()
            .map(|events| (events.list, events.leaves.iter().map(|leaf| leaf.fact).collect()))
            .collect();
        Refill::new(engine.intake(), self.base.clone(), self.known_at, &facts, &lists)
    }
}

/// The filling of one thread.
pub struct Filler<'e, 'p> {
    plan: &'p Plan,
    refill: Refill<'e>,
    codes: Vec<Codes>,
    lists: Vec<Shapes>,
}

/// What events of a list say, by number.
struct Shapes {
    codes: Vec<Codes>,
    by_codes: Map<Box<[u32]>, u32>,
    room: Vec<u32>,
    last: Option<(Vec<u32>, u32)>,
    batch: u32,
}

impl<'e, 'p> Filler<'e, 'p> {
    /// Of an engine and a plan.
    pub fn of(engine: &'e Engine, plan: &'p Plan) -> Option<Filler<'e, 'p>> {
        let codes = plan.leaves.iter().map(|leaf| Codes::new(leaf.fact)).collect();
        let lists = plan.events.iter().map(|events| Shapes {
            codes: events.leaves.iter().map(|leaf| Codes::new(leaf.fact)).collect(),
            by_codes: Map::default(),
            room: Vec::new(),
            last: None,
            batch: u32::MAX,
        });
        Some(Filler { plan, refill: plan.refill(engine)?, codes, lists: lists.collect() })
    }

    /// A row's facts; nothing where it has to go the long way. `find` gives the rows of a long frame.
    pub fn facts(
        &mut self,
        people: &[Cells],
        row: usize,
        histories: &[(History, Vec<Names>)],
        mut find: impl FnMut(usize) -> Option<Option<crate::history::Rows>>,
    ) -> Option<&Facts> {
        let plan = self.plan;
        self.refill.begin();
        for (leaf, codes) in plan.leaves.iter().zip(&mut self.codes) {
            let Some(cells) = cell(people, &leaf.steps, row) else { continue };
            if leaf.how == How::Own {
                if let Some(id) = own(&mut self.refill, cells, row)? {
                    self.refill.set(leaf.fact, &Slot::Text(id), byleave::facts::OPEN);
                }
                continue;
            }
            let code = codes.code(&mut self.refill, cells, row);
            match code {
                ABSENT => continue,
                STRANGE => return None,
                _ => {}
            }
            let (slot, mask) = codes.value(code)?;
            self.refill.set(leaf.fact, slot, *mask);
            if Some(leaf.fact) == plan.zones {
                if !Codes::stays(code) {
                    return None;
                }
                self.refill.zones(code);
            }
        }
        for (events, shapes) in plan.events.iter().zip(&mut self.lists) {
            match events.from {
                From::History(n) => {
                    let (history, _) = histories.get(n)?;
                    let Some(rows) = find(n)? else { continue };
                    for Place { batch, row } in history.places(rows) {
                        if shapes.batch != batch {
                            shapes.batch = batch;
                            shapes.codes.iter_mut().for_each(Codes::next_batch);
                        }
                        let cells = history.batches.get(batch as usize)?;
                        event(&mut self.refill, events, shapes, cells, row as usize)?;
                    }
                }
                From::Column(n) => {
                    let cells = people.get(n)?;
                    // Nobody said: the list is unknown, which is not what an empty one is.
                    if cells.is_null(row) {
                        return None;
                    }
                    let (spans, items) = cells.list()?;
                    let (from, to) = spans.get(row)?;
                    for at in from..to {
                        if items.is_null(at) {
                            return None;
                        }
                        struct_event(&mut self.refill, events, shapes, items, at)?;
                    }
                }
            }
        }
        self.refill.finish()
    }
}

/// A text of the person's own; nothing inside where none stands.
#[inline]
fn own(refill: &mut Refill<'_>, cells: &Cells, row: usize) -> Option<Option<TextId>> {
    if cells.is_null(row) {
        return Some(None);
    }
    let bytes = match cells.dictionary() {
        Some((keys, values)) => {
            let at = usize::try_from(keys.get(row)?).ok()?;
            if values.is_null(at) {
                return Some(None);
            }
            values.bytes(at)?
        }
        None => cells.bytes(row)?,
    };
    Some(Some(refill.text(std::str::from_utf8(bytes).ok()?)))
}

#[inline]
fn when(cells: &Cells, row: usize) -> Option<When> {
    if cells.is_null(row) {
        return Some(When::Undated);
    }
    match cells.instant(row) {
        // Instants that no text of the contract can say are for the long way to refuse.
        Some(at) => {
            (-62_135_596_800_000_000..253_402_300_800_000_000).contains(&at.0).then_some(When::Instant(at))
        }
        None => {
            let day = cells.day(row)?;
            (-719_162..2_932_897).contains(&day.0).then_some(When::Date(day))
        }
    }
}

fn struct_event(
    refill: &mut Refill<'_>,
    events: &Events,
    shapes: &mut Shapes,
    items: &Cells,
    at: usize,
) -> Option<()> {
    fill_event(refill, events, shapes, at, |steps| {
        let (first, rest) = steps.split_first()?;
        let mut cells = &items.fields()?.get(*first)?.1;
        for step in rest {
            if cells.is_null(at) {
                return None;
            }
            cells = &cells.fields()?.get(*step)?.1;
        }
        Some(cells)
    })
}

fn event(
    refill: &mut Refill<'_>,
    events: &Events,
    shapes: &mut Shapes,
    columns: &[Cells],
    row: usize,
) -> Option<()> {
    fill_event(refill, events, shapes, row, |steps| cell(columns, steps, row))
}

#[inline]
fn fill_event<'c>(
    refill: &mut Refill<'_>,
    events: &Events,
    shapes: &mut Shapes,
    row: usize,
    cell: impl Fn(&[usize]) -> Option<&'c Cells>,
) -> Option<()> {
    let (mut at, mut recorded, mut id, mut address) = (When::Undated, When::Undated, None, None);
    shapes.room.clear();
    for (leaf, codes) in events.leaves.iter().zip(&mut shapes.codes) {
        let Some(cells) = cell(&leaf.steps) else {
            shapes.room.push(ABSENT);
            continue;
        };
        match leaf.how {
            How::At => at = when(cells, row)?,
            How::Recorded => recorded = when(cells, row)?,
            How::Id => id = own(refill, cells, row)?,
            // Whether an address is named at all is part of what the event says.
            How::Address => {
                address = own(refill, cells, row)?;
                shapes.room.push(u32::from(address.is_some()));
            }
            How::Coded | How::Own => {
                let code = codes.code(refill, cells, row);
                if code == STRANGE || !Codes::stays(code) {
                    return None;
                }
                shapes.room.push(code);
            }
        }
    }
    if events.list == EventList::Lists && address.is_none() {
        return None;
    }
    let shape = match &shapes.last {
        Some((codes, shape)) if *codes == shapes.room => *shape,
        _ => {
            let shape = match shapes.by_codes.get(shapes.room.as_slice()) {
                Some(shape) => *shape,
                None => {
                    let shape = new_shape(refill, events, shapes, address)?;
                    shapes.by_codes.insert(shapes.room.as_slice().into(), shape);
                    shape
                }
            };
            let mut codes = shapes.last.take().map_or_else(Vec::new, |(codes, _)| codes);
            codes.clone_from(&shapes.room);
            shapes.last = Some((codes, shape));
            shape
        }
    };
    refill.event(events.list, shape, at, recorded, id, address);
    Some(())
}

fn new_shape(
    refill: &mut Refill<'_>,
    events: &Events,
    shapes: &Shapes,
    address: Option<TextId>,
) -> Option<u32> {
    let mut fields = Vec::new();
    let said = events.leaves.iter().zip(&shapes.codes);
    let said = said.filter(|(leaf, _)| !matches!(leaf.how, How::At | How::Recorded | How::Id));
    for ((leaf, codes), code) in said.zip(&shapes.room) {
        if leaf.how == How::Address {
            // Stands for whatever address: the event brings its own.
            let any = address.filter(|_| events.list == EventList::Consents);
            fields.extend(any.map(|id| (leaf.fact, Slot::Texts(Box::from([id])))));
        } else if *code != ABSENT {
            fields.push((leaf.fact, codes.value(*code)?.0.clone()));
        }
    }
    fields.sort_by_key(|(fact, _)| *fact);
    refill.shape(events.list, fields)
}
