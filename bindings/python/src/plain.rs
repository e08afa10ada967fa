//! Plain objects, value by value onto a tape: exact dicts, lists, texts, whole numbers, truth and `None`, whose contents are
//! read without running any code of theirs. Whatever else there is is left to `from_python`, which reads everything.

use byleave::wire::flat::{Keys, Written};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyList, PyString, PyTuple};

/// Objects nest no deeper here, which also ends one that holds itself.
const DEEPEST: usize = 12;

/// Writes a request; nothing if it is not plain.
pub fn write(request: &Bound<'_, PyAny>, keys: &Keys, out: &mut Written) -> Option<()> {
    out.begin();
    dict(request.cast_exact::<PyDict>().ok()?, keys, out, 0)
}

fn value(it: &Bound<'_, PyAny>, keys: &Keys, out: &mut Written, depth: usize) -> Option<()> {
    if let Ok(text) = it.cast_exact::<PyString>() {
        return out.text(text.to_str().ok()?);
    }
    if let Ok(it) = it.cast_exact::<PyDict>() {
        return dict(it, keys, out, depth);
    }
    if let Ok(list) = it.cast_exact::<PyList>() {
        items(list.len(), list.iter(), keys, out, depth)
    } else if it.is_none() {
        out.null()
    } else if let Ok(n) = it.cast_exact::<PyInt>() {
        out.int(n.extract().ok()?)
    } else if let Ok(b) = it.cast_exact::<PyBool>() {
        out.bool(b.is_true())
    } else if let Ok(tuple) = it.cast_exact::<PyTuple>() {
        items(tuple.len(), tuple.iter(), keys, out, depth)
    } else {
        None
    }
}

fn dict(it: &Bound<'_, PyDict>, keys: &Keys, out: &mut Written, depth: usize) -> Option<()> {
    (depth < DEEPEST).then_some(())?;
    let mut object = out.open()?;
    for (key, inner) in it {
        out.key(&mut object, key.cast_exact::<PyString>().ok()?.to_str().ok()?, keys)?;
        value(&inner, keys, out, depth + 1)?;
    }
    out.close(object)
}

fn items<'py>(
    len: usize,
    items: impl Iterator<Item = Bound<'py, PyAny>>,
    keys: &Keys,
    out: &mut Written,
    depth: usize,
) -> Option<()> {
    (depth < DEEPEST).then_some(())?;
    out.list(len)?;
    let mut written = 0;
    for item in items {
        value(&item, keys, out, depth + 1)?;
        written += 1;
    }
    (written == len).then_some(())
}
