//! Appending, once each, in order; erasure; and writers at the same time.

use crate::common::{Place, count, event, facts, stop, text};
use byleave_ledger::{Erasure, Error, ErrorKind, Receipt, Trust};

pub fn an_event_is_kept_once_and_told_in_the_same_words(place: &Place) {
    let mut ledger = place.open();
    let first = stop("a", "p", "2026-07-01T00:00:00Z");
    let receipts = ledger.append(&[first.clone(), stop("b", "p", "2026-07-02T00:00:00Z")]).unwrap();
    assert_eq!(
        receipts.iter().map(|it| (it.seq, it.n, it.new)).collect::<Vec<_>>(),
        [(1, 1, true), (2, 2, true)]
    );
    // Sent again, after later ones, and with the instant of the second sending.
    let again = ledger.append(&[first]).unwrap();
    assert_eq!((again[0].seq, again[0].new, again[0].link), (1, false, receipts[0].link));
    let record = r#"{"kind": "revoke", "at": "2026-07-01T00:00:00Z", "scope": {"channel": ["text"]}}"#;
    let later = event("a", "p", "2026-07-03T00:00:00Z", "consents", record);
    assert!(!ledger.append(&[later]).unwrap()[0].new);
    let other = event("a", "p", "2026-07-03T00:00:00Z", "consents", r#"{"kind": "grant"}"#);
    let error = ledger.append(&[stop("c", "p", "2026-07-03T00:00:00Z"), other]).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Conflict, Some("[1].key")));
    // Nothing of that batch is there.
    assert_eq!(ledger.size().unwrap(), (2, 1));
}

pub fn a_clock_that_goes_backwards_is_refused(place: &Place) {
    let mut ledger = place.open();
    ledger.append(&[stop("a", "p", "2026-07-02T00:00:00Z")]).unwrap();
    let error = ledger.append(&[stop("b", "q", "2026-07-01T23:58:59.999999Z")]).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Clock, Some("[0].recorded_at")));
    assert!(ledger.append(&[stop("b", "q", "2026-07-02T00:00:00Z")]).unwrap()[0].new);
}

pub fn a_clock_that_is_a_moment_behind_is_recorded_in_order(place: &Place) {
    let mut ledger = place.open();
    ledger.append(&[stop("a", "p", "2026-07-02T00:00:00Z")]).unwrap();
    let behind = stop("b", "q", "2026-07-01T23:59:00Z");
    let receipt = ledger.append(std::slice::from_ref(&behind)).unwrap()[0];
    assert_eq!((receipt.new, receipt.recorded_at.to_string().as_str()), (true, "2026-07-02T00:00:00Z"));
    // The words kept say that instant, and the act is as it was told.
    let found = text(&facts(&mut ledger, "q", None, "2026-07-02T00:00:00Z"));
    assert!(found.contains(r#""at":"2026-07-01T23:59:00Z""#), "{found}");
    assert!(found.contains(r#""recorded_at":"2026-07-02T00:00:00Z""#), "{found}");
    assert_eq!(count(&facts(&mut ledger, "q", None, "2026-07-01T23:59:59Z"), "consents"), Some(0));
    // Told again it is the same event, and the receipt says when that was recorded.
    let again = ledger.append(&[behind]).unwrap()[0];
    assert_eq!(again, Receipt { new: false, ..receipt });
    // An erasure and a checkpoint of the machine behind find their place, too.
    let erasure = Erasure {
        person: "q",
        why: "request 12",
        by: "privacy office",
        recorded_at: "2026-07-01T23:59:30Z".parse().unwrap(),
        addresses: &[],
    };
    assert_eq!(ledger.erase(&erasure).unwrap(), 1);
    ledger.checkpoint("2026-07-01T23:59:30Z".parse().unwrap(), None).unwrap();
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
}

pub fn what_is_told_together_is_kept_whole(place: &Place) {
    let mut ledger = place.open();
    ledger.append(&[stop("a", "p", "2026-07-01T00:00:00Z")]).unwrap();
    let other = event("a", "p", "2026-07-01T00:00:00Z", "consents", r#"{"kind": "decline"}"#);
    let new = |key: &str| stop(key, "p", "2026-07-01T00:00:00Z");
    let rows = vec![
        ("conflict", vec![new("b"), other]),
        ("twice", vec![new("c"), new("c")]),
        ("late", vec![new("d"), stop("e", "p", "2026-06-01T00:00:00Z")]),
        ("good", vec![new("f"), new("a")]),
        ("nothing", vec![]),
    ];
    for dry in [true, false] {
        let mut told = Vec::new();
        ledger
            .import_rows(rows.clone(), dry, |name, _, receipts| {
                told.push((
                    name,
                    receipts.map(|it| it.iter().map(|it| it.new).collect::<Vec<_>>()).map_err(|it| it.kind()),
                ));
            })
            .unwrap();
        let expected = [
            ("conflict", Err(ErrorKind::Conflict)),
            ("twice", Err(ErrorKind::Input)),
            ("late", Err(ErrorKind::Clock)),
            ("good", Ok(vec![true, false])),
            ("nothing", Ok(vec![])),
        ];
        assert_eq!(told, expected, "{dry}");
        assert_eq!(ledger.size().unwrap().0, if dry { 1 } else { 2 });
    }
}

pub fn a_void_names_what_is_there_and_is_the_same_persons(place: &Place) {
    let mut ledger = place.open();
    ledger.append(&[stop("a", "p", "2026-07-01T00:00:00Z")]).unwrap();
    let void = |person: &str, of: &str| {
        let record = format!(r#"{{"of": "{of}", "why": "told in error"}}"#);
        event(&format!("void-{of}-{person}"), person, "2026-07-02T00:00:00Z", "voids", &record)
    };
    for (void, message) in [
        (void("p", "nothing"), "there is no event of that key"),
        (void("q", "a"), "the event of that key is about somebody else"),
    ] {
        let error = ledger.append(&[void]).unwrap_err();
        assert_eq!((error.path(), error.message()), (Some("[0].event.of"), message));
    }
    // What the same batch tells first can be voided in it; a void cannot.
    let batch = [stop("b", "new", "2026-07-02T00:00:00Z"), void("new", "b"), void("p", "a")];
    assert!(ledger.append(&batch).unwrap().iter().all(|it| it.new));
    assert!(ledger.append(&[void("p", "void-a-p")]).is_err());
}

pub fn whoever_is_erased_stays_left_alone(place: &Place) {
    let mut ledger = place.open();
    let record = r#"{"kind": "grant", "level": "express", "at": "2026-07-01T00:00:00Z", "scope": {"address": ["ann@example.org"]}}"#;
    let mut words = vec![event("g", "ann", "2026-07-01T00:00:00Z", "consents", record)];
    words.push(stop("o", "other", "2026-07-01T00:00:00Z"));
    ledger.append(&words).unwrap();
    ledger.checkpoint("2026-07-02T00:00:00Z".parse().unwrap(), None).unwrap();
    let erasure = Erasure {
        person: "ann",
        why: "GDPR 17(1)(b), request 12",
        by: "privacy office",
        recorded_at: "2026-07-03T00:00:00Z".parse().unwrap(),
        addresses: &["+12025550100"],
    };
    assert_eq!(ledger.erase(&erasure).unwrap(), 1);
    assert_eq!(ledger.erase(&erasure).unwrap_err().path(), Some("person"));
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
    let known = "2026-07-04T00:00:00Z";
    for (person, address) in
        [("ann", None), ("bought", Some(" ANN@example.org")), ("bought", Some("202-555-0100"))]
    {
        let found = facts(&mut ledger, person, address, known);
        assert_eq!(count(&found, "consents"), Some(1), "{person} {address:?}");
        assert!(text(&found).contains(r#""kind":"revoke""#));
    }
    assert_eq!(count(&facts(&mut ledger, "other", Some("o@example.org"), known), "consents"), Some(1));
    // The same event, sent again by a system that was not told: it is not kept a second time.
    let again = ledger.append(&[words.remove(0)]).unwrap();
    assert!(!again[0].new);
    assert_eq!(ledger.size().unwrap().0, 3);
}

pub fn a_dry_run_keeps_nothing(place: &Place) {
    let mut ledger = place.open();
    ledger.append(&[stop("a", "p", "2026-07-01T00:00:00Z")]).unwrap();
    let events = ["a", "b", "b", "c"].map(|key| (key, stop(key, "q", "2026-07-01T00:00:00Z")));
    let mut told = Vec::new();
    let import = |ledger: &mut byleave_ledger::Ledger<_>, dry: bool, told: &mut Vec<_>| {
        ledger
            .import(events.clone(), dry, |name, _, receipt| told.push((name, receipt.map(|it| it.new))))
            .unwrap();
    };
    import(&mut ledger, true, &mut told);
    // The first was told of somebody else.
    assert_eq!(told[0].1.as_ref().map_err(Error::kind), Err(ErrorKind::Conflict));
    let rest: Vec<_> = told.iter().skip(1).map(|(name, receipt)| (*name, receipt.clone().unwrap())).collect();
    assert_eq!(rest, [("b", true), ("b", false), ("c", true)]);
    assert_eq!(ledger.size().unwrap(), (1, 1));
    import(&mut ledger, false, &mut Vec::new());
    assert_eq!(ledger.size().unwrap(), (3, 2));
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
}

pub fn nobody_waits_for_who_waits_for_events(place: &Place) {
    let mut ledger = place.open();
    for dry in [true, false] {
        let events = (0..3).map(|n| {
            // Another writes while the next event is waited for.
            let mut other = place.open();
            assert!(
                other.append(&[stop(&format!("{dry}/other/{n}"), "q", "2026-07-01T00:00:00Z")]).unwrap()[0]
                    .new
            );
            (n, stop(&format!("{dry}/{n}"), "p", "2026-07-01T00:00:00Z"))
        });
        let mut new = 0;
        ledger.import(events, dry, |_, _, receipt| new += u32::from(receipt.unwrap().new)).unwrap();
        assert_eq!(new, 3);
    }
    assert_eq!(ledger.size().unwrap(), (9, 2));
}

/// Until its turn comes, a batch may be sent again and again.
fn append(place: &Place, keys: &[String]) -> Vec<Receipt> {
    let events: Vec<_> = keys.iter().map(|key| stop(key, "p", "2026-07-01T00:00:00Z")).collect();
    let mut ledger = place.open();
    loop {
        match ledger.append(&events) {
            Err(error) if error.kind() == ErrorKind::Locked => {}
            receipts => return receipts.unwrap(),
        }
    }
}

pub fn many_writers_of_one_person_make_one_chain(place: &Place) {
    const WRITERS: usize = 8;
    const BATCHES: usize = 12;
    let mut seen: Vec<(u64, u64)> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                scope.spawn(move || {
                    let batch = |n: usize| ["a", "b", "c"].map(|it| format!("{writer}/{n}/{it}"));
                    let receipts = (0..BATCHES).flat_map(|n| append(place, &batch(n)));
                    receipts.map(|it| (it.seq, it.n)).collect::<Vec<_>>()
                })
            })
            .collect();
        writers.into_iter().flat_map(|it| it.join().unwrap()).collect()
    });
    // A batch's events stand next to each other, and every number is there once.
    assert!(seen.chunks(3).all(|it| it[0].0 + 1 == it[1].0 && it[1].0 + 1 == it[2].0));
    seen.sort_unstable();
    let all = (WRITERS * BATCHES * 3) as u64;
    assert_eq!(seen, (1..=all).map(|n| (n, n)).collect::<Vec<_>>());
    let report = place.open_to_read().verify(&Trust::default()).unwrap();
    assert_eq!((report.findings, report.events, report.people), (vec![], all, 1));
}

pub fn the_same_batch_from_many_is_kept_once(place: &Place) {
    let keys: Vec<String> = (0..5).map(|n| format!("k{n}")).collect();
    let receipts: Vec<Vec<Receipt>> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..6).map(|_| scope.spawn(|| append(place, &keys))).collect();
        writers.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let new = |it: &&Vec<Receipt>| it.iter().all(|it| it.new);
    assert_eq!(receipts.iter().filter(new).count(), 1);
    assert!(receipts.iter().all(|it| it.iter().map(|it| it.link).eq(receipts[0].iter().map(|it| it.link))));
    assert_eq!(place.open().size().unwrap(), (5, 1));
}

pub fn several_open_a_new_ledger_at_once(place: &Place) {
    std::thread::scope(|scope| {
        let openers: Vec<_> =
            (0..8).map(|n| scope.spawn(move || append(place, &[format!("k{n}")]))).collect();
        openers.into_iter().for_each(|it| assert!(it.join().unwrap()[0].new));
    });
    // They share one secret: each finds what the others kept.
    for n in 0..8 {
        assert!(!append(place, &[format!("k{n}")])[0].new);
    }
    assert_eq!(place.open().verify(&Trust::default()).unwrap().findings, []);
}

pub fn what_is_read_stays_one_state(place: &Place) {
    let mut ledger = place.open();
    for n in 0..20 {
        ledger.append(&[stop(&format!("k{n}"), "p", "2026-07-01T00:00:00Z")]).unwrap();
    }
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| (20..60).for_each(|n| drop(append(place, &[format!("k{n}")]))));
        let mut reader = place.open_to_read();
        while !writer.is_finished() {
            assert_eq!(reader.verify(&Trust::default()).unwrap().findings, []);
        }
        writer.join().unwrap();
    });
    assert_eq!(ledger.size().unwrap(), (60, 1));
}
