//! Rules and exemptions: clauses typed, tables expanded to one rule a row.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::time::{Date, Zone};
use crate::typed::clauses::{Clauses, in_force};
use crate::typed::intrinsic::ENTITIES;
use crate::typed::linker::{Linker, doc, pack_index};
use crate::typed::literals::{Literal, date};
use crate::typed::names::{Meaning, Space, Word};
use crate::typed::operands::{EachIn, Env};
use crate::typed::tables::RowIn;
use crate::typed::{Exemption, Kind, Law, Rule};
use crate::value::Type;
use std::sync::Arc;

/// The most rules that a policy may have, rows counted.
const MAX_RULES: usize = 4096;

/// Enters the names of rules, exemptions and definitions.
pub(crate) fn declare(cx: &mut Linker<'_>) {
    for pack in 0..cx.packs.len() {
        for item in cx.items(pack) {
            match item {
                ast::Item::Define(it) => {
                    if RESERVED.contains(&it.name.text.as_str()) {
                        let message =
                            format!("`{}` means something by itself and cannot be defined", it.name.text);
                        cx.error("E0211", it.name.span, message);
                    } else {
                        cx.declare(Space::Word, pack, &it.name, Meaning::Word(Word::Define(it)));
                    }
                }
                ast::Item::Exemption(it) => {
                    cx.declare(Space::Word, pack, &it.name, Meaning::Word(Word::Exemption(it)));
                }
                ast::Item::Rule(it) => {
                    if it.name.text == "reach" {
                        let message = "`reach` is the id under which the policy's own reach is reported";
                        cx.error("E0211", it.name.span, message);
                    }
                    cx.declare(Space::Rule, pack, &it.name, Meaning::Rule);
                }
                _ => {}
            }
        }
    }
}

/// Words that conditions use for something of their own.
const RESERVED: &[&str] = &[
    "today",
    "weekday",
    "local_time",
    "row",
    "any",
    "none",
    "attempt",
    "attempts",
    "contact",
    "contacts",
    "interaction",
    "interactions",
    "grant",
    "grants",
    "revocation",
    "revocations",
    "decline",
    "declines",
    "yes",
    "no",
    "true",
    "false",
];

/// Types every exemption, then every rule.
pub(crate) fn link(cx: &mut Linker<'_>) {
    for pack in 0..cx.packs.len() {
        for item in cx.items(pack) {
            let ast::Item::Exemption(it) = item else { continue };
            // Only the first of two with one name is the one that rules mean.
            if cx.names.own(Space::Word, pack, &it.name.text).is_none_or(|e| e.span != it.name.span) {
                continue;
            }
            if let Some(exemption) = exemption(cx, pack, it) {
                let index = cx.exemptions.len();
                cx.exemptions.push(exemption);
                cx.from_defines.insert((pack, it.name.text.clone()), Some(index));
            }
        }
    }
    for pack in 0..cx.packs.len() {
        for item in cx.items(pack) {
            let ast::Item::Rule(it) = item else { continue };
            rule(cx, pack, it);
        }
    }
}

fn exemption<'a>(cx: &mut Linker<'a>, pack: usize, it: &'a ast::Exemption) -> Option<Exemption> {
    let clauses = Clauses::of(&it.clauses);
    let env = Env::of(pack);
    let clock = cx.pack(pack).map(|p| Arc::clone(&p.clock))?;
    let since = clauses.since.map(|d| (date(d), d.span));
    let until = clauses.until.map(|d| (date(d), d.span));
    cx.dates(since, until);
    let when = cx.when(env, clauses.when, it.name.span);
    let provided: Vec<_> = clauses.requires.iter().map(|(c, w, s)| cx.require(env, c, *w, *s)).collect();
    let includes: Vec<_> = clauses.includes.iter().map(|(e, w)| cx.include(env, e, *w)).collect();
    let obliges: Vec<_> = clauses.obliges.iter().map(|o| cx.oblige(env, o)).collect();
    Some(Exemption {
        id: cx.qualified(pack, &it.name.text),
        pack: pack_index(pack),
        law: Law {
            sheet: clauses.sheet.clone(),
            cites: clauses.cites.clone(),
            verified: cx.verified(clauses.verified),
        },
        in_force: in_force(&clock, since.map(|d| d.0), until.map(|d| d.0)),
        because: cx.template(env, clauses.because),
        when: when?,
        provided: provided.into_iter().collect::<Option<_>>()?,
        includes: includes.into_iter().collect::<Option<_>>()?,
        obliges: obliges.into_iter().collect::<Option<_>>()?,
        doc: doc(it.doc.as_ref()),
        span: it.span,
    })
}

fn rule<'a>(cx: &mut Linker<'a>, pack: usize, it: &'a ast::Rule) {
    let clauses = Clauses::of(&it.clauses);
    let Some(each) = &it.each else {
        typed_rule(cx, pack, it, &clauses, None, None);
        return;
    };
    if each.var.text == "row" {
        let (table, owner) = match cx.look_up(Space::Table, pack, &each.source) {
            Ok(Some(entry)) => match entry.meaning {
                Meaning::Table(table) => (table, entry.pack),
                _ => return,
            },
            Ok(None) => {
                cx.unknown(Space::Table, pack, &each.source);
                return;
            }
            Err(()) => return,
        };
        for row in &table.rows {
            let row = cx.row(owner, table, row);
            typed_rule(cx, pack, it, &clauses, Some(&row), None);
        }
        return;
    }
    let hides = ENTITIES.iter().any(|(w, _)| *w == each.var.text) || each.var.text == "today";
    if hides {
        let message = format!("`{}` means something by itself and cannot name a record", each.var.text);
        cx.error("E0211", each.var.span, message);
        return;
    }
    match cx.fact(pack, &each.source.text, each.source.span) {
        Some((fact, Type::Records(fields))) => {
            let each = EachIn { var: each.var.text.clone(), fact, fields };
            typed_rule(cx, pack, it, &clauses, None, Some(&each));
        }
        Some(_) => {
            let message = format!("`{}` is no list of records", each.source.text);
            cx.error("E0301", each.source.span, message);
        }
        None if cx.names.own(Space::Table, pack, &each.source.text).is_some() => {
            let diagnostic = Diagnostic::new("E0306", each.var.span, "a line of a table is called `row`")
                .hint(format!("write `for each row in {}`", each.source.text));
            cx.report(diagnostic);
        }
        None => cx.unknown_fact(&each.source),
    }
}

/// The columns that each row's rule takes by itself.
#[derive(Default)]
struct OfRow {
    since: Option<(Date, Span)>,
    until: Option<(Date, Span)>,
    cites: Vec<String>,
    verified: Option<ast::Name>,
    clock: Option<Arc<Zone>>,
}

fn of_row<'a>(cx: &mut Linker<'a>, row: &RowIn<'a>) -> OfRow {
    let mut out = OfRow::default();
    for column in super::tables::TAKEN {
        let Some(cell) = row.cell(column) else { continue };
        cx.used.columns.insert((row.pack, row.table.name.text.clone(), column.to_string()));
        let Some(says) = cell.says.as_deref() else { continue };
        let (since, until) = (column == "since", column == "until");
        match (column, says) {
            ("since" | "until", [Literal::Date(d, span)]) => {
                if since {
                    out.since = Some((*d, *span));
                }
                if until {
                    out.until = Some((*d, *span));
                }
            }
            ("verified", [Literal::Word(name)]) => out.verified = Some(name.clone()),
            ("clock", [Literal::Word(name)]) => out.clock = cx.zone(name),
            ("clock", [Literal::Text(text, span)]) => {
                out.clock = cx.zone(&ast::Name { text: text.clone(), span: *span });
            }
            ("cite", texts) if texts.iter().all(|t| matches!(t, Literal::Text(..))) => {
                out.cites = texts.iter().map(Literal::words).collect();
            }
            _ => {
                let wanted = match column {
                    "since" | "until" => "a date",
                    "verified" => "`text`, `secondary` or `unverified`",
                    "clock" => "a time zone",
                    _ => "texts",
                };
                cx.error("E0502", cell.span, format!("column `{column}` holds {wanted}"));
            }
        }
    }
    out
}

fn typed_rule<'a>(
    cx: &mut Linker<'a>,
    pack: usize,
    it: &'a ast::Rule,
    clauses: &Clauses<'a>,
    row: Option<&RowIn<'a>>,
    each: Option<&EachIn>,
) {
    if cx.rules.len() >= MAX_RULES {
        cx.error(
            "E0707",
            it.name.span,
            format!("a policy has at most {MAX_RULES} rules, rows of tables counted"),
        );
        return;
    }
    let env = Env { row, each, ..Env::of(pack) };
    let Some(clock) = cx.pack(pack).map(|p| Arc::clone(&p.clock)) else { return };
    let of_row = row.map(|r| of_row(cx, r)).unwrap_or_default();
    let since = of_row.since.or(clauses.since.map(|d| (date(d), d.span)));
    let until = of_row.until.or(clauses.until.map(|d| (date(d), d.span)));
    cx.dates(since, until);
    let when = cx.when(env, clauses.when, it.name.span);
    let requires: Vec<_> = clauses.requires.iter().map(|(c, w, s)| cx.require(env, c, *w, *s)).collect();
    let includes: Vec<_> = clauses.includes.iter().map(|(e, w)| cx.include(env, e, *w)).collect();
    let disclose = clauses.disclose.map(|n| cx.names_of(env, "data_category", n));
    let use_only = clauses.use_only.map(|n| cx.names_of(env, "data_category", n));
    let mut unless = Vec::new();
    let mut fine = true;
    for name in &clauses.unless {
        fine &= super::unless::exempted(cx, env, name, &mut unless);
    }
    let obliges: Vec<_> = clauses.obliges.iter().map(|o| cx.oblige(env, o)).collect();
    let on_refusal: Vec<_> = clauses.on_refusal.iter().map(|o| cx.on_refusal(env, o, &requires)).collect();
    let verified = cx.verified(of_row.verified.as_ref().or(clauses.verified));
    let kind = clauses.kind.and_then(|k| cx.kind(k));
    let because = cx.template(env, clauses.because);
    let mut cites = of_row.cites;
    cites.extend(clauses.cites.iter().filter(|c| !cites.contains(c)).cloned().collect::<Vec<_>>());
    uncited(cx, pack, it, &cites, row);
    let id = match row {
        Some(row) => format!("{}[{}]", cx.qualified(pack, &it.name.text), row.row.id.text),
        None => cx.qualified(pack, &it.name.text),
    };
    let all = || -> Option<Rule> {
        let mut rule = Rule {
            id,
            pack: pack_index(pack),
            law: Law { sheet: clauses.sheet.clone(), cites, verified },
            in_force: in_force(&clock, since.map(|d| d.0), until.map(|d| d.0)),
            since: since.map(|d| d.0),
            until: until.map(|d| d.0),
            clock: of_row.clock,
            each: each.map(|e| e.fact),
            when: when?,
            requires: requires.into_iter().collect::<Option<_>>()?,
            includes: includes.into_iter().collect::<Option<_>>()?,
            disclose_only: transpose(disclose)?,
            use_only: transpose(use_only)?,
            unless,
            obliges: obliges.into_iter().collect::<Option<_>>()?,
            on_refusal: on_refusal.into_iter().collect::<Option<_>>()?,
            because,
            kind: Kind::NoBasis,
            doc: doc(row.and_then(|r| r.row.doc.as_ref()).or(it.doc.as_ref())),
            span: it.span,
        };
        rule.kind = kind.unwrap_or_else(|| super::kinds::derive(&rule));
        Some(rule)
    };
    if let Some(rule) = all()
        && fine
    {
        cx.rules.push(rule);
    }
}

fn transpose<T>(nested: Option<Option<T>>) -> Option<Option<T>> {
    match nested {
        None => Some(None),
        Some(Some(inner)) => Some(Some(inner)),
        Some(None) => None,
    }
}

/// A rule of law says where the law stands.
fn uncited(cx: &mut Linker<'_>, pack: usize, it: &ast::Rule, cites: &[String], row: Option<&RowIn<'_>>) {
    if !cites.is_empty() {
        return;
    }
    let has_source = cx.pack(pack).is_some_and(|p| !p.head.source.is_empty());
    let (span, what) = match row {
        Some(row) => {
            (row.row.id.span, format!("rule `{}` cites nothing for row `{}`", it.name.text, row.row.id.text))
        }
        None => (it.name.span, format!("rule `{}` cites nothing", it.name.text)),
    };
    let diagnostic = if has_source {
        Diagnostic::new("E0605", span, what)
            .hint("its pack has a `source`: write `cite \"…\"` for what stands there")
    } else {
        Diagnostic::new("W0809", span, what)
    };
    cx.report(diagnostic);
}
