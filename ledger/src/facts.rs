//! What the ledger knows of a person, as a request to the engine says it.
//!
//! What is known is what had been recorded by then: a decision of last year is asked again with what was known last year.

use crate::error::{Error, ErrorKind, Result};
use crate::event::List;
use crate::ledger::Ledger;
use crate::store::{Kept, Rows, Store};
use crate::words::Said;
use byleave::Engine;
use byleave::wire::decision::Decision;
use byleave::wire::{Item, Json, Limits};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The lists that stand in a request under their own words.
const IN_REQUESTS: [List; 5] =
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
    /// The request is no object; it and the ledger say different things of the person; the words of an event are not those
    /// that were recorded; as the store fails.
    pub fn lay_under(&mut self, request: Json, ask: &Ask<'_>) -> Result<Json> {
        let (mut entries, records) = self.laid(request, ask)?;
        for (key, json) in &mut entries {
            if let (Json::List(items), Some(records)) = (json, records.of(key)) {
                let Json::List(more) = Json::parse(&format!("[{}]", records.text), &Limits::MOST)? else {
                    return Err(Error::damaged("records are no list"));
                };
                let from = u32::try_from(items.len()).unwrap_or(u32::MAX);
                items.extend((from..).zip(more).map(|(at, it)| Item { at, json: it.json }));
            }
        }
        let mut out = Json::Map(entries);
        out.admit(&Limits::MOST)?;
        Ok(out)
    }

    /// The same as the text of a request, which [`Engine::decide_text`] reads without a detour.
    ///
    /// # Errors
    /// As [`Ledger::lay_under`].
    pub fn lay_text(&mut self, request: Json, ask: &Ask<'_>) -> Result<String> {
        let (entries, records) = self.laid(request, ask)?;
        let mut out =
            String::with_capacity(1024 + records.lists.values().map(|it| it.text.len()).sum::<usize>());
        for (key, json) in &entries {
            out.push(if out.is_empty() { '{' } else { ',' });
            crate::event::quote(key, &mut out);
            out.push(':');
            match (json, records.of(key)) {
                (Json::List(items), Some(records)) => {
                    out.push('[');
                    for item in items {
                        item.json.write_canonical(&mut out);
                        out.push(',');
                    }
                    out.push_str(&records.text);
                    out.push(']');
                }
                (json, _) => json.write_canonical(&mut out),
            }
        }
        out.push('}');
        Ok(out)
    }

    /// Decides a request with the facts laid under it.
    ///
    /// # Errors
    /// As [`Ledger::lay_under`] and [`Engine::decide`].
    pub fn decide(&mut self, engine: &Engine, request: Json, ask: &Ask<'_>) -> Result<Decision> {
        Ok(engine.decide_text(self.lay_text(request, ask)?)?)
    }

    /// The request's entries with room for what was found, and that.
    fn laid(&mut self, request: Json, ask: &Ask<'_>) -> Result<(Vec<(String, Json)>, Found)> {
        let known_at = ask.known_at.as_microsecond();
        let hashes = &self.hashes;
        let (own, others, buried, claims) = self.store.read(|rows| {
            let number = rows.person(ask.person)?.map(|it| it.number);
            let own = number.map_or(Ok(Vec::new()), |number| rows.of_person(number, known_at))?;
            let mut others = Vec::new();
            let mut buried = rows.buried(&hashes.of_name(ask.person))?;
            if let Some(address) = ask.address {
                let hash = hashes.of_address(address);
                others = rows.refusals(&hash, known_at)?;
                others.retain(|it| Some(it.person) != number);
                buried = [buried, rows.buried(&hash)?].into_iter().flatten().min();
            }
            let mut claims = BTreeMap::new();
            for (list, since) in IN_REQUESTS.into_iter().zip(rows.settings(&IN_REQUESTS.map(claim))?) {
                if let Some(since) = since {
                    let bytes = since.try_into().map_err(|_| Error::damaged("a claim is damaged"))?;
                    claims.insert(list, i64::from_be_bytes(bytes));
                }
            }
            Ok((own, others, buried.filter(|at| *at <= known_at), claims))
        })?;
        let mut found = Found::read(&own, &others, buried, ask)?;
        let entries = lay(request, &mut found, &claims, ask)?;
        Ok((entries, found))
    }
}

fn claim(list: List) -> String {
    format!("keeps {}", list.as_str())
}

/// What was found, by list.
struct Found {
    lists: BTreeMap<List, Records>,
    preferences: BTreeMap<String, Json>,
}

/// Records as they stand in a list, without its brackets.
#[derive(Default)]
struct Records {
    text: String,
}

impl Records {
    fn put(&mut self, write: impl FnOnce(&mut String)) {
        if !self.text.is_empty() {
            self.text.push(',');
        }
        write(&mut self.text);
    }
}

impl Found {
    fn read(own: &[Kept], others: &[Kept], buried: Option<i64>, ask: &Ask<'_>) -> Result<Found> {
        let events = read(own)?;
        let foreign = read(others)?;
        // A void of somebody else's event is in somebody else's chain: whether a refusal at an address was told in error is
        // theirs to say, and until it is read there, it binds.
        let mut voided = BTreeSet::new();
        for event in events.iter().filter(|it| it.list == List::Voids) {
            if let Some(Json::Text(of)) = event.tree()?.get("of") {
                voided.insert(of.clone());
            }
        }
        let mut lists: BTreeMap<List, Records> = BTreeMap::new();
        let mut stated = Vec::new();
        for event in events.iter().filter(|event| !voided.contains(&*event.key)) {
            match event.list {
                List::Voids | List::Decisions => {}
                List::Preferences => {
                    let record = event.tree()?;
                    if let (Some(at), Some(set)) = (record.get("at"), record.get("set")) {
                        stated.push((at.clone(), set.clone()));
                    }
                }
                list => lists.entry(list).or_default().put(|out| event.write(out)),
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
                preferences.extend(entries);
            }
        }
        let consents = lists.entry(List::Consents).or_default();
        for event in foreign.iter().filter(|it| it.person != ask.person) {
            if let Some(record) = at_address(&event.tree()?, ask.address) {
                consents.put(|out| record.write_canonical(out));
            }
        }
        if let Some(at) = buried {
            consents.put(|out| tombstone(at, ask.address).write_canonical(out));
        }
        lists.retain(|_, records| !records.text.is_empty());
        Ok(Found { lists, preferences })
    }

    /// What was found of the list of that word, if anything was.
    fn of(&self, word: &str) -> Option<&Records> {
        self.lists.iter().find(|(list, _)| list.as_str() == word).map(|(_, records)| records)
    }
}

/// What was said; what was erased says nothing.
fn read(kept: &[Kept]) -> Result<Vec<Said<'_>>> {
    let kept = kept.iter().filter(|it| it.list != crate::ledger::ERASURE);
    kept.filter_map(|it| Said::read(it).transpose()).collect()
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

/// The request's entries, in order, with what is known of the person and a list wherever there are records for it.
fn lay(
    mut request: Json,
    found: &mut Found,
    claims: &BTreeMap<List, i64>,
    ask: &Ask<'_>,
) -> Result<Vec<(String, Json)>> {
    request.admit(&Limits::MOST)?;
    let Json::Map(mut out) = request else {
        return Err(Error::input("", format!("a request is an object, not {}", request.kind())));
    };
    for which in IN_REQUESTS {
        let since = claims.get(&which).copied();
        let word = which.as_str();
        if !found.lists.contains_key(&which) && since.is_none() && which != List::Consents {
            continue;
        }
        match out.iter_mut().find(|(key, _)| key == word) {
            Some((_, Json::List(_))) => {}
            // Known to be empty, by the request: what is there says more.
            Some((_, place @ Json::Null)) => *place = Json::List(Vec::new()),
            Some((key, other)) => {
                return Err(Error::input(key.clone(), format!("expected a list, not {}", other.kind())));
            }
            None => out.push((word.to_owned(), Json::List(Vec::new()))),
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
    let mut stated: Vec<(String, Json)> = std::mem::take(&mut found.preferences).into_iter().collect();
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
    Ok(out)
}
