//! Words for instants, kinds, values: what an officer says, not what a program says.

use byleave::time::{Instant, Zone, zone};
use byleave::wire::decision::ReasonKind;
use serde_json::Value;
use std::sync::Arc;

/// The recipient's clocks, as the request names them.
#[derive(Clone, Debug, Default)]
pub struct Clocks {
    zones: Vec<Arc<Zone>>,
}

/// The most zones that a page tells the time in.
const MOST: usize = 3;

impl Clocks {
    /// Those of the recipient, else of the person.
    pub fn of(request: &Value) -> Clocks {
        let named = |who: &str| match request.pointer(&format!("/{who}/time_zones")) {
            Some(Value::String(name)) => vec![name.clone()],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let mut names = named("recipient");
        if names.is_empty() {
            names = named("person");
        }
        names.sort();
        names.dedup();
        Clocks { zones: names.iter().filter_map(|name| zone::zone(name)).take(MOST).collect() }
    }

    /// `Thursday 2 July 2026, 08:00 (America/New_York)`; in several zones, each.
    pub fn tell(&self, text: &str) -> String {
        let Ok(at) = Instant::parse(text) else { return text.to_owned() };
        let one = |it: &Arc<Zone>| spoken(&at.format_in(it));
        let mut told: Vec<(String, String, String)> = self
            .zones
            .iter()
            .filter_map(|it| one(it).map(|(day, time)| (day, time, it.name().to_owned())))
            .collect();
        if told.is_empty() {
            told.extend(spoken(&at.to_string()).map(|(day, time)| (day, time, "UTC".to_owned())));
        }
        let mut words = String::new();
        let mut before: Option<&str> = None;
        for (day, time, name) in &told {
            match before {
                None => words.push_str(&format!("{day}, {time} ({name})")),
                Some(same) if same == day => words.push_str(&format!(", {time} ({name})")),
                Some(_) => words.push_str(&format!("; {day}, {time} ({name})")),
            }
            before = Some(day);
        }
        if words.is_empty() { text.to_owned() } else { words }
    }
}

impl Clocks {
    /// The same, also of a day alone.
    pub fn tell_day(&self, text: &str) -> String {
        if text.contains('T') {
            return self.tell(text);
        }
        spoken(&format!("{text}T00:00:00Z")).map_or_else(|| text.to_owned(), |(day, _)| day)
    }
}

/// Day and time of an instant's text `2026-07-02T08:00:00-04:00`.
fn spoken(text: &str) -> Option<(String, String)> {
    let (date, rest) = text.split_once('T')?;
    let day = byleave::time::Date::parse(date).ok()?;
    let (year, month, number) = day.ymd();
    let month = MONTHS.get(usize::from(month).checked_sub(1)?)?;
    let weekday = day.weekday().name();
    let mut letters = weekday.chars();
    let weekday: String = letters.next()?.to_uppercase().chain(letters).collect();
    let clock: String = rest.chars().take_while(|c| !matches!(c, 'Z' | '+' | '-')).collect();
    let clock = clock.strip_suffix(":00").unwrap_or(&clock);
    Some((format!("{weekday} {number} {month} {year}"), clock.to_owned()))
}

/// Months as people name them, January first.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A reason's kind.
pub fn kind(kind: ReasonKind) -> &'static str {
    match kind {
        ReasonKind::Refused => "the person, or a list, says no",
        ReasonKind::NoBasis => "nothing permits it",
        ReasonKind::MissingFact => "a fact is missing",
        ReasonKind::Timing => "not at this time",
        ReasonKind::TooOften => "too often",
        ReasonKind::Content => "what it says or carries",
    }
}

/// How the law's text is known, and whether that should worry the reader.
pub fn verified(word: &str) -> (&str, bool) {
    match word {
        "text" => ("text read", false),
        "secondary" => ("secondary source", false),
        "unverified" => ("not verified: look it up before relying on it", true),
        other => (other, false),
    }
}

/// A JSON value without its punctuation.
pub fn value(json: &Value) -> String {
    match json {
        Value::Null => "none".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(value).collect::<Vec<_>>().join(", "),
        Value::Object(map) => {
            map.iter().map(|(key, json)| format!("{key} {}", value(json))).collect::<Vec<_>>().join(", ")
        }
    }
}

/// `1 rule`, `3 rules`
pub fn count(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn time_is_told_on_the_recipients_clocks() {
        let clocks = |zones: Value| Clocks::of(&json!({ "person": { "time_zones": zones } }));
        let tell = |zones: Value| clocks(zones).tell("2026-07-02T12:00:00Z");
        assert_eq!(tell(json!("America/New_York")), "Thursday 2 July 2026, 08:00 (America/New_York)");
        assert_eq!(
            tell(json!(["America/New_York", "America/Chicago"])),
            "Thursday 2 July 2026, 07:00 (America/Chicago), 08:00 (America/New_York)"
        );
        assert_eq!(
            tell(json!(["Pacific/Kiritimati", "America/Chicago"])),
            "Thursday 2 July 2026, 07:00 (America/Chicago); Friday 3 July 2026, 02:00 (Pacific/Kiritimati)"
        );
        assert_eq!(tell(json!([])), "Thursday 2 July 2026, 12:00 (UTC)");
        assert_eq!(tell(json!(["Mars/Olympus"])), "Thursday 2 July 2026, 12:00 (UTC)");
        assert_eq!(clocks(json!([])).tell("someday"), "someday");
    }

    #[test]
    fn values_lose_their_punctuation() {
        assert_eq!(value(&json!(["a", { "b": true }, null])), "a, b yes, none");
    }
}
