//! The outcome of requests that a host hands over one after another, each as a tape: what most of them say others have said
//! before. Why, and all else, is found out when somebody asks.

use crate::core::{Core, with_scratch};
use crate::over::Over;
use crate::quick::Room;
use byleave::Verdict;
use byleave::wire::Detail;
use byleave::wire::decision::Decision;
use byleave::wire::flat::{Flat, Kept, Shapes, Tape, Warm, Written};
use std::sync::{Arc, Mutex, PoisonError};

/// Desks that an engine keeps for those who ask next; as many may ask at once as like.
const DESKS: usize = 16;

/// The desks of an engine that nobody works at.
#[derive(Default)]
pub(crate) struct Desks(Mutex<Vec<Box<Desk>>>);

/// Room to write a request in and to read it.
#[derive(Default)]
pub struct Desk {
    /// The request as it is written.
    pub written: Written,
    /// What reads it.
    pub reading: Reading,
}

/// Room in which tapes are read. A request's words are written over when its answer is there.
#[derive(Default)]
pub struct Reading {
    flat: Flat,
    shapes: Shapes,
    /// Once it has been asked for; nothing if this engine has none.
    warm: Option<Option<Box<Warm>>>,
}

/// A request whose outcome is known, and what the rest of its answer is made of.
pub struct Later {
    core: Arc<Core>,
    kept: Kept,
    over: Over,
}

impl Later {
    /// The whole answer; nothing if there is none, which was not so when the outcome was found out.
    #[must_use]
    pub fn decide(&self) -> Option<Decision> {
        Room::lend(|room| {
            room.read(&self.core, self.kept.tape())?;
            room.decide(&self.core, &self.over)
        })
    }
}

impl Core {
    /// Lends a desk. A call that ends in the middle leaves it behind, and the next one gets another.
    pub fn at_desk<T>(&self, work: impl FnOnce(&mut Desk) -> T) -> T {
        let free = |desks: &Desks| desks.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut desk = free(&self.desks).unwrap_or_default();
        let out = work(&mut desk);
        desk.written.clear();
        let mut desks = self.desks.0.lock().unwrap_or_else(PoisonError::into_inner);
        if desks.len() < DESKS {
            desks.push(desk);
        }
        out
    }
}

impl Reading {
    /// The outcome of a tape, and how much of the answer was asked for. Nothing if it has to be asked in the long way.
    pub fn verdict(&mut self, core: &Core, tape: Tape<'_>, over: &Over) -> Option<(Verdict, Detail)> {
        let found = self.ask(core, tape, over);
        self.flat.clear();
        found
    }

    fn ask(&mut self, core: &Core, tape: Tape<'_>, over: &Over) -> Option<(Verdict, Detail)> {
        let keys = core.engine.keys();
        let Reading { flat, shapes, warm } = self;
        let warm = warm.get_or_insert_with(|| core.engine.warm().map(Box::new));
        if let Some(warm) = warm {
            flat.begin(&core.limits)?;
            let mut ask = || {
                warm.take(tape, shapes, flat)?;
                over.lay_flat(flat, keys)?;
                let (facts, detail) = warm.facts(flat)?;
                Some((with_scratch(|scratch| core.engine.verdict(facts, scratch)), detail))
            };
            let found = ask();
            warm.forget();
            if found.is_some() {
                return found;
            }
        }
        flat.begin(&core.limits)?;
        tape.read(keys.len(), shapes, flat)?;
        over.lay_flat(flat, keys)?;
        let (facts, detail) = core.engine.read_flat(flat)?;
        Some((with_scratch(|scratch| core.engine.verdict(&facts, scratch)), detail))
    }

    /// The outcome, and what the rest is made of when somebody asks for it.
    pub fn later(&mut self, core: &Arc<Core>, tape: Tape<'_>, over: &Over) -> Option<(Verdict, Later)> {
        let (found, _) = self.verdict(core, tape, over)?;
        Some((found, Later { core: Arc::clone(core), kept: tape.keep(), over: over.clone() }))
    }
}
