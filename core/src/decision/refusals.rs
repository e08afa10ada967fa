//! Reasons that rest on one act of the person. Many rules may heed one stop, each by itself (law 1); people are told of the
//! stop once, with the rule that it breaks most plainly, and of the others beside it.

use super::sweep::Sweep;
use super::words::Words;
use crate::facts::TextId;
use crate::program::{Code, NodeIx, RuleCode};
use crate::sorted::Sorted;
use crate::time::Instant;
use crate::wire::decision::{Decision, Refusal};
use crate::wire::explain::RefusalExplained;

/// A rule that a refusal breaks: how plainly, its place, its pack and its name, in the order of which it is told.
type Breach<'a> = (u8, u32, u16, &'a str);

impl<'a> Sweep<'a> {
    /// The revocations that stand behind a rule's questions about consent, newest first.
    pub(super) fn refused_by(&mut self, words: Words<'a>, r: &RuleCode) -> Vec<Refusal> {
        let mut rows = Sorted::new();
        if r.each.is_none() {
            for ix in self.nodes_under(r.applies).into_iter().chain(self.nodes_under(r.requires)) {
                rows.extend(self.e.standing(ix));
            }
        }
        let events = &words.facts.consents.events;
        let zone = self.e.shown_zone();
        let mut out: Vec<Refusal> = rows
            .into_iter()
            .map(|row| {
                let text = |id: &TextId| words.facts.texts.text(*id).to_string();
                let at = words.facts.consents.items.get(row as usize).and_then(|it| {
                    if it.lo == it.hi {
                        return Some(it.lo.to_string());
                    }
                    if it.lo == Instant::MIN || it.hi == Instant::MAX {
                        return None;
                    }
                    // Known to the day: the noon of it is the same day wherever its ends are.
                    let noon = Instant(it.lo.0 + (it.hi.0 - it.lo.0) / 2);
                    let day = zone.map_or_else(|| noon.to_string(), |z| noon.format_in(z));
                    day.split_once('T').map(|(day, _)| day.to_string())
                });
                Refusal { id: events.ids.get(row as usize).and_then(Option::as_ref).map(text), at }
            })
            .collect();
        out.dedup();
        out
    }

    /// The reasons that rest on a refusal, gathered by the newest act that each names.
    pub(super) fn refusals(&mut self, words: Words<'a>, decision: &Decision) -> Vec<RefusalExplained> {
        let mut acts: Sorted<(&Refusal, Breach<'_>)> = Sorted::new();
        for reason in &decision.reasons {
            let Some(act) = reason.refused_by.first() else { continue };
            let found = words
                .p
                .rules
                .iter()
                .find(|r| words.p.typed_rule(r.rule).is_some_and(|rule| rule.id == reason.rule));
            let Some((r, rule)) = found.and_then(|r| Some((r, words.p.typed_rule(r.rule)?))) else {
                continue;
            };
            let plainly = self.how_plainly(r);
            acts.insert((act, (plainly, r.rule, rule.pack, &reason.rule)));
        }
        let mut out: Vec<RefusalExplained> = Vec::new();
        for rules in acts.chunk_by(|a, b| a.0 == b.0) {
            let Some((act, _)) = rules.first() else { continue };
            let mut packs = Sorted::new();
            let (breaks, also) =
                rules.iter().map(|it| it.1).partition::<Vec<_>, _>(|rule| packs.insert(rule.2));
            let names = |rules: Vec<Breach<'_>>| rules.iter().map(|r| r.3.to_string()).collect();
            out.push(RefusalExplained { refusal: (*act).clone(), breaks: names(breaks), also: names(also) });
        }
        out.sort_by(|a, b| b.refusal.at.cmp(&a.refusal.at).then_with(|| a.refusal.id.cmp(&b.refusal.id)));
        out
    }

    /// How plainly a rule asks for a refusal: by its own words, by words that the law reads into it, or by the consent
    /// that it has ended.
    fn how_plainly(&mut self, r: &RuleCode) -> u8 {
        self.ask(r, self.e.facts.at.0);
        let nodes = self.nodes_under(r.applies).into_iter().chain(self.nodes_under(r.requires));
        let standing: Vec<NodeIx> = nodes.filter(|ix| !self.e.standing(*ix).is_empty()).collect();
        let plainly = |ix: &NodeIx| match self.e.p.nodes.get(*ix as usize) {
            Some(Code::Refused(q)) => {
                u8::from(self.e.p.refusals.get(*q as usize).is_some_and(|q| !q.reaches.is_empty()))
            }
            _ => 2,
        };
        // Whoever asks for leave besides is not the one that the no breaks first.
        let for_leave = |ix: &NodeIx| matches!(self.e.p.nodes.get(*ix as usize), Some(Code::Consent(_)));
        if standing.iter().any(for_leave) {
            return 2;
        }
        standing.iter().map(plainly).min().unwrap_or(2)
    }
}
