//! `Decision` and `Verdict`: answers that hold the engine's own form and become Python objects where somebody looks.

use crate::engine::detached;
use crate::error::Fault;
use crate::from_python::word as text_of;
use crate::to_python::{beyond, datetime, to_python};
use byleave::Instant;
use byleave::Verdict as Found;
use byleave::wire::decision::{self as wire, Finding, Outcome, Validity};
use byleave_host::Later;
use pyo3::exceptions::{PyAttributeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyString, PyTuple};
use serde::Serialize;
use std::sync::{Mutex, OnceLock, PoisonError};

/// A decision on one proposed contact. It never changes.
#[pyclass(frozen, module = "byleave", name = "Decision")]
pub struct Decision {
    /// The whole of it, once somebody has asked for more than the outcome.
    inner: OnceLock<wire::Decision>,
    /// The outcome, where the rest has not been asked for yet.
    found: Option<Found>,
    later: Mutex<Option<Later>>,
    parts: [PyOnceLock<Py<PyAny>>; 8],
}

impl Decision {
    /// Of the engine's own.
    pub fn of(inner: wire::Decision) -> Decision {
        Decision::new(OnceLock::from(inner), None, None)
    }

    /// Of a request of which only the outcome was found out at once: why, and all else, when somebody looks.
    pub fn later(found: Found, later: Later) -> Decision {
        Decision::new(OnceLock::new(), Some(found), Some(later))
    }

    fn new(inner: OnceLock<wire::Decision>, found: Option<Found>, later: Option<Later>) -> Decision {
        Decision { inner, found, later: Mutex::new(later), parts: std::array::from_fn(|_| PyOnceLock::new()) }
    }

    /// The whole of it. The facts are let go when it is there.
    fn inner(&self, py: Python<'_>) -> PyResult<&wire::Decision> {
        if let Some(inner) = self.inner.get() {
            return Ok(inner);
        }
        // Away from the interpreter, for which whoever holds the lock never waits.
        detached(py, || {
            let mut later = self.later.lock().unwrap_or_else(PoisonError::into_inner);
            if self.inner.get().is_none() {
                let held = later.as_mut().ok_or_else(|| Fault::internal("a decision without facts"))?;
                let made = held.decide().ok_or_else(|| Fault::internal("a request that is read no more"))?;
                // Nobody else sets it: the lock is held.
                let _ = self.inner.set(made);
                *later = None;
            }
            Ok(())
        })?;
        self.inner.get().ok_or_else(|| Fault::internal("a decision without answer").exception(py))
    }

    fn word(&self, py: Python<'_>) -> PyResult<Outcome> {
        match self.found {
            Some(found) => Ok(found.outcome()),
            None => Ok(self.inner(py)?.outcome),
        }
    }

    /// A part, made once.
    fn part<T: Serialize + ?Sized>(&self, py: Python<'_>, n: usize, value: &T) -> PyResult<Py<PyAny>> {
        let Some(place) = self.parts.get(n) else { return Ok(to_python(py, value)?.unbind()) };
        Ok(place.get_or_try_init(py, || to_python(py, value).map(Bound::unbind))?.clone_ref(py))
    }

    fn text(&self, py: Python<'_>) -> PyResult<String> {
        self.inner(py)?.to_json().map_err(|error| Fault::internal(error.to_string()).exception(py))
    }
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allow => "allow",
        Outcome::Defer => "defer",
        Outcome::Deny => "deny",
    }
}

fn no_truth<T>() -> PyResult<T> {
    Err(PyTypeError::new_err("an answer is neither true nor false: ask `.allowed` or `.outcome`"))
}

#[pymethods]
impl Decision {
    /// `"allow"`, `"defer"` or `"deny"`.
    #[getter]
    fn outcome<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        Ok(PyString::intern(py, word(self.word(py)?)))
    }

    /// Whether it may go out now.
    #[getter]
    fn allowed(&self, py: Python<'_>) -> PyResult<bool> {
        Ok(self.word(py)? == Outcome::Allow)
    }

    /// The instant asked about, in UTC.
    #[getter]
    fn at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        datetime(py, &self.inner(py)?.at)
    }

    /// Of a deferral: the first instant that allows, in UTC.
    #[getter]
    fn until<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        match self.found {
            Some(found) => found.until().map(|at| datetime(py, &at.to_string())).transpose(),
            None => self.inner(py)?.until.as_deref().map(|text| datetime(py, text)).transpose(),
        }
    }

    /// The same instant with the recipient's offset.
    #[getter]
    fn until_local<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.inner(py)?.until_local.as_deref().map(|text| datetime(py, text)).transpose()
    }

    /// The first instant at which this answer could differ; `None`: none within the horizon, or none before the year 10000, which
    /// no `datetime` reaches. There is no such attribute when only the outcome was asked for.
    #[getter]
    fn valid_until<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        match &self.inner(py)?.valid_until {
            // Past what Python can say it is as good as never.
            Validity::Until(text) if beyond(text) => Ok(None),
            Validity::Until(text) => datetime(py, text).map(Some),
            Validity::Open => Ok(None),
            Validity::Unasked => Err(PyAttributeError::new_err(
                "`valid_until` was not asked for: the request's `detail` is `outcome`",
            )),
        }
    }

    /// Every rule that blocks, in order of id; with `detail="full"` every rule that applied.
    #[getter]
    fn reasons(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.part(py, 0, &self.inner(py)?.reasons)
    }

    /// What is owed.
    #[getter]
    fn obligations(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.part(py, 1, &self.inner(py)?.obligations)
    }

    /// Which data it may carry.
    #[getter]
    fn fields(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.part(py, 2, &self.inner(py)?.fields)
    }

    /// The facts that the answer hangs on and that nobody supplied.
    #[getter]
    fn missing(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.part(py, 3, &self.inner(py)?.missing)
    }

    /// Unknowns that a rule's `known that` settled.
    #[getter]
    fn taken_as(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.part(py, 4, &self.inner(py)?.taken_as)
    }

    /// What did not stop the decision and should be heard of.
    #[getter]
    fn warnings(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.part(py, 5, &self.inner(py)?.warnings)
    }

    /// Enough to replay; `None` when only the outcome was asked for.
    #[getter]
    fn evidence(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.part(py, 6, &self.inner(py)?.evidence)
    }

    /// The canonical text: in UTF-8, the same bytes as in every other language.
    fn json(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let Some(place) = self.parts.get(7) else {
            return Ok(PyString::new(py, &self.text(py)?).into_any().unbind());
        };
        let text = place.get_or_try_init(py, || -> PyResult<Py<PyAny>> {
            Ok(PyString::new(py, &self.text(py)?).into_any().unbind())
        })?;
        Ok(text.clone_ref(py))
    }

    /// The same as plain dicts and lists.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.text(py)?,))
    }

    /// Reads an answer back from its canonical text.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &Bound<'_, PyAny>) -> PyResult<Decision> {
        let root = byleave::wire::Path::ROOT;
        let text = text_of(text, &root.key("text")).map_err(|fault| fault.exception(py))?;
        wire::Decision::from_json(&text).map(Decision::of).map_err(|error| {
            Fault::input(&byleave::wire::Path::ROOT, format!("this is no decision: {error}"), None)
                .exception(py)
        })
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let inner = self.inner(py)?;
        let mut out = format!("<Decision {}", word(inner.outcome));
        if let Some(until) = inner.until_local.as_ref().or(inner.until.as_ref()) {
            out.push_str(&format!(" until {until}"));
        }
        let blocking: Vec<&str> = inner
            .reasons
            .iter()
            .filter(|it| matches!(it.finding, Finding::Violated | Finding::Undetermined))
            .map(|it| it.rule.as_str())
            .collect();
        if !blocking.is_empty() {
            out.push_str(&format!(": {}", blocking.join(", ")));
        }
        if !inner.missing.is_empty() {
            out.push_str(&format!("; missing {}", inner.missing.join(", ")));
        }
        out.push('>');
        Ok(out)
    }

    fn _repr_html_<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("byleave._html")?.call_method1("decision", (slf,))
    }

    // Of what is none, the other side may know better.
    fn __eq__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = other.py();
        let Ok(other) = other.cast::<Decision>() else { return Ok(py.NotImplemented().into_bound(py)) };
        let same = self.inner(py)? == other.get().inner(py)?;
        Ok(PyBool::new(py, same).to_owned().into_any())
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.json(py)?.bind(py).hash()
    }

    fn __bool__(&self) -> PyResult<bool> {
        no_truth()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let py = slf.py();
        let read = slf.get_type().getattr("from_json")?;
        let text = slf.get().json(py)?;
        (read, (text,)).into_pyobject(py)
    }
}

/// The outcome alone, and of a deferral its instant.
#[pyclass(frozen, eq, hash, module = "byleave", name = "Verdict")]
#[derive(PartialEq, Eq, Hash)]
pub struct Verdict {
    outcome: &'static str,
    until: Option<i64>,
}

impl Verdict {
    /// Of the engine's own.
    pub fn of(found: Found) -> Verdict {
        match found {
            Found::Allow => Verdict { outcome: "allow", until: None },
            Found::Defer(until) => Verdict { outcome: "defer", until: Some(until) },
            Found::Deny => Verdict { outcome: "deny", until: None },
        }
    }
}

#[pymethods]
impl Verdict {
    /// `"allow"`, `"defer"` or `"deny"`.
    #[getter]
    fn outcome<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        PyString::intern(py, self.outcome)
    }

    /// Whether it may go out now.
    #[getter]
    fn allowed(&self) -> bool {
        self.outcome == "allow"
    }

    /// Of a deferral: the first instant that allows, in UTC.
    #[getter]
    fn until<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.until.map(|at| datetime(py, &Instant(at).to_string())).transpose()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let held = slf.get();
        (slf.get_type().getattr("_of")?, (held.outcome, held.until)).into_pyobject(slf.py())
    }

    /// What `pickle` and `copy` make it of: the outcome, and of a deferral its instant in microseconds.
    #[staticmethod]
    fn _of(py: Python<'_>, outcome: &str, until: Option<i64>) -> PyResult<Verdict> {
        match (outcome, until) {
            ("allow", None) => Ok(Verdict::of(Found::Allow)),
            ("deny", None) => Ok(Verdict::of(Found::Deny)),
            ("defer", Some(until)) => Ok(Verdict::of(Found::Defer(until))),
            _ => Err(Fault::input(&byleave::wire::Path::ROOT, "this is no verdict", None).exception(py)),
        }
    }

    fn __repr__(&self) -> String {
        match self.until {
            Some(at) => format!("<Verdict {} until {}>", self.outcome, Instant(at)),
            None => format!("<Verdict {}>", self.outcome),
        }
    }

    fn __bool__(&self) -> PyResult<bool> {
        no_truth()
    }
}
