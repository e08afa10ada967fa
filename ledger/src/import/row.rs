//! A row of an export, and why one is not taken.

use super::check::Flaw;
use crate::chain::Digest;
use crate::error::Error;
use serde_json::{Map, Value};

/// The column in which a refused row says why, in the file of those. It is no part of the row.
pub const REASON: &str = "byleave_reason";
/// The key under which a line that could not be read stands in that file.
pub const ROW: &str = "byleave_row";

/// A row of an export: columns by name; what is nested, by its path.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row(Map<String, Value>);

impl Row {
    /// Columns with what they hold.
    #[must_use]
    pub fn new(mut columns: Map<String, Value>) -> Row {
        columns.remove(REASON);
        Row(columns)
    }

    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &Map<String, Value> {
        &self.0
    }

    /// What a column holds: of that name, or by the path `contact.phone`.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&Value> {
        self.0.get(column).or_else(|| {
            let mut steps = column.split('.');
            let first = self.0.get(steps.next()?)?;
            steps.try_fold(first, |at, step| at.get(step))
        })
    }

    /// What the whole row says, whatever the order of its columns.
    pub(super) fn digest(&self) -> Digest {
        let mut text = String::new();
        write_map(&self.0, &mut text);
        Digest::of(text.as_bytes())
    }
}

/// Keys by name, at every depth.
fn write_map(map: &Map<String, Value>, out: &mut String) {
    let mut keys: Vec<&String> = map.keys().collect();
    keys.sort_unstable();
    out.push('{');
    for key in keys {
        out.push_str(&Value::from(key.as_str()).to_string());
        out.push(':');
        write(map.get(key).unwrap_or(&Value::Null), out);
        out.push(',');
    }
    out.push('}');
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => write_map(map, out),
        Value::Array(items) => {
            out.push('[');
            for item in items {
                write(item, out);
                out.push(',');
            }
            out.push(']');
        }
        plain => out.push_str(&plain.to_string()),
    }
}

/// Why a row is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The kind of reason, one stable word.
    pub reason: &'static str,
    /// Where in the event it would have made.
    pub path: String,
    /// What: one sentence, without a full stop.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Refused {
    /// For a reason, at no place.
    pub fn new(reason: &'static str, message: impl Into<String>) -> Refused {
        Refused { reason, path: String::new(), message: message.into(), hint: None }
    }

    /// What to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Refused {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn within(mut self, path: &str) -> Refused {
        self.path = path.to_owned();
        self
    }
}

impl From<&Error> for Refused {
    fn from(error: &Error) -> Refused {
        Refused {
            reason: error.kind().as_str(),
            path: error.path().unwrap_or_default().to_owned(),
            message: error.message().to_owned(),
            hint: error.hint_text().map(str::to_owned),
        }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let flaw = Flaw { path: self.path.clone(), message: self.message.clone(), hint: self.hint.clone() };
        flaw.fmt(f)
    }
}
