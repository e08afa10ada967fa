//! Single JSON values: texts, instants, words of a choice, lengths of time, windows; and the errors for what is none.

use crate::error::{Error, quoted};
use crate::time::{Instant, TimeError, Windows, week};
use crate::value::{Amount, Unit};
use crate::wire::{Item, Json, Path};

/// An empty part would be read by one as everything and by another as nothing.
pub(crate) fn not_empty(json: &Json, path: &Path<'_>) -> Result<(), Error> {
    match json {
        Json::List(items) if items.is_empty() => {
            let error = Error::input(path, "a part of a scope that names nothing");
            Err(error.with_hint("leave it out to mean everything"))
        }
        _ => Ok(()),
    }
}

/// The error for a value of another kind.
pub(crate) fn expected(what: &str, json: &Json, path: &Path<'_>) -> Error {
    Error::input(path, format!("expected {what}, not {}", json.kind()))
}

/// The error for a key that nobody declared.
pub(crate) fn unknown_key<'a>(key: &str, path: &Path<'_>, keys: impl IntoIterator<Item = &'a str>) -> Error {
    Error::input(path, "nobody declared this key").suggest(key, keys)
}

pub(crate) fn text<'j>(json: &'j Json, what: &str, path: &Path<'_>) -> Result<&'j str, Error> {
    match json {
        Json::Text(text) => Ok(text),
        other => Err(expected(what, other, path)),
    }
}

pub(crate) fn instant(json: &Json, path: &Path<'_>) -> Result<Instant, Error> {
    time(Instant::parse(text(json, "a date and time", path)?), path)
}

/// A word of a choice, as its index.
pub(crate) fn choice(json: &Json, words: &[String], path: &Path<'_>) -> Result<u16, Error> {
    let word = text(json, "a text", path)?;
    let at = words.iter().position(|known| known == word).and_then(|at| u16::try_from(at).ok());
    at.ok_or_else(|| {
        let listed = words.iter().take(12).map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
        let error = Error::input(path, format!("`{}` is not one of {listed}", quoted(word)));
        error.suggest(word, words.iter().map(String::as_str))
    })
}

/// `24 hours`, `10 business days`.
pub(crate) fn amount(json: &Json, path: &Path<'_>) -> Result<Amount, Error> {
    let given = text(json, "a length of time", path)?;
    parse_amount(given).ok_or_else(|| {
        Error::input(path, format!("`{}` is not a length of time such as `24 hours`", quoted(given)))
    })
}

fn parse_amount(text: &str) -> Option<Amount> {
    let (number, unit) = text.split_once(' ')?;
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let unit = match unit.strip_suffix('s').unwrap_or(unit) {
        "second" => Unit::Second,
        "minute" => Unit::Minute,
        "hour" => Unit::Hour,
        "day" => Unit::Day,
        "local day" => Unit::LocalDay,
        "business day" => Unit::BusinessDay,
        "week" => Unit::Week,
        "month" => Unit::Month,
        "year" => Unit::Year,
        _ => return None,
    };
    Some(Amount { n: number.parse().ok()?, unit })
}

/// `[["09:00","12:00"],["13:00","20:00"]]`
pub(crate) fn windows(json: &Json, path: &Path<'_>) -> Result<Windows, Error> {
    let items = match json {
        Json::Null => return Ok(Windows::never()),
        Json::List(items) => items,
        other => return Err(expected("a list of windows", other, path)),
    };
    let mut rows = Vec::with_capacity(items.len().min(Windows::MOST + 1));
    for item in items {
        let at = path.index(item.at);
        let ends = match &item.json {
            Json::List(ends) => ends.as_slice(),
            other => return Err(expected("a window such as `[\"09:00\",\"20:00\"]`", other, &at)),
        };
        let [start, end] = ends else {
            return Err(Error::input(at, "a window has two ends, as in `[\"09:00\",\"20:00\"]`"));
        };
        let second = |end: &Item| time(week::parse_time_of_day(text(&end.json, "a time of day", &at)?), &at);
        rows.push((second(start)?, second(end)?));
    }
    time(Windows::new(rows), path)
}

pub(crate) fn time<T>(result: Result<T, TimeError>, path: &Path<'_>) -> Result<T, Error> {
    result.map_err(|error| Error::input(path, error.to_string()))
}
