//! One test: its facts decided, and what is not as expected told in words.

use byleave::Engine;
use byleave::engine::Coverage;
use byleave::error::Error;
use byleave::eval::Scratch;
use byleave::time::Instant;
use byleave::typed::{Expect, Expectations, ExpectedFinding, ExpectedOutcome, PackTest};
use byleave::wire::Detail;
use byleave::wire::decision::{Clears, Decision, Finding, Outcome, Reason};
use std::collections::BTreeSet;

/// The rules that a test names.
pub fn rules(test: &PackTest) -> Vec<String> {
    match &test.expect {
        Expect::Decision(expect) => expect.because.clone(),
        Expect::Rule { rule, .. } => vec![rule.clone()],
    }
}

/// What is wrong; nothing: it passed.
pub fn judge(engine: &Engine, test: &PackTest, coverage: Option<&mut Coverage>) -> Vec<String> {
    let decision = match decide(engine, test, coverage) {
        Ok(decision) => decision,
        Err(error) => return vec![format!("the facts were refused: {error}")],
    };
    let mut wrong = Vec::new();
    match &test.expect {
        Expect::Decision(expect) => whole(expect, &decision, &mut wrong),
        Expect::Rule { rule, finding } => one_rule(rule, finding, &decision, &mut wrong),
    }
    wrong
}

fn decide(engine: &Engine, test: &PackTest, coverage: Option<&mut Coverage>) -> Result<Decision, Error> {
    let request = engine.request(test.request.to_string().as_bytes())?;
    let facts = engine.facts(&request)?;
    if let Some(coverage) = coverage {
        engine.cover(&facts, coverage);
    }
    Ok(engine.decide_facts(&facts, Detail::Blocking, &mut Scratch::default()))
}

fn whole(expect: &Expectations, got: &Decision, wrong: &mut Vec<String>) {
    match (expect.outcome, got.outcome) {
        (None, _)
        | (Some(ExpectedOutcome::Allow), Outcome::Allow)
        | (Some(ExpectedOutcome::Deny), Outcome::Deny)
        | (Some(ExpectedOutcome::Defer(None)), Outcome::Defer) => {}
        (Some(ExpectedOutcome::Defer(Some(at))), Outcome::Defer) if same(got.until.as_deref(), at) => {}
        (Some(wanted), _) => {
            wrong.push(format!("expected {}, got {}", outcome_words(wanted), answer_words(got)));
        }
    }
    let blocking = blocking(got);
    if !expect.because.is_empty() {
        sets("because", &expect.because, blocking.iter().map(|it| it.rule.as_str()), wrong);
    }
    if let Some(valid) = expect.valid_until {
        let until = got.valid_until.instant();
        let right = valid.map_or(until.is_none(), |at| same(until, at));
        if !right {
            let wanted = valid.map_or("without end".to_owned(), |at| format!("until {at}"));
            let is = until.map_or("without end".to_owned(), |at| format!("until {at}"));
            wrong.push(format!("expected to be valid {wanted}, is valid {is}"));
        }
    }
    if let Some(missing) = &expect.missing {
        sets("missing", missing, got.missing.iter().map(String::as_str), wrong);
    }
    let withheld: BTreeSet<&str> = got.fields.withheld.iter().map(|it| it.name.as_str()).collect();
    among("withheld", &expect.withheld, &withheld, wrong);
    among("oblige", &expect.oblige, &got.obligations.iter().map(|it| it.id.as_str()).collect(), wrong);
    among("taken_as", &expect.taken_as, &got.taken_as.iter().map(|it| it.fact.as_str()).collect(), wrong);
    among("warned", &expect.warned, &got.warnings.iter().map(|it| it.code.as_str()).collect(), wrong);
}

fn one_rule(rule: &str, expect: &ExpectedFinding, got: &Decision, wrong: &mut Vec<String>) {
    let reason = blocking(got).into_iter().find(|it| it.rule == rule);
    let is = reason.map_or("pass".to_owned(), reason_words);
    match (expect, reason) {
        (ExpectedFinding::Pass, None) => {}
        (ExpectedFinding::Block, Some(it)) if it.finding == Finding::Violated => {}
        (ExpectedFinding::Wait(at), Some(it)) if matches!(&it.clears, Some(Clears::At(t)) if same(Some(t), *at)) => {}
        (ExpectedFinding::Unknown(missing), Some(it)) if it.finding == Finding::Undetermined => {
            if !missing.is_empty() {
                sets("missing", missing, it.missing.iter().map(String::as_str), wrong);
            }
        }
        (ExpectedFinding::Pass, _) => wrong.push(format!("expected `{rule}` to pass, got {is}")),
        (ExpectedFinding::Block, _) => wrong.push(format!("expected `{rule}` to block, got {is}")),
        (ExpectedFinding::Wait(at), _) => wrong.push(format!("expected `{rule}` to wait until {at}, got {is}")),
        (ExpectedFinding::Unknown(_), _) => wrong.push(format!("expected `{rule}` to be unknown, got {is}")),
    }
}

fn blocking(got: &Decision) -> Vec<&Reason> {
    let blocks = |it: &&Reason| matches!(it.finding, Finding::Violated | Finding::Undetermined);
    got.reasons.iter().filter(blocks).collect()
}

/// Exactly these, in any order.
fn sets<'a>(what: &str, wanted: &[String], got: impl Iterator<Item = &'a str>, wrong: &mut Vec<String>) {
    let wanted: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
    let got: BTreeSet<&str> = got.collect();
    if wanted != got {
        wrong.push(format!("expected {what} {}, got {}", list(&wanted), list(&got)));
    }
}

/// At least these.
fn among(what: &str, wanted: &[String], got: &BTreeSet<&str>, wrong: &mut Vec<String>) {
    let lacking: BTreeSet<&str> = wanted.iter().map(String::as_str).filter(|it| !got.contains(it)).collect();
    if !lacking.is_empty() {
        wrong.push(format!("expected {what} {}, got {}", list(&lacking), list(got)));
    }
}

fn list(all: &BTreeSet<&str>) -> String {
    if all.is_empty() { "none".to_owned() } else { all.iter().copied().collect::<Vec<_>>().join(", ") }
}

fn same(got: Option<&str>, wanted: Instant) -> bool {
    got.and_then(|text| Instant::parse(text).ok()) == Some(wanted)
}

fn outcome_words(wanted: ExpectedOutcome) -> String {
    match wanted {
        ExpectedOutcome::Allow => "allow".to_owned(),
        ExpectedOutcome::Deny => "deny".to_owned(),
        ExpectedOutcome::Defer(None) => "defer".to_owned(),
        ExpectedOutcome::Defer(Some(at)) => format!("defer until {at}"),
    }
}

fn answer_words(got: &Decision) -> String {
    let mut words = match (got.outcome, &got.until) {
        (Outcome::Allow, _) => "allow".to_owned(),
        (Outcome::Deny, _) => "deny".to_owned(),
        (Outcome::Defer, None) => "defer".to_owned(),
        (Outcome::Defer, Some(at)) => format!("defer until {at}"),
    };
    let rules: BTreeSet<&str> = blocking(got).iter().map(|it| it.rule.as_str()).collect();
    if !rules.is_empty() {
        words.push_str(&format!(" because {}", list(&rules)));
    }
    if !got.missing.is_empty() {
        words.push_str(&format!("; missing {}", got.missing.join(", ")));
    }
    words
}

fn reason_words(it: &Reason) -> String {
    let mut words = if it.finding == Finding::Violated { "block" } else { "unknown" }.to_owned();
    if !it.missing.is_empty() {
        words.push_str(&format!(" missing {}", it.missing.join(", ")));
    }
    match &it.clears {
        Some(Clears::At(at)) => words.push_str(&format!(", wait until {at}")),
        Some(Clears::NotBefore(at)) => words.push_str(&format!(", not before {at}")),
        _ => {}
    }
    words
}
