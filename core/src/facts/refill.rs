//! The door for many people who are asked the same: facts that are filled again and again in place, so that the next
//! person costs no more than what differs, and nothing is allocated once the first have passed.
//!
//! A caller translates a column's values once ([`Refill::value`]), what events say besides their dates once
//! ([`Refill::shape`]), and then fills: [`Refill::begin`], [`Refill::set`], [`Refill::event`], [`Refill::finish`]. The same
//! rules hold as at the other doors. What this one does not know (a void, an event told twice, a window over which clocks
//! part) it leaves to them: `finish` gives nothing, and the caller takes the long way with that person.

mod copies;
mod filled;

use copies::{copy_all, copy_consent, copy_slot, head_of, length_of};
use filled::{Filled, Pending, Shape};

use crate::error::Error;
use crate::facts::build::Event;
use crate::facts::consents;
use crate::facts::events::{List, Parties, Row};
use crate::facts::freeze::{Clock, Later, Side};
use crate::facts::heads::head;
use crate::facts::intake::list_index;
use crate::facts::lanes::{Place, Reach, lanes};
use crate::facts::lookups;
use crate::facts::{
    Column, Consent, ConsentKind, EventTime, Events, Facts, Head, Intake, Interner, Lanes, Lookup, OPEN,
    Slot, TextId, When, mask_of,
};
use crate::time::{Date, Instant, Micros};
use crate::typed::{Entity, EventList, FactId};
use crate::value::Type;
use crate::wire::Json;
use std::collections::HashMap;

/// Texts of one person have numbers from here on.
const OWN: u32 = 1 << 31;
/// More texts of one person than this are left to the other doors.
const TEXTS: usize = 64;
/// More shapes of events than this are no shapes: the caller is told that there are too many.
const SHAPES: usize = 1 << 16;

/// Facts filled again for each of many people.
pub struct Refill<'a> {
    intake: &'a Intake,
    base: Facts,
    facts: Facts,
    known_at: Option<Instant>,
    /// By fact: the recipient's fact of the same field, since the recipient is the person.
    mirrors: Vec<Option<FactId>>,
    /// Facts set for this person, and for the one before.
    touched: [Vec<FactId>; 2],
    /// By fact: the number of the person it was set for last.
    set_for: Vec<u64>,
    person: u64,
    /// The policy's texts, everybody's, and those of values that were translated once.
    texts: Interner,
    ids: HashMap<Box<str>, TextId>,
    /// Lengths that known texts have, as bits: a text of another length need not be looked up.
    lengths: u64,
    own: Own,
    places: Vec<Lane>,
    /// By the caller's number.
    place_of: Vec<Option<usize>>,
    place: Option<u32>,
    /// Whose lanes the facts have.
    swapped: Option<usize>,
    lists: [Filled; 5],
    vouched: Vec<bool>,
    lost: bool,
}

/// Texts of one person.
#[derive(Default)]
struct Own {
    text: String,
    ends: Vec<usize>,
}

/// Candidate zones by the caller's number of their set.
struct Lane {
    lanes: Lanes,
    later: Option<Instant>,
    /// They are the same however far back one looks, as long as that is a hundred years at most.
    settled: bool,
    /// One zone is named at most: there is nothing to merge.
    single: bool,
}

const LISTS: [EventList; 5] =
    [EventList::Consents, EventList::Contacts, EventList::Interactions, EventList::Lists, EventList::Signals];

impl<'a> Refill<'a> {
    /// Over the facts that are everybody's, for people of whom these facts and the events of these lists differ.
    ///
    /// `base` names no recipient and no agent of its own, and no event; its lists that differ are given as empty.
    /// `known_at` is what the request says. Nothing when one of the facts is none that this door fills.
    #[must_use]
    pub fn new(
        intake: &'a Intake,
        base: Facts,
        known_at: Option<Instant>,
        facts: &[FactId],
        lists: &[(EventList, Vec<FactId>)],
    ) -> Option<Refill<'a>> {
        let vocabulary = intake.vocabulary();
        let known = &intake.known;
        let derived = [known.data, known.fields, known.sender, known.seller];
        let placed = [known.confirmed_zone, known.confirmed_on].concat();
        for fact in facts {
            let decl = vocabulary.decl(*fact)?;
            let plain = matches!(
                decl.entity,
                Entity::Person | Entity::Contact | Entity::Address | Entity::Content | Entity::Context
            );
            if !plain
                || decl.ty == Type::Event
                || derived.contains(&Some(*fact))
                || placed.contains(&Some(*fact))
            {
                return None;
            }
        }
        let named = vocabulary
            .facts
            .iter()
            .zip(&base.slots)
            .any(|(decl, slot)| decl.ty == Type::Event && matches!(slot, Slot::Event(_) | Slot::Text(_)));
        let events = LISTS.iter().any(|list| !base.events(*list).is_empty());
        let zones = known.zones[1].map_or(&Slot::Unknown, |fact| base.slot(fact));
        let several = matches!(zones, Slot::Texts(names) if names.len() > 1);
        if named || events || several || base.later.is_some() || base.lanes.confirmed.is_some() {
            return None;
        }
        let mut mirrors = vec![None; vocabulary.facts.len()];
        for (person, recipient) in &intake.party {
            if let Some(place) = mirrors.get_mut(usize::from(person.0)) {
                *place = Some(*recipient);
            }
        }
        let texts = base.texts.clone();
        let ids: HashMap<Box<str>, TextId> =
            (0..texts.len()).map(|n| (Box::from(texts.text(TextId(n))), TextId(n))).collect();
        let lengths = ids.keys().fold(0, |lengths, text| lengths | length_of(text));
        let vouched = base.lookups.iter().map(|it| *it == Lookup::KnownNone).collect();
        let mut out = Refill {
            intake,
            facts: base.clone(),
            base,
            known_at,
            mirrors,
            touched: [Vec::new(), Vec::new()],
            set_for: vec![0; vocabulary.facts.len()],
            person: 0,
            texts,
            ids,
            lengths,
            own: Own::default(),
            places: Vec::new(),
            place_of: Vec::new(),
            place: None,
            swapped: None,
            lists: Default::default(),
            vouched,
            lost: false,
        };
        for (list, fields) in lists {
            out.prepare(*list, fields)?;
        }
        Some(out)
    }

    /// Finds the columns that a list's events fill.
    fn prepare(&mut self, list: EventList, fields: &[FactId]) -> Option<()> {
        let intake = self.intake;
        let vocabulary = intake.vocabulary();
        let column = |fact: FactId| {
            vocabulary.decl(fact).filter(|decl| decl.entity == Entity::Event(list)).map(|decl| decl.slot)
        };
        let named = |field: &str| vocabulary.fact(&format!("{}.{field}", crate::facts::events::word(list)));
        let given = |field: &str| named(field).filter(|fact| fields.contains(fact)).and_then(column);
        let address_fact = match list {
            EventList::Consents => intake.known.consents.address,
            EventList::Lists => intake.known.list_address,
            _ => None,
        };
        let (sender, seller) = match list {
            EventList::Contacts => intake.known.sellers[0],
            EventList::Interactions => intake.known.sellers[1],
            _ => (None, None),
        };
        let mut columns = fields.iter().map(|fact| column(*fact)).collect::<Option<Vec<u16>>>()?;
        let seller = seller.and_then(column);
        columns.extend(seller.filter(|at| !columns.contains(at)));
        let absent = intake.columns.get(list_index(list))?;
        let masked = intake.masked_columns.get(list_index(list))?;
        let skeleton = absent.iter().zip(masked).map(|(absent, masked)| Column {
            absent: absent.clone(),
            cells: Vec::new(),
            masks: masked.then(|| vec![mask_of(absent)]),
        });
        let skeleton = skeleton.collect();
        let place = self.lists.get_mut(list_index(list))?;
        *place = Filled {
            given: true,
            at: given("at"),
            recorded: given("recorded_at"),
            id: given("id"),
            address: address_fact.filter(|fact| fields.contains(fact)).and_then(column),
            address_fact,
            seller: seller.map(|at| (at, sender)),
            columns,
            ..Filled::default()
        };
        self.events_mut(list).columns = skeleton;
        Some(())
    }

    fn events_mut(&mut self, list: EventList) -> &mut Events {
        match list {
            EventList::Consents => &mut self.facts.consents.events,
            EventList::Contacts => &mut self.facts.contacts,
            EventList::Interactions => &mut self.facts.interactions,
            EventList::Lists => &mut self.facts.lists,
            EventList::Signals => &mut self.facts.signals.events,
        }
    }

    /// A value as the request's door reads it, with its mask; nothing if it says no more than its absence. To be asked once
    /// for each value that comes often.
    ///
    /// # Errors
    /// The value is none of the fact's.
    pub fn value(&mut self, fact: FactId, mut json: Json) -> Result<Option<(Slot, u64)>, Error> {
        json.admit(&self.intake.limits)?;
        let before = self.texts.len();
        let read = crate::facts::from_wire::value(self.intake, self.base.at, &mut self.texts, fact, &json)?;
        for n in before..self.texts.len() {
            let text = self.texts.text(TextId(n));
            self.lengths |= length_of(text);
            self.ids.insert(Box::from(text), TextId(n));
        }
        Ok(read.map(|slot| {
            let mask = self.mask(fact, &slot);
            (slot, mask)
        }))
    }

    fn mask(&self, fact: FactId, slot: &Slot) -> u64 {
        if self.intake.masked.get(usize::from(fact.0)) == Some(&true) { mask_of(slot) } else { OPEN }
    }

    /// What events of a list say in these fields, which are in order of their numbers; nothing when there are too many such.
    pub fn shape(&mut self, list: EventList, fields: Vec<(FactId, Slot)>) -> Option<u32> {
        let intake = self.intake;
        let vocabulary = intake.vocabulary();
        let of = list_index(list);
        let filled = self.lists.get(of)?;
        let number = u32::try_from(filled.shapes.len()).ok().filter(|n| (*n as usize) < SHAPES)?;
        let absent = intake.columns.get(of)?;
        let masked = intake.masked_columns.get(of)?;
        let event = Event { fields, ..Event::default() };
        let cells = filled.columns.iter().map(|column| {
            let at = usize::from(*column);
            let own = event
                .fields
                .iter()
                .find(|(fact, _)| vocabulary.decl(*fact).is_some_and(|it| it.slot == *column));
            let mut slot =
                own.map_or_else(|| absent.get(at).cloned().unwrap_or_default(), |(_, slot)| slot.clone());
            if let Some((_, sender)) = filled.seller.filter(|(seller, _)| seller == column) {
                let unknown = || {
                    let column = sender.and_then(|fact| vocabulary.decl(fact)).map(|it| usize::from(it.slot));
                    column.and_then(|at| absent.get(at)).cloned().unwrap_or_default()
                };
                slot = intake.seller_of(&event.field(sender).cloned().unwrap_or_else(unknown));
            }
            let mask = if masked.get(at) == Some(&true) { mask_of(&slot) } else { OPEN };
            (slot, mask)
        });
        let cells = cells.collect();
        let (side, consent, strange) = self.reading(list, &event);
        // `revocation` is the first word of the choice.
        let passed_over =
            list == EventList::Interactions && event.field(intake.known.classed_as) == Some(&Slot::Choice(0));
        let shape = Shape { fields: event.fields, cells, consent, side, passed_over, strange };
        self.lists.get_mut(of)?.shapes.push(shape);
        Some(number)
    }

    /// Which side an event's doubt falls to, and what the fold reads of it.
    fn reading(&self, list: EventList, event: &Event) -> (Side, Option<(Head, Consent)>, bool) {
        match list {
            EventList::Contacts => (Side::Binds, None, false),
            EventList::Interactions | EventList::Signals => (Side::Frees, None, false),
            EventList::Lists => (Side::Frees, None, event.field(self.intake.known.list).is_none()),
            EventList::Consents => {
                let side = match consents::plain(self.intake, event) {
                    Some(0) => Side::Frees,
                    Some(1) => Side::BindsAtOnce,
                    Some(_) => Side::Binds,
                    None => return (Side::Binds, None, true),
                };
                let time = EventTime::exact(self.base.at);
                let row = Row { time, event: event.clone() };
                // The recipient is the person, and nobody else holds anything: a holder is left to the other doors.
                if event.field(self.intake.known.consents.holder).is_some_and(|it| *it != Slot::None) {
                    return (side, None, true);
                }
                let parties = Parties {
                    person: Slot::Unknown,
                    recipient: Slot::Unknown,
                    recipient_is_person: Some(true),
                    address: Slot::Unknown,
                };
                let item = consents::item(&row, &self.intake.known.consents, &parties);
                let head = head(self.intake, event, &item);
                (side, Some((head, item)), false)
            }
        }
    }

    /// The next person.
    pub fn begin(&mut self) {
        let [now, before] = &mut self.touched;
        std::mem::swap(now, before);
        now.clear();
        self.person += 1;
        self.own.text.clear();
        self.own.ends.clear();
        self.lists.iter_mut().for_each(|list| list.pending.clear());
        self.place = None;
        self.lost = false;
    }

    /// The number of a text that is this person's alone.
    pub fn text(&mut self, text: &str) -> TextId {
        if self.lengths & length_of(text) != 0
            && let Some(id) = self.ids.get(text)
        {
            return *id;
        }
        let mut from = 0;
        for (n, to) in (OWN..).zip(&self.own.ends) {
            if self.own.text.as_bytes().get(from..*to) == Some(text.as_bytes()) {
                return TextId(n);
            }
            from = *to;
        }
        let n = self.own.ends.len();
        self.lost |= n >= TEXTS || text.len() > self.intake.limits.text_bytes;
        self.own.text.push_str(text);
        self.own.ends.push(self.own.text.len());
        TextId(OWN + n as u32)
    }

    /// A fact of the person, as [`Refill::value`] gave it.
    #[inline]
    pub fn set(&mut self, fact: FactId, slot: &Slot, mask: u64) {
        self.put(fact, slot, mask);
        if let Some(Some(recipient)) = self.mirrors.get(usize::from(fact.0)).copied() {
            self.put(recipient, slot, mask);
        }
    }

    #[inline]
    fn put(&mut self, fact: FactId, slot: &Slot, mask: u64) {
        let at = usize::from(fact.0);
        if let (Some(place), Some(bits)) = (self.facts.slots.get_mut(at), self.facts.masks.get_mut(at)) {
            copy_slot(place, slot);
            *bits = mask;
            let [now, _] = &mut self.touched;
            now.push(fact);
            if let Some(person) = self.set_for.get_mut(at) {
                *person = self.person;
            }
        }
    }

    /// The caller's number for the person's time zones, which are set as a fact besides.
    pub fn zones(&mut self, key: u32) {
        self.place = Some(key);
    }

    /// An event of the person. `id` and `address` (of a consent's scope, of a look-up) are texts of theirs.
    #[inline]
    pub fn event(
        &mut self,
        list: EventList,
        shape: u32,
        at: When,
        recorded: When,
        id: Option<TextId>,
        address: Option<TextId>,
    ) {
        if let Some(filled) = self.lists.get_mut(list_index(list)) {
            filled.pending.push(Pending { shape, at, recorded, id, address, time: EventTime::UNDATED });
        }
    }

    /// What the person before had and this one has not is as everybody's again.
    fn forget(&mut self) {
        let [_, before] = &self.touched;
        for fact in before {
            let at = usize::from(fact.0);
            if self.set_for.get(at) == Some(&self.person) {
                continue;
            }
            if let (Some(place), Some(base)) = (self.facts.slots.get_mut(at), self.base.slots.get(at)) {
                copy_slot(place, base);
            }
            if let (Some(place), Some(base)) = (self.facts.masks.get_mut(at), self.base.masks.get(at)) {
                *place = *base;
            }
        }
    }

    /// The person's facts; nothing when the long way has to be taken.
    pub fn finish(&mut self) -> Option<&Facts> {
        self.forget();
        let oldest = self.oldest();
        if self.lost || !self.put_lanes(oldest) {
            return None;
        }
        let mut later = self.swapped.and_then(|at| self.places.get(at)?.later);
        for list in LISTS {
            let Some(filled) = self.lists.get(list_index(list)) else { continue };
            if !filled.given {
                continue;
            }
            if filled.pending.len() > self.intake.limits.events || filled.strange() {
                return None;
            }
            let left_out = match list {
                EventList::Lists | EventList::Signals => self.look_up(list),
                _ => self.fill(list),
            };
            later = [later, left_out.first].into_iter().flatten().min();
        }
        self.facts.later = later;
        Some(&self.facts)
    }

    fn oldest(&self) -> Option<Instant> {
        let all = self.lists.iter().flat_map(|list| &list.pending);
        all.filter_map(|event| match event.at {
            When::Undated => None,
            When::Instant(at) => Some(at),
            When::Date(Date(day)) => {
                Some(Instant(i64::from(day).saturating_mul(Micros::DAY.0)) - Micros::DAY)
            }
        })
        .min()
    }

    /// Gives the facts the person's candidate zones; false when those hang on how far back one looks.
    fn put_lanes(&mut self, oldest: Option<Instant>) -> bool {
        let now = self.place.map(|key| self.place_of.get(key as usize).copied().flatten());
        if let (Some(Some(at)), Some(swapped)) = (now, self.swapped)
            && at == swapped
        {
            return self.reaches(at, oldest);
        }
        if let Some(place) = self.swapped.take().and_then(|at| self.places.get_mut(at)) {
            std::mem::swap(&mut place.lanes, &mut self.facts.lanes);
        }
        let Some(now) = now else { return true };
        let at = match now {
            Some(at) => at,
            None => {
                let Some(key) = self.place.map(|key| key as usize).filter(|key| *key < SHAPES) else {
                    return false;
                };
                let Some(lane) = self.lane() else { return false };
                if self.place_of.len() <= key {
                    self.place_of.resize(key + 1, None);
                }
                let at = self.places.len();
                self.places.push(lane);
                if let Some(place) = self.place_of.get_mut(key) {
                    *place = Some(at);
                }
                at
            }
        };
        if let Some(place) = self.places.get_mut(at) {
            std::mem::swap(&mut place.lanes, &mut self.facts.lanes);
            self.swapped = Some(at);
        }
        self.reaches(at, oldest)
    }

    fn reaches(&self, at: usize, oldest: Option<Instant>) -> bool {
        let hundred = self.base.at - Micros::DAY.times(90 * 366);
        let Some(place) = self.places.get(at) else { return false };
        place.single || (place.settled && oldest.is_none_or(|it| it > hundred))
    }

    fn lane(&self) -> Option<Lane> {
        let known = &self.intake.known;
        let slot = known.zones[1].map_or(&Slot::Unknown, |fact| self.facts.slot(fact));
        let (confirmed_zone, confirmed_on) = (&Slot::Unknown, &Slot::Unknown);
        let place = Place { zones: slot, confirmed_zone, confirmed_on };
        let found = |oldest: Option<Instant>| {
            let reach = Reach::new(self.base.at, oldest, self.base.horizon_us);
            lanes(&place, &self.intake.policy.zones, &self.texts, reach).ok()
        };
        let (near, _, later) = found(None)?;
        let (far, ..) = found(Some(self.base.at - Micros::DAY.times(90 * 366)))?;
        let settled = near == far;
        let single = !matches!(slot, Slot::Texts(names) if names.len() > 1);
        Some(Lane { lanes: near, later, settled, single })
    }

    /// Fills a list of events in place.
    fn fill(&mut self, list: EventList) -> Later {
        let mut left_out = Later::default();
        let clock = Clock { at: self.base.at, known_at: self.known_at, lanes: &self.facts.lanes };
        let Some(filled) = self.lists.get_mut(list_index(list)) else { return left_out };
        let shapes = &filled.shapes;
        filled.pending.retain_mut(|event| {
            let Some(shape) = shapes.get(event.shape as usize) else { return false };
            if shape.passed_over || !left_out.keep(clock.visible(event.at, event.recorded, shape.side)) {
                return false;
            }
            event.time = clock.happened(event.at, event.recorded);
            true
        });
        filled.sort();
        let events = match list {
            EventList::Consents => &mut self.facts.consents.events,
            EventList::Contacts => &mut self.facts.contacts,
            _ => &mut self.facts.interactions,
        };
        events.times.clear();
        events.ids.clear();
        events.times.extend(filled.pending.iter().map(|event| event.time));
        events.ids.extend(filled.pending.iter().map(|event| event.id));
        let mut spare = std::mem::take(&mut filled.spare_cells);
        spare.resize_with(filled.columns.len(), Vec::new);
        for ((n, column), spare) in filled.columns.iter().enumerate().zip(&mut spare) {
            if let Some(place) = events.columns.get_mut(usize::from(*column)) {
                filled.column(n, *column, place, spare);
            }
        }
        filled.spare_cells = spare;
        if list == EventList::Consents {
            let consents = &mut self.facts.consents;
            consents.heads.clear();
            consents.revocations = 0;
            for (n, event) in filled.pending.iter().enumerate() {
                let Some((head, item)) =
                    filled.shapes.get(event.shape as usize).and_then(|it| it.consent.as_ref())
                else {
                    continue;
                };
                if consents.items.len() <= n {
                    consents.items.push(filled.spare_items.pop().unwrap_or_else(|| item.clone()));
                }
                if let Some(place) = consents.items.get_mut(n) {
                    copy_consent(place, item, event);
                    consents.heads.push(head_of(head, place));
                }
                consents.revocations += u32::from(item.kind == ConsentKind::Revoke);
            }
            let keep = filled.pending.len().min(consents.items.len());
            filled.spare_items.extend(consents.items.drain(keep..));
            let (vocabulary, levels) = (&self.intake.policy.vocabulary, &self.intake.levels);
            consents.blocks.turn(vocabulary, levels, &consents.items, &consents.heads);
        }
        left_out
    }

    /// Fills the lists that hold a handful of events if any, by the other doors' own hands.
    fn look_up(&mut self, list: EventList) -> Later {
        let Some(filled) = self.lists.get(list_index(list)) else { return Later::default() };
        let of_list = list == EventList::Lists;
        if filled.pending.is_empty() {
            if of_list {
                copy_all(&mut self.facts.lookups, &self.base.lookups);
            } else {
                copy_all(&mut self.facts.signals.on, &self.base.signals.on);
            }
            let events = self.events_mut(list);
            events.times.clear();
            events.ids.clear();
            return Later::default();
        }
        let whole = |event: &Pending| {
            let mut fields =
                filled.shapes.get(event.shape as usize).map_or_else(Vec::new, |it| it.fields.clone());
            fields.extend(filled.address_fact.zip(event.address).map(|(fact, id)| (fact, Slot::Text(id))));
            fields.sort_by_key(|(fact, _)| *fact);
            Event { id: event.id, at: event.at, recorded_at: event.recorded, fields }
        };
        let events: Vec<Event> = filled.pending.iter().map(whole).collect();
        let given: Vec<(&Event, u32)> = events.iter().zip(0u32..).collect();
        let clock = Clock { at: self.base.at, known_at: self.known_at, lanes: &self.facts.lanes };
        let known = List { known: true, ..List::default() };
        if of_list {
            let address = self.intake.known.address.map_or(&Slot::Unknown, |fact| self.facts.slot(fact));
            let (found, events, later) =
                lookups::lists(self.intake, &known, &self.vouched, given, &clock, address);
            self.facts.lookups = found;
            self.facts.lists = events;
            later
        } else {
            let (signals, later) = lookups::signals(self.intake, &known, given, &clock);
            self.facts.signals = signals;
            later
        }
    }
}
