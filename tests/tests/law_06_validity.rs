//! Law 6. Validity is exact: outcome, until, blocking rules with finding, kind and missing, obligations and fields are the same at every instant up to `valid_until`, each with its own sliding horizon, and differ there.

use byleave_tests::decide::FastMaker;
use byleave_tests::{harness, laws};

#[test]
fn holds() {
    harness::holds("law_06_validity", 15, |world| laws::validity(&FastMaker, world));
}

/// The test can fail: a decider with that mistake breaks the law.
#[test]
fn catches_a_mistake() {
    use byleave_tests::decide::SlowMaker;
    use byleave_tests::reference::Mutant;
    assert!(harness::catches(300, 36, |world| laws::agree(
        &SlowMaker(Some(Mutant::NoSlide)),
        &SlowMaker(None),
        world
    )));
}
