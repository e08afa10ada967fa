//! A parent's authority ends with childhood: at eighteen, the age of majority nearly everywhere and nowhere earlier.
//!
//! A grant that a parent gave is good through the day before the birthday, by the clock of wherever the person may be; so is a
//! parent's authority to hear of the person's affairs. Whoever was born on 29 February is taken to be of age on 28 February: the
//! day before is the earlier of two readings. Of a birth date that is known to the month or the year, its first day counts. While
//! it is not known, nobody can tell whether a parent may still speak for the person, and the leave does not count. What a parent
//! has refused stays refused until somebody lifts it. (In a few places people come of age later; there the person is asked at
//! eighteen all the same.)

use byleave::wire::{Item, Json};
use jiff::civil::{Date, date};

/// The age at which nobody's parent decides any more.
pub const MAJORITY: i16 = 18;

/// The last day on which a parent speaks for somebody born then: `2008`, `2008-03` or `2008-03-01`.
///
/// ```
/// use byleave_ledger::merge::age::last_day;
/// assert_eq!(last_day("2008-03-01").unwrap().to_string(), "2026-02-28");
/// assert_eq!(last_day("2008-02-29").unwrap().to_string(), "2026-02-27");
/// assert_eq!(last_day("2008").unwrap().to_string(), "2025-12-31");
/// assert_eq!(last_day("soon"), None);
/// ```
#[must_use]
pub fn last_day(birth_date: &str) -> Option<Date> {
    let number = |text: &str, len: usize| {
        (text.len() == len && text.bytes().all(|it| it.is_ascii_digit()))
            .then(|| text.parse::<i16>().ok())
            .flatten()
    };
    let mut parts = birth_date.split('-');
    let year = number(parts.next()?, 4)?;
    let mut part = || match parts.next() {
        None => Some(1),
        Some(text) => number(text, 2).and_then(|it| i8::try_from(it).ok()),
    };
    let (month, day) = (part()?, part()?);
    if parts.next().is_some() {
        return None;
    }
    Date::new(year, month, day).ok()?;
    let of_age = year.checked_add(MAJORITY)?;
    // Not every year has a 29 February.
    let birthday = Date::new(of_age, month, day).ok().or_else(|| Date::new(of_age, month, 28).ok())?;
    birthday.yesterday().ok().filter(|_| of_age < date(9999, 1, 1).year())
}

/// Lets what a parent has granted, and a parent's authority, end in the facts of a request.
pub(crate) fn out(request: &mut Json) {
    let Json::Map(entries) = request else { return };
    let of = |entries: &[(String, Json)], entity: &str, key: &str| -> Option<Json> {
        let (_, json) = entries.iter().find(|(it, _)| it == entity)?;
        let Json::Map(facts) = json else { return None };
        facts.iter().find(|(it, _)| it == key).map(|(_, json)| json.clone())
    };
    let last = match of(entries, "person", "birth_date") {
        Some(Json::Text(birth_date)) => last_day(&birth_date),
        _ => None,
    };
    let to_a_parent = matches!(of(entries, "recipient", "role"), Some(Json::Text(role)) if role == "parent");
    for (key, json) in entries {
        match (key.as_str(), json) {
            ("consents", Json::List(items)) => {
                let kept = std::mem::take(items).into_iter().filter_map(|it| grant(it, last));
                *items = kept.collect();
            }
            ("recipient", Json::Map(recipient)) if to_a_parent => {
                for (_, authority) in recipient.iter_mut().filter(|(key, _)| key == "authority") {
                    if let Json::Map(authority) = authority {
                        match last {
                            Some(last) => ends(authority, last),
                            // Whether it is still on record is what nobody knows.
                            None => authority.retain(|(key, _)| key != "recorded"),
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

fn grant(mut item: Item, last: Option<Date>) -> Option<Item> {
    let Json::Map(entries) = &mut item.json else { return Some(item) };
    let says = |entries: &[(String, Json)], key: &str, word: &str| {
        entries.iter().any(|(it, json)| it == key && *json == Json::Text(word.to_owned()))
    };
    let signed = entries.iter().any(|(key, json)| match json {
        Json::Map(instrument) => key == "instrument" && says(instrument, "signed_by", "parent"),
        _ => false,
    });
    if says(entries, "kind", "grant") && (signed || says(entries, "by", "parent")) {
        ends(entries, last?);
    }
    Some(item)
}

/// Lets it end on that day, if it does not end before.
fn ends(entries: &mut Vec<(String, Json)>, last: Date) {
    let last = last.to_string();
    match entries.iter_mut().find(|(key, _)| key == "expires_on") {
        // Written the same way, days are in the order of their texts.
        Some((_, Json::Text(day))) if *day <= last && day.len() == last.len() => {}
        Some((_, day)) => *day = Json::Text(last),
        None => entries.push(("expires_on".to_owned(), Json::Text(last))),
    }
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
}
