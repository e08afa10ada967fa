//! What tests have seen of a pack: each rule letting pass and blocking, each condition true and false.

use crate::engine;
use crate::exit::Failure;
use crate::load::Pack;
use crate::out::{Out, Style, Text};
use byleave::Coverage;
use byleave::Engine;
use byleave::source::Span;
use byleave::typed::{Cond, CondAt};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Longer conditions are cut on the page.
const LONGEST: usize = 60;

/// Of one pack.
#[derive(Debug, Default)]
pub struct Covered {
    rules: Vec<Side>,
    conditions: Vec<Side>,
}

/// One thing with two sides.
#[derive(Debug)]
struct Side {
    name: String,
    place: String,
    /// Passed; was true.
    yes: bool,
    /// Blocked; was false.
    no: bool,
}

impl Covered {
    /// Reads it off.
    pub fn of(engine: &Engine, pack: &Pack, coverage: &Coverage) -> Covered {
        let policy = engine.policy();
        let index = policy.packs.iter().position(|it| it.name == pack.name);
        let mine = |it: u16| Some(usize::from(it)) == index;
        let seen = |bits: &[u8], n: usize| bits.get(n).copied().unwrap_or(0);
        let mut written: BTreeMap<u32, Span> = BTreeMap::new();
        let mut rules = Vec::new();
        for (n, rule) in policy.rules.iter().enumerate().filter(|(_, rule)| mine(rule.pack)) {
            let bits = seen(&coverage.rules, n);
            rules.push(Side {
                name: rule.id.clone(),
                place: engine::place(engine.sources(), rule.span),
                yes: bits & 1 != 0,
                no: bits & 2 != 0,
            });
            for it in std::iter::once(&rule.when).chain(&rule.requires) {
                walk(it, &mut written);
            }
        }
        for it in policy.exemptions.iter().filter(|it| mine(it.pack)) {
            for it in std::iter::once(&it.when).chain(&it.provided) {
                walk(it, &mut written);
            }
        }
        // A definition of another pack is that pack's to test.
        let here = |span: &Span| {
            engine
                .sources()
                .get(span.source)
                .is_some_and(|it| pack.files.iter().any(|file| file.name == it.name))
        };
        let mut places: Vec<(Span, u32)> =
            written.into_iter().map(|(id, span)| (span, id)).filter(|(span, _)| here(span)).collect();
        places.sort();
        let conditions = places
            .into_iter()
            .map(|(span, id)| {
                let bits = seen(&coverage.conditions, id as usize);
                let text = engine.sources().get(span.source).map_or("", |it| it.slice(span));
                let mut name = text.split_whitespace().collect::<Vec<_>>().join(" ");
                if name.chars().count() > LONGEST {
                    name = name.chars().take(LONGEST).chain(['…']).collect();
                }
                let place = engine::place(engine.sources(), span);
                Side { name, place, yes: bits & 1 != 0, no: bits & 2 != 0 }
            })
            .collect();
        Covered { rules, conditions }
    }

    /// What was not seen, line by line.
    pub fn print(&self, pack: &str, out: &mut Out) -> Result<(), Failure> {
        let gaps = |all: &[Side]| all.iter().filter(|it| !(it.yes && it.no)).count();
        if gaps(&self.rules) + gaps(&self.conditions) == 0 {
            return Ok(());
        }
        out.line(&Text::new(0).with(Style::Name, pack).plain(": what no test has seen"), 2)?;
        for (all, yes, no) in [(&self.rules, "letting pass", "blocking"), (&self.conditions, "true", "false")]
        {
            for it in all.iter().filter(|it| !(it.yes && it.no)) {
                let words = match (it.yes, it.no) {
                    (false, false) => format!("neither {yes} nor {no}"),
                    (false, true) => format!("never {yes}"),
                    _ => format!("never {no}"),
                };
                let line = Text::new(2).plain(format!("{}  ", it.name)).with(Style::Wait, words);
                out.line(&line.with(Style::Dim, format!("  {}", it.place)), 6)?;
            }
        }
        Ok(out.blank()?)
    }

    /// One line over several packs: `coverage: 30 of 32 rules …`; none without any.
    pub fn sum<'a>(all: impl Iterator<Item = &'a Covered>) -> Option<String> {
        let all: Vec<&Covered> = all.collect();
        if all.is_empty() {
            return None;
        }
        let both = |pick: fn(&Covered) -> &Vec<Side>| {
            let sides = || all.iter().flat_map(|it| pick(it));
            (sides().filter(|it| it.yes && it.no).count(), sides().count())
        };
        let (rules, of_rules) = both(|it| &it.rules);
        let (conditions, of_conditions) = both(|it| &it.conditions);
        Some(format!(
            "coverage: {rules} of {of_rules} rules and {conditions} of {of_conditions} conditions seen both ways"
        ))
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let sides = |all: &[Side], yes: &str, no: &str| -> Vec<Value> {
            all.iter()
                .map(|it| json!({ "name": it.name, "place": it.place, yes: it.yes, no: it.no }))
                .collect()
        };
        json!({
            "rules": sides(&self.rules, "passed", "blocked"),
            "conditions": sides(&self.conditions, "true", "false"),
        })
    }
}

/// Every condition of a tree, by number. Constants have no sides, and a denial has those of what it denies.
fn walk(it: &CondAt, all: &mut BTreeMap<u32, Span>) {
    if !matches!(it.cond, Cond::Const(_) | Cond::Not(_)) {
        all.insert(it.id.0, it.span);
    }
    match &it.cond {
        Cond::All(parts) | Cond::Any(parts) => parts.iter().for_each(|part| walk(part, all)),
        Cond::Not(part) | Cond::Known(part) => walk(part, all),
        _ => {}
    }
}
