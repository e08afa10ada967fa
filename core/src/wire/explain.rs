//! The explanation on the wire: the decision, and each rule as it was asked.

use super::decision::{Decision, Finding, LookedAt, Refusal};
use serde::{Deserialize, Serialize};

/// Why the decision is what it is, rule by rule.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let explained = engine.explain(&engine.request(night)?)?;
/// assert_eq!(explained.decision.reasons[0].rule, "shop.quiet_hours");
/// // Rules that let it pass are here too, and those that had nothing to say.
/// assert_eq!(explained.rules.len(), 2);
/// assert_eq!(explained.not_applicable, ["shop.offers"]);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// The decision.
    pub decision: Decision,
    /// Each act by which the person said no, newest first, with the rules that block for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<RefusalExplained>,
    /// Rules that applied or may have applied, by pack and then in written order.
    pub rules: Vec<RuleExplained>,
    /// Rules that did not apply, by id.
    pub not_applicable: Vec<String>,
}

/// An act by which the person said no, and what follows from it. Each of these rules blocks by itself.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let refused = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/refused.json"));
/// let explained = engine.explain(&engine.request(refused)?)?;
/// let told = &explained.refusals[0];
/// assert_eq!(told.refusal.id.as_deref(), Some("stop"));
/// assert_eq!(told.breaks, ["shop.offers"]);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusalExplained {
    /// Which act.
    pub refusal: Refusal,
    /// The rules that it breaks most plainly, one of each pack: those that ask for the refusal itself, not for a consent
    /// that it has ended.
    pub breaks: Vec<String>,
    /// The other rules that block for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
}

/// One rule, as it was asked.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let explained = engine.explain(&engine.request(night)?)?;
/// assert_eq!(explained.rules[0].doc, "Nobody is woken.");
/// assert_eq!(explained.rules[0].conditions[1].text, "local_time between 08:00 and 21:00");
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleExplained {
    /// `us.tcpa.quiet_hours`
    pub rule: String,
    /// Pack.
    pub pack: String,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// What it found.
    pub finding: Finding,
    /// Its sentence.
    pub sentence: String,
    /// Citations.
    pub citations: Vec<String>,
    /// How the law was verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<String>,
    /// First day in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Last day in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// `when`, then what it requires.
    pub conditions: Vec<Asked>,
    /// Exemptions, each with its conditions; empty when the rule's own requirement held.
    pub exemptions: Vec<ExemptionExplained>,
    /// What it looked at.
    pub looked_at: Vec<LookedAt>,
}

/// An exemption as it was asked.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let refused = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/refused.json"));
/// let explained = engine.explain(&engine.request(refused)?)?;
/// let exemption = &explained.rules[0].exemptions[0];
/// assert_eq!((exemption.id.as_str(), exemption.citations[0].as_str()), ("shop.customers", "Handbook, 2"));
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExemptionExplained {
    /// `us.tcpa.emergency`
    pub id: String,
    /// `satisfied` carries the rule.
    pub finding: Finding,
    /// Citations.
    pub citations: Vec<String>,
    /// Its conditions.
    pub conditions: Vec<Asked>,
}

/// A condition and its answer.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let explained = engine.explain(&engine.request(night)?)?;
/// let asked = &explained.rules[0].conditions[0];
/// assert_eq!((asked.clause.as_str(), asked.answer.as_str()), ("when", "true"));
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// `when`, `require`, `include`, `provided`.
    pub clause: String,
    /// As written.
    pub text: String,
    /// `true`, `false`, `unknown`, or `differs` where the recipient's candidate zones disagree.
    pub answer: String,
    /// What an unknown misses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// The conditions inside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Asked>,
}
