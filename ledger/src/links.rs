//! One person under several names, and several people at one address: whose words bind whom.
//!
//! A link says that a person goes by another name too. It binds in both directions and along chains of links: what any of the
//! names has refused, how often any of them was reached, what any of them wishes holds for all. It gives no leave: what one name
//! has granted or done counts for that name alone, and what is unknown of one stays unknown. (Leave that is to count under every
//! name is a matter of the organisation's rules: [`Ledger::profile`].) A link told in error is voided like anything else.
//!
//! At a shared address a refusal binds everyone until its own person's record takes it back: what was told in error never was,
//! and nobody else could take it back.

use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, List};
use crate::facts::{Ask, Found, IN_REQUESTS, Linked, claims, of, read, tombstone};
use crate::ledger::{Hashes, Ledger};
use crate::merge::{Joined, Profile, join, way};
use crate::store::{Kept, Rows, Store};
use byleave::normal_address;
use byleave::wire::{Item, Json};
use jiff::Timestamp;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// More names than a person has: who goes by so many was linked in error.
const NAMES: usize = 64;

/// A name, with what was recorded under it.
pub(crate) type Named = (String, Vec<Kept>);

impl<S: Store> Ledger<S> {
    /// What is known of a person as a profile: each name by which the person goes is a source of its own, so that the
    /// organisation's rules say which of them gives leave, and records of other systems can be merged with it.
    ///
    /// # Errors
    /// As the store fails.
    pub fn profile(&mut self, person: &str, known_at: Timestamp) -> Result<Profile> {
        let at = known_at.as_microsecond();
        let hashes = &self.hashes;
        let (named, claims, buried) = self.store.read(|rows| {
            let own = chain(rows, person, at)?;
            let mut named = others(rows, hashes, person, &own, at)?;
            named.push((person.to_owned(), own));
            let mut buried = None;
            for (name, _) in &named {
                buried = [buried, rows.buried(&hashes.of_name(name))?].into_iter().flatten().min();
            }
            Ok((named, claims(rows)?, buried.filter(|it| *it <= at)))
        })?;
        let mut out = Profile::default();
        for (name, kept) in &named {
            let mut found = Found::of(&read(kept)?);
            let gone = buried.map(|at| tombstone(at, None));
            found.lists.entry(List::Consents).or_default().extend(gone);
            out.name(name, at, found.preferences);
            for list in IN_REQUESTS {
                let events = found.lists.get(&list).cloned().unwrap_or_default();
                let since = claims.get(&list).copied();
                if events.is_empty() && since.is_none() && list != List::Consents {
                    continue;
                }
                let since = match (list, since) {
                    (List::Contacts | List::Interactions, None) => Some(at),
                    (List::Contacts | List::Interactions, since) => since.filter(|it| *it != i64::MIN),
                    _ => None,
                };
                out.tell(name, list, at, since, events);
            }
        }
        Ok(out)
    }
}

fn chain(rows: &mut (impl Rows + ?Sized), name: &str, known_at: i64) -> Result<Vec<Kept>> {
    match rows.person(name)? {
        Some(person) => rows.of_person(person.number, known_at),
        None => Ok(Vec::new()),
    }
}

/// The other names by which a person goes.
pub(crate) fn others(
    rows: &mut (impl Rows + ?Sized),
    hashes: &Hashes,
    person: &str,
    own: &[Kept],
    known_at: i64,
) -> Result<Vec<Named>> {
    let mut chains: BTreeMap<String, Option<Vec<Kept>>> = BTreeMap::from([(person.to_owned(), None)]);
    let mut ahead = vec![person.to_owned()];
    while let Some(name) = ahead.pop() {
        let kept = if name == person {
            own
        } else {
            chains.get(&name).and_then(Option::as_deref).unwrap_or_default()
        };
        let mut near = BTreeSet::new();
        if kept.iter().any(|it| it.list == List::Links as u8) {
            near.extend(standing_links(kept)?.into_values());
        }
        // Links that others' chains tell of this name: they stand while that chain does not take them back.
        for link in rows.refusals(&hashes.of_link(&name), known_at)? {
            let Some(event) = read(std::slice::from_ref(&link))?.pop() else { continue };
            let chain = rows.of_person(link.person, known_at)?;
            if standing_links(&chain)?.contains_key(&event.key) {
                near.insert(event.person);
            }
        }
        for other in near {
            if chains.len() > NAMES {
                return Err(Error::new(
                    ErrorKind::Limit,
                    format!("`{person}` goes by more than {NAMES} names"),
                )
                .hint("void the links that were told in error"));
            }
            if !chains.contains_key(&other) {
                chains.insert(other.clone(), Some(chain(rows, &other, known_at)?));
                ahead.push(other);
            }
        }
    }
    Ok(chains.into_iter().filter_map(|(name, kept)| Some((name, kept?))).collect())
}

/// The links of a chain that nothing took back: their other names, by key.
fn standing_links(kept: &[Kept]) -> Result<BTreeMap<String, String>> {
    let events = read(kept)?;
    let voided: BTreeSet<&str> = events.iter().filter(|it| it.list == List::Voids).filter_map(of).collect();
    let links = events.iter().filter(|it| !voided.contains(it.key.as_str()));
    Ok(links.filter_map(|it| Some((it.key.clone(), it.with()?.to_owned()))).collect())
}

/// Refusals at an address, without those that their own people's records void.
pub(crate) fn standing(
    rows: &mut (impl Rows + ?Sized),
    refusals: Vec<Kept>,
    known_at: i64,
) -> Result<Vec<Kept>> {
    let mut voided: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    let mut out = Vec::new();
    for it in refusals {
        if let Entry::Vacant(place) = voided.entry(it.person) {
            let chain = read(&rows.of_person(it.person, known_at)?)?;
            let own: BTreeSet<&str> =
                chain.iter().filter(|it| it.list == List::Voids).filter_map(of).collect();
            // As the engine takes back: a void among consents, once its instant has come.
            let come = |event: &&Event| {
                let at = says(event.record(), "at").and_then(crate::event::instant);
                event.list == List::Consents
                    && says(event.record(), "kind") == Some("void")
                    && at.is_some_and(|at| at.as_microsecond() <= known_at)
                    && !own.contains(event.key.as_str())
            };
            let voids = own.iter().copied().chain(chain.iter().filter(come).filter_map(of));
            place.insert(voids.map(str::to_owned).collect());
        }
        let key = read(std::slice::from_ref(&it))?.pop().map(|event| event.key);
        let gone = |key| voided.get(&it.person).is_some_and(|all| all.contains(&key));
        if !key.is_some_and(gone) {
            out.push(it);
        }
    }
    Ok(out)
}

/// Lets what the other names say bind the person.
pub(crate) fn bind(request: &mut Json, linked: &[Linked], ask: &Ask<'_>) -> Result<()> {
    let Json::Map(entries) = request else { return Ok(()) };
    for Linked { name, lists, preferences } in linked {
        for (list, events) in lists {
            let list = *list;
            // A list that is unknown stays so: it restricts as it is.
            let place = entries.iter_mut().find(|(key, _)| key == list.as_str());
            let Some((_, Json::List(items))) = place else { continue };
            let from = u32::try_from(items.len()).unwrap_or(u32::MAX);
            let grants: BTreeSet<String> = events
                .iter()
                .filter(|it| says(it, "kind") == Some("grant"))
                .filter_map(|it| says(it, "id"))
                .map(str::to_owned)
                .collect();
            // At a shared address it may be there already.
            let there: BTreeSet<String> =
                items.iter().filter_map(|it| says(&it.json, "id")).map(str::to_owned).collect();
            let binding = events
                .iter()
                .filter(|it| binds(list, it, &grants) && says(it, "id").is_none_or(|id| !there.contains(id)));
            items.extend(
                (from..)
                    .zip(binding)
                    .map(|(at, json)| Item { at, json: renamed(json.clone(), name, ask.person) }),
            );
        }
        wishes(entries, preferences, name, ask)?;
    }
    Ok(())
}

/// Lets a refusal at an address hold however the address is written: the engine compares texts.
pub(crate) fn same_address(request: &mut Json, address: Option<&str>) {
    let Some(address) = address else { return };
    let Json::Map(entries) = request else { return };
    let wanted = normal_address(address);
    let same = |it: &Json| matches!(it, Json::Text(text) if normal_address(text) == wanted);
    let Some((_, Json::List(items))) = entries.iter_mut().find(|(key, _)| key == "consents") else { return };
    for item in items.iter_mut().filter(|it| says(&it.json, "kind") != Some("grant")) {
        let Json::Map(event) = &mut item.json else { continue };
        let Some((_, Json::Map(scope))) = event.iter_mut().find(|(key, _)| key == "scope") else { continue };
        let Some((_, place)) = scope.iter_mut().find(|(key, _)| key == "address") else { continue };
        let written = Json::Text(address.to_owned());
        match place {
            Json::List(items)
                if items.iter().any(|it| same(&it.json)) && !items.iter().any(|it| it.json == written) =>
            {
                let at = u32::try_from(items.len()).unwrap_or(u32::MAX);
                items.push(Item { at, json: written });
            }
            one if same(one) => *one = written,
            _ => {}
        }
    }
}

fn says<'a>(record: &'a Json, key: &str) -> Option<&'a str> {
    match record.get(key) {
        Some(Json::Text(text)) => Some(text),
        _ => None,
    }
}

fn binds(list: List, record: &Json, grants: &BTreeSet<String>) -> bool {
    match list {
        List::Consents => match says(record, "kind") {
            Some("grant") => false,
            Some("void") => says(record, "of").is_some_and(|of| !grants.contains(of)),
            _ => true,
        },
        List::Contacts | List::Signals => true,
        List::Lists => says(record, "result") != Some("not_listed"),
        _ => false,
    }
}

/// Under the name that the request gives the person.
fn renamed(mut record: Json, name: &str, person: &str) -> Json {
    if let Json::Map(entries) = &mut record {
        for (key, value) in entries {
            if ["holder", "recipient"].contains(&key.as_str()) && *value == Json::Text(name.to_owned()) {
                *value = Json::Text(person.to_owned());
            }
        }
    }
    record
}

/// Facts whose absence says something (that there is none, that nothing is known): another name's word is told all the same.
const TOLD: [&str; 6] =
    ["holdout_until", "calendar_caps", "employer_prohibits", "deceased_on", "attorney", "attorney_matter"];

fn wishes(
    entries: &mut [(String, Json)],
    stated: &BTreeMap<String, Json>,
    name: &str,
    ask: &Ask<'_>,
) -> Result<()> {
    let mut vouched = entries.iter().any(|(key, json)| key == "complete" && holds(json, "preferences"));
    let Some((_, Json::Map(person))) = entries.iter_mut().find(|(key, _)| key == "person") else {
        return Ok(());
    };
    let wish = |key: &str| crate::merge::is_preference(&format!("person.{key}"));
    let own_attorney = person.iter().any(|(key, _)| key == "attorney");
    let mut unsure = false;
    for (key, word) in stated {
        let path = format!("person.{key}");
        let Some(at) = person.iter().position(|(it, _)| it == key) else {
            let tells = match key.as_str() {
                "attorney_matter" => !own_attorney,
                key => TOLD.contains(&key) || (vouched && wish(key)),
            };
            if tells {
                person.push((key.clone(), word.clone()));
            } else if key == "birth_date" && is_young(word, ask.known_at) {
                return Err(Error::new(
                    ErrorKind::Conflict,
                    format!(
                        "under the name `{name}` the person is a child, and under `{}` of no known age",
                        ask.person
                    ),
                )
                .at(path)
                .hint("tell the birth date under each name, or void the link"));
            }
            continue;
        };
        let Some((_, own)) = person.get_mut(at) else { continue };
        match join(&path, way(&path), &[own, word])? {
            Joined::Agreed(value) | Joined::Made(value) | Joined::NoHour(value) => *own = value,
            Joined::Withheld => {
                unsure |= wish(key);
                person.remove(at);
            }
            Joined::Refused => {
                return Err(Error::new(
                    ErrorKind::Conflict,
                    format!("the names `{}` and `{name}` of one person say different things", ask.person),
                )
                .at(path)
                .hint("set right which is wrong, or void the link"));
            }
        }
    }
    vouched &= unsure;
    if vouched {
        // Left out, a wish would read as none.
        for (_, json) in entries.iter_mut().filter(|(key, _)| key == "complete") {
            match json {
                Json::List(items) => items.retain(|it| it.json != Json::Text("preferences".to_owned())),
                other => *other = Json::List(Vec::new()),
            }
        }
    }
    Ok(())
}

fn holds(json: &Json, word: &str) -> bool {
    let word = Json::Text(word.to_owned());
    match json {
        Json::List(items) => items.iter().any(|it| it.json == word),
        other => *other == word,
    }
}

fn is_young(birth_date: &Json, at: Timestamp) -> bool {
    let Json::Text(birth_date) = birth_date else { return false };
    // Whatever the zone: a day more does no harm.
    let today = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    // Known to the year, the person may have been born on its last day.
    let latest = match birth_date.len() {
        4 => format!("{birth_date}-12-31"),
        7 => (28..=31)
            .rev()
            .map(|day| format!("{birth_date}-{day}"))
            .find(|it| it.parse::<jiff::civil::Date>().is_ok())
            .unwrap_or_default(),
        _ => birth_date.clone(),
    };
    crate::merge::age::last_day(&latest).is_none_or(|last| last >= today)
}
