//! The words of all replies, made ready to be looked for.

use crate::letters::{Phrase, Piece, Word, apart};
use crate::time::Instant;
use crate::typed::{Means, Policy, Reply, ReplyAt};
use std::collections::{BTreeMap, BTreeSet};

/// Letters of the shortest word of which a slip still counts.
const SLIPS_FROM: usize = 4;
/// Letters from which on two slips count.
const TWO_SLIPS_FROM: usize = 9;
/// Words that a gap stands for at most.
const GAP: usize = 3;

/// The words of all replies.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    pub entries: Vec<Entry>,
    symbols: BTreeSet<char>,
}

/// The words of one reply.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its number in the policy.
    pub reply: usize,
    /// Every word of its phrases.
    vocabulary: Vec<Vec<char>>,
    by_word: BTreeMap<String, usize>,
    /// Words that the pack tells apart from those that count.
    unlike: BTreeSet<String>,
    /// Those, and every word of the pack's replies.
    apart: BTreeSet<String>,
    /// Phrases, by number of the text as written.
    pub phrases: Vec<(usize, ReplyAt, Ready)>,
    pub beside: Vec<Ready>,
    /// By number of the text as written.
    pub except: Vec<Ready>,
}

/// A phrase in numbers of the vocabulary.
#[derive(Debug)]
pub(crate) struct Ready {
    pieces: Vec<Option<Vec<usize>>>,
    /// The letters without spaces, of a plain one.
    pub joined: String,
}

/// For each word of a message, by number: the words of the vocabulary that it is, and whether by a slip.
pub(crate) type Hits = Vec<Vec<(usize, bool)>>;

/// A stretch of words that a phrase fits, the end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fit {
    pub from: usize,
    pub to: usize,
    pub slip: bool,
}

impl Lexicon {
    pub fn of(policy: &Policy) -> Lexicon {
        let mut out = Lexicon::default();
        for (n, reply) in policy.replies.iter().enumerate() {
            let entry = Entry::of(n, reply);
            let signs = entry.vocabulary.iter().filter_map(|word| match word.as_slice() {
                [sign] if !sign.is_alphanumeric() => Some(*sign),
                _ => None,
            });
            out.symbols.extend(signs);
            out.entries.push(entry);
        }
        out.tell_apart(policy);
        out
    }

    /// What one reply of a pack knows as a word is no slip of a word of another; a pack says nothing of another's.
    fn tell_apart(&mut self, policy: &Policy) {
        let pack = |entry: &Entry| policy.replies.get(entry.reply).map(|it| it.pack);
        let mut known: BTreeMap<Option<u16>, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
        for entry in &self.entries {
            let (unlike, apart) = known.entry(pack(entry)).or_default();
            unlike.extend(entry.unlike.iter().cloned());
            apart.extend(entry.unlike.iter().cloned());
            apart.extend(entry.by_word.keys().cloned());
        }
        for entry in &mut self.entries {
            if let Some((unlike, apart)) = known.get(&pack(entry)) {
                entry.unlike = unlike.clone();
                entry.apart = apart.clone();
            }
        }
    }

    /// Whether a sign counts as a word.
    pub fn is_symbol(&self, sign: char) -> bool {
        self.symbols.contains(&sign)
    }
}

impl Entry {
    fn of(reply: usize, it: &Reply) -> Entry {
        let mut out = Entry {
            reply,
            vocabulary: Vec::new(),
            by_word: BTreeMap::new(),
            unlike: BTreeSet::new(),
            apart: BTreeSet::new(),
            phrases: Vec::new(),
            beside: Vec::new(),
            except: Vec::new(),
        };
        // The checker has read every text; of compiled packs one that cannot be read counts for nothing.
        for (n, text) in it.words.iter().enumerate() {
            if let Some(ready) = out.ready(&text.text) {
                out.phrases.push((n, text.place, ready));
            }
        }
        out.beside = it.beside.iter().filter_map(|text| out.ready(text)).collect();
        out.except = it.except.iter().filter_map(|text| out.ready(text)).collect();
        out.unlike = it.unlike.iter().filter_map(|text| Some(Phrase::of(text).ok()?.joined())).collect();
        out
    }

    fn ready(&mut self, text: &str) -> Option<Ready> {
        let phrase = Phrase::of(text).ok()?;
        let joined = if phrase.is_plain() { phrase.joined() } else { String::new() };
        let pieces = phrase.0.into_iter().map(|piece| match piece {
            Piece::Gap => None,
            Piece::OneOf(words) => Some(words.into_iter().map(|word| self.number(word)).collect()),
        });
        let pieces = pieces.collect();
        Some(Ready { pieces, joined })
    }

    fn number(&mut self, word: String) -> usize {
        let next = self.vocabulary.len();
        let vocabulary = &mut self.vocabulary;
        *self.by_word.entry(word).or_insert_with_key(|word| {
            vocabulary.push(word.chars().collect());
            next
        })
    }

    /// Whether the word is one that is told apart from those that count.
    pub fn is_unlike(&self, word: &str) -> bool {
        self.unlike.contains(word)
    }

    /// Whether the pack knows it as a word, so that it is no slip.
    pub fn is_told_apart(&self, word: &str) -> bool {
        self.apart.contains(word)
    }

    /// What each of the message's distinct words is.
    pub fn hits(&self, words: &[&str]) -> Hits {
        words
            .iter()
            .map(|word| {
                if let Some(n) = self.by_word.get(*word) {
                    return vec![(*n, false)];
                }
                if self.is_told_apart(word) {
                    return Vec::new();
                }
                let letters: Vec<char> = word.chars().collect();
                if letters.len() + 1 < SLIPS_FROM {
                    return Vec::new();
                }
                let known = self.vocabulary.iter().enumerate();
                known.filter(|(_, known)| is_slip(&letters, known)).map(|(n, _)| (n, true)).collect()
            })
            .collect()
    }
}

/// Whether one who meant `known` may have written `letters`.
pub(crate) fn is_slip(letters: &[char], known: &[char]) -> bool {
    let most = match known.len() {
        n if n < SLIPS_FROM => return false,
        n if n < TWO_SLIPS_FROM => 1,
        _ => 2,
    };
    apart(letters, known, most).is_some_and(|n| n > 0)
}

impl Ready {
    /// Every stretch from a word on that it fits; `ids` are the words' numbers in `hits`.
    pub fn fits(&self, ids: &[usize], hits: &Hits, from: usize, slips: bool) -> Option<Fit> {
        self.go(&self.pieces, ids, hits, from, slips).map(|(to, slip)| Fit { from, to, slip })
    }

    fn go(
        &self,
        pieces: &[Option<Vec<usize>>],
        ids: &[usize],
        hits: &Hits,
        at: usize,
        slips: bool,
    ) -> Option<(usize, bool)> {
        let Some((piece, rest)) = pieces.split_first() else { return Some((at, false)) };
        let Some(choice) = piece else {
            return (0..=GAP).find_map(|n| self.go(rest, ids, hits, at + n, slips));
        };
        let hit = hits.get(*ids.get(at)?)?;
        let slip = hit.iter().find(|(word, slip)| choice.contains(word) && (slips || !slip))?.1;
        self.go(rest, ids, hits, at + 1, slips).map(|(to, more)| (to, slip || more))
    }

    /// Whether it is several words that may have been run together.
    pub fn is_plain_of_several(&self) -> bool {
        self.pieces.len() > 1 && !self.joined.is_empty()
    }

    /// The stretch from a word on whose letters are exactly those of the phrase, wherever they are parted.
    pub fn spelled(&self, words: &[Word], from: usize) -> Option<Fit> {
        let mut rest = self.joined.as_str();
        if rest.is_empty() {
            return None;
        }
        for (n, word) in words.iter().enumerate().skip(from) {
            rest = rest.strip_prefix(word.text.as_str())?;
            if rest.is_empty() {
                return Some(Fit { from, to: n + 1, slip: false });
            }
        }
        None
    }
}

/// Whether a reply is in force; without an instant, every one is.
pub(crate) fn in_force(reply: &Reply, at: Option<Instant>) -> bool {
    at.is_none_or(|at| reply.in_force.from <= at && at < reply.in_force.until)
}

/// Whether a reply is read in the language asked. What restricts is read in every language: a person may write STOP in any.
pub(crate) fn is_spoken(reply: &Reply, language: Option<&str>) -> bool {
    let restricts = matches!(reply.means, Means::Revoke(_) | Means::Ask);
    restricts
        || reply.languages.is_empty()
        || language.is_none_or(|asked| reply.languages.iter().any(|it| it == asked))
}
