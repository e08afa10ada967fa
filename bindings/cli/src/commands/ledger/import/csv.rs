//! Rows of CSV.
//!
//! A quotation mark that is never closed would swallow every row after it: a row has a greatest length, and at the end of a file
//! the marks are counted.

use super::source::{Item, LONGEST, Raw, Reading, Sent};
use crate::exit::Failure;
use byleave_ledger::import::{REASON, Refused, Row};
use csv::{ByteRecord, ReaderBuilder};
use serde_json::{Map, Value};
use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::mpsc::SyncSender;

/// How the last column of a row begins that was set aside from a file without a header.
pub const MARK: &str = "byleave: ";
/// What is read at a time.
const BUFFER: usize = 1 << 16;

/// What passes the guard.
#[derive(Default)]
struct Passed {
    bytes: Cell<u64>,
    most: Cell<u64>,
    quotes: Cell<u64>,
    ended: Cell<bool>,
}

struct Guard<R> {
    inner: R,
    quote: u8,
    passed: Rc<Passed>,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let passed = &self.passed;
        if passed.bytes.get() > passed.most.get() {
            let message =
                format!("a row is longer than {LONGEST} bytes; is a quotation mark in it never closed?");
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let read = self.inner.read(buffer)?;
        let new = buffer.get(..read).unwrap_or_default();
        passed.bytes.set(passed.bytes.get() + read as u64);
        passed.quotes.set(passed.quotes.get() + new.iter().filter(|it| **it == self.quote).count() as u64);
        passed.ended.set(read == 0);
        Ok(read)
    }
}

/// Every row that is not empty.
pub fn read(reading: &Reading, name: &str, from: impl Read, to: &SyncSender<Sent>) -> Result<bool, Failure> {
    let tabs = name.ends_with(".tsv") || name.ends_with(".tab");
    let delimiter = reading.csv.delimiter.unwrap_or(if tabs { b'\t' } else { b',' });
    let quote = reading.csv.quote.unwrap_or(b'"');
    let passed = Rc::new(Passed::default());
    passed.most.set((LONGEST + BUFFER) as u64);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .quote(quote)
        .buffer_capacity(BUFFER)
        .from_reader(Guard { inner: from, quote, passed: passed.clone() });
    let failed = |error: csv::Error, line: u64| {
        let why = match error.kind() {
            csv::ErrorKind::Io(error) => error.to_string(),
            _ => error.to_string(),
        };
        Failure::input(format!("cannot read `{name}` at line {line}: {why}"))
    };
    let mut record = ByteRecord::new();
    let header = match &reading.csv.header {
        Some(header) => header.clone(),
        None => {
            if !reader.read_byte_record(&mut record).map_err(|error| failed(error, 1))? {
                return Err(Failure::input(format!("`{name}` is empty: not even columns stand in it")));
            }
            header(&record, name)?
        }
    };
    check(&header, &reading.columns, name, delimiter)?;
    if to.send(Sent::Header(header.clone())).is_err() {
        return Ok(false);
    }
    let headless = reading.csv.header.is_some();
    loop {
        let line = reader.position().line();
        passed.most.set(reader.position().byte() + (LONGEST + BUFFER) as u64);
        if !reader.read_byte_record(&mut record).map_err(|error| failed(error, line))? {
            return Ok(true);
        }
        let line = record.position().map_or(line, csv::Position::line);
        if record.iter().all(|it| it.trim_ascii().is_empty()) {
            continue;
        }
        let torn =
            passed.ended.get() && passed.quotes.get() % 2 == 1 && record.iter().any(|it| it.contains(&b'\n'));
        let row = if torn {
            Err(Refused::new(
                "csv",
                "a quotation mark is never closed: what follows it is taken for one field",
            ))
        } else {
            row(&record, &header, headless)
        };
        let raw = Raw::Fields(record.iter().map(<[u8]>::to_vec).collect());
        let item = Item { name: format!("{name} line {line}"), raw, row };
        if to.send(Sent::Row(Box::new(item))).is_err() {
            return Ok(false);
        }
    }
}

fn header(record: &ByteRecord, name: &str) -> Result<Vec<String>, Failure> {
    let names: Option<Vec<String>> =
        record.iter().map(|it| std::str::from_utf8(it).ok().map(|it| it.trim().to_owned())).collect();
    names.ok_or_else(|| {
        Failure::input(format!("the columns of `{name}` are no UTF-8"))
            .hint("`iconv -f WINDOWS-1252 -t UTF-8` makes it so, if that is how it was written")
    })
}

/// Every column that the mapping reads is there, once.
fn check(header: &[String], wanted: &[String], name: &str, delimiter: u8) -> Result<(), Failure> {
    let twice = wanted.iter().filter(|it| header.iter().filter(|name| name == it).count() > 1);
    if let Some(twice) = twice.into_iter().next() {
        return Err(Failure::input(format!("`{name}` has two columns `{twice}`")));
    }
    let missing: Vec<&String> = wanted.iter().filter(|it| !header.contains(it)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let words: Vec<String> = missing.iter().map(|it| format!("`{it}`")).collect();
    let failure = Failure::input(format!("`{name}` has no column {}", words.join(", ")));
    let other = [b';', b'\t', b',', b'|'].into_iter().filter(|it| *it != delimiter);
    let seems =
        other.map(char::from).find(|it| header.len() == 1 && header.iter().any(|name| name.contains(*it)));
    Err(match seems {
        Some(it) => {
            failure.hint(format!("is `{}` its delimiter? the mapping's `csv` says so", it.escape_default()))
        }
        None => failure.hint(format!("its columns are {}", header.join(", "))),
    })
}

fn row(record: &ByteRecord, header: &[String], headless: bool) -> Result<Row, Refused> {
    let set_aside = headless
        && record.len() == header.len() + 1
        && record.iter().next_back().is_some_and(|it| it.starts_with(MARK.as_bytes()));
    if record.len() != header.len() && !set_aside {
        let message = format!("the row has {} fields, and there are {} columns", record.len(), header.len());
        return Err(Refused::new("columns", message).hint("is a delimiter in it without quotation marks?"));
    }
    let mut columns = Map::new();
    for (name, field) in header.iter().zip(record) {
        if name == REASON {
            continue;
        }
        let text = std::str::from_utf8(field).map_err(|_| {
            Refused::new("encoding", format!("column `{name}` holds bytes that are no UTF-8"))
                .hint("`iconv -f WINDOWS-1252 -t UTF-8` makes it so, if that is how it was written")
        })?;
        columns.insert(name.clone(), Value::from(text));
    }
    Ok(Row::new(columns))
}
