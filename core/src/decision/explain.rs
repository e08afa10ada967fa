//! The explanation: every rule asked, each of its conditions with its answer, as written.

use super::from_answer::{names, verified};
use super::sweep::{State, Sweep};
use super::words::Words;
use crate::eval::{Support, V, Why};
use crate::program::{Code, NodeIx, RuleCode};
use crate::taxonomy::NodeId;
use crate::typed::{Cond, CondAt, Include, Rule};
use crate::wire::decision::Finding;
use crate::wire::explain::{Asked, ExemptionExplained, Explanation, RuleExplained};

/// What asking a rule for coverage showed.
pub(crate) struct Seen {
    pub state: State,
    /// In some zone, of some record.
    pub applies: bool,
    /// It is known not to apply, in any zone, of any record.
    pub idle: bool,
    pub exemptions: Vec<(u32, bool)>,
}

impl<'a> Sweep<'a> {
    /// Every rule, asked.
    pub(crate) fn explanation(&mut self, words: Words<'a>) -> Explanation {
        let decision = self.decision(words, true);
        let mut rules: Vec<(u32, RuleExplained)> = Vec::new();
        let mut not_applicable = Vec::new();
        for r in &words.p.rules {
            let Some(rule) = words.p.typed_rule(r.rule) else { continue };
            match self.rule_explained(words, r, rule) {
                Some(e) => rules.push((r.rule, e)),
                None => not_applicable.push(rule.id.clone()),
            }
        }
        rules.sort_by_key(|x| x.0);
        not_applicable.sort();
        let refusals = self.refusals(words, &decision);
        Explanation { decision, refusals, rules: rules.into_iter().map(|x| x.1).collect(), not_applicable }
    }

    fn rule_explained(&mut self, words: Words<'a>, r: &'a RuleCode, rule: &'a Rule) -> Option<RuleExplained> {
        let (state, _) = self.ask(r, self.e.facts.at.0);
        let lanes = self.e.all;
        let applies = self.e.val(r.applies);
        if r.each.is_none() && applies.f & lanes == lanes {
            return None;
        }
        if r.each.is_some() && state == State::Free {
            return None;
        }
        let mut out = RuleExplained {
            rule: rule.id.clone(),
            pack: words.p.policy.packs.get(rule.pack as usize).map_or_else(String::new, |p| p.name.clone()),
            doc: rule.doc.clone(),
            finding: Finding::Satisfied,
            sentence: words.template(&rule.because),
            citations: rule.law.cites.clone(),
            verified: rule.law.verified.map(verified),
            since: rule.since.map(|d| d.to_string()),
            until: rule.until.map(|d| d.to_string()),
            conditions: Vec::new(),
            exemptions: Vec::new(),
            looked_at: Vec::new(),
        };
        let requires = self.e.val(r.requires);
        out.finding = match state {
            State::Violated => Finding::Violated,
            State::Undetermined => Finding::Undetermined,
            State::Free if requires.t & lanes == lanes || r.each.is_some() => Finding::Satisfied,
            State::Free => Finding::Exempted,
        };
        let support = if state == State::Violated {
            self.support(r)
        } else {
            let mut s = Support::default();
            self.e.support(r.applies, lanes, &mut s);
            self.e.support(r.requires, lanes, &mut s);
            s
        };
        out.looked_at = words.support(&support, &self.e);
        if state == State::Violated {
            out.looked_at.extend(self.incomplete(words, r));
        }
        if !matches!(rule.when.cond, Cond::Const(_))
            && let Some(node) = self.last_kid(r.applies, rule.when.id.0)
        {
            out.conditions.push(self.asked(words, "when", &rule.when, node, lanes));
        }
        for (part, c) in r.parts.iter().zip(&rule.requires) {
            let one = self.asked(words, "require", c, *part, lanes);
            out.conditions.push(one);
        }
        let content = r.parts.iter().skip(rule.requires.len());
        self.content(words, content, &rule.includes, lanes, &mut out.conditions);
        if requires.t & lanes != lanes {
            for (x, u) in r.unless.iter().zip(&rule.unless) {
                let Some(e) = words.p.policy.exemptions.get(x.exemption as usize) else { continue };
                let v = self.e.val(x.holds);
                let finding = match answer(v, lanes) {
                    "true" => Finding::Satisfied,
                    "false" | "differs" => Finding::Violated,
                    _ => Finding::Undetermined,
                };
                let mut conditions = Vec::new();
                let written: Vec<(&str, &CondAt)> = u
                    .when
                    .iter()
                    .map(|c| ("when", c))
                    .chain(std::iter::once(("when", &e.when)))
                    .chain(e.provided.iter().map(|c| ("provided", c)))
                    .collect();
                let elements: usize = e.includes.iter().map(|i| i.elements.len()).sum();
                let skip = x.parts.len().saturating_sub(written.len() + elements);
                let mut parts = x.parts.iter().skip(skip);
                for (clause, c) in written {
                    let Some(part) = parts.next() else { break };
                    if !matches!(c.cond, Cond::Const(true)) {
                        conditions.push(self.asked(words, clause, c, *part, lanes));
                    }
                }
                self.content(words, parts, &e.includes, lanes, &mut conditions);
                out.exemptions.push(ExemptionExplained {
                    id: e.id.clone(),
                    finding,
                    citations: e.law.cites.clone(),
                    conditions,
                });
            }
        }
        Some(out)
    }

    /// The node of a written condition among the first levels below another.
    fn last_kid(&self, ix: NodeIx, id: u32) -> Option<NodeIx> {
        self.nodes_under(ix)
            .into_iter()
            .find(|n| self.e.p.written.get(*n as usize).is_some_and(|w| w.is_some_and(|w| w.0 == id)))
    }

    fn content<'b>(
        &mut self,
        words: Words<'a>,
        parts: impl Iterator<Item = &'b NodeIx>,
        includes: &[Include],
        lanes: u32,
        out: &mut Vec<Asked>,
    ) {
        let tree = words.p.policy.vocabulary.taxonomy("content_element").map(|t| t.1);
        let labels = includes.iter().flat_map(|i| {
            let when = i.when.as_ref().map_or_else(String::new, |c| format!(" when {}", words.cond(c)));
            let name = move |n: &NodeId| format!("{}{when}", tree.map_or("?", |t| t.name_of(*n)));
            i.elements.iter().map(name)
        });
        for (part, label) in parts.zip(labels) {
            let v = self.e.val(*part);
            out.push(Asked {
                clause: "include".to_string(),
                text: label,
                answer: answer(v, lanes).to_string(),
                missing: self.missed(words, *part, lanes),
                parts: Vec::new(),
            });
        }
    }

    fn missed(&mut self, words: Words<'a>, ix: NodeIx, lanes: u32) -> Vec<String> {
        let mut why = Why::default();
        self.e.missing(ix, lanes, &mut why);
        names(words, &why)
    }

    /// A condition with its answer, and what is inside it.
    fn asked(&mut self, words: Words<'a>, clause: &str, c: &CondAt, ix: NodeIx, lanes: u32) -> Asked {
        let v = self.e.val(ix);
        let kids: Vec<NodeIx> = match self.e.p.nodes.get(ix as usize) {
            Some(Code::All(k) | Code::Any(k)) => self.e.written_kids(*k),
            _ => Vec::new(),
        };
        let parts = match &c.cond {
            Cond::All(list) | Cond::Any(list) if list.len() == kids.len() && list.len() > 1 => {
                let joined = if matches!(c.cond, Cond::All(_)) { "and" } else { "or" };
                list.iter().zip(kids).map(|(c, k)| self.asked(words, joined, c, k, lanes)).collect()
            }
            _ => Vec::new(),
        };
        // Where the parts follow, saying them twice helps nobody.
        let text = match &c.cond {
            Cond::All(_) if !parts.is_empty() => "all of these".to_string(),
            Cond::Any(_) if !parts.is_empty() => "any of these".to_string(),
            _ => words.cond(c),
        };
        Asked {
            clause: clause.to_string(),
            text,
            answer: answer(v, lanes).to_string(),
            missing: self.missed(words, ix, lanes),
            parts,
        }
    }

    /// Asks a rule in written order, for coverage.
    pub(crate) fn cover(&mut self, r: &'a RuleCode, t: i64) -> Seen {
        self.e.t = t;
        let (lanes, _) = self.e.lanes(r.clock);
        self.e.all = lanes;
        let mut out = Seen { state: State::Free, applies: false, idle: true, exemptions: Vec::new() };
        let known = self.each(r, |s| {
            let applies = s.e.val(r.applies);
            if applies.f & lanes == lanes {
                return;
            }
            out.applies |= applies.t & lanes != 0;
            let requires = s.e.val(r.requires);
            let mut open = lanes & !applies.f & !requires.t;
            let mut certain = applies.t & requires.f & lanes;
            // An exemption of a rule that asks nothing but content and data takes away what it owes.
            let mut owes = if r.demands { open } else { lanes & !applies.f };
            for x in &r.unless {
                if owes == 0 {
                    break;
                }
                let v = s.e.val(x.holds);
                out.exemptions.push((x.exemption, v.t & owes != 0));
                owes &= !v.t;
                open &= !v.t;
                certain &= v.f;
            }
            if r.demands || owes != 0 {
                out.idle = false;
            }
            if open == 0 {
                return;
            }
            out.state = out.state.max(if certain != 0 { State::Violated } else { State::Undetermined });
        });
        if known.is_none() {
            out.state = State::Undetermined;
            out.idle = false;
        }
        out
    }
}

fn answer(v: V, lanes: u32) -> &'static str {
    if v.t & lanes == lanes {
        "true"
    } else if v.f & lanes == lanes {
        "false"
    } else if v.t & lanes != 0 || v.f & lanes != 0 {
        "differs"
    } else {
        "unknown"
    }
}
