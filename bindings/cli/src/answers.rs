//! The engine's answers for programs, byte for byte as it wrote them: alone, or each with its request's name.

use crate::engine;
use crate::exit::{Exit, Failure};
use crate::out::Out;
use byleave::Error;
use byleave::wire::decision::{Decision, Outcome};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::value::RawValue;

/// The answer to one request.
#[derive(Debug)]
pub struct Answer {
    /// The request's name.
    pub name: String,
    /// What it is called in a document: `decision`, `plan`, `explanation`.
    pub kind: &'static str,
    /// The engine's text.
    pub text: Result<String, Error>,
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("request", &self.name)?;
        match &self.text {
            Ok(text) => {
                // A borrowed look at the text: nothing is parsed into values and nothing is put in another order.
                let raw: &RawValue = serde_json::from_str(text).map_err(serde::ser::Error::custom)?;
                map.serialize_entry(self.kind, raw)?;
            }
            Err(error) => map.serialize_entry("error", &engine::error_json(error))?,
        }
        map.end()
    }
}

impl Answer {
    /// One line of JSON.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What it does to the exit code: an error outdoes all; the outcome counts when that is asked.
    pub fn exit(&self, by_outcome: bool, outcome: impl Fn(&str) -> Option<Outcome>) -> Exit {
        match &self.text {
            Err(_) => Exit::Input,
            Ok(_) if !by_outcome => Exit::Good,
            Ok(text) => match outcome(text) {
                Some(Outcome::Allow) => Exit::Good,
                Some(Outcome::Defer) => Exit::Defer,
                _ => Exit::Deny,
            },
        }
    }
}

/// Whoever goes on by the exit code has no leave from an empty list.
pub fn of_something(by_outcome: bool, some: bool) -> Result<(), Failure> {
    if by_outcome && !some {
        return Err(Failure::input("no request was given: nothing was decided, and nothing is allowed"));
    }
    Ok(())
}

/// The outcome that a decision's text tells.
pub fn decided(text: &str) -> Option<Outcome> {
    serde_json::from_str::<Decision>(text).ok().map(|it| it.outcome)
}

/// One document: the engine's own when there is one answer, else a list of them.
pub fn print(answers: &[Answer], many: &str, out: &mut Out) -> Result<(), Failure> {
    match answers {
        [Answer { text: Ok(text), .. }] => out.raw(text)?,
        [Answer { text: Err(error), .. }] => {
            out.document(&serde_json::json!({ "error": engine::error_json(error) }))?;
        }
        several => out.document(&std::collections::BTreeMap::from([(many, several)]))?,
    }
    Ok(())
}
