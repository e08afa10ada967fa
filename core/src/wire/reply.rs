//! What somebody answered, as it was read: what it means, the words that decided it, and what follows. Keys stand in the order
//! of the fields, lists in an order that hangs on content alone.

use crate::wire::decision::{Obligation, is_false};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a reply means, the more restrictive the lower it stands here.
///
/// ```
/// use byleave::wire::reply::ReplyKind;
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let kind = |text| engine.interpret_reply(text, None, &()).map(|it| it.kind);
/// assert_eq!(kind("Stop!")?, ReplyKind::Revoke);
/// assert_eq!(kind("How do I make it stop")?, ReplyKind::Ask);
/// assert_eq!(kind("See you at eight")?, ReplyKind::Ignore);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyKind {
    /// Nothing in it bears on consent.
    Ignore,
    /// The person agrees.
    OptIn,
    /// The person asks what this is.
    Help,
    /// The words alone do not tell: hold what is due and have somebody look.
    Ask,
    /// The person wants no more.
    Revoke,
}

impl ReplyKind {
    /// The word of the wire.
    ///
    /// ```
    /// assert_eq!(byleave::wire::reply::ReplyKind::OptIn.as_str(), "opt_in");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ReplyKind::Ignore => "ignore",
            ReplyKind::OptIn => "opt_in",
            ReplyKind::Help => "help",
            ReplyKind::Ask => "ask",
            ReplyKind::Revoke => "revoke",
        }
    }
}

impl fmt::Display for ReplyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A reply, read.
///
/// ```
/// use serde_json::json;
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let read = engine.interpret_reply("STOP", Some("en"), &json!({
///     "at": "2026-07-01T16:00:00Z",
///     "contact": {"channel": "sms", "purpose": ["offer"]},
/// }))?;
/// // Ready for the request's `consents`, and for a ledger.
/// // Whoever answers does not see which kind of text it was.
/// assert_eq!(read.events[0].scope.channel, ["text"]);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interpretation {
    /// What it means.
    pub kind: ReplyKind,
    /// The words that decided it, in order of place; of many the first 32.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<ReplyWords>,
    /// Words that would have decided something, and what took their meaning from them; of many the first 32.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set_aside: Vec<SetAside>,
    /// The declarations that decided it, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<ReplyRule>,
    /// Whether it was longer than what is judged (16 384 code points), and what is left of it nobody has read.
    #[serde(default, skip_serializing_if = "is_false")]
    pub cut: bool,
    /// Of an opting in: what it is worth at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Of a revocation or an opting in: what to add to `consents`. A revocation that its scope does not bind to the address stands
    /// twice, for the person and for whoever else uses the address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<ConsentEvent>,
    /// Of a revocation: the last day on which it may be put into effect, the earliest of those that the packs owe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub honor_by: Option<String>,
    /// Of a revocation: what is owed because of it, for a contact like the one that was answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub obligations: Vec<Obligation>,
    /// Of a revocation: whether one message may confirm it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<Confirmation>,
    /// What the context does not say. What would bound a revocation and is missing leaves it wider.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

impl Interpretation {
    /// The canonical text.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let text = engine.interpret_reply("Thank you", None, &())?.to_json().unwrap();
    /// assert_eq!(text, r#"{"kind":"ignore"}"#);
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// None that anybody has seen: what holds texts and lists can be written.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}

/// Words that were found, and where.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let text = "😀 Please STPO";
/// let read = engine.interpret_reply(text, None, &())?;
/// let words = &read.words[0];
/// // Places are counted in Unicode code points.
/// let found: String = text.chars().skip(words.start as usize).take((words.end - words.start) as usize).collect();
/// assert_eq!((found.as_str(), words.phrase.as_str(), words.slip), ("STPO", "stop", true));
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyWords {
    /// As they stand in the message.
    pub text: String,
    /// The first of them, in Unicode code points from the message's start: as Python counts; in JavaScript
    /// `[...message].slice(start, end).join('')`, in Rust `message.chars()`.
    pub start: u32,
    /// The code point after the last.
    pub end: u32,
    /// The declaration that names them.
    pub rule: String,
    /// As it names them.
    pub phrase: String,
    /// Whether the person slipped.
    #[serde(default, skip_serializing_if = "is_false")]
    pub slip: bool,
}

/// Words that were found and do not count.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let read = engine.interpret_reply("Which bus stop is yours?", None, &())?;
/// assert_eq!(read.set_aside[0].because_of, "bus stop");
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAside {
    /// Which.
    pub words: ReplyWords,
    /// The words around them, as policy names them, that take their meaning away.
    pub because_of: String,
}

/// A declaration that decided.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let read = engine.interpret_reply("stop", None, &())?;
/// assert_eq!((read.rules[0].rule.as_str(), read.rules[0].citations[0].as_str()), ("shop.stop_words", "Handbook, 3"));
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyRule {
    /// `us.tcpa.stop_words`
    pub rule: String,
    /// The pack it stands in.
    pub pack: String,
    /// In plain words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sentence: String,
    /// Citations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<String>,
    /// How the author knows: `text`, `secondary`, `unverified`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<String>,
}

/// An event as a request's `consents` holds it.
///
/// ```
/// use serde_json::json;
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let mut request = json!({"at": "2026-07-01T16:00:00Z", "contact": {"channel": "sms", "purpose": ["offer"]}});
/// let read = engine.interpret_reply("stop", None, &request)?;
/// request["consents"] = json!(read.events);
/// assert!(!engine.decide(&engine.request_from(&request)?)?.is_allowed());
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentEvent {
    /// `revoke`, `grant`
    pub kind: String,
    /// The context's, or told from the message and its instant: the same message twice is one event.
    pub id: String,
    /// When the person answered.
    pub at: String,
    /// Of a grant: its level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// How it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub means: Option<String>,
    /// Who acted, if the context says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What kind of message it answered, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replied_to: Option<String>,
    /// What it covers.
    #[serde(default, skip_serializing_if = "EventScope::is_open")]
    pub scope: EventScope,
}

/// What an event covers; what is empty is open.
///
/// ```
/// use serde_json::json;
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let read = engine.interpret_reply("stop", None, &json!({"at": "2026-07-01T16:00:00Z"}))?;
/// // Nobody said what was answered, so nothing bounds it.
/// assert!(read.events[0].scope.is_open());
/// assert_eq!(read.missing, ["contact", "contact.channel"]);
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventScope {
    /// Channels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channel: Vec<String>,
    /// Purposes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purpose: Vec<String>,
    /// Topics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topic: Vec<String>,
    /// Senders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sender: Vec<String>,
    /// Addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub address: Vec<String>,
    /// Matters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matter: Vec<String>,
}

impl EventScope {
    /// Whether nothing bounds it.
    ///
    /// ```
    /// assert!(byleave::wire::reply::EventScope::default().is_open());
    /// ```
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == EventScope::default()
    }
}

/// The one message that may say that a revocation was heard, as the packs decide about it.
///
/// ```
/// use serde_json::json;
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let read = engine.interpret_reply("stop", None, &json!({
///     "at": "2026-07-01T16:00:00Z",
///     "contact": {"channel": "sms", "purpose": ["offer"]},
///     "person": {"time_zones": ["America/New_York"]},
///     "consents": [],
/// }))?;
/// let confirmation = read.confirmation.unwrap();
/// // Of that purpose and no other: a word of advertising would make another message of it.
/// assert_eq!((confirmation.allowed, confirmation.purpose.as_str()), (true, "stop_heard"));
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// Whether it may go out at the instant of the reply. It is a contact like any other: before it goes out, ask for a decision
    /// on it, with the event in `consents`.
    pub allowed: bool,
    /// If it may: the first instant at which that is different.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Its one purpose. What serves any other purpose besides, such as marketing, is another message, and not this leave.
    pub purpose: String,
    /// The event that its `responds_to` names.
    pub responds_to: String,
    /// Content elements that it may have besides, such as the question which messages are meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub may_ask: Vec<String>,
    /// What it owes: content that it must have, acts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub obligations: Vec<Obligation>,
    /// The exemptions that carry it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exemptions: Vec<ReplyRule>,
    /// If it may not: the rules that block it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// If it may not: the facts that nobody supplied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}
