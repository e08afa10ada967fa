//! What `complete` may name: groups of facts, lists, facts by their paths. And what is said of a word that is none of these.

use crate::facts::intake::{ALWAYS_ONE, ENTITIES};
use crate::typed::{Entity, FactId, Vocabulary};
use crate::wire::DERIVED;

/// Groups of facts by their fields; a field that no pack declares is passed over.
const GROUPS: [(&str, &[&str]); 2] = [
    (
        "preferences",
        &[
            "pause_until",
            "hours",
            "inconvenient",
            "channel_rules",
            "caps",
            "confidential_requests",
            "restrictions",
        ],
    ),
    ("targeting", &["uses", "data", "geofence"]),
];

/// Whether the field is one of a person's wishes.
pub(crate) fn preference(field: &str) -> bool {
    GROUPS.iter().any(|(word, fields)| *word == "preferences" && fields.contains(&field))
}

/// The groups, each with its facts of the person, of the recipient and of the contact.
pub(crate) fn groups_of(vocabulary: &Vocabulary) -> Vec<(&'static str, Vec<FactId>)> {
    let facts = |fields: &[&str]| {
        let paths = ["person", "recipient", "contact"]
            .into_iter()
            .flat_map(|entity| fields.iter().map(move |field| format!("{entity}.{field}")));
        paths.filter_map(|path| vocabulary.fact(&path)).collect()
    };
    GROUPS.iter().map(|(word, fields)| (*word, facts(fields))).collect()
}

/// The words for lists: those of events, and each list of addresses by itself.
pub(crate) fn lists(vocabulary: &Vocabulary) -> Vec<String> {
    let events = ENTITIES.iter().filter(|(_, entity)| matches!(entity, Entity::Event(_)));
    let named = vocabulary.lists.iter().map(|list| format!("lists.{}", list.name));
    events.map(|(word, _)| (*word).to_owned()).chain(named).collect()
}

/// The facts that can be known to be none, by their paths.
pub(crate) fn facts(vocabulary: &Vocabulary) -> impl Iterator<Item = &str> {
    let alone = vocabulary.facts.iter().filter(|fact| !matches!(fact.entity, Entity::Event(_)));
    let paths = alone.map(|fact| fact.path.as_str());
    paths.filter(|path| !ALWAYS_ONE.contains(path) && !DERIVED.contains(path))
}

/// What to write in place of a word that names nothing: what is near, or what there is.
pub(crate) fn instead_of(name: &str, vocabulary: &Vocabulary) -> String {
    let lists = lists(vocabulary);
    let quoted = |words: Vec<&str>| words.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    // One letter makes `contacts` of `contact`, which says something else.
    let below: Vec<&str> = facts(vocabulary)
        .filter(|it| it.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
        .collect();
    if !below.is_empty() {
        return format!("name its facts one by one: {}", quoted(below));
    }
    let groups = GROUPS.iter().map(|(word, _)| *word);
    let all = groups.clone().chain(lists.iter().map(String::as_str)).chain(facts(vocabulary));
    if let Some(near) = crate::diag::did_you_mean(name, all) {
        return format!("did you mean `{near}`?");
    }
    let (groups, lists) = (quoted(groups.collect()), quoted(lists.iter().map(String::as_str).collect()));
    format!("groups are {groups}; lists {lists}; a fact is named by its path, such as `person.hours`")
}
