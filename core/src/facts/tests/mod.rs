//! Facts held to their promises: refusals with their paths, frozen facts, order and repetition, hostile input.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod fixture;
mod frozen;
mod laws;
mod native;
mod refusals;
mod schema;
mod values;
