//! Decisions on record and bundles of evidence: what they prove elsewhere, and what is found when something in one is touched.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs
)]

use byleave::Engine;
use byleave::wire::{Json, Limits};
use byleave_ledger::bundle::{Bundle, Export, Note, Verified, What};
use byleave_ledger::store::{Kept, Rows, Store};
use byleave_ledger::{
    Deciding, Digest, Erasure, ErrorKind, Event, Key, Ledger, List, Memory, Policy, Replay, Sqlite, Trust,
    What as Whole,
};
use proptest::prelude::*;
use std::sync::OnceLock;

const LAW: &str = r#"
pack stop { title "Stop" source "Handbook" edition "1" }
use core
rule heed {
  cite "Handbook 1"
  when contact.channel is text
  require no revocation covering contact
  because "Who said stop is left alone."
}
rule asked {
  cite "Handbook 2"
  when contact.channel is text
  require consent at least express
  because "Texts go to those who asked for them."
}
"#;

const TEXT: &str = "Yes, text me about offers.";

fn engine() -> Engine {
    byleave_packs::builder(["core"]).unwrap().source("stop", "stop.leave", LAW).build().unwrap()
}

fn policy() -> &'static Policy {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    POLICY.get_or_init(|| Policy::of(&engine()).unwrap())
}

fn event(key: &str, person: &str, at: &str, list: &str, record: &str) -> Event {
    let shown = format!(r#"{{"sha256": "{}", "language": "en"}}"#, Digest::of(TEXT.as_bytes()));
    let words = format!(
        r#"{{"key": "{key}", "person": "{person}", "list": "{list}", "source": "form", "actor": {{"kind": "person"}},
            "recorded_at": "{at}", "text_shown": {shown}, "event": {record}}}"#
    );
    Event::parse(&words).unwrap()
}

fn grant(key: &str, person: &str, at: &str) -> Event {
    let record = format!(
        r#"{{"kind": "grant", "level": "express", "at": "{at}", "means": "web_signature", "scope": {{"channel": ["text"]}}}}"#
    );
    event(key, person, at, "consents", &record)
}

fn stop(key: &str, person: &str, at: &str) -> Event {
    let record = format!(
        r#"{{"kind": "revoke", "at": "{at}", "means": "text_reply", "holder": "{person}", "scope": {{"channel": ["text"], "address": "202-555-0100"}}}}"#
    );
    event(key, person, at, "consents", &record)
}

fn request(at: &str) -> Json {
    let text = format!(
        r#"{{"at": "{at}", "person": {{"time_zones": ["America/New_York"], "jurisdictions": ["US-NY"]}},
            "contact": {{"channel": "sms", "purpose": ["survey"], "topic": []}}, "address": {{"value": "+12025550100"}}}}"#
    );
    Json::parse(&text, &Limits::MOST).unwrap()
}

fn decide(ledger: &mut Ledger<impl Store>, person: &str, at: &str) -> byleave_ledger::Decided {
    let by = Deciding { person, source: "test", recorded_at: at.parse().unwrap() };
    ledger.decide(&request(at), policy(), &by).unwrap()
}

fn export(ledger: &mut Ledger<impl Store>, person: &str, open_others: bool) -> Bundle {
    let texts = [TEXT.as_bytes().to_vec(), b"shown to nobody".to_vec()];
    let made_at = "2026-08-01T00:00:00Z".parse().unwrap();
    ledger.export(&Export { person, made_at, texts: &texts, open_others }).unwrap()
}

fn key() -> Key {
    Key::from_bytes(&[7; 32])
}

/// Ann agreed, was written to, and shares a telephone with Bob, who said stop; thousands of others besides.
fn world() -> Ledger<Memory> {
    world_in(Ledger::in_memory().unwrap())
}

fn world_in<S: Store>(mut ledger: Ledger<S>) -> Ledger<S> {
    let crowd = |from: usize, to: usize, at: &str| -> Vec<Event> {
        (from..to)
            .map(|n| event(&format!("v{n}"), &format!("p{}", n % 50), at, "interactions", "{}"))
            .collect()
    };
    ledger.append(&crowd(0, 700, "2026-07-01T00:00:00Z")).unwrap();
    ledger.append(&[grant("g", "ann", "2026-07-01T00:00:01Z")]).unwrap();
    assert!(decide(&mut ledger, "ann", "2026-07-01T00:00:02Z").answer.starts_with(r#"{"outcome":"allow""#));
    ledger.checkpoint("2026-07-01T12:00:00Z".parse().unwrap(), Some(&key())).unwrap();
    ledger.append(&[stop("s", "bob", "2026-07-02T00:00:00Z")]).unwrap();
    ledger.append(&crowd(700, 2400, "2026-07-02T00:00:00Z")).unwrap();
    ledger.checkpoint("2026-07-02T12:00:00Z".parse().unwrap(), Some(&key())).unwrap();
    assert!(decide(&mut ledger, "ann", "2026-07-03T00:00:00Z").answer.starts_with(r#"{"outcome":"deny""#));
    ledger.append(&crowd(2400, 2500, "2026-07-03T00:00:00Z")).unwrap();
    ledger.checkpoint("2026-07-03T12:00:00Z".parse().unwrap(), Some(&key())).unwrap();
    ledger
}

/// A bundle of that world, and what is known of it elsewhere.
fn known() -> &'static (String, Trust) {
    static KNOWN: OnceLock<(String, Trust)> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let bundle = export(&mut world(), "ann", false);
        let trust = Trust { keys: vec![key().public()], checkpoint: Some(bundle.checkpoints[1].digest) };
        (bundle.to_json().unwrap(), trust)
    })
}

fn whats(verified: &Verified) -> Vec<(What, &str)> {
    verified.findings.iter().map(|it| (it.what, it.place.as_str())).collect()
}

#[test]
fn a_bundle_proves_itself_and_replays_every_decision() {
    let (text, trust) = known();
    let bundle = Bundle::from_bytes(text.as_bytes()).unwrap();
    let verified = bundle.verify(trust);
    assert_eq!(verified.findings, []);
    assert_eq!((verified.events, verified.covered, verified.checkpoints), (3, 3, 3));
    assert_eq!(verified.decisions, [(2, Replay::Same), (3, Replay::Same)]);
    assert_eq!(verified.notes, [Note::Sealed(1)]);
    assert_eq!(verified.signers.into_iter().collect::<Vec<_>>(), [key().public()]);
    assert_eq!(bundle.texts.len(), 1);
    assert_eq!(bundle.texts[0].text.as_deref(), Some(TEXT));
    // Nobody else's words: neither Bob's name nor the way he wrote the number, nor anybody of the crowd.
    let told = Bundle { policies: Vec::new(), ..bundle.clone() }.to_json().unwrap();
    for other in ["bob", "202-555-0100", "p1", "v7"] {
        assert!(!told.contains(other), "{other}");
    }
    // A path is as long as a number has bits.
    assert!(bundle.checkpoints.iter().all(|it| (1..=13).contains(&it.path.len())));
    // Opened, his refusal is proven to say what the decision heeded.
    let opened = export(&mut world(), "ann", true);
    assert!(opened.to_json().unwrap().contains("202-555-0100"));
    let verified = opened.verify(&Trust::default());
    assert_eq!((verified.findings, verified.decisions.len()), (vec![], 2));
    assert_eq!(verified.notes, [Note::NoCheckpoint, Note::NoKey]);
}

#[test]
fn a_ledger_that_holds_decisions_verifies() {
    let mut ledger = world();
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
}

#[test]
fn the_same_question_by_the_same_facts_is_recorded_once() {
    let mut ledger = world();
    let by = |at: &str| Deciding { person: "ann", source: "test", recorded_at: at.parse().unwrap() };
    // As of before the first decision, asked twice later.
    let ask = request("2026-07-01T00:00:01.5Z");
    let first = ledger.decide(&ask, policy(), &by("2026-07-04T00:00:00Z")).unwrap();
    let again = ledger.decide(&ask, policy(), &by("2026-07-05T00:00:00Z")).unwrap();
    assert!(first.receipt.new && !again.receipt.new && first.answer == again.answer);
    assert!(first.answer.starts_with(r#"{"outcome":"allow""#));
    // What was known then, and not what is known now.
    let verified = export(&mut ledger, "ann", false).verify(&Trust::default());
    assert_eq!(verified.findings, []);
    assert_eq!(verified.decisions.len(), 3);
}

#[test]
fn claims_and_tombstones_are_part_of_what_was_known() {
    let mut ledger = world();
    ledger.keeps(List::Contacts, Some("2020-01-01T00:00:00Z".parse().unwrap())).unwrap();
    ledger.keeps(List::Interactions, None).unwrap();
    let by = "privacy office";
    let recorded_at = "2026-07-04T00:00:00Z".parse().unwrap();
    let erasure =
        Erasure { person: "bob", why: "request 12", by, recorded_at, addresses: &["+1 202 555 0100"] };
    ledger.erase(&erasure).unwrap();
    let decided = decide(&mut ledger, "zoe", "2026-07-05T00:00:00Z");
    assert!(
        decided.answer.starts_with(r#"{"outcome":"deny""#) && decided.answer.contains(r#""id":"erased""#)
    );
    // What is claimed later is not what was claimed then.
    ledger.keeps(List::Contacts, None).unwrap();
    ledger.checkpoint("2026-07-06T00:00:00Z".parse().unwrap(), Some(&key())).unwrap();
    for person in ["zoe", "ann"] {
        // Bob's refusal, which bound Ann, is there as a seal: his words are gone.
        let bundle = export(&mut ledger, person, true);
        let verified = bundle.verify(&Trust { keys: vec![key().public()], checkpoint: None });
        assert_eq!(verified.findings, [], "{person}");
        assert!(
            verified.decisions.iter().all(|(_, it)| *it == Replay::Same) && !verified.decisions.is_empty()
        );
    }
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
}

#[test]
fn what_stands_under_another_name_of_the_person_is_asked_again_and_named() {
    let mut ledger = Ledger::in_memory().unwrap();
    ledger.append(&[grant("g", "ann", "2026-07-01T00:00:01Z")]).unwrap();
    let no = r#"{"kind": "revoke", "at": "2026-07-02T00:00:00Z", "means": "web_form", "scope": {"channel": ["text"]}}"#;
    ledger
        .append(&[
            event("s", "88-12", "2026-07-02T00:00:00Z", "consents", no),
            event(
                "l",
                "ann",
                "2026-07-02T00:00:01Z",
                "links",
                r#"{"with": "88-12", "why": "one birth date"}"#,
            ),
        ])
        .unwrap();
    assert!(decide(&mut ledger, "ann", "2026-07-03T00:00:00Z").answer.starts_with(r#"{"outcome":"deny""#));
    ledger.checkpoint("2026-07-03T12:00:00Z".parse().unwrap(), Some(&key())).unwrap();
    // What is told later under that name is nothing that was known then.
    ledger.append(&[grant("h", "88-12", "2026-07-04T00:00:00Z")]).unwrap();
    let mut bundle = export(&mut ledger, "ann", false);
    let verified = bundle.verify(&Trust::default());
    assert_eq!(whats(&verified), []);
    assert!(matches!(verified.decisions.as_slice(), [(_, Replay::Same)]));
    assert!(verified.notes.contains(&Note::Linked(1)), "{:?}", verified.notes);
    // And it cannot be left out: the words of the decision are sealed.
    let told = bundle.events.last_mut().and_then(|it| it.words.as_mut()).unwrap();
    *told = told.replace("88-12", "88-13");
    assert!(!bundle.verify(&Trust::default()).findings.is_empty());
}

#[test]
fn what_cannot_be_proven_is_not_recorded() {
    let mut ledger = world();
    let size = ledger.size().unwrap();
    let by = Deciding { person: "ann", source: "test", recorded_at: "2026-07-04T00:00:00Z".parse().unwrap() };
    let with = |key: &str, value: &str| {
        let Json::Map(mut entries) = request("2026-07-04T00:00:00Z") else { panic!() };
        entries.retain(|(name, _)| name != key);
        entries.push((key.to_owned(), Json::parse(value, &Limits::MOST).unwrap()));
        Json::Map(entries)
    };
    let heavy = format!("[{}]", vec![format!(r#"{{"matter": "{}"}}"#, "x".repeat(16_000)); 17].join(","));
    for (request, kind, path) in [
        (with("detail", r#""outcome""#), ErrorKind::Input, Some("detail")),
        (with("at", r#""tomorrow""#), ErrorKind::Input, Some("at")),
        (with("known_at", r#""yesterday""#), ErrorKind::Input, Some("known_at")),
        (with("contact", "7"), ErrorKind::Input, Some("contact")),
        (with("person", r#"{"id": "bob"}"#), ErrorKind::Conflict, Some("person.id")),
        (with("interactions", &heavy), ErrorKind::Limit, None),
    ] {
        let error = ledger.decide(&request, policy(), &by).unwrap_err();
        assert_eq!((error.kind(), error.path()), (kind, path), "{error}");
    }
    assert_eq!(ledger.size().unwrap(), size);
}

#[test]
fn an_erased_person_is_a_chain_of_seals() {
    let mut ledger = world();
    let erasure = Erasure {
        person: "ann",
        why: "GDPR 17(1)(b), request 12",
        by: "privacy office",
        recorded_at: "2026-07-04T00:00:00Z".parse().unwrap(),
        addresses: &[],
    };
    assert_eq!(ledger.erase(&erasure).unwrap(), 3);
    ledger.checkpoint("2026-07-05T00:00:00Z".parse().unwrap(), Some(&key())).unwrap();
    let bundle = export(&mut ledger, "ann", false);
    assert!(!bundle.to_json().unwrap().contains("ann\""));
    let verified = bundle.verify(&Trust { keys: vec![key().public()], checkpoint: None });
    assert_eq!((verified.findings, verified.events, verified.erased), (vec![], 4, 3));
    assert_eq!(bundle.events[3].erasure().unwrap().1, "privacy office");
    // Nobody is taken for somebody who was.
    let nobody = Export { person: "anna", made_at: erasure.recorded_at, texts: &[], open_others: false };
    assert_eq!(ledger.export(&nobody).unwrap_err().path(), Some("person"));
    // And Bob's refusal still stands where it stood, with others' decisions.
    assert_eq!(export(&mut ledger, "bob", false).verify(&Trust::default()).findings, []);
}

#[test]
fn what_was_touched_is_found_and_where() {
    let (text, trust) = known();
    let whole = Bundle::from_bytes(text.as_bytes()).unwrap();
    let mut stranger = trust.clone();
    stranger.keys = vec![Key::from_bytes(&[8; 32]).public()];
    assert_eq!(whats(&whole.verify(&stranger)).len(), 3);
    let nowhere = Trust { checkpoint: Some(Digest::of(b"x")), ..trust.clone() };
    assert_eq!(whats(&whole.verify(&nowhere)), [(What::Unknown, "checkpoints")]);
    type Touch = fn(&mut Bundle);
    let touches: [(Touch, What, &str); 18] = [
        (
            |it| it.events[0].words = it.events[0].words.take().map(|it| it.replace("grant", "void")),
            What::Changed,
            "event 1",
        ),
        (|it| (it.events[0].words, it.events[0].salt) = (None, None), What::Emptied, "event 1"),
        (|it| it.events.swap(0, 1), What::OutOfOrder, "event 2"),
        (|it| drop(it.events.remove(1)), What::Broken, "event 2"),
        (|it| drop(it.events.pop()), What::Proof, "checkpoint 3"),
        (|it| it.events[1].list = "consents".into(), What::Broken, "event 2"),
        (|it| it.events[1].seq -= 1, What::Broken, "event 2"),
        (|it| it.person = Some("bob".into()), What::Person, "event 1"),
        (|it| it.who.0[0] ^= 1, What::Broken, "event 1"),
        (|it| drop(it.checkpoints.remove(0)), What::Checkpoint, "checkpoint 1"),
        (|it| it.checkpoints[2].at = "2026-07-03T11:00:00Z".into(), What::Checkpoint, "checkpoint 3"),
        (|it| it.checkpoints[0].path.clear(), What::Proof, "checkpoint 1"),
        (|it| it.checkpoints[0].signed = None, What::Signature, "checkpoint 1"),
        (|it| it.checkpoints.clear(), What::Signature, "checkpoints"),
        (|it| it.policies.clear(), What::Packs, "event 2"),
        (|it| it.policies[0].compiled.0[99] ^= 1, What::Packs, "packs 1"),
        (|it| it.others.clear(), What::Other, "event 3"),
        (|it| it.texts[0].text = Some("No.".into()), What::Text, "text 1"),
    ];
    for (n, (touch, what, place)) in touches.into_iter().enumerate() {
        let mut bundle = whole.clone();
        touch(&mut bundle);
        let verified = bundle.verify(trust);
        assert!(whats(&verified).contains(&(what, place)), "{n}: {:?}", verified.findings);
    }
    // What was put in, and belongs to nothing.
    let mut more = whole.clone();
    more.others.push(more.others[0].clone());
    more.others[1].event.seq = 5;
    more.texts.push(byleave_ledger::bundle::Shown {
        sha256: Digest::of(b"x"),
        language: "en".into(),
        text: None,
        bytes: None,
    });
    let verified = more.verify(trust);
    assert_eq!(verified.findings.iter().map(|it| it.what).collect::<Vec<_>>(), [What::Other, What::Text]);
}

/// What a bundle cannot show, as its README says: an event after the last checkpoint that was left out.
#[test]
fn what_came_after_the_last_checkpoint_rests_on_the_chain_alone() {
    let mut ledger = world();
    ledger.append(&[stop("own", "ann", "2026-07-04T00:00:00Z")]).unwrap();
    let mut bundle = export(&mut ledger, "ann", false);
    let verified = bundle.verify(&known().1.clone().keyed());
    assert_eq!((verified.findings, verified.covered), (vec![], 3));
    assert!(verified.notes.contains(&Note::Uncovered(1)));
    bundle.events.pop();
    assert_eq!(bundle.verify(&Trust::default()).findings, []);
}

trait Keyed {
    fn keyed(self) -> Trust;
}

impl Keyed for Trust {
    /// Keys alone: a ledger made anew has other checkpoints.
    fn keyed(self) -> Trust {
        Trust { checkpoint: None, ..self }
    }
}

/// What a keeper can do who writes the rows as the chain's form asks for them: no ledger takes such words as told.
fn by_hand(path: &std::path::Path, event: &Event) {
    let written = Sqlite::open(path).unwrap().write(|rows| {
        let mut person = rows.person(&event.person)?.unwrap();
        let (seq, n, recorded) = (rows.last()?.0 + 1, person.count + 1, event.recorded_at.as_microsecond());
        let (salt, list) = ([n as u8; 16], event.list as u8);
        let seal = Digest::of(&[b"byleave-ledger words 1\0", &salt[..], event.words().as_bytes()].concat());
        let place = [&n.to_be_bytes()[..], &seq.to_be_bytes(), &[list], &recorded.to_be_bytes()].concat();
        let before = [b"byleave-ledger link 1\0\0", &person.head.0[..], &person.who].concat();
        let link = Digest::of(&[before, place, seal.0.to_vec()].concat());
        let (words, previous) = (Some(event.words().to_owned()), person.last);
        let (person_number, key, salt) = (person.number, salt, Some(salt));
        rows.add(&Kept {
            seq,
            person: person_number,
            n,
            list,
            recorded,
            key,
            salt,
            words,
            seal,
            link,
            previous,
        })?;
        (person.count, person.head, person.last) = (n, link, Some(seq));
        rows.put_person(&person)
    });
    written.unwrap();
}

#[test]
fn a_decision_that_passed_over_what_was_known_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("consent.db");
    let mut ledger = world_in(Ledger::open(&path).unwrap());
    ledger.append(&[stop("own", "ann", "2026-07-04T00:00:00Z")]).unwrap();
    // The keeper writes a decision of the next day by hand: an old one's words, which knew of the grant alone.
    let bundle = export(&mut ledger, "ann", false);
    let words = bundle.events[1].words.clone().unwrap();
    for (at, n, found) in [("2026-07-01T00:00:01.5Z", 5, false), ("2026-07-05T00:00:00Z", 6, true)] {
        let forged = words
            .replace(r#""at":"2026-07-01T00:00:02Z""#, &format!(r#""at":"{at}""#))
            .replace(r#""known_at":"2026-07-01T00:00:02Z""#, &format!(r#""known_at":"{at}""#))
            .replace(r#""recorded_at":"2026-07-01T00:00:02Z""#, r#""recorded_at":"2026-07-05T00:00:00Z""#)
            .replace(r#""key":"decision "#, &format!(r#""key":"{at} "#));
        let forged = Event::parse(&forged).unwrap();
        assert_eq!(ledger.append(std::slice::from_ref(&forged)).unwrap_err().kind(), ErrorKind::Input);
        by_hand(&path, &forged);
        let verified = export(&mut ledger, "ann", false).verify(&Trust::default());
        assert_eq!(
            whats(&verified).contains(&(What::Facts, format!("event {n}").as_str())),
            found,
            "{:?}",
            verified.findings
        );
    }
}

#[test]
fn decisions_that_a_host_told_are_named_as_such() {
    let mut ledger = world();
    ledger
        .append(&[event("d", "ann", "2026-07-04T00:00:00Z", "decisions", r#"{"outcome": "allow"}"#)])
        .unwrap();
    let verified = export(&mut ledger, "ann", false).verify(&Trust::default());
    assert_eq!(verified.findings, []);
    assert!(verified.notes.contains(&Note::Hosts(1)), "{:?}", verified.notes);
}

#[test]
fn packs_that_are_gone_are_missed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("consent.db");
    let mut ledger = Ledger::open(&path).unwrap();
    decide(&mut ledger, "ann", "2026-07-01T00:00:02Z");
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
    drop(ledger);
    let rows = rusqlite::Connection::open(&path).unwrap();
    rows.execute_batch("UPDATE settings SET value = x'00' WHERE name LIKE 'packs %'").unwrap();
    let mut ledger = Ledger::open_to_read(&path).unwrap();
    let found = ledger.verify(&Trust::default()).unwrap().findings;
    assert_eq!(found.iter().map(|it| (it.what, it.seq)).collect::<Vec<_>>(), [(Whole::Packs, Some(1))]);
    let verified = export(&mut ledger, "ann", false).verify(&Trust::default());
    assert_eq!(whats(&verified), [(What::Packs, "packs 1"), (What::Packs, "event 1")]);
}

#[test]
fn what_is_no_bundle_is_refused() {
    let (text, _) = known();
    let deep = format!(r#"{{"byleave_bundle": 1, "events": {}"#, "[".repeat(100_000));
    let newer = text.replace(r#""byleave_bundle": 1"#, r#""byleave_bundle": 2"#);
    for (bytes, says) in [
        ("", "no bundle"),
        ("{}", "no bundle"),
        ("[]", "no bundle"),
        (deep.as_str(), "no bundle"),
        (newer.as_str(), "form 2"),
        (&text[..text.len() / 2], "no bundle"),
        (&text.replace(r#""seq": 701"#, r#""seq": 18446744073709551616"#), "no bundle"),
        (&text.replace(r#""seq": 701"#, r#""seq": -1"#), "no bundle"),
        (&text.replace(r#""seq": 701"#, r#""seq": 701.0"#), "no bundle"),
        (&text.replace(r#""seq": 701"#, r#""seq": 701, "seq": 701"#), "no bundle"),
        (&text.replace(r#""seq": 701"#, r#""seq": 701, "more": 1"#), "no bundle"),
    ] {
        let error = Bundle::from_bytes(bytes.as_bytes()).unwrap_err();
        assert!(error.message().contains(says), "{error}");
    }
    let huge = text.replace(r#""seq": 701"#, r#""seq": 18446744073709551615"#);
    let verified = Bundle::from_bytes(huge.as_bytes()).unwrap().verify(&Trust::default());
    assert!(whats(&verified).contains(&(What::Broken, "event 1")));
    assert!(Bundle::from_bytes(&[b'{', b'"', 0xff]).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Any one byte that is another: the bundle is refused, or something does not hold, or it says what it said, but for
    /// when and by what it claims to be made.
    #[test]
    fn any_one_byte_that_turns_is_found(at in any::<prop::sample::Index>(), packs in prop::bool::weighted(0.1), bit in 0u8..8) {
        let (text, trust) = known();
        let compiled = text.find("\"compiled\"").unwrap();
        let texts = text.find("\"texts\"").unwrap();
        let mut bytes = text.clone().into_bytes();
        // Nearly all bytes are those of the packs: they are turned in their turn.
        let at = match packs {
            true => compiled + at.index(texts - compiled),
            false => at.index(text.len() - (texts - compiled)),
        };
        let at = if !packs && at >= compiled { at + texts - compiled } else { at };
        bytes[at] ^= 1 << bit;
        if let Ok(read) = Bundle::from_bytes(&bytes) {
            let whole = Bundle::from_bytes(text.as_bytes()).unwrap();
            let told = Bundle { made_at: whole.made_at.clone(), made_by: whole.made_by.clone(), ..read.clone() };
            let verified = read.verify(trust);
            prop_assert!(!verified.findings.is_empty() || told == whole, "byte {}", at);
        }
    }

    #[test]
    fn cut_anywhere_it_is_no_bundle(at in any::<prop::sample::Index>()) {
        let bytes = known().0.as_bytes();
        let cut = &bytes[..at.index(bytes.len() - 2)];
        prop_assert!(Bundle::from_bytes(cut).is_err());
    }
}

#[test]
fn a_decision_is_told_to_no_other_ledger() {
    let mut ledger = world();
    let mut told = Vec::new();
    while let Some(page) = Some(ledger.entries(told.len() as u64, 1_000).unwrap()).filter(|it| !it.is_empty())
    {
        told.extend(page.into_iter().map(|it| match it.said {
            byleave_ledger::Said::Event(event) => event,
            other => panic!("{other:?}"),
        }));
    }
    let decided = |it: &&Event| it.list == List::Decisions;
    let first = told.iter().position(|it| it.list == List::Decisions).unwrap();
    assert_eq!(told.iter().filter(decided).count(), 2);
    // All of them, or none: neither its packs nor the chain on which it rests would be there.
    let mut other = Ledger::in_memory().unwrap();
    let error = other.append(&told).unwrap_err();
    let place = format!("[{first}].event.policy");
    assert_eq!((error.kind(), error.path()), (ErrorKind::Input, Some(place.as_str())));
    assert_eq!(other.size().unwrap(), (0, 0));
    // Line by line it is refused alone; also together with others, and as a dry run says before.
    for dry_run in [true, false] {
        let mut refused = Vec::new();
        let lines = told.iter().cloned().map(|it| ((), it));
        other
            .import(lines, dry_run, |(), event, it| {
                refused.extend(it.err().map(|it| (event.key.clone(), it.kind())))
            })
            .unwrap();
        let keys: Vec<_> = told.iter().filter(decided).map(|it| (it.key.clone(), ErrorKind::Input)).collect();
        assert_eq!(refused, keys);
    }
    assert_eq!(other.size().unwrap().0, told.len() as u64 - 2);
    assert_eq!(other.verify(&Trust::default()).unwrap().findings, []);
    // Where it stands it is there already, and what a host says in its own way is the host's affair.
    assert!(ledger.append(&told).unwrap().iter().all(|it| !it.new));
    let own =
        event("own", "ann", "2026-07-05T00:00:00Z", "decisions", r#"{"outcome": "deny", "why": "by hand"}"#);
    assert!(other.append(&[own]).unwrap()[0].new);
    assert_eq!(other.verify(&Trust::default()).unwrap().findings, []);
}
