//! Conditions and questions, from the typed tree to flat nodes.

use super::{
    Arg, Bits, Code, ConsentCode, CountCode, Duty, DutyCode, DutySource, EventsCode, Kids, LevelCode, MapAsk,
    MomentCode, NO_NODE, NodeIx, NodeSet, Program, ReachCode, RefusedCode, WindowCode,
};
use crate::facts::{Interner, Slot};
use crate::taxonomy::{NodeId, Taxonomy, TaxonomyId};
use crate::time::Windows;
use crate::typed::{
    AmountOf, Cond, CondAt, CondId, ConsentQuestion, CountQuestion, EventSet, FactId, Hours, How, Levels,
    Moment, Op, Operand, Policy, Reaching, RefusedQuestion, Window,
};
use crate::value::{Type, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The program under construction.
pub(super) struct Lowering<'a> {
    pub policy: &'a Policy,
    pub out: Program,
    pub texts: Interner,
    sets: BTreeMap<(u16, Vec<u32>), NodeSet>,
    missing: BTreeMap<String, u16>,
    /// What each exemption owes, by its number.
    pub owed_by: BTreeMap<u32, Vec<Duty>>,
    told: BTreeMap<(String, DutySource, Vec<String>), u32>,
}

impl<'a> Lowering<'a> {
    pub fn new(policy: &'a Policy, out: Program) -> Self {
        Lowering {
            policy,
            out,
            texts: Interner::default(),
            sets: BTreeMap::new(),
            missing: BTreeMap::new(),
            owed_by: BTreeMap::new(),
            told: BTreeMap::new(),
        }
    }

    /// Adds a duty with its word and its own citations.
    pub fn duty(&mut self, code: DutyCode, (word, cites): (&str, &[String]), when: NodeIx) -> Duty {
        let (DutyCode::Include { source, .. } | DutyCode::Oblige { source, .. }) = code;
        let duty = u32::try_from(self.out.duties.len()).unwrap_or(u32::MAX);
        self.out.duties.push(code);
        let told = *self.told.entry((word.to_string(), source, cites.to_vec())).or_insert(duty);
        Duty { duty, told, when }
    }

    /// The number of a missing fact's name.
    pub fn missing(&mut self, name: &str) -> u16 {
        if let Some(n) = self.missing.get(name) {
            return *n;
        }
        let n = u16::try_from(self.out.missing.len()).unwrap_or(u16::MAX);
        self.out.missing.push(name.to_string());
        self.missing.insert(name.to_string(), n);
        n
    }

    /// Adds a node; `moves` says whether time alone can change it.
    pub fn node(&mut self, code: Code, moves: bool, written: Option<CondId>) -> NodeIx {
        let ix = self.out.nodes.len() as NodeIx;
        self.out.nodes.push(code);
        self.out.moves.push(moves);
        self.out.written.push(written);
        ix
    }

    pub fn moves(&self, ix: NodeIx) -> bool {
        self.out.moves.get(ix as usize).copied().unwrap_or(true)
    }

    /// A conjunction (or disjunction) of nodes, flattened when it has one member.
    pub fn join(&mut self, all: bool, kids: Vec<NodeIx>, written: Option<CondId>) -> NodeIx {
        if let ([only], None) = (kids.as_slice(), written) {
            return *only;
        }
        let at = u32::try_from(self.out.kids.len()).unwrap_or(u32::MAX);
        let len = u32::try_from(kids.len()).unwrap_or(u32::MAX);
        let moves = kids.iter().any(|k| self.moves(*k));
        let mut quick = kids.clone();
        // Cheapest first, and what cannot change before what can: a refusal that no time heals ends the work at once.
        quick.sort_by_key(|k| self.cost(*k));
        self.out.kids.extend(&kids);
        self.out.quick.extend(&quick);
        let kids = Kids { at, len };
        self.node(if all { Code::All(kids) } else { Code::Any(kids) }, moves, written)
    }

    /// What asking a node costs, roughly; only the order hangs on it.
    pub fn cost(&self, ix: NodeIx) -> u32 {
        let Some(code) = self.out.nodes.get(ix as usize) else { return 0 };
        let own = match code {
            Code::Const(_) => 0,
            Code::All(k) | Code::Any(k) => {
                return (k.at..k.at + k.len)
                    .filter_map(|i| self.out.kids.get(i as usize))
                    .fold(1u32, |sum, k| sum.saturating_add(self.cost(*k)));
            }
            Code::Not(k) | Code::Known(k) => return self.cost(*k).saturating_add(1),
            Code::IsFact(..) | Code::InForce(_) | Code::True(_) => 1,
            Code::Consent(_) | Code::Refused(_) => 60,
            Code::Count(_) => 40,
            Code::Between(_) | Code::Week(_) | Code::WeekOf(_) => 20,
            Code::NoLaterThan(..) | Code::Passed(..) | Code::LocalDaysOf(..) => 30,
            _ => 4,
        };
        if self.moves(ix) { own + 1000 } else { own }
    }

    /// The fast form of a conjunction.
    pub fn fast(&mut self, all: &[NodeIx]) -> u32 {
        let mut costs = BTreeMap::new();
        all.iter().for_each(|ix| self.costs(*ix, &mut costs));
        super::fast::add(&mut self.out, all, &|k| costs.get(&k).copied().unwrap_or(0))
    }

    /// What asking each leaf below a node costs.
    fn costs(&self, ix: NodeIx, out: &mut BTreeMap<NodeIx, u32>) {
        match self.out.nodes.get(ix as usize) {
            Some(Code::All(k) | Code::Any(k)) => {
                for at in k.at..k.at + k.len {
                    if let Some(kid) = self.out.kids.get(at as usize) {
                        self.costs(*kid, out);
                    }
                }
            }
            Some(Code::Not(k)) => self.costs(*k, out),
            _ => {
                out.insert(ix, self.cost(ix));
            }
        }
    }

    /// `known that C`. Of a history it settles what nobody keeps, and not what only the host can say of its own contact: by
    /// which channel, for which purpose. Unless both are known it is `known that C`, or `C` itself: as unknown as that is.
    fn known(&mut self, c: &CondAt, w: Option<CondId>) -> NodeIx {
        let k = self.cond(c);
        let m = self.moves(k);
        let told: Vec<NodeIx> = if c.asks_history() {
            let facts = ["contact.channel", "contact.purpose"].map(|it| self.policy.vocabulary.fact(it));
            let exists = |fact| self.node(Code::Exists(Arg::Fact(fact)), false, None);
            facts.into_iter().flatten().map(exists).collect()
        } else {
            Vec::new()
        };
        if told.is_empty() {
            return self.node(Code::Known(k), m, w);
        }
        let known = self.node(Code::Known(k), m, None);
        let told = self.join(true, told, None);
        let untold = self.node(Code::Not(told), false, None);
        let open = self.join(true, vec![untold, k], None);
        self.join(false, vec![known, open], w)
    }

    /// A condition.
    pub fn cond(&mut self, c: &CondAt) -> NodeIx {
        let w = Some(c.id);
        match &c.cond {
            Cond::Const(b) => self.node(Code::Const(*b), false, w),
            Cond::All(list) => {
                let kids = list.iter().map(|c| self.cond(c)).collect();
                self.join(true, kids, w)
            }
            Cond::Any(list) => {
                let kids = list.iter().map(|c| self.cond(c)).collect();
                self.join(false, kids, w)
            }
            Cond::Not(c) => {
                let k = self.cond(c);
                let m = self.moves(k);
                self.node(Code::Not(k), m, w)
            }
            Cond::Known(c) => self.known(c, w),
            Cond::True(o) => {
                let a = self.arg(o);
                self.node(Code::True(a), self.arg_moves(a), w)
            }
            Cond::Exists(o) => {
                let a = self.arg(o);
                self.node(Code::Exists(a), self.arg_moves(a), w)
            }
            Cond::Is { what, how, taxonomy, nodes } => self.is(what, *how, *taxonomy, nodes, w),
            Cond::IsAmong { what, how, taxonomy, of } => {
                let (arg, of) = (self.arg(what), self.arg(of));
                self.node(Code::IsAmong { arg, how: *how, taxonomy: *taxonomy, of }, false, w)
            }
            Cond::SameSeller(o) => {
                let a = self.arg(o);
                self.node(Code::SameSeller(a), false, w)
            }
            Cond::Marked { what, taxonomy, mark } => {
                let nodes: Vec<NodeId> = self.tree(*taxonomy).map_or_else(Vec::new, |t| {
                    (0..t.nodes.len() as u32).map(NodeId).filter(|n| t.inherits(*n, mark)).collect()
                });
                self.is(what, How::Some, *taxonomy, &nodes, w)
            }
            Cond::Same(a, b) => {
                let (a, b) = (self.arg(a), self.arg(b));
                self.node(Code::Same(a, b), false, w)
            }
            Cond::Compare(Operand::Age(fact), op, b) => {
                let b = self.arg(b);
                self.node(Code::Age(*fact, *op, b), true, w)
            }
            Cond::Compare(a, op, Operand::Age(fact)) => {
                let a = self.arg(a);
                self.node(Code::Age(*fact, flip(*op), a), true, w)
            }
            Cond::Compare(a, op, b) => {
                let (a, b) = (self.arg(a), self.arg(b));
                let moves = self.arg_moves(a) || self.arg_moves(b);
                self.node(Code::Compare(a, *op, b), moves, w)
            }
            Cond::CompareDay(a, op, b, zone) => {
                let (a, b) = (self.arg(a), self.arg(b));
                let clocks = &mut self.out.day_clocks;
                let at = clocks.iter().position(|z| z.name() == zone.name()).unwrap_or_else(|| {
                    clocks.push(Arc::clone(zone));
                    clocks.len() - 1
                });
                let moves = self.arg_moves(a) || self.arg_moves(b);
                self.node(Code::CompareDay(a, *op, b, small(at)), moves, w)
            }
            Cond::In(o, values) => {
                let arg = self.arg(o);
                let at = u16::try_from(self.out.consts.len()).unwrap_or(u16::MAX);
                for v in values {
                    self.constant(v);
                }
                let len = u16::try_from(values.len()).unwrap_or(u16::MAX);
                self.node(Code::In { arg, at, len }, self.arg_moves(arg), w)
            }
            Cond::LocalTime(h) => self.hours(h, w),
            Cond::Weekday(days) => {
                let mask = days.iter().fold(0u8, |m, d| m | 1 << d.index());
                self.node(Code::Weekday(mask), true, w)
            }
            Cond::Holiday(c) => self.node(Code::Holiday(small(*c)), true, w),
            Cond::BusinessDay(c) => self.node(Code::BusinessDay(small(*c)), true, w),
            Cond::Today(op, o) => {
                let a = self.arg(o);
                self.node(Code::Today(*op, a), true, w)
            }
            Cond::Before(m) => {
                let m = self.moment(m);
                self.node(Code::Before(m), true, w)
            }
            Cond::From(m) => {
                let m = self.moment(m);
                self.node(Code::From(m), true, w)
            }
            Cond::NoLaterThan(a, m) => {
                let (a, cal) = self.amount(a);
                let m = self.moment(m);
                self.node(Code::NoLaterThan(m, a, cal), true, w)
            }
            Cond::Passed(a, m) => {
                let (a, cal) = self.amount(a);
                let m = self.moment(m);
                self.node(Code::Passed(m, a, cal), true, w)
            }
            Cond::LocalDaysOf { from, to, of } => {
                let m = self.moment(of);
                self.node(Code::LocalDaysOf(m, *from, *to), true, w)
            }
            Cond::Consent(q) => self.consent(q, w),
            Cond::Refused(q) => self.refused(q, w),
            Cond::Count(q) => self.count(q, w),
            Cond::Listed(l) => self.node(Code::Listed(small(*l)), true, w),
            Cond::Signal(kind) => {
                // Numbered as the words of the choice `signals.kind`; a kind nobody declared is never known.
                let n =
                    self.policy.vocabulary.fact("signals.kind").and_then(|f| self.policy.vocabulary.decl(f));
                let n = n.and_then(|d| match &d.ty {
                    Type::Choice(words) => words.iter().position(|w| w == kind),
                    _ => None,
                });
                self.node(Code::Signal(n.map_or(u16::MAX, small)), false, w)
            }
            Cond::CoversContact(o) => {
                let a = self.arg(o);
                self.node(Code::CoversContact(a), false, w)
            }
            Cond::CoversAllOfContact(o) => {
                let a = self.arg(o);
                self.node(Code::CoversAllOfContact(a), false, w)
            }
            Cond::CoversEvent(o) => {
                let a = self.arg(o);
                self.node(Code::CoversEvent(a), false, w)
            }
            Cond::EventCoversContact => self.node(Code::EventCoversContact, false, w),
            Cond::EventOfLevels(o) => {
                let a = self.arg(o);
                self.node(Code::EventOfLevels(a), false, w)
            }
            Cond::Authorised => self.node(Code::Authorised, true, w),
            Cond::EventWhere { what, list, filter } => {
                let a = self.arg(what);
                let filter = self.cond(filter);
                self.node(Code::EventWhere(a, *list, filter), false, w)
            }
            // Nothing lowers what was lowered already. Were it so, nobody would know what it asks.
            Cond::Said(_) => self.node(Code::True(Arg::Setting(u16::MAX)), true, w),
            Cond::EventIs { what, list, kind } => {
                let a = self.arg(what);
                let k = if kind.is_empty() {
                    u16::MAX
                } else {
                    self.out.event_kinds.push(kind.clone());
                    small(self.out.event_kinds.len() - 1)
                };
                self.node(Code::EventIs(a, *list, k), false, w)
            }
        }
    }

    fn tree(&self, id: TaxonomyId) -> Option<&'a Taxonomy> {
        self.policy.vocabulary.tree(id)
    }

    fn is(
        &mut self,
        what: &Operand,
        how: How,
        tax: TaxonomyId,
        nodes: &[NodeId],
        w: Option<CondId>,
    ) -> NodeIx {
        let arg = self.arg(what);
        if let (Arg::Fact(f), How::Some) = (arg, how) {
            let set = self.set(tax, nodes);
            return self.node(Code::IsFact(f, set), false, w);
        }
        let at = u32::try_from(self.out.sets.len()).unwrap_or(u32::MAX);
        if how == How::Includes {
            for n in nodes {
                let set = self.set(tax, &[*n]);
                self.out.sets.push(set);
            }
        } else {
            let set = self.set(tax, nodes);
            self.out.sets.push(set);
        }
        let len = u32::try_from(self.out.sets.len()).unwrap_or(u32::MAX) - at;
        self.node(Code::Is { arg, how, at, len }, false, w)
    }

    /// The bits of "is one of these nodes", shared between equal sets.
    pub fn set(&mut self, tax: TaxonomyId, nodes: &[NodeId]) -> NodeSet {
        let mut key: Vec<u32> = nodes.iter().map(|n| n.0).collect();
        key.sort_unstable();
        key.dedup();
        if let Some(s) = self.sets.get(&(tax.0, key.clone())) {
            return *s;
        }
        let (mut yes, mut maybe) = (Bits::default(), Bits::default());
        if let Some(tree) = self.tree(tax) {
            for n in nodes {
                let end = tree.node(*n).map_or(n.0, |x| x.end);
                (n.0..end).for_each(|i| yes.set(i));
            }
            for (i, node) in tree.nodes.iter().enumerate() {
                let i = i as u32;
                // An abstract node as a contact's own value is an unknown member of it: `[US]` alone may be Florida.
                if tree.marked(NodeId(i), "abstract") && !yes.has(i) && (i + 1..node.end).any(|d| yes.has(d))
                {
                    maybe.set(i);
                }
            }
        }
        let at = u32::try_from(self.out.bits.len()).unwrap_or(u32::MAX);
        self.out.bits.push(yes);
        self.out.bits.push(maybe);
        let set = NodeSet { yes: at, maybe: at + 1 };
        self.sets.insert((tax.0, key), set);
        set
    }

    fn hours(&mut self, h: &Hours, w: Option<CondId>) -> NodeIx {
        match h {
            Hours::Between(a, b) => {
                let n = u32::try_from(self.out.windows.len()).unwrap_or(u32::MAX);
                // The checker refused A = B already; a table that never opens is the restricting reading.
                self.out.windows.push(Windows::between(*a, *b).unwrap_or_else(|_| Windows::never()));
                self.node(Code::Between(n), true, w)
            }
            Hours::Week(week, cal) => {
                let n = u32::try_from(self.out.weeks.len()).unwrap_or(u32::MAX);
                self.out.weeks.push((Arc::clone(week), cal.map(small)));
                self.node(Code::Week(n), true, w)
            }
            Hours::Fact(o) => {
                let a = self.arg(o);
                self.node(Code::WeekOf(a), true, w)
            }
        }
    }

    /// Whether time alone changes an argument.
    pub fn arg_moves(&self, a: Arg) -> bool {
        matches!(a, Arg::Dated(_))
    }

    /// An operand.
    pub fn arg(&mut self, o: &Operand) -> Arg {
        match o {
            Operand::Const(v) => self.constant(v),
            Operand::Fact(f) | Operand::Age(f) => Arg::Fact(*f),
            Operand::EventField(f) => {
                Arg::Field(self.policy.vocabulary.decl(*f).map_or(u16::MAX, |d| d.slot), *f)
            }
            Operand::Record(n) => Arg::Record(small(*n)),
            Operand::Map(f, keys) => {
                let mut keys = keys.iter().map(|k| self.arg(k)).collect::<Vec<_>>().into_iter();
                let first = keys.next().unwrap_or(Arg::Fact(*f));
                let ask = MapAsk { fact: *f, first, second: keys.next() };
                self.out.maps.push(ask);
                Arg::Map(small(self.out.maps.len() - 1))
            }
            Operand::Setting(n) => Arg::Setting(small(*n)),
            Operand::Dated(n) => Arg::Dated(small(*n)),
        }
    }

    fn constant(&mut self, v: &Value) -> Arg {
        let slot = self.slot(v);
        self.out.consts.push(slot);
        self.out.values.push(v.clone());
        Arg::Const(small(self.out.consts.len() - 1))
    }

    /// A constant as the slot that a fact of that value would be.
    pub fn slot(&mut self, v: &Value) -> Slot {
        super::slot(v, &mut self.texts)
    }

    fn amount(&mut self, a: &AmountOf) -> (Arg, u16) {
        (self.arg(&a.amount), a.calendar.map_or(u16::MAX, small))
    }

    /// A point to count from.
    pub fn moment(&mut self, m: &Moment) -> u32 {
        self.moment_of(m, NO_NODE)
    }

    /// A point to count from, of a rule that requires this.
    pub fn moment_of(&mut self, m: &Moment, requires: NodeIx) -> u32 {
        let code = match m {
            Moment::At(o) => MomentCode::At(self.arg(o)),
            Moment::Latest(set) => MomentCode::Latest(self.events(set)),
            Moment::Refusal => MomentCode::Refusal(requires),
        };
        self.out.moments.push(code);
        u32::try_from(self.out.moments.len() - 1).unwrap_or(u32::MAX)
    }

    fn events(&mut self, set: &EventSet) -> EventsCode {
        let filter = self.maybe(set.filter.as_deref());
        EventsCode { list: set.list, filter }
    }

    /// What is asked of a grant: that it was given to the same seller or to nobody in particular, and the rest.
    fn of_seller(&mut self, same: bool, filter: Option<&CondAt>) -> NodeIx {
        let rest = self.maybe(filter);
        if !same {
            return rest;
        }
        let given = self.node(Code::GivenToSeller, false, None);
        if rest == NO_NODE { given } else { self.join(true, vec![given, rest], None) }
    }

    /// A condition that may be absent.
    pub fn maybe(&mut self, c: Option<&CondAt>) -> NodeIx {
        c.map_or(NO_NODE, |c| self.cond(c))
    }

    fn count(&mut self, q: &CountQuestion, w: Option<CondId>) -> NodeIx {
        let events = self.events(&q.set);
        let window = match &q.window {
            Window::Always => WindowCode::Always,
            Window::Past(o) => WindowCode::Past(self.arg(o)),
            Window::Week(d) => WindowCode::Week(d.index() as u8),
            Window::Month => WindowCode::Month,
            Window::Since(m) => WindowCode::Since(self.moment(m)),
        };
        let n = self.arg(&q.n);
        let constant = |a: Arg| match a {
            Arg::Const(n) => self.out.consts.get(usize::from(n)),
            _ => None,
        };
        let most = match constant(n) {
            Some(Slot::Int(n)) => Some(*n),
            _ => None,
        };
        let length = match window {
            WindowCode::Past(a) => match constant(a) {
                Some(Slot::Amount(a)) => Some(*a),
                _ => None,
            },
            _ => None,
        };
        self.out.counts.push(CountCode { events, window, op: q.op, n, most, length });
        let ix = u32::try_from(self.out.counts.len() - 1).unwrap_or(u32::MAX);
        // Without a window nothing expires: facts are frozen while time moves.
        let moves = !matches!(window, WindowCode::Always | WindowCode::Since(_)) || self.arg_moves(n);
        self.node(Code::Count(ix), moves, w)
    }

    fn reaches(&mut self, list: &[Reaching]) -> Vec<ReachCode> {
        list.iter()
            .map(|r| ReachCode {
                of: r.of,
                filter: self.maybe(r.filter.as_ref()),
                open: r.open.clone(),
                channels: r.channels.clone(),
            })
            .collect()
    }

    fn consent(&mut self, q: &ConsentQuestion, w: Option<CondId>) -> NodeIx {
        let level = match &q.level {
            Levels::AtLeast(n) => LevelCode::AtLeast(*n),
            Levels::Fact(o) => LevelCode::Fact(self.arg(o)),
        };
        let given = q.given.as_ref().map(|o| self.arg(o));
        let filter = self.of_seller(q.same_seller, q.filter.as_ref());
        let reaches = self.reaches(&q.reaches);
        let name = q
            .instrument
            .and_then(|i| self.policy.instruments.get(i))
            .map_or_else(|| "consent".to_string(), |i| i.missing.clone());
        let missing = self.missing(&name);
        let question = ConsentCode {
            level,
            holder: q.holder,
            purpose: q.purpose,
            asked: self.asked(q.purpose),
            given,
            filter,
            heeds_seller: q.heeds_seller,
            instrument: q.instrument.map(small),
            reaches,
            missing,
        };
        // The same question twice is folded once.
        let at = self.out.consents.iter().position(|c| *c == question).unwrap_or_else(|| {
            self.out.consents.push(question);
            self.out.consents.len() - 1
        });
        let ix = u32::try_from(at).unwrap_or(u32::MAX);
        self.node(Code::Consent(ix), true, w)
    }

    /// The place of what a question puts in the contact's purpose's place.
    fn asked(&mut self, purpose: Option<NodeId>) -> u16 {
        let all = &mut self.out.asked;
        small(all.iter().position(|known| *known == purpose).unwrap_or_else(|| {
            all.push(purpose);
            all.len() - 1
        }))
    }

    fn refused(&mut self, q: &RefusedQuestion, w: Option<CondId>) -> NodeIx {
        let except = q.except.as_ref().map(|o| self.arg(o));
        let filter = self.maybe(q.filter.as_ref());
        let renewed_filter = self.of_seller(q.renewed_same_seller, q.renewed_filter.as_ref());
        let reaches = self.reaches(&q.reaches);
        let asked = self.asked(q.purpose);
        self.out.refusals.push(RefusedCode {
            purpose: q.purpose,
            asked,
            filter,
            same_seller: q.same_seller,
            renewed: q.renewed,
            renewed_filter,
            except,
            reaches,
        });
        let ix = u32::try_from(self.out.refusals.len() - 1).unwrap_or(u32::MAX);
        self.node(Code::Refused(ix), true, w)
    }
}

/// The comparison with its sides exchanged.
fn flip(op: Op) -> Op {
    match op {
        Op::Lt => Op::Gt,
        Op::Le => Op::Ge,
        Op::Gt => Op::Lt,
        Op::Ge => Op::Le,
        same => same,
    }
}

/// Indices that admission limits keep small.
pub(super) fn small(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// Names that leaves miss besides the facts' own: whole histories, an undated event, the recipient's zone, a calendar's year.
const WORDS: [&str; 8] = [
    "consent",
    "contacts",
    "interactions",
    "lists",
    "signals",
    "history.time",
    "recipient_time_zone",
    "calendar",
];

/// Gives every name of a missing fact its number; facts by their id.
pub(super) fn missing_table(l: &mut Lowering<'_>) {
    let names: Vec<String> = l.policy.vocabulary.facts.iter().map(|f| f.missing.clone()).collect();
    let table = names.iter().map(|n| l.missing(n)).collect();
    l.out.missing_of = table;
    let lists: Vec<String> = l.policy.vocabulary.lists.iter().map(|x| x.missing.clone()).collect();
    WORDS.into_iter().for_each(|w| {
        l.missing(w);
    });
    lists.iter().for_each(|w| {
        l.missing(w);
    });
}

/// The fact of that path.
pub(super) fn fact(policy: &Policy, path: &str) -> Option<FactId> {
    policy.vocabulary.fact(path)
}
