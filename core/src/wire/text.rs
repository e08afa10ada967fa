//! JSON text as a flat request, where it is usual: no escapes, no numbers but whole ones, no keys but those that the policy
//! knows. Any other text, right or wrong, is left to the reader of trees.

use super::flat::{Flat, Keys, Node};
use crate::wire::Limits;

impl Flat {
    /// Reads JSON text into a request that has begun.
    pub fn read_text(&mut self, keys: &Keys, text: &str) -> Option<()> {
        if text.len() > Limits::MOST.request_bytes {
            return None;
        }
        let mut reader = Reader { rest: text, keys, flat: self };
        let root = reader.value(0, false)?;
        reader.space();
        reader.rest.is_empty().then_some(())?;
        self.done(root)
    }
}

struct Reader<'a, 'f> {
    rest: &'a str,
    keys: &'a Keys,
    flat: &'f mut Flat,
}

impl<'a> Reader<'a, '_> {
    fn space(&mut self) {
        // Most texts are written without spaces.
        if self.rest.as_bytes().first().is_some_and(|byte| *byte <= b' ') {
            self.rest = self.rest.trim_start_matches([' ', '\n', '\r', '\t']);
        }
    }

    fn next(&mut self) -> Option<u8> {
        self.space();
        self.rest.as_bytes().first().copied()
    }

    /// Takes a single byte that has been looked at, or a word.
    fn take(&mut self, bytes: usize) -> Option<&'a str> {
        let (taken, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(taken)
    }

    fn word(&mut self, word: &str, node: Node) -> Option<Node> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(node)
    }

    /// The text between quotation marks, the first of which has been looked at.
    fn text(&mut self) -> Option<&'a str> {
        self.take(1)?;
        let special = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < b' ';
        let end = self.rest.as_bytes().iter().position(special)?;
        let text = self.take(end)?;
        (self.take(1)? == "\"").then_some(text)
    }

    fn number(&mut self) -> Option<Node> {
        let digits = self.rest.as_bytes().iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = self.take(digits)?;
        let more = self.rest.as_bytes().first().is_some_and(|byte| matches!(byte, b'.' | b'e' | b'E'));
        if more || digits > 16 || (digits > 1 && number.starts_with('0')) {
            return None;
        }
        Flat::int(number.parse().ok()?)
    }

    /// Whether another follows: after a comma, or at once where there was none before. Nothing for what is no JSON.
    fn another(&mut self, first: bool, close: u8) -> Option<bool> {
        let next = self.next()?;
        if next == close {
            self.take(1)?;
            return Some(false);
        }
        if !first {
            (next == b',').then_some(())?;
            self.take(1)?;
        }
        Some(true)
    }

    fn value(&mut self, depth: usize, in_list: bool) -> Option<Node> {
        match self.next()? {
            b'"' => {
                let text = self.text()?;
                self.flat.text(text)
            }
            b'{' => {
                self.take(1)?;
                let from = self.flat.open(depth)?;
                let mut first = true;
                while self.another(first, b'}')? {
                    first = false;
                    (self.next()? == b'"').then_some(())?;
                    let name = self.text()?;
                    let key = self.keys.find(name)?;
                    (self.next()? == b':').then_some(())?;
                    self.take(1)?;
                    let node = self.value(depth + 1, false)?;
                    self.flat.put(u32::from(key), node);
                }
                self.flat.map(from)
            }
            b'[' => {
                self.take(1)?;
                let from = self.flat.open(depth)?;
                let mut at = 0;
                while self.another(at == 0, b']')? {
                    let node = self.value(depth + 1, true)?;
                    self.flat.put(at, node);
                    at += 1;
                }
                self.flat.list(from, in_list)
            }
            b'n' => self.word("null", Node::Null),
            b't' => self.word("true", Node::Bool(true)),
            b'f' => self.word("false", Node::Bool(false)),
            b'0'..=b'9' => self.number(),
            _ => None,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::wire::Json;

    fn read(text: &str) -> Option<Json> {
        let keys = Keys::of(["a", "b"].map(str::to_string));
        let mut flat = Flat::default();
        flat.begin(&Limits::MOST)?;
        flat.read_text(&keys, text)?;
        let entries = flat.root().iter();
        let name = |key: u32| keys.name(u16::try_from(key).unwrap()).to_string();
        Some(Json::Map(entries.map(|it| (name(it.key), flat.json(&keys, it.node))).collect()))
    }

    #[test]
    fn usual_text_is_what_the_tree_says() {
        for text in [
            "{}",
            " { \"b\" : [ 1 , 0 ,\t\"x\", null ] ,\r\n \"a\" : { \"a\": true, \"b\": false } } ",
            r#"{"a":[["20:00","09:00"]],"b":9007199254740991}"#,
            r#"{"a":"ü😀","b":[{"b":1},{"a":2},{}]}"#,
        ] {
            let mut tree = Json::parse(text, &Limits::MOST).unwrap();
            tree.admit(&Limits::MOST).unwrap();
            assert_eq!(read(text), Some(tree), "{text}");
        }
    }

    #[test]
    fn other_text_is_left_alone() {
        for text in [
            "",
            "[]",
            "1",
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,",
            "{\"a\":1,}",
            "{,}",
            "{\"a\" 1}",
            "{\"a\":1}}",
            "{\"a\":1}x",
            "{\"c\":1}",
            "{\"a\":1,\"a\":1}",
            "{\"a\":01}",
            "{\"a\":-1}",
            "{\"a\":1.5}",
            "{\"a\":1e3}",
            "{\"a\":9007199254740992}",
            "{\"a\":99999999999999999999}",
            "{\"a\":nul}",
            "{\"a\":True}",
            "{\"a\":\"\\n\"}",
            "{\"a\":\"\n\"}",
            "{\"a\":\"",
            "{\"a\":[1}",
            "{\"a\":[1 2]}",
            "{\"a\":[,1]}",
            "{\"a\":[1,]}",
            "{a:1}",
            "\u{feff}{}",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
