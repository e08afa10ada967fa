//! Tapes read into facts and asked: in the warm way where that can be, else in the quick one.

use crate::core::{Core, with_scratch};
use crate::over::Over;
use crate::quick::written_over;
use byleave::wire::Detail;
use byleave::wire::decision::Decision;
use byleave::wire::flat::{Flat, Shapes, Tape, Warm};
use byleave::{Facts, Verdict};

/// Room in which tapes are read. What it holds of a request is written over when it is cleared.
#[derive(Default)]
pub struct Reading {
    flat: Flat,
    shapes: Shapes,
    /// A request's canonical text, while it is digested.
    canonical: String,
    /// Once it has been asked for; nothing if this engine has none.
    warm: Option<Option<Box<Warm>>>,
    held: Held,
    /// Somebody is at work here, or left in the middle of it.
    torn: bool,
}

/// The facts of the request that was read last.
#[derive(Default)]
enum Held {
    #[default]
    Nothing,
    /// They are the warm way's.
    Warm(Detail),
    /// They were read from the flat request, which is there.
    Flat(Box<Facts>, Detail),
}

impl Reading {
    /// The whole answer to a tape. Nothing if it has to be asked in the long way.
    pub fn decide(&mut self, core: &Core, tape: Tape<'_>, over: &Over) -> Option<Decision> {
        self.read(core, tape, over)?;
        let out = self.whole(core, tape, over);
        self.clear();
        out
    }

    /// The outcome of a tape, whose facts stay. Nothing if it has to be asked in the long way.
    pub(crate) fn find(&mut self, core: &Core, tape: Tape<'_>, over: &Over) -> Option<Verdict> {
        self.read(core, tape, over)?;
        self.torn = true;
        let facts = match &self.held {
            Held::Nothing => None,
            Held::Warm(_) => self.warm.as_ref().and_then(Option::as_ref).map(|warm| warm.held()),
            Held::Flat(facts, _) => Some(&**facts),
        };
        let found = facts.and_then(|facts| with_scratch(|scratch| core.engine.verdict(facts, scratch)).ok());
        self.torn = false;
        found
    }

    /// The whole answer to the tape that was read last.
    pub(crate) fn whole(&mut self, core: &Core, tape: Tape<'_>, over: &Over) -> Option<Decision> {
        if self.torn {
            return None;
        }
        self.torn = true;
        let out = self.answer(core, tape, over);
        self.torn = false;
        out
    }

    fn answer(&mut self, core: &Core, tape: Tape<'_>, over: &Over) -> Option<Decision> {
        let Reading { flat, shapes, canonical, warm, held, .. } = self;
        let (engine, keys) = (&core.engine, core.engine.keys());
        let (facts, detail) = match held {
            Held::Nothing => return None,
            Held::Flat(facts, detail) => {
                if *detail != Detail::Outcome {
                    facts.digest = Some(flat.digest(keys, canonical));
                }
                (&**facts, *detail)
            }
            Held::Warm(detail) => {
                let warm = warm.as_mut()?.as_mut()?;
                if *detail != Detail::Outcome {
                    // What is digested is the whole request, in its one order.
                    flat.begin(&core.limits)?;
                    tape.read(keys.len(), shapes, flat)?;
                    over.lay_flat(flat, keys)?;
                    warm.digested(flat.digest(keys, canonical));
                }
                (warm.held(), *detail)
            }
        };
        with_scratch(|scratch| engine.decide_facts(facts, detail, scratch)).ok()
    }

    fn read(&mut self, core: &Core, tape: Tape<'_>, over: &Over) -> Option<()> {
        self.torn = true;
        let mut held = self.warmly(core, tape, over);
        if held.is_none() {
            self.clear();
            held = self.quickly(core, tape, over);
        }
        self.torn = false;
        match held {
            Some(held) => self.held = held,
            None => self.clear(),
        }
        (!matches!(self.held, Held::Nothing)).then_some(())
    }

    fn warmly(&mut self, core: &Core, tape: Tape<'_>, over: &Over) -> Option<Held> {
        let warm = self.warm.get_or_insert_with(|| core.engine.warm().map(Box::new)).as_mut()?;
        self.flat.begin(&core.limits)?;
        warm.take(tape, &mut self.shapes, &mut self.flat)?;
        over.lay_flat(&mut self.flat, core.engine.keys())?;
        let (_, detail) = warm.facts(&self.flat)?;
        Some(Held::Warm(detail))
    }

    fn quickly(&mut self, core: &Core, tape: Tape<'_>, over: &Over) -> Option<Held> {
        let keys = core.engine.keys();
        self.flat.begin(&core.limits)?;
        tape.read(keys.len(), &mut self.shapes, &mut self.flat)?;
        over.lay_flat(&mut self.flat, keys)?;
        let (facts, detail) = core.engine.read_flat(&self.flat)?;
        Some(Held::Flat(Box::new(facts), detail))
    }

    /// Whether somebody left in the middle of their work.
    pub(crate) fn is_torn(&self) -> bool {
        self.torn
    }

    /// Forgets what the last request said.
    pub(crate) fn clear(&mut self) {
        self.flat.clear();
        written_over(&mut self.canonical);
        if let Some(Some(warm)) = &mut self.warm {
            warm.forget();
        }
        self.held = Held::Nothing;
    }
}
