//! Histories: which events match, the moments they give, how many lie in a window.

use super::Mutant;
use super::calendar::number;
use super::clock::{self, DAY, Zone};
use super::cond::{Cx, ZONE};
use super::facts::{Event, Val, When, is_under, list_word};
use super::kleene::{Missing, V};
use byleave::typed::{CountQuestion, EventList, EventSet, Moment as Asked, Op, Operand, Window};
use serde_json::Value as Json;

/// What an undated event lacks.
pub const TIME: &str = "history.time";

/// A point to count from.
#[derive(Clone, Debug, PartialEq)]
pub enum Moment {
    /// There is none.
    None,
    /// An instant, with the event that gave it.
    At(i64, Option<(EventList, usize)>),
    /// First and last date that it can be.
    Days(i64, i64),
}

/// What a missing list is called.
pub fn list_missing(list: EventList) -> &'static str {
    list_word(list)
}

impl<'c> Cx<'c> {
    /// Asks `f` of every moment that it can be.
    pub(super) fn moments(&self, m: &Asked, f: impl Fn(&Cx<'c>, &Moment) -> V) -> V {
        let (possible, missing) = match self.possible(m) {
            Ok(p) => p,
            Err(m) => return V::U(m),
        };
        V::agree(possible.iter().map(|m| f(self, m)), &missing)
    }

    fn possible(&self, m: &Asked) -> Result<(Vec<Moment>, Missing), Missing> {
        match m {
            Asked::At(op) => match self.value(op) {
                Val::Unknown(m) => Err(m),
                Val::At(t) => Ok((vec![Moment::At(t, None)], Missing::new())),
                Val::Days(a, b) if a == b => Ok((vec![Moment::Days(a, b)], Missing::new())),
                Val::Days(a, b) => {
                    let m = super::cond::names(op, self);
                    Ok((vec![Moment::Days(a, a), Moment::Days(b, b)], m))
                }
                Val::Event(id) => {
                    let lists = [
                        EventList::Consents,
                        EventList::Contacts,
                        EventList::Interactions,
                        EventList::Signals,
                    ];
                    for list in lists {
                        let all = self.case.frozen(list).unwrap_or_default();
                        if let Some(e) = all.iter().find(|e| e.id == Some(&id)) {
                            return self.moment_of(e).map(|m| (vec![m], Missing::new()));
                        }
                    }
                    Err(super::cond::names(op, self))
                }
                _ => Ok((vec![Moment::None], Missing::new())),
            },
            Asked::Latest(set) => self.latest(set),
        }
    }

    fn moment_of(&self, e: &Event<'_>) -> Result<Moment, Missing> {
        match (e.when, e.recorded) {
            (When::At(t), _) => Ok(Moment::At(t, Some((e.list, e.place)))),
            (When::On(d), _) => Ok(Moment::Days(d, d)),
            (When::Undated, Some(t)) if e.text("kind") == Some("revoke") => {
                Ok(Moment::At(t, Some((e.list, e.place))))
            }
            (When::Undated, _) => Err([TIME.to_string()].into()),
        }
    }

    fn latest(&self, set: &EventSet) -> Result<(Vec<Moment>, Missing), Missing> {
        let list: Missing = [list_missing(set.list).to_string()].into();
        let Some(matches) = self.matching(set) else { return Err(list) };
        let mut sure: Option<&Event<'_>> = None;
        let end = |e: &Event<'_>| e.span(&self.case.everywhere).1;
        for (e, v) in &matches {
            if *v == V::T && sure.is_none_or(|s| end(s) <= end(e)) {
                sure = Some(e);
            }
        }
        if let Some(from) = self.complete_from(set.list)
            && sure.is_none_or(|s| end(s) < from)
        {
            return Err(list);
        }
        let mut missing = Missing::new();
        let mut out = vec![sure.map_or(Ok(Moment::None), |e| self.moment_of(e))?];
        for (e, v) in &matches {
            if let V::U(m) = v
                && sure.is_none_or(|s| end(s) < end(e))
            {
                missing.extend(m.iter().cloned());
                out.push(self.moment_of(e)?);
            }
        }
        Ok((out, missing))
    }

    /// Events of a set that match or may match; `None` when the list is unknown.
    fn matching(&self, set: &EventSet) -> Option<Vec<(Event<'c>, V)>> {
        let all = self.case.frozen(set.list)?;
        let mut out = Vec::new();
        for e in all {
            let v = match &set.filter {
                None => V::T,
                Some(f) => self.at_event(&e).cond(f),
            };
            if v.possible() {
                out.push((e, v));
            }
        }
        Some(out)
    }

    fn complete_from(&self, list: EventList) -> Option<i64> {
        let key = format!("{}_complete_from", list_word(list));
        self.case.facts.request.get(&key).and_then(Json::as_str).and_then(clock::parse_instant)
    }

    /// How many events, against a number.
    pub(super) fn count(&self, q: &CountQuestion) -> V {
        let n = match self.value(&q.n) {
            Val::Int(n) => n,
            Val::Unknown(m) => return V::U(m),
            _ => return V::F,
        };
        let (mut sure, mut possible, mut missing) = (0_i64, 0_i64, Missing::new());
        match self.matching(&q.set) {
            None => {
                possible = i64::MAX / 2;
                missing.insert(list_missing(q.set.list).to_string());
            }
            Some(all) => {
                for (e, matches) in all {
                    let inside = self.inside(&e, &q.window);
                    match matches.and(inside) {
                        V::T => {
                            sure += 1;
                            possible += 1;
                        }
                        V::F => {}
                        V::U(m) => {
                            possible += 1;
                            missing.extend(m);
                        }
                    }
                }
            }
        }
        if let Some(from) = self.complete_from(q.set.list)
            && self.reaches_before(&q.window, from)
        {
            possible = i64::MAX / 2;
            missing.insert(list_missing(q.set.list).to_string());
        }
        let holds = |k: i64| match q.op {
            Op::Eq => k == n,
            Op::Ne => k != n,
            Op::Lt => k < n,
            Op::Le => k <= n,
            Op::Gt => k > n,
            Op::Ge => k >= n,
        };
        // Between the two every number is possible; only those next to `n` can tell them apart.
        let mut ks = vec![sure, possible];
        ks.extend([n - 1, n, n + 1].into_iter().filter(|k| sure <= *k && *k <= possible));
        V::agree(ks.into_iter().map(|k| V::of(holds(k))), &missing)
    }

    /// The amount of a window `in past …`.
    fn past(&self, op: &Operand) -> Result<byleave::value::Amount, V> {
        match self.value(op) {
            Val::Span(a) => Ok(a),
            Val::Unknown(m) => Err(V::U(m)),
            _ => Err(V::F),
        }
    }

    fn inside(&self, e: &Event<'_>, window: &Window) -> V {
        if matches!(window, Window::Always) {
            return V::T;
        }
        let undated = e.when == When::Undated;
        let (lo, hi) = self.event_span(e);
        if undated && e.list != EventList::Consents {
            return if self.case.mutant == Some(Mutant::UndatedSkipped) { V::F } else { V::lacks(TIME) };
        }
        // Where a day is all that is known, the two ends may disagree.
        V::agree([lo, hi].into_iter().map(|x| self.inside_at(e, x, window)), &[TIME.to_string()].into())
    }

    /// First and last instant at which an event can count.
    fn event_span(&self, e: &Event<'_>) -> (i64, i64) {
        let (lo, hi) = e.span(&self.case.everywhere);
        match (e.list, e.text("kind"), e.when) {
            (EventList::Consents, Some("revoke"), When::Undated) => {
                let t = e.recorded.unwrap_or(hi);
                (t, t)
            }
            _ => (lo, hi),
        }
    }

    fn inside_at(&self, e: &Event<'_>, x: i64, window: &Window) -> V {
        let zone: Missing = [ZONE.to_string()].into();
        let (e0, e1) = self.zone.day(x);
        let (t0, _) = self.zone.day(self.t);
        let mutant = self.case.mutant;
        match window {
            Window::Always => V::T,
            Window::Past(op) => {
                let span = match self.past(op) {
                    Ok(s) => s,
                    Err(v) => return v,
                };
                if let Some(length) = span.elapsed() {
                    let from = self.t.saturating_sub(length);
                    return V::of(if mutant == Some(Mutant::ClosedWindow) { x >= from } else { x > from });
                }
                match (span.months(), span.days()) {
                    (Some(n), _) if mutant == Some(Mutant::MonthsBySubtraction) => {
                        V::of(e1 >= clock::months_short(t0, -i64::from(n)))
                    }
                    (Some(n), _) => {
                        let n = i64::from(n);
                        self.from_dates(clock::months_short(e0, n) + 1, clock::months_short(e1, n) + 1).not()
                    }
                    (_, Some(n)) => match self.zone {
                        Zone::Known(_) if mutant == Some(Mutant::DaysAsHours) => {
                            V::of(x > self.t - i64::from(n) * DAY)
                        }
                        Zone::Known(_) => V::of(e0 > t0 - i64::from(n)),
                        // No clock has gone back far enough for an older event to count.
                        Zone::Unknown if x <= self.t - (i64::from(n) + 1) * DAY => V::F,
                        Zone::Unknown => V::U(zone),
                    },
                    _ => V::F,
                }
            }
            Window::Week(first) => {
                let next = |d: i64| d - (clock::weekday(d) - number(*first)).rem_euclid(7) + 7;
                self.from_dates(next(e0), next(e1)).not()
            }
            Window::Month => {
                let next = |d: i64| clock::months_short(d - i64::from(clock::civil(d).day()) + 1, 1);
                self.from_dates(next(e0), next(e1)).not()
            }
            Window::Since(m) => self.moments(m, |cx, m| match m {
                // Since nothing: everything counts.
                Moment::None => V::T,
                Moment::At(_, Some(own)) if *own == (e.list, e.place) => V::F,
                Moment::At(t, _) => V::of(x >= *t),
                Moment::Days(a, b) => {
                    let (lo, hi) = (cx.zone.start(*a).0, cx.zone.start(*b).1);
                    if x >= hi {
                        V::T
                    } else if x < lo {
                        V::F
                    } else {
                        V::lacks(ZONE)
                    }
                }
            }),
        }
    }

    /// The window holds instants before `from`.
    fn reaches_before(&self, window: &Window, from: i64) -> bool {
        let day = self.zone.day(self.t).0;
        let start = match window {
            Window::Always => return true,
            Window::Past(op) => match self.past(op) {
                Err(_) => return true,
                Ok(span) => match (span.elapsed(), span.days(), span.months()) {
                    (Some(length), ..) => self.t.saturating_sub(length),
                    (_, Some(n), _) if matches!(self.zone, Zone::Unknown) => {
                        self.t - (i64::from(n) + 1) * DAY
                    }
                    (_, Some(n), _) => self.zone.start(day - i64::from(n) + 1).0,
                    (_, _, Some(n)) => {
                        let mut d = clock::months_short(day, -i64::from(n)) + 4;
                        while clock::months_short(d - 1, i64::from(n)) >= day {
                            d -= 1;
                        }
                        self.zone.start(d).0
                    }
                    _ => return true,
                },
            },
            Window::Week(first) => {
                self.zone.start(day - (clock::weekday(day) - number(*first)).rem_euclid(7)).0
            }
            Window::Month => self.zone.start(day - i64::from(clock::civil(day).day()) + 1).0,
            Window::Since(m) => match self.possible(m) {
                Err(_) => return true,
                Ok((all, _)) => all
                    .iter()
                    .map(|m| match m {
                        Moment::None => i64::MIN,
                        Moment::At(t, _) => *t,
                        Moment::Days(a, _) => self.zone.start(*a).0,
                    })
                    .min()
                    .unwrap_or(i64::MAX),
            },
        };
        start < from
    }

    pub(super) fn event_is(&self, what: &Operand, list: EventList, kind: &str) -> V {
        let id = match self.value(what) {
            Val::Event(id) => id,
            Val::Unknown(m) => return V::U(m),
            _ => return V::F,
        };
        let Some(all) = self.case.frozen(list) else { return V::lacks(list_missing(list)) };
        let Some(e) = all.iter().find(|e| e.id == Some(&id)) else { return V::F };
        if kind.is_empty() {
            return V::T;
        }
        let own = e.text("kind").unwrap_or_default();
        if list != EventList::Interactions {
            return V::of(own == kind);
        }
        let tree = self.case.facts.policy.vocabulary.taxonomy("interaction").map(|t| t.1);
        V::of(tree.is_some_and(|t| match (t.find(own), t.find(kind)) {
            (Some(a), Some(b)) => is_under(t, a, b),
            _ => false,
        }))
    }
}
