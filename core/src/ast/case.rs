//! Tests and cases: facts, and what is expected of them.

use super::{Amount, Date, Doc, Instant, Integer, Name, Text, Time};
use crate::source::Span;

/// `test "…" { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// `///`
    pub doc: Option<Doc>,
    /// What it shows.
    pub title: Text,
    /// Its lines, in written order.
    pub lines: Vec<TestLine>,
    /// All of it.
    pub span: Span,
}

/// A line of a test.
#[derive(Clone, Debug, PartialEq)]
pub struct TestLine {
    /// `///`
    pub doc: Option<Doc>,
    /// What it says.
    pub kind: TestLineKind,
    /// All of it.
    pub span: Span,
}

/// What a line of a test (or of a `base`) says.
#[derive(Clone, Debug, PartialEq)]
pub enum TestLineKind {
    /// `at 2026-07-01T20:30:00[America/New_York]`
    At(Instant),
    /// `known_at …`
    KnownAt(Instant),
    /// `horizon 10 days`
    Horizon(Amount),
    /// `with setting NAME is VALUE`
    Setting(Name, FactValue),
    /// `person { … }`, `contact { … }`, `sender { … }`, …
    Facts(Name, Record),
    /// `consent granted …`, `consent revoked …`
    Consent(Box<ConsentLine>),
    /// `contacted on … { … }`
    Contacted(When, Option<Record>),
    /// `interaction transaction on … { … }`
    Interaction(Name, When, Option<Record>),
    /// `listed "…" on LIST as of D [result R]`
    Listed {
        /// The address.
        address: Text,
        /// The list.
        list: Name,
        /// The date of the scrub.
        as_of: Option<When>,
        /// `result not_listed`; none: listed.
        result: Option<Name>,
        /// `{ … }`
        more: Option<Record>,
    },
    /// `signal gpc on`, `signal gpc off`
    Signal {
        /// The signal.
        name: Name,
        /// `on` or `off`.
        on: bool,
        /// `{ … }`
        more: Option<Record>,
    },
    /// `consents none`: known to be empty. The name is `consents`, `contacts`, `interactions`, `lists` or `signals`.
    Empty(Name),
    /// `complete preferences, consents`
    Complete(Vec<Name>),
    /// `given a_text, an_adult`: the lines of these bases
    Given(Vec<Name>),
    /// `expect …`
    Expect(Expect),
}

/// `consent granted express_written for marketing by text on 2026-01-02 { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct ConsentLine {
    /// `granted`, `revoked`, `declined`
    pub kind: ConsentKind,
    /// `granted LEVEL`: one; `revoked families L, L`: several; empty: all.
    pub levels: Vec<Name>,
    /// `for P, P`
    pub purposes: Vec<Name>,
    /// `by CH, CH`
    pub channels: Vec<Name>,
    /// `about T, T`
    pub topics: Vec<Name>,
    /// `from SENDER, SENDER`
    pub senders: Vec<Name>,
    /// `at "ADDRESS", "…"`
    pub addresses: Vec<Text>,
    /// `on …`; none: undated
    pub on: Option<When>,
    /// `until …`: the last good day, or an instant
    pub until: Option<When>,
    /// `{ by holder, means web_form }`
    pub more: Option<Record>,
}

/// What a consent event does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentKind {
    /// `granted`
    Granted,
    /// `revoked`
    Revoked,
    /// `declined`
    Declined,
}

/// When something happened: a day, or a point in time.
#[derive(Clone, Debug, PartialEq)]
pub enum When {
    /// `2026-01-02`
    Date(Date),
    /// `2026-01-02T10:00:00Z`
    Instant(Instant),
}

/// `{ key value, key value }`
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// In written order; keys may repeat (the checker says so).
    pub fields: Vec<Field>,
    /// With the braces.
    pub span: Span,
}

/// `key value`
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// `///`
    pub doc: Option<Doc>,
    /// The key.
    pub key: Name,
    /// The value.
    pub value: FactValue,
    /// Both.
    pub span: Span,
}

/// A value of a fact: JSON with the punctuation left away.
#[derive(Clone, Debug, PartialEq)]
pub enum FactValue {
    /// `none`: null
    None(Span),
    /// `yes`, `true`
    Yes(Span),
    /// `no`, `false`
    No(Span),
    /// `12`
    Integer(Integer),
    /// `"…"`
    Text(Text),
    /// `2026-01-02`
    Date(Date),
    /// `2008-07`: a partial date
    Month {
        /// As written.
        text: String,
        /// Where.
        span: Span,
    },
    /// `2026-01-02T10:00:00Z`
    Instant(Instant),
    /// `08:00`
    Time(Time),
    /// `30 days`
    Amount(Amount),
    /// A node, a choice, a jurisdiction, a zone: a word without quotation marks.
    Name(Name),
    /// `[a, b]`
    List(Vec<FactValue>, Span),
    /// `{ … }`
    Record(Record),
}

impl FactValue {
    /// Where.
    pub fn span(&self) -> Span {
        match self {
            FactValue::None(span) | FactValue::Yes(span) | FactValue::No(span) => *span,
            FactValue::Integer(it) => it.span,
            FactValue::Text(it) => it.span,
            FactValue::Date(it) => it.span,
            FactValue::Month { span, .. } => *span,
            FactValue::Instant(it) => it.span,
            FactValue::Time(it) => it.span,
            FactValue::Amount(it) => it.span,
            FactValue::Name(it) => it.span,
            FactValue::List(_, span) => *span,
            FactValue::Record(it) => it.span,
        }
    }
}

/// `expect …`
#[derive(Clone, Debug, PartialEq)]
pub enum Expect {
    /// `expect allow`
    Allow,
    /// `expect defer until T [because RULE, RULE]`
    Defer {
        /// When it would be allowed; none: not said.
        until: Option<Instant>,
        /// Rules that block.
        because: Vec<RuleRef>,
    },
    /// `expect deny [because RULE, RULE]`
    Deny {
        /// Rules that block.
        because: Vec<RuleRef>,
    },
    /// `expect valid until T`, `expect valid without end` (none)
    ValidUntil(Option<Instant>),
    /// `expect missing a, b`, `expect missing none` (empty)
    Missing(Vec<Name>),
    /// `expect withheld diagnosis`
    Withheld(Vec<Name>),
    /// `expect oblige stop_instructions, retain_proof: 5 years`
    Oblige(Vec<Duty>),
    /// `expect taken_as …`
    TakenAs(Vec<Name>),
    /// `expect warned CODE`
    Warned(Vec<Name>),
    /// `expect no oblige …`: of withheld, owed, taken and warned what must not be there.
    Not(Box<Expect>),
}

/// An obligation that is expected: `retain_proof: 5 years`
#[derive(Clone, Debug, PartialEq)]
pub struct Duty {
    /// The obligation.
    pub name: Name,
    /// What it must say; none: anything.
    pub value: Option<FactValue>,
    /// Both.
    pub span: Span,
}

/// A rule, or one row of it: `us.states.hours[ri]`
#[derive(Clone, Debug, PartialEq)]
pub struct RuleRef {
    /// The rule.
    pub name: Name,
    /// The row.
    pub row: Option<Name>,
    /// Both.
    pub span: Span,
}

/// `base a_text { … }`: lines that tests have in common
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    /// `///`
    pub doc: Option<Doc>,
    /// What `given` calls it.
    pub name: Name,
    /// Lines as in a test, without `expect`.
    pub lines: Vec<TestLine>,
    /// All of it.
    pub span: Span,
}

/// `cases "…" for RULE { base { … } … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Cases {
    /// `///`
    pub doc: Option<Doc>,
    /// What they show.
    pub title: Text,
    /// The rule they ask.
    pub rule: RuleRef,
    /// What they have in common: lines as in a test, without `expect` and `at`.
    pub base: Vec<TestLine>,
    /// The cases.
    pub cases: Vec<Case>,
    /// All of it.
    pub span: Span,
}

/// `2026-11-20T18:00:00 wait 2026-11-21T10:00:00`
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// `///`
    pub doc: Option<Doc>,
    /// When.
    pub at: Instant,
    /// What the rule says.
    pub outcome: CaseOutcome,
    /// All of it.
    pub span: Span,
}

/// What a rule says in a case.
#[derive(Clone, Debug, PartialEq)]
pub enum CaseOutcome {
    /// `pass`
    Pass,
    /// `wait T`: blocked, and free at T
    Wait(Instant),
    /// `block`
    Block,
    /// `unknown missing a, b`
    Unknown(Vec<Name>),
}
