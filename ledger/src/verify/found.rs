//! What does not hold: as a stable word, and as a sentence.

use std::fmt;

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub what: What,
    /// At which event, by its number in the ledger.
    pub seq: Option<u64>,
    /// In whose chain: the store's number of the person.
    pub person: Option<i64>,
}

/// What can fail to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum What {
    /// Numbers of the ledger are missing before this one.
    Deleted,
    /// The words are not those that were sealed.
    Changed,
    /// The words are gone, and no erasure took them.
    Emptied,
    /// The link does not follow from the one before: something was changed, put in, taken out or moved.
    Broken,
    /// It is not the next in its person's chain.
    OutOfOrder,
    /// It was recorded before the one before it.
    Clock,
    /// A refusal or a tombstone that would not be found when it is looked for, or what comes before it in its person's chain.
    Unfindable,
    /// The store finds fault with its own tables or indexes.
    Store,
    /// A column says something else than the words.
    Contradicts,
    /// The person it belongs to is not there.
    Nobody,
    /// The person's chain has another end than its events.
    Head,
    /// A checkpoint does not follow from the events.
    Checkpoint,
    /// A stored root of the tree over the links does not follow from them.
    Tree,
    /// The packs that a decision was made by are not there, or not those.
    Packs,
    /// A checkpoint's signature is missing, somebody else's, or none.
    Signature,
    /// The checkpoint that was handed out is not among the ledger's.
    Unknown,
}

impl What {
    /// It as one stable word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            What::Deleted => "deleted",
            What::Changed => "changed",
            What::Emptied => "emptied",
            What::Broken => "broken",
            What::OutOfOrder => "out_of_order",
            What::Clock => "clock",
            What::Unfindable => "unfindable",
            What::Store => "store",
            What::Contradicts => "contradicts",
            What::Nobody => "nobody",
            What::Head => "head",
            What::Checkpoint => "checkpoint",
            What::Tree => "tree",
            What::Packs => "packs",
            What::Signature => "signature",
            What::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = match self.what {
            What::Deleted => "events before this one are missing",
            What::Changed => "the words are not those that were recorded",
            What::Emptied => "the words are gone, and no erasure took them",
            What::Broken => "its link does not follow from the one before it",
            What::OutOfOrder => "it is not the next of its person's chain",
            What::Clock => "it was recorded before the one before it",
            What::Unfindable => {
                "it, or what comes before it in its chain, would not be found when it is looked for"
            }
            What::Store => "the store's own tables or indexes are damaged",
            What::Contradicts => "its row says something else than its words",
            What::Nobody => "the person it belongs to is not there",
            What::Head => "the chain ends elsewhere than its person's row says",
            What::Checkpoint => "a checkpoint does not follow from the events up to it",
            What::Tree => "a stored root of the tree does not follow from the events up to it",
            What::Packs => "the packs that it was decided by are not there, or not those",
            What::Signature => "a checkpoint is not signed by a key that is trusted",
            What::Unknown => "the checkpoint that was handed out is not in the ledger",
        };
        if let Some(seq) = self.seq {
            write!(f, "event {seq}: ")?;
        }
        f.write_str(sentence)?;
        self.person.map_or(Ok(()), |person| write!(f, " (person {person})"))
    }
}
