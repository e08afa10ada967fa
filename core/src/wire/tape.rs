//! The form in which a host hands over a request: words, and the bytes of all texts. Where reaching each of its properties from
//! here would cost too much the host fills one piece of memory in one go; else [`Written`](super::written::Written) writes them.
//!
//! A word holds a kind in its four low bits and a number above them. The words are the request's value, a value of a list
//! or an object after the other, and behind it the shapes: how many keys each has, and the keys' numbers. Texts stand in the
//! order in which the words speak of them.
//!
//! | kind | value | number | words after it |
//! |---|---|---|---|
//! | 0 | not there | | |
//! | 1 | `null` | | |
//! | 2, 3 | `false`, `true` | | |
//! | 4 | a whole number | the number | |
//! | 5 | a whole number | its 32 high bits | its 32 low bits |
//! | 6 | a text | its length in bytes | |
//! | 7 | a list | how many | the values |
//! | 8 | an object | the number of its shape | the values, in the shape's order |
//! | 9 | an instant, in whole milliseconds | its 28 high bits, with their sign | its 32 low bits |

use super::flat::{Flat, Node};
use crate::time::Instant;

/// What a host has written.
#[derive(Clone, Copy, Debug)]
pub struct Tape<'a> {
    /// The words of the value.
    pub words: &'a [[u8; 4]],
    /// Those of the shapes.
    pub shapes: &'a [[u8; 4]],
    /// The bytes of all texts.
    pub text: &'a [u8],
}

/// The same, kept.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    words: Box<[[u8; 4]]>,
    shapes: Box<[[u8; 4]]>,
    text: Box<[u8]>,
}

impl Kept {
    /// The tape.
    #[must_use]
    pub fn tape(&self) -> Tape<'_> {
        Tape { words: &self.words, shapes: &self.shapes, text: &self.text }
    }
}

impl Drop for Kept {
    /// A person's data stays no longer than somebody may ask for it.
    fn drop(&mut self) {
        self.words.fill([0; 4]);
        self.text.fill(0);
    }
}

/// Objects with the same keys in the same order.
#[derive(Clone, Debug, Default)]
struct Shape {
    /// Among the keys of all shapes.
    at: usize,
    len: usize,
}

/// Room for what is read of a tape besides the request itself.
#[derive(Clone, Debug, Default)]
pub struct Shapes {
    all: Vec<Shape>,
    keys: Vec<u16>,
}

/// Kinds of words.
pub(crate) const ABSENT: u32 = 0;
pub(crate) const NULL: u32 = 1;
pub(crate) const FALSE: u32 = 2;
pub(crate) const TRUE: u32 = 3;
pub(crate) const INT: u32 = 4;
pub(crate) const WIDE: u32 = 5;
pub(crate) const TEXT: u32 = 6;
pub(crate) const LIST: u32 = 7;
pub(crate) const MAP: u32 = 8;
pub(crate) const INSTANT: u32 = 9;

/// The first and the last millisecond that is written with four digits of a year.
const WRITTEN: std::ops::RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;

/// Where one is in a tape, and the request that is made of it.
pub(crate) struct Cursor<'a> {
    words: std::slice::Iter<'a, [u8; 4]>,
    shapes: &'a Shapes,
    pub flat: &'a mut Flat,
    /// Where the next text begins.
    text: u32,
}

/// A place in a tape, to go back to.
#[derive(Clone)]
pub(crate) struct Mark<'a>(std::slice::Iter<'a, [u8; 4]>, u32);

impl Shapes {
    fn read(&mut self, words: &[[u8; 4]], known: usize) -> Option<()> {
        self.all.clear();
        self.keys.clear();
        let mut words = words.iter().map(|word| u32::from_ne_bytes(*word));
        while let Some(len) = words.next() {
            let (at, len) = (self.keys.len(), len as usize);
            for _ in 0..len {
                let key = u16::try_from(words.next()?).ok().filter(|key| usize::from(*key) < known)?;
                self.keys.push(key);
            }
            self.all.push(Shape { at, len });
        }
        Some(())
    }
}

impl<'t> Tape<'t> {
    /// Of one piece of memory: words of the value in front, those of the shapes behind them, and from a place on the bytes of the
    /// texts. Nothing if it does not hold so much.
    #[must_use]
    pub fn of(
        bytes: &'t [u8],
        words: usize,
        shapes: usize,
        text: usize,
        text_len: usize,
    ) -> Option<Tape<'t>> {
        let (all, _) = bytes.as_chunks::<4>();
        let (words, rest) = all.split_at_checked(words)?;
        Some(Tape { words, shapes: rest.get(..shapes)?, text: bytes.get(text..)?.get(..text_len)? })
    }

    /// A copy to keep.
    #[must_use]
    pub fn keep(self) -> Kept {
        Kept { words: self.words.into(), shapes: self.shapes.into(), text: self.text.into() }
    }

    /// Reads it into a request that has begun, `known` being how many keys there are. Nothing if it says what a [`Flat`]
    /// does not hold, or makes no sense.
    pub fn read(self, known: usize, shapes: &mut Shapes, flat: &mut Flat) -> Option<()> {
        let mut cursor = self.cursor(known, shapes, flat)?;
        let root = cursor.value(0, false)?;
        cursor.at_end().then_some(())?;
        cursor.flat.done(root)
    }

    /// The same from its beginning on, its texts being there.
    pub(crate) fn cursor<'a>(
        self,
        known: usize,
        shapes: &'a mut Shapes,
        flat: &'a mut Flat,
    ) -> Option<Cursor<'a>>
    where
        Self: 'a,
    {
        shapes.read(self.shapes, known)?;
        let text = flat.texts(std::str::from_utf8(self.text).ok()?)?;
        Some(Cursor { words: self.words.iter(), shapes, flat, text })
    }
}

impl<'a> Cursor<'a> {
    /// The next word.
    #[inline]
    pub fn word(&mut self) -> Option<u32> {
        self.words.next().map(|word| u32::from_ne_bytes(*word))
    }

    /// The same, to be read yet.
    #[inline]
    pub fn peek(&self) -> Option<u32> {
        self.words.as_slice().first().map(|word| u32::from_ne_bytes(*word))
    }

    pub fn at_end(&self) -> bool {
        self.words.as_slice().is_empty()
    }

    #[inline]
    pub fn mark(&self) -> Mark<'a> {
        Mark(self.words.clone(), self.text)
    }

    pub fn go_to(&mut self, mark: Mark<'a>) {
        (self.words, self.text) = (mark.0, mark.1);
    }

    /// The keys of an object, whose word has been read.
    #[inline]
    pub fn keys_of(&self, word: u32) -> Option<&'a [u16]> {
        let shapes = self.shapes;
        let shape = shapes.all.get((word >> 4) as usize).filter(|_| word & 15 == MAP)?;
        shapes.keys.get(shape.at..shape.at + shape.len)
    }

    /// The bytes of the next text, eight to a word, the last one filled up with noughts.
    #[inline]
    pub fn eights(&mut self, len: u32, out: &mut Vec<u64>) -> Option<()> {
        let (from, len) = (self.text as usize, len as usize);
        self.text = self.text.checked_add(u32::try_from(len).ok()?)?;
        // There is nearly always more text behind it to read along and to mask.
        let bytes = self.flat.bytes_at(from)?;
        bytes.get(..len)?;
        let mut at = 0;
        while at < len {
            let rest = bytes.get(at..)?;
            let word = match rest.first_chunk::<8>() {
                Some(eight) => u64::from_le_bytes(*eight),
                None => rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
            };
            let left = len - at;
            out.push(if left < 8 { word & ((1 << (8 * left)) - 1) } else { word });
            at += 8;
        }
        Some(())
    }

    /// A text, whose word has been read.
    #[inline]
    pub fn text(&mut self, word: u32) -> Option<&str> {
        let (at, len) = (self.text, word >> 4);
        (word & 15 == TEXT).then_some(())?;
        self.text = at.checked_add(len)?;
        self.flat.str_at(at, len)
    }

    /// A whole number, whose first word has been read.
    pub fn int(&mut self, word: u32) -> Option<i64> {
        let n = match word & 15 {
            INT => i64::from(word >> 4),
            WIDE => i64::from(word >> 4) << 32 | i64::from(self.word()?),
            _ => return None,
        };
        match Flat::int(n)? {
            Node::Int(n) => Some(n),
            _ => None,
        }
    }

    /// An instant, whose first word has been read.
    pub fn instant(&mut self, word: u32) -> Option<Instant> {
        (word & 15 == INSTANT).then_some(())?;
        // The sign of 28 bits is carried on to all of them.
        let high = i64::from((word as i32) >> 4);
        let millis = high << 32 | i64::from(self.word()?);
        WRITTEN.contains(&millis).then_some(Instant(millis.checked_mul(1_000)?))
    }

    /// The next value.
    pub fn value(&mut self, depth: usize, in_list: bool) -> Option<Node> {
        let word = self.word()?;
        let number = word >> 4;
        Some(match word & 15 {
            ABSENT => Node::Absent,
            NULL => Node::Null,
            FALSE => Node::Bool(false),
            TRUE => Node::Bool(true),
            INT | WIDE => Node::Int(self.int(word)?),
            TEXT => {
                let node = self.flat.text_at(self.text, number)?;
                self.text = self.text.checked_add(number)?;
                node
            }
            LIST => {
                let from = self.flat.open(depth)?;
                for at in 0..number {
                    let node = self.value(depth + 1, true)?;
                    self.flat.put(at, node);
                }
                self.flat.list(from, in_list)?
            }
            MAP => {
                let from = self.flat.open(depth)?;
                for key in self.keys_of(word)? {
                    let node = self.value(depth + 1, false)?;
                    self.flat.put(u32::from(*key), node);
                }
                self.flat.map(from)?
            }
            INSTANT => {
                let text = self.instant(word)?.to_string();
                self.flat.text(&text)?
            }
            _ => return None,
        })
    }
}
