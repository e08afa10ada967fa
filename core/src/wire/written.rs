//! Writing a tape from here, for hosts whose objects cost little to reach: the same words and texts that others hand over.
//!
//! Objects with the same keys in the same order are known again by the order of their keys, each key by the one that came
//! after the last one the last time. What stays from request to request are keys of the policy's own.

use super::flat::Keys;
use super::tape::{ABSENT, FALSE, INT, LIST, MAP, NULL, TEXT, TRUE, Tape, WIDE};

/// Words, and bytes of texts: more than this is not small, and seconds do not matter.
const WORDS: usize = 1 << 16;
const BYTES: usize = 1 << 18;
/// What keys may take as text.
const KEYS: usize = 1 << 20;
/// Orders of keys that are remembered; past them they are all forgotten.
const ORDERS: usize = 4_096;

/// Objects whose keys begin in the same order: those that end here, and those that go on.
#[derive(Clone, Debug, Default)]
struct Order {
    /// The last key, and the order before it.
    key: u16,
    before: u32,
    len: u32,
    /// Bytes of its keys as JSON text.
    size: usize,
    /// Where keys lead that came after it, the one that came last time in front.
    next: Vec<(u16, u32)>,
    /// In which request it was numbered as a shape, and the number.
    call: u64,
    shape: u32,
}

/// A tape being written.
#[derive(Clone, Debug, Default)]
pub struct Written {
    words: Vec<[u8; 4]>,
    shapes: Vec<[u8; 4]>,
    shaped: u32,
    text: Vec<u8>,
    orders: Vec<Order>,
    call: u64,
    spent: usize,
}

/// An object that is open: the place of its word, and what its keys are so far.
#[derive(Clone, Copy, Debug)]
pub struct Object {
    at: usize,
    order: u32,
}

fn word(number: u32, kind: u32) -> [u8; 4] {
    (number << 4 | kind).to_ne_bytes()
}

impl Written {
    /// The next request.
    pub fn begin(&mut self) {
        self.clear();
        self.call += 1;
        if self.orders.is_empty() || self.orders.len() > ORDERS {
            self.orders.clear();
            self.orders.push(Order { size: 2, ..Order::default() });
        }
    }

    /// Forgets what the last request said, and writes over it.
    pub fn clear(&mut self) {
        self.words.fill([0; 4]);
        self.text.fill(0);
        self.words.clear();
        self.text.clear();
        self.shapes.clear();
        (self.shaped, self.spent) = (0, 0);
    }

    #[inline]
    fn put(&mut self, word: [u8; 4]) -> Option<()> {
        self.words.push(word);
        (self.words.len() <= WORDS).then_some(())
    }

    /// Nothing.
    #[inline]
    pub fn null(&mut self) -> Option<()> {
        self.put(word(0, NULL))
    }

    /// What stands under the last key is not there.
    pub fn absent(&mut self) -> Option<()> {
        self.put(word(0, ABSENT))
    }

    /// True or false.
    #[inline]
    pub fn bool(&mut self, b: bool) -> Option<()> {
        self.put(word(0, if b { TRUE } else { FALSE }))
    }

    /// A whole number.
    pub fn int(&mut self, n: i64) -> Option<()> {
        let n = u64::try_from(n).ok()?;
        if n < 1 << 28 {
            return self.put(word(u32::try_from(n).ok()?, INT));
        }
        let high = u32::try_from(n >> 32).ok().filter(|high| *high < 1 << 28)?;
        self.put(word(high, WIDE))?;
        self.put((n as u32).to_ne_bytes())
    }

    /// A text.
    #[inline]
    pub fn text(&mut self, text: &str) -> Option<()> {
        if text.len() > BYTES || self.text.len() + text.len() > BYTES {
            return None;
        }
        self.text.extend_from_slice(text.as_bytes());
        self.put(word(text.len() as u32, TEXT))
    }

    /// A list of so many values, which follow.
    #[inline]
    pub fn list(&mut self, len: usize) -> Option<()> {
        self.put(word(u32::try_from(len).ok().filter(|len| *len as usize <= WORDS)?, LIST))
    }

    /// Begins an object: keys follow, each with its value.
    #[inline]
    pub fn open(&mut self) -> Option<Object> {
        let at = self.words.len();
        self.put(word(0, MAP))?;
        Some(Object { at, order: 0 })
    }

    /// A key; nothing if the policy does not know it.
    #[inline]
    pub fn key(&mut self, object: &mut Object, name: &str, keys: &Keys) -> Option<()> {
        let order = self.orders.get(object.order as usize)?;
        if let Some((key, next)) = order.next.first()
            && keys.name(*key) == name
        {
            object.order = *next;
            return Some(());
        }
        object.order = self.turn(object.order, name, keys)?;
        Some(())
    }

    /// Where another key leads than last time.
    #[inline(never)]
    fn turn(&mut self, from: u32, name: &str, keys: &Keys) -> Option<u32> {
        let key = keys.find(name)?;
        let new = u32::try_from(self.orders.len()).ok()?;
        let order = self.orders.get_mut(from as usize)?;
        if let Some(at) = order.next.iter().position(|(known, _)| *known == key) {
            order.next.swap(0, at);
            return order.next.first().map(|(_, next)| *next);
        }
        if new as usize > ORDERS {
            return None;
        }
        order.next.push((key, new));
        let size = order.size + keys.name(key).len() + 4;
        let order = Order { key, before: from, len: order.len + 1, size, ..Order::default() };
        self.orders.push(order);
        Some(new)
    }

    /// Ends an object.
    #[inline]
    pub fn close(&mut self, object: Object) -> Option<()> {
        let order = self.orders.get_mut(object.order as usize)?;
        self.spent += order.size;
        let shape = if order.call == self.call { order.shape } else { self.shape(object.order)? };
        *self.words.get_mut(object.at)? = word(shape, MAP);
        (self.spent <= KEYS).then_some(())
    }

    /// Numbers an order of keys in this request.
    #[inline(never)]
    fn shape(&mut self, at: u32) -> Option<u32> {
        let shape = self.shaped;
        self.shaped += 1;
        let order = self.orders.get_mut(at as usize)?;
        (order.call, order.shape) = (self.call, shape);
        let len = order.len;
        let first = self.shapes.len();
        self.shapes.push(len.to_ne_bytes());
        let mut at = at;
        for _ in 0..len {
            let order = self.orders.get(at as usize)?;
            self.shapes.push(u32::from(order.key).to_ne_bytes());
            at = order.before;
        }
        self.shapes.get_mut(first + 1..)?.reverse();
        (self.shapes.len() <= WORDS).then_some(shape)
    }

    /// What is written.
    #[must_use]
    pub fn tape(&self) -> Tape<'_> {
        Tape { words: &self.words, shapes: &self.shapes, text: &self.text }
    }
}
