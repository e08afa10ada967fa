//! `ledger import` and `ledger dump`: every row ends in exactly one place, once, however often and however abruptly it is read.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Run, byleave, command, file, folder, root};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

const AT: &str = "2026-11-20T12:00:00Z";
const MAP: &str = r#"{"name": "t", "source": "test", "key": ["id"], "person": {"column": "id"}, "calling_code": "1",
  "events": [{"event": {"kind": {"column": "opt", "words": {"Y": "grant", "N": "revoke"}}, "level": "express",
    "at": {"column": "at"}, "scope": {"channel": ["text"], "address": [{"column": "phone", "as": "phone"}]}}}]}"#;

fn example(name: &str) -> String {
    format!("examples/ledger/import/{name}")
}

fn at(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().unwrap().to_owned()
}

fn import(ledger: &str, from: &str, map: &str, more: &[&str]) -> Run {
    byleave(&[&["ledger", "import", ledger, from, "--map", map, "--at", AT, "--json"], more].concat())
}

/// Read, added, there, refused, passed.
fn rows(run: &Run) -> [u64; 5] {
    let told = run.json();
    let [read, rest @ ..] =
        ["read", "added", "there", "refused", "passed"].map(|key| told["rows"][key].as_u64().unwrap());
    assert_eq!(read, rest.iter().sum::<u64>(), "{told}");
    [read, rest[0], rest[1], rest[2], rest[3]]
}

fn size(ledger: &str) -> u64 {
    byleave(&["ledger", "verify", ledger, "--json"]).json()["events"].as_u64().unwrap()
}

#[test]
fn the_example_is_imported_once_and_what_was_refused_when_it_is_mended() {
    let folder = folder("import_example");
    let (ledger, refused) = (at(&folder, "consent.db"), at(&folder, "refused.csv"));
    let (csv, map) = (example("contacts.csv"), example("contacts.json"));
    let dry = import(&ledger, &csv, &map, &["--dry-run"]);
    assert_eq!((dry.code, rows(&dry)), (4, [6, 3, 0, 2, 1]), "{}", dry.out);
    assert!(!folder.join("consent.db").exists());
    assert_eq!(
        dry.json()["events"],
        json!({"new": [{"list": "consents", "kind": "grant", "count": 3}, {"list": "consents", "kind": "revoke", "count": 2}], "there": 0})
    );
    assert_eq!(dry.json()["unused"], json!(["name", "owner"]));
    let run = import(&ledger, &csv, &map, &["--rejects", &refused]);
    assert_eq!((run.code, rows(&run), size(&ledger)), (4, [6, 3, 0, 2, 1], 5));
    // The dry run said what happened, word for word.
    let (mut said, done) = (dry.json(), run.json());
    said["dry_run"] = false.into();
    assert_eq!(said, done);
    // What was set aside is refused again as long as nobody mends it.
    let again = import(&ledger, &refused, &map, &["--rejects", &at(&folder, "refused-2.csv")]);
    assert_eq!((again.code, rows(&again)), (4, [2, 0, 0, 2, 0]));
    let text = std::fs::read_to_string(&refused).unwrap();
    assert!(
        text.starts_with("contact_id,name,mobile,email,sms_opt_in,") && text.contains(",byleave_reason\n"),
        "{text}"
    );
    assert!(text.contains("contacts.csv line 5: event.scope.address: `646 555 014`"), "{text}");
    let mended = file(
        &folder,
        "mended.csv",
        text.replace(",646 555 014,", ",646 555 0145,").replace(",maybe,", ",N,"),
    );
    let run = import(&ledger, &mended, &map, &[]);
    assert_eq!((run.code, rows(&run), size(&ledger)), (0, [2, 2, 0, 0, 0], 8), "{}", run.out);
    // A second time nothing is added, and a row that changed is told.
    let run = import(&ledger, &csv, &map, &[]);
    assert_eq!((rows(&run), size(&ledger)), ([6, 0, 3, 2, 1], 8));
    let changed = std::fs::read_to_string(root().join(&csv))
        .unwrap()
        .replace("C-1002,\"Okafor, Ben\",212-555-0143,,N", "C-1002,\"Okafor, Ben\",212-555-0143,,Y");
    let run = import(&ledger, &file(&folder, "changed.csv", changed), &map, &[]);
    assert_eq!((rows(&run), size(&ledger)), ([6, 0, 2, 3, 1], 8));
    assert!(run.out.contains("\"reason\": \"conflict\""), "{}", run.out);
    // And the stops of the carrier's list bind whoever is reached there.
    let run = import(&ledger, &example("stops.csv"), &example("stops.json"), &[]);
    assert_eq!((run.code, rows(&run)), (0, [3, 3, 0, 0, 0]), "{}", run.out);
    let facts = byleave(&["ledger", "facts", &ledger, "C-1001", "--address", "+12125550142"]).json();
    let revoked: Vec<&Value> =
        facts["consents"].as_array().unwrap().iter().filter(|it| it["kind"] == "revoke").collect();
    assert_eq!((revoked.len(), &revoked[0]["at"]), (1, &json!("2026-10-02T20:20:11Z")), "{facts}");
}

#[test]
fn a_mapping_that_is_wrong_is_told_whole_and_makes_nothing() {
    let folder = folder("import_flaws");
    let map = file(
        &folder,
        "map.json",
        r#"{"name": "t", "key": "row", "events": [{"list": "mail", "event": {"kind": "grant"}}], "zone": "here"}"#,
    );
    let csv = file(&folder, "a.csv", "id\n1\n");
    let run = import(&at(&folder, "l.db"), &csv, &map, &[]);
    assert_eq!(run.code, 4);
    for path in ["zone: ", "events[0].list: ", "events[0].person: ", "events[0].source: "] {
        assert!(run.err.contains(path), "{path}: {}", run.err);
    }
    assert!(!folder.join("l.db").exists());
    // Columns that the mapping reads and the file has not.
    let good = file(&folder, "good.json", MAP);
    let run = byleave(&["ledger", "import", &at(&folder, "l.db"), &csv, "--map", &good, "--dry-run"]);
    assert!(run.code == 4 && run.err.contains("has no column `at`, `opt`, `phone`"), "{}", run.err);
    let semicolons = file(&folder, "b.csv", "id;opt;at;phone\n1;Y;;2125550142\n");
    let run = byleave(&["ledger", "import", &at(&folder, "l.db"), &semicolons, "--map", &good, "--dry-run"]);
    assert!(run.code == 4 && run.err.contains("is `;` its delimiter?"), "{}", run.err);
}

#[test]
fn csv_is_read_as_it_is_written_and_what_is_torn_is_told() {
    let folder = folder("import_csv");
    let map = file(&folder, "map.json", MAP);
    let told = |name: &str, bytes: &[u8]| {
        let ledger = at(&folder, &format!("{name}.db"));
        let rejects = at(&folder, &format!("{name}.refused.csv"));
        let run =
            import(&ledger, &file(&folder, &format!("{name}.csv"), bytes), &map, &["--rejects", &rejects]);
        (run, std::fs::read(rejects).unwrap_or_default())
    };
    let plain = "id,opt,at,phone\r\n1,Y,,\"(212) 555-0142\"\r\n\r\n,,,\n\"2\",N,2026-01-02,2125550143\n";
    for (name, bytes) in [
        ("plain", plain.as_bytes().to_vec()),
        ("bom", [b"\xef\xbb\xbf", plain.as_bytes()].concat()),
        ("utf16le", [vec![0xff, 0xfe], plain.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat()),
        ("utf16be", [vec![0xfe, 0xff], plain.encode_utf16().flat_map(u16::to_be_bytes).collect()].concat()),
    ] {
        let (run, _) = told(name, &bytes);
        assert_eq!((run.code, rows(&run)), (0, [2, 2, 0, 0, 0]), "{name}: {}{}", run.out, run.err);
    }
    for (name, bytes, why) in [
        ("unmarked", plain.encode_utf16().flat_map(u16::to_le_bytes).collect(), "NUL bytes"),
        ("workbook", b"PK\x03\x04aaaa".to_vec(), "workbook"),
        ("gzip", b"\x1f\x8b\x08aaaa".to_vec(), "compressed"),
        ("half", [vec![0xff, 0xfe], b"a\0\0\xd8b\0".to_vec()].concat(), "no UTF-16"),
        ("cut", vec![0xff, 0xfe, b'a'], "cut off"),
        ("empty", vec![], "empty"),
    ] {
        let (run, _) = told(name, &bytes);
        assert!(run.code == 4 && run.out.contains(why), "{name}: {}{}", run.out, run.err);
    }
    // Rows with too many fields, of another encoding, and torn at the end of the file: set aside, byte for byte.
    let (run, refused) = told("rows", b"id,opt,at,phone\n1,Y,,2125550142,x\n2,N\n3,N\xe9,,2125550142\n4,Y,,2125550142\n5,N,,\"2125550142\n6,Y,,2125550142\n");
    assert_eq!((run.code, rows(&run)), (4, [5, 1, 0, 4, 0]), "{}", run.out);
    let reasons = |it: &Value| it["reason"].as_str().unwrap().to_owned();
    let mut found: Vec<String> = run.json()["refused"].as_array().unwrap().iter().map(reasons).collect();
    found.sort();
    assert_eq!(found, ["columns", "columns", "csv", "encoding"]);
    assert!(
        refused.windows(5).any(|it| it == b"3,N\xe9,")
            && refused.windows(12).any(|it| it == b"\n6,Y,,212555"),
        "{}",
        String::from_utf8_lossy(&refused)
    );
    // In the middle of a long file it would swallow the rest: there it ends the run, and says where.
    let mut long = b"id,opt,at,phone\n1,Y,,2125550142\n2,Y,,\"2125550142\n".to_vec();
    for n in 3..80_000 {
        writeln!(long, "{n},Y,,2125550142").unwrap();
    }
    let (run, _) = told("long", &long);
    assert!(
        run.code == 4 && run.out.contains("line 3") && run.out.contains("never closed"),
        "{}{}",
        run.out,
        run.err
    );
}

#[test]
fn json_lines_are_read_by_paths_and_set_aside_as_they_were() {
    let folder = folder("import_lines");
    let map =
        file(&folder, "map.json", MAP.replace("\"column\": \"phone\"", "\"column\": \"contact.phones\""));
    let lines = "{\"id\": 1, \"opt\": \"Y\", \"contact\": {\"phones\": [\"2125550142\", \"+44 20 7946 0018\"]}, \"score\": 0.50}\n\
        {\"id\": 2, \"opt\": \"Y\", \"opt\": \"N\", \"contact\": {\"phones\": []}}\n[1]\nnot json\n\
        {\"id\": 3, \"opt\": \"huh\", \"contact\": {\"phones\": \"2125550142\"}, \"score\": 0.50}\n";
    let (ledger, refused) = (at(&folder, "l.db"), at(&folder, "refused.jsonl"));
    let run = import(&ledger, &file(&folder, "a.jsonl", lines), &map, &["--rejects", &refused]);
    assert_eq!((run.code, rows(&run)), (4, [5, 1, 0, 4, 0]), "{}", run.out);
    let facts = byleave(&["ledger", "facts", &ledger, "1"]).json();
    assert_eq!(facts["consents"][0]["scope"]["address"], json!(["+12125550142", "+442079460018"]));
    let text = std::fs::read_to_string(&refused).unwrap();
    assert!(text.contains("\"score\": 0.50,\"byleave_reason\":\"byleave: "), "{text}");
    // Unmended they are refused as before, and stay as they were; mended they are taken.
    let second = at(&folder, "second.jsonl");
    let run = import(&ledger, &refused, &map, &["--rejects", &second]);
    assert_eq!(rows(&run), [4, 0, 0, 4, 0], "{}", run.out);
    assert_eq!(std::fs::read_to_string(&second).unwrap().matches("byleave_reason").count(), 4);
    let mended = text.replace("\"huh\"", "\"N\"").replace(
        "not json",
        "{\\\"id\\\": 4, \\\"opt\\\": \\\"N\\\", \\\"contact\\\": {\\\"phones\\\": \\\"2125550144\\\"}}",
    );
    let run = import(&ledger, &file(&folder, "mended.jsonl", mended), &map, &[]);
    assert_eq!(rows(&run), [4, 2, 0, 2, 0], "{}", run.out);
}

#[test]
fn a_dump_makes_the_same_events_in_an_empty_ledger() {
    let folder = folder("dump_again");
    let (ledger, anew) = (at(&folder, "l.db"), at(&folder, "anew.db"));
    import(&ledger, &example("contacts.csv"), &example("contacts.json"), &[]);
    byleave(&["ledger", "append", &ledger, "examples/ledger/agreed.jsonl", "--at", AT]);
    let void = json!({"key": "v", "person": "C-1001", "list": "voids", "source": "desk", "actor": {"kind": "staff"}, "recorded_at": AT,
        "event": {"of": "crm-2026/mail/[\"C-1001\"]", "why": "odd \u{1f600} \u{0} \"words\""}});
    common::with_input(&["ledger", "append", &ledger], void.to_string().as_bytes());
    let dump = |ledger: &str, name: &str, more: &[&str]| {
        let path = at(&folder, name);
        let run = byleave(&[&["ledger", "dump", ledger, "--out", &path, "--json"], more].concat());
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
        (run.json(), std::fs::read(path).unwrap())
    };
    let (told, first) = dump(&ledger, "first.jsonl", &[]);
    assert_eq!(told["events"].as_u64().unwrap(), size(&ledger));
    let run = byleave(&["ledger", "append", &anew, &at(&folder, "first.jsonl"), "--json"]);
    assert_eq!((run.code, run.json()["refused"].as_u64()), (0, Some(0)), "{}{}", run.out, run.err);
    let (_, second) = dump(&anew, "second.jsonl", &[]);
    assert_eq!(first, second);
    // What is there is not written over.
    assert_eq!(byleave(&["ledger", "dump", &ledger, "--out", &at(&folder, "first.jsonl")]).code, 4);
    // A table says what was voided, and what was refused.
    let (_, csv) = dump(&ledger, "all.csv", &[]);
    let csv = String::from_utf8(csv).unwrap();
    assert_eq!(csv.matches(",voided,").count(), 1, "{csv}");
    let (told, _) = dump(&ledger, "stops.csv", &["--list", "suppressions"]);
    assert_eq!(told["events"], 2);
    // Nothing was known the day before.
    assert_eq!(dump(&ledger, "before.csv", &["--known-at", "2025-01-01T00:00:00Z"]).0["events"], 0);
    // Of whoever was erased a line says only that.
    byleave(&["ledger", "erase", &ledger, "C-1001", "--why", "request 12", "--by", "privacy office"]);
    let (told, erased) = dump(&ledger, "erased.jsonl", &[]);
    assert_eq!(told["erased"], 4);
    assert!(!String::from_utf8(erased).unwrap().contains("C-1001"));
    let run =
        byleave(&["ledger", "append", &at(&folder, "third.db"), &at(&folder, "erased.jsonl"), "--json"]);
    assert_eq!((run.code, run.json()["erased"].as_u64()), (0, Some(4)), "{}{}", run.out, run.err);
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_goes_out_and_comes_in_again() {
    let folder = folder("dump_parquet");
    let (ledger, anew) = (at(&folder, "l.db"), at(&folder, "anew.db"));
    import(&ledger, &example("contacts.csv"), &example("contacts.json"), &[]);
    let parquet = at(&folder, "all.parquet");
    assert_eq!(byleave(&["ledger", "dump", &ledger, "--out", &parquet]).code, 0);
    let map = file(
        &folder,
        "map.json",
        r#"{"name": "moved", "source": "another ledger", "key": ["key"], "person": {"column": "person"},
        "events": [{"when": {"column": "state", "is": "holds"}, "event": {"kind": {"column": "kind"}, "level": {"column": "level", "optional": true},
          "by": {"column": "by", "optional": true}, "at": {"column": "at"},
          "scope": {"channel": {"column": "channel", "split": ";"}, "address": {"column": "address", "split": ";"}}}}]}"#,
    );
    let run = import(&anew, &parquet, &map, &[]);
    assert_eq!((run.code, rows(&run)), (0, [5, 5, 0, 0, 0]), "{}{}", run.out, run.err);
    assert_eq!(rows(&import(&anew, &parquet, &map, &[])), [5, 0, 5, 0, 0]);
    let records = |ledger: &str| {
        let facts = byleave(&["ledger", "facts", ledger, "C-1001"]).json();
        let mut records = facts["consents"].as_array().unwrap().clone();
        records.iter_mut().for_each(|it| drop(it.as_object_mut().unwrap().remove("id")));
        records
    };
    assert_eq!(records(&ledger), records(&anew));
    // A file that lies about itself ends with words, whichever byte of it was turned.
    let bytes = std::fs::read(&parquet).unwrap();
    for at in (0..bytes.len()).step_by(bytes.len() / 60) {
        let mut turned = bytes.clone();
        turned[at] ^= 0x55;
        let run = import(
            &self::at(&folder, "l.db"),
            &file(&folder, "turned.parquet", turned),
            &map,
            &["--dry-run"],
        );
        assert!(run.code == 0 || run.code == 4, "{at}: {}", run.err);
    }
}

#[test]
fn a_run_that_is_killed_is_run_again_and_nothing_is_lost_or_twice() {
    let folder = folder("import_killed");
    let map = file(&folder, "map.json", MAP);
    let mut text = "id,opt,at,phone\n".to_owned();
    const ROWS: u64 = 20_000;
    for n in 0..ROWS {
        let opt = if n % 1_000 == 7 { "?" } else { "N" };
        text += &format!("{n},{opt},2026-01-02,212{}{:04}\n", 555 + n / 10_000, n % 10_000);
    }
    let csv = file(&folder, "a.csv", text);
    let ledger = at(&folder, "l.db");
    let mut part = 0;
    for (n, millis) in [60, 150, 300, 0].into_iter().enumerate() {
        let rejects = at(&folder, &format!("refused-{n}.csv"));
        let mut child = command()
            .args(["ledger", "import", &ledger, &csv, "--map", &map, "--at", AT, "--rejects", &rejects])
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(millis));
        // The last not before something is kept, and long before all is.
        while millis == 0 && !byleave(&["ledger", "facts", &ledger, "1"]).out.contains("revoke") {
            std::thread::sleep(Duration::from_millis(10));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        if Path::new(&ledger).exists() {
            let report = byleave(&["ledger", "verify", &ledger, "--json"]);
            if report.code == 0 {
                part = part.max(report.json()["events"].as_u64().unwrap());
            }
        }
    }
    let rejects = at(&folder, "refused.csv");
    let run = import(&ledger, &csv, &map, &["--rejects", &rejects]);
    let [read, added, there, refused, _] = rows(&run);
    assert_eq!((read, added + there, refused), (ROWS, ROWS - 20, 20), "{}", run.out);
    assert!(there == part && part > 0 && added > 0, "{part} of {ROWS}");
    assert_eq!(size(&ledger), ROWS - 20);
    assert_eq!(std::fs::read_to_string(rejects).unwrap().lines().count(), 21);
    assert_eq!(rows(&import(&ledger, &csv, &map, &[])), [ROWS, 0, ROWS - 20, 20, 0]);
}

#[test]
fn what_comes_by_a_pipe_is_kept_while_the_next_is_waited_for() {
    let folder = folder("append_pipe");
    let ledger = at(&folder, "l.db");
    let mut child = command().args(["ledger", "append", &ledger, "-", "--at", AT]).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let event = |key: &str| json!({"key": key, "person": "p", "list": "consents", "source": "texts", "actor": {"kind": "person"}, "event": {"kind": "revoke", "scope": {}}});
    for n in 1..=2 {
        writeln!(stdin, "{}", event(&n.to_string())).unwrap();
        stdin.flush().unwrap();
        let since = Instant::now();
        // The pipe stays open, and another writes meanwhile.
        while !Path::new(&ledger).exists()
            || byleave(&["ledger", "facts", &ledger, "p"]).out.matches("\"kind\": \"revoke\"").count() < n
        {
            assert!(since.elapsed() < Duration::from_secs(30), "it is not kept");
            std::thread::sleep(Duration::from_millis(50));
        }
        let other = common::with_input(
            &["ledger", "append", &ledger, "--at", AT],
            event(&format!("other {n}")).to_string().replace("\"p\"", "\"q\"").as_bytes(),
        );
        assert_eq!(other.code, 0, "{}", other.err);
    }
    drop(stdin);
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(0));
    assert_eq!(size(&ledger), 4);
}
