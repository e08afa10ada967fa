//! What a scope covers: the contact's channel, its purposes and topics, its sender, address and matter, each against the part
//! that the scope names.

use super::{Eval, Tri};
use crate::facts::{Axis, Blocks, Consent, ConsentKind, Part, Scope, Slot, TextId, next_row};
use crate::taxonomy::{NodeId, Taxonomy};

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
    /// Unknown, and asked about only as far as it lies within that node.
    Within(NodeId),
}

/// What the contact has of one dimension.
#[derive(Clone, Copy)]
enum Asked<'s> {
    Nodes(&'s [NodeId]),
    One(Ask),
}

impl<'s> Asked<'s> {
    #[inline]
    fn of(slot: &'s Slot) -> Asked<'s> {
        match slot {
            Slot::Node(n) => Asked::Nodes(std::slice::from_ref(n)),
            Slot::Nodes(list) => Asked::Nodes(list),
            Slot::None => Asked::One(Ask::None),
            _ => Asked::One(Ask::Unknown),
        }
    }

    #[inline]
    fn each(self, mut one: impl FnMut(Ask)) {
        match self {
            Asked::Nodes(nodes) => nodes.iter().for_each(|n| one(Ask::Node(*n))),
            Asked::One(ask) => one(ask),
        }
    }
}

/// The events of a block that cover the contact for one of its pairs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Covering {
    /// Grants that do, or may.
    pub(super) grants: u64,
    /// Revocations that do, or may.
    pub(super) revocations: u64,
    /// Those of both that certainly do.
    pub(super) sure: u64,
}

/// The history read against the contact, once a decision for all questions that ask for the same purpose: ranges of what [`super::Scratch`] keeps.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Read {
    stamp: u64,
    pairs: u32,
    /// How many pairs.
    pub(super) parts: u32,
    covering: u32,
    /// Some revocation covers some pair, or may.
    pub(super) revoked: bool,
}

/// The contact's own parts besides purpose and topic, and the trees to ask them in.
#[derive(Clone, Copy)]
pub(super) struct Own<'a> {
    channel: Ask,
    sender: Ask,
    address: &'a Slot,
    matter: &'a Slot,
    channels: Option<&'a Taxonomy>,
    purposes: Option<&'a Taxonomy>,
    topics: Option<&'a Taxonomy>,
    senders: Option<&'a Taxonomy>,
}

impl<'a> Eval<'a> {
    pub(super) fn tree(&self, id: Option<crate::taxonomy::TaxonomyId>) -> Option<&'a Taxonomy> {
        id.and_then(|t| self.p.policy.vocabulary.tree(t))
    }

    /// Calls for each purpose × topic of the contact. Asked for a purpose, for that one and for each of the contact's own that
    /// lies within it: what is said of a narrower kind counts where the contact is of that kind.
    #[inline]
    pub(crate) fn pairs(&self, purpose: Option<NodeId>, each: &mut impl FnMut(Pair)) {
        let own = Asked::of(self.known(self.p.known.purpose));
        let topics = Asked::of(self.known(self.p.known.topic));
        let mut one = |purpose| topics.each(|topic| each(Pair { purpose, topic }));
        let Some(asked) = purpose else { return own.each(one) };
        let tree = self.tree(self.p.known.purposes);
        one(Ask::Node(asked));
        own.each(|own| match own {
            Ask::Node(n) if n != asked && tree.is_some_and(|t| t.is(n, asked)) => one(own),
            Ask::Unknown => one(Ask::Within(asked)),
            _ => {}
        });
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
            (Part::Named(named), value) => {
                named.iter().map(|m| Self::node_covers(*m, value, tree)).max().unwrap_or(Tri::F)
            }
        }
    }

    /// One node that a scope names takes in what the contact has.
    #[inline]
    pub(super) fn node_covers(named: NodeId, value: Ask, tree: Option<&Taxonomy>) -> Tri {
        let is = |a: NodeId, b: NodeId| tree.is_some_and(|t| t.is(a, b));
        match value {
            _ if named == NodeId::ROOT => Tri::T,
            Ask::Node(n) => Tri::of(is(n, named)),
            Ask::None => Tri::F,
            Ask::Unknown => Tri::U,
            // All of it is taken in, or some of it, or nothing.
            Ask::Within(asked) if is(asked, named) => Tri::T,
            Ask::Within(asked) if is(named, asked) => Tri::U,
            Ask::Within(_) => Tri::F,
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
            Ask::Unknown | Ask::Within(_) => {
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

    #[inline]
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

    fn read_own(&self) -> Own<'a> {
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
        self.covers_own(&self.read_own(), s, pair, reading)
    }

    #[inline]
    pub(super) fn covers_own(&self, own: &Own<'a>, s: &Scope, pair: Pair, reading: Reading) -> Tri {
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

    /// As [`Eval::covers`], of an event in full.
    #[cold]
    fn row_covers(&self, row: u32, pair: Pair, grant: bool) -> Tri {
        let reading = if grant { Reading::Grant } else { Reading::Revocation };
        self.item(row).map_or(Tri::U, |c| self.covers(&c.scope, pair, reading))
    }

    /// As [`Eval::covers`], of an event whose channel, purpose and topic do.
    #[inline(never)]
    fn rest_covers(&self, row: u32, grant: bool) -> Tri {
        let (Some(c), k) = (self.item(row), &self.p.known) else { return Tri::U };
        let reading = if grant { Reading::Grant } else { Reading::Revocation };
        let mut out = self.part_text(&c.scope.address, self.known(k.address), reading);
        if out != Tri::F && c.scope.sender != Part::Open {
            let sender = Self::ask(self.known(k.sender));
            out = out.min(self.part_nodes(&c.scope.sender, sender, self.tree(k.senders), reading));
        }
        if out != Tri::F && c.scope.matter != Part::Open {
            out = out.min(self.part_text(&c.scope.matter, self.known(k.matter), reading));
        }
        out
    }

    /// Reads the history against the contact, once a decision: what is asked, and the events that cover it, or may.
    /// `asked` is a number of [`crate::program::Program::asked`].
    #[inline]
    pub(super) fn read(&mut self, asked: u16) -> Read {
        match self.s.reads.get(usize::from(asked)) {
            Some(read) if read.stamp == self.s.stamp => *read,
            _ => self.read_history(asked),
        }
    }

    #[inline(never)]
    fn read_history(&mut self, asked: u16) -> Read {
        let purpose = self.p.asked.get(usize::from(asked)).copied().flatten();
        let channel = Self::ask(self.known(self.p.known.channel));
        let mut pairs = std::mem::take(&mut self.s.pairs);
        let mut covering = std::mem::take(&mut self.s.covering);
        let (from, first) = (pairs.len(), covering.len());
        let mut revoked = 0;
        self.pairs(purpose, &mut |pair| pairs.push(pair));
        let facts = self.facts;
        let blocks = &facts.consents.blocks;
        for (n, block) in (0u32..).zip(&blocks.all) {
            let on_channel = Self::rows(blocks, &block.channel, channel) & (block.grants | block.revocations);
            for pair in pairs.get(from..).unwrap_or_default() {
                let mut rows = on_channel & Self::rows(blocks, &block.purpose, pair.purpose);
                rows &= Self::rows(blocks, &block.topic, pair.topic);
                let unknown = [channel, pair.purpose, pair.topic]
                    .iter()
                    .any(|ask| matches!(ask, Ask::Unknown | Ask::Within(_)));
                let simple = if unknown { 0 } else { block.simple };
                if let Ask::Node(topic) = pair.topic
                    && self.p.sensitive.has(topic.0)
                {
                    // *Sensitive narrows grants only*: the grant must name the topic or a sensitive ancestor of it.
                    let named = blocks.above_and(&block.topic, topic, |n| self.p.sensitive.has(n));
                    rows &= named | !(block.grants & simple);
                }
                let mut sure = rows & simple & block.bare;
                let mut rest = rows & !sure;
                while rest != 0 {
                    let (bit, row) = next_row(n, &mut rest);
                    let grant = block.grants & bit != 0;
                    let v = if simple & bit != 0 {
                        self.rest_covers(row, grant)
                    } else {
                        self.row_covers(row, *pair, grant)
                    };
                    match v {
                        Tri::T => sure |= bit,
                        Tri::U => {}
                        Tri::F => rows &= !bit,
                    }
                }
                revoked |= rows & block.revocations;
                covering.push(Covering {
                    grants: rows & block.grants,
                    revocations: rows & block.revocations,
                    sure,
                });
            }
        }
        let read = Read {
            stamp: self.s.stamp,
            pairs: from as u32,
            parts: (pairs.len() - from) as u32,
            covering: first as u32,
            revoked: revoked != 0,
        };
        self.s.pairs = pairs;
        self.s.covering = covering;
        if let Some(room) = self.s.reads.get_mut(usize::from(asked)) {
            *room = read;
        }
        read
    }

    /// Events of a block whose part certainly or possibly takes that in.
    #[inline]
    fn rows(blocks: &Blocks, axis: &Axis, ask: Ask) -> u64 {
        match ask {
            Ask::Node(node) => blocks.above(axis, node),
            // Nothing named covers what has no node.
            Ask::None => axis.open,
            Ask::Unknown | Ask::Within(_) => u64::MAX,
        }
    }

    /// The events of a block that cover the contact for a part.
    #[inline]
    pub(super) fn covered(&self, read: Read, block: u32, part: u32) -> Covering {
        let at = (read.covering + block * read.parts + part) as usize;
        self.s.covering.get(at).copied().unwrap_or(Covering { grants: 0, revocations: 0, sure: 0 })
    }

    pub(super) fn pair(&self, read: Read, part: u32) -> Option<Pair> {
        self.s.pairs.get((read.pairs + part) as usize).copied()
    }

    /// The rest of an event.
    #[inline]
    pub(super) fn item(&self, row: u32) -> Option<&'a Consent> {
        self.facts.consents.items.get(row as usize)
    }

    /// Whether the fold heeds a consent event where the contact's purposes, or one purpose, are asked about: one
    /// that certainly covers no part of the contact it never does.
    pub(crate) fn heeds(&self, item: &Consent, purpose: Option<NodeId>) -> bool {
        let reading = match item.kind {
            ConsentKind::Grant => Reading::Grant,
            ConsentKind::Revoke => Reading::Revocation,
            ConsentKind::Decline => return false,
        };
        let mut out = false;
        self.pairs(purpose, &mut |pair| out |= self.covers(&item.scope, pair, reading) != Tri::F);
        out
    }

    /// A scope that is neither grant nor revocation, for some purpose and topic of the contact.
    pub(super) fn scope_covers(&self, s: &Scope) -> Tri {
        let mut out = Tri::F;
        self.pairs(None, &mut |pair| out = out.max(self.covers(s, pair, Reading::Plain)));
        out
    }

    /// The same for every purpose and topic of the contact, as authority is asked: leave for one of its purposes is none for
    /// another.
    pub(super) fn scope_covers_whole(&self, s: &Scope) -> Tri {
        let mut out = None;
        self.pairs(None, &mut |pair| {
            out = Some(out.unwrap_or(Tri::T).min(self.covers(s, pair, Reading::Plain)));
        });
        out.unwrap_or(Tri::F)
    }

    /// A scope of the request against the proposed contact.
    #[must_use]
    pub fn covers_contact(&self, s: &Scope) -> Tri {
        self.scope_covers(s)
    }
}
