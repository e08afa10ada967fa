//! The decision: findings combined into allow, defer or deny, with the instants, reasons, obligations and fields.

mod alike;
mod brief;
mod explain;
mod from_answer;
mod owed;
mod refusals;
mod sweep;
mod taken;
mod words;

pub(crate) use alike::Said;
pub use brief::Brief;
pub use owed::Owed;
pub use sweep::{Answer, Blocking, Clears, State, Sweep, Verdict};
pub(crate) use words::Words;
