//! The step from text to syntax.
//!
//! The text is scanned first ([`super::scan`]): what is wrong in itself, and nesting beyond the limit, never reaches the
//! grammar. Then the grammar reads one item after another. At a mistake the item is given up, the mistake told in plain
//! words ([`sentence`]), and reading goes on at the next place where an item probably starts, so that one run reports
//! many mistakes.
//!
//! | file | reads |
//! |---|---|
//! | [`reader`] | pairs of the grammar: places, docs, literals |
//! | [`items`], [`tables`] | declarations |
//! | [`rules`] | rules, exemptions, clauses |
//! | [`replies`] | what people answer |
//! | [`conditions`], [`events`], [`dashes`] | conditions |
//! | [`cases`] | tests |

mod cases;
mod conditions;
mod dashes;
mod events;
mod items;
mod literals;
mod reader;
mod replies;
mod rules;
mod sentence;
mod tables;
#[cfg(test)]
mod tests;

use super::scan::{ITEM_WORDS, Kind, Scan};
use super::{Comment, File, Item};
use crate::diag::Diagnostic;
use crate::source::{MAX_FILE_BYTES, MAX_FILES, Refusal, Source, Span};
use byleave_grammar::{ByleaveParser, Rule};
use pest::Parser;
use pest::iterators::{Pair, Pairs};
use reader::Reader;

/// After so many mistakes the rest of the file is not looked at: more help nobody, and each costs work.
const MAX_MISTAKES: usize = 50;

/// What came of reading a text.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The items that could be read.
    pub file: File,
    /// What is wrong, in order of place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// Whether nothing is wrong.
    pub fn is_ok(&self) -> bool {
        !self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Reads a source. Never panics, never runs unbounded, whatever the text.
pub fn parse(source: &Source) -> Parsed {
    if let Some(refusal) = source.refusal {
        return Parsed { file: File::default(), diagnostics: vec![refused(source, refusal)] };
    }
    let scan = Scan::of(source);
    let mut reader = Reader::new(source, &scan);
    let mut items = Vec::new();
    read_pieces(&mut reader, &mut items);
    reader.unused_docs();
    let mut diagnostics = std::mem::take(&mut reader.diagnostics);
    diagnostics.extend(scan.diagnostics.iter().cloned());
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end, diagnostic.code));
    if diagnostics.len() > MAX_MISTAKES {
        diagnostics.truncate(MAX_MISTAKES);
        if let Some(last) = diagnostics.last() {
            let message = format!("more than {MAX_MISTAKES} mistakes; the rest is not shown");
            diagnostics.push(Diagnostic::new("E0704", last.span, message));
        }
    }
    let comment = |c: &super::scan::CommentToken| Comment {
        doc: c.doc,
        span: Span::new(source.id, c.start as usize, c.end as usize),
    };
    let comments = scan.comments.iter().map(comment).collect();
    Parsed { file: File { items, comments }, diagnostics }
}

fn refused(source: &Source, refusal: Refusal) -> Diagnostic {
    let end = source.text.len();
    match refusal {
        Refusal::TooLong(length) => {
            let message = format!("the file has {length} bytes; at most {MAX_FILE_BYTES} are read");
            Diagnostic::new("E0701", Span::new(source.id, end, end), message)
                .hint("split it into several files")
        }
        Refusal::TooMany => {
            let message = format!("a policy has at most {MAX_FILES} files");
            Diagnostic::new("E0703", Span::new(source.id, 0, 0), message)
                .hint("put several packs' texts together")
        }
        Refusal::NotUtf8(at) => {
            let message = "the file is not UTF-8 text";
            Diagnostic::new("E0103", Span::new(source.id, at, at), message).hint("save it as UTF-8")
        }
    }
}

/// Reads the text piece by piece, a piece being what lies between two places where items probably start.
fn read_pieces(reader: &mut Reader<'_>, items: &mut Vec<Item>) {
    let scan = reader.scan;
    let mut index = 0;
    while index < scan.tokens.len() && reader.diagnostics.len() <= MAX_MISTAKES {
        let next = scan.starts.partition_point(|&start| start <= index);
        let end = scan.starts.get(next).copied().unwrap_or(scan.tokens.len());
        index = read_piece(reader, items, index, end);
    }
}

/// Reads the piece from one token up to another; gives back where to read on.
fn read_piece<'s>(reader: &mut Reader<'s>, items: &mut Vec<Item>, first: usize, end: usize) -> usize {
    let scan = reader.scan;
    let Some(token) = scan.tokens.get(first) else { return end };
    let start = token.start as usize;
    let last = scan.tokens.get(end.saturating_sub(1)).map_or(start, |token| token.end as usize);
    let stop = scan.tokens.get(end).map_or(reader.source.text.len(), |token| token.start as usize);
    let wrong = scan.diagnostics.iter().map(|d| d.span.start as usize).filter(|&at| at >= start).min();
    if wrong.is_some_and(|at| at < stop.max(start + 1)) {
        reader.skip_docs(start, stop);
        return end;
    }
    reader.base = start;
    let text = reader.source.text.get(start..last).unwrap_or("");
    let error = match ByleaveParser::parse(Rule::one_item, text) {
        Ok(pairs) => {
            read_items(reader, items, pairs);
            return end;
        }
        Err(error) => error,
    };
    // Several items may stand on one line. Then a mistake is better told by what reads them all.
    let several = ByleaveParser::parse(Rule::file, text);
    let error = match several {
        Ok(pairs) if starts_are_right(reader, &pairs) => {
            read_items(reader, items, pairs);
            return end;
        }
        Err(later) if sentence::stops_at_item(reader, &error) => later,
        _ => error,
    };
    // The guess where the next item starts may have cut this one short.
    if reader.retries < MAX_MISTAKES && end < scan.tokens.len() && !scan.surely_starts(reader.source, end) {
        reader.retries += 1;
        let rest = start..wrong.unwrap_or(reader.source.text.len());
        if let Ok(pairs) = ByleaveParser::parse(Rule::item, reader.source.text.get(rest).unwrap_or("")) {
            let next = scan.index_at(start + pairs.as_str().trim_end().len());
            if next > end && reader.may_start_item(next) {
                read_items(reader, items, pairs);
                return next;
            }
        }
    }
    let diagnostic = sentence::tell(reader, &error, first, end);
    reader.report(diagnostic);
    reader.skip_docs(start, stop);
    end
}

/// Whether each of several items starts where one may.
fn starts_are_right(reader: &Reader<'_>, pairs: &Pairs<'_, Rule>) -> bool {
    let mut items = pairs.clone().flat_map(Pair::into_inner).filter(|pair| pair.as_rule() == Rule::item);
    items.all(|item| reader.may_start_item(reader.scan.index_at(reader.base + item.as_span().start())))
}

fn read_items<'s>(reader: &mut Reader<'s>, items: &mut Vec<Item>, pairs: Pairs<'s, Rule>) {
    for pair in pairs {
        match pair.as_rule() {
            Rule::file | Rule::one_item => read_items(reader, items, pair.into_inner()),
            Rule::item => items.extend(reader.item(pair)),
            _ => {}
        }
    }
}

impl Reader<'_> {
    /// Whether an item may start at a token: a new node only at the start of a line, so that two words too many behind a
    /// definition are not taken for one.
    fn may_start_item(&self, index: usize) -> bool {
        let Some(token) = self.scan.tokens.get(index) else { return true };
        let word = self.scan.text(self.source, index);
        token.kind == Kind::Word && (token.first || index == 0 || ITEM_WORDS.contains(&word))
    }
}
