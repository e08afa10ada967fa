//! What starts at each word: an item, an element of a block, a cell of a table, a dash.

use super::super::File;
use super::super::scan::Scan;
use crate::source::Source;
use byleave_grammar::{ByleaveParser, Rule};
use pest::Parser;
use pest::iterators::Pair;
use std::collections::HashMap;

/// What an element is to the layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// An item of the file.
    Item,
    /// Something with a line of its own in a block of several lines: a clause, a fact, a case.
    Line,
    /// The same behind a keyword, which is padded so that what follows stands in the column of its block.
    Padded,
    /// Something that may share its line even so: a node, a field of a record.
    Inline,
}

/// A dash and the list that it is in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dash {
    /// The condition behind which the dashed items stand, by the place where it starts.
    pub condition: usize,
    /// Where its item ends.
    pub end: usize,
}

/// A place that is put below the same place of the lines before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// Lines are aligned with those that have the same.
    pub class: (Rule, usize),
    /// The least space before it.
    pub gap: usize,
}

/// What starts at one word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    /// An element, and where it ends.
    pub element: Option<(Element, usize)>,
    /// Something said in addition, set off by two spaces; where it ends.
    pub addition: Option<usize>,
    /// A place in a column.
    pub column: Option<Column>,
    /// A dashed item.
    pub dash: Option<Dash>,
    /// A row of a table.
    pub row: bool,
    /// No space stands before this.
    pub tight: bool,
}

/// The marks of a file, by the index of the token.
#[derive(Debug, Default)]
pub(super) struct Marks {
    marks: Vec<Mark>,
}

impl Marks {
    /// Reads them off the grammar, item by item.
    pub fn of(source: &Source, scan: &Scan, file: &File) -> Marks {
        let mut marker = Marker { scan, base: 0, marks: vec![Mark::default(); scan.tokens.len()] };
        for item in &file.items {
            let span = item.span();
            marker.base = span.start as usize;
            marker.set(0, |mark| mark.element = Some((Element::Item, span.end as usize)));
            let Ok(pairs) = ByleaveParser::parse(Rule::one_item, source.slice(span)) else { continue };
            // Without recursion, however deep the item.
            for pair in pairs.flatten() {
                marker.pair(pair);
            }
        }
        Marks { marks: marker.marks }
    }

    /// What starts at a token.
    pub fn at(&self, index: usize) -> Mark {
        self.marks.get(index).copied().unwrap_or_default()
    }

    /// How deep each dash is in its list: all that columns mean.
    pub fn depths(&self, scan: &Scan) -> Vec<(usize, usize)> {
        let mut lists: HashMap<usize, Vec<u32>> = HashMap::new();
        let mut depths = Vec::new();
        for (index, (mark, token)) in self.marks.iter().zip(&scan.tokens).enumerate() {
            if let Some(dash) = mark.dash {
                let columns = lists.entry(dash.condition).or_default();
                columns.retain(|&column| column < token.column);
                columns.push(token.column);
                depths.push((index, columns.len()));
            }
        }
        depths
    }
}

struct Marker<'s> {
    scan: &'s Scan,
    base: usize,
    marks: Vec<Mark>,
}

impl Marker<'_> {
    fn set(&mut self, at: usize, change: impl FnOnce(&mut Mark)) {
        let index = self.scan.index_at(self.base + at);
        if let Some(mark) = self.marks.get_mut(index) {
            change(mark);
        }
    }

    fn element(&mut self, pair: &Pair<'_, Rule>, element: Element) {
        let end = self.base + pair.as_span().end();
        self.set(pair.as_span().start(), |mark| mark.element = Some((element, end)));
    }

    fn addition(&mut self, pair: &Pair<'_, Rule>) {
        let end = self.base + pair.as_span().end();
        self.set(pair.as_span().start(), |mark| mark.addition = Some(end));
    }

    fn column(&mut self, pair: &Pair<'_, Rule>, class: Rule, gap: usize) {
        // Tables and the like are aligned as a whole, so each is a class of its own.
        let whole = matches!(class, Rule::row | Rule::holiday | Rule::edition);
        let group = if whole { self.base } else { 0 };
        let column = Column { class: (class, group), gap };
        self.set(pair.as_span().start(), |mark| mark.column = Some(column));
    }

    fn pair(&mut self, pair: Pair<'_, Rule>) {
        match pair.as_rule() {
            Rule::pack_field | Rule::setting_attr | Rule::instrument_part | Rule::reply_part => {
                self.element(&pair, Element::Padded);
            }
            Rule::clause | Rule::test_line => {
                let inner = pair.clone().into_inner().next().map(|inner| inner.as_rule());
                // Those that begin with several words, or say a thing in two.
                let loose = matches!(
                    inner,
                    Some(
                        Rule::on_refusal
                            | Rule::use_only
                            | Rule::test_setting
                            | Rule::test_contacted
                            | Rule::test_interaction
                            | Rule::test_empty
                    )
                );
                self.element(&pair, if loose { Element::Line } else { Element::Padded });
            }
            Rule::calendar_part | Rule::case | Rule::base => self.element(&pair, Element::Line),
            Rule::edition => {
                self.element(&pair, Element::Line);
                let attrs = pair.into_inner().filter(|inner| inner.as_rule() == Rule::edition_attr);
                for attr in attrs.take(1) {
                    self.column(&attr, Rule::edition, 2);
                    if let Some(value) = attr.into_inner().nth(1) {
                        self.column(&value, Rule::edition, 1);
                    }
                }
            }
            Rule::facts => {
                for fact in pair.into_inner().filter(|inner| inner.as_rule() == Rule::fact) {
                    self.element(&fact, Element::Line);
                }
            }
            Rule::node | Rule::field | Rule::record_field | Rule::week_entry => {
                self.element(&pair, Element::Inline);
            }
            Rule::require | Rule::provided | Rule::include | Rule::inst_element | Rule::inst_void => {
                self.additions(pair);
            }
            Rule::fact_attr | Rule::edition_attr => self.addition(&pair),
            Rule::list_attr => {
                self.addition(&pair);
                self.column(&pair, Rule::list, 2);
            }
            Rule::define_body => self.column(&pair, Rule::define, 1),
            Rule::holiday => {
                if let Some(day) = pair.into_inner().nth(1) {
                    self.column(&day, Rule::holiday, 2);
                }
            }
            Rule::header | Rule::row => self.row(pair),
            Rule::rule_ref => self.reference(&pair),
            Rule::condition => {
                let condition = self.base + pair.as_span().start();
                for dashed in pair.into_inner().filter(|inner| inner.as_rule() == Rule::dashed) {
                    let end = self.base + dashed.as_span().end();
                    let dash = Dash { condition, end };
                    self.set(dashed.as_span().start(), |mark| mark.dash = Some(dash));
                }
            }
            _ => {}
        }
    }

    /// The `when` or `cite` behind what a clause says.
    fn additions(&mut self, pair: Pair<'_, Rule>) {
        let outer = pair.as_rule();
        for inner in pair.into_inner() {
            match inner.as_rule() {
                // `void when …` says nothing else.
                Rule::when if outer == Rule::inst_void => {}
                Rule::when => {
                    self.addition(&inner);
                    if outer != Rule::inst_element {
                        self.column(&inner, outer, 2);
                    }
                }
                Rule::cited => self.addition(&inner),
                _ => {}
            }
        }
    }

    fn row(&mut self, pair: Pair<'_, Rule>) {
        self.set(pair.as_span().start(), |mark| mark.row = true);
        for cell in pair.into_inner() {
            if matches!(cell.as_rule(), Rule::column | Rule::cell) {
                self.column(&cell, Rule::row, 2);
            }
        }
    }

    /// `us.states.hours[ri]` is one name.
    fn reference(&mut self, pair: &Pair<'_, Rule>) {
        let span = pair.as_span();
        let first = self.scan.index_at(self.base + span.start());
        let behind = self.scan.index_at(self.base + span.end());
        for mark in self.marks.get_mut(first + 1..behind).unwrap_or_default() {
            mark.tight = true;
        }
    }
}
