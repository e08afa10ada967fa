//! Law 2. Ignorance only restricts: taking away a fact (a field, a list, a history made absent, not empty) never turns a non-allow into allow, nor moves `until` earlier. Apart: `known that`.

use byleave_tests::decide::FastMaker;
use byleave_tests::{harness, laws};

#[test]
fn holds() {
    harness::holds("law_02_ignorance", 100, |world| laws::ignorance(&FastMaker, world));
}

/// What the host alone decides, `known that` does not settle.
#[test]
fn holds_of_the_contact_itself() {
    use byleave_tests::decide::SlowMaker;
    harness::holds("law_02_ignorance", 12, |world| laws::ignorance_of_the_contact(&FastMaker, world));
    harness::holds("law_02_ignorance", 12, |world| laws::ignorance_of_the_contact(&SlowMaker(None), world));
}

/// The test can fail: a decider with that mistake breaks the law.
#[test]
fn catches_a_mistake() {
    use byleave_tests::decide::SlowMaker;
    use byleave_tests::reference::Mutant;
    assert!(harness::catches(3000, 2, |world| laws::ignorance(
        &SlowMaker(Some(Mutant::UnknownWhenIsFalse)),
        world
    )));
}

/// The one date that may not be taken away: an event that claims to have been recorded before it happened is held back by
/// its date alone, for without it the record says that it has happened. Every other date left out restricts.
#[test]
fn what_was_recorded_before_it_happened_is_held_back_by_its_date() {
    use byleave_tests::decide::Maker;
    let decider = FastMaker
        .make(&[format!("{}rule ask {{ require consent at least opted_in }}", laws::HEAD)])
        .expect("a policy");
    let outcome = |dates: &str| {
        let text = format!(
            r#"{{"at": "2026-07-01T12:00:00Z", "person": {{"id": "p"}},
                "contact": {{"channel": "sms", "purpose": ["gift"], "topic": []}},
                "consents": [{{"id": "g", "kind": "grant", "level": "express", "scope": {{}} {dates}}}]}}"#
        );
        let request = serde_json::from_str(&text).expect("a request");
        decider.answer(&request).expect("an answer").outcome
    };
    let (soon, before, after) =
        (r#""at": "2026-09-03T00:00:00Z""#, "2026-06-30T00:00:00Z", "2026-09-04T00:00:00Z");
    assert_eq!(outcome(&format!(r#", {soon}"#)), "deny");
    assert_eq!(outcome(""), "deny");
    assert_eq!(outcome(&format!(r#", {soon}, "recorded_at": "{after}""#)), "deny");
    assert_eq!(outcome(&format!(r#", "recorded_at": "{after}""#)), "deny");
    assert_eq!(outcome(&format!(r#", {soon}, "recorded_at": "{before}""#)), "deny");
    assert_eq!(outcome(&format!(r#", "recorded_at": "{before}""#)), "allow");
}
