//! The door for callers that hold their records as values of their own and ask very many questions: no JSON on the way.
//!
//! Names are resolved once, with an engine's [`Intake`]; then each decision is numbers put into a [`FactsBuilder`]. The facts
//! stand under the same rules as those of a request, and give the same answers. Names and facts are those of one engine: after
//! policy was loaded again, resolve them again.
//!
//! ```
//! use byleave::native::{Slot, TextId};
//! use byleave::{Instant, Scratch, Verdict};
//! # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
//! # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
//!
//! // Once for an engine.
//! let intake = engine.intake();
//! let (zones, channel, purpose) =
//!     (intake.fact("person.time_zones")?, intake.fact("contact.channel")?, intake.fact("contact.purpose")?);
//! let (sms, ready) = (intake.word(channel, "sms")?, intake.words(purpose, ["order_ready"])?);
//! let fields = intake.fact("contact.fields")?;
//!
//! // For every contact. The scratch keeps its room, so that nothing is allocated for the answer.
//! let mut scratch = Scratch::default();
//! let mut verdict = |at: Instant, zone: &str| {
//!     let mut facts = intake.builder(at);
//!     let zone: TextId = facts.text(zone);
//!     facts.set(zones, Slot::texts([zone])).set(channel, sms.clone()).set(purpose, ready.clone());
//!     facts.set(fields, Slot::None);
//!     engine.verdict(&facts.finish()?, &mut scratch)
//! };
//!
//! let noon = Instant::parse("2026-07-01T16:00:00Z").unwrap();
//! assert_eq!(verdict(noon, "America/New_York")?, Verdict::Allow);
//! assert!(verdict(noon, "Asia/Tokyo")?.until().is_some());
//! # Ok::<(), byleave::Error>(())
//! ```

pub use crate::facts::{Event, FactsBuilder, Few, Intake, Slot, TextId, When};
pub use crate::taxonomy::NodeId;
pub use crate::time::{Date, Micros, Weekday};
pub use crate::typed::{EventList, FactId};
