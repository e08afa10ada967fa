//! A phrase that policy declares: `stop/quit texting/messaging me`, `take ... off`.

use super::words;
use std::fmt;

/// Words that a phrase may have.
const MOST_WORDS: usize = 12;
/// Gaps that a phrase may have: each multiplies what has to be tried.
const MOST_GAPS: usize = 2;

/// Part of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// One of these words.
    OneOf(Vec<String>),
    /// `...`: up to three words of any sort.
    Gap,
}

/// A phrase, ready to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phrase(pub Vec<Piece>);

/// Why a text is no phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It has no word.
    Empty,
    /// It has too many words or gaps.
    Long,
    /// What stands between slashes is not one word.
    Choice,
    /// A gap at its start or end, or one after another.
    Edge,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Empty => f.write_str("there is no word in it"),
            Fault::Long => write!(f, "it has more than {MOST_WORDS} words, or more than {MOST_GAPS} gaps"),
            Fault::Choice => f.write_str("on each side of `/` stands one word"),
            Fault::Edge => f.write_str("`...` stands between two words"),
        }
    }
}

impl Phrase {
    /// Reads one as policy writes it.
    pub fn of(text: &str) -> Result<Phrase, Fault> {
        let mut pieces = Vec::new();
        for part in text.split_whitespace() {
            let any = |_: char| true;
            // A sign that is no letter counts as a word where nothing else stands: an emoji.
            let read = |part: &str| {
                let plain = words(part, &|_| false);
                if plain.is_empty() { words(part, &any) } else { plain }
            };
            if part == "..." || part == "…" {
                pieces.push(Piece::Gap);
            } else if part.contains('/') {
                let mut all = Vec::new();
                for choice in part.split('/') {
                    match read(choice).as_slice() {
                        [word] => all.push(word.text.clone()),
                        _ => return Err(Fault::Choice),
                    }
                }
                pieces.push(Piece::OneOf(all));
            } else {
                pieces.extend(read(part).into_iter().map(|word| Piece::OneOf(vec![word.text])));
            }
        }
        let gaps = pieces.iter().filter(|it| **it == Piece::Gap).count();
        if pieces.len() == gaps {
            return Err(Fault::Empty);
        }
        if pieces.len() > MOST_WORDS || gaps > MOST_GAPS {
            return Err(Fault::Long);
        }
        let edge = [pieces.first(), pieces.last()].contains(&Some(&Piece::Gap));
        if edge || pieces.windows(2).any(|two| two == [Piece::Gap, Piece::Gap]) {
            return Err(Fault::Edge);
        }
        Ok(Phrase(pieces))
    }

    /// Whether it leaves nothing open: no gap, no choice.
    pub fn is_plain(&self) -> bool {
        self.0.iter().all(|piece| matches!(piece, Piece::OneOf(words) if words.len() == 1))
    }

    /// Its letters without spaces, of a plain one.
    pub fn joined(&self) -> String {
        self.0
            .iter()
            .flat_map(|piece| if let Piece::OneOf(words) = piece { words.first() } else { None })
            .cloned()
            .collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_read_and_refused() {
        let phrase = Phrase::of("Don't text/message ... me").unwrap();
        assert_eq!(phrase.0.len(), 4);
        assert!(!phrase.is_plain());
        assert_eq!(Phrase::of("opt-out").unwrap().joined(), "optout");
        assert_eq!(Phrase::of("🛑").unwrap().joined(), "🛑");
        for (text, fault) in [
            ("", Fault::Empty),
            ("...", Fault::Empty),
            ("... me", Fault::Edge),
            ("a ... ... b", Fault::Edge),
            ("a/", Fault::Choice),
            ("a/b-c", Fault::Choice),
            ("a a a a a a a a a a a a a", Fault::Long),
            ("a ... a ... a ... a", Fault::Long),
        ] {
            assert_eq!(Phrase::of(text).unwrap_err(), fault, "{text}");
        }
    }
}
