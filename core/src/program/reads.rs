//! What the answers of rules hang on, besides the policy and the instant: which facts, which lists and how far back. Whoever
//! asks the same of many people needs to ask a rule only once of those who have all of that in common.
//!
//! More may be in than a rule ever reads, never less.

mod walk;

use super::{NodeIx, Program, RuleCode};
use crate::typed::{EventList, FactId};
use std::collections::{BTreeMap, BTreeSet};
use walk::Walk;

/// What is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reads {
    /// Facts of the request. One that names an event stands for that event, too.
    pub facts: BTreeSet<FactId>,
    /// Facts that are read as an age alone, with the greatest number of years that it is compared with.
    pub ages: BTreeMap<FactId, i64>,
    /// Texts that are held against what events say in fields of their own. Of events that say nothing there, only whether they
    /// are known.
    pub named: BTreeSet<FactId>,
    /// Those fields.
    pub compared: BTreeSet<FactId>,
    /// Facts whose scopes, or those of whose records, are held against the contact's own address.
    pub scopes: BTreeSet<FactId>,
    /// The recipient's clocks.
    pub zones: bool,
    /// Events that are looked for.
    pub back: BTreeSet<Back>,
    /// Days and instants that the date of an event of consent is compared with, while the history is folded.
    pub edges: BTreeSet<Edge>,
    /// The history of consent is folded: what its events say besides dates, their order, and nothing else of them.
    pub fold: bool,
    /// Look-ups of the contact's address: what they say, those of other addresses too, in no order.
    pub lookups: bool,
    /// Places in [`Program::asked`] for which it is.
    pub asked: BTreeSet<u16>,
    /// Revocations may reach further than their words.
    pub reaches: bool,
    /// Somewhere it is asked whether something is known.
    pub known: bool,
}

/// Events of a list that something hangs on: of those newer than that which may be meant, the n-th newest. Who has fewer is as one
/// who has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Back {
    /// The list.
    pub list: EventList,
    /// How far back from the instant, in microseconds; [`i64::MAX`]: all of it.
    pub back: i64,
    /// How many there must be to matter, one at least.
    pub fewest: i64,
    /// Which are meant; [`NO_NODE`](super::NO_NODE): every one.
    pub filter: NodeIx,
}

/// What a date is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edge {
    /// Index into [`Program::consts`].
    Const(u16),
    /// A setting.
    Setting(u16),
}

/// What is known beforehand of those who are asked about.
pub struct Asked<'a> {
    /// Only whether and when a contact is allowed is asked, not what is owed and withheld.
    pub outcome: bool,
    /// The records that a rule asks about each of are known of nobody.
    pub unknown: bool,
    /// Of a condition that is true of everybody at any instant, or false of everybody: which.
    pub settled: &'a dyn Fn(NodeIx) -> Option<bool>,
}

impl Reads {
    /// Of all that a rule says: whether it blocks, what it owes and withholds.
    #[must_use]
    pub fn of_rule(p: &Program, rule: &RuleCode, asked: &Asked<'_>) -> Reads {
        let mut out = Walk::of(p);
        (out.each, out.asked) = (rule.each, Some(asked));
        out.rule(rule, asked.outcome);
        out.reads
    }

    /// Of one condition.
    #[must_use]
    pub fn of_node(p: &Program, ix: NodeIx) -> Reads {
        let mut out = Walk::of(p);
        out.node(ix);
        out.reads
    }
}
