//! `byleave locate`: facts of a request on standard output, what they rest on beside them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::byleave;
use serde_json::json;

#[test]
fn facts_are_printed_as_json_and_reasons_beside_them() {
    let run = byleave(&["locate", "+1 405 555 0142", "--state", "FL"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(
        run.json(),
        json!({
            "address": { "jurisdictions": ["US-OK"] },
            "person": { "jurisdictions": ["US-FL"], "time_zones": ["America/Chicago", "America/New_York"] }
        })
    );
    assert!(run.err.contains("phone: area code 405 is of US-OK, in America/Chicago"), "{}", run.err);
    assert!(run.err.contains("state: Florida lies in America/Chicago and America/New_York"), "{}", run.err);
}

#[test]
fn a_confirmed_place_stands_alone() {
    let place =
        ["--confirmed-state", "FL", "--confirmed-zone", "America/Chicago", "--confirmed-on", "2026-01-15"];
    let run = byleave(&[&["locate", "8505550142", "--at", "2026-07-01"][..], &place].concat());
    assert_eq!(run.json()["person"]["time_zones"], json!(["America/Chicago"]), "{}", run.err);
    // The instant of the contact is an input; without it nothing counts as confirmed, and that is a slip here.
    assert_eq!(byleave(&[&["locate"][..], &place].concat()).code, 2);
    let all = byleave(&[&["--json", "locate", "--at", "now"][..], &place].concat());
    assert_eq!((all.code, all.err.as_str()), (0, ""));
    assert!(all.json()["because"][0]["kind"].is_string(), "{}", all.out);
}

#[test]
fn what_is_unknown_is_left_out_and_said() {
    let run = byleave(&["locate", "1-800-555-0142"]);
    assert_eq!((run.code, run.json()), (0, json!({ "address": { "jurisdictions": [] } })));
    assert!(run.err.contains("the time zone is unknown"), "{}", run.err);
    for phone in ["+44 20 7946 0958", "not a number", "", "\u{1b}[2J2125550142"] {
        let run = byleave(&["locate", phone]);
        assert_eq!((run.code, run.json()), (0, json!({})), "{phone}");
        assert!(!run.err.contains('\u{1b}'), "what was typed is not repeated");
    }
    assert_eq!(byleave(&["locate"]).code, 2, "nothing is known");
    assert_eq!(byleave(&["locate", "--stat", "FL"]).code, 2);
}
