//! Which rows of a list a filter lets through; the commonest filters ask one column, and need no node.

use super::{Eval, Tri};
use crate::facts::{Column, Events, OPEN};
use crate::program::{Arg, Code, EventsCode, NodeIx, NodeSet};
use crate::typed::How;

/// A filter that asks one column.
pub(super) enum One<'a> {
    /// Some member is in the set: members, and what may be one.
    Is(&'a Column, u64, u64),
    /// The same, of a taxonomy too large for masks.
    Cells(&'a Events, u16, NodeSet),
    /// Some member in common with a fact of this mask.
    Same(&'a Column, u64),
}

impl<'a> Eval<'a> {
    /// The column that a filter asks, and for what, when that is all it does: the commonest filters.
    pub(super) fn one_column(&self, events: &'a Events, filter: NodeIx) -> Option<One<'a>> {
        // Coverage wants to see each question asked.
        if !self.s.seen.is_empty() {
            return None;
        }
        match self.p.nodes.get(filter as usize)? {
            Code::Is { arg: Arg::Field(column, _), how: How::Some, at, len: 1 } => {
                let (slot, set) = (*column, *self.p.sets.get(*at as usize)?);
                let column = events.columns.get(usize::from(slot))?;
                let bits =
                    |n: u32| self.p.bits.get(n as usize).and_then(|b| b.0.first()).copied().unwrap_or(0);
                Some(match &column.masks {
                    Some(_) => One::Is(column, bits(set.yes), bits(set.maybe)),
                    None => One::Cells(events, slot, set),
                })
            }
            Code::Same(Arg::Field(column, _), Arg::Fact(fact)) => {
                let column = events.columns.get(usize::from(*column))?;
                column.masks.as_ref().map(|_| One::Same(column, self.facts.mask(*fact)))
            }
            _ => None,
        }
    }

    /// A row's answer to such a filter.
    #[inline]
    pub(super) fn ask_one(&self, one: &One<'_>, row: usize) -> Tri {
        match *one {
            One::Is(column, yes, maybe) => {
                let mask = column.mask(row).unwrap_or(OPEN);
                if mask & yes != 0 {
                    Tri::T
                } else if mask & (maybe | OPEN) != 0 {
                    Tri::U
                } else {
                    Tri::F
                }
            }
            One::Cells(events, slot, set) => self.is_some(events.cell(slot, row), set),
            // As `same`: known none has no member in common with anything, and what is open may have one.
            One::Same(column, theirs) => {
                let ours = column.mask(row).unwrap_or(OPEN);
                if ours == 0 || theirs == 0 {
                    Tri::F
                } else if (ours | theirs) & OPEN != 0 {
                    Tri::U
                } else {
                    Tri::of(ours & theirs != 0)
                }
            }
        }
    }

    /// Whether a row is in a set.
    pub(super) fn matches(&mut self, set: EventsCode, row: usize) -> Tri {
        let before = self.event;
        self.event = Some((set.list, row as u32));
        let v = self.tri(set.filter);
        self.event = before;
        v
    }

    /// Whether a row may be one of a set of events.
    pub(crate) fn may_be_of(&mut self, set: EventsCode, row: usize) -> bool {
        self.matches(set, row) != Tri::F
    }
}
