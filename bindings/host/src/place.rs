//! Where a person may be: the arguments of `locate` as JSON, and what it tells.

use crate::args::{parts, text};
use crate::fault::Fault;
use byleave::wire::{Json, Limits, Path};
use byleave_packs::locate::{Confirmed, Known, locate as located};

/// What no argument's name was found among.
const HINT: &str = "what may be known is";

/// Candidate time zones and jurisdictions, from `{"phone", "state", "confirmed": {"state", "time_zone", "on"}, "at"}`, each of which
/// may be missing; `null` is missing too.
///
/// # Errors
/// Not an object, another key, a key given twice, a value that is no text. What a text says is no error: what cannot be read is
/// told in the answer.
pub fn locate(mut asked: Json) -> Result<Json, Fault> {
    asked.admit(&Limits::MOST)?;
    let asked = &asked;
    let root = Path::ROOT;
    let [phone, state, confirmed, at] = parts(asked, &root, ["phone", "state", "confirmed", "at"], HINT)?;
    let place = root.key("confirmed");
    let confirmed = match confirmed {
        Some(json) => {
            let [state, time_zone, on] = parts(json, &place, ["state", "time_zone", "on"], HINT)?;
            Some(Confirmed {
                state: text(state, &place.key("state"))?,
                time_zone: text(time_zone, &place.key("time_zone"))?,
                on: text(on, &place.key("on"))?,
            })
        }
        None => None,
    };
    let known = Known {
        phone: text(phone, &root.key("phone"))?,
        state: text(state, &root.key("state"))?,
        confirmed,
        at: text(at, &root.key("at"))?,
    };
    Ok(located(&known).to_json())
}
