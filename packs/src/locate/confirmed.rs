//! Whether a confirmed place may stand alone: it was confirmed in the twelve months before the contact, it names a place that
//! there is, and its parts agree.

use super::{Confirmed, places};
use byleave::Instant;
use byleave::native::Micros;

/// What a confirmation is worth.
pub(super) enum Standing {
    /// The person is there, and nowhere else.
    Alone { place: Option<String>, zones: Vec<String>, kind: &'static str },
    /// No place at all.
    Missing,
    /// An address like any other; `known` unless the person may be in places that it does not tell.
    OnFile { place: Option<String>, zones: Vec<String>, known: bool, kind: &'static str },
}

pub(super) fn sentence(kind: &str) -> &'static str {
    match kind {
        "confirmed" => "the place was confirmed in the twelve months before the contact, and stands alone",
        "no_zone" => "the place was confirmed, and is in no time zone of the United States",
        "stale" => "the place was confirmed more than twelve months before the contact",
        "ahead" => "the place is said to have been confirmed after the contact",
        "undated" => "when the place was confirmed, or when the contact is to be, is not known",
        "contradiction" => "the confirmed time zone is none of the confirmed state's",
        _ => "the confirmed place is no state of the United States, and no time zone of a place",
    }
}

pub(super) fn judge(it: &Confirmed<'_>, at: Option<&str>) -> Standing {
    let state = given(it.state).map(places::state);
    let place = state.iter().flatten().find_map(|it| it.jurisdiction).map(str::to_owned);
    let zone = given(it.time_zone).map(named);
    let of_state = || state.iter().flatten().flat_map(|it| &it.zones).map(|it| (*it).to_owned());
    let mut zones: Vec<String> = zone.iter().flatten().cloned().collect();
    if zones.is_empty() {
        zones.extend(of_state());
    }

    if state.is_none() && zone.is_none() {
        return Standing::Missing;
    }
    if matches!(state, Some(None)) || matches!(zone, Some(None)) {
        zones.extend(of_state());
        return Standing::OnFile { place, zones, known: false, kind: "unreadable" };
    }
    if let (Some(Some(state)), Some(Some(zone))) = (&state, &zone)
        && !places::stands_for(zone).is_some_and(|it| state.zones.contains(&it))
    {
        zones.extend(of_state());
        return Standing::OnFile { place, zones, known: false, kind: "contradiction" };
    }
    let known = !zones.is_empty();
    match standing(it.on, at) {
        Some("confirmed") if known => Standing::Alone { place, zones, kind: "confirmed" },
        Some("confirmed") => Standing::Alone { place, zones, kind: "no_zone" },
        kind => {
            zones.extend(of_state());
            Standing::OnFile { place, zones, known, kind: kind.unwrap_or("undated") }
        }
    }
}

/// What is on file, where that is more than spaces.
pub(super) fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|it| !it.trim().is_empty())
}

/// A time zone of a place, by name. `UTC`, `EST` and the like are what a server says that was never asked; whether there is a
/// zone of that name, the engine sees to.
fn named(text: &str) -> Option<String> {
    let text = text.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    let of_a_place = text.contains('/') && !text.get(..4).is_some_and(|it| it.eq_ignore_ascii_case("etc/"));
    let good =
        text.len() <= 64 && text.chars().all(plain) && (of_a_place || places::stands_for(text).is_some());
    good.then(|| text.to_owned())
}

/// Whether the contact is within twelve months of the confirmation; nothing if either is not dated.
///
/// Where a day depends on who asks, the day is taken that leaves the shorter time.
fn standing(on: Option<&str>, at: Option<&str>) -> Option<&'static str> {
    let (on, _) = days(on?)?;
    let (_, at) = days(at?)?;
    if on > at {
        return Some("ahead");
    }
    Some(if at <= a_year_after(&on)? { "confirmed" } else { "stale" })
}

/// The earliest and the latest date that it is anywhere at that instant; of a date, that date. As text, which has the order of
/// the dates.
fn days(text: &str) -> Option<(String, String)> {
    let text = text.trim();
    if let Ok(at) = Instant::parse(&format!("{text}T00:00:00Z")) {
        let day = day(at)?;
        return Some((day.clone(), day));
    }
    let at = Instant::parse(text).ok()?;
    Some((day(at - Micros::HOUR.times(12))?, day(at + Micros::HOUR.times(14))?))
}

fn day(at: Instant) -> Option<String> {
    at.to_string().get(..10).map(str::to_owned)
}

/// The last day that is within twelve months of that one; of the 29th of February, the 28th.
fn a_year_after(day: &str) -> Option<String> {
    let (year, rest) = (day.get(..4)?, day.get(4..)?);
    let year: u32 = year.parse().ok()?;
    let rest = if rest == "-02-29" { "-02-28" } else { rest };
    Some(format!("{:04}{rest}", year + 1))
}
