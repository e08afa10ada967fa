//! An event as a host tells it: checked, and put into the words that are kept.
//!
//! ```json
//! {"key": "form-8812", "person": "p-1", "list": "consents", "source": "web form /texts",
//!  "actor": {"kind": "person"}, "recorded_at": "2026-07-01T16:00:02Z",
//!  "text_shown": {"sha256": "9f86d0…", "language": "en"},
//!  "event": {"kind": "grant", "level": "express", "at": "2026-07-01T16:00:00Z", "scope": {"channel": ["text"]}}}
//! ```
//!
//! `event` is what a request to the engine says in that list, word for word; to consents, contacts and interactions the ledger
//! adds their `id` (the key) and `recorded_at`. A key of the envelope that nobody knows is refused; what the event itself says
//! is checked by the engine that reads it.

mod list;
mod usual;
mod words;

pub use list::List;
pub(crate) use words::write;

use crate::error::{Error, ErrorKind, Result};
use byleave::wire::{Json, Limits};
use jiff::Timestamp;
use std::sync::OnceLock;

/// Who may have told an event.
pub const ACTORS: [&str; 6] = ["person", "representative", "agent", "staff", "import", "system"];

const KEYS: [&str; 9] =
    ["key", "person", "list", "source", "actor", "method", "recorded_at", "text_shown", "event"];

/// The longest key, name of a person, or source, in bytes.
pub(crate) const WORD: usize = 512;
/// The longest event, in bytes of its words.
const EVENT: usize = 1 << 18;

/// An event that can be appended.
#[derive(Clone, Debug)]
pub struct Event {
    /// The idempotency key: what is told again under it is kept once.
    pub key: String,
    /// Whom it is about.
    pub person: String,
    /// What it is told in.
    pub list: List,
    /// When the ledger learns of it.
    pub recorded_at: Timestamp,
    /// The words that are kept: keys by name, lists in the order given.
    words: String,
    /// Whether it is a revocation.
    revokes: bool,
    /// What it is found by besides its person: addresses that a revocation names, the other name of a link.
    finds: Vec<String>,
    /// A tree of the record, once somebody asks for it.
    record: OnceLock<Json>,
}

// The words say everything.
impl PartialEq for Event {
    fn eq(&self, other: &Event) -> bool {
        self.words == other.words
    }
}
impl Eq for Event {}

impl Event {
    /// Reads JSON text.
    ///
    /// # Errors
    /// Not what the module's table shows; the path says where.
    pub fn parse(text: &str) -> Result<Event> {
        // What is usual needs no tree; what is unusual about the rest, be it right or wrong, the tree tells.
        usual::read(text, None).map_or_else(|| Event::by_tree(text), Ok)
    }

    /// Reads JSON text; recorded at that instant if it does not say when.
    ///
    /// # Errors
    /// As [`Event::parse`].
    pub fn parse_at(text: &str, at: Timestamp) -> Result<Event> {
        if let Some(event) = usual::read(text, Some(at)) {
            return Ok(event);
        }
        let mut json = Json::parse(text, &Limits::MOST)?;
        if let Json::Map(entries) = &mut json
            && !entries.iter().any(|(key, _)| key == "recorded_at")
        {
            entries.push(("recorded_at".to_owned(), Json::Text(at.to_string())));
        }
        Event::from_json(json)
    }

    /// The same for those who want the tree of its record.
    pub(crate) fn by_tree(text: &str) -> Result<Event> {
        Event::from_json(Json::parse(text, &Limits::MOST)?)
    }

    /// Takes a tree that a host has filled.
    ///
    /// # Errors
    /// As [`Event::parse`].
    pub fn from_json(mut json: Json) -> Result<Event> {
        json.admit(&Limits::MOST)?;
        let Json::Map(entries) = &json else {
            return Err(Error::input("", format!("an event is an object, not {}", json.kind())));
        };
        if let Some((key, _)) = entries.iter().find(|(key, _)| !KEYS.contains(&key.as_str())) {
            return Err(Error::input(key.clone(), "there is no such key in an event")
                .hint(format!("keys are {}", KEYS.join(", "))));
        }
        let key = word(&json, "key")?.to_owned();
        let person = word(&json, "person")?.to_owned();
        word(&json, "source")?;
        let list = word(&json, "list")?;
        let list = List::of(list).ok_or_else(|| {
            let words = List::ALL.map(List::as_str).join(", ");
            Error::input("list", "there is no such list").hint(format!("lists are {words}"))
        })?;
        let recorded = word(&json, "recorded_at")?;
        let recorded_at = instant(recorded).ok_or_else(|| {
            Error::input("recorded_at", "expected an instant with its offset, such as 2026-07-01T16:00:00Z")
        })?;
        optional(&json, "method")?;
        set(&mut json, "recorded_at", Json::Text(recorded_at.to_string()));
        actor(&json)?;
        text_shown(&json)?;
        match json.get("event") {
            Some(Json::Map(_)) => {}
            Some(other) => {
                return Err(Error::input("event", format!("expected an object, not {}", other.kind())));
            }
            None => return Err(Error::input("event", "is missing")),
        }
        if list == List::Links
            && json.get("event").and_then(|it| it.get("with")) == Some(&Json::Text(person.clone()))
        {
            return Err(Error::input("event.with", "is the person's own name"));
        }
        let mut words = String::with_capacity(512);
        write(&json, &mut words);
        if words.len() > EVENT {
            let message = format!("{} bytes are more than the {EVENT} that an event may have", words.len());
            return Err(Error::new(ErrorKind::Limit, message));
        }
        let record = record(take(&mut json, "event"), list, &key, recorded_at)?;
        let revokes = list == List::Consents && record.get("kind").and_then(text_of) == Some("revoke");
        let finds = match list {
            List::Links => texts_of(record.get("with")),
            _ if revokes => addresses(&record),
            _ => Vec::new(),
        };
        let finds = finds.into_iter().map(str::to_owned).collect();
        Ok(Event { key, person, list, recorded_at, words, revokes, finds, record: record.into() })
    }

    /// The same, recorded at another instant.
    pub(crate) fn recorded(&self, at: Timestamp) -> Result<Event> {
        let mut json = Json::parse(&self.words, &Limits::MOST)?;
        set(&mut json, "recorded_at", Json::Text(at.to_string()));
        Event::from_json(json)
    }

    /// The words that are kept.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }

    /// The record as a request to the engine says it.
    #[must_use]
    pub fn record(&self) -> &Json {
        // Whatever was read without the tree, the tree reads: the tests hold one against the other.
        self.record.get_or_init(|| match Event::by_tree(&self.words) {
            Ok(Event { record, .. }) => record.into_inner().unwrap_or(Json::Null),
            Err(_) => Json::Null,
        })
    }

    /// The other name of a link.
    pub(crate) fn with(&self) -> Option<&str> {
        self.finds.first().map(String::as_str).filter(|_| self.list == List::Links)
    }

    /// Of a revocation: the addresses that it names.
    pub(crate) fn revokes(&self) -> Option<&[String]> {
        self.revokes.then_some(&self.finds)
    }

    /// Addresses that the event names: of its scope, or where it went.
    pub(crate) fn addresses(&self) -> Vec<&str> {
        addresses(self.record())
    }
}

fn addresses(record: &Json) -> Vec<&str> {
    let mut out = texts_of(record.get("address"));
    out.extend(texts_of(record.get("scope").and_then(|it| it.get("address"))));
    out
}

/// One text or several.
fn texts_of(json: Option<&Json>) -> Vec<&str> {
    match json {
        Some(Json::Text(text)) => vec![text],
        Some(Json::List(items)) => items.iter().filter_map(|it| text_of(&it.json)).collect(),
        _ => Vec::new(),
    }
}

fn text_of(json: &Json) -> Option<&str> {
    match json {
        Json::Text(text) => Some(text),
        _ => None,
    }
}

/// A text that must be there, and says something.
pub(crate) fn word<'a>(json: &'a Json, key: &str) -> Result<&'a str> {
    match json.get(key) {
        Some(Json::Text(text)) if text.is_empty() => Err(Error::input(key, "is empty")),
        Some(Json::Text(text)) if text.len() > WORD => {
            Err(Error::new(ErrorKind::Limit, format!("is longer than {WORD} bytes")).at(key))
        }
        Some(Json::Text(text)) => Ok(text),
        Some(other) => Err(Error::input(key, format!("expected a text, not {}", other.kind()))),
        None => Err(Error::input(key, "is missing")),
    }
}

fn set(json: &mut Json, key: &str, value: Json) {
    if let Json::Map(entries) = json
        && let Some((_, place)) = entries.iter_mut().find(|(name, _)| name == key)
    {
        *place = value;
    }
}

/// What stands under a key, which holds nothing from then on.
fn take(json: &mut Json, key: &str) -> Json {
    match json {
        Json::Map(entries) => {
            let found = entries.iter_mut().find(|(name, _)| name == key);
            found.map_or(Json::Null, |(_, place)| std::mem::replace(place, Json::Null))
        }
        _ => Json::Null,
    }
}

fn optional(json: &Json, key: &str) -> Result<()> {
    if json.get(key).is_none() { Ok(()) } else { word(json, key).map(drop) }
}

fn only(json: &Json, keys: &[&str]) -> Result<()> {
    let Json::Map(entries) = json else {
        return Err(Error::input("", format!("expected an object, not {}", json.kind())));
    };
    match entries.iter().find(|(key, _)| !keys.contains(&key.as_str())) {
        Some((key, _)) => Err(Error::input(key.clone(), "there is no such key here")
            .hint(format!("keys are {}", keys.join(", ")))),
        None => Ok(()),
    }
}

fn actor(json: &Json) -> Result<()> {
    let Some(actor) = json.get("actor") else {
        return Err(Error::input("actor", "is missing").hint("who told it: `{\"kind\": \"person\"}`"));
    };
    let checked = || {
        only(actor, &["kind", "id", "authority"])?;
        let kind = word(actor, "kind")?;
        if !ACTORS.contains(&kind) {
            return Err(
                Error::input("kind", "there is no such actor").hint(format!("one of {}", ACTORS.join(", ")))
            );
        }
        optional(actor, "id")?;
        optional(actor, "authority")?;
        if kind == "representative" && actor.get("authority").is_none() {
            return Err(Error::input("authority", "is missing").hint("by what right a representative speaks"));
        }
        Ok(())
    };
    checked().map_err(|error| error.within("actor"))
}

fn text_shown(json: &Json) -> Result<()> {
    let Some(shown) = json.get("text_shown") else { return Ok(()) };
    let checked = || {
        only(shown, &["sha256", "language"])?;
        let hash = word(shown, "sha256")?;
        if hash.len() != 64 || !hash.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it)) {
            return Err(Error::input("sha256", "expected 64 digits of lower-case hexadecimal"));
        }
        word(shown, "language").map(drop)
    };
    checked().map_err(|error| error.within("text_shown"))
}

/// An instant with its offset.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    // A bracketed zone is a second opinion about the offset, which the record does not keep.
    if text.contains('[') { None } else { whole(text.parse().ok()?) }
}

/// The engine's instants are whole microseconds.
fn whole(at: Timestamp) -> Option<Timestamp> {
    Timestamp::from_microsecond(at.as_nanosecond().div_euclid(1_000).try_into().ok()?).ok()
}

/// What the engine will read: the record as told, its name, and when it became known.
fn record(mut map: Json, list: List, key: &str, recorded: Timestamp) -> Result<Json> {
    let path = |key: &str| format!("event.{key}");
    match list {
        List::Voids => {
            let of = word(&map, "of").map_err(|it| it.within("event"))?;
            word(&map, "why").map_err(|it| it.within("event"))?;
            if of == key {
                return Err(Error::input(path("of"), "an event cannot void itself"));
            }
        }
        List::Preferences => {
            // The latest holds: one whose instant nobody can tell would be passed over, or pass over another.
            let at = word(&map, "at").map_err(|it| it.within("event"))?;
            if instant(at).is_none() {
                return Err(Error::input(path("at"), "expected an instant with its offset"));
            }
            if !matches!(map.get("set"), Some(Json::Map(_))) {
                return Err(Error::input(path("set"), "expected an object of facts of the person"));
            }
        }
        List::Links => {
            word(&map, "with").map_err(|it| it.within("event"))?;
            word(&map, "why").map_err(|it| it.within("event"))?;
        }
        _ if !list.named() => {}
        _ => {
            if map.get("id").is_some_and(|id| !matches!(id, Json::Text(id) if id == key)) {
                return Err(Error::input(path("id"), "an event's name is its key")
                    .hint("leave it out, or make the key the same"));
            }
            put(&mut map, "id", || key.to_owned());
            put(&mut map, "recorded_at", || recorded.to_string());
        }
    }
    Ok(map)
}

/// Puts a text in its place among keys in order, unless there is something under its key.
fn put(map: &mut Json, key: &str, text: impl FnOnce() -> String) {
    if let Json::Map(entries) = map
        && let Err(place) = entries.binary_search_by(|(name, _)| name.as_str().cmp(key))
    {
        entries.insert(place, (key.to_owned(), Json::Text(text())));
    }
}
