//! Random requests: near changes of the clock and ends of months, several candidate zones, gaps in what is known.

use super::Dice;
use super::events::{answered, consent, contacts, interactions, lists, scope, signals};
use crate::reference::ADDRESSES;
use crate::reference::clock::{self, DAY, HOUR};
use serde_json::{Map, Value as Json, json};

/// Zones of every kind of trouble.
pub const ZONES: [&str; 28] = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "America/St_Johns",
    "America/Halifax",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Havana",
    "America/Nuuk",
    "Atlantic/Azores",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Moscow",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Australia/Adelaide",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Antarctica/Troll",
];

/// Zones with a past that will not come again: a missing date, dates that went back.
pub const HISTORIC: [(&str, i64, i64); 3] = [
    ("Pacific/Apia", 1_324_000_000, 1_326_500_000),
    ("America/Sao_Paulo", 1_150_000_000, 1_530_000_000),
    ("America/Asuncion", 1_100_000_000, 1_700_000_000),
];

pub(super) const STEP: i64 = 15 * 60 * clock::SECOND;

/// The instant asked about and the first zone.
fn instant(d: &mut Dice) -> (String, i64) {
    let (zone, from, to) = if d.one_in(12) {
        let (z, a, b) = HISTORIC[d.below(HISTORIC.len())];
        (z, a * clock::SECOND, b * clock::SECOND)
    } else {
        (ZONES[d.below(ZONES.len())], 1_704_067_200 * clock::SECOND, 1_893_456_000 * clock::SECOND)
    };
    let near = d.below(5);
    let t = match near {
        0..=2 => {
            let changes: Vec<i64> =
                clock::changes(zone).into_iter().filter(|t| from < *t && *t < to).collect();
            match changes.len() {
                0 => from + d.below(1000) as i64 * DAY,
                n => {
                    changes.get(d.below(n)).copied().unwrap_or(from) - 2 * DAY + d.below(3 * 96) as i64 * STEP
                }
            }
        }
        3 => {
            // The end of a month.
            let day = from.div_euclid(DAY) + d.below(2000) as i64;
            let last = clock::civil(day).last_of_month();
            clock::number(last) * DAY - DAY + d.below(3 * 96) as i64 * STEP
        }
        _ => from + d.below(2000) as i64 * DAY + d.below(96) as i64 * STEP,
    };
    (zone.to_string(), t.div_euclid(STEP) * STEP)
}

/// An instant as a request has it.
pub(super) fn at(t: i64) -> Json {
    Json::from(clock::format_instant(t))
}

/// A day as a request has it.
pub(super) fn date(day: i64) -> Json {
    Json::from(clock::civil(day).to_string())
}

pub(super) fn near_date(d: &mut Dice, t0: i64) -> Json {
    date(t0.div_euclid(DAY) + d.below(9) as i64 - 4)
}

/// An instant before `t0`, seldom after it; round distances are favoured.
pub(super) fn past(d: &mut Dice, t0: i64) -> i64 {
    let round = [0, HOUR, 24 * HOUR, 24 * HOUR, 48 * HOUR, 7 * DAY, STEP, 30 * DAY, 31 * DAY];
    let back = match d.below(5) {
        0 | 1 => round[d.below(round.len())] + if d.one_in(3) { STEP } else { 0 },
        2 | 3 => d.below(4 * 96) as i64 * STEP,
        _ => d.below(100) as i64 * DAY + d.below(96) as i64 * STEP,
    };
    if d.one_in(25) { t0 + STEP + d.below(96) as i64 * STEP } else { t0 - back }
}

/// When an event happened and was recorded, as far as anybody says.
pub(super) fn time_of(d: &mut Dice, t0: i64, event: &mut Map<String, Json>) {
    let t = past(d, t0);
    if d.one_in(12) {
        match d.below(4) {
            0 => drop(event.insert("recorded_at".into(), at(t))),
            1 => drop(event.insert("recorded_at".into(), date(t.div_euclid(DAY)))),
            _ => {}
        }
        return;
    }
    if d.one_in(12) {
        event.insert("at".into(), date(t.div_euclid(DAY)));
    } else {
        event.insert("at".into(), at(t));
    }
    if d.one_in(12) {
        // Seldom a record before the act: clocks run fast.
        let after = d.below(96) as i64 * STEP - if d.one_in(4) { 48 * STEP } else { 0 };
        let by_day = d.one_in(3);
        let t = t + after;
        event.insert("recorded_at".into(), if by_day { date(t.div_euclid(DAY)) } else { at(t) });
    }
}

pub(super) fn maybe(d: &mut Dice, odds: u64, map: &mut Map<String, Json>, key: &str, value: Json) {
    if !d.one_in(odds) {
        map.insert(key.to_string(), value);
    }
}

pub(super) fn some(d: &mut Dice, from: &[&str], most: usize) -> Json {
    let n = 1 + d.below(most);
    let mut out: Vec<&str> = (0..n).map(|_| *d.pick(from)).collect();
    out.sort_unstable();
    out.dedup();
    json!(out)
}

/// An address, most often one and the same, written in one of the ways in which people write it.
pub(super) fn address(d: &mut Dice) -> &'static str {
    let row = [0, 0, 0, 1, 2];
    let n = d.below(3 * row.len());
    ADDRESSES[row[n / 3]][n % 3]
}

/// Channels.
pub const CHANNELS: [&str; 5] = ["sms", "app", "call", "voicemail", "email"];
/// Purposes.
pub const PURPOSES: [&str; 6] = ["appointment", "refill", "promo", "gift", "marketing", "billing"];
/// Topics.
pub const TOPICS: [&str; 8] = ["running", "trail", "track", "cooking", "heart", "valve", "health", "cancer"];
/// Senders.
pub const SENDERS: [&str; 5] = ["acme", "acme_shop", "acme_lab", "globex", "globex_shop"];

fn person(d: &mut Dice, t0: i64, zone: &str) -> Json {
    let mut p = Map::new();
    p.insert("id".into(), json!("p1"));
    let mut zones = vec![zone.to_string()];
    for _ in 0..[0, 0, 0, 1, 1, 2][d.below(6)] {
        zones.push(ZONES[d.below(ZONES.len())].to_string());
    }
    zones.dedup();
    maybe(d, 12, &mut p, "time_zones", json!(zones));
    if d.one_in(12) {
        let on = clock::months_short(t0.div_euclid(DAY) + d.below(5) as i64 - 2, -12);
        p.insert("confirmed_time_zone".into(), json!({"zone": zone, "on": date(on)}));
    }
    for key in ["a", "b", "c", "noted"] {
        let v = d.one_in(2);
        maybe(d, 4, &mut p, key, json!(v));
    }
    let t = past(d, t0 + 2 * DAY);
    maybe(d, 6, &mut p, "moment", at(t));
    let t = t0 + d.below(5 * 96) as i64 * STEP - 2 * DAY;
    maybe(d, 6, &mut p, "pause_until", at(t));
    let day = if d.one_in(3) {
        let n = -(1 + d.below(3) as i64);
        date(clock::months_short(t0.div_euclid(DAY) + d.below(3) as i64 - 1, n))
    } else {
        near_date(d, t0)
    };
    maybe(d, 6, &mut p, "day", day);
    if d.one_in(2) {
        p.insert("end_day".into(), near_date(d, t0));
    }
    let years = [13, 16, 18][d.below(3)];
    let birth = clock::months_short(t0.div_euclid(DAY) + d.below(5) as i64 - 2, -12 * years);
    let birth = clock::civil(birth).to_string();
    let birth = match d.below(6) {
        0 => birth.get(..7).unwrap_or(&birth).to_string(),
        1 => birth.get(..4).unwrap_or(&birth).to_string(),
        _ => birth,
    };
    maybe(d, 5, &mut p, "birth_date", json!(birth));
    let states = some(d, &["US", "US-FL", "US-NY", "US-TX", "CA"], 2);
    maybe(d, 5, &mut p, "jurisdictions", states);
    let n = d.below(4);
    maybe(d, 3, &mut p, "count", json!(n));
    let color = *d.pick(&["red", "green", "blue"]);
    maybe(d, 3, &mut p, "color", json!(color));
    if d.one_in(3) {
        p.insert("hours".into(), hours(d));
    }
    if d.one_in(3) {
        let n = d.below(3);
        let bans: Vec<Json> = (0..n).map(|_| json!({"scope": scope(d), "strict": d.one_in(2)})).collect();
        p.insert("bans".into(), json!(bans));
    }
    if d.one_in(2) {
        let n = d.below(3);
        let caps: Vec<Json> = (0..n)
            .map(|_| {
                let window = *d.pick(&["24 hours", "2 local days", "7 local days", "1 month"]);
                json!({"scope": scope(d), "most": 1 + d.below(2), "window": window})
            })
            .collect();
        p.insert("caps".into(), json!(caps));
    }
    Json::Object(p)
}

/// Hours of one's own.
fn hours(d: &mut Dice) -> Json {
    let mut week = Map::new();
    for day in ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] {
        let rows = match d.below(4) {
            0 => json!([]),
            1 => json!([["09:00", "12:00"], ["13:00", "18:00"]]),
            2 => json!([["00:00", "24:00"]]),
            _ => json!([["08:00", "20:00"]]),
        };
        maybe(d, 6, &mut week, day, rows);
    }
    if d.one_in(3) {
        week.insert("holiday".into(), json!([["10:00", "14:00"]]));
        week.insert("calendar".into(), json!("federal"));
    }
    Json::Object(week)
}

/// Somebody else who receives it.
pub fn recipient(d: &mut Dice, t0: i64, zone: &str) -> Json {
    let mut r = Map::new();
    maybe(d, 6, &mut r, "id", json!("q1"));
    let role = *d.pick(&["self", "parent", "guardian", "family", "attorney"]);
    maybe(d, 6, &mut r, "role", json!(role));
    maybe(d, 6, &mut r, "time_zones", json!([zone]));
    let states = some(d, &["US", "US-FL", "US-NY", "CA"], 2);
    maybe(d, 4, &mut r, "jurisdictions", states);
    if d.one_in(2) {
        let mut authority = Map::new();
        let recorded = !d.one_in(4);
        maybe(d, 6, &mut authority, "recorded", json!(recorded));
        let covers = scope(d);
        maybe(d, 3, &mut authority, "scope", covers);
        if d.one_in(3) {
            authority.insert("expires_on".into(), near_date(d, t0));
        }
        r.insert("authority".into(), Json::Object(authority));
    }
    if d.one_in(3) {
        r.insert("hours".into(), hours(d));
    }
    if d.one_in(3) {
        let cap = json!({"scope": scope(d), "most": 1 + d.below(2), "window": "24 hours"});
        r.insert("caps".into(), json!([cap]));
    }
    Json::Object(r)
}

/// A request.
pub fn request(d: &mut Dice) -> (Json, i64) {
    let (zone, t0) = instant(d);
    let mut r = Map::new();
    r.insert("at".into(), at(t0));
    let horizon = ["1 day", "2 days", "36 hours", "3 days", "5 days", "9 days"][d.below(6)];
    r.insert("horizon".into(), json!(horizon));
    r.insert("person".into(), person(d, t0, &zone));
    let mut c = Map::new();
    let channel = *d.pick(&CHANNELS);
    maybe(d, 25, &mut c, "channel", json!(channel));
    let purpose = some(d, &PURPOSES, 2);
    let purpose =
        if purpose.as_array().is_some_and(|it| it.len() == 2) && d.one_in(20) { json!([]) } else { purpose };
    maybe(d, 15, &mut c, "purpose", purpose);
    let topic = if d.one_in(6) { json!([]) } else { some(d, &TOPICS, 2) };
    maybe(d, 15, &mut c, "topic", topic);
    let technology = some(d, &["automated", "random_dialing", "live"], 1);
    maybe(d, 3, &mut c, "technology", technology);
    if d.one_in(3) {
        let fields: Vec<Json> = (0..d.below(3))
            .map(|i| {
                let needed = d.one_in(4);
                let category = some(d, &["name", "birth_date", "diagnosis", "location"], 2);
                let mut field = Map::new();
                field.insert("name".into(), json!(format!("f{i}")));
                field.insert("place".into(), json!("body"));
                maybe(d, 10, &mut field, "needed", json!(needed));
                maybe(d, 6, &mut field, "category", category);
                Json::Object(field)
            })
            .collect();
        c.insert("fields".into(), json!(fields));
    }
    if d.one_in(3) {
        c.insert("data".into(), some(d, &["name", "diagnosis", "financial"], 2));
    }
    if d.one_in(6) {
        c.insert("stage".into(), json!("draft"));
    }
    if d.one_in(4) {
        let event = *d.pick(&["e0", "e1", "e2", "i0", "i1", "c0", "nobody"]);
        c.insert("responds_to".into(), json!(event));
    }
    if d.one_in(3) {
        c.insert("asks".into(), some(d, &["implied", "opted_in", "express"], 2));
    }
    if d.one_in(3) {
        c.insert("matter".into(), json!(d.pick(&["m1", "m2"])));
    }
    if d.one_in(3) {
        c.insert("service".into(), json!(d.pick(&["cardiology", "dentistry"])));
    }
    if d.one_in(3) {
        c.insert("place".into(), json!(d.pick(&["north", "south"])));
    }
    // What is known to be none, and of a list what null says nothing of.
    for (key, none) in [
        ("topic", json!([])),
        ("technology", json!([])),
        ("responds_to", Json::Null),
        ("matter", json!([])),
        ("asks", Json::Null),
        ("fields", json!([])),
        ("data", json!([])),
    ] {
        if d.one_in(20) {
            c.insert(key.into(), none);
        }
    }
    r.insert("contact".into(), Json::Object(c));
    let sender = *d.pick(&SENDERS);
    if !d.one_in(4) {
        r.insert("sender".into(), json!({"id": sender}));
    }
    if !d.one_in(4) {
        let mut a = Map::new();
        a.insert("value".into(), json!(address(d)));
        if d.one_in(3) {
            a.insert("jurisdictions".into(), some(d, &["US", "US-FL", "US-NY", "CA"], 1));
        }
        if d.one_in(3) {
            let mobile = d.one_in(2);
            a.insert("mobile".into(), json!(mobile));
        }
        r.insert("address".into(), Json::Object(a));
    }
    if d.one_in(2) {
        let length = 100 + 30 * d.below(4);
        r.insert(
            "content".into(),
            json!({
                "includes": some(d, &["sender_identity", "opt_out", "link", "stop_words"], 3),
                "length": length,
            }),
        );
    }
    if d.one_in(3) {
        let slots = json!({"cardiology": {"north": d.below(2)}, "dentistry": {"north": 1, "south": 0}});
        r.insert("context".into(), json!({"open_slots": slots}));
    }
    if d.one_in(6) {
        r.insert("recipient".into(), recipient(d, t0, &zone));
    }
    if !d.one_in(10) {
        let n = d.below(5);
        let events: Vec<Json> = (0..n)
            .map(|i| {
                let revoke = d.one_in(2);
                consent(d, t0, i, revoke)
            })
            .collect();
        let events = if d.one_in(3) { answered(d, t0, events) } else { events };
        r.insert("consents".into(), json!(events));
    }
    if !d.one_in(10) {
        r.insert("contacts".into(), contacts(d, t0));
    }
    if !d.one_in(10) {
        r.insert("interactions".into(), interactions(d, t0));
    }
    if !d.one_in(3) {
        r.insert("lists".into(), lists(d, t0));
    }
    if !d.one_in(3) {
        r.insert("signals".into(), signals(d, t0));
    }
    for list in ["consents", "contacts", "interactions"] {
        if list != "consents" && d.one_in(12) && r.contains_key(list) {
            let from = t0 - d.below(40) as i64 * DAY - d.below(96) as i64 * STEP;
            r.insert(format!("{list}_complete_from"), at(from));
        }
        if d.one_in(40) {
            r.insert(list.to_string(), if list == "consents" { Json::Null } else { json!([]) });
        }
    }
    if d.one_in(6) {
        let claims = [
            "consents",
            "contacts",
            "interactions",
            "signals",
            "lists",
            "lists.no_call",
            "person.a",
            "person.count",
            "person.moment",
            "contact.topic",
            "contact.data",
        ];
        r.insert("complete".into(), some(d, &claims, 3));
    }
    if d.one_in(12) {
        r.insert("known_at".into(), at(t0 + d.below(96) as i64 * STEP - 48 * STEP));
    }
    (Json::Object(r), t0)
}
