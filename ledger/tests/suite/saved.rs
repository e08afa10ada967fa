//! A ledger as lines, and from them the same ledger again.

use crate::common::{Place, event, facts, stop};
use byleave_ledger::{Any, Erasure, ErrorKind, Key, Ledger, List, Memory, Trust};

const LATE: &str = "2026-07-09T00:00:00Z";

/// A ledger of everything that one may hold.
fn full(place: &Place) -> Ledger<Any> {
    let mut ledger = place.open();
    ledger.keeps(List::Contacts, Some("2026-01-01T00:00:00Z".parse().unwrap())).unwrap();
    for n in 0..30 {
        ledger
            .append(&[stop(&format!("k{n}"), &format!("p{}\0\"\n", n % 4), "2026-07-02T00:00:00Z")])
            .unwrap();
    }
    let scope =
        r#"{"kind": "revoke", "at": "2026-07-02T00:00:00Z", "scope": {"address": "ann@example.org"}}"#;
    let link = r#"{"with": "ann", "why": "same address"}"#;
    let all = [
        event("address", "ann", "2026-07-02T00:00:00Z", "consents", scope),
        event("link", "p9", "2026-07-02T00:00:00Z", "links", link),
    ];
    ledger.append(&all).unwrap();
    ledger.checkpoint("2026-07-03T00:00:00Z".parse().unwrap(), Some(&Key::from_bytes(&[7; 32]))).unwrap();
    let erasure = Erasure {
        person: "p1\0\"\n",
        why: "request 12",
        by: "office",
        recorded_at: "2026-07-04T00:00:00Z".parse().unwrap(),
        addresses: &["gone@example.org"],
    };
    ledger.erase(&erasure).unwrap();
    // The same name again is another person.
    ledger.append(&[stop("after", "p1\0\"\n", "2026-07-05T00:00:00Z")]).unwrap();
    ledger.checkpoint("2026-07-06T00:00:00Z".parse().unwrap(), None).unwrap();
    ledger
}

pub fn the_same_ledger_is_made_again(place: &Place) {
    let mut ledger = full(place);
    let lines = ledger.save().unwrap();
    assert!(!lines.contains("gone@example.org"));
    let last = ledger.checkpoint(LATE.parse().unwrap(), None).unwrap();
    let trust = Trust { keys: Vec::new(), checkpoint: Some(last.digest) };
    // In memory, and in a store like the one it came from.
    for store in [Any::from(Memory::new()), place.anew().empty()] {
        let mut other = Ledger::restore(store, &lines).unwrap();
        let report = other.verify(&trust).unwrap();
        assert_eq!(report, ledger.verify(&trust).unwrap());
        assert_eq!(report.findings, []);
        for (person, address) in [
            ("ann", None),
            ("p0\0\"\n", Some("ann@example.org")),
            ("p1\0\"\n", None),
            ("x", Some("gone@example.org")),
            ("p9", None),
        ] {
            assert_eq!(
                facts(&mut other, person, address, LATE),
                facts(&mut ledger, person, address, LATE),
                "{person}"
            );
        }
        assert_eq!(other.save().unwrap(), lines);
        // Both go on as one would have.
        assert_eq!(other.entries(0, 100).unwrap(), ledger.entries(0, 100).unwrap());
        assert!(!other.append(&[stop("k3", "p3\0\"\n", "2026-07-02T00:00:00Z")]).unwrap()[0].new);
        assert_eq!(other.append(&[stop("new", "p", LATE)]).unwrap()[0].seq, report.events + 1);
    }
}

pub fn what_was_changed_is_found(place: &Place) {
    let lines = full(place).save().unwrap();
    let restore = |lines: &str| {
        Ledger::restore(Memory::new(), lines).err().map(|error| (error.kind(), error.to_string()))
    };
    assert_eq!(restore(&lines), None);
    let all: Vec<&str> = lines.lines().collect();
    // Any line that is missing, or that is there twice.
    for n in 0..all.len() {
        let mut less = all.clone();
        let line = less.remove(n);
        let (kind, said) = restore(&less.join("\n")).unwrap_or_else(|| panic!("without {line}"));
        assert_eq!(kind, ErrorKind::Damaged, "{said}");
        let mut more = all.clone();
        more.insert(n, line);
        assert!(restore(&more.join("\n")).is_some(), "twice {line}");
    }
    // Any digit or word that is another.
    for (n, line) in all.iter().enumerate().step_by(3) {
        for (from, to) in [("revoke", "decline"), ("k1", "k0"), ("0", "1"), ("a", "b"), ("7", "8")] {
            let mut other: Vec<String> = all.iter().map(|it| (*it).to_owned()).collect();
            other[n] = line.replace(from, to);
            // The key of keyed hashes is bound by what it has hashed: names are looked for by it and not found.
            if other[n] != *line {
                assert!(restore(&other.join("\n")).is_some(), "{line} with {to}");
            }
        }
    }
    for nonsense in
        ["", "{}", "null", "\0", "[[[[[[[[", r#"{"ledger": {"form": 2, "secret": "", "keeps": {}}}"#]
    {
        assert_eq!(restore(nonsense).unwrap().0, ErrorKind::Damaged);
    }
    assert!(restore(&lines.replace(r#""form":1"#, r#""form":2"#)).unwrap().1.contains("form 2"));
    // A store that holds something is left as it is.
    let error = Ledger::restore(place.store(), &lines).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}
