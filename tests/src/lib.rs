//! What the tests share: the plain reference, generators, the corpus.
#![allow(missing_docs)]

pub mod reference;
