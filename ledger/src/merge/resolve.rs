//! What the statements of a profile come to, by the rules of the organisation.

use super::events::{Terms, Told, united};
use super::joins::{Joined, confirmed, is_preference, join};
use super::read::{LISTS, list, object, shown};
use super::rules::Rules;
use super::{Profile, Said};
use crate::error::{Error, ErrorKind, Result};
use crate::event::List;
use byleave::wire::{Json, Limits};
use std::collections::{BTreeMap, BTreeSet};

/// The facts of a request, and what was in dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// `person`, lists of events, `complete`: part of a request.
    pub facts: Json,
    /// In order of their paths.
    pub disputes: Vec<Dispute>,
}

/// On what sources differ, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dispute {
    /// `person.hours`, `consents`, or an event as `contacts.7`.
    pub path: String,
    /// What became of it.
    pub became: Became,
    /// Whose words differ.
    pub sources: Vec<String>,
    /// Why, in a sentence without a full stop.
    pub why: &'static str,
}

/// What became of words that differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Became {
    /// What holds of all of them.
    Joined,
    /// Hours without any hour: nothing is sent.
    NoHour,
    /// The fact or list is unknown.
    Unknown,
    /// Each stands under its own name.
    Apart,
    /// It stays as it was told.
    Kept,
    /// It gives no leave.
    LeftOut,
}

impl Became {
    /// As one stable word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Became::Joined => "joined",
            Became::NoHour => "no_hour",
            Became::Unknown => "unknown",
            Became::Apart => "apart",
            Became::Kept => "kept",
            Became::LeftOut => "left_out",
        }
    }
}

impl Dispute {
    pub(super) fn new<'a>(
        path: String,
        became: Became,
        sources: impl IntoIterator<Item = &'a str>,
        why: &'static str,
    ) -> Dispute {
        let sources: BTreeSet<String> = sources.into_iter().map(str::to_owned).collect();
        Dispute { path, became, sources: sources.into_iter().collect(), why }
    }
}

/// The words on one fact: each source's latest. Two of the same instant are two.
type Words<'a> = BTreeMap<&'a str, (i64, Vec<&'a Json>)>;

pub(super) fn resolve(profile: &Profile, rules: &Rules) -> Result<Resolved> {
    if let Some(source) = profile.sources().into_iter().find(|it| !rules.sources.contains_key(*it)) {
        return Err(Error::input("sources", format!("the rules say nothing of a source `{source}`"))
            .hint("state what it keeps, and what of it counts"));
    }
    let mut facts: BTreeMap<&str, Words<'_>> = BTreeMap::new();
    let mut told: Vec<Told<'_>> = Vec::new();
    let mut lists: BTreeMap<(List, &str), (i64, Option<i64>)> = BTreeMap::new();
    let mut complete: BTreeMap<&str, (i64, BTreeSet<&str>)> = BTreeMap::new();
    for it in &profile.said {
        let source = it.source.as_str();
        match &it.said {
            Said::Fact { path, as_of, value } => {
                let words = facts.entry(path).or_default().entry(source).or_insert((*as_of, Vec::new()));
                if words.0 < *as_of {
                    *words = (*as_of, Vec::new());
                }
                if words.0 == *as_of {
                    words.1.push(value);
                }
            }
            Said::Event { list, n, record } => told.push(Told { source, list: *list, n: *n, record }),
            Said::List { list, as_of, since } => {
                let word = lists.entry((*list, source)).or_insert((*as_of, *since));
                *word = match word.0.cmp(as_of) {
                    std::cmp::Ordering::Less => (*as_of, *since),
                    // Known for the shorter stretch.
                    std::cmp::Ordering::Equal => (*as_of, word.1.max(*since)),
                    std::cmp::Ordering::Greater => *word,
                };
            }
            Said::Complete { as_of, words } => {
                let words: BTreeSet<&str> = words.iter().map(String::as_str).collect();
                let word = complete.entry(source).or_insert_with(|| (*as_of, words.clone()));
                match word.0.cmp(as_of) {
                    std::cmp::Ordering::Less => *word = (*as_of, words),
                    std::cmp::Ordering::Equal => word.1.retain(|it| words.contains(it)),
                    std::cmp::Ordering::Greater => {}
                }
            }
        }
    }
    let mut disputes = Vec::new();
    let (own, merged) = names(&facts)?;
    let (person, withheld) = person(&facts, rules, &merged, &mut disputes)?;
    let everyone: BTreeSet<&str> = profile.sources();
    let mut whole: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (source, (_, words)) in &complete {
        for word in words {
            whole.entry(word).or_default().insert(source);
        }
    }
    let terms = Terms { rules, own: &own, merged: &merged, whole: &whole };
    let mut events = united(&told, &terms, &mut disputes)?;
    let mut out: Vec<(&str, Json)> = vec![("person", person)];
    let mut since: Vec<(String, Json)> = Vec::new();
    for which in LISTS {
        let name = which.as_str();
        let speak: Vec<_> = lists.iter().filter(|((list, _), _)| *list == which).collect();
        let silent: Vec<&str> = rules
            .sources
            .iter()
            .filter(|(source, it)| {
                it.keeps.contains(&which) && !lists.contains_key(&(which, source.as_str()))
            })
            .map(|(source, _)| source.as_str())
            .collect();
        if !silent.is_empty() {
            disputes.push(Dispute::new(
                name.to_owned(),
                Became::Unknown,
                silent,
                "a source that keeps it has not told it",
            ));
        } else if !speak.is_empty() {
            out.push((name, list(events.remove(&which).unwrap_or_default())));
            let from = speak.iter().filter_map(|(_, (_, since))| *since).max();
            since.extend(from.map(|from| (format!("{name}_complete_from"), Json::Text(shown(from)))));
        }
    }
    let vouched = vouched(&everyone, &whole, rules, withheld);
    if !vouched.is_empty() {
        out.push(("complete", list(vouched.into_iter().map(|it| Json::Text(it.to_owned())).collect())));
    }
    let Json::Map(mut entries) = object(out) else { return Err(Error::input("", "no facts")) };
    entries.extend(since);
    let mut facts = Json::Map(entries);
    super::age::out(&mut facts);
    facts.admit(&Limits::MOST)?;
    disputes.sort();
    disputes.dedup();
    Ok(Resolved { facts, disputes })
}

/// What each system calls the person, and what the merged facts do.
fn names<'a>(facts: &BTreeMap<&str, Words<'a>>) -> Result<(BTreeMap<&'a str, &'a str>, String)> {
    let mut own = BTreeMap::new();
    for (source, (_, words)) in facts.get("person.id").into_iter().flatten() {
        match words.as_slice() {
            [Json::Text(id)] => own.insert(*source, id.as_str()),
            _ => {
                return Err(Error::new(
                    ErrorKind::Conflict,
                    format!("`{source}` calls the person by two names"),
                )
                .at("person.id"));
            }
        };
    }
    let mut ids = own.iter();
    let merged = match ids.next() {
        None => return Err(Error::input("person.id", "no source names the person")),
        Some((_, id)) if own.values().all(|it| it == id) => (*id).to_owned(),
        // A name of one system may be somebody else's in another.
        Some((source, id)) => format!("{source}:{id}"),
    };
    Ok((own, merged))
}

/// The person, and whether a preference was left out.
fn person(
    facts: &BTreeMap<&str, Words<'_>>,
    rules: &Rules,
    merged: &str,
    disputes: &mut Vec<Dispute>,
) -> Result<(Json, bool)> {
    let mut out: BTreeMap<String, Json> = BTreeMap::from([("id".to_owned(), Json::Text(merged.to_owned()))]);
    let mut refused: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut withheld = false;
    for (path, words) in facts {
        let Some(key) = path.strip_prefix("person.").filter(|key| *key != "id") else { continue };
        let all: Vec<&Json> = words.values().flat_map(|(_, words)| words.iter().copied()).collect();
        let (value, became, why) = match join(path, rules.way(path), &all)? {
            Joined::Agreed(value) => {
                out.insert(key.to_owned(), value);
                continue;
            }
            Joined::Made(value) => (Some(value), Became::Joined, "what restricts holds as each of them says"),
            Joined::NoHour(value) => {
                (Some(value), Became::NoHour, "no hour suits all of them, so that nothing is sent")
            }
            Joined::Withheld => (None, Became::Unknown, "they differ, and which is right is not known"),
            Joined::Refused => {
                refused.push((path, words.keys().copied().collect()));
                continue;
            }
        };
        withheld |= value.is_none() && is_preference(path);
        out.extend(value.map(|value| (key.to_owned(), value)));
        disputes.push(Dispute::new((*path).to_owned(), became, words.keys().copied(), why));
    }
    zones(facts, &mut out, disputes);
    if let Some((path, _)) = refused.first() {
        let each: Vec<String> =
            refused.iter().map(|(path, sources)| format!("{path} ({})", sources.join(", "))).collect();
        let message = format!("the sources do not agree on {}", each.join("; "));
        return Err(Error::new(ErrorKind::Conflict, message)
            .at((*path).to_owned())
            .hint("are these one person? set right what is wrong in its own system, and merge again"));
    }
    Ok((Json::Map(out.into_iter().collect()), withheld))
}

/// A confirmed zone narrows the candidates, so it holds only if all who speak of zones confirm it.
fn zones(facts: &BTreeMap<&str, Words<'_>>, out: &mut BTreeMap<String, Json>, disputes: &mut Vec<Dispute>) {
    let (zones, sure) = (facts.get("person.time_zones"), facts.get("person.confirmed_time_zone"));
    let Some(sure) = sure else { return };
    let speak: BTreeSet<&str> = zones.into_iter().flatten().chain(sure).map(|(source, _)| *source).collect();
    let words = |words: Option<&Words<'_>>| -> Vec<Json> {
        words.into_iter().flatten().flat_map(|(_, (_, words))| words.iter().map(|it| (*it).clone())).collect()
    };
    let (zones, confirmations) = (words(zones), words(Some(sure)));
    let all = speak.iter().all(|source| sure.contains_key(source));
    if let (candidates, None) =
        confirmed(&zones.iter().collect::<Vec<_>>(), &confirmations.iter().collect::<Vec<_>>(), all)
    {
        out.remove("confirmed_time_zone");
        out.remove("time_zones");
        let became = if candidates.is_some() { Became::Joined } else { Became::Unknown };
        out.extend(candidates.map(|zones| ("time_zones".to_owned(), zones)));
        let why = "not every source confirms the same zone, so that it is one candidate more";
        disputes.retain(|it| it.path != "person.time_zones" && it.path != "person.confirmed_time_zone");
        disputes.push(Dispute::new("person.time_zones".to_owned(), became, speak, why));
    }
}

/// What no source leaves open: every one vouches for the person's wishes, and every keeper for its lists.
fn vouched<'a>(
    everyone: &BTreeSet<&'a str>,
    whole: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    rules: &Rules,
    withheld: bool,
) -> Vec<&'a str> {
    let words = whole.iter().filter(|(word, by)| match **word {
        // Left out, a wish would read as none.
        "preferences" => !withheld && everyone.iter().all(|it| by.contains(it)),
        "targeting" => everyone.iter().all(|it| by.contains(it)),
        // These are told, or unknown.
        "consents" | "contacts" | "interactions" | "signals" => false,
        _ => {
            let mut keepers =
                rules.sources.iter().filter(|(_, it)| it.keeps.contains(&List::Lists)).peekable();
            keepers.peek().is_some() && keepers.all(|(source, _)| by.contains(source.as_str()))
        }
    });
    words.map(|(word, _)| *word).collect()
}
