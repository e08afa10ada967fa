//! What may happen to a process, a server and a file: killed while they write, two hundred times; bytes that turn.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use byleave_ledger::{ErrorKind, Event, Ledger, Trust};
use common::{Place, server};
use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
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
    let (writer, place) = told.split_once(' ').unwrap();
    let mut ledger = Ledger::at(place).unwrap();
    let mut out = std::io::stdout();
    let mut n = 0;
    loop {
        match ledger.append(&batch(writer, n)) {
            Ok(_) => {
                // One write a line: half of one says nothing.
                out.write_all(format!("ack {writer} {n}\n").as_bytes()).unwrap();
                out.flush().unwrap();
                n += 1;
            }
            // Kept or not, nobody knows: it is sent again until somebody says so.
            Err(error) if [ErrorKind::Locked, ErrorKind::Connection].contains(&error.kind()) => {
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(error) => panic!("{error}"),
        }
    }
}

fn writers(place: &Place, round: usize) -> Vec<Child> {
    let writer = |n| {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture", "--test-threads=1"])
            .env(CHILD, format!("w{round}.{n} {}", place.word().display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    (0..3).map(writer).collect()
}

/// Kills them, and gives what they said to have been acknowledged.
fn killed(mut writers: Vec<Child>) -> HashSet<(String, usize)> {
    let mut acknowledged = HashSet::new();
    writers.iter_mut().for_each(|child| child.kill().unwrap());
    for mut child in writers {
        let mut said = String::new();
        child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        child.wait().unwrap();
        let whole = said.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let lines =
            whole.lines().filter_map(|line| line.strip_prefix("ack ")).filter_map(|it| it.split_once(' '));
        acknowledged.extend(lines.map(|(writer, n)| (writer.to_owned(), n.parse::<usize>().unwrap())));
    }
    acknowledged
}

/// Everything that was acknowledged is there, no batch is there by half, and every chain holds.
fn held(place: &Place, acknowledged: &HashSet<(String, usize)>, round: usize) {
    let report = place.open().verify(&Trust::default()).unwrap();
    assert_eq!(report.findings, [], "round {round}");
    let mut found: BTreeMap<(String, usize), usize> = BTreeMap::new();
    for words in words(place) {
        let key = Event::parse(&words).unwrap().key;
        let [writer, n, _] = key.split('/').collect::<Vec<_>>()[..] else { panic!("{key}") };
        *found.entry((writer.to_owned(), n.parse().unwrap())).or_default() += 1;
    }
    for batch in acknowledged {
        assert_eq!(found.get(batch), Some(&BATCH), "round {round}: {batch:?} was acknowledged");
    }
    assert!(found.values().all(|n| *n == BATCH), "round {round}: half a batch");
}

/// All words, past the ledger.
fn words(place: &Place) -> Vec<String> {
    if let Place::Postgres(url) = place {
        let (server, schema) = url.split_once("?schema=").unwrap();
        let mut client = postgres::Client::connect(server, postgres::NoTls).unwrap();
        let rows = client.query(&format!("SELECT words FROM {schema}.events"), &[]).unwrap();
        return rows.iter().map(|row| String::from_utf8(row.get(0)).unwrap()).collect();
    }
    let rows = rusqlite::Connection::open(place.word()).unwrap();
    let mut ask = rows.prepare("SELECT words FROM events").unwrap();
    ask.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

/// Instants that nobody chose.
struct Random(u64);

impl Random {
    fn new() -> Random {
        Random(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos() as u64 | 1)
    }

    fn milliseconds(&mut self, from: u64, to: u64) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Duration::from_millis(from + self.0 % (to - from))
    }
}

/// Several writers, killed at some instant, two hundred times. The first that come to a ledger make its tables, and may be
/// killed at that, too.
fn killed_two_hundred_times(store: &str, most: u64, place: impl Fn() -> Place) {
    let mut random = Random::new();
    let seed = random.0;
    let mut acknowledged = 0;
    for tenth in 0..20 {
        let place = place();
        for n in 0..10 {
            let round = tenth * 10 + n;
            let writers = writers(&place, round);
            std::thread::sleep(random.milliseconds(5, most));
            let said = killed(writers);
            held(&place, &said, round);
            acknowledged += said.len();
        }
    }
    println!(
        "ledger: {store}: {acknowledged} batches of {BATCH} acknowledged by 600 writers that were killed, seed {seed}"
    );
    // Were they all killed before they wrote, this would have shown nothing.
    assert!(acknowledged > 100);
}

#[test]
fn killed_two_hundred_times_in_a_file() {
    killed_two_hundred_times("SQLite", 90, Place::file);
}

#[test]
fn killed_two_hundred_times_in_postgres() {
    killed_two_hundred_times("PostgreSQL", 250, Place::postgres);
}

/// A server of its own, taken away however the test ends.
struct Own(tempfile::TempDir);

impl Drop for Own {
    fn drop(&mut self) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/postgres");
        let _ = Command::new(script).arg("stop").arg(self.0.path().join("pg")).output();
    }
}

#[test]
fn the_server_killed_while_others_write() {
    let own = Own(tempfile::tempdir().unwrap());
    // Its owner may be somebody else, who must get there.
    #[cfg(unix)]
    std::fs::set_permissions(own.0.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let folder = own.0.path().join("pg").to_str().unwrap().to_owned();
    let start = || server::script(&["start", &folder, &std::process::id().to_string()]);
    let url = start();
    let place = Place::Postgres(format!("{url}?schema=killed"));
    let mut random = Random::new();
    let seed = random.0;
    let mut acknowledged = HashSet::new();
    let mut kept = place.open();
    for round in 0..5 {
        let writers = writers(&place, round);
        std::thread::sleep(random.milliseconds(300, 900));
        server::script(&["kill", &folder]);
        assert_eq!(kept.size().unwrap_err().kind(), ErrorKind::Connection);
        // Meanwhile they try again and again.
        std::thread::sleep(random.milliseconds(20, 200));
        start();
        std::thread::sleep(random.milliseconds(300, 900));
        acknowledged.extend(killed(writers));
        held(&place, &acknowledged, round);
        // The connection of before is made again.
        assert!(kept.size().unwrap().0 >= (acknowledged.len() * BATCH) as u64);
    }
    println!(
        "ledger: {} batches of {BATCH} acknowledged around 5 crashes of the server, seed {seed}",
        acknowledged.len()
    );
    assert!(acknowledged.len() > 50);
    drop(kept);
    // A server that does not force to the disk what it acknowledges keeps no ledger.
    let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
    client.batch_execute("ALTER SYSTEM SET fsync = off").unwrap();
    client.batch_execute("SELECT pg_reload_conf()").unwrap();
    while client.query_one("SHOW fsync", &[]).unwrap().get::<_, &str>(0) == "on" {
        std::thread::sleep(Duration::from_millis(5));
    }
    let error = Ledger::at(place.word()).err().unwrap();
    assert!(error.message().contains("force") && error.hint_text().unwrap().contains("fsync"), "{error}");
    assert_eq!(place.open_to_read().verify(&Trust::default()).unwrap().findings, []);
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
