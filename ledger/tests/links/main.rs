//! One person under several names, several people at one address, and a parent's authority over somebody who grows up.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod growing;
mod names;
mod properties;
mod shared;

use byleave::wire::{Json, Limits};
use byleave::{Engine, Outcome};
use byleave_ledger::{Ask, Error, Event, Ledger, Memory};
use serde_json::{Value, json};
use std::sync::LazyLock;

fn preset(name: &str) -> Engine {
    let mut builder = Engine::builder();
    for pack in byleave_packs::preset(name).unwrap() {
        for (path, text) in pack.files {
            builder = builder.source(pack.name, path, text);
        }
    }
    builder.build().unwrap()
}

static PREFERENCES: LazyLock<Engine> = LazyLock::new(|| preset("core.preferences"));

fn event(key: &str, person: &str, list: &str, record: Value) -> Event {
    event_at(key, person, list, record, "2026-06-01T00:00:00Z")
}

fn event_at(key: &str, person: &str, list: &str, record: Value, at: &str) -> Event {
    let words = json!({"key": key, "person": person, "list": list, "source": "form", "actor": {"kind": "staff"},
        "recorded_at": at, "event": record});
    Event::parse(&words.to_string()).unwrap()
}

fn link(key: &str, person: &str, with: &str) -> Event {
    event(key, person, "links", json!({"with": with, "why": "same birth date and policy number"}))
}

fn void(key: &str, person: &str, of: &str) -> Event {
    event(key, person, "voids", json!({"of": of, "why": "told in error"}))
}

fn stop(key: &str, person: &str, scope: Value) -> Event {
    event(key, person, "consents", json!({"kind": "revoke", "at": "2026-06-01T00:00:00Z", "scope": scope}))
}

fn yes(key: &str, person: &str) -> Event {
    event(
        key,
        person,
        "consents",
        json!({"kind": "grant", "level": "opted_in", "at": "2026-05-01T00:00:00Z", "scope": {}}),
    )
}

fn set(key: &str, person: &str, facts: Value) -> Event {
    event(key, person, "preferences", json!({"at": "2026-06-01T00:00:00Z", "set": facts}))
}

const AT: &str = "2026-07-01T15:00:00Z";

fn laid(ledger: &mut Ledger<Memory>, person: &str, address: &str, more: &Value) -> Result<Value, Error> {
    let mut request = json!({"at": AT, "complete": ["preferences"], "interactions": [],
        "person": {"time_zones": ["America/New_York"]}, "sender": {"id": null},
        "contact": {"channel": "email", "purpose": ["order_status"], "topic": []}, "address": {"value": address}});
    for (key, value) in more.as_object().unwrap() {
        request[key] = value.clone();
    }
    let known_at = request["at"].as_str().unwrap().parse().unwrap();
    let request = Json::parse(&request.to_string(), &Limits::MOST).unwrap();
    let laid = ledger.lay_under(request, &Ask { person, address: Some(address), known_at })?;
    let mut out = String::new();
    laid.write_canonical(&mut out);
    Ok(serde_json::from_str(&out).unwrap())
}

fn decided(request: &Value) -> Outcome {
    PREFERENCES.decide(&PREFERENCES.request(request.to_string()).unwrap()).unwrap().outcome
}

fn outcome(ledger: &mut Ledger<Memory>, person: &str, address: &str) -> Outcome {
    decided(&laid(ledger, person, address, &json!({})).unwrap())
}
