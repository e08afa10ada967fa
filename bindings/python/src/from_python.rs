//! A host's objects to the wire's JSON tree, without a detour by text.
//!
//! | Python | on the wire |
//! |---|---|
//! | `None`, `bool`, `int`, `str` | the same |
//! | `dict` and other mappings, dataclasses, named tuples | an object |
//! | `list`, `tuple` | a list |
//! | `set`, `frozenset` | a list, in order of value |
//! | `datetime` with a zone | an instant in UTC, as the engine writes it; without one it is refused |
//! | `date` | `2026-07-01` |
//! | `time` | `09:00` |
//! | `timedelta` | `86400 seconds` |
//! | members of enumerations | their value |
//!
//! What JSON text could not say either (a fraction, a number past 64 bits) becomes what reading such text gives, so that
//! both ways end in the same error.

use crate::error::Fault;
use byleave::Instant;
use byleave::wire::{Item, Json, Limits, Path};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDate, PyDateTime, PyDelta, PyDict, PyFloat, PyFrozenSet, PyInt, PyList,
    PyMapping, PySet, PyString, PyTime, PyTuple, PyType, PyTzInfo,
};

/// A request as it came, ready to be read away from the interpreter.
pub enum Source {
    /// JSON text.
    Text(Vec<u8>),
    /// A host's objects.
    Tree(Json),
}

impl Source {
    /// Takes a request: JSON text, or an object.
    pub fn of(request: &Bound<'_, PyAny>) -> Result<Source, Fault> {
        if let Ok(text) = request.cast::<PyString>() {
            return Ok(Source::Text(utf8(text, &Path::ROOT)?.into_bytes()));
        }
        if let Ok(bytes) = request.cast::<PyBytes>() {
            return Ok(Source::Text(bytes.as_bytes().to_vec()));
        }
        if let Ok(bytes) = request.cast::<PyByteArray>() {
            return Ok(Source::Text(bytes.to_vec()));
        }
        Ok(Source::Tree(json(request, &Path::ROOT)?))
    }

    /// The tree, read from text if need be.
    pub fn tree(self, limits: &Limits) -> Result<Json, byleave::Error> {
        match self {
            Source::Text(bytes) => Json::from_bytes(&bytes, limits),
            Source::Tree(json) => Ok(json),
        }
    }
}

/// Converts one value that stands at that path.
pub fn json(value: &Bound<'_, PyAny>, path: &Path<'_>) -> Result<Json, Fault> {
    Reader { room: Limits::MOST.request_bytes }.value(value, path, 0)
}

/// Counts what the request would take as text, so that a small object which holds itself many times over is refused
/// before it has filled the memory.
struct Reader {
    room: usize,
}

impl Reader {
    fn take(&mut self, bytes: usize) -> Result<(), Fault> {
        self.room = self.room.checked_sub(bytes).ok_or_else(|| {
            let most = Limits::MOST.request_bytes;
            Fault::limit(
                &Path::ROOT,
                format!("the request is longer than the {most} bytes that are admitted"),
            )
        })?;
        Ok(())
    }

    fn value(&mut self, value: &Bound<'_, PyAny>, path: &Path<'_>, depth: usize) -> Result<Json, Fault> {
        self.take(1)?;
        // In order of how often they come.
        if let Ok(text) = value.cast::<PyString>() {
            return self.text(text, path);
        }
        if let Ok(dict) = value.cast::<PyDict>() {
            return self.entries(depth, dict.iter().map(Ok), path);
        }
        if let Ok(list) = value.cast::<PyList>() {
            return self.items(list.iter().map(Ok), path, depth);
        }
        if value.is_none() {
            return Ok(Json::Null);
        }
        if let Ok(yes) = value.cast::<PyBool>() {
            return Ok(Json::Bool(yes.is_true()));
        }
        if value.is_instance_of::<PyInt>() {
            return Ok(whole(value));
        }
        if value.is_instance_of::<PyFloat>() {
            return Ok(Json::NotWhole);
        }
        if value.is_instance_of::<PyDateTime>() {
            return self.word(instant(value, path)?);
        }
        if value.is_instance_of::<PyDate>() {
            return self.word(value.call_method0(intern!(value.py(), "isoformat"))?.extract()?);
        }
        if let Ok(tuple) = value.cast::<PyTuple>() {
            let fields = value.getattr_opt(intern!(value.py(), "_fields"))?;
            return match fields {
                Some(fields) => {
                    let names: Vec<Bound<'_, PyAny>> = fields.try_iter()?.collect::<PyResult<_>>()?;
                    self.entries(depth, names.into_iter().zip(tuple.iter()).map(Ok), path)
                }
                None => self.items(tuple.iter().map(Ok), path, depth),
            };
        }
        self.seldom(value, path, depth)
    }

    fn seldom(&mut self, value: &Bound<'_, PyAny>, path: &Path<'_>, depth: usize) -> Result<Json, Fault> {
        let py = value.py();
        if value.is_instance_of::<PySet>() || value.is_instance_of::<PyFrozenSet>() {
            let json = self.items(value.try_iter()?, path, depth)?;
            let Json::List(mut items) = json else { return Ok(json) };
            // A set has no order of its own; by value, it has the same one in every run.
            items.sort();
            for (at, item) in (0u32..).zip(&mut items) {
                item.at = at;
            }
            return Ok(Json::List(items));
        }
        if let Ok(length) = value.cast::<PyDelta>() {
            return self.word(seconds(length, path)?);
        }
        if value.is_instance_of::<PyTime>() {
            return self.word(time_of_day(value, path)?);
        }
        if let Ok(mapping) = value.cast::<PyMapping>() {
            let pairs = mapping.call_method0(intern!(py, "items"))?.try_iter()?.map(|pair| pair?.extract());
            return self.entries(depth, pairs, path);
        }
        if value.is_instance(ENUM.import(py, "enum", "Enum")?)? {
            return self.value(&value.getattr(intern!(py, "value"))?, path, depth);
        }
        let is_type = value.is_instance_of::<PyType>();
        if !is_type && value.hasattr(intern!(py, "__dataclass_fields__"))? {
            let fields = FIELDS.import(py, "dataclasses", "fields")?.call1((value,))?;
            let pairs = fields.try_iter()?.map(|field| {
                let name = field?.getattr(intern!(py, "name"))?;
                let held = value.getattr(name.cast::<PyString>()?)?;
                Ok((name, held))
            });
            return self.entries(depth, pairs, path);
        }
        // Numbers of libraries: a scalar of numpy becomes the plain value it stands for.
        if value.get_type().module()? == "numpy" && value.hasattr(intern!(py, "item"))? {
            let plain = value.call_method0(intern!(py, "item"))?;
            if !plain.get_type().is(value.get_type()) {
                return self.value(&plain, path, depth);
            }
        }
        if !is_type && value.hasattr(intern!(py, "__index__"))? {
            return Ok(whole(&value.call_method0(intern!(py, "__index__"))?));
        }
        let name = value.get_type().name()?;
        Err(Fault::input(
            path,
            format!("a `{name}` has no meaning in a request"),
            Some("write text, whole numbers, true or false, dates, lists and dicts"),
        ))
    }

    fn text(&mut self, text: &Bound<'_, PyString>, path: &Path<'_>) -> Result<Json, Fault> {
        let text = utf8(text, path)?;
        self.word(text)
    }

    fn word(&mut self, text: String) -> Result<Json, Fault> {
        self.take(text.len() + 1)?;
        Ok(Json::Text(text))
    }

    fn items<'py>(
        &mut self,
        items: impl Iterator<Item = PyResult<Bound<'py, PyAny>>>,
        path: &Path<'_>,
        depth: usize,
    ) -> Result<Json, Fault> {
        if depth >= Limits::MOST.depth {
            return Ok(Json::TooDeep);
        }
        let mut out = Vec::new();
        for (at, item) in (0u32..).zip(items) {
            let json = self.value(&item?, &path.index(at), depth + 1)?;
            out.push(Item { at, json });
        }
        self.take(1)?;
        Ok(Json::List(out))
    }

    fn entries<'py>(
        &mut self,
        depth: usize,
        entries: impl Iterator<Item = PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)>>,
        path: &Path<'_>,
    ) -> Result<Json, Fault> {
        if depth >= Limits::MOST.depth {
            return Ok(Json::TooDeep);
        }
        let mut out = Vec::new();
        for entry in entries {
            let (key, value) = entry?;
            let Ok(key) = key.cast::<PyString>() else {
                let name = key.get_type().name()?;
                return Err(Fault::input(path, format!("a key must be text, not a `{name}`"), None));
            };
            let key = utf8(key, path)?;
            self.take(key.len() + 3)?;
            let json = self.value(&value, &path.key(&key), depth + 1)?;
            out.push((key, json));
        }
        self.take(1)?;
        Ok(Json::Map(out))
    }
}

static ENUM: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static FIELDS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
static EPOCH: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

pub fn utf8(text: &Bound<'_, PyString>, path: &Path<'_>) -> Result<String, Fault> {
    match text.to_cow() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(Fault::input(path, "this text holds half of a character (a lone surrogate)", None)),
    }
}

/// As JSON text of it would be read: past 64 bits a reader of JSON sees no whole number any more.
fn whole(value: &Bound<'_, PyAny>) -> Json {
    match value.extract::<i64>() {
        Ok(n) => Json::Int(n),
        Err(_) if value.extract::<u64>().is_ok() => Json::TooLarge,
        Err(_) => Json::NotWhole,
    }
}

/// The instant as the engine writes it: hosts that give the same instant give the same text, whatever offset they keep.
fn instant(value: &Bound<'_, PyAny>, path: &Path<'_>) -> Result<String, Fault> {
    let py = value.py();
    if value.call_method0(intern!(py, "utcoffset"))?.is_none() {
        return Err(Fault::input(
            path,
            "a datetime without a zone is no instant",
            Some("say where its clock hangs: `datetime(…, tzinfo=ZoneInfo(\"America/New_York\"))`"),
        ));
    }
    let epoch = EPOCH.get_or_try_init(py, || {
        let utc = PyTzInfo::utc(py)?.to_owned();
        PyDateTime::new(py, 1970, 1, 1, 0, 0, 0, 0, Some(&utc)).map(|it| it.into_any().unbind())
    })?;
    let since = value.sub(epoch)?;
    let since = since.cast::<PyDelta>().map_err(PyErr::from)?;
    let (seconds, micros) = parts(since)?;
    Ok(Instant(seconds * 1_000_000 + micros).to_string())
}

/// Whole seconds and the microseconds beside them.
fn parts(length: &Bound<'_, PyDelta>) -> PyResult<(i64, i64)> {
    let py = length.py();
    let number = |name| -> PyResult<i64> { length.getattr(name)?.extract() };
    let seconds = number(intern!(py, "days"))? * 86_400 + number(intern!(py, "seconds"))?;
    Ok((seconds, number(intern!(py, "microseconds"))?))
}

fn seconds(length: &Bound<'_, PyDelta>, path: &Path<'_>) -> Result<String, Fault> {
    let (seconds, micros) = parts(length)?;
    if seconds < 0 || micros != 0 {
        return Err(Fault::input(path, "a length of time is whole seconds, and not negative", None));
    }
    Ok(format!("{seconds} seconds"))
}

fn time_of_day(value: &Bound<'_, PyAny>, path: &Path<'_>) -> Result<String, Fault> {
    let py = value.py();
    let number = |name| -> PyResult<u32> { value.getattr(name)?.extract() };
    let (hour, minute) = (number(intern!(py, "hour"))?, number(intern!(py, "minute"))?);
    let (second, micros) = (number(intern!(py, "second"))?, number(intern!(py, "microsecond"))?);
    if micros != 0 || !value.getattr(intern!(py, "tzinfo"))?.is_none() {
        return Err(Fault::input(
            path,
            "a time of day is whole seconds on the recipient's clock, without a zone",
            None,
        ));
    }
    Ok(if second == 0 {
        format!("{hour:02}:{minute:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}")
    })
}
