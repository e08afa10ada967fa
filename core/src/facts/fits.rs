//! Whether a native caller's value can be the value of a fact: its kind, its numbers, the order of its members.

use crate::facts::{Intake, Slot};
use crate::value::Type;
use std::sync::Arc;

/// Whether a slot can be the value of a fact of that type.
pub(crate) fn fits(intake: &Intake, slot: &Slot, ty: &Type) -> bool {
    let in_tree = |taxonomy, node: &crate::taxonomy::NodeId| {
        node.0 != 0 && intake.vocabulary().tree(taxonomy).is_some_and(|tree| tree.node(*node).is_some())
    };
    let word = |words: &Arc<[String]>, at: &u16| usize::from(*at) < words.len();
    match (slot, ty) {
        (Slot::Unknown | Slot::None, _)
        | (Slot::Bool(_), Type::Boolean)
        | (Slot::Int(_), Type::Integer)
        | (Slot::Text(_), Type::Text | Type::Event)
        | (Slot::Date { .. }, Type::PartialDate)
        | (Slot::Instant(_), Type::Instant)
        | (Slot::Amount(_), Type::Duration)
        | (Slot::Week(_), Type::Week)
        | (Slot::Scope(_), Type::Scope) => true,
        (Slot::Date { lo, hi }, Type::Date) => lo == hi,
        (Slot::Choice(at), Type::Choice(words)) => word(words, at),
        (Slot::Node(node), Type::Node(taxonomy)) => in_tree(*taxonomy, node),
        (Slot::Nodes(nodes), Type::Set(inner)) => match **inner {
            Type::Node(taxonomy) => is_set(nodes) && nodes.iter().all(|node| in_tree(taxonomy, node)),
            _ => false,
        },
        (Slot::Texts(texts), Type::Set(inner)) => **inner == Type::Text && is_set(texts),
        (Slot::Choices(choices), Type::Set(inner)) => match &**inner {
            Type::Choice(words) => is_set(choices) && choices.iter().all(|at| word(words, at)),
            _ => false,
        },
        (Slot::Records(records), Type::Records(keys)) => {
            !records.is_empty()
                && records.iter().all(|record| {
                    record.len() == keys.len()
                        && record.iter().zip(keys.iter()).all(|(slot, (_, ty))| fits(intake, slot, ty))
                })
        }
        (Slot::Map(entries), Type::Map(keys, value)) => {
            let sorted = entries.windows(2).all(|pair| match pair {
                [(a, b, _), (c, d, _)] => (a, b) < (c, d),
                _ => true,
            });
            let (first, second) = (keys.first(), keys.get(1));
            let fit = |(a, b, slot): &(_, Option<_>, Slot)| {
                first.is_some_and(|taxonomy| in_tree(*taxonomy, a))
                    && match (second, b) {
                        (None, None) => true,
                        (Some(taxonomy), Some(b)) => in_tree(*taxonomy, b),
                        _ => false,
                    }
                    && fits(intake, slot, value)
            };
            !entries.is_empty() && sorted && entries.iter().all(fit)
        }
        _ => false,
    }
}

/// Sorted, nothing twice, not empty.
fn is_set<T: Ord>(items: &[T]) -> bool {
    !items.is_empty() && items.windows(2).all(|pair| matches!(pair, [a, b] if a < b))
}
