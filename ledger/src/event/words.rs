//! The words of an event as they are kept.

use byleave::wire::{Item, Json};

/// Keys by name, lists as they were given: the order of a set means nothing to the engine, but it is what was said.
pub(crate) fn write(json: &Json, out: &mut String) {
    match json {
        Json::Map(entries) => {
            out.push('{');
            for (n, (key, value)) in entries.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                quote(key, out);
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
        Json::List(items) => {
            let mut items: Vec<&Item> = items.iter().collect();
            items.sort_by_key(|item| item.at);
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                write(&item.json, out);
            }
            out.push(']');
        }
        plain => plain.write_canonical(out),
    }
}

/// A key in quotation marks.
pub(crate) fn quote(key: &str, out: &mut String) {
    if key.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        out.push('"');
        out.push_str(key);
        out.push('"');
    } else {
        Json::Text(key.to_owned()).write_canonical(out);
    }
}
