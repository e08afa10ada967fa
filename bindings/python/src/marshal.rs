//! Plain objects by way of Python's own `marshal`, which writes them in one go, and fast: exact dicts, lists, texts, whole
//! numbers, truth and `None`. What it writes is read here into a flat request. Whatever else there is (`marshal` refuses
//! objects of other types, this reader what requests seldom hold) is left to `from_python`, which reads everything.
//!
//! The format is that of version 4, which every Python from 3.4 on writes when asked to.

use byleave::wire::flat::{Flat, Keys, Node};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict};

const VERSION: u8 = 4;
/// Bytes that are read at all; past them a request is not small, and seconds do not matter.
const LONGEST: usize = 1 << 18;
/// Values of a request, one that is there several times counted each time; and bytes of their texts.
const MOST: usize = 1 << 16;

/// The bytes that `marshal` writes of a dict; nothing if there is something in it that it cannot write.
pub fn marshalled<'py>(request: &Bound<'py, PyAny>) -> Option<Bound<'py, PyBytes>> {
    static DUMPS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    request.cast_exact::<PyDict>().ok()?;
    let dumps = DUMPS.import(request.py(), "marshal", "dumps").ok()?;
    // Its exception says nothing that the long way would not say better.
    let bytes = dumps.call1((request, VERSION)).ok()?;
    bytes.cast_into::<PyBytes>().ok().filter(|it| it.as_bytes().len() <= LONGEST)
}

/// Reads them into a request that has begun.
pub fn read(bytes: &[u8], keys: &Keys, flat: &mut Flat) -> Option<()> {
    let mut reader = Reader { rest: bytes, keys, flat, known: Vec::with_capacity(64), values: 0, text: 0 };
    let root = reader.value(0, false)?;
    reader.rest.is_empty().then_some(())?;
    flat.done(root)
}

/// What a later place may refer to.
#[derive(Clone, Copy)]
enum Known<'a> {
    /// Not read to its end: it holds itself.
    Open,
    Text(&'a str, Option<Node>),
    /// A value, how many values are in it, and how much text.
    Value(Node, usize, usize),
}

struct Reader<'a, 'f> {
    rest: &'a [u8],
    keys: &'a Keys,
    flat: &'f mut Flat,
    known: Vec<Known<'a>>,
    values: usize,
    text: usize,
}

/// The end of a dict.
const NULL: u8 = b'0';

impl<'a> Reader<'a, '_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u32> {
        let (word, rest) = self.rest.split_first_chunk::<4>()?;
        self.rest = rest;
        Some(u32::from_le_bytes(*word))
    }

    fn str(&mut self, len: usize) -> Option<&'a str> {
        let (text, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        std::str::from_utf8(text).ok()
    }

    /// A text of a kind, if it is one.
    fn text(&mut self, kind: u8) -> Option<&'a str> {
        let len = match kind {
            b'z' | b'Z' => usize::from(self.byte()?),
            b'a' | b'A' | b'u' | b't' => self.number()? as usize,
            _ => return None,
        };
        self.str(len)
    }

    fn count(&mut self, values: usize, text: usize) -> Option<()> {
        self.values = self.values.checked_add(values)?;
        self.text = self.text.checked_add(text)?;
        (self.values <= MOST && self.text <= LONGEST).then_some(())
    }

    fn key(&mut self, kind: u8) -> Option<u16> {
        let name = if kind == b'r' {
            let at = self.number()? as usize;
            let Some(Known::Text(name, _)) = self.known.get(at) else { return None };
            *name
        } else {
            let name = self.text(kind & 0x7f)?;
            if kind & 0x80 != 0 {
                self.known.push(Known::Text(name, None));
            }
            name
        };
        self.count(0, name.len())?;
        self.keys.find(name)
    }

    fn value(&mut self, depth: usize, in_list: bool) -> Option<Node> {
        let kind = self.byte()?;
        self.value_of(kind, depth, in_list)
    }

    fn value_of(&mut self, kind: u8, depth: usize, in_list: bool) -> Option<Node> {
        if kind == b'r' {
            return self.again(in_list);
        }
        let place = (kind & 0x80 != 0).then_some(self.known.len());
        if place.is_some() {
            self.known.push(Known::Open);
        }
        let (values, text) = (self.values, self.text);
        self.count(1, 0)?;
        let kind = kind & 0x7f;
        let node = match kind {
            b'N' => Node::Null,
            b'T' => Node::Bool(true),
            b'F' => Node::Bool(false),
            b'i' => Flat::int(i64::from(self.number()? as i32))?,
            b'[' | b'(' | b')' => {
                let len = if kind == b')' { u32::from(self.byte()?) } else { self.number()? };
                let from = self.flat.open(depth)?;
                for at in 0..len {
                    let node = self.value(depth + 1, true)?;
                    self.flat.put(at, node);
                }
                self.flat.list(from, in_list)?
            }
            b'{' => {
                let from = self.flat.open(depth)?;
                loop {
                    let kind = self.byte()?;
                    if kind == NULL {
                        break;
                    }
                    let key = self.key(kind)?;
                    let node = self.value(depth + 1, false)?;
                    self.flat.put(u32::from(key), node);
                }
                self.flat.map(from)?
            }
            _ => {
                let name = self.text(kind)?;
                self.count(0, name.len())?;
                let node = self.flat.text(name)?;
                if let Some(known) = place.and_then(|at| self.known.get_mut(at)) {
                    *known = Known::Text(name, Some(node));
                }
                return Some(node);
            }
        };
        if let Some(known) = place.and_then(|at| self.known.get_mut(at)) {
            // The order of a list hangs on where it stands.
            let fixed = in_list && matches!(node, Node::List(_));
            *known =
                if fixed { Known::Open } else { Known::Value(node, self.values - values, self.text - text) };
        }
        Some(node)
    }

    /// A value that was there before.
    fn again(&mut self, in_list: bool) -> Option<Node> {
        let at = self.number()? as usize;
        match *self.known.get(at)? {
            Known::Open => None,
            Known::Value(Node::List(_), ..) if in_list => None,
            Known::Value(node, values, text) => {
                self.count(values, text)?;
                Some(node)
            }
            Known::Text(name, node) => {
                self.count(1, name.len())?;
                let node = match node {
                    Some(node) => node,
                    None => self.flat.text(name)?,
                };
                *self.known.get_mut(at)? = Known::Text(name, Some(node));
                Some(node)
            }
        }
    }
}
