//! Refusals: is there a revocation that covers the contact and that nothing lifts.

use super::cover::{Cover, Pair, Read, Reading};
use super::fold::{Ends, Memo};
use super::grant::Entry;
use super::{Eval, NEVER, Tri, V};
use crate::facts::{Consent, ConsentKind, Head, Scope, Slot};
use crate::program::{Arg, RefusedCode};
use crate::taxonomy::NodeId;
use crate::typed::EventList;

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
    pub(super) fn fold_refused(&mut self, q: &'a RefusedCode, record: u32) -> Memo {
        let at = self.s.entries.len() as u32;
        let mut memo =
            Memo { stamp: self.s.stamp, record, at, len: 0, parts: 0, fixed: None, unknown: false };
        let facts = self.facts;
        let except = match q.except.map(|a| self.arg(a)) {
            Some(Slot::Event(e)) if e.list == EventList::Consents => Some(e.row),
            _ => None,
        };
        let read = self.read(q.purpose);
        let mut ends = Ends { part: 0, open: false, never: false };
        if q.reaches.is_empty() {
            for n in read.revocations.0..read.revocations.1 {
                let Some((c, r)) = self.revocation(n) else { continue };
                if except != Some(c.row) {
                    self.fold_lifts(q, c, r, None, read, &mut ends);
                }
            }
        } else {
            for part in 0..read.parts() {
                let Some(asked) = self.asked(read, part) else { continue };
                for (row, (r, head)) in (0u32..).zip(facts.consents.items.iter().zip(&facts.consents.heads)) {
                    if r.kind != ConsentKind::Revoke || except == Some(row) {
                        continue;
                    }
                    self.scopes(r, row as usize, &q.reaches, &mut |e, scope, counts| {
                        let covers = e.covers(scope, asked.pair, Reading::Revocation).min(counts);
                        if covers != Tri::F {
                            e.fold_lifts(q, Cover { row, part, covers }, head, Some(scope), read, &mut ends);
                        }
                    });
                }
            }
        }
        memo.parts = ends.part;
        memo.len = self.s.entries.len() as u32 - at;
        if ends.never {
            memo.fixed = Some(false);
        } else if !ends.open {
            memo.fixed = Some(true);
        }
        memo
    }

    /// The ends of the grants that lift one revocation, read with its own scope or with one that a pack derives from it.
    pub(super) fn fold_lifts(
        &mut self,
        q: &RefusedCode,
        c: Cover,
        r: &Head,
        scope: Option<&Scope>,
        read: Read,
        ends: &mut Ends,
    ) {
        if let Some(level) = q.renewed {
            let family = self.p.families.get(level.0 as usize).copied().unwrap_or(u64::MAX);
            if !self.ends_family(c.row, r, level, family) {
                return;
            }
        }
        let ours = self.heeded(q, c.row as usize);
        if ours == Tri::F {
            return;
        }
        let part = ends.part;
        ends.part += 1;
        let before = self.s.entries.len();
        if c.covers.min(ours) == Tri::U {
            // It may not stand at all: then nothing need lift it.
            self.s.entries.push(Entry { part, certain: false, lo_day: None, hi_day: None, at: NEVER });
        }
        let mut for_good = false;
        if let Some(level) = q.renewed {
            let end = self.tree(self.p.known.levels).and_then(|t| t.node(level)).map_or(level.0, |n| n.end);
            for n in read.grants.0..read.grants.1 {
                let Some((cover, g)) = self.grant(n) else { continue };
                if cover.part != c.part {
                    continue;
                }
                let named = match g.level {
                    Head::NO_LEVEL => Tri::U,
                    l => Tri::of(level.0 <= l && l < end),
                };
                let mut counts = named.min(cover.covers).min(Self::known_or(g.could_grant));
                if counts != Tri::F {
                    counts = counts.min(match (scope, self.item(cover.row), self.item(c.row)) {
                        (None, ..) => self.lifts_row(cover.row, g, c.row, r),
                        (Some(scope), Some(g), Some(r)) => self.lifts(g, r, scope),
                        _ => Tri::F,
                    });
                }
                if counts != Tri::F {
                    let entry = self.entry(cover.row, g.ends, part, counts == Tri::T, None, None);
                    self.s.entries.push(entry);
                    if entry.is_for_good() {
                        for_good = true;
                        break;
                    }
                }
            }
        }
        ends.open |= !for_good;
        ends.never |= self.s.entries.len() == before;
    }

    /// Whether the question heeds a revocation at all: `where …`, `by same seller`.
    pub(super) fn heeded(&mut self, q: &RefusedCode, row: usize) -> Tri {
        let ours = if q.same_seller { self.to_same_seller(row) } else { Tri::T };
        if ours == Tri::F { ours } else { ours.min(self.in_row(row, q.filter)) }
    }

    /// A revocation given to another seller does not bind this one; one given to nobody in particular does.
    pub(super) fn to_same_seller(&self, row: usize) -> Tri {
        let given = match self.cell(self.p.known.consents.given_to, row) {
            Slot::Node(n) => *n,
            _ => return Tri::T,
        };
        let Some(tree) = self.tree(self.p.known.senders) else { return Tri::T };
        let theirs = tree.nearest_marked(given, "seller").unwrap_or(given);
        match self.known(self.p.known.seller) {
            Slot::Node(n) => Tri::of(*n == theirs || tree.is(*n, theirs) || tree.is(theirs, *n)),
            _ => Tri::U,
        }
    }

    /// Whether a later grant at the level lifts it and still runs: an expired one lifts no longer.
    pub(super) fn lifted(&mut self, renewed: Option<NodeId>, r: &Consent, scope: &Scope, pair: Pair) -> V {
        let facts = self.facts;
        let mut out = self.lift(Tri::F);
        let Some(level) = renewed else { return out };
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
                counts = counts.min(self.covers(&g.scope, pair, Reading::Grant)).min(self.could_grant(row));
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
        match c.kind {
            ConsentKind::Revoke => Tri::of(asked.iter().any(|l| self.ends(&c.families, *l))),
            ConsentKind::Grant | ConsentKind::Decline => match c.level {
                None => Tri::U,
                Some(l) => {
                    let tree = self.tree(self.p.known.levels);
                    Tri::of(asked.iter().any(|n| tree.is_some_and(|t| t.is(l, *n))))
                }
            },
        }
    }
}
