//! Literals: texts, numbers, dates, times, points in time, amounts.

use super::super::{
    Amount, Date, Instant, Integer, Range, Template, TemplatePart, Text, Time, Unit, ZoneMark,
};
use super::super::{DateOrInstant, WeekdayName};
use super::reader::{Reader, parts};
use crate::diag::Diagnostic;
use crate::source::Span;
use byleave_grammar::Rule;
use jiff::civil::Weekday;
use pest::iterators::Pair;

/// 2^53 − 1: what every host language can hold.
const MAX_INTEGER: u64 = (1 << 53) - 1;

/// The first day of the epoch, where a date could not be read; a diagnostic has been made.
fn some_date() -> jiff::civil::Date {
    jiff::civil::date(1970, 1, 1)
}

/// A weekday by its English name or its first three letters.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    Some(match word.get(..3)? {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return None,
    })
}

impl Reader<'_> {
    pub fn text(&self, pair: &Pair<'_, Rule>) -> Text {
        let inner = inside(pair.as_str());
        let mut value = String::with_capacity(inner.len());
        unescape(inner, |c, _| value.push(c));
        Text { value, span: self.span(pair) }
    }

    pub fn texts(&self, pair: Pair<'_, Rule>) -> Vec<Text> {
        parts(pair).map(|text| self.text(&text)).collect()
    }

    /// A text with holes in braces.
    pub fn template(&mut self, pair: &Pair<'_, Rule>) -> Template {
        let span = self.span(pair);
        let mut pieces = Vec::new();
        let mut words = String::new();
        let mut hole: Option<(String, usize)> = None;
        let mut stray = None;
        unescape(inside(pair.as_str()), |c, (at, escaped)| {
            let here = span.start as usize + 1 + at;
            match (&mut hole, c) {
                (None, '{') if !escaped => hole = Some((String::new(), here + 1)),
                (None, _) => words.push(c),
                (Some((name, start)), '}') => {
                    if !words.is_empty() {
                        pieces.push(TemplatePart::Words(std::mem::take(&mut words)));
                    }
                    let span = Span::new(span.source, *start, here);
                    pieces.push(TemplatePart::Hole(super::super::Name { text: std::mem::take(name), span }));
                    hole = None;
                }
                (Some((name, _)), _) => name.push(c),
            }
        });
        if let Some((name, start)) = hole {
            words.push_str(&name);
            stray = Some(Span::new(span.source, start - 1, start));
        }
        if !words.is_empty() {
            pieces.push(TemplatePart::Words(words));
        }
        for piece in &pieces {
            if let TemplatePart::Hole(name) = piece
                && !is_name(&name.text)
            {
                stray = Some(name.span);
            }
        }
        if let Some(stray) = stray {
            let message = "braces in a reason hold the name of a value";
            self.report(
                Diagnostic::new("E0110", stray, message)
                    .hint("write `{row.state}`, or `\\{` for a brace as such"),
            );
        }
        Template { parts: pieces, span }
    }

    pub fn integer(&mut self, pair: &Pair<'_, Rule>) -> Integer {
        let span = self.span(pair);
        match pair.as_str().parse::<u64>() {
            Ok(value) if value <= MAX_INTEGER => Integer { value, span },
            _ => {
                let message = format!("a whole number is at most {MAX_INTEGER}");
                self.report(Diagnostic::new("E0108", span, message));
                Integer { value: 0, span }
            }
        }
    }

    pub fn date(&mut self, pair: &Pair<'_, Rule>) -> Date {
        let span = self.span(pair);
        match pair.as_str().parse() {
            Ok(value) => Date { value, span },
            Err(_) => {
                let message = format!("`{}` is no day of the calendar", pair.as_str());
                self.report(Diagnostic::new("E0501", span, message).hint("a date is written year-month-day"));
                Date { value: some_date(), span }
            }
        }
    }

    pub fn time(&mut self, pair: &Pair<'_, Rule>) -> Time {
        let span = self.span(pair);
        let mut numbers = pair.as_str().split(':').map(|part| part.parse::<u16>().unwrap_or(u16::MAX));
        let (hour, minute) = (numbers.next().unwrap_or(u16::MAX), numbers.next().unwrap_or(u16::MAX));
        if hour < 24 && minute < 60 || (hour, minute) == (24, 0) {
            return Time { minutes: hour * 60 + minute, span };
        }
        let message = format!("`{}` is no time of day", pair.as_str());
        self.report(
            Diagnostic::new("E0501", span, message).hint("a time of day lies between 00:00 and 24:00"),
        );
        Time { minutes: 0, span }
    }

    /// `08:00-12:00+13:00-20:00`
    pub fn hours(&mut self, pair: Pair<'_, Rule>) -> Vec<Range> {
        let times: Vec<Time> = parts(pair).map(|time| self.time(&time)).collect();
        let mut ranges: Vec<Range> = Vec::new();
        for pair in times.chunks(2) {
            let &[from, until] = pair else { continue };
            let span = from.span.to(until.span);
            if from.minutes >= until.minutes && (from.minutes, until.minutes) != (0, 0) {
                self.report(
                    Diagnostic::new(
                        "E0503",
                        span,
                        "hours go from an earlier to a later time of the same day",
                    )
                    .hint("hours across midnight are two ranges, on two days"),
                );
            } else if ranges.last().is_some_and(|before| before.until.minutes > from.minutes) {
                self.report(Diagnostic::new(
                    "E0503",
                    span,
                    "these hours begin before those to their left end",
                ));
            }
            ranges.push(Range { from, until, span });
        }
        ranges
    }

    pub fn instant(&mut self, pair: Pair<'_, Rule>) -> Instant {
        let span = self.span(&pair);
        let mut instant = Instant { local: some_date().at(0, 0, 0, 0), zone: ZoneMark::None, span };
        for part in parts(pair) {
            let text = part.as_str();
            match part.as_rule() {
                Rule::local_instant => match civil(text) {
                    Some(local) => instant.local = local,
                    None => {
                        let message = format!("`{text}` is no point in time");
                        self.report(
                            Diagnostic::new("E0501", self.span(&part), message)
                                .hint("as in 2026-07-01T20:30:00"),
                        );
                    }
                },
                Rule::offset => match offset(text) {
                    Some(seconds) => instant.zone = ZoneMark::Offset(seconds),
                    None => {
                        let message = format!("`{text}` is no offset");
                        self.report(
                            Diagnostic::new("E0501", self.span(&part), message).hint("as in -04:00, or Z"),
                        );
                    }
                },
                _ => instant.zone = ZoneMark::Zone(self.name(&part)),
            }
        }
        instant
    }

    pub fn date_or_instant(&mut self, pair: Pair<'_, Rule>) -> DateOrInstant {
        match pair.as_rule() {
            Rule::instant => DateOrInstant::Instant(self.instant(pair)),
            _ => DateOrInstant::Date(self.date(&pair)),
        }
    }

    pub fn amount(&mut self, pair: Pair<'_, Rule>) -> Amount {
        let span = self.span(&pair);
        let (mut count, mut unit) = (Integer { value: 0, span }, Unit::Day);
        let (mut business, mut local) = (None, None);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::integer => count = self.integer(&part),
                Rule::kw_business => business = Some(self.span(&part)),
                Rule::kw_local => local = Some(self.span(&part)),
                Rule::unit => {
                    unit = match part.as_str().trim_end_matches('s') {
                        "second" => Unit::Second,
                        "minute" => Unit::Minute,
                        "hour" => Unit::Hour,
                        "week" => Unit::Week,
                        "month" => Unit::Month,
                        "year" => Unit::Year,
                        _ => Unit::Day,
                    }
                }
                _ => {}
            }
        }
        for (word, special, at) in
            [("business", Unit::BusinessDay, business), ("local", Unit::LocalDay, local)]
        {
            let Some(at) = at else { continue };
            if unit == Unit::Day {
                unit = special;
            } else {
                let message = format!("only days are `{word}` days");
                self.report(Diagnostic::new("E0101", at, message).hint(format!("write `{word} days`")));
            }
        }
        Amount { count, unit, span }
    }

    pub fn weekday(&self, pair: &Pair<'_, Rule>) -> WeekdayName {
        WeekdayName { day: weekday(pair.as_str()).unwrap_or(Weekday::Monday), span: self.span(pair) }
    }
}

/// Without the quotation marks.
fn inside(text: &str) -> &str {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or("")
}

/// Gives each character of a text with its offset and whether it was escaped. Bad escapes have been reported.
fn unescape(inner: &str, mut each: impl FnMut(char, (usize, bool))) {
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match (escaped, c) {
            (false, '\\') => {
                escaped = true;
                continue;
            }
            (true, 'n') => each('\n', (at, true)),
            _ => each(c, (at, escaped)),
        }
        escaped = false;
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.split('.').all(|word| {
            word.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
                && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        })
}

/// `2026-07-01T20:30[:00[.123]]`; a leap second reads as the second before it.
fn civil(text: &str) -> Option<jiff::civil::DateTime> {
    let (date, time) = text.split_once('T')?;
    let date: jiff::civil::Date = date.parse().ok()?;
    let mut numbers = time.split(':');
    let hour: i8 = numbers.next()?.parse().ok()?;
    let minute: i8 = numbers.next()?.parse().ok()?;
    let (second, fraction) = match numbers.next() {
        None => ("0", ""),
        Some(text) => text.split_once('.').unwrap_or((text, "")),
    };
    let mut second: i8 = second.parse().ok()?;
    if second == 60 {
        second = 59;
    }
    let nanos: i32 = format!("{fraction:0<9}").parse().ok()?;
    jiff::civil::DateTime::new(date.year(), date.month(), date.day(), hour, minute, second, nanos).ok()
}

/// `Z`, `+05:30`: seconds east of Greenwich.
fn offset(text: &str) -> Option<i32> {
    if text == "Z" {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 25 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60)
}
