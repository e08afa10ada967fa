//! The fast form of a rule means what its nodes mean, in every lane and at every instant; and the outcome alone is the
//! outcome of the whole answer.

use byleave::Outcome;
use byleave::Scratch;
use byleave::decision::{Sweep, Verdict};
use byleave::facts::Slot;
use byleave_tests::{harness, laws, load};

#[test]
fn the_fast_form_means_the_same() {
    let compared = std::cell::Cell::new(0);
    harness::holds("fast_form", 150, |world| {
        let engine = load::engine(&[laws::pack(world)])?;
        let text = world.request.to_string();
        let Ok(facts) = engine.request(text.as_bytes()).and_then(|request| engine.facts(&request)) else {
            return Ok(());
        };
        let mut scratch = Scratch::default();
        let mut sweep = Sweep::new(engine.program(), &facts, &mut scratch);
        // Something that candidates are chosen by is open: then no rule is asked in that form.
        if !sweep.is_certain() {
            return Ok(());
        }
        let candidates = sweep.candidates();
        compared.set(compared.get() + candidates.len());
        let e = &mut sweep.e;
        let begin = e.t;
        for hours in [0i64, 1, 7, 13, 40, 400, 9000] {
            for rule in candidates.iter().filter_map(|n| engine.program().rules.get(*n as usize)) {
                e.t = begin.saturating_add(hours * 3_600_000_000);
                (e.all, _) = e.lanes(rule.clock);
                let records = match rule.each.map(|list| facts.slot(list)) {
                    Some(Slot::Records(records)) => {
                        (1u32..).zip(records).map(|(n, r)| Some((&**r, n))).collect()
                    }
                    _ => vec![None],
                };
                for record in records {
                    e.record = record;
                    let (slow, fast) = (e.val(rule.blocks), e.fast(rule.fast));
                    if (slow.t, slow.f) != (fast.t, fast.f) {
                        return Err(format!("{slow:?} and {fast:?} in\n{}\n{text}", world.text()));
                    }
                }
                e.record = None;
            }
        }
        Ok(())
    });
    assert!(compared.get() > 100, "hardly a rule was asked in its fast form: {}", compared.get());
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
        let verdict = engine.verdict(&facts, &mut Scratch::default()).unwrap();
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
