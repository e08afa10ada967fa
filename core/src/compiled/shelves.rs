//! Values, time and taxonomies as bytes. What has an order or a form of its own is made anew by its own constructor, so that
//! nothing stands in memory that could not have been written as text.

use super::bytes::{Coded, Damage, Reader, Writer, choice, layout, record};
use crate::taxonomy::{Node, NodeId, Taxonomy, TaxonomyId};
use crate::time::{
    Calendar, Date, Holiday, HolidayRule, Instant, Observed, PartialDate, Week, Weekday, Windows, Zone,
};
use crate::value::{Amount, Type, Unit, Value};
use crate::wire::Limits;
use std::sync::Arc;

layout! {
choice!(Unit {
    0 Second, 1 Minute, 2 Hour, 3 Day, 4 LocalDay, 5 BusinessDay, 6 Week, 7 Month, 8 Year,
});
record!(Amount { n, unit });
choice!(Value {
    0 None,
    1 Bool(yes),
    2 Int(n),
    3 Text(text),
    4 Date(date),
    5 Partial(date),
    6 Instant(at),
    7 Amount(amount),
    8 Choice(n),
    9 Nodes(taxonomy, nodes),
});
choice!(Type by deeper {
    0 Boolean,
    1 Integer,
    2 Text,
    3 Date,
    4 PartialDate,
    5 Instant,
    6 Duration,
    7 Choice(words),
    8 Node(taxonomy),
    9 Set(of),
    10 Records(fields),
    11 Map(by, to),
    12 Week,
    13 Scope,
    14 Event,
});
record!(PartialDate { lo, hi });
choice!(Weekday { 0 Mon, 1 Tue, 2 Wed, 3 Thu, 4 Fri, 5 Sat, 6 Sun, });
choice!(Holiday {
    0 Fixed { month, day },
    1 NthWeekday { nth, weekday, month },
    2 LastWeekday { weekday, month },
    3 WeekdayBefore { weekday, month, day },
    4 WeekdayAfter { weekday, month, day },
    5 Easter { offset },
    6 Once(date),
});
choice!(Observed { 0 OnTheDay, 1 NearestWeekday, 2 NextMonday, 3 FollowingWeekday, });
record!(HolidayRule { name, on, observed, since, until });
record!(Limits { request_bytes, depth, text_bytes, events, members, horizon_days });
}

impl Coded for Date {
    fn put(&self, out: &mut Writer<'_>) {
        self.0.put(out);
    }
    fn get(from: &mut Reader<'_>) -> Self {
        Date(i32::get(from))
    }
}

impl Coded for Instant {
    fn put(&self, out: &mut Writer<'_>) {
        self.0.put(out);
    }
    fn get(from: &mut Reader<'_>) -> Self {
        Instant(i64::get(from))
    }
}

impl Coded for NodeId {
    fn put(&self, out: &mut Writer<'_>) {
        self.0.put(out);
    }
    fn get(from: &mut Reader<'_>) -> Self {
        NodeId(u32::get(from))
    }
}

impl Coded for TaxonomyId {
    fn put(&self, out: &mut Writer<'_>) {
        self.0.put(out);
    }
    fn get(from: &mut Reader<'_>) -> Self {
        let id = u16::get(from);
        if usize::from(id) >= from.taxonomies {
            from.fail(Damage::Wrong);
        }
        TaxonomyId(id)
    }
}

impl Coded for Windows {
    fn put(&self, out: &mut Writer<'_>) {
        self.rows().to_vec().put(out);
    }
    fn get(from: &mut Reader<'_>) -> Self {
        Windows::new(<Vec<(u32, u32)>>::get(from)).unwrap_or_else(|_| {
            from.fail(Damage::Wrong);
            Windows::never()
        })
    }
}

/// The days of a week in the order in which a table of hours has them.
const DAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

impl Coded for Arc<Week> {
    fn put(&self, out: &mut Writer<'_>) {
        DAYS.iter().for_each(|day| self.day(*day).put(out));
        self.holiday().cloned().put(out);
    }
    fn get(from: &mut Reader<'_>) -> Self {
        let mut days = std::array::from_fn(|_| Windows::never());
        for day in &mut days {
            *day = Windows::get(from);
        }
        Arc::new(Week::new(days, Option::get(from)))
    }
}

impl Coded for Arc<Calendar> {
    fn put(&self, out: &mut Writer<'_>) {
        out.text(self.name());
        (*self.covers().start(), *self.covers().end()).put(out);
        self.rules().to_vec().put(out);
    }
    fn get(from: &mut Reader<'_>) -> Self {
        let name = String::get(from);
        let (first, last) = <(i32, i32)>::get(from);
        let rules: Vec<HolidayRule> = Vec::get(from);
        // Its tables: each holiday in each year, as a day and as the day off for it. Years out of bounds are refused next.
        let years = usize::try_from(last.saturating_sub(first)).unwrap_or(0).min(1_000) + 3;
        from.charge(years.saturating_mul(rules.len() + 1).saturating_mul(64));
        let read = if from.is_damaged() { None } else { Calendar::new(name, first..=last, rules).ok() };
        Arc::new(read.unwrap_or_else(|| {
            from.fail(Damage::Wrong);
            Calendar::blank()
        }))
    }
}

impl Coded for Arc<Zone> {
    fn put(&self, out: &mut Writer<'_>) {
        out.text(self.name());
        out.zones.push(self.name().to_string());
    }
    fn get(from: &mut Reader<'_>) -> Self {
        let name = from.text();
        from.zones.zone(name).unwrap_or_else(|| {
            from.fail(Damage::Wrong);
            Arc::new(Zone::blank())
        })
    }
}

impl Coded for Taxonomy {
    fn put(&self, out: &mut Writer<'_>) {
        self.name.put(out);
        self.nodes.put(out);
    }
    fn get(from: &mut Reader<'_>) -> Self {
        let name = String::get(from);
        Taxonomy::of_nodes(name, Vec::get(from)).unwrap_or_else(|| {
            from.fail(Damage::Wrong);
            Taxonomy::default()
        })
    }
}

impl Coded for Node {
    fn put(&self, out: &mut Writer<'_>) {
        // Where its descendants end follows from the parents.
        let Node { name, parent, end: _, marks, pack, doc } = self;
        name.put(out);
        parent.put(out);
        marks.put(out);
        pack.put(out);
        doc.put(out);
    }
    fn get(from: &mut Reader<'_>) -> Self {
        Node {
            name: Coded::get(from),
            parent: Coded::get(from),
            end: 0,
            marks: Coded::get(from),
            pack: Coded::get(from),
            doc: Coded::get(from),
        }
    }
}
