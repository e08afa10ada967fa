//! A tape back into the wire's tree, as the host wrote it: for requests that have to be asked in the long way when their
//! objects may say something else already.

use byleave::Instant;
use byleave::wire::flat::{Keys, Tape};
use byleave::wire::{Item, Json, Limits};

/// The tree that a tape says; nothing if it makes no sense.
#[must_use]
pub fn tree(tape: Tape<'_>, keys: &Keys) -> Option<Json> {
    let mut shapes = Vec::new();
    let mut rest = tape.shapes.iter().map(|word| u32::from_ne_bytes(*word));
    while let Some(len) = rest.next() {
        let mut names = Vec::new();
        for _ in 0..len {
            let key = u16::try_from(rest.next()?).ok().filter(|key| usize::from(*key) < keys.len())?;
            names.push(keys.name(key));
        }
        shapes.push(names);
    }
    let text = std::str::from_utf8(tape.text).ok()?;
    let mut reader = Reader { words: tape.words.iter(), shapes, text };
    let out = reader.value(0)??;
    reader.words.next().is_none().then_some(out)
}

struct Reader<'a> {
    words: std::slice::Iter<'a, [u8; 4]>,
    /// The keys of the objects of each shape.
    shapes: Vec<Vec<&'a str>>,
    /// Texts that nobody has spoken of yet.
    text: &'a str,
}

impl Reader<'_> {
    fn word(&mut self) -> Option<u32> {
        self.words.next().map(|word| u32::from_ne_bytes(*word))
    }

    /// The next value; an inner nothing is one that is not there. The kinds of words are those of `byleave::wire::flat::Tape`.
    fn value(&mut self, depth: usize) -> Option<Option<Json>> {
        (depth <= Limits::MOST.depth).then_some(())?;
        let word = self.word()?;
        let number = word >> 4;
        Some(Some(match word & 15 {
            0 => return Some(None),
            1 => Json::Null,
            2 => Json::Bool(false),
            3 => Json::Bool(true),
            4 => Json::Int(i64::from(number)),
            5 => Json::Int(i64::from(number) << 32 | i64::from(self.word()?)),
            6 => {
                let (text, rest) = self.text.split_at_checked(number as usize)?;
                self.text = rest;
                Json::Text(text.to_owned())
            }
            7 => {
                let mut items = Vec::new();
                for at in 0..number {
                    items.push(Item { at, json: self.value(depth + 1)?? });
                }
                Json::List(items)
            }
            8 => {
                let names = self.shapes.get(number as usize)?.clone();
                let mut entries = Vec::with_capacity(names.len());
                for name in names {
                    if let Some(json) = self.value(depth + 1)? {
                        entries.push((name.to_owned(), json));
                    }
                }
                Json::Map(entries)
            }
            9 => {
                // The sign of 28 bits is carried on to all of them.
                let millis = i64::from((word as i32) >> 4) << 32 | i64::from(self.word()?);
                Json::Text(Instant(millis.checked_mul(1_000)?).to_string())
            }
            _ => return None,
        }))
    }
}
