//! What is declared and never used, what cannot be reached, what a name hides.

use crate::ast;
use crate::diag::Diagnostic;
use crate::typed::linker::Linker;
use crate::typed::names::{Meaning, Space, Word};
use crate::typed::operands::Env;
use crate::typed::tables::TAKEN;
use crate::typed::{Cond, EventList, Policy};

/// Checks definitions that no rule has led to, so that their mistakes are reported too. Done before the policy is made.
pub(crate) fn check_definitions(cx: &mut Linker<'_>) {
    if cx.cut {
        return;
    }
    for pack in 0..cx.packs.len() {
        for item in cx.items(pack) {
            let ast::Item::Define(it) = item else { continue };
            if cx.used.words.contains(&(pack, it.name.text.clone())) {
                continue;
            }
            // It may be meant for a `where`: then its words are fields of events.
            let lists =
                [None, Some(EventList::Contacts), Some(EventList::Interactions), Some(EventList::Consents)];
            let fine = lists.into_iter().any(|list| {
                let mark = cx.mark();
                let env = Env { list, ..Env::of(pack) };
                let ok = body(cx, env, it) && !cx.failed_since(mark);
                if !ok {
                    cx.forget(mark);
                }
                ok
            });
            if !fine {
                body(cx, Env::of(pack), it);
            }
        }
    }
}

fn body<'a>(cx: &mut Linker<'a>, env: Env<'_, 'a>, it: &'a ast::Define) -> bool {
    match &it.body {
        ast::DefineBody::Cond(cond) => cx.cond(env, cond).is_some(),
        ast::DefineBody::Events(events) => cx.event_set(env, events).is_some(),
        ast::DefineBody::Event(moment) => cx.moment(env, moment).is_some(),
        ast::DefineBody::Bare(_) => true,
    }
}

/// Warns of everything idle.
pub(crate) fn check(
    cx: &mut Linker<'_>,
    policy: &Policy,
    words_used: &std::collections::BTreeSet<(usize, String)>,
) {
    if cx.cut {
        return;
    }
    for pack in 0..cx.packs.len() {
        // A pack without rules declares for others; what nobody loaded needs is no mistake there.
        let has_rules = cx.items(pack).iter().any(|i| matches!(i, ast::Item::Rule(_)));
        for item in cx.items(pack) {
            let (code, name, message) = match item {
                // What was refused has been reported already.
                ast::Item::Define(it) if !declared(cx, pack, &it.name) => continue,
                ast::Item::Dated(it) if !declared(cx, pack, &it.name) => continue,
                ast::Item::Setting(it) if !declared(cx, pack, &it.name) => continue,
                ast::Item::Instrument(it) if has_rules && declared(cx, pack, &it.name) => {
                    if words_used.contains(&(pack, cx.qualified(pack, &it.name.text))) {
                        continue;
                    }
                    ("W0801", &it.name, "nothing asks for this instrument")
                }
                ast::Item::Define(it) if has_rules && !words_used.contains(&(pack, it.name.text.clone())) => {
                    ("W0801", &it.name, "nothing uses this definition")
                }
                ast::Item::Exemption(it) if !cx.used.exemptions.contains(&(pack, it.name.text.clone())) => {
                    ("W0802", &it.name, "no rule names this exemption after `unless`")
                }
                ast::Item::Setting(it) => {
                    let name = cx.qualified(pack, &it.name.text);
                    if words_used.contains(&(pack, name)) {
                        continue;
                    }
                    ("W0804", &it.name, "nothing reads this setting")
                }
                ast::Item::Dated(it) if has_rules => {
                    let name = cx.qualified(pack, &it.name.text);
                    if words_used.contains(&(pack, name)) {
                        continue;
                    }
                    ("W0801", &it.name, "nothing reads this value")
                }
                _ => continue,
            };
            cx.report(Diagnostic::new(code, name.span, format!("`{}`: {message}", name.text)));
        }
        uses(cx, pack);
        if has_rules {
            columns(cx, pack);
        }
        shadows(cx, pack, policy);
    }
    reach(cx, policy);
    idle_rules(cx, policy);
}

/// Whether the name means this very declaration.
fn declared(cx: &Linker<'_>, pack: usize, name: &ast::Name) -> bool {
    cx.names.own(Space::Word, pack, &name.text).is_some_and(|e| e.span == name.span)
}

fn uses(cx: &mut Linker<'_>, pack: usize) {
    let uses: Vec<(usize, &ast::Use)> = cx.pack(pack).map(|p| p.uses.clone()).unwrap_or_default();
    for (other, it) in uses {
        // A pack of rules is used to have its rules beside one's own.
        let rules = cx.items(other).iter().any(|i| matches!(i, ast::Item::Rule(_)));
        if !rules && !cx.used.packs.contains(&(pack, other)) {
            let message = format!("nothing of pack `{}` is used here", it.pack.text);
            cx.report(Diagnostic::new("W0803", it.span, message));
        }
    }
}

fn columns(cx: &mut Linker<'_>, pack: usize) {
    for item in cx.items(pack) {
        let ast::Item::Table(it) = item else { continue };
        if !cx.used.columns.iter().any(|(p, t, _)| *p == pack && *t == it.name.text) {
            cx.report(Diagnostic::new(
                "W0801",
                it.name.span,
                format!("`{}`: no rule goes through this table", it.name.text),
            ));
            continue;
        }
        for column in &it.columns {
            let key = (pack, it.name.text.clone(), column.name.text.clone());
            if !cx.used.columns.contains(&key) && !TAKEN.contains(&column.name.text.as_str()) {
                let message = format!("no rule reads column `{}`", column.name.text);
                cx.report(Diagnostic::new("W0810", column.name.span, message));
            }
        }
    }
}

/// A definition that hides one of a used pack, or a field of events.
fn shadows(cx: &mut Linker<'_>, pack: usize, policy: &Policy) {
    let uses: Vec<usize> = cx.pack(pack).map(|p| p.uses.iter().map(|u| u.0).collect()).unwrap_or_default();
    for item in cx.items(pack) {
        let ast::Item::Define(it) = item else { continue };
        let name = &it.name;
        let hidden = uses.iter().find_map(|other| {
            let entry = cx.names.own(Space::Word, *other, &name.text)?;
            matches!(entry.meaning, Meaning::Word(Word::Define(_) | Word::Setting(_) | Word::Dated(_)))
                .then(|| (entry.span, cx.qualified(*other, &name.text)))
        });
        if let Some((span, full)) = hidden {
            let diagnostic =
                Diagnostic::new("W0807", name.span, format!("`{}` hides `{full}` in this pack", name.text))
                    .label(span, "hidden");
            cx.report(diagnostic);
        }
        let fields = ["consents", "contacts", "interactions"];
        let field =
            fields.iter().map(|l| format!("{l}.{}", name.text)).find(|p| policy.vocabulary.fact(p).is_some());
        if let Some(path) = field {
            let message =
                format!("inside `where`, `{}` is the event's own field and not this definition", name.text);
            cx.report(Diagnostic::new("W0807", name.span, message).hint(format!("the field is `{path}`")));
        }
    }
}

/// A reach that no rule of law speaks about.
fn reach(cx: &mut Linker<'_>, policy: &Policy) {
    let Some((taxonomy, tree)) = policy.vocabulary.taxonomy("jurisdiction") else { return };
    for reach in &policy.reach {
        for node in &reach.jurisdictions {
            let spoken = policy.rules.iter().any(|rule| {
                usize::from(rule.pack) != usize::from(policy.reach_pack)
                    && (speaks(&rule.when.cond, taxonomy, *node, tree)
                        || rule_of_place(policy, rule, tree.name_of(*node)))
            });
            if !spoken {
                let message = format!("no loaded pack speaks about `{}`", tree.name_of(*node));
                let diagnostic = Diagnostic::new("W0808", reach.span, message)
                    .hint("the silence of the loaded law is taken for leave there");
                cx.report(diagnostic);
            }
        }
    }
}

fn speaks(
    cond: &Cond,
    taxonomy: crate::taxonomy::TaxonomyId,
    node: crate::taxonomy::NodeId,
    tree: &crate::taxonomy::Taxonomy,
) -> bool {
    match cond {
        Cond::All(parts) | Cond::Any(parts) => parts.iter().any(|p| speaks(&p.cond, taxonomy, node, tree)),
        Cond::Not(inner) | Cond::Known(inner) => speaks(&inner.cond, taxonomy, node, tree),
        Cond::Is { taxonomy: t, nodes, .. } => {
            *t == taxonomy && nodes.iter().any(|n| tree.is(*n, node) || tree.is(node, *n))
        }
        _ => false,
    }
}

/// Law named after a place: a pack `us.tcpa` speaks about `US`.
fn rule_of_place(policy: &Policy, rule: &crate::typed::Rule, place: &str) -> bool {
    let country = place.split('-').next().unwrap_or(place).to_lowercase();
    let pack = policy.packs.get(usize::from(rule.pack)).map_or("", |p| p.name.as_str());
    pack == country || pack.starts_with(&format!("{country}."))
}

/// Rules that neither require nor oblige anything.
fn idle_rules(cx: &mut Linker<'_>, policy: &Policy) {
    for rule in &policy.rules {
        let says = !rule.requires.is_empty()
            || !rule.includes.is_empty()
            || rule.disclose_only.is_some()
            || rule.use_only.is_some()
            || !rule.obliges.is_empty();
        if !says {
            cx.report(Diagnostic::new("W0811", rule.span, format!("rule `{}` asks for nothing", rule.id)));
        }
    }
}
