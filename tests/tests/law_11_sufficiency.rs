//! Law 11. Sufficiency, the half that the corpus and the reference decide: a violated rule names no missing fact, an
//! undetermined one names at least one, and supplying nothing else leaves it undetermined.

use byleave_tests::decide::{FastMaker, Maker};
use byleave_tests::harness;
use byleave_tests::laws::pack;

#[test]
fn a_reason_names_what_it_lacks_and_nothing_otherwise() {
    harness::holds("law_11_sufficiency", 150, |world| {
        let answer = FastMaker.make(&[pack(world)])?.answer(&world.request)?;
        for (id, b) in &answer.state.blocking {
            if (b.finding == "undetermined") == b.missing.is_empty() {
                return Err(format!("{id}: {b:?}\n{}\n{}", world.text(), world.request));
            }
        }
        Ok(())
    });
}
