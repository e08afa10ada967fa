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

/// An event whose scope covers the contact, or may, for one of its pairs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cover {
    pub(super) row: u32,
    /// Which pair, counted from 0.
    pub(super) part: u32,
    pub(super) pair: Pair,
    pub(super) covers: Tri,
}

/// The history read against the contact once for all questions that put the same purpose in the contact's place. The
/// ranges are of [`super::Scratch`]'s covers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Read {
    pub(super) purpose: Option<NodeId>,
    /// Number of pairs.
    pub(super) parts: u32,
    pub(super) grants: (u32, u32),
    pub(super) revocations: (u32, u32),
}

/// The contact's own parts besides purpose and topic, and the trees to ask them in.
pub(super) struct Own<'a> {
    pub(super) channel: Ask,
    pub(super) sender: Ask,
    pub(super) address: &'a Slot,
    pub(super) matter: &'a Slot,
    pub(super) channels: Option<&'a Taxonomy>,
    pub(super) purposes: Option<&'a Taxonomy>,
    pub(super) topics: Option<&'a Taxonomy>,
    pub(super) senders: Option<&'a Taxonomy>,
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

    pub(super) fn own(&self) -> Own<'a> {
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

    /// Reads the history against the contact, once a decision: the events that cover it, or may.
    pub(super) fn read(&mut self, purpose: Option<NodeId>) -> Read {
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

    pub(super) fn gather(
        &self,
        own: &Own<'a>,
        pairs: &[Pair],
        kind: ConsentKind,
        out: &mut Vec<Cover>,
    ) -> (u32, u32) {
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
