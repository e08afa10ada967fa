//! What the tests share: the plain reference, random worlds, the laws, the corpus; the benchmark's population, and its
//! rules written by hand.
#![allow(missing_docs)]

pub mod corpus;
pub mod decide;
pub mod handwritten;
pub mod harness;
pub mod laws;
pub mod load;
pub mod population;
pub mod reference;
pub mod replies;
pub mod spoil;
pub mod worlds;
