//! One person under several names, several people at one address, and a parent's authority over somebody who grows up.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use byleave::wire::{Json, Limits};
use byleave::{Engine, Outcome};
use byleave_ledger::merge::Rules;
use byleave_ledger::{Ask, Erasure, Error, ErrorKind, Event, Ledger, Sqlite, What};
use proptest::prelude::*;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::sync::LazyLock;

fn preset(name: &str) -> Engine {
    let mut builder = Engine::builder();
    for pack in byleave_packs::preset(name).unwrap() {
        for (path, text) in pack.files {
            builder = builder.source(pack.name, path, text);
        }
    }
    builder.build().unwrap()
}

static PREFERENCES: LazyLock<Engine> = LazyLock::new(|| preset("core.preferences"));

fn event(key: &str, person: &str, list: &str, record: Value) -> Event {
    event_at(key, person, list, record, "2026-06-01T00:00:00Z")
}

fn event_at(key: &str, person: &str, list: &str, record: Value, at: &str) -> Event {
    let words = json!({"key": key, "person": person, "list": list, "source": "form", "actor": {"kind": "staff"},
        "recorded_at": at, "event": record});
    Event::parse(&words.to_string()).unwrap()
}

fn link(key: &str, person: &str, with: &str) -> Event {
    event(key, person, "links", json!({"with": with, "why": "same birth date and policy number"}))
}

fn void(key: &str, person: &str, of: &str) -> Event {
    event(key, person, "voids", json!({"of": of, "why": "told in error"}))
}

fn stop(key: &str, person: &str, scope: Value) -> Event {
    event(key, person, "consents", json!({"kind": "revoke", "at": "2026-06-01T00:00:00Z", "scope": scope}))
}

fn yes(key: &str, person: &str) -> Event {
    event(
        key,
        person,
        "consents",
        json!({"kind": "grant", "level": "opted_in", "at": "2026-05-01T00:00:00Z", "scope": {}}),
    )
}

fn set(key: &str, person: &str, facts: Value) -> Event {
    event(key, person, "preferences", json!({"at": "2026-06-01T00:00:00Z", "set": facts}))
}

const AT: &str = "2026-07-01T15:00:00Z";

fn laid(ledger: &mut Ledger<Sqlite>, person: &str, address: &str, more: &Value) -> Result<Value, Error> {
    let mut request = json!({"at": AT, "complete": ["preferences"], "interactions": [],
        "person": {"time_zones": ["America/New_York"]}, "sender": {"id": null},
        "contact": {"channel": "email", "purpose": ["order_status"], "topic": []}, "address": {"value": address}});
    for (key, value) in more.as_object().unwrap() {
        request[key] = value.clone();
    }
    let known_at = request["at"].as_str().unwrap().parse().unwrap();
    let request = Json::parse(&request.to_string(), &Limits::MOST).unwrap();
    let laid = ledger.lay_under(request, &Ask { person, address: Some(address), known_at })?;
    let mut out = String::new();
    laid.write_canonical(&mut out);
    Ok(serde_json::from_str(&out).unwrap())
}

fn decided(request: &Value) -> Outcome {
    PREFERENCES.decide(&PREFERENCES.request(request.to_string()).unwrap()).unwrap().outcome
}

fn outcome(ledger: &mut Ledger<Sqlite>, person: &str, address: &str) -> Outcome {
    decided(&laid(ledger, person, address, &json!({})).unwrap())
}

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

// Shared addresses

#[test]
fn a_stop_at_an_address_binds_all_who_use_it_and_a_persons_opt_out_goes_with_them() {
    let mut ledger = Ledger::in_memory().unwrap();
    ledger
        .append(&[stop("at", "ann", json!({"address": ["Home@Example.org"]})), stop("all", "bob", json!({}))])
        .unwrap();
    for person in ["ann", "cleo", "nobody yet"] {
        assert_eq!(outcome(&mut ledger, person, "home@example.org"), Outcome::Deny, "{person}");
    }
    // At another address only bob is left alone, wherever he is.
    assert_eq!(outcome(&mut ledger, "ann", "work@example.org"), Outcome::Allow);
    for address in ["work@example.org", "new@example.org", "+1 202 555 0100"] {
        assert_eq!(outcome(&mut ledger, "bob", address), Outcome::Deny, "{address}");
    }
    // And his opt-out, which names no address, is nobody else's.
    assert_eq!(outcome(&mut ledger, "cleo", "work@example.org"), Outcome::Allow);
}

#[test]
fn a_stop_that_was_told_in_error_binds_nobody_and_only_its_own_record_says_so() {
    let at = || json!({"address": ["home@example.org"]});
    let mut ledger = Ledger::in_memory().unwrap();
    ledger.append(&[stop("a", "ann", at())]).unwrap();
    assert_eq!(ledger.append(&[void("v-0", "cleo", "a")]).unwrap_err().path(), Some("[0].event.of"));
    ledger.append(&[void("v-1", "ann", "a")]).unwrap();
    for person in ["ann", "cleo"] {
        assert_eq!(outcome(&mut ledger, person, "home@example.org"), Outcome::Allow, "{person}");
    }
    // Until it is known to be told in error, it binds.
    ledger
        .append(&[event_at(
            "b",
            "ann",
            "consents",
            json!({"kind": "revoke", "scope": at()}),
            "2026-06-03T00:00:00Z",
        )])
        .unwrap();
    ledger
        .append(&[event_at(
            "v-2",
            "ann",
            "consents",
            json!({"kind": "void", "of": "b", "at": "2026-06-05T00:00:00Z"}),
            "2026-06-05T00:00:00Z",
        )])
        .unwrap();
    let facts = |ledger: &mut Ledger<Sqlite>, known_at: &str| {
        let more = json!({"at": known_at});
        decided(&laid(ledger, "cleo", "home@example.org", &more).unwrap())
    };
    assert_eq!(facts(&mut ledger, "2026-06-04T00:00:00Z"), Outcome::Deny);
    assert_eq!(
        facts(&mut ledger, "2026-06-05T00:00:00Z"),
        Outcome::Allow,
        "taken back as the engine takes back"
    );
    // Another's STOP at the address still binds all.
    ledger
        .append(&[event_at(
            "c",
            "dan",
            "consents",
            json!({"kind": "revoke", "scope": at()}),
            "2026-06-06T00:00:00Z",
        )])
        .unwrap();
    for person in ["ann", "cleo", "dan"] {
        assert_eq!(outcome(&mut ledger, person, "home@example.org"), Outcome::Deny, "{person}");
    }
    // A void that is void takes back nothing.
    ledger
        .append(&[event_at(
            "v-3",
            "dan",
            "consents",
            json!({"kind": "void", "of": "c", "at": "2026-06-07T00:00:00Z"}),
            "2026-06-07T00:00:00Z",
        )])
        .unwrap();
    assert_eq!(outcome(&mut ledger, "cleo", "home@example.org"), Outcome::Allow);
    ledger
        .append(&[event_at(
            "v-4",
            "dan",
            "voids",
            json!({"of": "v-3", "why": "it was right"}),
            "2026-06-08T00:00:00Z",
        )])
        .unwrap();
    assert_eq!(outcome(&mut ledger, "cleo", "home@example.org"), Outcome::Deny);
}

#[test]
fn a_shared_address_of_two_names_of_one_person_tells_a_refusal_once() {
    let mut ledger = Ledger::in_memory().unwrap();
    ledger.append(&[link("l", "a", "b"), stop("s", "b", json!({"address": ["+1 (202) 555-0100"]}))]).unwrap();
    let request = laid(&mut ledger, "a", "2025550100", &json!({})).unwrap();
    assert_eq!(request["consents"].as_array().unwrap().len(), 1);
    assert_eq!(decided(&request), Outcome::Deny);
}

// Growing up

/// The minute before and the minute of the eighteenth birthday, where the person is.
fn grown(birth: &str, zone: &str, before: &str, of_age: &str) {
    let mut ledger = Ledger::in_memory().unwrap();
    let grant = json!({"kind": "grant", "level": "opted_in", "by": "parent", "at": "2025-12-01T00:00:00Z", "scope": {}});
    ledger
        .append(&[
            event_at("g", "kim", "consents", grant, "2025-12-01T00:00:00Z"),
            event_at(
                "b",
                "kim",
                "preferences",
                json!({"at": "2025-12-01T00:00:00Z", "set": {"birth_date": birth}}),
                "2025-12-01T00:00:00Z",
            ),
        ])
        .unwrap();
    for (at, expected) in [(before, Outcome::Allow), (of_age, Outcome::Deny)] {
        let more = json!({"at": at, "person": {"time_zones": [zone]}, "contact": {"channel": "email", "purpose": ["marketing"], "topic": []}});
        assert_eq!(decided(&laid(&mut ledger, "kim", "x", &more).unwrap()), expected, "{birth} {zone} {at}");
    }
}

#[test]
fn what_a_parent_granted_ends_with_the_birthday_where_the_person_is() {
    grown("2008-07-02", "America/New_York", "2026-07-02T03:59:00Z", "2026-07-02T04:00:00Z");
    grown("2008-07-02", "Pacific/Honolulu", "2026-07-02T09:59:00Z", "2026-07-02T10:00:00Z");
    grown("2008-07-02", "Asia/Tokyo", "2026-07-01T14:59:00Z", "2026-07-01T15:00:00Z");
    // The years in which a 29 February comes of age have none.
    grown("2008-02-29", "America/New_York", "2026-02-28T04:59:00Z", "2026-02-28T05:00:00Z");
    // To the month or the year: its first day.
    grown("2008-07", "America/New_York", "2026-07-01T03:59:00Z", "2026-07-01T04:00:00Z");
    grown("2008", "America/New_York", "2026-01-01T04:59:00Z", "2026-01-01T05:00:00Z");
}

#[test]
fn a_parents_no_stays_and_so_does_what_the_person_granted() {
    let mut ledger = Ledger::in_memory().unwrap();
    ledger.append(&[set("b", "kim", json!({"birth_date": "2008-02-01"})), yes("g", "kim")]).unwrap();
    let offer = json!({"contact": {"channel": "email", "purpose": ["marketing"], "topic": []}});
    assert_eq!(decided(&laid(&mut ledger, "kim", "x", &offer).unwrap()), Outcome::Allow);
    let no = json!({"kind": "revoke", "by": "parent", "at": "2026-06-01T00:00:00Z", "scope": {"channel": ["email"]}});
    ledger.append(&[event("n", "kim", "consents", no)]).unwrap();
    assert_eq!(decided(&laid(&mut ledger, "kim", "x", &offer).unwrap()), Outcome::Deny);
}

#[test]
fn a_parents_grant_counts_only_while_the_age_is_known_and_an_earlier_end_stays() {
    let grant = |key: &str, more: Value| {
        let mut it = json!({"kind": "grant", "level": "opted_in", "at": "2026-05-01T00:00:00Z", "scope": {}});
        it.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event(key, "kim", "consents", it)
    };
    let mut ledger = Ledger::in_memory().unwrap();
    ledger
        .append(&[
            grant("1", json!({"by": "parent", "expires_on": "2026-06-30"})),
            grant("2", json!({"by": "parent", "expires_on": "2030-01-01"})),
            grant("3", json!({"by": "representative", "instrument": {"signed_by": "parent"}})),
            grant("4", json!({"by": "representative", "instrument": {"signed_by": "guardian"}})),
        ])
        .unwrap();
    let ends = |request: &Value| -> Vec<(String, Value)> {
        let mut out: Vec<(String, Value)> = request["consents"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["id"].as_str().unwrap().to_owned(), it["expires_on"].clone()))
            .collect();
        out.sort_by(|a, b| a.0.cmp(&b.0));
        out
    };
    let unknown = laid(&mut ledger, "kim", "x", &json!({})).unwrap();
    assert_eq!(ends(&unknown), [("4".to_owned(), Value::Null)]);
    // The request may know what the ledger does not.
    let known = laid(
        &mut ledger,
        "kim",
        "x",
        &json!({"person": {"time_zones": ["America/New_York"], "birth_date": "2009-01-01"}}),
    )
    .unwrap();
    let day = |text: &str| json!(text);
    assert_eq!(
        ends(&known),
        [
            ("1".to_owned(), day("2026-06-30")),
            ("2".to_owned(), day("2026-12-31")),
            ("3".to_owned(), day("2026-12-31")),
            ("4".to_owned(), Value::Null)
        ]
    );
}

#[test]
fn a_parent_hears_of_the_child_until_the_birthday() {
    let mut ledger = Ledger::in_memory().unwrap();
    let grant = json!({"kind": "grant", "level": "opted_in", "holder": "mother", "at": "2025-12-01T00:00:00Z", "scope": {}});
    ledger
        .append(&[
            event(
                "b",
                "kim",
                "preferences",
                json!({"at": "2026-05-01T00:00:00Z", "set": {"birth_date": "2008-07-02"}}),
            ),
            event("g", "kim", "consents", grant),
        ])
        .unwrap();
    let to = |role: &str, at: &str| {
        json!({"at": at, "recipient": {"id": "mother", "role": role, "time_zones": ["America/New_York"], "minor_exception": "none",
        "authority": {"kind": "parent", "recorded": true, "scope": {}}}})
    };
    let decide = |ledger: &mut Ledger<Sqlite>, person: &str, more: &Value| {
        decided(&laid(ledger, person, "x", more).unwrap())
    };
    assert_eq!(decide(&mut ledger, "kim", &to("parent", "2026-07-02T03:59:00Z")), Outcome::Allow);
    assert_eq!(decide(&mut ledger, "kim", &to("parent", "2026-07-02T04:00:00Z")), Outcome::Deny);
    // A guardian may be an adult's; the record of the authority says how long.
    assert_eq!(decide(&mut ledger, "kim", &to("guardian", "2026-07-02T04:00:00Z")), Outcome::Allow);
    // Of a child of unknown age nobody knows.
    let mut unknown = Ledger::in_memory().unwrap();
    unknown.append(&[event("g", "kim", "consents", json!({"kind": "grant", "level": "opted_in", "holder": "mother", "at": "2025-12-01T00:00:00Z", "scope": {}}))]).unwrap();
    assert_eq!(decide(&mut unknown, "kim", &to("parent", "2026-07-01T15:00:00Z")), Outcome::Deny);
}

// Properties

fn told() -> impl Strategy<Value = (usize, u8, usize)> {
    (0..3usize, 0..7u8, 0..3usize)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is linked, no answer is freer than without the links.
    #[test]
    fn linking_never_frees(told in prop::collection::vec(told(), 0..10), links in prop::collection::vec((0..3usize, 0..3usize), 1..4), vouch in any::<bool>()) {
        let names = ["a", "b", "c"];
        let scopes = [json!({}), json!({"channel": ["email"]}), json!({"address": ["x"]})];
        let events: Vec<Event> = told.iter().enumerate().map(|(n, (who, what, which))| {
            let (key, name) = (format!("k{n}"), names[*who]);
            match what {
                0 | 1 => event(&key, name, "consents", json!({"kind": "grant", "level": "opted_in", "at": "2026-05-01T00:00:00Z", "scope": scopes[*which]})),
                2 => stop(&key, name, scopes[*which].clone()),
                3 => set(&key, name, [json!({"hours": {"wed": [["09:00", "12:00"]]}}), json!({"pause_until": "2026-07-03T00:00:00Z"}), json!({"channel_rules": [{"scope": {}, "rule": "forbid"}]})][*which].clone()),
                4 => set(&key, name, [json!({"caps": [{"scope": {}, "most": 1, "window": "24 hours"}]}), json!({"caps": []}), json!({"relationships": ["patient"]})][*which].clone()),
                5 => event(&key, name, "contacts", json!({"at": "2026-07-01T01:00:00Z", "channel": "email", "purpose": ["order_status"], "topic": []})),
                _ => event(&key, name, "interactions", json!({"at": "2026-05-01T00:00:00Z", "kind": "transaction"})),
            }
        }).collect();
        let mut apart = Ledger::in_memory().unwrap();
        apart.append(&events).unwrap();
        let mut joined = Ledger::in_memory().unwrap();
        joined.append(&events).unwrap();
        let links: Vec<Event> = links.iter().filter(|(a, b)| a != b).enumerate().map(|(n, (a, b))| link(&format!("l{n}"), names[*a], names[*b])).collect();
        joined.append(&links).unwrap();
        let complete = if vouch { json!(["preferences"]) } else { json!([]) };
        for purpose in ["order_status", "marketing"] {
            for name in names {
                let more = json!({"complete": complete, "contact": {"channel": "email", "purpose": [purpose], "topic": []}, "contacts": [], "contacts_complete_from": "2020-01-01T00:00:00Z"});
                let free = decided(&laid(&mut apart, name, "x", &more).unwrap());
                let bound = decided(&laid(&mut joined, name, "x", &more).unwrap());
                let leave = |it: Outcome| match it { Outcome::Allow => 2, Outcome::Defer => 1, Outcome::Deny => 0 };
                prop_assert!(leave(bound) <= leave(free), "{name} {purpose} {bound:?} {free:?}");
            }
        }
        prop_assert!(joined.verify(&Default::default()).unwrap().findings.is_empty());
    }
}
