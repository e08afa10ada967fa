//! The native door: facts from values whose names the caller has resolved, no JSON on the way. The JSON door hands its
//! values to the same builder, so both stand under the same rules.

mod named;

use crate::error::{Error, ErrorKind};
use crate::facts::events::{self, Lists};
use crate::facts::fits::fits;
use crate::facts::freeze::{Clock, When};
use crate::facts::intake::{ALWAYS_ONE, Intake};
use crate::facts::lanes::{Place, Reach, lanes};
use crate::facts::{Facts, Interner, OPEN, Slot, TextId, Warning, address, mask_of, party};
use crate::of_a_room::of_a_room;
use crate::time::{Instant, Micros};
use crate::typed::{Entity, EventList, FactId};
use crate::value::Type;
use crate::wire::limits;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One event of a list.
///
/// ```
/// use byleave::native::{Event, EventList, When};
/// use byleave::Instant;
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let intake = engine.intake();
/// let noon = Instant::parse("2026-07-01T16:00:00Z").unwrap();
/// let mut facts = intake.builder(noon);
/// let kind = intake.fact("consents.kind")?;
/// let stop = Event {
///     id: Some(facts.text("stop-1")),
///     at: When::Instant(Instant::parse("2026-06-01T12:00:00Z").unwrap()),
///     fields: vec![(kind, intake.word(kind, "revoke")?)],
///     ..Event::default()
/// };
/// facts.event(EventList::Consents, stop);
/// assert!(facts.finish().is_ok());
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// Its own name: an event that is given again under the same name, with the same content, counts once.
    pub id: Option<TextId>,
    /// When it happened.
    pub at: When,
    /// When it was recorded.
    pub recorded_at: When,
    /// Its fields, facts of the event's list. A field that is not here is absent.
    pub fields: Vec<(FactId, Slot)>,
}

/// Collects the facts of one decision. Values are checked against the types of their facts when it is finished.
///
/// An event is named by its id: a fact of type event takes [`Slot::Text`] with that id.
///
/// ```
/// use byleave::native::Slot;
/// use byleave::{Instant, Scratch, Verdict};
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let intake = engine.intake();
/// let (channel, purpose) = (intake.fact("contact.channel")?, intake.fact("contact.purpose")?);
/// let mut facts = intake.builder(Instant::parse("2026-07-01T16:00:00Z").unwrap());
/// facts.set(channel, intake.word(channel, "email")?).set(purpose, intake.words(purpose, ["care"])?);
/// assert_eq!(engine.verdict(&facts.finish()?, &mut Scratch::default())?, Verdict::Allow);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Debug)]
pub struct FactsBuilder<'a> {
    intake: &'a Intake,
    at: Instant,
    known_at: Option<Instant>,
    horizon_us: i64,
    slots: Vec<Option<Slot>>,
    settings: Vec<Slot>,
    recipient: bool,
    agent: bool,
    lists: Lists,
    /// By fact.
    complete: Vec<bool>,
    texts: Interner,
    warnings: BTreeSet<Warning>,
    digest: Option<[u8; 32]>,
    error: Option<Error>,
}

impl Intake {
    /// Starts the facts of a decision at an instant.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let at = byleave::Instant::parse("2026-07-01T16:00:00Z").unwrap();
    /// // Nothing known is not nothing there: what a rule needs and nobody gave blocks.
    /// let facts = engine.intake().builder(at).finish()?;
    /// assert_ne!(engine.verdict(&facts, &mut byleave::Scratch::default())?, byleave::Verdict::Allow);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn builder(&self, at: Instant) -> FactsBuilder<'_> {
        FactsBuilder {
            intake: self,
            at,
            known_at: None,
            horizon_us: Micros::DAY.times(limits::HORIZON_DAYS).0,
            slots: vec![None; self.absent.len()],
            settings: self.settings.clone(),
            recipient: false,
            agent: false,
            lists: Lists::new(self.policy.vocabulary.lists.len()),
            complete: vec![false; self.absent.len()],
            texts: Interner::on(Arc::clone(&self.base)),
            warnings: BTreeSet::new(),
            digest: None,
            error: None,
        }
    }
}

impl FactsBuilder<'_> {
    /// The number of a text.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let mut facts = engine.intake().builder(byleave::Instant(0));
    /// assert_eq!(facts.text("+12125550142"), facts.text("+12125550142"));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    pub fn text(&mut self, text: &str) -> TextId {
        self.texts.intern(text)
    }

    /// What was known when: events recorded later are left out.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let at = byleave::Instant::parse("2026-07-01T16:00:00Z").unwrap();
    /// let mut facts = engine.intake().builder(at);
    /// // Was that call of July right, on what was known in June?
    /// facts.known_at(byleave::Instant::parse("2026-06-01T00:00:00Z").unwrap());
    /// assert!(facts.finish().is_ok());
    /// # Ok::<(), byleave::Error>(())
    /// ```
    pub fn known_at(&mut self, known_at: Instant) -> &mut Self {
        self.known_at = Some(known_at);
        self
    }

    /// How far to look ahead.
    ///
    /// ```
    /// use byleave::native::Micros;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let mut facts = engine.intake().builder(byleave::Instant(0));
    /// facts.horizon(Micros::DAY.times(1_000));
    /// assert_eq!(facts.finish().unwrap_err().path(), Some("horizon"));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    pub fn horizon(&mut self, length: Micros) -> &mut Self {
        let most = Micros::DAY.times(i64::from(self.intake.limits.horizon_days)).0;
        if length.0 < 0 || length.0 > most {
            self.fail(Error::limit(
                "horizon",
                format!("a look ahead is at most {} days", self.intake.limits.horizon_days),
            ));
        }
        self.horizon_us = length.0;
        self
    }

    /// A fact of a one-of-a-kind entity. A recipient or an agent is there once one of its facts is set.
    ///
    /// ```
    /// use byleave::native::Slot;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let language = engine.intake().fact("person.language")?;
    /// let mut facts = engine.intake().builder(byleave::Instant(0));
    /// // The first value that does not fit is told when the facts are finished.
    /// facts.set(language, Slot::Int(7));
    /// assert_eq!(facts.finish().unwrap_err().path(), Some("person.language"));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    pub fn set(&mut self, fact: FactId, slot: Slot) -> &mut Self {
        match self.intake.vocabulary().decl(fact) {
            Some(decl) if !matches!(decl.entity, Entity::Event(_)) && fits(self.intake, &slot, &decl.ty) => {
                match decl.entity {
                    Entity::Recipient => self.recipient = true,
                    Entity::Agent => self.agent = true,
                    _ => {}
                }
                self.put(fact, slot);
            }
            Some(decl) => self.fail(Error::input(&decl.path, "the value does not fit the fact's type")),
            None => self.fail(Error::new(ErrorKind::Input, format!("no fact has the number {}", fact.0))),
        }
        self
    }

    /// A list of events is known, and empty if no event follows.
    ///
    /// ```
    /// use byleave::native::EventList;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let mut facts = engine.intake().builder(byleave::Instant(0));
    /// // Nobody ever wrote to this person: not the same as not knowing whether somebody did.
    /// facts.known(EventList::Contacts);
    /// assert!(facts.finish().is_ok());
    /// # Ok::<(), byleave::Error>(())
    /// ```
    pub fn known(&mut self, list: EventList) -> &mut Self {
        self.lists.of_mut(list).known = true;
        self
    }

    /// A list holds everything from that instant on only.
    ///
    /// ```
    /// use byleave::native::EventList;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let mut facts = engine.intake().builder(byleave::Instant::parse("2026-07-01T16:00:00Z").unwrap());
    /// // What was sent before the move to this system is not on file.
    /// facts.known(EventList::Contacts);
    /// facts.complete_from(EventList::Contacts, byleave::Instant::parse("2026-01-01T00:00:00Z").unwrap());
    /// assert!(facts.finish().is_ok());
    /// # Ok::<(), byleave::Error>(())
    /// ```
    pub fn complete_from(&mut self, list: EventList, from: Instant) -> &mut Self {
        self.lists.of_mut(list).complete_from = Some(from);
        self
    }

    /// One event more. Its list is known from then on.
    ///
    /// ```
    /// use byleave::native::{Event, EventList, Slot};
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let intake = engine.intake();
    /// let wrong = intake.fact("person.customer")?;
    /// let mut facts = intake.builder(byleave::Instant(0));
    /// // A fact of a person is no field of an event.
    /// facts.event(EventList::Contacts, Event { fields: vec![(wrong, Slot::Bool(true))], ..Event::default() });
    /// assert!(facts.finish().is_err());
    /// # Ok::<(), byleave::Error>(())
    /// ```
    pub fn event(&mut self, list: EventList, event: Event) -> &mut Self {
        let vocabulary = self.intake.vocabulary();
        for (fact, slot) in &event.fields {
            let fits = vocabulary
                .decl(*fact)
                .is_some_and(|decl| decl.entity == Entity::Event(list) && fits(self.intake, slot, &decl.ty));
            if !fits {
                let path = vocabulary.decl(*fact).map_or(String::new(), |decl| decl.path.clone());
                self.fail(Error::input(path, "the value does not fit the fact's type"));
                return self;
            }
        }
        let place = u32::try_from(self.lists.of_mut(list).events.len()).unwrap_or(u32::MAX);
        self.push_event(list, event, place);
        self
    }

    of_a_room! {
        /// Another reading of a setting than the cautious one.
        pub fn setting(&mut self, index: usize, slot: Slot) -> &mut Self {
            let ty = self.intake.policy.settings.get(index).map(|setting| &setting.ty);
            match (ty, self.settings.get_mut(index)) {
                (Some(ty), Some(place)) if slot.is_known() && fits(self.intake, &slot, ty) => *place = slot,
                _ => self.fail(Error::input("settings", "the value does not fit the setting's type")),
            }
            self
        }
    }

    /// The host always gives this fact when there is one: absent is known none.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let language = engine.intake().fact("person.language")?;
    /// let mut facts = engine.intake().builder(byleave::Instant(0));
    /// facts.complete(language);
    /// assert!(facts.finish().is_ok());
    /// # Ok::<(), byleave::Error>(())
    /// ```
    pub fn complete(&mut self, fact: FactId) -> &mut Self {
        if let Some(place) = self.complete.get_mut(usize::from(fact.0)) {
            *place = true;
        }
        self
    }

    of_a_room! {
        /// The host always gives what that list (index of `Vocabulary::lists`) says, when it lists the address.
        pub fn complete_list(&mut self, list: usize) -> &mut Self {
            if let Some(place) = self.lists.complete.get_mut(list) {
                *place = true;
            }
            self
        }
    }

    /// The digest of what the facts were made from, for the evidence.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let at = byleave::Instant::parse("2026-07-01T16:00:00Z").unwrap();
    /// let mut facts = engine.intake().builder(at);
    /// facts.digest([0xab; 32]);
    /// let facts = facts.finish()?;
    /// let decision = engine.decide_facts(&facts, byleave::Detail::Blocking, &mut byleave::Scratch::default())?;
    /// assert_eq!(decision.evidence.unwrap().facts, "ab".repeat(32));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    pub fn digest(&mut self, digest: [u8; 32]) -> &mut Self {
        self.digest = Some(digest);
        self
    }

    pub(crate) fn put(&mut self, fact: FactId, slot: Slot) {
        if let Some(place) = self.slots.get_mut(usize::from(fact.0)) {
            *place = Some(slot);
        }
    }

    pub(crate) fn has_recipient(&mut self) {
        self.recipient = true;
    }

    pub(crate) fn has_agent(&mut self) {
        self.agent = true;
    }

    pub(crate) fn push_event(&mut self, list: EventList, event: Event, place: u32) {
        let most = self.intake.limits.events;
        let given = self.lists.of_mut(list);
        given.known = true;
        if given.events.len() >= most {
            let word = events::word(list);
            self.fail(Error::limit(word, format!("a list holds at most {most} events")));
            return;
        }
        given.events.push((event, place));
    }

    pub(crate) fn warn(&mut self, code: &'static str, path: String, message: String) {
        self.warnings.insert(Warning { code, path, message });
    }

    /// Whether the request names a recipient.
    pub(crate) fn is_for_another(&self) -> bool {
        self.recipient
    }

    /// What was known when, as the request names it.
    pub(crate) fn asked_known_at(&self) -> Option<Instant> {
        self.known_at
    }

    pub(crate) fn texts(&mut self) -> &mut Interner {
        &mut self.texts
    }

    fn fail(&mut self, error: Error) {
        self.error.get_or_insert(error);
    }

    /// The facts, frozen.
    ///
    /// ```
    /// use byleave::native::Slot;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let zones = engine.intake().fact("person.time_zones")?;
    /// let mut facts = engine.intake().builder(byleave::Instant(0));
    /// let nowhere = facts.text("Mars/Olympus");
    /// facts.set(zones, Slot::texts([nowhere]));
    /// assert!(facts.finish().unwrap_err().message().contains("Mars/Olympus"));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// The first value that did not fit its fact; a zone that is not in the bundled database; more than is admitted; an
    /// event given twice with different content; a consent event that contradicts itself.
    pub fn finish(self) -> Result<Facts, Error> {
        self.finish_since(None)
    }

    /// The same where some events that are dated, the oldest of them to this day, are told elsewhere.
    pub(crate) fn finish_since(mut self, elsewhere: Option<Instant>) -> Result<Facts, Error> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        // What the request tells itself; asked only of somebody who was written out.
        let told: Option<Vec<bool>> =
            self.recipient.then(|| self.slots.iter().map(Option::is_some).collect());
        let mut slots = self.filled();
        let address = self.intake.known.address.and_then(|fact| slots.get_mut(usize::from(fact.0)));
        if let Some(slot) = address {
            address::normalise(&mut self.texts, slot);
        }
        self.lists.normalise(&self.intake.known.addresses, &mut self.texts);
        let recipient_is_person = match &told {
            Some(_) => party::is_person(self.intake, &slots),
            None => Some(true),
        };
        if let Some(told) = told
            && recipient_is_person != Some(false)
        {
            party::join(self.intake, &mut slots, &told, recipient_is_person == Some(true));
        }
        let own_data = self.derive(&mut slots);
        let oldest = [self.lists.oldest(), elsewhere].into_iter().flatten().min();
        let reach = Reach::new(self.at, oldest, self.horizon_us);
        let unknown = Slot::Unknown;
        let at = |fact: Option<FactId>| fact.and_then(|f| slots.get(usize::from(f.0))).unwrap_or(&unknown);
        let known = &self.intake.known;
        let place = Place {
            zones: at(known.zones[1]),
            confirmed_zone: at(known.confirmed_zone[1]),
            confirmed_on: at(known.confirmed_on[1]),
        };
        let (lanes, warning, mut later) = lanes(&place, &self.intake.policy.zones, &self.texts, reach)?;
        self.warnings.extend(warning);
        let clock = Clock { at: self.at, known_at: self.known_at, lanes: &lanes };
        let parties = events::Parties {
            person: at(known.person_id).clone(),
            recipient: at(known.recipient_id).clone(),
            recipient_is_person,
            address: at(known.address).clone(),
        };
        let read =
            events::read(self.intake, std::mem::take(&mut self.lists), &clock, &parties, &mut self.warnings)?;
        later = [later, read.later].into_iter().flatten().min();
        let masks = self.masks(&slots);
        let mut facts = Facts {
            prepared_by: self.intake.mark,
            at: self.at,
            known_at: self.known_at.unwrap_or(self.at),
            horizon_us: self.horizon_us,
            slots,
            masks,
            lanes,
            consents: read.consents,
            contacts: read.contacts,
            interactions: read.interactions,
            lookups: read.lookups,
            lists: read.lists,
            signals: read.signals,
            settings: self.settings,
            texts: self.texts,
            later,
            warnings: Vec::new(),
            digest: self.digest,
            own_data,
        };
        name_events(self.intake, &mut facts, &mut self.warnings);
        facts.warnings = capped(self.warnings);
        Ok(facts)
    }

    /// The slots whose types have masks, in that form.
    fn masks(&self, slots: &[Slot]) -> Vec<u64> {
        let masked = slots.iter().zip(&self.intake.masked);
        masked.map(|(slot, masked)| if *masked { mask_of(slot) } else { OPEN }).collect()
    }

    /// Given values, and what the rest reads as.
    fn filled(&mut self) -> Vec<Slot> {
        let given = std::mem::take(&mut self.slots);
        let mut slots = Vec::with_capacity(given.len());
        let facts = &self.intake.policy.vocabulary.facts;
        for (n, ((slot, absent), fact)) in given.into_iter().zip(&self.intake.absent).zip(facts).enumerate() {
            // A claim of completeness speaks of what is absent; a value that could not be read stays unknown.
            let complete = self.complete.get(n) == Some(&true);
            let none = (fact.entity == Entity::Agent && !self.agent)
                || (complete && *absent == Slot::Unknown && !ALWAYS_ONE.contains(&fact.path.as_str()));
            slots.push(match (slot, absent) {
                (Some(Slot::None), _) if ALWAYS_ONE.contains(&fact.path.as_str()) => Slot::Unknown,
                (Some(slot), _) => slot,
                (None, Slot::Unknown) if !none => Slot::Unknown,
                (None, Slot::None) => Slot::None,
                (None, absent) => {
                    if none {
                        Slot::None
                    } else {
                        absent.clone()
                    }
                }
            });
        }
        slots
    }

    /// Facts that follow from others; `contact.data` as it was given.
    fn derive(&self, slots: &mut [Slot]) -> Slot {
        let known = &self.intake.known;
        let get = |slots: &[Slot], fact: Option<FactId>| {
            fact.and_then(|f| slots.get(usize::from(f.0)).cloned()).unwrap_or_default()
        };
        let put = |slots: &mut [Slot], fact: Option<FactId>, slot: Slot| {
            if let Some(place) = fact.and_then(|f| slots.get_mut(usize::from(f.0))) {
                *place = slot;
            }
        };
        if !self.recipient {
            for (person, recipient) in &self.intake.party {
                let slot = get(slots, Some(*person));
                put(slots, Some(*recipient), slot);
            }
            put(slots, known.role, known.self_role.map_or(Slot::Unknown, Slot::Node));
        }
        // A message is always somebody's: of one that is said to have no sender, nobody knows whose it is.
        let seller = match get(slots, known.sender) {
            Slot::None => Slot::Unknown,
            sender => self.intake.seller_of(&sender),
        };
        put(slots, known.seller, seller);
        let own = get(slots, known.data);
        let data = united(own.clone(), &get(slots, known.fields), known.category);
        put(slots, known.data, data);
        own
    }
}

/// `contact.data` with the categories of `contact.fields`: while part of it is unknown, at least what is known.
fn united(data: Slot, fields: &Slot, category: Option<usize>) -> Slot {
    let mut whole = true;
    let mut nodes = match data {
        Slot::Nodes(nodes) => nodes.to_vec(),
        Slot::None => Vec::new(),
        _ => {
            whole = false;
            Vec::new()
        }
    };
    match (fields, category) {
        (Slot::None, _) => {}
        (Slot::Records(records), Some(category)) => {
            for record in records {
                match record.get(category) {
                    Some(Slot::Nodes(more)) => nodes.extend_from_slice(more),
                    Some(Slot::None) => {}
                    _ => whole = false,
                }
            }
        }
        _ => whole = false,
    }
    match (whole, Slot::nodes(nodes)) {
        (true, all) => all,
        (false, Slot::Nodes(some)) => Slot::NodesAtLeast(some),
        (false, _) => Slot::Unknown,
    }
}

/// Puts places for names in the facts of type event.
fn name_events(intake: &Intake, facts: &mut Facts, warnings: &mut BTreeSet<Warning>) {
    for (n, decl) in intake.vocabulary().facts.iter().enumerate() {
        if decl.ty != Type::Event {
            continue;
        }
        let Some(Slot::Text(id)) = facts.slots.get(n).cloned() else { continue };
        let found: Vec<Slot> = [EventList::Consents, EventList::Interactions, EventList::Contacts]
            .into_iter()
            .filter_map(|list| {
                let row = facts.events(list).ids.iter().position(|known| *known == Some(id))?;
                let row = u32::try_from(row).ok()?;
                Some(Slot::Event(crate::facts::EventRef { list, row }))
            })
            .collect();
        let slot = match found.as_slice() {
            [one] => one.clone(),
            other => {
                let (code, what) = if other.is_empty() {
                    ("no_such_event", "no event that counts has the id")
                } else {
                    ("ambiguous_event", "events of several lists have the id")
                };
                let message =
                    format!("{what} `{}`: taken as unknown", crate::error::quoted(facts.texts.text(id)));
                warnings.insert(Warning { code, path: decl.path.clone(), message });
                Slot::Unknown
            }
        };
        if let Some(place) = facts.slots.get_mut(n) {
            *place = slot;
        }
    }
}

/// As many warnings as an answer has room for; the rest is counted.
fn capped(warnings: BTreeSet<Warning>) -> Vec<Warning> {
    let more = warnings.len().saturating_sub(limits::WARNINGS);
    let mut kept: Vec<Warning> = warnings.into_iter().take(limits::WARNINGS).collect();
    if more > 0 {
        let message = format!("and {more} more");
        kept.push(Warning { code: "more_warnings", path: String::new(), message });
    }
    kept
}
