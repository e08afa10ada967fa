//! `unless`: which exemptions carry a rule. A definition named there becomes an exemption of its name.

use crate::ast;
use crate::diag::Diagnostic;
use crate::time::Instant;
use crate::typed::clauses::in_force;
use crate::typed::linker::{Linker, doc, pack_index};
use crate::typed::literals::Literal;
use crate::typed::names::{Meaning, Space, Word};
use crate::typed::operands::{Env, Typed};
use crate::typed::{Cond, Exemption, Law, Template, Unless};
use std::sync::Arc;

/// A name after `unless`: an exemption or a definition of this pack, or those in a cell.
pub(crate) fn exempted<'a>(
    cx: &mut Linker<'a>,
    env: Env<'_, 'a>,
    unless: &'a ast::Unless,
    out: &mut Vec<Unless>,
) -> bool {
    let mut names = vec![unless.name.clone()];
    if unless.name.text.starts_with("row.") {
        match cx.name(env, &unless.name) {
            Some(Typed::Literals(list)) => {
                names = list
                    .into_iter()
                    .filter_map(|l| if let Literal::Word(n) = l { Some(n) } else { None })
                    .collect();
            }
            _ => return false,
        }
    }
    let mut fine = true;
    for name in names {
        let Some(exemption) = exemption_of(cx, env, &name) else {
            fine = false;
            continue;
        };
        let when = match &unless.when {
            Some(cond) => match cx.cond(env, cond) {
                Some(cond) => Some(cond),
                None => {
                    fine = false;
                    continue;
                }
            },
            None => None,
        };
        if let Some(first) = out.iter().find(|u| unconditional(cx, u)) {
            let id = cx.exemptions.get(first.exemption).map(|e| e.id.clone()).unwrap_or_default();
            let message = format!("`{}` is never reached: `{id}` before it always holds", name.text);
            cx.report(Diagnostic::new("W0806", unless.span, message));
        }
        if when.is_none() && out.iter().any(|u| u.exemption == exemption && u.when.is_none()) {
            cx.report(Diagnostic::new("W0806", unless.span, format!("`{}` is named already", name.text)));
        }
        out.push(Unless { exemption, when });
    }
    fine
}

/// Whether an exemption asks nothing at all.
pub(crate) fn unconditional(cx: &Linker<'_>, unless: &Unless) -> bool {
    unless.when.is_none()
        && cx.exemptions.get(unless.exemption).is_some_and(|e| {
            matches!(e.when.cond, Cond::Const(true))
                && e.provided.is_empty()
                && e.includes.is_empty()
                && e.in_force.from == Instant::MIN
                && e.in_force.until == Instant::MAX
        })
}

pub(crate) fn exemption_of<'a>(cx: &mut Linker<'a>, env: Env<'_, 'a>, name: &ast::Name) -> Option<usize> {
    let entry = match cx.look_up(Space::Word, env.pack, name) {
        Err(()) => return None,
        Ok(Some(entry)) => entry,
        Ok(None) => {
            let candidates: Vec<String> = cx
                .names
                .each(Space::Word)
                .filter(|(_, e)| {
                    e.pack == env.pack
                        && matches!(e.meaning, Meaning::Word(Word::Define(_) | Word::Exemption(_)))
                })
                .map(|(n, _)| n.to_string())
                .collect();
            let diagnostic =
                Diagnostic::new("E0208", name.span, format!("no exemption is called `{}`", name.text))
                    .suggest(&name.text, candidates.iter().map(String::as_str));
            cx.report(diagnostic);
            return None;
        }
    };
    let Meaning::Word(word) = entry.meaning else { return None };
    if entry.pack != env.pack {
        let message = format!(
            "`{}` belongs to pack `{}`: a rule yields to its own pack only",
            name.text,
            cx.pack_name(entry.pack)
        );
        let diagnostic = Diagnostic::new("E0208", name.span, message)
            .label(entry.span, "declared here")
            .hint("write an exemption of your own that says the same");
        cx.report(diagnostic);
        return None;
    }
    cx.use_word(entry.pack, word);
    // The key is the bare name, however the rule wrote it.
    match word {
        Word::Exemption(it) => cx.from_defines.get(&(entry.pack, it.name.text.clone())).copied().flatten(),
        Word::Define(define) => {
            let key = (entry.pack, define.name.text.clone());
            if let Some(known) = cx.from_defines.get(&key) {
                return *known;
            }
            let made = from_define(cx, entry.pack, name, define);
            cx.from_defines.insert(key, made);
            made
        }
        other => {
            let message = format!("`{}` is {}, not an exemption", name.text, other.sort());
            cx.report(Diagnostic::new("E0207", name.span, message).label(entry.span, "declared here"));
            None
        }
    }
}

/// A definition named after `unless` is an exemption of that name.
pub(crate) fn from_define<'a>(
    cx: &mut Linker<'a>,
    pack: usize,
    name: &ast::Name,
    define: &'a ast::Define,
) -> Option<usize> {
    let bare = ast::Cond {
        kind: ast::CondKind::Name(ast::Name { text: define.name.text.clone(), span: name.span }),
        span: name.span,
    };
    let when = cx.cond(Env::of(pack), &bare)?;
    let clock = cx.pack(pack).map(|p| Arc::clone(&p.clock))?;
    let index = cx.exemptions.len();
    cx.exemptions.push(Exemption {
        id: cx.qualified(pack, &define.name.text),
        pack: pack_index(pack),
        law: Law::default(),
        in_force: in_force(&clock, None, None),
        when,
        provided: Vec::new(),
        includes: Vec::new(),
        obliges: Vec::new(),
        because: Template::default(),
        doc: doc(define.doc.as_ref()),
        span: define.span,
    });
    Some(index)
}
