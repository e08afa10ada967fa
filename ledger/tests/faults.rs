//! What may happen to a process and to a file: killed while it writes, two hundred times; bytes that turn.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use byleave_ledger::{ErrorKind, Event, Ledger, Trust};
use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

/// Where a child is to write, and as whom.
const CHILD: &str = "BYLEAVE_LEDGER_CHILD";
const BATCH: usize = 5;

fn event(key: &str, person: &str) -> Event {
    // A constant instant: which of several writers comes first is not said by their clocks.
    let words = serde_json::json!({
        "key": key, "person": person, "list": "consents", "source": "test", "actor": {"kind": "system"},
        "recorded_at": "2026-07-01T00:00:00Z", "event": {"kind": "revoke", "at": "2026-07-01T00:00:00Z", "scope": {}},
    });
    Event::parse(&words.to_string()).unwrap()
}

/// Keys of a batch; its people are everybody's.
fn batch(writer: &str, n: usize) -> Vec<Event> {
    (0..BATCH).map(|at| event(&format!("{writer}/{n}/{at}"), &format!("p{}", (n + at) % 3))).collect()
}

/// Not a test by itself: what a child does until it is killed. It says each batch that was acknowledged.
#[test]
fn child() {
    let Ok(told) = std::env::var(CHILD) else { return };
    let (writer, path) = told.split_once(' ').unwrap();
    let mut ledger = Ledger::open(path).unwrap();
    let mut out = std::io::stdout();
    for n in 0.. {
        match ledger.append(&batch(writer, n)) {
            Ok(_) => {
                // One write a line: half of one says nothing.
                out.write_all(format!("ack {writer} {n}\n").as_bytes()).unwrap();
                out.flush().unwrap();
            }
            Err(error) if error.kind() == ErrorKind::Locked => {}
            Err(error) => panic!("{error}"),
        }
    }
}

/// Several writers, killed at some instant; everything that one of them said is there, no batch is there by half.
fn round(path: &Path, round: usize, wait: Duration) -> usize {
    let mut children: Vec<_> = (0..3)
        .map(|n| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "child", "--nocapture", "--test-threads=1"])
                .env(CHILD, format!("w{round}.{n} {}", path.display()))
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    std::thread::sleep(wait);
    let mut acknowledged = HashSet::new();
    children.iter_mut().for_each(|child| child.kill().unwrap());
    for mut child in children {
        let mut said = String::new();
        child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        child.wait().unwrap();
        let whole = said.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let lines =
            whole.lines().filter_map(|line| line.strip_prefix("ack ")).filter_map(|it| it.split_once(' '));
        acknowledged.extend(lines.map(|(writer, n)| (writer.to_owned(), n.parse::<usize>().unwrap())));
    }
    let mut ledger = Ledger::open(path).unwrap();
    let report = ledger.verify(&Trust::default()).unwrap();
    assert_eq!(report.findings, [], "round {round}");
    let mut found: BTreeMap<(String, usize), usize> = BTreeMap::new();
    let mut rows = rusqlite::Connection::open(path).unwrap();
    let rows = rows.transaction().unwrap();
    let mut ask = rows.prepare("SELECT words FROM events").unwrap();
    for words in ask.query_map([], |row| row.get::<_, String>(0)).unwrap() {
        let key = Event::parse(&words.unwrap()).unwrap().key;
        let [writer, n, _] = key.split('/').collect::<Vec<_>>()[..] else { panic!("{key}") };
        *found.entry((writer.to_owned(), n.parse().unwrap())).or_default() += 1;
    }
    for batch in &acknowledged {
        assert_eq!(found.get(batch), Some(&BATCH), "round {round}: {batch:?} was acknowledged");
    }
    assert!(found.values().all(|n| *n == BATCH), "round {round}: half a batch");
    acknowledged.len()
}

#[test]
fn killed_two_hundred_times() {
    let seed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos() as u64;
    let mut state = seed | 1;
    let mut acknowledged = 0;
    for tenth in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("consent.db");
        for n in 0..10 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            acknowledged += round(&path, tenth * 10 + n, Duration::from_millis(20 + state % 60));
        }
    }
    println!(
        "ledger: {acknowledged} batches of {BATCH} acknowledged by 600 writers that were killed, seed {seed}"
    );
    // Were they all killed before they wrote, this would have shown nothing.
    assert!(acknowledged > 200);
}

/// A byte that turns is found, or it stood where nothing stands: then everything is as it was.
#[test]
fn a_byte_that_turns() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("consent.db");
    let mut ledger = Ledger::open(&path).unwrap();
    let key = byleave_ledger::Key::from_bytes(&[9; 32]);
    for n in 0..40 {
        ledger.append(&batch("w", n)).unwrap();
    }
    ledger.checkpoint("2026-07-02T00:00:00Z".parse().unwrap(), Some(&key)).unwrap();
    drop(ledger);
    let whole = std::fs::read(&path).unwrap();
    let words = |path: &Path| -> Option<Vec<String>> {
        let rows = rusqlite::Connection::open(path).ok()?;
        let mut ask = rows.prepare("SELECT words FROM events ORDER BY seq").ok()?;
        ask.query_map([], |row| row.get(0)).ok()?.collect::<Result<_, _>>().ok()
    };
    let before = words(&path).unwrap();
    let trust = Trust { keys: vec![key.public()], checkpoint: None };
    let (mut refused, mut found, mut nothing) = (0, 0, 0);
    for at in (0..whole.len()).step_by(whole.len() / 400) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        std::fs::write(&path, &bytes).unwrap();
        match Ledger::open_to_read(&path).and_then(|mut ledger| ledger.verify(&trust)) {
            Err(_) => refused += 1,
            Ok(report) if !report.findings.is_empty() => found += 1,
            Ok(_) => {
                nothing += 1;
                assert_eq!(words(&path).as_ref(), Some(&before), "byte {at}");
            }
        }
    }
    println!(
        "ledger: of {} turned bytes {refused} refused, {found} found, {nothing} where nothing stands",
        refused + found + nothing
    );
    assert!(found > 100);
}
