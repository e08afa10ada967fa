//! Conditions and the questions inside them, typed.

use crate::source::Span;
use crate::taxonomy::{NodeId, TaxonomyId};
use crate::time::{Date, Week, Weekday, Zone};
use crate::typed::{EventList, FactId, Policy};
use crate::value::{Amount, Value};
use std::sync::Arc;

/// Number of a condition as written. A `define` used twice keeps its conditions' ids: coverage is of what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CondId(pub u32);

/// A condition and where it was written.
#[derive(Clone, Debug)]
pub struct CondAt {
    /// The condition.
    pub cond: Cond,
    /// Its number.
    pub id: CondId,
    /// Where.
    pub span: Span,
}

/// A three-valued condition. Leaves say when their answer next changes (`eval`).
#[derive(Clone, Debug)]
pub enum Cond {
    /// Decided when checked.
    Const(bool),
    /// Strong Kleene conjunction.
    All(Vec<CondAt>),
    /// Strong Kleene disjunction.
    Any(Vec<CondAt>),
    /// Strong Kleene negation.
    Not(Box<CondAt>),
    /// `known that C`: true only when C is certain; an unknown counts as false and is listed under `taken_as`.
    Known(Box<CondAt>),
    /// A boolean operand is true. Known none counts as false.
    True(Operand),
    /// Known, and not none (a set: not empty).
    Exists(Operand),
    /// A question to a taxonomy.
    Is {
        /// A node or a set of nodes.
        what: Operand,
        /// Some, only or all.
        how: How,
        /// The taxonomy.
        taxonomy: TaxonomyId,
        /// The nodes named.
        nodes: Vec<NodeId>,
    },
    /// As [`Cond::Is`], the nodes read from another operand (a record's field, a fact): `contact.data is ask.data`.
    IsAmong {
        /// A node or a set of nodes.
        what: Operand,
        /// Some, only or all.
        how: How,
        /// The taxonomy of both.
        taxonomy: TaxonomyId,
        /// A node or a set of nodes.
        of: Operand,
    },
    /// Some member's node carries the mark, itself or by inheritance.
    Marked {
        /// A node or a set of nodes.
        what: Operand,
        /// The taxonomy.
        taxonomy: TaxonomyId,
        /// The mark.
        mark: String,
    },
    /// The two have a member in common (nodes, texts): `same topic`.
    Same(Operand, Operand),
    /// `same seller`: some member of the operand (a node or set of `sender`) has the contact's own seller, which is the
    /// nearest ancestor-or-self marked `seller`, else the node itself.
    SameSeller(Operand),
    /// Integers, dates, instants, spans; text, choice and boolean by = and != only. Age against an integer.
    /// An operand that is known none makes every comparison false.
    Compare(Operand, Op, Operand),
    /// An instant's date by that clock, the pack's own, compared with a date: `at >= 2027-01-31`. As [`Cond::Compare`]
    /// where it is known by its date only.
    CompareDay(Operand, Op, Operand, Arc<Zone>),
    /// A choice, text or integer is one of these; of a set of choices or texts, some member is.
    In(Operand, Vec<Value>),
    /// The local time of day is inside.
    LocalTime(Hours),
    /// The local date's weekday.
    Weekday(Vec<Weekday>),
    /// The local date is a holiday or its observed day. Index into `Policy::calendars`.
    Holiday(usize),
    /// The local date is a business day.
    BusinessDay(usize),
    /// The local date compared with a date.
    Today(Op, Operand),
    /// `before X`: an instant, or the start of a date.
    Before(Moment),
    /// `from X`
    From(Moment),
    /// True before the end (of a date: through the whole last day); half-open like every interval. False if there is no such
    /// moment.
    NoLaterThan(AmountOf, Moment),
    /// True from then on; true if there is no such moment.
    Passed(AmountOf, Moment),
    /// Today is within local days `from ..= to`, the moment's own date being day 1. False if there is none.
    LocalDaysOf {
        /// First day.
        from: u32,
        /// Last day.
        to: u32,
        /// Counted from.
        of: Moment,
    },
    /// The consent fold.
    Consent(Box<ConsentQuestion>),
    /// A covering revocation that no grant lifts.
    Refused(Box<RefusedQuestion>),
    /// How many events.
    Count(Box<CountQuestion>),
    /// The contact's address is on the list (index into `Vocabulary::lists`).
    Listed(usize),
    /// A privacy signal of that kind is on.
    Signal(String),
    /// The scope covers the proposed contact, for some of its purposes and topics: how what restricts is asked.
    CoversContact(Operand),
    /// The scope covers the proposed contact, for each of its purposes and topics: how what permits is asked.
    CoversAllOfContact(Operand),
    /// Inside `where`: the scope covers the event at hand.
    CoversEvent(Operand),
    /// Inside a set of consents: the event's scope covers the proposed contact.
    EventCoversContact,
    /// Inside a set of consents: the event concerns these levels (a grant's level is under one; a revocation's families meet one).
    EventOfLevels(Operand),
    /// The recipient is the person, or has recorded, unexpired authority that covers the contact.
    Authorised,
    /// An event fact names an event of that list and, for consents, of that kind (`revoke`, `grant`), for interactions of that node.
    EventIs {
        /// A fact of type event.
        what: Operand,
        /// Which list.
        list: EventList,
        /// `revoke`, `grant`, or a node's name of `interaction`; empty: any.
        kind: String,
    },
    /// An event fact names an event of that list, and of that very event this holds.
    EventWhere {
        /// A fact of type event.
        what: Operand,
        /// Which list.
        list: EventList,
        /// About the event.
        filter: Box<CondAt>,
    },
    /// What packs compiled ahead of time keep of a condition: its words. What it asks stands in the program beside it.
    Said(Box<SaidCond>),
}

/// A condition that is only read by people.
#[derive(Clone, Debug)]
pub struct SaidCond {
    /// In words.
    pub words: Box<str>,
    /// How it was put together.
    pub form: Form,
    /// Of what.
    pub parts: Vec<CondAt>,
}

/// How a condition is put together of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// It asks one thing.
    Leaf,
    /// Decided when checked: true.
    Always,
    /// Decided when checked: false.
    Never,
    /// All of its parts.
    All,
    /// Any of its parts.
    Any,
    /// Not its part.
    Not,
    /// `known that` its part.
    Known,
}

impl CondAt {
    /// How it is put together, and of what.
    #[must_use]
    pub fn form(&self) -> (Form, &[CondAt]) {
        match &self.cond {
            Cond::Const(true) => (Form::Always, &[]),
            Cond::Const(false) => (Form::Never, &[]),
            Cond::All(list) => (Form::All, list),
            Cond::Any(list) => (Form::Any, list),
            Cond::Not(part) => (Form::Not, std::slice::from_ref(part)),
            Cond::Known(part) => (Form::Known, std::slice::from_ref(part)),
            Cond::Said(said) => (said.form, &said.parts),
            _ => (Form::Leaf, &[]),
        }
    }

    /// Whether it asks a history, anywhere: consent, refusals, events.
    #[must_use]
    pub fn asks_history(&self) -> bool {
        match &self.cond {
            Cond::All(parts) | Cond::Any(parts) => parts.iter().any(CondAt::asks_history),
            Cond::Not(part) | Cond::Known(part) => part.asks_history(),
            Cond::Consent(_) | Cond::Refused(_) | Cond::Count(_) => true,
            Cond::Before(m)
            | Cond::From(m)
            | Cond::NoLaterThan(_, m)
            | Cond::Passed(_, m)
            | Cond::LocalDaysOf { of: m, .. } => matches!(m, Moment::Latest(_)),
            _ => false,
        }
    }

    /// In words close to what its author wrote, names in place of what they stand for.
    #[must_use]
    #[cfg_attr(not(feature = "text"), allow(unused_variables))]
    pub fn words(&self, policy: &Policy) -> Box<str> {
        match &self.cond {
            Cond::Said(said) => said.words.clone(),
            #[cfg(feature = "text")]
            _ => super::words::render(self, policy).into_boxed_str(),
            // Without the text of packs there are no others.
            #[cfg(not(feature = "text"))]
            _ => Box::default(),
        }
    }
}

/// Which members must answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Some member is under one of the nodes.
    Some,
    /// There is a member, and every member is under one of the nodes.
    Only,
    /// Every node named has a member under it.
    Includes,
}

/// Comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// =
    Eq,
    /// !=
    Ne,
    /// <
    Lt,
    /// <=
    Le,
    /// >
    Gt,
    /// >=
    Ge,
}

/// Where a value comes from.
#[derive(Clone, Debug)]
pub enum Operand {
    /// Policy text.
    Const(Value),
    /// A fact of the request.
    Fact(FactId),
    /// Inside `where`: a field of the event at hand.
    EventField(FactId),
    /// Inside a rule `for each record`: field number of the record at hand.
    Record(usize),
    /// A map fact asked at nodes.
    Map(FactId, Vec<Operand>),
    /// Whole years since the birth date in that fact.
    Age(FactId),
    /// A setting (index into `Policy::settings`).
    Setting(usize),
    /// A dated value (index into `Policy::dated`), its edition at the instant.
    Dated(usize),
}

/// Hours of a week, or between two times of every day.
#[derive(Clone, Debug)]
pub enum Hours {
    /// `between A and B`: seconds of the day; `A > B` crosses midnight.
    Between(u32, u32),
    /// Written in policy.
    Week(Arc<Week>, Option<usize>),
    /// A fact or record field of type week.
    Fact(Operand),
}

/// A point to count from.
#[derive(Clone, Debug)]
pub enum Moment {
    /// A date, an instant, or an event named by a fact.
    At(Operand),
    /// The newest event of a set.
    Latest(EventSet),
    /// In a deadline of a rule's refusal: each refusal by which the rule blocks, the earliest deadline being told.
    Refusal,
}

/// A length of time with the calendar its business days need.
#[derive(Clone, Debug)]
pub struct AmountOf {
    /// An amount: constant, setting, dated, record field.
    pub amount: Operand,
    /// Index into `Policy::calendars`.
    pub calendar: Option<usize>,
}

/// Events of one list that match.
#[derive(Clone, Debug)]
pub struct EventSet {
    /// Which list.
    pub list: EventList,
    /// All of these; `None`: every event. Never time-dependent.
    pub filter: Option<Box<CondAt>>,
}

/// How far back.
#[derive(Clone, Debug)]
pub enum Window {
    /// Everything known.
    Always,
    /// `in past …`: an amount; seconds, minutes, hours elapsed (half-open); local days; months and years by adding to the event.
    Past(Operand),
    /// This week, beginning on that day.
    Week(Weekday),
    /// This calendar month.
    Month,
    /// After that moment (the moment's own event excluded; events at the same instant count).
    Since(Moment),
}

/// `at most N of S in W, this one included`; `any`, `no`, `count of`.
#[derive(Clone, Debug)]
pub struct CountQuestion {
    /// Which events.
    pub set: EventSet,
    /// How far back.
    pub window: Window,
    /// The comparison `count OP n`; `at most N, this one included` is `count < N`.
    pub op: Op,
    /// An integer.
    pub n: Operand,
}

/// Whose consent is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// As the level is marked: `held_by_recipient`, else the person.
    ByLevel,
    /// The person's.
    Person,
    /// The recipient's.
    Recipient,
}

/// Which levels are asked.
#[derive(Clone, Debug)]
pub enum Levels {
    /// One level: a grant at it or below it in the tree ("at least").
    AtLeast(NodeId),
    /// Every level in a fact of type set of level (`contact.asks`).
    Fact(Operand),
}

/// Is there consent for this contact at this level?
#[derive(Clone, Debug)]
pub struct ConsentQuestion {
    /// Level.
    pub level: Levels,
    /// Whose.
    pub holder: Holder,
    /// Ask for this purpose, and for each of the contact's own within it.
    pub purpose: Option<NodeId>,
    /// Only grants given to the same seller, or to nobody in particular (`by same seller`).
    pub same_seller: bool,
    /// Only grants whose own date lies so short a time back (`given in past SPAN`).
    pub given: Option<Operand>,
    /// Only grants for which this holds.
    pub filter: Option<CondAt>,
    /// Only revocations given to the same seller, or to nobody in particular, end one (`heeding each revocation by same seller`).
    pub heeds_seller: bool,
    /// Only grants by this instrument (index into `Policy::instruments`), complete, unexpired, not void.
    pub instrument: Option<usize>,
    /// Revocations that reach further than their words.
    pub reaches: Vec<Reaching>,
}

/// Is there a covering revocation that nothing lifts?
#[derive(Clone, Debug)]
pub struct RefusedQuestion {
    /// Ask for this purpose, and for each of the contact's own within it.
    pub purpose: Option<NodeId>,
    /// Only revocations for which this holds.
    pub filter: Option<CondAt>,
    /// Only revocations given to the same seller (`by same seller`).
    pub same_seller: bool,
    /// The least level whose later grant lifts; `express` of the family unless the rule says otherwise. `None`: the vocabulary has no such level, nothing lifts.
    pub renewed: Option<NodeId>,
    /// Only a later grant to the same seller, or to nobody in particular, lifts (`renewed at least L by same seller`).
    pub renewed_same_seller: bool,
    /// Only a later grant for which this holds lifts.
    pub renewed_filter: Option<CondAt>,
    /// The revocation named by this fact is left aside (law 3's one carve-out).
    pub except: Option<Operand>,
    /// Revocations that reach further than their words.
    pub reaches: Vec<Reaching>,
}

/// `counting each revocation of marketing where … as reaching every topic, channel in [voice, text]`: a derived revocation
/// *beside* the original.
#[derive(Clone, Debug)]
pub struct Reaching {
    /// Only revocations whose scope meets this purpose.
    pub of: Option<NodeId>,
    /// Only revocations for which this holds.
    pub filter: Option<CondAt>,
    /// What becomes open.
    pub open: Vec<Dimension>,
    /// Channels that are added to the scope's own.
    pub channels: Vec<NodeId>,
}

/// A part of a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// channel
    Channel,
    /// purpose
    Purpose,
    /// topic
    Topic,
    /// sender
    Sender,
    /// address
    Address,
    /// matter
    Matter,
}

/// A written amount that is known when checked.
pub type Written = Amount;

/// A written date.
pub type Day = Date;
