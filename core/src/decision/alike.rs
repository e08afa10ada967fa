//! What some rules say of a person, as far as it tells that person from another.

use super::sweep::{Part, State, Sweep};
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
    /// What those of some rules say that can apply; nothing when one does not know and `certain` is asked: what is missing may lie
    /// in events that change nothing about whether it blocks.
    pub(crate) fn said(&mut self, rules: &[u32], certain: bool) -> Option<Said> {
        let mut out = Vec::new();
        for n in rules {
            if !self.is_candidate(*n) {
                continue;
            }
            let part = self.part_now(*n)?;
            if certain && part.blocking.as_ref().is_some_and(|it| it.state == State::Undetermined) {
                return None;
            }
            out.push((*n, part));
        }
        Some(Said(out))
    }
}
