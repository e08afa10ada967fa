//! One value of a row, taken from a column and put into the words of an event.

use super::address;
use super::check::{Check, kind, short};
use super::row::{Refused, Row};
use super::when::{self, Form, Side};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

/// What a take may say.
pub(super) const KEYS: [&str; 11] = [
    "column",
    "words",
    "else",
    "default",
    "optional",
    "as",
    "form",
    "zone",
    "calling_code",
    "split",
    "write",
];

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum As {
    Text,
    Phone,
    Email,
    Integer,
    Boolean,
    /// An instant, or a day.
    Instant,
    Day,
}

const KINDS: [(&str, As); 7] = [
    ("text", As::Text),
    ("phone", As::Phone),
    ("email", As::Email),
    ("integer", As::Integer),
    ("boolean", As::Boolean),
    ("instant", As::Instant),
    ("date", As::Day),
];

/// What all takes of a mapping share.
pub(super) struct Shared {
    pub zone: Option<TimeZone>,
    pub code: Option<String>,
    /// Texts that say nothing.
    pub nothing: Vec<String>,
}

/// How a value comes from a column.
#[derive(Clone, Debug)]
pub(super) struct Take {
    pub column: String,
    /// Words of the export, in lower case, and what each says; null says nothing.
    pub words: Option<Vec<(String, Value)>>,
    other: Option<Value>,
    default: Option<Value>,
    optional: bool,
    to: As,
    forms: Vec<Form>,
    zone: Option<TimeZone>,
    code: Option<String>,
    split: Option<String>,
    write: Option<(String, String)>,
}

/// Words are the same whatever their case, and spaces around them.
pub(super) fn word(text: &str) -> String {
    text.trim().to_lowercase()
}

/// What a key of that name holds where a mapping does not say.
fn usual(key: &str) -> As {
    match key {
        "at" => As::Instant,
        _ if key.ends_with("_at") => As::Instant,
        _ if key.ends_with("_on") => As::Day,
        _ => As::Text,
    }
}

impl Take {
    /// As a mapping writes it, under a key of the event.
    pub fn parse(
        said: &Map<String, Value>,
        key: &str,
        shared: &Shared,
        check: &mut Check<'_>,
    ) -> Option<Take> {
        let before = check.flaws.len();
        check.only(said, &KEYS);
        let column = said.get("column").and_then(|it| check.within("column").text(it));
        let words = said.get("words").and_then(|it| words(it, &mut check.within("words")));
        let text = |key: &str, check: &mut Check<'_>| said.get(key).and_then(|it| check.within(key).text(it));
        let to = match text("as", check) {
            None => usual(key),
            Some(name) => match KINDS.iter().find(|(it, _)| *it == name) {
                Some((_, to)) => *to,
                None => {
                    let kinds = KINDS.map(|(it, _)| it).join(", ");
                    check.within("as").flaw(format!("{} is nothing to read a text as", short(&name)), kinds);
                    As::Text
                }
            },
        };
        let dated = matches!(to, As::Instant | As::Day) && words.is_none();
        let own_zone = said.get("zone").and_then(|it| when::parse_zone(it, &mut check.within("zone")));
        let zone = own_zone.or_else(|| shared.zone.clone());
        let forms = match said.get("form") {
            Some(forms) => {
                let mut check = check.within("form");
                let texts = check.texts(forms);
                texts.iter().filter_map(|it| Form::parse(it, &mut check)).collect()
            }
            None => Form::usual(zone.is_some()),
        };
        if dated && zone.is_none() && !said.contains_key("zone") && forms.iter().any(Form::needs_zone) {
            check.flaw(
                "it shows a clock and does not say where: an hour without its zone is no instant",
                "`zone` here or for the whole mapping, such as `America/New_York`",
            );
        }
        for (key, fits) in [("form", dated), ("zone", dated), ("calling_code", to == As::Phone)] {
            if said.contains_key(key) && !fits {
                check.within(key).flaw("says nothing here", "`as` says what a text is read as");
            }
        }
        if said.contains_key("else") && words.is_none() {
            check.within("else").flaw("there are no `words` besides", "");
        }
        let code =
            said.get("calling_code").and_then(|it| calling_code(it, &mut check.within("calling_code")));
        let write = text("write", check).and_then(|text| match text.split_once("{}") {
            Some((before, after)) if !after.contains("{}") => Some((before.to_owned(), after.to_owned())),
            _ => {
                check.within("write").flaw("there is not one `{}` in it, where the value goes", "");
                None
            }
        });
        let optional = said.get("optional").is_some_and(|it| check.within("optional").yes(it));
        let split = text("split", check);
        (check.flaws.len() == before).then_some(())?;
        Some(Take {
            column: column?,
            words,
            other: said.get("else").cloned(),
            default: said.get("default").cloned(),
            optional,
            to,
            forms,
            zone,
            code: code.or_else(|| shared.code.clone()),
            split,
            write,
        })
    }

    /// Whether it says something where the column is empty.
    pub fn has_default(&self) -> bool {
        self.default.is_some()
    }

    /// What the row says; nothing where it says nothing, and may.
    pub fn of(
        &self,
        row: &Row,
        shared: &Shared,
        side: Side,
        optional: bool,
    ) -> Result<Option<Value>, Refused> {
        let found = row.get(&self.column);
        let mut out = Vec::new();
        let mut several = self.split.is_some();
        let mut silent = false;
        match found {
            Some(Value::Array(items)) => {
                several = true;
                for item in items {
                    silent |= self.pieces(item, shared, side, &mut out)?;
                }
            }
            Some(value) => silent |= self.pieces(value, shared, side, &mut out)?,
            None => {}
        }
        if several && !out.is_empty() {
            let flat = out.into_iter().flat_map(|it| match it {
                Value::Array(items) => items,
                one => vec![one],
            });
            return Ok(Some(Value::Array(flat.collect())));
        }
        match (out.pop(), &self.default) {
            (Some(value), _) => Ok(Some(value)),
            // A word of the mapping's that says null leaves it out, as was said.
            (None, _) if silent => Ok(None),
            (None, Some(value)) => Ok(Some(value.clone())),
            (None, None) if self.optional || optional => Ok(None),
            (None, None) => {
                Err(Refused::new("missing", format!("column {} says nothing", short(&self.column)))
                    .hint("`optional` leaves it out of the event, `default` says something else"))
            }
        }
    }

    /// What stands in one value; whether a word of it says null.
    fn pieces(
        &self,
        value: &Value,
        shared: &Shared,
        side: Side,
        out: &mut Vec<Value>,
    ) -> Result<bool, Refused> {
        let mut silent = false;
        let text = match value {
            Value::Null => return Ok(false),
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            Value::Array(_) | Value::Object(_) => {
                let message = format!("column {} holds {}", short(&self.column), kind(value));
                return Err(Refused::new("value", message).hint("name what is in it: `column.key`"));
            }
        };
        let parts: Vec<&str> = match &self.split {
            Some(by) => text.split(by.as_str()).collect(),
            None => vec![&text],
        };
        for part in parts {
            let part = part.trim();
            if shared.nothing.iter().any(|it| it == part) {
                continue;
            }
            match self.read(part, side)? {
                Value::Null => silent = true,
                value => out.push(self.written(value)),
            }
        }
        Ok(silent)
    }

    fn written(&self, value: Value) -> Value {
        match (&self.write, value) {
            (Some((before, after)), Value::String(text)) => Value::String(format!("{before}{text}{after}")),
            (Some((before, after)), value @ (Value::Number(_) | Value::Bool(_))) => {
                Value::String(format!("{before}{value}{after}"))
            }
            (_, value) => value,
        }
    }

    fn read(&self, text: &str, side: Side) -> Result<Value, Refused> {
        let column = short(&self.column);
        if let Some(words) = &self.words {
            let said = word(text);
            let found = words.iter().find(|(word, _)| *word == said).map(|(_, value)| value);
            return found.or(self.other.as_ref()).cloned().ok_or_else(|| {
                Refused::new(
                    "word",
                    format!("{} in column {column} is not among the mapping's words", short(text)),
                )
                .hint("add it to `words`, or say `else`")
            });
        }
        let refused = |reason: &'static str, why: &str| {
            Refused::new(reason, format!("{} in column {column}: {why}", short(text)))
        };
        match self.to {
            As::Text => Ok(Value::from(text)),
            As::Phone => address::phone(text, self.code.as_deref())
                .map(Value::from)
                .map_err(|why| refused("address", why)),
            As::Email => address::email(text).map(Value::from).map_err(|why| refused("address", why)),
            As::Integer => text
                .parse::<i64>()
                .map(Value::from)
                .map_err(|_| refused("value", "it is no whole number of 64 bits")),
            As::Boolean => match word(text).as_str() {
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                _ => Err(refused("value", "it is neither `true` nor `false`")
                    .hint("`words` says what others mean")),
            },
            As::Instant => when::read(text, &self.forms, self.zone.as_ref(), side)
                .map(|it| Value::from(it.text()))
                .map_err(|why| refused("date", why)),
            As::Day => match when::read(text, &self.forms, self.zone.as_ref(), side) {
                Ok(when::When::Day(day)) => Ok(Value::from(day.to_string())),
                Ok(when::When::Instant(at)) => match &self.zone {
                    Some(zone) => Ok(Value::from(at.to_zoned(zone.clone()).date().to_string())),
                    None => {
                        Err(refused("date", "it is an instant, and the mapping does not say whose day it is")
                            .hint("`zone`, or the name of a zone for the whole mapping"))
                    }
                },
                Err(why) => Err(refused("date", why)),
            },
        }
    }
}

/// `{"Y": "revoke", "N": null}`.
fn words(value: &Value, check: &mut Check<'_>) -> Option<Vec<(String, Value)>> {
    let Value::Object(said) = value else {
        check.flaw(format!("expected an object, not {}", kind(value)), "what each word of the column says");
        return None;
    };
    let mut out: Vec<(String, Value)> = Vec::new();
    for (text, says) in said {
        if out.iter().any(|(it, _)| *it == word(text)) {
            check.within(text).flaw("is there twice: words are the same whatever their case", "");
        }
        if matches!(says, Value::Object(_)) {
            check.within(text).flaw("a word says a text, a number, a list of them, or null", "");
        }
        out.push((word(text), says.clone()));
    }
    if out.is_empty() {
        check.flaw("there is no word in it", "");
    }
    Some(out)
}

pub(super) fn calling_code(value: &Value, check: &mut Check<'_>) -> Option<String> {
    let code = match value {
        Value::String(text) => text.trim_start_matches('+').to_owned(),
        other => other.to_string(),
    };
    let is_one =
        (1..=3).contains(&code.len()) && code.bytes().all(|it| it.is_ascii_digit()) && !code.starts_with('0');
    if !is_one {
        check.flaw(
            "is no country's calling code",
            "such as `1` for the United States, `44` for the United Kingdom",
        );
    }
    is_one.then_some(code)
}
