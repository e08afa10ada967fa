//! What every language's ledger says, from one file of cases: `ledger/tests/cases.json`. Python and Node run the same.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use byleave::wire::{Json, Limits};
use byleave_host::ledger::{Book, public_key, verify_bundle};
use byleave_host::{Core, Fault, Over, policy};
use byleave_packs::load::Wanted;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ledger/tests/cases.json")
}

/// A tree as a host has it: text is JSON text.
fn tree(value: &Value) -> Result<Json, Fault> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Ok(Json::parse(&text, &Limits::MOST)?)
}

/// Arguments by name.
fn named(args: &Map<String, Value>, names: &[&str]) -> Json {
    let given = args.iter().filter(|(key, _)| names.contains(&key.as_str()));
    let given: Map<String, Value> = given.map(|(key, value)| (key.clone(), value.clone())).collect();
    Json::parse(&Value::Object(given).to_string(), &Limits::MOST).unwrap()
}

fn value(it: &impl Serialize) -> Value {
    serde_json::to_value(it).unwrap()
}

struct Runner {
    core: Arc<Core>,
    place: PathBuf,
    book: Book,
}

impl Runner {
    fn call(&mut self, verb: &str, args: &Map<String, Value>) -> Result<Value, Fault> {
        let all: Vec<&str> = args.keys().map(String::as_str).collect();
        let given = named(args, &all);
        let book = &self.book;
        Ok(match verb {
            "append" => value(&book.append(args["events"].as_array().unwrap().iter().map(tree))?),
            "decide" => {
                let laid = ["at", "known_at", "horizon", "detail", "settings"];
                let mut over = Over::default();
                for (key, json) in args.iter().filter(|(key, _)| laid.contains(&key.as_str())) {
                    over.put(key, Json::parse(&json.to_string(), &Limits::MOST)?)?;
                }
                let by = named(args, &["person", "address", "record", "source"]);
                let answered = book.decide(&self.core, tree(&args["request"])?, over, by)?;
                let said: Value = serde_json::from_str(&answered.decision).unwrap();
                let rules: Vec<&Value> =
                    said["reasons"].as_array().into_iter().flatten().map(|it| &it["rule"]).collect();
                let facts = said["evidence"]["facts"].as_str().map(|it| &it[..16]);
                json!({
                    "decision": {"outcome": said["outcome"], "rules": rules, "facts": facts},
                    "receipt": answered.receipt,
                })
            }
            "facts" => {
                let mut text = String::new();
                book.facts(given)?.write_canonical(&mut text);
                serde_json::from_str(&text).unwrap()
            }
            "keeps" => value(&book.keeps(given)?),
            "checkpoint" => value(&book.checkpoint(given)?),
            "verify" => value(&book.verify(given)?),
            "erase" => value(&book.erase(given)?),
            "export" => {
                let texts = args.get("texts").and_then(Value::as_array).into_iter().flatten();
                let texts: Vec<Vec<u8>> = texts.map(|it| it.as_str().unwrap().into()).collect();
                let given = named(args, &["person", "at", "open_others"]);
                Value::String(book.export(given, &texts)?)
            }
            "size" => value(&book.size()?),
            "close" => {
                book.close();
                Value::Null
            }
            "lines_since" => value(&book.lines_since(given)?),
            "take_in" => {
                let lines = args["lines"].as_str().unwrap();
                value(&book.take_in(lines.as_bytes(), named(args, &["at"]))?)
            }
            "save" => Value::String(book.save()?),
            "open" => {
                let saved = args.get("saved").map(|it| it.as_str().unwrap());
                let place = if saved.is_some() { Path::new(":memory:") } else { &self.place };
                self.book = Book::open(place, args["read_only"].as_bool().unwrap(), saved)?;
                Value::Null
            }
            "verify_bundle" => {
                let bundle = args["bundle"].as_str().unwrap();
                value(&verify_bundle(bundle.as_bytes(), named(args, &["keys", "checkpoint"]))?)
            }
            "public_key" => Value::String(public_key(args["key"].as_str().unwrap())?),
            "tamper" => {
                let text = |key: &str| args[key].as_str().unwrap();
                Value::String(text("text").replace(text("words"), text("by")))
            }
            other => panic!("there is no verb {other}"),
        })
    }
}

/// What was saved, in the place of its name.
fn filled(it: &Value, saved: &Map<String, Value>) -> Value {
    match it {
        Value::String(text) if text.starts_with('$') => {
            let (name, key) = text[1..].split_once('.').map_or((&text[1..], None), |(a, b)| (a, Some(b)));
            key.map_or_else(|| saved[name].clone(), |key| saved[name][key].clone())
        }
        Value::Array(items) => items.iter().map(|it| filled(it, saved)).collect(),
        Value::Object(entries) => {
            Value::Object(entries.iter().map(|(key, it)| (key.clone(), filled(it, saved))).collect())
        }
        other => other.clone(),
    }
}

/// A result as the file has it: digests, which are others every time, by one word; a bundle by its own.
fn shown(it: Value) -> Value {
    match it {
        Value::String(text) if text.starts_with("{\n") => json!("<bundle>"),
        Value::String(text) if text.starts_with("{\"ledger\":") => json!("<saved>"),
        Value::String(text) if text.split_once(':').is_some_and(|(_, link)| digest(link)) => {
            json!(format!("{}:<digest>", text.split_once(':').unwrap().0))
        }
        Value::String(text) if digest(&text) => json!("<digest>"),
        Value::Array(items) => items.into_iter().map(shown).collect(),
        Value::Object(entries) => {
            Value::Object(entries.into_iter().map(|(key, it)| (key, shown(it))).collect())
        }
        other => other,
    }
}

fn digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|it| it.is_ascii_hexdigit())
}

/// The file as it is read by people: a step a line.
fn laid_out(file: &Value) -> String {
    let cases = file["cases"].as_array().unwrap().iter().map(|case| {
        let steps: Vec<String> =
            case["steps"].as_array().unwrap().iter().map(|step| format!("   {step}")).collect();
        format!("  {{\"name\": {}, \"steps\": [\n{}\n  ]}}", case["name"], steps.join(",\n"))
    });
    let cases: Vec<String> = cases.collect();
    let (about, packs) = (&file["about"], &file["packs"]);
    format!("{{\n \"about\": {about},\n \"packs\": {packs},\n \"cases\": [\n{}\n ]\n}}\n", cases.join(",\n"))
}

#[test]
fn every_case() {
    let text = std::fs::read_to_string(file()).unwrap();
    let mut cases: Value = serde_json::from_str(&text).unwrap();
    let names = cases["packs"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect();
    let wanted = Wanted { names, ..Wanted::default() };
    let core = policy::build(policy::find(&wanted).unwrap().builder()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut steps = 0;
    for (n, case) in cases["cases"].as_array_mut().unwrap().iter_mut().enumerate() {
        let name = case["name"].as_str().unwrap().to_owned();
        let place = folder.path().join(format!("{n}.db"));
        let book = Book::open(&place, false, None).unwrap();
        let mut runner = Runner { core: Arc::clone(&core), place, book };
        let mut saved = Map::new();
        for step in case["steps"].as_array_mut().unwrap() {
            steps += 1;
            let verb = step["do"].as_str().unwrap().to_owned();
            let args = filled(&step["args"], &saved);
            let (key, got) = match runner.call(&verb, args.as_object().unwrap()) {
                Ok(given) => {
                    if let Some(name) = step.get("save") {
                        saved.insert(name.as_str().unwrap().to_owned(), given.clone());
                    }
                    ("gives", shown(given))
                }
                Err(fault) => ("fails", json!({"class": fault.class(), "error": fault.error()})),
            };
            if std::env::var_os("BYLEAVE_WRITE").is_some() {
                let step = step.as_object_mut().unwrap();
                step.remove("gives");
                step.remove("fails");
                step.insert(key.to_owned(), got);
                continue;
            }
            assert_eq!(step.get(key), Some(&got), "{name}: {verb} {args}");
        }
    }
    if std::env::var_os("BYLEAVE_WRITE").is_some() {
        std::fs::write(file(), laid_out(&cases)).unwrap();
    }
    assert!(steps > 100, "{steps} steps");
    println!("ledger: {steps} steps");
}
