//! Two ledgers that tell each other what is new.

use crate::common::{Place, count, event, facts, stop, text};
use byleave_ledger::{Any, Erasure, ErrorKind, Event, Ledger, Lines, Mark, Since, Taken, Trust};
use proptest::prelude::*;

const LATE: &str = "2026-07-09T00:00:00Z";

fn since(ledger: &mut Ledger<Any>, mark: Option<Mark>) -> Lines {
    ledger.lines_since(&Since { mark, ..Since::default() }).unwrap()
}

fn take(ledger: &mut Ledger<Any>, lines: &Lines, at: &str) -> Taken {
    ledger.take_in(lines.text.as_bytes(), at.parse().unwrap()).unwrap()
}

/// Taken in, and none refused.
fn counts(taken: &Taken) -> (u64, u64, u64) {
    assert_eq!(taken.refused, []);
    (taken.new, taken.there, taken.passed)
}

pub fn what_is_new_is_told_and_taken_in(place: &Place) {
    let (mut page, other) = (place.open(), place.anew());
    let mut server = other.open();
    assert_eq!(since(&mut page, None), Lines::default());
    page.append(&[stop("a", "p", "2026-07-01T00:00:00Z"), stop("b", "p", "2026-07-02T00:00:00Z")]).unwrap();
    // The server has gone on: for it the page's words come late.
    server.append(&[stop("s", "p", "2026-07-08T00:00:00Z")]).unwrap();
    let lines = since(&mut page, None);
    assert_eq!((lines.events, lines.more, lines.mark.unwrap().seq), (2, false, 2));
    assert_eq!(
        server.append(&[stop("a", "p", "2026-07-01T00:00:00Z")]).unwrap_err().kind(),
        ErrorKind::Clock
    );
    let taken = take(&mut server, &lines, LATE);
    assert_eq!(counts(&taken), (2, 0, 0));
    assert_eq!((taken.before.unwrap().seq, taken.mark.unwrap().seq), (1, 3));
    // It learned of them when it took them in, and the acts are as they were.
    assert_eq!(count(&facts(&mut server, "p", None, "2026-07-08T12:00:00Z"), "consents"), Some(1));
    let found = text(&facts(&mut server, "p", None, LATE));
    assert!(
        found.contains(r#""at":"2026-07-01T00:00:00Z""#)
            && found.contains(&format!(r#""recorded_at":"{LATE}""#)),
        "{found}"
    );
    // Told again, nothing changes, with whatever instant.
    assert_eq!(counts(&take(&mut server, &lines, "2026-07-10T00:00:00Z")), (0, 2, 0));
    // And back: what the page told itself is there already.
    let back = since(&mut server, None);
    assert_eq!(counts(&take(&mut page, &back, LATE)), (1, 2, 0));
    // From the marks on there is nothing new on either side.
    for (ledger, mark) in [(&mut page, lines.mark), (&mut server, back.mark)] {
        let rest = since(ledger, mark);
        assert!(rest.events <= 1, "{rest:?}");
        assert_eq!(since(ledger, rest.mark).events, 0);
        assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
    }
    // A page at a time.
    let mut mark = None;
    let mut all = String::new();
    loop {
        let some = server.lines_since(&Since { mark, most: 2, ..Since::default() }).unwrap();
        all.push_str(&some.text);
        mark = some.mark;
        if !some.more {
            break;
        }
    }
    assert_eq!(all, back.text);
    assert_eq!(mark, back.mark);
}

pub fn a_line_that_is_refused_stops_nothing(place: &Place) {
    let mut ledger = place.open();
    ledger.append(&[stop("a", "p", "2026-07-02T00:00:00Z")]).unwrap();
    let words = |event: Event| event.words().to_owned();
    let grant = event("a", "someone new", "2026-07-01T00:00:00Z", "consents", r#"{"kind": "grant"}"#);
    let void = event("v", "p", "2026-07-01T00:00:00Z", "voids", r#"{"of": "nothing", "why": "error"}"#);
    let decision = event("d", "p", "2026-07-01T00:00:00Z", "decisions", r#"{"policy": "x"}"#);
    let told = event("t", "p", "2026-07-01T00:00:00Z", "decisions", r#"{"outcome": "deny"}"#);
    let mut lines = [
        words(grant),
        String::new(),
        "{".to_owned(),
        words(void),
        r#"{"erased": {"seq": 1, "list": "consents", "recorded_at": "2026-07-01T00:00:00Z"}}"#.to_owned(),
        words(decision),
        words(told),
        words(stop("b", "q", "2026-07-01T00:00:00Z")),
    ]
    .join("\r\n")
    .into_bytes();
    lines.extend(b"\n\xff\n");
    let taken = ledger.take_in(&lines, LATE.parse().unwrap()).unwrap();
    let refused = taken.refused.iter().map(|it| (it.line, it.error.kind(), it.error.path()));
    assert_eq!(
        refused.collect::<Vec<_>>(),
        [
            (1, ErrorKind::Conflict, Some("key")),
            (3, ErrorKind::Input, None),
            (4, ErrorKind::Input, Some("event.of")),
            (9, ErrorKind::Input, None),
        ]
    );
    assert_eq!((taken.new, taken.there, taken.passed), (2, 0, 2));
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
    assert_eq!(ledger.size().unwrap(), (3, 2));
    // By a clock that went backwards, nothing is taken in.
    let error = ledger.take_in(&lines, "2026-07-01T00:00:00Z".parse().unwrap()).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Clock, Some("at")));
}

pub fn a_mark_is_of_one_ledger(place: &Place) {
    let (mut one, other) = (place.open(), place.anew());
    let mut other = other.open();
    for ledger in [&mut one, &mut other] {
        ledger.append(&[stop("a", "p", "2026-07-02T00:00:00Z")]).unwrap();
    }
    let mark = since(&mut one, None).mark.unwrap();
    for wrong in [Mark { seq: 0, ..mark }, Mark { seq: 2, ..mark }, since(&mut other, None).mark.unwrap()] {
        let error = one.lines_since(&Since { mark: Some(wrong), ..Since::default() }).unwrap_err();
        assert_eq!((error.kind(), error.path()), (ErrorKind::Input, Some("since")));
    }
    assert_eq!(mark.to_string().parse(), Ok(mark));
    let text = mark.to_string();
    for wrong in [
        "",
        "1",
        "1:",
        ":",
        text.get(..65).unwrap(),
        &format!("{text}0"),
        &format!("+{text}"),
        &format!("0{text}"),
        &text.to_uppercase(),
        &format!("-{text}"),
    ] {
        assert_eq!(wrong.parse::<Mark>().unwrap_err().kind(), ErrorKind::Input, "{wrong}");
    }
    // An erasure takes words and no marks; of what it took nothing is told.
    let erasure = Erasure {
        person: "p",
        why: "request",
        by: "office",
        recorded_at: LATE.parse().unwrap(),
        addresses: &[],
    };
    one.erase(&erasure).unwrap();
    let rest = since(&mut one, Some(mark));
    assert_eq!((rest.text.as_str(), rest.events, rest.erased), ("", 0, 1));
    assert_eq!((since(&mut one, None).erased, rest.mark.unwrap().seq), (2, 2));
}

pub fn one_persons_lines(place: &Place) {
    let mut ledger = place.open();
    for n in 0..6 {
        ledger.append(&[stop(&format!("k{n}"), &format!("p{}", n % 3), "2026-07-02T00:00:00Z")]).unwrap();
    }
    let of = |ledger: &mut Ledger<Any>, mark, most| {
        ledger.lines_since(&Since { mark, person: Some("p1"), most }).unwrap()
    };
    let one = of(&mut ledger, None, 1);
    assert_eq!((one.events, one.more, one.mark.unwrap().seq), (1, true, 2));
    let two = of(&mut ledger, one.mark, 5);
    assert_eq!((two.events, two.more, two.mark.unwrap().seq), (1, false, 6));
    assert_eq!(of(&mut ledger, two.mark, 5).events, 0);
    // Somebody who was linked since: what was told of that name long ago is new to whoever asks for the person.
    let link = event("l", "p2", "2026-07-03T00:00:00Z", "links", r#"{"with": "p1", "why": "same number"}"#);
    ledger.append(&[link]).unwrap();
    let linked = of(&mut ledger, two.mark, 50);
    assert_eq!(linked.events, 5);
    let mut other = place.anew().open();
    assert_eq!(counts(&take(&mut other, &linked, LATE)), (5, 0, 0));
    let known = |ledger: &mut Ledger<Any>| count(&facts(ledger, "p1", None, LATE), "consents");
    assert_eq!(known(&mut other), known(&mut ledger));
    assert_eq!(ledger.lines_since(&Since { person: Some("nobody"), ..Since::default() }).unwrap().events, 0);
}

/// What is told at one of two ledgers: where, about whom, and what.
fn told() -> impl Strategy<Value = (bool, usize, u8, bool)> {
    (any::<bool>(), 0..2usize, 0..3u8, any::<bool>())
}

/// Whatever is told here and there, in whatever order they meet: both know the same in the end, whoever refused is left alone
/// on both sides at once, and everything holds.
pub fn any_two_ledgers_come_to_the_same(place: &Place) {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: if matches!(place, Place::Memory) { 64 } else { 4 },
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let place = std::cell::RefCell::new(place.anew());
    runner
        .run(&prop::collection::vec(told(), 1..12), |told| {
            let (one, other) = (place.borrow().anew(), place.borrow().anew());
            let mut ledgers = [one.open(), other.open()];
            let mut marks = [None, None];
            for (n, (which, who, what, meet)) in told.iter().enumerate() {
                let at = format!("2026-07-02T00:00:{n:02}Z");
                let person = ["p", "q"][*who];
                let record = match what {
                    0 => format!(r#"{{"kind": "revoke", "at": "{at}", "scope": {{"address": "x"}}}}"#),
                    1 => format!(r#"{{"kind": "grant", "level": "express", "at": "{at}", "scope": {{}}}}"#),
                    _ => r#"{"kind": "revoke", "scope": {}}"#.to_owned(),
                };
                ledgers[usize::from(*which)]
                    .append(&[event(&format!("k{n}"), person, &at, "consents", &record)])
                    .unwrap();
                if *meet || n + 1 == told.len() {
                    for from in [0, 1] {
                        let lines = since(&mut ledgers[from], marks[from]);
                        marks[from] = lines.mark;
                        let taken = take(&mut ledgers[1 - from], &lines, &at);
                        prop_assert!(taken.refused.is_empty());
                        // Nothing was told there in between: what has come from here need not go back.
                        if taken.before == marks[1 - from] {
                            marks[1 - from] = taken.mark;
                        }
                    }
                }
            }
            let [one, other] = &mut ledgers;
            for ledger in [&mut *one, &mut *other] {
                prop_assert_eq!(ledger.size().unwrap().0 as usize, told.len());
                prop_assert!(ledger.verify(&Trust::default()).unwrap().findings.is_empty());
            }
            for person in ["p", "q"] {
                let ids = |ledger: &mut Ledger<Any>| {
                    let found: serde_json::Value =
                        serde_json::from_str(&text(&facts(ledger, person, None, LATE))).unwrap();
                    let mut ids: Vec<String> = found["consents"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|it| format!("{} {}", it["id"], it["at"]))
                        .collect();
                    ids.sort();
                    ids
                };
                prop_assert_eq!(ids(one), ids(other));
            }
            Ok(())
        })
        .unwrap();
}
