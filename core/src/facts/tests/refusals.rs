//! Every refusal has its kind and its path.

use super::fixture::read;
use crate::error::ErrorKind;

fn refused(rest: &str) -> (ErrorKind, String, Option<String>) {
    let comma = if rest.is_empty() { "" } else { "," };
    let text = format!(r#"{{"at":"2026-07-01T12:00:00Z"{comma}{rest}}}"#);
    match read(&text) {
        Ok(_) => panic!("{rest} was not refused"),
        Err(error) => {
            let shown = error.to_string();
            assert!(!shown.ends_with('.') && !shown.contains("Slot"), "{shown}");
            (error.kind(), error.path().unwrap_or("").to_string(), error.hint().map(str::to_string))
        }
    }
}

#[test]
fn with_its_path() {
    for (rest, path) in [
        (r#""person":[]"#, "person"),
        (r#""person":null"#, "person"),
        (r#""person":{"time_zones":["Amerika/New_York"]}"#, "person.time_zones[0]"),
        (r#""person":{"time_zones":"Amerika/New_York"}"#, "person.time_zones"),
        (
            r#""person":{"confirmed_time_zone":{"zone":"X/Y","on":"2026-01-01"}}"#,
            "person.confirmed_time_zone.zone",
        ),
        (r#""person":{"confirmed_time_zone":{"in":"X/Y"}}"#, "person.confirmed_time_zone.in"),
        (r#""person":{"birth_date":"2008-13"}"#, "person.birth_date"),
        (r#""person":{"birth_date":2008}"#, "person.birth_date"),
        (r#""person":{"deceased_on":"2008-03"}"#, "person.deceased_on"),
        (r#""person":{"pause_until":"2026-07-02T08:00:00"}"#, "person.pause_until"),
        (r#""person":{"pause_until":"10000-01-01T00:00:00Z"}"#, "person.pause_until"),
        (r#""person":{"caps":[{"most":"3"}]}"#, "person.caps[0].most"),
        (r#""person":{"caps":[{"window":"a day"}]}"#, "person.caps[0].window"),
        (r#""person":{"caps":[{"scope":{"chanel":"sms"}}]}"#, "person.caps[0].scope.chanel"),
        (r#""person":{"caps":[{"scope":{"channel":[]}}]}"#, "person.caps[0].scope.channel"),
        (r#""person":{"hours":{"monday":[]}}"#, "person.hours.monday"),
        (r#""person":{"hours":{"mon":[["09:00"]]}}"#, "person.hours.mon[0]"),
        (r#""person":{"hours":{"mon":[["09:00","08:00"]]}}"#, "person.hours.mon"),
        (r#""person":{"hours":{"mon":[["09:00","25:00"]]}}"#, "person.hours.mon[0]"),
        (r#""content":{"length":"160"}"#, "content.length"),
        (r#""content":{"length":true}"#, "content.length"),
        (r#""contact":{"channel":["sms"]}"#, "contact.channel"),
        (r#""contact":{"purpose":[["care"]]}"#, "contact.purpose[0]"),
        (r#""contact":{"stage":"drafted"}"#, "contact.stage"),
        (r#""contact":{"fields":[{"nam":"x"}]}"#, "contact.fields[0].nam"),
        (r#""sender":{"seller":"acme"}"#, "sender.seller"),
        (r#""contacts":[{"seller":"acme"}]"#, "contacts[0].seller"),
        (r#""contacts":{"at":"2026-01-01"}"#, "contacts"),
        (r#""contacts":[null]"#, "contacts[0]"),
        (r#""contacts":[{"at":"2026-01-32"}]"#, "contacts[0].at"),
        (r#""contacts":[{"at":"2026-01-01T00:00:00"}]"#, "contacts[0].at"),
        (r#""contacts_complete_from":"2026-01-01""#, "contacts_complete_from"),
        (r#""consents":[{"level":"express"}]"#, "consents[0].kind"),
        (r#""consents":[{"kind":"granted"}]"#, "consents[0].kind"),
        (r#""consents":[{"kind":"void"}]"#, "consents[0].of"),
        (r#""consents":[{"kind":"grant","of":"x"}]"#, "consents[0].of"),
        (r#""consents":[{"kind":"revoke","level":"express"}]"#, "consents[0].level"),
        (r#""consents":[{"kind":"grant","families":["contact"]}]"#, "consents[0].families"),
        (r#""consents":[{"kind":"grant","scope":{"topic":[]}}]"#, "consents[0].scope.topic"),
        (r#""consents":[{"kind":"grant","scope":{"adress":"x"}}]"#, "consents[0].scope.adress"),
        (r#""lists":[{"list":"national_dnc"}]"#, "lists[0].address"),
        (r#""context":{"open_slots":{"cardiology":3}}"#, "context.open_slots.cardiology"),
        (r#""context":{"open_slots":{"cardiology":{"north":"3"}}}"#, "context.open_slots.cardiology.north"),
        (r#""settings":{"us.tcpa.lift":"yes"}"#, "settings[\"us.tcpa.lift\"]"),
        (r#""settings":{"us.tcpa.lifts":"maybe"}"#, "settings[\"us.tcpa.lifts\"]"),
        (r#""settings":["us.tcpa.lifts"]"#, "settings"),
        (r#""complete":["person.time_zones"]"#, "complete[0]"),
        (r#""complete":["lists.national_dc"]"#, "complete[0]"),
        (r#""horizon":"1 month""#, "horizon"),
        (r#""horizon":31"#, "horizon"),
        (r#""known_at":"yesterday""#, "known_at"),
        (r#""detail":"all""#, "detail"),
    ] {
        let (kind, at, _) = refused(rest);
        assert_eq!((kind, at.as_str()), (ErrorKind::Input, path), "{rest}");
    }
}

#[test]
fn with_what_was_meant() {
    for (rest, path, hint) in [
        (r#""contact":{"channell":"sms"}"#, "contact.channell", "did you mean `channel`?"),
        (r#""contatc":{}"#, "contatc", "did you mean `contact`?"),
        (
            r#""person":{"time_zones":["America/New_Yrok"]}"#,
            "person.time_zones[0]",
            "did you mean `America/New_York`?",
        ),
        (r#""consents":[{"kind":"revok"}]"#, "consents[0].kind", "did you mean `revoke`?"),
        (
            r#""settings":{"us.tcpa.lift":"yes"}"#,
            "settings[\"us.tcpa.lift\"]",
            "did you mean `us.tcpa.lifts`?",
        ),
        (r#""complete":["preference"]"#, "complete[0]", "did you mean `preferences`?"),
        (r#""complete":["lists.national_dc"]"#, "complete[0]", "did you mean `lists.national_dnc`?"),
    ] {
        assert_eq!(refused(rest), (ErrorKind::Input, path.to_string(), Some(hint.to_string())), "{rest}");
    }
}

#[test]
fn what_complete_may_name_is_told() {
    let hint = |word: &str| refused(&format!(r#""complete":["{word}"]"#)).2.unwrap();
    let all = hint("everything");
    for word in
        ["`preferences`", "`targeting`", "`consents`", "`signals`", "`lists.national_dnc`", "`person.hours`"]
    {
        assert!(all.contains(word), "{word}: {all}");
    }
    // `contacts` is one letter away, and claims something else.
    let below = hint("contact");
    assert!(below.contains("`contact.topic`") && !below.contains("contacts"), "{below}");
    // Of these an empty set says nothing, and what the engine works out is nobody's to claim.
    let person = hint("person");
    assert!(person.contains("`person.birth_date`") && !person.contains("person.time_zones"), "{person}");
    assert!(!hint("sender").contains("sender.seller"));
}

#[test]
fn beyond_limits() {
    let many = |n: usize, item: &str| vec![item; n].join(",");
    for (rest, path) in [
        (r#""horizon":"401 days""#.to_string(), "horizon"),
        (r#""horizon":"4294967295 weeks""#.to_string(), "horizon"),
        (format!(r#""contacts":[{}]"#, many(4_097, "{}")), "contacts"),
        (format!(r#""contact":{{"topic":[{}]}}"#, many(4_097, "\"x\"")), "contact.topic"),
    ] {
        let (kind, at, _) = refused(&rest);
        assert_eq!((kind, at.as_str()), (ErrorKind::Limit, path));
    }
    let zones: Vec<String> = crate::time::zone::names().take(65).map(|name| format!("\"{name}\"")).collect();
    let (kind, at, _) = refused(&format!(r#""person":{{"time_zones":[{}]}}"#, zones.join(",")));
    assert_eq!((kind, at.as_str()), (ErrorKind::Limit, "recipient.time_zones"));
}

#[test]
fn an_instant_must_be_asked_about() {
    for text in
        ["{}", r#"{"at":null}"#, r#"{"at":"2026-07-01"}"#, r#"{"at":"2026-07-01T12:00:00"}"#, r#"{"at":0}"#]
    {
        assert_eq!(read(text).unwrap_err().path(), Some("at"), "{text}");
    }
}

#[test]
fn the_same_name_for_two_events() {
    let text = r#"{"at":"2026-07-01T12:00:00Z","contacts":[
        {"id":"b"}, {"id":"a","at":"2026-06-01T00:00:00Z"}, {"id":"a","at":"2026-06-02T00:00:00Z"}]}"#;
    let error = read(text).unwrap_err();
    assert_eq!((error.path(), error.other_path()), (Some("contacts[2]"), Some("contacts[1]")));
}
