//! Packs compiled and loaded again answer byte for byte as those built from text; other bytes are refused.

use byleave::ErrorKind;
use byleave::{Engine, Zones, is_compiled};
use byleave_tests::corpus::{Vector, files};
use byleave_tests::load;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher;
use std::sync::OnceLock;
use twox_hash::XxHash64;

/// An engine for each policy of the corpus, with the cases that are asked of it.
fn corpus() -> &'static Vec<(Engine, Vec<Vector>)> {
    static ALL: OnceLock<Vec<(Engine, Vec<Vector>)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut by_texts: BTreeMap<Vec<(String, String)>, Vec<Vector>> = BTreeMap::new();
        for (_, file) in files().expect("the corpus") {
            for case in &file.cases {
                by_texts.entry(file.texts(case).expect("its texts")).or_default().push(case.clone());
            }
        }
        by_texts
            .into_iter()
            .map(|(texts, cases)| (load::of_texts(&texts).expect("a policy"), cases))
            .collect()
    })
}

/// What a case is answered, by every verb; of a refusal, its words.
fn answers(engine: &Engine, case: &Vector) -> [String; 3] {
    let request = case.request.to_string();
    let mut planned = case.request.clone();
    if let Some(entries) = planned.as_object_mut() {
        let options = serde_json::json!([{}, {"name": "mail", "contact": {"channel": "email"}}]);
        entries.insert("options".to_string(), options);
    }
    [
        engine.decide_json(request.as_bytes()),
        engine.explain_json(request.as_bytes()),
        engine.plan_json(planned.to_string().as_bytes()),
    ]
    .map(|answer| answer.unwrap_or_else(|error| error.to_string()))
}

/// The zones that the database knows of those a request names.
fn named(json: &serde_json::Value, out: &mut BTreeSet<String>) {
    match json {
        serde_json::Value::String(word) if byleave::time::zone::zone(word).is_some() => {
            out.insert(word.clone());
        }
        serde_json::Value::Array(list) => list.iter().for_each(|it| named(it, out)),
        serde_json::Value::Object(map) => map.values().for_each(|it| named(it, out)),
        _ => {}
    }
}

fn expected_count() -> usize {
    files().expect("the corpus").iter().map(|(_, file)| file.cases.len()).sum()
}

#[test]
fn every_vector_is_answered_the_same_with_every_zone() {
    let mut asked = 0;
    for (engine, cases) in corpus() {
        let loaded = Engine::from_compiled(&engine.compile(Zones::All).expect("compiles")).expect("loads");
        assert_eq!(without_places(engine), without_places(&loaded));
        assert_eq!(
            serde_json::to_string(&engine.packs()).expect("JSON"),
            serde_json::to_string(&loaded.packs()).expect("JSON")
        );
        for case in cases {
            assert_eq!(answers(engine, case), answers(&loaded, case), "{}", case.name);
            asked += 1;
        }
    }
    assert_eq!(asked, expected_count());
}

#[test]
fn every_vector_is_answered_the_same_with_the_zones_it_names() {
    let mut asked = 0;
    for (engine, cases) in corpus() {
        let mut zones = BTreeSet::new();
        cases.iter().for_each(|case| named(&case.request, &mut zones));
        let bytes = engine.compile(Zones::named(zones.iter().cloned())).expect("compiles");
        let loaded = Engine::from_compiled(&bytes).expect("loads");
        for case in cases {
            for (text, compiled) in answers(engine, case).iter().zip(answers(&loaded, case)) {
                // A word that is no zone is refused in other words: whether it is one is not known here.
                let same = *text == compiled
                    || (text.contains("no time zone is called")
                        && compiled.contains("do not carry the time zone"));
                assert!(same, "{}\n{text}\n{compiled}", case.name);
            }
            asked += 1;
        }
    }
    assert_eq!(asked, expected_count());
}

#[test]
fn the_same_packs_and_zones_are_the_same_bytes() {
    for (engine, _) in corpus().iter().take(40) {
        let some = |list: &[&str]| engine.compile(Zones::named(list.iter().copied())).expect("compiles");
        let one = some(&["America/New_York", "US/Eastern", "Asia/Tokyo"]);
        assert_eq!(one, some(&["asia/tokyo", "US/Eastern", "America/New_York", "America/New_York"]));
        assert!(is_compiled(&one));
        // What was loaded compiles to what it was loaded from.
        let again = Engine::from_compiled(&one).expect("loads");
        let zones = again.policy().zones.names().into_iter().map(str::to_string);
        assert_eq!(one, again.compile(Zones::named(zones)).expect("compiles"));
        assert_eq!(again.compile(Zones::All).expect_err("not all are here").kind(), ErrorKind::Input);
    }
}

#[test]
fn a_zone_that_is_not_carried_is_refused_by_name() {
    let (engine, case) = us();
    let mut request = case.request.clone();
    let loaded = Engine::from_compiled(&engine.compile(Zones::named(["America/Chicago"])).expect("compiles"));
    let loaded = loaded.expect("loads");
    for (zone, hint) in [
        ("Asia/Tokyo", "compile them with it among their zones"),
        ("America/Chicagoo", "did you mean `America/Chicago`?"),
    ] {
        request["person"]["time_zones"] = serde_json::json!([zone]);
        let error = loaded.decide_json(request.to_string().as_bytes()).expect_err("refused");
        assert_eq!(error.message(), format!("these compiled packs do not carry the time zone `{zone}`"));
        assert_eq!((error.kind(), error.path()), (ErrorKind::Input, Some("person.time_zones[0]")));
        assert_eq!(error.hint(), Some(hint));
    }
    request["person"]["time_zones"] = serde_json::json!(["america/chicago"]);
    assert!(loaded.decide_json(request.to_string().as_bytes()).is_ok());
    let error = engine.compile(Zones::named(["UTC", "Amerca/Chicago"])).expect_err("no such zone");
    assert_eq!(
        error.to_string(),
        "zones[1]: no time zone is called `Amerca/Chicago` (did you mean `America/Chicago`?)"
    );
}

#[test]
fn limits_travel_with_the_packs() {
    let limits = byleave::wire::Limits { events: 3, ..byleave::wire::Limits::default() };
    let text = "pack p { title \"P\" source \"Handbook\" edition \"1\" }\nrule idle { cite \"1\" because \"Asks for nothing.\" }\n";
    let engine = Engine::builder().source("p", "p.leave", text).limits(limits).build().expect("a policy");
    let loaded = Engine::from_compiled(&engine.compile(Zones::All).expect("compiles")).expect("loads");
    assert_eq!(loaded.limits(), limits);
}

#[test]
fn what_is_wrong_is_said() {
    let good = blob();
    let refused = |bytes: &[u8]| {
        let error = Engine::from_compiled(bytes).expect_err("refused");
        assert_eq!((error.kind(), error.path(), error.hint().is_some()), (ErrorKind::Input, None, true));
        error.message().to_string()
    };
    for other in [&b""[..], b"pack p {}", b"\xb1yleave", b"\0asm\x01\0\0\0", b"{}"] {
        assert_eq!(refused(other), "these bytes are not compiled packs");
    }
    // Cut anywhere, or with one byte more, it is damaged.
    for n in (8..good.len()).step_by(good.len() / 500 + 1) {
        assert_eq!(refused(&good[..n]), "these compiled packs are damaged", "{n}");
    }
    assert_eq!(refused(&[good, &b"x"[..]].concat()), "these compiled packs are damaged");
    for at in (8..good.len()).step_by(good.len() / 500 + 1) {
        let mut bytes = good.to_vec();
        bytes[at] ^= 0x10;
        assert_eq!(refused(&bytes), "these compiled packs are damaged", "{at}");
    }
    // Of an earlier form, which had another checksum.
    let mut bytes = good.to_vec();
    bytes[8] = 2;
    assert!(
        refused(&bytes).starts_with("these packs were compiled by another version of Byleave"),
        "{}",
        refused(&bytes)
    );
    // Of another version: the head is right, its checksum too.
    for (version, sort) in [("9.9.9", "a newer"), ("0.0.1", "an older"), ("0.1.0", "another")] {
        let mut bytes = good.to_vec();
        bytes[8] = 77;
        bytes[19..24].copy_from_slice(version.as_bytes());
        let said = refused(&sealed(bytes));
        assert!(
            said.starts_with(&format!("these packs were compiled by {sort} version of Byleave, {version}")),
            "{said}"
        );
    }
}

/// Counts that promise more than there is must cost nothing; nor must what unpacks to much.
#[test]
fn counts_that_lie_are_refused_at_once() {
    for count in [&[0xff, 0xff, 0xff, 0xff, 0x0f][..], &[0xff; 9], &[0x80, 0x80, 0x80, 0x80, 0x10]] {
        for at in 0..40 {
            let mut payload = vec![0u8, 1, b'x'];
            payload.extend(std::iter::repeat_n(1, at));
            payload.extend(count);
            payload.extend(std::iter::repeat_n(0x55, 1_000));
            assert!(Engine::from_compiled(&with_payload(&payload)).is_err());
        }
    }
}

/// The law of the United States and a case that is asked of it.
fn us() -> (&'static Engine, &'static Vector) {
    let found =
        corpus().iter().find(|(_, cases)| cases.iter().any(|case| case.packs.iter().any(|p| p == "us.tcpa")));
    let (engine, cases) = found.expect("a case of the law");
    (engine, cases.first().expect("a case"))
}

fn blob() -> &'static [u8] {
    static BLOB: OnceLock<Vec<u8>> = OnceLock::new();
    BLOB.get_or_init(|| {
        us().0.compile(Zones::named(["America/New_York", "America/Chicago"])).expect("compiles")
    })
}

/// Where the payload begins: after the head, with a version of five letters, and the checksum.
const HEAD: usize = 8 + 2 + 8 + 1 + 5 + 4;

/// How long the checksum is.
const SUM: usize = 8;

/// The checksum put right.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let (head, rest) = bytes.split_at_mut(HEAD);
    let (place, payload) = rest.split_at_mut(SUM);
    let mut sum = XxHash64::with_seed(0);
    sum.write(head);
    sum.write(payload);
    place.copy_from_slice(&sum.finish().to_le_bytes());
    bytes
}

fn with_payload(payload: &[u8]) -> Vec<u8> {
    let mut bytes = blob()[..HEAD].to_vec();
    bytes[HEAD - 4..].copy_from_slice(&u32::try_from(payload.len()).expect("short").to_le_bytes());
    bytes.extend([0; SUM]);
    bytes.extend(payload);
    sealed(bytes)
}

/// The program and what of its policy is no condition, as it is but for the places in its text.
fn without_places(engine: &Engine) -> String {
    let (program, policy) = (engine.program(), engine.policy());
    let mut bare = program.clone();
    (bare.policy, bare.extra_rules) = Default::default();
    let bare = format!("{bare:?}");
    // What was said of rules so far is written when it is first asked for.
    let (bare, _) = bare.split_once("said: AllSaid").expect("its last field");
    let (packs, vocabulary, settings) = (&policy.packs, &policy.vocabulary, &policy.settings);
    let rest = (&policy.dated, &policy.calendars, &policy.reach, policy.conditions);
    let text = format!("{bare}{packs:?}{vocabulary:?}{settings:?}{rest:?}");
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("span: @") {
        out.push_str(before);
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '.'));
    }
    out + rest
}

/// What is asked of an engine that some bytes happened to make.
fn used(engine: &Engine) {
    let (_, case) = us();
    let first = answers(engine, case);
    assert_eq!(first, answers(engine, case), "the engine works afterwards");
    let _ = (engine.packs(), engine.decide_json(br#"{"at":"2026-07-01T12:00:00Z"}"#));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 400 } else { 4_000 }))]

    /// Bytes changed, the checksum put right: refused, or an engine that answers.
    #[test]
    fn changed_bytes_never_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = blob().to_vec();
        let payload = bytes.len() - HEAD - SUM;
        for (at, byte) in changes {
            let at = HEAD + SUM + at.index(payload);
            bytes[at] = byte;
        }
        if let Ok(engine) = Engine::from_compiled(&sealed(bytes)) {
            used(&engine);
        }
    }

    /// A piece left out, doubled or put elsewhere.
    #[test]
    fn moved_pieces_never_panic(
        from in any::<prop::sample::Index>(), length in 1usize..400, to in any::<prop::sample::Index>(), keep in any::<bool>(),
    ) {
        let mut payload = blob()[HEAD + SUM..].to_vec();
        let from = from.index(payload.len());
        let end = payload.len().min(from + length);
        let piece: Vec<u8> = payload[from..end].to_vec();
        if !keep {
            payload.drain(from..end);
        }
        let to = to.index(payload.len());
        payload.splice(to..to, piece);
        if let Ok(engine) = Engine::from_compiled(&with_payload(&payload)) {
            used(&engine);
        }
    }

    /// Any bytes under a right head.
    #[test]
    fn any_payload_never_panics(payload in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = Engine::from_compiled(&with_payload(&payload));
        let _ = Engine::from_compiled(&payload);
    }
}
