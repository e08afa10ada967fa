//! The JSON contract, the only one: every binding speaks it, and the JSON Schema comes from it.
//!
//! | file | what it holds |
//! |---|---|
//! | [`limits`] | what is admitted |
//! | [`json`](Json) | JSON as requests use it, refused or in canonical order |
//! | `json_text` | reads JSON text in WebAssembly |
//! | [`path`](Path) | where in a request |
//! | [`request`](Request) | the envelope of a request, its digest |
//! | [`decision`] | the answer |
//! | [`packs`] | what an engine was built from |
//! | [`plan`] | several ways for one person: the question taken apart, the answers in short |
//! | [`error`](ErrorJson) | an error |
//! | [`schema`] | JSON Schema of requests and decisions |

pub mod decision;
mod error;
pub mod explain;
mod json;
#[cfg(any(test, target_family = "wasm"))]
mod json_text;
pub mod limits;
pub mod packs;
mod path;
pub mod plan;
mod request;
pub mod schema;
#[cfg(test)]
pub(crate) mod tests;

pub use error::ErrorJson;
pub use json::{Item, Json};
pub use limits::Limits;
pub use path::Path;
pub use request::{Detail, Request};

pub(crate) use request::{COMPLETE_FROM, DERIVED, TOP_KEYS};
