//! When two ways of writing an address are the same address. A stop told of `Ann@Example.org` must bind `ann@example.org`, so the
//! facts hold addresses in one form, however host and record write them.

use crate::facts::{Interner, Slot, TextId};
use std::borrow::Cow;

/// Fewer digits than this are no telephone number with its country.
const DIGITS: usize = 7;

/// An address without what people write differently: a mailbox in lower case, a telephone number by its digits with its country,
/// anything else in lower case with single spaces. Ten digits without a country are a number of the North American plan, as its
/// own people write it. More are taken for the same than for different: what an address is looked up for is a refusal.
///
/// ```
/// use byleave::normal_address;
/// assert_eq!(normal_address(" Ann@Example.org "), "ann@example.org");
/// assert_eq!(normal_address("+1 (202) 555-0100"), normal_address("2025550100"));
/// assert_ne!(normal_address("+1 202 555 0100"), normal_address("+1 202 555 0101"));
/// ```
#[must_use]
pub fn normal_address(address: &str) -> Cow<'_, str> {
    if is_normal(address) {
        return Cow::Borrowed(address);
    }
    let trimmed = address.trim();
    if trimmed.contains('@') {
        return Cow::Owned(trimmed.to_lowercase());
    }
    let digits: String = trimmed.chars().filter(char::is_ascii_digit).collect();
    let telephone = digits.len() >= DIGITS
        && trimmed.chars().all(|it| it.is_ascii_digit() || " ()+-./\u{a0}".contains(it));
    Cow::Owned(if !telephone {
        trimmed.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
    } else if digits.len() == 10 && !trimmed.starts_with('+') {
        format!("+1{digits}")
    } else {
        format!("+{digits}")
    })
}

/// What nearly every address is: a number as E.164 writes it, or a mailbox in lower case.
fn is_normal(address: &str) -> bool {
    match address.as_bytes() {
        [b'+', digits @ ..] => digits.len() >= DIGITS && digits.iter().all(u8::is_ascii_digit),
        bytes => {
            bytes.contains(&b'@') && bytes.iter().all(|it| it.is_ascii_graphic() && !it.is_ascii_uppercase())
        }
    }
}

/// The number of an address in its one form.
pub(super) fn number(texts: &mut Interner, address: TextId) -> TextId {
    match normal_address(texts.text(address)) {
        Cow::Borrowed(_) => address,
        Cow::Owned(normal) => texts.intern(&normal),
    }
}

/// A slot that holds addresses, each in its one form.
pub(super) fn normalise(texts: &mut Interner, slot: &mut Slot) {
    match slot {
        Slot::Text(address) => *address = number(texts, *address),
        Slot::Texts(addresses) => {
            let normal: Vec<TextId> = addresses.iter().map(|address| number(texts, *address)).collect();
            if *normal != **addresses {
                *slot = Slot::texts(normal);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_write_differently_is_the_same() {
        for (one, other) in [
            ("Ann@Example.ORG", "ann@example.org"),
            ("\u{c9}lan@example.org", "\u{e9}lan@example.org"),
            ("(212) 555-0142", "+12125550142"),
            ("+44 20 7946 0958", "+442079460958"),
            ("1-212-555-0142", "+12125550142"),
            ("12  Elm\tStreet", "12 elm street"),
        ] {
            assert_eq!(normal_address(one), normal_address(other));
        }
        for (one, other) in
            [("+12125550142", "+442125550142"), ("a@b", "a@c"), ("+1", "1"), ("12 elm", "12elm")]
        {
            assert_ne!(normal_address(one), normal_address(other));
        }
    }

    proptest! {
        #[test]
        fn the_form_is_its_own(address in "[ -~\u{e0}-\u{ff}\u{a0}\u{130}]{0,20}|[+(]?[0-9 ()./-]{5,16}|[A-Za-z.]{1,5}@[A-Za-z.]{1,8}") {
            let once = normal_address(&address).into_owned();
            prop_assert_eq!(normal_address(&once), once.as_str());
        }
    }
}
