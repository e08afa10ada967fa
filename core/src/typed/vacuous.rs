//! Conditions that cannot be anything but true, or anything but false, as far as the text alone shows.
//!
//! Such a condition is rarely meant. Three-valued logic makes `x or not x` unknown while `x` is; all the more reason to
//! tell. Constants that a table's cells decided are meant, and left alone.

use crate::diag::Diagnostic;
use crate::source::Span;
use crate::taxonomy::TaxonomyId;
use crate::typed::linker::Linker;
use crate::typed::words::render;
use crate::typed::{Cond, CondAt, Hours, How, Op, Operand, Policy};
use crate::value::{Type, Value};

/// Looks at every rule, exemption and instrument.
pub(crate) fn check(cx: &mut Linker<'_>, policy: &Policy) {
    for rule in &policy.rules {
        let mut look = Look { cx, policy, row: rule.id.ends_with(']'), told: false };
        if look.whole(&rule.when) == Some(false) {
            look.warn(rule.when.span, "this rule can never apply");
        }
        for require in &rule.requires {
            match look.whole(require) {
                Some(true) => look.warn(require.span, "this requirement is always met"),
                Some(false) => look.warn(require.span, "this requirement can never be met"),
                None => {}
            }
        }
        for when in rule.includes.iter().filter_map(|i| i.when.as_ref()) {
            look.cond(when);
        }
        for when in rule.unless.iter().filter_map(|u| u.when.as_ref()) {
            look.cond(when);
        }
    }
    for exemption in &policy.exemptions {
        let mut look = Look { cx, policy, row: false, told: false };
        for cond in std::iter::once(&exemption.when).chain(&exemption.provided) {
            if look.whole(cond) == Some(false) {
                look.warn(cond.span, "this exemption can never be used");
            }
        }
    }
}

struct Look<'w, 'a> {
    cx: &'w mut Linker<'a>,
    policy: &'w Policy,
    /// Inside a rule for each row: constants come from cells.
    row: bool,
    /// Whether something was reported about the condition at hand.
    told: bool,
}

impl Look<'_, '_> {
    /// The value of a whole condition; none if something inside it has been said to be the reason.
    fn whole(&mut self, at: &CondAt) -> Option<bool> {
        self.told = false;
        let value = self.cond(at);
        if self.told { None } else { value }
    }

    fn warn(&mut self, span: Span, message: &str) {
        self.told = true;
        self.cx.report(Diagnostic::new("W0805", span, message));
    }

    /// The value, if the text alone decides it. Depth is bounded where conditions are typed.
    fn cond(&mut self, at: &CondAt) -> Option<bool> {
        match &at.cond {
            Cond::Const(value) if !self.row => Some(*value),
            Cond::All(parts) => {
                let values: Vec<Option<bool>> = parts.iter().map(|p| self.cond(p)).collect();
                if self.contradiction(parts) || values.contains(&Some(false)) {
                    return Some(false);
                }
                values.iter().all(|v| *v == Some(true)).then_some(true)
            }
            Cond::Any(parts) => {
                let values: Vec<Option<bool>> = parts.iter().map(|p| self.cond(p)).collect();
                if self.tautology(parts) || values.contains(&Some(true)) {
                    return Some(true);
                }
                values.iter().all(|v| *v == Some(false)).then_some(false)
            }
            Cond::Not(inner) | Cond::Known(inner) if matches!(at.cond, Cond::Not(_)) => {
                self.cond(inner).map(|v| !v)
            }
            Cond::Known(inner) => self.cond(inner),
            Cond::LocalTime(hours) if !self.row => self.hours(at, hours),
            Cond::Count(q) => {
                let n = match q.n {
                    Operand::Const(Value::Int(n)) => n,
                    _ => return None,
                };
                let value = match (q.op, n) {
                    (Op::Lt, ..=0) | (Op::Le | Op::Eq, ..=-1) => Some(false),
                    (Op::Ge, ..=0) | (Op::Gt, ..=-1) => Some(true),
                    _ => None,
                };
                if let Some(value) = value {
                    let message =
                        if value { "there is always as many" } else { "no number of events is below nought" };
                    self.warn(at.span, message);
                }
                value
            }
            _ => None,
        }
    }

    fn hours(&mut self, at: &CondAt, hours: &Hours) -> Option<bool> {
        let value = match hours {
            Hours::Between(0, 86_400) => true,
            Hours::Week(week, _) => week.constant()?,
            _ => return None,
        };
        self.warn(at.span, if value { "these hours are the whole week" } else { "these hours are never" });
        Some(value)
    }

    /// Two parts of a conjunction that cannot both hold.
    fn contradiction(&mut self, parts: &[CondAt]) -> bool {
        let flat = flat_all(parts);
        for (i, a) in flat.iter().enumerate() {
            for b in flat.iter().skip(i + 1) {
                if self.opposite(a, b) || self.disjoint(&a.cond, &b.cond) {
                    let diagnostic = Diagnostic::new(
                        "W0805",
                        b.span,
                        "this contradicts what is asked before it: both never hold",
                    )
                    .label(a.span, "asked here");
                    self.told = true;
                    self.cx.report(diagnostic);
                    return true;
                }
            }
        }
        false
    }

    /// `x or not x`
    fn tautology(&mut self, parts: &[CondAt]) -> bool {
        for (i, a) in parts.iter().enumerate() {
            for b in parts.iter().skip(i + 1) {
                if self.opposite(a, b) {
                    let diagnostic = Diagnostic::new(
                        "W0805",
                        b.span,
                        "one of this and what stands before it always holds, or both are unknown",
                    )
                    .label(a.span, "the opposite");
                    self.told = true;
                    self.cx.report(diagnostic);
                    return true;
                }
            }
        }
        false
    }

    fn opposite(&self, a: &CondAt, b: &CondAt) -> bool {
        let inner =
            |x: &CondAt| if let Cond::Not(inner) = &x.cond { Some(render(inner, self.policy)) } else { None };
        match (inner(a), inner(b)) {
            (Some(a), None) => a == render(b, self.policy),
            (None, Some(b)) => b == render(a, self.policy),
            _ => false,
        }
    }

    /// Whether no value answers both.
    fn disjoint(&self, a: &Cond, b: &Cond) -> bool {
        match (a, b) {
            (
                Cond::Is { what: x, how: hx, taxonomy, nodes: nx },
                Cond::Is { what: y, how: hy, nodes: ny, .. },
            ) if self.same(x, y) => {
                let one = self.scalar(x);
                let bound = one || *hx == How::Only || *hy == How::Only;
                let some = *hx != How::Includes && *hy != How::Includes;
                bound && some && self.apart(*taxonomy, nx, ny)
            }
            (Cond::Is { what: x, how: How::Some, taxonomy, nodes }, Cond::Not(inner))
            | (Cond::Not(inner), Cond::Is { what: x, how: How::Some, taxonomy, nodes }) => {
                match &inner.cond {
                    Cond::Is { what: y, how: How::Some, nodes: wider, .. } if self.same(x, y) => {
                        let tree = self.policy.vocabulary.tree(*taxonomy);
                        !nodes.is_empty()
                            && nodes.iter().all(|n| wider.iter().any(|w| tree.is_some_and(|t| t.is(*n, *w))))
                    }
                    _ => false,
                }
            }
            (Cond::In(x, a), Cond::In(y, b)) if self.same(x, y) && self.scalar(x) => {
                !a.iter().any(|v| b.contains(v))
            }
            (
                Cond::Compare(x, op, Operand::Const(Value::Int(m))),
                Cond::Compare(y, other, Operand::Const(Value::Int(n))),
            ) if self.same(x, y) => {
                let (a, b) = (range(*op, *m), range(*other, *n));
                matches!((a, b), (Some((al, ah)), Some((bl, bh))) if al.max(bl) > ah.min(bh))
            }
            (Cond::Weekday(a), Cond::Weekday(b)) => !a.iter().any(|d| b.contains(d)),
            _ => false,
        }
    }

    fn same(&self, a: &Operand, b: &Operand) -> bool {
        super::words::operand(a, self.policy) == super::words::operand(b, self.policy)
            && std::mem::discriminant(a) == std::mem::discriminant(b)
    }

    fn scalar(&self, op: &Operand) -> bool {
        match op {
            Operand::Fact(id) | Operand::EventField(id) => {
                self.policy.vocabulary.decl(*id).is_some_and(|f| !matches!(f.ty, Type::Set(_)))
            }
            Operand::Setting(_) => true,
            _ => false,
        }
    }

    /// No node lies under one of each.
    fn apart(
        &self,
        taxonomy: TaxonomyId,
        a: &[crate::taxonomy::NodeId],
        b: &[crate::taxonomy::NodeId],
    ) -> bool {
        let Some(tree) = self.policy.vocabulary.tree(taxonomy) else { return false };
        !a.iter().any(|x| b.iter().any(|y| tree.is(*x, *y) || tree.is(*y, *x)))
    }
}

/// The parts of a conjunction, those of conjunctions inside it included.
fn flat_all(parts: &[CondAt]) -> Vec<&CondAt> {
    let mut out = Vec::new();
    for part in parts {
        match &part.cond {
            Cond::All(inner) => out.extend(flat_all(inner)),
            _ => out.push(part),
        }
    }
    out
}

/// The whole numbers that a comparison admits.
fn range(op: Op, n: i64) -> Option<(i64, i64)> {
    Some(match op {
        Op::Eq => (n, n),
        Op::Lt => (i64::MIN, n.checked_sub(1)?),
        Op::Le => (i64::MIN, n),
        Op::Gt => (n.checked_add(1)?, i64::MAX),
        Op::Ge => (n, i64::MAX),
        Op::Ne => return None,
    })
}
