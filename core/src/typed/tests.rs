//! Tests that stand in packs.

/// The tests of one pack.
#[derive(Clone, Debug)]
pub struct PackTests {
    /// Index of the pack.
    pub pack: u16,
}
