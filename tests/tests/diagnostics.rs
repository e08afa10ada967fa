//! Author diagnostics: source files that hold the expected messages inline.
//!
//! Every `.leave` file under `tests/diagnostics` is one policy, but for `policies/`, where each folder is one and the folders
//! in it are its packs. A line `//* 50 TEXT` stands for the text fifty times over, each with its number for `#`; with
//! `//* 50 files` at its top, a file is given fifty times. A comment `//~ CODE words` expects a diagnostic of that
//! code, whose message and hint contain the words, to start on its own line; `//~^ CODE words` on the line above, one line
//! for each `^`. Every diagnostic must be expected, and every expectation met. Files under `syntax/` are only parsed, all
//! others are checked. Every code that there is has a case.
//!
//! `BLESS=1 cargo test -p byleave-tests --test diagnostics` writes the expectations into the files; read them afterwards.

use byleave::ast;
use byleave::diag::{CODES, Diagnostic};
use byleave::source::Sources;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What a line is expected to bring.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Expected {
    line: u32,
    code: String,
    words: String,
}

/// A policy with mistakes.
struct Case {
    /// Its files, by their path below `tests/diagnostics`, each with its text as it stands there.
    files: Vec<(String, String)>,
}

#[test]
fn files_bring_the_diagnostics_they_expect_and_every_code_has_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("diagnostics");
    let cases = cases(&root);
    let bless = std::env::var_os("BLESS").is_some();
    let mut failures = String::new();
    let mut codes = BTreeSet::new();
    for case in &cases {
        let found = found(case);
        codes.extend(found.values().flatten().map(|(_, code, _)| *code));
        for (name, text) in &case.files {
            let here = found.get(name).map_or(&[][..], Vec::as_slice);
            if bless {
                std::fs::write(root.join(name), blessed(text, here)).unwrap();
            } else {
                compare(name, &expectations(text), here, &mut failures);
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
    let known: BTreeSet<&str> = CODES.iter().map(|entry| entry.code).collect();
    assert_eq!(codes, known, "each code has a case, and each case brings codes that `byleave codes` lists");
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

/// What the files of a case bring, by file.
fn found(case: &Case) -> BTreeMap<String, Vec<Found>> {
    let mut lines: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let mut given = Vec::new();
    for (name, text) in &case.files {
        let (text, map) = laid_out(text);
        lines.insert(name.clone(), map);
        let pack = Path::new(name).parent().unwrap().to_string_lossy().into_owned();
        given.extend((0..times(&text)).map(|_| (pack.clone(), name.clone(), text.clone())));
    }
    let (diagnostics, sources) = match &given[..] {
        [(_, name, text)] if name.starts_with("syntax/") => {
            let mut sources = Sources::new();
            let id = sources.add(name, text);
            let parsed = ast::parse(sources.get(id).unwrap());
            (parsed.diagnostics, sources)
        }
        all => {
            let add = |builder: byleave::EngineBuilder, (pack, name, text): &(String, String, String)| {
                builder.source(pack, name, text)
            };
            let (sources, outcome) = all.iter().fold(byleave::Engine::builder(), add).try_build();
            match outcome {
                Ok(engine) => (engine.warnings().to_vec(), sources),
                Err(diagnostics) => (diagnostics, sources),
            }
        }
    };
    let words = |d: &Diagnostic| match &d.hint {
        Some(hint) => format!("{} ({hint})", d.message),
        None => d.message.clone(),
    };
    let mut out: BTreeMap<String, Vec<Found>> = BTreeMap::new();
    for d in &diagnostics {
        let name = &sources.get(d.span.source).unwrap().name;
        let line = sources.line_column(d.span).line as usize;
        let line = lines[name].get(line - 1).or(lines[name].last()).copied().unwrap_or(1);
        let found = (line, d.code, words(d));
        let here = out.entry(name.clone()).or_default();
        // What is repeated brings the same again.
        if !(times_over(case, name) && here.contains(&found)) {
            here.push(found);
        }
    }
    out
}

fn times_over(case: &Case, name: &str) -> bool {
    case.files.iter().any(|(own, text)| own == name && text.contains("//* "))
}

/// The text with what is repeated, and the line of the file that each of its lines stands for.
fn laid_out(text: &str) -> (String, Vec<u32>) {
    let (mut out, mut lines) = (String::new(), Vec::new());
    for (line, number) in text.lines().zip(1..) {
        match line.strip_prefix("//* ").and_then(|rest| rest.split_once(' ')) {
            Some((count, what)) if !what.starts_with("files") => {
                let what = what.split("//~").next().unwrap();
                for n in 1..=count.parse::<u32>().unwrap() {
                    writeln!(out, "{}", what.replace('#', &n.to_string())).unwrap();
                    lines.push(number);
                }
            }
            _ => {
                writeln!(out, "{line}").unwrap();
                lines.push(number);
            }
        }
    }
    (out, lines)
}

/// How often the file is given.
fn times(text: &str) -> u32 {
    let said = text.lines().next().and_then(|line| line.strip_prefix("//* ")?.split_once(" files"));
    said.map_or(1, |(count, _)| count.parse().unwrap())
}

fn cases(root: &Path) -> Vec<Case> {
    let mut files = Vec::new();
    gather(root, &mut files);
    let mut all: BTreeMap<String, Case> = BTreeMap::new();
    for path in files {
        let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        let policy = name.strip_prefix("policies/").and_then(|rest| rest.split('/').next());
        let key = policy.map_or_else(|| name.clone(), |policy| format!("policies/{policy}"));
        let text = std::fs::read_to_string(&path).unwrap();
        all.entry(key).or_insert_with(|| Case { files: Vec::new() }).files.push((name, text));
    }
    assert!(all.len() > 20);
    all.into_values().collect()
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
