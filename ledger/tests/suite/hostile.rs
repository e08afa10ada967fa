//! Texts that mean harm, or are merely long: stored exactly, or refused clearly, alike in every store.

use crate::common::{Place, facts, stop};
use byleave::wire::Json;
use byleave_ledger::{Any, Ask, Erasure, ErrorKind, Event, Ledger, Trust};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

const KNOWN: &str = "2026-07-02T00:00:00Z";

/// An event in which every field that takes a text says it.
fn saying(text: &str, n: usize) -> Event {
    let words = json!({
        "key": format!("{text}{n}"), "person": text, "list": "interactions", "source": text, "method": text,
        "actor": {"kind": "representative", "id": text, "authority": text}, "recorded_at": "2026-07-01T00:00:00Z",
        "text_shown": {"sha256": "0".repeat(64), "language": text},
        "event": {"matter": text, "scope": {"address": [text, "other"]}, text: text},
    });
    Event::parse(&words.to_string()).unwrap()
}

/// Whether a person's only interaction says it, in each place.
fn says(ledger: &mut Ledger<Any>, text: &str) {
    let found = facts(ledger, text, Some(text), KNOWN);
    let Some(Json::List(items)) = found.get("interactions") else { panic!("{text:?}") };
    assert_eq!(items.len(), 1, "{text:?}");
    let said = Json::Text(text.to_owned());
    assert_eq!(items[0].json.get("matter"), Some(&said));
    assert_eq!(items[0].json.get(text), Some(&said));
}

pub fn odd_texts_are_stored_exactly(place: &Place) {
    let mut ledger = place.open();
    let odd = [
        "\u{0}",
        "\u{0}nul",
        "a\u{0}b\u{0}",
        "née Ω 🙂",
        "ne\u{301}e",
        "a\nb\t\"c\"\\",
        "\\x00",
        "\\\\x41",
        "\u{202e}turned",
        "%s ${x} {{y}}",
        "\u{feff}mark",
        "\u{fffd}",
        "\u{ffff}",
        "\u{10ffff}",
        "E'\\047'",
        " trailing ",
        "\r",
        "\u{7f}",
        "NULL",
        "İstanbul",
    ];
    for (n, text) in odd.iter().enumerate() {
        assert!(ledger.append(&[saying(text, n)]).unwrap()[0].new, "{text:?}");
        // Sent again, it is found by its key, whatever is in it.
        assert!(!ledger.append(&[saying(text, n)]).unwrap()[0].new, "{text:?}");
    }
    odd.iter().for_each(|text| says(&mut ledger, text));
    // None was taken for another.
    assert_eq!(ledger.size().unwrap(), (odd.len() as u64, odd.len() as u64));
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
}

pub fn sql_in_every_field_is_stored_exactly(place: &Place) {
    let attacks = [
        "'; DROP TABLE events; --",
        "\"; DROP SCHEMA byleave CASCADE; --",
        "' OR '1'='1",
        "x' UNION SELECT value FROM settings --",
        "$$; DELETE FROM people; $$",
        "$1",
        "?1",
        ":name",
        "\\'; TRUNCATE events; --",
        "/* */ ; UPDATE events SET words = NULL",
        "'||(SELECT pg_sleep(10))||'",
        "\u{0}'; DROP TABLE people; --",
        "ʼ; DELETE FROM events --",
        "COPY events TO PROGRAM 'id'",
    ];
    let mut ledger = place.open();
    for (n, attack) in attacks.iter().enumerate() {
        ledger.append(&[saying(attack, n)]).unwrap();
        let record = format!(r#"{{"of": {}, "why": {}}}"#, json!(format!("no {attack}")), json!(attack));
        let void = json!({
            "key": format!("void {attack}"), "person": attack, "list": "voids", "source": attack, "actor": {"kind": "staff"},
            "recorded_at": "2026-07-01T00:00:00Z", "event": serde_json::from_str::<serde_json::Value>(&record).unwrap(),
        });
        let error = ledger.append(&[Event::parse(&void.to_string()).unwrap()]).unwrap_err();
        assert_eq!(error.path(), Some("[0].event.of"));
        let stop = json!({
            "key": format!("stop {attack}"), "person": "somebody", "list": "consents", "source": attack, "actor": {"kind": "staff"},
            "recorded_at": "2026-07-01T00:00:00Z", "event": {"kind": "revoke", "scope": {"address": attack}},
        });
        ledger.append(&[Event::parse(&stop.to_string()).unwrap()]).unwrap();
        // Where a list is asked for, only its words are taken.
        let list = json!({
            "key": "k", "person": "p", "list": attack, "source": "s", "actor": {"kind": "staff"},
            "recorded_at": "2026-07-01T00:00:00Z", "event": {},
        });
        assert_eq!(Event::parse(&list.to_string()).unwrap_err().path(), Some("list"));
        // Nobody else's events are found by it.
        assert_eq!(facts(&mut ledger, &format!("{attack} "), None, KNOWN).get("interactions"), None);
        let found = facts(&mut ledger, "nobody", Some(attack), KNOWN);
        let Some(Json::List(items)) = found.get("consents") else { panic!("{attack}") };
        assert_eq!(items.len(), 1, "{attack}");
    }
    attacks.iter().for_each(|attack| says(&mut ledger, attack));
    ledger.checkpoint("2026-07-02T00:00:00Z".parse().unwrap(), None).unwrap();
    for attack in attacks {
        let erasure = Erasure {
            person: attack,
            why: attack,
            by: attack,
            recorded_at: "2026-07-03T00:00:00Z".parse().unwrap(),
            addresses: &[attack],
        };
        assert_eq!(ledger.erase(&erasure).unwrap(), 1, "{attack}");
    }
    let report = ledger.verify(&Trust::default()).unwrap();
    assert_eq!(
        (report.findings, report.events, report.people),
        (vec![], 3 * attacks.len() as u64, attacks.len() as u64 + 1)
    );
}

pub fn what_is_as_long_as_it_may_be_is_stored_exactly(place: &Place) {
    let mut ledger = place.open();
    // Not one that packs well: an index's row has a bound of its own.
    let name: String =
        (0..170_u32).filter_map(|n| char::from_u32(0x4e00 + n * 97)).collect::<String>() + "xy";
    assert_eq!(name.len(), 512);
    let note: Vec<String> = (0..17).map(|n| format!("{n:02}").repeat(7_500)).collect();
    let words = json!({
        "key": name, "person": name, "list": "interactions", "source": name, "actor": {"kind": "system"},
        "recorded_at": "2026-07-01T00:00:00Z", "event": {"note": note, "scope": {"address": [name]}},
    });
    let event = Event::parse(&words.to_string()).unwrap();
    assert!(event.words().len() > 250_000);
    ledger.append(&[event]).unwrap();
    let found = facts(&mut ledger, &name, None, KNOWN);
    let Some(Json::List(items)) = found.get("interactions") else { panic!() };
    let Some(Json::List(told)) = items[0].json.get("note") else { panic!() };
    assert!(
        told.iter().map(|it| &it.json).eq(&note.iter().map(|it| Json::Text(it.clone())).collect::<Vec<_>>())
    );
    // What is asked may be longer than anything that is kept: then there is nothing.
    let huge = "x".repeat(1 << 20);
    let ask = Ask { person: &huge, address: Some(&huge), known_at: KNOWN.parse().unwrap() };
    let asked = ledger.lay_under(Json::Map(Vec::new()), &ask);
    assert!(
        asked.as_ref().is_ok_and(|it| it.get("interactions").is_none())
            || asked.is_err_and(|it| it.kind() == ErrorKind::Limit)
    );
    let erasure = |why: &str| Erasure {
        person: "p",
        why: Box::leak(why.to_owned().into_boxed_str()),
        by: "office",
        recorded_at: "2026-07-03T00:00:00Z".parse().unwrap(),
        addresses: &[],
    };
    ledger.append(&[stop("s", "p", "2026-07-01T00:00:00Z")]).unwrap();
    let error = ledger.erase(&erasure(&"x".repeat(513))).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Limit, Some("why")));
    assert_eq!(ledger.erase(&erasure(&"x".repeat(512))).unwrap(), 1);
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
}

pub fn any_text_is_stored_exactly(place: &Place) {
    let ledger = std::cell::RefCell::new(place.open());
    let count = std::cell::Cell::new(0);
    let mut runner = TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });
    let texts =
        proptest::collection::vec(any::<char>(), 1..60).prop_map(|it| it.into_iter().collect::<String>());
    let held = runner.run(&texts, |text| {
        let mut ledger = ledger.borrow_mut();
        count.set(count.get() + 1);
        // A name of its own, so that a text that comes twice is not two events of one person.
        let text = format!("{text}{}", count.get());
        ledger.append(&[saying(&text, 0)]).unwrap();
        says(&mut ledger, &text);
        Ok(())
    });
    held.unwrap();
    assert_eq!(ledger.borrow_mut().verify(&Trust::default()).unwrap().findings, []);
}
