//! Filling for requests that have nothing in common but their policy: facts that stand once are everybody's of one request, and
//! events have values of their own besides their dates.

use super::filled::Pending;
use super::shape::by_column;
use super::{LISTS, Refill};
use crate::facts::freeze::When;
use crate::facts::intake::list_index;
use crate::facts::{EventTime, Facts, Intake, Interner, Slot, TextId};
use crate::time::Instant;
use crate::typed::{EventList, FactId};
use crate::wire::limits::WARNINGS;
use std::sync::Arc;

/// What an event has of its own.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::facts) struct Told {
    pub at: When,
    pub recorded: When,
    pub id: Option<TextId>,
    pub address: Option<TextId>,
}

impl Refill {
    /// For the requests to one policy; the events of these lists are filled here, these facts being what they are told apart by.
    pub(in crate::facts) fn for_requests(
        intake: &Arc<Intake>,
        lists: &[(EventList, Vec<FactId>)],
    ) -> Option<Refill> {
        let base = intake.builder(Instant(0)).finish().ok()?;
        let mut out = Refill::new(Arc::clone(intake), base, None, &[], lists)?;
        out.requests = true;
        let known = &intake.known.consents;
        let column = |fact: Option<FactId>| Some(intake.vocabulary().decl(fact?)?.slot);
        if let Some(filled) = out.lists.first_mut() {
            filled.end_days = [known.expires_on, known.instrument_expires_on].map(column);
            filled.end = column(known.expires_at);
        }
        Some(out)
    }

    /// A value of the event that is told next.
    #[inline]
    pub(in crate::facts) fn own(&mut self, list: EventList, column: u16, slot: Slot) {
        if let Some(filled) = self.lists.get_mut(list_index(list)) {
            filled.values.push((column, slot));
        }
    }

    /// How many values of their own events of a list have.
    #[inline]
    pub(in crate::facts) fn owned(&self, list: EventList) -> u32 {
        self.lists.get(list_index(list)).map_or(0, |it| u32::try_from(it.values.len()).unwrap_or(u32::MAX))
    }

    /// An event, with the values of its own that were given from a place on.
    #[inline]
    pub(in crate::facts) fn told(&mut self, list: EventList, shape: u32, told: Told, from: u32) {
        let len = self.owned(list) - from;
        if let Some(filled) = self.lists.get_mut(list_index(list)) {
            filled.named |= told.id.is_some();
            filled.plain = false;
            filled.pending.push(Pending {
                shape,
                at: told.at,
                recorded: told.recorded,
                id: told.id,
                address: told.address,
                time: EventTime::UNDATED,
                own: (from, len),
            });
        }
    }

    /// The oldest dated event.
    pub(in crate::facts) fn oldest_told(&self) -> Option<Instant> {
        self.oldest()
    }

    /// Takes what a request says besides these events, and fills them in; nothing when the long way has to be taken.
    pub(in crate::facts) fn take_over(&mut self, built: Facts, known_at: Option<Instant>) -> Option<&Facts> {
        self.base.at = built.at;
        self.known_at = known_at;
        let later = built.later;
        for list in LISTS.into_iter().filter(|list| by_column(*list)) {
            let (known, complete_from) = (built.events(list).known, built.events(list).complete_from);
            let events = self.events_mut(list);
            (events.known, events.complete_from) = (known, complete_from);
        }
        let facts = &mut self.facts;
        let own = (
            std::mem::take(&mut facts.consents),
            std::mem::take(&mut facts.contacts),
            std::mem::take(&mut facts.interactions),
        );
        *facts = built;
        (facts.consents, facts.contacts, facts.interactions) = own;
        self.finish()?;
        self.facts.warnings.sort_unstable();
        if self.facts.warnings.len() > WARNINGS {
            return None;
        }
        self.facts.later = [self.facts.later, later].into_iter().flatten().min();
        Some(&self.facts)
    }

    /// Says what the digest of the request is.
    pub(in crate::facts) fn digested(&mut self, digest: [u8; 32]) {
        self.facts.digest = Some(digest);
    }

    /// The facts that were filled last.
    pub(in crate::facts) fn held(&self) -> &Facts {
        &self.facts
    }

    /// Forgets what the last request said.
    pub(in crate::facts) fn forget(&mut self) {
        self.begin();
        self.facts.texts = Interner::default();
        self.facts.slots.clear();
        self.facts.settings.clear();
        self.facts.warnings.clear();
    }
}
