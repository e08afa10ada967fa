//! Runs a law over random worlds: a fixed seed by default, failures made small and remembered.

use crate::laws::Verdict;
use crate::worlds::{World, Worlds};
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestCaseError, TestError, TestRunner};

/// So many cases; `BYLEAVE_CASES` multiplies them, in percent: `BYLEAVE_CASES=1000` runs ten times as many.
pub fn cases(default: u32) -> u32 {
    let percent = std::env::var("BYLEAVE_CASES").ok().and_then(|n| n.parse::<u32>().ok()).unwrap_or(100);
    (default.saturating_mul(percent) / 100).max(1)
}

/// `BYLEAVE_SEED` chooses other worlds.
fn seed() -> u64 {
    std::env::var("BYLEAVE_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(20_261_122)
}

/// The law holds in every world tried, or the smallest world found in which it does not is shown.
pub fn holds(name: &'static str, default: u32, law: impl Fn(&World) -> Verdict) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("regressions");
    let file: &'static str =
        Box::leak(folder.join(format!("{name}.txt")).display().to_string().into_boxed_str());
    let config = Config {
        cases: cases(default),
        rng_seed: RngSeed::Fixed(seed()),
        max_shrink_iters: 3_000,
        max_shrink_time: 60_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(file))),
        source_file: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    // A smaller world must fail in the same way: one that is refused shows nothing.
    let first = std::cell::RefCell::new(None);
    let outcome = runner.run(&Worlds, |world| match law(&world) {
        Ok(()) => Ok(()),
        Err(why) => {
            let kind = why.lines().next().unwrap_or_default().to_string();
            if *first.borrow_mut().get_or_insert_with(|| kind.clone()) == kind {
                Err(TestCaseError::fail(why))
            } else {
                Ok(())
            }
        }
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(why, _)) => panic!("{why}"),
        Err(TestError::Abort(why)) => panic!("aborted: {why}"),
    }
}

/// A law that a mistaken decider breaks in at least one of so many worlds: the test can fail. The worlds end after `hours`,
/// for the reference steps through all of them.
pub fn catches(worlds: u64, hours: u32, mut law: impl FnMut(&World) -> Verdict) -> bool {
    (0..worlds).any(|n| {
        let mut world = World::new(n.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xB1E5);
        world.request["horizon"] = format!("{hours} hours").into();
        law(&world).is_err()
    })
}
