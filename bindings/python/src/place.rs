//! `locate`: where a person may be, from a number, a state and a confirmed place. `byleave/_places.py` has its arguments.

use crate::from_python::json;
use byleave::wire::Path;
use pyo3::prelude::*;

/// What is known, by name; the answer is canonical text.
#[pyfunction]
pub fn _locate(py: Python<'_>, known: &Bound<'_, PyAny>) -> PyResult<String> {
    let told = json(known, &Path::ROOT).and_then(|asked| Ok(byleave_host::locate(asked)?));
    let mut text = String::new();
    told.map_err(|fault| fault.exception(py))?.write_canonical(&mut text);
    Ok(text)
}
