//! What the tests share: the plain reference, random worlds, the laws, the corpus.
#![allow(missing_docs)]

pub mod corpus;
pub mod decide;
pub mod harness;
pub mod laws;
pub mod load;
pub mod reference;
pub mod worlds;
