//! Law 9. Law as of the date: a rule binds from its first day to its last, read on its pack's own clock.

use byleave_tests::decide::FastMaker;
use byleave_tests::{harness, laws};

#[test]
fn holds() {
    harness::holds("law_09_dates", 300, |world| laws::dates(&FastMaker, world));
}
