//! Several people at one address.

use super::*;

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
    let facts = |ledger: &mut Ledger<Memory>, known_at: &str| {
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
