//! The consent fold: is there leave, and is there a refusal that nothing lifts.
//!
//! *Revocation is monotone* (law 3): a covering revocation ends every grant that is not later and within its scope, and a
//! tie goes to the revocation. *Survival does not hang on the instant*; only expiry does. So a question is folded once per
//! decision into the ends of the grants that survive, and time asks those ends.

use super::{Eval, NEVER, Tri, V};
use crate::facts::{By, Consent, ConsentKind, Families, Part, Scope, Slot, TextId};
use crate::program::{Arg, ConsentCode, LevelCode, NO_NODE, NodeIx, ReachCode};
use crate::taxonomy::{NodeId, Taxonomy};
use crate::time::Date;
use crate::typed::{Dimension, EventList, Holder, Lasts};

/// How a scope is read: a topic marked sensitive narrows grants only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    Grant,
    Revocation,
    Plain,
}

/// One combination of purpose and topic that the contact has. Each is asked by itself, and all must have leave.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(super) purpose: Ask,
    pub(super) topic: Ask,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    Node(NodeId),
    None,
    Unknown,
}

/// The end of a grant that survives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// Part of the question it answers: pair and level, or pair and revocation.
    part: u32,
    /// Whether it certainly counts.
    certain: bool,
    /// Last good day; `None`: no end by day.
    lo_day: Option<Date>,
    hi_day: Option<Date>,
    /// End by instant.
    at: i64,
}

/// What a question came to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memo {
    stamp: u64,
    record: u32,
    at: u32,
    len: u32,
    parts: u32,
    /// Lanes and time do not matter: the answer.
    fixed: Option<bool>,
    unknown: bool,
}

impl<'a> Eval<'a> {
    pub(super) fn tree(&self, id: Option<crate::taxonomy::TaxonomyId>) -> Option<&'a Taxonomy> {
        id.and_then(|t| self.p.policy.vocabulary.tree(t))
    }

    /// Calls for each purpose × topic of the contact.
    #[inline]
    pub(crate) fn pairs(&self, purpose: Option<NodeId>, each: &mut dyn FnMut(Pair)) {
        let topics = self.known(self.p.known.topic);
        let with_topics = |p: Ask, each: &mut dyn FnMut(Pair)| match topics {
            Slot::Node(t) => each(Pair { purpose: p, topic: Ask::Node(*t) }),
            Slot::Nodes(list) => {
                list.iter().for_each(|t| each(Pair { purpose: p, topic: Ask::Node(*t) }));
            }
            Slot::None => each(Pair { purpose: p, topic: Ask::None }),
            _ => each(Pair { purpose: p, topic: Ask::Unknown }),
        };
        if let Some(p) = purpose {
            return with_topics(Ask::Node(p), each);
        }
        match self.known(self.p.known.purpose) {
            Slot::Node(p) => with_topics(Ask::Node(*p), each),
            Slot::Nodes(list) => list.iter().for_each(|p| with_topics(Ask::Node(*p), each)),
            Slot::None => with_topics(Ask::None, each),
            _ => with_topics(Ask::Unknown, each),
        }
    }

    pub(super) fn part_nodes(
        &self,
        part: &Part<NodeId>,
        value: Ask,
        tree: Option<&Taxonomy>,
        reading: Reading,
    ) -> Tri {
        match (part, value) {
            (Part::Open, _) => Tri::T,
            // A name nobody declared: a revocation is at its widest, a grant may or may not cover.
            (Part::Unknown, _) => {
                if reading == Reading::Revocation {
                    Tri::T
                } else {
                    Tri::U
                }
            }
            (Part::Named(named), _) if named.contains(&NodeId::ROOT) => Tri::T,
            (Part::Named(_), Ask::None) => Tri::F,
            (Part::Named(_), Ask::Unknown) => Tri::U,
            (Part::Named(named), Ask::Node(n)) => {
                Tri::of(named.iter().any(|m| tree.is_some_and(|t| t.is(n, *m))))
            }
        }
    }

    pub(super) fn part_topic(&self, part: &Part<NodeId>, value: Ask, reading: Reading) -> Tri {
        let tree = self.tree(self.p.known.topics);
        let plain = self.part_nodes(part, value, tree, reading);
        if reading != Reading::Grant || plain == Tri::F {
            return plain;
        }
        // *Sensitive narrows grants only*: the grant must name the topic or a sensitive ancestor of it.
        match value {
            Ask::None => plain,
            Ask::Unknown => {
                if self.p.sensitive.is_empty() {
                    plain
                } else {
                    Tri::U
                }
            }
            Ask::Node(n) if !self.p.sensitive.has(n.0) => plain,
            Ask::Node(n) => match part {
                Part::Named(named) => Tri::of(
                    named.iter().any(|m| self.p.sensitive.has(m.0) && tree.is_some_and(|t| t.is(n, *m))),
                ),
                Part::Open => Tri::F,
                Part::Unknown => Tri::U,
            },
        }
    }

    pub(super) fn part_text(&self, part: &Part<TextId>, slot: &Slot, reading: Reading) -> Tri {
        match (part, slot) {
            (Part::Open, _) => Tri::T,
            (Part::Unknown, _) => {
                if reading == Reading::Revocation {
                    Tri::T
                } else {
                    Tri::U
                }
            }
            (Part::Named(_), Slot::None) => Tri::F,
            (Part::Named(named), Slot::Text(t)) => Tri::of(named.contains(t)),
            (Part::Named(_), _) => Tri::U,
        }
    }

    pub(super) fn ask(slot: &Slot) -> Ask {
        match slot {
            Slot::Node(n) => Ask::Node(*n),
            Slot::None => Ask::None,
            _ => Ask::Unknown,
        }
    }

    /// Each part that the scope names is the contact's own or an ancestor of it.
    pub(crate) fn covers(&self, s: &Scope, pair: Pair, reading: Reading) -> Tri {
        let k = &self.p.known;
        let channel = Self::ask(self.known(k.channel));
        let mut out = self.part_nodes(&s.channel, channel, self.tree(k.channels), reading);
        if out != Tri::F {
            out = out.min(self.part_nodes(&s.purpose, pair.purpose, self.tree(k.purposes), reading));
        }
        if out != Tri::F {
            out = out.min(self.part_topic(&s.topic, pair.topic, reading));
        }
        if out != Tri::F && s.sender != Part::Open {
            out = out.min(self.part_nodes(
                &s.sender,
                Self::ask(self.known(k.sender)),
                self.tree(k.senders),
                reading,
            ));
        }
        if out != Tri::F && s.address != Part::Open {
            out = out.min(self.part_text(&s.address, self.known(k.address), reading));
        }
        if out != Tri::F && s.matter != Part::Open {
            out = out.min(self.part_text(&s.matter, self.known(k.matter), reading));
        }
        out
    }

    /// A scope that is neither grant nor revocation, for some purpose and topic of the contact.
    pub(super) fn scope_covers(&self, s: &Scope) -> Tri {
        let mut out = Tri::F;
        self.pairs(None, &mut |pair| out = out.max(self.covers(s, pair, Reading::Plain)));
        out
    }

    /// A scope of the request against the proposed contact.
    #[must_use]
    pub fn covers_contact(&self, s: &Scope) -> Tri {
        self.scope_covers(s)
    }

    /// The ancestor of a level just below the root: its family.
    pub(super) fn family(&self, n: NodeId) -> NodeId {
        let Some(tree) = self.tree(self.p.known.levels) else { return n };
        let mut at = n;
        while let Some(node) = tree.node(at) {
            if node.parent == NodeId::ROOT {
                return at;
            }
            at = node.parent;
        }
        at
    }

    /// Whether a revocation ends the levels of that family; naming a level is naming its family.
    pub(super) fn ends(&self, families: &Families, level: NodeId) -> bool {
        match families {
            Families::Open => true,
            Families::Named(list) => {
                let asked = self.family(level);
                list.iter().any(|f| *f == NodeId::ROOT || self.family(*f) == asked)
            }
        }
    }

    /// The grant's scope lies within the revocation's: each part that the revocation names, the grant names equal or below.
    pub(super) fn within(&self, g: &Scope, r: &Scope) -> Tri {
        let k = &self.p.known;
        let nodes = |g: &Part<NodeId>, r: &Part<NodeId>, tree: Option<&Taxonomy>| match (r, g) {
            (Part::Open, _) => Tri::T,
            (Part::Named(_), Part::Open) => Tri::F,
            (Part::Unknown, _) | (_, Part::Unknown) => Tri::U,
            (Part::Named(r), Part::Named(g)) => {
                Tri::of(g.iter().all(|x| r.iter().any(|y| tree.is_some_and(|t| t.is(*x, *y)))))
            }
        };
        let texts = |g: &Part<TextId>, r: &Part<TextId>| match (r, g) {
            (Part::Open, _) => Tri::T,
            (Part::Named(_), Part::Open) => Tri::F,
            (Part::Unknown, _) | (_, Part::Unknown) => Tri::U,
            (Part::Named(r), Part::Named(g)) => Tri::of(g.iter().all(|x| r.contains(x))),
        };
        nodes(&g.channel, &r.channel, self.tree(k.channels))
            .min(nodes(&g.purpose, &r.purpose, self.tree(k.purposes)))
            .min(nodes(&g.topic, &r.topic, self.tree(k.topics)))
            .min(nodes(&g.sender, &r.sender, self.tree(k.senders)))
            .min(texts(&g.address, &r.address))
            .min(texts(&g.matter, &r.matter))
    }

    /// A later grant within the revocation's scope lifts it. On a tie the revocation wins.
    pub(super) fn lifts(&self, g: &Consent, r: &Consent, scope: &Scope) -> Tri {
        if r.hi < g.lo { self.within(&g.scope, scope) } else { Tri::F }
    }

    pub(super) fn in_row(&mut self, row: usize, ix: NodeIx) -> Tri {
        let before = self.event;
        self.event = Some((EventList::Consents, row as u32));
        let v = self.tri(ix);
        self.event = before;
        v
    }

    pub(super) fn cell(&self, column: Option<u16>, row: usize) -> &'a Slot {
        static UNKNOWN: Slot = Slot::Unknown;
        column.map_or(&UNKNOWN, |c| self.facts.consents.events.cell(c, row))
    }

    /// Whether whoever acted could grant.
    pub(super) fn could_grant(&self, g: &Consent, row: usize) -> Tri {
        let by = match g.by {
            Some(By::AuthorisedAgent) => match self.cell(self.p.known.consents.signed_permission, row) {
                Slot::Bool(b) => Tri::of(*b),
                Slot::None => Tri::F,
                _ => Tri::U,
            },
            // Nobody acted: good only for a level that may be inferred from conduct.
            Some(By::Inferred) => match (self.tree(self.p.known.levels), g.level) {
                (Some(t), Some(l)) => Tri::of(t.marked(l, "may_be_inferred")),
                _ => Tri::U,
            },
            _ => Tri::T,
        };
        let means = match self.cell(self.p.known.consents.means, row) {
            Slot::Node(n) => Tri::of(!self.p.grants_nothing.has(n.0)),
            _ => Tri::T,
        };
        by.min(means)
    }

    /// Whether a grant is by the instrument, complete and not void; and its end.
    pub(super) fn instrument(&mut self, ix: u16, row: usize) -> (Tri, Option<Date>, Option<Date>) {
        let (Some(code), Some(typed)) =
            (self.p.instruments.get(ix as usize), self.p.policy.instruments.get(ix as usize))
        else {
            return (Tri::U, None, None);
        };
        let k = self.p.known.consents;
        let mut out = match self.cell(k.instrument_kind, row) {
            Slot::Text(t) => Tri::of(t.0 == code.name),
            Slot::None => Tri::F,
            _ => Tri::U,
        };
        for (element, when, _) in &code.elements {
            if out == Tri::F {
                break;
            }
            let has = match self.cell(k.instrument_elements, row) {
                Slot::Texts(list) => Tri::of(list.contains(&TextId(*element))),
                Slot::Text(t) => Tri::of(t.0 == *element),
                Slot::None => Tri::F,
                _ => Tri::U,
            };
            let asked = if *when == NO_NODE { Tri::T } else { self.in_row(row, *when) };
            out = out.min(asked.negate().max(has));
        }
        for void in &code.void {
            if out == Tri::F {
                break;
            }
            out = out.min(self.in_row(row, *void).negate());
        }
        let date = |fact| {
            let column = self.p.policy.vocabulary.decl(fact).map(|d| d.slot);
            self.cell(column, row)
        };
        match &typed.lasts {
            Lasts::Always => (out, None, None),
            Lasts::Through(f) => match date(*f) {
                Slot::Date { lo, hi } => (out, Some(*lo), Some(*hi)),
                Slot::None => (out, None, None),
                _ => (out.min(Tri::U), None, None),
            },
            Lasts::From(amount, f) => match date(*f) {
                Slot::Date { lo, hi } => {
                    // The anniversary is excluded: good through the day before it.
                    let end = |d: Date| {
                        let last = match (amount.months(), amount.days()) {
                            (Some(m), _) => d.add_months_down(i64::from(m)),
                            (None, Some(n)) => d.add_days(i64::from(n)),
                            (None, None) => d,
                        };
                        last.add_days(-1)
                    };
                    (out, Some(end(*lo)), Some(end(*hi)))
                }
                _ => (out.min(Tri::U), None, None),
            },
        }
    }

    /// Calls for a revocation's own scope and each that a pack derives from it, with how certainly that one counts.
    pub(super) fn scopes(
        &mut self,
        r: &'a Consent,
        row: usize,
        reaches: &'a [ReachCode],
        each: &mut dyn FnMut(&mut Self, &Scope, Tri),
    ) {
        each(self, &r.scope, Tri::T);
        for reach in reaches {
            let meets = match reach.of {
                None => Tri::T,
                Some(p) => {
                    let tree = self.tree(self.p.known.purposes);
                    match &r.scope.purpose {
                        Part::Open | Part::Unknown => Tri::T,
                        Part::Named(list) => {
                            Tri::of(list.iter().any(|n| tree.is_some_and(|t| t.is(*n, p) || t.is(p, *n))))
                        }
                    }
                }
            };
            let counts = if meets == Tri::F { Tri::F } else { meets.min(self.in_row(row, reach.filter)) };
            if counts == Tri::F {
                continue;
            }
            let mut wider = r.scope.clone();
            for d in &reach.open {
                match d {
                    Dimension::Channel => wider.channel = Part::Open,
                    Dimension::Purpose => wider.purpose = Part::Open,
                    Dimension::Topic => wider.topic = Part::Open,
                    Dimension::Sender => wider.sender = Part::Open,
                    Dimension::Address => wider.address = Part::Open,
                    Dimension::Matter => wider.matter = Part::Open,
                }
            }
            if let (false, Part::Named(own)) = (reach.channels.is_empty(), &wider.channel) {
                wider.channel = Part::named(own.iter().chain(&reach.channels).copied());
            }
            each(self, &wider, counts);
        }
    }

    /// A grant's end, joined with an instrument's.
    pub(super) fn entry(g: &Consent, part: u32, certain: bool, lo: Option<Date>, hi: Option<Date>) -> Entry {
        let earlier = |a: Option<Date>, b: Option<Date>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Entry {
            part,
            certain,
            lo_day: earlier(g.expires.on, lo),
            hi_day: earlier(g.expires.on, hi),
            at: g.expires.at.map_or(NEVER, |i| i.0),
        }
    }

    pub(super) fn consent(&mut self, ix: u32) -> V {
        let Some(q) = self.p.consents.get(ix as usize) else { return self.lift(Tri::U) };
        if !self.facts.consents.events.known {
            return self.lift(Tri::U);
        }
        let record = self.record.map_or(0, |r| r.1);
        let memo = match self.s.consents.get(ix as usize) {
            Some(m) if m.stamp == self.s.stamp && m.record == record => *m,
            _ => {
                let m = self.fold_consent(q, record);
                if let Some(room) = self.s.consents.get_mut(ix as usize) {
                    *room = m;
                }
                m
            }
        };
        self.answer(memo, true)
    }

    /// The levels a question asks, each to be answered; `None` when they are unknown.
    pub(super) fn levels(&self, level: LevelCode) -> Option<Vec<NodeId>> {
        match level {
            LevelCode::AtLeast(n) => Some(vec![n]),
            LevelCode::Fact(a) => match self.arg(a) {
                Slot::Node(n) => Some(vec![*n]),
                Slot::Nodes(list) => Some(list.to_vec()),
                Slot::None => Some(Vec::new()),
                _ => None,
            },
        }
    }

    fn fold_consent(&mut self, q: &'a ConsentCode, record: u32) -> Memo {
        let at = self.s.entries.len() as u32;
        let mut memo =
            Memo { stamp: self.s.stamp, record, at, len: 0, parts: 0, fixed: None, unknown: false };
        let mut part = 0u32;
        // One level and one pair is the rule: no list is made for it.
        if let LevelCode::AtLeast(level) = q.level {
            self.fold_level(q, level, &mut part);
        } else {
            match self.levels(q.level) {
                None => memo.unknown = true,
                Some(levels) => {
                    // Asked for nothing: consent to nothing is no leave.
                    if levels.is_empty() {
                        memo.fixed = Some(false);
                    }
                    for level in levels {
                        self.fold_level(q, level, &mut part);
                    }
                }
            }
        }
        memo.parts = part;
        memo.len = self.s.entries.len() as u32 - at;
        memo
    }

    fn fold_level(&mut self, q: &'a ConsentCode, level: NodeId, part: &mut u32) {
        let by_recipient = match q.holder {
            Holder::Recipient => true,
            Holder::Person => false,
            Holder::ByLevel => self.p.held_by_recipient.has(level.0),
        };
        let facts = self.facts;
        let mut pairs: [Option<Pair>; 4] = [None; 4];
        let mut more: Vec<Pair> = Vec::new();
        let mut n = 0usize;
        self.pairs(q.purpose, &mut |p| {
            match pairs.get_mut(n) {
                Some(room) => *room = Some(p),
                None => more.push(p),
            }
            n += 1;
        });
        let tree = self.tree(self.p.known.levels);
        for pair in pairs.into_iter().flatten().chain(more) {
            for (row, g) in facts.consents.items.iter().enumerate() {
                if g.kind != ConsentKind::Grant {
                    continue;
                }
                let mut counts = match g.level {
                    None => Tri::U,
                    Some(l) if tree.is_some_and(|t| t.is(l, level)) => Tri::T,
                    Some(_) => continue,
                };
                counts = counts.min(self.covers(&g.scope, pair, Reading::Grant));
                if counts == Tri::F {
                    continue;
                }
                let held = if by_recipient { g.of_recipient } else { g.of_person };
                counts = counts.min(held.map_or(Tri::U, Tri::of)).min(self.could_grant(g, row));
                if counts != Tri::F && q.filter != NO_NODE {
                    counts = counts.min(self.in_row(row, q.filter));
                }
                let (mut lo, mut hi) = (None, None);
                if let (Some(i), true) = (q.instrument, counts != Tri::F) {
                    let (v, a, b) = self.instrument(i, row);
                    counts = counts.min(v);
                    (lo, hi) = (a, b);
                }
                if counts != Tri::F {
                    counts = counts.min(self.survives(g, level, pair, &q.reaches));
                }
                if counts != Tri::F {
                    self.s.entries.push(Self::entry(g, *part, counts == Tri::T, lo, hi));
                }
            }
            *part += 1;
        }
    }

    /// No covering revocation at the same instant or later, and each earlier one lifted.
    pub(super) fn survives(
        &mut self,
        g: &'a Consent,
        level: NodeId,
        pair: Pair,
        reaches: &'a [ReachCode],
    ) -> Tri {
        let facts = self.facts;
        let mut out = Tri::T;
        for (row, r) in facts.consents.items.iter().enumerate() {
            if r.kind != ConsentKind::Revoke || !self.ends(&r.families, level) {
                continue;
            }
            if reaches.is_empty() {
                let covers = self.covers(&r.scope, pair, Reading::Revocation);
                if covers != Tri::F {
                    out = out.min(covers.min(self.lifts(g, r, &r.scope).negate()).negate());
                }
            } else {
                self.scopes(r, row, reaches, &mut |e, scope, counts| {
                    let covers = e.covers(scope, pair, Reading::Revocation).min(counts);
                    if covers != Tri::F {
                        out = out.min(covers.min(e.lifts(g, r, scope).negate()).negate());
                    }
                });
            }
            if out == Tri::F {
                break;
            }
        }
        out
    }

    /// Reads the ends against the instant. Consent: every part needs one that still runs.
    fn answer(&mut self, memo: Memo, consent: bool) -> V {
        if memo.unknown {
            return self.lift(Tri::U);
        }
        if let Some(b) = memo.fixed {
            return self.lift(Tri::of(b));
        }
        if memo.len == 0 {
            return self.lift(if consent { Tri::of(memo.parts == 0) } else { Tri::F });
        }
        let range = memo.at as usize..(memo.at + memo.len) as usize;
        let mut out = self.lift(Tri::T);
        for part in 0..memo.parts {
            let mut one = V { t: 0, f: self.all, nc: NEVER };
            let mut sure = NEVER;
            for i in range.clone() {
                let Some(e) = self.s.entries.get(i).copied() else { continue };
                if e.part != part {
                    continue;
                }
                let v = self.alive(&e);
                one = V { t: one.t | v.t, f: one.f & v.f, nc: one.nc.min(v.nc) };
                if v.t == self.all {
                    // Any one that runs keeps it: the longest carries (*grants carry to the last end*).
                    sure = if sure == NEVER { v.nc } else { sure.max(v.nc) };
                    one.t = self.all;
                }
                if v.t == self.all && v.nc == NEVER {
                    sure = NEVER;
                    break;
                }
            }
            if one.t == self.all {
                one.nc = sure;
                one.f = 0;
            }
            out = V { t: out.t & one.t, f: out.f | one.f, nc: out.nc.min(one.nc) };
        }
        out
    }

    /// A grant still runs.
    pub(super) fn alive(&self, e: &Entry) -> V {
        let mut v = match (e.lo_day, e.hi_day) {
            (Some(lo), Some(hi)) => Self::flip(self.after_day(lo.next(), hi.next())),
            _ => self.lift(Tri::T),
        };
        if self.t >= e.at {
            return self.lift(Tri::F);
        }
        v.nc = v.nc.min(e.at);
        if !e.certain {
            // May not count at all: never certainly true.
            v.t = 0;
        }
        v
    }

    /// Whether a covering revocation stands that nothing lifts, whatever the instant: divides *refused* from *no basis*.
    pub(crate) fn refused_for_good(&mut self, ix: u32) -> bool {
        let Some(q) = self.p.consents.get(ix as usize) else { return false };
        let level = match q.level {
            LevelCode::AtLeast(n) => n,
            LevelCode::Fact(_) => match self.levels(q.level).and_then(|l| l.first().copied()) {
                Some(n) => n,
                None => return false,
            },
        };
        let facts = self.facts;
        let mut refused = false;
        let mut pairs = Vec::new();
        self.pairs(q.purpose, &mut |p| pairs.push(p));
        for pair in pairs {
            for (row, r) in facts.consents.items.iter().enumerate() {
                if r.kind != ConsentKind::Revoke || !self.ends(&r.families, level) {
                    continue;
                }
                self.scopes(r, row, &q.reaches, &mut |e, scope, counts| {
                    if e.covers(scope, pair, Reading::Revocation).min(counts) != Tri::T {
                        return;
                    }
                    // Lifted by any grant of the family, expired or not.
                    let family = e.family(level);
                    let lifted = facts.consents.items.iter().any(|g| {
                        g.kind == ConsentKind::Grant
                            && g.level.is_some_and(|l| e.family(l) == family)
                            && e.covers(&g.scope, pair, Reading::Grant) == Tri::T
                            && e.lifts(g, r, scope) == Tri::T
                    });
                    refused |= !lifted;
                });
            }
        }
        refused
    }

    pub(super) fn refused(&mut self, ix: u32) -> V {
        let Some(q) = self.p.refusals.get(ix as usize) else { return self.lift(Tri::U) };
        if !self.facts.consents.events.known {
            return self.lift(Tri::U);
        }
        let facts = self.facts;
        let except = match q.except.map(|a| self.arg(a)) {
            Some(Slot::Event(e)) if e.list == EventList::Consents => Some(e.row as usize),
            _ => None,
        };
        let mut pairs = Vec::new();
        let mut out = self.lift(Tri::F);
        let any_revocation = facts.consents.items.iter().any(|r| r.kind == ConsentKind::Revoke);
        if !any_revocation {
            return out;
        }
        self.pairs(q.purpose, &mut |p| pairs.push(p));
        for pair in pairs {
            for (row, r) in facts.consents.items.iter().enumerate() {
                if r.kind != ConsentKind::Revoke || except == Some(row) {
                    continue;
                }
                if q.renewed.is_some_and(|l| !self.ends(&r.families, l)) {
                    continue;
                }
                let ours = if q.same_seller { self.to_same_seller(row) } else { Tri::T };
                if ours == Tri::F {
                    continue;
                }
                let mut found: Vec<(Scope, Tri)> = Vec::new();
                self.scopes(r, row, &q.reaches, &mut |e, scope, counts| {
                    let covers = e.covers(scope, pair, Reading::Revocation).min(counts).min(ours);
                    if covers != Tri::F {
                        found.push((scope.clone(), covers));
                    }
                });
                for (scope, covers) in found {
                    let lifted = self.lifted(q.renewed, r, &scope, pair);
                    let c = self.lift(covers);
                    let one = V { t: c.t & lifted.f, f: c.f | lifted.t, nc: lifted.nc };
                    out = V { t: out.t | one.t, f: out.f & one.f, nc: out.nc.min(one.nc) };
                }
            }
        }
        out
    }

    /// A revocation given to another seller does not bind this one; one given to nobody in particular does.
    pub(super) fn to_same_seller(&self, row: usize) -> Tri {
        let given = match self.cell(self.p.known.consents.given_to, row) {
            Slot::Node(n) => *n,
            _ => return Tri::T,
        };
        let Some(tree) = self.tree(self.p.known.senders) else { return Tri::T };
        let theirs = tree.nearest_marked(given, "seller").unwrap_or(given);
        match self.known(self.p.known.seller) {
            Slot::Node(n) => Tri::of(*n == theirs || tree.is(*n, theirs) || tree.is(theirs, *n)),
            _ => Tri::U,
        }
    }

    /// Whether a later grant at the level lifts it and still runs: an expired one lifts no longer.
    pub(super) fn lifted(&mut self, renewed: Option<NodeId>, r: &Consent, scope: &Scope, pair: Pair) -> V {
        let facts = self.facts;
        let mut out = self.lift(Tri::F);
        let Some(level) = renewed else { return out };
        let tree = self.tree(self.p.known.levels);
        for (row, g) in facts.consents.items.iter().enumerate() {
            if g.kind != ConsentKind::Grant {
                continue;
            }
            let mut counts = match g.level {
                None => Tri::U,
                Some(l) => Tri::of(tree.is_some_and(|t| t.is(l, level))),
            };
            counts = counts.min(self.lifts(g, r, scope));
            if counts != Tri::F {
                counts =
                    counts.min(self.covers(&g.scope, pair, Reading::Grant)).min(self.could_grant(g, row));
            }
            if counts == Tri::F {
                continue;
            }
            let v = self.alive(&Self::entry(g, 0, counts == Tri::T, None, None));
            out = V { t: out.t | v.t, f: out.f & v.f, nc: out.nc.min(v.nc) };
        }
        out
    }

    /// The consent event at hand is about these levels.
    pub(super) fn event_of_levels(&self, a: Arg) -> Tri {
        let Some((EventList::Consents, row)) = self.event else { return Tri::U };
        let Some(c) = self.facts.consents.items.get(row as usize) else { return Tri::U };
        let asked: &[NodeId] = match self.arg(a) {
            Slot::Node(n) => std::slice::from_ref(n),
            Slot::Nodes(list) => list,
            Slot::None => return Tri::F,
            _ => return Tri::U,
        };
        match c.kind {
            ConsentKind::Revoke => Tri::of(asked.iter().any(|l| self.ends(&c.families, *l))),
            ConsentKind::Grant | ConsentKind::Decline => match c.level {
                None => Tri::U,
                Some(l) => {
                    let tree = self.tree(self.p.known.levels);
                    Tri::of(asked.iter().any(|n| tree.is_some_and(|t| t.is(l, *n))))
                }
            },
        }
    }
}
