//! The hours that several weeks have in common, as a request writes weeks.

use crate::error::{Error, Result};
use crate::merge::read::list;
use byleave::wire::Json;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Seconds of a day.
const DAY: u32 = 86_400;

/// From and to, in seconds of the day.
type Windows = Vec<(u32, u32)>;

struct Week {
    days: Vec<Windows>,
    holiday: Option<Windows>,
    calendar: Option<String>,
}

/// What all weeks have in common, and whether that is no hour at all. Nothing where it cannot be said as one week: two calendars
/// of holidays, or holidays without any.
pub(super) fn common(weeks: &[&Json], path: &str) -> Result<Option<(Json, bool)>> {
    let weeks = weeks.iter().map(|json| read(json, path)).collect::<Result<Vec<Week>>>()?;
    let mut calendars: Vec<&String> = weeks.iter().filter_map(|it| it.calendar.as_ref()).collect();
    calendars.sort();
    calendars.dedup();
    if calendars.len() > 1 || weeks.iter().any(|it| it.holiday.is_some() && it.calendar.is_none()) {
        return Ok(None);
    }
    let whole = || vec![(0, DAY)];
    let mut out: Vec<(&str, Json)> = Vec::new();
    for (n, day) in DAYS.into_iter().enumerate() {
        let open = weeks.iter().filter_map(|it| it.days.get(n)).fold(whole(), |a, b| both(&a, b));
        if !open.is_empty() {
            out.push((day, written(&open)));
        }
    }
    let empty = out.is_empty();
    if let Some(calendar) = calendars.first() {
        // Where holidays are days like others, a holiday may fall on any of the seven.
        let holiday = weeks.iter().fold(whole(), |open, it| match &it.holiday {
            Some(holiday) => both(&open, holiday),
            None => it.days.iter().fold(open, |a, b| both(&a, b)),
        });
        out.push(("calendar", Json::Text((*calendar).clone())));
        out.push(("holiday", written(&holiday)));
    }
    out.sort_by_key(|(key, _)| *key);
    Ok(Some((Json::Map(out.into_iter().map(|(key, json)| (key.to_owned(), json)).collect()), empty)))
}

fn read(json: &Json, path: &str) -> Result<Week> {
    let Json::Map(entries) = json else {
        return Err(Error::input(path, format!("expected a week, not {}", json.kind())));
    };
    let mut out = Week { days: vec![Vec::new(); DAYS.len()], holiday: None, calendar: None };
    for (key, json) in entries {
        let at = format!("{path}.{key}");
        match (DAYS.iter().position(|day| day == key), key.as_str(), json) {
            (Some(n), _, _) => {
                if let Some(day) = out.days.get_mut(n) {
                    *day = windows(json, &at)?;
                }
            }
            (None, "holiday", _) => out.holiday = Some(windows(json, &at)?),
            (None, "calendar", Json::Null) => {}
            (None, "calendar", Json::Text(name)) => out.calendar = Some(name.clone()),
            _ => return Err(Error::input(at, "a week has no such key")),
        }
    }
    Ok(out)
}

fn windows(json: &Json, path: &str) -> Result<Windows> {
    let wrong = || Error::input(path, "expected windows such as [[\"09:00\", \"20:00\"]]");
    let items = match json {
        Json::Null => return Ok(Vec::new()),
        Json::List(items) => items,
        _ => return Err(wrong()),
    };
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        let Json::List(ends) = &item.json else { return Err(wrong()) };
        let [from, to] = ends.as_slice() else { return Err(wrong()) };
        let (from, to) = (time(&from.json).ok_or_else(wrong)?, time(&to.json).ok_or_else(wrong)?);
        if from >= to {
            return Err(Error::input(path, "a window ends after it begins"));
        }
        out.push((from, to));
    }
    // Windows that touch are one.
    out.sort_unstable();
    let mut whole: Windows = Vec::with_capacity(out.len());
    for (from, to) in out {
        match whole.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => whole.push((from, to)),
        }
    }
    Ok(whole)
}

/// `09:00` or `09:00:30`, up to `24:00`.
fn time(json: &Json) -> Option<u32> {
    let Json::Text(text) = json else { return None };
    let mut parts = text.split(':').map(|part| {
        let two = part.len() == 2 && part.bytes().all(|it| it.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| two)
    });
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = match parts.next() {
        None => 0,
        Some(second) => second?,
    };
    let of_day = hour * 3_600 + minute * 60 + second;
    (parts.next().is_none() && minute < 60 && second < 60 && of_day <= DAY).then_some(of_day)
}

fn both(a: &Windows, b: &Windows) -> Windows {
    let mut out = Windows::new();
    for (from, to) in a {
        for (start, end) in b {
            let window = (*from.max(start), *to.min(end));
            if window.0 < window.1 {
                out.push(window);
            }
        }
    }
    out.sort_unstable();
    out
}

fn written(windows: &Windows) -> Json {
    let clock = |at: u32| {
        let (hour, minute, second) = (at / 3_600, at / 60 % 60, at % 60);
        Json::Text(if second == 0 {
            format!("{hour:02}:{minute:02}")
        } else {
            format!("{hour:02}:{minute:02}:{second:02}")
        })
    };
    list(windows.iter().map(|(from, to)| list(vec![clock(*from), clock(*to)])).collect())
}
