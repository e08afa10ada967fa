//! The rules on the page: those that block at full length, those that are satisfied, those that did not apply.

use super::answer::{Condition, Explanation, Reason, Rule, Tried};
use super::words::{Clocks, count, kind, value, verified};
use super::{Choice, heading};
use crate::exit::Failure;
use crate::out::{Out, Style, Text};

/// Where the second column begins inside a rule.
const COLUMN: usize = 17;

/// Conditions nest no deeper than this on a page.
const DEEPEST: usize = 12;

/// Prints them.
pub fn print(
    explanation: &Explanation,
    choice: Choice<'_>,
    clocks: &Clocks,
    out: &mut Out,
) -> Result<(), Failure> {
    let shown = |name: &str| choice.rule.is_none_or(|text| name.contains(text));
    let reasons: Vec<&Reason> = explanation.decision.reasons.iter().filter(|it| shown(&it.rule)).collect();
    if !reasons.is_empty() {
        heading(&format!("Why not: {}", count(reasons.len(), "rule")), out)?;
        for (n, reason) in reasons.iter().enumerate() {
            if n > 0 {
                out.blank()?;
            }
            let asked = explanation.rules.iter().find(|it| it.rule == reason.rule);
            blocking(reason, asked, clocks, out)?;
        }
    }
    let of = |finding: &[&str]| -> Vec<&Rule> {
        explanation
            .rules
            .iter()
            .filter(|it| finding.contains(&it.finding.as_str()) && shown(&it.rule))
            .filter(|it| !reasons.iter().any(|reason| reason.rule == it.rule))
            .collect()
    };
    let satisfied = of(&["satisfied", "exempt", "violated", "undetermined"]);
    if !satisfied.is_empty() {
        heading(&format!("Applied, and does not stand in the way: {}", count(satisfied.len(), "rule")), out)?;
        for (n, rule) in satisfied.into_iter().enumerate() {
            if n > 0 {
                out.blank()?;
            }
            passing(rule, out)?;
        }
    }
    let idle = of(&["not_applicable"]);
    if !idle.is_empty() && (choice.all || choice.rule.is_some()) {
        heading(&format!("Did not apply: {}", count(idle.len(), "rule")), out)?;
        for rule in idle {
            idling(rule, out)?;
        }
    } else if !idle.is_empty() {
        heading(&format!("Did not apply: {} (--all shows them)", count(idle.len(), "rule")), out)?;
    }
    Ok(())
}

fn blocking(it: &Reason, asked: Option<&Rule>, clocks: &Clocks, out: &mut Out) -> Result<(), Failure> {
    let mark = if it.finding == "undetermined" { (Style::Wait, "unknown") } else { (Style::Bad, "no") };
    let head = Text::new(2).column(mark.0, mark.1, 9).with(Style::Name, &it.rule);
    out.line(&head.with(Style::Dim, format!("  {}", kind(&it.kind))), 11)?;
    out.line(&Text::new(4).with(Style::Bold, &it.sentence), 4)?;
    law(&it.citations, it.verified.as_deref(), out)?;
    if let Some(rule) = asked {
        conditions("applies", rule.when.iter(), out)?;
        conditions("requires", rule.requires.iter(), out)?;
    }
    for fact in &it.looked_at {
        entry("looked at", &format!("{}: {}", fact.fact, clocks.tell(&value(&fact.value))), out)?;
    }
    if !it.missing.is_empty() {
        entry("nobody said", &it.missing.join(", "), out)?;
    }
    for tried in &it.exemptions {
        let more = asked.and_then(|rule| rule.exemptions.iter().find(|e| e.id == tried.id));
        exemption(tried, more, out)?;
    }
    match &it.clears {
        Some(clears) if clears.at.is_some() => {
            entry("clears", &format!("by itself, {}", clocks.tell(clears.at.as_deref().unwrap_or_default())), out)?;
        }
        Some(clears) if clears.not_before.is_some() => {
            let at = clears.not_before.as_deref().unwrap_or_default();
            entry("clears", &format!("not before {}", clocks.tell(at)), out)?;
        }
        Some(clears) if clears.never => entry("clears", "not by waiting", out)?,
        _ => {}
    }
    for change in &it.would_change {
        let words = if change.to.is_null() {
            change.fact.clone()
        } else {
            format!("{}: {}", change.fact, value(&change.to))
        };
        entry("would change", &words, out)?;
    }
    Ok(())
}

fn passing(rule: &Rule, out: &mut Out) -> Result<(), Failure> {
    let carried: Vec<&Tried> = rule.exemptions.iter().filter(|it| it.finding == "holds").collect();
    let mark = if carried.is_empty() { "ok" } else { "exempt" };
    out.line(&Text::new(2).column(Style::Good, mark, 9).with(Style::Name, &rule.rule), 11)?;
    out.line(&Text::new(4).plain(&rule.sentence), 4)?;
    law(&rule.citations, rule.verified.as_deref(), out)?;
    conditions("applies", rule.when.iter(), out)?;
    conditions("requires", rule.requires.iter(), out)?;
    for fact in &rule.looked_at {
        entry("looked at", &format!("{}: {}", fact.fact, value(&fact.value)), out)?;
    }
    for it in carried {
        exemption(it, Some(it), out)?;
    }
    Ok(())
}

fn idling(rule: &Rule, out: &mut Out) -> Result<(), Failure> {
    out.line(&Text::new(2).column(Style::Dim, "-", 9).with(Style::Name, &rule.rule), 11)?;
    conditions("applies", rule.when.iter(), out)
}

fn law(citations: &[String], known: Option<&str>, out: &mut Out) -> Result<(), Failure> {
    if citations.is_empty() && known.is_none() {
        return Ok(());
    }
    let mut line = label("law").plain(citations.join("; "));
    if let Some(word) = known {
        let (words, worrying) = verified(word);
        line.push(if worrying { Style::Wait } else { Style::Dim }, format!("  ({words})"));
    }
    Ok(out.line(&line, COLUMN)?)
}

fn exemption(tried: &Tried, more: Option<&Tried>, out: &mut Out) -> Result<(), Failure> {
    let (style, word) = match tried.finding.as_str() {
        "holds" => (Style::Good, "holds"),
        "undetermined" => (Style::Wait, "unknown"),
        _ => (Style::Dim, "does not hold"),
    };
    let mut line = label("exemption").with(Style::Name, &tried.id).plain(" ").with(style, word);
    if !tried.citations.is_empty() {
        line.push(Style::Dim, format!("  {}", tried.citations.join("; ")));
    }
    out.line(&line, COLUMN)?;
    for lacked in &tried.lacked {
        out.line(&Text::new(COLUMN).with(Style::Dim, "lacks ").plain(value(lacked)), COLUMN + 6)?;
    }
    if let Some(more) = more {
        for condition in more.when.iter().chain(&more.provided) {
            if tried.finding != "holds" && condition.value == Some(true) {
                continue;
            }
            tree(condition, COLUMN, 0, out)?;
        }
    }
    Ok(())
}

fn conditions<'a>(
    words: &str,
    all: impl Iterator<Item = &'a Condition>,
    out: &mut Out,
) -> Result<(), Failure> {
    for (n, condition) in all.enumerate() {
        let line = label(if n == 0 { words } else { "" });
        out.line(&valued(line, condition), COLUMN + 8)?;
        for part in &condition.parts {
            tree(part, COLUMN + 2, 1, out)?;
        }
    }
    Ok(())
}

fn tree(condition: &Condition, indent: usize, depth: usize, out: &mut Out) -> Result<(), Failure> {
    out.line(&valued(Text::new(indent), condition), indent + 8)?;
    if depth < DEEPEST {
        for part in &condition.parts {
            tree(part, indent + 2, depth + 1, out)?;
        }
    }
    Ok(())
}

fn valued(line: Text, condition: &Condition) -> Text {
    let (style, word) = match condition.value {
        Some(true) => (Style::Good, "yes"),
        Some(false) => (Style::Bad, "no"),
        None => (Style::Wait, "unknown"),
    };
    line.column(style, word, 8).plain(&condition.words)
}

fn label(words: &str) -> Text {
    Text::new(4).column(Style::Dim, words, COLUMN - 4)
}

fn entry(words: &str, rest: &str, out: &mut Out) -> Result<(), Failure> {
    Ok(out.line(&label(words).plain(rest), COLUMN)?)
}
