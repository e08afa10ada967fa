//! What of a message is somebody else's: quoted mail, what was forwarded, a signature.
//!
//! It is the form of mail that is read here, not its words' meaning, so it is no matter of policy. In doubt a line counts
//! as the person's own.

/// How the line that goes before a quoted message begins and ends, in the languages of the common programs.
const ATTRIBUTIONS: [(&str, &str); 6] = [
    ("on ", "wrote:"),
    ("el ", "escribió:"),
    ("le ", "a écrit :"),
    ("le ", "a écrit :"),
    ("am ", "schrieb:"),
    ("am ", ":"),
];
/// Begins what is quoted whole.
const RULES: [&str; 5] = [
    "-----original message",
    "---------- forwarded message",
    "-----mensaje original",
    "-----message d'origine",
    "-----ursprüngliche nachricht",
];
/// The first line of a head, and the second.
const HEADS: [(&str, [&str; 2]); 4] = [
    ("from:", ["sent:", "date:"]),
    ("de:", ["enviado:", "fecha:"]),
    ("de :", ["envoyé :", "date :"]),
    ("von:", ["gesendet:", "datum:"]),
];
/// Put below by a telephone.
const SENT_FROM: [&str; 5] =
    ["sent from my ", "enviado desde mi ", "envoyé de mon ", "envoyé depuis mon ", "von meinem "];

/// The person's own lines, as ranges of code points.
pub(super) struct Own {
    pub lines: Vec<std::ops::Range<usize>>,
    /// Whether all that follows the last of them is somebody else's.
    pub closed: bool,
}

/// Finds them.
pub(super) fn own(text: &str) -> Own {
    let lines: Vec<(usize, &str)> = lines(text);
    let mut own = Vec::new();
    let mut closed = false;
    let mut skip = 0;
    for (n, (at, line)) in lines.iter().enumerate() {
        if skip > 0 {
            skip -= 1;
            continue;
        }
        let rest = lines.get(n..).unwrap_or_default();
        if let Some(length) = attribution(rest) {
            let next = rest.iter().skip(length).map(|(_, line)| line.trim()).find(|line| !line.is_empty());
            if next.is_none_or(|line| line.starts_with('>')) {
                // The quoted lines say so themselves; what stands below them is the person's again.
                skip = length - 1;
                continue;
            }
            closed = true;
            break;
        }
        if begins_quote(rest) {
            closed = true;
            break;
        }
        let plain = line.trim();
        if plain.starts_with('>') || begins_with(plain, &SENT_FROM) {
            continue;
        }
        own.push(*at..*at + line.chars().count());
    }
    Own { lines: own, closed }
}

/// Lines with the number of their first code point.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let ends = ['\n', '\r', '\u{2028}', '\u{2029}'];
    text.split(ends)
        .map(|line| {
            let from = at;
            at += line.chars().count() + 1;
            (from, line)
        })
        .collect()
}

/// How many lines the attribution takes that begins here: one, or two where it was broken.
fn attribution(lines: &[(usize, &str)]) -> Option<usize> {
    // A line of mail is not longer, and a long one need not be looked through.
    let short = |line: &str| line.len() <= 400;
    let (_, first) = lines.first().filter(|(_, line)| short(line))?;
    let first = first.trim().to_lowercase();
    let is = |line: &str| {
        ATTRIBUTIONS.iter().any(|(begin, end)| {
            let ends =
                line.ends_with(end) || (*end == ":" && line.ends_with(':') && line.contains("schrieb"));
            let has_date = line.bytes().any(|b| b.is_ascii_digit());
            line.starts_with(begin) && ends && has_date && (*end != ":" || line.contains("schrieb"))
        })
    };
    if is(&first) {
        return Some(1);
    }
    if !ATTRIBUTIONS.iter().any(|(begin, _)| first.starts_with(begin)) {
        return None;
    }
    let (_, second) = lines.get(1).filter(|(_, line)| short(line))?;
    is(&format!("{first} {}", second.trim().to_lowercase())).then_some(2)
}

/// Whether from here on everything is somebody else's.
fn begins_quote(lines: &[(usize, &str)]) -> bool {
    let Some((_, line)) = lines.first() else { return false };
    let line = line.trim();
    if line == "--" || begins_with(line, &RULES) {
        return true;
    }
    if line.len() >= 20 && line.bytes().all(|b| b == b'_') {
        return true;
    }
    HEADS.iter().any(|(first, second)| {
        begins_with(line, &[first])
            && lines.iter().skip(1).take(3).any(|(_, line)| begins_with(line.trim(), second))
    })
}

fn begins_with(line: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        let head: String = line.chars().take(word.chars().count()).collect();
        head.to_lowercase() == **word
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> String {
        let letters: Vec<char> = text.chars().collect();
        let own = own(text);
        let lines = own.lines.iter().map(|range| letters.get(range.clone()).unwrap_or_default());
        lines.map(|line| line.iter().collect::<String>()).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn somebody_elses_lines_are_left_out() {
        for (text, own) in [
            ("hi\nthere", "hi|there"),
            ("no\n> Reply STOP to end\nthanks", "no|thanks"),
            ("no\nOn Tue, Jul 7, 2026 Acme <a@b.co> wrote:\n> STOP to end", "no"),
            ("On Tue, Jul 7, 2026 Acme wrote:\n> STOP to end\nplease stop", "please stop"),
            ("no\nOn Tue, Jul 7, 2026 Acme\n<a@b.co> wrote:\nReply STOP", "no"),
            ("no\nAm 07.07.2026 um 10:00 schrieb Acme:\nSTOP", "no"),
            ("no\nEl 7 de julio de 2026, Acme escribió:\nSTOP", "no"),
            ("no\n-- \nAcme\nSTOP", "no"),
            ("no\n-----Original Message-----\nSTOP", "no"),
            ("no\r\nFrom: Acme\r\nSent: today\r\nSTOP", "no|"),
            ("no\n____________________\nSTOP", "no"),
            ("no\nSent from my phone", "no"),
            // Nobody's attribution.
            ("On my mother's advice I wrote: stop", "On my mother's advice I wrote: stop"),
            ("From: me\nstop", "From: me|stop"),
            ("", ""),
        ] {
            assert_eq!(kept(text), own, "{text:?}");
        }
    }
}
