//! Which rules can apply, before any is asked: cost follows the rules that can apply, not those that are loaded.
//!
//! From each rule's `when` the *necessary part* is taken: what it demands of channel, purpose and jurisdiction. A rule is
//! left out only if that part is false, hence its `when` is, at every instant: "not applicable" stays exact. An unknown
//! fact, or an abstract node that may be any of its members, leaves nothing out in its dimension.

// What is made with the program has nobody to ask for it where programs are loaded.
#![cfg_attr(not(feature = "text"), allow(dead_code))]

use super::{Bits, Code, Kids, Known, NodeIx, Program};
use crate::facts::{Facts, OPEN, Slot, is_small};
use crate::taxonomy::NodeId;
use crate::typed::FactId;

/// For each node of a dimension, the rules whose guard lets it through.
#[derive(Clone, Debug, Default)]
pub struct Dimension {
    /// The facts asked: the contact's own nodes.
    asked: Vec<FactId>,
    /// Rules by node, `words` words each.
    table: Vec<u64>,
    /// By node, which of its words hold any rule: a bit for each, or for each of [`Dispatch::stride`] together.
    some: Vec<u64>,
    /// Rules that demand nothing here.
    free: Vec<u64>,
    /// The same of them.
    free_some: u64,
    /// Nodes that may be any of their members.
    open: Bits,
}

/// The three dimensions.
#[derive(Clone, Debug, Default)]
pub struct Dispatch {
    words: usize,
    /// Words that share a bit of [`Dimension::some`].
    stride: usize,
    all: Vec<u64>,
    dimensions: [Dimension; 3],
    /// All rules have room in a word, and the facts asked have masks.
    small: bool,
}

/// Rules that can apply, in the program's order.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// 64 rules each: the first one's number, and which of them; no word is empty.
    pub words: Vec<(u32, u64)>,
    /// Channel and purpose are known and concrete: what a candidate demands of them is true, see `settled`.
    pub certain: bool,
}

impl Candidates {
    /// Their numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().flat_map(|(first, word)| {
            let mut word = *word;
            std::iter::from_fn(move || {
                if word == 0 {
                    return None;
                }
                let n = first + word.trailing_zeros();
                word &= word - 1;
                Some(n)
            })
        })
    }
}

#[derive(Clone, Copy)]
enum Axis {
    Channel,
    Purpose,
    Jurisdiction,
}

/// What one dimension lets through: the rules of one row, or of several.
#[derive(Clone, Copy)]
enum Rows<'a> {
    /// Nothing is known: every rule.
    All,
    One(&'a [u64]),
    Many,
}

impl Dimension {
    /// The rules that it lets through, where all have room in a word and the facts asked have masks; and whether the facts
    /// leave nothing open of what is demanded of it. When they are unknown, every rule stays.
    #[inline]
    fn word(&self, facts: &Facts) -> (u64, bool) {
        let mut nodes = self.asked.iter().fold(0, |all, fact| all | facts.mask(*fact));
        if nodes & OPEN != 0 {
            return (u64::MAX, false);
        }
        let certain = nodes & self.open.0.first().copied().unwrap_or(0) == 0;
        if nodes == 0 {
            return (self.free_some, certain);
        }
        let mut any = 0;
        while nodes != 0 {
            any |= self.table.get(nodes.trailing_zeros() as usize).copied().unwrap_or(u64::MAX);
            nodes &= nodes - 1;
        }
        (any, certain)
    }

    /// The rows of what the facts say, which words of them hold any rule, and whether nothing is left open.
    fn rows(&self, words: usize, facts: &Facts) -> (Rows<'_>, u64, bool) {
        let (mut found, mut some, mut certain) = (0usize, 0, true);
        let mut first: &[u64] = &self.free;
        for fact in &self.asked {
            let Some(nodes) = nodes_of(facts.slot(*fact)) else { return (Rows::All, u64::MAX, false) };
            for n in nodes {
                let at = n.0 as usize * words;
                let (Some(row), Some(own)) = (self.table.get(at..at + words), self.some.get(n.0 as usize))
                else {
                    return (Rows::All, u64::MAX, false);
                };
                certain &= !self.open.has(n.0);
                some |= own;
                // The same place told twice, by the person and by the address, is one row.
                found += usize::from(found == 0 || !std::ptr::eq(first, row));
                first = row;
            }
        }
        match found {
            0 => (Rows::One(first), self.free_some, certain),
            1 => (Rows::One(first), some, certain),
            _ => (Rows::Many, some, certain),
        }
    }

    /// A word of several rows.
    fn word_of_many(&self, words: usize, w: usize, facts: &Facts) -> u64 {
        let nodes = self.asked.iter().flat_map(|fact| nodes_of(facts.slot(*fact)).unwrap_or_default());
        nodes.fold(0, |any, n| any | self.table.get(n.0 as usize * words + w).copied().unwrap_or(u64::MAX))
    }
}

impl Dispatch {
    /// Tables for the program's rules.
    #[must_use]
    pub fn of(program: &Program) -> Dispatch {
        let rules = program.rules.len();
        let words = rules.div_ceil(64);
        let stride = words.div_ceil(64).max(1);
        let mut all = vec![0u64; words];
        (0..rules).for_each(|r| set(&mut all, r));
        let some = |row: &[u64]| {
            let held = row.chunks(stride).map(|words| words.iter().any(|word| *word != 0));
            held.enumerate().fold(0u64, |some, (n, held)| some | u64::from(held) << n)
        };
        let k = &program.known;
        let mut small = words == 1;
        let dimensions = [
            (Axis::Channel, k.channels, [k.channel, None]),
            (Axis::Purpose, k.purposes, [k.purpose, None]),
            (Axis::Jurisdiction, k.jurisdictions, [k.recipient_jurisdictions, k.address_jurisdictions]),
        ]
        .map(|(axis, taxonomy, asked)| {
            let tree = taxonomy.and_then(|t| program.policy.vocabulary.tree(t));
            let nodes = tree.map_or(0, |t| t.nodes.len());
            small &= tree.is_some_and(is_small);
            let mut open = Bits::default();
            if let Some(tree) = tree {
                (0..nodes as u32).filter(|n| tree.marked(NodeId(*n), "abstract")).for_each(|n| open.set(n));
            }
            let (mut table, mut free) = (vec![0u64; words * nodes], vec![0u64; words]);
            for (r, rule) in program.rules.iter().enumerate() {
                match guard(program, rule.applies, axis, &program.known) {
                    None => {
                        set(&mut free, r);
                        table.chunks_mut(words.max(1)).for_each(|row| set(row, r));
                    }
                    Some(nodes) => {
                        for n in nodes.iter() {
                            if let Some(row) = table.chunks_mut(words.max(1)).nth(n as usize) {
                                set(row, r);
                            }
                        }
                    }
                }
            }
            Dimension {
                asked: asked.into_iter().flatten().collect(),
                some: table.chunks(words.max(1)).map(some).collect(),
                free_some: if words == 1 { free.first().copied().unwrap_or(0) } else { some(&free) },
                table,
                free,
                open,
            }
        });
        Dispatch { words, stride, all, dimensions, small }
    }

    /// Fills in the rules that can apply to these facts; reuses the room.
    #[inline]
    pub fn candidates(&self, facts: &Facts, out: &mut Candidates) {
        out.words.clear();
        if !self.small {
            return self.candidates_of_many(facts, out);
        }
        let [(a, channel), (b, purpose), (c, _)] = self.dimensions.each_ref().map(|dim| dim.word(facts));
        let word = self.all.first().copied().unwrap_or(0) & a & b & c;
        if word != 0 {
            out.words.push((0, word));
        }
        out.certain = channel && purpose;
    }

    /// The same of any number of rules: only words in which every dimension holds some are looked at.
    fn candidates_of_many(&self, facts: &Facts, out: &mut Candidates) {
        let found = self.dimensions.each_ref().map(|dim| (dim, dim.rows(self.words, facts)));
        let [(_, (_, a, channel)), (_, (_, b, purpose)), (_, (_, c, _))] = &found;
        out.certain = *channel && *purpose;
        let mut some = a & b & c;
        while some != 0 {
            let at = some.trailing_zeros() as usize * self.stride;
            some &= some - 1;
            for (w, all) in self.all.iter().enumerate().skip(at).take(self.stride) {
                let mut word = *all;
                for (dim, (rows, ..)) in &found {
                    word &= match rows {
                        Rows::All => u64::MAX,
                        Rows::One(row) => row.get(w).copied().unwrap_or(u64::MAX),
                        Rows::Many => dim.word_of_many(self.words, w, facts),
                    };
                }
                if word != 0 {
                    out.words.push((w as u32 * 64, word));
                }
            }
        }
    }
}

/// The nodes of a slot; nothing when they are unknown.
#[inline]
fn nodes_of(slot: &Slot) -> Option<&[NodeId]> {
    match slot {
        Slot::None => Some(&[]),
        Slot::Node(n) => Some(std::slice::from_ref(n)),
        Slot::Nodes(list) => Some(list),
        _ => None,
    }
}

fn set(words: &mut [u64], n: usize) {
    if let Some(w) = words.get_mut(n >> 6) {
        *w |= 1 << (n & 63);
    }
}

/// Of the conjuncts of a rule, those that being a candidate does not already make true: where only one of them speaks of
/// the channel (or of the purpose), and of nothing else, the row of the node has asked it.
pub(super) fn settled(p: &Program, conjuncts: &[NodeIx]) -> Vec<NodeIx> {
    let mut out = conjuncts.to_vec();
    for axis in [Axis::Channel, Axis::Purpose] {
        let mut guarded = conjuncts.iter().filter(|k| guard(p, **k, axis, &p.known).is_some());
        if let (Some(only), None) = (guarded.next(), guarded.next())
            && asks_one(p, *only)
        {
            out.retain(|k| k != only);
        }
    }
    out
}

/// Nothing but "is one of these nodes", or a choice of such.
fn asks_one(p: &Program, ix: NodeIx) -> bool {
    match p.nodes.get(ix as usize) {
        Some(Code::IsFact(..)) => true,
        Some(Code::Any(kids)) => children(p, *kids).all(|k| asks_one(p, k)),
        _ => false,
    }
}

/// The conjuncts of a condition, conjunctions within conjunctions taken apart.
pub(super) fn conjuncts(p: &Program, ix: NodeIx, out: &mut Vec<NodeIx>) {
    match p.nodes.get(ix as usize) {
        Some(Code::All(kids)) => children(p, *kids).for_each(|k| conjuncts(p, k, out)),
        _ => out.push(ix),
    }
}

/// The nodes of one dimension that a condition lets through, or `None` when it demands nothing there. Certain and
/// possible members are both let through, so what is left out is certainly false.
fn guard(p: &Program, ix: NodeIx, axis: Axis, known: &Known) -> Option<Bits> {
    match p.nodes.get(ix as usize)? {
        Code::IsFact(fact, set) => {
            let ours = match axis {
                Axis::Channel => known.channel == Some(*fact),
                Axis::Purpose => known.purpose == Some(*fact),
                Axis::Jurisdiction => {
                    known.recipient_jurisdictions == Some(*fact) || known.address_jurisdictions == Some(*fact)
                }
            };
            if !ours {
                return None;
            }
            let mut out = p.bits.get(set.yes as usize)?.clone();
            out.union(p.bits.get(set.maybe as usize)?);
            Some(out)
        }
        Code::All(kids) => {
            // Any one conjunct's guard is necessary; the smallest leaves out most.
            children(p, *kids).filter_map(|k| guard(p, k, axis, known)).min_by_key(|b| b.iter().count())
        }
        Code::Any(kids) => {
            let mut out = Bits::default();
            for k in children(p, *kids) {
                out.union(&guard(p, k, axis, known)?);
            }
            Some(out)
        }
        Code::Const(false) => Some(Bits::default()),
        _ => None,
    }
}

fn children(p: &Program, kids: Kids) -> impl Iterator<Item = NodeIx> + '_ {
    (kids.at..kids.at + kids.len).filter_map(|i| p.kids.get(i as usize).copied())
}
