//! Law 10. Totality: no input, however hostile, panics or runs without bound; afterwards the same engine still answers.

use byleave_tests::laws::{HEAD, pack};
use byleave_tests::worlds::{Dice, World};
use byleave_tests::{harness, load};

fn spoil(bytes: &mut Vec<u8>, d: &mut Dice) {
    const PARTS: [&str; 14] = [
        "{",
        "}",
        "[",
        "]",
        "null",
        "-1",
        "9223372036854775807",
        "1e999",
        "\"\\ud800\"",
        "\"\"",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
        "[[[[[[[[[[[[[[[[",
        "\u{202e}",
    ];
    for _ in 0..1 + d.below(6) {
        let at = d.below(bytes.len() + 1);
        match d.below(5) {
            0 if at < bytes.len() => bytes[at] ^= 1 << d.below(8),
            1 => drop(bytes.splice(at..at, d.pick(&PARTS).bytes())),
            2 => drop(bytes.drain(at..(at + d.below(40)).min(bytes.len()))),
            3 => {
                let to = (at + d.below(60)).min(bytes.len());
                let piece = bytes[at..to].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => bytes.truncate(at),
        }
    }
}

/// How a request is answered: its bytes to the answer's.
type Ask<'a> = dyn Fn(&byleave::Engine, &[u8]) -> Result<String, String> + 'a;

/// After all that was sent, the engine answers as before.
fn survives(world: &World, ask: &Ask<'_>) -> Result<(), String> {
    let engine = load::engine(&[pack(world)])?;
    let good = world.request.to_string();
    let before = ask(&engine, good.as_bytes())?;
    let mut d = Dice::new(world.seed);
    for _ in 0..25 {
        let mut bytes = good.clone().into_bytes();
        spoil(&mut bytes, &mut d);
        let _ = ask(&engine, &bytes);
    }
    match ask(&engine, good.as_bytes()) {
        Ok(after) if after == before => Ok(()),
        other => Err(format!("the engine does not answer as before: {other:?}")),
    }
}

fn decide(engine: &byleave::Engine, bytes: &[u8]) -> Result<String, String> {
    engine.decide_json(bytes).map_err(|e| e.to_string())
}

#[test]
fn hostile_requests() {
    harness::holds("law_10_requests", 150, |world: &World| survives(world, &decide));
}

/// The test can fail: an engine that a refused request leaves in another state breaks the law.
#[test]
fn catches_a_mistake() {
    let refused = std::cell::Cell::new(0);
    let remembers = |engine: &byleave::Engine, bytes: &[u8]| {
        let answer = decide(engine, bytes);
        refused.set(refused.get() + u32::from(answer.is_err()));
        Ok(format!("{}{}", answer?, refused.get()))
    };
    assert!(harness::catches(10, 2, |world| survives(world, &remembers)));
}

#[test]
fn hostile_policies() {
    harness::holds("law_10_policies", 300, |world: &World| {
        let mut bytes = pack(world).into_bytes();
        spoil(&mut bytes, &mut Dice::new(world.seed));
        let builder = byleave::Engine::builder().source("words", "words.leave", load::WORDS);
        if let Ok(engine) = builder.source_bytes("case", "case.leave", &bytes).build() {
            let _ = engine.decide_json(world.request.to_string().as_bytes());
        }
        Ok(())
    });
}

/// The stack that a program's main thread has; a debug build's frames are large.
#[test]
fn deep_and_wide() {
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(nested);
    assert!(thread.expect("a thread").join().is_ok());
}

fn nested() {
    let rule = format!("{HEAD}rule ask {{ require person.a }}");
    let engine = load::engine(&[rule]).expect("a policy");
    let deep = |open: &str, close: &str, n: usize| {
        format!("{{\"at\":\"2026-07-01T00:00:00Z\",\"person\":{}1{}}}", open.repeat(n), close.repeat(n))
    };
    for n in [10, 63, 64, 1_000, 200_000] {
        let _ = engine.decide_json(deep("[", "]", n).as_bytes());
        let _ = engine.decide_json(deep("{\"a\":", "}", n).as_bytes());
    }
    for n in [64, 1_000, 100_000] {
        for (open, close) in
            [("(", ")"), ("not ", ""), ("not (", ")"), ("known that ", ""), ("all of - ", "")]
        {
            let text = format!(
                "pack case {{ title \"x\" }}\nuse words\nrule r {{ require {}person.a{} }}",
                open.repeat(n),
                close.repeat(n)
            );
            let _ = load::engine(&[text]);
        }
    }
    let many = (0..5_000).map(|i| format!("rule r{i} {{ require person.a }}")).collect::<Vec<_>>().join("\n");
    let _ = load::engine(&[format!("pack case {{ title \"x\" }}\nuse words\n{many}")]);
    assert!(engine.decide_json(b"{\"at\":\"2026-07-01T00:00:00Z\"}").is_ok());
}
