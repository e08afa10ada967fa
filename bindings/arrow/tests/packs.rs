//! Under the law that comes with Byleave, row by row what `decide` says of the request that says the same.
//!
//! `BYLEAVE_PEOPLE=2000 cargo test --release -p byleave-arrow --test packs` asks about so many people in each of the worlds,
//! `BYLEAVE_SEED=7` about others; `BYLEAVE_TELL=1 … -- --nocapture` tells how many went which way.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod worlds;

use byleave::Engine;
use byleave_packs::load::{Wanted, gather};
use worlds::{AT, Column, DAY, Dice, Frame, SECOND, World, hold};

/// People in each world, unless the environment says how many.
const PEOPLE: usize = 40;

/// How strange a world is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Everybody says the usual.
    Plain,
    /// Names of events, addresses, days without a time, records that come late; something is not known.
    Mixed,
}

fn column<T>(rows: usize, mut one: impl FnMut(usize) -> T) -> Vec<T> {
    (0..rows).map(&mut one).collect()
}

/// When something happened: near the edges of windows as a rule, in the future now and then.
fn moment(dice: &mut Dice, kind: Kind, days: u64) -> i64 {
    let near = [0, 1, 29, 30, 31, 89, 90, 364, 365, 366, 540, 547, 548];
    let ago = match dice.below(4) {
        0 => dice.of(&near) * DAY + dice.of(&[0, 0, 1, -1, 3600 * SECOND]),
        _ => dice.below(days * 86_400) as i64 * SECOND,
    };
    // Before that day one stop did not end everything, whatever the law says by now.
    let about = 1_801_353_600 * SECOND;
    match dice.below(12) {
        0 if kind == Kind::Mixed => AT + DAY,
        1 if kind == Kind::Mixed => about + dice.of(&[-40, -1, 0, 1]) * DAY,
        _ => AT - ago.max(1),
    }
}

fn people(dice: &mut Dice, kind: Kind, count: usize) -> Vec<(&'static str, Column)> {
    let zones = ["America/New_York", "America/Chicago", "America/Los_Angeles"];
    let states: &[&str] = match kind {
        Kind::Plain => &["US-NY", "US-FL"],
        Kind::Mixed => &["US-NY", "US-FL", "US-TX", "US-CA", "US-OK", "US-WA", "US-XX"],
    };
    let mixed = if kind == Kind::Mixed { 12 } else { u64::MAX };
    let today = (AT / DAY) as i32;
    let born: &[i32] =
        &[3_653, 4_018, today - 18 * 365 - 5, today - 18 * 365 - 4, today - 13 * 365 - 4, today + 1];
    let born = if kind == Kind::Plain { &born[..2] } else { born };
    vec![
        (
            "person.time_zones",
            Column::Sets(column(count, |_| {
                let all = column(1 + dice.below(mixed.min(12)) / 11, |_| dice.of(&zones));
                dice.maybe(all, mixed)
            })),
        ),
        (
            "person.jurisdictions",
            Column::Sets(column(count, |_| {
                let all = vec![dice.of(states)];
                dice.maybe(all, mixed)
            })),
        ),
        (
            "person.birth_date",
            Column::Days(column(count, |_| {
                let day = dice.of(born);
                dice.maybe(day, mixed)
            })),
        ),
        (
            "address.value",
            Column::Texts(column(count, |n| match dice.below(mixed) {
                0 => None,
                1 => Some("+12125550001".to_owned()),
                _ => Some(format!("+1212556{n:04}")),
            })),
        ),
    ]
}

fn consents(dice: &mut Dice, kind: Kind, rows: usize) -> Vec<(&'static str, Column)> {
    let kinds = column(rows, |_| Some(dice.of(&["grant", "grant", "grant", "revoke", "decline"])));
    let levels = ["opted_in", "express", "express_written"];
    let level = kinds.iter().map(|it| (*it == Some("grant")).then(|| dice.of(&levels))).collect();
    let mut out = vec![
        ("at", Column::Instants(column(rows, |_| Some(moment(dice, kind, 900))))),
        ("level", Column::Words(level)),
        (
            "scope.channel",
            Column::Sets(column(rows, |_| match dice.below(4) {
                0 => Some(vec!["text"]),
                1 => Some(vec!["voice"]),
                2 => Some(vec!["text", "voice"]),
                _ => None,
            })),
        ),
        (
            "scope.purpose",
            Column::Words(column(rows, |_| {
                let purpose = dice.of(&["marketing", "care", "payment"]);
                dice.maybe(purpose, 3).filter(|_| kind == Kind::Mixed)
            })),
        ),
        (
            "means",
            Column::Words(column(rows, |_| {
                let means = dice.of(&["text_reply", "web_form", "spoken"]);
                dice.maybe(means, 3).filter(|_| kind == Kind::Mixed)
            })),
        ),
    ];
    if kind == Kind::Mixed {
        let by = column(rows, |_| {
            Some(dice.of(&["holder", "holder", "staff", "inferred"])).filter(|_| dice.below(3) > 0)
        });
        out.push(("by", Column::Words(by)));
        out.push(("scope.address", address(dice, rows)));
        out.push(("id", names(dice, rows)));
        out.push((
            "expires_on",
            Column::Days(column(rows, |_| (dice.below(6) == 0).then(|| 20_630 + dice.of(&[0, 4, 5, 6, 30])))),
        ));
        out.push((
            "recorded_at",
            Column::Instants(column(rows, |_| (dice.below(8) == 0).then(|| moment(dice, kind, 90)))),
        ));
    }
    out.push(("kind", Column::Words(kinds)));
    out
}

/// Names of events: most are of one event alone.
fn names(dice: &mut Dice, rows: usize) -> Column {
    Column::Texts(column(rows, |n| match dice.below(20) {
        0 => None,
        1 => Some(format!("twice {}", dice.below(3))),
        _ => Some(format!("event {n}")),
    }))
}

fn address(dice: &mut Dice, rows: usize) -> Column {
    Column::Texts(column(rows, |_| {
        (dice.below(8) == 0).then(|| dice.of(&["+12125550001", "(212) 555-0001"]).to_owned())
    }))
}

fn contacts(dice: &mut Dice, kind: Kind, rows: usize) -> Vec<(&'static str, Column)> {
    let mut out = vec![
        ("at", Column::Instants(column(rows, |_| Some(moment(dice, kind, 40))))),
        ("channel", Column::Words(column(rows, |_| Some(dice.of(&["sms", "email", "live_call"]))))),
        ("purpose", Column::Words(column(rows, |_| Some(dice.of(&["marketing", "appointment", "billing"]))))),
    ];
    if kind == Kind::Mixed {
        out.push(("id", names(dice, rows)));
    }
    out
}

fn looked_up(dice: &mut Dice, kind: Kind, rows: usize) -> Vec<(&'static str, Column)> {
    let days = [20_600, 20_620, 20_632, 20_634, 20_635];
    let lists = ["national_dnc", "national_dnc", "reassigned", "state_dnc"];
    let number = |dice: &mut Dice| match kind {
        Kind::Plain => None,
        Kind::Mixed => Some("+12125550001".to_owned()).filter(|_| dice.below(2) == 0),
    };
    vec![
        ("list", Column::Words(column(rows, |_| Some(dice.of(&lists))))),
        (
            "address",
            Column::Texts(column(rows, |n| Some(number(dice).unwrap_or_else(|| format!("+1212556{n:04}"))))),
        ),
        ("result", Column::Words(column(rows, |_| Some(dice.of(&["listed", "not_listed", "not_listed"]))))),
        ("version_at", Column::Days(column(rows, |_| Some(dice.of(&days)).filter(|_| dice.below(20) > 0)))),
    ]
}

fn world(dice: &mut Dice, kind: Kind, count: usize) -> World {
    // In order of the persons, or as it comes.
    let in_order = dice.below(2) == 0;
    let owners = |dice: &mut Dice, most: u64| {
        let mut out: Vec<usize> = (0..count).flat_map(|n| vec![n; dice.below(most)]).collect();
        if !in_order {
            (1..out.len()).for_each(|n| out.swap(n, dice.below(n as u64 + 1)));
        }
        out
    };
    let mut events = Vec::new();
    let own = owners(dice, if kind == Kind::Plain { 3 } else { 4 });
    events.push(("consents", Frame { columns: consents(dice, kind, own.len()), owners: own }));
    let own = owners(dice, 5);
    events.push(("contacts", Frame { columns: contacts(dice, kind, own.len()), owners: own }));
    if dice.below(2) == 0 {
        let own: Vec<usize> = (0..count).collect();
        events.push(("lists", Frame { columns: looked_up(dice, kind, own.len()), owners: own }));
    }
    // Names of every length that is read in its own way.
    let length = dice.of(&[4, 9, 16, 36]);
    World {
        people: Frame { owners: (0..count).collect(), columns: people(dice, kind, count) },
        events,
        names: (0..count).map(|n| format!("{n:0length$}")).collect(),
        batches: 1 + dice.below(2) * 2,
    }
}

fn contact(channel: &str, purpose: &str) -> String {
    let technology = if channel == "email" { "[]" } else { "[\"automated\"]" };
    format!(
        r#"{{"at": "2026-07-01T16:00:00Z", "sender": {{"kind": ["seller"], "id": "s"}},
        "contact": {{"channel": "{channel}", "purpose": ["{purpose}"], "technology": {technology}, "topic": [], "data": [], "uses": []}},
        "address": {{"line": ["wireless"], "provided_by": "person"}},
        "content": {{"includes": ["sender_identity", "opt_out", "sender_contact", "physical_address", "ad_identifier"], "length": 100}}}}"#
    )
}

fn holds(packs: &str) {
    let people = std::env::var("BYLEAVE_PEOPLE").ok().and_then(|it| it.parse().ok()).unwrap_or(PEOPLE);
    let wanted = Wanted { names: vec![packs.to_owned()], ..Wanted::default() };
    let engine: Engine = gather(&wanted).unwrap().builder().build().unwrap();
    let others: u64 = std::env::var("BYLEAVE_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(0);
    let (mut rows, mut quick, mut alike) = (0, 0, 0);
    let contacts =
        [("sms", "marketing"), ("live_call", "appointment"), ("email", "marketing"), ("sms", "billing")];
    for (seed, (channel, purpose)) in (1u64..).zip(contacts) {
        for kind in [Kind::Plain, Kind::Mixed] {
            let mut dice = Dice(
                (others * 100 + seed * 2 + u64::from(kind == Kind::Mixed))
                    .wrapping_mul(0x9e37_79b9_7f4a_7c15),
            );
            // The plain have more in common the more of them there are.
            let people = if kind == Kind::Plain { people * 4 } else { people };
            let world = world(&mut dice, kind, people);
            for detail in ["outcome", "blocking"] {
                let (a, b) = hold(&engine, &contact(channel, purpose), &world, detail);
                if std::env::var_os("BYLEAVE_TELL").is_some() {
                    println!(
                        "{packs} {channel} {purpose} {} {detail}: {a} quick, {b} alike of {people}",
                        kind == Kind::Mixed
                    );
                }
                (rows, quick, alike) = (rows + people, quick + a, alike + b);
            }
        }
    }
    println!("{packs}: {rows} rows, {quick} the quick way, {alike} like somebody before");
    assert!(quick > rows / 4, "{quick} of {rows}");
    assert!(alike > 0, "{alike} of {rows}");
}

#[test]
fn health() {
    holds("us.health");
}

#[test]
fn marketing() {
    holds("us.marketing");
}
