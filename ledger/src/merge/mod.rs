//! One person, many systems: what several departments say of one person, merged by rules that the organisation states.
//!
//! A [`Profile`] is a set of statements: which source says what, as of when. Merging two profiles is the union of two sets, and
//! so it is commutative, associative and idempotent, and the same statements are the same bytes in whatever order they came.
//! What the statements come to is found afterwards, by [`Profile::resolve`]: a pure function of the set and of the [`Rules`].
//!
//! ```
//! use byleave_ledger::merge::{Profile, Rules};
//! let clinic = Profile::parse(r#"{"source": "clinic", "as_of": "2026-07-01T00:00:00Z",
//!     "person": {"id": "p-1", "hours": {"mon": [["09:00", "17:00"]]}}, "consents": []}"#)?;
//! let billing = Profile::parse(r#"{"source": "billing", "as_of": "2026-07-02T00:00:00Z",
//!     "person": {"id": "88-12", "hours": {"mon": [["12:00", "20:00"]]}}, "consents": []}"#)?;
//! let merged = clinic.merge(&billing);
//! assert_eq!(merged.canonical(), billing.merge(&clinic).merge(&clinic).canonical());
//!
//! let rules = Rules::parse(r#"{"sources": {
//!     "clinic": {"keeps": ["consents"], "counts": ["grants"]}, "billing": {"keeps": ["consents"], "counts": []}}}"#)?;
//! let found = merged.resolve(&rules)?;
//! let mut text = String::new();
//! found.facts.get("person").unwrap().get("hours").unwrap().write_canonical(&mut text);
//! assert_eq!(text, r#"{"mon":[["12:00","17:00"]]}"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Never more permissive than any source
//!
//! *What a source says binds.* Take the merged facts, and put back what one source says in place of what the merge made of it:
//! each fact that the source states, as the source states it; and each list of events of which it claims `complete`, as it tells
//! that list. The answer to a contact is then never stricter than on the merged facts. And each refusal, contact and signal that
//! any source tells stands in the merge. So no source's no is ever overruled, whatever the others say and whenever.
//!
//! A source that is silent says nothing, and one that says *in 2008* does not contradict one that says *in March 2008*. That
//! others know more than it does may answer what was unknown to it alone; that is what merging is for.
//!
//! It holds because each fact is resolved in one of these ways, and the engine's own laws carry them:
//!
//! | rule | what becomes of words that differ | why it never opens a door |
//! |---|---|---|
//! | `agree` | nothing is merged at all | no facts, no contact |
//! | `unknown` | the fact is left out | ignorance only restricts, unless policy asks whether it is *known*, or its absence means none |
//! | `candidates` | all that are named | a rule must pass for each candidate |
//! | `latest` | the latest instant | it is one before which nothing is sent |
//! | `common` | the hours that all name; none, if there are none | a wider week than either is never made |
//! | `all_hold` | every item of every list | each item restricts by itself |
//! | `true_if_any` | true as soon as one says so | what it says is a prohibition |
//!
//! Which facts go by which is in a table (`joins`); the organisation may state a stricter way, and never a laxer one. A fact that
//! the table does not know must be agreed on. Of events, refusals, contacts and signals are united; grants and interactions count
//! from the sources that the organisation names, and from those alone that agree if it says so.

pub mod age;
mod events;
mod hours;
mod joins;
mod read;
mod resolve;
mod rules;

pub(crate) use joins::{Joined, is_preference, join, way};
pub use resolve::{Became, Dispute, Resolved};
pub use rules::{Grants, Rules};

use crate::error::Result;
use crate::event::List;
use byleave::wire::{Json, Limits};
use std::collections::BTreeSet;

/// What sources say of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    said: BTreeSet<Statement>,
}

/// One thing that one source says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Statement {
    source: String,
    said: Said,
}

/// Instants are microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    /// A fact of the person, by its path. A source's latest word on it is its word.
    Fact { path: String, as_of: i64, value: Json },
    /// An event; `n` tells apart those without an id that read the same.
    Event { list: List, n: u32, record: Json },
    /// That it tells a list, and from when on it tells all of it.
    List { list: List, as_of: i64, since: Option<i64> },
    /// That what it does not tell of these does not exist.
    Complete { as_of: i64, words: Vec<String> },
}

impl Profile {
    /// Reads JSON text: the record of one department, or a profile as [`Profile::to_json`] writes it.
    ///
    /// A record is part of a request (`person` with an `id`, lists of events, `complete`, `contacts_complete_from`,
    /// `interactions_complete_from`) with `source` and the instant `as_of` which it was true.
    ///
    /// # Errors
    /// Anything else, with its path.
    pub fn parse(text: &str) -> Result<Profile> {
        Profile::from_json(Json::parse(text, &Limits::MOST)?)
    }

    /// Takes a tree that a host has filled.
    ///
    /// # Errors
    /// As [`Profile::parse`].
    pub fn from_json(json: Json) -> Result<Profile> {
        read::profile(json).map(|said| Profile { said })
    }

    /// What both say: the union of the two sets.
    #[must_use]
    pub fn merge(&self, other: &Profile) -> Profile {
        Profile { said: self.said.union(&other.said).cloned().collect() }
    }

    /// The names of the sources, in order.
    #[must_use]
    pub fn sources(&self) -> BTreeSet<&str> {
        self.said.iter().map(|it| it.source.as_str()).collect()
    }

    /// The statements as JSON, in an order of their own.
    #[must_use]
    pub fn to_json(&self) -> Json {
        read::written(&self.said)
    }

    /// The same as text: equal sets are equal bytes.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        self.to_json().write_canonical(&mut out);
        out
    }

    /// What a ledger knows under a name, as of an instant.
    pub(crate) fn name(&mut self, name: &str, as_of: i64, facts: impl IntoIterator<Item = (String, Json)>) {
        let id = ("id".to_owned(), Json::Text(name.to_owned()));
        for (key, value) in facts.into_iter().filter(|(key, _)| key != "id").chain([id]) {
            let said = Said::Fact { path: format!("person.{key}"), as_of, value };
            self.said.insert(Statement { source: name.to_owned(), said });
        }
        let said = Said::Complete { as_of, words: Vec::new() };
        self.said.insert(Statement { source: name.to_owned(), said });
    }

    /// A list that a ledger holds under a name; its events have ids.
    pub(crate) fn tell(&mut self, name: &str, list: List, as_of: i64, since: Option<i64>, events: Vec<Json>) {
        let told = events.into_iter().map(|record| Said::Event { list, n: 0, record });
        for said in told.chain([Said::List { list, as_of, since }]) {
            self.said.insert(Statement { source: name.to_owned(), said });
        }
    }

    /// What the statements come to by the organisation's rules: the facts of a request, and what was in dispute.
    ///
    /// # Errors
    /// A source that the rules do not name; words that differ on a fact that must be agreed on (all of them, in one sentence);
    /// what is no value of its fact.
    pub fn resolve(&self, rules: &Rules) -> Result<Resolved> {
        resolve::resolve(self, rules)
    }
}
