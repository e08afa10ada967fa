//! Bases: lines that tests have in common, laid out where `given` names them.
//!
//! A base belongs to the tests of its own pack. Its lines stand in place of `given`, so that a later line may say a fact
//! otherwise; events add up. A base is not given others: a test names all that it needs, and nothing nests.

use crate::ast;
use crate::diag::Diagnostic;
use crate::typed::linker::Linker;
use std::collections::{BTreeMap, BTreeSet};

/// So much text may the tests of a policy have with their bases in place: what is written once can stand in thousands of
/// tests and cases, each of which becomes a request.
const MAX_TEST_BYTES: usize = 16 << 20;

/// The bases of a pack by name, the first of each.
pub(crate) type Bases<'a> = BTreeMap<&'a str, &'a ast::Base>;

/// The bases of each pack, when they and the tests can be used: names, what may stand in a base, that tests use them, and
/// that the tests are not too long with them.
pub(crate) fn check<'a>(cx: &mut Linker<'a>) -> Option<Vec<Bases<'a>>> {
    let mut all = Vec::new();
    let mut room = MAX_TEST_BYTES;
    for pack in 0..cx.packs.len() {
        let bases = named(cx, pack);
        let mut used = BTreeSet::new();
        for item in cx.items(pack) {
            let (lines, times, span) = match item {
                ast::Item::Test(it) => (&it.lines, 1, it.title.span),
                ast::Item::Cases(it) => (&it.base, it.cases.len(), it.title.span),
                _ => continue,
            };
            unknown(cx, lines, &bases);
            used.extend(given(lines).map(|name| name.text.as_str()));
            let bytes: usize = laid_out(&bases, lines).iter().map(|line| line.span.range().len()).sum();
            let Some(left) = room.checked_sub(bytes.saturating_mul(times)) else {
                let most = MAX_TEST_BYTES >> 20;
                let message =
                    format!("with bases in place, the tests of a policy hold at most {most} MiB of text");
                cx.error("E0708", span, message);
                return None;
            };
            room = left;
        }
        for base in bases.values().filter(|base| !used.contains(base.name.text.as_str())) {
            cx.report(Diagnostic::new("W0801", base.name.span, "no test is given this base"));
        }
        all.push(bases);
    }
    Some(all)
}

/// A test's lines with those of the bases it names in place of `given`, each base once.
pub(crate) fn laid_out<'a>(bases: &Bases<'a>, lines: &'a [ast::TestLine]) -> Vec<&'a ast::TestLine> {
    let mut out = Vec::new();
    let mut done = BTreeSet::new();
    for line in lines {
        let ast::TestLineKind::Given(names) = &line.kind else {
            out.push(line);
            continue;
        };
        for name in names.iter().filter(|name| done.insert(name.text.as_str())) {
            out.extend(bases.get(name.text.as_str()).into_iter().flat_map(|base| &base.lines));
        }
    }
    out
}

fn named<'a>(cx: &mut Linker<'a>, pack: usize) -> Bases<'a> {
    let mut bases: Bases<'a> = BTreeMap::new();
    for item in cx.items(pack) {
        let ast::Item::Base(base) = item else { continue };
        if let Some(first) = bases.get(base.name.text.as_str()) {
            let message = format!("`{}` is declared twice in this pack", base.name.text);
            let diagnostic =
                Diagnostic::new("E0202", base.name.span, message).label(first.name.span, "first here");
            cx.report(diagnostic);
        } else {
            bases.insert(&base.name.text, base);
        }
        for line in &base.lines {
            match &line.kind {
                ast::TestLineKind::Expect(_) => {
                    let message = "a base has facts; what is expected of them stands in a test";
                    cx.error("E0213", line.span, message);
                }
                ast::TestLineKind::Given(_) => {
                    let diagnostic = Diagnostic::new("E0213", line.span, "a base is not given another")
                        .hint("write both in the test: `given a, b`");
                    cx.report(diagnostic);
                }
                _ => {}
            }
        }
    }
    bases
}

fn given(lines: &[ast::TestLine]) -> impl Iterator<Item = &ast::Name> {
    lines.iter().flat_map(|line| match &line.kind {
        ast::TestLineKind::Given(names) => names.as_slice(),
        _ => &[],
    })
}

fn unknown(cx: &mut Linker<'_>, lines: &[ast::TestLine], bases: &Bases<'_>) {
    for name in given(lines).filter(|name| !bases.contains_key(name.text.as_str())) {
        let mut diagnostic =
            Diagnostic::new("E0201", name.span, format!("no base is called `{}`", name.text))
                .suggest(&name.text, bases.keys().copied());
        if diagnostic.hint.is_none() {
            diagnostic = diagnostic.hint("a base is declared beside the tests: `base NAME { … }`");
        }
        cx.report(diagnostic);
    }
}
