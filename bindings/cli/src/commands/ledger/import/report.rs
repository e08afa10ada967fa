//! What an import came to, or would: rows and events, reasons with their first rows, columns that nobody read.

use crate::commands::ledger::plural;
use crate::exit::Failure;
use crate::out::{Out, Style, Text};
use byleave_ledger::Event;
use byleave_ledger::import::{REASON, Refused, Row};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Rows that are named of each reason.
const EXAMPLES: usize = 5;
/// Reasons that are told apart, and columns that are named.
const MOST: usize = 100;

/// Counts as they come.
#[derive(Default)]
pub struct Report {
    dry_run: bool,
    rows: u64,
    added: u64,
    there: u64,
    refused: u64,
    passed: u64,
    events_there: u64,
    events: BTreeMap<(&'static str, String), u64>,
    reasons: BTreeMap<(&'static str, String, String), Reason>,
    seen: BTreeSet<String>,
}

#[derive(Default)]
struct Reason {
    count: u64,
    hint: Option<String>,
    examples: Vec<(String, String)>,
}

/// The same reason, whatever words of a row are told with it.
fn general(message: &str) -> String {
    message.split('`').enumerate().map(|(n, it)| if n % 2 == 1 { "…" } else { it }).collect()
}

impl Report {
    /// Nothing yet.
    pub fn of(dry_run: bool) -> Report {
        Report { dry_run, ..Report::default() }
    }

    /// A row was read.
    pub fn read(&mut self, row: Option<&Row>) {
        self.rows += 1;
        for key in row.into_iter().flat_map(|it| it.columns().keys()) {
            if self.seen.len() < MOST && !self.seen.contains(key) {
                self.seen.insert(key.clone());
            }
        }
    }

    /// Its events are kept: at least one is new, or all were there.
    pub fn kept(&mut self, events: &[Event], new: &[bool]) {
        *(if new.contains(&true) { &mut self.added } else { &mut self.there }) += 1;
        for (event, new) in events.iter().zip(new) {
            if !*new {
                self.events_there += 1;
                continue;
            }
            let kind = match event.record().get("kind") {
                Some(byleave::wire::Json::Text(kind)) => kind.clone(),
                _ => String::new(),
            };
            *self.events.entry((event.list.as_str(), kind)).or_default() += 1;
        }
    }

    /// It says no event, and may.
    pub fn passed(&mut self) {
        self.passed += 1;
    }

    /// It was not taken.
    pub fn refused(&mut self, name: &str, why: &Refused) {
        self.refused += 1;
        let mut key = (why.reason, why.path.clone(), general(&why.message));
        if self.reasons.len() >= MOST && !self.reasons.contains_key(&key) {
            key = (why.reason, String::new(), "and other reasons".to_owned());
        }
        let reason = self.reasons.entry(key).or_default();
        reason.count += 1;
        reason.hint = reason.hint.take().or_else(|| why.hint.clone());
        if reason.examples.len() < EXAMPLES {
            reason.examples.push((name.to_owned(), why.message.clone()));
        }
    }

    /// How many were not taken.
    pub fn refusals(&self) -> u64 {
        self.refused
    }

    /// In a few words, while it runs.
    pub fn line(&self) -> String {
        format!("{}, {} refused", plural(self.rows, "row"), self.refused)
    }

    /// Tells it.
    pub fn tell(&self, columns: &BTreeSet<String>, out: &mut Out) -> Result<(), Failure> {
        // What is nested is read by its path: its first step is the column.
        let read = |name: &String| columns.iter().any(|it| it == name || it.split('.').next() == Some(name));
        let unused: Vec<&String> = self.seen.iter().filter(|it| !read(it) && *it != REASON).collect();
        let absent = |name: &&String| {
            self.rows > 0
                && !self.seen.contains(*name)
                && !name.split('.').next().is_some_and(|it| self.seen.contains(it))
        };
        let absent: Vec<&String> = columns.iter().filter(absent).collect();
        if out.json {
            let events: Vec<Value> = (self.events.iter())
                .map(|((list, kind), count)| json!({ "list": list, "kind": kind, "count": count }))
                .collect();
            let reasons: Vec<Value> = (self.reasons.iter())
                .map(|((reason, path, _), it)| {
                    let examples: Vec<Value> =
                        it.examples.iter().map(|(row, why)| json!({ "row": row, "why": why })).collect();
                    json!({ "reason": reason, "path": path, "count": it.count, "hint": it.hint, "examples": examples })
                })
                .collect();
            out.document(&json!({
                "dry_run": self.dry_run,
                "rows": {"read": self.rows, "added": self.added, "there": self.there, "refused": self.refused, "passed": self.passed},
                "events": {"new": events, "there": self.events_there},
                "refused": reasons, "unused": unused, "absent": absent,
            }))?;
            return Ok(());
        }
        let would = if self.dry_run { "would be " } else { "" };
        let mut words = format!(
            ": {} {would}added, {} there already, {} {would}refused",
            self.added, self.there, self.refused
        );
        if self.passed > 0 {
            words += &format!(", {} passed over", self.passed);
        }
        out.line(&Text::new(0).with(Style::Bold, plural(self.rows, "row")).plain(words), 2)?;
        for ((list, kind), count) in &self.events {
            let words = format!("{} in {list}", plural(*count, format!("new {kind}").trim_end()));
            out.line(&Text::new(2).plain(words), 4)?;
        }
        for ((reason, path, _), it) in &self.reasons {
            let at = if path.is_empty() { String::new() } else { format!(" at {path}") };
            let head = Text::new(2).with(Style::Bad, format!("{} refused", it.count));
            out.line(&head.plain(format!(", {reason}{at}")), 4)?;
            for (row, why) in &it.examples {
                out.line(&Text::new(4).plain(format!("{row}: {why}")), 6)?;
            }
            if let Some(hint) = &it.hint {
                out.line(&Text::new(4).with(Style::Dim, hint), 6)?;
            }
        }
        for (names, words) in [(unused, "columns not read"), (absent, "columns that no row has")] {
            if !names.is_empty() {
                let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
                out.line(&Text::new(2).with(Style::Wait, format!("{words}: ")).plain(names.join(", ")), 4)?;
            }
        }
        Ok(())
    }
}
