//! Whether somebody else's sender stands for the seller that this contact is for: one place that knows what the same seller is.

use super::leaf::nodes_of;
use super::{Eval, Tri};
use crate::facts::{ConsentKind, Part, Slot};
use crate::program::Arg;
use crate::taxonomy::NodeId;

impl Eval<'_> {
    /// The seller that this contact is for. A message is always somebody's: where it is known to have no sender, nobody
    /// knows whose it is.
    fn seller(&self) -> Option<NodeId> {
        match self.known(self.p.known.seller) {
            Slot::Node(ours) => Some(*ours),
            _ => None,
        }
    }

    fn seller_of(&self, sender: NodeId) -> NodeId {
        self.p.sellers.get(sender.0 as usize).copied().unwrap_or(sender)
    }

    /// What was done by a sender was done by its seller, and by none above or below that one.
    pub(super) fn same_seller(&self, a: Arg) -> Tri {
        match (nodes_of(self.arg(a)), self.seller()) {
            (Ok(theirs), Some(ours)) => Tri::of(theirs.iter().any(|n| self.seller_of(*n) == ours)),
            (Ok(_), None) => Tri::U,
            (Err(v), _) => v,
        }
    }

    /// A revocation given to another seller does not bind this one, nor does a grant to another serve it; one given to
    /// nobody in particular does, and so does one to a seller above or below. A name that nobody declared may be of whoever:
    /// a grant to it may serve, a revocation binds.
    pub(super) fn to_same_seller(&self, row: usize) -> Tri {
        let given = match self.cell(self.p.known.consents.given_to, row) {
            Slot::Node(n) => *n,
            Slot::NodesAtLeast(_) => {
                let grant =
                    self.facts.consents.items.get(row).is_some_and(|it| it.kind == ConsentKind::Grant);
                return if grant { Tri::U } else { Tri::T };
            }
            _ => return Tri::T,
        };
        let Some(tree) = self.tree(self.p.known.senders) else { return Tri::T };
        let theirs = self.seller_of(given);
        let Some(ours) = self.seller() else { return Tri::U };
        Tri::of(tree.is(ours, theirs) || tree.is(theirs, ours))
    }

    /// A grant said to another which names this seller is leave for this one: one firm's page asks for another's calls.
    pub(super) fn leave_to_seller(&self, row: usize) -> Tri {
        let named = match self.facts.consents.items.get(row).map(|c| &c.scope.sender) {
            Some(Part::Named(nodes)) => nodes.iter().any(|n| Some(self.seller_of(*n)) == self.seller()),
            _ => false,
        };
        if named { Tri::T } else { self.to_same_seller(row) }
    }
}
