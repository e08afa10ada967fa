//! What `known that` settled: each unknown that a rule leans on having taken as not known, so that no use goes unseen.

use super::from_answer::names;
use super::sweep::Sweep;
use super::words::Words;
use crate::eval::Why;
use crate::facts::ConsentKind;
use crate::program::{Code, MomentCode, NO_NODE, NodeIx, Program};
use crate::typed::EventList;
use crate::wire::decision as wire;

/// A condition on events of a list, of consents those of one kind, if it asks one kind only.
#[derive(Clone, Copy)]
struct OfEvents {
    list: EventList,
    kind: Option<ConsentKind>,
    filter: NodeIx,
}

impl<'a> Sweep<'a> {
    /// Unknowns that `known that` settled, in the rules that may apply.
    pub(super) fn taken_as(&mut self, words: Words<'a>) -> Vec<wire::TakenAs> {
        let mut out = Vec::new();
        for n in self.candidates() {
            let Some(r) = words.p.rules.get(n as usize) else { continue };
            let known: Vec<NodeIx> = self
                .nodes_under(r.blocks)
                .into_iter()
                .filter_map(|ix| match words.p.nodes.get(ix as usize) {
                    Some(Code::Known(k)) => Some(*k),
                    _ => None,
                })
                .collect();
            let of_events = self.known_of_events(words.p, r.blocks);
            if known.is_empty() && of_events.is_empty() || r.each.is_some() {
                continue;
            }
            self.ask(r, self.e.facts.at.0);
            let lanes = self.e.all;
            let applies = self.e.val(r.applies);
            if applies.f & lanes == lanes
                && !self.nodes_under(r.applies).iter().any(
                    |ix| matches!(words.p.nodes.get(*ix as usize), Some(Code::Known(k)) if known.contains(k)),
                )
            {
                continue;
            }
            let Some(rule) = words.p.typed_rule(r.rule) else { continue };
            let mut settled: Vec<Why> = Vec::new();
            for k in known {
                let mut why = Why::default();
                self.e.missing(k, lanes, &mut why);
                settled.push(why);
            }
            for (of, k) in of_events {
                settled.push(self.e.missing_of_events(of.list, of.kind, k));
            }
            for why in settled {
                out.extend(names(words, &why).into_iter().map(|fact| wire::TakenAs {
                    fact,
                    rule: rule.id.clone(),
                    citations: rule.law.cites.clone(),
                }));
            }
        }
        out.sort();
        out.dedup();
        out
    }

    /// Each `known that` which a condition on events asks, below a node.
    fn known_of_events(&self, p: &Program, ix: NodeIx) -> Vec<(OfEvents, NodeIx)> {
        let mut out = Vec::new();
        for ix in self.nodes_under(ix) {
            let Some(code) = p.nodes.get(ix as usize) else { continue };
            for of in conditions_on_events(p, code) {
                for ix in self.nodes_under(of.filter) {
                    if let Some(Code::Known(k)) = p.nodes.get(ix as usize) {
                        out.push((of, *k));
                    }
                }
            }
        }
        out
    }
}

/// The conditions that a question asks of events.
fn conditions_on_events(p: &Program, code: &Code) -> Vec<OfEvents> {
    let of = |list, kind, filter| OfEvents { list, kind, filter };
    let consents = |kind, filter| of(EventList::Consents, Some(kind), filter);
    let mut out = Vec::new();
    match *code {
        Code::Consent(n) => {
            let Some(q) = p.consents.get(n as usize) else { return out };
            out.push(consents(ConsentKind::Grant, q.filter));
            out.extend(q.reaches.iter().map(|it| consents(ConsentKind::Revoke, it.filter)));
            if let Some(form) = q.instrument.and_then(|n| p.instruments.get(usize::from(n))) {
                let asked = form.elements.iter().map(|it| it.1).chain(form.void.iter().copied());
                out.extend(asked.map(|it| consents(ConsentKind::Grant, it)));
            }
        }
        Code::Refused(n) => {
            let Some(q) = p.refusals.get(n as usize) else { return out };
            out.push(consents(ConsentKind::Revoke, q.filter));
            out.push(consents(ConsentKind::Grant, q.renewed_filter));
            out.extend(q.reaches.iter().map(|it| consents(ConsentKind::Revoke, it.filter)));
        }
        Code::Count(n) => {
            out.extend(p.counts.get(n as usize).map(|q| of(q.events.list, None, q.events.filter)));
        }
        Code::EventWhere(_, list, filter) => out.push(of(list, None, filter)),
        Code::Before(m)
        | Code::From(m)
        | Code::LocalDaysOf(m, ..)
        | Code::NoLaterThan(m, ..)
        | Code::Passed(m, ..) => {
            if let Some(MomentCode::Latest(set)) = p.moments.get(m as usize) {
                out.push(of(set.list, None, set.filter));
            }
        }
        _ => {}
    }
    out.retain(|it| it.filter != NO_NODE);
    out
}
