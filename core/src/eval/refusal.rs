//! Refusals: is there a revocation that covers the contact and that nothing lifts.

use super::cover::{Pair, Read, Reading};
use super::fold::{Ends, Memo};
use super::grant::Entry;
use super::{Eval, NEVER, Tri, V};
use crate::facts::{Consent, ConsentKind, Head, Scope, Slot, next_row};
use crate::program::{Arg, RefusedCode};
use crate::taxonomy::NodeId;
use crate::typed::EventList;

/// A revocation that covers the contact for one of its pairs, or may.
#[derive(Clone, Copy)]
struct Revocation {
    row: u32,
    part: u32,
    covers: Tri,
    /// Its whole scope is open.
    wide: bool,
}

impl<'a> Eval<'a> {
    pub(super) fn refused(&mut self, ix: u32) -> V {
        let Some(q) = self.p.refusals.get(ix as usize) else { return self.lift(Tri::U) };
        if !self.facts.consents.events.known {
            return self.lift(Tri::U);
        }
        if self.facts.consents.revocations == 0 {
            return self.lift(Tri::F);
        }
        let record = self.record.map_or(0, |r| r.1);
        let memo = match self.s.refusals.get(ix as usize) {
            Some(m) if m.stamp == self.s.stamp && m.record == record => *m,
            _ => {
                let m = self.fold_refused(q, record);
                if let Some(room) = self.s.refusals.get_mut(ix as usize) {
                    *room = m;
                }
                m
            }
        };
        // Refused unless every covering revocation is lifted by a grant that still runs.
        Self::flip(self.answer(memo))
    }

    /// One part for each revocation that covers the contact, with the ends of the grants that lift it.
    #[inline(never)]
    fn fold_refused(&mut self, q: &'a RefusedCode, record: u32) -> Memo {
        let at = self.s.entries.len() as u32;
        let consents = &self.facts.consents;
        let except = match q.except.map(|a| self.arg(a)) {
            Some(Slot::Event(e)) if e.list == EventList::Consents => Some(e.row),
            _ => None,
        };
        let read = self.read(q.asked);
        let mut ends = Ends::default();
        if q.reaches.is_empty() {
            for (n, block) in (0u32..).zip(&consents.blocks.all) {
                let family = q.renewed.map_or(u64::MAX, |l| self.of_family(&consents.blocks, block, l));
                for part in 0..read.parts {
                    let covering = self.covered(read, n, part);
                    let mut rows = covering.revocations & family;
                    while rows != 0 {
                        let (bit, row) = next_row(n, &mut rows);
                        if except != Some(row) {
                            let covers = if covering.sure & bit != 0 { Tri::T } else { Tri::U };
                            let wide = block.wide & bit != 0;
                            self.fold_lifts(q, Revocation { row, part, covers, wide }, None, read, &mut ends);
                            if ends.never {
                                return self.memo(record, at, &ends, false);
                            }
                        }
                    }
                }
            }
        } else {
            for part in 0..read.parts {
                let Some(pair) = self.pair(read, part) else { continue };
                for (row, r) in (0u32..).zip(&consents.items) {
                    if r.kind != ConsentKind::Revoke
                        || except == Some(row)
                        || q.renewed.is_some_and(|level| !self.ends(&r.families, level))
                    {
                        continue;
                    }
                    self.scopes(r, row as usize, &q.reaches, &mut |e, scope, counts| {
                        let covers = e.covers(scope, pair, Reading::Revocation).min(counts);
                        if covers != Tri::F {
                            let r = Revocation { row, part, covers, wide: false };
                            e.fold_lifts(q, r, Some(scope), read, &mut ends);
                        }
                    });
                }
            }
        }
        self.memo(record, at, &ends, false)
    }

    /// The ends of the grants that lift one revocation, read with its own scope or with one that a pack derives from it.
    fn fold_lifts(
        &mut self,
        q: &RefusedCode,
        r: Revocation,
        scope: Option<&Scope>,
        read: Read,
        ends: &mut Ends,
    ) {
        let ours = self.heeded(q, r.row as usize);
        if ours == Tri::F {
            return;
        }
        let part = ends.part;
        let before = self.s.entries.len();
        if r.covers.min(ours) == Tri::U {
            // It may not stand at all: then nothing need lift it.
            self.s.entries.push(Entry { part, certain: false, lo_day: None, hi_day: None, at: NEVER });
        }
        let mut for_good = false;
        let consents = &self.facts.consents;
        let levels = q.renewed.map(|level| self.levels_at(level));
        let by_recipient = self.by_recipient(q.renewed);
        for (n, block) in (0u32..).zip(&consents.blocks.all) {
            let Some(levels) = levels else { break };
            let covering = self.covered(read, n, r.part);
            let mut rows = covering.grants;
            while rows != 0 && !for_good {
                let (bit, row) = next_row(n, &mut rows);
                let at_level = match consents.heads.get(row as usize) {
                    Some(g) if levels.contains(g.level) => true,
                    Some(g) if g.level == Head::NO_LEVEL => false,
                    _ => continue,
                };
                let mut counts = match scope {
                    None => self.lifts_row(row, r.row, r.wide),
                    Some(scope) => match (self.item(row), self.item(r.row)) {
                        (Some(g), Some(r)) => self.lifts(g, r, scope),
                        _ => Tri::F,
                    },
                };
                if block.could_grant & bit == 0 {
                    counts = counts.min(self.could_grant(row as usize));
                }
                let held = if by_recipient { block.of_recipient } else { block.of_person };
                if held & bit == 0 {
                    counts = counts.min(self.held(row as usize, by_recipient));
                }
                if !at_level || covering.sure & bit == 0 {
                    counts = counts.min(Tri::U);
                }
                if counts != Tri::F {
                    counts = counts.min(self.in_row(row as usize, q.renewed_filter));
                }
                if counts != Tri::F {
                    let entry = self.entry(row, block.ends & bit != 0, part, counts == Tri::T, None, None);
                    for_good = entry.is_for_good();
                    self.s.entries.push(entry);
                }
            }
        }
        self.part_done(before, for_good, ends);
    }

    /// Whose yes a refusal is lifted by: whose consent the level is.
    pub(super) fn by_recipient(&self, renewed: Option<NodeId>) -> bool {
        renewed.is_some_and(|level| self.p.held_by_recipient.has(level.0))
    }

    /// Whether a grant is the recipient's, or the person's: nobody else's yes lifts their no.
    pub(super) fn held(&self, row: usize, by_recipient: bool) -> Tri {
        let Some(g) = self.facts.consents.heads.get(row) else { return Tri::U };
        Self::known_or(if by_recipient { g.of_recipient } else { g.of_person })
    }

    /// Whether the question heeds a revocation at all: `where …`, `by same seller`.
    pub(super) fn heeded(&mut self, q: &RefusedCode, row: usize) -> Tri {
        let ours = if q.same_seller { self.to_same_seller(row) } else { Tri::T };
        if ours == Tri::F { ours } else { ours.min(self.in_row(row, q.filter)) }
    }

    /// Whether a later grant at the level lifts it and still runs: an expired one lifts no longer.
    pub(super) fn lifted(&mut self, q: &RefusedCode, r: &Consent, scope: &Scope, pair: Pair) -> V {
        let facts = self.facts;
        let mut out = self.lift(Tri::F);
        let Some(level) = q.renewed else { return out };
        let tree = self.tree(self.p.known.levels);
        for (row, g) in facts.consents.items.iter().enumerate() {
            if g.kind != ConsentKind::Grant {
                continue;
            }
            let mut counts = match g.level {
                None => Tri::U,
                Some(l) => Tri::of(tree.is_some_and(|t| t.is(l, level))),
            };
            counts = counts.min(self.lifts(g, r, scope));
            if counts != Tri::F {
                counts = counts
                    .min(self.covers(&g.scope, pair, Reading::Grant))
                    .min(self.could_grant(row))
                    .min(self.held(row, self.by_recipient(q.renewed)));
            }
            if counts != Tri::F {
                counts = counts.min(self.in_row(row, q.renewed_filter));
            }
            if counts == Tri::F {
                continue;
            }
            let v = self.alive(&self.entry(row as u32, true, 0, counts == Tri::T, None, None));
            out = V { t: out.t | v.t, f: out.f & v.f, nc: out.nc.min(v.nc) };
        }
        out
    }

    /// The consent event at hand is about these levels.
    pub(super) fn event_of_levels(&self, a: Arg) -> Tri {
        let Some((EventList::Consents, row)) = self.event else { return Tri::U };
        let Some(c) = self.facts.consents.items.get(row as usize) else { return Tri::U };
        let asked: &[NodeId] = match self.arg(a) {
            Slot::Node(n) => std::slice::from_ref(n),
            Slot::Nodes(list) => list,
            Slot::None => return Tri::F,
            _ => return Tri::U,
        };
        // A no to a question names the level that was asked for, or families as a revocation does.
        match (c.kind, c.level) {
            (ConsentKind::Grant, None) => Tri::U,
            (ConsentKind::Grant | ConsentKind::Decline, Some(l)) => {
                let tree = self.tree(self.p.known.levels);
                Tri::of(asked.iter().any(|n| tree.is_some_and(|t| t.is(l, *n))))
            }
            (ConsentKind::Revoke | ConsentKind::Decline, _) => {
                Tri::of(asked.iter().any(|l| self.ends(&c.families, *l)))
            }
        }
    }
}
