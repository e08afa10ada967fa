//! From a department's record, or a profile that was written before, to statements; and back.

use super::{Said, Statement};
use crate::error::{Error, Result};
use crate::event::{List, instant, word};
use byleave::wire::{Item, Json, Limits};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The lists that a record may tell.
pub(super) const LISTS: [List; 5] =
    [List::Consents, List::Contacts, List::Interactions, List::Lists, List::Signals];

const KEYS: [&str; 11] = [
    "source",
    "as_of",
    "person",
    "consents",
    "contacts",
    "interactions",
    "lists",
    "signals",
    "complete",
    "contacts_complete_from",
    "interactions_complete_from",
];

pub(super) fn profile(mut json: Json) -> Result<BTreeSet<Statement>> {
    if let Json::Map(entries) = &mut json
        && let [(key, Json::List(items))] = entries.as_mut_slice()
        && key == "statements"
    {
        // Each by itself: a profile holds more than any one record may.
        let read = |item: &mut Item| {
            item.json.admit(&Limits::MOST)?;
            statement(&item.json)
        };
        let within = |error: Error, at| error.within(&format!("[{at}]")).within("statements");
        return items.iter_mut().map(|item| read(item).map_err(|error| within(error, item.at))).collect();
    }
    json.admit(&Limits::MOST)?;
    let Json::Map(entries) = &json else {
        return Err(Error::input("", format!("a record is an object, not {}", json.kind())));
    };
    if json.get("statements").is_some() {
        return Err(Error::input("statements", "a profile has a list of `statements`, and nothing else"));
    }
    if let Some((key, _)) = entries.iter().find(|(key, _)| !KEYS.contains(&key.as_str())) {
        return Err(Error::input(key.clone(), "a record has no such key")
            .hint(format!("what departments know is of the person: keys are {}", KEYS.join(", "))));
    }
    record(&json)
}

fn record(json: &Json) -> Result<BTreeSet<Statement>> {
    let source = word(json, "source")?.to_owned();
    let as_of = moment(json, "as_of")?;
    let mut out = BTreeSet::new();
    let mut say = |said: Said| out.insert(Statement { source: source.clone(), said });
    match json.get("person") {
        Some(person @ Json::Map(facts)) => {
            // Events name the person by it, and each system by its own.
            word(person, "id").map_err(|it| it.within("person"))?;
            for (key, value) in facts {
                say(Said::Fact { path: format!("person.{key}"), as_of, value: value.clone() });
            }
        }
        Some(other) => {
            return Err(Error::input("person", format!("expected an object, not {}", other.kind())));
        }
        None => return Err(Error::input("person", "is missing").hint("at least its `id` in this system")),
    }
    for list in LISTS {
        let name = list.as_str();
        let key = format!("{name}_complete_from");
        let since = match json.get(&key) {
            None | Some(Json::Null) => None,
            Some(_) => Some(moment(json, &key)?),
        };
        // A list of null is not told.
        let Some(events) = json.get(name).filter(|it| **it != Json::Null) else {
            if since.is_some() {
                return Err(Error::input(key, format!("the record tells no {name}")));
            }
            continue;
        };
        say(Said::List { list, as_of, since });
        let mut alike: BTreeMap<Json, u32> = BTreeMap::new();
        for item in items(events, name)? {
            let path = || format!("{name}[{}]", item.at);
            let record = event(&item.json).map_err(|it| it.within(&path()))?;
            // The same event twice is told twice; without an id, two that read the same are two.
            let n = match record.get("id") {
                Some(_) => 0,
                None => {
                    let count = alike.entry(record.clone()).or_default();
                    *count += 1;
                    *count
                }
            };
            say(Said::Event { list, n, record });
        }
    }
    let words = match json.get("complete") {
        None | Some(Json::Null) => Vec::new(),
        Some(words) => texts(words, "complete")?,
    };
    say(Said::Complete { as_of, words });
    Ok(out)
}

/// An event as it is compared: an object, its instants in UTC.
fn event(json: &Json) -> Result<Json> {
    let Json::Map(entries) = json else {
        return Err(Error::input("", format!("an event is an object, not {}", json.kind())));
    };
    if json.get("id").is_some() {
        word(json, "id")?;
    }
    let mut entries = entries.clone();
    for (key, value) in &mut entries {
        if ["at", "recorded_at", "expires_at"].contains(&key.as_str())
            && let Json::Text(text) = value
            && let Some(at) = instant(text)
        {
            *text = at.to_string();
        }
    }
    Ok(Json::Map(entries))
}

fn moment(json: &Json, key: &str) -> Result<i64> {
    let text = word(json, key)?;
    instant(text)
        .map(Timestamp::as_microsecond)
        .ok_or_else(|| Error::input(key, "expected an instant with its offset, such as 2026-07-01T16:00:00Z"))
}

fn items<'a>(json: &'a Json, path: &str) -> Result<&'a [Item]> {
    match json {
        Json::List(items) => Ok(items),
        other => Err(Error::input(path, format!("expected a list, not {}", other.kind()))),
    }
}

/// One text or several.
pub(super) fn texts(json: &Json, path: &str) -> Result<Vec<String>> {
    let text = |json: &Json| match json {
        Json::Text(text) => Ok(text.clone()),
        other => Err(Error::input(path, format!("expected a text, not {}", other.kind()))),
    };
    match json {
        Json::List(items) => items.iter().map(|it| text(&it.json)).collect(),
        one => Ok(vec![text(one)?]),
    }
}

/// A statement as [`written`].
fn statement(json: &Json) -> Result<Statement> {
    let source = word(json, "source")?.to_owned();
    let list = || -> Result<List> {
        let name = word(json, "list")?;
        let found = LISTS.into_iter().find(|list| list.as_str() == name);
        found.ok_or_else(|| Error::input("list", "a profile has no such list"))
    };
    let (said, keys): (Said, &[&str]) = if json.get("fact").is_some() {
        let path = word(json, "fact")?.to_owned();
        if path.strip_prefix("person.").is_none_or(str::is_empty) {
            return Err(Error::input("fact", "expected a fact of the person, such as person.hours"));
        }
        let value = json.get("value").ok_or_else(|| Error::input("value", "is missing"))?.clone();
        if path == "person.id" && !matches!(&value, Json::Text(id) if !id.is_empty()) {
            return Err(Error::input("value", "expected the person's name in that system"));
        }
        (Said::Fact { path, as_of: moment(json, "as_of")?, value }, &["source", "as_of", "fact", "value"])
    } else if let Some(told) = json.get("event") {
        let n = match json.get("n") {
            None => 0,
            Some(Json::Int(n)) => {
                u32::try_from(*n).map_err(|_| Error::input("n", "is more than can be told apart"))?
            }
            Some(other) => {
                return Err(Error::input("n", format!("expected a whole number, not {}", other.kind())));
            }
        };
        let record = event(told).map_err(|it| it.within("event"))?;
        (Said::Event { list: list()?, n, record }, &["source", "list", "n", "event"])
    } else if let Some(words) = json.get("complete") {
        let words = texts(words, "complete")?;
        (Said::Complete { as_of: moment(json, "as_of")?, words }, &["source", "as_of", "complete"])
    } else {
        let since = match json.get("complete_from") {
            None | Some(Json::Null) => None,
            Some(_) => Some(moment(json, "complete_from")?),
        };
        let said = Said::List { list: list()?, as_of: moment(json, "as_of")?, since };
        (said, &["source", "as_of", "list", "complete_from"])
    };
    if let Json::Map(entries) = json
        && let Some((key, _)) = entries.iter().find(|(key, _)| !keys.contains(&key.as_str()))
    {
        return Err(Error::input(key.clone(), "such a statement has no such key")
            .hint(format!("its keys are {}", keys.join(", "))));
    }
    Ok(Statement { source, said })
}

pub(super) fn written(said: &BTreeSet<Statement>) -> Json {
    let mut items: Vec<Json> = said.iter().map(one).collect();
    // As a request's lists are: by value.
    items.sort();
    object(vec![("statements", list(items))])
}

fn one(it: &Statement) -> Json {
    let as_of = |at: i64| ("as_of", Json::Text(shown(at)));
    let mut out = match &it.said {
        Said::Fact { path, as_of: at, value } => {
            vec![as_of(*at), ("fact", Json::Text(path.clone())), ("value", value.clone())]
        }
        Said::Event { list, n, record } => {
            let mut out = vec![("event", record.clone()), ("list", Json::Text(list.as_str().to_owned()))];
            if *n > 0 {
                out.push(("n", Json::Int(i64::from(*n))));
            }
            out
        }
        Said::List { list, as_of: at, since } => {
            let since = since.map_or(Json::Null, |at| Json::Text(shown(at)));
            vec![as_of(*at), ("complete_from", since), ("list", Json::Text(list.as_str().to_owned()))]
        }
        Said::Complete { as_of: at, words } => {
            vec![as_of(*at), ("complete", list(words.iter().cloned().map(Json::Text).collect()))]
        }
    };
    out.push(("source", Json::Text(it.source.clone())));
    object(out)
}

pub(super) fn shown(at: i64) -> String {
    Timestamp::from_microsecond(at).unwrap_or(Timestamp::MAX).to_string()
}

pub(super) fn object(mut entries: Vec<(&str, Json)>) -> Json {
    entries.sort_by_key(|(key, _)| *key);
    Json::Map(entries.into_iter().map(|(key, json)| (key.to_owned(), json)).collect())
}

pub(super) fn list(items: Vec<Json>) -> Json {
    Json::List((0..).zip(items).map(|(at, json)| Item { at, json }).collect())
}
