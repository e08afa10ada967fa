//! Policy after names, taxonomies and types have been resolved: what the checker makes of the syntax, and what
//! `program` lowers. Everything that a reader of the law wrote is still recognisable here, with its span; nothing is
//! flattened. Tables have been expanded to one rule a row; `define`s and sets of events are in place of their names.

#[cfg(feature = "text")]
mod bases;
#[cfg(feature = "text")]
mod calendars;
#[cfg(feature = "text")]
mod clauses;
#[cfg(feature = "text")]
mod compare;
mod cond;
#[cfg(feature = "text")]
mod conds;
#[cfg(feature = "text")]
mod consent;
#[cfg(feature = "text")]
mod defines;
mod demands;
#[cfg(feature = "text")]
mod events;
#[cfg(feature = "text")]
mod facts;
#[cfg(feature = "text")]
mod from_ast;
#[cfg(feature = "text")]
mod hours;
#[cfg(feature = "text")]
mod instruments;
pub mod intrinsic;
#[cfg(feature = "text")]
mod is;
#[cfg(feature = "text")]
mod is_nodes;
#[cfg(feature = "text")]
mod kinds;
#[cfg(feature = "text")]
mod linker;
#[cfg(feature = "text")]
mod literals;
#[cfg(feature = "text")]
mod moments;
#[cfg(feature = "text")]
mod names;
#[cfg(feature = "text")]
mod operands;
#[cfg(feature = "text")]
mod places;
#[cfg(feature = "text")]
mod polarity;
#[cfg(feature = "text")]
mod reach;
#[cfg(feature = "text")]
mod replies;
#[cfg(feature = "replies")]
mod reply;
#[cfg(feature = "text")]
mod rules;
#[cfg(feature = "text")]
mod settings;
#[cfg(feature = "text")]
mod tables;
#[cfg(feature = "text")]
mod taxonomies;
#[cfg(all(test, feature = "text"))]
mod testing;
mod tests;
#[cfg(feature = "text")]
mod tests_expected;
#[cfg(feature = "text")]
mod tests_to_requests;
#[cfg(feature = "text")]
mod unless;
#[cfg(feature = "text")]
mod unused;
#[cfg(feature = "text")]
mod vacuous;
pub mod words;

pub use cond::*;
#[cfg(feature = "text")]
pub use from_ast::{Checked, check};
#[cfg(feature = "text")]
pub use linker::PackFile;
#[cfg(feature = "replies")]
pub use reply::*;
pub use tests::*;

use crate::source::Span;
use crate::taxonomy::{NodeId, Taxonomy, TaxonomyId};
use crate::time::{Calendar, Date, Instant, Zone, ZoneSet};
use crate::value::{Amount, Type, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// All packs of one engine, linked. Packs stand in order of name, so that loading order shows nowhere (law 4).
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The packs.
    pub packs: Vec<Pack>,
    /// The time zones it is decided by.
    pub zones: ZoneSet,
    /// Taxonomies and facts.
    pub vocabulary: Arc<Vocabulary>,
    /// Settings, by qualified name.
    pub settings: Vec<Setting>,
    /// Dated values.
    pub dated: Vec<Dated>,
    /// Calendars.
    pub calendars: Vec<Arc<Calendar>>,
    /// Instruments.
    pub instruments: Vec<Instrument>,
    /// Exemptions, of all packs; a rule refers to those of its own pack only (law 1).
    pub exemptions: Vec<Exemption>,
    /// Rules, by pack and then in written order, rows in the table's order.
    pub rules: Vec<Rule>,
    /// Where the root policy's silence is leave: a contact outside is denied. `None`: no reach declared, nothing asked.
    pub reach: Vec<Reach>,
    /// The pack that declares the reach, by index.
    pub reach_pack: u16,
    /// Number of [`CondId`]s given out: each condition as written has one, for coverage and explanation.
    pub conditions: u32,
    /// What people answer, by pack and then in written order.
    #[cfg(feature = "replies")]
    pub replies: Vec<Reply>,
}

impl Policy {
    /// The root policy: the pack that declares the reach.
    #[must_use]
    pub fn root(&self) -> Option<u16> {
        (!self.reach.is_empty()).then_some(self.reach_pack)
    }
}

/// A pack's head.
#[derive(Clone, Debug)]
pub struct Pack {
    /// `us.tcpa`
    pub name: String,
    /// Title in words.
    pub title: String,
    /// The pack's doc comment.
    pub doc: String,
    /// Sources of law.
    pub sources: Vec<String>,
    /// Edition.
    pub edition: String,
    /// Day of the last review.
    pub reviewed: Option<Date>,
    /// Zone in which the pack's dates are read; UTC when the pack names none.
    pub clock: Arc<Zone>,
    /// Packs it uses, by name.
    pub uses: Vec<String>,
    /// Hex SHA-256 of the pack's text, files in order of name.
    pub digest: String,
}

/// Taxonomies and facts that all loaded packs declare together.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Taxonomies by [`TaxonomyId`].
    pub taxonomies: Vec<Taxonomy>,
    /// Facts by [`FactId`], intrinsic ones first.
    pub facts: Vec<Fact>,
    /// Lists of addresses.
    pub lists: Vec<AddressList>,
    /// Fact by path.
    pub by_path: BTreeMap<String, FactId>,
    /// Taxonomy by name.
    pub by_name: BTreeMap<String, TaxonomyId>,
}

impl Vocabulary {
    /// The fact of that path, such as `contact.channel`.
    #[must_use]
    pub fn fact(&self, path: &str) -> Option<FactId> {
        self.by_path.get(path).copied()
    }
    /// The declaration behind an id.
    #[must_use]
    pub fn decl(&self, id: FactId) -> Option<&Fact> {
        self.facts.get(id.0 as usize)
    }
    /// The taxonomy of that name.
    #[must_use]
    pub fn taxonomy(&self, name: &str) -> Option<(TaxonomyId, &Taxonomy)> {
        let id = self.by_name.get(name).copied()?;
        Some((id, self.taxonomies.get(id.0 as usize)?))
    }
    /// The taxonomy behind an id.
    #[must_use]
    pub fn tree(&self, id: TaxonomyId) -> Option<&Taxonomy> {
        self.taxonomies.get(id.0 as usize)
    }
}

/// Which fact, over all entities and event lists.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let intake = engine.intake();
/// assert_eq!(intake.fact("person.customer")?, intake.fact("person.customer")?);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(pub u16);

/// Where a fact lives in the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    /// Whom the message is about.
    Person,
    /// Who gets it.
    Recipient,
    /// Whose message.
    Sender,
    /// Who places it.
    Agent,
    /// The act.
    Contact,
    /// Where to.
    Address,
    /// What it says.
    Content,
    /// What the organisation knows now.
    Context,
    /// A field of an event.
    Event(EventList),
}

/// The lists of events.
///
/// ```
/// use byleave::native::EventList;
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let mut facts = engine.intake().builder(byleave::Instant(0));
/// for list in [EventList::Consents, EventList::Contacts, EventList::Interactions] {
///     facts.known(list);
/// }
/// assert!(facts.finish().is_ok());
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventList {
    /// Grants, revocations, declines, voids.
    Consents,
    /// What was sent: `attempts`.
    Contacts,
    /// What they did.
    Interactions,
    /// Look-ups of addresses on lists.
    Lists,
    /// Privacy signals.
    Signals,
}

/// A declared fact.
#[derive(Clone, Debug)]
pub struct Fact {
    /// `person.birth_date`, `contacts.result`, `consents.instrument.signed_on`
    pub path: String,
    /// Where it lives.
    pub entity: Entity,
    /// The path without the entity: the request's key (`instrument.signed_on` is nested).
    pub field: String,
    /// Its type.
    pub ty: Type,
    /// Absent means known none (the `∅` fields) rather than unknown.
    pub absent_none: bool,
    /// The name under which its absence is reported.
    pub missing: String,
    /// Words lent to an explanation when it is unknown: `counts as automated`.
    pub reads: Option<String>,
    /// Number among the facts of the same entity or event list: the slot or the column.
    pub slot: u16,
    /// Declaring pack; `None` for an intrinsic fact.
    pub pack: Option<u16>,
    /// Doc comment.
    pub doc: String,
}

/// A declared list of addresses, a node of the taxonomy `list`, which has its doc comment.
#[derive(Clone, Debug)]
pub struct AddressList {
    /// `national_dnc`
    pub name: String,
    /// How many days a look-up is good; `None`: for ever.
    pub good_days: Option<u32>,
    /// An answer that the address is listed does not grow old, nor need its day be known.
    pub unless_listed: bool,
    /// Reported when unknown or stale.
    pub missing: String,
    /// Where it stands in the law, and how that is known.
    pub law: Law,
    /// Plain words.
    pub because: String,
}

/// A contested point of law, chosen by the request.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Qualified: `us.tcpa.permission_lifts_hours`.
    pub name: String,
    /// [`Type::Choice`], [`Type::Date`], [`Type::Integer`], [`Type::Duration`] or [`Type::Boolean`].
    pub ty: Type,
    /// The cautious reading.
    pub default: Value,
    /// Where it stands in the law, and how that is known.
    pub law: Law,
    /// Plain words.
    pub because: String,
    /// Doc comment.
    pub doc: String,
}

impl Setting {
    /// The cautious reading, as policy writes it.
    #[must_use]
    pub fn default_words(&self) -> String {
        match (&self.default, &self.ty) {
            (Value::Choice(n), Type::Choice(words)) => {
                words.get(usize::from(*n)).cloned().unwrap_or_default()
            }
            (Value::Bool(yes), _) => if *yes { "yes" } else { "no" }.to_owned(),
            (Value::Int(n), _) => n.to_string(),
            (Value::Date(date), _) => date.to_string(),
            (Value::Amount(amount), _) => amount.to_string(),
            (Value::Text(text), _) => text.to_string(),
            _ => "none".to_owned(),
        }
    }
}

/// A value whose editions follow one another.
#[derive(Clone, Debug)]
pub struct Dated {
    /// Qualified name.
    pub name: String,
    /// Editions in order, each in force from its instant (the first from [`i64::MIN`]).
    pub editions: Vec<(Instant, Value)>,
}

/// Dates in force, as instants of the pack's clock: `[from, until)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InForce {
    /// First instant in force.
    pub from: Instant,
    /// First instant no longer in force.
    pub until: Instant,
}

/// How the author knows the law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// The text itself was read.
    Text,
    /// Secondary material.
    Secondary,
    /// Nobody confirmed it.
    Unverified,
}

/// Where something stands in the law, and how its author knows that.
#[derive(Clone, Debug, Default)]
pub struct Law {
    /// The id in the fact sheet, when it differs.
    pub sheet: Option<String>,
    /// Citations.
    pub cites: Vec<String>,
    /// How it was verified.
    pub verified: Option<Verified>,
}

/// What a blocking rule's reason is; fixed per rule when the program is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Consent: divides into refused and no basis by the person's own refusals.
    Consent,
    /// The person or a list says no.
    Refused,
    /// Nothing permits it.
    NoBasis,
    /// A fact is wanting.
    MissingFact,
    /// The hour, the day, a waiting time.
    Timing,
    /// A cap.
    TooOften,
    /// What it says, or the data it carries.
    Content,
}

/// One rule, or one row of a rule `for each row`.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `us.tcpa.quiet_hours`, `us.states.hours[ri]`
    pub id: String,
    /// Index of its pack.
    pub pack: u16,
    /// Where it stands in the law, and how that is known.
    pub law: Law,
    /// When it binds.
    pub in_force: InForce,
    /// The dates as written, for readers.
    pub since: Option<Date>,
    /// Last day in force, as written.
    pub until: Option<Date>,
    /// A clock asked besides the recipient's.
    pub clock: Option<Arc<Zone>>,
    /// The list of records of which every one must pass ([`Operand::Record`] reads the record at hand).
    pub each: Option<FactId>,
    /// When it applies; [`Cond::Const`] true when not written.
    pub when: CondAt,
    /// All must hold.
    pub requires: Vec<CondAt>,
    /// What the message must contain.
    pub includes: Vec<Include>,
    /// The only data categories that `contact.fields` may carry.
    pub disclose_only: Option<Vec<NodeId>>,
    /// The only data categories that `contact.data` may hold.
    pub use_only: Option<Vec<NodeId>>,
    /// Exemptions in written order.
    pub unless: Vec<Unless>,
    /// Owed when it applies.
    pub obliges: Vec<Oblige>,
    /// Owed when it blocks.
    pub on_refusal: Vec<Oblige>,
    /// The sentence.
    pub because: Template,
    /// The reason's kind.
    pub kind: Kind,
    /// Doc comment.
    pub doc: String,
    /// The whole rule.
    pub span: Span,
}

impl Rule {
    /// Whether it can block at all. One that cannot says only what is owed.
    #[must_use]
    pub fn can_block(&self) -> bool {
        !self.requires.is_empty()
            || !self.includes.is_empty()
            || self.disclose_only.is_some()
            || self.use_only.is_some()
    }
}

/// `include provider_contact when …`
#[derive(Clone, Debug)]
pub struct Include {
    /// Nodes of `content_element`.
    pub elements: Vec<NodeId>,
    /// Only then.
    pub when: Option<CondAt>,
}

/// An exemption a rule names.
#[derive(Clone, Debug)]
pub struct Unless {
    /// Index into [`Policy::exemptions`]. A `define` named here has become an exemption of the same name.
    pub exemption: usize,
    /// Only then (a setting, usually).
    pub when: Option<CondAt>,
}

/// A named exception inside the pack that declares it.
#[derive(Clone, Debug)]
pub struct Exemption {
    /// `us.tcpa.emergency`
    pub id: String,
    /// Index of its pack.
    pub pack: u16,
    /// Where it stands in the law, and how that is known.
    pub law: Law,
    /// When it is in force.
    pub in_force: InForce,
    /// When it speaks.
    pub when: CondAt,
    /// All must hold; each `provided C when W` is `C or not W`.
    pub provided: Vec<CondAt>,
    /// Content it asks for in return.
    pub includes: Vec<Include>,
    /// Acts it asks for in return.
    pub obliges: Vec<Oblige>,
    /// In words.
    pub because: Template,
    /// Doc comment.
    pub doc: String,
    /// The whole exemption.
    pub span: Span,
}

/// `oblige honor_by: 10 business days after stop`
#[derive(Clone, Debug)]
pub struct Oblige {
    /// The obligation's word.
    pub id: String,
    /// Its value.
    pub value: ObligeValue,
    /// Citations of its own, if any.
    pub cites: Vec<String>,
}

/// What an obligation says besides its name.
#[derive(Clone, Debug)]
pub enum ObligeValue {
    /// Nothing.
    Nothing,
    /// A constant.
    Is(Value),
    /// Words.
    Words(Vec<String>),
    /// A length of time: constant, setting or dated.
    Amount(Operand),
    /// A deadline: so long after a moment, in the candidate zone that gives the earliest.
    Deadline(DeadlineAfter),
}

/// `honour_within as of stop after stop`
#[derive(Clone, Debug)]
pub struct DeadlineAfter {
    /// How long: an amount.
    pub amount: Operand,
    /// A dated amount's edition is the one at this moment; else at the contact's instant.
    pub as_of: Option<Moment>,
    /// After what.
    pub after: Moment,
    /// The calendar for business days.
    pub calendar: Option<usize>,
}

/// A document with required elements.
#[derive(Clone, Debug)]
pub struct Instrument {
    /// Bare name as in `consents.instrument.kind`.
    pub name: String,
    /// Qualified.
    pub id: String,
    /// The level its grant counts at.
    pub level: NodeId,
    /// Where it stands in the law, and how that is known.
    pub law: Law,
    /// Prefix of lacking elements: `authorization`.
    pub missing: String,
    /// Elements.
    pub elements: Vec<Element>,
    /// How long it lasts.
    pub lasts: Lasts,
    /// Conditions on the grant's own fields under which it is void.
    pub void: Vec<CondAt>,
    /// Doc.
    pub doc: String,
}

/// One required element.
#[derive(Clone, Debug)]
pub struct Element {
    /// Its word.
    pub name: String,
    /// Only then.
    pub when: Option<CondAt>,
    /// Citations of its own.
    pub cites: Vec<String>,
}

/// How long an instrument lasts.
#[derive(Clone, Debug)]
pub enum Lasts {
    /// No end of its own.
    Always,
    /// Through the date in that field of the grant; field known none: no end.
    Through(FactId),
    /// So long from the date in that field, the anniversary excluded.
    From(Amount, FactId),
}

/// `reaches US by voice, text`
#[derive(Clone, Debug)]
pub struct Reach {
    /// Jurisdictions.
    pub jurisdictions: Vec<NodeId>,
    /// Channels.
    pub channels: Vec<NodeId>,
    /// Where it is written.
    pub span: Span,
}

/// A sentence with places to fill: `{row.state}` is filled when checked, `{contact.topic}` when decided.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// Parts in order.
    pub parts: Vec<TemplatePart>,
}

/// Words or a place.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// As written.
    Text(String),
    /// The value of an operand.
    Value(Operand),
}
