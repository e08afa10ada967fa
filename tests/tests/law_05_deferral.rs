//! Law 5. Deferral is exact, for the frozen facts: at `until` the answer is allow, and at no instant from now up to it.

use byleave_tests::decide::{FastMaker, Maker};
use byleave_tests::{harness, laws};

#[test]
fn holds() {
    harness::holds("law_05_deferral", 40, |world| laws::deferral(&FastMaker, world));
}

/// The test can fail: a decider that takes the latest of the rules' own first passes breaks the law where two rules take
/// turns. The law itself is asked only where that decider says something else than the truth.
#[test]
fn catches_a_mistake() {
    use byleave_tests::decide::SlowMaker;
    use byleave_tests::reference::Mutant;
    let wrong = SlowMaker(Some(Mutant::MaxOfHealings));
    assert!(harness::catches(6000, 18, |world| {
        // Two rules that take turns have to wait for each other; whoever allows, or denies for ever, shows nothing.
        let engine = FastMaker.make(&[laws::pack(world)])?;
        let waits = engine.answer(&world.request).is_ok_and(|answer| answer.outcome == "defer");
        if world.rules.len() < 2 || !waits || laws::agree(&FastMaker, &wrong, world).is_ok() {
            return Ok(());
        }
        laws::deferral(&wrong, world)
    }));
}
