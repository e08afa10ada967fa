//! What people answer, and what it means: `reply stop_words means revoke { … }`.

use super::{Date, Doc, Name, Template, Text};
use crate::source::Span;

/// `reply stop_words means revoke of channel, purpose, sender { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// `///`
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// `revoke`, `ask`, `help`, `opt_in`
    pub means: Name,
    /// `of channel, purpose`: what of the contact that was answered bounds it; empty: nothing does.
    pub of: Vec<Name>,
    /// `at opted_in`: the level that an opting in is worth.
    pub at: Option<Name>,
    /// `cite "…", "…"`
    pub cite: Vec<Text>,
    /// `sheet NAME` or `sheet "NAME"`: the id in the fact sheet.
    pub sheet: Option<Name>,
    /// `verified text`
    pub verified: Option<Name>,
    /// `since D`: the first day in force.
    pub since: Option<Date>,
    /// `until D`: the last day in force.
    pub until: Option<Date>,
    /// `because "…"`
    pub because: Option<Template>,
    /// `language en, es`
    pub languages: Vec<Name>,
    /// Its lists of words, in written order.
    pub words: Vec<ReplyWords>,
    /// `confirm opt_out_confirmation`: the purpose of the one message that may confirm it.
    pub confirm: Option<Name>,
    /// `asking clarification`: what that message may ask.
    pub asking: Option<Name>,
    /// All of it.
    pub span: Span,
}

/// `alone "stop", "quit"`
#[derive(Clone, Debug, PartialEq)]
pub struct ReplyWords {
    /// Where in a message they count.
    pub place: ReplyPlace,
    /// The words.
    pub texts: Vec<Text>,
    /// All of it.
    pub span: Span,
}

/// Where in a message words count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyPlace {
    /// `alone`: they are all that the message says, but for words of `beside`; slips of the finger count.
    Alone,
    /// `exactly`: they are the whole message, letter by letter.
    Exactly,
    /// `within`: anywhere in the message.
    Within,
    /// `beside`: what may stand beside words that count alone.
    Beside,
    /// `unlike`: words that are no slip of those that count.
    Unlike,
    /// `except`: what takes the meaning from words `within` it.
    Except,
}
