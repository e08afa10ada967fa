//! The outcome of requests that a host hands over one after another, each as a tape: what most of them say others have said
//! before. Why, and all else, is found out when somebody asks, from the same facts.

use crate::core::Core;
use crate::over::Over;
use crate::reading::Reading;
use byleave::Verdict;
use byleave::wire::decision::Decision;
use byleave::wire::flat::{Kept, Written};
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

/// Desks that an engine keeps for those who ask next; as many may ask at once as like.
const DESKS: usize = 16;
/// Desks that stay with answers of which somebody may ask the rest yet. Past them an answer keeps its tape alone, and the
/// request is read once more.
const KEPT: usize = 8;

/// The desks of an engine.
#[derive(Default)]
pub(crate) struct Desks {
    /// Those that nobody works at.
    free: Mutex<Vec<Desk>>,
    /// How many stay with answers.
    kept: AtomicUsize,
}

impl Desks {
    /// The free ones, unless somebody is at them. Nobody waits: a process that was forked just then would wait for a thread
    /// that it does not have, and a new desk costs little.
    fn free(&self) -> Option<MutexGuard<'_, Vec<Desk>>> {
        match self.free.try_lock() {
            Ok(free) => Some(free),
            Err(TryLockError::Poisoned(torn)) => Some(torn.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

/// Room to write a request in and to read it.
#[derive(Default)]
pub struct Desk {
    /// The request as it is written.
    pub written: Written,
    /// What reads it.
    pub reading: Reading,
}

impl Desk {
    /// The outcome of what is written, whose facts stay here. Nothing if it has to be asked in the long way.
    pub fn find(&mut self, core: &Core, over: &Over) -> Option<Verdict> {
        self.reading.find(core, self.written.tape(), over)
    }
}

/// A desk that somebody works at. It is cleared and given back in the end; one that was left in the middle of its work is
/// thrown away.
pub struct Lent {
    core: Arc<Core>,
    desk: Desk,
    kept: bool,
}

impl Lent {
    /// What the rest of the answer is made of whose outcome was found here.
    #[must_use]
    pub fn later(mut self, over: Over) -> Later {
        let one_more = |kept: usize| (kept < KEPT).then_some(kept + 1);
        self.kept = self.core.desks.kept.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok();
        let rest = if self.kept {
            Rest::Desk(Box::new(self))
        } else {
            Rest::Tape(Arc::clone(&self.core), self.written.tape().keep())
        };
        Later { over, rest }
    }
}

impl Deref for Lent {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.desk
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Desk {
        &mut self.desk
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut desk = std::mem::take(&mut self.desk);
        desk.written.clear();
        desk.reading.clear();
        self.core.desks.kept.fetch_sub(usize::from(self.kept), Ordering::Relaxed);
        if let Some(mut free) = self.core.desks.free().filter(|free| free.len() < DESKS)
            && !desk.reading.is_torn()
        {
            free.push(desk);
        }
    }
}

/// A request whose outcome is known, and what the rest of its answer is made of.
pub struct Later {
    over: Over,
    rest: Rest,
}

enum Rest {
    /// Its facts.
    Desk(Box<Lent>),
    Tape(Arc<Core>, Kept),
}

impl Later {
    /// The whole answer; nothing if there is none, which was not so when the outcome was found out.
    #[must_use]
    pub fn decide(&mut self) -> Option<Decision> {
        match &mut self.rest {
            Rest::Desk(lent) => {
                let Lent { core, desk, .. } = &mut **lent;
                desk.reading.whole(core, desk.written.tape(), &self.over)
            }
            Rest::Tape(core, kept) => core.lend().reading.decide(core, kept.tape(), &self.over),
        }
    }
}

impl Core {
    /// Lends a desk.
    #[must_use]
    pub fn lend(self: &Arc<Core>) -> Lent {
        let desk = self.desks.free().and_then(|mut free| free.pop()).unwrap_or_default();
        Lent { core: Arc::clone(self), desk, kept: false }
    }
}
