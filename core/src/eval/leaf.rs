//! Questions whose answer time cannot change: taxonomies, comparisons, scopes, content, data.

use super::{Eval, Tri};
use crate::facts::{Part, Scope, Slot, TextId};
use crate::program::{Arg, Code, EventsCode, NodeIx, NodeSet};
use crate::taxonomy::{NodeId, TaxonomyId};
use crate::typed::{EventList, FactId, How, Op};

static UNKNOWN: Slot = Slot::Unknown;

impl<'a> Eval<'a> {
    /// Where a value comes from, followed.
    #[inline]
    pub(super) fn arg(&self, a: Arg) -> &'a Slot {
        match a {
            Arg::Fact(f) => self.facts.slot(f),
            Arg::Const(n) => self.p.consts.get(n as usize).unwrap_or(&UNKNOWN),
            Arg::Field(column, _) => match self.event {
                Some((list, row)) => self.facts.events(list).cell(column, row as usize),
                None => &UNKNOWN,
            },
            Arg::Record(n) => self.record.and_then(|(r, _)| r.get(n as usize)).unwrap_or(&UNKNOWN),
            Arg::Setting(n) => self.facts.settings.get(n as usize).unwrap_or(&UNKNOWN),
            Arg::Dated(n) => self.dated(n, self.t),
            Arg::Map(n) => self.map(n),
        }
    }

    /// The edition at an instant.
    pub(super) fn dated(&self, n: u16, at: i64) -> &'a Slot {
        let Some(editions) = self.p.dated.get(n as usize) else { return &UNKNOWN };
        let i = editions.partition_point(|(from, _)| from.0 <= at);
        i.checked_sub(1).and_then(|i| editions.get(i)).map_or(&UNKNOWN, |(_, slot)| slot)
    }

    /// When a dated value's next edition begins; never, for anything else.
    pub fn dated_until(&self, a: Arg) -> i64 {
        let Arg::Dated(n) = a else { return super::NEVER };
        let Some(editions) = self.p.dated.get(n as usize) else { return super::NEVER };
        let i = editions.partition_point(|(from, _)| from.0 <= self.t);
        editions.get(i).map_or(super::NEVER, |(from, _)| from.0)
    }

    pub(super) fn node_dated_until(&self, ix: NodeIx) -> i64 {
        match self.p.nodes.get(ix as usize) {
            Some(Code::In { arg, .. } | Code::True(arg) | Code::Exists(arg)) => self.dated_until(*arg),
            _ => super::NEVER,
        }
    }

    fn map(&self, n: u16) -> &'a Slot {
        let Some(ask) = self.p.maps.get(n as usize) else { return &UNKNOWN };
        let key = |slot: &Slot| match slot {
            Slot::Node(n) => Some(*n),
            Slot::Nodes(list) => match &**list {
                [one] => Some(*one),
                _ => None,
            },
            _ => None,
        };
        // Of nothing there is no entry, whatever the table says.
        if *self.arg(ask.first) == Slot::None || ask.second.is_some_and(|a| *self.arg(a) == Slot::None) {
            return &Slot::None;
        }
        let Slot::Map(entries) = self.facts.slot(ask.fact) else {
            return match self.facts.slot(ask.fact) {
                Slot::None => &Slot::None,
                _ => &UNKNOWN,
            };
        };
        let Some(first) = key(self.arg(ask.first)) else { return &UNKNOWN };
        let second = match ask.second {
            Some(a) => match key(self.arg(a)) {
                Some(n) => Some(n),
                None => return &UNKNOWN,
            },
            None => None,
        };
        match entries.binary_search_by(|e| (e.0, e.1).cmp(&(first, second))) {
            Ok(i) => entries.get(i).map_or(&UNKNOWN, |e| &e.2),
            Err(_) => &UNKNOWN,
        }
    }

    #[inline]
    fn member(&self, n: NodeId, set: NodeSet) -> Tri {
        let bits = &self.p.bits;
        if bits.get(set.yes as usize).is_some_and(|b| b.has(n.0)) {
            Tri::T
        } else if bits.get(set.maybe as usize).is_some_and(|b| b.has(n.0)) {
            Tri::U
        } else {
            Tri::F
        }
    }

    /// Some member is in the set. Known none has no member.
    #[inline]
    pub(super) fn is_some(&self, slot: &Slot, set: NodeSet) -> Tri {
        match slot {
            Slot::Node(n) => self.member(*n, set),
            Slot::Nodes(list) => {
                let mut out = Tri::F;
                for n in list.iter() {
                    out = out.max(self.member(*n, set));
                }
                out
            }
            Slot::None => Tri::F,
            // Members that nobody named may be there too.
            Slot::NodesAtLeast(list) => list.iter().fold(Tri::U, |out, n| out.max(self.member(*n, set))),
            _ => Tri::U,
        }
    }

    fn is_only(&self, slot: &Slot, set: NodeSet) -> Tri {
        match slot {
            Slot::Node(n) => self.member(*n, set),
            Slot::Nodes(list) => list.iter().fold(Tri::T, |out, n| out.min(self.member(*n, set))),
            Slot::NodesAtLeast(list) => list.iter().fold(Tri::U, |out, n| out.min(self.member(*n, set))),
            Slot::None => Tri::F,
            _ => Tri::U,
        }
    }

    /// Every leaf that [`Eval::tri`] does not answer itself. A leaf that time moves has no answer here.
    pub(super) fn static_leaf(&mut self, code: &Code) -> Tri {
        match *code {
            Code::True(a) => match self.arg(a) {
                Slot::Bool(b) => Tri::of(*b),
                Slot::None => Tri::F,
                _ => Tri::U,
            },
            Code::Exists(a) => match self.arg(a) {
                Slot::Unknown => Tri::U,
                Slot::None => Tri::F,
                _ => Tri::T,
            },
            Code::Is { arg, how, at, len } => {
                let slot = self.arg(arg);
                let sets = self.p.sets.get(at as usize..(at + len) as usize).unwrap_or_default();
                match how {
                    How::Some => sets.first().map_or(Tri::U, |s| self.is_some(slot, *s)),
                    How::Only => sets.first().map_or(Tri::U, |s| self.is_only(slot, *s)),
                    How::Includes => sets.iter().fold(Tri::T, |out, s| out.min(self.is_some(slot, *s))),
                }
            }
            Code::IsAmong { arg, how, taxonomy, of } => self.is_among(arg, how, taxonomy, of),
            Code::SameSeller(a) => self.same_seller(a),
            Code::Same(a, b) => same(self.arg(a), self.arg(b)),
            Code::Compare(a, op, b) => self.compare(a, op, b),
            Code::CompareDay(a, op, b, clock) => self.compare_day(a, op, b, clock),
            Code::In { arg, at, len } => {
                let slot = self.arg(arg);
                let consts = self.p.consts.get(at as usize..(at as usize + len as usize)).unwrap_or_default();
                consts.iter().fold(Tri::F, |out, c| out.max(same(slot, c)))
            }
            Code::Signal(n) => match self.facts.signals.on.get(n as usize) {
                Some(Some(on)) => Tri::of(*on),
                _ => Tri::U,
            },
            Code::CoversContact(a) => match self.arg(a) {
                Slot::Scope(s) => self.scope_covers(s),
                Slot::None => Tri::T,
                _ => Tri::U,
            },
            Code::CoversAllOfContact(a) => match self.arg(a) {
                Slot::Scope(s) => self.scope_covers_whole(s),
                Slot::None => Tri::T,
                _ => Tri::U,
            },
            Code::CoversEvent(a) => match self.arg(a) {
                Slot::Scope(s) => self.scope_covers_event(s),
                Slot::None => Tri::T,
                _ => Tri::U,
            },
            Code::EventCoversContact => self.event_covers_contact(),
            Code::EventOfLevels(a) => self.event_of_levels(a),
            Code::EventIs(a, list, kind) => self.event_is(a, list, kind),
            Code::EventWhere(a, list, filter) => match self.arg(a) {
                Slot::Event(e) if e.list == list => {
                    let (of, row) = (EventsCode { list, filter }, e.row as usize);
                    self.matches(of, row)
                }
                Slot::Event(_) | Slot::None => Tri::F,
                _ => Tri::U,
            },
            Code::GivenToSeller => match self.event {
                Some((EventList::Consents, row)) => self.leave_to_seller(row as usize),
                _ => Tri::U,
            },
            Code::Includes(set, _) => self.includes(set),
            Code::NeededFields(set) => self.needed_fields(set),
            Code::DataOnly(set) => match &self.facts.own_data {
                Slot::None => Tri::T,
                slot => self.is_only(slot, set),
            },
            _ => Tri::U,
        }
    }

    fn is_among(&self, arg: Arg, how: How, taxonomy: TaxonomyId, of: Arg) -> Tri {
        let Some(tree) = self.p.policy.vocabulary.tree(taxonomy) else { return Tri::U };
        let named = match nodes_of(self.arg(of)) {
            Ok(list) => list,
            Err(v) => return v,
        };
        let own = match nodes_of(self.arg(arg)) {
            Ok(list) => list,
            Err(v) => return v,
        };
        let member = |n: NodeId, m: NodeId| {
            if tree.is(n, m) {
                Tri::T
            } else if tree.marked(n, "abstract") && tree.is(m, n) {
                Tri::U
            } else {
                Tri::F
            }
        };
        let under = |n: &NodeId| named.iter().fold(Tri::F, |out, m| out.max(member(*n, *m)));
        match how {
            How::Some => own.iter().fold(Tri::F, |out, n| out.max(under(n))),
            How::Only => own.iter().fold(Tri::T, |out, n| out.min(under(n))),
            How::Includes => named
                .iter()
                .fold(Tri::T, |out, m| out.min(own.iter().fold(Tri::F, |o, n| o.max(member(*n, *m))))),
        }
    }

    /// Known none makes every comparison false; an unknown makes it unknown.
    pub(super) fn compare(&self, a: Arg, op: Op, b: Arg) -> Tri {
        compare(self.arg(a), op, self.arg(b))
    }

    /// As [`Eval::compare`], an instant taken as its date by a clock of the policy.
    pub(super) fn compare_day(&self, a: Arg, op: Op, b: Arg, clock: u16) -> Tri {
        let Some(clock) = self.p.day_clocks.get(clock as usize) else { return Tri::U };
        match (self.arg(a), self.arg(b)) {
            (Slot::Instant(i), b) => {
                let day = clock.day(*i);
                compare(&Slot::Date { lo: day, hi: day }, op, b)
            }
            (a, b) => compare(a, op, b),
        }
    }

    fn event_is(&self, a: Arg, list: EventList, kind: u16) -> Tri {
        let event = match self.arg(a) {
            Slot::Event(e) => *e,
            Slot::None => return Tri::F,
            _ => return Tri::U,
        };
        if event.list != list {
            return Tri::F;
        }
        if kind == u16::MAX {
            return Tri::T;
        }
        let Some(word) = self.p.event_kinds.get(kind as usize) else { return Tri::U };
        match list {
            EventList::Consents => match self.facts.consents.items.get(event.row as usize) {
                Some(c) => Tri::of(matches!(
                    (c.kind, word.as_str()),
                    (crate::facts::ConsentKind::Grant, "grant")
                        | (crate::facts::ConsentKind::Revoke, "revoke")
                        | (crate::facts::ConsentKind::Decline, "decline")
                )),
                None => Tri::U,
            },
            EventList::Interactions => {
                let Some((_, tree)) = self.p.policy.vocabulary.taxonomy("interaction") else { return Tri::U };
                let Some(want) = tree.find(word) else { return Tri::F };
                match self
                    .p
                    .known
                    .interaction_kind
                    .map(|c| self.facts.interactions.cell(c, event.row as usize))
                {
                    Some(Slot::Node(n)) => Tri::of(tree.is(*n, want)),
                    _ => Tri::U,
                }
            }
            _ => Tri::U,
        }
    }

    /// A promise at stage `draft`, checked at stage `final`; a stage that nobody gave is final.
    fn includes(&self, set: NodeSet) -> Tri {
        let draft = match self.p.known.stage.map(|f| self.facts.slot(f)) {
            Some(Slot::Choice(0)) => return Tri::T,
            Some(Slot::Unknown) | None | Some(Slot::None | Slot::Choice(_)) => Tri::F,
            Some(_) => Tri::U,
        };
        let has = self.is_some(self.known(self.p.known.includes), set);
        draft.max(has)
    }

    /// Whether a field of these categories may be carried under the set: every category in it, and at least one known.
    pub(crate) fn field_allowed(&self, categories: &Slot, set: NodeSet) -> Tri {
        match categories {
            // A field without category is withheld: nobody said what it is.
            Slot::None => Tri::F,
            slot => self.is_only(slot, set),
        }
    }

    fn needed_fields(&self, set: NodeSet) -> Tri {
        let Some(fact) = self.p.known.fields else { return Tri::U };
        let Slot::Records(fields) = self.facts.slot(fact) else {
            return if matches!(self.facts.slot(fact), Slot::None) { Tri::T } else { Tri::U };
        };
        let mut out = Tri::T;
        for field in fields.iter() {
            // name, category, place, needed: the order of the intrinsic record.
            let needed = match field.get(3) {
                Some(Slot::Bool(b)) => Tri::of(*b),
                Some(Slot::None) => Tri::F,
                _ => Tri::U,
            };
            let allowed = self.field_allowed(field.get(1).unwrap_or(&UNKNOWN), set);
            out = out.min(needed.negate().max(allowed));
        }
        out
    }

    fn event_covers_contact(&self) -> Tri {
        let Some((EventList::Consents, row)) = self.event else { return Tri::U };
        let Some(c) = self.facts.consents.items.get(row as usize) else { return Tri::U };
        self.scope_covers(&c.scope)
    }

    /// The scope against the event's own channel, purpose, topic, sender and address.
    fn scope_covers_event(&self, scope: &Scope) -> Tri {
        self.event_parts(scope).map_or(Tri::U, |parts| parts.iter().fold(Tri::T, |out, (_, v)| out.min(*v)))
    }

    /// Whether each part of a scope takes the event at hand in, with the column that the event has it in.
    pub(super) fn event_parts(&self, scope: &Scope) -> Option<[(u16, Tri); 6]> {
        let (list, row) = self.event?;
        let events = self.facts.events(list);
        let known = &self.p.known;
        let [channel, purpose, topic, sender, address, matter] = match list {
            EventList::Contacts => known.contacts,
            EventList::Interactions => known.interactions,
            _ => return None,
        };
        let nodes = |part: &Part<NodeId>, column, taxonomy: Option<TaxonomyId>| {
            let named = match part {
                Part::Open => return (column, Tri::T),
                Part::Unknown => return (column, Tri::U),
                Part::Named(named) => named,
            };
            let tree = taxonomy.and_then(|t| self.p.policy.vocabulary.tree(t));
            let under = |n: &NodeId| named.iter().any(|m| tree.is_some_and(|t| t.is(*n, *m)));
            let v = match events.cell(column, row as usize) {
                Slot::None => Tri::F,
                Slot::Node(n) => Tri::of(under(n)),
                Slot::Nodes(list) => Tri::of(list.iter().any(under)),
                _ => Tri::U,
            };
            (column, v)
        };
        let texts = |part: &Part<TextId>, column| {
            let named = match part {
                Part::Open => return (column, Tri::T),
                Part::Unknown => return (column, Tri::U),
                Part::Named(named) => named,
            };
            let v = match events.cell(column, row as usize) {
                Slot::None => Tri::F,
                Slot::Text(t) => Tri::of(named.contains(t)),
                _ => Tri::U,
            };
            (column, v)
        };
        Some([
            nodes(&scope.channel, channel, known.channels),
            nodes(&scope.purpose, purpose, known.purposes),
            nodes(&scope.topic, topic, known.topics),
            nodes(&scope.sender, sender, known.senders),
            texts(&scope.address, address),
            texts(&scope.matter, matter),
        ])
    }

    /// The slot of an optional known fact.
    pub(super) fn known(&self, fact: Option<FactId>) -> &'a Slot {
        fact.map_or(&UNKNOWN, |f| self.facts.slot(f))
    }
}

/// The nodes of a slot; known none has no member, which answers false.
pub(super) fn nodes_of(slot: &Slot) -> Result<&[NodeId], Tri> {
    match slot {
        Slot::Node(n) => Ok(std::slice::from_ref(n)),
        Slot::Nodes(list) => Ok(list),
        Slot::None => Err(Tri::F),
        _ => Err(Tri::U),
    }
}

/// A member in common. Known none has no member.
pub(super) fn same(a: &Slot, b: &Slot) -> Tri {
    use Slot::{Bool, Choice, Choices, Int, Node, Nodes, None, Text, Texts};
    match (a, b) {
        (None, _) | (_, None) => Tri::F,
        (Node(a), Node(b)) => Tri::of(a == b),
        (Node(a), Nodes(b)) | (Nodes(b), Node(a)) => Tri::of(b.contains(a)),
        (Nodes(a), Nodes(b)) => Tri::of(a.iter().any(|n| b.contains(n))),
        (Text(a), Text(b)) => Tri::of(a == b),
        (Text(a), Texts(b)) | (Texts(b), Text(a)) => Tri::of(b.contains(a)),
        (Texts(a), Texts(b)) => Tri::of(a.iter().any(|n| b.contains(n))),
        (Choice(a), Choice(b)) => Tri::of(a == b),
        (Choice(a), Choices(b)) | (Choices(b), Choice(a)) => Tri::of(b.contains(a)),
        (Int(a), Int(b)) => Tri::of(a == b),
        (Bool(a), Bool(b)) => Tri::of(a == b),
        _ => Tri::U,
    }
}

fn order(op: Op, o: std::cmp::Ordering) -> Tri {
    Tri::of(match op {
        Op::Eq => o.is_eq(),
        Op::Ne => o.is_ne(),
        Op::Lt => o.is_lt(),
        Op::Le => o.is_le(),
        Op::Gt => o.is_gt(),
        Op::Ge => o.is_ge(),
    })
}

/// Known none makes every comparison false; an unknown makes it unknown.
fn compare(a: &Slot, op: Op, b: &Slot) -> Tri {
    if matches!(a, Slot::None) || matches!(b, Slot::None) {
        return Tri::F;
    }
    match (a, b) {
        (Slot::Int(a), Slot::Int(b)) => order(op, a.cmp(b)),
        (Slot::Instant(a), Slot::Instant(b)) => order(op, a.cmp(b)),
        (Slot::Bool(a), Slot::Bool(b)) => order(op, a.cmp(b)),
        (Slot::Choice(a), Slot::Choice(b)) => order(op, a.cmp(b)),
        (Slot::Text(a), Slot::Text(b)) => order(op, a.0.cmp(&b.0)),
        (Slot::Amount(a), Slot::Amount(b)) => match (a.elapsed(), b.elapsed()) {
            (Some(x), Some(y)) => order(op, x.cmp(&y)),
            _ => match (a.months(), b.months(), a.days(), b.days()) {
                (Some(x), Some(y), _, _) | (_, _, Some(x), Some(y)) => order(op, x.cmp(&y)),
                _ if a.unit == b.unit => order(op, a.n.cmp(&b.n)),
                _ => Tri::U,
            },
        },
        (Slot::Date { lo: al, hi: ah }, Slot::Date { lo: bl, hi: bh }) => {
            // Two ranges: certain when every pair of members agrees.
            let low = order(op, al.cmp(bh));
            let high = order(op, ah.cmp(bl));
            let (exact, apart) = (al == ah && bl == bh, ah < bl || bh < al);
            match op {
                Op::Eq | Op::Ne if !exact && !apart => Tri::U,
                _ if low == high => low,
                _ => Tri::U,
            }
        }
        (Slot::Node(_) | Slot::Nodes(_), Slot::Node(_) | Slot::Nodes(_)) if op == Op::Eq => same(a, b),
        (Slot::Node(_) | Slot::Nodes(_), Slot::Node(_) | Slot::Nodes(_)) if op == Op::Ne => {
            same(a, b).negate()
        }
        _ => Tri::U,
    }
}
