//! The fast form of a rule: the same value as its nodes, read with fewer steps. See [`crate::program::Fast`].

use super::joint::Joint;
use super::{Eval, Tri, V};
use crate::program::{Code, Fast, NodeIx, Steps};

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
    fn steps(&self, kids: Steps) -> &'a [Fast] {
        self.p.fast.get(kids.at as usize..(kids.at + kids.len) as usize).unwrap_or_default()
    }

    fn step(&mut self, step: &'a Fast) -> V {
        match *step {
            Fast::All(kids) if kids.moves() => self.join_steps::<false>(kids),
            Fast::Any(kids) if kids.moves() => self.join_steps::<true>(kids),
            Fast::Moving(ref code, ix, not) => self.leaf(code, ix, not),
            _ => {
                let v = self.still(step);
                self.lift(v)
            }
        }
    }

    /// The commonest questions are asked at once. Coverage, which [`Eval::val`] notes, is not watched here.
    #[inline]
    fn leaf(&mut self, code: &Code, ix: NodeIx, not: bool) -> V {
        let v = match *code {
            Code::Consent(n) => self.consent(n),
            Code::Refused(n) => self.refused(n),
            Code::Count(n) => self.count(n),
            Code::Between(n) => self.between(n),
            _ => self.val(ix),
        };
        if not { Self::flip(v) } else { v }
    }

    /// As [`Eval::join`].
    fn join_steps<const ANY: bool>(&mut self, kids: Steps) -> V {
        let mut out = Joint::<ANY>::new(self.all);
        let (still, moving) = self.steps(kids).split_at_checked(kids.still as usize).unwrap_or_default();
        for step in still {
            if out.still(self.still(step)) {
                return out.value();
            }
        }
        for step in moving {
            let v = match *step {
                Fast::Moving(ref code, ix, not) => self.leaf(code, ix, not),
                _ => self.step(step),
            };
            if out.moving(v) {
                break;
            }
        }
        out.value()
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
            Fast::All(kids) => {
                let mut out = Tri::T;
                for step in self.steps(kids) {
                    out = out.min(self.still(step));
                    if out == Tri::F {
                        break;
                    }
                }
                out
            }
            Fast::Any(kids) => {
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
