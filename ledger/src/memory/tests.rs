//! What a transaction in memory leaves when it fails: nothing, however far it came.

use super::*;
use crate::error::ErrorKind;
use crate::{Erasure, Event, Key, Trust};

fn event(n: u32, list: &str, record: &str) -> Event {
    let words = format!(
        r#"{{"key": "k{n}", "person": "p{}", "list": "{list}", "source": "test", "actor": {{"kind": "system"}},
            "recorded_at": "2026-07-01T00:00:00Z", "event": {record}}}"#,
        n % 7
    );
    Event::parse(&words).unwrap()
}

/// Everything that can be done to a ledger, the failure after the n-th change.
struct Failing<'a> {
    rows: &'a mut MemoryRows,
    left: usize,
}

impl Failing<'_> {
    fn one(&mut self) -> Result<()> {
        self.left = self.left.checked_sub(1).ok_or_else(|| Error::new(ErrorKind::Full, "no room"))?;
        Ok(())
    }
}

/// One change of each kind after another, until they fail.
fn change(rows: &mut MemoryRows, left: usize) -> Result<()> {
    let mut it = Failing { rows, left };
    it.one()?;
    it.rows.set("old", b"2")?;
    it.one()?;
    it.rows.set("new", b"1")?;
    it.one()?;
    let number = it.rows.add_person("someone", &[9; 16])?;
    it.one()?;
    let seq = it.rows.last()?.0 + 1;
    let link = Digest([3; 32]);
    let kept = Kept {
        seq,
        person: number,
        n: 1,
        list: 0,
        recorded: i64::MAX,
        key: [9; 16],
        salt: None,
        words: None,
        seal: link,
        link,
        previous: Some(0),
    };
    assert!(it.rows.add(&kept)?);
    assert!(!it.rows.add(&kept)?);
    it.one()?;
    let person = it.rows.person("p3")?.unwrap();
    it.rows.put_person(&Person { name: None, count: 99, head: link, ..person })?;
    assert_eq!(it.rows.person("p3")?, None);
    it.one()?;
    it.rows.blank(1)?;
    it.one()?;
    it.rows.add_refusal(&[1; 16], 1)?;
    it.one()?;
    it.rows.bury(&[1; 16], 5)?;
    it.one()?;
    let checkpoint = it.rows.checkpoint()?.unwrap();
    it.rows.add_checkpoint(&checkpoint)?;
    it.one()?;
    it.rows.add_block(0, &link)?;
    it.one()
}

/// A ledger of everything that one may hold.
fn full() -> Ledger<Memory> {
    let mut ledger = Ledger::in_memory().unwrap();
    let stop = r#"{"kind": "revoke", "at": "2026-07-01T00:00:00Z", "scope": {"address": "a@example.org"}}"#;
    ledger.append(&(0..50).map(|n| event(n, "consents", stop)).collect::<Vec<_>>()).unwrap();
    ledger.checkpoint("2026-07-02T00:00:00Z".parse().unwrap(), Some(&Key::from_bytes(&[1; 32]))).unwrap();
    let recorded_at = "2026-07-03T00:00:00Z".parse().unwrap();
    ledger.erase(&Erasure { person: "p6", why: "w", by: "b", recorded_at, addresses: &[] }).unwrap();
    ledger.store.write(|rows| rows.set("old", b"1")).unwrap();
    ledger
}

/// All that the rows hold.
fn all(ledger: &mut Ledger<Memory>) -> String {
    let rows = &ledger.store.rows;
    assert_eq!(rows.done.len(), 0);
    let people: Vec<_> = rows.people.iter().map(|it| (&it.person, &it.events)).collect();
    format!(
        "{:?}\n{people:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
        rows.settings,
        rows.names,
        rows.events,
        rows.keys,
        rows.refusals,
        rows.buried,
        rows.checkpoints,
        rows.blocks
    )
}

#[test]
fn whatever_fails_leaves_nothing() {
    let mut ledger = full();
    let before = all(&mut ledger);
    let steps = 10;
    for left in 0..=steps {
        let error = ledger.store.write(|rows| change(rows, left)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Full);
        assert_eq!(all(&mut ledger), before, "{left}");
        // Nor is anything kept of what is done where one only reads.
        ledger.store.read(|rows| change(rows, steps + 1)).unwrap();
        assert_eq!(all(&mut ledger), before, "{left}");
        // Nor of a panic, should there ever be one.
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            ledger.store.write(|rows| -> Result<()> { panic!("{:?}", change(rows, left)) })
        }));
        assert!(caught.is_err());
        assert_eq!(all(&mut ledger), before, "{left}");
    }
    assert_eq!(ledger.verify(&Trust::default()).unwrap().findings, []);
    ledger.store.write(|rows| change(rows, steps + 1)).unwrap();
    assert_ne!(all(&mut ledger), before);
}

#[test]
fn what_is_touched_is_found() {
    use crate::What;
    type Touch = (&'static str, fn(&mut MemoryRows), What);
    let touches: [Touch; 6] = [
        ("words", |rows| rows.events[8].words = Some("{}".to_owned()), What::Changed),
        ("link", |rows| rows.events[8].link = Digest::NONE, What::Broken),
        ("gone", |rows| drop(rows.events.remove(8)), What::Deleted),
        ("head", |rows| rows.people[2].person.head = Digest::NONE, What::Head),
        ("refusals", |rows| rows.refusals.clear(), What::Unfindable),
        ("buried", |rows| rows.buried.clear(), What::Unfindable),
    ];
    for (name, touch, what) in touches {
        let mut ledger = full();
        touch(&mut ledger.store.rows);
        let found = ledger.verify(&Trust::default()).unwrap().findings;
        assert!(found.iter().any(|it| it.what == what), "{name}: {found:?}");
    }
}
