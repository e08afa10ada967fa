//! Conditions at one instant, for one candidate zone, by their definitions.

use super::calendar::{business_day, holiday, number};
use super::clock::{self, DAY, Zone};
use super::facts::{Event, Val, each, is};
use super::history::Moment;
use super::kleene::{Missing, V};
use super::{Case, Mutant};
use byleave::taxonomy::{NodeId, Taxonomy, TaxonomyId};
use byleave::time::Calendar;
use byleave::typed::{AmountOf, Cond, CondAt, How, Op, Operand};
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

/// Whether a history is asked in it: only of that is there something which nobody keeps.
fn history_in(c: &CondAt) -> bool {
    let newest = |m: &byleave::typed::Moment| matches!(m, byleave::typed::Moment::Latest(_));
    match &c.cond {
        Cond::Consent(_) | Cond::Refused(_) | Cond::Count(_) => true,
        Cond::Before(m) | Cond::From(m) | Cond::NoLaterThan(_, m) | Cond::Passed(_, m) => newest(m),
        Cond::LocalDaysOf { of, .. } => newest(of),
        _ => c.form().1.iter().any(history_in),
    }
}

impl<'c> Cx<'c> {
    pub(super) fn policy(&self) -> &'c byleave::typed::Policy {
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
            Operand::Fact(f) => match facts.get(*f) {
                // Named, but not there, or there twice.
                Val::Event(id) if self.event_called(&id).is_none() => Val::Unknown(names(op, self)),
                v => v,
            },
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
            Cond::Known(inner) => match self.cond(inner) {
                V::U(m) if history_in(inner) => V::U(m).and(self.contact_told().not()),
                v => V::of(v == V::T),
            },
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
                Val::AtLeast(n, m) => {
                    let marked = n.iter().any(|n| super::facts::inherits(self.tree(*taxonomy), *n, mark));
                    if marked { V::T } else { V::U(m) }
                }
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
            Cond::NoLaterThan(amount, m) => {
                self.moments(m, self.in_dates(amount), |cx, m| cx.no_later(amount, m))
            }
            Cond::Passed(amount, m) => self.moments(m, self.in_dates(amount), |cx, m| cx.passed(amount, m)),
            Cond::LocalDaysOf { from, to, of } => self.moments(of, true, |cx, m| {
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
            Cond::CoversAllOfContact(scope) => match self.value(scope) {
                Val::Unknown(m) => V::U(m),
                Val::Raw(s) => self.scope_covers_all_of_contact(&s),
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
            // Only words are left of it: what it asks, nobody who reads policy knows.
            Cond::Said(_) => V::U(Missing::default()),
            Cond::EventWhere { what, list, filter } => self.event_where(what, *list, filter),
        }
    }

    /// Whether the host says by which channel, and for what, it would make the contact.
    fn contact_told(&self) -> V {
        let facts = ["contact.channel", "contact.purpose"].map(|it| self.policy().vocabulary.fact(it));
        V::all(facts.into_iter().flatten().map(|fact| match self.case.facts.get(fact) {
            Val::Unknown(m) => V::U(m),
            v => V::of(v != Val::None),
        }))
    }

    pub(super) fn decided(&self, b: Option<bool>, m: &Missing) -> V {
        b.map_or_else(|| V::U(m.clone()), V::of)
    }

    fn is(&self, what: &Operand, how: How, taxonomy: TaxonomyId, wanted: &[NodeId]) -> V {
        let m = names(what, self);
        let have = match self.value(what) {
            Val::Unknown(m) => return V::U(m),
            Val::Nodes(n) => n,
            // One more may turn some to true and all to false.
            Val::AtLeast(n, lacks) => {
                let rest = if how == How::Only { V::of(false) } else { V::of(true) };
                return match self.is_of(&n, &lacks, how, taxonomy, wanted) {
                    v if v == rest => v,
                    _ => V::U(lacks),
                };
            }
            _ => return V::F,
        };
        self.is_of(&have, &m, how, taxonomy, wanted)
    }

    fn is_of(&self, have: &[NodeId], m: &Missing, how: How, taxonomy: TaxonomyId, wanted: &[NodeId]) -> V {
        let tree = self.tree(taxonomy);
        let under = |n: NodeId| V::any(wanted.iter().map(|w| is(tree, n, *w, m)));
        match how {
            How::Some => V::any(have.iter().map(|n| under(*n))),
            How::Only => V::all(have.iter().map(|n| under(*n))),
            How::Includes => V::all(wanted.iter().map(|w| V::any(have.iter().map(|n| is(tree, *n, *w, m))))),
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
        if n == Val::None {
            return V::F;
        }
        // Everybody was born.
        if b == Val::None {
            return V::U(names(birth, self));
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
        let answers: Vec<Option<bool>> = (a..=b).map(f).collect();
        let mut missing = Missing::new();
        if answers.contains(&None) {
            missing.insert("calendar".to_string());
        }
        if answers.iter().any(|x| x != &answers[0]) {
            missing.insert(ZONE.to_string());
        }
        match answers[0] {
            Some(x) if missing.is_empty() => V::of(x),
            _ => V::U(missing),
        }
    }

    pub(super) fn calendar(&self, i: usize) -> Option<&'c Calendar> {
        self.policy().calendars.get(i).map(|c| &**c)
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
        self.moments(m, false, |cx, m| {
            let v = match m {
                // No such moment: it has not come.
                Moment::None | Moment::FarAhead => V::F,
                Moment::LongAgo => V::T,
                Moment::At(x, _) => V::of(cx.t >= *x),
                Moment::Days(a, b) => cx.from_dates(*a, *b),
            };
            if before { v.not() } else { v }
        })
    }

    /// The dates a moment can fall on; none for no moment.
    pub(super) fn dates(&self, m: &Moment) -> Option<(i64, i64)> {
        match m {
            Moment::None | Moment::LongAgo | Moment::FarAhead => None,
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

    /// The length is one of dates, not of elapsed time.
    fn in_dates(&self, amount: &AmountOf) -> bool {
        self.span(amount).is_ok_and(|a| a.elapsed().is_none())
    }

    fn no_later(&self, amount: &AmountOf, m: &Moment) -> V {
        if matches!(m, Moment::LongAgo | Moment::FarAhead) {
            return V::of(*m == Moment::FarAhead);
        }
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
                let after = |d| self.business_day_after(d, span.n, amount.calendar?);
                match (after(a), after(b)) {
                    (Some(a), Some(b)) => self.from_dates(a + 1, b + 1).not(),
                    _ => V::lacks("calendar"),
                }
            }
            (_, Some(n)) => self.from_dates(a + i64::from(n) + 1, b + i64::from(n) + 1).not(),
            _ => self.from_dates(short(a) + 1, short(b) + 1).not(),
        }
    }

    fn passed(&self, amount: &AmountOf, m: &Moment) -> V {
        if matches!(m, Moment::LongAgo | Moment::FarAhead) {
            return V::of(*m == Moment::LongAgo);
        }
        let Some((a, b)) = self.dates(m) else { return V::T };
        let span = match self.span(amount) {
            Ok(s) => s,
            Err(v) => return v,
        };
        if let Some(length) = span.elapsed() {
            return match m {
                Moment::At(x, _) => V::of(self.t >= x.saturating_add(length)),
                _ => {
                    // It may have been at the day's end: what makes wait is long.
                    let (lo, hi) = (self.zone.start(a + 1).0 + length, self.zone.start(b + 1).1 + length);
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
                let after = |d| self.business_day_after(d, span.n, amount.calendar?);
                match (after(a), after(b)) {
                    (Some(a), Some(b)) => self.from_dates(a + 1, b + 1),
                    _ => V::lacks("calendar"),
                }
            }
            (_, Some(n)) => self.from_dates(a + i64::from(n), b + i64::from(n)),
            _ => self.from_dates(long(a), long(b)),
        }
    }

    /// The n-th business day after, the date itself being day 0.
    pub(super) fn business_day_after(&self, date: i64, n: u32, calendar: usize) -> Option<i64> {
        let calendar = self.calendar(calendar)?;
        let mut d = date;
        for _ in 0..n {
            d += 1;
            while !business_day(calendar, d)? {
                d += 1;
            }
        }
        Some(d)
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

/// The words of a JSON set.
pub(super) fn strings(json: &Json) -> Vec<&str> {
    each(json).filter_map(Json::as_str).collect()
}
