//! The handles: packs compiled once, and every question one call on them. Beside them what the JavaScript asks of Rust so that it
//! is said in one place only: the limits, and how a place in a request is written.

use crate::thrown::Result;
use byleave::Instant;
use byleave::Verdict;
#[cfg(feature = "tape")]
use byleave::wire::flat::Tape;
use byleave::wire::{Json, Limits, Path};
#[cfg(feature = "tape")]
use byleave_host::Room;
use byleave_host::{Core, Over, Prepared, limits_text, written};
use std::sync::Arc;
use wasm_bindgen::prelude::wasm_bindgen;

/// Compiled packs: immutable, usable after an error as before it.
#[wasm_bindgen]
pub struct NativeEngine(pub(crate) Arc<Core>);

/// A request's facts, checked and indexed once, frozen at its instant, for one engine.
#[wasm_bindgen]
pub struct NativeFacts(Prepared);

/// The arguments that lie over a request, which the JavaScript has written as one object.
pub(crate) fn read(over: Option<String>) -> Result<Over> {
    Ok(over.map_or(Ok(Over::default()), |text| Over::parse(&text))?)
}

impl NativeEngine {
    fn tree(&self, request: &str) -> Result<Json> {
        Ok(self.0.tree(request.as_bytes())?)
    }
}

#[wasm_bindgen]
impl NativeEngine {
    /// Decides one contact.
    pub fn decide(&self, request: &str, over: Option<String>) -> Result<String> {
        let over = read(over)?;
        #[cfg(feature = "tape")]
        let decision = self.0.decide_text(request.as_bytes(), over)?;
        #[cfg(not(feature = "tape"))]
        let decision = self.0.decide(self.tree(request)?, over)?;
        Ok(written(&decision)?)
    }

    /// Of several ways to make one contact, those that are open, best first.
    pub fn plan(&self, request: &str, over: Option<String>) -> Result<String> {
        Ok(written(&self.0.plan(self.tree(request)?, read(over)?)?)?)
    }

    /// Why the decision is what it is, rule by rule.
    pub fn explain(&self, request: &str, over: Option<String>) -> Result<String> {
        Ok(written(&self.0.explain(self.tree(request)?, read(over)?)?)?)
    }

    /// Checks a request's facts and indexes them, for deciding them more than once.
    pub fn facts(&self, request: &str, over: Option<String>) -> Result<NativeFacts> {
        Ok(NativeFacts(self.0.facts(self.tree(request)?, read(over)?)?))
    }

    /// The outcome of prepared facts alone, the fast path: `allow`, `deny`, or the instant of a deferral.
    pub fn verdict(&self, facts: &NativeFacts) -> Result<String> {
        Ok(match self.0.verdict(&facts.0)? {
            Verdict::Allow => "allow".to_owned(),
            Verdict::Deny => "deny".to_owned(),
            Verdict::Defer(until) => Instant(until).to_string(),
        })
    }

    /// Decides prepared facts.
    #[wasm_bindgen(js_name = decideFacts)]
    pub fn decide_facts(&self, facts: &NativeFacts) -> Result<String> {
        Ok(written(&self.0.decide_facts(&facts.0)?)?)
    }

    /// The packs it was built from.
    pub fn packs(&self) -> Result<String> {
        Ok(written(&self.0.engine.packs())?)
    }
}

#[wasm_bindgen]
impl NativeFacts {
    /// The instant that they are frozen at.
    #[wasm_bindgen(getter)]
    pub fn at(&self) -> String {
        self.0.at().to_string()
    }
}

/// What `lib/tape.js` has written: the words of the value and those of the shapes behind them, and the bytes of all texts.
#[cfg(feature = "tape")]
fn tape<'a>(words: &'a [u8], value: u32, text: &'a [u8]) -> Option<Tape<'a>> {
    let (all, _) = words.as_chunks::<4>();
    let (words, shapes) = all.split_at_checked(value as usize)?;
    Some(Tape { words, shapes, text })
}

#[cfg(feature = "tape")]
#[wasm_bindgen]
impl NativeEngine {
    /// The keys of requests, one a line, by number: what a tape names them by.
    pub fn keys(&self) -> String {
        self.0.engine.keys().names().collect::<Vec<_>>().join("\n")
    }

    /// Decides one contact that is on a tape; nothing if it has to be asked in the long way.
    #[wasm_bindgen(js_name = decideTape)]
    pub fn decide_tape(
        &self,
        words: &[u8],
        value: u32,
        text: &[u8],
        over: Option<String>,
    ) -> Result<Option<String>> {
        let over = read(over)?;
        let decided = Room::lend(|room| {
            room.read(&self.0, tape(words, value, text)?)?;
            room.decide(&self.0, &over)
        });
        Ok(decided.map(|it| written(&it)).transpose()?)
    }

    /// Checks the facts of a request that is on a tape; nothing if it has to be asked in the long way.
    #[wasm_bindgen(js_name = factsTape)]
    pub fn facts_tape(
        &self,
        words: &[u8],
        value: u32,
        text: &[u8],
        over: Option<String>,
    ) -> Result<Option<NativeFacts>> {
        let over = read(over)?;
        let prepared = Room::lend(|room| {
            room.read(&self.0, tape(words, value, text)?)?;
            room.prepare(&self.0, &over)
        });
        Ok(prepared.map(NativeFacts))
    }
}

/// An engine from compiled packs.
#[wasm_bindgen]
pub fn load(compiled: &[u8]) -> Result<NativeEngine> {
    Ok(NativeEngine(Core::load(compiled)?))
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
    read(over)?;
    Ok(())
}

/// The most that is admitted, as JSON text.
#[wasm_bindgen]
pub fn limits() -> String {
    limits_text(&Limits::MOST)
}

/// A place in a request, as every binding writes it: keys and indexes from the outside in, a list as JSON text.
#[wasm_bindgen]
pub fn path(steps: &str) -> Result<String> {
    fn show(at: &Path<'_>, steps: &[Json]) -> String {
        match steps.split_first() {
            None => at.to_string(),
            Some((Json::Int(index), rest)) => {
                show(&at.index(u32::try_from(*index).unwrap_or(u32::MAX)), rest)
            }
            Some((Json::Text(key), rest)) => show(&at.key(key), rest),
            Some((_, rest)) => show(at, rest),
        }
    }
    let Json::List(steps) = Json::parse(steps, &Limits::MOST)? else { return Ok(String::new()) };
    let steps: Vec<Json> = steps.into_iter().map(|it| it.json).collect();
    Ok(show(&Path::ROOT, &steps))
}
