//! Zones: which offset holds when, where a date starts, and which date it is, from data that we carry alone.
//!
//! A zone is a list of *segments* of constant offset, read once from the bundled database or from compiled packs. Transitions are
//! listed up to the year 2500. Later ones follow from the zone's last rule, which like the Gregorian calendar
//! repeats every 400 years (146 097 days, a whole number of weeks): an instant after 2500 is looked up 400,
//! 800, … years earlier. So every `i64` instant has an exact answer and nothing is computed lazily.

#[cfg(feature = "tzdb")]
mod bundled;
#[cfg(all(test, feature = "tzdb"))]
mod tests;
mod tzif;

#[cfg(feature = "tzdb")]
pub use bundled::{digest, names, version, zone};

use std::borrow::Cow;
use std::fmt;

use super::date::Date;
use super::instant::{Instant, Micros};

/// A time zone, of the bundled database or carried by compiled packs. Get one from a [`ZoneSet`](super::ZoneSet).
pub struct Zone {
    name: Cow<'static, str>,
    data: Cow<'static, [u8]>,
    spans: Vec<Span>,
    /// For each stretch of 2^44 µs (204 days) since [`INDEX_START`], the span in force at its start. Zones
    /// seldom have more than two transitions a year, so a look-up is one read and a step or two.
    index: Vec<u16>,
    /// Whether the transitions repeat for ever.
    recurring: bool,
    least_offset: i64,
    greatest_offset: i64,
}

/// One stretch of constant offset, up to the start of the next.
#[derive(Clone, Copy)]
struct Span {
    start: i64,
    offset_seconds: i32,
    /// The latest wall date shown before `start`.
    prior_day: i32,
}

/// A stretch of constant offset around an instant: in force on `[start, end)`.
///
/// It doubles as a cursor ([`Zone::segment_from`]): while instants stay inside, nothing is looked up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Segment {
    /// The first instant; `Instant(i64::MIN)` if there is no earlier transition.
    pub start: Instant,
    /// The first instant that is no longer in; [`Instant::MAX`] if there is no later transition.
    pub end: Instant,
    /// Local minus UTC, in seconds.
    pub offset_seconds: i32,
    /// The latest wall date shown before `start`: dates never go back, even where the wall date does.
    prior_day: Date,
}

/// What a wall-clock reading means in a zone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reading {
    /// It is shown at exactly one instant.
    Unique(Instant),
    /// It is never shown: the clocks went forward past it.
    Gap,
    /// It is shown more than once; the first and the last time.
    Fold(Instant, Instant),
}

const DAY: i64 = Micros::DAY.0;
const SECOND: i64 = Micros::SECOND.0;
/// 400 Gregorian years.
const CYCLE_DAYS: i64 = 146_097;
const CYCLE: i64 = CYCLE_DAYS * DAY;
/// 2500-01-01: from here on look-ups go back by whole cycles. The latest transition that is listed one by one
/// is in 2087 (Morocco), so all that is looked up in this way is under a last rule.
const LISTED_END: i64 = 193_579 * DAY;
/// Up to this year transitions are worked out, which gives one past the end of the list.
const LISTED_YEAR: i32 = 2_501;
/// 1900-01-01.
const INDEX_START: i64 = -25_567 * DAY;
const INDEX_SHIFT: u32 = 44;

impl Zone {
    /// No zone: what is read of damaged bytes has one until it is thrown away.
    pub(crate) fn blank() -> Zone {
        let (name, data) = (Cow::Borrowed(""), Cow::Borrowed(&[][..]));
        let (spans, index) = (Vec::new(), Vec::new());
        Zone { name, data, spans, index, recurring: false, least_offset: 0, greatest_offset: 0 }
    }

    /// The name in the database's spelling. An alias keeps its own name: `US/Eastern` stays `US/Eastern`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The data of this zone (TZif), for a digest.
    pub fn digest_bytes(&self) -> &[u8] {
        &self.data
    }

    /// The segment that holds at `t`.
    #[inline]
    pub fn segment(&self, t: Instant) -> Segment {
        let cycles =
            if t.0 >= LISTED_END && self.recurring { (t.0 - (LISTED_END - CYCLE)) / CYCLE } else { 0 };
        let shift = cycles * CYCLE;
        let t = t.0 - shift;
        let stretch = usize::try_from(t.saturating_sub(INDEX_START) >> INDEX_SHIFT).unwrap_or(0);
        let mut at =
            self.index.get(stretch).map_or(self.spans.len().saturating_sub(1), |at| usize::from(*at));
        let mut span = self.spans.get(at).copied().unwrap_or(Span::UTC);
        let end = loop {
            at += 1;
            match self.spans.get(at) {
                Some(next) if next.start <= t => span = *next,
                Some(next) => break next.start.saturating_add(shift),
                None => break i64::MAX,
            }
        };
        Segment {
            start: Instant(span.start.saturating_add(shift)),
            end: Instant(end),
            offset_seconds: span.offset_seconds,
            prior_day: Date(span.prior_day).add_days(cycles * CYCLE_DAYS),
        }
    }

    /// The segment that holds at `t`, looked for first in `cursor`, where it is left for the next time.
    ///
    /// A cursor belongs to one zone: start with [`Segment::NONE`] and never hand it to another zone.
    #[inline]
    pub fn segment_from(&self, t: Instant, cursor: &mut Segment) -> Segment {
        if !cursor.contains(t) {
            *cursor = self.segment(t);
        }
        *cursor
    }

    /// Local minus UTC at `t`, in seconds.
    pub fn offset_seconds(&self, t: Instant) -> i32 {
        self.segment(t).offset_seconds
    }

    /// The wall clock at `t`, as microseconds from 1970-01-01T00:00 on that clock.
    pub fn wall(&self, t: Instant) -> i64 {
        self.segment(t).wall(t)
    }

    /// The date at `t`: the latest date that has started. It never goes back when `t` goes on.
    pub fn day(&self, t: Instant) -> Date {
        self.segment(t).day(t)
    }

    /// Where a date starts: the first instant whose wall date is that date or a later one.
    ///
    /// Right also where midnight is skipped, and for a date that is missing altogether, which starts where the
    /// next one does. Dates beyond the range of [`Instant`] start at its ends.
    pub fn start_of(&self, date: Date) -> Instant {
        let Some(midnight) = i64::from(date.0).checked_mul(DAY) else {
            return if date.0 < 0 { Instant(i64::MIN) } else { Instant::MAX };
        };
        // No wall clock of this zone shows `midnight` earlier than this.
        let mut segment = self.segment(Instant(midnight.saturating_sub(self.greatest_offset)));
        loop {
            let offset = segment.offset();
            if segment.end == Instant::MAX || segment.end.0.saturating_add(offset) > midnight {
                return segment.start.max(Instant(midnight.saturating_sub(offset)));
            }
            segment = self.segment(segment.end);
        }
    }

    /// What the reading of a wall clock means: `second` (0–86 400) of `date`.
    pub fn instant_of_wall(&self, date: Date, second: u32) -> Reading {
        let midnight = i64::from(date.0).saturating_mul(DAY);
        self.instant_of_wall_micros(midnight.saturating_add(i64::from(second) * SECOND))
    }

    /// What the reading of a wall clock means, given as for [`Zone::wall`].
    pub fn instant_of_wall_micros(&self, wall: i64) -> Reading {
        let latest = wall.saturating_sub(self.least_offset);
        let mut segment = self.segment(Instant(wall.saturating_sub(self.greatest_offset)));
        let mut found: Option<(Instant, Instant)> = None;
        loop {
            let t = Instant(wall.saturating_sub(segment.offset()));
            if segment.contains(t) {
                found = Some((found.map_or(t, |(first, _)| first), t));
            }
            if segment.end == Instant::MAX || segment.end.0 > latest {
                break;
            }
            segment = self.segment(segment.end);
        }
        match found {
            None => Reading::Gap,
            Some((first, last)) if first == last => Reading::Unique(first),
            Some((first, last)) => Reading::Fold(first, last),
        }
    }

    /// Reads a zone's TZif data; nothing if they are damaged.
    pub(super) fn read(name: Cow<'static, str>, data: Cow<'static, [u8]>) -> Option<Zone> {
        let offsets = tzif::read(&data, LISTED_YEAR)?;
        let mut spans = vec![Span { start: i64::MIN, offset_seconds: offsets.first, prior_day: i32::MIN }];
        let mut recurring = false;
        for (second, offset_seconds) in offsets.later {
            let start = second.saturating_mul(SECOND);
            let last = spans.last().copied()?;
            if last.offset_seconds == offset_seconds {
                continue;
            }
            let last_wall = start.saturating_add(i64::from(last.offset_seconds) * SECOND) - 1;
            let prior_day = i32::try_from(last_wall.div_euclid(DAY)).ok()?.max(last.prior_day);
            spans.push(Span { start, offset_seconds, prior_day });
            // One transition past the end of the list, so that the last listed segment has its end.
            if start >= LISTED_END {
                recurring = true;
                break;
            }
        }
        let offsets = || spans.iter().map(|span| i64::from(span.offset_seconds) * SECOND);
        let (least_offset, greatest_offset) = (offsets().min()?, offsets().max()?);
        let index = index_of(&spans);
        Some(Zone { name, data, index, recurring, least_offset, greatest_offset, spans })
    }
}

fn index_of(spans: &[Span]) -> Vec<u16> {
    let mut index = Vec::new();
    let mut start = INDEX_START;
    let mut at = 0usize;
    // Up to the last span; every stretch after it is in that span.
    while spans.last().is_some_and(|last| last.start > start) {
        // The first stretch also serves all earlier instants.
        let from = if index.is_empty() { i64::MIN } else { start };
        while spans.get(at + 1).is_some_and(|next| next.start <= from) {
            at += 1;
        }
        index.push(u16::try_from(at).unwrap_or(u16::MAX));
        start = start.saturating_add(1 << INDEX_SHIFT);
    }
    if index.is_empty() { vec![0] } else { index }
}

impl Span {
    const UTC: Span = Span { start: i64::MIN, offset_seconds: 0, prior_day: i32::MIN };
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Zone").field(&self.name).finish()
    }
}

impl Segment {
    /// A cursor that holds nothing yet.
    pub const NONE: Segment =
        Segment { start: Instant::MAX, end: Instant(i64::MIN), offset_seconds: 0, prior_day: Date(i32::MIN) };

    /// Whether the segment holds at `t`. [`Instant::MAX`] is in the last segment.
    #[inline]
    pub fn contains(&self, t: Instant) -> bool {
        self.start <= t && (t < self.end || self.end == Instant::MAX)
    }

    /// Local minus UTC, in microseconds.
    #[inline]
    pub fn offset(&self) -> i64 {
        i64::from(self.offset_seconds) * SECOND
    }

    /// The wall clock at an instant of this segment, as [`Zone::wall`].
    #[inline]
    pub fn wall(&self, t: Instant) -> i64 {
        t.0.saturating_add(self.offset())
    }

    /// The date at an instant of this segment, as [`Zone::day`].
    ///
    /// A date has started as soon as any clock reading of it, or of a later one, was shown; so the date is the
    /// greatest wall date so far.
    #[inline]
    pub fn day(&self, t: Instant) -> Date {
        // An i64 of microseconds is at most 107 million days, so the cast loses nothing.
        Date(self.wall(t).div_euclid(DAY) as i32).max(self.prior_day)
    }
}

/// Whether two zones show the same wall clock at every instant of `[from, to)`.
///
/// Their dates agree too from the first instant on at which their dates agree.
pub fn same_offsets(a: &Zone, b: &Zone, from: Instant, to: Instant) -> bool {
    let mut t = from;
    while t < to {
        let (x, y) = (a.segment(t), b.segment(t));
        if x.offset_seconds != y.offset_seconds {
            return false;
        }
        t = x.end.min(y.end);
    }
    true
}
