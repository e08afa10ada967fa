//! The handles: packs compiled once, and every question one call on them.

use crate::fault::{self, Fault, guarded, told, written};
use crate::over::Over;
use crate::policy::shown;
use byleave::decision::Verdict;
use byleave::eval::Scratch;
use byleave::facts;
use byleave::time::Instant;
use byleave::wire::decision::Decision;
use byleave::wire::schema::{decision_schema, request_schema, stored};
use byleave::wire::{Detail, Json, Limits, Request};
use napi::bindgen_prelude::{AsyncTask, Either, Uint8Array};
use napi::{Env, Task};
use napi_derive::napi;
use std::cell::RefCell;
use std::sync::Arc;

thread_local! {
    /// Room that a decision's working state keeps from call to call.
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::default());
}

/// JSON text, as a host holds it.
pub type Sent = Either<String, Uint8Array>;

/// An answer of several, or why there is none.
type Answer = Either<String, Refused>;

/// Why one request of several has no answer.
#[napi(object, object_from_js = false)]
pub struct Refused {
    /// As the message of an exception would have it.
    pub refused: String,
}

/// The bytes, copied: what the host does with its own meanwhile is nothing to us.
pub fn bytes(sent: Sent) -> Vec<u8> {
    match sent {
        Either::A(text) => text.into_bytes(),
        Either::B(bytes) => bytes.to_vec(),
    }
}

/// The compiled packs.
struct Core {
    engine: byleave::Engine,
    limits: Limits,
}

impl Core {
    fn tree(&self, sent: &[u8], over: Over) -> Result<Json, Fault> {
        Ok(over.lay(Json::from_bytes(sent, &self.limits)?))
    }

    fn request(&self, sent: &[u8], over: Over) -> Result<Request, Fault> {
        Ok(Request::from_json(self.tree(sent, over)?, &self.limits)?)
    }

    fn decide(&self, sent: &[u8], over: Over) -> Result<String, Fault> {
        written(&self.engine.decide(&self.request(sent, over)?)?)
    }

    fn answers(&self, batch: &[Vec<u8>], over: &Over) -> Vec<Answer> {
        let one = |sent: &Vec<u8>| match guarded(|| self.decide(sent, over.clone())) {
            Ok(text) => Either::A(text),
            Err(fault) => Either::B(Refused { refused: fault.text() }),
        };
        batch.iter().map(one).collect()
    }
}

/// Several requests on their way through Node's pool of threads.
pub struct Batch {
    core: Arc<Core>,
    requests: Vec<Vec<u8>>,
    over: Over,
}

impl Task for Batch {
    type Output = Vec<Answer>;
    type JsValue = Vec<Answer>;

    fn compute(&mut self) -> napi::Result<Vec<Answer>> {
        Ok(self.core.answers(&self.requests, &self.over))
    }

    fn resolve(&mut self, _: Env, answers: Vec<Answer>) -> napi::Result<Vec<Answer>> {
        Ok(answers)
    }
}

/// Compiled packs: immutable, usable after an error as before it.
#[napi]
pub struct NativeEngine {
    core: Arc<Core>,
}

impl NativeEngine {
    /// Of the engine's own.
    pub fn of(engine: byleave::Engine, limits: Limits) -> NativeEngine {
        NativeEngine { core: Arc::new(Core { engine, limits }) }
    }

    fn own<'a>(&self, held: &'a NativeFacts) -> Result<&'a NativeFacts, Fault> {
        if Arc::ptr_eq(&self.core, &held.core) {
            return Ok(held);
        }
        let message = "these facts were prepared by another engine";
        Err(Fault::input(String::new(), message, Some("prepare them with `facts` of this one".to_owned())))
    }
}

/// A request's facts, checked and indexed once, frozen at its instant, for one engine.
#[napi]
pub struct NativeFacts {
    core: Arc<Core>,
    facts: facts::Facts,
    detail: Detail,
}

#[napi]
impl NativeEngine {
    /// Decides one contact.
    #[napi]
    pub fn decide(&self, request: Sent, over: Option<String>) -> fault::Result<String> {
        told(|| self.core.decide(&bytes(request), Over::of(over)?))
    }

    /// Decides many, in order; a request that is refused has its error in its place.
    #[napi]
    pub fn decide_many(&self, requests: Vec<Sent>, over: Option<String>) -> fault::Result<Vec<Answer>> {
        let requests: Vec<Vec<u8>> = requests.into_iter().map(bytes).collect();
        told(|| Ok(self.core.answers(&requests, &Over::of(over)?)))
    }

    /// The same in Node's pool of threads.
    #[napi(ts_return_type = "Promise<Array<string | Refused>>")]
    pub fn decide_many_async(
        &self,
        requests: Vec<Sent>,
        over: Option<String>,
    ) -> fault::Result<AsyncTask<Batch>> {
        let requests = requests.into_iter().map(bytes).collect();
        told(|| Ok(AsyncTask::new(Batch { core: Arc::clone(&self.core), requests, over: Over::of(over)? })))
    }

    /// Of several ways to make one contact, those that are open, best first.
    #[napi]
    pub fn plan(&self, request: Sent, over: Option<String>) -> fault::Result<String> {
        told(|| written(&self.core.engine.plan_tree(self.core.tree(&bytes(request), Over::of(over)?)?)?))
    }

    /// Why the decision is what it is, rule by rule.
    #[napi]
    pub fn explain(&self, request: Sent, over: Option<String>) -> fault::Result<String> {
        told(|| {
            let request = self.core.request(&bytes(request), Over::of(over)?)?;
            written(&self.core.engine.explain(&request)?)
        })
    }

    /// Checks a request's facts and indexes them, for deciding them more than once.
    #[napi]
    pub fn facts(&self, request: Sent, over: Option<String>) -> fault::Result<NativeFacts> {
        told(|| {
            let request = self.core.request(&bytes(request), Over::of(over)?)?;
            let (facts, detail) = (self.core.engine.facts(&request)?, request.detail()?);
            Ok(NativeFacts { core: Arc::clone(&self.core), facts, detail })
        })
    }

    /// The outcome of prepared facts alone, the fast path: `allow`, `deny`, or the instant of a deferral.
    #[napi]
    pub fn verdict(&self, facts: &NativeFacts) -> fault::Result<String> {
        told(|| {
            let held = self.own(facts)?;
            let ask = |scratch: &mut Scratch| self.core.engine.verdict(&held.facts, scratch);
            Ok(match SCRATCH.with_borrow_mut(ask) {
                Verdict::Allow => "allow".to_owned(),
                Verdict::Deny => "deny".to_owned(),
                Verdict::Defer(until) => Instant(until).to_string(),
            })
        })
    }

    /// Decides prepared facts.
    #[napi]
    pub fn decide_facts(&self, facts: &NativeFacts) -> fault::Result<String> {
        told(|| {
            let held = self.own(facts)?;
            let ask =
                |scratch: &mut Scratch| self.core.engine.decide_facts(&held.facts, held.detail, scratch);
            written(&SCRATCH.with_borrow_mut(ask))
        })
    }

    /// The packs it was built from.
    #[napi]
    pub fn packs(&self) -> fault::Result<String> {
        told(|| written(&self.core.engine.packs()))
    }

    /// What the checker warned of.
    #[napi]
    pub fn warnings(&self) -> fault::Result<String> {
        told(|| written(&shown(self.core.engine.warnings(), self.core.engine.sources())))
    }

    /// The JSON Schema of requests in the words of these packs, or of decisions.
    #[napi]
    pub fn schema(&self, of: String) -> fault::Result<String> {
        told(|| match of.as_str() {
            "request" => Ok(stored(&request_schema(self.core.engine.policy()))),
            "decision" => Ok(stored(&decision_schema())),
            _ => Err(Fault::input("of".to_owned(), "there is a schema of `request` and of `decision`", None)),
        })
    }
}

#[napi]
impl NativeFacts {
    /// The instant that they are frozen at.
    #[napi(getter)]
    pub fn at(&self) -> String {
        self.facts.at.to_string()
    }
}

/// Reads an answer back; gives its canonical text.
#[napi]
pub fn read_decision(text: String) -> fault::Result<String> {
    told(|| {
        let read = Decision::from_json(&text)
            .map_err(|error| Fault::input(String::new(), format!("this is no decision: {error}"), None))?;
        written(&read)
    })
}
