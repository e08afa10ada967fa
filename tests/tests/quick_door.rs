//! The quick door for requests makes the facts that the tree's door makes, digest and all, or leaves the request to it; what
//! that one refuses, it never reads.

use byleave::wire::Limits;
use byleave::wire::flat::{Flat, Keys, Node};
use byleave::{Detail, Engine};
use byleave_tests::spoil::spoil;
use byleave_tests::worlds::{Dice, World};
use byleave_tests::{corpus, harness, laws, load};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// A request as a host would hand it over, keys and items in the order in which they are given.
fn flat(keys: &Keys, request: &Json) -> Option<Flat> {
    let mut out = Flat::default();
    out.begin(&Limits::MOST)?;
    let root = value(&mut out, keys, request, 0, false)?;
    out.done(root)?;
    Some(out)
}

fn value(flat: &mut Flat, keys: &Keys, json: &Json, depth: usize, in_list: bool) -> Option<Node> {
    match json {
        Json::Null => Some(Node::Null),
        Json::Bool(b) => Some(Node::Bool(*b)),
        Json::Number(n) => Flat::int(n.as_i64()?),
        Json::String(text) => flat.text(text),
        Json::Array(items) => {
            let from = flat.open(depth)?;
            for (at, item) in (0u32..).zip(items) {
                let node = value(flat, keys, item, depth + 1, true)?;
                flat.put(at, node);
            }
            flat.list(from, in_list)
        }
        Json::Object(entries) => {
            let from = flat.open(depth)?;
            for (key, inner) in entries {
                let key = keys.find(key)?;
                let node = value(flat, keys, inner, depth + 1, false)?;
                flat.put(u32::from(key), node);
            }
            flat.map(from)
        }
    }
}

/// Whether the quick door read it; what is wrong between the two doors.
fn both(engine: &Engine, request: &Json) -> Result<bool, String> {
    let tree = engine.request(request.to_string()).and_then(|it| Ok((engine.facts(&it)?, it.detail()?)));
    let read = flat(engine.keys(), request).and_then(|it| Some((engine.read_flat(&it)?, it)));
    let Some(((mut facts, detail), flat)) = read else { return Ok(false) };
    facts.digest = Some(flat.digest(engine.keys(), &mut String::new()));
    match tree {
        Ok(known) if known == (facts, detail) => Ok(true),
        Ok(known) => Err(format!("other facts:\n{request}\n{:?}", known.1)),
        Err(error) => Err(format!("only one door refuses: {error}\n{request}")),
    }
}

#[test]
fn both_doors_agree_on_the_corpus() {
    let mut engines = BTreeMap::new();
    let (mut all, mut quick) = (0, 0);
    for (_, file) in corpus::files().expect("the corpus") {
        for case in &file.cases {
            let texts = file.texts(case).expect("its policy");
            let Ok(engine) = engines.entry(texts.clone()).or_insert_with(|| load::of_texts(&texts)) else {
                continue;
            };
            all += 1;
            quick +=
                usize::from(both(engine, &case.request).unwrap_or_else(|why| panic!("{}: {why}", case.name)));
        }
    }
    println!("{quick} of {all} cases are read by the quick door");
    assert!(quick * 10 > all * 7, "{quick} of {all} are too few to show anything");
}

#[test]
fn both_doors_agree_on_random_requests() {
    let (mut all, mut quick) = (0, 0);
    for seed in 0..u64::from(harness::cases(60)) {
        let world = World::new(seed);
        let Ok(engine) = load::engine(&[laws::pack(&world)]) else { continue };
        let mut dice = Dice::new(seed);
        for round in 0..25 {
            let mut request = world.request.clone();
            for _ in 0..round % 5 {
                spoil(&mut dice, &mut request);
            }
            all += 1;
            quick += usize::from(both(&engine, &request).unwrap_or_else(|why| panic!("seed {seed}: {why}")));
        }
    }
    println!("{quick} of {all} requests are read by the quick door");
    assert!(quick * 4 > all, "{quick} of {all} are too few to show anything");
}

#[test]
fn what_is_unusual_is_left_to_the_tree() {
    let rule = "rule r { cite \"1\" when contact.channel is sms because \"No.\" }";
    let engine = load::engine(&[format!("{}{rule}", laws::HEAD)]).expect("an engine");
    let keys = engine.keys();
    for request in [
        json!([]),
        json!({"nobody": 1}),
        json!({"at": -1}),
        json!({"at": 1.5}),
        json!({"at": 9_007_199_254_740_992i64}),
        json!({"at": "x".repeat(16_385)}),
        json!({"consents": vec![json!({}); 4_097]}),
        json!({"person": {"person": {"person": {"person": {"person": {"person": {"person": {"person": {"person":
            {"person": {"person": {"person": {"person": 1}}}}}}}}}}}}}),
    ] {
        assert!(flat(keys, &request).is_none(), "{request}");
    }
    let mut low = Flat::default();
    for limits in [
        Limits { request_bytes: 1_000, ..Limits::MOST },
        Limits { depth: 3, ..Limits::MOST },
        Limits { text_bytes: 3, ..Limits::MOST },
    ] {
        assert!(low.begin(&limits).is_none());
    }
    let mut laid = flat(keys, &json!({"consents": [], "at": "2026-07-01T12:00:00Z"})).expect("a request");
    let [at, detail] = ["at", "detail"].map(|key| keys.find(key).expect("a key"));
    laid.lay(at, "2026-07-02T12:00:00Z").expect("an instant");
    laid.lay(detail, "full").expect("a detail");
    let mut text = String::new();
    laid.write_canonical(keys, &mut text);
    assert_eq!(text, r#"{"at":"2026-07-02T12:00:00Z","consents":[]}"#);
    assert_eq!(engine.read_flat(&laid).expect("facts").1, Detail::Full);
}
