//! The answer on the wire. Keys stand in the order of the fields here, lists in an order that hangs on content alone, and
//! there are no floats: the same facts give the same bytes (law 7).

use serde::{Deserialize, Serialize};
use std::fmt;

/// allow, defer or deny.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It may go out now.
    Allow,
    /// Not now; at `until` it may, as the facts stand.
    Defer,
    /// Not within the horizon.
    Deny,
}

impl Outcome {
    /// The word of the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Allow => "allow",
            Outcome::Defer => "defer",
            Outcome::Deny => "deny",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why a rule blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// The person or a list says no.
    Refused,
    /// Nothing permits it.
    NoBasis,
    /// A fact is wanting.
    MissingFact,
    /// The hour, the day, a waiting time.
    Timing,
    /// A cap.
    TooOften,
    /// What it says, or the data it carries.
    Content,
}

impl ReasonKind {
    /// The word of the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ReasonKind::Refused => "refused",
            ReasonKind::NoBasis => "no_basis",
            ReasonKind::MissingFact => "missing_fact",
            ReasonKind::Timing => "timing",
            ReasonKind::TooOften => "too_often",
            ReasonKind::Content => "content",
        }
    }
}

impl fmt::Display for ReasonKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a rule found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// Its `when` is false, or it is not in force.
    NotApplicable,
    /// It holds.
    Satisfied,
    /// It does not hold, and an exemption carries it.
    Exempted,
    /// It hangs on a fact that nobody supplied.
    Undetermined,
    /// It does not hold.
    Violated,
}

/// A decision on one proposed contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// allow, defer or deny.
    pub outcome: Outcome,
    /// The instant asked about, RFC 3339 in UTC.
    pub at: String,
    /// Of a deferral: the first instant that allows, RFC 3339 in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The same instant with the recipient's offset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_local: Option<String>,
    /// The first instant at which this answer differs; null: none within the horizon. Absent when only the outcome was asked.
    #[serde(default = "Validity::unasked", skip_serializing_if = "Validity::is_unasked")]
    pub valid_until: Validity,
    /// Every rule that blocks, in order of id; with `detail: full` every rule that applied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// What is owed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub obligations: Vec<Obligation>,
    /// Which data it may carry.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub fields: Fields,
    /// The facts that the answer hangs on and that nobody supplied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Unknowns that a rule's `known that` settled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken_as: Vec<TakenAs>,
    /// What did not stop the decision and should be heard of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// Enough to replay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// `valid_until`, which may be null and may not have been asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Validity {
    /// An instant.
    Until(String),
    /// Null: nothing changes within the horizon.
    #[default]
    Open,
    /// Not asked for: the key is left out.
    #[serde(skip)]
    Unasked,
}

impl Validity {
    fn unasked() -> Validity {
        Validity::Unasked
    }
    /// Whether the key is left out.
    #[must_use]
    pub fn is_unasked(&self) -> bool {
        matches!(self, Validity::Unasked)
    }
    /// Whether nothing changes, as far as anybody asked.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self, Validity::Until(_))
    }
    /// The instant, if there is one.
    #[must_use]
    pub fn instant(&self) -> Option<&str> {
        match self {
            Validity::Until(t) => Some(t),
            _ => None,
        }
    }
}

/// One rule's reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// `us.tcpa.quiet_hours`
    pub rule: String,
    /// The pack it stands in.
    pub pack: String,
    /// What it found.
    pub finding: Finding,
    /// Of a rule that blocks: what kind of reason it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ReasonKind>,
    /// Of a rule that blocks because the person said no: when they did, newest first. Reasons that name the same rest on
    /// one act, and can be told together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused_by: Vec<Refusal>,
    /// In plain words.
    pub sentence: String,
    /// Citations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<String>,
    /// How the author knows the law: `text`, `secondary`, `unverified`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<String>,
    /// The facts it looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looked_at: Vec<LookedAt>,
    /// Each exemption tried.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exemptions: Vec<Tried>,
    /// What it misses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// When time alone would clear it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clears: Option<Clears>,
    /// Each single change that would clear it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub would_change: Vec<String>,
}

/// An event by which the person said no: which one, and never what it says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// Its own name, if the request gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// When: an instant, or the recipient's day; absent when nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// A fact that a reason rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookedAt {
    /// Its path; a list of events is named whole.
    pub fact: String,
    /// Its value in words: never an event's content, only how many there are.
    pub value: String,
}

/// An exemption tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// `us.tcpa.emergency`
    pub id: String,
    /// `satisfied` (it carries), `undetermined`, `violated` (it lacked something), `not_applicable`.
    pub finding: Finding,
    /// Citations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<String>,
    /// The conditions that it lacked, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacked: Vec<String>,
}

/// When time alone would clear a reason. Each is a true statement; none is a guess.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clears {
    /// At this instant.
    At(String),
    /// Not by time.
    Never(bool),
    /// Not before this instant; what comes later was not searched.
    NotBefore(String),
}

/// Something owed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Obligation {
    /// Its word: a content element, or an act.
    pub id: String,
    /// What it says besides: a length, a date, words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The rule or exemption that asks it.
    pub rule: String,
    /// Citations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<String>,
}

/// Which fields the contact may carry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    /// Names that may be carried.
    #[serde(default)]
    pub allowed: Vec<String>,
    /// Names that may not.
    #[serde(default)]
    pub withheld: Vec<Withheld>,
}

impl Fields {
    /// The request named no field.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.allowed.is_empty() && self.withheld.is_empty()
    }
}

/// A field that may not be carried.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withheld {
    /// Its name.
    pub name: String,
    /// The rules that withhold it.
    pub rules: Vec<String>,
}

/// An unknown that the law's own word `known that` settled.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakenAs {
    /// What was unknown.
    pub fact: String,
    /// The rule.
    pub rule: String,
    /// Its citations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<String>,
}

/// Something to hear of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// A stable word.
    pub code: String,
    /// Where in the request.
    pub path: String,
    /// In words.
    pub message: String,
}

/// Enough to replay the decision and to prove that it is the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Version of the engine.
    pub engine: String,
    /// The packs, by name.
    pub packs: Vec<PackDigest>,
    /// Every setting and the reading in force, as words.
    pub settings: std::collections::BTreeMap<String, String>,
    /// SHA-256 of the request in canonical form, in hex.
    pub facts: String,
    /// Edition and digest of the time-zone data.
    pub zones: ZoneData,
    /// What was known when.
    pub known_at: String,
}

/// A pack in evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackDigest {
    /// Name.
    pub name: String,
    /// Edition.
    pub edition: String,
    /// SHA-256 of its text, in hex.
    pub digest: String,
}

/// Time-zone data in evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneData {
    /// `2026e`
    pub edition: String,
    /// SHA-256, in hex.
    pub digest: String,
}

impl Decision {
    /// Whether it may go out now. A deferral is no leave.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.outcome == Outcome::Allow
    }

    /// The canonical bytes: no spaces, keys in order.
    ///
    /// # Errors
    /// None in practice: every part is text, number or list.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads an answer back.
    ///
    /// # Errors
    /// Anything that this engine would not have written: another key, another word.
    pub fn from_json(text: &str) -> Result<Decision, serde_json::Error> {
        serde_json::from_str(text)
    }
}
