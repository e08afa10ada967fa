//! What comes one by one, in batches: read on a thread of its own, so that what is there is kept while the next is waited for.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// So many are kept at once.
const MOST: usize = 1_000;
/// So long one waits for others.
const PATIENCE: Duration = Duration::from_millis(200);
/// So many are read ahead: enough that neither side waits, and little memory, however long each is.
const AHEAD: usize = 64;

/// What a thread reads.
pub struct Batches<T>(Receiver<T>);

impl<T: Send + 'static> Batches<T> {
    /// Begins to read; it ends when its last is sent, or when nobody listens any more.
    pub fn of(read: impl FnOnce(&SyncSender<T>) + Send + 'static) -> Batches<T> {
        let (sender, receiver) = sync_channel(AHEAD);
        std::thread::spawn(move || read(&sender));
        Batches(receiver)
    }

    /// All of them, one by one.
    pub fn all(&self) -> impl Iterator<Item = T> {
        self.0.iter()
    }

    /// What is there: at least one, unless it is the end.
    pub fn next(&self) -> Vec<T> {
        let Ok(first) = self.0.recv() else { return Vec::new() };
        let mut out = vec![first];
        let until = Instant::now() + PATIENCE;
        while out.len() < MOST {
            match self.0.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(next) => out.push(next),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        out
    }
}
