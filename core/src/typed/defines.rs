//! Definitions: put in place of their names, in the words of the pack that declares them, never in a circle.

use crate::ast::{self, CondKind};
use crate::diag::Diagnostic;
use crate::typed::CondAt;
use crate::typed::conds::MAX_DEPTH;
use crate::typed::linker::Linker;
use crate::typed::names::{Entry, Meaning, Word};
use crate::typed::operands::{Env, Frame};

impl<'a> Linker<'a> {
    pub fn word_cond(&mut self, env: Env<'_, 'a>, name: &ast::Name, entry: Entry<'a>) -> Option<CondAt> {
        let Meaning::Word(word) = entry.meaning else { return None };
        let define = match word {
            Word::Define(define) => define,
            Word::Exemption(_) => {
                let diagnostic = Diagnostic::new(
                    "E0207",
                    name.span,
                    format!("`{}` is an exemption and cannot be asked as a condition", name.text),
                )
                .label(entry.span, "declared here")
                .hint("name it after `unless`, or make it a `define`");
                self.report(diagnostic);
                return None;
            }
            other => {
                let mut diagnostic = Diagnostic::new(
                    "E0207",
                    name.span,
                    format!("`{}` is {} and no condition", name.text, other.sort()),
                )
                .label(entry.span, "declared here");
                if matches!(other, Word::Instrument(_)) {
                    diagnostic = diagnostic.hint(format!("write `valid {}`", name.text));
                }
                self.report(diagnostic);
                return None;
            }
        };
        self.expand(env, name, entry, |cx, env| match &define.body {
            ast::DefineBody::Cond(cond) => cx.cond(env, cond),
            ast::DefineBody::Bare(inner) => {
                let cond = ast::Cond { kind: CondKind::Name(inner.clone()), span: inner.span };
                cx.cond(env, &cond)
            }
            ast::DefineBody::Events(_) | ast::DefineBody::Event(_) => {
                let (sort, hint) = match &define.body {
                    ast::DefineBody::Events(_) => ("a set of events", format!("write `any {}`", name.text)),
                    _ => (
                        "an event",
                        "write `no later than … after` it, or `… have passed since` it".to_string(),
                    ),
                };
                let diagnostic = Diagnostic::new(
                    "E0207",
                    name.span,
                    format!("`{}` names {sort} and no condition", name.text),
                )
                .label(entry.span, "declared here")
                .hint(hint);
                cx.report(diagnostic);
                None
            }
        })
    }

    /// Does something inside a definition: in its own pack's words, without the row or record of the rule that uses it.
    pub fn expand<T>(
        &mut self,
        env: Env<'_, 'a>,
        name: &ast::Name,
        entry: Entry<'a>,
        inside: impl FnOnce(&mut Linker<'a>, Env<'_, 'a>) -> Option<T>,
    ) -> Option<T> {
        let Meaning::Word(Word::Define(define)) = entry.meaning else { return None };
        let mut up = env.frame;
        while let Some(frame) = up {
            if frame.pack == entry.pack && frame.name == define.name.text {
                let diagnostic =
                    Diagnostic::new("E0206", name.span, format!("`{}` is defined by itself", name.text))
                        .label(frame.declared, "its definition leads back here");
                self.report(diagnostic);
                return None;
            }
            up = frame.up;
        }
        let frame = Frame {
            pack: entry.pack,
            name: define.name.text.as_str(),
            declared: define.name.span,
            up: env.frame,
        };
        let env =
            Env { pack: entry.pack, row: None, each: None, depth: env.depth + 1, frame: Some(&frame), ..env };
        if env.depth > MAX_DEPTH {
            let message = format!("definitions nest more than {MAX_DEPTH} deep here");
            self.cut_off(Diagnostic::new("E0705", name.span, message));
            return None;
        }
        inside(self, env)
    }
}
