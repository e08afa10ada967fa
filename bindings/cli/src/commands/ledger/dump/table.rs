//! Consents as rows of a table.

use crate::exit::Failure;
use byleave_ledger::{Entry, Said};
use serde_json::Value;
use std::collections::HashSet;
use std::fs::File;
use std::io;

/// The columns. All are texts; several values of a scope stand with `;` between them, and exactly in `event`.
pub const COLUMNS: [&str; 25] = [
    "seq",
    "recorded_at",
    "state",
    "key",
    "person",
    "kind",
    "level",
    "families",
    "by",
    "means",
    "at",
    "expires_on",
    "channel",
    "purpose",
    "topic",
    "sender",
    "address",
    "of",
    "source",
    "method",
    "actor",
    "actor_id",
    "text_sha256",
    "text_language",
    "event",
];

/// What each column holds; nothing where it says nothing.
pub type Cells = Vec<Option<String>>;

/// Where rows go.
pub trait Table {
    /// A row.
    fn put(&mut self, cells: &Cells) -> io::Result<()>;
    /// Everything out, and on the disk.
    fn end(self: Box<Self>) -> io::Result<()>;
}

/// A file of CSV.
pub struct Csv(csv::Writer<File>);

impl Csv {
    /// With its columns.
    pub fn of(file: File) -> io::Result<Csv> {
        let mut writer = csv::Writer::from_writer(file);
        writer.write_record(COLUMNS)?;
        Ok(Csv(writer))
    }
}

impl Table for Csv {
    fn put(&mut self, cells: &Cells) -> io::Result<()> {
        Ok(self.0.write_record(cells.iter().map(|it| it.as_deref().unwrap_or_default()))?)
    }

    fn end(self: Box<Csv>) -> io::Result<()> {
        self.0.into_inner().map_err(|error| io::Error::other(error.to_string()))?.sync_all()
    }
}

/// An entry as a row. What is voided says so, and nothing more is known of what is erased.
pub fn row(entry: &Entry, voided: &HashSet<String>) -> Result<Cells, Failure> {
    let (event, state) = match &entry.said {
        Said::Event(event) => (Some(event), if voided.contains(&event.key) { "voided" } else { "holds" }),
        _ => (None, "erased"),
    };
    let words: Value = match event {
        Some(event) => {
            serde_json::from_str(event.words()).map_err(|error| Failure::input(error.to_string()))?
        }
        None => Value::Null,
    };
    let at = |path: &str| words.pointer(path).and_then(text);
    let said = |key: &str| at(&format!("/event/{key}"));
    let scope = |key: &str| at(&format!("/event/scope/{key}"));
    let cell = |column: &str| match column {
        "seq" => Some(entry.seq.to_string()),
        "recorded_at" => Some(entry.recorded_at.to_string()),
        "state" => Some(state.to_owned()),
        "key" | "person" | "source" | "method" => at(&format!("/{column}")),
        "channel" | "purpose" | "topic" | "sender" | "address" => scope(column),
        "actor" => at("/actor/kind"),
        "actor_id" => at("/actor/id"),
        "text_sha256" => at("/text_shown/sha256"),
        "text_language" => at("/text_shown/language"),
        "event" => words.get("event").map(Value::to_string),
        said_of => said(said_of),
    };
    Ok(COLUMNS.iter().map(|it| cell(it)).collect())
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => Some(items.iter().filter_map(text).collect::<Vec<_>>().join(";")),
        other => Some(other.to_string()),
    }
}
