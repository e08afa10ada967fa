//! Merged profiles: the order in which records come does not matter, and no source's no is overruled, as the real engine answers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod events;
mod facts;
mod properties;
mod read;

use byleave::wire::{Json, Limits};
use byleave::{Engine, Outcome};
use byleave_ledger::ErrorKind;
use byleave_ledger::merge::{Became, Profile, Resolved, Rules};
use serde_json::{Value, json};
use std::sync::LazyLock;

const MILL: &str = r#"
pack mill { title "Mill" edition "1" source "Mill" reviewed 2026-11-22 }
use core
sender mill marked seller { mill_clinic, mill_shop }
topic sport { running { trail_running }, swimming }
topic visits
"#;

fn engine(preset: &str) -> Engine {
    let mut builder = Engine::builder().source("mill", "mill.leave", MILL);
    for pack in byleave_packs::preset(preset).unwrap() {
        for (path, text) in pack.files {
            builder = builder.source(pack.name, path, text);
        }
    }
    builder.build().unwrap()
}

static HEALTH: LazyLock<Engine> = LazyLock::new(|| engine("us.health"));
static PREFERENCES: LazyLock<Engine> = LazyLock::new(|| engine("core.preferences"));

fn profile(value: &Value) -> Profile {
    Profile::parse(&value.to_string()).unwrap()
}

fn rules(value: &Value) -> Rules {
    Rules::parse(&value.to_string()).unwrap()
}

fn both() -> Value {
    json!({"sources": {
        "clinic": {"keeps": ["consents"], "counts": ["grants", "interactions"]},
        "billing": {"keeps": ["consents"], "counts": ["grants", "interactions"]},
    }})
}

fn record(source: &str, person: &Value, more: &Value) -> Value {
    let mut out =
        json!({"source": source, "as_of": "2026-06-01T00:00:00Z", "person": {"id": "p"}, "consents": []});
    out["person"].as_object_mut().unwrap().extend(person.as_object().unwrap().clone());
    out.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    out
}

fn merged(clinic: &Value, billing: &Value) -> Resolved {
    profile(clinic).merge(&profile(billing)).resolve(&rules(&both())).unwrap()
}

fn value(json: &Json) -> Value {
    let mut out = String::new();
    json.write_canonical(&mut out);
    serde_json::from_str(&out).unwrap()
}

fn facts(of: &Resolved) -> Value {
    value(&of.facts)
}

/// The outcome as a number that grows with leave: never, then, now.
fn leave(engine: &Engine, request: &Value) -> (u8, i64) {
    let mut request = request.clone();
    request["detail"] = json!("outcome");
    let decision = engine.decide(&engine.request(request.to_string()).unwrap()).unwrap();
    match decision.outcome {
        Outcome::Allow => (2, 0),
        Outcome::Defer => {
            let until = decision.until.unwrap().to_string();
            (1, -until.parse::<jiff::Timestamp>().unwrap().as_microsecond())
        }
        Outcome::Deny => (0, 0),
    }
}

fn ask(channel: &str, purpose: &str, topic: &str) -> Value {
    json!({
        "at": "2026-07-01T15:00:00Z",
        "sender": {"id": "mill_shop", "kind": ["provider"]},
        "contact": {"channel": channel, "purpose": [purpose], "topic": [topic], "technology": ["automated_dialing"],
                    "fields": [], "data": [], "uses": [], "remuneration": "unpaid"},
        "address": {"value": "a", "kind": if channel == "email" { "email" } else { "phone" }, "line": ["wireless"],
                    "jurisdictions": [], "provided_by": "person", "free_to_recipient": true},
        "content": {"includes": ["sender_identity", "provider_contact", "stop_instructions", "opt_out", "link", "physical_address",
                    "ad_identifier"], "length": 100},
    })
}

fn lay(facts: &Value, ask: &Value) -> Value {
    let mut out = facts.clone();
    out.as_object_mut().unwrap().extend(ask.as_object().unwrap().clone());
    out
}
