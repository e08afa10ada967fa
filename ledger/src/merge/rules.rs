//! The organisation's rules: which systems there are, what each keeps, whose leave counts, and how facts on which they differ are
//! resolved. A rule that could make the whole more permissive than a part is refused here, before any profile is read.
//!
//! ```json
//! {"sources": {"clinic":  {"keeps": ["consents", "contacts"], "counts": ["grants", "interactions"]},
//!              "billing": {"keeps": ["consents"], "counts": []}},
//!  "grants": "each",
//!  "facts": {"person.hours": "unknown"}}
//! ```

use super::joins::{Way, allowed, way};
use super::read::{LISTS, texts};
use crate::error::{Error, Result};
use crate::event::List;
use byleave::wire::{Json, Limits};
use std::collections::{BTreeMap, BTreeSet};

/// Whose grants and interactions count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grants {
    /// Those of each source that counts: departments of one organisation, each of which asks for leave.
    #[default]
    Each,
    /// Those that every source tells alike: a household, of whom all must have agreed.
    Common,
}

/// Rules by which profiles are resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    pub(super) sources: BTreeMap<String, Source>,
    /// Whose grants and interactions count.
    pub grants: Grants,
    ways: BTreeMap<String, Way>,
}

/// What the organisation says of one of its systems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// Lists that it keeps: while it has not told one, that list is unknown.
    pub(super) keeps: BTreeSet<List>,
    /// Whether its grants may give leave.
    pub(super) grants: bool,
    /// Whether what the person did with it may.
    pub(super) interactions: bool,
}

impl Rules {
    /// Reads JSON text.
    ///
    /// # Errors
    /// Not what the module shows; a rule that could open a door; each with its path and what may be stated instead.
    pub fn parse(text: &str) -> Result<Rules> {
        Rules::from_json(Json::parse(text, &Limits::MOST)?)
    }

    /// Takes a tree that a host has filled.
    ///
    /// # Errors
    /// As [`Rules::parse`].
    pub fn from_json(mut json: Json) -> Result<Rules> {
        json.admit(&Limits::MOST)?;
        keys(&json, "", &["sources", "grants", "facts"])?;
        let mut sources = BTreeMap::new();
        match json.get("sources") {
            Some(Json::Map(entries)) if !entries.is_empty() => {
                for (name, source) in entries {
                    sources.insert(name.clone(), read(source, &format!("sources.{name}"))?);
                }
            }
            Some(Json::Map(_)) | None => {
                return Err(Error::input("sources", "is missing").hint("each system by its name"));
            }
            Some(other) => return Err(expected("sources", "an object", other)),
        }
        let grants = match json.get("grants") {
            None => Grants::Each,
            Some(Json::Text(word)) if word == "each" => Grants::Each,
            Some(Json::Text(word)) if word == "common" => Grants::Common,
            Some(_) => return Err(Error::input("grants", "expected `each` or `common`")),
        };
        let mut ways = BTreeMap::new();
        match json.get("facts") {
            None => {}
            Some(Json::Map(entries)) => {
                for (path, word) in entries {
                    ways.insert(path.clone(), stated(path, word)?);
                }
            }
            Some(other) => return Err(expected("facts", "an object", other)),
        }
        Ok(Rules { sources, grants, ways })
    }

    pub(super) fn way(&self, path: &str) -> Way {
        self.ways.get(path).copied().unwrap_or_else(|| way(path))
    }
}

fn stated(path: &str, word: &Json) -> Result<Way> {
    let at = format!("facts.{path}");
    if path.strip_prefix("person.").is_none_or(|key| key.is_empty() || key == "id") {
        return Err(Error::input(at, "sources are merged on facts of the person alone")
            .hint("such as person.hours; each system has its own person.id"));
    }
    let Json::Text(word) = word else { return Err(expected(&at, "a text", word)) };
    let may: Vec<&str> = allowed(path).into_iter().map(Way::as_str).collect();
    let hint = format!("for this fact one of {}", may.join(", "));
    match Way::ALL.into_iter().find(|way| way.as_str() == word) {
        Some(way) if may.contains(&way.as_str()) => Ok(way),
        Some(_) => Err(Error::input(
            at,
            format!("`{word}` could make the whole more permissive than one of the sources on this fact"),
        )
        .hint(hint)),
        None => Err(Error::input(at, "there is no such rule that only restricts").hint(hint)),
    }
}

fn read(json: &Json, path: &str) -> Result<Source> {
    keys(json, path, &["keeps", "counts"])?;
    let words = |key: &str| -> Result<Vec<String>> {
        let at = format!("{path}.{key}");
        match json.get(key) {
            None => Err(Error::input(at, "is missing").hint("an empty list if there are none")),
            Some(words) => texts(words, &at),
        }
    };
    let mut keeps = BTreeSet::new();
    for word in words("keeps")? {
        let list = LISTS.into_iter().find(|list| list.as_str() == word);
        keeps.insert(list.ok_or_else(|| {
            Error::input(format!("{path}.keeps"), format!("`{word}` is no list that a department keeps"))
                .hint(format!("lists are {}", LISTS.map(List::as_str).join(", ")))
        })?);
    }
    let counts = words("counts")?;
    if let Some(word) = counts.iter().find(|it| !["grants", "interactions"].contains(&it.as_str())) {
        return Err(Error::input(format!("{path}.counts"), format!("`{word}` gives no leave"))
            .hint("grants, interactions; what restricts counts from every source"));
    }
    let has = |word: &str| counts.iter().any(|it| it == word);
    Ok(Source { keeps, grants: has("grants"), interactions: has("interactions") })
}

fn keys(json: &Json, path: &str, known: &[&str]) -> Result<()> {
    let Json::Map(entries) = json else { return Err(expected(path, "an object", json)) };
    match entries.iter().find(|(key, _)| !known.contains(&key.as_str())) {
        Some((key, _)) => {
            let at = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            Err(Error::input(at, "rules have no such key here")
                .hint(format!("keys are {}", known.join(", "))))
        }
        None => Ok(()),
    }
}

fn expected(path: &str, what: &str, found: &Json) -> Error {
    Error::input(path, format!("expected {what}, not {}", found.kind()))
}
