//! `byleave ledger import`: exports of other systems, made events by a mapping.
//!
//! Each row that is read is added, there already, refused with its reason, or passed over where the mapping says so: nothing else
//! becomes of one. A row's events are kept together or not at all, and are known again by their keys, so a run that was broken off
//! is run again.

mod csv;
mod lines;
#[cfg(feature = "parquet")]
mod parquet;
mod rejects;
mod report;
mod source;
mod text;

use super::batches::Batches;
use crate::args::Import;
use crate::diagnose::eprintln_quiet;
use crate::exit::{Exit, Failure};
use crate::known::refused;
use crate::out::{Out, clean};
use byleave_ledger::import::{Mapped, Mapping, Refused};
use byleave_ledger::{Any, Event, Ledger};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use rejects::Rejects;
use report::Report;
use source::{Format, Item, Reading, Sent};
use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A mapping is no longer than this.
const MAPPING: u64 = 1 << 20;

/// Does it.
pub fn run(args: &Import, out: &mut Out) -> Result<Exit, Failure> {
    let at: Timestamp = super::instant("--at", &args.at)?;
    let mapping = mapping(&args.map)?;
    let format = format(args)?;
    let rejects = args.rejects.as_deref().map(|path| Rejects::at(path, format, mapping.csv())).transpose()?;
    let mut ledger = super::open_or_rehearse(&args.ledger, args.dry_run)?;
    let bar = bar(&args.files);
    let passed = Arc::new(AtomicU64::new(0));
    let reading = Reading {
        format,
        csv: mapping.csv().clone(),
        columns: mapping.columns().iter().cloned().collect(),
        passed: passed.clone(),
    };
    let files = args.files.clone();
    let rows = Batches::of(move |to| {
        // What cannot be read ends the run: whoever mends it runs it again.
        let _ = files.iter().all(|name| reading.file(name, to));
    });
    let run = RefCell::new(Run {
        mapping: &mapping,
        at,
        rejects,
        report: Report::of(args.dry_run),
        failed: None,
        progress: Progress { bar, passed },
    });
    let done = take(&mut ledger, &rows, args.dry_run, &run);
    let mut run = run.into_inner();
    run.progress.bar.finish_and_clear();
    let flushed = run.rejects.as_mut().map_or(Ok(()), Rejects::flush);
    // Whatever ended it: what was done until then is told.
    run.report.tell(mapping.columns(), out)?;
    done.map_err(|error| refused(&args.ledger, &error))?;
    flushed?;
    run.failed.map_or(Ok(()), Err)?;
    Ok(if run.report.refusals() > 0 { Exit::Input } else { Exit::Good })
}

fn take(
    ledger: &mut Ledger<Any>,
    rows: &Batches<Sent>,
    dry_run: bool,
    run: &RefCell<Run<'_>>,
) -> byleave_ledger::Result<()> {
    let told = |item: Box<Item>, events: &Vec<Event>, receipts: byleave_ledger::Result<Vec<_>>| {
        run.borrow_mut().told(&item, events, receipts);
    };
    if dry_run {
        return ledger.import_rows(
            rows.all().map_while(|it| run.borrow_mut().read(it)).flatten(),
            true,
            told,
        );
    }
    loop {
        let batch = rows.next();
        let ended = batch.is_empty();
        let events: Vec<_> = batch.into_iter().map_while(|it| run.borrow_mut().read(it)).flatten().collect();
        ledger.import_rows(events, false, told)?;
        if ended || run.borrow().failed.is_some() {
            return Ok(());
        }
    }
}

/// What is carried from row to row.
struct Run<'a> {
    mapping: &'a Mapping,
    at: Timestamp,
    rejects: Option<Rejects>,
    report: Report,
    failed: Option<Failure>,
    progress: Progress,
}

impl Run<'_> {
    /// What was read: a row's events, or nothing to keep; nothing at all once it cannot go on.
    fn read(&mut self, sent: Sent) -> Option<Option<(Box<Item>, Vec<Event>)>> {
        if self.failed.is_some() {
            return None;
        }
        let item = match sent {
            Sent::Failed(failure) => {
                self.failed = Some(failure);
                return None;
            }
            Sent::Header(header) => {
                let done = self.rejects.as_mut().map_or(Ok(()), |it| it.header(&header));
                return done.map_err(|failure| self.failed = Some(failure)).ok().map(|()| None);
            }
            Sent::Row(item) => item,
        };
        self.report.read(item.row.as_ref().ok());
        self.progress.tell(&self.report);
        let mapped =
            item.row.as_ref().map_err(Refused::clone).and_then(|it| self.mapping.events(it, self.at));
        match mapped {
            Ok(Mapped::Events(events)) => return Some(Some((item, events))),
            Ok(Mapped::Passed) => self.report.passed(),
            Err(why) => self.set_aside(&item, &why),
        }
        Some(None)
    }

    fn told(
        &mut self,
        item: &Item,
        events: &[Event],
        receipts: byleave_ledger::Result<Vec<byleave_ledger::Receipt>>,
    ) {
        match receipts {
            Ok(receipts) => {
                let new: Vec<bool> = receipts.iter().map(|it| it.new).collect();
                self.report.kept(events, &new);
            }
            Err(error) => self.set_aside(item, &Refused::from(&error)),
        }
    }

    fn set_aside(&mut self, item: &Item, why: &Refused) {
        self.report.refused(&item.name, why);
        if let Some(Err(failure)) = self.rejects.as_mut().map(|it| it.put(item, why)) {
            // A row that is neither kept nor set aside would be lost.
            self.failed.get_or_insert(failure);
        }
    }
}

struct Progress {
    bar: ProgressBar,
    passed: Arc<AtomicU64>,
}

impl Progress {
    fn tell(&self, report: &Report) {
        if !self.bar.is_hidden() {
            self.bar.set_position(self.passed.load(Ordering::Relaxed));
            self.bar.set_message(report.line());
        }
    }
}

/// On standard error, where that is a terminal.
fn bar(files: &[String]) -> ProgressBar {
    let sizes: Option<u64> = files.iter().map(|it| std::fs::metadata(it).ok().map(|it| it.len())).sum();
    let (bar, template) = match sizes {
        Some(bytes) => (ProgressBar::new(bytes), "{bar:30} {percent:>3} %  {msg}, {eta} to go"),
        None => (ProgressBar::new_spinner(), "{spinner} {msg}, {elapsed}"),
    };
    bar.set_draw_target(ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

fn mapping(path: &Path) -> Result<Mapping, Failure> {
    let name = path.display().to_string();
    let failed = |error| Failure::file("read", &name, &error);
    let size = std::fs::metadata(path).map_err(failed)?.len();
    if size > MAPPING {
        return Err(Failure::input(format!("`{name}` is longer than {MAPPING} bytes: is it a mapping?")));
    }
    let text = std::fs::read_to_string(path).map_err(failed)?;
    Mapping::parse(&text).map_err(|flaws| {
        for flaw in &flaws.0 {
            eprintln_quiet(&clean(&format!("{name}: {flaw}")));
        }
        let them = super::plural(flaws.0.len() as u64, "flaw");
        Failure::input(format!("the mapping `{name}` has {them}"))
            .hint("`byleave ledger import --help` shows one; ledger/README.md tells what may stand in it")
    })
}

/// All files have one format: rows that are set aside have one file.
fn format(args: &Import) -> Result<Format, Failure> {
    if let Some(word) = &args.format {
        return Format::named(word).ok_or_else(|| Failure::usage("--format: there is no such format"));
    }
    let mut found = None;
    for name in &args.files {
        let Some(format) = Format::of(name) else {
            return Err(Failure::usage(format!("`{name}` does not say its format by its ending"))
                .hint("--format csv, jsonl or parquet"));
        };
        if found.is_some_and(|it| it != format) {
            return Err(
                Failure::usage("the files have different formats").hint("import them one after another")
            );
        }
        found = Some(format);
    }
    found.ok_or_else(|| Failure::usage("there is nothing to import"))
}
