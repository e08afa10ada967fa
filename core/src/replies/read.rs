//! A message read: everything in it that counts, what takes the meaning from it, and what restricts most.

use super::alone::{self, Candidate};
use super::lexicon::{Entry, Fit, Hits, Lexicon, in_force, is_slip, is_spoken};
use super::{LONGEST, quoted};
use crate::letters::{Word, words};
use crate::time::Instant;
use crate::typed::{Means, Policy, ReplyAt};
use std::collections::BTreeMap;

/// What a message means, the more restrictive the higher.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sense {
    /// Nothing that bears on consent.
    #[default]
    Ignore,
    OptIn,
    Help,
    Ask,
    Revoke,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// Code points, the end excluded.
    pub from: usize,
    pub to: usize,
    /// The reply's number in the policy.
    pub reply: usize,
    /// The text of it, as written in policy.
    pub text: String,
    /// Whether it was written with a slip.
    pub slip: bool,
}

/// What was found and does not count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Aside {
    pub found: Found,
    /// The text of `except` that takes the meaning from it.
    pub by: String,
}

/// A message, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    pub sense: Sense,
    /// What decided it.
    pub found: Vec<Found>,
    /// What would have decided something, and was set aside.
    pub aside: Vec<Aside>,
    /// Whether it was longer than what is judged.
    pub cut: bool,
}

/// Reads a message.
pub(crate) fn read(
    policy: &Policy,
    lexicon: &Lexicon,
    text: &str,
    language: Option<&str>,
    at: Option<Instant>,
) -> Reading {
    let end = text.char_indices().nth(LONGEST).map(|(n, _)| n);
    let judged = end.and_then(|n| text.get(..n)).unwrap_or(text);
    let (words, closed) = own_words(lexicon, judged);
    let message = Message::of(words);
    let mut all: Vec<(Sense, Found)> = Vec::new();
    let mut aside = Vec::new();
    let mut alone: BTreeMap<Sense, Vec<usize>> = BTreeMap::new();
    let hits: Vec<Hits> = lexicon.entries.iter().map(|entry| entry.hits(&message.distinct())).collect();
    for (n, (entry, hits)) in lexicon.entries.iter().zip(&hits).enumerate() {
        let Some(reply) = policy.replies.get(entry.reply) else { continue };
        if !in_force(reply, at) || !is_spoken(reply, language) {
            continue;
        }
        let sense = Sense::of(&reply.means);
        alone.entry(sense).or_default().push(n);
        let found = |fit: Fit, text: usize| {
            let text = reply.words.get(text).map_or_else(String::new, |it| it.text.clone());
            message.found(fit, entry.reply, text)
        };
        let covered = message.covered(entry, hits);
        for (text, place, ready) in &entry.phrases {
            match place {
                ReplyAt::Alone => {}
                ReplyAt::Exactly => {
                    let whole = ready.spelled(&message.words, 0).filter(|fit| fit.to == message.words.len());
                    // Nobody agrees in disguise.
                    let plain = sense != Sense::OptIn || message.words.iter().all(|word| !word.odd);
                    all.extend(whole.filter(|_| plain).map(|fit| (sense, found(fit, *text))));
                }
                ReplyAt::Within => {
                    for from in 0..message.words.len() {
                        let Some(fit) = ready.fits(&message.ids, hits, from, true) else { continue };
                        let but = (fit.from..fit.to).find_map(|at| covered.get(at).copied().flatten());
                        let found = found(fit, *text);
                        match but {
                            Some(by) => {
                                let by = reply.except.get(by).cloned().unwrap_or_default();
                                aside.push(Aside { found, by });
                            }
                            None => all.push((sense, found)),
                        }
                    }
                }
            }
        }
        if let Some((text, fit)) = almost(&message, entry, &reply.means) {
            all.push((Sense::Ask, found(fit, text)));
        }
    }
    for (sense, entries) in alone {
        let mut candidates = Vec::new();
        for (n, entry, hits) in
            entries.iter().filter_map(|n| Some((*n, lexicon.entries.get(*n)?, hits.get(*n)?)))
        {
            let texts = entry.phrases.iter().filter(|(_, place, _)| *place == ReplyAt::Alone);
            candidates.extend(texts.map(|(text, _, ready)| Candidate {
                counts: Some((n, *text)),
                ready,
                hits,
                entry,
            }));
            candidates.extend(entry.beside.iter().map(|ready| Candidate {
                counts: None,
                ready,
                hits,
                entry,
            }));
        }
        for ((n, text), fit) in alone::find(&message.words, &message.ids, &candidates) {
            let Some(reply) = lexicon.entries.get(n).map(|it| it.reply) else { continue };
            let text = policy.replies.get(reply).and_then(|it| it.words.get(text));
            all.push((sense, message.found(fit, reply, text.map_or_else(String::new, |it| it.text.clone()))));
        }
    }
    let cut = end.is_some() && !closed;
    let mut sense = all.iter().map(|(sense, _)| *sense).max().unwrap_or_default();
    if cut && sense < Sense::Ask {
        sense = Sense::Ask;
    }
    let mut found: Vec<Found> = all.into_iter().filter(|(its, _)| *its == sense).map(|(_, it)| it).collect();
    found.sort();
    found.dedup();
    aside.sort();
    aside.dedup();
    Reading { sense, found, aside, cut }
}

impl Sense {
    fn of(means: &Means) -> Sense {
        match means {
            Means::Revoke(_) => Sense::Revoke,
            Means::Ask => Sense::Ask,
            Means::Help => Sense::Help,
            Means::OptIn(_) => Sense::OptIn,
        }
    }
}

/// The words that the person wrote. Where nothing but somebody else's is left, all of it counts: what looks like a quotation
/// may be none.
fn own_words(lexicon: &Lexicon, text: &str) -> (Vec<Word>, bool) {
    let all = words(text, &|sign| lexicon.is_symbol(sign));
    let own = quoted::own(text);
    let mut lines = own.lines.iter().peekable();
    let kept: Vec<Word> = all
        .iter()
        .filter(|word| {
            while lines.next_if(|line| line.end <= word.from).is_some() {}
            lines.peek().is_some_and(|line| line.start <= word.from)
        })
        .cloned()
        .collect();
    if kept.is_empty() { (all, false) } else { (kept, own.closed) }
}

/// A message that is one word, and that one letter away from a word that ends everything: a slip or what it says, nobody knows.
fn almost(message: &Message, entry: &Entry, means: &Means) -> Option<(usize, Fit)> {
    let [word] = message.words.as_slice() else { return None };
    if !matches!(means, Means::Revoke(_)) || !entry.is_unlike(&word.text) {
        return None;
    }
    let letters: Vec<char> = word.text.chars().collect();
    let near = |joined: &str| is_slip(&letters, &joined.chars().collect::<Vec<char>>());
    let mut alone = entry.phrases.iter().filter(|(_, place, _)| *place == ReplyAt::Alone);
    let (text, ..) = alone.find(|(_, _, ready)| near(&ready.joined))?;
    Some((*text, Fit { from: 0, to: 1, slip: true }))
}

/// The words of a message, those that are alike under one number.
struct Message {
    words: Vec<Word>,
    ids: Vec<usize>,
    first: Vec<usize>,
}

impl Message {
    fn of(words: Vec<Word>) -> Message {
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        let (mut ids, mut first) = (Vec::with_capacity(words.len()), Vec::new());
        for (n, word) in words.iter().enumerate() {
            let id = *numbers.entry(&word.text).or_insert_with(|| {
                first.push(n);
                first.len() - 1
            });
            ids.push(id);
        }
        Message { words, ids, first }
    }

    fn distinct(&self) -> Vec<&str> {
        self.first.iter().filter_map(|n| self.words.get(*n)).map(|word| word.text.as_str()).collect()
    }

    /// For each word, the text of `except` that it stands in, by number.
    fn covered(&self, entry: &Entry, hits: &Hits) -> Vec<Option<usize>> {
        let mut out = vec![None; self.words.len()];
        for (n, except) in entry.except.iter().enumerate() {
            for from in 0..self.words.len() {
                if let Some(fit) = except.fits(&self.ids, hits, from, false) {
                    for place in out.iter_mut().take(fit.to).skip(fit.from) {
                        place.get_or_insert(n);
                    }
                }
            }
        }
        out
    }

    fn found(&self, fit: Fit, reply: usize, text: String) -> Found {
        let from = self.words.get(fit.from).map_or(0, |word| word.from);
        let to = fit.to.checked_sub(1).and_then(|n| self.words.get(n)).map_or(from, |word| word.to);
        Found { from, to, reply, text, slip: fit.slip }
    }
}
