//! Questions to the clock, lane by lane: hours, dates, ages, waiting times, look-ups that go stale.
//!
//! Most are *rays*: false before an instant, true from it on, unknown in between where a date is known only roughly or the
//! zone is not known at all. A ray changes at most twice, so its next change is exact.

use super::{Eval, NEVER, Tri, V};
use crate::facts::{Lookup, LookupResult, Slot};
use crate::program::Arg;
use crate::sorted::Sorted;
use crate::time::{Date, Instant, PartialDate, unknown};
use crate::typed::{EventList, FactId, Op};

const DAY: i64 = 86_400_000_000;
/// No zone's midnight is further from UTC's than this.
const FAR: i64 = 26 * 3_600_000_000;

impl<'a> Eval<'a> {
    #[inline]
    pub(super) fn each_lane(&self, mut one: impl FnMut(&Self, u32) -> (Tri, i64)) -> V {
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

    pub(super) fn both(a: V, b: V) -> V {
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
            // Everybody was born: a record that says that there is no birth date knows none.
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
            // Most are of age long since: no year has more than 366 days.
            let surely = i64::from(hi.0).saturating_add(years * 366).saturating_add(2).saturating_mul(DAY);
            if e.t > surely.saturating_add(FAR) {
                return e.lift(Tri::T);
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
        self.date_test(|d| self.of_day(d, calendar, business))
    }

    /// No data for that year is unknown with a named cause, never an exception.
    fn of_day(&self, d: Date, calendar: u16, business: bool) -> Tri {
        let Some(c) = self.p.policy.calendars.get(calendar as usize) else { return Tri::U };
        let v = if business { c.is_business_day(d) } else { c.is_holiday(d) };
        v.map_or(Tri::U, Tri::of)
    }

    /// What a calendar says of the days that today may be in a lane, each answer once.
    pub(super) fn day_answers(&self, lane: u32, calendar: u16, business: bool) -> Sorted<Tri> {
        let band = self.day(lane, self.t);
        (band.lo.0..=band.hi.0).map(|d| self.of_day(Date(d), calendar, business)).collect()
    }

    /// The address on a list: a look-up speaks through its last good day, then nobody knows; of a list that is good `unless
    /// listed`, a *listed* stands for ever.
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
                if v == Tri::T && decl.is_some_and(|it| it.unless_listed) {
                    return self.lift(v);
                }
                match (decl.and_then(|d| d.good_days), version_at) {
                    // A look-up without a day may be one to come.
                    (_, None) => self.lift(Tri::U),
                    (None, Some(_)) => self.lift(v),
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
            Slot::Scope(s) => self.scope_covers_whole(s),
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

    /// Whether consent history's list of a kind is known at all.
    pub(super) fn list_known(&self, list: EventList) -> bool {
        self.facts.events(list).known
    }
}
