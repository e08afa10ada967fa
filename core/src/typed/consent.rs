//! Questions to the consent fold: `consent at least`, `valid`, `refused`, and revocations that reach further.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::taxonomy::NodeId;
use crate::typed::linker::Linker;
use crate::typed::literals::Literal;
use crate::typed::names::{Meaning, Space, Word};
use crate::typed::operands::{Env, Typed};
use crate::typed::{
    Cond, CondAt, ConsentQuestion, Dimension, EventList, Holder, Levels, Operand, Reaching, RefusedQuestion,
};
use crate::value::Type;

/// The level that lifts a refusal when the rule names none.
const LIFTS: &str = "express";

impl<'a> Linker<'a> {
    /// `consent at least L …`
    pub fn consent(&mut self, env: Env<'_, 'a>, span: Span, question: &ast::Consent) -> Option<Cond> {
        let level = self.level(env, &question.what);
        self.given(env, span, question, level.map(|level| (level, None)))
    }

    /// `valid INSTRUMENT …`
    pub fn valid(&mut self, env: Env<'_, 'a>, span: Span, question: &ast::Consent) -> Option<Cond> {
        let index = self.instrument(env, &question.what);
        let level = index.and_then(|index| self.instruments.get(index)).map(|it| Levels::AtLeast(it.level));
        self.given(env, span, question, level.map(|level| (level, index)))
    }

    /// Consent of a level, by that instrument if there is one. What follows is read even where the level is no good.
    fn given(
        &mut self,
        env: Env<'_, 'a>,
        span: Span,
        question: &ast::Consent,
        what: Option<(Levels, Option<usize>)>,
    ) -> Option<Cond> {
        let holder = self.holder(question.of.as_ref());
        let filter = self.about_consents(env, question.filter.as_deref());
        let reaches = self.reaches(env, question.counting.as_ref());
        let purposes = self.purposes(env, question.purposes.as_ref());
        let given = self.given_in(env, question.given_in.as_ref());
        let (level, instrument) = what?;
        let base = ConsentQuestion {
            level,
            holder: holder?,
            purpose: None,
            same_seller: question.by_same_seller.is_some(),
            given: given?,
            filter: filter?,
            heeds_seller: question.heeding.is_some(),
            instrument,
            reaches: reaches?,
        };
        Some(self.for_each_purpose(base, purposes?, span))
    }

    /// Asked for several purposes, consent must be there for each.
    fn for_each_purpose(&mut self, base: ConsentQuestion, purposes: Vec<NodeId>, span: Span) -> Cond {
        match purposes.as_slice() {
            [] => Cond::Consent(Box::new(base)),
            [one] => Cond::Consent(Box::new(ConsentQuestion { purpose: Some(*one), ..base })),
            several => {
                let parts = several
                    .iter()
                    .zip(10..)
                    .map(|(p, i)| {
                        let question = ConsentQuestion { purpose: Some(*p), ..base.clone() };
                        self.at(Cond::Consent(Box::new(question)), span, i)
                    })
                    .collect();
                Cond::All(parts)
            }
        }
    }

    /// `refused …`
    pub fn refused(&mut self, env: Env<'_, 'a>, span: Span, question: &ast::Refused) -> Option<Cond> {
        if let Some(of) = &question.of {
            let diagnostic = Diagnostic::new("E0304", of.span, "a refusal binds whoever made it")
                .hint("leave `of …` away");
            self.report(diagnostic);
            return None;
        }
        let renewed = match &question.renewed {
            Some(name) => match self.level(env, name)? {
                Levels::AtLeast(node) => Some(node),
                Levels::Fact(_) => {
                    self.error("E0301", name.span, "one level is wanted here, written out");
                    return None;
                }
            },
            None => self.taxonomy("level").and_then(|t| self.vocabulary.tree(t)).and_then(|t| t.find(LIFTS)),
        };
        let except = match &question.except {
            None => None,
            Some(name) => match self.typed_name(env, name)? {
                (op, Type::Event) => Some(op),
                _ => {
                    let diagnostic = Diagnostic::new("E0301", name.span, "what is left aside is an event")
                        .hint("write `except contact.responds_to`");
                    self.report(diagnostic);
                    return None;
                }
            },
        };
        let purposes = self.purposes(env, question.purposes.as_ref());
        let filter = self.about_consents(env, question.filter.as_deref());
        let renewed_filter = self.about_consents(env, question.renewed_where.as_deref());
        let reaches = self.reaches(env, question.counting.as_ref())?;
        let base = RefusedQuestion {
            purpose: None,
            filter: filter?,
            same_seller: question.by_same_seller.is_some(),
            renewed,
            renewed_same_seller: question.renewed_by_same_seller.is_some(),
            renewed_filter: renewed_filter?,
            except,
            reaches,
        };
        Some(match purposes?.as_slice() {
            [] => Cond::Refused(Box::new(base)),
            [one] => Cond::Refused(Box::new(RefusedQuestion { purpose: Some(*one), ..base })),
            several => {
                let parts = several
                    .iter()
                    .zip(10..)
                    .map(|(p, i)| {
                        let question = RefusedQuestion { purpose: Some(*p), ..base.clone() };
                        self.at(Cond::Refused(Box::new(question)), span, i)
                    })
                    .collect();
                Cond::Any(parts)
            }
        })
    }

    /// The level asked for.
    fn level(&mut self, env: Env<'_, 'a>, name: &ast::Name) -> Option<Levels> {
        let Some(taxonomy) = self.taxonomy("level") else {
            self.error("E0401", name.span, "no loaded pack declares the taxonomy `level`");
            return None;
        };
        if let Some(node) = self.vocabulary.tree(taxonomy).and_then(|t| t.find(&name.text)) {
            self.node(env.pack, taxonomy, name)?;
            return Some(Levels::AtLeast(node));
        }
        if !name.text.starts_with("row.") && self.vocabulary.fact(&name.text).is_none() && env.each.is_none()
        {
            self.node(env.pack, taxonomy, name)?;
        }
        match self.name(env, name)? {
            Typed::Op(op, ty)
                if ty == Type::Set(Box::new(Type::Node(taxonomy))) || ty == Type::Node(taxonomy) =>
            {
                Some(Levels::Fact(op))
            }
            Typed::Literals(list) => match list.as_slice() {
                [Literal::Word(word)] => Some(Levels::AtLeast(self.node(env.pack, taxonomy, word)?)),
                _ => {
                    self.error("E0301", name.span, "one level is wanted here");
                    None
                }
            },
            _ => {
                self.error("E0301", name.span, "a level is wanted here");
                None
            }
        }
    }

    /// The instrument of that name.
    fn instrument(&mut self, env: Env<'_, 'a>, name: &ast::Name) -> Option<usize> {
        let mut name = name.clone();
        if name.text.starts_with("row.") {
            match self.name(env, &name)? {
                Typed::Literals(list) => match list.as_slice() {
                    [Literal::Word(word)] => name = word.clone(),
                    _ => {
                        self.error("E0502", name.span, "this row names no instrument");
                        return None;
                    }
                },
                _ => return None,
            }
        }
        match self.look_up(Space::Word, env.pack, &name) {
            Err(()) => None,
            Ok(Some(entry)) => match entry.meaning {
                Meaning::Word(word @ Word::Instrument(index)) => {
                    self.use_word(entry.pack, word);
                    Some(index)
                }
                Meaning::Word(word) => {
                    let message = format!("`{}` is {}, not an instrument", name.text, word.sort());
                    self.report(
                        Diagnostic::new("E0207", name.span, message).label(entry.span, "declared here"),
                    );
                    None
                }
                _ => None,
            },
            Ok(None) => {
                let known: Vec<String> = self.instruments.iter().map(|i| i.name.clone()).collect();
                let diagnostic =
                    Diagnostic::new("E0201", name.span, format!("unknown instrument `{}`", name.text))
                        .suggest(&name.text, known.iter().map(String::as_str));
                self.report(diagnostic);
                None
            }
        }
    }

    fn holder(&mut self, of: Option<&ast::Name>) -> Option<Holder> {
        match of.map(|n| (n.text.as_str(), n.span)) {
            None => Some(Holder::ByLevel),
            Some(("person", _)) => Some(Holder::Person),
            Some(("recipient", _)) => Some(Holder::Recipient),
            Some((other, span)) => {
                let diagnostic =
                    Diagnostic::new("E0306", span, format!("consent is somebody's, not `{other}`"))
                        .hint("write `of person` or `of recipient`");
                self.report(diagnostic);
                None
            }
        }
    }

    /// `where C` of grants or revocations; `Some(None)` when not written.
    #[allow(clippy::option_option)]
    fn about_consents(&mut self, env: Env<'_, 'a>, filter: Option<&ast::Cond>) -> Option<Option<CondAt>> {
        match filter {
            Some(filter) => Some(Some(self.cond(env.about(EventList::Consents), filter)?)),
            None => Some(None),
        }
    }

    /// `given in past SPAN`; `Some(None)` when not written.
    #[allow(clippy::option_option)]
    fn given_in(&mut self, env: Env<'_, 'a>, given: Option<&ast::Duration>) -> Option<Option<Operand>> {
        given.map_or(Some(None), |span| self.past(env, span).map(Some))
    }

    /// `for PURPOSE`, `for [A, B]`; empty when not written.
    fn purposes(&mut self, env: Env<'_, 'a>, objects: Option<&ast::Objects>) -> Option<Vec<NodeId>> {
        let Some(objects) = objects else { return Some(Vec::new()) };
        self.nodes_named(env, "purpose", objects)
    }

    fn nodes_named(
        &mut self,
        env: Env<'_, 'a>,
        taxonomy: &str,
        objects: &ast::Objects,
    ) -> Option<Vec<NodeId>> {
        let Some(id) = self.taxonomy(taxonomy) else {
            self.error("E0401", objects.span, format!("no loaded pack declares the taxonomy `{taxonomy}`"));
            return None;
        };
        let mut names = Vec::new();
        for literal in self.literals(env, objects)? {
            match literal {
                Literal::Word(name) => names.push(name),
                other => {
                    self.error("E0301", other.span(), format!("{} is no node of `{taxonomy}`", other.sort()));
                    return None;
                }
            }
        }
        self.nodes(env.pack, id, &names)
    }

    /// `counting each revocation … as reaching …`
    fn reaches(&mut self, env: Env<'_, 'a>, counting: Option<&ast::Counting>) -> Option<Vec<Reaching>> {
        let Some(counting) = counting else { return Some(Vec::new()) };
        let of = self.purposes(env, counting.of.as_ref())?;
        let filter = self.about_consents(env, counting.filter.as_deref())?;
        let mut open = Vec::new();
        let mut channels = Vec::new();
        for reach in &counting.reach {
            let dimension = match reach.dimension.text.as_str() {
                "channel" => Dimension::Channel,
                "purpose" => Dimension::Purpose,
                "topic" => Dimension::Topic,
                "sender" => Dimension::Sender,
                "address" => Dimension::Address,
                "matter" => Dimension::Matter,
                other => {
                    let diagnostic = Diagnostic::new(
                        "E0306",
                        reach.dimension.span,
                        format!("`{other}` is no part of a scope"),
                    )
                    .suggest(other, ["channel", "purpose", "topic", "sender", "address", "matter"]);
                    self.report(diagnostic);
                    return None;
                }
            };
            match &reach.within {
                None if !open.contains(&dimension) => open.push(dimension),
                None => {}
                Some(within) if dimension == Dimension::Channel => {
                    channels.extend(self.nodes_named(env, "channel", within)?);
                }
                Some(within) => {
                    self.error(
                        "E0304",
                        within.span,
                        "a revocation is widened to some channels, or to every one of the rest",
                    );
                    return None;
                }
            }
        }
        let each = |of: Option<NodeId>| Reaching {
            of,
            filter: filter.clone(),
            open: open.clone(),
            channels: channels.clone(),
        };
        Some(if of.is_empty() { vec![each(None)] } else { of.into_iter().map(|p| each(Some(p))).collect() })
    }
}
