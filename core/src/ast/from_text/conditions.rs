//! Conditions, but for questions about events (`events`) and the sorting of dashed items (`dashes`).

use super::super::{
    CompareOp, Cond, CondKind, Integer, IsHow, Name, Objects, Operand, Week, WeekDays, WeekEntry, WeekdayName,
};
use super::literals::weekday;
use super::reader::{Reader, part, parts};
use crate::diag::Diagnostic;
use crate::source::Span;
use byleave_grammar::Rule;
use jiff::civil::Weekday;
use pest::iterators::Pair;

impl<'s> Reader<'s> {
    /// `a or b`
    pub fn alternatives(&mut self, pair: Pair<'s, Rule>) -> Cond {
        self.chain(pair, Reader::conjunction, CondKind::Or)
    }

    /// `a and b`
    fn conjunction(&mut self, pair: Pair<'s, Rule>) -> Cond {
        self.chain(pair, Reader::negation, CondKind::And)
    }

    fn chain(
        &mut self,
        pair: Pair<'s, Rule>,
        one: fn(&mut Self, Pair<'s, Rule>) -> Cond,
        several: fn(Vec<Cond>) -> CondKind,
    ) -> Cond {
        let span = self.span(&pair);
        let mut conds: Vec<Cond> = parts(pair).map(|part| one(self, part)).collect();
        match (conds.len(), conds.pop()) {
            (1, Some(only)) => only,
            (_, Some(last)) => {
                let span = conds.first().map_or(span, |first| first.span).to(last.span);
                conds.push(last);
                Cond { kind: several(conds), span }
            }
            (_, None) => Cond { kind: CondKind::Error, span },
        }
    }

    /// `not known that a`
    fn negation(&mut self, pair: Pair<'s, Rule>) -> Cond {
        let span = self.span(&pair);
        let mut words = Vec::new();
        let mut cond = Cond { kind: CondKind::Error, span };
        for part in parts(pair) {
            match part.as_rule() {
                Rule::negate => words.push((false, self.span(&part))),
                Rule::known => words.push((true, self.span(&part))),
                _ => cond = self.atom(part),
            }
        }
        while let Some((known, at)) = words.pop() {
            let span = at.to(cond.span);
            let inner = Box::new(cond);
            cond = Cond { kind: if known { CondKind::Known(inner) } else { CondKind::Not(inner) }, span };
        }
        cond
    }

    fn atom(&mut self, pair: Pair<'s, Rule>) -> Cond {
        let span = self.span(&pair);
        let Some(pair) = part(pair) else { return Cond { kind: CondKind::Error, span } };
        let kind = match pair.as_rule() {
            Rule::bracketed => {
                return match part(pair) {
                    Some(inner) => Cond { span, ..self.condition(inner) },
                    None => Cond { kind: CondKind::Error, span },
                };
            }
            Rule::all_of => return self.dashed_list(&pair, true),
            Rule::any_of => return self.dashed_list(&pair, false),
            Rule::relation => self.relation(pair),
            Rule::same_field => CondKind::Same { subject: None, what: self.some_name(part(pair), span) },
            Rule::every_jurisdiction => CondKind::EveryJurisdiction(self.some_objects(part(pair), span)),
            Rule::holiday_today => CondKind::TodayIsHoliday(self.some_name(part(pair), span)),
            Rule::business_day_today => CondKind::TodayIsBusinessDay(self.some_name(part(pair), span)),
            Rule::time_between => {
                let mut values = parts(pair);
                let from = self.some_operand(values.next(), span);
                CondKind::LocalTimeBetween { from, until: self.some_operand(values.next(), span) }
            }
            Rule::time_within => match part(pair) {
                Some(week) if week.as_rule() == Rule::week => CondKind::LocalTimeWithin(self.week(week)),
                name => CondKind::LocalTimeWithin(Week::Name(self.some_name(name, span))),
            },
            Rule::signal_on => CondKind::SignalIsOn(self.some_name(part(pair), span)),
            Rule::authorised => CondKind::RecipientAuthorised,
            _ => self.event_question(pair, span),
        };
        // A dashed list in a `where` reaches further than the words the grammar saw.
        let span = reach(&kind).map_or(span, |inner| span.to(inner));
        Cond { kind, span }
    }

    fn relation(&mut self, pair: Pair<'s, Rule>) -> CondKind {
        let span = self.span(&pair);
        let mut parts_of = parts(pair);
        let subject = self.some_operand(parts_of.next(), span);
        let Some(tail) = parts_of.next() else {
            return match subject {
                Operand::Name(name) => CondKind::Name(name),
                other => {
                    let message = "this is a value, not a condition";
                    self.report(
                        Diagnostic::new("E0101", other.span(), message)
                            .hint("compare it, as in `person.age >= 13`"),
                    );
                    CondKind::Error
                }
            };
        };
        let tail_span = self.span(&tail);
        let negated =
            tail.clone().into_inner().find(|mark| mark.as_rule() == Rule::kw_not).map(|n| self.span(&n));
        let contact = tail.clone().into_inner().any(|mark| mark.as_rule() == Rule::kw_contact);
        let is = |reader: &mut Self, subject, how, tail| {
            let mut inner = parts(tail);
            CondKind::Is {
                subject,
                how,
                negated,
                objects: reader.some_objects(inner.next(), tail_span),
                filter: inner.next().map(|filter| reader.filter(filter)),
            }
        };
        match tail.as_rule() {
            Rule::is_objects => return is(self, subject, IsHow::Is, tail),
            Rule::only_objects => return is(self, subject, IsHow::Only, tail),
            Rule::includes => return is(self, subject, IsHow::Includes, tail),
            Rule::in_objects => return is(self, subject, IsHow::In, tail),
            Rule::compare => {
                let mut parts = parts(tail);
                let op = parts.next().map_or(CompareOp::Eq, |sign| compare_op(&sign));
                return CondKind::Compare {
                    left: subject,
                    op,
                    right: self.some_operand(parts.next(), tail_span),
                };
            }
            _ => {}
        }
        let Operand::Name(subject) = subject else {
            let message = "this can be asked of a name only";
            self.report(Diagnostic::new("E0101", subject.span(), message));
            return CondKind::Error;
        };
        match tail.as_rule() {
            Rule::is_marked => {
                CondKind::IsMarked { subject, marks: self.some_objects(part(tail), tail_span) }
            }
            Rule::is_same => {
                CondKind::Same { subject: Some(subject), what: self.some_name(part(tail), tail_span) }
            }
            Rule::is_none => CondKind::IsNone(subject),
            Rule::exists => CondKind::Exists(subject),
            Rule::on_list => CondKind::OnList { subject, list: self.some_name(part(tail), tail_span) },
            Rule::covers if contact && part(tail).is_some_and(|it| it.as_rule() == Rule::all_of) => {
                CondKind::CoversAllOfContact(subject)
            }
            Rule::covers if contact => CondKind::CoversContact(subject),
            Rule::covers => CondKind::CoversIt(subject),
            Rule::applies => CondKind::Applies(subject),
            _ => CondKind::Error,
        }
    }

    pub fn some_objects(&mut self, pair: Option<Pair<'s, Rule>>, near: Span) -> Objects {
        let Some(pair) = pair else { return Objects { items: Vec::new(), bracketed: false, span: near } };
        let span = self.span(&pair);
        let bracketed = pair.clone().into_inner().any(|mark| mark.as_rule() == Rule::list_open);
        let items: Vec<Operand> = parts(pair).map(|value| self.some_operand(Some(value), span)).collect();
        if items.is_empty() {
            self.report(
                Diagnostic::new("E0101", span, "these brackets hold nothing").hint("name at least one"),
            );
        }
        Objects { items, bracketed, span }
    }

    pub fn some_operand(&mut self, pair: Option<Pair<'s, Rule>>, near: Span) -> Operand {
        let Some(pair) = pair else { return Operand::Name(self.some_name(None, near)) };
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::operand | Rule::value => self.some_operand(part(pair), span),
            Rule::lookup => {
                let mut names = parts(pair).map(|name| self.name(&name));
                let map = names.next().unwrap_or(Name { text: String::new(), span });
                Operand::Lookup { map, keys: names.collect(), span }
            }
            Rule::amount => Operand::Amount(self.amount(pair)),
            Rule::date => Operand::Date(self.date(&pair)),
            Rule::time => Operand::Time(self.time(&pair)),
            Rule::integer => Operand::Integer(self.integer(&pair)),
            Rule::text => Operand::Text(self.text(&pair)),
            _ => Operand::Name(self.name(&pair)),
        }
    }

    pub fn some_integer(&mut self, pair: Option<Pair<'s, Rule>>, near: Span) -> Integer {
        pair.map_or(Integer { value: 0, span: near }, |pair| self.integer(&pair))
    }

    fn week(&mut self, pair: Pair<'s, Rule>) -> Week {
        let span = self.span(&pair);
        Week::Literal(parts(pair).map(|entry| self.week_entry(entry)).collect(), span)
    }

    fn week_entry(&mut self, pair: Pair<'s, Rule>) -> WeekEntry {
        let span = self.span(&pair);
        let mut entry = WeekEntry { days: WeekDays::Holiday(None), hours: Vec::new(), span };
        for item in parts(pair) {
            let at = self.span(&item);
            match item.as_rule() {
                Rule::week_days => {
                    let (first, last) =
                        item.as_str().split_once('-').unwrap_or((item.as_str(), item.as_str()));
                    let day = |word| WeekdayName { day: weekday(word).unwrap_or(Weekday::Monday), span: at };
                    entry.days = WeekDays::Days(day(first), day(last));
                }
                Rule::hours => entry.hours = self.hours(item),
                Rule::in_calendar => match &mut entry.days {
                    WeekDays::Holiday(calendar) => *calendar = part(item).map(|name| self.name(&name)),
                    WeekDays::Days(..) => {
                        let message = "only `holiday` names a calendar";
                        self.report(Diagnostic::new("E0101", at, message));
                    }
                },
                _ => {}
            }
        }
        entry
    }
}

pub(super) fn compare_op(pair: &Pair<'_, Rule>) -> CompareOp {
    match pair.as_str() {
        "!=" => CompareOp::Ne,
        "<" => CompareOp::Lt,
        "<=" => CompareOp::Le,
        ">" => CompareOp::Gt,
        ">=" => CompareOp::Ge,
        _ => CompareOp::Eq,
    }
}

/// The place of the condition inside a `where`, which may be a dashed list.
fn reach(kind: &CondKind) -> Option<Span> {
    let filter = match kind {
        CondKind::Consent(it) | CondKind::Valid(it) => it.filter.as_ref(),
        CondKind::Is { filter, .. } => filter.as_ref(),
        CondKind::AtMost { events, .. } | CondKind::Any(events) | CondKind::No(events) => {
            events.filter.as_ref()
        }
        CondKind::Before(at) | CondKind::From(at) => return Some(at.span()),
        CondKind::NoLaterThan { after: at, .. }
        | CondKind::HavePassed { since: at, .. }
        | CondKind::TodayInLocalDays { of: at, .. } => return Some(at.span()),
        _ => None,
    };
    filter.map(|cond| cond.span)
}
