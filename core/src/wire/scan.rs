//! JSON text passed over from its beginning, where it is usual: texts without escapes, whole numbers without a sign. Nothing: what
//! comes next is something else, right or wrong, and is left to the reader of trees.

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

/// A text, and how far it has been passed over.
#[derive(Clone, Debug)]
pub struct Scan<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scan<'t> {
    /// From the beginning.
    #[must_use]
    pub fn of(text: &'t str) -> Scan<'t> {
        Scan { text, at: 0 }
    }

    /// The next byte that is no space, which is not passed over.
    #[inline]
    pub fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at)? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(*byte),
            }
        }
    }

    /// Whether nothing follows but spaces.
    pub fn is_done(&mut self) -> bool {
        self.peek().is_none()
    }

    /// Passes over a byte that must come next.
    #[inline]
    pub fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Passes over a word that must stand right here.
    pub fn word(&mut self, word: &str) -> Option<&'t str> {
        let until = self.at + word.len();
        let found = self.text.get(self.at..until).filter(|found| *found == word)?;
        self.at = until;
        Some(found)
    }

    /// Passes over a text; gives what stands between its quotation marks, and where that begins.
    #[inline]
    pub fn text(&mut self) -> Option<(usize, &'t str)> {
        self.take(b'"')?;
        let from = self.at;
        let rest = self.text.as_bytes().get(from..)?;
        let len = usual_bytes(rest);
        (*rest.get(len)? == b'"').then_some(())?;
        self.at = from + len + 1;
        Some((from, self.text.get(from..from + len)?))
    }

    /// Passes over a whole number of so many digits at most.
    pub fn digits(&mut self, most: usize) -> Option<&'t str> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let more = rest.get(digits).is_some_and(|byte| matches!(byte, b'.' | b'e' | b'E'));
        if more || digits > most || (digits > 1 && rest.first() == Some(&b'0')) {
            return None;
        }
        let number = self.text.get(self.at..self.at + digits)?;
        self.at += digits;
        Some(number)
    }

    /// Whether another value follows: after a comma, or at once where there was none before.
    #[inline]
    pub fn another(&mut self, first: bool, close: u8) -> Option<bool> {
        let next = self.peek()?;
        if next == close {
            self.at += 1;
            return Some(false);
        }
        if !first {
            (next == b',').then(|| self.at += 1)?;
        }
        Some(true)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

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
}
