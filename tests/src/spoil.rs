//! Requests with something else in place of a value: what a host might send that is not as it should be.

use crate::worlds::Dice;
use serde_json::{Value as Json, json};

/// Puts something else in place of one value.
pub fn spoil(dice: &mut Dice, json: &mut Json) {
    const WORDS: [&str; 10] =
        ["", "sms", "text", "any", "nobody", "2026-07-01", "2026-07-01T12:00:00Z", "2026-02-30", "e0", "ü"];
    match json {
        Json::Object(entries) if !entries.is_empty() && !dice.one_in(6) => {
            let n = dice.below(entries.len());
            match entries.iter_mut().nth(n) {
                Some((_, inner)) if !dice.one_in(8) => spoil(dice, inner),
                Some((key, _)) => drop({
                    let key = key.clone();
                    entries.remove(&key)
                }),
                None => {}
            }
        }
        Json::Array(items) if !items.is_empty() && !dice.one_in(6) => {
            let n = dice.below(items.len());
            if dice.one_in(4) {
                let twice = items[n].clone();
                items.push(twice);
                items.reverse();
            } else {
                spoil(dice, &mut items[n]);
            }
        }
        other => {
            *other = match dice.below(9) {
                0 => Json::Null,
                1 => json!(true),
                2 => json!(7),
                3 => json!([]),
                4 => json!({}),
                5 => json!([*dice.pick(&WORDS), *dice.pick(&WORDS)]),
                6 => json!([{"id": "e0"}]),
                _ => json!(*dice.pick(&WORDS)),
            }
        }
    }
}
