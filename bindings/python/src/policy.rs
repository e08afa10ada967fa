//! What an engine is built from: packs by name, files and folders, texts; and `check`, which only looks for mistakes.

use crate::engine::detached;
use crate::error::Fault;
use crate::from_python::{json, text_or_octets, utf8};
use crate::to_python::to_python;
use byleave::wire::{Limits, Path};
use byleave_host::policy;
use byleave_packs::load::Wanted;
use pyo3::prelude::*;
use pyo3::types::{PyMapping, PyString, PyTuple};

/// Reads the arguments `packs`, `paths` and `texts`.
pub fn wanted(
    packs: Option<&Bound<'_, PyAny>>,
    paths: Option<&Bound<'_, PyAny>>,
    texts: Option<&Bound<'_, PyAny>>,
) -> Result<Wanted, Fault> {
    let mut wanted = Wanted::default();
    if let Some(packs) = packs {
        wanted.names = words(packs, "packs")?;
    }
    if let Some(paths) = paths {
        wanted.paths = words(paths, "paths")?;
    }
    if let Some(texts) = texts {
        let path = Path::ROOT;
        let path = path.key("texts");
        if let Ok(mapping) = texts.cast::<PyMapping>() {
            for pair in mapping.items()?.iter() {
                let (name, text): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair.extract()?;
                let Ok(name) = name.cast::<PyString>() else {
                    return Err(Fault::input(&path, "the name of a text is text", None));
                };
                let name = utf8(name, &path)?;
                wanted.texts.push((name.clone(), text_of(&text, &path.key(&name))?));
            }
        } else {
            wanted.texts.push((policy::UNNAMED.to_owned(), text_of(texts, &path)?));
        }
    }
    policy::named(&wanted, packs.is_some() || paths.is_some() || texts.is_some())?;
    Ok(wanted)
}

fn text_of(value: &Bound<'_, PyAny>, path: &Path<'_>) -> Result<Vec<u8>, Fault> {
    text_or_octets(value, path, "policy is text, or names with their texts")
}

/// One word or several; a path may be an object of `pathlib`.
fn words(value: &Bound<'_, PyAny>, name: &str) -> Result<Vec<String>, Fault> {
    let root = Path::ROOT;
    let path = root.key(name);
    let wrong = |path: &Path<'_>| Fault::input(path, "expected one text or several", None);
    let py = value.py();
    let word = |value: &Bound<'_, PyAny>, path: &Path<'_>| -> Result<String, Fault> {
        let plain = py.import("os")?.call_method1("fspath", (value,)).map_err(|_| wrong(path))?;
        plain.extract::<String>().map_err(|_| wrong(path))
    };
    if value.is_instance_of::<PyString>() || value.hasattr("__fspath__")? {
        return Ok(vec![word(value, &path)?]);
    }
    let Ok(items) = value.try_iter() else { return Err(wrong(&path)) };
    (0u32..).zip(items).map(|(at, item)| word(&item?, &path.index(at))).collect()
}

/// The limits by name, as far as they are given.
pub fn limits(given: &Bound<'_, PyAny>) -> Result<Limits, Fault> {
    let root = Path::ROOT;
    Ok(byleave_host::limits(&json(given, &root.key("limits"))?)?)
}

/// Looks for mistakes in policy: what could be loaded together, together; then each pack with the tests beside it.
#[pyfunction]
#[pyo3(signature = (*, packs = None, paths = None, texts = None))]
pub fn check<'py>(
    py: Python<'py>,
    packs: Option<&Bound<'py, PyAny>>,
    paths: Option<&Bound<'py, PyAny>>,
    texts: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let wanted = wanted(packs, paths, texts).map_err(|fault| fault.exception(py))?;
    let found = detached(py, || Ok(policy::mistakes(&wanted)?))?;
    to_python(py, &found)
}

/// The names of the packs that come with Byleave.
#[pyfunction]
pub fn packs(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
    PyTuple::new(py, policy::names())
}
