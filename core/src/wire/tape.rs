//! The form in which a host hands over a request where reaching each of its properties from here would cost too much: one
//! piece of memory that the host has filled in one go, words in front and the bytes of all texts behind them.
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

/// Where in a tape is what.
#[derive(Clone, Copy, Debug)]
pub struct Tape<'a> {
    /// The memory.
    pub bytes: &'a [u8],
    /// Words of the value.
    pub words: usize,
    /// Words of the shapes, after those of the value.
    pub shapes: usize,
    /// Where the texts begin, in bytes.
    pub text: usize,
    /// Bytes of texts.
    pub text_len: usize,
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

struct Reader<'a> {
    words: std::slice::Iter<'a, [u8; 4]>,
    shapes: &'a Shapes,
    flat: &'a mut Flat,
    /// Where the next text begins.
    text: u32,
}

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

impl Tape<'_> {
    /// Reads it into a request that has begun, `known` being how many keys there are. Nothing if it says what a [`Flat`]
    /// does not hold, or makes no sense.
    pub fn read(self, known: usize, shapes: &mut Shapes, flat: &mut Flat) -> Option<()> {
        let (words, _) = self.bytes.as_chunks::<4>();
        let (value, rest) = words.split_at_checked(self.words)?;
        shapes.read(rest.get(..self.shapes)?, known)?;
        let text = self.bytes.get(self.text..)?.get(..self.text_len)?;
        let text = flat.texts(std::str::from_utf8(text).ok()?)?;
        let mut reader = Reader { words: value.iter(), shapes, flat, text };
        let root = reader.value(0, false)?;
        reader.words.as_slice().is_empty().then_some(())?;
        flat.done(root)
    }
}

impl Reader<'_> {
    #[inline]
    fn word(&mut self) -> Option<u32> {
        self.words.next().map(|word| u32::from_ne_bytes(*word))
    }

    fn value(&mut self, depth: usize, in_list: bool) -> Option<Node> {
        let word = self.word()?;
        let number = word >> 4;
        Some(match word & 15 {
            0 => Node::Absent,
            1 => Node::Null,
            2 => Node::Bool(false),
            3 => Node::Bool(true),
            4 => Node::Int(i64::from(number)),
            5 => Flat::int(i64::from(number) << 32 | i64::from(self.word()?))?,
            6 => {
                let node = self.flat.text_at(self.text, number)?;
                self.text = self.text.checked_add(number)?;
                node
            }
            7 => {
                let from = self.flat.open(depth)?;
                for at in 0..number {
                    let node = self.value(depth + 1, true)?;
                    self.flat.put(at, node);
                }
                self.flat.list(from, in_list)?
            }
            8 => {
                let shapes = self.shapes;
                let shape = shapes.all.get(number as usize)?;
                let from = self.flat.open(depth)?;
                for key in shapes.keys.get(shape.at..shape.at + shape.len)? {
                    let node = self.value(depth + 1, false)?;
                    self.flat.put(u32::from(*key), node);
                }
                self.flat.map(from)?
            }
            9 => {
                // The sign of 28 bits is carried on to all of them.
                let high = i64::from((word as i32) >> 4);
                let millis = high << 32 | i64::from(self.word()?);
                let text = Instant(millis.checked_mul(1_000)?).to_string();
                self.flat.text(&text)?
            }
            _ => return None,
        })
    }
}
