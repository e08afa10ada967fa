//! Words that are all that a message says: one stretch of it after another is a word that counts, or one that may stand
//! beside it.

use super::lexicon::{Entry, Fit, Hits, Ready, is_slip};
use crate::letters::Word;

/// Words of a message that may say nothing but words that count.
const MOST: usize = 256;
/// Words of a message of which one may be a slip of several that were run together.
const FEW: usize = 8;

/// A phrase that counts, or may stand beside one that does.
pub(super) struct Candidate<'a> {
    /// Entry and text, of one that counts.
    pub counts: Option<(usize, usize)>,
    pub ready: &'a Ready,
    pub hits: &'a Hits,
    pub entry: &'a Entry,
}

/// How a reading of all words before some place got there.
#[derive(Clone, Copy, Default)]
struct Way {
    /// How much of it counts.
    counted: usize,
    /// Where its last stretch begins.
    from: usize,
    /// Whether that stretch counts, and whether by a slip.
    counts: bool,
    slip: bool,
}

/// What counts in a message that says nothing else, in order; empty if it says anything else, or nothing that counts.
pub(super) fn find(words: &[Word], ids: &[usize], all: &[Candidate<'_>]) -> Vec<((usize, usize), Fit)> {
    if words.is_empty() || words.len() > MOST {
        return Vec::new();
    }
    // For each place the way there on which most counts.
    let mut best: Vec<Option<Way>> = vec![None; words.len() + 1];
    if let Some(first) = best.first_mut() {
        *first = Some(Way::default());
    }
    for from in 0..words.len() {
        let Some(Way { counted, .. }) = best.get(from).copied().flatten() else { continue };
        for candidate in all {
            let Some(fit) = fit(words, ids, candidate, from) else { continue };
            let counted = counted + usize::from(candidate.counts.is_some());
            // The more that counts the better, and what is written right before what is a slip.
            if let Some(place) = best.get_mut(fit.to)
                && place.is_none_or(|it| (it.counted, !it.slip) < (counted, !fit.slip))
            {
                *place = Some(Way { counted, from, counts: candidate.counts.is_some(), slip: fit.slip });
            }
        }
    }
    let mut out = Vec::new();
    let mut at = words.len();
    while at > 0 {
        let Some(Way { from, counts, slip, .. }) = best.get(at).copied().flatten() else {
            return Vec::new();
        };
        if counts {
            // Whatever else says the same of this stretch is told as well: the law's own list beside another.
            let fits = all.iter().filter_map(|it| Some((it.counts?, fit(words, ids, it, from)?)));
            out.extend(fits.filter(|(_, fit)| fit.to == at && fit.slip == slip));
        }
        at = from;
    }
    out
}

fn fit(words: &[Word], ids: &[usize], it: &Candidate<'_>, from: usize) -> Option<Fit> {
    let spelled = it.ready.spelled(words, from);
    if spelled.is_some() {
        return spelled;
    }
    if let Some(fit) = it.ready.fits(ids, it.hits, from, it.counts.is_some()) {
        return Some(fit);
    }
    // `optuot` is a slip of `opt out`.
    let word = words.get(from)?;
    if it.counts.is_none()
        || words.len() > FEW
        || !it.ready.is_plain_of_several()
        || it.entry.is_told_apart(&word.text)
    {
        return None;
    }
    let word: Vec<char> = word.text.chars().collect();
    let known: Vec<char> = it.ready.joined.chars().collect();
    (word.len() > FEW / 2 && is_slip(&word, &known)).then_some(Fit { from, to: from + 1, slip: true })
}
