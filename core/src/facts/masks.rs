//! Small sets as bits: what a fact says of a taxonomy of at most 63 nodes is one word, so that "is one of these" is one
//! conjunction. The slot stays what everything else reads; a mask is only another form of it.

use crate::facts::Slot;
use crate::taxonomy::{NodeId, Taxonomy};
use crate::typed::Vocabulary;
use crate::value::Type;

/// More may be in than the bits say, or nothing is known at all.
pub const OPEN: u64 = 1 << 63;

/// Whether the nodes of a taxonomy have room in a word beside [`OPEN`].
#[must_use]
pub fn is_small(tree: &Taxonomy) -> bool {
    tree.nodes.len() <= 63
}

/// Whether values of the type have a mask.
#[must_use]
pub fn has_mask(vocabulary: &Vocabulary, ty: &Type) -> bool {
    match ty {
        Type::Node(taxonomy) => vocabulary.tree(*taxonomy).is_some_and(is_small),
        Type::Set(inner) => has_mask(vocabulary, inner),
        _ => false,
    }
}

/// The mask of a value of such a type. Known none is 0.
#[must_use]
pub fn mask_of(slot: &Slot) -> u64 {
    let bits =
        |nodes: &[NodeId]| nodes.iter().fold(0u64, |bits, n| bits | 1u64.checked_shl(n.0).unwrap_or(OPEN));
    match slot {
        Slot::None => 0,
        Slot::Node(n) => bits(std::slice::from_ref(n)),
        Slot::Nodes(nodes) => bits(nodes),
        Slot::NodesAtLeast(nodes) => bits(nodes) | OPEN,
        _ => OPEN,
    }
}
