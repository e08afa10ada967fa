//! Documents on record that do not count: which of their elements are lacking.

use super::cover::Reading;
use super::{Eval, Tri};
use crate::facts::{ConsentKind, Slot, TextId};
use crate::program::NO_NODE;
use crate::sorted::Sorted;

impl<'a> Eval<'a> {
    /// The elements, by their place in the instrument, that the documents on record lack which could answer a question for
    /// one: of its kind, about this contact, by whoever may give it, and with their elements recorded.
    pub(crate) fn lacking(&mut self, ix: u32) -> Sorted<usize> {
        let mut out = Sorted::new();
        let Some(q) = self.p.consents.get(ix as usize) else { return out };
        let Some(code) = q.instrument.and_then(|i| self.p.instruments.get(i as usize)) else { return out };
        let known = self.p.known.consents;
        let facts = self.facts;
        for (row, g) in facts.consents.items.iter().enumerate() {
            let of_kind = matches!(self.cell(known.instrument_kind, row), Slot::Text(t) if t.0 == code.name);
            if g.kind != ConsentKind::Grant || !of_kind || self.could_grant(row) == Tri::F {
                continue;
            }
            let mut covers = Tri::F;
            self.pairs(q.purpose, &mut |pair| {
                covers = covers.max(self.covers(&g.scope, pair, Reading::Grant))
            });
            if covers == Tri::F || (q.filter != NO_NODE && self.in_row(row, q.filter) == Tri::F) {
                continue;
            }
            let cell = self.cell(known.instrument_elements, row);
            if matches!(cell, Slot::Unknown) {
                continue;
            }
            for (n, (element, when, _)) in code.elements.iter().enumerate() {
                let has = match cell {
                    Slot::Texts(list) => list.contains(&TextId(*element)),
                    Slot::Text(t) => t.0 == *element,
                    _ => false,
                };
                if !has && (*when == NO_NODE || self.in_row(row, *when) != Tri::F) {
                    out.insert(n);
                }
            }
        }
        out
    }
}
