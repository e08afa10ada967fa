//! `ledger`: from events to a decision, and from a file that was touched to what does not hold.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;
#[allow(dead_code)]
#[path = "../../../ledger/src/postgres/tests/server.rs"]
mod server;

use common::{byleave, file, folder, with_input};

const EVENTS: &str = r#"{"key": "form-1", "person": "p-1", "list": "consents", "source": "web form", "actor": {"kind": "person"}, "recorded_at": "2026-06-01T00:00:00Z", "event": {"kind": "grant", "level": "express_written", "at": "2026-06-01T00:00:00Z", "scope": {}}}
{"key": "stop-1", "person": "p-1", "list": "consents", "source": "texts", "actor": {"kind": "person"}, "recorded_at": "2026-07-01T00:00:00Z", "event": {"kind": "revoke", "at": "2026-07-01T00:00:00Z", "scope": {"channel": ["text"], "address": "+12025550100"}}}
"#;

#[test]
fn what_was_told_decides_as_it_was_known_then() {
    let folder = folder("ledger_decides");
    let ledger = folder.join("consent.db").to_str().unwrap().to_owned();
    decides(&folder, &ledger);
}

#[test]
fn a_database_decides_as_a_file_does() {
    decides(&folder("ledger_database"), &server::fresh());
}

fn decides(folder: &std::path::Path, ledger: &str) {
    let run = with_input(&["ledger", "append", ledger], EVENTS.as_bytes());
    assert_eq!(
        (run.code, run.out.as_str(), run.err.as_str()),
        (0, "2 events added, 0 there already, 0 refused\n", "")
    );
    let run = with_input(&["ledger", "append", ledger, "--json"], EVENTS.as_bytes());
    assert_eq!(run.json(), serde_json::json!({"dry_run": false, "new": 0, "there": 2, "refused": 0}));
    let policy = file(
        folder,
        "stop.leave",
        "pack stop {\n  title \"Stop\"\n  source \"test\"\n  edition \"1\"\n  reviewed 2026-01-01\n  clock America/New_York\n}\n\nuse core\n\nreaches US by text\n\nrule heed {\n  cite \"test\"\n  when contact.channel is text\n  require no revocation covering contact\n  because \"Who said stop is left alone.\"\n}\n",
    );
    let request = file(
        folder,
        "request.json",
        r#"{"person": {"jurisdictions": ["US"], "time_zones": ["America/New_York"]}, "contact": {"channel": "sms", "purpose": ["survey"], "topic": []}, "address": {"value": "+12025550100"}}"#,
    );
    let outcome = |person: &str, at: &str| {
        let run = byleave(&[
            "decide", "--json", "-P", &policy, "--ledger", ledger, "--person", person, "--at", at, &request,
        ]);
        assert_eq!(run.code, 0, "{}", run.err);
        run.json()["outcome"].as_str().unwrap().to_owned()
    };
    assert_eq!(outcome("p-1", "2026-06-30T23:59:59Z"), "allow");
    assert_eq!(outcome("p-1", "2026-07-01T00:00:00Z"), "deny");
    // Whoever else is reached at that number.
    assert_eq!(outcome("p-2", "2026-07-01T00:00:00Z"), "deny");
    let run = byleave(&["decide", "-P", &policy, "--ledger", ledger, &request]);
    assert!(run.code == 4 && run.err.contains("whom the ledger is to be asked about"), "{}", run.err);
    let run = byleave(&["decide", "-P", &policy, "--ledger", "nowhere.db", "--person", "p-1", &request]);
    assert_eq!(run.code, 4, "{}", run.err);
}

#[test]
fn what_is_refused_is_set_aside_with_why() {
    let folder = folder("ledger_rejects");
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (ledger, rejects) = (at("consent.db"), at("rejects.jsonl"));
    let lines = format!("{EVENTS}not json\n\n{}", EVENTS.replace("revoke", "decline"));
    let dry = with_input(&["ledger", "append", &ledger, "--dry-run"], lines.as_bytes());
    assert_eq!(
        (dry.code, dry.out.as_str()),
        (4, "2 events would be added, 1 there already, 2 would be refused\n")
    );
    assert!(!folder.join("consent.db").exists());
    let run = with_input(&["ledger", "append", &ledger, "--rejects", &rejects], lines.as_bytes());
    assert_eq!((run.code, run.out.as_str()), (4, "2 events added, 1 there already, 2 refused\n"));
    let told: Vec<serde_json::Value> = std::fs::read_to_string(&rejects)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let kinds: Vec<_> =
        told.iter().map(|it| (it["line"].as_str().unwrap(), it["kind"].as_str().unwrap())).collect();
    assert_eq!(kinds, [("standard input#3", "input"), ("standard input#6", "conflict")]);
    // What was set aside is not written over.
    assert_eq!(with_input(&["ledger", "append", &ledger, "--rejects", &rejects], b"").code, 4);
}

#[test]
fn lines_of_another_ledger_are_recorded_when_they_come() {
    let folder = folder("ledger_elsewhere");
    let ledger = folder.join("consent.db").to_str().unwrap().to_owned();
    let ours =
        EVENTS.replace("form-1", "ours-1").replace("stop-1", "ours-2").replace("2026-07-01", "2026-07-20");
    assert_eq!(with_input(&["ledger", "append", &ledger], ours.as_bytes()).code, 0);
    // By their own instants they would have come too late.
    let decision = EVENTS
        .lines()
        .next()
        .unwrap()
        .replace("form-1", "d")
        .replace("consents", "decisions")
        .replace(r#""event": {"#, r#""event": {"policy": "x", "#);
    let lines = format!("{EVENTS}{decision}\n{{\"erased\": {{\"seq\": 7}}}}\n");
    let late = with_input(&["ledger", "append", &ledger, "--at", "2026-07-21T00:00:00Z"], EVENTS.as_bytes());
    assert!(late.code == 4 && late.err.contains("more than a minute before"), "{}", late.err);
    let run = with_input(&["ledger", "append", &ledger, "--elsewhere"], lines.as_bytes());
    assert!(run.code == 2 && run.err.contains("--at"), "{} {}", run.code, run.err);
    let append = |more: &[&str]| {
        let all = ["ledger", "append", &ledger, "--elsewhere", "--at", "2026-07-21T00:00:00Z"];
        with_input(&[&all, more].concat(), lines.as_bytes())
    };
    let counted = |new, there| serde_json::json!({"dry_run": false, "new": new, "there": there, "refused": 0, "erased": 1, "decisions": 1});
    assert_eq!(append(&["--json"]).json(), counted(2, 0));
    assert_eq!(append(&["--json"]).json(), counted(0, 2));
    let run = append(&[]);
    assert!(run.code == 0 && run.out.contains("1 line passed over that is a decision"), "{}", run.out);
    // As one's own it is refused: it would rest on nothing here.
    let run = with_input(&["ledger", "append", &ledger, "--at", "2026-07-21T00:00:00Z"], decision.as_bytes());
    assert!(
        run.code == 4 && run.err.contains("event.policy: a decision on record rests on the chain"),
        "{}",
        run.err
    );
    let known = |at: &str| {
        let run = byleave(&["ledger", "facts", &ledger, "p-1", "--known-at", at]);
        run.json()["consents"].as_array().unwrap().len()
    };
    assert_eq!((known("2026-07-20T00:00:00Z"), known("2026-07-21T00:00:00Z")), (2, 4));
    assert_eq!(byleave(&["ledger", "verify", &ledger]).code, 0);
}

#[test]
fn what_was_touched_does_not_hold() {
    let folder = folder("ledger_verify");
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    holds(&folder, at("consent.db"), at("anew.db"));
}

#[test]
fn a_database_is_held_against_itself_as_a_file_is() {
    holds(&folder("ledger_verify_database"), server::fresh(), server::fresh());
}

fn holds(folder: &std::path::Path, ledger: String, anew: String) {
    let key = folder.join("checkpoint.key").to_str().unwrap().to_owned();
    with_input(&["ledger", "append", &ledger], EVENTS.as_bytes());
    let public = byleave(&["ledger", "key", &key, "--json"]).json()["public"].as_str().unwrap().to_owned();
    assert_eq!(byleave(&["ledger", "key", &key]).code, 4);
    let made = byleave(&["ledger", "checkpoint", &ledger, "--sign", &key, "--json"]).json();
    let checkpoint = made["checkpoint"].as_str().unwrap();
    let verify = |ledger: &str| {
        byleave(&["ledger", "verify", ledger, "--key", &public, "--checkpoint", checkpoint, "--json"])
    };
    assert_eq!(verify(&ledger).json()["holds"], true);
    // The same events in a ledger that was written anew.
    with_input(&["ledger", "append", &anew], EVENTS.as_bytes());
    let run = verify(&anew);
    assert_eq!((run.code, run.json()["findings"][0]["what"].as_str()), (1, Some("unknown")));
    let erased =
        byleave(&["ledger", "erase", &ledger, "p-1", "--why", "request 12", "--by", "privacy office"]);
    assert_eq!((erased.code, erased.out.as_str()), (0, "2 events erased; whoever it was stays left alone\n"));
    assert_eq!(verify(&ledger).code, 0);
    let facts = byleave(&["ledger", "facts", &ledger, "p-9", "--address", "2025550100"]).json();
    assert_eq!(facts["consents"][0]["kind"], "revoke");
    for (args, code) in [
        (vec!["ledger", "verify", "nowhere.db"], 4),
        (vec!["ledger", "erase", "nowhere.db", "p", "--why", "x", "--by", "y"], 4),
        (vec!["ledger", "erase", ledger.as_str(), "nobody", "--why", "x", "--by", "y"], 4),
        (vec!["ledger", "verify", ledger.as_str(), "--key", "12"], 2),
        (vec!["ledger", "verify", "README.md"], 4),
    ] {
        assert_eq!(byleave(&args).code, code, "{args:?}");
    }
}

#[test]
fn a_ledger_that_is_not_there_is_not_made_by_who_only_looks() {
    let url = server::fresh();
    for args in [
        vec!["ledger", "verify", url.as_str()],
        vec!["ledger", "facts", url.as_str(), "p"],
        vec!["ledger", "erase", url.as_str(), "p", "--why", "x", "--by", "y"],
        vec!["ledger", "checkpoint", url.as_str()],
        vec!["ledger", "append", url.as_str(), "--dry-run"],
    ] {
        let run = with_input(&args, b"");
        assert!(run.code == 4 && run.err.contains("there is no ledger"), "{args:?}: {}", run.err);
    }
}

#[test]
fn a_password_is_printed_nowhere() {
    for url in [
        "postgres://ann:s3cret@127.0.0.1:1/consent",
        "postgres://ann:s3cret@db.example.org/consent",
        "postgres://ann:s3cret@127.0.0.1:1/consent?sslmode=require",
        "postgres://ann:s3/cret@127.0.0.1:1/consent",
        "postgres://ann@127.0.0.1:1/consent?password=s3cret",
        "postgresql://ann:s3cret@127.0.0.1:99999/consent",
    ] {
        for args in [
            vec!["ledger", "append", url],
            vec!["ledger", "append", url, "--dry-run"],
            vec!["ledger", "append", url, "--json"],
            vec!["ledger", "verify", url],
            vec!["ledger", "erase", url, "p", "--why", "x", "--by", "y"],
            vec!["ledger", "keeps", url, "contacts"],
            vec!["decide", "--ledger", url, "--person", "p-1"],
        ] {
            let run = with_input(&args, b"{}");
            assert_eq!(run.code, 4, "{args:?}: {}", run.err);
            let said = run.out + &run.err;
            assert!(said.contains("postgres://"), "{args:?}: {said}");
            assert!(!said.contains("s3") && !said.contains("cret"), "{args:?}: {said}");
        }
    }
}
