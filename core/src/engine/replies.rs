//! Reading what people answer, and what follows from it: the event, its deadline, the message that may confirm it.

use super::{Engine, written};
use crate::error::Error;
use crate::eval::Scratch;
use crate::replies::{self, Found, Reading, Sense};
use crate::time::{Date, Instant};
use crate::typed::{Confirm, Means, Part, Reply, Verified};
use crate::value::Type;
use crate::wire::decision::{Decision, Finding, Obligation, Outcome, Validity};
use crate::wire::reply::{
    Confirmation, ConsentEvent, EventScope, Interpretation, ReplyKind, ReplyRule, ReplyWords, SetAside,
};
use crate::wire::{Detail, Item, Json, Path};
use context::Context;

mod confirming;
mod context;

/// Words that an answer tells.
const TOLD: usize = 32;
/// The act that a revocation's deadline is owed as.
const HONOR_BY: &str = "honor_by";

impl Engine {
    /// Reads what somebody answered, by the words that the packs declare: to stop, to have help, to agree, to have somebody
    /// look, or nothing that bears on consent.
    ///
    /// `text` is the message's plain text. `language` (`en`, `es-MX`) is the person's, where it is known; words that restrict
    /// count in every language. `context` is a request for the contact that was answered, at the instant of the reply, and may
    /// be `&()`: the scope of a revocation is taken from its `contact`, `sender` and `address`, deadline and confirmation are
    /// decided on it. Its key `reply` may tell of the message itself: `id`, `means`, `by`, `replied_to`.
    ///
    /// ```
    /// use byleave::wire::reply::ReplyKind;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let read = engine.interpret_reply("pls stop texting me", Some("en"), &())?;
    /// assert_eq!(read.kind, ReplyKind::Revoke);
    /// assert_eq!(read.words[0].text, "stop texting me");
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// The context is not what the contract asks for, with its path; `language` is none.
    pub fn interpret_reply(
        &self,
        text: &str,
        language: Option<&str>,
        context: &impl serde::Serialize,
    ) -> Result<Interpretation, Error> {
        self.interpret_reply_tree(text, language, Json::from_serialize(context, &self.limits())?)
    }

    /// As [`Engine::interpret_reply`], the context as JSON text or its bytes, empty for none; gives canonical bytes.
    ///
    /// ```
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// let read = engine.interpret_reply_json("STOP", None, r#"{"at": "2026-07-01T16:00:00Z"}"#)?;
    /// assert!(read.starts_with(r#"{"kind":"revoke""#));
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Engine::interpret_reply`]; no JSON.
    pub fn interpret_reply_json(
        &self,
        text: &str,
        language: Option<&str>,
        context: impl AsRef<[u8]>,
    ) -> Result<String, Error> {
        let context = context.as_ref();
        let tree = if context.is_empty() { Json::Null } else { Json::from_bytes(context, &self.limits())? };
        written(&self.interpret_reply_tree(text, language, tree)?)
    }

    /// As [`Engine::interpret_reply`], of a tree that a binding has filled from its own objects; null for no context.
    ///
    /// ```
    /// use byleave::wire::Json;
    /// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
    /// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
    /// assert_eq!(engine.interpret_reply_tree("HELP", None, Json::Null)?.kind.as_str(), "help");
    /// let error = engine.interpret_reply_tree("STOP", None, Json::Int(1)).unwrap_err();
    /// assert_eq!(error.message(), "the context of a reply is an object, not a number");
    /// # Ok::<(), byleave::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Engine::interpret_reply`].
    pub fn interpret_reply_tree(
        &self,
        text: &str,
        language: Option<&str>,
        context: Json,
    ) -> Result<Interpretation, Error> {
        let language = language.map(main_language).transpose()?;
        let context = Context::of(context, &self.limits())?;
        if context.at.is_some() {
            self.facts(&context.request)?;
        }
        self.check_told(&context)?;
        let lexicon = self.0.lexicon.get_or_init(|| replies::Lexicon::of(self.policy()));
        let read = replies::read(self.policy(), lexicon, text, language.as_deref(), context.at);
        let mut out = self.told(text, &read);
        match read.sense {
            Sense::Revoke => self.revoked(text, &context, &read, &mut out)?,
            Sense::OptIn => self.opted_in(text, &context, &read, &mut out),
            _ => {}
        }
        out.missing.sort();
        out.missing.dedup();
        Ok(out)
    }

    /// What is told of the message itself is said in words that there are: a slip would be an event that says less.
    fn check_told(&self, context: &Context) -> Result<(), Error> {
        let vocabulary = &self.policy().vocabulary;
        let place = Path::ROOT.key("reply");
        let choice =
            |fact: &str| match vocabulary.fact(fact).and_then(|it| vocabulary.decl(it)).map(|it| &it.ty) {
                Some(Type::Choice(words)) => words.iter().map(String::as_str).collect(),
                _ => Vec::new(),
            };
        let means = vocabulary.taxonomy("means").map(|(_, tree)| tree.names().collect()).unwrap_or_default();
        let known =
            [("means", means), ("by", choice("consents.by")), ("replied_to", choice("consents.replied_to"))];
        for (key, words) in known {
            if let Some(word) = context.reply(key).filter(|word| !words.contains(&word.as_str())) {
                let message = format!("`{}` is none of the words it may be", crate::error::quoted(&word));
                return Err(Error::input(place.key(key), message).suggest(&word, words));
            }
        }
        Ok(())
    }

    fn reply(&self, n: usize) -> Option<&Reply> {
        self.policy().replies.get(n)
    }

    /// What was found, in the words of the contract.
    fn told(&self, text: &str, read: &Reading) -> Interpretation {
        let words = |found: &Found| ReplyWords {
            text: text.chars().skip(found.from).take(found.to - found.from).collect(),
            start: found.from as u32,
            end: found.to as u32,
            rule: self.reply(found.reply).map_or_else(String::new, |it| it.id.clone()),
            phrase: found.text.clone(),
            slip: found.slip,
        };
        let mut deciding: Vec<&Reply> = read.found.iter().filter_map(|it| self.reply(it.reply)).collect();
        deciding.sort_by(|a, b| a.id.cmp(&b.id));
        deciding.dedup_by(|a, b| a.id == b.id);
        Interpretation {
            kind: match read.sense {
                Sense::Ignore => ReplyKind::Ignore,
                Sense::OptIn => ReplyKind::OptIn,
                Sense::Help => ReplyKind::Help,
                Sense::Ask => ReplyKind::Ask,
                Sense::Revoke => ReplyKind::Revoke,
            },
            words: read.found.iter().take(TOLD).map(words).collect(),
            set_aside: read
                .aside
                .iter()
                .take(TOLD)
                .map(|it| SetAside { words: words(&it.found), because_of: it.by.clone() })
                .collect(),
            rules: deciding.into_iter().map(|it| self.rule_of(it)).collect(),
            cut: read.cut,
            level: None,
            events: Vec::new(),
            honor_by: None,
            obligations: Vec::new(),
            confirmation: None,
            missing: Vec::new(),
        }
    }

    fn rule_of(&self, reply: &Reply) -> ReplyRule {
        ReplyRule {
            rule: reply.id.clone(),
            pack: self.pack_name(reply.pack),
            sentence: reply.because.clone(),
            citations: reply.law.cites.clone(),
            verified: reply.law.verified.map(verified),
        }
    }

    fn pack_name(&self, pack: u16) -> String {
        self.policy().packs.get(usize::from(pack)).map_or_else(String::new, |it| it.name.clone())
    }

    fn opted_in(&self, text: &str, context: &Context, read: &Reading, out: &mut Interpretation) {
        let levels: Vec<&String> = read
            .found
            .iter()
            .filter_map(|it| match &self.reply(it.reply)?.means {
                Means::OptIn(level) => Some(level),
                _ => None,
            })
            .collect();
        let Some(level) = self.least(&levels) else {
            // Packs that disagree about what it is worth leave nobody a level: somebody looks.
            out.kind = ReplyKind::Ask;
            return;
        };
        out.level = Some(level.clone());
        // To what was asked and by whom, or to nothing at all.
        let parts = [Part::Channel, Part::Purpose, Part::Topic, Part::Sender, Part::Address];
        let scope = self.scope(context, &parts, &mut out.missing);
        let bounded = out.missing.is_empty()
            && [&scope.channel, &scope.purpose, &scope.sender, &scope.address]
                .iter()
                .all(|it| !it.is_empty());
        if let Some(event) = self.event(text, context, "grant", scope, &mut out.missing).filter(|_| bounded) {
            out.events.push(ConsentEvent { level: Some(level), ..event });
        }
    }

    /// The level that is worth least of several, if they can be compared.
    fn least(&self, levels: &[&String]) -> Option<String> {
        let (_, tree) = self.policy().vocabulary.taxonomy("level")?;
        let mut least = tree.find(levels.first()?)?;
        for level in levels {
            let level = tree.find(level)?;
            least = match (tree.is(least, level), tree.is(level, least)) {
                (true, _) => level,
                (_, true) => least,
                _ => return None,
            };
        }
        Some(tree.name_of(least).to_owned())
    }

    fn revoked(
        &self,
        text: &str,
        context: &Context,
        read: &Reading,
        out: &mut Interpretation,
    ) -> Result<(), Error> {
        let replies: Vec<&Reply> = read.found.iter().filter_map(|it| self.reply(it.reply)).collect();
        // What bounds it must bound it by every declaration that found it.
        let mut parts = Part::ALL.map(|(_, part)| part).to_vec();
        for reply in &replies {
            if let Means::Revoke(own) = &reply.means {
                parts.retain(|part| own.contains(part));
            }
        }
        let scope = self.scope(context, &parts, &mut out.missing);
        let Some(event) = self.event(text, context, "revoke", scope, &mut out.missing) else { return Ok(()) };
        let address = context.texts("address", "value");
        out.events.push(event.clone());
        if event.scope.address.is_empty() && !address.is_empty() && self.knows("consents.scope.address") {
            let id = format!("{}-address", event.id);
            let scope = EventScope { address, ..event.scope.clone() };
            out.events.push(ConsentEvent { id, scope, ..event.clone() });
        }
        let consents = self.consents(context, &out.events)?;
        if context.request.json().get("contact").is_some() {
            let before = self.decide(&context.request)?;
            let after = self.decide(&context.with(&[("consents", consents.clone())], &self.limits())?)?;
            // Where another stop binds already, this one is honoured no later.
            let new = |it: &Obligation| it.id == HONOR_BY || !before.obligations.contains(it);
            out.obligations = after.obligations.into_iter().filter(new).collect();
            let days = out.obligations.iter().filter(|it| it.id == HONOR_BY);
            // A length without a beginning is no day.
            let days = days.filter_map(|it| it.value.as_deref()?.parse::<Date>().ok());
            out.honor_by = days.min().map(|day| day.to_string());
        } else {
            out.missing.push("contact".to_owned());
        }
        let confirm = replies.iter().find_map(|it| it.confirm.as_ref());
        if let Some(confirm) = confirm {
            out.confirmation = self.confirmation(context, confirm, &event.id, consents)?;
        }
        Ok(())
    }

    /// The history with what was just said.
    fn consents(&self, context: &Context, events: &[ConsentEvent]) -> Result<Json, Error> {
        let mut items = match context.request.json().get("consents") {
            Some(Json::List(items)) => items.clone(),
            _ => Vec::new(),
        };
        let Json::List(new) = Json::from_serialize(&events, &self.limits())? else {
            return Err(Error::internal("events are a list"));
        };
        let from = items.len() as u32;
        items.extend((from..).zip(new).map(|(at, item)| Item { at, json: item.json }));
        Ok(Json::List(items))
    }

    /// Whether one message may say that it was heard: asked of the packs like any other.
    fn confirmation(
        &self,
        context: &Context,
        confirm: &Confirm,
        id: &str,
        consents: Json,
    ) -> Result<Option<Confirmation>, Error> {
        let channel = context.text("contact", "channel");
        let mut out = Confirmation {
            allowed: false,
            until: None,
            purpose: confirm.purpose.clone(),
            responds_to: id.to_owned(),
            may_ask: Vec::new(),
            obligations: Vec::new(),
            exemptions: Vec::new(),
            rules: Vec::new(),
            missing: Vec::new(),
        };
        // Without the person's history nobody knows whether another stop came before; a list of this one alone would say so.
        for (fact, known) in [
            ("contact.channel", channel.is_some()),
            ("consents", context.request.json().get("consents").is_some()),
        ] {
            if !known {
                out.missing.push(fact.to_owned());
            }
        }
        let Some(channel) = channel.filter(|_| out.missing.is_empty()) else { return Ok(Some(out)) };
        let text = |it: &str| Json::Text(it.to_owned());
        let vocabulary = &self.policy().vocabulary;
        let contact = confirming::contact(vocabulary, context, &channel, &confirm.purpose, id);
        let ask = |includes: &[&String]| {
            let mut over = vec![("contact", contact.clone()), ("consents", consents.clone())];
            let includes = confirming::list(includes.iter().map(|it| text(it)).collect());
            if self.knows("content.includes") {
                over.push(("content", Json::Map(vec![("includes".to_owned(), includes)])));
            }
            let request = context.with(&over, &self.limits())?;
            let facts = self.facts(&request)?;
            self.decide_facts(&facts, Detail::Full, &mut Scratch::default())
        };
        let decision = ask(&[])?;
        out.allowed = decision.outcome == Outcome::Allow;
        if !out.allowed {
            let blocking = decision.reasons.iter().filter(|it| it.kind.is_some());
            out.rules = blocking.map(|it| it.rule.clone()).collect();
            out.missing = decision.missing;
            return Ok(Some(out));
        }
        if let Validity::Until(until) = &decision.valid_until {
            out.until = Some(until.clone());
        }
        out.exemptions = self.carried(&decision);
        out.obligations = decision.obligations;
        if let Some(asking) = &confirm.asking
            && ask(&[asking])?.outcome == Outcome::Allow
        {
            out.may_ask.push(asking.clone());
        }
        Ok(Some(out))
    }

    /// The exemptions without which a rule would have blocked.
    fn carried(&self, decision: &Decision) -> Vec<ReplyRule> {
        let tried = decision.reasons.iter().flat_map(|it| &it.exemptions);
        let mut ids: Vec<&str> =
            tried.filter(|it| it.finding == Finding::Satisfied).map(|it| it.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        let all = &self.policy().exemptions;
        let found = ids.into_iter().filter_map(|id| all.iter().find(|it| it.id == id));
        found
            .map(|it| ReplyRule {
                rule: it.id.clone(),
                pack: self.pack_name(it.pack),
                sentence: it.doc.replace('\n', " "),
                citations: it.law.cites.clone(),
                verified: it.law.verified.map(verified),
            })
            .collect()
    }

    fn knows(&self, fact: &str) -> bool {
        self.policy().vocabulary.fact(fact).is_some()
    }

    /// What the contact that was answered says of these parts; what it does not say is open, and missing.
    fn scope(&self, context: &Context, parts: &[Part], missing: &mut Vec<String>) -> EventScope {
        let mut out = EventScope::default();
        for part in parts {
            let (entity, key, taxonomy, place) = match part {
                Part::Channel => ("contact", "channel", "channel", &mut out.channel),
                Part::Purpose => ("contact", "purpose", "purpose", &mut out.purpose),
                Part::Topic => ("contact", "topic", "topic", &mut out.topic),
                Part::Sender => ("sender", "id", "sender", &mut out.sender),
                Part::Address => ("address", "value", "", &mut out.address),
                Part::Matter => ("contact", "matter", "", &mut out.matter),
            };
            if !self.knows(&format!("{entity}.{key}")) {
                continue;
            }
            let mut texts = context.texts(entity, key);
            if !context.says(entity, key) {
                missing.push(format!("{entity}.{key}"));
            }
            let tree = self.policy().vocabulary.taxonomy(taxonomy).map(|(_, tree)| tree);
            // A word that nobody declares bounds nothing that anybody could tell.
            if tree.is_some_and(|tree| texts.iter().any(|name| tree.find(name).is_none())) {
                missing.push(format!("{entity}.{key}"));
                texts.clear();
            }
            // Whoever answers a message does not see what finer kind of text, or of purpose, it was.
            if matches!(part, Part::Channel | Part::Purpose) {
                texts = texts.into_iter().map(|name| self.family(taxonomy, name)).collect();
            }
            texts.sort();
            texts.dedup();
            *place = texts;
        }
        out
    }

    /// The node below the root that a node stands under.
    fn family(&self, taxonomy: &str, name: String) -> String {
        let found = self.policy().vocabulary.taxonomy(taxonomy).and_then(|(_, tree)| {
            let mut at = tree.find(&name)?;
            loop {
                let parent = tree.node(at)?.parent;
                if parent == crate::taxonomy::NodeId::ROOT {
                    return Some(tree.name_of(at).to_owned());
                }
                at = parent;
            }
        });
        found.unwrap_or(name)
    }

    fn event(
        &self,
        text: &str,
        context: &Context,
        kind: &str,
        scope: EventScope,
        missing: &mut Vec<String>,
    ) -> Option<ConsentEvent> {
        let Some(at) = context.at else {
            missing.push("at".to_owned());
            return None;
        };
        let vocabulary = &self.policy().vocabulary;
        let has =
            |word: &str| vocabulary.taxonomy("means").is_some_and(|(_, tree)| tree.find(word).is_some());
        let means = context.reply("means").or_else(|| {
            let channel = self.family("channel", context.text("contact", "channel")?);
            let means = match channel.as_str() {
                "text" => "text_reply",
                "voice" => "spoken",
                other => other,
            };
            has(means).then(|| means.to_owned())
        });
        let marketing = || {
            let purposes = context.texts("contact", "purpose");
            let all = purposes.into_iter().all(|it| self.family("purpose", it) == "marketing");
            (all && !context.texts("contact", "purpose").is_empty()).then(|| "marketing".to_owned())
        };
        Some(ConsentEvent {
            kind: kind.to_owned(),
            id: context.reply("id").unwrap_or_else(|| told_from(text, at)),
            at: at.to_string(),
            level: None,
            means,
            by: context.reply("by"),
            replied_to: context.reply("replied_to").or_else(marketing),
            scope,
        })
    }
}

/// The same message at the same instant is the same event.
fn told_from(text: &str, at: Instant) -> String {
    use sha2::{Digest, Sha256};
    let sum = Sha256::new().chain_update(at.to_string()).chain_update([0]).chain_update(text).finalize();
    let hex: String = sum.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("reply-{hex}")
}

/// `es` of `es-MX`.
fn main_language(tag: &str) -> Result<String, Error> {
    let main = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    if (2..=3).contains(&main.len()) && main.bytes().all(|b| b.is_ascii_lowercase()) && tag.len() <= 35 {
        return Ok(main);
    }
    let message = format!("`{}` names no language", crate::error::quoted(tag));
    Err(Error::input(Path::ROOT.key("language"), message).with_hint("give its code, `en` or `es-MX`"))
}

fn verified(how: Verified) -> String {
    match how {
        Verified::Text => "text",
        Verified::Secondary => "secondary",
        Verified::Unverified => "unverified",
    }
    .to_owned()
}
