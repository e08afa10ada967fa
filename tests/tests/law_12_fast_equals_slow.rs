//! Law 12. Fast equals slow: the engine agrees with the plain reference on outcome, until, valid_until, blocking rules with
//! finding, kind and missing, obligations and withheld fields.

use byleave_tests::decide::{FastMaker, SlowMaker};
use byleave_tests::reference::Mutant;
use byleave_tests::{harness, laws};

#[test]
fn holds() {
    harness::holds("law_12_fast_equals_slow", 40, |world| laws::agree(&FastMaker, &SlowMaker(None), world));
}

/// The test can fail: the reference with a mistake does not say the same as the reference, in some one of few worlds.
/// Mistakes at the ends of months hardly occur at random; the corpus carries those (M1–M4).
#[test]
fn catches_mistakes() {
    use Mutant::*;
    let mut left = vec![
        EveryZoneMustBlock,
        UnknownIsFalse,
        UnknownWhenIsFalse,
        ClosedWindow,
        DaysAsHours,
        UndatedSkipped,
        StaleListKept,
        LatestWins,
        AnyGrantLifts,
        AllNamesMustLift,
        SensitiveIgnored,
        OnlyNewestRevocation,
        OneRuleIsEnough,
        LaterEventsCount,
        NarrowerIgnored,
    ];
    harness::catches(3000, 2, |world| {
        let caught = laws::told_apart(world, &left)?;
        left.retain(|m| !caught.contains(m));
        if left.is_empty() { Err("all are caught".to_string()) } else { Ok(()) }
    });
    assert!(left.is_empty(), "nothing told {left:?} from the truth");
}
