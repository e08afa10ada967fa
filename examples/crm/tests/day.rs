//! The CRM as its users run it: the day of the README, and a file that changes under the commands.

#![allow(clippy::expect_used)]

use std::path::{Path, PathBuf};
use std::process::Command;

const HERE: &str = env!("CARGO_MANIFEST_DIR");

struct Ran {
    out: String,
    err: String,
    ok: bool,
}

fn crm(file: &Path, words: &[&str]) -> Ran {
    let ran = Command::new(env!("CARGO_BIN_EXE_byleave-crm")).args(words).env("CRM_FILE", file).output();
    let ran = ran.expect("the CRM runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Ran { out: text(ran.stdout), err: text(ran.stderr), ok: ran.status.success() }
}

/// A copy of the file, each test its own.
fn file(name: &str) -> PathBuf {
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::copy(Path::new(HERE).join("people.json"), &to).expect("a copy");
    to
}

#[test]
fn the_day_is_the_one_in_the_readme() {
    let readme = std::fs::read_to_string(Path::new(HERE).join("README.md")).expect("the README");
    let ran = crm(Path::new("nowhere"), &["day"]);
    assert!(ran.ok, "{}", ran.err);
    assert!(readme.contains(&format!("```text\n{}```\n", ran.out)), "the README does not show:\n{}", ran.out);
}

#[test]
fn an_attempt_on_record_changes_the_next_answer() {
    let file = file("attempt.json");
    let noon = "2026-07-02T15:00:00[America/New_York]";
    assert!(crm(&file, &["screen", "ben", noon]).out.contains("\n  call now"));
    assert!(crm(&file, &["called", "ben", "conversation", noon]).ok);
    let after = crm(&file, &["screen", "ben", "2026-07-03T15:00:00[America/New_York]"]).out;
    assert!(after.contains("do not call before 2026-07-09T08:00:00-07:00"), "{after}");
    assert!(after.contains("We call about offers once a week at most."), "{after}");
}

#[test]
fn a_stop_ends_every_way() {
    let file = file("stop.json");
    let noon = "2026-07-02T12:00:00[America/New_York]";
    let before = crm(&file, &["worklist", noon]).out;
    assert!(before.contains("Ada Byrd    call now"), "{before}");
    assert!(crm(&file, &["replied", "ada", "thanks!", noon]).out.is_empty());
    assert!(crm(&file, &["worklist", noon]).out.contains("Ada Byrd    call now"));
    assert_eq!(crm(&file, &["replied", "ada", " STOP ", noon]).out, "from now on we leave them alone\n");
    let after = crm(&file, &["worklist", noon]).out;
    assert!(after.contains("Ada Byrd    not at all: Whoever has asked this seller not to call"), "{after}");
    // An answer for the time before is what it was: the refusal had not happened.
    let earlier = crm(&file, &["worklist", "2026-07-02T11:00:00[America/New_York]"]).out;
    assert!(earlier.contains("Ada Byrd"), "{earlier}");
}

#[test]
fn mistakes_are_told() {
    let file = file("mistakes.json");
    for (words, said) in [
        (vec!["screen", "zoe"], "nobody is called `zoe`"),
        (vec!["worklist", "tomorrow"], "`tomorrow` is not a date and time"),
        (vec!["sing"], "say `day`"),
    ] {
        let ran = crm(&file, &words);
        assert!(!ran.ok && ran.err.contains(said), "{words:?}: {}", ran.err);
    }
}
