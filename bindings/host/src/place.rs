//! Where a person may be: the arguments of `locate` as JSON, and what it tells.

use crate::fault::Fault;
use byleave::wire::{Json, Limits, Path};
use byleave_packs::locate::{Confirmed, Known, locate as located};

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
    let [phone, state, confirmed, at] = parts(asked, &root, ["phone", "state", "confirmed", "at"])?;
    let place = root.key("confirmed");
    let confirmed = match confirmed {
        Some(json) => {
            let [state, time_zone, on] = parts(json, &place, ["state", "time_zone", "on"])?;
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

/// The values of an object by name, and no others.
fn parts<'j, const N: usize>(
    json: &'j Json,
    at: &Path<'_>,
    names: [&str; N],
) -> Result<[Option<&'j Json>; N], Fault> {
    let known = names.join(", ");
    let Json::Map(entries) = json else {
        return Err(Fault::input(at, format!("expected {known} by name, not {}", json.kind()), None));
    };
    if let Some((other, _)) = entries.iter().find(|(key, _)| !names.contains(&key.as_str())) {
        let hint = format!("what may be known is {known}");
        return Err(Fault::input(at.key(other), "there is no such argument", Some(&hint)));
    }
    Ok(names.map(|name| json.get(name).filter(|it| !matches!(it, Json::Null))))
}

fn text<'j>(json: Option<&'j Json>, at: &Path<'_>) -> Result<Option<&'j str>, Fault> {
    match json {
        None => Ok(None),
        Some(Json::Text(text)) => Ok(Some(text)),
        Some(other) => Err(Fault::input(at, format!("expected text, not {}", other.kind()), None)),
    }
}
