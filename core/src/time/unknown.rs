//! What can be said about local time when the zone is not known.
//!
//! Dates are known but for about a day, because no clock is more than 14 hours ahead of UTC or 12 behind it.
//! Times of day are not known at all, unless the hours are the same all day and every day.

use super::date::{Date, PartialDate};
use super::instant::{Instant, Micros};
use super::week::{Week, Windows};

const EARLIEST: Micros = Micros::HOUR.times(14);
const LATEST: Micros = Micros::HOUR.times(12);

/// Where a date can start: nowhere before the first instant, everywhere from the second on.
///
/// A statement that flips at the start of `date` is known outside `[first, second)`.
pub fn date_threshold_band(date: Date) -> (Instant, Instant) {
    let midnight = Instant(i64::from(date.0).saturating_mul(Micros::DAY.0));
    (midnight - EARLIEST, midnight + LATEST)
}

/// [`date_threshold_band`] for a date that is itself only partly known.
pub fn partial_threshold_band(date: PartialDate) -> (Instant, Instant) {
    (date_threshold_band(date.lo).0, date_threshold_band(date.hi).1)
}

/// What date it can be: the earliest and the latest.
///
/// The date of an event taken so is partly known, like a birth date.
pub fn day_band(t: Instant) -> PartialDate {
    PartialDate { lo: (t - LATEST).utc_date(), hi: (t + EARLIEST).utc_date() }
}

/// How far back an event can lie and still be in the last `n` local days.
///
/// So fewer than *k* events within this length are fewer than *k* in the last `n` local days, whatever the
/// zone; with more, nothing is known. One day more than `n`, because the oldest of the days is whole; clock
/// changes do not reach so far (since 1970 no zone went back by more than 7 hours).
pub fn local_days_reach(n: u32) -> Micros {
    Micros::DAY.times(i64::from(n).saturating_add(1))
}

/// The value of a window test, where it is the same at any hour.
pub fn windows(windows: &Windows) -> Option<bool> {
    windows.constant()
}

/// The value of a table of opening hours, where it is the same at any hour of any day.
pub fn week(week: &Week) -> Option<bool> {
    week.constant()
}
