//! Law 2. Ignorance only restricts: taking away a fact (a field, a list, a history made absent, not empty) never turns a non-allow into allow, nor moves `until` earlier. Apart: `known that`.

use byleave_tests::decide::FastMaker;
use byleave_tests::{harness, laws};

#[test]
fn holds() {
    harness::holds("law_02_ignorance", 100, |world| laws::ignorance(&FastMaker, world));
}

/// The test can fail: a decider with that mistake breaks the law.
#[test]
fn catches_a_mistake() {
    use byleave_tests::decide::SlowMaker;
    use byleave_tests::reference::Mutant;
    assert!(harness::catches(3000, 2, |world| laws::ignorance(
        &SlowMaker(Some(Mutant::UnknownWhenIsFalse)),
        world
    )));
}
