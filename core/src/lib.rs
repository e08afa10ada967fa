//! (skeleton)
pub mod ast;
pub mod diag;
pub mod source;
pub mod time;
pub mod taxonomy;
pub mod typed;
pub mod value;
