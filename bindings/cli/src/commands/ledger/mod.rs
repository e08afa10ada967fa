//! `byleave ledger`: events kept once, what is known of a person, and whether the record still holds.

mod batches;
mod dump;
pub mod evidence;
mod import;
mod report;

use crate::args::{Append, Checkpoint, Erase, Facts, Keeps, Ledger as Command, Link, Verify, digits};
use crate::diagnose::eprintln_quiet;
use crate::exit::{Exit, Failure};
use crate::known::{named, refused, told};
use crate::out::{Out, Style, Text};
use crate::page::words::count;
use crate::requests::{self, Asked};
use batches::Batches;
use byleave::wire::{Json, Limits};
use byleave_ledger::{
    Any, Ask, Digest, Erasure, Error, Event, Key, Ledger, List, Receipt, Result as Kept, Sqlite, Trust,
    is_url,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// A line longer than any event may be.
const LINE: usize = 1 << 20;
/// Refused lines that are named on standard error; a file of them has no bound.
const NAMED: usize = 20;

/// Does it.
pub fn run(command: &Command, out: &mut Out) -> Result<Exit, Failure> {
    match command {
        Command::Append(args) => append(args, out),
        Command::Import(args) => import::run(args, out),
        Command::Dump(args) => dump::run(args, out),
        Command::Facts(args) => facts(args, out),
        Command::Keeps(args) => keeps(args, out),
        Command::Link(args) => link(args, out),
        Command::Checkpoint(args) => checkpoint(args, out),
        Command::Verify(args) => verify(args, out),
        Command::Erase(args) => erase(args, out),
        Command::Key { file } => key(file, out),
        Command::Export(args) => evidence::export(args, out),
        Command::Replay(args) => evidence::replay(args, out),
        Command::Report(args) => evidence::page(args, out),
    }
}

fn open(path: &Path) -> Result<Ledger<Any>, Failure> {
    Ledger::at(path).map_err(|error| refused(path, &error))
}

fn open_to_read(path: &Path) -> Result<Ledger<Any>, Failure> {
    Ledger::at_to_read(path).map_err(|error| refused(path, &error))
}

/// Opens a ledger that must be there: nobody means to erase from, or to sign, a new one.
pub(super) fn open_existing(path: &Path) -> Result<Ledger<Any>, Failure> {
    if path.to_str().is_some_and(is_url) {
        // Nothing is made where there is none.
        open_to_read(path)?;
    } else if !path.exists() {
        return Err(Failure::input(format!("there is no ledger `{}`", named(path))));
    }
    open(path)
}

pub(super) fn instant(flag: &str, text: &str) -> Result<Timestamp, Failure> {
    let text = requests::instant(flag, text)?;
    text.parse().map_err(|_| Failure::usage(format!("{flag}: `{text}` is no instant")))
}

/// A line as an event, recorded at `at` if it does not say when.
fn event(bytes: &[u8], at: Option<Timestamp>) -> Kept<Event> {
    match (std::str::from_utf8(bytes), at) {
        (Ok(text), Some(at)) => Event::parse_at(text, at),
        (Ok(text), None) => Event::parse(text),
        // Which byte it is.
        (Err(_), _) => Event::from_json(Json::from_bytes(bytes, &Limits::MOST)?),
    }
}

/// Whether a line of a dump says only that something was erased.
fn is_erased(bytes: &[u8]) -> bool {
    let json = Json::from_bytes(bytes, &Limits::MOST);
    matches!(json, Ok(Json::Map(entries)) if matches!(entries.as_slice(), [(key, Json::Map(_))] if key == "erased"))
}

/// What is refused, by number and into its file.
struct Rejects {
    file: Option<BufWriter<File>>,
    count: usize,
    failed: Option<io::Error>,
}

impl Rejects {
    fn put(&mut self, name: &str, bytes: &[u8], error: &Error) {
        self.count += 1;
        if self.count <= NAMED {
            eprintln_quiet(&format!("{name}: {error}"));
        }
        if let Some(file) = &mut self.file {
            let line = String::from_utf8_lossy(bytes);
            let told = json!({ "line": name, "kind": error.kind().as_str(), "why": error.to_string(), "event": line.trim_end() });
            if let Err(error) = writeln!(file, "{told}") {
                self.failed.get_or_insert(error);
            }
        }
    }
}

fn append(args: &Append, out: &mut Out) -> Result<Exit, Failure> {
    let at = args.at.as_deref().map(|text| instant("--at", text)).transpose()?;
    let files = if args.files.is_empty() { vec!["-".to_owned()] } else { args.files.clone() };
    let file = match &args.rejects {
        // New: what an earlier run refused is not lost to this one.
        Some(path) => Some(
            OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(path)
                .map_err(|error| Failure::file("make", &path.display().to_string(), &error))?,
        ),
        None => None,
    };
    let rejects = std::cell::RefCell::new(Rejects { file: file.map(BufWriter::new), count: 0, failed: None });
    let broken = std::cell::RefCell::new(None);
    let (erased, kept) = (std::cell::RefCell::new(0usize), std::cell::RefCell::new(0usize));
    let elsewhere = at.filter(|_| args.elsewhere);
    let mut ledger = open_or_rehearse(&args.ledger, args.dry_run)?;
    let lines = Batches::of(move |to| drop(requests::lines(files, LINE).try_for_each(|it| to.send(it))));
    let (mut new, mut there) = (0usize, 0usize);
    let read = |line: Result<Asked, Failure>| {
        let Asked { name, bytes } = line.map_err(|failure| *broken.borrow_mut() = Some(failure)).ok()?;
        let read = match elsewhere {
            Some(at) => Event::told_elsewhere(&bytes, at),
            None => event(&bytes, at).map(Some),
        };
        match read {
            Ok(None) | Err(_) if is_erased(&bytes) => {
                *erased.borrow_mut() += 1;
                None
            }
            Ok(None) => {
                *kept.borrow_mut() += 1;
                None
            }
            Ok(Some(event)) => Some(((name, bytes), event)),
            Err(error) => {
                rejects.borrow_mut().put(&name, &bytes, &error);
                None
            }
        }
    };
    let told = |(name, bytes): (String, Vec<u8>), _: &Event, receipt: Kept<Receipt>| match receipt {
        Ok(receipt) if receipt.new => new += 1,
        Ok(_) => there += 1,
        Err(error) => rejects.borrow_mut().put(&name, &bytes, &error),
    };
    let done = take(&mut ledger, &lines, args.dry_run, read, told);
    let mut rejects = rejects.into_inner();
    if let Some(file) = &mut rejects.file {
        file.flush().map_err(|error| Failure::input(format!("cannot write what was refused: {error}")))?;
    }
    let would = if args.dry_run { "would be " } else { "" };
    let (erased, kept) = (erased.into_inner(), kept.into_inner());
    if out.json {
        let mut told =
            json!({ "dry_run": args.dry_run, "new": new, "there": there, "refused": rejects.count });
        for (key, passed) in [("erased", erased), ("decisions", kept)] {
            if let (Some(told), true) = (told.as_object_mut(), passed > 0) {
                told.insert(key.to_owned(), passed.into());
            }
        }
        out.document(&told)?;
    } else {
        let line = Text::new(0)
            .with(Style::Bold, count(new, "event"))
            .plain(format!(" {would}added, {there} there already, "));
        out.line(&line.plain(format!("{} {would}refused", rejects.count)), 0)?;
        if erased > 0 {
            let words = "that somebody was erased is not known here, nor who is to be left alone for it";
            let head = format!("{} passed over that was erased: ", count(erased, "line"));
            out.line(&Text::new(2).with(Style::Wait, head).plain(words), 2)?;
        }
        if kept > 0 {
            let words = "each rests on the chain in which it stands, and stays in its ledger";
            let head = format!("{} passed over that is a decision: ", count(kept, "line"));
            out.line(&Text::new(2).with(Style::Wait, head).plain(words), 2)?;
        }
    }
    done.map_err(|error| refused(&args.ledger, &error))?;
    if let Some(failure) = broken.into_inner() {
        return Err(failure);
    }
    if let Some(error) = rejects.failed {
        return Err(Failure::input(format!("cannot write what was refused: {error}")));
    }
    Ok(if rejects.count > 0 { Exit::Input } else { Exit::Good })
}

/// All of it in one dry run; or what is there, kept while the next is waited for.
fn take<T>(
    ledger: &mut Ledger<Any>,
    lines: &Batches<Result<Asked, Failure>>,
    dry_run: bool,
    mut read: impl FnMut(Result<Asked, Failure>) -> Option<(T, Event)>,
    mut told: impl FnMut(T, &Event, Kept<Receipt>),
) -> Kept<()> {
    if dry_run {
        return ledger.import(lines.all().filter_map(read), true, told);
    }
    loop {
        let batch = lines.next();
        if batch.is_empty() {
            return Ok(());
        }
        ledger.import(batch.into_iter().filter_map(&mut read), false, &mut told)?;
    }
}

/// To be written, and made where there is none; for a dry run, which makes nothing, as it is.
pub(super) fn open_or_rehearse(path: &Path, dry_run: bool) -> Result<Ledger<Any>, Failure> {
    let url = path.to_str().is_some_and(is_url);
    match dry_run && !url && !path.exists() {
        true => Ledger::over(Any::from(Sqlite::in_memory().map_err(|error| told(&error))?))
            .map_err(|error| told(&error)),
        // Nor tables in a database: there the ledger must be.
        false if dry_run => open_to_read(path),
        false => open(path),
    }
}

fn facts(args: &Facts, out: &mut Out) -> Result<Exit, Failure> {
    let known_at = instant("--known-at", &args.known_at)?;
    let mut ledger = open_to_read(&args.ledger)?;
    let ask = Ask { person: &args.person, address: args.address.as_deref(), known_at };
    let facts = ledger.lay_under(Json::Map(Vec::new()), &ask).map_err(|error| told(&error))?;
    let mut text = String::new();
    facts.write_canonical(&mut text);
    let value: Value = serde_json::from_str(&text).map_err(|error| Failure::input(error.to_string()))?;
    out.document(&value)?;
    Ok(Exit::Good)
}

fn keeps(args: &Keeps, out: &mut Out) -> Result<Exit, Failure> {
    let since = args.since.as_deref().map(|text| instant("--since", text)).transpose()?;
    let list = List::of(&args.list).ok_or_else(|| Failure::usage("there is no such list"))?;
    open(&args.ledger)?.keeps(list, since).map_err(|error| refused(&args.ledger, &error))?;
    let words = since.map_or("always".to_owned(), |since| format!("since {since}"));
    if out.json {
        out.document(&json!({ "list": args.list, "since": since.map(|it| it.to_string()) }))?;
    } else {
        out.line(&Text::new(0).plain(format!("the ledger holds all {}, {words}", args.list)), 0)?;
    }
    Ok(Exit::Good)
}

fn link(args: &Link, out: &mut Out) -> Result<Exit, Failure> {
    let at = instant("--at", &args.at)?;
    // With the instant: who was taken for another and is it after all is linked anew.
    let key = format!("link/{}/{}/{at}", args.person, args.with);
    let words = json!({
        "key": key, "person": args.person, "list": "links", "source": "byleave ledger link",
        "actor": { "kind": "staff", "id": args.by }, "recorded_at": at.to_string(),
        "event": { "with": args.with, "why": args.why },
    });
    let event = Event::parse(&words.to_string()).map_err(|error| told(&error))?;
    open_existing(&args.ledger)?.append(&[event]).map_err(|error| told(&error))?;
    if out.json {
        out.document(&json!({ "key": key }))?;
    } else {
        let line = Text::new(0).plain(format!("`{}` and `{}` are one person, by ", args.person, args.with));
        out.line(&line.with(Style::Name, key), 2)?;
    }
    Ok(Exit::Good)
}

fn checkpoint(args: &Checkpoint, out: &mut Out) -> Result<Exit, Failure> {
    let at = instant("--at", &args.at)?;
    let key = args.sign.as_deref().map(read_key).transpose()?;
    let mut ledger = open_existing(&args.ledger)?;
    let made = ledger.checkpoint(at, key.as_ref()).map_err(|error| refused(&args.ledger, &error))?;
    let signer = made.signed.as_ref().map(|it| Digest(it.by).hex());
    if out.json {
        out.document(&json!({
            "number": made.number, "events": made.seq, "checkpoint": made.digest.hex(), "signed_by": signer,
        }))?;
        return Ok(Exit::Good);
    }
    let events = count(usize::try_from(made.seq).unwrap_or(usize::MAX), "event");
    let line = Text::new(0)
        .plain(format!("checkpoint {}, of {events}: ", made.number))
        .with(Style::Name, made.digest.hex());
    out.line(&line, 2)?;
    let line = signer.map_or("not signed".to_owned(), |signer| format!("signed by {signer}"));
    out.line(&Text::new(2).plain(line), 2)?;
    Ok(Exit::Good)
}

fn verify(args: &Verify, out: &mut Out) -> Result<Exit, Failure> {
    let mut ledger = open_to_read(&args.ledger)?;
    let trust = Trust { keys: args.keys.clone(), checkpoint: args.checkpoint.map(Digest) };
    let report = ledger.verify(&trust).map_err(|error| refused(&args.ledger, &error))?;
    let holds = report.findings.is_empty();
    if out.json {
        let findings: Vec<Value> = report
            .findings
            .iter()
            .map(|it| json!({ "what": it.what.as_str(), "event": it.seq, "person": it.person, "sentence": it.to_string() }))
            .collect();
        out.document(&json!({
            "holds": holds, "events": report.events, "people": report.people, "checkpoints": report.checkpoints,
            "covered": report.covered, "findings": findings,
        }))?;
    } else {
        for it in &report.findings {
            out.line(&Text::new(0).with(Style::Bad, "does not hold ").plain(it.to_string()), 2)?;
        }
        let word = if holds {
            Text::new(0).with(Style::Good, "holds")
        } else {
            Text::new(0).with(Style::Bad, "does not hold")
        };
        let words = format!(
            ": {} in {}, {}, the last of which covers {}",
            plural(report.events, "event"),
            plural(report.people, "chain"),
            plural(report.checkpoints, "checkpoint"),
            plural(report.covered, "event"),
        );
        out.line(&word.plain(words), 2)?;
    }
    Ok(if holds { Exit::Good } else { Exit::Found })
}

pub(super) fn plural(n: u64, word: &str) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), word)
}

fn erase(args: &Erase, out: &mut Out) -> Result<Exit, Failure> {
    let addresses: Vec<&str> = args.addresses.iter().map(String::as_str).collect();
    let erasure = Erasure {
        person: &args.person,
        why: &args.why,
        by: &args.by,
        recorded_at: instant("--at", &args.at)?,
        addresses: &addresses,
    };
    let erased = open_existing(&args.ledger)?.erase(&erasure).map_err(|error| told(&error))?;
    if out.json {
        out.document(&json!({ "erased": erased }))?;
    } else {
        out.line(
            &Text::new(0)
                .plain(format!("{} erased; whoever it was stays left alone", plural(erased, "event"))),
            2,
        )?;
    }
    Ok(Exit::Good)
}

fn read_key(path: &Path) -> Result<Key, Failure> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file("read", &name, &error))?;
    digits(text.trim()).map(|it| Key::from_bytes(&it)).map_err(|_| {
        Failure::input(format!("`{name}` holds no key")).hint("`byleave ledger key FILE` writes one")
    })
}

fn key(path: &Path, out: &mut Out) -> Result<Exit, Failure> {
    let name = path.display().to_string();
    let key = Key::generate().map_err(|error| told(&error))?;
    let mut options = OpenOptions::new();
    // A key that is there signs what was handed out already.
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| Failure::file("make", &name, &error))?;
    writeln!(file, "{}", Digest(key.to_bytes()).hex())
        .map_err(|error| Failure::file("write", &name, &error))?;
    if out.json {
        out.document(&json!({ "public": Digest(key.public()).hex() }))?;
    } else {
        out.line(&Text::new(0).plain("others verify by ").with(Style::Name, Digest(key.public()).hex()), 2)?;
    }
    Ok(Exit::Good)
}
