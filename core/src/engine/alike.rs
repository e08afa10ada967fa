//! Persons who are alike: of whom a rule is asked once, because they have everything in common that its answer hangs on.
//!
//! What is asked of everybody stands fast: contact, instant, settings. So the rules that can apply to anybody fall into
//! groups, each of which hangs on few of the facts that differ. A caller who has answered one person of each kind needs to
//! decide nobody else of that kind. Nothing is estimated here: a group reads no more than it says, or it is asked anew.

use super::Engine;
use crate::decision::{Said, Sweep};
use crate::eval::{Eval, Scratch, Tri};
use crate::facts::{Facts, OPEN, Part, Refill, Slot};
use crate::of_a_room::of_a_room;
use crate::program::{Candidates, Program, Reads, RuleCode, conjuncts};
use crate::taxonomy::NodeId;
use crate::typed::{EventList, FactId};

/// More answers of a group than this that time does not change are not compared.
const MOST: usize = 256;

/// Rules that hang on the same.
#[derive(Clone, Debug)]
pub struct Group {
    rules: Vec<u32>,
    /// Facts that differ, by their numbers for [`Refill::set`].
    pub leaves: Vec<usize>,
    /// Birth dates, by number: of who is more years old than that, in any zone and by days, no more need be known.
    pub ages: Vec<(usize, i64)>,
    /// The history of consent: its events that count for something ([`Alike::heeds`]), newest first, by what they say. Two
    /// that say the same and stand next to each other are as one.
    pub fold: bool,
    /// Lists of which an event later than that instant, in microseconds, makes a person like no other.
    pub back: Vec<(EventList, i64)>,
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
pub struct Alike<'e> {
    engine: &'e Engine,
    groups: Vec<Group>,
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
        /// Finds what the rules hang on that can apply to the people of an audience; nothing where that is of no use.
        #[must_use]
        pub fn alike<'e>(&'e self, refill: &Refill<'_>) -> Option<Alike<'e>> {
            Alike::of(self, refill)
        }
    }
}

/// What differs from person to person.
struct Differs<'r, 'i> {
    refill: &'r Refill<'i>,
    facts: Vec<[Option<FactId>; 2]>,
    zones: Option<FactId>,
}

impl Differs<'_, '_> {
    fn number(&self, fact: FactId) -> Option<usize> {
        self.facts.iter().position(|both| both.contains(&Some(fact)))
    }

    /// The group of a rule that reads this.
    fn group(&self, reads: &Reads) -> Group {
        let mut leaves: Vec<usize> = reads.facts.iter().filter_map(|fact| self.number(*fact)).collect();
        if reads.zones {
            leaves.extend(self.zones.and_then(|fact| self.number(fact)));
        }
        leaves.sort_unstable();
        leaves.dedup();
        let mut ages: Vec<(usize, i64)> = Vec::new();
        for (fact, years) in &reads.ages {
            let Some(n) = self.number(*fact).filter(|n| !leaves.contains(n)) else { continue };
            match ages.iter_mut().find(|it| it.0 == n) {
                Some(known) => known.1 = known.1.max(*years),
                None => ages.push((n, *years)),
            }
        }
        let at = self.refill.base().at.0;
        let back = reads.back.iter().filter(|(list, _)| self.refill.differs(**list));
        Group {
            rules: Vec::new(),
            leaves,
            ages,
            fold: reads.fold && self.refill.differs(EventList::Consents),
            back: back.map(|(list, back)| (*list, at.saturating_sub(*back))).collect(),
        }
    }
}

impl Group {
    fn is_alike(&self, other: &Group) -> bool {
        (&self.leaves, &self.ages, self.fold, &self.back)
            == (&other.leaves, &other.ages, other.fold, &other.back)
    }

    /// It hangs on nothing that differs.
    fn is_fixed(&self) -> bool {
        self.leaves.is_empty() && self.ages.is_empty() && !self.fold && self.back.is_empty()
    }
}

impl<'e> Alike<'e> {
    fn of(engine: &'e Engine, refill: &Refill<'_>) -> Option<Alike<'e>> {
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
        let mut asked = std::collections::BTreeSet::new();
        let mut reaches = false;
        for n in candidates.iter() {
            let rule = p.rules.get(n as usize)?;
            if never_applies(p, &facts, &differs, rule) {
                continue;
            }
            let reads = Reads::of_rule(p, rule);
            let group = differs.group(&reads);
            if group.is_fixed() {
                continue;
            }
            asked.extend(reads.asked);
            reaches |= reads.reaches;
            match groups.iter_mut().find(|it| it.is_alike(&group)) {
                Some(known) => known.rules.push(n),
                None => groups.push(Group { rules: vec![n], ..group }),
            }
        }
        let purposes = asked.iter().filter_map(|n| p.asked.get(usize::from(*n)).copied()).collect();
        let said = groups.iter().map(|_| (Vec::new(), 0)).collect();
        Some(Alike { engine, groups, said, purposes, reaches, scratch: Scratch::default() })
    }

    /// The groups.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Whether events of such a shape, as [`Refill::shape`] numbers them, can change what the fold says; nothing when they
    /// bring more than what they say.
    #[must_use]
    pub fn heeds(&mut self, refill: &Refill<'_>, shape: u32) -> Option<bool> {
        let item = refill.consent(shape)?;
        if item.scope.address != Part::Open {
            return None;
        }
        let eval = Eval::new(self.engine.program(), refill.base(), &mut self.scratch);
        Some(self.reaches || self.purposes.iter().any(|purpose| eval.heeds(item, *purpose)))
    }

    /// What a group says of persons such as this one; nothing when it says so of this one alone.
    pub fn class(&mut self, group: usize, facts: &Facts, scratch: &mut Scratch) -> Option<Class> {
        let rules = &self.groups.get(group)?.rules;
        let said = Sweep::new(self.engine.program(), facts, scratch).said(rules)?;
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

/// Whether a part of what a rule applies to is false for everybody, at any instant.
fn never_applies(p: &Program, facts: &Facts, differs: &Differs<'_, '_>, rule: &RuleCode) -> bool {
    let mut all = Vec::new();
    conjuncts(p, rule.applies, &mut all);
    let mut scratch = Scratch::default();
    let mut eval = Eval::new(p, facts, &mut scratch);
    all.into_iter().any(|ix| {
        let still = p.moves.get(ix as usize) == Some(&false);
        still && differs.group(&Reads::of_node(p, ix)).is_fixed() && eval.tri(ix) == Tri::F
    })
}
