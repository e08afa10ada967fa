//! Random requests: near changes of the clock and ends of months, several candidate zones, gaps in what is known.

use super::Dice;
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

const STEP: i64 = 15 * 60 * clock::SECOND;

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

fn at(t: i64) -> Json {
    Json::from(clock::format_instant(t))
}

fn date(day: i64) -> Json {
    Json::from(clock::civil(day).to_string())
}

fn near_date(d: &mut Dice, t0: i64) -> Json {
    date(t0.div_euclid(DAY) + d.below(9) as i64 - 4)
}

/// An instant before `t0`, seldom after it; round distances are favoured.
fn past(d: &mut Dice, t0: i64) -> i64 {
    let round = [0, HOUR, 24 * HOUR, 24 * HOUR, 48 * HOUR, 7 * DAY, STEP, 30 * DAY, 31 * DAY];
    let back = match d.below(5) {
        0 | 1 => round[d.below(round.len())] + if d.one_in(3) { STEP } else { 0 },
        2 | 3 => d.below(4 * 96) as i64 * STEP,
        _ => d.below(100) as i64 * DAY + d.below(96) as i64 * STEP,
    };
    if d.one_in(25) { t0 + STEP + d.below(96) as i64 * STEP } else { t0 - back }
}

fn time_of(d: &mut Dice, t0: i64, event: &mut Map<String, Json>) {
    if d.one_in(25) {
        return;
    }
    let t = past(d, t0);
    if d.one_in(25) {
        event.insert("at".into(), date(t.div_euclid(DAY)));
    } else {
        event.insert("at".into(), at(t));
    }
    if d.one_in(20) {
        event.insert("recorded_at".into(), at(t + d.below(96) as i64 * STEP));
    }
}

fn maybe(d: &mut Dice, odds: u64, map: &mut Map<String, Json>, key: &str, value: Json) {
    if !d.one_in(odds) {
        map.insert(key.to_string(), value);
    }
}

fn some(d: &mut Dice, from: &[&str], most: usize) -> Json {
    let n = 1 + d.below(most);
    let mut out: Vec<&str> = (0..n).map(|_| *d.pick(from)).collect();
    out.sort_unstable();
    out.dedup();
    json!(out)
}

const CHANNELS: [&str; 5] = ["sms", "app", "call", "voicemail", "email"];
const PURPOSES: [&str; 6] = ["appointment", "refill", "promo", "gift", "marketing", "billing"];
const TOPICS: [&str; 8] = ["running", "trail", "track", "cooking", "heart", "valve", "health", "cancer"];
const SENDERS: [&str; 5] = ["acme", "acme_shop", "acme_lab", "globex", "globex_shop"];

fn scope(d: &mut Dice) -> Json {
    let mut s = Map::new();
    if d.one_in(3) {
        s.insert("channel".into(), some(d, &["text", "sms", "voice", "email"], 2));
    }
    if d.one_in(3) {
        s.insert("purpose".into(), some(d, &["marketing", "promo", "care", "billing"], 2));
    }
    if d.one_in(2) {
        s.insert("topic".into(), some(d, &["running", "trail", "cooking", "heart", "health", "cancer"], 2));
    }
    if d.one_in(8) {
        s.insert("sender".into(), some(d, &SENDERS, 1));
    }
    if d.one_in(8) {
        s.insert("address".into(), some(d, &["+1", "+2"], 1));
    }
    Json::Object(s)
}

/// A consent event.
pub fn consent(d: &mut Dice, t0: i64, id: usize, revoke: bool) -> Json {
    let mut e = Map::new();
    e.insert("id".into(), json!(format!("e{id}")));
    e.insert("scope".into(), scope(d));
    time_of(d, t0, &mut e);
    // Few instants, so that some fall together.
    if d.one_in(2) && e.contains_key("at") {
        e.insert("at".into(), at(t0 - (1 + d.below(3) as i64) * DAY));
    }
    if revoke {
        e.insert("kind".into(), json!("revoke"));
        if d.one_in(5) {
            e.insert("families".into(), some(d, &["contact", "paper", "photo"], 2));
        }
        if d.one_in(3) {
            e.insert("given_to".into(), json!(d.pick(&SENDERS)));
        }
    } else {
        e.insert("kind".into(), json!("grant"));
        let level =
            *d.pick(&["implied", "opted_in", "express", "express", "express_written", "paper.signed"]);
        maybe(d, 30, &mut e, "level", json!(level));
        if d.one_in(4) {
            let t = t0 + d.below(3 * 96) as i64 * STEP - DAY;
            e.insert("expires_at".into(), at(t));
        }
        if d.one_in(4) {
            e.insert("expires_on".into(), near_date(d, t0));
        }
    }
    if d.one_in(3) {
        e.insert("by".into(), json!(d.pick(&["holder", "staff", "parent"])));
    }
    Json::Object(e)
}

fn contacts(d: &mut Dice, t0: i64) -> Json {
    let n = d.below(5);
    let mut out = Vec::new();
    for i in 0..n {
        let mut e = Map::new();
        e.insert("id".into(), json!(format!("c{i}")));
        time_of(d, t0, &mut e);
        let (channel, purpose, topic) = (*d.pick(&CHANNELS), some(d, &PURPOSES, 2), some(d, &TOPICS, 2));
        let (sender, result) =
            (*d.pick(&SENDERS), *d.pick(&["delivered", "conversation", "busy", "no_answer"]));
        maybe(d, 12, &mut e, "channel", json!(channel));
        maybe(d, 12, &mut e, "purpose", purpose);
        maybe(d, 12, &mut e, "topic", topic);
        maybe(d, 12, &mut e, "sender", json!(sender));
        maybe(d, 6, &mut e, "result", json!(result));
        out.push(Json::Object(e));
    }
    Json::Array(out)
}

fn interactions(d: &mut Dice, t0: i64) -> Json {
    let n = d.below(4);
    let mut out = Vec::new();
    for i in 0..n {
        let mut e = Map::new();
        e.insert("id".into(), json!(format!("i{i}")));
        e.insert("kind".into(), json!(d.pick(&["transaction", "inquiry", "reply", "visit"])));
        time_of(d, t0, &mut e);
        let (sender, topic) = (*d.pick(&SENDERS), some(d, &TOPICS, 1));
        maybe(d, 8, &mut e, "sender", json!(sender));
        maybe(d, 8, &mut e, "topic", topic);
        if d.one_in(10) {
            e.insert("classed_as".into(), json!("revocation"));
        }
        out.push(Json::Object(e));
    }
    Json::Array(out)
}

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
    let states = some(d, &["US", "US-FL", "US-NY", "CA"], 2);
    maybe(d, 5, &mut p, "jurisdictions", states);
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
                json!({"name": format!("f{i}"), "place": "body", "needed": needed, "category": category})
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
    r.insert("contact".into(), Json::Object(c));
    let sender = *d.pick(&SENDERS);
    if !d.one_in(4) {
        r.insert("sender".into(), json!({"id": sender}));
    }
    if !d.one_in(4) {
        r.insert("address".into(), json!({"value": d.pick(&["+1", "+2"])}));
    }
    if d.one_in(2) {
        r.insert(
            "content".into(),
            json!({"includes": some(d, &["sender_identity", "opt_out", "link", "stop_words"], 3)}),
        );
    }
    if !d.one_in(10) {
        let n = d.below(5);
        let events: Vec<Json> = (0..n)
            .map(|i| {
                let revoke = d.one_in(2);
                consent(d, t0, i, revoke)
            })
            .collect();
        r.insert("consents".into(), json!(events));
    }
    if !d.one_in(10) {
        r.insert("contacts".into(), contacts(d, t0));
    }
    if !d.one_in(10) {
        r.insert("interactions".into(), interactions(d, t0));
    }
    if d.one_in(2) {
        let day = t0.div_euclid(DAY) - 31 + d.below(5) as i64 - 2;
        let result = *d.pick(&["listed", "not_listed", "not_listed", "no_data"]);
        r.insert(
            "lists".into(),
            json!([{"list": "no_call", "address": "+1", "result": result, "version_at": date(day)}]),
        );
    }
    if d.one_in(12) {
        r.insert("known_at".into(), at(t0 + d.below(96) as i64 * STEP - 48 * STEP));
    }
    (Json::Object(r), t0)
}
