//! Answers on the wire to the frozen dataclasses of `byleave/_answers.py` and `byleave/_ledger.py`: a struct is the class of its name, its fields
//! are the class's arguments, lists are tuples, and what the wire leaves out stays the class's default. Nothing is renamed.

use pyo3::BoundObject;
use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyTuple};
use serde::ser::{self, Impossible, Serialize, Serializer};
use std::fmt;

/// Converts anything that the wire, or the ledger, can say.
pub fn to_python<'py, T: Serialize + ?Sized>(py: Python<'py>, value: &T) -> PyResult<Bound<'py, PyAny>> {
    value.serialize(ToPython(py)).map_err(|trouble| trouble.0)
}

/// Whether that instant lies past the year 9999, with which Python's time ends.
pub fn beyond(text: &str) -> bool {
    text.starts_with('+')
}

/// An instant as the engine writes it, as a `datetime` with its offset.
pub fn datetime<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    if beyond(text) {
        let message = format!("{text} lies past the year 9999, with which `datetime` ends: `json()` has it");
        return Err(PyOverflowError::new_err(message));
    }
    static READ: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let read = READ.get_or_try_init(py, || -> PyResult<Py<PyAny>> {
        Ok(py.import("datetime")?.getattr("datetime")?.getattr("fromisoformat")?.unbind())
    })?;
    // Before 3.11 Python reads neither `Z` nor a fraction of other than three or six digits.
    let (head, offset) = match text.strip_suffix('Z') {
        Some(head) => (head, "+00:00"),
        None => text.split_at_checked(text.len().saturating_sub(6)).unwrap_or((text, "")),
    };
    let plain = match head.split_once('.') {
        Some((seconds, fraction)) => format!("{seconds}.{fraction:0<6}{offset}"),
        None => format!("{head}{offset}"),
    };
    read.bind(py).call1((plain,))
}

/// A day as the engine writes it.
pub fn date<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    static READ: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let read = READ.get_or_try_init(py, || -> PyResult<Py<PyAny>> {
        Ok(py.import("datetime")?.getattr("date")?.getattr("fromisoformat")?.unbind())
    })?;
    read.bind(py).call1((text,))
}

/// What a text stands for under a name of a struct.
enum Sense {
    Text,
    Instant,
    Date,
}

fn sense(class: &str, key: &str) -> Sense {
    match (class, key) {
        ("Planned", "until" | "until_local" | "valid_until")
        | ("Evidence", "known_at")
        | ("Clears", "at" | "not_before")
        | ("Confirmation", "until")
        | ("Checkpoint", "at") => Sense::Instant,
        ("RuleExplained", "since" | "until") | ("PackInfo", "reviewed") => Sense::Date,
        _ => Sense::Text,
    }
}

fn answers(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static MODULE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let module = MODULE.get_or_try_init(py, || -> PyResult<Py<PyAny>> {
        Ok(py.import("byleave._answers")?.into_any().unbind())
    })?;
    Ok(module.bind(py))
}

/// The class of a struct on the wire: it bears the same name, but where Python has that name already.
fn class<'py>(py: Python<'py>, name: &'static str) -> PyResult<Bound<'py, PyAny>> {
    let name = match name {
        "Receipt" | "Size" | "Checkpoint" | "LedgerReport" | "LedgerFinding" | "LedgerLines" | "TakenIn"
        | "RefusedLine" | "BundleReport" | "BundleFinding" | "Replayed" => {
            return py.import("byleave._ledger")?.getattr(PyString::intern(py, name));
        }
        "Warning" => "DecisionWarning",
        "DiagnosticJson" => "Diagnostic",
        "LabelJson" => "Label",
        "PlaceJson" => "Place",
        same => same,
    };
    answers(py)?.getattr(PyString::intern(py, name))
}

/// Carries a Python exception through `serde`.
#[derive(Debug)]
pub struct Trouble(PyErr);

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl std::error::Error for Trouble {}
impl ser::Error for Trouble {
    fn custom<T: fmt::Display>(message: T) -> Trouble {
        Trouble(pyo3::exceptions::PyRuntimeError::new_err(message.to_string()))
    }
}
impl From<PyErr> for Trouble {
    fn from(error: PyErr) -> Trouble {
        Trouble(error)
    }
}

type Made<'py> = Result<Bound<'py, PyAny>, Trouble>;

#[derive(Clone, Copy)]
struct ToPython<'py>(Python<'py>);

impl<'py> ToPython<'py> {
    fn number<T: IntoPyObject<'py>>(self, number: T) -> Made<'py> {
        number.into_pyobject(self.0).map(|it| it.into_any().into_bound()).map_err(|e| Trouble(e.into()))
    }
}

/// A list in the making.
struct List<'py>(Python<'py>, Vec<Bound<'py, PyAny>>);

/// A struct or a map in the making: its name on the wire, and what it holds.
struct Fields<'py> {
    py: Python<'py>,
    name: &'static str,
    held: Bound<'py, PyDict>,
    key: Option<Bound<'py, PyAny>>,
}

impl<'py> Fields<'py> {
    fn new(py: Python<'py>, name: &'static str) -> Fields<'py> {
        Fields { py, name, held: PyDict::new(py), key: None }
    }

    fn put<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Trouble> {
        let made = value.serialize(ToPython(self.py))?;
        let made = match (sense(self.name, key), made.cast::<PyString>()) {
            (Sense::Instant, Ok(text)) if key == "valid_until" && beyond(&text.to_cow()?) => return Ok(()),
            (Sense::Instant, Ok(text)) => datetime(self.py, &text.to_cow()?)?,
            (Sense::Date, Ok(text)) => date(self.py, &text.to_cow()?)?,
            _ => made,
        };
        Ok(self.held.set_item(PyString::intern(self.py, key), made)?)
    }

    fn object(self) -> Made<'py> {
        Ok(class(self.py, self.name)?.call((), Some(&self.held))?)
    }
}

impl<'py> Serializer for ToPython<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Trouble;
    type SerializeSeq = List<'py>;
    type SerializeTuple = List<'py>;
    type SerializeTupleStruct = Impossible<Bound<'py, PyAny>, Trouble>;
    type SerializeTupleVariant = Impossible<Bound<'py, PyAny>, Trouble>;
    type SerializeMap = Fields<'py>;
    type SerializeStruct = Fields<'py>;
    type SerializeStructVariant = Impossible<Bound<'py, PyAny>, Trouble>;

    fn serialize_bool(self, v: bool) -> Made<'py> {
        Ok(pyo3::types::PyBool::new(self.0, v).to_owned().into_any())
    }
    fn serialize_i8(self, v: i8) -> Made<'py> {
        self.number(v)
    }
    fn serialize_i16(self, v: i16) -> Made<'py> {
        self.number(v)
    }
    fn serialize_i32(self, v: i32) -> Made<'py> {
        self.number(v)
    }
    fn serialize_i64(self, v: i64) -> Made<'py> {
        self.number(v)
    }
    fn serialize_u8(self, v: u8) -> Made<'py> {
        self.number(v)
    }
    fn serialize_u16(self, v: u16) -> Made<'py> {
        self.number(v)
    }
    fn serialize_u32(self, v: u32) -> Made<'py> {
        self.number(v)
    }
    fn serialize_u64(self, v: u64) -> Made<'py> {
        self.number(v)
    }
    fn serialize_f32(self, _: f32) -> Made<'py> {
        Err(ser::Error::custom("the wire holds no fractions"))
    }
    fn serialize_f64(self, _: f64) -> Made<'py> {
        Err(ser::Error::custom("the wire holds no fractions"))
    }
    fn serialize_char(self, v: char) -> Made<'py> {
        self.number(v)
    }
    fn serialize_str(self, v: &str) -> Made<'py> {
        Ok(PyString::new(self.0, v).into_any())
    }
    fn serialize_bytes(self, v: &[u8]) -> Made<'py> {
        Ok(pyo3::types::PyBytes::new(self.0, v).into_any())
    }
    fn serialize_none(self) -> Made<'py> {
        self.serialize_unit()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Made<'py> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Made<'py> {
        Ok(self.0.None().into_bound(self.0))
    }
    fn serialize_unit_struct(self, _: &'static str) -> Made<'py> {
        self.serialize_unit()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, word: &'static str) -> Made<'py> {
        Ok(PyString::intern(self.0, word).into_any())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Made<'py> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        key: &'static str,
        value: &T,
    ) -> Made<'py> {
        let mut fields = Fields::new(self.0, name);
        fields.put(key, value)?;
        fields.object()
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<List<'py>, Trouble> {
        Ok(List(self.0, Vec::new()))
    }
    fn serialize_tuple(self, _: usize) -> Result<List<'py>, Trouble> {
        Ok(List(self.0, Vec::new()))
    }
    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Trouble> {
        Err(ser::Error::custom("the wire holds no such struct"))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Trouble> {
        Err(ser::Error::custom("the wire holds no such variant"))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Fields<'py>, Trouble> {
        Ok(Fields::new(self.0, ""))
    }
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Fields<'py>, Trouble> {
        Ok(Fields::new(self.0, name))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Trouble> {
        Err(ser::Error::custom("the wire holds no such variant"))
    }
}

impl<'py> ser::SerializeSeq for List<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Trouble;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Trouble> {
        self.1.push(value.serialize(ToPython(self.0))?);
        Ok(())
    }
    fn end(self) -> Made<'py> {
        Ok(PyTuple::new(self.0, self.1)?.into_any())
    }
}

impl<'py> ser::SerializeTuple for List<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Trouble;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Trouble> {
        ser::SerializeSeq::serialize_element(self, value)
    }
    fn end(self) -> Made<'py> {
        ser::SerializeSeq::end(self)
    }
}

impl<'py> ser::SerializeMap for Fields<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Trouble;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Trouble> {
        self.key = Some(key.serialize(ToPython(self.py))?);
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Trouble> {
        let made = value.serialize(ToPython(self.py))?;
        Ok(self.held.set_item(self.key.take(), made)?)
    }
    fn end(self) -> Made<'py> {
        Ok(self.held.into_any())
    }
}

impl<'py> ser::SerializeStruct for Fields<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Trouble;
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Trouble> {
        self.put(key, value)
    }
    fn end(self) -> Made<'py> {
        self.object()
    }
}
