//! JSON text read where it stands, without a box for each value, where it is usual: no escapes, whole numbers, each key once,
//! nothing long or deep. Of any other text, right or wrong, nothing is read: it is left to the tree, which says what there is
//! to say. What is read here and written again is, to the byte, what the tree would write.

use byleave::wire::Limits;
use byleave::wire::flat::Scan;

/// Lists and objects nest no deeper; events seldom nest half as deep.
const DEEPEST: usize = 12;
/// Whole numbers of so many digits are admitted, whichever they are.
const DIGITS: usize = 15;
/// Room for the values of one event.
const VALUES: usize = 64;

/// Entries that follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    from: usize,
    until: usize,
}

/// A value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'t> {
    /// A number, `true`, `false` or `null`, as it stands.
    Bare(&'t str),
    /// What stands between quotation marks.
    Text(&'t str),
    /// A list, in the order given.
    List(Run),
    /// An object, its keys in order of name.
    Map(Run),
}

/// A value in a list or an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'t> {
    /// Nothing in a list.
    pub key: &'t str,
    pub value: Value<'t>,
}

/// A text that has been read: an object.
#[derive(Debug)]
pub(crate) struct Plain<'t> {
    entries: Vec<Entry<'t>>,
    /// What is in lists and objects that are not closed yet.
    open: Vec<Entry<'t>>,
    root: Run,
}

impl<'t> Plain<'t> {
    /// Reads an object.
    pub(crate) fn read(text: &'t str) -> Option<Plain<'t>> {
        let root = Run { from: 0, until: 0 };
        let plain = Plain { entries: Vec::with_capacity(VALUES), open: Vec::with_capacity(VALUES), root };
        let mut reader = Reader { scan: Scan::of(text), plain };
        let root = reader.value(0)?;
        reader.scan.is_done().then_some(())?;
        let Value::Map(root) = root else { return None };
        Some(Plain { root, ..reader.plain })
    }

    /// What the object holds.
    pub(crate) fn root(&self) -> &[Entry<'t>] {
        self.of(self.root)
    }

    /// What a list or an object holds.
    pub(crate) fn of(&self, run: Run) -> &[Entry<'t>] {
        self.entries.get(run.from..run.until).unwrap_or_default()
    }

    /// What stands under a key of an object; nothing of anything else.
    pub(crate) fn get(&self, map: Value<'t>, key: &str) -> Option<Value<'t>> {
        let Value::Map(run) = map else { return None };
        get(self.of(run), key)
    }

    /// Writes a value: keys by name, lists as they were given.
    pub(crate) fn write(&self, value: Value<'t>, out: &mut String) {
        match value {
            Value::Bare(word) => out.push_str(word),
            Value::Text(text) => quoted(text, out),
            Value::List(run) => {
                out.push('[');
                for (n, it) in self.of(run).iter().enumerate() {
                    if n > 0 {
                        out.push(',');
                    }
                    self.write(it.value, out);
                }
                out.push(']');
            }
            Value::Map(run) => {
                out.push('{');
                for (n, it) in self.of(run).iter().enumerate() {
                    if n > 0 {
                        out.push(',');
                    }
                    quoted(it.key, out);
                    out.push(':');
                    self.write(it.value, out);
                }
                out.push('}');
            }
        }
    }

    fn close(&mut self, from: usize) -> Option<Run> {
        let items = self.open.get(from..)?;
        if items.len() > Limits::MOST.members {
            return None;
        }
        let begin = self.entries.len();
        self.entries.extend_from_slice(items);
        self.open.truncate(from);
        Some(Run { from: begin, until: self.entries.len() })
    }
}

/// What stands under a key.
pub(crate) fn get<'t>(entries: &[Entry<'t>], key: &str) -> Option<Value<'t>> {
    entries.iter().find(|it| it.key == key).map(|it| it.value)
}

/// Between quotation marks; nothing in it needs an escape.
pub(crate) fn quoted(text: &str, out: &mut String) {
    out.push('"');
    out.push_str(text);
    out.push('"');
}

struct Reader<'t> {
    scan: Scan<'t>,
    plain: Plain<'t>,
}

impl<'t> Reader<'t> {
    fn text(&mut self) -> Option<&'t str> {
        let (_, text) = self.scan.text()?;
        (text.len() <= Limits::MOST.text_bytes).then_some(text)
    }

    fn value(&mut self, depth: usize) -> Option<Value<'t>> {
        match self.scan.peek()? {
            b'"' => self.text().map(Value::Text),
            b'{' => self.map(depth).map(Value::Map),
            b'[' => self.list(depth).map(Value::List),
            b'0'..=b'9' => self.scan.digits(DIGITS).map(Value::Bare),
            b't' => self.scan.word("true").map(Value::Bare),
            b'f' => self.scan.word("false").map(Value::Bare),
            b'n' => self.scan.word("null").map(Value::Bare),
            _ => None,
        }
    }

    fn map(&mut self, depth: usize) -> Option<Run> {
        (depth < DEEPEST).then_some(())?;
        self.scan.take(b'{')?;
        let from = self.plain.open.len();
        while self.scan.another(self.plain.open.len() == from, b'}')? {
            let key = self.text()?;
            self.scan.take(b':')?;
            let value = self.value(depth + 1)?;
            self.plain.open.push(Entry { key, value });
        }
        let entries = self.plain.open.get_mut(from..)?;
        if !entries.is_sorted_by(|a, b| a.key < b.key) {
            entries.sort_unstable_by(|a, b| a.key.cmp(b.key));
            if !entries.is_sorted_by(|a, b| a.key < b.key) {
                return None;
            }
        }
        self.plain.close(from)
    }

    fn list(&mut self, depth: usize) -> Option<Run> {
        (depth < DEEPEST).then_some(())?;
        self.scan.take(b'[')?;
        let from = self.plain.open.len();
        while self.scan.another(self.plain.open.len() == from, b']')? {
            let value = self.value(depth + 1)?;
            self.plain.open.push(Entry { key: "", value });
        }
        self.plain.close(from)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use byleave::wire::Json;
    use proptest::prelude::*;

    fn again(text: &str) -> Option<String> {
        let plain = Plain::read(text)?;
        let mut out = String::new();
        plain.write(Value::Map(plain.root), &mut out);
        Some(out)
    }

    fn by_the_tree(text: &str) -> Option<String> {
        let mut json = Json::parse(text, &Limits::MOST).ok()?;
        json.admit(&Limits::MOST).ok()?;
        let mut out = String::new();
        crate::event::write(&json, &mut out);
        Some(out)
    }

    #[test]
    fn usual_text_is_what_the_tree_says() {
        for text in [
            "{}",
            " { \"b\" : [ 1 , 0 ,\t\"x\", null ] ,\r\n \"a\" : { \"c\": true, \"b\": false } } ",
            r#"{"a":[["20:00","09:00"]],"b":999999999999999}"#,
            r#"{"b":"ü😀/","a":[{"b":1},{"a":2},{}],"":"","B":[]}"#,
        ] {
            let plain = again(text);
            assert!(plain.is_some(), "{text}");
            assert_eq!(plain, by_the_tree(text), "{text}");
        }
    }

    #[test]
    fn other_text_is_left_alone() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(12), "]".repeat(12));
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(16_385));
        let many = format!("{{\"a\":[{}]}}", vec!["1"; 4_097].join(","));
        let several = [
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
            "{\"a\":1,\"a\":1}",
            "{\"a\":01}",
            "{\"a\":-1}",
            "{\"a\":1.5}",
            "{\"a\":1e3}",
            "{\"a\":1000000000000000}",
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
            &deep,
            &long,
            &many,
        ];
        for text in several {
            assert_eq!(again(text), None, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]
        #[test]
        fn whatever_is_read_is_read_as_the_tree_reads_it(
            at in 0usize..120,
            with in r#"[\[\]{}",:0-9eE.\\ \-a-d]{0,2}"#,
            cut in 0usize..3,
        ) {
            let whole = r#"{"b": [1, 20, "x", {"c": null, "a": {}}], "a": {"d": "é", "b": [[], false]}, "c": "20:00"}"#;
            let mut text: Vec<char> = whole.chars().collect();
            let at = at.min(text.len());
            let until = (at + cut).min(text.len());
            text.splice(at..until, with.chars());
            let text: String = text.into_iter().collect();
            if let Some(plain) = again(&text) {
                prop_assert_eq!(Some(plain), by_the_tree(&text));
            }
        }
    }
}
