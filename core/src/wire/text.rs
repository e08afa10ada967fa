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
        // All of it at once: what stands in it is pointed at.
        let base = self.room_for_text(text)?;
        let mut reader = Reader { text, at: 0, base, keys, flat: self };
        let root = reader.value(0, false)?;
        (reader.next().is_none() && reader.at == text.len()).then_some(())?;
        self.done(root)
    }
}

/// How many bytes of a text come before the first that ends it, begins an escape or may not stand in it.
#[must_use]
pub fn usual_bytes(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    /// The high bit of each byte that is nought, and maybe of some above the first that is.
    fn noughts(word: u64) -> u64 {
        word.wrapping_sub(ONES) & !word
    }
    let (words, rest) = bytes.as_chunks::<8>();
    let mut before = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let marks = noughts(word ^ (ONES * u64::from(b'"'))) | noughts(word ^ (ONES * u64::from(b'\\')));
        let controls = word.wrapping_sub(ONES * u64::from(b' ')) & !word;
        let found = (marks | controls) & (ONES << 7);
        if found != 0 {
            return before + (found.trailing_zeros() / 8) as usize;
        }
        before += 8;
    }
    let special = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < b' ';
    before + rest.iter().position(special).unwrap_or(rest.len())
}

struct Reader<'a, 'f> {
    text: &'a str,
    /// The next byte.
    at: usize,
    /// Where the text stands among the request's.
    base: u32,
    keys: &'a Keys,
    flat: &'f mut Flat,
}

impl<'a> Reader<'a, '_> {
    /// The next byte that is no space.
    #[inline]
    fn next(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at)? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(*byte),
            }
        }
    }

    /// Takes a byte that must come next.
    #[inline]
    fn take(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then(|| self.at += 1)
    }

    fn word(&mut self, word: &str, node: Node) -> Option<Node> {
        let until = self.at + word.len();
        (self.text.get(self.at..until)? == word).then(|| self.at = until)?;
        Some(node)
    }

    /// Where the text between quotation marks begins and ends; the first has been looked at.
    #[inline]
    fn span(&mut self) -> Option<(usize, usize)> {
        let from = self.at + 1;
        let rest = self.text.as_bytes().get(from..)?;
        let len = usual_bytes(rest);
        (*rest.get(len)? == b'"').then_some(())?;
        self.at = from + len + 1;
        Some((from, len))
    }

    fn number(&mut self) -> Option<Node> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let more = rest.get(digits).is_some_and(|byte| matches!(byte, b'.' | b'e' | b'E'));
        if more || digits > 16 || (digits > 1 && rest.first() == Some(&b'0')) {
            return None;
        }
        let number = self.text.get(self.at..self.at + digits)?;
        self.at += digits;
        Flat::int(number.parse().ok()?)
    }

    /// Whether another follows: after a comma, or at once where there was none before. Nothing for what is no JSON.
    #[inline]
    fn another(&mut self, first: bool, close: u8) -> Option<bool> {
        let next = self.next()?;
        if next == close {
            self.at += 1;
            return Some(false);
        }
        if !first {
            (next == b',').then(|| self.at += 1)?;
        }
        Some(true)
    }

    fn value(&mut self, depth: usize, in_list: bool) -> Option<Node> {
        match self.next()? {
            b'"' => {
                let (from, len) = self.span()?;
                let at = self.base.checked_add(u32::try_from(from).ok()?)?;
                self.flat.text_at(at, u32::try_from(len).ok()?)
            }
            b'{' => {
                self.at += 1;
                let from = self.flat.open(depth)?;
                let mut first = true;
                while self.another(first, b'}')? {
                    first = false;
                    (self.next()? == b'"').then_some(())?;
                    let (at, len) = self.span()?;
                    let key = self.keys.find(self.text.get(at..at + len)?)?;
                    self.take(b':')?;
                    let node = self.value(depth + 1, false)?;
                    self.flat.put(u32::from(key), node);
                }
                self.flat.map(from)
            }
            b'[' => {
                self.at += 1;
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
    fn usual_bytes_end_at_the_first_that_is_not() {
        let ends = |byte: u8| byte == b'"' || byte == b'\\' || byte < b' ';
        for len in 0..40 {
            for at in 0..=len {
                for byte in 0..=255u8 {
                    let mut bytes = vec![b'!'; len];
                    if let Some(place) = bytes.get_mut(at) {
                        *place = byte;
                    }
                    // Whatever comes after it.
                    bytes.extend([b'"', 0, 0x80, 0xff, b'[', b'!']);
                    let first = bytes.iter().position(|byte| ends(*byte)).unwrap();
                    assert_eq!(usual_bytes(&bytes), first, "{bytes:?}");
                }
            }
        }
        assert_eq!((usual_bytes(b""), usual_bytes("ü😀!".as_bytes())), (0, 7));
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
