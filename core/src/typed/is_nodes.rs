//! Questions to taxonomies: under which nodes something stands, what mark it carries, what kind of event it names.

use crate::ast::{self, IsHow};
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::taxonomy::{NodeId, TaxonomyId};
use crate::typed::linker::Linker;
use crate::typed::literals::{Literal, type_words};
use crate::typed::operands::{Env, Typed};
use crate::typed::{Cond, CondAt, EventList, How, Operand};
use crate::value::Type;

impl<'a> Linker<'a> {
    pub fn node_is(
        &mut self,
        env: Env<'_, 'a>,
        span: Span,
        what: Operand,
        taxonomy: TaxonomyId,
        how: IsHow,
        objects: &ast::Objects,
    ) -> Option<Cond> {
        let how = match how {
            IsHow::Is | IsHow::In => How::Some,
            IsHow::Only => How::Only,
            IsHow::Includes => How::Includes,
        };
        if let Some((of, of_ty)) = self.typed_object(env, &Type::Node(taxonomy), objects) {
            let same = match &of_ty {
                Type::Set(inner) => **inner == Type::Node(taxonomy),
                other => *other == Type::Node(taxonomy),
            };
            if !same {
                let message = format!(
                    "nodes of `{}` are asked here, and this is {}",
                    self.taxonomy_name(taxonomy),
                    type_words(self, &of_ty)
                );
                self.error("E0301", objects.span, message);
                return None;
            }
            return Some(Cond::IsAmong { what, how, taxonomy, of });
        }
        let mut names = Vec::new();
        for literal in self.literals(env, objects)? {
            match literal {
                Literal::Word(name) => names.push(name),
                other => {
                    let message =
                        format!("{} is no node of taxonomy `{}`", other.sort(), self.taxonomy_name(taxonomy));
                    self.error("E0301", other.span(), message);
                    return None;
                }
            }
        }
        // `none` is no node: a member that is known none is asked with `is none`.
        let before = names.len();
        names.retain(|n| n.text != "none");
        let asked_none = names.len() < before;
        if asked_none && how != How::Some {
            self.error("E0301", objects.span, "`none` can be one of several with `is` and `in` only");
            return None;
        }
        let nodes = self.nodes(env.pack, taxonomy, &names)?;
        // `any` in a cell leaves the matter open: it holds also while nobody knows what the fact is.
        let from_row =
            matches!(objects.items.as_slice(), [ast::Operand::Name(n)] if n.text.starts_with("row."));
        if from_row && how == How::Some && nodes == [NodeId::ROOT] {
            return Some(Cond::Const(true));
        }
        let is = Cond::Is { what: what.clone(), how, taxonomy, nodes };
        if !asked_none {
            return Some(is);
        }
        let there = self.at(Cond::Exists(what), span, 3);
        let none = self.at(Cond::Not(Box::new(there)), span, 4);
        if names.is_empty() {
            return Some(none.cond);
        }
        let is = self.at(is, span, 5);
        Some(Cond::Any(vec![none, is]))
    }

    /// `contact.responds_to is revocation`
    pub fn event_is(
        &mut self,
        env: Env<'_, 'a>,
        span: Span,
        what: &Operand,
        objects: &ast::Objects,
    ) -> Option<Cond> {
        let mut any = Vec::new();
        for literal in self.literals(env, objects)? {
            let Literal::Word(name) = &literal else {
                self.error("E0301", literal.span(), "an event is asked for its kind, such as `revocation`");
                return None;
            };
            let (list, kind) = match name.text.as_str() {
                "revocation" => (EventList::Consents, "revoke".to_string()),
                "grant" => (EventList::Consents, "grant".to_string()),
                "decline" => (EventList::Consents, "decline".to_string()),
                "attempt" | "contact" => (EventList::Contacts, String::new()),
                "interaction" => (EventList::Interactions, String::new()),
                _ => {
                    let taxonomy = self.taxonomy("interaction")?;
                    self.node(env.pack, taxonomy, name)?;
                    (EventList::Interactions, name.text.clone())
                }
            };
            any.push(Cond::EventIs { what: what.clone(), list, kind });
        }
        if any.len() == 1 {
            return any.pop();
        }
        let parts = any.into_iter().zip(10..).map(|(c, i)| self.at(c, span, i)).collect();
        Some(Cond::Any(parts))
    }

    /// `contact.responds_to is request where same seller`: of that kind, and of that very event the rest holds.
    pub fn event_is_where(
        &mut self,
        env: Env<'_, 'a>,
        span: Span,
        subject: &ast::Operand,
        negated: Option<Span>,
        objects: &ast::Objects,
        filter: &ast::Cond,
    ) -> Option<CondAt> {
        let what = match self.operand(env, subject)? {
            Typed::Op(op, Type::Event) => op,
            _ => {
                let diagnostic = Diagnostic::new("E0304", filter.span, "`where` asks more of an event")
                    .hint("left of `is` stands a fact that names one, such as `contact.responds_to`");
                self.report(diagnostic);
                return None;
            }
        };
        let is = self.event_is(env, span, &what, objects)?;
        let lists: Vec<EventList> = match &is {
            Cond::EventIs { list, .. } => vec![*list],
            Cond::Any(parts) => {
                let of =
                    |it: &CondAt| if let Cond::EventIs { list, .. } = it.cond { Some(list) } else { None };
                parts.iter().filter_map(of).collect()
            }
            _ => Vec::new(),
        };
        let list = lists.first().copied()?;
        if lists.iter().any(|other| *other != list) {
            let diagnostic = Diagnostic::new("E0304", objects.span, "`where` asks events of one sort")
                .hint("ask consents, contacts and interactions apart, with `or`");
            self.report(diagnostic);
            return None;
        }
        let filter = Box::new(self.cond(env.about(list), filter)?);
        let is = self.at(is, span, 6);
        let holds = self.at(Cond::EventWhere { what, list, filter }, span, 7);
        let both = self.at(Cond::All(vec![is, holds]), span, u32::from(negated.is_some()));
        Some(match negated {
            None => both,
            Some(_) => self.at(Cond::Not(Box::new(both)), span, 0),
        })
    }

    /// `PATH is marked sensitive`
    pub fn is_marked(
        &mut self,
        env: Env<'_, 'a>,
        span: Span,
        subject: &ast::Name,
        marks: &ast::Objects,
    ) -> Option<Cond> {
        let (what, ty) = self.typed_name(env, subject)?;
        let taxonomy = match &ty {
            Type::Node(id) => *id,
            Type::Set(inner) => match inner.as_ref() {
                Type::Node(id) => *id,
                _ => return self.no_marks(subject, &ty),
            },
            _ => return self.no_marks(subject, &ty),
        };
        let mut any = Vec::new();
        for literal in self.literals(env, marks)? {
            let word = literal.words();
            let known: Vec<String> = self
                .vocabulary
                .tree(taxonomy)
                .map(|t| t.nodes.iter().flat_map(|n| n.marks.iter().cloned()).collect())
                .unwrap_or_default();
            if !known.contains(&word) && !KNOWN_MARKS.contains(&word.as_str()) {
                let message =
                    format!("no node of taxonomy `{}` is marked `{word}`", self.taxonomy_name(taxonomy));
                let diagnostic = Diagnostic::new("E0406", literal.span(), message)
                    .suggest(&word, known.iter().map(String::as_str).chain(KNOWN_MARKS.iter().copied()));
                self.report(diagnostic);
                return None;
            }
            self.use_taxonomy(env.pack, taxonomy);
            any.push(Cond::Marked { what: what.clone(), taxonomy, mark: word });
        }
        if any.len() == 1 {
            return any.pop();
        }
        let parts = any.into_iter().zip(10..).map(|(c, i)| self.at(c, span, i)).collect();
        Some(Cond::Any(parts))
    }

    pub fn no_marks(&mut self, subject: &ast::Name, ty: &Type) -> Option<Cond> {
        let message = format!("marks are asked of nodes, and `{}` is {}", subject.text, type_words(self, ty));
        self.error("E0301", subject.span, message);
        None
    }
}

/// Marks that the engine reads itself: they mean something even where no node carries them yet.
const KNOWN_MARKS: &[&str] = &["sensitive", "seller", "abstract", "held_by_recipient", "held_by_person"];
