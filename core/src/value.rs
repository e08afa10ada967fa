//! The values that policy text and facts share, after names have been resolved.

use crate::taxonomy::{NodeId, TaxonomyId};
use crate::time::{Date, Instant, PartialDate};
use std::sync::Arc;

/// What a span of time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Elapsed seconds.
    Second,
    /// Elapsed minutes.
    Minute,
    /// Elapsed hours.
    Hour,
    /// Days: of a date, whole local days; of an instant, the local days after its own.
    Day,
    /// Local calendar days, today included.
    LocalDay,
    /// Monday to Friday without the calendar's observed holidays.
    BusinessDay,
    /// Seven days.
    Week,
    /// Calendar months.
    Month,
    /// Twelve calendar months.
    Year,
}

/// A length of time as written: `10 business days`, `24 hours`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount {
    /// How many.
    pub n: u32,
    /// Of what.
    pub unit: Unit,
}

impl Amount {
    /// The elapsed microseconds, for the units that have a fixed length (seconds, minutes, hours).
    #[must_use]
    pub fn elapsed(self) -> Option<i64> {
        let one: i64 = match self.unit {
            Unit::Second => 1_000_000,
            Unit::Minute => 60_000_000,
            Unit::Hour => 3_600_000_000,
            _ => return None,
        };
        one.checked_mul(i64::from(self.n))
    }

    /// The calendar months, for months and years.
    #[must_use]
    pub fn months(self) -> Option<u32> {
        match self.unit {
            Unit::Month => Some(self.n),
            Unit::Year => self.n.checked_mul(12),
            _ => None,
        }
    }

    /// The whole days, for days, local days and weeks.
    #[must_use]
    pub fn days(self) -> Option<u32> {
        match self.unit {
            Unit::Day | Unit::LocalDay => Some(self.n),
            Unit::Week => self.n.checked_mul(7),
            _ => None,
        }
    }

    /// What happened longer ago than this, in microseconds, is not within the length in any zone.
    #[must_use]
    pub fn reach(self) -> i64 {
        const DAY: i64 = 86_400_000_000;
        if let Some(length) = self.elapsed() {
            return length;
        }
        if let Some(months) = self.months() {
            return (i64::from(months).saturating_mul(31) + 4).saturating_mul(DAY);
        }
        self.days().map_or(i64::MAX, |d| (i64::from(d) + 3).saturating_mul(DAY))
    }
}

impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = match self.unit {
            Unit::Second => "second",
            Unit::Minute => "minute",
            Unit::Hour => "hour",
            Unit::Day => "day",
            Unit::LocalDay => "local day",
            Unit::BusinessDay => "business day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Year => "year",
        };
        write!(f, "{} {word}{}", self.n, if self.n == 1 { "" } else { "s" })
    }
}

/// The type of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// True or false.
    Boolean,
    /// A whole number, `i64`.
    Integer,
    /// Text, compared for equality only.
    Text,
    /// A calendar date.
    Date,
    /// A date known to the day, the month or the year.
    PartialDate,
    /// A point in time.
    Instant,
    /// A length of time as written.
    Duration,
    /// One of the listed words; the value is its index.
    Choice(Arc<[String]>),
    /// A node of a taxonomy.
    Node(TaxonomyId),
    /// Several of a scalar type ([`Type::Node`] and [`Type::Text`] and [`Type::Choice`] only).
    Set(Box<Type>),
    /// A list of records with named fields of scalar, set, scope or week type.
    Records(Arc<[(String, Type)]>),
    /// A value for each node of one or two taxonomies.
    Map(Arc<[TaxonomyId]>, Box<Type>),
    /// Hours by weekday.
    Week,
    /// {channel, purpose, topic, sender, address, matter}, each part a set, open when absent.
    Scope,
    /// The id of an event in the request.
    Event,
}

impl Type {
    /// Whether `null` in a request says that there is none. What has a way of its own to say so (an empty list, no, nought, the word
    /// `none`) says nothing by `null`: a host's empty column is no knowledge that could open a door.
    #[must_use]
    pub fn null_is_none(&self) -> bool {
        match self {
            Type::Boolean | Type::Integer | Type::Set(_) | Type::Records(_) | Type::Map(..) => false,
            Type::Choice(words) => words.iter().all(|word| word != "none"),
            Type::Text
            | Type::Date
            | Type::PartialDate
            | Type::Instant
            | Type::Duration
            | Type::Node(_)
            | Type::Week
            | Type::Scope
            | Type::Event => true,
        }
    }
}

/// A constant in policy text, its type known from where it stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Known none.
    None,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(Arc<str>),
    /// A date.
    Date(Date),
    /// A date of lesser precision.
    Partial(PartialDate),
    /// A point in time.
    Instant(Instant),
    /// A length of time.
    Amount(Amount),
    /// Index of a [`Type::Choice`]'s word.
    Choice(u16),
    /// Nodes of one taxonomy; a single node is a list of one.
    Nodes(TaxonomyId, Vec<NodeId>),
}
