//! What the ledger's verbs give, under the same names in every language.

use byleave::Instant;
use byleave_ledger::bundle::{Bundle, Verified};
use byleave_ledger::{Digest, Replay, Report, store};
use serde::Serialize;

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// Its number in the ledger.
    pub seq: u64,
    /// Its number in its person's chain.
    pub n: u64,
    /// Its link, in hexadecimal: a host's own proof.
    pub link: String,
    /// False when it was there already, told in the same words.
    pub new: bool,
}

impl From<byleave_ledger::Receipt> for Receipt {
    fn from(it: byleave_ledger::Receipt) -> Receipt {
        Receipt { seq: it.seq, n: it.n, link: it.link.hex(), new: it.new }
    }
}

/// How much a ledger holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Events, those that were erased counted too.
    pub events: u64,
    /// People.
    pub people: u64,
}

/// What another ledger has not been told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LedgerLines {
    /// JSON Lines, an event on each.
    pub lines: String,
    /// How many that are.
    pub events: u64,
    /// Events that were erased: nothing is told of them.
    pub erased: u64,
    /// Decisions on record, which stay in their ledger.
    pub decisions: u64,
    /// How far whoever has the lines has been told; nothing of an empty ledger.
    pub mark: Option<String>,
    /// Whether there are more after it.
    pub more: bool,
}

impl From<byleave_ledger::Lines> for LedgerLines {
    fn from(it: byleave_ledger::Lines) -> LedgerLines {
        LedgerLines {
            lines: it.text,
            events: it.events,
            erased: it.erased,
            decisions: it.decisions,
            mark: it.mark.map(|it| it.to_string()),
            more: it.more,
        }
    }
}

/// What became of another ledger's lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TakenIn {
    /// Events that are new here.
    pub new: u64,
    /// Events that were there already, told in the same words.
    pub there: u64,
    /// Lines of what was erased there, and of decisions, which stay in their ledger.
    pub passed: u64,
    /// Lines that were refused, in their order.
    pub refused: Vec<RefusedLine>,
    /// Where this ledger ended before.
    pub before: Option<String>,
    /// Where it ends now.
    pub mark: Option<String>,
}

/// A line that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedLine {
    /// Its number, from 1.
    pub line: u64,
    /// What kind of thing went wrong, as an error says it.
    pub kind: &'static str,
    /// Where in the event.
    pub path: Option<String>,
    /// One sentence.
    pub message: String,
    /// What to do instead.
    pub hint: Option<String>,
}

impl From<byleave_ledger::Taken> for TakenIn {
    fn from(it: byleave_ledger::Taken) -> TakenIn {
        let refused = it.refused.into_iter().map(|it| RefusedLine {
            line: it.line,
            kind: it.error.kind().as_str(),
            path: it.error.path().filter(|path| !path.is_empty()).map(str::to_owned),
            message: it.error.message().to_owned(),
            hint: it.error.hint_text().map(str::to_owned),
        });
        TakenIn {
            new: it.new,
            there: it.there,
            passed: it.passed,
            refused: refused.collect(),
            before: it.before.map(|it| it.to_string()),
            mark: it.mark.map(|it| it.to_string()),
        }
    }
}

/// The state of the whole at one number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checkpoint {
    /// From 1.
    pub number: u64,
    /// How many events it covers.
    pub events: u64,
    /// When it was made.
    pub at: String,
    /// Its digest, to be handed out.
    pub checkpoint: String,
    /// The public key by which it is signed.
    pub signed_by: Option<String>,
}

impl From<store::Checkpoint> for Checkpoint {
    fn from(it: store::Checkpoint) -> Checkpoint {
        Checkpoint {
            number: it.number,
            events: it.seq,
            at: Instant(it.at).to_string(),
            checkpoint: it.digest.hex(),
            signed_by: it.signed.map(|it| Digest(it.by).hex()),
        }
    }
}

/// Whether a ledger holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LedgerReport {
    /// Whether nothing was found.
    pub holds: bool,
    /// Events that were read.
    pub events: u64,
    /// People whose chains were followed.
    pub people: u64,
    /// Checkpoints that were held against the events.
    pub checkpoints: u64,
    /// The last event that a checkpoint covers.
    pub covered: u64,
    /// What does not hold, in order of events.
    pub findings: Vec<LedgerFinding>,
}

/// Something that does not hold in a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LedgerFinding {
    /// What it is, in one stable word.
    pub what: &'static str,
    /// At which event, by its number in the ledger.
    pub event: Option<u64>,
    /// In whose chain: the store's number of the person.
    pub person: Option<i64>,
    /// The same to be read.
    pub sentence: String,
}

impl From<Report> for LedgerReport {
    fn from(it: Report) -> LedgerReport {
        let findings = it.findings.iter().map(|it| LedgerFinding {
            what: it.what.as_str(),
            event: it.seq,
            person: it.person,
            sentence: it.to_string(),
        });
        LedgerReport {
            holds: it.findings.is_empty(),
            events: it.events,
            people: it.people,
            checkpoints: it.checkpoints,
            covered: it.covered,
            findings: findings.collect(),
        }
    }
}

/// Whether a bundle holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BundleReport {
    /// Whether nothing was found.
    pub holds: bool,
    /// The person, as the host named them; nothing once erased.
    pub person: Option<String>,
    /// Events of the chain.
    pub events: u64,
    /// Of which so many were erased.
    pub erased: u64,
    /// So many events, from the first, lie under a checkpoint.
    pub covered: u64,
    /// Checkpoints that were followed.
    pub checkpoints: u64,
    /// The public keys by which they are signed.
    pub signers: Vec<String>,
    /// What each decision came to when it was asked again.
    pub decisions: Vec<Replayed>,
    /// What does not hold.
    pub findings: Vec<BundleFinding>,
    /// What holds, and is not shown by it.
    pub not_shown: Vec<String>,
}

/// What a decision came to when it was asked again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// The number of its event in the person's chain.
    pub n: u64,
    /// The number of its event in the ledger.
    pub event: u64,
    /// `same`, `other_engine`, `differs`, `impossible`.
    pub replay: &'static str,
    /// Where it differs, or why it cannot be asked.
    pub more: Vec<String>,
}

/// Something that does not hold in a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BundleFinding {
    /// What it is, in one stable word.
    pub what: &'static str,
    /// Where: `event 3` of the chain, `checkpoint 2`.
    pub place: String,
    /// The same to be read.
    pub sentence: String,
}

impl BundleReport {
    /// Of what was found in a bundle.
    #[must_use]
    pub fn of(bundle: &Bundle, verified: &Verified) -> BundleReport {
        let seq = |n: u64| {
            let at = usize::try_from(n).ok().and_then(|n| n.checked_sub(1));
            at.and_then(|at| bundle.events.get(at)).map_or(0, |it| it.seq)
        };
        let decisions = verified.decisions.iter().map(|(n, replay)| {
            let (word, more) = replayed(replay);
            Replayed { n: *n, event: seq(*n), replay: word, more }
        });
        let findings = verified.findings.iter().map(|it| BundleFinding {
            what: it.what.as_str(),
            place: it.place.clone(),
            sentence: it.to_string(),
        });
        BundleReport {
            holds: verified.findings.is_empty(),
            person: bundle.person.clone(),
            events: verified.events,
            erased: verified.erased,
            covered: verified.covered,
            checkpoints: verified.checkpoints,
            signers: verified.signers.iter().map(|it| digits(*it)).collect(),
            decisions: decisions.collect(),
            findings: findings.collect(),
            not_shown: verified.notes.iter().map(ToString::to_string).collect(),
        }
    }
}

fn replayed(replay: &Replay) -> (&'static str, Vec<String>) {
    match replay {
        Replay::Same => ("same", Vec::new()),
        Replay::OtherEngine { then, now } => ("other_engine", vec![format!("{then} then, {now} here")]),
        Replay::Differs(all) => {
            let line =
                |it: &byleave_ledger::Difference| format!("{}: {} then, {} now", it.what, it.then, it.now);
            ("differs", all.iter().map(line).collect())
        }
        Replay::Impossible(why) => ("impossible", vec![why.clone()]),
    }
}

/// Bytes in lower-case hexadecimal.
pub(super) fn digits(bytes: [u8; 32]) -> String {
    Digest(bytes).hex()
}
