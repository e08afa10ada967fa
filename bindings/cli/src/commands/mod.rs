//! One file a command.

pub mod codes;
pub mod completions;
