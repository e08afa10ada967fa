//! A parent's authority over somebody who grows up.

use super::*;

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
    let decide = |ledger: &mut Ledger<Memory>, person: &str, more: &Value| {
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
