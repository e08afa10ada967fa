//! The house's order: rooms import earlier rooms and shelves only, files stay readable, names are unique.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_path_buf()
}

fn files(dir: &Path, ext: &str, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().to_string();
        if path.is_dir() && !matches!(name.as_str(), "target" | "node_modules" | ".git") {
            files(&path, ext, out);
        } else if path.extension().is_some_and(|e| e == ext) {
            out.push(path);
        }
    }
}

fn rust() -> Vec<PathBuf> {
    let mut out = Vec::new();
    for dir in ["grammar", "core", "packs", "ledger", "bindings", "examples", "tests"] {
        files(&root().join(dir), "rs", &mut out);
    }
    out
}

#[test]
fn rooms_import_earlier_rooms_and_shelves_only() {
    const ROOMS: [&str; 9] =
        ["ast", "typed", "program", "facts", "compiled", "eval", "decision", "replies", "engine"];
    let mut wrong = Vec::new();
    for (i, room) in ROOMS.iter().enumerate() {
        let mut sources = Vec::new();
        files(&root().join("core/src").join(room), "rs", &mut sources);
        for path in sources {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            for line in text.lines().map(str::trim).filter(|l| !l.starts_with("//")) {
                for later in ROOMS.iter().skip(i + 1) {
                    // Facts are read through the program's policy, and the program's constants are facts' slots.
                    let pair = (*room == "program" && *later == "facts")
                        || (*room == "facts" && *later == "program");
                    if !pair && line.contains(&format!("crate::{later}::")) {
                        wrong.push(format!("{}: {line}", path.display()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "a room imports a later one:\n{}", wrong.join("\n"));
}

#[test]
fn files_are_short_and_say_what_they_are() {
    let mut wrong = Vec::new();
    for path in rust() {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        if !text.starts_with("//!") && !path.ends_with("build.rs") {
            wrong.push(format!("{}: does not begin with what it is", path.display()));
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().filter(|l| !l.trim().is_empty() && !l.trim().starts_with("//")).count();
        if lines > 600 {
            wrong.push(format!("{}: {lines} lines of code", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_in_the_corpus_are_unique() {
    let mut seen = BTreeSet::new();
    for (file, cases) in byleave_tests::corpus::files().expect("the corpus") {
        for case in cases.cases {
            assert!(seen.insert(case.name.clone()), "{file}: `{}` stands twice", case.name);
        }
    }
}

#[test]
fn nothing_of_the_workshop_shows() {
    let forbidden = [concat!("/work", "/"), concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    let mut all = rust();
    for ext in ["leave", "md", "json", "toml", "pest", "py", "pyi"] {
        files(&root(), ext, &mut all);
    }
    let mut wrong = Vec::new();
    for path in all {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        wrong.extend(
            forbidden.iter().filter(|w| text.contains(**w)).map(|w| format!("{}: `{w}`", path.display())),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
