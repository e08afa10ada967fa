//! Byleave for Python: the part written in Rust, `byleave._byleave`. It translates and never decides.
//!
//! | file | what it holds |
//! |---|---|
//! | `from_python` | a host's objects → the wire's JSON tree, without a detour by text |
//! | `steady` | what holds others, read while nobody may change it |
//! | `times` | instants, lengths and times of day, as the engine writes them |
//! | `plain` | plain dicts → a tape, value by value |
//! | `to_python` | answers on the wire → the frozen dataclasses of `byleave/_answers.py`, field for field |
//! | `engine` | `Engine` and `Facts`: the verbs of the contract |
//! | `frame` | frames of columns: Arrow in, Arrow out, by `byleave-arrow` |
//! | `decision` | `Decision` and `Verdict` |
//! | `ledger` | `Ledger`: consent, kept and proven; bundles and keys |
//! | `policy` | what an engine is built from; `check` |
//! | `place` | `locate` |
//! | `error` | the engine's errors as exceptions |
//!
//! Whatever takes longer than a switch of threads runs detached from the interpreter ([`engine::detached`]).

mod decision;
mod engine;
mod error;
mod frame;
mod from_python;
mod ledger;
mod place;
mod plain;
mod policy;
mod steady;
mod times;
mod to_python;

/// The engine's handles and functions.
#[pyo3::pymodule]
mod _byleave {
    #[pymodule_export]
    use crate::decision::{Decision, Verdict};
    #[pymodule_export]
    use crate::engine::{Engine, Facts};
    #[pymodule_export]
    use crate::frame::Answers;
    #[pymodule_export]
    use crate::ledger::{Ledger, generate_key, public_key, verify_bundle};
    #[pymodule_export]
    use crate::place::_locate;
    #[pymodule_export]
    use crate::policy::{check, packs};

    /// Version of the engine.
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
