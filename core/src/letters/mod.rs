//! Words as people write them: case, accents, marks that nobody sees and letters that only look like others are taken away,
//! so that what was meant can be compared. Each word remembers where in the text it stood, in Unicode code points.

mod alike;
mod phrase;

pub(crate) use phrase::{Phrase, Piece};

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// The longest word that is kept, in letters; what follows is left out, for no word that counts is as long.
const LONGEST_WORD: usize = 48;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// Lower case, without accents.
    pub text: String,
    /// Its first code point.
    pub from: usize,
    /// The one after its last.
    pub to: usize,
    /// Whether it was written as no keyboard writes it: letters of other alphabets, hidden marks, letters one by one, one
    /// letter over and over.
    pub odd: bool,
}

/// The words of a text. `symbols` are signs that count as words by themselves, such as an emoji that policy names.
pub(crate) fn words(text: &str, symbols: &dyn Fn(char) -> bool) -> Vec<Word> {
    let mut out = Vec::new();
    let mut word = Writing::default();
    for (at, sign) in text.chars().enumerate() {
        if is_hidden(sign) {
            word.hidden = true;
        } else if is_apostrophe(sign) {
            // `don't` and `dont` are one word.
        } else if symbols(sign) {
            word.end(&mut out);
            out.push(Word { text: sign.to_string(), from: at, to: at + 1, odd: false });
        } else {
            decompose_compatible(sign, |part| {
                if is_combining_mark(part) {
                    return;
                }
                for letter in part.to_lowercase() {
                    let plain = alike::latin(letter);
                    if plain.is_none() && !letter.is_alphanumeric() {
                        word.end(&mut out);
                        continue;
                    }
                    let odd = plain.is_some_and(|it| it.disguise);
                    match plain {
                        Some(it) => it.letters.chars().for_each(|l| word.push(l, at, odd)),
                        None => word.push(letter, at, odd),
                    }
                }
            });
        }
    }
    word.end(&mut out);
    join_letters(out)
}

/// A word that is being read.
#[derive(Default)]
struct Writing {
    text: String,
    from: usize,
    to: usize,
    odd: bool,
    hidden: bool,
    letters: usize,
}

impl Writing {
    fn push(&mut self, letter: char, at: usize, odd: bool) {
        if self.letters == 0 {
            self.from = at;
        } else {
            self.odd |= self.hidden;
        }
        self.hidden = false;
        self.odd |= odd;
        self.to = at + 1;
        self.letters += 1;
        if self.letters <= LONGEST_WORD {
            self.text.push(letter);
        }
    }

    fn end(&mut self, out: &mut Vec<Word>) {
        let it = std::mem::take(self);
        if it.letters > 0 {
            let (text, squeezed) = squeeze(it.text);
            out.push(Word { text, from: it.from, to: it.to, odd: it.odd || squeezed });
        }
    }
}

/// `stoooop` is `stop`: no word that counts has one letter three times in a row.
fn squeeze(text: String) -> (String, bool) {
    let letters: Vec<char> = text.chars().collect();
    let thrice = |w: &[char]| matches!(w, [a, b, c] if a == b && b == c && a.is_alphabetic());
    if !letters.windows(3).any(thrice) {
        return (text, false);
    }
    let mut out = String::with_capacity(text.len());
    for run in letters.chunk_by(|a, b| a == b) {
        let keep = if run.len() > 2 { 1 } else { run.len() };
        out.extend(run.iter().take(keep));
    }
    (out, true)
}

/// `s t o p` is one word.
fn join_letters(words: Vec<Word>) -> Vec<Word> {
    let single = |word: &Word| {
        let mut letters = word.text.chars();
        matches!((letters.next(), letters.next()), (Some(l), None) if l.is_alphabetic())
    };
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    for run in words.chunk_by(|a, b| single(a) && single(b)) {
        match run {
            [first, .., last] if run.len() > 2 => {
                let text: String = run.iter().map(|word| word.text.as_str()).take(LONGEST_WORD).collect();
                let (text, _) = squeeze(text);
                out.push(Word { text, from: first.from, to: last.to, odd: true });
            }
            _ => out.extend_from_slice(run),
        }
    }
    out
}

/// Marks that take no room and say nothing: joiners, directions, variants, tags, soft hyphens.
fn is_hidden(sign: char) -> bool {
    matches!(u32::from(sign),
        0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f
        | 0x202a..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfff8
        | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff)
}

fn is_apostrophe(sign: char) -> bool {
    matches!(
        sign,
        '\'' | '`' | '´' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' | '\u{2032}' | '\u{ff07}'
    )
}

/// How far two words are apart: letters put in, left out, changed, or changed about with their neighbour. More than `most`
/// is `None`.
pub(crate) fn apart(a: &[char], b: &[char], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(last.len());
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], n: usize| row.get(n).copied().unwrap_or(usize::MAX / 2);
            let changed = at(&last, j) + usize::from(x != y);
            let mut least = changed.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i.checked_sub(1).and_then(|n| a.get(n)) == Some(y)
                && j.checked_sub(1).and_then(|n| b.get(n)) == Some(x);
            if swapped && i > 0 && j > 0 {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        if row.iter().all(|n| *n > most) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|n| *n <= most)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        words(text, &|_| false).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn what_is_meant_is_read() {
        for text in [
            "STOP",
            "stop!",
            "Ｓｔｏｐ",
            "s.t.o.p",
            "S T O P",
            "ST\u{200b}OP",
            "\u{202e}stop",
            "stóp",
            "STOOOOP",
            "ЅТОР",
            "ꜱᴛᴏᴘ",
            "𝐒𝐓𝐎𝐏",
            "🆂🆃🅾🅿",
            "Ⓢⓣⓞⓟ",
            "'stop'",
            "st\u{ad}op",
            "😡stop😡",
            "stop\0",
        ] {
            assert_eq!(read(text), ["stop"], "{text:?}");
        }
        assert_eq!(read("Don’t stop"), ["dont", "stop"]);
        assert_eq!(read("I a step up"), ["i", "a", "step", "up"]);
        assert!(read("\0 \u{200f} … 👍").is_empty());
        assert_eq!(read("Straße"), ["strasse"]);
    }

    #[test]
    fn places_are_code_points() {
        let all = words("😀 é stop", &|_| false);
        let place: Vec<(usize, usize)> = all.iter().map(|word| (word.from, word.to)).collect();
        assert_eq!(place, [(2, 3), (4, 8)]);
        assert_eq!(words("a🛑b", &|sign| sign == '🛑').len(), 3);
    }

    #[test]
    fn disguise_is_noticed() {
        let odd = |text: &str| words(text, &|_| false).first().unwrap().odd;
        for text in ["ЅТОР", "ST\u{200b}OP", "s t o p", "stooop"] {
            assert!(odd(text), "{text:?}");
        }
        for text in ["STOP", "Ｓｔｏｐ", "sí", "\u{feff}stop"] {
            assert!(!odd(text), "{text:?}");
        }
    }

    #[test]
    fn distance_counts_swaps_once() {
        let far = |a: &str, b: &str| {
            let letters = |it: &str| it.chars().collect::<Vec<char>>();
            apart(&letters(a), &letters(b), 2)
        };
        assert_eq!(far("stop", "stop"), Some(0));
        assert_eq!(far("stpo", "stop"), Some(1));
        assert_eq!(far("stopp", "stop"), Some(1));
        assert_eq!(far("dtop", "stop"), Some(1));
        assert_eq!(far("unsuscirbe", "unsubscribe"), Some(2));
        assert_eq!(far("hello", "stop"), None);
        assert_eq!(far("", "ab"), Some(2));
    }
}
