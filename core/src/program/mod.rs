//! The program: policy lowered once to slots and flat expressions, so that deciding compares no text, looks nothing up
//! in a map and allocates nothing.
//!
//! Every name has become a number: a fact its slot, a node its pre-order number, a text its place in the interner, a
//! question its place in a list with room for what was found out about it once per decision. Children of a node are kept
//! twice: in written order, for what people read (missing facts, support), and cheapest first, for deciding. The value
//! of a condition and the facts it misses do not hang on that order (`eval`).

mod code;
mod dispatch;
mod fast;
mod from_typed;
mod lower;
mod reads;
mod said;

pub use code::*;
pub use dispatch::{Candidates, Dispatch};
pub use fast::{Fast, Steps};
pub use reads::{Asked, Back, Edge, Reads};

pub(crate) use said::{AllSaid, Said};

use crate::taxonomy::{NodeId, TaxonomyId};
use crate::time::{Instant, Windows, Zone};
use crate::typed::{CondId, FactId, InForce, Kind, Policy};
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

/// What is owed: an index into typed rule's or exemption's obligations, and a condition.
#[derive(Clone, Copy, Debug)]
pub struct Duty {
    /// Index into [`Program::duties`].
    pub duty: u32,
    /// The first of those that has the same word, source and citations: with the same words besides they are told once.
    pub told: u32,
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
    /// The same for deciding alone, without what every candidate fulfils when [`Candidates::certain`]: a step of
    /// [`Program::fast`].
    pub fast: u32,
    /// In force and `when`.
    pub applies: NodeIx,
    /// Everything required, includes and data among it.
    pub requires: NodeIx,
    /// Whether it requires something besides what the message says and carries.
    pub demands: bool,
    /// What is required, in written order.
    pub parts: Vec<NodeIx>,
    /// In force, applies, and no exemption: data limits bind.
    pub binds: NodeIx,
    /// Categories that fields may have: of `disclose only` and of `use only`.
    pub carries: Vec<NodeSet>,
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
    /// Rules for deciding alone.
    pub fast: Vec<Fast>,
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
    /// What questions about consent put in the place of the contact's purpose: each once, for each reads the history.
    pub asked: Vec<Option<NodeId>>,
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
    /// For each node of `sender`, its seller: the nearest ancestor-or-self marked so, else the node itself.
    pub sellers: Vec<NodeId>,
    /// Conditions in words.
    pub(crate) said: AllSaid,
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
    pub misses: [Option<FactId>; 5],
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
