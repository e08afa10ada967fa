//! Persons who are alike: of whom a rule is asked once, because they have everything in common that its answer hangs on.
//!
//! What is asked of everybody stands fast: contact, instant, settings. So the rules that can apply to anybody fall into
//! groups, each of which hangs on few of the facts that differ. A caller who has answered one person of each kind needs to
//! decide nobody else of that kind. Nothing is estimated here: a group reads no more than it says, or it is asked anew.

mod settled;

use super::Engine;
use crate::decision::{Said, Sweep};
use crate::eval::{Eval, Scratch};
use crate::facts::{Facts, OPEN, Part, Refill, Slot};
use crate::of_a_room::of_a_room;
use crate::program::{Asked, Candidates, Edge, EventsCode, NO_NODE, NodeIx, Program, Reads};
use crate::taxonomy::NodeId;
use crate::typed::{EventList, FactId};
use settled::Settled;
use std::collections::BTreeSet;

/// More answers of a group than this that time does not change are not compared.
const MOST: usize = 256;
/// A day, in microseconds.
const DAY: i64 = 86_400_000_000;

/// Rules that hang on the same.
#[derive(Clone, Debug)]
pub struct Group {
    rules: Vec<u32>,
    /// Facts that differ, by their numbers for [`Refill::set`].
    pub leaves: Vec<usize>,
    /// Birth dates, by number: of who is more years old than that, in any zone and by days, no more need be known.
    pub ages: Vec<(usize, i64)>,
    /// Texts, by number, of which it matters only whether they are there.
    pub named: Vec<usize>,
    /// The history of consent: its events that count for something ([`Alike::heeds`]), newest first, by what they say and by
    /// where their date lies between [`Alike::edges`]. Two of which that is the same and that stand next to each other are as one.
    pub fold: bool,
    /// Look-ups of addresses: what they say, and whether the address is the person's own, in no order.
    pub looks: bool,
    /// Events that make a person like no other, by place in [`Alike::backs`].
    pub back: Vec<usize>,
}

/// Events of a list of which so many, later than an instant, make a person like no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Newer {
    /// The list.
    pub list: EventList,
    /// The instant, in microseconds.
    pub since: i64,
    /// How many.
    pub fewest: i64,
    /// Which are meant; where every one is not: those that [`Alike::may_mean`].
    filter: NodeIx,
}

/// What a group says of persons of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    /// Persons who have the same number in each group have the same answer.
    pub number: u32,
    /// None of the group's rules can apply to people with these facts, whatever events they have.
    pub idle: bool,
}

/// Groups of rules over one contact, and what they were found to say.
#[derive(Clone, Debug)]
pub struct Alike {
    engine: Engine,
    groups: Vec<Group>,
    backs: Vec<Newer>,
    edges: Vec<(i64, i64)>,
    /// Fields of events that are held against texts of the person's own.
    compared: BTreeSet<FactId>,
    /// By group: what stays, and the next number.
    said: Vec<(Vec<(Said, u32)>, u32)>,
    /// Purposes with which the history of consent is read.
    purposes: Vec<Option<NodeId>>,
    /// Whatever a revocation says, it may reach further.
    reaches: bool,
    scratch: Scratch,
}

impl Engine {
    of_a_room! {
        /// Finds what the rules hang on that can apply to the people of an audience; nothing where that is of no use. `outcome`:
        /// only whether and when a contact is allowed is asked, not what is owed.
        #[must_use]
        pub fn alike(&self, refill: &Refill, outcome: bool) -> Option<Alike> {
            Alike::of(self, refill, outcome)
        }
    }
}

/// What differs from person to person.
struct Differs<'r> {
    refill: &'r Refill,
    facts: Vec<[Option<FactId>; 2]>,
    zones: Option<FactId>,
}

impl Differs<'_> {
    fn number(&self, fact: FactId) -> Option<usize> {
        self.facts.iter().position(|both| both.contains(&Some(fact)))
    }

    /// The group of a rule that reads this.
    fn group(&self, p: &Program, reads: &Reads, backs: &mut Vec<Newer>) -> Group {
        let mut leaves: Vec<usize> = reads.facts.iter().filter_map(|fact| self.number(*fact)).collect();
        if reads.zones {
            leaves.extend(self.zones.and_then(|fact| self.number(fact)));
        }
        let mut named: Vec<usize> = reads.named.iter().filter_map(|fact| self.number(*fact)).collect();
        if let Some(address) =
            p.known.address.filter(|_| !reads.scopes.is_empty()).and_then(|it| self.number(it))
        {
            let names =
                |fact: &FactId| self.number(*fact).is_some() || names_address(self.refill.base().slot(*fact));
            if reads.scopes.iter().any(names) { leaves.push(address) } else { named.push(address) }
        }
        leaves.sort_unstable();
        leaves.dedup();
        named.retain(|n| !leaves.contains(n));
        named.sort_unstable();
        named.dedup();
        let mut ages: Vec<(usize, i64)> = Vec::new();
        for (fact, years) in &reads.ages {
            let Some(n) = self.number(*fact).filter(|n| !leaves.contains(n)) else { continue };
            match ages.iter_mut().find(|it| it.0 == n) {
                Some(known) => known.1 = known.1.max(*years),
                None => ages.push((n, *years)),
            }
        }
        let at = self.refill.base().at.0;
        let mut newer: Vec<Newer> = Vec::new();
        for it in reads.back.iter().filter(|it| self.refill.differs(it.list)) {
            // Of a condition that asks what is known, nothing can be told while something is not.
            let told = it.filter == NO_NODE || !Reads::of_node(p, it.filter).known;
            let filter = if told { it.filter } else { NO_NODE };
            newer.push(Newer { list: it.list, since: at.saturating_sub(it.back), fewest: it.fewest, filter });
        }
        let stricter = |it: &Newer| {
            let over = |other: &&Newer| {
                let covers = other.filter == NO_NODE || other.filter == it.filter;
                *other != it
                    && other.list == it.list
                    && covers
                    && other.since <= it.since
                    && other.fewest <= it.fewest
            };
            newer.iter().any(|other| over(&other))
        };
        let mut back: Vec<usize> = Vec::new();
        for it in newer.iter().filter(|it| !stricter(it)) {
            let n = backs.iter().position(|known| known == it).unwrap_or_else(|| {
                backs.push(*it);
                backs.len() - 1
            });
            back.push(n);
        }
        back.sort_unstable();
        back.dedup();
        Group {
            rules: Vec::new(),
            leaves,
            ages,
            named,
            fold: reads.fold && self.refill.differs(EventList::Consents),
            looks: reads.lookups && self.refill.differs(EventList::Lists),
            back,
        }
    }
}

impl Group {
    fn is_alike(&self, other: &Group) -> bool {
        let hangs_on = |it: &Group| {
            (it.leaves.clone(), it.ages.clone(), it.named.clone(), it.fold, it.looks, it.back.clone())
        };
        hangs_on(self) == hangs_on(other)
    }

    /// It hangs on nothing that differs.
    fn is_fixed(&self) -> bool {
        self.leaves.is_empty()
            && self.ages.is_empty()
            && self.named.is_empty()
            && !self.fold
            && !self.looks
            && self.back.is_empty()
    }
}

impl Alike {
    fn of(engine: &Engine, refill: &Refill, outcome: bool) -> Option<Alike> {
        let p = engine.program();
        let differs = Differs {
            refill,
            facts: refill.differing().collect(),
            zones: p.policy.vocabulary.fact("person.time_zones"),
        };
        // The history is read against the contact: that must be everybody's.
        let known = &p.known;
        let contact = [known.channel, known.purpose, known.topic, known.sender, known.seller, known.matter];
        if contact.into_iter().flatten().any(|fact| differs.number(fact).is_some()) {
            return None;
        }
        let mut facts = refill.base().clone();
        for fact in differs.facts.iter().flatten().flatten() {
            let at = usize::from(fact.0);
            facts.slots.get_mut(at).into_iter().for_each(|slot| *slot = Slot::Unknown);
            facts.masks.get_mut(at).into_iter().for_each(|mask| *mask = OPEN);
        }
        let mut candidates = Candidates::default();
        p.dispatch.candidates(&facts, &mut candidates);
        let mut groups: Vec<Group> = Vec::new();
        let mut backs = Vec::new();
        let mut asked = BTreeSet::new();
        let mut edges = BTreeSet::new();
        let mut compared = BTreeSet::new();
        let mut reaches = false;
        let settled = Settled::of_all(p, &facts, &differs);
        for n in candidates.iter() {
            let rule = p.rules.get(n as usize)?;
            if settled.of(rule.applies) == Some(false) {
                continue;
            }
            // Records that are the same for everybody: none at all ask nothing.
            let records =
                rule.each.filter(|fact| differs.number(*fact).is_none()).map(|fact| facts.slot(fact));
            if records == Some(&Slot::None) {
                continue;
            }
            let unknown = records.is_some_and(|slot| !matches!(slot, Slot::Records(_)));
            let settled = |ix: NodeIx| settled.of(ix);
            let reads = Reads::of_rule(p, rule, &Asked { outcome, unknown, settled: &settled });
            let group = differs.group(p, &reads, &mut backs);
            if group.is_fixed() {
                continue;
            }
            asked.extend(reads.asked);
            reaches |= reads.reaches;
            compared.extend(reads.compared);
            edges.extend(
                reads.edges.iter().filter(|_| group.fold).filter_map(|edge| around(p, &facts, *edge)),
            );
            match groups.iter_mut().find(|it| it.is_alike(&group)) {
                Some(known) => known.rules.push(n),
                None => groups.push(Group { rules: vec![n], ..group }),
            }
        }
        let purposes = asked.iter().filter_map(|n| p.asked.get(usize::from(*n)).copied()).collect();
        let said = groups.iter().map(|_| (Vec::new(), 0)).collect();
        let (edges, engine) = (edges.into_iter().collect(), engine.clone());
        Some(Alike {
            engine,
            groups,
            backs,
            edges,
            compared,
            said,
            purposes,
            reaches,
            scratch: Scratch::default(),
        })
    }

    /// The groups.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Events of which a person may have too many to be like others.
    #[must_use]
    pub fn backs(&self) -> &[Newer] {
        &self.backs
    }

    /// Spans of instants, from and to, in microseconds and in order: of an event of consent it matters whether it lies before or
    /// after each. One that lies within is like no other.
    #[must_use]
    pub fn edges(&self) -> &[(i64, i64)] {
        &self.edges
    }

    /// Whether an event of such a shape, as [`Refill::shape`] numbers them, may be one of those that are meant, whosever it is and
    /// whenever it was. The facts being filled are no person's after that.
    #[must_use]
    pub fn may_mean(&mut self, back: usize, refill: &mut Refill, shape: u32) -> bool {
        let Some(newer) = self.backs.get(back).copied().filter(|it| it.filter != NO_NODE) else {
            return true;
        };
        let Some(facts) = refill.lone(newer.list, shape) else { return true };
        let set = EventsCode { list: newer.list, filter: newer.filter };
        Eval::new(self.engine.program(), facts, &mut self.scratch).may_be_of(set, 0)
    }

    /// Whether events of such a shape, as [`Refill::shape`] numbers them, can change what the fold says; nothing when they
    /// bring more than what they say.
    #[must_use]
    pub fn heeds(&mut self, refill: &Refill, shape: u32) -> Option<bool> {
        let item = refill.consent(shape)?;
        // What is held against a text of the person's own.
        let own = || refill.says(EventList::Consents, shape).any(|fact| self.compared.contains(&fact));
        if item.scope.address != Part::Open || own() {
            return None;
        }
        let eval = Eval::new(self.engine.program(), refill.base(), &mut self.scratch);
        Some(self.reaches || self.purposes.iter().any(|purpose| eval.heeds(item, *purpose)))
    }

    /// What a group says of persons such as this one; nothing when it says so of this one alone.
    pub fn class(&mut self, group: usize, facts: &Facts, scratch: &mut Scratch) -> Option<Class> {
        let rules = &self.groups.get(group)?.rules;
        let said = Sweep::new(self.engine.program(), facts, scratch).said(rules);
        let (known, next) = self.said.get_mut(group)?;
        let idle = said.is_idle();
        let stays = said.stays();
        if stays && let Some((_, number)) = known.iter().find(|(it, _)| *it == said) {
            return Some(Class { number: *number, idle });
        }
        let number = *next;
        *next = next.checked_add(1)?;
        if stays && known.len() < MOST {
            known.push((said, number));
        }
        Some(Class { number, idle })
    }
}

/// Whether a scope names an address, or one in a record does.
fn names_address(slot: &Slot) -> bool {
    match slot {
        Slot::Scope(scope) => scope.address != Part::Open,
        Slot::Records(all) => all.iter().flatten().any(names_address),
        _ => false,
    }
}

/// The instants about which it may hang on a clock whether an event is before or after an edge; nothing when that does not hang on
/// the event's date at all.
fn around(p: &Program, facts: &Facts, edge: Edge) -> Option<(i64, i64)> {
    let slot = match edge {
        Edge::Const(n) => p.consts.get(usize::from(n)),
        Edge::Setting(n) => facts.settings.get(usize::from(n)),
    };
    match slot? {
        Slot::Date { lo, hi } => Some(((i64::from(lo.0) - 2) * DAY, (i64::from(hi.0) + 3) * DAY)),
        Slot::Instant(at) => Some((at.0.saturating_sub(DAY), at.0.saturating_add(DAY))),
        _ => None,
    }
}
