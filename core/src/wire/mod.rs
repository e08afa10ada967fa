//! The JSON contract, the only one: every binding speaks it, and the JSON Schema comes from it.
//!
//! | file | what it holds |
//! |---|---|
//! | [`limits`] | what is admitted |
//! | [`json`](Json) | JSON as requests use it, refused or in canonical order |
//! | [`path`](Path) | where in a request |
//! | [`request`](Request) | the envelope of a request, its digest |

pub mod decision;
mod json;
pub mod limits;
mod path;
mod request;

pub use json::{Item, Json};
pub use limits::Limits;
pub use path::Path;
pub use request::{Detail, Request};

pub(crate) use request::{COMPLETE_FROM, TOP_KEYS};
