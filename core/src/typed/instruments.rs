//! Instruments: documents with required elements that a grant may rest on.

use crate::ast;
use crate::diag::Diagnostic;
use crate::taxonomy::NodeId;
use crate::typed::linker::{Linker, doc};
use crate::typed::names::{Meaning, Space, Word};
use crate::typed::operands::Env;
use crate::typed::{Element, EventList, FactId, Instrument, Lasts, Moment, Operand};
use std::collections::BTreeMap;

/// Enters every instrument with its level; its conditions are typed when all names are known.
pub(crate) fn declare(cx: &mut Linker<'_>) {
    for pack in 0..cx.packs.len() {
        for item in cx.items(pack) {
            let ast::Item::Instrument(it) = item else { continue };
            let Some(taxonomy) = cx.taxonomy("level") else {
                cx.error("E0401", it.grants.span, "no loaded pack declares the taxonomy `level`");
                continue;
            };
            let level = cx.node(pack, taxonomy, &it.grants).unwrap_or(NodeId::ROOT);
            let index = cx.instruments.len();
            if !cx.declare(Space::Word, pack, &it.name, Meaning::Word(Word::Instrument(index))) {
                continue;
            }
            let id = cx.qualified(pack, &it.name.text);
            let law = cx.law(it.sheet.as_ref(), &it.cite, it.verified.as_ref());
            cx.instruments.push(Instrument {
                name: it.name.text.clone(),
                id,
                level,
                law,
                missing: it.missing.as_ref().map_or_else(|| it.name.text.clone(), |n| n.text.clone()),
                elements: Vec::new(),
                lasts: Lasts::Always,
                void: Vec::new(),
                doc: doc(it.doc.as_ref()),
            });
        }
    }
}

/// Types the conditions of every instrument.
pub(crate) fn link(cx: &mut Linker<'_>) {
    // A request names an instrument by its bare name, so that two packs cannot have one name for two documents.
    let mut bare: BTreeMap<String, crate::source::Span> = BTreeMap::new();
    for pack in 0..cx.packs.len() {
        for item in cx.items(pack) {
            let ast::Item::Instrument(it) = item else { continue };
            let own = cx.names.own(Space::Word, pack, &it.name.text);
            let Some((Meaning::Word(Word::Instrument(index)), span)) = own.map(|e| (e.meaning, e.span))
            else {
                continue;
            };
            if span != it.name.span {
                continue;
            }
            if let Some(first) = bare.insert(it.name.text.clone(), span) {
                let message = format!(
                    "instrument `{}` is declared in two packs, and requests name it without its pack",
                    it.name.text
                );
                cx.report(Diagnostic::new("E0202", span, message).label(first, "first here"));
            }
            let env = Env { grant: true, ..Env::of(pack) };
            let elements = elements(cx, env, it);
            let void: Vec<_> = it.voids.iter().filter_map(|v| cx.cond(env, &v.when)).collect();
            let lasts = it.lasts.as_ref().and_then(|l| lasts(cx, env, l)).unwrap_or(Lasts::Always);
            if let Some(instrument) = cx.instruments.get_mut(index) {
                instrument.elements = elements;
                instrument.void = void;
                instrument.lasts = lasts;
            }
        }
    }
}

fn elements<'a>(cx: &mut Linker<'a>, env: Env<'_, 'a>, it: &'a ast::Instrument) -> Vec<Element> {
    let mut out: Vec<Element> = Vec::new();
    for element in &it.elements {
        if out.iter().any(|e| e.name == element.name.text) {
            let message = format!("element `{}` stands twice in this instrument", element.name.text);
            cx.error("E0202", element.name.span, message);
            continue;
        }
        let when = match &element.when {
            Some(cond) => match cx.cond(env, cond) {
                Some(cond) => Some(cond),
                None => continue,
            },
            None => None,
        };
        out.push(Element {
            name: element.name.text.clone(),
            when,
            cites: element.cite.iter().map(|t| t.value.clone()).collect(),
        });
    }
    out
}

fn lasts<'a>(cx: &mut Linker<'a>, env: Env<'_, 'a>, lasts: &'a ast::Lasts) -> Option<Lasts> {
    match lasts {
        ast::Lasts::WithoutEnd { .. } => Some(Lasts::Always),
        ast::Lasts::Through { until, .. } => Some(Lasts::Through(field(cx, env, until)?)),
        ast::Lasts::For { amount, from, .. } => {
            let n = super::literals::amount(cx, amount)?;
            Some(Lasts::From(n, field(cx, env, from)?))
        }
    }
}

/// A date of the grant.
fn field<'a>(cx: &mut Linker<'a>, env: Env<'_, 'a>, moment: &'a ast::Moment) -> Option<FactId> {
    match cx.moment(env, moment)? {
        Moment::At(Operand::EventField(id))
            if cx
                .vocabulary
                .decl(id)
                .is_some_and(|f| f.entity == crate::typed::Entity::Event(EventList::Consents)) =>
        {
            Some(id)
        }
        _ => {
            let diagnostic =
                Diagnostic::new("E0301", moment.span(), "an instrument lasts by a date of the grant itself")
                    .hint("write `instrument.signed_on` or `instrument.expires_on`");
            cx.report(diagnostic);
            None
        }
    }
}
