//! By your leave: may this person be contacted, now, this way, for this purpose, with this data?
//!
//! The answer is **allow**, **defer until an instant**, or **deny**, with the law's citation, what the message must contain,
//! which data it may carry, and evidence that replays. An [`Engine`] is compiled once from packs of policy and answers any
//! number of requests, in any number of threads.
//!
//! ```
//! use byleave::{Engine, Outcome};
//!
//! let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
//! let engine = Engine::builder().source("shop", "shop.leave", shop).build()?;
//!
//! let request = engine.request(r#"{
//!     "at": "2026-07-01T22:30:00-04:00",
//!     "person": {"time_zones": ["America/New_York"]},
//!     "contact": {"channel": "sms", "purpose": ["order_ready"], "fields": []}
//! }"#)?;
//! let decision = engine.decide(&request)?;
//!
//! assert_eq!(decision.outcome, Outcome::Defer);
//! assert_eq!(decision.until_local.as_deref(), Some("2026-07-02T08:00:00-04:00"));
//! assert_eq!(decision.reasons[0].sentence, "We call and text between 8 a.m. and 9 p.m. where the person is.");
//! # Ok::<(), byleave::Error>(())
//! ```
//!
//! The law itself, and the code that finds an organisation's own files, is in the crate `byleave-packs`.
//!
//! # What to call
//!
//! | question | call |
//! |---|---|
//! | may this go out, and if not, when and why? | [`Engine::decide`]; from and to JSON: [`Engine::decide_json`] |
//! | which of several ways is open first? | [`Engine::plan`] |
//! | what did each rule look at? | [`Engine::explain`] |
//! | the outcome alone, as fast as it goes | [`Engine::facts`], [`Engine::verdict`] |
//! | the same, without JSON | [`native`] |
//! | what does this answer mean? | [`Engine::interpret_reply`] |
//! | an engine without parser, for a small program | [`Engine::compile`], [`Engine::from_compiled`] |
//! | is my policy well written? | [`EngineBuilder::try_build`], [`Engine::warnings`] |
//! | do the tests in my packs pass? | [`Engine::run_test`] |
//!
//! The instant is in every request: the engine has no clock. What goes wrong is an [`Error`] with a kind, a path into the
//! request, a sentence and a hint; nothing panics, and after any input the same engine still works.
//!
//! # The examples on these pages
//!
//! They ask one policy, `shop`, two requests: `night`, a text at half past ten, and `refused`, an offer to somebody who has
//! said stop.
//!
//! ```text
#![doc = include_str!("../doc/shop.leave")]
//! ```
//!
//! ```json
#![doc = include_str!("../doc/night.json")]
#![doc = include_str!("../doc/refused.json")]
//! ```
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `text` (by default) | policy as text: the parser, the checker, diagnostics, the tests that stand in packs. Without it an engine is loaded from packs that were compiled ahead of time ([`Engine::from_compiled`]) |
//! | `replies` (by default, with `text`) | reading what people answer by the words that packs declare. Without it an engine passes over those words |
//! | `tzdb` (by default, with `text`) | the time-zone database, bundled. Without it an engine knows the zones that its compiled packs carry |
//! | `unstable_rooms` | the rooms between text and answer become public, for tools that must look inside. No promise covers them: they may change in any version |
//!
//! Without any, an engine is loaded with [`Engine::from_compiled`] and knows the time zones that its packs carry. The least
//! Rust that builds it is 1.88; raising that is a minor version.
//!
//! # From text to answer
//!
//! Six steps, each a room of the source named after what leaves it: text → `ast` → `typed` (names, taxonomies, types;
//! diagnostics) → `program` (slots and flat expressions, lowered once); a request → `facts`, checked and indexed; both →
//! `eval` (three-valued, each value with its next change) → `decision` → [`wire`].
//!
//! # Deliberately absent
//!
//! No clock, no file, no network, no threads of its own, no logging of personal data, no unsafe code, no floating point, and
//! no knowledge of any particular law: law is data in packs.

#![cfg_attr(docsrs, feature(doc_cfg))]
// A room is whole, also where the front door has no use for all of it.
#![cfg_attr(not(all(feature = "unstable_rooms", feature = "text")), allow(dead_code, unused_imports))]

mod compiled;
pub mod diag;
#[cfg(feature = "replies")]
mod letters;
pub mod native;
mod of_a_room;
#[cfg(feature = "replies")]
mod replies;
mod sorted;
pub mod source;
pub mod wire;

#[cfg(all(feature = "text", not(feature = "unstable_rooms")))]
mod ast;
#[cfg(all(feature = "text", feature = "unstable_rooms"))]
#[cfg_attr(docsrs, doc(cfg(feature = "unstable_rooms")))]
pub mod ast;
#[cfg(not(feature = "unstable_rooms"))]
mod decision;
#[cfg(feature = "unstable_rooms")]
#[cfg_attr(docsrs, doc(cfg(feature = "unstable_rooms")))]
pub mod decision;
#[cfg(not(feature = "unstable_rooms"))]
mod engine;
#[cfg(feature = "unstable_rooms")]
#[cfg_attr(docsrs, doc(cfg(feature = "unstable_rooms")))]
pub mod engine;
#[cfg(not(feature = "unstable_rooms"))]
mod error;
#[cfg(feature = "unstable_rooms")]
#[cfg_attr(docsrs, doc(cfg(feature = "unstable_rooms")))]
pub mod error;
#[cfg(not(feature = "unstable_rooms"))]
mod eval;
#[cfg(feature = "unstable_rooms")]
#[cfg_attr(docsrs, doc(cfg(feature = "unstable_rooms")))]
pub mod eval;
#[cfg(not(feature = "unstable_rooms"))]
mod facts;
#[cfg(feature = "unstable_rooms")]
#[cfg_attr(docsrs, doc(cfg(feature = "unstable_rooms")))]
pub mod facts;
#[cfg(not(feature = "unstable_rooms"))]
mod program;
#[cfg(feature = "unstable_rooms")]
#[cfg_attr(docsrs, doc(cfg(feature = "unstable_rooms")))]
pub mod program;
#[cfg(not(feature = "unstable_rooms"))]
mod taxonomy;
#[cfg(feature = "unstable_rooms")]
#[cfg_attr(docsrs, doc(cfg(feature = "unstable_rooms")))]
pub mod taxonomy;
#[cfg(not(feature = "unstable_rooms"))]
mod time;
#[cfg(feature = "unstable_rooms")]
#[cfg_attr(docsrs, doc(cfg(feature = "unstable_rooms")))]
pub mod time;
#[cfg(not(feature = "unstable_rooms"))]
mod typed;
#[cfg(feature = "unstable_rooms")]
#[cfg_attr(docsrs, doc(cfg(feature = "unstable_rooms")))]
pub mod typed;
#[cfg(not(feature = "unstable_rooms"))]
mod value;
#[cfg(feature = "unstable_rooms")]
#[cfg_attr(docsrs, doc(cfg(feature = "unstable_rooms")))]
pub mod value;

pub use compiled::is_compiled;
pub use decision::Verdict;
pub use engine::{Coverage, Engine, Zones};
#[cfg(feature = "text")]
#[cfg_attr(docsrs, doc(cfg(feature = "text")))]
pub use engine::{EngineBuilder, TestReport};
pub use error::{Error, ErrorKind};
pub use eval::Scratch;
pub use facts::{Facts, normal_address};
pub use time::{Instant, TimeError};
pub use typed::PackTest;
pub use wire::decision::{Decision, Outcome};
pub use wire::{Detail, Limits, Request};

/// The page that a registry shows first is tried too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
