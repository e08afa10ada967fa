//! What an engine is built from: packs by name, files and folders, texts; and `check`, which only looks for mistakes. Beside
//! them what `lib/` asks of Rust so that it is said in one place only: the limits, and how a place in a request is written.

use crate::engine::{NativeEngine, Sent, bytes};
use crate::fault::{self, told};
use byleave::wire::{Json, Limits, Path};
use byleave_host::{limits_text, policy, written};
use byleave_packs::load::Wanted;
use napi::bindgen_prelude::{Either, Uint8Array};
use napi_derive::napi;

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
    /// Texts at hand; one without a name is shown as [`policy::UNNAMED`].
    pub texts: Vec<PolicyText>,
    /// Whether any of the three was given.
    pub given: bool,
}

impl PolicyWanted {
    fn read(self) -> fault::Result<Wanted> {
        let text = |it: PolicyText| {
            let name = if it.name.is_empty() { policy::UNNAMED.to_owned() } else { it.name };
            (name, bytes(it.text))
        };
        let texts = self.texts.into_iter().map(text).collect();
        let wanted = Wanted { names: self.packs, paths: self.paths, texts };
        told(|| policy::named(&wanted, self.given)).map(|()| wanted)
    }
}

/// The most that is admitted, as JSON text.
#[napi]
pub fn limits() -> String {
    limits_text(&Limits::MOST)
}

/// Builds an engine; the limits are JSON text.
#[napi]
pub fn build(wanted: PolicyWanted, limits: Option<String>) -> fault::Result<NativeEngine> {
    let wanted = wanted.read()?;
    told(|| {
        let limits = match limits {
            Some(text) => byleave_host::limits(&Json::parse(&text, &Limits::MOST)?)?,
            None => Limits::MOST,
        };
        Ok(NativeEngine::of(policy::build(policy::find(&wanted)?.builder().limits(limits))?))
    })
}

/// An engine from compiled packs.
#[napi]
pub fn load(compiled: Uint8Array) -> fault::Result<NativeEngine> {
    told(|| Ok(NativeEngine::of(byleave_host::Core::load(&compiled)?)))
}

/// Looks for mistakes in policy; gives diagnostics as JSON text.
#[napi]
pub fn check(wanted: PolicyWanted) -> fault::Result<String> {
    let wanted = wanted.read()?;
    told(|| written(&policy::mistakes(&wanted)?))
}

/// Where a person may be, from what is known as JSON text; gives canonical text.
#[napi]
pub fn locate(known: Sent) -> fault::Result<String> {
    told(|| {
        let located = byleave_host::locate(Json::from_bytes(&bytes(known), &Limits::MOST)?)?;
        let mut text = String::new();
        located.write_canonical(&mut text);
        Ok(text)
    })
}

/// The names of the packs that come with Byleave.
#[napi]
pub fn packs() -> Vec<&'static str> {
    policy::names().collect()
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
