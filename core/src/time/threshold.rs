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
