//! Lists of events: repeated ones counted once, the frozen ones kept, newest first, by column.

use crate::error::Error;
use crate::facts::build::Event;
use crate::facts::freeze::{Clock, Later, Side, When};
use crate::facts::intake::{Intake, list_index};
use crate::facts::{Column, Consents, EventTime, Events, Interner, Lookup, Signals, Slot, TextId, Warning};
use crate::facts::{address, consents, lookups};
use crate::time::{Date, Instant, Micros};
use crate::typed::{EventList, FactId};
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

/// One list as given.
#[derive(Clone, Debug, Default)]
pub(crate) struct List {
    pub known: bool,
    pub complete_from: Option<Instant>,
    /// With the place at which each was given.
    pub events: Vec<(Event, u32)>,
}

/// All lists as given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    all: [List; 5],
    /// By index of `Vocabulary::lists`: the host vouches for it.
    pub complete: Vec<bool>,
}

/// Who is who, for holders; and where to, for look-ups.
pub(crate) struct Parties {
    pub person: Slot,
    pub recipient: Slot,
    pub recipient_is_person: Option<bool>,
    pub address: Slot,
}

/// What was read.
pub(crate) struct Read {
    pub consents: Consents,
    pub contacts: Events,
    pub interactions: Events,
    pub lists: Events,
    pub lookups: Vec<Lookup>,
    pub signals: Signals,
    pub later: Option<Instant>,
}

/// An event that counts.
pub(crate) struct Row {
    pub time: EventTime,
    pub event: Event,
}

impl Lists {
    pub fn new(address_lists: usize) -> Lists {
        Lists { all: Default::default(), complete: vec![false; address_lists] }
    }

    pub fn of(&self, list: EventList) -> &List {
        let [consents, contacts, interactions, lists, signals] = &self.all;
        match list {
            EventList::Consents => consents,
            EventList::Contacts => contacts,
            EventList::Interactions => interactions,
            EventList::Lists => lists,
            EventList::Signals => signals,
        }
    }

    pub fn of_mut(&mut self, list: EventList) -> &mut List {
        let [consents, contacts, interactions, lists, signals] = &mut self.all;
        match list {
            EventList::Consents => consents,
            EventList::Contacts => contacts,
            EventList::Interactions => interactions,
            EventList::Lists => lists,
            EventList::Signals => signals,
        }
    }

    /// Addresses in the one form in which facts hold them; `named` says by which facts the events of each list name one.
    pub fn normalise(&mut self, named: &[[Option<FactId>; 2]; 5], texts: &mut Interner) {
        for (list, named) in self.all.iter_mut().zip(named) {
            let slots = list.events.iter_mut().flat_map(|(event, _)| &mut event.fields);
            for (_, slot) in slots.filter(|(fact, _)| named.contains(&Some(*fact))) {
                address::normalise(texts, slot);
            }
        }
    }

    /// The oldest dated event, to the day.
    pub fn oldest(&self) -> Option<Instant> {
        let events = self.all.iter().flat_map(|list| &list.events);
        events
            .filter_map(|(event, _)| match event.at {
                When::Undated => None,
                When::Instant(at) => Some(at),
                When::Date(Date(day)) => {
                    Some(Instant(i64::from(day).saturating_mul(Micros::DAY.0)) - Micros::DAY)
                }
            })
            .min()
    }
}

/// The key of a list in a request.
pub(crate) fn word(list: EventList) -> &'static str {
    match list {
        EventList::Consents => "consents",
        EventList::Contacts => "contacts",
        EventList::Interactions => "interactions",
        EventList::Lists => "lists",
        EventList::Signals => "signals",
    }
}

impl Event {
    /// The value of a field; nothing if the event does not give it.
    pub(crate) fn field(&self, fact: Option<FactId>) -> Option<&Slot> {
        let fact = fact?;
        self.fields.iter().find(|(id, _)| *id == fact).map(|(_, slot)| slot)
    }
}

/// Reads every list.
pub(crate) fn read(
    intake: &Intake,
    mut lists: Lists,
    clock: &Clock<'_>,
    parties: &Parties,
    warnings: &mut BTreeSet<Warning>,
) -> Result<Read, Error> {
    let mut later = Vec::new();
    let mut note = |list: EventList, left_out: Later, warnings: &mut BTreeSet<Warning>| {
        if let Some(first) = left_out.first {
            later.push(first);
            warnings.insert(later_dated(list, left_out.count, first));
        }
    };

    let events = distinct(EventList::Consents, lists.of_mut(EventList::Consents))?;
    let given = lists.of(EventList::Consents);
    let (read_consents, left_out) = consents::read(intake, given, events, clock, parties, warnings)?;
    note(EventList::Consents, left_out, warnings);

    let mut plain =
        |list: EventList, side: Side, warnings: &mut BTreeSet<Warning>| -> Result<Events, Error> {
            let events = distinct(list, lists.of_mut(list))?;
            let given = lists.of(list);
            let mut left_out = Later::default();
            let mut rows = Vec::with_capacity(events.len());
            for (event, _) in events {
                // `revocation` is the first word of the choice.
                if list == EventList::Interactions
                    && event.field(intake.known.classed_as) == Some(&Slot::Choice(0))
                {
                    continue;
                }
                if left_out.keep(clock.visible(event.at, event.recorded_at, side)) {
                    rows.push(Row { time: clock.happened(event.at, event.recorded_at), event });
                }
            }
            sort(&mut rows);
            note(list, left_out, warnings);
            let mut events = by_column(intake, list, given, rows);
            let pairs = match list {
                EventList::Contacts => intake.known.sellers[0],
                EventList::Interactions => intake.known.sellers[1],
                _ => (None, None),
            };
            add_sellers(intake, &mut events, pairs);
            Ok(events)
        };
    let contacts = plain(EventList::Contacts, Side::Binds, warnings)?;
    let interactions = plain(EventList::Interactions, Side::Frees, warnings)?;

    let asked = distinct(EventList::Lists, lists.of_mut(EventList::Lists))?;
    let given = lists.of(EventList::Lists);
    let (found, events, left_out) =
        lookups::lists(intake, given, &lists.complete, lent(&asked), clock, &parties.address);
    note(EventList::Lists, left_out, warnings);

    let heard = distinct(EventList::Signals, lists.of_mut(EventList::Signals))?;
    let given = lists.of(EventList::Signals);
    let (signals, left_out) = lookups::signals(intake, given, lent(&heard), clock);
    note(EventList::Signals, left_out, warnings);

    Ok(Read {
        consents: read_consents,
        contacts,
        interactions,
        lists: events,
        lookups: found,
        signals,
        later: later.into_iter().min(),
    })
}

pub(crate) fn later_dated(list: EventList, count: usize, first: Instant) -> Warning {
    let (noun, verb) = if count == 1 { ("event", "is") } else { ("events", "are") };
    Warning {
        code: "later_dated",
        path: word(list).to_string(),
        message: format!(
            "{count} {noun} dated or recorded after the instant {verb} left out, the first until {first}"
        ),
    }
}

fn lent(events: &[(Event, u32)]) -> Vec<(&Event, u32)> {
    events.iter().map(|(event, place)| (event, *place)).collect()
}

/// Takes each event once: the same name with the same content is the same event.
fn distinct(list: EventList, given: &mut List) -> Result<Vec<(Event, u32)>, Error> {
    let events = std::mem::take(&mut given.events);
    if events.iter().all(|(event, _)| event.id.is_none()) {
        return Ok(events);
    }
    // By name, where the first of it is kept.
    let mut by_id: BTreeMap<TextId, usize> = BTreeMap::new();
    let mut kept: Vec<(Event, u32)> = Vec::with_capacity(events.len());
    for (event, place) in events {
        if let Some(id) = event.id {
            match by_id.get(&id).and_then(|at| kept.get(*at)) {
                Some((first, _)) if *first == event => continue,
                Some((_, before)) => {
                    let (a, b) = (*before.min(&place), *before.max(&place));
                    let error = Error::input(
                        format_args!("{}[{b}]", word(list)),
                        "this event has the same `id` as another, and different content",
                    );
                    return Err(error.and_at(format_args!("{}[{a}]", word(list))));
                }
                None => {
                    by_id.insert(id, kept.len());
                }
            }
        }
        kept.push((event, place));
    }
    Ok(kept)
}

/// Newest first; equals by content, so that the order given shows nowhere.
pub(crate) fn sort(rows: &mut [Row]) {
    let order = |a: &Row, b: &Row| {
        let key = |row: &Row| (Reverse(row.time.hi), Reverse(row.time.lo));
        key(a)
            .cmp(&key(b))
            .then_with(|| a.event.fields.cmp(&b.event.fields))
            .then_with(|| a.event.id.cmp(&b.event.id))
    };
    // Canonical requests have them oldest first, which is the dearest order to insert from.
    if rows.is_sorted_by(|a, b| order(a, b) == Ordering::Greater) {
        rows.reverse();
    } else {
        rows.sort_by(order);
    }
}

/// Sorted rows as columns.
pub(crate) fn by_column(intake: &Intake, list: EventList, given: &List, rows: Vec<Row>) -> Events {
    let mut events = Events {
        known: given.known,
        complete_from: given.complete_from,
        times: Vec::with_capacity(rows.len()),
        ids: Vec::with_capacity(rows.len()),
        ..Events::default()
    };
    if rows.is_empty() {
        return events;
    }
    let absent = intake.columns.get(list_index(list)).map(Vec::as_slice).unwrap_or_default();
    events.columns =
        absent.iter().map(|absent| Column { absent: absent.clone(), ..Column::default() }).collect();
    let all = rows.len();
    for (row, Row { time, event }) in rows.into_iter().enumerate() {
        events.times.push(time);
        events.ids.push(event.id);
        for (fact, slot) in event.fields {
            let at = intake.policy.vocabulary.decl(fact).map(|decl| usize::from(decl.slot));
            if let Some(column) = at.and_then(|at| events.columns.get_mut(at)) {
                put(column, row, all, slot);
            }
        }
    }
    put_masks(intake, list, &mut events);
    events
}

fn put_masks(intake: &Intake, list: EventList, events: &mut Events) {
    let masked = intake.masked_columns.get(list_index(list)).map(Vec::as_slice).unwrap_or_default();
    for (column, masked) in events.columns.iter_mut().zip(masked) {
        if *masked {
            column.put_masks();
        }
    }
}

/// Puts a value into a row, in a column of at most so many.
pub(crate) fn put(column: &mut Column, row: usize, all: usize, slot: Slot) {
    if column.cells.is_empty() {
        column.cells.reserve_exact(all);
    }
    if column.cells.len() == row {
        column.cells.push(slot);
        return;
    }
    if column.cells.len() < row {
        let absent = column.absent.clone();
        column.cells.resize(row + 1, absent);
    }
    if let Some(cell) = column.cells.get_mut(row) {
        *cell = slot;
    }
}

/// The derived field `seller`.
fn add_sellers(intake: &Intake, events: &mut Events, (sender, seller): (Option<FactId>, Option<FactId>)) {
    let slot =
        |fact: Option<FactId>| fact.and_then(|f| intake.policy.vocabulary.decl(f)).map(|decl| decl.slot);
    let (Some(sender), Some(seller)) = (slot(sender), slot(seller)) else { return };
    let sellers: Vec<Slot> =
        (0..events.len()).map(|row| intake.seller_of(events.cell(sender, row))).collect();
    if let Some(column) = events.columns.get_mut(usize::from(seller)) {
        column.cells = sellers;
        if column.masks.is_some() {
            column.put_masks();
        }
    }
}
