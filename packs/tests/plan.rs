//! A plan ranks what is allowed by the person's preference, then by the earliest instant, and keeps what is denied.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use byleave::Engine;

fn engine(name: &str) -> Engine {
    let mut builder = Engine::builder();
    for pack in byleave_packs::preset(name).expect("a pack of ours") {
        for (path, text) in pack.files {
            builder = builder.source(pack.name, path, text);
        }
    }
    builder.build().expect("our packs check")
}

const REQUEST: &str = r#"{
  "at": "2026-07-01T21:30:00-04:00",
  "complete": ["preferences", "contacts", "consents"],
  "person": {
    "id": "p-1", "time_zones": ["America/New_York"], "jurisdictions": ["US-NY"], "hours": null,
    "channel_rules": [
      {"scope": {"channel": "email"}, "rule": "prefer", "rank": 2},
      {"scope": {"channel": "text"}, "rule": "prefer", "rank": 1},
      {"scope": {"channel": "voice"}, "rule": "forbid", "rank": null}
    ]
  },
  "sender": {"id": null, "hours": null},
  "contact": {"purpose": ["order_status"], "topic": []},
  "address": {"value": "x"},
  "options": [
    {"name": "call", "contact": {"channel": "live_call"}},
    {"name": "letter", "contact": {"channel": "letter"}},
    {"name": "mail", "contact": {"channel": "email"}},
    {"name": "text", "contact": {"channel": "sms"}, "recipient": {"id": "p-1", "role": "self", "time_zones": ["America/New_York"],
      "hours": {"mon": [["08:00", "21:00"]], "tue": [["08:00", "21:00"]], "wed": [["08:00", "21:00"]],
                "thu": [["08:00", "21:00"]], "fri": [["08:00", "21:00"]]}}}
  ]
}"#;

#[test]
fn preference_comes_before_the_clock() {
    let plan = engine("core.preferences").plan(REQUEST.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
    let told: Vec<String> = plan
        .options
        .iter()
        .map(|o| {
            let until = o.until.as_deref().unwrap_or("-");
            format!("{} {:?} {} {}", o.name, o.preference, until, o.rules.join(","))
        })
        .collect();
    // The text waits for the morning and is still what this person would rather have.
    assert_eq!(
        told,
        [
            "text Some(1) 2026-07-02T12:00:00Z core.preferences.quiet_hours",
            "mail Some(2) - ",
            "letter None - ",
            "call None - core.preferences.channel",
        ]
    );
}

#[test]
fn mistakes_name_the_option() {
    let error = engine("core.preferences")
        .plan(REQUEST.replace("\"letter\"}}", "\"letter\", \"purposes\": 1}}").as_bytes())
        .expect_err("no such key");
    assert_eq!(error.path(), Some("options[1].contact.purposes"));
    assert_eq!(error.hint(), Some("did you mean `purpose`?"));
}

#[test]
fn mistakes_of_the_request_are_told_there() {
    let error = engine("core.preferences")
        .plan(REQUEST.replacen("\"person\": {", "\"person\": {\"time_zone\": \"UTC\", ", 1).as_bytes())
        .expect_err("no such key");
    assert_eq!(error.path(), Some("person.time_zone"));
}

#[test]
fn what_a_decision_warns_of_a_plan_warns_of() {
    let plan =
        engine("core.preferences").plan(REQUEST.replace("\"letter\"}}", "\"lettre\"}}")).expect("a plan");
    let warned = plan.options.iter().map(|it| (it.name.as_str(), it.warnings.len()));
    let warned: std::collections::BTreeMap<_, _> = warned.collect();
    assert_eq!((warned["letter"], warned["text"]), (1, 0));
}
