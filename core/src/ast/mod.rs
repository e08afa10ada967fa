//! Syntax: a file as its author wrote it, every name, literal and node with its place.
//!
//! Purely syntactic. No name is resolved: whether `contact.topic` is a fact, `machine` a definition or
//! `permission_lifts_hours` a setting is for `typed` to say, so where one form may mean several things there is one node
//! for it. Order is the written order. What the parser has already checked: dates exist, times lie in a day, whole
//! numbers fit, table rows fit their header, nesting is at most [`crate::source::MAX_DEPTH`] deep, a clause that may
//! stand once stands once.
//!
//! | module | holds |
//! |---|---|
//! | this | [`File`], [`Item`], names and literals |
//! | [`item`] | packs, taxonomies, facts, lists, settings, dated values, instruments, tables, calendars |
//! | [`rule`] | rules, exemptions, their clauses |
//! | [`condition`] | conditions, operands, sets of events, windows, moments, weeks |
//! | [`case`] | tests and cases |
//! | `from_text`, [`format`](format()) | reading a text, and laying it out |

pub mod case;
pub mod condition;
mod format;
mod from_text;
pub mod item;
mod reply;
pub mod rule;
mod scan;

pub use case::*;
pub use condition::*;
pub use format::format;
pub use from_text::{Parsed, parse};
pub use item::*;
pub use reply::*;
pub use rule::*;

use crate::source::Span;

/// One file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// Its items, in written order.
    pub items: Vec<Item>,
    /// Every `//` comment and every `///` comment, in written order. The checker may ignore them.
    pub comments: Vec<Comment>,
}

/// A comment, with its slashes.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    /// Whether it has exactly three slashes.
    pub doc: bool,
    /// Where.
    pub span: Span,
}

/// The `///` comment before something, its lines joined by line breaks, slashes and one space removed.
#[derive(Clone, Debug, PartialEq)]
pub struct Doc {
    /// The words.
    pub text: String,
    /// From the first slash to the end of the last line.
    pub span: Span,
}

/// A name: words joined by dots (`us.tcpa`, `contact.channel`, `row.week`), or a jurisdiction (`US-FL`).
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// As written, without spaces.
    pub text: String,
    /// Where.
    pub span: Span,
}

impl Name {
    /// The words between the dots.
    pub fn words(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.text.split('.')
    }

    /// Whether it is written as a jurisdiction is: `US`, `US-FL`.
    pub fn is_jurisdiction(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_uppercase())
    }
}

/// A quoted text, its escapes replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// What it says.
    pub value: String,
    /// With the quotation marks.
    pub span: Span,
}

/// A text with holes, as in `because "{row.state} allows solicitations only {row.week}."`
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// Words and holes in turn; two words never follow each other.
    pub parts: Vec<TemplatePart>,
    /// With the quotation marks.
    pub span: Span,
}

/// One part of a [`Template`].
#[derive(Clone, Debug, PartialEq)]
pub enum TemplatePart {
    /// Words as they stand, escapes replaced.
    Words(String),
    /// `{NAME}`: a value put in later.
    Hole(Name),
}

/// A whole number, at most 2^53 − 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Integer {
    /// Its value.
    pub value: u64,
    /// Where.
    pub span: Span,
}

/// A day of the calendar: `2026-11-01`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Date {
    /// It exists.
    pub value: jiff::civil::Date,
    /// Where.
    pub span: Span,
}

/// A time of day: `08:00`, `24:00`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Time {
    /// Minutes since the day began, 0 up to and including 1440.
    pub minutes: u16,
    /// Where.
    pub span: Span,
}

/// A point in time as a test writes it: `2026-07-01T20:30:00[America/New_York]`, `…Z`, `…-04:00`, or local.
#[derive(Clone, Debug, PartialEq)]
pub struct Instant {
    /// The reading of the wall clock. A second of 60 was read as 59.
    pub local: jiff::civil::DateTime,
    /// How it is fixed to the time line.
    pub zone: ZoneMark,
    /// Where.
    pub span: Span,
}

/// What fixes a wall-clock reading to the time line.
#[derive(Clone, Debug, PartialEq)]
pub enum ZoneMark {
    /// Nothing is said.
    None,
    /// `Z`, or an offset; seconds east of Greenwich.
    Offset(i32),
    /// `[America/New_York]`: a zone's name, not looked up.
    Zone(Name),
}

/// A number of time units: `30 days`, `18 months`, `10 business days`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    /// How many.
    pub count: Integer,
    /// Of what.
    pub unit: Unit,
    /// Where.
    pub span: Span,
}

/// A unit of time. Singular and plural are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// `seconds`
    Second,
    /// `minutes`
    Minute,
    /// `hours`
    Hour,
    /// `days`
    Day,
    /// `weeks`
    Week,
    /// `months`
    Month,
    /// `years`
    Year,
    /// `business days`
    BusinessDay,
    /// `local days`: today is the first
    LocalDay,
}

/// One item of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `pack us.tcpa { … }`
    Pack(Pack),
    /// `use core`
    Use(Use),
    /// `taxonomy channel { … }`
    Taxonomy(Taxonomy),
    /// `channel whatsapp is text`
    Node(NodeItem),
    /// `fact …`, `facts person { … }`
    Facts(Facts),
    /// `list national_dnc …`
    List(List),
    /// `define machine: …`
    Define(Define),
    /// `rule …`
    Rule(Rule),
    /// `exemption …`
    Exemption(Exemption),
    /// `setting …`
    Setting(Setting),
    /// `dated …`
    Dated(Dated),
    /// `instrument …`
    Instrument(Instrument),
    /// `table …`
    Table(Table),
    /// `calendar …`
    Calendar(Calendar),
    /// `reaches US by voice, text`
    Reaches(Reaches),
    /// `reply stop_words means revoke { … }`
    Reply(Reply),
    /// `test "…" { … }`
    Test(Test),
    /// `cases "…" for RULE { … }`
    Cases(Cases),
    /// `base a_text { … }`
    Base(Base),
}

impl Item {
    /// The whole item, without its doc comment.
    pub fn span(&self) -> Span {
        match self {
            Item::Pack(it) => it.span,
            Item::Use(it) => it.span,
            Item::Taxonomy(it) => it.span,
            Item::Node(it) => it.span,
            Item::Facts(it) => it.span,
            Item::List(it) => it.span,
            Item::Define(it) => it.span,
            Item::Rule(it) => it.span,
            Item::Exemption(it) => it.span,
            Item::Setting(it) => it.span,
            Item::Dated(it) => it.span,
            Item::Instrument(it) => it.span,
            Item::Table(it) => it.span,
            Item::Calendar(it) => it.span,
            Item::Reaches(it) => it.span,
            Item::Reply(it) => it.span,
            Item::Test(it) => it.span,
            Item::Cases(it) => it.span,
            Item::Base(it) => it.span,
        }
    }
}
