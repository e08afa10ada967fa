//! (skeleton)
pub mod ast;
pub mod diag;
pub mod error;
pub mod facts;
pub mod source;
pub mod taxonomy;
pub mod time;
pub mod typed;
pub mod value;
pub mod wire;
