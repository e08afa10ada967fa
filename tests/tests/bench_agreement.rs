//! The twelve rules in policy and the twelve rules by hand give the same answer for everybody: without that, comparing
//! their speed would compare nothing.

use byleave::Scratch;
use byleave::decision::{Answer as Found, State, Sweep, Verdict};
use byleave_tests::handwritten::{self, Answer, Blocking, Outcome, RULES};
use byleave_tests::population::{Names, engine, population, read_answer, request, rules_of_other_states};

/// The engine's answer in the words of the hand-written code.
fn translated(engine: &byleave::Engine, found: &Found) -> Answer {
    let mut blocking = Blocking::default();
    for b in &found.blocking {
        let id =
            engine.program().typed_rule(engine.program().rules[b.rule as usize].rule).map_or("", |r| &r.id);
        let n = RULES.iter().position(|r| id.strip_prefix("twelve.") == Some(r));
        let bit = 1 << n.unwrap_or_else(|| panic!("no rule {id}"));
        match b.state {
            State::Violated => blocking.violated |= bit,
            State::Undetermined => blocking.undetermined |= bit,
            State::Free => panic!("free, and blocks: {id}"),
        }
    }
    Answer {
        outcome: outcome(found.verdict),
        blocking,
        owes_opt_out: !found.duties.is_empty(),
        valid_until: found.valid_until,
    }
}

fn outcome(verdict: Verdict) -> Outcome {
    match verdict {
        Verdict::Allow => Outcome::Allow,
        Verdict::Defer(until) => Outcome::Defer(until),
        Verdict::Deny => Outcome::Deny,
    }
}

#[test]
fn policy_and_hand_agree_on_everybody() {
    let engine = engine("");
    let names = Names::of(&engine);
    let mut scratch = Scratch::default();
    let mut count = [0usize; 3];
    let mut differ = 0;
    for (n, case) in population().iter().enumerate() {
        let facts = names.facts(case);
        let by_hand = handwritten::answer(case);
        let by_policy = translated(&engine, &Sweep::new(engine.program(), &facts, &mut scratch).answer());
        let alone = outcome(engine.verdict(&facts, &mut scratch).unwrap());
        if by_hand != by_policy || alone != by_policy.outcome {
            differ += 1;
            if differ <= 5 {
                let request = request(case);
                eprintln!("{n}:\n hand   {by_hand:?}\n policy {by_policy:?}\n alone  {alone:?}\n{request}");
            }
        }
        assert_eq!(handwritten::outcome(case), by_hand.outcome, "person {n}");
        assert_eq!(handwritten::blocking(case), by_hand.blocking, "person {n}");
        count[match by_hand.outcome {
            Outcome::Allow => 0,
            Outcome::Defer(_) => 1,
            Outcome::Deny => 2,
        }] += 1;
    }
    eprintln!("allow, defer, deny: {count:?}");
    assert_eq!(differ, 0, "disagreements");
    assert!((3_500..=4_500).contains(&count[0]), "some 40 in a hundred are allowed: {count:?}");
}

#[test]
fn the_ordinary_door_says_the_same() {
    let engine = engine("");
    for (n, case) in population().iter().enumerate().step_by(7) {
        let request = request(case).to_string();
        let answer = engine.decide_json(request.as_bytes()).unwrap_or_else(|e| panic!("person {n}: {e}"));
        let answer = serde_json::from_str(&answer).unwrap_or_else(|e| panic!("person {n}: {e}"));
        assert_eq!(read_answer(&answer), handwritten::answer(case), "person {n}: {request}");
    }
}

#[test]
fn rules_that_cannot_apply_change_nothing() {
    let (few, many) = (engine(""), engine(&rules_of_other_states(1000)));
    let (a, b) = (Names::of(&few), Names::of(&many));
    let mut scratch = [Scratch::default(), Scratch::default()];
    for (n, case) in population().iter().enumerate().step_by(11) {
        let (x, y) = (a.facts(case), b.facts(case));
        let x = translated(&few, &Sweep::new(few.program(), &x, &mut scratch[0]).answer());
        let y = translated(&many, &Sweep::new(many.program(), &y, &mut scratch[1]).answer());
        assert_eq!(x, y, "person {n}");
    }
}
