//! The contact that says to somebody that their stop was heard: what of it is known, from what it answers and by what it is.

use super::Context;
use crate::typed::{Entity, Vocabulary};
use crate::value::Type;
use crate::wire::{Item, Json};

/// What is true of it in any case, and named here because its type does not tell: it goes out by the same way.
const SAME_WAY: [&str; 2] = ["one_way", "encrypted"];
/// Sets of these are told of how and where it is sent, and by whom: the same as of what was answered. What the answered contact
/// asked for is kept, for whoever asks again must say so.
const SAME_OF: [&str; 3] = ["technology", "jurisdiction", "level"];
/// Sets of these are told of what a message carries, or what is done with data to choose it: a confirmation is chosen by the stop.
const NONE_OF: [&str; 2] = ["data_category", "data_use"];
/// What else it has none of: nobody is picked by the place where they are, and nothing is filled in.
const NONE: [&str; 2] = ["geofence", "fields"];

/// Texts or other values as a list.
pub(super) fn list(all: Vec<Json>) -> Json {
    Json::List((0u32..).zip(all).map(|(at, json)| Item { at, json }).collect())
}

/// The contact by which the stop `id` is confirmed.
///
/// A fact is kept where it stays true: how, where and by what way it is sent; and of what the answered contact had none, its
/// confirmation has none, whichever pack asks. Whatever else was told of that contact is told of that contact only, and stays
/// unknown: it could open what nobody said of the confirmation. What is known by its nature does not hang on what is told, so a
/// fact less never makes it freer.
pub(super) fn contact(
    vocabulary: &Vocabulary,
    context: &Context,
    channel: &str,
    purpose: &str,
    id: &str,
) -> Json {
    let text = |it: &str| Json::Text(it.to_owned());
    let mut out = vec![
        ("channel".to_owned(), text(channel)),
        ("purpose".to_owned(), list(vec![text(purpose)])),
        ("responds_to".to_owned(), text(id)),
        ("stage".to_owned(), text("draft")),
    ];
    let old = context.request.json().get("contact");
    for fact in vocabulary.facts.iter().filter(|it| it.entity == Entity::Contact) {
        let key = fact.field.as_str();
        if out.iter().any(|(known, _)| known == key) {
            continue;
        }
        let of = |names: &[&str]| match &fact.ty {
            Type::Set(one) => match one.as_ref() {
                Type::Node(tree) => {
                    names.iter().any(|name| vocabulary.taxonomy(name).is_some_and(|(it, _)| it == *tree))
                }
                _ => false,
            },
            _ => false,
        };
        if NONE.contains(&key) || of(&NONE_OF) {
            out.push((key.to_owned(), list(Vec::new())));
            continue;
        }
        let Some(told) = old.and_then(|it| it.get(key)) else { continue };
        if SAME_WAY.contains(&key) || of(&SAME_OF) || is_none(told) {
            out.push((key.to_owned(), told.clone()));
        }
    }
    Json::Map(out)
}

/// Told, and none.
fn is_none(json: &Json) -> bool {
    match json {
        Json::Null | Json::Bool(false) => true,
        Json::List(items) => items.is_empty(),
        _ => false,
    }
}
