//! One list of events being filled: what its events say by shape, and the events of the person at hand.

use super::shape::Shape;
use crate::facts::blocks::Single;
use crate::facts::events::put;
use crate::facts::freeze::{Clock, Later, Side};
use crate::facts::{Consent, EventTime, Events, Head, OPEN, Slot, TextId, When};
use crate::time::Instant;
use crate::typed::FactId;

/// More events than this are looked through for one told twice by sorting their names.
const FEW: usize = 32;

/// An event of the person at hand.
#[derive(Clone, Copy)]
pub(super) struct Pending {
    pub(super) shape: u32,
    pub(super) at: When,
    pub(super) recorded: When,
    pub(super) id: Option<TextId>,
    pub(super) address: Option<TextId>,
    pub(super) time: EventTime,
    /// Values of its own among those of the list: the first, and how many.
    pub(super) own: (u32, u32),
}

/// What is asked of a shape for each event.
#[derive(Clone, Copy)]
pub(super) struct Marks {
    pub(super) side: Side,
    /// It is read as no event of the list.
    pub(super) passed_over: bool,
    /// It is not for this door: a void, one that contradicts itself.
    pub(super) strange: bool,
}

/// What a column holds that is each event's own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Own {
    At,
    Recorded,
    Id,
    Address,
}

/// What the fold reads of a shape's events.
pub(super) struct Said {
    pub(super) head: Head,
    pub(super) item: Consent,
}

/// One list.
#[derive(Default)]
pub(super) struct Filled {
    pub(super) given: bool,
    pub(super) shapes: Vec<Shape>,
    /// By shape.
    pub(super) marks: Vec<Marks>,
    /// By shape, of the list of consents: what the fold reads, and how blocks have it.
    pub(super) said: Vec<Option<Said>>,
    pub(super) singles: Vec<Single>,
    pub(super) pending: Vec<Pending>,
    /// Some event of the person has a name.
    pub(super) named: bool,
    /// Every event of the person counts and has its time.
    pub(super) plain: bool,
    /// In what order they stand: room.
    pub(super) order: Vec<(Instant, u32)>,
    pub(super) ordered: Vec<Pending>,
    /// Columns that shapes fill.
    pub(super) columns: Vec<u16>,
    /// Columns of the events' own.
    pub(super) own: Vec<(u16, Own)>,
    /// Columns with masks: the mask of what is absent, and those by shape.
    pub(super) masks: Vec<(u16, u64, Vec<u64>)>,
    pub(super) address_fact: Option<FactId>,
    pub(super) seller: Option<(u16, Option<FactId>)>,
    /// Values that are events' own, each with its column.
    pub(super) values: Vec<(u16, Slot)>,
    /// Columns that hold some.
    pub(super) touched: Vec<u16>,
    /// Columns of the days on which consent ends, and of its instant, where those are events' own.
    pub(super) end_days: [Option<u16>; 2],
    pub(super) end: Option<u16>,
    /// Consents that fewer events leave over: their room is for the next person who has more.
    pub(super) spare: Vec<Consent>,
}

impl Filled {
    pub(super) fn begin(&mut self) {
        self.pending.clear();
        self.values.clear();
        self.named = false;
        self.plain = true;
    }

    /// Whether events of a shape count once they have happened.
    #[inline]
    pub(super) fn is_plain(&self, shape: u32) -> bool {
        self.marks.get(shape as usize).is_some_and(|it| !it.strange && !it.passed_over)
    }

    /// Keeps the events that count, each with its time; nothing when one is not for this door: one of a strange shape, one
    /// told twice, a consent of which not even the record is dated.
    pub(super) fn settle(&mut self, clock: &Clock<'_>, dated: bool) -> Option<Later> {
        if self.named && self.twice() {
            return None;
        }
        let mut left_out = Later::default();
        if self.plain {
            return Some(left_out);
        }
        let mut strange = false;
        let marks = &self.marks;
        self.pending.retain_mut(|event| {
            let undated = dated && (event.at, event.recorded) == (When::Undated, When::Undated);
            let marks = marks.get(event.shape as usize).filter(|it| !it.strange && !undated);
            let Some(marks) = marks else {
                strange = true;
                return false;
            };
            if marks.passed_over {
                return false;
            }
            event.time = clock.happened(event.at, event.recorded);
            left_out.keep(clock.visible(event.at, event.recorded, marks.side))
        });
        (!strange).then_some(left_out)
    }

    /// Whether two events have one name.
    pub(super) fn twice(&self) -> bool {
        let names = || self.pending.iter().filter_map(|event| event.id);
        if self.pending.len() <= FEW {
            return names().enumerate().any(|(n, id)| names().skip(n + 1).any(|other| other == id));
        }
        let mut names: Vec<TextId> = names().collect();
        names.sort_unstable();
        names.windows(2).any(|pair| matches!(pair, [a, b] if a == b))
    }

    /// Newest first, as the other doors have it.
    pub(super) fn sort(&mut self) {
        let in_order = self.pending.windows(2).all(|two| match two {
            [newer, older] => newer.time.hi > older.time.hi,
            _ => true,
        });
        if in_order {
            return;
        }
        self.order.clear();
        self.order.extend(self.pending.iter().zip(0u32..).map(|(event, n)| (event.time.hi, n)));
        self.order.sort_unstable_by_key(|(at, _)| std::cmp::Reverse(*at));
        let twins = self.order.windows(2).any(|two| matches!(two, [a, b] if a.0 == b.0));
        if twins {
            return self.sort_twins();
        }
        self.ordered.clear();
        let (order, pending) = (&self.order, &self.pending);
        self.ordered.extend(order.iter().filter_map(|(_, n)| pending.get(*n as usize)));
        std::mem::swap(&mut self.ordered, &mut self.pending);
    }

    /// Some end at the same instant.
    #[inline(never)]
    fn sort_twins(&mut self) {
        let shapes = &self.shapes;
        let fields = |event: &Pending| shapes.get(event.shape as usize).map(|it| &it.fields);
        self.pending.sort_unstable_by(|a, b| {
            let times = b.time.hi.cmp(&a.time.hi).then_with(|| b.time.lo.cmp(&a.time.lo));
            times.then_with(|| {
                let same =
                    if a.shape == b.shape { std::cmp::Ordering::Equal } else { fields(a).cmp(&fields(b)) };
                same.then_with(|| (a.address, a.id).cmp(&(b.address, b.id)))
            })
        });
    }

    /// The values that are an event's own.
    #[inline]
    pub(super) fn own_of(&self, event: &Pending) -> &[(u16, Slot)] {
        let (from, len) = event.own;
        self.values.get(from as usize..(from as usize).saturating_add(len as usize)).unwrap_or_default()
    }

    /// Whether two events that end at one instant are told apart by more than their shapes.
    pub(super) fn twins_differ(&self) -> bool {
        let whole = |it: &Pending| {
            it.own.1 == 0 && it.id.is_none() && it.address.is_none() && it.recorded == When::Undated
        };
        self.pending.windows(2).any(|two| match two {
            [a, b] => a.time.hi == b.time.hi && !(whole(a) && whole(b)),
            _ => false,
        })
    }

    /// Writes the values that are events' own, by column.
    pub(super) fn write_values(&mut self, events: &mut Events) {
        for column in self.touched.drain(..) {
            if let Some(place) = events.columns.get_mut(usize::from(column)) {
                place.cells.clear();
            }
        }
        let all = self.pending.len();
        for (row, event) in self.pending.iter().enumerate().filter(|(_, event)| event.own.1 > 0) {
            let (from, len) = event.own;
            let values = self.values.get(from as usize..(from as usize).saturating_add(len as usize));
            for (column, slot) in values.unwrap_or_default() {
                if let Some(place) = events.columns.get_mut(usize::from(*column)) {
                    put(place, row, all, slot.clone());
                }
                if !self.touched.contains(column) {
                    self.touched.push(*column);
                }
            }
        }
    }

    /// Writes the events down, by column.
    pub(super) fn write(&mut self, events: &mut Events) {
        events.times.clear();
        events.ids.clear();
        events.places.clear();
        events.times.extend(self.pending.iter().map(|event| event.time));
        events.ids.extend(self.pending.iter().map(|event| event.id));
        events.places.extend(self.pending.iter().map(|event| event.shape));
        for (column, absent, by_shape) in &self.masks {
            let masks = events.columns.get_mut(usize::from(*column)).and_then(|it| it.masks.as_mut());
            let Some(masks) = masks else { continue };
            masks.clear();
            let mask = |place: &u32| by_shape.get(*place as usize).copied().unwrap_or(OPEN);
            masks.extend(events.places.iter().map(mask));
            masks.push(*absent);
        }
        for (n, (column, own)) in self.own.iter().enumerate() {
            let Some(place) = events.columns.get_mut(usize::from(*column)) else { continue };
            // Cells past the last event are room for a person who has more.
            if place.cells.len() < self.pending.len() {
                place.cells.resize(self.pending.len(), Slot::Unknown);
            }
            for (event, cell) in self.pending.iter().zip(&mut place.cells) {
                if !write_own(event, *own, cell) {
                    let shape = self.shapes.get(event.shape as usize).and_then(|it| it.own.get(n));
                    *cell = shape.cloned().unwrap_or_default();
                }
            }
        }
    }
}

/// Writes what is the event's own; false: it has nothing of the kind.
#[inline]
fn write_own(event: &Pending, own: Own, cell: &mut Slot) -> bool {
    let text = match own {
        Own::At | Own::Recorded => {
            match if own == Own::At { event.at } else { event.recorded } {
                When::Undated => return false,
                When::Date(day) => *cell = Slot::date(day),
                When::Instant(at) => match cell {
                    Slot::Instant(place) => *place = at,
                    other => *other = Slot::Instant(at),
                },
            }
            return true;
        }
        Own::Id => event.id,
        Own::Address => event.address,
    };
    match (own, text, cell) {
        (_, None, _) => return false,
        (Own::Address, Some(id), Slot::Texts(texts)) if texts.len() == 1 => texts.fill(id),
        (Own::Address, Some(id), cell) => *cell = Slot::Texts([id].into()),
        (_, Some(id), cell) => *cell = Slot::Text(id),
    }
    true
}
