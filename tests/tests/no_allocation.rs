//! An outcome-only decision allocates nothing once the scratch has its room.

use byleave::Scratch;
use byleave_tests::population::{Names, engine, population};

#[test]
fn the_outcome_allocates_nothing() {
    let engine = engine("");
    let names = Names::of(&engine);
    let facts: Vec<_> = population().iter().step_by(5).map(|case| names.facts(case)).collect();
    let mut scratch = Scratch::default();
    // The room that a population needs is found out by deciding it once.
    facts.iter().for_each(|f| {
        std::hint::black_box(engine.verdict(f, &mut scratch)).unwrap();
    });
    let counted = allocation_counter::measure(|| {
        facts.iter().for_each(|f| {
            std::hint::black_box(engine.verdict(f, &mut scratch)).unwrap();
        })
    });
    assert_eq!((counted.count_total, counted.bytes_total), (0, 0));
}
