//! Why: the facts that an unknown answer misses, and the facts that a decided answer rests on. Asked for reasons only, in
//! written order, never on the fast path.

use super::{Eval, Tri};
use crate::facts::{ConsentKind, Slot};
use crate::program::{Arg, Bits, Code, EventsCode, Kids, MomentCode, NO_NODE, NodeIx, WindowCode};
use crate::sorted::Sorted;
use crate::typed::{EventList, FactId};

/// Names of missing facts, as numbers of `Program::missing`.
pub type Why = Bits;

/// What an answer rests on: facts, whole histories, the recipient's zones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Support {
    /// Facts of one-of-a-kind entities.
    pub facts: Sorted<FactId>,
    /// Lists, whole: "and no others" is part of what was looked at.
    pub lists: Sorted<EventList>,
    /// Settings.
    pub settings: Sorted<u16>,
    /// The recipient's zones.
    pub zones: bool,
}

impl<'a> Eval<'a> {
    /// `M`: what the node misses in those of the lanes in which it is unknown. A leaf gives its facts; `∧` and `∨` the union
    /// over their unknown children.
    pub fn missing(&mut self, ix: NodeIx, lanes: u32, out: &mut Why) {
        let v = self.val(ix);
        let lanes = lanes & !v.t & !v.f;
        if lanes == 0 {
            return;
        }
        match self.p.nodes.get(ix as usize) {
            Some(Code::All(k) | Code::Any(k)) => {
                for kid in self.written_kids(*k) {
                    self.missing(kid, lanes, out);
                }
            }
            Some(Code::Not(k) | Code::Known(k)) => self.missing(*k, lanes, out),
            Some(code) => {
                let code = *code;
                self.leaf_missing(&code, lanes, out);
            }
            None => {}
        }
    }

    /// `S`: what a decided node rests on: of a false `∧` the false children, of a true one all; dually for `∨`.
    pub fn support(&mut self, ix: NodeIx, lanes: u32, out: &mut Support) {
        let v = self.val(ix);
        match self.p.nodes.get(ix as usize) {
            Some(Code::All(k)) => self.support_kids(*k, lanes & v.f, lanes & v.t, true, out),
            Some(Code::Any(k)) => self.support_kids(*k, lanes & v.t, lanes & v.f, false, out),
            Some(Code::Not(k) | Code::Known(k)) => self.support(*k, lanes, out),
            Some(code) => {
                let code = *code;
                self.leaf_support(&code, out);
            }
            None => {}
        }
    }

    fn support_kids(&mut self, k: Kids, decided: u32, whole: u32, all: bool, out: &mut Support) {
        for kid in self.written_kids(k) {
            let v = self.val(kid);
            let decides = if all { v.f & decided } else { v.t & decided };
            if decides != 0 || whole != 0 {
                self.support(kid, decides | whole, out);
            }
        }
    }

    /// Children in written order.
    #[must_use]
    pub fn written_kids(&self, k: Kids) -> Vec<NodeIx> {
        (k.at..k.at + k.len).filter_map(|i| self.p.kids.get(i as usize).copied()).collect()
    }

    fn name(&self, fact: FactId) -> Option<u32> {
        self.p.missing_of.get(fact.0 as usize).map(|n| u32::from(*n))
    }

    pub(super) fn miss_fact(&self, fact: FactId, out: &mut Why) {
        if matches!(self.facts.slot(fact), Slot::Unknown | Slot::NodesAtLeast(_)) {
            self.miss_always(fact, out);
        }
    }

    pub(super) fn miss_always(&self, fact: FactId, out: &mut Why) {
        let k = &self.p.known;
        let whole = !matches!(self.facts.slot(fact), Slot::Unknown | Slot::NodesAtLeast(_));
        // `contact.data` is made up of itself and of the fields' categories: what lacks is named, not the sum.
        if k.data == Some(fact) && !whole {
            let fields = k.fields.filter(|f| !matches!(self.facts.slot(*f), Slot::None));
            let name = |f: FactId, out: &mut Why| self.name(f).into_iter().for_each(|n| out.set(n));
            if !self.data_given() {
                name(fact, out);
            }
            if let Some(f) =
                fields.filter(|f| self.data_given() || matches!(self.facts.slot(*f), Slot::Unknown))
            {
                name(f, out);
            }
            return;
        }
        if let Some(n) = self.name(fact) {
            out.set(n);
        }
    }

    fn data_given(&self) -> bool {
        matches!(self.facts.own_data, Slot::Nodes(_) | Slot::None)
    }

    pub(super) fn miss_word(&self, word: &str, out: &mut Why) {
        if let Some(n) = self.p.missing.iter().position(|m| m == word) {
            out.set(n as u32);
        }
    }

    pub(super) fn miss_arg(&self, a: Arg, out: &mut Why) {
        match a {
            // Known, but abstract (`[US]`): which of its members, nobody said.
            Arg::Fact(f) => self.miss_always(f, out),
            Arg::Field(_, f) => self.miss_always(f, out),
            Arg::Map(n) => {
                if let Some(m) = self.p.maps.get(n as usize) {
                    self.miss_always(m.fact, out);
                    for key in [Some(m.first), m.second].into_iter().flatten() {
                        if let Arg::Fact(f) = key {
                            self.miss_fact(f, out);
                        }
                    }
                }
            }
            Arg::Record(_) => {
                if let Some(f) = self.record_fact() {
                    self.miss_always(f, out);
                }
            }
            Arg::Const(_) | Arg::Setting(_) | Arg::Dated(_) => {}
        }
    }

    /// Of two arguments, those that are unknown.
    fn miss_args(&self, args: [Arg; 2], out: &mut Why) {
        for a in args {
            if matches!(self.arg(a), Slot::Unknown | Slot::Date { .. } | Slot::Node(_) | Slot::Nodes(_)) {
                let only_unknown = args.iter().any(|b| matches!(self.arg(*b), Slot::Unknown));
                if !only_unknown || matches!(self.arg(a), Slot::Unknown) {
                    self.miss_arg(a, out);
                }
            }
        }
    }

    fn record_fact(&self) -> Option<FactId> {
        let (record, _) = self.record?;
        self.p.rules.iter().filter_map(|r| r.each).find(|f| match self.facts.slot(*f) {
            Slot::Records(list) => list.iter().any(|r| std::ptr::eq(r.as_ref(), record)),
            _ => false,
        })
    }

    pub(super) fn list_word(list: EventList) -> &'static str {
        match list {
            EventList::Consents => "consent",
            EventList::Contacts => "contacts",
            EventList::Interactions => "interactions",
            EventList::Lists => "lists",
            EventList::Signals => "signals",
        }
    }

    pub(super) fn unknown_zone(&self, lanes: u32) -> bool {
        (0..32).any(|l| lanes >> l & 1 == 1 && self.zone(l).is_none())
    }

    /// Of the days that today may be: the calendar, where it lacks one; the zone, where they do not all answer alike.
    fn miss_day(&mut self, calendar: u16, business: bool, lanes: u32, out: &mut Why) {
        for lane in (0..32).filter(|l| lanes >> l & 1 == 1) {
            let answers = self.day_answers(lane, calendar, business);
            if answers.contains(&Tri::U) {
                self.miss_word("calendar", out);
            }
            if answers.len() > 1 {
                self.miss_word("recipient_time_zone", out);
            }
        }
    }

    fn leaf_missing(&mut self, code: &Code, lanes: u32, out: &mut Why) {
        match *code {
            Code::True(a) | Code::Exists(a) | Code::In { arg: a, .. } | Code::Is { arg: a, .. } => {
                self.miss_arg(a, out)
            }
            Code::IsFact(f, _) => self.miss_always(f, out),
            Code::IsAmong { arg, of, .. } => self.miss_args([arg, of], out),
            Code::SameSeller(a) => {
                self.miss_unknown(a, out);
                if let Some(f) = self.p.known.seller {
                    self.miss_fact(f, out);
                }
            }
            Code::Same(a, b) | Code::Compare(a, _, b) | Code::CompareDay(a, _, b, _) => {
                self.miss_args([a, b], out)
            }
            Code::Age(f, _, n) => {
                self.miss_fact(f, out);
                if !matches!(self.facts.slot(f), Slot::Unknown) {
                    // A partial date, or no zone: whichever is wanting.
                    match self.facts.slot(f) {
                        Slot::Date { lo, hi } if lo != hi => self.miss_always(f, out),
                        Slot::None => self.miss_always(f, out),
                        _ => self.miss_word("recipient_time_zone", out),
                    }
                }
                self.miss_unknown(n, out);
            }
            Code::Today(_, a) => match self.arg(a) {
                Slot::Unknown => self.miss_arg(a, out),
                Slot::Date { lo, hi } if lo != hi => self.miss_arg(a, out),
                _ => self.miss_word("recipient_time_zone", out),
            },
            Code::Between(_) | Code::Week(_) | Code::Weekday(_) => self.miss_word("recipient_time_zone", out),
            Code::Holiday(c) => self.miss_day(c, false, lanes, out),
            Code::BusinessDay(c) => self.miss_day(c, true, lanes, out),
            Code::WeekOf(a) => match self.arg(a) {
                Slot::Week(_) => self.miss_word("recipient_time_zone", out),
                _ => self.miss_arg(a, out),
            },
            Code::Before(m) | Code::From(m) => self.miss_moment(m, lanes, false, out),
            Code::LocalDaysOf(m, ..) => self.miss_moment(m, lanes, true, out),
            Code::NoLaterThan(m, a, c) => {
                self.miss_wait(m, a, lanes, out);
                if self.lacks_year(m, a, c, lanes, false) {
                    self.miss_word("calendar", out);
                }
            }
            Code::Passed(m, a, c) => {
                self.miss_wait(m, a, lanes, out);
                if self.lacks_year(m, a, c, lanes, true) {
                    self.miss_word("calendar", out);
                }
            }
            Code::Consent(q) => self.miss_consent(q, lanes, out),
            Code::Refused(q) => self.miss_refused(q, lanes, out),
            Code::Count(q) => {
                if let Some(q) = self.p.counts.get(q as usize) {
                    self.miss_unknown(q.n, out);
                    if let WindowCode::Past(a) = q.window {
                        self.miss_unknown(a, out);
                    }
                    self.miss_count(q, lanes, out);
                }
            }
            Code::Listed(n) => {
                if let Some(l) = self.p.policy.vocabulary.lists.get(n as usize) {
                    self.miss_word(&l.missing, out);
                }
                self.miss_some(self.p.known.address, out);
            }
            Code::Signal(_) => self.miss_word("signals", out),
            Code::CoversContact(a) | Code::CoversAllOfContact(a) => {
                self.miss_unknown(a, out);
                if let Slot::Scope(s) = self.arg(a) {
                    self.miss_scope(s, out);
                }
            }
            Code::CoversEvent(a) => {
                self.miss_unknown(a, out);
                if let (Some((list, _)), Slot::Scope(scope)) = (self.event, self.arg(a)) {
                    self.miss_event_parts(list, scope, out);
                }
            }
            Code::EventCoversContact => {
                let row = self.event.map_or(0, |e| e.1 as usize);
                let facts = self.facts;
                if let Some(c) = facts.consents.items.get(row) {
                    self.miss_scope(&c.scope, out);
                }
            }
            Code::EventOfLevels(a) => {
                self.miss_unknown(a, out);
                let row = self.event.map_or(0, |e| e.1 as usize);
                let item = self.facts.consents.items.get(row);
                if item.is_some_and(|c| c.kind == ConsentKind::Grant && c.level.is_none()) {
                    self.miss_event(0, out);
                }
            }
            Code::Authorised => {
                let k = self.p.known;
                let [a, b, c] = k.authority;
                for f in [k.role, a, b, c, k.minor_exception, k.endangerment].into_iter().flatten() {
                    self.miss_fact(f, out);
                }
                let facts = self.facts;
                if let Some(Slot::Scope(s)) =
                    self.p.known.authority.get(1).copied().flatten().map(|f| facts.slot(f))
                {
                    self.miss_scope(s, out);
                }
                let expires = self.p.known.authority.get(2).copied().flatten().map(|f| facts.slot(f));
                if let (true, Some(Slot::Date { .. })) = (self.unknown_zone(lanes), expires) {
                    self.miss_word("recipient_time_zone", out);
                }
            }
            Code::EventIs(a, ..) => self.miss_arg(a, out),
            Code::EventWhere(a, list, filter) => match self.arg(a) {
                Slot::Event(e) if e.list == list => {
                    let before = self.event.replace((list, e.row));
                    self.missing(filter, lanes, out);
                    self.event = before;
                }
                _ => self.miss_arg(a, out),
            },
            Code::GivenToSeller => {
                let row = self.event.map_or(0, |e| e.1 as usize);
                match self.cell(self.p.known.consents.given_to, row) {
                    Slot::Node(_) => self.miss_some(self.p.known.seller, out),
                    _ => self.miss_event(4, out),
                }
            }
            Code::Includes(_, name) => out.set(u32::from(name)),
            Code::NeededFields(_) => {
                if let Some(f) = self.p.known.fields {
                    self.miss_always(f, out);
                }
            }
            // It asks for what `contact.data` itself says; the fields are asked beside it.
            Code::DataOnly(_) => {
                self.p.known.data.and_then(|f| self.name(f)).into_iter().for_each(|n| out.set(n));
            }
            Code::Const(_)
            | Code::All(_)
            | Code::Any(_)
            | Code::Not(_)
            | Code::Known(_)
            | Code::InForce(_) => {}
        }
    }

    pub(super) fn miss_unknown(&self, a: Arg, out: &mut Why) {
        if matches!(self.arg(a), Slot::Unknown) {
            self.miss_arg(a, out);
        }
    }

    /// The contact's own parts that a scope names and nobody gave.
    fn miss_scope(&self, scope: &crate::facts::Scope, out: &mut Why) {
        if self.scope_covers(scope) == Tri::U || self.scope_covers_whole(scope) == Tri::U {
            self.pairs(None, &mut |pair| self.miss_covers(scope, pair, super::cover::Reading::Plain, out));
        }
    }

    fn rest_on(&self, a: Arg, out: &mut Support) {
        // An event that is named is one of its list.
        if let Slot::Event(e) = self.arg(a) {
            out.lists.insert(e.list);
        }
        match a {
            Arg::Fact(f) => {
                out.facts.insert(f);
            }
            Arg::Map(n) => {
                if let Some(m) = self.p.maps.get(n as usize) {
                    out.facts.insert(m.fact);
                    for key in [Some(m.first), m.second].into_iter().flatten() {
                        self.rest_on(key, out);
                    }
                }
            }
            Arg::Setting(n) => {
                out.settings.insert(n);
            }
            Arg::Record(_) => {
                if let Some(f) = self.record_fact() {
                    out.facts.insert(f);
                }
            }
            Arg::Const(_) | Arg::Dated(_) | Arg::Field(..) => {}
        }
    }

    /// What a refusal rests on that decides a reason's kind, whether or not the answer hangs on consent.
    pub(crate) fn rest_on_refusals(&self, out: &mut Support) {
        out.lists.insert(EventList::Consents);
        self.rest_on_scope(out);
    }

    fn rest_on_scope(&self, out: &mut Support) {
        let k = &self.p.known;
        out.facts
            .extend([k.channel, k.purpose, k.topic, k.sender, k.address, k.matter].into_iter().flatten());
    }

    fn rest_on_node(&mut self, ix: NodeIx, out: &mut Support) {
        if ix == NO_NODE {
            return;
        }
        match self.p.nodes.get(ix as usize) {
            Some(Code::All(k) | Code::Any(k)) => {
                for kid in self.written_kids(*k) {
                    self.rest_on_node(kid, out);
                }
            }
            Some(Code::Not(k) | Code::Known(k)) => self.rest_on_node(*k, out),
            Some(code) => {
                let code = *code;
                self.leaf_support(&code, out);
            }
            None => {}
        }
    }

    fn rest_on_events(&mut self, set: EventsCode, out: &mut Support) {
        out.lists.insert(set.list);
        self.rest_on_node(set.filter, out);
    }

    fn rest_on_moment(&mut self, m: u32, out: &mut Support) {
        match self.p.moments.get(m as usize) {
            Some(MomentCode::At(a)) => {
                self.rest_on(*a, out);
                if let Slot::Event(e) = self.arg(*a) {
                    out.lists.insert(e.list);
                }
                out.zones = true;
            }
            Some(MomentCode::Latest(set)) => {
                out.zones = true;
                self.rest_on_events(*set, out);
            }
            Some(MomentCode::Refusal(_)) | None => {}
        }
    }

    fn leaf_support(&mut self, code: &Code, out: &mut Support) {
        match *code {
            Code::True(a) | Code::Exists(a) | Code::In { arg: a, .. } | Code::Is { arg: a, .. } => {
                self.rest_on(a, out)
            }
            Code::IsFact(f, _) => {
                out.facts.insert(f);
            }
            Code::SameSeller(a) => {
                self.rest_on(a, out);
                out.facts.extend(self.p.known.seller);
            }
            Code::IsAmong { arg: a, of: b, .. }
            | Code::Same(a, b)
            | Code::Compare(a, _, b)
            | Code::CompareDay(a, _, b, _) => {
                self.rest_on(a, out);
                self.rest_on(b, out);
            }
            Code::Age(f, _, n) => {
                out.facts.insert(f);
                out.zones = true;
                self.rest_on(n, out);
            }
            Code::Today(_, a) | Code::WeekOf(a) => {
                self.rest_on(a, out);
                out.zones = true;
            }
            Code::Between(_) | Code::Week(_) | Code::Weekday(_) | Code::Holiday(_) | Code::BusinessDay(_) => {
                out.zones = true;
            }
            Code::Before(m) | Code::From(m) | Code::LocalDaysOf(m, ..) => self.rest_on_moment(m, out),
            Code::NoLaterThan(m, a, _) | Code::Passed(m, a, _) => {
                self.rest_on_moment(m, out);
                self.rest_on(a, out);
            }
            Code::Consent(ix) => {
                out.lists.insert(EventList::Consents);
                self.rest_on_scope(out);
                out.zones = true;
                let k = &self.p.known;
                out.facts.extend([k.person_id, k.recipient_id, k.role].into_iter().flatten());
                if let Some(q) = self.p.consents.get(ix as usize) {
                    self.rest_on_node(q.filter, out);
                    if let Some(past) = q.given {
                        self.rest_on(past, out);
                    }
                    if q.heeds_seller {
                        out.facts.extend(k.seller);
                    }
                    for r in &q.reaches {
                        self.rest_on_node(r.filter, out);
                    }
                    if let Some(i) = q.instrument.and_then(|i| self.p.instruments.get(i as usize)) {
                        for (_, when, _) in &i.elements {
                            self.rest_on_node(*when, out);
                        }
                        for void in &i.void {
                            self.rest_on_node(*void, out);
                        }
                    }
                }
            }
            Code::Refused(ix) => {
                out.lists.insert(EventList::Consents);
                self.rest_on_scope(out);
                out.zones = true;
                let k = &self.p.known;
                out.facts.extend([k.seller, k.person_id, k.recipient_id, k.role].into_iter().flatten());
                if let Some(q) = self.p.refusals.get(ix as usize) {
                    self.rest_on_node(q.filter, out);
                    self.rest_on_node(q.renewed_filter, out);
                    for r in &q.reaches {
                        self.rest_on_node(r.filter, out);
                    }
                    if let Some(a) = q.except {
                        self.rest_on(a, out);
                    }
                }
            }
            Code::Count(ix) => {
                if let Some(q) = self.p.counts.get(ix as usize) {
                    self.rest_on_events(q.events, out);
                    self.rest_on(q.n, out);
                    match q.window {
                        WindowCode::Past(a) => {
                            self.rest_on(a, out);
                            out.zones = true;
                        }
                        WindowCode::Since(m) => self.rest_on_moment(m, out),
                        WindowCode::Always => {}
                        WindowCode::Week(_) | WindowCode::Month => out.zones = true,
                    }
                }
            }
            Code::Listed(_) => {
                out.lists.insert(EventList::Lists);
                out.facts.extend(self.p.known.address);
                out.zones = true;
            }
            Code::Signal(_) => {
                out.lists.insert(EventList::Signals);
            }
            Code::CoversContact(a)
            | Code::CoversAllOfContact(a)
            | Code::CoversEvent(a)
            | Code::EventOfLevels(a) => {
                self.rest_on(a, out);
                self.rest_on_scope(out);
            }
            Code::EventCoversContact => self.rest_on_scope(out),
            Code::Authorised => {
                let k = self.p.known;
                out.facts.extend(k.authority.into_iter().flatten());
                out.facts.extend([k.role, k.minor_exception, k.endangerment].into_iter().flatten());
                out.zones = true;
                self.rest_on_scope(out);
            }
            Code::EventIs(a, list, _) => {
                self.rest_on(a, out);
                out.lists.insert(list);
            }
            Code::EventWhere(a, list, filter) => {
                self.rest_on(a, out);
                out.lists.insert(list);
                self.rest_on_node(filter, out);
            }
            Code::GivenToSeller => {
                out.lists.insert(EventList::Consents);
                out.facts.extend(self.p.known.seller);
            }
            Code::Includes(..) => {
                out.facts.extend([self.p.known.includes, self.p.known.stage].into_iter().flatten())
            }
            Code::NeededFields(_) => out.facts.extend(self.p.known.fields),
            Code::DataOnly(_) => out.facts.extend(self.p.known.data),
            Code::Const(_)
            | Code::All(_)
            | Code::Any(_)
            | Code::Not(_)
            | Code::Known(_)
            | Code::InForce(_) => {}
        }
    }
}
