//! What makes the record provable: the digests that each event carries.
//!
//! An event's words are sealed (hashed together with sixteen random bytes that are kept beside them), and the event's link
//! binds that seal to its place: to the link before it in its subject's chain, to the subject, to its number there and in
//! the ledger, and to the instant it was recorded. A lawful erasure takes the words and the random bytes away and leaves the
//! seal, so that every chain still verifies and nothing can be guessed from what is left.

use sha2::{Digest as _, Sha256};
use std::fmt;

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// What stands before the first link of a chain.
    pub const NONE: Digest = Digest([0; 32]);

    /// Lower-case hexadecimal.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    /// Of a text's bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(Sha256::digest(bytes).into())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut out, byte| {
        // Writing to a text does not fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Who a chain belongs to, as its links know it: sixteen random bytes, so that a link tells nothing of a person.
pub(crate) type Who = [u8; 16];
/// Random bytes that are kept with an event's words, and erased with them.
pub(crate) type Salt = [u8; 16];

/// An event's place, which its link binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub who: Who,
    /// In the subject's chain, from 1.
    pub n: u64,
    /// In the ledger, from 1.
    pub seq: u64,
    /// What it is told in.
    pub list: u8,
    /// Microseconds since 1970.
    pub recorded: i64,
}

/// The seal of an event's words.
pub(crate) fn seal(salt: &Salt, words: &str) -> Digest {
    let mut hash = Sha256::new();
    hash.update(b"byleave-ledger words 1\0");
    hash.update(salt);
    hash.update(words.as_bytes());
    Digest(hash.finalize().into())
}

/// The link of an event: every field has a fixed width, so that no two events write the same bytes.
pub(crate) fn link(before: &Digest, place: &Place, seal: &Digest) -> Digest {
    let mut hash = Sha256::new();
    hash.update(b"byleave-ledger link 1\0\0");
    hash.update(before.0);
    hash.update(place.who);
    hash.update(place.n.to_be_bytes());
    hash.update(place.seq.to_be_bytes());
    hash.update([place.list]);
    hash.update(place.recorded.to_be_bytes());
    hash.update(seal.0);
    Digest(hash.finalize().into())
}
