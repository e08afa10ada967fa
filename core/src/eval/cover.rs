//! What a scope covers: the contact's channel, its purposes and topics, its sender, address and matter, each against the part
//! that the scope names.

use super::{Eval, Tri};
use crate::facts::{Consent, ConsentKind, Head, Part, Scope, Slot, TextId, sign_of};
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
    /// Of the topic's own bits those of sensitive topics: a grant must name one of them.
    sensitive: u64,
    /// Channel, purpose and topic are known: see [`Head::plain`].
    known: bool,
}

/// A grant or a revocation whose scope covers the contact, or may, for one of its pairs.
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
    pub(super) grants: (u32, u32),
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

    /// As [`Eval::covers`], of a head whose signatures have met the contact's.
    #[inline]
    fn head_covers(&self, h: &Head, row: u32, asked: &Asked) -> Tri {
        let grant = h.kind == ConsentKind::Grant;
        if !h.plain || !asked.known {
            return self.row_covers(row, asked.pair, grant);
        }
        let [_, _, topic] = h.signs;
        // *Sensitive narrows grants only*: the grant must name the topic or a sensitive ancestor of it.
        if grant && asked.sensitive != 0 && (h.any_topic || topic & asked.sensitive == 0) {
            return Tri::F;
        }
        if h.addressed {
            let reading = if grant { Reading::Grant } else { Reading::Revocation };
            let address = self.known(self.p.known.address);
            return self.item(row).map_or(Tri::U, |c| self.part_text(&c.scope.address, address, reading));
        }
        Tri::T
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
    fn row_covers(&self, row: u32, pair: Pair, grant: bool) -> Tri {
        let reading = if grant { Reading::Grant } else { Reading::Revocation };
        self.item(row).map_or(Tri::U, |c| self.covers(&c.scope, pair, reading))
    }

    /// Reads the history against the contact, once a decision: what is asked, and the events that cover it, or may.
    #[inline]
    pub(super) fn read(&mut self, purpose: Option<NodeId>) -> Read {
        match self.s.reads.iter().find(|r| r.purpose == purpose) {
            Some(read) => *read,
            None => self.read_history(purpose),
        }
    }

    fn read_history(&mut self, purpose: Option<NodeId>) -> Read {
        let ask = Self::ask(self.known(self.p.known.channel));
        let [channels, purposes, topics] = &self.p.signs;
        let channel = Self::sign(ask, channels);
        let known = ask != Ask::Unknown;
        let mut pairs = std::mem::take(&mut self.s.pairs);
        let from = pairs.len();
        self.pairs(purpose, &mut |pair| {
            pairs.push(Asked {
                pair,
                purpose: Self::sign(pair.purpose, purposes),
                topic: Self::sign(pair.topic, topics),
                sensitive: match pair.topic {
                    Ask::Node(n) => self.p.sensitive_signs.get(n.0 as usize).copied().unwrap_or(0),
                    _ => 0,
                },
                known: known && pair.purpose != Ask::Unknown && pair.topic != Ask::Unknown,
            });
        });
        let asked = pairs.get(from..).unwrap_or_default();
        let mut covers = std::mem::take(&mut self.s.covers);
        let mut grants = std::mem::take(&mut self.s.grants);
        let first = (covers.len() as u32, grants.len() as u32);
        for (row, h) in (0u32..).zip(&self.facts.consents.heads) {
            let [on_channel, on_purpose, on_topic] = h.signs;
            if on_channel & channel == 0 || h.kind == ConsentKind::Decline {
                continue;
            }
            for (part, asked) in (0u32..).zip(asked) {
                if on_purpose & asked.purpose == 0 || on_topic & asked.topic == 0 {
                    continue;
                }
                let v = self.head_covers(h, row, asked);
                if v != Tri::F {
                    let list = if h.kind == ConsentKind::Grant { &mut grants } else { &mut covers };
                    list.push(Cover { row, part, covers: v });
                }
            }
        }
        let read = Read {
            purpose,
            pairs: (from as u32, pairs.len() as u32),
            revocations: (first.0, covers.len() as u32),
            grants: (first.1, grants.len() as u32),
        };
        self.s.pairs = pairs;
        self.s.covers = covers;
        self.s.grants = grants;
        self.s.reads.push(read);
        read
    }

    pub(super) fn asked(&self, read: Read, part: u32) -> Option<Asked> {
        self.s.pairs.get((read.pairs.0 + part) as usize).copied()
    }

    /// What a part of a scope must have a bit of in common to cover the node: see [`Scope::signs`].
    #[inline]
    fn sign(ask: Ask, signs: &[u64]) -> u64 {
        match ask {
            Ask::Node(n) => signs.get(n.0 as usize).copied().unwrap_or(u64::MAX),
            // Nothing named covers what has no node.
            Ask::None => sign_of(NodeId::ROOT),
            Ask::Unknown => u64::MAX,
        }
    }

    /// A revocation of [`Read::revocations`].
    #[inline]
    pub(super) fn revocation(&self, n: u32) -> Option<(Cover, &'a Head)> {
        let c = *self.s.covers.get(n as usize)?;
        Some((c, self.facts.consents.heads.get(c.row as usize)?))
    }

    /// A grant of [`Read::grants`].
    #[inline]
    pub(super) fn grant(&self, n: u32) -> Option<(Cover, &'a Head)> {
        let c = *self.s.grants.get(n as usize)?;
        Some((c, self.facts.consents.heads.get(c.row as usize)?))
    }

    /// The rest of an event.
    #[inline]
    pub(super) fn item(&self, row: u32) -> Option<&'a Consent> {
        self.facts.consents.items.get(row as usize)
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
