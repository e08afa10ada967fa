//! The mapping: what each row of an export says, as events.
//!
//! ```json
//! {"name": "crm-2026", "source": "CRM export", "key": ["contact_id"], "zone": "America/New_York", "calling_code": "1",
//!  "person": {"column": "contact_id"},
//!  "events": [{
//!    "name": "texts", "when": {"column": "sms_opt_in", "filled": true}, "list": "consents",
//!    "event": {"kind": {"column": "sms_opt_in", "words": {"Y": "grant", "N": "revoke"}}, "level": "express",
//!      "at": {"column": "sms_date", "form": "%m/%d/%Y %H:%M"},
//!      "scope": {"channel": ["text"], "address": [{"column": "mobile", "as": "phone"}]}}}]}
//! ```
//!
//! What stands under `event`, `person`, `source`, `actor`, `method` and `text_shown` is what the event will say; an object with the
//! key `column` is taken from the row. What a row does not say is never made up: a value that is missing refuses the row, unless
//! the mapping says that it may be left out, and an act has the row's date or none, whenever it was imported.

use super::check::{Check, Flaw, Flaws, kind, short};
use super::csv::{Csv, csv};
use super::row::{Refused, Row};
use super::take::{Shared, calling_code};
use super::template::{Condition, Fill, Template};
use super::when::{self, Side};
use crate::chain::Digest;
use crate::event::{Event, List, WORD};
use byleave::wire::{Json, Limits};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What became of a row.
#[derive(Clone, Debug)]
pub enum Mapped {
    /// These events, all or none.
    Events(Vec<Event>),
    /// None, as the mapping lets it.
    Passed,
}

/// A mapping that was checked.
pub struct Mapping {
    name: String,
    key: Option<Vec<String>>,
    events: Vec<Of>,
    passes: bool,
    csv: Csv,
    shared: Shared,
    columns: BTreeSet<String>,
}

/// One event that a row may say.
struct Of {
    name: String,
    when: Vec<Condition>,
    list: List,
    words: Template,
}

const KEYS: [&str; 13] = [
    "name",
    "source",
    "key",
    "zone",
    "calling_code",
    "nothing",
    "otherwise",
    "csv",
    "person",
    "actor",
    "method",
    "text_shown",
    "events",
];
const OF_EVENT: [&str; 9] =
    ["name", "when", "list", "event", "person", "source", "actor", "method", "text_shown"];
const CONSENTS: [&str; 4] = ["grant", "revoke", "decline", "void"];

impl Mapping {
    /// Reads and checks a mapping.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(text: &str) -> Result<Mapping, Flaws> {
        let one =
            |message: String, path: &str| Flaws(vec![Flaw { path: path.to_owned(), message, hint: None }]);
        // The engine's reader refuses what others swallow: a key that is given twice, a nesting too deep.
        let strict = Json::parse(text.trim_start_matches('\u{feff}'), &Limits::MOST)
            .and_then(|mut it| it.admit(&Limits::MOST));
        strict.map_err(|it| one(it.message().to_owned(), it.path().unwrap_or_default()))?;
        let said: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| one(format!("this is not JSON: {error}"), ""))?;
        let Value::Object(said) = said else {
            return Err(one(format!("a mapping is an object, not {}", kind(&said)), ""));
        };
        let mut flaws = Vec::new();
        let mapping = Mapping::checked(&said, &mut Check { flaws: &mut flaws, path: String::new() });
        match mapping {
            Some(mapping) if flaws.is_empty() => Ok(mapping),
            _ => Err(Flaws(flaws)),
        }
    }

    fn checked(said: &Map<String, Value>, check: &mut Check<'_>) -> Option<Mapping> {
        check.only(said, &KEYS);
        let name = match said.get("name") {
            Some(name) => check.within("name").text(name).filter(|it| {
                let short = it.len() <= 100;
                if !short {
                    check.within("name").flaw("is longer than 100 bytes", "");
                }
                short
            }),
            None => {
                check.within("name").flaw("is missing", "names the export, so that its keys are no other's");
                None
            }
        };
        let key = match said.get("key") {
            Some(Value::String(row)) if row == "row" => None,
            Some(columns @ Value::Array(_)) => Some(check.within("key").texts(columns)),
            _ => {
                let hint = "columns by which a row is known again, as in `[\"contact_id\"]`; or `\"row\"`, all that it says";
                check.within("key").flaw("expected columns, or `row`", hint);
                None
            }
        };
        if key.as_ref().is_some_and(Vec::is_empty) {
            check.within("key").flaw("there is no column in it", "");
        }
        let shared = Shared {
            zone: said.get("zone").and_then(|it| when::parse_zone(it, &mut check.within("zone"))),
            code: said.get("calling_code").and_then(|it| calling_code(it, &mut check.within("calling_code"))),
            nothing: match said.get("nothing") {
                Some(texts) => {
                    let mut texts = check.within("nothing").texts(texts);
                    texts.push(String::new());
                    texts
                }
                None => vec![String::new()],
            },
        };
        let passes = match said.get("otherwise").map(Value::as_str) {
            None | Some(Some("refuse")) => false,
            Some(Some("pass")) => true,
            _ => {
                check
                    .within("otherwise")
                    .flaw("expected `refuse` or `pass`", "what becomes of a row that says no event");
                false
            }
        };
        let csv = said.get("csv").map(|it| csv(it, &mut check.within("csv"))).unwrap_or_default();
        let events = match said.get("events") {
            Some(Value::Array(items)) if !items.is_empty() => items
                .iter()
                .enumerate()
                .filter_map(|(n, it)| {
                    Of::checked(it, said, n, &shared, &mut check.within(&format!("events[{n}]")))
                })
                .collect(),
            _ => {
                check.within("events").flaw("expected a list of the events that a row says", "");
                Vec::new()
            }
        };
        for (n, event) in events.iter().enumerate() {
            if events.iter().take(n).any(|it| it.name == event.name) {
                check.within(&format!("events[{n}].name")).flaw("two events have the same name", "");
            }
        }
        let mut columns: BTreeSet<String> = key.iter().flatten().cloned().collect();
        for event in &events {
            columns.extend(event.when.iter().map(|it| it.column.clone()));
            event.words.columns(&mut columns);
        }
        Some(Mapping { name: name?, key, events, passes, csv, shared, columns })
    }

    /// How CSV is written.
    #[must_use]
    pub fn csv(&self) -> &Csv {
        &self.csv
    }

    /// The columns that it reads.
    #[must_use]
    pub fn columns(&self) -> &BTreeSet<String> {
        &self.columns
    }

    /// What a row says, recorded at that instant.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn events(&self, row: &Row, recorded_at: Timestamp) -> Result<Mapped, Refused> {
        let mut out = Vec::new();
        for of in &self.events {
            if of.when.iter().all(|it| it.holds(row, &self.shared)) {
                out.push(self.event(of, row, recorded_at)?);
            }
        }
        match (out.is_empty(), self.passes) {
            (false, _) => Ok(Mapped::Events(out)),
            (true, true) => Ok(Mapped::Passed),
            (true, false) => Err(Refused::new("silent", "the row says no event: none of the `when` holds")
                .hint("`\"otherwise\": \"pass\"` in the mapping lets such rows pass")),
        }
    }

    fn event(&self, of: &Of, row: &Row, recorded_at: Timestamp) -> Result<Event, Refused> {
        let mut left = Vec::new();
        let mut fill = Fill { row, shared: &self.shared, side: Side::Neither, left: &mut left };
        // First what kind it is: that says which of two instants restricts.
        let kind =
            of.words.at(&["event", "kind"]).map(|it| it.fill(&mut fill, "event.kind")).transpose()?.flatten();
        let kind = kind.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
        if of.list == List::Consents && !CONSENTS.contains(&kind.as_str()) {
            let message = format!("{} is no kind of consent event", short(&kind));
            return Err(Refused::new("word", message).within("event.kind").hint(CONSENTS.join(", ")));
        }
        fill.side = side(of.list, &kind);
        let Some(Value::Object(mut words)) = of.words.fill(&mut fill, "")? else {
            return Err(Refused::new("missing", "the row says nothing"));
        };
        if of.list == List::Consents
            && kind != "grant"
            && let Some(Value::Object(said)) = words.get_mut("event")
        {
            // A mapping says it once for both kinds, and it is the grant's: a refusal that named it would end its family alone.
            said.remove("level");
        }
        if of.list == List::Consents && kind != "revoke" {
            // What a refusal leaves out makes it broader; so it would a grant.
            if let Some(path) = left.iter().find(|it| it.starts_with("event.scope")) {
                let message = "the row leaves it out, and a grant without it would be one for everything";
                return Err(Refused::new("missing", message).within(path));
            }
        }
        words.insert("key".to_owned(), Value::from(self.key(of, row)?));
        words.insert("list".to_owned(), Value::from(of.list.as_str()));
        words.insert("recorded_at".to_owned(), Value::from(recorded_at.to_string()));
        if let Some(at) = words.get("event").and_then(|it| it.get("at")).and_then(Value::as_str)
            && ahead(at, recorded_at)
        {
            let message = format!("{at} lies ahead of {recorded_at}, when it is recorded");
            return Err(Refused::new("ahead", message)
                .within("event.at")
                .hint("is it read by the right form and zone?"));
        }
        Event::parse(&Value::Object(words).to_string()).map_err(|error| Refused::from(&error))
    }

    /// By what the event is known again: what the columns of the key say, or the whole row.
    fn key(&self, of: &Of, row: &Row) -> Result<String, Refused> {
        let head = format!("{}/{}/", self.name, of.name);
        let Some(columns) = &self.key else { return Ok(format!("{head}{}", row.digest())) };
        let values: Vec<Value> = columns
            .iter()
            .map(|column| match row.get(column) {
                Some(Value::String(text)) => Value::from(text.trim()),
                // The same in every format: text where CSV has nothing else.
                Some(value @ (Value::Number(_) | Value::Bool(_))) => Value::from(value.to_string()),
                Some(value) => value.clone(),
                None => Value::Null,
            })
            .collect();
        let says = |it: &Value| {
            it.as_str().map_or(!it.is_null(), |it| !self.shared.nothing.iter().any(|no| no == it))
        };
        if !values.iter().any(says) {
            let message = "the row says nothing in the columns by which it is known again";
            return Err(Refused::new("missing", message).within("key"));
        }
        let text = format!("{head}{}", Value::Array(values));
        if text.len() <= WORD { Ok(text) } else { Ok(format!("{head}{}", Digest::of(text.as_bytes()))) }
    }
}

/// Which of two instants restricts, of an event of that kind.
fn side(list: List, kind: &str) -> Side {
    match (list, kind) {
        (List::Consents, "revoke" | "decline") | (List::Contacts, _) => Side::Later,
        (List::Consents, "grant") | (List::Interactions | List::Lists, _) => Side::Earlier,
        _ => Side::Neither,
    }
}

/// Whether an act lies ahead of its record: an instant after it, a day that has begun nowhere.
fn ahead(at: &str, recorded_at: Timestamp) -> bool {
    if let Some(at) = crate::event::instant(at) {
        return at > recorded_at;
    }
    let foremost = Offset::constant(14).to_datetime(recorded_at).date();
    at.parse::<Date>().is_ok_and(|day| day > foremost)
}

impl Of {
    fn checked(
        said: &Value,
        all: &Map<String, Value>,
        n: usize,
        shared: &Shared,
        check: &mut Check<'_>,
    ) -> Option<Of> {
        let Value::Object(said) = said else {
            check.flaw(format!("expected an object, not {}", kind(said)), "");
            return None;
        };
        check.only(said, &OF_EVENT);
        let name = said.get("name").map_or(Some((n + 1).to_string()), |it| check.within("name").text(it));
        let name = name.filter(|it| {
            let fits = it.len() <= 100;
            if !fits {
                check.within("name").flaw("is longer than 100 bytes", "");
            }
            fits
        });
        let list = said.get("list").and_then(Value::as_str).unwrap_or("consents");
        let list = List::of(list).filter(|it| *it != List::Decisions);
        if list.is_none() || said.get("list").is_some_and(|it| !it.is_string()) {
            let words: Vec<_> =
                List::ALL.map(List::as_str).into_iter().filter(|it| *it != "decisions").collect();
            check.within("list").flaw("there is no such list", words.join(", "));
        }
        let when = match said.get("when") {
            None => Vec::new(),
            Some(Value::Array(items)) => (items.iter().enumerate())
                .filter_map(|(n, it)| Condition::checked(it, &mut check.within(&format!("when[{n}]"))))
                .collect(),
            Some(one) => Condition::checked(one, &mut check.within("when")).into_iter().collect(),
        };
        let mut words = Vec::new();
        for key in ["person", "source", "actor", "method", "text_shown", "event"] {
            let (value, mut check) = match (said.get(key), all.get(key)) {
                (Some(value), _) => (value.clone(), check.within(key)),
                (None, Some(value)) => (value.clone(), Check { flaws: check.flaws, path: key.to_owned() }),
                (None, None) if key == "actor" => (json!({ "kind": "import" }), check.within(key)),
                (None, None) if matches!(key, "method" | "text_shown") => continue,
                (None, None) => {
                    check.within(key).flaw("is missing", "");
                    continue;
                }
            };
            if let Some(template) = Template::parse(&value, key, shared, &mut check) {
                words.push((key.to_owned(), template));
            }
        }
        let of = Of { name: name?, when, list: list?, words: Template::Map(words) };
        of.sound(&mut check.within("event"));
        Some(of)
    }

    /// What no mapping may say of consents.
    fn sound(&self, check: &mut Check<'_>) {
        if !matches!(self.words.at(&["event"]), Some(Template::Map(_))) {
            check.flaw("expected an object: what the event says", "");
            return;
        }
        if self.list != List::Consents {
            return;
        }
        let made_up = match self.words.at(&["event", "at"]) {
            Some(Template::Take(take)) => take.has_default() || take.words.is_some(),
            None => false,
            Some(_) => true,
        };
        if made_up {
            let hint = "take it from a column, or leave it out: without a date a refusal counts and a grant is older than any";
            check.within("at").flaw("an act has the instant at which somebody acted, and no other", hint);
        }
        let kinds: Vec<&Value> = match self.words.at(&["event", "kind"]) {
            Some(Template::Constant(value)) => vec![value],
            Some(Template::Take(take)) => take.words.iter().flatten().map(|(_, it)| it).collect(),
            None => {
                check.within("kind").flaw("is missing", CONSENTS.join(", "));
                return;
            }
            Some(_) => Vec::new(),
        };
        for other in kinds.into_iter().filter(|it| !it.as_str().is_some_and(|it| CONSENTS.contains(&it))) {
            let message = format!("{} is no kind of consent event", short(&other.to_string()));
            check.within("kind").flaw(message, CONSENTS.join(", "));
        }
    }
}
