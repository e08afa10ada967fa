//! The ledger against bare SQLite: `cargo bench -p byleave-ledger`, or with the number of events `-- 10000000`.
//!
//! Both take the same rows in turn, ten thousand at a time, on the same disk: whatever else the machine does falls on both.
//! Then people with thirty events are asked about, in turn again. The numbers of one run are compared, never those of two.
//! The files lie in the folder that `BYLEAVE_BENCH` names, or where temporary files do; they are gone at the end. In a folder
//! that is given after the number they stay, and are only read the next time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

mod bare;
mod events;
mod read;

use bare::Bare;
use byleave_ledger::{Event, Ledger, Receipt, Trust};
use events::Events;
use rusqlite::Connection;
use std::path::Path;
use std::time::{Duration, Instant};

/// As the ledger opens its own file.
const PRAGMAS: [(&str, &str); 6] = [
    ("journal_mode", "wal"),
    ("synchronous", "full"),
    ("foreign_keys", "on"),
    ("cell_size_check", "on"),
    ("cache_size", "-65536"),
    ("wal_autocheckpoint", "16384"),
];
/// Events of one transaction, as the ledger imports them.
const TRANSACTION: usize = 1_000;
/// Events after which it is the other's turn.
const TURN: u64 = 10_000;

fn main() {
    // What `cargo bench` adds is neither a number nor a folder.
    let given: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with("--")).collect();
    let many: u64 = given.iter().find_map(|it| it.parse().ok()).unwrap_or(100_000);
    let stay = given.iter().find(|it| it.parse::<u64>().is_err()).map(Path::new);
    let temporary = match std::env::var_os("BYLEAVE_BENCH") {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir(),
    };
    let temporary = temporary.expect("a folder for the files");
    let folder = stay.unwrap_or(temporary.path());
    let (ledger, bare) = (folder.join("consent.db"), folder.join("bare.db"));
    let tables = match bare.exists() {
        true => Bare::open(&bare).expect("bare tables"),
        false => import(&ledger, &bare, many),
    };
    read::facts(&ledger, &bare, tables, many);
    whole(&ledger, many);
}

/// What the process keeps in memory now, and the most it ever did, in MiB.
fn memory() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|it| it.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
    };
    (of("VmRSS:"), of("VmHWM:"))
}

/// How long this thread has had a processor: what waiting for the disk and for other programs leaves out.
pub fn cpu() -> Duration {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(said.split_whitespace().next().and_then(|it| it.parse().ok()).unwrap_or(0))
}

fn size(path: &Path) -> u64 {
    let whole = |path: &Path| std::fs::metadata(path).map_or(0, |it| it.len());
    let log = path.with_extension("db-wal");
    (whole(path) + whole(&log)) >> 20
}

fn import(ledger_file: &Path, bare_file: &Path, many: u64) -> Bare {
    let mut ledger = Ledger::open(ledger_file).expect("a ledger");
    let mut bare = Bare::open(bare_file).expect("bare tables");
    let back = Connection::open(ledger_file).expect("the ledger's file");
    println!("{many} events, {} in a transaction, told by text\n", TRANSACTION);
    println!(
        "{:>12}{:>12}{:>12}{:>8}{:>22}{:>22}",
        "events", "bare", "ledger", "ratio", "file: bare, ledger", "memory: now, most"
    );
    let (mut last, mut done, mut bytes) = ((0, 0), 0u64, 0usize);
    let (mut all, mut all_busy) = ([Duration::ZERO; 2], [Duration::ZERO; 2]);
    let mut tenths = Vec::new();
    for tenth in 1..=10 {
        let (until, from) = (many * tenth / 10, done);
        let (mut took, mut busy) = ([Duration::ZERO; 2], [Duration::ZERO; 2]);
        while done < until {
            let turn = done..(done + TURN).min(until);
            let lines: Vec<String> = turn.clone().map(Events::line).collect();
            bytes += lines.iter().map(String::len).sum::<usize>();
            let (start, begun) = (Instant::now(), cpu());
            let mut new = 0;
            let told = lines.iter().map(|line| ((), Event::parse(line).expect("an event")));
            ledger
                .import(told, false, |(), _, receipt| {
                    new += u64::from(matches!(receipt, Ok(Receipt { new: true, .. })));
                })
                .expect("an import");
            took[1] += start.elapsed();
            busy[1] += cpu() - begun;
            assert_eq!(new, turn.end - turn.start);
            let rows = bare::rows(&back, last.0, last.1).expect("the ledger's rows");
            last = rows.last(last);
            let begun = cpu();
            took[0] += bare.insert(&rows, TRANSACTION).expect("an insert");
            busy[0] += cpu() - begun;
            done = turn.end;
        }
        let per_event = |it: Duration| it.as_secs_f64() * 1e6 / (done - from).max(1) as f64;
        let (each, busy_each) = (took.map(per_event), busy.map(per_event));
        let (now, most) = memory();
        println!(
            "{done:>12}{:>9.2} µs{:>9.2} µs{:>8.2}{:>8.2} {:>6.2} µs{:>11} {:>6} MiB{:>11} {:>6} MiB",
            each[0],
            each[1],
            each[1] / each[0],
            busy_each[0],
            busy_each[1],
            size(bare_file),
            size(ledger_file),
            now,
            most,
        );
        all = [all[0] + took[0], all[1] + took[1]];
        all_busy = [all_busy[0] + busy[0], all_busy[1] + busy[1]];
        tenths.push(each);
    }
    let [bare_all, ledger_all] = all.map(|it| it.as_secs_f64());
    println!(
        "\nimport: {:.2} of bare inserts ({ledger_all:.1} s, {bare_all:.1} s; a line is {} bytes)",
        ledger_all / bare_all,
        bytes as u64 / many.max(1)
    );
    let [bare_all, ledger_all] = all_busy.map(|it| it.as_secs_f64());
    println!("on a processor: {:.2} ({ledger_all:.1} s, {bare_all:.1} s)", ledger_all / bare_all);
    let (first, last) = (tenths[0], tenths[9]);
    println!("the last tenth costs {:.2} of the first; bare {:.2}\n", last[1] / first[1], last[0] / first[0]);
    bare
}

/// Everything read from one end to the other.
fn whole(ledger_file: &Path, many: u64) {
    let (before, _) = memory();
    let mut ledger = Ledger::open_to_read(ledger_file).expect("the ledger");
    let start = Instant::now();
    let report = ledger.verify(&Trust::default()).expect("a report");
    assert_eq!((report.events, report.findings.len()), (many, 0));
    let took = start.elapsed();
    let (now, most) = memory();
    println!(
        "verify: {:.1} s, {:.2} µs an event; memory {before} MiB before, {now} after, {most} at most",
        took.as_secs_f64(),
        took.as_secs_f64() * 1e6 / many as f64,
    );
}
