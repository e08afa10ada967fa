//! What the ledger knows of a person, as a request to the engine says it.
//!
//! What is known is what had been recorded by then: a decision of last year is asked again with what was known last year.

mod text;

use crate::chain::{Digest, seal};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, List};
use crate::ledger::{Hashes, Ledger};
use crate::links;
use crate::merge::age;
use crate::store::{Kept, Rows, Store};
use byleave::wire::decision::Decision;
use byleave::wire::{Item, Json, Limits};
use byleave::{Engine, Verdict};
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
    /// The request is no object; it and the ledger say different things of the person; the words of an event are not those
    /// that were recorded; as the store fails.
    pub fn lay_under(&mut self, request: Json, ask: &Ask<'_>) -> Result<Json> {
        let hashes = &self.hashes;
        self.store.read(|rows| Known::read(rows, hashes, ask))?.under(request, ask)
    }

    /// The same as the text of a request, which [`Engine::decide_text`] reads by its quick door; the request is text, too. Where
    /// nothing is unusual the words are laid under it as they were recorded, and no tree is made of them.
    ///
    /// # Errors
    /// As [`Ledger::lay_under`]; the request is not JSON.
    pub fn lay_text(&mut self, request: &str, ask: &Ask<'_>) -> Result<String> {
        let hashes = &self.hashes;
        self.store.read(|rows| {
            if let Some(text) = text::lay(rows, hashes, request, ask)? {
                return Ok(text);
            }
            let mut text = String::new();
            let request = Json::parse(request, &Limits::MOST)?;
            Known::read(rows, hashes, ask)?.under(request, ask)?.write_canonical(&mut text);
            Ok(text)
        })
    }

    /// Decides a request with the facts laid under it, and keeps nothing of it; [`Ledger::decide`] does.
    ///
    /// # Errors
    /// As [`Ledger::lay_text`] and [`Engine::decide`].
    pub fn answer(&mut self, engine: &Engine, request: &str, ask: &Ask<'_>) -> Result<Decision> {
        Ok(engine.decide_text(self.lay_text(request, ask)?)?)
    }

    /// Whether it may go, and if not, when: the outcome of [`Ledger::answer`] alone, for those who ask about many people and read
    /// nothing more. No reasons are looked for, nor how long the answer holds.
    ///
    /// # Errors
    /// As [`Ledger::answer`].
    pub fn verdict(&mut self, engine: &Engine, request: &str, ask: &Ask<'_>) -> Result<Verdict> {
        Ok(engine.verdict_text(self.lay_text(request, ask)?)?)
    }
}

/// What is known of a person, and where it stands in the record: enough to lay it under a request again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// What the first so many events of the person's chain say; decisions may be left out.
    pub own: Vec<Event>,
    /// How many that are, those that were erased counted too.
    pub events: u64,
    /// The link of the last of them.
    pub link: Digest,
    /// What others refused at the address.
    pub others: Vec<Other>,
    /// Since when whoever is reached there is erased.
    pub buried: Option<i64>,
    /// Since when the ledger holds every event of a list; the least number is always.
    pub claims: BTreeMap<List, i64>,
    /// What is told of the person under other names.
    pub linked: Vec<Linked>,
}

/// What is told of the person under another name, as far as nothing took it back.
#[derive(Clone, Debug)]
pub(crate) struct Linked {
    /// The name.
    pub name: String,
    /// Its events, by list.
    pub lists: BTreeMap<List, Vec<Json>>,
    /// Its wishes.
    pub preferences: BTreeMap<String, Json>,
}

/// Somebody else's refusal at the address.
#[derive(Clone, Debug)]
pub(crate) struct Other {
    /// Its number in the ledger.
    pub seq: u64,
    pub link: Digest,
    /// As it binds whoever is reached there.
    pub record: Json,
}

impl Known {
    pub(crate) fn read<R: Rows + ?Sized>(rows: &mut R, hashes: &Hashes, ask: &Ask<'_>) -> Result<Known> {
        let known_at = ask.known_at.as_microsecond();
        let own = match rows.person(ask.person)? {
            Some(person) => rows.of_person(person.number, known_at)?,
            None => Vec::new(),
        };
        let mut out = Known { own: read(&own)?, ..Known::default() };
        let linked = links::others(rows, hashes, ask.person, &own, known_at)?;
        if let Some(last) = own.last() {
            (out.events, out.link) = (last.n, last.link);
        }
        let mut buried = rows.buried(&hashes.of_name(ask.person))?;
        for (name, kept) in linked {
            buried = [buried, rows.buried(&hashes.of_name(&name))?].into_iter().flatten().min();
            let found = Found::of(&read(&kept)?);
            out.linked.push(Linked { name, lists: found.lists, preferences: found.preferences });
        }
        if let Some(address) = ask.address {
            let hash = hashes.of_address(address);
            let refusals = rows.refusals(&hash, known_at)?;
            for kept in links::standing(rows, refusals, known_at)? {
                let event = read(std::slice::from_ref(&kept))?.pop().filter(|it| {
                    // What another of the person's names refused is told there.
                    it.person != ask.person && !out.linked.iter().any(|linked| linked.name == it.person)
                });
                if let Some(record) = event.and_then(|it| at_address(it.record(), address, kept.seq)) {
                    out.others.push(Other { seq: kept.seq, link: kept.link, record });
                }
            }
            buried = [buried, rows.buried(&hash)?].into_iter().flatten().min();
        }
        out.buried = buried.filter(|at| *at <= known_at);
        out.claims = claims(rows)?;
        Ok(out)
    }

    /// Laid under a request.
    pub(crate) fn under(&self, request: Json, ask: &Ask<'_>) -> Result<Json> {
        let mut found = Found::of(&self.own);
        let consents = found.lists.entry(List::Consents).or_default();
        consents.extend(self.others.iter().map(|it| it.record.clone()));
        consents.extend(self.buried.map(|at| tombstone(at, ask.address)));
        let mut out = lay(request, found, &self.claims, ask)?;
        links::bind(&mut out, &self.linked, ask)?;
        links::same_address(&mut out, ask.address);
        age::out(&mut out);
        out.admit(&Limits::MOST)?;
        Ok(out)
    }
}

/// Since when the ledger holds every event of a list.
pub(crate) fn claims<R: Rows + ?Sized>(rows: &mut R) -> Result<BTreeMap<List, i64>> {
    let mut claims = BTreeMap::new();
    for (list, since) in IN_REQUESTS.into_iter().zip(rows.settings(&IN_REQUESTS.map(claim))?) {
        if let Some(since) = since {
            let bytes = since.try_into().map_err(|_| Error::damaged("a claim is damaged"))?;
            claims.insert(list, i64::from_be_bytes(bytes));
        }
    }
    Ok(claims)
}

pub(crate) fn claim(list: List) -> String {
    format!("keeps {}", list.as_str())
}

/// What was found, by list.
pub(crate) struct Found {
    pub(crate) lists: BTreeMap<List, Vec<Json>>,
    pub(crate) preferences: BTreeMap<String, Json>,
}

impl Found {
    /// What events say that nothing in their chain took back.
    pub(crate) fn of(events: &[Event]) -> Found {
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
        Found { lists, preferences }
    }
}

pub(crate) fn of(event: &Event) -> Option<&str> {
    match event.record().get("of") {
        Some(Json::Text(of)) => Some(of),
        _ => None,
    }
}

/// Stored words as events, each held against its seal: nothing is decided by words that were changed. What was erased says
/// nothing, and a decision is no fact.
pub(crate) fn read(kept: &[Kept]) -> Result<Vec<Event>> {
    let facts = |it: &&Kept| it.list != crate::ledger::ERASURE && it.list != List::Decisions as u8;
    kept.iter().filter(facts).filter_map(|it| sealed(it).transpose()).collect()
}

pub(crate) fn sealed(kept: &Kept) -> Result<Option<Event>> {
    let damaged = |why: &dyn std::fmt::Display| Error::damaged(format!("event {}: {why}", kept.seq));
    let (salt, words) = match (&kept.salt, &kept.words) {
        (Some(salt), Some(words)) => (salt, words),
        (None, None) => return Ok(None),
        _ => return Err(damaged(&"its words and its salt are erased together, or not at all")),
    };
    if seal(salt, words) != kept.seal {
        return Err(damaged(&"the words are not those that were recorded"));
    }
    let event = Event::by_tree(words).map_err(|error| damaged(&error))?;
    match event.list as u8 == kept.list {
        true => Ok(Some(event)),
        false => Err(damaged(&"its row says another list than its words")),
    }
}

/// What is told of somebody else's revocation: what it ends, when and how it came. By what name its host calls it, and whatever
/// else is on file of it, is not this person's affair.
const TOLD: [&str; 10] = [
    "at",
    "by",
    "expires_on",
    "families",
    "given_to",
    "in_writing",
    "kind",
    "means",
    "recorded_at",
    "replied_to",
];

/// Somebody else's revocation at an address, as it binds whoever is reached there.
pub(crate) fn at_address(record: &Json, address: &str, seq: u64) -> Option<Json> {
    let Json::Map(entries) = record else { return None };
    let mut out: Vec<(String, Json)> =
        entries.iter().filter(|(key, _)| TOLD.contains(&key.as_str())).cloned().collect();
    if let Some(Json::Map(scope)) = record.get("scope") {
        let mut scope = scope.clone();
        // Under the address as the request writes it: the engine compares texts.
        for (_, place) in scope.iter_mut().filter(|(key, _)| key == "address") {
            *place = list(vec![Json::Text(address.to_owned())]);
        }
        out.push(("scope".to_owned(), Json::Map(scope)));
    }
    out.push(("id".to_owned(), Json::Text(format!("ledger:{seq}"))));
    out.sort_by(|(a, _), (b, _)| a.cmp(b));
    Some(Json::Map(out))
}

/// What is left of somebody erased: a refusal of everything.
pub(crate) fn tombstone(at: i64, address: Option<&str>) -> Json {
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
