//! What tests have seen of a pack: each rule letting pass and blocking, each condition true and false. A rule that cannot
//! block has two other sides: what it asks for is owed, as a test expects, and it does not apply.

use super::except::Except;
use crate::engine;
use crate::exit::Failure;
use crate::load::Pack;
use crate::out::{Out, Style, Text};
use byleave::Coverage;
use byleave::Engine;
use byleave::source::Span;
use byleave::typed::{Cond, CondAt};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Longer conditions are cut on the page.
const LONGEST: usize = 60;

/// Of one pack.
#[derive(Debug, Default)]
pub struct Covered {
    rules: Vec<Side>,
    conditions: Vec<Side>,
    /// Gaps that somebody has given a reason for.
    excepted: usize,
}

/// One thing with two sides, each with whether it was seen.
#[derive(Debug)]
struct Side {
    name: String,
    place: String,
    sides: [(Sort, bool); 2],
    /// Somebody has given a reason why a side cannot be seen.
    excepted: bool,
}

/// What a side is: the key by which programs are told of it, and words.
type Sort = (&'static str, &'static str);

/// Of a rule that can block.
const BLOCKS: [Sort; 2] = [("passed", "letting pass"), ("blocked", "blocking")];
/// Of a rule that says only what is owed.
const OBLIGES: [Sort; 2] = [("owed", "owed where a test expects it"), ("idle", "idle")];
/// Of a condition.
const HOLDS: [Sort; 2] = [("true", "true"), ("false", "false")];

impl Side {
    fn of(name: String, place: String, [a, b]: [Sort; 2], [one, other]: [bool; 2]) -> Side {
        Side { name, place, sides: [(a, one), (b, other)], excepted: false }
    }

    fn both(&self) -> bool {
        self.sides.iter().all(|(_, seen)| *seen)
    }

    fn is_gap(&self) -> bool {
        !self.both() && !self.excepted
    }

    /// What was not seen, in words.
    fn unseen(&self) -> String {
        let unseen: Vec<&str> =
            self.sides.iter().filter(|(_, seen)| !seen).map(|((_, words), _)| *words).collect();
        match unseen.as_slice() {
            [one, other] => format!("neither {one} nor {other}"),
            _ => format!("never {}", unseen.concat()),
        }
    }
}

impl Covered {
    /// Reads it off.
    pub fn of(engine: &Engine, pack: &Pack, coverage: &Coverage, except: &Except) -> Covered {
        let policy = engine.policy();
        let index = policy.packs.iter().position(|it| it.name == pack.name);
        let mine = |it: u16| Some(usize::from(it)) == index;
        let seen = |bits: &[u8], n: usize| bits.get(n).copied().unwrap_or(0);
        let mut written: BTreeMap<u32, Span> = BTreeMap::new();
        let mut rules = Vec::new();
        for (n, rule) in policy.rules.iter().enumerate().filter(|(_, rule)| mine(rule.pack)) {
            let bits = seen(&coverage.rules, n);
            let (sorts, bits_of) = match rule.can_block() {
                true => (BLOCKS, [1, 2]),
                false => (OBLIGES, [4, 8]),
            };
            let [one, other] = bits_of.map(|bit| bits & bit != 0);
            // What always applies is never idle.
            let always = !rule.can_block() && matches!(rule.when.cond, Cond::Const(true));
            let sides = [one, other || always];
            rules.push(Side::of(rule.id.clone(), engine::place(engine.sources(), rule.span), sorts, sides));
            let asides = rule.includes.iter().filter_map(|it| it.when.as_ref());
            let asides = asides.chain(rule.unless.iter().filter_map(|it| it.when.as_ref()));
            for it in std::iter::once(&rule.when).chain(&rule.requires).chain(asides) {
                walk(it, &mut written, None);
            }
        }
        for it in policy.exemptions.iter().filter(|it| mine(it.pack)) {
            let asides = it.includes.iter().filter_map(|it| it.when.as_ref());
            for it in std::iter::once(&it.when).chain(&it.provided).chain(asides) {
                walk(it, &mut written, None);
            }
        }
        for it in policy.instruments.iter().filter(|it| {
            it.id.strip_suffix(&it.name).and_then(|it| it.strip_suffix('.')) == Some(pack.name.as_str())
        }) {
            let elements = it.elements.iter().filter_map(|it| it.when.as_ref());
            for it in elements.chain(&it.void) {
                walk(it, &mut written, None);
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
                Side::of(name, place, HOLDS, [bits & 1 != 0, bits & 2 != 0])
            })
            .collect();
        let mut covered = Covered { rules, conditions, excepted: 0 };
        for it in covered.rules.iter_mut().chain(&mut covered.conditions) {
            if !it.both() && except.holds(&pack.name, &format!("{} {}", it.name, it.unseen())) {
                it.excepted = true;
                covered.excepted += 1;
            }
        }
        covered
    }

    /// Whether something was not seen that no reason is given for.
    pub fn has_gaps(&self) -> bool {
        self.rules.iter().chain(&self.conditions).any(Side::is_gap)
    }

    /// What was not seen, line by line.
    pub fn print(&self, pack: &str, out: &mut Out) -> Result<(), Failure> {
        let gaps: Vec<&Side> = self.rules.iter().chain(&self.conditions).filter(|it| it.is_gap()).collect();
        if gaps.is_empty() {
            return Ok(());
        }
        out.line(&Text::new(0).with(Style::Name, pack).plain(": what no test has seen"), 2)?;
        for it in gaps {
            let line = Text::new(2).plain(format!("{}  ", it.name)).with(Style::Wait, it.unseen());
            out.line(&line.with(Style::Dim, format!("  {}", it.place)), 6)?;
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
            (sides().filter(|it| it.both()).count(), sides().count())
        };
        let (rules, of_rules) = both(|it| &it.rules);
        let (conditions, of_conditions) = both(|it| &it.conditions);
        let excepted: usize = all.iter().map(|it| it.excepted).sum();
        let but = if excepted == 0 { String::new() } else { format!(", {excepted} excepted with a reason") };
        Some(format!(
            "coverage: {rules} of {of_rules} rules and {conditions} of {of_conditions} conditions seen both ways{but}"
        ))
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let all = |all: &[Side]| -> Vec<Value> {
            all.iter()
                .map(|it| {
                    let mut told = Map::new();
                    told.insert("name".to_owned(), it.name.as_str().into());
                    told.insert("place".to_owned(), it.place.as_str().into());
                    if it.excepted {
                        told.insert("excepted".to_owned(), true.into());
                    }
                    told.extend(it.sides.iter().map(|((key, _), seen)| ((*key).to_owned(), (*seen).into())));
                    told.into()
                })
                .collect()
        };
        json!({ "rules": all(&self.rules), "conditions": all(&self.conditions) })
    }
}

/// Every condition of a tree, by number. Constants have no sides, and a denial has those of what it denies. Of conditions that
/// stand for one written thing (`US-WA applies` asks several facts) the outermost is what was written.
fn walk(it: &CondAt, all: &mut BTreeMap<u32, Span>, around: Option<Span>) {
    if !matches!(it.cond, Cond::Const(_) | Cond::Not(_)) && around != Some(it.span) {
        all.insert(it.id.0, it.span);
    }
    let own = if matches!(it.cond, Cond::Not(_)) { around } else { Some(it.span) };
    match &it.cond {
        Cond::All(parts) | Cond::Any(parts) => parts.iter().for_each(|part| walk(part, all, own)),
        Cond::Not(part) | Cond::Known(part) => walk(part, all, own),
        _ => {}
    }
}
