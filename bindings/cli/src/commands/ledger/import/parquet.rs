//! Rows of Parquet, as JSON says them: instants with their offset, clocks without a zone as such, bytes only where they are text.

use super::source::{Item, Raw, Reading, Sent};
use crate::exit::Failure;
use byleave_ledger::import::{Refused, Row as Said};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use parquet::basic::{LogicalType, TimeUnit, Type};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use parquet::schema::types::SchemaDescriptor;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;

/// What a column of instants means, where its numbers alone do not say.
#[derive(Clone, Copy)]
struct Clock {
    /// In no zone: what a clock on some wall showed.
    local: bool,
    /// In nanoseconds, which the reader hands on as bare numbers.
    nanoseconds: bool,
}

/// Every row.
pub fn read(reading: &Reading, name: &str, to: &SyncSender<Sent>) -> Result<bool, Failure> {
    let file = File::open(name).map_err(|error| Failure::file("read", name, &error))?;
    let bytes = file.metadata().map_or(0, |it| it.len());
    let broken =
        |why: &dyn std::fmt::Display| Failure::input(format!("cannot read `{name}` as Parquet: {why}"));
    // The reader trusts what a file says of itself; one that lies must not end us without a word.
    let guarded = catch_unwind(AssertUnwindSafe(|| {
        let reader = SerializedFileReader::new(file).map_err(|error| broken(&error))?;
        let schema = reader.metadata().file_metadata().schema_descr();
        let (clocks, rows) = (clocks(schema), reader.metadata().file_metadata().num_rows().max(1));
        let has = |column: &String| {
            let first = column.split('.').next().unwrap_or_default();
            schema.root_schema().get_fields().iter().any(|it| it.name() == column || it.name() == first)
        };
        let missing: Vec<String> =
            reading.columns.iter().filter(|it| !has(it)).map(|it| format!("`{it}`")).collect();
        if !missing.is_empty() {
            let names: Vec<&str> = schema.root_schema().get_fields().iter().map(|it| it.name()).collect();
            let failure = Failure::input(format!("`{name}` has no column {}", missing.join(", ")));
            return Err(failure.hint(format!("its columns are {}", names.join(", "))));
        }
        for (n, row) in reader.get_row_iter(None).map_err(|error| broken(&error))?.enumerate() {
            let row = row.map_err(|error| broken(&error))?;
            let number = n as u64 + 1;
            let (columns, said) = columns(&row, &clocks);
            let row = said.map(|()| Said::new(columns.clone()));
            let item = Item { name: format!("{name} row {number}"), raw: Raw::Object(columns), row };
            if to.send(Sent::Row(Box::new(item))).is_err() {
                return Ok(false);
            }
            let before = u128::from(bytes) * u128::from(number - 1) / rows.unsigned_abs() as u128;
            let now = u128::from(bytes) * u128::from(number) / rows.unsigned_abs() as u128;
            reading.passed.fetch_add(u64::try_from(now - before).unwrap_or_default(), Ordering::Relaxed);
        }
        Ok(true)
    }));
    guarded.unwrap_or_else(|_| Err(broken(&"it does not hold what it says of itself")))
}

fn clocks(schema: &SchemaDescriptor) -> BTreeMap<String, Clock> {
    let clock = |it: &parquet::schema::types::ColumnDescPtr| match it.logical_type_ref() {
        Some(LogicalType::Timestamp(it)) => {
            Some(Clock { local: !it.is_adjusted_to_u_t_c, nanoseconds: matches!(it.unit, TimeUnit::NANOS) })
        }
        // Written by old tools, some in UTC and some not: whoever maps it says which.
        _ if it.physical_type() == Type::INT96 => Some(Clock { local: true, nanoseconds: false }),
        _ => None,
    };
    schema.columns().iter().filter_map(|it| Some((it.path().string(), clock(it)?))).collect()
}

/// What the columns say, and why the row is not taken.
fn columns(row: &Row, clocks: &BTreeMap<String, Clock>) -> (Map<String, Value>, Result<(), Refused>) {
    let mut refused = Ok(());
    let map = group(row, "", clocks, &mut refused);
    (map, refused)
}

fn group(
    row: &Row,
    path: &str,
    clocks: &BTreeMap<String, Clock>,
    refused: &mut Result<(), Refused>,
) -> Map<String, Value> {
    let entry = |(name, field): (&String, &Field)| {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let value = value(field, &path, clocks, refused);
        (name.clone(), value)
    };
    row.get_column_iter().map(entry).collect()
}

fn value(
    field: &Field,
    path: &str,
    clocks: &BTreeMap<String, Clock>,
    refused: &mut Result<(), Refused>,
) -> Value {
    let clock = clocks.get(path).copied().unwrap_or(Clock { local: false, nanoseconds: false });
    let mut told = |at: Option<Timestamp>| match at {
        Some(at) if clock.local => Value::from(TimeZone::UTC.to_datetime(at).to_string()),
        Some(at) => Value::from(at.to_string()),
        None => {
            *refused = Err(Refused::new("date", format!("column `{path}` holds an instant that is none")));
            Value::Null
        }
    };
    match field {
        Field::Null => Value::Null,
        Field::Bool(it) => Value::Bool(*it),
        Field::Byte(it) => Value::from(*it),
        Field::Short(it) => Value::from(*it),
        Field::Int(it) => Value::from(*it),
        Field::Long(it) if clock.nanoseconds => told(Timestamp::from_nanosecond(i128::from(*it)).ok()),
        Field::Long(it) => Value::from(*it),
        Field::UByte(it) => Value::from(*it),
        Field::UShort(it) => Value::from(*it),
        Field::UInt(it) => Value::from(*it),
        Field::ULong(it) => Value::from(*it),
        Field::Float(it) => Value::from(f64::from(*it)),
        Field::Double(it) => Value::from(*it),
        Field::Str(it) => Value::from(it.as_str()),
        Field::Bytes(it) => match std::str::from_utf8(it.data()) {
            Ok(text) => Value::from(text),
            Err(_) => {
                *refused =
                    Err(Refused::new("encoding", format!("column `{path}` holds bytes that are no UTF-8")));
                Value::from(String::from_utf8_lossy(it.data()).into_owned())
            }
        },
        Field::Date(days) => {
            let day = Date::constant(1970, 1, 1)
                .checked_add(jiff::Span::new().days(i64::from(*days).clamp(-4_000_000, 4_000_000)));
            match day {
                Ok(day) => Value::from(day.to_string()),
                Err(_) => told(None),
            }
        }
        Field::TimestampMillis(it) => told(Timestamp::from_millisecond(*it).ok()),
        Field::TimestampMicros(it) => told(Timestamp::from_microsecond(*it).ok()),
        Field::Group(row) => Value::Object(group(row, path, clocks, refused)),
        Field::ListInternal(items) => {
            let path = format!("{path}.list.element");
            items.elements().iter().map(|it| value(it, &path, clocks, refused)).collect()
        }
        // Decimals, times of a day, maps: as the reader writes them.
        other => Value::from(other.to_string()),
    }
}
