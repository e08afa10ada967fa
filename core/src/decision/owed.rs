//! What is owed at an instant, as it is told: by which rule or exemption, and what it says besides its word.

use super::sweep::Sweep;
use super::words::Words;
use crate::eval::{LastDay, NEVER};
use crate::facts::Slot;
use crate::program::{Duty, DutyCode, DutySource, ExemptionCode, NO_NODE, RuleCode};
use crate::typed::{Oblige, ObligeValue};

/// Something owed, as it is told: two that are equal here are one in the answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owed {
    /// Index into `Program::duties`: its word, who owes it, the citations.
    pub duty: u32,
    /// What it says besides.
    pub says: Says,
}

/// What something owed says besides its word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Says {
    /// Its word says all.
    Nothing,
    /// A length, a date, words.
    Value(String),
    /// A length or a day that nobody knows.
    Unknown,
}

impl<'a> Sweep<'a> {
    /// What a rule owes at the instant that it was last asked about, and until when that surely stays.
    pub(super) fn duties(&mut self, r: &'a RuleCode) -> (Vec<Owed>, i64) {
        let lanes = self.e.all;
        let mut out = Vec::new();
        let mut nc = NEVER;
        self.each(r, |s| {
            let applies = s.e.val(r.applies);
            nc = nc.min(applies.nc);
            let mut own = lanes & !applies.f;
            // Which exemption carries is asked for where it takes something away or brings something.
            let told = own != 0 && !r.duties.is_empty() || r.unless.iter().any(|e| !e.duties.is_empty());
            if told && !r.unless.is_empty() {
                let (carried, until) = s.carried(r, lanes);
                nc = nc.min(until);
                for (x, carries) in carried {
                    own &= !carries;
                    s.owe(&x.duties, carries, &mut out, &mut nc);
                }
            }
            s.owe(&r.duties, own, &mut out, &mut nc);
            if !r.on_refusal.is_empty() {
                let blocks = s.e.val(r.blocks);
                nc = nc.min(blocks.nc);
                s.owe(&r.on_refusal, lanes & !blocks.f, &mut out, &mut nc);
            }
        });
        out.sort();
        out.dedup();
        (out, nc)
    }

    /// Adds those duties that are owed in some of these lanes.
    fn owe(&mut self, duties: &[Duty], lanes: u32, out: &mut Vec<Owed>, nc: &mut i64) {
        for d in duties {
            let mut owed = lanes != 0;
            if owed && d.when != NO_NODE {
                let v = self.e.val(d.when);
                owed = lanes & !v.f != 0;
                *nc = (*nc).min(v.nc);
            }
            if owed {
                let (says, until) = self.says(d.duty);
                *nc = (*nc).min(until);
                out.extend(says.map(|says| Owed { duty: d.told, says }));
            }
        }
    }

    /// The exemption that carries the rule in each lane, with its lanes: the first that holds, in written order. Where the
    /// rule's own requirement holds none is used; a rule that requires nothing but content and data has none of its own.
    pub(super) fn carried(&mut self, r: &'a RuleCode, lanes: u32) -> (Vec<(&'a ExemptionCode, u32)>, i64) {
        let applies = self.e.val(r.applies);
        let requires = self.e.val(r.requires);
        let mut nc = applies.nc.min(requires.nc);
        let mut open = lanes & !applies.f & !(if r.demands { requires.t } else { 0 });
        let mut out = Vec::new();
        for x in &r.unless {
            if open == 0 {
                break;
            }
            let v = self.e.val(x.holds);
            nc = nc.min(v.nc);
            if v.t & open != 0 {
                out.push((x, v.t & open));
            }
            open &= !v.t;
        }
        (out, nc)
    }

    /// What a duty says besides its word at the present instant, and until when that surely stays. Nothing: what it counts
    /// from, or how long, is known to be none, and nothing is owed.
    fn says(&mut self, duty: u32) -> (Option<Says>, i64) {
        let all = (Some(Says::Nothing), NEVER);
        let Some(DutyCode::Oblige { oblige, source, moments, amount, calendar }) =
            self.e.p.duties.get(duty as usize)
        else {
            return all;
        };
        let Some(act) = self.act(*source, *oblige) else { return all };
        match (&act.value, moments, amount) {
            (ObligeValue::Is(v), ..) => {
                (Some(Says::Value(Words { p: self.e.p, facts: self.e.facts }.value(v))), NEVER)
            }
            (ObligeValue::Words(w), ..) => (Some(Says::Value(w.join(", "))), NEVER),
            (ObligeValue::Deadline(_), Some((as_of, after)), Some(amount)) => {
                let (day, until) = self.e.deadline(*as_of, *after, *amount, *calendar);
                let says = match day {
                    LastDay::Never => None,
                    LastDay::Unknown => Some(Says::Unknown),
                    LastDay::On(day) => Some(Says::Value(day.to_string())),
                };
                (says, until)
            }
            (ObligeValue::Amount(_), _, Some(amount)) => {
                let length = match self.e.value(*amount) {
                    Slot::Amount(a) => Some(Says::Value(a.to_string())),
                    Slot::None => None,
                    _ => Some(Says::Unknown),
                };
                (length, self.e.dated_until(*amount))
            }
            _ => all,
        }
    }

    /// The act behind a number: a rule's own come first, then those of its refusal.
    pub(super) fn act(&self, source: DutySource, n: u32) -> Option<&'a Oblige> {
        let n = n as usize;
        match source {
            DutySource::Rule(rule) => {
                let r = self.e.p.typed_rule(rule)?;
                r.obliges.iter().chain(&r.on_refusal).nth(n)
            }
            DutySource::Exemption(x) => self.e.p.policy.exemptions.get(x as usize)?.obliges.get(n),
        }
    }
}
