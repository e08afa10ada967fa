//! Where a person is: the cases in `places/cases.json`, every area code as others know it, and what an engine makes of the facts.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // a test may fail

use byleave::{Decision, Engine, Outcome};
use byleave_packs::locate::{Confirmed, Known, Located, locate};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/places").join(name);
    fs::read_to_string(&file).expect(name)
}

/// The lines of a table, each cut at its tabs.
fn table(text: &str) -> Vec<Vec<&str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect()).collect()
}

fn told(located: &Located) -> Value {
    let mut text = String::new();
    located.to_json().write_canonical(&mut text);
    serde_json::from_str(&text).expect("JSON")
}

fn of_phone(phone: &str) -> Located {
    locate(&Known { phone: Some(phone), ..Known::default() })
}

#[test]
fn the_cases() {
    let cases: Value = serde_json::from_str(&read("cases.json")).expect("JSON");
    let cases = cases["cases"].as_array().expect("cases");
    let mut wrong = Vec::new();
    for case in cases {
        let known = &case["known"];
        let confirmed = known.get("confirmed").map(|it| Confirmed {
            state: it["state"].as_str(),
            time_zone: it["time_zone"].as_str(),
            on: it["on"].as_str(),
        });
        let (phone, state, at) = (known["phone"].as_str(), known["state"].as_str(), known["at"].as_str());
        let mut got = told(&locate(&Known { phone, state, confirmed, at }));
        for because in got["because"].as_array_mut().expect("a list") {
            let word = |key: &str| because[key].as_str().expect("text").to_owned();
            assert!(!word("sentence").is_empty());
            *because = json!(format!("{} {}", word("of"), word("kind")));
        }
        if got != case["told"] {
            wrong.push(format!("{}: {got}\n  expected {}", case["name"], case["told"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{} cases", cases.len());
}

/// The same clock under another name: the two have shown the same time, hour by hour, since Metlakatla came back to Alaska's.
fn same_clock(a: &str, b: &str) -> bool {
    use byleave::time::{Date, zone::zone};
    let (a, b) = (zone(a).expect(a), zone(b).expect(b));
    let day = |y, m, d| Date::from_ymd(y, m, d).expect("a date");
    let (first, last) = (day(2019, 1, 21), day(2040, 12, 31));
    let hour = 3_600_000_000;
    let start = |day: Date| i64::from(day.0) * 24 * hour;
    let mut at = start(first);
    while at < start(last) {
        let at_a = a.segment(byleave::Instant(at));
        let at_b = b.segment(byleave::Instant(at));
        if at_a.offset_seconds != at_b.offset_seconds {
            return false;
        }
        at = at_a.end.0.min(at_b.end.0);
    }
    true
}

#[test]
fn every_area_code_has_the_zones_that_phonenumbers_finds() {
    let text = read("area_codes.tsv");
    // An overlay has the zones of what it lies over, of which phonenumbers has seen one.
    let wider = ["364", "448", "458", "930"];
    let mut seen = 0;
    for row in table(&text) {
        let located = of_phone(&format!("+1{}5550142", row[0]));
        let theirs: Vec<&str> = row[1].split(' ').filter(|it| *it != "-").collect();
        let (ours, of_number) = (&located.zones, located.of_number.unwrap_or_default());
        if of_number.is_empty() || of_number.iter().any(|it| !it.starts_with("US-")) {
            assert!(ours.is_empty(), "{row:?}: {ours:?}");
            continue;
        }
        seen += 1;
        assert!(!theirs.is_empty() && !ours.is_empty(), "{row:?}");
        for zone in &theirs {
            assert!(ours.iter().any(|it| same_clock(it, zone)), "{row:?}: {ours:?} has nothing like {zone}");
        }
        for zone in ours {
            let found = theirs.iter().any(|it| same_clock(it, zone));
            assert!(found || wider.contains(&row[0]), "{row:?}: {zone} is nowhere in them");
        }
    }
    assert!(seen > 350, "{seen}");
}

#[test]
fn every_area_code_belongs_where_others_say() {
    let text = read("area_codes.tsv");
    let territories = [("AS", "US-AS"), ("GU", "US-GU"), ("MP", "US-MP"), ("PR", "US-PR"), ("VI", "US-VI")];
    for row in table(&text) {
        let located = of_phone(&format!("+1{}5550142", row[0]));
        let kind = located.because[0].kind;
        let country = row[2];
        let expected = match row[3] {
            "-" => &["unassigned", "unreadable", "no_place"][..],
            "TOLL_FREE" => &["toll_free"],
            "PREMIUM_RATE" => &["premium"],
            "PERSONAL_NUMBER" => &["personal"],
            "VOIP" => &["no_place"],
            _ if country == "US" || territories.iter().any(|it| it.0 == country) => &["area_code"],
            _ => &["foreign"],
        };
        assert!(expected.contains(&kind), "{row:?}: {kind}");
        let places = located.of_number.clone().unwrap_or_default();
        for place in &places {
            let home = territories.iter().find(|it| it.0 == country).map_or(country, |it| it.1);
            assert!(place == home || place.starts_with(&format!("{country}-")), "{row:?}: {place}");
        }
        if kind == "area_code" && row[4] != "-" {
            let named = match row[4] {
                "Washington, D.C." => "DC",
                "U.S. Virgin Islands" => "VI",
                "Florida Panhandle" => "FL",
                "San Jose" => "CA",
                name => name,
            };
            let home = locate(&Known { state: Some(named), ..Known::default() });
            assert_eq!(home.jurisdictions, places, "{row:?}");
        }
        // Who has a number abroad is not presumed to be there: that could lift the law of every state.
        if kind != "area_code" {
            assert!(located.jurisdictions.is_empty() && located.zones.is_empty(), "{row:?}");
        }
    }
}

#[test]
fn a_state_lies_in_every_zone_of_its_area_codes() {
    let mut seen = BTreeSet::new();
    for code in 200..1000 {
        let located = of_phone(&format!("+1{code}5550142"));
        let Some([state]) = located.of_number.as_deref() else { continue };
        if !state.starts_with("US-") {
            continue;
        }
        seen.insert(state.clone());
        let home = locate(&Known { state: Some(state), ..Known::default() });
        for zone in &located.zones {
            // The Aleutians keep Hawaii's standard time, and upstream files them there too.
            let aleutian = code == 907 && zone == "Pacific/Honolulu";
            assert!(
                home.zones.contains(zone) || aleutian,
                "{code}: {zone} is not in {state}: {:?}",
                home.zones
            );
        }
    }
    assert_eq!(seen.len(), 56, "50 states, the District and 5 territories: {seen:?}");
}

#[test]
fn a_state_lies_in_every_zone_that_the_database_names_it_for() {
    let text = read("state_zones.tsv");
    for row in table(&text) {
        let home = locate(&Known { state: Some(row[0]), ..Known::default() });
        assert!(home.zones.iter().any(|it| same_clock(it, row[1])), "{row:?}: {:?}", home.zones);
    }
}

#[test]
fn every_name_of_a_zone_shows_its_time() {
    let homes: BTreeSet<String> = (200..1000)
        .filter_map(|code| of_phone(&format!("+1{code}5550142")).of_number?.into_iter().next())
        .filter(|it| it.starts_with("US-"))
        .collect();
    for name in byleave_packs::zones::US {
        let confirmed = Confirmed { time_zone: Some(name), on: Some("2026-01-15"), state: None };
        let located =
            locate(&Known { confirmed: Some(confirmed), at: Some("2026-02-01"), ..Known::default() });
        assert_eq!(located.confirmed_zone.as_deref(), Some(*name));
        // In some state it is confirmed together with it, and there it shows the time of one of the state's zones.
        let of: BTreeSet<&String> = homes
            .iter()
            .filter(|home| {
                let confirmed = Confirmed { state: Some(home), ..confirmed };
                let known = Known { confirmed: Some(confirmed), at: Some("2026-02-01"), ..Known::default() };
                locate(&known).confirmed_zone.is_some()
            })
            .collect();
        assert!(!of.is_empty(), "{name} is in no state");
        for home in of {
            let home = locate(&Known { state: Some(home), ..Known::default() });
            assert!(home.zones.iter().any(|it| same_clock(it, name)), "{name}: {:?}", home.zones);
        }
    }
}

/// A text that sells, at half past eight in the morning of New York, to somebody of whom so much is known.
fn asked(engine: &Engine, known: &Known<'_>) -> Decision {
    let mut request = json!({
        "at": "2026-07-01T08:30:00-04:00",
        "person": {},
        "sender": { "kind": ["seller"] },
        "contact": { "channel": "sms", "purpose": ["marketing"], "technology": ["manual"] },
        "address": { "value": "+18505550142", "line": ["wireless"] },
        "content": { "includes": ["sender_identity", "sender_contact"] },
        "consents": [],
        "lists": [{ "list": "national_dnc", "address": "+18505550142", "result": "not_listed", "version_at": "2026-06-20" }]
    });
    for (group, facts) in told(&locate(known))["facts"].as_object().expect("an object") {
        for (key, value) in facts.as_object().expect("an object") {
            request[group][key] = value.clone();
        }
    }
    let request = engine.request(request.to_string()).expect("facts of a request");
    engine.decide(&request).expect("an answer")
}

#[test]
fn an_engine_waits_for_every_candidate_and_denies_without_one() {
    let engine = byleave_packs::builder(["us.tcpa"]).expect("a pack").build().expect("an engine");
    // Pensacola or Tallahassee: eight in the morning there is nine here.
    let split = asked(&engine, &Known { phone: Some("850-555-0142"), ..Known::default() });
    assert_eq!(split.outcome, Outcome::Defer);
    assert_eq!(split.until.map(|it| it.to_string()).as_deref(), Some("2026-07-01T13:00:00Z"));

    let on = Some("2026-01-15");
    let confirmed = Confirmed { state: Some("FL"), time_zone: Some("America/New_York"), on };
    let at = Some("2026-07-01T08:30:00-04:00");
    let known = Known { phone: Some("850-555-0142"), confirmed: Some(confirmed), at, ..Known::default() };
    assert_eq!(asked(&engine, &known).outcome, Outcome::Allow);

    for phone in ["800-555-0142", "+442079460958", "+14165550142", "850-555-O142"] {
        let denied = asked(&engine, &Known { phone: Some(phone), ..Known::default() });
        assert_eq!(denied.outcome, Outcome::Deny, "{phone}");
        let missing = format!("{:?}", denied.missing);
        assert!(missing.contains("time_zone"), "{phone}: {missing}");
    }
}

#[test]
fn nothing_that_is_written_there_stops_it() {
    let pieces = [
        "+1", "+", "850", "555", "0142", "212", "(", ")", "-", " ", "x", "ext.", ";ext=", "\u{a0}", "é",
        "\u{202e}", "00", "011", ",",
    ];
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0)
    };
    let mut read = 0;
    for _ in 0..20_000 {
        // Half of them out of digits and what may stand between them.
        let some = if next() % 2 == 0 { 10 } else { pieces.len() };
        let text: String = (0..next() % 8).map(|_| pieces[next() % some]).collect();
        let all = Some(text.as_str());
        let confirmed = Some(Confirmed { state: all, time_zone: all, on: all });
        let located = locate(&Known { phone: all, state: all, confirmed, at: all });
        assert!(located.zones.is_empty(), "{text:?}: the state is none");
        let phone = of_phone(&text);
        if let Some(number) = &phone.number {
            read += 1;
            let digits = number.strip_prefix('+').expect("a plus");
            assert!(digits.bytes().all(|it| it.is_ascii_digit()), "{number}");
            assert!((8..=16).contains(&number.len()), "{number}");
            // What is read is read again as itself.
            assert_eq!(
                Located { because: Vec::new(), ..of_phone(number) },
                Located { because: Vec::new(), ..phone }
            );
        } else {
            assert!(phone.zones.is_empty() && phone.jurisdictions.is_empty());
        }
    }
    assert!(read > 100, "{read}");
}
