//! Whether a person's no stands for good, which divides *refused* from *no basis*.

use super::super::cond::Cx;
use super::super::kleene::V;
use super::scope_of;
use byleave::taxonomy::NodeId;
use byleave::typed::{EventList, Reaching};

impl Cx<'_> {
    /// A covering revocation that no grant, expired or not, lifts: what divides *refused* from *no basis*.
    pub(in crate::reference) fn plainly_refused(
        &self,
        level: Option<NodeId>,
        purpose: Option<NodeId>,
        reaches: &[Reaching],
        heeds_seller: bool,
    ) -> bool {
        let Some(all) = self.case.frozen(EventList::Consents) else { return false };
        let revocations = self.revocations(&all, reaches);
        self.pairs(purpose).iter().any(|pair| {
            revocations.iter().any(|(r, reach, counts)| {
                *counts == V::T
                    && (!heeds_seller || self.said_to_seller(r) == V::T)
                    && self.binds(r, level) == V::T
                    && self.covers(reach, pair, true) == V::T
                    && !all.iter().filter(|e| e.text("kind") == Some("grant")).any(|g| {
                        let scope = scope_of(g);
                        let level = level.is_none_or(|level| {
                            let own =
                                g.text("level").and_then(|l| self.taxonomy("level").and_then(|t| t.find(l)));
                            own.is_some_and(|own| self.family(own) == self.family(level))
                        });
                        level
                            && self.lifts(g, &scope, r, reach, pair) == V::T
                            && self.covers(&scope, pair, false) == V::T
                            && self.sensitive(&scope, pair) == V::T
                    })
            })
        })
    }
}
