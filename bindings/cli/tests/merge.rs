//! `merge` and `ledger link`: several records of one person, and several names.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{byleave, file, folder, with_input};
use serde_json::json;

const RULES: &str = r#"{"sources": {"clinic": {"keeps": ["consents"], "counts": ["grants"]}, "billing": {"keeps": ["consents"], "counts": []}}}"#;
const CLINIC: &str = r#"{"source": "clinic", "as_of": "2026-07-01T00:00:00Z", "person": {"id": "p-1", "hours": {"mon": [["09:00", "12:00"]]}, "relationships": ["patient"]},
 "consents": [{"id": "7", "kind": "grant", "level": "opted_in", "at": "2026-01-01T00:00:00Z", "scope": {}}]}"#;
const BILLING: &str = r#"{"source": "billing", "as_of": "2026-07-01T00:00:00Z", "person": {"id": "88", "hours": {"mon": [["13:00", "15:00"]]}, "relationships": ["customer"]},
 "consents": [{"id": "7", "kind": "revoke", "at": "2026-02-01T00:00:00Z", "scope": {"channel": "text"}}]}"#;

#[test]
fn records_are_merged_in_any_order_and_disputes_are_told() {
    let folder = folder("merge");
    let (rules, clinic, billing) = (
        file(&folder, "rules.json", RULES),
        file(&folder, "clinic.json", CLINIC),
        file(&folder, "billing.json", BILLING),
    );
    let run = byleave(&["merge", &rules, &clinic, &billing]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.starts_with("3 disputes between billing, clinic\n"), "{}", run.out);
    assert!(run.out.contains("person.hours (billing, clinic) is no hour at all"), "{}", run.out);
    let one = byleave(&["merge", &rules, &clinic, &billing, "--json"]);
    let told = one.json();
    assert_eq!(told["facts"]["person"], json!({"hours": {}, "id": "billing:88"}));
    assert_eq!(told["facts"]["consents"].as_array().unwrap().len(), 1);
    let became: Vec<&str> =
        told["disputes"].as_array().unwrap().iter().map(|it| it["became"].as_str().unwrap()).collect();
    assert_eq!(became, ["apart", "no_hour", "unknown"]);
    assert_eq!(byleave(&["merge", &rules, &billing, &clinic, &billing, "--json"]).out, one.out);
    // What was merged is merged on.
    let profile = told["profile"].to_string();
    assert_eq!(with_input(&["merge", &rules, "-", &clinic, "--json"], profile.as_bytes()).out, one.out);
}

#[test]
fn what_cannot_be_merged_is_refused_and_named() {
    let folder = folder("merge_refused");
    let (rules, clinic) = (file(&folder, "rules.json", RULES), file(&folder, "clinic.json", CLINIC));
    let open =
        file(&folder, "open.json", RULES.replacen('{', r#"{"facts": {"person.birth_date": "latest"}, "#, 1));
    for (args, words) in [
        (
            vec!["merge", &open, &clinic],
            "facts.person.birth_date: `latest` could make the whole more permissive",
        ),
        (vec!["merge", &rules, &rules], "rules.json`: sources: a record has no such key"),
        (vec!["merge", &rules, "nowhere.json"], "nowhere.json"),
    ] {
        let run = byleave(&args);
        assert!(run.code == 4 && run.err.contains(words), "{} {}", run.code, run.err);
    }
    let run = with_input(&["merge", &rules, "-"], b"\xff");
    assert!(run.code == 4 && run.err.contains("not UTF-8"), "{}", run.err);
    let born =
        |date: &str, of: &str| of.replacen(r#""hours""#, &format!(r#""birth_date": "{date}", "hours""#), 1);
    let one = file(&folder, "one.json", born("1980-01-01", CLINIC));
    let other = file(&folder, "other.json", born("1980-01-02", BILLING));
    let run = byleave(&["merge", &rules, &one, &other, "--json"]);
    assert!(
        run.code == 4 && run.out.contains("do not agree on person.birth_date (billing, clinic)"),
        "{}",
        run.out
    );
}

#[test]
fn a_link_binds_both_names_until_it_is_voided() {
    let folder = folder("ledger_link");
    let ledger = folder.join("consent.db").to_str().unwrap().to_owned();
    let link = [
        "ledger",
        "link",
        &ledger,
        "p-1",
        "88-12",
        "--why",
        "one policy",
        "--by",
        "records",
        "--at",
        "2026-06-02T00:00:00Z",
    ];
    assert_eq!(byleave(&link).code, 4, "nobody means to link in a ledger that is not there");
    let stop = r#"{"key": "s", "person": "88-12", "list": "consents", "source": "web", "actor": {"kind": "person"}, "recorded_at": "2026-06-01T00:00:00Z", "event": {"kind": "revoke", "scope": {}}}"#;
    assert_eq!(with_input(&["ledger", "append", &ledger], stop.as_bytes()).code, 0);
    let refusals = || {
        byleave(&["ledger", "facts", &ledger, "p-1", "--known-at", "2026-07-01T00:00:00Z"]).json()["consents"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(refusals(), 0);
    let run = byleave(&link);
    let key = "link/p-1/88-12/2026-06-02T00:00:00Z";
    assert_eq!((run.code, run.out), (0, format!("`p-1` and `88-12` are one person, by {key}\n")));
    assert_eq!(refusals(), 1);
    let void = format!(
        r#"{{"key": "v", "person": "p-1", "list": "voids", "source": "desk", "actor": {{"kind": "staff"}}, "recorded_at": "2026-06-03T00:00:00Z", "event": {{"of": "{key}", "why": "two people"}}}}"#
    );
    assert_eq!(with_input(&["ledger", "append", &ledger], void.as_bytes()).code, 0);
    assert_eq!(refusals(), 0);
    assert_eq!(byleave(&["ledger", "verify", &ledger]).code, 0);
}
