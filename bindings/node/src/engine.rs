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
    core: Arc<Core>,
}

impl NativeEngine {
    /// Of what was compiled.
    pub fn of(core: Arc<Core>) -> NativeEngine {
        NativeEngine { core }
    }

    /// What a ledger decides by.
    pub fn core(&self) -> &Arc<Core> {
        &self.core
    }
}

/// A request's facts, checked and indexed once, frozen at its instant, for one engine.
#[napi]
pub struct NativeFacts(Prepared);

#[napi]
impl NativeEngine {
    /// The packs as bytes, with the zones of these names or with every one.
    #[napi]
    pub fn compile(&self, zones: Option<Vec<String>>) -> fault::Result<Uint8Array> {
        told(|| Ok(self.core.compile(zones)?.into()))
    }

    /// Decides one contact.
    #[napi]
    pub fn decide(&self, request: Sent, over: Option<String>) -> fault::Result<String> {
        told(|| decide(&self.core, &bytes(request), read(over)?))
    }

    /// The keys of requests, by number: what a tape names them by.
    #[napi]
    pub fn keys(&self) -> Vec<String> {
        self.core.engine.keys().names().map(str::to_owned).collect()
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
            let over = read(over)?;
            let tape = tape(bytes, words, shapes, text, text_len);
            let decided = tape.and_then(|tape| self.core.lend().reading.decide(&self.core, tape, &over));
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
            let over = read(over)?;
            let tape = tape(bytes, words, shapes, text, text_len);
            let prepared = Room::lend(|room| {
                room.read(&self.core, tape?)?;
                room.prepare(&self.core, &over)
            });
            Ok(prepared.map(NativeFacts))
        })
    }

    /// Decides many, in order; a request that is refused has its error in its place.
    #[napi]
    pub fn decide_many(&self, requests: Vec<Sent>, over: Option<String>) -> fault::Result<Vec<Answer>> {
        let requests: Vec<Vec<u8>> = requests.into_iter().map(bytes).collect();
        told(|| Ok(answers(&self.core, &requests, &read(over)?)))
    }

    /// The same in Node's pool of threads.
    #[napi(ts_return_type = "Promise<Array<string | Refused>>")]
    pub fn decide_many_async(
        &self,
        requests: Vec<Sent>,
        over: Option<String>,
    ) -> fault::Result<AsyncTask<Batch>> {
        let requests = requests.into_iter().map(bytes).collect();
        told(|| Ok(AsyncTask::new(Batch { core: Arc::clone(&self.core), requests, over: read(over)? })))
    }

    /// Of several ways to make one contact, those that are open, best first.
    #[napi]
    pub fn plan(&self, request: Sent, over: Option<String>) -> fault::Result<String> {
        told(|| written(&self.core.plan(self.core.tree(&bytes(request))?, read(over)?)?))
    }

    /// Why the decision is what it is, rule by rule.
    #[napi]
    pub fn explain(&self, request: Sent, over: Option<String>) -> fault::Result<String> {
        told(|| written(&self.core.explain(self.core.tree(&bytes(request))?, read(over)?)?))
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
            let context = match context {
                Some(sent) => self.core.tree(&bytes(sent))?,
                None => Json::Null,
            };
            written(&self.core.interpret_reply(&text, language.as_deref(), context)?)
        })
    }

    /// Checks a request's facts and indexes them, for deciding them more than once.
    #[napi]
    pub fn facts(&self, request: Sent, over: Option<String>) -> fault::Result<NativeFacts> {
        told(|| Ok(NativeFacts(self.core.facts(self.core.tree(&bytes(request))?, read(over)?)?)))
    }

    /// The outcome of prepared facts alone, the fast path: `allow`, `deny`, or the instant of a deferral.
    #[napi]
    pub fn verdict(&self, facts: &NativeFacts) -> fault::Result<String> {
        told(|| {
            Ok(match self.core.verdict(&facts.0)? {
                Verdict::Allow => "allow".to_owned(),
                Verdict::Deny => "deny".to_owned(),
                Verdict::Defer(until) => Instant(until).to_string(),
            })
        })
    }

    /// Decides prepared facts.
    #[napi]
    pub fn decide_facts(&self, facts: &NativeFacts) -> fault::Result<String> {
        told(|| written(&self.core.decide_facts(&facts.0)?))
    }

    /// The packs it was built from.
    #[napi]
    pub fn packs(&self) -> fault::Result<String> {
        told(|| written(&self.core.engine.packs()))
    }

    /// What the checker warned of.
    #[napi]
    pub fn warnings(&self) -> fault::Result<String> {
        told(|| written(&self.core.warnings()))
    }

    /// The JSON Schema of requests in the words of these packs, or of decisions.
    #[napi]
    pub fn schema(&self, of: String) -> fault::Result<String> {
        told(|| self.core.schema(&of))
    }
}

#[napi]
impl NativeFacts {
    /// The instant that they are frozen at.
    #[napi(getter)]
    pub fn at(&self) -> String {
        self.0.at().to_string()
    }
}

/// Reads an answer back; gives its canonical text.
#[napi]
pub fn read_decision(text: String) -> fault::Result<String> {
    told(|| byleave_host::read_decision(&text))
}
