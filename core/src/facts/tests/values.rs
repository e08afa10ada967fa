//! Values as slots: sets, partial dates, weeks, maps, scopes; what follows from them; absent against empty.

use super::fixture::{at_noon, codes, node, slot};
use crate::facts::{Lookup, LookupResult, Part, Slot};
use crate::time::Date;

#[test]
fn absent_and_empty_differ() {
    let none = at_noon("");
    assert_eq!(slot(&none, "contact.topic"), Slot::Unknown);
    assert_eq!(slot(&none, "contact.responds_to"), Slot::None);
    assert_eq!(slot(&none, "contact.stage"), Slot::Choice(1));
    assert!(!none.contacts.known && !none.consents.events.known && none.lanes.unknown);
    let empty = at_noon(
        r#""person":{"jurisdictions":[],"time_zones":null},"contact":{"topic":[],"matter":null},
           "address":{"jurisdictions":[]},"contacts":[],"consents":[]"#,
    );
    assert_eq!(slot(&empty, "contact.topic"), Slot::None);
    assert_eq!(slot(&empty, "contact.matter"), Slot::None);
    assert_eq!(slot(&empty, "person.jurisdictions"), Slot::Unknown);
    assert_eq!(slot(&empty, "address.jurisdictions"), Slot::None);
    assert!(empty.contacts.known && empty.consents.events.known && empty.lanes.unknown);
}

#[test]
fn null_says_nothing_of_what_has_a_way_of_its_own_to_say_none() {
    let null = at_noon(
        r#""contact":{"topic":null,"fields":null,"channel":null,"purpose":null},
           "content":{"length":null},"contacts":null,"consents":null"#,
    );
    for path in ["contact.topic", "contact.fields", "contact.channel", "contact.purpose", "content.length"] {
        assert_eq!(slot(&null, path), Slot::Unknown, "{path}");
    }
    assert!(!null.contacts.known && !null.consents.events.known);
    // An empty list says it of a single value too; but there is always a channel.
    let none = at_noon(
        r#""person":{"birth_date":[],"hours":[]},"contact":{"channel":[],"matter":[]},"content":{"length":[]},
           "recipient":{"authority":[]}"#,
    );
    for path in
        ["person.birth_date", "person.hours", "contact.matter", "content.length", "recipient.authority.kind"]
    {
        assert_eq!(slot(&none, path), Slot::None, "{path}");
    }
    assert_eq!(slot(&none, "contact.channel"), Slot::Unknown);
}

#[test]
fn sets_are_sorted_and_a_bare_value_is_one() {
    let facts =
        at_noon(r#""contact":{"channel":"sms","purpose":["marketing","care","marketing"],"topic":"heart"}"#);
    assert_eq!(slot(&facts, "contact.channel"), Slot::Node(node("channel", "sms")));
    assert_eq!(slot(&facts, "contact.topic"), Slot::nodes([node("topic", "heart")]));
    let both = Slot::nodes([node("purpose", "care"), node("purpose", "marketing")]);
    assert_eq!(slot(&facts, "contact.purpose"), both);
}

#[test]
fn what_nobody_declared_is_unknown() {
    let facts = at_noon(r#""contact":{"channel":"smss","purpose":["care","x"],"topic":"any"}"#);
    for path in ["contact.channel", "contact.purpose", "contact.topic"] {
        assert_eq!(slot(&facts, path), Slot::Unknown, "{path}");
    }
    assert_eq!(codes(&facts), ["undeclared"; 3]);
    assert!(facts.warnings[0].message.contains("did you mean `sms`?"));
    // A part of a country is some part of it.
    let facts = at_noon(r#""person":{"jurisdictions":["DE-BY"]}"#);
    assert_eq!(slot(&facts, "person.jurisdictions"), Slot::nodes([node("jurisdiction", "DE")]));
    assert_eq!(codes(&facts), ["undeclared_part"]);
    assert_eq!(
        slot(&at_noon(r#""person":{"jurisdictions":["FR-75"]}"#), "person.jurisdictions"),
        Slot::Unknown
    );
}

#[test]
fn dates_of_any_precision() {
    let facts = at_noon(r#""person":{"birth_date":"2008-02"}"#);
    let day = |text: &str| Date::parse(text).unwrap();
    assert_eq!(
        slot(&facts, "person.birth_date"),
        Slot::Date { lo: day("2008-02-01"), hi: day("2008-02-29") }
    );
}

#[test]
fn without_a_recipient_it_is_the_person() {
    let facts = at_noon(r#""person":{"id":"p","time_zones":"America/New_York","deceased_on":"2026-01-01"}"#);
    assert_eq!(slot(&facts, "recipient.role"), Slot::Node(node("recipient_role", "self")));
    assert_eq!(slot(&facts, "recipient.id"), slot(&facts, "person.id"));
    assert_eq!(slot(&facts, "recipient.deceased_on"), slot(&facts, "person.deceased_on"));
    assert_eq!(facts.lanes.zones[0].name(), "America/New_York");
    let facts =
        at_noon(r#""person":{"id":"p","time_zones":"America/New_York"},"recipient":{"role":"parent"}"#);
    assert_eq!(slot(&facts, "recipient.id"), Slot::Unknown);
    assert!(facts.lanes.unknown);
}

#[test]
fn no_agent_is_none() {
    assert_eq!(slot(&at_noon(""), "agent.role"), Slot::None);
    assert_eq!(slot(&at_noon(r#""agent":{}"#), "agent.role"), Slot::Unknown);
}

#[test]
fn the_seller_follows_from_the_sender() {
    let facts = at_noon(
        r#""sender":{"id":"acme.clinic.front"},"contacts":[{"sender":"lone"}],"interactions":[{"sender":"acme.clinic"},{}]"#,
    );
    assert_eq!(slot(&facts, "sender.seller"), Slot::Node(node("sender", "acme")));
    let intake = super::fixture::intake();
    let column = |path: &str| {
        let vocabulary = intake.vocabulary();
        vocabulary.decl(vocabulary.fact(path).unwrap()).unwrap().slot
    };
    assert_eq!(*facts.contacts.cell(column("contacts.seller"), 0), Slot::Node(node("sender", "lone")));
    let sellers = [0, 1].map(|row| facts.interactions.cell(column("interactions.seller"), row).clone());
    assert!(sellers.contains(&Slot::Node(node("sender", "acme"))) && sellers.contains(&Slot::Unknown));
}

#[test]
fn data_is_what_selected_it_and_what_it_carries() {
    let data = |rest: &str| slot(&at_noon(&format!(r#""contact":{{{rest}}}"#)), "contact.data");
    let both = Slot::nodes([node("data_category", "diagnosis"), node("data_category", "name")]);
    assert_eq!(data(r#""data":"name","fields":[{"name":"d","category":"diagnosis"}]"#), both);
    assert_eq!(data(r#""data":[],"fields":[]"#), Slot::None);
    // Half of it is at least that half (law 2: leaving `fields` out must not permit more than giving them).
    let half = Slot::NodesAtLeast([node("data_category", "name")].into());
    assert_eq!(data(r#""data":"name""#), half);
    assert_eq!(data(r#""data":"name","fields":[{"name":"d"}]"#), half);
    assert_eq!(data(r#""fields":[]"#), Slot::Unknown);
}

#[test]
fn weeks_maps_and_scopes() {
    let facts = at_noon(
        r#""person":{"hours":{"mon":[["13:00","20:00"],["09:00","12:00"]],"tue":[]},
            "caps":[{"scope":{"channel":["sms","voice"],"purpose":"any","topic":"x","matter":"m"},"most":3,"window":"24 hours"}]},
           "context":{"open_slots":{"cardiology":{"south":0,"north":3},"dentist":{"north":1}}}"#,
    );
    let Slot::Week(hours) = slot(&facts, "person.hours") else { panic!() };
    assert_eq!(hours.week.day(crate::time::Weekday::Mon).rows(), [(32_400, 43_200), (46_800, 72_000)]);
    assert_eq!((hours.week.holiday(), hours.calendar), (None, None));
    let Slot::Records(caps) = slot(&facts, "person.caps") else { panic!() };
    let Slot::Scope(scope) = &caps[0][0] else { panic!() };
    assert_eq!(scope.channel, Part::named([node("channel", "sms"), node("channel", "voice")]));
    assert_eq!((&scope.purpose, &scope.topic, &scope.sender), (&Part::Open, &Part::Unknown, &Part::Open));
    assert_eq!(scope.matter, Part::named([facts.texts.find("m").unwrap()]));
    let Slot::Map(slots) = slot(&facts, "context.open_slots") else { panic!() };
    let (cardiology, north, south) =
        (node("service", "cardiology"), node("place", "north"), node("place", "south"));
    assert_eq!(*slots, [(cardiology, Some(north), Slot::Int(3)), (cardiology, Some(south), Slot::Int(0))]);
    assert_eq!(codes(&facts), ["undeclared", "undeclared"]);
    // A calendar that no pack has: the hours are not known.
    let facts = at_noon(r#""person":{"hours":{"holiday":[],"calendar":"us_federal"}}"#);
    assert_eq!(slot(&facts, "person.hours"), Slot::Unknown);
}

#[test]
fn settings_have_cautious_defaults() {
    assert_eq!(at_noon("").settings[0], Slot::Choice(0));
    assert_eq!(at_noon(r#""settings":{"us.tcpa.lifts":"yes"}"#).settings[0], Slot::Choice(1));
    assert_eq!(at_noon(r#""settings":{"us.tcpa.lifts":true}"#).settings[0], Slot::Choice(1));
}

#[test]
fn zones_that_agree_are_one_lane() {
    let facts = at_noon(r#""person":{"time_zones":["US/Eastern","America/New_York","America/Chicago"]}"#);
    let names: Vec<_> = facts.lanes.zones.iter().map(|zone| zone.name()).collect();
    assert_eq!(names, ["America/Chicago", "America/New_York"]);
    let facts = at_noon(
        r#""person":{"time_zones":["America/New_York","America/Los_Angeles"],
            "confirmed_time_zone":{"zone":"US/Eastern","on":"2025-11-10"}}"#,
    );
    let confirmed = facts.lanes.confirmed.unwrap();
    assert_eq!(facts.lanes.zones[usize::from(confirmed.lane)].name(), "America/New_York");
    assert_eq!(facts.lanes.zones.len(), 2);
    // Dated later: not confirmed yet, and asking again then makes a difference.
    let facts = at_noon(
        r#""person":{"time_zones":"America/New_York","confirmed_time_zone":{"zone":"US/Pacific","on":"2026-07-02"}}"#,
    );
    assert_eq!((facts.lanes.confirmed, facts.lanes.zones.len()), (None, 1));
    assert_eq!(facts.later.unwrap().to_string(), "2026-07-02T07:00:00Z");
}

#[test]
fn too_many_zones_are_unknown() {
    let zones = [
        "Pacific/Kiritimati",
        "Pacific/Apia",
        "Pacific/Auckland",
        "Asia/Tokyo",
        "Asia/Shanghai",
        "Asia/Kolkata",
        "Asia/Karachi",
        "Asia/Dubai",
        "Europe/Moscow",
        "Europe/Athens",
        "Europe/Paris",
        "Europe/London",
        "Atlantic/Azores",
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Los_Angeles",
    ];
    let listed = |n: usize| format!("{:?}", &zones[..n]);
    let facts = at_noon(&format!(r#""person":{{"time_zones":{}}}"#, listed(16)));
    assert_eq!((facts.lanes.zones.len(), facts.lanes.unknown), (16, false));
    let facts = at_noon(&format!(r#""person":{{"time_zones":{}}}"#, listed(17)));
    assert_eq!((facts.lanes.zones.len(), facts.lanes.unknown), (0, true));
    assert_eq!(codes(&facts), ["too_many_zones"]);
}

#[test]
fn completeness_is_claimed() {
    let facts = at_noon(r#""complete":["preferences","contacts","lists.reassigned","content.length"]"#);
    assert_eq!(slot(&facts, "person.pause_until"), Slot::None);
    assert_eq!(slot(&facts, "recipient.caps"), Slot::None);
    assert_eq!(slot(&facts, "content.length"), Slot::None);
    assert_eq!(slot(&facts, "contact.topic"), Slot::Unknown);
    assert!(facts.contacts.known && !facts.interactions.known);
    assert_eq!(facts.lookups, [Lookup::Unknown, Lookup::KnownNone]);
    // A value that could not be read is not absent.
    let facts = at_noon(r#""complete":["contact.topic"],"contact":{"topic":"x"}"#);
    assert_eq!(slot(&facts, "contact.topic"), Slot::Unknown);
}

#[test]
fn look_ups_are_of_the_address() {
    let lookups = |rest: &str| at_noon(&format!(r#""address":{{"value":"+1"}},{rest}"#)).lookups[0];
    let entry = |result: &str, address: &str, day: &str| {
        format!(r#"{{"list":"national_dnc","address":"{address}","result":"{result}","version_at":{day}}}"#)
    };
    let found = |result, day: Option<&str>| Lookup::Found {
        result,
        version_at: day.map(|day| Date::parse(day).unwrap()),
        asked_about: None,
    };
    assert_eq!(lookups(r#""lists":[]"#), Lookup::Unknown);
    assert_eq!(lookups(r#""lists":[],"complete":["lists"]"#), Lookup::KnownNone);
    assert_eq!(lookups(&format!(r#""lists":[{}]"#, entry("listed", "+2", "null"))), Lookup::Unknown);
    let (old, new) = (entry("listed", "+1", "\"2026-01-01\""), entry("not_listed", "+1", "\"2026-06-01\""));
    let newest = found(LookupResult::NotListed, Some("2026-06-01"));
    assert_eq!(lookups(&format!(r#""lists":[{old},{new}]"#)), newest);
    // What restricts wins a tie and needs no date.
    let tie = entry("listed", "+1", "\"2026-06-01\"");
    assert_eq!(
        lookups(&format!(r#""lists":[{new},{tie}]"#)),
        found(LookupResult::Listed, Some("2026-06-01"))
    );
    let undated = entry("listed", "+1", "null");
    assert_eq!(lookups(&format!(r#""lists":[{new},{undated}]"#)), found(LookupResult::Listed, None));
    let undated = entry("not_listed", "+1", "null");
    assert_eq!(
        lookups(&format!(r#""lists":[{undated},{old}]"#)),
        found(LookupResult::Listed, Some("2026-01-01"))
    );
    let no_result = r#"{"list":"national_dnc","address":"+1"}"#;
    assert_eq!(lookups(&format!(r#""lists":[{new},{no_result}]"#)), Lookup::Unknown);
}

#[test]
fn a_signal_that_is_on_is_on() {
    let on = |rest: &str| at_noon(rest).signals.on;
    assert_eq!(on(""), [None, None]);
    assert_eq!(on(r#""signals":[]"#), [Some(false), Some(false)]);
    assert_eq!(
        on(r#""signals":[{"kind":"gpc","on":true},{"kind":"gpc","on":false}]"#),
        [Some(true), Some(false)]
    );
    assert_eq!(on(r#""signals":[{"kind":"gpp"}]"#), [Some(false), None]);
    assert_eq!(on(r#""signals":[{"on":true}]"#), [None, None]);
}

#[test]
fn values_read_back_in_words() {
    let facts = at_noon(
        r#""person":{"id":"p","birth_date":"2008-03","time_zones":["America/New_York"],
            "hours":{"mon":[["09:00","12:00"],["13:00","24:00"]]},
            "caps":[{"scope":{"channel":["sms"],"topic":"x","matter":"m"},"most":3,"window":"24 hours"}]},
           "contact":{"channel":"sms","purpose":["marketing","care"],"matter":null,"responds_to":"r"},
           "context":{"open_slots":{"cardiology":{"north":3}}},"consents":[{"id":"r","kind":"revoke"}]"#,
    );
    let intake = super::fixture::intake();
    for (path, words) in [
        ("person.id", "p"),
        ("person.birth_date", "2008-03"),
        ("person.time_zones", "[America/New_York]"),
        ("person.pause_until", "unknown"),
        (
            "person.hours",
            "mon 09:00-12:00+13:00-24:00, tue none, wed none, thu none, fri none, sat none, sun none",
        ),
        (
            "person.caps",
            "[{scope: {channel: [sms], topic: unknown, matter: [m]}, most: 3, window: 24 hours}]",
        ),
        ("contact.channel", "sms"),
        ("contact.purpose", "[care, marketing]"),
        ("contact.matter", "none"),
        ("contact.stage", "final"),
        ("contact.responds_to", "r"),
        ("context.open_slots", "{cardiology north: 3}"),
    ] {
        let fact = intake.vocabulary().fact(path).unwrap();
        assert_eq!(facts.words_of(&intake.policy, fact), words, "{path}");
    }
    assert_eq!(facts.digest_hex().len(), 64);
    assert_eq!(facts.lanes.local(facts.at).unwrap(), "2026-07-01T08:00:00-04:00");
    assert_eq!(at_noon("").lanes.local(facts.at), None);
}
