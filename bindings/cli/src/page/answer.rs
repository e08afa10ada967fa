//! An explanation as the engine writes it: as much of it as the page shows. Keys that are absent say nothing.

use serde::Deserialize;
use serde_json::Value;

/// The whole.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Explanation {
    /// The answer.
    pub decision: Decision,
    /// Every rule that was asked, in the packs' order.
    pub rules: Vec<Rule>,
}

/// The answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Decision {
    /// `allow`, `defer`, `deny`
    pub outcome: String,
    /// The instant asked about.
    pub at: String,
    /// When it will be allowed.
    pub until: Option<String>,
    /// Until when the answer holds; none: as far as was looked ahead.
    pub valid_until: Option<String>,
    /// Rules that block.
    pub reasons: Vec<Reason>,
    /// What is owed.
    pub obligations: Vec<Obligation>,
    /// Which data it may carry.
    pub fields: Fields,
    /// Facts that the answer hangs on and that nobody supplied.
    pub missing: Vec<String>,
    /// Unknowns that the law itself takes one way.
    pub taken_as: Vec<Taken>,
    /// What the host should hear of.
    pub warnings: Vec<Warning>,
    /// Enough to replay.
    pub evidence: Evidence,
}

/// Why a rule blocks.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Reason {
    /// Its id.
    pub rule: String,
    /// `refused`, `no_basis`, …
    pub kind: String,
    /// `violated`, `undetermined`
    pub finding: String,
    /// In plain words.
    pub sentence: String,
    /// Where the law says so.
    pub citations: Vec<String>,
    /// How the law's text is known.
    pub verified: Option<String>,
    /// Facts with their values.
    pub looked_at: Vec<Looked>,
    /// Exemptions that were tried.
    pub exemptions: Vec<Tried>,
    /// Facts it lacked.
    pub missing: Vec<String>,
    /// When time alone would clear it.
    pub clears: Option<Clears>,
    /// What would change it.
    pub would_change: Vec<Change>,
}

/// A fact and its value.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Looked {
    /// Its path.
    pub fact: String,
    /// Its value.
    pub value: Value,
}

/// An exemption that was tried.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Tried {
    /// Its id.
    pub id: String,
    /// `lacked`, `undetermined`, `holds`
    pub finding: String,
    /// Where the law says so.
    pub citations: Vec<String>,
    /// What it lacked.
    pub lacked: Vec<Value>,
    /// When it speaks.
    pub when: Option<Condition>,
    /// What it asks for.
    pub provided: Vec<Condition>,
}

/// When time alone would clear a reason.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Clears {
    /// Then.
    pub at: Option<String>,
    /// Never.
    pub never: bool,
    /// Not before then.
    pub not_before: Option<String>,
}

/// A fact that would change the finding.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Change {
    /// Its path.
    pub fact: String,
    /// To this.
    pub to: Value,
}

/// Something owed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Obligation {
    /// Its word.
    pub id: String,
    /// How long, until when, what.
    pub value: Value,
    /// Who asks for it.
    pub rule: String,
    /// Where the law says so.
    pub citations: Vec<String>,
}

/// Which data it may carry.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// These.
    pub allowed: Vec<String>,
    /// Not these.
    pub withheld: Vec<Withheld>,
}

/// A field that must stay out.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Withheld {
    /// Its name.
    pub name: String,
    /// Who says so.
    pub rules: Vec<String>,
}

/// An unknown that the law takes one way.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Taken {
    /// The fact.
    pub fact: String,
    /// The rule.
    pub rule: String,
    /// Where the law says so.
    pub citations: Vec<String>,
}

/// What the host should hear of.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Warning {
    /// A stable word.
    pub code: String,
    /// Where in the request.
    pub path: String,
    /// In plain words.
    pub message: String,
}

/// Enough to replay.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// Version of the engine.
    pub engine: Value,
    /// Packs with edition and digest.
    pub packs: Vec<Value>,
    /// Readings of contested points.
    pub settings: serde_json::Map<String, Value>,
    /// Digest of the facts.
    pub facts: String,
    /// Edition and digest of the zone data.
    pub zones: Value,
    /// What was known when.
    pub known_at: String,
}

/// A rule that was asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Rule {
    /// Its id.
    pub rule: String,
    /// `not_applicable`, `satisfied`, `exempt`, `violated`, `undetermined`
    pub finding: String,
    /// In plain words.
    pub sentence: String,
    /// Where the law says so.
    pub citations: Vec<String>,
    /// How the law's text is known.
    pub verified: Option<String>,
    /// When it applies.
    pub when: Option<Condition>,
    /// What it requires.
    pub requires: Vec<Condition>,
    /// Exemptions that were tried.
    pub exemptions: Vec<Tried>,
    /// Facts with their values.
    pub looked_at: Vec<Looked>,
    /// Facts it lacked.
    pub missing: Vec<String>,
}

/// A condition in words with its value.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Condition {
    /// As the policy says it.
    pub words: String,
    /// True, false, or unknown.
    pub value: Option<bool>,
    /// What it is made of.
    pub parts: Vec<Condition>,
}
