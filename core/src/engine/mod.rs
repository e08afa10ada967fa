//! The front door: packs are compiled once into an [`Engine`]; every question is one call on it.
//!
//! text → `ast` → `typed` → `program`; a request → `facts`; both → `eval` → `decision` → [`wire`](crate::wire). The instant is
//! an argument of every question: the engine has no clock.

mod alike;
#[cfg(feature = "text")]
mod builder;
mod compiled;
mod cover;
mod flat;
mod packs;
mod plan;
#[cfg(feature = "replies")]
mod replies;
#[cfg(feature = "text")]
mod testing;

pub use alike::{Alike, Class, Group, Newer};
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
use crate::of_a_room::of_a_room;
use crate::program::Program;
use crate::source::Sources;
#[cfg(feature = "text")]
use crate::source::Span;
use crate::typed::{PackTest, Policy};
use crate::wire::decision::Decision;
use crate::wire::explain::Explanation;
use crate::wire::{Detail, Limits, Request, schema};
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
    intake: Arc<Intake>,
    limits: Limits,
    #[cfg(feature = "replies")]
    lexicon: std::sync::OnceLock<crate::replies::Lexicon>,
}

impl Engine {
    /// Decides a request.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
    /// let decision = engine.decide(&engine.request(night)?)?;
    /// assert_eq!(decision.outcome, byleave::Outcome::Defer);
    ///
    /// let error = engine.decide(&engine.request(r#"{"at": "tomorrow"}"#)?).unwrap_err();
    /// assert_eq!(error.path(), Some("at"));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// The request is not what the contract asks for, or past a limit; with its path.
    pub fn decide(&self, request: &Request) -> Result<Decision, Error> {
        let facts = self.facts(request)?;
        self.decide_facts(&facts, request.detail()?, &mut Scratch::default())
    }

    /// Decides a request of JSON bytes; gives the canonical bytes of the answer.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
    /// let answer = engine.decide_json(night)?;
    /// assert!(answer.starts_with(r#"{"outcome":"defer","at":"2026-07-02T02:30:00Z","#));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Engine::decide`].
    pub fn decide_json(&self, json: impl AsRef<[u8]>) -> Result<String, Error> {
        written(&self.decide(&self.request(json)?)?)
    }

    /// Explains a request: every rule asked, what it looked at, why.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
    /// let explained = engine.explain(&engine.request(night)?)?;
    /// for rule in &explained.rules {
    ///     println!("{} ({:?}): {}", rule.rule, rule.finding, rule.doc);
    /// }
    /// assert_eq!(explained.rules.len(), 2);
    /// # Ok::<(), byleave::Error>(())
    /// ```
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
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let refused = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/refused.json"));
    /// let page = engine.explain_json(refused)?;
    /// assert!(page.contains(r#""refusals":[{"refusal":{"id":"stop","#));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Engine::decide`].
    pub fn explain_json(&self, json: impl AsRef<[u8]>) -> Result<String, Error> {
        written(&self.explain(&self.request(json)?)?)
    }

    /// Plans: of several ways to make the contact, the allowed ones in the person's order of preference and by earliest instant.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let plan = engine.plan_json(r#"{
    ///     "at": "2026-07-01T12:00:00-04:00",
    ///     "contact": {"channel": "email", "purpose": ["care"]},
    ///     "options": [{"name": "mail"}]
    /// }"#)?;
    /// assert!(plan.starts_with(r#"{"options":[{"name":"mail","outcome":"allow""#));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Engine::decide`].
    pub fn plan_json(&self, json: impl AsRef<[u8]>) -> Result<String, Error> {
        written(&self.plan(json)?)
    }

    /// Reads a request's envelope, from JSON text or its bytes. The keys are checked when it is decided.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// assert!(engine.request(r#"{"at": "2026-07-01T12:00:00Z"}"#).is_ok());
    /// assert!(engine.request(b"{}").is_ok());
    /// assert_eq!(engine.request("{").unwrap_err().kind(), byleave::ErrorKind::Input);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// Not JSON, not an object, past a limit, a key given twice, a number that is not whole.
    pub fn request(&self, json: impl AsRef<[u8]>) -> Result<Request, Error> {
        Request::from_bytes(json.as_ref(), &self.0.limits)
    }

    /// A request from whatever a program serializes to the same keys: its own structs, a `serde_json::Value`.
    ///
    /// ```
    /// use serde_json::json;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let request = engine.request_from(&json!({
    ///     "at": "2026-07-01T12:00:00-04:00",
    ///     "person": {"time_zones": ["America/New_York"]},
    ///     "contact": {"channel": "email", "purpose": ["care"]},
    /// }))?;
    /// assert!(engine.decide(&request)?.is_allowed());
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Engine::request`]; what cannot be written as JSON.
    pub fn request_from(&self, value: &impl serde::Serialize) -> Result<Request, Error> {
        Request::from_serialize(value, &self.0.limits)
    }

    /// The JSON Schema of requests to these packs, for editors and for types in other languages. Not every mistake that
    /// the engine finds can be said in a schema.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let schema = engine.request_schema();
    /// // What the packs declare is in it.
    /// let channel = &schema["properties"]["contact"].to_string();
    /// assert!(channel.contains("channel"));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn request_schema(&self) -> serde_json::Value {
        schema::request_schema(self.policy())
    }

    /// Checks a request against the vocabulary and freezes its facts, for deciding them more than once.
    ///
    /// ```
    /// use byleave::{Detail, Scratch};
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
    /// let facts = engine.facts(&engine.request(night)?)?;
    /// let mut scratch = Scratch::default();
    /// // The quick question first, the long answer only where somebody will read it.
    /// if engine.verdict(&facts, &mut scratch)?.until().is_some() {
    ///     let decision = engine.decide_facts(&facts, Detail::Blocking, &mut scratch)?;
    ///     assert_eq!(decision.reasons[0].rule, "shop.quiet_hours");
    /// }
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Engine::decide`].
    pub fn facts(&self, request: &Request) -> Result<Facts, Error> {
        self.0.intake.read(request)
    }

    /// The door for native callers: facts built with names resolved beforehand.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let intake = engine.intake();
    /// let customer = intake.fact("person.customer")?;
    /// let mut facts = intake.builder(byleave::Instant::parse("2026-07-01T12:00:00Z").unwrap());
    /// facts.set(customer, byleave::native::Slot::Bool(true));
    /// assert!(facts.finish().is_ok());
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn intake(&self) -> &Intake {
        &self.0.intake
    }

    of_a_room! {
        /// What [`Engine::intake`] gives, for whoever keeps it longer than the engine is lent.
        #[must_use]
        pub fn intake_shared(&self) -> Arc<Intake> {
            Arc::clone(&self.0.intake)
        }
    }

    /// The outcome alone: the fast path. The scratch keeps its room from call to call; after the first nothing is allocated.
    ///
    /// ```
    /// use byleave::{Instant, Scratch, Verdict};
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
    /// let facts = engine.facts(&engine.request(night)?)?;
    /// let mut scratch = Scratch::default();
    /// let morning = Instant::parse("2026-07-02T12:00:00Z").unwrap();
    /// assert_eq!(engine.verdict(&facts, &mut scratch)?.until(), Some(morning));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// The facts were prepared by another engine.
    #[inline]
    pub fn verdict(&self, facts: &Facts, scratch: &mut Scratch) -> Result<Verdict, Error> {
        self.own(facts)?;
        Ok(Sweep::new(&self.0.program, facts, scratch).verdict())
    }

    of_a_room! {
        /// The answer by ids, without sentences and evidence: for those who ask about many people.
        ///
        /// # Errors
        /// The facts were prepared by another engine.
        pub fn brief<'a>(&'a self, facts: &Facts, scratch: &mut Scratch) -> Result<Brief<'a>, Error> {
            self.own(facts)?;
            let answer = Sweep::new(&self.0.program, facts, scratch).answer();
            Ok(Brief::of(&self.0.program, facts, &answer))
        }
    }

    /// Decides prepared facts.
    ///
    /// ```
    /// use byleave::{Detail, Scratch};
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
    /// let request = engine.request(night)?;
    /// let facts = engine.facts(&request)?;
    /// let mut scratch = Scratch::default();
    /// let decision = engine.decide_facts(&facts, Detail::Blocking, &mut scratch)?;
    /// assert_eq!(decision, engine.decide(&request)?);
    ///
    /// // Policy that was loaded again may number its words otherwise.
    /// let reloaded = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// assert!(reloaded.decide_facts(&facts, Detail::Blocking, &mut scratch).is_err());
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// The facts were prepared by another engine.
    pub fn decide_facts(
        &self,
        facts: &Facts,
        detail: Detail,
        scratch: &mut Scratch,
    ) -> Result<Decision, Error> {
        self.own(facts)?;
        let mut sweep = Sweep::new(&self.0.program, facts, scratch);
        Ok(match detail {
            Detail::Outcome => sweep.outcome_only(),
            Detail::Blocking => sweep.decision(self.words(facts), false),
            Detail::Full => sweep.decision(self.words(facts), true),
        })
    }

    /// Facts are numbered by the engine that read them; another would read other facts in them.
    #[inline]
    fn own(&self, facts: &Facts) -> Result<(), Error> {
        if facts.prepared_by == self.0.intake.mark { Ok(()) } else { Err(strange()) }
    }

    fn words<'a>(&'a self, facts: &'a Facts) -> Words<'a> {
        Words { p: &self.0.program, facts }
    }

    /// A policy without a rule lets everything pass. Whoever loads one has forgotten something, unless a reach says that
    /// the silence is meant.
    #[cfg(feature = "text")]
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
    ///
    /// ```
    /// let engine = byleave::Engine::builder()
    ///     .source("a", "a.leave", r#"
    ///         pack a { title "A" source "Handbook" edition "1" }
    ///         rule idle { cite "1" because "Asks for nothing." }
    ///     "#)
    ///     .build()?;
    /// assert_eq!(engine.warnings()[0].code, "W0811");
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.0.warnings
    }

    /// The text of all packs.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let names: Vec<&str> = engine.sources().iter().map(|source| source.name.as_str()).collect();
    /// assert_eq!(names, ["shop.leave"]);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.0.sources
    }

    of_a_room! {
        /// The typed policy.
        #[must_use]
        pub fn policy(&self) -> &Policy {
            &self.0.program.policy
        }
    }

    of_a_room! {
        /// The lowered program.
        #[must_use]
        pub fn program(&self) -> &Program {
            &self.0.program
        }
    }

    /// The tests that stand in the packs.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let titles: Vec<&str> = engine.tests().iter().map(|test| test.title()).collect();
    /// assert_eq!(titles, ["a text at night waits for the morning", "an offer nobody asked for"]);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn tests(&self) -> &[PackTest] {
        &self.0.tests
    }

    /// The limits on requests.
    ///
    /// ```
    /// use byleave::Limits;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// assert_eq!(engine.limits(), Limits::MOST);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.0.limits
    }
}

impl Inner {
    /// Makes a program, lowered or read, ready for requests.
    fn of(program: Program, limits: Limits) -> Inner {
        let intake =
            Arc::new(Intake::with_limits(Arc::clone(&program.policy), Arc::clone(&program.texts), limits));
        let (sources, warnings, tests) = Default::default();
        Inner {
            sources,
            warnings,
            tests,
            program,
            intake,
            limits,
            #[cfg(feature = "replies")]
            lexicon: Default::default(),
        }
    }
}

#[cold]
fn strange() -> Error {
    Error::input("", "these facts were prepared by another engine")
        .with_hint("prepare them with `facts` of this one")
}

fn written<T: serde::Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|e| Error::internal(format!("the answer could not be written: {e}")))
}
