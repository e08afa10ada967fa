//! Requests near real ones, decided: never a panic, the same answer twice and in whatever order the facts come, the short
//! answer agrees with the long one, and afterwards the same engine answers a known request as it did before.
#![no_main]

use byleave::Engine;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

const HOSPITAL: &str = include_str!("../../examples/hospital/hospital.leave");

/// Requests to start from.
const BASES: [&str; 6] = [
    include_str!("../../examples/hospital/requests/evening-text.json"),
    include_str!("../../examples/hospital/requests/two-zones-clocks-change.json"),
    include_str!("../../examples/hospital/requests/appointment-reminder.json"),
    include_str!("../../examples/hospital/requests/revoked.json"),
    include_str!("../../examples/hospital/requests/lab-result.json"),
    include_str!("../../examples/hospital/requests/primary-contact.json"),
];

/// Words that mean something somewhere.
const WORDS: [&str; 28] = [
    "America/New_York",
    "America/Chicago",
    "Pacific/Apia",
    "Mars/Olympus",
    "2026-07-01T20:30:00-04:00",
    "9999-12-31T23:59:59Z",
    "-9999-01-01T00:00:00Z",
    "2026-02-30",
    "2008-02-29",
    "2008-07",
    "24 hours",
    "400 days",
    "grant",
    "revoke",
    "void",
    "express_written",
    "hipaa.authorization",
    "opted_in",
    "marketing",
    "care",
    "sms",
    "live_call",
    "email",
    "US-FL",
    "not_listed",
    "full",
    "",
    "\u{202e}\u{0}x",
];

static BASE: LazyLock<Vec<Value>> =
    LazyLock::new(|| BASES.iter().map(|text| serde_json::from_str(text).expect("an example is JSON")).collect());

static ENGINE: LazyLock<(Engine, String)> = LazyLock::new(|| {
    let mut builder = Engine::builder();
    for pack in byleave_packs::all() {
        for (path, text) in pack.files {
            builder = builder.source(pack.name, path, text);
        }
    }
    let engine = builder.source("hospital", "hospital.leave", HOSPITAL).build().expect("the example checks");
    let known = engine.decide_json(BASES[0].as_bytes()).expect("the example decides");
    (engine, known)
});

fuzz_target!(|bytes: &[u8]| {
    let (engine, known) = &*ENGINE;
    let Some((first, rest)) = bytes.split_first() else { return };
    if *first == b'{' {
        decide(engine, bytes);
    } else {
        let mut request = BASE[usize::from(*first) % BASE.len()].clone();
        for op in rest.chunks_exact(4).take(24) {
            change(&mut request, [op[0], op[1], op[2], op[3]]);
        }
        decide(engine, request.to_string().as_bytes());
        let shuffled = reversed(&request);
        assert_eq!(
            engine.decide_json(request.to_string().as_bytes()).map_err(|e| e.kind()),
            engine.decide_json(shuffled.to_string().as_bytes()).map_err(|e| e.kind()),
            "order does not matter"
        );
    }
    assert_eq!(engine.decide_json(BASES[0].as_bytes()).as_deref(), Ok(known.as_str()), "the engine is as it was");
});

fn decide(engine: &Engine, bytes: &[u8]) {
    let answer = engine.decide_json(bytes);
    assert_eq!(answer, engine.decide_json(bytes), "the same answer twice");
    let explained = engine.explain_json(bytes);
    let Ok(text) = answer else { return };
    assert!(explained.is_ok(), "what is decided can be explained: {explained:?}");
    let answer: Value = serde_json::from_str(&text).expect("a decision is JSON");
    if let Ok(Value::Object(mut request)) = serde_json::from_slice::<Value>(bytes) {
        request.insert("detail".to_owned(), json!("outcome"));
        let short = engine.decide_json(Value::Object(request).to_string().as_bytes()).expect("it was decided before");
        let short: Value = serde_json::from_str(&short).expect("a decision is JSON");
        assert_eq!(short["outcome"], answer["outcome"], "the short answer agrees with the long one");
        assert_eq!(short["until"], answer["until"], "the short answer agrees with the long one");
    }
}

/// One change somewhere in the request.
fn change(request: &mut Value, [place, how, a, b]: [u8; 4]) {
    let mut paths = Vec::new();
    walk(request, String::new(), &mut paths, 0);
    let Some(path) = paths.get(usize::from(place) * paths.len() / 256) else { return };
    let Some(target) = request.pointer_mut(path) else { return };
    let word = || json!(WORDS[usize::from(a) % WORDS.len()]);
    match how % 12 {
        0 => *target = Value::Null,
        1 => *target = json!([]),
        2 | 3 => *target = word(),
        4 => *target = json!([word(), WORDS[usize::from(b) % WORDS.len()]]),
        5 => *target = json!(u32::from(a) << (b % 24)),
        6 => *target = json!(a % 2 == 0),
        7 => *target = json!({}),
        8 => match target {
            Value::Array(items) if !items.is_empty() => {
                let copy = items[usize::from(a) % items.len()].clone();
                items.insert(usize::from(b) % (items.len() + 1), copy);
            }
            Value::Object(map) => {
                map.insert(WORDS[usize::from(a) % WORDS.len()].to_owned(), json!(b));
            }
            other => *other = json!([other.clone()]),
        },
        9 => match target {
            Value::Array(items) if !items.is_empty() => {
                items.remove(usize::from(a) % items.len());
            }
            Value::Object(map) => {
                let key = map.keys().nth(usize::from(a) % map.len().max(1)).cloned();
                key.map(|key| map.remove(&key));
            }
            other => *other = Value::Null,
        },
        10 => {
            // A day and a time of their own, around the clocks' changes as often as not.
            let (month, day) = (1 + a % 12, 1 + b % 31);
            *target = json!(format!("2026-{month:02}-{day:02}T{:02}:{:02}:00Z", a % 24, b % 60));
        }
        _ => *target = json!(format!("2026-{:02}-{:02}", 1 + a % 12, 1 + b % 31)),
    }
}

fn walk(value: &Value, path: String, paths: &mut Vec<String>, depth: usize) {
    if depth > 6 || paths.len() > 2_000 {
        return;
    }
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                walk(value, format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")), paths, depth + 1);
            }
        }
        Value::Array(items) => {
            for (n, value) in items.iter().enumerate() {
                walk(value, format!("{path}/{n}"), paths, depth + 1);
            }
        }
        _ => {}
    }
    paths.push(path);
}

/// The same facts with every list of the request that is a set or a history the other way round.
fn reversed(request: &Value) -> Value {
    let Value::Object(entries) = request else { return request.clone() };
    let turn = |(key, value): (&String, &Value)| {
        let value = match value {
            Value::Array(items) => Value::Array(items.iter().rev().cloned().collect()),
            other => other.clone(),
        };
        (key.clone(), value)
    };
    Value::Object(entries.iter().rev().map(turn).collect::<Map<_, _>>())
}
