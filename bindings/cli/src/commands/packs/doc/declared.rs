//! What a pack declares besides its rules: documents, settings, lists, values by dates, tables, and the words it defines.

use super::aloud::Aloud;
use super::book::{Book, Meaning, Volume};
use super::law::law;
use super::terms::{plain, spoken_date, spoken_time, title};
use super::{link, prose};
use byleave::ast::{
    self, CellItem, CellValue, DefineBody, EditionValue, Item, Lasts, Name, ReplyPlace, SettingType,
};
use byleave::typed::Law;
use maud::{Markup, html};

/// A document with its elements.
pub fn document(it: &ast::Instrument, from: &Volume, book: &Book) -> Markup {
    let aloud = Aloud::of(book, from);
    let id = format!("{}.{}", from.name, it.name.text);
    let checked = from.engine.policy().instruments.iter().find(|have| have.id == id);
    let (always, sometimes): (Vec<_>, Vec<_>) = it.elements.iter().partition(|it| it.when.is_none());
    let cited = |cites: &[ast::Text]| -> Markup {
        html! { @for cite in cites { " " cite { "(" (cite.value) ")" } } }
    };
    entry(Meaning::Document, &it.name, &id, |side| match side {
        Side::Text => html! {
            @if let Some(doc) = &it.doc { div.doc { (prose::blocks(&doc.text, from, book)) } }
            dl.clauses {
                dt { "Counts as" } dd { (aloud.word(&it.grants.text)) }
                dt { "Must contain" }
                dd {
                    ul.parts.words { @for element in &always { li { (plain(&element.name.text)) (cited(&element.cite)) } } }
                }
                @for element in &sometimes {
                    dt { "Also" }
                    dd {
                        (plain(&element.name.text))
                        @if let Some(cond) = &element.when { ", when " (aloud.said(cond, false)) }
                        (cited(&element.cite))
                        @if let Some(doc) = &element.doc { div.aside { (prose::blocks(&doc.text, from, book)) } }
                    }
                }
                dt { "Lasts" }
                dd {
                    @match &it.lasts {
                        Some(Lasts::Through { until, .. }) => { "through " (aloud.moment(until)) },
                        Some(Lasts::For { amount, from, .. }) => { (super::terms::amount(amount)) " from " (aloud.moment(from)) },
                        _ => "without end",
                    }
                }
                @for void in &it.voids {
                    dt { "Void when" }
                    dd { (aloud.block(&void.when)) (cited(&void.cite)) }
                }
            }
        },
        Side::Law => html! {
            @if let Some(it) = checked { (law(&it.law, None)) }
        },
    })
}

/// A contested point, how it may be read, and who reads it so.
pub fn setting(it: &ast::Setting, from: &Volume, book: &Book) -> Markup {
    let id = format!("{}.{}", from.name, it.name.text);
    let checked = from.engine.policy().settings.iter().find(|have| have.name == id);
    let (default, others): (String, Vec<String>) = match &it.ty {
        SettingType::OneOf(words) => {
            let mut words = words.iter().map(|word| plain(&word.text));
            (words.next().unwrap_or_default(), words.collect())
        }
        SettingType::Date(date) => (spoken_date(date.value), vec!["any other date".to_owned()]),
        SettingType::Integer(n) => (n.value.to_string(), vec!["any other number".to_owned()]),
        SettingType::Duration(amount) => {
            (super::terms::amount(amount), vec!["any other length of time".to_owned()])
        }
    };
    entry(Meaning::Setting, &it.name, &id, |side| match side {
        Side::Text => html! {
            @if let Some(it) = checked { @if !it.because.is_empty() { p.because { (it.because) } } }
            dl.clauses {
                dt { "Unless chosen otherwise" } dd { q { (default) } ", the cautious reading" }
                @if !others.is_empty() {
                    dt { "Other readings" }
                    dd { @for (n, word) in others.iter().enumerate() { @if n > 0 { ", " } q { (word) } } }
                }
                @if let Some(doc) = &it.doc {
                    dt { "What is said of it" }
                    dd { (prose::blocks(&doc.text, from, book)) }
                }
            }
        },
        Side::Law => html! {
            @if let Some(it) = checked { (law(&it.law, None)) }
        },
    })
}

/// A register of addresses.
pub fn list(it: &ast::List, from: &Volume, book: &Book) -> Markup {
    let lists = &from.engine.policy().vocabulary.lists;
    let checked = lists.iter().find(|have| have.name == it.name.text);
    html! {
        article.entry id={ "list-" (it.name.text) } aria-labelledby={ "list-" (it.name.text) "-name" } {
            div.text {
                h3 id={ "list-" (it.name.text) "-name" } { (title(&it.name.text)) }
                @if let Some(doc) = &it.doc { div.doc { (prose::blocks(&doc.text, from, book)) } }
                @if let Some(it) = checked { @if !it.because.is_empty() { p { (it.because) } } }
                @if let Some(amount) = &it.good_for { p { "A look-up is good for " (super::terms::amount(amount))
                    @if it.unless_listed { "; that somebody is listed does not grow old" } "."
                } }
            }
            div.law {
                @if let Some(it) = checked { (law(&it.law, None)) }
            }
        }
    }
}

/// What people answer, and what it means.
pub fn reply(it: &ast::Reply, from: &Volume, book: &Book) -> Markup {
    let id = format!("{}.{}", from.name, it.name.text);
    let checked = from.engine.policy().replies.iter().find(|have| have.id == id);
    let means = match it.means.text.as_str() {
        "revoke" => "to stop",
        "help" => "to have help",
        "opt_in" => "to agree",
        _ => "that somebody must look",
    };
    let words = |place: ReplyPlace| {
        let lists = it.words.iter().filter(move |words| words.place == place);
        lists.flat_map(|words| &words.texts).map(|text| text.value.as_str()).collect::<Vec<_>>()
    };
    let rows = [
        ("Alone, slips included", ReplyPlace::Alone),
        ("As the whole message, exactly", ReplyPlace::Exactly),
        ("Anywhere in a message", ReplyPlace::Within),
        ("But not in", ReplyPlace::Except),
    ];
    html! {
        article.entry id={ "reply-" (it.name.text) } aria-labelledby={ "reply-" (it.name.text) "-name" } {
            div.text {
                h3 id={ "reply-" (it.name.text) "-name" } { (title(&it.name.text)) }
                @if let Some(doc) = &it.doc { div.doc { (prose::blocks(&doc.text, from, book)) } }
                @if let Some(it) = checked { @if !it.because.is_empty() { p.because { (it.because) } } }
                dl.clauses {
                    dt { "Means" }
                    dd {
                        (means)
                        @if !it.of.is_empty() {
                            " the kind of contact that was answered, by its "
                            @for (n, part) in it.of.iter().enumerate() { @if n > 0 { ", " } (plain(&part.text)) }
                        }
                        @if let Some(level) = &it.at { ", at most at the level " q { (plain(&level.text)) } }
                    }
                    @for (head, place) in rows {
                        @let all = words(place);
                        @if !all.is_empty() {
                            dt { (head) }
                            dd { @for (n, text) in all.iter().enumerate() { @if n > 0 { ", " } q { (text) } } }
                        }
                    }
                }
            }
            div.law {
                @if let Some(it) = checked { (law(&it.law, None)) }
            }
        }
    }
}

/// A value whose editions follow one another.
pub fn dated(it: &ast::Dated, from: &Volume, book: &Book) -> Markup {
    let cites = it.editions.iter().flat_map(|it| it.cite.iter().map(|cite| cite.value.clone())).collect();
    let stands = Law { cites, ..Law::default() };
    let id = format!("{}.{}", from.name, it.name.text);
    entry(Meaning::Dated, &it.name, &id, |side| match side {
        Side::Text => html! {
            @if let Some(doc) = &it.doc { div.doc { (prose::blocks(&doc.text, from, book)) } }
            ul.parts {
                @for edition in &it.editions {
                    li {
                        @match &edition.value {
                            EditionValue::Amount(amount) => (super::terms::amount(amount)),
                            EditionValue::Integer(n) => (n.value),
                            EditionValue::Text(text) => (text.value),
                            EditionValue::Time(time) => (spoken_time(*time)),
                            EditionValue::Name(name) => (plain(&name.text)),
                        }
                        @if let Some(date) = &edition.from { " from " (spoken_date(date.value)) }
                        @if let Some(date) = &edition.until { " until the day before " (spoken_date(date.value)) }
                    }
                }
            }
        },
        Side::Law => law(&stands, None),
    })
}

/// A table as written.
pub fn table(it: &ast::Table, from: &Volume, book: &Book) -> Markup {
    let anchor = link::anchor(Meaning::Table, &it.name.text);
    html! {
        section.entry id=(anchor) {
            h3 { (title(&it.name.text)) }
            @if let Some(doc) = &it.doc { div.doc { (prose::blocks(&doc.text, from, book)) } }
            @let about: Vec<(&Name, &ast::Doc)> = it.columns.iter().filter_map(|c| Some((&c.name, c.doc.as_ref()?))).collect();
            @if !about.is_empty() {
                dl.columns {
                    @for (name, doc) in about { dt { (plain(&name.text)) } dd { (prose::inline(&doc.text.replace('\n', " "), from, book)) } }
                }
            }
            div.wide role="region" tabindex="0" aria-label={ "Table " (plain(&it.name.text)) } {
                table.grid {
                    thead {
                        tr { th scope="col" { "Row" } @for column in &it.columns { th scope="col" { (plain(&column.name.text)) } } }
                    }
                    tbody {
                        @for row in &it.rows {
                            tr {
                                th scope="row" { (row.id.text) }
                                @for (n, cell) in row.cells.iter().enumerate() { td { (says(row, n, &cell.value)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A cell's words; `=` says what the cell to its left says.
fn says(row: &ast::Row, n: usize, value: &CellValue) -> String {
    match value {
        CellValue::Absent => "–".to_owned(),
        CellValue::Same => match n.checked_sub(1).and_then(|n| Some((n, row.cells.get(n)?))) {
            Some((n, left)) => says(row, n, &left.value),
            None => String::new(),
        },
        CellValue::One(item) => item_words(item),
        CellValue::List(items) => items.iter().map(item_words).collect::<Vec<_>>().join(", "),
    }
}

fn item_words(item: &CellItem) -> String {
    match item {
        CellItem::Name(name) if name.is_jurisdiction() || name.text.contains('/') => name.text.clone(),
        CellItem::Name(name) => plain(&name.text),
        CellItem::Hours(ranges, _) => ranges
            .iter()
            .map(|it| format!("{}–{}", spoken_time(it.from), spoken_time(it.until)))
            .collect::<Vec<_>>()
            .join(", "),
        CellItem::Integer(n) => n.value.to_string(),
        CellItem::Amount(amount) => super::terms::amount(amount),
        CellItem::Date(date) => spoken_date(date.value),
        CellItem::Text(text) => text.value.clone(),
    }
}

/// A defined word.
pub fn term(it: &ast::Define, from: &Volume, book: &Book) -> Markup {
    let aloud = Aloud::of(book, from);
    html! {
        div.definition id=(link::anchor(Meaning::Term, &it.name.text)) {
            dt { dfn { (plain(&it.name.text)) } }
            dd {
                @match &it.body {
                    DefineBody::Cond(cond) => div { (aloud.block(cond)) },
                    DefineBody::Events(events) => p { (aloud.events(events, true)) },
                    DefineBody::Event(moment) => p { (aloud.moment(moment)) },
                    DefineBody::Bare(name) => p { (aloud.fact(name)) },
                }
                @if let Some(doc) = &it.doc { div.aside { (prose::blocks(&doc.text, from, book)) } }
            }
        }
    }
}

/// Facts that the pack itself declares, with what stands beside them.
pub fn facts(from: &Volume, book: &Book) -> Option<Markup> {
    let mut all: Vec<(String, &ast::Fact)> = Vec::new();
    for item in &from.items {
        let Item::Facts(it) = item else { continue };
        for fact in &it.facts {
            let entity = it.entity.as_ref().map(|entity| format!("{}.", entity.text)).unwrap_or_default();
            all.push((format!("{entity}{}", fact.name.text), fact));
        }
    }
    (!all.is_empty()).then(|| {
        html! {
            dl.facts {
                @for (path, fact) in &all {
                    dt { code { (path) } }
                    dd {
                        @match &fact.doc {
                            Some(doc) => (prose::blocks(&doc.text, from, book)),
                            None => p { (book.phrase(path).map_or_else(|| plain(path), |it| it.split(" | ").next().unwrap_or(it).to_owned())) },
                        }
                    }
                }
            }
        }
    })
}

/// The two columns of an entry.
enum Side {
    Text,
    Law,
}

fn entry(meaning: Meaning, name: &Name, id: &str, side: impl Fn(Side) -> Markup) -> Markup {
    let anchor = link::anchor(meaning, &name.text);
    html! {
        article.entry id=(anchor) aria-labelledby={ (anchor) "-name" } {
            div.text {
                h3 id={ (anchor) "-name" } { (title(&name.text)) }
                p.id { code { (id) } }
                (side(Side::Text))
            }
            div.law { (side(Side::Law)) }
        }
    }
}
