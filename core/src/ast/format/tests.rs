//! The layout of every policy file there is, of files with their white space shaken, and of small cases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::{format, words};
use crate::ast::parse;
use crate::ast::scan::Scan;
use crate::source::Sources;
use proptest::prelude::*;
use std::path::{Path, PathBuf};

fn source(text: &str) -> Sources {
    let mut sources = Sources::new();
    sources.add("test", text);
    sources
}

fn laid(text: &str) -> Option<String> {
    format(source(text).iter().next().unwrap()).ok()
}

/// The tree without its places.
fn tree(text: &str) -> String {
    let sources = source(text);
    let parsed = parse(sources.iter().next().unwrap());
    assert!(parsed.is_ok(), "{text}");
    let debug = format!("{:?}", parsed.file.items);
    // A place is shown as `@0:4..8`.
    let place = |c: char| c.is_ascii_digit() || c == ':' || c == '.';
    debug.split('@').map(|part| part.trim_start_matches(place)).collect()
}

/// Lays a text and asserts that it means the same and is laid for good.
fn sound(name: &str, text: &str) -> String {
    let once = laid(text).unwrap_or_else(|| panic!("{name} does not parse:\n{text}"));
    let (before, after) = (source(text), source(&once));
    let (before, after) = (before.iter().next().unwrap(), after.iter().next().unwrap());
    let (from, to) = (words(before, &Scan::of(before)), words(after, &Scan::of(after)));
    assert!(from == to, "{name} has other words");
    assert!(tree(text) == tree(&once), "{name} means something else:\n{once}");
    let twice = laid(&once).unwrap();
    assert_eq!(once, twice, "{name} is laid otherwise the second time");
    assert!(once.lines().all(|line| line.trim_end() == line), "{name} has spaces at the end of a line");
    once
}

/// Every policy file of the repository.
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut folders: Vec<PathBuf> =
        ["packs", "examples", "tests"].iter().map(|name| root.join(name)).collect();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "leave") {
                files.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    assert!(files.len() > 20);
    files
}

#[test]
fn every_file() {
    let mut refused = 0;
    for (name, text) in files() {
        if laid(&text).is_some() {
            sound(&name, &text);
        } else {
            assert!(name.contains("diagnostics"), "{name} does not parse");
            refused += 1;
        }
    }
    assert!(refused > 3);
}

/// A file is never given back unlaid: that would hide a form which the layout breaks.
#[test]
fn no_file_is_left_as_it_was() {
    for (name, text) in files() {
        let spaced = text.replace('\n', " \n");
        if let Some(once) = laid(&spaced) {
            assert_ne!(once, spaced, "{name}");
        }
    }
}

#[test]
fn small_cases() {
    let cases = [
        ("use core   use us.tcpa", "use core\nuse us.tcpa\n"),
        ("\r\n\r\nuse core\r\n\r\n\r\n// end\r\n", "use core\n\n// end\n"),
        ("taxonomy t { }", "taxonomy t {}\n"),
        ("taxonomy t{a{b,c} d ,e}", "taxonomy t { a { b, c }  d, e }\n"),
        ("rule r { cite \"x\" when a }", "rule r { cite \"x\"  when a }\n"),
        (
            "rule r {\n\n cite \"x\" // why\n when ( a\n or b )\n\n}\nrule s { cite \"y\" }",
            "rule r {\n  cite     \"x\"  // why\n  when     (a\n           or b)\n}\n\nrule s { cite \"y\" }\n",
        ),
        (
            "define d:all of\n - any of\n   - a\n   -b and\n      c\n - d",
            "define d: all of\n  - any of\n      - a\n      - b and\n        c\n  - d\n",
        ),
        (
            "table t { row a b\n  one 1 08:00-20:00\n twenty - = // last\n}",
            "table t {\n  row     a  b\n  one     1  08:00-20:00\n  twenty  -  =  // last\n}\n",
        ),
        (
            "test \"t\" {\nat 2026-07-01T12:00:00Z person { id \"a\"\nrole self }\nconsents   none\n expect allow }",
            "test \"t\" {\n  at       2026-07-01T12:00:00Z\n  person   {\n    id \"a\"\n    role self\n  }\n  consents none\n  expect   allow\n}\n",
        ),
        ("define a: x // one\ndefine bcd: y // two\n", "define a:   x  // one\ndefine bcd: y  // two\n"),
        ("", ""),
    ];
    for (text, wanted) in cases {
        assert_eq!(sound(text, text), wanted);
    }
}

#[test]
fn what_does_not_parse_is_refused() {
    let sources = source("rule r { when }");
    assert!(!format(sources.iter().next().unwrap()).unwrap_err().is_empty());
}

/// A text with its white space shaken where it means nothing: outside dashed items and tables.
fn shaken(text: &str, dice: &[u8]) -> String {
    let mut dice = dice.iter().copied().cycle();
    let mut roll = || dice.next().unwrap_or(0);
    let mut shaken = String::new();
    let (mut table, mut dashed) = (false, false);
    let lines: Vec<&str> = text.lines().collect();
    for (number, line) in lines.iter().enumerate() {
        let body = line.trim_start();
        table |= line.starts_with("table ");
        let next = lines.get(number + 1).map_or("", |next| next.trim_start());
        dashed = body.starts_with("- ") || next.starts_with("- ") || (dashed && line.starts_with("   "));
        let fixed = table || dashed || body.contains("//");
        if !body.is_empty() && !line.starts_with([' ', '}']) && !table && !dashed && roll() < 40 {
            shaken.push_str("// put in\n");
        }
        if fixed || body.is_empty() {
            shaken.push_str(line);
        } else {
            let own = line.len() - body.len();
            let more = if own > 0 { usize::from(roll() % 9) } else { 0 };
            shaken.push_str(&" ".repeat(own + more));
            let mut quoted = false;
            for c in body.chars() {
                quoted ^= c == '"';
                shaken.push(c);
                if c == ' ' && !quoted {
                    match roll() {
                        0..=25 => shaken.push_str("  "),
                        26..=30 if own > 0 => shaken.push_str("\n     "),
                        31..=33 if own > 0 => shaken.push_str("// here\n\n\n     "),
                        _ => {}
                    }
                }
            }
        }
        if !table || !body.is_empty() {
            shaken.push_str(if roll() < 20 { "  \r\n" } else { "\n" });
        }
        if roll() < 10 && !body.starts_with("//") && !table {
            shaken.push_str("\n\n");
        }
        table &= !line.starts_with('}');
    }
    shaken
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shaken_files(pick in any::<prop::sample::Index>(), dice in prop::collection::vec(any::<u8>(), 50..400)) {
        let files: Vec<_> = files().into_iter().filter(|(name, _)| !name.contains("diagnostics")).collect();
        let (name, text) = pick.get(&files);
        let shaken = shaken(text, &dice);
        // An escaped quotation mark may have been taken for the end of a text: such a file is left out.
        if laid(&shaken).is_some() {
            sound(name, &shaken);
        }
    }
}
