//! What is owed at one instant, and what it says besides its word.

use super::Case;
use super::clock::{self, Zone};
use super::cond::Cx;
use super::facts::Val;
use super::history::Moment;
use super::kleene::V;
use super::rule::State;
use byleave::taxonomy::NodeId;
use byleave::typed::{
    Cond, CondAt, DeadlineAfter, Include, Moment as Asked, Oblige, ObligeValue, Operand, Rule,
};
use byleave::value::{Unit, Value};
use std::collections::BTreeSet;

/// Something owed, as an answer tells it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owed {
    /// Its word.
    pub id: String,
    /// What it says besides.
    pub value: Option<String>,
    /// It says something besides that nobody knows.
    pub unknown: bool,
    /// The rule or exemption that asks it.
    pub rule: String,
}

impl<'c> Case<'c> {
    /// What a rule owes, whatever candidate or record makes it so.
    pub(super) fn owed(&self, rule: &Rule, t: i64, out: &mut State) {
        for zone in &self.zones_of(rule, t) {
            self.each_record(rule, |record| {
                let cx = Cx { case: self, t, zone, event: None, record };
                if cx.beta(rule).possible() {
                    self.acts(&cx, &rule.on_refusal, (&rule.id, rule), &mut out.obligations);
                }
                // The first exemption that holds carries a rule that would block without it, or that asks nothing but
                // content and data: then what the exemption owes is owed instead of what the rule does.
                let own = if self.content_alone(rule) { V::F } else { cx.required(rule) };
                let bare = cx.applies(rule).and(own.not());
                let carries = rule.unless.iter().find(|u| bare.possible() && cx.exempt(u) == V::T);
                if let Some(e) = carries.and_then(|u| self.facts.policy.exemptions.get(u.exemption)) {
                    self.acts(&cx, &e.obliges, (&e.id, rule), &mut out.obligations);
                    self.elements(&cx, &e.includes, &e.id, &mut out.obligations);
                } else if cx.applies(rule).possible() {
                    self.acts(&cx, &rule.obliges, (&rule.id, rule), &mut out.obligations);
                    self.elements(&cx, &rule.includes, &rule.id, &mut out.obligations);
                }
            });
        }
    }

    /// Each thing that it requires asks what the message says, and nothing else but when.
    fn content_alone(&self, rule: &Rule) -> bool {
        rule.requires.iter().all(|require| {
            let asked = match &require.cond {
                Cond::Any(parts) if parts.len() == 2 && matches!(parts[1].cond, Cond::Not(_)) => &parts[0],
                _ => require,
            };
            let mut facts = Vec::new();
            self.facts_of(asked, &mut facts)
                && !facts.is_empty()
                && facts.iter().all(|f| f.starts_with("content."))
        })
    }

    /// The facts that a condition compares; false where it asks a clock, a list or a history.
    fn facts_of(&self, c: &CondAt, out: &mut Vec<String>) -> bool {
        let operands = match &c.cond {
            Cond::Const(_) => vec![],
            Cond::All(all) | Cond::Any(all) => return all.iter().all(|c| self.facts_of(c, out)),
            Cond::Not(c) | Cond::Known(c) => return self.facts_of(c, out),
            Cond::True(a) | Cond::Exists(a) | Cond::In(a, _) => vec![a],
            Cond::Is { what, .. } | Cond::Marked { what, .. } => vec![what],
            Cond::IsAmong { what: a, of: b, .. } | Cond::Same(a, b) => vec![a, b],
            Cond::Compare(a, _, b) | Cond::CompareDay(a, _, b, _) => vec![a, b],
            _ => return false,
        };
        operands.iter().all(|operand| match operand {
            Operand::Const(_) | Operand::Setting(_) | Operand::Dated(_) => true,
            Operand::Fact(id) => {
                out.extend(self.facts.policy.vocabulary.decl(*id).map(|f| f.path.clone()));
                true
            }
            _ => false,
        })
    }

    fn elements(&self, cx: &Cx<'_>, list: &[Include], rule: &str, out: &mut BTreeSet<Owed>) {
        let asked = |i: &&Include| i.when.as_ref().map_or(V::T, |w| cx.cond(w)).possible();
        for id in list.iter().filter(asked).flat_map(|i| self.element_names(&i.elements)) {
            out.insert(Owed { id, value: None, unknown: false, rule: rule.to_string() });
        }
    }

    fn element_names(&self, elements: &[NodeId]) -> Vec<String> {
        let tree = self.facts.policy.vocabulary.taxonomy("content_element").map(|t| t.1);
        elements.iter().map(|e| tree.map_or("?", |t| t.name_of(*e)).to_string()).collect()
    }

    fn acts(&self, cx: &Cx<'_>, list: &[Oblige], (id, rule): (&str, &Rule), out: &mut BTreeSet<Owed>) {
        for act in list {
            let (value, unknown) = match &act.value {
                ObligeValue::Nothing => (None, false),
                ObligeValue::Is(v) => (Some(self.constant_words(v)), false),
                ObligeValue::Words(w) => (Some(w.join(", ")), false),
                ObligeValue::Amount(o) => match cx.value(o) {
                    Val::Span(a) => (Some(a.to_string()), false),
                    // Known to be none: nothing is owed.
                    Val::None => continue,
                    _ => (None, true),
                },
                ObligeValue::Deadline(d) => match self.deadline(cx, d, rule) {
                    Some(Some(day)) => (Some(clock::civil(day).to_string()), false),
                    // There is nothing that it counts from.
                    Some(None) => continue,
                    None => (None, true),
                },
            };
            out.insert(Owed { id: act.id.clone(), value, unknown, rule: id.to_string() });
        }
    }

    fn constant_words(&self, v: &Value) -> String {
        match v {
            Value::Int(n) => n.to_string(),
            Value::Text(t) => t.to_string(),
            Value::Date(d) => clock::civil(i64::from(d.0)).to_string(),
            Value::Amount(a) => a.to_string(),
            other => format!("{other:?}"),
        }
    }

    /// The earliest last day that any candidate zone, any day of the moment, any refusal and any edition that it may fall
    /// in gives; `Some(None)`: it counts from nothing; `None`: nobody knows.
    fn deadline(&self, cx: &Cx<'_>, d: &DeadlineAfter, rule: &Rule) -> Option<Option<i64>> {
        if !matches!(d.after, Asked::Refusal) {
            // Where there is no such moment, there is none in any zone.
            return match cx.surely(&d.after)? {
                none if none.is_empty() => Some(None),
                _ => self.earliest(cx, d, &|cx| cx.surely(&d.after), None).map(Some),
            };
        }
        let mut best: Option<i64> = None;
        for refusal in self.refusals_of(cx, rule)? {
            let end = self.earliest(cx, d, &|cx| cx.surely_at(refusal), Some(refusal))?;
            best = Some(best.map_or(end, |b| b.min(end)));
        }
        Some(best)
    }

    /// From when to when the refusals by which a rule blocks, in whatever zone, can have been; nothing where nobody gave the
    /// history.
    fn refusals_of(&self, cx: &Cx<'_>, rule: &Rule) -> Option<BTreeSet<(i64, i64)>> {
        let mut out = BTreeSet::new();
        for zone in &self.zones_of(rule, cx.t) {
            let cx = Cx { case: self, t: cx.t, zone, event: None, record: cx.record };
            let mut found = Vec::new();
            if !rule.requires.iter().all(|require| cx.binding(require, true, &mut found)) {
                return None;
            }
            out.extend(found.iter().map(|e| e.span(&self.everywhere)));
        }
        Some(out)
    }

    fn earliest(
        &self,
        cx: &Cx<'_>,
        d: &DeadlineAfter,
        after: &dyn Fn(&Cx<'_>) -> Option<Vec<Moment>>,
        refusal: Option<(i64, i64)>,
    ) -> Option<i64> {
        let mut best: Option<i64> = None;
        for zone in &self.zones(cx.t) {
            let cx = Cx { zone, ..*cx };
            let after = after(&cx)?;
            let as_of = match (&d.as_of, refusal) {
                (None, _) => None,
                (Some(Asked::Refusal), Some(refusal)) => Some(cx.surely_at(refusal)?),
                (Some(m), _) => Some(cx.surely(m)?),
            };
            let editions: Vec<i64> = match as_of {
                None => vec![cx.t],
                Some(m) if m.is_empty() => return None,
                Some(m) => m.iter().flat_map(|m| m.instants(zone)).collect(),
            };
            for t in editions {
                let Val::Span(a) = (Cx { t, ..cx }).value(&d.amount) else { return None };
                for m in &after {
                    let (day, _) = cx.dates(m)?;
                    let end = match (a.unit, a.elapsed(), a.months(), a.days()) {
                        (Unit::BusinessDay, ..) => cx.business_day_after(day, a.n, d.calendar?)?,
                        (_, Some(length), ..) => {
                            let begins = m.instants(zone).into_iter().min()?;
                            zone.day(begins + length - 1).0.max(day)
                        }
                        (_, _, Some(n), _) => clock::months_short(day, i64::from(n)),
                        (.., n) => day + i64::from(n?),
                    };
                    best = Some(best.map_or(end, |b| b.min(end)));
                }
            }
        }
        best
    }
}

impl Moment {
    /// The instants at which it can begin.
    fn instants(&self, zone: &Zone) -> Vec<i64> {
        match self {
            Moment::At(t, _) => vec![*t],
            Moment::Days(a, b) => (*a..=*b).flat_map(|d| [zone.start(d).0, zone.start(d).1]).collect(),
            Moment::None | Moment::LongAgo | Moment::FarAhead => Vec::new(),
        }
    }
}
