//! JSON text as a flat request, where it is usual: no escapes, no numbers but whole ones, no keys but those that the policy
//! knows. Any other text, right or wrong, is left to the reader of trees.

use super::flat::{Flat, Keys, Node};
use super::scan::Scan;
use crate::wire::Limits;

/// A whole number of more digits is none that a request may say.
const DIGITS: usize = 16;

impl Flat {
    /// Reads JSON text into a request that has begun.
    pub fn read_text(&mut self, keys: &Keys, text: &str) -> Option<()> {
        if text.len() > Limits::MOST.request_bytes {
            return None;
        }
        // All of it at once: what stands in it is pointed at.
        let base = self.room_for_text(text)?;
        let mut reader = Reader { scan: Scan::of(text), base, keys, flat: self };
        let root = reader.value(0, false)?;
        reader.scan.is_done().then_some(())?;
        self.done(root)
    }
}

struct Reader<'a, 'f> {
    scan: Scan<'a>,
    /// Where the text stands among the request's.
    base: u32,
    keys: &'a Keys,
    flat: &'f mut Flat,
}

impl Reader<'_, '_> {
    fn word(&mut self, word: &str, node: Node) -> Option<Node> {
        self.scan.word(word)?;
        Some(node)
    }

    fn value(&mut self, depth: usize, in_list: bool) -> Option<Node> {
        match self.scan.peek()? {
            b'"' => {
                let (from, text) = self.scan.text()?;
                let at = self.base.checked_add(u32::try_from(from).ok()?)?;
                self.flat.text_at(at, u32::try_from(text.len()).ok()?)
            }
            b'{' => {
                self.scan.take(b'{')?;
                let from = self.flat.open(depth)?;
                let mut first = true;
                while self.scan.another(first, b'}')? {
                    first = false;
                    let key = self.keys.find(self.scan.text()?.1)?;
                    self.scan.take(b':')?;
                    let node = self.value(depth + 1, false)?;
                    self.flat.put(u32::from(key), node);
                }
                self.flat.map(from)
            }
            b'[' => {
                self.scan.take(b'[')?;
                let from = self.flat.open(depth)?;
                let mut at = 0;
                while self.scan.another(at == 0, b']')? {
                    let node = self.value(depth + 1, true)?;
                    self.flat.put(at, node);
                    at += 1;
                }
                self.flat.list(from, in_list)
            }
            b'n' => self.word("null", Node::Null),
            b't' => self.word("true", Node::Bool(true)),
            b'f' => self.word("false", Node::Bool(false)),
            b'0'..=b'9' => Flat::int(self.scan.digits(DIGITS)?.parse().ok()?),
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
