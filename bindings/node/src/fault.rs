//! Why there is no answer, on its way to JavaScript: an exception with the code [`CODE`] whose message is JSON text, of which
//! `lib/errors.js` makes the classes that hosts see. In a batch the same text stands in the answer's place.

use byleave_host::{Fault, guarded};

/// What tells these exceptions from those of Node itself.
const CODE: &str = "BYLEAVE";

/// What every call gives: an answer, or an exception. (`#[napi]` knows it by its name.)
pub type Result<T, E = napi::Error<&'static str>> = std::result::Result<T, E>;

/// Runs what may fail; the fault as an exception.
pub fn told<T>(f: impl FnOnce() -> Result<T, Fault>) -> Result<T> {
    guarded(f).map_err(|fault| napi::Error::new(CODE, fault.text()))
}
