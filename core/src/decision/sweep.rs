//! Time moves, facts stand still: the outcome, the first instant that allows, and the first at which the answer differs.
//!
//! *Nothing skipped can allow*: a rule is stepped by its own next change, and the leapfrog ends only at an instant at which
//! every rule is free. The greatest of the healing times, in one pass, would be wrong: at that instant another rule may
//! block again. *A bound is never reported*: answers are compared (law 6).

use super::owed::Owed;
use crate::eval::{Eval, NEVER, Residual, Scratch, Support, V, Why};
use crate::facts::{Facts, Slot};
use crate::program::{Bits, Program, RuleCode};
use crate::sorted::Sorted;
use crate::time::Instant;
use crate::wire::decision::Outcome;

/// What a rule says at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It does not block, in any candidate.
    Free,
    /// It may block: something is unknown.
    Undetermined,
    /// It blocks, in some candidate.
    Violated,
}

/// allow, defer or deny, without why.
///
/// ```
/// use byleave::{Scratch, Verdict};
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let facts = engine.facts(&engine.request(night)?)?;
/// match engine.verdict(&facts, &mut Scratch::default())? {
///     Verdict::Allow => println!("now"),
///     Verdict::Defer(_) => println!("later"),
///     Verdict::Deny => println!("not within the horizon"),
/// }
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every rule is free.
    Allow,
    /// Some rule blocks; at this instant every rule is free, for the first time. In microseconds since 1970-01-01Z, as in
    /// [`Instant`].
    Defer(i64),
    /// Nothing allows within the horizon.
    Deny,
}

impl Verdict {
    /// The outcome, as a decision would have it.
    ///
    /// ```
    /// use byleave::{Outcome, Verdict};
    /// assert_eq!(Verdict::Defer(0).outcome(), Outcome::Defer);
    /// ```
    #[must_use]
    pub fn outcome(self) -> Outcome {
        match self {
            Verdict::Allow => Outcome::Allow,
            Verdict::Defer(_) => Outcome::Defer,
            Verdict::Deny => Outcome::Deny,
        }
    }

    /// Of a deferral: the first instant that allows.
    ///
    /// ```
    /// use byleave::{Instant, Verdict};
    /// assert_eq!(Verdict::Defer(0).until().map(|it| it.to_string()).as_deref(), Some("1970-01-01T00:00:00Z"));
    /// assert_eq!(Verdict::Allow.until(), None);
    /// ```
    #[must_use]
    pub fn until(self) -> Option<Instant> {
        match self {
            Verdict::Defer(until) => Some(Instant(until)),
            Verdict::Allow | Verdict::Deny => None,
        }
    }
}

/// A blocking rule's part of the answer: what is compared from instant to instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocking {
    /// Index into [`Program::rules`].
    pub rule: u32,
    /// Violated or undetermined.
    pub state: State,
    /// Missing facts, when undetermined.
    pub missing: Why,
}

/// What one rule adds to the answer at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Part {
    pub(super) blocking: Option<Blocking>,
    duties: Vec<Owed>,
    withheld: Bits,
    pub(super) nc: i64,
}

/// When time alone would clear a blocking rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clears {
    /// At this instant, the first.
    At(i64),
    /// Not by time.
    Never,
    /// Not before this instant; later was not searched.
    NotBefore(i64),
}

/// Everything observable about a decision, in the program's numbers.
#[derive(Clone, Debug)]
pub struct Answer {
    /// allow, defer, deny.
    pub verdict: Verdict,
    /// First instant at which the answer differs, within the horizon.
    pub valid_until: Option<i64>,
    /// Blocking rules, in the program's order.
    pub blocking: Vec<Blocking>,
    /// What is owed, each told once.
    pub duties: Vec<Owed>,
    /// Withheld: numbers of fields in `contact.fields`, and for each the rules.
    pub withheld: Vec<(u32, Vec<u32>)>,
}

/// One decision being made.
pub struct Sweep<'a> {
    /// The evaluator.
    pub e: Eval<'a>,
    t0: i64,
    horizon: i64,
    /// Rules that can apply are asked in their fast form: nothing it leaves out is open, and no coverage is watched.
    fast: bool,
}

impl<'a> Sweep<'a> {
    /// Begins a decision and finds the rules that can apply.
    #[inline]
    pub fn new(p: &'a Program, facts: &'a Facts, s: &'a mut Scratch) -> Sweep<'a> {
        let e = Eval::new(p, facts, s);
        p.dispatch.candidates(facts, &mut e.s.candidates);
        let fast = e.s.candidates.certain && e.s.seen.is_empty();
        Sweep { t0: facts.at.0, horizon: facts.horizon_us, e, fast }
    }

    /// Whether the rules that can apply are asked in their fast form.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.fast
    }

    /// Rules that can apply, in the program's order.
    #[must_use]
    pub fn candidates(&self) -> Vec<u32> {
        self.e.s.candidates.iter().collect()
    }

    pub(super) fn is_candidate(&self, n: u32) -> bool {
        let mut words = self.e.s.candidates.words.iter();
        words.any(|(first, word)| n.checked_sub(*first).is_some_and(|at| at < 64 && word >> at & 1 == 1))
    }

    /// What a rule that can apply adds to the answer at the instant of the decision.
    pub(super) fn part_now(&mut self, n: u32) -> Option<Part> {
        let r = self.rule(n)?;
        Some(self.part(n, r, self.t0))
    }

    fn rule(&self, n: u32) -> Option<&'a RuleCode> {
        self.e.p.rules.get(n as usize)
    }

    /// Asks for each record the rule speaks of (once, when it speaks of none); `None`: the list is unknown.
    pub(super) fn each(&mut self, r: &RuleCode, mut one: impl FnMut(&mut Self)) -> Option<()> {
        let Some(fact) = r.each else {
            one(self);
            return Some(());
        };
        let facts = self.e.facts;
        match facts.slot(fact) {
            Slot::None => Some(()),
            Slot::Records(list) => {
                for (n, record) in list.iter().enumerate() {
                    self.e.record = Some((record, n as u32 + 1));
                    one(self);
                }
                self.e.record = None;
                Some(())
            }
            // Nobody knows the records: it is asked once of one of which nothing is known.
            _ => {
                one(self);
                None
            }
        }
    }

    /// Whether a rule blocks at an instant, and until when that surely stays.
    pub fn ask(&mut self, r: &RuleCode, t: i64) -> (State, i64) {
        self.ask_by(r, t, false)
    }

    /// As [`Sweep::ask`], of a rule that can apply. While coverage is watched, everything is asked.
    #[inline(always)]
    fn ask_candidate(&mut self, r: &RuleCode, t: i64) -> (State, i64) {
        self.ask_by(r, t, self.fast)
    }

    #[inline(always)]
    fn ask_by(&mut self, r: &RuleCode, t: i64, fast: bool) -> (State, i64) {
        self.e.t = t;
        let (lanes, lanes_nc) = self.e.lanes(r.clock);
        self.e.all = lanes;
        if r.each.is_some() {
            return self.ask_each(r, lanes, lanes_nc, fast);
        }
        let v = self.value(r, fast);
        (Self::state(v, lanes), v.nc.min(lanes_nc))
    }

    #[inline]
    fn value(&mut self, r: &RuleCode, fast: bool) -> V {
        if fast { self.e.fast(r.fast) } else { self.e.val(r.blocks) }
    }

    /// Of every record that the rule speaks of.
    #[inline(never)]
    fn ask_each(&mut self, r: &RuleCode, lanes: u32, lanes_nc: i64, fast: bool) -> (State, i64) {
        let (mut worst, mut nc) = (State::Free, lanes_nc);
        let known = self.each(r, |s| {
            let v = s.value(r, fast);
            worst = worst.max(Self::state(v, lanes));
            nc = nc.min(v.nc);
        });
        if known.is_none() {
            // Free only if no record could make it block: not in force, or what it asks holds for any.
            let v = self.value(r, fast);
            let free = v.f & lanes == lanes;
            return (if free { State::Free } else { State::Undetermined }, v.nc.min(lanes_nc));
        }
        (worst, nc)
    }

    #[inline]
    fn state(v: V, lanes: u32) -> State {
        if v.f & lanes == lanes {
            State::Free
        } else if v.t & lanes != 0 {
            State::Violated
        } else {
            State::Undetermined
        }
    }

    /// The outcome alone. Ends at the first rule that no time heals.
    #[inline]
    pub fn verdict(&mut self) -> Verdict {
        let mut residual = std::mem::take(&mut self.e.s.residual);
        residual.clear();
        let mut blocked = false;
        let denied = !self.each_candidate(|s, n, r| {
            let (state, nc) = s.ask_candidate(r, s.t0);
            if state != State::Free {
                blocked = true;
                if nc == NEVER {
                    return false;
                }
            }
            if nc != NEVER {
                residual.push(Residual { rule: n, free: state == State::Free, from: s.t0, until: nc });
            }
            true
        });
        let out = if denied {
            Verdict::Deny
        } else if !blocked {
            Verdict::Allow
        } else {
            let limit = self.t0.saturating_add(self.horizon);
            match self.first_allow(&mut residual, self.t0, limit) {
                Some(u) => Verdict::Defer(u),
                None => Verdict::Deny,
            }
        };
        self.e.s.residual = residual;
        out
    }

    /// Calls for each rule that can apply, in the program's order, until one says that it is enough. False: one did.
    #[inline]
    fn each_candidate(&mut self, mut one: impl FnMut(&mut Self, u32, &'a RuleCode) -> bool) -> bool {
        let words = std::mem::take(&mut self.e.s.candidates.words);
        let p = self.e.p;
        let mut go_on = true;
        'all: for (first, word) in &words {
            let rules = p.rules.get(*first as usize..).unwrap_or_default();
            let mut word = *word;
            while word != 0 {
                let at = word.trailing_zeros();
                word &= word - 1;
                let Some(r) = rules.get(at as usize) else { continue };
                if !one(self, first + at, r) {
                    go_on = false;
                    break 'all;
                }
            }
        }
        self.e.s.candidates.words = words;
        go_on
    }

    /// Every rule that blocks now, without instants.
    pub fn blocking(&mut self) -> Vec<Blocking> {
        let mut out = Vec::new();
        self.each_candidate(|s, n, r| {
            let (state, _) = s.ask_candidate(r, s.t0);
            if state != State::Free {
                let missing = if state == State::Undetermined { s.missing(r) } else { Why::default() };
                out.push(Blocking { rule: n, state, missing });
            }
            true
        });
        out
    }

    /// The first instant of `[t, limit]` at which every rule of the list is free. Each is stepped by its own changes, and
    /// asked only outside the stretch it last spoke of.
    #[inline(never)]
    pub(crate) fn first_allow(&mut self, rules: &mut [Residual], t: i64, limit: i64) -> Option<i64> {
        let mut u = t;
        loop {
            let before = u;
            for last in rules.iter_mut() {
                loop {
                    if u < last.from || u >= last.until {
                        let r = self.rule(last.rule)?;
                        let (state, until) = self.ask_candidate(r, u);
                        *last = Residual { free: state == State::Free, from: u, until, ..*last };
                    }
                    if last.free {
                        break;
                    }
                    if last.until > limit || last.until <= u {
                        return None;
                    }
                    u = last.until;
                }
            }
            // Each turn lands on a change later than the last, so the loop ends.
            if u == before {
                return Some(u);
            }
        }
    }

    /// When time alone would clear a rule: searched to the horizon, and beyond it in a bounded number of steps.
    pub fn clears(&mut self, r: &RuleCode) -> Clears {
        let mut u = self.t0;
        let end = self.t0.saturating_add(self.horizon);
        let mut beyond = 0;
        loop {
            let (state, nc) = self.ask(r, u);
            if state == State::Free {
                return Clears::At(u);
            }
            if nc == NEVER || nc <= u {
                return Clears::Never;
            }
            if nc > end {
                // Not an outcome: a statement that stays true however many steps are taken.
                beyond += 1;
                if beyond > 64 {
                    return Clears::NotBefore(nc);
                }
            }
            u = nc;
        }
    }

    /// What a rule adds to the answer at an instant.
    fn part(&mut self, n: u32, r: &'a RuleCode, t: i64) -> Part {
        let (state, nc) = self.ask_candidate(r, t);
        let mut out = Part { nc, ..Part::default() };
        if state != State::Free {
            let mut missing = Why::default();
            if state == State::Undetermined {
                self.e.missing_until = NEVER;
                missing = self.missing(r);
                out.nc = out.nc.min(self.e.missing_until);
            }
            out.blocking = Some(Blocking { rule: n, state, missing });
        }
        if !r.duties.is_empty() || !r.on_refusal.is_empty() || r.unless.iter().any(|e| !e.duties.is_empty()) {
            let (duties, nc) = self.duties(r);
            out.duties = duties;
            out.nc = out.nc.min(nc);
        }
        if !r.carries.is_empty() {
            let (withheld, nc) = self.withheld(r);
            out.withheld = withheld;
            out.nc = out.nc.min(nc);
        }
        out
    }

    /// The facts that an undetermined rule misses at the present instant ([`Sweep::ask`] first).
    pub fn missing(&mut self, r: &RuleCode) -> Why {
        let mut out = Why::default();
        let lanes = self.e.all;
        if self.each(r, |s| s.e.missing(r.blocks, lanes, &mut out)).is_none()
            && let Some(n) = r.each.and_then(|f| self.e.p.missing_of.get(f.0 as usize))
        {
            out.set(u32::from(*n));
        }
        out
    }

    /// The same by name, in order.
    #[must_use]
    pub fn missing_names(&mut self, r: &RuleCode) -> Vec<String> {
        let why = self.missing(r);
        let mut out: Vec<String> =
            why.iter().filter_map(|n| self.e.p.missing.get(n as usize).cloned()).collect();
        out.sort();
        out.dedup();
        out
    }

    /// What a violated rule rests on at the present instant.
    pub fn support(&mut self, r: &RuleCode) -> Support {
        let mut out = Support::default();
        let lanes = self.e.all;
        self.each(r, |s| {
            let v = s.e.val(r.blocks);
            if v.t & lanes != 0 {
                s.e.support(r.blocks, v.t & lanes, &mut out);
            }
        });
        out.facts.extend(r.each);
        out
    }

    /// Fields that the rule withholds at the present instant. Unknown withholds.
    fn withheld(&mut self, r: &RuleCode) -> (Bits, i64) {
        let mut out = Bits::default();
        let lanes = self.e.all;
        let facts = self.e.facts;
        let Some(fact) = self.e.p.known.fields else { return (out, NEVER) };
        let mut nc = NEVER;
        let known = self.each(r, |s| {
            let v = s.e.val(r.binds);
            nc = nc.min(v.nc);
            if v.f & lanes == lanes {
                return;
            }
            if let Slot::Records(fields) = facts.slot(fact) {
                for (n, field) in fields.iter().enumerate() {
                    let categories = field.get(1).unwrap_or(&Slot::Unknown);
                    let allowed = |set: &crate::program::NodeSet| {
                        s.e.field_allowed(categories, *set) == crate::eval::Tri::T
                    };
                    if !r.carries.iter().all(allowed) {
                        out.set(n as u32);
                    }
                }
            }
        });
        if known.is_none() {
            let v = self.e.val(r.binds);
            nc = nc.min(v.nc);
            if v.f & lanes != lanes
                && let Slot::Records(fields) = facts.slot(fact)
            {
                (0..fields.len() as u32).for_each(|n| out.set(n));
            }
        }
        (out, nc)
    }

    /// The whole answer.
    pub fn answer(&mut self) -> Answer {
        let mut parts: Vec<(u32, Part)> = Vec::with_capacity(self.e.s.candidates.iter().count());
        self.each_candidate(|s, n, r| {
            let part = s.part(n, r, s.t0);
            parts.push((n, part));
            true
        });
        let limit = self.t0.saturating_add(self.horizon);
        let mut residual = std::mem::take(&mut self.e.s.residual);
        residual.clear();
        residual.extend(
            parts.iter().filter(|(_, p)| p.nc != NEVER || p.blocking.is_some()).map(|(n, p)| Residual {
                rule: *n,
                free: p.blocking.is_none(),
                from: self.t0,
                until: p.nc,
            }),
        );
        let blocked = parts.iter().any(|(_, p)| p.blocking.is_some());
        let verdict = if !blocked {
            Verdict::Allow
        } else {
            match self.first_allow(&mut residual, self.t0, limit) {
                Some(u) => Verdict::Defer(u),
                None => Verdict::Deny,
            }
        };
        let valid_until = self.valid_until(&parts, &mut residual, verdict);
        self.e.s.residual = residual;
        self.e.t = self.t0;
        let mut fields: Vec<(u32, Vec<u32>)> = Vec::new();
        for (n, part) in &parts {
            for f in part.withheld.iter() {
                match fields.iter_mut().find(|x| x.0 == f) {
                    Some(x) => x.1.push(*n),
                    None => fields.push((f, vec![*n])),
                }
            }
        }
        fields.sort();
        Answer {
            verdict,
            valid_until,
            duties: told(&parts).into_iter().cloned().collect(),
            blocking: parts.into_iter().filter_map(|(_, p)| p.blocking).collect(),
            withheld: fields,
        }
    }

    /// Steps to the least next change over everything, compares, and repeats until the answer differs.
    fn valid_until(
        &mut self,
        first: &[(u32, Part)],
        residual: &mut [Residual],
        verdict: Verdict,
    ) -> Option<i64> {
        let limit = self.t0.saturating_add(self.horizon);
        let mut now: Vec<(u32, Part)> = first.iter().filter(|x| x.1.nc != NEVER).cloned().collect();
        let owed = told(first);
        // An event that is left out now and would be in later bounds the answer too.
        let mut bound = self.e.facts.later.map(|i| i.0).filter(|t| *t > self.t0 && *t <= limit);
        if let Verdict::Defer(u) = verdict {
            bound = Some(bound.map_or(u, |b| b.min(u)));
        }
        let mut found = loop {
            let Some(t) = now.iter().map(|x| x.1.nc).min().filter(|t| *t <= limit) else { break None };
            if bound.is_some_and(|b| b <= t) {
                break bound;
            }
            let (mut differs, mut owes) = (false, false);
            for (n, part) in &mut now {
                if part.nc > t {
                    continue;
                }
                let Some(r) = self.rule(*n) else { continue };
                let new = self.part(*n, r, t);
                let was = first.iter().find(|x| x.0 == *n).map(|x| &x.1);
                // A field's answer names the rules that withhold it, so each rule is compared by itself.
                differs |= was.is_some_and(|w| w.blocking != new.blocking || w.withheld != new.withheld);
                owes |= part.duties != new.duties;
                *part = new;
            }
            // What several rules owe by one exemption is told once: only all of it together can be compared.
            let all = || first.iter().filter(|x| x.1.nc == NEVER).chain(&now);
            if differs || (owes && told(all()) != owed) {
                break Some(t);
            }
        };
        found = match (found, bound) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if matches!(verdict, Verdict::Deny) {
            // The horizon slides: what heals at `u` beyond it becomes a deferral at `u − H`.
            let end = found.unwrap_or(limit).saturating_add(self.horizon);
            if let Some(u) = self.first_allow(residual, self.t0, end) {
                let slides = u.saturating_sub(self.horizon);
                if slides > self.t0 {
                    found = Some(found.map_or(slides, |f| f.min(slides)));
                }
            }
        }
        found
    }
}

/// What all of them owe together, as it is told: each once.
fn told<'b>(parts: impl IntoIterator<Item = &'b (u32, Part)>) -> Sorted<&'b Owed> {
    parts.into_iter().flat_map(|(_, part)| &part.duties).collect()
}
