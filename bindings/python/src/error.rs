//! The engine's errors as exceptions: kind, path, sentence and hint kept apart, and for policy every diagnostic.

use crate::to_python::to_python;
use byleave::wire::Path;
use byleave_host::Fault as Told;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};

/// Why there is no answer.
pub enum Fault {
    /// An error of the contract.
    Error(Told),
    /// An exception out of the host's own objects, or an interrupt: passed on as it is.
    Raised(PyErr),
}

impl Fault {
    /// What was sent is wrong at that path.
    pub fn input(path: &Path<'_>, message: impl Into<String>, hint: Option<&str>) -> Fault {
        Told::input(path, message, hint).into()
    }

    /// More than is admitted at that path.
    pub fn limit(path: &Path<'_>, message: impl Into<String>) -> Fault {
        Told::limit(path, message).into()
    }

    /// The binding contradicts itself.
    pub fn internal(message: impl Into<String>) -> Fault {
        Told::internal(message).into()
    }

    /// The same in the n-th of several requests.
    #[must_use]
    pub fn in_request(self, n: usize) -> Fault {
        match self {
            Fault::Error(told) => Fault::Error(told.in_request(n)),
            raised => raised,
        }
    }

    /// The exception.
    pub fn exception(self, py: Python<'_>) -> PyErr {
        match self {
            Fault::Raised(error) => error,
            Fault::Error(told) => exception(py, &told).map_or_else(|error| error, PyErr::from_value),
        }
    }
}

impl From<PyErr> for Fault {
    fn from(error: PyErr) -> Fault {
        Fault::Raised(error)
    }
}

impl From<Told> for Fault {
    fn from(told: Told) -> Fault {
        Fault::Error(told)
    }
}

impl From<byleave_arrow::Trouble> for Fault {
    fn from(trouble: byleave_arrow::Trouble) -> Fault {
        Told::from(*trouble.0).into()
    }
}

impl From<byleave::Error> for Fault {
    fn from(error: byleave::Error) -> Fault {
        Told::from(error).into()
    }
}

fn exception<'py>(py: Python<'py>, told: &Told) -> PyResult<Bound<'py, PyAny>> {
    static INPUT: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static POLICY: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static LIMIT: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static LEDGER: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static INTERNAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let (error, name) = (told.error(), told.class());
    let place = match name {
        "InputError" => &INPUT,
        "PolicyError" => &POLICY,
        "LimitError" => &LIMIT,
        "LedgerError" => &LEDGER,
        _ => &INTERNAL,
    };
    let named = PyDict::new(py);
    named.set_item("path", &error.path)?;
    named.set_item("other_path", &error.other_path)?;
    named.set_item("hint", &error.hint)?;
    match name {
        "PolicyError" => {
            named.set_item("lines", to_python(py, &error.lines)?)?;
            named.set_item("diagnostics", to_python(py, told.diagnostics())?)?;
        }
        "LedgerError" => named.set_item("kind", &error.kind)?,
        _ => {}
    }
    place.import(py, "byleave._errors", name)?.call((&error.message,), Some(&named))
}
