//! Random bytes: those that are sealed with words, and those by which a ledger or a person is known.

use crate::error::{Error, ErrorKind, Result};

/// Random bytes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut out = [0; N];
    getrandom::fill(&mut out).map_err(|_| no_randomness())?;
    Ok(out)
}

fn no_randomness() -> Error {
    Error::new(ErrorKind::Storage, "the system gives no random bytes")
}

/// Random bytes, asked of the system for many events at once, and given out once each.
#[derive(Default)]
pub(crate) struct Chance {
    drawn: Vec<[u8; 16]>,
}

impl Chance {
    pub(crate) fn bytes(&mut self) -> Result<[u8; 16]> {
        if self.drawn.is_empty() {
            self.drawn = vec![[0; 16]; 64];
            getrandom::fill(self.drawn.as_flattened_mut()).map_err(|_| no_randomness())?;
        }
        self.drawn.pop().ok_or_else(no_randomness)
    }
}
