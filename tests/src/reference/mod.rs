//! The plain reference: what a decision means, computed the slowest way.
//!
//! Every value is looked up afresh at every instant of a grid, for every candidate zone, from the JSON as it came; no
//! value knows when it next changes. It shares with the engine the typed policy and nothing else. Exact when all
//! inputs lie on the grid, because then nothing can change between its points.

mod address;
mod calendar;
pub mod clock;
mod cond;
mod consent;
mod facts;
mod history;
mod hours;
pub mod kleene;
mod lookups;
mod owed;
mod party;
mod rule;

pub use address::{ADDRESSES, one_form};
use facts::When;
pub use facts::{Event, Facts};
pub use owed::Owed;
pub use rule::{Block, State};

use byleave::typed::{EventList, Policy};
use clock::{DAY, Zone};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// A mistake put into the reference on purpose: whatever cannot tell it from the truth tests nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// `until` is the latest of the rules' own first passes.
    MaxOfHealings,
    /// A deny stays a deny: the horizon does not slide.
    NoSlide,
    /// A rule must block in every candidate zone.
    EveryZoneMustBlock,
    /// An unknown part of a conjunction is false.
    UnknownIsFalse,
    /// A rule whose `when` is unknown does not apply.
    UnknownWhenIsFalse,
    /// An event exactly as old as the window counts.
    ClosedWindow,
    /// Local days are 24 hours each.
    DaysAsHours,
    /// "Within months" subtracts from today.
    MonthsBySubtraction,
    /// "No later than months" ends on the first of the next month.
    MonthsClampForward,
    /// A wait ends on the last day of a short month.
    WaitClampedBack,
    /// Undated events do not count.
    UndatedSkipped,
    /// A look-up is good for ever.
    StaleListKept,
    /// The latest covering act is the state.
    LatestWins,
    /// A grant lifts a revocation of the same instant.
    TieGoesToGrant,
    /// Any later covering grant lifts, whatever its scope.
    AnyGrantLifts,
    /// Open grants reach sensitive topics.
    SensitiveIgnored,
    /// Only the newest revocation is looked at.
    OnlyNewestRevocation,
    /// The last event in the list is taken for the newest.
    ListOrder,
    /// One rule that passes is enough.
    OneRuleIsEnough,
    /// Events after the instant count.
    LaterEventsCount,
    /// Asked for a purpose, what is said of a narrower one counts never.
    NarrowerIgnored,
}

/// One request to one policy, its facts frozen.
pub struct Case<'a> {
    /// Policy and request.
    pub facts: Facts<'a>,
    /// The instant.
    pub t0: i64,
    /// What was recorded by then is known.
    pub known_at: Option<i64>,
    /// How far to look.
    pub horizon: i64,
    /// The mistake in force.
    pub mutant: Option<Mutant>,
    /// Every candidate zone of any instant.
    pub everywhere: Vec<Zone>,
    events: Vec<(EventList, Option<Vec<Event<'a>>>)>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// `allow`, `defer`, `deny`.
    pub outcome: &'static str,
    /// When `defer`.
    pub until: Option<i64>,
    /// First other answer within the horizon.
    pub valid_until: Option<i64>,
    /// Rules, duties, fields.
    pub state: State,
    /// Union over the undetermined.
    pub missing: BTreeSet<String>,
}

impl<'a> Case<'a> {
    /// Reads what time there is; `None` for a request without an instant.
    pub fn new(policy: &'a Policy, request: &'a Json, mutant: Option<Mutant>) -> Option<Case<'a>> {
        let text = |key: &str| request.get(key).and_then(Json::as_str);
        let t0 = text("at").and_then(clock::parse_instant)?;
        let known_at = text("known_at").and_then(clock::parse_instant);
        let span = text("horizon").and_then(facts::parse_span);
        let horizon = span
            .and_then(|s| s.elapsed().or_else(|| s.days().map(|d| i64::from(d) * DAY)))
            .unwrap_or(31 * DAY);
        let facts = Facts { policy, request };
        let lists = [
            EventList::Consents,
            EventList::Contacts,
            EventList::Interactions,
            EventList::Lists,
            EventList::Signals,
        ];
        let events = lists.into_iter().map(|l| (l, facts.events(l))).collect();
        let mut case = Case { facts, t0, known_at, horizon, mutant, everywhere: Vec::new(), events };
        case.everywhere = case.zones(i64::MAX / 4);
        Some(case)
    }

    /// The earliest instant at which an event is part of the facts; `None`: never with this `known_at`. A day that frees has
    /// to have begun on every clock, one that binds on any.
    fn enters(&self, e: &Event<'_>) -> Option<i64> {
        let consent = e.list == EventList::Consents;
        let late_refusal = consent && e.text("kind") == Some("revoke")
            || e.list == EventList::Signals && e.json.get("on").and_then(Json::as_bool) != Some(false);
        let frees = match e.list {
            EventList::Interactions => true,
            EventList::Consents if e.text("kind") == Some("void") => self.takes_back(e) != Some("grant"),
            EventList::Consents => e.text("kind") == Some("grant"),
            EventList::Signals => !late_refusal,
            EventList::Lists => e.text("result") == Some("not_listed"),
            EventList::Contacts => false,
        };
        if consent && e.text("kind") == Some("void") && frees && e.may_lie_ahead() {
            return None;
        }
        if e.list == EventList::Interactions && e.text("classed_as") == Some("revocation") {
            return None;
        }
        let begun = |z: &Zone, d: i64| if frees { z.start(d).1 } else { z.start(d).0 };
        let starts = |d: i64| self.everywhere.iter().map(move |z| begun(z, d));
        let from = |when: When| match when {
            When::On(d) if frees => starts(d).max(),
            When::On(d) => starts(d).min(),
            When::At(t) => Some(t),
            When::Undated => None,
        };
        let lo = from(e.when).unwrap_or(i64::MIN / 4);
        let recorded = from(e.recorded).unwrap_or(lo);
        match self.known_at {
            Some(k) if recorded > k => None,
            Some(_) if late_refusal => Some(i64::MIN),
            Some(_) => Some(lo),
            None if late_refusal => Some(recorded),
            None => Some(lo.max(recorded)),
        }
    }

    /// What had happened and was known at the instant; `None` when nobody gave the list.
    pub fn frozen(&self, list: EventList) -> Option<Vec<Event<'a>>> {
        let all = self.events.iter().find(|(l, _)| *l == list)?.1.as_ref()?;
        let inside = |e: &&Event<'a>| {
            self.mutant == Some(Mutant::LaterEventsCount) || self.enters(e).is_some_and(|t| t <= self.t0)
        };
        let mut known: Vec<Event<'a>> = all.iter().filter(inside).cloned().collect();
        if list == EventList::Consents {
            let gone = self.taken_back(&known);
            known.retain(|e| e.text("kind") != Some("void") && e.id.is_none_or(|id| !gone.contains(id)));
            match self.mutant {
                Some(Mutant::OnlyNewestRevocation) => {
                    let newest = known
                        .iter()
                        .filter(|e| e.text("kind") == Some("revoke"))
                        .max_by_key(|e| e.span(&self.everywhere).1)
                        .map(|e| e.place);
                    known.retain(|e| e.text("kind") != Some("revoke") || Some(e.place) == newest);
                }
                Some(Mutant::ListOrder) => {
                    let last = known.last().map(|e| e.place);
                    known.retain(|e| Some(e.place) == last);
                }
                _ => {}
            }
        }
        Some(known)
    }

    /// The kind of event that a void names.
    fn takes_back(&self, void: &Event<'a>) -> Option<&'a str> {
        let all = self.events.iter().find(|(l, _)| *l == EventList::Consents)?.1.as_ref()?;
        let of = all.iter().find(|e| e.id.is_some() && e.id == void.text("of"))?;
        of.json.get("kind").and_then(Json::as_str)
    }

    /// The ids that voids take back. A void taken back takes nothing back; where they stand in a ring nobody was first, and
    /// grants go while all else stays.
    fn taken_back(&self, known: &[Event<'a>]) -> BTreeSet<&'a str> {
        let of = |e: &Event<'a>| e.json.get("of").and_then(Json::as_str);
        let voids: Vec<&Event<'a>> = known.iter().filter(|e| e.text("kind") == Some("void")).collect();
        let mut counts: Vec<Option<bool>> = vec![None; voids.len()];
        loop {
            let next: Vec<Option<bool>> = voids
                .iter()
                .map(|v| {
                    let against = |(w, _): &(&&Event<'a>, &Option<bool>)| v.id.is_some() && of(w) == v.id;
                    let mut against = voids.iter().zip(&counts).filter(against).map(|(_, c)| *c).peekable();
                    if against.peek().is_none() {
                        return Some(true);
                    }
                    let all: Vec<Option<bool>> = against.collect();
                    if all.contains(&Some(true)) {
                        Some(false)
                    } else if all.contains(&None) {
                        None
                    } else {
                        Some(true)
                    }
                })
                .collect();
            if next == counts {
                break;
            }
            counts = next;
        }
        let gone = voids.iter().zip(&counts).filter(|(v, counts)| match counts {
            Some(counts) => *counts,
            None => self.takes_back(v) == Some("grant"),
        });
        gone.filter_map(|(v, _)| of(v)).collect()
    }

    /// What is not part of the facts yet: places by list.
    pub fn later_events(&self) -> Vec<(&'static str, BTreeSet<usize>)> {
        let later = |e: &&Event<'_>| self.enters(e).is_none_or(|t| t > self.t0);
        self.events
            .iter()
            .map(|(l, all)| {
                let all = all.as_deref().unwrap_or_default();
                (facts::list_word(*l), all.iter().filter(later).map(|e| e.place).collect())
            })
            .collect()
    }

    /// The first instant at which a later-dated event would be part of the facts.
    pub fn next_event(&self) -> Option<i64> {
        let all = self.events.iter().filter_map(|(_, e)| e.as_ref()).flatten();
        all.filter_map(|e| self.enters(e)).filter(|t| *t > self.t0).min()
    }

    /// Every rule lets it pass.
    pub fn allows(&self, t: i64) -> bool {
        let mut rules = self.facts.policy.rules.iter();
        if self.mutant == Some(Mutant::OneRuleIsEnough) && !self.facts.policy.rules.is_empty() {
            return rules.any(|r| self.passes(r, t));
        }
        self.beyond() == kleene::V::F && rules.all(|r| self.passes(r, t))
    }

    /// Steps every instant of the grid.
    pub fn decide(&self, grid: &Grid) -> Answer {
        let state = self.state(self.t0);
        let end = self.t0 + self.horizon;
        let first_allow = |from: i64, to: i64| {
            let mut t = from;
            while t <= to {
                if self.allows(t) {
                    return Some(t);
                }
                t = grid.after(t);
            }
            None
        };
        let mut until = None;
        let outcome = if self.allows(self.t0) {
            "allow"
        } else {
            until = first_allow(grid.after(self.t0), end);
            if self.mutant == Some(Mutant::MaxOfHealings) && until.is_some() {
                until = self.max_of_healings(grid, end);
            }
            if until.is_some() { "defer" } else { "deny" }
        };
        let mut valid_until = None;
        let mut t = grid.after(self.t0);
        while t <= end {
            let same = self.state(t) == state
                && (self.allows(t) == (outcome == "allow"))
                // The horizon slides: what healed just beyond it comes into reach.
                && (outcome != "deny" || self.mutant == Some(Mutant::NoSlide) || !self.allows(t + self.horizon));
            if !same {
                valid_until = Some(t);
                break;
            }
            t = grid.after(t);
        }
        if let Some(next) = self.next_event().filter(|n| *n <= end) {
            valid_until = Some(valid_until.map_or(next, |v: i64| v.min(next)));
        }
        let missing = state.blocking.values().flat_map(|b| b.missing.iter().cloned()).collect();
        Answer { outcome, until, valid_until, state, missing }
    }

    fn max_of_healings(&self, grid: &Grid, end: i64) -> Option<i64> {
        let mut latest = self.t0;
        for rule in &self.facts.policy.rules {
            let mut t = self.t0;
            while t <= end && !self.passes(rule, t) {
                t = grid.after(t);
            }
            latest = latest.max(t);
        }
        Some(latest)
    }
}

/// The instants to step: so far apart, once for every remainder that an instant of the request leaves. Whatever changes is
/// an instant of the request or a clock's quarter hour, and whole steps away from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    step: i64,
    remainders: BTreeSet<i64>,
}

impl Grid {
    /// The next instant.
    pub fn after(&self, t: i64) -> i64 {
        let base = t.div_euclid(self.step) * self.step;
        let next = |r: &i64| if base + r > t { base + r } else { base + r + self.step };
        self.remainders.iter().map(next).min().unwrap_or(t + self.step)
    }
}

/// The grid of a request; policy counts in whole steps.
pub fn grid_of(request: &Json, step: i64) -> Grid {
    let mut remainders: BTreeSet<i64> = [0].into();
    visit(request, &mut |text| {
        if text.len() == 10 && clock::parse_date(text).is_some() {
            // A day's last instant.
            remainders.insert(step - 1);
        }
        if let Some(t) = text.contains('T').then(|| clock::parse_instant(text)).flatten() {
            remainders.insert(t.rem_euclid(step));
        }
    });
    Grid { step, remainders }
}

/// A quarter of an hour.
pub const QUARTER: i64 = 15 * 60 * clock::SECOND;

fn visit(json: &Json, f: &mut impl FnMut(&str)) {
    match json {
        Json::String(s) => f(s),
        Json::Array(a) => a.iter().for_each(|j| visit(j, f)),
        Json::Object(o) => o.values().for_each(|j| visit(j, f)),
        _ => {}
    }
}
