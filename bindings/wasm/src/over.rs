//! What a call's arguments put in place of what its request says.

use crate::fault::Fault;
use byleave::time::Instant;
use byleave::wire::{Json, Limits};

/// Keys that lie over the request's own; `settings` name by name.
#[derive(Clone, Default)]
pub struct Over {
    keys: Vec<(String, Json)>,
    settings: Vec<(String, Json)>,
}

impl Over {
    /// Reads the arguments, which `lib/` has written as one object.
    pub fn of(text: Option<String>) -> Result<Over, Fault> {
        let mut over = Over::default();
        let Some(text) = text else { return Ok(over) };
        let Json::Map(entries) = Json::parse(&text, &Limits::MOST)? else { return Ok(over) };
        for (key, json) in entries {
            match json {
                Json::Map(settings) if key == "settings" => over.settings = settings,
                // However an instant was written, one that is put in place of the request's gives the same evidence.
                Json::Text(text) if key == "at" || key == "known_at" => {
                    let text = Instant::parse(&text).map_or(text, |at| at.to_string());
                    over.keys.push((key, Json::Text(text)));
                }
                json => over.keys.push((key, json)),
            }
        }
        Ok(over)
    }

    /// Lays them over a request.
    pub fn lay(self, json: Json) -> Json {
        let Json::Map(mut entries) = json else { return json };
        for (key, value) in self.keys {
            set(&mut entries, &key, value);
        }
        if !self.settings.is_empty() {
            let mut settings = match entries.iter().find(|(key, _)| key == "settings") {
                Some((_, Json::Map(settings))) => settings.clone(),
                _ => Vec::new(),
            };
            for (name, value) in self.settings {
                set(&mut settings, &name, value);
            }
            set(&mut entries, "settings", Json::Map(settings));
        }
        Json::Map(entries)
    }
}

fn set(entries: &mut Vec<(String, Json)>, key: &str, value: Json) {
    match entries.iter_mut().find(|(known, _)| known == key) {
        Some((_, old)) => *old = value,
        None => entries.push((key.to_owned(), value)),
    }
}
