//! Points in time: whole microseconds since 1970-01-01Z, and their form in RFC 3339.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use super::date::{Date, date_in_range, scan_date};
use super::error::{TimeError, quoted};
use super::scan::Scan;
use super::zone::{Reading, Zone, zone};

/// An instant: whole microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Displays as canonical RFC 3339 in UTC: `2026-07-02T12:00:00Z`, a fraction only where it is not zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Instant(pub i64);

/// A length of elapsed time in microseconds. Days are of exactly 24 hours.
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
    /// # Errors
    /// [`TimeError::NoOffset`] for a local time, [`TimeError::NoSuchDate`] for the 30th of February,
    /// [`TimeError::NotAnInstant`] otherwise.
    pub fn parse(text: &str) -> Result<Instant, TimeError> {
        let (wall, offset) = scan_wall(text, text)?;
        let offset = offset.ok_or_else(|| TimeError::NoOffset(quoted(text)))?;
        Ok(Instant(wall - offset))
    }

    /// Reads what [`Instant::parse`] reads, and also a local time with its zone:
    /// `2026-07-01T20:30:00[America/New_York]`.
    ///
    /// # Errors
    /// Those of [`Instant::parse`]; [`TimeError::NoSuchZone`]; [`TimeError::Gap`] and [`TimeError::Fold`] where
    /// the zone's clocks never show that reading, or show it twice and no offset says which;
    /// [`TimeError::OffsetDisagrees`] where both are given (`…-04:00[America/New_York]`) and differ.
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

    /// RFC 3339 with the offset that the zone has at this instant: `2026-07-02T08:00:00-04:00`.
    ///
    /// RFC 3339 has no seconds in offsets, so under an old local mean time the result is in UTC.
    pub fn format_in(self, zone: &Zone) -> String {
        let seconds = zone.offset_seconds(self);
        if seconds % 60 != 0 {
            return self.to_string();
        }
        let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs() / 60);
        format!("{}{sign}{:02}:{:02}", Wall(zone.wall(self)), minutes / 60, minutes % 60)
    }

    /// The date in UTC.
    pub fn utc_date(self) -> Date {
        // An i64 of microseconds is at most 107 million days, so the cast loses nothing.
        Date(self.0.div_euclid(Micros::DAY.0) as i32)
    }
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

impl fmt::Display for Wall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, of_day) = (self.0.div_euclid(Micros::DAY.0), self.0.rem_euclid(Micros::DAY.0));
        let (seconds, micros) = (of_day / Micros::SECOND.0, of_day % Micros::SECOND.0);
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}", Date(date as i32))?;
        if micros == 0 {
            return Ok(());
        }
        let (mut digits, mut width) = (micros, 6);
        while digits % 10 == 0 {
            digits /= 10;
            width -= 1;
        }
        write!(f, ".{digits:0width$}")
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Z", Wall(self.0))
    }
}

impl FromStr for Instant {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Instant, TimeError> {
        Instant::parse(text)
    }
}
