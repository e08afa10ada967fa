//! Questions to the clock, lane by lane: hours, dates, ages, waiting times, look-ups that go stale.
//!
//! Most are *rays*: false before an instant, true from it on, unknown in between where a date is known only roughly or the
//! zone is not known at all. A ray changes at most twice, so its next change is exact.

use super::{Eval, NEVER, Tri, V};
use crate::facts::{Lookup, LookupResult, Slot};
use crate::program::{Arg, EventsCode, MomentCode};
use crate::time::{Date, Instant, PartialDate, unknown};
use crate::typed::{EventList, FactId, Op};
use crate::value::{Amount, Unit};

const DAY: i64 = 86_400_000_000;
/// No zone's midnight is further from UTC's than this.
const FAR: i64 = 26 * 3_600_000_000;

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
    #[inline]
    fn each_lane(&self, mut one: impl FnMut(&Self, u32) -> (Tri, i64)) -> V {
        let mut out = V { t: 0, f: 0, nc: NEVER };
        let mut rest = self.all;
        while rest != 0 {
            let lane = rest.trailing_zeros();
            rest &= rest - 1;
            let (v, nc) = one(self, lane);
            match v {
                Tri::T => out.t |= 1 << lane,
                Tri::F => out.f |= 1 << lane,
                Tri::U => {}
            }
            out.nc = out.nc.min(nc);
        }
        out
    }

    /// False before `lo`, true from `hi` on, unknown between.
    #[inline]
    pub(super) fn ray_in(&self, lo: i64, hi: i64) -> (Tri, i64) {
        if self.t < lo {
            (Tri::F, lo)
        } else if self.t < hi {
            (Tri::U, hi)
        } else {
            (Tri::T, NEVER)
        }
    }

    /// The start of a day in a lane, as a band where the zone is unknown.
    #[inline]
    pub(super) fn start(&self, lane: u32, day: Date) -> (i64, i64) {
        match self.zone(lane) {
            Some(z) => {
                let s = z.start_of(day).0;
                (s, s)
            }
            None => {
                let (lo, hi) = unknown::date_threshold_band(day);
                (lo.0, hi.0)
            }
        }
    }

    /// The local day of an instant in a lane, as a range where the zone is unknown.
    pub(super) fn day(&self, lane: u32, at: i64) -> PartialDate {
        match self.zone(lane) {
            Some(z) => PartialDate::exact(z.day(Instant(at))),
            None => unknown::day_band(Instant(at)),
        }
    }

    /// False before the day `lo` starts, true from the start of `hi` on.
    pub(super) fn after_day(&self, lo: Date, hi: Date) -> V {
        // Most dates are far away: no zone needs to be asked.
        let early = i64::from(lo.0).saturating_mul(DAY).saturating_sub(FAR);
        if self.t < early {
            return V { nc: early, ..self.lift(Tri::F) };
        }
        if self.t > i64::from(hi.0).saturating_mul(DAY).saturating_add(FAR) {
            return self.lift(Tri::T);
        }
        self.each_lane(|e, lane| {
            let (a, b) = (e.start(lane, lo).0, e.start(lane, hi).1);
            e.ray_in(a, b)
        })
    }

    #[inline]
    pub(super) fn flip(v: V) -> V {
        V { t: v.f, f: v.t, nc: v.nc }
    }

    fn both(a: V, b: V) -> V {
        V { t: a.t & b.t, f: a.f | b.f, nc: a.nc.min(b.nc) }
    }

    /// A comparison out of `≥`.
    fn by_ge(&self, op: Op, ge: impl Fn(&Self, i64) -> V) -> V {
        match op {
            Op::Ge => ge(self, 0),
            Op::Lt => Self::flip(ge(self, 0)),
            Op::Gt => ge(self, 1),
            Op::Le => Self::flip(ge(self, 1)),
            Op::Eq => Self::both(ge(self, 0), Self::flip(ge(self, 1))),
            Op::Ne => Self::flip(Self::both(ge(self, 0), Self::flip(ge(self, 1)))),
        }
    }

    /// Whole years since a birth date; 29 February counts from 1 March: what makes wait is long.
    pub(super) fn age(&self, fact: FactId, op: Op, n: Arg) -> V {
        let (lo, hi) = match self.facts.slot(fact) {
            Slot::Date { lo, hi } => (*lo, *hi),
            Slot::None => return self.lift(Tri::F),
            _ => return self.lift(Tri::U),
        };
        let years = match self.arg(n) {
            Slot::Int(n) => *n,
            Slot::None => return self.lift(Tri::F),
            _ => return self.lift(Tri::U),
        };
        let v = self.by_ge(op, |e, more| {
            let years = years.saturating_add(more);
            if years <= 0 {
                return e.lift(Tri::T);
            }
            if years > 1000 {
                return e.lift(Tri::F);
            }
            let of_age = lo.add_months_up(years * 12);
            e.after_day(of_age, if hi == lo { of_age } else { hi.add_months_up(years * 12) })
        });
        V { nc: v.nc.min(self.dated_until(n)), ..v }
    }

    /// The local date against a date.
    pub(super) fn today(&self, op: Op, a: Arg) -> V {
        let (lo, hi) = match self.arg(a) {
            Slot::Date { lo, hi } => (*lo, *hi),
            Slot::None => return self.lift(Tri::F),
            _ => return self.lift(Tri::U),
        };
        let v = self.by_ge(op, |e, more| e.after_day(lo.add_days(more), hi.add_days(more)));
        V { nc: v.nc.min(self.dated_until(a)), ..v }
    }

    pub(super) fn between(&mut self, n: u32) -> V {
        let Some(w) = self.p.windows.get(n as usize) else { return self.lift(Tri::U) };
        let mut out = V { t: 0, f: 0, nc: NEVER };
        let mut rest = self.all;
        while rest != 0 {
            let lane = rest.trailing_zeros();
            rest &= rest - 1;
            match self.zone(lane) {
                None => match unknown::windows(w) {
                    Some(true) => out.t |= 1 << lane,
                    Some(false) => out.f |= 1 << lane,
                    None => {}
                },
                Some(z) => {
                    if let Some(cursor) = self.s.cursors.get_mut(lane as usize) {
                        let (v, nc) = w.eval_from(z, Instant(self.t), cursor);
                        if v {
                            out.t |= 1 << lane
                        } else {
                            out.f |= 1 << lane
                        }
                        out.nc = out.nc.min(nc.0);
                    }
                }
            }
        }
        out
    }

    pub(super) fn week(&mut self, n: u32) -> V {
        let Some((week, calendar)) = self.p.weeks.get(n as usize) else { return self.lift(Tri::U) };
        self.week_in(week, *calendar)
    }

    pub(super) fn week_of(&mut self, a: Arg) -> V {
        match self.arg(a) {
            Slot::Week(w) => self.week_in(&w.week, w.calendar),
            // No hours of one's own: nothing is closed.
            Slot::None => self.lift(Tri::T),
            _ => self.lift(Tri::U),
        }
    }

    fn week_in(&mut self, week: &crate::time::Week, calendar: Option<u16>) -> V {
        let calendar = calendar.and_then(|c| self.p.policy.calendars.get(c as usize));
        let mut out = V { t: 0, f: 0, nc: NEVER };
        let mut rest = self.all;
        while rest != 0 {
            let lane = rest.trailing_zeros();
            rest &= rest - 1;
            let (v, nc) = match self.zone(lane) {
                None => (unknown::week(week), NEVER),
                Some(z) => match self.s.cursors.get_mut(lane as usize) {
                    Some(cursor) => {
                        let (v, nc) = week.eval_from(z, Instant(self.t), calendar.map(|c| &**c), cursor);
                        (v, nc.0)
                    }
                    None => (None, NEVER),
                },
            };
            match v {
                Some(true) => out.t |= 1 << lane,
                Some(false) => out.f |= 1 << lane,
                None => {}
            }
            out.nc = out.nc.min(nc);
        }
        out
    }

    /// A question to the local date alone.
    fn date_test(&self, test: impl Fn(Date) -> Tri) -> V {
        self.each_lane(|e, lane| match e.zone(lane) {
            Some(z) => {
                let day = z.day(Instant(e.t));
                (test(day), z.start_of(day.next()).0)
            }
            None => {
                // It is today's date somewhere between −12:00 and +14:00: known where all of those agree.
                let band = unknown::day_band(Instant(e.t));
                let mut day = band.lo;
                let first = test(day);
                let mut v = first;
                while day < band.hi {
                    day = day.next();
                    if test(day) != first {
                        v = Tri::U;
                    }
                }
                // The band moves twice a day: at each whole hour at the latest.
                let hour = 3_600_000_000;
                (v, (e.t.div_euclid(hour) + 1).saturating_mul(hour))
            }
        })
    }

    pub(super) fn weekday(&self, mask: u8) -> V {
        self.date_test(|d| Tri::of(mask >> d.weekday().index() & 1 == 1))
    }

    pub(super) fn holiday(&self, calendar: u16, business: bool) -> V {
        let Some(c) = self.p.policy.calendars.get(calendar as usize) else { return self.lift(Tri::U) };
        self.date_test(|d| {
            let v = if business { c.is_business_day(d) } else { c.is_holiday(d) };
            // No data for that year is unknown with a named cause, never an exception.
            v.map_or(Tri::U, Tri::of)
        })
    }

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
            None => Points { unknown: true, ..Points::default() },
        }
    }

    /// The newest event of a set lies between the newest start of a certain one and the newest end of a possible one.
    fn latest(&mut self, set: EventsCode) -> Points {
        let events = self.facts.events(set.list);
        if !events.known {
            return Points { unknown: true, ..Points::default() };
        }
        let (mut lo, mut hi) = (i64::MIN, i64::MIN);
        let (mut certain, mut possible) = (false, false);
        for (row, time) in events.times.iter().enumerate() {
            // Rows stand newest end first: none of the rest can start later than the newest certain start found.
            if certain && time.hi.0 <= lo {
                break;
            }
            match self.matches(set, row) {
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

    /// Whether a row is in a set.
    pub(super) fn matches(&mut self, set: EventsCode, row: usize) -> Tri {
        let before = self.event;
        self.event = Some((set.list, row as u32));
        let v = self.tri(set.filter);
        self.event = before;
        v
    }

    fn local_day(&self, lane: u32, p: Point) -> PartialDate {
        match p {
            Point::At(at) => self.day(lane, at),
            Point::Day(d) => PartialDate::exact(d),
        }
    }

    /// The start of `shift(day of p)` in a lane, as a band.
    fn shifted(&self, lane: u32, p: Point, shift: &dyn Fn(Date) -> Option<Date>) -> Option<(i64, i64)> {
        if p == Point::At(i64::MIN) || p == Point::At(i64::MAX) {
            let Point::At(at) = p else { return None };
            return Some((at, at));
        }
        let d = self.local_day(lane, p);
        Some((self.start(lane, shift(d.lo)?).0, self.start(lane, shift(d.hi)?).1))
    }

    /// When "no later than so long after the point" ends, or "so long has passed since" begins.
    fn edge(&self, lane: u32, p: Point, amount: Amount, calendar: u16, waits: bool) -> Option<(i64, i64)> {
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

    fn amount_of(&self, a: Arg) -> Option<Amount> {
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

    /// The address on a list: a look-up speaks through its last good day, then nobody knows.
    pub(super) fn listed(&self, list: u16) -> V {
        let decl = self.p.policy.vocabulary.lists.get(list as usize);
        match self.facts.lookups.get(list as usize) {
            Some(Lookup::KnownNone) => self.lift(Tri::F),
            Some(Lookup::Found { result, version_at, .. }) => {
                let v = match result {
                    LookupResult::Listed => Tri::T,
                    LookupResult::NotListed => Tri::F,
                    LookupResult::NoData => return self.lift(Tri::U),
                };
                match (decl.and_then(|d| d.good_days), version_at) {
                    (None, _) => self.lift(v),
                    (Some(_), None) => self.lift(Tri::U),
                    (Some(days), Some(on)) => {
                        let end = on.add_days(i64::from(days) + 1);
                        let stale = self.after_day(end, end);
                        let good = stale.f;
                        let out = if v == Tri::T {
                            V { t: good, f: 0, nc: stale.nc }
                        } else {
                            V { t: 0, f: good, nc: stale.nc }
                        };
                        if good == 0 && stale.t == self.all { self.lift(Tri::U) } else { out }
                    }
                }
            }
            _ => self.lift(Tri::U),
        }
    }

    /// The recipient is the person, or has recorded, unexpired authority whose scope covers the contact, without a minor's
    /// exception or a decision that the person is endangered.
    pub(super) fn authorised(&mut self) -> V {
        let k = &self.p.known;
        let own = match (self.known(k.role), k.self_role) {
            (Slot::Node(n), Some(me)) => Tri::of(*n == me),
            (Slot::None, _) => Tri::F,
            _ => Tri::U,
        };
        if own == Tri::T {
            return self.lift(Tri::T);
        }
        // A fact that no pack declares cannot be supplied: there is none.
        let declared = |f: Option<FactId>| f.map_or(&Slot::None, |f| self.facts.slot(f));
        let [recorded, scope, expires] = k.authority.map(declared);
        let clear = |slot: &Slot| match slot {
            Slot::None | Slot::Bool(false) => Tri::T,
            Slot::Choice(n) => Tri::of(k.minor_none == Some(*n)),
            Slot::Bool(true) => Tri::F,
            _ => Tri::U,
        };
        let hindered = clear(declared(k.minor_exception)).min(clear(declared(k.endangerment)));
        let recorded = match recorded {
            Slot::Bool(b) => Tri::of(*b),
            Slot::None => Tri::F,
            _ => Tri::U,
        };
        let covers = match scope {
            Slot::Scope(s) => self.scope_covers(s),
            Slot::None => Tri::T,
            _ => Tri::U,
        };
        let fixed = self.lift(recorded.min(covers).min(hindered));
        let alive = match expires {
            Slot::Date { lo, hi } => Self::flip(self.after_day(lo.next(), hi.next())),
            Slot::None => self.lift(Tri::T),
            _ => self.lift(Tri::U),
        };
        let own = self.lift(own);
        let by = Self::both(fixed, alive);
        V { t: own.t | by.t, f: own.f & by.f, nc: by.nc }
    }

    /// The value of an argument at the present instant.
    #[must_use]
    pub fn value(&self, a: Arg) -> &'a Slot {
        self.arg(a)
    }

    /// The last day on which something owed is in time, in the candidate zone that gives the earliest; `None` when there is
    /// no such moment or it is unknown. A zone nobody knows counts as UTC−12: every deadline is then the earliest.
    pub fn deadline(
        &mut self,
        as_of: Option<u32>,
        after: u32,
        amount: Arg,
        calendar: Option<u16>,
    ) -> Option<Date> {
        let points = self.points(after);
        if points.unknown || points.none {
            return None;
        }
        let (first, _) = points.span?;
        let now = self.t;
        if let Some(m) = as_of
            && let Some((Point::At(at), _)) = self.points(m).span
        {
            self.t = at;
        }
        let length = self.amount_of(amount);
        self.t = now;
        let a = length?;
        let mut best: Option<Date> = None;
        let mut rest = self.all;
        while rest != 0 {
            let lane = rest.trailing_zeros();
            rest &= rest - 1;
            let day = self.local_day(lane, first).lo;
            let n = i64::from(a.n);
            let end = if let Some(m) = a.months() {
                day.add_months_down(i64::from(m))
            } else if let Some(d) = a.days() {
                day.add_days(i64::from(d))
            } else if a.unit == Unit::BusinessDay {
                let c = self.p.policy.calendars.get(calendar? as usize)?;
                c.add_business_days(day, u32::try_from(n).ok()?).ok()?
            } else if let (Some(length), Point::At(at)) = (a.elapsed(), first) {
                self.day(lane, at.saturating_add(length)).lo
            } else {
                day
            };
            best = Some(best.map_or(end, |b| b.min(end)));
        }
        best
    }

    /// Whether consent history's list of a kind is known at all.
    pub(super) fn list_known(&self, list: EventList) -> bool {
        self.facts.events(list).known
    }
}
