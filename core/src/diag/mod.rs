//! Diagnostics: what authors are told about their policy.
//!
//! Many a run, each with a place, a stable code, one plain sentence and, where one is known, a hint.
//!
//! Wording guide: lowercase, no full stop, the author's words in backticks, no name of a Rust type, no grammar jargon.
//! The message says what is wrong; a label says what else to look at; the hint says what to write.

mod codes;
mod suggest;

pub use codes::{CODES, CodeEntry, explain};
pub use suggest::did_you_mean;

use crate::source::{LineColumn, Sources, Span};
use serde::Serialize;

/// How bad it is: an error stops the policy from being used, a warning does not.
///
/// ```
/// use byleave::diag::Severity;
/// // The worst first.
/// assert!(Severity::Error < Severity::Warning);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The policy cannot be used.
    Error,
    /// The policy can be used, and probably does not say what was meant.
    Warning,
}

/// One thing an author should know.
///
/// ```
/// let (_, built) = byleave::Engine::builder()
///     .source("a", "a.leave", r#"
///         pack a { title "A" source "Handbook" edition "1" }
///         taxonomy channel { text, email }
///         rule r { cite "1" require contact.chanel is text because "By text." }
///     "#)
///     .try_build();
/// let diagnostics = built.unwrap_err();
/// assert_eq!(diagnostics[0].hint.as_deref(), Some("did you mean `contact.channel`?"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// A code of the table [`CODES`].
    pub code: &'static str,
    /// Error or warning; follows the code's letter.
    pub severity: Severity,
    /// One plain sentence.
    pub message: String,
    /// Where.
    pub span: Span,
    /// Further places, each with a few words.
    pub labels: Vec<(Span, String)>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// A diagnostic whose severity follows its code: `E…` is an error, `W…` a warning.
    ///
    /// ```
    /// use byleave::diag::{Diagnostic, Severity};
    /// use byleave::source::Span;
    /// assert_eq!(Diagnostic::new("W0809", Span::default(), "no citation").severity, Severity::Warning);
    /// ```
    pub fn new(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        let severity = if code.starts_with('W') { Severity::Warning } else { Severity::Error };
        Diagnostic { code, severity, message: message.into(), span, labels: Vec::new(), hint: None }
    }

    /// Points at one more place.
    ///
    /// ```
    /// use byleave::diag::Diagnostic;
    /// use byleave::source::Span;
    /// let told = Diagnostic::new("E0202", Span::default(), "`a` stands twice").label(Span::default(), "first here");
    /// assert_eq!(told.labels[0].1, "first here");
    /// ```
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push((span, text.into()));
        self
    }

    /// Says what to do.
    ///
    /// ```
    /// use byleave::diag::Diagnostic;
    /// use byleave::source::Span;
    /// let told = Diagnostic::new("E0101", Span::default(), "expected a date").hint("write it as `2026-11-01`");
    /// assert!(told.hint.is_some());
    /// ```
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hint = Some(hint.into());
        self
    }

    /// Adds "did you mean …" as the hint when a candidate is close to the word.
    ///
    /// ```
    /// use byleave::diag::Diagnostic;
    /// use byleave::source::Span;
    /// let told = Diagnostic::new("E0201", Span::default(), "nobody declared `emial`").suggest("emial", ["email", "voice"]);
    /// assert_eq!(told.hint.as_deref(), Some("did you mean `email`?"));
    /// ```
    #[must_use]
    pub fn suggest<'a>(mut self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Diagnostic {
        if let Some(best) = did_you_mean(word, candidates) {
            self.hint = Some(format!("did you mean `{best}`?"));
        }
        self
    }

    /// Whether it stops the policy from being used.
    ///
    /// ```
    /// use byleave::diag::Diagnostic;
    /// use byleave::source::Span;
    /// assert!(Diagnostic::new("E0101", Span::default(), "").is_error());
    /// ```
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The machine-readable form, with names, lines and columns in place of spans.
    ///
    /// ```
    /// let (sources, built) = byleave::Engine::builder().source("a", "a.leave", "rul a {}").try_build();
    /// let told = built.unwrap_err()[0].to_json(&sources);
    /// assert_eq!((told.at.source.as_str(), told.at.start.column), ("a.leave", 1));
    /// ```
    pub fn to_json(&self, sources: &Sources) -> DiagnosticJson {
        DiagnosticJson {
            code: self.code,
            severity: self.severity,
            message: self.message.clone(),
            at: PlaceJson::of(self.span, sources),
            labels: self
                .labels
                .iter()
                .map(|(span, text)| LabelJson { at: PlaceJson::of(*span, sources), text: text.clone() })
                .collect(),
            hint: self.hint.clone(),
        }
    }

    /// One line for a log or a test: `file:line:column: error[E0101]: message (hint)`.
    ///
    /// ```
    /// let (sources, built) = byleave::Engine::builder().source("a", "a.leave", "rul a {}").try_build();
    /// let line = built.unwrap_err()[0].to_line(&sources);
    /// assert!(line.starts_with("a.leave:1:1: error["));
    /// ```
    pub fn to_line(&self, sources: &Sources) -> String {
        let name = sources.get(self.span.source).map_or("", |source| source.name.as_str());
        let LineColumn { line, column } = sources.line_column(self.span);
        let severity = if self.is_error() { "error" } else { "warning" };
        let hint = self.hint.as_ref().map_or(String::new(), |hint| format!(" ({hint})"));
        format!("{name}:{line}:{column}: {severity}[{}]: {}{hint}", self.code, self.message)
    }
}

/// A diagnostic as tools read it.
///
/// ```
/// let (sources, built) = byleave::Engine::builder().source("a", "a.leave", "rul a {}").try_build();
/// let told = built.unwrap_err()[0].to_json(&sources);
/// assert!(serde_json::to_string(&told).unwrap().contains(r#""severity":"error""#));
/// ```
#[derive(Clone, Debug, Serialize)]
pub struct DiagnosticJson {
    /// As in [`Diagnostic`].
    pub code: &'static str,
    /// As in [`Diagnostic`].
    pub severity: Severity,
    /// As in [`Diagnostic`].
    pub message: String,
    /// Where.
    pub at: PlaceJson,
    /// Further places.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<LabelJson>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// A further place with its words.
///
/// ```
/// use byleave::diag::Diagnostic;
/// use byleave::source::{Sources, Span};
/// let told = Diagnostic::new("E0202", Span::default(), "`a` stands twice").label(Span::default(), "first here");
/// assert_eq!(told.to_json(&Sources::new()).labels[0].text, "first here");
/// ```
#[derive(Clone, Debug, Serialize)]
pub struct LabelJson {
    /// Where.
    pub at: PlaceJson,
    /// The words.
    pub text: String,
}

/// A place as tools read it.
///
/// ```
/// use byleave::diag::Diagnostic;
/// use byleave::source::{Sources, Span};
/// let mut sources = Sources::new();
/// let id = sources.add("a.leave", "pack a");
/// let place = Diagnostic::new("E0101", Span::new(id, 5, 6), "").to_json(&sources).at;
/// assert_eq!((place.start.column, place.end.column), (6, 7));
/// ```
#[derive(Clone, Debug, Serialize)]
pub struct PlaceJson {
    /// The source's name.
    pub source: String,
    /// Where it starts.
    pub start: LineColumn,
    /// Where it ends.
    pub end: LineColumn,
}

impl PlaceJson {
    fn of(span: Span, sources: &Sources) -> PlaceJson {
        let source = sources.get(span.source);
        let at =
            |offset| source.map_or(LineColumn { line: 1, column: 1 }, |source| source.line_column(offset));
        PlaceJson {
            source: source.map_or(String::new(), |source| source.name.clone()),
            start: at(span.start),
            end: at(span.end),
        }
    }
}
