//! `Engine` and `Facts`: packs compiled once, and every question one call on them.

use crate::decision::{Decision, Verdict};
use crate::error::Fault;
use crate::from_python::{Source, json};
use crate::policy::{limits, wanted};
use crate::to_python::{datetime, to_python};
use byleave::EngineBuilder;
use byleave::wire::{Limits, Path};
use byleave_host::{Over, Prepared, guarded, policy, written};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyMapping, PyString, PyTuple, PyType};
use std::ops::Deref;
use std::sync::Arc;

/// Requests that `decide_many` reads before it lets go of the interpreter and decides them.
const BATCH: usize = 256;

/// Runs away from the interpreter, so that other threads go on.
pub fn detached<T: Send>(py: Python<'_>, f: impl FnOnce() -> Result<T, Fault> + Send) -> PyResult<T> {
    py.detach(|| guarded(f)).map_err(|fault| fault.exception(py))
}

/// The compiled packs and what they were compiled from.
struct Core {
    host: Arc<byleave_host::Core>,
    /// Folder, name and text of each file, in order: another process builds the same engine from them.
    texts: Vec<(String, String, Vec<u8>)>,
}

impl Deref for Core {
    type Target = Arc<byleave_host::Core>;

    fn deref(&self) -> &Arc<byleave_host::Core> {
        &self.host
    }
}

impl Core {
    fn build(texts: Vec<(String, String, Vec<u8>)>, limits: Limits) -> Result<Arc<Core>, Fault> {
        let begin: EngineBuilder = byleave::Engine::builder().limits(limits);
        let add = |builder: EngineBuilder, (folder, name, text): &(String, String, Vec<u8>)| {
            builder.source_bytes(folder, name, text)
        };
        let host = policy::build(texts.iter().fold(begin, add))?;
        Ok(Arc::new(Core { host, texts }))
    }

    fn decide(&self, source: Source, over: Over) -> Result<byleave::Decision, Fault> {
        Ok(self.host.decide(source.tree(&self.limits)?, over)?)
    }
}

/// Reads the arguments that lie over a request.
fn arguments(
    at: Option<&Bound<'_, PyAny>>,
    known_at: Option<&Bound<'_, PyAny>>,
    horizon: Option<&Bound<'_, PyAny>>,
    settings: Option<&Bound<'_, PyAny>>,
    detail: Option<&Bound<'_, PyAny>>,
) -> Result<Over, Fault> {
    let root = Path::ROOT;
    let named = [
        ("at", at),
        ("known_at", known_at),
        ("horizon", horizon),
        ("detail", detail),
        ("settings", settings),
    ];
    let mut over = Over::default();
    for (key, value) in named {
        if let Some(value) = value {
            over.put(key, json(value, &root.key(key))?)?;
        }
    }
    Ok(over)
}

/// Compiled packs: immutable, shared by any number of threads, usable after an error as before it.
#[pyclass(frozen, weakref, module = "byleave", name = "Engine")]
pub struct Engine {
    core: Arc<Core>,
}

/// A request's facts, checked and indexed once, frozen at its instant, for one engine.
#[pyclass(frozen, weakref, module = "byleave", name = "Facts")]
pub struct Facts(Prepared);

#[pymethods]
impl Engine {
    /// Compiles packs. Nothing named is every pack that comes with Byleave.
    #[new]
    #[pyo3(signature = (*, packs = None, paths = None, texts = None, limits = None))]
    fn new(
        py: Python<'_>,
        packs: Option<&Bound<'_, PyAny>>,
        paths: Option<&Bound<'_, PyAny>>,
        texts: Option<&Bound<'_, PyAny>>,
        #[pyo3(from_py_with = some_limits)] limits: Option<Limits>,
    ) -> PyResult<Engine> {
        let wanted = wanted(packs, paths, texts).map_err(|fault| fault.exception(py))?;
        let limits = limits.unwrap_or(Limits::MOST);
        let core = detached(py, || {
            let packs = policy::find(&wanted)?;
            let texts = packs.all.into_iter().flat_map(|pack| {
                let folder = pack.folder;
                pack.files.into_iter().map(move |file| (folder.clone(), file.name, file.bytes))
            });
            Core::build(texts.collect(), limits)
        })?;
        Ok(Engine { core })
    }

    /// Decides one contact.
    #[pyo3(signature = (request, at = None, *, known_at = None, horizon = None, settings = None, detail = None))]
    #[allow(clippy::too_many_arguments, reason = "each is one of the contract's")]
    fn decide(
        &self,
        py: Python<'_>,
        request: &Bound<'_, PyAny>,
        at: Option<&Bound<'_, PyAny>>,
        known_at: Option<&Bound<'_, PyAny>>,
        horizon: Option<&Bound<'_, PyAny>>,
        settings: Option<&Bound<'_, PyAny>>,
        detail: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Decision> {
        let over = arguments(at, known_at, horizon, settings, detail);
        let ready = over.and_then(|over| Ok((Source::of(request)?, over)));
        let (source, over) = ready.map_err(|fault| fault.exception(py))?;
        detached(py, || self.core.decide(source, over)).map(Decision::of)
    }

    /// Decides many, in order.
    #[pyo3(signature = (requests, at = None, *, known_at = None, horizon = None, settings = None, detail = None, return_errors = false))]
    #[allow(clippy::too_many_arguments, reason = "each is one of the contract's")]
    fn decide_many<'py>(
        &self,
        py: Python<'py>,
        requests: &Bound<'py, PyAny>,
        at: Option<&Bound<'py, PyAny>>,
        known_at: Option<&Bound<'py, PyAny>>,
        horizon: Option<&Bound<'py, PyAny>>,
        settings: Option<&Bound<'py, PyAny>>,
        detail: Option<&Bound<'py, PyAny>>,
        return_errors: bool,
    ) -> PyResult<Bound<'py, PyList>> {
        let over = arguments(at, known_at, horizon, settings, detail).map_err(|fault| fault.exception(py))?;
        if request_like(requests)? {
            let message = "expected several requests, and this is one";
            return Err(Fault::input(&Path::ROOT, message, Some("use `decide`")).exception(py));
        }
        let out = PyList::empty(py);
        let mut all = requests.try_iter()?;
        loop {
            let mut batch = Vec::with_capacity(BATCH);
            for request in all.by_ref().take(BATCH) {
                match Source::of(&request?) {
                    // What the host's own objects raise is no answer about a contact.
                    Err(Fault::Raised(error)) => return Err(error),
                    read => batch.push(read),
                }
            }
            if batch.is_empty() {
                return Ok(out);
            }
            let core = &self.core;
            let one = |read: Result<Source, Fault>| read.and_then(|source| core.decide(source, over.clone()));
            let answers = detached(py, || Ok(batch.into_iter().map(one).collect::<Vec<Result<_, Fault>>>()))?;
            for answer in answers {
                match answer {
                    Ok(decision) => out.append(Decision::of(decision))?,
                    Err(fault) if return_errors => out.append(fault.exception(py).into_value(py))?,
                    Err(fault) => return Err(fault.in_request(out.len()).exception(py)),
                }
            }
            py.check_signals()?;
        }
    }

    /// Of several ways to make one contact (`options` in the request), those that are open, best first.
    #[pyo3(signature = (request, at = None, *, known_at = None, horizon = None, settings = None))]
    fn plan<'py>(
        &self,
        py: Python<'py>,
        request: &Bound<'py, PyAny>,
        at: Option<&Bound<'py, PyAny>>,
        known_at: Option<&Bound<'py, PyAny>>,
        horizon: Option<&Bound<'py, PyAny>>,
        settings: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let over = arguments(at, known_at, horizon, settings, None);
        let ready = over.and_then(|over| Ok((Source::of(request)?, over)));
        let (source, over) = ready.map_err(|fault| fault.exception(py))?;
        let core = &self.core;
        let (plan, text) = detached(py, || {
            let plan = core.plan(source.tree(&core.limits)?, over)?;
            let text = written(&plan)?;
            Ok((plan, text))
        })?;
        let made = PyDict::new(py);
        made.set_item("options", to_python(py, &plan.options)?)?;
        made.set_item("_json", text)?;
        py.import("byleave._answers")?.getattr("Plan")?.call((), Some(&made))
    }

    /// Why the decision is what it is, rule by rule.
    #[pyo3(signature = (request, at = None, *, known_at = None, horizon = None, settings = None))]
    fn explain<'py>(
        &self,
        py: Python<'py>,
        request: &Bound<'py, PyAny>,
        at: Option<&Bound<'py, PyAny>>,
        known_at: Option<&Bound<'py, PyAny>>,
        horizon: Option<&Bound<'py, PyAny>>,
        settings: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let over = arguments(at, known_at, horizon, settings, None);
        let ready = over.and_then(|over| Ok((Source::of(request)?, over)));
        let (source, over) = ready.map_err(|fault| fault.exception(py))?;
        let core = &self.core;
        let (explained, text) = detached(py, || {
            let explained = core.explain(source.tree(&core.limits)?, over)?;
            let text = written(&explained)?;
            Ok((explained, text))
        })?;
        let made = PyDict::new(py);
        made.set_item("decision", Decision::of(explained.decision))?;
        made.set_item("refusals", to_python(py, &explained.refusals)?)?;
        made.set_item("rules", to_python(py, &explained.rules)?)?;
        made.set_item("not_applicable", to_python(py, &explained.not_applicable)?)?;
        made.set_item("_json", text)?;
        py.import("byleave._answers")?.getattr("Explanation")?.call((), Some(&made))
    }

    /// Checks a request's facts and indexes them, for deciding them more than once.
    #[pyo3(signature = (request, at = None, *, known_at = None, horizon = None, settings = None, detail = None))]
    #[allow(clippy::too_many_arguments, reason = "each is one of the contract's")]
    fn facts(
        &self,
        py: Python<'_>,
        request: &Bound<'_, PyAny>,
        at: Option<&Bound<'_, PyAny>>,
        known_at: Option<&Bound<'_, PyAny>>,
        horizon: Option<&Bound<'_, PyAny>>,
        settings: Option<&Bound<'_, PyAny>>,
        detail: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Facts> {
        let over = arguments(at, known_at, horizon, settings, detail);
        let ready = over.and_then(|over| Ok((Source::of(request)?, over)));
        let (source, over) = ready.map_err(|fault| fault.exception(py))?;
        let core = &self.core;
        detached(py, || Ok(core.facts(source.tree(&core.limits)?, over)?)).map(Facts)
    }

    /// The outcome of prepared facts alone: the fast path. It keeps hold of the interpreter, since letting go of it and
    /// taking it up again can cost more than the answer.
    fn verdict(&self, py: Python<'_>, facts: &Bound<'_, Facts>) -> PyResult<Verdict> {
        let ask = || Ok(self.core.verdict(&facts.get().0)?);
        guarded(ask).map(Verdict::of).map_err(|fault: Fault| fault.exception(py))
    }

    /// Decides prepared facts.
    fn decide_facts(&self, py: Python<'_>, facts: &Bound<'_, Facts>) -> PyResult<Decision> {
        let held = facts.get();
        detached(py, || Ok(self.core.decide_facts(&held.0)?)).map(Decision::of)
    }

    /// The packs it was built from.
    fn packs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.core.engine.packs())
    }

    /// What the checker warned of.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.core.warnings())
    }

    /// The JSON Schema of requests in the words of these packs, or of decisions.
    #[pyo3(signature = (of = "request"))]
    fn schema<'py>(&self, py: Python<'py>, of: &str) -> PyResult<Bound<'py, PyAny>> {
        let schema = self.core.schema(of).map_err(|told| Fault::from(told).exception(py))?;
        py.import("json")?.call_method1("loads", (schema,))
    }

    fn __repr__(&self) -> String {
        let packs = self.core.engine.packs();
        let names: Vec<String> = packs.iter().map(|it| format!("{} {}", it.name, it.edition)).collect();
        format!("<Engine {}>", names.join(", "))
    }

    /// Another process compiles the same texts.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let py = slf.py();
        let core = &slf.get().core;
        let text = |it: &(String, String, Vec<u8>)| {
            (it.0.clone(), it.1.clone(), pyo3::types::PyBytes::new(py, &it.2).unbind())
        };
        let texts: Vec<_> = core.texts.iter().map(text).collect();
        let it = core.limits;
        let limits = PyDict::new(py);
        for (name, value) in [
            ("request_bytes", it.request_bytes),
            ("depth", it.depth),
            ("text_bytes", it.text_bytes),
            ("events", it.events),
            ("members", it.members),
            ("horizon_days", it.horizon_days as usize),
        ] {
            limits.set_item(name, value)?;
        }
        (slf.get_type().getattr("_of_texts")?, (texts, limits)).into_pyobject(py)
    }

    #[classmethod]
    fn _of_texts(
        _class: &Bound<'_, PyType>,
        py: Python<'_>,
        texts: Vec<(String, String, Vec<u8>)>,
        #[pyo3(from_py_with = some_limits)] limits: Option<Limits>,
    ) -> PyResult<Engine> {
        let limits = limits.unwrap_or(Limits::MOST);
        Ok(Engine { core: detached(py, || Core::build(texts, limits))? })
    }
}

/// Reads the argument `limits`.
fn some_limits(value: &Bound<'_, PyAny>) -> PyResult<Option<Limits>> {
    if value.is_none() {
        return Ok(None);
    }
    let given = value.cast::<PyDict>().map_err(PyErr::from)?;
    limits(Some(given)).map(Some).map_err(|fault| fault.exception(value.py()))
}

fn request_like(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    let is_text = value.is_instance_of::<PyString>() || value.is_instance_of::<pyo3::types::PyBytes>();
    Ok(is_text || value.cast::<PyMapping>().is_ok() || value.hasattr("__dataclass_fields__")?)
}

#[pymethods]
impl Facts {
    /// The instant that they are frozen at.
    #[getter]
    fn at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        datetime(py, &self.0.at().to_string())
    }

    // Nothing of what they say: a repr ends up in logs.
    fn __repr__(&self) -> String {
        format!("<Facts at {}>", self.0.at())
    }
}
