//! Rules and exemptions on the page: the sentence, the conditions read aloud, and beside them where the law stands, since
//! when, and how that is known.

use super::aloud::Aloud;
use super::book::{Book, Meaning, Volume};
use super::terms::{plain, title};
use super::{examples, link, prose};
use byleave::ast::{self, ClauseKind, Cond, Name, Oblige, ObligeArg};
use byleave::typed::{self, Law, Verified};
use maud::{Markup, html};

/// A rule, with the rows of its table when it has one.
pub fn rule(it: &ast::Rule, from: &Volume, book: &Book) -> Markup {
    let aloud = Aloud::of(book, from);
    let rules = from.rules(it);
    let anchor = link::anchor(Meaning::Rule, &it.name.text);
    let single = match rules.as_slice() {
        [one] if !one.id.ends_with(']') => Some(*one),
        _ => None,
    };
    let heading = single.map(|rule| sentence(&rule.because, from)).filter(|words| !words.is_empty());
    let heading = heading.unwrap_or_else(|| title(&it.name.text));
    html! {
        article.rule id=(anchor) aria-labelledby={ (anchor) "-name" } {
            div.text {
                // The sentence is the heading: it is what a reader looks for.
                h3 id={ (anchor) "-name" } { (heading) }
                p.id { code { (from.name) "." (it.name.text) } }
                @if let Some(doc) = &it.doc { div.doc { (prose::blocks(&doc.text, from, book)) } }
                @if let Some(each) = &it.each {
                    p { "One rule for each " @if each.var.text == "row" { "row of " } @else { (plain(&each.var.text)) " of " } (aloud.fact(&each.source)) "." }
                }
                (clauses(&it.clauses, "Requires", aloud))
                @if single.is_none() { (rows(&rules, from)) }
            }
            div.law {
                @match single {
                    Some(rule) => (source(&rule.law, rule.since, rule.until)),
                    None => (common(&it.clauses)),
                }
            }
            div.cases { (examples::of_rule(&it.name.text, &rules, from)) }
        }
    }
}

/// The rules of a table, a row each: the sentence filled in, and the law.
fn rows(rules: &[&typed::Rule], from: &Volume) -> Markup {
    html! {
        table.rows {
            thead { tr { th scope="col" { "Row" } th scope="col" { "Rule" } th scope="col" { "Source" } } }
            tbody {
                @for rule in rules {
                    @let row = rule.id.rsplit_once('[').map_or("", |(_, row)| row.trim_end_matches(']'));
                    tr id=(link::anchor(Meaning::Rule, rule.id.strip_prefix(from.name.as_str()).unwrap_or(&rule.id).trim_start_matches('.'))) {
                        th scope="row" { (row) }
                        td { (sentence(&rule.because, from)) }
                        td.law { (source(&Law { sheet: None, ..rule.law.clone() }, rule.since, rule.until)) }
                    }
                }
            }
        }
    }
}

/// An exemption.
pub fn exemption(it: &ast::Exemption, from: &Volume, book: &Book) -> Markup {
    let aloud = Aloud::of(book, from);
    let id = format!("{}.{}", from.name, it.name.text);
    let checked = from.engine.policy().exemptions.iter().find(|have| have.id == id);
    let date = |pick: fn(&ClauseKind) -> Option<&ast::Date>| {
        it.clauses
            .iter()
            .find_map(|clause| pick(&clause.kind))
            .map(|date| super::terms::spoken_date(date.value))
    };
    let since = date(|kind| if let ClauseKind::Since(date) = kind { Some(date) } else { None });
    let until = date(|kind| if let ClauseKind::Until(date) = kind { Some(date) } else { None });
    let anchor = link::anchor(Meaning::Exemption, &it.name.text);
    html! {
        article.exemption id=(anchor) aria-labelledby={ (anchor) "-name" } {
            div.text {
                h3 id={ (anchor) "-name" } { (title(&it.name.text)) }
                p.id { code { (id) } }
                @if let Some(it) = checked { @let words = sentence(&it.because, from); @if !words.is_empty() { p.because { (words) } } }
                @if let Some(doc) = &it.doc { div.doc { (prose::blocks(&doc.text, from, book)) } }
                (clauses(&it.clauses, "Provided that", aloud))
                (lifts(&it.name, from))
            }
            div.law {
                @if let Some(it) = checked {
                    (law(&it.law, in_force(since, until)))
                }
            }
        }
    }
}

/// The rules that name an exemption.
fn lifts(name: &Name, from: &Volume) -> Markup {
    let names = |rule: &ast::Rule| {
        rule.clauses.iter().any(|clause| {
            matches!(&clause.kind, ClauseKind::Unless(all) if all.iter().any(|it| it.name.text == name.text))
        })
    };
    let rules: Vec<&ast::Rule> = from
        .items
        .iter()
        .filter_map(|item| if let ast::Item::Rule(it) = item { Some(it) } else { None })
        .filter(|rule| names(rule))
        .collect();
    html! {
        @if !rules.is_empty() {
            p.lifts {
                "Lifts: "
                @for (n, rule) in rules.iter().enumerate() {
                    @if n > 0 { ", " }
                    a href={ "#" (link::anchor(Meaning::Rule, &rule.name.text)) } { (plain(&rule.name.text)) }
                }
                "."
            }
        }
    }
}

/// What its clauses say, each under its word.
fn clauses(all: &[ast::Clause], require: &str, aloud: Aloud<'_>) -> Markup {
    let row = |word: &str, doc: Option<&ast::Doc>, says: Markup| {
        html! {
            dt { (word) }
            dd {
                (says)
                @if let Some(doc) = doc { div.aside { (prose::blocks(&doc.text, aloud.from, aloud.book)) } }
            }
        }
    };
    html! {
        dl.clauses {
            @for clause in all {
                @let doc = clause.doc.as_ref();
                @match &clause.kind {
                    ClauseKind::When(cond) => (row("Applies when", doc, aloud.block(cond))),
                    ClauseKind::Require { cond, when } => (row(require, doc, only(aloud.block(cond), when.as_ref(), aloud))),
                    ClauseKind::Include { elements, when } => {
                        (row("The message contains", doc, only(names(elements, aloud), when.as_ref(), aloud)))
                    }
                    ClauseKind::DiscloseOnly(data) => (row("Carries no data but", doc, names(data, aloud))),
                    ClauseKind::UseOnly(data) => (row("Uses no data but", doc, names(data, aloud))),
                    ClauseKind::Unless(ways) => {
                        (row("Unless", doc, html! {
                            ul.parts {
                                @for way in ways {
                                    li { (only(aloud.fact(&way.name), way.when.as_ref(), aloud)) }
                                }
                            }
                        }))
                    }
                    ClauseKind::Oblige(it) => (row("Owed", doc, oblige(it, aloud))),
                    ClauseKind::OnRefusal(it) => (row("Owed when it stops a contact", doc, oblige(it, aloud))),
                    ClauseKind::Kind(word) => (row("Kind of reason", doc, html! { (plain(&word.text)) })),
                    _ => {}
                }
            }
        }
    }
}

fn only(says: Markup, when: Option<&Cond>, aloud: Aloud<'_>) -> Markup {
    html! { (says) @if let Some(cond) = when { span.only { ", when " (aloud.said(cond, false)) } } }
}

/// Words of the vocabulary, or what a row has for them.
fn names(all: &[Name], aloud: Aloud<'_>) -> Markup {
    let say = |name: &Name| {
        if name.text.starts_with("row.") { aloud.fact(name) } else { aloud.word(&name.text) }
    };
    html! { @for (n, name) in all.iter().enumerate() { @if n > 0 { ", " } (say(name)) } }
}

fn oblige(it: &Oblige, aloud: Aloud<'_>) -> Markup {
    html! {
        (plain(&it.name.text))
        @if let Some(arg) = &it.arg {
            ": "
            @match arg {
                ObligeArg::Amount(amount) => (super::terms::amount(amount)),
                ObligeArg::Deadline { within, after, .. } => { (aloud.duration(within)) " after " (aloud.moment(after)) },
                ObligeArg::Text(text) => (text.value),
                ObligeArg::Integer(n) => (n.value),
                ObligeArg::Date(date) => (super::terms::spoken_date(date.value)),
                ObligeArg::Names(all, _) => (names(all, aloud)),
                ObligeArg::Name(name) => (aloud.fact(name)),
            }
        }
    }
}

/// What the rule itself cites, when its rows have more.
fn common(clauses: &[ast::Clause]) -> Markup {
    let cites: Vec<String> = clauses
        .iter()
        .filter_map(|it| if let ClauseKind::Cite(texts) = &it.kind { Some(texts) } else { None })
        .flatten()
        .map(|text| text.value.clone())
        .collect();
    html! { (cited(&cites)) p.known { "More in each row." } }
}

/// Where a law stands, when it binds, how it is known.
pub fn source(it: &Law, since: Option<byleave::time::Date>, until: Option<byleave::time::Date>) -> Markup {
    let words = |date: byleave::time::Date| {
        let (year, month, day) = date.ymd();
        super::terms::day(year, month, day)
    };
    law(it, in_force(since.map(words), until.map(words)))
}

fn in_force(since: Option<String>, until: Option<String>) -> Option<String> {
    match (since, until) {
        (Some(since), Some(until)) => Some(format!("In force {since} to {until}")),
        (Some(since), None) => Some(format!("In force since {since}")),
        (None, Some(until)) => Some(format!("In force until {until}")),
        (None, None) => None,
    }
}

/// The same, of what has no dates.
pub fn law(it: &Law, dates: Option<String>) -> Markup {
    html! {
        (cited(&it.cites))
        @if let Some(dates) = dates { p.dates { (dates) } }
        @match it.verified {
            Some(Verified::Text) => p.known { "Text of the law read" },
            Some(Verified::Secondary) => p.known { "Known from a secondary source" },
            Some(Verified::Unverified) => p.known.doubt { "Not verified: look it up before relying on it" },
            None => {}
        }
        @if let Some(sheet) = &it.sheet { p.sheet { "Sheet " (sheet) } }
    }
}

fn cited(cites: &[String]) -> Markup {
    html! { @if !cites.is_empty() { ul.cites { @for cite in cites { li { (cite) } } } } }
}

/// A sentence; what is filled in with a contact's own value stands in angle brackets.
fn sentence(template: &typed::Template, from: &Volume) -> String {
    let part = |it: &typed::TemplatePart| match it {
        typed::TemplatePart::Text(text) => text.clone(),
        typed::TemplatePart::Value(what) => {
            let path = typed::words::operand(what, from.engine.policy());
            format!("‹{}›", plain(&path))
        }
    };
    template.parts.iter().map(part).collect()
}
