//! Texts as numbers: policy's own texts first, a request's after them, so that equality is one comparison.

use crate::wire::index::{Index, hash};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A text, by its number among policy's and the request's.
///
/// ```
/// # let shop = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shop.leave"));
/// # let engine = byleave::Engine::builder().source("shop", "shop.leave", shop).build()?;
/// let mut facts = engine.intake().builder(byleave::Instant(0));
/// let (one, other) = (facts.text("a"), facts.text("b"));
/// assert!(one != other && one == facts.text("a"));
/// # Ok::<(), byleave::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextId(pub u32);

/// Texts by number and numbers by text. One that stands on a base knows the base's texts under the same numbers.
#[derive(Clone, Debug, Default)]
pub struct Interner {
    base: Option<Arc<Interner>>,
    /// Number of texts in the base.
    offset: u32,
    /// All texts, one after the other, and where each ends.
    texts: String,
    ends: Vec<usize>,
    index: Index,
    /// The numbers of all of them, once the index could not hold one.
    ids: Option<BTreeMap<Box<str>, TextId>>,
}

impl Interner {
    /// No texts yet.
    #[must_use]
    pub fn new() -> Interner {
        Interner::default()
    }

    /// On top of a base: its texts keep their numbers, new ones follow.
    #[must_use]
    pub fn on(base: Arc<Interner>) -> Interner {
        let offset = base.len();
        Interner { base: Some(base), offset, ..Interner::default() }
    }

    /// The number of a text, given one if it is new.
    pub fn intern(&mut self, text: &str) -> TextId {
        let hashed = hash(text.as_bytes());
        if let Some(id) = self.find_hashed(text, hashed) {
            return id;
        }
        let id = TextId(self.len());
        let own = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.texts.push_str(text);
        self.ends.push(self.texts.len());
        match &mut self.ids {
            Some(ids) => {
                ids.insert(Box::from(text), id);
            }
            None if self.index.put(hashed, own) => {}
            None => {
                let all = (self.offset..self.len()).map(|n| (Box::from(self.text(TextId(n))), TextId(n)));
                self.ids = Some(all.collect());
            }
        }
        id
    }

    /// The number of a text, if it has one.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<TextId> {
        self.find_hashed(text, hash(text.as_bytes()))
    }

    fn find_hashed(&self, text: &str, hashed: u32) -> Option<TextId> {
        let own = match &self.ids {
            Some(ids) => ids.get(text).copied(),
            None => self
                .index
                .find(hashed, |n| self.own(n) == text)
                .map(|n| TextId(self.offset.saturating_add(n))),
        };
        own.or_else(|| self.base.as_ref().and_then(|base| base.find_hashed(text, hashed)))
    }

    /// The n-th of its own texts.
    fn own(&self, n: u32) -> &str {
        let n = n as usize;
        let Some(end) = self.ends.get(n) else { return "" };
        let start = n.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.texts.get(start..*end).unwrap_or("")
    }

    /// The text of a number; empty for a number that is none of ours.
    #[must_use]
    pub fn text(&self, id: TextId) -> &str {
        match id.0.checked_sub(self.offset) {
            Some(n) => self.own(n),
            None => self.base.as_ref().map_or("", |base| base.text(id)),
        }
    }

    /// How many texts there are, the base's included.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.offset.saturating_add(u32::try_from(self.ends.len()).unwrap_or(u32::MAX))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Two are equal when they know the same texts under the same numbers.
impl PartialEq for Interner {
    fn eq(&self, other: &Interner) -> bool {
        self.len() == other.len() && (0..self.len()).all(|n| self.text(TextId(n)) == other.text(TextId(n)))
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::{Interner, TextId};
    use std::sync::Arc;

    #[test]
    fn texts_keep_their_numbers() {
        let mut base = Interner::new();
        let texts: Vec<String> = (0..2_000).map(|n| format!("text {n}")).collect();
        for text in &texts[..1_000] {
            base.intern(text);
        }
        let mut own = Interner::on(Arc::new(base));
        for _ in 0..2 {
            for (n, text) in (0u32..).zip(&texts) {
                assert_eq!(own.intern(text), TextId(n));
                assert_eq!((own.find(text), own.text(TextId(n))), (Some(TextId(n)), text.as_str()));
            }
        }
        assert_eq!((own.find(""), own.len(), own.text(TextId(2_000))), (None, 2_000, ""));
        assert_eq!(own.intern(""), TextId(2_000));
        assert_eq!(own.find(""), Some(TextId(2_000)));
    }

    #[test]
    fn texts_that_are_made_to_collide_are_told_apart() {
        let mut own = Interner::new();
        let crowded = (0..200_000u32).map(|n| format!("{n:08}"));
        let crowded = crowded.filter(|text| crate::wire::index::hash(text.as_bytes()) & 0xfff == 0);
        let crowded: Vec<String> = crowded.collect();
        for text in &crowded {
            own.intern(text);
        }
        assert!(own.ids.is_some(), "{} texts were too few", crowded.len());
        for (n, text) in (0u32..).zip(&crowded) {
            assert_eq!((own.intern(text), own.find(text)), (TextId(n), Some(TextId(n))));
        }
    }
}
