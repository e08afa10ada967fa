//! Declarations: everything at the top level that is not a rule, an exemption or a test.

use super::{Amount, Cond, Date, Doc, EventSet, Instant, Integer, Moment, Name, Template, Text, Time};
use crate::source::Span;

/// `pack us.tcpa { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// `///`
    pub doc: Option<Doc>,
    /// Its name, `us.tcpa`.
    pub name: Name,
    /// What stands in the braces.
    pub title: Option<Text>,
    /// `source "47 U.S.C. § 227", "…"`
    pub source: Vec<Text>,
    /// `edition "2026-11"`
    pub edition: Option<Text>,
    /// `reviewed 2026-11-01`
    pub reviewed: Option<Date>,
    /// `clock America/New_York`: the zone in which the pack's dates are read.
    pub clock: Option<Name>,
    /// `business_days us_federal`: the calendar that counts its business days.
    pub business_days: Option<Name>,
    /// `version "1"`
    pub version: Option<Text>,
    /// All of it.
    pub span: Span,
}

/// `use core`
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// `///`
    pub doc: Option<Doc>,
    /// The pack.
    pub pack: Name,
    /// All of it.
    pub span: Span,
}

/// `taxonomy channel { voice { live_call, voicemail }  text { sms, mms }  email }`
#[derive(Clone, Debug, PartialEq)]
pub struct Taxonomy {
    /// `///`
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// `marked …` after the name: attributes of every node.
    pub marks: Vec<Name>,
    /// Its top nodes.
    pub nodes: Vec<Node>,
    /// All of it.
    pub span: Span,
}

/// A node with the nodes under it.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// `///`
    pub doc: Option<Doc>,
    /// Its full name, as declared; may hold dots, which mean nothing.
    pub name: Name,
    /// `marked sensitive, held_by_recipient`
    pub marks: Vec<Name>,
    /// Nodes under it.
    pub children: Vec<Node>,
    /// With its children.
    pub span: Span,
}

/// `channel whatsapp is text`, `topic cancer_care is health_education marked sensitive { … }`: one more node in a
/// taxonomy declared elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeItem {
    /// The taxonomy, `channel`.
    pub taxonomy: Name,
    /// `is text`: the node it stands under; none: at the top.
    pub parent: Option<Name>,
    /// The node, with doc, marks and children.
    pub node: Node,
    /// All of it.
    pub span: Span,
}

/// `fact person.birth_date: partial date` (one, `entity` none) or `facts person { pause_until: instant … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// `///` before `facts`; the doc before a single `fact` is at the fact.
    pub doc: Option<Doc>,
    /// `person` in `facts person { … }`: goes before each name with a dot.
    pub entity: Option<Name>,
    /// The facts.
    pub facts: Vec<Fact>,
    /// All of it.
    pub span: Span,
}

/// One fact's declaration.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// `///`
    pub doc: Option<Doc>,
    /// As written: whole in `fact contact.channel: …`, the last part in `facts contact { channel: … }`. Where the part
    /// before the dot is an event list (`contacts.result`), the fact is a field of its events.
    pub name: Name,
    /// Its type.
    pub ty: FactType,
    /// `missing dialing_technology`: the id reported when it is missing.
    pub missing: Option<Name>,
    /// `reads "counts as automated"`: words for a missing one.
    pub reads: Option<Text>,
    /// `absent none`: absent is known none.
    pub absent_none: Option<Span>,
    /// All of it.
    pub span: Span,
}

/// A fact's type.
#[derive(Clone, Debug, PartialEq)]
pub struct FactType {
    /// Which.
    pub kind: FactTypeKind,
    /// `by service, place`: a map with one or two keys, each a taxonomy.
    pub by: Vec<Name>,
    /// All of it.
    pub span: Span,
}

/// What a fact's type says.
#[derive(Clone, Debug, PartialEq)]
pub enum FactTypeKind {
    /// `boolean`, `integer`, `text`, `date`, `instant`, `duration`, `scope`, `week`, `event`, a taxonomy, …
    Named(Name),
    /// `partial date`: a date, a month or a year
    PartialDate,
    /// `set of technology`
    SetOf(Name),
    /// `one of [household, business]`
    OneOf(Vec<Name>),
    /// `list of { scope: scope, most: integer }`
    ListOf(Vec<RecordField>),
    /// `{ kind: …, scope: scope }`: one record
    Record(Vec<RecordField>),
}

/// A field of a record type.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordField {
    /// `///`
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: FactType,
    /// All of it.
    pub span: Span,
}

/// `list national_dnc  good for 31 days  missing dnc_scrub  cite "…"  verified text  because "…"`, and
/// `good for 31 days unless listed`
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// `///`
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// `good for 31 days`
    pub good_for: Option<Amount>,
    /// `unless listed`: an answer that the address is listed does not grow old.
    pub unless_listed: bool,
    /// `missing dnc_scrub`
    pub missing: Option<Name>,
    /// `because "…"`
    pub because: Option<Template>,
    /// `cite "…"`
    pub cite: Vec<Text>,
    /// `sheet NAME` or `sheet "NAME"`: the id in the fact sheet.
    pub sheet: Option<Name>,
    /// `verified text`
    pub verified: Option<Name>,
    /// All of it.
    pub span: Span,
}

/// `define NAME: …`
#[derive(Clone, Debug, PartialEq)]
pub struct Define {
    /// `///`
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// What it stands for.
    pub body: DefineBody,
    /// All of it.
    pub span: Span,
}

/// What a definition stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum DefineBody {
    /// A condition.
    Cond(Cond),
    /// A set of events: `attempts where …`. At least one of `of`, `covering`, a window and `where` is there.
    Events(EventSet),
    /// An event: `latest revocation covering contact`.
    Event(Moment),
    /// A bare name: a boolean fact, another definition of any sort, or all events of a kind (`transactions`).
    Bare(Name),
}

/// `setting NAME: … { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// `///`
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// Its type with the default.
    pub ty: SettingType,
    /// `cite "…", "…"`
    pub cite: Vec<Text>,
    /// `sheet NAME` or `sheet "NAME"`: the id in the fact sheet.
    pub sheet: Option<Name>,
    /// `verified text`
    pub verified: Option<Name>,
    /// `because "…"`
    pub because: Option<Template>,
    /// All of it.
    pub span: Span,
}

/// A setting's type with its default.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingType {
    /// `one of [no, yes]`: the first is the cautious default. Not empty.
    OneOf(Vec<Name>),
    /// `date 2027-01-31`
    Date(Date),
    /// `integer 3`
    Integer(Integer),
    /// `duration 24 months`
    Duration(Amount),
}

/// `dated honour_within { 30 days until 2025-04-11  10 business days from 2025-04-11 }`
#[derive(Clone, Debug, PartialEq)]
pub struct Dated {
    /// `///`
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// Its editions, in written order.
    pub editions: Vec<Edition>,
    /// All of it.
    pub span: Span,
}

/// One edition of a dated value: in force on `[from, until)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Edition {
    /// `///`
    pub doc: Option<Doc>,
    /// The value.
    pub value: EditionValue,
    /// `from D`: the first day.
    pub from: Option<Date>,
    /// `until D`: the day after the last.
    pub until: Option<Date>,
    /// `cite "…"`
    pub cite: Vec<Text>,
    /// All of it.
    pub span: Span,
}

/// A value of an edition.
#[derive(Clone, Debug, PartialEq)]
pub enum EditionValue {
    /// `30 days`
    Amount(Amount),
    /// `3`
    Integer(Integer),
    /// `"…"`
    Text(Text),
    /// `08:00`
    Time(Time),
    /// A node or choice.
    Name(Name),
}

/// `instrument NAME grants LEVEL { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Instrument {
    /// `///`
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// The level it grants.
    pub grants: Name,
    /// `cite "…"`
    pub cite: Vec<Text>,
    /// `sheet NAME` or `sheet "NAME"`: the id in the fact sheet.
    pub sheet: Option<Name>,
    /// `verified text`
    pub verified: Option<Name>,
    /// `missing authorization`: what comes before the dot in `authorization.signature`.
    pub missing: Option<Name>,
    /// `elements a, b, c` and each `element d when C cite "…"`, in written order.
    pub elements: Vec<Element>,
    /// `lasts …`
    pub lasts: Option<Lasts>,
    /// Each `void when C cite "…"`.
    pub voids: Vec<Void>,
    /// All of it.
    pub span: Span,
}

/// An element that an instrument must have.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// `///`
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// When it is needed; none: always.
    pub when: Option<Cond>,
    /// `cite "…"`
    pub cite: Vec<Text>,
    /// All of it.
    pub span: Span,
}

/// How long an instrument lasts.
#[derive(Clone, Debug, PartialEq)]
pub enum Lasts {
    /// `lasts through instrument.expires_on`: that day still counts.
    Through {
        /// The date.
        until: Moment,
        /// The clause.
        span: Span,
    },
    /// `lasts 1 year from instrument.signed_on`
    For {
        /// How long.
        amount: Amount,
        /// Since when.
        from: Moment,
        /// The clause.
        span: Span,
    },
    /// `lasts without end`
    WithoutEnd {
        /// The clause.
        span: Span,
    },
}

/// `void when C cite "…"`
#[derive(Clone, Debug, PartialEq)]
pub struct Void {
    /// `///`
    pub doc: Option<Doc>,
    /// When the instrument grants nothing.
    pub when: Cond,
    /// `cite "…"`
    pub cite: Vec<Text>,
    /// All of it.
    pub span: Span,
}

/// `table NAME { row col col … ⏎ cells… }`
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// `///`
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// The columns after `row`.
    pub columns: Vec<Column>,
    /// The rows. Each has as many cells as there are columns.
    pub rows: Vec<Row>,
    /// All of it.
    pub span: Span,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// A `/// name: words` line before the header, by the column's name.
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// `///` on the line before.
    pub doc: Option<Doc>,
    /// Its id, the first word of its line.
    pub id: Name,
    /// Its cells.
    pub cells: Vec<Cell>,
    /// The line.
    pub span: Span,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What it says.
    pub value: CellValue,
    /// Where.
    pub span: Span,
}

/// What a cell says. `any` and `none` are names.
#[derive(Clone, Debug, PartialEq)]
pub enum CellValue {
    /// `-`: nothing.
    Absent,
    /// `=`: what the cell to its left says.
    Same,
    /// One value.
    One(CellItem),
    /// Two or more values with commas.
    List(Vec<CellItem>),
}

/// One value in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum CellItem {
    /// A node, jurisdiction, exemption, zone, choice; also `any`, `none`, `yes`, `no`.
    Name(Name),
    /// `08:00-20:00`, `08:00-12:00+13:00-20:00`
    Hours(Vec<Range>, Span),
    /// `12`
    Integer(Integer),
    /// `24 hours`
    Amount(Amount),
    /// `2023-10-01`
    Date(Date),
    /// `"…"`
    Text(Text),
}

/// `08:00-20:00`: from a time of day up to a later one.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// The first minute.
    pub from: Time,
    /// The minute after the last.
    pub until: Time,
    /// Where.
    pub span: Span,
}

/// `calendar us_federal { covers 1970 to 2100 … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// `///`
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// `covers 1970 to 2100`: first and last year.
    pub covers: Option<(Integer, Integer)>,
    /// Its holidays.
    pub holidays: Vec<Holiday>,
    /// All of it.
    pub span: Span,
}

/// A holiday.
#[derive(Clone, Debug, PartialEq)]
pub struct Holiday {
    /// `///`
    pub doc: Option<Doc>,
    /// Its name; `special date 2026-07-05` has the name `special`.
    pub name: Name,
    /// Which day.
    pub on: HolidayDay,
    /// `since 1986`: the first year.
    pub since: Option<Integer>,
    /// `until 2020`: the last year.
    pub until: Option<Integer>,
    /// `observed nearest weekday`, `observed next monday`, `observed following weekday`
    pub observed: Option<Observed>,
    /// All of it.
    pub span: Span,
}

/// Which day of each year a holiday is.
#[derive(Clone, Debug, PartialEq)]
pub enum HolidayDay {
    /// `01-01`
    Fixed {
        /// 1 to 12.
        month: i8,
        /// A day that the month has in a leap year.
        day: i8,
        /// Where.
        span: Span,
    },
    /// `3rd monday of january` (`nth` 3), `last monday of may` (`nth` none)
    Weekday {
        /// 1 to 5; none: the last.
        nth: Option<i8>,
        /// Which weekday.
        weekday: WeekdayName,
        /// 1 to 12.
        month: i8,
        /// `+ 1`, `- 3`: days after it.
        plus: i64,
        /// Where.
        span: Span,
    },
    /// `easter - 2`, `easter`, `easter + 1` (Western)
    Easter {
        /// Days after it, negative before.
        plus: i64,
        /// Where.
        span: Span,
    },
    /// `date 2026-07-05`: once
    Once(Date),
}

/// A day of the week as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeekdayName {
    /// Which.
    pub day: jiff::civil::Weekday,
    /// Where.
    pub span: Span,
}

/// When a holiday on a weekend is observed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observed {
    /// How.
    pub how: ObservedHow,
    /// Where.
    pub span: Span,
}

/// How a holiday on a weekend is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObservedHow {
    /// `nearest weekday`: Saturday to Friday, Sunday to Monday
    NearestWeekday,
    /// `next monday`: Sunday to Monday, Saturday stays
    NextMonday,
    /// `following weekday`: to the next weekday that no other holiday has taken
    FollowingWeekday,
}

/// `reaches US by voice, text, email`
#[derive(Clone, Debug, PartialEq)]
pub struct Reaches {
    /// `///`
    pub doc: Option<Doc>,
    /// The jurisdictions.
    pub jurisdictions: Vec<Name>,
    /// The channels; empty: every channel.
    pub channels: Vec<Name>,
    /// All of it.
    pub span: Span,
}

/// A date, or a point in time: what `before` and `from` compare with.
#[derive(Clone, Debug, PartialEq)]
pub enum DateOrInstant {
    /// `2026-11-01`
    Date(Date),
    /// `2026-11-01T12:00:00Z`
    Instant(Instant),
}
