//! What an event must say, before any store sees it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use byleave::wire::{Json, Limits};
use byleave_ledger::{Error, ErrorKind, Event};

fn refused(words: &str) -> Error {
    Event::parse(words).unwrap_err()
}

#[test]
fn an_event_says_who_when_and_what() {
    let good = r#"{"key":"k","person":"p","list":"consents","source":"s","actor":{"kind":"person"},"recorded_at":"2026-07-01T00:00:00Z","event":{}}"#;
    assert!(Event::parse(good).is_ok());
    for (from, to, path) in [
        (r#""key":"k""#, r#""key":"""#, "key"),
        (r#""key":"k","#, "", "key"),
        (r#""person":"p""#, r#""person":7"#, "person"),
        (r#""list":"consents""#, r#""list":"consent""#, "list"),
        (r#""kind":"person""#, r#""kind":"robot""#, "actor.kind"),
        (r#""kind":"person""#, r#""kind":"representative""#, "actor.authority"),
        (r#""kind":"person""#, r#""kind":"person","name":"x""#, "actor.name"),
        ("2026-07-01T00:00:00Z", "2026-07-01", "recorded_at"),
        ("2026-07-01T00:00:00Z", "2026-07-01T00:00:00", "recorded_at"),
        (r#""event":{}"#, r#""event":[]"#, "event"),
        (r#""event":{}"#, r#""event":{"id":"other"}"#, "event.id"),
        (r#""event":{}"#, r#""event":{},"note":"x""#, "note"),
        (r#""event":{}"#, r#""event":{},"text_shown":{"sha256":"ABC","language":"en"}"#, "text_shown.sha256"),
        (r#""list":"consents""#, r#""list":"voids""#, "event.of"),
        (r#""list":"consents""#, r#""list":"preferences""#, "event.at"),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good, "{from}");
        assert_eq!(refused(&bad).path(), Some(path), "{bad}");
    }
    let preference = good.replace("consents", "preferences");
    for (event, path) in [
        (r#"{"at":"2026-07-01","set":{}}"#, Some("event.at")),
        (r#"{"at":"2026-07-01T00:00:00Z"}"#, Some("event.set")),
        (r#"{"at":"2026-07-01T00:00:00Z","set":{"pause_until":null}}"#, None),
    ] {
        let read = Event::parse(&preference.replace("{}", event));
        assert_eq!(read.err().as_ref().and_then(Error::path), path, "{event}");
    }
    let long = good.replace(r#""person":"p""#, &format!(r#""person":"{}""#, "x".repeat(513)));
    assert_eq!(refused(&long).kind(), ErrorKind::Limit);
    let heavy = good.replace(
        "{}",
        &format!(r#"{{"note": [{}]}}"#, vec![format!("\"{}\"", "x".repeat(16_000)); 17].join(",")),
    );
    assert_eq!(refused(&heavy).kind(), ErrorKind::Limit);
    for bytes in ["", "[]", "{", "null", "{\"key\": \"\\ud800\"}"] {
        assert_eq!(refused(bytes).kind(), ErrorKind::Input, "{bytes}");
    }
}

#[test]
fn sizes_are_bounded_on_both_sides() {
    let words = |key: &str, person: &str, source: &str, note: &str| {
        serde_json::json!({
            "key": key, "person": person, "list": "interactions", "source": source, "actor": {"kind": "system"},
            "recorded_at": "2026-07-01T00:00:00Z", "event": {"note": note.as_bytes().chunks(15_000)
                .map(|it| String::from_utf8_lossy(it).into_owned()).collect::<Vec<_>>()},
        })
        .to_string()
    };
    let long = |bytes: usize| "é".repeat(bytes / 2) + &"x".repeat(bytes % 2);
    for (at, path) in ["key", "person", "source"].into_iter().enumerate() {
        let with = |bytes: usize| {
            let it = |n: usize| if n == at { long(bytes) } else { "x".to_owned() };
            Event::parse(&words(&it(0), &it(1), &it(2), ""))
        };
        assert!(with(512).is_ok(), "{path}");
        let error = with(513).unwrap_err();
        assert_eq!((error.kind(), error.path()), (ErrorKind::Limit, Some(path)));
    }
    let note = |bytes: usize| Event::parse(&words("k", "p", "s", &"x".repeat(bytes)));
    let most = (0..1 << 18).rev().find(|bytes| note(*bytes).is_ok()).unwrap();
    assert_eq!(note(most).unwrap().words().len(), 1 << 18);
    assert_eq!(note(most + 1).unwrap_err().kind(), ErrorKind::Limit);
}

#[test]
fn bytes_that_are_no_text_are_refused_in_every_field() {
    let good = r#"{"key":"KEY","person":"PERSON","list":"voids","source":"SOURCE","actor":{"kind":"representative","id":"ID","authority":"RIGHT"},"method":"METHOD","recorded_at":"2026-07-01T00:00:00Z","text_shown":{"sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","language":"LANGUAGE"},"event":{"of":"OF","why":"WHY"}}"#;
    let read =
        |bytes: &[u8]| Json::from_bytes(bytes, &Limits::MOST).map_err(Error::from).and_then(Event::from_json);
    assert!(read(good.as_bytes()).is_ok());
    for field in ["KEY", "PERSON", "SOURCE", "ID", "RIGHT", "METHOD", "LANGUAGE", "OF", "WHY"] {
        let (before, after) = good.split_once(field).unwrap();
        // No text at all, a character cut short, half of a pair as UTF-8, an overlong U+0000.
        for bytes in [&b"\xff"[..], b"\xc3", b"\xed\xa0\x80", b"\xc0\x80"] {
            let bad = [before.as_bytes(), bytes, after.as_bytes()].concat();
            assert_eq!(read(&bad).unwrap_err().kind(), ErrorKind::Input, "{field} {bytes:?}");
        }
    }
}
