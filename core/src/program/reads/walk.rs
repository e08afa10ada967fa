//! On the way through what a rule says.

use super::{Asked, Back, Edge, Reads};
use crate::facts::Slot;
use crate::program::{
    Arg, Code, ConsentCode, CountCode, DutyCode, EventsCode, LevelCode, MomentCode, NO_NODE, NodeIx, Program,
    ReachCode, RefusedCode, RuleCode, WindowCode,
};
use crate::typed::{Entity, EventList, FactId, Lasts, Op};
use crate::value::{Amount, Type};
use std::collections::BTreeSet;

/// A day, in microseconds.
const DAY: i64 = 86_400_000_000;

/// On the way through the nodes.
pub(super) struct Walk<'p> {
    p: &'p Program,
    /// Nodes, and whether an event was at hand.
    seen: BTreeSet<(NodeIx, bool)>,
    pub(super) reads: Reads,
    pub(super) asked: Option<&'p Asked<'p>>,
    /// The list of records that the rule asks about each of.
    pub(super) each: Option<FactId>,
    /// An event is at hand: of conditions on it nothing is settled beforehand.
    event: bool,
}

impl<'p> Walk<'p> {
    /// Nothing was read yet.
    pub(super) fn of(p: &'p Program) -> Walk<'p> {
        Walk { p, seen: BTreeSet::new(), reads: Reads::default(), asked: None, each: None, event: false }
    }

    pub(super) fn rule(&mut self, rule: &RuleCode, outcome: bool) {
        self.reads.facts.extend(rule.each);
        self.node(rule.blocks);
        if outcome {
            return;
        }
        self.nodes(&[rule.applies, rule.requires, rule.binds]);
        if !rule.carries.is_empty() {
            self.reads.facts.extend(self.p.known.fields);
        }
        let mut duties: Vec<_> = rule.duties.iter().chain(&rule.on_refusal).collect();
        for exemption in &rule.unless {
            self.node(exemption.holds);
            duties.extend(&exemption.duties);
        }
        for duty in duties {
            self.node(duty.when);
            let Some(DutyCode::Oblige { moments, amount, .. }) = self.p.duties.get(duty.duty as usize) else {
                continue;
            };
            if let Some((as_of, after)) = moments {
                self.reads.zones = true;
                as_of.iter().chain([after]).for_each(|moment| self.moment(*moment));
            }
            amount.iter().for_each(|amount| self.arg(*amount));
        }
    }

    /// Whether a condition is the same for everybody.
    fn settled(&self, ix: NodeIx) -> Option<bool> {
        let asked = self.asked.filter(|_| !self.event && self.each.is_none())?;
        (asked.settled)(ix)
    }

    /// A condition on an event.
    fn event_node(&mut self, ix: NodeIx) {
        let before = std::mem::replace(&mut self.event, true);
        self.node(ix);
        self.event = before;
    }

    fn nodes(&mut self, all: &[NodeIx]) {
        all.iter().for_each(|ix| self.node(*ix));
    }

    pub(super) fn node(&mut self, ix: NodeIx) {
        if ix == NO_NODE || self.settled(ix).is_some() || !self.seen.insert((ix, self.event)) {
            return;
        }
        let p = self.p;
        let Some(code) = p.nodes.get(ix as usize) else { return };
        let known = &p.known;
        match *code {
            Code::Const(_) | Code::InForce(_) => {}
            Code::All(kids) | Code::Any(kids) => {
                let kids = p.kids.get(kids.at as usize..(kids.at + kids.len) as usize);
                self.nodes(kids.unwrap_or_default());
            }
            Code::Not(kid) => self.node(kid),
            Code::Known(kid) => {
                self.reads.known = true;
                self.node(kid);
            }
            Code::True(arg) | Code::Exists(arg) | Code::Is { arg, .. } | Code::In { arg, .. } => {
                self.arg(arg)
            }
            Code::IsFact(fact, _) => self.fact(Some(fact)),
            Code::IsAmong { arg, of, .. } => self.args(&[arg, of]),
            Code::Same(a, b) => match self.own_text(a, b).or(self.own_text(b, a)) {
                Some((field, fact)) => {
                    self.reads.compared.insert(field);
                    self.reads.named.insert(fact);
                }
                None => self.args(&[a, b]),
            },
            Code::Compare(a, _, b) | Code::CompareDay(a, _, b, _) => {
                match (self.edge(a, b), self.edge(b, a)) {
                    (Some(edge), _) | (_, Some(edge)) => {
                        self.reads.edges.insert(edge);
                    }
                    (None, None) => self.args(&[a, b]),
                }
            }
            Code::SameSeller(arg) => {
                self.fact(known.seller);
                self.arg(arg);
            }
            Code::Age(fact, _, years) => self.age(fact, years),
            Code::Between(_) | Code::Week(_) | Code::Weekday(_) | Code::Holiday(_) | Code::BusinessDay(_) => {
                self.reads.zones = true;
            }
            Code::WeekOf(arg) | Code::Today(_, arg) => {
                self.reads.zones = true;
                self.arg(arg);
            }
            Code::Before(moment) | Code::From(moment) | Code::LocalDaysOf(moment, ..) => self.moment(moment),
            Code::NoLaterThan(moment, arg, _) | Code::Passed(moment, arg, _) => {
                self.moment(moment);
                self.arg(arg);
            }
            Code::Consent(n) => p.consents.get(n as usize).into_iter().for_each(|q| self.consent(q)),
            Code::Refused(n) => p.refusals.get(n as usize).into_iter().for_each(|q| self.refusal(q)),
            Code::Count(n) => p.counts.get(n as usize).into_iter().for_each(|q| self.count(q)),
            // A list speaks of the contact's own address by its events; where none was looked up, all addresses are alike.
            Code::Listed(_) => {
                self.reads.zones = true;
                self.reads.lookups = true;
                self.reads.named.extend(known.address);
            }
            Code::Signal(_) => self.list(EventList::Signals),
            Code::CoversContact(arg) | Code::CoversAllOfContact(arg) => {
                self.contact();
                let of = match arg {
                    Arg::Fact(fact) => Some(fact),
                    Arg::Record(_) => self.each,
                    _ => None,
                };
                match of {
                    Some(fact) => self.reads.scopes.extend([fact]),
                    None => self.fact(known.address),
                }
                self.arg(arg);
            }
            Code::CoversEvent(arg) => self.arg(arg),
            Code::EventCoversContact => {
                self.contact();
                self.reads.named.extend(known.address);
            }
            Code::EventOfLevels(arg) => self.arg(arg),
            Code::Authorised => {
                self.reads.zones = true;
                self.contact();
                let facts = [known.role, known.minor_exception, known.endangerment];
                facts.into_iter().chain(known.authority).for_each(|fact| self.fact(fact));
                self.reads.scopes.extend(known.authority.into_iter().flatten());
            }
            Code::EventIs(arg, ..) => self.arg(arg),
            Code::EventWhere(arg, _, filter) => {
                self.arg(arg);
                self.event_node(filter);
            }
            Code::GivenToSeller => self.fact(known.seller),
            Code::Includes(..) => {
                self.fact(known.stage);
                self.fact(known.includes);
            }
            Code::NeededFields(_) => self.fact(known.fields),
            Code::DataOnly(_) => self.fact(known.data),
        }
    }

    fn fact(&mut self, fact: Option<FactId>) {
        self.reads.facts.extend(fact);
    }

    /// What a scope is asked for, besides the address.
    fn contact(&mut self) {
        let known = &self.p.known;
        for fact in [known.channel, known.purpose, known.topic, known.sender, known.matter] {
            self.fact(fact);
        }
    }

    fn args(&mut self, all: &[Arg]) {
        all.iter().for_each(|arg| self.arg(*arg));
    }

    fn arg(&mut self, arg: Arg) {
        match arg {
            Arg::Const(_) | Arg::Setting(_) | Arg::Dated(_) => {}
            Arg::Fact(fact) => self.fact(Some(fact)),
            Arg::Field(_, fact) => self.field(fact),
            // Of the list that the rule asks for each: that is in.
            Arg::Record(_) => {}
            Arg::Map(n) => {
                if let Some(ask) = self.p.maps.get(n as usize).copied() {
                    self.fact(Some(ask.fact));
                    self.arg(ask.first);
                    ask.second.iter().for_each(|arg| self.arg(*arg));
                }
            }
        }
    }

    /// A field of an event at hand. What two events do not share although they say the same, nobody may take one for the
    /// other for. Whoever has an event of an address of its own, or recorded at another time, is like nobody anyway.
    fn field(&mut self, fact: FactId) {
        match self.event_field(fact) {
            Some((list, "id")) | Some((list @ EventList::Consents, "at")) => self.list(list),
            // Of other lists nothing is read but by conditions on their events, and of those it is asked which may hold.
            _ => {}
        }
    }

    fn event_field(&self, fact: FactId) -> Option<(EventList, &str)> {
        let decl = self.p.policy.vocabulary.decl(fact)?;
        let Entity::Event(list) = decl.entity else { return None };
        Some((list, decl.path.split_once('.')?.1))
    }

    /// A field of an event against a text of the request.
    fn own_text(&self, a: Arg, b: Arg) -> Option<(FactId, FactId)> {
        let (Arg::Field(_, field), Arg::Fact(fact)) = (a, b) else { return None };
        let decl = self.p.policy.vocabulary.decl(fact)?;
        (decl.ty == Type::Text).then_some((field, fact))
    }

    /// The date of an event of consent against something that is the same for everybody, at any instant. Of events of other lists
    /// the window says how near they matter.
    fn edge(&self, a: Arg, b: Arg) -> Option<Edge> {
        let Arg::Field(_, fact) = a else { return None };
        let Some((EventList::Consents, "at")) = self.event_field(fact) else { return None };
        match b {
            Arg::Const(n) => Some(Edge::Const(n)),
            Arg::Setting(n) => Some(Edge::Setting(n)),
            _ => None,
        }
    }

    fn age(&mut self, fact: FactId, years: Arg) {
        self.reads.zones = true;
        let constant = match years {
            Arg::Const(n) => self.p.consts.get(n as usize),
            _ => None,
        };
        match constant {
            Some(Slot::Int(years)) => {
                let most = self.reads.ages.entry(fact).or_insert(*years);
                *most = (*most).max(*years);
            }
            _ => {
                self.fact(Some(fact));
                self.arg(years);
            }
        }
    }

    /// Any event of a list.
    fn list(&mut self, list: EventList) {
        self.reads.back.insert(Back { list, back: i64::MAX, fewest: 1, filter: NO_NODE });
    }

    fn events(&mut self, events: EventsCode, back: i64, fewest: i64) {
        self.reads.back.insert(Back { list: events.list, back, fewest, filter: events.filter });
        self.event_node(events.filter);
    }

    fn moment(&mut self, moment: u32) {
        self.reads.zones = true;
        match self.p.moments.get(moment as usize).copied() {
            Some(MomentCode::At(arg)) => self.arg(arg),
            Some(MomentCode::Latest(events)) => self.events(events, i64::MAX, 1),
            // Which they are hangs on what the rule requires; when they were, on themselves.
            Some(MomentCode::Refusal(requires)) => {
                self.list(EventList::Consents);
                self.node(requires);
            }
            None => {}
        }
    }

    fn count(&mut self, q: &CountCode) {
        if self.asked.is_some_and(|it| it.unknown && it.outcome) && matches!(q.n, Arg::Record(_)) {
            // Against a number that nobody knows, no event is counted; but what is missing of each is told.
            return;
        }
        self.reads.zones = true;
        self.arg(q.n);
        let back = match q.window {
            WindowCode::Always => i64::MAX,
            WindowCode::Since(moment) => {
                self.moment(moment);
                i64::MAX
            }
            WindowCode::Week(_) => 9 * DAY,
            WindowCode::Month => 34 * DAY,
            WindowCode::Past(arg) => {
                self.arg(arg);
                q.length.map_or(i64::MAX, Amount::reach)
            }
        };
        // The question is whether there are fewer than so many.
        let fewest = match (q.most, q.op) {
            (Some(n), Op::Le | Op::Gt) => n.saturating_add(1),
            (Some(n), _) => n,
            (None, _) => 1,
        };
        self.events(q.events, back, fewest.max(1));
    }

    fn fold(&mut self, asked: u16, filter: NodeIx, reaches: &[ReachCode]) {
        self.reads.fold = true;
        self.reads.asked.insert(asked);
        self.contact();
        self.event_node(filter);
        for reach in reaches {
            self.reads.reaches = true;
            self.event_node(reach.filter);
        }
    }

    fn consent(&mut self, q: &ConsentCode) {
        self.fold(q.asked, q.filter, &q.reaches);
        if let LevelCode::Fact(arg) = q.level {
            self.arg(arg);
        }
        if q.heeds_seller {
            self.fact(self.p.known.seller);
        }
        if let Some(given) = q.given {
            self.reads.zones = true;
            self.arg(given);
            let length = match given {
                Arg::Const(n) => self.p.consts.get(usize::from(n)),
                _ => None,
            };
            let back = match length {
                Some(Slot::Amount(length)) => length.reach(),
                _ => i64::MAX,
            };
            self.events(EventsCode { list: EventList::Consents, filter: q.filter }, back, 1);
        }
        let Some(n) = q.instrument.map(usize::from) else { return };
        if let Some(code) = self.p.instruments.get(n) {
            code.elements.iter().for_each(|(_, when, _)| self.event_node(*when));
            code.void.iter().for_each(|ix| self.event_node(*ix));
        }
        match self.p.policy.instruments.get(n).map(|it| &it.lasts) {
            Some(Lasts::Through(fact) | Lasts::From(_, fact)) => self.field(*fact),
            Some(Lasts::Always) | None => {}
        }
    }

    fn refusal(&mut self, q: &RefusedCode) {
        self.fold(q.asked, q.filter, &q.reaches);
        self.event_node(q.renewed_filter);
        self.fact(self.p.known.seller);
        q.except.iter().for_each(|arg| self.arg(*arg));
    }
}
