//! `byleave decide`: the answers, short for people, whole for programs.

use super::decide_recorded::Recorder;
use crate::answers::{self, Answer, decided};
use crate::args::Decide;
use crate::engine;
use crate::exit::{Exit, Failure};
use crate::out::{Out, Style, Text};
use crate::page;
use crate::page::rules::said_no;
use crate::page::words::{Clocks, count, kind};
use crate::requests::{self, Asked, Overrides};
use byleave::wire::decision::{Decision, Finding, Reason, Refusal};
use serde_json::Value;

/// Decides each request.
pub fn run(args: &Decide, out: &mut Out) -> Result<Exit, Failure> {
    let mut put = Overrides::of(&args.requests)?;
    if let Some(detail) = args.detail {
        put.put("detail", detail.word());
    }
    let by_outcome = args.exit.exit_code;
    let mut worst = Exit::Good;
    if args.lines {
        let engine = engine::open(&args.policy)?;
        let mut recorder = Recorder::of(args, &engine)?;
        let mut some = false;
        requests::each_line(&args.requests, |asked| {
            some = true;
            let text = match &mut recorder {
                Some(recorder) => Ok(recorder.decide(&asked.bytes)?.answer),
                None => {
                    let bytes = put.with_known(asked.bytes.clone())?;
                    put.apply(&bytes).and_then(|bytes| engine.decide_json(&bytes))
                }
            };
            let answer = Answer { name: asked.name, kind: "decision", text };
            worst = worst.max(answer.exit(by_outcome, decided));
            Ok(out.raw(&answer.line())?)
        })?;
        answers::of_something(by_outcome, some)?;
        return Ok(worst);
    }
    let all = requests::read(&args.requests)?;
    answers::of_something(by_outcome, !all.is_empty())?;
    let engine = engine::open(&args.policy)?;
    let mut recorder = Recorder::of(args, &engine)?;
    let mut told = Vec::new();
    for asked in all {
        let mut receipt = None;
        let text = match &mut recorder {
            Some(recorder) => {
                let decided = recorder.decide(&asked.bytes)?;
                receipt = Some(decided.receipt);
                Ok(decided.answer)
            }
            None => {
                let bytes = put.with_known(asked.bytes.clone())?;
                put.apply(&bytes).and_then(|bytes| engine.decide_json(&bytes))
            }
        };
        let answer = Answer { name: asked.name.clone(), kind: "decision", text };
        worst = worst.max(answer.exit(by_outcome, decided));
        match &answer.text {
            _ if out.json => told.push(answer),
            Ok(text) => {
                short(&asked, text, out)?;
                if let Some(it) = receipt {
                    let words = if it.new { "recorded" } else { "recorded before" };
                    let line =
                        Text::new(2).with(Style::Dim, format!("{words} as event {} of the ledger", it.seq));
                    out.line(&line, 4)?;
                }
            }
            Err(error) => engine::complain(&asked.name, error, out),
        }
    }
    if out.json {
        answers::print(&told, "decisions", out)?;
    }
    Ok(worst)
}

/// A line for the outcome, and two for each rule that blocks.
fn short(asked: &Asked, text: &str, out: &mut Out) -> Result<(), Failure> {
    let decision: Decision = serde_json::from_str(text)
        .map_err(|error| Failure::input(format!("the engine's decision could not be read: {error}")))?;
    let request: Value = serde_json::from_slice(&asked.bytes).unwrap_or_default();
    let head = page::headline(&decision, &Clocks::of(&request));
    out.line(&head.with(Style::Dim, format!("  {}", asked.name)), 6)?;
    let blocks = |it: Finding| matches!(it, Finding::Violated | Finding::Undetermined);
    let mut rest: Vec<&Reason> = decision.reasons.iter().filter(|it| blocks(it.finding)).collect();
    let mut acts: Vec<&Refusal> = rest.iter().filter_map(|it| it.refused_by.first()).collect();
    acts.sort();
    acts.dedup();
    for act in acts {
        let (same, others): (Vec<&Reason>, _) =
            rest.into_iter().partition(|it| it.refused_by.first() == Some(act));
        rest = others;
        // One act of the person is one reason to them, however many rules heed it.
        let words = format!("{}: {}", said_no(act, &Clocks::of(&request)), count(same.len(), "rule"));
        out.line(&Text::new(2).plain(words), 4)?;
        for reason in same {
            let line = Text::new(4).with(Style::Name, &reason.rule);
            out.line(&line.plain("  ").plain(&reason.sentence), 6)?;
        }
    }
    for reason in rest {
        let words = reason.kind.map_or("", kind);
        let line = Text::new(2).with(Style::Name, &reason.rule).with(Style::Dim, format!("  {words}"));
        out.line(&line, 4)?;
        out.line(&Text::new(4).plain(&reason.sentence), 4)?;
    }
    if !decision.missing.is_empty() {
        let line = Text::new(2).with(Style::Wait, "missing ").plain(decision.missing.join(", "));
        out.line(&line, 4)?;
    }
    for it in &decision.warnings {
        let line = Text::new(2).with(Style::Wait, "warning ").with(Style::Name, &it.path);
        out.line(&line.plain(format!(": {}", it.message)), 4)?;
    }
    Ok(())
}
