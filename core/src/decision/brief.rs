//! The answer by ids alone, for those who ask about many people: what [`crate::wire::decision::Decision`] says of outcome,
//! instants, blocking rules, obligations, withheld fields and missing facts, without sentences, citations and evidence.

use super::sweep::{Answer, Verdict};
use crate::facts::{Facts, Slot};
use crate::program::{DutyCode, DutySource, Program};

/// An answer by ids, in the order and with the spelling of the full one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief<'a> {
    /// allow, defer, deny.
    pub verdict: Verdict,
    /// First instant at which the answer differs, within the horizon.
    pub valid_until: Option<i64>,
    /// Ids of the rules that block.
    pub blocking: Vec<&'a str>,
    /// Words of what is owed, each once.
    pub obligations: Vec<&'a str>,
    /// Names of the fields that are withheld.
    pub withheld: Vec<String>,
    /// Facts that the answer hangs on and that nobody supplied.
    pub missing: Vec<&'a str>,
}

impl<'a> Brief<'a> {
    /// An answer in the program's numbers, by ids.
    #[must_use]
    pub fn of(p: &'a Program, facts: &Facts, answer: &Answer) -> Brief<'a> {
        let rules = answer.blocking.iter().filter_map(|b| p.rules.get(b.rule as usize));
        let blocking = rules.filter_map(|r| p.typed_rule(r.rule)).map(|r| r.id.as_str()).collect();
        let why = answer.blocking.iter().flat_map(|b| b.missing.iter());
        let missing = why.filter_map(|n| p.missing.get(n as usize)).map(String::as_str).collect();
        let obligations = answer.duties.iter().filter_map(|it| owed(p, it.duty)).collect();
        Brief {
            verdict: answer.verdict,
            valid_until: answer.valid_until,
            // Two rows of one rule have ids of their own, so nothing that blocks is told as one.
            blocking: in_order(blocking, false),
            obligations: in_order(obligations, true),
            withheld: withheld(p, facts, &answer.withheld),
            missing: in_order(missing, true),
        }
    }
}

fn in_order(mut words: Vec<&str>, once: bool) -> Vec<&str> {
    words.sort_unstable();
    if once {
        words.dedup();
    }
    words
}

/// The word of a duty: a content element, or an act.
fn owed(p: &Program, duty: u32) -> Option<&str> {
    let code = p.duties.get(duty as usize)?;
    match code {
        DutyCode::Include { element, .. } => {
            Some(p.policy.vocabulary.taxonomy("content_element")?.1.name_of(*element))
        }
        DutyCode::Oblige { source, oblige, .. } => {
            let at = *oblige as usize;
            let act = match source {
                DutySource::Rule(n) => {
                    let rule = p.typed_rule(*n)?;
                    rule.obliges.iter().chain(&rule.on_refusal).nth(at)?
                }
                DutySource::Exemption(n) => p.policy.exemptions.get(*n as usize)?.obliges.get(at)?,
            };
            Some(act.id.as_str())
        }
    }
}

fn withheld(p: &Program, facts: &Facts, withheld: &[(u32, Vec<u32>)]) -> Vec<String> {
    let Some(Slot::Records(fields)) = p.known.fields.map(|fact| facts.slot(fact)) else { return Vec::new() };
    let name = |n: &u32| match fields.get(*n as usize)?.first() {
        Some(Slot::Text(text)) => Some(facts.texts.text(*text).to_string()),
        _ => Some(format!("#{}", n + 1)),
    };
    let mut out: Vec<String> = withheld.iter().filter_map(|(n, _)| name(n)).collect();
    out.sort_unstable();
    out
}
