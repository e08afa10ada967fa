//! A bundle of evidence: what a ledger holds about one person, in one file that proves itself on a machine that has nothing else.
//!
//! It holds the person's chain (words, random bytes, seals, links), the checkpoints with a path from the chain to each, the
//! decisions with the packs that they were made by, and of other people nothing but that they refused at an address of this
//! person's, where that bound a decision. What was erased is there as its seals.
//!
//! [`Bundle::verify`] says what of it holds. What a bundle cannot show is in the crate's README.

mod export;
mod found;
mod verify;

pub use export::Export;
pub use found::{Finding, Note, Verified, What};

use crate::chain::{Digest, Place};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, List, instant};
use crate::hex::Hex;
use crate::ledger::ERASURE;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::io::Read;

/// The form that is written and read here.
pub const FORM: u32 = 1;
/// A bundle holds at most this many bytes: thousands of events, and packs by the dozen.
const MOST: u64 = 256 << 20;
/// How erasures are called among the lists.
const ERASURES: &str = "erasures";

/// A bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// Its form.
    pub byleave_bundle: u32,
    /// When it was made, as whoever made it says.
    pub made_at: String,
    /// By what it was made.
    pub made_by: String,
    /// The person, as the host named them; nothing once erased.
    pub person: Option<String>,
    /// The person, as the links know them.
    pub who: Hex<16>,
    /// The person's chain, in order.
    pub events: Vec<Told>,
    /// What others refused, as far as it bound a decision.
    pub others: Vec<Elsewhere>,
    /// Every checkpoint of the ledger, in order.
    pub checkpoints: Vec<Checked>,
    /// The packs of the decisions.
    pub policies: Vec<Packs>,
    /// The texts that the person was shown.
    pub texts: Vec<Shown>,
}

/// An event of the chain. Its number in the chain is its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// Its number in the ledger.
    pub seq: u64,
    /// What it is told in; `erasures` for what an erasure leaves.
    pub list: String,
    /// When it was recorded.
    pub recorded_at: String,
    /// The random bytes that are sealed with the words; gone once erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<Hex<16>>,
    /// What was said; gone once erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// The seal of both.
    pub seal: Digest,
    /// Its link.
    pub link: Digest,
}

/// Somebody else's refusal: its place, sealed, unless the bundle was made to open it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elsewhere {
    /// Whose chain, as its links know it.
    pub who: Hex<16>,
    /// Its number in that chain.
    pub n: u64,
    /// The link before it there.
    pub before: Digest,
    /// The event.
    pub event: Told,
    /// From its link to the root of the last checkpoint; nothing when that is older.
    pub path: Vec<Digest>,
}

/// A checkpoint, and how the chain lies under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checked {
    /// From 1.
    pub number: u64,
    /// The last event that it covers.
    pub seq: u64,
    /// When it was made.
    pub at: String,
    /// The root of the tree over all links up to there.
    pub root: Digest,
    /// The digest of the checkpoint before.
    pub before: Digest,
    /// Its digest.
    pub digest: Digest,
    /// Who signed it, and how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signed>,
    /// From the chain's last link up to there to the root; nothing while the chain had none.
    pub path: Vec<Digest>,
}

/// An Ed25519 signature of a checkpoint's digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// The public key.
    pub by: Hex<32>,
    /// The signature.
    pub signature: Hex<64>,
}

/// Compiled packs with their time zones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packs {
    /// SHA-256 of the bytes.
    pub sha256: Digest,
    /// The bytes, in base64.
    pub compiled: Base64,
}

/// A text that the person was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// SHA-256 of it.
    pub sha256: Digest,
    /// Its language, as the events say.
    pub language: String,
    /// The text itself, where whoever made the bundle had it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The same, of what is no text: a page, a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<Base64>,
}

/// Bytes in base64, as RFC 4648 writes them, and in no other way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base64(pub Vec<u8>);

impl Serialize for Base64 {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        use base64ct::Encoding;
        serializer.serialize_str(&base64ct::Base64::encode_string(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Base64, D::Error> {
        use base64ct::Encoding;
        use serde::de::Error as _;
        let text = String::deserialize(deserializer)?;
        base64ct::Base64::decode_vec(&text).map(Base64).map_err(|_| D::Error::custom("expected base64"))
    }
}

impl Bundle {
    /// Reads a bundle.
    ///
    /// # Errors
    /// It cannot be read; it is no bundle, or of another form; it is longer than any.
    pub fn read(from: impl Read) -> Result<Bundle> {
        let mut bytes = Vec::new();
        let failed =
            |error: std::io::Error| Error::new(ErrorKind::Storage, format!("cannot be read: {error}"));
        from.take(MOST + 1).read_to_end(&mut bytes).map_err(failed)?;
        Bundle::from_bytes(&bytes)
    }

    /// As [`Bundle::read`], of bytes.
    ///
    /// # Errors
    /// As for that.
    pub fn from_bytes(bytes: &[u8]) -> Result<Bundle> {
        #[derive(Deserialize)]
        struct Form {
            byleave_bundle: u32,
        }
        if bytes.len() as u64 > MOST {
            let message = format!("a bundle of more than {} MiB is not read", MOST >> 20);
            return Err(Error::new(ErrorKind::Limit, message));
        }
        let no_bundle = |error: serde_json::Error| {
            Error::new(ErrorKind::Input, format!("this is no bundle: {error}"))
                .hint("`byleave ledger export` writes one")
        };
        // The form first: a newer one has other keys.
        let form: Form = serde_json::from_slice(bytes).map_err(no_bundle)?;
        if form.byleave_bundle != FORM {
            let message =
                format!("the bundle is of form {}, and here form {FORM} is known", form.byleave_bundle);
            return Err(
                Error::input("byleave_bundle", message).hint("use the version of Byleave that made it")
            );
        }
        serde_json::from_slice(bytes).map_err(no_bundle)
    }

    /// Its text: one document, indented.
    ///
    /// # Errors
    /// None in practice: every part is text, number or list.
    pub fn to_json(&self) -> Result<String> {
        let written = serde_json::to_string_pretty(self).map(|it| it + "\n");
        written
            .map_err(|error| Error::new(ErrorKind::Input, format!("the bundle cannot be written: {error}")))
    }
}

impl Told {
    /// Its words as an event; nothing where they are gone or no event's.
    #[must_use]
    pub fn event(&self) -> Option<Event> {
        if self.list == ERASURES { None } else { Event::parse(self.words.as_deref()?).ok() }
    }

    /// What an erasure says: why, and by whom; nothing of other events.
    #[must_use]
    pub fn erasure(&self) -> Option<(String, String)> {
        let words = self.words.as_deref().filter(|_| self.list == ERASURES)?;
        let words: serde_json::Value = serde_json::from_str(words).ok()?;
        let text = |key: &str| Some(words.get(key)?.as_str()?.to_owned());
        Some((text("why")?, text("by")?))
    }

    fn number(&self) -> Option<u8> {
        if self.list == ERASURES { Some(ERASURE) } else { List::of(&self.list).map(|it| it as u8) }
    }

    fn place(&self, who: [u8; 16], n: u64) -> Option<Place> {
        let recorded = micros(&self.recorded_at)?;
        Some(Place { who, n, seq: self.seq, list: self.number()?, recorded })
    }
}

/// Microseconds since 1970, of an instant that is written as it would be here.
fn micros(text: &str) -> Option<i64> {
    instant(text).filter(|it| it.to_string() == text).map(Timestamp::as_microsecond)
}
