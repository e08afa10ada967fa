//! Which revocations stand behind a block, so that reasons that rest on one act of the person can be told together.

use super::cover::{Pair, Reading};
use super::{Eval, Tri};
use crate::facts::{Consent, ConsentKind, Scope, Slot};
use crate::program::{Code, LevelCode, NodeIx, ReachCode};
use crate::taxonomy::NodeId;
use crate::typed::EventList;

impl<'a> Eval<'a> {
    /// Rows of the revocations that a question about consent rests on where it blocks: where `refused` holds, and where
    /// consent is lacking. Other questions rest on none.
    pub(crate) fn standing(&mut self, ix: NodeIx) -> Vec<u32> {
        let lanes = self.all;
        match self.p.nodes.get(ix as usize) {
            Some(Code::Refused(q)) if self.val(ix).t & lanes != 0 => self.standing_refusal(*q),
            Some(Code::Consent(q)) if self.val(ix).f & lanes != 0 => self.standing_for_good(*q),
            _ => Vec::new(),
        }
    }

    /// Whether a question about consent meets a covering revocation that nothing lifts, whatever the instant: divides
    /// *refused* from *no basis*.
    pub(crate) fn refused_for_good(&mut self, ix: NodeIx) -> bool {
        match self.p.nodes.get(ix as usize) {
            Some(Code::Consent(q)) => !self.standing_for_good(*q).is_empty(),
            Some(Code::Refused(q)) => match self.p.refusals.get(*q as usize) {
                Some(q) => !self.unlifted(q.renewed, q.purpose, &q.reaches, false).is_empty(),
                None => false,
            },
            _ => false,
        }
    }

    fn standing_for_good(&mut self, ix: u32) -> Vec<u32> {
        let Some(q) = self.p.consents.get(ix as usize) else { return Vec::new() };
        let level = match q.level {
            LevelCode::AtLeast(n) => Some(n),
            LevelCode::Fact(_) => self.levels(q.level).and_then(|l| l.first().copied()),
        };
        let Some(level) = level else { return Vec::new() };
        self.unlifted(Some(level), q.purpose, &q.reaches, q.heeds_seller)
    }

    /// Covering revocations, of a level or of any and `of_seller` those that were told this seller alone, that no grant of the
    /// family lifts, expired or not.
    fn unlifted(
        &mut self,
        level: Option<NodeId>,
        purpose: Option<NodeId>,
        reaches: &'a [ReachCode],
        of_seller: bool,
    ) -> Vec<u32> {
        let facts = self.facts;
        let family = level.map(|l| self.family(l));
        self.covering(purpose, reaches, |e, pair, row, r, scope| {
            level.is_none_or(|level| e.ends(&r.families, level))
                && (!of_seller || e.to_same_seller(row as usize) == Tri::T)
                && !facts.consents.items.iter().any(|g| {
                    g.kind == ConsentKind::Grant
                        && family.is_none_or(|family| g.level.is_some_and(|l| e.family(l) == family))
                        && e.covers(&g.scope, pair, Reading::Grant) == Tri::T
                        && e.lifts(g, r, scope, pair) == Tri::T
                })
        })
    }

    /// Covering revocations that `refused` heeds and that no grant lifts now.
    fn standing_refusal(&mut self, ix: u32) -> Vec<u32> {
        let Some(q) = self.p.refusals.get(ix as usize) else { return Vec::new() };
        let except = match q.except.map(|a| self.arg(a)) {
            Some(Slot::Event(e)) if e.list == EventList::Consents => Some(e.row),
            _ => None,
        };
        let lanes = self.all;
        self.covering(q.purpose, &q.reaches, |e, pair, row, r, scope| {
            except != Some(row)
                && q.renewed.is_none_or(|l: NodeId| e.ends(&r.families, l))
                && e.heeded(q, row as usize) == Tri::T
                && e.lifted(q, r, scope, pair).f & lanes != 0
        })
    }

    /// Rows of the revocations that surely cover the contact, by their own words or by those that a pack reads into
    /// them, and of which something more holds.
    fn covering(
        &mut self,
        purpose: Option<NodeId>,
        reaches: &'a [ReachCode],
        holds: impl Fn(&mut Self, Pair, u32, &'a Consent, &Scope) -> bool,
    ) -> Vec<u32> {
        let facts = self.facts;
        let mut pairs = Vec::new();
        self.pairs(purpose, &mut |p| pairs.push(p));
        let mut out = Vec::new();
        for (row, r) in (0u32..).zip(&facts.consents.items) {
            let mut stands = false;
            if r.kind == ConsentKind::Revoke {
                for pair in &pairs {
                    self.scopes(r, row as usize, reaches, &mut |e, scope, counts| {
                        stands = stands
                            || (e.covers(scope, *pair, Reading::Revocation).min(counts) == Tri::T
                                && holds(e, *pair, row, r, scope));
                    });
                }
            }
            if stands {
                out.push(row);
            }
        }
        out
    }
}
