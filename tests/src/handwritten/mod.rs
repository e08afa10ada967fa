//! The twelve rules of the benchmark written by hand: the best straightforward Rust for exactly these rules, with typed
//! structs, sets as bits, events sorted, and an end at the first refusal that no time heals.
//!
//! It answers what the engine answers: the outcome with `until`, every blocking rule with its finding, `valid_until`.

mod case;
mod consent;
mod rules;
pub mod words;

pub use case::{Case, Consent, Contact, Interaction, Kind, LookUp, Past, Scope};
pub use rules::{Course, Finding, RULES};

use consent::NEVER;

/// How far ahead is looked: 31 days.
pub const HORIZON: i64 = 31 * 24 * 3_600_000_000;

/// allow, defer or deny.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing blocks.
    Allow,
    /// Something does, until this instant.
    Defer(i64),
    /// Nothing allows within the horizon.
    Deny,
}

/// Which rules block: bits by the order of [`RULES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Blocking {
    /// In some zone it does.
    pub violated: u16,
    /// In none, and in some it may.
    pub undetermined: u16,
}

/// The whole answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// allow, defer or deny.
    pub outcome: Outcome,
    /// Every rule that blocks.
    pub blocking: Blocking,
    /// The message owes an opt-out.
    pub owes_opt_out: bool,
    /// The first instant at which the answer differs, within the horizon.
    pub valid_until: Option<i64>,
}

/// Courses that are not free for ever, kept on the stack.
struct Courses<'a> {
    case: &'a Case,
    list: [(u8, u8, Course); 24],
    len: usize,
}

impl<'a> Courses<'a> {
    fn of(case: &'a Case) -> Self {
        Courses {
            case,
            list: [(0, 0, Course::Steps([(Finding::Free, NEVER); 2], Finding::Free)); 24],
            len: 0,
        }
    }

    fn push(&mut self, rule: u8, zone: usize, course: Course) {
        self.list[self.len] = (rule, zone as u8, course);
        self.len += 1;
    }

    /// What blocks at an instant, and until when that surely stays.
    fn at(&mut self, t: i64) -> (Blocking, i64) {
        let (mut out, mut next) = (Blocking::default(), NEVER);
        for (rule, zone, course) in &mut self.list[..self.len] {
            let (finding, until) = course.at(t, &self.case.zones[*zone as usize]);
            match finding {
                Finding::Free => {}
                Finding::Undetermined => out.undetermined |= 1 << *rule,
                Finding::Violated => out.violated |= 1 << *rule,
            }
            next = next.min(until);
        }
        out.undetermined &= !out.violated;
        (out, next)
    }

    /// The first instant of `[t, limit]` at which nothing blocks.
    fn first_allow(&mut self, t: i64, limit: i64) -> Option<i64> {
        let mut u = t;
        loop {
            let before = u;
            for (_, zone, course) in &mut self.list[..self.len] {
                let zone = &self.case.zones[*zone as usize];
                loop {
                    let (finding, until) = course.at(u, zone);
                    if finding == Finding::Free {
                        break;
                    }
                    if until > limit {
                        return None;
                    }
                    u = until;
                }
            }
            if u == before {
                return Some(u);
            }
        }
    }
}

/// The outcome alone; ends at the first rule that no time heals.
pub fn outcome(case: &Case) -> Outcome {
    let mut courses = Courses::of(case);
    let mut blocked = false;
    let denied = !case.tell(&mut |rule, zone, mut course| {
        let (finding, until) = course.at(case.at.0, &case.zones[zone]);
        if finding != Finding::Free {
            blocked = true;
            if until == NEVER {
                return false;
            }
        }
        if until != NEVER {
            courses.push(rule, zone, course);
        }
        true
    });
    match (denied, blocked) {
        (true, _) => Outcome::Deny,
        (_, false) => Outcome::Allow,
        _ => courses.first_allow(case.at.0, case.at.0 + HORIZON).map_or(Outcome::Deny, Outcome::Defer),
    }
}

/// Every rule that blocks.
pub fn blocking(case: &Case) -> Blocking {
    let mut out = Blocking::default();
    case.tell(&mut |rule, zone, mut course| {
        match course.at(case.at.0, &case.zones[zone]).0 {
            Finding::Free => {}
            Finding::Undetermined => out.undetermined |= 1 << rule,
            Finding::Violated => out.violated |= 1 << rule,
        }
        true
    });
    out.undetermined &= !out.violated;
    out
}

/// The outcome, every rule that blocks, and until when all of that holds.
pub fn answer(case: &Case) -> Answer {
    let mut courses = Courses::of(case);
    case.tell(&mut |rule, zone, course| {
        courses.push(rule, zone, course);
        true
    });
    let t0 = case.at.0;
    let limit = t0 + HORIZON;
    let (blocking, mut next) = courses.at(t0);
    let outcome = if blocking == Blocking::default() {
        Outcome::Allow
    } else {
        courses.first_allow(t0, limit).map_or(Outcome::Deny, Outcome::Defer)
    };
    let bound = if let Outcome::Defer(until) = outcome { until } else { i64::MAX };
    let mut valid_until = loop {
        if next.min(bound) > limit {
            break None;
        }
        if bound <= next {
            break Some(bound);
        }
        let (then, after) = courses.at(next);
        if then != blocking {
            break Some(next);
        }
        next = after;
    };
    if outcome == Outcome::Deny {
        // What heals beyond the horizon becomes a deferral as the horizon moves on.
        let end = valid_until.unwrap_or(limit) + HORIZON;
        if let Some(until) = courses.first_allow(t0, end) {
            let slides = until - HORIZON;
            if slides > t0 {
                valid_until = Some(valid_until.map_or(slides, |v| v.min(slides)));
            }
        }
    }
    Answer {
        outcome,
        blocking,
        owes_opt_out: words::Is::is(case.contact.channel, words::Channel::Text),
        valid_until,
    }
}
