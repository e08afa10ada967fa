//! Making a bundle from a ledger: everything of one person's, and of the rest digests alone.

use super::{Base64, Bundle, Checked, ERASURES, Elsewhere, FORM, Packs, Shown, Signed, Told};
use crate::chain::Digest;
use crate::checkpoint::peaks;
use crate::decision::{Record, packs};
use crate::erase::left;
use crate::error::{Error, Result};
use crate::event::{Event, List};
use crate::hex::{Hex, bytes};
use crate::ledger::{ERASURE, Ledger};
use crate::store::{Checkpoint, Kept, Person, Rows, Store};
use crate::tree::{BLOCK, BLOCK_LEVEL, Peaks, leaf, levels};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// What a bundle is made of.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    /// The person.
    pub person: &'a str,
    /// When it is made.
    pub made_at: Timestamp,
    /// Texts that were shown; those that an event names by their SHA-256 go in.
    pub texts: &'a [Vec<u8>],
    /// Whether the words of others, where they refused at an address of this person's, go in too. Without, they stay sealed:
    /// that they lie in the ledger is proven, what they say is not.
    pub open_others: bool,
}

impl<S: Store> Ledger<S> {
    /// Makes a bundle of what the ledger holds about a person. Of somebody erased it is the chain that was left.
    ///
    /// # Errors
    /// Nobody of that name is or was in the ledger; what is stored is damaged; as the store fails.
    pub fn export(&mut self, export: &Export<'_>) -> Result<Bundle> {
        let name = self.hashes.of_name(export.person);
        self.store.read(|rows| {
            let person = match rows.person(export.person)? {
                Some(person) => person,
                None => erased(rows, &name)?
                    .ok_or_else(|| Error::input("person", "nobody of that name is in the ledger"))?,
            };
            let mut made =
                Maker { prover: Prover::of(rows.blocks()?), checkpoints: rows.checkpoints()?, rows };
            made.bundle(&person, export)
        })
    }
}

/// Whoever was erased under a name: found by the tombstone, since the name is gone.
fn erased<R: Rows + ?Sized>(rows: &mut R, name: &[u8; 16]) -> Result<Option<Person>> {
    let Some(at) = rows.buried(name)? else { return Ok(None) };
    // Events are recorded in order of time: the first of that instant is found by halving.
    let (mut low, mut high) = (0, rows.last()?.0);
    while low < high {
        let middle = low + (high - low) / 2;
        match rows.after(middle, 1)?.first() {
            Some(event) if event.recorded < at => low = middle + 1,
            _ => high = middle,
        }
    }
    loop {
        let page = rows.after(low, 256)?;
        let Some(last) = page.last() else { return Ok(None) };
        for event in page.iter().filter(|it| it.list == ERASURE && it.recorded == at) {
            if event.words.as_deref().and_then(left).is_some_and(|left| left.contains(name)) {
                return rows.person_of(event.person);
            }
        }
        if last.recorded > at {
            return Ok(None);
        }
        low = last.seq;
    }
}

fn instant(at: i64) -> Result<String> {
    let at = Timestamp::from_microsecond(at).map_err(|_| Error::damaged("an instant is damaged"))?;
    Ok(at.to_string())
}

fn told(kept: &Kept) -> Result<Told> {
    let list = match kept.list {
        ERASURE => Some(ERASURES),
        number => List::ALL.into_iter().find(|it| *it as u8 == number).map(List::as_str),
    };
    Ok(Told {
        seq: kept.seq,
        list: list
            .ok_or_else(|| Error::damaged(format!("event {}: there is no such list", kept.seq)))?
            .to_owned(),
        recorded_at: instant(kept.recorded)?,
        salt: kept.salt.map(Hex),
        words: kept.words.clone(),
        seal: kept.seal,
        link: kept.link,
    })
}

struct Maker<'a, R: Rows + ?Sized> {
    rows: &'a mut R,
    prover: Prover,
    checkpoints: Vec<Checkpoint>,
}

impl<R: Rows + ?Sized> Maker<'_, R> {
    fn bundle(&mut self, person: &Person, export: &Export<'_>) -> Result<Bundle> {
        let kept = self.rows.of_person(person.number, i64::MAX)?;
        let events: Vec<Event> = kept
            .iter()
            .filter(|it| it.list != ERASURE)
            .filter_map(|it| Event::parse(it.words.as_deref()?).ok())
            .collect();
        // What is no decision of ours is told by `verify`.
        let decisions: Vec<Record> = events.iter().filter_map(|it| Record::read(it).ok()?).collect();
        let policies = decisions.iter().map(|it| it.policy).collect::<BTreeSet<_>>();
        let others =
            decisions.iter().flat_map(|it| &it.known.others).map(|it| it.event).collect::<BTreeSet<_>>();
        Ok(Bundle {
            byleave_bundle: FORM,
            made_at: export.made_at.to_string(),
            made_by: concat!("byleave ", env!("CARGO_PKG_VERSION")).to_owned(),
            person: person.name.clone(),
            who: Hex(person.who),
            events: kept.iter().map(told).collect::<Result<_>>()?,
            others: others
                .iter()
                .filter_map(|seq| self.other(*seq, export.open_others).transpose())
                .collect::<Result<_>>()?,
            checkpoints: self.checked(&kept)?,
            policies: policies.iter().filter_map(|it| self.packs(it).transpose()).collect::<Result<_>>()?,
            texts: shown(&events, export.texts),
        })
    }

    fn checked(&mut self, kept: &[Kept]) -> Result<Vec<Checked>> {
        let mut out = Vec::with_capacity(self.checkpoints.len());
        for it in &self.checkpoints {
            let last = kept.partition_point(|event| event.seq <= it.seq);
            let path = match last.checked_sub(1).and_then(|n| kept.get(n)) {
                Some(event) => self.prover.path(self.rows, it, event.seq)?,
                None => Vec::new(),
            };
            out.push(Checked {
                number: it.number,
                seq: it.seq,
                at: instant(it.at)?,
                root: it.root,
                before: it.before,
                digest: it.digest,
                signed: it.signed.as_ref().map(|it| Signed { by: Hex(it.by), signature: Hex(it.signature) }),
                path,
            });
        }
        Ok(out)
    }

    /// Somebody else's refusal; nothing when it is not there any more, which `verify` tells.
    fn other(&mut self, seq: u64, open: bool) -> Result<Option<Elsewhere>> {
        let Some(before) = seq.checked_sub(1) else { return Ok(None) };
        let Some(kept) = self.rows.after(before, 1)?.pop().filter(|it| it.seq == seq) else {
            return Ok(None);
        };
        let person = self.rows.person_of(kept.person)?.ok_or_else(|| Error::damaged("a person is gone"))?;
        let chain = self.rows.of_person(kept.person, kept.recorded)?;
        let before = chain.iter().take_while(|it| it.n < kept.n).last();
        let mut told = told(&kept)?;
        if !open {
            (told.salt, told.words) = (None, None);
        }
        let path = match self.checkpoints.last() {
            Some(last) => self.prover.path(self.rows, last, seq)?,
            None => Vec::new(),
        };
        let before = before.map_or(Digest::NONE, |it| it.link);
        Ok(Some(Elsewhere { who: Hex(person.who), n: kept.n, before, event: told, path }))
    }

    fn packs(&mut self, digest: &Digest) -> Result<Option<Packs>> {
        let found = self.rows.setting(&packs(digest))?;
        Ok(found.map(|bytes| Packs { sha256: *digest, compiled: Base64(bytes) }))
    }
}

/// Every text that an event names, with what it says where that is known.
fn shown(events: &[Event], texts: &[Vec<u8>]) -> Vec<Shown> {
    let known: BTreeMap<Digest, &Vec<u8>> = texts.iter().map(|it| (Digest::of(it), it)).collect();
    let named: BTreeSet<(Digest, String)> = events.iter().filter_map(named).collect();
    let one = |(sha256, language): (Digest, String)| {
        let found = known.get(&sha256);
        let text = found.and_then(|it| std::str::from_utf8(it).ok()).map(str::to_owned);
        let bytes = found.filter(|_| text.is_none()).map(|it| Base64((*it).clone()));
        Shown { sha256, language, text, bytes }
    };
    named.into_iter().map(one).collect()
}

/// The text that an event says was shown.
pub(super) fn named(event: &Event) -> Option<(Digest, String)> {
    let words: serde_json::Value = serde_json::from_str(event.words()).ok()?;
    let shown = words.get("text_shown")?;
    let sha256 = bytes(shown.get("sha256")?.as_str()?)?;
    Some((Digest(sha256), shown.get("language")?.as_str()?.to_owned()))
}

/// Nodes of the tree: from stored roots of whole blocks, and of the block at hand from its events.
struct Prover {
    upper: Vec<Vec<Digest>>,
    block: Option<(u64, Vec<Vec<Digest>>)>,
}

impl Prover {
    fn of(blocks: Vec<Digest>) -> Prover {
        Prover { upper: levels(blocks), block: None }
    }

    /// From an event to a checkpoint's root; empty when the checkpoint is older.
    fn path(
        &mut self,
        rows: &mut (impl Rows + ?Sized),
        checkpoint: &Checkpoint,
        seq: u64,
    ) -> Result<Vec<Digest>> {
        let peaks: Peaks = peaks(checkpoint).ok_or_else(|| Error::damaged("a checkpoint is damaged"))?;
        let Some(index) = seq.checked_sub(1) else { return Ok(Vec::new()) };
        Ok(peaks.path(index, |level, n| self.node(rows, level, n))?.unwrap_or_default())
    }

    fn node(&mut self, rows: &mut (impl Rows + ?Sized), level: u32, n: u64) -> Result<Digest> {
        let gone = || Error::damaged("the tree over the links is not whole");
        let at = |rows: &[Vec<Digest>], level: u32, n: u64| {
            rows.get(level as usize)?.get(usize::try_from(n).ok()?).copied()
        };
        if let Some(level) = level.checked_sub(BLOCK_LEVEL) {
            return at(&self.upper, level, n).ok_or_else(gone);
        }
        let number = n >> (BLOCK_LEVEL - level);
        if self.block.as_ref().is_none_or(|(it, _)| *it != number) {
            let events = rows.after(number * BLOCK, BLOCK as usize)?;
            let leaves = events.iter().map(|it| leaf(&it.link)).collect();
            self.block = Some((number, levels(leaves)));
        }
        let within = n - (number << (BLOCK_LEVEL - level));
        self.block.as_ref().and_then(|(_, rows)| at(rows, level, within)).ok_or_else(gone)
    }
}
