//! The consent fold: is there leave, and is there a refusal that nothing lifts.
//!
//! *Revocation is monotone* (law 3): a covering revocation ends every grant that is not later and within its scope, and a
//! tie goes to the revocation. *Survival does not hang on the instant*; only expiry does. So a question is folded once per
//! decision into the ends of the grants that survive, and time asks those ends.

use super::cover::{Pair, Read, Reading};
use super::grant::Entry;
use super::{Eval, NEVER, Tri, V};
use crate::facts::{Block, Blocks, Consent, ConsentKind, Head, Slot, next_row};
use crate::program::{ConsentCode, LevelCode, NO_NODE};
use crate::taxonomy::NodeId;
use crate::time::Date;
use crate::typed::Holder;

/// What a question came to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memo {
    pub(super) stamp: u64,
    pub(super) record: u32,
    pub(super) at: u32,
    pub(super) len: u32,
    pub(super) parts: u32,
    /// Lanes and time do not matter: the answer.
    pub(super) fixed: Option<bool>,
    pub(super) unknown: bool,
}

/// What folding found of a question's parts so far.
#[derive(Default)]
pub(super) struct Ends {
    /// Parts so far that hang on time or on something unknown; one that is carried for good needs no asking.
    pub(super) part: u32,
    /// Some part is carried by nothing.
    pub(super) never: bool,
}

/// A grant that covers the contact for one of its pairs, or may.
#[derive(Clone, Copy)]
struct Grant {
    row: u32,
    part: u32,
    /// It certainly does, and certainly is at the level asked.
    sure: bool,
    by_recipient: bool,
}

/// A level and those below it, in pre-order.
#[derive(Clone, Copy)]
pub(super) struct LevelsAt {
    first: u32,
    len: u32,
}

impl LevelsAt {
    #[inline]
    pub(super) fn contains(self, level: u32) -> bool {
        level.wrapping_sub(self.first) < self.len
    }
}

impl<'a> Eval<'a> {
    pub(super) fn consent(&mut self, ix: u32) -> V {
        let Some(q) = self.p.consents.get(ix as usize) else { return self.lift(Tri::U) };
        if !self.facts.consents.events.known {
            return self.lift(Tri::U);
        }
        let record = self.record.map_or(0, |r| r.1);
        let memo = match self.s.consents.get(ix as usize) {
            Some(m) if m.stamp == self.s.stamp && m.record == record => *m,
            _ => {
                let m = self.fold_consent(q, record);
                if let Some(room) = self.s.consents.get_mut(ix as usize) {
                    *room = m;
                }
                m
            }
        };
        self.answer(memo)
    }

    /// The levels a question asks, each to be answered; `None` when they are unknown.
    pub(super) fn levels(&self, level: LevelCode) -> Option<Vec<NodeId>> {
        match level {
            LevelCode::AtLeast(n) => Some(vec![n]),
            LevelCode::Fact(a) => match self.arg(a) {
                Slot::Node(n) => Some(vec![*n]),
                Slot::Nodes(list) => Some(list.to_vec()),
                Slot::None => Some(Vec::new()),
                _ => None,
            },
        }
    }

    #[inline(never)]
    fn fold_consent(&mut self, q: &'a ConsentCode, record: u32) -> Memo {
        let at = self.s.entries.len() as u32;
        let mut ends = Ends::default();
        let mut unknown = false;
        // One level is the rule: no list is made for it.
        if let LevelCode::AtLeast(level) = q.level {
            self.fold_level(q, level, &mut ends);
        } else {
            match self.levels(q.level) {
                None => unknown = true,
                Some(levels) => {
                    // Asked for nothing: consent to nothing is no leave.
                    ends.never = levels.is_empty();
                    for level in levels {
                        self.fold_level(q, level, &mut ends);
                    }
                }
            }
        }
        self.memo(record, at, &ends, unknown)
    }

    /// What was found, to be remembered: entries from `at` on.
    pub(super) fn memo(&self, record: u32, at: u32, ends: &Ends, unknown: bool) -> Memo {
        Memo {
            stamp: self.s.stamp,
            record,
            at,
            len: self.s.entries.len() as u32 - at,
            parts: ends.part,
            fixed: if ends.never {
                Some(false)
            } else if ends.part == 0 {
                Some(true)
            } else {
                None
            },
            unknown,
        }
    }

    fn fold_level(&mut self, q: &'a ConsentCode, level: NodeId, ends: &mut Ends) {
        let by_recipient = match q.holder {
            Holder::Recipient => true,
            Holder::Person => false,
            Holder::ByLevel => self.p.held_by_recipient.has(level.0),
        };
        let levels = self.levels_at(level);
        // It asks nothing more of a grant.
        let plain = q.filter == NO_NODE
            && q.instrument.is_none()
            && q.reaches.is_empty()
            && q.given.is_none()
            && !q.heeds_seller;
        let read = self.read(q.asked);
        let consents = &self.facts.consents;
        for part in 0..read.parts {
            let before = self.s.entries.len();
            let mut for_good = false;
            'blocks: for (n, block) in (0u32..).zip(&consents.blocks.all) {
                let covering = self.covered(read, n, part);
                let mut rows = covering.grants;
                // What is known to count, but for its level and what the question itself asks of a grant.
                let held = if by_recipient { block.of_recipient } else { block.of_person };
                let known = covering.sure & held & block.could_grant;
                while rows != 0 {
                    let (bit, row) = next_row(n, &mut rows);
                    let at_level = match consents.heads.get(row as usize) {
                        Some(g) if levels.contains(g.level) => true,
                        Some(g) if g.level == Head::NO_LEVEL => false,
                        _ => continue,
                    };
                    let (mut counts, mut lo, mut hi) = (Tri::T, None, None);
                    if plain && at_level && known & bit != 0 {
                        if read.revoked {
                            counts = self.stands(row, part, level, read, false);
                        }
                        if counts == Tri::T && block.ends & bit == 0 {
                            // What carries for ever is carried: no other grant can add to it.
                            for_good = true;
                            break 'blocks;
                        }
                    } else {
                        let sure = at_level && covering.sure & bit != 0;
                        (counts, lo, hi) =
                            self.worth(q, level, Grant { row, part, sure, by_recipient }, read);
                    }
                    if counts != Tri::F {
                        let ending = block.ends & bit != 0;
                        let entry = self.entry(row, ending, ends.part, counts == Tri::T, lo, hi);
                        let entry = self.lately(entry, row, q.given);
                        if entry.is_for_good() {
                            for_good = true;
                            break 'blocks;
                        }
                        self.s.entries.push(entry);
                    }
                }
            }
            if !self.part_done(before, for_good, ends) {
                return;
            }
        }
    }

    /// Whether a covering grant counts, and the end of its instrument.
    #[inline(never)]
    fn worth(
        &mut self,
        q: &'a ConsentCode,
        level: NodeId,
        grant: Grant,
        read: Read,
    ) -> (Tri, Option<Date>, Option<Date>) {
        let Grant { row, part, sure, by_recipient } = grant;
        let Some(g) = self.facts.consents.heads.get(row as usize) else { return (Tri::U, None, None) };
        let held = if by_recipient { g.of_recipient } else { g.of_person };
        let mut counts = Self::known_or(held).min(Self::known_or(g.could_grant));
        if !sure {
            counts = counts.min(Tri::U);
        }
        if q.filter != NO_NODE && counts != Tri::F {
            counts = counts.min(self.in_row(row as usize, q.filter));
        }
        let (mut lo, mut hi) = (None, None);
        if let (Some(i), true) = (q.instrument, counts != Tri::F) {
            let (v, a, b) = self.instrument(i, row as usize);
            counts = counts.min(v);
            (lo, hi) = (a, b);
        }
        if counts != Tri::F {
            counts = counts.min(if q.reaches.is_empty() {
                self.stands(row, part, level, read, q.heeds_seller)
            } else {
                match (self.item(row), self.pair(read, part)) {
                    (Some(g), Some(pair)) => self.survives(g, level, pair, q),
                    _ => Tri::U,
                }
            });
        }
        (counts, lo, hi)
    }

    /// Ends a part whose entries begin at `before`. False: nothing carries it, so there is no leave, whatever carries
    /// the others.
    #[inline]
    pub(super) fn part_done(&mut self, before: usize, for_good: bool, ends: &mut Ends) -> bool {
        if for_good {
            self.s.entries.truncate(before);
        } else if self.s.entries.len() == before {
            ends.never = true;
            return false;
        } else {
            ends.part += 1;
        }
        true
    }

    /// A level and those below it.
    #[inline]
    pub(super) fn levels_at(&self, level: NodeId) -> LevelsAt {
        let end = self.tree(self.p.known.levels).and_then(|t| t.node(level)).map_or(level.0, |n| n.end);
        LevelsAt { first: level.0, len: end.wrapping_sub(level.0) }
    }

    #[inline]
    pub(super) fn known_or(b: Option<bool>) -> Tri {
        b.map_or(Tri::U, Tri::of)
    }

    /// As [`Eval::survives`], without reaches: only the revocations that cover the contact are looked at.
    #[inline(never)]
    fn stands(&self, row: u32, part: u32, level: NodeId, read: Read, heeds_seller: bool) -> Tri {
        let mut out = Tri::T;
        let blocks = &self.facts.consents.blocks;
        for (n, block) in (0u32..).zip(&blocks.all) {
            let covering = self.covered(read, n, part);
            if covering.revocations == 0 {
                continue;
            }
            let mut rows = covering.revocations & self.of_family(blocks, block, level);
            while rows != 0 && out != Tri::F {
                let (bit, r) = next_row(n, &mut rows);
                let mut covers = if covering.sure & bit != 0 { Tri::T } else { Tri::U };
                if heeds_seller {
                    covers = covers.min(self.to_same_seller(r as usize));
                }
                let lifts = self.lifts_row(row, r, block.wide & bit != 0, read, part);
                out = out.min(covers.min(lifts.negate()).negate());
            }
        }
        out
    }

    /// Revocations of a block that end a level: naming a level is naming its family.
    #[inline]
    pub(super) fn of_family(&self, blocks: &Blocks, block: &Block, level: NodeId) -> u64 {
        blocks.above(&block.family, level)
    }

    /// As [`Eval::lifts`], each read with its own scope; `wide`: the revocation's is open.
    #[inline]
    pub(super) fn lifts_row(&self, grant: u32, revocation: u32, wide: bool, read: Read, part: u32) -> Tri {
        let consents = &self.facts.consents;
        let (Some(g), Some(r)) =
            (consents.heads.get(grant as usize), consents.heads.get(revocation as usize))
        else {
            return Tri::F;
        };
        if r.at >= g.at {
            return Tri::F;
        }
        if wide {
            return Tri::T;
        }
        match (self.item(grant), self.item(revocation), self.pair(read, part)) {
            (Some(g), Some(r), Some(pair)) => self.within(&g.scope, &r.scope, pair),
            _ => Tri::F,
        }
    }

    /// No covering revocation at the same instant or later, and each earlier one lifted.
    pub(super) fn survives(&mut self, g: &'a Consent, level: NodeId, pair: Pair, q: &'a ConsentCode) -> Tri {
        let facts = self.facts;
        let reaches = &q.reaches;
        let mut out = Tri::T;
        for (row, r) in facts.consents.items.iter().enumerate() {
            if r.kind != ConsentKind::Revoke || !self.ends(&r.families, level) {
                continue;
            }
            let ours = self.ends_for_seller(q, row);
            if ours == Tri::F {
                continue;
            }
            if reaches.is_empty() {
                let covers = self.covers(&r.scope, pair, Reading::Revocation).min(ours);
                if covers != Tri::F {
                    out = out.min(covers.min(self.lifts(g, r, &r.scope, pair).negate()).negate());
                }
            } else {
                self.scopes(r, row, reaches, &mut |e, scope, counts| {
                    let covers = e.covers(scope, pair, Reading::Revocation).min(counts).min(ours);
                    if covers != Tri::F {
                        out = out.min(covers.min(e.lifts(g, r, scope, pair).negate()).negate());
                    }
                });
            }
            if out == Tri::F {
                break;
            }
        }
        out
    }

    /// Whether a question for consent heeds a revocation as far as to whom it was given goes.
    pub(super) fn ends_for_seller(&self, q: &ConsentCode, row: usize) -> Tri {
        if q.heeds_seller { self.to_same_seller(row) } else { Tri::T }
    }

    /// Reads the ends against the instant: every part needs one that still runs.
    pub(super) fn answer(&self, memo: Memo) -> V {
        if memo.unknown {
            return self.lift(Tri::U);
        }
        if let Some(b) = memo.fixed {
            return self.lift(Tri::of(b));
        }
        if memo.len == 0 {
            return self.lift(Tri::of(memo.parts == 0));
        }
        let entries = self.s.entries.get(memo.at as usize..(memo.at + memo.len) as usize).unwrap_or_default();
        let mut out = self.lift(Tri::T);
        for part in 0..memo.parts {
            let mut one = V { t: 0, f: self.all, nc: NEVER };
            // Any one that runs everywhere carries the part: *grants carry to the last end*.
            let mut carried = None;
            for e in entries.iter().filter(|e| e.part == part) {
                let v = self.alive(e);
                one = V { t: one.t | v.t, f: one.f & v.f, nc: one.nc.min(v.nc) };
                if v.t == self.all {
                    carried = carried.max(Some(v.nc));
                    if v.nc == NEVER {
                        break;
                    }
                }
            }
            if let Some(nc) = carried {
                one.nc = nc;
            }
            out = V { t: out.t & one.t, f: out.f | one.f, nc: out.nc.min(one.nc) };
        }
        out
    }

    /// A grant still runs.
    #[inline]
    pub(super) fn alive(&self, e: &Entry) -> V {
        if self.t >= e.at {
            return self.lift(Tri::F);
        }
        let mut v = match (e.lo_day, e.hi_day) {
            (Some(lo), Some(hi)) => Self::flip(self.after_day(lo.next(), hi.next())),
            _ => self.lift(Tri::T),
        };
        v.nc = v.nc.min(e.at);
        if let Some(given) = e.given {
            v = Self::both(v, self.given(given));
        }
        if !e.certain {
            // May not count at all: never certainly true.
            v.t = 0;
        }
        v
    }
}
