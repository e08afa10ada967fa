//! `byleave plan`: of several ways to make a contact, which is open, which the person likes best, which is first.

use crate::answers::{self, Answer};
use crate::args::Plan as Args;
use crate::engine;
use crate::exit::{Exit, Failure};
use crate::out::{Out, Style, Text};
use crate::page::words::{Clocks, kind};
use crate::requests::{self, Asked, Overrides};
use byleave::diag::did_you_mean;
use byleave::wire::decision::Outcome;
use byleave::wire::plan::{Plan, Planned};
use serde_json::Value;

/// Plans each request.
pub fn run(args: &Args, out: &mut Out) -> Result<Exit, Failure> {
    let mut put = Overrides::of(&args.requests)?;
    put.options(&args.channels);
    let all = requests::read(&args.requests)?;
    let engine = engine::open(&args.policy)?;
    if let Some((_, tree)) = engine.policy().vocabulary.taxonomy("channel")
        && let Some(name) = args.channels.iter().find(|name| tree.find(name).is_none())
    {
        let failure = Failure::usage(format!("no channel is called `{name}`"));
        return Err(match did_you_mean(name, tree.names()) {
            Some(best) => failure.hint(format!("did you mean `{best}`?")),
            None => failure.hint("channels are words of the policy: `byleave schema` names all"),
        });
    }
    let mut worst = Exit::Good;
    let mut told = Vec::new();
    for (n, asked) in all.iter().enumerate() {
        let bytes = put.with_known(asked.bytes.clone())?;
        let text = put.apply(&bytes).and_then(|bytes| engine.plan_json(&bytes));
        let answer = Answer { name: asked.name.clone(), kind: "plan", text };
        worst = worst.max(answer.exit(false, |_| None));
        match &answer.text {
            _ if out.json => told.push(answer),
            Ok(text) => {
                if n > 0 {
                    out.blank()?;
                }
                print(asked, text, out)?;
            }
            Err(error) => engine::complain(&asked.name, error, out),
        }
    }
    if out.json {
        answers::print(&told, "plans", out)?;
    }
    Ok(worst)
}

fn print(asked: &Asked, text: &str, out: &mut Out) -> Result<(), Failure> {
    let plan: Plan = serde_json::from_str(text)
        .map_err(|error| Failure::input(format!("the engine's plan could not be read: {error}")))?;
    let request: Value = serde_json::from_slice(&asked.bytes).unwrap_or_default();
    let clocks = Clocks::of(&request);
    out.line(&Text::new(0).with(Style::Dim, &asked.name), 2)?;
    let width = plan.options.iter().map(|it| it.name.chars().count()).max().unwrap_or(0) + 2;
    for (n, it) in plan.options.iter().enumerate() {
        option(n + 1, it, width, &clocks, out)?;
    }
    Ok(())
}

fn option(n: usize, it: &Planned, width: usize, clocks: &Clocks, out: &mut Out) -> Result<(), Failure> {
    let place = if it.outcome == Outcome::Deny { "-".to_owned() } else { n.to_string() };
    let line = Text::new(0).column(Style::Dim, &place, 4).column(Style::Name, &it.name, width);
    let mut line = match it.outcome {
        Outcome::Allow => line.with(Style::Good, "now"),
        Outcome::Defer => {
            let until = it.until.as_deref().map_or(String::new(), |at| clocks.tell(at));
            line.with(Style::Wait, "from").plain(" ").plain(until)
        }
        Outcome::Deny => {
            let why: Vec<&str> = it.kinds.iter().map(|it| kind(*it)).collect();
            line.with(Style::Bad, "no").plain(": ").plain(why.join("; "))
        }
    };
    if let Some(rank) = it.preference {
        line.push(Style::Dim, format!("  the person's choice {rank}"));
    }
    out.line(&line, 4 + width)?;
    if !it.rules.is_empty() {
        out.line(&Text::new(4 + width).with(Style::Dim, it.rules.join(", ")), 4 + width)?;
    }
    if !it.missing.is_empty() {
        let line = Text::new(4 + width).with(Style::Wait, "missing ").plain(it.missing.join(", "));
        out.line(&line, 4 + width)?;
    }
    for warning in &it.warnings {
        let line = Text::new(4 + width).with(Style::Wait, "warning ");
        let line = line.plain(format!("{}: {}", warning.path, warning.message));
        out.line(&line, 4 + width)?;
    }
    Ok(())
}
