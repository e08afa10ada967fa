//! Points in time: whole microseconds since 1970-01-01Z, and their form in RFC 3339.

use crate::of_a_room::of_a_room;
use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use super::date::{Date, date_in_range, scan_date};
use super::error::{TimeError, quoted};
use super::scan::Scan;
use super::zone::Zone;
#[cfg(feature = "tzdb")]
use super::zone::{Reading, zone};

/// An instant: whole microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Displays as canonical RFC 3339 in UTC: `2026-07-02T12:00:00Z`, a fraction only where it is not zero.
///
/// ```
/// use byleave::Instant;
/// let at = Instant::parse("2026-07-01T22:30:00-04:00").unwrap();
/// assert_eq!(at.to_string(), "2026-07-02T02:30:00Z");
/// assert!(at < "2026-07-02T12:00:00Z".parse().unwrap());
/// ```
///
/// The field is microseconds, and not the seconds or milliseconds that most programs count: [`Instant::from_unix_seconds`] and
/// [`Instant::from_unix_millis`] say which is meant, and a `SystemTime` is taken by `try_from`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Instant(pub i64);

/// A length of elapsed time in microseconds. Days are of exactly 24 hours.
///
/// ```
/// use byleave::Instant;
/// use byleave::native::Micros;
/// let noon = Instant::parse("2026-07-01T12:00:00Z").unwrap();
/// assert_eq!((noon + Micros::HOUR.times(2)).to_string(), "2026-07-01T14:00:00Z");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Micros(pub i64);

impl Micros {
    /// One second.
    pub const SECOND: Micros = Micros(1_000_000);
    /// One minute.
    pub const MINUTE: Micros = Micros(60 * Micros::SECOND.0);
    /// One hour.
    pub const HOUR: Micros = Micros(60 * Micros::MINUTE.0);
    /// 24 hours.
    pub const DAY: Micros = Micros(24 * Micros::HOUR.0);

    /// `n` times this length; at the end of the range it stays there.
    ///
    /// ```
    /// use byleave::native::Micros;
    /// assert_eq!(Micros::MINUTE.times(60), Micros::HOUR);
    /// ```
    #[must_use]
    pub const fn times(self, n: i64) -> Micros {
        Micros(self.0.saturating_mul(n))
    }
}

impl Add<Micros> for Instant {
    type Output = Instant;
    /// Saturates at the ends of the range.
    fn add(self, length: Micros) -> Instant {
        Instant(self.0.saturating_add(length.0))
    }
}

impl Sub<Micros> for Instant {
    type Output = Instant;
    /// Saturates at the ends of the range.
    fn sub(self, length: Micros) -> Instant {
        Instant(self.0.saturating_sub(length.0))
    }
}

impl Instant {
    /// The end of time; as the time of a next change: never.
    pub const MAX: Instant = Instant(i64::MAX);
    /// The beginning of time.
    pub const MIN: Instant = Instant(i64::MIN);

    /// Reads an RFC 3339 date and time with its offset, years 0001 to 9999.
    ///
    /// A fraction finer than a microsecond is floored, which can only turn an order into a tie. A leap second
    /// (`:60`) reads as `:59`. `T` and `Z` may be small letters, and a space may stand for `T`.
    ///
    /// ```
    /// use byleave::{Instant, TimeError};
    /// assert_eq!(Instant::parse("1970-01-01T00:00:01Z"), Ok(Instant(1_000_000)));
    /// assert!(matches!(Instant::parse("2026-07-01T20:30:00"), Err(TimeError::NoOffset(_))));
    /// ```
    ///
    /// # Errors
    /// [`TimeError::NoOffset`] for a local time, [`TimeError::NoSuchDate`] for the 30th of February,
    /// [`TimeError::NotAnInstant`] otherwise.
    pub fn parse(text: &str) -> Result<Instant, TimeError> {
        if let Some(usual) = usual(text.as_bytes()) {
            return Ok(usual);
        }
        let (wall, offset) = scan_wall(text, text)?;
        let offset = offset.ok_or_else(|| TimeError::NoOffset(quoted(text)))?;
        Ok(Instant(wall - offset))
    }

    /// Reads what [`Instant::parse`] reads, and also a local time with its zone:
    /// `2026-07-01T20:30:00[America/New_York]`.
    ///
    /// ```
    /// use byleave::{Instant, TimeError};
    /// let evening = Instant::parse_zoned("2026-07-01T20:30:00[America/New_York]").unwrap();
    /// assert_eq!(evening.to_string(), "2026-07-02T00:30:00Z");
    /// // An hour that the clocks showed twice.
    /// assert!(matches!(Instant::parse_zoned("2026-11-01T01:30:00[America/New_York]"), Err(TimeError::Fold(_))));
    /// ```
    ///
    /// # Errors
    /// Those of [`Instant::parse`]; [`TimeError::NoSuchZone`]; [`TimeError::Gap`] and [`TimeError::Fold`] where
    /// the zone's clocks never show that reading, or show it twice and no offset says which;
    /// [`TimeError::OffsetDisagrees`] where both are given (`…-04:00[America/New_York]`) and differ.
    #[cfg(feature = "tzdb")]
    pub fn parse_zoned(text: &str) -> Result<Instant, TimeError> {
        let Some((local, name)) = text.strip_suffix(']').and_then(|text| text.split_once('[')) else {
            return Instant::parse(text);
        };
        let (wall, offset) = scan_wall(local, text)?;
        let zone = zone(name).ok_or_else(|| TimeError::NoSuchZone(quoted(name)))?;
        match (offset, zone.instant_of_wall_micros(wall)) {
            (Some(offset), _) => {
                let t = Instant(wall - offset);
                let agrees = zone.segment(t).offset() == offset;
                if agrees { Ok(t) } else { Err(TimeError::OffsetDisagrees(quoted(text))) }
            }
            (None, Reading::Unique(t)) => Ok(t),
            (None, Reading::Gap) => Err(TimeError::Gap(quoted(text))),
            (None, Reading::Fold(..)) => Err(TimeError::Fold(quoted(text))),
        }
    }

    of_a_room! {
        /// RFC 3339 with the offset that the zone has at this instant: `2026-07-02T08:00:00-04:00`.
        ///
        /// RFC 3339 has no seconds in offsets, so under an old local mean time the result is in UTC.
        pub fn format_in(self, zone: &Zone) -> String {
            let seconds = zone.offset_seconds(self);
            if seconds % 60 != 0 {
                return self.to_string();
            }
            let (sign, minutes) = (if seconds < 0 { b'-' } else { b'+' }, seconds.unsigned_abs() / 60);
            let ([a, b], [c, d]) = (two(i64::from(minutes / 60)), two(i64::from(minutes % 60)));
            let mut text = String::with_capacity(32);
            // Writing to a string cannot fail.
            let _ = Wall(zone.wall(self)).write(&mut text);
            let _ = write_ascii(&mut text, &[sign, a, b, b':', c, d]);
            text
        }
    }

    /// The date in UTC.
    ///
    /// ```
    /// use byleave::Instant;
    /// assert_eq!(Instant::parse("2026-07-01T22:30:00-04:00").unwrap().utc_date().to_string(), "2026-07-02");
    /// ```
    pub fn utc_date(self) -> Date {
        // An i64 of microseconds is at most 107 million days, so the cast loses nothing.
        Date(self.0.div_euclid(Micros::DAY.0) as i32)
    }
}

/// The form in which most instants come, whole seconds in UTC, at a glance; whatever else there is, right or wrong, is left to
/// the scan.
fn usual(text: &[u8]) -> Option<Instant> {
    let [y, e, a, r, b'-', m, o, b'-', d, t, b'T', h, i, b':', n, u, b':', s, c, b'Z'] = *text else {
        return None;
    };
    let digits = [y, e, a, r, m, o, d, t, h, i, n, u, s, c];
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let two = |tens: u8, ones: u8| (tens - b'0') * 10 + (ones - b'0');
    let year = i32::from(two(y, e)) * 100 + i32::from(two(a, r));
    let date = date_in_range(year, two(m, o), two(d, t))?;
    let (hour, minute, second) = (two(h, i), two(n, u), two(s, c));
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let of_day = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second.min(59));
    Some(Instant((i64::from(date.0) * 86_400 + of_day) * Micros::SECOND.0))
}

/// A clock reading and its offset, if it has one, both in microseconds. `whole` is quoted in errors.
fn scan_wall(text: &str, whole: &str) -> Result<(i64, Option<i64>), TimeError> {
    let mut scan = Scan::new(text);
    let form = scan_fields(&mut scan).filter(|_| scan.is_done());
    let ((year, month, day), (hour, minute, second), micros, offset) =
        form.ok_or_else(|| TimeError::NotAnInstant(quoted(whole)))?;
    let date = date_in_range(year, month, day).filter(|_| hour < 24 && minute < 60 && second <= 60);
    let date = date.ok_or_else(|| TimeError::NoSuchDate(quoted(whole)))?;
    // Years up to 9999 leave the sum far from the ends of an i64.
    let seconds = i64::from(date.0) * 86_400
        + i64::from(hour) * 3_600
        + i64::from(minute) * 60
        + i64::from(second.min(59));
    Ok((seconds * Micros::SECOND.0 + micros, offset))
}

type Fields = ((i32, u8, u8), (u8, u8, u8), i64, Option<i64>);

fn scan_fields(scan: &mut Scan<'_>) -> Option<Fields> {
    let date = scan_date(scan)?;
    scan.one_of(b"Tt ")?;
    let hour = scan.two()?;
    scan.one_of(b":")?;
    let minute = scan.two()?;
    scan.one_of(b":")?;
    let second = scan.two()?;
    let mut micros = 0i64;
    if scan.one_of(b".").is_some() {
        let mut unit = Micros::SECOND.0 / 10;
        micros = i64::from(scan.digit()?) * unit;
        while let Some(digit) = scan.digit() {
            // Zero from the seventh digit on: the fraction is added forwards, so dropping digits floors.
            unit /= 10;
            micros += i64::from(digit) * unit;
        }
    }
    let offset = match scan.one_of(b"Zz+-") {
        None => None,
        Some(b'Z' | b'z') => Some(0),
        Some(sign) => {
            let hours = scan.two().filter(|hours| *hours < 24)?;
            scan.one_of(b":")?;
            let minutes = scan.two().filter(|minutes| *minutes < 60)?;
            let offset = Micros::MINUTE.0 * (i64::from(hours) * 60 + i64::from(minutes));
            Some(if sign == b'-' { -offset } else { offset })
        }
    };
    Some((date, (hour, minute, second), micros, offset))
}

/// A clock reading, written without offset.
struct Wall(i64);

impl Wall {
    /// Digit by digit where the year has four, because `until` and `valid_until` are written with every answer.
    fn write(&self, out: &mut impl fmt::Write) -> fmt::Result {
        let (date, of_day) = (self.0.div_euclid(Micros::DAY.0), self.0.rem_euclid(Micros::DAY.0));
        let (seconds, micros) = (of_day / Micros::SECOND.0, of_day % Micros::SECOND.0);
        let date = Date(date as i32);
        match date.ymd() {
            (year @ 0..=9999, month, day) => {
                let ([c, d], [e, f]) = (two(i64::from(year) / 100), two(i64::from(year) % 100));
                let ([g, h], [i, j]) = (two(i64::from(month)), two(i64::from(day)));
                write_ascii(out, &[c, d, e, f, b'-', g, h, b'-', i, j])?;
            }
            _ => write!(out, "{date}")?,
        }
        let ([a, b], [c, d]) = (two(seconds / 3_600), two(seconds / 60 % 60));
        let [e, f] = two(seconds % 60);
        write_ascii(out, &[b'T', a, b, b':', c, d, b':', e, f])?;
        if micros == 0 {
            return Ok(());
        }
        let (mut digits, mut width) = (micros, 6);
        while digits % 10 == 0 {
            digits /= 10;
            width -= 1;
        }
        write!(out, ".{digits:0width$}")
    }
}

/// Two digits of a number from 0 to 99.
fn two(n: i64) -> [u8; 2] {
    [b'0' + (n / 10) as u8, b'0' + (n % 10) as u8]
}

fn write_ascii(out: &mut impl fmt::Write, bytes: &[u8]) -> fmt::Result {
    out.write_str(std::str::from_utf8(bytes).map_err(|_| fmt::Error)?)
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Wall(self.0).write(f)?;
        f.write_str("Z")
    }
}

impl FromStr for Instant {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Instant, TimeError> {
        Instant::parse(text)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn i(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn read_and_written() {
        for (text, written) in [
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
            ("2026-07-01T20:30:00-04:00", "2026-07-02T00:30:00Z"),
            ("2026-07-01t20:30:00.5z", "2026-07-01T20:30:00.5Z"),
            ("2026-07-01 20:30:00.120000Z", "2026-07-01T20:30:00.12Z"),
            ("2026-07-01T20:30:00.0000019Z", "2026-07-01T20:30:00.000001Z"),
            ("1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.999999Z"),
            ("1969-12-31T23:59:59.0000001Z", "1969-12-31T23:59:59Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
            ("2026-07-01T00:00:00-00:00", "2026-07-01T00:00:00Z"),
            ("0001-01-01T00:00:00+14:00", "0000-12-31T10:00:00Z"),
            ("9999-12-31T23:59:59.999999-23:59", "+10000-01-01T23:58:59.999999Z"),
        ] {
            assert_eq!(i(text).to_string(), written, "{text}");
        }
        assert_eq!(i("1969-12-31T23:59:59.9999999Z"), Instant(-1));
        assert_eq!(Instant::MAX.to_string(), "+294247-01-10T04:00:54.775807Z");
        assert_eq!(Instant::MIN.to_string(), "-290308-12-21T19:59:05.224192Z");
    }

    #[test]
    fn refused() {
        for text in ["2026-07-01T20:30:00", "2026-07-01T20:30:00.25"] {
            assert!(matches!(Instant::parse(text), Err(TimeError::NoOffset(_))), "{text}");
        }
        for text in
            ["2026-02-30T00:00:00Z", "2026-07-01T24:00:00Z", "2026-07-01T00:60:00Z", "0000-01-01T00:00:00Z"]
        {
            assert!(matches!(Instant::parse(text), Err(TimeError::NoSuchDate(_))), "{text}");
        }
        for text in [
            "",
            "2026-07-01",
            "2026-07-01T20:30Z",
            "2026-07-01T20:30:00.Z",
            "2026-07-01T20:30:00+0400",
            "2026-07-01T20:30:00+24:00",
            "2026-07-01T20:30:00+04:60",
            "2026-07-01T20:30:00Z ",
            " 2026-07-01T20:30:00Z",
            "2026-07-01T20:30:00Z[UTC]",
            "12026-07-01T20:30:00Z",
            "1751400000",
        ] {
            assert!(matches!(Instant::parse(text), Err(TimeError::NotAnInstant(_))), "{text}");
        }
        let long = Instant::parse(&"9".repeat(1_000_000)).unwrap_err().to_string();
        assert!(long.chars().count() < 160, "{long}");
    }

    #[test]
    fn with_a_zone_in_brackets() {
        let ny = |text: &str| Instant::parse_zoned(&format!("{text}[America/New_York]"));
        assert_eq!(ny("2026-07-01T20:30:00"), Ok(i("2026-07-02T00:30:00Z")));
        assert_eq!(ny("2026-07-01T20:30:00-04:00"), Ok(i("2026-07-02T00:30:00Z")));
        assert_eq!(ny("2026-11-01T01:30:00-05:00"), Ok(i("2026-11-01T06:30:00Z")));
        assert!(matches!(ny("2026-07-01T20:30:00-05:00"), Err(TimeError::OffsetDisagrees(_))));
        assert!(matches!(ny("2026-07-01T20:30:00Z"), Err(TimeError::OffsetDisagrees(_))));
        assert!(matches!(ny("2026-11-01T01:30:00"), Err(TimeError::Fold(_))));
        assert!(matches!(ny("2026-03-08T02:30:00"), Err(TimeError::Gap(_))));
        assert!(matches!(ny("2026-07-01"), Err(TimeError::NotAnInstant(_))));
        let nowhere = Instant::parse_zoned("2026-07-01T20:30:00[Nowhere]").unwrap_err();
        assert_eq!(nowhere.to_string(), "no time zone is called `Nowhere`");
        assert_eq!(Instant::parse_zoned("2026-07-01T20:30:00Z"), Ok(i("2026-07-01T20:30:00Z")));
        assert!(matches!(Instant::parse_zoned("2026-07-01T20:30:00"), Err(TimeError::NoOffset(_))));
        assert!(Instant::parse_zoned("]").is_err() && Instant::parse_zoned("[]").is_err());
    }

    #[test]
    fn written_in_a_zone() {
        for (t, name, written) in [
            ("2026-07-02T12:00:00Z", "America/New_York", "2026-07-02T08:00:00-04:00"),
            ("2026-11-01T06:30:00.25Z", "America/New_York", "2026-11-01T01:30:00.25-05:00"),
            ("2026-07-02T12:00:00Z", "Asia/Kathmandu", "2026-07-02T17:45:00+05:45"),
            ("2026-07-02T12:00:00Z", "UTC", "2026-07-02T12:00:00+00:00"),
            ("1880-01-01T00:00:00Z", "America/New_York", "1880-01-01T00:00:00Z"),
        ] {
            assert_eq!(i(t).format_in(&zone(name).unwrap()), written);
        }
    }

    #[test]
    fn lengths_saturate() {
        assert_eq!(Instant::MAX + Micros::DAY, Instant::MAX);
        assert_eq!(Instant::MIN - Micros::DAY, Instant::MIN);
        assert_eq!(Micros::DAY.times(i64::MAX), Micros(i64::MAX));
    }

    proptest! {
        #[test]
        fn written_instants_read_back(t in -62_135_596_800_000_000i64..253_402_300_800_000_000) {
            prop_assert_eq!(Instant::parse(&Instant(t).to_string()), Ok(Instant(t)));
            let there = zone("America/St_Johns").unwrap();
            let written = Instant(t).format_in(&there);
            // At the very start of year 1 the local reading is of year 0, which is not admitted.
            if !written.starts_with("0000") {
                prop_assert_eq!(Instant::parse(&written), Ok(Instant(t)));
            }
        }

        #[test]
        fn any_instant_can_be_written(t in any::<i64>()) {
            prop_assert!(Instant(t).to_string().ends_with('Z'));
        }

        #[test]
        fn parsing_never_panics(text in "[0-9TZ:.+\\-\\[\\]é]{0,40}") {
            let _ = (Instant::parse(&text), Instant::parse_zoned(&text));
        }
    }
}
