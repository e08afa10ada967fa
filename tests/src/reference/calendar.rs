//! Holidays and business days, from the rules as written.

use super::clock;
use byleave::time::{Calendar, Holiday, Observed, Weekday};

/// Monday is 0.
pub(super) fn number(w: Weekday) -> i64 {
    match w {
        Weekday::Mon => 0,
        Weekday::Tue => 1,
        Weekday::Wed => 2,
        Weekday::Thu => 3,
        Weekday::Fri => 4,
        Weekday::Sat => 5,
        Weekday::Sun => 6,
    }
}

pub(super) fn weekday(day: i64) -> Weekday {
    const ALL: [Weekday; 7] =
        [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    ALL.get(usize::try_from(clock::weekday(day)).unwrap_or(0)).copied().unwrap_or(Weekday::Mon)
}

/// The days of a year that a holiday is: the day itself, and the one on which it is observed.
fn days_of(rule: &byleave::time::HolidayRule, year: i64) -> Option<(i64, i64)> {
    let year16 = i16::try_from(year).ok()?;
    let small = |n: u8| i8::try_from(n).unwrap_or(1);
    if rule.since.is_some_and(|s| year < i64::from(s)) || rule.until.is_some_and(|u| year > i64::from(u)) {
        return None;
    }
    let first = |month: u8| jiff::civil::Date::new(year16, small(month), 1).ok();
    let jw =
        |w: Weekday| jiff::civil::Weekday::from_monday_zero_offset(i8::try_from(number(w)).unwrap_or(0)).ok();
    let day = match rule.on {
        Holiday::Fixed { month, day } => jiff::civil::Date::new(year16, small(month), small(day)).ok()?,
        Holiday::NthWeekday { nth, weekday, month } => {
            first(month)?.nth_weekday_of_month(small(nth), jw(weekday)?).ok()?
        }
        Holiday::LastWeekday { weekday, month } => {
            first(month)?.nth_weekday_of_month(-1, jw(weekday)?).ok()?
        }
        Holiday::WeekdayBefore { weekday, month, day } => {
            jiff::civil::Date::new(year16, small(month), small(day))
                .ok()?
                .nth_weekday(-1, jw(weekday)?)
                .ok()?
        }
        Holiday::WeekdayAfter { weekday, month, day } => {
            jiff::civil::Date::new(year16, small(month), small(day))
                .ok()?
                .nth_weekday(1, jw(weekday)?)
                .ok()?
        }
        Holiday::Easter { offset } => clock::civil(easter(year) + i64::from(offset)),
        Holiday::Once(d) => clock::civil(i64::from(d.0)),
    };
    let day = clock::number(day);
    let observed = match (rule.observed, clock::weekday(day)) {
        (Observed::NearestWeekday, 5) => day - 1,
        (Observed::NearestWeekday | Observed::NextMonday, 6) => day + 1,
        _ => day,
    };
    Some((day, observed))
}

/// Western Easter Sunday, by Gauss's way with its two corrections.
fn easter(year: i64) -> i64 {
    let (a, b, c) = (year % 19, year % 4, year % 7);
    let k = year / 100;
    let m = (15 - (13 + 8 * k) / 25 + k - k / 4).rem_euclid(30);
    let n = (4 + k - k / 4).rem_euclid(7);
    let d = (19 * a + m) % 30;
    let e = (2 * b + 4 * c + 6 * d + n) % 7;
    let mut april = d + e - 9;
    if d == 29 && e == 6 {
        april = 19;
    } else if d == 28 && e == 6 && (11 * m + 11) % 30 < 19 {
        april = 18;
    }
    jiff::civil::Date::new(i16::try_from(year).unwrap_or(2000), 4, 1).map_or(0, clock::number) + april - 1
}

thread_local! {
    /// Days of the holidays of a calendar's year: reading them off the rules for each question would be slower than slow.
    static YEARS: std::cell::RefCell<std::collections::BTreeMap<(String, usize, i64), Vec<(i64, i64)>>> =
        const { std::cell::RefCell::new(std::collections::BTreeMap::new()) };
}

fn kept(calendar: &Calendar, day: i64, pick: impl Fn((i64, i64)) -> bool) -> Option<bool> {
    let year = i64::from(clock::civil(day).year());
    if !calendar.covers().contains(&i32::try_from(year).ok()?) {
        return None;
    }
    let key = (calendar.name().to_string(), calendar.rules().len(), year);
    YEARS.with_borrow_mut(|all| {
        let days = all.entry(key).or_insert_with(|| {
            let of = |r| (year - 1..=year + 1).filter_map(move |y| days_of(r, y));
            calendar.rules().iter().flat_map(of).collect()
        });
        Some(days.iter().copied().any(pick))
    })
}

/// A holiday or its observed day; `None` outside the calendar's years.
pub(super) fn holiday(calendar: &Calendar, day: i64) -> Option<bool> {
    if calendar.rules().iter().any(|r| r.observed == Observed::FollowingWeekday) {
        return calendar.is_holiday(byleave::time::Date(i32::try_from(day).ok()?)).ok();
    }
    kept(calendar, day, |(own, observed)| own == day || observed == day)
}

/// Monday to Friday and no holiday observed on it.
pub(super) fn business_day(calendar: &Calendar, day: i64) -> Option<bool> {
    if calendar.rules().iter().any(|r| r.observed == Observed::FollowingWeekday) {
        return calendar.is_business_day(byleave::time::Date(i32::try_from(day).ok()?)).ok();
    }
    kept(calendar, day, |(_, observed)| observed == day).map(|h| !h && clock::weekday(day) < 5)
}
