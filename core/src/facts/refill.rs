//! The door for many people who are asked the same: facts that are filled again and again in place, so that the next
//! person costs no more than what differs, and nothing is allocated once the first have passed.
//!
//! A caller translates a column's values once ([`Refill::value`]), what events say besides their dates once
//! ([`Refill::shape`]), and then fills: [`Refill::begin`], [`Refill::set`], [`Refill::event`], [`Refill::finish`]. The same
//! rules hold as at the other doors. What this one does not know (a void, an event told twice, a window over which clocks
//! part) it leaves to them: `finish` gives nothing, and the caller takes the long way with that person.
//!
//! | file | what it holds |
//! |---|---|
//! | `person` | facts that differ from person to person |
//! | `texts` | texts by number, and those of one person alone |
//! | `places` | candidate zones |
//! | `shape` | what events say besides their dates |
//! | `filled` | the events of the person at hand, by column |
//! | `fold` | the history of consent as the fold reads it |
//! | `look_ups` | look-ups and signals |
//! | `copies` | values put in place of others |
//! | `requests` | the same for requests that have nothing in common but their policy |

mod copies;
mod filled;
mod fold;
mod look_ups;
mod person;
mod places;
mod requests;
mod shape;
mod texts;

pub(in crate::facts) use requests::Told;

use filled::{Filled, Own, Pending};
use person::Person;
use places::{Places, Put};
use shape::{SHAPES, by_column};
use texts::Texts;

use crate::error::Error;
use crate::facts::events::later_dated;
use crate::facts::freeze::{Clock, Later};
use crate::facts::intake::list_index;
use crate::facts::{Consent, EventTime, Events, Facts, Intake, Lookup, OPEN, Slot, TextId, When, mask_of};
use crate::facts::{address, normal_address};
use crate::time::{Date, Instant, Micros};
use crate::typed::{Entity, EventList, FactId};
use crate::value::Type;
use crate::wire::Json;
use std::sync::Arc;

/// No day begins later than that after its midnight in UTC, not even where the clocks are put forward then.
const LATEST: Micros = Micros(13 * Micros::HOUR.0);

/// Facts filled again for each of many people.
pub struct Refill {
    intake: Arc<Intake>,
    base: Facts,
    facts: Facts,
    known_at: Option<Instant>,
    person: Person,
    texts: Texts,
    places: Places,
    lists: [Filled; 5],
    vouched: Vec<bool>,
    /// Events have values of their own besides dates, names and addresses.
    requests: bool,
}

const LISTS: [EventList; 5] =
    [EventList::Consents, EventList::Contacts, EventList::Interactions, EventList::Lists, EventList::Signals];

impl Refill {
    /// Over the facts that are everybody's, for people of whom these facts and the events of these lists differ.
    ///
    /// `base` names no recipient and no agent of its own, and no event; its lists that differ are given as empty.
    /// `known_at` is what the request says. Nothing when one of the facts is none that this door fills, or when they are too
    /// many.
    #[must_use]
    pub fn new(
        intake: Arc<Intake>,
        base: Facts,
        known_at: Option<Instant>,
        facts: &[FactId],
        lists: &[(EventList, Vec<FactId>)],
    ) -> Option<Refill> {
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
        // An event that a fact names is one of the person's own, which `base` lacks: there it was looked for in vain.
        let named = base
            .warnings
            .iter()
            .any(|it| matches!(it.code, "no_such_event" | "ambiguous_event" | "more_warnings"));
        let events = LISTS.iter().any(|list| !base.events(*list).is_empty());
        let zones = known.zones[1].map_or(&Slot::Unknown, |fact| base.slot(fact));
        let several = matches!(zones, Slot::Texts(names) if names.len() > 1);
        if named || events || several || base.later.is_some() || base.lanes.confirmed.is_some() {
            return None;
        }
        if facts.len() > person::MOST {
            return None;
        }
        let mirror = |fact: &FactId| intake.party.iter().find(|(person, _)| person == fact);
        let differing = facts
            .iter()
            .map(|fact| (usize::from(fact.0), mirror(fact).map(|(_, recipient)| usize::from(recipient.0))));
        let mut out = Refill {
            facts: base.clone(),
            known_at,
            intake: Arc::clone(&intake),
            person: Person::of(differing.collect()),
            texts: Texts::of(base.texts.clone()),
            places: Places::default(),
            lists: Default::default(),
            vouched: base.lookups.iter().map(|it| *it == Lookup::KnownNone).collect(),
            base,
            requests: false,
        };
        for (list, fields) in lists {
            out.prepare(*list, fields)?;
        }
        Some(out)
    }

    /// What everybody has in common.
    pub(crate) fn base(&self) -> &Facts {
        &self.base
    }

    /// Facts that differ, by their numbers for [`Refill::set`], each with the recipient's of the same field.
    pub(crate) fn differing(&self) -> impl Iterator<Item = [Option<FactId>; 2]> + '_ {
        let id = |at: usize| u16::try_from(at).ok().map(FactId);
        self.person.facts().iter().map(move |(fact, mirror)| [id(*fact), mirror.and_then(id)])
    }

    /// Whether events of a list differ.
    pub(crate) fn differs(&self, list: EventList) -> bool {
        self.lists.get(list_index(list)).is_some_and(|it| it.given)
    }

    /// What events of a shape say of consent.
    pub(crate) fn consent(&self, shape: u32) -> Option<&Consent> {
        let consents = self.lists.get(list_index(EventList::Consents))?;
        consents.said.get(shape as usize)?.as_ref().map(|said| &said.item)
    }

    /// The fields in which events of a shape say something.
    pub(crate) fn says(&self, list: EventList, shape: u32) -> impl Iterator<Item = FactId> {
        let shape = self.lists.get(list_index(list)).and_then(|it| it.shapes.get(shape as usize));
        shape.into_iter().flat_map(|it| &it.fields).map(|(fact, _)| *fact)
    }

    /// Whether an event of such a shape counts, when it happened within [`Refill::plain_span`] and nobody said when it was
    /// recorded.
    #[must_use]
    pub fn is_plain(&self, list: EventList, shape: u32) -> bool {
        let Some(it) = self.lists.get(list_index(list)).filter(|it| it.is_plain(shape)) else { return false };
        if list != EventList::Lists {
            return true;
        }
        // A look-up stands for the list as it was on a day, which has begun everywhere; undated, it always counts.
        let begun =
            |day: Date| Instant(i64::from(day.0).saturating_mul(Micros::DAY.0)) + LATEST <= self.base.at;
        let Some(shape) = it.shapes.get(shape as usize) else { return false };
        let version = shape.fields.iter().find(|(fact, _)| Some(*fact) == self.intake.known.version_at);
        version.is_none_or(|(_, slot)| matches!(slot, Slot::Date { hi, .. } if begun(*hi)))
    }

    /// After which instant and until which events are plain, in microseconds. Those of very long ago may hang on more than one
    /// zone.
    #[must_use]
    pub fn plain_span(&self) -> (i64, i64) {
        match self.known_at {
            None => ((self.base.at - places::BACK).0, self.base.at.0),
            Some(_) => (i64::MAX, i64::MIN),
        }
    }

    /// How many events of a list a person may have.
    #[must_use]
    pub fn most_events(&self) -> usize {
        self.intake.limits.events
    }

    /// Whether bytes are a text that a fact may hold.
    #[must_use]
    pub fn takes_text(&self, bytes: &[u8]) -> bool {
        bytes.len() <= self.intake.limits.text_bytes && texts::is_text(bytes)
    }

    /// Facts of nobody of whom anything else is known but that they have one event of such a shape; of that, nobody knows when it
    /// was. Nothing where that cannot be said.
    pub(crate) fn lone(&mut self, list: EventList, shape: u32) -> Option<&Facts> {
        self.begin();
        for n in 0..self.person.facts().len() {
            self.set(n, &Slot::Unknown, OPEN);
        }
        let own = self.lists.get(list_index(list))?;
        let undated = own.own.iter().enumerate().filter(|(_, (_, own))| *own == Own::At);
        let of_shape = own.shapes.get(shape as usize)?;
        // Were the date of an undated event anything but unknown, more would be told than is known.
        if undated.into_iter().any(|(n, _)| of_shape.own.get(n) != Some(&Slot::Unknown)) {
            return None;
        }
        let recorded = When::Instant(self.base.at);
        self.event(list, shape, When::Undated, recorded, None, None);
        self.finish().filter(|facts| facts.events(list).times.len() == 1)
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
        let mut known = std::mem::take(&mut self.texts.known);
        let before = known.len();
        let mut read = crate::facts::from_wire::value(&self.intake, self.base.at, &mut known, fact, &json);
        let facts = &self.intake.known;
        if let Ok(Some(slot)) = &mut read
            && (facts.address == Some(fact) || facts.addresses.as_flattened().contains(&Some(fact)))
        {
            address::normalise(&mut known, slot);
        }
        self.texts.know(known, before);
        Ok(read?.map(|slot| {
            let masked = self.intake.masked.get(usize::from(fact.0)) == Some(&true);
            let mask = if masked { mask_of(&slot) } else { OPEN };
            (slot, mask)
        }))
    }

    /// Whether a day is a value of the fact as it stands: [`Slot::date`], of a year that a text can say.
    #[must_use]
    pub fn takes_days(intake: &Intake, fact: FactId) -> bool {
        let decl = intake.vocabulary().decl(fact);
        decl.is_some_and(|decl| {
            matches!(decl.ty, Type::Date | Type::PartialDate) && !matches!(decl.entity, Entity::Event(_))
        })
    }

    /// The next person.
    pub fn begin(&mut self) {
        self.person.begin();
        self.texts.begin();
        self.lists.iter_mut().for_each(Filled::begin);
        self.places.key = None;
    }

    /// The number of a text that is this person's alone; nothing for bytes that are no text.
    #[inline]
    pub fn text(&mut self, bytes: &[u8]) -> Option<TextId> {
        texts::is_text(bytes).then(|| self.texts.number(bytes, self.intake.limits.text_bytes))
    }

    /// The number of an address that is this person's alone, in the one form in which facts hold addresses; nothing for bytes that
    /// are no text.
    pub fn address(&mut self, bytes: &[u8]) -> Option<TextId> {
        let normal = normal_address(std::str::from_utf8(bytes).ok()?);
        self.text(normal.as_bytes())
    }

    /// A fact of the person, the n-th of those that differ, as [`Refill::value`] gave it.
    #[inline]
    pub fn set(&mut self, n: usize, slot: &Slot, mask: u64) {
        self.person.set(&mut self.facts, n, slot, mask);
    }

    /// The caller's number for the person's time zones, which are set as a fact besides.
    pub fn zones(&mut self, key: u32) {
        self.places.key = Some(key);
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
        let (now, known_at) = (self.base.at, self.known_at);
        if let Some(filled) = self.lists.get_mut(list_index(list)) {
            filled.named |= id.is_some();
            let mut event =
                Pending { shape, at, recorded, id, address, time: EventTime::UNDATED, own: (0, 0) };
            // The commonest: it is known from when it happened on, and that is past.
            match (at, recorded, known_at) {
                (When::Instant(at), When::Undated, None) if at <= now && filled.is_plain(shape) => {
                    event.time = EventTime::exact(at);
                }
                _ => filled.plain = false,
            }
            filled.pending.push(event);
        }
    }

    /// The person's facts; nothing when the long way has to be taken.
    pub fn finish(&mut self) -> Option<&Facts> {
        self.person.forget(&mut self.facts, &self.base);
        if self.texts.lost {
            return None;
        }
        let mut later = match self.places.put(&mut self.facts, &self.intake, &self.texts.known) {
            Put::In(later) => later,
            Put::Since(from, later) if self.oldest().is_none_or(|it| it > from) => later,
            Put::Since(..) | Put::Strange => return None,
        };
        for list in LISTS {
            let Some(filled) = self.lists.get(list_index(list)) else { continue };
            if !filled.given {
                continue;
            }
            if filled.pending.len() > self.intake.limits.events {
                return None;
            }
            let left_out = if by_column(list) { self.fill(list)? } else { self.look_up(list)? };
            if let (true, Some(first)) = (self.requests, left_out.first) {
                self.facts.warnings.push(later_dated(list, left_out.count, first));
            }
            later = [later, left_out.first].into_iter().flatten().min();
        }
        self.facts.later = later;
        Some(&self.facts)
    }

    /// The oldest dated event of the person.
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

    /// Fills a list of events in place; nothing when one is not for this door.
    fn fill(&mut self, list: EventList) -> Option<Later> {
        let clock = Clock { at: self.base.at, known_at: self.known_at, lanes: &self.facts.lanes };
        let filled = self.lists.get_mut(list_index(list))?;
        let own = !filled.values.is_empty() || !filled.touched.is_empty();
        let left_out = filled.settle(&clock, list == EventList::Consents)?;
        filled.sort();
        if self.requests && filled.twins_differ() {
            return None;
        }
        let events = match list {
            EventList::Consents => &mut self.facts.consents.events,
            EventList::Contacts => &mut self.facts.contacts,
            _ => &mut self.facts.interactions,
        };
        filled.write(events);
        if own {
            filled.write_values(events);
        }
        if list == EventList::Consents {
            fold::write(filled, &mut self.facts.consents);
        }
        Some(left_out)
    }
}
