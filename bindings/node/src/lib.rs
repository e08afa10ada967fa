//! Byleave for Node: the part written in Rust, an addon that `lib/` wraps. It translates and never decides.
//!
//! | file | what it holds |
//! |---|---|
//! | `engine` | the handles: every question one call, JSON text in, canonical text out |
//! | `ledger` | the ledger's handle, bundles and keys |
//! | `policy` | what an engine is built from; `check` |
//! | `fault` | faults on their way to JavaScript |
//!
//! Objects become text and text becomes objects in `lib/`, in JavaScript: there a property costs a fraction of what reaching
//! it from here would. Nothing of this is promised to hosts; `lib/index.d.ts` is.

mod engine;
mod fault;
mod ledger;
mod policy;
