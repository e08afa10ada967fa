//! By your leave: may this person be contacted, now, this way, for this purpose, with this data?
//!
//! The answer is **allow**, **defer until an instant**, or **deny**, with the law's citation, what the message must contain,
//! which data it may carry, and evidence that replays. An [`Engine`] is compiled once from packs of policy and answers any
//! number of requests.
//!
//! # From text to answer, as types
//!
//! | room | step | what leaves it |
//! |---|---|---|
//! | [`ast`] | text → syntax, comments and spans kept | [`ast::File`] |
//! | [`typed`] | names, taxonomies, types, conflicts | [`typed::Policy`] and diagnostics |
//! | [`program`] | lowered to slots and flat expressions, once | [`program::Program`] |
//! | [`facts`] | a request and its records, checked and indexed | [`facts::Facts`] |
//! | [`eval`] | program × facts × instant, three-valued, each value with its next change | [`eval::V`] |
//! | [`decision`] | findings combined; until, validity, reasons, obligations, fields | [`wire::decision::Decision`] |
//!
//! # Deliberately absent
//!
//! No clock, no file, no network, no threads of its own, no logging of personal data, no unsafe code, no floating point, and
//! no knowledge of any particular law: law is data in packs.
//!
//! The rooms are public for tools that must look inside; only [`Engine`], [`Error`], [`wire`] and [`diag`] are promised to stay.

#[cfg(feature = "text")]
pub mod ast;
mod compiled;
pub mod decision;
pub mod diag;
pub mod engine;
pub mod error;
pub mod eval;
pub mod facts;
pub mod program;
pub mod source;
pub mod taxonomy;
pub mod time;
pub mod typed;
pub mod value;
pub mod wire;

pub use compiled::is_compiled;
#[cfg(feature = "text")]
pub use engine::EngineBuilder;
pub use engine::{Engine, Zones};
pub use error::{Error, ErrorKind};
pub use wire::decision::{Decision, Outcome};
