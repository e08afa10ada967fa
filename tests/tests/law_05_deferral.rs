//! Law 5. Deferral is exact, for the frozen facts: at `until` the answer is allow, and at no instant from now up to it.

use byleave_tests::decide::FastMaker;
use byleave_tests::{harness, laws};

#[test]
fn holds() {
    harness::holds("law_05_deferral", 40, |world| laws::deferral(&FastMaker, world));
}

/// The test can fail: a decider with that mistake breaks the law.
#[test]
fn catches_a_mistake() {
    use byleave_tests::decide::SlowMaker;
    use byleave_tests::reference::Mutant;
    assert!(harness::catches(200, 24, |world| laws::deferral(
        &SlowMaker(Some(Mutant::MaxOfHealings)),
        world
    )));
}
