//! Taking in what other systems have kept: many events, once each, and rows of exports that a [mapping](Mapping) makes events of.
//!
//! | room | what it is for |
//! |---|---|
//! | `map` · `template` · `csv` | the mapping, as somebody writes it: what each row says |
//! | `row` | a row, and why one is not taken |
//! | `take` · `when` · `address` | one value of a row: words, dates, addresses |
//! | `check` | everything that is wrong with a mapping, at once |
//! | `rehearsal` | a dry run: what would become of events, with nothing kept and nobody kept waiting |

mod address;
mod check;
mod csv;
mod map;
mod rehearsal;
mod row;
mod take;
mod template;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
mod when;

pub use check::{Flaw, Flaws};
pub use csv::Csv;
pub use map::{Mapped, Mapping};
pub use row::{REASON, ROW, Refused, Row};

use crate::error::Result;
use crate::event::Event;
use crate::ledger::{Batch, Ledger, Receipt};
use crate::store::Store;
use rehearsal::Rehearsal;
use std::time::{Duration, Instant};

/// Events that are kept in one transaction.
const AT_A_TIME: usize = 1_000;
/// What was told so long ago is kept, however few came since.
const PATIENCE: Duration = Duration::from_millis(500);

impl<S: Store> Ledger<S> {
    /// Takes events one after another, up to a thousand in a transaction, and tells of each what became of it once it is kept.
    /// One that is refused (its words, its key, its instant) stops nothing. A dry run tells what would become of them, and
    /// keeps none.
    ///
    /// The store is free for others while the next events are waited for. Whoever waits long for single ones (a pipe) calls
    /// this with what is there.
    ///
    /// # Errors
    /// As the store fails: what was told before that is kept.
    pub fn import<T>(
        &mut self,
        events: impl IntoIterator<Item = (T, Event)>,
        dry_run: bool,
        mut told: impl FnMut(T, &Event, Result<Receipt>),
    ) -> Result<()> {
        let rows = events.into_iter().map(|(name, event)| (name, [event]));
        self.import_rows(rows, dry_run, |name, [event], receipts| {
            if let Some(receipt) = receipts.map(|it| it.into_iter().next()).transpose() {
                told(name, event, receipt);
            }
        })
    }

    /// The same with events that are told together: all of a row, or none.
    ///
    /// # Errors
    /// As [`Ledger::import`].
    pub fn import_rows<T, R: AsRef<[Event]>>(
        &mut self,
        rows: impl IntoIterator<Item = (T, R)>,
        dry_run: bool,
        mut told: impl FnMut(T, &R, Result<Vec<Receipt>>),
    ) -> Result<()> {
        let mut rows = rows.into_iter();
        let mut rehearsal = if dry_run { Some(Rehearsal::new()?) } else { None };
        loop {
            let batch = read(&mut rows);
            if batch.is_empty() {
                return Ok(());
            }
            let hashes = &self.hashes;
            let events = batch.iter().map(|(_, events)| events.as_ref());
            let receipts = match &mut rehearsal {
                Some(rehearsal) => self.store.read(|rows| {
                    let mut over = rehearsal.over(rows);
                    keep(Batch::begin(&mut over, hashes)?, events)
                })?,
                None => self.store.write(|rows| keep(Batch::begin(rows, hashes)?, events))?,
            };
            batch.into_iter().zip(receipts).for_each(|((name, row), receipts)| told(name, &row, receipts));
        }
    }
}

/// What is there, before anybody is kept waiting for it: a thousand events, or those of half a second.
fn read<T, R: AsRef<[Event]>>(rows: &mut impl Iterator<Item = (T, R)>) -> Vec<(T, R)> {
    let (mut batch, mut events) = (Vec::new(), 0);
    let Some(first) = rows.next() else { return batch };
    let since = Instant::now();
    let mut next = Some(first);
    while let Some((name, row)) = next {
        events += row.as_ref().len();
        batch.push((name, row));
        // A row without events takes its place, too.
        let full = events >= AT_A_TIME || batch.len() >= AT_A_TIME || since.elapsed() >= PATIENCE;
        next = if full { None } else { rows.next() };
    }
    batch
}

type Receipts = Vec<Result<Vec<Receipt>>>;

fn keep<'e, R: crate::store::Rows + ?Sized>(
    mut batch: Batch<'_, R>,
    rows: impl Iterator<Item = &'e [Event]>,
) -> Result<Receipts> {
    let mut out = Vec::new();
    for events in rows {
        match batch.append_all(events) {
            Err(error) if !error.kind().is_the_events() => return Err(error),
            receipts => out.push(receipts),
        }
    }
    batch.end()?;
    Ok(out)
}
