//! What the ledger knows of a person, as a request to the engine says it.
//!
//! What is known is what had been recorded by then: a decision of last year is asked again with what was known last year.

use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, List};
use crate::ledger::Ledger;
use crate::links;
use crate::merge::age;
use crate::store::{Kept, Rows, Store};
use byleave::wire::{Item, Json, Limits};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The lists that stand in a request under their own words.
pub(crate) const IN_REQUESTS: [List; 5] =
    [List::Consents, List::Contacts, List::Interactions, List::Lists, List::Signals];

/// Whose facts, and as known when.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The person.
    pub person: &'a str,
    /// Where the contact goes, if that is known: what others have refused at that address binds too.
    pub address: Option<&'a str>,
    /// The instant of the decision. What was recorded later is left out.
    pub known_at: Timestamp,
}

impl<S: Store> Ledger<S> {
    /// Says since when the ledger holds every event of a list, whoever it is about; before that, counts over a list are
    /// unknown. Without a `since` it always has.
    ///
    /// # Errors
    /// As the store fails.
    pub fn keeps(&mut self, list: List, since: Option<Timestamp>) -> Result<()> {
        let since = since.map_or(i64::MIN, Timestamp::as_microsecond);
        self.store.write(|rows| rows.set(&claim(list), &since.to_be_bytes()))
    }

    /// The facts, laid under a request: lists of events joined, the person's preferences where the request is silent.
    ///
    /// A list in which the ledger holds nothing about the person is left unknown, unless the ledger [keeps](Ledger::keeps)
    /// it; so is the time before it began to. Consents are always known: a ledger is where they are kept.
    ///
    /// # Errors
    /// The request is no object; it and the ledger say different things of the person; as the store fails.
    pub fn lay_under(&mut self, request: Json, ask: &Ask<'_>) -> Result<Json> {
        let known_at = ask.known_at.as_microsecond();
        let hashes = &self.hashes;
        let (own, others, buried, claims, linked) = self.store.read(|rows| {
            let own = match rows.person(ask.person)? {
                Some(person) => rows.of_person(person.number, known_at)?,
                None => Vec::new(),
            };
            let linked = links::others(rows, hashes, ask.person, &own, known_at)?;
            let mut others = Vec::new();
            let mut buried = rows.buried(&hashes.of_name(ask.person))?;
            for (name, _) in &linked {
                buried = [buried, rows.buried(&hashes.of_name(name))?].into_iter().flatten().min();
            }
            if let Some(address) = ask.address {
                let hash = hashes.of_address(address);
                others = {
                    let refusals = rows.refusals(&hash, known_at)?;
                    links::standing(rows, refusals, known_at)?
                };
                buried = [buried, rows.buried(&hash)?].into_iter().flatten().min();
            }
            Ok((own, others, buried.filter(|at| *at <= known_at), claims(rows)?, linked))
        })?;
        let found = Found::read(&own, &others, buried, ask)?;
        let mut out = lay(request, found, &claims, ask)?;
        links::bind(&mut out, &linked, ask)?;
        links::same_address(&mut out, ask.address);
        age::out(&mut out);
        out.admit(&Limits::MOST)?;
        Ok(out)
    }
}

/// Since when the ledger holds every event of a list.
pub(crate) fn claims(rows: &mut impl Rows) -> Result<BTreeMap<List, i64>> {
    let mut claims = BTreeMap::new();
    for list in IN_REQUESTS {
        if let Some(since) = rows.setting(&claim(list))? {
            let bytes = since.try_into().map_err(|_| Error::damaged("a claim is damaged"))?;
            claims.insert(list, i64::from_be_bytes(bytes));
        }
    }
    Ok(claims)
}

fn claim(list: List) -> String {
    format!("keeps {}", list.as_str())
}

/// What was found, by list.
pub(crate) struct Found {
    pub(crate) lists: BTreeMap<List, Vec<Json>>,
    pub(crate) preferences: BTreeMap<String, Json>,
}

impl Found {
    pub(crate) fn read(own: &[Kept], others: &[Kept], buried: Option<i64>, ask: &Ask<'_>) -> Result<Found> {
        let events = read(own)?;
        let foreign = read(others)?;
        let voided: BTreeSet<&str> =
            events.iter().filter(|it| it.list == List::Voids).filter_map(of).collect();
        let mut lists: BTreeMap<List, Vec<Json>> = BTreeMap::new();
        let mut stated: Vec<(&Json, &Json)> = Vec::new();
        for event in events.iter().filter(|event| !voided.contains(event.key.as_str())) {
            match event.list {
                List::Voids | List::Decisions | List::Links => {}
                List::Preferences => {
                    if let (Some(at), Some(set)) = (event.record().get("at"), event.record().get("set")) {
                        stated.push((at, set));
                    }
                }
                list => lists.entry(list).or_default().push(event.record().clone()),
            }
        }
        // As instants, and among equals as they were recorded.
        stated.sort_by_key(|(at, _)| match at {
            Json::Text(text) => crate::event::instant(text),
            _ => None,
        });
        let mut preferences = BTreeMap::new();
        for (_, set) in stated {
            if let Json::Map(entries) = set {
                preferences.extend(entries.iter().cloned());
            }
        }
        let consents = lists.entry(List::Consents).or_default();
        for event in foreign.iter().filter(|it| it.person != ask.person) {
            consents.extend(at_address(event.record(), ask.address));
        }
        consents.extend(buried.map(|at| tombstone(at, ask.address)));
        Ok(Found { lists, preferences })
    }
}

pub(crate) fn of(event: &Event) -> Option<&str> {
    match event.record().get("of") {
        Some(Json::Text(of)) => Some(of),
        _ => None,
    }
}

/// Stored words as events; what was erased says nothing.
pub(crate) fn read(kept: &[Kept]) -> Result<Vec<Event>> {
    let words = kept
        .iter()
        .filter(|it| it.list != crate::ledger::ERASURE)
        .filter_map(|it| Some((it.seq, it.words.as_deref()?)));
    words
        .map(|(seq, words)| {
            Event::parse(words).map_err(|error| Error::damaged(format!("event {seq}: {error}")))
        })
        .collect()
}

/// Somebody else's revocation at an address, as it binds whoever is reached there.
fn at_address(record: &Json, address: Option<&str>) -> Option<Json> {
    let (Json::Map(entries), Some(address)) = (record, address) else { return None };
    let mut out = entries.clone();
    for (key, value) in &mut out {
        if key == "scope"
            && let Json::Map(scope) = value
        {
            // Under the address as the request writes it: the engine compares texts.
            for (_, place) in scope.iter_mut().filter(|(key, _)| key == "address") {
                *place = list(vec![Json::Text(address.to_owned())]);
            }
        }
    }
    // Whoever revoked held it then; now it binds this person.
    out.retain(|(key, _)| key != "holder");
    Some(Json::Map(out))
}

/// What is left of somebody erased: a refusal of everything.
fn tombstone(at: i64, address: Option<&str>) -> Json {
    let at = Timestamp::from_microsecond(at).unwrap_or(Timestamp::MIN).to_string();
    let text = |key: &str, text: &str| (key.to_owned(), Json::Text(text.to_owned()));
    let scope = match address {
        Some(address) => vec![("address".to_owned(), list(vec![Json::Text(address.to_owned())]))],
        None => Vec::new(),
    };
    Json::Map(vec![
        text("at", &at),
        text("by", "holder"),
        text("id", "erased"),
        text("kind", "revoke"),
        ("scope".to_owned(), Json::Map(scope)),
    ])
}

fn list(items: Vec<Json>) -> Json {
    Json::List((0..).zip(items).map(|(at, json)| Item { at, json }).collect())
}

fn lay(request: Json, found: Found, claims: &BTreeMap<List, i64>, ask: &Ask<'_>) -> Result<Json> {
    let Json::Map(mut out) = request else {
        return Err(Error::input("", format!("a request is an object, not {}", request.kind())));
    };
    for which in IN_REQUESTS {
        let events = found.lists.get(&which).cloned().unwrap_or_default();
        let since = claims.get(&which).copied();
        let word = which.as_str();
        if events.is_empty() && since.is_none() && which != List::Consents {
            continue;
        }
        match out.iter_mut().find(|(key, _)| key == word) {
            Some((_, Json::List(items))) => {
                let from = u32::try_from(items.len()).unwrap_or(u32::MAX);
                items.extend((from..).zip(events).map(|(at, json)| Item { at, json }));
            }
            // Known to be empty, by the request: what is there says more.
            Some((_, place @ Json::Null)) => *place = list(events),
            Some((key, other)) => {
                return Err(Error::input(key.clone(), format!("expected a list, not {}", other.kind())));
            }
            None => out.push((word.to_owned(), list(events))),
        }
        let from = match (which, since) {
            (List::Contacts | List::Interactions, None) => Some(ask.known_at),
            (List::Contacts | List::Interactions, Some(since)) if since != i64::MIN => {
                Some(Timestamp::from_microsecond(since).map_err(|_| Error::damaged("a claim is damaged"))?)
            }
            _ => None,
        };
        let complete = format!("{word}_complete_from");
        if let Some(from) = from
            && !out.iter().any(|(key, _)| *key == complete)
        {
            out.push((complete, Json::Text(from.to_string())));
        }
    }
    let mut stated: Vec<(String, Json)> = found.preferences.into_iter().collect();
    stated.push(("id".to_owned(), Json::Text(ask.person.to_owned())));
    if !out.iter().any(|(key, _)| key == "person") {
        out.push(("person".to_owned(), Json::Map(Vec::new())));
    }
    for (key, value) in out.iter_mut().filter(|(key, _)| key == "person") {
        let Json::Map(person) = value else {
            return Err(Error::input(key.clone(), format!("expected an object, not {}", value.kind())));
        };
        for (key, said) in std::mem::take(&mut stated) {
            match person.iter().find(|(it, _)| *it == key) {
                None => person.push((key, said)),
                Some((_, given)) if *given == said => {}
                Some(_) => {
                    let message = "the request and the ledger say different things of the person";
                    return Err(Error::new(ErrorKind::Conflict, message)
                        .at(format!("person.{key}"))
                        .hint("leave it out of the request, or tell the ledger first"));
                }
            }
        }
    }
    Ok(Json::Map(out))
}
