//! The corpus of replies: messages as data, and what must be read in them.

use crate::corpus::Refused;
use byleave::Engine;
use byleave::wire::reply::Interpretation;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// One file: a topic.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// What it is about.
    pub about: String,
    /// Packs of law by name, with all that they use.
    pub packs: Vec<String>,
    /// The context of every case that has none of its own.
    #[serde(default)]
    pub context: Option<Json>,
    /// Cases.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Unique in the corpus.
    pub name: String,
    /// The message: a text, or pieces of it, each a text or a text and how often it stands.
    pub text: Json,
    /// The person's language.
    #[serde(default)]
    pub language: Option<String>,
    /// In place of the file's.
    #[serde(default)]
    pub context: Option<Json>,
    /// Laid over the context by key; null takes a key away.
    #[serde(default)]
    pub change: Map<String, Json>,
    /// What must be read.
    pub expect: Expect,
}

/// What a case expects. What is absent is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// revoke, ask, help, opt_in, ignore.
    #[serde(default)]
    pub kind: Option<String>,
    /// The words that decided it, as they stand in the message, each once.
    #[serde(default)]
    pub words: Option<Vec<String>>,
    /// Where the first of them stands, in code points.
    #[serde(default)]
    pub place: Option<(u32, u32)>,
    /// The words set aside, each once.
    #[serde(default)]
    pub set_aside: Option<Vec<String>>,
    /// The declarations that decided it.
    #[serde(default)]
    pub rules: Option<Vec<String>>,
    /// Whether it was longer than what is judged.
    #[serde(default)]
    pub cut: Option<bool>,
    /// What an opting in is worth.
    #[serde(default)]
    pub level: Option<String>,
    /// How many events come of it.
    #[serde(default)]
    pub events: Option<usize>,
    /// What the first event covers.
    #[serde(default)]
    pub scope: Option<Json>,
    /// By which day it must be honoured.
    #[serde(default)]
    pub honor_by: Option<String>,
    /// Whether a message may confirm it.
    #[serde(default)]
    pub confirmation: Option<Confirmation>,
    /// What the context does not say.
    #[serde(default)]
    pub missing: Option<Vec<String>>,
    /// The context is refused.
    #[serde(default)]
    pub error: Option<Refused>,
}

/// What a case expects of the message that confirms.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// Whether it may go out.
    pub allowed: bool,
    /// Before when.
    #[serde(default)]
    pub until: Option<String>,
    /// What it may ask.
    #[serde(default)]
    pub may_ask: Vec<String>,
    /// What is missing.
    #[serde(default)]
    pub missing: Vec<String>,
}

/// How many cases each file has.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// By file.
    pub files: BTreeMap<String, usize>,
    /// In all.
    pub total: usize,
    /// SHA-256 of all canonical answers: `FILE\tNAME\tANSWER\n` of each, in order. Every language gives these bytes.
    pub digest: String,
}

/// The folder's name in the corpus.
pub const FOLDER: &str = "replies";

/// Every file by its name, in order.
pub fn files() -> Result<Vec<(String, File)>, String> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(crate::corpus::folder().join(FOLDER)).map_err(|e| e.to_string())? {
        let path = entry.map_err(|e| e.to_string())?.path();
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        let text = std::fs::read_to_string(&path).map_err(|e| e.to_string())?;
        out.push((name.clone(), serde_json::from_str(&text).map_err(|e| format!("{name}: {e}"))?));
    }
    out.sort_by(|a: &(String, File), b| a.0.cmp(&b.0));
    Ok(out)
}

impl Case {
    /// The message.
    pub fn message(&self) -> Result<String, String> {
        let piece = |json: &Json| match json {
            Json::String(text) => Ok(text.clone()),
            Json::Array(pair) => match pair.as_slice() {
                [Json::String(text), Json::Number(n)] => {
                    Ok(text.repeat(n.as_u64().unwrap_or_default() as usize))
                }
                _ => Err(format!("{}: no piece of a message", self.name)),
            },
            _ => Err(format!("{}: no piece of a message", self.name)),
        };
        match &self.text {
            Json::Array(pieces) => pieces.iter().map(piece).collect(),
            text => piece(text),
        }
    }

    /// The context, as it is sent.
    pub fn sent(&self, file: &File) -> Json {
        let mut out = self.context.clone().or_else(|| file.context.clone()).unwrap_or(Json::Null);
        for (key, value) in &self.change {
            if let Json::Object(map) = &mut out {
                map.remove(key);
                if !value.is_null() {
                    map.insert(key.clone(), value.clone());
                }
            }
        }
        out
    }
}

/// Asks the engine; gives the canonical text, and the form that a case expects.
pub fn seen(engine: &Engine, message: &str, language: Option<&str>, context: &Json) -> (String, Expect) {
    match engine.interpret_reply(message, language, context) {
        Ok(read) => (read.to_json().unwrap_or_default(), of(&read)),
        Err(error) => (
            byleave::wire::ErrorJson::from(&error).to_json(),
            Expect {
                error: Some(Refused {
                    kind: error.kind().as_str().to_string(),
                    path: error.path().unwrap_or_default().to_string(),
                }),
                ..Expect::default()
            },
        ),
    }
}

fn of(read: &Interpretation) -> Expect {
    let mut words: Vec<String> = read.words.iter().map(|it| it.text.clone()).collect();
    words.dedup();
    let mut set_aside: Vec<String> = read.set_aside.iter().map(|it| it.words.text.clone()).collect();
    set_aside.dedup();
    Expect {
        kind: Some(read.kind.to_string()),
        words: Some(words),
        place: read.words.first().map(|it| (it.start, it.end)),
        set_aside: Some(set_aside),
        rules: Some(read.rules.iter().map(|it| it.rule.clone()).collect()),
        cut: Some(read.cut),
        level: read.level.clone(),
        events: Some(read.events.len()),
        scope: read.events.first().map(|it| serde_json::to_value(&it.scope).unwrap_or_default()),
        honor_by: read.honor_by.clone(),
        confirmation: read.confirmation.as_ref().map(|it| Confirmation {
            allowed: it.allowed,
            until: it.until.clone(),
            may_ask: it.may_ask.clone(),
            missing: it.missing.clone(),
        }),
        missing: Some(read.missing.clone()),
        error: None,
    }
}

/// Where what was seen is not what was expected; empty when it is.
pub fn differences(expect: &Expect, seen: &Expect) -> Vec<String> {
    let mut out = Vec::new();
    let value = |it: &Expect| serde_json::to_value(it).unwrap_or_default();
    let (expect, seen) = (value(expect), value(seen));
    if expect["error"] != seen["error"] {
        out.push(format!("error: expected {}, got {}", expect["error"], seen["error"]));
        return out;
    }
    for (key, wanted) in expect.as_object().into_iter().flatten() {
        if !wanted.is_null() && seen[key] != *wanted {
            out.push(format!("{key}: expected {wanted}, got {}", seen[key]));
        }
    }
    out
}
