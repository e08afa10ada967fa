//! JSON text as the wire's tree, for WebAssembly. Small, because what runs in a page is fetched before it runs: a reader for every
//! type that can be read, floating-point numbers and their tables, would be a good part of it. Nothing here computes with fractions:
//! a number that is not whole is only seen, to be refused with its path.
//!
//! What is wrong is told in the words and at the places of `serde_json`, which reads everywhere else, and which the tests hold this
//! against.

use super::json::{Item, Json};
use crate::wire::Limits;

/// What is wrong, and the place: how many bytes come before it.
type Wrong = (&'static str, usize);

const LIST_ENDS: &str = "EOF while parsing a list";
const OBJECT_ENDS: &str = "EOF while parsing an object";
const TEXT_ENDS: &str = "EOF while parsing a string";
const VALUE_ENDS: &str = "EOF while parsing a value";
const NUMBER: &str = "invalid number";
const RANGE: &str = "number out of range";
const KEY: &str = "key must be a string";
const COLON: &str = "expected `:`";
const LIST_COMMA: &str = "expected `,` or `]`";
const OBJECT_COMMA: &str = "expected `,` or `}`";

/// Reads a text; says what is wrong with line and column.
pub(super) fn read(text: &str) -> Result<Json, String> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0 };
    reader.whole().map_err(|(what, at)| {
        let before = text.as_bytes().get(..at).unwrap_or_default();
        let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |newline| newline + 1);
        let line = 1 + before.iter().filter(|b| **b == b'\n').count();
        format!("{what} at line {line} column {}", at - start)
    })
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn whole(&mut self) -> Result<Json, Wrong> {
        let json = self.value(0)?;
        match self.next_word() {
            None => Ok(json),
            Some(_) => Err(self.next_is("trailing characters")),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    /// The next byte that is no space.
    fn next_word(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
        self.peek()
    }

    /// Wrong is the byte that was taken last.
    fn last_is(&self, what: &'static str) -> Wrong {
        (what, self.at)
    }

    /// Wrong is the byte that would be taken next.
    fn next_is(&self, what: &'static str) -> Wrong {
        (what, self.bytes.len().min(self.at + 1))
    }

    /// A value `depth` lists and objects deep. It calls itself: below the nesting that is admitted nothing is kept, and what is
    /// not kept is skipped without.
    fn value(&mut self, depth: usize) -> Result<Json, Wrong> {
        let first = self.next_word().ok_or_else(|| self.next_is(VALUE_ENDS))?;
        match first {
            b'"' => {
                let mut text = String::new();
                self.string(Some(&mut text))?;
                Ok(Json::Text(text))
            }
            b'{' => self.object(depth),
            b'[' => self.list(depth),
            b'-' | b'0'..=b'9' => self.number(true),
            _ => {
                self.word(first)?;
                Ok(if first == b'n' { Json::Null } else { Json::Bool(first == b't') })
            }
        }
    }

    /// `null`, `true` or `false`.
    fn word(&mut self, first: u8) -> Result<(), Wrong> {
        let rest: &[u8] = match first {
            b'n' => b"ull",
            b't' => b"rue",
            b'f' => b"alse",
            _ => return Err(self.next_is("expected value")),
        };
        self.at += 1;
        for expected in rest {
            match self.take() {
                None => return Err(self.last_is(VALUE_ENDS)),
                Some(byte) if byte == *expected => {}
                Some(_) => return Err(self.last_is("expected ident")),
            }
        }
        Ok(())
    }

    fn list(&mut self, depth: usize) -> Result<Json, Wrong> {
        self.at += 1;
        let kept = depth < Limits::MOST.depth;
        let mut items = Vec::new();
        let mut at = 0u32;
        while self.more(b']', at == 0)? {
            if kept {
                items.push(Item { at, json: self.value(depth + 1)? });
            } else {
                self.skip()?;
            }
            at = at.saturating_add(1);
        }
        Ok(if kept { Json::List(items) } else { Json::TooDeep })
    }

    fn object(&mut self, depth: usize) -> Result<Json, Wrong> {
        self.at += 1;
        let kept = depth < Limits::MOST.depth;
        // Most objects of a request have a handful of keys.
        let mut entries = Vec::with_capacity(4);
        let mut first = true;
        while self.more(b'}', first)? {
            first = false;
            let mut key = String::new();
            self.string(Some(&mut key))?;
            self.colon()?;
            if kept {
                entries.push((key, self.value(depth + 1)?));
            } else {
                self.skip()?;
            }
        }
        Ok(if kept { Json::Map(entries) } else { Json::TooDeep })
    }

    /// Whether a member follows, which then stands next; else what closes the list or the object is taken.
    fn more(&mut self, close: u8, first: bool) -> Result<bool, Wrong> {
        let object = close == b'}';
        let mut next =
            self.next_word().ok_or_else(|| self.next_is(if object { OBJECT_ENDS } else { LIST_ENDS }))?;
        if next == close {
            self.at += 1;
            return Ok(false);
        }
        if !first {
            if next != b',' {
                return Err(self.next_is(if object { OBJECT_COMMA } else { LIST_COMMA }));
            }
            self.at += 1;
            next = self.next_word().ok_or_else(|| self.next_is(VALUE_ENDS))?;
            if next == close {
                return Err(self.next_is("trailing comma"));
            }
        }
        if object && next != b'"' {
            return Err(self.next_is(KEY));
        }
        Ok(true)
    }

    fn colon(&mut self) -> Result<(), Wrong> {
        match self.next_word() {
            Some(b':') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(self.next_is(COLON)),
            None => Err(self.next_is(OBJECT_ENDS)),
        }
    }

    /// A text, whose first quotation mark stands next. One that is not kept need not be made of whole pairs of surrogates.
    fn string(&mut self, mut kept: Option<&mut String>) -> Result<(), Wrong> {
        self.at += 1;
        loop {
            let start = self.at;
            let rest = self.bytes.get(start..).unwrap_or_default();
            let Some(plain) = rest.iter().position(|b| *b < b' ' || *b == b'"' || *b == b'\\') else {
                self.at = self.bytes.len();
                return Err(self.last_is(TEXT_ENDS));
            };
            self.at += plain;
            if let Some(text) = kept.as_deref_mut() {
                text.push_str(self.text.get(start..self.at).unwrap_or_default());
            }
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.escape(kept.as_deref_mut())?;
                }
                _ => {
                    self.at += usize::from(kept.is_some());
                    return Err(
                        self.last_is("control character (\\u0000-\\u001F) found while parsing a string")
                    );
                }
            }
        }
    }

    fn escape(&mut self, kept: Option<&mut String>) -> Result<(), Wrong> {
        let byte = self.take().ok_or_else(|| self.last_is(TEXT_ENDS))?;
        let char = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.hex()?;
                if kept.is_none() {
                    return Ok(());
                }
                self.char_of(unit)?
            }
            _ => return Err(self.last_is("invalid escape")),
        };
        if let Some(text) = kept {
            text.push(char);
        }
        Ok(())
    }

    /// The character of a unit of UTF-16, and of the one after it where it takes two.
    fn char_of(&mut self, unit: u32) -> Result<char, Wrong> {
        const LONE: &str = "lone leading surrogate in hex escape";
        if let Some(char) = char::from_u32(unit) {
            return Ok(char);
        }
        if unit >= 0xdc00 {
            return Err(self.last_is(LONE));
        }
        for expected in *b"\\u" {
            match self.take() {
                None => return Err(self.last_is(TEXT_ENDS)),
                Some(byte) if byte == expected => {}
                Some(_) => return Err(self.last_is("unexpected end of hex escape")),
            }
        }
        let second = self.hex()?;
        let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400);
        low.and_then(|low| char::from_u32((((unit - 0xd800) << 10) | low) + 0x1_0000))
            .ok_or_else(|| self.last_is(LONE))
    }

    fn hex(&mut self) -> Result<u32, Wrong> {
        let Some(four) = self.bytes.get(self.at..self.at + 4) else {
            self.at = self.bytes.len();
            return Err(self.last_is(TEXT_ENDS));
        };
        self.at += 4;
        let mut unit = 0;
        for byte in four {
            let digit = char::from(*byte).to_digit(16);
            unit = unit << 4 | digit.ok_or_else(|| self.last_is("invalid escape"))?;
        }
        Ok(unit)
    }

    /// A number. Of one that is not kept only the form is looked at.
    fn number(&mut self, kept: bool) -> Result<Json, Wrong> {
        let ends = if kept { VALUE_ENDS } else { NUMBER };
        let positive = self.peek() != Some(b'-');
        self.at += usize::from(!positive);
        // Significant digits until there is no room, and how many come after them before the point.
        let (mut digits, mut exponent, mut long) = (0u64, 0i32, false);
        match self.take() {
            None => return Err(self.last_is(ends)),
            Some(b'0') => {
                if self.digit().is_some() {
                    return Err(self.next_is(NUMBER));
                }
            }
            Some(first @ b'1'..=b'9') => {
                digits = u64::from(first - b'0');
                while let Some(digit) = self.digit() {
                    self.at += 1;
                    match appended(digits, digit).filter(|_| !long) {
                        Some(more) => digits = more,
                        None => (long, exponent) = (true, exponent.saturating_add(1)),
                    }
                }
            }
            Some(_) => return Err(self.last_is(NUMBER)),
        }
        let mut whole = !long;
        if self.peek() == Some(b'.') {
            self.at += 1;
            (whole, long) = (false, false);
            if self.digit().is_none() {
                return Err(self.next_is(if self.peek().is_some() { NUMBER } else { ends }));
            }
            while let Some(digit) = self.digit() {
                self.at += 1;
                match appended(digits, digit).filter(|_| !long) {
                    Some(more) => (digits, exponent) = (more, exponent.saturating_sub(1)),
                    None => long = true,
                }
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            whole = false;
            let sign = self.peek().filter(|b| matches!(b, b'+' | b'-'));
            self.at += usize::from(sign.is_some());
            let mut given = match self.take() {
                None => return Err(self.last_is(ends)),
                Some(digit @ b'0'..=b'9') => i32::from(digit - b'0'),
                Some(_) => return Err(self.last_is(NUMBER)),
            };
            while let Some(digit) = self.digit() {
                self.at += 1;
                given = match given.checked_mul(10).and_then(|n| n.checked_add(i32::from(digit))) {
                    Some(more) => more,
                    None if kept && digits != 0 && sign != Some(b'-') => return Err(self.last_is(RANGE)),
                    // Nothing, or next to it: a number that is not whole, whatever follows.
                    None => {
                        digits = 0;
                        i32::MAX
                    }
                };
            }
            exponent = match sign {
                Some(b'-') => exponent.saturating_sub(given),
                _ => exponent.saturating_add(given),
            };
        }
        if whole {
            return Ok(match (positive, i64::try_from(digits)) {
                (true, Ok(n)) => Json::Int(n),
                (true, Err(_)) => Json::TooLarge,
                // There is no zero below zero.
                (false, Ok(0)) => Json::NotWhole,
                (false, Ok(n)) => Json::Int(-n),
                (false, Err(_)) if digits == 1 << 63 => Json::Int(i64::MIN),
                (false, Err(_)) => Json::NotWhole,
            });
        }
        if kept && is_infinite(digits, exponent) {
            return Err(self.last_is(RANGE));
        }
        Ok(Json::NotWhole)
    }

    fn digit(&self) -> Option<u8> {
        self.peek().filter(u8::is_ascii_digit).map(|b| b - b'0')
    }

    /// A value of which nothing is kept, however deep it is: what encloses it is kept in a list instead of on the stack.
    fn skip(&mut self) -> Result<(), Wrong> {
        let mut enclosing = Vec::new();
        loop {
            let first = self.next_word().ok_or_else(|| self.next_is(VALUE_ENDS))?;
            let mut fresh = false;
            match first {
                b'"' => self.string(None)?,
                b'-' | b'0'..=b'9' => {
                    self.number(false)?;
                }
                b'[' | b'{' => {
                    self.at += 1;
                    enclosing.push(first);
                    fresh = true;
                }
                _ => self.word(first)?,
            }
            // What ends here, until something follows.
            let inner = loop {
                let Some(open) = enclosing.last().copied() else { return Ok(()) };
                let object = open == b'{';
                match self.next_word() {
                    None => return Err(self.next_is(if object { OBJECT_ENDS } else { LIST_ENDS })),
                    Some(b'}') if object => {}
                    Some(b']') if !object => {}
                    Some(b',') if !fresh => {
                        self.at += 1;
                        break object;
                    }
                    Some(_) if fresh => break object,
                    Some(_) => return Err(self.next_is(if object { OBJECT_COMMA } else { LIST_COMMA })),
                }
                self.at += 1;
                enclosing.pop();
                fresh = false;
            };
            if inner {
                match self.next_word() {
                    Some(b'"') => self.string(None)?,
                    Some(_) => return Err(self.next_is(KEY)),
                    None => return Err(self.next_is(OBJECT_ENDS)),
                }
                self.colon()?;
            }
        }
    }
}

/// A digit after these, if there is room.
fn appended(digits: u64, digit: u8) -> Option<u64> {
    digits.checked_mul(10)?.checked_add(u64::from(digit))
}

/// Whether so many times a power of ten is more than a floating-point number holds, which other readers could not read.
fn is_infinite(digits: u64, exponent: i32) -> bool {
    if digits == 0 || exponent < 0 {
        return false;
    }
    if exponent > 308 {
        return true;
    }
    // The power, as its upper 120 bits or so and how many follow: far more than are rounded to.
    let (mut upper, mut more) = (1u128, 0u64);
    for _ in 0..exponent {
        upper *= 10;
        while upper >> 120 != 0 {
            (upper, more) = (upper >> 1, more + 1);
        }
    }
    let power = upper as f64 * f64::from_bits((1_023 + more) << 52);
    (digits as f64 * power).is_infinite()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn other(text: &str) -> Result<Json, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    fn same(text: &str) {
        assert_eq!(read(text), other(text), "{text}");
    }

    #[test]
    fn what_is_read_is_what_serde_json_reads() {
        let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        let inside = |text: &str| format!("{}{text}{}", "[".repeat(70), "]".repeat(70));
        let texts = [
            "",
            " ",
            "null",
            "nul",
            "nulx",
            "true",
            "tru",
            "false",
            "falsy",
            "x",
            "[",
            "[1",
            "[1,",
            "[1,]",
            "[,]",
            "[1 2]",
            "{",
            "{}",
            "{\"a\"",
            "{\"a\":",
            "{\"a\" 1}",
            "{\"a\":1,}",
            "{\"a\":1 \"b\"}",
            "{1:2}",
            "{\"a\":1,2}",
            "{\"a\":1,",
            "\"",
            "\"\\",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u12g4\"",
            "\"\\ud800\"",
            "\"\\ud800\\n\"",
            "\"\\ud800\\ud800\"",
            "\"\\udc00\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud800",
            "\"\\ud800\\",
            "\"\\ud800x",
            "\"a\nb\"",
            "\"é\\u00e9\\/\\b\\f\\r\\t\"",
            "0",
            "-0",
            "-",
            "--1",
            "01",
            "-01",
            "1.",
            "1.x",
            "1.5",
            "1e",
            "1e+",
            "1ex",
            "1e5",
            "1E-5",
            "1e400",
            "0e400",
            "1e-400",
            "1e99999999999",
            "0e99999999999",
            "1e-99999999999",
            "1.0e99999999999x",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "-9223372036854775809",
            "18446744073709551615",
            "18446744073709551616",
            "-18446744073709551616",
            "1844674407370955161600000.25",
            "1.84467440737095516160000",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "17976931348623158079e289",
            "1 2",
            "1,",
            "[1]\n\n x",
            "\u{7f}",
            "9.9.9",
            "1844674407370955161.6e400",
            "99999999999999999999e-5",
            "\"\u{1}\"",
            "{\"\\ud800\":1}",
            "[\"a\",\"b\\n\",{}]",
        ];
        for text in texts {
            same(text);
            same(&inside(text));
            same(&format!("{{\"a\":\n[{text}]}}"));
            same(&inside(&format!("{{\"a\":[{text}]}}")));
        }
        for levels in [63, 64, 65, 66, 200] {
            same(&deep(levels));
            same(&deep(levels)[..levels + 1]);
            same(&"{\"a\":".repeat(levels));
        }
        let many = 100_000;
        assert_eq!(read(&deep(many)).unwrap(), other(&deep(many)).unwrap());
    }

    #[test]
    fn numbers_are_out_of_range_where_serde_json_says_so() {
        for exponent in 280..310 {
            for digits in [1u64, 9, 17_976_931_348_623_157, 17_976_931_348_623_158, u64::MAX] {
                same(&format!("{digits}e{exponent}"));
                same(&format!("{digits}{}", "0".repeat(exponent)));
                same(&format!("{digits}.5e{exponent}"));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        #[test]
        fn no_text_is_read_in_another_way(text in r#"[\[\]{}",:0-9eE.+\-\\untrfalse \n/é]{0,24}"#, levels in 0usize..3) {
            let text = format!("{}{text}", "[".repeat(levels * 33));
            prop_assert_eq!(read(&text), other(&text));
        }

        #[test]
        fn nor_is_a_text_with_a_mistake(at in 0usize..200, with in r#"[\[\]{}",:0-9eE.\\ud \n]?"#, cut in 0usize..3, levels in 0usize..3) {
            let whole = r#"{"at": "2026-07-01T12:00:00Z", "n": [1, -2.5e3, 12345678901234567890, {"k\u00e9\ud83d\ude00": null}], "b": [true, false, []], "c": {"d": {}}}"#;
            let mut text: Vec<char> = whole.chars().collect();
            let at = at.min(text.len());
            let until = (at + cut).min(text.len());
            text.splice(at..until, with.chars());
            let text = format!("{}{}", "[".repeat(levels * 33), text.into_iter().collect::<String>());
            prop_assert_eq!(read(&text), other(&text));
        }
    }
}
