//! What an engine is built from: packs by name, files and folders, texts; and `check`, which only looks for mistakes.

use crate::engine::detached;
use crate::error::Fault;
use crate::to_python::to_python;
use byleave::diag::{Diagnostic, DiagnosticJson};
use byleave::source::Sources;
use byleave::wire::{Limits, Path};
use byleave::{Engine, EngineBuilder, Error};
use byleave_packs::check::mistakes;
use byleave_packs::load::{LoadError, Packs, Wanted, gather};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyMapping, PyString, PyTuple};

/// How a text is shown that came without a name.
const UNNAMED: &str = "policy.leave";

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
                let (name, text): (String, Bound<'_, PyAny>) = pair.extract()?;
                wanted.texts.push((name.clone(), text_of(&text, &path.key(&name))?));
            }
        } else {
            wanted.texts.push((UNNAMED.to_owned(), text_of(texts, &path)?));
        }
    }
    // To ask for nothing by an empty list is a slip somewhere, not a wish for all law there is.
    let given = packs.is_some() || paths.is_some() || texts.is_some();
    if given && wanted.names.is_empty() && wanted.paths.is_empty() && wanted.texts.is_empty() {
        return Err(Fault::input(
            &Path::ROOT,
            "no policy was named",
            Some("leave all three out for every pack that comes with Byleave"),
        ));
    }
    Ok(wanted)
}

fn text_of(value: &Bound<'_, PyAny>, path: &Path<'_>) -> Result<Vec<u8>, Fault> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(bytes.as_bytes().to_vec());
    }
    match value.cast::<PyString>().map(|text| text.to_cow()) {
        Ok(Ok(text)) => Ok(text.into_owned().into_bytes()),
        _ => Err(Fault::input(path, "policy is text, or names with their texts", None)),
    }
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

/// Finds what is wanted; the error names the argument.
pub fn find(wanted: &Wanted) -> Result<Packs, Fault> {
    gather(wanted).map_err(|error| {
        let place = |name: &str, all: &[String], word: &str| {
            let at = all.iter().position(|it| it == word);
            at.map_or(name.to_owned(), |at| format!("{name}[{at}]"))
        };
        let path = match &error {
            LoadError::NoSuchPack { name, .. } => place("packs", &wanted.names, name),
            LoadError::Unreadable { path, .. }
            | LoadError::Empty { path }
            | LoadError::TooMany { path, .. } => place("paths", &wanted.paths, path),
            LoadError::OnlyTests => String::new(),
        };
        Fault::load(path, &error)
    })
}

/// The limits by name, as far as they are given.
pub fn limits(given: Option<&Bound<'_, PyDict>>) -> Result<Limits, Fault> {
    let mut limits = Limits::MOST;
    for (name, value) in given.into_iter().flatten() {
        let name: String = name.extract()?;
        let root = Path::ROOT;
        let root = root.key("limits");
        let path = root.key(&name);
        let number = |most: usize| -> Result<usize, Fault> {
            match value.extract::<usize>() {
                Ok(n) if n <= most => Ok(n),
                _ => Err(Fault::input(&path, format!("a limit is a whole number of at most {most}"), None)),
            }
        };
        match name.as_str() {
            "request_bytes" => limits.request_bytes = number(limits.request_bytes)?,
            "depth" => limits.depth = number(limits.depth)?,
            "text_bytes" => limits.text_bytes = number(limits.text_bytes)?,
            "events" => limits.events = number(limits.events)?,
            "members" => limits.members = number(limits.members)?,
            "horizon_days" => {
                let days = number(limits.horizon_days as usize)?;
                limits.horizon_days = u32::try_from(days).unwrap_or(limits.horizon_days);
            }
            _ => {
                let names = "request_bytes, depth, text_bytes, events, members, horizon_days";
                return Err(Fault::input(
                    &path,
                    "there is no such limit",
                    Some(&format!("limits are {names}")),
                ));
            }
        }
    }
    Ok(limits)
}

/// Builds an engine, or says everything that is wrong with the policy.
pub fn build(builder: EngineBuilder) -> Result<Engine, Fault> {
    let (sources, built) = builder.try_build();
    built.map_err(|diagnostics| {
        let told = told(&diagnostics, &sources);
        Fault::policy(&Error::policy(diagnostics, &sources), told)
    })
}

/// Diagnostics with names, lines and columns.
pub fn told(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<DiagnosticJson> {
    diagnostics.iter().map(|it| it.to_json(sources)).collect()
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
    let found = detached(py, || Ok(mistakes(&find(&wanted)?)))?;
    to_python(py, &found)
}

/// The names of the packs that come with Byleave.
#[pyfunction]
pub fn packs(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
    PyTuple::new(py, byleave_packs::all().iter().map(|pack| pack.name))
}
