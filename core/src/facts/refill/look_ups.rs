//! Lists that hold a handful of events if any, look-ups and signals: read by the other doors' own hands.

use super::Refill;
use super::copies::copy_all;
use super::filled::Pending;
use crate::facts::Slot;
use crate::facts::build::Event;
use crate::facts::events::List;
use crate::facts::freeze::{Clock, Later};
use crate::facts::intake::list_index;
use crate::facts::lookups;
use crate::typed::EventList;

impl Refill {
    /// Fills such a list; nothing when an event is not for this door.
    pub(super) fn look_up(&mut self, list: EventList) -> Option<Later> {
        let filled = self.lists.get(list_index(list))?;
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
            return Some(Later::default());
        }
        let strange = |event: &Pending| filled.marks.get(event.shape as usize).is_none_or(|it| it.strange);
        if filled.pending.iter().any(strange) || (filled.named && filled.twice()) {
            return None;
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
                lookups::lists(&self.intake, &known, &self.vouched, given, &clock, address);
            self.facts.lookups = found;
            self.facts.lists = events;
            Some(later)
        } else {
            let (signals, later) = lookups::signals(&self.intake, &known, given, &clock);
            self.facts.signals = signals;
            Some(later)
        }
    }
}
