//! Mistakes of syntax in plain words.
//!
//! The grammar says at which place it could not go on and which of its rules it tried there. That becomes: what could
//! stand here, what stands here instead, and, where one is near, the word that was probably meant.

use super::super::scan::{ITEM_WORDS, Kind};
use super::reader::Reader;
use crate::diag::{Diagnostic, did_you_mean};
use crate::source::Span;
use byleave_grammar::Rule;
use pest::error::{Error, ErrorVariant, InputLocation};

/// The keywords of clauses.
const CLAUSES: [&str; 16] = [
    "cite", "sheet", "verified", "since", "until", "when", "require", "provided", "include", "disclose",
    "use", "unless", "oblige", "on", "kind", "because",
];
/// What stands in one line with what is before it.
const LINED: [Rule; 5] = [Rule::cell, Rule::cell_item, Rule::column, Rule::cell_same, Rule::header];
/// What may follow a value in a condition.
const RELATIONS: [&str; 13] =
    ["is", "only", "includes", "not", "in", "exists", "on", "covers", "applies", "of", "same", "have", "has"];
/// What a question about events may go on with.
const EVENTS: [&str; 7] = ["of", "covering", "by", "in", "today", "this", "since"];
/// What is said to follow a value.
const AFTER_VALUE: &str = "`is` or a comparison";
/// What may follow a value as well.
const RARE_AFTER_VALUE: [&str; 5] =
    ["a dashed item", "a stretch of time such as `in past 24 hours`", "`,`", "`where`", "`covering`"];
/// What a line of a test may begin with.
const TEST_LINES: [&str; 14] = [
    "at",
    "known_at",
    "horizon",
    "with",
    "consent",
    "contacted",
    "interaction",
    "listed",
    "signal",
    "consents",
    "contacts",
    "interactions",
    "complete",
    "expect",
];

/// The token at which the grammar could not go on.
fn place(reader: &Reader<'_>, error: &Error<Rule>) -> (usize, usize) {
    let offset = reader.base
        + match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
    let index = reader.scan.index_at(offset);
    // A place inside a word is a word that began well and went on wrong.
    let inside = index.checked_sub(1).filter(|&before| {
        reader
            .scan
            .tokens
            .get(before)
            .is_some_and(|token| (offset as u32) < token.end && token.kind != Kind::Text)
    });
    (offset, inside.unwrap_or(index))
}

/// Whether the mistake is no more than that a further item follows.
pub(super) fn stops_at_item(reader: &Reader<'_>, error: &Error<Rule>) -> bool {
    let (_, index) = place(reader, error);
    ITEM_WORDS.contains(&reader.scan.text(reader.source, index))
}

/// The mistake in the piece of text that spans the tokens from `first` up to `end`.
pub(super) fn tell(reader: &Reader<'_>, error: &Error<Rule>, first: usize, end: usize) -> Diagnostic {
    let (offset, index) = place(reader, error);
    if let Some(diagnostic) = brackets(reader, index, first, end) {
        return diagnostic;
    }
    let positives = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
        ErrorVariant::CustomError { .. } => &[],
    };
    // Where lines count, what is missing is missing at the end of its line.
    let before = reader.scan.tokens.get(index).map_or(offset, |token| token.start as usize);
    let gap = reader.source.text.get(offset..before.max(offset)).unwrap_or("");
    let line_ends = gap.contains('\n') && positives.iter().any(|wanted| LINED.contains(wanted));
    let at_end = index >= end || line_ends;
    let token = reader.scan.tokens.get(if at_end { index.min(end).saturating_sub(1) } else { index });
    let span = token.map_or(Span::new(reader.source.id, offset, offset), |token| {
        let start = if at_end { token.end } else { token.start };
        Span::new(reader.source.id, start as usize, token.end as usize)
    });
    let found = if at_end { "" } else { reader.scan.text(reader.source, index) };
    if let Some(diagnostic) = no_item(reader, index, first, end) {
        return diagnostic;
    }
    if positives.is_empty() && !at_end && index > first {
        return about_item(reader, stray(reader, index - 1), first);
    }
    let (phrases, candidates) = expected(positives);
    let found_words = match found {
        "" if line_ends => "the end of the line".to_owned(),
        "" if reader.scan.tokens.len() <= end => "the end of the file".to_owned(),
        "" => "the end of the item".to_owned(),
        found => format!("`{}`", shorten(found)),
    };
    let message = match phrases.split_last() {
        None => format!("{found_words} cannot stand here"),
        Some((only, [])) => format!("expected {only}, found {found_words}"),
        Some((last, rest)) => format!("expected {} or {last}, found {found_words}", rest.join(", ")),
    };
    let diagnostic = Diagnostic::new("E0101", span, message);
    let diagnostic = match hint(found, positives).or_else(|| unnamed(reader, index)) {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic.suggest(found, candidates),
    };
    about_item(reader, diagnostic, first)
}

/// A word behind an item that does not belong to it and begins none.
pub(super) fn stray(reader: &Reader<'_>, index: usize) -> Diagnostic {
    let token = reader.scan.tokens.get(index);
    let span =
        token.map_or(Span::default(), |t| Span::new(reader.source.id, t.start as usize, t.end as usize));
    let word = shorten(reader.scan.text(reader.source, index));
    Diagnostic::new(
        "E0101",
        span,
        format!("`{word}` neither goes on with what stands before it nor begins an item"),
    )
    .hint("a condition goes on with `and` or `or`; an item begins with a word such as `rule`")
}

/// A hint for mistakes that people make who know other languages, or that have one likely cause.
fn hint(found: &str, positives: &[Rule]) -> Option<String> {
    let wants = |rule: Rule| positives.contains(&rule);
    let value = wants(Rule::value) || wants(Rule::operand) || wants(Rule::objects);
    let named = value || positives.iter().any(|rule| matches!(phrase(*rule), ["a name" | "a condition", ..]));
    let number = found.starts_with(|c: char| c.is_ascii_digit());
    let has = |sign| found.contains(sign);
    let hint = if found == "=" && value {
        "write `=` once to compare"
    } else if named && !number && found.contains(|c: char| c.is_ascii_uppercase()) {
        "names are written in lower case; jurisdictions as in `US-FL`"
    } else if number && has('.') {
        "there are no fractions; take a smaller unit"
    } else if number && has('_') {
        "a number has digits only"
    } else if number && has('T') && value {
        "points in time are compared with `before` and `from`"
    } else if number && has(':') {
        "a time of day has two digits for the hour, as in 08:00"
    } else if number && has('-') && wants(Rule::date) {
        "a date is written year-month-day, as in 2026-11-01"
    } else if number && wants(Rule::unit) {
        "a length of time has a unit, as in `30 days`"
    } else {
        return None;
    };
    Some(hint.to_owned())
}

/// `expect no withheld` and its like say of one by its name that it is not there; of all of them another form does.
fn unnamed(reader: &Reader<'_>, index: usize) -> Option<String> {
    let word = |back: usize| index.checked_sub(back).map(|at| reader.scan.text(reader.source, at));
    let (expect, no, what) = (word(3)?, word(2)?, word(1)?);
    let lists = matches!(what, "withheld" | "oblige" | "taken_as" | "warned");
    (expect == "expect" && no == "no" && lists).then(|| format!("name it, or write `expect {what} none`"))
}

/// Says so when it is a bracket that has no partner.
fn brackets(reader: &Reader<'_>, index: usize, first: usize, end: usize) -> Option<Diagnostic> {
    let mut open: Vec<usize> = Vec::new();
    for at in first..end {
        let token = reader.scan.tokens.get(at)?;
        if token.kind != Kind::Sign {
            continue;
        }
        let span = |at: usize| {
            let token = reader.scan.tokens.get(at);
            token.map_or(Span::default(), |t| Span::new(reader.source.id, t.start as usize, t.end as usize))
        };
        let sign = reader.scan.text(reader.source, at);
        match sign {
            "{" | "[" | "(" => open.push(at),
            "}" | "]" | ")" => match open.pop() {
                None if at == index => {
                    return Some(Diagnostic::new("E0105", span(at), format!("`{sign}` closes nothing")));
                }
                Some(before) if at == index => {
                    let opened = reader.scan.text(reader.source, before);
                    if (opened, sign) != ("{", "}")
                        && (opened, sign) != ("[", "]")
                        && (opened, sign) != ("(", ")")
                    {
                        let message = format!("`{sign}` does not close `{opened}`");
                        let label = "opened here";
                        return Some(Diagnostic::new("E0105", span(at), message).label(span(before), label));
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
    let unclosed = open.first().copied().filter(|_| index >= end)?;
    let token = reader.scan.tokens.get(unclosed)?;
    let span = Span::new(reader.source.id, token.start as usize, token.end as usize);
    let sign = reader.scan.text(reader.source, unclosed);
    Some(about_item(reader, Diagnostic::new("E0105", span, format!("`{sign}` is never closed")), first))
}

/// Says so when the words do not even begin an item.
fn no_item(reader: &Reader<'_>, index: usize, first: usize, end: usize) -> Option<Diagnostic> {
    let word = reader.scan.text(reader.source, first);
    let token = reader.scan.tokens.get(first)?;
    if index > first + 3 || first >= end || ITEM_WORDS.contains(&word) {
        return None;
    }
    let third = reader.scan.text(reader.source, first + 2);
    let named = reader.scan.tokens.get(first + 1).is_some_and(|next| next.kind == Kind::Word);
    if index > first + 1
        && named
        && matches!(third, "is" | "marked" | "{")
        && did_you_mean(word, ITEM_WORDS).is_none()
    {
        // A new node with a mistake further on.
        return None;
    }
    let span = Span::new(reader.source.id, token.start as usize, token.end as usize);
    let message = format!("`{}` does not begin an item", shorten(word));
    let diagnostic = Diagnostic::new("E0101", span, message);
    Some(match did_you_mean(word, ITEM_WORDS) {
        Some(best) => diagnostic.hint(format!("did you mean `{best}`?")),
        None => diagnostic
            .hint("an item begins with a word such as `rule`, `exemption`, `define`, `table` or `test`"),
    })
}

/// Names the item, when the mistake is not in its first line.
fn about_item(reader: &Reader<'_>, diagnostic: Diagnostic, first: usize) -> Diagnostic {
    let Some(token) = reader.scan.tokens.get(first) else { return diagnostic };
    let line = |offset: u32| reader.source.line_column(offset).line;
    let word = reader.scan.text(reader.source, first);
    if line(token.start) == line(diagnostic.span.start) || !ITEM_WORDS.contains(&word) {
        return diagnostic;
    }
    let end = reader.scan.tokens.get(first + 1).map_or(token.end, |name| name.end);
    let span = Span::new(reader.source.id, token.start as usize, end as usize);
    let text = format!("in this {word}");
    diagnostic.label(span, text)
}

fn shorten(word: &str) -> String {
    if word.chars().count() <= 40 {
        word.to_owned()
    } else {
        word.chars().take(37).chain("…".chars()).collect()
    }
}

/// What could stand here, as phrases, and the single words among it, for a suggestion.
fn expected(positives: &[Rule]) -> (Vec<String>, Vec<&'static str>) {
    let mut words: Vec<&'static str> = Vec::new();
    let mut phrases: Vec<String> = Vec::new();
    for &rule in positives {
        match keyword(rule) {
            Some(word) => words.push(word),
            None => {
                for phrase in phrase(rule) {
                    phrases.push((*phrase).to_owned());
                }
                words.extend(group(rule));
            }
        }
    }
    words.sort_unstable();
    words.dedup();
    let candidates = words.clone();
    bundle(&mut words, &mut phrases, &CLAUSES, 5, "a clause such as `require`");
    bundle(&mut words, &mut phrases, &ITEM_WORDS, 5, "an item such as `rule`");
    bundle(&mut words, &mut phrases, &TEST_LINES, 6, "a line of a test such as `expect`");
    bundle(&mut words, &mut phrases, &RELATIONS, 6, AFTER_VALUE);
    if phrases.iter().any(|phrase| phrase == AFTER_VALUE) {
        // Behind a value nearly everything could follow; what usually does is enough.
        words.retain(|word| !EVENTS.contains(word) && *word != "as" && *word != "at");
        phrases.retain(|phrase| !RARE_AFTER_VALUE.contains(&phrase.as_str()));
    }
    bundle(&mut words, &mut phrases, &EVENTS, 4, "a stretch of time such as `in past 24 hours`");
    bundle(&mut words, &mut phrases, &["and", "or"], 2, "`and`, `or`");
    phrases.extend(words.iter().map(|word| format!("`{word}`")));
    phrases.sort_by_key(|phrase| {
        (phrase.starts_with("`}`") || phrase.starts_with("the next"), phrase.starts_with('`'))
    });
    let mut seen = std::collections::BTreeSet::new();
    phrases.retain(|phrase| seen.insert(phrase.clone()));
    if phrases.len() > 10 {
        phrases.truncate(9);
        phrases.push("one of a few more".to_owned());
    }
    (phrases, candidates)
}

/// Says one phrase for several words of a group.
fn bundle(
    words: &mut Vec<&'static str>,
    phrases: &mut Vec<String>,
    group: &[&str],
    least: usize,
    phrase: &str,
) {
    if words.iter().filter(|word| group.contains(word)).count() >= least {
        words.retain(|word| !group.contains(word));
        phrases.push(phrase.to_owned());
    }
}

/// The words that a rule stands for, when it stands for a choice of clauses or items.
fn group(rule: Rule) -> &'static [&'static str] {
    match rule {
        Rule::clause => &CLAUSES,
        Rule::item => &ITEM_WORDS,
        Rule::test_line => &TEST_LINES,
        _ => &[],
    }
}

/// The word of a keyword's rule.
fn keyword(rule: Rule) -> Option<&'static str> {
    KEYWORDS.with(|table| table.get(&rule).copied())
}

thread_local! {
    /// The words by rule, read off the grammar's own text so that the two cannot disagree.
    static KEYWORDS: std::collections::BTreeMap<Rule, &'static str> = {
        let mut words = std::collections::BTreeMap::new();
        for rule in Rule::all_rules() {
            let name = format!("{rule:?}");
            if let Some(word) = name.strip_prefix("kw_")
                && let Some(at) = byleave_grammar::GRAMMAR.find(&format!("\"{word}\" ~ !word_char"))
                && let Some(word) = byleave_grammar::GRAMMAR.get(at + 1..at + 1 + word.len())
            {
                words.insert(*rule, word);
            }
        }
        words
    };
}

/// What a rule that is no keyword is called.
fn phrase(rule: Rule) -> &'static [&'static str] {
    match rule {
        Rule::EOI => &["the next item"],
        Rule::clause | Rule::item | Rule::test_line => &[],
        Rule::brace_open => &["`{`"],
        Rule::brace_close => &["`}`"],
        Rule::list_open => &["`[`"],
        Rule::list_close => &["`]`"],
        Rule::paren_open => &["`(`"],
        Rule::paren_close => &["`)`"],
        Rule::comma => &["`,`"],
        Rule::colon => &["`:`"],
        Rule::compare_sign | Rule::compare => &[AFTER_VALUE],
        Rule::dash | Rule::dashed => &["a dashed item"],
        Rule::name | Rule::names | Rule::type_name | Rule::code | Rule::codes | Rule::unless_one => {
            &["a name"]
        }
        Rule::text | Rule::texts => &["a text in quotation marks"],
        Rule::integer => &["a whole number"],
        Rule::date | Rule::month_date => &["a date"],
        Rule::time | Rule::clock_time => &["a time of day"],
        Rule::instant | Rule::local_instant => &["a point in time"],
        Rule::moment_literal => &["a date", "a point in time"],
        Rule::amount | Rule::cell_amount => &["a length of time such as `30 days`"],
        Rule::duration | Rule::as_of => &["a length of time such as `30 days`"],
        Rule::unit => &["a unit such as `days`"],
        Rule::zone => &["a time zone such as `America/New_York`"],
        Rule::jurisdiction | Rule::place | Rule::places => &["a jurisdiction such as `US-FL`"],
        Rule::hours => &["hours such as 08:00-20:00"],
        Rule::week | Rule::week_entry | Rule::week_days => &["days and hours such as `mon-fri 08:00-20:00`"],
        Rule::weekday => &["a weekday"],
        Rule::month => &["a month"],
        Rule::month_day => &["a day such as 07-04"],
        Rule::ordinal => &["a number such as `3rd`"],
        Rule::condition
        | Rule::alternatives
        | Rule::conjunction
        | Rule::negation
        | Rule::negate
        | Rule::known
        | Rule::atom
        | Rule::relation
        | Rule::define_body
        | Rule::bracketed => &["a condition"],
        Rule::value | Rule::operand | Rule::lookup => &["a value"],
        Rule::objects => &["a name", "names in brackets"],
        Rule::names_in_brackets => &["names in brackets"],
        Rule::events | Rule::events_part | Rule::define_events => &["a kind of event such as `attempts`"],
        Rule::moment | Rule::latest | Rule::the_refusal => &["something that has a date"],
        Rule::window | Rule::past | Rule::window_since | Rule::this_week => {
            &["a stretch of time such as `in past 24 hours`"]
        }
        Rule::r#where => &["`where`"],
        Rule::when => &["`when`"],
        Rule::reach | Rule::reach_word => {
            &["`channel`", "`purpose`", "`topic`", "`sender`", "`address`", "`matter`", "`level`", "`seller`"]
        }
        Rule::fact_type | Rule::record_type => &["a type such as `boolean` or `set of channel`"],
        Rule::fact_attr => &["`missing`", "`reads`", "`absent none`"],
        Rule::fact | Rule::record_field => &["a fact such as `name: type`"],
        Rule::pack_field => &["a line such as `title`"],
        Rule::node | Rule::node_block => &["a node"],
        Rule::marks | Rule::marks_one => &["`marked`"],
        Rule::setting_type => &["`one of`", "`date`", "`integer`", "`duration`"],
        Rule::setting_attr => &["`cite`", "`verified`", "`because`"],
        Rule::reply_part => &[
            "`cite`",
            "`verified`",
            "`since`",
            "`language`",
            "`alone`",
            "`exactly`",
            "`within`",
            "`beside`",
            "`unlike`",
            "`except`",
            "`confirm`",
            "`because`",
        ],
        Rule::edition | Rule::edition_attr => &["an edition such as `30 days from 2025-04-11`"],
        Rule::instrument_part => {
            &["`cite`", "`verified`", "`missing`", "`elements`", "`element`", "`lasts`", "`void`"]
        }
        Rule::inst_lasts | Rule::lasts_for | Rule::lasts_through | Rule::lasts_forever => {
            &["`through`", "`without end`", "a length of time such as `1 year`"]
        }
        Rule::oblige_arg | Rule::deadline => {
            &["what is owed, such as `5 years` or `10 business days after stop`"]
        }
        Rule::header | Rule::grid => &["the table's header, which begins with `row`"],
        Rule::row => &["a row"],
        Rule::cell | Rule::cell_item | Rule::cell_absent | Rule::cell_same | Rule::column => &["a cell"],
        Rule::holiday | Rule::calendar_part => &["a holiday such as `new_year 01-01`"],
        Rule::holiday_attr | Rule::observed => &["`since`", "`until`", "`observed`"],
        Rule::nth_weekday | Rule::once | Rule::easter => &["a day such as 07-04 or `last monday of may`"],
        Rule::nearest_weekday | Rule::next_monday | Rule::following_weekday => {
            &["`nearest weekday`", "`next monday`", "`following weekday`"]
        }
        Rule::shift | Rule::shift_sign => &["`+`", "`-`"],
        Rule::expect => &["`expect`"],
        Rule::record | Rule::field => &["facts such as `{ channel text }`"],
        Rule::fact_value | Rule::fact_list => &["a value"],
        Rule::rule_ref => &["a rule's name"],
        Rule::base => &["`base`"],
        Rule::case => &["a case such as `2026-11-20T18:00:00 pass`"],
        Rule::test_facts => &["facts such as `person { … }`"],
        Rule::test_empty | Rule::empty_word => &["`consents none`"],
        _ => &[],
    }
}
