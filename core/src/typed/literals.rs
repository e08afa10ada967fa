//! Literals: what is written as a value, in a condition or in a cell of a table, read as a value of the type that is
//! wanted where it stands.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::taxonomy::{NodeId, TaxonomyId};
use crate::time::Date;
use crate::typed::linker::Linker;
use crate::typed::words::clock;
use crate::value::{Amount, Type, Unit, Value};
use std::sync::Arc;

/// Something written that is a value as soon as its type is known.
#[derive(Clone, Debug)]
pub(crate) enum Literal {
    /// A node, a choice, `yes`, `any`.
    Word(ast::Name),
    /// A whole number.
    Integer(i64, Span),
    /// A text.
    Text(String, Span),
    /// A date.
    Date(Date, Span),
    /// A length of time.
    Amount(Amount, Span),
    /// Seconds of the day.
    Time(u32, Span),
    /// Hours of a day, in seconds.
    Hours(Vec<(u32, u32)>, Span),
}

impl Literal {
    pub fn span(&self) -> Span {
        match self {
            Literal::Word(name) => name.span,
            Literal::Integer(_, span)
            | Literal::Text(_, span)
            | Literal::Date(_, span)
            | Literal::Amount(_, span)
            | Literal::Time(_, span)
            | Literal::Hours(_, span) => *span,
        }
    }

    /// As people read it.
    pub fn words(&self) -> String {
        match self {
            Literal::Word(name) => name.text.clone(),
            Literal::Integer(n, _) => n.to_string(),
            Literal::Text(text, _) => text.clone(),
            Literal::Date(date, _) => date.to_string(),
            Literal::Amount(amount, _) => amount.to_string(),
            Literal::Time(second, _) => clock(*second),
            Literal::Hours(rows, _) => hours(rows),
        }
    }

    /// Whether two of them are the same word, number, text …
    pub fn same(&self, other: &Literal) -> bool {
        match (self, other) {
            (Literal::Word(a), Literal::Word(b)) => a.text == b.text,
            (Literal::Integer(a, _), Literal::Integer(b, _)) => a == b,
            (Literal::Text(a, _), Literal::Text(b, _)) => a == b,
            (Literal::Date(a, _), Literal::Date(b, _)) => a == b,
            (Literal::Amount(a, _), Literal::Amount(b, _)) => a == b,
            (Literal::Time(a, _), Literal::Time(b, _)) => a == b,
            (Literal::Hours(a, _), Literal::Hours(b, _)) => a == b,
            _ => false,
        }
    }

    /// What it is, for messages.
    pub fn sort(&self) -> &'static str {
        match self {
            Literal::Word(_) => "a word",
            Literal::Integer(..) => "a whole number",
            Literal::Text(..) => "a text",
            Literal::Date(..) => "a date",
            Literal::Amount(..) => "a length of time",
            Literal::Time(..) => "a time of day",
            Literal::Hours(..) => "hours",
        }
    }
}

/// `08:00 to 12:00 and 13:00 to 20:00`
pub(crate) fn hours(rows: &[(u32, u32)]) -> String {
    if rows.is_empty() {
        return "never".to_string();
    }
    let rows: Vec<String> = rows.iter().map(|(a, b)| format!("{} to {}", clock(*a), clock(*b))).collect();
    rows.join(" and ")
}

/// A parsed date as the engine counts it.
pub(crate) fn date(date: &ast::Date) -> Date {
    let d = date.value;
    let part = |n: i8| u8::try_from(n).unwrap_or(1);
    // The parser has seen to it that the date exists.
    Date::from_ymd(i32::from(d.year()), part(d.month()), part(d.day())).unwrap_or(Date::EPOCH)
}

/// A written length of time.
pub(crate) fn amount(cx: &mut Linker<'_>, amount: &ast::Amount) -> Option<Amount> {
    let unit = match amount.unit {
        ast::Unit::Second => Unit::Second,
        ast::Unit::Minute => Unit::Minute,
        ast::Unit::Hour => Unit::Hour,
        ast::Unit::Day => Unit::Day,
        ast::Unit::Week => Unit::Week,
        ast::Unit::Month => Unit::Month,
        ast::Unit::Year => Unit::Year,
        ast::Unit::BusinessDay => Unit::BusinessDay,
        ast::Unit::LocalDay => Unit::LocalDay,
    };
    // Ten thousand years of seconds fit into no decision; what is longer is a slip.
    match u32::try_from(amount.count.value).ok().filter(|n| *n <= MAX_AMOUNT) {
        Some(n) => Some(Amount { n, unit }),
        None => {
            cx.error("E0307", amount.span, format!("a length of time counts at most {MAX_AMOUNT} units"));
            None
        }
    }
}

const MAX_AMOUNT: u32 = 100_000_000;

/// A whole number; the parser admits none beyond 2^53 − 1.
pub(crate) fn integer(n: ast::Integer) -> i64 {
    i64::try_from(n.value).unwrap_or(i64::MAX)
}

/// What a type is called in messages.
pub(crate) fn type_words(cx: &Linker<'_>, ty: &Type) -> String {
    match ty {
        Type::Boolean => "a yes or no".to_string(),
        Type::Integer => "a whole number".to_string(),
        Type::Text => "a text".to_string(),
        Type::Date => "a date".to_string(),
        Type::PartialDate => "a date, perhaps only to the month or year".to_string(),
        Type::Instant => "an instant".to_string(),
        Type::Duration => "a length of time".to_string(),
        Type::Choice(words) => format!("one of {}", words.join(", ")),
        Type::Node(id) => format!("a node of `{}`", cx.taxonomy_name(*id)),
        Type::Set(inner) => match inner.as_ref() {
            Type::Node(id) => format!("a set of `{}`", cx.taxonomy_name(*id)),
            Type::Text => "a set of texts".to_string(),
            _ => "a set".to_string(),
        },
        Type::Records(_) => "a list of records".to_string(),
        Type::Map(..) => "a map".to_string(),
        Type::Week => "hours of the week".to_string(),
        Type::Scope => "a scope".to_string(),
        Type::Event => "an event".to_string(),
    }
}

impl Linker<'_> {
    /// The literal as a value of that type, or a diagnostic.
    pub fn value(&mut self, pack: usize, ty: &Type, literal: &Literal) -> Option<Value> {
        let value = match (ty, literal) {
            (Type::Boolean, Literal::Word(w)) if matches!(w.text.as_str(), "yes" | "true") => {
                Value::Bool(true)
            }
            (Type::Boolean, Literal::Word(w)) if matches!(w.text.as_str(), "no" | "false") => {
                Value::Bool(false)
            }
            (Type::Integer, Literal::Integer(n, _)) => Value::Int(*n),
            (Type::Text, Literal::Text(text, _)) => Value::Text(Arc::from(text.as_str())),
            (Type::Date | Type::PartialDate, Literal::Date(date, _)) => Value::Date(*date),
            (Type::Duration, Literal::Amount(amount, _)) => Value::Amount(*amount),
            (Type::Choice(words), Literal::Word(w)) => match words.iter().position(|x| *x == w.text) {
                Some(i) => Value::Choice(u16::try_from(i).unwrap_or(u16::MAX)),
                None => {
                    let diagnostic = Diagnostic::new(
                        "E0306",
                        w.span,
                        format!("`{}` is none of the words it may be: {}", w.text, words.join(", ")),
                    )
                    .suggest(&w.text, words.iter().map(String::as_str));
                    self.report(diagnostic);
                    return None;
                }
            },
            (Type::Node(id), Literal::Word(w)) => Value::Nodes(*id, vec![self.node(pack, *id, w)?]),
            (Type::Set(inner), literal) => return self.value(pack, inner, literal),
            (ty, Literal::Word(w)) => {
                // A word where no word can stand is a name that nothing has.
                let message = format!("`{}` is not {}", w.text, type_words(self, ty));
                self.error("E0301", w.span, message);
                return None;
            }
            (ty, literal) => {
                let message = format!("{} cannot stand for {}", literal.sort(), type_words(self, ty));
                self.error("E0301", literal.span(), message);
                return None;
            }
        };
        Some(value)
    }

    /// Words as nodes of one taxonomy; a repeated node counts once.
    pub fn nodes(&mut self, pack: usize, taxonomy: TaxonomyId, names: &[ast::Name]) -> Option<Vec<NodeId>> {
        let mut out = Vec::new();
        let mut failed = false;
        for name in names {
            match self.node(pack, taxonomy, name) {
                Some(id) if !out.contains(&id) => out.push(id),
                Some(_) => {}
                None => failed = true,
            }
        }
        if failed { None } else { Some(out) }
    }
}
