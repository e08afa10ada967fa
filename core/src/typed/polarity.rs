//! Polarity: the static half of law 3, "adding a revocation never turns a block into a pass".
//!
//! A rule blocks by β = when ∧ ¬require ∧ ¬exempt. In β consent and grants may stand negatively only (they help), and
//! revocations, refusals and earlier contacts positively only (they hinder). `known that` keeps the sign: it is monotone.
//! The one carve-out of the law needs nothing here: a question about the very event that `contact.responds_to` names does
//! not move when another revocation is added. Inbound messages classed as revocations are in no query at all.

use crate::diag::Diagnostic;
use crate::source::Span;
use crate::typed::linker::Linker;
use crate::typed::{Cond, CondAt, EventList, EventSet, How, Moment, Op, Operand, Policy, Window};
use crate::value::Value;

/// Whether what stands here makes the rule block more (`Hinders`) or less.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Hinders,
    Helps,
}

impl Sign {
    fn not(self) -> Sign {
        match self {
            Sign::Hinders => Sign::Helps,
            Sign::Helps => Sign::Hinders,
        }
    }
}

/// How a question's truth moves when one event more is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moves {
    Not,
    Up,
    Down,
    Either,
}

impl Moves {
    fn flip(self) -> Moves {
        match self {
            Moves::Up => Moves::Down,
            Moves::Down => Moves::Up,
            same => same,
        }
    }
    fn and(self, other: Moves) -> Moves {
        match (self, other) {
            (Moves::Not, x) | (x, Moves::Not) => x,
            (a, b) if a == b => a,
            _ => Moves::Either,
        }
    }
}

/// What kinds of events a question moves with.
#[derive(Clone, Copy)]
struct Leaf {
    revocations: Moves,
    grants: Moves,
    attempts: Moves,
}

impl Leaf {
    const STILL: Leaf = Leaf { revocations: Moves::Not, grants: Moves::Not, attempts: Moves::Not };

    fn and(self, other: Leaf) -> Leaf {
        Leaf {
            revocations: self.revocations.and(other.revocations),
            grants: self.grants.and(other.grants),
            attempts: self.attempts.and(other.attempts),
        }
    }
}

/// Checks every rule with its exemptions, and every instrument.
pub(crate) fn check(cx: &mut Linker<'_>, policy: &Policy) {
    for rule in &policy.rules {
        let mut walk = Walk { cx, policy, exemption: None, nots: 0 };
        walk.cond(&rule.when, Sign::Hinders);
        for require in &rule.requires {
            walk.cond(require, Sign::Helps);
        }
        // `include … when C` requires the content where C holds.
        for when in rule.includes.iter().filter_map(|i| i.when.as_ref()) {
            walk.cond(when, Sign::Hinders);
        }
        for unless in &rule.unless {
            if let Some(when) = &unless.when {
                walk.exemption = policy.exemptions.get(unless.exemption).map(|e| e.span);
                walk.cond(when, Sign::Helps);
                walk.exemption = None;
            }
        }
    }
    // An exemption stands in β the same way wherever it is named.
    for exemption in &policy.exemptions {
        let mut walk = Walk { cx, policy, exemption: Some(exemption.span), nots: 0 };
        walk.cond(&exemption.when, Sign::Helps);
        for provided in &exemption.provided {
            walk.cond(provided, Sign::Helps);
        }
        for when in exemption.includes.iter().filter_map(|i| i.when.as_ref()) {
            walk.cond(when, Sign::Hinders);
        }
    }
}

struct Walk<'w, 'a> {
    cx: &'w mut Linker<'a>,
    policy: &'w Policy,
    /// The exemption that the condition belongs to.
    exemption: Option<Span>,
    /// How many `not` stand around it, those that `… when C` stands for among them.
    nots: u32,
}

impl Walk<'_, '_> {
    fn cond(&mut self, at: &CondAt, sign: Sign) {
        match &at.cond {
            Cond::All(parts) | Cond::Any(parts) => {
                for part in parts {
                    self.cond(part, sign);
                }
            }
            Cond::Not(inner) => {
                self.nots += 1;
                self.cond(inner, sign.not());
                self.nots -= 1;
            }
            Cond::Known(inner) => self.cond(inner, sign),
            other => {
                self.judge(at.span, sign, self.leaf(other), other);
                self.purpose(at.span, sign, other);
            }
        }
    }

    fn leaf(&self, cond: &Cond) -> Leaf {
        match cond {
            Cond::Consent(_) => Leaf { revocations: Moves::Down, grants: Moves::Up, attempts: Moves::Not },
            Cond::Refused(_) => Leaf { revocations: Moves::Up, grants: Moves::Down, attempts: Moves::Not },
            Cond::Count(q) => {
                let moves = match q.op {
                    Op::Ge | Op::Gt => Moves::Up,
                    Op::Lt | Op::Le => Moves::Down,
                    Op::Eq | Op::Ne => Moves::Either,
                };
                let counted = self.of(&q.set, moves);
                match &q.window {
                    // One event more makes the stretch since the latest shorter.
                    Window::Since(Moment::Latest(set)) => counted.and(self.of(set, moves.flip())),
                    _ => counted,
                }
            }
            // A browser's signal is a refusal, whatever it is called.
            Cond::Signal(_) => Leaf { revocations: Moves::Up, ..Leaf::STILL },
            Cond::NoLaterThan(_, m) | Cond::Before(m) => self.moment(m, Moves::Up),
            Cond::Passed(_, m) | Cond::From(m) => self.moment(m, Moves::Down),
            Cond::LocalDaysOf { from, of, .. } => {
                self.moment(of, if *from <= 1 { Moves::Up } else { Moves::Either })
            }
            _ => Leaf::STILL,
        }
    }

    fn moment(&self, moment: &Moment, moves: Moves) -> Leaf {
        match moment {
            Moment::Latest(set) => self.of(set, moves),
            Moment::At(_) | Moment::Refusal => Leaf::STILL,
        }
    }

    /// The kind of event that the set holds, moving so.
    fn of(&self, set: &EventSet, moves: Moves) -> Leaf {
        match set.list {
            EventList::Contacts => Leaf { attempts: moves, ..Leaf::STILL },
            EventList::Consents if self.grants(set) => Leaf { grants: moves, ..Leaf::STILL },
            EventList::Consents => Leaf { revocations: moves, ..Leaf::STILL },
            EventList::Interactions | EventList::Lists | EventList::Signals => Leaf::STILL,
        }
    }

    fn grants(&self, set: &EventSet) -> bool {
        let Some(filter) = &set.filter else { return false };
        let parts = match &filter.cond {
            Cond::All(parts) => parts.iter().map(|p| &p.cond).collect(),
            other => vec![other],
        };
        parts.iter().any(|cond| {
            matches!(cond, Cond::In(Operand::EventField(id), values)
                if self.policy.vocabulary.fact("consents.kind") == Some(*id) && *values == [Value::Choice(0)])
                || matches!(cond, Cond::All(inner) if inner.iter().any(|p| matches!(&p.cond, Cond::In(Operand::EventField(id), values)
                    if self.policy.vocabulary.fact("consents.kind") == Some(*id) && *values == [Value::Choice(0)])))
        })
    }

    fn judge(&mut self, span: Span, sign: Sign, leaf: Leaf, cond: &Cond) {
        let wrong = |moves: Moves, up_hinders: bool| match (moves, sign) {
            (Moves::Not, _) => false,
            (Moves::Either, _) => true,
            (Moves::Up, Sign::Hinders) | (Moves::Down, Sign::Helps) => !up_hinders,
            (Moves::Up, Sign::Helps) | (Moves::Down, Sign::Hinders) => up_hinders,
        };
        let question = matches!(cond, Cond::Consent(_));
        let (message, hint) = if wrong(leaf.revocations, true) && !question {
            (
                "here a refusal would open the way: with one revocation more, a block could become a pass",
                "refusals and revocations may only hinder a contact: ask for them under `not` in `require` and `provided`, plainly in `when`",
            )
        } else if question && (wrong(leaf.revocations, true) || wrong(leaf.grants, false)) {
            (
                "here consent would stand in the way: taking it back could turn a block into a pass",
                "consent may only help a contact: ask for it plainly in `require` and `provided`, not in `when` and not under `not`",
            )
        } else if wrong(leaf.grants, false) {
            (
                "here a grant would stand in the way, so that giving less leave would open it",
                "grants may only help a contact: ask for them plainly in `require` and `provided`",
            )
        } else if wrong(leaf.attempts, true) {
            (
                "here an earlier contact would open the way: the more is sent, the more could be sent",
                "earlier contacts may only hinder: write `at most` or `no` in `require` and `provided`, `any` in `when`",
            )
        } else {
            return;
        };
        let mut diagnostic = Diagnostic::new("E0601", span, message).hint(hint);
        if let Some(place) = self.exemption {
            diagnostic = diagnostic.label(place, "in this exemption");
        }
        self.cx.report(diagnostic);
    }

    /// A mixed message never rides on its innocent half: one purpose more never makes an exemption hold.
    fn purpose(&mut self, span: Span, sign: Sign, cond: &Cond) {
        let Some(place) = self.exemption else { return };
        let (Cond::Is { what, how, .. } | Cond::IsAmong { what, how, .. }) = cond else { return };
        let purpose = self.policy.vocabulary.fact("contact.purpose");
        // One purpose more can make `is` true, and `only` false.
        let opens = (*how == How::Only) == (sign == Sign::Hinders);
        if !opens || !matches!(what, Operand::Fact(id) if Some(*id) == purpose) {
            return;
        }
        let (message, hint) = match (how, self.nots) {
            (How::Some | How::Includes, 0) => (
                "an exemption asks for the whole of a contact's purpose, and this asks for a part",
                "write `contact.purpose only …`: a contact may have a second purpose that is not exempt",
            ),
            (How::Only, 1) => (
                "with a second purpose this would hold where it did not, and the exemption with it",
                "write `not contact.purpose is …`, or `contact.purpose only …` with the purposes that are exempt",
            ),
            _ => (
                "with a second purpose the exemption would ask for less",
                "ask for it whatever the purpose is, or make an exemption of its own for each purpose: `when contact.purpose only …`",
            ),
        };
        let diagnostic = Diagnostic::new("E0305", span, message).label(place, "in this exemption").hint(hint);
        self.cx.report(diagnostic);
    }
}
