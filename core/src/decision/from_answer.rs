//! The step from the sweep's numbers to the answer on the wire: names, sentences, citations, evidence.

use super::owed::{Owed, Says};
use super::sweep::{Answer, Blocking, Clears, State, Sweep, Verdict};
use super::words::Words;
use crate::eval::Why;
use crate::facts::Slot;
use crate::program::{Code, DutyCode, DutySource, ExemptionCode, NodeIx, RuleCode, Said};
use crate::sorted::Sorted;
use crate::taxonomy::NodeId;
use crate::time::Instant;
use crate::typed::{CondAt, Kind, Rule, Unless, Verified};
use crate::wire::decision as wire;

impl<'a> Sweep<'a> {
    /// The decision, with everything that blocks and why.
    pub(crate) fn decision(&mut self, words: Words<'a>, full: bool) -> wire::Decision {
        let answer = self.answer();
        let mut reasons: Vec<wire::Reason> = Vec::new();
        let mut missing = Sorted::new();
        for b in &answer.blocking {
            if let Some(reason) = self.reason(words, b) {
                missing.extend(reason.missing.iter().cloned());
                reasons.push(reason);
            }
        }
        if full {
            for n in self.candidates() {
                if !answer.blocking.iter().any(|b| b.rule == n) {
                    reasons.extend(self.passing(words, n));
                }
            }
        }
        reasons.sort_by(|a, b| a.rule.cmp(&b.rule));
        let at = Instant(self.e.facts.at.0);
        let (outcome, until) = match answer.verdict {
            Verdict::Allow => (wire::Outcome::Allow, None),
            Verdict::Defer(u) => (wire::Outcome::Defer, Some(Instant(u))),
            Verdict::Deny => (wire::Outcome::Deny, None),
        };
        let until_local = until.and_then(|u| {
            self.e.t = u.0;
            let local = self.e.shown_zone().map(|z| u.format_in(z));
            self.e.t = self.e.facts.at.0;
            local
        });
        wire::Decision {
            outcome,
            at: at.to_string(),
            until: until.map(|u| u.to_string()),
            until_local,
            valid_until: match answer.valid_until {
                Some(t) => wire::Validity::Until(Instant(t).to_string()),
                None => wire::Validity::Open,
            },
            reasons,
            obligations: self.obligations(words, &answer),
            fields: self.fields(words, &answer),
            missing: missing.into_iter().collect(),
            taken_as: self.taken_as(words),
            warnings: self
                .e
                .facts
                .warnings
                .iter()
                .map(|w| wire::Warning {
                    code: w.code.to_string(),
                    path: w.path.clone(),
                    message: w.message.clone(),
                })
                .collect(),
            evidence: Some(evidence(words)),
        }
    }

    /// The outcome alone, on the wire.
    pub(crate) fn outcome_only(&mut self) -> wire::Decision {
        let (outcome, until) = match self.verdict() {
            Verdict::Allow => (wire::Outcome::Allow, None),
            Verdict::Defer(u) => (wire::Outcome::Defer, Some(Instant(u).to_string())),
            Verdict::Deny => (wire::Outcome::Deny, None),
        };
        wire::Decision {
            outcome,
            at: self.e.facts.at.to_string(),
            until,
            until_local: None,
            valid_until: wire::Validity::Unasked,
            reasons: Vec::new(),
            obligations: Vec::new(),
            fields: wire::Fields::default(),
            missing: Vec::new(),
            taken_as: Vec::new(),
            warnings: Vec::new(),
            evidence: None,
        }
    }

    fn head(words: Words<'a>, r: &RuleCode) -> Option<(&'a Rule, wire::Reason)> {
        let rule = words.p.typed_rule(r.rule)?;
        Some((
            rule,
            wire::Reason {
                rule: rule.id.clone(),
                pack: words
                    .p
                    .policy
                    .packs
                    .get(rule.pack as usize)
                    .map_or_else(String::new, |p| p.name.clone()),
                finding: wire::Finding::Satisfied,
                kind: None,
                refused_by: Vec::new(),
                sentence: words.template(&rule.because),
                citations: rule.law.cites.clone(),
                verified: rule.law.verified.map(verified),
                looked_at: Vec::new(),
                exemptions: Vec::new(),
                missing: Vec::new(),
                clears: None,
                would_change: Vec::new(),
            },
        ))
    }

    fn reason(&mut self, words: Words<'a>, b: &Blocking) -> Option<wire::Reason> {
        let r = words.p.rules.get(b.rule as usize)?;
        let (rule, mut out) = Self::head(words, r)?;
        let clears = self.clears(r);
        // Everything below speaks of the instant asked about.
        self.ask(r, self.e.facts.at.0);
        out.finding =
            if b.state == State::Violated { wire::Finding::Violated } else { wire::Finding::Undetermined };
        out.kind =
            Some(if b.state == State::Violated { self.kind(r) } else { wire::ReasonKind::MissingFact });
        out.missing = names(words, &b.missing);
        out.clears = Some(match clears {
            Clears::At(t) => wire::Clears::At(Instant(t).to_string()),
            Clears::Never => wire::Clears::Never(true),
            Clears::NotBefore(t) => wire::Clears::NotBefore(Instant(t).to_string()),
        });
        if b.state == State::Violated {
            let mut support = self.support(r);
            if r.kind == Kind::Consent && out.kind == Some(wire::ReasonKind::Refused) {
                self.e.rest_on_refusals(&mut support);
            }
            out.looked_at = words.support(&support, &self.e);
            out.looked_at.extend(self.incomplete(words, r));
            out.would_change = self.would_change(words, r, rule);
            out.refused_by = self.refused_by(words, r);
        }
        out.exemptions = self.tried(words, r, rule);
        Some(out)
    }

    /// A rule that does not block, for those who ask for everything.
    fn passing(&mut self, words: Words<'a>, n: u32) -> Option<wire::Reason> {
        let r = words.p.rules.get(n as usize)?;
        let (rule, mut out) = Self::head(words, r)?;
        self.ask(r, self.e.facts.at.0);
        let lanes = self.e.all;
        let applies = self.e.val(r.applies);
        if applies.f & lanes == lanes && r.each.is_none() {
            return None;
        }
        let requires = self.e.val(r.requires);
        if requires.t & lanes != lanes && r.each.is_none() {
            out.finding = wire::Finding::Exempted;
            out.exemptions = self.tried(words, r, rule);
        }
        let mut support = crate::eval::Support::default();
        self.e.support(r.blocks, lanes, &mut support);
        out.looked_at = words.support(&support, &self.e);
        out.looked_at.extend(self.relied_on(words, r, lanes));
        Some(out)
    }

    /// The instruments that a passing rule or its exemptions rely on, with their citations.
    fn relied_on(&mut self, words: Words<'a>, r: &'a RuleCode, lanes: u32) -> Vec<wire::LookedAt> {
        let mut out = Vec::new();
        for ix in self.nodes_under(r.blocks) {
            let Some(Code::Consent(q)) = self.e.p.nodes.get(ix as usize) else { continue };
            let instrument = words.p.consents.get(*q as usize).and_then(|q| q.instrument);
            let Some(i) = instrument.and_then(|i| words.p.policy.instruments.get(i as usize)) else {
                continue;
            };
            if self.e.val(ix).t & lanes == lanes {
                let value = if i.law.cites.is_empty() {
                    "valid".to_string()
                } else {
                    format!("valid ({})", i.law.cites.join(", "))
                };
                out.push(wire::LookedAt { fact: format!("instrument {}", i.id), value });
            }
        }
        out.dedup();
        out
    }

    /// The documents on record that lack an element which a blocking rule or its exemptions ask for, and which one.
    pub(super) fn incomplete(&mut self, words: Words<'a>, r: &'a RuleCode) -> Vec<wire::LookedAt> {
        let mut lacking: Sorted<(usize, usize)> = Sorted::new();
        for ix in self.nodes_under(r.blocks) {
            let Some(Code::Consent(q)) = self.e.p.nodes.get(ix as usize).copied() else { continue };
            let Some(i) = words.p.consents.get(q as usize).and_then(|q| q.instrument) else { continue };
            lacking.extend(self.e.lacking(q).into_iter().map(|element| (usize::from(i), element)));
        }
        let mut out = Vec::new();
        for elements in lacking.chunk_by(|a, b| a.0 == b.0) {
            let i = elements.first().and_then(|(i, _)| words.p.policy.instruments.get(*i));
            let Some(i) = i else { continue };
            let named = elements.iter().filter_map(|(_, n)| i.elements.get(*n)).map(|it| {
                let cites = it.cites.join(", ");
                if cites.is_empty() { it.name.clone() } else { format!("{} ({cites})", it.name) }
            });
            let named = named.collect::<Vec<_>>().join(", ");
            if !named.is_empty() {
                out.push(wire::LookedAt {
                    fact: format!("instrument {}", i.id),
                    value: format!("lacks {named}"),
                });
            }
        }
        out
    }

    /// The reason's kind: fixed per rule, and for consent by the person's own refusals, which time does not change.
    fn kind(&mut self, r: &RuleCode) -> wire::ReasonKind {
        match r.kind {
            Kind::Refused => wire::ReasonKind::Refused,
            Kind::NoBasis => wire::ReasonKind::NoBasis,
            Kind::MissingFact => wire::ReasonKind::MissingFact,
            Kind::Timing => wire::ReasonKind::Timing,
            Kind::TooOften => wire::ReasonKind::TooOften,
            Kind::Content => wire::ReasonKind::Content,
            Kind::Consent => {
                let questions = self.nodes_under(r.requires);
                let refused = questions.into_iter().any(|ix| self.e.refused_for_good(ix));
                if refused { wire::ReasonKind::Refused } else { wire::ReasonKind::NoBasis }
            }
        }
    }

    /// Every node below one, itself included, in written order.
    pub(super) fn nodes_under(&self, ix: NodeIx) -> Vec<NodeIx> {
        let (mut out, mut stack) = (Vec::new(), vec![ix]);
        while let Some(ix) = stack.pop() {
            out.push(ix);
            match self.e.p.nodes.get(ix as usize) {
                Some(Code::All(k) | Code::Any(k)) => stack.extend(self.e.written_kids(*k).into_iter().rev()),
                Some(Code::Not(k) | Code::Known(k)) => stack.push(*k),
                _ => {}
            }
        }
        out
    }

    /// Each exemption tried and what it lacked.
    fn tried(&mut self, words: Words<'a>, r: &'a RuleCode, rule: &'a Rule) -> Vec<wire::Tried> {
        let lanes = self.e.all;
        let said = words.p.said.get(r.rule, || said(words, r, rule));
        let labels = said.map_or(&[][..], |said| &said.exemptions);
        let mut out = Vec::new();
        for ((x, _), labels) in r.unless.iter().zip(&rule.unless).zip(labels) {
            let Some(e) = words.p.policy.exemptions.get(x.exemption as usize) else { continue };
            let v = self.e.val(x.holds);
            let finding = if v.t & lanes == lanes {
                wire::Finding::Satisfied
            } else if v.f & lanes != 0 {
                wire::Finding::Violated
            } else {
                wire::Finding::Undetermined
            };
            let mut lacked = Vec::new();
            for (n, part) in x.parts.iter().enumerate() {
                let v = self.e.val(*part);
                if v.t & lanes != lanes
                    && let Some(label) = labels.get(n)
                {
                    lacked.push(label.to_string());
                }
            }
            out.push(wire::Tried { id: e.id.clone(), finding, citations: e.law.cites.clone(), lacked });
        }
        out
    }

    /// Each single leaf whose other answer would free the rule.
    fn would_change(&mut self, words: Words<'a>, r: &RuleCode, rule: &'a Rule) -> Vec<String> {
        if r.each.is_some() {
            return Vec::new();
        }
        let lanes = self.e.all;
        let Some(said) = words.p.said.get(r.rule, || said(words, r, rule)) else { return Vec::new() };
        let mut out = Vec::new();
        for leaf in self.nodes_under(r.blocks).into_iter().take(256) {
            if matches!(
                self.e.p.nodes.get(leaf as usize),
                Some(Code::All(_) | Code::Any(_) | Code::Not(_) | Code::Known(_) | Code::Const(_)) | None
            ) {
                continue;
            }
            let v = self.e.val(leaf);
            if v.t & lanes == 0 && v.f & lanes == 0 {
                continue;
            }
            let f = self.flipped(r.blocks, leaf);
            if f & lanes != lanes {
                continue;
            }
            let Some(Some(id)) = self.e.p.written.get(leaf as usize) else { continue };
            let Some(text) = said.condition(id.0) else { continue };
            out.push(if v.t & lanes == lanes { format!("not ({text})") } else { text.to_string() });
        }
        out.dedup();
        out
    }

    /// The lanes in which a node would be false if one leaf answered the other way round.
    fn flipped(&mut self, ix: NodeIx, leaf: NodeIx) -> u32 {
        self.flip_masks(ix, leaf).1
    }

    fn flip_masks(&mut self, ix: NodeIx, leaf: NodeIx) -> (u32, u32) {
        if ix == leaf {
            let v = self.e.val(ix);
            return (v.f, v.t);
        }
        let all = self.e.all;
        match self.e.p.nodes.get(ix as usize) {
            Some(Code::All(k)) => self.e.written_kids(*k).into_iter().fold((all, 0), |(t, f), kid| {
                let v = self.flip_masks(kid, leaf);
                (t & v.0, f | v.1)
            }),
            Some(Code::Any(k)) => self.e.written_kids(*k).into_iter().fold((0, all), |(t, f), kid| {
                let v = self.flip_masks(kid, leaf);
                (t | v.0, f & v.1)
            }),
            Some(Code::Not(k)) => {
                let (t, f) = self.flip_masks(*k, leaf);
                (f, t)
            }
            Some(Code::Known(k)) => {
                let (t, _) = self.flip_masks(*k, leaf);
                (t, all & !t)
            }
            _ => {
                let v = self.e.val(ix);
                (v.t, v.f)
            }
        }
    }

    fn obligations(&self, words: Words<'a>, answer: &Answer) -> Vec<wire::Obligation> {
        let mut out: Vec<wire::Obligation> =
            answer.duties.iter().filter_map(|owed| self.obligation(words, owed)).collect();
        out.sort();
        out
    }

    fn obligation(&self, words: Words<'a>, owed: &Owed) -> Option<wire::Obligation> {
        let p = words.p;
        let code = p.duties.get(owed.duty as usize)?;
        let (DutyCode::Include { source, .. } | DutyCode::Oblige { source, .. }) = code;
        let (rule, cites) = match source {
            DutySource::Rule(n) => p.typed_rule(*n).map(|r| (&r.id, &r.law.cites))?,
            DutySource::Exemption(n) => {
                p.policy.exemptions.get(*n as usize).map(|e| (&e.id, &e.law.cites))?
            }
        };
        let (id, own) = match code {
            DutyCode::Include { element, .. } => {
                let tree = p.policy.vocabulary.taxonomy("content_element")?.1;
                (tree.name_of(*element), None)
            }
            DutyCode::Oblige { oblige, .. } => {
                let act = self.act(*source, *oblige)?;
                (act.id.as_str(), Some(&act.cites).filter(|own| !own.is_empty()))
            }
        };
        Some(wire::Obligation {
            id: id.to_string(),
            value: if let Says::Value(value) = &owed.says { Some(value.clone()) } else { None },
            unknown: owed.says == Says::Unknown,
            rule: rule.clone(),
            citations: own.unwrap_or(cites).clone(),
        })
    }

    fn fields(&mut self, words: Words<'a>, answer: &Answer) -> wire::Fields {
        let mut out = wire::Fields::default();
        let Some(fact) = words.p.known.fields else { return out };
        let Slot::Records(fields) = words.facts.slot(fact) else { return out };
        for (n, field) in fields.iter().enumerate() {
            let name = match field.first() {
                Some(Slot::Text(t)) => words.facts.texts.text(*t).to_string(),
                _ => format!("#{}", n + 1),
            };
            match answer.withheld.iter().find(|x| x.0 == n as u32) {
                None => out.allowed.push(name),
                Some((_, rules)) => {
                    let mut ids: Vec<String> = rules
                        .iter()
                        .filter_map(|r| words.p.rules.get(*r as usize))
                        .filter_map(|r| words.p.typed_rule(r.rule))
                        .map(|r| r.id.clone())
                        .collect();
                    ids.sort();
                    out.withheld.push(wire::Withheld { name, rules: ids });
                }
            }
        }
        out.allowed.sort();
        out.withheld.sort();
        out
    }
}

/// What a rule and its exemptions ask, in words.
fn said(words: Words<'_>, r: &RuleCode, rule: &Rule) -> Said {
    let conditions = conditions(words, rule).into_iter();
    let conditions = conditions.map(|(id, c)| (id, words.cond(c))).collect();
    let exemptions = r.unless.iter().zip(&rule.unless).map(|(x, u)| labels(words, x, u)).collect();
    Said { conditions, exemptions }
}

/// What an exemption asks, in the order of its lowered parts: dates, the rule's own `when`, the exemption's, what it provides,
/// content.
fn labels(words: Words<'_>, x: &ExemptionCode, u: &Unless) -> Vec<Box<str>> {
    let Some(e) = words.p.policy.exemptions.get(x.exemption as usize) else { return Vec::new() };
    let written = u.when.iter().chain([&e.when]).chain(&e.provided);
    let mut labels: Vec<Box<str>> = written.map(|c| words.cond(c)).collect();
    let included: usize = e.includes.iter().map(|i| i.elements.len()).sum();
    if x.parts.len() > labels.len() + included {
        labels.insert(0, Box::from("in force"));
    }
    let elements = words.p.policy.vocabulary.taxonomy("content_element").map(|t| t.1);
    for i in &e.includes {
        let name = |n: &NodeId| elements.map_or("?", |t| t.name_of(*n));
        labels.extend(i.elements.iter().map(|n| format!("include {}", name(n)).into_boxed_str()));
    }
    labels
}

/// Every condition of a rule and of its exemptions by number.
fn conditions<'p>(words: Words<'p>, rule: &'p Rule) -> Vec<(u32, &'p CondAt)> {
    let mut out: Vec<(u32, &CondAt)> = Vec::new();
    let mut stack: Vec<&CondAt> = vec![&rule.when];
    stack.extend(&rule.requires);
    stack.extend(rule.includes.iter().filter_map(|i| i.when.as_ref()));
    for u in &rule.unless {
        stack.extend(&u.when);
        if let Some(e) = words.p.policy.exemptions.get(u.exemption) {
            stack.push(&e.when);
            stack.extend(&e.provided);
        }
    }
    while let Some(c) = stack.pop() {
        out.push((c.id.0, c));
        stack.extend(c.form().1);
    }
    // What is defined once and used twice has one number; whichever was come by last stands for it.
    out.reverse();
    out.sort_by_key(|known| known.0);
    out.dedup_by_key(|known| known.0);
    out
}

pub(super) fn names(words: Words<'_>, why: &Why) -> Vec<String> {
    let mut out: Vec<String> = why.iter().filter_map(|n| words.p.missing.get(n as usize).cloned()).collect();
    out.sort();
    out.dedup();
    out
}

pub(super) fn verified(v: Verified) -> String {
    match v {
        Verified::Text => "text",
        Verified::Secondary => "secondary",
        Verified::Unverified => "unverified",
    }
    .to_string()
}

fn evidence(words: Words<'_>) -> wire::Evidence {
    wire::Evidence {
        engine: env!("CARGO_PKG_VERSION").to_string(),
        packs: words
            .p
            .policy
            .packs
            .iter()
            .map(|p| wire::PackDigest {
                name: p.name.clone(),
                edition: p.edition.clone(),
                digest: p.digest.clone(),
            })
            .collect(),
        settings: (0..words.p.policy.settings.len()).map(|n| words.setting(n)).collect(),
        facts: words.facts.digest_hex(),
        zones: wire::ZoneData {
            edition: words.p.policy.zones.edition().to_string(),
            digest: words.p.policy.zones.digest().to_string(),
        },
        known_at: words.facts.known_at.to_string(),
    }
}
