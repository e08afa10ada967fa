//! Random histories: consents with documents and voids, contacts, interactions, look-ups, signals.

use super::Dice;
use super::request::{
    CHANNELS, PURPOSES, SENDERS, STEP, TOPICS, address, at, date, maybe, near_date, past, some, time_of,
};
use crate::reference::clock::DAY;
use serde_json::{Map, Value as Json, json};

/// A scope, open in most of its parts.
pub fn scope(d: &mut Dice) -> Json {
    let kinds = ["marketing", "promo", "gift", "care", "appointment", "refill", "billing"];
    let mut s = Map::new();
    if d.one_in(4) {
        // One kind, and nothing else about it.
        s.insert("purpose".into(), some(d, &kinds, 1));
        return Json::Object(s);
    }
    if d.one_in(3) {
        s.insert("channel".into(), some(d, &["text", "sms", "voice", "email"], 2));
    }
    if d.one_in(3) {
        s.insert("purpose".into(), some(d, &kinds, 2));
    }
    if d.one_in(2) {
        s.insert("topic".into(), some(d, &["running", "trail", "cooking", "heart", "health", "cancer"], 2));
    }
    if d.one_in(8) {
        s.insert("sender".into(), some(d, &SENDERS, 1));
    }
    if d.one_in(8) {
        s.insert("address".into(), json!([address(d)]));
    }
    if d.one_in(10) {
        s.insert("matter".into(), some(d, &["m1", "m2"], 1));
    }
    Json::Object(s)
}

/// A document; the policy's instruments are called by their rule.
fn instrument(d: &mut Dice, t0: i64) -> Json {
    let mut i = Map::new();
    let kind = format!("case.r{}_form{}", d.below(2), d.below(3));
    maybe(d, 12, &mut i, "kind", json!(kind));
    let elements = some(d, &["description", "signature", "date", "relation"], 4);
    maybe(d, 12, &mut i, "elements", elements);
    if !d.one_in(6) {
        i.insert("expires_on".into(), near_date(d, t0));
    }
    if !d.one_in(6) {
        let back = [20, 30, 31, 28, 5][d.below(5)];
        i.insert("signed_on".into(), date(t0.div_euclid(DAY) - back + d.below(3) as i64 - 1));
    }
    let signed_by = *d.pick(&["self", "parent", "guardian"]);
    maybe(d, 6, &mut i, "signed_by", json!(signed_by));
    for key in ["conditioned", "known_false"] {
        let v = d.one_in(6);
        maybe(d, 6, &mut i, key, json!(v));
    }
    let combined = *d.pick(&["none", "none", "conditioned", "other"]);
    maybe(d, 6, &mut i, "combined_with", json!(combined));
    let seller = some(d, &SENDERS, 2);
    maybe(d, 3, &mut i, "seller", seller);
    let number = address(d);
    maybe(d, 3, &mut i, "number", json!(number));
    let data = some(d, &["diagnosis", "name"], 2);
    maybe(d, 3, &mut i, "data", data);
    Json::Object(i)
}

/// A consent event.
pub fn consent(d: &mut Dice, t0: i64, id: usize, revoke: bool) -> Json {
    let mut e = Map::new();
    e.insert("id".into(), json!(format!("e{id}")));
    time_of(d, t0, &mut e);
    // Few instants, so that some fall together.
    if d.one_in(2) && e.contains_key("at") {
        e.insert("at".into(), at(t0 - (1 + d.below(3) as i64) * DAY));
    }
    if !revoke && d.one_in(12) {
        e.insert("kind".into(), json!("void"));
        e.insert("of".into(), json!(format!("e{}", d.below(5))));
        return Json::Object(e);
    }
    e.insert("scope".into(), scope(d));
    if revoke {
        e.insert("kind".into(), json!("revoke"));
        if d.one_in(5) {
            e.insert("families".into(), some(d, &["contact", "paper", "photo"], 2));
        }
        if d.one_in(3) {
            e.insert("given_to".into(), json!(d.pick(&SENDERS)));
        }
        if d.one_in(3) {
            e.insert("replied_to".into(), json!(d.pick(&["exempt", "marketing", "informational"])));
        }
    } else {
        e.insert("kind".into(), json!(if d.one_in(15) { "decline" } else { "grant" }));
        let level = *d.pick(&[
            "implied",
            "opted_in",
            "express",
            "express",
            "express_written",
            "paper.signed",
            "paper.signed",
        ]);
        maybe(d, 30, &mut e, "level", json!(level));
        if d.one_in(4) {
            e.insert("given_to".into(), json!(d.pick(&SENDERS)));
        }
        if d.one_in(4) {
            let t = t0 + d.below(3 * 96) as i64 * STEP - DAY;
            e.insert("expires_at".into(), at(t));
        }
        if d.one_in(4) {
            e.insert("expires_on".into(), near_date(d, t0));
        }
        if level == "paper.signed" || d.one_in(4) {
            e.insert("instrument".into(), instrument(d, t0));
        }
    }
    if d.one_in(3) {
        let by = *d.pick(&["holder", "holder", "staff", "parent", "authorised_agent", "inferred"]);
        e.insert("by".into(), json!(by));
        if by == "authorised_agent" {
            let signed = !d.one_in(3);
            maybe(d, 3, &mut e, "signed_permission", json!(signed));
        }
    }
    if d.one_in(3) {
        e.insert("means".into(), json!(d.pick(&["web_form", "spoken", "text_reply", "import"])));
    }
    if d.one_in(4) {
        let written = d.one_in(2);
        e.insert("in_writing".into(), json!(written));
    }
    if d.one_in(10) {
        e.insert("holder".into(), json!(d.pick(&["p1", "q1", "x"])));
    }
    Json::Object(e)
}

/// With a later yes to what somebody refused, or to some of it, and to more.
pub fn answered(d: &mut Dice, t0: i64, mut events: Vec<Json>) -> Vec<Json> {
    let refused = events.iter().find(|e| e["kind"] == "revoke").map(|e| e["scope"].clone());
    let Some(mut scope) = refused else { return events };
    for (part, more) in [("channel", &CHANNELS[..]), ("purpose", &PURPOSES[..]), ("topic", &TOPICS[..])] {
        let Some(named) = scope.get_mut(part).and_then(Json::as_array_mut) else { continue };
        if d.one_in(4) {
            named.truncate(1);
        }
        let one = json!(d.pick(more));
        if d.one_in(2) && !named.contains(&one) {
            named.push(one);
        }
    }
    let level = *d.pick(&["opted_in", "express", "express_written"]);
    let when = at(t0 - d.below(96) as i64 * STEP);
    events.push(json!({ "id": "yes", "kind": "grant", "level": level, "scope": scope, "at": when }));
    events
}

/// What was sent.
pub fn contacts(d: &mut Dice, t0: i64) -> Json {
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
        let (address, technology) = (address(d), some(d, &["live", "list_dialing"], 2));
        maybe(d, 6, &mut e, "address", json!(address));
        maybe(d, 4, &mut e, "technology", technology);
        let (matter, recipient) = (*d.pick(&["m1", "m2"]), *d.pick(&["p1", "q1"]));
        maybe(d, 4, &mut e, "matter", json!(matter));
        maybe(d, 4, &mut e, "recipient", json!(recipient));
        out.push(Json::Object(e));
    }
    Json::Array(out)
}

/// What the person did.
pub fn interactions(d: &mut Dice, t0: i64) -> Json {
    let n = d.below(4);
    let mut out = Vec::new();
    for i in 0..n {
        let mut e = Map::new();
        e.insert("id".into(), json!(format!("i{i}")));
        e.insert("kind".into(), json!(d.pick(&["transaction", "transaction", "inquiry", "reply", "visit"])));
        time_of(d, t0, &mut e);
        let (sender, topic) = (*d.pick(&SENDERS), some(d, &TOPICS, 1));
        maybe(d, 8, &mut e, "sender", json!(sender));
        maybe(d, 8, &mut e, "topic", topic);
        let (channel, matter, address) = (*d.pick(&CHANNELS), *d.pick(&["m1", "m2"]), address(d));
        maybe(d, 4, &mut e, "channel", json!(channel));
        maybe(d, 4, &mut e, "matter", json!(matter));
        maybe(d, 4, &mut e, "address", json!(address));
        if d.one_in(10) {
            e.insert("classed_as".into(), json!("revocation"));
        }
        out.push(Json::Object(e));
    }
    Json::Array(out)
}

/// Look-ups: of this address and others, fresh, stale, to come, without a day; some that contradict each other.
pub fn lists(d: &mut Dice, t0: i64) -> Json {
    let n = [1, 1, 1, 2, 3][d.below(5)];
    let mut out = Vec::new();
    for _ in 0..n {
        let (list, good) = *d.pick(&[("no_call", 31), ("no_call", 31), ("moved", 10), ("struck", 10)]);
        let day = t0.div_euclid(DAY) - good + d.below(5) as i64 - 2 + if d.one_in(8) { good + 2 } else { 0 };
        let mut e = Map::new();
        e.insert("list".into(), json!(list));
        e.insert("address".into(), json!(address(d)));
        let result = *d.pick(&["listed", "not_listed", "not_listed", "no_data"]);
        maybe(d, 25, &mut e, "result", json!(result));
        maybe(d, 15, &mut e, "version_at", date(day));
        out.push(Json::Object(e));
    }
    Json::Array(out)
}

/// Signals of a browser.
pub fn signals(d: &mut Dice, t0: i64) -> Json {
    let mut out = Vec::new();
    for _ in 0..d.below(3) {
        let mut e = Map::new();
        let kind = *d.pick(&["gpc", "gpp"]);
        maybe(d, 15, &mut e, "kind", json!(kind));
        let on = d.one_in(3);
        maybe(d, 15, &mut e, "on", json!(on));
        let t = past(d, t0);
        maybe(d, 3, &mut e, "at", at(t));
        out.push(Json::Object(e));
    }
    Json::Array(out)
}
