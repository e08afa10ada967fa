//! Persons who are alike have the answer that each of them would have alone, under rules of many kinds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod worlds;

use byleave::Engine;
use worlds::{AT, Column, DAY, Dice, Frame, SECOND, World, hold};

const TWELVE: &str = include_str!("../../../tests/benches/policy/twelve.leave");
/// Rules that look at the same people in other ways: the newest event, counts by calendar and without an end, what is
/// known, ages from both sides, revocations that are read wider than their words.
const MORE: &str = r#"
rule rested {
  cite     "more 1"
  when     by_phone
  require  5 local days have passed since latest visit
  because  "Whoever has just been there is left alone."
}

rule seldom {
  cite     "more 2"
  when     by_phone and recipient.jurisdictions is [US-TX, US-NY]
  require  at most 2 attempts this week from sunday, this one included, where purpose is marketing
  because  "Twice a week."
}

rule old_or_young {
  cite     "more 3"
  when     for_marketing
  require  not person.age is 40
  require  not known that person.age > 70
  because  "Ages."
}

rule wider {
  cite     "more 4"
  when     for_marketing and recipient.jurisdictions is US-CA
  require  not refused renewed at least express, counting each revocation where not by is inferred as reaching every channel
  because  "A no is a no."
}
"#;
fn world(dice: &mut Dice, count: usize, facts: &[&'static str], lists: &[&'static str]) -> World {
    let zones = ["America/New_York", "America/Chicago", "America/Los_Angeles"];
    let mut columns = Vec::new();
    for fact in facts {
        columns.push((
            *fact,
            match *fact {
                "person.time_zones" => Column::Sets(
                    (0..count)
                        .map(|_| {
                            let two = (0..1 + dice.below(2)).map(|_| dice.of(&zones)).collect();
                            dice.maybe(two, 40)
                        })
                        .collect(),
                ),
                "person.jurisdictions" => Column::Words(
                    (0..count)
                        .map(|_| {
                            Some(dice.of(&["US-NY", "US-FL", "US-TX", "US-CA"]))
                                .filter(|_| dice.below(40) > 0)
                        })
                        .collect(),
                ),
                "person.birth_date" => {
                    let today = (AT / DAY) as i32;
                    // Birthdays about today, and any other day.
                    let born = |dice: &mut Dice| match dice.below(4) {
                        0 => today - dice.of(&[18, 40, 41, 70, 71, 16]) * 365 - dice.below(40) as i32,
                        _ => today - dice.below(33_000) as i32,
                    };
                    Column::Days(
                        (0..count)
                            .map(|_| {
                                let day = born(dice);
                                dice.maybe(day, 30)
                            })
                            .collect(),
                    )
                }
                _ => Column::Texts((0..count).map(|n| Some(format!("+1555{n}"))).collect()),
            },
        ));
    }
    let owners = |dice: &mut Dice, list: &str| {
        let many = |dice: &mut Dice| if list == "interactions" { dice.below(4) / 3 } else { dice.below(5) };
        (0..count).flat_map(|n| vec![n; many(dice)]).collect::<Vec<usize>>()
    };
    let events = lists.iter().map(|list| {
        let owners = owners(dice, list);
        let rows = owners.len();
        let mut words = |all: &[&'static str], some: u64| {
            Column::Words(
                (0..rows)
                    .map(|_| {
                        let it = dice.of(all);
                        dice.maybe(it, some)
                    })
                    .collect(),
            )
        };
        let mut columns = match *list {
            "consents" => {
                let Column::Words(kinds) = words(&["grant", "grant", "grant", "revoke", "decline"], u64::MAX)
                else {
                    panic!()
                };
                let Column::Words(levels) = words(&["opted_in", "express", "express_written"], 60) else {
                    panic!()
                };
                let levels =
                    levels.iter().zip(&kinds).map(|(level, kind)| level.filter(|_| *kind == Some("grant")));
                let levels = Column::Words(levels.collect());
                let channel = words(&["text", "email", "sms", "voice"], 5);
                let purpose = words(&["marketing", "own_service", "billing"], 3);
                let topic = words(&["wellness", "running", "dental"], 3);
                vec![
                    ("kind", Column::Words(kinds)),
                    ("level", levels),
                    ("scope.channel", channel),
                    ("scope.purpose", purpose),
                    ("scope.topic", topic),
                    (
                        "expires_at",
                        Column::Instants(
                            (0..rows)
                                .map(|_| {
                                    (dice.below(8) == 0)
                                        .then(|| AT + dice.of(&[1, 0, -1, DAY, 40 * DAY, -90 * DAY]))
                                })
                                .collect(),
                        ),
                    ),
                ]
            }
            "contacts" => vec![
                ("channel", words(&["sms", "email"], 9)),
                ("purpose", words(&["own_service", "appointment", "billing"], 9)),
                ("topic", words(&["running", "dental"], 9)),
            ],
            _ => vec![("kind", words(&["transaction", "visit"], u64::MAX))],
        };
        let days = if *list == "contacts" { 20 } else { 200 };
        let plain = dice.below(3) > 0;
        let at = |dice: &mut Dice| {
            Some(AT - if plain { dice.below(days * 86_400) as i64 * SECOND } else { dice.ago(days) })
        };
        columns.push((
            "at",
            Column::Instants((0..rows).map(|_| at(dice).filter(|_| plain || dice.below(30) > 0)).collect()),
        ));
        (*list, Frame { owners, columns })
    });
    let events = events.collect();
    let names: Vec<String> = (0..count).map(|n| format!("p{n:04}")).collect();
    World { people: Frame { owners: (0..count).collect(), columns }, events, names, batches: 1 }
}

const CONTACT: &str = r#"{"at": "2026-07-01T16:00:00Z", "contact": {"channel": "sms", "purpose": "own_service", "topic": "running",
    "technology": "automated", "data": [], "fields": [], "uses": ["personalise"]},
    "content": {"length": 120, "includes": ["opt_out", "sender_identity"]}, "complete": ["lists", "signals"]}"#;

fn each(engine: &Engine, everybody: &[String], lists: &[&'static str]) -> (usize, usize) {
    let facts = ["person.time_zones", "person.jurisdictions", "person.birth_date", "address.value"];
    let (mut quick, mut alike) = (0, 0);
    for (seed, everybody) in (1u64..).zip(everybody.iter().cycle().take(8)) {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let world = world(&mut dice, 300, &facts, lists);
        for detail in ["outcome", "blocking"] {
            let (a, b) = hold(engine, everybody, &world, detail);
            (quick, alike) = (quick + a, alike + b);
        }
    }
    (quick, alike)
}

#[test]
fn under_rules_of_many_kinds() {
    let engine =
        Engine::builder().source("twelve", "twelve.leave", &format!("{TWELVE}{MORE}")).build().unwrap();
    let care = CONTACT.replace("own_service", "appointment");
    let evening = CONTACT.replace("T16:00", "T01:30");
    let sharing = CONTACT.replace("personalise", "share");
    let all = [CONTACT.to_owned(), care, evening, sharing];
    let (quick, alike) = each(&engine, &all, &["consents", "contacts", "interactions"]);
    assert!(quick > 3_000 && alike > 10, "{quick} quick, {alike} alike");
    let all = all.map(|it| it.replace("\"signals\"", "\"signals\", \"interactions\""));
    let (quick, alike) = each(&engine, &all, &["consents", "contacts"]);
    assert!(quick > 3_000 && alike > 100, "{quick} quick, {alike} alike");
    let engine = Engine::builder().source("twelve", "twelve.leave", TWELVE).build().unwrap();
    let (quick, alike) = each(&engine, &all, &["consents", "contacts"]);
    assert!(quick > 3_000 && alike > 200, "{quick} quick, {alike} alike");
}
