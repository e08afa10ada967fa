//! Settings and dated values: their types, defaults and editions.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::time::{Date, Instant};
use crate::typed::facts::choice;
use crate::typed::linker::{Linker, doc};
use crate::typed::literals::{amount, date, integer};
use crate::typed::names::{Meaning, Space, Word};
use crate::typed::{Dated, Setting};
use crate::value::{Type, Value};
use std::sync::Arc;

/// Declares every setting and dated value.
pub(crate) fn link(cx: &mut Linker<'_>) {
    for pack in 0..cx.packs.len() {
        for item in cx.items(pack) {
            match item {
                ast::Item::Setting(it) => setting(cx, pack, it),
                ast::Item::Dated(it) => dated(cx, pack, it),
                _ => {}
            }
        }
    }
}

fn setting(cx: &mut Linker<'_>, pack: usize, it: &ast::Setting) {
    let typed = match &it.ty {
        // The first reading is the cautious one, and so the default: there is no way to write another.
        ast::SettingType::OneOf(words) => choice(cx, words).map(|ty| (ty, Value::Choice(0))),
        ast::SettingType::Date(d) => Some((Type::Date, Value::Date(date(d)))),
        ast::SettingType::Integer(n) => Some((Type::Integer, Value::Int(integer(*n)))),
        ast::SettingType::Duration(a) => amount(cx, a).map(|a| (Type::Duration, Value::Amount(a))),
    };
    let Some((ty, default)) = typed else { return };
    let index = cx.settings.len();
    if !cx.declare(Space::Word, pack, &it.name, Meaning::Word(Word::Setting(index))) {
        return;
    }
    if it.cite.is_empty() && cx.pack(pack).is_some_and(|p| !p.head.source.is_empty()) {
        let diagnostic =
            Diagnostic::new("E0605", it.name.span, format!("setting `{}` cites nothing", it.name.text))
                .hint("a setting is a contested point of law: `cite` what contests it");
        cx.report(diagnostic);
    }
    let name = cx.qualified(pack, &it.name.text);
    let law = cx.law(it.sheet.as_ref(), &it.cite, it.verified.as_ref());
    cx.settings.push(Setting {
        name,
        ty,
        default,
        law,
        because: it.because.as_ref().map_or_else(String::new, plain),
        doc: doc(it.doc.as_ref()),
    });
}

/// The words of a text without holes; a hole stays as it was written.
pub(crate) fn plain(template: &ast::Template) -> String {
    let mut out = String::new();
    for part in &template.parts {
        match part {
            ast::TemplatePart::Words(words) => out.push_str(words),
            ast::TemplatePart::Hole(name) => {
                out.push('{');
                out.push_str(&name.text);
                out.push('}');
            }
        }
    }
    out
}

fn dated(cx: &mut Linker<'_>, pack: usize, it: &ast::Dated) {
    let Some(clock) = cx.pack(pack).map(|p| Arc::clone(&p.clock)) else { return };
    let mut editions: Vec<(Instant, Value)> = Vec::new();
    let mut before: Option<(Option<Date>, Span)> = None;
    let mut sort: Option<std::mem::Discriminant<Value>> = None;
    for (i, edition) in it.editions.iter().enumerate() {
        let Some(value) = edition_value(cx, &edition.value) else { return };
        let this = std::mem::discriminant(&value);
        if *sort.get_or_insert(this) != this {
            cx.error("E0301", edition.span, "the editions of one value are all of the same sort");
            return;
        }
        let from = edition.from.as_ref().map(date);
        let until = edition.until.as_ref().map(date);
        if let (Some(from), Some(until)) = (from, until)
            && from >= until
        {
            cx.error("E0504", edition.span, "this edition ends before it begins");
        }
        match before {
            None if from.is_some() => {
                let diagnostic =
                    Diagnostic::new("E0508", edition.span, "nothing says what holds before this edition")
                        .hint("leave `from` away in the first edition");
                cx.report(diagnostic);
            }
            None => {}
            // Editions meet: `until D` of one is `from D` of the next; either may be left to the other.
            Some((end, place)) => {
                let start = from.or(end);
                if start.is_none() || (end.is_some() && from.is_some() && end != from) {
                    let diagnostic =
                        Diagnostic::new("E0508", edition.span, "editions must follow one another day by day")
                            .label(place, "the edition before");
                    cx.report(diagnostic);
                    return;
                }
            }
        }
        let last = i + 1 == it.editions.len();
        if last && until.is_some() {
            cx.error("E0508", edition.span, "nothing says what holds after this edition");
        }
        let start = match (&before, from) {
            (None, _) => Instant::MIN,
            (Some((end, _)), from) => clock.start_of(from.or(*end).unwrap_or(Date::EPOCH)),
        };
        editions.push((start, value));
        before = Some((until, edition.span));
    }
    if editions.windows(2).any(|w| matches!(w, [a, b] if a.0 >= b.0)) {
        cx.error("E0508", it.span, "editions stand in the order of time");
    }
    if editions.is_empty() {
        cx.error("E0508", it.span, "a dated value has at least one edition");
        return;
    }
    let index = cx.dated.len();
    if cx.declare(Space::Word, pack, &it.name, Meaning::Word(Word::Dated(index))) {
        let name = cx.qualified(pack, &it.name.text);
        cx.dated.push(Dated { name, editions });
    }
}

fn edition_value(cx: &mut Linker<'_>, value: &ast::EditionValue) -> Option<Value> {
    match value {
        ast::EditionValue::Amount(a) => amount(cx, a).map(Value::Amount),
        ast::EditionValue::Integer(n) => Some(Value::Int(integer(*n))),
        ast::EditionValue::Text(t) => Some(Value::Text(Arc::from(t.value.as_str()))),
        ast::EditionValue::Time(t) => {
            cx.error("E0301", t.span, "a dated value is a whole number, a length of time or a text");
            None
        }
        ast::EditionValue::Name(n) => {
            cx.error("E0301", n.span, "a dated value is a whole number, a length of time or a text");
            None
        }
    }
}

/// The type of a dated value.
pub(crate) fn dated_type(dated: &Dated) -> Type {
    match dated.editions.first() {
        Some((_, Value::Amount(_))) => Type::Duration,
        Some((_, Value::Int(_))) => Type::Integer,
        _ => Type::Text,
    }
}
