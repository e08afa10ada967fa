//! Holidays against known years, and the tables against the rules.
#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

fn d(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn rule(name: &str, on: Holiday, observed: Observed, since: Option<i32>) -> HolidayRule {
    HolidayRule { name: name.into(), on, observed, since, until: None }
}

/// The legal public holidays of 5 U.S.C. 6103, as fixture.
pub(crate) fn us_federal() -> Calendar {
    use Holiday::*;
    use Weekday::*;
    let fixed = |name, month, day, since| rule(name, Fixed { month, day }, Observed::NearestWeekday, since);
    let nth = |name, nth, weekday, month, since| {
        rule(name, NthWeekday { nth, weekday, month }, Observed::OnTheDay, since)
    };
    let rules = vec![
        fixed("New Year", 1, 1, None),
        nth("Martin Luther King", 3, Mon, 1, Some(1986)),
        nth("Washington", 3, Mon, 2, None),
        rule("Memorial", LastWeekday { weekday: Mon, month: 5 }, Observed::OnTheDay, None),
        fixed("Juneteenth", 6, 19, Some(2021)),
        fixed("Independence", 7, 4, None),
        nth("Labor", 1, Mon, 9, None),
        nth("Columbus", 2, Mon, 10, None),
        fixed("Veterans", 11, 11, None),
        nth("Thanksgiving", 4, Thu, 11, None),
        fixed("Christmas", 12, 25, None),
    ];
    Calendar::new("us.federal", 1990..=2100, rules).unwrap()
}

#[test]
fn the_days_of_the_federal_calendar() {
    let calendar = us_federal();
    for (day, holiday, business) in [
        ("2026-07-02", false, true),
        ("2026-07-03", true, false), // observed
        ("2026-07-04", true, false), // the day itself, a Saturday
        ("2026-11-26", true, false),
        ("2026-11-27", false, true), // the day after Thanksgiving
        ("2027-12-31", true, false), // New Year 2028, in the year before
        ("2028-01-01", true, false),
        ("2020-06-19", false, true), // before its first year
        ("2021-06-18", true, false),
        ("2026-05-25", true, false),
        ("2100-12-31", true, false), // New Year 2101, past the years covered
    ] {
        assert_eq!(calendar.is_holiday(d(day)), Ok(holiday), "{day}");
        assert_eq!(calendar.is_business_day(d(day)), Ok(business), "{day}");
    }
    assert_eq!(calendar.is_holiday(d("2101-01-01")), Err(NoData { year: 2101 }));
    assert_eq!(calendar.is_business_day(d("1989-12-31")), Err(NoData { year: 1989 }));
    assert_eq!(calendar.is_holiday(Date(i32::MIN)).unwrap_err().year, -5_877_641);
    let names = |day| calendar.holidays_on(d(day)).map(|rule| rule.name.as_str()).collect::<Vec<_>>();
    assert_eq!(names("2027-12-31"), ["New Year"]);
    assert_eq!(names("2026-07-02"), [""; 0]);
    assert_eq!(NoData { year: 2101 }.to_string(), "calendar has no data for 2101");
}

#[test]
fn traps_h1_h3() {
    let calendar = us_federal();
    for (receipt, n, through) in [
        ("2027-12-30", 1, "2028-01-03"),
        ("2026-11-25", 10, "2026-12-10"),
        ("2026-11-28", 10, "2026-12-11"),
        ("2026-12-18", 15, "2027-01-12"),
        ("2026-07-03", 0, "2026-07-03"),
    ] {
        assert_eq!(calendar.add_business_days(d(receipt), n), Ok(d(through)), "{receipt} + {n}");
    }
    assert_eq!(calendar.add_business_days(d("2100-12-28"), 9), Err(NoData { year: 2101 }));
    assert!(calendar.add_business_days(d("1990-01-01"), u32::MAX).is_err());
    assert!(calendar.add_business_days(Date(i32::MAX), 1).is_err());
}

#[test]
fn easter_sundays() {
    for (year, day) in [
        (1818, "1818-03-22"),
        (1943, "1943-04-25"),
        (2000, "2000-04-23"),
        (2024, "2024-03-31"),
        (2026, "2026-04-05"),
        (2038, "2038-04-25"),
        (2285, "2285-03-22"),
    ] {
        assert_eq!(easter(year), Some(d(day)));
    }
    assert!((0..=10_000).all(|year| easter(year).is_some_and(|day| day.weekday() == Weekday::Sun)));
}

#[test]
fn kinds_of_days() {
    use Holiday::*;
    use Weekday::*;
    for (on, year, day) in [
        (WeekdayBefore { weekday: Mon, month: 5, day: 25 }, 2026, Some("2026-05-18")), // Victoria Day
        (WeekdayAfter { weekday: Sat, month: 6, day: 19 }, 2026, Some("2026-06-20")),  // Midsummer
        (WeekdayAfter { weekday: Sat, month: 6, day: 20 }, 2026, Some("2026-06-27")),
        (NthWeekday { nth: 5, weekday: Mon, month: 2 }, 2026, None),
        (NthWeekday { nth: 5, weekday: Sun, month: 2 }, 2032, Some("2032-02-29")),
        (LastWeekday { weekday: Fri, month: 2 }, 2026, Some("2026-02-27")),
        (Fixed { month: 2, day: 29 }, 2026, None),
        (Fixed { month: 2, day: 29 }, 2028, Some("2028-02-29")),
        (Easter { offset: -2 }, 2026, Some("2026-04-03")),
        (Once(d("2022-09-19")), 2022, Some("2022-09-19")),
        (Once(d("2022-09-19")), 2023, None),
    ] {
        assert_eq!(on.in_year(year), day.map(d), "{on:?} {year}");
    }
}

#[test]
fn substitute_days_do_not_collide() {
    let fixed = |month, day| Holiday::Fixed { month, day };
    let rules = vec![
        rule("Christmas", fixed(12, 25), Observed::FollowingWeekday, None),
        rule("Boxing", fixed(12, 26), Observed::FollowingWeekday, None),
        rule("Republic", fixed(6, 6), Observed::NextMonday, None),
    ];
    let calendar = Calendar::new("uk", 2000..=2030, rules).unwrap();
    for (off, of) in [
        ("2021-12-27", "Christmas"), // Saturday and Sunday
        ("2021-12-28", "Boxing"),
        ("2022-12-27", "Christmas"), // Sunday, and Monday is Boxing Day
        ("2022-12-26", "Boxing"),
        ("2021-06-07", "Republic"), // Sunday
        ("2020-06-06", "Republic"), // Saturday stays
    ] {
        let names: Vec<_> = calendar.holidays_on(d(off)).map(|rule| rule.name.as_str()).collect();
        assert_eq!(names, [of], "{off}");
    }
    assert_eq!(calendar.is_business_day(d("2020-06-08")), Ok(true));
}

#[test]
fn refused() {
    let bad = |on| Calendar::new("x", 2000..=2001, vec![rule("bad", on, Observed::OnTheDay, None)]).is_err();
    assert!(bad(Holiday::Fixed { month: 2, day: 30 }));
    assert!(bad(Holiday::Fixed { month: 13, day: 1 }));
    assert!(bad(Holiday::NthWeekday { nth: 6, weekday: Weekday::Mon, month: 1 }));
    assert!(bad(Holiday::NthWeekday { nth: 0, weekday: Weekday::Mon, month: 1 }));
    assert!(bad(Holiday::LastWeekday { weekday: Weekday::Mon, month: 0 }));
    assert!(bad(Holiday::Easter { offset: i32::MIN }));
    #[allow(clippy::reversed_empty_ranges)]
    for years in [0..=10, 1..=10_000, 2001..=2000, 1..=401, i32::MIN..=i32::MAX] {
        assert!(Calendar::new("x", years, vec![]).is_err());
    }
    assert!(Calendar::new("x", 9600..=9999, vec![]).is_ok());
}

proptest! {
    /// The tables against asking every rule of the three years around a day.
    #[test]
    fn tables_equal_rules(day in 7_305i32..47_846) {
        let (calendar, day) = (us_federal(), Date(day));
        let free = BTreeSet::new();
        let mut holiday = false;
        let mut off = day.weekday().is_weekend();
        for year in day.year() - 1..=day.year() + 1 {
            for rule in calendar.rules().iter().filter(|rule| rule.since.is_none_or(|y| y <= year)) {
                if let Some(on) = rule.on.in_year(year) {
                    let observed = rule.observed.day(on, &free);
                    holiday |= on == day || observed == day;
                    off |= observed == day;
                }
            }
        }
        prop_assert_eq!(calendar.is_holiday(day), Ok(holiday));
        prop_assert_eq!(calendar.is_business_day(day), Ok(!off));
    }
}
