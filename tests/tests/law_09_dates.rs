//! Law 9. Law as of the date: a rule binds from its first day to its last, read on its pack's own clock.

use byleave_tests::decide::{Decider, FastMaker, Maker};
use byleave_tests::{harness, laws};

#[test]
fn holds() {
    harness::holds("law_09_dates", 300, |world| laws::dates(&FastMaker, world));
}

/// Makes engines that read no dates.
struct Timeless;

impl Maker for Timeless {
    fn make(&self, packs: &[String]) -> Result<Box<dyn Decider>, String> {
        let dated = |line: &&str| line.starts_with("  since ") || line.starts_with("  until ");
        let less = |pack: &String| pack.lines().filter(|line| !dated(line)).collect::<Vec<_>>().join("\n");
        FastMaker.make(&packs.iter().map(less).collect::<Vec<_>>())
    }
}

/// The test can fail: an engine with that mistake breaks the law.
#[test]
fn catches_a_mistake() {
    assert!(harness::catches(500, 2, |world| laws::dates(&Timeless, world)));
}
