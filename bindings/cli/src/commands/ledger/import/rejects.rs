//! Rows that are set aside, each as it stood and with why: in the format they came in, so that they can be mended and imported
//! again. Rows of Parquet become JSON Lines.

use super::csv::MARK;
use super::source::{Format, Item, Raw};
use crate::exit::Failure;
use byleave_ledger::import::{Csv, REASON, ROW, Refused};
use serde_json::{Value, json};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// The file of what is set aside.
pub struct Rejects {
    name: String,
    to: To,
    header: Option<Vec<String>>,
    headless: bool,
}

enum To {
    Csv(Box<csv::Writer<File>>),
    Lines(BufWriter<File>),
}

impl Rejects {
    /// A new file: what an earlier run set aside is not lost to this one.
    pub fn at(path: &Path, format: Format, csv: &Csv) -> Result<Rejects, Failure> {
        let name = path.display().to_string();
        let file = OpenOptions::new().write(true).create_new(true).open(path);
        let file = file.map_err(|error| Failure::file("make", &name, &error))?;
        let to = match format {
            Format::Csv => {
                let mut writer = csv::WriterBuilder::new();
                writer.flexible(true).quote(csv.quote.unwrap_or(b'"'));
                let tabs = name.ends_with(".tsv") || name.ends_with(".tab");
                writer.delimiter(csv.delimiter.unwrap_or(if tabs { b'\t' } else { b',' }));
                To::Csv(Box::new(writer.from_writer(file)))
            }
            Format::Lines | Format::Parquet => To::Lines(BufWriter::new(file)),
        };
        Ok(Rejects { name, to, header: None, headless: csv.header.is_some() })
    }

    /// The columns of the file that is read now.
    pub fn header(&mut self, header: &[String]) -> Result<(), Failure> {
        if let Some(first) = &self.header {
            return match first.as_slice() == header {
                true => Ok(()),
                false => Err(Failure::input(
                    "the files have different columns, and what is set aside has one file",
                )
                .hint("import them one by one, each with a `--rejects` of its own")),
            };
        }
        self.header = Some(header.to_vec());
        if !self.headless
            && let To::Csv(writer) = &mut self.to
        {
            let names = header.iter().map(String::as_str).filter(|it| *it != REASON).chain([REASON]);
            let done = writer.write_record(names).map_err(io::Error::from);
            return done.map_err(|error| Failure::file("write", &self.name, &error));
        }
        Ok(())
    }

    /// Sets a row aside.
    pub fn put(&mut self, item: &Item, refused: &Refused) -> Result<(), Failure> {
        let why = format!("{MARK}{}: {refused}", item.name);
        let done = match (&mut self.to, &item.raw) {
            (To::Csv(writer), Raw::Fields(fields)) => {
                let header = self.header.as_deref().unwrap_or_default();
                // A row of another length stays of another length: it is not to be taken the next time unless it was mended.
                let old = header.iter().position(|it| it == REASON).filter(|_| fields.len() == header.len());
                let fields =
                    fields.iter().enumerate().filter(|(n, _)| Some(*n) != old).map(|(_, it)| it.as_slice());
                let marked = |it: &&[u8]| self.headless && it.starts_with(MARK.as_bytes());
                let fields: Vec<&[u8]> = fields.filter(|it| !marked(it)).chain([why.as_bytes()]).collect();
                writer.write_record(fields).map_err(io::Error::from)
            }
            (To::Lines(file), Raw::Line(bytes)) => writeln!(file, "{}", line(bytes, item, &why)),
            (To::Lines(file), Raw::Object(map)) => {
                let mut map = map.clone();
                map.insert(REASON.to_owned(), Value::from(why));
                writeln!(file, "{}", Value::Object(map))
            }
            // Rows come in the format that the file was made for.
            (To::Csv(_), _) | (To::Lines(_), Raw::Fields(_)) => Ok(()),
        };
        done.map_err(|error| Failure::file("write", &self.name, &error))
    }

    /// Everything out.
    pub fn flush(&mut self) -> Result<(), Failure> {
        let done = match &mut self.to {
            To::Csv(writer) => writer.flush(),
            To::Lines(file) => file.flush(),
        };
        done.map_err(|error| Failure::file("write", &self.name, &error))
    }
}

/// A line as it stood, with the reason put behind its last key; what is no object, under a key of its own.
fn line(bytes: &[u8], item: &Item, why: &str) -> String {
    let text = String::from_utf8_lossy(bytes);
    // One that was set aside before says why by now.
    let before = text.rfind(&format!(",\"{REASON}\":")).and_then(|at| text.get(..at));
    let body = before.or_else(|| text.trim_end().strip_suffix('}'));
    let reason = Value::from(why);
    if let (Ok(row), Some(body)) = (&item.row, body) {
        let comma = if body.trim_end().ends_with('{') { "" } else { "," };
        let told = format!("{body}{comma}\"{REASON}\":{reason}}}");
        if super::source::object(told.as_bytes()).is_ok_and(|it| it == *row) {
            return told;
        }
    }
    let raw = match serde_json::from_str::<Value>(&text) {
        Ok(Value::Object(map)) if map.get(ROW).is_some_and(Value::is_string) => map.get(ROW).cloned(),
        _ => None,
    };
    json!({ ROW: raw.unwrap_or_else(|| Value::from(text.as_ref())), REASON: why }).to_string()
}
