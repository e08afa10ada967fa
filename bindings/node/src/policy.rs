//! What an engine is built from: packs by name, files and folders, texts; and `check`, which only looks for mistakes. Beside
//! them what `lib/` asks of Rust so that it is said in one place only: the limits, and how a place in a request is written.

use crate::engine::{NativeEngine, Sent, bytes};
use crate::fault::{self, Fault, told, written};
use byleave::diag::{Diagnostic, DiagnosticJson};
use byleave::source::Sources;
use byleave::wire::{Limits, Path};
use byleave::{Engine, EngineBuilder, Error};
use byleave_packs::check::mistakes;
use byleave_packs::load::{LoadError, Packs, Wanted, gather};
use napi::bindgen_prelude::Either;
use napi_derive::napi;
use serde::{Deserialize, Serialize};

/// A text of policy with its name.
#[napi(object, object_to_js = false)]
pub struct PolicyText {
    /// As diagnostics show it.
    pub name: String,
    /// What it says.
    pub text: Sent,
}

/// What to load.
#[napi(object, object_to_js = false)]
pub struct PolicyWanted {
    /// Packs that come with Byleave, by name.
    pub packs: Vec<String>,
    /// Files and folders.
    pub paths: Vec<String>,
    /// Texts at hand.
    pub texts: Vec<PolicyText>,
}

impl From<PolicyWanted> for Wanted {
    fn from(wanted: PolicyWanted) -> Wanted {
        Wanted {
            names: wanted.packs,
            paths: wanted.paths,
            texts: wanted.texts.into_iter().map(|it| (it.name, bytes(it.text))).collect(),
        }
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
#[napi]
pub fn limits() -> fault::Result<String> {
    let Limits { request_bytes, depth, text_bytes, events, members, horizon_days } = Limits::MOST;
    told(|| written(&LimitsJson { request_bytes, depth, text_bytes, events, members, horizon_days }))
}

fn read_limits(text: Option<String>) -> Result<Limits, Fault> {
    let Some(text) = text else { return Ok(Limits::MOST) };
    let read: LimitsJson = serde_json::from_str(&text).map_err(|e| Fault::internal(e.to_string()))?;
    let LimitsJson { request_bytes, depth, text_bytes, events, members, horizon_days } = read;
    Ok(Limits { request_bytes, depth, text_bytes, events, members, horizon_days }.admitted())
}

/// Builds an engine.
#[napi]
pub fn build(wanted: PolicyWanted, limits: Option<String>) -> fault::Result<NativeEngine> {
    told(|| {
        let limits = read_limits(limits)?;
        let packs = find(&wanted.into())?;
        Ok(NativeEngine::of(compile(packs.builder().limits(limits))?, limits))
    })
}

/// Builds an engine, or says everything that is wrong with the policy.
fn compile(builder: EngineBuilder) -> Result<Engine, Fault> {
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
fn find(wanted: &Wanted) -> Result<Packs, Fault> {
    gather(wanted).map_err(|error| {
        let place = |name: &str, all: &[String], word: &str| {
            let at = all.iter().position(|it| it == word);
            at.map_or(name.to_owned(), |at| format!("{name}[{at}]"))
        };
        let path = match &error {
            LoadError::NoSuchPack { name, .. } => place("packs", &wanted.names, name),
            LoadError::Unreadable { path, .. }
            | LoadError::Empty { path }
            | LoadError::TooMany { path, .. } => place("paths", &wanted.paths, path),
            LoadError::OnlyTests => String::new(),
        };
        Fault::load(path, &error)
    })
}

/// Looks for mistakes in policy; gives diagnostics as JSON text.
#[napi]
pub fn check(wanted: PolicyWanted) -> fault::Result<String> {
    told(|| written(&mistakes(&find(&wanted.into())?)))
}

/// The names of the packs that come with Byleave.
#[napi]
pub fn packs() -> Vec<&'static str> {
    byleave_packs::all().iter().map(|pack| pack.name).collect()
}

/// Version of the engine.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// A place in a request, as every binding writes it: keys and indexes from the outside in.
#[napi]
pub fn path(steps: Vec<Either<u32, String>>) -> String {
    fn show(at: &Path<'_>, steps: &[Either<u32, String>]) -> String {
        match steps.split_first() {
            None => at.to_string(),
            Some((Either::A(index), rest)) => show(&at.index(*index), rest),
            Some((Either::B(key), rest)) => show(&at.key(key), rest),
        }
    }
    show(&Path::ROOT, &steps)
}
