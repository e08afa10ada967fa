//! What an unknown answer about histories misses: the list, an event's date or field, the zone, the moment that is counted
//! from.

use super::history::Inside;
use super::{Eval, NEVER, Tri, Why};
use crate::facts::{ConsentKind, EventTime, Scope, Slot};
use crate::program::{Arg, CountCode, EventsCode, MomentCode, NO_NODE, NodeIx, WindowCode};
use crate::typed::{Entity, EventList, Op};

/// The next instant at which an event stands otherwise to a window.
struct Edge {
    at: i64,
    /// In each lane it has then left.
    is_last: bool,
}

impl Eval<'_> {
    /// What a condition on the events of a list does not know of any of them; of consents, of those of one kind.
    pub(crate) fn missing_of_events(
        &mut self,
        list: EventList,
        kind: Option<ConsentKind>,
        ix: NodeIx,
    ) -> Why {
        let mut out = Why::default();
        let facts = self.facts;
        let (before, all) = (self.event, self.all);
        for row in 0..facts.events(list).len() {
            let other = |kind| facts.consents.items.get(row).is_none_or(|it| it.kind != kind);
            if list == EventList::Consents && kind.is_some_and(other) {
                continue;
            }
            self.event = Some((list, row as u32));
            self.missing(ix, all, &mut out);
        }
        self.event = before;
        out
    }

    /// A list that is unknown gives its own name; a known one what those of its rows lack that may be in the window.
    pub(super) fn miss_count(&mut self, q: &CountCode, lanes: u32, out: &mut Why) {
        let events = self.facts.events(q.events.list);
        if !events.known {
            self.miss_word(Self::list_word(q.events.list), out);
            return;
        }
        let mut since = Why::default();
        if let WindowCode::Since(m) = q.window {
            self.miss_moment(m, lanes, false, &mut since);
        }
        // Newest first, as they leave last: one that misses what newer ones miss too takes nothing with it.
        let mut all = Why::default();
        for (row, time) in events.times.iter().enumerate() {
            let v = self.matches(q.events, row);
            let inside = self.inside(q, row, *time, lanes);
            if v == Tri::F || !inside.possible {
                continue;
            }
            let mut own = Why::default();
            self.miss_inside(inside, &since, &mut own);
            if v == Tri::U {
                self.miss_in_event(q.events, row, &mut own);
            }
            let edge = self.next_edge(q, *time, lanes);
            if !edge.is_last || own.iter().any(|n| !all.has(n)) {
                self.missing_until = self.missing_until.min(edge.at);
            }
            all.union(&own);
        }
        out.union(&all);
        if let Some(from) = events.complete_from {
            let inside = self.inside_at(q, from.0, lanes, false);
            if inside.possible {
                self.miss_word(Self::list_word(q.events.list), out);
                self.miss_inside(inside, &since, out);
                let edge = self.next_edge(q, EventTime { lo: from, hi: from }, lanes);
                self.missing_until = self.missing_until.min(edge.at);
            }
        }
    }

    /// The next instant at which an event stands otherwise to a window, in some of these lanes.
    fn next_edge(&self, q: &CountCode, time: EventTime, lanes: u32) -> Edge {
        let mut out = Edge { at: NEVER, is_last: true };
        for lane in (0..32).filter(|lane| lanes >> lane & 1 == 1) {
            let (mut first, mut last) = (NEVER, 0);
            for (lo, hi) in [time.lo, time.hi].into_iter().filter_map(|at| self.leaves(lane, q, at.0)) {
                for edge in [lo, hi].into_iter().filter(|edge| *edge > self.t) {
                    first = first.min(edge);
                    last = last.max(edge);
                }
            }
            out.at = out.at.min(first);
            out.is_last &= first >= last;
        }
        out
    }

    /// What it misses whether a consent event happened so short a time ago.
    pub(super) fn miss_given(&mut self, past: Arg, row: usize, lanes: u32, out: &mut Why) {
        self.miss_unknown(past, out);
        let events = EventsCode { list: EventList::Consents, filter: NO_NODE };
        let window = WindowCode::Past(past);
        let q = CountCode { events, window, op: Op::Ge, n: past, most: Some(1), length: None };
        let time = self.facts.events(EventList::Consents).times.get(row).copied();
        if let (Slot::Amount(_), Some(time)) = (self.arg(past), time) {
            let inside = self.inside(&q, row, time, lanes);
            if inside.possible {
                self.miss_inside(inside, &Why::default(), out);
            }
        }
    }

    fn miss_inside(&self, inside: Inside, since: &Why, out: &mut Why) {
        if inside.time {
            self.miss_word("history.time", out);
        }
        if inside.zone {
            self.miss_word("recipient_time_zone", out);
        }
        if inside.since {
            out.union(since);
        }
    }

    fn miss_in_event(&mut self, set: EventsCode, row: usize, out: &mut Why) {
        if set.filter == NO_NODE {
            return;
        }
        let held = self.event;
        self.event = Some((set.list, row as u32));
        let all = self.all;
        self.missing(set.filter, all, out);
        self.event = held;
    }

    /// The fields of the event at hand that a scope names and nobody gave.
    pub(super) fn miss_event_parts(&self, list: EventList, scope: &Scope, out: &mut Why) {
        let facts = &self.p.policy.vocabulary.facts;
        for (column, v) in self.event_parts(scope).into_iter().flatten() {
            if v != Tri::U {
                continue;
            }
            let field = facts.iter().find(|f| f.entity == Entity::Event(list) && f.slot == column);
            self.miss_word(field.map_or(Self::list_word(list), |f| &f.missing), out);
        }
    }

    /// What the newest event of a set lacks: of the rows that may be it a date, a field; rows that nobody gave.
    fn miss_latest(&mut self, set: EventsCode, out: &mut Why) {
        let events = self.facts.events(set.list);
        if !events.known {
            self.miss_word(Self::list_word(set.list), out);
            return;
        }
        let mut rows = Vec::new();
        let mut newest = i64::MIN;
        for (row, time) in events.times.iter().enumerate() {
            let v = self.matches(set, row);
            if v == Tri::T {
                newest = newest.max(time.lo.0);
            }
            if v != Tri::F {
                rows.push((row, *time, v));
            }
        }
        for (row, time, v) in rows {
            if time.hi.0 < newest {
                continue;
            }
            if !time.is_exact() {
                self.miss_word("history.time", out);
            }
            if v == Tri::U {
                self.miss_in_event(set, row, out);
            }
        }
        if events.complete_from.is_some_and(|from| newest < from.0) {
            self.miss_word(Self::list_word(set.list), out);
        }
    }

    /// What a moment lacks; the zone, where dates are counted from it.
    pub(super) fn miss_moment(&mut self, m: u32, lanes: u32, dates: bool, out: &mut Why) {
        let zone = self.unknown_zone(lanes);
        match self.p.moments.get(m as usize) {
            Some(MomentCode::At(a)) => match self.arg(*a) {
                Slot::Unknown => self.miss_arg(*a, out),
                Slot::Event(e) => {
                    if self.facts.time_of(*e).is_none_or(|t| !t.is_exact()) {
                        self.miss_word("history.time", out);
                    }
                    if dates && zone {
                        self.miss_word("recipient_time_zone", out);
                    }
                }
                Slot::Date { lo, hi } if lo != hi => self.miss_arg(*a, out),
                Slot::Date { .. } if zone => self.miss_word("recipient_time_zone", out),
                _ if dates && zone => self.miss_word("recipient_time_zone", out),
                _ => {}
            },
            Some(MomentCode::Latest(set)) => {
                self.miss_latest(*set, out);
                if dates && zone {
                    self.miss_word("recipient_time_zone", out);
                }
            }
            // Deadlines alone count from refusals: no condition does.
            Some(MomentCode::Refusal(_)) | None => {}
        }
    }

    /// What a wait of that length lacks: the zone, where it counts days; a year of the calendar.
    pub(super) fn miss_wait(&mut self, m: u32, a: Arg, lanes: u32, out: &mut Why) {
        let amount = self.amount_of(a);
        let days = amount.is_some_and(|a| a.elapsed().is_none());
        self.miss_moment(m, lanes, days, out);
        self.miss_unknown(a, out);
    }
}
