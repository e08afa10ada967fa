//! Law 1. Composition only restricts: adding a rule or a pack shrinks the set of instants that allow and the allowed fields, and only adds obligations; so `until` never moves earlier.

use byleave_tests::decide::FastMaker;
use byleave_tests::{harness, laws};

#[test]
fn holds() {
    harness::holds("law_01_composition", 150, |world| laws::composition(&FastMaker, world));
}

/// The test can fail: a decider with that mistake breaks the law.
#[test]
fn catches_a_mistake() {
    use byleave_tests::decide::SlowMaker;
    use byleave_tests::reference::Mutant;
    assert!(harness::catches(3000, 2, |world| laws::composition(
        &SlowMaker(Some(Mutant::OneRuleIsEnough)),
        world
    )));
}
