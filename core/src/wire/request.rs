//! A request: an object whose entities are open maps, checked against the vocabulary by `facts`.

use crate::error::Error;
use crate::wire::{Json, Limits, Path};
use sha2::{Digest, Sha256};

/// How much of the answer to write.
///
/// ```
/// use byleave::{Detail, Scratch};
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let facts = engine.facts(&engine.request(night)?)?;
/// let mut scratch = Scratch::default();
/// let short = engine.decide_facts(&facts, Detail::Outcome, &mut scratch)?;
/// assert!(short.reasons.is_empty() && short.evidence.is_none());
/// let full = engine.decide_facts(&facts, Detail::Full, &mut scratch)?;
/// assert_eq!(full.reasons.len(), 2);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detail {
    /// The outcome and its instants.
    Outcome,
    /// And every rule that blocks, with what is missing, owed and withheld.
    #[default]
    Blocking,
    /// And every rule that applied, each exemption that carried it, each instrument relied on.
    Full,
}

impl Detail {
    /// The words of the contract, in order of length of the answer.
    pub const WORDS: [&'static str; 3] = ["outcome", "blocking", "full"];
}

/// The keys of a request that are not entities or lists of events.
pub(crate) const TOP_KEYS: [&str; 8] = [
    "at",
    "known_at",
    "horizon",
    "detail",
    "settings",
    "complete",
    "contacts_complete_from",
    "interactions_complete_from",
];

/// The keys of the two lists that may be known from an instant on.
pub(crate) const COMPLETE_FROM: [&str; 2] = ["contacts_complete_from", "interactions_complete_from"];

/// Facts that the engine derives: a request does not give them.
pub(crate) const DERIVED: [&str; 3] = ["sender.seller", "contacts.seller", "interactions.seller"];

/// The keys of lists of events, in which an event that is repeated counts once.
pub(super) const EVENT_LISTS: [&str; 5] = ["consents", "contacts", "interactions", "lists", "signals"];

/// A request within the limits, in canonical order.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// // Read once, it can be asked of several engines.
/// let request = engine.request(night)?;
/// let stricter = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// assert_eq!(engine.decide(&request)?.outcome, stricter.decide(&request)?.outcome);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    json: Json,
}

impl Request {
    /// Reads JSON text.
    ///
    /// ```
    /// use byleave::{Limits, Request};
    /// assert!(Request::parse(r#"{"at": "2026-07-01T12:00:00Z"}"#, &Limits::MOST).is_ok());
    /// let error = Request::parse(r#"{"at": 1, "at": 2}"#, &Limits::MOST).unwrap_err();
    /// assert_eq!(error.message(), "this key is given twice");
    /// ```
    ///
    /// # Errors
    /// Not JSON, not an object, past a limit, a key given twice, a number that is not whole.
    pub fn parse(text: &str, limits: &Limits) -> Result<Request, Error> {
        Request::from_json(Json::parse(text, &limits.admitted())?, limits)
    }

    /// Reads bytes of JSON text.
    ///
    /// ```
    /// use byleave::{Limits, Request};
    /// assert!(Request::from_bytes(b"{}", &Limits::MOST).is_ok());
    /// assert_eq!(Request::from_bytes(b"[]", &Limits::MOST).unwrap_err().message(), "a request is an object, not a list");
    /// ```
    ///
    /// # Errors
    /// As [`Request::parse`]; bytes that are not UTF-8.
    pub fn from_bytes(bytes: &[u8], limits: &Limits) -> Result<Request, Error> {
        Request::from_json(Json::from_bytes(bytes, limits)?, limits)
    }

    /// Reads what a program serializes to the same keys: its own structs, a `serde_json::Value`.
    ///
    /// ```
    /// use byleave::{Limits, Request};
    /// #[derive(serde::Serialize)]
    /// struct Ask { at: String, contact: Contact }
    /// #[derive(serde::Serialize)]
    /// struct Contact { channel: &'static str }
    ///
    /// let ask = Ask { at: "2026-07-01T12:00:00Z".into(), contact: Contact { channel: "sms" } };
    /// let request = Request::from_serialize(&ask, &Limits::MOST)?;
    /// assert_eq!(request.canonical(), r#"{"at":"2026-07-01T12:00:00Z","contact":{"channel":"sms"}}"#);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Request::parse`]; what cannot be written as JSON, such as a table whose keys are no texts.
    pub fn from_serialize(value: &impl serde::Serialize, limits: &Limits) -> Result<Request, Error> {
        Request::from_json(Json::from_serialize(value, limits)?, limits)
    }

    /// Takes a tree that a binding has filled from its own objects.
    ///
    /// ```
    /// use byleave::wire::Json;
    /// use byleave::{Limits, Request};
    /// let tree = Json::Map(vec![("at".into(), Json::Text("2026-07-01T12:00:00Z".into()))]);
    /// assert_eq!(Request::from_json(tree, &Limits::MOST)?.canonical(), r#"{"at":"2026-07-01T12:00:00Z"}"#);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Request::parse`].
    pub fn from_json(mut json: Json, limits: &Limits) -> Result<Request, Error> {
        json.admit(&limits.admitted())?;
        match json {
            Json::Map(_) => Ok(Request { json }),
            other => Err(Error::input(Path::ROOT, format!("a request is an object, not {}", other.kind()))),
        }
    }

    /// The whole of it.
    ///
    /// ```
    /// use byleave::wire::Json;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
    /// let request = engine.request(night)?;
    /// assert_eq!(request.json().get("contact").and_then(|it| it.get("channel")), Some(&Json::Text("sms".into())));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn json(&self) -> &Json {
        &self.json
    }

    /// How much of the answer to write.
    ///
    /// ```
    /// use byleave::Detail;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// assert_eq!(engine.request(r#"{"detail": "full"}"#)?.detail()?, Detail::Full);
    /// assert_eq!(engine.request("{}")?.detail()?, Detail::Blocking);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// `detail` is not one of [`Detail::WORDS`].
    pub fn detail(&self) -> Result<Detail, Error> {
        let path = Path::ROOT;
        match self.json.get("detail") {
            None | Some(Json::Null) => Ok(Detail::default()),
            Some(Json::Text(word)) => match word.as_str() {
                "outcome" => Ok(Detail::Outcome),
                "blocking" => Ok(Detail::Blocking),
                "full" => Ok(Detail::Full),
                other => Err(Error::input(
                    path.key("detail"),
                    format!("`{}` is not one of `outcome`, `blocking`, `full`", crate::error::quoted(other)),
                )
                .suggest(other, Detail::WORDS)),
            },
            Some(other) => {
                Err(Error::input(path.key("detail"), format!("expected a text, not {}", other.kind())))
            }
        }
    }

    /// The request in canonical form: keys by name, sets and events in an order of their own, an event that is repeated
    /// under the same `id` once, no spaces. `detail` and `settings` are left out: they are not facts.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let one = engine.request(r#"{"contact": {"purpose": ["care", "offer"]}, "detail": "full"}"#)?;
    /// let other = engine.request(r#"{"contact":{"purpose":["offer","care"]}}"#)?;
    /// assert_eq!(one.canonical(), other.canonical());
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn canonical(&self) -> String {
        let Json::Map(entries) = &self.json else { return String::new() };
        let mut out = String::with_capacity(4096);
        out.push('{');
        for (key, json) in entries.iter().filter(|(key, _)| key != "detail" && key != "settings") {
            if out.len() > 1 {
                out.push(',');
            }
            super::json::write_text(key, &mut out);
            out.push(':');
            match json {
                Json::List(items) if EVENT_LISTS.contains(&key.as_str()) => {
                    out.push('[');
                    let mut last = None;
                    for item in items {
                        let repeated = last == Some(&item.json) && item.json.get("id").is_some();
                        if repeated {
                            continue;
                        }
                        if last.is_some() {
                            out.push(',');
                        }
                        item.json.write_canonical(&mut out);
                        last = Some(&item.json);
                    }
                    out.push(']');
                }
                other => other.write_canonical(&mut out),
            }
        }
        out.push('}');
        out
    }

    /// SHA-256 of [`Request::canonical`].
    ///
    /// ```
    /// use byleave::wire::decision::Evidence;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
    /// let request = engine.request(night)?;
    /// let hex: String = request.digest().iter().map(|byte| format!("{byte:02x}")).collect();
    /// let evidence: Evidence = engine.decide(&request)?.evidence.unwrap();
    /// assert_eq!(evidence.facts, hex);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.canonical().as_bytes()).into()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn refused(text: &str) -> Error {
        Request::parse(text, &Limits::MOST).unwrap_err()
    }

    #[test]
    fn what_no_request_may_hold() {
        for (text, kind, path) in [
            ("[]", ErrorKind::Input, None),
            ("{", ErrorKind::Input, None),
            ("{\"at\": NaN}", ErrorKind::Input, None),
            ("{\"a\": 1, \"b\": 2, \"a\": 3}", ErrorKind::Input, Some("a")),
            ("{\"person\": {\"x\": [{\"y\": 1, \"y\": 1}]}}", ErrorKind::Input, Some("person.x[0].y")),
            ("{\"content\": {\"length\": 1.5}}", ErrorKind::Input, Some("content.length")),
            ("{\"content\": {\"length\": 1e3}}", ErrorKind::Input, Some("content.length")),
            ("{\"content\": {\"length\": -1}}", ErrorKind::Input, Some("content.length")),
            ("{\"content\": {\"length\": 9007199254740992}}", ErrorKind::Limit, Some("content.length")),
            ("{\"content\": {\"length\": 18446744073709551615}}", ErrorKind::Limit, Some("content.length")),
            (
                "{\"content\": {\"length\": 99999999999999999999999}}",
                ErrorKind::Input,
                Some("content.length"),
            ),
        ] {
            let error = refused(text);
            assert_eq!((error.kind(), error.path()), (kind, path), "{text}: {error}");
        }
    }

    #[test]
    fn sizes() {
        let deep = |n: usize| format!("{{\"a\": {}1{}}}", "[".repeat(n), "]".repeat(n));
        assert!(Request::parse(&deep(63), &Limits::MOST).is_ok());
        assert_eq!(refused(&deep(64)).kind(), ErrorKind::Limit);
        assert_eq!(refused(&deep(100_000)).kind(), ErrorKind::Limit);
        let objects = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
        assert_eq!(refused(&objects).kind(), ErrorKind::Limit);
        let long = format!("{{\"a\": [\"{}\"]}}", "x".repeat(16_385));
        assert_eq!((refused(&long).kind(), refused(&long).path()), (ErrorKind::Limit, Some("a[0]")));
        let many = format!("{{\"a\": [{}]}}", vec!["1"; 4_097].join(","));
        assert_eq!((refused(&many).kind(), refused(&many).path()), (ErrorKind::Limit, Some("a")));
        let huge = " ".repeat((4 << 20) + 1);
        assert_eq!(refused(&huge).kind(), ErrorKind::Limit);
        let lower = Limits { depth: 3, ..Limits::MOST };
        assert!(Request::parse("{\"a\": [[1]]}", &lower).is_ok());
        assert!(Request::parse("{\"a\": [[[1]]]}", &lower).is_err());
        let raised = Limits { depth: 1_000, ..Limits::MOST };
        assert!(Request::parse(&deep(64), &raised).is_err());
    }

    #[test]
    fn bytes_must_be_text() {
        let error = Request::from_bytes(b"{\"a\": \"\xff\"}", &Limits::MOST).unwrap_err();
        assert_eq!(error.to_string(), "byte 7 is not UTF-8");
        assert!(refused("{\"a\": \"\\ud800\"}").to_string().starts_with("this is not JSON"));
    }

    #[test]
    fn order_and_repetition_leave_the_digest_alone() {
        let digest = |text: &str| Request::parse(text, &Limits::MOST).unwrap().digest();
        let a = digest(r#"{"at":"x","contacts":[{"id":"1","at":"y"},{"id":"2"},{"topic":["a","b"]}]}"#);
        let b = digest(
            r#"{"contacts":[{"topic":["b","a"]},{"id":"2"},{"at":"y","id":"1"},{"id":"2"}], "detail":"full","at":"x"}"#,
        );
        assert_eq!(a, b);
        // Without a name, an event counts as often as it is given; the ends of a window are no set.
        assert_ne!(digest(r#"{"contacts":[{"at":"y"}]}"#), digest(r#"{"contacts":[{"at":"y"},{"at":"y"}]}"#));
        let week = |w: &str| digest(&format!(r#"{{"person":{{"hours":{{"mon":[{w}]}}}}}}"#));
        assert_ne!(week(r#"["09:00","20:00"]"#), week(r#"["20:00","09:00"]"#));
    }

    #[test]
    fn detail_is_one_of_three_words() {
        let detail = |text: &str| Request::parse(text, &Limits::MOST).unwrap().detail();
        assert_eq!(detail("{}").unwrap(), Detail::Blocking);
        assert_eq!(detail("{\"detail\": \"full\"}").unwrap(), Detail::Full);
        let error = detail("{\"detail\": \"ful\"}").unwrap_err();
        assert_eq!((error.path(), error.hint()), (Some("detail"), Some("did you mean `full`?")));
    }
}
