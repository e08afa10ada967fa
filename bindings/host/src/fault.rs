//! Why there is no answer: kind, path, sentence and hint kept apart, and for policy every diagnostic.

use byleave::diag::{Diagnostic, DiagnosticJson};
use byleave::source::Sources;
use byleave::wire::ErrorJson;
use serde::Serialize;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why there is no answer, as a host's exception tells it.
#[derive(Debug)]
pub struct Fault(Box<Parts>);

#[derive(Debug, Serialize)]
struct Parts {
    class: &'static str,
    error: ErrorJson,
    diagnostics: Vec<DiagnosticJson>,
}

/// What hosts call the exception of a kind. Of the ledger's kinds those that a request knows too are the same class.
fn class(kind: &str) -> &'static str {
    match kind {
        "input" => "InputError",
        "limit" => "LimitError",
        "policy" => "PolicyError",
        "conflict" | "clock" | "locked" | "read_only" | "full" | "damaged" | "connection" | "storage" => {
            "LedgerError"
        }
        _ => "InternalError",
    }
}

impl Fault {
    /// What was sent is wrong at that path; the empty path is the whole of it.
    pub fn input(path: impl Display, message: impl Into<String>, hint: Option<&str>) -> Fault {
        Fault::of_kind("input", &path, message.into(), hint)
    }

    /// More than is admitted at that path.
    pub fn limit(path: impl Display, message: impl Into<String>) -> Fault {
        Fault::of_kind("limit", &path, message.into(), None)
    }

    /// The binding contradicts itself.
    pub fn internal(message: impl Into<String>) -> Fault {
        Fault::of_kind("internal", &"", message.into(), None)
    }

    /// A policy's error with its diagnostics.
    #[must_use]
    pub fn policy(error: &byleave::Error, diagnostics: Vec<DiagnosticJson>) -> Fault {
        Fault::of(ErrorJson::from(error), diagnostics)
    }

    fn of(error: ErrorJson, diagnostics: Vec<DiagnosticJson>) -> Fault {
        Fault(Box::new(Parts { class: class(&error.kind), error, diagnostics }))
    }

    pub(crate) fn of_kind(kind: &str, path: &dyn Display, message: String, hint: Option<&str>) -> Fault {
        let path = Some(path.to_string()).filter(|path| !path.is_empty());
        let (kind, hint) = (kind.to_owned(), hint.map(str::to_owned));
        let error = ErrorJson { kind, path, other_path: None, message, hint, lines: Vec::new() };
        Fault::of(error, Vec::new())
    }

    /// The same in the n-th of several requests.
    #[must_use]
    pub fn in_request(mut self, n: usize) -> Fault {
        let error = &mut self.0.error;
        for path in [&mut error.path, &mut error.other_path] {
            *path = match path.take() {
                Some(rest) if rest.starts_with('[') => Some(format!("[{n}]{rest}")),
                Some(rest) => Some(format!("[{n}].{rest}")),
                None => None,
            };
        }
        error.path.get_or_insert_with(|| format!("[{n}]"));
        self
    }

    /// The same within an argument.
    #[cfg(feature = "ledger")]
    #[must_use]
    pub(crate) fn within(mut self, step: &str) -> Fault {
        let path = self.0.error.path.take();
        self.0.error.path = Some(path.map_or_else(|| step.to_owned(), |path| format!("{step}.{path}")));
        self
    }

    /// The same, and what to do first.
    #[cfg(feature = "ledger")]
    #[must_use]
    pub(crate) fn hinted(mut self, more: &str) -> Fault {
        let hint = self.0.error.hint.take();
        self.0.error.hint = Some(hint.map_or_else(|| more.to_owned(), |hint| format!("{more}; {hint}")));
        self
    }

    /// The same at an argument that a host knows by another name.
    #[cfg(feature = "ledger")]
    #[must_use]
    pub(crate) fn renamed(mut self, from: &str, to: &str) -> Fault {
        self.0.error.path = self.0.error.path.map(|path| if path == from { to.to_owned() } else { path });
        self
    }

    /// The exception's name, the same in every language.
    #[must_use]
    pub fn class(&self) -> &'static str {
        self.0.class
    }

    /// The error on the wire.
    #[must_use]
    pub fn error(&self) -> &ErrorJson {
        &self.0.error
    }

    /// Of a policy: every diagnostic with its place.
    #[must_use]
    pub fn diagnostics(&self) -> &[DiagnosticJson] {
        &self.0.diagnostics
    }

    /// As JSON text, `{"class": …, "error": …, "diagnostics": […]}`, for hosts to which an exception can bring nothing but text.
    #[must_use]
    pub fn text(&self) -> String {
        // Text and lists of text always write.
        serde_json::to_string(&self.0).unwrap_or_default()
    }
}

impl From<byleave::Error> for Fault {
    fn from(error: byleave::Error) -> Fault {
        Fault::policy(&error, Vec::new())
    }
}

impl From<ErrorJson> for Fault {
    fn from(error: ErrorJson) -> Fault {
        Fault::of(error, Vec::new())
    }
}

#[cfg(feature = "ledger")]
impl From<byleave_ledger::Error> for Fault {
    fn from(error: byleave_ledger::Error) -> Fault {
        Fault::from(ErrorJson {
            kind: error.kind().as_str().to_owned(),
            // The whole of it has no path.
            path: error.path().filter(|path| !path.is_empty()).map(str::to_owned),
            other_path: None,
            message: error.message().to_owned(),
            hint: error.hint_text().map(str::to_owned),
            lines: Vec::new(),
        })
    }
}

/// The engine does not panic; should it ever, the host gets an error of kind `internal` and not an abort.
///
/// # Errors
/// Those of what is run, and that one.
pub fn guarded<T, E: From<Fault>>(f: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|_| {
        Err(Fault::internal("the engine stopped in the middle of its work; please report it").into())
    })
}

/// An answer as canonical text.
///
/// # Errors
/// None that an answer could cause.
pub fn written<T: Serialize + ?Sized>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::internal(error.to_string()))
}

/// Diagnostics with names, lines and columns.
#[must_use]
pub fn shown(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<DiagnosticJson> {
    diagnostics.iter().map(|it| it.to_json(sources)).collect()
}
