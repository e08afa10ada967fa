//! Texts as numbers: policy's own texts first, a request's after them, so that equality is one comparison.

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
    texts: Vec<Arc<str>>,
    ids: BTreeMap<Arc<str>, TextId>,
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
        Interner { base: Some(base), offset, texts: Vec::new(), ids: BTreeMap::new() }
    }

    /// The number of a text, given one if it is new.
    pub fn intern(&mut self, text: &str) -> TextId {
        if let Some(id) = self.find(text) {
            return id;
        }
        let id = TextId(self.len());
        let text: Arc<str> = Arc::from(text);
        self.texts.push(Arc::clone(&text));
        self.ids.insert(text, id);
        id
    }

    /// The number of a text, if it has one.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<TextId> {
        let own = self.ids.get(text).copied();
        own.or_else(|| self.base.as_ref().and_then(|base| base.find(text)))
    }

    /// The text of a number; empty for a number that is none of ours.
    #[must_use]
    pub fn text(&self, id: TextId) -> &str {
        match id.0.checked_sub(self.offset) {
            Some(at) => self.texts.get(at as usize).map_or("", |text| text),
            None => self.base.as_ref().map_or("", |base| base.text(id)),
        }
    }

    /// How many texts there are, the base's included.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.offset.saturating_add(u32::try_from(self.texts.len()).unwrap_or(u32::MAX))
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
