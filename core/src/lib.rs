//! (skeleton)
pub mod time;
