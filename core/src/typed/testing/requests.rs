//! Tests in packs become the requests that a host would send.

use super::{WORDS, checked};
use crate::time::Instant;
use crate::typed::{Expect, ExpectedFinding, ExpectedOutcome};
use serde_json::json;

#[test]
fn a_test_is_the_request_with_the_punctuation_left_away() {
    let own = r#"pack own { title "Own" }
use words
setting strict: one of [no, yes] { cite "C" }
rule r { require contact.urgent or strict }
test "much" {
  at       2026-07-01T20:30:00[America/New_York]
  known_at 2026-07-02T00:00:00Z
  horizon  10 days
  with setting strict is yes
  person   { time_zones [America/New_York], birth_date 2008-07, caps [{ scope { channel text }, most 3, window 24 hours }], hours none }
  contact  { channel text, purpose [marketing, care], urgent yes, mood calm, responds_to "s1", service none }
  context  { open_slots { cardiology 3 } }
  consent  granted express for marketing by text, email about running from acme at "+1" on 2026-01-02 until 2027-01-01 { by holder, means web_form, instrument { kind "form", elements [writing], signed_on 2026-01-02 } }
  consent  revoked families express on 2026-02-01T10:00:00Z { id "s1" }
  consent  revoked { recorded_at 2026-02-02T00:00:00Z }
  contacted on 2026-06-30T09:00:00 { channel text, purpose care }
  interaction transaction on 2026-01-01 { sender acme }
  listed   "+1" on national_dnc as of 2026-06-20 result not_listed
  signal   gpc off
  complete preferences, consents
  expect   defer until 2026-07-02T08:00:00[America/New_York] because r
  expect   valid until 2026-07-03T00:00:00Z
  expect   missing state
  expect   oblige opt_out
}
cases "two" for r {
  base { person { time_zones [America/New_York] }  consents none }
  2026-11-20T17:59:59 pass
  2026-11-20T18:00:00Z wait 2026-11-21T10:00:00
  2026-11-20T18:00:00 unknown missing state, age
}
"#;
    let (checked, sources) = checked(&[("w", WORDS), ("o", own)]);
    let lines: Vec<String> =
        checked.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.to_line(&sources)).collect();
    assert!(lines.is_empty(), "{lines:#?}");
    let test = &checked.tests[0];
    assert_eq!(
        test.request,
        json!({
            "at": "2026-07-02T00:30:00Z",
            "known_at": "2026-07-02T00:00:00Z",
            "horizon": "10 days",
            "settings": { "own.strict": "yes" },
            "complete": ["preferences", "consents"],
            "person": {
                "time_zones": ["America/New_York"],
                "birth_date": "2008-07",
                "caps": [{ "scope": { "channel": "text" }, "most": 3, "window": "24 hours" }],
                "hours": [],
            },
            "contact": {
                "channel": "text", "purpose": ["marketing", "care"], "urgent": true, "mood": "calm", "responds_to": "s1",
                "service": [],
            },
            "context": { "open_slots": { "cardiology": 3 } },
            "consents": [
                {
                    "kind": "grant", "level": "express", "at": "2026-01-02", "expires_on": "2027-01-01", "by": "holder",
                    "means": "web_form",
                    "instrument": { "kind": "form", "elements": ["writing"], "signed_on": "2026-01-02" },
                    "scope": {
                        "purpose": ["marketing"], "channel": ["text", "email"], "topic": ["running"],
                        "sender": ["acme"], "address": ["+1"],
                    },
                },
                { "kind": "revoke", "families": ["express"], "at": "2026-02-01T10:00:00Z", "id": "s1" },
                { "kind": "revoke", "recorded_at": "2026-02-02T00:00:00Z" },
            ],
            "contacts": [{ "at": "2026-06-30T13:00:00Z", "channel": "text", "purpose": "care" }],
            "interactions": [{ "kind": "transaction", "at": "2026-01-01", "sender": "acme" }],
            "lists": [{ "list": "national_dnc", "address": "+1", "result": "not_listed", "version_at": "2026-06-20" }],
            "signals": [{ "kind": "gpc", "on": false }],
        })
    );
    let Expect::Decision(expect) = &test.expect else { panic!() };
    let at = |text: &str| Instant::parse(text).unwrap();
    assert_eq!(expect.outcome, Some(ExpectedOutcome::Defer(Some(at("2026-07-02T12:00:00Z")))));
    assert_eq!(expect.because, ["own.r"]);
    assert_eq!(expect.valid_until, Some(Some(at("2026-07-03T00:00:00Z"))));
    assert_eq!(expect.missing.as_deref(), Some(["state".to_string()].as_slice()));
    assert_eq!(expect.oblige, [("opt_out".to_string(), None)]);

    let cases: Vec<(&str, &Expect)> =
        checked.tests[1..].iter().map(|t| (t.request["at"].as_str().unwrap(), &t.expect)).collect();
    let said: Vec<(&str, &ExpectedFinding)> = cases
        .iter()
        .map(|(at, e)| match e {
            Expect::Rule { rule, finding } if rule == "own.r" => (*at, finding),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        said,
        [
            ("2026-11-20T22:59:59Z", &ExpectedFinding::Pass),
            ("2026-11-20T18:00:00Z", &ExpectedFinding::Wait(at("2026-11-21T15:00:00Z"))),
            ("2026-11-20T23:00:00Z", &ExpectedFinding::Unknown(vec!["state".to_string(), "age".to_string()])),
        ]
    );
}
