//! What some rules say of a person, as far as it tells that person from another.

use super::sweep::{Part, Sweep};
use crate::eval::NEVER;

/// What rules that can apply say at the instant asked about, and ever after as long as nobody learns anything new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said(Vec<(u32, Part)>);

impl Said {
    /// None of the rules can apply.
    pub(crate) fn is_idle(&self) -> bool {
        self.0.is_empty()
    }

    /// Time changes nothing about it: who is told the same now is told the same at any later instant.
    pub(crate) fn stays(&self) -> bool {
        self.0.iter().all(|(_, part)| part.nc == NEVER)
    }
}

impl Sweep<'_> {
    /// What those of some rules say that can apply.
    pub(crate) fn said(&mut self, rules: &[u32]) -> Said {
        let rules = rules.iter().filter(|n| self.is_candidate(**n));
        let rules: Vec<u32> = rules.copied().collect();
        Said(rules.into_iter().filter_map(|n| Some((n, self.part_now(n)?))).collect())
    }
}
