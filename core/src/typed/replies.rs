//! `reply` items, checked: what they mean, and that every text in them can be found in what people write.

use crate::ast::{self, ReplyPlace};
use crate::diag::Diagnostic;
use crate::letters::Phrase;
use crate::typed::clauses::in_force;
use crate::typed::linker::{Linker, doc, pack_index};
use crate::typed::literals::date;
use crate::typed::names::{Meaning, Space};
use crate::typed::settings::plain;
use crate::typed::{Confirm, Means, Part, Reply, ReplyAt, ReplyText};
use std::sync::Arc;

/// What a reply may mean.
const MEANINGS: [&str; 4] = ["revoke", "ask", "help", "opt_in"];

impl Reply {
    /// The most texts that the replies of a policy may have: each is looked for in every message.
    pub(crate) const MOST_TEXTS: usize = 4_096;

    /// How many it has.
    pub(crate) fn texts(&self) -> usize {
        self.words.len() + self.beside.len() + self.unlike.len() + self.except.len()
    }
}

/// Types every reply.
pub(crate) fn link(cx: &mut Linker<'_>) -> Vec<Reply> {
    let mut out: Vec<Reply> = Vec::new();
    let mut texts = 0;
    for pack in 0..cx.packs.len() {
        for item in cx.items(pack) {
            let ast::Item::Reply(it) = item else { continue };
            let Some(reply) = reply(cx, pack, it) else { continue };
            texts += reply.texts();
            if texts > Reply::MOST_TEXTS {
                let message = format!("the replies of a policy have at most {} texts", Reply::MOST_TEXTS);
                cx.cut_off(Diagnostic::new("E0709", it.span, message));
                return out;
            }
            out.push(reply);
        }
    }
    out
}

fn reply(cx: &mut Linker<'_>, pack: usize, it: &ast::Reply) -> Option<Reply> {
    // Answers name rules and replies by their ids alike.
    if !cx.declare(Space::Rule, pack, &it.name, Meaning::Rule) {
        return None;
    }
    let mark = cx.mark();
    let means = means(cx, pack, it);
    if it.cite.is_empty() && cx.pack(pack).is_some_and(|p| !p.head.source.is_empty()) {
        let diagnostic =
            Diagnostic::new("E0605", it.name.span, format!("reply `{}` cites nothing", it.name.text))
                .hint("say with `cite` where it stands that this is what people mean");
        cx.report(diagnostic);
    }
    for language in &it.languages {
        let letters = language.text.len();
        if !(2..=3).contains(&letters) || !language.text.bytes().all(|b| b.is_ascii_lowercase()) {
            let diagnostic =
                Diagnostic::new("E0306", language.span, format!("`{}` names no language", language.text))
                    .hint("write its code, `en` or `es`");
            cx.report(diagnostic);
        }
    }
    let texts = |place: ReplyPlace| {
        it.words.iter().filter(move |words| words.place == place).flat_map(|words| &words.texts)
    };
    let mut words = Vec::new();
    for (place, at) in [
        (ReplyPlace::Alone, ReplyAt::Alone),
        (ReplyPlace::Exactly, ReplyAt::Exactly),
        (ReplyPlace::Within, ReplyAt::Within),
    ] {
        for text in texts(place) {
            check(cx, text, at != ReplyAt::Within);
            words.push(ReplyText { place: at, text: text.value.clone() });
        }
    }
    let mut others = |place: ReplyPlace| -> Vec<String> {
        texts(place)
            .map(|text| {
                check(cx, text, place != ReplyPlace::Except);
                text.value.clone()
            })
            .collect()
    };
    let (beside, unlike, except) =
        (others(ReplyPlace::Beside), others(ReplyPlace::Unlike), others(ReplyPlace::Except));
    if words.is_empty() {
        let diagnostic =
            Diagnostic::new("E0607", it.name.span, format!("reply `{}` has no words", it.name.text))
                .hint("say what people write after `alone`, `exactly` or `within`");
        cx.report(diagnostic);
    }
    let confirm = confirm(cx, pack, it);
    let clock = cx.pack(pack).map(|p| Arc::clone(&p.clock))?;
    let since = it.since.as_ref().map(|d| (date(d), d.span));
    let until = it.until.as_ref().map(|d| (date(d), d.span));
    cx.dates(since, until);
    let law = cx.law(it.sheet.as_ref(), &it.cite, it.verified.as_ref());
    let means = means.filter(|_| !cx.failed_since(mark))?;
    Some(Reply {
        id: cx.qualified(pack, &it.name.text),
        pack: pack_index(pack),
        law,
        in_force: in_force(&clock, since.map(|d| d.0), until.map(|d| d.0)),
        languages: it.languages.iter().map(|name| name.text.clone()).collect(),
        means,
        words,
        beside,
        unlike,
        except,
        confirm,
        because: it.because.as_ref().map_or_else(String::new, plain),
        doc: doc(it.doc.as_ref()),
        span: it.span,
    })
}

/// What it means, with what belongs to that and to nothing else.
fn means(cx: &mut Linker<'_>, pack: usize, it: &ast::Reply) -> Option<Means> {
    let word = it.means.text.as_str();
    if word != "revoke"
        && let Some(first) = it.of.first()
    {
        let message = "only a reply that means `revoke` says what of";
        cx.error("E0608", first.span, message);
    }
    if word != "opt_in"
        && let Some(level) = &it.at
    {
        cx.error("E0608", level.span, "only a reply that means `opt_in` has a level");
    }
    if word != "revoke"
        && let Some(purpose) = &it.confirm
    {
        cx.error("E0608", purpose.span, "only a reply that means `revoke` is confirmed");
    }
    match word {
        "revoke" => {
            let mut parts = Vec::new();
            for name in &it.of {
                match Part::ALL.iter().find(|(word, _)| *word == name.text) {
                    Some((_, part)) if !parts.contains(part) => parts.push(*part),
                    Some(_) => {}
                    None => {
                        let message =
                            format!("`{}` is no part of a contact that bounds a revocation", name.text);
                        let diagnostic = Diagnostic::new("E0306", name.span, message)
                            .suggest(&name.text, Part::ALL.iter().map(|(word, _)| *word));
                        cx.report(diagnostic);
                    }
                }
            }
            parts.sort_unstable();
            Some(Means::Revoke(parts))
        }
        "ask" => Some(Means::Ask),
        "help" => Some(Means::Help),
        "opt_in" => {
            for words in it.words.iter().filter(|it| !matches!(it.place, ReplyPlace::Exactly)) {
                let diagnostic = Diagnostic::new(
                    "E0607",
                    words.span,
                    "nobody agrees by the way: an opting in stands `exactly`",
                )
                .hint("write `exactly` and the words");
                cx.report(diagnostic);
            }
            let Some(level) = &it.at else {
                let diagnostic = Diagnostic::new("E0607", it.means.span, "an opting in is worth a level")
                    .hint("write `means opt_in at LEVEL`");
                cx.report(diagnostic);
                return None;
            };
            node(cx, pack, "level", level).map(Means::OptIn)
        }
        other => {
            let diagnostic = Diagnostic::new("E0306", it.means.span, format!("no reply means `{other}`"))
                .suggest(other, MEANINGS)
                .hint("write `revoke`, `ask`, `help` or `opt_in`");
            cx.report(diagnostic);
            None
        }
    }
}

fn confirm(cx: &mut Linker<'_>, pack: usize, it: &ast::Reply) -> Option<Confirm> {
    let purpose = node(cx, pack, "purpose", it.confirm.as_ref()?)?;
    let asking = match &it.asking {
        Some(name) => Some(node(cx, pack, "content_element", name)?),
        None => None,
    };
    Some(Confirm { purpose, asking })
}

/// The name of a node that there is.
fn node(cx: &mut Linker<'_>, pack: usize, taxonomy: &str, name: &ast::Name) -> Option<String> {
    let Some(id) = cx.taxonomy(taxonomy) else {
        cx.error("E0401", name.span, format!("no loaded pack declares the taxonomy `{taxonomy}`"));
        return None;
    };
    cx.node(pack, id, name).map(|_| name.text.clone())
}

/// Whether a text can be found in a message.
fn check(cx: &mut Linker<'_>, text: &ast::Text, plain: bool) {
    let wrong = match Phrase::of(&text.value) {
        Ok(phrase) if plain && !phrase.is_plain() => {
            "`/` and `...` stand in texts of `within` and `except` only".to_owned()
        }
        Ok(_) => return,
        Err(fault) => format!("this text cannot be looked for: {fault}"),
    };
    cx.error("E0607", text.span, wrong);
}
