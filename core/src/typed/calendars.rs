//! Calendars: holidays as written, made into tables.

use crate::ast;
use crate::time::{Calendar, Holiday, HolidayRule, Observed, Weekday};
use crate::typed::linker::Linker;
use crate::typed::names::{Meaning, Space};
use std::sync::Arc;

/// Years that a calendar covers when it does not say.
const COVERS: (i32, i32) = (1970, 2100);

/// Declares every calendar, then finds the one that counts each pack's business days.
pub(crate) fn link(cx: &mut Linker<'_>) {
    for pack in 0..cx.packs.len() {
        for item in cx.items(pack) {
            let ast::Item::Calendar(it) = item else { continue };
            let Some(calendar) = calendar(cx, pack, it) else { continue };
            let index = cx.calendars.len();
            if cx.declare(Space::Calendar, pack, &it.name, Meaning::Calendar(index)) {
                cx.calendars.push(Arc::new(calendar));
            }
        }
    }
    for pack in 0..cx.packs.len() {
        let Some(name) = cx.pack(pack).and_then(|p| p.head.business_days.as_ref()) else { continue };
        let found = cx.calendar(pack, name);
        if let Some(p) = cx.packs.get_mut(pack) {
            p.business_days = found;
        }
    }
}

impl Linker<'_> {
    /// The calendar of that name as seen from a pack, or a diagnostic.
    pub fn calendar(&mut self, pack: usize, name: &ast::Name) -> Option<usize> {
        match self.look_up(Space::Calendar, pack, name) {
            Ok(Some(entry)) => match entry.meaning {
                Meaning::Calendar(index) => Some(index),
                _ => None,
            },
            Ok(None) => {
                self.unknown(Space::Calendar, pack, name);
                None
            }
            Err(()) => None,
        }
    }
}

fn calendar(cx: &mut Linker<'_>, pack: usize, it: &ast::Calendar) -> Option<Calendar> {
    let covers = match &it.covers {
        Some((from, to)) => (year(from)?, year(to)?),
        None => COVERS,
    };
    let mut rules = Vec::new();
    for holiday in &it.holidays {
        let (since, until) = (holiday.since.as_ref().and_then(year), holiday.until.as_ref().and_then(year));
        if let (Some(a), Some(b)) = (since, until)
            && a > b
        {
            cx.error("E0504", holiday.span, format!("`{}` ends before it begins", holiday.name.text));
        }
        let Some(on) = day(cx, &holiday.on) else { continue };
        rules.push(HolidayRule {
            name: holiday.name.text.clone(),
            on,
            observed: holiday.observed.map_or(Observed::OnTheDay, |o| match o.how {
                ast::ObservedHow::NearestWeekday => Observed::NearestWeekday,
                ast::ObservedHow::NextMonday => Observed::NextMonday,
                ast::ObservedHow::FollowingWeekday => Observed::FollowingWeekday,
            }),
            since,
            until,
        });
    }
    let name = cx.qualified(pack, &it.name.text);
    match Calendar::new(name, covers.0..=covers.1, rules) {
        Ok(calendar) => Some(calendar),
        Err(error) => {
            cx.error("E0505", it.name.span, format!("calendar `{}`: {error}", it.name.text));
            None
        }
    }
}

fn year(n: &ast::Integer) -> Option<i32> {
    // A year out of range is refused by the calendar with the words it has for it.
    Some(i32::try_from(n.value).unwrap_or(i32::MAX))
}

fn day(cx: &mut Linker<'_>, on: &ast::HolidayDay) -> Option<Holiday> {
    let small = |n: i8| u8::try_from(n).unwrap_or(0);
    Some(match on {
        ast::HolidayDay::Fixed { month, day, .. } => {
            Holiday::Fixed { month: small(*month), day: small(*day) }
        }
        ast::HolidayDay::Weekday { nth, weekday, month, plus, span } => {
            let weekday = self::weekday(*weekday);
            let month = small(*month);
            if *plus != 0 {
                return after(cx, *nth, weekday, month, *plus, *span);
            }
            match nth {
                Some(nth) => Holiday::NthWeekday { nth: small(*nth), weekday, month },
                None => Holiday::LastWeekday { weekday, month },
            }
        }
        ast::HolidayDay::Easter { plus, .. } => {
            Holiday::Easter { offset: i32::try_from(*plus).unwrap_or(i32::MAX) }
        }
        ast::HolidayDay::Once(date) => Holiday::Once(super::literals::date(date)),
    })
}

/// `4th thursday of november + 1` is the first Friday after 22 November less one: the nth weekday lies within seven days
/// of its month, and so does the day that follows it, counted from as many days later.
fn after(
    cx: &mut Linker<'_>,
    nth: Option<i8>,
    weekday: Weekday,
    month: u8,
    plus: i64,
    span: crate::source::Span,
) -> Option<Holiday> {
    let Some(nth) = nth else {
        cx.error("E0505", span, "days can be counted from an nth weekday of a month, not from the last");
        return None;
    };
    // The nth weekday falls on 7(n−1)+1 to 7n, so the shifted day is the first such weekday after 7(n−1)+plus.
    let before = 7 * (i64::from(nth) - 1) + plus;
    let shifted = (weekday.index() as i64 + plus).rem_euclid(7);
    let weekday = Weekday::from_index(usize::try_from(shifted).unwrap_or(0));
    match u8::try_from(before).ok().filter(|d| (1..=28).contains(d)) {
        Some(day) => Some(Holiday::WeekdayAfter { weekday, month, day }),
        None => {
            cx.error("E0505", span, "this is too far from the month it is counted in");
            None
        }
    }
}

/// A weekday as the engine counts it.
pub(crate) fn weekday(name: ast::WeekdayName) -> Weekday {
    let monday_zero = name.day.to_monday_zero_offset();
    Weekday::from_index(usize::try_from(monday_zero).unwrap_or(0))
}
