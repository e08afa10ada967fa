//! JSON as requests use it: whole numbers only, keys in order, lists that remember in which order they were given.
//!
//! The tree is read through `serde`, so a binding may fill it from its own objects without a detour by text. What other
//! readers swallow is kept here until it can be refused with its path: a key given twice, a number that is not whole, a
//! nesting too deep.

use crate::error::Error;
use crate::wire::scan::usual_bytes;
use crate::wire::{Limits, Path};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::cmp::Ordering;
use std::fmt;

/// A JSON value.
///
/// ```
/// use byleave::wire::{Json, Limits};
/// let json = Json::parse(r#"{"channel": "sms", "tries": 2}"#, &Limits::MOST)?;
/// assert_eq!(json.get("tries"), Some(&Json::Int(2)));
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Json {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction or an exponent, or not a number at all.
    NotWhole,
    /// A whole number past what 64 bits hold.
    TooLarge,
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Item>),
    /// An object, its keys as given until [`Json::admit`] has put them in order.
    Map(Vec<(String, Json)>),
    /// A list or an object past the nesting that is admitted; nothing in it was read.
    TooDeep,
}

/// An item of a list.
///
/// ```
/// use byleave::wire::{Json, Limits};
/// let mut json = Json::parse(r#"["b", "a"]"#, &Limits::MOST)?;
/// json.admit(&Limits::MOST)?;
/// let Json::List(items) = json else { panic!() };
/// // In canonical order, and each still knows where the host wrote it.
/// assert_eq!((items[0].json.clone(), items[0].at), (Json::Text("a".into()), 1));
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Item {
    /// Its place as given, from 0.
    pub at: u32,
    /// The value.
    pub json: Json,
}

// Two items are the same wherever they stood: lists are sorted, and order does not matter.
impl PartialEq for Item {
    fn eq(&self, other: &Item) -> bool {
        self.json == other.json
    }
}
impl Eq for Item {}
impl PartialOrd for Item {
    fn partial_cmp(&self, other: &Item) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Item {
    fn cmp(&self, other: &Item) -> Ordering {
        self.json.cmp(&other.json)
    }
}

impl Json {
    /// Reads a text.
    ///
    /// ```
    /// use byleave::wire::{Json, Limits};
    /// assert_eq!(Json::parse("[]", &Limits::MOST)?, Json::List(vec![]));
    /// assert!(Json::parse("[", &Limits::MOST).unwrap_err().message().starts_with("this is not JSON"));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// Past the limits on size; not JSON (with line and column).
    pub fn parse(text: &str, limits: &Limits) -> Result<Json, Error> {
        if text.len() > limits.request_bytes {
            let message =
                format!("{} bytes are more than the {} that are admitted", text.len(), limits.request_bytes);
            return Err(Error::limit(Path::ROOT, message));
        }
        // What a page fetches should be small; everywhere else the quickest reader is at hand. Both say the same.
        #[cfg(target_family = "wasm")]
        let read = super::json_text::read(text);
        #[cfg(not(target_family = "wasm"))]
        let read = serde_json::from_str(text);
        read.map_err(|error| Error::input(Path::ROOT, format!("this is not JSON: {error}")))
    }

    /// Reads bytes of JSON text.
    ///
    /// ```
    /// use byleave::wire::{Json, Limits};
    /// let error = Json::from_bytes(b"\"\xff\"", &Limits::MOST).unwrap_err();
    /// assert_eq!(error.message(), "byte 1 is not UTF-8");
    /// ```
    ///
    /// # Errors
    /// As [`Json::parse`]; bytes that are not UTF-8.
    pub fn from_bytes(bytes: &[u8], limits: &Limits) -> Result<Json, Error> {
        let limits = limits.admitted();
        if bytes.len() > limits.request_bytes {
            let message =
                format!("{} bytes are more than the {} that are admitted", bytes.len(), limits.request_bytes);
            return Err(Error::limit(Path::ROOT, message));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            Error::input(Path::ROOT, format!("byte {} is not UTF-8", error.valid_up_to()))
        })?;
        Json::parse(text, &limits)
    }

    /// Reads what a program serializes: its own structs, a `serde_json::Value`.
    ///
    /// ```
    /// use byleave::wire::{Json, Limits};
    /// let json = Json::from_serialize(&vec![1, 2], &Limits::MOST)?;
    /// assert_eq!(json.kind(), "a list");
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Json::parse`]; what cannot be written as JSON, such as a table whose keys are no texts, a NaN or an infinity.
    pub fn from_serialize(value: &impl serde::Serialize, limits: &Limits) -> Result<Json, Error> {
        if let Some(place) = super::finite::strange(value) {
            return Err(Error::input(place, "a number must be finite")
                .with_hint("leave it out where nobody knows it"));
        }
        let bytes = serde_json::to_vec(value)
            .map_err(|error| Error::input(Path::ROOT, format!("this cannot be written as JSON: {error}")))?;
        Json::from_bytes(&bytes, limits)
    }

    /// The value under a key. The keys must be in order ([`Json::admit`]).
    ///
    /// ```
    /// use byleave::wire::Json;
    /// let json = Json::Map(vec![("a".into(), Json::Null)]);
    /// assert_eq!((json.get("a"), json.get("b")), (Some(&Json::Null), None));
    /// ```
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json> {
        let Json::Map(entries) = self else { return None };
        let at = entries.binary_search_by(|(k, _)| k.as_str().cmp(key)).ok()?;
        entries.get(at).map(|(_, json)| json)
    }

    /// What it is, in words.
    ///
    /// ```
    /// use byleave::wire::Json;
    /// assert_eq!(Json::Bool(true).kind(), "true or false");
    /// ```
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Json::Null => "`null`",
            Json::Bool(_) => "true or false",
            Json::Int(_) | Json::NotWhole | Json::TooLarge => "a number",
            Json::Text(_) => "a text",
            Json::List(_) => "a list",
            Json::Map(_) | Json::TooDeep => "an object",
        }
    }

    /// Refuses what no request may hold, and puts the rest in canonical order: keys by name, the items of a list by
    /// value, unless the list stands in a list itself (the two ends of a window keep their order).
    ///
    /// ```
    /// use byleave::wire::{Json, Limits};
    /// let mut json = Json::Map(vec![("b".into(), Json::Int(1)), ("a".into(), Json::Int(2))]);
    /// json.admit(&Limits::MOST)?;
    /// assert_eq!(json.get("a"), Some(&Json::Int(2)));
    ///
    /// let mut twice = Json::Map(vec![("a".into(), Json::Null), ("a".into(), Json::Null)]);
    /// assert_eq!(twice.admit(&Limits::MOST).unwrap_err().path(), Some("a"));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// A key given twice, a nesting too deep, a text or a list too long, a number that is not whole, negative or huge.
    pub fn admit(&mut self, limits: &Limits) -> Result<(), Error> {
        self.admit_at(limits, &Path::ROOT, 0, false)
    }

    fn admit_at(
        &mut self,
        limits: &Limits,
        path: &Path<'_>,
        depth: usize,
        in_list: bool,
    ) -> Result<(), Error> {
        match self {
            Json::Null | Json::Bool(_) => Ok(()),
            Json::Int(n) if *n < 0 => Err(Error::input(path, format!("`{n}` is negative"))),
            Json::Int(n) if *n > crate::wire::limits::GREATEST_INTEGER => Err(too_large(path)),
            Json::Int(_) => Ok(()),
            Json::TooLarge => Err(too_large(path)),
            Json::NotWhole => Err(Error::input(path, "a number must be whole")
                .with_hint("round it; an amount of time is text: `\"24 hours\"`")),
            Json::TooDeep => Err(too_deep(path, limits)),
            Json::Text(text) if text.len() > limits.text_bytes => {
                let message = format!(
                    "a text of {} bytes is longer than the {} admitted",
                    text.len(),
                    limits.text_bytes
                );
                Err(Error::limit(path, message))
            }
            Json::Text(_) => Ok(()),
            Json::List(_) | Json::Map(_) if depth >= limits.depth => Err(too_deep(path, limits)),
            Json::List(items) => {
                let most = limits.members.max(limits.events);
                if items.len() > most {
                    return Err(Error::limit(
                        path,
                        format!("{} items are more than the {most} admitted", items.len()),
                    ));
                }
                for item in items.iter_mut() {
                    item.json.admit_at(limits, &path.index(item.at), depth + 1, true)?;
                }
                if !in_list {
                    items.sort();
                }
                Ok(())
            }
            Json::Map(entries) => {
                if entries.len() > limits.members {
                    let message =
                        format!("{} keys are more than the {} admitted", entries.len(), limits.members);
                    return Err(Error::limit(path, message));
                }
                if !entries.is_sorted_by(|(a, _), (b, _)| a <= b) {
                    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
                }
                for pair in entries.windows(2) {
                    if let [(a, _), (b, _)] = pair
                        && a == b
                    {
                        return Err(Error::input(path.key(a), "this key is given twice"));
                    }
                }
                for (key, json) in entries.iter_mut() {
                    if key.len() > limits.text_bytes {
                        return Err(Error::limit(path.key(key), "a key is longer than a text may be"));
                    }
                    json.admit_at(limits, &path.key(key), depth + 1, false)?;
                }
                Ok(())
            }
        }
    }

    /// Writes canonical JSON: no spaces, keys and items in the order of [`Json::admit`].
    ///
    /// ```
    /// use byleave::wire::{Json, Limits};
    /// let mut json = Json::parse(r#"{"b": [2, 1], "a": null}"#, &Limits::MOST)?;
    /// json.admit(&Limits::MOST)?;
    /// let mut text = String::new();
    /// json.write_canonical(&mut text);
    /// assert_eq!(text, r#"{"a":null,"b":[1,2]}"#);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    pub fn write_canonical(&self, out: &mut String) {
        match self {
            Json::Null | Json::NotWhole | Json::TooLarge | Json::TooDeep => out.push_str("null"),
            Json::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
            Json::Int(n) => out.push_str(&n.to_string()),
            Json::Text(text) => write_text(text, out),
            Json::List(items) => {
                out.push('[');
                for (n, item) in items.iter().enumerate() {
                    if n > 0 {
                        out.push(',');
                    }
                    item.json.write_canonical(out);
                }
                out.push(']');
            }
            Json::Map(entries) => {
                out.push('{');
                for (n, (key, json)) in entries.iter().enumerate() {
                    if n > 0 {
                        out.push(',');
                    }
                    write_text(key, out);
                    out.push(':');
                    json.write_canonical(out);
                }
                out.push('}');
            }
        }
    }
}

/// A text in quotation marks, escaped as `serde_json` does.
pub(crate) fn write_text(text: &str, out: &mut String) {
    out.push('"');
    // What needs no escape goes over in one piece; everything that does is a single byte of UTF-8.
    let mut rest = text;
    while let Some((plain, special)) =
        rest.split_at_checked(usual_bytes(rest.as_bytes())).filter(|it| !it.1.is_empty())
    {
        let mut chars = special.chars();
        out.push_str(plain);
        match chars.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some('\u{8}') => out.push_str("\\b"),
            Some('\u{c}') => out.push_str("\\f"),
            Some(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

fn too_large(path: &Path<'_>) -> Error {
    let message = format!("a whole number is at most {}", crate::wire::limits::GREATEST_INTEGER);
    Error::limit(path, message)
}

fn too_deep(path: &Path<'_>, limits: &Limits) -> Error {
    Error::limit(path, format!("lists and objects nest at most {} deep", limits.depth))
}

/// Reads one value at a depth.
struct AtDepth(usize);

impl<'de> serde::Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
        AtDepth(0).deserialize(deserializer)
    }
}

impl<'de> DeserializeSeed<'de> for AtDepth {
    type Value = Json;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AtDepth {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Int(value))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(i64::try_from(value).map_or(Json::TooLarge, Json::Int))
    }
    fn visit_i128<E>(self, value: i128) -> Result<Json, E> {
        Ok(i64::try_from(value).map_or(Json::TooLarge, Json::Int))
    }
    fn visit_u128<E>(self, value: u128) -> Result<Json, E> {
        Ok(i64::try_from(value).map_or(Json::TooLarge, Json::Int))
    }
    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::NotWhole)
    }
    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }
    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }
    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }
    fn visit_none<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        self.deserialize(deserializer)
    }
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        self.deserialize(deserializer)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        if self.0 >= Limits::MOST.depth {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Json::TooDeep);
        }
        let mut items = Vec::new();
        let mut at = 0u32;
        while let Some(json) = seq.next_element_seed(AtDepth(self.0 + 1))? {
            items.push(Item { at, json });
            at = at.saturating_add(1);
        }
        Ok(Json::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        if self.0 >= Limits::MOST.depth {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Json::TooDeep);
        }
        // Most objects of a request have a handful of keys.
        let mut entries = Vec::with_capacity(4);
        while let Some(key) = map.next_key::<String>()? {
            entries.push((key, map.next_value_seed(AtDepth(self.0 + 1))?));
        }
        Ok(Json::Map(entries))
    }
}
