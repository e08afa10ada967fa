//! Values put under dotted names into a request's tree.

use byleave::wire::Json;

/// Puts a value under a name such as `confirmed_time_zone.zone`; objects that meet are joined.
pub fn put(entries: &mut Vec<(String, Json)>, name: &str, value: Json) {
    let (first, value) = match name.split_once('.') {
        Some((first, rest)) => {
            let mut inside = Vec::new();
            put(&mut inside, rest, value);
            (first, Json::Map(inside))
        }
        None => (name, value),
    };
    join(entries, first.to_owned(), value);
}

/// Puts a value under a key; objects that meet are joined.
pub fn join(entries: &mut Vec<(String, Json)>, key: String, value: Json) {
    match (entries.iter_mut().find(|(known, _)| *known == key), value) {
        (Some((_, Json::Map(inside))), Json::Map(more)) => {
            for (key, value) in more {
                join(inside, key, value);
            }
        }
        (Some((_, place)), value) => *place = value,
        (None, value) => entries.push((key, value)),
    }
}

/// Whether something stands under a dotted name.
pub fn holds(json: &Json, name: &str) -> bool {
    let mut at = json;
    for key in name.split('.') {
        let Json::Map(entries) = at else { return *at != Json::Null };
        match entries.iter().find(|(known, _)| known == key) {
            Some((_, below)) => at = below,
            None => return false,
        }
    }
    *at != Json::Null
}
