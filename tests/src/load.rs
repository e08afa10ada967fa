//! Policy texts to typed policy, beside the words of the corpus.

use byleave::typed::Policy;
use std::sync::Arc;

/// The words of the corpus.
pub const WORDS: &str = include_str!("../vectors/words.leave");

/// Packs beside the words, parsed and checked.
pub fn policy(_packs: &[String]) -> Result<Arc<Policy>, String> {
    Err("no checker yet".to_string())
}
