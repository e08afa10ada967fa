//! What is owed at one instant, and what it says besides its word.

use super::Case;
use super::clock::{self, Zone};
use super::cond::Cx;
use super::facts::Val;
use super::history::Moment;
use super::kleene::V;
use super::rule::State;
use byleave::taxonomy::NodeId;
use byleave::typed::{DeadlineAfter, Include, Oblige, ObligeValue, Rule};
use byleave::value::{Unit, Value};
use std::collections::BTreeSet;

/// Something owed, as an answer tells it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owed {
    /// Its word.
    pub id: String,
    /// What it says besides.
    pub value: Option<String>,
    /// The rule or exemption that asks it.
    pub rule: String,
}

impl<'c> Case<'c> {
    /// What a rule owes, whatever candidate or record makes it so.
    pub(super) fn owed(&self, rule: &Rule, t: i64, out: &mut State) {
        for zone in &self.zones_of(rule, t) {
            self.each_record(rule, |record| {
                let cx = Cx { case: self, t, zone, event: None, record };
                if cx.applies(rule).possible() {
                    self.acts(&cx, &rule.obliges, &rule.id, &mut out.obligations);
                    self.elements(&cx, &rule.includes, &rule.id, &mut out.obligations);
                }
                if cx.beta(rule).possible() {
                    self.acts(&cx, &rule.on_refusal, &rule.id, &mut out.obligations);
                }
                // The first exemption that holds carries a rule that would block without it.
                let bare = cx.applies(rule).and(cx.required(rule).not());
                let carries = rule.unless.iter().find(|u| bare.possible() && cx.exempt(u) == V::T);
                if let Some(e) = carries.and_then(|u| self.facts.policy.exemptions.get(u.exemption)) {
                    self.acts(&cx, &e.obliges, &e.id, &mut out.obligations);
                    self.elements(&cx, &e.includes, &e.id, &mut out.obligations);
                }
            });
        }
    }

    fn elements(&self, cx: &Cx<'_>, list: &[Include], rule: &str, out: &mut BTreeSet<Owed>) {
        let asked = |i: &&Include| i.when.as_ref().map_or(V::T, |w| cx.cond(w)).possible();
        for id in list.iter().filter(asked).flat_map(|i| self.element_names(&i.elements)) {
            out.insert(Owed { id, value: None, rule: rule.to_string() });
        }
    }

    fn element_names(&self, elements: &[NodeId]) -> Vec<String> {
        let tree = self.facts.policy.vocabulary.taxonomy("content_element").map(|t| t.1);
        elements.iter().map(|e| tree.map_or("?", |t| t.name_of(*e)).to_string()).collect()
    }

    fn acts(&self, cx: &Cx<'_>, list: &[Oblige], rule: &str, out: &mut BTreeSet<Owed>) {
        for act in list {
            let value = match &act.value {
                ObligeValue::Nothing => None,
                ObligeValue::Is(v) => Some(self.constant_words(v)),
                ObligeValue::Words(w) => Some(w.join(", ")),
                ObligeValue::Amount(o) => match cx.value(o) {
                    Val::Span(a) => Some(a.to_string()),
                    _ => None,
                },
                ObligeValue::Deadline(d) => self.deadline(cx, d).map(|d| clock::civil(d).to_string()),
            };
            out.insert(Owed { id: act.id.clone(), value, rule: rule.to_string() });
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

    /// The earliest last day that any candidate zone, any day of the moment and any edition it may fall in gives.
    fn deadline(&self, cx: &Cx<'_>, d: &DeadlineAfter) -> Option<i64> {
        let mut best: Option<i64> = None;
        for zone in &self.zones(cx.t) {
            let cx = Cx { zone, ..*cx };
            let after = cx.surely(&d.after)?;
            let editions: Vec<i64> = match &d.as_of {
                None => vec![cx.t],
                Some(m) => cx.surely(m)?.iter().flat_map(|m| m.instants(zone)).collect(),
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
