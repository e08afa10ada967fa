//! Order and repetition of events show nowhere (law 4); no input panics (law 10).

use super::fixture::{intake, read};
use crate::wire::{Json, Limits, Request};
use proptest::prelude::*;
use serde_json::{Value, json};

fn event(list: &'static str) -> impl Strategy<Value = Value> {
    let at = prop_oneof![
        Just(Value::Null),
        (1u32..28, 0u32..24).prop_map(|(d, h)| json!(format!("2026-06-{d:02}T{h:02}:00:00Z"))),
        (1u32..32).prop_map(|d| json!(format!("2026-07-{d:02}"))),
    ];
    let kind = proptest::sample::select(vec!["grant", "revoke", "decline"]);
    let topics =
        proptest::collection::vec(proptest::sample::select(vec!["running", "trail", "heart", "x"]), 1..4);
    (at, kind, topics).prop_map(move |(at, kind, topics)| match list {
        "consents" => json!({"at": at, "kind": kind, "scope": {"topic": topics}}),
        _ => json!({"at": at, "topic": topics}),
    })
}

fn named(events: Vec<Value>) -> Vec<Value> {
    let name = |(n, mut event): (usize, Value)| {
        event["id"] = json!(format!("e{n}"));
        event
    };
    events.into_iter().enumerate().map(name).collect()
}

fn request(consents: &[Value], contacts: &[Value]) -> String {
    json!({"at": "2026-07-01T12:00:00Z", "person": {"time_zones": ["America/New_York"]},
        "consents": consents, "contacts": contacts, "interactions": contacts})
    .to_string()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn order_and_repetition(
        (consents, shuffled) in proptest::collection::vec(event("consents"), 0..8).prop_flat_map(|events| {
            let events = named(events);
            (Just(events.clone()), Just(events).prop_shuffle())
        }),
        (contacts, mixed) in proptest::collection::vec(event("contacts"), 0..8).prop_flat_map(|events| {
            let events = named(events);
            let twice: Vec<Value> = events.iter().chain(&events).cloned().collect();
            (Just(events), Just(twice).prop_shuffle())
        }),
    ) {
        let (a, b) = (read(&request(&consents, &contacts)).unwrap(), read(&request(&shuffled, &mixed)).unwrap());
        prop_assert_eq!(a, b);
    }

    #[test]
    fn no_text_panics(text in "[\\PC\n]{0,200}") {
        let _ = read(&text);
    }

    #[test]
    fn no_json_panics(json in any_json()) {
        let _ = read(&json.to_string());
    }

    #[test]
    fn no_nearly_right_request_panics(path in proptest::sample::select(keys()), json in any_json()) {
        let mut request = json!({"at": "2026-07-01T12:00:00Z"});
        let mut at = &mut request;
        for key in path.split('.') {
            at = &mut at[key];
        }
        *at = json;
        if let Some((list, field)) = path.split_once('.').filter(|(l, _)| l.ends_with('s') && *l != "settings") {
            let inner = request[list].clone();
            request[list] = json!([inner]);
            let _ = field;
        }
        let _ = read(&request.to_string());
    }

    #[test]
    fn canonical_json_reads_back(json in any_json()) {
        let Ok(request) = Request::parse(&json!({"x": json}).to_string(), &Limits::MOST) else { return Ok(()) };
        let again = Request::parse(&request.canonical(), &Limits::MOST).unwrap();
        prop_assert_eq!(again.canonical(), request.canonical());
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0u64..100).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        proptest::sample::select(vec![
            "",
            "any",
            "sms",
            "care",
            "2026-07-01",
            "9999-12-31",
            "2026-06-01T00:00:00Z",
            "24 hours",
            "UTC",
            "e1",
            "grant",
            "void",
            "DE-BY",
            "09:00",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59.9999999Z",
        ])
        .prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        let key = prop_oneof![
            proptest::sample::select(vec![
                "at", "id", "kind", "of", "scope", "channel", "mon", "calendar", "zone", "on"
            ])
            .prop_map(str::to_string),
            "\\PC{0,6}",
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map(key, inner, 0..5).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

/// Every key that the small vocabulary knows.
fn keys() -> Vec<String> {
    let intake = intake();
    let facts = intake.vocabulary().facts.iter().map(|fact| fact.path.clone());
    facts
        .chain(["settings", "complete", "horizon", "known_at", "consents", "lists"].map(str::to_string))
        .collect()
}

#[test]
fn a_binding_may_fill_the_tree_itself() {
    // Any other reader of serde's data model than JSON text: here a tree of serde_json.
    let value = json!({"at": "2026-07-01T12:00:00Z", "contact": {"channel": "sms"}});
    let json: Json = serde_json::from_value(value.clone()).unwrap();
    let request = Request::from_json(json, &Limits::MOST).unwrap();
    assert_eq!(request, Request::parse(&value.to_string(), &Limits::MOST).unwrap());
}
