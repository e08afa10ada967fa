//! Rows of exports, one after another, as they are read; and each as it stood, for whoever sets it aside.

use super::text::Utf8;
use crate::exit::Failure;
use byleave_ledger::import::{Csv, ROW, Refused, Row};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;

/// A row longer than this is none.
pub const LONGEST: usize = 1 << 20;

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Separated by commas, or whatever the mapping says.
    Csv,
    /// An object on each line.
    Lines,
    /// Columns.
    Parquet,
}

impl Format {
    /// By the ending of its name.
    pub fn of(name: &str) -> Option<Format> {
        let (_, ending) = name.rsplit_once('.')?;
        Format::named(&ending.to_ascii_lowercase())
    }

    /// By the word for it.
    pub fn named(word: &str) -> Option<Format> {
        match word {
            "csv" | "tsv" | "tab" => Some(Format::Csv),
            "jsonl" | "ndjson" => Some(Format::Lines),
            "parquet" => Some(Format::Parquet),
            _ => None,
        }
    }
}

/// What a thread that reads sends.
pub enum Sent {
    /// The columns of a file of CSV.
    Header(Vec<String>),
    /// A row.
    Row(Box<Item>),
    /// It cannot be read any further.
    Failed(Failure),
}

/// A row where it stood.
pub struct Item {
    /// `contacts.csv line 17`
    pub name: String,
    /// As it stood.
    pub raw: Raw,
    /// What it says.
    pub row: Result<Row, Refused>,
}

/// A row as it stood.
pub enum Raw {
    /// Fields of CSV.
    Fields(Vec<Vec<u8>>),
    /// A line of JSON, or what stood there.
    Line(Vec<u8>),
    /// Of Parquet.
    #[cfg_attr(not(feature = "parquet"), expect(dead_code))]
    Object(Map<String, Value>),
}

/// Bytes that pass are counted: progress is told by them.
pub struct Counted<R> {
    inner: R,
    passed: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.passed.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// What is needed to read.
pub struct Reading {
    pub format: Format,
    pub csv: Csv,
    /// Columns that the mapping reads.
    pub columns: Vec<String>,
    pub passed: Arc<AtomicU64>,
}

impl Reading {
    /// Everything in a file; false when nobody listens any more.
    pub fn file(&self, name: &str, to: &SyncSender<Sent>) -> bool {
        let done = match self.format {
            Format::Csv => self.open(name).and_then(|it| super::csv::read(self, name, it, to)),
            Format::Lines => self.open(name).and_then(|it| super::lines::read(name, it, to)),
            Format::Parquet => self.parquet(name, to),
        };
        done.unwrap_or_else(|failure| {
            // Nobody may be listening; then nobody is told.
            drop(to.send(Sent::Failed(failure)));
            false
        })
    }

    fn open(&self, name: &str) -> Result<Utf8<Counted<Box<dyn Read>>>, Failure> {
        let failed = |error: io::Error| Failure::file("read", name, &error);
        let inner: Box<dyn Read> = match name {
            "-" => Box::new(io::stdin()),
            name => Box::new(File::open(name).map_err(failed)?),
        };
        Utf8::of(Counted { inner, passed: self.passed.clone() }).map_err(failed)
    }

    #[cfg(feature = "parquet")]
    fn parquet(&self, name: &str, to: &SyncSender<Sent>) -> Result<bool, Failure> {
        super::parquet::read(self, name, to)
    }

    #[cfg(not(feature = "parquet"))]
    fn parquet(&self, name: &str, _: &SyncSender<Sent>) -> Result<bool, Failure> {
        Err(Failure::input(format!("`{name}` is Parquet, and this was built without it"))
            .hint("build it with the feature `parquet`"))
    }
}

/// What a line of JSON says.
pub fn object(bytes: &[u8]) -> Result<Row, Refused> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Refused::new("encoding", format!("byte {} is no UTF-8", error.valid_up_to() + 1))
            .hint("`iconv -f WINDOWS-1252 -t UTF-8` makes it so, if that is how it was written")
    })?;
    let read = |text: &str| serde_json::from_str::<Strict>(text).map(|it| it.0);
    let value = read(text).map_err(|error| Refused::new("json", format!("this is not JSON: {error}")))?;
    let value = match &value {
        // A line that was set aside because it could not be read, and may have been mended.
        Value::Object(map) => match map.get(ROW) {
            Some(Value::String(text)) => {
                read(text).map_err(|error| Refused::new("json", format!("this is not JSON: {error}")))?
            }
            _ => value,
        },
        _ => value,
    };
    match value {
        Value::Object(map) => Ok(Row::new(map)),
        _ => Err(Refused::new("json", "a row is an object")),
    }
}

/// JSON in which no key is given twice: of two answers, nobody knows which was meant.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Strict, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Null)
            }

            fn visit_bool<E>(self, it: bool) -> Result<Value, E> {
                Ok(Value::Bool(it))
            }

            fn visit_i64<E>(self, it: i64) -> Result<Value, E> {
                Ok(Value::from(it))
            }

            fn visit_u64<E>(self, it: u64) -> Result<Value, E> {
                Ok(Value::from(it))
            }

            fn visit_f64<E>(self, it: f64) -> Result<Value, E> {
                Ok(Value::from(it))
            }

            fn visit_str<E>(self, it: &str) -> Result<Value, E> {
                Ok(Value::from(it))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
                let mut out = Vec::new();
                while let Some(Strict(item)) = items.next_element()? {
                    out.push(item);
                }
                Ok(Value::Array(out))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
                let mut out = Map::new();
                while let Some((key, Strict(value))) = entries.next_entry::<String, Strict>()? {
                    if out.contains_key(&key) {
                        return Err(de::Error::custom(format_args!("`{key}` is given twice")));
                    }
                    out.insert(key, value);
                }
                Ok(Value::Object(out))
            }
        }
        from.deserialize_any(Any).map(Strict)
    }
}
