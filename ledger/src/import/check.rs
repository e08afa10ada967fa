//! What is wrong with a mapping: everything at once, each with its place and what to write instead.

use serde_json::Value;
use std::fmt;

/// One thing that is wrong with a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Where: `events[0].event.at.form`.
    pub path: String,
    /// What: one sentence, without a full stop.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

/// Everything that is wrong with a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaws(pub Vec<Flaw>);

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, " ({hint})"))
    }
}

impl fmt::Display for Flaws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, flaw) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            flaw.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Flaws {}

/// A place in the mapping, and what was found wrong so far.
pub(super) struct Check<'a> {
    pub flaws: &'a mut Vec<Flaw>,
    pub path: String,
}

impl Check<'_> {
    /// A step further in.
    pub fn within(&mut self, step: &str) -> Check<'_> {
        let dot = if self.path.is_empty() || step.starts_with('[') { "" } else { "." };
        Check { path: format!("{}{dot}{step}", self.path), flaws: self.flaws }
    }

    /// That is wrong.
    pub fn flaw(&mut self, message: impl Into<String>, hint: impl Into<String>) {
        let (message, hint) = (message.into(), hint.into());
        let hint = (!hint.is_empty()).then_some(hint);
        self.flaws.push(Flaw { path: self.path.clone(), message, hint });
    }

    /// Keys that nobody knows.
    pub fn only(&mut self, of: &serde_json::Map<String, Value>, keys: &[&str]) {
        for key in of.keys().filter(|key| !keys.contains(&key.as_str())) {
            self.within(key).flaw("there is no such key here", format!("keys are {}", keys.join(", ")));
        }
    }

    /// A text that says something.
    pub fn text(&mut self, value: &Value) -> Option<String> {
        match value {
            Value::String(text) if !text.is_empty() => return Some(text.clone()),
            Value::String(_) => self.flaw("is empty", ""),
            other => self.flaw(format!("expected a text, not {}", kind(other)), ""),
        }
        None
    }

    /// A text, or several.
    pub fn texts(&mut self, value: &Value) -> Vec<String> {
        match value {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .filter_map(|(n, it)| match it {
                    // What stands for nothing may be an empty text.
                    Value::String(text) => Some(text.clone()),
                    other => self.within(&format!("[{n}]")).text(other),
                })
                .collect(),
            Value::String(text) => vec![text.clone()],
            other => self.text(other).into_iter().collect(),
        }
    }

    /// Yes or no.
    pub fn yes(&mut self, value: &Value) -> bool {
        if !value.is_boolean() {
            self.flaw(format!("expected `true` or `false`, not {}", kind(value)), "");
        }
        value.as_bool().unwrap_or_default()
    }
}

/// What a value is, in words.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A reader's own words, cut short.
pub(super) fn short(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("`{}…`", text.get(..at).unwrap_or_default()),
        None => format!("`{text}`"),
    }
}
