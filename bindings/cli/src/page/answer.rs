//! An explanation as the engine writes it: the decision, and every rule that was asked.

use byleave::wire::decision::{Decision, Finding, LookedAt};
use serde::Deserialize;

/// The whole.
#[derive(Debug, Deserialize)]
pub struct Explanation {
    /// The answer.
    pub decision: Decision,
    /// Every rule that was asked, in the packs' order.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

/// A rule that was asked.
#[derive(Debug, Deserialize)]
pub struct Rule {
    /// Its id.
    pub rule: String,
    /// What it found.
    pub finding: Finding,
    /// In plain words.
    #[serde(default)]
    pub sentence: String,
    /// Where the law says so.
    #[serde(default)]
    pub citations: Vec<String>,
    /// How the law's text is known.
    #[serde(default)]
    pub verified: Option<String>,
    /// When it applies.
    #[serde(default)]
    pub when: Option<Condition>,
    /// What it requires.
    #[serde(default)]
    pub requires: Vec<Condition>,
    /// Exemptions that were tried.
    #[serde(default)]
    pub exemptions: Vec<Exemption>,
    /// Facts with their values.
    #[serde(default)]
    pub looked_at: Vec<LookedAt>,
}

/// An exemption that was tried.
#[derive(Debug, Deserialize)]
pub struct Exemption {
    /// Its id.
    pub id: String,
    /// What it found.
    pub finding: Finding,
    /// Where the law says so.
    #[serde(default)]
    pub citations: Vec<String>,
    /// When it speaks.
    #[serde(default)]
    pub when: Option<Condition>,
    /// What it asks for.
    #[serde(default)]
    pub provided: Vec<Condition>,
}

/// A condition in words with its value.
#[derive(Clone, Debug, Deserialize)]
pub struct Condition {
    /// As the policy says it.
    pub words: String,
    /// True, false, or unknown.
    #[serde(default)]
    pub value: Option<bool>,
    /// What it is made of.
    #[serde(default)]
    pub parts: Vec<Condition>,
}
