//! The engine's errors as exceptions: kind, path, sentence and hint kept apart, and for policy every diagnostic.

use crate::to_python::to_python;
use byleave::diag::DiagnosticJson;
use byleave::wire::{ErrorJson, Path};
use byleave_packs::load::LoadError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};

/// Why there is no answer.
pub enum Fault {
    /// An error of the contract, with the diagnostics of a policy.
    Error(Box<(ErrorJson, Vec<DiagnosticJson>)>),
    /// An exception out of the host's own objects, or an interrupt: passed on as it is.
    Raised(PyErr),
}

impl Fault {
    /// What was sent is wrong at that path.
    pub fn input(path: &Path<'_>, message: impl Into<String>, hint: Option<&str>) -> Fault {
        Fault::of_kind("input", path.to_string(), message.into(), hint.map(str::to_owned))
    }

    /// More than is admitted at that path.
    pub fn limit(path: &Path<'_>, message: impl Into<String>) -> Fault {
        Fault::of_kind("limit", path.to_string(), message.into(), None)
    }

    /// The binding contradicts itself.
    pub fn internal(message: impl Into<String>) -> Fault {
        Fault::of_kind("internal", String::new(), message.into(), None)
    }

    /// What was asked for cannot be loaded; the path is that of the argument.
    pub fn load(path: String, error: &LoadError) -> Fault {
        let hint = match error {
            LoadError::NoSuchPack { suggestion: Some(best), .. } => Some(format!("did you mean `{best}`?")),
            LoadError::NoSuchPack { suggestion: None, .. } => {
                Some("`byleave.packs()` names the packs that come with Byleave".to_owned())
            }
            _ => None,
        };
        Fault::of_kind("input", path, error.to_string(), hint)
    }

    fn of_kind(kind: &str, path: String, message: String, hint: Option<String>) -> Fault {
        let path = (!path.is_empty()).then_some(path);
        let error =
            ErrorJson { kind: kind.to_owned(), path, other_path: None, message, hint, lines: Vec::new() };
        Fault::Error(Box::new((error, Vec::new())))
    }

    /// A policy's error with its diagnostics.
    pub fn policy(error: &byleave::Error, diagnostics: Vec<DiagnosticJson>) -> Fault {
        Fault::Error(Box::new((ErrorJson::from(error), diagnostics)))
    }

    /// The same in the n-th of several requests.
    #[must_use]
    pub fn in_request(mut self, n: usize) -> Fault {
        if let Fault::Error(parts) = &mut self {
            for path in [&mut parts.0.path, &mut parts.0.other_path] {
                *path = match path.take() {
                    Some(rest) if rest.starts_with('[') => Some(format!("[{n}]{rest}")),
                    Some(rest) => Some(format!("[{n}].{rest}")),
                    None => None,
                };
            }
            parts.0.path.get_or_insert_with(|| format!("[{n}]"));
        }
        self
    }

    /// The exception.
    pub fn exception(self, py: Python<'_>) -> PyErr {
        match self {
            Fault::Raised(error) => error,
            Fault::Error(parts) => {
                exception(py, &parts.0, &parts.1).map_or_else(|error| error, PyErr::from_value)
            }
        }
    }
}

impl From<PyErr> for Fault {
    fn from(error: PyErr) -> Fault {
        Fault::Raised(error)
    }
}

impl From<byleave::Error> for Fault {
    fn from(error: byleave::Error) -> Fault {
        Fault::policy(&error, Vec::new())
    }
}

fn exception<'py>(
    py: Python<'py>,
    error: &ErrorJson,
    diagnostics: &[DiagnosticJson],
) -> PyResult<Bound<'py, PyAny>> {
    static INPUT: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static POLICY: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static LIMIT: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static INTERNAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let (place, name) = match error.kind.as_str() {
        "input" => (&INPUT, "InputError"),
        "policy" => (&POLICY, "PolicyError"),
        "limit" => (&LIMIT, "LimitError"),
        _ => (&INTERNAL, "InternalError"),
    };
    let named = PyDict::new(py);
    named.set_item("path", &error.path)?;
    named.set_item("other_path", &error.other_path)?;
    named.set_item("hint", &error.hint)?;
    if error.kind == "policy" {
        named.set_item("lines", to_python(py, &error.lines)?)?;
        named.set_item("diagnostics", to_python(py, &diagnostics)?)?;
    }
    place.import(py, "byleave._errors", name)?.call((&error.message,), Some(&named))
}
