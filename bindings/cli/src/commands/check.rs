//! `byleave check`: mistakes in policy, many a run, each with its lines.

use crate::args::Check;
use crate::diagnose::{MOST, Report, draw, tally};
use crate::engine;
use crate::exit::{Exit, Failure};
use crate::load::{self, Pack};
use crate::out::{Out, Style, Text};
use crate::page::words::count;
use byleave::diag::Diagnostic;
use byleave::source::Sources;
use serde_json::json;
use std::collections::BTreeSet;

/// Checks what was named: what could be loaded together, together; then each pack with the tests beside it.
pub fn run(args: &Check, out: &mut Out) -> Result<Exit, Failure> {
    let packs = load::named(&args.policies)?;
    let mut found = Found::default();
    for group in packs.together() {
        found.take(&group, None);
    }
    for pack in packs.asked().filter(|pack| !pack.tests.is_empty()) {
        found.take(&packs.closure(pack), Some(pack));
    }
    let files: usize = packs.asked().map(|pack| pack.files.len() + pack.tests.len()).sum();
    let checked = format!("{} in {}", count(files, "file"), count(packs.asked().count(), "pack"));
    if out.json {
        let ok = found.errors == 0 && !(args.strict && found.warnings > 0);
        let diagnostics: Vec<_> = found.reports.into_iter().flat_map(|report| report.diagnostics).collect();
        out.document(&json!({
            "ok": ok, "files": files, "errors": found.errors, "warnings": found.warnings, "diagnostics": diagnostics,
        }))?;
    } else {
        let mut left = MOST;
        for (all, sources) in &found.diagnostics {
            for it in all.iter().take(left) {
                out.raw(&draw(it, sources, out.color))?;
                out.blank()?;
            }
            left = left.saturating_sub(all.len());
        }
        let hidden = (found.errors + found.warnings).saturating_sub(MOST);
        if hidden > 0 {
            out.line(&Text::new(0).with(Style::Dim, format!("and {hidden} more, which --json lists")), 2)?;
        }
        let style = match (found.errors, found.warnings) {
            (0, 0) => Style::Good,
            (0, _) => Style::Wait,
            _ => Style::Bad,
        };
        let line = Text::new(0).plain(format!("checked {checked}: "));
        out.line(&line.with(style, tally(found.errors, found.warnings)), 2)?;
    }
    let bad = found.errors > 0 || (args.strict && found.warnings > 0);
    Ok(if bad { Exit::Policy } else { Exit::Good })
}

/// What was found so far. Packs are read more than once; each mistake is told once.
#[derive(Default)]
struct Found {
    told: BTreeSet<String>,
    errors: usize,
    warnings: usize,
    reports: Vec<Report>,
    diagnostics: Vec<(Vec<Diagnostic>, Sources)>,
}

impl Found {
    fn take(&mut self, packs: &[&Pack], tests_of: Option<&Pack>) {
        let (diagnostics, sources) = match engine::of(packs, tests_of) {
            Ok(engine) => (engine.warnings().to_vec(), engine.sources().clone()),
            Err(told) => told,
        };
        let fresh: Vec<Diagnostic> =
            diagnostics.into_iter().filter(|it| self.told.insert(it.to_line(&sources))).collect();
        let report = Report::of(&fresh, &sources);
        self.errors += report.errors;
        self.warnings += report.warnings;
        self.reports.push(report);
        self.diagnostics.push((fresh, sources));
    }
}
