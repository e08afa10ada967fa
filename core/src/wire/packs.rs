//! The packs of an engine on the wire: what policy it decides by, where that comes from, and what may be chosen in it.

use serde::{Deserialize, Serialize};

/// A pack that an engine was built from.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let pack = &engine.packs()[0];
/// assert_eq!((pack.name.as_str(), pack.edition.as_str()), ("shop", "2026-11"));
/// assert_eq!(pack.rules, ["shop.quiet_hours", "shop.offers", "shop.texts"]);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackInfo {
    /// `us.tcpa`
    pub name: String,
    /// In words.
    pub title: String,
    /// Edition.
    pub edition: String,
    /// Day of the last review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<String>,
    /// Where its law stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Packs it uses, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<String>,
    /// SHA-256 of its text, in hex.
    pub digest: String,
    /// Its rules' ids, in written order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// Its settings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<SettingInfo>,
}

/// A point of law that is contested, and how a pack lets one choose.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let setting = &engine.packs()[0].settings[0];
/// assert_eq!((setting.name.as_str(), setting.default.as_str()), ("shop.existing_customers", "ask"));
/// assert_eq!(setting.readings, ["ask", "no_question"]);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingInfo {
    /// Qualified, as a request's `settings` name it.
    pub name: String,
    /// The cautious reading, as policy writes it.
    pub default: String,
    /// The readings, where they are words to choose from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<String>,
    /// Citations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<String>,
    /// In plain words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub because: String,
}
