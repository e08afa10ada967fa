//! The fast form of a rule: the same value as its nodes, read with fewer steps. See [`crate::program::Fast`].

use super::{Eval, NEVER, Tri, V};
use crate::program::{Fast, Kids};

impl<'a> Eval<'a> {
    /// The value of a step of [`crate::program::Program::fast`] at the present instant, in every lane asked.
    #[inline]
    pub fn fast(&mut self, at: u32) -> V {
        match self.p.fast.get(at as usize) {
            Some(step) => self.step(step),
            None => self.lift(Tri::U),
        }
    }

    #[inline]
    fn steps(&self, kids: Kids) -> &'a [Fast] {
        self.p.fast.get(kids.at as usize..(kids.at + kids.len) as usize).unwrap_or_default()
    }

    fn step(&mut self, step: &'a Fast) -> V {
        match *step {
            Fast::All(kids, true) => self.all_steps(kids),
            Fast::Any(kids, true) => self.any_step(kids),
            Fast::Moving(ix, not) => {
                let v = self.val(ix);
                if not { Self::flip(v) } else { v }
            }
            _ => {
                let v = self.still(step);
                self.lift(v)
            }
        }
    }

    /// As [`Eval::all_of`].
    fn all_steps(&mut self, kids: Kids) -> V {
        let mut out = V { t: self.all, f: 0, nc: NEVER };
        for step in self.steps(kids) {
            if !step.moves() {
                match self.still(step) {
                    Tri::F => return self.lift(Tri::F),
                    Tri::U => out.t = 0,
                    Tri::T => {}
                }
                continue;
            }
            let v = self.step(step);
            out.t &= v.t;
            out.f |= v.f;
            out.nc = out.nc.min(v.nc);
            if v.f == self.all {
                // Lanes may have become false through several children; then only the earliest bound is sure.
                out.nc = v.nc;
                break;
            }
        }
        out
    }

    /// As [`Eval::any_of`].
    fn any_step(&mut self, kids: Kids) -> V {
        let mut out = V { t: 0, f: self.all, nc: NEVER };
        for step in self.steps(kids) {
            if !step.moves() {
                match self.still(step) {
                    Tri::T => return self.lift(Tri::T),
                    Tri::U => out.f = 0,
                    Tri::F => {}
                }
                continue;
            }
            let v = self.step(step);
            out.t |= v.t;
            out.f &= v.f;
            out.nc = out.nc.min(v.nc);
            if v.t == self.all {
                out.nc = v.nc;
                break;
            }
        }
        out
    }

    /// The value of a step that time does not change.
    #[inline]
    fn still(&mut self, step: &'a Fast) -> Tri {
        match *step {
            Fast::Mask { fact, not, yes, maybe } => {
                let mask = self.facts.mask(fact);
                let v = if mask & yes != 0 {
                    Tri::T
                } else if mask & maybe != 0 {
                    Tri::U
                } else {
                    Tri::F
                };
                if not { v.negate() } else { v }
            }
            _ => self.still_more(step),
        }
    }

    fn still_more(&mut self, step: &'a Fast) -> Tri {
        match *step {
            Fast::Const(b) => Tri::of(b),
            Fast::Still(ix, not) => {
                let v = self.tri(ix);
                if not { v.negate() } else { v }
            }
            Fast::All(kids, _) => {
                let mut out = Tri::T;
                for step in self.steps(kids) {
                    out = out.min(self.still(step));
                    if out == Tri::F {
                        break;
                    }
                }
                out
            }
            Fast::Any(kids, _) => {
                let mut out = Tri::F;
                for step in self.steps(kids) {
                    out = out.max(self.still(step));
                    if out == Tri::T {
                        break;
                    }
                }
                out
            }
            // Not reached: a mask is read before, and what time moves is no still step.
            Fast::Mask { .. } | Fast::Moving(..) => Tri::U,
        }
    }
}
