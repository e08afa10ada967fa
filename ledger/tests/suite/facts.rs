//! What is known of a person, when.

use crate::common::{Place, count, event, facts, stop, text};
use byleave::wire::{Json, Limits};
use byleave_ledger::{Any, Ask, ErrorKind, Ledger, List};

pub fn what_was_known_then(place: &Place) {
    let mut ledger = place.open();
    let visit = event(
        "v",
        "p",
        "2026-07-01T00:00:00Z",
        "interactions",
        r#"{"kind": "visit", "at": "2026-06-01T00:00:00Z"}"#,
    );
    let void =
        event("x", "p", "2026-07-03T00:00:00Z", "voids", r#"{"of": "v", "why": "somebody else's visit"}"#);
    ledger.append(&[visit, stop("s", "p", "2026-07-02T00:00:00Z"), void]).unwrap();
    let mut at = |at: &str| {
        let facts = facts(&mut ledger, "p", None, at);
        (count(&facts, "consents"), count(&facts, "interactions"))
    };
    assert_eq!(at("2026-06-30T00:00:00Z"), (Some(0), None));
    assert_eq!(at("2026-07-01T00:00:00Z"), (Some(0), Some(1)));
    assert_eq!(at("2026-07-02T00:00:00Z"), (Some(1), Some(1)));
    assert_eq!(at("2026-07-03T00:00:00Z"), (Some(1), None));
}

pub fn a_stop_at_an_address_binds_everyone_who_uses_it(place: &Place) {
    let mut ledger = place.open();
    let record = r#"{"kind": "revoke", "at": "2026-07-01T00:00:00Z", "scope": {"channel": ["text"], "address": ["+1 (202) 555-0100"]}}"#;
    ledger.append(&[event("s", "ann", "2026-07-01T00:00:00Z", "consents", record)]).unwrap();
    let known = "2026-07-02T00:00:00Z";
    let bob = facts(&mut ledger, "bob", Some("+12025550100"), known);
    assert!(
        text(&bob).contains(r#""scope":{"address":["+12025550100"],"channel":["text"]}"#),
        "{}",
        text(&bob)
    );
    assert_eq!(count(&facts(&mut ledger, "bob", Some("+12025550101"), known), "consents"), Some(0));
    // Her own is told once.
    assert_eq!(count(&facts(&mut ledger, "ann", Some("+12025550100"), known), "consents"), Some(1));
}

pub fn preferences_hold_until_the_next_of_their_kind(place: &Place) {
    let mut ledger = place.open();
    let prefer = |key: &str, at: &str, set: &str| {
        let record = format!(r#"{{"at": "{at}", "set": {set}}}"#);
        event(key, "p", "2026-07-09T00:00:00Z", "preferences", &record)
    };
    ledger
        .append(&[
            prefer("late", "2026-07-02T00:00:00Z", r#"{"pause_until": "2026-09-01T00:00:00Z"}"#),
            prefer("early", "2026-07-01T00:00:00+02:00", r#"{"pause_until": null, "channel_rules": []}"#),
        ])
        .unwrap();
    let found = facts(&mut ledger, "p", None, "2026-07-10T00:00:00Z");
    assert_eq!(
        text(found.get("person").unwrap()),
        r#"{"channel_rules":[],"id":"p","pause_until":"2026-09-01T00:00:00Z"}"#
    );
    let request = Json::parse(r#"{"person": {"pause_until": null}}"#, &Limits::MOST).unwrap();
    let ask = Ask { person: "p", address: None, known_at: "2026-07-10T00:00:00Z".parse().unwrap() };
    let error = ledger.lay_under(request, &ask).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Conflict, Some("person.pause_until")));
}

pub fn counts_are_known_from_where_the_ledger_began_to_keep_them(place: &Place) {
    let mut ledger = place.open();
    let sent = event(
        "c",
        "p",
        "2026-07-01T00:00:00Z",
        "contacts",
        r#"{"at": "2026-07-01T00:00:00Z", "channel": "sms"}"#,
    );
    ledger.append(&[sent]).unwrap();
    let from = |ledger: &mut Ledger<Any>| {
        facts(ledger, "p", None, "2026-07-02T00:00:00Z").get("contacts_complete_from").map(text)
    };
    assert_eq!(from(&mut ledger).unwrap(), r#""2026-07-02T00:00:00Z""#);
    ledger.keeps(List::Contacts, Some("2020-01-01T00:00:00Z".parse().unwrap())).unwrap();
    assert_eq!(from(&mut ledger).unwrap(), r#""2020-01-01T00:00:00Z""#);
    ledger.keeps(List::Contacts, None).unwrap();
    assert_eq!(from(&mut ledger), None);
    assert_eq!(count(&facts(&mut ledger, "nobody", None, "2026-07-02T00:00:00Z"), "contacts"), Some(0));
}
