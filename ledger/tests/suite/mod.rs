//! The suite, a room for each question; its places are in `tests/ledger.rs`.

pub mod events;
pub mod facts;
pub mod hostile;
pub mod saved;
pub mod sync;
pub mod touched;
