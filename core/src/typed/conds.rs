//! Conditions: each form of the syntax to its typed form, definitions put in place of their names.

use crate::ast::{self, CondKind};
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::typed::linker::Linker;
use crate::typed::literals::{Literal, type_words};
use crate::typed::operands::{Env, Typed};
use crate::typed::{Cond, CondAt, Hours, Op};
use crate::value::{Type, Value};

/// The deepest that conditions may nest once definitions are in place.
pub(crate) const MAX_DEPTH: usize = 64;
/// The most conditions that a policy may consist of once definitions and tables are expanded.
pub(crate) const MAX_SIZE: usize = 65_536;

impl<'a> Linker<'a> {
    /// A condition that was made of the text at `span`.
    pub fn at(&mut self, cond: Cond, span: Span, part: u32) -> CondAt {
        CondAt { cond, id: self.id(span, part), span }
    }

    /// The condition, typed. `None` if something in it was reported.
    pub fn cond(&mut self, env: Env<'_, 'a>, cond: &ast::Cond) -> Option<CondAt> {
        let span = cond.span;
        if env.depth > MAX_DEPTH {
            let diagnostic =
                Diagnostic::new("E0705", span, format!("conditions nest more than {MAX_DEPTH} deep here"));
            self.cut_off(diagnostic.hint("definitions count with what stands in them"));
            return None;
        }
        self.size += 1;
        if self.size > MAX_SIZE {
            let message = format!(
                "with definitions and tables in place the policy has more than {MAX_SIZE} conditions"
            );
            self.cut_off(Diagnostic::new("E0706", span, message));
            return None;
        }
        let typed = match &cond.kind {
            CondKind::Error => return None,
            CondKind::Or(parts) => Cond::Any(self.parts(env, parts)?),
            CondKind::And(parts) => Cond::All(self.parts(env, parts)?),
            CondKind::Not(inner) => Cond::Not(Box::new(self.cond(env.deeper(), inner)?)),
            CondKind::Known(inner) => Cond::Known(Box::new(self.cond(env.deeper(), inner)?)),
            CondKind::Name(name) => return self.bare(env, span, name),
            CondKind::Is { subject, how, negated, objects, filter } => {
                let filter = filter.as_deref();
                return self.is(env, span, subject, (*how, *negated), objects, filter);
            }
            CondKind::IsMarked { subject, marks } => self.is_marked(env, span, subject, marks)?,
            CondKind::Same { subject, what } => self.same(env, span, subject.as_ref(), what)?,
            CondKind::Exists(name) => self.exists(env, name)?,
            CondKind::IsNone(name) => self.is_none(env, span, name)?,
            CondKind::Compare { left, op, right } => self.compare(env, span, left, *op, right)?,
            CondKind::Applies(name) => self.applies(env, span, name)?,
            CondKind::EveryJurisdiction(objects) => self.every_jurisdiction(env, span, objects)?,
            CondKind::LocalTimeBetween { from, until } => {
                self.whole_history(env, span, "the time of day")?;
                let (from, until) = (self.time_of_day(env, from)?, self.time_of_day(env, until)?);
                if from == until {
                    let diagnostic = Diagnostic::new("E0503", span, "these hours begin and end at one time")
                        .hint("leave the condition away for the whole day");
                    self.report(diagnostic);
                    return None;
                }
                Cond::LocalTime(Hours::Between(from, until))
            }
            CondKind::LocalTimeWithin(week) => {
                self.whole_history(env, span, "the time of day")?;
                Cond::LocalTime(self.week(env, week)?)
            }
            CondKind::TodayIsHoliday(name) => {
                self.whole_history(env, span, "today")?;
                Cond::Holiday(self.calendar_of(env, name)?)
            }
            CondKind::TodayIsBusinessDay(name) => {
                self.whole_history(env, span, "today")?;
                Cond::BusinessDay(self.calendar_of(env, name)?)
            }
            CondKind::Before(moment) => {
                self.whole_history(env, span, "now")?;
                Cond::Before(self.moment(env, moment)?)
            }
            CondKind::From(moment) => {
                self.whole_history(env, span, "now")?;
                Cond::From(self.moment(env, moment)?)
            }
            CondKind::NoLaterThan { within, after } => {
                self.whole_history(env, span, "now")?;
                Cond::NoLaterThan(self.amount_of(env, within)?, self.moment(env, after)?)
            }
            CondKind::HavePassed { amount, since } => {
                self.whole_history(env, span, "now")?;
                Cond::Passed(self.amount_of(env, amount)?, self.moment(env, since)?)
            }
            CondKind::TodayInLocalDays { first, last, of } => {
                self.whole_history(env, span, "today")?;
                let day = |n: &ast::Integer| u32::try_from(n.value).unwrap_or(u32::MAX);
                let (from, to) = (day(first), day(last));
                if from == 0 || from > to {
                    let diagnostic =
                        Diagnostic::new("E0504", span, "local days are counted from 1, the earlier first")
                            .hint("day 1 is the moment's own date");
                    self.report(diagnostic);
                    return None;
                }
                Cond::LocalDaysOf { from, to, of: self.moment(env, of)? }
            }
            CondKind::Consent(question) => {
                self.whole_history(env, span, "consent")?;
                self.consent(env, span, question)?
            }
            CondKind::Valid(question) => {
                self.whole_history(env, span, "consent")?;
                self.valid(env, span, question)?
            }
            CondKind::Refused(question) => {
                self.whole_history(env, span, "refusals")?;
                self.refused(env, span, question)?
            }
            CondKind::AtMost { most, events, including_this } => {
                self.whole_history(env, span, "history")?;
                let op = if including_this.is_some() { Op::Lt } else { Op::Le };
                self.count(env, events, op, most)?
            }
            CondKind::Any(events) => {
                self.whole_history(env, span, "history")?;
                self.count_than(env, events, Op::Ge, 1)?
            }
            CondKind::No(events) => {
                self.whole_history(env, span, "history")?;
                self.count_than(env, events, Op::Lt, 1)?
            }
            CondKind::Count { events, op, right } => {
                self.whole_history(env, span, "history")?;
                self.count(env, events, super::compare::comparison(*op), right)?
            }
            CondKind::OnList { subject, list } => self.on_list(env, subject, list)?,
            CondKind::SignalIsOn(name) => self.signal(env, span, name)?,
            CondKind::CoversContact(name) => Cond::CoversContact(self.scope(env, name)?),
            CondKind::CoversAllOfContact(name) => Cond::CoversAllOfContact(self.scope(env, name)?),
            CondKind::CoversIt(name) => {
                if env.list.is_none() {
                    self.error("E0304", span, "`covers it` asks the event inside `where`");
                    return None;
                }
                Cond::CoversEvent(self.scope(env, name)?)
            }
            CondKind::RecipientAuthorised => {
                self.whole_history(env, span, "the recipient's authority")?;
                Cond::Authorised
            }
        };
        Some(self.at(typed, span, 0))
    }

    /// All parts, so that each one's mistakes are reported.
    fn parts(&mut self, env: Env<'_, 'a>, parts: &[ast::Cond]) -> Option<Vec<CondAt>> {
        let typed: Vec<Option<CondAt>> = parts.iter().map(|p| self.cond(env.deeper(), p)).collect();
        typed.into_iter().collect()
    }

    /// A `where` asks an event's own fields: what changes with time or asks the whole history has no place in it.
    pub fn whole_history(&mut self, env: Env<'_, 'a>, span: Span, what: &str) -> Option<()> {
        if !env.inside_event() {
            return Some(());
        }
        let place = if env.list.is_some() { "`where`" } else { "an instrument" };
        let diagnostic = Diagnostic::new("E0604", span, format!("{place} cannot ask about {what}")).hint(
            "it is decided once for each event, from the event's own fields and the facts of the contact",
        );
        self.report(diagnostic);
        None
    }

    /// A name alone: a boolean fact, a yes-or-no setting, a cell, a definition.
    fn bare(&mut self, env: Env<'_, 'a>, span: Span, name: &ast::Name) -> Option<CondAt> {
        match self.name(env, name)? {
            Typed::Op(op, ty) => {
                let cond = match &ty {
                    Type::Boolean => Cond::True(op),
                    Type::Choice(words) => match words.iter().position(|w| w == "yes") {
                        Some(i) => Cond::In(op, vec![Value::Choice(u16::try_from(i).unwrap_or(0))]),
                        None => return self.no_yes_or_no(name, &ty),
                    },
                    _ => return self.no_yes_or_no(name, &ty),
                };
                Some(self.at(cond, span, 0))
            }
            Typed::Literals(list) => match list.as_slice() {
                [] => Some(self.at(Cond::Const(false), span, 0)),
                [literal @ Literal::Word(word)] if name.text.starts_with("row.") => {
                    let value = match word.text.as_str() {
                        "yes" | "true" => true,
                        "no" | "false" => false,
                        _ => {
                            self.error(
                                "E0303",
                                literal.span(),
                                format!("`{}` is neither `yes` nor `no`", word.text),
                            );
                            return None;
                        }
                    };
                    Some(self.at(Cond::Const(value), span, 0))
                }
                [Literal::Word(_)] => {
                    self.unknown_word(env, name);
                    None
                }
                _ => {
                    self.error("E0303", name.span, format!("`{}` is neither `yes` nor `no`", name.text));
                    None
                }
            },
            Typed::Today | Typed::Each => {
                self.error("E0303", name.span, format!("`{}` is no yes or no", name.text));
                None
            }
            Typed::Word(entry) => self.word_cond(env, name, entry),
        }
    }

    fn no_yes_or_no(&mut self, name: &ast::Name, ty: &Type) -> Option<CondAt> {
        let message = format!("`{}` is {} and no yes or no", name.text, type_words(self, ty));
        let diagnostic = Diagnostic::new("E0303", name.span, message)
            .hint(format!("write `{0} exists` or `{0} is …`", name.text));
        self.report(diagnostic);
        None
    }

    fn exists(&mut self, env: Env<'_, 'a>, name: &ast::Name) -> Option<Cond> {
        if name.text.starts_with("row.") {
            let there = match self.name(env, name)? {
                Typed::Literals(list) => !list.is_empty(),
                _ => true,
            };
            return Some(Cond::Const(there));
        }
        let (op, _) = self.typed_name(env, name)?;
        Some(Cond::Exists(op))
    }

    fn is_none(&mut self, env: Env<'_, 'a>, span: Span, name: &ast::Name) -> Option<Cond> {
        if name.text.starts_with("row.") {
            let none = match self.name(env, name)? {
                Typed::Literals(list) => match list.as_slice() {
                    [] => true,
                    [Literal::Word(word)] => word.text == "none",
                    _ => false,
                },
                _ => false,
            };
            return Some(Cond::Const(none));
        }
        let (op, ty) = self.typed_name(env, name)?;
        let there = self.at(Cond::Exists(op.clone()), span, 3);
        // A choice may have a word `none` of its own: then either way of saying it counts.
        if let Type::Choice(words) = &ty
            && let Some(i) = words.iter().position(|w| w == "none")
        {
            let word = Cond::In(op, vec![Value::Choice(u16::try_from(i).unwrap_or(0))]);
            let (word, none) = (self.at(word, span, 4), self.at(Cond::Not(Box::new(there)), span, 5));
            return Some(Cond::Any(vec![none, word]));
        }
        Some(Cond::Not(Box::new(there)))
    }
}
