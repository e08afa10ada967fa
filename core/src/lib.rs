//! (skeleton)
pub mod ast;
pub mod decision;
pub mod diag;
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
