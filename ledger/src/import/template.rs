//! An event's words with places that a row fills, and the conditions under which a row says them.

use super::check::{Check, kind};
use super::row::{Refused, Row};
use super::take::{Shared, Take, word};
use super::when::Side;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What must hold of a row.
pub(super) struct Condition {
    pub column: String,
    is: Option<Vec<String>>,
    not: Option<Vec<String>>,
    filled: Option<bool>,
}

/// Words, and where they come from.
pub(super) enum Template {
    Constant(Value),
    Take(Box<Take>),
    Map(Vec<(String, Template)>),
    List(Vec<Template>),
}

impl Condition {
    pub fn checked(said: &Value, check: &mut Check<'_>) -> Option<Condition> {
        let Value::Object(said) = said else {
            check.flaw(format!("expected an object, not {}", kind(said)), "");
            return None;
        };
        check.only(said, &["column", "is", "not", "filled"]);
        let words = |key: &str, check: &mut Check<'_>| {
            let texts = said.get(key).map(|it| check.within(key).texts(it));
            texts.map(|it| it.iter().map(|it| word(it)).collect::<Vec<_>>())
        };
        let (is, not) = (words("is", check), words("not", check));
        let filled = said.get("filled").map(|it| check.within("filled").yes(it));
        if is.is_none() && not.is_none() && filled.is_none() {
            check.flaw("it asks nothing of the column", "`is`, `not` or `filled`");
        }
        let column = match said.get("column") {
            Some(column) => check.within("column").text(column),
            None => {
                check.within("column").flaw("is missing", "");
                None
            }
        };
        Some(Condition { column: column?, is, not, filled })
    }

    pub fn holds(&self, row: &Row, shared: &Shared) -> bool {
        let text = match row.get(&self.column) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(other) => other.to_string(),
        };
        let filled = !shared.nothing.contains(&text);
        let said = word(&text);
        self.is.as_ref().is_none_or(|it| it.contains(&said))
            && self.not.as_ref().is_none_or(|it| !it.contains(&said))
            && self.filled.is_none_or(|it| it == filled)
    }
}

/// What is being filled, and what the row left out.
pub(super) struct Fill<'a> {
    pub row: &'a Row,
    pub shared: &'a Shared,
    pub side: Side,
    pub left: &'a mut Vec<String>,
}

impl Template {
    pub fn parse(said: &Value, key: &str, shared: &Shared, check: &mut Check<'_>) -> Option<Template> {
        match said {
            Value::Object(map) if map.contains_key("column") => {
                Take::parse(map, key, shared, check).map(|it| Template::Take(Box::new(it)))
            }
            Value::Object(map) => {
                let entries = map.iter().filter_map(|(key, value)| {
                    Some((key.clone(), Template::parse(value, key, shared, &mut check.within(key))?))
                });
                Some(Template::Map(entries.collect()))
            }
            Value::Array(items) => {
                let items = items.iter().enumerate().filter_map(|(n, it)| {
                    Template::parse(it, key, shared, &mut check.within(&format!("[{n}]")))
                });
                Some(Template::List(items.collect()))
            }
            plain => Some(Template::Constant(plain.clone())),
        }
    }

    pub fn at(&self, path: &[&str]) -> Option<&Template> {
        match (path, self) {
            ([], _) => Some(self),
            ([step, rest @ ..], Template::Map(entries)) => {
                entries.iter().find(|(key, _)| key == step).and_then(|(_, it)| it.at(rest))
            }
            _ => None,
        }
    }

    pub fn columns(&self, out: &mut BTreeSet<String>) {
        match self {
            Template::Constant(_) => {}
            Template::Take(take) => drop(out.insert(take.column.clone())),
            Template::Map(entries) => entries.iter().for_each(|(_, it)| it.columns(out)),
            Template::List(items) => items.iter().for_each(|it| it.columns(out)),
        }
    }

    pub fn fill(&self, fill: &mut Fill<'_>, path: &str) -> Result<Option<Value>, Refused> {
        Ok(Some(match self {
            Template::Constant(value) => value.clone(),
            Template::Take(take) => {
                // A date that is not there is nobody's mistake: what it leaves undated is read at its least.
                let undated = path == "event.at";
                let found =
                    take.of(fill.row, fill.shared, fill.side, undated).map_err(|it| it.within(path))?;
                if found.is_none() {
                    fill.left.push(path.to_owned());
                }
                return Ok(found);
            }
            Template::Map(entries) => {
                let mut out = Map::new();
                for (key, it) in entries {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    if let Some(value) = it.fill(fill, &path)? {
                        out.insert(key.clone(), value);
                    }
                }
                Value::Object(out)
            }
            Template::List(items) => {
                let mut out = Vec::new();
                for it in items {
                    match it.fill(fill, path)? {
                        // Several of a column stand among the others.
                        Some(Value::Array(more)) => out.extend(more),
                        Some(value) => out.push(value),
                        None => {}
                    }
                }
                if out.is_empty() && !items.is_empty() {
                    return Ok(None);
                }
                Value::Array(out)
            }
        }))
    }
}
