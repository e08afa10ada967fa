//! Values and conditions in words, for reasons and explanations. Never an event's content: only how many there are.

use crate::eval::{Eval, Support};
use crate::facts::{Facts, Slot};
use crate::program::Program;
use crate::typed::{CondAt, EventList, FactId, Operand, Template, TemplatePart};
use crate::value::Value;
use crate::wire::decision::LookedAt;

/// What words need.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    pub p: &'a Program,
    pub facts: &'a Facts,
}

impl<'a> Words<'a> {
    /// A condition in words close to what its author wrote, names in place of what they stand for.
    pub fn cond(&self, c: &CondAt) -> Box<str> {
        c.words(&self.p.policy)
    }

    /// A fact's value.
    pub fn fact(&self, f: FactId) -> LookedAt {
        let decl = self.p.policy.vocabulary.decl(f);
        LookedAt {
            fact: decl.map_or_else(String::new, |d| d.path.clone()),
            value: self.facts.words_of(&self.p.policy, f),
        }
    }

    /// A constant of policy text.
    pub fn value(&self, v: &Value) -> String {
        match v {
            Value::None => "none".to_string(),
            Value::Bool(b) => if *b { "yes" } else { "no" }.to_string(),
            Value::Int(i) => i.to_string(),
            Value::Text(t) => t.to_string(),
            Value::Date(d) => d.to_string(),
            Value::Partial(p) => p.to_string(),
            Value::Instant(i) => i.to_string(),
            Value::Amount(a) => a.to_string(),
            Value::Choice(n) => n.to_string(),
            Value::Nodes(t, nodes) => {
                let tree = self.p.policy.vocabulary.tree(*t);
                nodes.iter().filter_map(|n| tree.map(|t| t.name_of(*n))).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// A setting's reading in force.
    pub fn setting(&self, n: usize) -> (String, String) {
        let Some(s) = self.p.policy.settings.get(n) else { return Default::default() };
        let slot = self.facts.settings.get(n).unwrap_or(&Slot::Unknown);
        (s.name.clone(), self.facts.words(&self.p.policy, slot, &s.ty))
    }

    /// A sentence with its places filled.
    pub fn template(&self, t: &Template) -> String {
        let mut out = String::new();
        for part in &t.parts {
            match part {
                TemplatePart::Text(s) => out.push_str(s),
                TemplatePart::Value(o) => out.push_str(&self.operand(o)),
            }
        }
        out
    }

    fn operand(&self, o: &Operand) -> String {
        match o {
            Operand::Const(v) => self.value(v),
            Operand::Fact(f) | Operand::Age(f) | Operand::EventField(f) => self.fact(*f).value,
            Operand::Setting(n) => self.setting(*n).1,
            Operand::Dated(n) => self.p.policy.dated.get(*n).map_or_else(String::new, |d| d.name.clone()),
            Operand::Record(_) | Operand::Map(..) => "…".to_string(),
        }
    }

    /// Everything a decided answer rests on.
    pub fn support(&self, s: &Support, e: &Eval<'_>) -> Vec<LookedAt> {
        let mut out: Vec<LookedAt> = s.facts.iter().map(|f| self.fact(*f)).collect();
        for list in &s.lists {
            let events = self.facts.events(*list);
            let (name, word) = match list {
                EventList::Consents => ("consents", "event"),
                EventList::Contacts => ("contacts", "contact"),
                EventList::Interactions => ("interactions", "interaction"),
                EventList::Lists => ("lists", "look-up"),
                EventList::Signals => ("signals", "signal"),
            };
            let value = if events.known { counted(events.len(), word) } else { "unknown".to_string() };
            out.push(LookedAt { fact: name.to_string(), value });
        }
        for n in &s.settings {
            let (fact, value) = self.setting(*n as usize);
            out.push(LookedAt { fact: format!("setting {fact}"), value });
        }
        if s.zones {
            let (mask, _) = e.lanes(None);
            let zones: Vec<String> = (0..32)
                .filter(|l| mask >> l & 1 == 1)
                .map(|l| e.zone(l).map_or_else(|| "unknown".to_string(), |z| z.name().to_string()))
                .collect();
            out.push(LookedAt { fact: "recipient.time_zones".to_string(), value: zones.join(", ") });
        }
        out.sort_by(|a, b| a.fact.cmp(&b.fact));
        out.dedup_by(|a, b| a.fact == b.fact);
        out
    }
}

fn counted(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}
