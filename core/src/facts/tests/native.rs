//! The native door gives what the JSON door gives, and refuses what does not fit.

use super::fixture::{intake, node, read};
use crate::facts::{Event, Slot, When};
use crate::time::{Instant, Micros};
use crate::typed::EventList;

#[test]
fn both_doors_agree() {
    let text = r#"{"at":"2026-07-01T12:00:00Z","horizon":"2 days",
        "person":{"id":"p","time_zones":"America/New_York"},"contact":{"channel":"sms","purpose":["care"]},
        "sender":{"id":"acme.clinic"},
        "consents":[{"id":"g","kind":"grant","level":"express","at":"2026-01-01T00:00:00Z"}],"contacts":[],
        "settings":{"us.tcpa.lifts":"yes"}}"#;
    let from_json = read(text).unwrap();
    let intake = intake();
    let fact = |path: &str| intake.vocabulary().fact(path).unwrap();
    let at = Instant::parse("2026-07-01T12:00:00Z").unwrap();
    let mut builder = intake.builder(at);
    let grant = builder.text("g");
    let (id, zone) = (builder.text("p"), builder.text("America/New_York"));
    builder.horizon(Micros::DAY.times(2));
    builder.set(fact("person.id"), Slot::Text(id)).set(fact("person.time_zones"), Slot::texts([zone]));
    builder.set(fact("contact.channel"), Slot::Node(node("channel", "sms")));
    builder.set(fact("contact.purpose"), Slot::nodes([node("purpose", "care")]));
    builder.set(fact("sender.id"), Slot::Node(node("sender", "acme.clinic")));
    builder.setting(0, Slot::Choice(1)).known(EventList::Contacts);
    let when = Instant::parse("2026-01-01T00:00:00Z").unwrap();
    let fields = vec![
        (fact("consents.id"), Slot::Text(grant)),
        (fact("consents.at"), Slot::Instant(when)),
        (fact("consents.kind"), Slot::Choice(0)),
        (fact("consents.level"), Slot::Node(node("level", "express"))),
    ];
    let event = Event { id: Some(grant), at: When::Instant(when), recorded_at: When::Undated, fields };
    builder.event(EventList::Consents, event).digest(from_json.digest.unwrap());
    let native = builder.finish().unwrap();
    assert_eq!(native.slots[1], Slot::texts([zone]));
    // Numbers of texts hang on who came first; everything else is the same.
    assert_eq!(
        (&native.contacts, &native.settings, native.horizon_us),
        (&from_json.contacts, &from_json.settings, from_json.horizon_us)
    );
    let (a, b) = (&native.consents.items[0], &from_json.consents.items[0]);
    assert_eq!((a.kind, a.lo, a.hi, a.level, &a.scope), (b.kind, b.lo, b.hi, b.level, &b.scope));
    for path in [
        "contact.channel",
        "contact.purpose",
        "sender.seller",
        "contact.stage",
        "agent.role",
        "recipient.role",
    ] {
        assert_eq!(native.slot(fact(path)), from_json.slot(fact(path)), "{path}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let intake = intake();
    let fact = |path: &str| intake.vocabulary().fact(path).unwrap();
    let refused = |path: &str, slot: Slot| {
        let mut builder = intake.builder(Instant(0));
        builder.set(fact(path), slot);
        assert_eq!(builder.finish().unwrap_err().path(), Some(path));
    };
    refused("contact.channel", Slot::Int(1));
    refused("contact.channel", Slot::Node(crate::taxonomy::NodeId(99)));
    refused("contact.channel", Slot::Node(crate::taxonomy::NodeId::ROOT));
    refused("contact.purpose", Slot::Nodes([].into()));
    refused("contact.purpose", Slot::Nodes([2, 1].map(crate::taxonomy::NodeId).into()));
    refused("contact.stage", Slot::Choice(2));
    refused("contacts.address", Slot::None);
    let mut builder = intake.builder(Instant(0));
    builder.horizon(Micros(-1));
    assert!(builder.finish().is_err());
    let mut builder = intake.builder(Instant(0));
    builder.set(crate::typed::FactId(u16::MAX), Slot::None);
    assert!(builder.finish().is_err());
}

#[test]
fn the_ends_of_time_are_no_trouble() {
    let intake = intake();
    for at in [Instant::MIN, Instant::MAX, Instant(0)] {
        let mut builder = intake.builder(at);
        let zones = ["America/New_York", "Pacific/Apia"].map(|zone| builder.text(zone));
        builder.set(intake.vocabulary().fact("person.time_zones").unwrap(), Slot::texts(zones));
        builder.horizon(Micros::DAY.times(400));
        for when in [
            When::Instant(Instant::MIN),
            When::Instant(Instant::MAX),
            When::Date(crate::time::Date(i32::MIN)),
            When::Date(crate::time::Date(i32::MAX)),
        ] {
            builder.event(EventList::Contacts, Event { at: when, ..Event::default() });
        }
        assert!(builder.finish().is_ok());
    }
}
