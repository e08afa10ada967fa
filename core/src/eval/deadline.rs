//! Deadlines: the last day on which something owed is in time.

use super::moment::Point;
use super::{Eval, NEVER};
use crate::facts::Slot;
use crate::program::{Arg, MomentCode};
use crate::time::Date;
use crate::value::{Amount, Unit};

/// The last day of a length of time after a moment.
pub enum LastDay {
    /// There is no such moment.
    Never,
    /// Nobody says when it was, or whether it was.
    Unknown,
    /// That day.
    On(Date),
}

/// What a length of time begins with.
enum Begin {
    Never,
    Unknown,
    /// The earliest and the latest that each of them can be.
    Each(Vec<(Point, Point)>),
}

impl<'a> Eval<'a> {
    /// The last day on which something owed is in time, in the candidate zone that gives the earliest, and until when that
    /// surely stays; of several refusals the earliest. A zone nobody knows counts as UTC−12, a moment known roughly as its
    /// earliest, and of the editions that it may fall in the shortest: every deadline is then the earliest.
    pub fn deadline(
        &mut self,
        as_of: Option<u32>,
        after: u32,
        amount: Arg,
        calendar: Option<u16>,
    ) -> (LastDay, i64) {
        // Who asks may do so on a clock of the rule's own; what is owed is owed to the recipient.
        let (lanes, lanes_nc) = self.lanes(None);
        let mut until = if as_of.is_none() { self.dated_until(amount) } else { NEVER };
        let from = match self.begin(after, &mut until) {
            Begin::Never => return (LastDay::Never, until),
            Begin::Unknown => return (LastDay::Unknown, until),
            Begin::Each(spans) => spans,
        };
        let own = as_of.map(|m| match self.p.moments.get(m as usize) {
            // The edition of each refusal's own day.
            Some(MomentCode::Refusal(_)) => None,
            _ => Some(self.begin(m, &mut until)),
        });
        let mut best: Option<Date> = None;
        for (first, last) in from {
            for lane in (0..32).filter(|lane| lanes >> lane & 1 == 1) {
                let editions = match &own {
                    None => (self.t, self.t),
                    Some(None) => (self.begins(lane, first).0, self.begins(lane, last).1),
                    Some(Some(Begin::Each(spans))) => {
                        let Some((first, last)) = spans.first() else { return (LastDay::Unknown, until) };
                        (self.begins(lane, *first).0, self.begins(lane, *last).1)
                    }
                    Some(Some(_)) => return (LastDay::Unknown, until),
                };
                for length in self.lengths(amount, editions) {
                    let Some(end) = self.last_day(lane, first, length, calendar) else {
                        return (LastDay::Unknown, until);
                    };
                    best = Some(best.map_or(end, |b| b.min(end)));
                }
            }
        }
        (best.map_or(LastDay::Unknown, LastDay::On), until.min(lanes_nc))
    }

    /// The earliest and the latest that a moment can be, if there surely is one and somebody says when; of refusals, of each.
    fn begin(&mut self, moment: u32, until: &mut i64) -> Begin {
        let dated = |p: &Point| !matches!(p, Point::At(i64::MIN | i64::MAX));
        let spans = match self.p.moments.get(moment as usize) {
            Some(MomentCode::Refusal(requires)) => {
                let binding = self.binding(*requires);
                *until = (*until).min(binding.nc);
                if binding.unknown {
                    return Begin::Unknown;
                }
                let times = &self.facts.consents.events.times;
                let span =
                    |row: &u32| times.get(*row as usize).map(|t| (Point::At(t.lo.0), Point::At(t.hi.0)));
                binding.rows.iter().filter_map(span).collect()
            }
            _ => {
                let points = self.points(moment);
                if points.unknown || (points.none && points.span.is_some()) {
                    return Begin::Unknown;
                }
                points.span.into_iter().collect::<Vec<_>>()
            }
        };
        if spans.is_empty() {
            Begin::Never
        } else if spans.iter().all(|(a, b)| dated(a) && dated(b)) {
            Begin::Each(spans)
        } else {
            Begin::Unknown
        }
    }

    fn begins(&self, lane: u32, p: Point) -> (i64, i64) {
        match p {
            Point::At(at) => (at, at),
            Point::Day(d) => self.start(lane, d),
        }
    }

    /// The lengths that an amount has at some instant from the one to the other.
    fn lengths(&self, amount: Arg, (from, to): (i64, i64)) -> Vec<Amount> {
        let slots: Vec<&Slot> = match amount {
            Arg::Dated(n) => {
                let later = self.p.dated.get(n as usize).into_iter().flatten();
                let later = later.filter(|(at, _)| from < at.0 && at.0 <= to).map(|(_, slot)| slot);
                std::iter::once(self.dated(n, from)).chain(later).collect()
            }
            other => vec![self.arg(other)],
        };
        slots.into_iter().filter_map(|s| if let Slot::Amount(a) = s { Some(*a) } else { None }).collect()
    }

    /// The last day of a length of time after a point.
    fn last_day(&self, lane: u32, p: Point, a: Amount, calendar: Option<u16>) -> Option<Date> {
        let day = self.local_day(lane, p).lo;
        if let Some(m) = a.months() {
            return Some(day.add_months_down(i64::from(m)));
        }
        if let Some(d) = a.days() {
            return Some(day.add_days(i64::from(d)));
        }
        if a.unit == Unit::BusinessDay {
            let c = self.p.policy.calendars.get(calendar? as usize)?;
            return c.add_business_days(day, a.n).ok();
        }
        // Half-open: at the end itself it is too late.
        let end = self.begins(lane, p).0.saturating_add(a.elapsed()?);
        Some(self.day(lane, end.saturating_sub(1)).lo.max(day))
    }
}
