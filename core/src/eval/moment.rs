//! Moments: points to count from, and the questions that count from them.
//!
//! A moment may be known only roughly, or be one of several events: then it is a span, and an answer is given where every
//! point of the span gives it.

use super::{Eval, NEVER, Tri, V};
use crate::facts::Slot;
use crate::program::{Arg, EventsCode, MomentCode};
use crate::time::{Date, PartialDate};
use crate::value::{Amount, Unit};

/// A point to count from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Point {
    /// An instant.
    At(i64),
    /// A local day.
    Day(Date),
}

/// What a moment can be.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Points {
    /// The earliest and the latest it can be.
    pub span: Option<(Point, Point)>,
    /// It may be that there is none.
    pub none: bool,
    /// Nothing is known of it.
    pub unknown: bool,
}

impl<'a> Eval<'a> {
    /// What a moment can be.
    pub(super) fn points(&mut self, moment: u32) -> Points {
        match self.p.moments.get(moment as usize) {
            Some(MomentCode::At(a)) => match self.arg(*a) {
                Slot::None => Points { none: true, ..Points::default() },
                Slot::Date { lo, hi } => {
                    Points { span: Some((Point::Day(*lo), Point::Day(*hi))), ..Points::default() }
                }
                Slot::Instant(i) => {
                    Points { span: Some((Point::At(i.0), Point::At(i.0))), ..Points::default() }
                }
                Slot::Event(e) => match self.facts.time_of(*e) {
                    Some(t) => {
                        Points { span: Some((Point::At(t.lo.0), Point::At(t.hi.0))), ..Points::default() }
                    }
                    None => Points { unknown: true, ..Points::default() },
                },
                _ => Points { unknown: true, ..Points::default() },
            },
            Some(MomentCode::Latest(set)) => self.latest(*set),
            // Several, and none of them is the moment: deadlines ask for each.
            Some(MomentCode::Refusal(_)) | None => Points { unknown: true, ..Points::default() },
        }
    }

    /// The newest event of a set lies between the newest start of a certain one and the newest end of a possible one.
    pub(super) fn latest(&mut self, set: EventsCode) -> Points {
        let events = self.facts.events(set.list);
        if !events.known {
            return Points { unknown: true, ..Points::default() };
        }
        let column = self.one_column(events, set.filter);
        let (mut lo, mut hi) = (i64::MIN, i64::MIN);
        let (mut certain, mut possible) = (false, false);
        for (row, time) in events.times.iter().enumerate() {
            // Rows stand newest end first: none of the rest can start later than the newest certain start found.
            if certain && time.hi.0 <= lo {
                break;
            }
            let v = match &column {
                Some(one) => self.ask_one(one, row),
                None => self.matches(set, row),
            };
            match v {
                Tri::F => continue,
                Tri::U => {}
                Tri::T => {
                    certain = true;
                    lo = lo.max(time.lo.0);
                }
            }
            possible = true;
            hi = hi.max(time.hi.0);
        }
        if let Some(from) = events.complete_from.filter(|from| lo < from.0) {
            // Before the list is complete, newer events than that may exist that nobody gave.
            possible = true;
            hi = hi.max(from.0);
        }
        Points {
            span: possible.then_some((Point::At(lo), Point::At(hi.max(lo)))),
            none: !certain,
            unknown: false,
        }
    }

    pub(super) fn local_day(&self, lane: u32, p: Point) -> PartialDate {
        match p {
            Point::At(at) => self.day(lane, at),
            Point::Day(d) => PartialDate::exact(d),
        }
    }

    /// The start of `shift(day of p)` in a lane, as a band.
    pub(super) fn shifted(
        &self,
        lane: u32,
        p: Point,
        shift: &dyn Fn(Date) -> Option<Date>,
    ) -> Option<(i64, i64)> {
        if p == Point::At(i64::MIN) || p == Point::At(i64::MAX) {
            let Point::At(at) = p else { return None };
            return Some((at, at));
        }
        let d = self.local_day(lane, p);
        Some((self.start(lane, shift(d.lo)?).0, self.start(lane, shift(d.hi)?).1))
    }

    /// When "no later than so long after the point" ends, or "so long has passed since" begins.
    pub(super) fn edge(
        &self,
        lane: u32,
        p: Point,
        amount: Amount,
        calendar: u16,
        waits: bool,
    ) -> Option<(i64, i64)> {
        if let Some(length) = amount.elapsed() {
            return Some(match p {
                Point::At(i64::MIN) => (i64::MIN, i64::MIN),
                Point::At(at) => (at.saturating_add(length), at.saturating_add(length)),
                // Of a day nobody knows the hour: what permits is short, what makes wait is long.
                Point::Day(d) => {
                    let (a, b) = self.start(lane, if waits { d.next() } else { d });
                    (a.saturating_add(length), b.saturating_add(length))
                }
            });
        }
        let n = i64::from(amount.n);
        if let Some(months) = amount.months() {
            let months = i64::from(months);
            return self.shifted(lane, p, &|d| {
                Some(if waits { d.add_months_up(months) } else { d.add_months_down(months).next() })
            });
        }
        if let Some(days) = amount.days() {
            let days = i64::from(days);
            return self.shifted(lane, p, &|d| Some(d.add_days(if waits { days } else { days + 1 })));
        }
        if amount.unit == Unit::BusinessDay {
            let c = self.p.policy.calendars.get(calendar as usize)?;
            let n = u32::try_from(n).ok()?;
            return self.shifted(lane, p, &|d| c.add_business_days(d, n).ok().map(Date::next));
        }
        None
    }

    /// Business days are counted over a year for which the calendar has no data.
    pub(super) fn lacks_year(
        &mut self,
        moment: u32,
        amount: Arg,
        calendar: u16,
        lanes: u32,
        waits: bool,
    ) -> bool {
        let points = self.points(moment);
        let (Some((first, last)), Some(a)) = (points.span, self.amount_of(amount)) else { return false };
        (0..32)
            .filter(|lane| lanes >> lane & 1 == 1)
            .any(|lane| [first, last].iter().any(|p| self.edge(lane, *p, a, calendar, waits).is_none()))
    }

    pub(super) fn amount_of(&self, a: Arg) -> Option<Amount> {
        match self.arg(a) {
            Slot::Amount(a) => Some(*a),
            _ => None,
        }
    }

    pub(super) fn no_later_than(&mut self, moment: u32, amount: Arg, calendar: u16) -> V {
        let points = self.points(moment);
        let Some(a) = self.amount_of(amount) else { return self.lift(Tri::U) };
        if points.unknown {
            return self.lift(Tri::U);
        }
        let Some((first, last)) = points.span else { return self.lift(Tri::F) };
        let until = self.dated_until(amount);
        let v = self.each_lane(|e, lane| {
            let lo = e.edge(lane, first, a, calendar, false);
            let hi = if last == first { lo } else { e.edge(lane, last, a, calendar, false) };
            let (Some(lo), Some(hi)) = (lo, hi) else {
                return (Tri::U, NEVER);
            };
            // True before the earliest end it can have, false from the latest on; there may be no such moment at all.
            match e.ray_in(lo.0, hi.1) {
                (Tri::F, nc) if !points.none => (Tri::T, nc),
                (Tri::F, _) => (Tri::U, hi.1),
                (Tri::U, nc) => (Tri::U, nc),
                (Tri::T, nc) => (Tri::F, nc),
            }
        });
        V { nc: v.nc.min(until), ..v }
    }

    pub(super) fn passed(&mut self, moment: u32, amount: Arg, calendar: u16) -> V {
        let points = self.points(moment);
        let Some(a) = self.amount_of(amount) else { return self.lift(Tri::U) };
        if points.unknown {
            return self.lift(Tri::U);
        }
        let Some((first, last)) = points.span else { return self.lift(Tri::T) };
        let until = self.dated_until(amount);
        let v = self.each_lane(|e, lane| {
            let lo = e.edge(lane, first, a, calendar, true);
            let hi = if last == first { lo } else { e.edge(lane, last, a, calendar, true) };
            let (Some(lo), Some(hi)) = (lo, hi) else {
                return (Tri::U, NEVER);
            };
            match e.ray_in(lo.0, hi.1) {
                (Tri::F, _) if points.none => (Tri::U, hi.1),
                other => other,
            }
        });
        V { nc: v.nc.min(until), ..v }
    }

    pub(super) fn from(&mut self, moment: u32) -> V {
        let points = self.points(moment);
        if points.unknown {
            return self.lift(Tri::U);
        }
        // No such moment: it has not come.
        let Some((first, last)) = points.span else { return self.lift(Tri::F) };
        self.each_lane(|e, lane| {
            let at = |p: Point| match p {
                Point::At(at) => (at, at),
                Point::Day(d) => e.start(lane, d),
            };
            let (v, nc) = e.ray_in(at(first).0, at(last).1);
            if points.none && v == Tri::T { (Tri::U, nc) } else { (v, nc) }
        })
    }

    pub(super) fn local_days_of(&mut self, moment: u32, from: u32, to: u32) -> V {
        let points = self.points(moment);
        if points.unknown {
            return self.lift(Tri::U);
        }
        let Some((first, last)) = points.span else { return self.lift(Tri::F) };
        self.each_lane(|e, lane| {
            let shift = |p: Point, n: i64| e.shifted(lane, p, &move |d: Date| Some(d.add_days(n)));
            let (begin, end) = (i64::from(from) - 1, i64::from(to));
            let (Some(a), Some(b), Some(c), Some(d)) =
                (shift(first, begin), shift(last, begin), shift(first, end), shift(last, end))
            else {
                return (Tri::U, NEVER);
            };
            // The window of the earliest point is [a, c), of the latest [b, d); between them it lies somewhere.
            let (open, shut) = (b.1, c.0);
            if e.t < a.0 {
                (Tri::F, a.0)
            } else if e.t >= d.1 {
                (Tri::F, NEVER)
            } else if e.t >= open && e.t < shut && !points.none {
                (Tri::T, shut)
            } else {
                let next = [open, shut, d.1].into_iter().filter(|x| *x > e.t).min();
                (Tri::U, next.unwrap_or(d.1))
            }
        })
    }
}
