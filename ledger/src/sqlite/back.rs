//! A person's events, followed from the last one back to the first: each says where the one before it lies. What is missing in
//! between would be a refusal that nobody heeds, so every step is held against the number that must come next.

use crate::error::{Error, Result};
use crate::store::{Person, damaged};

/// How far a chain has been followed.
pub(super) struct Back {
    person: i64,
    /// Where the next one lies; 0 once there is none.
    seq: u64,
    /// Its number in the chain.
    n: u64,
}

impl Back {
    /// From a chain's end.
    pub(super) fn from(person: &Person) -> Result<Back> {
        let back = Back { person: person.number, seq: person.last.ok_or_else(damaged)?, n: person.count };
        back.whole()
    }

    /// The number in the ledger of the event to be read next; nothing behind the first.
    pub(super) fn next(&self) -> Option<u64> {
        (self.seq > 0).then_some(self.seq)
    }

    /// It was read.
    ///
    /// # Errors
    /// It is not the one that must stand here, or what it says of the one before cannot be.
    pub(super) fn met(&mut self, person: i64, n: u64, previous: Option<u64>) -> Result<()> {
        let previous = previous.ok_or_else(damaged)?;
        // What came before has a smaller number, so that no chain leads around in a circle.
        if person != self.person || n != self.n || n == 0 || previous >= self.seq {
            return Err(missing());
        }
        *self = Back { person, seq: previous, n: n - 1 }.whole()?;
        Ok(())
    }

    /// There is an event before if, and only if, there must be one.
    fn whole(self) -> Result<Back> {
        if (self.seq == 0) == (self.n == 0) { Ok(self) } else { Err(missing()) }
    }
}

/// An event of a chain is not where it must be.
pub(super) fn missing() -> Error {
    Error::damaged("a person's events are not all where they must be")
        .hint("`ledger verify` says what is missing, and where")
}
