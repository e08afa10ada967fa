//! Moments and lengths of time: what is counted from, how long, in which zone a written time is read.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::time::{Instant, Micros, Reading, Zone};
use crate::typed::linker::Linker;
use crate::typed::literals::{Literal, amount, date, type_words};
use crate::typed::names::{Entry, Meaning, Word};
use crate::typed::operands::{Env, Typed};
use crate::typed::{AmountOf, Moment, Operand};
use crate::value::{Type, Unit, Value};

impl<'a> Linker<'a> {
    /// A length of time: written, in the row, a record, a setting or a dated value.
    pub fn duration(&mut self, env: Env<'_, 'a>, duration: &ast::Duration) -> Option<Operand> {
        match duration {
            ast::Duration::Amount(a) => Some(Operand::Const(Value::Amount(amount(self, a)?))),
            ast::Duration::AsOf { span, .. } => {
                self.error("E0304", *span, "`as of` stands in the deadline of an obligation only");
                None
            }
            ast::Duration::Name(name) => match self.name(env, name)? {
                Typed::Op(op, Type::Duration) => Some(op),
                Typed::Literals(list) => match list.as_slice() {
                    [Literal::Amount(a, _)] => Some(Operand::Const(Value::Amount(*a))),
                    [Literal::Word(word)] if word.text == name.text => {
                        self.unknown_word(env, name);
                        None
                    }
                    _ => {
                        self.error("E0301", name.span, "a length of time is wanted here");
                        None
                    }
                },
                Typed::Op(_, ty) => {
                    let message = format!(
                        "a length of time is wanted here, and `{}` is {}",
                        name.text,
                        type_words(self, &ty)
                    );
                    self.error("E0301", name.span, message);
                    None
                }
                _ => {
                    self.error("E0301", name.span, "a length of time is wanted here");
                    None
                }
            },
        }
    }

    /// Every unit that the amount may have, as far as the policy says.
    pub fn units(&self, operand: &Operand) -> Vec<Unit> {
        let unit = |v: &Value| if let Value::Amount(a) = v { Some(a.unit) } else { None };
        match operand {
            Operand::Const(value) => unit(value).into_iter().collect(),
            Operand::Setting(i) => self.settings.get(*i).and_then(|s| unit(&s.default)).into_iter().collect(),
            Operand::Dated(i) => self
                .dated
                .get(*i)
                .map(|d| d.editions.iter().filter_map(|e| unit(&e.1)).collect())
                .unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// A length of time with the calendar that its business days need.
    pub fn amount_of(&mut self, env: Env<'_, 'a>, duration: &ast::Duration) -> Option<AmountOf> {
        let operand = self.duration(env, duration)?;
        let calendar = self.business_calendar(env, &operand, duration.span())?;
        Some(AmountOf { amount: operand, calendar })
    }

    /// The pack's calendar of business days; a diagnostic if the amount needs one and the pack names none.
    pub fn business_calendar(
        &mut self,
        env: Env<'_, 'a>,
        amount: &Operand,
        span: Span,
    ) -> Option<Option<usize>> {
        let calendar = self.pack(env.pack).and_then(|p| p.business_days);
        if calendar.is_none() && self.units(amount).contains(&Unit::BusinessDay) {
            let diagnostic = Diagnostic::new("E0307", span, "nothing says which days are business days")
                .hint("write `business_days CALENDAR` in the pack's head");
            self.report(diagnostic);
            return None;
        }
        Some(calendar)
    }

    /// A point to count from.
    pub fn moment(&mut self, env: Env<'_, 'a>, moment: &ast::Moment) -> Option<Moment> {
        match moment {
            ast::Moment::Literal(ast::DateOrInstant::Date(d)) => {
                Some(Moment::At(Operand::Const(Value::Date(date(d)))))
            }
            ast::Moment::Literal(ast::DateOrInstant::Instant(i)) => {
                let clock = self.pack(env.pack).map(|p| std::sync::Arc::clone(&p.clock))?;
                let instant = self.instant(i, Some(&clock))?;
                Some(Moment::At(Operand::Const(Value::Instant(instant))))
            }
            ast::Moment::Latest(events, span) => {
                let written = self.event_set(env, events)?;
                if written.window.is_some() {
                    let diagnostic = Diagnostic::new("E0304", *span, "`latest` looks back without end")
                        .hint("ask how long ago it was instead");
                    self.report(diagnostic);
                    return None;
                }
                Some(Moment::Latest(written.set))
            }
            ast::Moment::Refusal(span) => {
                let diagnostic = Diagnostic::new(
                    "E0304",
                    *span,
                    "`refusal` stands in the deadline of an `on refusal oblige` only",
                )
                .hint("write `latest revocation …`, and which one is meant");
                self.report(diagnostic);
                None
            }
            ast::Moment::Name(name) => match self.name(env, name)? {
                Typed::Op(op, Type::Date | Type::PartialDate | Type::Instant | Type::Event) => {
                    Some(Moment::At(op))
                }
                Typed::Op(_, ty) => {
                    let message = format!(
                        "a date, an instant or an event is wanted here, and `{}` is {}",
                        name.text,
                        type_words(self, &ty)
                    );
                    self.error("E0301", name.span, message);
                    None
                }
                Typed::Literals(list) => match list.as_slice() {
                    [Literal::Date(d, _)] => Some(Moment::At(Operand::Const(Value::Date(*d)))),
                    [Literal::Word(word)] if word.text == name.text => {
                        self.unknown_word(env, name);
                        None
                    }
                    _ => {
                        self.error("E0301", name.span, "a date, an instant or an event is wanted here");
                        None
                    }
                },
                Typed::Word(entry) => self.defined_moment(env, name, entry),
                Typed::Today | Typed::Each => {
                    self.error("E0301", name.span, "a date, an instant or an event is wanted here");
                    None
                }
            },
        }
    }

    pub fn defined_moment(&mut self, env: Env<'_, 'a>, name: &ast::Name, entry: Entry<'a>) -> Option<Moment> {
        let Meaning::Word(word) = entry.meaning else { return None };
        let Word::Define(define) = word else {
            let message = format!("`{}` is {}, not an event", name.text, word.sort());
            self.report(Diagnostic::new("E0207", name.span, message).label(entry.span, "declared here"));
            return None;
        };
        self.expand(env, name, entry, |cx, env| match &define.body {
            ast::DefineBody::Event(moment) => cx.moment(env, moment),
            ast::DefineBody::Bare(inner) => cx.moment(env, &ast::Moment::Name(inner.clone())),
            ast::DefineBody::Events(_) | ast::DefineBody::Cond(_) => {
                let events = matches!(define.body, ast::DefineBody::Events(_));
                let sort = if events { "a set of events" } else { "a condition" };
                let mut diagnostic = Diagnostic::new(
                    "E0207",
                    name.span,
                    format!("`{}` names {sort}, not one event", name.text),
                )
                .label(entry.span, "declared here");
                if events {
                    diagnostic = diagnostic.hint(format!("write `latest {}`", name.text));
                }
                cx.report(diagnostic);
                None
            }
        })
    }

    /// A written point in time. A reading without zone is read in `local`, if there is one zone to read it in.
    pub fn instant(&mut self, written: &ast::Instant, local: Option<&Zone>) -> Option<Instant> {
        let d = written.local.date();
        let t = written.local.time();
        let part = |n: i8| u8::try_from(n).unwrap_or(1);
        let day = crate::time::Date::from_ymd(i32::from(d.year()), part(d.month()), part(d.day()))?;
        let second = i64::from(t.hour()) * 3600 + i64::from(t.minute()) * 60 + i64::from(t.second());
        let wall = i64::from(day.0) * Micros::DAY.0
            + second * Micros::SECOND.0
            + i64::from(t.subsec_nanosecond()) / 1000;
        let named;
        let zone = match &written.zone {
            ast::ZoneMark::Offset(offset) => {
                return Some(Instant(wall - i64::from(*offset) * Micros::SECOND.0));
            }
            ast::ZoneMark::Zone(name) => {
                named = self.zone(name)?;
                &*named
            }
            ast::ZoneMark::None => match local {
                Some(zone) => zone,
                None => {
                    let diagnostic =
                        Diagnostic::new("E0507", written.span, "nothing says in which zone this is read")
                            .hint("write the zone behind it, as in `[America/New_York]`, or `Z`");
                    self.report(diagnostic);
                    return None;
                }
            },
        };
        match zone.instant_of_wall_micros(wall) {
            Reading::Unique(instant) => Some(instant),
            Reading::Gap => {
                let message = format!("the clocks of {} never show this time", zone.name());
                self.error("E0507", written.span, message);
                None
            }
            Reading::Fold(..) => {
                let message = format!("the clocks of {} show this time twice", zone.name());
                self.report(
                    Diagnostic::new("E0507", written.span, message).hint("write the offset from Greenwich"),
                );
                None
            }
        }
    }

    /// The zone of that name, or a diagnostic.
    pub fn zone(&mut self, name: &ast::Name) -> Option<std::sync::Arc<Zone>> {
        let found = crate::time::zone::zone(&name.text);
        if found.is_none() {
            let diagnostic =
                Diagnostic::new("E0210", name.span, format!("unknown time zone `{}`", name.text))
                    .suggest(&name.text, crate::time::zone::names());
            self.report(diagnostic);
        }
        found
    }
}
