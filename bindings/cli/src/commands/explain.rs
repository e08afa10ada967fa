//! `byleave explain`: a page for each request, or the engine's explanation for programs.

use crate::answers::{self, Answer};
use crate::args::Explain;
use crate::engine;
use crate::exit::{Exit, Failure};
use crate::out::{Out, Style, Text};
use crate::page::words::Clocks;
use crate::page::{self, Choice};
use crate::requests::{self, Asked, Overrides};
use byleave::wire::decision::Outcome;
use byleave::wire::explain::Explanation;
use serde_json::Value;

/// Explains each request.
pub fn run(args: &Explain, out: &mut Out) -> Result<Exit, Failure> {
    let mut put = Overrides::of(&args.requests)?;
    let all = requests::read(&args.requests)?;
    answers::of_something(args.exit.exit_code, !all.is_empty())?;
    let engine = engine::open(&args.policy)?;
    let choice = Choice { all: args.all, rule: args.rule.as_deref() };
    let several = all.len() > 1;
    let mut worst = Exit::Good;
    let mut summary = Vec::new();
    let mut told = Vec::new();
    for asked in all {
        let bytes = put.with_known(asked.bytes.clone())?;
        let text = put.apply(&bytes).and_then(|bytes| engine.explain_json(&bytes));
        let answer = Answer { name: asked.name.clone(), kind: "explanation", text };
        worst = worst.max(answer.exit(args.exit.exit_code, explained));
        match &answer.text {
            _ if out.json => told.push(answer),
            Ok(text) => {
                if !summary.is_empty() {
                    line_across(out)?;
                }
                summary.push(one(&asked, text, choice, out)?);
            }
            Err(error) => {
                engine::complain(&asked.name, error, out);
                let line = Text::new(0).with(Style::Bad, "ERROR");
                summary.push(line.with(Style::Dim, format!("  {}", asked.name)));
            }
        }
    }
    if out.json {
        answers::print(&told, "explanations", out)?;
    } else if several {
        line_across(out)?;
        out.line(&Text::new(0).with(Style::Bold, format!("{} contacts", summary.len())), 0)?;
        for line in &summary {
            out.line(line, 6)?;
        }
    }
    Ok(worst)
}

fn explained(text: &str) -> Option<Outcome> {
    serde_json::from_str::<Explanation>(text).ok().map(|it| it.decision.outcome)
}

/// Prints a page; gives back its first line for the summary.
fn one(asked: &Asked, text: &str, choice: Choice<'_>, out: &mut Out) -> Result<Text, Failure> {
    let explanation: Explanation = serde_json::from_str(text)
        .map_err(|error| Failure::input(format!("the engine's explanation could not be read: {error}")))?;
    let request: Value = serde_json::from_slice(&asked.bytes).unwrap_or_default();
    page::print(&asked.name, &request, &explanation, choice, out)?;
    let line = page::headline(&explanation.decision, &Clocks::of(&request));
    Ok(line.with(Style::Dim, format!("  {}", asked.name)))
}

fn line_across(out: &mut Out) -> Result<(), Failure> {
    out.blank()?;
    out.line(&Text::new(0).with(Style::Dim, "─".repeat(out.width)), 0)?;
    Ok(out.blank()?)
}
