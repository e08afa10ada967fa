//! Whether a bundle holds: nothing but the bundle is asked, and what whoever verifies knows from elsewhere.

use super::export::named;
use super::found::{Finding, Note, Verified, What};
use super::{Bundle, Checked, Elsewhere, Shown, Told, micros};
use crate::chain::{self, Digest};
use crate::checkpoint::{digest, holds};
use crate::decision::{OtherThen, Policy, Record, Replay};
use crate::erase::left;
use crate::event::{Event, List};
use crate::facts::at_address;
use crate::store::{self, Checkpoint};
use crate::tree::root_by;
use crate::verify::Trust;
use byleave::wire::{Json, Limits};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

impl Bundle {
    /// Holds everything in the bundle against everything else in it, and asks every decision again.
    #[must_use]
    pub fn verify(&self, trust: &Trust) -> Verified {
        let mut it = Verifier { bundle: self, out: Verified::default(), events: Vec::new() };
        it.chain();
        it.checkpoints(trust);
        let records = it.decisions();
        it.others(&records);
        it.texts();
        it.out
    }
}

struct Verifier<'a> {
    bundle: &'a Bundle,
    out: Verified,
    /// What each event says; nothing of what says nothing.
    events: Vec<Option<Event>>,
}

/// A decision with where it stands.
struct Recorded {
    n: u64,
    record: Record,
}

impl Verifier<'_> {
    fn found(&mut self, what: What, place: impl fmt::Display) {
        self.found_more(what, place, None);
    }

    fn found_more(&mut self, what: What, place: impl fmt::Display, more: Option<String>) {
        self.out.findings.push(Finding { what, place: place.to_string(), more });
    }

    fn chain(&mut self) {
        let (mut before, mut seq, mut recorded) = (Digest::NONE, 0, i64::MIN);
        let mut emptied = Vec::new();
        for (n, told) in (1..).zip(&self.bundle.events) {
            let place = format!("event {n}");
            self.out.events += 1;
            match told.place(self.bundle.who.0, n) {
                None => self.found(What::Contradicts, &place),
                Some(at) => {
                    if at.seq <= seq || at.recorded < recorded {
                        self.found(What::OutOfOrder, &place);
                    }
                    (seq, recorded) = (at.seq, at.recorded);
                    if chain::link(&before, &at, &told.seal) != told.link {
                        self.found(What::Broken, &place);
                    }
                }
            }
            before = told.link;
            let mut event = None;
            match sealed(told) {
                None => {
                    emptied.push(n);
                    self.out.erased += 1;
                }
                Some(Err(what)) => self.found(what, &place),
                Some(Ok(None)) => emptied.clear(),
                Some(Ok(Some(read))) => {
                    if self.bundle.person.as_ref() != Some(&read.person) {
                        self.found(What::Person, &place);
                    }
                    event = Some(*read);
                }
            }
            self.events.push(event);
        }
        for n in emptied {
            self.found(What::Emptied, format!("event {n}"));
        }
    }

    fn checkpoints(&mut self, trust: &Trust) {
        let mut before: Option<&Checked> = None;
        let mut unsigned = 0;
        for (number, it) in (1..).zip(&self.bundle.checkpoints) {
            let place = format!("checkpoint {number}");
            self.out.checkpoints += 1;
            let follows = it.number == number
                && it.before == before.map_or(Digest::NONE, |it| it.digest)
                && before.is_none_or(|before| before.seq < it.seq)
                && bare(it).is_some_and(|bare| digest(&bare) == it.digest);
            if !follows {
                self.found(What::Checkpoint, &place);
            }
            match &it.signed {
                None => unsigned += 1,
                Some(signed) => {
                    self.out.signers.insert(signed.by.0);
                    let signed = store::Signed { by: signed.by.0, signature: signed.signature.0 };
                    if !holds(&signed, &it.digest) {
                        self.found(What::Signature, &place);
                    }
                }
            }
            let trusted = it.signed.as_ref().is_some_and(|signed| trust.keys.contains(&signed.by.0));
            if !trust.keys.is_empty() && !trusted {
                self.found(What::Signature, &place);
            }
            let covered = self.bundle.events.partition_point(|event| event.seq <= it.seq);
            let proven = match covered.checked_sub(1).and_then(|n| self.bundle.events.get(n)) {
                None => it.path.is_empty(),
                Some(last) => {
                    let index = last.seq.checked_sub(1);
                    index.and_then(|index| root_by(&last.link, index, it.seq, &it.path)) == Some(it.root)
                }
            };
            if proven {
                self.out.covered = covered as u64;
            } else {
                self.found(What::Proof, &place);
            }
            before = Some(it);
        }
        if !trust.keys.is_empty() && self.bundle.checkpoints.is_empty() {
            self.found_more(What::Signature, "checkpoints", Some("there is none".to_owned()));
        }
        match &trust.checkpoint {
            None => self.out.notes.push(Note::NoCheckpoint),
            Some(known) if self.bundle.checkpoints.iter().any(|it| it.digest == *known) => {}
            Some(_) => self.found(What::Unknown, "checkpoints"),
        }
        if trust.keys.is_empty() && !self.out.signers.is_empty() {
            self.out.notes.push(Note::NoKey);
        }
        self.note(unsigned, Note::Unsigned);
        self.note(self.out.events.saturating_sub(self.out.covered), Note::Uncovered);
    }

    fn note(&mut self, n: u64, note: fn(u64) -> Note) {
        if n > 0 {
            self.out.notes.push(note(n));
        }
    }

    fn decisions(&mut self) -> Vec<Recorded> {
        let mut policies: BTreeMap<Digest, Policy> = BTreeMap::new();
        for (n, it) in (1..).zip(&self.bundle.policies) {
            let place = format!("packs {n}");
            if Digest::of(&it.compiled.0) != it.sha256 {
                self.found(What::Packs, &place);
                continue;
            }
            match Policy::from_bytes(it.compiled.0.clone()) {
                Ok(policy) => {
                    if policies.insert(it.sha256, policy).is_some() {
                        self.found_more(What::Packs, &place, Some("they are there twice".to_owned()));
                    }
                }
                Err(error) => self.found_more(What::Packs, &place, Some(error.to_string())),
            }
        }
        let (mut records, mut hosts, mut others) = (Vec::new(), 0, 0);
        let told = (1u64..).zip(&self.events).filter_map(|(n, event)| Some((n, event.as_ref()?)));
        for (n, event) in told.filter(|(_, it)| it.list == List::Decisions) {
            match Record::read(event) {
                Ok(Some(record)) => records.push(Recorded { n, record }),
                Ok(None) => hosts += 1,
                Err(error) => self.out.findings.push(Finding {
                    what: What::Replay,
                    place: format!("event {n}"),
                    more: Some(error.to_string()),
                }),
            }
        }
        for it in &records {
            let place = format!("event {}", it.n);
            if let Err(more) = self.rests(it) {
                self.found_more(What::Facts, &place, Some(more));
            }
            let Some(policy) = policies.get(&it.record.policy) else {
                self.found(What::Packs, &place);
                continue;
            };
            let replay = self.replay(it, policy);
            match &replay {
                Replay::Same => {}
                Replay::OtherEngine { .. } => others += 1,
                Replay::Differs(all) => {
                    let all = all.iter().map(|it| format!("{} was {}, is {}", it.what, it.then, it.now));
                    let more = all.collect::<Vec<_>>().join("; ");
                    self.found_more(What::Replay, &place, Some(more));
                }
                Replay::Impossible(why) => self.found_more(What::Replay, &place, Some(why.clone())),
            }
            self.out.decisions.push((it.n, replay));
        }
        for (n, it) in (1..).zip(&self.bundle.policies) {
            if !records.iter().any(|record| record.record.policy == it.sha256) {
                self.found_more(
                    What::Packs,
                    format!("packs {n}"),
                    Some("they belong to no decision".to_owned()),
                );
            }
        }
        self.note(hosts, Note::Hosts);
        self.note(others, Note::OtherEngine);
        let linked = records.iter().filter(|it| !it.record.known.linked.is_empty()).count();
        self.note(linked as u64, Note::Linked);
        records
    }

    fn replay(&self, it: &Recorded, policy: &Policy) -> Replay {
        let known = usize::try_from(it.record.known.events).unwrap_or(usize::MAX);
        let told = self.events.iter().take(known).flatten();
        let own = told.filter(|event| event.list != List::Decisions).cloned().collect();
        it.record.replay(self.bundle.person.as_deref().unwrap_or_default(), own, policy.engine())
    }

    /// Whether the decision saw every event that was known then, and none that was not.
    fn rests(&self, it: &Recorded) -> Result<(), String> {
        let known = &it.record.known;
        if known.events >= it.n {
            return Err("it counts events that came after it".to_owned());
        }
        let (_, asked) = it.record.asked().map_err(|error| error.to_string())?;
        let known_at = asked.ask("").known_at.as_microsecond();
        let at = |n: u64| self.bundle.events.get(usize::try_from(n).ok()?.checked_sub(1)?);
        let last = at(known.events);
        if last.map(|it| it.link) != known.link {
            return Err("the chain it names is another".to_owned());
        }
        let recorded = |told: &Told| micros(&told.recorded_at).unwrap_or(i64::MAX);
        if last.is_some_and(|last| recorded(last) > known_at) {
            return Err("it rests on an event that was recorded later".to_owned());
        }
        // The next event of the chain was known only later; those after it later still.
        if at(known.events + 1).is_some_and(|next| known.events + 1 < it.n && recorded(next) <= known_at) {
            return Err(format!("event {} was known, and was left out", known.events + 1));
        }
        Ok(())
    }

    fn others(&mut self, records: &[Recorded]) {
        let mut sealed = 0;
        for (n, it) in (1..).zip(&self.bundle.others) {
            let place = format!("refusal {n}, of event {} of the ledger", it.event.seq);
            let bound: Vec<&OtherThen> = records
                .iter()
                .flat_map(|record| &record.record.known.others)
                .filter(|then| then.event == it.event.seq)
                .collect();
            if let Err(more) = self.other(it, &bound) {
                self.found_more(What::Other, &place, Some(more));
            }
            if it.event.words.is_none() {
                sealed += 1;
            }
        }
        for record in records {
            for then in &record.record.known.others {
                if !self
                    .bundle
                    .others
                    .iter()
                    .any(|it| it.event.seq == then.event && it.event.link == then.link)
                {
                    let more = format!("event {} of the ledger", then.event);
                    self.found_more(What::Other, format!("event {}", record.n), Some(more));
                }
            }
        }
        self.note(sealed, Note::Sealed);
    }

    fn other(&self, it: &Elsewhere, bound: &[&OtherThen]) -> Result<(), String> {
        let no = |words: &str| Err(words.to_owned());
        if bound.is_empty() {
            return no("it bound no decision");
        }
        if it.who == self.bundle.who {
            return no("it is the person's own");
        }
        let place = it.event.place(it.who.0, it.n).filter(|_| it.event.list == List::Consents.as_str());
        let Some(place) = place else { return no("it is no consent") };
        if chain::link(&it.before, &place, &it.event.seal) != it.event.link {
            return no("its link does not follow from its place");
        }
        if let Some(last) = self.bundle.checkpoints.last().filter(|last| last.seq >= it.event.seq) {
            if root_by(&it.event.link, it.event.seq.saturating_sub(1), last.seq, &it.path) != Some(last.root)
            {
                return no("the path does not lead to the last checkpoint's root");
            }
        } else if !it.path.is_empty() {
            return no("its path leads nowhere");
        }
        let opened = match sealed(&it.event) {
            None => None,
            Some(Ok(Some(event))) if event.revokes().is_some() => Some(event),
            Some(_) => return no("its words are not those of a refusal that was sealed"),
        };
        for then in bound {
            let record =
                Json::from_serialize(&then.record, &Limits::MOST).map_err(|error| error.to_string())?;
            if record.get("recorded_at") != Some(&Json::Text(it.event.recorded_at.clone())) {
                return no("the decision tells another instant");
            }
            // An address is written as each request has it: which one is seen where the refusal is opened.
            let same = |event: &Event| {
                let addresses = record.get("scope").and_then(|it| it.get("address"));
                let Some(Json::List(items)) = addresses else { return false };
                let Some(Json::Text(address)) = items.first().map(|it| &it.json) else { return false };
                let normal = crate::normal_address(address);
                let names = event.addresses().iter().any(|it| crate::normal_address(it) == normal);
                names
                    && at_address(event.record(), address, it.event.seq)
                        .is_some_and(|mut told| told.admit(&Limits::MOST).is_ok() && told == record)
            };
            if opened.as_deref().is_some_and(|event| !same(event)) {
                return no("the decision tells it otherwise");
            }
        }
        Ok(())
    }

    fn texts(&mut self) {
        let named: BTreeSet<(Digest, String)> = self.events.iter().flatten().filter_map(named).collect();
        let mut absent = 0;
        for (n, it) in (1..).zip(&self.bundle.texts) {
            let place = format!("text {n}");
            if !named.contains(&(it.sha256, it.language.clone())) {
                self.found_more(What::Text, &place, Some("no event says that it was shown".to_owned()));
            }
            match content(it) {
                Err(()) => self.found(What::Text, &place),
                Ok(None) => absent += 1,
                Ok(Some(bytes)) if Digest::of(bytes) == it.sha256 => {}
                Ok(Some(_)) => self.found(What::Text, &place),
            }
        }
        self.note(absent, Note::Texts);
    }
}

/// What an event says, once its words are held against its seal: nothing where they are gone; no event where it is an erasure.
fn sealed(told: &Told) -> Option<Result<Option<Box<Event>>, What>> {
    let (salt, words) = match (&told.salt, &told.words) {
        (Some(salt), Some(words)) => (salt, words),
        (None, None) => return None,
        _ => return Some(Err(What::Changed)),
    };
    if chain::seal(&salt.0, words) != told.seal {
        return Some(Err(What::Changed));
    }
    if told.number() == Some(crate::ledger::ERASURE) {
        return Some(left(words).map(|_| None).ok_or(What::Contradicts));
    }
    let read = Event::parse(words).ok().filter(|event| {
        event.list.as_str() == told.list
            && micros(&told.recorded_at) == Some(event.recorded_at.as_microsecond())
    });
    Some(read.map(|it| Some(Box::new(it))).ok_or(What::Contradicts))
}

/// A checkpoint as its digest binds it.
fn bare(it: &Checked) -> Option<Checkpoint> {
    Some(Checkpoint {
        number: it.number,
        seq: it.seq,
        at: micros(&it.at)?,
        root: it.root,
        peaks: Vec::new(),
        before: it.before,
        digest: it.digest,
        signed: None,
    })
}

/// A text's bytes, of one form or the other.
fn content(it: &Shown) -> Result<Option<&[u8]>, ()> {
    match (&it.text, &it.bytes) {
        (Some(text), None) => Ok(Some(text.as_bytes())),
        (None, Some(bytes)) => Ok(Some(&bytes.0)),
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(()),
    }
}
