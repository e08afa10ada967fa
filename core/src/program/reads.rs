//! What the answers of rules hang on, besides the policy and the instant: which facts, which lists and how far back. Whoever
//! asks the same of many people needs to ask a rule only once of those who have all of that in common.
//!
//! More may be in than a rule ever reads, never less.

use super::{
    Arg, Code, ConsentCode, CountCode, DutyCode, EventsCode, LevelCode, MomentCode, NO_NODE, NodeIx, Program,
    ReachCode, RefusedCode, RuleCode, WindowCode,
};
use crate::facts::Slot;
use crate::typed::{Entity, EventList, FactId, Lasts};
use crate::value::Amount;
use std::collections::{BTreeMap, BTreeSet};

/// A day, in microseconds.
const DAY: i64 = 86_400_000_000;

/// What is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reads {
    /// Facts of the request. One that names an event stands for that event, too.
    pub facts: BTreeSet<FactId>,
    /// Facts that are read as an age alone, with the greatest number of years that it is compared with.
    pub ages: BTreeMap<FactId, i64>,
    /// The recipient's clocks.
    pub zones: bool,
    /// Lists whose events are looked through, with how far back from the instant, in microseconds; [`i64::MAX`]: all of it.
    pub back: BTreeMap<EventList, i64>,
    /// The history of consent is folded: what its events say besides dates, their order, and nothing else of them.
    pub fold: bool,
    /// Places in [`Program::asked`] for which it is.
    pub asked: BTreeSet<u16>,
    /// Revocations may reach further than their words.
    pub reaches: bool,
}

impl Reads {
    /// Of all that a rule says: whether it blocks, what it owes and withholds.
    #[must_use]
    pub fn of_rule(p: &Program, rule: &RuleCode) -> Reads {
        let mut out = Walk { p, seen: BTreeSet::new(), reads: Reads::default() };
        out.rule(rule);
        out.reads
    }

    /// Of one condition.
    #[must_use]
    pub fn of_node(p: &Program, ix: NodeIx) -> Reads {
        let mut out = Walk { p, seen: BTreeSet::new(), reads: Reads::default() };
        out.node(ix);
        out.reads
    }
}

/// On the way through the nodes.
struct Walk<'p> {
    p: &'p Program,
    seen: BTreeSet<NodeIx>,
    reads: Reads,
}

impl Walk<'_> {
    fn rule(&mut self, rule: &RuleCode) {
        self.nodes(&[rule.blocks, rule.applies, rule.requires, rule.binds]);
        self.nodes(&rule.parts);
        self.reads.facts.extend(rule.each);
        if !rule.carries.is_empty() {
            self.reads.facts.extend(self.p.known.fields);
        }
        let mut duties: Vec<_> = rule.duties.iter().chain(&rule.on_refusal).collect();
        for exemption in &rule.unless {
            self.node(exemption.holds);
            self.nodes(&exemption.parts);
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

    fn nodes(&mut self, all: &[NodeIx]) {
        all.iter().for_each(|ix| self.node(*ix));
    }

    fn node(&mut self, ix: NodeIx) {
        if ix == NO_NODE || !self.seen.insert(ix) {
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
            Code::Not(kid) | Code::Known(kid) => self.node(kid),
            Code::True(arg) | Code::Exists(arg) | Code::Is { arg, .. } | Code::In { arg, .. } => {
                self.arg(arg)
            }
            Code::IsFact(fact, _) => self.fact(Some(fact)),
            Code::IsAmong { arg, of, .. } => self.args(&[arg, of]),
            Code::Same(a, b) | Code::Compare(a, _, b) | Code::CompareDay(a, _, b, _) => self.args(&[a, b]),
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
                self.list(EventList::Lists, i64::MAX);
            }
            Code::Signal(_) => self.list(EventList::Signals, i64::MAX),
            Code::CoversContact(arg) | Code::CoversAllOfContact(arg) => {
                self.contact();
                self.fact(known.address);
                self.arg(arg);
            }
            Code::CoversEvent(arg) => self.arg(arg),
            Code::EventCoversContact => {
                self.contact();
                self.fact(known.address);
            }
            Code::EventOfLevels(arg) => self.arg(arg),
            Code::Authorised => {
                self.reads.zones = true;
                self.contact();
                let facts = [known.role, known.minor_exception, known.endangerment, known.address];
                facts.into_iter().chain(known.authority).for_each(|fact| self.fact(fact));
            }
            Code::EventIs(arg, ..) => self.arg(arg),
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
    /// other for.
    fn field(&mut self, fact: FactId) {
        let Some(decl) = self.p.policy.vocabulary.decl(fact) else { return };
        let Entity::Event(list) = decl.entity else { return };
        let own = ["at", "recorded_at", "id", "scope.address", "address"];
        if decl.path.split_once('.').is_some_and(|(_, field)| own.contains(&field)) {
            self.list(list, i64::MAX);
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

    fn list(&mut self, list: EventList, back: i64) {
        let known = self.reads.back.entry(list).or_insert(back);
        *known = (*known).max(back);
    }

    fn events(&mut self, events: EventsCode, back: i64) {
        self.list(events.list, back);
        self.node(events.filter);
    }

    fn moment(&mut self, moment: u32) {
        self.reads.zones = true;
        match self.p.moments.get(moment as usize).copied() {
            Some(MomentCode::At(arg)) => self.arg(arg),
            Some(MomentCode::Latest(events)) => self.events(events, i64::MAX),
            // Which they are hangs on what the rule requires; when they were, on themselves.
            Some(MomentCode::Refusal(requires)) => {
                self.list(EventList::Consents, i64::MAX);
                self.node(requires);
            }
            None => {}
        }
    }

    fn count(&mut self, q: &CountCode) {
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
        self.events(q.events, back);
    }

    fn fold(&mut self, asked: u16, filter: NodeIx, reaches: &[ReachCode]) {
        self.reads.fold = true;
        self.reads.asked.insert(asked);
        self.contact();
        self.node(filter);
        for reach in reaches {
            self.reads.reaches = true;
            self.node(reach.filter);
        }
    }

    fn consent(&mut self, q: &ConsentCode) {
        self.fold(q.asked, q.filter, &q.reaches);
        if let LevelCode::Fact(arg) = q.level {
            self.arg(arg);
        }
        let Some(n) = q.instrument.map(usize::from) else { return };
        if let Some(code) = self.p.instruments.get(n) {
            code.elements.iter().for_each(|(_, when, _)| self.node(*when));
            self.nodes(&code.void);
        }
        match self.p.policy.instruments.get(n).map(|it| &it.lasts) {
            Some(Lasts::Through(fact) | Lasts::From(_, fact)) => self.field(*fact),
            Some(Lasts::Always) | None => {}
        }
    }

    fn refusal(&mut self, q: &RefusedCode) {
        self.fold(q.asked, q.filter, &q.reaches);
        self.fact(self.p.known.seller);
        q.except.iter().for_each(|arg| self.arg(*arg));
    }
}
