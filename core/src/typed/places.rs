//! Conditions about places, lists of addresses, signals and scopes.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::typed::linker::Linker;
use crate::typed::literals::{Literal, type_words};
use crate::typed::operands::{Env, Typed};
use crate::typed::{Cond, FactId, How, Operand};
use crate::value::Type;

impl<'a> Linker<'a> {
    /// `row.state applies`
    pub fn applies(&mut self, env: Env<'_, 'a>, span: Span, name: &ast::Name) -> Option<Cond> {
        let literals = match self.name(env, name)? {
            Typed::Literals(list) if !list.is_empty() => list,
            _ => {
                self.error(
                    "E0301",
                    name.span,
                    "`applies` is asked of a jurisdiction written in the row or the policy",
                );
                return None;
            }
        };
        let (taxonomy, recipient, address) = self.places(env, span)?;
        let names: Vec<ast::Name> = literals
            .iter()
            .filter_map(|l| if let Literal::Word(n) = l { Some(n.clone()) } else { None })
            .collect();
        let nodes = self.nodes(env.pack, taxonomy, &names)?;
        let is =
            |what| Cond::Is { what: Operand::Fact(what), how: How::Some, taxonomy, nodes: nodes.clone() };
        let (a, b) = (self.at(is(recipient), span, 1), self.at(is(address), span, 2));
        Some(Cond::Any(vec![a, b]))
    }

    /// `every jurisdiction in […]`: wherever the recipient may be. Mail and toll-free numbers have no place of their own.
    pub fn every_jurisdiction(
        &mut self,
        env: Env<'_, 'a>,
        span: Span,
        objects: &ast::Objects,
    ) -> Option<Cond> {
        let (taxonomy, recipient, address) = self.places(env, span)?;
        let mut names = Vec::new();
        for literal in self.literals(env, objects)? {
            match literal {
                Literal::Word(name) => names.push(name),
                other => self.error("E0301", other.span(), format!("{} is no jurisdiction", other.sort())),
            }
        }
        let nodes = self.nodes(env.pack, taxonomy, &names)?;
        let only =
            |what| Cond::Is { what: Operand::Fact(what), how: How::Only, taxonomy, nodes: nodes.clone() };
        let there = self.at(Cond::Exists(Operand::Fact(address)), span, 1);
        let nowhere = self.at(Cond::Not(Box::new(there)), span, 2);
        let address = self.at(only(address), span, 3);
        let recipient = self.at(only(recipient), span, 4);
        let address = self.at(Cond::Any(vec![address, nowhere]), span, 5);
        Some(Cond::All(vec![recipient, address]))
    }

    pub fn places(
        &mut self,
        env: Env<'_, 'a>,
        span: Span,
    ) -> Option<(crate::taxonomy::TaxonomyId, FactId, FactId)> {
        let taxonomy = self.taxonomy("jurisdiction");
        let recipient = self.fact(env.pack, "recipient.jurisdictions", span);
        let address = self.fact(env.pack, "address.jurisdictions", span);
        match (taxonomy, recipient, address) {
            (Some(t), Some((r, _)), Some((a, _))) => Some((t, r, a)),
            _ => {
                let message = "no loaded pack declares `recipient.jurisdictions` and `address.jurisdictions`";
                self.error("E0201", span, message);
                None
            }
        }
    }

    pub fn on_list(&mut self, env: Env<'_, 'a>, subject: &ast::Name, list: &ast::Name) -> Option<Cond> {
        self.whole_history(env, subject.span, "lists")?;
        if subject.text != "address" {
            let diagnostic =
                Diagnostic::new("E0301", subject.span, "lists are asked about the contact's own address")
                    .hint(format!("write `address on {}`", list.text));
            self.report(diagnostic);
            return None;
        }
        let list = self.list_names(env, list)?;
        let mut found = Vec::new();
        for name in list {
            let index = self.vocabulary.lists.iter().position(|l| l.name == name.text);
            match index {
                Some(index) => found.push(Cond::Listed(index)),
                None => {
                    let known: Vec<String> = self.vocabulary.lists.iter().map(|l| l.name.clone()).collect();
                    let diagnostic =
                        Diagnostic::new("E0201", name.span, format!("unknown list `{}`", name.text))
                            .suggest(&name.text, known.iter().map(String::as_str));
                    self.report(diagnostic);
                    return None;
                }
            }
            if let Some(taxonomy) = self.taxonomy("list") {
                self.node(env.pack, taxonomy, &name)?;
            }
        }
        if found.len() == 1 {
            return found.pop();
        }
        let parts = found.into_iter().zip(10..).map(|(c, i)| self.at(c, subject.span, i)).collect();
        Some(Cond::Any(parts))
    }

    pub fn list_names(&mut self, env: Env<'_, 'a>, list: &ast::Name) -> Option<Vec<ast::Name>> {
        if !list.text.starts_with("row.") {
            return Some(vec![list.clone()]);
        }
        match self.name(env, list)? {
            Typed::Literals(cell) if !cell.is_empty() => Some(
                cell.iter()
                    .filter_map(|l| if let Literal::Word(n) = l { Some(n.clone()) } else { None })
                    .collect(),
            ),
            _ => {
                self.error("E0502", list.span, "this row names no list");
                None
            }
        }
    }

    pub fn signal(&mut self, env: Env<'_, 'a>, span: Span, name: &ast::Name) -> Option<Cond> {
        self.whole_history(env, span, "signals")?;
        let id = self.vocabulary.fact("signals.kind")?;
        if let Some(Type::Choice(words)) = self.vocabulary.decl(id).map(|f| f.ty.clone())
            && !words.contains(&name.text)
        {
            let diagnostic = Diagnostic::new("E0306", name.span, format!("unknown signal `{}`", name.text))
                .suggest(&name.text, words.iter().map(String::as_str));
            self.report(diagnostic);
            return None;
        }
        Some(Cond::Signal(name.text.clone()))
    }

    /// A scope: a fact, a record's field, or a record with one field of that type.
    pub fn scope(&mut self, env: Env<'_, 'a>, name: &ast::Name) -> Option<Operand> {
        if let (Typed::Each, Some(each)) = (self.name(env, name)?, env.each) {
            let scopes: Vec<usize> = each
                .fields
                .iter()
                .enumerate()
                .filter(|(_, (_, t))| *t == Type::Scope)
                .map(|(i, _)| i)
                .collect();
            return match scopes.as_slice() {
                [one] => Some(Operand::Record(*one)),
                _ => {
                    self.error(
                        "E0301",
                        name.span,
                        "these records do not have exactly one scope; name the field",
                    );
                    None
                }
            };
        }
        let (op, ty) = self.typed_name(env, name)?;
        if ty == Type::Scope {
            return Some(op);
        }
        let message = format!("`{}` is {}, not a scope", name.text, type_words(self, &ty));
        self.error("E0301", name.span, message);
        None
    }
}
