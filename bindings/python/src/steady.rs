//! Reading what holds others, while the code of others runs in between: what changes meanwhile is refused with its place, and
//! nothing that was skipped goes unsaid.

use crate::error::Fault;
use byleave::wire::Path;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

/// A key and its value.
pub type Pair<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>);

/// Something was written to while it was read: what was read of it nobody has said.
fn changed(what: &str, path: &Path<'_>) -> Fault {
    let hint = "let nobody write to it meanwhile, or hand over a copy";
    Fault::input(path, format!("this {what} changed while it was read"), Some(hint))
}

/// The same, where Python was the first to see it.
pub fn meanwhile(error: PyErr, py: Python<'_>, what: &str, path: &Path<'_>) -> Fault {
    let seen = error.is_instance_of::<PyRuntimeError>(py)
        && error.value(py).str().is_ok_and(|said| said.to_string_lossy().contains("during iteration"));
    if seen { changed(what, path) } else { Fault::Raised(error) }
}

/// The entries of a dict, which stays as it is. Somebody else's code runs between two of them, and pyo3 would panic if it had
/// changed the dict.
pub fn pairs<'a, 'py>(
    dict: &'a Bound<'py, PyDict>,
    path: &'a Path<'_>,
) -> impl Iterator<Item = Result<Pair<'py>, Fault>> {
    let (len, mut all, mut read) = (dict.len(), dict.iter(), 0);
    std::iter::from_fn(move || {
        if dict.len() != len {
            return Some(Err(changed("dict", path)));
        }
        match all.next() {
            Some(pair) if read < len => {
                read += 1;
                Some(Ok(pair))
            }
            None if read == len => None,
            _ => Some(Err(changed("dict", path))),
        }
    })
}

/// The members of a list, which stays as long as it is.
pub fn members<'a, 'py>(
    list: &'a Bound<'py, PyList>,
    path: &'a Path<'_>,
) -> impl Iterator<Item = Result<Bound<'py, PyAny>, Fault>> {
    let (len, mut at) = (list.len(), 0);
    std::iter::from_fn(move || {
        if list.len() != len {
            return Some(Err(changed("list", path)));
        }
        if at == len {
            return None;
        }
        at += 1;
        Some(list.get_item(at - 1).map_err(|_| changed("list", path)))
    })
}

/// The elements of a set.
pub fn elements<'a, 'py>(
    set: &'a Bound<'py, PyAny>,
    path: &'a Path<'_>,
) -> PyResult<impl Iterator<Item = Result<Bound<'py, PyAny>, Fault>>> {
    let all = set.try_iter()?;
    Ok(all.map(move |it| it.map_err(|error| meanwhile(error, set.py(), "set", path))))
}
