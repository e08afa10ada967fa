//! The bytes of a text file as UTF-8: a mark at its beginning is left out, UTF-16 that says so is read, and what is no text is refused.

use std::io::{self, Read};

/// A file's bytes as UTF-8. Bytes that are no UTF-8 are handed on as they are, for whoever knows in which row they stand.
pub struct Utf8<R> {
    inner: R,
    /// What was read and not handed on.
    ready: Vec<u8>,
    at: usize,
    wide: Option<Wide>,
}

/// UTF-16, and what is left over of the last bytes read.
struct Wide {
    little: bool,
    odd: Option<u8>,
    high: Option<u16>,
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message.to_owned())
}

impl<R: Read> Utf8<R> {
    /// Looks at how it begins.
    ///
    /// # Errors
    /// It is a workbook, compressed, another format, or UTF-16 that does not say so.
    pub fn of(mut inner: R) -> io::Result<Utf8<R>> {
        let mut head = Vec::new();
        inner.by_ref().take(1 << 10).read_to_end(&mut head)?;
        let refused = match head.as_slice() {
            [b'P', b'K', 3, 4, ..] => Some("it is a workbook or an archive: save the sheet as CSV"),
            [0xd0, 0xcf, 0x11, 0xe0, ..] => Some("it is a workbook: save the sheet as CSV"),
            [0x1f, 0x8b, ..] => {
                Some("it is compressed: `gunzip -c FILE | byleave ledger import … -` reads it")
            }
            [b'P', b'A', b'R', b'1', ..] => Some("it is Parquet: `--format parquet` reads it"),
            _ => None,
        };
        if let Some(message) = refused {
            return Err(invalid(message));
        }
        let (skip, wide) = match head.as_slice() {
            [0xef, 0xbb, 0xbf, ..] => (3, None),
            [0xff, 0xfe, ..] => (2, Some(true)),
            [0xfe, 0xff, ..] => (2, Some(false)),
            _ if head.contains(&0) => {
                return Err(invalid(
                    "it holds NUL bytes: UTF-16 is read where its mark stands first (FF FE or FE FF), other encodings are not",
                ));
            }
            _ => (0, None),
        };
        let head: Vec<u8> = head.into_iter().skip(skip).collect();
        let mut out = Utf8 { inner, ready: Vec::new(), at: 0, wide: None };
        match wide {
            Some(little) => {
                let mut wide = Wide { little, odd: None, high: None };
                wide.decode(&head, &mut out.ready)?;
                out.wide = Some(wide);
            }
            None => out.ready = head,
        }
        Ok(out)
    }
}

impl Wide {
    fn decode(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
        let mut text = String::with_capacity(bytes.len());
        for byte in bytes {
            let Some(first) = self.odd.take() else {
                self.odd = Some(*byte);
                continue;
            };
            let pair = [first, *byte];
            let unit = if self.little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) };
            let units = self.high.take().into_iter().chain([unit]);
            if self.high.is_none() && (0xd800..0xdc00).contains(&unit) && units.clone().count() == 1 {
                self.high = Some(unit);
                continue;
            }
            for letter in char::decode_utf16(units) {
                text.push(letter.map_err(|_| invalid("it is no UTF-16: half a character stands alone"))?);
            }
        }
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let rest = self.ready.get(self.at..).unwrap_or_default();
            if !rest.is_empty() {
                let mut rest = rest;
                let read = rest.read(buffer)?;
                self.at += read;
                return Ok(read);
            }
            let Some(wide) = &mut self.wide else { return self.inner.read(buffer) };
            let mut bytes = [0; 1 << 13];
            let read = self.inner.read(&mut bytes)?;
            if read == 0 {
                return match (wide.odd, wide.high) {
                    (None, None) => Ok(0),
                    _ => Err(invalid("it is cut off within a character of UTF-16")),
                };
            }
            self.ready.clear();
            self.at = 0;
            wide.decode(bytes.get(..read).unwrap_or_default(), &mut self.ready)?;
        }
    }
}
