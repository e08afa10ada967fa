//! A small vocabulary for the tests of this room, made from the table of intrinsic facts and a few of a pack's.

use crate::error::Error;
use crate::facts::{Facts, Intake, Interner, Slot};
use crate::taxonomy::{NodeId, Seed, Taxonomy, TaxonomyId};
use crate::typed::intrinsic::{INTRINSICS, Shape, entity_word};
use crate::typed::{AddressList, Entity, EventList, Fact, FactId, Law, Policy, Setting, Vocabulary};
use crate::value::{Amount, Type, Unit, Value};
use crate::wire::{Limits, Request};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// Names with their parent and marks: `name<parent!mark`.
const TREES: [(&str, &[&str]); 16] = [
    ("channel", &["voice", "text", "email", "sms<text", "mail", "letter<mail"]),
    ("purpose", &["care", "marketing", "appointment<care", "billing"]),
    ("topic", &["running", "trail<running", "heart!sensitive"]),
    (
        "level",
        &[
            "contact!held_by_recipient",
            "opted_in<contact",
            "express<opted_in",
            "hipaa",
            "hipaa.authorization<hipaa",
        ],
    ),
    ("sender", &["acme!seller", "acme.clinic<acme", "acme.clinic.front<acme.clinic", "lone"]),
    ("data_category", &["identity", "name<identity", "condition", "diagnosis<condition"]),
    ("content_element", &["opt_out", "sender_identity"]),
    ("recipient_role", &["self", "representative", "parent<representative"]),
    ("jurisdiction", &["US", "US-FL<US", "US-RI<US", "DE"]),
    ("list", &["national_dnc", "reassigned"]),
    ("interaction", &["transaction", "inquiry", "conversation"]),
    ("technology", &["manual", "automated"]),
    ("result", &["delivered", "no_answer"]),
    ("means", &["web_form", "text_reply"]),
    ("service", &["cardiology", "imaging"]),
    ("place", &["north", "south"]),
];

fn trees() -> Vec<Taxonomy> {
    let tree = |(name, nodes): &(&str, &[&str])| {
        let split = |spec: &&str| {
            let (rest, mark) = spec.split_once('!').map_or((*spec, None), |(a, b)| (a, Some(b.to_string())));
            let (name, parent) = rest.split_once('<').map_or((rest, None), |(a, b)| (a, Some(b.to_string())));
            (name.to_string(), parent, mark)
        };
        let specs: Vec<_> = nodes.iter().map(split).collect();
        let seeds: Vec<Seed> = specs
            .iter()
            .map(|(name, parent, mark)| Seed {
                name: name.clone(),
                parent: parent.as_ref().map(|p| specs.iter().position(|(n, _, _)| n == p).unwrap()),
                marks: mark.iter().cloned().collect(),
                pack: 0,
                doc: String::new(),
            })
            .collect();
        Taxonomy::number(name, &seeds)
    };
    TREES.iter().map(tree).collect()
}

fn ty(shape: &Shape, ids: &BTreeMap<String, TaxonomyId>) -> Type {
    match shape {
        Shape::Boolean => Type::Boolean,
        Shape::Integer => Type::Integer,
        Shape::Text => Type::Text,
        Shape::Date => Type::Date,
        Shape::PartialDate => Type::PartialDate,
        Shape::Instant => Type::Instant,
        Shape::Choice(words) => choice(words),
        Shape::Node(name) => Type::Node(ids[*name]),
        Shape::Nodes(name) => Type::Set(Box::new(Type::Node(ids[*name]))),
        Shape::Texts => Type::Set(Box::new(Type::Text)),
        Shape::Records(keys) => {
            Type::Records(keys.iter().map(|(key, shape)| (key.to_string(), ty(shape, ids))).collect())
        }
        Shape::Scope => Type::Scope,
        Shape::Event => Type::Event,
    }
}

fn choice(words: &[&str]) -> Type {
    Type::Choice(words.iter().map(|w| w.to_string()).collect())
}

fn vocabulary() -> Vocabulary {
    let taxonomies = trees();
    let by_name: BTreeMap<String, TaxonomyId> =
        (0u16..).zip(&taxonomies).map(|(n, t)| (t.name.clone(), TaxonomyId(n))).collect();
    let node = |name: &str| Type::Node(by_name[name]);
    let set = |inner: Type| Type::Set(Box::new(inner));
    let party = [
        ("jurisdictions", set(node("jurisdiction")), false),
        ("pause_until", Type::Instant, false),
        ("deceased_on", Type::Date, true),
        ("hours", Type::Week, false),
        (
            "caps",
            Type::Records(
                [("scope", Type::Scope), ("most", Type::Integer), ("window", Type::Duration)]
                    .map(|(key, ty)| (key.to_string(), ty))
                    .into(),
            ),
            false,
        ),
    ];
    let mut declared: Vec<(Entity, String, Type, bool)> = INTRINSICS
        .iter()
        .map(|line| (line.entity, line.field.to_string(), ty(&line.shape, &by_name), line.absent_none))
        .collect();
    for entity in [Entity::Person, Entity::Recipient] {
        declared.extend(party.iter().map(|(field, ty, none)| (entity, field.to_string(), ty.clone(), *none)));
    }
    declared.extend([
        (Entity::Address, "jurisdictions".to_string(), set(node("jurisdiction")), false),
        (Entity::Content, "length".to_string(), Type::Integer, false),
        (Entity::Contact, "technology".to_string(), set(node("technology")), false),
        (Entity::Agent, "role".to_string(), choice(&["processor", "telemarketer"]), false),
        (
            Entity::Context,
            "open_slots".to_string(),
            Type::Map([by_name["service"], by_name["place"]].into(), Box::new(Type::Integer)),
            false,
        ),
        (Entity::Event(EventList::Contacts), "seller".to_string(), node("sender"), false),
        (Entity::Event(EventList::Interactions), "seller".to_string(), node("sender"), false),
    ]);
    let mut slots: BTreeMap<Entity, u16> = BTreeMap::new();
    let mut facts = Vec::new();
    for (entity, field, ty, absent_none) in declared {
        let slot = slots.entry(entity).or_default();
        let path = format!("{}.{field}", entity_word(entity));
        facts.push(Fact {
            missing: path.clone(),
            path,
            entity,
            field,
            ty,
            absent_none,
            reads: None,
            slot: *slot,
            pack: None,
            doc: String::new(),
        });
        *slot += 1;
    }
    let by_path = (0u16..).zip(&facts).map(|(n, fact)| (fact.path.clone(), FactId(n))).collect();
    let lists = ["national_dnc", "reassigned"]
        .map(|name| AddressList {
            name: name.to_string(),
            good_days: Some(31),
            unless_listed: false,
            missing: "dnc_scrub".to_string(),
            law: Law::default(),
            because: String::new(),
        })
        .into();
    Vocabulary { taxonomies, facts, lists, by_path, by_name }
}

/// Intake of the small vocabulary.
pub fn intake() -> Intake {
    let setting = |name: &str, ty: Type, default: Value| Setting {
        name: name.to_string(),
        ty,
        default,
        law: Law::default(),
        because: String::new(),
        doc: String::new(),
    };
    let settings = vec![
        setting("us.tcpa.lifts", choice(&["no", "yes"]), Value::Choice(0)),
        setting("core.expiry", Type::Duration, Value::Amount(Amount { n: 24, unit: Unit::Month })),
    ];
    let policy = Policy { vocabulary: Arc::new(vocabulary()), settings, ..Policy::default() };
    Intake::with_limits(Arc::new(policy), Arc::new(Interner::new()), Limits::default())
}

/// Facts of a request, or why not. All are prepared by one engine, for facts of two are never equal.
pub fn read(text: &str) -> Result<Facts, Error> {
    static INTAKE: LazyLock<Intake> = LazyLock::new(intake);
    INTAKE.read(&Request::parse(text, &Limits::MOST)?)
}

/// Facts of a request at noon UTC of 2026-07-01, given the rest of its keys.
pub fn at_noon(rest: &str) -> Facts {
    let comma = if rest.is_empty() { "" } else { "," };
    read(&format!(r#"{{"at":"2026-07-01T12:00:00Z"{comma}{rest}}}"#)).unwrap()
}

/// The value of a fact.
pub fn slot(facts: &Facts, path: &str) -> Slot {
    facts.slot(intake().vocabulary().fact(path).unwrap()).clone()
}

/// A node by taxonomy and name.
pub fn node(taxonomy: &str, name: &str) -> NodeId {
    intake().vocabulary().taxonomy(taxonomy).unwrap().1.find(name).unwrap()
}

/// The codes of the warnings.
pub fn codes(facts: &Facts) -> Vec<&'static str> {
    facts.warnings.iter().map(|w| w.code).collect()
}
