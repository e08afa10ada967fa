//! Law 3. Revocation is monotone: adding a revocation never turns a non-allow into allow. The checker's polarity holds it: consent only ever permits.

use byleave_tests::decide::FastMaker;
use byleave_tests::{harness, laws};

#[test]
fn holds() {
    harness::holds("law_03_revocation", 150, |world| laws::revocation(&FastMaker, world));
}

/// The test can fail: a decider with that mistake breaks the law.
#[test]
fn catches_a_mistake() {
    use byleave_tests::decide::SlowMaker;
    use byleave_tests::reference::Mutant;
    assert!(harness::catches(3000, 2, |world| {
        // Only a rule that asks for consent, and a revocation that stands already, can show it.
        let asks = ["refused", "consent at least"].iter().any(|w| world.text().contains(w));
        if world.rules.len() > 1 || !asks || !world.request["consents"].to_string().contains("revoke") {
            return Ok(());
        }
        laws::revocation(&SlowMaker(Some(Mutant::OnlyNewestRevocation)), world)
    }));
}
