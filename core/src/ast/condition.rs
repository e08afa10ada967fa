//! Conditions, and what they are made of.
//!
//! `or` binds loosest, then `and`, then `not` and `known that`. Chains are flat: `a and b and c` is one [`CondKind::And`]
//! with three parts, and so is a dashed `all of`. Nesting is at most [`crate::source::MAX_DEPTH`] deep.

use super::{Amount, Date, DateOrInstant, Duration, Integer, Name, Range, Text, Time, WeekdayName};
use crate::source::Span;

/// A condition with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Cond {
    /// What it says.
    pub kind: CondKind,
    /// All of it, brackets included.
    pub span: Span,
}

/// What a condition says.
#[derive(Clone, Debug, PartialEq)]
pub enum CondKind {
    /// `a or b or c`, or a dashed `any of`. At least one part (a dashed list may have one).
    Or(Vec<Cond>),
    /// `a and b and c`, or a dashed `all of`.
    And(Vec<Cond>),
    /// `not a`
    Not(Box<Cond>),
    /// `known that a`
    Known(Box<Cond>),
    /// A bare name: a boolean fact, a definition, a yes/no setting, `row.x`.
    Name(Name),
    /// `SUBJECT is OBJECTS`, `is not`, `only`, `includes`, `in`, `not in`: taxonomies, choices, texts, integers, settings,
    /// events (`contact.responds_to is revocation`), `weekday is [saturday, sunday]`, `US-CA in person.jurisdictions`.
    Is {
        /// Left of the word.
        subject: Operand,
        /// Which word.
        how: IsHow,
        /// `is not`, `not in`: the place of the `not`.
        negated: Option<Span>,
        /// Right of the word.
        objects: Objects,
        /// `contact.responds_to is request where C`: about that event
        filter: Option<Box<Cond>>,
    },
    /// `PATH is marked ATTR`, `is marked [A, B]`
    IsMarked {
        /// The fact or field.
        subject: Name,
        /// The attributes; some one of them.
        marks: Objects,
    },
    /// `PATH is same seller`, `same seller` (no subject): the event's field and the contact's own meet. In `where`.
    Same {
        /// The event's field; none: the one of the same name.
        subject: Option<Name>,
        /// `seller`, `topic`, `matter`, …
        what: Name,
    },
    /// `PATH exists`
    Exists(Name),
    /// `PATH is none`. (`is [none, in_kind]` is an [`CondKind::Is`] with a node named `none`.)
    IsNone(Name),
    /// `a < b`
    Compare {
        /// Left.
        left: Operand,
        /// Which.
        op: CompareOp,
        /// Right.
        right: Operand,
    },
    /// `row.state applies`
    Applies(Name),
    /// `every jurisdiction in [US-TX, US-LA]`: a relaxation by place must hold everywhere.
    EveryJurisdiction(Objects),
    /// `local_time between 08:00 and 21:00`
    LocalTimeBetween {
        /// A [`Operand::Time`] or a name.
        from: Operand,
        /// A [`Operand::Time`] or a name.
        until: Operand,
    },
    /// `local_time within WEEK`
    LocalTimeWithin(Week),
    /// `today is holiday in us_federal`
    TodayIsHoliday(Name),
    /// `today is business day in us_federal`
    TodayIsBusinessDay(Name),
    /// `before X`
    Before(Moment),
    /// `from X`
    From(Moment),
    /// `no later than SPAN after M`
    NoLaterThan {
        /// How long.
        within: Duration,
        /// After what.
        after: Moment,
    },
    /// `SPAN have passed since M`
    HavePassed {
        /// How long.
        amount: Duration,
        /// Since what.
        since: Moment,
    },
    /// `today in local days 1 to 7 of M`
    TodayInLocalDays {
        /// The first; 1 is M's own date.
        first: Integer,
        /// The last.
        last: Integer,
        /// Of what.
        of: Moment,
    },
    /// `consent at least L …`
    Consent(Consent),
    /// `valid INSTRUMENT …`
    Valid(Consent),
    /// `refused …`
    Refused(Refused),
    /// `at most N [of] EVENTS [, this one included] [, where C]`
    AtMost {
        /// An integer or a name.
        most: Operand,
        /// What is counted.
        events: EventSet,
        /// Place of `this one included`: the contact itself counts.
        including_this: Option<Span>,
    },
    /// `any EVENTS`
    Any(EventSet),
    /// `no EVENTS`
    No(EventSet),
    /// `count of EVENTS >= N`
    Count {
        /// What is counted.
        events: EventSet,
        /// Which comparison.
        op: CompareOp,
        /// With what.
        right: Operand,
    },
    /// `address on LIST`
    OnList {
        /// `address`, or a field of type text.
        subject: Name,
        /// The list.
        list: Name,
    },
    /// `signal gpc is on`
    SignalIsOn(Name),
    /// `SCOPE covers contact`: some purpose and topic of it
    CoversContact(Name),
    /// `SCOPE covers all of contact`: every purpose and topic of it
    CoversAllOfContact(Name),
    /// `SCOPE covers it`: the event in a `where`
    CoversIt(Name),
    /// `recipient authorised for contact`
    RecipientAuthorised,
    /// What the parser puts where a condition did not parse; there is an error diagnostic.
    Error,
}

/// Which word of the `is` family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsHow {
    /// `is`: some member is under one of the objects
    Is,
    /// `only`: not empty, and every member is
    Only,
    /// `includes`: every object is there
    Includes,
    /// `in`
    In,
}

/// What follows `is`: one value, or several in brackets.
#[derive(Clone, Debug, PartialEq)]
pub struct Objects {
    /// Not empty.
    pub items: Vec<Operand>,
    /// Whether brackets were written.
    pub bracketed: bool,
    /// All of it.
    pub span: Span,
}

/// A comparison sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompareOp {
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// A value in a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A fact, node, choice, setting, dated value, `row.x`, `VAR.x`, `today`, `person.age`, a jurisdiction.
    Name(Name),
    /// `160`
    Integer(Integer),
    /// `"…"`
    Text(Text),
    /// `2026-11-01`
    Date(Date),
    /// `08:00`
    Time(Time),
    /// `60 seconds`
    Amount(Amount),
    /// `open_slots of contact.service at contact.place`: a value of a map
    Lookup {
        /// The map.
        map: Name,
        /// One key, or two.
        keys: Vec<Name>,
        /// All of it.
        span: Span,
    },
}

impl Operand {
    /// Where.
    pub fn span(&self) -> Span {
        match self {
            Operand::Name(it) => it.span,
            Operand::Integer(it) => it.span,
            Operand::Text(it) => it.span,
            Operand::Date(it) => it.span,
            Operand::Time(it) => it.span,
            Operand::Amount(it) => it.span,
            Operand::Lookup { span, .. } => *span,
        }
    }
}

/// A set of events: `attempts`, `transactions`, `revocations of [express] covering contact`, a definition of a set, with
/// its window and its `where`.
#[derive(Clone, Debug, PartialEq)]
pub struct EventSet {
    /// `attempts`, `contacts`, `interactions`, a kind of interaction in singular or plural, `revocation(s)`, `grant(s)`,
    /// or a definition.
    pub name: Name,
    /// `of [express, hipaa]`, `of contact.asks`: levels
    pub of: Option<Objects>,
    /// `covering contact`
    pub covering: Option<Span>,
    /// `in past 24 hours`, …
    pub window: Option<Window>,
    /// `by same seller`
    pub by_same_seller: Option<Span>,
    /// `where C`
    pub filter: Option<Box<Cond>>,
    /// All of it.
    pub span: Span,
}

/// Which stretch of time counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Which.
    pub kind: WindowKind,
    /// All of it.
    pub span: Span,
}

/// Which stretch of time.
#[derive(Clone, Debug, PartialEq)]
pub enum WindowKind {
    /// `in past 24 hours`, `in past 7 local days`, `in past row.window`
    Past(Duration),
    /// `today`
    Today,
    /// `this week [from sunday]`
    ThisWeek(Option<WeekdayName>),
    /// `this month`
    ThisMonth,
    /// `since M`
    Since(Moment),
}

/// Something with a place in time.
#[derive(Clone, Debug, PartialEq)]
pub enum Moment {
    /// A date, instant or event fact, a setting, a definition of an event.
    Name(Name),
    /// A literal.
    Literal(DateOrInstant),
    /// `latest EVENTS`
    Latest(Box<EventSet>, Span),
    /// `refusal`: each refusal by which the rule blocks.
    Refusal(Span),
}

impl Moment {
    /// Where.
    pub fn span(&self) -> Span {
        match self {
            Moment::Name(name) => name.span,
            Moment::Literal(DateOrInstant::Date(date)) => date.span,
            Moment::Literal(DateOrInstant::Instant(instant)) => instant.span,
            Moment::Latest(_, span) | Moment::Refusal(span) => *span,
        }
    }
}

/// The week after `local_time within`.
#[derive(Clone, Debug, PartialEq)]
pub enum Week {
    /// `row.week`, a fact of type week
    Name(Name),
    /// `{ mon-fri 08:00-20:00, sat 10:00-17:00, sun none, holiday none in us_federal }`
    Literal(Vec<WeekEntry>, Span),
}

/// `mon-fri 08:00-20:00`
#[derive(Clone, Debug, PartialEq)]
pub struct WeekEntry {
    /// Which days.
    pub days: WeekDays,
    /// Its hours; empty for `none`.
    pub hours: Vec<Range>,
    /// All of it.
    pub span: Span,
}

/// Which days of a week.
#[derive(Clone, Debug, PartialEq)]
pub enum WeekDays {
    /// `mon`, `mon-fri`: first and last day
    Days(WeekdayName, WeekdayName),
    /// `holiday … in us_federal`: the calendar
    Holiday(Option<Name>),
}

/// `consent at least L [of person] [for PURPOSE] [by same seller] [given in past SPAN] [where C] [heeding …] [counting …]`, and
/// the same of `valid INSTRUMENT`
#[derive(Clone, Debug, PartialEq)]
pub struct Consent {
    /// The level (a node, setting, `row.x`), or the instrument.
    pub what: Name,
    /// `of person`, `of recipient`
    pub of: Option<Name>,
    /// `for PURPOSE`, `for [A, B]`
    pub purposes: Option<Objects>,
    /// `by same seller`: given to this one, or to nobody in particular
    pub by_same_seller: Option<Span>,
    /// `given in past SPAN`: how long ago at most
    pub given_in: Option<Duration>,
    /// `where C`: about the grant
    pub filter: Option<Box<Cond>>,
    /// `heeding each revocation by same seller`: no other ends it
    pub heeding: Option<Span>,
    /// `counting …`
    pub counting: Option<Counting>,
}

/// `refused [of recipient] [for PURPOSE] [where C] [by same seller] [renewed at least L [by same seller] [where C]] [except contact.responds_to] [counting …]`
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// `of person`, `of recipient`
    pub of: Option<Name>,
    /// `for PURPOSE`
    pub purposes: Option<Objects>,
    /// `where C`: about the revocation
    pub filter: Option<Box<Cond>>,
    /// `by same seller`
    pub by_same_seller: Option<Span>,
    /// `renewed at least L`
    pub renewed: Option<Name>,
    /// `… by same seller` behind it: to whom that consent was given
    pub renewed_by_same_seller: Option<Span>,
    /// `… where C` behind it: about the consent that lifts
    pub renewed_where: Option<Box<Cond>>,
    /// `except contact.responds_to`
    pub except: Option<Name>,
    /// `counting …`
    pub counting: Option<Counting>,
}

/// `counting each revocation [of PURPOSE] [where C] as reaching every purpose, topic and channel in [voice, text]`
#[derive(Clone, Debug, PartialEq)]
pub struct Counting {
    /// `of PURPOSE`
    pub of: Option<Objects>,
    /// `where C`: about the revocation
    pub filter: Option<Box<Cond>>,
    /// How far it reaches.
    pub reach: Vec<Reach>,
    /// All of it.
    pub span: Span,
}

/// One dimension that a widened revocation reaches.
#[derive(Clone, Debug, PartialEq)]
pub struct Reach {
    /// `purpose`, `topic`, `channel`, `sender`, `address`, …
    pub dimension: Name,
    /// `in [voice, text]`; none: every one.
    pub within: Option<Objects>,
    /// All of it.
    pub span: Span,
}
