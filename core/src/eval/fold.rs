//! The consent fold: is there leave, and is there a refusal that nothing lifts.
//!
//! *Revocation is monotone* (law 3): a covering revocation ends every grant that is not later and within its scope, and a
//! tie goes to the revocation. *Survival does not hang on the instant*; only expiry does. So a question is folded once per
//! decision into the ends of the grants that survive, and time asks those ends.

use super::{Eval, NEVER, Tri, V};
use crate::facts::{By, Consent, ConsentKind, Families, Part, Scope, Slot, TextId, sign_of};
use crate::program::{Arg, ConsentCode, LevelCode, NO_NODE, NodeIx, ReachCode, RefusedCode};
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

/// An event whose scope covers the contact, or may, for one of its pairs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cover {
    row: u32,
    /// Which pair, counted from 0.
    part: u32,
    pair: Pair,
    covers: Tri,
}

/// The history read against the contact once for all questions that put the same purpose in the contact's place. The
/// ranges are of [`super::Scratch`]'s covers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Read {
    purpose: Option<NodeId>,
    /// Number of pairs.
    parts: u32,
    grants: (u32, u32),
    revocations: (u32, u32),
}

/// The contact's own parts besides purpose and topic, and the trees to ask them in.
struct Own<'a> {
    channel: Ask,
    sender: Ask,
    address: &'a Slot,
    matter: &'a Slot,
    channels: Option<&'a Taxonomy>,
    purposes: Option<&'a Taxonomy>,
    topics: Option<&'a Taxonomy>,
    senders: Option<&'a Taxonomy>,
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

    #[inline]
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
            (Part::Named(named), Ask::Node(n)) => {
                Tri::of(named.iter().any(|m| *m == NodeId::ROOT || tree.is_some_and(|t| t.is(n, *m))))
            }
            (Part::Named(named), _) if named.contains(&NodeId::ROOT) => Tri::T,
            (Part::Named(_), Ask::None) => Tri::F,
            (Part::Named(_), Ask::Unknown) => Tri::U,
        }
    }

    #[inline]
    pub(super) fn part_topic(
        &self,
        part: &Part<NodeId>,
        value: Ask,
        tree: Option<&Taxonomy>,
        reading: Reading,
    ) -> Tri {
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

    fn own(&self) -> Own<'a> {
        let k = &self.p.known;
        Own {
            channel: Self::ask(self.known(k.channel)),
            sender: Self::ask(self.known(k.sender)),
            address: self.known(k.address),
            matter: self.known(k.matter),
            channels: self.tree(k.channels),
            purposes: self.tree(k.purposes),
            topics: self.tree(k.topics),
            senders: self.tree(k.senders),
        }
    }

    /// Each part that the scope names is the contact's own or an ancestor of it.
    pub(crate) fn covers(&self, s: &Scope, pair: Pair, reading: Reading) -> Tri {
        self.covers_own(&self.own(), s, pair, reading)
    }

    #[inline]
    fn covers_own(&self, own: &Own<'a>, s: &Scope, pair: Pair, reading: Reading) -> Tri {
        let mut out = self.part_nodes(&s.channel, own.channel, own.channels, reading);
        if out != Tri::F {
            out = out.min(self.part_nodes(&s.purpose, pair.purpose, own.purposes, reading));
        }
        if out != Tri::F {
            out = out.min(self.part_topic(&s.topic, pair.topic, own.topics, reading));
        }
        if out != Tri::F && s.sender != Part::Open {
            out = out.min(self.part_nodes(&s.sender, own.sender, own.senders, reading));
        }
        if out != Tri::F && s.address != Part::Open {
            out = out.min(self.part_text(&s.address, own.address, reading));
        }
        if out != Tri::F && s.matter != Part::Open {
            out = out.min(self.part_text(&s.matter, own.matter, reading));
        }
        out
    }

    /// Reads the history against the contact, once a decision: the events that cover it, or may.
    fn read(&mut self, purpose: Option<NodeId>) -> Read {
        if let Some(read) = self.s.reads.iter().find(|r| r.purpose == purpose) {
            return *read;
        }
        let mut pairs = std::mem::take(&mut self.s.pairs);
        pairs.clear();
        self.pairs(purpose, &mut |p| pairs.push(p));
        let mut covers = std::mem::take(&mut self.s.covers);
        let own = self.own();
        let grants = self.gather(&own, &pairs, ConsentKind::Grant, &mut covers);
        let revocations = self.gather(&own, &pairs, ConsentKind::Revoke, &mut covers);
        self.s.covers = covers;
        let read = Read { purpose, parts: pairs.len() as u32, grants, revocations };
        self.s.pairs = pairs;
        self.s.reads.push(read);
        read
    }

    /// What a part of a scope must have a bit of in common to cover the node: see [`Scope::signs`].
    fn sign(ask: Ask, tree: Option<&Taxonomy>) -> u64 {
        match (ask, tree) {
            (Ask::Node(n), Some(tree)) => {
                let (mut sign, mut at) = (sign_of(NodeId::ROOT), n);
                while at != NodeId::ROOT {
                    sign |= sign_of(at);
                    match tree.node(at) {
                        Some(node) => at = node.parent,
                        None => return u64::MAX,
                    }
                }
                sign
            }
            // Nothing named covers what has no node.
            (Ask::None, _) => sign_of(NodeId::ROOT),
            _ => u64::MAX,
        }
    }

    fn gather(&self, own: &Own<'a>, pairs: &[Pair], kind: ConsentKind, out: &mut Vec<Cover>) -> (u32, u32) {
        let reading = if kind == ConsentKind::Grant { Reading::Grant } else { Reading::Revocation };
        let channel = Self::sign(own.channel, own.channels);
        let from = out.len() as u32;
        for (part, pair) in (0u32..).zip(pairs) {
            let (purpose, topic) =
                (Self::sign(pair.purpose, own.purposes), Self::sign(pair.topic, own.topics));
            for (row, c) in (0u32..).zip(&self.facts.consents.items) {
                let [on_channel, on_purpose, on_topic] = c.signs;
                if c.kind != kind
                    || on_channel & channel == 0
                    || on_purpose & purpose == 0
                    || on_topic & topic == 0
                {
                    continue;
                }
                let covers = self.covers_own(own, &c.scope, *pair, reading);
                if covers != Tri::F {
                    out.push(Cover { row, part, pair: *pair, covers });
                }
            }
        }
        (from, out.len() as u32)
    }

    #[inline]
    fn cover(&self, n: u32) -> Option<(Cover, &'a Consent)> {
        let c = *self.s.covers.get(n as usize)?;
        Some((c, self.facts.consents.items.get(c.row as usize)?))
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
        let mut out = nodes(&g.channel, &r.channel, self.tree(k.channels));
        if out != Tri::F && r.purpose != Part::Open {
            out = out.min(nodes(&g.purpose, &r.purpose, self.tree(k.purposes)));
        }
        if out != Tri::F && r.topic != Part::Open {
            out = out.min(nodes(&g.topic, &r.topic, self.tree(k.topics)));
        }
        if out != Tri::F && r.sender != Part::Open {
            out = out.min(nodes(&g.sender, &r.sender, self.tree(k.senders)));
        }
        if out != Tri::F {
            out = out.min(texts(&g.address, &r.address)).min(texts(&g.matter, &r.matter));
        }
        out
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
        self.answer(memo)
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
        let tree = self.tree(self.p.known.levels);
        let read = self.read(q.purpose);
        for n in read.grants.0..read.grants.1 {
            let Some((c, g)) = self.cover(n) else { continue };
            let row = c.row as usize;
            let mut counts = match g.level {
                None => Tri::U,
                Some(l) if tree.is_some_and(|t| t.is(l, level)) => Tri::T,
                Some(_) => continue,
            };
            let held = if by_recipient { g.of_recipient } else { g.of_person };
            counts = counts.min(c.covers).min(held.map_or(Tri::U, Tri::of)).min(self.could_grant(g, row));
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
                counts = counts.min(if q.reaches.is_empty() {
                    self.stands(g, level, c.part, read)
                } else {
                    self.survives(g, level, c.pair, &q.reaches)
                });
            }
            if counts != Tri::F {
                self.s.entries.push(Self::entry(g, *part + c.part, counts == Tri::T, lo, hi));
            }
        }
        *part += read.parts;
    }

    /// As [`Eval::survives`], without reaches: only the revocations that cover the contact are looked at.
    fn stands(&self, g: &Consent, level: NodeId, part: u32, read: Read) -> Tri {
        let mut out = Tri::T;
        for n in read.revocations.0..read.revocations.1 {
            let Some((c, r)) = self.cover(n) else { continue };
            if c.part == part && self.ends(&r.families, level) {
                out = out.min(c.covers.min(self.lifts(g, r, &r.scope).negate()).negate());
                if out == Tri::F {
                    break;
                }
            }
        }
        out
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

    /// Reads the ends against the instant: every part needs one that still runs.
    fn answer(&self, memo: Memo) -> V {
        if memo.unknown {
            return self.lift(Tri::U);
        }
        if let Some(b) = memo.fixed {
            return self.lift(Tri::of(b));
        }
        if memo.len == 0 {
            return self.lift(Tri::of(memo.parts == 0));
        }
        let entries = self.s.entries.get(memo.at as usize..(memo.at + memo.len) as usize).unwrap_or_default();
        let mut out = self.lift(Tri::T);
        for part in 0..memo.parts {
            let mut one = V { t: 0, f: self.all, nc: NEVER };
            // Any one that runs everywhere carries the part: *grants carry to the last end*.
            let mut carried = None;
            for e in entries.iter().filter(|e| e.part == part) {
                let v = self.alive(e);
                one = V { t: one.t | v.t, f: one.f & v.f, nc: one.nc.min(v.nc) };
                if v.t == self.all {
                    carried = carried.max(Some(v.nc));
                    if v.nc == NEVER {
                        break;
                    }
                }
            }
            if let Some(nc) = carried {
                one.nc = nc;
            }
            out = V { t: out.t & one.t, f: out.f | one.f, nc: out.nc.min(one.nc) };
        }
        out
    }

    /// A grant still runs.
    #[inline]
    pub(super) fn alive(&self, e: &Entry) -> V {
        if self.t >= e.at {
            return self.lift(Tri::F);
        }
        let mut v = match (e.lo_day, e.hi_day) {
            (Some(lo), Some(hi)) => Self::flip(self.after_day(lo.next(), hi.next())),
            _ => self.lift(Tri::T),
        };
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
        if !self.facts.consents.items.iter().any(|r| r.kind == ConsentKind::Revoke) {
            return self.lift(Tri::F);
        }
        let record = self.record.map_or(0, |r| r.1);
        let memo = match self.s.refusals.get(ix as usize) {
            Some(m) if m.stamp == self.s.stamp && m.record == record => *m,
            _ => {
                let m = self.fold_refused(q, record);
                if let Some(room) = self.s.refusals.get_mut(ix as usize) {
                    *room = m;
                }
                m
            }
        };
        // Refused unless every covering revocation is lifted by a grant that still runs.
        Self::flip(self.answer(memo))
    }

    /// One part for each revocation that covers the contact, with the ends of the grants that lift it.
    fn fold_refused(&mut self, q: &'a RefusedCode, record: u32) -> Memo {
        let at = self.s.entries.len() as u32;
        let mut memo =
            Memo { stamp: self.s.stamp, record, at, len: 0, parts: 0, fixed: None, unknown: false };
        let except = match q.except.map(|a| self.arg(a)) {
            Some(Slot::Event(e)) if e.list == EventList::Consents => Some(e.row),
            _ => None,
        };
        let read = self.read(q.purpose);
        if q.reaches.is_empty() {
            for n in read.revocations.0..read.revocations.1 {
                let Some((c, r)) = self.cover(n) else { continue };
                if except != Some(c.row) {
                    self.fold_lifts(q, c, r, &r.scope, c.covers, read, &mut memo);
                }
            }
        } else {
            let mut pairs = Vec::new();
            self.pairs(q.purpose, &mut |p| pairs.push(p));
            for (part, pair) in (0u32..).zip(pairs) {
                for (row, r) in (0u32..).zip(&self.facts.consents.items) {
                    if r.kind != ConsentKind::Revoke || except == Some(row) {
                        continue;
                    }
                    self.scopes(r, row as usize, &q.reaches, &mut |e, scope, counts| {
                        let covers = e.covers(scope, pair, Reading::Revocation).min(counts);
                        if covers != Tri::F {
                            let c = Cover { row, part, pair, covers };
                            e.fold_lifts(q, c, r, scope, covers, read, &mut memo);
                        }
                    });
                }
            }
        }
        memo.len = self.s.entries.len() as u32 - at;
        memo
    }

    /// The ends of the grants that lift one revocation, read with one scope.
    #[allow(clippy::too_many_arguments)]
    fn fold_lifts(
        &mut self,
        q: &RefusedCode,
        c: Cover,
        r: &Consent,
        scope: &Scope,
        covers: Tri,
        read: Read,
        memo: &mut Memo,
    ) {
        if q.renewed.is_some_and(|l| !self.ends(&r.families, l)) {
            return;
        }
        let ours = if q.same_seller { self.to_same_seller(c.row as usize) } else { Tri::T };
        if ours == Tri::F {
            return;
        }
        let part = memo.parts;
        memo.parts += 1;
        if covers.min(ours) == Tri::U {
            // It may not stand at all: then nothing need lift it.
            self.s.entries.push(Entry { part, certain: false, lo_day: None, hi_day: None, at: NEVER });
        }
        let Some(level) = q.renewed else { return };
        let tree = self.tree(self.p.known.levels);
        for n in read.grants.0..read.grants.1 {
            let Some((grant, g)) = self.cover(n) else { continue };
            if grant.part != c.part {
                continue;
            }
            let mut counts = match g.level {
                None => Tri::U,
                Some(l) => Tri::of(tree.is_some_and(|t| t.is(l, level))),
            };
            if counts != Tri::F {
                counts = counts.min(self.lifts(g, r, scope));
            }
            if counts != Tri::F {
                counts = counts.min(grant.covers).min(self.could_grant(g, grant.row as usize));
            }
            if counts != Tri::F {
                self.s.entries.push(Self::entry(g, part, counts == Tri::T, None, None));
            }
        }
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
