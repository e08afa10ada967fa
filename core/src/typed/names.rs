//! Names: which words each pack declares, and what a word written in a pack means.
//!
//! A bare word means the pack's own, then that of the packs it uses; two used packs with the same word make it
//! ambiguous. A name with its pack before it (`core.machine`) is always plain.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::typed::linker::Linker;
use std::collections::BTreeMap;

/// What a word in conditions stands for.
#[derive(Clone, Copy)]
pub(crate) enum Word<'a> {
    Define(&'a ast::Define),
    Setting(usize),
    Dated(usize),
    Instrument(usize),
    Exemption(&'a ast::Exemption),
}

impl Word<'_> {
    /// For messages.
    pub fn sort(&self) -> &'static str {
        match self {
            Word::Define(_) => "a definition",
            Word::Setting(_) => "a setting",
            Word::Dated(_) => "a dated value",
            Word::Instrument(_) => "an instrument",
            Word::Exemption(_) => "an exemption",
        }
    }
}

/// Which kind of name is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Space {
    /// Definitions, settings, dated values, instruments, exemptions.
    Word,
    /// Tables.
    Table,
    /// Calendars.
    Calendar,
    /// Rules.
    Rule,
}

impl Space {
    fn sort(self) -> &'static str {
        match self {
            Space::Word => "word",
            Space::Table => "table",
            Space::Calendar => "calendar",
            Space::Rule => "rule",
        }
    }
}

/// What a name leads to.
#[derive(Clone, Copy)]
pub(crate) enum Meaning<'a> {
    Word(Word<'a>),
    Table(&'a ast::Table),
    Calendar(usize),
    Rule,
}

/// A declaration.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub pack: usize,
    pub span: Span,
    pub meaning: Meaning<'a>,
}

/// All declarations of all packs.
#[derive(Default)]
pub(crate) struct Names<'a> {
    all: BTreeMap<(Space, usize, String), Entry<'a>>,
}

impl<'a> Names<'a> {
    /// The declaration in that pack.
    pub fn own(&self, space: Space, pack: usize, name: &str) -> Option<Entry<'a>> {
        self.all.get(&(space, pack, name.to_string())).copied()
    }

    /// Every declaration of a space.
    pub fn each(&self, space: Space) -> impl Iterator<Item = (&str, Entry<'a>)> {
        self.all.iter().filter(move |((s, _, _), _)| *s == space).map(|((_, _, n), e)| (n.as_str(), *e))
    }
}

impl<'a> Linker<'a> {
    /// Enters a declaration; a second one of the same name in the same pack is reported at both places.
    pub fn declare(&mut self, space: Space, pack: usize, name: &ast::Name, meaning: Meaning<'a>) -> bool {
        let key = (space, pack, name.text.clone());
        if let Some(first) = self.names.all.get(&key) {
            let diagnostic = Diagnostic::new(
                "E0202",
                name.span,
                format!("`{}` is declared twice in this pack", name.text),
            )
            .label(first.span, "first here");
            self.report(diagnostic);
            return false;
        }
        self.names.all.insert(key, Entry { pack, span: name.span, meaning });
        true
    }

    /// What the name means in that pack; `Err` if that was reported already, `Ok(None)` if nothing has that name.
    pub fn look_up(&mut self, space: Space, pack: usize, name: &ast::Name) -> Result<Option<Entry<'a>>, ()> {
        if let Some(entry) = self.names.own(space, pack, &name.text) {
            return Ok(Some(entry));
        }
        let uses: Vec<usize> =
            self.packs.get(pack).map(|p| p.uses.iter().map(|u| u.0).collect()).unwrap_or_default();
        // A name with its pack before it.
        for other in 0..self.packs.len() {
            let Some(rest) = name.text.strip_prefix(self.pack_name(other)).and_then(|r| r.strip_prefix('.'))
            else {
                continue;
            };
            if let Some(entry) = self.names.own(space, other, rest) {
                if other != pack && !uses.contains(&other) {
                    self.not_used(pack, other, name.span, &name.text);
                    return Err(());
                }
                self.used.packs.insert((pack, other));
                return Ok(Some(entry));
            }
        }
        let mut found: Vec<Entry<'a>> = Vec::new();
        for &other in &uses {
            if let Some(entry) = self.names.own(space, other, &name.text) {
                found.push(entry);
            }
        }
        match found.as_slice() {
            [] => Ok(None),
            [one] => {
                self.used.packs.insert((pack, one.pack));
                Ok(Some(*one))
            }
            several => {
                let list: Vec<String> = several.iter().map(|e| self.qualified(e.pack, &name.text)).collect();
                let mut diagnostic = Diagnostic::new(
                    "E0203",
                    name.span,
                    format!(
                        "`{}` could mean {}",
                        name.text,
                        list.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(" or ")
                    ),
                )
                .hint("write the name with its pack before it");
                for entry in several {
                    diagnostic = diagnostic.label(entry.span, "declared here");
                    self.used.packs.insert((pack, entry.pack));
                }
                self.report(diagnostic);
                Err(())
            }
        }
    }

    /// Says that something belongs to a pack that is not used, once for each pair of packs.
    pub fn not_used(&mut self, pack: usize, other: usize, span: Span, what: &str) {
        if self.used.unused_said.insert((pack, other)) {
            let theirs = self.pack_name(other).to_string();
            let diagnostic = Diagnostic::new(
                "E0204",
                span,
                format!("`{what}` is declared in pack `{theirs}`, which this pack does not use"),
            )
            .hint(format!("write `use {theirs}` after the pack's head"));
            self.report(diagnostic);
        } else {
            // Known already; the reader of the first message will mend all.
            self.report(Diagnostic::new(
                "E0204",
                span,
                format!("`{what}` is declared in a pack that is not used"),
            ));
        }
    }

    /// Reports a name that nothing has, with the nearest name of that space that could be written here.
    pub fn unknown(&mut self, space: Space, pack: usize, name: &ast::Name) {
        let mut candidates: Vec<String> = Vec::new();
        let mut elsewhere = None;
        for (text, entry) in self.names.each(space) {
            if entry.pack == pack
                || self.packs.get(pack).is_some_and(|p| p.uses.iter().any(|u| u.0 == entry.pack))
            {
                candidates.push(text.to_string());
            } else if text == name.text {
                elsewhere = Some(entry.pack);
            }
        }
        let mut diagnostic =
            Diagnostic::new("E0201", name.span, format!("unknown {} `{}`", space.sort(), name.text))
                .suggest(&name.text, candidates.iter().map(String::as_str));
        if let Some(other) = elsewhere {
            diagnostic =
                diagnostic.hint(format!("pack `{0}` declares it: write `use {0}`", self.pack_name(other)));
        }
        self.report(diagnostic);
    }
}
