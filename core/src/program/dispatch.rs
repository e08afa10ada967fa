//! Which rules can apply, before any is asked: cost follows the rules that can apply, not those that are loaded.
//!
//! From each rule's `when` the *necessary part* is taken: what it demands of channel, purpose and jurisdiction. A rule is
//! left out only if that part is false, hence its `when` is, at every instant: "not applicable" stays exact. An unknown
//! fact, or an abstract node that may be any of its members, leaves nothing out in its dimension.

use super::{Bits, Code, Kids, Known, NodeIx, Program};
use crate::facts::{Facts, OPEN, Slot, is_small};
use crate::taxonomy::{NodeId, TaxonomyId};
use crate::typed::FactId;

/// For each node of a dimension, the rules whose guard lets it through.
#[derive(Clone, Debug, Default)]
pub struct Dimension {
    /// Rules by node, `words` words each.
    table: Vec<u64>,
    /// Rules that demand nothing here.
    free: Vec<u64>,
    /// Nodes that may be any of their members.
    open: Bits,
    /// The facts asked have masks.
    small: bool,
}

/// The three dimensions.
#[derive(Clone, Debug, Default)]
pub struct Dispatch {
    words: usize,
    all: Vec<u64>,
    channel: Dimension,
    purpose: Dimension,
    jurisdiction: Dimension,
}

/// Rules that can apply, as bits in the program's order.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// The bits.
    pub words: Vec<u64>,
    /// Channel and purpose are known and concrete: what a candidate demands of them is true, see [`settled`].
    pub certain: bool,
}

impl Candidates {
    /// Their numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(i, w)| {
            let mut w = *w;
            std::iter::from_fn(move || {
                if w == 0 {
                    return None;
                }
                let b = w.trailing_zeros();
                w &= w - 1;
                Some(i as u32 * 64 + b)
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

impl Dimension {
    /// As [`Dispatch::narrow`], where all rules have room in a word and the facts asked have masks.
    #[inline]
    fn narrow_word(&self, asked: &[Option<FactId>], facts: &Facts, out: &mut u64) -> bool {
        let mut nodes = asked.iter().flatten().fold(0, |all, fact| all | facts.mask(*fact));
        if nodes & OPEN != 0 {
            return false;
        }
        let certain = nodes & self.open.0.first().copied().unwrap_or(0) == 0;
        let mut any = if nodes == 0 { self.free.first().copied().unwrap_or(0) } else { 0 };
        while nodes != 0 {
            any |= self.table.get(nodes.trailing_zeros() as usize).copied().unwrap_or(u64::MAX);
            nodes &= nodes - 1;
        }
        *out &= any;
        certain
    }
}

impl Dispatch {
    /// Tables for the program's rules.
    #[must_use]
    pub fn of(program: &Program) -> Dispatch {
        let rules = program.rules.len();
        let words = rules.div_ceil(64);
        let mut all = vec![0u64; words];
        (0..rules).for_each(|r| set(&mut all, r));
        let build = |axis: Axis, taxonomy: Option<TaxonomyId>| {
            let tree = taxonomy.and_then(|t| program.policy.vocabulary.tree(t));
            let nodes = tree.map_or(0, |t| t.nodes.len());
            let mut open = Bits::default();
            if let Some(tree) = tree {
                (0..nodes as u32).filter(|n| tree.marked(NodeId(*n), "abstract")).for_each(|n| open.set(n));
            }
            let mut out = Dimension {
                table: vec![0u64; words * nodes],
                free: vec![0u64; words],
                open,
                small: tree.is_some_and(is_small),
            };
            for (r, rule) in program.rules.iter().enumerate() {
                match guard(program, rule.applies, axis, &program.known) {
                    None => {
                        set(&mut out.free, r);
                        out.table.chunks_mut(words.max(1)).for_each(|row| set(row, r));
                    }
                    Some(nodes) => {
                        for n in nodes.iter() {
                            if let Some(row) = out.table.chunks_mut(words.max(1)).nth(n as usize) {
                                set(row, r);
                            }
                        }
                    }
                }
            }
            out
        };
        let k = &program.known;
        Dispatch {
            words,
            channel: build(Axis::Channel, k.channels),
            purpose: build(Axis::Purpose, k.purposes),
            jurisdiction: build(Axis::Jurisdiction, k.jurisdictions),
            all,
        }
    }

    /// Fills in the rules that can apply to these facts; reuses the room.
    pub fn candidates(&self, known: &Known, facts: &Facts, out: &mut Candidates) {
        out.words.clear();
        out.words.extend_from_slice(&self.all);
        let places = [known.recipient_jurisdictions, known.address_jurisdictions];
        let channel = self.narrow(&self.channel, &[known.channel], facts, &mut out.words);
        let purpose = self.narrow(&self.purpose, &[known.purpose], facts, &mut out.words);
        self.narrow(&self.jurisdiction, &places, facts, &mut out.words);
        out.certain = channel && purpose;
    }

    /// Leaves out the rules that one dimension does not let through. Says whether the facts leave nothing open of what is
    /// demanded of it; when they are unknown, every rule stays.
    fn narrow(&self, dim: &Dimension, asked: &[Option<FactId>], facts: &Facts, out: &mut [u64]) -> bool {
        if let (true, [word]) = (dim.small, &mut *out) {
            return dim.narrow_word(asked, facts, word);
        }
        let mut certain = true;
        let mut rows = 0usize;
        let mut first: &[u64] = &dim.free;
        for fact in asked.iter().flatten() {
            let Some(nodes) = nodes_of(facts.slot(*fact)) else { return false };
            for n in nodes {
                let Some(row) = self.row(dim, *n) else { return false };
                certain &= !dim.open.has(n.0);
                // The same place told twice, by the person and by the address, is one row.
                rows += usize::from(rows == 0 || !std::ptr::eq(first, row));
                first = row;
            }
        }
        if rows <= 1 {
            for (word, row) in out.iter_mut().zip(first) {
                *word &= row;
            }
            return certain;
        }
        for (w, word) in out.iter_mut().enumerate() {
            let mut any = 0;
            for fact in asked.iter().flatten() {
                for n in nodes_of(facts.slot(*fact)).unwrap_or_default() {
                    any |= dim.table.get(n.0 as usize * self.words + w).copied().unwrap_or(u64::MAX);
                }
            }
            *word &= any;
        }
        certain
    }

    #[inline]
    fn row<'a>(&self, dim: &'a Dimension, n: NodeId) -> Option<&'a [u64]> {
        let at = n.0 as usize * self.words;
        dim.table.get(at..at + self.words)
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
