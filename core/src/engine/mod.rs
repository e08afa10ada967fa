//! The front door: packs are compiled once into an [`Engine`]; every question is one call on it.
//!
//! text → [`ast`](crate::ast) → [`typed`](crate::typed) → [`program`](crate::program); a request →
//! [`facts`](crate::facts); both → [`eval`](crate::eval) → [`decision`](crate::decision) → [`wire`](crate::wire). The
//! instant is an argument of every question: the engine has no clock.

mod cover;
mod packs;
mod plan;
mod testing;

pub use cover::Coverage;
pub use testing::TestReport;

use crate::ast;
use crate::decision::{Sweep, Verdict, Words};
use crate::diag::Diagnostic;
use crate::error::Error;
use crate::eval::Scratch;
use crate::facts::{Facts, Intake};
use crate::program::Program;
use crate::source::{SourceId, Sources, Span};
use crate::typed::{self, PackFile, PackTest, Policy};
use crate::wire::decision::Decision;
use crate::wire::explain::Explanation;
use crate::wire::{Detail, Limits, Request};
use std::sync::Arc;

/// Compiled packs: immutable, cheap to clone, shared by any number of threads.
///
/// ```
/// let engine = byleave::Engine::builder()
///     .source("org", "org.leave", r#"
///         pack org { title "An organisation" edition "1" }
///         taxonomy channel { text, email }
///         rule no_texts { cite "org.1" when contact.channel is text require weekday is [monday] because "Texts go out on Mondays." }
///     "#)
///     .build()?;
/// let answer = engine.decide_json(br#"{
///     "at": "2026-07-01T12:00:00Z",
///     "person": {"time_zones": ["America/New_York"]},
///     "contact": {"channel": "email"}
/// }"#)?;
/// assert!(answer.starts_with(r#"{"outcome":"allow""#));
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Engine(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    sources: Sources,
    warnings: Vec<Diagnostic>,
    tests: Vec<PackTest>,
    program: Program,
    intake: Intake,
    limits: Limits,
}

/// Gathers the text of packs.
#[derive(Clone, Debug, Default)]
pub struct EngineBuilder {
    sources: Sources,
    folders: Vec<(String, SourceId)>,
    limits: Option<Limits>,
}

impl EngineBuilder {
    /// Adds a file of policy: `pack` groups files into one pack (its folder, usually), `path` is shown in diagnostics.
    #[must_use]
    pub fn source(mut self, pack: &str, path: &str, text: &str) -> Self {
        let id = self.sources.add(path, text);
        self.folders.push((pack.to_string(), id));
        self
    }

    /// As [`EngineBuilder::source`], from bytes; what is not UTF-8 is refused with its place when the engine is built.
    #[must_use]
    pub fn source_bytes(mut self, pack: &str, path: &str, bytes: &[u8]) -> Self {
        let id = self.sources.add_bytes(path, bytes);
        self.folders.push((pack.to_string(), id));
        self
    }

    /// Tighter limits on requests. Limits may be lowered, never raised.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Parses, checks and links all packs and lowers them once.
    ///
    /// # Errors
    /// [`ErrorKind::Policy`](crate::error::ErrorKind::Policy) with every diagnostic.
    pub fn build(self) -> Result<Engine, Error> {
        let (sources, outcome) = self.try_build();
        outcome.map_err(|diagnostics| Error::policy(diagnostics, &sources))
    }

    /// As [`EngineBuilder::build`], giving the sources back beside the diagnostics, for those who print them.
    pub fn try_build(self) -> (Sources, Result<Engine, Vec<Diagnostic>>) {
        let (sources, outcome) = self.try_check();
        let outcome = outcome.and_then(|engine| match engine.asks_nothing() {
            None => Ok(engine),
            Some(nothing) => Err(engine.0.warnings.iter().cloned().chain([nothing]).collect()),
        });
        (sources, outcome)
    }

    /// As [`EngineBuilder::try_build`], for those who check policy and run its tests: words alone will do, which no rule
    /// uses yet. What is to decide about contacts is built.
    pub fn try_check(self) -> (Sources, Result<Engine, Vec<Diagnostic>>) {
        let mut diagnostics = Vec::new();
        let mut files = Vec::new();
        for (folder, id) in &self.folders {
            let Some(source) = self.sources.get(*id) else { continue };
            let parsed = ast::parse(source);
            diagnostics.extend(parsed.diagnostics);
            files.push((folder, *id, parsed.file));
        }
        if diagnostics.iter().any(Diagnostic::is_error) {
            return (self.sources, Err(diagnostics));
        }
        let files: Vec<PackFile<'_>> = files
            .iter()
            .map(|(pack, source, file)| PackFile { pack: pack.as_str(), source: *source, file })
            .collect();
        let checked = typed::check(&files, &self.sources);
        diagnostics.extend(checked.diagnostics);
        let Some(policy) = checked.policy else { return (self.sources, Err(diagnostics)) };
        let program = Program::from_typed(Arc::new(policy));
        let limits = self.limits.unwrap_or_default();
        let intake = Intake::with_limits(Arc::clone(&program.policy), Arc::clone(&program.texts), limits);
        let sources = self.sources.clone();
        let inner = Inner { sources, warnings: diagnostics, tests: checked.tests, program, intake, limits };
        (self.sources, Ok(Engine(Arc::new(inner))))
    }
}

impl Engine {
    /// Begins an engine.
    #[must_use]
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    /// Decides a request.
    ///
    /// # Errors
    /// The request is not what the contract asks for, or past a limit; with its path.
    pub fn decide(&self, request: &Request) -> Result<Decision, Error> {
        let facts = self.facts(request)?;
        Ok(self.decide_facts(&facts, request.detail()?, &mut Scratch::default()))
    }

    /// Decides a request of JSON bytes; gives the canonical bytes of the answer.
    ///
    /// # Errors
    /// As [`Engine::decide`].
    pub fn decide_json(&self, bytes: &[u8]) -> Result<String, Error> {
        written(&self.decide(&self.request(bytes)?)?)
    }

    /// Explains a request: every rule asked, what it looked at, why.
    ///
    /// # Errors
    /// As [`Engine::decide`].
    pub fn explain(&self, request: &Request) -> Result<Explanation, Error> {
        let facts = self.facts(request)?;
        let mut scratch = Scratch::default();
        Ok(Sweep::new(&self.0.program, &facts, &mut scratch).explanation(self.words(&facts)))
    }

    /// As [`Engine::explain`], from and to JSON.
    ///
    /// # Errors
    /// As [`Engine::decide`].
    pub fn explain_json(&self, bytes: &[u8]) -> Result<String, Error> {
        written(&self.explain(&self.request(bytes)?)?)
    }

    /// Plans: of several ways to make the contact, the allowed ones in the person's order of preference and by earliest instant.
    ///
    /// # Errors
    /// As [`Engine::decide`].
    pub fn plan_json(&self, bytes: &[u8]) -> Result<String, Error> {
        written(&self.plan(bytes)?)
    }

    /// Reads a request's envelope.
    ///
    /// # Errors
    /// Not JSON, not an object, past a limit, a key given twice, a number that is not whole.
    pub fn request(&self, bytes: &[u8]) -> Result<Request, Error> {
        Request::from_bytes(bytes, &self.0.limits)
    }

    /// Checks a request against the vocabulary and freezes its facts, for deciding them more than once.
    ///
    /// # Errors
    /// As [`Engine::decide`].
    pub fn facts(&self, request: &Request) -> Result<Facts, Error> {
        self.0.intake.read(request)
    }

    /// The door for native callers: facts built with names resolved beforehand.
    #[must_use]
    pub fn intake(&self) -> &Intake {
        &self.0.intake
    }

    /// The outcome alone: the fast path. The scratch keeps its room from call to call; after the first nothing is allocated.
    #[must_use]
    pub fn verdict(&self, facts: &Facts, scratch: &mut Scratch) -> Verdict {
        Sweep::new(&self.0.program, facts, scratch).verdict()
    }

    /// Decides prepared facts.
    #[must_use]
    pub fn decide_facts(&self, facts: &Facts, detail: Detail, scratch: &mut Scratch) -> Decision {
        let mut sweep = Sweep::new(&self.0.program, facts, scratch);
        match detail {
            Detail::Outcome => sweep.outcome_only(),
            Detail::Blocking => sweep.decision(self.words(facts), false),
            Detail::Full => sweep.decision(self.words(facts), true),
        }
    }

    fn words<'a>(&'a self, facts: &'a Facts) -> Words<'a> {
        Words { p: &self.0.program, facts }
    }

    /// A policy without a rule lets everything pass. Whoever loads one has forgotten something, unless a reach says that
    /// the silence is meant.
    fn asks_nothing(&self) -> Option<Diagnostic> {
        let policy = self.policy();
        if !policy.rules.is_empty() || !policy.reach.is_empty() {
            return None;
        }
        let first = self.0.sources.iter().next();
        let start = first.map(|it| Span::new(it.id, 0, 0)).unwrap_or_default();
        Some(
            Diagnostic::new(
                "E0606",
                start,
                "no pack that is loaded has a rule, so that everything would be allowed",
            )
            .hint("load the packs that say what is allowed, or write a rule"),
        )
    }

    /// What the checker warned of.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.0.warnings
    }

    /// The text of all packs.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.0.sources
    }

    /// The typed policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.0.program.policy
    }

    /// The lowered program.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.0.program
    }

    /// The tests that stand in the packs.
    #[must_use]
    pub fn tests(&self) -> &[PackTest] {
        &self.0.tests
    }

    /// The limits on requests.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.0.limits
    }
}

fn written<T: serde::Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|e| Error::internal(format!("the answer could not be written: {e}")))
}
