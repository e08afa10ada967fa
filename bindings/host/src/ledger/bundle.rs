//! Bundles of evidence, proven where there is no ledger; and the keys that sign checkpoints.

use super::answers::{BundleReport, digits};
use super::told;
use crate::fault::Fault;
use byleave::wire::Json;
use byleave_ledger::Key;
use byleave_ledger::bundle::Bundle;

/// Says what of a bundle holds. Arguments: `keys`, public ones by which checkpoints may be signed, and `checkpoint`, the digest of
/// one that was handed out.
///
/// # Errors
/// It is no bundle, or of another form; arguments that are none. What does not hold is no error but a finding.
pub fn verify_bundle(bytes: &[u8], given: Json) -> Result<BundleReport, Fault> {
    let trust = told::trust(given)?;
    let bundle = Bundle::from_bytes(bytes)?;
    Ok(BundleReport::of(&bundle, &bundle.verify(&trust)))
}

/// A new key that signs checkpoints: its 32 secret bytes in hexadecimal, to be kept where the ledger is not.
///
/// # Errors
/// The system gives no random bytes.
pub fn generate_key() -> Result<String, Fault> {
    Ok(digits(Key::generate()?.to_bytes()))
}

/// What others verify by.
///
/// # Errors
/// It is no key.
pub fn public_key(key: &str) -> Result<String, Fault> {
    Ok(digits(Key::from_bytes(&told::digits(key, "key")?).public()))
}
