//! The desk: what the CRM asks the engine, and what agents see of the answers.

use crate::people::{People, Person};
use byleave::wire::plan::Planned;
use byleave::{Decision, Engine, Outcome};
use serde_json::{Value, json};
use std::error::Error;
use std::fmt::Write;

/// What the calls on this worklist are for.
pub const PURPOSE: &str = "gift";

/// The ways in which this CRM reaches people.
const WAYS: [&str; 3] = ["call", "text", "mail"];

/// Own policy and the law that it uses, compiled once for the life of the program.
pub fn engine() -> Result<Engine, Box<dyn Error>> {
    let policy = include_str!("../policy/linden.leave");
    Ok(byleave_packs::builder(["us.tcpa"])?.source("org.linden", "linden.leave", policy).build()?)
}

/// The facts about one person at an instant, without the way of reaching them.
fn facts(person: &Person, at: &str) -> Value {
    let likes = person
        .likes
        .iter()
        .map(|channel| json!({"scope": {"channel": [channel]}, "rule": "prefer", "rank": 1}));
    let look_ups = person.looked_up.iter().map(|day| {
        json!({"list": "national_dnc", "address": person.phone, "result": "not_listed", "version_at": day})
    });
    json!({
        "at": at,
        "person": {
            "id": person.id, "time_zones": [person.time_zone], "jurisdictions": [person.state],
            "channel_rules": likes.collect::<Vec<_>>(),
        },
        "sender": {"id": "linden", "kind": []},
        "contact": {"purpose": [PURPOSE], "technology": ["manual"]},
        "address": {},
        // What an agent's script says in every conversation.
        "content": {"includes": ["sender_identity", "sender_contact"]},
        "consents": person.consents,
        "contacts": person.contacts,
        "interactions": person.interactions,
        "lists": look_ups.collect::<Vec<_>>(),
    })
}

/// What one way adds to the facts; nothing if the person cannot be reached so.
fn way(person: &Person, name: &str) -> Option<Value> {
    let phone = json!({
        "value": person.phone, "kind": "phone", "line": [person.line], "jurisdictions": [person.state],
    });
    Some(match name {
        "call" => json!({"name": name, "contact": {"channel": "live_call"}, "address": phone}),
        "text" => json!({"name": name, "contact": {"channel": "sms"}, "address": phone}),
        _ => {
            let mailbox =
                json!({"value": person.email.as_ref()?, "kind": "email", "jurisdictions": [person.state]});
            json!({"name": name, "contact": {"channel": "email"}, "address": mailbox})
        }
    })
}

/// Puts a value under a key of an object.
fn put(object: Option<&mut Value>, key: &str, value: Value) {
    if let Some(Value::Object(object)) = object {
        object.insert(key.to_string(), value);
    }
}

/// The ways for a person, the best first: by what they like, then by which is open earliest.
fn ways(engine: &Engine, person: &Person, at: &str) -> Result<Vec<Planned>, Box<dyn Error>> {
    let mut question = facts(person, at);
    let options = WAYS.into_iter().filter_map(|name| way(person, name)).collect();
    put(Some(&mut question), "options", options);
    Ok(engine.plan_from(&question)?.options)
}

/// The answer for one way, with its reasons.
fn ask(engine: &Engine, person: &Person, name: &str, at: &str) -> Result<Decision, Box<dyn Error>> {
    let mut question = facts(person, at);
    let way = way(person, name).ok_or("this person cannot be reached so")?;
    for entity in ["contact", "address"] {
        for (key, value) in way.get(entity).and_then(Value::as_object).into_iter().flatten() {
            put(question.get_mut(entity), key, value.clone());
        }
    }
    Ok(engine.decide(&engine.request_from(&question)?)?)
}

/// The worklist: for each person the best way and when it is open, or why there is none.
pub fn worklist(engine: &Engine, people: &People, at: &str) -> Result<String, Box<dyn Error>> {
    let mut page = String::new();
    for person in &people.people {
        let ways = ways(engine, person, at)?;
        let line = match ways.first() {
            Some(best) if best.outcome == Outcome::Allow => format!("{} now", best.name),
            Some(best) if best.outcome == Outcome::Defer => {
                format!("{} from {}", best.name, best.until_local.as_deref().unwrap_or("?"))
            }
            Some(best) => format!("not at all: {}", why(&ask(engine, person, &best.name, at)?)),
            None => "not at all: no address".to_string(),
        };
        writeln!(page, "{:<11} {line}", person.name)?;
    }
    Ok(page)
}

/// The screen of an agent who is about to call: whether, until when the answer holds, and what must be said and kept.
pub fn screen(engine: &Engine, person: &Person, at: &str) -> Result<String, Box<dyn Error>> {
    let decision = ask(engine, person, "call", at)?;
    let mut page = format!("{}, {}\n", person.name, person.phone);
    match decision.outcome {
        Outcome::Allow => match decision.valid_until.instant() {
            Some(until) => writeln!(page, "  call now; ask again at {until}")?,
            None => writeln!(page, "  call now")?,
        },
        Outcome::Defer => {
            writeln!(page, "  do not call before {}", decision.until_local.as_deref().unwrap_or("?"))?;
        }
        Outcome::Deny => writeln!(page, "  do not call")?,
    }
    for reason in decision.reasons.iter().filter(|reason| reason.kind.is_some()) {
        writeln!(page, "  because: {} [{}]", reason.sentence, reason.citations.join("; "))?;
    }
    for fact in &decision.missing {
        writeln!(page, "  find out: {fact}")?;
    }
    for owed in decision.obligations.iter().filter(|_| decision.is_allowed()) {
        let value = owed.value.as_ref().map_or(String::new(), |value| format!(": {value}"));
        writeln!(page, "  owed: {}{value} ({})", owed.id, owed.rule)?;
    }
    Ok(page)
}

/// The first reason in a line, and what is missing.
fn why(decision: &Decision) -> String {
    let sentence = decision.reasons.first().map_or("no reason was given", |reason| reason.sentence.as_str());
    if decision.missing.is_empty() {
        sentence.to_string()
    } else {
        format!("{sentence} (missing: {})", decision.missing.join(", "))
    }
}
