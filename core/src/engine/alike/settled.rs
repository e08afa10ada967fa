//! Conditions that are the same for everybody of an audience.

use super::Differs;
use crate::eval::{Eval, Scratch, Tri};
use crate::facts::Facts;
use crate::program::{Code, Kids, NodeIx, Program, Reads};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Conditions that are true of everybody at any instant, or false of everybody.
pub(super) struct Settled<'a> {
    p: &'a Program,
    facts: &'a Facts,
    differs: &'a Differs<'a>,
    known: RefCell<BTreeMap<NodeIx, Option<bool>>>,
}

impl<'a> Settled<'a> {
    /// Nothing was asked yet. What differs from person to person is unknown in the facts.
    pub(super) fn of_all(p: &'a Program, facts: &'a Facts, differs: &'a Differs<'a>) -> Settled<'a> {
        Settled { p, facts, differs, known: RefCell::default() }
    }

    pub(super) fn of(&self, ix: NodeIx) -> Option<bool> {
        if let Some(known) = self.known.borrow().get(&ix) {
            return *known;
        }
        let p = self.p;
        let kids =
            |kids: Kids| p.kids.get(kids.at as usize..(kids.at + kids.len) as usize).unwrap_or_default();
        // All of them, or none, decide together; one may decide alone.
        let join = |all: &[NodeIx], alone: bool| {
            let mut same = true;
            for kid in all {
                match self.of(*kid) {
                    Some(it) if it == alone => return Some(alone),
                    Some(_) => {}
                    None => same = false,
                }
            }
            same.then_some(!alone)
        };
        let out = match p.nodes.get(ix as usize) {
            None => None,
            Some(Code::Const(it)) => Some(*it),
            Some(Code::All(all)) => join(kids(*all), false),
            Some(Code::Any(all)) => join(kids(*all), true),
            Some(Code::Not(kid)) => self.of(*kid).map(|it| !it),
            Some(_) => self.of_leaf(ix),
        };
        self.known.borrow_mut().insert(ix, out);
        out
    }

    fn of_leaf(&self, ix: NodeIx) -> Option<bool> {
        let still = self.p.moves.get(ix as usize) == Some(&false);
        if !still || !self.differs.group(self.p, &Reads::of_node(self.p, ix), &mut Vec::new()).is_fixed() {
            return None;
        }
        match Eval::new(self.p, self.facts, &mut Scratch::default()).tri(ix) {
            Tri::T => Some(true),
            Tri::F => Some(false),
            Tri::U => None,
        }
    }
}
