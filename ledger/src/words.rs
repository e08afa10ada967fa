//! Kept words as a request says them, without a tree of them: the record of an event goes over as text, and the engine reads
//! it once.
//!
//! Words that are those that were sealed are in the form in which [`Event`] writes them: no spaces, keys by name. Where they hold
//! something unusual, such as an escape in a name, they are read as any event is.

use crate::chain;
use crate::error::{Error, Result};
use crate::event::{Event, List};
use crate::store::Kept;
use byleave::wire::{Json, Limits};
use std::borrow::Cow;

/// What was said, as far as facts are made of it.
pub(crate) struct Said<'a> {
    pub key: Cow<'a, str>,
    pub list: List,
    pub person: Cow<'a, str>,
    record: Record<'a>,
}

enum Record<'a> {
    /// The `event` of the words, when it was recorded, and whether it says itself what a request asks for besides.
    Text {
        event: &'a str,
        recorded_at: &'a str,
        id: bool,
        recorded: bool,
    },
    Tree(Json),
}

impl<'a> Said<'a> {
    /// Reads an event's words; nothing if they were erased.
    ///
    /// # Errors
    /// They are not those that were sealed: nothing is decided by them.
    pub fn read(kept: &'a Kept) -> Result<Option<Said<'a>>> {
        let (salt, words) = match (&kept.salt, &kept.words) {
            (Some(salt), Some(words)) => (salt, words.as_str()),
            (None, None) => return Ok(None),
            _ => return Err(damaged(kept, "its words and its salt are erased together, or not at all")),
        };
        if chain::seal(salt, words) != kept.seal {
            return Err(damaged(kept, "the words are not those that were recorded"));
        }
        let said = match Said::quickly(words) {
            Some(said) => said,
            None => {
                let event = Event::parse(words).map_err(|error| damaged(kept, error))?;
                let record = event.record().clone();
                Said {
                    key: event.key.into(),
                    list: event.list,
                    person: event.person.into(),
                    record: Record::Tree(record),
                }
            }
        };
        match said.list as u8 == kept.list {
            true => Ok(Some(said)),
            false => Err(damaged(kept, "its row says another list than its words")),
        }
    }

    fn quickly(words: &'a str) -> Option<Said<'a>> {
        let (mut key, mut list, mut person, mut recorded_at, mut event) = (None, None, None, None, None);
        let (mut id, mut recorded) = (false, false);
        let rest = object(words, |name, value| {
            let rest = match name {
                "event" => object(value, |name, value| {
                    id |= name == "id";
                    recorded |= name == "recorded_at";
                    past(value)
                })?,
                _ => past(value)?,
            };
            let written = value.get(..value.len() - rest.len())?;
            match name {
                "event" => event = Some(written),
                "key" => key = Some(plain(written)?),
                "list" => list = Some(List::of(plain(written)?)?),
                "person" => person = Some(plain(written)?),
                "recorded_at" => recorded_at = Some(plain(written)?),
                _ => {}
            }
            Some(rest)
        })?;
        rest.is_empty().then_some(())?;
        let record = Record::Text { event: event?, recorded_at: recorded_at?, id, recorded };
        Some(Said { key: key?.into(), list: list?, person: person?.into(), record })
    }

    /// The record as a request to the engine says it.
    pub fn write(&self, out: &mut String) {
        match &self.record {
            Record::Tree(json) => json.write_canonical(out),
            Record::Text { event, recorded_at, id, recorded } => {
                let open = event.strip_suffix('}').unwrap_or(event);
                out.push_str(open);
                // What the ledger adds to events of these lists it adds where it is not said.
                let mut first = open.len() == 1;
                let mut put = |key: &str, text: &str| {
                    out.push_str(if first { "\"" } else { ",\"" });
                    first = false;
                    for part in [key, "\":\"", text, "\""] {
                        out.push_str(part);
                    }
                };
                let named = self.list.named();
                if named && !id {
                    put("id", &self.key);
                }
                if named && !recorded {
                    put("recorded_at", recorded_at);
                }
                out.push('}');
            }
        }
    }

    /// The same as a tree.
    pub fn tree(&self) -> Result<Json> {
        let mut text = String::new();
        self.write(&mut text);
        let mut json = Json::parse(&text, &Limits::MOST)?;
        json.admit(&Limits::MOST)?;
        Ok(json)
    }
}

fn damaged(kept: &Kept, why: impl std::fmt::Display) -> Error {
    Error::damaged(format!("event {}: {why}", kept.seq))
}

/// Goes through an object that is written without spaces: `each` gets a key and the text from its value on, and gives what
/// follows the value. What follows the object; nothing if it is written otherwise.
fn object<'a>(text: &'a str, mut each: impl FnMut(&'a str, &'a str) -> Option<&'a str>) -> Option<&'a str> {
    let mut rest = text.strip_prefix('{')?;
    if let Some(rest) = rest.strip_prefix('}') {
        return Some(rest);
    }
    loop {
        let (key, value) = rest.split_at_checked(quoted(rest.as_bytes())?)?;
        rest = each(plain(key)?, value.strip_prefix(':')?)?;
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => return rest.strip_prefix('}'),
        }
    }
}

/// The text between quotation marks, if it has no escapes.
fn plain(text: &str) -> Option<&str> {
    let text = text.strip_prefix('"')?.strip_suffix('"')?;
    (!text.bytes().any(|byte| byte == b'\\')).then_some(text)
}

/// How long a text is with its quotation marks.
fn quoted(bytes: &[u8]) -> Option<usize> {
    let inside = bytes.strip_prefix(b"\"")?;
    let mut at = 0;
    loop {
        at += inside.get(at..)?.iter().position(|byte| *byte == b'"' || *byte == b'\\')?;
        if inside.get(at) == Some(&b'"') {
            return Some(at + 2);
        }
        // An escape, and what is escaped.
        at += 2;
    }
}

/// What follows a value.
fn past(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let end = match bytes.first()? {
        b'"' => quoted(bytes)?,
        b'{' | b'[' => {
            let (mut depth, mut at) = (0usize, 0usize);
            loop {
                match bytes.get(at)? {
                    b'"' => at += quoted(bytes.get(at..)?)? - 1,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                at += 1;
                if depth == 0 {
                    break at;
                }
            }
        }
        _ => bytes.iter().position(|byte| matches!(byte, b',' | b'}' | b']'))?,
    };
    text.get(end..)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event(key: &str, list: &str, record: &str) -> Event {
        let words = serde_json::json!({
            "key": key, "person": key, "list": list, "source": key, "actor": {"kind": "staff", "id": key},
            "recorded_at": "2026-07-01T00:00:00.5Z", "event": serde_json::from_str::<serde_json::Value>(record).unwrap(),
        });
        Event::parse(&words.to_string()).unwrap()
    }

    fn kept(event: &Event) -> Kept {
        let salt = [7; 16];
        Kept {
            seq: 3,
            person: 1,
            n: 1,
            list: event.list as u8,
            recorded: 0,
            key: [0; 16],
            salt: Some(salt),
            words: Some(event.words().to_owned()),
            seal: chain::seal(&salt, event.words()),
            link: chain::Digest::NONE,
        }
    }

    fn same(event: &Event) {
        let kept = kept(event);
        let said = Said::read(&kept).unwrap().unwrap();
        assert_eq!((&*said.key, said.list, &*said.person), (&*event.key, event.list, &*event.person));
        assert_eq!(said.tree().unwrap(), *event.record(), "{}", event.words());
    }

    #[test]
    fn the_record_is_the_events() {
        for record in [
            r#"{}"#,
            r#"{"id":"k"}"#,
            r#"{"recorded_at":"2026-06-01"}"#,
            r#"{"id":"k","recorded_at":null}"#,
            r#"{"a":{"id":"other","b":[{"}":"]"},[[]],"\\","\"}"]},"n":12,"z":null,"t":true}"#,
            r#"{"scope":{"address":["\"},{\"","é\n"]}}"#,
            r#"{"\"":1}"#,
        ] {
            same(&event("k", "consents", record));
            same(&event("k", "contacts", record));
            same(&event("k", "lists", record));
        }
        for key in ["k\"", "née Ω 🙂", "a\nb", "\\", "\"},\"x\":{\""] {
            same(&event(key, "interactions", "{}"));
        }
        same(&event("k", "voids", r#"{"of":"x","why":"y"}"#));
        same(&event("k", "preferences", r#"{"at":"2026-06-01T00:00:00Z","set":{"pause_until":null}}"#));
        // The quick way is the one that is taken.
        let usual = event("k", "consents", r#"{"scope":{"address":["\"},{\""]}}"#);
        assert!(matches!(Said::read(&kept(&usual)).unwrap().unwrap().record, Record::Text { .. }));
    }

    #[test]
    fn other_words_than_those_that_were_sealed_say_nothing() {
        let good = kept(&event("k", "consents", "{}"));
        assert!(Said::read(&good).is_ok());
        let erased = Kept { salt: None, words: None, ..good.clone() };
        assert!(Said::read(&erased).unwrap().is_none());
        let words = good.words.clone().unwrap();
        for bad in [
            Kept { words: Some(words.replace("staff", "system")), ..good.clone() },
            Kept { salt: Some([8; 16]), ..good.clone() },
            Kept { salt: None, ..good.clone() },
            Kept { words: None, ..good.clone() },
            Kept { list: List::Contacts as u8, ..good.clone() },
        ] {
            assert!(Said::read(&bad).err().unwrap().message().starts_with("event 3: "));
        }
        // Sealed anew by whoever can, and no event: not read either.
        for odd in
            ["", "{", "{}", "[]", "{\"event\":{\"a\":]}", "{\"event\":{}}x", &words.replace("\"k\"", "1")]
        {
            let salt = [7; 16];
            let forged = Kept { words: Some(odd.to_owned()), seal: chain::seal(&salt, odd), ..good.clone() };
            assert!(Said::read(&forged).is_err(), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_kept_is_read_as_it_was_told(
            key in "[a\"\\\\{}:,é\n]{1,6}",
            names in prop::collection::vec(("[a-c\"\\\\]{0,3}", "[\\[\\]{}\",:a\\\\é]{0,8}"), 0..5),
        ) {
            let inner: serde_json::Map<_, _> = names.into_iter().map(|(name, text)| (name, serde_json::json!([text, {"x": text}]))).collect();
            let words = serde_json::json!({
                "key": key, "person": key, "list": "interactions", "source": "s", "actor": {"kind": "system"},
                "recorded_at": "2026-07-01T00:00:00Z", "event": inner,
            });
            same(&Event::parse(&words.to_string()).unwrap());
        }

        #[test]
        fn no_words_are_a_trap(words in "\\{\"event\":[\\[\\]{}\",:a\\\\]{0,12}") {
            let _ = Said::quickly(&words);
        }
    }
}
