//! Writes one rule: what it is made of is drawn here, construct by construct.
//!
//! Conditions keep the polarity that law 3 asks for: consent and outbound counts only ever permit in a requirement and
//! only ever forbid in a `when`.

use super::Dice;
use super::policy::{C, Item, Rule, Way};
use crate::reference::clock;
use serde_json::{Value as Json, json};

/// What a rule is drawn with.
pub struct Pen<'d> {
    /// Chooses.
    pub d: &'d mut Dice,
    /// The rule's name, which begins the names of all that it declares.
    name: String,
    /// The day around which dates lie.
    today: i64,
    /// Declared on the way.
    items: Vec<Item>,
}

/// A rule; `today` is the day around which dates in force lie.
pub fn rule(d: &mut Dice, name: &str, today: i64) -> Rule {
    let mut pen = Pen { d, name: name.to_string(), today, items: Vec::new() };
    let mut rule = match pen.d.below(24) {
        0 | 1 => pen.each_cap(),
        2 => pen.each_ban(),
        3 | 4 => pen.each_row(),
        _ => pen.plain(),
    };
    rule.items = pen.items;
    rule
}

impl Pen<'_> {
    /// One of these texts.
    pub fn word(&mut self, list: &[&str]) -> String {
        (*self.d.pick(list)).to_string()
    }

    /// A day near the one asked about.
    pub fn date(&mut self) -> String {
        clock::civil(self.today + self.d.below(5) as i64 - 2).to_string()
    }

    fn declare(&mut self, kind: &str, text: impl Fn(&str) -> String, choices: Vec<Json>) -> String {
        let name = format!("{}_{kind}{}", self.name, self.items.len());
        self.items.push(Item { text: text(&name), name: name.clone(), choices });
        name
    }

    /// A number: written, a setting, a dated value, a fact.
    pub fn number(&mut self) -> String {
        let n = 1 + self.d.below(3);
        match self.d.below(9) {
            0 => {
                let choices = vec![json!(n + 1), json!(1)];
                self.declare("most", |name| format!("setting {name}: integer {n}"), choices)
            }
            1 => {
                let (day, m) = (self.date(), 1 + self.d.below(3));
                self.declare(
                    "most",
                    |name| format!("dated {name} {{ {n} until {day}  {m} from {day} }}"),
                    vec![],
                )
            }
            2 => "person.count".to_string(),
            _ => n.to_string(),
        }
    }

    /// A length of time to wait or to be in time.
    pub fn span(&mut self) -> String {
        match self.d.below(12) {
            0..=2 => format!("{} hours", 1 + self.d.below(48)),
            3..=5 => format!("{} days", 1 + self.d.below(10)),
            6 => format!("{} months", 1 + self.d.below(3)),
            7 => format!("{} weeks", 1 + self.d.below(2)),
            8 => {
                let n = 1 + self.d.below(3);
                let choices = vec![json!("1 hour"), json!("5 days"), json!("1 month")];
                self.declare("pause", |name| format!("setting {name}: duration {n} days"), choices)
            }
            9 => {
                let (day, n, m) = (self.date(), 1 + self.d.below(48), 1 + self.d.below(4));
                let other = self.word(&["days", "business days", "months", "hours"]);
                self.declare(
                    "pause",
                    |name| format!("dated {name} {{ {n} hours until {day}  {m} {other} from {day} }}"),
                    vec![],
                )
            }
            _ => format!("{} business days", 1 + self.d.below(5)),
        }
    }

    /// A length of time that is a day's at most until a date and another from then on.
    pub fn dated_span(&mut self, before: &str, day: &str) -> String {
        let after = 1 + self.d.below(36);
        self.declare(
            "reach",
            |name| format!("dated {name} {{ {before} until {day}  {after} hours from {day} }}"),
            vec![],
        )
    }

    /// An instrument of some level.
    pub fn instrument(&mut self) -> String {
        let level = self.word(&["paper.signed", "paper.signed", "express_written"]);
        let elements = self.word(&["description", "description, signature", "signature, date"]);
        let more = if self.d.one_in(2) {
            self.word(&[
                "element relation when instrument.signed_by is representative",
                "element relation when not instrument.in_person",
                "element relation when instrument.combined_with is other",
            ])
        } else {
            String::new()
        }
        .replace("not instrument.in_person", "in_writing");
        let lasts = self.word(&[
            "lasts through instrument.expires_on",
            "lasts 1 month from instrument.signed_on",
            "lasts 20 days from instrument.signed_on",
            "lasts without end",
        ]);
        let void = if self.d.one_in(2) {
            self.word(&[
                "void when instrument.conditioned",
                "void when instrument.conditioned or instrument.combined_with is conditioned",
                "void when instrument.known_false",
            ])
        } else {
            String::new()
        };
        self.declare(
            "form",
            |name| {
                format!(
                    "instrument {name} grants {level} {{\n  missing form\n  elements {elements}\n  {more}\n  {lasts}\n  {void}\n}}"
                )
            },
            vec![],
        )
    }

    /// A question of a setting, or a moment that is one.
    pub fn setting(&mut self) -> String {
        match self.d.below(3) {
            0 => {
                let choices = vec![json!("no"), json!("yes")];
                let name = self.declare(
                    "reading",
                    |name| format!("setting {name}: one of [yes, no] {{ cite \"x\" because \"y\" }}"),
                    choices,
                );
                format!("{name} is yes")
            }
            _ => {
                let (day, other) = (self.date(), self.date());
                let name = self.declare(
                    "begins",
                    |name| format!("setting {name}: date {day} {{ cite \"x\" }}"),
                    vec![json!(other)],
                );
                let form = self.word(&["today >= ", "today < ", "from ", "before "]);
                format!("{form}{name}")
            }
        }
    }

    fn each_cap(&mut self) -> Rule {
        let whose = self.word(&["person", "recipient"]);
        let mut rest = Vec::new();
        if self.d.one_in(3) {
            rest.push(self.word(&["oblige wait: cap.window", "on refusal oblige wait: cap.window"]));
        }
        Rule {
            each: Some(format!("for each cap in {whose}.caps")),
            when: Some(C::Leaf("cap.scope covers contact".to_string())),
            requires: vec![C::Leaf(
                "at most cap.most contacts in past cap.window, this one included, where cap.scope covers it"
                    .to_string(),
            )],
            rest,
            ..self.bare()
        }
    }

    fn each_ban(&mut self) -> Rule {
        let c = self.condition(1, false);
        // A ban that takes in some of the contact; or leave that takes in all of it.
        let (when, lets) = if self.d.one_in(2) {
            ("ban.scope covers contact", C::Not(Box::new(C::Leaf("ban.strict".to_string()))))
        } else {
            ("ban.strict", C::Leaf("ban.scope covers all of contact".to_string()))
        };
        Rule {
            each: Some("for each ban in person.bans".to_string()),
            when: Some(C::Leaf(when.to_string())),
            requires: vec![C::Or(vec![lets, c])],
            ..self.bare()
        }
    }

    fn each_row(&mut self) -> Rule {
        let rows = 1 + self.d.below(3);
        let mut text = String::from(
            "  row  state  channels  weekdays  saturday  sunday  holiday  calendar  most  window  level  since  until",
        );
        let mut states = vec!["US-FL", "US-NY", "US-TX", "CA"];
        for n in 0..rows {
            let state = states.remove(self.d.below(states.len()));
            let channels = self.word(&["any", "voice, text", "text", "sms"]);
            let hours = |pen: &mut Self| {
                pen.word(&["08:00-20:00", "09:00-12:00+13:00-18:00", "none", "=", "00:00-24:00"])
            };
            let first = self.word(&["08:00-20:00", "10:00-17:00", "none"]);
            let (sat, sun) = (hours(self), hours(self));
            let (holiday, calendar) = if self.d.one_in(2) {
                ("-", "-")
            } else {
                (*self.d.pick(&["none", "12:00-14:00"]), "federal")
            };
            let window = self.word(&["24 hours", "3 local days", "1 month", "7 local days"]);
            let level = self.word(&["opted_in", "express", "implied"]);
            let since = if self.d.one_in(3) { self.date() } else { "-".to_string() };
            let until = if since == "-" && self.d.one_in(3) { self.date() } else { "-".to_string() };
            text += &format!(
                "\n  r{n}  {state}  {channels}  {first}  {sat}  {sun}  {holiday}  {calendar}  {}  {window}  {level}  {since}  {until}",
                1 + self.d.below(2)
            );
        }
        let table = self.declare("rows", |name| format!("table {name} {{\n{text}\n}}"), vec![]);
        let requires = [
            "local_time within row.week",
            "at most row.most contacts in past row.window, this one included",
            "consent at least row.level",
        ];
        let mut requires: Vec<C> = requires.iter().map(|r| C::Leaf((*r).to_string())).collect();
        requires.remove(self.d.below(3));
        if self.d.one_in(3) {
            requires = vec![C::Or(requires)];
        }
        Rule {
            each: Some(format!("for each row in {table}")),
            when: Some(C::Leaf("row.state applies and contact.channel is row.channels".to_string())),
            requires,
            ..self.bare()
        }
    }

    fn bare(&self) -> Rule {
        Rule {
            name: self.name.clone(),
            items: Vec::new(),
            dates: Vec::new(),
            each: None,
            when: None,
            requires: Vec::new(),
            unless: Vec::new(),
            also: None,
            rest: Vec::new(),
        }
    }

    fn plain(&mut self) -> Rule {
        let mut rule = self.bare();
        if self.d.one_in(8) {
            rule.dates.push(format!("since {}", self.date()));
        } else if self.d.one_in(8) {
            rule.dates.push(format!("until {}", self.date()));
        }
        rule.rest = self.rest();
        if self.d.one_in(2) {
            rule.when = Some(self.condition(1, true));
        }
        rule.requires = (0..1 + usize::from(self.d.one_in(4))).map(|_| self.condition(2, false)).collect();
        if self.d.one_in(6) {
            rule.requires.push(self.not_refused());
        }
        if rule.requires.iter().any(|c| c.to_string().contains("refused")) && self.d.one_in(2) {
            rule.rest.push(self.honour());
        }
        if self.d.one_in(3) {
            rule.unless = (0..1 + self.d.below(2)).map(|_| self.way()).collect();
        }
        rule
    }

    fn rest(&mut self) -> Vec<String> {
        let mut rest = Vec::new();
        if self.d.one_in(10) {
            let what = self.word(&["sender_identity", "opt_out", "link, sender_identity"]);
            let when =
                if self.d.one_in(2) { format!(" when {}", self.condition(1, true)) } else { String::new() };
            rest.push(format!("include {what}{when}"));
        }
        if self.d.one_in(10) {
            rest.push(format!("disclose only {}", self.word(&["identity", "identity, location", "health"])));
        }
        if self.d.one_in(12) {
            rest.push("use only identity, financial".to_string());
        }
        if self.d.one_in(4) {
            rest.push(format!("oblige {}", self.duty()));
        }
        if self.d.one_in(6) {
            rest.push(format!("on refusal oblige {}", self.duty()));
        }
        if self.d.one_in(12) {
            rest.push(format!(
                "kind {}",
                self.word(&["refused", "no_basis", "timing", "too_often", "content"])
            ));
        }
        rest
    }

    /// By when a refusal is to be honoured.
    fn honour(&mut self) -> String {
        if self.d.one_in(2) {
            return format!("on refusal oblige honour_by: {} after refusal", self.span());
        }
        let (day, n, m) = (self.date(), 1 + self.d.below(40), 1 + self.d.below(10));
        let name = self.declare(
            "honour",
            |name| format!("dated {name} {{ {n} days until {day}  {m} business days from {day} }}"),
            vec![],
        );
        let of = self.word(&["refusal", "refusal", "person.day"]);
        format!("on refusal oblige honour_by: {name} as of {of} after refusal")
    }

    /// Something to do. Few words, so that several rules owe the same, and say the same or something else of it.
    fn duty(&mut self) -> String {
        let event = self.word(&[
            "latest revocation covering contact",
            "latest transaction",
            "latest visit where channel is text",
            "person.day",
            "person.moment",
            "contact.responds_to",
        ]);
        match self.d.below(10) {
            0..=2 => "keep_note".to_string(),
            3 => self.word(&[
                "keep_note: 5 years",
                "keep_note: paper",
                "keep_note: [paper, copy]",
                "keep_note: \"paper\"",
            ]),
            4 => self.word(&["copies: 2", "keep_note: 2", "link", "keep_note: 2026-07-01"]),
            5 => format!("keep_note: {}", self.span()),
            6 | 7 => format!("keep_note: {} after {event}", self.span()),
            _ => {
                let (day, n, m) = (self.date(), 1 + self.d.below(40), 1 + self.d.below(10));
                let other = self.word(&["days", "business days", "months", "hours"]);
                let name = self.declare(
                    "within",
                    |name| format!("dated {name} {{ {n} days until {day}  {m} {other} from {day} }}"),
                    vec![],
                );
                let of = if self.d.one_in(3) {
                    self.word(&["latest inquiry", "person.day"])
                } else {
                    event.clone()
                };
                format!("keep_note: {name} as of {of} after {event}")
            }
        }
    }

    fn way(&mut self) -> Way {
        if self.d.one_in(5) {
            // A definition in place of an exemption.
            return Way { when: Some(self.condition(1, false)), ..Way::default() };
        }
        let mut way = Way { provided: vec![self.condition(1, false)], ..Way::default() };
        if self.d.one_in(3) {
            way.named_when = Some(self.condition(1, false));
        }
        if self.d.one_in(3) {
            way.when = Some(self.condition(1, false));
        }
        if self.d.one_in(5) {
            let word = self.word(&["since", "until"]);
            way.dates.push(format!("{word} {}", self.date()));
        }
        if self.d.one_in(2) {
            way.rest.push(format!("oblige {}", self.duty()));
        }
        if self.d.one_in(6) {
            let when = if self.d.one_in(2) { format!(" when {}", self.asked()) } else { String::new() };
            way.rest.push(format!("include link{when}"));
        }
        way
    }

    /// When an exemption asks for something in the content: a second purpose must not make it ask for less, which the
    /// checker refuses.
    fn asked(&mut self) -> C {
        match self.condition(0, true) {
            C::Leaf(text) => C::Leaf(text.replace("contact.purpose only", "contact.purpose is")),
            C::Not(c) => C::Not(Box::new(match *c {
                C::Leaf(text) => C::Leaf(text.replace("contact.purpose is", "contact.purpose only")),
                other => other,
            })),
            other => other,
        }
    }
}
