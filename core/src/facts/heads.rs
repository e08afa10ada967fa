//! The head of a consent event: what the fold reads of an event before it reads more of the few that matter.

use crate::facts::build::Event;
use crate::facts::intake::Intake;
use crate::facts::{By, Consent, ConsentKind, Head, Slot};
use crate::taxonomy::{NodeId, Taxonomy, TaxonomyId};
use crate::typed::{FactId, Vocabulary};

/// What heads are made with, found once for each vocabulary.
#[derive(Debug, Default)]
pub(crate) struct Levels {
    /// By node of `level`: whether it may be inferred from conduct.
    inferred: Vec<bool>,
    /// By node of `level`: its family, see [`family`]. Naming a level is naming its family.
    families: Vec<NodeId>,
    /// By node of `means`: nobody grants by those.
    grants_nothing: Vec<bool>,
    /// `channel`, `purpose`, `topic`, `level`.
    pub trees: [Option<TaxonomyId>; 4],
    means: Option<FactId>,
    signed_permission: Option<FactId>,
}

impl Levels {
    pub fn of(vocabulary: &Vocabulary) -> Levels {
        let tree = |name: &str| vocabulary.taxonomy(name).map(|(_, tree)| tree);
        let nodes = |tree: &Taxonomy, test: &dyn Fn(NodeId) -> bool| {
            (0u32..).take(tree.nodes.len()).map(|n| test(NodeId(n))).collect::<Vec<_>>()
        };
        let levels = tree("level");
        Levels {
            inferred: levels.map_or_else(Vec::new, |t| nodes(t, &|n| t.marked(n, "may_be_inferred"))),
            families: levels.map_or_else(Vec::new, |t| {
                (0u32..).take(t.nodes.len()).map(|n| family(t, NodeId(n))).collect()
            }),
            grants_nothing: tree("means")
                .map_or_else(Vec::new, |t| nodes(t, &|n| t.inherits(n, "grants_nothing"))),
            trees: ["channel", "purpose", "topic", "level"]
                .map(|name| vocabulary.taxonomy(name).map(|x| x.0)),
            means: vocabulary.fact("consents.means"),
            signed_permission: vocabulary.fact("consents.signed_permission"),
        }
    }

    /// The topmost level above one.
    pub fn family(&self, of: NodeId) -> NodeId {
        self.families.get(of.0 as usize).copied().unwrap_or(of)
    }

    /// Whether the act is one that grants: an agent shows signed permission, nobody grants by means that grant nothing, and
    /// what is inferred from conduct is good only for a level that may be.
    fn could_grant(&self, intake: &Intake, event: &Event, item: &Consent) -> Option<bool> {
        let read = |fact: Option<FactId>| {
            let absent = || fact.and_then(|f| intake.absent.get(usize::from(f.0)));
            event.field(fact).or_else(absent).unwrap_or(&Slot::Unknown)
        };
        let by = match item.by {
            Some(By::AuthorisedAgent) => match read(self.signed_permission) {
                Slot::Bool(shown) => Some(*shown),
                Slot::None => Some(false),
                _ => None,
            },
            Some(By::Inferred) => item.level.and_then(|l| self.inferred.get(l.0 as usize).copied()),
            _ => Some(true),
        };
        let means = match read(self.means) {
            Slot::Node(n) => self.grants_nothing.get(n.0 as usize).is_none_or(|nothing| !nothing),
            _ => true,
        };
        // What is neither dated nor recorded may lie ahead.
        if !means {
            Some(false)
        } else if item.is_undated() {
            by.filter(|b| !b)
        } else {
            by
        }
    }
}

/// The ancestor of a level just below the root.
pub(crate) fn family(tree: &Taxonomy, of: NodeId) -> NodeId {
    let mut at = of;
    while let Some(node) = tree.node(at) {
        if node.parent == NodeId::ROOT {
            return at;
        }
        at = node.parent;
    }
    at
}

/// The head of an event.
pub(crate) fn head(intake: &Intake, event: &Event, item: &Consent) -> Head {
    Head {
        at: if item.kind == ConsentKind::Grant { item.lo.0 } else { item.hi.0 },
        level: item.level.map_or(Head::NO_LEVEL, |level| level.0),
        of_person: item.of_person,
        of_recipient: item.of_recipient,
        could_grant: intake.levels.could_grant(intake, event, item),
    }
}
