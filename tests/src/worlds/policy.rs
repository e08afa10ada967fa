//! Random policies in the words of the corpus, as text: parser and checker are exercised too.

use serde_json::Value as Json;
use std::fmt;

/// A condition, as a tree so that it can be made smaller.
#[derive(Clone, Debug, PartialEq)]
pub enum C {
    /// As written.
    Leaf(String),
    /// Negation.
    Not(Box<C>),
    /// Conjunction.
    And(Vec<C>),
    /// Disjunction.
    Or(Vec<C>),
}

impl fmt::Display for C {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join =
            |list: &[C], word: &str| list.iter().map(|c| format!("({c})")).collect::<Vec<_>>().join(word);
        match self {
            C::Leaf(s) => f.write_str(s),
            C::Not(c) => write!(f, "not ({c})"),
            C::And(l) => f.write_str(&join(l, " and ")),
            C::Or(l) => f.write_str(&join(l, " or ")),
        }
    }
}

impl C {
    /// Smaller ones: a part in place of the whole, or one part less.
    pub fn smaller(&self) -> Vec<C> {
        match self {
            C::Leaf(_) => Vec::new(),
            C::Not(c) => c.smaller().into_iter().map(|c| C::Not(Box::new(c))).collect(),
            C::And(l) | C::Or(l) => {
                let mut out: Vec<C> = l.clone();
                let again = |l: Vec<C>| if matches!(self, C::And(_)) { C::And(l) } else { C::Or(l) };
                for (i, c) in l.iter().enumerate() {
                    for s in c.smaller() {
                        let mut l = l.clone();
                        if let Some(x) = l.get_mut(i) {
                            *x = s;
                        }
                        out.push(again(l));
                    }
                }
                out
            }
        }
    }
}

/// A declaration that a rule brings with it: an instrument, a setting, a dated value, a table. It is written only where
/// something reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// As written.
    pub text: String,
    /// Of a setting: what a request may choose.
    pub choices: Vec<Json>,
}

/// What may lift a rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Way {
    /// `when` on the line that names it.
    pub named_when: Option<C>,
    /// Dates in force.
    pub dates: Vec<String>,
    /// Its own `when`.
    pub when: Option<C>,
    /// What it asks for; empty: a `define` in place of an exemption, which is `when`.
    pub provided: Vec<C>,
    /// `include`, `oblige` …
    pub rest: Vec<String>,
}

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// Declarations of its own.
    pub items: Vec<Item>,
    /// Dates in force and what else stands before the conditions.
    pub dates: Vec<String>,
    /// `for each …`
    pub each: Option<String>,
    /// When it applies.
    pub when: Option<C>,
    /// What it requires.
    pub requires: Vec<C>,
    /// Its exemptions.
    pub unless: Vec<Way>,
    /// An exemption that stands beside another rule, and lifts this one too.
    pub also: Option<String>,
    /// `include`, `disclose only`, `oblige` …
    pub rest: Vec<String>,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.body()?;
        for item in &self.items {
            if body.contains(&item.name) {
                writeln!(f, "{}", item.text)?;
            }
        }
        f.write_str(&body)
    }
}

impl Rule {
    /// The rule and its exemptions, without what it declares beside them.
    fn body(&self) -> Result<String, fmt::Error> {
        use fmt::Write as _;
        let mut out = String::new();
        let name = &self.name;
        writeln!(out, "rule {name}{} {{", self.each.as_ref().map(|e| format!(" {e}")).unwrap_or_default())?;
        for d in &self.dates {
            writeln!(out, "  {d}")?;
        }
        if let Some(w) = &self.when {
            writeln!(out, "  when {w}")?;
        }
        for r in &self.requires {
            writeln!(out, "  require {r}")?;
        }
        for r in &self.rest {
            writeln!(out, "  {r}")?;
        }
        let named = |(i, w): (usize, &Way)| {
            let when = w.named_when.as_ref().map(|c| format!(" when ({c})")).unwrap_or_default();
            format!("{}{when}", self.way_name(i))
        };
        let ways: Vec<String> = self.unless.iter().enumerate().map(named).chain(self.also.clone()).collect();
        if !ways.is_empty() {
            writeln!(out, "  unless {}", ways.join(", "))?;
        }
        writeln!(out, "}}")?;
        for (i, way) in self.unless.iter().enumerate() {
            match (&way.when, way.provided.is_empty()) {
                (Some(c), true) => writeln!(out, "define {name}_way{i}: {c}")?,
                (when, _) => {
                    writeln!(out, "exemption {name}_way{i} {{")?;
                    for d in &way.dates {
                        writeln!(out, "  {d}")?;
                    }
                    if let Some(c) = when {
                        writeln!(out, "  when {c}")?;
                    }
                    for c in &way.provided {
                        writeln!(out, "  provided {c}")?;
                    }
                    for r in &way.rest {
                        writeln!(out, "  {r}")?;
                    }
                    writeln!(out, "}}")?;
                }
            }
        }
        Ok(out)
    }

    /// What an exemption of the rule is called.
    pub fn way_name(&self, i: usize) -> String {
        format!("{}_way{i}", self.name)
    }

    /// Whether the exemption stands beside the rule.
    pub fn has_way(&self, name: &str) -> bool {
        (0..self.unless.len()).any(|i| self.way_name(i) == name)
    }

    /// Smaller ones.
    pub fn smaller(&self) -> Vec<Rule> {
        let mut out = Vec::new();
        let mut put = |f: &dyn Fn(&mut Rule)| {
            let mut r = self.clone();
            f(&mut r);
            if r != *self {
                out.push(r);
            }
        };
        put(&|r| r.dates.clear());
        if self.each.is_none() {
            put(&|r| r.when = None);
        }
        put(&|r| r.unless.clear());
        put(&|r| r.also = None);
        put(&|r| r.rest.clear());
        for (i, way) in self.unless.iter().enumerate() {
            put(&|r| drop(r.unless.remove(i)));
            for less in way.smaller() {
                put(&|r| r.unless.get_mut(i).iter_mut().for_each(|u| **u = less.clone()));
            }
        }
        for c in self.when.iter().flat_map(C::smaller) {
            put(&|r| r.when = Some(c.clone()));
        }
        for (i, require) in self.requires.iter().enumerate() {
            if self.requires.len() > 1 || !self.rest.is_empty() {
                put(&|r| drop(r.requires.remove(i)));
            }
            for c in require.smaller() {
                put(&|r| r.requires.get_mut(i).iter_mut().for_each(|x| **x = c.clone()));
            }
        }
        out
    }
}

impl Way {
    fn smaller(&self) -> Vec<Way> {
        let mut out = Vec::new();
        let mut put = |f: &dyn Fn(&mut Way)| {
            let mut w = self.clone();
            f(&mut w);
            if w != *self {
                out.push(w);
            }
        };
        put(&|w| w.dates.clear());
        put(&|w| w.rest.clear());
        put(&|w| w.named_when = None);
        for c in self.named_when.iter().flat_map(C::smaller) {
            put(&|w| w.named_when = Some(c.clone()));
        }
        if !self.provided.is_empty() {
            put(&|w| w.when = None);
        }
        for c in self.when.iter().flat_map(C::smaller) {
            put(&|w| w.when = Some(c.clone()));
        }
        for (i, c) in self.provided.iter().enumerate() {
            if self.provided.len() > 1 {
                put(&|w| drop(w.provided.remove(i)));
            }
            for s in c.smaller() {
                put(&|w| w.provided.get_mut(i).iter_mut().for_each(|x| **x = s.clone()));
            }
        }
        out
    }
}
