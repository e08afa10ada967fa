//! Nodes of the flat expression and the questions behind them, every name a number.

use super::NodeIx;
use crate::taxonomy::{NodeId, TaxonomyId};
use crate::typed::{Dimension, EventList, FactId, Holder, How, Op};
use crate::value::Amount;

/// Where a value comes from, resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arg {
    /// Index into [`Program::consts`](super::Program::consts).
    Const(u16),
    /// A fact of the request.
    Fact(FactId),
    /// A column of the event at hand; the id names the fact for `missing`.
    Field(u16, FactId),
    /// A field of the record at hand.
    Record(u16),
    /// Index into [`Program::maps`](super::Program::maps).
    Map(u16),
    /// A setting.
    Setting(u16),
    /// A dated value.
    Dated(u16),
}

/// A set of nodes to ask for: which members are certainly in, and which, being abstract, may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeSet {
    /// Index into [`Program::bits`](super::Program::bits): in.
    pub yes: u32,
    /// Index into [`Program::bits`](super::Program::bits): an abstract node one of whose descendants is in; unknown.
    pub maybe: u32,
}

/// Children in [`Program::kids`](super::Program::kids) and [`Program::quick`](super::Program::quick).
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
    /// Index into [`Program::spans_in_force`](super::Program::spans_in_force).
    InForce(u32),
    /// A boolean is true.
    True(Arg),
    /// Known and not none.
    Exists(Arg),
    /// Some member of a fact of the request is in the set: the commonest question, by itself.
    IsFact(FactId, NodeSet),
    /// Any other question to a taxonomy; `Includes` asks each of [`Program::sets`](super::Program::sets) `at .. at + len`.
    Is {
        /// What is asked.
        arg: Arg,
        /// Which members.
        how: How,
        /// Index into [`Program::sets`](super::Program::sets).
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
    /// An instant's date by a clock of [`Program::day_clocks`](super::Program::day_clocks), compared with a date.
    CompareDay(Arg, Op, Arg, u16),
    /// Age in whole years: fact, index into [`Program::consts`](super::Program::consts) or other argument.
    Age(FactId, Op, Arg),
    /// One of the constants `at .. at + len`.
    In {
        /// What is asked.
        arg: Arg,
        /// Index into [`Program::consts`](super::Program::consts).
        at: u16,
        /// How many.
        len: u16,
    },
    /// Index into [`Program::windows`](super::Program::windows).
    Between(u32),
    /// Index into [`Program::weeks`](super::Program::weeks).
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
    /// Index into [`Program::moments`](super::Program::moments).
    Before(u32),
    /// Index into [`Program::moments`](super::Program::moments).
    From(u32),
    /// Index into [`Program::moments`](super::Program::moments), amount, calendar (`u16::MAX`: none).
    NoLaterThan(u32, Arg, u16),
    /// Same.
    Passed(u32, Arg, u16),
    /// Moment, first day, last day.
    LocalDaysOf(u32, u32, u32),
    /// Index into [`Program::consents`](super::Program::consents).
    Consent(u32),
    /// Index into [`Program::refusals`](super::Program::refusals).
    Refused(u32),
    /// Index into [`Program::counts`](super::Program::counts); the comparison is with its `n`.
    Count(u32),
    /// Index of the list.
    Listed(u16),
    /// Index of the kind among the words of `signals.kind`.
    Signal(u16),
    /// Scope covers the contact.
    CoversContact(Arg),
    /// Scope covers the contact whole.
    CoversAllOfContact(Arg),
    /// Scope covers the event at hand.
    CoversEvent(Arg),
    /// The consent event at hand covers the contact.
    EventCoversContact,
    /// The consent event at hand is about these levels.
    EventOfLevels(Arg),
    /// Representative's authority.
    Authorised,
    /// Fact of type event, list, index into [`Program::event_kinds`](super::Program::event_kinds) (`u16::MAX`: any).
    EventIs(Arg, EventList, u16),
    /// Fact of type event, list: it names an event of that list of which this holds.
    EventWhere(Arg, EventList, NodeIx),
    /// The consent event at hand was given to the same seller, or to nobody in particular.
    GivenToSeller,
    /// The content has the element: element, its name in [`Program::missing`](super::Program::missing).
    Includes(NodeSet, u16),
    /// Every needed field's categories are in the set.
    NeededFields(NodeSet),
    /// Every category that `contact.data` itself names is in the set.
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
    /// Each refusal that keeps this condition, a rule's requirements, from holding.
    Refusal(NodeIx),
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
    /// Index into [`Program::moments`](super::Program::moments).
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
    /// The same, where it is a constant.
    pub most: Option<i64>,
    /// The window's length, where it is a constant.
    pub length: Option<Amount>,
}

/// Levels asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelCode {
    /// At that level or under it.
    AtLeast(NodeId),
    /// Each level of the fact.
    Fact(Arg),
}

/// A consent question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentCode {
    /// Level.
    pub level: LevelCode,
    /// Whose.
    pub holder: Holder,
    /// Purpose asked for, with those of the contact's own within it.
    pub purpose: Option<NodeId>,
    /// The same as a place in [`Program::asked`](super::Program::asked).
    pub asked: u16,
    /// How long ago at most a grant was given.
    pub given: Option<Arg>,
    /// Static condition on a grant.
    pub filter: NodeIx,
    /// Only revocations to the same seller end one.
    pub heeds_seller: bool,
    /// Instrument.
    pub instrument: Option<u16>,
    /// Reaches.
    pub reaches: Vec<ReachCode>,
    /// Index into [`Program::missing`](super::Program::missing) of what a lacking answer is called.
    pub missing: u16,
}

/// A question for a refusal.
#[derive(Clone, Debug)]
pub struct RefusedCode {
    /// Purpose asked for, with those of the contact's own within it.
    pub purpose: Option<NodeId>,
    /// The same as a place in [`Program::asked`](super::Program::asked).
    pub asked: u16,
    /// Static condition on a revocation.
    pub filter: NodeIx,
    /// Only revocations to the same seller.
    pub same_seller: bool,
    /// Least level that lifts.
    pub renewed: Option<NodeId>,
    /// Static condition on a grant that lifts.
    pub renewed_filter: NodeIx,
    /// Left aside.
    pub except: Option<Arg>,
    /// Reaches.
    pub reaches: Vec<ReachCode>,
}

/// A derived revocation.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Elements: interned name, static condition under which it is required, its name in [`Program::missing`](super::Program::missing).
    pub elements: Vec<(u32, NodeIx, u16)>,
    /// Void under any of these static conditions on the grant.
    pub void: Vec<NodeIx>,
    /// Level it grants.
    pub level: NodeId,
}
