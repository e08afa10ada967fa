//! The consent history turned round: for each name the events that name it, 64 events as the bits of a word. Which events
//! cover a contact is then a few comparisons of numbers, and no walk over the events.

use crate::facts::heads::Levels;
use crate::facts::{Consent, ConsentKind, Families, Head, Part};
use crate::taxonomy::{NodeId, Taxonomy};
use crate::typed::Vocabulary;

/// Events of a block that name one node: in pre-order the node itself and all below it are `first .. first + len`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Naming {
    /// The node.
    pub first: u32,
    /// How many nodes stand at and below it.
    pub len: u32,
    /// The events.
    pub rows: u64,
}

/// What the events of a block name of one taxonomy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Axis {
    /// Place of the first [`Naming`] among those of the history.
    at: u32,
    /// How many there are.
    len: u32,
    /// Events that name nothing, everything, or what nobody declared.
    pub open: u64,
}

/// Up to 64 events of the history, bit by row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// What scopes name.
    pub channel: Axis,
    /// What scopes name.
    pub purpose: Axis,
    /// What scopes name.
    pub topic: Axis,
    /// The families that revocations end, by their topmost level.
    pub family: Axis,
    /// Grants.
    pub grants: u64,
    /// Revocations.
    pub revocations: u64,
    /// Nothing is unknown in channel, purpose and topic.
    pub simple: u64,
    /// Nothing else is named: sender, address and matter are open.
    pub bare: u64,
    /// The whole scope is open.
    pub wide: u64,
    /// Grants that end by day or by instant.
    pub ends: u64,
    /// Certainly the person's.
    pub of_person: u64,
    /// Certainly the recipient's.
    pub of_recipient: u64,
    /// Whoever acted could certainly grant.
    pub could_grant: u64,
}

/// Takes the lowest of some rows out; its bit, and its number in a block that is the `n`-th.
#[inline]
pub(crate) fn next_row(n: u32, rows: &mut u64) -> (u64, u32) {
    let at = rows.trailing_zeros();
    let bit = *rows & rows.wrapping_neg();
    *rows ^= bit;
    (bit, n * ROWS as u32 + at)
}

/// Events in a block.
pub const ROWS: usize = 64;

/// Blocks with their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blocks {
    /// Newest first, as the events.
    pub all: Vec<Block>,
    names: Vec<Naming>,
}

impl Blocks {
    #[inline]
    fn names(&self, axis: &Axis) -> &[Naming] {
        self.names.get(axis.at as usize..(axis.at + axis.len) as usize).unwrap_or_default()
    }

    /// Events that name the node or one above it, and those that are open.
    #[inline]
    #[must_use]
    pub fn above(&self, axis: &Axis, node: NodeId) -> u64 {
        let mut rows = axis.open;
        for name in self.names(axis) {
            rows |= if node.0.wrapping_sub(name.first) < name.len { name.rows } else { 0 };
        }
        rows
    }

    /// Events that name the node or one above it, of such nodes as `which` says.
    #[must_use]
    pub fn above_and(&self, axis: &Axis, node: NodeId, which: impl Fn(u32) -> bool) -> u64 {
        let names = self.names(axis).iter();
        let names = names.filter(|name| node.0.wrapping_sub(name.first) < name.len && which(name.first));
        names.fold(0, |rows, name| rows | name.rows)
    }

    /// Turns a history round.
    pub(crate) fn of(vocabulary: &Vocabulary, levels: &Levels, items: &[Consent], heads: &[Head]) -> Blocks {
        let mut out = Blocks::default();
        out.turn(vocabulary, levels, items, heads);
        out
    }

    /// The same in the room of another history.
    pub(crate) fn turn(
        &mut self,
        vocabulary: &Vocabulary,
        levels: &Levels,
        items: &[Consent],
        heads: &[Head],
    ) {
        let out = self;
        out.all.clear();
        out.names.clear();
        let [channel, purpose, topic, level] = levels.trees.map(|tree| tree.and_then(|t| vocabulary.tree(t)));
        for (items, heads) in items.chunks(ROWS).zip(heads.chunks(ROWS)) {
            let block = Block {
                channel: out.axis(channel, items, |item| nodes(&item.scope.channel)),
                purpose: out.axis(purpose, items, |item| nodes(&item.scope.purpose)),
                topic: out.axis(topic, items, |item| nodes(&item.scope.topic)),
                family: out.axis(level, items, |item| match &item.families {
                    Families::Open => None,
                    Families::Named(named) => Some(Named::Families(named, levels)),
                }),
                ..block(items, heads)
            };
            out.all.push(block);
        }
    }

    /// The same of events of which each is like one of some singles.
    pub(crate) fn gather(&mut self, singles: &[Single], events: &[u32]) {
        self.all.clear();
        self.names.clear();
        for events in events.chunks(ROWS) {
            let mut words = [0u64; WORDS];
            let mut named = 0;
            for (eight, events) in events.chunks(8).enumerate() {
                let mut lanes = 0;
                for (row, single) in events.iter().enumerate() {
                    let Some(single) = singles.get(*single as usize) else { continue };
                    named |= single.named;
                    lanes |= single.lanes << row;
                }
                for (n, word) in words.iter_mut().enumerate() {
                    *word |= u64::from((lanes >> (8 * n)) as u8) << (8 * eight);
                }
            }
            let mut axis = |n: usize| self.axis_of(n, named >> n & 1 == 1, singles, events);
            let [channel, purpose, topic, family] = [axis(0), axis(1), axis(2), axis(3)];
            let [grants, revocations, simple, bare, wide, ends, of_person, of_recipient, could_grant] = words;
            self.all.push(Block {
                channel,
                purpose,
                topic,
                family,
                grants,
                revocations,
                simple,
                bare,
                wide,
                ends,
                of_person,
                of_recipient,
                could_grant,
            });
        }
    }

    fn axis_of(&mut self, n: usize, named: bool, singles: &[Single], events: &[u32]) -> Axis {
        let from = self.names.len();
        let at = u32::try_from(from).unwrap_or(u32::MAX);
        if !named {
            return Axis { at, len: 0, open: u64::MAX >> (ROWS - events.len().clamp(1, ROWS)) };
        }
        let mut open = 0;
        for (row, single) in events.iter().enumerate() {
            let Some(names) = singles.get(*single as usize).and_then(|it| it.names.get(n)) else { continue };
            let bit = 1u64 << row;
            let Some(names) = names else {
                open |= bit;
                continue;
            };
            for name in names {
                let mut own = self.names.get_mut(from..).unwrap_or_default().iter_mut();
                match own.find(|known| known.first == name.first) {
                    Some(known) => known.rows |= bit,
                    None => self.names.push(Naming { rows: bit, ..*name }),
                }
            }
        }
        Axis { at, len: u32::try_from(self.names.len() - from).unwrap_or(u32::MAX), open }
    }

    /// What a block's events name; nothing is open.
    fn axis<'i>(
        &mut self,
        tree: Option<&Taxonomy>,
        items: &'i [Consent],
        named: impl Fn(&'i Consent) -> Option<Named<'i>>,
    ) -> Axis {
        let at = self.names.len();
        let mut open = 0;
        for (row, item) in items.iter().enumerate() {
            let bit = 1u64 << row;
            match named(item) {
                None => open |= bit,
                Some(named) => named.each(|node| self.name(at, tree, node, bit)),
            }
        }
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Axis { at: number(at), len: number(self.names.len() - at), open }
    }

    fn name(&mut self, from: usize, tree: Option<&Taxonomy>, node: NodeId, bit: u64) {
        let mut own = self.names.iter_mut().skip(from);
        if let Some(known) = own.find(|name| name.first == node.0) {
            known.rows |= bit;
            return;
        }
        let end = tree.and_then(|tree| tree.node(node)).map_or(node.0, |node| node.end);
        self.names.push(Naming { first: node.0, len: end.saturating_sub(node.0), rows: bit });
    }
}

/// Words of a block that do not go by name.
const WORDS: usize = 9;

/// One event as blocks have it: found once for all that say the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Single {
    /// Its bits in the words of a block, in their order, each the first of eight.
    lanes: u128,
    /// The axes on which it names something, as bits.
    named: u8,
    /// By axis what it names; nothing is open.
    names: [Option<Box<[Naming]>>; 4],
}

impl Single {
    pub(crate) fn of(vocabulary: &Vocabulary, levels: &Levels, item: &Consent, head: &Head) -> Single {
        let one = Blocks::of(vocabulary, levels, std::slice::from_ref(item), std::slice::from_ref(head));
        let Some(block) = one.all.first() else { return Single::default() };
        let names = [&block.channel, &block.purpose, &block.topic, &block.family]
            .map(|axis| (axis.open == 0).then(|| Box::from(one.names(axis))));
        let words = [
            block.grants,
            block.revocations,
            block.simple,
            block.bare,
            block.wide,
            block.ends,
            block.of_person,
            block.of_recipient,
            block.could_grant,
        ];
        let words: [u64; WORDS] = words;
        Single {
            lanes: words.iter().rev().fold(0, |bits, word| bits << 8 | u128::from(*word & 1)),
            named: names.iter().rev().fold(0, |bits, names| bits << 1 | u8::from(names.is_some())),
            names,
        }
    }
}

/// What one event names.
enum Named<'i> {
    Nodes(&'i [NodeId]),
    Families(&'i [NodeId], &'i Levels),
}

impl Named<'_> {
    fn each(self, mut one: impl FnMut(NodeId)) {
        match self {
            Named::Nodes(nodes) => nodes.iter().for_each(|node| one(*node)),
            Named::Families(nodes, levels) => nodes.iter().for_each(|node| one(levels.family(*node))),
        }
    }
}

/// The nodes of a part; nothing for one that lets everything through, or may.
fn nodes(part: &Part<NodeId>) -> Option<Named<'_>> {
    match part {
        Part::Named(nodes) if !nodes.contains(&NodeId::ROOT) => Some(Named::Nodes(nodes)),
        _ => None,
    }
}

/// A block's words that do not go by name.
fn block(items: &[Consent], heads: &[Head]) -> Block {
    let mut out = Block::default();
    for (row, (item, head)) in items.iter().zip(heads).enumerate() {
        let (scope, put) = (&item.scope, |word: &mut u64, on: bool| *word |= u64::from(on) << row);
        let simple = |part: &Part<NodeId>| *part == Part::Open || nodes(part).is_some();
        let bare = scope.sender == Part::Open && scope.address == Part::Open && scope.matter == Part::Open;
        put(&mut out.grants, item.kind == ConsentKind::Grant);
        put(&mut out.revocations, item.kind == ConsentKind::Revoke);
        put(&mut out.simple, [&scope.channel, &scope.purpose, &scope.topic].into_iter().all(simple));
        put(&mut out.bare, bare);
        put(&mut out.wide, bare && scope.is_open());
        put(&mut out.ends, item.expires.on.is_some() || item.expires.at.is_some());
        put(&mut out.of_person, head.of_person == Some(true));
        put(&mut out.of_recipient, head.of_recipient == Some(true));
        put(&mut out.could_grant, head.could_grant == Some(true));
    }
    out
}
