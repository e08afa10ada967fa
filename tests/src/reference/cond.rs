//! Conditions at one instant, for one candidate zone, by their definitions.

use super::clock::{self, DAY, SECOND, Zone};
use super::facts::{Event, Val, each, is, is_under};
use super::history::Moment;
use super::kleene::{Missing, V};
use super::{Case, Mutant};
use byleave::taxonomy::{NodeId, Taxonomy, TaxonomyId};
use byleave::time::{Calendar, Holiday, Observed, Weekday};
use byleave::typed::{AmountOf, Cond, CondAt, EventList, Hours, How, Op, Operand};
use byleave::value::{Amount, Type, Unit};
use serde_json::Value as Json;

/// What the recipient's clock is called when it is missing.
pub const ZONE: &str = "recipient_time_zone";

/// The record at hand in a rule `for each`: its fields' types, and the record unless it is unknown.
#[derive(Clone, Copy)]
pub struct Record<'c> {
    /// Names and types.
    pub fields: &'c [(String, Type)],
    /// The record.
    pub json: Option<&'c Json>,
    /// The list's name when missing.
    pub missing: &'c str,
}

/// Everything a condition can look at.
#[derive(Clone, Copy)]
pub struct Cx<'c> {
    /// Policy and frozen facts.
    pub case: &'c Case<'c>,
    /// The instant.
    pub t: i64,
    /// The candidate.
    pub zone: &'c Zone,
    /// Inside `where`.
    pub event: Option<&'c Event<'c>>,
    /// Inside `for each`.
    pub record: Option<Record<'c>>,
}

fn lacking(vals: &[&Val]) -> Option<Missing> {
    let mut m: Option<Missing> = None;
    for v in vals {
        if let Val::Unknown(x) = v {
            m.get_or_insert_default().extend(x.iter().cloned());
        }
    }
    m
}

fn ordered<T: PartialOrd>(a: (T, T), op: Op, b: (T, T)) -> Option<bool> {
    // None: some of the values that a and b can have say yes, some no.
    let less = || {
        if a.1 < b.0 {
            Some(true)
        } else if a.0 >= b.1 {
            Some(false)
        } else {
            None
        }
    };
    let more = || {
        if a.0 > b.1 {
            Some(true)
        } else if a.1 <= b.0 {
            Some(false)
        } else {
            None
        }
    };
    let same = || {
        if a.0 == a.1 && b.0 == b.1 && a.0 == b.0 {
            Some(true)
        } else if a.1 < b.0 || b.1 < a.0 {
            Some(false)
        } else {
            None
        }
    };
    match op {
        Op::Lt => less(),
        Op::Ge => less().map(|x| !x),
        Op::Gt => more(),
        Op::Le => more().map(|x| !x),
        Op::Eq => same(),
        Op::Ne => same().map(|x| !x),
    }
}

impl<'c> Cx<'c> {
    fn policy(&self) -> &'c byleave::typed::Policy {
        self.case.facts.policy
    }

    fn tree(&self, id: TaxonomyId) -> &'c Taxonomy {
        static NONE: std::sync::OnceLock<Taxonomy> = std::sync::OnceLock::new();
        self.policy().vocabulary.tree(id).unwrap_or_else(|| NONE.get_or_init(|| Taxonomy::number("?", &[])))
    }

    /// The same at another event.
    pub fn at_event<'d>(&self, event: &'d Event<'d>) -> Cx<'d>
    where
        'c: 'd,
    {
        Cx { case: self.case, t: self.t, zone: self.zone, event: Some(event), record: self.record }
    }

    /// All of them.
    pub fn all(&self, conds: &[CondAt]) -> V {
        V::all(conds.iter().map(|c| self.cond(c)))
    }

    fn type_of(&self, op: &Operand) -> Option<Type> {
        match op {
            Operand::Fact(f) | Operand::EventField(f) => {
                self.policy().vocabulary.decl(*f).map(|d| d.ty.clone())
            }
            Operand::Setting(i) => self.policy().settings.get(*i).map(|s| s.ty.clone()),
            Operand::Record(i) => self.record.and_then(|r| r.fields.get(*i).map(|f| f.1.clone())),
            _ => None,
        }
    }

    /// What an operand stands for.
    pub fn value(&self, op: &Operand) -> Val {
        let facts = &self.case.facts;
        match op {
            Operand::Const(v) => facts.constant(v, None),
            Operand::Fact(f) => facts.get(*f),
            Operand::EventField(f) => self.event.map_or_else(|| Val::lacks("?"), |e| facts.field(e, *f)),
            Operand::Record(i) => {
                let Some(r) = self.record else { return Val::lacks("?") };
                let (Some((name, ty)), Some(json)) = (r.fields.get(*i), r.json) else {
                    return Val::lacks(r.missing);
                };
                json.get(name).map_or_else(|| Val::lacks(r.missing), |v| facts.typed(v, ty, r.missing))
            }
            Operand::Map(f, keys) => self.mapped(*f, keys),
            Operand::Age(f) => match facts.get(*f) {
                Val::Days(lo, hi) => Val::Days(lo, hi),
                v => v,
            },
            Operand::Setting(i) => {
                let Some(s) = self.policy().settings.get(*i) else { return Val::lacks("?") };
                match facts.request.get("settings").and_then(|x| x.get(&s.name)) {
                    Some(v) => facts.typed(v, &s.ty, &s.name),
                    None => facts.constant(&s.default, Some(&s.ty)),
                }
            }
            Operand::Dated(i) => {
                let Some(d) = self.policy().dated.get(*i) else { return Val::lacks("?") };
                let edition = d.editions.iter().rev().find(|(from, _)| from.0 <= self.t);
                edition
                    .or(d.editions.first())
                    .map_or_else(|| Val::lacks(&d.name), |(_, v)| facts.constant(v, None))
            }
        }
    }

    fn mapped(&self, fact: byleave::typed::FactId, keys: &[Operand]) -> Val {
        let Some(decl) = self.policy().vocabulary.decl(fact) else { return Val::lacks("?") };
        let Type::Map(trees, inner) = &decl.ty else { return Val::lacks(&decl.missing) };
        let keys: Vec<Val> = keys.iter().map(|k| self.value(k)).collect();
        if keys.contains(&Val::None) {
            return Val::None;
        }
        if let Some(m) = lacking(&keys.iter().collect::<Vec<_>>()) {
            return Val::Unknown(m);
        }
        let whole = self.case.facts.get(fact);
        let mut json = match whole {
            Val::Raw(j) => j,
            v => return v,
        };
        for (key, tree) in keys.iter().zip(trees.iter()) {
            let (Val::Nodes(n), tree) = (key, self.tree(*tree)) else { return Val::lacks(&decl.missing) };
            let name = n.first().map(|n| tree.name_of(*n)).unwrap_or_default();
            match json.get(name) {
                Some(next) => json = next.clone(),
                None => return Val::lacks(&decl.missing),
            }
        }
        self.case.facts.typed(&json, inner, &decl.missing)
    }

    /// The condition.
    pub fn cond(&self, c: &CondAt) -> V {
        match &c.cond {
            Cond::Const(b) => V::of(*b),
            Cond::All(parts) => {
                if self.case.mutant == Some(Mutant::UnknownIsFalse) {
                    return V::all(parts.iter().map(|p| match self.cond(p) {
                        V::U(_) => V::F,
                        v => v,
                    }));
                }
                self.all(parts)
            }
            Cond::Any(parts) => V::any(parts.iter().map(|p| self.cond(p))),
            Cond::Not(inner) => self.cond(inner).not(),
            Cond::Known(inner) => V::of(self.cond(inner) == V::T),
            Cond::True(op) => match self.value(op) {
                Val::Bool(b) => V::of(b),
                Val::Unknown(m) => V::U(m),
                _ => V::F,
            },
            Cond::Exists(op) => match self.value(op) {
                Val::Unknown(m) => V::U(m),
                Val::None => V::F,
                _ => V::T,
            },
            Cond::Is { what, how, taxonomy, nodes } => self.is(what, *how, *taxonomy, nodes),
            Cond::IsAmong { what, how, taxonomy, of } => match self.value(of) {
                Val::Nodes(n) => self.is(what, *how, *taxonomy, &n),
                Val::Unknown(mut m) => match self.value(what) {
                    Val::None => V::F,
                    Val::Unknown(n) => {
                        m.extend(n);
                        V::U(m)
                    }
                    _ => V::U(m),
                },
                _ => V::F,
            },
            Cond::Marked { what, taxonomy, mark } => match self.value(what) {
                Val::Unknown(m) => V::U(m),
                Val::Nodes(n) => {
                    V::of(n.iter().any(|n| super::facts::inherits(self.tree(*taxonomy), *n, mark)))
                }
                _ => V::F,
            },
            Cond::Same(a, b) => self.same(&self.value(a), &self.value(b)),
            Cond::SameSeller(op) => self.same_seller(&self.value(op)),
            Cond::Compare(a, op, b) => self.compare(a, *op, b),
            Cond::CompareDay(a, op, b, zone) => {
                match (self.value(a), self.value(b), clock::zone(zone.name())) {
                    (Val::At(t), Val::Days(lo, hi), Some(z)) => {
                        let mut m = names(a, self);
                        m.extend(names(b, self));
                        self.decided(ordered(z.day(t), *op, (lo, hi)), &m)
                    }
                    _ => self.compare(a, *op, b),
                }
            }
            Cond::In(op, list) => {
                let ty = self.type_of(op);
                match self.value(op) {
                    Val::Unknown(m) => V::U(m),
                    Val::None => V::F,
                    v => {
                        V::any(list.iter().map(|x| self.same(&v, &self.case.facts.constant(x, ty.as_ref()))))
                    }
                }
            }
            Cond::LocalTime(hours) => self.local_time(hours),
            Cond::Weekday(days) => {
                self.on_days(|d| Some(days.iter().any(|w| number(*w) == clock::weekday(d))))
            }
            Cond::Holiday(i) => self.on_days(|d| self.calendar(*i).and_then(|c| holiday(c, d))),
            Cond::BusinessDay(i) => self.on_days(|d| self.calendar(*i).and_then(|c| business_day(c, d))),
            Cond::Today(op, date) => match self.value(date) {
                Val::Unknown(m) => V::U(m),
                Val::Days(a, b) => {
                    let today = self.zone.day(self.t);
                    self.decided(
                        ordered(today, *op, (a, b)),
                        &(if a == b { [ZONE.to_string()].into() } else { names(date, self) }),
                    )
                }
                _ => V::F,
            },
            Cond::Before(m) => self.from_moment(m, true),
            Cond::From(m) => self.from_moment(m, false),
            Cond::NoLaterThan(amount, m) => self.moments(m, |cx, m| cx.no_later(amount, m)),
            Cond::Passed(amount, m) => self.moments(m, |cx, m| cx.passed(amount, m)),
            Cond::LocalDaysOf { from, to, of } => self.moments(of, |cx, m| {
                let Some((a, b)) = cx.dates(m) else { return V::F };
                cx.from_dates(a + i64::from(*from) - 1, b + i64::from(*from) - 1)
                    .and(cx.from_dates(a + i64::from(*to), b + i64::from(*to)).not())
            }),
            Cond::Consent(q) => self.consent(q),
            Cond::Refused(q) => self.refused(q),
            Cond::Count(q) => self.count(q),
            Cond::Listed(i) => self.listed(*i),
            Cond::Signal(kind) => self.signal(kind),
            Cond::CoversContact(scope) => match self.value(scope) {
                Val::Unknown(m) => V::U(m),
                Val::Raw(s) => self.scope_covers_contact(&s, None),
                _ => V::T,
            },
            Cond::CoversEvent(scope) => match self.value(scope) {
                Val::Unknown(m) => V::U(m),
                Val::Raw(s) => self.scope_covers_event(&s),
                _ => V::T,
            },
            Cond::EventCoversContact => self.event.map_or(V::F, |e| {
                self.scope_covers_contact(e.json.get("scope").unwrap_or(&Json::Null), None)
            }),
            Cond::EventOfLevels(op) => self.event_of_levels(op),
            Cond::Authorised => self.authorised(),
            Cond::EventIs { what, list, kind } => self.event_is(what, *list, kind),
        }
    }

    pub(super) fn decided(&self, b: Option<bool>, m: &Missing) -> V {
        b.map_or_else(|| V::U(m.clone()), V::of)
    }

    fn is(&self, what: &Operand, how: How, taxonomy: TaxonomyId, wanted: &[NodeId]) -> V {
        let m = names(what, self);
        let have = match self.value(what) {
            Val::Unknown(m) => return V::U(m),
            Val::Nodes(n) => n,
            _ => return V::F,
        };
        let tree = self.tree(taxonomy);
        let under = |n: NodeId| V::any(wanted.iter().map(|w| is(tree, n, *w, &m)));
        match how {
            How::Some => V::any(have.iter().map(|n| under(*n))),
            How::Only => V::all(have.iter().map(|n| under(*n))),
            How::Includes => V::all(wanted.iter().map(|w| V::any(have.iter().map(|n| is(tree, *n, *w, &m))))),
        }
    }

    fn same(&self, a: &Val, b: &Val) -> V {
        if *a == Val::None || *b == Val::None {
            return V::F;
        }
        if let Some(m) = lacking(&[a, b]) {
            return V::U(m);
        }
        V::of(match (a, b) {
            (Val::Nodes(x), Val::Nodes(y)) => x.iter().any(|n| y.contains(n)),
            (Val::Texts(x), Val::Texts(y)) => x.iter().any(|n| y.contains(n)),
            (x, y) => x == y,
        })
    }

    fn compare(&self, a: &Operand, op: Op, b: &Operand) -> V {
        if let Operand::Age(_) = a {
            return self.age(a, op, b);
        }
        let (ta, tb) = (self.type_of(a), self.type_of(b));
        let read = |o: &Operand, other: Option<&Type>| match o {
            Operand::Const(v) => self.case.facts.constant(v, other),
            o => self.value(o),
        };
        let (x, y) = (read(a, tb.as_ref()), read(b, ta.as_ref()));
        if x == Val::None || y == Val::None {
            return V::F;
        }
        if let Some(m) = lacking(&[&x, &y]) {
            return V::U(m);
        }
        let mut m = names(a, self);
        m.extend(names(b, self));
        let answer = match (x, y) {
            (Val::Int(x), Val::Int(y)) => ordered((x, x), op, (y, y)),
            (Val::Days(x0, x1), Val::Days(y0, y1)) => ordered((x0, x1), op, (y0, y1)),
            (Val::At(x), Val::At(y)) => ordered((x, x), op, (y, y)),
            (Val::At(x), Val::Days(y, _)) => {
                let s = self.zone.start(y);
                ordered((x, x), op, s)
            }
            (Val::Span(x), Val::Span(y)) => ordered((length(x), length(x)), op, (length(y), length(y))),
            (x, y) => Some(match op {
                Op::Eq => x == y,
                Op::Ne => x != y,
                _ => false,
            }),
        };
        self.decided(answer, &m)
    }

    fn age(&self, birth: &Operand, op: Op, n: &Operand) -> V {
        let (b, n) = (self.value(birth), self.value(n));
        if b == Val::None || n == Val::None {
            return V::F;
        }
        if let Some(m) = lacking(&[&b, &n]) {
            return V::U(m);
        }
        let (Val::Days(lo, hi), Val::Int(n)) = (b, n) else { return V::F };
        let years = |birth: i64, day: i64| {
            let mut n = 0;
            while clock::months_long(birth, 12 * (n + 1)) <= day {
                n += 1;
            }
            n
        };
        let (d0, d1) = self.zone.day(self.t);
        let mut m = Missing::new();
        if years(lo, d0) != years(lo, d1) || years(hi, d0) != years(hi, d1) {
            m.insert(ZONE.to_string());
        }
        if lo != hi {
            m.extend(names(birth, self));
        }
        self.decided(ordered((years(hi, d0), years(lo, d1)), op, (n, n)), &m)
    }

    /// Every date that today can be agrees, or the zone is missing.
    fn on_days(&self, f: impl Fn(i64) -> Option<bool>) -> V {
        let (a, b) = self.zone.day(self.t);
        let mut answers = Vec::new();
        for d in a..=b {
            match f(d) {
                Some(x) => answers.push(V::of(x)),
                None => return V::lacks("calendar"),
            }
        }
        V::agree(answers, &[ZONE.to_string()].into())
    }

    pub(super) fn calendar(&self, i: usize) -> Option<&'c Calendar> {
        self.policy().calendars.get(i).map(|c| &**c)
    }

    fn local_time(&self, hours: &Hours) -> V {
        let between = |a: u32, b: u32| if a > b { vec![(a, 86_400), (0, b)] } else { vec![(a, b)] };
        let rows: Box<dyn Fn(i64) -> Result<Vec<(u32, u32)>, V>> = match hours {
            Hours::Between(a, b) => {
                let (a, b) = (*a, *b);
                Box::new(move |_| Ok(between(a, b)))
            }
            Hours::Week(week, calendar) => {
                let calendar = calendar.and_then(|i| self.calendar(i));
                Box::new(move |d| {
                    if let (Some(rows), Some(c)) = (week.holiday(), calendar) {
                        match holiday(c, d) {
                            Some(true) => return Ok(rows.rows().to_vec()),
                            Some(false) => {}
                            None => return Err(V::lacks("calendar")),
                        }
                    }
                    Ok(week.day(weekday(d)).rows().to_vec())
                })
            }
            Hours::Fact(op) => match self.value(op) {
                Val::Unknown(m) => return V::U(m),
                Val::Raw(json) => Box::new(move |d| self.json_rows(&json, d)),
                // No hours of one's own: nothing is closed.
                _ => return V::T,
            },
        };
        match self.zone {
            Zone::Known(wall) => {
                let (day, _) = self.zone.day(self.t);
                let now = wall.time_of_day(self.t);
                let rows = match rows(day) {
                    Ok(r) => r,
                    Err(v) => return v,
                };
                V::of(rows.iter().any(|(a, b)| i64::from(*a) * SECOND <= now && now < i64::from(*b) * SECOND))
            }
            Zone::Unknown => {
                // Known only where it is the same at any hour of any day that can be.
                let (a, _) = self.zone.day(self.t);
                let days: Result<Vec<_>, V> = (a..a + 7).map(|d| rows(d)).collect();
                let mut days = match days {
                    Ok(d) => d,
                    Err(v) => return v,
                };
                if let Hours::Week(week, _) = hours
                    && let Some(h) = week.holiday()
                {
                    days.push(h.rows().to_vec());
                }
                if days.iter().all(|d| whole(d)) {
                    V::T
                } else if days.iter().all(|d| d.iter().all(|(a, b)| a >= b)) {
                    V::F
                } else {
                    V::lacks(ZONE)
                }
            }
        }
    }

    fn json_rows(&self, week: &Json, day: i64) -> Result<Vec<(u32, u32)>, V> {
        const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let mut key = NAMES.get(usize::try_from(clock::weekday(day)).unwrap_or(0)).copied().unwrap_or("mon");
        if week.get("holiday").is_some()
            && let Some(name) = week.get("calendar").and_then(Json::as_str)
        {
            let calendar = self
                .policy()
                .calendars
                .iter()
                .find(|c| c.name() == name || c.name().ends_with(&format!(".{name}")));
            match calendar.and_then(|c| holiday(c, day)) {
                Some(true) => key = "holiday",
                Some(false) => {}
                None => return Err(V::lacks("calendar")),
            }
        }
        let seconds = |j: &Json| {
            let (h, m) = j.as_str()?.split_once(':')?;
            Some(h.parse::<u32>().ok()? * 3600 + m.parse::<u32>().ok()? * 60)
        };
        let rows = week.get(key).and_then(Json::as_array).cloned().unwrap_or_default();
        Ok(rows.iter().filter_map(|r| Some((seconds(r.get(0)?)?, seconds(r.get(1)?)?))).collect())
    }

    /// True from the start of a date that lies between the two.
    pub(super) fn from_dates(&self, lo: i64, hi: i64) -> V {
        let mut m = Missing::new();
        let band = |d: i64| {
            let (a, b) = self.zone.start(d);
            a <= self.t && self.t < b
        };
        if band(lo) || band(hi) {
            m.insert(ZONE.to_string());
        }
        if self.t >= self.zone.start(hi).1 {
            V::T
        } else if self.t < self.zone.start(lo).0 {
            V::F
        } else {
            V::U(m)
        }
    }

    fn from_moment(&self, m: &byleave::typed::Moment, before: bool) -> V {
        self.moments(m, |cx, m| {
            let v = match m {
                // No such moment: it has not come.
                Moment::None => V::F,
                Moment::At(x, _) => V::of(cx.t >= *x),
                Moment::Days(a, b) => cx.from_dates(*a, *b),
            };
            if before { v.not() } else { v }
        })
    }

    /// The dates a moment can fall on; none for no moment.
    pub(super) fn dates(&self, m: &Moment) -> Option<(i64, i64)> {
        match m {
            Moment::None => None,
            Moment::At(x, _) => Some(self.zone.day(*x)),
            Moment::Days(a, b) => Some((*a, *b)),
        }
    }

    fn span(&self, amount: &AmountOf) -> Result<Amount, V> {
        match self.value(&amount.amount) {
            Val::Span(a) => Ok(a),
            Val::Unknown(m) => Err(V::U(m)),
            _ => Err(V::F),
        }
    }

    fn no_later(&self, amount: &AmountOf, m: &Moment) -> V {
        let Some((a, b)) = self.dates(m) else { return V::F };
        let span = match self.span(amount) {
            Ok(s) => s,
            Err(v) => return v,
        };
        if let Some(length) = span.elapsed() {
            return match m {
                Moment::At(x, _) => V::of(self.t < x.saturating_add(length)),
                _ => {
                    let (lo, hi) = (self.zone.start(a).0 + length, self.zone.start(b).1 + length);
                    if self.t < lo {
                        V::T
                    } else if self.t >= hi {
                        V::F
                    } else {
                        V::lacks(ZONE)
                    }
                }
            };
        }
        let short = |d| {
            if self.case.mutant == Some(Mutant::MonthsClampForward) {
                clock::months_long(d, i64::from(span.months().unwrap_or(0)))
            } else {
                clock::months_short(d, i64::from(span.months().unwrap_or(0)))
            }
        };
        match (span.unit, span.days()) {
            (Unit::BusinessDay, _) => {
                match (self.business(a, span.n, amount), self.business(b, span.n, amount)) {
                    (Some(a), Some(b)) => self.from_dates(a + 1, b + 1).not(),
                    _ => V::lacks("calendar"),
                }
            }
            (_, Some(n)) => self.from_dates(a + i64::from(n) + 1, b + i64::from(n) + 1).not(),
            _ => self.from_dates(short(a) + 1, short(b) + 1).not(),
        }
    }

    fn passed(&self, amount: &AmountOf, m: &Moment) -> V {
        let Some((a, b)) = self.dates(m) else { return V::T };
        let span = match self.span(amount) {
            Ok(s) => s,
            Err(v) => return v,
        };
        if let Some(length) = span.elapsed() {
            return match m {
                Moment::At(x, _) => V::of(self.t >= x.saturating_add(length)),
                _ => {
                    let (lo, hi) = (self.zone.start(a).0 + length, self.zone.start(b).1 + length);
                    if self.t < lo {
                        V::F
                    } else if self.t >= hi {
                        V::T
                    } else {
                        V::lacks(ZONE)
                    }
                }
            };
        }
        let months = i64::from(span.months().unwrap_or(0));
        let long = |d| {
            if self.case.mutant == Some(Mutant::WaitClampedBack) {
                clock::months_short(d, months)
            } else {
                clock::months_long(d, months)
            }
        };
        match (span.unit, span.days()) {
            (Unit::BusinessDay, _) => {
                match (self.business(a, span.n, amount), self.business(b, span.n, amount)) {
                    (Some(a), Some(b)) => self.from_dates(a + 1, b + 1),
                    _ => V::lacks("calendar"),
                }
            }
            (_, Some(n)) => self.from_dates(a + i64::from(n), b + i64::from(n)),
            _ => self.from_dates(long(a), long(b)),
        }
    }

    /// The n-th business day after, the date itself being day 0.
    fn business(&self, date: i64, n: u32, amount: &AmountOf) -> Option<i64> {
        let calendar = self.calendar(amount.calendar?)?;
        let mut d = date;
        for _ in 0..n {
            d += 1;
            while !business_day(calendar, d)? {
                d += 1;
            }
        }
        Some(d)
    }

    fn listed(&self, i: usize) -> V {
        let Some(list) = self.policy().vocabulary.lists.get(i) else { return V::F };
        let unknown = V::lacks(&list.missing);
        let address = self.case.facts.request.get("address").and_then(|a| a.get("value"));
        let Some(address) = address.and_then(Json::as_str) else {
            return if address.is_some() { unknown } else { unknown.and(V::lacks("address.value")) };
        };
        let complete =
            self.case.facts.complete("lists") || self.case.facts.complete(&format!("lists.{}", list.name));
        let Some(all) = self.case.facts.events(EventList::Lists) else {
            return if complete { V::F } else { unknown };
        };
        let mine: Vec<&Json> = all
            .iter()
            .map(|e| e.json)
            .filter(|e| e.get("list").and_then(Json::as_str) == Some(&list.name))
            .filter(|e| e.get("address").and_then(Json::as_str) == Some(address))
            .collect();
        let version =
            |e: &Json| e.get("version_at").and_then(Json::as_str).and_then(clock::parse_date).map(|d| d.0);
        let Some(newest) = mine.iter().map(|e| version(e)).max() else {
            return if complete { V::F } else { unknown };
        };
        // Versions of one day that disagree: listed is the cautious one.
        let results: Vec<&str> = mine
            .iter()
            .filter(|e| version(e) == newest)
            .filter_map(|e| e.get("result").and_then(Json::as_str))
            .collect();
        let value = if results.contains(&"listed") {
            V::T
        } else if results.contains(&"no_data") || results.is_empty() {
            return unknown;
        } else {
            V::F
        };
        let Some(good) = list.good_days else { return value };
        let Some(version) = newest else { return unknown };
        if self.case.mutant == Some(Mutant::StaleListKept) {
            return value;
        }
        match self.from_dates(version + i64::from(good) + 1, version + i64::from(good) + 1) {
            V::F => value,
            V::T => unknown,
            V::U(m) => V::agree([value, unknown], &m),
        }
    }

    fn signal(&self, kind: &str) -> V {
        let Some(all) = self.case.frozen(EventList::Signals) else { return V::lacks("signals") };
        V::any(all.iter().filter(|e| e.text("kind") == Some(kind)).map(|e| {
            match e.json.get("on").and_then(Json::as_bool) {
                Some(b) => V::of(b),
                None => V::lacks("signals.on"),
            }
        }))
    }

    fn authorised(&self) -> V {
        let v = &self.policy().vocabulary;
        let get = |path: &str| v.fact(path).map(|f| self.case.facts.get(f));
        let role = match get("recipient.role") {
            Some(Val::Nodes(n)) => n,
            Some(Val::Unknown(m)) => return V::U(m),
            _ => return V::F,
        };
        let tree = v.taxonomy("recipient_role").map(|t| t.1);
        let own =
            tree.is_some_and(|t| t.find("self").is_some_and(|s| role.iter().any(|r| is_under(t, *r, s))));
        if own {
            return V::T;
        }
        let flag = |path: &str, wanted: bool| match get(path) {
            None | Some(Val::None) => V::of(!wanted),
            Some(Val::Unknown(m)) => V::U(m),
            Some(Val::Bool(b)) => V::of(b == wanted),
            Some(_) => V::F,
        };
        let exception = match get("recipient.minor_exception") {
            None | Some(Val::None) => V::T,
            Some(Val::Unknown(m)) => V::U(m),
            Some(_) => V::F,
        };
        let covers = match get("recipient.authority.scope") {
            Some(Val::Raw(s)) => self.scope_covers_contact(&s, None),
            Some(Val::Unknown(m)) => V::U(m),
            _ => V::T,
        };
        let unexpired = match get("recipient.authority.expires_on") {
            Some(Val::Days(_, b)) => self.from_dates(b + 1, b + 1).not(),
            Some(Val::Unknown(m)) => V::U(m),
            _ => V::T,
        };
        V::all([
            flag("recipient.authority.recorded", true),
            unexpired,
            covers,
            exception,
            flag("recipient.endangerment", true).not(),
        ])
    }
}

/// The names under which an operand's value is missing.
pub(super) fn names(op: &Operand, cx: &Cx<'_>) -> Missing {
    match op {
        Operand::Fact(f) | Operand::EventField(f) | Operand::Age(f) | Operand::Map(f, _) => {
            cx.policy().vocabulary.decl(*f).map(|d| d.missing.clone()).into_iter().collect()
        }
        Operand::Record(_) => cx.record.map(|r| r.missing.to_string()).into_iter().collect(),
        _ => Missing::new(),
    }
}

fn length(a: Amount) -> i64 {
    a.elapsed()
        .or_else(|| a.days().map(|d| i64::from(d) * DAY))
        .or_else(|| a.months().map(|m| i64::from(m) * 30 * DAY))
        .unwrap_or(0)
}

fn whole(rows: &[(u32, u32)]) -> bool {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    let mut reached = 0;
    for (a, b) in rows {
        if a > reached {
            return false;
        }
        reached = reached.max(b);
    }
    reached >= 86_400
}

/// Monday is 0.
pub(super) fn number(w: Weekday) -> i64 {
    match w {
        Weekday::Mon => 0,
        Weekday::Tue => 1,
        Weekday::Wed => 2,
        Weekday::Thu => 3,
        Weekday::Fri => 4,
        Weekday::Sat => 5,
        Weekday::Sun => 6,
    }
}

fn weekday(day: i64) -> Weekday {
    const ALL: [Weekday; 7] =
        [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    ALL.get(usize::try_from(clock::weekday(day)).unwrap_or(0)).copied().unwrap_or(Weekday::Mon)
}

/// The days of a year that a holiday is: the day itself, and the one on which it is observed.
fn days_of(rule: &byleave::time::HolidayRule, year: i64) -> Option<(i64, i64)> {
    let year16 = i16::try_from(year).ok()?;
    let small = |n: u8| i8::try_from(n).unwrap_or(1);
    if rule.since.is_some_and(|s| year < i64::from(s)) || rule.until.is_some_and(|u| year > i64::from(u)) {
        return None;
    }
    let first = |month: u8| jiff::civil::Date::new(year16, small(month), 1).ok();
    let jw =
        |w: Weekday| jiff::civil::Weekday::from_monday_zero_offset(i8::try_from(number(w)).unwrap_or(0)).ok();
    let day = match rule.on {
        Holiday::Fixed { month, day } => jiff::civil::Date::new(year16, small(month), small(day)).ok()?,
        Holiday::NthWeekday { nth, weekday, month } => {
            first(month)?.nth_weekday_of_month(small(nth), jw(weekday)?).ok()?
        }
        Holiday::LastWeekday { weekday, month } => {
            first(month)?.nth_weekday_of_month(-1, jw(weekday)?).ok()?
        }
        Holiday::WeekdayBefore { weekday, month, day } => {
            jiff::civil::Date::new(year16, small(month), small(day))
                .ok()?
                .nth_weekday(-1, jw(weekday)?)
                .ok()?
        }
        Holiday::WeekdayAfter { weekday, month, day } => {
            jiff::civil::Date::new(year16, small(month), small(day))
                .ok()?
                .nth_weekday(1, jw(weekday)?)
                .ok()?
        }
        Holiday::Easter { offset } => clock::civil(easter(year) + i64::from(offset)),
        Holiday::Once(d) => clock::civil(i64::from(d.0)),
    };
    let day = clock::number(day);
    let observed = match (rule.observed, clock::weekday(day)) {
        (Observed::NearestWeekday, 5) => day - 1,
        (Observed::NearestWeekday | Observed::NextMonday, 6) => day + 1,
        _ => day,
    };
    Some((day, observed))
}

/// Western Easter Sunday, by Gauss's way with its two corrections.
fn easter(year: i64) -> i64 {
    let (a, b, c) = (year % 19, year % 4, year % 7);
    let k = year / 100;
    let m = (15 - (13 + 8 * k) / 25 + k - k / 4).rem_euclid(30);
    let n = (4 + k - k / 4).rem_euclid(7);
    let d = (19 * a + m) % 30;
    let e = (2 * b + 4 * c + 6 * d + n) % 7;
    let mut april = d + e - 9;
    if d == 29 && e == 6 {
        april = 19;
    } else if d == 28 && e == 6 && (11 * m + 11) % 30 < 19 {
        april = 18;
    }
    jiff::civil::Date::new(i16::try_from(year).unwrap_or(2000), 4, 1).map_or(0, clock::number) + april - 1
}

thread_local! {
    /// Days of the holidays of a calendar's year: reading them off the rules for each question would be slower than slow.
    static YEARS: std::cell::RefCell<std::collections::BTreeMap<(String, usize, i64), Vec<(i64, i64)>>> =
        const { std::cell::RefCell::new(std::collections::BTreeMap::new()) };
}

fn kept(calendar: &Calendar, day: i64, pick: impl Fn((i64, i64)) -> bool) -> Option<bool> {
    let year = i64::from(clock::civil(day).year());
    if !calendar.covers().contains(&i32::try_from(year).ok()?) {
        return None;
    }
    let key = (calendar.name().to_string(), calendar.rules().len(), year);
    YEARS.with_borrow_mut(|all| {
        let days = all.entry(key).or_insert_with(|| {
            let of = |r| (year - 1..=year + 1).filter_map(move |y| days_of(r, y));
            calendar.rules().iter().flat_map(of).collect()
        });
        Some(days.iter().copied().any(pick))
    })
}

/// A holiday or its observed day; `None` outside the calendar's years.
pub(super) fn holiday(calendar: &Calendar, day: i64) -> Option<bool> {
    if calendar.rules().iter().any(|r| r.observed == Observed::FollowingWeekday) {
        return calendar.is_holiday(byleave::time::Date(i32::try_from(day).ok()?)).ok();
    }
    kept(calendar, day, |(own, observed)| own == day || observed == day)
}

/// Monday to Friday and no holiday observed on it.
pub(super) fn business_day(calendar: &Calendar, day: i64) -> Option<bool> {
    if calendar.rules().iter().any(|r| r.observed == Observed::FollowingWeekday) {
        return calendar.is_business_day(byleave::time::Date(i32::try_from(day).ok()?)).ok();
    }
    kept(calendar, day, |(_, observed)| observed == day).map(|h| !h && clock::weekday(day) < 5)
}

/// The words of a JSON set.
pub(super) fn strings(json: &Json) -> Vec<&str> {
    each(json).filter_map(Json::as_str).collect()
}
