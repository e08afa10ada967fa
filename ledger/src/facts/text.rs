//! The facts as the text of a request: a person's events are laid under it as they stand, and no tree is made of any of them.
//!
//! So it goes for most people. Where somebody else's words bind too (a link, a refusal at the address, an erasure), where an
//! event was taken back, where a parent speaks, or where a text is unusual, nothing is laid here, and the tree's way is gone.

use super::{Ask, IN_REQUESTS, claims};
use crate::address::normal;
use crate::chain::seal;
use crate::error::{Error, Result};
use crate::event::{List, instant};
use crate::ledger::{ERASURE, Hashes};
use crate::plain::{Entry, Plain, Value, get, quoted};
use crate::store::{Chain, Rows};
use byleave::wire::flat::usual_bytes;
use byleave::wire::{Json, Limits};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Lists and objects of an event nest no deeper here.
const DEEPEST: usize = 32;

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

/// What the words of an event say, each value as it stands.
#[derive(Default)]
struct Said<'t> {
    list: &'t str,
    key: &'t str,
    recorded_at: &'t str,
    event: &'t str,
    /// In the event itself.
    has_id: bool,
    has_recorded_at: bool,
    kind: &'t str,
    scope: &'t str,
    at: &'t str,
    set: &'t str,
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
            let said = Said::of(words)?;
            let list = List::of(said.list.strip_prefix('"')?.strip_suffix('"')?)?;
            match list {
                _ if list as u8 != kept.list => return None,
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
            Skim::of(set).each(|key, skim| {
                let value = skim.value()?;
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

impl<'t> Said<'t> {
    fn of(words: &'t str) -> Option<Said<'t>> {
        let mut out = Said::default();
        let mut skim = Skim::of(words);
        skim.each(|key, skim| {
            match key {
                "list" => out.list = skim.value()?,
                "key" => out.key = skim.value()?,
                "recorded_at" => out.recorded_at = skim.value()?,
                "event" => {
                    let from = skim.at;
                    skim.each(|key, skim| {
                        let value = skim.value()?;
                        match key {
                            "id" => out.has_id = true,
                            "recorded_at" => out.has_recorded_at = true,
                            "kind" => out.kind = value,
                            "scope" => out.scope = value,
                            "at" => out.at = value,
                            "set" => out.set = value,
                            _ => {}
                        }
                        Some(())
                    })?;
                    out.event = skim.text.get(from..skim.at)?;
                }
                _ => drop(skim.value()?),
            }
            Some(())
        })?;
        skim.is_done().then_some(out)
    }

    /// Whether what it refuses at the address that is asked about is written as that is: the engine compares texts.
    fn is_addressed_as_asked(&self, address: Option<&str>) -> bool {
        let (Some(address), false) = (address, self.kind == "\"grant\"") else { return true };
        let mut at = "";
        let read = Skim::of(self.scope).each(|key, skim| {
            let value = skim.value()?;
            if key == "address" {
                at = value;
            }
            Some(())
        });
        if at.is_empty() {
            return read.is_some() || self.scope.is_empty();
        }
        let same = |it: &Json| matches!(it, Json::Text(text) if normal(text) == normal(address));
        match Json::parse(at, &Limits::MOST) {
            Ok(Json::List(items)) => {
                let as_asked = items.iter().any(|it| it.json == Json::Text(address.to_owned()));
                as_asked || !items.iter().any(|it| same(&it.json))
            }
            Ok(one) => one == Json::Text(address.to_owned()) || !same(&one),
            Err(_) => false,
        }
    }

    /// As a request says it: under its name, and with the instant from which it was known.
    fn write(&self, list: List, out: &mut String) -> Option<()> {
        let rest = self.event.strip_prefix('{')?;
        out.push('{');
        let mut comma = "";
        let ours = [("id", self.has_id, self.key), ("recorded_at", self.has_recorded_at, self.recorded_at)];
        for (name, there, value) in ours.into_iter().filter(|_| list.named()) {
            if !there {
                key(name, &mut comma, out);
                out.push_str(value);
            }
        }
        if rest != "}" {
            out.push_str(comma);
        }
        out.push_str(rest);
        Some(())
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

fn key(name: &str, comma: &mut &str, out: &mut String) {
    out.push_str(std::mem::replace(comma, ","));
    quoted(name, out);
    out.push(':');
}

/// Passes over canonical JSON: where each value begins and ends. What stands in it is read by whoever reads the whole.
struct Skim<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Skim<'t> {
    fn of(text: &'t str) -> Skim<'t> {
        Skim { text, at: 0 }
    }

    fn is_done(&self) -> bool {
        self.at == self.text.len()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// For each key of an object, `one` passes over its value.
    fn each(&mut self, mut one: impl FnMut(&'t str, &mut Skim<'t>) -> Option<()>) -> Option<()> {
        self.take(b'{')?;
        if self.take(b'}').is_some() {
            return Some(());
        }
        loop {
            let marked = self.string()?;
            let key = marked.get(1..marked.len().checked_sub(1)?)?;
            self.take(b':')?;
            one(key, self)?;
            if self.take(b',').is_none() {
                return self.take(b'}');
            }
        }
    }

    /// A text with its quotation marks.
    fn string(&mut self) -> Option<&'t str> {
        let from = self.at;
        self.take(b'"')?;
        loop {
            let rest = self.text.as_bytes().get(self.at..)?;
            let usual = usual_bytes(rest);
            self.at += usual + 1;
            match rest.get(usual)? {
                b'"' => return self.text.get(from..self.at),
                b'\\' => self.at += 1,
                _ => return None,
            }
        }
    }

    fn value(&mut self) -> Option<&'t str> {
        let from = self.at;
        let mut depth = 0usize;
        loop {
            match self.peek()? {
                b'"' => drop(self.string()?),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                    (depth <= DEEPEST).then_some(())?;
                    continue;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                }
                b',' | b':' => {
                    (depth > 0).then_some(())?;
                    self.at += 1;
                    continue;
                }
                _ => {
                    let rest = self.text.as_bytes().get(self.at..)?;
                    self.at += rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count().max(1);
                }
            }
            if depth == 0 {
                return self.text.get(from..self.at);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
