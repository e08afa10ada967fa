//! Checkpoints: the state of the whole ledger at one number, each binding the one before, signed if wished.
//!
//! A checkpoint that is published or handed to somebody else is what makes the past unchangeable for the ledger's own keeper.

use crate::chain::Digest;
use crate::chance::random;
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::{Ledger, in_order};
use crate::store::{Checkpoint, Rows, Signed, Store};
use crate::tree::{BLOCK, Peaks};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

/// Events that are read at a time.
pub(crate) const PAGE: usize = 4_096;

/// A key that signs checkpoints (Ed25519, RFC 8032).
pub struct Key(SigningKey);

impl Key {
    /// A new key.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn generate() -> Result<Key> {
        Ok(Key(SigningKey::from_bytes(&random()?)))
    }

    /// From its 32 secret bytes.
    #[must_use]
    pub fn from_bytes(secret: &[u8; 32]) -> Key {
        Key(SigningKey::from_bytes(secret))
    }

    /// The 32 secret bytes, to be kept where the ledger is not.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// What others verify by.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }
}

impl<S: Store> Ledger<S> {
    /// Makes a checkpoint of all events up to now, and signs it if a key is given. Without events since the last one there is
    /// nothing to add, and the last one is given.
    ///
    /// # Errors
    /// There are no events; the instant lies more than a minute before the last event's; as the store fails.
    pub fn checkpoint(&mut self, at: Timestamp, key: Option<&Key>) -> Result<Checkpoint> {
        let at = at.as_microsecond();
        self.store.write(|rows| {
            let last = rows.checkpoint()?;
            let (seq, recorded) = rows.last()?;
            if let Some(last) = last.as_ref().filter(|it| it.seq == seq) {
                return Ok(last.clone());
            }
            if seq == 0 {
                return Err(Error::new(ErrorKind::Input, "the ledger holds no event yet"));
            }
            let at = in_order(at, recorded).map_err(|_| {
                let message = "the checkpoint's instant lies before the last event's";
                Error::new(ErrorKind::Clock, message).hint("is the clock right?")
            })?;
            let (mut peaks, mut from) = match &last {
                Some(it) => (peaks(it).ok_or_else(|| Error::damaged("a checkpoint is damaged"))?, it.seq),
                None => (Peaks::default(), 0),
            };
            // Only what came since: the peaks are all that is needed of what was before.
            loop {
                let page = rows.after(from, PAGE)?;
                let Some(end) = page.last() else { break };
                from = end.seq;
                for event in &page {
                    if let Some(block) = peaks.push(&event.link) {
                        rows.add_block(event.seq / BLOCK - 1, &block)?;
                    }
                }
            }
            let before = last.as_ref().map_or(Digest::NONE, |it| it.digest);
            let mut made = Checkpoint {
                number: last.map_or(0, |it| it.number) + 1,
                seq,
                at,
                root: peaks.root(),
                peaks: peaks.digests().to_vec(),
                before,
                digest: Digest::NONE,
                signed: None,
            };
            made.digest = digest(&made);
            made.signed =
                key.map(|key| Signed { by: key.public(), signature: key.0.sign(&made.digest.0).to_bytes() });
            rows.add_checkpoint(&made)?;
            Ok(made)
        })
    }
}

/// The tree that a checkpoint was made of, to go on from; nothing if its peaks are no such tree's.
pub(crate) fn peaks(it: &Checkpoint) -> Option<Peaks> {
    Peaks::of(it.seq, it.peaks.clone()).filter(|peaks| peaks.root() == it.root)
}

/// What a checkpoint's digest binds.
pub(crate) fn digest(it: &Checkpoint) -> Digest {
    let mut hash = Sha256::new();
    hash.update(b"byleave-ledger check 2\0");
    hash.update(it.number.to_be_bytes());
    hash.update(it.seq.to_be_bytes());
    hash.update(it.at.to_be_bytes());
    hash.update(it.root.0);
    hash.update(it.before.0);
    Digest(hash.finalize().into())
}

/// Whether the signature is that key's, of that digest.
pub(crate) fn holds(signed: &Signed, digest: &Digest) -> bool {
    VerifyingKey::from_bytes(&signed.by)
        .is_ok_and(|key| key.verify_strict(&digest.0, &Signature::from_bytes(&signed.signature)).is_ok())
}
