//! Where a person may be, as JSON: the facts of a request, and all of it.

use super::Located;
use byleave::wire::{Item, Json};

impl Located {
    /// As facts that lie over a request: `person.time_zones`, `person.jurisdictions`, `address.jurisdictions`. What is unknown is
    /// left out.
    ///
    /// ```
    /// use byleave_packs::locate::{Known, locate};
    /// let there = locate(&Known { phone: Some("+1 800 555 0142"), state: Some("HI"), ..Known::default() });
    /// let mut text = String::new();
    /// there.facts().write_canonical(&mut text);
    /// assert_eq!(text, r#"{"address":{"jurisdictions":[]},"person":{"jurisdictions":["US-HI"],"time_zones":["Pacific/Honolulu"]}}"#);
    /// ```
    #[must_use]
    pub fn facts(&self) -> Json {
        let mut entries = Vec::new();
        if let Some(places) = &self.of_number {
            entries.push(("address".to_owned(), map([("jurisdictions", Some(list(places)))])));
        }
        if !self.zones.is_empty() || !self.jurisdictions.is_empty() {
            let known = |all: &[String]| Some(all).filter(|it| !it.is_empty()).map(list);
            let person =
                map([("jurisdictions", known(&self.jurisdictions)), ("time_zones", known(&self.zones))]);
            entries.push(("person".to_owned(), person));
        }
        Json::Map(entries)
    }

    /// All of it, the facts included, in the order in which JSON is canonical.
    ///
    /// ```
    /// use byleave::wire::Json;
    /// use byleave_packs::locate::{Known, locate};
    /// let there = locate(&Known { state: Some("Texas"), ..Known::default() }).to_json();
    /// assert_eq!(there.get("presumed"), Some(&Json::Bool(false)));
    /// assert_eq!(there.get("confirmed_zone"), Some(&Json::Null));
    /// ```
    #[must_use]
    pub fn to_json(&self) -> Json {
        let text = |it: &Option<String>| it.clone().map_or(Json::Null, Json::Text);
        let because = self.because.iter().map(|it| {
            let word = |word: &str| Some(Json::Text(word.to_owned()));
            map([("kind", word(it.kind)), ("of", word(it.of)), ("sentence", word(&it.sentence))])
        });
        map([
            ("because", Some(items(because))),
            ("confirmed_zone", Some(text(&self.confirmed_zone))),
            ("facts", Some(self.facts())),
            ("number", Some(text(&self.number))),
            ("presumed", Some(Json::Bool(self.presumed))),
        ])
    }
}

fn map<const N: usize>(entries: [(&str, Option<Json>); N]) -> Json {
    let given = entries.into_iter().filter_map(|(key, json)| Some((key.to_owned(), json?)));
    Json::Map(given.collect())
}

fn list(words: &[String]) -> Json {
    items(words.iter().map(|it| Json::Text(it.clone())))
}

fn items(all: impl Iterator<Item = Json>) -> Json {
    Json::List((0..).zip(all).map(|(at, json)| Item { at, json }).collect())
}
