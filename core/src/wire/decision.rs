//! The answer on the wire. Keys stand in the order of the fields here, lists in an order that hangs on content alone, and
//! there are no floats: the same facts give the same bytes (law 7).

use serde::{Deserialize, Serialize};
use std::fmt;

/// allow, defer or deny.
///
/// ```
/// use byleave::Outcome;
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let decision = engine.decide(&engine.request(night)?)?;
/// let next = match decision.outcome {
///     Outcome::Allow => "send it".to_string(),
///     Outcome::Defer => format!("send it at {}", decision.until_local.unwrap_or_default()),
///     Outcome::Deny => "leave it".to_string(),
/// };
/// assert_eq!(next, "send it at 2026-07-02T08:00:00-04:00");
/// # Ok::<(), byleave::Error>(())
/// ```
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
    ///
    /// ```
    /// assert_eq!(byleave::Outcome::Defer.as_str(), "defer");
    /// assert_eq!(byleave::Outcome::Deny.to_string(), "deny");
    /// ```
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
///
/// ```
/// use byleave::wire::decision::ReasonKind;
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let refused = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/refused.json"));
/// let decision = engine.decide(&engine.request(refused)?)?;
/// // Somebody who said no is not asked again; somebody who was never asked may be.
/// let never_again = decision.reasons.iter().any(|reason| reason.kind == Some(ReasonKind::Refused));
/// assert!(never_again);
/// # Ok::<(), byleave::Error>(())
/// ```
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
    ///
    /// ```
    /// assert_eq!(byleave::wire::decision::ReasonKind::TooOften.as_str(), "too_often");
    /// ```
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
///
/// ```
/// use byleave::wire::decision::Finding;
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let explained = engine.explain(&engine.request(night)?)?;
/// let found: Vec<(&str, Finding)> = explained.rules.iter().map(|it| (it.rule.as_str(), it.finding)).collect();
/// assert_eq!(found, [("shop.quiet_hours", Finding::Violated), ("shop.texts", Finding::Satisfied)]);
/// # Ok::<(), byleave::Error>(())
/// ```
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
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let decision = engine.decide(&engine.request(night)?)?;
/// assert!(!decision.is_allowed());
/// assert_eq!(decision.until.as_deref(), Some("2026-07-02T12:00:00Z"));
/// for reason in &decision.reasons {
///     println!("{}: {} ({})", reason.rule, reason.sentence, reason.citations.join(", "));
/// }
/// # Ok::<(), byleave::Error>(())
/// ```
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
///
/// ```
/// use byleave::wire::decision::Validity;
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let refused = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/refused.json"));
/// let decision = engine.decide(&engine.request(refused)?)?;
/// // No hour of the day changes a refusal: nothing needs to be asked again until a fact changes.
/// assert_eq!(decision.valid_until, Validity::Open);
/// # Ok::<(), byleave::Error>(())
/// ```
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
    ///
    /// ```
    /// use byleave::wire::decision::Validity;
    /// assert!(Validity::Unasked.is_unasked());
    /// assert!(!Validity::Open.is_unasked());
    /// ```
    #[must_use]
    pub fn is_unasked(&self) -> bool {
        matches!(self, Validity::Unasked)
    }
    /// Whether nothing changes, as far as anybody asked.
    ///
    /// ```
    /// use byleave::wire::decision::Validity;
    /// assert!(Validity::Open.is_open());
    /// assert!(!Validity::Until("2026-07-02T12:00:00Z".into()).is_open());
    /// ```
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self, Validity::Until(_))
    }
    /// The instant, if there is one.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
    /// let decision = engine.decide(&engine.request(night)?)?;
    /// // A cache may keep the answer as long.
    /// assert_eq!(decision.valid_until.instant(), Some("2026-07-02T12:00:00Z"));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn instant(&self) -> Option<&str> {
        match self {
            Validity::Until(t) => Some(t),
            _ => None,
        }
    }
}

/// One rule's reason.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let decision = engine.decide(&engine.request(night)?)?;
/// let reason = &decision.reasons[0];
/// assert_eq!((reason.rule.as_str(), reason.citations[0].as_str()), ("shop.quiet_hours", "Handbook, 1"));
/// assert!(reason.looked_at.iter().any(|it| it.fact == "recipient.time_zones"));
/// # Ok::<(), byleave::Error>(())
/// ```
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
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let refused = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/refused.json"));
/// let decision = engine.decide(&engine.request(refused)?)?;
/// let refusal = &decision.reasons[0].refused_by[0];
/// assert_eq!(refusal.id.as_deref(), Some("stop"));
/// assert_eq!(refusal.at.as_deref(), Some("2026-06-01T12:00:00Z"));
/// # Ok::<(), byleave::Error>(())
/// ```
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
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let decision = engine.decide(&engine.request(night)?)?;
/// let seen: Vec<String> =
///     decision.reasons[0].looked_at.iter().map(|it| format!("{} = {}", it.fact, it.value)).collect();
/// assert_eq!(seen, ["contact.channel = sms", "recipient.time_zones = America/New_York"]);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookedAt {
    /// Its path; a list of events is named whole.
    pub fact: String,
    /// Its value in words: never an event's content, only how many there are.
    pub value: String,
}

/// An exemption tried.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let refused = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/refused.json"));
/// let decision = engine.decide(&engine.request(refused)?)?;
/// let tried = &decision.reasons[0].exemptions[0];
/// assert_eq!(tried.id, "shop.customers");
/// assert_eq!(tried.lacked, ["existing_customers is no_question", "person.customer"]);
/// # Ok::<(), byleave::Error>(())
/// ```
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
///
/// ```
/// use byleave::wire::decision::Clears;
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let decision = engine.decide(&engine.request(night)?)?;
/// assert_eq!(decision.reasons[0].clears, Some(Clears::At("2026-07-02T12:00:00Z".into())));
/// # Ok::<(), byleave::Error>(())
/// ```
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
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let decision = engine.decide(&engine.request(night)?)?;
/// let owed: Vec<(&str, Option<&str>)> =
///     decision.obligations.iter().map(|it| (it.id.as_str(), it.value.as_deref())).collect();
/// assert_eq!(owed, [("keep_copy", Some("2 years")), ("say_who_we_are", None)]);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Obligation {
    /// Its word: a content element, or an act.
    pub id: String,
    /// What it says besides: a length, a date, words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// It has a length or a day, and nobody knows which: what it counts from hangs on facts that were not given. There is
    /// no `value` then.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unknown: bool,
    /// The rule or exemption that asks it.
    pub rule: String,
    /// Citations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<String>,
}

/// Left out of the text where it says nothing.
pub(super) fn is_false(yes: &bool) -> bool {
    !yes
}

/// Which fields the contact may carry.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let decision = engine.decide(&engine.request(night)?)?;
/// assert_eq!(decision.fields.allowed, ["greeting"]);
/// assert_eq!(decision.fields.withheld[0].name, "remedy");
/// # Ok::<(), byleave::Error>(())
/// ```
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
    ///
    /// ```
    /// use byleave::wire::decision::Fields;
    /// assert!(Fields::default().is_empty());
    /// assert!(!Fields { allowed: vec!["greeting".into()], withheld: vec![] }.is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.allowed.is_empty() && self.withheld.is_empty()
    }
}

/// A field that may not be carried.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let decision = engine.decide(&engine.request(night)?)?;
/// for withheld in &decision.fields.withheld {
///     // Leave `{remedy}` out of the text.
///     assert_eq!(withheld.rules, ["shop.texts"]);
/// }
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withheld {
    /// Its name.
    pub name: String,
    /// The rules that withhold it.
    pub rules: Vec<String>,
}

/// An unknown that the law's own word `known that` settled.
///
/// ```
/// let engine = byleave::Engine::builder()
///     .source("a", "a.leave", r#"
///         pack a { title "A" source "Handbook" edition "1" }
///         fact person.hurried: boolean
///         rule r { cite "1" require not known that person.hurried because "Nobody in a hurry is called." }
///     "#)
///     .build()?;
/// let decision = engine.decide(&engine.request(r#"{"at": "2026-07-01T12:00:00Z"}"#)?)?;
/// // It went out although nobody knew, because the rule says so; that is on record.
/// assert!(decision.is_allowed());
/// assert_eq!(decision.taken_as[0].fact, "person.hurried");
/// # Ok::<(), byleave::Error>(())
/// ```
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
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let decision = engine.decide(&engine.request(r#"{
///     "at": "2026-07-01T12:00:00Z",
///     "contact": {"channel": "pigeon", "purpose": ["care"]}
/// }"#)?)?;
/// let warning = &decision.warnings[0];
/// assert_eq!((warning.code.as_str(), warning.path.as_str()), ("undeclared", "contact.channel"));
/// # Ok::<(), byleave::Error>(())
/// ```
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
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let decision = engine.decide(&engine.request(night)?)?;
/// let evidence = decision.evidence.unwrap();
/// assert_eq!(evidence.settings["shop.existing_customers"], "ask");
/// // The facts themselves are not in it: their digest proves them without keeping them.
/// assert_eq!(evidence.facts.len(), 64);
/// # Ok::<(), byleave::Error>(())
/// ```
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
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let evidence = engine.decide(&engine.request(night)?)?.evidence.unwrap();
/// assert_eq!((evidence.packs[0].name.as_str(), evidence.packs[0].edition.as_str()), ("shop", "2026-11"));
/// // The same text in another engine has the same digest.
/// assert_eq!(evidence.packs[0].digest, engine.packs()[0].digest);
/// # Ok::<(), byleave::Error>(())
/// ```
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
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
/// let zones = engine.decide(&engine.request(night)?)?.evidence.unwrap().zones;
/// println!("decided with the clocks of {}", zones.edition);
/// assert!(zones.edition.starts_with("20"));
/// # Ok::<(), byleave::Error>(())
/// ```
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
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
    /// let request = engine.request(night)?;
    /// assert!(!engine.decide(&request)?.is_allowed());
    /// # Ok::<(), byleave::Error>(())
    /// ```
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.outcome == Outcome::Allow
    }

    /// The canonical bytes: no spaces, keys in order.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// # let night = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/night.json"));
    /// let decision = engine.decide(&engine.request(night)?)?;
    /// // The bytes that every language gives for these facts.
    /// assert_eq!(decision.to_json().unwrap(), engine.decide_json(night)?);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// None in practice: every part is text, number or list.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads an answer back.
    ///
    /// ```
    /// use byleave::Decision;
    /// let kept = r#"{"outcome":"deny","at":"2026-07-01T16:00:00Z","valid_until":null}"#;
    /// assert!(!Decision::from_json(kept).unwrap().is_allowed());
    /// assert!(Decision::from_json(r#"{"outcome":"perhaps","at":"2026-07-01T16:00:00Z"}"#).is_err());
    /// ```
    ///
    /// # Errors
    /// Anything that this engine would not have written: another key, another word.
    pub fn from_json(text: &str) -> Result<Decision, serde_json::Error> {
        serde_json::from_str(text)
    }
}
