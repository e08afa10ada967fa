//! The one error of the ledger: a kind, where in what was given, one sentence, and what to do.
//!
//! Whatever the kind, nothing of the batch in which it arose is kept, and the ledger can be used again. One thing apart: when
//! a connection breaks while a batch is being kept, nobody knows whether it was. The message says so, and the same batch sent
//! again is kept once.

use std::fmt;

/// What kind of thing went wrong: enough for a host to decide whom to tell, and whether to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What was given is not what the contract asks for.
    Input,
    /// More than is admitted.
    Limit,
    /// The same idempotency key came with other words.
    Conflict,
    /// The instant at which it is recorded lies more than a minute before what was recorded last: the host's clock went backwards.
    Clock,
    /// Another process writes; nothing is wrong, and trying again helps.
    Locked,
    /// The file or the disk cannot be written.
    ReadOnly,
    /// There is no room left.
    Full,
    /// What is stored is not what was stored: see [`crate::Ledger::verify`].
    Damaged,
    /// The server cannot be reached, or the connection to it broke. Trying again helps once it is there.
    Connection,
    /// The store failed otherwise.
    Storage,
}

impl ErrorKind {
    /// Whether it says something of one event alone, and nothing of the ledger: the next event may well be kept.
    #[must_use]
    pub fn is_the_events(self) -> bool {
        matches!(self, ErrorKind::Input | ErrorKind::Limit | ErrorKind::Conflict | ErrorKind::Clock)
    }

    /// The kind as one stable word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorKind::Input => "input",
            ErrorKind::Limit => "limit",
            ErrorKind::Conflict => "conflict",
            ErrorKind::Clock => "clock",
            ErrorKind::Locked => "locked",
            ErrorKind::ReadOnly => "read_only",
            ErrorKind::Full => "full",
            ErrorKind::Damaged => "damaged",
            ErrorKind::Connection => "connection",
            ErrorKind::Storage => "storage",
        }
    }
}

/// An error of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: ErrorKind,
    path: Option<String>,
    message: String,
    hint: Option<String>,
}

/// What the ledger's verbs give.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error(Box::new(Inner { kind, path: None, message: message.into(), hint: None }))
    }

    pub(crate) fn input(path: impl Into<String>, message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Input, message).at(path)
    }

    pub(crate) fn damaged(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Damaged, message).hint("`byleave ledger verify` says what differs, and where")
    }

    pub(crate) fn at(mut self, path: impl Into<String>) -> Error {
        self.0.path = Some(path.into());
        self
    }

    /// Puts a step before the path.
    pub(crate) fn within(mut self, step: &str) -> Error {
        self.0.path = Some(match self.0.path.take() {
            None => step.to_owned(),
            Some(path) if path.is_empty() => step.to_owned(),
            Some(path) if path.starts_with('[') => format!("{step}{path}"),
            Some(path) => format!("{step}.{path}"),
        });
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Error {
        self.0.hint = Some(hint.into());
        self
    }

    /// What kind of thing went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Where in what was given.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// One sentence, without a full stop.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do instead, where that can be said.
    #[must_use]
    pub fn hint_text(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = self.path() {
            write!(f, "{path}: ")?;
        }
        f.write_str(self.message())?;
        match self.hint_text() {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

impl From<byleave::Error> for Error {
    fn from(error: byleave::Error) -> Error {
        let kind = match error.kind() {
            byleave::ErrorKind::Limit => ErrorKind::Limit,
            _ => ErrorKind::Input,
        };
        let mut out = Error::new(kind, error.message());
        if let Some(path) = error.path() {
            out = out.at(path);
        }
        if let Some(hint) = error.hint() {
            out = out.hint(hint);
        }
        out
    }
}
