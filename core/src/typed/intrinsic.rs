//! The facts that the engine reads by itself: the table of them, and nothing else.
//!
//! Everything else about a person or a contact is declared in packs. An intrinsic fact whose type needs a taxonomy is
//! there only when some loaded pack declares that taxonomy: an engine without a `channel` knows no `contact.channel`.

use crate::typed::{Entity, EventList};

/// A type as the table writes it; taxonomies by name.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// `boolean`
    Boolean,
    /// `integer`
    Integer,
    /// `text`
    Text,
    /// `date`
    Date,
    /// `partial date`
    PartialDate,
    /// `instant`
    Instant,
    /// `one of [ … ]`
    Choice(&'static [&'static str]),
    /// A node of the taxonomy.
    Node(&'static str),
    /// A set of nodes of the taxonomy.
    Nodes(&'static str),
    /// A set of texts.
    Texts,
    /// A list of records.
    Records(&'static [(&'static str, Shape)]),
    /// A scope.
    Scope,
    /// The id of an event.
    Event,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Intrinsic {
    /// Where it lives.
    pub entity: Entity,
    /// The request's key below the entity.
    pub field: &'static str,
    /// Its type.
    pub shape: Shape,
    /// Absent means known none.
    pub absent_none: bool,
    /// The name under which its absence is reported; empty: the path.
    pub missing: &'static str,
    /// What it is.
    pub doc: &'static str,
}

const fn fact(entity: Entity, field: &'static str, shape: Shape, doc: &'static str) -> Intrinsic {
    Intrinsic { entity, field, shape, absent_none: false, missing: "", doc }
}

const fn named(
    entity: Entity,
    field: &'static str,
    shape: Shape,
    missing: &'static str,
    doc: &'static str,
) -> Intrinsic {
    Intrinsic { entity, field, shape, absent_none: false, missing, doc }
}

const fn none(entity: Entity, field: &'static str, shape: Shape, doc: &'static str) -> Intrinsic {
    Intrinsic { entity, field, shape, absent_none: true, missing: "", doc }
}

use Shape::{Boolean, Choice, Date, Event, Instant, Node, Nodes, PartialDate, Records, Scope, Text, Texts};

const CONSENTS: Entity = Entity::Event(EventList::Consents);
const CONTACTS: Entity = Entity::Event(EventList::Contacts);
const INTERACTIONS: Entity = Entity::Event(EventList::Interactions);
const LISTS: Entity = Entity::Event(EventList::Lists);
const SIGNALS: Entity = Entity::Event(EventList::Signals);

/// Name of the field that the engine derives from `sender.id`.
pub const SELLER: &str = "sender.seller";

/// Every intrinsic fact, in the order in which they are numbered.
pub const INTRINSICS: &[Intrinsic] = &[
    fact(Entity::Person, "id", Text, "who the message is about"),
    named(
        Entity::Person,
        "time_zones",
        Texts,
        "time_zones",
        "where the person may be; an empty set is unknown",
    ),
    fact(Entity::Person, "confirmed_time_zone.zone", Text, "the zone that was confirmed"),
    fact(Entity::Person, "confirmed_time_zone.on", Date, "the day on which the zone was confirmed"),
    named(Entity::Person, "birth_date", PartialDate, "age", "to the day, the month or the year"),
    fact(Entity::Recipient, "id", Text, "who receives it; the person when absent"),
    named(
        Entity::Recipient,
        "time_zones",
        Texts,
        "recipient_time_zone",
        "where the recipient may be; an empty set is unknown",
    ),
    fact(Entity::Recipient, "confirmed_time_zone.zone", Text, "the zone that was confirmed"),
    fact(Entity::Recipient, "confirmed_time_zone.on", Date, "the day on which the zone was confirmed"),
    named(Entity::Recipient, "birth_date", PartialDate, "age", "to the day, the month or the year"),
    named(
        Entity::Recipient,
        "role",
        Node("recipient_role"),
        "recipient_role",
        "what the recipient is to the person",
    ),
    fact(Entity::Recipient, "authority.kind", Text, "what the authority rests on"),
    fact(Entity::Recipient, "authority.scope", Scope, "what the authority covers"),
    none(Entity::Recipient, "authority.expires_on", Date, "the last day of the authority"),
    fact(Entity::Recipient, "authority.recorded", Boolean, "whether the authority is on record"),
    fact(Entity::Sender, "id", Node("sender"), "whose message: an organisation, a brand or a department"),
    fact(
        Entity::Sender,
        "seller",
        Node("sender"),
        "the sender or its nearest ancestor that is marked `seller`",
    ),
    fact(Entity::Contact, "channel", Node("channel"), "the channel"),
    named(Entity::Contact, "purpose", Nodes("purpose"), "purpose", "every purpose the message serves"),
    fact(Entity::Contact, "topic", Nodes("topic"), "what it is about"),
    none(Entity::Contact, "responds_to", Event, "the event that it answers"),
    fact(Entity::Contact, "matter", Text, "the debt, the package, the programme"),
    fact(
        Entity::Contact,
        "fields",
        Records(&[
            ("name", Text),
            ("category", Nodes("data_category")),
            ("place", Choice(&["subject", "body", "record"])),
            ("needed", Boolean),
        ]),
        "the data that the message carries",
    ),
    fact(Entity::Contact, "data", Nodes("data_category"), "the data that selected or personalised it"),
    none(
        Entity::Contact,
        "stage",
        Choice(&["draft", "final"]),
        "a draft promises its content; absent is final",
    ),
    fact(Entity::Address, "value", Text, "the number, the mailbox"),
    named(Entity::Content, "includes", Nodes("content_element"), "content", "what the message says"),
    fact(CONSENTS, "id", Text, "the event's own name"),
    fact(CONSENTS, "at", Instant, "when the person acted"),
    fact(CONSENTS, "recorded_at", Instant, "when it was recorded"),
    fact(CONSENTS, "kind", Choice(&["grant", "revoke", "decline", "void"]), "what was done"),
    fact(CONSENTS, "of", Text, "the event that a void takes back"),
    fact(CONSENTS, "holder", Text, "whose consent it is"),
    fact(CONSENTS, "level", Node("level"), "the level that a grant names"),
    fact(CONSENTS, "families", Nodes("level"), "the levels that a revocation ends; open is all"),
    none(CONSENTS, "scope.channel", Nodes("channel"), "open when absent"),
    none(CONSENTS, "scope.purpose", Nodes("purpose"), "open when absent"),
    none(CONSENTS, "scope.topic", Nodes("topic"), "open when absent"),
    none(CONSENTS, "scope.sender", Nodes("sender"), "open when absent"),
    none(CONSENTS, "scope.address", Texts, "open when absent"),
    none(CONSENTS, "scope.matter", Texts, "open when absent"),
    fact(
        CONSENTS,
        "by",
        Choice(&["holder", "parent", "representative", "authorised_agent", "staff", "import", "inferred"]),
        "who acted",
    ),
    fact(CONSENTS, "signed_permission", Boolean, "whether the agent showed signed permission"),
    fact(CONSENTS, "recorded_by", Text, "who recorded it"),
    fact(CONSENTS, "means", Node("means"), "how it was done"),
    fact(CONSENTS, "in_writing", Boolean, "whether it is in writing"),
    fact(CONSENTS, "given_to", Node("sender"), "to whom it was said"),
    fact(CONSENTS, "parent_method", Text, "how the parent was verified"),
    fact(
        CONSENTS,
        "replied_to",
        Choice(&["exempt", "marketing", "informational"]),
        "what kind of message it answered",
    ),
    none(CONSENTS, "expires_on", Date, "the last day on which it is good"),
    none(CONSENTS, "expires_at", Instant, "the first instant at which it is no longer good"),
    fact(CONSENTS, "text_shown", Text, "what the person was shown"),
    fact(CONSENTS, "instrument.kind", Text, "which instrument was signed"),
    fact(CONSENTS, "instrument.elements", Texts, "the elements that it contains"),
    fact(CONSENTS, "instrument.seller", Nodes("sender"), "the sellers that it names"),
    fact(CONSENTS, "instrument.number", Text, "the number that it names"),
    fact(CONSENTS, "instrument.signed_on", Date, "the day of signature"),
    fact(CONSENTS, "instrument.signed_by", Node("recipient_role"), "who signed"),
    fact(CONSENTS, "instrument.expires_on", Date, "its last day"),
    fact(CONSENTS, "instrument.event_occurred", Boolean, "whether the event that ends it has occurred"),
    fact(CONSENTS, "instrument.event_occurred_on", Date, "when that event occurred"),
    fact(CONSENTS, "instrument.conditioned", Boolean, "whether something was made to depend on it"),
    fact(
        CONSENTS,
        "instrument.combined_with",
        Choice(&["none", "conditioned", "other"]),
        "what it was combined with",
    ),
    fact(CONSENTS, "instrument.known_false", Boolean, "whether something in it is known to be false"),
    fact(CONSENTS, "instrument.data", Nodes("data_category"), "the data that it covers"),
    fact(CONSENTS, "instrument.recipients", Texts, "to whom it allows disclosure"),
    fact(CONTACTS, "id", Text, "the event's own name"),
    fact(CONTACTS, "at", Instant, "when it was sent"),
    fact(CONTACTS, "recorded_at", Instant, "when it was recorded"),
    fact(CONTACTS, "channel", Node("channel"), "its channel"),
    fact(CONTACTS, "purpose", Nodes("purpose"), "its purposes"),
    fact(CONTACTS, "topic", Nodes("topic"), "its topics"),
    fact(CONTACTS, "technology", Nodes("technology"), "how it was placed"),
    fact(CONTACTS, "sender", Node("sender"), "whose message it was"),
    fact(CONTACTS, "address", Text, "where to"),
    fact(CONTACTS, "recipient", Text, "who received it"),
    fact(CONTACTS, "matter", Text, "the debt, the package, the programme"),
    fact(CONTACTS, "result", Node("result"), "what came of it"),
    none(CONTACTS, "basis", Texts, "the exemptions that carried it"),
    none(CONTACTS, "asks", Nodes("level"), "the levels that it asked for"),
    fact(INTERACTIONS, "id", Text, "the event's own name"),
    fact(INTERACTIONS, "at", Instant, "when it happened"),
    fact(INTERACTIONS, "recorded_at", Instant, "when it was recorded"),
    fact(INTERACTIONS, "kind", Node("interaction"), "what they did"),
    fact(INTERACTIONS, "sender", Node("sender"), "with whom"),
    fact(INTERACTIONS, "topic", Nodes("topic"), "about what"),
    fact(INTERACTIONS, "matter", Text, "the debt, the package, the programme"),
    fact(INTERACTIONS, "channel", Node("channel"), "over which channel"),
    fact(INTERACTIONS, "address", Text, "from which address"),
    none(
        INTERACTIONS,
        "classed_as",
        Choice(&["revocation", "other"]),
        "an inbound message classed as a revocation counts in no query",
    ),
    fact(LISTS, "list", Node("list"), "which list was asked"),
    fact(LISTS, "address", Text, "for which address"),
    fact(LISTS, "result", Choice(&["listed", "not_listed", "no_data"]), "what it answered"),
    fact(LISTS, "version_at", Date, "the day of the list's version"),
    fact(LISTS, "asked_about", Date, "the day that was asked about"),
    fact(SIGNALS, "kind", Choice(&["gpc", "gpp"]), "which signal"),
    fact(SIGNALS, "on", Boolean, "whether it is on"),
    fact(SIGNALS, "known_consumer", Boolean, "whether the browser belongs to a known consumer"),
    fact(SIGNALS, "notice_given", Boolean, "whether the person was told of the conflict"),
    fact(SIGNALS, "affirmed", Boolean, "whether the person affirmed the earlier choice"),
    fact(SIGNALS, "at", Instant, "when it was seen"),
];

/// The first word of the paths of an entity.
#[must_use]
pub fn entity_word(entity: Entity) -> &'static str {
    match entity {
        Entity::Person => "person",
        Entity::Recipient => "recipient",
        Entity::Sender => "sender",
        Entity::Agent => "agent",
        Entity::Contact => "contact",
        Entity::Address => "address",
        Entity::Content => "content",
        Entity::Context => "context",
        Entity::Event(list) => list_word(list),
    }
}

/// The key of a list of events in the request.
#[must_use]
pub fn list_word(list: EventList) -> &'static str {
    match list {
        EventList::Consents => "consents",
        EventList::Contacts => "contacts",
        EventList::Interactions => "interactions",
        EventList::Lists => "lists",
        EventList::Signals => "signals",
    }
}

/// Every entity with its word, lists of events included.
pub const ENTITIES: &[(&str, Entity)] = &[
    ("person", Entity::Person),
    ("recipient", Entity::Recipient),
    ("sender", Entity::Sender),
    ("agent", Entity::Agent),
    ("contact", Entity::Contact),
    ("address", Entity::Address),
    ("content", Entity::Content),
    ("context", Entity::Context),
    ("consents", CONSENTS),
    ("contacts", CONTACTS),
    ("interactions", INTERACTIONS),
    ("lists", LISTS),
    ("signals", SIGNALS),
];
