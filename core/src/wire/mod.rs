//! The JSON contract, the only one: every binding speaks it, and the JSON Schema comes from it.
//!
//! | file | what it holds |
//! |---|---|
//! | [`limits`] | what is admitted |
//! | [`json`](Json) | JSON as requests use it, refused or in canonical order |
//! | `json_text` | reads JSON text in WebAssembly |
//! | `flat`, `text`, `scan`, `tape`, `keys`, `index` | the same of a usual request, without a box for each value, for hosts' objects |
//! | [`path`](Path) | where in a request |
//! | [`request`](Request) | the envelope of a request, its digest |
//! | [`decision`] | the answer |
//! | [`packs`] | what an engine was built from |
//! | [`plan`] | several ways for one person: the question taken apart, the answers in short |
//! | `reply` | what somebody answered, as it was read |
//! | [`error`](ErrorJson) | an error |
//! | [`schema`] | JSON Schema of requests and decisions |

pub mod decision;
mod error;
pub mod explain;
mod finite;
#[cfg(feature = "unstable_rooms")]
#[cfg_attr(docsrs, doc(cfg(feature = "unstable_rooms")))]
pub mod flat;
#[cfg(not(feature = "unstable_rooms"))]
pub(crate) mod flat;
pub(crate) mod index;
mod json;
#[cfg(any(test, target_family = "wasm"))]
mod json_text;
mod keys;
pub mod limits;
pub mod packs;
mod path;
pub mod plan;
#[cfg(feature = "replies")]
#[cfg_attr(docsrs, doc(cfg(feature = "replies")))]
pub mod reply;
mod request;
mod scan;
pub mod schema;
pub(crate) mod tape;
#[cfg(test)]
pub(crate) mod tests;
mod text;
mod written;

pub use error::ErrorJson;
pub use json::{Item, Json};
pub use limits::Limits;
pub use path::Path;
pub use request::{Detail, Request};

pub(crate) use request::{COMPLETE_FROM, DERIVED, TOP_KEYS};
