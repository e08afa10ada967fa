//! Opening hours: the trap vectors of transitions and holidays, and the next change against small steps.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::time::calendar::tests::us_federal;
use crate::time::zone::zone;

const H: u32 = 3_600;

fn i(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn z(name: &str) -> Arc<Zone> {
    zone(name).unwrap()
}

fn hours(text: &str) -> Windows {
    if text.is_empty() {
        return Windows::never();
    }
    let (start, end) = text.split_once('-').unwrap();
    Windows::between(parse_time_of_day(start).unwrap(), parse_time_of_day(end).unwrap()).unwrap()
}

/// Monday to Friday, Saturday, Sunday, holidays.
fn table(work: &str, sat: &str, sun: &str, holiday: Option<&str>) -> Week {
    let days = Weekday::ALL.map(|day| match day {
        Weekday::Sat => hours(sat),
        Weekday::Sun => hours(sun),
        _ => hours(work),
    });
    Week::new(days, holiday.map(hours))
}

/// The first instant from `t` on at which every table is open in every zone, within 31 days.
fn first_open(tables: &[&Week], zones: &[&str], t: &str) -> Option<Instant> {
    let (start, calendar) = (i(t), us_federal());
    let mut t = start;
    'again: loop {
        for (week, name) in tables.iter().flat_map(|week| zones.iter().map(move |name| (week, name))) {
            let (value, next) = week.eval(&z(name), t, Some(&calendar));
            if value != Some(true) {
                assert!(next > t);
                t = next;
                if t > start + Micros::DAY.times(31) {
                    return None;
                }
                continue 'again;
            }
        }
        return Some(t);
    }
}

/// All stretches of `[from, to)` in which the windows are open.
fn open(windows: &Windows, name: &str, from: &str, to: &str) -> Vec<(Instant, Instant)> {
    let (zone, to) = (z(name), i(to));
    let mut found: Vec<(Instant, Instant)> = Vec::new();
    let mut t = i(from);
    while t < to {
        let (value, next) = windows.eval(&zone, t);
        let next = next.min(to);
        match found.last_mut() {
            Some(last) if value && last.1 == t => last.1 = next,
            _ if value => found.push((t, next)),
            _ => {}
        }
        t = next;
    }
    found
}

#[test]
fn windows_around_transitions() {
    let (ny, lh) = ("America/New_York", "Australia/Lord_Howe");
    for (id, name, window, from, to, expected) in [
        (
            "W1",
            ny,
            "02:30-03:30",
            "2026-03-08T05:00:00Z",
            "2026-03-09T04:00:00Z",
            &["03-08T07:00/03-08T07:30"][..],
        ),
        (
            "W1",
            ny,
            "02:15-02:45",
            "2026-03-08T05:00:00Z",
            "2026-03-10T04:00:00Z",
            &["03-09T06:15/03-09T06:45"],
        ),
        (
            "W2",
            ny,
            "01:15-01:45",
            "2026-11-01T04:00:00Z",
            "2026-11-02T05:00:00Z",
            &["11-01T05:15/11-01T05:45", "11-01T06:15/11-01T06:45"],
        ),
        (
            "W5",
            ny,
            "22:00-06:00",
            "2026-10-31T16:00:00Z",
            "2026-11-01T20:00:00Z",
            &["11-01T02:00/11-01T11:00"],
        ),
        (
            "W7",
            lh,
            "01:30-01:45",
            "2026-04-04T13:00:00Z",
            "2026-04-05T13:30:00Z",
            &["04-04T14:30/04-04T14:45", "04-04T15:00/04-04T15:15"],
        ),
        (
            "W7",
            lh,
            "02:00-02:45",
            "2026-10-03T13:30:00Z",
            "2026-10-04T13:00:00Z",
            &["10-03T15:30/10-03T15:45"],
        ),
        ("W7", lh, "02:00-02:15", "2026-10-03T13:30:00Z", "2026-10-04T13:00:00Z", &[]),
        (
            "W16",
            "America/Santiago",
            "00:00-01:30",
            "2026-09-06T03:00:00Z",
            "2026-09-07T03:00:00Z",
            &["09-06T04:00/09-06T04:30"],
        ),
    ] {
        let expected: Vec<_> = expected
            .iter()
            .map(|stretch| stretch.split_once('/').unwrap())
            .map(|(a, b)| (i(&format!("2026-{a}:00Z")), i(&format!("2026-{b}:00Z"))))
            .collect();
        assert_eq!(open(&hours(window), name, from, to), expected, "{id} {window}");
    }
}

#[test]
fn first_openings() {
    let day = |window| table(window, window, window, None);
    let no_sunday_nor_holiday = |window| table(window, window, "", Some(""));
    let (ny, chi, den, la) = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles");
    let friday = Weekday::ALL.map(|day| hours(if day == Weekday::Fri { "09:00-17:00" } else { "" }));
    let friday = Week::new(friday, None);
    for (id, week, zones, t, expected) in [
        ("W3", day("08:00-21:00"), &[ny][..], "2026-03-07T22:00:00-05:00", Some("2026-03-08T12:00:00Z")),
        ("W4", day("08:00-21:00"), &[ny], "2026-10-31T21:00:00-04:00", Some("2026-11-01T13:00:00Z")),
        ("W6", day("08:00-21:00"), &[ny], "2026-07-01T20:59:59-04:00", Some("2026-07-02T00:59:59Z")),
        ("W6", day("08:00-21:00"), &[ny], "2026-07-01T21:00:00-04:00", Some("2026-07-02T12:00:00Z")),
        ("W8", friday, &["Pacific/Apia"], "2011-12-28T12:00:00-10:00", Some("2012-01-05T19:00:00Z")),
        (
            "W9",
            day("08:00-21:00"),
            &["Pacific/Apia"],
            "2011-12-29T21:30:00-10:00",
            Some("2011-12-30T18:00:00Z"),
        ),
        ("W10", day("08:00-21:00"), &[ny, la], "2026-07-01T08:00:00-04:00", Some("2026-07-01T15:00:00Z")),
        ("W11", day("09:00-10:00"), &[ny, "Asia/Tokyo"], "2026-07-01T08:00:00-04:00", None),
        ("W12", day("08:00-21:00"), &[ny, la], "2026-07-01T21:30:00-04:00", Some("2026-07-02T15:00:00Z")),
        (
            "W13",
            no_sunday_nor_holiday("08:00-20:00"),
            &[chi],
            "2026-12-24T20:00:00-06:00",
            Some("2026-12-26T14:00:00Z"),
        ),
        (
            "W14",
            no_sunday_nor_holiday("08:00-21:00"),
            &[den],
            "2026-11-25T21:00:00-07:00",
            Some("2026-11-27T15:00:00Z"),
        ),
        (
            "W16",
            day("20:00-24:00"),
            &["America/Santiago"],
            "2026-09-05T12:00:00-04:00",
            Some("2026-09-06T00:00:00Z"),
        ),
        (
            "W17",
            day("08:00-21:00"),
            &["America/Nuuk"],
            "2026-03-28T21:30:00-02:00",
            Some("2026-03-29T09:00:00Z"),
        ),
        (
            "W18",
            day("01:30-02:30"),
            &["Antarctica/Troll"],
            "2026-03-28T12:00:00Z",
            Some("2026-03-29T23:30:00Z"),
        ),
        (
            "W19",
            table("09:00-21:00", "09:00-21:00", "12:00-21:00", None),
            &[chi, den],
            "2026-07-04T21:00:00-05:00",
            Some("2026-07-05T18:00:00Z"),
        ),
        // Edition 2026e has British Columbia on summer time for good; older ones say 16:00Z.
        (
            "Z1",
            day("08:00-21:00"),
            &["America/Vancouver"],
            "2026-12-02T06:00:00Z",
            Some("2026-12-02T15:00:00Z"),
        ),
        (
            "H2",
            table("09:00-18:00", "10:00-17:00", "", Some("")),
            &[ny],
            "2026-07-02T18:00:00-04:00",
            Some("2026-07-06T13:00:00Z"),
        ),
    ] {
        assert_eq!(first_open(&[&week], zones, t), expected.map(i), "{id}");
    }
    let (not_sunday, only_sunday) =
        (table("08:00-21:00", "08:00-21:00", "", None), table("", "", "12:00-21:00", None));
    assert_eq!(first_open(&[&not_sunday, &only_sunday], &[chi], "2026-07-01T12:00:00-05:00"), None, "W15");
}

#[test]
fn unknown_without_a_calendar() {
    let (week, zone, calendar) =
        (table("08:00-21:00", "", "", Some("")), z("America/New_York"), us_federal());
    assert_eq!(week.eval(&zone, i("2026-07-01T16:00:00Z"), None), (None, i("2026-07-02T04:00:00Z")));
    let (value, next) = week.eval(&zone, i("2101-01-01T04:59:59Z"), Some(&calendar));
    assert_eq!((value, next), (Some(false), i("2101-01-01T05:00:00Z")));
    assert_eq!(week.eval(&zone, next, Some(&calendar)).0, None);
    // Without a holiday row, Christmas is a day like others.
    let week = table("08:00-21:00", "", "", None);
    assert_eq!(week.eval(&zone, i("2026-12-25T16:00:00Z"), Some(&calendar)).0, Some(true));
}

#[test]
fn constant_tables_never_change() {
    let zone = z("America/New_York");
    for (week, value) in [
        (table("", "", "", Some("")), Some(false)),
        (table("00:00-24:00", "00:00-24:00", "00:00-24:00", None), Some(true)),
        (table("00:00-24:00", "00:00-24:00", "00:00-24:00", Some("")), None),
        (table("08:00-21:00", "08:00-21:00", "08:00-21:00", None), None),
    ] {
        assert_eq!(week.constant(), value);
        if value.is_some() {
            assert_eq!(week.eval(&zone, i("2026-07-01T00:00:00Z"), None), (value, Instant::MAX));
        }
    }
}

#[test]
fn rows_are_sorted_merged_and_checked() {
    let rows = Windows::new([(20 * H, 24 * H), (8 * H, 12 * H), (10 * H, 13 * H), (13 * H, 14 * H)]).unwrap();
    assert_eq!(rows.rows(), [(8 * H, 14 * H), (20 * H, 24 * H)]);
    assert_eq!(Windows::new([(0, 12 * H), (12 * H, 24 * H)]).unwrap(), Windows::always());
    assert_eq!(Windows::between(22 * H, 0).unwrap().rows(), [(22 * H, 24 * H)]);
    assert_eq!(Windows::between(24 * H, 6 * H).unwrap().rows(), [(0, 6 * H)]);
    assert!(matches!(Windows::new([(H, H)]), Err(TimeError::EmptyWindow(_))));
    assert!(matches!(Windows::between(H, H), Err(TimeError::EmptyWindow(_))));
    assert!(matches!(Windows::between(24 * H, 0), Err(TimeError::EmptyWindow(_))));
    assert!(matches!(Windows::new([(22 * H, 6 * H)]), Err(TimeError::CrossesMidnight(..))));
    assert!(matches!(Windows::between(0, 24 * H + 1), Err(TimeError::NotATimeOfDay(_))));
    assert!(matches!(Windows::new((0..u32::MAX).map(|_| (0, 1))), Err(TimeError::TooManyWindows(..))));
    let error = Windows::new([(22 * H, 6 * H)]).unwrap_err();
    assert_eq!(error.to_string(), "the window from `22:00` to `06:00` crosses midnight: write two rows");
}

#[test]
fn times_of_day() {
    for (text, second) in [
        ("00:00", 0),
        ("08:30", 30_600),
        ("23:59:59", 86_399),
        ("24:00", DAY_SECONDS),
        ("24:00:00", DAY_SECONDS),
    ] {
        assert_eq!(parse_time_of_day(text), Ok(second), "{text}");
    }
    for text in ["", "8:00", "08", "08:60", "24:01", "24:00:01", "25:00", "08:00:60", "08:00:", "08:00Z"] {
        assert!(parse_time_of_day(text).is_err(), "{text}");
    }
}

fn any_windows() -> impl Strategy<Value = Windows> {
    prop_oneof![
        1 => Just(Windows::never()),
        1 => Just(Windows::always()),
        6 => proptest::collection::vec((0u32..96, 1u32..40), 1..4).prop_map(|rows| {
            Windows::new(rows.into_iter().map(|(a, n)| (a * 900, ((a + n) * 900).min(DAY_SECONDS)))).unwrap()
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Between an instant and its next change, minute by minute, nothing changes; and the change is not late.
    #[test]
    fn next_changes_are_sound(
        rows in proptest::array::uniform7(any_windows()),
        holiday in proptest::option::of(any_windows()),
        place in 0usize..10,
        back in 0i64..3_000,
    ) {
        let places = [
            ("America/New_York", "2026-03-08T07:00:00Z"),
            ("America/New_York", "2026-11-01T06:00:00Z"),
            ("America/New_York", "2026-12-25T05:00:00Z"),
            ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
            ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
            ("Pacific/Apia", "2011-12-30T10:00:00Z"),
            ("America/St_Johns", "2010-11-07T02:31:00Z"),
            ("America/Santiago", "2026-09-06T04:00:00Z"),
            ("America/Nuuk", "2026-03-29T01:00:00Z"),
            ("Antarctica/Troll", "2026-03-29T01:00:00Z"),
        ];
        let (name, around) = places.get(place).unwrap();
        let (zone, calendar, week) = (z(name), us_federal(), Week::new(rows, holiday));
        // By definition: the row of the date, the second of the wall clock.
        let slow = |t: Instant| {
            let date = zone.day(t);
            let row = week.holiday().filter(|_| calendar.is_holiday(date) == Ok(true));
            let row = row.unwrap_or(week.day(date.weekday()));
            let second = (zone.wall(t).rem_euclid(Micros::DAY.0) / Micros::SECOND.0) as u32;
            row.rows().iter().any(|(start, end)| (*start..*end).contains(&second))
        };
        let mut t = i(around) - Micros::MINUTE.times(back);
        let end = i(around) + Micros::DAY.times(2);
        let mut cursor = Segment::NONE;
        while t < end {
            let (value, next) = week.eval_from(&zone, t, Some(&calendar), &mut cursor);
            prop_assert!(next > t);
            let mut s = t;
            while s < next.min(end) {
                prop_assert_eq!(value, Some(slow(s)), "{} {}", name, s);
                s = s + Micros::MINUTE;
            }
            t = next;
        }
    }
}
