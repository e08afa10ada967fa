//! `Ledger`: consent, kept and proven, by the verbs of `byleave_host::ledger`. The interpreter is free while the ledger works.

use crate::decision::Decision;
use crate::engine::{Engine, arguments, detached, request_like};
use crate::error::Fault;
use crate::from_python::{Source, json, text_or_octets, word};
use crate::to_python::to_python;
use byleave::wire::{Json, Limits, Path, decision as wire};
use byleave_host::Fault as Told;
use byleave_host::ledger::{self, Book};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::PathBuf;

/// Arguments by name; what is `None` is missing.
fn named(given: &[(&str, Option<&Bound<'_, PyAny>>)]) -> Result<Json, Fault> {
    let root = Path::ROOT;
    let mut out = Vec::new();
    for (name, value) in given {
        if let Some(value) = value {
            out.push(((*name).to_owned(), json(value, &root.key(name))?));
        }
    }
    Ok(Json::Map(out))
}

/// Text in UTF-8, or bytes.
fn bytes(value: &Bound<'_, PyAny>, path: &Path<'_>) -> Result<Vec<u8>, Fault> {
    text_or_octets(value, path, "expected text or bytes")
}

/// Several, each read with its place.
fn each<T>(
    all: &Bound<'_, PyAny>,
    name: &str,
    mut read: impl FnMut(&Bound<'_, PyAny>, u32) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    let root = Path::ROOT;
    let wrong = |message: &str| {
        let hint = "put it into a list";
        Err(Fault::input(&root.key(name), format!("expected several {name}{message}"), Some(hint)))
    };
    if request_like(all)? {
        return wrong(", and this is one");
    }
    let Ok(items) = all.try_iter() else { return wrong("") };
    (0..).zip(items).map(|(at, item)| read(&item?, at)).collect()
}

/// A ledger, open until it is closed; any number of threads may use it.
#[pyclass(frozen, weakref, module = "byleave", name = "Ledger")]
pub struct Ledger {
    book: Book,
}

impl Ledger {
    /// Asks the ledger with arguments by name, away from the interpreter.
    fn ask<T: Send>(
        &self,
        py: Python<'_>,
        given: &[(&str, Option<&Bound<'_, PyAny>>)],
        ask: impl FnOnce(&Book, Json) -> Result<T, Told> + Send,
    ) -> PyResult<T> {
        let given = named(given).map_err(|fault| fault.exception(py))?;
        detached(py, || Ok(ask(&self.book, given)?))
    }
}

#[pymethods]
impl Ledger {
    /// Opens the ledger at a place: a file, which is made when there is none, `postgres://…`, or `:memory:`, there of what was
    /// saved if that is given.
    #[new]
    #[pyo3(signature = (place, *, read_only = false, saved = None))]
    fn new(
        py: Python<'_>,
        place: &Bound<'_, PyAny>,
        read_only: bool,
        saved: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Ledger> {
        let path: PathBuf = place.extract().map_err(|_| {
            let root = Path::ROOT;
            Fault::input(&root.key("place"), "expected a path, or the URL of a database", None).exception(py)
        })?;
        let read = saved.map(|it| word(it, &Path::ROOT.key("saved"))).transpose();
        let saved = read.map_err(|fault| fault.exception(py))?;
        Ok(Ledger { book: detached(py, || Ok(Book::open(&path, read_only, saved.as_deref())?))? })
    }

    /// Appends events in order: all of them, or none.
    fn append<'py>(&self, py: Python<'py>, events: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let read = each(events, "events", |event, n| {
            Source::of(event, &Limits::MOST).map_err(|fault| fault.in_request(n as usize))
        });
        let sources = read.map_err(|fault| fault.exception(py))?;
        let trees = sources.into_iter().map(|source| source.tree(&Limits::MOST).map_err(Told::from));
        let receipts = detached(py, || Ok(self.book.append(trees)?))?;
        to_python(py, &receipts)
    }

    /// Decides one contact by what is known of the person; with `record`, the decision is kept.
    #[pyo3(signature = (engine, request, at = None, *, person = None, address = None, record = None, source = None, known_at = None, horizon = None, settings = None, detail = None))]
    #[allow(clippy::too_many_arguments, reason = "each is one of the contract's")]
    fn decide<'py>(
        &self,
        py: Python<'py>,
        engine: &Bound<'py, Engine>,
        request: &Bound<'py, PyAny>,
        at: Option<&Bound<'py, PyAny>>,
        person: Option<&Bound<'py, PyAny>>,
        address: Option<&Bound<'py, PyAny>>,
        record: Option<&Bound<'py, PyAny>>,
        source: Option<&Bound<'py, PyAny>>,
        known_at: Option<&Bound<'py, PyAny>>,
        horizon: Option<&Bound<'py, PyAny>>,
        settings: Option<&Bound<'py, PyAny>>,
        detail: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let over = arguments(at, known_at, horizon, settings, detail);
        let core = engine.get().host();
        let ready = over.and_then(|over| Ok((Source::of(request, &core.limits)?, over)));
        let (asked, over) = ready.map_err(|fault| fault.exception(py))?;
        let given = [("person", person), ("address", address), ("record", record), ("source", source)];
        let answered =
            self.ask(py, &given, |book, given| book.decide(core, asked.tree(&core.limits)?, over, given))?;
        let decision = wire::Decision::from_json(&answered.decision)
            .map_err(|error| Fault::internal(error.to_string()).exception(py))?;
        let made = PyDict::new(py);
        made.set_item("decision", Decision::of(decision))?;
        made.set_item("receipt", to_python(py, &answered.receipt)?)?;
        py.import("byleave._ledger")?.getattr("Decided")?.call((), Some(&made))
    }

    /// What is known of a person, as a request says it.
    #[pyo3(signature = (person, known_at, *, address = None))]
    fn facts<'py>(
        &self,
        py: Python<'py>,
        person: &Bound<'py, PyAny>,
        known_at: &Bound<'py, PyAny>,
        address: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = [("person", Some(person)), ("known_at", Some(known_at)), ("address", address)];
        let text = self.ask(py, &given, |book, given| {
            let mut text = String::new();
            book.facts(given)?.write_canonical(&mut text);
            Ok(text)
        })?;
        py.import("json")?.call_method1("loads", (text,))
    }

    /// Says since when the ledger holds every event of a list; without `since`, always.
    #[pyo3(signature = (list, since = None))]
    fn keeps(
        &self,
        py: Python<'_>,
        list: &Bound<'_, PyAny>,
        since: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        self.ask(py, &[("list", Some(list)), ("since", since)], Book::keeps)
    }

    /// Makes a checkpoint of all events up to now, signed if a key is given.
    #[pyo3(signature = (at, *, key = None))]
    fn checkpoint<'py>(
        &self,
        py: Python<'py>,
        at: &Bound<'py, PyAny>,
        key: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.ask(py, &[("at", Some(at)), ("key", key)], Book::checkpoint)?)
    }

    /// Holds every event against its chain, and every checkpoint against the events.
    #[pyo3(signature = (*, keys = None, checkpoint = None))]
    fn verify<'py>(
        &self,
        py: Python<'py>,
        keys: Option<&Bound<'py, PyAny>>,
        checkpoint: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.ask(py, &[("keys", keys), ("checkpoint", checkpoint)], Book::verify)?)
    }

    /// Erases what was said about a person, and gives how many events that were.
    #[pyo3(signature = (person, *, why, by, at, addresses = None))]
    fn erase(
        &self,
        py: Python<'_>,
        person: &Bound<'_, PyAny>,
        why: &Bound<'_, PyAny>,
        by: &Bound<'_, PyAny>,
        at: &Bound<'_, PyAny>,
        addresses: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<u64> {
        let given = [
            ("person", Some(person)),
            ("why", Some(why)),
            ("by", Some(by)),
            ("at", Some(at)),
            ("addresses", addresses),
        ];
        self.ask(py, &given, Book::erase)
    }

    /// What is held about one person, as the text of a bundle that proves itself.
    #[pyo3(signature = (person, at, *, texts = None, open_others = None))]
    fn export(
        &self,
        py: Python<'_>,
        person: &Bound<'_, PyAny>,
        at: &Bound<'_, PyAny>,
        texts: Option<&Bound<'_, PyAny>>,
        open_others: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        let root = Path::ROOT;
        let read = texts.map_or(Ok(Vec::new()), |texts| {
            each(texts, "texts", |text, n| bytes(text, &root.key("texts").index(n)))
        });
        let texts = read.map_err(|fault| fault.exception(py))?;
        let given = [("person", Some(person)), ("at", Some(at)), ("open_others", open_others)];
        self.ask(py, &given, |book, given| book.export(given, &texts))
    }

    /// What another ledger has not been told, as JSON Lines: the events after a mark; all, without one.
    #[pyo3(signature = (since = None, *, person = None, most = None))]
    fn lines_since<'py>(
        &self,
        py: Python<'py>,
        since: Option<&Bound<'py, PyAny>>,
        person: Option<&Bound<'py, PyAny>>,
        most: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = [("since", since), ("person", person), ("most", most)];
        to_python(py, &self.ask(py, &given, Book::lines_since)?)
    }

    /// Takes in the lines of another ledger, each recorded at `at`, when this one learns of it.
    fn take_in<'py>(
        &self,
        py: Python<'py>,
        lines: &Bound<'py, PyAny>,
        at: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lines = bytes(lines, &Path::ROOT.key("lines")).map_err(|fault| fault.exception(py))?;
        to_python(py, &self.ask(py, &[("at", Some(at))], |book, given| book.take_in(&lines, given))?)
    }

    /// The whole of it as text, of which the same ledger is made again.
    fn save(&self, py: Python<'_>) -> PyResult<String> {
        detached(py, || Ok(self.book.save()?))
    }

    /// How many events and people there are.
    fn size<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &detached(py, || Ok(self.book.size()?))?)
    }

    /// Lets go of the file or the connection. Closed twice is closed once.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        detached(py, || {
            self.book.close();
            Ok(())
        })
    }

    fn __enter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, Self>> {
        let held = slf.get();
        detached(slf.py(), || Ok(held.book.entered()?))?;
        Ok(slf.clone())
    }

    #[pyo3(signature = (_kind = None, _raised = None, _trace = None, /))]
    fn __exit__(
        &self,
        py: Python<'_>,
        _kind: Option<&Bound<'_, PyAny>>,
        _raised: Option<&Bound<'_, PyAny>>,
        _trace: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        self.close(py)
    }

    // Where it is, and nothing of whom it knows; of a URL, no password.
    fn __repr__(&self) -> String {
        format!("<Ledger {}>", self.book.place())
    }
}

/// Says what of a bundle holds, where there is no ledger.
#[pyfunction]
#[pyo3(signature = (bundle, *, keys = None, checkpoint = None))]
pub fn verify_bundle<'py>(
    py: Python<'py>,
    bundle: &Bound<'py, PyAny>,
    keys: Option<&Bound<'py, PyAny>>,
    checkpoint: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let root = Path::ROOT;
    let ready = bytes(bundle, &root.key("bundle"))
        .and_then(|bytes| Ok((bytes, named(&[("keys", keys), ("checkpoint", checkpoint)])?)));
    let (bytes, given) = ready.map_err(|fault| fault.exception(py))?;
    to_python(py, &detached(py, || Ok(ledger::verify_bundle(&bytes, given)?))?)
}

/// A new key that signs checkpoints, in hexadecimal.
#[pyfunction]
pub fn generate_key(py: Python<'_>) -> PyResult<String> {
    ledger::generate_key().map_err(|told| Fault::from(told).exception(py))
}

/// What others verify by.
#[pyfunction]
pub fn public_key(py: Python<'_>, key: &Bound<'_, PyAny>) -> PyResult<String> {
    let key = word(key, &Path::ROOT.key("key"));
    key.and_then(|key| Ok(ledger::public_key(&key)?)).map_err(|fault| fault.exception(py))
}
