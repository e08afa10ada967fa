//! What the checker knows while it works: packs, names, everything linked so far, what has been used, what went wrong.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::{SourceId, Sources, Span};
use crate::time::{Calendar, Zone};
use crate::typed::names::Names;
use crate::typed::{CondId, Dated, Exemption, Instrument, Rule, Setting, Vocabulary};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One file of a policy and the pack it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct PackFile<'a> {
    /// What groups files into packs: the folder, usually. Never shown and never ordered by.
    pub pack: &'a str,
    /// Its text.
    pub source: SourceId,
    /// Its syntax.
    pub file: &'a ast::File,
}

/// A pack while it is checked.
pub(crate) struct PackIn<'a> {
    /// `us.tcpa`
    pub name: String,
    /// `pack … { … }`
    pub head: &'a ast::Pack,
    /// Its files, by name.
    pub sources: Vec<SourceId>,
    /// The items of all files.
    pub items: Vec<&'a ast::Item>,
    /// What it uses: index of the pack and the line.
    pub uses: Vec<(usize, &'a ast::Use)>,
    /// Where its dates are read.
    pub clock: Arc<Zone>,
    /// Its business days (index into the policy's calendars).
    pub business_days: Option<usize>,
}

/// Everything linked so far.
pub(crate) struct Linker<'a> {
    pub sources: &'a Sources,
    pub packs: Vec<PackIn<'a>>,
    pub names: Names<'a>,
    pub vocabulary: Vocabulary,
    pub settings: Vec<Setting>,
    pub dated: Vec<Dated>,
    pub calendars: Vec<Arc<Calendar>>,
    pub instruments: Vec<Instrument>,
    pub exemptions: Vec<Exemption>,
    pub rules: Vec<Rule>,
    /// Exemptions made of definitions: pack and name.
    pub from_defines: BTreeMap<(usize, String), Option<usize>>,
    pub used: Used,
    /// Nodes of all conditions so far.
    pub size: usize,
    /// Whether a limit was hit: what was cut off says nothing about what is used.
    pub cut: bool,
    diagnostics: Vec<Diagnostic>,
    said: BTreeSet<(&'static str, Span, String)>,
    ids: BTreeMap<(Span, u32), CondId>,
}

/// What has been looked up at least once.
#[derive(Default)]
pub(crate) struct Used {
    /// By using pack and used pack.
    pub packs: BTreeSet<(usize, usize)>,
    /// Definitions, settings, dated values, instruments, by pack and name.
    pub words: BTreeSet<(usize, String)>,
    /// Exemptions.
    pub exemptions: BTreeSet<(usize, String)>,
    /// Columns, by pack, table and column.
    pub columns: BTreeSet<(usize, String, String)>,
    /// A missing `use` is said once for each pair of packs.
    pub unused_said: BTreeSet<(usize, usize)>,
}

impl<'a> Linker<'a> {
    pub fn new(sources: &'a Sources) -> Linker<'a> {
        Linker {
            sources,
            packs: Vec::new(),
            names: Names::default(),
            vocabulary: Vocabulary::default(),
            settings: Vec::new(),
            dated: Vec::new(),
            calendars: Vec::new(),
            instruments: Vec::new(),
            exemptions: Vec::new(),
            rules: Vec::new(),
            from_defines: BTreeMap::new(),
            used: Used::default(),
            size: 0,
            cut: false,
            diagnostics: Vec::new(),
            said: BTreeSet::new(),
            ids: BTreeMap::new(),
        }
    }

    /// Takes a diagnostic. The same words about the same place are said once: a definition is checked wherever it is
    /// used, a rule once for every row.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        if self.said.insert((diagnostic.code, diagnostic.span, diagnostic.message.clone())) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Shorthand for a diagnostic without labels or hint.
    pub fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>) {
        self.report(Diagnostic::new(code, span, message));
    }

    /// Reports that a limit was hit, once: every way of reading the same text would hit it again.
    pub fn cut_off(&mut self, diagnostic: Diagnostic) {
        if !std::mem::replace(&mut self.cut, true) {
            self.report(diagnostic);
        }
    }

    /// The number of the condition written there; `part` tells apart what one piece of text was made into.
    pub fn id(&mut self, span: Span, part: u32) -> CondId {
        let next = CondId(u32::try_from(self.ids.len()).unwrap_or(u32::MAX));
        *self.ids.entry((span, part)).or_insert(next)
    }

    /// How many conditions were numbered.
    pub fn conditions(&self) -> u32 {
        u32::try_from(self.ids.len()).unwrap_or(u32::MAX)
    }

    pub fn pack(&self, pack: usize) -> Option<&PackIn<'a>> {
        self.packs.get(pack)
    }

    /// A pack's items, free of the borrow of the linker.
    pub fn items(&self, pack: usize) -> Vec<&'a ast::Item> {
        self.packs.get(pack).map(|p| p.items.clone()).unwrap_or_default()
    }

    pub fn pack_name(&self, pack: usize) -> &str {
        self.packs.get(pack).map_or("?", |p| p.name.as_str())
    }

    /// `us.tcpa` and `machine` make `us.tcpa.machine`.
    pub fn qualified(&self, pack: usize, name: &str) -> String {
        format!("{}.{name}", self.pack_name(pack))
    }

    /// How far the diagnostics have come.
    pub fn mark(&self) -> usize {
        self.diagnostics.len()
    }

    /// Whether an error was reported since then.
    pub fn failed_since(&self, mark: usize) -> bool {
        self.diagnostics.iter().skip(mark).any(Diagnostic::is_error)
    }

    /// Takes back what was reported since then: a way of reading that did not fit.
    pub fn forget(&mut self, mark: usize) {
        for d in self.diagnostics.split_off(mark.min(self.diagnostics.len())) {
            self.said.remove(&(d.code, d.span, d.message));
        }
    }

    /// Whether something is wrong enough for the policy not to be used.
    pub fn failed(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// Every diagnostic, in the order of the text.
    pub fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        let sources = self.sources;
        let name = |span: Span| sources.get(span.source).map_or("", |s| s.name.as_str());
        self.diagnostics.sort_by(|a, b| {
            (name(a.span), a.span.start, a.span.end, a.code).cmp(&(
                name(b.span),
                b.span.start,
                b.span.end,
                b.code,
            ))
        });
        self.diagnostics
    }
}

/// The words of a doc comment.
pub(crate) fn doc(doc: Option<&ast::Doc>) -> String {
    doc.map_or_else(String::new, |d| d.text.clone())
}

/// The index that other parts of the policy keep.
pub(crate) fn pack_index(pack: usize) -> u16 {
    u16::try_from(pack).unwrap_or(u16::MAX)
}
