//! What becomes of events that several sources tell.

use super::*;

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
