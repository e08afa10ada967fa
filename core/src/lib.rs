//! (skeleton)
pub mod ast;
pub mod diag;
pub mod source;
pub mod time;
