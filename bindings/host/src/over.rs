//! What a call's arguments put in place of what its request says.

use crate::fault::Fault;
use byleave::Instant;
use byleave::wire::flat::{Flat, Keys};
use byleave::wire::{Json, Limits, Path};

/// Keys that lie over the request's own; `settings` name by name.
#[derive(Clone, Debug, Default)]
pub struct Over {
    keys: Vec<(String, Json)>,
    settings: Vec<(String, Json)>,
}

impl Over {
    /// Reads arguments that a host has written as one object.
    ///
    /// # Errors
    /// Not JSON, not an object; settings that are none.
    pub fn parse(text: &str) -> Result<Over, Fault> {
        let mut over = Over::default();
        match Json::parse(text, &Limits::MOST)? {
            Json::Map(entries) => entries.into_iter().try_for_each(|(key, json)| over.put(&key, json))?,
            other => {
                let message = format!("expected arguments by name, not {}", other.kind());
                return Err(Fault::input("", message, None));
            }
        }
        Ok(over)
    }

    /// Puts an argument in place of what the request says under that key.
    ///
    /// # Errors
    /// Settings that are no names with their readings.
    pub fn put(&mut self, key: &str, json: Json) -> Result<(), Fault> {
        match json {
            Json::Map(settings) if key == "settings" => self.settings = settings,
            other if key == "settings" => {
                let message = format!("expected names and their readings, not {}", other.kind());
                return Err(Fault::input(Path::ROOT.key(key), message, None));
            }
            // However an instant was written, one that is put in place of the request's gives the same evidence.
            Json::Text(text) if key == "at" || key == "known_at" => {
                let text = Instant::parse(&text).map_or(text, |at| at.to_string());
                self.keys.push((key.to_owned(), Json::Text(text)));
            }
            json => self.keys.push((key.to_owned(), json)),
        }
        Ok(())
    }

    /// Lays them over a flat request; nothing if there are others than texts.
    pub(crate) fn lay_flat(&self, flat: &mut Flat, keys: &Keys) -> Option<()> {
        if !self.settings.is_empty() {
            return None;
        }
        self.keys.iter().try_for_each(|(key, json)| match json {
            Json::Text(text) => flat.lay(keys.find(key)?, text),
            _ => None,
        })
    }

    /// Lays them over a request.
    #[must_use]
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
