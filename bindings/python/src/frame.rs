//! Frames of columns: what speaks Arrow is read through its C stream, answers are handed on through one.

use crate::engine::detached;
use crate::error::Fault;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_pyarrow::FromPyArrow;
use arrow_schema::{ArrowError, SchemaRef};
use byleave_arrow::{Asked, Audience, Trouble};
use byleave_host::guarded;
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Rows that are decided before somebody is told how far it is.
const ROWS: usize = 1 << 16;

type Reader = Box<dyn RecordBatchReader + Send>;

/// Answers to a frame: once they are collected they can be read any number of times, before that once, batch by batch.
#[pyclass(frozen, module = "byleave", name = "Answers")]
pub struct Answers {
    schema: SchemaRef,
    state: Mutex<State>,
}

enum State {
    Waiting(Box<Stream>),
    Collected { batches: Vec<RecordBatch>, unmatched: Vec<(String, usize, usize)>, quick: usize },
    Gone,
}

/// People going in, answers coming out.
struct Stream {
    people: Reader,
    waiting: VecDeque<RecordBatch>,
    audience: Audience,
}

impl Stream {
    /// The answers to the next rows; nothing after the last.
    fn answers(&mut self) -> Option<Result<RecordBatch, Fault>> {
        while self.waiting.is_empty() {
            match self.people.next()? {
                Ok(batch) => {
                    let parts = (0..batch.num_rows()).step_by(ROWS);
                    self.waiting.extend(parts.map(|at| batch.slice(at, ROWS.min(batch.num_rows() - at))));
                }
                Err(error) => return Some(Err(raised("people", &error))),
            }
        }
        let batch = self.waiting.pop_front()?;
        Some(guarded(|| self.audience.decide(&batch).map_err(Fault::from)))
    }
}

impl Iterator for Stream {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let told = |fault: Fault| match fault {
            Fault::Error(told) => ArrowError::ExternalError(told.error().message.clone().into()),
            Fault::Raised(error) => ArrowError::ExternalError(error.to_string().into()),
        };
        self.answers().map(|it| it.map_err(told))
    }
}

impl RecordBatchReader for Stream {
    fn schema(&self) -> SchemaRef {
        self.audience.schema()
    }
}

/// What the producer of a stream said.
fn raised(frame: &str, error: &ArrowError) -> Fault {
    Fault::Raised(PyRuntimeError::new_err(format!("`{frame}` could not be read: {error}")))
}

/// Reads what speaks Arrow: a stream, or one batch.
fn reader(frame: &str, value: &Bound<'_, PyAny>) -> PyResult<Reader> {
    if value.hasattr("__arrow_c_stream__")? {
        // The Arrow library says it in its own words where a stream is no stream of structs.
        let read = RecordBatchStreamReader::from_pyarrow_bound(value);
        let read = read.map_err(|error| match error.is_instance_of::<PyValueError>(value.py()) {
            true => no_frame(frame, &error.value(value.py()).to_string()).exception(value.py()),
            false => error,
        });
        return Ok(Box::new(read?));
    }
    if value.hasattr("__arrow_c_array__")? {
        let batch = RecordBatch::from_pyarrow_bound(value)?;
        let schema = batch.schema();
        return Ok(Box::new(RecordBatchIterator::new([Ok(batch)], schema)));
    }
    let name = value.get_type().name()?;
    Err(no_frame(frame, &format!("a `{name}` is no frame")).exception(value.py()))
}

fn no_frame(frame: &str, message: &str) -> Fault {
    let hint = "give a data frame of pandas or Polars, a table of PyArrow, a result of DuckDB, or whatever speaks Arrow";
    Fault::from(Trouble::input(frame, message).with_hint(hint))
}

impl Answers {
    /// Reads the frames of events, and makes ready to ask about the people.
    pub fn of(
        py: Python<'_>,
        engine: byleave::Engine,
        asked: Asked,
        people: &Bound<'_, PyAny>,
        frames: &[(String, Bound<'_, PyAny>)],
    ) -> PyResult<Answers> {
        let mut read = Vec::new();
        for (list, frame) in frames {
            // Each to its end before the next is opened: of one connection of a database, the stream opened last may end
            // those before it, and events that were never read would look like events that never were.
            let reader = reader(list, frame)?;
            let of = list_of(list).map_err(|fault| fault.exception(py))?;
            read.push(detached(py, move || {
                let schema = reader.schema();
                let batches = reader.collect::<Result<Vec<_>, _>>().map_err(|e| raised(of, &e))?;
                Ok((of, schema, batches))
            })?);
        }
        let people = reader("people", people)?;
        let columns = people.schema();
        let audience = detached(py, move || Ok(Audience::new(engine, asked, &columns, read)?))?;
        let schema = audience.schema();
        let stream = Stream { people, waiting: VecDeque::new(), audience };
        Ok(Answers { schema, state: Mutex::new(State::Waiting(Box::new(stream))) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The word of the contract for a list of events.
fn list_of(name: &str) -> Result<&'static str, Fault> {
    let known = ["consents", "contacts", "interactions", "lists", "signals"].into_iter();
    let found = known.into_iter().find(|it| *it == name);
    found.ok_or_else(|| Fault::internal(format!("no list is called `{name}`")))
}

#[pymethods]
impl Answers {
    /// Decides everything; `progress` is called with the number of rows decided since the last call.
    #[pyo3(signature = (progress = None))]
    fn _collect(&self, py: Python<'_>, progress: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        let taken = std::mem::replace(&mut *self.state(), State::Gone);
        let State::Waiting(mut stream) = taken else {
            *self.state() = taken;
            return Ok(());
        };
        let mut batches = Vec::new();
        while let Some(batch) = detached(py, || stream.answers().transpose())? {
            if let Some(progress) = progress {
                progress.call1((batch.num_rows(),))?;
            }
            batches.push(batch);
            py.check_signals()?;
        }
        let unmatched = stream.audience.unmatched().into_iter();
        let unmatched = unmatched.map(|it| (it.list.to_owned(), it.persons, it.events)).collect();
        let quick = stream.audience.quick_rows();
        *self.state() = State::Collected { batches, unmatched, quick };
        Ok(())
    }

    /// Events of nobody who was asked about: list, persons, events.
    fn _unmatched(&self) -> Vec<(String, usize, usize)> {
        match &*self.state() {
            State::Collected { unmatched, .. } => unmatched.clone(),
            _ => Vec::new(),
        }
    }

    /// Rows that became facts without a request in between: what makes an audience fast.
    fn _quick(&self) -> usize {
        match &*self.state() {
            State::Collected { quick, .. } => *quick,
            _ => 0,
        }
    }

    /// The answers as a stream of Arrow.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // Whoever asks for another schema casts what comes: the interface allows that.
        let _ = requested_schema;
        let mut state = self.state();
        let reader: Reader = match &*state {
            State::Collected { batches, .. } => {
                let batches: Vec<_> = batches.iter().cloned().map(Ok).collect();
                Box::new(RecordBatchIterator::new(batches, SchemaRef::clone(&self.schema)))
            }
            _ => match std::mem::replace(&mut *state, State::Gone) {
                State::Waiting(stream) => stream,
                _ => return Err(PyTypeError::new_err("these answers were read already")),
            },
        };
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), c"arrow_array_stream")
    }

    fn __repr__(&self) -> String {
        let names: Vec<&str> = self.schema.fields().iter().map(|it| it.name().as_str()).collect();
        format!("<Answers {}>", names.join(", "))
    }
}
