//! Mappings that are wrong, values on both sides of what they may be, and rows that nobody foresaw.

use super::*;
use crate::ErrorKind;
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW: &str = "2026-11-20T12:00:00Z";

fn mapping(event: Value) -> Value {
    json!({"name": "crm", "source": "CRM", "key": ["id"], "person": {"column": "id"}, "zone": "America/New_York",
        "calling_code": "1", "events": [{"name": "texts", "event": event}]})
}

fn usual() -> Value {
    mapping(json!({"kind": {"column": "opt", "words": {"Y": "grant", "N": "revoke"}}, "level": "express",
        "at": {"column": "at", "form": ["%m/%d/%Y %H:%M", "%m/%d/%Y"]},
        "scope": {"channel": ["text"], "address": [{"column": "phone", "as": "phone"}]}}))
}

fn row(value: Value) -> Row {
    Row::new(value.as_object().unwrap().clone())
}

fn said(mapping: &Value, value: Value) -> std::result::Result<Vec<Event>, Refused> {
    let mapping = Mapping::parse(&mapping.to_string()).unwrap();
    match mapping.events(&row(value), NOW.parse().unwrap())? {
        Mapped::Events(events) => Ok(events),
        Mapped::Passed => Ok(Vec::new()),
    }
}

fn one(value: Value) -> Value {
    let events = said(&usual(), value).unwrap();
    assert_eq!(events.len(), 1);
    serde_json::from_str(events[0].words()).unwrap()
}

fn why(value: Value) -> (&'static str, String) {
    let refused = said(&usual(), value).unwrap_err();
    (refused.reason, refused.path)
}

#[test]
fn a_row_says_an_event() {
    let told = one(json!({"id": 7, "opt": " y ", "at": "03/14/2026 09:30", "phone": "(212) 555-0142"}));
    assert_eq!(
        told,
        json!({"actor": {"kind": "import"}, "key": "crm/texts/[\"7\"]", "list": "consents", "person": "7",
            "recorded_at": NOW, "source": "CRM", "event": {"kind": "grant", "level": "express",
            "at": "2026-03-14T13:30:00Z", "scope": {"channel": ["text"], "address": ["+12125550142"]}}})
    );
    // Without a date both stay undated: the import's instant is no act's. A refusal names no level.
    let told = one(json!({"id": "7", "opt": "N", "phone": "2125550142"}));
    assert_eq!(
        told["event"],
        json!({"kind": "revoke", "scope": {"channel": ["text"], "address": ["+12125550142"]}})
    );
    assert!(
        one(json!({"id": "7", "opt": "Y", "at": " ", "phone": "2125550142"}))["event"].get("at").is_none()
    );
}

#[test]
fn what_a_row_does_not_say_is_not_made_up() {
    let with = |opt: &str, at: &str, phone: &str| json!({"id": "7", "opt": opt, "at": at, "phone": phone});
    for (value, reason, path) in [
        (with("maybe", "", "2125550142"), "word", "event.kind"),
        (with("", "", "2125550142"), "missing", "event.kind"),
        (with("Y", "", ""), "missing", "event.scope.address"),
        (with("Y", "", "212555014"), "address", "event.scope.address"),
        (with("Y", "", "2125550142 x5"), "address", "event.scope.address"),
        (with("Y", "31/02/2026 10:00", "2125550142"), "date", "event.at"),
        (with("Y", "2026-03-14", "2125550142"), "date", "event.at"),
        (with("Y", "11/20/2026 07:01", "2125550142"), "ahead", "event.at"),
        (with("N", "11/22/2026", "2125550142"), "ahead", "event.at"),
        (json!({"opt": "Y", "phone": "2125550142"}), "missing", "person"),
        (json!({"id": {"a": 1}, "opt": "Y", "phone": "2125550142"}), "value", "person"),
        (json!({"id": "p".repeat(513), "opt": "Y", "phone": "2125550142"}), "limit", "person"),
    ] {
        assert_eq!(why(value.clone()), (reason, path.to_owned()), "{value}");
    }
    // At the instant of the record itself, and on the day that has begun somewhere.
    one(with("Y", "11/20/2026 07:00", "2125550142"));
    one(with("N", "11/21/2026", "2125550142"));
    // An address that may be left out is left out of a refusal, and of no grant.
    let mut open = usual();
    open["events"][0]["event"]["scope"]["address"][0]["optional"] = true.into();
    assert!(said(&open, with("N", "", "")).is_ok());
    assert_eq!(said(&open, with("Y", "", "")).unwrap_err().path, "event.scope.address");
}

#[test]
fn an_hour_that_was_twice_is_taken_where_it_restricts() {
    let at = |opt: &str, at: &str| {
        one(json!({"id": "7", "opt": opt, "at": at, "phone": "2125550142"}))["event"]["at"].clone()
    };
    // Set back at two: between one and two the clock showed every minute twice.
    assert_eq!(at("Y", "11/01/2026 01:00"), "2026-11-01T05:00:00Z");
    assert_eq!(at("N", "11/01/2026 01:00"), "2026-11-01T06:00:00Z");
    assert_eq!(
        (at("Y", "11/01/2026 00:59"), at("N", "11/01/2026 00:59")),
        ("2026-11-01T04:59:00Z".into(), "2026-11-01T04:59:00Z".into())
    );
    assert_eq!(
        (at("Y", "11/01/2026 02:00"), at("N", "11/01/2026 02:00")),
        ("2026-11-01T07:00:00Z".into(), "2026-11-01T07:00:00Z".into())
    );
    // Put forward at two: half past two was never.
    assert_eq!(
        (at("Y", "03/08/2026 02:30"), at("N", "03/08/2026 02:30")),
        ("2026-03-08T06:30:00Z".into(), "2026-03-08T07:30:00Z".into())
    );
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let wrong = json!({"name": "", "sauce": 1, "zone": "Mars/Olympus", "key": "id", "events": [
        {"list": "decisions", "when": {"column": "x"}, "event": {"kind": "agree", "at": "2026-01-01T00:00:00Z"}},
        {"event": {"kind": {"column": "o", "words": {"Y": "grant", "y": "revoke"}}, "at": {"column": "d", "form": "%d.%m.%y"}}},
        {"event": {"kind": "grant", "at": {"column": "d", "form": "%d.%m.%Y %H:%M"}, "scope": {"address": {"column": "a", "as": "fax"}}}},
        {"name": "2", "event": {"kind": "grant", "at": {"column": "d", "default": "2026-01-01"}, "x": {"column": "c", "zone": "UTC"}}},
        7]});
    let flaws = Mapping::parse(&wrong.to_string()).map(drop).unwrap_err();
    let paths: Vec<&str> = flaws.0.iter().map(|it| it.path.as_str()).collect();
    for path in [
        "sauce",
        "name",
        "key",
        "zone",
        "events[0].list",
        "events[0].when",
        "events[0].person",
        "events[0].source",
        "events[1].event.at.form",
        "events[1].event.kind.words.y",
        "events[2].event.at",
        "events[2].event.scope.address.as",
        "events[3].event.at",
        "events[3].event.x.zone",
        "events[4]",
    ] {
        assert!(paths.contains(&path), "{path} is not in {flaws}");
    }
    for text in ["", "[]", "{", r#"{"name": "a", "name": "b"}"#, "{\"a\":1e999}", "\u{0}"] {
        assert!(Mapping::parse(text).is_err(), "{text}");
    }
}

#[test]
fn the_same_row_is_the_same_event_and_a_changed_one_a_conflict() {
    let mut ledger = Ledger::in_memory().unwrap();
    let mut import = |mapping: &Value, value: Value, at: &str| {
        let mapping = Mapping::parse(&mapping.to_string()).unwrap();
        let Mapped::Events(events) = mapping.events(&row(value), at.parse().unwrap()).unwrap() else {
            panic!()
        };
        let mut told = Vec::new();
        ledger.import_rows([((), events)], false, |(), _, it| told.push(it)).unwrap();
        told.remove(0).map(|it| it[0].new).map_err(|it| it.kind())
    };
    let first = json!({"id": "7", "opt": "Y", "phone": "2125550142", "owner": "a"});
    let mut changed = first.clone();
    changed["opt"] = "N".into();
    let mut elsewhere = first.clone();
    elsewhere["owner"] = "b".into();
    assert_eq!(import(&usual(), first.clone(), NOW), Ok(true));
    assert_eq!(import(&usual(), first.clone(), "2026-12-01T00:00:00Z"), Ok(false));
    assert_eq!(import(&usual(), elsewhere.clone(), "2026-12-01T00:00:00Z"), Ok(false));
    assert_eq!(import(&usual(), changed.clone(), "2026-12-01T00:00:00Z"), Err(ErrorKind::Conflict));
    // Known by all that it says, a changed row is another.
    let mut whole = usual();
    whole["key"] = "row".into();
    for value in [first, changed, elsewhere] {
        assert_eq!(import(&whole, value.clone(), "2026-12-01T00:00:00Z"), Ok(true));
        assert_eq!(import(&whole, value, "2026-12-02T00:00:00Z"), Ok(false));
    }
}

#[test]
fn an_import_never_lets_a_grant_pass_a_refusal() {
    let facts = |rows: [(&str, &str); 2]| {
        let mut map = usual();
        map["key"] = "row".into();
        let events = rows.into_iter().flat_map(|(opt, at)| {
            said(&map, json!({"id": "7", "opt": opt, "at": at, "phone": "2125550142"})).unwrap()
        });
        events.map(|it| it.record().get("at").cloned()).collect::<Vec<_>>()
    };
    // An export's undated grants after its dated refusals: undated they stay.
    assert_eq!(facts([("N", "03/14/2026 09:30"), ("Y", "")])[1], None);
}

proptest! {
    #[test]
    fn any_row_is_taken_or_refused(cells in prop::collection::vec(any::<String>(), 4), n in any::<f64>()) {
        let value = json!({"id": cells[0], "opt": cells[1], "at": cells[2], "phone": cells[3], "n": n});
        if let Ok(events) = said(&usual(), value.clone()) {
            prop_assert_eq!(events, said(&usual(), value).unwrap());
        }
    }

    #[test]
    fn a_date_that_is_read_is_the_one_that_was_written(second in 0i64..1_795_000_000) {
        let at = Timestamp::from_second(second).unwrap();
        for form in ["%Y-%m-%dT%H:%M:%S%z", "%a, %d %b %Y %T %z"] {
            let mut map = usual();
            map["events"][0]["event"]["at"]["form"] = form.into();
            let written = jiff::fmt::strtime::format(form, &at.to_zoned(when::zone("Asia/Kolkata").unwrap())).unwrap();
            let events = said(&map, json!({"id": "7", "opt": "Y", "at": written, "phone": "2125550142"})).unwrap();
            prop_assert_eq!(events[0].record().get("at"), Some(&byleave::wire::Json::Text(at.to_string())));
        }
    }

    #[test]
    fn an_address_that_is_read_is_read_again(text in "[-+0-9 ().a-z@]{0,20}") {
        for code in [None, Some("1"), Some("44")] {
            if let Ok(read) = address::phone(&text, code) {
                prop_assert_eq!(address::phone(&read, None), Ok(read.clone()));
            }
        }
        if let Ok(read) = address::email(&text) {
            prop_assert_eq!(address::email(&read), Ok(read.clone()));
        }
    }
}
