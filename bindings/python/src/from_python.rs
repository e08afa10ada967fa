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
//! | scalars and arrays of numpy | the plain values that they stand for |
//!
//! What JSON text could not say either (a fraction, a number past 64 bits) becomes what reading such text gives, so that
//! both ways end in the same error. What is no value here at all (`NaT`, half of a character, a dict to which another thread
//! writes meanwhile) is refused with its place; what the host's own objects raise is passed on.

use crate::error::Fault;
use crate::steady::{Pair, elements, meanwhile, members, pairs};
use crate::times::{instant, no_time, seconds, time_of_day};
use byleave::wire::{Item, Json, Limits, Path};
use byleave_host::guarded;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDate, PyDateTime, PyDelta, PyDict, PyFloat, PyFrozenSet, PyInt, PyList,
    PyMapping, PyMemoryView, PySet, PyString, PyTime, PyTuple, PyType,
};

/// A request as it came, ready to be read away from the interpreter.
pub enum Source {
    /// JSON text.
    Text(Vec<u8>),
    /// A host's objects.
    Tree(Json),
}

impl Source {
    /// Takes a request: JSON text, or an object, which may be as long as its JSON text might be.
    pub fn of(request: &Bound<'_, PyAny>, limits: &Limits) -> Result<Source, Fault> {
        if let Ok(text) = request.cast::<PyString>() {
            return Ok(Source::Text(utf8(text, &Path::ROOT)?.into_bytes()));
        }
        if let Some(bytes) = octets(request)? {
            return Ok(Source::Text(bytes));
        }
        Ok(Source::Tree(within(request, &Path::ROOT, limits.request_bytes)?))
    }

    /// The tree, read from text if need be.
    pub fn tree(self, limits: &Limits) -> Result<Json, byleave::Error> {
        match self {
            Source::Text(bytes) => Json::from_bytes(&bytes, limits),
            Source::Tree(json) => Ok(json),
        }
    }
}

/// Bytes, in whatever holds them; nothing if it is something else.
pub fn octets(value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(Some(bytes.as_bytes().to_vec()));
    }
    if let Ok(bytes) = value.cast::<PyByteArray>() {
        return Ok(Some(bytes.to_vec()));
    }
    if value.is_instance_of::<PyMemoryView>() {
        let bytes = value.call_method0(intern!(value.py(), "tobytes"))?;
        return Ok(Some(bytes.cast::<PyBytes>()?.as_bytes().to_vec()));
    }
    Ok(None)
}

/// Text in UTF-8, or bytes; else what was expected.
pub fn text_or_octets(value: &Bound<'_, PyAny>, path: &Path<'_>, expected: &str) -> Result<Vec<u8>, Fault> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(utf8(text, path)?.into_bytes());
    }
    octets(value)?.ok_or_else(|| Fault::input(path, expected, None))
}

/// An argument that is a text.
pub fn word(value: &Bound<'_, PyAny>, path: &Path<'_>) -> Result<String, Fault> {
    match value.cast::<PyString>() {
        Ok(text) => utf8(text, path),
        Err(_) => Err(Fault::input(path, "expected a text", None)),
    }
}

/// Converts one value that stands at that path.
pub fn json(value: &Bound<'_, PyAny>, path: &Path<'_>) -> Result<Json, Fault> {
    within(value, path, Limits::MOST.request_bytes)
}

fn within(value: &Bound<'_, PyAny>, path: &Path<'_>, most: usize) -> Result<Json, Fault> {
    guarded(|| Reader { most, room: most }.value(value, path, 0))
}

/// Counts what the request takes as JSON text without spaces, so that a small object which holds itself many times over is
/// refused before it has filled the memory.
struct Reader {
    most: usize,
    room: usize,
}

impl Reader {
    fn take(&mut self, bytes: usize) -> Result<(), Fault> {
        self.room = self.room.checked_sub(bytes).ok_or_else(|| {
            let most = self.most;
            Fault::limit(
                &Path::ROOT,
                format!("the request is longer than the {most} bytes that are admitted"),
            )
        })?;
        Ok(())
    }

    fn value(&mut self, value: &Bound<'_, PyAny>, path: &Path<'_>, depth: usize) -> Result<Json, Fault> {
        // What stands for another value may stand for itself in the end.
        if depth > Limits::MOST.depth {
            return Ok(Json::TooDeep);
        }
        // In order of how often they come.
        if let Ok(text) = value.cast::<PyString>() {
            return self.text(text, path);
        }
        if let Ok(dict) = value.cast::<PyDict>() {
            return self.entries(depth, pairs(dict, path), path);
        }
        if let Ok(list) = value.cast::<PyList>() {
            return self.items(members(list, path), path, depth);
        }
        if value.is_none() {
            self.take(4)?;
            return Ok(Json::Null);
        }
        if let Ok(yes) = value.cast::<PyBool>() {
            self.take(if yes.is_true() { 4 } else { 5 })?;
            return Ok(Json::Bool(yes.is_true()));
        }
        if value.is_instance_of::<PyInt>() {
            return self.whole(value);
        }
        if value.is_instance_of::<PyFloat>() {
            self.take(1)?;
            return Ok(Json::NotWhole);
        }
        if value.is_instance_of::<PyDateTime>() {
            return self.word(instant(value, path)?);
        }
        if value.is_instance_of::<PyDate>() {
            let day = value.call_method0(intern!(value.py(), "isoformat"))?;
            return self.word(day.extract().map_err(|_| no_time(path))?);
        }
        if let Ok(tuple) = value.cast::<PyTuple>() {
            let fields = value.getattr_opt(intern!(value.py(), "_fields"))?;
            return match fields {
                Some(fields) => {
                    let held = fields.try_iter()?.zip(tuple.iter());
                    self.entries(depth, held.map(|(name, value)| Ok((name?, value))), path)
                }
                None => self.items(tuple.iter().map(Ok), path, depth),
            };
        }
        self.seldom(value, path, depth)
    }

    fn seldom(&mut self, value: &Bound<'_, PyAny>, path: &Path<'_>, depth: usize) -> Result<Json, Fault> {
        let py = value.py();
        if value.is_instance_of::<PySet>() || value.is_instance_of::<PyFrozenSet>() {
            let json = self.items(elements(value, path)?, path, depth)?;
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
        if value.cast::<PyMapping>().is_ok()
            && let Some(items) = value.getattr_opt(intern!(py, "items"))?
        {
            let all = items.call0()?.try_iter()?.map(|pair| {
                let pair = pair.map_err(|error| meanwhile(error, py, "mapping", path))?;
                pair.extract().map_err(|_| {
                    Fault::input(path, "the items of a mapping are pairs of a key and a value", None)
                })
            });
            return self.entries(depth, all, path);
        }
        if value.is_instance(ENUM.import(py, "enum", "Enum")?)? {
            return self.value(&value.getattr(intern!(py, "value"))?, path, depth + 1);
        }
        let is_type = value.is_instance_of::<PyType>();
        if !is_type && value.hasattr(intern!(py, "__dataclass_fields__"))? {
            let fields = FIELDS.import(py, "dataclasses", "fields")?.call1((value,))?;
            let held = fields.try_iter()?.map(|field| {
                let name = field?.getattr(intern!(py, "name"))?;
                let name = name.cast_into::<PyString>().map_err(PyErr::from)?;
                let held = value.getattr_opt(&name)?;
                let key = name.to_string_lossy().into_owned();
                let held = held.ok_or_else(|| {
                    Fault::input(&path.key(&key), "this field was never given a value", None)
                })?;
                Ok((name.into_any(), held))
            });
            return self.entries(depth, held, path);
        }
        if let Some(plain) = self.plain(value, path)? {
            return self.value(&plain, path, depth + 1);
        }
        if !is_type && value.hasattr(intern!(py, "__index__"))? {
            return self.whole(&value.call_method0(intern!(py, "__index__"))?);
        }
        let name = value.get_type().name()?;
        Err(Fault::input(path, format!("a `{name}` has no meaning in a request"), Some(instead(value))))
    }

    /// Scalars and arrays of numpy: the plain values that they stand for.
    fn plain<'py>(
        &self,
        value: &Bound<'py, PyAny>,
        path: &Path<'_>,
    ) -> Result<Option<Bound<'py, PyAny>>, Fault> {
        let (py, kind) = (value.py(), value.get_type());
        if !kind.module().is_ok_and(|module| module == "numpy") {
            return Ok(None);
        }
        // Of a view that shows a few bytes many times over a list would hold them all.
        if let Some(size) = value.getattr_opt(intern!(py, "size"))?
            && size.extract::<usize>().is_ok_and(|size| size > self.room)
        {
            let message = format!("the request is longer than the {} bytes that are admitted", self.most);
            return Err(Fault::limit(&Path::ROOT, message));
        }
        let found = match value.getattr_opt(intern!(py, "tolist"))? {
            Some(tolist) => Some(tolist),
            None => value.getattr_opt(intern!(py, "item"))?,
        };
        let Some(found) = found else { return Ok(None) };
        let plain = found.call0()?;
        // A scalar that stands for nothing is an instant or a length that is none.
        if plain.is_none() {
            return Err(no_time(path));
        }
        Ok(Some(plain).filter(|plain| !plain.get_type().is(&kind)))
    }

    fn text(&mut self, text: &Bound<'_, PyString>, path: &Path<'_>) -> Result<Json, Fault> {
        let text = utf8(text, path)?;
        self.word(text)
    }

    fn word(&mut self, text: String) -> Result<Json, Fault> {
        self.take(written(&text))?;
        Ok(Json::Text(text))
    }

    /// As JSON text of it would be read: past 64 bits a reader of JSON sees no whole number any more.
    fn whole(&mut self, value: &Bound<'_, PyAny>) -> Result<Json, Fault> {
        let Ok(n) = value.extract::<i64>() else {
            self.take(1)?;
            return Ok(if value.extract::<u64>().is_ok() { Json::TooLarge } else { Json::NotWhole });
        };
        let digits = n.unsigned_abs().checked_ilog10().map_or(1, |last| last as usize + 1);
        self.take(digits + usize::from(n < 0))?;
        Ok(Json::Int(n))
    }

    fn items<'py>(
        &mut self,
        items: impl Iterator<Item = Result<Bound<'py, PyAny>, Fault>>,
        path: &Path<'_>,
        depth: usize,
    ) -> Result<Json, Fault> {
        if depth >= Limits::MOST.depth {
            return Ok(Json::TooDeep);
        }
        self.take(2)?;
        let mut out = Vec::new();
        for (at, item) in (0u32..).zip(items) {
            self.take(usize::from(at > 0))?;
            let json = self.value(&item?, &path.index(at), depth + 1)?;
            out.push(Item { at, json });
        }
        Ok(Json::List(out))
    }

    fn entries<'py>(
        &mut self,
        depth: usize,
        entries: impl Iterator<Item = Result<Pair<'py>, Fault>>,
        path: &Path<'_>,
    ) -> Result<Json, Fault> {
        if depth >= Limits::MOST.depth {
            return Ok(Json::TooDeep);
        }
        self.take(2)?;
        let mut out = Vec::new();
        for entry in entries {
            let (key, value) = entry?;
            let Ok(key) = key.cast::<PyString>() else {
                let name = key.get_type().name()?;
                return Err(Fault::input(path, format!("a key must be text, not a `{name}`"), None));
            };
            let Ok(key) = key.to_cow() else {
                return Err(Fault::input(path, "a key holds half of a character (a lone surrogate)", None));
            };
            let key = key.into_owned();
            self.take(usize::from(!out.is_empty()) + written(&key) + 1)?;
            let json = self.value(&value, &path.key(&key), depth + 1)?;
            out.push((key, json));
        }
        Ok(Json::Map(out))
    }
}

/// The bytes of a text in JSON.
fn written(text: &str) -> usize {
    let one = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 2,
        0..32 => 6,
        _ => 1,
    };
    2 + text.bytes().map(one).sum::<usize>()
}

/// What to hand over in the place of what has no meaning.
fn instead(value: &Bound<'_, PyAny>) -> &'static str {
    let has = |name: &str| value.hasattr(name).unwrap_or(false);
    if value.is_instance_of::<PyType>() {
        "write text, whole numbers, true or false, dates, lists and dicts"
    } else if has("model_dump") {
        "hand over its `model_dump()`"
    } else if has("__attrs_attrs__") {
        "hand over its `attrs.asdict(…)`"
    } else if has("to_dict") && has("tolist") {
        "hand over its `tolist()`, or its `to_dict()` where it stands for an object"
    } else {
        "write text, whole numbers, true or false, dates, lists and dicts"
    }
}

static ENUM: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static FIELDS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

pub fn utf8(text: &Bound<'_, PyString>, path: &Path<'_>) -> Result<String, Fault> {
    match text.to_cow() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(Fault::input(path, "this text holds half of a character (a lone surrogate)", None)),
    }
}
