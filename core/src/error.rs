//! The one error that hosts see. Authors of policy get diagnostics with places; a host gets a kind, a path into what it
//! sent, one sentence, and where it can be said, what to write instead.
//!
//! Wording guide: lowercase, no full stop, the host's words in backticks and cut short, no name of a Rust type.

use crate::diag::{Diagnostic, DiagnosticJson};
use crate::source::Sources;
use std::fmt;

/// What kind of thing went wrong: enough for a host to decide whom to tell.
///
/// ```
/// use byleave::ErrorKind;
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let whom = match engine.request("[]").unwrap_err().kind() {
///     ErrorKind::Input | ErrorKind::Limit => "who sent the request",
///     ErrorKind::Policy => "who writes the policy",
///     _ => "who wrote the engine",
/// };
/// assert_eq!(whom, "who sent the request");
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request is not what the contract asks for.
    Input,
    /// The policy does not check; [`Error::diagnostics`] says where.
    Policy,
    /// More than is admitted: a size, a count, a depth.
    Limit,
    /// The engine contradicts itself. Please report it.
    Internal,
}

impl ErrorKind {
    /// The kind as one stable word.
    ///
    /// ```
    /// assert_eq!(byleave::ErrorKind::Limit.as_str(), "limit");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorKind::Input => "input",
            ErrorKind::Policy => "policy",
            ErrorKind::Limit => "limit",
            ErrorKind::Internal => "internal",
        }
    }
}

/// An error of the engine. Nothing was decided; the engine that gave it can be used again.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let request = engine.request(r#"{"at": "2026-07-01T12:00:00Z", "contact": {"chanel": "sms"}}"#)?;
/// let error = engine.decide(&request).unwrap_err();
/// assert_eq!(error.to_string(), "contact.chanel: nobody declared this key (did you mean `channel`?)");
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: ErrorKind,
    path: Option<String>,
    other_path: Option<String>,
    message: String,
    hint: Option<String>,
    diagnostics: Vec<Diagnostic>,
    lines: Vec<String>,
}

impl Error {
    /// An error with one sentence.
    #[must_use]
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error(Box::new(Inner {
            kind,
            path: None,
            other_path: None,
            message: message.into(),
            hint: None,
            diagnostics: Vec::new(),
            lines: Vec::new(),
        }))
    }

    /// The request is wrong at that path.
    #[must_use]
    pub(crate) fn input(path: impl fmt::Display, message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Input, message).at(path)
    }

    /// The engine contradicts itself.
    #[must_use]
    pub(crate) fn internal(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Internal, message)
    }

    /// More than is admitted at that path.
    #[must_use]
    pub(crate) fn limit(path: impl fmt::Display, message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Limit, message).at(path)
    }

    /// The policy does not check. For hosts that keep the sources for the diagnostics' places
    /// ([`EngineBuilder::try_build`](crate::EngineBuilder::try_build)).
    ///
    /// ```
    /// use byleave::{Engine, Error};
    /// let (sources, built) = Engine::builder().source("shop", "shop.leave", "rule { }").try_build();
    /// let error = built.map_err(|diagnostics| Error::policy(diagnostics, &sources)).unwrap_err();
    /// assert!(error.to_string().contains("shop.leave:1:"));
    /// ```
    #[must_use]
    pub fn policy(diagnostics: Vec<Diagnostic>, sources: &Sources) -> Error {
        let errors = diagnostics.iter().filter(|d| d.is_error()).count();
        let lines: Vec<String> = diagnostics.iter().map(|d| d.to_line(sources)).collect();
        let first = diagnostics.iter().position(Diagnostic::is_error).and_then(|at| lines.get(at));
        let message = match (errors, first) {
            (1, Some(first)) => format!("the policy cannot be used: {first}"),
            (n, Some(first)) => format!("the policy has {n} mistakes; the first: {first}"),
            (_, None) => "the policy cannot be used".to_string(),
        };
        let mut error = Error::new(ErrorKind::Policy, message);
        error.0.diagnostics = diagnostics;
        error.0.lines = lines;
        error
    }

    /// Says where in the request; an empty path is the request itself.
    #[must_use]
    pub(crate) fn at(mut self, path: impl fmt::Display) -> Error {
        let path = path.to_string();
        self.0.path = if path.is_empty() { None } else { Some(path) };
        self
    }

    /// Says where the other half of a contradiction stands.
    #[must_use]
    pub(crate) fn and_at(mut self, path: impl fmt::Display) -> Error {
        self.0.other_path = Some(path.to_string());
        self
    }

    /// Says what to write.
    #[must_use]
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Error {
        self.0.hint = Some(hint.into());
        self
    }

    /// Adds "did you mean …" where a candidate is close to the word.
    #[must_use]
    pub(crate) fn suggest<'a>(self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Error {
        match crate::diag::did_you_mean(word, candidates) {
            Some(best) => self.with_hint(format!("did you mean `{best}`?")),
            None => self,
        }
    }

    /// What kind of thing went wrong.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let deep = "[".repeat(100) + &"]".repeat(100);
    /// let error = engine.request(format!(r#"{{"at": {deep}}}"#)).unwrap_err();
    /// assert_eq!(error.kind(), byleave::ErrorKind::Limit);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Where in the request: `contact.channell`, `consents[3].scope.purpose`. Nothing when it is the whole of it.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let request = engine.request(r#"{"at": "2026-07-01T12:00:00Z", "consents": [{"kind": "maybe"}]}"#)?;
    /// assert_eq!(engine.decide(&request).unwrap_err().path(), Some("consents[0].kind"));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// The second place, when two places contradict each other.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let request = engine.request(r#"{
    ///     "at": "2026-07-01T12:00:00Z",
    ///     "consents": [
    ///         {"id": "a", "kind": "revoke", "at": "2026-06-01T12:00:00Z"},
    ///         {"id": "a", "kind": "grant", "level": "opted_in", "at": "2026-06-02T12:00:00Z"}
    ///     ]
    /// }"#)?;
    /// // One event cannot be two things.
    /// assert!(engine.decide(&request).unwrap_err().other_path().is_some());
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn other_path(&self) -> Option<&str> {
        self.0.other_path.as_deref()
    }

    /// The sentence alone, without path and hint.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let error = engine.request(r#"{"at": 1.5}"#).unwrap_err();
    /// assert_eq!(error.message(), "a number must be whole");
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to write instead.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let error = engine.request(r#"{"horizon": 1.5}"#).unwrap_err();
    /// assert_eq!(error.hint(), Some("round it; an amount of time is text: `\"24 hours\"`"));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// For [`ErrorKind::Policy`]: everything that is wrong with the policy, warnings included.
    ///
    /// ```
    /// let error = byleave::Engine::builder().source("shop", "shop.leave", "rule { }").build().unwrap_err();
    /// assert!(error.diagnostics()[0].is_error());
    /// ```
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.0.diagnostics
    }

    /// The same, a line each: `file:line:column: error[E0101]: …`.
    ///
    /// ```
    /// let error = byleave::Engine::builder().source("shop", "shop.leave", "rule { }").build().unwrap_err();
    /// assert!(error.lines()[0].starts_with("shop.leave:1:"));
    /// ```
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.0.lines
    }

    /// The diagnostics as tools read them, given the sources they point into.
    ///
    /// ```
    /// use byleave::{Engine, Error};
    /// let (sources, built) = Engine::builder().source("shop", "shop.leave", "rule { }").try_build();
    /// let error = Error::policy(built.unwrap_err(), &sources);
    /// assert_eq!(error.diagnostics_json(&sources)[0].at.start.line, 1);
    /// ```
    #[must_use]
    pub fn diagnostics_json(&self, sources: &Sources) -> Vec<DiagnosticJson> {
        self.0.diagnostics.iter().map(|d| d.to_json(sources)).collect()
    }
}

impl fmt::Display for Error {
    /// `contact.channell: nobody declared this key (did you mean `channel`?)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = self.path() {
            write!(f, "{path}: ")?;
        }
        f.write_str(&self.0.message)?;
        if let Some(other) = self.other_path() {
            write!(f, "; see {other}")?;
        }
        if let Some(hint) = self.hint() {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// A host's word as it may stand in a message: a hostile megabyte must not become a megabyte of message, nor a control
/// character a control sequence.
pub(crate) fn quoted(word: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String =
        word.chars().take(LONGEST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if word.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    #[test]
    fn an_error_reads_as_one_line() {
        let error =
            Error::input("contact.channell", "nobody declared this key").suggest("channell", ["channel"]);
        assert_eq!(error.to_string(), "contact.channell: nobody declared this key (did you mean `channel`?)");
        assert_eq!((error.kind(), error.path()), (ErrorKind::Input, Some("contact.channell")));
    }

    #[test]
    fn a_policy_error_carries_its_diagnostics() {
        let diagnostics = vec![Diagnostic::new("E0101", Span::default(), "expected a name")];
        let error = Error::policy(diagnostics, &Sources::new());
        assert_eq!((error.kind().as_str(), error.diagnostics().len(), error.lines().len()), ("policy", 1, 1));
    }

    #[test]
    fn words_are_cut_short() {
        assert_eq!(quoted("a\u{1b}b"), "a\u{fffd}b");
        assert_eq!(quoted(&"x".repeat(1_000)).chars().count(), 61);
    }
}
