//! Whose facts they are: facts are numbered by the vocabulary of one engine, and another reads other facts in them.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Marks what one engine has numbered. Handles to the same engine share its mark; no two engines of a process have the same
/// one, be they built from the same text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(usize);

impl Mark {
    /// One that nobody has had yet.
    pub(crate) fn new() -> Mark {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        Mark(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}
