//! Histories: which events match, the moments they give, how many lie in a window.

use super::Mutant;
use super::calendar::number;
use super::clock::{self, DAY, Zone};
use super::cond::{Cx, ZONE};
use super::facts::{Event, Val, is_under, list_word};
use super::kleene::{Missing, V};
use byleave::typed::{CondAt, CountQuestion, EventList, EventSet, Moment as Asked, Op, Operand, Window};
use serde_json::Value as Json;

/// What an undated event lacks.
pub const TIME: &str = "history.time";

/// A point to count from.
#[derive(Clone, Debug, PartialEq)]
pub enum Moment {
    /// There is none.
    None,
    /// Longer ago than anything.
    LongAgo,
    /// Further ahead than anything.
    FarAhead,
    /// An instant, with the list whose event gave it.
    At(i64, Option<EventList>),
    /// First and last date that it can be.
    Days(i64, i64),
}

/// What a missing list is called.
pub fn list_missing(list: EventList) -> &'static str {
    if list == EventList::Consents { super::consent::CONSENT } else { list_word(list) }
}

impl<'c> Cx<'c> {
    /// Asks `f` of every moment that it can be. `dates`: the question counts dates, so that an event's hang on the zone.
    pub(super) fn moments(&self, m: &Asked, dates: bool, f: impl Fn(&Cx<'c>, &Moment) -> V) -> V {
        let (possible, mut missing) = match self.possible(m) {
            Ok(p) => p,
            Err(mut missing) => {
                // Whoever gives the list has the zone to give as well.
                if dates && matches!((m, &self.zone), (Asked::Latest(_), Zone::Unknown)) {
                    missing.insert(ZONE.to_string());
                }
                return V::U(missing);
            }
        };
        let answers: Vec<V> = possible.iter().map(|m| f(self, m)).collect();
        let of_event = match m {
            Asked::Latest(_) | Asked::Refusal => true,
            Asked::At(op) => matches!(self.value(op), Val::Event(_)),
        };
        if !of_event {
            return V::agree(answers, &missing);
        }
        match V::agree(answers, &missing) {
            // Of events, what any of them lacks is told together.
            V::U(own) => {
                missing.extend(own);
                if dates && matches!(self.zone, Zone::Unknown) {
                    missing.insert(ZONE.to_string());
                }
                V::U(missing)
            }
            v => v,
        }
    }

    fn possible(&self, m: &Asked) -> Result<(Vec<Moment>, Missing), Missing> {
        match m {
            Asked::At(op) => match self.value(op) {
                Val::Unknown(m) => Err(m),
                Val::At(t) => Ok((vec![Moment::At(t, None)], Missing::new())),
                Val::Days(a, b) if a == b => Ok((vec![Moment::Days(a, a)], Missing::new())),
                Val::Days(a, b) => {
                    let m = super::cond::names(op, self);
                    Ok((vec![Moment::Days(a, a), Moment::Days(b, b)], m))
                }
                Val::Event(id) => match self.event_called(&id) {
                    Some(e) => Ok(self.between(e.span(&self.case.everywhere), e.list)),
                    None => Err(super::cond::names(op, self)),
                },
                _ => Ok((vec![Moment::None], Missing::new())),
            },
            Asked::Latest(set) => self.latest(set),
            // Several, of which each is asked by itself.
            Asked::Refusal => Err(Missing::new()),
        }
    }

    /// The moments that it can be, if there surely is one and somebody says when; none, if there surely is none.
    pub(super) fn surely(&self, m: &Asked) -> Option<Vec<Moment>> {
        let (possible, _) = self.possible(m).ok()?;
        Self::dated(possible)
    }

    /// The instants that a consent event can have happened at, if somebody says so.
    pub(super) fn surely_at(&self, span: (i64, i64)) -> Option<Vec<Moment>> {
        Self::dated(self.between(span, EventList::Consents).0)
    }

    fn dated(possible: Vec<Moment>) -> Option<Vec<Moment>> {
        if possible.iter().all(|m| *m == Moment::None) {
            return Some(Vec::new());
        }
        let dated = |m: &Moment| matches!(m, Moment::At(..) | Moment::Days(..));
        possible.iter().all(dated).then_some(possible)
    }

    /// The one event of that id, in whatever list.
    pub(super) fn event_called(&self, id: &str) -> Option<Event<'c>> {
        let lists = [EventList::Consents, EventList::Contacts, EventList::Interactions, EventList::Signals];
        let all = lists.into_iter().flat_map(|l| self.case.frozen(l).unwrap_or_default());
        let mut found = all.filter(|e| e.id == Some(id));
        let first = found.next()?;
        if found.next().is_some() { None } else { Some(first) }
    }

    /// Instants from one to the other: the ends, and some between, for questions that are true for a while only.
    fn between(&self, (lo, hi): (i64, i64), list: EventList) -> (Vec<Moment>, Missing) {
        let end = |t: i64| match t {
            t if t <= i64::MIN / 4 => Moment::LongAgo,
            t if t >= i64::MAX / 4 => Moment::FarAhead,
            t => Moment::At(t, Some(list)),
        };
        let mut out = vec![end(lo), end(hi)];
        let near = self.t - 20 * DAY;
        let mut t = hi.min(self.t + 2 * DAY);
        while t > lo.max(near) {
            out.push(Moment::At(t, Some(list)));
            t -= DAY / 8;
        }
        let missing = if lo == hi { Missing::new() } else { [TIME.to_string()].into() };
        (out, missing)
    }

    /// The newest event of a set: at the earliest where the newest certain one begins, at the latest where the newest
    /// possible one ends.
    fn latest(&self, set: &EventSet) -> Result<(Vec<Moment>, Missing), Missing> {
        let list: Missing = [list_missing(set.list).to_string()].into();
        let Some(matches) = self.matching(set) else { return Err(list) };
        let span = |e: &Event<'_>| e.span(&self.case.everywhere);
        let certain = matches.iter().filter(|(_, v)| *v == V::T).map(|(e, _)| span(e).0).max();
        let newest = certain.unwrap_or(i64::MIN / 4);
        let gap = self.complete_from(set.list).filter(|from| newest < *from);
        let last = matches.iter().map(|(e, _)| span(e).1).chain(gap).max();
        let Some(last) = last else { return Ok((vec![Moment::None], Missing::new())) };
        let (mut out, _) = self.between((newest, last.max(newest)), set.list);
        if certain.is_none() {
            out.push(Moment::None);
        }
        let mut missing = Missing::new();
        for (e, v) in matches.iter().filter(|(e, _)| span(e).1 >= newest) {
            if span(e).0 != span(e).1 {
                missing.insert(TIME.to_string());
            }
            if let V::U(m) = v {
                missing.extend(m.iter().cloned());
            }
        }
        if gap.is_some() {
            missing.extend(list);
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
            Val::Int(n) => Ok(n),
            Val::Unknown(m) => Err(m),
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
        if let Some(from) = self.complete_from(q.set.list) {
            // The list is known after that instant, not at it.
            let inside = match &q.window {
                Window::Always => V::T,
                window => self.inside_at(None, from, window),
            };
            if inside.possible() && self.matching(&q.set).is_some() {
                possible = i64::MAX / 2;
                missing.insert(list_missing(q.set.list).to_string());
            }
            if let V::U(m) = inside {
                missing.extend(m);
            }
        }
        let n = match n {
            Ok(n) => n,
            Err(m) => return V::U(missing.into_iter().chain(m).collect()),
        };
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

    pub(super) fn inside(&self, e: &Event<'_>, window: &Window) -> V {
        let refusal = e.list == EventList::Consents && e.text("kind") == Some("revoke");
        if e.may_lie_ahead() && self.case.mutant == Some(Mutant::UndatedSkipped) {
            return V::F;
        }
        // A refusal counts whether or not anybody knows when.
        let happened = if e.may_lie_ahead() && !refusal { V::lacks(TIME) } else { V::T };
        if matches!(window, Window::Always) {
            return happened;
        }
        let (lo, hi) = e.span(&self.case.everywhere);
        // Where a day is all that is known, the two ends may disagree.
        let inside = V::agree(
            [lo, hi].into_iter().map(|x| self.inside_at(Some(e), x, window)),
            &[TIME.to_string()].into(),
        );
        inside.and(happened)
    }

    fn inside_at(&self, e: Option<&Event<'_>>, x: i64, window: &Window) -> V {
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
                        self.until_dates(clock::months_short(e0, n) + 1, clock::months_short(e1, n) + 1)
                    }
                    (_, Some(n)) => match self.zone {
                        Zone::Known(_) if mutant == Some(Mutant::DaysAsHours) => {
                            V::of(x > self.t - i64::from(n) * DAY)
                        }
                        Zone::Known(_) => V::of(e0 > t0 - i64::from(n)),
                        // Without a date it may be now, wherever that is.
                        Zone::Unknown if x >= i64::MAX / 4 => V::T,
                        // No clock has gone back far enough for an older event to count.
                        Zone::Unknown if x <= self.t - (i64::from(n) + 1) * DAY => V::F,
                        Zone::Unknown => V::U(zone),
                    },
                    _ => V::F,
                }
            }
            Window::Week(first) => {
                let next = |d: i64| d - (clock::weekday(d) - number(*first)).rem_euclid(7) + 7;
                self.until_dates(next(e0), next(e1))
            }
            Window::Month => {
                let next = |d: i64| clock::months_short(d - i64::from(clock::civil(d).day()) + 1, 1);
                self.until_dates(next(e0), next(e1))
            }
            Window::Since(m) => self.moments(m, false, |cx, m| match m {
                // Since nothing: everything counts.
                Moment::None | Moment::LongAgo => V::T,
                Moment::FarAhead => V::F,
                // No event is after itself.
                Moment::At(t, own) => match (own, e) {
                    (Some(list), Some(e)) if *list == e.list => V::of(x > *t),
                    _ => V::of(x >= *t),
                },
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

    /// Whether the date is still to come to which an event counts: two dates, if the event's own hangs on the zone.
    fn until_dates(&self, first: i64, last: i64) -> V {
        match self.from_dates(first, last) {
            // Each of the two may be settled in every zone: which of them it is, is not.
            V::U(_) => V::lacks(ZONE),
            v => v.not(),
        }
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

    /// Of the very event that a fact names.
    pub(super) fn event_where(&self, what: &Operand, list: EventList, filter: &CondAt) -> V {
        let id = match self.value(what) {
            Val::Event(id) => id,
            Val::Unknown(m) => return V::U(m),
            _ => return V::F,
        };
        let Some(all) = self.case.frozen(list) else { return V::lacks(list_missing(list)) };
        match all.iter().find(|e| e.id == Some(&id)) {
            Some(e) => self.at_event(e).cond(filter),
            None => V::F,
        }
    }
}
