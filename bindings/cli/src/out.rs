//! Standard output, and the little colour we allow ourselves.
//!
//! Everything that is printed for people passes through [`Text`]: it wraps by what is seen, and it never lets a control
//! character of a request or of a policy reach the terminal.

use crate::args::{Global, When};
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

/// Nothing is set wider than a page that is comfortable to read.
const WIDEST: usize = 100;

/// Where output goes, and how it looks.
pub struct Out {
    stdout: BufWriter<StdoutLock<'static>>,
    /// Whether standard output gets colour.
    pub color: bool,
    /// Whether standard error gets colour.
    pub color_err: bool,
    /// One JSON document in place of text.
    pub json: bool,
    /// Columns to fill.
    pub width: usize,
}

impl Out {
    /// As the arguments and the terminal say.
    pub fn new(global: Global) -> Out {
        let terminal = io::stdout().is_terminal();
        let wanted = |terminal: bool| match global.color {
            When::Always => true,
            When::Never => false,
            When::Auto => {
                let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
                terminal && !refused && !dumb
            }
        };
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse::<usize>().ok());
        Out {
            stdout: BufWriter::new(io::stdout().lock()),
            color: wanted(terminal),
            color_err: wanted(io::stderr().is_terminal()),
            json: global.json,
            width: columns.unwrap_or(WIDEST).clamp(40, WIDEST),
        }
    }

    /// A line as it is: JSON, source text, a snippet that is already drawn.
    pub fn raw(&mut self, text: &str) -> io::Result<()> {
        self.stdout.write_all(text.as_bytes())?;
        self.stdout.write_all(b"\n")
    }

    /// Bytes as they are, without a line break.
    pub fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stdout.write_all(bytes)
    }

    /// One JSON document, indented.
    pub fn document(&mut self, value: &impl serde::Serialize) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut self.stdout, value)?;
        self.stdout.write_all(b"\n")
    }

    /// Text, wrapped; lines after the first are indented by `hang`.
    pub fn line(&mut self, text: &Text, hang: usize) -> io::Result<()> {
        let lines = text.wrapped(self.width, hang, self.color);
        self.raw(&lines)
    }

    /// An empty line.
    pub fn blank(&mut self) -> io::Result<()> {
        self.raw("")
    }

    /// Everything out.
    pub fn flush(&mut self) -> io::Result<()> {
        self.stdout.flush()
    }
}

/// How a word looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// As it comes.
    #[default]
    Plain,
    /// What the eye should find.
    Bold,
    /// What may be passed over.
    Dim,
    /// Allowed, passed.
    Good,
    /// Later, a warning.
    Wait,
    /// Denied, failed.
    Bad,
    /// A name.
    Name,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Style::Plain => "",
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Good => "1;32",
            Style::Wait => "1;33",
            Style::Bad => "1;31",
            Style::Name => "36",
        }
    }
}

/// A paragraph of styled pieces.
#[derive(Clone, Debug, Default)]
pub struct Text {
    indent: usize,
    pieces: Vec<(Style, String)>,
}

impl Text {
    /// Nothing yet, indented by so many columns.
    pub fn new(indent: usize) -> Text {
        Text { indent, pieces: Vec::new() }
    }

    /// Adds words.
    #[must_use]
    pub fn with(mut self, style: Style, words: impl AsRef<str>) -> Text {
        self.push(style, words);
        self
    }

    /// Adds plain words.
    #[must_use]
    pub fn plain(self, words: impl AsRef<str>) -> Text {
        self.with(Style::Plain, words)
    }

    /// Adds words.
    pub fn push(&mut self, style: Style, words: impl AsRef<str>) {
        self.pieces.push((style, clean(words.as_ref())));
    }

    /// Adds words, filled up with spaces to a width.
    #[must_use]
    pub fn column(self, style: Style, words: &str, width: usize) -> Text {
        let fill = width.saturating_sub(words.chars().count()).max(1);
        self.with(style, words).plain("\u{a0}".repeat(fill))
    }

    /// Set in lines of at most `width` columns, where words allow it. A no-break space never breaks.
    fn wrapped(&self, width: usize, hang: usize, color: bool) -> String {
        let mut line =
            Line { out: " ".repeat(self.indent), at: self.indent, empty: true, width, hang, color };
        let mut word: Vec<(Style, String)> = Vec::new();
        for (style, text) in &self.pieces {
            for (n, part) in text.split(' ').enumerate() {
                if n > 0 {
                    line.word(&mut word);
                }
                word.push((*style, part.to_owned()));
            }
        }
        line.word(&mut word);
        line.out
    }
}

/// A paragraph in the making.
struct Line {
    out: String,
    at: usize,
    empty: bool,
    width: usize,
    hang: usize,
    color: bool,
}

impl Line {
    /// Sets a word, on a new line if it must be; the word is empty afterwards.
    fn word(&mut self, word: &mut Vec<(Style, String)>) {
        let length: usize = word.iter().map(|(_, text)| text.chars().count()).sum();
        if !self.empty {
            if self.at + 1 + length > self.width && length > 0 {
                let kept = self.out.trim_end_matches(' ').len();
                self.out.truncate(kept);
                self.out.push('\n');
                self.out.push_str(&" ".repeat(self.hang));
                self.at = self.hang;
            } else {
                self.out.push(' ');
                self.at += 1;
            }
        }
        for (style, text) in word.drain(..) {
            let shown = text.replace('\u{a0}', " ");
            if self.color && style != Style::Plain && !text.is_empty() {
                self.out.push_str(&format!("\x1b[{}m{shown}\x1b[0m", style.code()));
            } else {
                self.out.push_str(&shown);
            }
        }
        self.at += length;
        self.empty = false;
    }
}

/// Control characters shown, not obeyed: a request must not be able to repaint an officer's terminal.
pub fn clean(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => ' ',
            c if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => {
                '\u{fffd}'
            }
            c => c,
        })
        .collect()
}
