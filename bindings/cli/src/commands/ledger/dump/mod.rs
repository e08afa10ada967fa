//! `byleave ledger dump`: what a ledger holds, in one file: as it was told, or consents as a table.

#[cfg(feature = "parquet")]
mod parquet;
mod table;

use super::{instant, open_to_read, plural};
use crate::args::Dump;
use crate::exit::{Exit, Failure};
use crate::known::refused;
use crate::out::{Out, Style, Text};
use byleave::wire::Json;
use byleave_ledger::{Any, Entry, Ledger, List, Said};
use indicatif::{ProgressBar, ProgressDrawTarget};
use jiff::Timestamp;
use serde_json::json;
use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use table::Table;

/// Entries that are read at once.
const PAGE: usize = 1_000;

/// What is written.
#[derive(Clone, Copy)]
enum Which {
    All,
    One(List),
    /// Revocations.
    Suppressions,
}

/// What was written.
#[derive(Default)]
struct Counts {
    events: u64,
    erased: u64,
}

/// Does it.
pub fn run(args: &Dump, out: &mut Out) -> Result<Exit, Failure> {
    let known_at = instant("--known-at", &args.known_at)?;
    let ending = args.out.extension().and_then(|it| it.to_str()).unwrap_or_default().to_ascii_lowercase();
    let table = match ending.as_str() {
        "jsonl" | "ndjson" => false,
        "csv" | "parquet" => true,
        _ => return Err(Failure::usage("--out: expected a name that ends in .jsonl, .csv or .parquet")),
    };
    let which = match (args.list.as_deref(), table) {
        (None, false) => Which::All,
        (None | Some("consents"), true) => Which::One(List::Consents),
        (Some("suppressions"), _) => Which::Suppressions,
        (Some(_), true) => {
            return Err(Failure::usage("--list: a table holds consents or suppressions")
                .hint("JSON Lines hold every list"));
        }
        (Some(word), false) => {
            Which::One(List::of(word).ok_or_else(|| Failure::usage("--list: there is no such list"))?)
        }
    };
    let name = args.out.display().to_string();
    if args.out.exists() {
        return Err(Failure::input(format!("`{name}` is there already")).hint("it is not written over"));
    }
    let mut ledger = open_to_read(&args.ledger)?;
    // What stands under the name is whole.
    let part = PathBuf::from(format!("{name}.part"));
    let written = write(&mut ledger, args, which, known_at, &ending, &part);
    let done = written.and_then(|counts| {
        std::fs::rename(&part, &args.out).map_err(|error| Failure::file("write", &name, &error))?;
        Ok(counts)
    });
    let counts = done.inspect_err(|_| drop(std::fs::remove_file(&part)))?;
    if out.json {
        out.document(&json!({ "file": name, "events": counts.events, "erased": counts.erased }))?;
        return Ok(Exit::Good);
    }
    let line = Text::new(0).with(Style::Name, &name).plain(format!(": {}", plural(counts.events, "event")));
    out.line(&line, 2)?;
    if counts.erased > 0 {
        let words = format!("{} erased: ", counts.erased);
        let hint = "that somebody was erased, and is to be left alone, stays with this ledger";
        out.line(&Text::new(2).with(Style::Wait, words).plain(hint), 2)?;
    }
    Ok(Exit::Good)
}

fn write(
    ledger: &mut Ledger<Any>,
    args: &Dump,
    which: Which,
    known_at: Timestamp,
    ending: &str,
    part: &Path,
) -> Result<Counts, Failure> {
    let name = part.display().to_string();
    let failed = |error: std::io::Error| Failure::file("write", &name, &error);
    let told = |error| refused(&args.ledger, &error);
    let size = ledger.size().map_err(told)?.0;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // People's addresses: nobody else's to read.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(part).map_err(failed)?;
    let mut counts = Counts::default();
    if ending.ends_with('l') || ending == "ndjson" {
        let mut file = BufWriter::new(file);
        each(ledger, args, known_at, size, |entry| {
            if !is_in(entry, which) {
                return Ok(());
            }
            counts.count(entry);
            writeln!(file, "{}", line(entry)).map_err(failed)
        })?;
        file.flush().and_then(|()| file.get_ref().sync_all()).map_err(failed)?;
        return Ok(counts);
    }
    // What is voided is said later: first which those are. Corrections are few.
    let mut voided = HashSet::new();
    each(ledger, args, known_at, size, |entry| {
        if let Said::Event(event) = &entry.said
            && event.list == List::Voids
            && let Some(Json::Text(of)) = event.record().get("of")
        {
            voided.insert(of.clone());
        }
        Ok(())
    })?;
    let mut table = to(file, ending, &name)?;
    each(ledger, args, known_at, size, |entry| {
        if !is_in(entry, which) {
            return Ok(());
        }
        counts.count(entry);
        table.put(&table::row(entry, &voided)?).map_err(failed)
    })?;
    table.end().map_err(failed)?;
    Ok(counts)
}

impl Counts {
    fn count(&mut self, entry: &Entry) {
        *(if matches!(entry.said, Said::Event(_)) { &mut self.events } else { &mut self.erased }) += 1;
    }
}

#[cfg(feature = "parquet")]
fn to(file: File, ending: &str, name: &str) -> Result<Box<dyn Table>, Failure> {
    let failed = |error: std::io::Error| Failure::file("write", name, &error);
    match ending {
        "parquet" => Ok(Box::new(parquet::Parquet::of(file).map_err(failed)?)),
        _ => Ok(Box::new(table::Csv::of(file).map_err(failed)?)),
    }
}

#[cfg(not(feature = "parquet"))]
fn to(file: File, ending: &str, name: &str) -> Result<Box<dyn Table>, Failure> {
    if ending == "parquet" {
        return Err(
            Failure::input("this was built without Parquet").hint("build it with the feature `parquet`")
        );
    }
    Ok(Box::new(table::Csv::of(file).map_err(|error| Failure::file("write", name, &error))?))
}

/// Every entry that was recorded by then.
fn each(
    ledger: &mut Ledger<Any>,
    args: &Dump,
    known_at: Timestamp,
    size: u64,
    mut f: impl FnMut(&Entry) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let bar = ProgressBar::with_draw_target(Some(size), ProgressDrawTarget::stderr());
    let mut last = 0;
    loop {
        let page = ledger.entries(last, PAGE).map_err(|error| refused(&args.ledger, &error))?;
        let Some(end) = page.last() else { break };
        last = end.seq;
        // Instants do not go back: after the first that is later, all are.
        let known = page.iter().take_while(|it| it.recorded_at <= known_at);
        for entry in known.take_while(|it| it.seq <= size) {
            f(entry)?;
        }
        bar.set_position(last);
        if end.recorded_at > known_at || last >= size {
            break;
        }
    }
    bar.finish_and_clear();
    Ok(())
}

fn is_in(entry: &Entry, which: Which) -> bool {
    let list = match &entry.said {
        Said::Event(event) => event.list,
        Said::Erased(list) => *list,
        _ => return matches!(which, Which::All),
    };
    match which {
        Which::All => true,
        Which::One(one) => list == one,
        // Of what is erased nobody knows whether it was one.
        Which::Suppressions => {
            list == List::Consents
                && match &entry.said {
                    Said::Event(event) => {
                        matches!(event.record().get("kind"), Some(Json::Text(kind)) if kind == "revoke")
                    }
                    _ => true,
                }
        }
    }
}

/// As `append` takes it; of what is erased, that it is.
fn line(entry: &Entry) -> String {
    let (seq, recorded_at) = (entry.seq, entry.recorded_at.to_string());
    match &entry.said {
        Said::Event(event) => event.words().to_owned(),
        Said::Erased(list) => {
            json!({ "erased": { "seq": seq, "list": list.as_str(), "recorded_at": recorded_at } }).to_string()
        }
        Said::Erasure { why, by } => {
            json!({ "erased": { "seq": seq, "list": "erasures", "recorded_at": recorded_at, "why": why, "by": by } })
                .to_string()
        }
        _ => json!({ "erased": { "seq": seq, "recorded_at": recorded_at } }).to_string(),
    }
}
