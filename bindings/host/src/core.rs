//! The verbs of the contract on packs that were compiled once.

#[cfg(not(target_family = "wasm"))]
use crate::desk::Desks;
use crate::fault::{Fault, shown, written};
use crate::over::Over;
use byleave::Facts;
use byleave::Instant;
use byleave::Scratch;
use byleave::Verdict;
use byleave::Zones;
use byleave::diag::DiagnosticJson;
use byleave::wire::decision::Decision;
use byleave::wire::explain::Explanation;
use byleave::wire::plan::Plan;
use byleave::wire::schema::{DECISION, stored};
use byleave::wire::{Detail, Json, Limits, Path, Request};
use std::cell::RefCell;
use std::sync::Arc;

thread_local! {
    /// Room that a decision's working state keeps from call to call.
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::default());
}

/// Lends this thread's room. It is taken out while it is used: a call that ends in the middle (a host that has no stack
/// left) leaves nothing borrowed, and the next one makes new room.
pub(crate) fn with_scratch<T>(ask: impl FnOnce(&mut Scratch) -> T) -> T {
    let mut scratch = SCRATCH.take();
    let out = ask(&mut scratch);
    SCRATCH.set(scratch);
    out
}

/// Compiled packs and the limits on requests. It never changes, and any number of threads may ask it.
pub struct Core {
    /// The engine.
    pub engine: byleave::Engine,
    /// What is admitted.
    pub limits: Limits,
    #[cfg(not(target_family = "wasm"))]
    pub(crate) desks: Desks,
    /// The packs as a ledger keeps them, once one is asked to.
    #[cfg(feature = "ledger")]
    pub(crate) kept: std::sync::OnceLock<byleave_ledger::Policy>,
    /// The bytes that it was loaded from, which a ledger keeps as they are.
    #[cfg(feature = "ledger")]
    pub(crate) loaded: Option<Vec<u8>>,
}

/// A request's facts, checked and indexed once, frozen at its instant, for the engine that prepared them.
pub struct Prepared {
    pub(crate) facts: Facts,
    pub(crate) detail: Detail,
}

impl Prepared {
    /// The instant that they are frozen at.
    #[must_use]
    pub fn at(&self) -> Instant {
        self.facts.at()
    }
}

impl Core {
    /// Of an engine, which has limits of its own.
    #[must_use]
    pub fn of(engine: byleave::Engine) -> Arc<Core> {
        Core::made(engine, None)
    }

    fn made(engine: byleave::Engine, loaded: Option<&[u8]>) -> Arc<Core> {
        let limits = engine.limits().admitted();
        #[cfg(not(feature = "ledger"))]
        let _ = loaded;
        Arc::new(Core {
            engine,
            limits,
            #[cfg(not(target_family = "wasm"))]
            desks: Desks::default(),
            #[cfg(feature = "ledger")]
            kept: std::sync::OnceLock::new(),
            #[cfg(feature = "ledger")]
            loaded: loaded.map(<[u8]>::to_vec),
        })
    }

    /// From the bytes of compiled packs, which bring their limits and time zones along.
    ///
    /// # Errors
    /// They are no compiled packs, or none for this version.
    pub fn load(bytes: &[u8]) -> Result<Arc<Core>, Fault> {
        Ok(Core::made(byleave::Engine::from_compiled(bytes)?, Some(bytes)))
    }

    /// The packs, the limits and the time zones as bytes; without names, every zone.
    ///
    /// # Errors
    /// A zone that there is not.
    pub fn compile(&self, zones: Option<Vec<String>>) -> Result<Vec<u8>, Fault> {
        Ok(self.engine.compile(zones.map_or(Zones::All, Zones::Named))?)
    }

    /// Reads a request's text.
    ///
    /// # Errors
    /// No UTF-8, no JSON, past a limit.
    pub fn tree(&self, text: &[u8]) -> Result<Json, Fault> {
        Ok(Json::from_bytes(text, &self.limits)?)
    }

    /// A request, what lies over it laid.
    ///
    /// # Errors
    /// What no request may hold, with its path.
    pub fn request(&self, json: Json, over: Over) -> Result<Request, Fault> {
        Ok(Request::from_json(over.lay(json), &self.limits)?)
    }

    /// Decides one contact.
    ///
    /// # Errors
    /// What no request may hold, with its path.
    pub fn decide(&self, json: Json, over: Over) -> Result<Decision, Fault> {
        let request = self.request(json, over)?;
        let facts = self.engine.facts(&request)?;
        let detail = request.detail()?;
        Ok(with_scratch(|scratch| self.engine.decide_facts(&facts, detail, scratch))?)
    }

    /// Of several ways to make one contact, those that are open, best first.
    ///
    /// # Errors
    /// What no request may hold, with its path.
    pub fn plan(&self, json: Json, over: Over) -> Result<Plan, Fault> {
        Ok(self.engine.plan_tree(over.lay(json))?)
    }

    /// Why the decision is what it is, rule by rule.
    ///
    /// # Errors
    /// What no request may hold, with its path.
    pub fn explain(&self, json: Json, over: Over) -> Result<Explanation, Fault> {
        Ok(self.engine.explain(&self.request(json, over)?)?)
    }

    /// What somebody's answer means, by the words that the packs declare.
    ///
    /// # Errors
    /// The context is what no request may hold, with its path; the language is none.
    #[cfg(feature = "policy")]
    pub fn interpret_reply(
        &self,
        text: &str,
        language: Option<&str>,
        context: Json,
    ) -> Result<byleave::wire::reply::Interpretation, Fault> {
        Ok(self.engine.interpret_reply_tree(text, language, context)?)
    }

    /// Checks a request's facts and indexes them, for deciding them more than once.
    ///
    /// # Errors
    /// What no request may hold, with its path.
    pub fn facts(&self, json: Json, over: Over) -> Result<Prepared, Fault> {
        let request = self.request(json, over)?;
        let (facts, detail) = (self.engine.facts(&request)?, request.detail()?);
        Ok(Prepared { facts, detail })
    }

    /// The outcome of prepared facts alone: the fast path.
    ///
    /// # Errors
    /// Facts of another engine.
    pub fn verdict(&self, prepared: &Prepared) -> Result<Verdict, Fault> {
        Ok(with_scratch(|scratch| self.engine.verdict(&prepared.facts, scratch))?)
    }

    /// Decides prepared facts.
    ///
    /// # Errors
    /// Facts of another engine.
    pub fn decide_facts(&self, prepared: &Prepared) -> Result<Decision, Fault> {
        Ok(with_scratch(|scratch| self.engine.decide_facts(&prepared.facts, prepared.detail, scratch))?)
    }

    /// What the checker warned of.
    #[must_use]
    pub fn warnings(&self) -> Vec<DiagnosticJson> {
        shown(self.engine.warnings(), self.engine.sources())
    }

    /// The JSON Schema of requests in the words of these packs, or of decisions, as text.
    ///
    /// # Errors
    /// Of nothing else is there one.
    pub fn schema(&self, of: &str) -> Result<String, Fault> {
        match of {
            "request" => Ok(stored(&self.engine.request_schema())),
            "decision" => Ok(DECISION.to_owned()),
            _ => {
                let message = "there is a schema of `request` and of `decision`";
                Err(Fault::input(Path::ROOT.key("of"), message, None))
            }
        }
    }
}

/// Reads an answer back; gives its canonical text.
///
/// # Errors
/// It is no decision.
pub fn read_decision(text: &str) -> Result<String, Fault> {
    let read = Decision::from_json(text)
        .map_err(|error| Fault::input("", format!("this is no decision: {error}"), None))?;
    written(&read)
}
