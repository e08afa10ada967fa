//! The page of `explain`: what a compliance officer reads about one contact.
//!
//! The outcome first, in words and on the recipient's clock; then why; then what was asked and was satisfied; then what the
//! message owes, what is missing, and the evidence. Colour underlines words and never replaces them.

pub mod rules;
pub mod words;

use crate::exit::Failure;
use crate::out::{Out, Style, Text};
use byleave::wire::decision::{Decision, Outcome, Validity};
use byleave::wire::explain::Explanation;
use serde_json::Value;
use words::{Clocks, value};

/// Where the second column begins.
const COLUMN: usize = 14;

/// What to show.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// Also the rules that did not apply.
    pub all: bool,
    /// Only rules whose name holds this.
    pub rule: Option<&'a str>,
}

/// Prints the page.
pub fn print(
    name: &str,
    request: &Value,
    explanation: &Explanation,
    choice: Choice<'_>,
    out: &mut Out,
) -> Result<(), Failure> {
    let clocks = Clocks::of(request);
    let decision = &explanation.decision;
    outcome(name, request, decision, &clocks, out)?;
    rules::print(explanation, choice, &clocks, out)?;
    if choice.rule.is_none() {
        owed(decision, &clocks, out)?;
        open(decision, out)?;
        evidence(decision, out)?;
    }
    Ok(())
}

/// The answer in one line, as `decide` prints it and the page begins.
pub fn headline(decision: &Decision, clocks: &Clocks) -> Text {
    match decision.outcome {
        Outcome::Allow => Text::new(0).with(Style::Good, "ALLOW"),
        Outcome::Defer => {
            let until = decision.until.as_deref().map_or(String::new(), |at| clocks.tell(at));
            Text::new(0).with(Style::Wait, "DEFER").plain(" until ").with(Style::Bold, until)
        }
        Outcome::Deny => Text::new(0).with(Style::Bad, "DENY"),
    }
}

fn outcome(
    name: &str,
    request: &Value,
    decision: &Decision,
    clocks: &Clocks,
    out: &mut Out,
) -> Result<(), Failure> {
    out.line(&headline(decision, clocks), COLUMN)?;
    let said = |path: &str| request.pointer(path).filter(|it| !it.is_null()).map(value);
    let mut what = said("/contact/channel").unwrap_or_else(|| "a contact".to_owned());
    if let Some(purpose) = said("/contact/purpose") {
        what.push_str(&format!(" for {purpose}"));
    }
    if let Some(topic) = said("/contact/topic") {
        what.push_str(&format!(" about {topic}"));
    }
    if let Some(sender) = said("/sender/id") {
        what.push_str(&format!(" from {sender}"));
    }
    row("contact", &format!("{what} ({name})"), out)?;
    row("asked for", &clocks.tell(&decision.at), out)?;
    if let Some(known) = decision.evidence.as_ref().map(|it| &it.known_at).filter(|it| **it != decision.at) {
        row("known by", &clocks.tell(known), out)?;
    }
    match &decision.valid_until {
        Validity::Until(at) => row("holds until", &clocks.tell(at), out),
        Validity::Open => row("holds", "as far ahead as was looked, if nothing new becomes known", out),
        Validity::Unasked => Ok(()),
    }
}

fn owed(decision: &Decision, clocks: &Clocks, out: &mut Out) -> Result<(), Failure> {
    if !decision.obligations.is_empty() {
        heading("What is owed", out)?;
        for it in &decision.obligations {
            let mut line = Text::new(2).with(Style::Bold, it.id.replace('_', " "));
            if let Some(words) = &it.value {
                line.push(Style::Plain, format!(": {}", clocks.tell(words)));
            } else if it.unknown {
                line.push(Style::Plain, ": nobody knows, for facts are missing");
            }
            line.push(Style::Dim, format!("  {}", cited(&it.rule, &it.citations)));
            out.line(&line, 6)?;
        }
    }
    let fields = &decision.fields;
    if !fields.allowed.is_empty() || !fields.withheld.is_empty() {
        heading("Which data it may carry", out)?;
        for name in &fields.allowed {
            out.line(&Text::new(2).column(Style::Good, "yes", 5).plain(name), 7)?;
        }
        for it in &fields.withheld {
            let line = Text::new(2).column(Style::Bad, "no", 5).plain(&it.name);
            out.line(&line.with(Style::Dim, format!("  {}", it.rules.join(", "))), 7)?;
        }
    }
    Ok(())
}

fn open(decision: &Decision, out: &mut Out) -> Result<(), Failure> {
    if !decision.missing.is_empty() {
        heading("What nobody said, and the answer hangs on", out)?;
        for name in &decision.missing {
            out.line(&Text::new(2).with(Style::Wait, name), 4)?;
        }
    }
    if !decision.taken_as.is_empty() {
        heading("What nobody said, and the law takes as not so", out)?;
        for it in &decision.taken_as {
            let line = Text::new(2).plain(&it.fact);
            out.line(&line.with(Style::Dim, format!("  {}", cited(&it.rule, &it.citations))), 4)?;
        }
    }
    if !decision.warnings.is_empty() {
        heading("Warnings", out)?;
        for it in &decision.warnings {
            out.line(&Text::new(2).with(Style::Wait, &it.path).plain(format!(": {}", it.message)), 4)?;
        }
    }
    Ok(())
}

fn evidence(decision: &Decision, out: &mut Out) -> Result<(), Failure> {
    let Some(it) = &decision.evidence else { return Ok(()) };
    heading("Evidence", out)?;
    for pack in &it.packs {
        dim_row("pack", &format!("{} {} ", pack.name, pack.edition), short(&pack.digest), out)?;
    }
    for (name, reading) in &it.settings {
        row("read as", &format!("{name} is {reading}"), out)?;
    }
    dim_row("facts", "", short(&it.facts), out)?;
    dim_row("zones", &format!("{} ", it.zones.edition), short(&it.zones.digest), out)?;
    row("engine", &it.engine, out)
}

/// The head of a digest: enough to compare by eye, `--json` has all of it.
fn short(digest: &str) -> &str {
    digest.get(..16).unwrap_or(digest)
}

fn cited(rule: &str, citations: &[String]) -> String {
    if citations.is_empty() { rule.to_owned() } else { format!("{rule}, {}", citations.join(", ")) }
}

fn heading(words: &str, out: &mut Out) -> Result<(), Failure> {
    out.blank()?;
    Ok(out.line(&Text::new(0).with(Style::Bold, words), 2)?)
}

fn row(label: &str, words: &str, out: &mut Out) -> Result<(), Failure> {
    dim_row(label, words, "", out)
}

fn dim_row(label: &str, words: &str, rest: &str, out: &mut Out) -> Result<(), Failure> {
    let line = Text::new(2).column(Style::Dim, label, COLUMN - 2).plain(words).with(Style::Dim, rest);
    Ok(out.line(&line, COLUMN)?)
}
