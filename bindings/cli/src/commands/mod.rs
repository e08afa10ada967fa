//! One file a command.

pub mod check;
pub mod codes;
pub mod compile;
pub mod completions;
pub mod decide;
mod decide_recorded;
pub mod explain;
pub mod fmt;
pub mod ledger;
pub mod locate;
pub mod merge;
pub mod packs;
pub mod plan;
pub mod reply;
pub mod schema;
pub mod test;
