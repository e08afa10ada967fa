//! Facts laid under a request as text are those that trees lay under it.

use super::*;
use crate::Ledger;
use crate::event::Event;
use crate::memory::Memory;
use crate::store::Store;
use byleave::wire::Json;
use proptest::prelude::*;

const PHONE: &str = "+12125550142";

/// As it lies in a request: the same by text and by trees. Whether trees were needed for it.
fn by_text(ledger: &mut Ledger<Memory>, request: &str, address: Option<&str>) -> bool {
    let ask = Ask { person: "ann", address, known_at: "2026-08-01T00:00:00Z".parse().unwrap() };
    let hashes = &ledger.hashes;
    let by_text = ledger.store.read(|rows| lay(rows, hashes, request, &ask)).unwrap();
    let tree = Json::parse(request, &Limits::MOST).map_err(Error::from);
    let by_trees = tree.and_then(|tree| ledger.lay_under(tree, &ask));
    let either = ledger.lay_text(request, &ask);
    assert_eq!(either.is_ok(), by_trees.is_ok(), "{request}");
    if let (Ok(text), Ok(tree)) = (either, &by_trees) {
        let mut read = Json::parse(&text, &Limits::MOST).unwrap();
        read.admit(&Limits::MOST).unwrap();
        assert_eq!(&read, tree, "{request}");
    }
    by_text.is_some()
}

fn event(n: usize, person: &str, list: &str, record: &str) -> Event {
    let words = format!(
        r#"{{"key":"k{n}","person":"{person}","list":"{list}","source":"the \"desk\"","actor":{{"kind":"staff"}},"recorded_at":"2026-07-01T00:00:{:02}Z","event":{record}}}"#,
        n % 60
    );
    Event::parse(&words).unwrap()
}

fn told(events: &[(&str, &str, &str)]) -> Ledger<Memory> {
    let mut ledger = Ledger::in_memory().unwrap();
    let events: Vec<Event> =
        events.iter().enumerate().map(|(n, (person, list, record))| event(n, person, list, record)).collect();
    ledger.append(&events).unwrap();
    ledger
}

/// What a host tells of somebody.
const USUAL: [(&str, &str); 12] = [
    ("consents", r#"{"kind":"grant","at":"2026-06-01T00:00:00Z","scope":{"address":["(212) 555-0142"]}}"#),
    ("consents", r#"{"kind":"revoke","at":"2026-06-01T00:00:00Z","scope":{"address":["+12125550142","x"]}}"#),
    ("consents", r#"{"kind":"revoke","scope":{"address":"+12125550142"},"id":"k2"}"#),
    ("consents", r#"{"kind":"revoke","scope":{"address":["+4915100000000"],"channel":["sms"]}}"#),
    ("consents", r#"{"kind":"revoke","scope":{},"recorded_at":"2026-05-01T00:00:00Z"}"#),
    ("contacts", "{}"),
    ("contacts", r#"{"at":"2026-06-01","recorded_at":"2026-06-01T00:00:00Z","id":"k6"}"#),
    ("interactions", r#"{"kind":"visit","note":"ü {[,:"}"#),
    ("lists", r#"{"list":"national_dnc","address":"+12125550142","result":"not_listed"}"#),
    ("signals", r#"{"kind":"gpc","on":true}"#),
    ("preferences", r#"{"at":"2026-07-02T00:00:00Z","set":{"caps":[],"birth_date":"1961-05-17"}}"#),
    ("preferences", r#"{"at":"2026-07-01T00:00:00+02:00","set":{"caps":[{"most":1}],"hours":{"mon":[]}}}"#),
];

#[test]
fn most_people_need_no_tree() {
    let usual: Vec<_> = USUAL.iter().map(|(list, record)| ("ann", *list, *record)).collect();
    // Others, elsewhere, are not in the way.
    let others = [("bob", "consents", r#"{"kind":"revoke","scope":{"address":["+1"]}}"#)];
    let mut ledger = told(&[&usual[..], &others].concat());
    for claimed in [false, true] {
        for request in [
            "{}",
            r#"{"at":"2026-08-01T00:00:00Z","contacts":null,"lists":[],"person":{"time_zones":["America/New_York"]}}"#,
            r#"{"contacts":[{"id":"b"},{"id":"a"}],"contacts_complete_from":"2026-01-01T00:00:00Z","person":{"id":"ann"}}"#,
        ] {
            for address in [None, Some(PHONE), Some("+1 303 555 0100")] {
                assert!(by_text(&mut ledger, request, address), "{request}");
            }
        }
        if !claimed {
            ledger.keeps(List::Contacts, None).unwrap();
            ledger.keeps(List::Interactions, Some("2026-02-01T00:00:00Z".parse().unwrap())).unwrap();
            ledger.keeps(List::Signals, Some("2026-02-01T00:00:00Z".parse().unwrap())).unwrap();
        }
    }
    assert!(by_text(&mut told(&[]), "{}", Some(PHONE)));
}

#[test]
fn whatever_is_unusual_is_left_to_trees() {
    let usual = [("ann", "contacts", "{}")];
    for (event, address) in [
        (("ann", "voids", r#"{"of":"k0","why":"told in error"}"#), None),
        (("ann", "links", r#"{"with":"bob","why":"one policy"}"#), None),
        (("bob", "links", r#"{"with":"ann","why":"one policy"}"#), None),
        (("bob", "consents", r#"{"kind":"revoke","scope":{"address":["(212) 555-0142"]}}"#), Some(PHONE)),
        (("ann", "consents", r#"{"kind":"revoke","scope":{"address":["(212) 555-0142"]}}"#), Some(PHONE)),
        (("ann", "consents", r#"{"kind":"decline","scope":{"address":"2125550142"}}"#), Some(PHONE)),
        (("ann", "consents", r#"{"kind":"grant","by":"parent","scope":{}}"#), None),
        (("ann", "preferences", r#"{"at":"2026-07-01T00:00:00Z","set":{"id":"ann"}}"#), None),
    ] {
        assert!(!by_text(&mut told(&[usual[0], event]), "{}", address), "{event:?}");
        // Nor is anything else of that person, once others ask about them.
        by_text(&mut told(&[usual[0], event]), "{}", Some("2125550142"));
    }
    let mut ledger = told(&[("ann", "preferences", r#"{"at":"2026-07-01T00:00:00Z","set":{"caps":[]}}"#)]);
    for request in [
        "[]",
        "{",
        r#"{"n":1.5}"#,
        r#"{"at":"\u0061"}"#,
        r#"{"person":[]}"#,
        r#"{"person":{"id":"bob"}}"#,
        r#"{"person":{"caps":[]}}"#,
        r#"{"person":{"caps":[1]}}"#,
        r#"{"contacts":{}}"#,
        r#"{"consents":[{"kind":"decline","scope":{"address":["2125550142"]}}]}"#,
        r#"{"recipient":{"role":"parent"}}"#,
    ] {
        assert!(!by_text(&mut ledger, request, Some(PHONE)), "{request}");
    }
    let erased = crate::Erasure {
        person: "ann",
        why: "asked",
        by: "desk",
        addresses: &[PHONE],
        recorded_at: "2026-07-02T00:00:00Z".parse().unwrap(),
    };
    ledger.erase(&erased).unwrap();
    assert!(!by_text(&mut ledger, "{}", None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn facts_are_the_same_by_text_and_by_trees(
        mut told_of in proptest::collection::vec((0usize..16, 0usize..5), 0..12),
        address in 0usize..4,
        request in 0usize..4,
    ) {
        told_of.truncate(12);
        let unusual = [
            ("links", r#"{"with":"bob","why":"one"}"#),
            ("consents", r#"{"kind":"revoke","scope":{"address":["212-555-0142"]}}"#),
            ("consents", r#"{"kind":"void","of":"k1","at":"2026-07-01T00:00:00Z"}"#),
            ("consents", r#"{"kind":"grant","instrument":{"signed_by":"parent"}}"#),
        ];
        let all: Vec<_> = USUAL.into_iter().chain(unusual).collect();
        let mut ledger = Ledger::in_memory().unwrap();
        for (n, (which, who)) in told_of.into_iter().enumerate() {
            let (list, record) = all[which];
            // An event's name is its key.
            let record = record.replace("\"id\":\"k2\"", &format!("\"id\":\"k{n}\"")).replace("\"id\":\"k6\"", &format!("\"id\":\"k{n}\""));
            let person = if who == 0 && list != "links" { "bob" } else { "ann" };
            ledger.append(&[event(n, person, list, &record)]).unwrap();
        }
        let address = [None, Some(PHONE), Some("212.555.0142"), Some("+1")][address];
        let request = [
            "{}",
            r#"{"person":{"id":"ann","birth_date":"1961-05-17"}}"#,
            r#"{"lists":[{"list":"x","address":"y"}],"person":{"hours":{"mon":[]}}}"#,
            r#"{"consents":[{"kind":"decline","scope":{"address":["+12125550142"]}}]}"#,
        ][request];
        by_text(&mut ledger, request, address);
    }
}
