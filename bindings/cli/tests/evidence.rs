//! Decisions on record, bundles and the page that goes with them, as a shell sees them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Run, byleave, folder, root, with_input};
use std::path::Path;

const EXAMPLES: &str = "examples/ledger";

/// The example's ledger with both decisions, a checkpoint and a key: its path, the key, the checkpoint.
fn example(folder: &Path) -> (String, String, String) {
    let ledger = folder.join("consent.db").to_str().unwrap().to_owned();
    let key = folder.join("checkpoint.key").to_str().unwrap().to_owned();
    let good = |run: Run| {
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
        run
    };
    good(byleave(&["ledger", "append", &ledger, &format!("{EXAMPLES}/agreed.jsonl")]));
    good(decide(&ledger, &["--record=2025-07-01T15:00:00Z"]));
    good(byleave(&["ledger", "append", &ledger, &format!("{EXAMPLES}/stop.jsonl")]));
    good(decide(&ledger, &["--at", "2025-07-03T15:00:00Z", "--record=2025-07-03T15:00:00Z"]));
    let public =
        good(byleave(&["ledger", "key", &key, "--json"])).json()["public"].as_str().unwrap().to_owned();
    let at = "2025-07-04T00:00:00Z";
    let made = good(byleave(&["ledger", "checkpoint", &ledger, "--at", at, "--sign", &key, "--json"])).json();
    (ledger, public, made["checkpoint"].as_str().unwrap().to_owned())
}

fn decide(ledger: &str, more: &[&str]) -> Run {
    let request = format!("{EXAMPLES}/request.json");
    let mut args = vec!["decide", "--pack", "us.tcpa", "--ledger", ledger, "--person", "p-1"];
    args.extend(more);
    args.push(&request);
    byleave(&args)
}

#[test]
fn a_decision_is_recorded_once_and_is_the_one_that_is_not_recorded() {
    let folder = folder("evidence_recorded");
    let (ledger, ..) = example(&folder);
    let plain = decide(&ledger, &["--at", "2025-07-02T15:00:00Z", "--json"]);
    let first = decide(&ledger, &["--at", "2025-07-02T15:00:00Z", "--json", "--record"]);
    assert_eq!((first.code, &first.out), (0, &plain.out), "{}", first.err);
    let again = decide(&ledger, &["--at", "2025-07-02T15:00:00Z", "--record"]);
    assert!(again.out.contains("recorded before as event 10 of the ledger"), "{}", again.out);
    let request =
        std::fs::read_to_string(root().join(EXAMPLES).join("request.json")).unwrap().replace('\n', " ");
    let lines = format!("{request}\n{request}\n");
    let args =
        ["decide", "--lines", "--pack", "us.tcpa", "--ledger", &ledger, "--person", "p-2", "--record", "-"];
    let run = with_input(&args, lines.as_bytes());
    assert_eq!((run.code, run.out.lines().count()), (0, 2), "{}", run.err);
    let replayed = byleave(&["ledger", "replay", &ledger, "--person", "p-1"]);
    assert_eq!(replayed.code, 0);
    assert_eq!(
        replayed.out,
        "event 6: the same\nevent 9: the same\nevent 10: the same\n3 decisions asked again\n"
    );
    for (args, code) in [
        (vec!["--record=tomorrow"], 2),
        (vec!["--detail", "outcome", "--record"], 4),
        // What was recorded last lies later.
        (vec!["--at", "2025-07-01T15:00:01Z", "--record=2025-07-01T15:00:00Z"], 4),
    ] {
        assert_eq!(decide(&ledger, &args).code, code, "{args:?}");
    }
    let request = format!("{EXAMPLES}/request.json");
    assert_eq!(byleave(&["decide", "--record", &request]).code, 2);
    assert_eq!(byleave(&["decide", "--record", "--ledger", &ledger, &request]).code, 4);
    assert_eq!(byleave(&["decide", "--record", "--ledger", "nowhere.db", "--person", "p", &request]).code, 4);
}

#[test]
fn a_bundle_is_verified_by_what_is_known_elsewhere() {
    let folder = folder("evidence_bundle");
    let (ledger, key, checkpoint) = example(&folder);
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (bundle, texts) = (at("bundle.json"), format!("{EXAMPLES}/texts"));
    let run = byleave(&[
        "ledger",
        "export",
        &ledger,
        "--person",
        "p-1",
        "--texts",
        &texts,
        "--out",
        &bundle,
        "--at",
        "2025-08-01T00:00:00Z",
    ]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.ends_with("bundle.json: 8 events, 2 decisions, 1 checkpoint\n"), "{}", run.out);
    // The same again is the same file.
    let first = std::fs::read_to_string(&bundle).unwrap();
    assert!(!first.contains("p-2") && !first.contains("form-8813"));
    let again = at("again.json");
    byleave(&[
        "ledger",
        "export",
        &ledger,
        "--person",
        "p-1",
        "--texts",
        &texts,
        "--out",
        &again,
        "--at",
        "2025-08-01T00:00:00Z",
    ]);
    assert_eq!(std::fs::read_to_string(&again).unwrap(), first);
    let verify = |file: &str| byleave(&["verify", file, "--key", &key, "--checkpoint", &checkpoint]);
    let run = verify(&bundle);
    let says = format!(
        "holds: 8 events about p-1, 8 of them under 1 checkpoint; 2 of 2 decisions the same, byte for byte\n  \
         signed by {key}, which is trusted\n"
    );
    // One line may be wrapped.
    assert_eq!((run.code, run.out.replace("\n    ", " ")), (0, says));
    let told = byleave(&["verify", &bundle, "--json"]).json();
    assert_eq!((&told["holds"], &told["decisions"][0]["replay"]), (&true.into(), &"same".into()));
    assert_eq!(told["not_shown"].as_array().unwrap().len(), 2);
    // A letter that is another.
    let touched = at("touched.json");
    std::fs::write(&touched, first.replace("answer STOP", "answer STUP")).unwrap();
    let run = verify(&touched);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("event 7: the words are not those that were recorded"), "{}", run.out);
    let told = byleave(&["verify", &touched, "--json"]).json();
    assert_eq!((&told["holds"], &told["findings"][0]["what"]), (&false.into(), &"changed".into()));
    let stranger = "00".repeat(32);
    assert_eq!(byleave(&["verify", &bundle, "--key", &stranger]).code, 1);
    assert_eq!(byleave(&["verify", &bundle, "--checkpoint", &stranger]).code, 1);
    for (args, code) in [
        (vec!["verify", "nowhere.json"], 4),
        (vec!["verify", "README.md"], 4),
        (vec!["verify", &ledger], 4),
        (vec!["ledger", "export", &ledger, "--person", "nobody", "--out", &again], 4),
        (vec!["ledger", "export", &ledger, "--person", "p-1", "--texts", "nowhere", "--out", &again], 4),
        (vec!["ledger", "export", "nowhere.db", "--person", "p-1", "--out", &again], 4),
    ] {
        assert_eq!(byleave(&args).code, code, "{args:?}");
    }
}

#[test]
fn the_page_tells_what_happened_and_obeys_nothing_in_it() {
    let folder = folder("evidence_report");
    let (ledger, key, checkpoint) = example(&folder);
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let hostile = r#"{"key": "<script>alert(1)</script>", "person": "p-1", "list": "interactions", "source": "\"><img src=x onerror=alert(2)>", "actor": {"kind": "staff", "id": "</dd></li><h1>"}, "recorded_at": "2025-07-05T00:00:00Z", "event": {"kind": "visit", "at": "2025-07-05T00:00:00Z", "<b>": "</style><script>"}}"#;
    assert_eq!(with_input(&["ledger", "append", &ledger], hostile.as_bytes()).code, 0);
    let page = at("report.html");
    let texts = format!("{EXAMPLES}/texts");
    let run = byleave(&[
        "ledger",
        "report",
        &ledger,
        "--person",
        "p-1",
        "--texts",
        &texts,
        "--out",
        &page,
        "--key",
        &key,
        "--checkpoint",
        &checkpoint,
    ]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    let html = std::fs::read_to_string(&page).unwrap();
    for told in [
        "Record of p-1",
        "Verified: this record holds.",
        "Agreed to contact by text for delivery at +12125550142",
        "I can stop this at any time by answering STOP.",
        r##"<strong>Taken back</strong> by <a href="#entry-4">entry 4</a>: it was somebody else of the same name"##,
        "Refused contact by text at +12125550142",
        r##"The person said no on Tuesday 1 July 2025, 11:02:10 (America/New_York) (<a href="#entry-7">entry 7</a>)"##,
        "47 CFR 64.1200(a)(10)",
        "the same answer, byte for byte",
        "1 of the 9 entries above came after the last of them",
        &format!("--key {key} --checkpoint {checkpoint}"),
    ] {
        assert!(html.contains(told), "{told}");
    }
    assert_eq!(html.matches("<h1>").count(), 1);
    for obeyed in ["<script", "<img", " onerror=alert(2)>", "style=", "</style><"] {
        assert!(!html.split_once("</style>").unwrap().1.contains(obeyed), "{obeyed}");
    }
    assert!(html.contains("default-src 'none'; style-src 'sha256-"));
    // Of a bundle, and beside a verification, it is the same page.
    let (bundle, other) = (at("bundle.json"), at("other.html"));
    let args = ["ledger", "export", &ledger, "--person", "p-1", "--texts", &texts, "--out", &bundle];
    assert_eq!(byleave(&args).code, 0);
    let trust = ["--key", &key, "--checkpoint", &checkpoint];
    let args = ["verify", &bundle, "--report", &other];
    assert_eq!(byleave(&[&args[..], &trust[..]].concat()).code, 0);
    let args = ["ledger", "report", &bundle, "--out", &page];
    assert_eq!(byleave(&[&args[..], &trust[..]].concat()).code, 0);
    assert_eq!(std::fs::read_to_string(&page).unwrap(), std::fs::read_to_string(&other).unwrap());
    assert_eq!(byleave(&["ledger", "report", &bundle, "--person", "p-2", "--out", &page]).code, 4);
    assert_eq!(byleave(&["ledger", "report", &ledger, "--out", &page]).code, 2);
    // Somebody who was erased is a page of seals.
    let erase = [
        "ledger",
        "erase",
        &ledger,
        "p-1",
        "--why",
        "request 12",
        "--by",
        "privacy office",
        "--at",
        "2025-07-06T00:00:00Z",
    ];
    assert_eq!(byleave(&erase).code, 0);
    assert_eq!(byleave(&["ledger", "report", &ledger, "--person", "p-1", "--out", &page]).code, 0);
    let html = std::fs::read_to_string(&page).unwrap();
    assert_eq!(html.matches("Erased by law.").count(), 9);
    assert!(html.contains("request 12") && !html.contains("p-1<") && !html.contains("+12125550142"));
}
