//! A small set: its members in order, side by side. What a reason rests on is a handful; a tree of nodes for each kind of member would
//! be more code than all that asks it.

/// Members, ascending, none twice. One that goes in moves those behind it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sorted<T>(Vec<T>);

impl<T> Default for Sorted<T> {
    fn default() -> Self {
        Sorted(Vec::new())
    }
}

impl<T: Ord> Sorted<T> {
    /// None yet.
    #[must_use]
    pub fn new() -> Sorted<T> {
        Sorted::default()
    }

    /// Puts one in; whether it is new.
    pub fn insert(&mut self, one: T) -> bool {
        match self.0.binary_search(&one) {
            Ok(_) => false,
            Err(at) => {
                self.0.insert(at, one);
                true
            }
        }
    }

    /// Whether it is in.
    #[must_use]
    pub fn contains(&self, one: &T) -> bool {
        self.0.binary_search(one).is_ok()
    }
}

impl<T> std::ops::Deref for Sorted<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Ord> Extend<T> for Sorted<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, all: I) {
        for one in all {
            self.insert(one);
        }
    }
}

impl<T: Ord> FromIterator<T> for Sorted<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        let mut out = Sorted::new();
        out.extend(all);
        out
    }
}

impl<T> IntoIterator for Sorted<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Sorted<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Sorted;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn it_holds_what_a_tree_holds(all in prop::collection::vec(0u8..40, 0..60)) {
            let (mut ours, mut tree) = (Sorted::new(), BTreeSet::new());
            for one in &all {
                prop_assert_eq!(ours.insert(*one), tree.insert(*one));
                prop_assert!(ours.contains(one) && !ours.contains(&40));
            }
            prop_assert!(ours.iter().eq(&tree) && ours.len() == tree.len());
            prop_assert_eq!(all.into_iter().collect::<Sorted<u8>>(), ours);
        }
    }
}
