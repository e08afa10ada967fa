//! Events whose text is usual, read without a tree: everything is checked on the text as it stands, and written once. Whatever
//! this does not take, be it right or wrong, the tree reads again, which says what is wrong. So nothing is refused here.

use super::{ACTORS, EVENT, Event, KEYS, List, WORD, instant, whole};
use crate::plain::{Entry, Plain, Value, get, quoted};
use jiff::Timestamp;
use std::sync::OnceLock;

/// The event, as [`Event::by_tree`] reads it; recorded at that instant if it does not say when.
pub(super) fn read(text: &str, at: Option<Timestamp>) -> Option<Event> {
    let plain = Plain::read(text)?;
    let all = plain.root();
    all.iter().all(|it| KEYS.contains(&it.key)).then_some(())?;
    let key = word(all, "key")?;
    let person = word(all, "person")?;
    word(all, "source")?;
    optional(all, "method")?;
    let list = List::of(word(all, "list")?)?;
    let says_when = get(all, "recorded_at").is_some();
    let recorded_at = if says_when { instant(word(all, "recorded_at")?)? } else { whole(at?)? };
    actor(&plain, get(all, "actor")?)?;
    if let Some(shown) = get(all, "text_shown") {
        text_shown(&plain, shown)?;
    }
    let Value::Map(event) = get(all, "event")? else { return None };
    let event = plain.of(event);
    match list {
        // What these name must be there, or be somebody else: they are few, and the tree looks into them.
        List::Voids | List::Links | List::Decisions => return None,
        List::Preferences => {
            instant(word(event, "at")?)?;
            matches!(get(event, "set")?, Value::Map(_)).then_some(())?;
        }
        _ if !list.named() => {}
        _ => match get(event, "id") {
            None => {}
            Some(Value::Text(id)) if id == key => {}
            Some(_) => return None,
        },
    }
    let revokes = list == List::Consents && get(event, "kind") == Some(Value::Text("revoke"));
    let mut finds = Vec::new();
    if revokes {
        texts(&plain, get(event, "address"), &mut finds);
        texts(&plain, get(event, "scope").and_then(|it| plain.get(it, "address")), &mut finds);
    }
    let words = words(&plain, text.len(), recorded_at);
    let (key, person) = (key.to_owned(), person.to_owned());
    let record = OnceLock::new();
    (words.len() <= EVENT).then_some(Event { key, person, list, recorded_at, words, revokes, finds, record })
}

/// Keys by name, the instant in its one form.
fn words(plain: &Plain<'_>, room: usize, recorded_at: Timestamp) -> String {
    let recorded_at = recorded_at.to_string();
    let mut out = String::with_capacity(room + recorded_at.len() + 20);
    out.push('{');
    let mut comma = "";
    let mut put = |key: &str, value: Option<Value<'_>>| {
        out.push_str(std::mem::replace(&mut comma, ","));
        quoted(key, &mut out);
        out.push(':');
        match value {
            Some(value) => plain.write(value, &mut out),
            None => quoted(&recorded_at, &mut out),
        }
    };
    let all = plain.root().iter();
    all.clone().filter(|it| it.key < "recorded_at").for_each(|it| put(it.key, Some(it.value)));
    put("recorded_at", None);
    all.filter(|it| it.key > "recorded_at").for_each(|it| put(it.key, Some(it.value)));
    out.push('}');
    out
}

/// A text that must be there, and says something.
fn word<'t>(entries: &[Entry<'t>], key: &str) -> Option<&'t str> {
    match get(entries, key)? {
        Value::Text(text) if !text.is_empty() && text.len() <= WORD => Some(text),
        _ => None,
    }
}

fn optional(entries: &[Entry<'_>], key: &str) -> Option<()> {
    if get(entries, key).is_none() { Some(()) } else { word(entries, key).map(drop) }
}

fn actor(plain: &Plain<'_>, actor: Value<'_>) -> Option<()> {
    let Value::Map(actor) = actor else { return None };
    let actor = plain.of(actor);
    actor.iter().all(|it| ["kind", "id", "authority"].contains(&it.key)).then_some(())?;
    let kind = word(actor, "kind")?;
    ACTORS.contains(&kind).then_some(())?;
    optional(actor, "id")?;
    optional(actor, "authority")?;
    (kind != "representative" || get(actor, "authority").is_some()).then_some(())
}

fn text_shown(plain: &Plain<'_>, shown: Value<'_>) -> Option<()> {
    let Value::Map(shown) = shown else { return None };
    let shown = plain.of(shown);
    shown.iter().all(|it| ["sha256", "language"].contains(&it.key)).then_some(())?;
    let hash = word(shown, "sha256")?;
    let hexadecimal = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
    (hash.len() == 64 && hash.bytes().all(hexadecimal)).then_some(())?;
    word(shown, "language").map(drop)
}

/// One text or several.
fn texts(plain: &Plain<'_>, value: Option<Value<'_>>, out: &mut Vec<String>) {
    match value {
        Some(Value::Text(text)) => out.push(text.to_owned()),
        Some(Value::List(items)) => {
            out.extend(plain.of(items).iter().filter_map(|it| match it.value {
                Value::Text(text) => Some(text.to_owned()),
                _ => None,
            }));
        }
        _ => {}
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
