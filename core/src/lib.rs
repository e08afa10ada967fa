//! (skeleton)
pub mod ast;
pub mod diag;
pub mod facts;
pub mod source;
pub mod taxonomy;
pub mod time;
pub mod typed;
pub mod value;
