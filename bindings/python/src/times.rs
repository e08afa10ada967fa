//! Instants, lengths and times of day, as the engine writes them.

use crate::error::Fault;
use byleave::Instant;
use byleave::wire::Path;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDateTime, PyDelta, PyTzInfo};

static EPOCH: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// `NaT`, and whatever else calls itself a time and is none.
pub fn no_time(path: &Path<'_>) -> Fault {
    let hint = "leave it out where nobody knows it";
    Fault::input(path, "this is no time (`NaT`)", Some(hint))
}

/// The instant as the engine writes it: hosts that give the same instant give the same text, whatever offset they keep.
pub fn instant(value: &Bound<'_, PyAny>, path: &Path<'_>) -> Result<String, Fault> {
    let py = value.py();
    // What is not itself is none: `NaT` of pandas.
    if !value.is_exact_instance_of::<PyDateTime>() && !value.eq(value)? {
        return Err(no_time(path));
    }
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
    let since = since.cast::<PyDelta>().map_err(|_| no_time(path))?;
    let (seconds, micros) = parts(since)?;
    let since = seconds.checked_mul(1_000_000).and_then(|it| it.checked_add(micros));
    Ok(Instant(since.ok_or_else(|| no_time(path))?).to_string())
}

/// Whole seconds and the microseconds beside them.
fn parts(length: &Bound<'_, PyDelta>) -> PyResult<(i64, i64)> {
    let py = length.py();
    let number = |name| -> PyResult<i64> { length.getattr(name)?.extract() };
    let seconds = number(intern!(py, "days"))? * 86_400 + number(intern!(py, "seconds"))?;
    Ok((seconds, number(intern!(py, "microseconds"))?))
}

pub fn seconds(length: &Bound<'_, PyDelta>, path: &Path<'_>) -> Result<String, Fault> {
    let (seconds, micros) = parts(length)?;
    if seconds < 0 || micros != 0 {
        return Err(Fault::input(path, "a length of time is whole seconds, and not negative", None));
    }
    Ok(format!("{seconds} seconds"))
}

pub fn time_of_day(value: &Bound<'_, PyAny>, path: &Path<'_>) -> Result<String, Fault> {
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
