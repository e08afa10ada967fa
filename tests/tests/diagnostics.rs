//! Author diagnostics: source files that hold the expected messages inline.
//!
//! Every `.leave` file under `tests/diagnostics` is one policy. A comment `//~ CODE words` expects a diagnostic of that
//! code, whose message and hint contain the words, to start on its own line; `//~^ CODE words` on the line above, one line
//! for each `^`. Every diagnostic must be expected, and every expectation met. Files under `syntax/` are only parsed, all
//! others are checked as a pack of their own.
//!
//! `BLESS=1 cargo test -p byleave-tests --test diagnostics` writes the expectations into the files; read them afterwards.

use byleave::ast;
use byleave::diag::{CODES, Diagnostic, explain};
use byleave::source::Sources;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What a line is expected to bring.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Expected {
    line: u32,
    code: String,
    words: String,
}

#[test]
fn files_bring_the_diagnostics_they_expect() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("diagnostics");
    let mut files = Vec::new();
    gather(&root, &mut files);
    assert!(!files.is_empty());
    let bless = std::env::var_os("BLESS").is_some();
    let mut failures = String::new();
    let mut codes = BTreeSet::new();
    for path in &files {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(path).unwrap();
        let found = if name.starts_with("syntax/") { parsed(&name, &text) } else { checked(&name, &text) };
        codes.extend(found.iter().map(|(_, code, _)| *code));
        if bless {
            std::fs::write(path, blessed(&text, &found)).unwrap();
            continue;
        }
        compare(&name, &expectations(&text), &found, &mut failures);
    }
    assert!(failures.is_empty(), "{failures}");
    for code in codes {
        assert!(explain(code).is_some(), "{code} is not in the table of codes");
    }
}

#[test]
fn codes_are_in_order_and_explained() {
    assert!(CODES.windows(2).all(|pair| pair[0].code < pair[1].code), "codes are sorted and unique");
    for entry in CODES {
        assert!(entry.explanation.len() > 20 && !entry.title.is_empty(), "{}", entry.code);
    }
}

/// The line, code and words of a diagnostic.
type Found = (u32, &'static str, String);

fn found(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<Found> {
    let words = |d: &Diagnostic| match &d.hint {
        Some(hint) => format!("{} ({hint})", d.message),
        None => d.message.clone(),
    };
    diagnostics.iter().map(|d| (sources.line_column(d.span).line, d.code, words(d))).collect()
}

/// The diagnostics of the parser alone.
fn parsed(name: &str, text: &str) -> Vec<Found> {
    let mut sources = Sources::new();
    let id = sources.add(name, text);
    let parsed = ast::parse(sources.get(id).unwrap());
    found(&parsed.diagnostics, &sources)
}

/// The diagnostics of the whole way to an engine, warnings among them.
fn checked(name: &str, text: &str) -> Vec<Found> {
    let (sources, outcome) = byleave::Engine::builder().source("test", name, text).try_build();
    match outcome {
        Ok(engine) => found(engine.warnings(), &sources),
        Err(diagnostics) => found(&diagnostics, &sources),
    }
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            gather(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "leave") {
            files.push(path);
        }
    }
}

fn expectations(text: &str) -> Vec<Expected> {
    let mut all = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for marker in line.split("//~").skip(1) {
            let above = marker.chars().take_while(|c| *c == '^').count();
            let marker = marker.trim_start_matches('^').trim();
            let (code, words) = marker.split_once(' ').unwrap_or((marker, ""));
            let line = (index + 1 - above) as u32;
            all.push(Expected { line, code: code.to_owned(), words: words.trim().to_owned() });
        }
    }
    all
}

fn compare(name: &str, expected: &[Expected], found: &[Found], failures: &mut String) {
    let mut open: Vec<&Found> = found.iter().collect();
    for want in expected {
        let fits = |it: &&Found| it.0 == want.line && it.1 == want.code && it.2.contains(&want.words);
        match open.iter().position(fits) {
            Some(index) => drop(open.remove(index)),
            None => writeln!(failures, "{name}:{}: missing {} {}", want.line, want.code, want.words).unwrap(),
        }
    }
    for (line, code, words) in open {
        writeln!(failures, "{name}:{line}: unexpected {code} {words}").unwrap();
    }
}

/// The text with the expectations at the ends of lines replaced by what was found. Lines of markers for the line above
/// are written by hand (a text that does not close swallows what follows it) and stay.
fn blessed(text: &str, found: &[Found]) -> String {
    let by_hand: Vec<Expected> = expectations(text)
        .into_iter()
        .filter(|want| {
            text.lines().nth(want.line as usize).is_some_and(|next| next.trim().starts_with("//~^"))
        })
        .collect();
    let mut out = String::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().starts_with("//~") {
            writeln!(out, "{line}").unwrap();
            continue;
        }
        let kept = line.split("//~").next().unwrap_or("").trim_end();
        let here = found.iter().filter(|it| it.0 as usize == index + 1);
        let open =
            here.filter(|it| !by_hand.iter().any(|want| (want.line, want.code.as_str()) == (it.0, it.1)));
        let markers: Vec<String> = open.map(|(_, code, words)| format!("  //~ {code} {words}")).collect();
        writeln!(out, "{kept}{}", markers.concat()).unwrap();
    }
    out
}
