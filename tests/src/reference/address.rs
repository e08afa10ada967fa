//! Addresses as people write them: a table of what is the same, so that no rule of spelling is needed here.

use serde_json::Value as Json;

/// Two numbers and a mailbox, each in its one form first.
pub const ADDRESSES: [[&str; 3]; 3] = [
    ["+12125550101", "(212) 555-0101", "1-212-555-0101"],
    ["+442079460102", "+44 20 7946 0102", "+44 (20) 7946.0102"],
    ["ann@example.org", "Ann@Example.ORG", " ann@EXAMPLE.org "],
];

/// The same request with each of these addresses in its one form.
pub fn one_form(json: &Json) -> Json {
    match json {
        Json::String(text) => {
            let row = ADDRESSES.iter().find(|row| row.contains(&text.as_str()));
            Json::String(row.map_or(text.clone(), |[one, ..]| (*one).to_owned()))
        }
        Json::Array(all) => Json::Array(all.iter().map(one_form).collect()),
        Json::Object(all) => Json::Object(all.iter().map(|(key, it)| (key.clone(), one_form(it))).collect()),
        other => other.clone(),
    }
}
