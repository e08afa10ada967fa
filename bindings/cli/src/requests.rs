//! Requests: from files or standard input, one or several a file, with what the command line puts in their place.

use crate::args::Requests;
use crate::diagnose::eprintln_quiet;
use crate::exit::Failure;
use crate::known::Known;
use byleave::Error;
use byleave::Instant;
use byleave::wire::{Item, Json, Limits, Request};
use serde_json::value::RawValue;
use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::time::{SystemTime, UNIX_EPOCH};

/// A file of requests that is read whole holds at most this many bytes; `--lines` has no such bound.
const MOST_BYTES: u64 = 256 << 20;

/// One request as it came.
#[derive(Debug)]
pub struct Asked {
    /// The file, and which request in it when there are several: `audience.jsonl#3`.
    pub name: String,
    /// Its JSON.
    pub bytes: Vec<u8>,
}

/// What the command line puts in place of what requests say.
#[derive(Default)]
pub struct Overrides {
    keys: Vec<(&'static str, Json)>,
    settings: Vec<(String, String)>,
    channels: Vec<String>,
    ledger: Option<Known>,
}

impl Overrides {
    /// As typed; instants are looked at now, so that a slip is told once and not for each request.
    pub fn of(args: &Requests) -> Result<Overrides, Failure> {
        let mut keys = Vec::new();
        if let Some(text) = &args.at {
            keys.push(("at", Json::Text(instant("--at", text)?)));
        }
        if let Some(text) = &args.known_at {
            keys.push(("known_at", Json::Text(instant("--known-at", text)?)));
        }
        if let Some(text) = &args.horizon {
            keys.push(("horizon", Json::Text(text.clone())));
        }
        let ledger = args.ledger.as_deref().map(|path| Known::open(path, args.person.clone())).transpose()?;
        Ok(Overrides { keys, settings: args.settings.clone(), channels: Vec::new(), ledger })
    }

    /// Also this key.
    pub fn put(&mut self, key: &'static str, value: &str) {
        self.keys.push((key, Json::Text(value.to_owned())));
    }

    /// One option of a plan for each of these channels, besides those that the request names.
    pub fn options(&mut self, channels: &[String]) {
        self.channels = channels.to_vec();
    }

    /// The request's bytes with what the ledger knows laid under them, if there is one. What is no request is passed on as it
    /// is, for the engine to refuse.
    pub fn with_known(&mut self, bytes: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let Some(known) = &mut self.ledger else { return Ok(bytes) };
        let Ok(request) = Request::from_bytes(&bytes, &Limits::MOST) else { return Ok(bytes) };
        let text = String::from_utf8_lossy(&bytes);
        let Ok(given) = Json::parse(&text, &Limits::MOST) else { return Ok(bytes) };
        let put = |key: &str| self.keys.iter().find(|(name, _)| *name == key).map(|(_, json)| json);
        let at = ["known_at", "at"].iter().find_map(|key| put(key).or_else(|| request.json().get(key)));
        known.lay_under(given, &request, at)
    }

    /// The request's bytes with them put in. Untouched when there are none: the engine reads what was sent.
    pub fn apply(&self, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        if self.keys.is_empty() && self.settings.is_empty() && self.channels.is_empty() {
            return Ok(bytes.to_vec());
        }
        // First refused or admitted as it came; then changed in the order it came in, since options are told by place.
        Request::from_bytes(bytes, &Limits::MOST)?;
        let text = String::from_utf8_lossy(bytes);
        let Json::Map(mut entries) = Json::parse(&text, &Limits::MOST)? else { return Ok(bytes.to_vec()) };
        for (key, value) in &self.keys {
            set(&mut entries, key, value.clone());
        }
        if !self.settings.is_empty() {
            let mut settings = match entries.iter().find(|(key, _)| key == "settings") {
                Some((_, Json::Map(settings))) => settings.clone(),
                _ => Vec::new(),
            };
            for (name, value) in &self.settings {
                let json = value.parse().map_or_else(|_| Json::Text(value.clone()), Json::Int);
                set(&mut settings, name, json);
            }
            set(&mut entries, "settings", Json::Map(settings));
        }
        if !self.channels.is_empty() {
            let mut options = match entries.iter().find(|(key, _)| key == "options") {
                Some((_, Json::List(options))) => options.clone(),
                _ => Vec::new(),
            };
            for channel in &self.channels {
                let text = || Json::Text(channel.clone());
                let contact = Json::Map(vec![("channel".to_owned(), text())]);
                let json = Json::Map(vec![("name".to_owned(), text()), ("contact".to_owned(), contact)]);
                options.push(Item { at: u32::try_from(options.len()).unwrap_or(u32::MAX), json });
            }
            set(&mut entries, "options", Json::List(options));
        }
        let json = Json::Map(entries);
        let mut text = String::new();
        json.write_canonical(&mut text);
        Ok(text.into_bytes())
    }
}

fn set(entries: &mut Vec<(String, Json)>, key: &str, value: Json) {
    match entries.iter_mut().find(|(k, _)| k == key) {
        Some((_, old)) => *old = value,
        None => entries.push((key.to_owned(), value)),
    }
}

/// An instant as typed, or the clock's: the engine has no clock, the command line may ask for it by name.
pub fn instant(flag: &str, text: &str) -> Result<String, Failure> {
    if text == "now" {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
        return Ok(Instant(i64::try_from(now).unwrap_or(i64::MAX)).to_string());
    }
    Instant::parse(text).map(|at| at.to_string()).map_err(|error| {
        Failure::usage(format!("{flag}: {error}"))
            .hint("write an instant with its offset, as in `2026-07-01T20:30:00-04:00`, or `now`")
    })
}

/// All requests of the files, in order.
pub fn read(args: &Requests) -> Result<Vec<Asked>, Failure> {
    let mut all = Vec::new();
    for name in inputs(args) {
        split(&name, whole(&name)?, &mut all);
    }
    Ok(all)
}

fn inputs(args: &Requests) -> Vec<String> {
    if args.files.is_empty() { vec!["-".to_owned()] } else { args.files.clone() }
}

/// Every line of the files, one after another, handed on as it is read; empty lines are passed over.
pub fn each_line(args: &Requests, mut f: impl FnMut(Asked) -> Result<(), Failure>) -> Result<(), Failure> {
    // A line longer than any request may be is cut, refused by the engine, and skipped to its end.
    lines(inputs(args), Limits::MOST.request_bytes + 2).try_for_each(|line| f(line?))
}

/// Lines of several files that are not empty, one after another, as they are read and named by their number. Of a longer line
/// than so many bytes no more is read than these. What cannot be read ends its file.
pub fn lines(names: Vec<String>, most: usize) -> impl Iterator<Item = Result<Asked, Failure>> {
    let mut names = names.into_iter();
    let mut now: Option<(String, Box<dyn BufRead>, usize)> = None;
    std::iter::from_fn(move || {
        loop {
            let (name, mut reader, number) = match now.take() {
                Some(file) => file,
                None => {
                    let name = names.next()?;
                    match open(&name) {
                        Ok(reader) => (name, reader, 0),
                        Err(failure) => return Some(Err(failure)),
                    }
                }
            };
            match line(&mut reader, most) {
                Err(error) => return Some(Err(Failure::file("read", &name, &error))),
                Ok(bytes) if bytes.is_empty() => {}
                Ok(bytes) => {
                    let number = number + 1;
                    let asked = Asked { name: format!("{}#{number}", label(&name)), bytes };
                    now = Some((name, reader, number));
                    if asked.bytes.iter().any(|b| !b.is_ascii_whitespace()) {
                        return Some(Ok(asked));
                    }
                }
            }
        }
    })
}

/// The next line, cut when it is longer than that; nothing at the end.
pub fn line(reader: &mut impl BufRead, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.by_ref().take(most as u64).read_until(b'\n', &mut bytes)?;
    if !bytes.ends_with(b"\n") && bytes.len() == most {
        skip_line(reader)?;
    }
    Ok(bytes)
}

fn skip_line(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        let (used, done) = match buffer.iter().position(|b| *b == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        reader.consume(used);
        if done {
            return Ok(());
        }
    }
}

fn open(name: &str) -> Result<Box<dyn BufRead>, Failure> {
    if name == "-" {
        // Somebody who forgot to name a file would wait for an answer that never comes.
        if io::stdin().is_terminal() {
            eprintln_quiet("reading a request from the terminal: end it with Ctrl-D, or name a file");
        }
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let file = File::open(name).map_err(|error| Failure::file("read", name, &error))?;
    Ok(Box::new(BufReader::new(file)))
}

fn whole(name: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    open(name)?
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::file("read", name, &error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Failure::input(format!("`{name}` is longer than {} MiB", MOST_BYTES >> 20))
            .hint("use `byleave decide --lines`, which reads a line at a time"));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Failure::input(format!("`{}` holds no request", label(name))));
    }
    Ok(bytes)
}

/// The requests in a text: one, several in a row, or arrays of them. What is not JSON is passed on from where it stops
/// being JSON, with as many line breaks before it as there were, so that the engine's error names the right line.
fn split(name: &str, bytes: Vec<u8>, all: &mut Vec<Asked>) {
    let mut found: Vec<Vec<u8>> = Vec::new();
    let mut stream = serde_json::Deserializer::from_slice(&bytes).into_iter::<&RawValue>();
    loop {
        let at = stream.byte_offset();
        match stream.next() {
            None => break,
            Some(Ok(value)) => {
                let text = value.get();
                match serde_json::from_str::<Vec<&RawValue>>(text) {
                    Ok(items) if text.starts_with('[') => {
                        found.extend(items.iter().map(|item| item.get().as_bytes().to_vec()));
                    }
                    _ => found.push(text.as_bytes().to_vec()),
                }
            }
            Some(Err(_)) => {
                let (read, rest) = bytes.split_at_checked(at).unwrap_or((&[], &bytes));
                let breaks = read.iter().filter(|b| **b == b'\n').count();
                found.push([vec![b'\n'; breaks].as_slice(), rest].concat());
                break;
            }
        }
    }
    let several = found.len() > 1;
    all.extend(found.into_iter().enumerate().map(|(n, bytes)| Asked {
        name: if several { format!("{}#{}", label(name), n + 1) } else { label(name).to_owned() },
        bytes,
    }));
}

fn label(name: &str) -> &str {
    if name == "-" { "standard input" } else { name }
}
