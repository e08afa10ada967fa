//! How things are called on the page.

use crate::commands::packs::doc::terms::plain;
use byleave_ledger::Replay;
use serde_json::Value;

/// `1 entry`, `3 entries`
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Whether a decision came to the same.
pub fn same(replay: &Replay) -> bool {
    matches!(replay, Replay::Same | Replay::OtherEngine { .. })
}

/// A text at a key; several, joined.
pub fn at(record: &Value, path: &str) -> Option<String> {
    match record.pointer(path)? {
        Value::Null => None,
        Value::Array(items) if items.is_empty() => None,
        other => Some(value(other)),
    }
}

/// A value in words: names lose their underscores, texts stay as they are.
pub fn value(json: &Value) -> String {
    match json {
        Value::String(text) if is_word(text) => plain(text),
        Value::Array(items) => items.iter().map(value).collect::<Vec<_>>().join(", "),
        Value::Object(map) => {
            let parts = map.iter().map(|(key, it)| format!("{} {}", plain(key), value(it)));
            parts.collect::<Vec<_>>().join("; ")
        }
        other => crate::page::words::value(other),
    }
}

/// A name of the vocabulary, and no text of somebody's.
fn is_word(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_lowercase() || it == b'_') && !text.is_empty()
}

/// A language by the tag of an event.
pub fn language(tag: &str) -> String {
    let name = match tag.split('-').next().unwrap_or_default() {
        "en" => "English",
        "es" => "Spanish",
        "fr" => "French",
        "de" => "German",
        "zh" => "Chinese",
        _ => return tag.to_owned(),
    };
    name.to_owned()
}

/// Who told it.
pub fn actor(words: &Value) -> String {
    let kind = match words.pointer("/actor/kind").and_then(Value::as_str).unwrap_or_default() {
        "person" => "the person".to_owned(),
        "representative" => "a representative".to_owned(),
        "agent" => "an agent of ours".to_owned(),
        "staff" => "staff".to_owned(),
        "import" => "an import from another system".to_owned(),
        "system" => "a system".to_owned(),
        other => plain(other),
    };
    let id = words.pointer("/actor/id").and_then(Value::as_str).map(|it| format!(" ({it})"));
    let right =
        words.pointer("/actor/authority").and_then(Value::as_str).map(|it| format!(", by right of {it}"));
    format!("{kind}{}{}", id.unwrap_or_default(), right.unwrap_or_default())
}

/// What was consented to or refused: `texts about offers, for marketing, at +1 202 555 0100`.
pub fn scope(record: &Value) -> String {
    let mut out = match at(record, "/scope/channel") {
        Some(channel) => format!("contact by {channel}"),
        None => "contact of every kind".to_owned(),
    };
    for (path, before) in [
        ("/scope/purpose", " for "),
        ("/scope/topic", " about "),
        ("/scope/sender", " from "),
        ("/scope/address", " at "),
    ] {
        if let Some(words) = at(record, path) {
            out.push_str(before);
            out.push_str(&words);
        }
    }
    out
}
