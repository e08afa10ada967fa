//! What a text of policy says at its outermost level, before anybody has read it in earnest: which pack it is, what it uses, whether it says
//! where it reaches. Only a look ahead, to know what else to load; the parser reads the same words.

/// Words outside of braces, comments and texts, each with the word after it. Whatever begins a line counts as well: a brace that somebody
/// forgot hides no `use` that comes later.
pub(crate) fn heads(text: &str) -> Vec<(&str, &str)> {
    let words = words(text);
    let next = words.iter().skip(1).map(|it| it.text).chain([""]);
    words.iter().zip(next).filter(|(it, _)| it.outermost).map(|(it, next)| (it.text, next)).collect()
}

struct Word<'a> {
    text: &'a str,
    outermost: bool,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut out = Vec::new();
    let (mut rest, mut depth, mut begins) = (text, 0usize, true);
    while let Some(first) = rest.chars().next() {
        let after = match first {
            '\n' => 1,
            '{' | '}' => {
                depth = if first == '{' { depth + 1 } else { depth.saturating_sub(1) };
                1
            }
            '"' => quoted(rest),
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            c if is_word(c) => {
                let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                let text = rest.get(..end).unwrap_or_default();
                out.push(Word { text, outermost: depth == 0 || begins });
                end
            }
            c => c.len_utf8(),
        };
        begins = first == '\n';
        rest = rest.get(after..).unwrap_or_default();
    }
    out
}

/// The length of a text in quotes, which ends on its line.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\n' => return at,
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    rest.len()
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.')
}

#[cfg(test)]
mod tests {
    use super::heads;

    fn used(text: &str) -> Vec<&str> {
        heads(text).into_iter().filter(|(word, _)| *word == "use").map(|(_, pack)| pack).collect()
    }

    #[test]
    fn space_and_line_breaks_mean_nothing() {
        for text in [
            "use core",
            "  use core",
            "use\tcore",
            "use\n  core",
            "use // the words\n core",
            "pack a { title \"A\" } use core",
        ] {
            assert_eq!(used(text), ["core"], "{text}");
        }
    }

    #[test]
    fn what_stands_within_is_no_item() {
        for text in [
            "// use core",
            "rule r { use only name }",
            "pack a { title \"use core\" }",
            "pack a { title \"a \\\" use core\" }",
        ] {
            assert_eq!(used(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_brace_too_few_hides_no_line() {
        assert_eq!(used("rule r { require person.a\nuse core"), ["core"]);
    }
}
