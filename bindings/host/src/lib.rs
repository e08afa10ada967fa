//! What every binding does in the same way, whichever language it serves. A binding itself only turns its host's objects into
//! the wire's, answers into its host's objects, and a [`Fault`] into its host's exception.
//!
//! | file | what it holds |
//! |---|---|
//! | `core` | the verbs of the contract on compiled packs: [`Core`], [`Prepared`] |
//! | `quick` | the verbs on flat requests: [`Room`] |
//! | `desk` | the outcome of tapes one after another: [`Desk`], [`Later`]; too much to fetch for a page, which goes without |
//! | `reading` | tapes read into facts and asked: [`Reading`]; likewise |
//! | `tree` | a tape back into the wire's tree, for the long way: [`tree`]; likewise |
//! | `over` | the arguments that lie over a request: [`Over`] |
//! | `fault` | why there is no answer: [`Fault`]; no panic gets out |
//! | `limits` | limits by name |
//! | `policy` | what an engine is built from; looking for mistakes (feature `policy`) |
//! | `place` | where a person may be: [`locate`] (feature `policy`) |
//! | `args` | arguments that come as one object |
//! | `ledger` | the ledger as hosts hold it (feature `ledger`; in files by `files`) |

#[cfg(any(feature = "policy", feature = "ledger"))]
mod args;
mod core;
#[cfg(not(target_family = "wasm"))]
mod desk;
mod fault;
#[cfg(feature = "ledger")]
pub mod ledger;
mod limits;
mod over;
#[cfg(feature = "policy")]
mod place;
#[cfg(feature = "policy")]
pub mod policy;
mod quick;
#[cfg(not(target_family = "wasm"))]
mod reading;
#[cfg(not(target_family = "wasm"))]
mod tree;

pub use crate::core::{Core, Prepared, read_decision};
#[cfg(not(target_family = "wasm"))]
pub use desk::{Desk, Later, Lent};
pub use fault::{Fault, guarded, shown, written};
pub use limits::{limits, limits_text};
pub use over::Over;
#[cfg(feature = "policy")]
pub use place::locate;
pub use quick::Room;
#[cfg(not(target_family = "wasm"))]
pub use reading::Reading;
#[cfg(not(target_family = "wasm"))]
pub use tree::tree;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
