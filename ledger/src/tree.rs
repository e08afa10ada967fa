//! The tree over all links, by number in the ledger (a Merkle tree as of RFC 9162): its root stands in every checkpoint, and
//! a few dozen digests prove that one link lies under it, without a word of anybody else's.
//!
//! A leaf and a node are hashed under different first bytes, so that neither passes for the other. What is kept while the tree
//! grows are its *peaks*, the roots of its complete parts from left to right: one for each bit of its size. Roots of complete
//! blocks of 1024 leaves are stored, so that a proof is made from one block's events and those roots.

use crate::chain::Digest;
use sha2::{Digest as _, Sha256};

/// Levels below a stored block: it holds 2^10 leaves.
pub(crate) const BLOCK_LEVEL: u32 = 10;
/// Leaves of a block.
pub(crate) const BLOCK: u64 = 1 << BLOCK_LEVEL;
/// The longest path: one step for each bit of a number.
pub(crate) const LONGEST: usize = 64;

/// The leaf of a link.
pub(crate) fn leaf(link: &Digest) -> Digest {
    let mut hash = Sha256::new();
    hash.update(b"\0byleave-ledger leaf 1\0");
    hash.update(link.0);
    Digest(hash.finalize().into())
}

/// A node over two others.
fn node(left: &Digest, right: &Digest) -> Digest {
    let mut hash = Sha256::new();
    hash.update(b"\x01byleave-ledger node 1\0");
    hash.update(left.0);
    hash.update(right.0);
    Digest(hash.finalize().into())
}

/// A tree as far as it has grown: its size and the roots of its complete parts, the greatest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Peaks {
    size: u64,
    peaks: Vec<Digest>,
}

impl Peaks {
    /// As they were stored; nothing when that many peaks are no tree of that size.
    pub(crate) fn of(size: u64, peaks: Vec<Digest>) -> Option<Peaks> {
        (u64::from(size.count_ones()) == peaks.len() as u64).then_some(Peaks { size, peaks })
    }

    pub(crate) fn digests(&self) -> &[Digest] {
        &self.peaks
    }

    /// One link more. Gives the root of a block when this completes it.
    pub(crate) fn push(&mut self, link: &Digest) -> Option<Digest> {
        let mut at = leaf(link);
        let mut block = None;
        for level in 0.. {
            if level == BLOCK_LEVEL {
                block = Some(at);
            }
            if (self.size >> level) & 1 == 0 {
                break;
            }
            let Some(left) = self.peaks.pop() else { break };
            at = node(&left, &at);
        }
        self.peaks.push(at);
        self.size += 1;
        block
    }

    /// The root; that of no leaf is [`Digest::NONE`].
    pub(crate) fn root(&self) -> Digest {
        fold(&self.peaks).unwrap_or(Digest::NONE)
    }

    /// The path that proves the leaf at an index, from the leaf up. `inside` gives a node of a complete part, by level and by
    /// its index in that level.
    pub(crate) fn path<E>(
        &self,
        index: u64,
        mut inside: impl FnMut(u32, u64) -> Result<Digest, E>,
    ) -> Result<Option<Vec<Digest>>, E> {
        let mut start = 0;
        let levels = (0..u64::BITS).rev().filter(|level| (self.size >> level) & 1 == 1);
        for (n, level) in levels.enumerate() {
            let end = start + (1 << level);
            if (start..end).contains(&index) {
                let mut out = Vec::new();
                for step in 0..level {
                    out.push(inside(step, (index >> step) ^ 1)?);
                }
                let (left, right) = self.peaks.split_at_checked(n).unwrap_or_default();
                out.extend(right.get(1..).and_then(fold));
                out.extend(left.iter().rev());
                return Ok(Some(out));
            }
            start = end;
        }
        Ok(None)
    }
}

/// Peaks as one: from the right.
fn fold(peaks: &[Digest]) -> Option<Digest> {
    let (last, rest) = peaks.split_last()?;
    Some(rest.iter().rev().fold(*last, |right, left| node(left, &right)))
}

/// The complete nodes over a row of digests, level by level.
pub(crate) fn levels(row: Vec<Digest>) -> Vec<Vec<Digest>> {
    let mut out = vec![row];
    while let Some(row) = out.last().filter(|row| row.len() > 1) {
        let above = row.chunks_exact(2).filter_map(|pair| match pair {
            [left, right] => Some(node(left, right)),
            _ => None,
        });
        out.push(above.collect());
    }
    out
}

/// The root to which a path leads from a link at an index of a tree of that size (RFC 9162, 2.1.3.2); nothing when no path of
/// such a tree looks like this.
pub(crate) fn root_by(link: &Digest, index: u64, size: u64, path: &[Digest]) -> Option<Digest> {
    if index >= size || path.len() > LONGEST {
        return None;
    }
    let (mut at, mut last) = (index, size - 1);
    let mut root = leaf(link);
    for step in path {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            root = node(step, &root);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            root = node(&root, step);
        }
        at >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(root)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn links(n: u64) -> Vec<Digest> {
        (0..n).map(|n| Digest::of(&n.to_be_bytes())).collect()
    }

    /// The definition (RFC 9162, 2.1.1), as it stands there.
    fn defined(links: &[Digest]) -> Digest {
        match links {
            [] => Digest::NONE,
            [one] => leaf(one),
            many => {
                let half = many.len().next_power_of_two() / 2;
                node(&defined(&many[..half]), &defined(&many[half..]))
            }
        }
    }

    fn grown(links: &[Digest]) -> Peaks {
        let mut peaks = Peaks::default();
        for link in links {
            peaks.push(link);
        }
        peaks
    }

    #[test]
    fn a_leaf_is_no_node() {
        let (a, b) = (Digest::of(b"a"), Digest::of(b"b"));
        let both: Vec<u8> = [a.0, b.0].concat();
        assert_ne!(leaf(&Digest::of(&both)), node(&a, &b));
        assert_ne!(grown(&[a]).root(), a);
    }

    #[test]
    fn a_block_is_told_when_it_is_complete() {
        let links = links(2 * BLOCK + 1);
        let mut peaks = Peaks::default();
        let told: Vec<_> =
            links.iter().enumerate().filter_map(|(n, it)| Some((n, peaks.push(it)?))).collect();
        let block = BLOCK as usize;
        assert_eq!(
            told,
            [(block - 1, defined(&links[..block])), (2 * block - 1, defined(&links[block..2 * block]))]
        );
    }

    proptest! {
        #[test]
        fn the_root_is_the_defined_one_and_every_leaf_is_proven(size in 1u64..200, at in any::<prop::sample::Index>()) {
            let links = links(size);
            let peaks = grown(&links);
            let root = defined(&links);
            prop_assert_eq!(peaks.root(), root);
            prop_assert_eq!(Peaks::of(size, peaks.digests().to_vec()), Some(peaks.clone()));
            let levels = levels(links.iter().map(leaf).collect());
            let index = at.index(links.len());
            let path = peaks
                .path(index as u64, |level, n| Ok::<_, ()>(levels[level as usize][n as usize]))
                .unwrap()
                .unwrap();
            prop_assert_eq!(root_by(&links[index], index as u64, size, &path), Some(root));
            // Nothing else is proven by it: another link, another place, another size, another path.
            prop_assert_ne!(root_by(&Digest::of(b"x"), index as u64, size, &path), Some(root));
            for other in (0..size).filter(|it| *it != index as u64) {
                prop_assert_ne!(root_by(&links[index], other, size, &path), Some(root));
            }
            for n in 0..path.len() {
                let mut turned = path.clone();
                turned[n].0[7] ^= 1;
                prop_assert_ne!(root_by(&links[index], index as u64, size, &turned), Some(root));
                prop_assert_ne!(root_by(&links[index], index as u64, size, &path[..n]), Some(root));
            }
            let longer: Vec<Digest> = path.iter().copied().chain([root]).collect();
            prop_assert_eq!(root_by(&links[index], index as u64, size, &longer), None);
        }

        #[test]
        fn no_size_and_no_path_is_too_odd(index in any::<u64>(), size in any::<u64>(), steps in 0usize..80) {
            let path = vec![Digest::NONE; steps];
            let proven = root_by(&Digest::NONE, index, size, &path);
            prop_assert!(proven.is_none() || index < size && steps <= LONGEST);
            if let Some(peaks) = Peaks::of(size, path) {
                let path = peaks.path(index, |_, _| Ok::<_, ()>(Digest::NONE)).unwrap();
                prop_assert_eq!(path.is_some(), index < size);
            }
        }
    }
}
