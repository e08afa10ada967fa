//! Tests as examples: what the contact is, when, and what comes of it.

use super::book::{Meaning, Volume};
use super::link;
use super::terms::{plain, title};
use crate::page::words::{self, Clocks};
use byleave::ast::Item;
use byleave::time::Instant;
use byleave::typed::{Expect, Expectations, ExpectedFinding, ExpectedOutcome, PackTest, Rule};
use maud::{Markup, html};
use serde_json::{Map, Value};

/// So many examples stand beside a rule; if there are more, all of them stand at the end of the page.
const FEW: usize = 5;

/// The tests of a rule: its cases, and the whole decisions in which it is the first reason or what it asks for is owed.
fn tests<'v>(rules: &[&Rule], from: &'v Volume) -> Vec<Vec<&'v PackTest>> {
    let is = |id: &String| rules.iter().any(|it| it.id == *id);
    // What a rule that cannot block has to show is that something is owed.
    let owes = |expect: &Expectations| {
        let duties = rules.iter().filter(|it| !it.can_block()).flat_map(|it| &it.obliges);
        duties.into_iter().any(|duty| expect.oblige.iter().any(|(id, _)| *id == duty.id))
    };
    let mine = |test: &&PackTest| match &test.expect {
        Expect::Rule { rule, .. } => is(rule),
        Expect::Decision(expect) => expect.because.first().is_some_and(is) || owes(expect),
    };
    grouped(from.tests().filter(mine))
}

/// Some examples of a rule, of each answer that it gives.
pub fn of_rule(name: &str, rules: &[&Rule], from: &Volume) -> Markup {
    let all = tests(rules, from);
    html! {
        @if !all.is_empty() {
            h4 { "Examples" }
            (table(&few(&all), from))
            @if all.len() > FEW {
                p.more { a href={ "#examples-" (name) } { "All " (all.len()) " examples" } }
            }
        }
    }
}

/// The first of each answer, then the first of all, in written order.
fn few<'v>(all: &[Vec<&'v PackTest>]) -> Vec<Vec<&'v PackTest>> {
    let sort = |group: &[&PackTest]| group.iter().map(|it| answer_sort(it)).collect::<Vec<_>>();
    let mut chosen: Vec<usize> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for (n, group) in all.iter().enumerate() {
        let fresh: Vec<&str> = sort(group).into_iter().filter(|it| !seen.contains(it)).collect();
        if !fresh.is_empty() && chosen.len() < FEW {
            seen.extend(fresh);
            chosen.push(n);
        }
    }
    chosen.extend(
        (0..all.len())
            .filter(|n| !chosen.contains(n))
            .take(FEW.saturating_sub(chosen.len()))
            .collect::<Vec<_>>(),
    );
    chosen.sort_unstable();
    chosen.into_iter().filter_map(|n| all.get(n).cloned()).collect()
}

fn answer_sort(test: &PackTest) -> &'static str {
    match &test.expect {
        Expect::Rule { finding, .. } => match finding {
            ExpectedFinding::Pass => "allowed",
            ExpectedFinding::Wait(_) => "deferred",
            ExpectedFinding::Block => "denied",
            ExpectedFinding::Unknown(_) => "unknown",
        },
        Expect::Decision(expect) => match &expect.outcome {
            Some(ExpectedOutcome::Allow) | None => "allowed",
            Some(ExpectedOutcome::Defer(_)) => "deferred",
            Some(ExpectedOutcome::Deny) => "denied",
        },
    }
}

/// Every example of the rules that have more than stand beside them, and of whole decisions without a reason in this pack.
pub fn of_pack(from: &Volume) -> Option<Markup> {
    let mut parts = Vec::new();
    for item in &from.items {
        let Item::Rule(rule) = item else { continue };
        let all = tests(&from.rules(rule), from);
        if all.len() > FEW {
            let name = &rule.name.text;
            parts.push(html! {
                section id={ "examples-" (name) } {
                    h3 { a href={ "#" (link::anchor(Meaning::Rule, name)) } { (title(name)) } }
                    (table(&all, from))
                }
            });
        }
    }
    let free = |test: &&PackTest| match &test.expect {
        Expect::Rule { .. } => false,
        Expect::Decision(expect) => {
            !expect.because.first().is_some_and(|id| from.engine.policy().rules.iter().any(|it| it.id == *id))
        }
    };
    let whole = grouped(from.tests().filter(free));
    if !whole.is_empty() {
        parts.push(html! { section { h3 { "Whole decisions" } (table(&whole, from)) } });
    }
    (!parts.is_empty()).then(|| html! { @for part in parts { (part) } })
}

/// The instants of one `cases` have their facts in common.
fn grouped<'v>(tests: impl Iterator<Item = &'v PackTest>) -> Vec<Vec<&'v PackTest>> {
    let mut groups: Vec<Vec<&PackTest>> = Vec::new();
    for test in tests {
        match groups.last_mut() {
            Some(group)
                if group.first().is_some_and(|it| is_rule(it) && is_rule(test) && it.title == test.title) =>
            {
                group.push(test);
            }
            _ => groups.push(vec![test]),
        }
    }
    groups
}

fn table(groups: &[Vec<&PackTest>], from: &Volume) -> Markup {
    html! {
        table.examples {
            thead { tr { th scope="col" { "Example" } th scope="col" { "When" } th scope="col" { "Answer" } } }
            @for group in groups {
                tbody {
                    @for (n, test) in group.iter().enumerate() {
                        tr {
                            @if n == 0 {
                                th scope="rowgroup" rowspan=(group.len()) {
                                    span.example { (sentence(&test.title)) }
                                    @let facts = facts(&test.request, from);
                                    @if !facts.is_empty() { span.facts { (facts) } }
                                }
                            }
                            td.when { (when(&test.request)) }
                            td { (answer(test, from)) }
                        }
                    }
                }
            }
        }
    }
}

fn is_rule(test: &PackTest) -> bool {
    matches!(test.expect, Expect::Rule { .. })
}

fn when(request: &Value) -> String {
    let at = request.get("at").and_then(Value::as_str).unwrap_or_default();
    brief(&Clocks::of(request), at)
}

/// `1 July 2026, 22:00 in New York`: the weekday, which some rules ask for, in short.
fn brief(clocks: &Clocks, at: &str) -> String {
    let told = clocks.tell(at);
    match told.split_once(" (") {
        Some((time, zone)) if !zone.contains(" (") => {
            let zone = zone.trim_end_matches(')');
            let city = zone.rsplit('/').next().unwrap_or(zone).replace('_', " ");
            format!("{time} in {city}")
        }
        _ => told,
    }
}

fn answer(test: &PackTest, from: &Volume) -> Markup {
    let clocks = Clocks::of(&test.request);
    let tell = |at: Instant| brief(&clocks, &at.to_string());
    match &test.expect {
        Expect::Rule { finding, .. } => match finding {
            ExpectedFinding::Pass => html! { span.allow { "Allowed" } " by this rule" },
            ExpectedFinding::Block => html! { span.deny { "Not allowed" } },
            ExpectedFinding::Wait(at) => html! { span.defer { "Deferred" } " until " (tell(*at)) },
            ExpectedFinding::Unknown(missing) => html! {
                span.deny { "Not allowed" } @if missing.is_empty() { ": it cannot be known to be allowed" } @else { ": it cannot be known without " (missing.iter().map(|it| plain(it)).collect::<Vec<_>>().join(", ")) }
            },
        },
        Expect::Decision(expect) => html! {
            @match &expect.outcome {
                Some(ExpectedOutcome::Allow) => span.allow { "Allowed" },
                Some(ExpectedOutcome::Deny) => span.deny { "Not allowed" },
                Some(ExpectedOutcome::Defer(None)) => span.defer { "Deferred" },
                Some(ExpectedOutcome::Defer(Some(at))) => { span.defer { "Deferred" } " until " (tell(*at)) },
                None => {}
            }
            (because(expect, from))
        },
    }
}

fn because(expect: &Expectations, from: &Volume) -> Markup {
    let list = |all: &[String]| all.iter().map(|it| plain(it)).collect::<Vec<_>>().join(", ");
    html! {
        @if expect.because.len() > 1 {
            ", by "
            @for (n, id) in expect.because.iter().enumerate() { @if n > 0 { ", " } (rule_name(id, from)) }
        }
        @if let Some(missing) = &expect.missing { @if !missing.is_empty() { (missing_words(missing)) } }
        @if !expect.withheld.is_empty() { "; not carried: " (list(&expect.withheld)) }
        @if !expect.oblige.is_empty() {
            "; owed: "
            @for (n, (id, value)) in expect.oblige.iter().enumerate() {
                @if n > 0 { ", " } (plain(id)) @if let Some(value) = value { " (" (value) ")" }
            }
        }
        @if !expect.taken_as.is_empty() { "; settled without knowing: " (list(&expect.taken_as)) }
    }
}

fn missing_words(missing: &[String]) -> Markup {
    html! { @if !missing.is_empty() { "; missing: " (missing.iter().map(|it| plain(it)).collect::<Vec<_>>().join(", ")) } }
}

fn rule_name(id: &str, from: &Volume) -> Markup {
    let bare = id.strip_prefix(from.name.as_str()).and_then(|it| it.strip_prefix('.'));
    let name = bare.map(|it| it.split('[').next().unwrap_or(it)).filter(|it| from.has_rule(it));
    match name {
        Some(name) => html! {
            a href={ "#" (link::anchor(Meaning::Rule, name)) } { (plain(name)) }
        },
        None => html! { code { (id) } },
    }
}

/// A title as a sentence.
fn sentence(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// What is told of a contact, in this order; what is not here comes after it.
const ORDER: [&str; 8] =
    ["contact", "content", "address", "sender", "agent", "recipient", "person", "consents"];
/// Keys of a request that are no facts about this contact.
const ASIDE: [&str; 6] = ["at", "known_at", "complete", "horizon", "options", "detail"];

/// What is known of the contact, briefly.
fn facts(request: &Value, from: &Volume) -> String {
    let Some(map) = request.as_object() else { return String::new() };
    let clocks = Clocks::of(request);
    let rest = map.keys().map(String::as_str).filter(|key| !ORDER.contains(key) && !ASIDE.contains(key));
    let mut told: Vec<String> = Vec::new();
    for key in ORDER.into_iter().chain(rest) {
        match map.get(key) {
            None => {}
            Some(Value::Object(fields)) if key == "contact" => told.extend(contact(fields, &clocks)),
            Some(Value::Object(chosen)) if key == "settings" => {
                told.extend(chosen.iter().map(|(name, value)| {
                    let name = name.rsplit('.').next().unwrap_or(name);
                    format!("setting “{}”: {}", plain(name), spoken(value, &clocks))
                }));
            }
            Some(Value::Object(fields)) => {
                // The clock is told with the instant.
                let apart = |key: &str| matches!(key, "time_zones" | "id" | "value");
                let fields: Vec<String> = fields
                    .iter()
                    .filter(|(key, _)| !apart(key))
                    .map(|(key, value)| field(key, value, &clocks))
                    .collect();
                if !fields.is_empty() {
                    told.push(format!("{}: {}", plain(key), fields.join(", ")));
                }
            }
            Some(Value::Array(all)) if all.is_empty() => told.push(format!("no {}", history(key))),
            Some(Value::Array(all)) => {
                let all: Vec<String> = all.iter().map(|it| event(it, &clocks, from)).collect();
                told.push(format!("{}: {}", history(key), all.join("; ")));
            }
            Some(other) => told.push(format!("{}: {}", plain(key), spoken(other, &clocks))),
        }
    }
    told.join(" · ")
}

fn history(key: &str) -> String {
    match key {
        "contacts" => "earlier contacts".to_owned(),
        "interactions" => "dealings".to_owned(),
        "lists" => "look-ups".to_owned(),
        other => plain(other),
    }
}

/// `text for appointment, technology automated dialing`
fn contact(fields: &Map<String, Value>, clocks: &Clocks) -> Option<String> {
    let say = |key: &str| fields.get(key).map(|it| spoken(it, clocks));
    let mut told: Vec<String> = Vec::new();
    match (say("channel"), say("purpose")) {
        (Some(channel), Some(purpose)) => told.push(format!("{channel} for {purpose}")),
        (Some(one), None) | (None, Some(one)) => told.push(one),
        (None, None) => {}
    }
    let rest = fields.iter().filter(|(key, _)| !matches!(key.as_str(), "channel" | "purpose"));
    told.extend(rest.map(|(key, value)| field(key, value, clocks)));
    (!told.is_empty()).then(|| told.join(", "))
}

fn field(key: &str, value: &Value, clocks: &Clocks) -> String {
    match value {
        Value::Bool(true) => plain(key),
        Value::Bool(false) => format!("not {}", plain(key)),
        Value::Null => format!("no {}", plain(key)),
        Value::Array(all) if all.is_empty() => format!("no {}", plain(key)),
        other => format!("{} {}", plain(key), spoken(other, clocks)),
    }
}

/// `grant of express on 2 January 2026 (means number given)`
fn event(value: &Value, clocks: &Clocks, from: &Volume) -> String {
    let Value::Object(fields) = value else { return spoken(value, clocks) };
    let say = |key: &str| fields.get(key).map(|it| spoken(it, clocks));
    let mut head: Vec<String> =
        ["kind", "list", "result", "channel"].iter().filter_map(|key| say(key)).collect();
    for word in &mut head {
        if word == "revoke" {
            "refusal".clone_into(word);
        }
    }
    if let Some(level) = say("level") {
        head.push(format!("of {level}"));
    }
    if let Some(at) = say("at").or_else(|| say("version_at")) {
        head.push(format!("on {at}"));
    }
    let apart = ["kind", "list", "result", "channel", "level", "at", "version_at", "id", "address"];
    let rest: Vec<String> = fields
        .iter()
        .filter(|(key, _)| !apart.contains(&key.as_str()))
        .map(|(key, value)| match value {
            Value::Object(fields) if key == "instrument" => instrument(fields, clocks, from),
            value => field(key, value, clocks),
        })
        // A document of which nothing is told.
        .filter(|it| !it.is_empty())
        .collect();
    let head = head.join(" ");
    if rest.is_empty() { head } else { format!("{head} ({})", rest.join(", ")) }
}

/// A document on which a grant rests: what it lacks, and what is said of it that matters.
fn instrument(fields: &Map<String, Value>, clocks: &Clocks, from: &Volume) -> String {
    let kind = fields.get("kind").and_then(Value::as_str).unwrap_or_default();
    let mut told: Vec<String> = (!kind.is_empty()).then(|| plain(kind)).into_iter().collect();
    let given: Option<Vec<&str>> = fields
        .get("elements")
        .and_then(Value::as_array)
        .map(|all| all.iter().filter_map(Value::as_str).collect());
    let known = from.engine.policy().instruments.iter().find(|it| it.name == kind);
    if let (Some(given), Some(known)) = (given, known) {
        let always = || known.elements.iter().filter(|it| it.when.is_none());
        let lacking: Vec<String> =
            always().filter(|it| !given.contains(&it.name.as_str())).map(|it| plain(&it.name)).collect();
        told.push(match lacking.as_slice() {
            [] => "complete".to_owned(),
            some => format!("without {}", some.join(", ")),
        });
        let more: Vec<String> =
            given.iter().filter(|it| !always().any(|have| have.name == **it)).map(|it| plain(it)).collect();
        if !more.is_empty() {
            told.push(format!("with {}", more.join(", ")));
        }
    }
    let told_apart = ["kind", "elements"];
    let silent = |value: &Value| {
        matches!(value, Value::Null | Value::Bool(false)) || value.as_array().is_some_and(Vec::is_empty)
    };
    told.extend(
        fields
            .iter()
            .filter(|(key, value)| !told_apart.contains(&key.as_str()) && !silent(value))
            .map(|(key, value)| field(key, value, clocks)),
    );
    told.join(", ")
}

fn spoken(value: &Value, clocks: &Clocks) -> String {
    match value {
        Value::Array(all) if !all.is_empty() => {
            all.iter().map(|it| spoken(it, clocks)).collect::<Vec<_>>().join(" and ")
        }
        // What a scope leaves open.
        Value::Object(map) if map.is_empty() => "everything".to_owned(),
        Value::Object(map) => {
            map.iter().map(|(key, value)| field(key, value, clocks)).collect::<Vec<_>>().join(", ")
        }
        Value::String(text) if Instant::parse(text).is_ok() => brief(clocks, text),
        Value::String(text) if byleave::time::Date::parse(text).is_ok() => {
            let told = clocks.tell_day(text);
            // The weekday of a date in the past tells nobody anything.
            told.split_once(' ').map(|(_, day)| day.to_owned()).unwrap_or(told)
        }
        Value::String(text) if text.contains(['-', ':', '@', '+', '/']) => text.clone(),
        Value::String(text) => plain(text),
        other => words::value(other),
    }
}
