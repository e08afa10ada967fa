//! `byleave fmt`: policy in the one layout.

use crate::args::Fmt;
use crate::diagnose::{MOST, draw, eprintln_quiet};
use crate::exit::{Exit, Failure};
use crate::load;
use crate::out::{Out, Style, Text};
use crate::page::words::count;
use byleave::diag::Diagnostic;
use byleave::source::{MAX_FILE_BYTES, Sources};
use serde_json::json;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Formats in place, or says what would change.
pub fn run(args: &Fmt, out: &mut Out) -> Result<Exit, Failure> {
    if args.stdin || args.paths.iter().any(|path| path == "-") {
        return stdin(args.check, out);
    }
    let paths = if args.paths.is_empty() { vec![".".to_owned()] } else { args.paths.clone() };
    let mut files: Vec<PathBuf> = Vec::new();
    for path in &paths {
        files.extend(load::files(path)?);
    }
    files.sort();
    files.dedup();
    let mut changed = Vec::new();
    // A file with mistakes keeps none of the others from being formatted, and all mistakes are told.
    let mut refused: Vec<(Vec<Diagnostic>, Sources)> = Vec::new();
    for file in &files {
        let bytes = load::read(file)?;
        match layout(&load::shown(file), &bytes) {
            Ok(better) if better.as_bytes() == bytes => {}
            Ok(better) => {
                if !args.check {
                    replace(file, &better).map_err(|e| Failure::file("write", &load::shown(file), &e))?;
                }
                changed.push(load::shown(file));
            }
            Err(why) => refused.push(why),
        }
    }
    tell(args.check, files.len(), &changed, &refused, out)?;
    let found = args.check && !changed.is_empty();
    Ok(if !refused.is_empty() {
        Exit::Policy
    } else if found {
        Exit::Found
    } else {
        Exit::Good
    })
}

fn tell(
    check: bool,
    files: usize,
    changed: &[String],
    refused: &[(Vec<Diagnostic>, Sources)],
    out: &mut Out,
) -> Result<(), Failure> {
    let each = || refused.iter().flat_map(|(all, sources)| all.iter().map(move |it| (it, sources)));
    if out.json {
        let diagnostics: Vec<_> = each().map(|(it, sources)| it.to_json(sources)).collect();
        let written = !check;
        out.document(
            &json!({ "files": files, "changed": changed, "written": written, "diagnostics": diagnostics }),
        )?;
        return Ok(());
    }
    for (it, sources) in each().take(MOST) {
        eprintln_quiet(&format!("{}\n", draw(it, sources, out.color_err)));
    }
    for name in changed {
        let word = if check { "would change" } else { "formatted" };
        out.line(&Text::new(0).with(Style::Dim, word).plain(" ").plain(name), 2)?;
    }
    let mut sum = match (changed.len(), check) {
        (0, _) if refused.is_empty() => format!("{}, all in the one layout", count(files, "file")),
        (0, _) => count(files, "file"),
        (n, true) => format!("{}, {n} not in the one layout: run `byleave fmt`", count(files, "file")),
        (n, false) => format!("{}, {n} formatted", count(files, "file")),
    };
    if !refused.is_empty() {
        sum.push_str(&format!(", {} with mistakes left as they are", refused.len()));
    }
    Ok(out.line(&Text::new(0).plain(sum), 2)?)
}

/// Standard input to standard output; nothing is written when it cannot be read, so that an editor's buffer survives.
fn stdin(check: bool, out: &mut Out) -> Result<Exit, Failure> {
    let mut bytes = Vec::new();
    io::stdin()
        .take(MAX_FILE_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::file("read", "standard input", &error))?;
    let better = layout("standard input", &bytes).map_err(|why| Failure::Policy(Box::new(why)))?;
    if check {
        let changed: Vec<String> =
            (better.as_bytes() != bytes).then(|| "standard input".to_owned()).into_iter().collect();
        tell(true, 1, &changed, &[], out)?;
        return Ok(if changed.is_empty() { Exit::Good } else { Exit::Found });
    }
    out.bytes(better.as_bytes())?;
    Ok(Exit::Good)
}

/// The text in the one layout.
fn layout(name: &str, bytes: &[u8]) -> Result<String, (Vec<Diagnostic>, Sources)> {
    let mut sources = Sources::new();
    let id = sources.add_bytes(name, bytes);
    let done = sources.get(id).map_or_else(|| Ok(String::new()), byleave::ast::format);
    done.map_err(|why| (why, sources))
}

/// Written beside and then moved, so that a full disk leaves the old file whole.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".byleave-fmt");
    let beside = file.with_file_name(name);
    let done = fs::File::create(&beside)
        .and_then(|mut it| it.write_all(text.as_bytes()).and_then(|()| it.sync_all()))
        .and_then(|()| fs::set_permissions(&beside, fs::metadata(file)?.permissions()))
        .and_then(|()| fs::rename(&beside, fs::canonicalize(file)?));
    if done.is_err() {
        drop(fs::remove_file(&beside));
    }
    done
}
