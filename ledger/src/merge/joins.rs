//! What becomes of a fact on which sources differ: in which direction it restricts, and how words are joined in that direction.

use super::hours;
use super::read::{list, shown, texts};
use crate::error::{Error, Result};
use crate::event::instant;
use byleave::wire::Json;
use std::collections::BTreeSet;

/// How words on a fact are resolved; the module's table says what each does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Agree,
    Unknown,
    Candidates,
    Latest,
    Common,
    AllHold,
    TrueIfAny,
}

impl Way {
    pub(crate) const ALL: [Way; 7] =
        [Way::Agree, Way::Unknown, Way::Candidates, Way::Latest, Way::Common, Way::AllHold, Way::TrueIfAny];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Way::Agree => "agree",
            Way::Unknown => "unknown",
            Way::Candidates => "candidates",
            Way::Latest => "latest",
            Way::Common => "common",
            Way::AllHold => "all_hold",
            Way::TrueIfAny => "true_if_any",
        }
    }
}

/// The way of a fact whose direction is known, and whether leaving it unknown restricts as well: not where its absence means
/// none, nor where policy asks whether it is known.
const WAYS: [(&str, Way, bool); 17] = [
    ("time_zones", Way::Candidates, true),
    ("confirmed_time_zone", Way::Unknown, true),
    ("jurisdictions", Way::Candidates, true),
    ("pause_until", Way::Latest, true),
    ("holdout_until", Way::Latest, false),
    ("hours", Way::Common, true),
    ("inconvenient", Way::AllHold, true),
    ("channel_rules", Way::AllHold, true),
    ("caps", Way::AllHold, true),
    ("calendar_caps", Way::AllHold, false),
    ("confidential_requests", Way::AllHold, true),
    ("restrictions", Way::AllHold, true),
    ("employer_prohibits", Way::TrueIfAny, false),
    ("capacity", Way::Unknown, true),
    ("relationships", Way::Unknown, true),
    ("may_consent_alone", Way::Unknown, true),
    ("parent_notice_on", Way::Unknown, true),
];

/// The facts of the group `preferences`, for which a host may vouch: what is left out then reads as none.
const PREFERENCES: [&str; 7] = [
    "person.pause_until",
    "person.hours",
    "person.inconvenient",
    "person.channel_rules",
    "person.caps",
    "person.confidential_requests",
    "person.restrictions",
];

/// Whether a fact is one of that group.
pub(crate) fn is_preference(path: &str) -> bool {
    PREFERENCES.contains(&path)
}

/// How a fact is resolved where the organisation states nothing.
pub(crate) fn way(path: &str) -> Way {
    known(path).map_or(Way::Agree, |(way, _)| way)
}

fn known(path: &str) -> Option<(Way, bool)> {
    let key = path.strip_prefix("person.")?;
    WAYS.iter().find(|(it, ..)| *it == key).map(|(_, way, unknown)| (*way, *unknown))
}

/// The ways that the organisation may state for a fact: those that are known to restrict it.
pub(super) fn allowed(path: &str) -> Vec<Way> {
    let mut out = vec![Way::Agree];
    if let Some((way, unknown)) = known(path) {
        if unknown && way != Way::Unknown {
            out.push(Way::Unknown);
        }
        out.push(way);
    }
    out
}

/// What words on a fact come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Joined {
    /// They say the same, or one says no more than another.
    Agreed(Json),
    /// They differ, and this is what holds of all of them.
    Made(Json),
    /// They leave no hour at all.
    NoHour(Json),
    /// Nothing that restricts as all of them do can be said.
    Withheld,
    /// They may not differ.
    Refused,
}

/// Joins words on a fact; there is at least one.
pub(crate) fn join(path: &str, way: Way, words: &[&Json]) -> Result<Joined> {
    let Some((first, rest)) = words.split_first() else { return Ok(Joined::Withheld) };
    if rest.iter().all(|word| word == first) {
        return Ok(Joined::Agreed((*first).clone()));
    }
    Ok(match way {
        Way::Agree if path == "person.birth_date" => finest(words).map_or(Joined::Refused, Joined::Agreed),
        Way::Agree => Joined::Refused,
        Way::Unknown => Joined::Withheld,
        Way::Candidates => candidates(path, words)?,
        Way::Latest => {
            let mut latest = None;
            for word in words.iter().filter(|word| ***word != Json::Null) {
                let at = match word {
                    Json::Text(text) => instant(text),
                    _ => None,
                };
                let at = at.ok_or_else(|| Error::input(path, "expected an instant with its offset"))?;
                latest = latest.max(Some(at.as_microsecond()));
            }
            Joined::Made(latest.map_or(Json::Null, |at| Json::Text(shown(at))))
        }
        Way::Common => {
            // Known to have no wish.
            let weeks: Vec<&Json> = words.iter().copied().filter(|it| **it != Json::Null).collect();
            match hours::common(&weeks, path)? {
                Some((week, true)) => Joined::NoHour(week),
                Some((week, false)) => Joined::Made(week),
                None => Joined::Withheld,
            }
        }
        Way::AllHold => {
            let mut all: BTreeSet<Json> = BTreeSet::new();
            for word in words {
                match word {
                    Json::Null => {}
                    Json::List(items) => all.extend(items.iter().map(|it| it.json.clone())),
                    other => {
                        return Err(Error::input(path, format!("expected a list, not {}", other.kind())));
                    }
                }
            }
            Joined::Made(list(all.into_iter().collect()))
        }
        Way::TrueIfAny => {
            if let Some(other) = words.iter().find(|it| !matches!(it, Json::Bool(_) | Json::Null)) {
                return Err(Error::input(path, format!("expected true or false, not {}", other.kind())));
            }
            if words.contains(&&Json::Bool(true)) { Joined::Made(Json::Bool(true)) } else { Joined::Withheld }
        }
    })
}

/// Everything that is named; a set of none is no candidate but an unknown one.
fn candidates(path: &str, words: &[&Json]) -> Result<Joined> {
    let mut all = BTreeSet::new();
    for word in words {
        match word {
            Json::Null => return Ok(Joined::Withheld),
            Json::List(items) if items.is_empty() => return Ok(Joined::Withheld),
            word => all.extend(texts(word, path)?),
        }
    }
    Ok(Joined::Made(list(all.into_iter().map(Json::Text).collect())))
}

/// The finest of dates that do not contradict each other: `2008`, `2008-03` and `2008-03-01` say one thing.
fn finest(words: &[&Json]) -> Option<Json> {
    let mut dates = Vec::with_capacity(words.len());
    for word in words {
        match word {
            Json::Text(date) => dates.push(date.as_str()),
            _ => return None,
        }
    }
    let finest = dates.iter().max_by_key(|it| it.len())?;
    let within =
        |date: &str| finest.strip_prefix(date).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    dates.iter().all(|date| within(date)).then(|| Json::Text((*finest).to_owned()))
}

/// A confirmed zone stands in for the candidates. Where not every source that speaks of zones confirms the same one, it is one
/// candidate more.
pub(super) fn confirmed(
    zones: &[&Json],
    confirmed: &[&Json],
    all_confirm: bool,
) -> (Option<Json>, Option<Json>) {
    let same = confirmed.split_first().is_some_and(|(first, rest)| rest.iter().all(|it| it == first));
    if same && all_confirm {
        return (None, confirmed.first().map(|it| (*it).clone()));
    }
    let mut words: Vec<Json> = zones.iter().map(|it| (*it).clone()).collect();
    words.extend(confirmed.iter().map(|it| it.get("zone").cloned().unwrap_or(Json::Null)));
    let words: Vec<&Json> = words.iter().collect();
    match candidates("person.time_zones", &words) {
        Ok(Joined::Made(zones)) => (Some(zones), None),
        _ => (None, None),
    }
}
