//! Everything that was told, in order, a page at a time: so that it can be carried elsewhere.

use crate::error::Result;
use crate::event::{Event, List};
use crate::facts::sealed;
use crate::ledger::{ERASURE, Ledger, instant};
use crate::store::{Rows, Store, damaged};
use jiff::Timestamp;

/// What stands at one number of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number in the ledger.
    pub seq: u64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// What it says.
    pub said: Said,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Said {
    /// An event, as it was told.
    Event(Event),
    /// An event of that list, which was erased.
    Erased(List),
    /// That somebody was erased: the ground, and by whom.
    Erasure {
        /// The ground: the law, and whose request.
        why: String,
        /// Who did it.
        by: String,
    },
}

impl<S: Store> Ledger<S> {
    /// The entries after a number, at most so many, each held against its seal. Whoever begins with 0 and goes on with the last
    /// number that came has them all, however many they are.
    ///
    /// ```
    /// use byleave_ledger::Ledger;
    /// let mut ledger = Ledger::in_memory()?;
    /// let mut last = 0;
    /// loop {
    ///     let page = ledger.entries(last, 1_000)?;
    ///     let Some(end) = page.last() else { break };
    ///     last = end.seq;
    /// }
    /// # Ok::<(), byleave_ledger::Error>(())
    /// ```
    ///
    /// # Errors
    /// The words of an event are not those that were recorded; as the store fails.
    pub fn entries(&mut self, after: u64, most: usize) -> Result<Vec<Entry>> {
        let page = self.store.read(|rows| rows.after(after, most))?;
        let entry = |kept: &crate::store::Kept| {
            let said = if kept.list == ERASURE {
                let words = kept.words.as_deref().unwrap_or_default();
                let words: serde_json::Value = serde_json::from_str(words).map_err(|_| damaged())?;
                let text =
                    |key: &str| words.get(key).and_then(|it| it.as_str()).unwrap_or_default().to_owned();
                Said::Erasure { why: text("why"), by: text("by") }
            } else {
                match sealed(kept)? {
                    Some(event) => Said::Event(event),
                    None => Said::Erased(list(kept.list).ok_or_else(damaged)?),
                }
            };
            Ok(Entry { seq: kept.seq, recorded_at: instant(kept.recorded)?, said })
        };
        page.iter().map(entry).collect()
    }
}

fn list(number: u8) -> Option<List> {
    List::ALL.into_iter().find(|it| *it as u8 == number)
}
