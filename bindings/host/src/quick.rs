//! The verbs on flat requests, which most of what hosts send can be: no box for each value, and no tree. What cannot is
//! answered by nothing, and asked again in the long way, which gives the same answers and all the errors.

use crate::core::{Core, Prepared, with_scratch};
use crate::fault::Fault;
use crate::over::Over;
use byleave::Facts;
use byleave::wire::Detail;
use byleave::wire::decision::Decision;
use byleave::wire::flat::{Flat, Shapes, Tape};
use std::cell::RefCell;

thread_local! {
    static ROOM: RefCell<Room> = RefCell::new(Room::default());
}

/// Room in which requests are read one after another. A request's words are written over when its answer is there.
#[derive(Default)]
pub struct Room {
    /// The request.
    pub flat: Flat,
    shapes: Shapes,
    /// Its canonical text, while it is digested.
    canonical: String,
}

impl Room {
    /// Lends this thread's room. It is taken out while it is used, so that a call that ends in the middle leaves nothing
    /// borrowed; and it is given back empty.
    pub fn lend<T>(read: impl FnOnce(&mut Room) -> T) -> T {
        let mut room = ROOM.take();
        let out = read(&mut room);
        room.clear();
        ROOM.set(room);
        out
    }

    /// Forgets what it holds.
    pub fn clear(&mut self) {
        self.flat.clear();
        written_over(&mut self.canonical);
    }

    /// Reads what a host has written.
    pub fn read(&mut self, core: &Core, tape: Tape<'_>) -> Option<()> {
        self.flat.begin(&core.limits)?;
        tape.read(core.engine.keys().len(), &mut self.shapes, &mut self.flat)
    }

    /// Reads JSON text.
    pub fn read_text(&mut self, core: &Core, text: &str) -> Option<()> {
        self.flat.begin(&core.limits)?;
        self.flat.read_text(core.engine.keys(), text)
    }

    fn facts(&mut self, core: &Core, over: &Over) -> Option<(Facts, Detail)> {
        over.lay_flat(&mut self.flat, core.engine.keys())?;
        let (mut facts, detail) = core.engine.read_flat(&self.flat)?;
        if detail != Detail::Outcome {
            facts.digest = Some(self.flat.digest(core.engine.keys(), &mut self.canonical));
        }
        Some((facts, detail))
    }

    /// Decides the request in this room.
    pub fn decide(&mut self, core: &Core, over: &Over) -> Option<Decision> {
        let (facts, detail) = self.facts(core, over)?;
        with_scratch(|scratch| core.engine.decide_facts(&facts, detail, scratch)).ok()
    }

    /// Checks its facts and indexes them, for deciding them more than once.
    pub fn prepare(&mut self, core: &Core, over: &Over) -> Option<Prepared> {
        let (mut facts, detail) = self.facts(core, over)?;
        if facts.digest.is_none() {
            facts.digest = Some(self.flat.digest(core.engine.keys(), &mut self.canonical));
        }
        Some(Prepared { facts, detail })
    }
}

impl Core {
    /// Decides one contact whose request is JSON text, or its bytes.
    ///
    /// # Errors
    /// No UTF-8, no JSON, past a limit; what no request may hold, with its path.
    pub fn decide_text(&self, sent: &[u8], over: Over) -> Result<Decision, Fault> {
        let decided = std::str::from_utf8(sent).ok().and_then(|text| {
            Room::lend(|room| {
                room.read_text(self, text)?;
                room.decide(self, &over)
            })
        });
        match decided {
            Some(decision) => Ok(decision),
            None => self.decide(self.tree(sent)?, over),
        }
    }
}

/// Empties a text, whose bytes are written over.
pub(crate) fn written_over(text: &mut String) {
    let mut bytes = std::mem::take(text).into_bytes();
    bytes.fill(0);
    bytes.clear();
    *text = String::from_utf8(bytes).unwrap_or_default();
}
