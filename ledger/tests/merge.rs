//! Merged profiles: the order in which records come does not matter, and no source's no is overruled, as the real engine answers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use byleave::wire::{Json, Limits};
use byleave::{Engine, Outcome};
use byleave_ledger::ErrorKind;
use byleave_ledger::merge::{Became, Profile, Resolved, Rules};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::LazyLock;

const MILL: &str = r#"
pack mill { title "Mill" edition "1" source "Mill" reviewed 2026-11-22 }
use core
sender mill marked seller { mill_clinic, mill_shop }
topic sport { running { trail_running }, swimming }
topic visits
"#;

fn engine(preset: &str) -> Engine {
    let mut builder = Engine::builder().source("mill", "mill.leave", MILL);
    for pack in byleave_packs::preset(preset).unwrap() {
        for (path, text) in pack.files {
            builder = builder.source(pack.name, path, text);
        }
    }
    builder.build().unwrap()
}

static HEALTH: LazyLock<Engine> = LazyLock::new(|| engine("us.health"));
static PREFERENCES: LazyLock<Engine> = LazyLock::new(|| engine("core.preferences"));

fn profile(value: &Value) -> Profile {
    Profile::parse(&value.to_string()).unwrap()
}

fn rules(value: &Value) -> Rules {
    Rules::parse(&value.to_string()).unwrap()
}

fn both() -> Value {
    json!({"sources": {
        "clinic": {"keeps": ["consents"], "counts": ["grants", "interactions"]},
        "billing": {"keeps": ["consents"], "counts": ["grants", "interactions"]},
    }})
}

fn record(source: &str, person: &Value, more: &Value) -> Value {
    let mut out =
        json!({"source": source, "as_of": "2026-06-01T00:00:00Z", "person": {"id": "p"}, "consents": []});
    out["person"].as_object_mut().unwrap().extend(person.as_object().unwrap().clone());
    out.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    out
}

fn merged(clinic: &Value, billing: &Value) -> Resolved {
    profile(clinic).merge(&profile(billing)).resolve(&rules(&both())).unwrap()
}

fn value(json: &Json) -> Value {
    let mut out = String::new();
    json.write_canonical(&mut out);
    serde_json::from_str(&out).unwrap()
}

fn facts(of: &Resolved) -> Value {
    value(&of.facts)
}

/// The outcome as a number that grows with leave: never, then, now.
fn leave(engine: &Engine, request: &Value) -> (u8, i64) {
    let mut request = request.clone();
    request["detail"] = json!("outcome");
    let decision = engine.decide(&engine.request(request.to_string()).unwrap()).unwrap();
    match decision.outcome {
        Outcome::Allow => (2, 0),
        Outcome::Defer => {
            let until = decision.until.unwrap().to_string();
            (1, -until.parse::<jiff::Timestamp>().unwrap().as_microsecond())
        }
        Outcome::Deny => (0, 0),
    }
}

fn ask(channel: &str, purpose: &str, topic: &str) -> Value {
    json!({
        "at": "2026-07-01T15:00:00Z",
        "sender": {"id": "mill_shop", "kind": ["provider"]},
        "contact": {"channel": channel, "purpose": [purpose], "topic": [topic], "technology": ["automated_dialing"],
                    "fields": [], "data": [], "uses": [], "remuneration": "unpaid"},
        "address": {"value": "a", "kind": if channel == "email" { "email" } else { "phone" }, "line": ["wireless"],
                    "jurisdictions": [], "provided_by": "person", "free_to_recipient": true},
        "content": {"includes": ["sender_identity", "provider_contact", "stop_instructions", "opt_out", "link", "physical_address",
                    "ad_identifier"], "length": 100},
    })
}

fn lay(facts: &Value, ask: &Value) -> Value {
    let mut out = facts.clone();
    out.as_object_mut().unwrap().extend(ask.as_object().unwrap().clone());
    out
}

// Facts

#[test]
fn hours_are_those_that_all_name_and_none_are_said_to_be_none() {
    let night = json!({"hours": {"wed": [["18:00", "22:00"]]}, "time_zones": ["America/New_York"]});
    let day = json!({"hours": {"wed": [["09:00", "17:00"]]}});
    let found = merged(
        &record("clinic", &day, &json!({"complete": ["preferences"]})),
        &record("billing", &night, &json!({"complete": ["preferences"]})),
    );
    assert_eq!(facts(&found)["person"]["hours"], json!({}));
    assert_eq!(found.disputes[0].became, Became::NoHour);
    assert_eq!(found.disputes[0].sources, ["billing", "clinic"]);
    let ask = ask("email", "order_status", "running");
    assert_eq!(leave(&PREFERENCES, &lay(&facts(&found), &ask)), (0, 0), "no hour is no leave, ever");
    // Without the clinic's wish it is a matter of waiting.
    let billing = merged(
        &record("clinic", &json!({}), &json!({"complete": ["preferences"]})),
        &record("billing", &night, &json!({"complete": ["preferences"]})),
    );
    assert_eq!(leave(&PREFERENCES, &lay(&facts(&billing), &ask)).0, 1);
}

#[test]
fn holidays_are_the_calendars_and_two_calendars_are_unknown() {
    let with = |calendar: &str| json!({"hours": {"mon": [["09:00", "17:00"]], "tue": [["10:00", "12:00"]], "holiday": [["11:00", "24:00"]], "calendar": calendar}});
    let without =
        json!({"hours": {"mon": [["08:00", "10:30"], ["10:30", "13:00"]], "tue": [["00:00", "24:00"]]}});
    let found =
        merged(&record("clinic", &with("us_federal"), &json!({})), &record("billing", &without, &json!({})));
    let hours = &facts(&found)["person"]["hours"];
    assert_eq!(hours["mon"], json!([["09:00", "13:00"]]));
    assert_eq!(hours["tue"], json!([["10:00", "12:00"]]));
    // A holiday may be a Sunday, on which billing is shut.
    assert_eq!((&hours["holiday"], &hours["calendar"]), (&json!([]), &json!("us_federal")));
    let found = merged(
        &record("clinic", &with("us_federal"), &json!({"complete": ["preferences"]})),
        &record("billing", &with("al"), &json!({"complete": ["preferences"]})),
    );
    assert_eq!(facts(&found)["person"].get("hours"), None);
    assert_eq!(facts(&found).get("complete"), None, "left out, it would read as no wish");
    assert_eq!(found.disputes[0].became, Became::Unknown);
}

#[test]
fn what_restricts_holds_and_what_is_unknown_is_left_out() {
    let clinic = json!({"pause_until": "2026-07-05T00:00:00+02:00", "caps": [{"scope": {}, "most": 1, "window": "24 hours"}],
        "channel_rules": [{"scope": {"channel": ["text"]}, "rule": "forbid"}], "time_zones": "America/New_York",
        "relationships": ["patient"], "employer_prohibits": false, "birth_date": "2008", "holdout_until": null});
    let billing = json!({"pause_until": "2026-07-04T23:00:00Z", "caps": [{"scope": {}, "most": 5, "window": "24 hours"}],
        "channel_rules": null, "time_zones": ["America/Chicago", "America/New_York"],
        "relationships": ["customer"], "employer_prohibits": true, "birth_date": "2008-03-09", "holdout_until": "2026-08-01T00:00:00Z"});
    let found = merged(&record("clinic", &clinic, &json!({})), &record("billing", &billing, &json!({})));
    let person = &facts(&found)["person"];
    assert_eq!(person["pause_until"], "2026-07-04T23:00:00Z");
    assert_eq!(person["caps"].as_array().unwrap().len(), 2);
    assert_eq!(person["channel_rules"].as_array().unwrap().len(), 1);
    assert_eq!(person["time_zones"], json!(["America/Chicago", "America/New_York"]));
    assert_eq!(person.get("relationships"), None);
    assert_eq!(person["employer_prohibits"], true);
    assert_eq!(person["birth_date"], "2008-03-09");
    assert_eq!(person["holdout_until"], "2026-08-01T00:00:00Z");
    let paths: Vec<&str> = found.disputes.iter().map(|it| it.path.as_str()).collect();
    assert!(paths.contains(&"person.relationships") && !paths.contains(&"person.birth_date"), "{paths:?}");
}

#[test]
fn a_fact_that_must_be_agreed_on_stops_the_merge_and_says_between_whom() {
    for (key, one, other) in [
        ("birth_date", json!("2008-03-09"), json!("2008-03-10")),
        ("birth_date", json!("200"), json!("2008")),
        ("deceased_on", json!("2020-01-01"), Value::Null),
        ("attorney", json!("a"), json!("b")),
        ("vip", json!(true), json!(false)),
    ] {
        let profile = profile(&record("clinic", &json!({key: one}), &json!({}))).merge(&profile(&record(
            "billing",
            &json!({key: other}),
            &json!({}),
        )));
        let error = profile.resolve(&rules(&both())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert_eq!(error.path(), Some(format!("person.{key}").as_str()));
        assert!(error.message().contains("billing, clinic"), "{error}");
    }
}

#[test]
fn a_confirmed_zone_narrows_only_if_all_confirm_it() {
    let sure = json!({"time_zones": ["America/New_York"], "confirmed_time_zone": {"zone": "America/New_York", "on": "2026-05-01"}});
    let alone = merged(&record("clinic", &sure, &json!({})), &record("billing", &json!({}), &json!({})));
    assert_eq!(facts(&alone)["person"]["confirmed_time_zone"]["zone"], "America/New_York");
    let other = json!({"time_zones": ["America/Denver"]});
    let found = merged(&record("clinic", &sure, &json!({})), &record("billing", &other, &json!({})));
    assert_eq!(facts(&found)["person"]["time_zones"], json!(["America/Denver", "America/New_York"]));
    assert_eq!(facts(&found)["person"].get("confirmed_time_zone"), None);
    let unknown = merged(
        &record("clinic", &sure, &json!({})),
        &record("billing", &json!({"time_zones": []}), &json!({})),
    );
    assert_eq!(facts(&unknown)["person"].get("time_zones"), None);
}

#[test]
fn a_source_that_changes_its_mind_does_not_dispute_with_itself() {
    let mut later = record("clinic", &json!({"relationships": ["customer"]}), &json!({}));
    later["as_of"] = json!("2026-06-02T00:00:00Z");
    let profile = profile(&record("clinic", &json!({"relationships": ["patient"]}), &json!({})))
        .merge(&profile(&later));
    let found = profile
        .merge(&self::profile(&record("billing", &json!({}), &json!({}))))
        .resolve(&rules(&both()))
        .unwrap();
    assert_eq!(facts(&found)["person"]["relationships"], json!(["customer"]));
}

#[test]
fn nobody_vouches_for_another() {
    let complete = json!({"complete": ["preferences", "national_dnc"]});
    let one = merged(&record("clinic", &json!({}), &complete), &record("billing", &json!({}), &json!({})));
    assert_eq!(facts(&one).get("complete"), None);
    let all = merged(&record("clinic", &json!({}), &complete), &record("billing", &json!({}), &complete));
    assert_eq!(
        facts(&all)["complete"],
        json!(["preferences"]),
        "no system keeps look-ups, so none vouches for a list"
    );
    let mut stated = both();
    stated["sources"]["billing"]["keeps"] = json!(["consents", "lists"]);
    let both = profile(&record("clinic", &json!({}), &json!({}))).merge(&profile(&record(
        "billing",
        &json!({}),
        &json!({"complete": ["national_dnc"], "lists": []}),
    )));
    assert_eq!(facts(&both.resolve(&rules(&stated)).unwrap())["complete"], json!(["national_dnc"]));
}

// Events

fn stop(id: &str) -> Value {
    json!({"id": id, "kind": "revoke", "at": "2026-03-01T00:00:00Z", "scope": {"channel": ["email"]}})
}

fn yes(id: &str) -> Value {
    json!({"id": id, "kind": "grant", "level": "opted_in", "at": "2026-02-01T00:00:00Z", "scope": {"channel": ["email"], "purpose": ["marketing"]}})
}

fn ids(of: &Resolved, list: &str) -> Vec<String> {
    let facts = facts(of);
    facts[list].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap_or("-").to_owned()).collect()
}

#[test]
fn one_event_told_by_two_counts_once_and_one_name_for_two_events_counts_against() {
    let one = merged(
        &record("clinic", &json!({}), &json!({"consents": [stop("1")]})),
        &record("billing", &json!({}), &json!({"consents": [stop("1")]})),
    );
    assert_eq!(ids(&one, "consents"), ["1"]);
    let mut other = stop("1");
    other["scope"] = json!({"channel": ["text"]});
    let two = merged(
        &record("clinic", &json!({}), &json!({"consents": [stop("1")]})),
        &record("billing", &json!({}), &json!({"consents": [other]})),
    );
    assert_eq!(ids(&two, "consents"), ["billing:1", "clinic:1"]);
    assert_eq!((two.disputes[0].path.as_str(), two.disputes[0].became), ("consents.1", Became::Apart));
    let mut wider = yes("1");
    wider["scope"] = json!({});
    let none = merged(
        &record("clinic", &json!({}), &json!({"consents": [yes("1")]})),
        &record("billing", &json!({}), &json!({"consents": [wider]})),
    );
    assert!(ids(&none, "consents").is_empty());
    let mixed = merged(
        &record("clinic", &json!({}), &json!({"consents": [yes("1")]})),
        &record("billing", &json!({}), &json!({"consents": [stop("1")]})),
    );
    assert_eq!(ids(&mixed, "consents"), ["billing:1"]);
}

#[test]
fn two_contacts_without_a_name_are_two_and_two_visits_are_one() {
    let more = json!({"contacts": [{"at": "2026-06-01", "channel": "text"}, {"at": "2026-06-01", "channel": "text"}],
        "interactions": [{"at": "2026-06-01", "kind": "visit"}, {"at": "2026-06-01", "kind": "visit"}]});
    let found = merged(&record("clinic", &json!({}), &more), &record("billing", &json!({}), &more));
    assert_eq!(ids(&found, "contacts").len(), 4);
    assert_eq!(ids(&found, "interactions").len(), 1);
}

#[test]
fn a_correction_takes_back_what_its_own_source_has_told() {
    let void = json!({"id": "v", "kind": "void", "of": "1", "at": "2026-04-01T00:00:00Z"});
    let both_told = merged(
        &record("clinic", &json!({}), &json!({"consents": [stop("1"), void]})),
        &record("billing", &json!({}), &json!({"consents": [stop("1")]})),
    );
    let ask = ask("email", "order_status", "running");
    let whole = |found: &Resolved| {
        let mut facts = facts(found);
        facts["complete"] = json!(["preferences"]);
        facts["person"]["time_zones"] = json!(["America/New_York"]);
        leave(&PREFERENCES, &lay(&facts, &ask))
    };
    assert_eq!(ids(&both_told, "consents"), ["billing:1", "clinic:1", "v"]);
    assert_eq!(whole(&both_told), (0, 0), "billing still says it");
    // Somebody else's is not taken back, and is said not to be.
    let foreign = merged(
        &record("clinic", &json!({}), &json!({"consents": [void]})),
        &record("billing", &json!({}), &json!({"consents": [stop("1")]})),
    );
    assert_eq!(whole(&foreign), (0, 0));
    assert_eq!(foreign.disputes[0].became, Became::Kept);
    let own = merged(
        &record("clinic", &json!({}), &json!({"consents": [stop("1"), void]})),
        &record("billing", &json!({}), &json!({})),
    );
    assert_eq!(whole(&own), (2, 0));
    // Of a grant, a correction by anybody.
    let grant = merged(
        &record("clinic", &json!({}), &json!({"consents": [void]})),
        &record("billing", &json!({}), &json!({"consents": [yes("1")]})),
    );
    assert_eq!(ids(&grant, "consents"), ["1", "v"]);
}

#[test]
fn grants_count_from_whom_the_rules_say() {
    let consents = json!({"consents": [yes("1")]});
    let profile = profile(&record("clinic", &json!({}), &consents)).merge(&profile(&record(
        "billing",
        &json!({}),
        &json!({}),
    )));
    let mut stated = both();
    assert_eq!(ids(&profile.resolve(&rules(&stated)).unwrap(), "consents"), ["1"]);
    stated["grants"] = json!("common");
    let found = profile.resolve(&rules(&stated)).unwrap();
    assert!(ids(&found, "consents").is_empty());
    assert_eq!(found.disputes[0].became, Became::LeftOut);
    let mut named = yes("other");
    named["recorded_at"] = json!("2026-02-02T00:00:00Z");
    let agreed = profile.merge(&self::profile(&record("billing", &json!({}), &json!({"consents": [named]}))));
    assert_eq!(ids(&agreed.resolve(&rules(&stated)).unwrap(), "consents").len(), 2);
    stated["grants"] = json!("each");
    stated["sources"]["clinic"]["counts"] = json!([]);
    assert!(ids(&profile.resolve(&rules(&stated)).unwrap(), "consents").is_empty());
    // Whoever claims to hold every consent is a bound.
    let bound = self::profile(&record("clinic", &json!({}), &consents)).merge(&self::profile(&record(
        "billing",
        &json!({}),
        &json!({"complete": ["consents"]}),
    )));
    assert!(ids(&bound.resolve(&rules(&both())).unwrap(), "consents").is_empty());
}

#[test]
fn a_list_is_unknown_until_everybody_who_keeps_it_has_told_it() {
    let mut billing = record("billing", &json!({}), &json!({}));
    billing.as_object_mut().unwrap().remove("consents");
    let found = merged(&record("clinic", &json!({}), &json!({"consents": [yes("1")]})), &billing);
    assert_eq!(facts(&found).get("consents"), None);
    assert_eq!(found.disputes[0].sources, ["billing"]);
    // So it is while that system has given no record at all.
    let alone = profile(&record("clinic", &json!({}), &json!({}))).resolve(&rules(&both())).unwrap();
    assert_eq!(facts(&alone).get("consents"), None);
}

#[test]
fn each_system_has_its_own_name_for_the_person_and_others_are_not_taken_for_them() {
    let clinic = json!({"source": "clinic", "as_of": "2026-06-01T00:00:00Z", "person": {"id": "p-1"},
        "consents": [{"id": "1", "kind": "revoke", "at": "2026-03-01", "holder": "p-1"}]});
    let billing = json!({"source": "billing", "as_of": "2026-06-01T00:00:00Z", "person": {"id": "88-12"},
        "consents": [{"id": "2", "kind": "revoke", "at": "2026-03-01", "holder": "88-12"}, {"id": "3", "kind": "revoke", "at": "2026-03-01", "holder": "p-1"}]});
    let found = merged(&clinic, &billing);
    assert_eq!(facts(&found)["person"]["id"], "billing:88-12");
    let holders: Vec<String> = facts(&found)["consents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["holder"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(holders, ["billing:88-12", "billing:88-12", "p-1"]);
    let mut thief = billing.clone();
    thief["consents"][1]["holder"] = json!("billing:88-12");
    let error = profile(&clinic).merge(&profile(&thief)).resolve(&rules(&both())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}

#[test]
fn an_address_that_one_source_found_on_a_list_is_not_cleared_by_another() {
    let look = |result: &str, day: &str| json!({"lists": [{"list": "national_dnc", "address": "a", "result": result, "version_at": day}]});
    let found = merged(
        &record("clinic", &json!({}), &look("listed", "2026-05-01")),
        &record("billing", &json!({}), &look("not_listed", "2026-06-01")),
    );
    assert_eq!(facts(&found)["lists"].as_array().unwrap().len(), 1);
    assert_eq!(facts(&found)["lists"][0]["result"], "listed");
    assert_eq!(found.disputes[0].path, "lists.national_dnc");
}

#[test]
fn what_a_parent_granted_ends_at_the_birthday() {
    let mut by_parent = yes("1");
    by_parent["by"] = json!("parent");
    let with = |birth: Value| {
        let found = merged(
            &record("clinic", &birth, &json!({"consents": [by_parent]})),
            &record("billing", &json!({}), &json!({})),
        );
        facts(&found)["consents"].clone()
    };
    assert_eq!(with(json!({"birth_date": "2008-07-02"}))[0]["expires_on"], "2026-07-01");
    assert_eq!(with(json!({"birth_date": "2008-02-29"}))[0]["expires_on"], "2026-02-27");
    assert_eq!(with(json!({})), json!([]), "nobody knows whether a parent may still speak");
}

// What is read

#[test]
fn a_rule_that_could_open_a_door_is_refused_with_what_may_be_stated() {
    for (change, path) in [
        (json!({"facts": {"person.birth_date": "latest"}}), "facts.person.birth_date"),
        (json!({"facts": {"person.hours": "prefer"}}), "facts.person.hours"),
        (json!({"facts": {"person.employer_prohibits": "unknown"}}), "facts.person.employer_prohibits"),
        (json!({"facts": {"person.holdout_until": "unknown"}}), "facts.person.holdout_until"),
        (json!({"facts": {"person.vip": "unknown"}}), "facts.person.vip"),
        (json!({"facts": {"contact.purpose": "agree"}}), "facts.contact.purpose"),
        (json!({"facts": {"person.id": "agree"}}), "facts.person.id"),
        (json!({"facts": {"person.hours": 1}}), "facts.person.hours"),
        (json!({"grants": "latest"}), "grants"),
        (json!({"sources": {}}), "sources"),
        (json!({"sources": {"clinic": {"keeps": []}}}), "sources.clinic.counts"),
        (json!({"sources": {"clinic": {"keeps": ["voids"], "counts": []}}}), "sources.clinic.keeps"),
        (json!({"sources": {"clinic": {"keeps": [], "counts": ["refusals"]}}}), "sources.clinic.counts"),
        (json!({"sources": {"clinic": {"keeps": [], "counts": [], "trust": 1}}}), "sources.clinic.trust"),
        (json!({"prefer": "clinic"}), "prefer"),
    ] {
        let mut stated = both();
        stated.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let error = Rules::parse(&stated.to_string()).unwrap_err();
        assert_eq!(error.path(), Some(path), "{error}");
    }
    let mut stricter = both();
    stricter["facts"] = json!({"person.hours": "agree", "person.relationships": "agree", "person.caps": "unknown", "person.vip": "agree"});
    assert!(Rules::parse(&stricter.to_string()).is_ok());
}

#[test]
fn what_is_no_record_is_refused_with_its_path() {
    let good = record("clinic", &json!({}), &json!({}));
    for (key, bad, path) in [
        ("source", json!(""), "source"),
        ("as_of", json!("2026-06-01"), "as_of"),
        ("person", json!({}), "person.id"),
        ("person", json!([]), "person"),
        ("consents", json!({}), "consents"),
        ("consents", json!([1]), "consents[0]"),
        ("consents", json!([{"id": 7}]), "consents[0].id"),
        ("contact", json!({}), "contact"),
        ("complete", json!([1]), "complete"),
        ("contacts_complete_from", json!("2026-01-01T00:00:00Z"), "contacts_complete_from"),
        ("statements", json!([]), "as_of"),
    ] {
        let mut record = good.clone();
        record[key] = bad;
        let error = Profile::parse(&record.to_string()).unwrap_err();
        assert_eq!(error.path(), Some(path), "{error}");
    }
    for bad in [
        "",
        "[]",
        "{",
        r#"{"statements": [{}]}"#,
        r#"{"statements": [{"source": "a", "as_of": "2026-06-01T00:00:00Z", "fact": "hours", "value": 1}]}"#,
        r#"{"source": "a", "source": "b"}"#,
        r#"{"source": 1.5}"#,
    ] {
        assert!(Profile::parse(bad).is_err(), "{bad}");
    }
    let error = profile(&record("stranger", &json!({}), &json!({}))).resolve(&rules(&both())).unwrap_err();
    assert!(error.message().contains("stranger"));
    for (key, bad) in [
        ("hours", json!(["09:00"])),
        ("caps", json!(1)),
        ("pause_until", json!("soon")),
        ("time_zones", json!([1])),
    ] {
        let profile = profile(&record("clinic", &json!({key: bad}), &json!({}))).merge(&profile(&record(
            "billing",
            &json!({key: null}),
            &json!({}),
        )));
        let error = profile.resolve(&rules(&both()));
        // An empty set of zones is unknown, whatever else is said.
        assert!(
            key == "time_zones" || error.unwrap_err().path() == Some(format!("person.{key}").as_str()),
            "{key}"
        );
    }
}

// Properties

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

// The table

/// Leaving a fact out restricts, save where its absence means none and where policy asks what is known. The packs may grow such a
/// fact; then it must not be one that is left out.
#[test]
fn what_is_left_out_is_nothing_whose_absence_speaks() {
    let mut speaks: Vec<String> = Vec::new();
    for pack in byleave_packs::all() {
        for (_, text) in pack.files {
            let mut of_person = false;
            for line in text.lines().map(str::trim) {
                of_person = if line.starts_with("facts ") {
                    line.starts_with("facts person")
                } else {
                    of_person && line != "}"
                };
                let (field, none) =
                    (line.split(':').next().unwrap_or_default(), line.contains("absent none"));
                if none && of_person {
                    speaks.push(format!("person.{field}"));
                }
                if let Some(path) = line.strip_prefix("fact person.").filter(|_| none) {
                    speaks.push(format!("person.{}", path.split(':').next().unwrap()));
                }
                let mut rest = line.split("known that").skip(1).collect::<Vec<_>>().join(" ");
                while let Some(at) = rest.find("person.") {
                    rest = rest.split_off(at + 7);
                    let name: String =
                        rest.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
                    speaks.push(format!("person.{}", if name == "age" { "birth_date" } else { &name }));
                }
            }
        }
    }
    for known in [
        "person.deceased_on",
        "person.holdout_until",
        "person.calendar_caps",
        "person.birth_date",
        "person.attorney",
        "person.employer_prohibits",
    ] {
        assert!(speaks.iter().any(|it| it == known), "{known} is not found: {speaks:?}");
    }
    for path in speaks {
        let mut stated = both();
        stated["facts"] = json!({ &path: "unknown" });
        assert!(Rules::parse(&stated.to_string()).is_err(), "{path} must not be left out");
    }
}
