//! The first look at a text: words, comments, brackets.
//!
//! It finds what must be known before the grammar sees anything: characters and texts that are wrong in themselves, and
//! nesting that would overrun the stack (law 10: depth is counted here, without recursion). It also says where items
//! probably start, so that reading can go on after a mistake, and keeps the comments for the formatter.

use crate::diag::Diagnostic;
use crate::source::{MAX_DEPTH, Source, Span};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word, name, number, date, time, zone: whatever is written without a space.
    Word,
    /// A quoted text.
    Text,
    /// A sign: brackets, `,`, `:`, `-`, `=`, `<=`, …
    Sign,
}

/// A token, comments not among them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub kind: Kind,
    pub start: u32,
    pub end: u32,
    /// First of its line.
    pub first: bool,
    /// Column of its start, from 0; a tab goes to the next multiple of 8.
    pub column: u32,
}

/// A comment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CommentToken {
    pub start: u32,
    pub end: u32,
    /// Exactly three slashes.
    pub doc: bool,
    /// Nothing stands before it on its line.
    pub own_line: bool,
    /// How many tokens come before it.
    pub after: usize,
}

/// What the first look found.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub tokens: Vec<Token>,
    pub comments: Vec<CommentToken>,
    pub diagnostics: Vec<Diagnostic>,
    /// Indices of tokens at which an item probably starts, ascending.
    pub starts: Vec<usize>,
}

/// The keywords that start items, but for names of taxonomies.
pub(crate) const ITEM_WORDS: [&str; 19] = [
    "pack",
    "use",
    "taxonomy",
    "fact",
    "facts",
    "list",
    "define",
    "rule",
    "exemption",
    "setting",
    "dated",
    "instrument",
    "table",
    "calendar",
    "reaches",
    "reply",
    "test",
    "cases",
    "base",
];

/// Words that relate what stands before them to what follows, so that the word before them starts no item.
const RELATING: [&str; 13] = [
    "of", "only", "includes", "in", "not", "exists", "between", "within", "and", "or", "on", "covers",
    "applies",
];

/// Words that go on with an item, or begin a question in it, so that a line which begins with one begins no new node.
const GOING_ON: [&str; 34] = [
    "and",
    "or",
    "not",
    "known",
    "where",
    "when",
    "is",
    "of",
    "in",
    "by",
    "at",
    "on",
    "since",
    "until",
    "from",
    "today",
    "this",
    "covering",
    "counting",
    "renewed",
    "except",
    "missing",
    "reads",
    "absent",
    "good",
    "cite",
    "because",
    "marked",
    "valid",
    "any",
    "no",
    "every",
    "signal",
    "recipient",
];

impl Scan {
    /// Takes the first look.
    pub fn of(source: &Source) -> Scan {
        let mut scanner = Scanner { source, bytes: source.text.as_bytes(), at: 0, scan: Scan::default() };
        scanner.tokens();
        let mut scan = scanner.scan;
        scan.depth(source);
        scan.find_starts(source);
        scan
    }

    /// The text of a token.
    pub fn text<'s>(&self, source: &'s Source, index: usize) -> &'s str {
        self.tokens.get(index).map_or("", |t| source.text.get(t.start as usize..t.end as usize).unwrap_or(""))
    }

    /// The index of the first token that starts at or after an offset.
    pub fn index_at(&self, offset: usize) -> usize {
        self.tokens.partition_point(|token| (token.start as usize) < offset)
    }

    /// Counts nesting: brackets, and what nests to the right without them.
    fn depth(&mut self, source: &Source) {
        let mut outer: Vec<usize> = Vec::new();
        let (mut total, mut chain, mut run) = (0usize, 0usize, 0usize);
        // Dashed items nest by the column of their dash.
        let mut dashes: Vec<u32> = Vec::new();
        let mut before = "";
        let mut found = Vec::new();
        let mut silent = false;
        for index in 0..self.tokens.len() {
            let Some(token) = self.tokens.get(index).copied() else { break };
            let word = self.text(source, index);
            match word {
                "{" | "[" | "(" if token.kind == Kind::Sign => {
                    dashes.clear();
                    outer.push(chain + run + 1);
                    total += chain + run + 1;
                    (chain, run) = (0, 0);
                }
                "}" | "]" | ")" if token.kind == Kind::Sign => {
                    total -= outer.pop().unwrap_or(0);
                    (chain, run) = (0, 0);
                }
                "of" if matches!(before, "all" | "any") => {
                    chain += run + 1;
                    run = 0;
                }
                "where" => {
                    chain += run + 1;
                    run = 0;
                }
                "not" | "known" => run += 1,
                "that" => {}
                "when" | "require" | "provided" | "unless" | "include" | "define" | "cite" | "because" => {
                    dashes.clear();
                    (chain, run) = (0, 0);
                }
                "-" if token.first => {
                    let column = source.line_column(token.start).column;
                    while dashes.last().is_some_and(|last| *last >= column) {
                        dashes.pop();
                    }
                    dashes.push(column);
                    (chain, run) = (dashes.len(), 0);
                }
                _ => run = 0,
            }
            before = word;
            if total + chain + run <= MAX_DEPTH {
                silent = false;
            } else if !silent {
                silent = true;
                let span = Span::new(source.id, token.start as usize, token.end as usize);
                let message = format!("nested more than {MAX_DEPTH} deep");
                found.push(
                    Diagnostic::new("E0702", span, message)
                        .hint("name the inner part with `define`, and use its name"),
                );
            }
        }
        self.diagnostics.append(&mut found);
    }

    /// Where items probably start: for reading on after a mistake, so a wrong guess only makes another message.
    fn find_starts(&mut self, source: &Source) {
        let mut depth = 0usize;
        for index in 0..self.tokens.len() {
            let Some(token) = self.tokens.get(index).copied() else { break };
            match token.kind {
                Kind::Sign => match self.text(source, index) {
                    "{" | "[" | "(" => depth += 1,
                    "}" | "]" | ")" => depth = depth.saturating_sub(1),
                    _ => {}
                },
                Kind::Word if token.first && self.starts_item(source, index, depth) => {
                    depth = 0;
                    self.starts.push(index);
                }
                _ => {}
            }
        }
    }

    fn starts_item(&self, source: &Source, index: usize, depth: usize) -> bool {
        let margin = self.tokens.get(index).is_some_and(|token| token.column == 0);
        let word = self.text(source, index);
        let next = self.text(source, index + 1);
        let next_kind = self.tokens.get(index + 1).map(|token| token.kind);
        if (depth > 0 && !margin) || RELATING.contains(&next) || next == "is" {
            return false;
        }
        if next_kind == Some(Kind::Sign) && !(margin && depth == 0) {
            return false;
        }
        if ITEM_WORDS.contains(&word) {
            return true;
        }
        // A new node, or an item whose keyword is misspelt.
        let third = self.text(source, index + 2);
        margin
            && depth == 0
            && !GOING_ON.contains(&word)
            && matches!(third, "is" | "{" | ":" | "grants" | "marked" | "for")
    }

    /// Whether the words at a token can be nothing but the start of an item.
    pub fn surely_starts(&self, source: &Source, index: usize) -> bool {
        let next = self.tokens.get(index + 1).map(|token| token.kind);
        let third = self.text(source, index + 2);
        if self.tokens.get(index).is_none_or(|token| token.column > 0) {
            return false;
        }
        match self.text(source, index) {
            "test" | "cases" => next == Some(Kind::Text),
            "use" | "list" | "reaches" => self.tokens.get(index + 2).is_none_or(|third| third.first),
            word => ITEM_WORDS.contains(&word) && matches!(third, "{" | ":" | "grants" | "for" | "marked"),
        }
    }
}

struct Scanner<'s> {
    source: &'s Source,
    bytes: &'s [u8],
    at: usize,
    scan: Scan,
}

impl Scanner<'_> {
    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn report(&mut self, code: &'static str, start: usize, end: usize, message: String, hint: Option<&str>) {
        let mut diagnostic = Diagnostic::new(code, Span::new(self.source.id, start, end), message);
        diagnostic.hint = hint.map(str::to_owned);
        self.scan.diagnostics.push(diagnostic);
    }

    fn tokens(&mut self) {
        let (mut first, mut column) = (true, 0u32);
        if self.source.text.starts_with('\u{feff}') {
            self.at = 3;
        }
        while self.at < self.bytes.len() {
            let start = self.at;
            let kind = match self.byte(0) {
                b'\n' => {
                    self.at += 1;
                    (first, column) = (true, 0);
                    continue;
                }
                b'\t' => {
                    self.at += 1;
                    column = (column / 8 + 1) * 8;
                    continue;
                }
                b' ' | b'\r' => {
                    self.at += 1;
                    column += 1;
                    continue;
                }
                b'/' if self.byte(1) == b'/' => {
                    self.comment(first);
                    continue;
                }
                b'"' => {
                    self.text();
                    Some(Kind::Text)
                }
                c if c.is_ascii_alphanumeric() || c == b'_' => {
                    self.word();
                    Some(Kind::Word)
                }
                b'{' | b'}' | b'[' | b']' | b'(' | b')' | b',' | b':' | b'=' | b'-' | b'+' => {
                    self.at += 1;
                    Some(Kind::Sign)
                }
                b'<' | b'>' => {
                    self.at += if self.byte(1) == b'=' { 2 } else { 1 };
                    Some(Kind::Sign)
                }
                b'!' if self.byte(1) == b'=' => {
                    self.at += 2;
                    Some(Kind::Sign)
                }
                _ => {
                    self.stranger();
                    None
                }
            };
            if let Some(kind) = kind {
                self.scan.tokens.push(Token {
                    kind,
                    start: start as u32,
                    end: self.at as u32,
                    first,
                    column,
                });
            }
            let text = self.source.text.get(start..self.at).unwrap_or("");
            column += text.chars().count() as u32;
            first = false;
        }
    }

    fn comment(&mut self, own_line: bool) {
        let start = self.at;
        while self.at < self.bytes.len() && self.byte(0) != b'\n' {
            self.at += 1;
        }
        let line = self.source.text.get(start..self.at).unwrap_or("").trim_end();
        let doc = line.starts_with("///") && !line.starts_with("////");
        for (offset, c) in line.char_indices() {
            if c.is_control() && c != '\t' {
                let at = start + offset;
                self.report("E0103", at, at + c.len_utf8(), control(c), None);
            }
        }
        let end = (start + line.len()) as u32;
        let after = self.scan.tokens.len();
        self.scan.comments.push(CommentToken { start: start as u32, end, doc, own_line, after });
    }

    fn text(&mut self) {
        let start = self.at;
        self.at += 1;
        loop {
            match self.byte(0) {
                _ if self.at >= self.bytes.len() => break,
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\n' | b'\r' => break,
                b'\\' => {
                    if !matches!(self.byte(1), b'"' | b'\\' | b'n' | b'{') {
                        let end = self.at + 1;
                        let message = "a backslash in a text stands before `\"`, `\\`, `n` or `{`".to_owned();
                        self.report(
                            "E0104",
                            self.at,
                            end,
                            message,
                            Some("write `\\\\` for a backslash as such"),
                        );
                    }
                    self.at += if matches!(self.byte(1), b'\n' | b'\r' | 0) { 1 } else { 2 };
                }
                c if c < 0x20 && c != b'\t' || c == 0x7f => {
                    self.report("E0103", self.at, self.at + 1, control(c as char), None);
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        let message = "this text is not closed on its line".to_owned();
        self.report(
            "E0102",
            start,
            self.at,
            message,
            Some("close it with `\"`; a line break in a text is `\\n`"),
        );
    }

    /// A run of letters, digits and the signs that join them: dots of names, dashes and colons of dates and times,
    /// slashes of zones, and the zone in brackets behind a point in time.
    fn word(&mut self) {
        let start = self.at;
        let wordy = |c: u8| c.is_ascii_alphanumeric() || c == b'_';
        let mut slash = false;
        loop {
            let (before, c, next) =
                (self.bytes.get(self.at.wrapping_sub(1)).copied().unwrap_or(0), self.byte(0), self.byte(1));
            let digits = before.is_ascii_digit() && next.is_ascii_digit();
            let joined = match c {
                b'.' | b'-' => wordy(next),
                b'/' => {
                    slash |= wordy(next);
                    wordy(next)
                }
                b':' => digits,
                b'+' => digits || (slash && wordy(next)),
                _ => wordy(c),
            };
            if !joined {
                break;
            }
            self.at += 1;
        }
        let word = self.bytes.get(start..self.at).unwrap_or_default();
        let instant =
            word.len() >= 11 && word.first().is_some_and(u8::is_ascii_digit) && word.get(10) == Some(&b'T');
        if instant && self.byte(0) == b'[' {
            let zone = self.bytes.get(self.at + 1..).unwrap_or_default();
            let length = zone.iter().take_while(|&&c| wordy(c) || matches!(c, b'/' | b'-' | b'+')).count();
            if zone.get(length) == Some(&b']') {
                self.at += length + 2;
            }
        }
    }

    fn stranger(&mut self) {
        let Some(c) = self.source.text.get(self.at..).and_then(|rest| rest.chars().next()) else {
            self.at += 1;
            return;
        };
        let start = self.at;
        // A run of strangers is one mistake.
        while let Some(next) = self.source.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            let known = next.is_ascii_alphanumeric() || " \t\r\n_/\"{}[](),:=-+<>".contains(next);
            if known {
                break;
            }
            self.at += next.len_utf8();
        }
        // A lone slash (two would be a comment).
        if self.at == start {
            self.at += c.len_utf8();
        }
        let hint = match c {
            ';' => Some("clauses end by themselves, without a semicolon"),
            '&' => Some("write `and`"),
            '|' => Some("write `or`"),
            '!' => Some("write `not`, or `!=` to compare"),
            '\'' | '“' | '”' | '„' | '‘' | '’' => {
                Some("a text stands between straight double quotation marks")
            }
            '·' => Some("start a new line"),
            '–' | '—' | '−' => Some("write the plain dash `-`"),
            '≤' => Some("write `<=`"),
            '≥' => Some("write `>=`"),
            '\u{a0}' => Some("this is a no-break space; write a plain one"),
            _ => None,
        };
        let message = if c.is_control() { control(c) } else { format!("`{c}` has no meaning here") };
        self.report("E0103", start, self.at, message, hint);
    }
}

fn control(c: char) -> String {
    format!("the control character U+{:04X} has no place in a policy", u32::from(c))
}
