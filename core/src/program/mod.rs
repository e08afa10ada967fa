//! The program: policy lowered once to slots and flat expressions, so that deciding compares no text, looks nothing up
//! in a map and allocates nothing.
//!
//! Every name has become a number: a fact its slot, a node its pre-order number, a text its place in the interner, a
//! question its place in a list with room for what was found out about it once per decision. Children of a node are kept
//! twice: in written order, for what people read (missing facts, support), and cheapest first, for deciding. The value
//! of a condition and the facts it misses do not hang on that order (`eval`).

mod dispatch;
mod from_typed;
mod lower;

pub use dispatch::{Candidates, Dispatch};

use crate::taxonomy::{NodeId, TaxonomyId};
use crate::time::{Instant, Windows, Zone};
use crate::typed::{CondId, Dimension, EventList, FactId, Holder, How, InForce, Kind, Op, Policy};
use crate::value::Value;
use std::sync::Arc;

/// Index of a node in [`Program::nodes`].
pub type NodeIx = u32;

/// A set of small numbers as bits: taxonomy nodes, missing facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bits(pub Vec<u64>);

impl Bits {
    /// Whether `n` is in.
    #[inline]
    #[must_use]
    pub fn has(&self, n: u32) -> bool {
        self.0.get((n >> 6) as usize).is_some_and(|w| w >> (n & 63) & 1 == 1)
    }
    /// Puts `n` in.
    pub fn set(&mut self, n: u32) {
        let i = (n >> 6) as usize;
        if self.0.len() <= i {
            self.0.resize(i + 1, 0);
        }
        if let Some(w) = self.0.get_mut(i) {
            *w |= 1 << (n & 63);
        }
    }
    /// Adds every member of the other.
    pub fn union(&mut self, other: &Bits) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            *a |= b;
        }
    }
    /// Members, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().enumerate().flat_map(|(i, w)| {
            let mut w = *w;
            std::iter::from_fn(move || {
                if w == 0 {
                    return None;
                }
                let b = w.trailing_zeros();
                w &= w - 1;
                Some(i as u32 * 64 + b)
            })
        })
    }
    /// Nothing is in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|w| *w == 0)
    }
}

/// Where a value comes from, resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arg {
    /// Index into [`Program::consts`].
    Const(u16),
    /// A fact of the request.
    Fact(FactId),
    /// A column of the event at hand; the id names the fact for `missing`.
    Field(u16, FactId),
    /// A field of the record at hand.
    Record(u16),
    /// Index into [`Program::maps`].
    Map(u16),
    /// A setting.
    Setting(u16),
    /// A dated value.
    Dated(u16),
}

/// A set of nodes to ask for: which members are certainly in, and which, being abstract, may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeSet {
    /// Index into [`Program::bits`]: in.
    pub yes: u32,
    /// Index into [`Program::bits`]: an abstract node one of whose descendants is in; unknown.
    pub maybe: u32,
}

/// Children in [`Program::kids`] and [`Program::quick`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kids {
    /// First.
    pub at: u32,
    /// How many.
    pub len: u32,
}

/// A node of the flat expression.
#[derive(Clone, Copy, Debug)]
pub enum Code {
    /// Decided.
    Const(bool),
    /// All of these.
    All(Kids),
    /// Any of these.
    Any(Kids),
    /// Not that.
    Not(NodeIx),
    /// `known that`.
    Known(NodeIx),
    /// Index into [`Program::spans_in_force`].
    InForce(u32),
    /// A boolean is true.
    True(Arg),
    /// Known and not none.
    Exists(Arg),
    /// Some member of a fact of the request is in the set: the commonest question, by itself.
    IsFact(FactId, NodeSet),
    /// Any other question to a taxonomy; `Includes` asks each of [`Program::sets`] `at .. at + len`.
    Is {
        /// What is asked.
        arg: Arg,
        /// Which members.
        how: How,
        /// Index into [`Program::sets`].
        at: u32,
        /// How many sets.
        len: u32,
    },
    /// As `Is`, the nodes read from another argument.
    IsAmong {
        /// What is asked.
        arg: Arg,
        /// Which members.
        how: How,
        /// The taxonomy of both.
        taxonomy: TaxonomyId,
        /// The nodes.
        of: Arg,
    },
    /// A member in common.
    Same(Arg, Arg),
    /// Some member has the contact's own seller.
    SameSeller(Arg),
    /// Comparison.
    Compare(Arg, Op, Arg),
    /// An instant's date by a clock of [`Program::day_clocks`], compared with a date.
    CompareDay(Arg, Op, Arg, u16),
    /// Age in whole years: fact, index into [`Program::consts`] or other argument.
    Age(FactId, Op, Arg),
    /// One of the constants `at .. at + len`.
    In {
        /// What is asked.
        arg: Arg,
        /// Index into [`Program::consts`].
        at: u16,
        /// How many.
        len: u16,
    },
    /// Index into [`Program::windows`].
    Between(u32),
    /// Index into [`Program::weeks`].
    Week(u32),
    /// A week given as a fact or a record's field.
    WeekOf(Arg),
    /// Local date's weekday is in the mask (bit 0 is Monday).
    Weekday(u8),
    /// Index of a calendar.
    Holiday(u16),
    /// Index of a calendar.
    BusinessDay(u16),
    /// Local date against a date.
    Today(Op, Arg),
    /// Index into [`Program::moments`].
    Before(u32),
    /// Index into [`Program::moments`].
    From(u32),
    /// Index into [`Program::moments`], amount, calendar (`u16::MAX`: none).
    NoLaterThan(u32, Arg, u16),
    /// Same.
    Passed(u32, Arg, u16),
    /// Moment, first day, last day.
    LocalDaysOf(u32, u32, u32),
    /// Index into [`Program::consents`].
    Consent(u32),
    /// Index into [`Program::refusals`].
    Refused(u32),
    /// Index into [`Program::counts`]; the comparison is with its `n`.
    Count(u32),
    /// Index of the list.
    Listed(u16),
    /// Index of the kind among the words of `signals.kind`.
    Signal(u16),
    /// Scope covers the contact.
    CoversContact(Arg),
    /// Scope covers the event at hand.
    CoversEvent(Arg),
    /// The consent event at hand covers the contact.
    EventCoversContact,
    /// The consent event at hand is about these levels.
    EventOfLevels(Arg),
    /// Representative's authority.
    Authorised,
    /// Fact of type event, list, index into [`Program::event_kinds`] (`u16::MAX`: any).
    EventIs(Arg, EventList, u16),
    /// The content has the element: element, its name in [`Program::missing`].
    Includes(NodeSet, u16),
    /// Every needed field's categories are in the set.
    NeededFields(NodeSet),
    /// Every category in `contact.data` is in the set.
    DataOnly(NodeSet),
}

/// A map fact asked at nodes.
#[derive(Clone, Copy, Debug)]
pub struct MapAsk {
    /// The fact.
    pub fact: FactId,
    /// First key.
    pub first: Arg,
    /// Second key.
    pub second: Option<Arg>,
}

/// A set of events.
#[derive(Clone, Copy, Debug)]
pub struct EventsCode {
    /// Which list.
    pub list: EventList,
    /// A static condition on each event; `u32::MAX`: every event.
    pub filter: NodeIx,
}

/// No filter.
pub const NO_NODE: NodeIx = u32::MAX;

/// A point to count from.
#[derive(Clone, Copy, Debug)]
pub enum MomentCode {
    /// A date, an instant, an event.
    At(Arg),
    /// The newest event of a set; the number is its room among what a decision remembers.
    Latest(EventsCode),
}

/// How far back.
#[derive(Clone, Copy, Debug)]
pub enum WindowCode {
    /// All.
    Always,
    /// An amount.
    Past(Arg),
    /// Week, first weekday's index.
    Week(u8),
    /// Month.
    Month,
    /// Index into [`Program::moments`].
    Since(u32),
}

/// How many events.
#[derive(Clone, Copy, Debug)]
pub struct CountCode {
    /// Which.
    pub events: EventsCode,
    /// How far back.
    pub window: WindowCode,
    /// Comparison.
    pub op: Op,
    /// With what.
    pub n: Arg,
}

/// Levels asked.
#[derive(Clone, Copy, Debug)]
pub enum LevelCode {
    /// At that level or under it.
    AtLeast(NodeId),
    /// Each level of the fact.
    Fact(Arg),
}

/// A consent question.
#[derive(Clone, Debug)]
pub struct ConsentCode {
    /// Level.
    pub level: LevelCode,
    /// Whose.
    pub holder: Holder,
    /// Purpose put in the contact's place.
    pub purpose: Option<NodeId>,
    /// Static condition on a grant.
    pub filter: NodeIx,
    /// Instrument.
    pub instrument: Option<u16>,
    /// Reaches.
    pub reaches: Vec<ReachCode>,
    /// Index into [`Program::missing`] of what a lacking answer is called.
    pub missing: u16,
}

/// A question for a refusal.
#[derive(Clone, Debug)]
pub struct RefusedCode {
    /// Purpose put in the contact's place.
    pub purpose: Option<NodeId>,
    /// Only revocations to the same seller.
    pub same_seller: bool,
    /// Least level that lifts.
    pub renewed: Option<NodeId>,
    /// Left aside.
    pub except: Option<Arg>,
    /// Reaches.
    pub reaches: Vec<ReachCode>,
}

/// A derived revocation.
#[derive(Clone, Debug)]
pub struct ReachCode {
    /// Only those that meet this purpose.
    pub of: Option<NodeId>,
    /// Only those for which this holds.
    pub filter: NodeIx,
    /// Opened.
    pub open: Vec<Dimension>,
    /// Channels added.
    pub channels: Vec<NodeId>,
}

/// An instrument, its conditions lowered.
#[derive(Clone, Debug)]
pub struct InstrumentCode {
    /// Interned name.
    pub name: u32,
    /// Elements: interned name, static condition under which it is required, its name in [`Program::missing`].
    pub elements: Vec<(u32, NodeIx, u16)>,
    /// Void under any of these static conditions on the grant.
    pub void: Vec<NodeIx>,
    /// Level it grants.
    pub level: NodeId,
}

/// What is owed: an index into typed rule's or exemption's obligations, and a condition.
#[derive(Clone, Copy, Debug)]
pub struct Duty {
    /// Index into [`Program::duties`].
    pub duty: u32,
    /// Static condition; [`NO_NODE`]: always.
    pub when: NodeIx,
}

/// A rule's exemption.
#[derive(Clone, Debug)]
pub struct ExemptionCode {
    /// Index into `Policy::exemptions`.
    pub exemption: u32,
    /// All of it: in force, the rule's `when` beside its name, its own `when`, everything provided.
    pub holds: NodeIx,
    /// The parts in written order, for what it lacked.
    pub parts: Vec<NodeIx>,
    /// Owed when it carries the rule.
    pub duties: Vec<Duty>,
}

/// How often a rule's answer can change with time alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pace {
    /// Never.
    Static,
    /// A few times.
    Threshold,
    /// Every day.
    Periodic,
}

/// A rule ready to be asked.
#[derive(Clone, Debug)]
pub struct RuleCode {
    /// Index into `Policy::rules`; the reach's own rule stands past the end of it, in [`Program::extra_rules`].
    pub rule: u32,
    /// `β`: the rule blocks. `when ∧ ¬require ∧ ¬exempt …`, in force.
    pub blocks: NodeIx,
    /// The same without what every candidate fulfils when [`Candidates::certain`].
    pub blocks_candidate: NodeIx,
    /// In force and `when`.
    pub applies: NodeIx,
    /// Everything required, includes and data among it.
    pub requires: NodeIx,
    /// What is required, in written order.
    pub parts: Vec<NodeIx>,
    /// In force, applies, and no exemption: data limits bind.
    pub binds: NodeIx,
    /// Categories that fields may have.
    pub disclose_only: Option<NodeSet>,
    /// Exemptions in written order.
    pub unless: Vec<ExemptionCode>,
    /// Owed while it applies.
    pub duties: Vec<Duty>,
    /// Owed while it blocks.
    pub on_refusal: Vec<Duty>,
    /// Every record of this list must pass.
    pub each: Option<FactId>,
    /// Lane of the rule's own clock, counted after the recipient's lanes.
    pub clock: Option<u8>,
    /// Reason's kind.
    pub kind: Kind,
    /// How its answer moves.
    pub pace: Pace,
}

/// Policy, lowered.
#[derive(Clone, Debug)]
pub struct Program {
    /// What it was lowered from.
    pub policy: Arc<Policy>,
    /// Rules, cheapest to refuse by first.
    pub rules: Vec<RuleCode>,
    /// Which rules can apply.
    pub dispatch: Dispatch,
    /// Flat expression.
    pub nodes: Vec<Code>,
    /// The written condition behind each node, if one is.
    pub written: Vec<Option<CondId>>,
    /// Whether a node's value hangs on time, by node.
    pub moves: Vec<bool>,
    /// Children in written order.
    pub kids: Vec<NodeIx>,
    /// Children, cheapest first.
    pub quick: Vec<NodeIx>,
    /// Constants.
    pub consts: Vec<crate::facts::Slot>,
    /// Constants as written, by the same index.
    pub values: Vec<Value>,
    /// Sets of nodes.
    pub sets: Vec<NodeSet>,
    /// Bits behind the sets.
    pub bits: Vec<Bits>,
    /// Dates in force.
    pub spans_in_force: Vec<InForce>,
    /// Windows of `local_time between`.
    pub windows: Vec<Windows>,
    /// Weeks, with their calendars.
    pub weeks: Vec<(Arc<crate::time::Week>, Option<u16>)>,
    /// Maps asked.
    pub maps: Vec<MapAsk>,
    /// Moments.
    pub moments: Vec<MomentCode>,
    /// Consent questions.
    pub consents: Vec<ConsentCode>,
    /// Refusal questions.
    pub refusals: Vec<RefusedCode>,
    /// Counts.
    pub counts: Vec<CountCode>,
    /// Instruments.
    pub instruments: Vec<InstrumentCode>,
    /// Kinds of events asked of an event fact.
    pub event_kinds: Vec<String>,
    /// Dated values as slots: editions in order.
    pub dated: Vec<Vec<(Instant, crate::facts::Slot)>>,
    /// Duties: rule's or exemption's.
    pub duties: Vec<DutyCode>,
    /// Names of missing facts.
    pub missing: Vec<String>,
    /// For each fact, its name in [`Program::missing`].
    pub missing_of: Vec<u16>,
    /// Rules of the engine's own making: the reach.
    pub extra_rules: Vec<crate::typed::Rule>,
    /// Clocks of rules, lanes after the recipient's.
    pub clocks: Vec<Arc<Zone>>,
    /// Clocks by which instants are compared with dates.
    pub day_clocks: Vec<Arc<Zone>>,
    /// Texts of policy.
    pub texts: Arc<crate::facts::Interner>,
    /// Facts that the engine itself reads.
    pub known: Known,
    /// Sensitive topics: inherited.
    pub sensitive: Bits,
    /// Levels held by the recipient: inherited.
    pub held_by_recipient: Bits,
    /// Means that grant nothing.
    pub grants_nothing: Bits,
    /// For each node of `sender`, its seller: the nearest ancestor-or-self marked so, else the node itself.
    pub sellers: Vec<NodeId>,
}

/// Something owed.
#[derive(Clone, Debug)]
pub enum DutyCode {
    /// A content element.
    Include {
        /// Node of `content_element`.
        element: NodeId,
        /// Rule or exemption.
        source: DutySource,
    },
    /// An act.
    Oblige {
        /// Index into the source's obligations (`on_refusal` ones come after).
        oblige: u32,
        /// Rule or exemption.
        source: DutySource,
        /// Moments of a deadline: as of, after.
        moments: Option<(Option<u32>, u32)>,
        /// Amount.
        amount: Option<Arg>,
        /// Calendar.
        calendar: Option<u16>,
    },
}

/// Who asks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DutySource {
    /// Index into `Policy::rules` (or past its end).
    Rule(u32),
    /// Index into `Policy::exemptions`.
    Exemption(u32),
}

/// Columns of the consent history that the fold reads besides what intake has prepared.
#[derive(Clone, Copy, Debug, Default)]
pub struct ConsentColumns {
    /// `consents.signed_permission`
    pub signed_permission: Option<u16>,
    /// `consents.means`
    pub means: Option<u16>,
    /// `consents.given_to`
    pub given_to: Option<u16>,
    /// `consents.instrument.kind`
    pub instrument_kind: Option<u16>,
    /// `consents.instrument.elements`
    pub instrument_elements: Option<u16>,
    /// The facts whose absence the fold can miss: level, holder, signed permission, instrument's kind.
    pub misses: [Option<FactId>; 4],
}

/// Facts and taxonomies that the engine reads by itself; `None` where no pack declares them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// `contact.channel`
    pub channel: Option<FactId>,
    /// `contact.purpose`
    pub purpose: Option<FactId>,
    /// `contact.topic`
    pub topic: Option<FactId>,
    /// `contact.matter`
    pub matter: Option<FactId>,
    /// `contact.data`
    pub data: Option<FactId>,
    /// `contact.fields`
    pub fields: Option<FactId>,
    /// `contact.stage`
    pub stage: Option<FactId>,
    /// `content.includes`
    pub includes: Option<FactId>,
    /// `sender.id`
    pub sender: Option<FactId>,
    /// `sender.seller`
    pub seller: Option<FactId>,
    /// `address.value`
    pub address: Option<FactId>,
    /// `address.jurisdictions`
    pub address_jurisdictions: Option<FactId>,
    /// `recipient.jurisdictions`
    pub recipient_jurisdictions: Option<FactId>,
    /// `person.id`
    pub person_id: Option<FactId>,
    /// `recipient.id`
    pub recipient_id: Option<FactId>,
    /// `recipient.role`
    pub role: Option<FactId>,
    /// `recipient.authority.recorded`, `.scope`, `.expires_on`
    pub authority: [Option<FactId>; 3],
    /// `recipient.minor_exception`
    pub minor_exception: Option<FactId>,
    /// Index of the word `none` among the choices of `recipient.minor_exception`.
    pub minor_none: Option<u16>,
    /// `recipient.endangerment`
    pub endangerment: Option<FactId>,
    /// taxonomy `topic`
    pub topics: Option<TaxonomyId>,
    /// taxonomy `level`
    pub levels: Option<TaxonomyId>,
    /// node `self` of `recipient_role`
    pub self_role: Option<NodeId>,
    /// taxonomy `channel`
    pub channels: Option<TaxonomyId>,
    /// taxonomy `sender`
    pub senders: Option<TaxonomyId>,
    /// Columns channel, purpose, topic, sender, address, matter of `contacts`; `u16::MAX` where not declared.
    pub contacts: [u16; 6],
    /// The same of `interactions`.
    pub interactions: [u16; 6],
    /// Columns of `consents` that the fold reads.
    pub consents: ConsentColumns,
    /// Column `interactions.kind`.
    pub interaction_kind: Option<u16>,
    /// taxonomy `purpose`
    pub purposes: Option<TaxonomyId>,
    /// taxonomy `jurisdiction`
    pub jurisdictions: Option<TaxonomyId>,
}
