//! The same persons as JSON for the ordinary door, and its answers read back.

use super::facts::number;
use crate::handwritten::words::{Is, Set, Word};
use crate::handwritten::{Answer, Blocking, Case, Kind, Outcome, RULES};
use byleave::Instant;
use serde_json::{Value, json};

/// A request.
pub fn request(case: &Case) -> Value {
    let mut person = json!({
        "time_zones": case.zones.iter().map(|z| z.name()).collect::<Vec<_>>(),
        "jurisdictions": [case.state.name()],
    });
    if let Some(date) = case.birth_date {
        person["birth_date"] = json!(date.to_string());
    }
    let c = &case.contact;
    let mut request = json!({
        "at": case.at.to_string(),
        "person": person,
        "contact": {
            "channel": c.channel.name(),
            "purpose": names(c.purposes),
            "topic": names(c.topics),
            "technology": if c.automated { "automated" } else { "manual" },
            "data": names(c.data),
            "fields": [],
            "uses": names(c.uses),
        },
        "address": { "value": number(case.address) },
        "content": {
            "length": c.length,
            "includes": if c.says_opt_out { json!(["opt_out", "sender_identity"]) } else { json!("sender_identity") },
        },
        "consents": case.consents.iter().map(|event| {
            let mut scope = json!({});
            if let Some(s) = event.scope.channel {
                scope["channel"] = names(s);
            }
            if let Some(s) = event.scope.purpose {
                scope["purpose"] = names(s);
            }
            if let Some(s) = event.scope.topic {
                scope["topic"] = names(s);
            }
            if let Some(s) = event.scope.address {
                scope["address"] = json!(number(s));
            }
            let mut out = json!({ "at": event.at.to_string(), "scope": scope });
            match event.kind {
                Kind::Grant => {
                    out["kind"] = json!("grant");
                    out["level"] = json!(event.level.name());
                }
                Kind::Revoke => {
                    out["kind"] = json!("revoke");
                    if let Some(named) = event.families {
                        out["families"] = names(named);
                    }
                }
                Kind::Decline => out["kind"] = json!("decline"),
            }
            if let Some(day) = event.expires_on {
                out["expires_on"] = json!(day.to_string());
            }
            if let Some(at) = event.expires_at {
                out["expires_at"] = json!(at.to_string());
            }
            out
        }).collect::<Vec<_>>(),
        "contacts": case.past.iter().map(|past| json!({
            "at": past.at.to_string(),
            "channel": past.channel.name(),
            "purpose": past.purpose.name(),
            "topic": past.topic.map(Is::name),
        })).collect::<Vec<_>>(),
        "interactions": case.interactions.iter().map(|done| json!({
            "at": done.at.to_string(),
            "kind": done.kind.name(),
        })).collect::<Vec<_>>(),
        "signals": if case.gpc { json!([{ "kind": "gpc", "on": true }]) } else { json!([]) },
    });
    if let Some(look_up) = case.do_not_call {
        request["lists"] = json!([{
            "list": "national_dnc",
            "address": number(case.address),
            "result": if look_up.listed { "listed" } else { "not_listed" },
            "version_at": look_up.version.to_string(),
        }]);
    }
    request
}

fn names<W: Word>(set: Set<W>) -> Value {
    set.iter().map(Is::name).collect::<Vec<_>>().into()
}

/// An answer of the ordinary door as the hand-written code gives it.
pub fn read_answer(answer: &Value) -> Answer {
    let instant = |key: &str| {
        answer[key]
            .as_str()
            .map(|text| Instant::parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).0)
    };
    let outcome = match answer["outcome"].as_str() {
        Some("allow") => Outcome::Allow,
        Some("deny") => Outcome::Deny,
        _ => Outcome::Defer(instant("until").unwrap_or(i64::MAX)),
    };
    let mut blocking = Blocking::default();
    for reason in answer["reasons"].as_array().into_iter().flatten() {
        let id = reason["rule"].as_str().unwrap_or_default();
        let rule = RULES.iter().position(|r| id.strip_prefix("twelve.") == Some(r));
        let bit = 1 << rule.unwrap_or_else(|| panic!("no rule {id}"));
        match reason["finding"].as_str() {
            Some("violated") => blocking.violated |= bit,
            _ => blocking.undetermined |= bit,
        }
    }
    let owes_opt_out =
        answer["obligations"].as_array().is_some_and(|list| list.iter().any(|o| o["id"] == "opt_out"));
    Answer { outcome, blocking, owes_opt_out, valid_until: instant("valid_until") }
}
