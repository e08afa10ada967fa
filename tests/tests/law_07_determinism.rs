//! Law 7. Determinism: the same facts give the same bytes; so do packs in another order, events in another order, and a
//! second engine.

use byleave_tests::laws::{HEAD, OTHER, shuffled};
use byleave_tests::load::WORDS;
use byleave_tests::worlds::{Dice, World};
use byleave_tests::{harness, load};

/// The request with the settings of the later rules chosen under the name of the pack that they stand in here.
fn chosen_in_other(world: &World, half: usize) -> serde_json::Value {
    let mut request = world.request.clone();
    if let Some(settings) = request.get_mut("settings").and_then(|s| s.as_object_mut()) {
        let moved = |key: &str| {
            let later = world.rules.iter().skip(half);
            let name = key.strip_prefix("case.")?;
            let ours = |rule: &str| name.strip_prefix(rule).is_some_and(|rest| rest.starts_with('_'));
            later.map(|rule| rule.name.as_str()).any(ours).then(|| format!("other.{name}"))
        };
        let all = std::mem::take(settings).into_iter();
        *settings = all.map(|(key, value)| (moved(&key).unwrap_or(key), value)).collect();
    }
    request
}

/// How a request is answered: its bytes to the answer's.
type Ask = dyn Fn(&byleave::Engine, &str) -> Result<String, String>;

fn determinism(world: &World, ask: &Ask) -> Result<(), String> {
    let half = world.rules.len() / 2;
    let text = |rules: &[byleave_tests::worlds::policy::Rule]| {
        world.only(rules).iter().map(ToString::to_string).collect::<String>()
    };
    let packs = [
        ("words/words.leave".to_string(), WORDS.to_string()),
        ("case/case.leave".to_string(), format!("{HEAD}{}", text(&world.rules[..half]))),
        ("other/other.leave".to_string(), format!("{OTHER}{}", text(&world.rules[half..]))),
    ];
    let mut turned = packs.to_vec();
    turned.reverse();
    let (one, two) = (load::of_texts(&packs)?, load::of_texts(&turned)?);
    let request = chosen_in_other(world, half);
    let bytes = request.to_string();
    let mixed = shuffled(&request, "", &mut Dice::new(world.seed)).to_string();
    let first = ask(&one, &bytes)?;
    for (what, other) in [
        ("asked again", ask(&one, &bytes)?),
        ("packs turned round", ask(&two, &bytes)?),
        ("facts shuffled", ask(&two, &mixed)?),
    ] {
        if first != other {
            return Err(format!("{what}: other bytes\n{}\n{bytes}\n{mixed}\n{first}\n{other}", world.text()));
        }
    }
    Ok(())
}

fn decide(engine: &byleave::Engine, bytes: &str) -> Result<String, String> {
    engine.decide_json(bytes.as_bytes()).map_err(|e| e.to_string())
}

#[test]
fn holds() {
    harness::holds("law_07_determinism", 300, |world: &World| determinism(world, &decide));
}

/// The test can fail: a decider that tells its packs in the order in which they came breaks the law, and so does one that
/// tells what it was sent.
#[test]
fn catches_mistakes() {
    let in_order = |engine: &byleave::Engine, bytes: &str| {
        let names: Vec<&str> = engine.sources().iter().map(|it| it.name.as_str()).collect();
        Ok(format!("{}{names:?}", decide(engine, bytes)?))
    };
    assert!(harness::catches(10, 2, |world| determinism(world, &in_order)));
    let as_sent = |engine: &byleave::Engine, bytes: &str| Ok(format!("{}{bytes}", decide(engine, bytes)?));
    assert!(harness::catches(10, 2, |world| determinism(world, &as_sent)));
}
