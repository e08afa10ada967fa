//! Conditions in words, rule by rule: they are the policy's and the same in every answer, so each rule's are written when an answer
//! first needs them, and kept.

use std::sync::OnceLock;

/// A rule's.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    /// By the number of the condition, ascending; those of its exemptions too.
    pub conditions: Vec<(u32, Box<str>)>,
    /// By exemption in the rule's order: what it asks, in the order of its parts.
    pub exemptions: Vec<Vec<Box<str>>>,
}

impl Said {
    /// A condition's.
    pub fn condition(&self, id: u32) -> Option<&str> {
        let at = self.conditions.binary_search_by_key(&id, |known| known.0).ok()?;
        self.conditions.get(at).map(|known| &*known.1)
    }
}

/// By rule.
#[derive(Clone, Debug, Default)]
pub(crate) struct AllSaid(Vec<OnceLock<Box<Said>>>);

impl AllSaid {
    /// Of so many rules, of which nothing is written yet.
    pub fn of(rules: usize) -> AllSaid {
        AllSaid((0..rules).map(|_| OnceLock::new()).collect())
    }

    /// A rule's, which `write` writes where nobody has.
    pub fn get(&self, rule: u32, write: impl FnOnce() -> Said) -> Option<&Said> {
        Some(self.0.get(rule as usize)?.get_or_init(|| Box::new(write())))
    }
}
