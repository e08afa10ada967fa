//! When two ways of writing an address are the same address: more are taken for the same than for different, since what is
//! found by it is a refusal.

/// An address without what people write differently: a mailbox in lower case, a telephone number by its digits, anything
/// else in lower case with single spaces.
///
/// ```
/// use byleave_ledger::normal_address;
/// assert_eq!(normal_address(" Ann@Example.org "), "ann@example.org");
/// assert_eq!(normal_address("+1 (202) 555-0100"), normal_address("2025550100"));
/// ```
#[must_use]
pub fn normal(address: &str) -> String {
    let address = address.trim();
    if address.contains('@') {
        return address.to_lowercase();
    }
    let digits: String = address.chars().filter(char::is_ascii_digit).collect();
    let telephone =
        digits.len() >= 7 && address.chars().all(|it| it.is_ascii_digit() || " ()+-./\u{a0}".contains(it));
    if telephone {
        // Ten digits without a country are a number of the North American plan, as its own people write it.
        return if digits.len() == 10 && !address.starts_with('+') {
            format!("+1{digits}")
        } else {
            format!("+{digits}")
        };
    }
    address.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}
