//! Writes a corpus file anew with what the reference says where a case expects nothing yet, and tells where it says
//! something else than the case expects. `cargo run -p byleave-tests --example fill -- in.json out.json`

use byleave_tests::corpus::{File, differences, seen};
use byleave_tests::reference::{Case, QUARTER, grid_of};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&args[1]).expect("a file");
    let mut file: File = serde_json::from_str(&text).expect("a corpus file");
    let again = file.clone();
    for case in &mut file.cases {
        if case.expect.error.is_some() {
            continue;
        }
        let texts = match again.texts(case) {
            Ok(t) => t,
            Err(e) => {
                println!("{}: {e}", case.name);
                continue;
            }
        };
        let policy = match byleave_tests::load::of_texts(&texts) {
            Ok(p) => p,
            Err(e) => {
                println!("{}: {e}", case.name);
                continue;
            }
        };
        let text = case.policy.join(" ");
        let step = if text.contains("minutes") { QUARTER / 3 } else { QUARTER };
        let grid = grid_of(&case.request, step);
        let Some(c) = Case::new(policy.policy(), &case.request, None) else {
            println!("{}: no instant", case.name);
            continue;
        };
        let before = std::time::Instant::now();
        let got = seen(&c.decide(&grid));
        if before.elapsed().as_millis() > 2000 {
            eprintln!("{}: slow, {:?}", case.name, before.elapsed());
        }
        for d in differences(&case.expect, &got) {
            println!("{}: {d}", case.name);
        }
        let e = &mut case.expect;
        if e.outcome.is_none() {
            println!("{}: outcome filled: {:?} {:?}", case.name, got.outcome, got.until);
        }
        e.outcome = e.outcome.take().or(got.outcome);
        e.until = e.until.take().or(got.until);
        e.valid_until = e.valid_until.take().or(got.valid_until);
        e.reasons = e.reasons.take().or(got.reasons);
        e.obligations = e.obligations.take().or(got.obligations);
        e.withheld = e.withheld.take().or(got.withheld);
        e.missing = e.missing.take().or(got.missing);
    }
    if let Some(out) = args.get(2) {
        std::fs::write(out, serde_json::to_string_pretty(&file).expect("JSON") + "\n").expect("written");
    }
}
