//! Facts: a request checked against the vocabulary and indexed, so that a decision compares no text, looks nothing up
//! and allocates nothing.
//!
//! Two doors lead in: `from_wire` reads a JSON request, [`FactsBuilder`] takes values whose names a native caller has
//! resolved. Behind both stands the same rule of *frozen facts*: what happened by the instant of the decision and was
//! known by `known_at` counts; everything else is left out, with a warning, and [`Facts::later`] says when asking again
//! would make a difference.

mod address;
mod blocks;
mod build;
pub(crate) mod complete;
mod consents;
mod events;
mod few;
mod fits;
mod freeze;
mod from_wire;
mod heads;
mod history;
mod intake;
mod lanes;
mod lookups;
mod mark;
mod masks;
mod party;
mod refill;
mod scalars;
mod show;
mod slot;
mod texts;
mod values;
mod ways;

pub use address::normal_address;
pub(crate) use blocks::next_row;
pub use blocks::{Axis, Block, Blocks, Naming, ROWS};
pub use build::{Event, FactsBuilder};
pub use few::Few;
pub use freeze::When;
pub use from_wire::Warm;
pub(crate) use heads::family;
pub use history::{
    By, Column, Consent, ConsentKind, Consents, EventTime, Events, Expiry, Families, Head, Lookup,
    LookupResult, Signals,
};
pub use intake::{Intake, slot_of};
pub use mark::Mark;
pub use masks::{OPEN, has_mask, is_small, mask_of};
pub use refill::Refill;
pub use slot::{EventRef, Part, Scope, Slot, WeekHours};
pub use texts::{Interner, TextId};

use crate::of_a_room::of_a_room;
use crate::time::{Date, Instant, Zone};
use crate::typed::{EventList, FactId};
use std::sync::Arc;

of_a_room! {
    /// Everything a decision may read, frozen at `at`, for the engine that prepared it: another refuses it, also one that was
    /// built from the same text. Clones of an [`Engine`](crate::Engine) are the same engine.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
    /// // Checked once; any number of threads may ask.
    /// let facts: byleave::Facts = engine.facts(&engine.request(night)?)?;
    /// let verdicts: Vec<byleave::Verdict> = std::thread::scope(|scope| {
    ///     let ask = || engine.verdict(&facts, &mut byleave::Scratch::default());
    ///     let threads: Vec<_> = (0..2).map(|_| scope.spawn(ask)).collect();
    ///     threads.into_iter().map(|it| it.join().unwrap()).collect::<Result<_, byleave::Error>>()
    /// })?;
    /// assert_eq!(verdicts[0], verdicts[1]);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[derive(Clone, Debug, PartialEq)]
    pub struct Facts {
        /// The engine that prepared them.
        pub prepared_by: Mark,
        /// The instant asked about.
        pub at: Instant,
        /// What was known when: events recorded later are not in. `at` when the request names none.
        pub known_at: Instant,
        /// How far to look ahead, in microseconds of elapsed time.
        pub horizon_us: i64,
        /// By [`FactId`], for the facts of one-of-a-kind entities; facts of events are [`Slot::Unknown`] here.
        pub slots: Vec<Slot>,
        /// By [`FactId`]: the slot as a mask ([`mask_of`]) where its type has one, else [`OPEN`].
        pub masks: Vec<u64>,
        /// The recipient's candidate zones.
        pub lanes: Lanes,
        /// Consent history.
        pub consents: Consents,
        /// What was sent.
        pub contacts: Events,
        /// What they did. Messages classed as revocations are not in.
        pub interactions: Events,
        /// The contact's address on each list, by index of `Vocabulary::lists`.
        pub lookups: Vec<Lookup>,
        /// The look-ups as events, for their fields.
        pub lists: Events,
        /// Privacy signals.
        pub signals: Signals,
        /// By index of `Policy::settings`, the cautious default where the request chose nothing.
        pub settings: Vec<Slot>,
        /// Policy's texts and the request's own.
        pub texts: Interner,
        /// The first instant at which an event that is left out now would be in: `valid_until` is no later.
        pub later: Option<Instant>,
        /// What the host should hear of: in order, nothing twice.
        pub warnings: Vec<Warning>,
        /// SHA-256 of the request in canonical form; `None` for facts built natively by a caller that gave none.
        pub digest: Option<[u8; 32]>,
        /// `contact.data` as it was given, without the fields that are added to it.
        pub own_data: Slot,
    }
}

impl Facts {
    /// The instant asked about, which they are frozen at.
    ///
    /// ```
    /// let engine = byleave::Engine::builder()
    ///     .source("shop", "shop.leave", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave")))
    ///     .build()?;
    /// let facts = engine.facts(&engine.request(br#"{"at": "2026-07-01T12:00:00+02:00"}"#)?)?;
    /// assert_eq!(facts.at().to_string(), "2026-07-01T10:00:00Z");
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn at(&self) -> Instant {
        self.at
    }

    of_a_room! {
        /// The value of a fact of a one-of-a-kind entity.
        #[inline]
        #[must_use]
        pub fn slot(&self, fact: FactId) -> &Slot {
            self.slots.get(usize::from(fact.0)).unwrap_or(&Slot::Unknown)
        }
    }

    of_a_room! {
        /// The mask of such a fact.
        #[inline]
        #[must_use]
        pub fn mask(&self, fact: FactId) -> u64 {
            self.masks.get(usize::from(fact.0)).copied().unwrap_or(OPEN)
        }
    }

    of_a_room! {
        /// The events of a list.
        #[inline]
        #[must_use]
        pub fn events(&self, list: EventList) -> &Events {
            match list {
                EventList::Consents => &self.consents.events,
                EventList::Contacts => &self.contacts,
                EventList::Interactions => &self.interactions,
                EventList::Lists => &self.lists,
                EventList::Signals => &self.signals.events,
            }
        }
    }

    of_a_room! {
        /// When an event happened.
        #[inline]
        #[must_use]
        pub fn time_of(&self, event: EventRef) -> Option<EventTime> {
            self.events(event.list).times.get(event.row as usize).copied()
        }
    }
}

/// The recipient's candidate zones: a rule is asked once in each and must pass in each.
#[derive(Clone, Debug, Default)]
pub struct Lanes {
    /// At most 16, in order of name; zones whose clocks agree over all that a decision can reach are merged.
    pub zones: Vec<Arc<Zone>>,
    /// A zone that was confirmed stands alone until 12 months after that day; from then on every lane is asked, the
    /// confirmed one among them, since one more candidate only restricts.
    pub confirmed: Option<Confirmed>,
    /// Nobody said where the recipient is (or more zones than are admitted). While a confirmed zone stands alone, this
    /// does not matter.
    pub unknown: bool,
}

impl PartialEq for Lanes {
    fn eq(&self, other: &Lanes) -> bool {
        let names = self.zones.iter().map(|zone| zone.name());
        let same = names.eq(other.zones.iter().map(|zone| zone.name()));
        self.confirmed == other.confirmed && self.unknown == other.unknown && same
    }
}

/// A zone that somebody confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// Index into [`Lanes::zones`].
    pub lane: u8,
    /// The day of the confirmation, on that zone's clock. It stands alone before the start of the day after
    /// `on.add_months_down(12)`.
    pub on: Date,
}

/// Something that did not stop the decision and that the host should hear of. It names no event by its place, since
/// order does not matter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warning {
    /// A stable word: `undeclared`, `later_dated`, …
    pub code: &'static str,
    /// Where in the request: `contact.channel`, `contacts.result`.
    pub path: String,
    /// In plain words.
    pub message: String,
}

#[cfg(test)]
mod tests;
