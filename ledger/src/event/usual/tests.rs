//! Usual events are read as all others are.

use super::*;
use proptest::prelude::*;

const AT: &str = "2026-07-01T16:00:02Z";

/// Everything that is to be the same, as text.
fn all(event: &Event) -> String {
    let Event { key, person, list, recorded_at, .. } = event;
    let (words, record, addresses) = (event.words(), event.record(), event.addresses());
    format!("{:?}", (key, person, list, recorded_at, words, event.revokes(), addresses, record))
}

/// Whether it was read without the tree; if it was, as the tree reads it.
fn same(text: &str) -> bool {
    let Some(usual) = read(text, None) else { return false };
    assert_eq!(all(&usual), all(&Event::by_tree(text).expect(text)), "{text}");
    true
}

fn event(list: &str, record: &str, more: &str) -> String {
    format!(
        r#"{{ "key":"k/1","person":"p","source":"s", "list":"{list}","actor":{{"kind":"staff","id":"u"}},"recorded_at":"{AT}"{more},"event":{record}}}"#
    )
}

#[test]
fn usual_events_need_no_tree() {
    let digits = "0123456789abcdef".repeat(4);
    for text in [
        event("consents", r#"{"kind":"grant","scope":{"purpose":["b","a"],"address":["+1"]},"at":"x"}"#, ""),
        event("consents", r#"{"kind":"revoke","address":"+2","scope":{"address":["+1", 7, "+3"]}}"#, ""),
        event("consents", r#"{"kind":"revoke","scope":{"address":"+1"}}"#, ""),
        event("consents", r#"{"kind":"revoke","id":"k/1","recorded_at":"then"}"#, ""),
        event("contacts", r#"{"at":"2026-07-01","n":12,"ok":true,"none":null,"list":[[2,1],{}]}"#, ""),
        event("interactions", "{}", r#","method":"told by telephone""#),
        event("lists", r#"{"list":"national_dnc","address":"+1","id":7}"#, ""),
        event("signals", r#"{"kind":"gpc","on":true}"#, ""),
        event("preferences", r#"{"at":"2026-07-01T00:00:00+02:00","set":{"caps":[]}}"#, ""),
        event("contacts", "{}", &format!(r#","text_shown":{{"language":"en","sha256":"{digits}"}}"#)),
        event("contacts", "{}", "")
            .replace(r#""kind":"staff""#, r#""kind":"representative","authority":"power""#),
        event("contacts", "{}", "").replace(AT, "2026-07-01T18:00:02.1234567+02:00"),
    ] {
        assert!(same(&text), "{text}");
    }
}

#[test]
fn what_is_unusual_is_left_to_the_tree() {
    let long = "x".repeat(513);
    let good = event("contacts", "{}", "");
    for (from, to) in [
        (r#""key":"k/1""#, r#""key":"k\/1""#),
        (r#""key":"k/1""#, r#""key":"""#),
        (r#""key":"k/1""#, r#""key":1"#),
        (r#""key":"k/1","#, ""),
        (r#""person":"p""#, &format!(r#""person":"{long}""#)),
        (r#""source":"s","#, ""),
        ("contacts", "contact"),
        (AT, "2026-07-01T16:00:02"),
        (AT, "2026-07-01T16:00:02Z[UTC]"),
        (r#""kind":"staff""#, r#""kind":"robot""#),
        (r#""kind":"staff""#, r#""kind":"representative""#),
        (r#""kind":"staff""#, r#""kind":"staff","name":"x""#),
        (r#""id":"u""#, r#""id":"""#),
        (r#""event":{}"#, r#""event":[]"#),
        (r#""event":{}"#, r#""event":{},"note":"x""#),
        (r#""event":{}"#, r#""event":{"id":"other"}"#),
        (r#""event":{}"#, r#""event":{"n":1.5}"#),
        (r#""event":{}"#, r#""event":{},"method":"""#),
        (r#""event":{}"#, r#""event":{},"text_shown":{"sha256":"ABC","language":"en"}"#),
        (r#""event":{}"#, r#""event":{},"text_shown":{"language":"en"}"#),
    ] {
        let text = good.replace(from, to);
        assert_ne!(text, good, "{from}");
        assert!(read(&text, None).is_none(), "{text}");
    }
    for (list, record) in [
        ("voids", r#"{"of":"k/0","why":"told in error"}"#),
        ("links", r#"{"with":"q","why":"the same"}"#),
        ("decisions", "{}"),
        ("preferences", r#"{"at":"2026-07-01","set":{}}"#),
        ("preferences", r#"{"at":"2026-07-01T00:00:00Z","set":[]}"#),
    ] {
        assert!(read(&event(list, record, ""), None).is_none(), "{list}");
    }
    let heavy = format!(r#"{{"note":[{}]}}"#, vec![format!("\"{}\"", "x".repeat(16_000)); 17].join(","));
    assert!(read(&event("contacts", &heavy, ""), None).is_none());
}

#[test]
fn an_event_that_does_not_say_when_is_recorded_when_it_is_read() {
    let at: Timestamp = "2026-08-01T00:00:00.1234567Z".parse().expect("an instant");
    let silent = event("contacts", "{}", "").replace(&format!(r#""recorded_at":"{AT}","#), "");
    assert!(read(&silent, None).is_none());
    let usual = read(&silent, Some(at)).expect("an event");
    // With an escape in it the tree reads it.
    let other = Event::parse_at(&silent.replace("k/1", "k\\/1"), at).expect("an event");
    assert_eq!(all(&usual), all(&other));
    assert_eq!(usual.recorded_at.to_string(), "2026-08-01T00:00:00.123456Z");
    let says = Event::parse_at(&event("contacts", "{}", ""), at).expect("an event");
    assert_eq!(says.recorded_at.to_string(), AT);
    assert_eq!(Event::parse(&silent).expect_err("no instant").path(), Some("recorded_at"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]
    #[test]
    fn whatever_is_read_is_read_as_the_tree_reads_it(
        at in 0usize..400,
        with in r#"[\[\]{}",:0-9eE.\\ \-a-d]{0,2}"#,
        cut in 0usize..3,
        revokes in any::<bool>(),
    ) {
        let kind = if revokes { "revoke" } else { "grant" };
        let record = format!(r#"{{"kind":"{kind}","at":"{AT}","scope":{{"address":["+12125550142"],"n":[1,{{}}]}},"by":"holder"}}"#);
        let digits = "0123456789abcdef".repeat(4);
        let whole = event("consents", &record, &format!(r#","text_shown":{{"language":"en","sha256":"{digits}"}}"#));
        let mut text: Vec<char> = whole.chars().collect();
        let at = at.min(text.len());
        let until = (at + cut).min(text.len());
        text.splice(at..until, with.chars());
        same(&text.into_iter().collect::<String>());
    }
}
