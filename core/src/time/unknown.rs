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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::time::zone::{names, zone};

    fn i(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn trap_a3() {
        let birthday = Date::parse("2008-07-01").unwrap().add_months_up(18 * 12);
        assert_eq!(date_threshold_band(birthday), (i("2026-06-30T10:00:00Z"), i("2026-07-01T12:00:00Z")));
    }

    #[test]
    fn every_zone_is_within_the_band() {
        for name in names().step_by(5) {
            let zone = zone(name).unwrap();
            for day in (0..25_000).step_by(7).map(Date) {
                let (lo, hi) = date_threshold_band(day);
                let start = zone.start_of(day);
                assert!(lo <= start && start <= hi, "{name} {day}");
                let dates = day_band(start);
                assert!((dates.lo..=dates.hi).contains(&zone.day(start)), "{name} {day}");
            }
        }
    }

    #[test]
    fn local_days_are_within_reach() {
        assert_eq!(local_days_reach(7), Micros::DAY.times(8));
        for name in
            ["America/New_York", "America/St_Johns", "Pacific/Kwajalein", "Pacific/Apia", "Antarctica/Troll"]
        {
            let zone = zone(name).unwrap();
            for (day, n) in (0..22_000).map(Date).zip([1u32, 2, 7, 30].into_iter().cycle()) {
                let oldest = zone.start_of(day.add_days(1 - i64::from(n)));
                assert!(zone.start_of(day.next()) - local_days_reach(n) <= oldest, "{name} {day} {n}");
            }
        }
    }

    #[test]
    fn the_ends_of_the_range() {
        for day in [i32::MIN, i32::MAX] {
            let _ = (date_threshold_band(Date(day)), local_days_reach(u32::MAX));
        }
        let _ = (day_band(Instant::MIN), day_band(Instant::MAX));
    }

    #[test]
    fn only_constant_hours_are_known() {
        let hours = Windows::between(28_800, 75_600).unwrap();
        assert_eq!((windows(&hours), windows(&Windows::never())), (None, Some(false)));
        let table = |row: Windows, holiday| Week::new(std::array::from_fn(|_| row.clone()), holiday);
        assert_eq!(week(&table(Windows::always(), None)), Some(true));
        assert_eq!(week(&table(Windows::always(), Some(Windows::never()))), None);
    }
}
