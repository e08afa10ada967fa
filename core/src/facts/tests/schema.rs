//! The schema of requests says what intake takes.

use super::fixture::{intake, read};
use crate::wire::schema::{request_schema, stored};
use crate::wire::tests::check;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn fits(request: &Value) -> Result<(), String> {
    let schema = request_schema(&intake().policy);
    check(&schema, &schema, request, "", &mut BTreeSet::new())
}

fn sample() -> Value {
    json!({
        "at": "2026-07-01T12:00:00Z", "known_at": null, "horizon": "31 days", "detail": "full",
        "settings": {"us.tcpa.lifts": "yes", "core.expiry": "12 months"}, "complete": ["preferences"],
        "contacts_complete_from": "2026-01-01T00:00:00Z",
        "person": {"id": "p", "time_zones": ["America/New_York"], "birth_date": "2008-03", "jurisdictions": "US-FL",
            "confirmed_time_zone": {"zone": "America/New_York", "on": "2026-06-01"},
            "hours": {"mon": [["09:00", "20:00"]], "holiday": []},
            "caps": [{"scope": {"channel": ["sms"], "matter": "m"}, "most": 3, "window": "24 hours"}]},
        "recipient": {"role": "parent", "authority": {"kind": "guardian", "scope": {"topic": "heart"}, "recorded": true}},
        "sender": {"id": "acme"}, "agent": null,
        "contact": {"channel": "sms", "purpose": ["care"], "responds_to": "e1", "stage": "final",
            "fields": [{"name": "n", "category": "name", "place": "body", "needed": false}], "data": []},
        "address": {"value": "+1"}, "content": {"includes": [], "length": 140},
        "context": {"open_slots": {"cardiology": {"north": 3}}},
        "consents": [{"id": "e1", "kind": "grant", "at": "2026-01-01", "level": "express",
            "scope": {"channel": "text", "address": "+1"}, "instrument": {"kind": "k", "elements": ["a"]}}],
        "contacts": [], "interactions": null,
        "lists": [{"list": "national_dnc", "address": "+1", "result": "listed", "version_at": "2026-06-30"}],
        "signals": [{"kind": "gpc", "on": true}],
    })
}

#[test]
fn what_fits_is_read() {
    assert_eq!(fits(&sample()), Ok(()));
    read(&sample().to_string()).unwrap();
}

#[test]
fn what_does_not_fit_is_refused_by_both() {
    for (place, value) in [
        ("/contact/channell", json!("sms")),
        ("/contact/stage", json!("drafted")),
        ("/person/birth_date", json!(2008)),
        ("/person/caps/0/mots", json!(1)),
        ("/sender/seller", json!("acme")),
        ("/consents/0/scope/chanel", json!("sms")),
        ("/settings/x", json!("y")),
        ("/complete", json!(["contact"])),
        ("/complete", json!(["person.time_zones"])),
        ("/extra", json!(1)),
    ] {
        let mut request = sample();
        let (parent, key) = place.rsplit_once('/').unwrap();
        let object = if parent.is_empty() { &mut request } else { request.pointer_mut(parent).unwrap() };
        object[key] = value;
        assert!(fits(&request).is_err(), "{place}");
        assert!(read(&request.to_string()).is_err(), "{place}");
    }
}

#[test]
fn every_fact_has_its_key() {
    let text = stored(&request_schema(&intake().policy));
    assert_eq!(text, stored(&serde_json::from_str(&text).unwrap()));
    for fact in &intake().vocabulary().facts {
        let key = fact.field.rsplit('.').next().unwrap();
        assert!(key == "seller" || text.contains(&format!("\"{key}\": {{")), "{}", fact.path);
    }
}

#[test]
fn what_complete_may_name_stands_in_it() {
    let schema = request_schema(&intake().policy);
    let said = schema["properties"]["complete"]["description"].as_str().unwrap();
    for path in ["person.pause_until", "recipient.caps", "contact.data"] {
        assert!(said.contains(&format!("`{path}`")), "{path}: {said}");
    }
    let words = schema["$defs"]["complete"]["anyOf"].as_array().unwrap();
    let words: Vec<&str> =
        words.iter().flat_map(|it| it["enum"].as_array().unwrap()).filter_map(Value::as_str).collect();
    assert!(words.len() > 20, "{words:?}");
    for word in words {
        read(&format!(r#"{{"at":"2026-07-01T12:00:00Z","complete":["{word}"]}}"#)).expect(word);
    }
}
