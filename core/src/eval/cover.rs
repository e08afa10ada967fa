//! What a scope covers: the contact's channel, its purposes and topics, its sender, address and matter, each against the part
//! that the scope names.

use super::{Eval, Tri};
use crate::facts::{Consent, ConsentKind, Part, Scope, Slot, TextId, sign_of};
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
}

/// A pair as it is asked, with what a scope must have a bit of in common to cover it: see [`Scope::signs`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) pair: Pair,
    purpose: u64,
    topic: u64,
}

/// A revocation whose scope covers the contact, or may, for one of its pairs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cover {
    pub(super) row: u32,
    /// Which pair, counted from 0.
    pub(super) part: u32,
    pub(super) covers: Tri,
}

/// The history read against the contact once for all questions that put the same purpose in the contact's place: ranges
/// of what [`super::Scratch`] keeps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Read {
    purpose: Option<NodeId>,
    pairs: (u32, u32),
    pub(super) revocations: (u32, u32),
}

impl Read {
    /// Number of pairs.
    pub(super) fn parts(self) -> u32 {
        self.pairs.1 - self.pairs.0
    }
}

/// The contact's own parts besides purpose and topic, and the trees to ask them in.
#[derive(Clone, Copy)]
pub(super) struct Own<'a> {
    channel: Ask,
    /// As [`Asked::purpose`].
    channel_sign: u64,
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

    pub(super) fn own(&mut self) -> Own<'a> {
        if let Some(own) = self.own {
            return own;
        }
        let own = self.read_own();
        self.own = Some(own);
        own
    }

    fn read_own(&self) -> Own<'a> {
        let k = &self.p.known;
        let (channel, channels) = (Self::ask(self.known(k.channel)), self.tree(k.channels));
        Own {
            channel,
            channel_sign: Self::sign(channel, channels),
            sender: Self::ask(self.known(k.sender)),
            address: self.known(k.address),
            matter: self.known(k.matter),
            channels,
            purposes: self.tree(k.purposes),
            topics: self.tree(k.topics),
            senders: self.tree(k.senders),
        }
    }

    /// Each part that the scope names is the contact's own or an ancestor of it.
    pub(crate) fn covers(&self, s: &Scope, pair: Pair, reading: Reading) -> Tri {
        let own = self.own.unwrap_or_else(|| self.read_own());
        self.covers_own(&own, s, pair, reading)
    }

    /// As [`Eval::covers`] of an event's scope, which mostly does not.
    #[inline]
    pub(super) fn covers_asked(&self, own: &Own<'a>, c: &Consent, asked: &Asked, reading: Reading) -> Tri {
        let [channel, purpose, topic] = c.signs;
        if channel & own.channel_sign == 0 || purpose & asked.purpose == 0 || topic & asked.topic == 0 {
            return Tri::F;
        }
        self.covers_own(own, &c.scope, asked.pair, reading)
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

    /// Reads the history against the contact, once a decision: what is asked, and the revocations that cover it, or may.
    pub(super) fn read(&mut self, own: &Own<'a>, purpose: Option<NodeId>) -> Read {
        if let Some(read) = self.s.reads.iter().find(|r| r.purpose == purpose) {
            return *read;
        }
        let mut pairs = std::mem::take(&mut self.s.pairs);
        let from = pairs.len();
        self.pairs(purpose, &mut |pair| {
            let purpose = Self::sign(pair.purpose, own.purposes);
            pairs.push(Asked { pair, purpose, topic: Self::sign(pair.topic, own.topics) });
        });
        let first = self.s.covers.len() as u32;
        for (row, c) in (0u32..).zip(&self.facts.consents.items) {
            if c.kind != ConsentKind::Revoke {
                continue;
            }
            for (part, asked) in (0u32..).zip(pairs.iter().skip(from)) {
                let covers = self.covers_asked(own, c, asked, Reading::Revocation);
                if covers != Tri::F {
                    self.s.covers.push(Cover { row, part, covers });
                }
            }
        }
        let revocations = (first, self.s.covers.len() as u32);
        let read = Read { purpose, pairs: (from as u32, pairs.len() as u32), revocations };
        self.s.pairs = pairs;
        self.s.reads.push(read);
        read
    }

    pub(super) fn asked(&self, read: Read, part: u32) -> Option<Asked> {
        self.s.pairs.get((read.pairs.0 + part) as usize).copied()
    }

    /// What a part of a scope must have a bit of in common to cover the node: see [`Scope::signs`].
    pub(super) fn sign(ask: Ask, tree: Option<&Taxonomy>) -> u64 {
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

    #[inline]
    pub(super) fn cover(&self, n: u32) -> Option<(Cover, &'a Consent)> {
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
}
