//! The rules once more, for deciding alone: negations pushed down to the leaves, conjunctions within conjunctions taken
//! apart, questions to small sets as masks, children side by side. What a person reads (missing facts, support, coverage)
//! comes from the nodes; this is another form of [`super::RuleCode::blocks`]
//! and means the same (law 12), but for what every candidate fulfils when [`super::Candidates::certain`].
//!
//! De Morgan's rules and double negation hold in Kleene's three values, so the form has the same value everywhere.

// What is made with the program has nobody to ask for it where programs are loaded.
#![cfg_attr(not(feature = "text"), allow(dead_code))]

use super::{Code, Kids, NodeIx, Program};
use crate::facts::has_mask;
use crate::typed::FactId;

/// One step of the fast form.
#[derive(Clone, Copy, Debug)]
pub enum Fast {
    /// Decided.
    Const(bool),
    /// Some member of a fact is in the set (`not`: none is), both as masks.
    Mask {
        /// The fact.
        fact: FactId,
        /// The answer is turned round.
        not: bool,
        /// Members.
        yes: u64,
        /// Members that may be one, [`crate::facts::OPEN`] among them.
        maybe: u64,
    },
    /// A node that time does not change.
    Still(NodeIx, bool),
    /// A node that time may change, and what it asks.
    Moving(Code, NodeIx, bool),
    /// All of these.
    All(Steps),
    /// Any of them.
    Any(Steps),
}

/// Steps of [`Program::fast`] side by side; those that time does not change come first.
#[derive(Clone, Copy, Debug)]
pub struct Steps {
    /// First.
    pub at: u32,
    /// How many.
    pub len: u32,
    /// How many of them time does not change.
    pub still: u32,
}

impl Steps {
    /// Whether time may change any.
    #[inline]
    #[must_use]
    pub fn moves(self) -> bool {
        self.still < self.len
    }
}

impl Fast {
    /// Whether time may change it.
    #[inline]
    #[must_use]
    pub fn moves(&self) -> bool {
        match self {
            Fast::Moving(..) => true,
            Fast::All(steps) | Fast::Any(steps) => steps.moves(),
            Fast::Const(_) | Fast::Mask { .. } | Fast::Still(..) => false,
        }
    }
}

/// The form while it is made.
enum Tree {
    Leaf(Fast, u32),
    All(Vec<Tree>),
    Any(Vec<Tree>),
}

impl Tree {
    fn moves(&self) -> bool {
        match self {
            Tree::Leaf(leaf, _) => leaf.moves(),
            Tree::All(list) | Tree::Any(list) => list.iter().any(Tree::moves),
        }
    }

    /// Cheapest first, and what cannot change before what can.
    fn cost(&self) -> u32 {
        match self {
            Tree::Leaf(_, cost) => *cost,
            Tree::All(list) | Tree::Any(list) => {
                list.iter().fold(1u32, |sum, tree| sum.saturating_add(tree.cost()))
            }
        }
    }
}

/// Adds the fast form of a conjunction of nodes; `cost` says what asking a node costs.
pub(super) fn add(p: &mut Program, all: &[NodeIx], cost: &dyn Fn(NodeIx) -> u32) -> u32 {
    let tree = many(p, all.iter(), true, false, cost);
    // The root stands alone; children stand side by side.
    let at = p.fast.len();
    p.fast.push(Fast::Const(false));
    let fast = put(p, tree);
    if let Some(room) = p.fast.get_mut(at) {
        *room = fast;
    }
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn tree(p: &Program, ix: NodeIx, not: bool, cost: &dyn Fn(NodeIx) -> u32) -> Tree {
    let moves = p.moves.get(ix as usize).copied().unwrap_or(true);
    match p.nodes.get(ix as usize) {
        Some(Code::Const(b)) => Tree::Leaf(Fast::Const(*b != not), 0),
        Some(Code::Not(k)) => tree(p, *k, !not, cost),
        Some(Code::All(kids)) => many(p, written(p, *kids), !not, not, cost),
        Some(Code::Any(kids)) => many(p, written(p, *kids), not, not, cost),
        Some(Code::IsFact(fact, set)) => {
            let decl = p.policy.vocabulary.decl(*fact);
            let bits = |n: u32| p.bits.get(n as usize).map_or(0, |b| b.0.first().copied().unwrap_or(0));
            if decl.is_some_and(|decl| has_mask(&p.policy.vocabulary, &decl.ty)) {
                let (yes, maybe) = (bits(set.yes), bits(set.maybe) | crate::facts::OPEN);
                Tree::Leaf(Fast::Mask { fact: *fact, not, yes, maybe }, 1)
            } else {
                Tree::Leaf(Fast::Still(ix, not), cost(ix))
            }
        }
        Some(code) if moves => Tree::Leaf(Fast::Moving(*code, ix, not), cost(ix)),
        _ => Tree::Leaf(Fast::Still(ix, not), cost(ix)),
    }
}

fn written(p: &Program, kids: Kids) -> impl Iterator<Item = &NodeIx> {
    (kids.at..kids.at + kids.len).filter_map(|at| p.kids.get(at as usize))
}

/// Children of a conjunction (`all`) or disjunction, those of the same kind taken apart.
fn many<'k>(
    p: &Program,
    kids: impl Iterator<Item = &'k NodeIx>,
    all: bool,
    not: bool,
    cost: &dyn Fn(NodeIx) -> u32,
) -> Tree {
    let mut out = Vec::new();
    for kid in kids {
        match (tree(p, *kid, not, cost), all) {
            (Tree::All(list), true) | (Tree::Any(list), false) => out.extend(list),
            // What decides nothing is left out.
            (Tree::Leaf(Fast::Const(b), _), _) if b == all => {}
            (one, _) => out.push(one),
        }
    }
    if out.len() == 1
        && let Some(only) = out.pop()
    {
        return only;
    }
    if out.is_empty() {
        return Tree::Leaf(Fast::Const(all), 0);
    }
    out.sort_by_key(|tree| (tree.moves(), tree.cost()));
    if all { Tree::All(out) } else { Tree::Any(out) }
}

fn put(p: &mut Program, tree: Tree) -> Fast {
    match tree {
        Tree::Leaf(leaf, _) => leaf,
        Tree::All(list) => Fast::All(side_by_side(p, list)),
        Tree::Any(list) => Fast::Any(side_by_side(p, list)),
    }
}

fn side_by_side(p: &mut Program, list: Vec<Tree>) -> Steps {
    let at = p.fast.len();
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let still = list.iter().filter(|tree| !tree.moves()).count();
    let kids = Steps { at: number(at), len: number(list.len()), still: number(still) };
    p.fast.resize(at + list.len(), Fast::Const(false));
    for (n, one) in list.into_iter().enumerate() {
        let fast = put(p, one);
        if let Some(room) = p.fast.get_mut(at + n) {
            *room = fast;
        }
    }
    kids
}
