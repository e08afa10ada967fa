//! One person under several names.

use super::*;
use byleave_ledger::merge::Rules;
use byleave_ledger::{Erasure, ErrorKind, What};
use rusqlite::Connection;

#[test]
fn a_refusal_under_one_name_binds_under_every_name_along_links_and_both_ways() {
    let mut ledger = Ledger::in_memory().unwrap();
    ledger
        .append(&[
            link("l-1", "88-12", "p-1"),
            link("l-2", "p-1", "shop/7"),
            stop("s", "shop/7", json!({"channel": ["email"]})),
        ])
        .unwrap();
    for name in ["88-12", "p-1", "shop/7"] {
        assert_eq!(outcome(&mut ledger, name, "new@example.org"), Outcome::Deny, "{name}");
    }
    assert_eq!(outcome(&mut ledger, "other", "new@example.org"), Outcome::Allow);
    // As it was known before the link was recorded.
    let before = Ask { person: "88-12", address: None, known_at: "2026-05-31T00:00:00Z".parse().unwrap() };
    let facts = ledger.lay_under(Json::Map(Vec::new()), &before).unwrap();
    assert_eq!(facts.get("consents"), Some(&Json::List(Vec::new())));
    // A link that was told in error is voided, by its own chain.
    ledger.append(&[void("v", "p-1", "l-2")]).unwrap();
    assert_eq!(outcome(&mut ledger, "88-12", "new@example.org"), Outcome::Allow);
    assert_eq!(outcome(&mut ledger, "shop/7", "new@example.org"), Outcome::Deny);
    assert!(ledger.verify(&Default::default()).unwrap().findings.is_empty());
}

#[test]
fn a_link_gives_no_leave() {
    let mut ledger = Ledger::in_memory().unwrap();
    ledger.append(&[link("l", "88-12", "p-1"), yes("g", "p-1")]).unwrap();
    let offer = json!({"contact": {"channel": "email", "purpose": ["marketing"], "topic": []}});
    let own = laid(&mut ledger, "p-1", "a@example.org", &offer).unwrap();
    assert_eq!(decided(&own), Outcome::Allow);
    let other = laid(&mut ledger, "88-12", "a@example.org", &offer).unwrap();
    assert_eq!((decided(&other), &other["consents"]), (Outcome::Deny, &json!([])));
    // By the organisation's rules it does.
    let profile = ledger.profile("88-12", AT.parse().unwrap()).unwrap();
    let all = json!({"keeps": ["consents"], "counts": ["grants"]});
    let rules = Rules::parse(&json!({"sources": {"88-12": all, "p-1": all}}).to_string()).unwrap();
    let found = profile.resolve(&rules).unwrap();
    assert!(matches!(found.facts.get("consents"), Some(Json::List(events)) if events.len() == 1));
    assert_eq!(profile, ledger.profile("p-1", AT.parse().unwrap()).unwrap());
}

#[test]
fn wishes_under_every_name_hold_and_what_they_contradict_is_said() {
    let mut ledger = Ledger::in_memory().unwrap();
    ledger
        .append(&[
            link("l", "a", "b"),
            set("1", "a", json!({"hours": {"wed": [["08:00", "12:00"]]}, "birth_date": "1980"})),
            set("2", "b", json!({"hours": {"wed": [["10:00", "20:00"]]}, "pause_until": "2026-07-09T00:00:00Z", "birth_date": "1980-04-01"})),
        ])
        .unwrap();
    for name in ["a", "b"] {
        let person = &laid(&mut ledger, name, "x", &json!({})).unwrap()["person"];
        assert_eq!(person["hours"], json!({"wed": [["10:00", "12:00"]]}));
        assert_eq!(person["pause_until"], "2026-07-09T00:00:00Z");
        assert_eq!((&person["id"], &person["birth_date"]), (&json!(name), &json!("1980-04-01")));
    }
    // Unknown under one name, it stays unknown there: nothing is known of all wishes.
    let unsure = laid(&mut ledger, "a", "x", &json!({"complete": []})).unwrap();
    assert_eq!(unsure["person"].get("pause_until"), None);
    ledger.append(&[set("3", "b", json!({"birth_date": "1981"}))]).unwrap();
    let error = laid(&mut ledger, "a", "x", &json!({})).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Conflict, Some("person.birth_date")));
    // Two calendars of holidays have no hours in common that could be said; then no wish is vouched for.
    let mut ledger = Ledger::in_memory().unwrap();
    let hours =
        |calendar: &str| json!({"hours": {"wed": [["08:00", "12:00"]], "holiday": [], "calendar": calendar}});
    ledger.append(&[link("l", "a", "b"), set("1", "a", hours("x")), set("2", "b", hours("y"))]).unwrap();
    let laid = laid(&mut ledger, "a", "x", &json!({})).unwrap();
    assert_eq!((laid["person"].get("hours"), &laid["complete"]), (None, &json!([])));
    assert_eq!(decided(&laid), Outcome::Deny);
}

#[test]
fn a_child_under_one_name_is_not_somebody_of_no_age_under_another() {
    let mut ledger = Ledger::in_memory().unwrap();
    ledger.append(&[link("l", "a", "b"), set("1", "b", json!({"birth_date": "2014-07"}))]).unwrap();
    let error = laid(&mut ledger, "a", "x", &json!({})).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Conflict, Some("person.birth_date")));
    assert!(laid(&mut ledger, "b", "x", &json!({})).is_ok());
    let grown = json!({"at": "2032-08-01T00:00:00Z"});
    assert!(laid(&mut ledger, "a", "x", &grown).is_ok());
}

#[test]
fn a_link_names_another_and_says_why() {
    let good = json!({"key": "k", "person": "p", "list": "links", "source": "s", "actor": {"kind": "staff"},
        "recorded_at": "2026-06-01T00:00:00Z", "event": {"with": "q", "why": "w"}});
    assert!(Event::parse(&good.to_string()).is_ok());
    for (record, path) in [
        (json!({"why": "w"}), "event.with"),
        (json!({"with": "q"}), "event.why"),
        (json!({"with": "p", "why": "w"}), "event.with"),
        (json!({"with": 7, "why": "w"}), "event.with"),
    ] {
        let mut bad = good.clone();
        bad["event"] = record;
        assert_eq!(Event::parse(&bad.to_string()).unwrap_err().path(), Some(path));
    }
    let mut ledger = Ledger::in_memory().unwrap();
    let links: Vec<Event> = (0..65).map(|n| link(&format!("l{n}"), "p", &format!("q{n}"))).collect();
    ledger.append(&links).unwrap();
    assert_eq!(laid(&mut ledger, "q3", "x", &json!({})).unwrap_err().kind(), ErrorKind::Limit);
}

#[test]
fn a_link_that_would_not_be_found_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("consent.db");
    let mut ledger = Ledger::open(&path).unwrap();
    ledger.append(&[link("l", "a", "b")]).unwrap();
    drop(ledger);
    Connection::open(&path).unwrap().execute("DELETE FROM refusals", []).unwrap();
    let report = Ledger::open(&path).unwrap().verify(&Default::default()).unwrap();
    assert_eq!(report.findings.iter().map(|it| it.what).collect::<Vec<_>>(), [What::Unfindable]);
}

#[test]
fn whoever_is_erased_is_left_alone_under_every_name_and_named_in_no_link() {
    let mut ledger = Ledger::in_memory().unwrap();
    ledger
        .append(&[
            link("l-1", "billing-7", "clinic-1"),
            yes("g", "billing-7"),
            stop("s", "clinic-1", json!({})),
        ])
        .unwrap();
    let erasure = Erasure {
        person: "clinic-1",
        why: "art. 17",
        by: "privacy office",
        recorded_at: "2026-06-02T00:00:00Z".parse().unwrap(),
        addresses: &[],
    };
    assert_eq!(ledger.erase(&erasure).unwrap(), 2, "the refusal, and the link in the other chain");
    for name in ["clinic-1", "billing-7"] {
        assert_eq!(outcome(&mut ledger, name, "x"), Outcome::Deny, "{name}");
        let profile = ledger.profile(name, AT.parse().unwrap()).unwrap().canonical();
        assert!(profile.contains(r#""id":"erased","kind":"revoke""#), "{profile}");
    }
    assert!(ledger.verify(&Default::default()).unwrap().findings.is_empty());
}
