//! How CSV is written, as a mapping says it.

use super::check::{Check, kind};
use serde_json::Value;

/// How CSV is written, where the mapping says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Csv {
    /// What stands between the fields; a comma otherwise.
    pub delimiter: Option<u8>,
    /// What stands around a field that has a delimiter in it; `"` otherwise.
    pub quote: Option<u8>,
    /// The columns, where the file does not begin with them.
    pub header: Option<Vec<String>>,
}

/// As a mapping writes it.
pub(super) fn csv(said: &Value, check: &mut Check<'_>) -> Csv {
    let Value::Object(said) = said else {
        check.flaw(format!("expected an object, not {}", kind(said)), "");
        return Csv::default();
    };
    check.only(said, &["delimiter", "quote", "header"]);
    let byte = |key: &str, check: &mut Check<'_>| {
        let text = said.get(key).and_then(|it| check.within(key).text(it))?;
        match text.as_bytes() {
            [byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r') => Some(*byte),
            _ => {
                check.within(key).flaw("expected one character of ASCII", "");
                None
            }
        }
    };
    let (delimiter, quote) = (byte("delimiter", check), byte("quote", check));
    if delimiter.is_some() && delimiter == quote {
        check.within("quote").flaw("is the delimiter, too", "");
    }
    Csv { delimiter, quote, header: said.get("header").map(|it| check.within("header").texts(it)) }
}
