//! Arguments that a host has put into one object, by name.

use crate::fault::Fault;
use byleave::wire::{Json, Path};

/// The values of an object by name, and no others; `null` is missing. The hint begins what is said of a name that there is not.
pub fn parts<'j, const N: usize>(
    json: &'j Json,
    at: &Path<'_>,
    names: [&str; N],
    hint: &str,
) -> Result<[Option<&'j Json>; N], Fault> {
    let known = names.join(", ");
    let Json::Map(entries) = json else {
        return Err(Fault::input(at, format!("expected {known} by name, not {}", json.kind()), None));
    };
    if let Some((other, _)) = entries.iter().find(|(key, _)| !names.contains(&key.as_str())) {
        let hint = format!("{hint} {known}");
        return Err(Fault::input(at.key(other), "there is no such argument", Some(&hint)));
    }
    Ok(names.map(|name| json.get(name).filter(|it| !matches!(it, Json::Null))))
}

/// A text, or nothing.
pub fn text<'j>(json: Option<&'j Json>, at: &Path<'_>) -> Result<Option<&'j str>, Fault> {
    match json {
        None => Ok(None),
        Some(Json::Text(text)) => Ok(Some(text)),
        Some(other) => Err(Fault::input(at, format!("expected text, not {}", other.kind()), None)),
    }
}
