//! Days, months and their texts.
#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

fn d(text: &str) -> Date {
    Date::parse(text).unwrap()
}

#[test]
fn known_days() {
    assert_eq!(d("1970-01-01"), Date(0));
    assert_eq!(d("2000-02-29").0, 11_016);
    assert_eq!(d("0001-01-01").0, -719_162);
    assert_eq!(d("9999-12-31").0, 2_932_896);
    assert_eq!(d("2026-07-04").weekday(), Weekday::Sat);
    assert_eq!(Date(-1).weekday(), Weekday::Wed);
    assert_eq!(Date(i32::MAX).to_string(), "+5881580-07-11");
    assert_eq!(Date(i32::MIN).to_string(), "-5877641-06-23");
}

#[test]
fn refused() {
    for text in ["2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01"] {
        assert!(matches!(Date::parse(text), Err(TimeError::NoSuchDate(_))), "{text}");
    }
    for text in ["", "2026", "2026-1-1", "2026-01-01x", "+2026-01-01", "２026-01-01", "2026/01/01"] {
        assert!(matches!(Date::parse(text), Err(TimeError::NotADate(_))), "{text}");
    }
    assert!(PartialDate::parse("2026-1").is_err() && PartialDate::parse("2026-13").is_err());
    assert!(PartialDate::parse("20260").is_err() && PartialDate::parse("").is_err());
}

#[test]
fn months() {
    for (from, n, down, up) in [
        ("2025-02-28", 18, "2026-08-28", "2026-08-28"),
        ("2025-11-30", 3, "2026-02-28", "2026-03-01"),
        ("2024-02-29", 12, "2025-02-28", "2025-03-01"),
        ("2026-01-31", 1, "2026-02-28", "2026-03-01"),
        ("2026-05-31", 3, "2026-08-31", "2026-08-31"),
        ("2026-12-31", 2, "2027-02-28", "2027-03-01"),
        ("2026-03-31", -1, "2026-02-28", "2026-03-01"),
        ("2008-02-29", 216, "2026-02-28", "2026-03-01"),
    ] {
        assert_eq!((d(from).add_months_down(n), d(from).add_months_up(n)), (d(down), d(up)), "{from} {n}");
    }
    assert_eq!(d("2026-01-31").add_months_up(i64::MAX), Date(i32::MAX));
    assert_eq!(d("2026-01-31").add_months_down(i64::MIN), Date(i32::MIN));
}

#[test]
fn partial() {
    for (text, lo, hi) in [
        ("2008", "2008-01-01", "2008-12-31"),
        ("2008-02", "2008-02-01", "2008-02-29"),
        ("2008-02-29", "2008-02-29", "2008-02-29"),
    ] {
        let partial = PartialDate::parse(text).unwrap();
        assert_eq!(partial, PartialDate { lo: d(lo), hi: d(hi) });
        assert_eq!(partial.to_string(), text);
    }
}

#[test]
fn weeks_and_names() {
    assert_eq!(d("2026-07-04").week_start(Weekday::Mon), d("2026-06-29"));
    assert_eq!(d("2026-07-04").week_start(Weekday::Sun), d("2026-06-28"));
    assert_eq!(d("2026-07-04").week_start(Weekday::Sat), d("2026-07-04"));
    assert_eq!(Weekday::parse("mon"), Some(Weekday::Mon));
    assert_eq!(Weekday::parse("Sunday"), Some(Weekday::Sun));
    assert_eq!(Weekday::parse("su"), None);
}

proptest! {
    #[test]
    fn every_day_has_one_name(day in any::<i32>()) {
        let (year, month, of_month) = Date(day).ymd();
        prop_assert_eq!(Date::from_ymd(year, month, of_month), Some(Date(day)));
    }

    #[test]
    fn written_days_read_back(day in -719_162i32..=2_932_896) {
        prop_assert_eq!(Date::parse(&Date(day).to_string()), Ok(Date(day)));
    }

    #[test]
    fn months_are_monotone_and_ordered(a in -800_000i32..3_000_000, b in -800_000i32..3_000_000, n in -50i64..400) {
        let (a, b) = (Date(a.min(b)), Date(a.max(b)));
        prop_assert!(a.add_months_down(n) <= b.add_months_down(n));
        prop_assert!(a.add_months_up(n) <= b.add_months_up(n));
        prop_assert!(a.add_months_down(n) <= a.add_months_up(n));
    }

    #[test]
    fn parsing_never_panics(text in "\\PC{0,12}") {
        let _ = (Date::parse(&text), PartialDate::parse(&text), Weekday::parse(&text));
    }
}
