//! What events of a list say besides their dates: read once for all that say the same.

use super::Refill;
use super::filled::{Filled, Marks, Own, Said};
use crate::facts::blocks::Single;
use crate::facts::build::Event;
use crate::facts::events::{Parties, Row, word};
use crate::facts::freeze::Side;
use crate::facts::heads::head;
use crate::facts::intake::list_index;
use crate::facts::{Column, EventTime, OPEN, Slot, consents, mask_of};
use crate::typed::{Entity, EventList, FactId};
use std::sync::Arc;

/// More shapes of events than this are no shapes: the caller is told that there are too many.
pub(super) const SHAPES: usize = 1 << 16;

/// What events of a list say besides when, and of what address.
pub(super) struct Shape {
    pub(super) fields: Vec<(FactId, Slot)>,
    /// By the list's own columns: what stands there when the event brings nothing itself.
    pub(super) own: Vec<Slot>,
}

/// Whether a list's events are written down column by column; the others are few, and the other doors' hands read them.
pub(super) fn by_column(list: EventList) -> bool {
    matches!(list, EventList::Consents | EventList::Contacts | EventList::Interactions)
}

impl Refill {
    /// Finds the columns that a list's events fill.
    pub(super) fn prepare(&mut self, list: EventList, fields: &[FactId]) -> Option<()> {
        let intake = Arc::clone(&self.intake);
        let intake = &*intake;
        let vocabulary = intake.vocabulary();
        let column = |fact: FactId| {
            vocabulary.decl(fact).filter(|decl| decl.entity == Entity::Event(list)).map(|decl| decl.slot)
        };
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
        let mut columns = Vec::new();
        let mut own = Vec::new();
        for fact in fields {
            let at = column(*fact)?;
            let named = |field: &str| vocabulary.fact(&format!("{}.{field}", word(list))) == Some(*fact);
            match () {
                () if named("at") => own.push((at, Own::At)),
                () if named("recorded_at") => own.push((at, Own::Recorded)),
                () if named("id") => own.push((at, Own::Id)),
                () if address_fact == Some(*fact) => own.push((at, Own::Address)),
                () => columns.push(at),
            }
        }
        let seller = seller.and_then(column);
        columns.extend(seller.filter(|at| !columns.contains(at)));
        let absent = intake.columns.get(list_index(list))?;
        let masked = intake.masked_columns.get(list_index(list))?;
        let mut masks = Vec::new();
        let skeleton = (0u16..).zip(absent).zip(masked).map(|((at, absent), masked)| {
            let by_place = columns.contains(&at);
            if by_place && *masked {
                masks.push((at, mask_of(absent), Vec::new()));
            }
            let masks = masked.then(|| vec![mask_of(absent)]);
            Column { absent: absent.clone(), by_place, masks, ..Column::default() }
        });
        let skeleton = skeleton.collect();
        let place = self.lists.get_mut(list_index(list))?;
        *place = Filled {
            given: true,
            columns,
            own,
            masks,
            address_fact,
            seller: seller.map(|at| (at, sender)),
            ..Filled::default()
        };
        self.events_mut(list).columns = skeleton;
        Some(())
    }

    /// What events of a list say in these fields, which are in order of their numbers; nothing when there are too many such.
    pub fn shape(&mut self, list: EventList, fields: Vec<(FactId, Slot)>) -> Option<u32> {
        let intake = Arc::clone(&self.intake);
        let intake = &*intake;
        let of = list_index(list);
        let filled = self.lists.get(of)?;
        let number = u32::try_from(filled.shapes.len()).ok().filter(|n| (*n as usize) < SHAPES)?;
        let event = Event { fields, ..Event::default() };
        let (side, said, strange) = self.reading(list, &event);
        // `revocation` is the first word of the choice.
        let passed_over =
            list == EventList::Interactions && event.field(intake.known.classed_as) == Some(&Slot::Choice(0));
        let own = filled.own.iter().map(|(at, _)| self.cell(filled, of, &event, *at)).collect();
        let cells: Vec<(u16, Slot)> = if by_column(list) {
            filled.columns.iter().map(|at| (*at, self.cell(filled, of, &event, *at))).collect()
        } else {
            Vec::new()
        };
        let filled = self.lists.get_mut(of)?;
        for (column, _, by_shape) in &mut filled.masks {
            let cell = cells.iter().find(|(at, _)| at == column);
            by_shape.push(cell.map_or(OPEN, |(_, slot)| mask_of(slot)));
        }
        filled.singles.push(said.as_ref().map_or_else(Single::default, |said| {
            Single::of(&intake.policy.vocabulary, &intake.levels, &said.item, &said.head)
        }));
        filled.said.push(said);
        filled.marks.push(Marks { side, passed_over, strange });
        filled.shapes.push(Shape { fields: event.fields, own });
        let events = self.events_mut(list);
        for (at, slot) in cells {
            if let Some(column) = events.columns.get_mut(usize::from(at)) {
                column.cells.push(slot);
            }
        }
        Some(number)
    }

    /// What an event says in a column of its list.
    fn cell(&self, filled: &Filled, list: usize, event: &Event, at: u16) -> Slot {
        let intake = Arc::clone(&self.intake);
        let intake = &*intake;
        let slot_of = |fact: FactId| intake.vocabulary().decl(fact).map(|it| it.slot);
        let absent = |at: u16| intake.columns.get(list).and_then(|all| all.get(usize::from(at)));
        if let Some((_, sender)) = filled.seller.filter(|(seller, _)| *seller == at) {
            let unknown = || sender.and_then(slot_of).and_then(absent).cloned().unwrap_or_default();
            return intake.seller_of(&event.field(sender).cloned().unwrap_or_else(unknown));
        }
        let given = event.fields.iter().find(|(fact, _)| slot_of(*fact) == Some(at));
        given.map_or_else(|| absent(at).cloned().unwrap_or_default(), |(_, slot)| slot.clone())
    }

    /// Which side an event's doubt falls to, what the fold reads of it, and whether it is not for this door.
    fn reading(&self, list: EventList, event: &Event) -> (Side, Option<Said>, bool) {
        match list {
            EventList::Contacts => (Side::Binds, None, false),
            EventList::Interactions | EventList::Signals => (Side::Frees, None, false),
            EventList::Lists => (Side::Frees, None, event.field(self.intake.known.list).is_none()),
            EventList::Consents => {
                let side = match consents::plain(&self.intake, event) {
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
                let head = head(&self.intake, event, &item);
                (side, Some(Said { head, item }), false)
            }
        }
    }
}
