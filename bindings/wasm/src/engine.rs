//! The handles: packs compiled once, and every question one call on them.

use crate::fault::{Fault, Result, written};
use crate::over::Over;
use crate::policy::shown;
use byleave::decision::Verdict;
use byleave::eval::Scratch;
use byleave::facts;
use byleave::time::Instant;
use byleave::wire::decision::Decision;
use byleave::wire::schema::{decision_schema, request_schema, stored};
use byleave::wire::{Detail, Json, Limits, Request};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    /// Room that a decision's working state keeps from call to call.
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::default());
}

/// Works in the room that is kept; should a call that never ended hold it, in fresh room.
fn scratched<T>(work: impl FnOnce(&mut Scratch) -> T) -> T {
    SCRATCH.with(|kept| match kept.try_borrow_mut() {
        Ok(mut scratch) => work(&mut scratch),
        Err(_) => work(&mut Scratch::default()),
    })
}

/// The compiled packs.
struct Core {
    engine: byleave::Engine,
    limits: Limits,
}

/// Compiled packs: immutable, usable after an error as before it.
#[wasm_bindgen]
pub struct NativeEngine(Rc<Core>);

/// A request's facts, checked and indexed once, frozen at its instant, for one engine.
#[wasm_bindgen]
pub struct NativeFacts {
    core: Rc<Core>,
    facts: facts::Facts,
    detail: Detail,
}

impl NativeEngine {
    /// Of the engine's own.
    pub fn of(engine: byleave::Engine, limits: Limits) -> NativeEngine {
        NativeEngine(Rc::new(Core { engine, limits }))
    }

    fn tree(&self, sent: &str, over: Option<String>) -> Result<Json> {
        let over = Over::of(over)?;
        Ok(over.lay(Json::from_bytes(sent.as_bytes(), &self.0.limits)?))
    }

    fn request(&self, sent: &str, over: Option<String>) -> Result<Request> {
        Ok(Request::from_json(self.tree(sent, over)?, &self.0.limits)?)
    }

    fn own<'a>(&self, held: &'a NativeFacts) -> Result<&'a NativeFacts> {
        if Rc::ptr_eq(&self.0, &held.core) {
            return Ok(held);
        }
        let message = "these facts were prepared by another engine";
        Err(Fault::input("", message, Some("prepare them with `facts` of this one".to_owned())))
    }
}

#[wasm_bindgen]
impl NativeEngine {
    /// Decides one contact.
    pub fn decide(&self, request: &str, over: Option<String>) -> Result<String> {
        written(&self.0.engine.decide(&self.request(request, over)?)?)
    }

    /// Of several ways to make one contact, those that are open, best first.
    pub fn plan(&self, request: &str, over: Option<String>) -> Result<String> {
        written(&self.0.engine.plan_tree(self.tree(request, over)?)?)
    }

    /// Why the decision is what it is, rule by rule.
    pub fn explain(&self, request: &str, over: Option<String>) -> Result<String> {
        written(&self.0.engine.explain(&self.request(request, over)?)?)
    }

    /// Checks a request's facts and indexes them, for deciding them more than once.
    pub fn facts(&self, request: &str, over: Option<String>) -> Result<NativeFacts> {
        let request = self.request(request, over)?;
        let (facts, detail) = (self.0.engine.facts(&request)?, request.detail()?);
        Ok(NativeFacts { core: Rc::clone(&self.0), facts, detail })
    }

    /// The outcome of prepared facts alone, the fast path: `allow`, `deny`, or the instant of a deferral.
    pub fn verdict(&self, facts: &NativeFacts) -> Result<String> {
        let held = self.own(facts)?;
        let verdict = scratched(|scratch| self.0.engine.verdict(&held.facts, scratch));
        Ok(match verdict {
            Verdict::Allow => "allow".to_owned(),
            Verdict::Deny => "deny".to_owned(),
            Verdict::Defer(until) => Instant(until).to_string(),
        })
    }

    /// Decides prepared facts.
    #[wasm_bindgen(js_name = decideFacts)]
    pub fn decide_facts(&self, facts: &NativeFacts) -> Result<String> {
        let held = self.own(facts)?;
        written(&scratched(|scratch| self.0.engine.decide_facts(&held.facts, held.detail, scratch)))
    }

    /// The packs it was built from.
    pub fn packs(&self) -> Result<String> {
        written(&self.0.engine.packs())
    }

    /// What the checker warned of.
    pub fn warnings(&self) -> Result<String> {
        written(&shown(self.0.engine.warnings(), self.0.engine.sources()))
    }

    /// The JSON Schema of requests in the words of these packs, or of decisions.
    pub fn schema(&self, of: &str) -> Result<String> {
        match of {
            "request" => Ok(stored(&request_schema(self.0.engine.policy()))),
            "decision" => Ok(stored(&decision_schema())),
            _ => Err(Fault::input("of", "there is a schema of `request` and of `decision`", None)),
        }
    }
}

#[wasm_bindgen]
impl NativeFacts {
    /// The instant that they are frozen at.
    #[wasm_bindgen(getter)]
    pub fn at(&self) -> String {
        self.facts.at.to_string()
    }
}

/// Reads an answer back; gives its canonical text.
#[wasm_bindgen(js_name = readDecision)]
pub fn read_decision(text: &str) -> Result<String> {
    let read = Decision::from_json(text)
        .map_err(|error| Fault::input("", format!("this is no decision: {error}"), None))?;
    written(&read)
}

/// What is wrong with bytes that are no text.
#[wasm_bindgen(js_name = readBytes)]
pub fn read_bytes(sent: &[u8]) -> Result<()> {
    Json::from_bytes(sent, &Limits::MOST)?;
    Ok(())
}

/// Whether arguments that lie over requests can be read.
#[wasm_bindgen(js_name = readOver)]
pub fn read_over(over: Option<String>) -> Result<()> {
    Over::of(over)?;
    Ok(())
}
