//! `byleave decide`: the answers, short for people, whole for programs.

use crate::args::Decide;
use crate::diagnose::eprintln_quiet;
use crate::exit::{Exit, Failure};
use crate::out::{Out, Style, Text};
use crate::page::words::{Clocks, kind};
use crate::page;
use crate::requests::{self, Asked, Overrides};
use crate::{engine, load};
use byleave::Engine;
use byleave::error::Error;
use byleave::wire::decision::{Decision, Finding};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// One answer of several, for programs.
#[derive(Debug, Serialize)]
struct Entry<'a> {
    request: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Value>,
}

impl<'a> Entry<'a> {
    fn of(request: &'a str, answer: Result<String, Error>) -> Entry<'a> {
        match answer {
            Ok(text) => Entry { request, decision: RawValue::from_string(text).ok(), error: None },
            Err(error) => Entry { request, decision: None, error: Some(engine::error_json(&error)) },
        }
    }
}

/// Decides each request.
pub fn run(args: &Decide, out: &mut Out) -> Result<Exit, Failure> {
    let mut put = Overrides::of(&args.requests)?;
    if let Some(detail) = args.detail {
        put.put("detail", detail.word());
    }
    let packs = load::policy(&args.policy)?;
    let mut worst = Exit::Good;
    if args.lines {
        let engine = engine::build(&packs)?;
        requests::each_line(&args.requests, |asked| {
            let answer = decide(&engine, &put, &asked);
            worst = worst.max(exit(&answer, args.exit.exit_code));
            out.raw(&serde_json::to_string(&Entry::of(&asked.name, answer)).unwrap_or_default())?;
            Ok(())
        })?;
        return Ok(worst);
    }
    let all = requests::read(&args.requests)?;
    let engine = engine::build(&packs)?;
    let answers: Vec<_> = all.iter().map(|asked| (asked, decide(&engine, &put, asked))).collect();
    for (_, answer) in &answers {
        worst = worst.max(exit(answer, args.exit.exit_code));
    }
    if out.json {
        json(answers, out)?;
        return Ok(worst);
    }
    for (asked, answer) in &answers {
        match answer {
            Ok(text) => short(asked, text, out)?,
            Err(error) => engine::complain(&asked.name, error, out),
        }
    }
    Ok(worst)
}

fn decide(engine: &Engine, put: &Overrides, asked: &Asked) -> Result<String, Error> {
    engine.decide_json(&put.apply(&asked.bytes)?)
}

/// What an answer does to the exit code. The strictest of all counts: an error above all.
pub fn exit(answer: &Result<String, Error>, tell: bool) -> Exit {
    match answer {
        Err(_) => Exit::Input,
        Ok(_) if !tell => Exit::Good,
        Ok(text) => match outcome(text).as_deref() {
            Some("allow") => Exit::Good,
            Some("defer") => Exit::Defer,
            _ => Exit::Deny,
        },
    }
}

fn outcome(text: &str) -> Option<String> {
    let json: Value = serde_json::from_str(text).ok()?;
    let decision = json.get("decision").unwrap_or(&json);
    decision.get("outcome").and_then(Value::as_str).map(str::to_owned)
}

/// One request: its decision. Several: each with its request's name.
fn json(answers: Vec<(&Asked, Result<String, Error>)>, out: &mut Out) -> Result<(), Failure> {
    if answers.len() == 1 {
        for (_, answer) in answers {
            match answer {
                Ok(text) => out.raw(&text)?,
                Err(error) => out.document(&serde_json::json!({ "error": engine::error_json(&error) }))?,
            }
        }
        return Ok(());
    }
    let entries: Vec<Entry<'_>> =
        answers.into_iter().map(|(asked, answer)| Entry::of(&asked.name, answer)).collect();
    Ok(out.document(&serde_json::json!({ "decisions": entries }))?)
}

/// A line for the outcome, and one for each rule that blocks.
fn short(asked: &Asked, text: &str, out: &mut Out) -> Result<(), Failure> {
    let Ok(decision) = serde_json::from_str::<Decision>(text) else {
        eprintln_quiet("the engine's answer could not be read");
        return Ok(());
    };
    let request: Value = serde_json::from_slice(&asked.bytes).unwrap_or_default();
    let clocks = Clocks::of(&request);
    let head = page::headline(&decision, &clocks).with(Style::Dim, format!("  {}", asked.name));
    out.line(&head, 6)?;
    let blocks = |it: Finding| matches!(it, Finding::Violated | Finding::Undetermined);
    for reason in decision.reasons.iter().filter(|it| blocks(it.finding)) {
        let words = reason.kind.map_or("", kind);
        out.line(&Text::new(2).with(Style::Name, &reason.rule).with(Style::Dim, format!("  {words}")), 4)?;
        out.line(&Text::new(4).plain(&reason.sentence), 4)?;
    }
    if !decision.missing.is_empty() {
        out.line(&Text::new(2).with(Style::Wait, "missing").plain(format!(" {}", decision.missing.join(", "))), 4)?;
    }
    Ok(())
}
