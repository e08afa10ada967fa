//! Statements about time that flip at most once, each as the instant of its flip in one zone.
//!
//! A statement is of one of two kinds. What *ends* holds before the returned instant and no longer from it on;
//! what *starts* holds from it on. Dates of events are local: take them with [`Zone::day`] in the zone that is
//! asked. Since the start of a date and both month arithmetics are monotone in the date, each statement is true
//! on one ray of time, which is why one instant says it all.
//!
//! **What permits is short, what makes wait is long**: permissions add months clamped to the month's end,
//! waiting times add months clamped to the next 1st.

use super::date::{Date, PartialDate, Weekday};
use super::instant::{Instant, Micros};
use super::zone::Zone;

/// "Within `n` months of an event" (a permission) ends here; the last day is the event's plus `n` months.
pub fn within_months_end(zone: &Zone, event: Date, n: u32) -> Instant {
    good_through_end(zone, event.add_months_down(i64::from(n)))
}

/// "`n` months have passed since an event" (a waiting time) starts here.
pub fn months_passed_start(zone: &Zone, event: Date, n: u32) -> Instant {
    zone.start_of(event.add_months_up(i64::from(n)))
}

/// An instrument signed for `n` months ends here: its anniversary is no longer in.
pub fn instrument_end(zone: &Zone, signed: Date, n: u32) -> Instant {
    zone.start_of(signed.add_months_down(i64::from(n)))
}

/// "Good through a date" ends here, after the whole of that date.
pub fn good_through_end(zone: &Zone, last: Date) -> Instant {
    zone.start_of(last.next())
}

/// A pause until a date ends here, when that date starts.
pub fn pause_end(zone: &Zone, until: Date) -> Instant {
    zone.start_of(until)
}

/// "At least `n` years old" starts here; one born on 29 February is a year older on 1 March.
pub fn age_start(zone: &Zone, birth: Date, n: u32) -> Instant {
    months_passed_start(zone, birth, n.saturating_mul(12))
}

/// [`age_start`] for a birth date of which perhaps only the month or year is known: not yet before the first
/// instant, unknown from there to the second, true from the second on.
pub fn age_band(zone: &Zone, birth: PartialDate, n: u32) -> (Instant, Instant) {
    (age_start(zone, birth.lo, n), age_start(zone, birth.hi, n))
}

/// An authority over a child until its `n`-th birthday ends here; for one born on 29 February, on 28 February.
pub fn authority_end(zone: &Zone, birth: Date, n: u32) -> Instant {
    instrument_end(zone, birth, n.saturating_mul(12))
}

/// [`authority_end`] for a birth date of which perhaps only the month or year is known: held before the first
/// instant, unknown from there to the second, ended from the second on.
pub fn authority_band(zone: &Zone, birth: PartialDate, n: u32) -> (Instant, Instant) {
    (authority_end(zone, birth.lo, n), authority_end(zone, birth.hi, n))
}

/// A list looked up on a date and good for `n` days says nothing from here on.
pub fn list_good_end(zone: &Zone, scrubbed: Date, n: u32) -> Instant {
    within_days_end(zone, scrubbed, n)
}

/// "No later than `n` days after an event" ends here; the last day is the event's plus `n`.
pub fn within_days_end(zone: &Zone, event: Date, n: u32) -> Instant {
    good_through_end(zone, event.add_days(i64::from(n)))
}

/// "No later than so much elapsed time after an event" ends here.
pub fn within_elapsed_end(event: Instant, length: Micros) -> Instant {
    event + length
}

/// An event is in "the last `n` local days", today being one of them, until here.
pub fn local_days_end(zone: &Zone, event: Date, n: u32) -> Instant {
    zone.start_of(event.add_days(i64::from(n)))
}

/// The week around a date, for weeks that begin on `first`: its start and the start of the next.
pub fn week_of(zone: &Zone, date: Date, first: Weekday) -> (Instant, Instant) {
    let monday = date.week_start(first);
    (zone.start_of(monday), zone.start_of(monday.add_days(7)))
}

/// The month around a date: its start and the start of the next.
pub fn month_of(zone: &Zone, date: Date) -> (Instant, Instant) {
    let first = date.month_start();
    (zone.start_of(first), zone.start_of(first.add_months_down(1)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::time::zone::zone;

    const NY: &str = "America/New_York";
    const LA: &str = "America/Los_Angeles";
    const ST_JOHNS: &str = "America/St_Johns";

    fn i(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn d(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn z(name: &str) -> Arc<Zone> {
        zone(name).unwrap()
    }

    #[test]
    fn last_days() {
        for (id, name, last, end) in [
            ("D1", ST_JOHNS, "2010-11-06", "2010-11-07T02:30:00Z"),
            ("D2", "America/Santiago", "2026-09-05", "2026-09-06T04:00:00Z"),
            ("D2", NY, "2026-11-01", "2026-11-02T05:00:00Z"),
            ("D3", "Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
            ("D3", "Pacific/Apia", "2011-12-29", "2011-12-30T10:00:00Z"),
            ("D4", NY, "2026-07-01", "2026-07-02T04:00:00Z"),
            ("E3", NY, "2026-07-02", "2026-07-03T04:00:00Z"),
        ] {
            assert_eq!(good_through_end(&z(name), d(last)), i(end), "{id}");
        }
        assert_eq!(pause_end(&z("Pacific/Honolulu"), d("2026-07-02")), i("2026-07-02T10:00:00Z"), "D5");
        assert_eq!(pause_end(&z(NY), d("2027-01-31")), i("2027-01-31T05:00:00Z"), "E1");
        assert_eq!(list_good_end(&z(NY), d("2026-10-01"), 31), i("2026-11-02T05:00:00Z"), "L1");
        assert_eq!(within_days_end(&z(NY), d("2026-07-01"), 0), i("2026-07-02T04:00:00Z"));
        let stop = i("2026-07-01T12:00:00Z");
        assert_eq!(within_elapsed_end(stop, Micros::MINUTE.times(5)), i("2026-07-01T12:05:00Z"), "S1");
    }

    #[test]
    fn months() {
        let (ny, la) = (z(NY), z(LA));
        assert_eq!(within_months_end(&ny, d("2025-02-28"), 18), i("2026-08-29T04:00:00Z"), "M1");
        assert_eq!(within_months_end(&ny, d("2025-11-30"), 3), i("2026-03-01T05:00:00Z"), "M2");
        assert_eq!(months_passed_start(&la, d("2024-02-29"), 12), i("2025-03-01T08:00:00Z"), "M3");
        assert_eq!(instrument_end(&la, d("2024-02-29"), 12), i("2025-02-28T08:00:00Z"), "M3");
        assert_eq!(within_months_end(&ny, d("2026-01-31"), 1), i("2026-03-01T05:00:00Z"), "M4");
        assert_eq!(months_passed_start(&ny, d("2026-01-31"), 1), i("2026-03-01T05:00:00Z"), "M4");
        let event = ny.day(i("2026-05-31T23:30:00-04:00"));
        assert_eq!(within_months_end(&ny, event, 3), i("2026-09-01T04:00:00Z"), "M5");
        // A zone confirmed on 2025-11-10 stands alone through 2026-11-10.
        assert_eq!(within_months_end(&ny, d("2025-11-10"), 12), i("2026-11-11T05:00:00Z"), "W20");
    }

    #[test]
    fn ages() {
        let ny = z(NY);
        assert_eq!(age_start(&ny, d("2008-02-29"), 18), i("2026-03-01T05:00:00Z"), "A1");
        assert_eq!(authority_end(&ny, d("2008-02-29"), 18), i("2026-02-28T05:00:00Z"), "A1");
        let band = (i("2026-03-01T05:00:00Z"), i("2026-03-31T04:00:00Z"));
        assert_eq!(age_band(&ny, PartialDate::parse("2008-03").unwrap(), 18), band, "A2");
        let birth = PartialDate::parse("2008").unwrap();
        assert_eq!(authority_band(&ny, birth, 18), (i("2026-01-01T05:00:00Z"), i("2026-12-31T05:00:00Z")));
    }

    #[test]
    fn counted_windows() {
        for (id, name, event, n, end) in [
            ("C4", NY, "2026-10-27T10:00:00-04:00", 7, "2026-11-03T05:00:00Z"),
            ("C5", NY, "2026-10-30T23:30:00-04:00", 7, "2026-11-06T05:00:00Z"),
            ("C7", LA, "2026-07-01T23:30:00-04:00", 1, "2026-07-02T07:00:00Z"),
            ("C10", "Pacific/Apia", "2011-12-29T12:00:00-10:00", 2, "2011-12-30T10:00:00Z"),
            ("C11", ST_JOHNS, "2010-11-07T00:00:30-02:30", 1, "2010-11-08T03:30:00Z"),
            ("C12", NY, "2026-07-01T12:00:00-04:00", 1, "2026-07-02T04:00:00Z"),
        ] {
            let zone = z(name);
            assert_eq!(local_days_end(&zone, zone.day(i(event)), n), i(end), "{id}");
        }
        let (ny, saturday) = (z(NY), d("2026-07-04"));
        assert_eq!(
            week_of(&ny, saturday, Weekday::Mon),
            (i("2026-06-29T04:00:00Z"), i("2026-07-06T04:00:00Z")),
            "C6"
        );
        assert_eq!(week_of(&ny, saturday, Weekday::Sun).1, i("2026-07-05T04:00:00Z"), "C6");
        assert_eq!(month_of(&ny, d("2026-11-30")), (i("2026-11-01T04:00:00Z"), i("2026-12-01T05:00:00Z")));
    }

    #[test]
    fn the_ends_of_the_range() {
        let ny = z(NY);
        for day in [Date(i32::MIN), Date(i32::MAX), d("9999-12-31")] {
            for n in [0, 1, u32::MAX] {
                let _ = (
                    within_months_end(&ny, day, n),
                    months_passed_start(&ny, day, n),
                    age_start(&ny, day, n),
                );
                let _ = (authority_end(&ny, day, n), list_good_end(&ny, day, n), local_days_end(&ny, day, n));
            }
            let _ = (week_of(&ny, day, Weekday::Sun), month_of(&ny, day));
        }
    }
}
