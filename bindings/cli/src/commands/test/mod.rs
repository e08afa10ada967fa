//! `byleave test`: the tests that stand beside the law.
//!
//! Each pack is tested with the packs that it uses and with what its test files declare, by an engine of its own: the
//! senders that one pack's tests invent are nothing to another's.

mod coverage;
mod except;
mod junit;

use crate::args::Test;
use crate::diagnose::{MOST, Report, draw, draw_at};
use crate::engine;
use crate::exit::{Exit, Failure};
use crate::load::{self, Pack};
use crate::out::{Out, Style, Text};
use crate::page::words::count;
use annotate_snippets::Level;
use byleave::Coverage;
use byleave::diag::Diagnostic;
use byleave::source::{Sources, Span};
use byleave::typed::{Expect, PackTest};
use coverage::Covered;
use except::Except;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What came of one test.
#[derive(Debug)]
pub struct Tested {
    /// What it shows.
    pub title: String,
    /// `file:line`
    pub place: String,
    /// Where.
    pub span: Span,
    /// What was not as expected; empty: passed.
    pub wrong: Vec<String>,
}

/// What came of a pack's tests.
pub struct Suite {
    /// The pack.
    pub pack: String,
    /// Its tests, in written order.
    pub tests: Vec<Tested>,
    /// What they have seen, when that was asked.
    pub covered: Option<Covered>,
    sources: Sources,
}

impl Suite {
    fn failed(&self) -> impl Iterator<Item = &Tested> {
        self.tests.iter().filter(|it| !it.wrong.is_empty())
    }
}

/// Runs the tests of what was named.
pub fn run(args: &Test, out: &mut Out) -> Result<Exit, Failure> {
    let packs = load::named(&args.policies)?;
    let except = args.except.as_deref().map(Except::read).transpose()?.unwrap_or_default();
    let mut suites = Vec::new();
    let mut refused = Refused::default();
    for pack in packs.asked() {
        match suite(&packs.closure(pack), pack, args, &except) {
            Ok(suite) => {
                if !out.json {
                    print(&suite, args, out)?;
                }
                suites.push(suite);
            }
            // A pack with mistakes keeps no other from being tested.
            Err((diagnostics, sources)) => refused.take(&pack.name, &diagnostics, &sources, out)?,
        }
    }
    let total: usize = suites.iter().map(|it| it.tests.len()).sum();
    let failed: usize = suites.iter().map(|it| it.failed().count()).sum();
    if total == 0 && args.filter.is_some() && refused.packs.is_empty() {
        return Err(Failure::usage("no test's title, rule or pack holds the text of --filter"));
    }
    if let Some(path) = &args.junit {
        let name = load::shown(path);
        std::fs::write(path, junit::report(&suites))
            .map_err(|error| Failure::file("write", &name, &error))?;
    }
    let tested: Vec<&str> = suites.iter().map(|it| it.pack.as_str()).collect();
    let idle: Vec<String> = except.idle(&tested).collect();
    let gaps = || suites.iter().filter_map(|it| it.covered.as_ref()).any(Covered::has_gaps);
    let incomplete = args.complete && (!idle.is_empty() || gaps());
    if out.json {
        out.document(&json!({
            "ok": failed == 0 && !incomplete && refused.packs.is_empty(), "refused": refused.packs, "tests": total, "passed": total - failed, "failed": failed,
            "packs": suites.iter().map(document).collect::<Vec<Value>>(),
        }))?;
    } else {
        for place in &idle {
            let line = Text::new(0).with(Style::Wait, "covered, or not there, after all: ");
            out.line(&line.plain(place), 2)?;
        }
        summary(&suites, total, failed, out)?;
        refused.summary(out)?;
    }
    Ok(match (refused.packs.is_empty(), failed) {
        (false, _) => Exit::Policy,
        (true, 0) if !incomplete => Exit::Good,
        (true, _) => Exit::Found,
    })
}

/// Packs that cannot be tested, for they have errors.
#[derive(Default)]
struct Refused {
    packs: Vec<Value>,
    names: Vec<String>,
    /// What was told already: packs are read with those that they use, whose mistakes would be told again.
    told: BTreeSet<String>,
}

impl Refused {
    fn take(
        &mut self,
        pack: &str,
        diagnostics: &[Diagnostic],
        sources: &Sources,
        out: &mut Out,
    ) -> Result<(), Failure> {
        let fresh: Vec<&Diagnostic> =
            diagnostics.iter().filter(|it| self.told.insert(it.to_line(sources))).collect();
        let left = MOST.saturating_sub(self.told.len() - fresh.len());
        for it in fresh.iter().take(if out.json { 0 } else { left }) {
            out.raw(&draw(it, sources, out.color))?;
            out.blank()?;
        }
        self.packs.push(json!({ "pack": pack, "report": Report::of(diagnostics, sources) }));
        self.names.push(pack.to_owned());
        Ok(())
    }

    fn summary(&self, out: &mut Out) -> Result<(), Failure> {
        if self.names.is_empty() {
            return Ok(());
        }
        let words = format!("{} with errors, not tested", count(self.names.len(), "pack"));
        let line = Text::new(0).with(Style::Bad, words).plain(format!(": {}", self.names.join(", ")));
        Ok(out.line(&line, 2)?)
    }
}

fn suite(
    packs: &[&Pack],
    pack: &Pack,
    args: &Test,
    except: &Except,
) -> Result<Suite, (Vec<Diagnostic>, Sources)> {
    let engine = engine::of(packs, Some(pack))?;
    let index = engine.policy().packs.iter().position(|it| it.name == pack.name);
    let mut coverage = Coverage::default();
    let mut tests = Vec::new();
    for test in engine.tests().iter().filter(|it| Some(usize::from(it.pack)) == index) {
        if !wanted(test, &pack.name, args.filter.as_deref()) {
            continue;
        }
        let wrong = match engine.run_test(test, &mut coverage) {
            Ok(report) => report.differences,
            Err(error) => vec![format!("the facts were refused: {error}")],
        };
        tests.push(Tested {
            title: test.title.clone(),
            place: engine::place(engine.sources(), test.span),
            span: test.span,
            wrong,
        });
    }
    let asked = args.coverage || args.complete || args.except.is_some();
    let covered = asked.then(|| Covered::of(&engine, pack, &coverage, except));
    Ok(Suite { pack: pack.name.clone(), tests, covered, sources: engine.sources().clone() })
}

fn wanted(test: &PackTest, pack: &str, filter: Option<&str>) -> bool {
    let Some(text) = filter.map(str::to_lowercase) else { return true };
    let rules = match &test.expect {
        Expect::Decision(expect) => expect.because.iter().map(String::as_str).collect(),
        Expect::Rule { rule, .. } => vec![rule.as_str()],
    };
    [test.title.as_str(), pack].into_iter().chain(rules).any(|it| it.to_lowercase().contains(&text))
}

fn print(suite: &Suite, args: &Test, out: &mut Out) -> Result<(), Failure> {
    for it in &suite.tests {
        if it.wrong.is_empty() {
            if args.verbose {
                let line = Text::new(0).with(Style::Good, "ok     ").plain(&it.title);
                out.line(&line.with(Style::Dim, format!("  {}", it.place)), 7)?;
            }
            continue;
        }
        let notes: Vec<(Level<'_>, &str)> = it.wrong.iter().map(|it| (Level::NOTE, it.as_str())).collect();
        let title = Level::ERROR.with_name("failed").primary_title(crate::out::clean(&it.title));
        out.raw(&draw_at(title, it.span, &[], &notes, &suite.sources, out.color))?;
        out.blank()?;
    }
    if let Some(covered) = &suite.covered {
        covered.print(&suite.pack, out)?;
    }
    Ok(())
}

fn summary(suites: &[Suite], total: usize, failed: usize, out: &mut Out) -> Result<(), Failure> {
    if let Some(sum) = Covered::sum(suites.iter().filter_map(|it| it.covered.as_ref())) {
        out.line(&Text::new(0).plain(sum), 2)?;
    }
    let packs = suites.iter().filter(|it| !it.tests.is_empty()).count();
    let line = Text::new(0).plain(format!("{} in {}: ", count(total, "test"), count(packs, "pack")));
    let line = line.with(Style::Good, format!("{} passed", total - failed));
    let line = if failed == 0 { line } else { line.plain(", ").with(Style::Bad, format!("{failed} failed")) };
    Ok(out.line(&line, 2)?)
}

fn document(suite: &Suite) -> Value {
    let tests: Vec<Value> = suite
        .tests
        .iter()
        .map(|it| json!({ "title": it.title, "place": it.place, "ok": it.wrong.is_empty(), "wrong": it.wrong }))
        .collect();
    json!({ "pack": suite.pack, "tests": tests, "coverage": suite.covered.as_ref().map(Covered::json) })
}
