//! What only the whole build has: packs by name, texts, `check`, which only looks for mistakes; and what is asked where policy is
//! written and not where it is evaluated (packs as bytes, the schemas, answers read back).

use crate::engine::NativeEngine;
use crate::thrown::Result;
use byleave::wire::{Json, Limits};
use byleave_host::{Fault, policy, written};
use byleave_packs::load::Wanted;
use wasm_bindgen::prelude::wasm_bindgen;

/// What to load, put together piece by piece.
#[wasm_bindgen]
pub struct NativeWanted {
    wanted: Wanted,
    given: bool,
}

#[wasm_bindgen]
impl NativeWanted {
    /// Nothing yet; whether anything was given, though it be nothing.
    #[wasm_bindgen(constructor)]
    pub fn new(given: bool) -> NativeWanted {
        NativeWanted { wanted: Wanted::default(), given }
    }

    /// One that comes with Byleave.
    pub fn pack(&mut self, name: String) {
        self.wanted.names.push(name);
    }

    /// A text at hand; one without a name is shown as [`policy::UNNAMED`].
    pub fn text(&mut self, name: String, text: Vec<u8>) {
        let name = if name.is_empty() { policy::UNNAMED.to_owned() } else { name };
        self.wanted.texts.push((name, text));
    }

    fn named(self) -> Result<Wanted> {
        policy::named(&self.wanted, self.given)?;
        Ok(self.wanted)
    }
}

/// Builds an engine; the limits are JSON text.
#[wasm_bindgen]
pub fn build(wanted: NativeWanted, limits: Option<String>) -> Result<NativeEngine> {
    let wanted = wanted.named()?;
    let limits = match limits {
        Some(text) => byleave_host::limits(&Json::parse(&text, &Limits::MOST)?)?,
        None => Limits::MOST,
    };
    Ok(NativeEngine(policy::build(policy::find(&wanted)?.builder().limits(limits))?))
}

/// Looks for mistakes in policy; gives diagnostics as JSON text.
#[wasm_bindgen]
pub fn check(wanted: NativeWanted) -> Result<String> {
    Ok(written(&policy::mistakes(&wanted.named()?)?)?)
}

/// The names of the packs that come with Byleave, as JSON text.
#[wasm_bindgen]
pub fn packs() -> Result<String> {
    Ok(written(&policy::names().collect::<Vec<_>>())?)
}

/// Where a person may be, from what is known as JSON text; gives canonical text.
#[wasm_bindgen]
pub fn locate(known: &str) -> Result<String> {
    let located = byleave_host::locate(Json::parse(known, &Limits::MOST).map_err(Fault::from)?)?;
    let mut text = String::new();
    located.write_canonical(&mut text);
    Ok(text)
}

#[wasm_bindgen]
impl NativeEngine {
    /// The packs as bytes, with the zones of these names (a list as JSON text) or with every one.
    pub fn compile(&self, zones: Option<String>) -> Result<Vec<u8>> {
        let zones = match zones {
            Some(text) => Some(words(Json::parse(&text, &Limits::MOST).map_err(Fault::from)?)),
            None => None,
        };
        Ok(self.0.compile(zones)?)
    }

    /// What somebody's answer means, by the words that the packs declare.
    #[wasm_bindgen(js_name = interpretReply)]
    pub fn interpret_reply(
        &self,
        text: &str,
        language: Option<String>,
        context: Option<String>,
    ) -> Result<String> {
        let context = match context {
            Some(sent) => self.0.tree(sent.as_bytes())?,
            None => Json::Null,
        };
        Ok(written(&self.0.interpret_reply(text, language.as_deref(), context)?)?)
    }

    /// What the checker warned of.
    pub fn warnings(&self) -> Result<String> {
        Ok(written(&self.0.warnings())?)
    }

    /// The JSON Schema of requests in the words of these packs, or of decisions.
    pub fn schema(&self, of: &str) -> Result<String> {
        Ok(self.0.schema(of)?)
    }
}

/// Reads an answer back; gives its canonical text.
#[wasm_bindgen(js_name = readDecision)]
pub fn read_decision(text: &str) -> Result<String> {
    Ok(byleave_host::read_decision(text)?)
}

/// The texts of a list.
fn words(json: Json) -> Vec<String> {
    let Json::List(items) = json else { return Vec::new() };
    items
        .into_iter()
        .filter_map(|it| if let Json::Text(text) = it.json { Some(text) } else { None })
        .collect()
}
