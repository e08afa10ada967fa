//! What is read of an audience's columns, found once: which facts they are and how each is read.

use crate::cells::Cells;
use crate::columns::Column;
use crate::history::History;
use crate::names::Names;
use byleave::Engine;
use byleave::facts::{Facts, Intake, Refill};
use byleave::time::Instant;
use byleave::typed::{Entity, EventList, FactId};
use byleave::value::Type;
use byleave::wire::{Json, Request};

/// A column that holds one fact, perhaps within structs.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Which column, and which field in it.
    pub steps: Vec<usize>,
    /// The fact.
    pub fact: FactId,
    /// How it is read.
    pub how: How,
}

/// How a fact is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// By number of its value.
    Coded,
    /// A text of the person's own.
    Own,
    /// A day as it stands.
    Day,
    /// When an event happened.
    At,
    /// When it was recorded.
    Recorded,
    /// An event's own name.
    Id,
    /// The address an event is about.
    Address,
}

impl How {
    /// Whether a number is part of what an event says by number.
    pub fn is_coded(self) -> bool {
        !matches!(self, How::At | How::Recorded | How::Id)
    }
}

/// A list of events.
#[derive(Clone, Debug)]
pub struct Events {
    /// Which.
    pub list: EventList,
    /// Its columns.
    pub leaves: Vec<Leaf>,
    /// Where they stand.
    pub from: From,
}

/// Where events stand.
#[derive(Clone, Copy, Debug)]
pub enum From {
    /// In a column of the people.
    Column(usize),
    /// In a long frame.
    History(usize),
}

/// What is read, found once for an audience.
#[derive(Clone, Debug)]
pub struct Plan {
    base: Facts,
    known_at: Option<Instant>,
    /// Facts that differ, in the order of their numbers for [`Refill::set`].
    pub leaves: Vec<Leaf>,
    /// Lists that differ.
    pub events: Vec<Events>,
    /// The fact that says where persons are.
    pub zones: Option<FactId>,
    /// The contact's own address.
    pub address: Address,
}

/// Where the contact's own address stands.
#[derive(Clone, Debug)]
pub enum Address {
    /// In a column: the number of the fact.
    Leaf(usize),
    /// It is everybody's, or nobody's.
    Fixed(Option<String>),
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
fn leaves(intake: &Intake, path: &str, cells: &Cells, steps: Vec<usize>, out: &mut Vec<Leaf>) -> Option<()> {
    let vocabulary = intake.vocabulary();
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
            (false, _) if Refill::takes_days(intake, fact) && cells.is_days() => How::Day,
            _ => How::Coded,
        };
        out.push(Leaf { steps, fact, how });
        return Some(());
    }
    for (n, (name, cells)) in cells.fields()?.iter().enumerate() {
        let mut steps = steps.clone();
        steps.push(n);
        leaves(intake, &format!("{path}.{name}"), cells, steps, out)?;
    }
    Some(())
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
        let intake = engine.intake();
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
                    leaves(intake, &format!("{}.{name}", column.name), cells, vec![at], &mut found)?;
                }
                events.push(Events { list, leaves: found, from: From::Column(n) });
                alone.push((column.name.clone(), Json::List(Vec::new())));
                continue;
            }
            leaves(intake, &column.name, cells, vec![n], &mut plan_leaves)?;
        }
        for (n, (history, _)) in histories.iter().enumerate() {
            let mut found = Vec::new();
            if let Some(first) = history.batches.first() {
                for ((at, column), cells) in history.columns.iter().enumerate().zip(first) {
                    leaves(
                        intake,
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
        let request = Request::from_json(Json::Map(alone), &engine.limits()).ok()?;
        let known_at = match request.json().get("known_at") {
            None | Some(Json::Null) => None,
            Some(Json::Text(text)) => Some(Instant::parse(text).ok()?),
            Some(_) => return None,
        };
        let base = engine.facts(&request).ok()?;
        let zones = intake.vocabulary().fact("person.time_zones");
        let own = intake.vocabulary().fact("address.value");
        let address = match plan_leaves.iter().position(|leaf| Some(leaf.fact) == own) {
            Some(n) => Address::Leaf(n),
            None => Address::Fixed(match request.json().get("address").and_then(|it| it.get("value")) {
                Some(Json::Text(text)) => Some(text.clone()),
                _ => None,
            }),
        };
        let plan = Plan { base, known_at, leaves: plan_leaves, events, zones, address };
        plan.refill(engine).is_some().then_some(plan)
    }

    /// The day of the instant asked about, in days since 1970-01-01.
    pub fn today(&self) -> i64 {
        self.base.at.0.div_euclid(86_400_000_000)
    }

    /// Facts to be filled.
    pub fn refill(&self, engine: &Engine) -> Option<Refill> {
        let facts: Vec<FactId> = self.leaves.iter().map(|leaf| leaf.fact).collect();
        let lists: Vec<(EventList, Vec<FactId>)> = self
            .events
            .iter()
            .map(|events| (events.list, events.leaves.iter().map(|leaf| leaf.fact).collect()))
            .collect();
        Refill::new(engine.intake_shared(), self.base.clone(), self.known_at, &facts, &lists)
    }
}
