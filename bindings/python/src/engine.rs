//! `Engine` and `Facts`: packs compiled once, and every question one call on them.

use crate::decision::{Decision, Verdict};
use crate::error::Fault;
use crate::frame::Answers;
use crate::from_python::{Source, json, octets, word};
use crate::plain;
use crate::policy::{limits, wanted};
use crate::to_python::{date, datetime, to_python};
use byleave::Zones;
use byleave::wire::flat::{Kept, Tape};
use byleave::wire::{Json, Limits, Path};
use byleave_arrow::Asked;
use byleave_host::{Lent, Over, Prepared, Room, guarded, policy, tree, written};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyList, PyMapping, PyString, PyTuple, PyType};
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
    /// What it was loaded from, where that was compiled before: another process loads the same.
    compiled: Option<Vec<u8>>,
}

impl Deref for Core {
    type Target = Arc<byleave_host::Core>;

    fn deref(&self) -> &Arc<byleave_host::Core> {
        &self.host
    }
}

impl Core {
    fn load(compiled: Vec<u8>) -> Result<Arc<Core>, Fault> {
        let host = byleave_host::Core::of(byleave::Engine::from_compiled(&compiled)?);
        Ok(Arc::new(Core { host, compiled: Some(compiled) }))
    }

    fn compile(&self) -> Result<Vec<u8>, Fault> {
        match &self.compiled {
            Some(bytes) => Ok(bytes.clone()),
            None => Ok(self.engine.compile(Zones::All)?),
        }
    }

    fn decide(&self, source: Source, over: Over) -> Result<byleave::Decision, Fault> {
        let text = match &source {
            Source::Text(bytes) => std::str::from_utf8(bytes).ok(),
            Source::Tree(_) => None,
        };
        let decided = text.and_then(|text| {
            Room::lend(|room| {
                room.read_text(&self.host, text)?;
                room.decide(&self.host, &over)
            })
        });
        if let Some(decision) = decided {
            return Ok(decision);
        }
        Ok(self.host.decide(source.tree(&self.limits)?, over)?)
    }

    /// The request of a tape as a tree, for the long way. Its dict may say something else by now: whoever asks about many
    /// often fills one dict again and again.
    fn tree(&self, tape: Tape<'_>) -> Result<Json, Fault> {
        tree(tape, self.engine.keys()).ok_or_else(|| Fault::internal("a tape that cannot be read"))
    }

    /// Decides the request of a tape in the long way.
    fn decide_tree(&self, tape: Tape<'_>, over: &Over) -> Result<byleave::Decision, Fault> {
        Ok(self.host.decide(self.tree(tape)?, over.clone())?)
    }

    /// A desk with a plain dict on it, without a tree; nothing if it has to be asked in the long way.
    fn plain(&self, request: &Bound<'_, PyAny>) -> Option<Lent> {
        if self.limits.request_bytes < Limits::MOST.request_bytes {
            // There the bytes are counted; a tape never holds too many of them for others.
            return None;
        }
        let mut lent = self.lend();
        plain::write(request, self.engine.keys(), &mut lent.written)?;
        Some(lent)
    }
}

/// One of several requests, ready to be decided away from the interpreter.
enum Read {
    /// As it was written.
    Plain(Kept),
    Source(Source),
}

/// Reads the arguments that lie over a request.
pub fn arguments(
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

impl Engine {
    /// What a ledger decides by.
    pub fn host(&self) -> &Arc<byleave_host::Core> {
        &self.core.host
    }
}

/// A request's facts, checked and indexed once, frozen at its instant, for one engine.
#[pyclass(frozen, weakref, module = "byleave", name = "Facts")]
pub struct Facts(Prepared);

#[pymethods]
impl Engine {
    /// Compiles packs. Nothing named is every pack that comes with Byleave.
    #[new]
    #[pyo3(signature = (*, packs = None, paths = None, texts = None, limits = None, compiled = None))]
    fn new(
        py: Python<'_>,
        packs: Option<&Bound<'_, PyAny>>,
        paths: Option<&Bound<'_, PyAny>>,
        texts: Option<&Bound<'_, PyAny>>,
        #[pyo3(from_py_with = some_limits)] limits: Option<Limits>,
        compiled: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Engine> {
        let root = Path::ROOT;
        if let Some(given) = compiled {
            if packs.is_some() || paths.is_some() || texts.is_some() || limits.is_some() {
                let message =
                    "compiled packs bring their own packs and limits: nothing else is given beside them";
                return Err(Fault::input(&root.key("compiled"), message, None).exception(py));
            }
            let Some(bytes) = octets(given)? else {
                return Err(Fault::input(&root.key("compiled"), "expected bytes", None).exception(py));
            };
            return Ok(Engine { core: detached(py, || Core::load(bytes))? });
        }
        let wanted = wanted(packs, paths, texts).map_err(|fault| fault.exception(py))?;
        let limits = limits.unwrap_or(Limits::MOST);
        let core = detached(py, || {
            let host = policy::build(policy::find(&wanted)?.builder().limits(limits))?;
            Ok(Arc::new(Core { host, compiled: None }))
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
        let over = arguments(at, known_at, horizon, settings, detail).map_err(|fault| fault.exception(py))?;
        // All else than the outcome is seldom looked at.
        if let Some(mut lent) = self.core.plain(request) {
            let (core, desk) = (&self.core, &mut *lent);
            let decided = detached(py, || match desk.find(&core.host, &over) {
                Some(found) => Ok(Ok(found)),
                None => core.decide_tree(desk.written.tape(), &over).map(Err),
            })?;
            return Ok(match decided {
                Ok(found) => Decision::later(found, lent.later(over)),
                Err(decision) => Decision::of(decision),
            });
        }
        let source = Source::of(request, &self.core.limits).map_err(|fault| fault.exception(py))?;
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
        let Ok(mut all) = requests.try_iter() else {
            return Err(Fault::input(&Path::ROOT, "expected several requests", None).exception(py));
        };
        let core = &self.core;
        loop {
            // Each is read while it is at hand: what comes next may be the same dict, filled with somebody else.
            let mut batch = Vec::with_capacity(BATCH);
            for request in all.by_ref().take(BATCH) {
                let request = request?;
                let read = match core.plain(&request) {
                    Some(lent) => Ok(Read::Plain(lent.written.tape().keep())),
                    None => Source::of(&request, &core.limits).map(Read::Source),
                };
                match read {
                    // What the host's own objects raise is no answer about a contact.
                    Err(Fault::Raised(error)) => return Err(error),
                    read => batch.push(read),
                }
            }
            if batch.is_empty() {
                return Ok(out);
            }
            let one = |read: Result<Read, Fault>| match read? {
                Read::Plain(kept) => {
                    let decided = Room::lend(|room| {
                        room.read(&core.host, kept.tape())?;
                        room.decide(&core.host, &over)
                    });
                    // Not as usual as it looked.
                    decided.map_or_else(|| core.decide_tree(kept.tape(), &over), Ok)
                }
                Read::Source(source) => core.decide(source, over.clone()),
            };
            let answers = detached(py, || Ok(batch.into_iter().map(one).collect::<Vec<Result<_, _>>>()))?;
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
        let ready = over.and_then(|over| Ok((Source::of(request, &self.core.limits)?, over)));
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
        let ready = over.and_then(|over| Ok((Source::of(request, &self.core.limits)?, over)));
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

    /// What somebody's answer means, by the words that the packs declare.
    #[pyo3(signature = (text, *, language = None, context = None))]
    fn interpret_reply<'py>(
        &self,
        py: Python<'py>,
        text: &Bound<'py, PyAny>,
        language: Option<&Bound<'py, PyAny>>,
        context: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let root = Path::ROOT;
        let ready = (|| {
            let text = word(text, &root.key("text"))?;
            let language = language.map(|it| word(it, &root.key("language"))).transpose()?;
            Ok((text, language, context.map(|it| Source::of(it, &self.core.limits)).transpose()?))
        })();
        let (message, language, context) = ready.map_err(|fault: Fault| fault.exception(py))?;
        let core = &self.core;
        let (read, text, events) = detached(py, || {
            let context = match context {
                Some(source) => source.tree(&core.limits)?,
                None => Json::Null,
            };
            let read = core.interpret_reply(&message, language.as_deref(), context)?;
            let (text, events) = (written(&read)?, written(&read.events)?);
            Ok((read, text, events))
        })?;
        let made = PyDict::new(py);
        made.set_item("kind", read.kind.as_str())?;
        made.set_item("words", to_python(py, &read.words)?)?;
        made.set_item("set_aside", to_python(py, &read.set_aside)?)?;
        made.set_item("rules", to_python(py, &read.rules)?)?;
        made.set_item("cut", read.cut)?;
        made.set_item("level", read.level)?;
        // As a request takes them: what an event leaves open is left out, and not empty.
        let events = py.import("json")?.call_method1("loads", (events,))?;
        made.set_item("events", PyTuple::new(py, events.try_iter()?.collect::<PyResult<Vec<_>>>()?)?)?;
        made.set_item("honor_by", read.honor_by.as_deref().map(|day| date(py, day)).transpose()?)?;
        made.set_item("obligations", to_python(py, &read.obligations)?)?;
        made.set_item("confirmation", read.confirmation.as_ref().map(|it| to_python(py, it)).transpose()?)?;
        made.set_item("missing", to_python(py, &read.missing)?)?;
        made.set_item("_json", text)?;
        py.import("byleave._answers")?.getattr("Interpretation")?.call((), Some(&made))
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
        let over = arguments(at, known_at, horizon, settings, detail).map_err(|fault| fault.exception(py))?;
        if let Some(lent) = self.core.plain(request) {
            let (core, tape) = (&self.core, lent.written.tape());
            let prepare = || {
                let prepared = Room::lend(|room| {
                    room.read(&core.host, tape)?;
                    room.prepare(&core.host, &over)
                });
                match prepared {
                    Some(prepared) => Ok(prepared),
                    None => Ok(core.facts(core.tree(tape)?, over.clone())?),
                }
            };
            return detached(py, prepare).map(Facts);
        }
        let source = Source::of(request, &self.core.limits).map_err(|fault| fault.exception(py))?;
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
    #[pyo3(signature = (of = None), text_signature = "($self, of='request')")]
    fn schema<'py>(&self, py: Python<'py>, of: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
        let of = of.map_or_else(|| Ok("request".to_owned()), |it| word(it, &Path::ROOT.key("of")));
        let schema = of.and_then(|of| Ok(self.core.schema(&of)?)).map_err(|fault| fault.exception(py))?;
        py.import("json")?.call_method1("loads", (schema,))
    }

    fn __repr__(&self) -> String {
        let packs = self.core.engine.packs();
        let names: Vec<String> = packs.iter().map(|it| format!("{} {}", it.name, it.edition)).collect();
        format!("<Engine {}>", names.join(", "))
    }

    /// The compiled packs as bytes, for other processes: they load without reading policy again.
    fn compile<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = detached(py, || self.core.compile())?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// Another process loads the compiled bytes.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let py = slf.py();
        let bytes = slf.get().compile(py)?;
        (slf.get_type().getattr("_of_compiled")?, (bytes,)).into_pyobject(py)
    }

    // It never changes, and facts belong to the one that prepared them: a copy of it is itself.
    fn __copy__<'py>(slf: &Bound<'py, Self>) -> Bound<'py, Self> {
        slf.clone()
    }

    fn __deepcopy__<'py>(slf: &Bound<'py, Self>, _memo: &Bound<'py, PyAny>) -> Bound<'py, Self> {
        slf.clone()
    }

    #[classmethod]
    fn _of_compiled(_class: &Bound<'_, PyType>, py: Python<'_>, compiled: Vec<u8>) -> PyResult<Engine> {
        Ok(Engine { core: detached(py, || Core::load(compiled))? })
    }

    /// Decides the same contact for each row of a frame. See `byleave._frames`.
    #[pyo3(
        signature = (contact, people, at = None, **named),
        text_signature = "($self, contact, people, at=None, *, consents=None, history=None, interactions=None, lists=None, signals=None, known_at=None, horizon=None, settings=None, detail=None, key='person.id', keep=(), threads=None, progress=None, unmatched='warn')"
    )]
    fn decide_frame<'py>(
        slf: &Bound<'py, Self>,
        contact: &Bound<'py, PyAny>,
        people: &Bound<'py, PyAny>,
        at: Option<&Bound<'py, PyAny>>,
        named: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let ask = slf.py().import("byleave._frames")?.getattr("decide_frame")?;
        ask.call((slf, contact, people, at), named)
    }

    /// The answers to a frame, not asked for yet.
    #[pyo3(signature = (contact, people, frames, key, keep, threads, *, at = None, known_at = None, horizon = None, settings = None, detail = None))]
    #[allow(clippy::too_many_arguments, reason = "each is one of the contract's")]
    fn _answers(
        &self,
        py: Python<'_>,
        contact: &Bound<'_, PyAny>,
        people: &Bound<'_, PyAny>,
        frames: Vec<(String, Bound<'_, PyAny>)>,
        key: String,
        keep: Vec<String>,
        threads: usize,
        at: Option<&Bound<'_, PyAny>>,
        known_at: Option<&Bound<'_, PyAny>>,
        horizon: Option<&Bound<'_, PyAny>>,
        settings: Option<&Bound<'_, PyAny>>,
        detail: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Answers> {
        let over = arguments(at, known_at, horizon, settings, detail);
        let ready = over
            .and_then(|over| Ok(over.lay(Source::of(contact, &self.core.limits)?.tree(&self.core.limits)?)));
        let request = ready.map_err(|fault| fault.exception(py))?;
        let asked = Asked { request, key, keep, threads };
        Answers::of(py, self.core.engine.clone(), asked, people, &frames)
    }
}

/// Reads the argument `limits`.
fn some_limits(value: &Bound<'_, PyAny>) -> PyResult<Option<Limits>> {
    if value.is_none() {
        return Ok(None);
    }
    limits(value).map(Some).map_err(|fault| fault.exception(value.py()))
}

/// Whether that is one request, or one event, where several are expected.
pub fn request_like(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    let is_text = value.is_instance_of::<PyString>()
        || value.is_instance_of::<PyBytes>()
        || value.is_instance_of::<PyByteArray>();
    Ok(is_text || value.cast::<PyMapping>().is_ok() || value.hasattr("__dataclass_fields__")?)
}

#[pymethods]
impl Facts {
    /// The instant that they are frozen at.
    #[getter]
    fn at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        datetime(py, &self.0.at().to_string())
    }

    // They never change: a copy of them is themselves.
    fn __copy__<'py>(slf: &Bound<'py, Self>) -> Bound<'py, Self> {
        slf.clone()
    }

    fn __deepcopy__<'py>(slf: &Bound<'py, Self>, _memo: &Bound<'py, PyAny>) -> Bound<'py, Self> {
        slf.clone()
    }

    // Nothing of what they say: a repr ends up in logs.
    fn __repr__(&self) -> String {
        format!("<Facts at {}>", self.0.at())
    }
}
