//! The vocabulary as intake needs it: keys by entity, the facts that the engine reads by itself, what an absent fact
//! reads as. Resolved once for each policy.

use crate::facts::complete::groups_of;
use crate::facts::heads::Levels;
use crate::facts::ways::Ways;
use crate::facts::{Interner, Mark, Slot, has_mask};
use crate::of_a_room::of_a_room;
use crate::taxonomy::NodeId;
use crate::typed::{Entity, EventList, FactId, Policy, Vocabulary};
use crate::value::{Type, Value};
use crate::wire::{DERIVED, Limits};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Everything that turning requests into facts needs to know of a policy. One serves any number of requests.
///
/// What it gives (facts, words) are numbers in its own vocabulary. Ask each engine's intake for them anew: in another, also in
/// that of a policy that was loaded again with one channel more, the same number is another word, and nothing tells.
///
/// ```
/// use byleave::native::Slot;
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let intake = engine.intake();
/// // Once for an engine; a slip is found here, and not among a million rows.
/// let channel = intake.fact("contact.channel")?;
/// assert!(intake.word(channel, "smss").is_err());
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Debug)]
pub struct Intake {
    /// Of the engine that it belongs to.
    pub(crate) mark: Mark,
    pub(crate) policy: Arc<Policy>,
    pub(crate) base: Arc<Interner>,
    pub(crate) limits: Limits,
    pub(crate) shapes: BTreeMap<&'static str, (Entity, Shape)>,
    /// By fact: what it reads as when absent.
    pub(crate) absent: Vec<Slot>,
    /// By list, then by column: what a row reads that does not give the field.
    pub(crate) columns: [Vec<Slot>; 5],
    /// By fact: whether its values have a mask.
    pub(crate) masked: Vec<bool>,
    /// By list, then by column: the same.
    pub(crate) masked_columns: [Vec<bool>; 5],
    /// What the heads of consent events are made with.
    pub(crate) levels: Levels,
    /// By setting.
    pub(crate) settings: Vec<Slot>,
    pub(crate) known: Known,
    /// Pairs of (person's fact, recipient's fact) of the same field.
    pub(crate) party: Vec<(FactId, FactId)>,
    /// Groups of facts of which a host may claim that it always gives them.
    pub(crate) groups: Vec<(&'static str, Vec<FactId>)>,
    /// By node of the taxonomy `list`: index of `Vocabulary::lists`.
    pub(crate) lists: BTreeMap<NodeId, usize>,
    /// Nodes of `sender`: the seller of each.
    pub(crate) sellers: Vec<NodeId>,
    /// For the quick door, once somebody asks.
    ways: OnceLock<Box<Ways>>,
}

/// Keys of an object.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    pub keys: BTreeMap<String, Branch>,
}

impl Shape {
    /// Puts a fact under its key; one whose key is taken is out of reach, which the checker does not let happen.
    fn insert(&mut self, field: &str, fact: FactId) {
        match field.split_once('.') {
            None => {
                self.keys.entry(field.to_string()).or_insert(Branch::Fact(fact));
            }
            Some((first, rest)) => {
                let branch =
                    self.keys.entry(first.to_string()).or_insert_with(|| Branch::Inside(Shape::default()));
                if let Branch::Inside(inside) = branch {
                    inside.insert(rest, fact);
                }
            }
        }
    }
}

/// What stands under a key.
#[derive(Debug)]
pub(crate) enum Branch {
    /// A fact.
    Fact(FactId),
    /// An object with facts in it: `instrument`.
    Inside(Shape),
}

/// Facts that the engine reads by itself; `None` where no pack declares the taxonomy they need.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub person_id: Option<FactId>,
    pub recipient_id: Option<FactId>,
    pub role: Option<FactId>,
    pub self_role: Option<NodeId>,
    pub zones: [Option<FactId>; 2],
    pub confirmed_zone: [Option<FactId>; 2],
    pub confirmed_on: [Option<FactId>; 2],
    pub sender: Option<FactId>,
    pub seller: Option<FactId>,
    pub fields: Option<FactId>,
    pub category: Option<usize>,
    pub data: Option<FactId>,
    pub address: Option<FactId>,
    pub consents: ConsentFacts,
    pub classed_as: Option<FactId>,
    /// (sender, seller) of contacts and interactions.
    pub sellers: [(Option<FactId>, Option<FactId>); 2],
    pub list: Option<FactId>,
    pub list_address: Option<FactId>,
    /// Of each list, the addresses that its events name.
    pub addresses: [[Option<FactId>; 2]; 5],
    pub list_result: Option<FactId>,
    pub version_at: Option<FactId>,
    pub asked_about: Option<FactId>,
    pub signal_kind: Option<FactId>,
    pub signal_on: Option<FactId>,
}

/// Fields of consent events that the fold reads.
#[derive(Debug, Default)]
pub(crate) struct ConsentFacts {
    pub kind: Option<FactId>,
    pub of: Option<FactId>,
    pub holder: Option<FactId>,
    pub level: Option<FactId>,
    pub families: Option<FactId>,
    pub channel: Option<FactId>,
    pub purpose: Option<FactId>,
    pub topic: Option<FactId>,
    pub sender: Option<FactId>,
    pub address: Option<FactId>,
    pub matter: Option<FactId>,
    pub by: Option<FactId>,
    pub expires_on: Option<FactId>,
    pub instrument_expires_on: Option<FactId>,
    pub expires_at: Option<FactId>,
}

/// The keys of requests, with what stands under them.
pub(crate) const ENTITIES: [(&str, Entity); 13] = [
    ("person", Entity::Person),
    ("recipient", Entity::Recipient),
    ("sender", Entity::Sender),
    ("agent", Entity::Agent),
    ("contact", Entity::Contact),
    ("address", Entity::Address),
    ("content", Entity::Content),
    ("context", Entity::Context),
    ("consents", Entity::Event(EventList::Consents)),
    ("contacts", Entity::Event(EventList::Contacts)),
    ("interactions", Entity::Event(EventList::Interactions)),
    ("lists", Entity::Event(EventList::Lists)),
    ("signals", Entity::Event(EventList::Signals)),
];

/// The lists of events, by [`list_index`].
const LISTS: [EventList; 5] =
    [EventList::Consents, EventList::Contacts, EventList::Interactions, EventList::Lists, EventList::Signals];

/// The place of a list among lists.
pub(crate) fn list_index(list: EventList) -> usize {
    match list {
        EventList::Consents => 0,
        EventList::Contacts => 1,
        EventList::Interactions => 2,
        EventList::Lists => 3,
        EventList::Signals => 4,
    }
}

/// Facts of which there is always one at least, so that none is unknown too: "every zone of none" would pass, and a contact by no channel, for
/// no purpose or by no technology is under no law. (No kind of line is what the address of a mail has that is no telephone's.)
pub(crate) const ALWAYS_ONE: [&str; 7] = [
    "person.time_zones",
    "recipient.time_zones",
    "person.jurisdictions",
    "recipient.jurisdictions",
    "contact.channel",
    "contact.purpose",
    "contact.technology",
];

impl Intake {
    /// Resolves a policy's vocabulary, with limits that the host may have lowered. `base` holds policy's texts: a request's
    /// texts get numbers after them.
    #[must_use]
    pub(crate) fn with_limits(policy: Arc<Policy>, base: Arc<Interner>, limits: Limits) -> Intake {
        let vocabulary = Arc::clone(&policy.vocabulary);
        let shapes = ENTITIES.map(|(word, entity)| (word, (entity, shape_of(&vocabulary, entity)))).into();
        let absent = vocabulary.facts.iter().map(|fact| absent_slot(fact.absent_none)).collect();
        let settings = policy.settings.iter().map(|s| slot_of(&s.default, &base)).collect();
        let columns = LISTS.map(|list| columns_of(&vocabulary, list));
        let masked = vocabulary.facts.iter().map(|fact| has_mask(&vocabulary, &fact.ty)).collect();
        let masked_columns = LISTS.map(|list| masked_columns_of(&vocabulary, list));
        let mut intake = Intake {
            mark: Mark::new(),
            known: known_of(&vocabulary),
            party: party_of(&vocabulary),
            groups: groups_of(&vocabulary),
            lists: lists_of(&vocabulary),
            sellers: sellers_of(&vocabulary),
            base,
            limits: limits.admitted(),
            shapes,
            absent,
            columns,
            masked,
            masked_columns,
            levels: Levels::of(&vocabulary),
            settings,
            policy,
            ways: OnceLock::new(),
        };
        intake.absent_stage();
        intake
    }

    of_a_room! {
        /// The vocabulary.
        #[must_use]
        pub fn vocabulary(&self) -> &Vocabulary {
            &self.policy.vocabulary
        }
    }

    /// The vocabulary as the quick door needs it.
    pub(crate) fn ways(&self) -> &Ways {
        self.ways.get_or_init(|| Box::new(Ways::of(self)))
    }

    /// The seller that a sender belongs to: itself or its nearest ancestor marked `seller`; else itself.
    pub(crate) fn seller_of(&self, sender: &Slot) -> Slot {
        match sender {
            Slot::Node(node) => Slot::Node(self.sellers.get(node.0 as usize).copied().unwrap_or(*node)),
            other => other.clone(),
        }
    }

    /// A contact without a stage is final.
    fn absent_stage(&mut self) {
        let vocabulary = Arc::clone(&self.policy.vocabulary);
        let Some(id) = vocabulary.fact("contact.stage") else { return };
        let Some(Type::Choice(words)) = vocabulary.decl(id).map(|fact| &fact.ty) else { return };
        let last = words.iter().position(|word| word == "final").and_then(|at| u16::try_from(at).ok());
        if let (Some(slot), Some(at)) = (self.absent.get_mut(usize::from(id.0)), last) {
            *slot = Slot::Choice(at);
        }
    }
}

fn absent_slot(absent_none: bool) -> Slot {
    if absent_none { Slot::None } else { Slot::Unknown }
}

fn shape_of(vocabulary: &Vocabulary, entity: Entity) -> Shape {
    let mut shape = Shape::default();
    for (n, fact) in vocabulary.facts.iter().enumerate() {
        if fact.entity != entity || DERIVED.contains(&fact.path.as_str()) {
            continue;
        }
        let Ok(id) = u16::try_from(n) else { continue };
        shape.insert(&fact.field, FactId(id));
    }
    shape
}

fn columns_of(vocabulary: &Vocabulary, list: EventList) -> Vec<Slot> {
    let mut columns = Vec::new();
    for fact in vocabulary.facts.iter().filter(|fact| fact.entity == Entity::Event(list)) {
        let at = usize::from(fact.slot);
        if columns.len() <= at {
            columns.resize(at + 1, Slot::Unknown);
        }
        if let Some(column) = columns.get_mut(at) {
            *column = absent_slot(fact.absent_none);
        }
    }
    columns
}

fn masked_columns_of(vocabulary: &Vocabulary, list: EventList) -> Vec<bool> {
    let mut masked = Vec::new();
    for fact in vocabulary.facts.iter().filter(|fact| fact.entity == Entity::Event(list)) {
        let at = usize::from(fact.slot);
        if masked.len() <= at {
            masked.resize(at + 1, false);
        }
        if let Some(column) = masked.get_mut(at) {
            *column = has_mask(vocabulary, &fact.ty);
        }
    }
    masked
}

fn party_of(vocabulary: &Vocabulary) -> Vec<(FactId, FactId)> {
    let mut pairs = Vec::new();
    for (n, fact) in vocabulary.facts.iter().enumerate() {
        if fact.entity != Entity::Recipient {
            continue;
        }
        let of_person = vocabulary.fact(&format!("person.{}", fact.field));
        if let (Some(person), Ok(recipient)) = (of_person, u16::try_from(n)) {
            pairs.push((person, FactId(recipient)));
        }
    }
    pairs
}

fn lists_of(vocabulary: &Vocabulary) -> BTreeMap<NodeId, usize> {
    let Some((_, tree)) = vocabulary.taxonomy("list") else { return BTreeMap::new() };
    let named = vocabulary.lists.iter().enumerate();
    named.filter_map(|(at, list)| Some((tree.find(&list.name)?, at))).collect()
}

fn sellers_of(vocabulary: &Vocabulary) -> Vec<NodeId> {
    let Some((_, tree)) = vocabulary.taxonomy("sender") else { return Vec::new() };
    let numbers = (0..tree.nodes.len()).filter_map(|n| u32::try_from(n).ok()).map(NodeId);
    numbers.map(|node| tree.nearest_marked(node, "seller").unwrap_or(node)).collect()
}

fn known_of(vocabulary: &Vocabulary) -> Known {
    let fact = |path: &str| vocabulary.fact(path);
    let fields = fact("contact.fields");
    let category = fields.and_then(|id| vocabulary.decl(id)).and_then(|decl| match &decl.ty {
        Type::Records(keys) => keys.iter().position(|(key, _)| key == "category"),
        _ => None,
    });
    Known {
        person_id: fact("person.id"),
        recipient_id: fact("recipient.id"),
        role: fact("recipient.role"),
        self_role: vocabulary.taxonomy("recipient_role").and_then(|(_, tree)| tree.find("self")),
        zones: [fact("person.time_zones"), fact("recipient.time_zones")],
        confirmed_zone: [fact("person.confirmed_time_zone.zone"), fact("recipient.confirmed_time_zone.zone")],
        confirmed_on: [fact("person.confirmed_time_zone.on"), fact("recipient.confirmed_time_zone.on")],
        sender: fact("sender.id"),
        seller: fact("sender.seller"),
        fields,
        category,
        data: fact("contact.data"),
        address: fact("address.value"),
        consents: ConsentFacts {
            kind: fact("consents.kind"),
            of: fact("consents.of"),
            holder: fact("consents.holder"),
            level: fact("consents.level"),
            families: fact("consents.families"),
            channel: fact("consents.scope.channel"),
            purpose: fact("consents.scope.purpose"),
            topic: fact("consents.scope.topic"),
            sender: fact("consents.scope.sender"),
            address: fact("consents.scope.address"),
            matter: fact("consents.scope.matter"),
            by: fact("consents.by"),
            expires_on: fact("consents.expires_on"),
            instrument_expires_on: fact("consents.instrument.expires_on"),
            expires_at: fact("consents.expires_at"),
        },
        classed_as: fact("interactions.classed_as"),
        sellers: [
            (fact("contacts.sender"), fact("contacts.seller")),
            (fact("interactions.sender"), fact("interactions.seller")),
        ],
        list: fact("lists.list"),
        list_address: fact("lists.address"),
        addresses: [
            [fact("consents.scope.address"), fact("consents.instrument.number")],
            [fact("contacts.address"), None],
            [fact("interactions.address"), None],
            [fact("lists.address"), None],
            [fact("signals.address"), None],
        ],
        list_result: fact("lists.result"),
        version_at: fact("lists.version_at"),
        asked_about: fact("lists.asked_about"),
        signal_kind: fact("signals.kind"),
        signal_on: fact("signals.on"),
    }
}

/// A constant of policy as a slot. Its texts are in the base, or the constant can equal no fact.
#[must_use]
pub fn slot_of(value: &Value, base: &Interner) -> Slot {
    match value {
        Value::None => Slot::None,
        Value::Bool(b) => Slot::Bool(*b),
        Value::Int(n) => Slot::Int(*n),
        Value::Text(text) => base.find(text).map_or(Slot::Unknown, Slot::Text),
        Value::Date(day) => Slot::date(*day),
        Value::Partial(day) => Slot::Date { lo: day.lo, hi: day.hi },
        Value::Instant(at) => Slot::Instant(*at),
        Value::Amount(amount) => Slot::Amount(*amount),
        Value::Choice(at) => Slot::Choice(*at),
        Value::Nodes(_, nodes) => Slot::nodes(nodes.iter().copied()),
    }
}
