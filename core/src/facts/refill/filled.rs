//! One list of events being filled: what its events say by shape, and the events of the person at hand.

use super::copies::copy_slot;
use crate::facts::freeze::Side;
use crate::facts::{Column, Consent, EventTime, Head, Slot, TextId, When, mask_of};
use crate::typed::FactId;

/// What events of a list say besides when, and of what address.
pub(super) struct Shape {
    pub(super) fields: Vec<(FactId, Slot)>,
    /// By the list's own columns.
    pub(super) cells: Vec<(Slot, u64)>,
    pub(super) consent: Option<(Head, Consent)>,
    pub(super) side: Side,
    /// It is read as no event of the list.
    pub(super) passed_over: bool,
    pub(super) strange: bool,
}

/// An event of the person at hand.
#[derive(Clone, Copy)]
pub(super) struct Pending {
    pub(super) shape: u32,
    pub(super) at: When,
    pub(super) recorded: When,
    pub(super) id: Option<TextId>,
    pub(super) address: Option<TextId>,
    pub(super) time: EventTime,
}

/// One list.
#[derive(Default)]
pub(super) struct Filled {
    pub(super) given: bool,
    pub(super) shapes: Vec<Shape>,
    pub(super) pending: Vec<Pending>,
    /// Columns that shapes fill.
    pub(super) columns: Vec<u16>,
    pub(super) at: Option<u16>,
    pub(super) recorded: Option<u16>,
    pub(super) id: Option<u16>,
    pub(super) address: Option<u16>,
    pub(super) address_fact: Option<FactId>,
    pub(super) seller: Option<(u16, Option<FactId>)>,
    /// Cells and consents that fewer events leave over: their room is for the next person who has more.
    pub(super) spare_cells: Vec<Vec<Slot>>,
    pub(super) spare_items: Vec<Consent>,
}

impl Filled {
    /// Whether some event of the person is not for this door: a void, one that contradicts itself, one told twice, a consent of
    /// which not even the record is dated.
    pub(super) fn strange(&self) -> bool {
        self.pending.iter().enumerate().any(|(n, event)| {
            let undated = (event.at, event.recorded) == (When::Undated, When::Undated);
            let shape = self.shapes.get(event.shape as usize);
            let named = event.id.is_some_and(|id| {
                self.pending.get(n + 1..).unwrap_or_default().iter().any(|other| other.id == Some(id))
            });
            named || shape.is_none_or(|it| it.strange || (undated && it.consent.is_some()))
        })
    }

    /// Newest first, as the other doors have it.
    pub(super) fn sort(&mut self) {
        let shapes = &self.shapes;
        let fields = |event: &Pending| shapes.get(event.shape as usize).map(|it| &it.fields);
        self.pending.sort_unstable_by(|a, b| {
            let times = (b.time.hi, b.time.lo).cmp(&(a.time.hi, a.time.lo));
            times.then_with(|| {
                let same =
                    if a.shape == b.shape { std::cmp::Ordering::Equal } else { fields(a).cmp(&fields(b)) };
                same.then_with(|| (a.address, a.id).cmp(&(b.address, b.id)))
            })
        });
    }

    /// Fills a column over the rows of the person.
    pub(super) fn column(&self, n: usize, column: u16, place: &mut Column, spare: &mut Vec<Slot>) {
        let keep = self.pending.len().min(place.cells.len());
        spare.extend(place.cells.drain(keep..));
        if let Some(masks) = &mut place.masks {
            masks.clear();
        }
        for (row, event) in self.pending.iter().enumerate() {
            let Some((slot, mask)) = self.shapes.get(event.shape as usize).and_then(|it| it.cells.get(n))
            else {
                continue;
            };
            if place.cells.len() <= row {
                place.cells.push(spare.pop().unwrap_or_default());
            }
            let Some(cell) = place.cells.get_mut(row) else { continue };
            let when = |when: When| match when {
                When::Undated => None,
                When::Date(day) => Some(Slot::date(day)),
                When::Instant(at) => Some(Slot::Instant(at)),
            };
            let own = if Some(column) == self.at {
                when(event.at)
            } else if Some(column) == self.recorded {
                when(event.recorded)
            } else if Some(column) == self.id {
                event.id.map(Slot::Text)
            } else {
                None
            };
            match own {
                Some(own) => *cell = own,
                None => match (event.address.filter(|_| Some(column) == self.address), &mut *cell) {
                    (Some(id), Slot::Texts(texts)) if texts.len() == 1 => texts.fill(id),
                    (Some(id), cell) => *cell = Slot::Texts(Box::from([id])),
                    (None, cell) => copy_slot(cell, slot),
                },
            }
            if let Some(masks) = &mut place.masks {
                masks.push(*mask);
            }
        }
        if let Some(masks) = &mut place.masks {
            masks.push(mask_of(&place.absent));
        }
    }
}
