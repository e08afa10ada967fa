//! Conditions: each form of the syntax to its typed form, definitions put in place of their names.

use crate::ast::{self, CondKind};
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::time::{Week, Windows};
use crate::typed::linker::Linker;
use crate::typed::literals::{Literal, type_words};
use crate::typed::names::{Entry, Meaning, Word};
use crate::typed::operands::{Env, Frame, Typed};
use crate::typed::{Cond, CondAt, EventList, FactId, Hours, How, Op, Operand};
use crate::value::{Type, Value};
use std::sync::Arc;

/// The deepest that conditions may nest once definitions are in place.
pub(crate) const MAX_DEPTH: usize = crate::source::MAX_DEPTH;
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
                Diagnostic::new("E0705", span, format!("conditions nest more than {MAX_DEPTH} deep here"))
                    .hint("definitions count with what stands in them");
            self.report(diagnostic);
            return None;
        }
        self.size += 1;
        if self.size > MAX_SIZE {
            if self.size == MAX_SIZE + 1 {
                let message = format!("with definitions and tables in place the policy has more than {MAX_SIZE} conditions");
                self.error("E0706", span, message);
            }
            return None;
        }
        let typed = match &cond.kind {
            CondKind::Error => return None,
            CondKind::Or(parts) => Cond::Any(self.parts(env, parts)?),
            CondKind::And(parts) => Cond::All(self.parts(env, parts)?),
            CondKind::Not(inner) => Cond::Not(Box::new(self.cond(env.deeper(), inner)?)),
            CondKind::Known(inner) => {
                if env.inside_event() {
                    self.error("E0604", span, "`known that` asks the contact, not an event");
                    return None;
                }
                Cond::Known(Box::new(self.cond(env.deeper(), inner)?))
            }
            CondKind::Name(name) => return self.bare(env, span, name),
            CondKind::Is { subject, how, negated, objects } => {
                return self.is(env, span, subject, *how, *negated, objects);
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
                    let diagnostic = Diagnostic::new("E0504", span, "local days are counted from 1, the earlier first")
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
                self.count(env, events, comparison(*op), right)?
            }
            CondKind::OnList { subject, list } => self.on_list(env, subject, list)?,
            CondKind::SignalIsOn(name) => self.signal(env, span, name)?,
            CondKind::CoversContact(name) => Cond::CoversContact(self.scope(env, name)?),
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
    fn whole_history(&mut self, env: Env<'_, 'a>, span: Span, what: &str) -> Option<()> {
        if !env.inside_event() {
            return Some(());
        }
        let place = if env.list.is_some() { "`where`" } else { "an instrument" };
        let diagnostic = Diagnostic::new("E0604", span, format!("{place} cannot ask about {what}"))
            .hint("it is decided once for each event, from the event's own fields and the facts of the contact");
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
                            self.error("E0303", literal.span(), format!("`{}` is neither `yes` nor `no`", word.text));
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
        let diagnostic =
            Diagnostic::new("E0303", name.span, message).hint(format!("write `{0} exists` or `{0} is …`", name.text));
        self.report(diagnostic);
        None
    }

    fn word_cond(&mut self, env: Env<'_, 'a>, name: &ast::Name, entry: Entry<'a>) -> Option<CondAt> {
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
                let mut diagnostic =
                    Diagnostic::new("E0207", name.span, format!("`{}` is {} and no condition", name.text, other.sort()))
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
                    _ => ("an event", "write `no later than … after` it, or `… have passed since` it".to_string()),
                };
                let diagnostic =
                    Diagnostic::new("E0207", name.span, format!("`{}` names {sort} and no condition", name.text))
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
                let diagnostic = Diagnostic::new(
                    "E0206",
                    name.span,
                    format!("`{}` is defined by itself", name.text),
                )
                .label(frame.declared, "its definition leads back here");
                self.report(diagnostic);
                return None;
            }
            up = frame.up;
        }
        let frame =
            Frame { pack: entry.pack, name: define.name.text.as_str(), declared: define.name.span, up: env.frame };
        let env =
            Env { pack: entry.pack, row: None, each: None, depth: env.depth + 1, frame: Some(&frame), ..env };
        if env.depth > MAX_DEPTH {
            let message = format!("definitions nest more than {MAX_DEPTH} deep here");
            self.error("E0705", name.span, message);
            return None;
        }
        inside(self, env)
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

    /// `row.state applies`
    fn applies(&mut self, env: Env<'_, 'a>, span: Span, name: &ast::Name) -> Option<Cond> {
        let literals = match self.name(env, name)? {
            Typed::Literals(list) if !list.is_empty() => list,
            _ => {
                self.error("E0301", name.span, "`applies` is asked of a jurisdiction written in the row or the policy");
                return None;
            }
        };
        let (taxonomy, recipient, address) = self.places(env, span)?;
        let names: Vec<ast::Name> =
            literals.iter().filter_map(|l| if let Literal::Word(n) = l { Some(n.clone()) } else { None }).collect();
        let nodes = self.nodes(env.pack, taxonomy, &names)?;
        let is = |what| Cond::Is { what: Operand::Fact(what), how: How::Some, taxonomy, nodes: nodes.clone() };
        let (a, b) = (self.at(is(recipient), span, 1), self.at(is(address), span, 2));
        Some(Cond::Any(vec![a, b]))
    }

    /// `every jurisdiction in […]`: wherever the recipient may be. Mail and toll-free numbers have no place of their own.
    fn every_jurisdiction(&mut self, env: Env<'_, 'a>, span: Span, objects: &ast::Objects) -> Option<Cond> {
        let (taxonomy, recipient, address) = self.places(env, span)?;
        let mut names = Vec::new();
        for literal in self.literals(env, objects)? {
            match literal {
                Literal::Word(name) => names.push(name),
                other => self.error("E0301", other.span(), format!("{} is no jurisdiction", other.sort())),
            }
        }
        let nodes = self.nodes(env.pack, taxonomy, &names)?;
        let only = |what| Cond::Is { what: Operand::Fact(what), how: How::Only, taxonomy, nodes: nodes.clone() };
        let there = self.at(Cond::Exists(Operand::Fact(address)), span, 1);
        let nowhere = self.at(Cond::Not(Box::new(there)), span, 2);
        let address = self.at(only(address), span, 3);
        let recipient = self.at(only(recipient), span, 4);
        let address = self.at(Cond::Any(vec![address, nowhere]), span, 5);
        Some(Cond::All(vec![recipient, address]))
    }

    fn places(&mut self, env: Env<'_, 'a>, span: Span) -> Option<(crate::taxonomy::TaxonomyId, FactId, FactId)> {
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

    fn time_of_day(&mut self, env: Env<'_, 'a>, operand: &ast::Operand) -> Option<u32> {
        match self.operand(env, operand)? {
            Typed::Literals(list) => match list.as_slice() {
                [Literal::Time(second, _)] => Some(*second),
                _ => {
                    self.error("E0301", operand.span(), "a time of day is wanted here, such as `08:00`");
                    None
                }
            },
            _ => {
                self.error("E0301", operand.span(), "a time of day is wanted here, such as `08:00`");
                None
            }
        }
    }

    fn week(&mut self, env: Env<'_, 'a>, week: &ast::Week) -> Option<Hours> {
        match week {
            ast::Week::Name(name) if name.text == "row.week" => match env.row {
                Some(row) => {
                    let (week, calendar) = self.row_week(row, name.span)?;
                    Some(Hours::Week(week, calendar))
                }
                None => {
                    self.error("E0304", name.span, "`row.week` can be read in a rule `for each row` only");
                    None
                }
            },
            ast::Week::Name(name) => {
                let (op, ty) = self.typed_name(env, name)?;
                if ty != Type::Week {
                    let message = format!("`{}` is {}, not hours of the week", name.text, type_words(self, &ty));
                    self.error("E0301", name.span, message);
                    return None;
                }
                Some(Hours::Fact(op))
            }
            ast::Week::Literal(entries, span) => self.written_week(env, entries, *span),
        }
    }

    fn written_week(&mut self, env: Env<'_, 'a>, entries: &[ast::WeekEntry], span: Span) -> Option<Hours> {
        let mut days: [Option<Windows>; 7] = [const { None }; 7];
        let mut holiday = None;
        let mut calendar = None;
        for entry in entries {
            let rows = self.ranges(&entry.hours)?;
            let windows = match Windows::new(rows) {
                Ok(windows) => windows,
                Err(error) => {
                    self.error("E0503", entry.span, error.to_string());
                    return None;
                }
            };
            match &entry.days {
                ast::WeekDays::Days(first, last) => {
                    let (first, last) =
                        (super::calendars::weekday(*first).index(), super::calendars::weekday(*last).index());
                    // `sat-mon` runs over the end of the week.
                    let count = (last + 7 - first) % 7 + 1;
                    for i in 0..count {
                        let Some(slot) = days.get_mut((first + i) % 7) else { continue };
                        if slot.replace(windows.clone()).is_some() {
                            self.error("E0503", entry.span, "a day of this week has hours already");
                            return None;
                        }
                    }
                }
                ast::WeekDays::Holiday(name) => {
                    calendar = match name {
                        Some(name) => Some(self.calendar_of(env, name)?),
                        None => match self.pack(env.pack).and_then(|p| p.business_days) {
                            Some(index) => Some(index),
                            None => {
                                let diagnostic = Diagnostic::new("E0503", entry.span, "nothing says which days are holidays")
                                    .hint("write `holiday … in CALENDAR`");
                                self.report(diagnostic);
                                return None;
                            }
                        },
                    };
                    holiday = Some(windows);
                }
            }
        }
        let missing: Vec<&str> = crate::time::Weekday::ALL
            .iter()
            .zip(&days)
            .filter(|(_, d)| d.is_none())
            .map(|(day, _)| day.name())
            .collect();
        if !missing.is_empty() {
            let diagnostic = Diagnostic::new("E0503", span, format!("this week says nothing about {}", missing.join(", ")))
                .hint("write `none` for a day without hours");
            self.report(diagnostic);
            return None;
        }
        let days = days.map(|d| d.unwrap_or_else(Windows::never));
        Some(Hours::Week(Arc::new(Week::new(days, holiday)), calendar))
    }

    /// A calendar named in a condition; `row.calendar` reads the row's.
    fn calendar_of(&mut self, env: Env<'_, 'a>, name: &ast::Name) -> Option<usize> {
        if name.text.starts_with("row.") {
            return match self.name(env, name)? {
                Typed::Literals(list) => match list.as_slice() {
                    [Literal::Word(word)] => {
                        let pack = env.row.map_or(env.pack, |r| r.pack);
                        self.calendar(pack, word)
                    }
                    _ => {
                        self.error("E0502", name.span, "this row names no calendar");
                        None
                    }
                },
                _ => None,
            };
        }
        self.calendar(env.pack, name)
    }

    fn on_list(&mut self, env: Env<'_, 'a>, subject: &ast::Name, list: &ast::Name) -> Option<Cond> {
        self.whole_history(env, subject.span, "lists")?;
        if subject.text != "address" {
            let diagnostic = Diagnostic::new("E0301", subject.span, "lists are asked about the contact's own address")
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
                    let diagnostic = Diagnostic::new("E0201", name.span, format!("unknown list `{}`", name.text))
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

    fn list_names(&mut self, env: Env<'_, 'a>, list: &ast::Name) -> Option<Vec<ast::Name>> {
        if !list.text.starts_with("row.") {
            return Some(vec![list.clone()]);
        }
        match self.name(env, list)? {
            Typed::Literals(cell) if !cell.is_empty() => {
                Some(cell.iter().filter_map(|l| if let Literal::Word(n) = l { Some(n.clone()) } else { None }).collect())
            }
            _ => {
                self.error("E0502", list.span, "this row names no list");
                None
            }
        }
    }

    fn signal(&mut self, env: Env<'_, 'a>, span: Span, name: &ast::Name) -> Option<Cond> {
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
    fn scope(&mut self, env: Env<'_, 'a>, name: &ast::Name) -> Option<Operand> {
        if let (Typed::Each, Some(each)) = (self.name(env, name)?, env.each) {
            let scopes: Vec<usize> =
                each.fields.iter().enumerate().filter(|(_, (_, t))| *t == Type::Scope).map(|(i, _)| i).collect();
            return match scopes.as_slice() {
                [one] => Some(Operand::Record(*one)),
                _ => {
                    self.error("E0301", name.span, "these records do not have exactly one scope; name the field");
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

    /// `same topic`, `given_to is same seller`: the event at hand and the proposed contact.
    fn same(&mut self, env: Env<'_, 'a>, span: Span, subject: Option<&ast::Name>, what: &ast::Name) -> Option<Cond> {
        let list = match env.list {
            Some(list) => list,
            None if env.grant => EventList::Consents,
            None => {
                self.error("E0304", span, "`same` compares an event with the contact and stands inside `where` only");
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
                let diagnostic = Diagnostic::new("E0306", what.span, format!("nothing is `same {other}`")).suggest(
                    other,
                    ["seller", "sender", "topic", "purpose", "channel", "matter", "address", "recipient", "technology"],
                );
                self.report(diagnostic);
                return None;
            }
        };
        let field = match subject {
            Some(subject) => subject.text.clone(),
            None => match (what.text.as_str(), list) {
                ("seller" | "sender", EventList::Consents) => "given_to".to_string(),
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
            let message = format!("`{field}` is {}, `{own}` is {}", type_words(self, &ty), type_words(self, &own_ty));
            self.error("E0301", place, message);
            return None;
        }
        Some(if what.text == "seller" {
            Cond::SameSeller(Operand::EventField(id))
        } else {
            Cond::Same(Operand::EventField(id), Operand::Fact(fact))
        })
    }

    fn compare(
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
                ([Literal::Integer(a, _)], [Literal::Integer(b, _)]) => Some(Cond::Const(holds(op, a.cmp(b)))),
                ([Literal::Date(a, _)], [Literal::Date(b, _)]) => Some(Cond::Const(holds(op, a.cmp(b)))),
                ([x], [y]) if x.same(y) && matches!(op, Op::Eq | Op::Ne) => Some(Cond::Const(op == Op::Eq)),
                ([Literal::Word(name)], _) | (_, [Literal::Word(name)]) if !name.text.starts_with("row.") => {
                    self.unknown_word(env, name);
                    None
                }
                _ => {
                    self.error("E0301", span, "two written values are compared; a fact is wanted on one side");
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

    fn one_literal(&mut self, env: Env<'_, 'a>, ty: &Type, list: &[Literal], at: &ast::Operand) -> Option<Operand> {
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

    fn comparable(&mut self, span: Span, a: &Type, b: &Type, op: Op) -> Option<()> {
        let dates = |t: &Type| matches!(t, Type::Date | Type::PartialDate);
        let ordered = (dates(a) && dates(b))
            || (a == b && matches!(a, Type::Integer | Type::Instant | Type::Duration));
        let equal = a == b && matches!(a, Type::Text | Type::Choice(_) | Type::Boolean);
        if ordered || (equal && matches!(op, Op::Eq | Op::Ne)) {
            return Some(());
        }
        let diagnostic = if equal {
            Diagnostic::new("E0301", span, format!("{} is compared with `=` and `!=` only", type_words(self, a)))
        } else if a == b {
            Diagnostic::new("E0301", span, format!("{} is not compared", type_words(self, a))).hint("ask it with `is`")
        } else {
            let message = format!("{} cannot be compared with {}", type_words(self, a), type_words(self, b));
            Diagnostic::new("E0301", span, message)
        };
        self.report(diagnostic);
        None
    }

    fn today(&mut self, env: Env<'_, 'a>, span: Span, op: Op, other: Typed<'a>, place: Span) -> Option<Cond> {
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
fn flip(op: Op) -> Op {
    match op {
        Op::Lt => Op::Gt,
        Op::Le => Op::Ge,
        Op::Gt => Op::Lt,
        Op::Ge => Op::Le,
        same => same,
    }
}

fn holds(op: Op, order: std::cmp::Ordering) -> bool {
    match op {
        Op::Eq => order.is_eq(),
        Op::Ne => order.is_ne(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
        Op::Gt => order.is_gt(),
        Op::Ge => order.is_ge(),
    }
}
