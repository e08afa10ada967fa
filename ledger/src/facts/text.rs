//! The facts as the text of a request: a person's events are laid under it as they stand, and no tree is made of any of them.
//!
//! So it goes for most people. Where somebody else's words bind too (a link, a refusal at the address, an erasure), where an
//! event was taken back, where a parent speaks, or where a text is unusual, nothing is laid here, and the tree's way is gone.

mod said;

use self::said::{Said, Skim, key};
use super::{Ask, IN_REQUESTS, claims};
use crate::chain::seal;
use crate::error::{Error, Result};
use crate::event::{List, instant};
use crate::ledger::{ERASURE, Hashes};
use crate::plain::{Entry, Plain, Value, get, quoted};
use crate::store::{Chain, Rows};
use byleave::wire::Limits;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Lays what is known of the person under a request. Nothing where that is left to the tree's way, be the request right or wrong.
///
/// # Errors
/// As the store fails.
pub(super) fn lay<R: Rows + ?Sized>(
    rows: &mut R,
    hashes: &Hashes,
    request: &str,
    ask: &Ask<'_>,
) -> Result<Option<String>> {
    let Some(request) = Plain::read(request) else { return Ok(None) };
    let name = hashes.of_link(ask.person);
    let address = ask.address.map(|it| hashes.of_address(it));
    let own = rows.chain(ask.person, ask.known_at.as_microsecond())?;
    // Nobody has that number: refusals by whoever is not known are another's.
    let person = own.events.first().map_or(-1, |it| it.person);
    let found_by = [name, address.unwrap_or(name)];
    let buried = hashes.of_name(ask.person);
    if !rows.is_alone(person, &found_by, &[buried, address.unwrap_or(buried)])? {
        return Ok(None);
    }
    let claims = claims(rows)?;
    let Some(found) = Found::of(&own, ask) else { return Ok(None) };
    let mut out = String::with_capacity(own.words.len() + 4_096);
    let laid = Laying { request: &request, found: &found, claims: &claims, ask }.write(&mut out)?;
    // A parent's leave ends at some time, and where that is the tree finds out.
    Ok((laid.is_some() && !out.contains("\"parent\"")).then_some(out))
}

/// What a person's own events say.
struct Found<'t> {
    lists: BTreeMap<List, Vec<Said<'t>>>,
    /// What was stated last of each fact.
    preferences: Vec<(&'t str, &'t str)>,
}

impl<'t> Found<'t> {
    fn of(own: &'t Chain, ask: &Ask<'_>) -> Option<Found<'t>> {
        let mut lists: BTreeMap<List, Vec<Said<'t>>> = BTreeMap::new();
        let mut stated: Vec<(Timestamp, &'t str)> = Vec::new();
        let mut from = 0;
        for kept in &own.events {
            let (Some(salt), Some(until)) = (&kept.salt, kept.until) else { return None };
            let words = own.words.get(std::mem::replace(&mut from, until)..until)?;
            if kept.list == List::Decisions as u8 {
                continue;
            }
            // Nothing is decided by words that were changed.
            if kept.list == ERASURE || seal(salt, words) != kept.seal {
                return None;
            }
            let list = List::ALL.into_iter().find(|it| *it as u8 == kept.list)?;
            let said = Said::of(list, words)?;
            match list {
                _ if said.list.strip_prefix('"')?.strip_suffix('"')? != list.as_str() => return None,
                List::Voids | List::Links => return None,
                List::Preferences => {
                    let at = said.at.strip_prefix('"')?.strip_suffix('"')?;
                    stated.push((instant(at)?, said.set));
                }
                List::Consents if !said.is_addressed_as_asked(ask.address) => return None,
                list => lists.entry(list).or_default().push(said),
            }
        }
        // Among equals the one that was recorded later.
        stated.sort_by_key(|(at, _)| *at);
        let mut preferences = Vec::new();
        let mut there = BTreeSet::new();
        for (_, set) in stated.iter().rev() {
            Skim::of(set).each(|key, value| {
                if there.insert(key) {
                    preferences.push((key, value));
                }
                (key != "id").then_some(())
            })?;
        }
        let few = lists.values().all(|it| it.len() <= Limits::MOST.events.min(Limits::MOST.members));
        few.then_some(Found { lists, preferences })
    }
}

struct Laying<'a> {
    request: &'a Plain<'a>,
    found: &'a Found<'a>,
    claims: &'a BTreeMap<List, i64>,
    ask: &'a Ask<'a>,
}

impl Laying<'_> {
    fn write(&self, out: &mut String) -> Result<Option<()>> {
        let given = self.request.root();
        let none = Vec::new();
        let mut laid = Vec::new();
        for list in IN_REQUESTS {
            let events = self.found.lists.get(&list).unwrap_or(&none);
            let since = self.claims.get(&list).copied();
            let told = match get(given, list.as_str()) {
                None | Some(Value::Bare("null")) => &[],
                Some(Value::List(run)) => self.request.of(run),
                Some(_) => return Ok(None),
            };
            // Refusals that the request tells may be at the address, written in another way.
            if list == List::Consents && !told.is_empty() {
                return Ok(None);
            }
            if !events.is_empty() || since.is_some() || list == List::Consents {
                laid.push((list, told, events, since));
            }
        }
        out.push('{');
        let mut comma = "";
        for it in given {
            if it.key == "person" || laid.iter().any(|(list, ..)| list.as_str() == it.key) {
                continue;
            }
            key(it.key, &mut comma, out);
            self.request.write(it.value, out);
        }
        for (list, told, events, since) in laid {
            key(list.as_str(), &mut comma, out);
            let mut before = "[";
            for it in told {
                out.push_str(std::mem::replace(&mut before, ","));
                self.request.write(it.value, out);
            }
            for event in events {
                out.push_str(std::mem::replace(&mut before, ","));
                if event.write(list, out).is_none() {
                    return Ok(None);
                }
            }
            out.push_str(if before == "[" { "[]" } else { "]" });
            let from = match (list, since) {
                (List::Contacts | List::Interactions, None) => Some(self.ask.known_at),
                (List::Contacts | List::Interactions, Some(since)) if since != i64::MIN => Some(
                    Timestamp::from_microsecond(since).map_err(|_| Error::damaged("a claim is damaged"))?,
                ),
                _ => None,
            };
            let complete = format!("{}_complete_from", list.as_str());
            if let Some(from) = from
                && get(given, &complete).is_none()
            {
                key(&complete, &mut comma, out);
                quoted(&from.to_string(), out);
            }
        }
        let person = match get(given, "person") {
            None => &[],
            Some(Value::Map(run)) => self.request.of(run),
            Some(_) => return Ok(None),
        };
        key("person", &mut comma, out);
        Ok(self.person(person, out).map(|()| out.push('}')))
    }

    /// What the request says of the person, and what is known besides. Where both say something, they are compared as trees.
    fn person(&self, given: &[Entry<'_>], out: &mut String) -> Option<()> {
        out.push('{');
        let mut comma = "";
        for it in given {
            key(it.key, &mut comma, out);
            self.request.write(it.value, out);
        }
        for (name, value) in &self.found.preferences {
            get(given, name).is_none().then_some(())?;
            key(name, &mut comma, out);
            out.push_str(value);
        }
        match get(given, "id") {
            None if self.ask.person.bytes().all(|it| it >= b' ' && it != b'"' && it != b'\\') => {
                key("id", &mut comma, out);
                quoted(self.ask.person, out);
            }
            Some(Value::Text(id)) if id == self.ask.person => {}
            _ => return None,
        }
        out.push('}');
        Some(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
