//! Which rules can apply, before any is asked: cost follows the rules that can apply, not those that are loaded.
//!
//! From each rule's `when` the *necessary part* is taken: what it demands of channel, purpose and jurisdiction. A rule is
//! left out only if that part is false, hence its `when` is, at every instant: "not applicable" stays exact. An unknown
//! fact, or an abstract node that may be any of its members, leaves nothing out in its dimension.

use super::{Bits, Code, Kids, Known, NodeIx, Program};
use crate::facts::{Facts, Slot};
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

/// What one dimension lets through, for the facts at hand.
enum Lets<'a> {
    /// Everything: the fact is unknown.
    Every,
    /// One row of rules.
    Row(&'a [u64]),
    /// Those of several nodes.
    Rows(&'a Dimension, [Option<FactId>; 2]),
}

#[derive(Clone, Copy)]
enum Axis {
    Channel,
    Purpose,
    Jurisdiction,
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
            let mut out = Dimension { table: vec![0u64; words * nodes], free: vec![0u64; words], open };
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
        let mut certain = true;
        let channel = self.axis(&self.channel, [known.channel, None], facts, &mut certain);
        let purpose = self.axis(&self.purpose, [known.purpose, None], facts, &mut certain);
        out.certain = certain;
        let places = [known.recipient_jurisdictions, known.address_jurisdictions];
        let axes = [channel, purpose, self.axis(&self.jurisdiction, places, facts, &mut certain)];
        out.words.resize(self.words, 0);
        for (w, (word, all)) in out.words.iter_mut().zip(&self.all).enumerate() {
            *word = *all;
            for axis in &axes {
                *word &= match axis {
                    Lets::Every => u64::MAX,
                    Lets::Row(row) => row.get(w).copied().unwrap_or(u64::MAX),
                    Lets::Rows(dim, asked) => self.any_of(dim, *asked, facts, w),
                };
            }
        }
    }

    /// What one dimension lets through. Small on the stack: no allocation on the path of a decision.
    /// Clears `certain` where the facts leave open what is demanded of this dimension.
    fn axis<'a>(
        &self,
        dim: &'a Dimension,
        asked: [Option<FactId>; 2],
        facts: &'a Facts,
        certain: &mut bool,
    ) -> Lets<'a> {
        let mut row: &[u64] = &dim.free;
        let mut many = 0usize;
        for fact in asked.into_iter().flatten() {
            let nodes = match facts.slot(fact) {
                Slot::None => &[],
                Slot::Node(n) => std::slice::from_ref(n),
                Slot::Nodes(list) => list.as_ref(),
                // Unknown: every rule stays.
                _ => {
                    *certain = false;
                    return Lets::Every;
                }
            };
            for n in nodes {
                let Some(of_node) = self.row(dim, *n) else {
                    *certain = false;
                    return Lets::Every;
                };
                *certain &= !dim.open.has(n.0);
                // The same place told twice, by the person and by the address, is one row.
                many += usize::from(many == 0 || !std::ptr::eq(row, of_node));
                row = of_node;
            }
        }
        if many > 1 { Lets::Rows(dim, asked) } else { Lets::Row(row) }
    }

    fn any_of(&self, dim: &Dimension, asked: [Option<FactId>; 2], facts: &Facts, w: usize) -> u64 {
        let mut any = dim.free.get(w).copied().unwrap_or(0);
        for fact in asked.into_iter().flatten() {
            match facts.slot(fact) {
                Slot::Node(n) => any |= self.word(dim, *n, w),
                Slot::Nodes(list) => list.iter().for_each(|n| any |= self.word(dim, *n, w)),
                _ => {}
            }
        }
        any
    }

    fn row<'a>(&self, dim: &'a Dimension, n: NodeId) -> Option<&'a [u64]> {
        let at = n.0 as usize * self.words;
        dim.table.get(at..at + self.words)
    }

    fn word(&self, dim: &Dimension, n: NodeId, w: usize) -> u64 {
        dim.table.get(n.0 as usize * self.words + w).copied().unwrap_or(u64::MAX)
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
