//! The outcome of requests that a host hands over one after another, each as a tape: what most of them say others have said
//! before. Why, and all else, is found out when somebody asks.

use crate::core::{Core, with_scratch};
use crate::over::Over;
use crate::quick::written_over;
use byleave::Verdict;
use byleave::wire::Detail;
use byleave::wire::decision::Decision;
use byleave::wire::flat::{Flat, Kept, Shapes, Tape, Warm, Written};
use std::sync::{Arc, Mutex, PoisonError};

/// Desks that an engine keeps for those who ask next; as many may ask at once as like.
const DESKS: usize = 16;

/// The desks of an engine that nobody works at.
#[derive(Default)]
pub(crate) struct Desks(Mutex<Vec<Desk>>);

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
    /// A request's canonical text, while it is digested.
    canonical: String,
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
        self.core.at_desk(|desk| desk.reading.decide(&self.core, self.kept.tape(), &self.over))
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
    /// The outcome of a tape. Nothing if it has to be asked in the long way.
    pub fn verdict(&mut self, core: &Core, tape: Tape<'_>, over: &Over) -> Option<Verdict> {
        let engine = &core.engine;
        self.warmly(core, tape, over, |warm, flat, _| {
            let (facts, _) = warm.facts(flat)?;
            Some(with_scratch(|scratch| engine.verdict(facts, scratch)))
        })
        .or_else(|| {
            self.quickly(core, tape, over, |reading| {
                let (facts, _) = engine.read_flat(&reading.flat)?;
                Some(with_scratch(|scratch| engine.verdict(&facts, scratch)))
            })
        })
    }

    /// The whole answer to a tape. Nothing if it has to be asked in the long way.
    pub fn decide(&mut self, core: &Core, tape: Tape<'_>, over: &Over) -> Option<Decision> {
        let (engine, keys) = (&core.engine, core.engine.keys());
        self.warmly(core, tape, over, |warm, flat, canonical| {
            let (facts, detail) = warm.facts(flat)?;
            if detail == Detail::Outcome {
                return Some(with_scratch(|scratch| engine.decide_facts(facts, detail, scratch)));
            }
            // What is digested is the whole request, in its one order.
            flat.begin(&core.limits)?;
            tape.read(keys.len(), &mut Shapes::default(), flat)?;
            over.lay_flat(flat, keys)?;
            let facts = warm.digested(flat.digest(keys, canonical));
            Some(with_scratch(|scratch| engine.decide_facts(facts, detail, scratch)))
        })
        .or_else(|| {
            self.quickly(core, tape, over, |Reading { flat, canonical, .. }| {
                let (mut facts, detail) = engine.read_flat(flat)?;
                if detail != Detail::Outcome {
                    facts.digest = Some(flat.digest(keys, canonical));
                }
                Some(with_scratch(|scratch| engine.decide_facts(&facts, detail, scratch)))
            })
        })
    }

    fn warmly<T>(
        &mut self,
        core: &Core,
        tape: Tape<'_>,
        over: &Over,
        ask: impl FnOnce(&mut Warm, &mut Flat, &mut String) -> Option<T>,
    ) -> Option<T> {
        let Reading { flat, shapes, canonical, warm } = self;
        let warm = warm.get_or_insert_with(|| core.engine.warm().map(Box::new)).as_mut()?;
        flat.begin(&core.limits)?;
        let taken = warm.take(tape, shapes, flat).and_then(|()| over.lay_flat(flat, core.engine.keys()));
        let out = taken.and_then(|()| ask(warm, flat, canonical));
        warm.forget();
        self.clear();
        out
    }

    fn quickly<T>(
        &mut self,
        core: &Core,
        tape: Tape<'_>,
        over: &Over,
        ask: impl FnOnce(&mut Reading) -> Option<T>,
    ) -> Option<T> {
        let keys = core.engine.keys();
        self.flat.begin(&core.limits)?;
        let read = tape.read(keys.len(), &mut self.shapes, &mut self.flat);
        let out = read.and_then(|()| over.lay_flat(&mut self.flat, keys)).and_then(|()| ask(self));
        self.clear();
        out
    }

    /// The outcome, and what the rest is made of when somebody asks for it.
    pub fn later(&mut self, core: &Arc<Core>, tape: Tape<'_>, over: &Over) -> Option<(Verdict, Later)> {
        let found = self.verdict(core, tape, over)?;
        Some((found, Later { core: Arc::clone(core), kept: tape.keep(), over: over.clone() }))
    }

    fn clear(&mut self) {
        self.flat.clear();
        written_over(&mut self.canonical);
    }
}
