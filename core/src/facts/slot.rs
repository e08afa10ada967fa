//! One fact's value, resolved: numbers in place of names, sets sorted, nothing left to look up.

use crate::facts::{Few, TextId};
use crate::taxonomy::NodeId;
use crate::time::{Date, Instant, Week, Weekday, Windows};
use crate::typed::{Dimension, EventList};
use crate::value::Amount;
use std::cmp::Ordering;

/// A fact as the evaluator reads it. Absent facts are [`Slot::Unknown`], or [`Slot::None`] where absent means none.
///
/// Sets ([`Slot::Nodes`], [`Slot::Texts`], [`Slot::Choices`], [`Slot::Records`], [`Slot::Map`]) are never empty (that
/// is [`Slot::None`]), are sorted, and hold nothing twice; a fact of type set is always one of them, also with one
/// member. Dates of any precision are ranges; a date known to the day has `lo == hi`.
///
/// ```
/// use byleave::native::{Date, Slot};
/// let birthday = Slot::date(Date::parse("1990-02-28").unwrap());
/// assert!(birthday.is_known() && Slot::None.is_known() && !Slot::Unknown.is_known());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// Nobody said.
    #[default]
    Unknown,
    /// Known none.
    None,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text, by number.
    Text(TextId),
    /// A day of `lo..=hi`.
    Date {
        /// The earliest day it can be.
        lo: Date,
        /// The latest day it can be.
        hi: Date,
    },
    /// A point in time.
    Instant(Instant),
    /// A length of time as written.
    Amount(Amount),
    /// Index of a choice's word.
    Choice(u16),
    /// One node; the fact's type says of which taxonomy.
    Node(NodeId),
    /// A set of nodes.
    Nodes(Few<NodeId>),
    /// A set of which these members are known, and perhaps not all: `contact.data` when part of what makes it up is
    /// unknown. Some member certainly is; that only these are cannot be said.
    NodesAtLeast(Few<NodeId>),
    /// A set of texts.
    Texts(Few<TextId>),
    /// A set of choices.
    Choices(Few<u16>),
    /// Hours by weekday.
    Week(Box<WeekHours>),
    /// A scope.
    Scope(Box<Scope>),
    /// A list of records: fields in the order of the type.
    Records(Box<[Box<[Slot]>]>),
    /// Values by one or two nodes, sorted by them. A pair of nodes that is not in is unknown.
    Map(Box<[(NodeId, Option<NodeId>, Slot)]>),
    /// An event of the request.
    Event(EventRef),
}

impl Slot {
    /// A day that is fully known.
    ///
    /// ```
    /// use byleave::native::{Date, Slot};
    /// let day = Date::parse("2026-07-01").unwrap();
    /// assert_eq!(Slot::date(day), Slot::Date { lo: day, hi: day });
    /// ```
    #[must_use]
    pub fn date(day: Date) -> Slot {
        Slot::Date { lo: day, hi: day }
    }

    /// A set of nodes in the form that [`Slot`] promises.
    ///
    /// ```
    /// use byleave::native::{NodeId, Slot};
    /// assert_eq!(Slot::nodes([NodeId(3), NodeId(1), NodeId(3)]), Slot::nodes([NodeId(1), NodeId(3)]));
    /// ```
    #[must_use]
    pub fn nodes(nodes: impl IntoIterator<Item = NodeId>) -> Slot {
        set_of(nodes).map_or(Slot::None, Slot::Nodes)
    }

    /// A set of texts in the form that [`Slot`] promises.
    ///
    /// ```
    /// use byleave::native::Slot;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let mut facts = engine.intake().builder(byleave::Instant(0));
    /// let (new_york, chicago) = (facts.text("America/New_York"), facts.text("America/Chicago"));
    /// // The phone says one zone, the address another: a rule must pass in both.
    /// facts.set(engine.intake().fact("person.time_zones")?, Slot::texts([new_york, chicago]));
    /// assert!(facts.finish().is_ok());
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn texts(texts: impl IntoIterator<Item = TextId>) -> Slot {
        set_of(texts).map_or(Slot::None, Slot::Texts)
    }

    /// A set of choices in the form that [`Slot`] promises.
    ///
    /// ```
    /// use byleave::native::Slot;
    /// assert_eq!(Slot::choices([]), Slot::None);
    /// assert_eq!(Slot::choices([2, 0]), Slot::Choices([0, 2].into()));
    /// ```
    #[must_use]
    pub fn choices(choices: impl IntoIterator<Item = u16>) -> Slot {
        set_of(choices).map_or(Slot::None, Slot::Choices)
    }

    /// Whether somebody said.
    ///
    /// ```
    /// use byleave::native::Slot;
    /// assert!(Slot::None.is_known(), "known to be none");
    /// assert!(!Slot::default().is_known());
    /// ```
    #[must_use]
    pub fn is_known(&self) -> bool {
        !matches!(self, Slot::Unknown)
    }
}

/// Sorted, nothing twice; nothing at all is `None`.
pub(crate) fn set_of<T: Ord + Copy>(items: impl IntoIterator<Item = T>) -> Option<Few<T>> {
    let mut items: Vec<T> = items.into_iter().collect();
    items.sort_unstable();
    items.dedup();
    if items.is_empty() { None } else { Some(Few::from(items)) }
}

/// Hours that a fact states, with the calendar of its holiday row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekHours {
    /// The hours.
    pub week: Week,
    /// Index into `Policy::calendars`; a week with a holiday row and no calendar is unknown at all times (see
    /// [`Week::eval`]).
    pub calendar: Option<u16>,
}

impl WeekHours {
    /// The rows of the seven days and of holidays: what a week is compared by.
    fn rows(&self) -> impl Iterator<Item = Option<&[(u32, u32)]>> {
        let days = Weekday::ALL.into_iter().map(|day| Some(self.week.day(day).rows()));
        days.chain([self.week.holiday().map(Windows::rows)])
    }
}

// An order of no meaning, so that records and events have one that does not hang on how they were given.
impl Ord for WeekHours {
    fn cmp(&self, other: &WeekHours) -> Ordering {
        self.rows().cmp(other.rows()).then(self.calendar.cmp(&other.calendar))
    }
}
impl PartialOrd for WeekHours {
    fn partial_cmp(&self, other: &WeekHours) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// An event that a fact names: where it stands in its list. One that is not in the request, or not known yet, makes the
/// fact [`Slot::Unknown`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventRef {
    /// [`EventList::Consents`], [`EventList::Contacts`] or [`EventList::Interactions`].
    pub list: EventList,
    /// Row in that list.
    pub row: u32,
}

/// One part of a scope.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part<T> {
    /// Not named: everything.
    #[default]
    Open,
    /// Named: sorted, nothing twice, never empty.
    Named(Few<T>),
    /// Named, but with a name that nobody declared. A revocation is then open here, a grant may or may not cover.
    Unknown,
}

impl<T: Ord + Copy> Part<T> {
    /// A named part; nothing named is open.
    #[must_use]
    pub fn named(items: impl IntoIterator<Item = T>) -> Part<T> {
        set_of(items).map_or(Part::Open, Part::Named)
    }
}

/// What a consent event, a record or a grant of authority is about: each part open when absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope {
    /// Nodes of `channel`.
    pub channel: Part<NodeId>,
    /// Nodes of `purpose`.
    pub purpose: Part<NodeId>,
    /// Nodes of `topic`.
    pub topic: Part<NodeId>,
    /// Nodes of `sender`.
    pub sender: Part<NodeId>,
    /// Numbers, mailboxes.
    pub address: Part<TextId>,
    /// Debts, packages, programmes.
    pub matter: Part<TextId>,
}

impl Scope {
    /// Names nothing: covers everything.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Scope::default()
    }

    /// The part of a dimension that holds nodes.
    #[must_use]
    pub fn nodes(&self, dimension: Dimension) -> Option<&Part<NodeId>> {
        match dimension {
            Dimension::Channel => Some(&self.channel),
            Dimension::Purpose => Some(&self.purpose),
            Dimension::Topic => Some(&self.topic),
            Dimension::Sender => Some(&self.sender),
            Dimension::Address | Dimension::Matter => None,
        }
    }

    /// The part of a dimension that holds texts.
    #[must_use]
    pub fn texts(&self, dimension: Dimension) -> Option<&Part<TextId>> {
        match dimension {
            Dimension::Address => Some(&self.address),
            Dimension::Matter => Some(&self.matter),
            _ => None,
        }
    }
}
