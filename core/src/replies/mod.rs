//! What somebody answers, read by the words that packs declare: what it means, and the words that decided it.
//!
//! Everything that is found is kept, and what restricts most wins: to stop, before to have somebody look, before to help, before
//! to agree. So a pack more, or a word more, never makes less of an answer.

mod alone;
mod lexicon;
mod quoted;
mod read;

pub(crate) use lexicon::Lexicon;
pub(crate) use read::{Found, Reading, Sense, read};

/// Code points of a message that are judged. What is longer is judged as far, and is never passed over.
pub(crate) const LONGEST: usize = 16_384;
