//! The fast form of a rule means what its nodes mean, in every lane and at every instant; and the outcome alone is the
//! outcome of the whole answer.

use byleave::Outcome;
use byleave::Scratch;
use byleave::decision::{Sweep, Verdict};
use byleave_tests::{harness, laws, load};

#[test]
fn the_fast_form_means_the_same() {
    harness::holds("fast_form", 150, |world| {
        let engine = load::engine(&[laws::pack(world)])?;
        let text = world.request.to_string();
        let Ok(facts) = engine.request(text.as_bytes()).and_then(|request| engine.facts(&request)) else {
            return Ok(());
        };
        let mut scratch = Scratch::default();
        let mut sweep = Sweep::new(engine.program(), &facts, &mut scratch);
        let e = &mut sweep.e;
        let begin = e.t;
        for hours in [0i64, 1, 7, 13, 40, 400, 9000] {
            for rule in engine.program().rules.iter().filter(|rule| rule.each.is_none()) {
                e.t = begin.saturating_add(hours * 3_600_000_000);
                (e.all, _) = e.lanes(rule.clock);
                let (slow, fast) = (e.val(rule.blocks_candidate), e.fast(rule.fast));
                if (slow.t, slow.f) != (fast.t, fast.f) {
                    return Err(format!("{slow:?} and {fast:?} in\n{}\n{text}", world.text()));
                }
            }
        }
        Ok(())
    });
}

#[test]
fn the_outcome_alone_is_the_outcome() {
    harness::holds("outcome_alone", 150, |world| {
        let engine = load::engine(&[laws::pack(world)])?;
        let text = world.request.to_string();
        let Ok(request) = engine.request(text.as_bytes()) else { return Ok(()) };
        let (Ok(facts), Ok(decision)) = (engine.facts(&request), engine.decide(&request)) else {
            return Ok(());
        };
        let verdict = engine.verdict(&facts, &mut Scratch::default());
        let same = match (verdict, decision.outcome) {
            (Verdict::Allow, Outcome::Allow) | (Verdict::Deny, Outcome::Deny) => true,
            (Verdict::Defer(at), Outcome::Defer) => {
                decision.until.as_ref().is_some_and(|until| *until == byleave::Instant(at).to_string())
            }
            _ => false,
        };
        if same { Ok(()) } else { Err(format!("{verdict:?} and {decision:?} in\n{}\n{text}", world.text())) }
    });
}
