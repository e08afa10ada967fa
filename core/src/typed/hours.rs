//! Hours of the day and of the week, written or from a row, with the calendar that says which days are holidays.

use crate::ast;
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::time::{Week, Windows};
use crate::typed::Hours;
use crate::typed::linker::Linker;
use crate::typed::literals::{Literal, type_words};
use crate::typed::operands::{Env, Typed};
use crate::value::Type;
use std::sync::Arc;

impl<'a> Linker<'a> {
    pub fn time_of_day(&mut self, env: Env<'_, 'a>, operand: &ast::Operand) -> Option<u32> {
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

    pub fn week(&mut self, env: Env<'_, 'a>, week: &ast::Week) -> Option<Hours> {
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
                    let message =
                        format!("`{}` is {}, not hours of the week", name.text, type_words(self, &ty));
                    self.error("E0301", name.span, message);
                    return None;
                }
                Some(Hours::Fact(op))
            }
            ast::Week::Literal(entries, span) => self.written_week(env, entries, *span),
        }
    }

    pub fn written_week(
        &mut self,
        env: Env<'_, 'a>,
        entries: &[ast::WeekEntry],
        span: Span,
    ) -> Option<Hours> {
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
                                let diagnostic = Diagnostic::new(
                                    "E0503",
                                    entry.span,
                                    "nothing says which days are holidays",
                                )
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
            let diagnostic = Diagnostic::new(
                "E0503",
                span,
                format!("this week says nothing about {}", missing.join(", ")),
            )
            .hint("write `none` for a day without hours");
            self.report(diagnostic);
            return None;
        }
        let days = days.map(|d| d.unwrap_or_else(Windows::never));
        Some(Hours::Week(Arc::new(Week::new(days, holiday)), calendar))
    }

    /// A calendar named in a condition; `row.calendar` reads the row's.
    pub fn calendar_of(&mut self, env: Env<'_, 'a>, name: &ast::Name) -> Option<usize> {
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
}
