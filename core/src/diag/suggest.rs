//! "did you mean": the closest of the words that would have been right.

/// Longer words are never compared: a name that long is not a slip of the finger, and the work stays bounded.
const LONGEST: usize = 64;

/// The candidate nearest to `word` by edit distance, if near enough to be a slip; of equally near ones, the first by
/// alphabet, so that the answer does not depend on the order of the candidates.
///
/// ```
/// use byleave::diag::did_you_mean;
/// assert_eq!(did_you_mean("emial", ["email", "voice"]), Some("email"));
/// assert_eq!(did_you_mean("smoke", ["email", "voice"]), None);
/// ```
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    // A single letter is within one slip of every word of two.
    if !(2..=LONGEST).contains(&length) {
        return None;
    }
    let allowed = (length / 3).clamp(1, 3);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word && candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Optimal string alignment: insert, drop, replace, or swap two neighbours, each counts one.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous = None;
    for (i, ca) in a.chars().enumerate() {
        let mut row = vec![i + 1];
        for (j, cb) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let mut best =
                (at(&last, j) + usize::from(ca != *cb)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = j > 0 && previous == Some(*cb) && b.get(j - 1) == Some(&ca);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
        previous = Some(ca);
    }
    last.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        assert_eq!(did_you_mean("reqiure", ["require", "refuse"]), Some("require"));
        assert_eq!(did_you_mean("chanel", ["channel", "panel"]), Some("channel"));
        assert_eq!(did_you_mean("cat", ["rule", "pack"]), None);
        assert_eq!(did_you_mean("", ["a"]), None);
        assert_eq!(did_you_mean("rule", ["rule"]), None);
    }
}
