//! What an engine is built from: packs by name, and texts; and `check`, which only looks for mistakes. Beside them what the
//! JavaScript asks of Rust so that it is said in one place only: the limits, and how a place in a request is written.

use crate::engine::NativeEngine;
use crate::fault::{Fault, Result, written};
use byleave::diag::{Diagnostic, DiagnosticJson};
use byleave::source::Sources;
use byleave::wire::{Limits, Path};
use byleave::{Engine, EngineBuilder, Error};
use byleave_packs::check::mistakes;
use byleave_packs::load::{LoadError, Packs, Wanted, gather};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::wasm_bindgen;

/// What to load, put together piece by piece.
#[wasm_bindgen]
#[derive(Default)]
pub struct NativeWanted(Wanted);

#[wasm_bindgen]
impl NativeWanted {
    /// Nothing yet, which is every pack that comes with Byleave.
    #[wasm_bindgen(constructor)]
    pub fn new() -> NativeWanted {
        NativeWanted::default()
    }

    /// One that comes with Byleave.
    pub fn pack(&mut self, name: String) {
        self.0.names.push(name);
    }

    /// A text at hand.
    pub fn text(&mut self, name: String, text: Vec<u8>) {
        self.0.texts.push((name, text));
    }
}

/// The limits by name.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsJson {
    request_bytes: usize,
    depth: usize,
    text_bytes: usize,
    events: usize,
    members: usize,
    horizon_days: u32,
}

/// The most that is admitted, as JSON text.
#[wasm_bindgen]
pub fn limits() -> Result<String> {
    let Limits { request_bytes, depth, text_bytes, events, members, horizon_days } = Limits::MOST;
    written(&LimitsJson { request_bytes, depth, text_bytes, events, members, horizon_days })
}

fn read_limits(text: Option<String>) -> Result<Limits> {
    let Some(text) = text else { return Ok(Limits::MOST) };
    let read: LimitsJson = serde_json::from_str(&text).map_err(|e| Fault::internal(e.to_string()))?;
    let LimitsJson { request_bytes, depth, text_bytes, events, members, horizon_days } = read;
    Ok(Limits { request_bytes, depth, text_bytes, events, members, horizon_days }.admitted())
}

/// Builds an engine.
#[wasm_bindgen]
pub fn build(wanted: NativeWanted, limits: Option<String>) -> Result<NativeEngine> {
    let limits = read_limits(limits)?;
    let packs = find(&wanted.0)?;
    Ok(NativeEngine::of(compile(packs.builder().limits(limits))?, limits))
}

/// Builds an engine, or says everything that is wrong with the policy.
fn compile(builder: EngineBuilder) -> Result<Engine> {
    let (sources, built) = builder.try_build();
    built.map_err(|diagnostics| {
        let shown = shown(&diagnostics, &sources);
        Fault::policy(&Error::policy(diagnostics, &sources), shown)
    })
}

/// Diagnostics with names, lines and columns.
pub fn shown(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<DiagnosticJson> {
    diagnostics.iter().map(|it| it.to_json(sources)).collect()
}

/// Finds what is wanted; the error names the argument.
fn find(wanted: &Wanted) -> Result<Packs> {
    gather(wanted).map_err(|error| {
        let path = match &error {
            LoadError::NoSuchPack { name, .. } => {
                let at = wanted.names.iter().position(|it| it == name);
                at.map_or("packs".to_owned(), |at| format!("packs[{at}]"))
            }
            _ => String::new(),
        };
        Fault::load(&path, &error)
    })
}

/// Looks for mistakes in policy; gives diagnostics as JSON text.
#[wasm_bindgen]
pub fn check(wanted: NativeWanted) -> Result<String> {
    written(&mistakes(&find(&wanted.0)?))
}

/// The names of the packs that come with Byleave, as JSON text.
#[wasm_bindgen]
pub fn packs() -> Result<String> {
    written(&byleave_packs::all().iter().map(|pack| pack.name).collect::<Vec<_>>())
}

/// A step into a request.
#[derive(Deserialize)]
#[serde(untagged)]
enum Step {
    Index(u32),
    Key(String),
}

/// A place in a request, as every binding writes it: keys and indexes from the outside in, as JSON text.
#[wasm_bindgen]
pub fn path(steps: &str) -> Result<String> {
    fn show(at: &Path<'_>, steps: &[Step]) -> String {
        match steps.split_first() {
            None => at.to_string(),
            Some((Step::Index(index), rest)) => show(&at.index(*index), rest),
            Some((Step::Key(key), rest)) => show(&at.key(key), rest),
        }
    }
    let steps: Vec<Step> = serde_json::from_str(steps).map_err(|e| Fault::internal(e.to_string()))?;
    Ok(show(&Path::ROOT, &steps))
}
