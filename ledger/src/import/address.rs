//! Addresses as an export writes them, as the ledger and requests write them: `+12025550100`, `ann@example.org`.

/// A telephone number with its country: what people put between the digits is left out. `code` is the calling code of numbers
/// that stand without one.
pub(super) fn phone(text: &str, code: Option<&str>) -> Result<String, &'static str> {
    let text = text.trim().trim_start_matches("tel:");
    if !text.chars().all(|it| it.is_ascii_digit() || " ()+-./\u{a0}".contains(it)) {
        return Err("there is something in it that no telephone number has");
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let international = text.strip_prefix('+').map(|_| digits.as_str()).or_else(|| digits.strip_prefix("00"));
    if text.chars().filter(|it| *it == '+').count() > usize::from(text.starts_with('+')) {
        return Err("there is something in it that no telephone number has");
    }
    let whole = match (international, code) {
        (Some(digits), _) => digits.to_owned(),
        (None, Some("1")) if digits.len() == 11 && digits.starts_with('1') => digits,
        (None, Some("1")) if digits.len() == 10 => format!("1{digits}"),
        (None, Some("1")) => return Err("it has neither ten digits nor a country"),
        // The 0 before an area code is no part of the number abroad.
        (None, Some("39")) => format!("39{digits}"),
        (None, Some(code)) => format!("{code}{}", digits.strip_prefix('0').unwrap_or(&digits)),
        (None, None) => return Err("it does not say its country, and the mapping has no `calling_code`"),
    };
    if whole.starts_with('0') {
        return Err("no country's code begins with 0");
    }
    let fits = if whole.starts_with('1') { whole.len() == 11 } else { (7..=15).contains(&whole.len()) };
    if fits { Ok(format!("+{whole}")) } else { Err("it has more or fewer digits than any number") }
}

/// A mailbox in lower case: no two people share one that differs in its case, and refusals are found by it.
pub(super) fn email(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let Some((local, domain)) = text.rsplit_once('@') else { return Err("there is no @ in it") };
    let odd = |it: char| it.is_whitespace() || it.is_control() || "<>(),;:\"[]\\".contains(it);
    if local.is_empty() || domain.is_empty() || text.contains(odd) || local.contains('@') {
        return Err("it is not one mailbox");
    }
    if !domain.contains('.') || domain.starts_with('.') || domain.ends_with('.') || domain.contains("..") {
        return Err("what stands behind the @ is no domain");
    }
    Ok(text.to_lowercase())
}
