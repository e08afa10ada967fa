//! The ledger as hosts hold it: one handle for memory, a file or a database, whose verbs take arguments by name and give what each
//! language makes its own objects of.
//!
//! | file | what it holds |
//! |---|---|
//! | `book` | the handle: [`Book`] |
//! | `told` | arguments as they are read |
//! | `answers` | what the verbs give, under the same names everywhere |
//! | `bundle` | bundles of evidence, and keys |
//!
//! A handle serves any number of threads, one after another: whoever asks while another is being answered waits. After an error
//! it goes on working.

mod answers;
mod book;
mod bundle;
mod told;

pub use answers::{
    BundleFinding, BundleReport, Checkpoint, LedgerFinding, LedgerLines, LedgerReport, Receipt, RefusedLine,
    Replayed, Size, TakenIn,
};
pub use book::{Answered, Book};
pub use bundle::{generate_key, public_key, verify_bundle};
