//! `byleave reply`: what an answer means, for people and for programs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::byleave;
use serde_json::json;

#[test]
fn an_answer_is_told_with_the_words_that_decided_it() {
    let run = byleave(&["reply", "pls STPO texting me", "--pack", "us.tcpa"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.starts_with("revoke\n"), "{}", run.out);
    assert!(run.out.contains("“STPO texting me”"), "{}", run.out);
    let run = byleave(&["reply", "Please cancel my order!", "--pack", "us.tcpa"]);
    assert!(run.out.starts_with("ignore\n") && run.out.contains("set aside by “cancel"), "{}", run.out);
    let run = byleave(&["reply", "yes", "--language", "es", "--pack", "us.tcpa"]);
    assert!(run.out.starts_with("opt_in at opted_in at most"), "{}", run.out);
}

#[test]
fn programs_get_the_engines_own_text() {
    let folder = std::env::temp_dir().join(format!("byleave-reply-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let context = folder.join("context.json");
    let told = json!({
        "person": {"time_zones": ["America/New_York"]},
        "sender": {"id": "any"},
        "contact": {"channel": "sms", "purpose": ["marketing"], "technology": ["automated"]},
        "address": {"value": "+12125550100", "line": ["wireless"]},
        "consents": [], "contacts": [],
    });
    std::fs::write(&context, told.to_string()).unwrap();
    let context = context.to_string_lossy().to_string();
    let at = ["--at", "2026-07-01T16:00:00Z", "--context", &context];
    let run = byleave(&[&["--json", "reply", "STOP", "--pack", "us.tcpa"][..], &at].concat());
    let read = run.json();
    assert_eq!((run.code, &read["kind"], &read["honor_by"]), (0, &json!("revoke"), &json!("2026-07-16")));
    assert_eq!(read["confirmation"]["until"], json!("2026-07-01T16:05:00Z"));
    let run = byleave(&[&["reply", "STOP", "--pack", "us.tcpa"][..], &at].concat());
    assert!(run.out.contains("honour by 2026-07-16"), "{}", run.out);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_cannot_be_read_is_said() {
    assert_eq!(byleave(&["reply"]).code, 2);
    assert_eq!(byleave(&["reply", "STOP", "--at", "tomorrow"]).code, 2);
    let run = byleave(&["reply", "STOP", "--pack", "us.tcpa", "--language", "spanish"]);
    assert!(run.code == 4 && run.err.contains("names no language"), "{} {}", run.code, run.err);
    assert_eq!(byleave(&["reply", "STOP", "--pack", "us.tcpa", "--context", "no-such-file"]).code, 4);
    // What was written is printed clean.
    let run = byleave(&["reply", "stop \u{1b}[2J texting me", "--pack", "us.tcpa"]);
    assert!(!run.out.contains('\u{1b}'), "{:?}", run.out);
}
