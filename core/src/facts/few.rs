//! A set as facts hold it. Nearly all have one, two or three members: these stand in place, without a box of their own, so that a
//! person's events are read, copied and let go without asking the allocator.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Deref, DerefMut};

/// As many as stand in place.
const HERE: usize = 3;

/// Members of a set, which it lends as a slice; most have no room of their own.
///
/// ```
/// use byleave::native::{Few, Slot, TextId};
/// let few: Few<TextId> = [TextId(1), TextId(2)].into();
/// assert_eq!((few.len(), few.first()), (2, Some(&TextId(1))));
/// assert_eq!(Slot::texts([TextId(2), TextId(1)]), Slot::Texts(few));
/// ```
#[derive(Clone)]
pub struct Few<T>(Held<T>);

#[derive(Clone)]
enum Held<T> {
    /// The first so many; what follows them is nothing.
    Here(u8, [T; HERE]),
    /// Boxed twice, so that the whole takes two words.
    There(Box<Box<[T]>>),
}

impl<T: Copy> Few<T> {
    /// One.
    #[inline]
    pub(crate) fn one(it: T) -> Few<T> {
        Few(Held::Here(1, [it; HERE]))
    }

    #[inline]
    fn here(items: &[T]) -> Option<Few<T>> {
        match *items {
            [a] => Some(Few(Held::Here(1, [a; HERE]))),
            [a, b] => Some(Few(Held::Here(2, [a, b, b]))),
            [a, b, c] => Some(Few(Held::Here(3, [a, b, c]))),
            _ => None,
        }
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match &self.0 {
            Held::Here(len, items) => items.get(..usize::from(*len)).unwrap_or_default(),
            Held::There(items) => items,
        }
    }
}

impl<T> DerefMut for Few<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.0 {
            Held::Here(len, items) => items.get_mut(..usize::from(*len)).unwrap_or_default(),
            Held::There(items) => items,
        }
    }
}

impl<T: Copy> From<Vec<T>> for Few<T> {
    #[inline]
    fn from(items: Vec<T>) -> Few<T> {
        Few::here(&items).unwrap_or_else(|| Few(Held::There(Box::new(items.into_boxed_slice()))))
    }
}

impl<T: Copy> From<&[T]> for Few<T> {
    #[inline]
    fn from(items: &[T]) -> Few<T> {
        Few::here(items).unwrap_or_else(|| Few(Held::There(Box::new(items.into()))))
    }
}

impl<T: Copy, const N: usize> From<[T; N]> for Few<T> {
    #[inline]
    fn from(items: [T; N]) -> Few<T> {
        Few::from(items.as_slice())
    }
}

impl<'a, T> IntoIterator for &'a Few<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    #[inline]
    fn into_iter(self) -> std::slice::Iter<'a, T> {
        self.iter()
    }
}

impl<T: fmt::Debug> fmt::Debug for Few<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: PartialEq> PartialEq for Few<T> {
    #[inline]
    fn eq(&self, other: &Few<T>) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for Few<T> {}

impl<T: PartialOrd> PartialOrd for Few<T> {
    #[inline]
    fn partial_cmp(&self, other: &Few<T>) -> Option<Ordering> {
        (**self).partial_cmp(&**other)
    }
}

impl<T: Ord> Ord for Few<T> {
    #[inline]
    fn cmp(&self, other: &Few<T>) -> Ordering {
        (**self).cmp(&**other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Slot;

    #[test]
    fn members_are_the_same_here_and_there() {
        for len in 0..6u32 {
            let items: Vec<u32> = (0..len).collect();
            let few = Few::from(items.clone());
            assert_eq!(*few, *items);
            assert_eq!(matches!(few.0, Held::Here(..)), (1..=3).contains(&len));
            assert_eq!(few, Few::from(items.as_slice()));
            assert_eq!(format!("{few:?}"), format!("{items:?}"));
            let mut other = few.clone();
            assert_eq!(few, other);
            other.fill(9);
            assert!(other.iter().all(|it| *it == 9) && other.len() == items.len());
            for more in 0..6u32 {
                let longer: Vec<u32> = (0..more).collect();
                assert_eq!(few.cmp(&Few::from(longer.clone())), items.cmp(&longer));
            }
        }
        assert_eq!(std::mem::size_of::<Slot>(), 24);
    }
}
