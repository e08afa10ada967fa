//! Counting what happened. In every window an event counts until an instant of its own, later for later events; so
//! "fewer than `k`" is a ray: false until the `k`-th newest certain event leaves, true once the `k`-th newest possible one
//! has left. Which two events those are, time does not change: they are found once per decision.

use super::moment::Point;
use super::{Eval, NEVER, Tri, V};
use crate::facts::{ConsentKind, EventTime, Slot};
use crate::program::{Arg, CountCode, MomentCode, WindowCode};
use crate::time::{Date, Weekday};
use crate::typed::{EventList, Op};
use crate::value::Amount;

const DAY: i64 = 86_400_000_000;

/// The two events that decide a count.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memo {
    stamp: u64,
    record: u32,
    k: i64,
    /// Start of the `k`-th newest certain event.
    certain: Option<i64>,
    /// End of the `k`-th newest possible event.
    possible: Option<i64>,
    /// The earliest instant after which it counts, in a window `since`.
    after: Option<i64>,
}

/// How an event stands to a window.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Inside {
    /// It may be in it.
    pub(super) possible: bool,
    /// That hangs on the zone,
    pub(super) zone: bool,
    /// on the moment since which is counted,
    pub(super) since: bool,
    /// on the event's own date.
    pub(super) time: bool,
}

impl<'a> Eval<'a> {
    pub(super) fn count(&mut self, ix: u32) -> V {
        let Some(q) = self.p.counts.get(ix as usize) else { return self.lift(Tri::U) };
        let n = match q.most {
            Some(n) => n,
            None => match self.arg(q.n) {
                Slot::Int(n) => *n,
                Slot::None => return self.lift(Tri::F),
                _ => return self.lift(Tri::U),
            },
        };
        let more = n.saturating_add(1);
        let v = match q.op {
            Op::Lt => self.fewer(ix, q, n),
            Op::Le => self.fewer(ix, q, more),
            Op::Ge => Self::flip(self.fewer(ix, q, n)),
            Op::Gt => Self::flip(self.fewer(ix, q, more)),
            Op::Eq | Op::Ne => {
                let (at_least, fewer) = (Self::flip(self.fewer(ix, q, n)), self.fewer(ix, q, more));
                let eq =
                    V { t: at_least.t & fewer.t, f: at_least.f | fewer.f, nc: at_least.nc.min(fewer.nc) };
                if q.op == Op::Eq { eq } else { Self::flip(eq) }
            }
        };
        if q.most.is_some() && q.length.is_some() {
            return v;
        }
        let mut nc = v.nc.min(self.dated_until(q.n));
        if let WindowCode::Past(a) = q.window {
            nc = nc.min(self.dated_until(a));
        }
        V { nc, ..v }
    }

    /// Fewer than `k`.
    fn fewer(&mut self, ix: u32, q: &CountCode, k: i64) -> V {
        if k <= 0 {
            return self.lift(Tri::F);
        }
        if !self.list_known(q.events.list) {
            return self.lift(Tri::U);
        }
        let record = self.record.map_or(0, |r| r.1);
        let memo = match self.s.counts.get(ix as usize) {
            Some(m) if m.stamp == self.s.stamp && m.k == k && m.record == record && self.event.is_none() => {
                *m
            }
            _ => {
                let m = self.kth(q, k, record, 0);
                if let Some(room) = self.s.counts.get_mut(ix as usize) {
                    *room = m;
                }
                m
            }
        };
        // A day begins elsewhere at another instant, and with it what counts since then.
        let by_lane = match q.window {
            WindowCode::Since(m) => matches!(self.points(m).span, Some((Point::Day(_), _))),
            _ => false,
        };
        let from = self.facts.events(q.events.list).complete_from.map(|i| i.0);
        if memo.certain.is_none() && memo.possible.is_none() && from.is_none() && q.length.is_some() {
            // Not so many events reach into the window, now or later.
            return self.lift(Tri::T);
        }
        let mut out = V { t: 0, f: 0, nc: NEVER };
        let mut rest = self.all;
        while rest != 0 {
            let lane = rest.trailing_zeros();
            rest &= rest - 1;
            let memo = if by_lane { self.kth(q, k, record, lane) } else { memo };
            let lo = memo.certain.map_or(Some(i64::MIN), |at| self.leaves(lane, q, at).map(|x| x.0));
            let hi = match memo.possible {
                // One and the same event, as a rule.
                possible if possible == memo.certain && self.zone(lane).is_some() => lo,
                possible => possible.map_or(Some(i64::MIN), |at| self.leaves(lane, q, at).map(|x| x.1)),
            };
            // Before the list is complete, any number of events may have happened that nobody gave.
            let gap = from.map_or(Some(i64::MIN), |at| match memo.after {
                Some(after) if at < after => Some(i64::MIN),
                _ => self.leaves(lane, q, at).map(|x| x.1),
            });
            let (Some(lo), Some(hi), Some(gap)) = (lo, hi, gap) else { continue };
            let (v, nc) = self.ray_in(lo, hi.max(gap).max(lo));
            match v {
                Tri::T => out.t |= 1 << lane,
                Tri::F => out.f |= 1 << lane,
                Tri::U => {}
            }
            out.nc = out.nc.min(nc);
        }
        out
    }

    /// Finds the `k`-th newest certain and possible events; those that have left every window by now do not matter.
    fn kth(&mut self, q: &CountCode, k: i64, record: u32, lane: u32) -> Memo {
        let edge = self.facts.at.0.saturating_sub(q.length.map_or_else(|| self.reach(q), Amount::reach));
        let (after_lo, after_hi, strict) = self.since(q, lane);
        let after = matches!(q.window, WindowCode::Since(_)).then_some(after_lo);
        let mut memo = Memo { stamp: self.s.stamp, record, k, certain: None, possible: None, after };
        let events = self.facts.events(q.events.list);
        let column = self.one_column(events, q.events.filter);
        let (mut certain, mut possible) = (0i64, 0i64);
        let mut inexact = false;
        self.s.times.clear();
        for (row, time) in events.times.iter().enumerate() {
            if time.hi.0 <= edge {
                break;
            }
            if time.hi.0 < after_lo || (strict && time.hi.0 == after_lo) {
                continue;
            }
            let v = match &column {
                Some(one) => self.ask_one(one, row),
                None => self.matches(q.events, row),
            };
            if v == Tri::F {
                continue;
            }
            possible += 1;
            if possible == k {
                memo.possible = Some(time.hi.0);
            }
            // What is neither dated nor recorded may lie ahead; a refusal counts all the same.
            let happened = !time.is_undated() || self.is_revocation(q.events.list, row);
            let after = time.lo.0 > after_hi || (time.lo.0 == after_hi && !strict);
            if v == Tri::T && after && happened {
                certain += 1;
                inexact |= !time.is_exact();
                self.s.times.push(time.lo.0);
                // Newest ends first: while all are exact, ends and starts stand in one order.
                if certain == k && !inexact {
                    memo.certain = Some(time.lo.0);
                    break;
                }
            }
        }
        if inexact {
            self.s.times.sort_unstable_by(|a, b| b.cmp(a));
            memo.certain = usize::try_from(k - 1).ok().and_then(|i| self.s.times.get(i)).copied();
        }
        memo
    }

    /// The earliest and the latest instant from which on a window `since` counts; and whether that instant itself is out,
    /// for it is the counted list's own event.
    fn since(&mut self, q: &CountCode, lane: u32) -> (i64, i64, bool) {
        let WindowCode::Since(m) = q.window else { return (i64::MIN, i64::MIN, false) };
        let points = self.points(m);
        let list = match self.p.moments.get(m as usize) {
            Some(MomentCode::At(a)) => match self.arg(*a) {
                Slot::Event(e) => Some(e.list),
                _ => None,
            },
            Some(MomentCode::Latest(set)) => Some(set.list),
            Some(MomentCode::Refusal(_)) | None => None,
        };
        let strict = list == Some(q.events.list);
        let at = |p: Point| match p {
            Point::At(at) => (at, at),
            Point::Day(d) => self.start(lane, d),
        };
        match points.span {
            _ if points.unknown => (i64::MIN, i64::MAX, strict),
            // Since nothing: everything counts, which restricts.
            None => (i64::MIN, i64::MIN, false),
            Some((_, b)) if points.none => (i64::MIN, at(b).1, strict),
            Some((a, b)) => (at(a).0, at(b).1, strict),
        }
    }

    /// Whether an event may be in the window at the instant, in some of these lanes, and what keeps that from being certain.
    pub(super) fn inside(&mut self, q: &CountCode, row: usize, time: EventTime, lanes: u32) -> Inside {
        let strict = true;
        let ahead = time.is_undated() && !self.is_revocation(q.events.list, row);
        let certain = |x: Inside| x.possible && !x.zone && !x.since;
        let mut out = Inside { time: ahead, ..Inside::default() };
        // Elsewhere it may be in the window at either end, and here at one of the two.
        for lane in (0..32).filter(|lane| lanes >> lane & 1 == 1) {
            let first = self.inside_at(q, time.lo.0, 1 << lane, strict);
            let last = self.inside_at(q, time.hi.0, 1 << lane, strict);
            out.possible |= first.possible || last.possible;
            out.zone |= first.zone || last.zone;
            out.since |= first.since || last.since;
            out.time |= (certain(first) && !last.possible) || (certain(last) && !first.possible);
        }
        out
    }

    /// The same of an instant. `own`: an event of the counted list, which is not after itself.
    pub(super) fn inside_at(&mut self, q: &CountCode, at: i64, lanes: u32, own: bool) -> Inside {
        let mut out = Inside::default();
        if let (WindowCode::Past(a), None) = (q.window, q.length)
            && !matches!(self.arg(a), Slot::Amount(_))
        {
            // A window of a length that nobody knows may hold any event, whatever its date.
            out.possible = true;
            return out;
        }
        for lane in (0..32).filter(|lane| lanes >> lane & 1 == 1) {
            if let WindowCode::Since(_) = q.window {
                let (lo, hi, strict) = self.since(q, lane);
                let strict = strict && own;
                let before = |edge: i64| at < edge || (strict && at == edge);
                out.possible |= !before(lo);
                out.since |= !before(lo) && before(hi);
                continue;
            }
            let Some((lo, hi)) = self.leaves(lane, q, at) else {
                // A window of a length that nobody knows.
                out.possible = true;
                continue;
            };
            out.possible |= self.t < hi;
            out.zone |= self.t < hi && self.t >= lo;
        }
        out
    }

    fn is_revocation(&self, list: EventList, row: usize) -> bool {
        list == EventList::Consents
            && self.facts.consents.items.get(row).is_some_and(|c| c.kind == ConsentKind::Revoke)
    }

    /// An event older than this has left the window in every zone.
    fn reach(&self, q: &CountCode) -> i64 {
        match q.window {
            WindowCode::Always | WindowCode::Since(_) => i64::MAX,
            WindowCode::Week(_) => 9 * DAY,
            WindowCode::Month => 34 * DAY,
            WindowCode::Past(a) => {
                // A dated length may grow later on: only a constant one bounds the look back.
                if matches!(a, Arg::Dated(_)) {
                    return i64::MAX;
                }
                match self.arg(a) {
                    Slot::Amount(a) => a.reach(),
                    _ => i64::MAX,
                }
            }
        }
    }

    /// When an event at that instant leaves the window, in a lane; a band where the zone is unknown.
    pub(super) fn leaves(&self, lane: u32, q: &CountCode, at: i64) -> Option<(i64, i64)> {
        if matches!(q.window, WindowCode::Always | WindowCode::Since(_)) {
            return Some((NEVER, NEVER));
        }
        // Undated: it may be now, always. Older than everything: it has left.
        if at == i64::MAX || at == i64::MIN {
            return Some((at, at));
        }
        let shift = |f: &dyn Fn(Date) -> Date| self.moved(lane, at, f);
        match q.window {
            WindowCode::Always | WindowCode::Since(_) => None,
            WindowCode::Week(first) => {
                let first = Weekday::from_index(first as usize);
                shift(&|d| d.week_start(first).add_days(7))
            }
            WindowCode::Month => shift(&|d| d.month_start().add_months_down(1)),
            WindowCode::Past(a) => {
                let a = match (q.length, self.arg(a)) {
                    (Some(a), _) => a,
                    (None, Slot::Amount(a)) => *a,
                    _ => return None,
                };
                self.past_leaves(lane, a, at)
            }
        }
    }

    /// When what happened at that instant is no longer in a window `in past` so long.
    pub(super) fn past_leaves(&self, lane: u32, length: Amount, at: i64) -> Option<(i64, i64)> {
        if at == i64::MAX || at == i64::MIN {
            return Some((at, at));
        }
        if let Some(length) = length.elapsed() {
            let end = at.saturating_add(length);
            return Some((end, end));
        }
        if let Some(months) = length.months() {
            return self.moved(lane, at, &|d| d.add_months_down(i64::from(months)).next());
        }
        let days = i64::from(length.days()?);
        if self.zone(lane).is_none() {
            // Fewer than k in the last (n + 1) × 24 h is certain; more is unknown.
            return Some((i64::MIN, at.saturating_add((days + 1).saturating_mul(DAY))));
        }
        self.moved(lane, at, &|d| d.add_days(days))
    }

    /// The start of the day that comes of an instant's own.
    fn moved(&self, lane: u32, at: i64, day: &dyn Fn(Date) -> Date) -> Option<(i64, i64)> {
        let d = self.day(lane, at);
        Some((self.start(lane, day(d.lo)).0, self.start(lane, day(d.hi)).1))
    }
}
