//! Frozen facts: which events count at the instant, when a day begins and ends for somebody whose zone may be in doubt.
//!
//! Every choice falls to the side that restricts, so that knowing less never permits more (law 2): an act that binds us
//! counts from the first moment at which its day can have begun, one that frees us from the last.

use crate::facts::{EventTime, Lanes};
use crate::time::{Date, Instant, Micros};

/// When something is said to have happened.
///
/// ```
/// use byleave::native::{Date, When};
/// // To the day is exact enough where a day is all that was kept.
/// let asked = When::Date(Date::parse("2026-06-01").unwrap());
/// assert_ne!(asked, When::default());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum When {
    /// Not said.
    #[default]
    Undated,
    /// On that local day.
    Date(Date),
    /// At that instant.
    Instant(Instant),
}

/// Whether an event counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visible {
    /// It does.
    Now,
    /// Not yet: asking again from that instant on would count it.
    From(Instant),
    /// Not with this `known_at`.
    Never,
}

/// Which side an event's doubt falls to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// It binds: a contact made, a grant taken back. Counts from the earliest it can have happened.
    Binds,
    /// It binds, and counts at once even if dated later: clocks run fast, and a refusal is a refusal.
    BindsAtOnce,
    /// It frees: counts when it has surely happened.
    Frees,
}

/// The instant asked about, what was known, and where the recipient may be.
pub(crate) struct Clock<'a> {
    pub at: Instant,
    /// As the request names it.
    pub known_at: Option<Instant>,
    pub lanes: &'a Lanes,
}

/// The furthest that local time runs ahead of UTC, and behind it.
const AHEAD: Micros = Micros(14 * Micros::HOUR.0);
const BEHIND: Micros = Micros(12 * Micros::HOUR.0);

impl Clock<'_> {
    /// The earliest and the latest start of a day, over the recipient's zones or, unknown, over all the world's.
    pub fn starts(&self, day: Date) -> (Instant, Instant) {
        if self.lanes.unknown || self.lanes.zones.is_empty() {
            let midnight = Instant(i64::from(day.0).saturating_mul(Micros::DAY.0));
            return (midnight - AHEAD, midnight + BEHIND);
        }
        let starts = self.lanes.zones.iter().map(|zone| zone.start_of(day));
        starts.fold((Instant::MAX, Instant::MIN), |(lo, hi), start| (lo.min(start), hi.max(start)))
    }

    /// The span in which an event happened. Without a date it happened by the time it was recorded; without that too it may
    /// lie anywhere, even ahead.
    pub fn happened(&self, at: When, recorded: When) -> EventTime {
        match (at, recorded) {
            (When::Undated, When::Undated) => EventTime::UNDATED,
            (When::Undated, recorded) => EventTime { lo: Instant::MIN, hi: self.span(recorded).hi },
            (at, _) => self.span(at),
        }
    }

    /// The span of a date.
    pub fn span(&self, when: When) -> EventTime {
        match when {
            When::Undated => EventTime::UNDATED,
            When::Instant(at) => EventTime::exact(at),
            When::Date(day) => {
                let end = self.starts(day.next()).1;
                EventTime { lo: self.starts(day).0, hi: end - Micros(1) }
            }
        }
    }

    /// From when on it counts as having happened; undated: always.
    fn begun(&self, when: When, side: Side) -> Instant {
        match when {
            When::Undated => Instant::MIN,
            When::Instant(at) => at,
            When::Date(day) => {
                let (first, last) = self.starts(day);
                if side == Side::Frees { last } else { first }
            }
        }
    }

    /// Whether the event counts. It is known from when it was recorded on, or else from when it happened on.
    pub fn visible(&self, at: When, recorded: When, side: Side) -> Visible {
        let happened = self.begun(at, side);
        let known = if recorded == When::Undated { happened } else { self.begun(recorded, side) };
        let mut from = if side == Side::BindsAtOnce { Instant::MIN } else { happened };
        match self.known_at {
            Some(known_at) if known > known_at => return Visible::Never,
            Some(_) => {}
            None => from = from.max(known),
        }
        if from <= self.at { Visible::Now } else { Visible::From(from) }
    }
}

/// Events that are left out for now: how many, and the first instant at which one would count.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Later {
    pub count: usize,
    pub first: Option<Instant>,
}

impl Later {
    /// Whether to keep the event; if not, remembers until when it is left out.
    pub fn keep(&mut self, visible: Visible) -> bool {
        match visible {
            Visible::Now => true,
            Visible::Never => false,
            Visible::From(from) => {
                self.count += 1;
                self.first = Some(self.first.map_or(from, |first| first.min(from)));
                false
            }
        }
    }
}
