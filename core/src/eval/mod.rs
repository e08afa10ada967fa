//! Evaluation: program × facts × instant, in three values, each answer with an instant up to which it surely stays.
//!
//! Two readings of the same nodes. [`Eval::tri`] asks what time cannot change: one of three values. [`Eval::val`] asks
//! everything else in all of the recipient's candidate zones at once: a zone is a *lane*, a bit of two masks (true,
//! false; neither is unknown), and Kleene's tables are bitwise. A rule is asked once per candidate with the same candidate
//! throughout (law 8), which is what carrying the masks up to the rule's root does.
//!
//! Every [`V`] carries `nc`, its *next change*: the value is constant on `[t, nc)`. The bound may come early, never late;
//! so it is never shown, and whoever steps time compares answers instead.

mod binding;
mod clock;
mod cover;
mod deadline;
mod documents;
mod fast;
mod fold;
mod fold_why;
mod grant;
mod history;
mod history_why;
mod joint;
mod leaf;
mod moment;
mod refusal;
mod rows;
mod seller;
mod standing;
mod why;

pub use deadline::LastDay;
pub use why::{Support, Why};

use joint::Joint;

use crate::facts::{Facts, Slot};
use crate::program::{Candidates, Code, Kids, NO_NODE, NodeIx, Program};
use crate::time::{Instant, Segment, Zone};
use crate::typed::EventList;

/// Three values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tri {
    /// False.
    F,
    /// Unknown.
    U,
    /// True.
    T,
}

impl Tri {
    /// From a boolean.
    #[inline]
    #[must_use]
    pub fn of(b: bool) -> Tri {
        if b { Tri::T } else { Tri::F }
    }
    /// Kleene's negation.
    #[inline]
    #[must_use]
    pub fn negate(self) -> Tri {
        match self {
            Tri::F => Tri::T,
            Tri::U => Tri::U,
            Tri::T => Tri::F,
        }
    }
}

/// A value in every lane asked, and an instant up to which it stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct V {
    /// Lanes in which it is true.
    pub t: u32,
    /// Lanes in which it is false.
    pub f: u32,
    /// Constant before this instant, in microseconds.
    pub nc: i64,
}

/// Never changes.
pub const NEVER: i64 = i64::MAX;

/// A rule that time may change, and what it last said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Residual {
    /// Index into [`Program::rules`].
    pub rule: u32,
    /// It does not block,
    pub free: bool,
    /// from this instant on,
    pub from: i64,
    /// and until this one.
    pub until: i64,
}

/// What a decision found out and need not find out again while time moves: the facts are frozen.
///
/// ```
/// use byleave::Scratch;
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let facts = engine.facts(&engine.request(night)?)?;
/// // One for each thread.
/// let mut scratch = Scratch::default();
/// assert_eq!(engine.verdict(&facts, &mut scratch)?, engine.verdict(&facts, &mut scratch)?);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    cursors: Vec<Segment>,
    stamp: u64,
    consents: Vec<fold::Memo>,
    refusals: Vec<fold::Memo>,
    entries: Vec<grant::Entry>,
    pairs: Vec<cover::Pair>,
    covering: Vec<cover::Covering>,
    reads: Vec<cover::Read>,
    counts: Vec<history::Memo>,
    pub(crate) candidates: Candidates,
    pub(crate) residual: Vec<Residual>,
    times: Vec<i64>,
    /// Which sides of each written condition were seen: bit 0 true, bit 1 false. Empty unless coverage is asked for.
    pub(crate) seen: Vec<u8>,
}

impl Scratch {
    /// Watches which sides of each written condition are seen, adding to what is given.
    pub(crate) fn watch(&mut self, seen: Vec<u8>) {
        self.seen = seen;
    }

    /// What was seen; watches no longer.
    pub(crate) fn watched(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.seen)
    }

    /// Ready for another decision: nothing remembered, room kept.
    fn reset(&mut self, program: &Program, lanes: usize) {
        self.stamp += 1;
        self.cursors.clear();
        self.cursors.resize(lanes, Segment::NONE);
        self.entries.clear();
        self.pairs.clear();
        self.covering.clear();
        if self.reads.len() != program.asked.len() {
            self.reads = vec![cover::Read::default(); program.asked.len()];
        }
        if self.consents.len() != program.consents.len() {
            self.consents = vec![fold::Memo::default(); program.consents.len()];
        }
        if self.refusals.len() != program.refusals.len() {
            self.refusals = vec![fold::Memo::default(); program.refusals.len()];
        }
        if self.counts.len() != program.counts.len() {
            self.counts = vec![history::Memo::default(); program.counts.len()];
        }
    }
}

/// One decision's evaluator.
pub struct Eval<'a> {
    /// The program.
    pub p: &'a Program,
    /// The facts.
    pub facts: &'a Facts,
    /// What was found out.
    pub s: &'a mut Scratch,
    /// The instant being asked.
    pub t: i64,
    /// Lanes being asked.
    pub all: u32,
    /// The record at hand, and its number plus one.
    pub record: Option<(&'a [Slot], u32)>,
    /// The event at hand.
    pub event: Option<(EventList, u32)>,
    /// Until when what is missing surely stays as it is while the answer stays unknown: the events that it is missing of
    /// leave their window one by one.
    pub missing_until: i64,
    /// The recipient's lanes, the unknown one among them.
    base: u32,
    zones: usize,
    /// The lane that stands for an unknown zone.
    unknown: Option<u32>,
    /// While a confirmed zone stands alone: until when, and its lane.
    confirmed: Option<(i64, u32)>,
}

impl<'a> Eval<'a> {
    /// Begins a decision.
    #[inline]
    pub fn new(p: &'a Program, facts: &'a Facts, s: &'a mut Scratch) -> Eval<'a> {
        let zones = facts.lanes.zones.len().min(16);
        let unknown = (facts.lanes.unknown || zones == 0).then_some(zones as u32);
        let lanes = zones + usize::from(unknown.is_some());
        s.reset(p, lanes + p.clocks.len());
        // Where nobody knows the zone any may be it: one that was confirmed too long ago is among them, and says nothing alone.
        let base = unknown.map_or((1u32 << lanes) - 1, |lane| 1 << lane);
        let mut out = Eval {
            p,
            facts,
            s,
            t: facts.at.0,
            all: base,
            record: None,
            event: None,
            missing_until: NEVER,
            base,
            zones,
            unknown,
            confirmed: None,
        };
        if let Some(c) = facts.lanes.confirmed {
            let lane = u32::from(c.lane);
            if let Some(zone) = out.zone(lane) {
                // Alone through the day 12 months on: what permits is short.
                let end = zone.start_of(c.on.add_months_down(12).next());
                out.confirmed = Some((end.0, lane));
            }
        }
        out
    }

    /// The zone of a lane; `None` for the lane that stands for an unknown zone.
    #[inline]
    pub fn zone(&self, lane: u32) -> Option<&'a Zone> {
        if Some(lane) == self.unknown {
            return None;
        }
        let n = lane as usize;
        if let Some(z) = self.facts.lanes.zones.get(n) {
            return Some(z);
        }
        let lanes = self.zones + usize::from(self.unknown.is_some());
        self.p.clocks.get(n.wrapping_sub(lanes)).map(|z| &**z)
    }

    /// Lanes in which a rule is asked at the present instant, and when that set changes.
    #[inline]
    pub fn lanes(&self, clock: Option<u8>) -> (u32, i64) {
        let (mut mask, nc) = match self.confirmed {
            Some((until, lane)) if self.t < until => (1u32 << lane, until),
            _ => (self.base, NEVER),
        };
        if let Some(c) = clock {
            let lanes = self.zones + usize::from(self.unknown.is_some());
            mask |= 1u32.checked_shl(lanes as u32 + u32::from(c)).unwrap_or(0);
        }
        (mask, nc)
    }

    /// The first of the recipient's lanes, for showing a local time.
    #[must_use]
    pub fn shown_zone(&self) -> Option<&'a Zone> {
        let (mask, _) = self.lanes(None);
        self.zone(mask.trailing_zeros())
    }

    /// A value that holds in every lane.
    #[inline]
    pub fn lift(&self, v: Tri) -> V {
        match v {
            Tri::T => V { t: self.all, f: 0, nc: NEVER },
            Tri::F => V { t: 0, f: self.all, nc: NEVER },
            Tri::U => V { t: 0, f: 0, nc: NEVER },
        }
    }

    /// The value of a node at the present instant in every lane asked.
    pub fn val(&mut self, ix: NodeIx) -> V {
        let Some(code) = self.p.nodes.get(ix as usize) else { return self.lift(Tri::U) };
        let v = match *code {
            Code::All(k) if self.moving(ix) => self.join::<false>(k),
            Code::Any(k) if self.moving(ix) => self.join::<true>(k),
            Code::Not(k) if self.moving(ix) => {
                let v = self.val(k);
                V { t: v.f, f: v.t, nc: v.nc }
            }
            Code::Known(k) if self.moving(ix) => {
                let v = self.val(k);
                V { t: v.t, f: self.all & !v.t, nc: v.nc }
            }
            Code::InForce(n) => self.in_force(n),
            Code::Age(f, op, n) => self.age(f, op, n),
            Code::CompareDay(a, op, b, clock) => {
                let v = self.lift(self.compare_day(a, op, b, clock));
                V { nc: self.dated_until(a).min(self.dated_until(b)), ..v }
            }
            Code::Compare(a, op, b) => {
                let v = self.lift(self.compare(a, op, b));
                V { nc: self.dated_until(a).min(self.dated_until(b)), ..v }
            }
            Code::In { .. } | Code::True(_) | Code::Exists(_) if self.moving(ix) => {
                let v = self.tri(ix);
                let nc = self.node_dated_until(ix);
                V { nc, ..self.lift(v) }
            }
            Code::Between(n) => self.between(n),
            Code::Week(n) => self.week(n),
            Code::WeekOf(a) => self.week_of(a),
            Code::Weekday(mask) => self.weekday(mask),
            Code::Holiday(c) => self.holiday(c, false),
            Code::BusinessDay(c) => self.holiday(c, true),
            Code::Today(op, a) => self.today(op, a),
            Code::Before(m) => {
                let v = self.from(m);
                V { t: v.f, f: v.t, nc: v.nc }
            }
            Code::From(m) => self.from(m),
            Code::NoLaterThan(m, a, c) => self.no_later_than(m, a, c),
            Code::Passed(m, a, c) => self.passed(m, a, c),
            Code::LocalDaysOf(m, from, to) => self.local_days_of(m, from, to),
            Code::Consent(n) => self.consent(n),
            Code::Refused(n) => self.refused(n),
            Code::Count(n) => self.count(n),
            Code::Listed(n) => self.listed(n),
            Code::Authorised => self.authorised(),
            _ => {
                let v = self.tri(ix);
                return self.lift(v);
            }
        };
        if !self.s.seen.is_empty() {
            self.note(ix, v.t != 0, v.f != 0);
        }
        v
    }

    #[inline]
    fn moving(&self, ix: NodeIx) -> bool {
        self.p.moves.get(ix as usize).copied().unwrap_or(true)
    }

    /// Remembers which sides of a written condition were seen.
    fn note(&mut self, ix: NodeIx, t: bool, f: bool) {
        if let Some(Some(id)) = self.p.written.get(ix as usize)
            && let Some(seen) = self.s.seen.get_mut(id.0 as usize)
        {
            *seen |= u8::from(t) | u8::from(f) << 1;
        }
    }

    #[inline]
    fn kids(&self, k: Kids) -> &'a [NodeIx] {
        // While coverage is watched, written order: what was asked is then what a reader expects to have been asked.
        let list = if self.s.seen.is_empty() { &self.p.quick } else { &self.p.kids };
        list.get(k.at as usize..(k.at + k.len) as usize).unwrap_or_default()
    }

    /// A conjunction or a disjunction.
    fn join<const ANY: bool>(&mut self, k: Kids) -> V {
        let mut out = Joint::<ANY>::new(self.all);
        for kid in self.kids(k) {
            let decided =
                if self.moving(*kid) { out.moving(self.val(*kid)) } else { out.still(self.tri(*kid)) };
            if decided {
                break;
            }
        }
        out.value()
    }

    fn in_force(&self, n: u32) -> V {
        let Some(span) = self.p.spans_in_force.get(n as usize) else { return self.lift(Tri::U) };
        if self.t < span.from.0 {
            V { nc: span.from.0, ..self.lift(Tri::F) }
        } else if self.t < span.until.0 {
            V { nc: span.until.0, ..self.lift(Tri::T) }
        } else {
            self.lift(Tri::F)
        }
    }

    /// The value of a node that time cannot change, for the event and record at hand.
    pub fn tri(&mut self, ix: NodeIx) -> Tri {
        if ix == NO_NODE {
            return Tri::T;
        }
        let Some(code) = self.p.nodes.get(ix as usize) else { return Tri::U };
        let v = match *code {
            Code::Const(b) => Tri::of(b),
            Code::All(k) => {
                let mut out = Tri::T;
                for kid in self.kids(k) {
                    out = out.min(self.tri(*kid));
                    if out == Tri::F {
                        break;
                    }
                }
                out
            }
            Code::Any(k) => {
                let mut out = Tri::F;
                for kid in self.kids(k) {
                    out = out.max(self.tri(*kid));
                    if out == Tri::T {
                        break;
                    }
                }
                out
            }
            Code::Not(k) => self.tri(k).negate(),
            Code::Known(k) => Tri::of(self.tri(k) == Tri::T),
            Code::IsFact(f, set) => self.is_some(self.facts.slot(f), set),
            Code::Count(n) => {
                // A count without a window: the same in every lane.
                let v = self.count(n);
                if v.t != 0 {
                    Tri::T
                } else if v.f != 0 {
                    Tri::F
                } else {
                    Tri::U
                }
            }
            _ => self.static_leaf(code),
        };
        if !self.s.seen.is_empty() {
            self.note(ix, v == Tri::T, v == Tri::F);
        }
        v
    }

    /// The instant being asked, typed.
    #[must_use]
    pub fn now(&self) -> Instant {
        Instant(self.t)
    }
}
