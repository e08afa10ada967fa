//! The contract held to itself: decisions read back, the schema says what is written, the stored file is fresh.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use super::decision::*;
use super::schema::{decision_schema, stored};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A decision with every key there is.
fn full() -> Decision {
    let text = |t: &str| t.to_string();
    let hex = "0".repeat(64);
    Decision {
        outcome: Outcome::Defer,
        at: text("2026-07-01T21:30:00Z"),
        until: Some(text("2026-07-02T12:00:00Z")),
        until_local: Some(text("2026-07-02T08:00:00-04:00")),
        valid_until: Validity::Until(text("2026-07-02T12:00:00Z")),
        reasons: vec![Reason {
            rule: text("us.tcpa.quiet_hours"),
            pack: text("us.tcpa"),
            finding: Finding::Violated,
            kind: Some(ReasonKind::Timing),
            refused_by: vec![Refusal { id: Some("c1".into()), at: Some("2026-06-01".into()) }],
            sentence: text("Too late."),
            citations: vec![text("47 CFR 64.1200(c)(1)")],
            verified: Some(text("text")),
            looked_at: vec![LookedAt { fact: text("contact.channel"), value: text("sms") }],
            exemptions: vec![Tried {
                id: text("us.tcpa.emergency"),
                finding: Finding::Violated,
                citations: vec![text("(a)(4)")],
                lacked: vec![text("contact.purpose is emergency")],
            }],
            missing: vec![text("state")],
            clears: Some(Clears::At(text("2026-07-02T12:00:00Z"))),
            would_change: vec![text("contact.channel")],
        }],
        obligations: vec![
            Obligation {
                id: text("honor_by"),
                value: Some(text("10 business days")),
                unknown: false,
                rule: text("us.tcpa.revoke"),
                citations: vec![text("(a)(10)")],
            },
            Obligation {
                id: text("honor_by"),
                value: None,
                unknown: true,
                rule: text("us.tcpa.package_stop"),
                citations: Vec::new(),
            },
        ],
        fields: Fields {
            allowed: vec![text("name")],
            withheld: vec![Withheld { name: text("result"), rules: vec![text("us.hipaa.voicemail")] }],
        },
        missing: vec![text("state")],
        taken_as: vec![TakenAs {
            fact: text("person.attorney"),
            rule: text("r"),
            citations: vec![text("c")],
        }],
        warnings: vec![Warning { code: text("undeclared"), path: text("contact.topic"), message: text("m") }],
        evidence: Some(Evidence {
            engine: text("0.1.0"),
            packs: vec![PackDigest { name: text("us.tcpa"), edition: text("2026-11"), digest: hex.clone() }],
            settings: [(text("us.tcpa.x"), text("no"))].into(),
            facts: hex.clone(),
            zones: ZoneData { edition: text("2026e"), digest: hex },
            known_at: text("2026-07-01T21:30:00Z"),
        }),
    }
}

fn shortest() -> Decision {
    let mut decision = full();
    decision.outcome = Outcome::Allow;
    (decision.until, decision.until_local, decision.evidence) = (None, None, None);
    decision.valid_until = Validity::Unasked;
    (decision.reasons, decision.obligations, decision.taken_as, decision.warnings) = Default::default();
    (decision.fields, decision.missing) = Default::default();
    decision
}

#[test]
fn decisions_read_back() {
    let mut open = full();
    open.valid_until = Validity::Open;
    open.reasons[0].clears = Some(Clears::Never(true));
    for decision in [full(), open, shortest()] {
        let text = decision.to_json().unwrap();
        assert_eq!(Decision::from_json(&text).unwrap(), decision);
        assert!(!text.contains("\": ") && !text.contains(", \""), "{text}");
    }
    assert_eq!(shortest().to_json().unwrap(), r#"{"outcome":"allow","at":"2026-07-01T21:30:00Z"}"#);
    assert!(
        full().to_json().unwrap().starts_with(r#"{"outcome":"defer","at":"2026-07-01T21:30:00Z","until":"#)
    );
    assert!(Decision::from_json(r#"{"outcome":"allow","at":"x","more":1}"#).is_err());
}

#[test]
fn the_schema_says_what_is_written() {
    let schema = decision_schema();
    let mut seen = BTreeSet::new();
    for decision in [full(), shortest()] {
        let value: Value = serde_json::from_str(&decision.to_json().unwrap()).unwrap();
        assert_eq!(check(&schema, &schema, &value, "", &mut seen), Ok(()));
    }
    let all = properties(&schema, "");
    let unseen: Vec<_> = all.difference(&seen).filter(|p| !p.contains("clears")).collect();
    assert!(unseen.is_empty(), "in the schema, and never written: {unseen:?}");
    let wrong = json!({"outcome": "perhaps", "at": "x"});
    assert!(check(&schema, &schema, &wrong, "", &mut seen).is_err());
}

#[test]
fn the_stored_schema_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/decision.schema.json");
    let fresh = stored(&decision_schema());
    if std::env::var_os("BYLEAVE_UPDATE").is_some() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/schema")).unwrap();
        std::fs::write(path, &fresh).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == fresh, "{path} is stale: run the tests once with BYLEAVE_UPDATE=1");
}

/// As much of JSON Schema as our schemas use. Remembers which properties it met.
pub(crate) fn check(
    root: &Value,
    schema: &Value,
    value: &Value,
    at: &str,
    seen: &mut BTreeSet<String>,
) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/$defs/");
        return check(root, &root["$defs"][name], value, &format!("{name}:"), seen);
    }
    for word in ["anyOf", "oneOf"] {
        if let Some(choices) = schema[word].as_array() {
            let fits = choices.iter().filter(|choice| check(root, choice, value, at, seen).is_ok()).count();
            return if fits == 1 || (fits > 1 && word == "anyOf") {
                Ok(())
            } else {
                Err(format!("{at}: {fits} of {word} fit {value}"))
            };
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        return if words.contains(value) {
            Ok(())
        } else {
            Err(format!("{at}: {value} is not in {words:?}"))
        };
    }
    match (schema["type"].as_str(), value) {
        (Some("string"), Value::String(_))
        | (Some("boolean"), Value::Bool(_))
        | (Some("integer"), Value::Number(_))
        | (Some("null"), Value::Null) => Ok(()),
        (Some("array"), Value::Array(items)) => {
            items.iter().try_for_each(|item| check(root, &schema["items"], item, at, seen))
        }
        (Some("object"), Value::Object(entries)) => {
            for required in schema["required"].as_array().into_iter().flatten() {
                if !entries.contains_key(required.as_str().unwrap()) {
                    return Err(format!("{at}: {required} is not there"));
                }
            }
            for (key, value) in entries {
                let path = format!("{at}{key}");
                let inner = match (&schema["properties"][key], &schema["additionalProperties"]) {
                    (Value::Null, more @ Value::Object(_)) => more,
                    (Value::Null, _) => return Err(format!("{path} is not declared")),
                    (known, _) => {
                        seen.insert(path.clone());
                        known
                    }
                };
                check(root, inner, value, &format!("{path}."), seen)?;
            }
            Ok(())
        }
        (ty, value) => Err(format!("{at}: {value} is no {ty:?}")),
    }
}

/// The path of every property, by definition.
fn properties(schema: &Value, at: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (name, inner) in schema["$defs"].as_object().into_iter().flatten() {
        out.extend(properties(inner, &format!("{name}:")));
    }
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        out.insert(format!("{at}{key}"));
        out.extend(properties(inner, &format!("{at}{key}.")));
    }
    out
}
