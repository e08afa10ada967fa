//! Law 4. Order does not matter, nor repetition of an event with the same id; events without id count each time.

use byleave_tests::decide::FastMaker;
use byleave_tests::{harness, laws};

#[test]
fn holds() {
    harness::holds("law_04_order", 150, |world| laws::order(&FastMaker, world));
}

/// The test can fail: a decider with that mistake breaks the law.
#[test]
fn catches_a_mistake() {
    use byleave_tests::decide::SlowMaker;
    use byleave_tests::reference::Mutant;
    assert!(harness::catches(3000, 2, |world| laws::order(&SlowMaker(Some(Mutant::ListOrder)), world)));
}
