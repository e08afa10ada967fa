//! Conjunctions and disjunctions, taken child by child.

use super::{NEVER, Tri, V};

/// Kleene's conjunction; with `ANY` his disjunction, which is the same with true and false exchanged.
///
/// False in every lane: the latest bound among the children that are false in every lane, for one of them keeps it false.
/// Otherwise the earliest over all children: a true child may fall, an unknown one may go either way.
pub(super) struct Joint<const ANY: bool> {
    t: u32,
    f: u32,
    nc: i64,
    all: u32,
}

impl<const ANY: bool> Joint<ANY> {
    /// Of no children, in these lanes.
    #[inline]
    pub(super) fn new(all: u32) -> Self {
        Joint { t: all, f: 0, nc: NEVER, all }
    }

    /// Adds a child that time does not change. True: it decides, now and for ever.
    #[inline]
    pub(super) fn still(&mut self, v: Tri) -> bool {
        match if ANY { v.negate() } else { v } {
            Tri::F => {
                *self = Joint { t: 0, f: self.all, nc: NEVER, all: self.all };
                return true;
            }
            Tri::U => self.t = 0,
            Tri::T => {}
        }
        false
    }

    /// Adds a child that time may change. True: it decides.
    #[inline]
    pub(super) fn moving(&mut self, v: V) -> bool {
        let (t, f) = if ANY { (v.f, v.t) } else { (v.t, v.f) };
        self.t &= t;
        self.f |= f;
        // Lanes may have become false through several children; then only the earliest bound is sure.
        let decides = f == self.all;
        self.nc = if decides { v.nc } else { self.nc.min(v.nc) };
        decides
    }

    /// What the children came to.
    #[inline]
    pub(super) fn value(self) -> V {
        let (t, f) = if ANY { (self.f, self.t) } else { (self.t, self.f) };
        V { t, f, nc: self.nc }
    }
}
