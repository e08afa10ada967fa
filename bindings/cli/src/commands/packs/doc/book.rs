//! What the pages are made of: each pack's items as written, the engine that understood them, and what every name means.

use crate::engine;
use crate::exit::Failure;
use crate::load::{Pack, Packs};
use byleave::Engine;
use byleave::ast::{self, Item};
use byleave::typed;
use std::collections::BTreeMap;

/// All packs that pages are made of, and those that they use.
pub struct Book {
    /// Each has a page: what is used decides as much as what was asked for.
    pub volumes: Vec<Volume>,
    /// How words of the vocabulary are read aloud.
    phrases: BTreeMap<&'static str, &'static str>,
}

/// One pack.
pub struct Volume {
    /// Its name.
    pub name: String,
    /// Packs it uses.
    uses: Vec<String>,
    /// Its items as written, in the order of its files.
    pub items: Vec<Item>,
    /// The pack with all that it uses and its own tests, checked.
    pub engine: Engine,
    /// What its folder's README says.
    pub readme: String,
}

/// What a name stands for, by the item that declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A definition.
    Term,
    /// A setting.
    Setting,
    /// A document.
    Document,
    /// An exemption.
    Exemption,
    /// A value by dates.
    Dated,
    /// A table.
    Table,
    /// A rule.
    Rule,
}

impl Meaning {
    /// How anchors of this sort begin.
    pub fn anchor(self) -> &'static str {
        match self {
            Meaning::Term => "word",
            Meaning::Setting => "setting",
            Meaning::Document => "document",
            Meaning::Exemption => "exemption",
            Meaning::Dated => "dated",
            Meaning::Table => "table",
            Meaning::Rule => "rule",
        }
    }
}

const PHRASES: &str = include_str!("words.txt");

impl Book {
    /// Reads and checks everything.
    pub fn of(packs: &Packs) -> Result<Book, Failure> {
        let mut volumes = Vec::new();
        for pack in &packs.all {
            volumes.push(volume(packs, pack)?);
        }
        let pair = |line: &'static str| {
            let (key, phrase) = line.split_once("  ")?;
            (!key.starts_with("//")).then(|| (key.trim(), phrase.trim()))
        };
        Ok(Book { volumes, phrases: PHRASES.lines().filter_map(pair).collect() })
    }

    /// How a word is read aloud, if it is not by its name.
    pub fn phrase(&self, word: &str) -> Option<&'static str> {
        self.phrases.get(word).copied()
    }

    /// What a name means in a pack: its own first, then that of a pack that it uses; and what it is called there. Names may
    /// have dots of their own.
    pub fn find<'b, 'n>(&'b self, from: &'b Volume, name: &'n str) -> Option<(&'b Volume, Meaning, &'n str)> {
        if let Some(meaning) = from.meaning(name) {
            return Some((from, meaning, name));
        }
        let qualified = self.volumes.iter().find_map(|volume| {
            let bare = name.strip_prefix(volume.name.as_str())?.strip_prefix('.')?;
            volume.meaning(bare).map(|meaning| (volume, meaning, bare))
        });
        let used = || from.uses.iter().filter_map(|it| self.volumes.iter().find(|have| have.name == *it));
        qualified
            .or_else(|| used().find_map(|volume| volume.meaning(name).map(|meaning| (volume, meaning, name))))
    }
}

impl Volume {
    /// Its head as the checker understood it.
    pub fn head(&self) -> Option<&typed::Pack> {
        self.engine.policy().packs.iter().find(|it| it.name == self.name)
    }

    fn meaning(&self, name: &str) -> Option<Meaning> {
        self.items.iter().find_map(|item| {
            let (own, meaning) = match item {
                Item::Define(it) => (&it.name, Meaning::Term),
                Item::Setting(it) => (&it.name, Meaning::Setting),
                Item::Instrument(it) => (&it.name, Meaning::Document),
                Item::Exemption(it) => (&it.name, Meaning::Exemption),
                Item::Dated(it) => (&it.name, Meaning::Dated),
                Item::Table(it) => (&it.name, Meaning::Table),
                _ => return None,
            };
            (own.text == name).then_some(meaning)
        })
    }

    /// Whether a rule is called so.
    pub fn has_rule(&self, name: &str) -> bool {
        self.items.iter().any(|item| matches!(item, Item::Rule(it) if it.name.text == name))
    }

    /// Whether some rule goes through records under that name.
    pub fn goes_through(&self, variable: &str) -> bool {
        let each = |item: &Item| matches!(item, Item::Rule(it) if it.each.as_ref().is_some_and(|each| each.var.text == variable));
        self.items.iter().any(each)
    }

    /// The checked rules of a rule as written: one, or one for each row of its table.
    pub fn rules(&self, it: &ast::Rule) -> Vec<&typed::Rule> {
        let id = format!("{}.{}", self.name, it.name.text);
        let own = |rule: &&typed::Rule| {
            rule.id.strip_prefix(id.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        };
        self.engine.policy().rules.iter().filter(own).collect()
    }

    /// The tests that stand beside the law.
    pub fn tests(&self) -> impl Iterator<Item = &typed::PackTest> {
        let index = self.engine.policy().packs.iter().position(|it| it.name == self.name);
        self.engine.tests().iter().filter(move |it| Some(usize::from(it.pack)) == index)
    }
}

fn volume(packs: &Packs, pack: &Pack) -> Result<Volume, Failure> {
    let engine = engine::of(&packs.closure(pack), Some(pack))
        .map_err(|(diagnostics, sources)| engine::failure(diagnostics, sources))?;
    let mut items = Vec::new();
    for file in &pack.files {
        let source = engine.sources().iter().find(|it| it.name == file.name);
        items.extend(source.into_iter().flat_map(|it| ast::parse(it).file.items));
    }
    Ok(Volume {
        name: pack.name.clone(),
        uses: pack.uses.iter().cloned().collect(),
        items,
        engine,
        readme: readme(pack),
    })
}

/// What a pack's folder says of it: on disk, or as it comes with Byleave.
fn readme(pack: &Pack) -> String {
    let shipped = byleave_packs::get(&pack.name).filter(|_| pack.folder.starts_with("packs/"));
    let path = std::path::Path::new(&pack.folder).join("README.md");
    match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(_) => shipped.and_then(|it| it.readme()).unwrap_or_default().to_owned(),
    }
}
