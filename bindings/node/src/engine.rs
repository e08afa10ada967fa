//! The handles: packs compiled once, and every question one call on them.

use crate::fault::{self, told};
use byleave::Instant;
use byleave::Verdict;
use byleave::wire::Json;
use byleave::wire::flat::Tape;
use byleave_host::{Core, Fault, Over, Prepared, Room, guarded, written};
use napi::bindgen_prelude::{AsyncTask, Either, Uint8Array};
use napi::{Env, Task};
use napi_derive::napi;
use std::sync::Arc;

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

/// The arguments that lie over a request, which `lib/` has written as one object.
pub fn read(over: Option<String>) -> Result<Over, Fault> {
    over.map_or(Ok(Over::default()), |text| Over::parse(&text))
}

fn tape(bytes: &[u8], words: u32, shapes: u32, text: u32, text_len: u32) -> Option<Tape<'_>> {
    let [words, shapes, text, text_len] = [words, shapes, text, text_len].map(|n| n as usize);
    Tape::of(bytes, words, shapes, text, text_len)
}

fn decide(core: &Core, sent: &[u8], over: Over) -> Result<String, Fault> {
    written(&core.decide_text(sent, over)?)
}

fn answers(core: &Core, batch: &[Vec<u8>], over: &Over) -> Vec<Answer> {
    let one = |sent: &Vec<u8>| match guarded(|| decide(core, sent, over.clone())) {
        Ok(text) => Either::A(text),
        Err(fault) => Either::B(Refused { refused: fault.text() }),
    };
    batch.iter().map(one).collect()
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
        Ok(answers(&self.core, &self.requests, &self.over))
    }

    fn resolve(&mut self, _: Env, answers: Vec<Answer>) -> napi::Result<Vec<Answer>> {
        Ok(answers)
    }
}

/// Compiled packs: immutable, usable after an error as before it.
#[napi]
pub struct NativeEngine {
    /// Nothing once it has been freed.
    core: Option<Arc<Core>>,
}

impl NativeEngine {
    /// Of what was compiled.
    pub fn of(core: Arc<Core>) -> NativeEngine {
        NativeEngine { core: Some(core) }
    }

    /// What is asked, by a ledger too.
    pub fn core(&self) -> Result<&Arc<Core>, Fault> {
        let hint = "build it once and keep it";
        self.core.as_ref().ok_or_else(|| Fault::input("", "this engine has been freed", Some(hint)))
    }
}

/// A request's facts, checked and indexed once, frozen at its instant, for one engine.
#[napi]
pub struct NativeFacts(Option<Prepared>);

impl NativeFacts {
    fn of(prepared: Prepared) -> NativeFacts {
        NativeFacts(Some(prepared))
    }

    fn held(&self) -> Result<&Prepared, Fault> {
        let hint = "prepare them again with `facts`";
        self.0.as_ref().ok_or_else(|| Fault::input("", "these facts have been freed", Some(hint)))
    }
}

#[napi]
impl NativeEngine {
    /// The packs as bytes, with the zones of these names or with every one.
    #[napi]
    pub fn compile(&self, zones: Option<Vec<String>>) -> fault::Result<Uint8Array> {
        told(|| Ok(self.core()?.compile(zones)?.into()))
    }

    /// Decides one contact.
    #[napi]
    pub fn decide(&self, request: Sent, over: Option<String>) -> fault::Result<String> {
        told(|| decide(self.core()?, &bytes(request), read(over)?))
    }

    /// The keys of requests, by number: what a tape names them by.
    #[napi]
    pub fn keys(&self) -> fault::Result<Vec<String>> {
        told(|| Ok(self.core()?.engine.keys().names().map(str::to_owned).collect()))
    }

    /// Decides one contact that `lib/tape.js` has written; nothing if it has to be asked in the long way.
    #[napi]
    pub fn decide_tape(
        &self,
        bytes: &[u8],
        words: u32,
        shapes: u32,
        text: u32,
        text_len: u32,
        over: Option<String>,
    ) -> fault::Result<Option<String>> {
        told(|| {
            let (core, over) = (self.core()?, read(over)?);
            let tape = tape(bytes, words, shapes, text, text_len);
            let decided = tape.and_then(|tape| core.lend().reading.decide(core, tape, &over));
            decided.map(|it| written(&it)).transpose()
        })
    }

    /// Checks the facts of a request that `lib/tape.js` has written; nothing if it has to be asked in the long way.
    #[napi]
    pub fn facts_tape(
        &self,
        bytes: &[u8],
        words: u32,
        shapes: u32,
        text: u32,
        text_len: u32,
        over: Option<String>,
    ) -> fault::Result<Option<NativeFacts>> {
        told(|| {
            let (core, over) = (self.core()?, read(over)?);
            let tape = tape(bytes, words, shapes, text, text_len);
            let prepared = Room::lend(|room| {
                room.read(core, tape?)?;
                room.prepare(core, &over)
            });
            Ok(prepared.map(NativeFacts::of))
        })
    }

    /// Decides many, in order; a request that is refused has its error in its place.
    #[napi]
    pub fn decide_many(&self, requests: Vec<Sent>, over: Option<String>) -> fault::Result<Vec<Answer>> {
        let requests: Vec<Vec<u8>> = requests.into_iter().map(bytes).collect();
        told(|| Ok(answers(self.core()?, &requests, &read(over)?)))
    }

    /// The same in Node's pool of threads.
    #[napi(ts_return_type = "Promise<Array<string | Refused>>")]
    pub fn decide_many_async(
        &self,
        requests: Vec<Sent>,
        over: Option<String>,
    ) -> fault::Result<AsyncTask<Batch>> {
        let requests = requests.into_iter().map(bytes).collect();
        told(|| Ok(AsyncTask::new(Batch { core: Arc::clone(self.core()?), requests, over: read(over)? })))
    }

    /// Of several ways to make one contact, those that are open, best first.
    #[napi]
    pub fn plan(&self, request: Sent, over: Option<String>) -> fault::Result<String> {
        told(|| {
            let core = self.core()?;
            written(&core.plan(core.tree(&bytes(request))?, read(over)?)?)
        })
    }

    /// Why the decision is what it is, rule by rule.
    #[napi]
    pub fn explain(&self, request: Sent, over: Option<String>) -> fault::Result<String> {
        told(|| {
            let core = self.core()?;
            written(&core.explain(core.tree(&bytes(request))?, read(over)?)?)
        })
    }

    /// What somebody's answer means, by the words that the packs declare.
    #[napi]
    pub fn interpret_reply(
        &self,
        text: String,
        language: Option<String>,
        context: Option<Sent>,
    ) -> fault::Result<String> {
        told(|| {
            let core = self.core()?;
            let context = match context {
                Some(sent) => core.tree(&bytes(sent))?,
                None => Json::Null,
            };
            written(&core.interpret_reply(&text, language.as_deref(), context)?)
        })
    }

    /// Checks a request's facts and indexes them, for deciding them more than once.
    #[napi]
    pub fn facts(&self, request: Sent, over: Option<String>) -> fault::Result<NativeFacts> {
        told(|| {
            let core = self.core()?;
            Ok(NativeFacts::of(core.facts(core.tree(&bytes(request))?, read(over)?)?))
        })
    }

    /// The outcome of prepared facts alone, the fast path: `allow`, `deny`, or the instant of a deferral.
    #[napi]
    pub fn verdict(&self, facts: &NativeFacts) -> fault::Result<String> {
        told(|| {
            Ok(match self.core()?.verdict(facts.held()?)? {
                Verdict::Allow => "allow".to_owned(),
                Verdict::Deny => "deny".to_owned(),
                Verdict::Defer(until) => Instant(until).to_string(),
            })
        })
    }

    /// Decides prepared facts.
    #[napi]
    pub fn decide_facts(&self, facts: &NativeFacts) -> fault::Result<String> {
        told(|| written(&self.core()?.decide_facts(facts.held()?)?))
    }

    /// The packs it was built from.
    #[napi]
    pub fn packs(&self) -> fault::Result<String> {
        told(|| written(&self.core()?.engine.packs()))
    }

    /// What the checker warned of.
    #[napi]
    pub fn warnings(&self) -> fault::Result<String> {
        told(|| written(&self.core()?.warnings()))
    }

    /// The JSON Schema of requests in the words of these packs, or of decisions.
    #[napi]
    pub fn schema(&self, of: String) -> fault::Result<String> {
        told(|| self.core()?.schema(&of))
    }

    /// Gives its memory back, whenever the collector comes to the handle; a batch on its way keeps it until it has its answers.
    #[napi]
    pub fn free(&mut self) {
        self.core = None;
    }
}

#[napi]
impl NativeFacts {
    /// The instant that they are frozen at.
    #[napi(getter)]
    pub fn at(&self) -> fault::Result<String> {
        told(|| Ok(self.held()?.at().to_string()))
    }

    /// Gives their memory back.
    #[napi]
    pub fn free(&mut self) {
        self.0 = None;
    }
}

/// Reads an answer back; gives its canonical text.
#[napi]
pub fn read_decision(text: String) -> fault::Result<String> {
    told(|| byleave_host::read_decision(&text))
}
