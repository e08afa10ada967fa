//! The handle of a ledger: opened once, used by any thread, closed when the host says so.

use super::answers::{Checkpoint, LedgerLines, LedgerReport, Receipt, Size, TakenIn};
use super::told::{at, count, digits, instant, must, named, trust, whether, word, words};
use crate::core::Core;
use crate::fault::Fault;
use crate::over::Over;
use byleave::wire::{Json, Limits};
use byleave_ledger::bundle::Export;
use byleave_ledger::{
    Any, Ask, Deciding, Erasure, Event, Key, Ledger, List, MEMORY, Memory, Policy, Since, shown,
};
use std::path::Path;
#[cfg(not(target_family = "wasm"))]
use std::sync::PoisonError;
use std::sync::{Arc, Mutex, MutexGuard};

/// What the record calls a host that does not say what system asked.
const SOURCE: &str = "byleave";

/// A ledger, open until it is closed.
pub struct Book {
    held: Mutex<Option<Ledger<Any>>>,
    /// The process that opened it. One that was forked from it has the same file open under the same locks, and perhaps a thread
    /// less that would let go of this one.
    #[cfg(not(target_family = "wasm"))]
    process: u32,
    place: String,
    read_only: bool,
}

/// An answer, and its place in the record if it was kept.
pub struct Answered {
    /// The decision, in canonical bytes.
    pub decision: String,
    /// Where it is on record.
    pub receipt: Option<Receipt>,
}

impl Book {
    /// Opens the ledger at a place, a file, `postgres://…` or `:memory:`. It is made when there is none, unless it is to be read
    /// only; in memory it is made of what was `saved`, if that is given.
    ///
    /// # Errors
    /// It cannot be opened, or is no ledger.
    pub fn open(place: &Path, read_only: bool, saved: Option<&str>) -> Result<Book, Fault> {
        if place.as_os_str().is_empty() {
            // What SQLite makes of this is a file without a name, which is gone when it is closed.
            return Err(Fault::input("place", "is empty", Some("name a file, or the URL of a database")));
        }
        if place.as_os_str().as_encoded_bytes().contains(&0) {
            return Err(Fault::input("place", "holds U+0000, which no path has", None));
        }
        let held = match saved {
            Some(lines) if place.to_str() == Some(MEMORY) => Ledger::restore(Any::from(Memory::new()), lines)
                .map_err(|error| Fault::from(error).within("saved")),
            Some(_) => {
                let hint = format!("its place is `{MEMORY}`");
                Err(Fault::input("saved", "a ledger is made of what was saved in memory alone", Some(&hint)))
            }
            None if read_only => Ledger::at_to_read(place).map_err(Fault::from),
            None => Ledger::at(place).map_err(Fault::from),
        };
        Ok(Book {
            held: Mutex::new(Some(held?)),
            #[cfg(not(target_family = "wasm"))]
            process: std::process::id(),
            place: shown(&place.display().to_string()),
            read_only,
        })
    }

    /// Where it lies, as it may be printed: of a URL, without its password.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Lets go of the file or the connection. Closed twice is closed once; what another process opened stays open there.
    pub fn close(&self) {
        if let Ok(mut held) = self.lock() {
            drop(held.take());
        }
    }

    /// Nothing, if it is open.
    ///
    /// # Errors
    /// It is closed.
    pub fn entered(&self) -> Result<(), Fault> {
        self.with(|_| Ok(()))
    }

    /// A panic, should there ever be one, undoes the transaction in which it is: the next one finds the ledger as it was.
    #[cfg(not(target_family = "wasm"))]
    fn lock(&self) -> Result<MutexGuard<'_, Option<Ledger<Any>>>, Fault> {
        if self.process != std::process::id() {
            let message = "this ledger was opened by another process";
            return Err(Fault::input("", message, Some("open it again here")));
        }
        Ok(self.held.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// In WebAssembly a call that ends in the middle (a host that has no stack left) undoes nothing, and nobody knows what it left:
    /// such a ledger says nothing any more.
    #[cfg(target_family = "wasm")]
    fn lock(&self) -> Result<MutexGuard<'_, Option<Ledger<Any>>>, Fault> {
        self.held.try_lock().map_err(|_| {
            let (message, hint) =
                ("an earlier call ended in the middle of its work", "make it again from what was saved");
            Fault::of_kind("damaged", &"", message.to_owned(), Some(hint))
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Ledger<Any>) -> Result<T, Fault>) -> Result<T, Fault> {
        match self.lock()?.as_mut() {
            Some(ledger) => work(ledger),
            None => Err(Fault::input("", "this ledger is closed", Some("open it again"))),
        }
    }

    /// The same, to write: whatever the store would allow.
    fn writing<T>(&self, work: impl FnOnce(&mut Ledger<Any>) -> Result<T, Fault>) -> Result<T, Fault> {
        self.with(|ledger| if self.read_only { Err(read_only()) } else { work(ledger) })
    }

    /// Appends events in order: all of them, or none.
    ///
    /// # Errors
    /// The first that is refused, its place before its path; as the store fails.
    pub fn append(
        &self,
        events: impl IntoIterator<Item = Result<Json, Fault>>,
    ) -> Result<Vec<Receipt>, Fault> {
        let read = |(n, json): (usize, Result<Json, Fault>)| {
            json.and_then(|json| Ok(Event::from_json(json)?)).map_err(|fault| fault.in_request(n))
        };
        let events = events.into_iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
        self.writing(|ledger| Ok(ledger.append(&events)?.into_iter().map(Receipt::from).collect()))
    }

    /// Decides a request with what is known of the person laid under it, and keeps the decision if it is told when (`record`).
    /// Arguments: `person`, unless the request names them; `address`, unless the request does; `record`; `source`, what asked.
    ///
    /// # Errors
    /// As the engine and the ledger refuse.
    pub fn decide(
        &self,
        core: &Arc<Core>,
        request: Json,
        over: Over,
        mut given: Json,
    ) -> Result<Answered, Fault> {
        let [person, address, record, source] = named(&mut given, ["person", "address", "record", "source"])?;
        let recorded_at = instant(record.as_ref(), "record")?;
        let source = word(source.as_ref(), "source")?;
        let mut request = over.lay(request);
        if !matches!(request, Json::Map(_)) {
            let message = format!("a request is an object, not {}", request.kind());
            return Err(Fault::input("", message, None));
        }
        if let Some(address) = word(address.as_ref(), "address")? {
            put_address(&mut request, &address)?;
        }
        let mut read = request.clone();
        read.admit(&Limits::MOST)?;
        let inner = |entity: &str, key: &str| match read.get(entity).and_then(|it| it.get(key)) {
            Some(Json::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let person = word(person.as_ref(), "person")?.or_else(|| inner("person", "id")).ok_or_else(|| {
            let hint = "give it, or `person.id` in the request";
            Fault::input("person", "is missing", Some(hint))
        })?;
        let Some(recorded_at) = recorded_at else {
            let name = if read.get("known_at").is_some() { "known_at" } else { "at" };
            let known_at = at(read.get(name), name)?;
            let address = inner("address", "value");
            let ask = Ask { person: &person, address: address.as_deref(), known_at };
            let mut text = String::new();
            read.write_canonical(&mut text);
            let text = self.with(|ledger| Ok(ledger.lay_text(&text, &ask)?))?;
            // Others may ask the ledger while the engine thinks.
            let decision = match core.engine.decide_text(&text) {
                Ok(decision) => decision,
                Err(error) => return Err(whose(error.into(), &read, &text)),
            };
            let decision = decision.to_json().map_err(|error| Fault::internal(error.to_string()))?;
            return Ok(Answered { decision, receipt: None });
        };
        let by = Deciding { person: &person, source: source.as_deref().unwrap_or(SOURCE), recorded_at };
        let policy = kept(core)?;
        let decided = self.writing(|ledger| {
            ledger.decide(&request, policy, &by).map_err(|error| {
                let fault = Fault::from(error).renamed("recorded_at", "record");
                let known_at = read.get("known_at").or_else(|| read.get("at"));
                let Ok(known_at) = at(known_at, "known_at") else { return fault };
                let address = inner("address", "value");
                let ask = Ask { person: &person, address: address.as_deref(), known_at };
                let mut text = String::new();
                read.write_canonical(&mut text);
                match ledger.lay_text(&text, &ask) {
                    Ok(laid) => whose(fault, &read, &laid),
                    Err(_) => fault,
                }
            })
        })?;
        Ok(Answered { decision: decided.answer, receipt: Some(decided.receipt.into()) })
    }

    /// What is known of a person, as a request says it. Arguments: `person`, `known_at`, `address`.
    ///
    /// # Errors
    /// Words that are not those that were recorded; as the store fails.
    pub fn facts(&self, mut given: Json) -> Result<Json, Fault> {
        let [person, known_at, address] = named(&mut given, ["person", "known_at", "address"])?;
        let (person, address) = (must(person.as_ref(), "person")?, word(address.as_ref(), "address")?);
        let known_at = at(known_at.as_ref(), "known_at")?;
        let ask = Ask { person: &person, address: address.as_deref(), known_at };
        self.with(|ledger| Ok(ledger.lay_under(Json::Map(Vec::new()), &ask)?))
    }

    /// Says since when the ledger holds every event of a list; without `since`, always. Arguments: `list`, `since`.
    ///
    /// # Errors
    /// There is no such list; as the store fails.
    pub fn keeps(&self, mut given: Json) -> Result<(), Fault> {
        let [list, since] = named(&mut given, ["list", "since"])?;
        let since = instant(since.as_ref(), "since")?;
        let list = List::of(&must(list.as_ref(), "list")?).ok_or_else(|| {
            let hint = format!("lists are {}", List::ALL.map(List::as_str).join(", "));
            Fault::input("list", "there is no such list", Some(&hint))
        })?;
        self.writing(|ledger| Ok(ledger.keeps(list, since)?))
    }

    /// Makes a checkpoint of all events up to now. Arguments: `at`, `key`, the secret one that signs it.
    ///
    /// # Errors
    /// There are no events; the instant lies before the last one's; as the store fails.
    pub fn checkpoint(&self, mut given: Json) -> Result<Checkpoint, Fault> {
        let [made_at, key] = named(&mut given, ["at", "key"])?;
        let made_at = at(made_at.as_ref(), "at")?;
        let key = word(key.as_ref(), "key")?.map(|it| digits(&it, "key")).transpose()?;
        let key = key.map(|it| Key::from_bytes(&it));
        self.writing(|ledger| Ok(ledger.checkpoint(made_at, key.as_ref())?.into()))
    }

    /// Holds every event against its chain, and every checkpoint against the events. Arguments: `keys`, public ones by which
    /// every checkpoint must be signed; `checkpoint`, the digest of one that was handed out.
    ///
    /// # Errors
    /// As the store fails; what does not hold is no error but a finding.
    pub fn verify(&self, given: Json) -> Result<LedgerReport, Fault> {
        let trust = trust(given)?;
        self.with(|ledger| Ok(ledger.verify(&trust)?.into()))
    }

    /// Erases what was said about a person, and gives how many events that were. Arguments: `person`, `why`, `by`, `at`,
    /// `addresses`, besides those that the events name.
    ///
    /// # Errors
    /// Nobody of that name is there; as the store fails.
    pub fn erase(&self, mut given: Json) -> Result<u64, Fault> {
        let [person, why, by, erased_at, addresses] =
            named(&mut given, ["person", "why", "by", "at", "addresses"])?;
        let person = must(person.as_ref(), "person")?;
        let (why, by) = (must(why.as_ref(), "why")?, must(by.as_ref(), "by")?);
        let recorded_at = at(erased_at.as_ref(), "at")?;
        let addresses = words(addresses.as_ref(), "addresses")?;
        let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
        let erasure = Erasure { person: &person, why: &why, by: &by, recorded_at, addresses: &addresses };
        self.writing(|ledger| {
            ledger.erase(&erasure).map_err(|error| Fault::from(error).renamed("recorded_at", "at"))
        })
    }

    /// What is held about one person, as a bundle's text. Arguments: `person`, `at`, `open_others`. Of the texts go in those that
    /// an event names by their digest.
    ///
    /// # Errors
    /// Nobody of that name is there; as the store fails.
    pub fn export(&self, mut given: Json, texts: &[Vec<u8>]) -> Result<String, Fault> {
        let [person, made_at, open_others] = named(&mut given, ["person", "at", "open_others"])?;
        let person = must(person.as_ref(), "person")?;
        let made_at = at(made_at.as_ref(), "at")?;
        let open_others = whether(open_others.as_ref(), "open_others")?;
        let export = Export { person: &person, made_at, texts, open_others };
        let bundle = self.with(|ledger| Ok(ledger.export(&export)?))?;
        Ok(bundle.to_json()?)
    }

    /// What another ledger has not been told, as JSON Lines. Arguments: `since`, the mark up to which it has; `person`, about whom
    /// alone; `most`, so many events.
    ///
    /// # Errors
    /// The mark is none of this ledger's; as the store fails.
    pub fn lines_since(&self, mut given: Json) -> Result<LedgerLines, Fault> {
        let [mark, person, most] = named(&mut given, ["since", "person", "most"])?;
        let mark = word(mark.as_ref(), "since")?.map(|it| it.parse()).transpose()?;
        let person = word(person.as_ref(), "person")?;
        let most = count(most.as_ref(), "most")?.unwrap_or(Since::default().most);
        let since = Since { mark, person: person.as_deref(), most };
        self.with(|ledger| Ok(ledger.lines_since(&since)?.into()))
    }

    /// Takes in another ledger's lines. Arguments: `at`, when this one learns of them.
    ///
    /// # Errors
    /// The instant lies before what was recorded last; as the store fails. A line that is refused is no error.
    pub fn take_in(&self, lines: &[u8], mut given: Json) -> Result<TakenIn, Fault> {
        let [taken_at] = named(&mut given, ["at"])?;
        let taken_at = at(taken_at.as_ref(), "at")?;
        self.writing(|ledger| Ok(ledger.take_in(lines, taken_at)?.into()))
    }

    /// The whole of it as lines, of which [`Book::open`] makes the same again.
    ///
    /// # Errors
    /// Words that are not those that were recorded; as the store fails.
    pub fn save(&self) -> Result<String, Fault> {
        self.with(|ledger| Ok(ledger.save()?))
    }

    /// How many events and people there are.
    ///
    /// # Errors
    /// As the store fails.
    pub fn size(&self) -> Result<Size, Fault> {
        let (events, people) = self.with(|ledger| Ok(ledger.size()?))?;
        Ok(Size { events, people })
    }
}

#[cfg(not(target_family = "wasm"))]
impl Drop for Book {
    /// A connection that came along through a fork is not closed: that would end it, and its locks, for the one who opened it.
    fn drop(&mut self) {
        if self.process != std::process::id() {
            std::mem::forget(self.held.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        }
    }
}

/// Whose words a fault is about, where they are the ledger's: a path into what the caller never wrote helps nobody to find them.
fn whose(fault: Fault, asked: &Json, laid: &str) -> Fault {
    match event_at(&fault, asked, laid) {
        Some(key) => {
            fault.hinted(&format!("event `{key}` of the ledger says it: void that one, and tell it anew"))
        }
        None => fault,
    }
}

/// The key of the ledger's event at which a fault points in the request under which it lies.
fn event_at(fault: &Fault, asked: &Json, laid: &str) -> Option<String> {
    let error = fault.error();
    let path = error.path.as_deref().filter(|_| error.kind == "input")?;
    let (list, rest) = path.split_once('[')?;
    let n: usize = rest.split_once(']')?.0.parse().ok()?;
    let id = |json: &Json| match json.get("id") {
        Some(Json::Text(id)) => Some(id.clone()),
        _ => None,
    };
    let mut laid = Json::parse(laid, &Limits::MOST).ok()?;
    laid.admit(&Limits::MOST).ok()?;
    let Some(Json::List(items)) = laid.get(list) else { return None };
    let key = id(&items.get(n)?.json)?;
    let told = |json: &Json| matches!(json, Json::List(items) if items.iter().any(|it| id(&it.json).as_ref() == Some(&key)));
    let own = asked.get(list).is_some_and(told);
    (!own).then_some(key)
}

/// Whoever opened it said so.
fn read_only() -> Fault {
    Fault::of_kind("read_only", &"", "the ledger was opened to be read only".to_owned(), None)
}

/// An engine's packs as they are kept, made once for each engine.
fn kept(core: &Core) -> Result<&Policy, Fault> {
    if core.kept.get().is_none() {
        let policy = match &core.loaded {
            Some(bytes) => Policy::from_bytes(bytes.clone())?,
            None => policy_of(core)?,
        };
        // Whoever was quicker has made the same.
        let _ = core.kept.set(policy);
    }
    core.kept.get().ok_or_else(|| Fault::internal("an engine's packs are gone"))
}

#[cfg(feature = "policy")]
fn policy_of(core: &Core) -> Result<Policy, Fault> {
    Ok(Policy::of(&core.engine)?)
}

/// Without policy as text there are compiled packs alone.
#[cfg(not(feature = "policy"))]
fn policy_of(_: &Core) -> Result<Policy, Fault> {
    Err(Fault::internal("an engine has no packs"))
}

/// Puts where the contact goes into a request that does not say it.
fn put_address(request: &mut Json, address: &str) -> Result<(), Fault> {
    // What else stands in its place is refused by whoever reads it.
    let Json::Map(entries) = request else { return Ok(()) };
    let value = || Json::Text(address.to_owned());
    match entries.iter_mut().find(|(key, _)| key == "address") {
        None => entries.push(("address".to_owned(), Json::Map(vec![("value".to_owned(), value())]))),
        Some((_, Json::Map(known))) => match known.iter().find(|(key, _)| key == "value") {
            None => known.push(("value".to_owned(), value())),
            Some((_, Json::Text(there))) if there == address => {}
            Some(_) => return Err(Fault::input("address", "the request names another one", None)),
        },
        Some(_) => {}
    }
    Ok(())
}
