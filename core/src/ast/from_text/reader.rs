//! What all parts of the step share: walking the grammar's pairs, places, doc comments.

use super::super::scan::Scan;
use super::super::{Doc, Name};
use super::dashes::Dashed;
use crate::diag::Diagnostic;
use crate::source::{Source, Span};
use byleave_grammar::Rule;
use pest::iterators::Pair;
use std::collections::{BTreeSet, VecDeque};

/// Reads pairs into syntax and gathers what is wrong.
pub(super) struct Reader<'s> {
    pub source: &'s Source,
    pub scan: &'s Scan,
    /// Where the text that the grammar saw begins in the source.
    pub base: usize,
    pub diagnostics: Vec<Diagnostic>,
    /// Comments (by index) that have documented something, or lie where nothing could be read.
    used_docs: BTreeSet<usize>,
    /// Dashed items waiting for their `all of` or `any of`; see `dashes`.
    pub dashed: VecDeque<Dashed<'s>>,
    /// The column of the dash that is being read.
    pub dash_column: Option<u32>,
    /// How often a piece has been read again from its start to the end of the text; bounded, because each costs as much.
    pub retries: usize,
}

/// Pairs of keywords and brackets say nothing beyond their place.
pub(super) fn is_mark(rule: Rule) -> bool {
    (Rule::kw_about..=Rule::colon).contains(&rule)
}

/// The parts of a pair that say something.
pub(super) fn parts<'s>(pair: Pair<'s, Rule>) -> impl Iterator<Item = Pair<'s, Rule>> {
    pair.into_inner().filter(|part| !is_mark(part.as_rule()))
}

/// The first part that says something.
pub(super) fn part(pair: Pair<'_, Rule>) -> Option<Pair<'_, Rule>> {
    parts(pair).next()
}

impl<'s> Reader<'s> {
    pub fn new(source: &'s Source, scan: &'s Scan) -> Reader<'s> {
        Reader {
            source,
            scan,
            base: 0,
            diagnostics: Vec::new(),
            used_docs: BTreeSet::new(),
            dashed: VecDeque::new(),
            dash_column: None,
            retries: 0,
        }
    }

    /// The place of a pair. The grammar's pairs may end in space; a place ends with its last word.
    pub fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        let (start, end) = (self.base + span.start(), self.base + span.end());
        let last = self.scan.index_at(end).checked_sub(1).and_then(|index| self.scan.tokens.get(index));
        let end = last.map_or(end, |token| end.min(token.end as usize)).max(start);
        Span::new(self.source.id, start, end)
    }

    /// Reports a mistake.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The doc comment before what starts at a place: every `///` line between the word before and it.
    pub fn doc(&mut self, at: Span) -> Option<Doc> {
        let index = self.scan.index_at(at.start as usize);
        let from = self.scan.comments.partition_point(|comment| comment.after < index);
        let until = self.scan.comments.partition_point(|comment| comment.after <= index);
        let mut doc: Option<Doc> = None;
        for number in from..until {
            let Some(comment) = self.scan.comments.get(number) else { continue };
            if !comment.doc || !comment.own_line || !self.used_docs.insert(number) {
                continue;
            }
            let span = Span::new(self.source.id, comment.start as usize, comment.end as usize);
            let line = self.source.slice(span).trim_start_matches('/');
            let line = line.strip_prefix(' ').unwrap_or(line);
            doc = Some(match doc {
                None => Doc { text: line.to_owned(), span },
                Some(doc) => Doc { text: format!("{}\n{line}", doc.text), span: doc.span.to(span) },
            });
        }
        doc
    }

    /// Leaves the doc comments of a stretch alone: what they document could not be read.
    pub fn skip_docs(&mut self, start: usize, stop: usize) {
        let range = start as u32..stop as u32;
        let inside = self.scan.comments.iter().enumerate().filter(|(_, c)| c.doc && range.contains(&c.start));
        let mut before = self.scan.index_at(start);
        // Those before its first word as well.
        before = self.scan.comments.partition_point(|comment| comment.after < before);
        let lead =
            self.scan.comments.iter().enumerate().skip(before).take_while(|(_, c)| c.start < range.start);
        self.used_docs.extend(inside.chain(lead).map(|(number, _)| number));
    }

    /// Reports the doc comments that document nothing.
    pub fn unused_docs(&mut self) {
        for (number, comment) in self.scan.comments.iter().enumerate() {
            if comment.doc && !self.used_docs.contains(&number) {
                let span = Span::new(self.source.id, comment.start as usize, comment.end as usize);
                let message = "this `///` comment documents nothing";
                self.diagnostics.push(
                    Diagnostic::new("E0109", span, message)
                        .hint("put it on a line of its own before what it documents, or write `//`"),
                );
            }
        }
    }

    /// A name from a pair of its own.
    pub fn name(&self, pair: &Pair<'_, Rule>) -> Name {
        Name { text: pair.as_str().to_owned(), span: self.span(pair) }
    }

    /// A name that must be there; the grammar has seen to it.
    pub fn some_name(&self, pair: Option<Pair<'_, Rule>>, near: Span) -> Name {
        pair.map_or(Name { text: String::new(), span: near }, |pair| self.name(&pair))
    }

    /// The names in a list, with or without brackets.
    pub fn names(&self, pair: Pair<'_, Rule>) -> Vec<Name> {
        parts(pair).map(|name| self.name(&name)).collect()
    }
}
