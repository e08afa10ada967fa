//! Law 7. Determinism: the same facts give the same bytes; so do packs in another order, events in another order, and a
//! second engine.

use byleave_tests::laws::{HEAD, OTHER, shuffled};
use byleave_tests::load::WORDS;
use byleave_tests::worlds::{Dice, World};
use byleave_tests::{harness, load};

#[test]
fn holds() {
    harness::holds("law_07_determinism", 300, |world: &World| {
        let half = world.rules.len() / 2;
        let text = |rules: &[byleave_tests::worlds::policy::Rule]| {
            rules.iter().map(ToString::to_string).collect::<String>()
        };
        let packs = [
            ("words/words.leave".to_string(), WORDS.to_string()),
            ("case/case.leave".to_string(), format!("{HEAD}{}", text(&world.rules[..half]))),
            ("other/other.leave".to_string(), format!("{OTHER}{}", text(&world.rules[half..]))),
        ];
        let mut turned = packs.to_vec();
        turned.reverse();
        let (one, two) = (load::of_texts(&packs)?, load::of_texts(&turned)?);
        let bytes = world.request.to_string();
        let mixed = shuffled(&world.request, "", &mut Dice::new(world.seed)).to_string();
        let ask = |e: &byleave::Engine, b: &str| e.decide_json(b.as_bytes()).map_err(|e| e.to_string());
        let first = ask(&one, &bytes)?;
        for (what, other) in [
            ("asked again", ask(&one, &bytes)?),
            ("packs turned round", ask(&two, &bytes)?),
            ("facts shuffled", ask(&two, &mixed)?),
        ] {
            if first != other {
                return Err(format!(
                    "{what}: other bytes\n{}\n{bytes}\n{mixed}\n{first}\n{other}",
                    world.text()
                ));
            }
        }
        Ok(())
    });
}
