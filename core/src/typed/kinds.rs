//! The kind of a rule's reason, read off what it requires; the first question in written order decides.

use crate::typed::{Cond, CondAt, EventList, Kind, Rule};

/// The kind of a rule that does not write one.
pub(crate) fn derive(rule: &Rule) -> Kind {
    for require in &rule.requires {
        if let Some(kind) = of(require) {
            return kind;
        }
    }
    let content = !rule.includes.is_empty() || rule.disclose_only.is_some() || rule.use_only.is_some();
    if rule.requires.is_empty() && content { Kind::Content } else { Kind::NoBasis }
}

/// The first question that has a kind of its own. Depth is bounded where conditions are typed.
fn of(cond: &CondAt) -> Option<Kind> {
    match &cond.cond {
        Cond::All(parts) | Cond::Any(parts) => parts.iter().find_map(of),
        Cond::Not(inner) | Cond::Known(inner) => of(inner),
        Cond::Consent(_) => Some(Kind::Consent),
        Cond::Refused(_) | Cond::Listed(_) | Cond::Signal(_) => Some(Kind::Refused),
        Cond::Count(question) if question.set.list == EventList::Contacts => Some(Kind::TooOften),
        Cond::LocalTime(_)
        | Cond::Weekday(_)
        | Cond::Holiday(_)
        | Cond::BusinessDay(_)
        | Cond::Today(..)
        | Cond::Before(_)
        | Cond::From(_)
        | Cond::NoLaterThan(..)
        | Cond::Passed(..)
        | Cond::LocalDaysOf { .. } => Some(Kind::Timing),
        _ => None,
    }
}
