//! A phone number as people write it: of which numbering plan it is, and its area code. What is not surely a number is none.

/// What a text is as a phone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// Of the North American Numbering Plan: the ten digits.
    NorthAmerican(String),
    /// Of another country's plan, with its digits from the country code on.
    Foreign(String),
    /// No number, and why.
    Unreadable(&'static str),
}

/// Nobody writes a longer one; more is refused unread.
const LONGEST: usize = 64;

/// Reads a number: with `+`, with `011` or `00` before a country code, or as ten digits (eleven with a `1` before them) of
/// the North American plan. Spaces, dashes, dots, slashes and brackets are passed over, and an extension is left out.
///
/// Letters that stand for digits are refused: what somebody has misread is not told apart from what somebody has spelt.
pub(super) fn read(text: &str) -> Number {
    if text.len() > LONGEST {
        return Number::Unreadable("it is longer than any number");
    }
    let text = text.trim();
    let text = text.strip_prefix("tel:").unwrap_or(text);
    let Some(text) = without_extension(text) else {
        return Number::Unreadable("it holds something that is no number");
    };
    let (plus, text) = match text.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut digits = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}' | '\u{2010}'..='\u{2013}' => {}
            _ => return Number::Unreadable("it holds something that is no number"),
        }
    }
    if digits.is_empty() {
        return Number::Unreadable("it holds no digits");
    }
    if plus {
        return international(&digits);
    }
    match (digits.len(), digits.strip_prefix('1')) {
        (10, None) => north_american(&digits),
        (11, Some(rest)) => north_american(rest),
        _ => match digits.strip_prefix("011").or_else(|| digits.strip_prefix("00")) {
            Some(rest) => international(rest),
            None => Number::Unreadable("it has neither ten digits nor a country code"),
        },
    }
}

/// What stands before an extension; nothing if what stands behind it is none.
fn without_extension(text: &str) -> Option<&str> {
    let Some(at) = text.find(|c: char| c.is_ascii_alphabetic() || matches!(c, '#' | ';' | ',')) else {
        return Some(text);
    };
    let (number, rest) = (text.get(..at)?, text.get(at..)?.to_ascii_lowercase());
    let rest = rest.trim_start_matches([' ', ',']);
    let marks = [";ext=", "extension", "ext.", "ext", "x", "#"];
    let digits = marks.iter().find_map(|mark| rest.strip_prefix(mark))?;
    let digits = digits.trim_start_matches([' ', '.', ':']).trim_end();
    let is_one = (1..=9).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit());
    is_one.then_some(number)
}

/// Digits from the country code on (E.164: at most fifteen, and none in use is shorter than seven).
fn international(digits: &str) -> Number {
    match digits.strip_prefix('1') {
        Some(rest) if rest.len() == 10 => north_american(rest),
        Some(_) => Number::Unreadable("behind the country code 1 stand ten digits"),
        None if digits.starts_with('0') => Number::Unreadable("no country code begins with 0"),
        None if !(7..=15).contains(&digits.len()) => {
            Number::Unreadable("it has more or fewer digits than any number")
        }
        None => Number::Foreign(digits.to_owned()),
    }
}

/// Ten digits: neither an area code nor an exchange begins with 0 or 1, and no exchange ends with 11 (those are services).
fn north_american(digits: &str) -> Number {
    let first = |at: usize| digits.as_bytes().get(at).is_some_and(|it| (b'2'..=b'9').contains(it));
    let service = digits.get(4..6) == Some("11") || digits.get(1..3) == Some("11");
    match first(0) && first(3) && !service {
        true => Number::NorthAmerican(digits.to_owned()),
        false => Number::Unreadable("no number of the North American plan looks like this"),
    }
}
