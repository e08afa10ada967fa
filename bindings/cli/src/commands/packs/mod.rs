//! `byleave packs`: which packs there are, what is in one, and the law beside its sentence.

mod text;

use crate::args::Packs;
use crate::engine;
use crate::exit::{Exit, Failure};
use crate::load;
use crate::out::{Out, Style, Text};
use crate::page::words::{count, verified};
use byleave::Engine;
use byleave::typed;
use serde_json::{Value, json};

/// Where the second column begins.
const COLUMN: usize = 14;

/// Does what was asked.
pub fn run(args: &Packs, out: &mut Out) -> Result<Exit, Failure> {
    match args {
        Packs::List => list(out)?,
        Packs::Show { name } => {
            let (engine, asked) = open(name)?;
            let shown: Vec<Shown<'_>> = asked.iter().filter_map(|name| Shown::of(&engine, name)).collect();
            if out.json {
                let all: Vec<Value> = shown.iter().map(Shown::json).collect();
                out.document(&json!({ "packs": all }))?;
            } else {
                for (n, pack) in shown.iter().enumerate() {
                    if n > 0 {
                        out.blank()?;
                    }
                    pack.print(out)?;
                }
            }
        }
        Packs::Text { name, rule } => {
            let (engine, asked) = open(name)?;
            let shown: Vec<Shown<'_>> = asked.iter().filter_map(|name| Shown::of(&engine, name)).collect();
            if engine.sources().iter().next().is_none() {
                return Err(Failure::input(format!("`{name}` holds compiled packs, which have no text"))
                    .hint("`byleave packs show` tells what is in them"));
            }
            text::print(&engine, &shown, rule.as_deref(), out)?;
        }
    }
    Ok(Exit::Good)
}

/// The engine, and the names of the packs that were asked for.
fn open(name: &str) -> Result<(Engine, Vec<String>), Failure> {
    if let Some(bytes) = load::compiled(name)? {
        let engine = Engine::from_compiled(&bytes).map_err(|error| engine::refused(&error))?;
        let all = engine.policy().packs.iter().map(|pack| pack.name.clone()).collect();
        return Ok((engine, all));
    }
    let packs = load::named(&[name.to_owned()])?;
    let engine = engine::check(&packs)?;
    let asked = packs.asked().map(|pack| pack.name.clone()).collect();
    Ok((engine, asked))
}

/// A pack as the checker understood it.
struct Shown<'a> {
    index: u16,
    pack: &'a typed::Pack,
    policy: &'a typed::Policy,
}

impl<'a> Shown<'a> {
    fn of(engine: &'a Engine, wanted: &str) -> Option<Shown<'a>> {
        let policy = engine.policy();
        let index = policy.packs.iter().position(|pack| pack.name == wanted)?;
        Some(Shown { index: u16::try_from(index).ok()?, pack: policy.packs.get(index)?, policy })
    }

    fn rules(&self) -> impl Iterator<Item = &'a typed::Rule> {
        let index = self.index;
        self.policy.rules.iter().filter(move |rule| rule.pack == index)
    }

    fn exemptions(&self) -> impl Iterator<Item = &'a typed::Exemption> {
        let index = self.index;
        self.policy.exemptions.iter().filter(move |it| it.pack == index)
    }

    fn settings(&self) -> impl Iterator<Item = &'a typed::Setting> {
        let head = format!("{}.", self.pack.name);
        let policy = self.policy;
        let inside =
            move |it: &&typed::Setting| it.name.strip_prefix(&head).is_some_and(|rest| !rest.contains('.'));
        policy.settings.iter().filter(inside)
    }

    fn json(&self) -> Value {
        let pack = self.pack;
        let rules: Vec<Value> = self.rules().map(rule_json).collect();
        let exemptions: Vec<Value> =
            self.exemptions().map(|it| json!({ "id": it.id, "citations": it.cites })).collect();
        let settings: Vec<Value> = self
            .settings()
            .map(|it| {
                json!({ "name": it.name, "default": it.default_words(), "citations": it.cites, "because": it.because })
            })
            .collect();
        json!({
            "name": pack.name, "title": pack.title, "edition": pack.edition, "sources": pack.sources,
            "reviewed": pack.reviewed.map(|date| date.to_string()), "uses": pack.uses, "digest": pack.digest,
            "rules": rules, "exemptions": exemptions, "settings": settings,
        })
    }

    fn print(&self, out: &mut Out) -> Result<(), Failure> {
        let pack = self.pack;
        let head = Text::new(0).with(Style::Name, &pack.name).plain("  ").with(Style::Bold, &pack.title);
        out.line(&head, 2)?;
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
        self.print_settings(out)?;
        let rules: Vec<_> = self.rules().collect();
        if !rules.is_empty() {
            out.blank()?;
            out.line(&Text::new(0).with(Style::Bold, count(rules.len(), "rule")), 2)?;
            for rule in rules {
                out.line(&rule_head(rule, 2), 4)?;
                out.line(&Text::new(4).plain(sentence(&rule.because)), 4)?;
            }
        }
        Ok(())
    }

    fn print_settings(&self, out: &mut Out) -> Result<(), Failure> {
        for (n, it) in self.settings().enumerate() {
            if n == 0 {
                out.blank()?;
                out.line(&Text::new(0).with(Style::Bold, "Settings, each with its cautious default"), 2)?;
            }
            let line = Text::new(2).with(Style::Name, &it.name).plain(format!(" is {}", it.default_words()));
            out.line(&line.with(Style::Dim, format!("  {}", it.cites.join("; "))), 4)?;
            if !it.because.is_empty() {
                out.line(&Text::new(4).plain(&it.because), 4)?;
            }
        }
        Ok(())
    }
}

/// A rule's name, citation and how its text is known, on one line.
fn rule_head(rule: &typed::Rule, indent: usize) -> Text {
    let mut line = Text::new(indent).with(Style::Name, &rule.id).plain("  ").plain(rule.cites.join("; "));
    if let Some(word) = known(rule.verified) {
        let (words, worrying) = verified(word);
        line.push(if worrying { Style::Wait } else { Style::Dim }, format!("  ({words})"));
    }
    line
}

fn rule_json(rule: &typed::Rule) -> Value {
    json!({
        "id": rule.id, "citations": rule.cites, "verified": known(rule.verified),
        "since": rule.since.map(|date| date.to_string()), "until": rule.until.map(|date| date.to_string()),
        "sentence": sentence(&rule.because),
    })
}

fn known(verified: Option<typed::Verified>) -> Option<&'static str> {
    verified.map(|it| match it {
        typed::Verified::Text => "text",
        typed::Verified::Secondary => "secondary",
        typed::Verified::Unverified => "unverified",
    })
}

/// A reason's sentence, with `…` where a value of the contact is put in.
fn sentence(template: &typed::Template) -> String {
    let part = |it: &typed::TemplatePart| match it {
        typed::TemplatePart::Text(text) => text.clone(),
        typed::TemplatePart::Value(_) => "…".to_owned(),
    };
    template.parts.iter().map(part).collect()
}

/// Names every pack, whether or not its policy can be used today.
fn list(out: &mut Out) -> Result<(), Failure> {
    let names: Vec<String> = byleave_packs::all().iter().map(|pack| pack.name.to_owned()).collect();
    let engine = engine::check(&load::named(&names)?)?;
    let packs = &engine.policy().packs;
    let rules =
        |index: usize| engine.policy().rules.iter().filter(|rule| usize::from(rule.pack) == index).count();
    if out.json {
        let all: Vec<Value> = packs
            .iter()
            .enumerate()
            .map(|(n, it)| {
                json!({ "name": it.name, "title": it.title, "edition": it.edition, "rules": rules(n), "digest": it.digest })
            })
            .collect();
        out.document(&json!({ "packs": all }))?;
        return Ok(());
    }
    let width = packs.iter().map(|it| it.name.chars().count()).max().unwrap_or(0) + 2;
    for (n, it) in packs.iter().enumerate() {
        let line = Text::new(0).column(Style::Name, &it.name, width).plain(&it.title);
        let rest = match rules(n) {
            0 => format!("  {}", it.edition),
            n => format!("  {}, {}", it.edition, count(n, "rule")),
        };
        out.line(&line.with(Style::Dim, rest), width)?;
    }
    Ok(())
}

fn row(label: &str, words: &str, out: &mut Out) -> Result<(), Failure> {
    Ok(out.line(&Text::new(2).column(Style::Dim, label, COLUMN - 2).plain(words), COLUMN)?)
}
