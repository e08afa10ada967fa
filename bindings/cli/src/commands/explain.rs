//! `byleave explain`: a page for each request, or the engine's explanation for programs.

use super::decide;
use crate::args::Explain;
use crate::exit::{Exit, Failure};
use crate::out::{Out, Style, Text};
use crate::page::words::Clocks;
use crate::page::{self, Choice};
use crate::requests::{self, Overrides};
use crate::{engine, load};
use byleave::wire::explain::Explanation;
use serde_json::Value;
use serde_json::value::RawValue;

/// Explains each request.
pub fn run(args: &Explain, out: &mut Out) -> Result<Exit, Failure> {
    let put = Overrides::of(&args.requests)?;
    let packs = load::policy(&args.policy)?;
    let all = requests::read(&args.requests)?;
    let engine = engine::build(&packs)?;
    let choice = Choice { all: args.all, rule: args.rule.as_deref() };
    let mut worst = Exit::Good;
    let mut summary = Vec::new();
    let mut documents: Vec<(String, Value, Option<Box<RawValue>>)> = Vec::new();
    for (n, asked) in all.into_iter().enumerate() {
        let answer = put.apply(&asked.bytes).and_then(|bytes| engine.explain_json(&bytes));
        worst = worst.max(decide::exit(&answer, args.exit.exit_code));
        if out.json {
            match answer {
                Ok(text) => documents.push((asked.name, Value::Null, RawValue::from_string(text).ok())),
                Err(error) => documents.push((asked.name, engine::error_json(&error), None)),
            }
            continue;
        }
        if n > 0 {
            out.blank()?;
            out.line(&Text::new(0).with(Style::Dim, "─".repeat(out.width)), 0)?;
            out.blank()?;
        }
        match answer {
            Err(error) => {
                engine::complain(&asked.name, &error, out);
                summary.push(Text::new(0).with(Style::Bad, "ERROR").with(Style::Dim, format!("  {}", asked.name)));
            }
            Ok(text) => {
                let request: Value = serde_json::from_slice(&asked.bytes).unwrap_or_default();
                let explanation: Explanation = serde_json::from_str(&text).map_err(|error| {
                    Failure::input(format!("the engine's explanation could not be read: {error}"))
                })?;
                page::print(&asked.name, &request, &explanation, choice, out)?;
                let line = page::headline(&explanation.decision, &Clocks::of(&request));
                summary.push(line.with(Style::Dim, format!("  {}", asked.name)));
            }
        }
    }
    if out.json {
        json(documents, out)?;
    } else if summary.len() > 1 {
        out.blank()?;
        out.line(&Text::new(0).with(Style::Dim, "─".repeat(out.width)), 0)?;
        out.blank()?;
        out.line(&Text::new(0).with(Style::Bold, format!("{} contacts", summary.len())), 0)?;
        for line in &summary {
            out.line(line, 6)?;
        }
    }
    Ok(worst)
}

fn json(documents: Vec<(String, Value, Option<Box<RawValue>>)>, out: &mut Out) -> Result<(), Failure> {
    let several = documents.len() != 1;
    let mut entries = Vec::new();
    for (name, error, explanation) in documents {
        match (several, explanation) {
            (false, Some(text)) => return Ok(out.raw(text.get())?),
            (false, None) => return Ok(out.document(&serde_json::json!({ "error": error }))?),
            (true, Some(text)) => entries.push(serde_json::json!({ "request": name, "explanation": text })),
            (true, None) => entries.push(serde_json::json!({ "request": name, "error": error })),
        }
    }
    Ok(out.document(&serde_json::json!({ "explanations": entries }))?)
}
