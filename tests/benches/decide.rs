//! Deciding, by policy and by hand: `cargo bench -p byleave-tests --bench decide`.
//!
//! First the ratios, measured side by side in one run: blocks of persons are decided by hand and by policy in turn, so
//! that whatever else the machine does falls on both. Then each by itself.

use byleave::Engine;
use byleave::Facts;
use byleave::Scratch;
use byleave::decision::Sweep;
use byleave_tests::handwritten::{self, Case};
use byleave_tests::population::{Names, engine, population, rules_of_other_states};
use divan::{Bencher, black_box};
use std::cell::RefCell;
use std::sync::OnceLock;
use std::time::Instant;

struct World {
    cases: Vec<Case>,
    engine: Engine,
    facts: Vec<Facts>,
    /// The same with a thousand rules more, none of which can apply.
    crowded: Engine,
    crowded_facts: Vec<Facts>,
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let cases = population();
        let (engine, crowded) = (engine(""), engine(&rules_of_other_states(1000)));
        let facts = |engine: &Engine| {
            let names = Names::of(engine);
            cases.iter().map(|case| names.facts(case)).collect()
        };
        let (facts, crowded_facts) = (facts(&engine), facts(&crowded));
        World { cases, engine, facts, crowded, crowded_facts }
    })
}

thread_local! {
    static SCRATCH: RefCell<[Scratch; 2]> = RefCell::default();
}

/// One way to decide a person.
type Way = fn(&World, usize);

fn hand_outcome(w: &World, n: usize) {
    black_box(handwritten::outcome(black_box(&w.cases[n])));
}
fn hand_blocking(w: &World, n: usize) {
    black_box(handwritten::blocking(black_box(&w.cases[n])));
}
fn hand_answer(w: &World, n: usize) {
    black_box(handwritten::answer(black_box(&w.cases[n])));
}
fn outcome(w: &World, n: usize) {
    SCRATCH.with_borrow_mut(|s| black_box(w.engine.verdict(black_box(&w.facts[n]), &mut s[0])).is_ok());
}
fn blocking(w: &World, n: usize) {
    SCRATCH.with_borrow_mut(|s| {
        black_box(Sweep::new(w.engine.program(), black_box(&w.facts[n]), &mut s[0]).blocking());
    });
}
fn answer(w: &World, n: usize) {
    SCRATCH.with_borrow_mut(|s| {
        black_box(Sweep::new(w.engine.program(), black_box(&w.facts[n]), &mut s[0]).answer());
    });
}
fn crowded_outcome(w: &World, n: usize) {
    SCRATCH
        .with_borrow_mut(|s| black_box(w.crowded.verdict(black_box(&w.crowded_facts[n]), &mut s[1])).is_ok());
}
fn crowded_blocking(w: &World, n: usize) {
    SCRATCH.with_borrow_mut(|s| {
        black_box(Sweep::new(w.crowded.program(), black_box(&w.crowded_facts[n]), &mut s[1]).blocking());
    });
}
fn crowded_answer(w: &World, n: usize) {
    SCRATCH.with_borrow_mut(|s| {
        black_box(Sweep::new(w.crowded.program(), black_box(&w.crowded_facts[n]), &mut s[1]).answer());
    });
}

/// The ways that are compared, by hand first.
const WAYS: [(&str, Way, Way, Way); 3] = [
    ("outcome only", hand_outcome, outcome, crowded_outcome),
    ("all blocking rules", hand_blocking, blocking, crowded_blocking),
    ("until and valid_until", hand_answer, answer, crowded_answer),
];

/// Persons decided in a row in one way: few enough that the facts of all of them stay in the cache.
const BLOCK: usize = 25;
const ROUNDS: usize = 9;

/// Nanoseconds a decision. Of each block the quickest round counts: whatever else the machine does only adds. Warm, a
/// block is decided once unmeasured first; cold, all other blocks have had their turn since.
fn side_by_side(w: &World, ways: [Way; 3], warm: bool) -> [f64; 3] {
    let mut least = [(); 3].map(|()| vec![u128::MAX; w.cases.len().div_ceil(BLOCK)]);
    for _ in 0..ROUNDS {
        for (way, least) in ways.iter().zip(&mut least) {
            for (at, least) in (0..w.cases.len()).step_by(BLOCK).zip(least) {
                let persons = at..(at + BLOCK).min(w.cases.len());
                if warm {
                    persons.clone().for_each(|n| way(w, n));
                }
                let start = Instant::now();
                persons.for_each(|n| way(w, n));
                *least = start.elapsed().as_nanos().min(*least);
            }
        }
    }
    least.map(|l| l.into_iter().map(|ns| ns as f64).sum::<f64>() / w.cases.len() as f64)
}

fn ratios() {
    let w = world();
    for (what, warm) in [("facts in the cache", true), ("facts from memory", false)] {
        println!(
            "\n{what:<24}{:>10}{:>10}{:>8}{:>16}{:>8}",
            "by hand", "engine", "ratio", "+1000 rules", "ratio"
        );
        for (name, hand, engine, crowded) in WAYS {
            let [h, e, c] = side_by_side(w, [hand, engine, crowded], warm);
            println!("{name:<24}{h:>7.0} ns{e:>7.0} ns{:>8.2}{c:>13.0} ns{:>8.2}", e / h, c / h);
        }
    }
    println!();
}

fn each(bencher: Bencher, way: Way) {
    let w = world();
    let n = std::cell::Cell::new(0);
    bencher.bench_local(|| {
        n.set((n.get() + 1) % w.cases.len());
        way(w, n.get());
    });
}

#[divan::bench_group]
mod by_hand {
    use super::*;
    #[divan::bench]
    fn outcome(bencher: Bencher) {
        each(bencher, hand_outcome);
    }
    #[divan::bench]
    fn blocking(bencher: Bencher) {
        each(bencher, hand_blocking);
    }
    #[divan::bench]
    fn answer(bencher: Bencher) {
        each(bencher, hand_answer);
    }
}

#[divan::bench_group]
mod by_policy {
    use super::*;
    #[divan::bench]
    fn outcome(bencher: Bencher) {
        each(bencher, super::outcome);
    }
    #[divan::bench]
    fn blocking(bencher: Bencher) {
        each(bencher, super::blocking);
    }
    #[divan::bench]
    fn answer(bencher: Bencher) {
        each(bencher, super::answer);
    }
}

/// One way alone, everybody so many times: for tools that count instructions, which ask for nothing but that work.
fn turns(name: &str, times: usize) {
    let w = world();
    let ways = WAYS.iter().flat_map(|(what, hand, engine, crowded)| {
        [("by hand", hand), ("by policy", engine), ("crowded", crowded)]
            .map(|(who, way)| (format!("{what}, {who}"), way))
    });
    let (names, ways): (Vec<String>, Vec<&Way>) = ways.unzip();
    let Some(way) = names.iter().position(|known| known == name).map(|at| ways[at]) else {
        panic!("no way `{name}`: {}", names.join("; "));
    };
    for _ in 0..times {
        (0..w.cases.len()).for_each(|n| way(w, n));
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let Some([_, name, times]) = args.windows(3).find(|args| args[0] == "--turns") {
        return turns(name, times.parse().expect("a number of turns"));
    }
    // `cargo test --benches` runs everything once, and no clock.
    if args.iter().any(|arg| arg == "--bench") {
        ratios();
    }
    divan::main();
}
