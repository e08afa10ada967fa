//! Reading fixed-width numbers from the front of a byte string, the one way in which times are parsed.

/// What is left to read. Every method takes from the front, or takes nothing and says no.
pub(crate) struct Scan<'a> {
    rest: &'a [u8],
}

impl<'a> Scan<'a> {
    pub(crate) fn new(text: &'a str) -> Scan<'a> {
        Scan { rest: text.as_bytes() }
    }

    /// Exactly `count` ASCII digits as a number. `count` is at most 9.
    pub(crate) fn number(&mut self, count: usize) -> Option<u32> {
        let (head, tail) = self.rest.split_at_checked(count)?;
        let mut value = 0u32;
        for byte in head {
            value = value * 10 + digit(*byte)?;
        }
        self.rest = tail;
        Some(value)
    }

    /// Exactly `count` digits, for numbers that fit a byte.
    pub(crate) fn two(&mut self) -> Option<u8> {
        self.number(2).and_then(|n| u8::try_from(n).ok())
    }

    /// One digit, if one is next.
    pub(crate) fn digit(&mut self) -> Option<u32> {
        let (first, tail) = self.rest.split_first()?;
        let value = digit(*first)?;
        self.rest = tail;
        Some(value)
    }

    /// Takes the next byte if it is one of `wanted`.
    pub(crate) fn one_of(&mut self, wanted: &[u8]) -> Option<u8> {
        let (first, tail) = self.rest.split_first()?;
        if !wanted.contains(first) {
            return None;
        }
        self.rest = tail;
        Some(*first)
    }

    pub(crate) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }
}

fn digit(byte: u8) -> Option<u32> {
    byte.is_ascii_digit().then(|| u32::from(byte - b'0'))
}
