//! What an engine is built from: packs by name, and texts; and `check`, which only looks for mistakes.

use crate::engine::NativeEngine;
use crate::thrown::Result;
use byleave::wire::{Json, Limits};
use byleave_host::{policy, written};
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
    Ok(NativeEngine::of(policy::build(policy::find(&wanted)?.builder().limits(limits))?))
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
