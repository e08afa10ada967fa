//! The rules on the page: those that block at full length, those that are satisfied, those that did not apply.

use super::words::{Clocks, count, kind, verified};
use super::{Choice, heading};
use crate::exit::Failure;
use crate::out::{Out, Style, Text};
use byleave::wire::decision::{Clears, Finding, LookedAt, Reason, Refusal, Tried};
use byleave::wire::explain::{Asked, ExemptionExplained, Explanation, RefusalExplained, RuleExplained};

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
    let blocks = |finding: Finding| matches!(finding, Finding::Violated | Finding::Undetermined);
    let blocking: Vec<&Reason> =
        explanation.decision.reasons.iter().filter(|it| blocks(it.finding) && shown(&it.rule)).collect();
    let mut rest = blocking.clone();
    for it in &explanation.refusals {
        let mut of = |names: &[String]| {
            let (these, others) = rest.iter().partition(|reason| names.contains(&reason.rule));
            rest = others;
            let mut these: Vec<&Reason> = these;
            these.sort_by_key(|reason| names.iter().position(|name| *name == reason.rule));
            these
        };
        let (breaks, also) = (of(&it.breaks), of(&it.also));
        if breaks.len() + also.len() > 0 {
            refusal(it, &breaks, &also, explanation, choice, clocks, out)?;
        }
    }
    if !rest.is_empty() {
        let besides = if rest.len() < blocking.len() { "And besides" } else { "Why not" };
        heading(&format!("{besides}: {}", count(rest.len(), "rule")), out)?;
        in_full(&rest, explanation, choice, clocks, out)?;
    }
    let applied: Vec<&RuleExplained> =
        explanation.rules.iter().filter(|it| !blocks(it.finding) && shown(&it.rule)).collect();
    let none = blocking.is_empty() && applied.is_empty();
    if !applied.is_empty() {
        heading(&format!("Applied, and not in the way: {}", count(applied.len(), "rule")), out)?;
        for (n, rule) in applied.into_iter().enumerate() {
            if n > 0 {
                out.blank()?;
            }
            pass(rule, choice.all, clocks, out)?;
        }
    }
    let idle: Vec<&String> = explanation.not_applicable.iter().filter(|it| shown(it)).collect();
    match (idle.len(), choice.all || choice.rule.is_some()) {
        (0, _) if none && choice.rule.is_some() => {
            heading(&format!("No rule's name holds `{}`", choice.rule.unwrap_or_default()), out)?;
        }
        (0, _) => {}
        (n, false) => heading(&format!("Did not apply: {} (--all names them)", count(n, "rule")), out)?,
        (n, true) => {
            heading(&format!("Did not apply: {}", count(n, "rule")), out)?;
            for rule in idle {
                out.line(&Text::new(4).with(Style::Name, rule), 6)?;
            }
        }
    }
    Ok(())
}

/// What follows from one no of the person: the rules that it breaks at full length, those that block for it as well in a
/// line or two.
fn refusal(
    it: &RefusalExplained,
    breaks: &[&Reason],
    also: &[&Reason],
    explanation: &Explanation,
    choice: Choice<'_>,
    clocks: &Clocks,
    out: &mut Out,
) -> Result<(), Failure> {
    heading(&format!("Why not: {}", said_no(&it.refusal, clocks)), out)?;
    in_full(breaks, explanation, choice, clocks, out)?;
    if also.is_empty() {
        return Ok(());
    }
    out.blank()?;
    let words = format!("For the same no, {} more:", count(also.len(), "rule"));
    out.line(&Text::new(2).plain(words), 4)?;
    if choice.all || choice.rule.is_some() {
        out.blank()?;
        return in_full(also, explanation, choice, clocks, out);
    }
    for reason in also {
        let line = Text::new(4).with(Style::Name, &reason.rule);
        out.line(&line.with(Style::Dim, format!("  {}", reason.citations.join("; "))), 8)?;
        out.line(&Text::new(6).plain(&reason.sentence), 6)?;
    }
    Ok(())
}

/// `the person said no on Tuesday 3 March 2026, 10:00 (America/New_York)`
pub fn said_no(refusal: &Refusal, clocks: &Clocks) -> String {
    let mut words = match &refusal.at {
        Some(at) => format!("the person said no on {}", clocks.tell_day(at)),
        None => "the person said no, nobody knows when".to_owned(),
    };
    if let Some(id) = &refusal.id {
        words.push_str(&format!(", event `{id}`"));
    }
    words
}

fn in_full(
    reasons: &[&Reason],
    explanation: &Explanation,
    choice: Choice<'_>,
    clocks: &Clocks,
    out: &mut Out,
) -> Result<(), Failure> {
    for (n, reason) in reasons.iter().enumerate() {
        if n > 0 {
            out.blank()?;
        }
        let asked = explanation.rules.iter().find(|it| it.rule == reason.rule);
        block(reason, asked, choice.all, clocks, out)?;
    }
    Ok(())
}

/// A rule that blocks.
fn block(
    it: &Reason,
    asked: Option<&RuleExplained>,
    all: bool,
    clocks: &Clocks,
    out: &mut Out,
) -> Result<(), Failure> {
    let unknown = it.finding == Finding::Undetermined;
    let mark = if unknown { (Style::Wait, "unknown") } else { (Style::Bad, "no") };
    head(mark, &it.rule, it.kind.map_or("", kind), out)?;
    out.line(&Text::new(4).with(Style::Bold, &it.sentence), 4)?;
    law(&it.citations, it.verified.as_deref(), out)?;
    if let Some(rule) = asked {
        let depth = if all { Depth::All } else { Depth::Deciding };
        conditions(rule.conditions.iter(), depth, out)?;
    }
    looked_at(&it.looked_at, clocks, out)?;
    if !it.missing.is_empty() {
        entry("nobody said", &it.missing.join(", "), out)?;
    }
    for tried in &it.exemptions {
        let more = asked.and_then(|rule| rule.exemptions.iter().find(|e| e.id == tried.id));
        exempt(tried, more, out)?;
    }
    match &it.clears {
        Some(Clears::At(at)) => entry("clears", &format!("by itself, {}", clocks.tell(at)), out)?,
        Some(Clears::NotBefore(at)) => entry("clears", &format!("not before {}", clocks.tell(at)), out)?,
        Some(Clears::Never(_)) => entry("clears", "not by waiting", out)?,
        None => {}
    }
    for (n, change) in it.would_change.iter().enumerate() {
        entry(if n == 0 { "would change" } else { "" }, change, out)?;
    }
    Ok(())
}

/// A rule that applied and is content.
fn pass(rule: &RuleExplained, all: bool, clocks: &Clocks, out: &mut Out) -> Result<(), Failure> {
    let mark = if rule.finding == Finding::Exempted { "exempt" } else { "yes" };
    head((Style::Good, mark), &rule.rule, "", out)?;
    out.line(&Text::new(4).plain(&rule.sentence), 4)?;
    law(&rule.citations, rule.verified.as_deref(), out)?;
    if all {
        conditions(rule.conditions.iter(), Depth::All, out)?;
        looked_at(&rule.looked_at, clocks, out)?;
    } else {
        // What carried it; that it applied is why it stands here at all.
        conditions(rule.conditions.iter().filter(|it| it.clause != "when"), Depth::Top, out)?;
    }
    for it in rule.exemptions.iter().filter(|it| it.finding == Finding::Satisfied) {
        exemption(&it.id, it.finding, &it.citations, out)?;
        for condition in &it.conditions {
            tree(condition, if all { Depth::All } else { Depth::Top }, COLUMN, 0, out)?;
        }
    }
    Ok(())
}

fn head(mark: (Style, &str), rule: &str, words: &str, out: &mut Out) -> Result<(), Failure> {
    let mut line = Text::new(2).column(mark.0, mark.1, 9).with(Style::Name, rule);
    if !words.is_empty() {
        line.push(Style::Dim, format!("  {words}"));
    }
    Ok(out.line(&line, 11)?)
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

fn looked_at(facts: &[LookedAt], clocks: &Clocks, out: &mut Out) -> Result<(), Failure> {
    let mut line = label("looked at");
    for (n, fact) in facts.iter().enumerate() {
        let bare = fact.value.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(&fact.value);
        // A fact and its value stay on one line where they can.
        let value = clocks.tell(if bare.is_empty() { "none" } else { bare });
        let bound =
            |words: &str| if words.len() < 40 { words.replace(' ', "\u{a0}") } else { words.to_owned() };
        line.push(Style::Dim, format!("{}:\u{a0}", bound(&fact.fact)));
        line.push(Style::Plain, bound(&value));
        line.push(Style::Plain, if n + 1 < facts.len() { "; " } else { "" });
    }
    if facts.is_empty() { Ok(()) } else { Ok(out.line(&line, COLUMN)?) }
}

/// An exemption of a rule that blocks: what it lacked.
fn exempt(tried: &Tried, more: Option<&ExemptionExplained>, out: &mut Out) -> Result<(), Failure> {
    exemption(&tried.id, tried.finding, &tried.citations, out)?;
    for lacked in &tried.lacked {
        out.line(&Text::new(COLUMN).with(Style::Dim, "lacks ").plain(lacked), COLUMN + 6)?;
    }
    if let Some(more) = more.filter(|_| tried.lacked.is_empty()) {
        for condition in more.conditions.iter().filter(|it| it.answer != "true") {
            tree(condition, Depth::Deciding, COLUMN, 0, out)?;
        }
    }
    Ok(())
}

fn exemption(id: &str, finding: Finding, citations: &[String], out: &mut Out) -> Result<(), Failure> {
    let (style, word) = match finding {
        Finding::Satisfied | Finding::Exempted => (Style::Good, "holds"),
        Finding::Undetermined => (Style::Wait, "unknown"),
        Finding::NotApplicable => (Style::Dim, "does not apply"),
        Finding::Violated => (Style::Bad, "does not hold"),
    };
    let mut line = label("exemption").with(Style::Name, id).plain(" ").with(style, word);
    if !citations.is_empty() {
        line.push(Style::Dim, format!("  {}", citations.join("; ")));
    }
    Ok(out.line(&line, COLUMN)?)
}

/// How far down a condition is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    /// As written, and no further.
    Top,
    /// Those parts that make it what it is.
    Deciding,
    /// Every part.
    All,
}

/// What a rule asked, clause by clause; the word for the clause stands at its first line.
fn conditions<'a>(all: impl Iterator<Item = &'a Asked>, depth: Depth, out: &mut Out) -> Result<(), Failure> {
    let mut last = "";
    for it in all {
        let word = match it.clause.as_str() {
            "when" => "applies when",
            "require" => "requires",
            "include" => "must contain",
            other => other,
        };
        let it = lone(it, depth);
        out.line(&answered(label(if word == last { "" } else { word }), it), COLUMN + 9)?;
        last = word;
        // That a rule applied is told by its own words; why it did not pass, by the parts that failed.
        let depth = if word == "applies when" && depth == Depth::Deciding { Depth::Top } else { depth };
        parts(it, depth, COLUMN + 2, 1, out)?;
    }
    Ok(())
}

fn tree(it: &Asked, depth: Depth, indent: usize, level: usize, out: &mut Out) -> Result<(), Failure> {
    let it = lone(it, depth);
    out.line(&answered(Text::new(indent), it), indent + 9)?;
    parts(it, depth, indent + 2, level + 1, out)
}

fn parts(it: &Asked, depth: Depth, indent: usize, level: usize, out: &mut Out) -> Result<(), Failure> {
    if level > DEEPEST || (depth == Depth::Top && !heading_only(it)) {
        return Ok(());
    }
    for part in telling(it, depth) {
        tree(part, depth, indent, level, out)?;
    }
    Ok(())
}

/// The parts to show: all, or those that make the whole what it is; a whole is true or false by the parts that are.
fn telling(it: &Asked, depth: Depth) -> impl Iterator<Item = &Asked> {
    it.parts.iter().filter(move |part| depth == Depth::All || part.answer == it.answer)
}

/// `all of these` says nothing without these.
fn heading_only(it: &Asked) -> bool {
    it.text.ends_with("of these")
}

/// Of `any of these` with one part that tells, that part.
fn lone(mut it: &Asked, depth: Depth) -> &Asked {
    while depth != Depth::All && heading_only(it) {
        let mut parts = telling(it, depth);
        match (parts.next(), parts.next()) {
            (Some(only), None) => it = only,
            _ => break,
        }
    }
    it
}

fn answered(line: Text, it: &Asked) -> Text {
    let (style, word) = match it.answer.as_str() {
        "true" => (Style::Good, "yes"),
        "false" => (Style::Bad, "no"),
        "differs" => (Style::Wait, "differs"),
        _ => (Style::Wait, "unknown"),
    };
    let mut line = line.column(style, word, 9).plain(&it.text);
    if it.parts.is_empty() && !it.missing.is_empty() {
        line.push(Style::Dim, format!("  nobody said {}", it.missing.join(", ")));
    }
    line
}

fn label(words: &str) -> Text {
    Text::new(4).column(Style::Dim, words, COLUMN - 4)
}

fn entry(words: &str, rest: &str, out: &mut Out) -> Result<(), Failure> {
    Ok(out.line(&label(words).plain(rest), COLUMN)?)
}
