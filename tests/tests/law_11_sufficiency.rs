//! Law 11. Sufficiency: a request that holds only the facts that a violated rule's reason names is refused by that rule
//! again and for the same kind of reason; an undetermined rule names what it lacks, a violated one nothing.

use byleave_tests::{harness, laws};

#[test]
fn holds() {
    harness::holds("law_11_sufficiency", 250, laws::sufficiency);
}

/// The test can fail: a request from which one fact too many was taken is another one.
#[test]
fn catches_a_mistake() {
    use byleave_tests::decide::ask;
    use byleave_tests::load;
    let caught = harness::catches(3000, 2, |world| {
        let engine = load::engine(&[laws::pack(world)])?;
        let answer = ask(&engine, &world.request).map_err(|e| e.to_string())?;
        let nothing = ask(&engine, &laws::only(&world.request, &[])).map_err(|e| e.to_string())?;
        let violated = |d: &serde_json::Value| {
            let all = d["reasons"].as_array().cloned().unwrap_or_default();
            all.iter().filter(|r| r["finding"] == "violated").count()
        };
        if violated(&nothing) < violated(&answer) { Err("it was found".to_string()) } else { Ok(()) }
    });
    assert!(caught);
}
