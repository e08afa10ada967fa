//! `byleave packs text`: to read the law and its rule side by side, citation and sentence above the rule's own text.

use super::{Shown, rule_head, rule_json, sentence};
use crate::engine;
use crate::exit::Failure;
use crate::out::{Out, Style, Text, clean};
use byleave::Engine;
use byleave::source::Span;
use byleave::typed::{Exemption, Rule};
use serde_json::{Value, json};

/// Prints them, or those whose name or citation holds the text.
pub fn print(engine: &Engine, packs: &[Shown<'_>], only: Option<&str>, out: &mut Out) -> Result<(), Failure> {
    let wanted = |id: &str, cites: &[String]| {
        only.is_none_or(|text| id.contains(text) || cites.iter().any(|cite| cite.contains(text)))
    };
    let mut documents = Vec::new();
    let mut found = false;
    for pack in packs {
        let head =
            Text::new(0).with(Style::Name, &pack.pack.name).plain("  ").with(Style::Bold, &pack.pack.title);
        if !out.json {
            out.line(&head.with(Style::Dim, format!("  {}", pack.pack.edition)), 2)?;
        }
        // The rows of a table share one text: it is shown once, under its first row.
        let mut last = None;
        for rule in pack.rules().filter(|rule| wanted(&rule.id, &rule.law.cites)) {
            found = true;
            if out.json {
                let mut it = rule_json(rule);
                if let Some(map) = it.as_object_mut() {
                    map.insert("text".to_owned(), source(engine, rule.span).into());
                    map.insert("place".to_owned(), engine::place(engine.sources(), rule.span).into());
                }
                documents.push(it);
                continue;
            }
            one_rule(engine, rule, last != Some(rule.span), out)?;
            last = Some(rule.span);
        }
        for it in pack.exemptions().filter(|it| wanted(&it.id, &it.law.cites)) {
            found = true;
            if out.json {
                documents
                    .push(json!({ "id": it.id, "citations": it.law.cites, "text": source(engine, it.span) }));
            } else {
                one_exemption(engine, it, out)?;
            }
        }
    }
    if !found && let Some(text) = only {
        return Err(Failure::usage(format!("no rule's name or citation holds `{text}`")));
    }
    if out.json {
        let documents: Vec<Value> = documents;
        out.document(&json!({ "rules": documents }))?;
    }
    Ok(())
}

fn one_rule(engine: &Engine, rule: &Rule, with_text: bool, out: &mut Out) -> Result<(), Failure> {
    out.blank()?;
    out.line(&rule_head(rule, 0), 4)?;
    let since = rule.since.map(|date| format!("since {date}"));
    let until = rule.until.map(|date| format!("until {date}"));
    let dates: Vec<String> = since.into_iter().chain(until).collect();
    if !dates.is_empty() {
        out.line(&Text::new(2).with(Style::Dim, format!("in force {}", dates.join(", "))), 4)?;
    }
    out.line(&Text::new(2).with(Style::Bold, sentence(&rule.because)), 4)?;
    for paragraph in rule.doc.split("\n\n").filter(|it| !it.is_empty()) {
        out.line(&Text::new(2).plain(paragraph.replace('\n', " ")), 4)?;
    }
    if with_text {
        listing(engine, rule.span, out)?;
    }
    Ok(())
}

fn one_exemption(engine: &Engine, it: &Exemption, out: &mut Out) -> Result<(), Failure> {
    out.blank()?;
    let head = Text::new(0).with(Style::Dim, "exemption ").with(Style::Name, &it.id);
    out.line(&head.plain("  ").plain(it.law.cites.join("; ")), 4)?;
    for paragraph in it.doc.split("\n\n").filter(|it| !it.is_empty()) {
        out.line(&Text::new(2).plain(paragraph.replace('\n', " ")), 4)?;
    }
    listing(engine, it.span, out)
}

/// The text as its author wrote it, line for line, behind a rule.
fn listing(engine: &Engine, span: Span, out: &mut Out) -> Result<(), Failure> {
    out.line(&Text::new(2).with(Style::Dim, format!("╭ {}", engine::place(engine.sources(), span))), 4)?;
    for line in source(engine, span).lines() {
        // Set by hand and not wrapped: columns carry meaning here.
        out.raw(&format!("  │ {}", clean(line)))?;
    }
    Ok(())
}

fn source(engine: &Engine, span: Span) -> &str {
    engine.sources().get(span.source).map_or("", |it| it.slice(span))
}
