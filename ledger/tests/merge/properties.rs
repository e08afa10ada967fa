//! Properties: order does not matter, and no word of any source is overruled.

use super::*;
use proptest::prelude::*;

fn maybe(key: &'static str, of: Vec<Value>) -> BoxedStrategy<Option<(String, Value)>> {
    prop_oneof![3 => Just(None), 2 => prop::sample::select(of).prop_map(move |it| Some((key.to_owned(), it)))]
        .boxed()
}

fn person() -> impl Strategy<Value = Value> {
    let week = |from: &str, to: &str| {
        let days = ["mon", "tue", "wed", "thu", "fri"];
        Value::Object(days.iter().map(|it| ((*it).to_owned(), json!([[from, to]]))).collect())
    };
    let holidays = |calendar: &str| {
        let mut it = week("07:00", "23:00");
        it["holiday"] = json!([]);
        it["calendar"] = json!(calendar);
        it
    };
    let scope = json!({"channel": ["text"]});
    vec![
        maybe(
            "hours",
            vec![
                week("08:00", "12:00"),
                week("11:00", "20:00"),
                week("13:00", "24:00"),
                holidays("us_federal"),
                holidays("al"),
                Value::Null,
            ],
        ),
        maybe("pause_until", vec![Value::Null, json!("2026-06-01T00:00:00Z"), json!("2026-07-03T00:00:00Z")]),
        maybe("holdout_until", vec![Value::Null, json!("2026-07-10T00:00:00Z")]),
        maybe(
            "time_zones",
            vec![
                json!(["America/New_York"]),
                json!(["America/Los_Angeles"]),
                json!(["America/New_York", "America/Chicago"]),
            ],
        ),
        maybe("jurisdictions", vec![json!(["US-NY"]), json!(["US-FL"]), json!(["US-WA"]), json!(["US-TX"])]),
        maybe(
            "relationships",
            vec![json!(["patient"]), json!(["customer"]), json!(["patient", "donor"]), json!(["personal"])],
        ),
        maybe("capacity", vec![json!("household"), json!("business")]),
        maybe("birth_date", vec![json!("1980"), json!("1980-05"), json!("1980-05-17")]),
        maybe(
            "channel_rules",
            vec![
                json!([]),
                json!([{"scope": {"channel": ["email"]}, "rule": "forbid"}]),
                json!([{"scope": scope, "rule": "forbid"}]),
            ],
        ),
        maybe(
            "caps",
            vec![
                json!([]),
                json!([{"scope": {}, "most": 1, "window": "24 hours"}]),
                json!([{"scope": {}, "most": 4, "window": "7 days"}]),
            ],
        ),
        maybe("calendar_caps", vec![json!([]), json!([{"scope": {}, "most": 2, "per": "month"}])]),
        maybe(
            "confidential_requests",
            vec![
                json!([]),
                json!([{"only": {"channel": ["mail"]}, "endangerment": false, "made_on": "2026-01-01"}]),
            ],
        ),
        maybe("restrictions", vec![Value::Null, json!([])]),
        maybe(
            "confirmed_time_zone",
            vec![
                json!({"zone": "America/New_York", "on": "2026-05-01"}),
                json!({"zone": "America/Los_Angeles", "on": "2026-05-01"}),
            ],
        ),
    ]
    .prop_map(|facts| Value::Object(facts.into_iter().flatten().collect()))
}

fn event() -> impl Strategy<Value = Value> {
    let scopes = vec![
        json!({}),
        json!({"channel": ["email"]}),
        json!({"channel": ["text"], "purpose": ["marketing"]}),
        json!({"topic": ["running"]}),
        json!({"address": ["a"]}),
    ];
    let id = prop::sample::select(vec!["1", "2", "3", "4"]);
    let at =
        prop::sample::select(vec!["2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-05-01T00:00:00Z"]);
    let level = prop::sample::select(vec!["opted_in", "express", "express_written"]);
    (id, at, prop::sample::select(scopes), 0..8u8, level, prop::sample::select(vec!["1", "2", "3", "4"])).prop_map(|(id, at, scope, kind, level, of)| match kind {
        0..=3 => json!({"id": id, "at": at, "kind": "grant", "level": level, "scope": scope, "by": "holder", "means": "web_form", "given_to": "mill"}),
        4 | 5 => json!({"id": id, "at": at, "kind": "revoke", "scope": scope}),
        6 => json!({"id": id, "at": at, "kind": "decline", "scope": scope}),
        _ => json!({"id": format!("v{id}"), "at": at, "kind": "void", "of": of}),
    })
}

/// Events of one system: a name stands for one of them.
fn once(events: Vec<Value>) -> Vec<Value> {
    let mut seen = std::collections::BTreeSet::new();
    events.into_iter().filter(|it| it.get("id").is_none_or(|id| seen.insert(id.to_string()))).collect()
}

fn a_record(source: &'static str) -> impl Strategy<Value = Value> {
    let contact = (prop::sample::select(vec!["2026-06-30T20:00:00Z", "2026-06-29T20:00:00Z"]), prop::sample::select(vec!["sms", "email"]), prop::option::of(prop::sample::select(vec!["c1", "c2"])))
        .prop_map(|(at, channel, id)| {
            let mut it = json!({"at": at, "channel": channel, "purpose": ["order_status"], "topic": ["running"], "sender": "mill_shop", "result": "delivered", "technology": ["manual"]});
            if let Some(id) = id {
                it["id"] = json!(id);
            }
            it
        });
    let visit = prop::sample::select(vec!["2026-06-01T00:00:00Z", "2023-06-01T00:00:00Z"])
        .prop_map(|at| json!({"at": at, "kind": "transaction", "sender": "mill_shop", "topic": ["running"]}));
    let look = (prop::sample::select(vec!["national_dnc", "reassigned"]), prop::sample::select(vec!["listed", "not_listed", "no_data"]), prop::sample::select(vec!["2026-06-20", "2026-06-28"]))
        .prop_map(|(list, result, day)| json!({"list": list, "address": "a", "result": result, "version_at": day, "asked_about": day}));
    (
        person(),
        prop::collection::vec(event(), 0..4),
        prop::collection::vec(contact, 0..3),
        prop::collection::vec(visit, 0..2),
        prop::collection::vec(look, 0..3),
        prop::sample::subsequence(vec!["preferences", "consents", "interactions"], 0..=3),
        any::<bool>(),
    )
        .prop_map(move |(mut person, consents, contacts, visits, looks, complete, later)| {
            person["id"] = json!(if later { "p" } else { source });
            json!({"source": source, "as_of": if later { "2026-06-02T00:00:00Z" } else { "2026-06-01T00:00:00Z" }, "person": person,
                "consents": once(consents), "contacts": once(contacts), "interactions": visits, "lists": looks, "signals": [], "complete": complete})
        })
}

/// The merged facts with what one source says in place of what the merge made of it.
fn restored(merged: &Value, source: &Value) -> Value {
    let mut out = merged.clone();
    let said = source["person"].as_object().unwrap();
    for (key, word) in said.iter().filter(|(key, _)| *key != "id") {
        // `1980` does not contradict `1980-05`.
        let vaguer = key == "birth_date"
            && out["person"][key].as_str().is_some_and(|it| it.starts_with(word.as_str().unwrap()));
        if !vaguer {
            out["person"][key] = word.clone();
        }
    }
    // Whoever speaks of zones and confirms none narrows none.
    if said.contains_key("time_zones") && !said.contains_key("confirmed_time_zone") {
        out["person"].as_object_mut().unwrap().remove("confirmed_time_zone");
    }
    for list in ["consents", "interactions"] {
        if source["complete"].as_array().unwrap().contains(&json!(list)) {
            let mut told = source[list].clone();
            for event in told.as_array_mut().unwrap() {
                if event["holder"] == source["person"]["id"] {
                    event["holder"] = merged["person"]["id"].clone();
                }
            }
            out[list] = told;
        }
    }
    out
}

fn asks() -> Vec<Value> {
    vec![
        ask("email", "order_status", "running"),
        ask("email", "marketing", "running"),
        ask("sms", "marketing", "running"),
        ask("sms", "appointment", "visits"),
        ask("sms", "safety_recall", "visits"),
    ]
}

fn three() -> Value {
    let all = json!({"keeps": ["consents"], "counts": ["grants", "interactions"]});
    json!({"sources": {"clinic": all, "billing": all, "shop": {"keeps": [], "counts": ["grants"]}}})
}

/// The property below says something: among such worlds some are open, some wait, and some are shut.
#[test]
fn the_worlds_are_open_and_shut() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = [0; 3];
    for _ in 0..300 {
        let worlds = (a_record("clinic"), a_record("billing"), a_record("shop"));
        let (mut a, mut b, mut c) = worlds.new_tree(&mut runner).unwrap().current();
        let mut whole = Profile::default();
        for it in [&mut a, &mut b, &mut c] {
            it["complete"] = json!(["preferences"]);
            whole = whole.merge(&profile(it));
        }
        let Ok(found) = whole.resolve(&rules(&three())) else { continue };
        for ask in asks() {
            seen[usize::from(leave(&PREFERENCES, &lay(&facts(&found), &ask)).0)] += 1;
        }
    }
    assert!(seen.iter().all(|it| *it > 40), "{seen:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_records_does_not_matter(a in a_record("clinic"), b in a_record("billing"), c in a_record("clinic")) {
        let [a, b, c] = [a, b, c].map(|it| profile(&it));
        let one = a.merge(&b).merge(&c);
        prop_assert_eq!(one.canonical(), a.merge(&b.merge(&c)).canonical());
        prop_assert_eq!(one.canonical(), c.merge(&b).merge(&a).merge(&one).canonical());
        prop_assert_eq!(&Profile::parse(&one.canonical()).unwrap(), &one);
        let resolved = one.resolve(&rules(&three()));
        prop_assert_eq!(&resolved, &Profile::parse(&one.canonical()).unwrap().resolve(&rules(&three())));
        if let Ok(resolved) = resolved {
            let mut text = String::new();
            resolved.facts.write_canonical(&mut text);
            prop_assert!(Json::parse(&text, &Limits::MOST).is_ok());
        }
    }

    #[test]
    fn no_sources_word_is_overruled(a in a_record("clinic"), b in a_record("billing"), c in a_record("shop"), common in any::<bool>(), vouch in any::<bool>()) {
        let mut records = [a, b, c];
        if vouch {
            for it in &mut records {
                it["complete"] = json!(["preferences"]);
            }
        }
        let mut stated = three();
        stated["grants"] = json!(if common { "common" } else { "each" });
        let whole = records.iter().fold(Profile::default(), |sum, it| sum.merge(&profile(it)));
        let resolved = whole.resolve(&rules(&stated));
        prop_assume!(resolved.is_ok());
        let merged = facts(&resolved.unwrap());
        for ask in asks() {
            for engine in [&*PREFERENCES, &*HEALTH] {
                let of_all = leave(engine, &lay(&merged, &ask));
                for source in &records {
                    let of_one = leave(engine, &lay(&restored(&merged, source), &ask));
                    prop_assert!(of_all <= of_one, "{of_all:?} > {of_one:?}\n{ask}\n{source}\n{merged}");
                    // Each refusal that it tells and has not taken back stands in the merge: told again, it changes nothing.
                    let told = source["consents"].as_array().unwrap();
                    let mut again = merged.clone();
                    for it in told.iter().filter(|it| it["kind"] == "revoke" && !told.iter().any(|void| void["of"] == it["id"])) {
                        let mut it = it.clone();
                        it["id"] = json!(format!("again-{}", it["id"]));
                        again["consents"].as_array_mut().unwrap().push(it);
                    }
                    prop_assert_eq!(leave(engine, &lay(&again, &ask)), of_all);
                }
            }
        }
    }
}
