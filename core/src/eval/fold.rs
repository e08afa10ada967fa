//! The consent fold: is there leave, and is there a refusal that nothing lifts.
//!
//! *Revocation is monotone* (law 3): a covering revocation ends every grant that is not later and within its scope, and a
//! tie goes to the revocation. *Survival does not hang on the instant*; only expiry does. So a question is folded once per
//! decision into the ends of the grants that survive, and time asks those ends.

use super::cover::{Cover, Pair, Read, Reading};
use super::grant::Entry;
use super::{Eval, NEVER, Tri, V};
use crate::facts::{Consent, ConsentKind, Head, Slot};
use crate::program::{ConsentCode, LevelCode, NO_NODE, ReachCode};
use crate::taxonomy::NodeId;
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
pub(super) struct Ends {
    /// Parts so far.
    pub(super) part: u32,
    /// Some part is not carried for good.
    pub(super) open: bool,
    /// Some part is carried by nothing.
    pub(super) never: bool,
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

    pub(super) fn fold_consent(&mut self, q: &'a ConsentCode, record: u32) -> Memo {
        let at = self.s.entries.len() as u32;
        let mut memo =
            Memo { stamp: self.s.stamp, record, at, len: 0, parts: 0, fixed: None, unknown: false };
        let mut ends = Ends { part: 0, open: false, never: false };
        // One level is the rule: no list is made for it.
        if let LevelCode::AtLeast(level) = q.level {
            self.fold_level(q, level, &mut ends);
        } else {
            match self.levels(q.level) {
                None => memo.unknown = true,
                Some(levels) => {
                    // Asked for nothing: consent to nothing is no leave.
                    ends.never = levels.is_empty();
                    for level in levels {
                        self.fold_level(q, level, &mut ends);
                    }
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

    pub(super) fn fold_level(&mut self, q: &'a ConsentCode, level: NodeId, ends: &mut Ends) {
        let by_recipient = match q.holder {
            Holder::Recipient => true,
            Holder::Person => false,
            Holder::ByLevel => self.p.held_by_recipient.has(level.0),
        };
        let end = self.tree(self.p.known.levels).and_then(|t| t.node(level)).map_or(level.0, |n| n.end);
        let family = self.p.families.get(level.0 as usize).copied().unwrap_or(u64::MAX);
        let read = self.read(q.purpose);
        for at in 0..read.parts() {
            let before = self.s.entries.len();
            let mut for_good = false;
            for n in read.grants.0..read.grants.1 {
                let Some((c, g)) = self.grant(n) else { continue };
                if c.part != at {
                    continue;
                }
                let mut counts = c.covers;
                if g.level < level.0 || g.level >= end {
                    if g.level != Head::NO_LEVEL {
                        continue;
                    }
                    counts = Tri::U;
                }
                let held = if by_recipient { g.of_recipient } else { g.of_person };
                counts = counts.min(Self::known_or(held)).min(Self::known_or(g.could_grant));
                let row = c.row as usize;
                if counts != Tri::F && q.filter != NO_NODE {
                    counts = counts.min(self.in_row(row, q.filter));
                }
                let (mut lo, mut hi) = (None, None);
                if let (Some(i), true) = (q.instrument, counts != Tri::F) {
                    let (v, a, b) = self.instrument(i, row);
                    counts = counts.min(v);
                    (lo, hi) = (a, b);
                }
                if counts != Tri::F {
                    counts = counts.min(if q.reaches.is_empty() {
                        self.stands(c, g, level, family, read)
                    } else {
                        match (self.item(c.row), self.asked(read, at)) {
                            (Some(g), Some(asked)) => self.survives(g, level, asked.pair, &q.reaches),
                            _ => Tri::U,
                        }
                    });
                }
                if counts != Tri::F {
                    let entry = self.entry(c.row, g.ends, ends.part, counts == Tri::T, lo, hi);
                    self.s.entries.push(entry);
                    if entry.is_for_good() {
                        // What carries for ever is carried: no other grant can add to it.
                        for_good = true;
                        break;
                    }
                }
            }
            ends.part += 1;
            ends.open |= !for_good;
            if self.s.entries.len() == before {
                // A part that nothing carries: no leave, whatever carries the others.
                ends.never = true;
                return;
            }
        }
    }

    #[inline]
    pub(super) fn known_or(b: Option<bool>) -> Tri {
        b.map_or(Tri::U, Tri::of)
    }

    /// As [`Eval::survives`], without reaches: only the revocations that cover the contact are looked at.
    pub(super) fn stands(&self, g: Cover, head: &Head, level: NodeId, family: u64, read: Read) -> Tri {
        let mut out = Tri::T;
        for n in read.revocations.0..read.revocations.1 {
            let Some((c, r)) = self.revocation(n) else { continue };
            if c.part == g.part && self.ends_family(c.row, r, level, family) {
                out = out.min(c.covers.min(self.lifts_row(g.row, head, c.row, r).negate()).negate());
                if out == Tri::F {
                    break;
                }
            }
        }
        out
    }

    /// As [`Eval::ends`]: by signature, and where levels share bits, in full.
    #[inline]
    pub(super) fn ends_family(&self, row: u32, r: &Head, level: NodeId, family: u64) -> bool {
        r.families & family != 0
            && (r.families == u64::MAX
                || self.p.few_levels
                || self.item(row).is_none_or(|r| self.ends(&r.families, level)))
    }

    /// As [`Eval::lifts`], each read with its own scope.
    #[inline]
    pub(super) fn lifts_row(&self, g_row: u32, g: &Head, r_row: u32, r: &Head) -> Tri {
        if r.at >= g.at {
            return Tri::F;
        }
        if r.open {
            return Tri::T;
        }
        match (self.item(g_row), self.item(r_row)) {
            (Some(g), Some(r)) => self.within(&g.scope, &r.scope),
            _ => Tri::F,
        }
    }

    /// No covering revocation at the same instant or later, and each earlier one lifted.
    pub(super) fn survives(
        &mut self,
        g: &'a Consent,
        level: NodeId,
        pair: Pair,
        reaches: &'a [ReachCode],
    ) -> Tri {
        let facts = self.facts;
        let mut out = Tri::T;
        for (row, r) in facts.consents.items.iter().enumerate() {
            if r.kind != ConsentKind::Revoke || !self.ends(&r.families, level) {
                continue;
            }
            if reaches.is_empty() {
                let covers = self.covers(&r.scope, pair, Reading::Revocation);
                if covers != Tri::F {
                    out = out.min(covers.min(self.lifts(g, r, &r.scope).negate()).negate());
                }
            } else {
                self.scopes(r, row, reaches, &mut |e, scope, counts| {
                    let covers = e.covers(scope, pair, Reading::Revocation).min(counts);
                    if covers != Tri::F {
                        out = out.min(covers.min(e.lifts(g, r, scope).negate()).negate());
                    }
                });
            }
            if out == Tri::F {
                break;
            }
        }
        out
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
        if !e.certain {
            // May not count at all: never certainly true.
            v.t = 0;
        }
        v
    }
}
