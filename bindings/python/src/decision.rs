//! `Decision` and `Verdict`: answers that hold the engine's own form and become Python objects where somebody looks.

use crate::error::Fault;
use crate::to_python::{datetime, to_python};
use byleave::Instant;
use byleave::Verdict as Found;
use byleave::wire::decision::{self as wire, Finding, Outcome, Validity};
use pyo3::exceptions::{PyAttributeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyTuple};
use serde::Serialize;

/// A decision on one proposed contact. It never changes.
#[pyclass(frozen, module = "byleave", name = "Decision")]
pub struct Decision {
    inner: wire::Decision,
    parts: [PyOnceLock<Py<PyAny>>; 8],
}

impl Decision {
    /// Of the engine's own.
    pub fn of(inner: wire::Decision) -> Decision {
        Decision { inner, parts: std::array::from_fn(|_| PyOnceLock::new()) }
    }

    /// A part, made once.
    fn part<T: Serialize + ?Sized>(&self, py: Python<'_>, n: usize, value: &T) -> PyResult<Py<PyAny>> {
        let Some(place) = self.parts.get(n) else { return Ok(to_python(py, value)?.unbind()) };
        Ok(place.get_or_try_init(py, || to_python(py, value).map(Bound::unbind))?.clone_ref(py))
    }

    fn text(&self, py: Python<'_>) -> PyResult<String> {
        self.inner.to_json().map_err(|error| Fault::internal(error.to_string()).exception(py))
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
    fn outcome<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        PyString::intern(py, word(self.inner.outcome))
    }

    /// Whether it may go out now.
    #[getter]
    fn allowed(&self) -> bool {
        self.inner.outcome == Outcome::Allow
    }

    /// The instant asked about, in UTC.
    #[getter]
    fn at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        datetime(py, &self.inner.at)
    }

    /// Of a deferral: the first instant that allows, in UTC.
    #[getter]
    fn until<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.inner.until.as_deref().map(|text| datetime(py, text)).transpose()
    }

    /// The same instant with the recipient's offset.
    #[getter]
    fn until_local<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.inner.until_local.as_deref().map(|text| datetime(py, text)).transpose()
    }

    /// The first instant at which this answer could differ; `None`: none within the horizon. There is no such attribute
    /// when only the outcome was asked for.
    #[getter]
    fn valid_until<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        match &self.inner.valid_until {
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
        self.part(py, 0, &self.inner.reasons)
    }

    /// What is owed.
    #[getter]
    fn obligations(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.part(py, 1, &self.inner.obligations)
    }

    /// Which data it may carry.
    #[getter]
    fn fields(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.part(py, 2, &self.inner.fields)
    }

    /// The facts that the answer hangs on and that nobody supplied.
    #[getter]
    fn missing(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.part(py, 3, &self.inner.missing)
    }

    /// Unknowns that a rule's `known that` settled.
    #[getter]
    fn taken_as(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.part(py, 4, &self.inner.taken_as)
    }

    /// What did not stop the decision and should be heard of.
    #[getter]
    fn warnings(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.part(py, 5, &self.inner.warnings)
    }

    /// Enough to replay; `None` when only the outcome was asked for.
    #[getter]
    fn evidence(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.part(py, 6, &self.inner.evidence)
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
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Decision> {
        wire::Decision::from_json(text).map(Decision::of).map_err(|error| {
            Fault::input(&byleave::wire::Path::ROOT, format!("this is no decision: {error}"), None)
                .exception(py)
        })
    }

    fn __repr__(&self) -> String {
        let mut out = format!("<Decision {}", word(self.inner.outcome));
        if let Some(until) = self.inner.until_local.as_ref().or(self.inner.until.as_ref()) {
            out.push_str(&format!(" until {until}"));
        }
        let blocking: Vec<&str> = self
            .inner
            .reasons
            .iter()
            .filter(|it| matches!(it.finding, Finding::Violated | Finding::Undetermined))
            .map(|it| it.rule.as_str())
            .collect();
        if !blocking.is_empty() {
            out.push_str(&format!(": {}", blocking.join(", ")));
        }
        if !self.inner.missing.is_empty() {
            out.push_str(&format!("; missing {}", self.inner.missing.join(", ")));
        }
        out.push('>');
        out
    }

    fn _repr_html_<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("byleave._html")?.call_method1("decision", (slf,))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Decision>().is_ok_and(|other| self.inner == other.get().inner)
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
