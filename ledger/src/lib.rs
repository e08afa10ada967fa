//! Consent, kept and proven: who agreed to what, when, to which words, and who knew.
//!
//! A ledger is an append-only record of [events](Event): consents, contacts, interactions, look-ups, signals, preferences,
//! decisions. A correction is another event; nothing is changed or deleted, save by lawful [erasure](Ledger::erase), which
//! leaves a tombstone that still blocks. Each event carries the digest of the one before in its person's chain, and
//! checkpoints hold the root of a tree over all of them, so that [`Ledger::verify`] finds any change, deletion, insertion or reordering and says where.
//!
//! ```
//! use byleave_ledger::{Ask, Event, Ledger};
//! # use byleave::wire::{Json, Limits};
//! let mut ledger = Ledger::in_memory()?;
//! ledger.append(&[Event::parse(r#"{
//!     "key": "sms-7", "person": "p-1", "list": "consents", "source": "text messages", "actor": {"kind": "person"},
//!     "recorded_at": "2026-07-01T16:00:01Z",
//!     "event": {"kind": "revoke", "at": "2026-07-01T16:00:00Z", "scope": {"channel": ["text"]}, "means": "text_reply"}
//! }"#)?])?;
//!
//! let request = Json::parse(r#"{"at": "2026-07-02T12:00:00Z"}"#, &Limits::MOST)?;
//! let ask = Ask { person: "p-1", address: None, known_at: "2026-07-02T12:00:00Z".parse()? };
//! let request = ledger.lay_under(request, &ask)?;
//! assert!(matches!(request.get("consents"), Some(Json::List(events)) if events.len() == 1));
//! assert!(ledger.verify(&Default::default())?.findings.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | room | what it is for |
//! |---|---|
//! | `event` | what a host tells, checked, as the words that are kept |
//! | `chain` · `tree` | the digests that make the record provable |
//! | `ledger` | appending, once each |
//! | `facts` | what is known of a person, as a request says it |
//! | `links` | one person under several names, and several people at one address |
//! | [`merge`] | what several departments say of one person, by the organisation's rules |
//! | `erase` | lawful erasure, and the tombstone it leaves |
//! | `checkpoint` · `verify` | the state of the whole, signed; and whether it still holds |
//! | `decision` | the engine's answers on record, to be asked again |
//! | [`bundle`] | what is held about one person, in one file that proves itself elsewhere |
//! | `import` · `dump` | what other systems kept, taken in by a mapping; and everything, to be carried elsewhere |
//! | `sync` · `saved` | what is new, told to another ledger and taken in from it; the whole of a ledger as lines, to be made again from them |
//! | `store` · `memory` · `sqlite` · `postgres` · `place` | what a store must do; the one in memory; the one in a file; the one in a database that several share; whichever a word names |
//!
//! The ledger has no clock: every instant is an argument. It is young: nothing of its interface is promised yet.

pub mod bundle;
mod chain;
mod chance;
mod checkpoint;
mod decision;
mod dump;
mod erase;
mod error;
mod event;
mod facts;
mod hex;
#[cfg(feature = "import")]
pub mod import;
mod ledger;
mod links;
mod memory;
pub mod merge;
mod place;
mod plain;
#[cfg(feature = "postgres")]
mod postgres;
mod saved;
#[cfg(feature = "sqlite")]
mod sqlite;
pub mod store;
mod sync;
mod tree;
mod verify;

pub use byleave::normal_address;
pub use chain::Digest;
pub use checkpoint::Key;
pub use decision::{Decided, Deciding, Difference, KnownThen, LinkedThen, OtherThen, Policy, Record, Replay};
pub use dump::{Entry, Said};
pub use erase::Erasure;
pub use error::{Error, ErrorKind, Result};
pub use event::{ACTORS, Event, List};
pub use facts::Ask;
pub use hex::Hex;
pub use ledger::{Ledger, Receipt};
pub use memory::{Memory, MemoryRows};
pub use place::{Any, MEMORY, is_url, shown};
#[cfg(feature = "postgres")]
pub use postgres::{Postgres, PostgresRows, SCHEMA};
#[cfg(feature = "sqlite")]
pub use sqlite::{Sqlite, SqliteRows};
pub use sync::{Lines, Mark, Refusal, Since, Taken};
pub use verify::{Finding, Report, Trust, What};

#[cfg(all(doctest, feature = "postgres"))]
#[doc = include_str!("../README.md")]
struct Readme;
