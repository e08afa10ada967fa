//! Why there is no answer, on its way to JavaScript: JSON text is thrown, of which the JavaScript around this makes the classes
//! that hosts see. Nothing here catches a panic: in a browser a panic is a trap, which the JavaScript tells as `internal`.

use byleave::diag::DiagnosticJson;
use byleave::wire::ErrorJson;
use byleave_packs::load::LoadError;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// What every call gives: an answer, or what is thrown.
pub type Result<T> = std::result::Result<T, Fault>;

/// Why there is no answer.
pub struct Fault(Box<Parts>);

#[derive(Serialize)]
struct Parts {
    error: ErrorJson,
    diagnostics: Vec<DiagnosticJson>,
}

impl Fault {
    /// What was sent is wrong at that path; the empty path is the whole of it.
    pub fn input(path: &str, message: impl Into<String>, hint: Option<String>) -> Fault {
        Fault::of_kind("input", path, message.into(), hint)
    }

    /// The binding contradicts itself.
    pub fn internal(message: impl Into<String>) -> Fault {
        Fault::of_kind("internal", "", message.into(), None)
    }

    /// What was asked for cannot be loaded; the path is that of the argument.
    pub fn load(path: &str, error: &LoadError) -> Fault {
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

    fn of_kind(kind: &str, path: &str, message: String, hint: Option<String>) -> Fault {
        let path = (!path.is_empty()).then(|| path.to_owned());
        let error =
            ErrorJson { kind: kind.to_owned(), path, other_path: None, message, hint, lines: Vec::new() };
        Fault(Box::new(Parts { error, diagnostics: Vec::new() }))
    }
}

impl From<byleave::Error> for Fault {
    fn from(error: byleave::Error) -> Fault {
        Fault::policy(&error, Vec::new())
    }
}

impl From<Fault> for JsValue {
    fn from(fault: Fault) -> JsValue {
        // Text and lists of text always write.
        JsValue::from_str(&serde_json::to_string(&fault.0).unwrap_or_default())
    }
}

/// An answer as canonical text.
pub fn written<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Fault::internal(e.to_string()))
}
