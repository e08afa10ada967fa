//! Random policies in the words of the corpus, as text: parser and checker are exercised too.
//!
//! Conditions keep the polarity that law 3 asks for: consent and outbound counts only ever permit in a requirement and
//! only ever forbid in a `when`.

use super::Dice;
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

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// Dates in force and what else stands before the conditions.
    pub dates: Vec<String>,
    /// `for each …`
    pub each: Option<String>,
    /// When it applies.
    pub when: Option<C>,
    /// What it requires.
    pub requires: Vec<C>,
    /// Its exemptions: what each needs, and what it brings.
    pub unless: Vec<(C, Vec<String>)>,
    /// `include`, `disclose only`, `oblige` …
    pub rest: Vec<String>,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        writeln!(f, "rule {name}{} {{", self.each.as_ref().map(|e| format!(" {e}")).unwrap_or_default())?;
        for d in &self.dates {
            writeln!(f, "  {d}")?;
        }
        if let Some(w) = &self.when {
            writeln!(f, "  when {w}")?;
        }
        for r in &self.requires {
            writeln!(f, "  require {r}")?;
        }
        for r in &self.rest {
            writeln!(f, "  {r}")?;
        }
        if !self.unless.is_empty() {
            let names: Vec<String> = (0..self.unless.len()).map(|i| format!("{name}_way{i}")).collect();
            writeln!(f, "  unless {}", names.join(", "))?;
        }
        writeln!(f, "}}")?;
        for (i, (c, rest)) in self.unless.iter().enumerate() {
            writeln!(f, "exemption {name}_way{i} {{ provided {c} {} }}", rest.join(" "))?;
        }
        Ok(())
    }
}

impl Rule {
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
        put(&|r| r.rest.clear());
        for i in 0..self.unless.len() {
            put(&|r| drop(r.unless.remove(i)));
            for c in self.unless.get(i).map(|u| u.0.smaller()).unwrap_or_default() {
                put(&|r| r.unless.get_mut(i).iter_mut().for_each(|u| u.0 = c.clone()));
            }
        }
        for c in self.when.iter().flat_map(C::smaller) {
            put(&|r| r.when = Some(c.clone()));
        }
        for i in 0..self.requires.len() {
            if self.requires.len() > 1 || !self.rest.is_empty() {
                put(&|r| drop(r.requires.remove(i)));
            }
            for c in self.requires.get(i).map(C::smaller).unwrap_or_default() {
                put(&|r| r.requires.get_mut(i).iter_mut().for_each(|x| **x = c.clone()));
            }
        }
        out
    }
}

fn time(d: &mut Dice) -> String {
    format!("{:02}:{:02}", d.below(24), 15 * d.below(4))
}

fn two_times(d: &mut Dice) -> (String, String) {
    let usual = [
        ("08:00", "21:00"),
        ("09:00", "17:00"),
        ("21:00", "08:00"),
        ("00:00", "01:30"),
        ("20:00", "24:00"),
        ("01:30", "02:30"),
    ];
    if d.one_in(2) {
        let (a, b) = usual[d.below(usual.len())];
        return (a.to_string(), b.to_string());
    }
    loop {
        let (a, b) = (time(d), time(d));
        if a != b {
            return (a, b);
        }
    }
}

fn week(d: &mut Dice) -> String {
    let row = |d: &mut Dice| {
        if d.one_in(4) {
            "none".to_string()
        } else {
            ["08:00-20:00", "09:00-17:00", "10:00-24:00", "00:00-24:00", "12:00-21:00"][d.below(5)]
                .to_string()
        }
    };
    let mut out = format!("mon-fri {}, sat {}, sun {}", row(d), row(d), row(d));
    if d.one_in(3) {
        out += &format!(", holiday {} in federal", row(d));
    }
    out
}

fn window(d: &mut Dice) -> String {
    match d.below(7) {
        0 => "in past 24 hours".to_string(),
        1 => format!("in past {} hours", 1 + d.below(72)),
        2 => "today".to_string(),
        3 => format!("in past {} local days", 1 + d.below(8)),
        4 => ["this week", "this week from sunday", "this month"][d.below(3)].to_string(),
        5 => format!("in past {} month{}", 1 + d.below(3), ""),
        _ => String::new(),
    }
}

fn filter(d: &mut Dice, fields: &[&str]) -> String {
    if d.one_in(2) { format!("where {}", d.pick(fields)) } else { String::new() }
}

const CONTACTS: [&str; 6] = [
    "channel is voice",
    "purpose is marketing",
    "same topic",
    "same seller",
    "result is conversation",
    "not result is not_connected",
];
const INTERACTIONS: [&str; 2] = ["same seller", "same topic"];

/// A condition that permits: consent, caps.
pub fn permits(d: &mut Dice) -> C {
    let level = *d.pick(&["implied", "opted_in", "express", "express_written", "paper.signed"]);
    let reach = |d: &mut Dice| {
        if d.one_in(4) {
            let of = if d.one_in(2) { " of marketing" } else { "" };
            let to = d.pick(&[
                "every topic",
                "every purpose, topic",
                "every topic, channel in [voice, text]",
                "every address",
            ]);
            format!(", counting each revocation{of} as reaching {to}")
        } else {
            String::new()
        }
    };
    C::Leaf(match d.below(9) {
        0..=2 => {
            let purpose = if d.one_in(5) { " for billing" } else { "" };
            let who = if d.one_in(4) { " where by is holder" } else { "" };
            format!("consent at least {level}{purpose}{who}{}", reach(d))
        }
        3 | 4 => {
            let purpose = if d.one_in(5) { " for marketing" } else { "" };
            let seller = if d.one_in(4) { " by same seller" } else { "" };
            let renewed = if d.one_in(2) { " renewed at least opted_in" } else { "" };
            format!("not refused{purpose}{seller}{renewed}{}", reach(d))
        }
        5..=7 => {
            let f = filter(d, &CONTACTS);
            let comma = if f.is_empty() { "" } else { ", " };
            format!("at most {} contacts {}, this one included{comma}{f}", 1 + d.below(3), window(d))
        }
        _ => format!("no contacts {} {}", window(d), filter(d, &CONTACTS)),
    })
}

/// A condition that time or facts move and that may stand anywhere.
pub fn neutral(d: &mut Dice) -> C {
    let span = |d: &mut Dice| match d.below(4) {
        0 => format!("{} hours", 1 + d.below(48)),
        1 => format!("{} days", 1 + d.below(10)),
        2 => format!("{} months", 1 + d.below(3)),
        _ => format!("{} business days", 1 + d.below(5)),
    };
    let leaf = match d.below(26) {
        0..=4 => {
            let (a, b) = two_times(d);
            format!("local_time between {a} and {b}")
        }
        5 | 6 => format!("local_time within {{ {} }}", week(d)),
        7 => ["weekday is [saturday, sunday]", "weekday is [monday]"][d.below(2)].to_string(),
        8 => ["today is holiday in federal", "today is business day in federal"][d.below(2)].to_string(),
        9 => format!(
            "{} person.{}",
            ["before", "from"][d.below(2)],
            ["moment", "day", "pause_until"][d.below(3)]
        ),
        10 => format!("no later than {} after person.{}", span(d), ["moment", "day"][d.below(2)]),
        11 => format!("{} have passed since person.{}", span(d), ["moment", "day", "end_day"][d.below(3)]),
        12 => format!(
            "today in local days {} to {} of person.{}",
            1 + d.below(2),
            3 + d.below(3),
            ["moment", "day"][d.below(2)]
        ),
        13 => format!("person.age {} {}", ["<", ">="][d.below(2)], [13, 16, 18][d.below(3)]),
        14 => format!("today {} person.day", ["<", ">=", "="][d.below(3)]),
        15 => "address on no_call".to_string(),
        16 => format!("any transaction {} {}", window(d), filter(d, &INTERACTIONS)),
        17 => format!("count of inquiries {} >= {}", window(d), 1 + d.below(2)),
        18 => format!("contact.purpose only [{}]", ["care", "marketing", "promo, billing"][d.below(3)]),
        19 => [
            "contact.topic is running",
            "contact.topic is marked sensitive",
            "contact.topic is [heart, cooking]",
        ][d.below(3)]
        .to_string(),
        20 => [
            "contact.technology is random_dialing",
            "person.jurisdictions is US-FL",
            "contact.channel is text",
        ][d.below(3)]
        .to_string(),
        21 => format!("{} have passed since latest transaction", span(d)),
        22 => format!("no later than {} after latest inquiry", span(d)),
        23 => format!("known that person.{}", ["a", "b"][d.below(2)]),
        _ => format!("person.{}", ["a", "b", "c", "noted"][d.below(4)]),
    };
    C::Leaf(leaf)
}

/// What may stand in a requirement (`forbidding` false) or in a `when` (true).
pub fn condition(d: &mut Dice, depth: usize, forbidding: bool) -> C {
    if depth > 0 && d.one_in(3) {
        let n = 2 + d.below(2);
        let parts = (0..n).map(|_| condition(d, depth - 1, forbidding)).collect();
        return if d.one_in(2) { C::And(parts) } else { C::Or(parts) };
    }
    if d.one_in(4) {
        let p = permits(d);
        return if forbidding { C::Not(Box::new(p)) } else { p };
    }
    let c = neutral(d);
    if !d.one_in(4) {
        return c;
    }
    // Turned round in an exemption, `only` would be true of a second purpose, which the checker refuses.
    C::Not(Box::new(match c {
        C::Leaf(text) => C::Leaf(text.replace("contact.purpose only", "contact.purpose is")),
        other => other,
    }))
}

fn date_near(d: &mut Dice, today: i64) -> String {
    crate::reference::clock::civil(today + d.below(5) as i64 - 2).to_string()
}

/// A rule; `today` is the day around which dates in force lie.
pub fn rule(d: &mut Dice, name: &str, today: i64) -> Rule {
    let mut dates = Vec::new();
    if d.one_in(8) {
        dates.push(format!("since {}", date_near(d, today)));
    } else if d.one_in(8) {
        dates.push(format!("until {}", date_near(d, today)));
    }
    let mut rest = Vec::new();
    if d.one_in(10) {
        rest.push(format!("include {}", d.pick(&["sender_identity", "opt_out", "link, sender_identity"])));
    }
    if d.one_in(10) {
        rest.push(format!("disclose only {}", d.pick(&["identity", "identity, location", "health"])));
    }
    if d.one_in(12) {
        rest.push("use only identity, financial".to_string());
    }
    if d.one_in(5) {
        rest.push("oblige keep_note".to_string());
    }
    if d.one_in(8) {
        rest.push("on refusal oblige tell".to_string());
    }
    if d.one_in(12) {
        return Rule {
            name: name.to_string(),
            dates,
            each: Some("for each cap in person.caps".to_string()),
            when: Some(C::Leaf("cap.scope covers contact".to_string())),
            requires: vec![C::Leaf(
                "at most cap.most contacts in past cap.window, this one included, where cap.scope covers it"
                    .to_string(),
            )],
            unless: Vec::new(),
            rest: Vec::new(),
        };
    }
    let when = if d.one_in(2) { Some(condition(d, 1, true)) } else { None };
    let requires = (0..1 + usize::from(d.one_in(4))).map(|_| condition(d, 2, false)).collect();
    let unless = if d.one_in(4) {
        (0..1 + d.below(2))
            .map(|i| {
                (
                    condition(d, 1, false),
                    if d.one_in(2) { vec![format!("oblige pay{i}")] } else { Vec::new() },
                )
            })
            .collect()
    } else {
        Vec::new()
    };
    Rule { name: name.to_string(), dates, each: None, when, requires, unless, rest }
}
