//! The JSON Schema of requests under all packs is on file and fresh. `BYLEAVE_UPDATE=1` writes it anew.

#![allow(clippy::indexing_slicing, clippy::expect_used, clippy::panic, missing_docs)]

use byleave::Engine;
use byleave::wire::schema::stored;
use serde_json::Value;
use std::path::Path;

fn of_all_packs() -> Engine {
    let mut builder = Engine::builder();
    for pack in byleave_packs::all() {
        for (path, text) in pack.files {
            builder = builder.source(pack.name, path, text);
        }
    }
    builder.build().expect("our packs check")
}

#[test]
fn the_schema_of_requests_is_fresh() {
    let fresh = stored(&of_all_packs().request_schema());
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/request.schema.json");
    if std::env::var_os("BYLEAVE_UPDATE").is_some() {
        std::fs::write(&file, &fresh).expect("the schema is written");
    }
    let on_file = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        on_file == fresh,
        "packs/schema/request.schema.json is not fresh: run again with BYLEAVE_UPDATE=1"
    );
}

/// Below the top keys, whatever a request may say, and what is said of it.
fn described<'a>(path: &str, schema: &'a Value, all: &mut Vec<(String, Option<&'a str>)>) {
    let Some(schema) = schema.as_object() else { return };
    let ways = schema.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    for inner in ways.chain(schema.get("items")) {
        // Records are the fact's own; objects with facts in them are told by their keys.
        if inner.get("$ref").is_none() {
            described(path, inner, all);
        }
    }
    for (key, inner) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let path = format!("{path}.{key}");
        let said = inner.get("description").and_then(Value::as_str);
        all.push((path.clone(), said));
        let facts_within =
            ["authority", "confirmed_time_zone", "instrument", "scope"].contains(&key.as_str());
        if facts_within {
            described(&path, inner, all);
        }
    }
}

/// Whoever writes a request knows of each fact what to give.
#[test]
fn every_fact_is_described() {
    let schema = of_all_packs().request_schema();
    let mut all = Vec::new();
    for (key, inner) in schema["properties"].as_object().expect("keys") {
        assert!(inner.get("description").is_some(), "{key}");
        if key != "settings" {
            described(key, inner, &mut all);
        }
    }
    assert!(all.len() > 200, "{}", all.len());
    let silent: Vec<_> = all.iter().filter(|(_, said)| said.is_none_or(|it| it.len() < 8)).collect();
    assert!(silent.is_empty(), "no description: {silent:?}");
}
