//! Why there is no answer, on its way to JavaScript: an exception with the code [`CODE`] whose message is JSON text, of which
//! `lib/errors.js` makes the classes that hosts see. In a batch the same text stands in the answer's place.

use byleave::diag::DiagnosticJson;
use byleave::wire::ErrorJson;
use byleave_packs::load::LoadError;
use serde::Serialize;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What tells these exceptions from those of Node itself.
const CODE: &str = "BYLEAVE";

/// What every call gives: an answer, or an exception. (`#[napi]` knows it by its name.)
pub type Result<T, E = napi::Error<&'static str>> = std::result::Result<T, E>;

/// Why there is no answer.
pub struct Fault(Box<Parts>);

#[derive(Serialize)]
struct Parts {
    error: ErrorJson,
    diagnostics: Vec<DiagnosticJson>,
}

impl Fault {
    /// What was sent is wrong at that path; the empty path is the whole of it.
    pub fn input(path: String, message: impl Into<String>, hint: Option<String>) -> Fault {
        Fault::of_kind("input", path, message.into(), hint)
    }

    /// The binding contradicts itself.
    pub fn internal(message: impl Into<String>) -> Fault {
        Fault::of_kind("internal", String::new(), message.into(), None)
    }

    /// What was asked for cannot be loaded; the path is that of the argument.
    pub fn load(path: String, error: &LoadError) -> Fault {
        let hint = match error {
            LoadError::NoSuchPack { suggestion: Some(best), .. } => Some(format!("did you mean `{best}`?")),
            LoadError::NoSuchPack { suggestion: None, .. } => {
                Some("`packs()` names the packs that come with Byleave".to_owned())
            }
            _ => None,
        };
        Fault::input(path, error.to_string(), hint)
    }

    /// A policy's error with its diagnostics.
    pub fn policy(error: &byleave::Error, diagnostics: Vec<DiagnosticJson>) -> Fault {
        Fault(Box::new(Parts { error: ErrorJson::from(error), diagnostics }))
    }

    fn of_kind(kind: &str, path: String, message: String, hint: Option<String>) -> Fault {
        let path = (!path.is_empty()).then_some(path);
        let error =
            ErrorJson { kind: kind.to_owned(), path, other_path: None, message, hint, lines: Vec::new() };
        Fault(Box::new(Parts { error, diagnostics: Vec::new() }))
    }

    /// As JSON text.
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

/// The engine does not panic; should it ever, the host gets an error of kind `internal` and not an abort.
pub fn guarded<T>(f: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|_| {
        Err(Fault::internal("the engine stopped in the middle of its work; please report it"))
    })
}

/// The same, the fault as an exception.
pub fn told<T>(f: impl FnOnce() -> Result<T, Fault>) -> Result<T> {
    guarded(f).map_err(|fault| napi::Error::new(CODE, fault.text()))
}

/// An answer as canonical text.
pub fn written<T: Serialize + ?Sized>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|e| Fault::internal(e.to_string()))
}
