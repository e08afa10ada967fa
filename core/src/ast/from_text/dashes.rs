//! Dashed items: which `all of` or `any of` each belongs to, by the column of its dash.
//!
//! The grammar reads a condition and, flat behind it, every dashed item. Whoever meets an `all of` takes the items in
//! the column of the first from the front of that list; an item that ends in an `any of` takes its own in turn. What
//! is left over, or does not line up, is told as such.

use super::super::{Cond, CondKind};
use super::reader::{Reader, part, parts};
use crate::diag::Diagnostic;
use crate::source::Span;
use byleave_grammar::Rule;
use pest::iterators::Pair;

/// One dashed item that nobody has taken yet.
pub(super) struct Dashed<'s> {
    /// Column of its dash.
    column: u32,
    /// Index of its dash among the tokens.
    token: usize,
    /// Its condition.
    pair: Pair<'s, Rule>,
}

impl<'s> Reader<'s> {
    /// A condition with its dashed items.
    pub fn condition(&mut self, pair: Pair<'s, Rule>) -> Cond {
        let span = self.span(&pair);
        let mut parts = parts(pair);
        let Some(head) = parts.next() else { return Cond { kind: CondKind::Error, span } };
        let items = parts.map(|dashed| self.dashed_item(dashed)).collect();
        let outer = std::mem::replace(&mut self.dashed, items);
        let outer_column = self.dash_column.take();
        let cond = self.alternatives(head);
        if let Some(left) = self.dashed.front() {
            let at = self.token_span(left.token);
            let message = "this dash belongs to no `all of` or `any of`";
            self.report(
                Diagnostic::new("E0106", at, message)
                    .hint("dashes follow `all of` or `any of`, one below the other"),
            );
        }
        self.dashed = outer;
        self.dash_column = outer_column;
        cond
    }

    fn dashed_item(&self, pair: Pair<'s, Rule>) -> Dashed<'s> {
        let token = self.scan.index_at(self.base + pair.as_span().start());
        let column = self.scan.tokens.get(token).map_or(0, |token| token.column);
        let inner = parts(pair.clone()).nth(1);
        Dashed { column, token, pair: inner.or_else(|| part(pair.clone())).unwrap_or(pair) }
    }

    fn token_span(&self, index: usize) -> Span {
        let token = self.scan.tokens.get(index);
        token.map_or(Span::default(), |t| Span::new(self.source.id, t.start as usize, t.end as usize))
    }

    /// The items of an `all of` or `any of` that has just been met.
    pub fn dashed_list(&mut self, pair: &Pair<'s, Rule>, all: bool) -> Cond {
        let head = self.span(pair);
        let words = if all { "all of" } else { "any of" };
        let behind = self.scan.index_at(head.end as usize);
        let Some(own) = self.dashed.front().filter(|first| first.token == behind).map(|first| first.column)
        else {
            let message = format!("`{words}` is followed by its items, each behind a dash");
            self.report(Diagnostic::new("E0106", head, message).hint("start a line with `-` for each item"));
            return Cond { kind: CondKind::Error, span: head };
        };
        if let Some(outer) = self.dash_column.filter(|&outer| own <= outer) {
            let at = self.token_span(behind);
            let message =
                format!("the items of this `{words}` must start further right than the item they are in");
            self.report(
                Diagnostic::new("E0106", at, message)
                    .label(head, "they would belong here")
                    .hint(format!("put them right of column {}", outer + 1)),
            );
            return Cond { kind: CondKind::Error, span: head };
        }
        let outer = self.dash_column.replace(own);
        let mut items: Vec<Cond> = Vec::new();
        while let Some(item) = self.dashed.pop_front() {
            if item.column < own {
                self.dashed.push_front(item);
                break;
            }
            self.lined_up(&item, own);
            items.push(self.alternatives(item.pair));
        }
        self.dash_column = outer;
        let span = items.last().map_or(head, |last| head.to(last.span));
        Cond { kind: if all { CondKind::And(items) } else { CondKind::Or(items) }, span }
    }

    /// Looks at the columns of an item: its dash in line and first on its line, what continues it to the right.
    fn lined_up(&mut self, item: &Dashed<'s>, own: u32) {
        let at = self.token_span(item.token);
        if item.column != own || self.scan.tokens.get(item.token).is_some_and(|dash| !dash.first) {
            let message = "this dash is not in line with those of its list";
            let hint = format!("start a line with it, in column {}", own + 1);
            self.report(Diagnostic::new("E0106", at, message).hint(hint));
        }
        let end = self.base + item.pair.as_span().end();
        let rest = self.scan.tokens.get(item.token + 1..self.scan.index_at(end)).unwrap_or_default();
        if let Some(token) = rest.iter().find(|token| token.first && token.column <= item.column) {
            let here = Span::new(self.source.id, token.start as usize, token.end as usize);
            let message = "this continues a dashed item, so it must stand to the right of its dash";
            self.report(Diagnostic::new("E0106", here, message).label(at, "the item"));
        }
    }
}
