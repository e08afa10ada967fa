//! Rules at one instant: whether they block, what is owed, which fields stay back.

use super::clock::{self, Zone};
use super::cond::{Cx, Record};
use super::facts::{Val, each, is_under};
use super::kleene::{Missing, V};
use super::owed::Owed;
use super::{Case, Mutant};
use byleave::taxonomy::NodeId;
use byleave::typed::{Cond, CondAt, Exemption, InForce, Include, Kind, Levels, Rule};
use byleave::value::Type;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// A rule that does not let the contact pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// `violated` or `undetermined`.
    pub finding: &'static str,
    /// The reason's kind.
    pub kind: &'static str,
    /// What an undetermined rule lacks.
    pub missing: Missing,
}

/// Everything observable at one instant but the two instants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Rules that block.
    pub blocking: BTreeMap<String, Block>,
    /// What is owed, each as it is told.
    pub obligations: BTreeSet<Owed>,
    /// Names of fields that stay back, with each rule that says so.
    pub withheld: BTreeSet<(String, String)>,
}

fn within(f: InForce, t: i64) -> bool {
    f.from.0 <= t && t < f.until.0
}

impl<'c> Case<'c> {
    /// The candidates of an instant.
    pub fn zones(&self, t: i64) -> Vec<Zone> {
        let fact = |path: &str| self.facts.policy.vocabulary.fact(path).map(|f| self.facts.get(f));
        let confirmed =
            match (fact("recipient.confirmed_time_zone.zone"), fact("recipient.confirmed_time_zone.on")) {
                (Some(Val::Texts(z)), Some(Val::Days(on, _))) => {
                    z.first().and_then(|z| clock::zone(z)).map(|z| (z, on))
                }
                _ => None,
            };
        if let Some((zone, on)) = &confirmed
            && t < zone.start(clock::months_short(*on, 12) + 1).0
        {
            return vec![zone.clone()];
        }
        let Some(Val::Texts(names)) = fact("recipient.time_zones") else { return vec![Zone::Unknown] };
        let mut out: Vec<Zone> = Vec::new();
        let names = names.iter().map(String::as_str).chain(confirmed.iter().map(|c| c.0.name()));
        for name in names {
            match clock::zone(name) {
                Some(z)
                    if out
                        .iter()
                        .any(|o| o.agrees(&z, self.t0 - 400 * clock::DAY, self.t0 + 800 * clock::DAY)) => {}
                Some(z) => out.push(z),
                None => return vec![Zone::Unknown],
            }
        }
        if out.is_empty() || out.len() > 16 { vec![Zone::Unknown] } else { out }
    }

    /// The candidates, and the clock that a rule may have of its own.
    pub(super) fn zones_of(&self, rule: &Rule, t: i64) -> Vec<Zone> {
        let own = rule.clock.as_ref().and_then(|c| clock::zone(c.name()));
        self.zones(t).into_iter().chain(own).collect()
    }

    /// Whether a rule blocks: for any candidate, the same one throughout.
    pub fn blocks(&self, rule: &Rule, t: i64) -> V {
        let zones = self.zones_of(rule, t);
        let values = zones.iter().map(|z| self.for_zone(rule, t, z, |cx| cx.beta(rule)));
        if self.mutant == Some(Mutant::EveryZoneMustBlock) { V::all(values) } else { V::any(values) }
    }

    /// The records that the rule asks one after the other: none where it is not `for each`, and one of which nothing is
    /// known where nobody gave the list.
    pub(super) fn each_record(&self, rule: &Rule, mut f: impl FnMut(Option<Record<'_>>)) {
        let Some(list) = rule.each else { return f(None) };
        let Some(decl) = self.facts.policy.vocabulary.decl(list) else { return };
        let Type::Records(fields) = &decl.ty else { return };
        let mut one = |json| f(Some(Record { fields, json, missing: &decl.missing }));
        match self.facts.get(list) {
            Val::Raw(Json::Array(all)) => all.iter().for_each(|r| one(Some(r))),
            Val::Unknown(_) => one(None),
            _ => {}
        }
    }

    /// Asks for each record; some record's yes is the answer.
    fn for_zone(&self, rule: &Rule, t: i64, zone: &Zone, f: impl Fn(&Cx<'_>) -> V) -> V {
        let mut answers = Vec::new();
        self.each_record(rule, |record| {
            answers.push(f(&Cx { case: self, t, zone, event: None, record }));
        });
        match rule.each.map(|list| self.facts.get(list)) {
            // There may be none at all.
            Some(Val::Unknown(m)) => V::any(answers).and(V::U(m)),
            _ => V::any(answers),
        }
    }

    /// The rule lets the contact pass whatever is missing.
    pub fn passes(&self, rule: &Rule, t: i64) -> bool {
        self.blocks(rule, t) == V::F
    }

    /// Outside what the root policy reaches: the silence of the loaded law is not leave.
    pub fn beyond(&self) -> V {
        let policy = self.facts.policy;
        if policy.reach.is_empty() {
            return V::F;
        }
        let under = |path: &str, taxonomy: &str, nodes: &[NodeId]| {
            let fact = policy.vocabulary.fact(path).and_then(|f| policy.vocabulary.decl(f).map(|d| (f, d)));
            let (Some((fact, decl)), Some((_, tree))) = (fact, policy.vocabulary.taxonomy(taxonomy)) else {
                return V::F;
            };
            let missing = [decl.missing.clone()].into();
            match self.facts.get(fact) {
                Val::Nodes(own) => V::all(
                    own.iter()
                        .map(|o| V::any(nodes.iter().map(|n| super::facts::is(tree, *o, *n, &missing)))),
                ),
                // Of places of which there may be more, one that is not reached settles it.
                Val::AtLeast(own, m) => V::all(
                    own.iter()
                        .map(|o| V::any(nodes.iter().map(|n| super::facts::is(tree, *o, *n, &missing))))
                        .chain([V::U(m)]),
                ),
                Val::Unknown(m) => V::U(m),
                _ => V::F,
            }
        };
        V::any(policy.reach.iter().map(|r| {
            under("contact.channel", "channel", &r.channels).and(under(
                "recipient.jurisdictions",
                "jurisdiction",
                &r.jurisdictions,
            ))
        }))
        .not()
    }

    /// What can be seen at one instant.
    pub fn state(&self, t: i64) -> State {
        let mut out = State::default();
        let beyond = match self.beyond() {
            V::F => None,
            V::T => Some(("violated", Missing::new())),
            V::U(m) => Some(("undetermined", m)),
        };
        if let Some((finding, missing)) = beyond {
            let pack = self.facts.policy.packs.get(usize::from(self.facts.policy.reach_pack));
            let id = format!("{}.reach", pack.map_or("policy", |p| &p.name));
            out.blocking.insert(
                id,
                Block {
                    finding,
                    kind: if finding == "violated" { "no_basis" } else { "missing_fact" },
                    missing,
                },
            );
        }
        for rule in &self.facts.policy.rules {
            let block = match self.blocks(rule, t) {
                V::F => None,
                V::T => Some(("violated", Missing::new())),
                V::U(m) => Some(("undetermined", m)),
            };
            if let Some((finding, missing)) = block {
                // What hangs on a fact that nobody gave is wanting that fact, whatever the rule is about.
                let kind = if finding == "violated" { self.kind(rule) } else { "missing_fact" };
                out.blocking.insert(rule.id.clone(), Block { finding, kind, missing });
            }
            self.owed(rule, t, &mut out);
            for zone in &self.zones_of(rule, t) {
                self.withholds(rule, t, zone, &mut out);
            }
        }
        out
    }

    fn withholds(&self, rule: &Rule, t: i64, zone: &Zone, out: &mut State) {
        let ask = |f: &dyn Fn(&Cx<'_>) -> V| self.for_zone(rule, t, zone, f);
        for only in rule.disclose_only.iter().chain(&rule.use_only) {
            for f in self.fields() {
                let held = ask(&|cx| {
                    V::all([cx.applies(rule), cx.exempted(rule).not(), cx.discloses(f, only).not()])
                });
                if held.possible() {
                    let name = f.get("name").and_then(Json::as_str).unwrap_or("?");
                    out.withheld.insert((name.to_string(), rule.id.clone()));
                }
            }
        }
    }

    fn fields(&self) -> Vec<&'c Json> {
        let contact = self.facts.request.get("contact").and_then(|c| c.get("fields"));
        contact.and_then(Json::as_array).map(|a| a.iter().collect()).unwrap_or_default()
    }

    fn kind(&self, rule: &Rule) -> &'static str {
        match rule.kind {
            Kind::Refused => "refused",
            Kind::NoBasis => "no_basis",
            Kind::MissingFact => "missing_fact",
            Kind::Timing => "timing",
            Kind::TooOften => "too_often",
            Kind::Content => "content",
            Kind::Consent => {
                let zones = self.zones(self.t0);
                let refused = zones.iter().any(|zone| {
                    let cx = Cx { case: self, t: self.t0, zone, event: None, record: None };
                    rule.requires.iter().any(|c| cx.refused_inside(c))
                });
                if refused { "refused" } else { "no_basis" }
            }
        }
    }
}

impl Cx<'_> {
    pub(super) fn applies(&self, rule: &Rule) -> V {
        let when = self.cond(&rule.when);
        let when = match (self.case.mutant, when) {
            (Some(Mutant::UnknownWhenIsFalse), V::U(_)) => V::F,
            (_, v) => v,
        };
        V::of(within(rule.in_force, self.t)).and(when)
    }

    /// In force, applies, and neither its requirement nor an exemption lets the contact pass.
    pub fn beta(&self, rule: &Rule) -> V {
        let applies = self.applies(rule);
        if applies == V::F {
            return V::F;
        }
        V::all([applies, self.required(rule).not(), self.exempted(rule).not()])
    }

    pub(super) fn required(&self, rule: &Rule) -> V {
        let includes = rule.includes.iter().map(|i| self.includes(i));
        let data = [
            rule.disclose_only.as_ref().map_or(V::T, |only| self.needed_fields(only)),
            rule.use_only.as_ref().map_or(V::T, |only| self.needed_fields(only)),
            rule.use_only.as_ref().map_or(V::T, |only| self.used_data(only)),
        ];
        V::all([self.all(&rule.requires)].into_iter().chain(includes).chain(data))
    }

    fn exempted(&self, rule: &Rule) -> V {
        V::any(rule.unless.iter().map(|u| self.exempt(u)))
    }

    pub(super) fn exempt(&self, u: &byleave::typed::Unless) -> V {
        let Some(e) = self.case.facts.policy.exemptions.get(u.exemption) else { return V::F };
        let e: &Exemption = e;
        let includes = e.includes.iter().map(|i| self.includes(i));
        let own = [
            V::of(within(e.in_force, self.t)),
            u.when.as_ref().map_or(V::T, |w| self.cond(w)),
            self.cond(&e.when),
            self.all(&e.provided),
        ];
        V::all(own.into_iter().chain(includes))
    }

    /// A draft promises; a final message must contain.
    fn includes(&self, i: &Include) -> V {
        let vocabulary = &self.case.facts.policy.vocabulary;
        let wanted = i.when.as_ref().map_or(V::T, |w| self.cond(w));
        let stage =
            self.case.facts.request.get("contact").and_then(|c| c.get("stage")).and_then(Json::as_str);
        if stage == Some("draft") {
            return V::T;
        }
        let have = vocabulary.fact("content.includes").map(|f| self.case.facts.get(f));
        let tree = vocabulary.taxonomy("content_element").map(|t| t.1);
        let there = V::all(i.elements.iter().map(|e| match (&have, tree) {
            (Some(Val::Nodes(n)), Some(t)) => V::of(n.iter().any(|n| is_under(t, *n, *e))),
            (Some(Val::None), _) => V::F,
            (_, Some(t)) => V::lacks(format!("content.{}", t.name_of(*e))),
            _ => V::F,
        }));
        wanted.not().or(there)
    }

    /// Every category of the field is under one of those; no category known: not certain.
    fn discloses(&self, field: &Json, only: &[NodeId]) -> V {
        let unknown = V::lacks("contact.fields");
        let Some((id, tree)) = self.case.facts.policy.vocabulary.taxonomy("data_category") else {
            return unknown;
        };
        let Some(categories) = field.get("category") else { return unknown };
        match self.case.facts.nodes(categories, id, "contact.fields") {
            Val::Nodes(n) => V::of(n.iter().all(|n| only.iter().any(|o| is_under(tree, *n, *o)))),
            Val::Unknown(m) => V::U(m),
            _ => unknown,
        }
    }

    fn needed_fields(&self, only: &[NodeId]) -> V {
        let fields = self.case.facts.request.get("contact").and_then(|c| c.get("fields"));
        let Some(fields) = fields else { return V::lacks("contact.fields") };
        V::all(each(fields).map(|f| {
            let needed = match f.get("needed").and_then(Json::as_bool) {
                Some(b) => V::of(b),
                None => V::lacks("contact.fields"),
            };
            needed.not().or(self.discloses(f, only))
        }))
    }

    /// Every category that chose or fitted the contact is under one of those.
    fn used_data(&self, only: &[NodeId]) -> V {
        let name = "contact.data";
        let vocabulary = &self.case.facts.policy.vocabulary;
        let Some((id, tree)) = vocabulary.taxonomy("data_category") else { return V::T };
        let Some(json) = self.case.facts.request.get("contact").and_then(|c| c.get("data")) else {
            return V::lacks(name);
        };
        match self.case.facts.nodes(json, id, name) {
            Val::Nodes(n) => V::of(n.iter().all(|n| only.iter().any(|o| is_under(tree, *n, *o)))),
            Val::Unknown(m) => V::U(m),
            _ => V::T,
        }
    }

    /// Some consent question in the condition meets a refusal that nothing lifts.
    fn refused_inside(&self, c: &CondAt) -> bool {
        match &c.cond {
            Cond::All(p) | Cond::Any(p) => p.iter().any(|c| self.refused_inside(c)),
            Cond::Not(c) | Cond::Known(c) => self.refused_inside(c),
            Cond::Consent(q) => match q.level {
                Levels::AtLeast(l) => self.plainly_refused(Some(l), q.purpose, &q.reaches),
                Levels::Fact(_) => self.plainly_refused(None, q.purpose, &q.reaches),
            },
            Cond::Refused(q) => self.plainly_refused(q.renewed, q.purpose, &q.reaches),
            _ => false,
        }
    }
}
