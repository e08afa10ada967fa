//! Strong Kleene logic with the names of what is missing.

use std::collections::BTreeSet;

/// Names of missing facts.
pub type Missing = BTreeSet<String>;

/// True, false, or unknown for want of those facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum V {
    /// True whatever is missing.
    T,
    /// False whatever is missing.
    F,
    /// Undecided.
    U(Missing),
}

impl V {
    /// Decided.
    pub fn of(b: bool) -> V {
        if b { V::T } else { V::F }
    }
    /// Undecided for want of one fact.
    pub fn lacks(name: impl Into<String>) -> V {
        V::U([name.into()].into())
    }
    /// Negation.
    pub fn not(self) -> V {
        match self {
            V::T => V::F,
            V::F => V::T,
            u => u,
        }
    }
    /// Conjunction: false if any is, else unknown for want of everything that the unknown ones want.
    pub fn all(parts: impl IntoIterator<Item = V>) -> V {
        let mut lacking: Option<Missing> = None;
        for p in parts {
            match p {
                V::F => return V::F,
                V::T => {}
                V::U(m) => lacking.get_or_insert_default().extend(m),
            }
        }
        lacking.map_or(V::T, V::U)
    }
    /// Disjunction.
    pub fn any(parts: impl IntoIterator<Item = V>) -> V {
        V::all(parts.into_iter().map(V::not)).not()
    }
    /// `self` and `other`.
    pub fn and(self, other: V) -> V {
        V::all([self, other])
    }
    /// `self` or `other`.
    pub fn or(self, other: V) -> V {
        V::any([self, other])
    }
    /// Not false.
    pub fn possible(&self) -> bool {
        *self != V::F
    }
    /// What all the possibilities say, or unknown for want of `m` where they disagree.
    pub fn agree(parts: impl IntoIterator<Item = V>, m: &Missing) -> V {
        let parts: Vec<V> = parts.into_iter().collect();
        if parts.iter().all(|p| *p == V::T) {
            return V::T;
        }
        if parts.iter().all(|p| *p == V::F) {
            return V::F;
        }
        let mut lacking = Missing::new();
        for p in &parts {
            if let V::U(x) = p {
                lacking.extend(x.iter().cloned());
            }
        }
        if parts.iter().any(|p| *p == V::T) && parts.iter().any(|p| *p == V::F) || lacking.is_empty() {
            lacking.extend(m.iter().cloned());
        }
        V::U(lacking)
    }
}
