//! The front door: packs are compiled once into an [`Engine`]; every question is one call on it.
//!
//! text → [`ast`](crate::ast) → [`typed`](crate::typed) → [`program`](crate::program); a request →
//! [`facts`](crate::facts); both → [`eval`](crate::eval) → [`decision`](crate::decision) → [`wire`](crate::wire). The
//! instant is an argument of every question: the engine has no clock.

#[cfg(feature = "text")]
mod builder;
mod compiled;
mod cover;
mod packs;
mod plan;
#[cfg(feature = "text")]
mod testing;

#[cfg(feature = "text")]
pub use builder::EngineBuilder;
pub use compiled::Zones;
pub use cover::Coverage;
#[cfg(feature = "text")]
pub use testing::TestReport;

use crate::decision::{Brief, Sweep, Verdict, Words};
use crate::diag::Diagnostic;
use crate::error::Error;
use crate::eval::Scratch;
use crate::facts::{Facts, Intake};
use crate::program::Program;
use crate::source::Sources;
use crate::typed::{PackTest, Policy};
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

impl Engine {
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

    /// The answer by ids, without sentences and evidence: for those who ask about many people.
    #[must_use]
    pub fn brief<'a>(&'a self, facts: &Facts, scratch: &mut Scratch) -> Brief<'a> {
        let answer = Sweep::new(&self.0.program, facts, scratch).answer();
        Brief::of(&self.0.program, facts, &answer)
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

impl Inner {
    /// Lowers a policy, from text or compiled, and makes it ready for requests.
    fn of(policy: Policy, limits: Limits) -> Inner {
        let program = Program::from_typed(Arc::new(policy));
        let intake = Intake::with_limits(Arc::clone(&program.policy), Arc::clone(&program.texts), limits);
        let (sources, warnings, tests) = Default::default();
        Inner { sources, warnings, tests, program, intake, limits }
    }
}

fn written<T: serde::Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|e| Error::internal(format!("the answer could not be written: {e}")))
}
