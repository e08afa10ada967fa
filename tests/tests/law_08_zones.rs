//! Law 8. Time is the recipient's: a rule is asked once per candidate zone, with the same zone throughout, and must pass in each.

use byleave_tests::decide::FastMaker;
use byleave_tests::{harness, laws};

#[test]
fn holds() {
    harness::holds("law_08_zones", 400, |world| laws::zones(&FastMaker, world));
}

/// The test can fail: a decider with that mistake breaks the law.
#[test]
fn catches_a_mistake() {
    use byleave_tests::decide::SlowMaker;
    use byleave_tests::reference::Mutant;
    assert!(harness::catches(3000, 12, |world| laws::zones(
        &SlowMaker(Some(Mutant::EveryZoneMustBlock)),
        world
    )));
}
