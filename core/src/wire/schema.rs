//! JSON Schema (draft 2020-12) of requests, for one vocabulary, and of decisions. Editors complete by it and hosts in
//! other languages make their types from it; the engine itself checks more than a schema can say.

use crate::facts::complete::{facts, groups_of, lists};
use crate::of_a_room::of_a_room;
use crate::typed::{Entity, EventList, Fact, Policy, Vocabulary};
use crate::value::Type;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A taxonomy with more nodes than this is described as text: a list that long helps nobody.
const LONGEST_ENUM: usize = 256;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Entities and lists in the order in which a request is best written.
const ENTITIES: [(&str, Entity, &str); 13] = [
    ("person", Entity::Person, "Whom the contact is about."),
    ("recipient", Entity::Recipient, "Who receives it; absent: the person."),
    ("sender", Entity::Sender, "Whose message it is."),
    ("agent", Entity::Agent, "Who places it for the sender; absent: nobody."),
    ("contact", Entity::Contact, "The proposed act."),
    ("address", Entity::Address, "Where to."),
    ("content", Entity::Content, "What it says."),
    ("context", Entity::Context, "What the organisation knows now."),
    (
        "consents",
        Entity::Event(EventList::Consents),
        "Consent history; absent: unknown, empty: known to be empty.",
    ),
    (
        "contacts",
        Entity::Event(EventList::Contacts),
        "What was sent; absent: unknown, empty: known to be empty.",
    ),
    (
        "interactions",
        Entity::Event(EventList::Interactions),
        "What they did; absent: unknown, empty: known to be empty.",
    ),
    ("lists", Entity::Event(EventList::Lists), "Look-ups of addresses on lists."),
    ("signals", Entity::Event(EventList::Signals), "Privacy signals."),
];

/// Objects that hold facts and are none.
const NESTED: [(&str, &str); 4] = [
    ("confirmed_time_zone", "A time zone that they have confirmed, and when."),
    ("authority", "What the recipient may hear and decide for the person, and by what."),
    ("scope", "What the event is about; a part left out is open."),
    ("instrument", "The document by which it was done."),
];

of_a_room! {
    /// The schema of requests to a policy: [`Engine::request_schema`](crate::Engine::request_schema).
    #[must_use]
    pub fn request_schema(policy: &Policy) -> Value {
        of_requests(policy)
    }
}

fn of_requests(policy: &Policy) -> Value {
    let vocabulary = &policy.vocabulary;
    let mut properties = Map::new();
    let mut put = |key: &str, schema: Value| properties.insert(key.to_string(), schema);
    put("at", json!({"$ref": "#/$defs/instant", "description": "The instant asked about."}));
    put(
        "known_at",
        or_null(json!({"$ref": "#/$defs/instant"}), "What was known when; absent: at the instant."),
    );
    put(
        "horizon",
        or_null(json!({"$ref": "#/$defs/duration"}), "How far to look ahead; absent: 31 days, at most 400."),
    );
    put("detail", or_null(json!({"enum": crate::wire::Detail::WORDS}), "How much of the answer to write."));
    put("settings", settings_schema(policy));
    put("complete", set_of(json!({"$ref": "#/$defs/complete"}), &complete_description(vocabulary)));
    for key in crate::wire::COMPLETE_FROM {
        put(key, or_null(json!({"$ref": "#/$defs/instant"}), "From when on the list holds everything."));
    }
    for (word, entity, description) in ENTITIES {
        let facts: Vec<&Fact> = vocabulary.facts.iter().filter(|fact| fact.entity == entity).collect();
        let mut object = object_of(&facts, policy);
        let list = match entity {
            Entity::Event(list) => Some(list),
            _ => None,
        };
        if let (Some(list), Some(map)) = (list, object.as_object_mut()) {
            if let EventList::Consents = list {
                map.insert("required".into(), json!(["kind"]));
            }
            if let EventList::Lists = list {
                map.insert("required".into(), json!(["list", "address"]));
            }
        }
        let schema = match entity {
            Entity::Event(_) => or_null(json!({"type": "array", "items": object}), description),
            Entity::Recipient | Entity::Agent => or_null(object, description),
            _ => described(object, description),
        };
        put(word, schema);
    }
    let mut defs = shared_defs();
    defs.insert("complete".to_owned(), complete_schema(vocabulary));
    for tree in &vocabulary.taxonomies {
        defs.insert(format!("node.{}", tree.name), node_schema(tree));
    }
    json!({
        "$schema": DRAFT,
        "title": "Request",
        "description": "One proposed contact. A key that is absent is unknown: what the host does not know is left out. An empty list says that \
            there is known to be none, of a single value too. Null says nothing of a list, of yes or no, of a number and of a choice that has \
            the word none; of any other value it says that there is none.",
        "type": "object",
        "required": ["at"],
        "additionalProperties": false,
        "properties": properties,
        "$defs": defs,
    })
}

/// What a group holds is said where one is chosen: it is what the host claims.
fn complete_description(vocabulary: &Vocabulary) -> String {
    let mut text = "Groups, lists and facts of which the host gives all there is: what is absent of them is known to be none.".to_owned();
    for (word, facts) in groups_of(vocabulary) {
        let paths =
            facts.iter().filter_map(|fact| vocabulary.decl(*fact)).map(|fact| format!("`{}`", fact.path));
        text += &format!(" `{word}` is {}.", paths.collect::<Vec<_>>().join(", "));
    }
    text + " A list of events is named by its key, one of look-ups by `lists.` and its name (`lists` alone is all of them), a fact by its path."
}

fn complete_schema(vocabulary: &Vocabulary) -> Value {
    let groups: Vec<&str> = groups_of(vocabulary).into_iter().map(|(word, _)| word).collect();
    let lists = lists(vocabulary);
    let facts: Vec<&str> = facts(vocabulary).collect();
    json!({"anyOf": [
        {"enum": groups, "description": "A group of facts."},
        {"enum": lists, "description": "A list."},
        {"enum": facts, "description": "A fact."},
    ]})
}

fn node_schema(tree: &crate::taxonomy::Taxonomy) -> Value {
    let names: Vec<&str> = tree.names().filter(|name| *name != "any").collect();
    if names.is_empty() || names.len() > LONGEST_ENUM {
        return json!({"type": "string", "description": format!("A declared {}.", tree.name)});
    }
    json!({"enum": names})
}

fn settings_schema(policy: &Policy) -> Value {
    let mut properties = Map::new();
    for setting in &policy.settings {
        let schema = value_schema(&setting.ty, policy);
        properties.insert(setting.name.clone(), described(schema, &setting.because));
    }
    let description = "Readings of contested points; absent: the cautious one.";
    or_null(json!({"type": "object", "additionalProperties": false, "properties": properties}), description)
}

/// An object of facts, nested where a key has a dot in it.
fn object_of(facts: &[&Fact], policy: &Policy) -> Value {
    let mut direct = Map::new();
    let mut nested: BTreeMap<&str, Vec<(&str, &Fact)>> = BTreeMap::new();
    for fact in facts {
        insert(&fact.field, fact, policy, &mut direct, &mut nested);
    }
    finish_object(direct, nested, policy)
}

fn insert<'a>(
    field: &'a str,
    fact: &'a Fact,
    policy: &Policy,
    direct: &mut Map<String, Value>,
    nested: &mut BTreeMap<&'a str, Vec<(&'a str, &'a Fact)>>,
) {
    if crate::wire::DERIVED.contains(&fact.path.as_str()) {
        return;
    }
    match field.split_once('.') {
        Some((first, rest)) => nested.entry(first).or_default().push((rest, fact)),
        None => {
            direct.insert(field.to_string(), fact_schema(fact, policy));
        }
    }
}

fn finish_object(
    mut direct: Map<String, Value>,
    nested: BTreeMap<&str, Vec<(&str, &Fact)>>,
    policy: &Policy,
) -> Value {
    for (key, inside) in nested {
        let (mut below, mut deeper) = (Map::new(), BTreeMap::new());
        for (field, fact) in inside {
            insert(field, fact, policy, &mut below, &mut deeper);
        }
        let description = NESTED.iter().find(|(word, _)| *word == key).map_or("", |(_, text)| text);
        let object = finish_object(below, deeper, policy);
        // What a consent covers is never nothing.
        let schema = if key == "scope" { or_null(object, description) } else { or_none(object, description) };
        direct.insert(key.to_string(), schema);
    }
    json!({"type": "object", "additionalProperties": false, "properties": direct})
}

fn fact_schema(fact: &Fact, policy: &Policy) -> Value {
    if matches!(fact.entity, Entity::Event(_)) && matches!(fact.field.as_str(), "at" | "recorded_at") {
        return or_null(json!({"$ref": "#/$defs/instant_or_day"}), &fact.doc);
    }
    match value_schema(&fact.ty, policy) {
        // A set says by itself that it may be null.
        Value::Object(mut schema) if matches!(fact.ty, Type::Set(_) | Type::Records(_)) => {
            add_description(&mut schema, &fact.doc);
            Value::Object(schema)
        }
        other => or_none(other, &fact.doc),
    }
}

fn value_schema(ty: &Type, policy: &Policy) -> Value {
    match ty {
        Type::Boolean => json!({"type": "boolean"}),
        Type::Integer => {
            json!({"type": "integer", "minimum": 0, "maximum": crate::wire::limits::GREATEST_INTEGER})
        }
        Type::Text => json!({"type": "string"}),
        Type::Event => json!({"type": "string", "description": "The id of an event in the request."}),
        Type::Date => json!({"$ref": "#/$defs/date"}),
        Type::PartialDate => json!({"$ref": "#/$defs/partial_date"}),
        Type::Instant => json!({"$ref": "#/$defs/instant"}),
        Type::Duration => json!({"$ref": "#/$defs/duration"}),
        Type::Choice(words) => json!({"enum": words.to_vec()}),
        Type::Node(taxonomy) => {
            let name = policy.vocabulary.tree(*taxonomy).map_or("", |tree| tree.name.as_str());
            json!({"$ref": format!("#/$defs/node.{name}")})
        }
        Type::Set(inner) => set_of(value_schema(inner, policy), ""),
        Type::Records(keys) => {
            let schema = |(key, ty): &(String, Type)| (key.clone(), or_none(value_schema(ty, policy), ""));
            let properties: Map<String, Value> = keys.iter().map(schema).collect();
            set_of(json!({"type": "object", "additionalProperties": false, "properties": properties}), "")
        }
        Type::Map(keys, value) => {
            let mut schema = value_schema(value, policy);
            for _ in keys.iter() {
                schema = json!({"type": "object", "additionalProperties": or_null(schema, "")});
            }
            schema
        }
        Type::Week => json!({"$ref": "#/$defs/week"}),
        Type::Scope => json!({"$ref": "#/$defs/scope"}),
    }
}

/// One, several or none.
fn set_of(one: Value, description: &str) -> Value {
    let many = json!({"type": "array", "items": one});
    described(json!({"anyOf": [one, many, {"type": "null"}]}), description)
}

/// A value that may be left out by null, and of which an empty list says that there is none.
fn or_none(schema: Value, description: &str) -> Value {
    described(json!({"anyOf": [schema, {"type": "array", "maxItems": 0}, {"type": "null"}]}), description)
}

fn or_null(schema: Value, description: &str) -> Value {
    described(json!({"anyOf": [schema, {"type": "null"}]}), description)
}

fn described(mut schema: Value, description: &str) -> Value {
    if let Some(schema) = schema.as_object_mut() {
        add_description(schema, description);
    }
    schema
}

fn add_description(schema: &mut Map<String, Value>, description: &str) {
    if !description.is_empty() {
        schema.insert("description".to_string(), json!(description));
    }
}

fn shared_defs() -> Map<String, Value> {
    let rfc = r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$";
    let day = r"^\d{4}-\d{2}-\d{2}$";
    let windows = json!({"anyOf": [{"type": "null"}, {
        "type": "array", "maxItems": 8,
        "items": {"type": "array", "minItems": 2, "maxItems": 2,
            "items": {"type": "string", "pattern": r"^\d{2}:\d{2}(:\d{2})?$"}},
    }]});
    let mut week: Map<String, Value> = ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday"]
        .map(|d| (d.to_string(), windows.clone()))
        .into_iter()
        .collect();
    week.insert("calendar".to_string(), json!({"type": ["string", "null"]}));
    let part = |schema: Value| json!({"anyOf": [schema, {"type": "array", "minItems": 1, "items": schema}, {"type": "null"}]});
    let names = ["channel", "purpose", "topic", "sender", "address", "matter"];
    let scope: Map<String, Value> =
        names.map(|name| (name.to_string(), part(json!({"type": "string"})))).into_iter().collect();
    let unit = "(second|minute|hour|day|local day|business day|week|month|year)s?";
    let defs = json!({
        "instant": {"type": "string", "pattern": rfc, "description": "RFC 3339 with its offset."},
        "date": {"type": "string", "pattern": day},
        "instant_or_day": {"anyOf": [{"type": "string", "pattern": rfc}, {"type": "string", "pattern": day}],
            "description": "An instant with its offset, or a local day."},
        "partial_date": {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"},
        "duration": {"type": "string", "pattern": format!(r"^\d+ {unit}$"), "description": "Such as `24 hours`."},
        "week": {"type": "object", "additionalProperties": false, "properties": week,
            "description": "Hours by weekday; a day left out is closed."},
        "scope": {"type": "object", "additionalProperties": false, "properties": scope,
            "description": "Each part one value or several; a part left out is open."},
    });
    match defs {
        Value::Object(defs) => defs,
        _ => Map::new(),
    }
}

/// The schema of decisions.
///
/// ```
/// let schema = byleave::wire::schema::decision_schema();
/// assert_eq!(schema["properties"]["outcome"]["enum"][1], "defer");
/// ```
#[must_use]
pub fn decision_schema() -> Value {
    let instant = json!({"$ref": "#/$defs/instant"});
    let text = json!({"type": "string"});
    let texts = json!({"type": "array", "items": text});
    let list = |name: &str| json!({"type": "array", "items": {"$ref": format!("#/$defs/{name}")}});
    let object = |required: &[&str], properties: Value| json!({"type": "object", "required": required, "additionalProperties": false, "properties": properties});
    let finding = json!({"enum": ["not_applicable", "satisfied", "exempted", "undetermined", "violated"]});
    let kinds = json!({"enum": ["refused", "no_basis", "missing_fact", "timing", "too_often", "content"]});
    let hex = json!({"type": "string", "pattern": "^([0-9a-f]{64})?$"});
    let mut schema = object(
        &["outcome", "at"],
        json!({
            "outcome": {"enum": ["allow", "defer", "deny"]},
            "at": instant,
            "until": {"$ref": "#/$defs/instant", "description": "Of a deferral: the first instant that allows."},
            "until_local": {"$ref": "#/$defs/instant", "description": "The same with the recipient's offset."},
            "valid_until": {"anyOf": [instant, {"type": "null"}],
                "description": "The first instant at which this answer differs; null: none within the horizon."},
            "reasons": list("reason"),
            "obligations": list("obligation"),
            "fields": object(&["allowed", "withheld"], json!({"allowed": texts, "withheld": list("withheld")})),
            "missing": texts,
            "taken_as": list("taken_as"),
            "warnings": list("warning"),
            "evidence": {"$ref": "#/$defs/evidence"},
        }),
    );
    let defs = json!({
        "instant": {"type": "string", "format": "date-time"},
        "reason": object(&["rule", "pack", "finding", "sentence"], json!({
            "rule": text, "pack": text, "finding": finding, "kind": kinds, "refused_by": list("refusal"), "sentence": text, "citations": texts,
            "verified": {"enum": ["text", "secondary", "unverified"]}, "looked_at": list("looked_at"),
            "exemptions": list("exemption"), "missing": texts, "clears": {"$ref": "#/$defs/clears"},
            "would_change": texts,
        })),
        "refusal": object(&[], json!({"id": text, "at": text})),
        "looked_at": object(&["fact", "value"], json!({"fact": text, "value": text})),
        "exemption": object(&["id", "finding"], json!({
            "id": text, "finding": finding, "citations": texts, "lacked": texts,
        })),
        "clears": {"oneOf": [
            object(&["at"], json!({"at": instant})),
            object(&["never"], json!({"never": {"type": "boolean"}})),
            object(&["not_before"], json!({"not_before": instant})),
        ]},
        "obligation": object(&["id", "rule"], json!({"id": text, "value": text, "unknown": {"type": "boolean"}, "rule": text, "citations": texts})),
        "withheld": object(&["name", "rules"], json!({"name": text, "rules": texts})),
        "taken_as": object(&["fact", "rule"], json!({"fact": text, "rule": text, "citations": texts})),
        "warning": object(&["code", "path", "message"], json!({"code": text, "path": text, "message": text})),
        "evidence": object(&["engine", "packs", "settings", "facts", "zones", "known_at"], json!({
            "engine": text, "packs": list("pack"), "settings": {"type": "object", "additionalProperties": text},
            "facts": hex, "zones": object(&["edition", "digest"], json!({"edition": text, "digest": hex})),
            "known_at": instant,
        })),
        "pack": object(&["name", "edition", "digest"], json!({"name": text, "edition": text, "digest": text})),
    });
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("$schema".to_string(), json!(DRAFT));
        schema.insert("title".to_string(), json!("Decision"));
        schema.insert("$defs".to_string(), defs);
    }
    schema
}

/// [`decision_schema`] as it is kept in a file. Hosts that have no use for the tree have the text without what makes it.
///
/// ```
/// use byleave::wire::schema::{DECISION, decision_schema, stored};
/// assert_eq!(DECISION, stored(&decision_schema()));
/// ```
pub const DECISION: &str = include_str!("../../schema/decision.schema.json");

/// A schema as it is kept in a file: keys in order, two spaces, a line break at the end. Its numbers are whole, as those of our
/// schemas are; any other is written as `null`.
///
/// ```
/// use byleave::wire::schema::{decision_schema, stored};
/// let text = stored(&decision_schema());
/// assert!(text.ends_with("}\n"));
/// ```
#[must_use]
pub fn stored(schema: &Value) -> String {
    let mut out = String::new();
    pretty(schema, 0, &mut out);
    out.push('\n');
    out
}

fn pretty(value: &Value, indent: usize, out: &mut String) {
    let line = |indent: usize, out: &mut String| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", indent));
    };
    match value {
        Value::Array(items) if items.iter().any(|item| item.is_array() || item.is_object()) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                out.push_str(if n > 0 { "," } else { "" });
                line(indent + 1, out);
                pretty(item, indent + 1, out);
            }
            line(indent, out);
            out.push(']');
        }
        Value::Object(entries) if !entries.is_empty() => {
            out.push('{');
            let sorted: BTreeMap<&String, &Value> = entries.iter().collect();
            for (n, (key, value)) in sorted.into_iter().enumerate() {
                out.push_str(if n > 0 { "," } else { "" });
                line(indent + 1, out);
                super::json::write_text(key, out);
                out.push_str(": ");
                pretty(value, indent + 1, out);
            }
            line(indent, out);
            out.push('}');
        }
        // By hand: what writes any value can write fractions, which takes tables that are longer than all of this.
        Value::Array(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                out.push_str(if n > 0 { "," } else { "" });
                pretty(item, indent, out);
            }
            out.push(']');
        }
        Value::Object(_) => out.push_str("{}"),
        Value::String(text) => super::json::write_text(text, out),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Number(n) => match (n.as_u64(), n.as_i64()) {
            (Some(n), _) => out.push_str(&n.to_string()),
            (_, Some(n)) => out.push_str(&n.to_string()),
            _ => out.push_str("null"),
        },
        Value::Null => out.push_str("null"),
    }
}
