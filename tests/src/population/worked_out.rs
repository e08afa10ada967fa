//! What an engine without events, zones and hierarchies must be given for the twelve rules: everything worked out.

use crate::handwritten::words::{Data, Interacted, Is, Level, Purpose, Set, State, Topic, Word};
use crate::handwritten::{Case, answer};
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000_000;

/// Local hours, counts, ages, consents and refusals of a person at the instant asked about, in plain values. Where zones
/// differ, the value is that of the zone which hinders.
pub fn worked_out(case: &Case) -> Value {
    let contact = &case.contact;
    let all = |until: [i64; 2]| until.iter().take(case.zones.len()).all(|until| case.at.0 < *until);
    let consent = |level| all(case.consent_until(level, |_| true));
    let days = |at| case.zones.iter().map(move |zone| (zone.day(case.at), zone.day(at)));
    let care = || case.past.iter().filter(|past| past.purpose.is(Purpose::Care));
    let within = |reach: i64| {
        let count = |n: usize| {
            care()
                .filter(|past| days(past.at).nth(n).is_some_and(|(now, then)| now.0 - then.0 < reach as i32))
                .count()
        };
        1 + (0..case.zones.len()).map(count).max().unwrap_or_default()
    };
    let on_topic = case.past.iter().filter(|past| {
        past.at.0 > case.at.0 - 24 * HOUR
            && past.topic.is_some_and(|t| contact.topics.0 >> t.index() & 1 == 1)
    });
    let transaction = case.interactions.iter().find(|done| done.kind.is(Interacted::Transaction));
    let recent =
        transaction.is_some_and(|done| days(done.at).all(|(now, then)| now <= then.add_months_down(18)));
    let list = case
        .do_not_call
        .filter(|look_up| case.zones.iter().all(|zone| zone.day(case.at) <= look_up.version.add_days(31)));
    let clocks = case.zones.iter().map(|zone| {
        let segment = zone.segment(case.at);
        segment.wall(case.at).rem_euclid(24 * HOUR) / 60_000_000
    });
    let age = case.birth_date.map(|birth| {
        let today = case.zones.iter().map(|zone| zone.day(case.at)).min().unwrap_or(birth);
        (1..130).take_while(|years| birth.add_months_up(years * 12) <= today).count()
    });
    let mut out = json!({
        "channel": lineage(Set::from_iter([contact.channel])),
        "purpose": lineage(contact.purposes),
        "state": case.state.name(),
        "earliest_minute": clocks.clone().min(),
        "latest_minute": clocks.max(),
        "evening": if case.state == State::Florida { 20 * 60 } else { 21 * 60 },
        "technology": if contact.automated { "automated" } else { "manual" },
        "uses": lineage(contact.uses),
        "length": contact.length,
        "says_opt_out": contact.says_opt_out,
        "health_data": contact.data.is(Data::Health),
        "refill_reminder_only": contact.purposes.iter().all(|p| p.is(Purpose::RefillReminder)),
        "sensitive_topic": contact.topics.iter().any(|t| t.lineage().meets(Topic::SENSITIVE)),
        "opted_in": consent(Level::OptedIn),
        "express": consent(Level::Express),
        "express_written": consent(Level::ExpressWritten),
        "authorization": consent(Level::HipaaAuthorization),
        "opted_in_to_channel": all(case.consent_until(Level::OptedIn, |grant| grant.scope.channel.is_some())),
        "refused": !all(case.unrefused_until(contact.purposes, Level::OptedIn)),
        "refused_sharing": !all(case.unrefused_until(Set::from_iter([Purpose::SaleSharing]), Level::CaSaleSharing)),
        "gpc": case.gpc,
        "do_not_call": list.map_or("unknown", |it| if it.listed { "listed" } else { "not_listed" }),
        "recent_transaction": recent,
        "attempts_today": within(1),
        "attempts_week": within(7),
        "attempts_on_topic": 1 + on_topic.count(),
    });
    if let Some(age) = age {
        out["age"] = json!(age);
    }
    out
}

/// The rules that block, by name, as the hand-written code finds them.
pub fn blocking(case: &Case) -> Vec<&'static str> {
    let found = answer(case).blocking;
    let bits = found.violated | found.undetermined;
    crate::handwritten::RULES
        .into_iter()
        .enumerate()
        .filter(|(n, _)| bits >> n & 1 == 1)
        .map(|(_, rule)| rule)
        .collect()
}

/// The names, with everything above them.
fn lineage<W: Word>(set: Set<W>) -> Value {
    let all: Set<W> = set.iter().fold(Set::of(0), |all, word| Set::of(all.0 | word.lineage().0));
    all.iter().map(Is::name).collect::<Vec<_>>().into()
}
