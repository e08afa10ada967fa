//! README.md says what is so: a hospital's request is allowed, and each fact that it calls needed is.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use byleave::{Decision, Engine, Outcome};
use serde_json::{Value, json};
use std::path::Path;

/// The part of the README under that heading.
fn section() -> String {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).expect("the README");
    let below = readme.split_once("\n## What a hospital's request says\n").expect("the heading").1;
    below.split("\n## ").next().expect("its end").to_owned()
}

fn request(section: &str) -> Value {
    let fence = section.split_once("```json\n").expect("a request").1;
    serde_json::from_str(fence.split("```").next().expect("its end")).expect("JSON")
}

fn health() -> Engine {
    byleave_packs::builder(["us.health"]).expect("the preset").build().expect("our packs check")
}

fn decide(engine: &Engine, request: &Value) -> Decision {
    let request = engine.request(request.to_string().as_bytes()).expect("a request");
    engine.decide(&request).expect("an answer")
}

fn take_away(request: &mut Value, path: &str) {
    let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
    let object = if parent.is_empty() { Some(request) } else { request.get_mut(parent) };
    let gone = object.and_then(Value::as_object_mut).and_then(|object| object.remove(key));
    assert!(gone.is_some(), "the request does not say {path}");
}

#[test]
fn a_hospitals_request_is_allowed_and_each_fact_is_needed() {
    let (section, engine) = (section(), health());
    let whole = request(&section);
    let decision = decide(&engine, &whole);
    assert_eq!(decision.outcome, Outcome::Allow, "{decision:?}");
    assert!(decision.warnings.is_empty(), "{:?}", decision.warnings);

    let table = section.split_once("| left out |").expect("a table").1;
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let mut count = 0;
    for row in rows {
        let mut code = row.split('`').skip(1).step_by(2);
        let (path, missing) = (code.next().expect("a path"), code.next().expect("what is missing"));
        let mut less = whole.clone();
        take_away(&mut less, path);
        let decision = decide(&engine, &less);
        assert_eq!(decision.outcome, Outcome::Deny, "without {path}");
        assert!(decision.missing.iter().any(|it| it == missing), "without {path}: {:?}", decision.missing);
        count += 1;
    }
    assert_eq!(count, 13);
}

/// What the README says of the three states: an empty list is a claim, and null of a list a gap.
#[test]
fn an_empty_list_claims_what_a_gap_does_not() {
    let (section, engine) = (section(), health());
    let mut gap = request(&section);
    take_away(&mut gap, "complete");
    assert_eq!(decide(&engine, &gap).outcome, Outcome::Deny);
    let wishes = ["pause_until", "hours", "channel_rules", "caps", "confidential_requests", "restrictions"];
    for (value, outcome) in [(Value::Null, Outcome::Deny), (json!([]), Outcome::Allow)] {
        for wish in wishes {
            gap["person"][wish] = value.clone();
        }
        for target in ["uses", "geofence"] {
            gap["contact"][target] = value.clone();
        }
        assert_eq!(decide(&engine, &gap).outcome, outcome, "{value}");
    }
    gap["person"]["confidential_requests"] =
        json!([{"only": {"channel": ["letter"]}, "made_on": "2026-01-05"}]);
    assert_eq!(decide(&engine, &gap).outcome, Outcome::Deny);
}

/// The table of `complete` names what the schema does.
#[test]
fn the_groups_are_those_of_the_schema() {
    let section = section();
    let schema = health().request_schema();
    let said = schema["properties"]["complete"]["description"].as_str().expect("a description");
    for group in ["preferences", "targeting"] {
        let row = section.lines().find(|line| line.starts_with(&format!("| `{group}`"))).expect(group);
        let of_group =
            said.split(&format!("`{group}` is ")).nth(1).and_then(|it| it.split(". ").next()).expect(group);
        let in_schema = of_group.split('`').skip(1).step_by(2).filter_map(|path| path.rsplit('.').next());
        for field in in_schema {
            assert!(row.contains(field), "{group}: README.md does not name {field}");
        }
    }
}
