//! Byleave for browsers: the part written in Rust, a WebAssembly module that the JavaScript beside it wraps. It translates and
//! never decides.
//!
//! | file | what it holds |
//! |---|---|
//! | `engine` | the handles: every question one call, JSON text in, canonical text out |
//! | `policy` | what an engine is built from; `check` (feature `policy`) |
//! | `ledger` | the ledger in memory (feature `ledger`) |
//! | `thrown` | the engine's errors on their way to JavaScript |
//!
//! Nothing of this is promised to hosts; `index.d.ts` of the package is.

mod engine;
#[cfg(feature = "ledger")]
mod ledger;
#[cfg(feature = "policy")]
mod policy;
mod thrown;
