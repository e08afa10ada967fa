//! `byleave packs`: which packs there are, what is in one, and the law beside its sentence.

pub mod doc;
mod show;
mod text;

use crate::args::Packs;
use crate::engine;
use crate::exit::{Exit, Failure};
use crate::load;
use crate::out::{Out, Style, Text};
use crate::page::words::{self, count};
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
                let all: Vec<Value> = shown.iter().map(show::json).collect();
                out.document(&json!({ "packs": all }))?;
            } else {
                for (n, pack) in shown.iter().enumerate() {
                    if n > 0 {
                        out.blank()?;
                    }
                    show::print(pack, out)?;
                }
            }
        }
        Packs::Doc { names, out: folder } => return doc::run(names, folder, out),
        Packs::Text { name, rule } => {
            let (engine, asked) = open(name)?;
            let shown: Vec<Shown<'_>> = asked.iter().filter_map(|name| Shown::of(&engine, name)).collect();
            if engine.sources().iter().next().is_none() {
                return Err(no_text(name));
            }
            text::print(&engine, &shown, rule.as_deref(), out)?;
        }
    }
    Ok(Exit::Good)
}

/// Compiled packs leave out what only people read.
fn no_text(name: &str) -> Failure {
    Failure::input(format!("`{name}` holds compiled packs, which have no text"))
        .hint("`byleave packs show` tells what is in them")
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
        self.policy.settings.iter().filter(|it| self.declares(&it.name))
    }

    fn instruments(&self) -> impl Iterator<Item = &'a typed::Instrument> {
        self.policy.instruments.iter().filter(|it| self.declares(&it.id))
    }

    /// Lists have bare names; which pack declares one, its node in the taxonomy says.
    fn lists(&self) -> impl Iterator<Item = &'a typed::AddressList> {
        let vocabulary = &self.policy.vocabulary;
        let tree = vocabulary.taxonomy("list").map(|(_, tree)| tree);
        vocabulary.lists.iter().filter(move |list| {
            tree.is_some_and(|tree| {
                tree.nodes.iter().any(|node| node.name == list.name && node.pack == self.index)
            })
        })
    }

    /// Whether a qualified name is one of this pack's own.
    fn declares(&self, name: &str) -> bool {
        let rest = name.strip_prefix(self.pack.name.as_str()).and_then(|rest| rest.strip_prefix('.'));
        rest.is_some_and(|rest| !rest.contains('.'))
    }
}

/// A name, its citations and how they are known, on one line.
fn head(indent: usize, name: &str, cites: &[String], verified: Option<typed::Verified>) -> Text {
    let mut line = Text::new(indent).with(Style::Name, name);
    if !cites.is_empty() {
        line = line.plain("  ").plain(cites.join("; "));
    }
    if let Some(word) = known(verified) {
        let (words, worrying) = words::verified(word);
        line.push(if worrying { Style::Wait } else { Style::Dim }, format!("  ({words})"));
    }
    line
}

fn rule_head(rule: &typed::Rule, indent: usize) -> Text {
    head(indent, &rule.id, &rule.law.cites, rule.law.verified)
}

fn rule_json(rule: &typed::Rule) -> Value {
    json!({
        "id": rule.id, "citations": rule.law.cites, "verified": known(rule.law.verified), "sheet": rule.law.sheet,
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
        let presets: Vec<Value> = byleave_packs::presets()
            .map(|it| {
                let packs: Vec<&str> = it.packs().map(|pack| pack.name).collect();
                json!({ "name": it.name, "title": it.title, "packs": packs })
            })
            .collect();
        out.document(&json!({ "packs": all, "presets": presets }))?;
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
    out.blank()?;
    out.line(&Text::new(0).with(Style::Bold, "Presets: several packs under one name"), 2)?;
    for it in byleave_packs::presets() {
        let names: Vec<&str> = it.packs().map(|pack| pack.name).collect();
        let packs = if names.len() == packs.len() { "every pack".to_owned() } else { names.join(", ") };
        let line = Text::new(0).column(Style::Name, it.name, width).plain(it.title);
        out.line(&line.with(Style::Dim, format!("  {packs}")), width)?;
    }
    Ok(())
}

fn row(label: &str, words: &str, out: &mut Out) -> Result<(), Failure> {
    Ok(out.line(&Text::new(2).column(Style::Dim, label, COLUMN - 2).plain(words), COLUMN)?)
}
