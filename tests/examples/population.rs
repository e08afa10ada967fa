//! The first persons of the benchmark's population, a line of JSON each: the request; the same worked out for engines without
//! events, zones and hierarchies; the outcome and the rules that block, as the hand-written code finds them.
//!
//! `cargo run -p byleave-tests --example population -- 200`

use byleave_tests::handwritten::{Outcome, answer};
use byleave_tests::population::{blocking, population, request, worked_out};
use serde_json::json;

fn main() -> Result<(), String> {
    let many = std::env::args().nth(1).map_or(Ok(200), |n| n.parse::<usize>());
    let many = many.map_err(|error| format!("how many persons: {error}"))?;
    for case in population().iter().take(many) {
        let outcome = match answer(case).outcome {
            Outcome::Allow => "allow",
            Outcome::Defer(_) => "defer",
            Outcome::Deny => "deny",
        };
        let line = json!({
            "request": request(case),
            "worked_out": worked_out(case),
            "outcome": outcome,
            "blocking": blocking(case),
        });
        println!("{line}");
    }
    Ok(())
}
