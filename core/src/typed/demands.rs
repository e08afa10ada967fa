//! What a rule demands: what the message is to say, or that the contact may be made at all.

use crate::typed::{Cond, CondAt, Entity, Operand, Rule, Vocabulary};

impl Rule {
    /// Whether it requires something that writing the message otherwise does not mend. A requirement that reads nothing but
    /// `content.*` is of a kind with `include`, whenever it is made.
    #[must_use]
    pub(crate) fn demands_more_than_content(&self, vocabulary: &Vocabulary) -> bool {
        !self.requires.iter().all(|require| {
            // `require C when W` is C, or not W.
            let demanded = match &require.cond {
                Cond::Any(parts) => match parts.as_slice() {
                    [demanded, CondAt { cond: Cond::Not(_), .. }] => demanded,
                    _ => require,
                },
                _ => require,
            };
            reads_content(demanded, vocabulary) == Some(true)
        })
    }
}

/// Whether it reads content; nothing where it reads anything else.
fn reads_content(cond: &CondAt, vocabulary: &Vocabulary) -> Option<bool> {
    let read = |operands: &[&Operand]| {
        let mut content = false;
        for operand in operands {
            match operand {
                Operand::Const(_) | Operand::Setting(_) | Operand::Dated(_) => {}
                Operand::Fact(fact) if vocabulary.decl(*fact)?.entity == Entity::Content => content = true,
                _ => return None,
            }
        }
        Some(content)
    };
    match &cond.cond {
        Cond::Const(_) => Some(false),
        Cond::All(parts) | Cond::Any(parts) => {
            parts.iter().try_fold(false, |content, part| Some(reads_content(part, vocabulary)? || content))
        }
        Cond::Not(inner) | Cond::Known(inner) => reads_content(inner, vocabulary),
        Cond::True(what) | Cond::Exists(what) | Cond::In(what, _) => read(&[what]),
        Cond::Is { what, .. } | Cond::Marked { what, .. } => read(&[what]),
        Cond::IsAmong { what, of, .. } => read(&[what, of]),
        Cond::Same(a, b) | Cond::Compare(a, _, b) | Cond::CompareDay(a, _, b, _) => read(&[a, b]),
        _ => None,
    }
}
