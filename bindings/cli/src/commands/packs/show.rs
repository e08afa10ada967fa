//! `byleave packs show`: what is in a pack: its settings, documents, lists, exemptions and rules, each with where the law
//! stands and how that is known.

use super::{COLUMN, Shown, head, known, row, rule_head, rule_json, sentence};
use crate::exit::Failure;
use crate::out::{Out, Style, Text};
use crate::page::words::count;
use byleave::typed;
use serde_json::{Value, json};

/// The pack as one document.
pub fn json(shown: &Shown<'_>) -> Value {
    let pack = shown.pack;
    let rules: Vec<Value> = shown.rules().map(rule_json).collect();
    let exemptions: Vec<Value> = shown
        .exemptions()
        .map(|it| {
            json!({ "id": it.id, "citations": it.law.cites, "verified": known(it.law.verified), "sheet": it.law.sheet })
        })
        .collect();
    let settings: Vec<Value> = shown
        .settings()
        .map(|it| {
            json!({
                "name": it.name, "default": it.default_words(), "citations": it.law.cites, "verified": known(it.law.verified),
                "sheet": it.law.sheet, "because": it.because,
            })
        })
        .collect();
    let instruments: Vec<Value> = shown
        .instruments()
        .map(|it| {
            json!({ "id": it.id, "citations": it.law.cites, "verified": known(it.law.verified), "sheet": it.law.sheet })
        })
        .collect();
    let lists: Vec<Value> = shown
        .lists()
        .map(|it| {
            json!({
                "name": it.name, "citations": it.law.cites, "verified": known(it.law.verified), "sheet": it.law.sheet,
                "because": it.because,
            })
        })
        .collect();
    json!({
        "name": pack.name, "title": pack.title, "edition": pack.edition, "sources": pack.sources,
        "reviewed": pack.reviewed.map(|date| date.to_string()), "uses": pack.uses, "digest": pack.digest,
        "rules": rules, "exemptions": exemptions, "settings": settings, "instruments": instruments, "lists": lists,
    })
}

/// The pack for people.
pub fn print(shown: &Shown<'_>, out: &mut Out) -> Result<(), Failure> {
    let pack = shown.pack;
    let title = Text::new(0).with(Style::Name, &pack.name).plain("  ").with(Style::Bold, &pack.title);
    out.line(&title, 2)?;
    row("edition", &pack.edition, out)?;
    if let Some(date) = pack.reviewed {
        row("reviewed", &date.to_string(), out)?;
    }
    for (n, source) in pack.sources.iter().enumerate() {
        row(if n == 0 { "source" } else { "" }, source, out)?;
    }
    if !pack.uses.is_empty() {
        row("uses", &pack.uses.join(", "), out)?;
    }
    row("digest", &pack.digest, out)?;
    if !pack.doc.is_empty() {
        out.blank()?;
        for paragraph in pack.doc.split("\n\n") {
            out.line(&Text::new(2).plain(paragraph.replace('\n', " ")), 2)?;
        }
    }
    settings(shown, out)?;
    let documents: Vec<_> = shown.instruments().collect();
    part(documents.len(), "document", out)?;
    for it in documents {
        one(&it.id, &it.law.cites, it.law.sheet.as_deref(), it.law.verified, "", out)?;
    }
    let lists: Vec<_> = shown.lists().collect();
    part(lists.len(), "list", out)?;
    for it in lists {
        one(&it.name, &it.law.cites, it.law.sheet.as_deref(), it.law.verified, &it.because, out)?;
    }
    let exemptions: Vec<_> = shown.exemptions().collect();
    part(exemptions.len(), "exemption", out)?;
    for it in exemptions {
        one(&it.id, &it.law.cites, it.law.sheet.as_deref(), it.law.verified, &sentence(&it.because), out)?;
    }
    let rules: Vec<_> = shown.rules().collect();
    part(rules.len(), "rule", out)?;
    for rule in rules {
        out.line(&rule_head(rule, 2), 4)?;
        sheet(rule.law.sheet.as_deref(), out)?;
        out.line(&Text::new(4).plain(sentence(&rule.because)), 4)?;
    }
    Ok(())
}

fn settings(shown: &Shown<'_>, out: &mut Out) -> Result<(), Failure> {
    for (n, it) in shown.settings().enumerate() {
        if n == 0 {
            out.blank()?;
            out.line(&Text::new(0).with(Style::Bold, "Settings, each with its cautious default"), 2)?;
        }
        let name = format!("{} is {}", it.name, it.default_words());
        one(&name, &it.law.cites, it.law.sheet.as_deref(), it.law.verified, &it.because, out)?;
    }
    Ok(())
}

/// The heading of a part that is not empty.
fn part(members: usize, what: &str, out: &mut Out) -> Result<(), Failure> {
    if members > 0 {
        out.blank()?;
        out.line(&Text::new(0).with(Style::Bold, count(members, what)), 2)?;
    }
    Ok(())
}

fn one(
    name: &str,
    cites: &[String],
    id: Option<&str>,
    verified: Option<typed::Verified>,
    words: &str,
    out: &mut Out,
) -> Result<(), Failure> {
    out.line(&head(2, name, cites, verified), 4)?;
    sheet(id, out)?;
    if !words.is_empty() {
        out.line(&Text::new(4).plain(words), 4)?;
    }
    Ok(())
}

fn sheet(id: Option<&str>, out: &mut Out) -> Result<(), Failure> {
    match id {
        Some(id) => Ok(out.line(&Text::new(4).with(Style::Dim, format!("sheet {id}")), COLUMN)?),
        None => Ok(()),
    }
}
