//! Limits by name, as a host lowers them.

use crate::fault::Fault;
use byleave::wire::{Json, Limits, Path};

const NAMES: [&str; 6] = ["request_bytes", "depth", "text_bytes", "events", "members", "horizon_days"];

fn get(limits: &Limits, name: &str) -> Option<usize> {
    Some(match name {
        "request_bytes" => limits.request_bytes,
        "depth" => limits.depth,
        "text_bytes" => limits.text_bytes,
        "events" => limits.events,
        "members" => limits.members,
        "horizon_days" => usize::try_from(limits.horizon_days).unwrap_or(usize::MAX),
        _ => return None,
    })
}

fn set(limits: &mut Limits, name: &str, value: usize) {
    match name {
        "request_bytes" => limits.request_bytes = value,
        "depth" => limits.depth = value,
        "text_bytes" => limits.text_bytes = value,
        "events" => limits.events = value,
        "members" => limits.members = value,
        _ => limits.horizon_days = u32::try_from(value).unwrap_or(u32::MAX),
    }
}

/// Reads the argument `limits`, an object: what it does not name stays the most that is admitted.
///
/// # Errors
/// No object, no such limit, no whole number, or more than is admitted; with its path.
pub fn limits(given: &Json) -> Result<Limits, Fault> {
    let root = Path::ROOT;
    let root = root.key("limits");
    let Json::Map(entries) = given else {
        let message = format!("expected limits by name, not {}", given.kind());
        return Err(Fault::input(root, message, None));
    };
    let mut limits = Limits::MOST;
    for (name, value) in entries {
        let path = root.key(name);
        let Some(most) = get(&Limits::MOST, name) else {
            let hint = format!("limits are {}", NAMES.join(", "));
            return Err(Fault::input(path, "there is no such limit", Some(&hint)));
        };
        let value = match value {
            Json::Int(n) => usize::try_from(*n).ok().filter(|n| *n <= most),
            _ => None,
        };
        let Some(value) = value else {
            return Err(Fault::input(path, format!("a limit is a whole number of at most {most}"), None));
        };
        set(&mut limits, name, value);
    }
    Ok(limits)
}

/// Limits as JSON text, in the order in which they are told.
#[must_use]
pub fn limits_text(limits: &Limits) -> String {
    let one = |name: &&str| format!("\"{name}\":{}", get(limits, name).unwrap_or_default());
    format!("{{{}}}", NAMES.iter().map(one).collect::<Vec<_>>().join(","))
}
