//! The decision: findings combined into allow, defer or deny, with the instants, reasons, obligations and fields.

mod sweep;

pub use sweep::{Answer, Blocking, Clears, State, Sweep, Verdict};
