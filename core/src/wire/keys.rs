//! The keys of requests by number, in order of name: two keys are compared by their numbers, and what stands under a key is
//! found without reading its name again.

use super::index::{Index, hash};

/// The keys that requests to one policy may have.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// In order.
    names: Vec<Box<str>>,
    /// Each as it stands before its value in canonical text: `"at":`.
    written: Vec<Box<str>>,
    index: Index,
    /// The index could not hold them: they are searched for by their order.
    searched: bool,
}

impl Keys {
    /// Numbers names. Those past what a number holds are left out, as if nobody knew them.
    pub(crate) fn of(names: impl IntoIterator<Item = String>) -> Keys {
        let mut names: Vec<Box<str>> = names.into_iter().map(String::into_boxed_str).collect();
        names.sort_unstable();
        names.dedup();
        names.truncate(usize::from(u16::MAX));
        let mut out = Keys { names, ..Keys::default() };
        for (n, name) in (0u32..).zip(&out.names) {
            let mut written = String::with_capacity(name.len() + 3);
            super::json::write_text(name, &mut written);
            written.push(':');
            out.written.push(written.into_boxed_str());
            out.searched |= !out.index.put(hash(name.as_bytes()), n);
        }
        out
    }

    /// The number of a key.
    #[inline]
    #[must_use]
    pub fn find(&self, name: &str) -> Option<u16> {
        let found = if self.searched {
            self.names.binary_search_by(|known| (**known).cmp(name)).ok()?
        } else {
            let is = |n: u32| self.names.get(n as usize).is_some_and(|known| **known == *name);
            self.index.find(hash(name.as_bytes()), is)? as usize
        };
        u16::try_from(found).ok()
    }

    /// The name of a number.
    #[must_use]
    pub fn name(&self, key: u16) -> &str {
        self.names.get(usize::from(key)).map_or("", |name| name)
    }

    /// The name as canonical text has it before a value.
    pub(crate) fn written(&self, key: u16) -> &str {
        self.written.get(usize::from(key)).map_or("", |text| text)
    }

    /// All of them, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Keys;

    #[test]
    fn keys_are_numbered_in_order_of_name() {
        let names: Vec<String> = (0..3_000).map(|n| format!("key_{n}")).collect();
        let keys = Keys::of(names.iter().cloned().chain(["at".to_string(), "at".to_string()]));
        assert_eq!((keys.len(), keys.find("at"), keys.find("key")), (3_001, Some(0), None));
        for name in &names {
            assert_eq!(keys.name(keys.find(name).unwrap()), name);
        }
        assert!(keys.names().is_sorted());
        assert_eq!(keys.written(0), "\"at\":");
    }
}
