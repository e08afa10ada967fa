//! The refusals by which a rule blocks: what a deadline `after refusal` counts from.

use super::cover::{Pair, Reading};
use super::{Eval, NEVER, Tri};
use crate::facts::{ConsentKind, Slot};
use crate::program::{Code, NodeIx};
use crate::sorted::Sorted;
use crate::typed::EventList;

/// What was found.
pub(super) struct Binding {
    /// Rows of the revocations that bind, or may.
    pub(super) rows: Sorted<u32>,
    /// Nobody gave the history: there may be any.
    pub(super) unknown: bool,
    /// Until when that surely stays.
    pub(super) nc: i64,
}

impl<'a> Eval<'a> {
    /// The revocations that keep a rule's requirements from holding, in whatever zone.
    pub(super) fn binding(&mut self, requires: NodeIx) -> Binding {
        let mut out = Binding { rows: Sorted::new(), unknown: false, nc: NEVER };
        let lanes = self.all;
        self.bind(requires, true, lanes, &mut out);
        out
    }

    /// Those that keep a condition from being as wanted in these lanes.
    fn bind(&mut self, ix: NodeIx, wanted: bool, lanes: u32, out: &mut Binding) {
        let v = self.val(ix);
        out.nc = out.nc.min(v.nc);
        let lanes = lanes & !(if wanted { v.t } else { v.f });
        if lanes == 0 {
            return;
        }
        match self.p.nodes.get(ix as usize).copied() {
            Some(Code::All(kids) | Code::Any(kids)) => {
                for kid in self.written_kids(kids) {
                    self.bind(kid, wanted, lanes, out);
                }
            }
            Some(Code::Not(kid)) => self.bind(kid, !wanted, lanes, out),
            Some(Code::Known(kid)) => self.bind(kid, wanted, lanes, out),
            Some(Code::Refused(q)) if !wanted => self.bind_refused(q, lanes, out),
            _ => {}
        }
    }

    fn bind_refused(&mut self, ix: u32, lanes: u32, out: &mut Binding) {
        let Some(q) = self.p.refusals.get(ix as usize) else { return };
        let facts = self.facts;
        if !facts.consents.events.known {
            out.unknown = true;
            return;
        }
        let except = match q.except.map(|a| self.arg(a)) {
            Some(Slot::Event(e)) if e.list == EventList::Consents => Some(e.row),
            _ => None,
        };
        let mut pairs: Vec<Pair> = Vec::new();
        self.pairs(q.purpose, &mut |p| pairs.push(p));
        for (row, r) in (0u32..).zip(&facts.consents.items) {
            if r.kind != ConsentKind::Revoke
                || except == Some(row)
                || q.renewed.is_some_and(|level| !self.ends(&r.families, level))
                || self.heeded(q, row as usize) == Tri::F
            {
                continue;
            }
            for pair in &pairs {
                self.scopes(r, row as usize, &q.reaches, &mut |e, scope, counts| {
                    if e.covers(scope, *pair, Reading::Revocation).min(counts) == Tri::F {
                        return;
                    }
                    let lifted = e.lifted(q, r, scope, *pair);
                    out.nc = out.nc.min(lifted.nc);
                    if lanes & !lifted.t != 0 {
                        out.rows.insert(row);
                    }
                });
            }
        }
    }
}
