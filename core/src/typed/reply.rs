//! What people answer, checked: words, where they count, and what they mean.

use super::{InForce, Law};
use crate::source::Span;

/// A list of what people write, and what it means.
#[derive(Clone, Debug)]
pub struct Reply {
    /// `us.tcpa.stop_words`
    pub id: String,
    /// Index of its pack.
    pub pack: u16,
    /// Where it stands in the law, and how that is known.
    pub law: Law,
    /// When it is in force.
    pub in_force: InForce,
    /// `en`, `es`; empty: of any language.
    pub languages: Vec<String>,
    /// What it means.
    pub means: Means,
    /// The words that count.
    pub words: Vec<ReplyText>,
    /// What may stand beside words that count alone.
    pub beside: Vec<String>,
    /// Words that are no slip of those that count.
    pub unlike: Vec<String>,
    /// What takes the meaning from words within it.
    pub except: Vec<String>,
    /// The one message that may confirm it.
    pub confirm: Option<Confirm>,
    /// Plain words.
    pub because: String,
    /// Doc comment.
    pub doc: String,
    /// All of it.
    pub span: Span,
}

/// What a reply means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Means {
    /// Nobody can tell by the words alone: somebody looks.
    Ask,
    /// The person wants no more of it: bounded by these parts of the contact that was answered, or by nothing.
    Revoke(Vec<Part>),
    /// The person asks what this is.
    Help,
    /// The person agrees, at that level at most.
    OptIn(String),
}

/// A part of the contact that was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Its channel's family.
    Channel,
    /// The family of each of its purposes.
    Purpose,
    /// Its topics.
    Topic,
    /// Its sender.
    Sender,
    /// Where it went.
    Address,
    /// What it was about.
    Matter,
}

impl Part {
    /// Every part with the word that stands for it.
    pub const ALL: [(&'static str, Part); 6] = [
        ("channel", Part::Channel),
        ("purpose", Part::Purpose),
        ("topic", Part::Topic),
        ("sender", Part::Sender),
        ("address", Part::Address),
        ("matter", Part::Matter),
    ];
}

/// One text that counts.
#[derive(Clone, Debug)]
pub struct ReplyText {
    /// Where in a message.
    pub place: ReplyAt,
    /// As written.
    pub text: String,
}

/// Where in a message a text counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyAt {
    /// It is all that the message says, but for words that may stand beside it.
    Alone,
    /// It is the whole message, letter by letter.
    Exactly,
    /// Anywhere.
    Within,
}

/// `confirm opt_out_confirmation asking clarification`
#[derive(Clone, Debug)]
pub struct Confirm {
    /// The purpose of the message.
    pub purpose: String,
    /// The content element that it may have besides.
    pub asking: Option<String>,
}
