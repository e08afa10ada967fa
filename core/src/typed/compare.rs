//! Comparisons: two values with a sign, an event with the contact (`same topic`), today with a date.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::time::Zone;
use crate::typed::linker::Linker;
use crate::typed::literals::{Literal, type_words};
use crate::typed::operands::{Env, Typed};
use crate::typed::{Cond, EventList, Op, Operand};
use crate::value::Type;
use std::sync::Arc;

impl<'a> Linker<'a> {
    /// `same topic`, `given_to is same seller`: the event at hand and the proposed contact.
    pub fn same(
        &mut self,
        env: Env<'_, 'a>,
        span: Span,
        subject: Option<&ast::Name>,
        what: &ast::Name,
    ) -> Option<Cond> {
        let list = match env.list {
            Some(list) => list,
            None if env.grant => EventList::Consents,
            None => {
                self.error(
                    "E0304",
                    span,
                    "`same` compares an event with the contact and stands inside `where` only",
                );
                return None;
            }
        };
        let own = match what.text.as_str() {
            "seller" | "sender" => "sender.id",
            "topic" => "contact.topic",
            "purpose" => "contact.purpose",
            "channel" => "contact.channel",
            "matter" => "contact.matter",
            "address" => "address.value",
            "recipient" => "recipient.id",
            "technology" => "contact.technology",
            other => {
                let diagnostic = Diagnostic::new("E0306", what.span, format!("nothing is `same {other}`"))
                    .suggest(
                        other,
                        [
                            "seller",
                            "sender",
                            "topic",
                            "purpose",
                            "channel",
                            "matter",
                            "address",
                            "recipient",
                            "technology",
                        ],
                    );
                self.report(diagnostic);
                return None;
            }
        };
        if subject.is_none()
            && list == EventList::Consents
            && matches!(what.text.as_str(), "seller" | "sender")
        {
            // Said to them, or naming them: either makes it theirs.
            let mut parts = Vec::new();
            for (field, n) in [("given_to", 10), ("sender", 11)] {
                let field = ast::Name { text: field.to_string(), span: what.span };
                let cond = self.same(env, span, Some(&field), what)?;
                parts.push(self.at(cond, span, n));
            }
            return Some(Cond::Any(parts));
        }
        let field = match subject {
            Some(subject) => subject.text.clone(),
            None => match (what.text.as_str(), list) {
                ("seller" | "sender", _) => "sender".to_string(),
                ("recipient", EventList::Consents) => "holder".to_string(),
                (word, _) => word.to_string(),
            },
        };
        let place = subject.map_or(what.span, |s| s.span);
        let Some((id, ty)) = self.event_field(env, &field) else {
            let diagnostic = Diagnostic::new("E0201", place, format!("these events have no field `{field}`"));
            self.report(diagnostic);
            return None;
        };
        let Some((fact, own_ty)) = self.fact(env.pack, own, what.span) else {
            self.error("E0201", what.span, format!("no loaded pack declares `{own}`"));
            return None;
        };
        let member = |ty: &Type| if let Type::Set(inner) = ty { inner.as_ref().clone() } else { ty.clone() };
        if member(&ty) != member(&own_ty) {
            let message =
                format!("`{field}` is {}, `{own}` is {}", type_words(self, &ty), type_words(self, &own_ty));
            self.error("E0301", place, message);
            return None;
        }
        Some(if what.text == "seller" {
            Cond::SameSeller(Operand::EventField(id))
        } else {
            Cond::Same(Operand::EventField(id), Operand::Fact(fact))
        })
    }

    pub fn compare(
        &mut self,
        env: Env<'_, 'a>,
        span: Span,
        left: &ast::Operand,
        op: ast::CompareOp,
        right: &ast::Operand,
    ) -> Option<Cond> {
        let op = comparison(op);
        let (a, b) = (self.operand(env, left), self.operand(env, right));
        match (a?, b?) {
            (Typed::Today, Typed::Today) => {
                self.error("E0301", span, "today is today");
                None
            }
            (Typed::Today, other) => self.today(env, span, op, other, right.span()),
            (other, Typed::Today) => self.today(env, span, flip(op), other, left.span()),
            // An instant against a date: the instant's own date, by the pack's clock.
            (Typed::Op(a, Type::Instant), Typed::Op(b, Type::Date | Type::PartialDate)) => {
                Some(Cond::CompareDay(a, op, b, self.clock(env)?))
            }
            (Typed::Op(a, Type::Date | Type::PartialDate), Typed::Op(b, Type::Instant)) => {
                Some(Cond::CompareDay(b, flip(op), a, self.clock(env)?))
            }
            (Typed::Op(a, Type::Instant), Typed::Literals(list))
                if matches!(list.as_slice(), [Literal::Date(..)]) =>
            {
                let day = self.one_literal(env, &Type::Date, &list, right)?;
                Some(Cond::CompareDay(a, op, day, self.clock(env)?))
            }
            (Typed::Literals(list), Typed::Op(b, Type::Instant))
                if matches!(list.as_slice(), [Literal::Date(..)]) =>
            {
                let day = self.one_literal(env, &Type::Date, &list, left)?;
                Some(Cond::CompareDay(b, flip(op), day, self.clock(env)?))
            }
            (Typed::Op(a, ta), Typed::Op(b, tb)) => {
                self.comparable(span, &ta, &tb, op)?;
                Some(Cond::Compare(a, op, b))
            }
            (Typed::Op(a, ty), Typed::Literals(list)) => {
                let b = self.one_literal(env, &ty, &list, right)?;
                self.comparable(span, &ty, &ty, op)?;
                Some(Cond::Compare(a, op, b))
            }
            (Typed::Literals(list), Typed::Op(b, ty)) => {
                let a = self.one_literal(env, &ty, &list, left)?;
                self.comparable(span, &ty, &ty, op)?;
                Some(Cond::Compare(b, flip(op), a))
            }
            (Typed::Literals(a), Typed::Literals(b)) => match (a.as_slice(), b.as_slice()) {
                ([Literal::Integer(a, _)], [Literal::Integer(b, _)]) => {
                    Some(Cond::Const(holds(op, a.cmp(b))))
                }
                ([Literal::Date(a, _)], [Literal::Date(b, _)]) => Some(Cond::Const(holds(op, a.cmp(b)))),
                ([x], [y]) if x.same(y) && matches!(op, Op::Eq | Op::Ne) => Some(Cond::Const(op == Op::Eq)),
                ([Literal::Word(name)], _) | (_, [Literal::Word(name)]) if !name.text.starts_with("row.") => {
                    self.unknown_word(env, name);
                    None
                }
                _ => {
                    self.error(
                        "E0301",
                        span,
                        "two written values are compared; a fact is wanted on one side",
                    );
                    None
                }
            },
            (Typed::Each | Typed::Word(_), _) => {
                self.error("E0207", left.span(), "this has no value that could be compared");
                None
            }
            (_, Typed::Each | Typed::Word(_)) => {
                self.error("E0207", right.span(), "this has no value that could be compared");
                None
            }
        }
    }

    fn clock(&self, env: Env<'_, 'a>) -> Option<Arc<Zone>> {
        self.pack(env.pack).map(|p| Arc::clone(&p.clock))
    }

    pub fn one_literal(
        &mut self,
        env: Env<'_, 'a>,
        ty: &Type,
        list: &[Literal],
        at: &ast::Operand,
    ) -> Option<Operand> {
        match list {
            [Literal::Word(name)] if !matches!(ty, Type::Choice(_) | Type::Boolean | Type::Node(_)) => {
                self.unknown_word(env, name);
                None
            }
            [one] => Some(Operand::Const(self.value(env.pack, ty, one)?)),
            [] => {
                self.error("E0502", at.span(), "this cell says nothing (`-`), and a value is needed here");
                None
            }
            _ => {
                self.error("E0301", at.span(), "one value is compared, and this cell has several");
                None
            }
        }
    }

    pub fn comparable(&mut self, span: Span, a: &Type, b: &Type, op: Op) -> Option<()> {
        let dates = |t: &Type| matches!(t, Type::Date | Type::PartialDate);
        let ordered =
            (dates(a) && dates(b)) || (a == b && matches!(a, Type::Integer | Type::Instant | Type::Duration));
        let equal = a == b && matches!(a, Type::Text | Type::Choice(_) | Type::Boolean);
        if ordered || (equal && matches!(op, Op::Eq | Op::Ne)) {
            return Some(());
        }
        let diagnostic = if equal {
            Diagnostic::new(
                "E0301",
                span,
                format!("{} is compared with `=` and `!=` only", type_words(self, a)),
            )
        } else if a == b {
            Diagnostic::new("E0301", span, format!("{} is not compared", type_words(self, a)))
                .hint("ask it with `is`")
        } else {
            let message = format!("{} cannot be compared with {}", type_words(self, a), type_words(self, b));
            Diagnostic::new("E0301", span, message)
        };
        self.report(diagnostic);
        None
    }

    pub fn today(
        &mut self,
        env: Env<'_, 'a>,
        span: Span,
        op: Op,
        other: Typed<'a>,
        place: Span,
    ) -> Option<Cond> {
        self.whole_history(env, span, "today")?;
        match other {
            Typed::Op(date, Type::Date | Type::PartialDate) => Some(Cond::Today(op, date)),
            Typed::Literals(list) if matches!(list.as_slice(), [Literal::Date(..)]) => {
                let value = self.value(env.pack, &Type::Date, list.first()?)?;
                Some(Cond::Today(op, Operand::Const(value)))
            }
            _ => {
                self.error("E0301", place, "today is compared with a date");
                None
            }
        }
    }
}

/// The comparison as the engine has it.
pub(crate) fn comparison(op: ast::CompareOp) -> Op {
    match op {
        ast::CompareOp::Eq => Op::Eq,
        ast::CompareOp::Ne => Op::Ne,
        ast::CompareOp::Lt => Op::Lt,
        ast::CompareOp::Le => Op::Le,
        ast::CompareOp::Gt => Op::Gt,
        ast::CompareOp::Ge => Op::Ge,
    }
}

/// The same comparison read from the right.
pub(crate) fn flip(op: Op) -> Op {
    match op {
        Op::Lt => Op::Gt,
        Op::Le => Op::Ge,
        Op::Gt => Op::Lt,
        Op::Ge => Op::Le,
        same => same,
    }
}

pub(crate) fn holds(op: Op, order: std::cmp::Ordering) -> bool {
    match op {
        Op::Eq => order.is_eq(),
        Op::Ne => order.is_ne(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
        Op::Gt => order.is_gt(),
        Op::Ge => order.is_ge(),
    }
}
