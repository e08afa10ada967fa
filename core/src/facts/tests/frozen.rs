//! Frozen facts: what counts at the instant, voids, intervals, names of events.

use super::fixture::{at_noon, codes, node, slot};
use crate::facts::{By, ConsentKind, EventRef, EventTime, Facts, Families, Slot};
use crate::time::Instant;
use crate::typed::EventList;

fn t(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn ids(facts: &Facts) -> Vec<&str> {
    let mut ids: Vec<&str> =
        facts.consents.items.iter().map(|item| item.id.map_or("", |id| facts.texts.text(id))).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn later_dated_events_are_left_out_and_bound_the_answer() {
    let facts = at_noon(
        r#""contacts":[{"at":"2026-07-01T12:00:00Z"},{"at":"2026-07-01T12:00:01Z"},{"at":"2026-08-01T00:00:00Z"}],
           "consents":[{"id":"g","kind":"grant","at":"2026-07-01T13:00:00Z"}]"#,
    );
    assert_eq!((facts.contacts.len(), facts.consents.items.len()), (1, 0));
    assert_eq!(facts.later, Some(t("2026-07-01T12:00:01Z")));
    assert_eq!(codes(&facts), ["later_dated", "later_dated"]);
    assert_eq!(facts.warnings[1].path, "contacts");
    let message =
        "2 events dated or recorded after the instant are left out, the first until 2026-07-01T12:00:01Z";
    assert_eq!(facts.warnings[1].message, message);
}

#[test]
fn a_known_revocation_counts_at_once() {
    let ahead = r#""consents":[{"id":"r","kind":"revoke","at":"2026-07-01T13:00:00Z""#;
    // Recorded when it happened, so not known yet (F9).
    let facts = at_noon(&format!("{ahead}}}]"));
    assert_eq!((facts.consents.items.len(), facts.later), (0, Some(t("2026-07-01T13:00:00Z"))));
    let facts = at_noon(&format!(r#"{ahead},"recorded_at":"2026-07-01T11:59:00Z"}}]"#));
    assert_eq!((facts.consents.items.len(), facts.later), (1, None));
    let facts = at_noon(&format!(r#""known_at":"2026-07-01T14:00:00Z",{ahead}}}]"#));
    assert_eq!(facts.consents.items.len(), 1);
}

#[test]
fn what_was_recorded_later_was_not_known() {
    let event = r#""contacts":[{"at":"2026-06-01T00:00:00Z","recorded_at":"2026-06-20T00:00:00Z"}]"#;
    assert_eq!(at_noon(event).contacts.len(), 1);
    let then = at_noon(&format!(r#""known_at":"2026-06-19T00:00:00Z",{event}"#));
    assert_eq!((then.contacts.len(), then.later, then.warnings.len()), (0, None, 0));
    let backdated = r#""contacts":[{"at":"2026-06-01T00:00:00Z","recorded_at":"2026-07-02T00:00:00Z"}]"#;
    let facts = at_noon(backdated);
    assert_eq!((facts.contacts.len(), facts.later), (0, Some(t("2026-07-02T00:00:00Z"))));
}

#[test]
fn days_are_spans() {
    let span = |rest: &str| at_noon(rest).contacts.times[0];
    let contacts = r#""contacts":[{"at":"2026-06-30"}]"#;
    let ny = span(&format!(r#""person":{{"time_zones":"America/New_York"}},{contacts}"#));
    assert_eq!(ny, EventTime { lo: t("2026-06-30T04:00:00Z"), hi: t("2026-07-01T03:59:59.999999Z") });
    let world = span(contacts);
    assert_eq!(world, EventTime { lo: t("2026-06-29T10:00:00Z"), hi: t("2026-07-01T11:59:59.999999Z") });
    assert_eq!(span(r#""contacts":[{}]"#), EventTime::UNDATED);
}

#[test]
fn a_day_binds_from_its_first_start_and_frees_from_its_last() {
    // At 2026-07-01T12:00Z it is already the 2nd at +14, and just the 1st at −12.
    let kinds = |day: &str| {
        let facts = at_noon(&format!(
            r#""consents":[{{"id":"g","kind":"grant","at":"{day}"}},{{"id":"r","kind":"revoke","at":"{day}"}}],
               "contacts":[{{"at":"{day}"}}],"interactions":[{{"at":"{day}"}}]"#
        ));
        (ids(&facts).join(""), facts.contacts.len(), facts.interactions.len())
    };
    assert_eq!(kinds("2026-07-01"), ("gr".to_string(), 1, 1));
    assert_eq!(kinds("2026-07-02"), ("r".to_string(), 1, 0));
    assert_eq!(kinds("2026-07-03"), (String::new(), 0, 0));
}

#[test]
fn ends_that_restrict() {
    let facts = at_noon(
        r#""person":{"time_zones":"UTC"},"consents":[
           {"id":"g","kind":"grant"},{"id":"r","kind":"revoke"},
           {"id":"s","kind":"revoke","recorded_at":"2026-03-01T00:00:00Z"},{"id":"d","kind":"revoke","at":"2026-07-01"}]"#,
    );
    let of = |id: &str| facts.consents.items.iter().find(|i| i.id == facts.texts.find(id)).unwrap();
    assert_eq!(of("g").lo, Instant::MIN);
    assert_eq!(of("r").hi, Instant::MAX);
    assert_eq!(of("s").hi, t("2026-03-01T00:00:00Z"));
    assert!(of("g").is_undated() && of("r").is_undated() && !of("s").is_undated());
    assert_eq!(of("d").hi, t("2026-07-01T23:59:59.999999Z"));
}

#[test]
fn newest_first() {
    let facts = at_noon(
        r#""contacts":[{"id":"a","at":"2026-01-01T00:00:00Z"},{"id":"c"},{"id":"b","at":"2026-02-01T00:00:00Z"}]"#,
    );
    let names: Vec<_> = facts.contacts.ids.iter().map(|id| facts.texts.text(id.unwrap())).collect();
    assert_eq!(names, ["c", "b", "a"]);
}

#[test]
fn voids_take_back() {
    let consents = |voids: &str| {
        let facts = at_noon(&format!(
            r#""consents":[{{"id":"g","kind":"grant"}},{{"id":"r","kind":"revoke"}}{voids}]"#
        ));
        ids(&facts).join("")
    };
    assert_eq!(consents(""), "gr");
    assert_eq!(consents(r#",{"kind":"void","of":"r","at":"2026-06-02T00:00:00Z"}"#), "g");
    assert_eq!(consents(r#",{"kind":"void","of":"r","recorded_at":"2026-06-02T00:00:00Z"}"#), "g");
    // It may lie ahead: then a refusal stands, and a grant is taken back.
    assert_eq!(consents(r#",{"kind":"void","of":"r"}"#), "gr");
    assert_eq!(consents(r#",{"kind":"void","of":"g"}"#), "r");
    assert_eq!(consents(r#",{"kind":"void","of":"r","at":"2026-07-02T00:00:00Z"}"#), "gr");
    // A void taken back takes nothing back, at any depth.
    let void = |id: &str, of: &str| {
        format!(r#",{{"id":"{id}","kind":"void","of":"{of}","at":"2026-06-02T00:00:00Z"}}"#)
    };
    assert_eq!(consents(&(void("v", "r") + &void("w", "v"))), "gr");
    assert_eq!(consents(&(void("v", "r") + &void("w", "v") + &void("x", "w"))), "g");
    assert_eq!(consents(&(void("v", "r") + &void("x", "r") + &void("w", "v"))), "g");
    // In a ring nobody was first: grants go, refusals stay.
    assert_eq!(consents(&(void("v", "w") + &void("w", "v"))), "gr");
    let facts = at_noon(r#""consents":[{"kind":"void","of":"nobody"}]"#);
    assert_eq!(codes(&facts), ["undated_void", "void_of_nothing"]);
}

#[test]
fn messages_classed_as_revocations_are_in_no_list() {
    let facts = at_noon(
        r#""interactions":[{"kind":"inquiry","classed_as":"revocation"},{"kind":"inquiry","classed_as":"other"}]"#,
    );
    assert_eq!(facts.interactions.len(), 1);
}

#[test]
fn an_event_is_named_by_its_id() {
    let events = r#""consents":[{"id":"r","kind":"revoke","at":"2026-06-01T00:00:00Z"},{"id":"x","kind":"grant"}],
        "interactions":[{"id":"i"},{"id":"x"}]"#;
    let responds = |id: &str| {
        let facts = at_noon(&format!(r#""contact":{{"responds_to":"{id}"}},{events}"#));
        (slot(&facts, "contact.responds_to"), codes(&facts))
    };
    let event = |list, row| Slot::Event(EventRef { list, row });
    let (found, warned) = responds("r");
    // The undated grant stands as neither newer nor older than all: it is first by its open end.
    assert_eq!((found, warned), (event(EventList::Consents, 1), vec![]));
    assert!(matches!(responds("i").0, Slot::Event(EventRef { list: EventList::Interactions, .. })));
    assert_eq!(responds("x"), (Slot::Unknown, vec!["ambiguous_event"]));
    assert_eq!(responds("nobody"), (Slot::Unknown, vec!["no_such_event"]));
}

#[test]
fn a_consent_event_is_ready_for_the_fold() {
    let facts = at_noon(
        r#""person":{"id":"p"},"recipient":{"id":"q","role":"parent"},"consents":[
            {"id":"g","kind":"grant","level":"express","scope":{"channel":"text","topic":"x","address":"+1"},
             "by":"parent","expires_on":"2027-01-01","holder":"q"},
            {"id":"r","kind":"revoke","families":["hipaa"]},{"id":"s","kind":"revoke","families":["nobody"],"holder":"z"}]"#,
    );
    let of = |id: &str| facts.consents.items.iter().find(|i| i.id == facts.texts.find(id)).unwrap();
    let g = of("g");
    assert_eq!(
        (g.kind, g.level, g.by),
        (ConsentKind::Grant, Some(node("level", "express")), Some(By::Parent))
    );
    assert_eq!((g.of_person, g.of_recipient), (Some(false), Some(true)));
    assert_eq!(g.expires.on.unwrap().to_string(), "2027-01-01");
    assert_eq!(g.scope.channel, crate::facts::Part::named([node("channel", "text")]));
    assert_eq!(g.scope.topic, crate::facts::Part::Unknown);
    assert_eq!(g.scope.purpose, crate::facts::Part::Open);
    assert_eq!(of("r").families, Families::Named([node("level", "hipaa")].into()));
    assert_eq!((of("r").of_person, of("r").of_recipient), (Some(true), Some(false)));
    assert_eq!((&of("s").families, of("s").of_person), (&Families::Open, Some(false)));
    // Without ids, another holder may be anybody.
    let facts = at_noon(r#""consents":[{"kind":"grant","holder":"q"}]"#);
    assert_eq!((facts.consents.items[0].of_person, facts.consents.items[0].of_recipient), (None, None));
}
