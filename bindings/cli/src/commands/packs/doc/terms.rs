//! Single words: names without their underscores, dates and lengths of time as people say them.

use crate::page::words::MONTHS;
use byleave::ast::{Amount, Time, Unit};
use jiff::civil::Date;

/// Words that are letters.
const LETTERS: [(&str, &str); 17] = [
    ("ai", "AI"),
    ("ccpa", "CCPA"),
    ("cema", "CEMA"),
    ("dnc", "DNC"),
    ("ebr", "EBR"),
    ("eu", "EU"),
    ("gdpr", "GDPR"),
    ("gpc", "GPC"),
    ("hipaa", "HIPAA"),
    ("mms", "MMS"),
    ("part2", "Part 2"),
    ("phi", "protected health information"),
    ("rcs", "RCS"),
    ("rnd", "reassigned numbers"),
    ("sms", "SMS"),
    ("tpo", "treatment, payment and operations"),
    ("voip", "VoIP"),
];

/// `lab_result` as `lab result`.
pub fn plain(word: &str) -> String {
    let spelled =
        |part: &str| LETTERS.iter().find(|(it, _)| *it == part).map_or(part.to_owned(), |it| it.1.to_owned());
    word.split(['_', '.']).map(spelled).collect::<Vec<_>>().join(" ")
}

/// The same, as a heading.
pub fn title(word: &str) -> String {
    let text = plain(word);
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// `1 July 2026`
pub fn day(year: i32, month: u8, day: u8) -> String {
    let name = usize::from(month).checked_sub(1).and_then(|n| MONTHS.get(n)).copied().unwrap_or("?");
    format!("{day} {name} {year}")
}

/// A literal date.
pub fn spoken_date(date: Date) -> String {
    day(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
}

/// `08:00`
pub fn spoken_time(time: Time) -> String {
    format!("{:02}:{:02}", time.minutes / 60, time.minutes % 60)
}

/// `10 business days`
pub fn amount(amount: &Amount) -> String {
    let unit = match amount.unit {
        Unit::Second => "second",
        Unit::Minute => "minute",
        Unit::Hour => "hour",
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Year => "year",
        Unit::BusinessDay => "business day",
        Unit::LocalDay => "local day",
    };
    let n = amount.count.value;
    format!("{n} {unit}{}", if n == 1 { "" } else { "s" })
}
