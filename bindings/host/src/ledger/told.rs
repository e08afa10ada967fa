//! The arguments of the ledger's verbs, as they are read: what is missing or wrong is told by its name.

use crate::args::{parts, text};
use crate::fault::Fault;
use byleave::Instant;
use byleave::wire::{Json, Limits, Path};
use byleave_ledger::{Digest, Hex, Trust};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;

/// Arguments by name; what no tree may hold is refused.
pub fn named<const N: usize>(json: &mut Json, names: [&str; N]) -> Result<[Option<Json>; N], Fault> {
    json.admit(&Limits::MOST)?;
    Ok(parts(json, &Path::ROOT, names, "arguments are")?.map(|it| it.cloned()))
}

/// A text that may be missing.
pub fn word(json: Option<&Json>, name: &str) -> Result<Option<String>, Fault> {
    Ok(text(json, &Path::ROOT.key(name))?.map(str::to_owned))
}

/// A text that must be there.
pub fn must(json: Option<&Json>, name: &str) -> Result<String, Fault> {
    word(json, name)?.ok_or_else(|| Fault::input(Path::ROOT.key(name), "is missing", None))
}

/// An instant that may be missing.
pub fn instant(json: Option<&Json>, name: &str) -> Result<Option<Timestamp>, Fault> {
    let Some(text) = word(json, name)? else { return Ok(None) };
    let read = Instant::parse(&text).ok().and_then(|it| Timestamp::from_microsecond(it.0).ok());
    read.map(Some).ok_or_else(|| {
        let message = "expected an instant with its offset, such as 2026-07-01T16:00:00Z";
        Fault::input(Path::ROOT.key(name), message, None)
    })
}

/// An instant that must be there.
pub fn at(json: Option<&Json>, name: &str) -> Result<Timestamp, Fault> {
    instant(json, name)?.ok_or_else(|| {
        let hint = "an instant with its offset: the ledger reads no clock";
        Fault::input(Path::ROOT.key(name), "is missing", Some(hint))
    })
}

/// One text or several.
pub fn words(json: Option<&Json>, name: &str) -> Result<Vec<String>, Fault> {
    let root = Path::ROOT;
    let path = root.key(name);
    match json {
        None => Ok(Vec::new()),
        Some(Json::Text(text)) => Ok(vec![text.clone()]),
        Some(Json::List(items)) => items
            .iter()
            .map(|it| match &it.json {
                Json::Text(text) => Ok(text.clone()),
                _ => Err(Fault::input(path.index(it.at), "expected one text or several", None)),
            })
            .collect(),
        Some(_) => Err(Fault::input(path, "expected one text or several", None)),
    }
}

/// True or false; missing is false.
pub fn whether(json: Option<&Json>, name: &str) -> Result<bool, Fault> {
    match json {
        None => Ok(false),
        Some(Json::Bool(it)) => Ok(*it),
        Some(other) => {
            let message = format!("expected true or false, not {}", other.kind());
            Err(Fault::input(Path::ROOT.key(name), message, None))
        }
    }
}

/// A number that is one at least; missing is nothing.
pub fn count(json: Option<&Json>, name: &str) -> Result<Option<usize>, Fault> {
    let read = match json {
        None => return Ok(None),
        Some(Json::Int(it)) => usize::try_from(*it).ok().filter(|it| *it > 0),
        Some(_) => None,
    };
    let message = "expected a whole number, one at least";
    read.map(Some).ok_or_else(|| Fault::input(Path::ROOT.key(name), message, None))
}

/// 32 bytes in hexadecimal. What was given instead is not shown: it may be half of a secret.
pub fn digits(text: &str, path: impl std::fmt::Display) -> Result<[u8; 32], Fault> {
    let read: Result<Hex<32>, Error> = Hex::deserialize(text.into_deserializer());
    read.map(|it| it.0).map_err(|_| Fault::input(path, "expected 64 digits of lower-case hexadecimal", None))
}

/// What whoever verifies knows from elsewhere.
pub fn trust(mut json: Json) -> Result<Trust, Fault> {
    let [keys, checkpoint] = named(&mut json, ["keys", "checkpoint"])?;
    let root = Path::ROOT;
    let path = root.key("keys");
    // Keys that are missing ask for less; keys that are given and none would hold checkpoints against nothing, and find nothing.
    let given = keys.is_some();
    let keys = words(keys.as_ref(), "keys")?;
    if given && keys.is_empty() {
        let hint = "give the public keys, or leave `keys` out";
        return Err(Fault::input(path, "there is no key to hold checkpoints against", Some(hint)));
    }
    let keys = (0..).zip(&keys).map(|(at, key)| digits(key, path.index(at))).collect::<Result<_, _>>()?;
    let checkpoint = word(checkpoint.as_ref(), "checkpoint")?;
    let checkpoint = checkpoint.map(|it| digits(&it, root.key("checkpoint"))).transpose()?;
    Ok(Trust { keys, checkpoint: checkpoint.map(Digest) })
}
