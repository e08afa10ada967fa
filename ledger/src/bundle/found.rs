//! What `verify` finds in a bundle: what does not hold, and what holds without being shown.

use crate::decision::Replay;
use std::collections::BTreeSet;
use std::fmt;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Events of the chain.
    pub events: u64,
    /// Of which so many were erased.
    pub erased: u64,
    /// So many events, from the first, lie under a checkpoint.
    pub covered: u64,
    /// Checkpoints that were followed.
    pub checkpoints: u64,
    /// The public keys by which they are signed.
    pub signers: BTreeSet<[u8; 32]>,
    /// What each decision came to when it was asked again, by the number of its event in the chain.
    pub decisions: Vec<(u64, Replay)>,
    /// What does not hold.
    pub findings: Vec<Finding>,
    /// What holds, and is not shown by it.
    pub notes: Vec<Note>,
}

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub what: What,
    /// Where: `event 3` of the chain, `checkpoint 2`.
    pub place: String,
    /// More of it, where there is more to say.
    pub more: Option<String>,
}

/// What can fail to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum What {
    /// The words are not those that were sealed.
    Changed,
    /// The words are gone, and no erasure took them.
    Emptied,
    /// The link does not follow from the one before it.
    Broken,
    /// Its number in the ledger, or its instant, lies before that of the one before it.
    OutOfOrder,
    /// The words say something else than what stands beside them.
    Contradicts,
    /// It is about somebody else.
    Person,
    /// A checkpoint does not follow from the one before it, or its digest is not its own.
    Checkpoint,
    /// A signature is missing, none, or of a key that is not trusted.
    Signature,
    /// The checkpoint that was handed out is not among them.
    Unknown,
    /// The path does not lead to the checkpoint's root.
    Proof,
    /// Packs are not there, cannot be used, are not those of their digest, or belong to no decision.
    Packs,
    /// A decision does not rest on what was known.
    Facts,
    /// A decision asked again is another.
    Replay,
    /// Somebody else's refusal is not there, or says something else.
    Other,
    /// A text is not that of its digest, or nobody was shown it.
    Text,
}

impl What {
    /// It as one stable word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            What::Changed => "changed",
            What::Emptied => "emptied",
            What::Broken => "broken",
            What::OutOfOrder => "out_of_order",
            What::Contradicts => "contradicts",
            What::Person => "person",
            What::Checkpoint => "checkpoint",
            What::Signature => "signature",
            What::Unknown => "unknown",
            What::Proof => "proof",
            What::Packs => "packs",
            What::Facts => "facts",
            What::Replay => "replay",
            What::Other => "other",
            What::Text => "text",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            What::Changed => "the words are not those that were recorded",
            What::Emptied => "the words are gone, and no erasure took them",
            What::Broken => "its link does not follow from the one before it",
            What::OutOfOrder => "it stands before the one that it follows",
            What::Contradicts => "what stands beside the words is not what they say",
            What::Person => "it is about somebody else",
            What::Checkpoint => "it does not follow from the one before it",
            What::Signature => "it is not signed by a key that is trusted",
            What::Unknown => "the checkpoint that was handed out is not among them",
            What::Proof => "the path does not lead to the root",
            What::Packs => "the packs are not there, or not those of the decision",
            What::Facts => "the decision does not rest on what was known then",
            What::Replay => "asked again, the answer is another",
            What::Other => "somebody else's refusal is not there, or says something else",
            What::Text => "the text is not the one that was shown",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what.sentence())?;
        self.more.as_ref().map_or(Ok(()), |more| write!(f, " ({more})"))
    }
}

/// What is not shown, though nothing is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// So many events came after the last checkpoint: they are held by their chain alone.
    Uncovered(u64),
    /// So many checkpoints are signed by nobody.
    Unsigned(u64),
    /// Checkpoints are signed, and no key was named to hold the signatures to.
    NoKey,
    /// No checkpoint was named that had been handed out before.
    NoCheckpoint,
    /// So many refusals of others are sealed: that they lie there is proven, what they say is not.
    Sealed(u64),
    /// So many texts that were shown are here by their digests alone.
    Texts(u64),
    /// So many decisions were told by a host, without what is needed to ask again.
    Hosts(u64),
    /// So many decisions name another version of the engine, and are the same otherwise.
    OtherEngine(u64),
    /// So many decisions heeded what stands under other names of the person: it is told as it was heeded, and proven by a bundle
    /// of each name.
    Linked(u64),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count =
            |n: &u64, one: &str, many: &str| if *n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
        match self {
            Note::Uncovered(n) => {
                let events = count(n, "event lies", "events lie");
                write!(f, "{events} after the last checkpoint, and rests on the chain alone")
            }
            Note::Unsigned(n) => {
                write!(f, "{} signed by nobody", count(n, "checkpoint is", "checkpoints are"))
            }
            Note::NoKey => f.write_str("no key was named: whose the signatures are is not shown"),
            Note::NoCheckpoint => f.write_str(
                "no checkpoint was named that had been handed out: the whole may have been written anew",
            ),
            Note::Sealed(n) => {
                let refusals = count(n, "refusal of somebody else is", "refusals of others are");
                write!(f, "{refusals} sealed: that they lie in the ledger is shown, what they say is not")
            }
            Note::Texts(n) => {
                write!(
                    f,
                    "{} here by digest alone",
                    count(n, "text that was shown is", "texts that were shown are")
                )
            }
            Note::Hosts(n) => {
                let decisions = count(n, "decision was", "decisions were");
                write!(f, "{decisions} told by a host, and cannot be asked again")
            }
            Note::OtherEngine(n) => {
                let decisions = count(n, "decision names", "decisions name");
                write!(f, "{decisions} another version of the engine, and is the same otherwise")
            }
            Note::Linked(n) => {
                let decisions = count(n, "decision heeded", "decisions heeded");
                write!(
                    f,
                    "{decisions} what stands under other names of the person: a bundle of each name proves it"
                )
            }
        }
    }
}
