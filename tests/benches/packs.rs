//! From text to program: `cargo bench -p byleave-tests --bench packs`.

use byleave::Engine;
use divan::{Bencher, black_box};

/// Parses, checks and lowers every pack of the project into one engine.
#[divan::bench]
fn parse_check_lower(bencher: Bencher) {
    bencher.bench(|| {
        let mut builder = Engine::builder();
        for pack in byleave_packs::all() {
            for (path, text) in pack.files {
                builder = builder.source(pack.name, path, black_box(text));
            }
        }
        builder.build().unwrap_or_else(|error| panic!("{error}"))
    });
}

fn main() {
    divan::main();
}
