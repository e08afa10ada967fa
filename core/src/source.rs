//! Source texts and places in them.
//!
//! Every name, literal and node an author wrote keeps its [`Span`]; a diagnostic without a place helps nobody. Three
//! limits are admission limits (law 10, totality): a file beyond them gets a located diagnostic and is never parsed.

use serde::Serialize;

/// The longest text that is read: 1 MiB.
pub const MAX_FILE_BYTES: usize = 1 << 20;
/// The deepest nesting of brackets, dashes, `not` and `known that` that is read.
pub const MAX_DEPTH: usize = 32;
/// The most files that one policy may consist of.
pub const MAX_FILES: usize = 512;

/// Which source a span lies in: an index into [`Sources`].
///
/// ```
/// use byleave::source::Sources;
/// let mut sources = Sources::new();
/// let id = sources.add("a.leave", "pack a");
/// assert_eq!(sources.get(id).map(|it| it.name.as_str()), Some("a.leave"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct SourceId(pub u32);

/// A place in a source text, in bytes: from `start` up to but not including `end`.
///
/// ```
/// use byleave::source::{Sources, Span};
/// let mut sources = Sources::new();
/// let id = sources.add("a.leave", "pack a");
/// let word = Span::new(id, 5, 6);
/// assert_eq!(sources.get(id).unwrap().slice(word), "a");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The text it lies in.
    pub source: SourceId,
    /// Offset of its first byte.
    pub start: u32,
    /// Offset just past its last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to `end`; offsets beyond `u32` cannot occur, texts are at most [`MAX_FILE_BYTES`] long.
    ///
    /// ```
    /// use byleave::source::{SourceId, Span};
    /// assert_eq!(Span::new(SourceId(0), 2, 4).range(), 2..4);
    /// ```
    pub fn new(source: SourceId, start: usize, end: usize) -> Span {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { source, start: clamp(start), end: clamp(end) }
    }

    /// The smallest span that holds both; `self` alone when they lie in different sources.
    ///
    /// ```
    /// use byleave::source::{SourceId, Span};
    /// let (first, last) = (Span::new(SourceId(0), 2, 4), Span::new(SourceId(0), 7, 9));
    /// assert_eq!(first.to(last).range(), 2..9);
    /// ```
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        if self.source != other.source {
            return self;
        }
        Span { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The offsets as a range.
    ///
    /// ```
    /// use byleave::source::{SourceId, Span};
    /// let span = Span::new(SourceId(0), 5, 9);
    /// assert_eq!(&"rule calm {}"[span.range()], "calm");
    /// ```
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether `other` lies wholly in it.
    ///
    /// ```
    /// use byleave::source::{SourceId, Span};
    /// let rule = Span::new(SourceId(0), 0, 20);
    /// assert!(rule.contains(Span::new(SourceId(0), 5, 9)));
    /// assert!(!rule.contains(Span::new(SourceId(1), 5, 9)));
    /// ```
    pub fn contains(self, other: Span) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }
}

impl std::fmt::Debug for Span {
    /// `@2:10..14`: short, because syntax trees are read in test failures.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "@{}:{}..{}", self.source.0, self.start, self.end)
    }
}

/// Why a source was not taken in.
///
/// ```
/// use byleave::source::{Refusal, Sources};
/// let mut sources = Sources::new();
/// let id = sources.add_bytes("a.leave", b"pack \xff");
/// assert_eq!(sources.get(id).unwrap().refusal, Some(Refusal::NotUtf8(5)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Longer than [`MAX_FILE_BYTES`]; holds its length.
    TooLong(usize),
    /// The policy already has [`MAX_FILES`] files.
    TooMany,
    /// Not UTF-8; holds the offset of the first bad byte.
    NotUtf8(usize),
}

/// One text with its name.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let source = engine.sources().iter().next().unwrap();
/// assert_eq!(source.name, "shop.leave");
/// assert!(source.text.contains("rule quiet_hours"));
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Source {
    /// Its index in [`Sources`].
    pub id: SourceId,
    /// What the author calls it: usually a path, only ever shown.
    pub name: String,
    /// The text. Of a refused source, only as much as places in it need.
    pub text: String,
    /// Set when the text must not be parsed.
    pub refusal: Option<Refusal>,
    line_starts: Vec<u32>,
}

/// A line and a column, both counted from 1; the column counts characters.
///
/// ```
/// use byleave::source::{LineColumn, Sources};
/// let mut sources = Sources::new();
/// let id = sources.add("a.leave", "// é\npack a");
/// // Columns count characters, not bytes.
/// assert_eq!(sources.get(id).unwrap().line_column(5), LineColumn { line: 1, column: 5 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LineColumn {
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
}

impl Source {
    fn new(id: SourceId, name: String, text: String, refusal: Option<Refusal>) -> Source {
        let starts = text.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| i as u32 + 1);
        let line_starts = std::iter::once(0).chain(starts).collect();
        Source { id, name, text, refusal, line_starts }
    }

    /// Line and column of an offset; an offset past the end is the end.
    ///
    /// ```
    /// use byleave::source::Sources;
    /// let mut sources = Sources::new();
    /// let id = sources.add("a.leave", "pack a\nrule b");
    /// assert_eq!(sources.get(id).unwrap().line_column(7).line, 2);
    /// ```
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let index = self.line_starts.partition_point(|&start| start <= offset).saturating_sub(1);
        let start = self.line_starts.get(index).copied().unwrap_or(0) as usize;
        let end = (offset as usize).min(self.text.len());
        let column = self
            .text
            .as_bytes()
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .filter(|b| (**b & 0xC0) != 0x80)
            .count();
        LineColumn { line: index as u32 + 1, column: column as u32 + 1 }
    }

    /// The text of a line, counted from 1, without its line break.
    ///
    /// ```
    /// use byleave::source::Sources;
    /// let mut sources = Sources::new();
    /// let id = sources.add("a.leave", "pack a\nrule b\n");
    /// assert_eq!(sources.get(id).unwrap().line_text(2), "rule b");
    /// ```
    pub fn line_text(&self, line: u32) -> &str {
        let index = (line as usize).saturating_sub(1);
        let Some(&start) = self.line_starts.get(index) else { return "" };
        let end = self.line_starts.get(index + 1).map_or(self.text.len(), |&next| next as usize);
        self.text.get(start as usize..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    /// The text of a span.
    ///
    /// ```
    /// let (sources, built) = byleave::Engine::builder().source("a", "a.leave", "rul a {}").try_build();
    /// let diagnostic = &built.unwrap_err()[0];
    /// let source = sources.get(diagnostic.span.source).unwrap();
    /// assert!(source.text.contains(source.slice(diagnostic.span)));
    /// ```
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }
}

/// All texts of one policy.
///
/// ```
/// use byleave::source::Sources;
/// let mut sources = Sources::new();
/// sources.add("a.leave", "pack a");
/// sources.add("b.leave", "pack b");
/// assert_eq!(sources.iter().count(), 2);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// No texts yet.
    ///
    /// ```
    /// assert_eq!(byleave::source::Sources::new().iter().count(), 0);
    /// ```
    pub fn new() -> Sources {
        Sources::default()
    }

    /// Takes in a text. One beyond the limits is taken in as refused: parsing it yields the diagnostic.
    ///
    /// ```
    /// use byleave::source::{MAX_FILE_BYTES, Refusal, Sources};
    /// let mut sources = Sources::new();
    /// let long = sources.add("long.leave", "/".repeat(MAX_FILE_BYTES + 1));
    /// assert_eq!(sources.get(long).unwrap().refusal, Some(Refusal::TooLong(MAX_FILE_BYTES + 1)));
    /// ```
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        self.admit(name.into(), text.into(), None)
    }

    /// Takes in bytes, which may not be UTF-8.
    ///
    /// ```
    /// use byleave::source::Sources;
    /// let mut sources = Sources::new();
    /// let id = sources.add_bytes("a.leave", b"pack a");
    /// assert_eq!(sources.get(id).unwrap().refusal, None);
    /// ```
    pub fn add_bytes(&mut self, name: impl Into<String>, bytes: &[u8]) -> SourceId {
        let head = bytes.get(..MAX_FILE_BYTES.min(bytes.len())).unwrap_or(bytes);
        if bytes.len() > MAX_FILE_BYTES {
            let text = String::from_utf8_lossy(head).into_owned();
            return self.admit(name.into(), text, Some(Refusal::TooLong(bytes.len())));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => self.admit(name.into(), text.to_owned(), None),
            Err(error) => {
                let text = String::from_utf8_lossy(bytes).into_owned();
                self.admit(name.into(), text, Some(Refusal::NotUtf8(error.valid_up_to())))
            }
        }
    }

    fn admit(&mut self, name: String, mut text: String, mut refusal: Option<Refusal>) -> SourceId {
        if refusal.is_none() && text.len() > MAX_FILE_BYTES {
            refusal = Some(Refusal::TooLong(text.len()));
            let mut end = MAX_FILE_BYTES;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.truncate(end);
            text.shrink_to_fit();
        }
        if self.all.len() >= MAX_FILES {
            refusal = Some(Refusal::TooMany);
            text = String::new();
        }
        let id = SourceId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(Source::new(id, name, text, refusal));
        id
    }

    /// The source of an id that came from these sources.
    ///
    /// ```
    /// use byleave::source::{SourceId, Sources};
    /// assert!(Sources::new().get(SourceId(3)).is_none());
    /// ```
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.all.get(id.0 as usize)
    }

    /// All of them, in the order they were added.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let lines: usize = engine.sources().iter().map(|source| source.text.lines().count()).sum();
    /// assert!(lines > 40);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.all.iter()
    }

    /// Line and column of a span's start.
    ///
    /// ```
    /// use byleave::source::{Sources, Span};
    /// let mut sources = Sources::new();
    /// let id = sources.add("a.leave", "pack a\n  rule b");
    /// let place = sources.line_column(Span::new(id, 9, 13));
    /// assert_eq!((place.line, place.column), (2, 3));
    /// ```
    pub fn line_column(&self, span: Span) -> LineColumn {
        self.get(span.source)
            .map_or(LineColumn { line: 1, column: 1 }, |source| source.line_column(span.start))
    }

    /// The line of text in which a span starts.
    ///
    /// ```
    /// use byleave::source::{Sources, Span};
    /// let mut sources = Sources::new();
    /// let id = sources.add("a.leave", "pack a\nrule b");
    /// assert_eq!(sources.line_text(Span::new(id, 7, 11)), "rule b");
    /// ```
    pub fn line_text(&self, span: Span) -> &str {
        self.get(span.source).map_or("", |source| source.line_text(source.line_column(span.start).line))
    }
}
