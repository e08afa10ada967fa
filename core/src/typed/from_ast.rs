//! The checker: syntax of all packs to one linked, typed policy.
//!
//! Each step reads what the steps before it have linked: taxonomies, facts, calendars, settings, names, then conditions.
//! Every mistake is reported and the rest is checked all the same; a policy comes out only if there was none.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::{SourceId, Sources, Span};
use crate::time::ZoneSet;
use crate::typed::linker::{Linker, PackFile, PackIn, doc};
use crate::typed::{Pack, PackTest, Policy};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What checking gives.
#[derive(Debug)]
pub struct Checked {
    /// The policy; `None` if any diagnostic is an error.
    pub policy: Option<Policy>,
    /// Everything the authors should know, in the order of the files' names and of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The tests that stand in the packs; empty if there is no policy.
    pub tests: Vec<PackTest>,
}

/// Checks and links all packs. The order of `files` makes no difference.
#[must_use]
pub fn check(files: &[PackFile<'_>], sources: &Sources) -> Checked {
    let mut cx = Linker::new(sources);
    packs(&mut cx, files);
    uses(&mut cx);
    super::taxonomies::link(&mut cx);
    super::facts::link(&mut cx);
    super::calendars::link(&mut cx);
    super::tables::link(&mut cx);
    super::settings::link(&mut cx);
    super::instruments::declare(&mut cx);
    super::rules::declare(&mut cx);
    super::instruments::link(&mut cx);
    super::rules::link(&mut cx);
    let words_used = cx.used.words.clone();
    super::unused::check_definitions(&mut cx);
    let (reach, reach_pack) = super::reach::link(&mut cx);
    let replies = super::replies::link(&mut cx);
    let policy = Policy {
        packs: cx.packs.iter().map(|p| head(p, &cx)).collect(),
        vocabulary: Arc::new(cx.vocabulary.clone()),
        settings: std::mem::take(&mut cx.settings),
        dated: std::mem::take(&mut cx.dated),
        calendars: std::mem::take(&mut cx.calendars),
        instruments: std::mem::take(&mut cx.instruments),
        exemptions: std::mem::take(&mut cx.exemptions),
        rules: std::mem::take(&mut cx.rules),
        zones: ZoneSet::default(),
        reach,
        reach_pack,
        conditions: cx.conditions(),
        replies,
    };
    super::polarity::check(&mut cx, &policy);
    super::vacuous::check(&mut cx, &policy);
    super::unused::check(&mut cx, &policy, &words_used);
    if cx.failed() {
        // Tests of a policy that cannot be used would only repeat its mistakes.
        return Checked { policy: None, diagnostics: cx.into_diagnostics(), tests: Vec::new() };
    }
    let tests = super::tests_to_requests::link(&mut cx, &policy);
    let failed = cx.failed();
    Checked { policy: (!failed).then_some(policy), diagnostics: cx.into_diagnostics(), tests }
}

/// Gathers files into packs, in order of the packs' names.
fn packs<'a>(cx: &mut Linker<'a>, files: &[PackFile<'a>]) {
    let mut groups: BTreeMap<&str, Vec<PackFile<'a>>> = BTreeMap::new();
    for file in files {
        groups.entry(file.pack).or_default().push(*file);
    }
    let name_of = |id: SourceId| cx.sources.get(id).map_or("", |s| s.name.as_str());
    // The bundled zone data always has it; without, no pack's dates could be read.
    let Some(utc) = crate::time::zone::zone("UTC") else {
        cx.error("E0210", Span::default(), "the bundled zone data knows no `UTC`");
        return;
    };
    let mut found: Vec<PackIn<'a>> = Vec::new();
    let mut problems: Vec<Diagnostic> = Vec::new();
    for (_, mut group) in groups {
        group.sort_by(|a, b| name_of(a.source).cmp(name_of(b.source)));
        let items: Vec<&'a ast::Item> = group.iter().flat_map(|f| f.file.items.iter()).collect();
        let mut heads = items.iter().filter_map(|i| if let ast::Item::Pack(p) = i { Some(p) } else { None });
        let Some(head) = heads.next() else {
            let start = group.first().map(|f| Span::new(f.source, 0, 0)).unwrap_or_default();
            problems.push(
                Diagnostic::new("E0209", start, "no file of this folder says which pack it is")
                    .hint("write `pack NAME { … }` at the top of one of them"),
            );
            continue;
        };
        for second in heads {
            problems.push(
                Diagnostic::new(
                    "E0209",
                    second.name.span,
                    "the files of one folder are one pack, with one head",
                )
                .label(head.name.span, "the pack is named here"),
            );
        }
        found.push(PackIn {
            name: head.name.text.clone(),
            head,
            sources: group.iter().map(|f| f.source).collect(),
            items,
            uses: Vec::new(),
            clock: Arc::clone(&utc),
            business_days: None,
        });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    let mut kept: Vec<PackIn<'a>> = Vec::new();
    for pack in found {
        match kept.last().filter(|p| p.name == pack.name) {
            Some(first) => problems.push(
                Diagnostic::new("E0202", pack.head.name.span, format!("pack `{}` is there twice", pack.name))
                    .label(first.head.name.span, "first here"),
            ),
            None => kept.push(pack),
        }
    }
    cx.packs = kept;
    for problem in problems {
        cx.report(problem);
    }
    for pack in 0..cx.packs.len() {
        let Some(name) = cx.pack(pack).and_then(|p| p.head.clock.as_ref()) else { continue };
        if let (Some(zone), Some(p)) = (cx.zone(name), cx.packs.get_mut(pack)) {
            p.clock = zone;
        }
    }
}

/// Resolves every `use`.
fn uses(cx: &mut Linker<'_>) {
    for pack in 0..cx.packs.len() {
        let mut uses = Vec::new();
        for item in cx.items(pack) {
            let ast::Item::Use(it) = item else { continue };
            let Some(other) = cx.packs.iter().position(|p| p.name == it.pack.text) else {
                let names: Vec<String> = cx.packs.iter().map(|p| p.name.clone()).collect();
                let diagnostic =
                    Diagnostic::new("E0205", it.pack.span, format!("no pack `{}` is loaded", it.pack.text))
                        .suggest(&it.pack.text, names.iter().map(String::as_str));
                cx.report(diagnostic);
                continue;
            };
            if other == pack {
                cx.error("E0205", it.pack.span, "a pack need not use itself");
            } else if let Some((_, first)) = uses.iter().find(|(p, _): &&(usize, &ast::Use)| *p == other) {
                let diagnostic =
                    Diagnostic::new("E0202", it.span, format!("`{}` is used already", it.pack.text))
                        .label(first.span, "here");
                cx.report(diagnostic);
            } else {
                uses.push((other, it));
            }
        }
        if let Some(p) = cx.packs.get_mut(pack) {
            p.uses = uses;
        }
    }
}

fn head(pack: &PackIn<'_>, cx: &Linker<'_>) -> Pack {
    let head = pack.head;
    let text = |t: &Option<ast::Text>| t.as_ref().map_or_else(String::new, |t| t.value.clone());
    let mut digest = Sha256::new();
    for id in &pack.sources {
        if let Some(source) = cx.sources.get(*id) {
            digest.update(source.text.as_bytes());
        }
        // Where one file ends: no text holds this byte, so that moving a line between files shows.
        digest.update([0]);
    }
    Pack {
        name: pack.name.clone(),
        title: text(&head.title),
        doc: doc(head.doc.as_ref()),
        sources: head.source.iter().map(|t| t.value.clone()).collect(),
        edition: text(&head.edition),
        reviewed: head.reviewed.as_ref().map(super::literals::date),
        clock: Arc::clone(&pack.clock),
        uses: pack.uses.iter().map(|(i, _)| cx.pack_name(*i).to_string()).collect(),
        digest: digest.finalize().iter().map(|b| format!("{b:02x}")).collect(),
    }
}
