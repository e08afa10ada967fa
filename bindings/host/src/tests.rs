//! What every binding leaves to this crate.

use crate::{Core, Fault, Over, guarded, limits, limits_text, policy, read_decision, written};
use byleave::Verdict;
use byleave::wire::flat::{Keys, Written};
use byleave::wire::{Json, Limits};
use byleave_packs::load::Wanted;
use std::sync::Arc;

const SHOP: &str = r#"
pack org.shop { title "The shop" edition "1" }
use core
use us.tcpa
sender shop marked seller
reaches US by text
"#;

const EVENING: &str = r#"{
    "at": "2026-07-01T21:30:00-04:00",
    "person": { "time_zones": ["America/New_York"], "jurisdictions": ["US-NY"] },
    "sender": { "id": "shop", "kind": ["seller"] },
    "contact": { "channel": "sms", "purpose": ["marketing"], "technology": ["manual"] },
    "address": { "value": "+12125550142", "line": ["wireless"] },
    "content": { "includes": ["sender_identity", "sender_contact"] },
    "consents": [],
    "lists": [{ "list": "national_dnc", "address": "+12125550142", "result": "not_listed", "version_at": "2026-06-20" }]
}"#;

fn wanted(text: &str) -> Wanted {
    Wanted { texts: vec![(policy::UNNAMED.to_owned(), text.into())], ..Wanted::default() }
}

fn shop() -> Arc<Core> {
    policy::build(policy::find(&wanted(SHOP)).unwrap().builder()).unwrap()
}

fn json(text: &str) -> Json {
    Json::parse(text, &Limits::MOST).unwrap()
}

#[test]
fn an_instant_that_lies_over_a_request_gives_the_same_answer_however_it_is_written() {
    let core = shop();
    let over = |text: &str| {
        let tree = core.tree(EVENING.as_bytes()).unwrap();
        written(&core.decide(tree, Over::parse(text).unwrap()).unwrap()).unwrap()
    };
    let noon = over(r#"{"at": "2026-07-01T12:00:00-04:00"}"#);
    assert!(noon.starts_with(r#"{"outcome":"allow""#), "{noon}");
    assert_eq!(noon, over(r#"{"at": "2026-07-01T16:00:00Z"}"#));
    assert_ne!(noon, over("{}"));
    assert_eq!(read_decision(&noon).unwrap(), noon);
}

#[test]
fn settings_lie_over_by_name() {
    let lay = |over: &str, request: &str| Over::parse(over).unwrap().lay(json(request));
    assert_eq!(
        lay(r#"{"settings": {"a": "2", "c": "3"}}"#, r#"{"settings": {"a": "1", "b": "1"}}"#),
        json(r#"{"settings": {"a": "2", "b": "1", "c": "3"}}"#)
    );
    assert_eq!(lay(r#"{"settings": {"a": "2"}}"#, "{}"), json(r#"{"settings": {"a": "2"}}"#));
    assert_eq!(lay(r#"{"detail": "full"}"#, r#"{"detail": "outcome"}"#), json(r#"{"detail": "full"}"#));
    let fault = Over::parse(r#"{"settings": ["a"]}"#).unwrap_err();
    assert_eq!(fault.error().path.as_deref(), Some("settings"));
    assert!(Over::parse("7").is_err());
}

#[test]
fn prepared_facts_are_those_of_the_engine_that_prepared_them() {
    let (one, other) = (shop(), shop());
    let facts = one.facts(json(EVENING), Over::default()).unwrap();
    assert!(matches!(one.verdict(&facts).unwrap(), Verdict::Defer(_)));
    let whole = one.decide(json(EVENING), Over::default()).unwrap();
    assert_eq!(written(&one.decide_facts(&facts).unwrap()).unwrap(), written(&whole).unwrap());
    for fault in [other.verdict(&facts).unwrap_err(), other.decide_facts(&facts).unwrap_err()] {
        assert_eq!(fault.error().message, "these facts were prepared by another engine");
    }
}

#[test]
fn the_rest_of_an_answer_is_the_same_whenever_it_is_asked_for() {
    fn write(out: &mut Written, keys: &Keys, json: &serde_json::Value) -> Option<()> {
        fn value(out: &mut Written, keys: &Keys, json: &serde_json::Value) -> Option<()> {
            match json {
                serde_json::Value::Null => out.null(),
                serde_json::Value::Bool(b) => out.bool(*b),
                serde_json::Value::Number(n) => out.int(n.as_i64()?),
                serde_json::Value::String(text) => out.text(text),
                serde_json::Value::Array(items) => {
                    out.list(items.len())?;
                    items.iter().try_for_each(|it| value(out, keys, it))
                }
                serde_json::Value::Object(entries) => {
                    let mut object = out.open()?;
                    for (key, inner) in entries {
                        out.key(&mut object, key, keys)?;
                        value(out, keys, inner)?;
                    }
                    out.close(object)
                }
            }
        }
        out.begin();
        value(out, keys, json)
    }
    let core = shop();
    let plain: serde_json::Value = serde_json::from_str(EVENING).unwrap();
    for detail in ["outcome", "blocking", "full"] {
        let over = Over::parse(&format!(r#"{{"detail": "{detail}"}}"#)).unwrap();
        let whole = core.decide(json(EVENING), over.clone()).unwrap();
        let mut lent = core.lend();
        write(&mut lent.written, core.engine.keys(), &plain).unwrap();
        let found = lent.find(&core, &over).unwrap();
        let mut later = lent.later(over.clone());
        // Others' requests meanwhile, of which some have a desk of their own, and some none.
        let other = serde_json::json!({"at": "2020-01-01T00:00:00Z"});
        let others: Vec<_> = (0..20)
            .map(|n| {
                let asked = if n % 2 == 0 { &plain } else { &other };
                let mut lent = core.lend();
                write(&mut lent.written, core.engine.keys(), asked).unwrap();
                lent.find(&core, &over).unwrap();
                (n, lent.later(over.clone()))
            })
            .collect();
        assert_eq!(found.outcome(), whole.outcome);
        assert_eq!(written(&later.decide().unwrap()).unwrap(), written(&whole).unwrap(), "{detail}");
        for (n, mut later) in others {
            let said = written(&later.decide().unwrap()).unwrap();
            assert_eq!(said == written(&whole).unwrap(), n % 2 == 0, "{detail} {n}");
        }
    }
}

#[test]
fn limits_by_name() {
    let refused = |text: &str| limits(&json(text)).unwrap_err().error().path.clone().unwrap();
    assert_eq!(limits(&json(r#"{"events": 1}"#)).unwrap(), Limits { events: 1, ..Limits::MOST });
    assert_eq!(limits(&json("{}")).unwrap(), Limits::MOST);
    assert_eq!(limits(&json(&limits_text(&Limits::MOST))).unwrap(), Limits::MOST);
    assert_eq!(refused("7"), "limits");
    for (text, path) in [
        (r#"{"evnts": 1}"#, "limits.evnts"),
        (r#"{"events": 5000}"#, "limits.events"),
        (r#"{"events": -1}"#, "limits.events"),
        (r#"{"events": 1.5}"#, "limits.events"),
        (r#"{"events": null}"#, "limits.events"),
        (r#"{"horizon_days": 401}"#, "limits.horizon_days"),
    ] {
        assert_eq!(refused(text), path, "{text}");
    }
    let small = policy::find(&wanted(SHOP)).unwrap().builder().limits(Limits { depth: 1, ..Limits::MOST });
    let small = policy::build(small).unwrap();
    let fault = small.decide(json(EVENING), Over::default()).unwrap_err();
    assert_eq!(fault.error().kind, "limit");
}

#[test]
fn what_cannot_be_loaded_is_told_by_the_argument() {
    let fault = |wanted: &Wanted| policy::find(wanted).map(|_| ()).unwrap_err();
    let names = Wanted { names: vec!["us.tcpa".to_owned(), "us.tcpaa".to_owned()], ..Wanted::default() };
    let slip = fault(&names);
    assert_eq!(slip.error().path.as_deref(), Some("packs[1]"));
    assert_eq!(slip.error().hint.as_deref(), Some("did you mean `us.tcpa`?"));
    assert!(policy::named(&Wanted::default(), false).is_ok());
    assert!(policy::named(&Wanted::default(), true).is_err());
    assert!(policy::named(&names, true).is_ok());
    assert!(policy::names().any(|name| name == "us.tcpa"));
}

#[test]
fn policy_that_does_not_check_brings_its_diagnostics() {
    let bad = wanted("pack org.a { title \"a\" edition \"1\" }\nuse core\nrule x { when solicitatio }\n");
    let fault = policy::build(policy::find(&bad).unwrap().builder()).map(|_| ()).unwrap_err();
    assert_eq!(fault.error().kind, "policy");
    assert!(!fault.diagnostics().is_empty());
    let told: serde_json::Value = serde_json::from_str(&fault.text()).unwrap();
    assert_eq!(told["error"]["kind"], "policy");
    assert_eq!(told["diagnostics"].as_array().unwrap().len(), fault.diagnostics().len());
    assert_eq!(policy::mistakes(&bad).unwrap().len(), fault.diagnostics().len());
}

#[test]
fn a_fault_in_one_of_several_says_in_which() {
    let path = |path: &str| Fault::input(path, "no", None).in_request(17).error().path.clone().unwrap();
    assert_eq!(path(""), "[17]");
    assert_eq!(path("contact.channel"), "[17].contact.channel");
    assert_eq!(path("[3].x"), "[17][3].x");
}

#[test]
fn arguments_of_locate_are_texts_by_name() {
    let told = crate::locate(json(r#"{"state": null, "phone": "+18505550142"}"#)).unwrap();
    assert_eq!(told.get("presumed"), Some(&Json::Bool(true)));
    for (asked, path, said) in [
        (r#"[]"#, None, "expected phone, state, confirmed, at by name, not a list"),
        (r#"{"phone": 8505550142}"#, Some("phone"), "expected text, not a number"),
        (r#"{"phone": "1", "at": "1", "phone": "2"}"#, Some("phone"), "this key is given twice"),
        (r#"{"zip": "32501"}"#, Some("zip"), "there is no such argument"),
        (r#"{"confirmed": "FL"}"#, Some("confirmed"), "expected state, time_zone, on by name, not a text"),
        (r#"{"confirmed": {"on": true}}"#, Some("confirmed.on"), "expected text, not true or false"),
    ] {
        let fault = crate::locate(json(asked)).unwrap_err();
        assert_eq!((fault.error().path.as_deref(), fault.error().message.as_str()), (path, said), "{asked}");
    }
}

#[test]
fn a_panic_is_a_fault() {
    let fault = guarded(|| -> Result<(), Fault> { panic!("this is meant to be seen") }).unwrap_err();
    assert_eq!(fault.error().kind, "internal");
}
