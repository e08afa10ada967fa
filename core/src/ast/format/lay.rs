//! Sets the words on lines: where a line breaks, how far it is indented, what space stands between two words.

use super::super::scan::{CommentToken, ITEM_WORDS, Kind, Scan, Token};
use super::lines::{self, Line};
use super::marks::{Element, Mark, Marks};
use crate::source::Source;
use std::collections::HashMap;

/// One step of indentation.
const STEP: usize = 2;
/// The width that keywords of clauses are padded to at least: that of `verified`, `complete`, `provided`.
const KEYWORD: usize = 8;

/// A pair of brackets.
#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    close: usize,
    /// A block of several lines.
    several: bool,
    /// How wide its keywords are, padded; 0 without such.
    keyword: usize,
}

/// Something that is open at a word: an item, an element, brackets, a dashed item.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    /// Where its own line is indented to.
    indent: usize,
    /// Where its further lines are indented to.
    content: usize,
    /// Where the dashes of a list in it stand.
    dash: usize,
    /// Where its closing bracket stands at the start of a line.
    close: usize,
    /// Whether its brackets end their line.
    hanging: bool,
    /// The offset at which it ends.
    end: usize,
}

/// Lays a file that parses.
pub(super) fn lay(source: &Source, scan: &Scan, marks: &Marks) -> String {
    let mut layer = Layer {
        source,
        scan,
        marks,
        pairs: HashMap::new(),
        within: vec![None; scan.tokens.len()],
        open: Vec::new(),
        lists: HashMap::new(),
        lines: Vec::new(),
        line: Line::default(),
        logical: 0,
        end: 0,
        item: None,
    };
    layer.pair_up();
    layer.keywords();
    let mut comments = scan.comments.as_slice();
    for (index, token) in scan.tokens.iter().enumerate() {
        let count = comments.partition_point(|comment| comment.after <= index);
        let (before, rest) = comments.split_at(count);
        comments = rest;
        layer.token(index, *token, before);
    }
    let blank = layer.blanks(comments, None);
    layer.comments(comments, 0, &blank);
    layer.flush();
    lines::print(layer.lines)
}

struct Layer<'s> {
    source: &'s Source,
    scan: &'s Scan,
    marks: &'s Marks,
    /// Pairs of brackets by the index of the opening one.
    pairs: HashMap<usize, Pair>,
    /// The innermost opening bracket around each token; for a closing one, its own.
    within: Vec<Option<usize>>,
    open: Vec<Open>,
    /// The dashes of each list that is open: their columns as written, and as laid.
    lists: HashMap<usize, Vec<(u32, usize)>>,
    lines: Vec<Line>,
    line: Line,
    /// Where blocks that open on this line close.
    logical: usize,
    /// Where the last word or comment ended.
    end: usize,
    /// Whether the last item stands on one line, and of what kind it is.
    item: Option<(bool, &'s str)>,
}

impl<'s> Layer<'s> {
    fn text(&self, index: usize) -> &'s str {
        self.scan.text(self.source, index)
    }

    fn sign(&self, index: usize) -> &'s str {
        let sign = self.scan.tokens.get(index).is_some_and(|token| token.kind == Kind::Sign);
        if sign { self.text(index) } else { "" }
    }

    fn before(&self, index: usize) -> &'s str {
        index.checked_sub(1).map_or("", |before| self.sign(before))
    }

    fn breaks(&self, index: usize) -> bool {
        self.scan.tokens.get(index).is_some_and(|token| token.first)
    }

    fn pair_up(&mut self) {
        let mut open: Vec<(usize, bool)> = Vec::new();
        for index in 0..self.scan.tokens.len() {
            let several = self.breaks(index) || self.marks.at(index).row;
            if several && let Some(last) = open.last_mut() {
                last.1 = true;
            }
            if let Some(within) = self.within.get_mut(index) {
                *within = open.last().map(|&(opener, _)| opener);
            }
            match self.sign(index) {
                "{" | "[" | "(" => open.push((index, false)),
                "}" | "]" | ")" => {
                    if let Some((opener, several)) = open.pop() {
                        // `{` and `}` on two lines with nothing between them are `{}`.
                        let empty = opener + 1 == index && !self.commented(index);
                        let several = several && !empty;
                        self.pairs.insert(opener, Pair { close: index, several, keyword: 0 });
                        // What is around several lines has several lines.
                        if several && let Some(last) = open.last_mut() {
                            last.1 = true;
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether a comment stands right before a token.
    fn commented(&self, index: usize) -> bool {
        let at = self.scan.comments.partition_point(|comment| comment.after < index);
        self.scan.comments.get(at).is_some_and(|comment| comment.after == index)
    }

    fn keywords(&mut self) {
        for (index, within) in self.within.iter().enumerate() {
            let Some(opener) = *within else { continue };
            if !matches!(self.marks.at(index).element, Some((Element::Padded, _))) {
                continue;
            }
            let own = self.text(index).len();
            let base = opener.checked_sub(1).is_some_and(|before| self.text(before) == "base");
            let least = if base { 0 } else { KEYWORD };
            if let Some(pair) = self.pairs.get_mut(&opener) {
                pair.keyword = pair.keyword.max(own).max(least);
            }
        }
    }

    /// The block of several lines that a token stands in directly.
    fn block(&self, index: usize) -> Option<Pair> {
        let opener = self.within.get(index).copied().flatten()?;
        self.pairs.get(&opener).copied().filter(|pair| pair.several && self.sign(opener) == "{")
    }

    fn top(&self) -> Open {
        self.open.last().copied().unwrap_or_default()
    }

    fn token(&mut self, index: usize, token: Token, comments: &[CommentToken]) {
        while self.open.last().is_some_and(|open| open.end <= token.start as usize) {
            self.open.pop();
        }
        let mark = self.marks.at(index);
        let breaks = index == 0 || !comments.is_empty() || self.break_before(index, mark);
        let closes = matches!(self.sign(index), "}" | "]" | ")");
        let indent = if breaks { self.indent(token, mark, closes) } else { 0 };
        if breaks {
            let mut blanks = self.blanks(comments, Some(token));
            self.part(index, mark, closes, comments, &mut blanks);
            let aside = if closes { self.top().content } else { indent };
            self.comments(comments, aside, &blanks);
            self.flush();
            self.line = Line { indent, blank: blanks.last().copied().unwrap_or(false), ..Line::default() };
            self.logical = if mark.dash.is_some() { indent + STEP } else { indent };
        }
        let gap = self.space(index, mark);
        let text = self.text(index);
        self.line.push(text, gap, mark.column);
        self.end = token.end as usize;
        self.enter(index, mark, breaks, indent);
    }

    fn break_before(&self, index: usize, mark: Mark) -> bool {
        let (sign, before) = (self.sign(index), self.before(index));
        if mark.row || mark.dash.is_some() || matches!(mark.element, Some((Element::Item, _))) {
            return true;
        }
        if mark.tight {
            return false;
        }
        let opener =
            index.checked_sub(1).filter(|_| before == "{").and_then(|before| self.pairs.get(&before));
        if let Some(opener) = opener {
            return opener.several;
        }
        match sign {
            "}" => return self.block(index).is_some(),
            ")" | "]" if !self.top().hanging => return false,
            "," | ":" => return false,
            "{" if !matches!(before, "," | "[" | "(") => return false,
            _ => {}
        }
        let element = mark.element.map(|(element, _)| element);
        if matches!(element, Some(Element::Line | Element::Padded)) && self.block(index).is_some() {
            return true;
        }
        // What a keyword says begins on its line.
        let behind = index.checked_sub(1).and_then(|before| self.marks.at(before).element);
        if matches!(behind, Some((Element::Padded, _))) {
            return false;
        }
        self.breaks(index)
    }

    fn indent(&mut self, token: Token, mark: Mark, closes: bool) -> usize {
        let top = self.top();
        if let Some(dash) = mark.dash {
            let list = self.lists.entry(dash.condition).or_default();
            list.retain(|&(column, _)| column <= token.column);
            let (laid, same) = match list.last() {
                Some(&(column, laid)) if column == token.column => (laid, true),
                Some(&(_, laid)) => (laid + 2 * STEP, false),
                None => (top.dash, false),
            };
            if !same {
                list.push((token.column, laid));
            }
            return laid;
        }
        match mark.element {
            Some((Element::Item, _)) => 0,
            _ if closes => top.close,
            None if mark.addition.is_some() => top.indent + STEP,
            _ => top.content,
        }
    }

    /// Whether a blank line stood before each comment that has its own line, and before the token behind them.
    fn blanks(&self, comments: &[CommentToken], token: Option<Token>) -> Vec<bool> {
        let mut end = self.end;
        let mut blanks = Vec::new();
        let spans = comments.iter().map(|comment| (comment.start, comment.end, comment.own_line));
        for (start, stop, own) in spans.chain(token.map(|token| (token.start, token.end, true))) {
            let between = self.source.text.get(end..start as usize).unwrap_or("");
            end = stop as usize;
            if own {
                blanks.push(between.bytes().filter(|&byte| byte == b'\n').count() > 1);
            }
        }
        blanks
    }

    /// Takes blank lines from the ends of blocks, and puts them between items.
    fn part(
        &mut self,
        index: usize,
        mark: Mark,
        closes: bool,
        comments: &[CommentToken],
        blanks: &mut [bool],
    ) {
        if matches!(self.before(index), "{" | "[" | "(")
            && let Some(first) = blanks.first_mut()
        {
            *first = false;
        }
        if closes && let Some(last) = blanks.last_mut() {
            *last = false;
        }
        let Some((Element::Item, end)) = mark.element else { return };
        let behind = self.scan.index_at(end);
        let one = (index + 1..behind).all(|inner| !self.breaks(inner) && !self.marks.at(inner).row);
        let word = self.text(index);
        let kind = if ITEM_WORDS.contains(&word) { word } else { "" };
        let together = one && self.item == Some((true, kind));
        let parted = blanks.iter().any(|&blank| blank);
        let after_item = self.item.is_some() || comments.first().is_some_and(|comment| !comment.own_line);
        if after_item
            && !together
            && !parted
            && let Some(first) = blanks.first_mut()
        {
            *first = true;
        }
        self.item = Some((one, kind));
    }

    fn comments(&mut self, comments: &[CommentToken], indent: usize, blanks: &[bool]) {
        let mut blanks = blanks.iter();
        for comment in comments {
            let text = self.source.text.get(comment.start as usize..comment.end as usize).unwrap_or("");
            if comment.own_line {
                self.flush();
                self.line.indent = indent;
                self.line.blank = blanks.next().copied().unwrap_or(false);
            }
            self.line.comment = Some(text.to_owned());
            self.end = comment.end as usize;
        }
    }

    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !line.pieces.is_empty() || line.comment.is_some() {
            self.lines.push(line);
        }
    }

    /// The spaces before a token that does not start its line.
    fn space(&self, index: usize, mark: Mark) -> usize {
        let (sign, before) = (self.sign(index), self.before(index));
        if mark.tight || matches!(sign, "," | ")" | "]" | ":") || matches!(before, "(" | "[") {
            return 0;
        }
        if sign == "}" && before == "{" {
            return 0;
        }
        if mark.element.is_some() {
            return if matches!(before, "{" | ",") { 1 } else { 2 };
        }
        if mark.addition.is_some() {
            return 2;
        }
        let Some(keyword) = index.checked_sub(1) else { return 0 };
        match (self.marks.at(keyword).element, self.block(keyword)) {
            (Some((Element::Padded, _)), Some(block)) => {
                (block.keyword + 1).saturating_sub(self.text(keyword).len()).max(1)
            }
            _ => 1,
        }
    }

    /// Notes what a token opens.
    fn enter(&mut self, index: usize, mark: Mark, breaks: bool, indent: usize) {
        let top = self.top();
        let lines = |content: usize, end: usize| Open {
            indent,
            content,
            dash: indent + STEP,
            close: content,
            hanging: false,
            end,
        };
        if let Some((_, end)) = mark.element {
            let keyword = self.block(index).map_or(0, |block| block.keyword);
            let content = indent + if keyword > 0 { keyword + 1 } else { STEP };
            self.open.push(if breaks { lines(content, end) } else { Open { end, hanging: false, ..top } });
        }
        if let Some(end) = mark.addition.filter(|_| breaks) {
            self.open.push(lines(indent + STEP, end));
        }
        if let Some(dash) = mark.dash {
            let content = indent + STEP;
            self.open.push(Open { indent: content, dash: content + STEP, ..lines(content, dash.end) });
        }
        if let Some(pair) = self.pairs.get(&index).copied() {
            let end = self.scan.tokens.get(pair.close).map_or(0, |token| token.end as usize);
            let hanging = if self.sign(index) == "{" { pair.several } else { self.breaks(index + 1) };
            let top = self.top();
            let content = self.logical + STEP;
            self.open.push(if hanging {
                let close = self.logical;
                Open { indent: content, content, dash: content + STEP, close, hanging, end }
            } else {
                Open { close: top.content, hanging, end, ..top }
            });
        }
    }
}
